"""Dyads: how two actors deal with one another over time, and the acts behind each point.

In: a shelf and two names. Out: a view. The numbers come from `tidings.dyads`; here they are laid out.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from tidings.desk.charts import draw
from tidings.desk.shelf import Shelf
from tidings.desk.telling import Act, acts_of, now_of, told_of
from tidings.desk.views import Item, Table, View, act_table
from tidings.dyads import Dyad, Party, pair, resolve, shifts
from tidings.dyads.counts import Days
from tidings.dyads.evidence import heaviest
from tidings.errors import UsageError

__all__ = ["back_to", "dyad", "find_party", "moved", "pairs_of", "split_pair"]

_LOOKED = 30_000
"""The youngest acts, from which the busiest pairs are counted."""
_PERIODS = 12
_EACH = 5
_WHOLE = 100
_SLASHES = 6
_GRAINS = ("week", "month", "quarter", "year")


class Period(msgspec.Struct, frozen=True, kw_only=True):
    """One period with the acts behind its point; `n` counts all of them."""

    period: str
    n: int
    acts: list[Act]


def pairs_of(shelf: Shelf, since: str, most: int) -> list[dict[str, object]]:
    """Return the pairs that did most to one another since a day."""
    rows = shelf.rows(
        "SELECT a.key, b.key, a.name, b.name, x.n, x.good FROM"
        " (SELECT min(source, target) AS one, max(source, target) AS two, count(*) AS n, sum(quad <= 2) AS good"
        "  FROM acts WHERE day >= ? AND target IS NOT NULL AND source <> target GROUP BY 1, 2) x"
        " JOIN parties a ON a.number = x.one JOIN parties b ON b.number = x.two ORDER BY x.n DESC, 1, 2 LIMIT ?",
        since,
        most,
    )
    return [
        {"a": a, "b": b, "a_name": one, "b_name": two, "acts": count, "cooperation": good, "conflict": count - good}
        for a, b, one, two, count, good in rows
    ]


def back_to(shelf: Shelf, since: str) -> str:
    """Return the day from which acts are counted: a later one than wanted where there are very many acts."""
    sql = "SELECT day FROM acts WHERE day >= ? AND target IS NOT NULL ORDER BY day DESC LIMIT 1 OFFSET ?"
    return (shelf.row(sql, since, _LOOKED - 1) or (since,))[0]


def moved(shelf: Shelf, most: int) -> list[dict[str, object]] | None:
    """Return the pairs of countries that have moved most of late; None while they are still being compared."""
    # The first page does not wait long for it: over many acts it takes seconds, and is there on the next visit.
    ranking = shelf.work_out(("moved", most), lambda: shifts(shelf.store, limit=most), 0.15)
    if ranking is None:
        return None
    return [
        {
            "a": shift.a,
            "b": shift.b,
            "a_name": shift.a_name,
            "b_name": shift.b_name,
            "direction": "closer" if shift.log_odds > 0 else "apart",
            "before": shift.before.share,
            "after": shift.after.share,
            "acts": shift.before.n + shift.after.n,
            "q": shift.q,
            "since": ranking.after[0],
        }
        for shift in ranking.shifts
    ]


def find_party(shelf: Shelf, name: str) -> Party | None:
    """Return whom a name in an address stands for; None for nobody."""
    name = now_of(shelf, name)
    try:
        return resolve(shelf.store, name)
    except UsageError:
        found = shelf.row("SELECT id, name, country, type FROM known_actors WHERE id = ?", name)
        if found is None:
            return None
        return Party(kind="party", key=found[0], name=found[1], country=found[2], type=found[3])


def split_pair(shelf: Shelf, both: str) -> tuple[Party, Party] | None:
    """Find two parties in `A/B`; a key may hold a few slashes of its own."""
    at = both.find("/")
    for _ in range(_SLASHES):
        if at < 0:
            break
        a, b = both[:at], both[at + 1 :]
        if a and b:
            one = find_party(shelf, a)
            two = find_party(shelf, b) if one else None
            if one and two and one.key != two.key:
                return one, two
        at = both.find("/", at + 1)
    return None


def dyad(shelf: Shelf, both: str, asked: Mapping[str, str]) -> View | None:
    """Show how two actors deal with one another; `by` is the length of a period, `period` shows the acts of one."""
    sides = split_pair(shelf, both)
    if sides is None:
        return None
    one, two = sides
    by = asked.get("by", "month")
    by = by if by in _GRAINS else "month"
    told = shelf.remember(("dyad", one, two, by), lambda: pair(shelf.store, one, two, by=by, top=0))
    wanted = asked.get("period", "")
    periods = _periods(shelf, told, wanted)
    rest = told_of(shelf, _unsure(shelf, one, two))
    shifted = shelf.remember(("shifts", one, two), lambda: _shifts(shelf, told))
    points = [msgspec.structs.replace(point, acts=()) for point in told.points]
    shown = [act for period in periods for act in period.acts]
    data = {
        "a": one.key,
        "b": two.key,
        "a_name": one.name,
        "b_name": two.name,
        "by": by,
        "period": wanted if any(period.period == wanted for period in periods) else "",
        "acts": told.n,
        "statement": told.statement,
        "p_change": told.p_change,
        "overall": told.overall,
        "datasets": told.datasets,
        "others": told.others,
        "series": points,
        "shifts": shifted,
        "periods": periods,
        "rest": rest,
        "wide": [party.name for party in sides if party.kind == "country"],
    }
    columns = (
        "period",
        "n",
        "intensity",
        "cooperation",
        "conflict",
        "share",
        "low",
        "high",
        "sent",
        "tellings",
        "stories",
    )
    table = Table(columns, [[getattr(point, column) for column in columns] for point in points])
    return View(
        title=f"{one.name} and {two.name}",
        template="dyad.html",
        data=data,
        drawn={
            "chart": draw(points, told.shifts),
            "grains": _GRAINS,
            "known": {party.key for party in sides if shelf.row("SELECT 1 FROM known_actors WHERE id = ?", party.key)},
        },
        table=act_table(shown) if wanted else table,
        items=_items(shown),
        planned=[event for event in rest if event.status == "planned"],
    )


def _items(acts: list[Act]) -> list[Item]:
    return [
        Item(
            path=f"/article/{told.article}?at={told.span.start}-{told.span.end}",
            title=f"{act.source.name} {act.type or ''} {act.target.name if act.target else ''}",
            words=told.words,
            day=act.day,
        )
        for act in acts
        if (told := act.telling)
    ]


def _periods(shelf: Shelf, told: Dyad, wanted: str) -> list[Period]:
    """Return the youngest periods with their weightiest acts, or one period with many more."""
    points = [point for point in told.points if point.period == wanted] or list(told.points[-_PERIODS:][::-1])
    most = _WHOLE if len(points) == 1 and points[0].period == wanted else _EACH
    numbers = [_heaviest(shelf, told, Days(point.first, point.last), most) for point in points]
    acts = {act.number: act for act in acts_of(shelf, [number for some in numbers for number in some])}
    return [
        Period(
            period=point.period,
            n=point.n,
            acts=sorted((acts[number] for number in some if number in acts), key=lambda act: (act.day, act.number)),
        )
        for point, some in zip(points, numbers, strict=True)
    ]


def _heaviest(shelf: Shelf, told: Dyad, days: Days, most: int) -> list[int]:
    known = dict(shelf.rows("SELECT name, number FROM datasets"))
    chosen = [known[name] for name in told.datasets if name in known]
    return heaviest(shelf.store, told.a, told.b, days, limit=most, datasets=chosen)


def _shifts(shelf: Shelf, told: Dyad) -> list[dict[str, object]]:
    """Return the shifts, each with the acts that speak most for it."""
    if not told.shifts:
        return []
    # The acts are looked up for every point as well: by the year there are few of those.
    whole = pair(shelf.store, told.a, told.b, by="year", top=3)
    found = [
        {
            "shift": msgspec.structs.replace(shift, acts=()),
            "acts": acts_of(shelf, sorted({act.number for act in shift.acts})),
        }
        for shift in whole.shifts
    ]
    for each in found:
        each["acts"] = sorted(each["acts"], key=lambda act: (act.day, act.number))  # type: ignore[arg-type]
    return found


def _unsure(shelf: Shelf, one: Party, two: Party) -> list[tuple[int, int]]:
    """Return the youngest events between the two that are no acts: planned, possible, denied."""
    few, many = sorted((one, two), key=lambda party: _size(shelf, party))
    column, value = _column(few)
    other, known = _column(many)
    # The youngest of the smaller of the two; looked through, not sorted.
    rows = shelf.rows(
        "SELECT e.article, e.number FROM (SELECT s.article, s.event, s.side FROM actors a"
        f" CROSS JOIN sides s ON s.article = a.article AND s.actor = a.id WHERE a.{column} = ?1"
        " ORDER BY a.article DESC LIMIT 400) x CROSS JOIN events e ON e.article = x.article AND e.number = x.event"
        " WHERE e.status IN ('planned', 'hypothetical', 'denied') AND EXISTS (SELECT 1 FROM sides t"
        " JOIN actors b ON b.article = t.article AND b.id = t.actor WHERE t.article = x.article AND t.event = x.event"
        f" AND t.side <> x.side AND b.{other} = ?2) ORDER BY e.article DESC, e.number LIMIT 30",
        value,
        known,
    )
    return list(dict.fromkeys((row[0], row[1]) for row in rows))


def _column(party: Party) -> tuple[str, str]:
    return ("country" if party.kind == "country" else "id"), party.key


def _size(shelf: Shelf, party: Party) -> int:
    if party.kind == "country":
        return (shelf.row("SELECT mentions FROM known_countries WHERE code = ?", party.key) or (0,))[0]
    return (shelf.row("SELECT articles FROM known_actors WHERE id = ?", party.key) or (0,))[0]

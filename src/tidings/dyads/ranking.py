"""Many pairs at once: which moved most, who deals with whom, and one actor's partners.

In: a store. Out: a ranking that says how many pairs were compared, a matrix of countries, the partners of one.
A pair is of countries unless others are asked for; acts within a country, and within a bloc, are left out.
"""

from __future__ import annotations

import functools
import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Literal, get_args

import msgspec

from tidings.dyads.blocs import AS_COUNTRY, blocs, eras, members_on, organs
from tidings.dyads.changes import LEAST, Level, Step, weigh_step
from tidings.dyads.counts import (
    FRIENDLY,
    Days,
    between,
    datasets_by_name,
    datasets_with_acts,
    days_of,
    edge_day,
    sides_of,
)
from tidings.dyads.parties import Party, country_name, resolve
from tidings.dyads.points import shrunk_share
from tidings.errors import UsageError
from tidings.store import Store

__all__ = ["Cell", "Matrix", "Ranked", "Ranking", "ego", "matrix", "shifts"]

_BASELINE = 5
"""How many windows before the last one it is compared with."""
_CLEAR = 1.0
"""Pairs whose counts differ by fewer standard errors than this are told from none without the dearer comparison."""

_PAIRS = """
WITH RECURSIVE
    firsts (one) AS (
        SELECT min(source_country) FROM acts
        UNION ALL
        SELECT (SELECT min(source_country) FROM acts WHERE source_country > one) FROM firsts WHERE one IS NOT NULL
    ),
    pairs (one, two) AS (
        SELECT one, (SELECT min(target_country) FROM acts WHERE source_country = one) FROM firsts WHERE one IS NOT NULL
        UNION ALL
        SELECT one, (SELECT min(target_country) FROM acts WHERE source_country = one AND target_country > two)
        FROM pairs WHERE two IS NOT NULL
    )
"""
"""All pairs of countries, by leaps through the index instead of a walk along all acts."""


Of = Literal["countries", "blocs", "parties", "persons"]


class Ranked(msgspec.Struct, frozen=True, kw_only=True):
    """A pair that moved. `q` is the rate of false finds among the pairs ranked as high as this or higher.

    `log_odds` is the change of the log odds of cooperation, shrunk by how little is known; `p` the probability of its
    direction, for this pair alone.
    """

    a: str
    b: str
    a_name: str
    b_name: str
    before: Level
    after: Level
    log_odds: float
    p: float
    q: float


class Ranking(msgspec.Struct, frozen=True, kw_only=True):
    """The pairs that moved most, of `compared` with enough acts in both times."""

    shifts: tuple[Ranked, ...]
    compared: int
    q: float
    before: tuple[str, str]
    after: tuple[str, str]
    datasets: tuple[str, ...]


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """What two actors did to one another over all the days asked for; `sent` are the acts of `a` towards `b`."""

    a: str
    b: str
    a_name: str
    b_name: str
    n: int
    sent: int
    cooperation: int
    conflict: int
    share: float
    low: float
    high: float


class Matrix(msgspec.Struct, frozen=True, kw_only=True):
    """Actors, those of most acts first, and a cell for each two of them with any acts."""

    actors: tuple[tuple[str, str], ...]
    cells: tuple[Cell, ...]
    datasets: tuple[str, ...]


def shifts(
    store: Store,
    *,
    since: str | None = None,
    until: str | None = None,
    window: int = 30,
    limit: int = 20,
    min_n: int = LEAST,
    q: float = 0.05,
    datasets: Sequence[str] | None = None,
    of: Of = "countries",
) -> Ranking:
    """Rank the pairs of countries whose share of cooperation in the last `window` days differs from before.

    `of` may ask for other pairs: `blocs` (each with its members, and a country outside), `parties` (any two actors as
    the data knows them), `persons` (two parties of which one at least is a person).
    Before is from `since`, or five windows; the last day is `until`, or that of the latest act. Only pairs with `min_n`
    acts in both times are compared, and only those are ranked for which the rate of false finds (Benjamini and
    Hochberg) is at most `q`. Raises `UsageError` for a day, window or dataset that makes no sense.
    """
    if of not in get_args(Of):
        raise UsageError(f"a ranking is of {', '.join(get_args(Of))}, not {of!r}")
    if window < 1 or limit < 1:
        raise UsageError("a window and a limit are at least 1")
    chosen = _datasets(store, datasets)
    condition = _condition(store, chosen)
    windows = _windows(store, since, until, window, condition)
    if windows is None:
        return Ranking(shifts=(), compared=0, q=q, before=("", ""), after=("", ""), datasets=tuple(chosen.values()))
    first, cut, last = windows
    told = _weekly(_daily(store, of, Days(first.isoformat(), last.isoformat()), condition), cut)
    compared = {who: weeks for who, weeks in told.items() if min(_split(weeks)) >= max(1, min_n)}
    steps = {who: _compare(weeks, first, cut, last) for who, weeks in compared.items()}
    rates = _false_finds({who: tail for who, (tail, _) in steps.items()})
    found = sorted(
        ((step, who) for who, (_, step) in steps.items() if step is not None and rates[who] <= q),
        key=lambda pair: (-abs(pair[0].log_odds), pair[1]),
    )
    before = (first.isoformat(), (cut - timedelta(days=1)).isoformat())
    after = (cut.isoformat(), last.isoformat())
    name_of = _namer(store) if of in ("parties", "persons") else _bloc_or_country
    return Ranking(
        shifts=tuple(_ranked(step, who, rates[who], name_of) for step, who in found[:limit]),
        compared=len(compared),
        q=q,
        before=before,
        after=after,
        datasets=tuple(chosen.values()),
    )


def _windows(
    store: Store, since: str | None, until: str | None, window: int, condition: str
) -> tuple[date, date, date] | None:
    """Return the first day, the first of the later time, and the last day; None where there are no acts."""
    whole = days_of(since, until)
    latest = edge_day(store, "max", condition, whole) if until is None else whole.last
    if latest is None:
        return None
    try:
        last = date.fromisoformat(latest)
        cut = last - timedelta(days=window - 1)
        first = date.fromisoformat(whole.first) if since else cut - timedelta(days=window * _BASELINE)
    except OverflowError:
        raise UsageError(f"a window of {window} days before {latest} begins before all dates") from None
    if first >= cut:
        raise UsageError(f"nothing is left to compare with: the last {window} days begin on {cut}, the days on {first}")
    # Days before the first act say nothing of acts.
    earliest = date.fromisoformat(edge_day(store, "min", condition, Days(first.isoformat(), latest)) or latest)
    return min(earliest, cut - timedelta(days=1)), cut, last


def matrix(
    store: Store,
    actors: Sequence[str] | None = None,
    *,
    top: int = 20,
    since: str | None = None,
    until: str | None = None,
    datasets: Sequence[str] | None = None,
) -> Matrix:
    """Return what countries did to one another: those named, or the `top` with most acts.

    Shares are shrunk to that of all the acts shown. Raises `UsageError` for an actor that is no country.
    """
    named = [_country_of(store, name) for name in actors] if actors else None
    chosen = _datasets(store, datasets)
    sums = _sums(store, days_of(since, until), _condition(store, chosen))
    busy = Counter[str]()
    for (source, target), (n, _) in sums.items():
        busy[source] += n
        busy[target] += n
    order = named or sorted(busy, key=lambda code: (-busy[code], code))[:top]
    kept = {who: found for who, found in sums.items() if who[0] in order and who[1] in order}
    return Matrix(
        actors=tuple((code, country_name(code)) for code in order),
        cells=_cells(kept, country_name),
        datasets=tuple(chosen.values()),
    )


def ego(
    store: Store,
    who: str | Party,
    *,
    since: str | None = None,
    until: str | None = None,
    limit: int = 50,
    datasets: Sequence[str] | None = None,
) -> list[Cell]:
    """Return the partners of an actor, those of most acts first; `a` is always the actor itself.

    A partner is a country, or an actor of no country. Raises `UsageError` for an unknown actor.
    """
    me = who if isinstance(who, Party) else resolve(store, who)
    chosen = _datasets(store, datasets)
    days, condition = days_of(since, until), _condition(store, chosen)
    sums: dict[tuple[str, str], tuple[int, int]] = {}
    names: dict[str, str] = {me.key: me.name}
    for sent, partner, name, n, friendly in _partners(store, me, days, condition):
        names.setdefault(partner, name)
        key = (me.key, partner) if sent else (partner, me.key)
        known = sums.get(key, (0, 0))
        sums[key] = (known[0] + n, known[1] + friendly)
    return list(_cells(sums, lambda key: names[key], first=me.key)[:limit])


def _country_of(store: Store, name: str) -> str:
    party = resolve(store, name)
    if party.kind != "country":
        raise UsageError(f"a matrix is of countries, and {party.name} is none; its partners are shown by ego")
    return party.key


def _datasets(store: Store, names: Sequence[str] | None) -> dict[int, str]:
    """Return the datasets asked for; without, the one with most acts, lest two that tell the same be added up."""
    known = datasets_by_name(store, names)
    if names:
        return known
    full = datasets_with_acts(store)
    if len(full) > 1:
        sizes = {of: n for of in full for (n,) in store.query("SELECT count(*) FROM acts WHERE dataset = ?", of)}
        full = sorted(full, key=lambda number: (-sizes[number], number))[:1]
    return {number: known[number] for number in full}


def _condition(store: Store, chosen: Mapping[int, str]) -> str:
    """Return the condition on days and datasets; none on datasets where all are meant."""
    return between(None if set(datasets_with_acts(store)) <= set(chosen) else sorted(chosen))


_Weeks = dict[int, tuple[int, int]]
"""Acts and cooperation by week, counted from the first of the later days: negative ones are before."""


_Told = tuple[str, str, str, int, int]
"""source, target, day, acts, cooperation"""


def _daily(store: Store, of: Of, days: Days, condition: str) -> Iterator[_Told]:
    if of in ("parties", "persons"):
        persons = "(SELECT number FROM parties WHERE type = 'person')"
        some = f" AND (source IN {persons} OR target IN {persons})" if of == "persons" else ""
        yield from store.query(
            f"SELECT s.key, t.key, day, n, friendly FROM (SELECT source, target, day, count(*) AS n, sum({FRIENDLY})"
            f" AS friendly FROM acts WHERE target <> source AND {condition}{some} GROUP BY source, target, day)"
            " JOIN parties s ON s.number = source JOIN parties t ON t.number = target",
            *days,
        )
        return
    sql = (
        f"{_PAIRS} SELECT one, two, day, count(*), sum({FRIENDLY})"
        " FROM pairs CROSS JOIN acts ON source_country = one AND target_country = two"
        f" WHERE one <> two AND {condition} GROUP BY one, two, day"
    )
    told = store.query(sql, *days)
    yield from told if of == "countries" else _of_blocs(store, told, days, condition)


def _of_blocs(store: Store, told: Iterable[_Told], days: Days, condition: str) -> Iterator[_Told]:
    """Yield what blocs, by their members and as organisations, and countries outside did to one another."""
    homes: dict[str, list[tuple[str, str, str]]] = {}
    for bloc in blocs().values():
        for country, first, last in bloc.members:
            homes.setdefault(country, []).append((f"{bloc.key}:members", first, last))

    @functools.cache
    def of(country: str, day: str) -> frozenset[str]:
        return frozenset(bloc for bloc, first, last in homes.get(country, ()) if first <= day <= last)

    for source, target, day, n, friendly in told:
        # What an organisation itself does is counted below, by its organs; it is no country outside of another.
        if source in AS_COUNTRY or target in AS_COUNTRY:
            continue
        one, two = of(source, day), of(target, day)
        yield from ((bloc, target, day, n, friendly) for bloc in one - two)
        yield from ((source, bloc, day, n, friendly) for bloc in two - one)
    for bloc in blocs().values():
        key, numbers = f"{bloc.key}:members", ", ".join(map(str, organs(store, bloc)))
        for here, there in (("source", "target_country"), ("target", "source_country")):
            sql = f"SELECT {there}, day, count(*), sum({FRIENDLY}) FROM acts WHERE {here} IN ({numbers})"
            rows = store.query(f"{sql} AND {there} IS NOT NULL AND {condition} GROUP BY {there}, day", *days)
            outside = (row for row in rows if row[0] not in AS_COUNTRY and key not in of(*row[:2]))
            yield from ((key, *row) for row in outside)


def _weekly(told: Iterable[_Told], cut: date) -> dict[tuple[str, str], _Weeks]:
    found: dict[tuple[str, str], _Weeks] = {}
    week_of: dict[str, int] = {}
    for source, target, day, n, friendly in told:
        week = week_of.get(day)
        if week is None:
            week = week_of[day] = (date.fromisoformat(day) - cut).days // 7
        weeks = found.setdefault((min(source, target), max(source, target)), {})
        known = weeks.get(week, (0, 0))
        weeks[week] = (known[0] + n, known[1] + friendly)
    return found


def _bloc_or_country(key: str) -> str:
    bloc = blocs().get(key.removesuffix(":members"))
    return f"{bloc.names[0]} with its members" if bloc and ":" in key else country_name(key)


def _namer(store: Store) -> Callable[[str], str]:
    return lambda key: next((name for (name,) in store.query("SELECT name FROM parties WHERE key = ?", key)), key)


def _split(weeks: _Weeks) -> tuple[int, int]:
    return sum(n for week, (n, _) in weeks.items() if week < 0), sum(n for week, (n, _) in weeks.items() if week >= 0)


def _compare(weeks: _Weeks, first: date, cut: date, last: date) -> tuple[float, Step | None]:
    """Return how likely so great a difference is by chance, and the comparison where it is not plainly so."""
    (n1, k1), (n2, k2) = ((sum(n), sum(k)) for n, k in (_told(weeks, False), _told(weeks, True)))
    rate = (k1 + k2) / (n1 + n2)
    error = math.sqrt(rate * (1 - rate) * (1 / n1 + 1 / n2))
    apart = abs(k1 / n1 - k2 / n2) / error if error else 0.0
    if apart < _CLEAR:
        return math.erfc(apart / math.sqrt(2)), None
    numbers = range((first - cut).days // 7, (last - cut).days // 7 + 1)
    counts = [weeks.get(week, (0, 0)) for week in numbers]
    step = weigh_step([k for _, k in counts], [n for n, _ in counts], -numbers[0])
    return step.tail, step


def _told(weeks: _Weeks, later: bool) -> tuple[list[int], list[int]]:
    found = [counts for week, counts in weeks.items() if (week >= 0) == later]
    return [n for n, _ in found], [k for _, k in found]


def _false_finds(tails: Mapping[tuple[str, str], float]) -> dict[tuple[str, str], float]:
    """Return the rate of false finds for each, by Benjamini and Hochberg."""
    order = sorted(tails, key=lambda who: (-tails[who], who))
    rates: dict[tuple[str, str], float] = {}
    least = 1.0
    for rank, who in zip(range(len(order), 0, -1), order, strict=True):
        least = min(least, tails[who] * len(order) / rank)
        rates[who] = least
    return rates


def _ranked(step: Step, who: tuple[str, str], rate: float, name_of: Callable[[str], str]) -> Ranked:
    a, b = who
    return Ranked(
        a=a,
        b=b,
        a_name=name_of(a),
        b_name=name_of(b),
        before=step.before,
        after=step.after,
        log_odds=step.log_odds,
        p=step.p,
        q=round(rate, 4),
    )


def _sums(store: Store, days: Days, condition: str) -> dict[tuple[str, str], tuple[int, int]]:
    sql = (
        f"{_PAIRS} SELECT one, two, count(*), sum({FRIENDLY})"
        " FROM pairs CROSS JOIN acts ON source_country = one AND target_country = two"
        f" WHERE one <> two AND {condition} GROUP BY one, two"
    )
    return {(one, two): (n, friendly) for one, two, n, friendly in store.query(sql, *days)}


_Partner = tuple[bool, str, str, int, int]
"""whether the actor sent them, key, name, acts, cooperation"""


def _partners(store: Store, me: Party, days: Days, condition: str) -> Iterator[_Partner]:
    for first, last in eras(me.members, *days):
        own = (code for code, bloc in AS_COUNTRY.items() if me.kind == "bloc" and me.key.split(":")[0] == bloc)
        inside = {me.key, *members_on(me.members, first), *own}
        for sent, mine, other in ((True, "source", "target"), (False, "target", "source")):
            for side, values in sides_of(me, None, first):
                here = side.format(mine)
                given = (*values, first, last)
                # The index leads from source to target; the other way each country is asked for by itself.
                known = " AND source_country IN (SELECT DISTINCT country FROM parties WHERE country IS NOT NULL)"
                leap = known if "_country" in here and not sent else ""
                sql = (
                    f"SELECT {other}_country, count(*), sum({FRIENDLY}) FROM acts WHERE {here}{leap}"
                    f" AND {other}_country IS NOT NULL AND {condition} GROUP BY {other}_country"
                )
                for code, n, friendly in store.query(sql, *given):
                    if code not in inside:
                        yield sent, code, country_name(code), n, friendly
                sql = (
                    f"SELECT p.number, p.key, p.name, n, friendly FROM (SELECT {other} AS other, count(*) AS n,"
                    f" sum({FRIENDLY}) AS friendly FROM acts WHERE {here} AND {other}_country IS NULL"
                    f" AND {other} IS NOT NULL AND {condition} GROUP BY {other}) JOIN parties p ON p.number = other"
                )
                for number, key, name, n, friendly in store.query(sql, *given):
                    if key != me.key and number not in me.numbers:
                        yield sent, key, name, n, friendly


def _cells(
    sums: Mapping[tuple[str, str], tuple[int, int]], name_of: Callable[[str], str], *, first: str | None = None
) -> tuple[Cell, ...]:
    total = sum(n for n, _ in sums.values())
    base = sum(friendly for _, friendly in sums.values()) / total if total else 0.0
    pairs = {(first, b if a == first else a) if first else (min(a, b), max(a, b)) for a, b in sums}
    cells = (_cell(a, b, sums, base, name_of) for a, b in pairs)
    return tuple(sorted(cells, key=lambda cell: (-cell.n, cell.a, cell.b)))


def _cell(
    a: str, b: str, sums: Mapping[tuple[str, str], tuple[int, int]], base: float, name_of: Callable[[str], str]
) -> Cell:
    (sent, warm), (back, warm_back) = sums.get((a, b), (0, 0)), sums.get((b, a), (0, 0))
    n, cooperation = sent + back, warm + warm_back
    share, low, high = shrunk_share(cooperation, n, base)
    return Cell(
        a=a,
        b=b,
        a_name=name_of(a),
        b_name=name_of(b),
        n=n,
        sent=sent,
        cooperation=cooperation,
        conflict=n - cooperation,
        share=share,
        low=low,
        high=high,
    )

"""Actors, and pairs of them over time.

In: a shelf and ids. Out: views of actors and dyads.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec

from tidings.desk.charts import draw
from tidings.desk.digest import Digest, Party, Told, Who, of_country
from tidings.desk.shelf import Shelf
from tidings.desk.views import PAGE, Table, View, event_table, paged
from tidings.dyads import series

__all__ = ["Retold", "actor", "actors", "busiest", "dyad", "pairs", "retold", "summary"]

_HAPPENED = frozenset({"asserted", "historical"})


class Retold(msgspec.Struct, frozen=True, kw_only=True):
    """One event with its first telling and the others."""

    first: Told
    also: tuple[Told, ...] = ()


def busiest(digest: Digest) -> list[Who]:
    """Return all actors, those of most articles first."""
    return sorted(digest.actors.values(), key=lambda who: (-len(who.articles), who.name, who.id))


def summary(who: Who) -> dict[str, object]:
    """Return an actor as one row of a list."""
    return {
        "id": who.id,
        "name": who.name,
        "type": who.type,
        "country": who.country,
        "code": who.code,
        "articles": len(who.articles),
    }


def pairs(digest: Digest) -> list[dict[str, object]]:
    """Return the pairs of actors that do most to one another, most first."""
    counts: Counter[tuple[str, str]] = Counter()
    for event in digest.told:
        found = {_pair(one, two) for one in event.source for two in event.target}
        counts.update(pair for pair in found if pair)
    best = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return [
        {"a": a, "b": b, "a_name": digest.actors[a].name, "b_name": digest.actors[b].name, "events": count}
        for (a, b), count in best
    ]


def retold(told: Sequence[Told]) -> list[Retold]:
    """Put tellings of one event together, in order of time.

    Tellings are of one event when day, type, code, both sides and status are the same:
    rather too few are joined than too many.
    """
    groups: dict[tuple, list[Told]] = {}
    for event in sorted(told, key=lambda event: (event.day or "", event.article, event.span)):
        sides = (tuple(party.id or party.name for party in side) for side in (event.source, event.target))
        groups.setdefault((event.day, event.type, event.cameo, *sides, event.status), []).append(event)
    return [Retold(first=group[0], also=tuple(group[1:])) for group in groups.values()]


def actors(shelf: Shelf, asked: Mapping[str, str]) -> View:
    """Show all actors; `q` narrows them to a part of a name."""
    query = asked.get("q", "").strip()
    folded = query.casefold()
    found = [
        who
        for who in busiest(shelf.digest())
        if folded in who.id.casefold() or any(folded in name.casefold() for name in who.names)
    ]
    rows = [summary(who) for who in found]
    shown, paging = paged(rows, asked.get("page"))
    columns = ("id", "name", "type", "country", "code", "articles")
    return View(
        title="Actors",
        template="actors.html",
        data={"query": query, "actors": shown, "paging": paging},
        table=Table(columns, [[row[column] for column in columns] for row in rows]),
    )


def actor(shelf: Shelf, id: str, asked: Mapping[str, str]) -> View | None:
    """Show one actor: offices, whom it deals with, what it does, what it says."""
    digest = shelf.digest()
    who = digest.actors.get(id)
    if who is None:
        return None
    does = [event for event in digest.told if any(party.id == id for party in (*event.source, *event.target))]
    does.sort(key=lambda event: (event.day or "", event.article, event.span), reverse=True)
    says = [quote for quote in digest.quoted if quote.speaker == id]
    events, paging = paged(does, asked.get("page"))
    data = {
        "id": id,
        "name": who.name,
        "type": who.type,
        "country": who.country,
        "code": who.code,
        "wikidata": who.wikidata,
        "names": sorted(who.names),
        "offices": sorted(who.offices.values(), key=lambda office: (office.start or "", office.title, office.of or "")),
        "partners": _partners(digest, id)[:40],
        "events": events,
        "paging": paging,
        "quotes": says[:PAGE],
        "quotes_total": len(says),
        "articles": [digest.heads[article] for article in who.articles],
        "people": [
            {"id": other.id, "name": other.name, "type": other.type}
            for other in busiest(digest)
            if id == other.country and other.id != id
        ][:40],
    }
    return View(title=who.name, template="actor.html", data=data, table=event_table(does))


def dyad(shelf: Shelf, both: str, asked: Mapping[str, str]) -> View | None:  # noqa: ARG001
    """Show how two actors deal with one another, month by month; a country's code stands for all of its actors."""
    digest = shelf.digest()
    known = _split(digest, both)
    if known is None:
        return None
    a, b = known
    told = [event for event in digest.told if _between(event, a, b)]
    counted = [line for line in retold(told) if _counts(line.first)]
    acts = [act for line in counted if (act := _act(line.first, a, b))]
    points = series(acts, a, b)
    months: dict[str, list[Retold]] = {point.period: [] for point in points}
    for line in counted:
        months.setdefault((line.first.day or "")[:7], []).append(line)
    shown = {id(event) for line in counted for event in (line.first, *line.also)}
    rest = [event for event in told if id(event) not in shown]
    names = tuple(digest.actors[name].name if name in digest.actors else name for name in (a, b))
    data = {
        "a": a,
        "b": b,
        "a_name": names[0],
        "b_name": names[1],
        "series": points,
        "months": months,
        "rest": rest,
        "wide": [name for name in (a, b) if _is_country(digest, name)],
    }
    columns = ("period", "n", "intensity", "cooperation", "conflict", "share", "low", "high")
    return View(
        title=f"{names[0]} and {names[1]}",
        template="dyad.html",
        data=data,
        drawn={
            "chart": draw(points),
            "sides": list(zip((a, b), names, strict=True)),
            "known": digest.actors,
        },
        table=Table(columns, [[getattr(point, column) for column in columns] for point in points]),
    )


def _pair(one: Party, two: Party) -> tuple[str, str] | None:
    if one.id is None or two.id is None or one.id == two.id:
        return None
    return min(one.id, two.id), max(one.id, two.id)


def _partners(digest: Digest, id: str) -> list[dict[str, object]]:
    """Count who stands on the other side; a retelling counts again, as the page says."""
    counts: dict[str, Counter[str]] = {}
    for event in digest.told:
        for mine, other in ((event.source, event.target), (event.target, event.source)):
            if any(party.id == id for party in mine):
                for party in other:
                    if party.id and party.id != id:
                        counts.setdefault(party.id, Counter())[event.type] += 1
    best = sorted(counts.items(), key=lambda pair: (-pair[1].total(), pair[0]))
    return [
        {
            "id": other,
            "name": digest.actors[other].name,
            "events": types.total(),
            "types": [name for name, _ in sorted(types.items(), key=lambda pair: (-pair[1], pair[0]))[:3]],
        }
        for other, types in best
    ]


def _split(digest: Digest, both: str) -> tuple[str, str] | None:
    """Find two known actors in `A/B`; an id may hold a slash of its own."""
    at = both.find("/")
    while at >= 0:
        a, b = both[:at], both[at + 1 :]
        if a != b and all(name in digest.actors or _is_country(digest, name) for name in (a, b)):
            return a, b
        at = both.find("/", at + 1)
    return None


def _is_country(digest: Digest, name: str) -> bool:
    return len(name) == 3 and name.isupper() and any(who.country == name for who in digest.actors.values())


def _between(event: Told, a: str, b: str) -> bool:
    return _stands(event.source, event.target, a, b) or _stands(event.source, event.target, b, a)


def _stands(source: Sequence[Party], target: Sequence[Party], a: str, b: str) -> bool:
    return any(of_country(party, a) for party in source) and any(of_country(party, b) for party in target)


def _counts(event: Told) -> bool:
    """Tell whether an event goes into the series: it happened, on a known day, and has a code."""
    return event.status in _HAPPENED and event.day is not None and event.cameo is not None


def _act(event: Told, a: str, b: str) -> tuple[str, str, str, str] | None:
    if event.day is None or event.cameo is None:
        return None
    sides = (a, b) if _stands(event.source, event.target, a, b) else (b, a)
    return event.day, *sides, event.cameo

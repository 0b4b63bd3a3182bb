"""Give coordinates to the names of places in one text.

In: a text and the spans of its place names. Out: for each span a `Place`, or None where no such place is known.
It finds no names.
"""

from __future__ import annotations

from collections.abc import Sequence

from tidings.facts import Place
from tidings.places.context import Container, candidates, container_after, container_before, container_named
from tidings.places.gazetteer import Entry, home_of, iso3
from tidings.places.names import fold
from tidings.places.nearby import stand_ins
from tidings.places.ranker import Name, Row, rank
from tidings.text import Span

__all__ = ["gather", "locate", "locate_with", "settle"]

_MOST_NAMES = 400
_CITY = 100_000
_WIDE = 2_000_000
"""People from which a state is so well known that its name alone may stand in a list."""


def locate(text: str, spans: Sequence[Sequence[int]], *, outlet: str | None = None) -> list[Place | None]:
    """Give each marked place name its coordinates.

    >>> paris, texas = locate("He lives in Paris, Texas.", [(12, 17), (19, 24)])
    >>> paris.lat, paris.lon, paris.country, texas.level
    (33.661, -95.556, 'USA', 'admin1')
    """
    return locate_with(text, spans, outlet, None)


def locate_with(
    text: str, spans: Sequence[Sequence[int]], outlet: str | None, weights: tuple[Row, Row] | None
) -> list[Place | None]:
    """Do the same with the given weights of the ranker; None takes the shipped ones."""
    marks = [Span(*span) if 0 <= span[0] <= span[1] <= len(text) else Span(0, 0) for span in spans]
    names, groups = gather(text, marks)
    beliefs = rank(names, home_of(outlet), weights)
    found = [
        settle(mark, names[group], beliefs[group]) if group is not None else None
        for mark, group in zip(marks, groups, strict=True)
    ]
    return stand_ins(text, marks, found)


def gather(text: str, marks: Sequence[Span]) -> tuple[list[Name], list[int | None]]:
    """Sort the mentions into names: one sense for each name, unless the text says otherwise beside one of them."""
    keyed: dict[tuple[str, tuple[Container, ...]], list[int]] = {}
    for at, mark in enumerate(marks):
        phrase = mark.of(text)
        entries, _ = candidates(_bare(phrase))
        found = [c for c in _beside(text, mark) if any(c.holds(e) and e.level != "country" for e in entries)]
        keyed.setdefault((fold(_bare(phrase)), tuple(found)), []).append(at)
    said: dict[str, tuple[Container, ...]] = {}
    for key, containers in keyed:
        if containers:
            said.setdefault(key, containers)
    names: list[Name] = []
    where: dict[tuple[str, tuple[Container, ...]], int] = {}
    groups: list[int | None] = [None] * len(marks)
    for (key, containers), members in keyed.items():
        held = containers or said.get(key, ())
        entries, dropped = candidates(_bare(marks[members[0]].of(text)))
        if not entries or len(names) >= _MOST_NAMES or _is_elsewhere(marks[members[0]].of(text), entries):
            continue
        entries = _written_out(entries, held)
        place = where.get((key, held))
        if place is None:
            place = where[(key, held)] = len(names)
            names.append(
                Name(
                    key=key,
                    phrase=_bare(marks[members[0]].of(text)),
                    count=len(members),
                    entries=entries,
                    dropped=dropped,
                    containers=held,
                )
            )
        for at in members:
            groups[at] = place
    return names, groups


def _written_out(entries: tuple[Entry, ...], held: tuple[Container, ...]) -> tuple[Entry, ...]:
    """Keep the towns of the state or country written beside the name: "Athens, Ohio" is never in Greece.

    Not for names that may be states or countries themselves: those stand in lists ("in Georgia, Ukraine and Armenia"),
    unless a city of the name lies there ("Valencia, Spain").
    """
    wide = [container for container in held if container.point is None]
    inside = tuple(entry for entry in entries if any(container.holds(entry) for container in wide))
    listed = any(entry.level in ("country", "admin1") and entry.population > _WIDE for entry in entries)
    if listed and not any(entry.level == "city" and entry.population > _CITY for entry in inside):
        return entries
    return inside or entries


def _is_elsewhere(phrase: str, entries: Sequence[Entry]) -> bool:
    """Tell a town written with a state or country in which none of its namesakes lies: it is one we do not know."""
    held = [container for container in container_named(phrase) if container.point is None]
    wide = any(entry.level in ("country", "admin1") for entry in entries)
    return bool(held) and not wide and not any(container.holds(entry) for container in held for entry in entries)


def _bare(phrase: str) -> str:
    return phrase.partition(",")[0] if "," in phrase and not fold(phrase).startswith("washington d") else phrase


def _beside(text: str, mark: Span) -> tuple[Container, ...]:
    return container_named(mark.of(text)) or container_after(text, mark) or container_before(text, mark)


def settle(mark: Span, name: Name, belief: Sequence[float]) -> Place:
    """Make the `Place` of one mention from the beliefs about its name."""
    best = max(range(len(belief)), key=lambda at: (belief[at], -at))
    return _place(mark, name.entries[best], belief[best], name.entries[best].why)


def _place(mark: Span, entry: Entry, score: float, why: str | None) -> Place:
    return Place(
        span=mark,
        name=entry.name,
        score=round(score, 4),
        geonames=entry.geonames,
        lat=entry.lat,
        lon=entry.lon,
        country=iso3(entry.country),
        level=entry.level,
        why=why,
    )

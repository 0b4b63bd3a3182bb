"""The past as a grid: how many acts of each kind each pair did, day by day.

In: an open store. Out: counts for many pairs at once, and the acts of one pair.
It forecasts nothing. A pair is two countries (`RUS`, `USA`) or two parties, whatever was asked; one party alone is
paired with everyone else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from tidings.dyads.blocs import eras, members_on
from tidings.dyads.counts import Days, between, days_of, directions, edge_day, sides_of
from tidings.dyads.parties import Party, country_name
from tidings.errors import UsageError
from tidings.events.ontology import TYPES

if TYPE_CHECKING:
    from tidings.store import Store

__all__ = [
    "KINDS",
    "QUADS",
    "Act",
    "Grid",
    "acts_of",
    "busy_grid",
    "day_number",
    "first_day",
    "last_day",
    "own_grid",
    "partners_of",
]

QUADS = ("verbal cooperation", "material cooperation", "verbal conflict", "material conflict")
KINDS = (*TYPES, *QUADS)
"""What is forecast: the types of PLOVER, then the four quads."""
MOST_PAIRS = 200
MOST_DAYS = 1_500
"""The model learns from no more than so many pairs over so many last days."""
_LEAST_ACTS = 12

_TYPE_NUMBER = {name: number for number, name in enumerate(TYPES)}


class Act(NamedTuple):
    """One act of the pair asked: `back` is 1 when the second acts on the first."""

    number: int
    day: int
    back: int
    type: str | None
    quad: int


class Grid(NamedTuple):
    """Counts (pairs, 2 ways, days, KINDS); the first day has the number `first`."""

    first: int
    counts: NDArray[np.uint32]


def day_number(day: str) -> int:
    """Return the ordinal of an ISO day.

    Raises `UsageError` for what is none.
    """
    try:
        return date.fromisoformat(day).toordinal()
    except ValueError:
        raise UsageError(f"not an ISO day like 2018-07-16: {day!r}") from None


Datasets = Sequence[int] | None
"""The numbers of the datasets that are counted; None for all."""


def last_day(store: Store, datasets: Datasets = None) -> str | None:
    """Return the day of the last act."""
    return edge_day(store, "max", between(datasets), days_of(None, None))


def first_day(store: Store, datasets: Datasets = None) -> int | None:
    """Return the number of the first day with an act."""
    day = edge_day(store, "min", between(datasets), days_of(None, None))
    return day_number(day) if day else None


def acts_of(store: Store, a: Party, b: Party | None, *, before: str, datasets: Datasets = None) -> list[Act]:
    """Return what the two did to each other before a day, or one to and from everyone, in order of time.

    One party with itself is what is done inside a country.
    """
    found: dict[int, Act] = {}
    for back, sides, values, days in _ways(a, b, before):
        for number, day, type, quad in store.query(
            f"SELECT number, day, type, quad FROM acts WHERE {sides} AND {between(datasets)}", *values, *days
        ):
            # What a party does to itself is its own doing.
            found.setdefault(number, Act(number, day_number(day), back, type, quad))
    return sorted(found.values(), key=lambda act: (act.day, act.number))


def _ways(a: Party, b: Party | None, before: str) -> Iterator[tuple[int, str, tuple[str | int, ...], Days]]:
    """Yield conditions on acts of the first, then on acts towards it, with their values and the days they hold for."""
    past = Days("0001-01-01", _day_before(before))
    if b is not None:
        for sent, sides, values, days in directions(a, b, past):
            if sent or a != b:
                yield int(not sent), sides, values, days
        return
    for era in eras(a.members, *past):
        for back, side in enumerate(("source", "target")):
            for condition, values in sides_of(a, None, era[0]):
                yield back, condition.format(side), values, Days(*era)


def _day_before(day: str) -> str:
    return date.fromordinal(day_number(day) - 1).isoformat()


def partners_of(
    store: Store, party: Party, *, since: str, before: str, most: int, datasets: Datasets = None
) -> list[Party]:
    """Return with whom a party had most to do between two days: parties of a party, countries of anyone else."""
    column = "" if party.kind == "party" else "_country"
    totals: Counter[str | int] = Counter()
    for back, side, values, days in _ways(party, None, before):
        other = ("target", "source")[back] + column
        for name, n in store.query(
            f"SELECT {other}, count(*) FROM acts WHERE {side} AND {other} IS NOT NULL AND {between(datasets)}"
            f" GROUP BY {other}",
            *values,
            max(days.first, since),
            days.last,
        ):
            totals[name] += n
    itself = {party.key, *party.numbers, *members_on(party.members, before)}
    ranked = sorted(set(totals) - itself, key=lambda name: (-totals[name], name))[:most]
    if party.kind != "party":
        codes = [str(name) for name in ranked]
        return [
            Party(kind="country", key=code, name=country_name(code), country=code, type="country") for code in codes
        ]
    return [
        Party(kind="party", key=key, name=name, country=country, type=type, numbers=(int(number),))
        for number in ranked
        for key, name, type, country in store.query(
            "SELECT key, name, type, country FROM parties WHERE number = ?", number
        )
    ]


def own_grid(acts: Iterable[Act], *, first: int, days: int) -> Grid:
    """Return the grid of one pair."""
    cells = [(0, act.back, act.day - first, act.type, act.quad, 1) for act in acts if act.day >= first]
    return Grid(first, _filled(1, days, cells))


Kind = Literal["pairs", "within", "parties"]
"""Two parties, one party with itself (what is done inside a country), or one with all others."""


def busy_grid(store: Store, kind: Kind, *, countries: bool, first: int, days: int, datasets: Datasets = None) -> Grid:
    """Return the grid of the busiest of a kind over so many days, and of some less busy ones."""
    columns = ("source_country", "target_country") if countries else ("source", "target")
    span = Days(date.fromordinal(first).isoformat(), date.fromordinal(first + days - 1).isoformat())
    if kind == "parties":
        rows = _parties(store, *columns, span, between(datasets))
    else:
        rows = _pairs(store, *columns, span, between(datasets), within=kind == "within")
    cells = [(unit, back, day_number(day) - first, type, quad, n) for unit, back, day, type, quad, n in rows]
    return Grid(first, _filled(1 + max((cell[0] for cell in cells), default=-1), days, cells))


_Row = tuple[int, int, str, str | None, int, int]
"""Unit, way, day, type, quad, how many."""


def _pairs(store: Store, source: str, target: str, span: Days, condition: str, *, within: bool) -> Iterator[_Row]:
    totals: Counter[tuple[str | int, str | int]] = Counter()
    same = "=" if within else "<>"
    for one, two, n in store.query(
        f"SELECT {source}, {target}, count(*) FROM acts WHERE {condition} AND {source} {same} {target}"
        f" GROUP BY {source}, {target}",
        *span,
    ):
        totals[min(one, two), max(one, two)] += n
    for unit, (one, two) in enumerate(_chosen(totals)):
        for back, (acting, acted_on) in enumerate([(one, two)] if within else [(one, two), (two, one)]):
            for day, type, quad, n in store.query(
                f"SELECT day, type, quad, count(*) FROM acts WHERE {source} = ? AND {target} = ?"
                f" AND {condition} GROUP BY day, type, quad",
                acting,
                acted_on,
                *span,
            ):
                yield unit, back, day, type, quad, n


def _parties(store: Store, source: str, target: str, span: Days, condition: str) -> Iterator[_Row]:
    totals: Counter[tuple[str | int]] = Counter()
    rows: list[tuple[str | int, int, str, str | None, int, int]] = []
    for back, (mine, others) in enumerate(((source, target), (target, source))):
        apart = f"AND {others} IS NOT {mine}" if back else ""
        for name, day, type, quad, n in store.query(
            f"SELECT {mine}, day, type, quad, count(*) FROM acts WHERE {mine} IS NOT NULL {apart}"
            f" AND {condition} GROUP BY {mine}, day, type, quad",
            *span,
        ):
            rows.append((name, back, day, type, quad, n))
            totals[(name,)] += n
    units = {name: unit for unit, (name,) in enumerate(_chosen(totals))}
    for name, back, day, type, quad, n in rows:
        if name in units:
            yield units[name], back, day, type, quad, n


_Unit = TypeVar("_Unit", bound=tuple[str | int, ...])


def _chosen(totals: Counter[_Unit]) -> list[_Unit]:
    """Return the busiest half of what the model may learn from, and as many spread evenly over the rest."""
    ranked = [unit for unit, n in sorted(totals.items(), key=lambda item: (-item[1], item[0])) if n >= _LEAST_ACTS]
    if len(ranked) <= MOST_PAIRS:
        return ranked
    busiest, rest = ranked[: MOST_PAIRS // 2], ranked[MOST_PAIRS // 2 :]
    return busiest + [rest[at * len(rest) // (MOST_PAIRS // 2)] for at in range(MOST_PAIRS // 2)]


def _filled(units: int, days: int, cells: Iterable[tuple[int, int, int, str | None, int, int]]) -> NDArray[np.uint32]:
    counts = np.zeros((units, 2, days, len(KINDS)), np.uint32)
    for unit, back, day, type, quad, n in cells:
        if not 0 <= day < days:
            continue
        kind = _TYPE_NUMBER.get(type or "")
        if kind is not None:
            counts[unit, back, day, kind] += n
        if 1 <= quad <= len(QUADS):
            counts[unit, back, day, len(TYPES) + quad - 1] += n
    return counts

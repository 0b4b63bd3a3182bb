"""How many acts of each sort two actors did to one another, day by day.

In: a store, two parties, days. Out: counts, which are all that points, changes and statements need.
It adds up in SQL, over an index that holds all it asks for, and reads no act by itself.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Literal, NamedTuple

from tidings.dyads.blocs import eras, members_on
from tidings.dyads.parties import Party
from tidings.errors import UsageError
from tidings.store import Store

__all__ = [
    "FRIENDLY",
    "Count",
    "Days",
    "between",
    "counts",
    "datasets_by_name",
    "datasets_with_acts",
    "days_of",
    "directions",
    "edge_day",
    "sides_of",
    "stories_by_day",
]

FRIENDLY = (
    "CASE WHEN cameo >= '01' AND cameo < '09' THEN 1 WHEN cameo >= '09' AND cameo < '21' THEN 0 ELSE quad <= 2 END"
)
"""Whether an act is cooperation: by the root of its CAMEO code where it has one, else by its class."""
_DAY = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?", re.ASCII)


class Days(NamedTuple):
    """The first and the last day of a time, as ISO days."""

    first: str
    last: str


class Count(NamedTuple):
    """How many acts of one sort there were on one day in one dataset, in one direction."""

    day: str
    dataset: int
    cameo: str | None
    type: str | None
    quad: int
    friendly: bool
    sent: bool
    n: int
    tellings: int
    intensity: float


def days_of(since: str | None, until: str | None) -> Days:
    """Return the days from `since` to `until`, both included; each may be a day, a month or a year.

    Raises `UsageError` for what is no date, and for an end before its beginning.

    >>> days_of("2018", "2018-02")
    Days(first='2018-01-01', last='2018-02-28')
    """
    first = _bounds(since).first if since else "0001-01-01"
    last = _bounds(until).last if until else "9999-12-31"
    if last < first:
        raise UsageError(f"the days end ({until}) before they begin ({since})")
    return Days(first, last)


def _bounds(text: str) -> Days:
    found = _DAY.fullmatch(text.strip())
    try:
        if found is None:
            raise ValueError
        year, month, day = (int(part) if part else None for part in found.groups())
        assert year is not None
        first = date(year, month or 1, day or 1)
        if day:
            return Days(first.isoformat(), first.isoformat())
        if not month:
            return Days(first.isoformat(), date(year, 12, 31).isoformat())
        # The 28th and four days is in the next month, whichever it is.
        last = (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        return Days(first.isoformat(), last.isoformat())
    except (ValueError, OverflowError):
        raise UsageError(f"a date is written like 2018, 2018-05 or 2018-05-31, not {text!r}") from None


def directions(a: Party, b: Party, days: Days) -> Iterator[tuple[bool, str, tuple[str | int, ...], Days]]:
    """Yield for acts of `a` towards `b`, and back: whether `a` sent them, the condition, its values, the days it holds.

    Of blocs it yields a condition for each stretch of days on which the members stay the same. A state that is a member
    of both is on neither side, and nobody is a member of the bloc that he is asked against.
    """
    for first, last in eras((*a.members, *b.members), *days):
        one, two = sides_of(a, b, first), sides_of(b, a, first)
        for sent, sources, targets in ((True, one, two), (False, two, one)):
            for (from_source, given), (to_target, taken) in itertools.product(sources, targets):
                sides = f"{from_source.format('source')} AND {to_target.format('target')}"
                yield sent, sides, (*given, *taken), Days(first, last)


_Side = tuple[str, tuple[str | int, ...]]
"""a condition on one side of an act, and its values"""


def sides_of(party: Party, other: Party | None, day: str) -> list[_Side]:
    """Return what makes a party one side of an act on a day, when the other side is another."""
    if party.kind == "country":
        return [("{}_country = ?", (party.key,))]
    numbers: Sequence[int] = party.numbers
    if party.kind == "bloc" and other and (party.members or other.kind == "party"):
        numbers = [number for number in numbers if number not in other.numbers]
    states = members_on(party.members, day)
    if other:
        states -= {other.country, *members_on(other.members, day)}
    both: tuple[tuple[str, Sequence[str | int]], ...] = (("{}", numbers), ("{}_country", sorted(states)))
    return [(f"{side} IN ({', '.join('?' * len(who))})", tuple(who)) for side, who in both if who]


def between(datasets: Sequence[int] | None) -> str:
    """Return the condition on days, of which the values are a `Days`, and on datasets."""
    chosen = f" AND dataset IN ({', '.join(str(int(number)) for number in datasets)})" if datasets is not None else ""
    return f"day BETWEEN ? AND ?{chosen}"


def counts(store: Store, a: Party, b: Party, days: Days, datasets: Sequence[int] | None = None) -> list[Count]:
    """Return the counts of acts between two parties, in both directions."""
    found: list[Count] = []
    for sent, sides, values, era in directions(a, b, days):
        sql = (
            f"SELECT day, dataset, cameo, type, quad, {FRIENDLY}, count(*), sum(tellings), sum(intensity)"
            f" FROM acts WHERE {sides} AND {between(datasets)} GROUP BY day, cameo, quad, dataset, type"
        )
        for day, dataset, cameo, kind, quad, friendly, n, tellings, weight in store.query(sql, *values, *era):
            found.append(Count(day, dataset, cameo, kind, quad, bool(friendly), sent, n, tellings, weight))
    return found


def stories_by_day(store: Store, a: Party, b: Party, days: Days, datasets: Iterable[int]) -> list[tuple[str, str]]:
    """Return the days and stories of acts from one's own pages, where acts are tied to stories."""
    if 1 not in datasets:
        return []
    found: set[tuple[str, str]] = set()
    for _, sides, values, era in directions(a, b, days):
        sql = f"SELECT DISTINCT day, story FROM acts WHERE {sides} AND {between([1])} AND story IS NOT NULL"
        found.update(store.query(sql, *values, *era))
    return sorted(found)


def datasets_by_name(store: Store, names: Sequence[str] | None) -> dict[int, str]:
    """Return the datasets of a store by their numbers, only those named where some are.

    Raises `UsageError` for a name that no dataset has.
    """
    known: dict[int, str] = dict(store.query("SELECT number, name FROM datasets ORDER BY number"))
    for name in names or ():
        if name not in known.values():
            raise UsageError(f"no dataset {name!r} in {store.path}; it has {', '.join(known.values())}")
    return {number: name for number, name in known.items() if not names or name in names}


def datasets_with_acts(store: Store) -> list[int]:
    """Return the numbers of the datasets that have acts."""
    held = "EXISTS (SELECT 1 FROM acts WHERE dataset = datasets.number)"
    return [number for (number,) in store.query(f"SELECT number FROM datasets WHERE {held} ORDER BY number")]


def edge_day(store: Store, edge: Literal["min", "max"], condition: str, days: Days) -> str | None:
    """Return the first or the last day with an act, under a condition made by `between`."""
    # The plus leads along the days to the first act that counts, not along all acts of the datasets.
    ((day,),) = store.query(f"SELECT {edge}(day) FROM acts WHERE {condition.replace('dataset', '+dataset')}", *days)
    return day

"""How many acts of each sort two actors did to one another, day by day.

In: a store, two parties, days. Out: counts, which are all that points, changes and statements need.
It adds up in SQL, over an index that holds all it asks for, and reads no act by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

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
    "days_of",
    "directions",
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


def directions(a: Party, b: Party) -> Iterator[tuple[bool, str, tuple[str | int, ...]]]:
    """Yield for acts of `a` towards `b`, then of `b` towards `a`: whether `a` sent them, the condition, its values."""
    for sent, source, target in ((True, a, b), (False, b, a)):
        from_source, sources = _is_side("source", source)
        to_target, targets = _is_side("target", target)
        yield sent, f"{from_source} AND {to_target}", (*sources, *targets)


def _is_side(side: str, party: Party) -> tuple[str, tuple[str | int, ...]]:
    if party.kind == "country":
        return f"{side}_country = ?", (party.key,)
    return f"{side} IN ({', '.join('?' * len(party.numbers))})", party.numbers


def between(datasets: Sequence[int] | None) -> str:
    """Return the condition on days, of which the values are a `Days`, and on datasets."""
    chosen = f" AND dataset IN ({', '.join(str(int(number)) for number in datasets)})" if datasets is not None else ""
    return f"day BETWEEN ? AND ?{chosen}"


def counts(store: Store, a: Party, b: Party, days: Days, datasets: Sequence[int] | None = None) -> list[Count]:
    """Return the counts of acts between two parties, in both directions."""
    found: list[Count] = []
    for sent, sides, values in directions(a, b):
        sql = (
            f"SELECT day, dataset, cameo, type, quad, {FRIENDLY}, count(*), sum(tellings), sum(intensity)"
            f" FROM acts WHERE {sides} AND {between(datasets)} GROUP BY day, cameo, quad, dataset, type"
        )
        for day, dataset, cameo, kind, quad, friendly, n, tellings, weight in store.query(sql, *values, *days):
            found.append(Count(day, dataset, cameo, kind, quad, bool(friendly), sent, n, tellings, weight))
    return found


def stories_by_day(store: Store, a: Party, b: Party, days: Days, datasets: Iterable[int]) -> list[tuple[str, str]]:
    """Return the days and stories of acts from one's own pages, where acts are tied to stories."""
    if 1 not in datasets:
        return []
    found: set[tuple[str, str]] = set()
    for _, sides, values in directions(a, b):
        sql = f"SELECT DISTINCT day, story FROM acts WHERE {sides} AND {between([1])} AND story IS NOT NULL"
        found.update(store.query(sql, *values, *days))
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

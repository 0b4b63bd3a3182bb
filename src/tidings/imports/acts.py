"""What a row of event data becomes.

In: nothing. Out: the types that the formats and the store's tables share.
They carry data only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

__all__ = ["Act", "BadRow", "Format", "NoAct", "Party", "Tally"]


class Party(NamedTuple):
    """One side of an act, known by its key: a code or a name, as the data gives it."""

    key: str
    name: str
    type: str | None = None
    country: str | None = None
    sector: str | None = None
    code: str | None = None


class Act(NamedTuple):
    """Who did what to whom on which day; `id` is unique within its data."""

    id: str
    day: str
    source: Party
    target: Party | None
    type: str | None
    cameo: str | None
    quad: int
    intensity: float
    tellings: int = 1
    place: str | None = None
    lat: float | None = None
    lon: float | None = None


class BadRow(Exception):
    """A row that cannot be an act; it says why."""


class NoAct(Exception):
    """A row of something that is no act between parties, or has no source."""


class Tally:
    """What was met that no table names; counted, bounded in memory."""

    MOST = 10_000

    def __init__(self) -> None:
        self.unknown: Counter[tuple[str, str]] = Counter()

    def miss(self, kind: str, name: str) -> None:
        """Count a name of a kind ("event text", "country") that is in no table."""
        if (kind, name) in self.unknown or len(self.unknown) < self.MOST:
            self.unknown[kind, name] += 1


Days = Callable[[str], str]
Read = Callable[[Sequence[str], Days, Tally], Iterable[Act]]


class Format(NamedTuple):
    """How one kind of event data is laid out.

    `names` gives each field the column names it goes by, as letters and digits in lower case; `needs` are sets of
    fields, one of which must be there; `bare` says which columns a table without a header has, by their number.
    `read` turns the fields of a row, in the order of `names`, into acts.
    """

    name: str
    title: str
    names: Mapping[str, tuple[str, ...]]
    needs: tuple[frozenset[str], ...]
    bare: Callable[[Sequence[str]], Mapping[str, int] | None]
    read: Read

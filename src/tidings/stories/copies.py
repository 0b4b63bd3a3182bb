"""Near copies: one text sold, cut, reworded or translated, told from another report of the same event.

In: texts. Out: groups of copies, each with its presumed origin and what was done to it.
It drops nothing; who wants one text a group takes the origin.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from typing import Literal

from tidings.errors import UsageError
from tidings.facts import Fact
from tidings.stories.candidates import candidate_pairs
from tidings.stories.likeness import Likeness, Marks, Reading, compare, copy_score, mark
from tidings.stories.words import WordHashes, names_of, shingles, words_of

__all__ = ["Copy", "CopyGroup", "CopyKind", "find_copies", "is_copy", "kind_of", "near_copies", "read"]

CopyKind = Literal["verbatim", "truncated", "abridged", "rewritten", "translated"]
COPY = 0.85
"""Probability from which two texts are copies: a wrong link joins two groups, a third copy often mends a missed one."""
NAMES_KEPT = 0.4
MOST_MARKED = 4096
"""Texts whose rare words are held in memory at once."""


class Copy(Fact, frozen=True, kw_only=True):
    """One text of a group: its index, what was done to the origin to make it, and how sure we are."""

    text: int
    kind: CopyKind
    score: float


class CopyGroup(Fact, frozen=True, kw_only=True):
    """Texts made from one: `origin` is the index of the presumed first, `basis` says why it is presumed."""

    origin: int
    basis: Literal["date", "overlap"]
    copies: tuple[Copy, ...]


def near_copies(texts: Sequence[str]) -> list[set[int]]:
    """Group the texts that are copies of one another; only groups of two and more are returned.

    >>> report = "The harbour of Odd was closed on Friday after two ferries met in the fog, the port master said."
    >>> near_copies([report, "A quite different report about harbours.", "ODD (AP) -- " + report])
    [{0, 2}]
    """
    return [set(group) for group in _groups(_readings(texts))]


def find_copies(texts: Sequence[str], *, dates: Sequence[str | None] | None = None) -> list[CopyGroup]:
    """Group near copies and say for each what was done to the presumed origin.

    The origin is the one with the earliest of the ISO `dates`, else the text that shares most with the others.

    >>> report = "The harbour of Odd was closed on Friday after two ferries met in the fog, the port master said. "
    >>> report += "Nobody was hurt. Both ships are being towed to Larn, where divers will look at their hulls."
    >>> group, = find_copies([report, report[:100]])
    >>> group.origin, [(copy.text, copy.kind) for copy in group.copies]
    (0, [(1, 'truncated')])
    """
    if dates is not None and len(dates) != len(texts):
        raise UsageError(f"{len(texts)} texts but {len(dates)} dates")
    readings = _readings(texts)
    return [_describe(group, readings, dates) for group in _groups(readings)]


def read(text: str, hashes: WordHashes | None = None) -> Reading:
    """Turn a text into numbers; `hashes` is shared by the texts of a batch."""
    words = (hashes or WordHashes()).of(words_of(text))
    return Reading(words=words, shingles=shingles(words), names=names_of(text))


def _readings(texts: Sequence[str]) -> list[Reading]:
    hashes = WordHashes()
    return [read(text, hashes) for text in texts]


def _groups(readings: Sequence[Reading]) -> list[list[int]]:
    """Join texts of the same words, then candidates that are copies, most shared first; joined pairs cost nothing."""
    parents = list(range(len(readings)))
    seen: dict[bytes, int] = {}
    for index, reading in enumerate(readings):
        if len(reading.words):
            parents[index] = seen.setdefault(reading.words.tobytes(), index)

    @functools.lru_cache(maxsize=MOST_MARKED)
    def marks(index: int) -> Marks:
        return mark(readings[index])

    for first, second, _ in candidate_pairs([reading.shingles for reading in readings]):
        one, two = _root(parents, first), _root(parents, second)
        if one != two and is_copy(compare(readings[first], readings[second], (marks(first), marks(second)))):
            parents[max(one, two)] = min(one, two)
    members: dict[int, list[int]] = {}
    for index in range(len(readings)):
        members.setdefault(_root(parents, index), []).append(index)
    return [group for group in members.values() if len(group) > 1]


def is_copy(likeness: Likeness) -> bool:
    """Tell whether one of two texts was made from the other.

    A form filled in anew, as reports of results and weather are, keeps the words but not the names and numbers.
    """
    return likeness.names >= NAMES_KEPT and copy_score(likeness) >= COPY


def _root(parents: list[int], index: int) -> int:
    while parents[index] != index:
        parents[index] = parents[parents[index]]
        index = parents[index]
    return index


MOST_COMPARED = 12
"""Texts of a group that vote on the origin; enough for a choice, and linear in the size of the group."""


def _describe(group: Sequence[int], readings: Sequence[Reading], dates: Sequence[str | None] | None) -> CopyGroup:
    origin, basis = _origin(group, readings, dates)
    copies: list[Copy] = []
    for index in group:
        if index != origin:
            likeness = compare(readings[origin], readings[index])
            shorter = len(readings[index].words) < len(readings[origin].words)
            copies.append(Copy(text=index, kind=kind_of(likeness, shorter=shorter), score=copy_score(likeness)))
    return CopyGroup(origin=origin, basis=basis, copies=tuple(copies))


def _origin(
    group: Sequence[int], readings: Sequence[Reading], dates: Sequence[str | None] | None
) -> tuple[int, Literal["date", "overlap"]]:
    days = [(day, index) for index in group if dates is not None and (day := dates[index])]
    if days:
        first = min(days)[0]
        group = [index for day, index in days if day == first]
        if len(group) == 1:
            return group[0], "date"
    voters = group[:MOST_COMPARED]
    rank = {index: (_overlap(index, voters, readings), len(readings[index].words), -index) for index in voters}
    return max(voters, key=lambda index: rank[index]), "date" if days else "overlap"


def _overlap(index: int, voters: Iterable[int], readings: Sequence[Reading]) -> float:
    return round(sum(compare(readings[index], readings[other]).jaccard for other in voters if other != index), 6)


def kind_of(likeness: Likeness, *, shorter: bool) -> CopyKind:
    """Name what was done.

    The borders are shares of three-word runs kept: about a fifth survives when two words in five are replaced, which
    is what a translation there and back does.
    """
    if likeness.containment < 0.3:
        return "translated"
    if likeness.containment < 0.85:
        return "rewritten"
    if not shorter or likeness.longer < 1.1:
        return "verbatim"
    reach = likeness.head * likeness.longer
    # A text cut off ends in the origin about where its own length ends; an abridged one reaches further.
    return "truncated" if reach <= 1.1 else "abridged"

"""How much one text is a copy of another.

In: two texts as words. Out: named features and the probability that one was made from the other.
It compares two texts only and needs no corpus, so the answer does not change with the company they are in.
"""

from __future__ import annotations

import functools
import json
import math
from bisect import bisect_left
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tidings.facts import Fact

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["FEATURES", "Likeness", "Marks", "Reading", "compare", "copy_score", "features", "mark"]

RARE = 2
"""A word that occurs at most so often in a text marks a place in it."""

LEAST_NAMES = 5


class Reading(Fact, frozen=True, kw_only=True):
    """One text as numbers: a hash for each word in order, the hashes of its runs of three, its names and numbers."""

    words: NDArray[np.uint64]
    shingles: NDArray[np.uint64]
    names: frozenset[str]


class Marks(Fact, frozen=True, kw_only=True):
    """Where the rare words of a text stand: the words sorted, the place of each, and how often each occurs."""

    words: NDArray[np.uint64]
    places: NDArray[np.int64]
    repeats: NDArray[np.int64]


class Likeness(Fact, frozen=True, kw_only=True):
    """What two texts share. `chain` is the longest series of rare words both have in the same order."""

    jaccard: float
    containment: float
    chain: int
    chain_shorter: float
    chain_both: float
    order: float
    longer: float
    names: float
    """Share of the shorter text's names and numbers that the longer text has too; 1 where there are too few to tell."""
    head: float
    """Where in the longer text the chain ends, as a share of its words: a text cut off stops early."""


FEATURES = ("jaccard", "containment", "chain_shorter", "chain_both", "order", "longer", "log_chain")


def mark(reading: Reading) -> Marks:
    """Find the rare words of a text; they are the places by which two texts are laid side by side.

    Words once too frequent are kept as well, so that a text and its first half have their rare words in common.
    """
    import numpy as np

    order = np.argsort(reading.words, kind="stable")
    words = reading.words[order]
    _, group, sizes = np.unique(words, return_inverse=True, return_counts=True)
    repeats = sizes[group] if len(words) else np.zeros(0, dtype=np.int64)
    rare = repeats <= RARE + 1
    return Marks(words=words[rare], places=order[rare], repeats=repeats[rare])


def compare(one: Reading, two: Reading, marks: tuple[Marks, Marks] | None = None) -> Likeness:
    """Measure what two texts share; `marks` saves finding their rare words again.

    >>> from tidings.stories.copies import read
    >>> whole = read("the envoys met in Geneva on Monday and agreed on a truce at sea")
    >>> compare(whole, read("the envoys met in Geneva on Monday")).chain_shorter
    1.0
    """
    import numpy as np

    first, second = marks or (mark(one), mark(two))
    counts = int((first.repeats <= RARE).sum()), int((second.repeats <= RARE).sum())
    if (len(one.words), counts[0]) > (len(two.words), counts[1]):
        one, two, first, second, counts = two, one, second, first, counts[::-1]
    sizes = len(one.shingles), len(two.shingles)
    shared = len(np.intersect1d(one.shingles, two.shingles, assume_unique=True))
    meetings, common = _meetings(first, second)
    chain, last = _longest_rise(meetings)
    return Likeness(
        jaccard=shared / max(1, sum(sizes) - shared),
        containment=shared / max(1, min(sizes)),
        chain=chain,
        chain_shorter=min(1.0, chain / max(1, counts[0])),
        chain_both=chain / max(1, sum(counts) - chain, chain),
        order=chain / max(1, common),
        longer=len(two.words) / max(1, len(one.words)),
        names=len(one.names & two.names) / len(one.names) if len(one.names) >= LEAST_NAMES else 1.0,
        head=(last + 1) / max(1, len(two.words)),
    )


def _meetings(short: Marks, long: Marks) -> tuple[list[int], int]:
    """Return the places in the longer text of the rare words both have, in the order of the shorter, and how many.

    Of two places for one word the later comes first, so that a rising chain takes only one of them.
    """
    import numpy as np

    rare = short.repeats <= RARE
    words, here = short.words[rare], short.places[rare]
    low, high = np.searchsorted(long.words, words), np.searchsorted(long.words, words, side="right")
    found = high - low
    owner = np.repeat(np.arange(len(words)), found)
    within = np.arange(len(owner)) - np.repeat(np.cumsum(found) - found, found)
    there = long.places[low[owner] + within]
    order = np.lexsort((-there, here[owner]))
    return there[order].tolist(), int((found > 0).sum())


def copy_score(likeness: Likeness) -> float:
    """Return the probability that one of the two texts was made from the other."""
    weights = _weights()
    values = zip(FEATURES, features(likeness), strict=True)
    total = weights["bias"] + sum(weights[name] * value for name, value in values)
    return round(1 / (1 + math.exp(-max(-60.0, min(60.0, total)))), 4)


def features(likeness: Likeness) -> list[float]:
    """Lay out what the decision looks at, in the order of `FEATURES`."""
    return [
        likeness.jaccard,
        likeness.containment,
        likeness.chain_shorter,
        likeness.chain_both,
        likeness.order,
        math.log(max(1.0, likeness.longer)),
        math.log1p(likeness.chain),
    ]


@functools.cache
def _weights() -> dict[str, float]:
    from tidings.data import read_text

    return json.loads(read_text("stories_copies.json"))["weights"]


def _longest_rise(places: Sequence[int]) -> tuple[int, int]:
    """Return the length of the longest strictly rising series, and the value it ends on."""
    ends: list[int] = []
    for place in places:
        at = bisect_left(ends, place)
        if at == len(ends):
            ends.append(place)
        else:
            ends[at] = place
    return len(ends), (ends[-1] if ends else -1)

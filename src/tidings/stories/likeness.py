"""How much one text is a copy of another.

In: two texts as words. Out: named features and the probability that one was made from the other.
It compares two texts only and needs no corpus, so the answer does not change with the company they are in.
"""

from __future__ import annotations

import functools
import hashlib
import json
import math
from bisect import bisect_left
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tidings.facts import Fact

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["FEATURES", "Likeness", "Reading", "compare", "copy_score", "read_words"]

RARE = 2
"""A word that occurs at most so often in a text marks a place in it."""


class Reading(Fact, frozen=True, kw_only=True):
    """One text made ready for comparing: its shingles, and the places of its rare words."""

    length: int
    shingles: object
    places: dict[str, tuple[int, ...]]
    marks: int
    digest: bytes
    """Equal for texts of the same words in the same order, whatever their marks and capitals."""


class Likeness(Fact, frozen=True, kw_only=True):
    """What two texts share. `chain` is the longest series of rare words both have in the same order."""

    jaccard: float
    containment: float
    chain: int
    chain_shorter: float
    chain_both: float
    order: float
    longer: float
    head: float
    """Where in the longer text the chain ends, as a share of its words: a text cut off stops early."""


FEATURES = ("jaccard", "containment", "chain_shorter", "chain_both", "order", "longer", "log_chain")


def read_words(words: Sequence[str], sketch: NDArray[np.uint64], content: bytes = b"") -> Reading:
    """Make a text ready for comparing."""
    places: dict[str, list[int]] = {}
    for at, word in enumerate(words):
        places.setdefault(word, []).append(at)
    rare = {word: tuple(at) for word, at in places.items() if len(at) <= RARE + 1}
    marks = sum(len(at) for at in rare.values() if len(at) <= RARE)
    digest = hashlib.blake2b(content, digest_size=16).digest()
    return Reading(length=len(words), shingles=sketch, places=rare, marks=marks, digest=digest)


def compare(one: Reading, two: Reading) -> Likeness:
    """Measure what two texts share.

    >>> from tidings.stories.words import WordHashes, shingles
    >>> def reading(text):
    ...     return read_words(text.split(), shingles(WordHashes().of(text.split())))
    >>> whole = reading("the envoys met in Geneva on Monday and agreed on a truce at sea")
    >>> compare(whole, reading("the envoys met in Geneva on Monday")).chain_shorter
    1.0
    """
    import numpy as np

    short, long = (one, two) if (one.length, one.marks) <= (two.length, two.marks) else (two, one)
    sizes = len(short.shingles), len(long.shingles)  # type: ignore[arg-type]
    shared = len(np.intersect1d(short.shingles, long.shingles, assume_unique=True))  # type: ignore[arg-type]
    points: list[tuple[int, int]] = []
    common = 0
    for word, here in short.places.items():
        there = long.places.get(word)
        if there is None or len(here) > RARE:
            continue
        common += len(here)
        points.extend((at, -other) for at in here for other in there)
    points.sort()
    chain, last = _longest_rise([-other for _, other in points])
    return Likeness(
        jaccard=shared / max(1, sum(sizes) - shared),
        containment=shared / max(1, min(sizes)),
        chain=chain,
        chain_shorter=min(1.0, chain / max(1, short.marks)),
        chain_both=chain / max(1, short.marks + long.marks - chain, chain),
        order=chain / max(1, common),
        longer=long.length / max(1, short.length),
        head=(last + 1) / max(1, long.length),
    )


def copy_score(likeness: Likeness) -> float:
    """Return the probability that one of the two texts was made from the other."""
    weights = _weights()
    values = (
        likeness.jaccard,
        likeness.containment,
        likeness.chain_shorter,
        likeness.chain_both,
        likeness.order,
        math.log(likeness.longer or 1),
        math.log1p(likeness.chain),
    )
    total = weights["bias"] + sum(weights[name] * value for name, value in zip(FEATURES, values, strict=True))
    return round(1 / (1 + math.exp(-max(-60.0, min(60.0, total)))), 4)


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

"""Pairs of texts that share enough runs of words to be worth a close look.

In: the shingles of each text. Out: candidate pairs with the number of shingles they share, most shared first.
It does not decide; a candidate may well be another report of the same event.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["candidate_pairs"]

FULL = 32
"""A shingle in at most so many texts pairs each with each."""

MOST_POSTINGS = 8_000_000
MOST_PAIRS = 24_000_000
LEAST_SHARED = 3
LEAST_SHARE = 0.03
"""Shared shingles over the shingles of the shorter text; copies with two words in five replaced keep about 0.2."""


def candidate_pairs(sketches: Sequence[NDArray[np.uint64]]) -> list[tuple[int, int, int]]:
    """Return `(first, second, shared)` for each pair of texts that may be copies.

    >>> import numpy as np
    >>> candidate_pairs([np.arange(9, dtype=np.uint64), np.arange(5, 9, dtype=np.uint64), np.array([70], np.uint64)])
    [(0, 1, 4)]
    """
    import numpy as np

    thinned, sizes = _thin(sketches)
    owners = np.repeat(np.arange(len(thinned), dtype=np.int64), sizes)
    postings = np.concatenate([*thinned, np.zeros(0, np.uint64)])
    order = np.argsort(postings, kind="stable")
    keys, owners = postings[order], owners[order]
    edges = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1], True])
    lengths = np.diff(edges)
    starts = edges[:-1]
    shared = starts[lengths > 1], lengths[lengths > 1]
    first, second, count = _count(owners, *shared, len(thinned))
    least = np.minimum(sizes[first], sizes[second]) * LEAST_SHARE
    keep = (count >= np.minimum(LEAST_SHARED, np.minimum(sizes[first], sizes[second]))) & (count >= least)
    first, second, count = first[keep], second[keep], count[keep]
    best = np.lexsort((second, first, -count))
    return list(zip(first[best].tolist(), second[best].tolist(), count[best].tolist(), strict=True))


def _thin(sketches: Sequence[NDArray[np.uint64]]) -> tuple[list[NDArray[np.uint64]], NDArray[np.int64]]:
    """Keep every shingle while they fit, else the same fair sample of all texts (those with the smallest hashes)."""
    import numpy as np

    total = sum(len(sketch) for sketch in sketches)
    rate = 1
    while total > MOST_POSTINGS * rate:
        rate *= 2
    kept = [sketch[sketch < np.uint64(2**64 // rate)] for sketch in sketches] if rate > 1 else list(sketches)
    return kept, np.array([len(sketch) for sketch in kept], dtype=np.int64)


def _count(
    owners: NDArray[np.int64], starts: NDArray[np.int64], lengths: NDArray[np.int64], texts: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Count how often two texts stand in one bucket.

    In a full bucket (a sentence of many pages: furniture, or a widely sold story) each text is paired with the first
    and the one before only, which still joins true copies and keeps the cost linear.
    """
    import numpy as np

    full = FULL
    while full > 2 and int((lengths[lengths <= full] * (lengths[lengths <= full] - 1) // 2).sum()) > MOST_PAIRS:
        full //= 2
    codes: list[NDArray[np.int64]] = []
    for size in range(2, full + 1):
        at = starts[lengths == size]
        if not len(at):
            continue
        members = owners[at[:, None] + np.arange(size)]
        left, right = np.triu_indices(size, 1)
        codes.append((members[:, left] * texts + members[:, right]).ravel())
    for start, length in zip(starts[lengths > full].tolist(), lengths[lengths > full].tolist(), strict=True):
        members = owners[start : start + length]
        codes.append(members[:-1] * texts + members[1:])
        codes.append(members[0] * texts + members[2:])
    pairs, count = np.unique(np.concatenate([*codes, np.zeros(0, np.int64)]), return_counts=True)
    return pairs // max(texts, 1), pairs % max(texts, 1), count

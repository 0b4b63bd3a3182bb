"""Story clusters: texts about the same happenings, whoever wrote them.

In: texts, with their dates where known. Out: clusters of indices, each text in exactly one.
It takes all texts at once and forgets them; keeping stories over days is the work of the record file.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tidings.errors import UsageError
from tidings.stories.splitting import split_twins
from tidings.stories.terms import weigh

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["agglomerate", "cluster", "settle_texts"]

_COARSE = re.compile(r"\d{4}(?:-\d{2})?")

ALIKE = 0.15
"""Mean likeness from which two clusters are one story."""
DATED_ALIKE = 0.13
"""The same where dates vouch for the texts."""
DAYS = 3.0
"""Likeness fades with the days between two texts as a bell of this width."""
NEAREST = 0.08
MARGIN = 1.3
LEAST_CROWD = 2
"""A text moves to a cluster of at least so many that it is like on the whole, and clearly more so than to its own."""
MOST_OF_TWO = 0.8
PASSES = 2
MOST_TOGETHER = 3000
"""Texts compared each with each in one go; a larger heap is first cut at higher likeness."""
FINER = 1.5
BLOCK = 256
MOST_WEIGHED = 50_000
"""Pairs of a block that are weighed with all their terms; where more are likely, all of them are alike anyway."""
HEAVIEST = 40
"""Terms of a text that look for its neighbours when there are too many texts to compare all."""


def cluster(texts: Sequence[str], *, dates: Sequence[str | None] | None = None) -> list[list[int]]:
    """Put every text in one cluster of texts about the same happenings.

    Clusters come in the order of their first text, indices rise within each. `dates` are ISO dates, None where unknown.

    >>> cluster([
    ...     "A quake of magnitude 6 struck the island of Odd, killing four people.",
    ...     "The parliament of Larn elected Mira Voss as prime minister.",
    ...     "Four people were killed on the island of Odd when a magnitude 6 quake struck.",
    ... ])
    [[0, 2], [1]]
    """
    import numpy as np

    if dates is not None and len(dates) != len(texts):
        raise UsageError(f"{len(texts)} texts but {len(dates)} dates")
    if not texts:
        return []
    rows = weigh(texts)
    days = _days(dates, len(texts))
    labels = np.zeros(len(texts), dtype=np.int64)
    free = 0
    for heap in _heaps(rows, days, border := DATED_ALIKE if dates is not None else ALIKE):
        for members in agglomerate(rows, days, heap, border):
            for part in split_twins(rows, members):
                labels[part] = free
                free += 1
    labels = settle_texts(rows, days, labels)
    return _in_order(labels.tolist())


def _in_order(labels: Sequence[int]) -> list[list[int]]:
    members: dict[int, list[int]] = {}
    for index, label in enumerate(labels):
        members.setdefault(label, []).append(index)
    return list(members.values())


def _days(dates: Sequence[str | None] | None, count: int) -> NDArray[np.float64]:
    """Return each date as a day number, not-a-number where there is none or only a month or year is known."""
    import numpy as np

    days = np.full(count, np.nan)
    for index, date in enumerate(dates or ()):
        if date and not _COARSE.fullmatch(date):
            try:
                days[index] = datetime.date.fromisoformat(date[:10]).toordinal()
            except ValueError as error:
                raise UsageError(f"not an ISO date: {date!r}") from error
    return days


def _fade(here: NDArray[np.float64], there: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how much the days between leave of likeness; an unknown date takes nothing away."""
    import numpy as np

    apart = np.nan_to_num(here[:, None] - there[None, :], nan=0.0)
    return np.exp(-0.5 * (apart / DAYS) ** 2)


def _likeness(rows: Any, days: NDArray[np.float64], here: Any, there: Any) -> NDArray[np.float64]:
    return (rows[here] @ rows[there].T).toarray() * _fade(days[here], days[there])


def _heaps(rows: Any, days: NDArray[np.float64], border: float) -> list[NDArray[np.int64]]:
    """Part the texts so that no pair as like as `border` is torn, cutting finer only where a heap is too large.

    Two clusters whose mean likeness reaches the border hold a pair that reaches it, so nothing is lost by this.
    """
    import numpy as np

    found: list[NDArray[np.int64]] = []
    todo = [(np.arange(rows.shape[0], dtype=np.int64), border)]
    if rows.shape[0] <= MOST_TOGETHER:
        return [todo[0][0]]
    while todo:
        members, least = todo.pop()
        for heap in _components(rows[members], days[members], least):
            part = members[heap]
            if len(part) <= MOST_TOGETHER or least >= 1:
                found.extend(part[at : at + MOST_TOGETHER] for at in range(0, len(part), MOST_TOGETHER))
            else:
                todo.append((part, least * FINER))
    return sorted(found, key=lambda heap: int(heap[0]))


def _components(rows: Any, days: NDArray[np.float64], least: float) -> list[NDArray[np.int64]]:
    import numpy as np
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import connected_components

    light = _lighten(rows)
    ones: list[NDArray[np.int64]] = []
    others: list[NDArray[np.int64]] = []
    for start in range(0, rows.shape[0], BLOCK):
        near = (light[start : start + BLOCK] @ light.T).tocoo()
        one, other = near.row.astype(np.int64) + start, near.col.astype(np.int64)
        value = near.data * np.exp(-0.5 * (np.nan_to_num(days[one] - days[other], nan=0.0) / DAYS) ** 2)
        # What the heaviest terms give is a lower bound; half the border lets the lighter ones have their say.
        likely = (one < other) & (value >= least / 2)
        one, other, value = one[likely], other[likely], value[likely]
        if len(one) <= MOST_WEIGHED:
            whole = np.asarray(rows[one].multiply(rows[other]).sum(axis=1)).ravel()
            value *= whole / near.data[likely]
        ones.append(one[value >= least])
        others.append(other[value >= least])
    one, other = np.concatenate(ones), np.concatenate(others)
    graph = csr_matrix((np.ones(len(one)), (one, other)), shape=(rows.shape[0], rows.shape[0]))
    count, labels = connected_components(graph, directed=False)
    order = np.argsort(labels, kind="stable")
    return np.split(order, np.searchsorted(labels[order], np.arange(1, count)))


def _lighten(rows: Any) -> Any:
    """Keep the heaviest terms of each text."""
    import numpy as np
    from scipy.sparse import csr_matrix

    lengths = np.diff(rows.indptr)
    owner = np.repeat(np.arange(rows.shape[0]), lengths)
    order = np.lexsort((rows.indices, -rows.data, owner))
    rank = np.arange(len(order)) - rows.indptr[owner]
    keep = order[rank < HEAVIEST]
    return csr_matrix((rows.data[keep], (owner[keep], rows.indices[keep])), shape=rows.shape)


def agglomerate(
    rows: Any, days: NDArray[np.float64], heap: NDArray[np.int64], border: float
) -> list[NDArray[np.int64]]:
    """Join the two clusters most alike on average, until none are as like as the border."""
    import numpy as np
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    if len(heap) == 1:
        return [heap]
    apart = np.clip(1 - _likeness(rows, days, heap, heap), 0.0, 1.0)
    apart = (apart + apart.T) / 2
    np.fill_diagonal(apart, 0.0)
    labels = fcluster(linkage(squareform(apart, checks=False), "average"), 1 - border, "distance")
    return [heap[labels == label] for label in np.unique(labels)]


def settle_texts(rows: Any, days: NDArray[np.float64], labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """Move each text that is clearly more like another cluster than its own; short texts found no partner before."""
    import numpy as np

    for _ in range(PASSES):
        labels = np.unique(labels, return_inverse=True)[1].astype(np.int64)
        moved = _moves(rows, days, labels)
        if (moved == labels).all():
            break
        labels = moved
    return labels


def _moves(rows: Any, days: NDArray[np.float64], labels: NDArray[np.int64]) -> NDArray[np.int64]:
    import numpy as np
    from scipy.sparse import csr_matrix

    texts, groups = len(labels), int(labels.max()) + 1
    if groups < 2:
        return labels
    member = csr_matrix((np.ones(texts), (labels, np.arange(texts))), shape=(groups, texts))
    sizes = np.bincount(labels, minlength=groups)
    sums = (member @ rows).T.tocsc()
    middles = _middles(days, labels, groups)
    moved = labels.copy()
    for start in range(0, texts, BLOCK):
        here = slice(start, min(start + BLOCK, texts))
        likeness = (rows[here] @ sums).toarray() * _fade(days[here], middles)
        present = np.asarray(rows[here].multiply(rows[here]).sum(axis=1)).ravel()
        best, go = _better(likeness, present, labels[here], sizes)
        for at in np.flatnonzero(go).tolist():
            if _broad(rows[start + at], sums[:, best[at]]):
                moved[start + at] = best[at]
    return moved


def _better(
    likeness: NDArray[np.float64], present: NDArray[np.float64], own: NDArray[np.int64], sizes: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return the best other cluster of each text, and whether it is clearly better than its own.

    `likeness` sums over the members of a cluster, of which a text is one itself (`present`).
    """
    import numpy as np

    at = np.arange(len(own))
    mine = np.where(sizes[own] > 1, (likeness[at, own] - present) / np.maximum(sizes[own] - 1, 1), 0.0)
    mean = likeness / sizes
    mean[:, sizes < LEAST_CROWD] = 0.0
    mean[at, own] = 0.0
    best = mean.argmax(axis=1)
    value = mean[at, best]
    mean[at, best] = 0.0
    rival = np.where(sizes[own] > 1, mine, mean.max(axis=1))
    return best, (value >= NEAREST) & (value >= MARGIN * rival)


def _broad(row: Any, total: Any) -> bool:
    """Tell whether likeness rests on more than one name: a president is in the news for more than one thing."""
    import numpy as np

    shares = np.sort(row.multiply(total.T).data)[::-1]
    return bool(shares[:2].sum() <= MOST_OF_TWO * shares.sum())


def _middles(days: NDArray[np.float64], labels: NDArray[np.int64], groups: int) -> NDArray[np.float64]:
    """Return the middle day of each cluster, not-a-number where no text has a date."""
    import numpy as np

    known = np.flatnonzero(~np.isnan(days))
    order = known[np.lexsort((days[known], labels[known]))]
    counts = np.bincount(labels[known], minlength=groups)
    starts = np.cumsum(counts) - counts
    middles = np.full(groups, np.nan)
    some = counts > 0
    middles[some] = days[order[starts[some] + counts[some] // 2]]
    return middles

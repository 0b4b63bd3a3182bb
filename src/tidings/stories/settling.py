"""Look at the articles of a few stories as a batch would.

In: articles that were taken in. Out: which of them belong together.
It is the way of `cluster`, over the rows the articles were given when they came.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tidings.stories.clusters import agglomerate, settle_texts
from tidings.stories.splitting import split_twins
from tidings.stories.standing import Seen

__all__ = ["part_twins", "settle"]


def settle(members: Sequence[Seen], border: float) -> list[int]:
    """Return a label for each article; those with one label are one story."""
    import numpy as np

    rows = _matrix(members)
    days = np.array([seen.day or np.nan for seen in members], dtype=float)
    labels = np.zeros(len(members), dtype=np.int64)
    for label, part in enumerate(agglomerate(rows, days, np.arange(len(members), dtype=np.int64), border)):
        labels[part] = label
    return settle_texts(rows, days, labels).tolist()


def part_twins(members: Sequence[Seen]) -> list[list[int]]:
    """Part the articles of one story wherever they tell of two events of one kind."""
    import numpy as np

    return [part.tolist() for part in split_twins(_matrix(members), np.arange(len(members), dtype=np.int64))]


def _matrix(members: Sequence[Seen]) -> Any:
    """Lay the rows of articles out as one sparse matrix."""
    import numpy as np
    from scipy.sparse import csr_matrix

    terms, columns = np.unique(np.concatenate([seen.row.terms for seen in members]), return_inverse=True)
    starts = np.cumsum([0, *(len(seen.row.terms) for seen in members)])
    weights = np.concatenate([seen.row.weights for seen in members]).astype(float)
    return csr_matrix((weights, columns, starts), shape=(len(members), max(1, len(terms))))

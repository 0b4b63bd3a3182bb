"""Small boosted forests as plain arrays.

In: rows of features and a shipped table of trees. Out: one probability a row.
It knows nothing of quotations and learns nothing.
"""

from __future__ import annotations

import functools
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from tidings.data import read_bytes
from tidings.errors import DataError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Forest", "grow", "load_forest"]

TABLE = "quotes.npz"
_BATCH = 1000
"""Rows sent through the trees at once, so that memory stays bounded."""


class Forest(NamedTuple):
    """Trees in one array: node `n` sends a row to `child[2 * n]` when `row[feature] <= threshold`, else to the next.

    Leaves lead to themselves, so that every row can take the same number of steps.
    """

    roots: NDArray[np.int32]
    feature: NDArray[np.int32]
    threshold: NDArray[np.float32]
    child: NDArray[np.int32]
    value: NDArray[np.float32]
    depth: int

    def probabilities(self, rows: Sequence[Sequence[float]]) -> list[float]:
        """Return the probability of each row."""
        return [chance for at in range(0, len(rows), _BATCH) for chance in self._batch(rows[at : at + _BATCH])]

    def _batch(self, rows: Sequence[Sequence[float]]) -> list[float]:
        import numpy as np

        table = np.asarray(rows, dtype=np.float32)
        start = np.arange(0, table.size, table.shape[1], dtype=np.int32)[:, None]
        node = np.repeat(self.roots[None, :], len(table), axis=0)
        flat = table.ravel()
        for _ in range(self.depth):
            goes_right = flat.take(self.feature.take(node) + start) > self.threshold.take(node)
            node = self.child.take(2 * node + goes_right)
        total = self.value.take(node).sum(axis=1, dtype=np.float64)
        return (1.0 / (1.0 + np.exp(-total))).tolist()


@functools.cache
def load_forest(name: str) -> Forest:
    """Return one forest of the shipped table.

    Raises `DataError` when the table lacks it.
    """
    return grow(_table(), name)


def grow(arrays: dict[str, NDArray], name: str) -> Forest:
    """Make a forest of the arrays named `name_roots`, `name_feature` and so on."""
    try:
        parts = [arrays[f"{name}_{part}"] for part in ("roots", "feature", "threshold", "child", "value")]
        roots, feature, threshold, child, value = parts
        return Forest(roots, feature.astype("int32"), threshold, child, value, int(arrays[f"{name}_depth"]))
    except KeyError as error:
        raise DataError(f"the table {TABLE} has no {error}; reinstall tidings") from error


@functools.cache
def _table() -> dict[str, NDArray]:
    import numpy as np

    with np.load(io.BytesIO(read_bytes(TABLE)), allow_pickle=False) as packed:
        return {name: packed[name] for name in packed.files}

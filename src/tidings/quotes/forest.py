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


class Forest(NamedTuple):
    """Trees in one array: node `n` sends a row left when `row[feature] <= threshold`; leaves point at themselves."""

    roots: NDArray[np.int32]
    feature: NDArray[np.int16]
    threshold: NDArray[np.float32]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    value: NDArray[np.float32]
    depth: int

    def probabilities(self, rows: Sequence[Sequence[float]]) -> list[float]:
        """Return the probability of each row."""
        import numpy as np

        if not rows:
            return []
        table = np.asarray(rows, dtype=np.float32)
        count = np.arange(len(table))[:, None]
        node = np.broadcast_to(self.roots, (len(table), len(self.roots))).copy()
        for _ in range(self.depth):
            goes_left = table[count, self.feature[node]] <= self.threshold[node]
            node = np.where(goes_left, self.left[node], self.right[node])
        total = self.value[node].sum(axis=1, dtype=np.float64)
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
        parts = [arrays[f"{name}_{part}"] for part in ("roots", "feature", "threshold", "left", "right", "value")]
        return Forest(*parts, depth=int(arrays[f"{name}_depth"]))
    except KeyError as error:
        raise DataError(f"the table {TABLE} has no {error}; reinstall tidings") from error


@functools.cache
def _table() -> dict[str, NDArray]:
    import numpy as np

    with np.load(io.BytesIO(read_bytes(TABLE)), allow_pickle=False) as packed:
        return {name: packed[name] for name in packed.files}

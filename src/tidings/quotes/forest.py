"""Small boosted forests as plain arrays.

In: rows of features and a shipped table of trees. Out: one probability a row.
It knows nothing of quotations and learns nothing.
"""

from __future__ import annotations

import functools
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from tidings.data import read_bytes, table_path
from tidings.errors import DataError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["ENCODED", "TABLE", "Forest", "grow", "has_encoded", "load_forest"]

TABLE = "quotes.npz"
"""The forests that weigh grammar alone."""
ENCODED = "quotes_encoded.npz"
"""The forests that weigh what the encoder says, too."""
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
def load_forest(name: str, *, encoded: bool = False) -> Forest:
    """Return one forest of a shipped table: of the table for grammar alone, or of that for both witnesses.

    Raises `DataError` when the table lacks it.
    """
    return grow(_table(ENCODED if encoded else TABLE), name)


@functools.cache
def has_encoded() -> bool:
    """Tell whether the table for both witnesses is installed."""
    try:
        table_path(ENCODED)
    except DataError:
        return False
    return True


def grow(arrays: dict[str, NDArray], name: str) -> Forest:
    """Make a forest of the arrays named `name_roots`, `name_feature` and so on."""
    try:
        parts = [arrays[f"{name}_{part}"] for part in ("roots", "feature", "threshold", "child", "value")]
        roots, feature, threshold, child, value = parts
        return Forest(roots, feature.astype("int32"), threshold, child, value, int(arrays[f"{name}_depth"]))
    except KeyError as error:
        raise DataError(f"the tables of quotations have no {error}; reinstall tidings") from error


@functools.cache
def _table(name: str) -> dict[str, NDArray]:
    import numpy as np

    with np.load(io.BytesIO(read_bytes(name)), allow_pickle=False) as packed:
        return {part: packed[part] for part in packed.files}

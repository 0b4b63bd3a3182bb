"""Decide which lines of a page are its article.

In: the features of its lines. Out: for each line, the probability that it belongs to the body.
It trains nothing (`training/lines.py` does) and gives no other roles (`furniture` does).

The model is a forest of boosted trees in two rounds: the second sees what the first made of the neighbours. It ships as
plain arrays (`data/lines.npz`) and is evaluated here with numpy, all trees of all lines at once.
"""

from __future__ import annotations

import functools
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from tidings import data
from tidings.article.features import buckets, page_features
from tidings.article.lines import Line

if TYPE_CHECKING:
    import numpy as np

__all__ = ["Forest", "Recipe", "body_chances", "neighbours", "words_say"]

TABLE = "lines.npz"


class Forest(NamedTuple):
    """Boosted trees: a row for each tree, a column for each node; a leaf points at itself."""

    feature: np.ndarray
    threshold: np.ndarray
    left: np.ndarray
    right: np.ndarray
    value: np.ndarray
    depth: int


class Recipe(NamedTuple):
    """One model: the weight of each word bucket, and the two rounds of trees."""

    words: np.ndarray
    bias: float
    first: Forest
    second: Forest


@functools.cache
def load(kind: str) -> Recipe:
    """Return the model for `text` or `html`."""
    import numpy as np

    with np.load(io.BytesIO(data.read_bytes(TABLE)), allow_pickle=False) as table:

        def forest(name: str) -> Forest:
            key = f"{kind}.{name}"
            return Forest(
                table[f"{key}.feature"].astype(np.int64),
                table[f"{key}.threshold"].astype(np.float32),
                table[f"{key}.left"].astype(np.int64),
                table[f"{key}.right"].astype(np.int64),
                table[f"{key}.value"].astype(np.float32),
                int(table[f"{key}.depth"]),
            )

        words = table[f"{kind}.words"].astype(np.float32)
        return Recipe(words, float(table[f"{kind}.bias"]), forest("first"), forest("second"))


def words_say(lines: Sequence[Line], words: np.ndarray, bias: float) -> np.ndarray:
    """Return what the words of each line alone say, as log-odds."""
    import numpy as np

    told = np.empty(len(lines), dtype=np.float32)
    for number, line in enumerate(lines):
        found = buckets(line.text)
        told[number] = bias + words[found].sum() / max(1.0, len(found)) ** 0.5
    return told


def neighbours(chances: np.ndarray) -> np.ndarray:
    """Return what the first round made of the lines around each line."""
    import numpy as np

    n = len(chances)
    columns = [chances]
    padded = np.concatenate([np.zeros(4), chances, np.zeros(4)])
    columns.extend(padded[4 + shift : 4 + shift + n] for shift in (-4, -3, -2, -1, 1, 2, 3, 4))
    summed = np.cumsum(chances)
    total = float(summed[-1]) if n else 0.0
    at = np.arange(n)
    weights = chances / max(total, 1e-6)
    centre = float((weights * at).sum())
    wide = np.concatenate([np.zeros(12), chances, np.zeros(12)])
    before = np.array([wide[k : k + 12].mean() for k in range(n)])
    after = np.array([wide[k + 13 : k + 25].mean() for k in range(n)])
    sure = np.flatnonzero(chances > 0.6)
    first, last = (sure[0], sure[-1]) if len(sure) else (0, 0)
    columns += [before, after, summed / max(total, 1e-6), np.full(n, total), at - centre, at - first, last - at]
    return np.column_stack(columns).astype(np.float32)


def grow(forest: Forest, features: np.ndarray) -> np.ndarray:
    """Return the chance each row gets from a forest."""
    import numpy as np

    trees = np.arange(len(forest.feature))
    sums = np.empty(len(features), dtype=np.float64)
    for start in range(0, len(features), 2_000):
        part = features[start : start + 2_000]
        rows = np.arange(len(part))[:, None]
        node = np.zeros((len(part), len(trees)), dtype=np.int64)
        for _ in range(forest.depth):
            column = forest.feature[trees, node]
            goes_left = part[rows, column] <= forest.threshold[trees, node]
            node = np.where(goes_left, forest.left[trees, node], forest.right[trees, node])
        sums[start : start + 2_000] = forest.value[trees, node].sum(axis=1, dtype=np.float64)
    return 1.0 / (1.0 + np.exp(-np.clip(sums, -40.0, 40.0)))


def body_chances(lines: Sequence[Line], witnesses: np.ndarray | None = None) -> np.ndarray:
    """Return for each line the probability that it belongs to the body of the article."""
    import numpy as np

    if not lines:
        return np.zeros(0)
    recipe = load("text" if witnesses is None else "html")
    features = page_features(lines, words_say(lines, recipe.words, recipe.bias), witnesses)
    first = grow(recipe.first, features)
    return grow(recipe.second, np.hstack([features, neighbours(first)]))

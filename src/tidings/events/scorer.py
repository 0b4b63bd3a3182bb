"""The linear type scorer: hashed features in, a probability for each type and for "an act at all" out.

In: the feature groups of a sentence. Out: probabilities.
Its weights are whole bytes in a small table built by `training/events_model.py`; it never learns here.
"""

from __future__ import annotations

import functools
import io
import math
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from tidings.data import table_path
from tidings.errors import DataError
from tidings.events.features import GROUPS

if TYPE_CHECKING:
    import numpy as np

__all__ = ["BUCKETS", "Model", "Verdict", "bucket", "load_model", "vector"]

BUCKETS = 1 << 17
MODEL = "events_model.npz"


class Verdict(NamedTuple):
    """Probabilities of the types, best first, and of the sentence telling a political act at all."""

    types: dict[str, float]
    act: float


def bucket(group: str, feature: str) -> int:
    """Return the column of a feature."""
    return zlib.crc32(f"{group}\t{feature}".encode()) % BUCKETS


def vector(groups: Mapping[str, Counter[str]], idf: np.ndarray, weights: Mapping[str, float]) -> dict[int, float]:
    """Return the hashed, weighed columns of a sentence: each group of features has its own length of one."""
    found: dict[int, float] = {}
    for group in GROUPS:
        weight = weights.get(group, 0.0)
        if not weight or not groups[group]:
            continue
        values: dict[int, float] = {}
        for feature, count in groups[group].items():
            column = bucket(group, feature)
            values[column] = values.get(column, 0.0) + (1 + math.log(count)) * float(idf[column])
        norm = math.sqrt(sum(value * value for value in values.values()))
        if norm:
            for column, value in values.items():
                found[column] = found.get(column, 0.0) + weight * value / norm
    return found


@dataclass(frozen=True, eq=False)
class Model:
    """The weights of the type heads and of the act head."""

    labels: tuple[str, ...]
    idf: np.ndarray
    types: np.ndarray
    type_scale: np.ndarray
    type_bias: np.ndarray
    act: np.ndarray
    act_scale: float
    act_bias: float
    sharpness: float
    type_groups: dict[str, float]
    act_groups: dict[str, float]

    def judge(self, groups: Mapping[str, Counter[str]]) -> Verdict:
        """Return the probabilities for one sentence."""
        return Verdict(self.types_of(groups), self.act_of(groups))

    def types_of(self, groups: Mapping[str, Counter[str]]) -> dict[str, float]:
        """Return the probability of each type, best first."""
        import numpy as np

        columns = vector(groups, self.idf, self.type_groups)
        where = np.fromiter(columns, dtype=np.int64, count=len(columns))
        values = np.fromiter(columns.values(), dtype=np.float64, count=len(columns))
        margins = self.type_bias + (self.types[:, where] @ values) * self.type_scale
        powers = np.exp(self.sharpness * (margins - margins.max()))
        shares = powers / powers.sum()
        order = sorted(range(len(self.labels)), key=lambda at: (-shares[at], at))
        return {self.labels[at]: float(shares[at]) for at in order}

    def act_of(self, groups: Mapping[str, Counter[str]]) -> float:
        """Return the probability that the sentence tells a political act."""
        columns = vector(groups, self.idf, self.act_groups)
        total = self.act_bias + self.act_scale * sum(
            float(self.act[column]) * value for column, value in columns.items()
        )
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


@functools.cache
def load_model(name: str = MODEL) -> Model:
    """Return the shipped scorer.

    Raises `DataError` when its table is damaged.
    """
    import numpy as np

    try:
        with np.load(io.BytesIO(table_path(name).read_bytes()), allow_pickle=False) as saved:
            return Model(
                labels=tuple(str(label) for label in saved["labels"]),
                idf=saved["idf"].astype(np.float32),
                types=saved["types"],
                type_scale=saved["type_scale"],
                type_bias=saved["type_bias"],
                act=saved["act"],
                act_scale=float(saved["act_scale"]),
                act_bias=float(saved["act_bias"]),
                sharpness=float(saved["sharpness"]),
                type_groups=_weights(saved["groups"], saved["type_groups"]),
                act_groups=_weights(saved["groups"], saved["act_groups"]),
            )
    except (KeyError, ValueError, OSError) as error:
        raise DataError(f"the table {name} is damaged; reinstall tidings") from error


def _weights(groups: Iterable[object], values: Iterable[float]) -> dict[str, float]:
    return {str(group): float(value) for group, value in zip(groups, values, strict=True)}

"""What a scorer gives back.

In: nothing. Out: the `Score` type every stage's scorer returns, and the folder its data lies in.
It measures nothing itself.
"""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from tidings.errors import DataError

__all__ = ["Score", "data_folder", "f1"]


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """One number of a stage.

    `name` is unique within the stage and is the key in `bench/floors.json`; `value` is in the unit of the data's
    README (a share 0..1, or F1 x 100 where it says so); `rival` is the best peer's number on the same data with
    its name, as far as one is known.
    """

    name: str
    value: float
    metric: str
    items: int
    data: str
    rival: float | None = None
    rival_name: str | None = None


def data_folder(stage: str, folder: Path | None = None) -> Path:
    """Return the development data of a stage.

    `folder` or the environment variable TIDINGS_DATA names the folder that holds one folder a stage.
    Raises `DataError` when there is none.
    """
    root = folder or (Path(os.environ["TIDINGS_DATA"]) if os.environ.get("TIDINGS_DATA") else None)
    if root is None:
        raise DataError("no development data: give --data FOLDER or set TIDINGS_DATA")
    path = root / stage
    if not path.is_dir():
        raise DataError(f"no development data for {stage} at {path}")
    return path


def f1(precision: float, recall: float) -> float:
    """Return the harmonic mean of precision and recall, 0 when both are 0.

    >>> f1(0.5, 1.0)
    0.6666666666666666
    """
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0

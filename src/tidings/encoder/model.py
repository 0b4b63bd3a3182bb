"""The model file: found, loaded once, run on one passage at a time.

In: word pieces, shapes and marks. Out: the columns of all heads.
It does not interpret them.

One passage a run: nothing is wasted on padding, and the 8-bit scales, which are taken from the numbers at hand, depend
on the passage alone. So a passage is read the same whatever stands beside it.
"""

from __future__ import annotations

import functools
import json
from typing import TYPE_CHECKING, Any

import msgspec

from tidings import data
from tidings.encoder.words import CLS, SEP, VOCABULARY, Pieces
from tidings.errors import DataError

if TYPE_CHECKING:
    import numpy as np
    from onnxruntime import InferenceSession

__all__ = ["MODEL", "About", "Settings", "about", "available", "columns", "settings"]

MODEL = "encoder.onnx"
SETTINGS = "encoder.json"


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What is fitted after training: temperatures, tag transitions, the curve of relevance; and where it came from."""

    version: str
    trained_on: tuple[str, ...] = ()
    temperatures: dict[str, float] = {}
    transitions: dict[str, tuple[tuple[float, ...], ...]] = {}
    relevance: tuple[float, ...] = (0.5, 0.5, 0.0, 0.0)


class About(msgspec.Struct, frozen=True, kw_only=True):
    """Which model this installation has."""

    version: str
    sha256: str
    bytes: int
    trained_on: tuple[str, ...]
    card: str = "encoder.md"


@functools.cache
def available() -> bool:
    """Tell whether the model and what it needs are installed; stages do without when they are not.

    >>> available() in (True, False)
    True
    """
    from importlib.util import find_spec

    try:
        for name in (MODEL, SETTINGS, VOCABULARY):
            data.table_path(name)
    except DataError:
        return False
    return all(find_spec(name) for name in ("onnxruntime", "tokenizers", "numpy"))


@functools.cache
def settings() -> Settings:
    """Return what was fitted after training.

    Raises `DataError` when the file is missing or damaged.
    """
    try:
        return msgspec.convert(json.loads(data.read_text(SETTINGS)), Settings)
    except (ValueError, msgspec.ValidationError) as error:
        raise DataError(f"the table {SETTINGS} is damaged; reinstall tidings") from error


def about() -> About:
    """Say which model is installed."""
    fitted = settings()
    return About(
        version=fitted.version,
        sha256=data.digest(MODEL),
        bytes=data.table_path(MODEL).stat().st_size,
        trained_on=fitted.trained_on,
    )


def columns(pieces: Pieces, marks: list[int], low: int, high: int) -> np.ndarray:
    """Return the columns of all heads for words `low` to `high`: the passage, then each piece, then its end."""
    import numpy as np

    start = pieces.heads[low]
    end = pieces.heads[high] if high < len(pieces.heads) else len(pieces.ids)
    rows = {
        "ids": [CLS, *pieces.ids[start:end], SEP],
        "shapes": [0, *pieces.shapes[start:end], 0],
        "marks": [0, *marks[start:end], 0],
    }
    feed = {name: np.array([row], dtype=np.int64) for name, row in rows.items()}
    found: Any = _session().run(None, feed)[0]  # onnxruntime's types allow outputs no model of ours has
    return found[0]


@functools.cache
def _session() -> InferenceSession:
    return session(data.read_bytes(MODEL))


def session(model: bytes) -> Any:
    """Load a model on one thread; `Any` as onnxruntime carries no types.

    Raises `DataError` when it is damaged.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime raises its own, unnamed classes
        raise DataError(f"the table {MODEL} is damaged; reinstall tidings") from error

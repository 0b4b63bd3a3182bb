"""The benchmark table: every stage's scores beside their floors and rivals.

In: the folder of development data and the floors. Out: rows, one a score. It decides only whether a score is below
its floor; the metrics live beside this module, one file a stage.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from importlib import import_module
from pathlib import Path

import msgspec

from tidings.errors import DataError, UsageError
from tidings.score.results import Score

__all__ = ["STAGES", "Floor", "Row", "data_digest", "read_floors", "run", "write_floors"]

STAGES = {
    "page": "page",
    "time": "time",
    "actors": "actors",
    "places": "actors",
    "metonymy": "actors",
    "quotes": "quotes",
    "events": "events",
    "outlook": "stories",
    "stories": "stories",
    "dyads": "stories",
    "encoder": "events",
    "speed": "page",
}
"""Stages that can be measured, each with the data folder it is measured on."""


class Floor(msgspec.Struct, frozen=True, kw_only=True):
    """The lowest score allowed, and the digest of the data it was measured on."""

    floor: float
    data: str


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the table. `held` is None when the score has no floor on this data."""

    stage: str
    score: Score
    floor: float | None = None
    held: bool | None = None


Floors = dict[str, dict[str, Floor]]


def run(stages: Sequence[str], folder: Path | None, floors: Floors) -> Iterator[Row]:
    """Measure the given stages, or all; yield a row for each score as it comes.

    Raises `UsageError` for a stage that does not exist and `DataError` when there is no data for one.
    """
    unknown = [stage for stage in stages if stage not in STAGES]
    if unknown:
        raise UsageError(f"no such stage: {', '.join(unknown)}; there are {', '.join(STAGES)}")
    for stage in stages or list(STAGES):
        scorer: Callable[[Path | None], list[Score]] = getattr(
            import_module(f"tidings.score.{stage}"), f"score_{stage}"
        )
        limits = floors.get(stage, {})
        for score in scorer(folder):
            limit = limits.get(score.name)
            if limit is None:
                yield Row(stage=stage, score=score)
            else:
                yield Row(stage=stage, score=score, floor=limit.floor, held=score.value >= limit.floor - 1e-9)


def read_floors(path: Path | None) -> Floors:
    """Read the floors; none when the file is not there."""
    if path is None or not path.is_file():
        return {}
    try:
        return msgspec.json.decode(path.read_bytes(), type=Floors)
    except msgspec.DecodeError as error:
        raise DataError(f"{path} holds no floors: {error}") from error


def write_floors(path: Path, rows: Sequence[Row], folder: Path | None) -> None:
    """Raise the floors to the scores measured. A floor is never lowered here: that takes a person and a reason."""
    floors = {stage: dict(limits) for stage, limits in read_floors(path).items()}
    for row in rows:
        limits = floors.setdefault(row.stage, {})
        before = limits.get(row.score.name)
        value = float(f"{row.score.value:.4g}")
        if before is None or value > before.floor:
            limits[row.score.name] = Floor(floor=value, data=data_digest(row.stage, folder))
    path.write_bytes(msgspec.json.format(msgspec.json.encode(floors), indent=1) + b"\n")


@lru_cache
def data_digest(stage: str, folder: Path | None) -> str:
    """Return a short digest of a stage's development data: names and sizes of its files."""
    from tidings.score.results import data_folder

    root = data_folder(STAGES[stage], folder)
    lines = (
        f"{path.relative_to(root).as_posix()} {path.stat().st_size}"
        for path in sorted(root.rglob("*"))
        if path.is_file()
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]

"""How good such forecasts were: each past stretch of days forecast from what was known before it.

In: grids of the past. Out: Brier and log scores beside those of climatology and persistence.
The weights that forecast a stretch are learnt from stretches that had ended before it began.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tidings.outlook.answers import Measured
from tidings.outlook.chances import Frame, Model

__all__ = ["Trial", "calibration_error", "measure", "try_out"]

_FOLDS = 3
_FROM = 0.5
"""Only stretches after this share of the past are forecast: something must come before."""
_BINS = 15
_SURE = 1e-4

Floats = NDArray[np.floating]


class Trial(NamedTuple):
    """Forecasts of past stretches: arrays (rows, stands, kinds), and the stands."""

    stands: list[int]
    chances: Floats
    climatology: Floats
    persistence: Floats
    came: Floats


def try_out(known: Frame, stands: Sequence[int], horizon: int) -> tuple[Trial | None, Model | None]:
    """Forecast the later stands, each from a model of what had ended before; give back the last of the models.

    There is none where there is too little past.
    """
    at = np.asarray(stands)
    asked = np.flatnonzero(at >= _FROM * (at[-1] + horizon))
    tried: list[tuple[Floats, ...]] = []
    places: list[int] = []
    model: Model | None = None
    for fold in np.array_split(asked, _FOLDS):
        before = np.flatnonzero(at + horizon <= at[fold[0]]) if len(fold) else fold
        if len(before) < _FOLDS:
            continue
        model, coming = Model(known.at(before), model), known.at(fold)
        usual = 1 / (1 + np.exp(-coming.aligned[..., 1].astype(np.float64)))
        tried.append((model.chances(coming), usual, model.persistence(coming), coming.came.astype(np.float64)))
        places.extend(at[fold].tolist())
    if not tried:
        return None, None
    return Trial(places, *(np.concatenate(part, axis=1) for part in zip(*tried, strict=True))), model


def measure(trials: Sequence[Trial], rows: slice | Sequence[int], over: str, *, first: int, horizon: int) -> Measured:
    """Return how good the forecasts of some rows were, over several trials at once."""

    def gathered(name: str) -> Floats:
        return np.concatenate([getattr(trial, name)[rows].reshape(-1) for trial in trials])

    came = gathered("came")
    brier, log = {}, {}
    for name in ("chances", "climatology", "persistence"):
        told = gathered(name)
        sure = np.clip(told, _SURE, 1 - _SURE)
        brier[name] = float(((told - came) ** 2).mean())
        log[name] = float(-(came * np.log(sure) + (1 - came) * np.log(1 - sure)).mean())
    stands = trials[0].stands
    return Measured(
        over=over,
        since=_iso(first + min(stands)),
        until=_iso(first + max(stands) + horizon - 1),
        windows=len(stands),
        forecasts=len(came),
        happened=round(float(came.mean()), 4),
        brier=round(brier["chances"], 4),
        brier_climatology=round(brier["climatology"], 4),
        brier_persistence=round(brier["persistence"], 4),
        skill_climatology=_skill(brier["chances"], brier["climatology"]),
        skill_persistence=_skill(brier["chances"], brier["persistence"]),
        log_score=round(log["chances"], 4),
        log_climatology=round(log["climatology"], 4),
        log_persistence=round(log["persistence"], 4),
        calibration_error=round(calibration_error(gathered("chances"), came), 4),
    )


def calibration_error(told: Floats, came: Floats) -> float:
    """Return how far chances are from shares, over bins of equal width, weighed by how many fall in each.

    >>> import numpy as np
    >>> calibration_error(np.array([0.5, 0.5]), np.array([0.0, 1.0]))
    0.0
    """
    bins = np.minimum((told * _BINS).astype(int), _BINS - 1)
    gaps = np.bincount(bins, weights=told - came, minlength=_BINS)
    return float(np.abs(gaps).sum() / len(told))


def _skill(mine: float, other: float) -> float:
    return round(1 - mine / other, 4) if other > 0 else 0.0


def _iso(day: int) -> str:
    return date.fromordinal(day).isoformat()

"""How good such forecasts were: each past stretch of days forecast from what was known before it.

In: grids of the past. Out: Brier and log scores of chances beside those of climatology and persistence, how often the
number of acts was as said, and how often the kind that was to come first did.
The weights that forecast a stretch are learnt from stretches that had ended before it began.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tidings.outlook.answers import Measured, MeasuredFirsts, MeasuredVolumes
from tidings.outlook.chances import Frame, Model
from tidings.outlook.scenarios import came_first, firsts, seconds
from tidings.outlook.volumes import INSIDE, Counts, Numbers, learn, log_poisson, numbers, steady

__all__ = [
    "NumbersTrial",
    "Trial",
    "calibration_error",
    "measure",
    "measure_firsts",
    "measure_volumes",
    "try_numbers",
    "try_out",
]

_FOLDS = 3
_FROM = 0.5
"""Only stretches after this share of the past are forecast: something must come before."""
_BINS = 15
_SURE = 1e-4

Floats = NDArray[np.floating]
Rows = Sequence[int] | NDArray[np.int64]


class Trial(NamedTuple):
    """Forecasts of past stretches: arrays (rows, stands, kinds), the stands, and the log scores of `seconds`."""

    stands: list[int]
    chances: Floats
    climatology: Floats
    persistence: Floats
    came: Floats
    seconds: Floats

    def of(self, rows: Rows) -> Trial:
        """Return the forecasts of some of the rows."""
        return Trial(self.stands, *(part[rows] for part in self[1:]))


class NumbersTrial(NamedTuple):
    """Numbers of acts of past stretches: arrays (rows, stands, COUNTED); `means` with `shapes`, and the usual ones."""

    means: Floats
    shapes: Floats
    usual: Floats
    usual_shapes: Floats
    came: Floats

    def of(self, rows: Rows) -> NumbersTrial:
        """Return the forecasts of some of the rows."""
        return NumbersTrial(*(part[rows] for part in self))


def _folds(stands: Sequence[int], horizon: int) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Return the places of the stands to learn from and to forecast, three times; none of a past that is too short."""
    at = np.asarray(stands)
    asked = np.flatnonzero(at >= _FROM * (at[-1] + horizon))
    parted = [
        (np.flatnonzero(at + horizon <= at[fold[0]]), fold) for fold in np.array_split(asked, _FOLDS) if len(fold)
    ]
    return [(before, fold) for before, fold in parted if len(before) >= _FOLDS]


def try_out(
    known: Frame, own: NDArray[np.float32] | None, stands: Sequence[int], horizon: int
) -> tuple[Trial | None, Model | None]:
    """Forecast the later stands, each from a model of what had ended before; give back the last of the models.

    There is none where there is too little past. What came second is scored where `own`, the days themselves, is given.
    """
    tried: list[tuple[Floats, ...]] = []
    places: list[int] = []
    model: Model | None = None
    for before, fold in _folds(stands, horizon):
        model, coming = Model(known.at(before), model), known.at(fold)
        usual = 1 / (1 + np.exp(-coming.aligned[..., 1].astype(np.float64)))
        stood = [stands[place] for place in fold]
        unscored = np.full((*coming.came.shape[:2], 2), np.nan)
        second = unscored if own is None else seconds(model, coming, own, stood, horizon)
        tried.append((model.chances(coming), usual, model.persistence(coming), coming.came.astype(np.float64), second))
        places.extend(stood)
    if not tried:
        return None, None
    return Trial(places, *(np.concatenate(part, axis=1) for part in zip(*tried, strict=True))), model


def try_numbers(known: Counts, came: Floats, stands: Sequence[int], horizon: int) -> NumbersTrial | None:
    """Forecast how many acts come after the later stands, each from what had ended before."""
    tried: list[tuple[Floats, ...]] = []
    for before, fold in _folds(stands, horizon):
        past, coming = known.at(before), known.at(fold)
        told = numbers(coming, learn(past, came[:, before], horizon), horizon)
        usual = numbers(coming, steady(past, came[:, before], horizon), horizon)
        tried.append((*told, *usual, came[:, fold]))
    return NumbersTrial(*(np.concatenate(part, axis=1) for part in zip(*tried, strict=True))) if tried else None


def measure(trials: Sequence[Trial], over: str, *, first: int, horizon: int) -> Measured:
    """Return how good the forecasts of several trials were, all at once."""

    def gathered(name: str) -> Floats:
        return np.concatenate([getattr(trial, name).reshape(-1) for trial in trials])

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


def measure_volumes(trials: Sequence[NumbersTrial]) -> MeasuredVolumes:
    """Return how often the number of acts was within what was said, and how likely the numbers that came were."""
    parts = zip(*(tuple(part.reshape(-1) for part in trial) for trial in trials), strict=True)
    means, shapes, usual, usual_shapes, came = (np.concatenate(part) for part in parts)
    told = Numbers(means, shapes)
    low, high = (told.quantile(chance) for chance in INSIDE)
    return MeasuredVolumes(
        forecasts=len(came),
        inside=round(float(((came >= low) & (came <= high)).mean()), 4),
        said=round(float((told.below(high) - told.below(low - 1)).mean()), 4),
        log_score=round(float(-told.log_of(came).mean()), 4),
        log_usual=round(float(-Numbers(usual, usual_shapes).log_of(came).mean()), 4),
        log_poisson=round(float(-log_poisson(usual, came).mean()), 4),
    )


def measure_firsts(trial: Trial, own: NDArray[np.float32], horizon: int) -> MeasuredFirsts:
    """Return how often the kind that was to come first did, and how likely the next was, for both ways as one."""
    chances, usual = trial.chances, trial.climatology
    told, plain = firsts(chances, chances), firsts(usual, chances)
    came = came_first(own, trial.stands, horizon, chances)
    sure = [np.clip(one, _SURE, 1) for one in (told, plain)]
    brier = [float(((one - came) ** 2).sum(axis=-1).mean()) for one in (told, plain)]
    log = [float(-(came * np.log(one)).sum(axis=-1).mean()) for one in sure]
    later = trial.seconds[~np.isnan(trial.seconds[..., 0])]
    best = [np.take_along_axis(came, one.argmax(axis=-1)[..., None], axis=-1) for one in (told, plain)]
    return MeasuredFirsts(
        forecasts=came[..., 0].size,
        hits=round(float(best[0].mean()), 4),
        hits_usual=round(float(best[1].mean()), 4),
        brier=round(brier[0], 4),
        brier_usual=round(brier[1], 4),
        skill=_skill(brier[0], brier[1]),
        log_score=round(log[0], 4),
        log_usual=round(log[1], 4),
        calibration_error=round(calibration_error(told.reshape(-1), came.reshape(-1)), 4),
        seconds=len(later),
        second_log_score=round(float(later[:, 0].mean()), 4) if len(later) else None,
        second_log_usual=round(float(later[:, 1].mean()), 4) if len(later) else None,
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

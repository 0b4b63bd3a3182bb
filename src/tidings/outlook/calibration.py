"""From scores to chances: how often an answer with such a share of the softmax came true.

In: forecasts that were made before the answers were known, and whether they came true. Out: a rising curve, one for
each distance into the future. It never changes the order of the answers.

The curve is logit(chance) = a + b log(share) - c log(1 - share), with b and c above zero ("beta calibration"), and
a, b and c move with the distance. The shares of a question add up to one; the chances add up to the number of answers
that come true, which is often more than one.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["Calibration", "distance"]

_FAR = 30.0
_LEAST = 1e-9
_RIDGE = 1.0
_STEEP = 0.05
"""The curve rises at least so steeply, so that no two answers become equal."""
_KEPT = 20
_ENOUGH = 200

Floats = NDArray[np.floating]


def distance(days: float) -> float:
    """Return how far ahead a number of days is: 0 for the next day, 1 for a month and more.

    >>> distance(1), distance(30)
    (0.0, 1.0)
    """
    return min(1.0, float(np.log(max(days, 1.0)) / np.log(_FAR)))


class Calibration:
    """Forecasts with their outcome, and the curve through them."""

    def __init__(self) -> None:
        self._shares: list[Floats] = []
        self._came: list[NDArray[np.bool_]] = []
        self._marks: list[tuple[int, float, float]] = []
        self.curve = np.array([0.0, 1.0, 1.0, 0.0, 0.0, 0.0])

    def note(self, shares: Floats, objects: NDArray[np.int64], away: float) -> None:
        """Note the forecast of one question, a share for every name, and the objects that came true."""
        best = np.argpartition(-shares, _KEPT)[:_KEPT] if len(shares) > _KEPT else np.arange(len(shares))
        self._shares.append(shares[best])
        self._came.append(np.isin(best, objects))
        # One voice a fact: a question with two answers is asked twice as often.
        self._marks.append((len(best), float(len(objects)), away))

    def settle(self) -> None:
        """Fit the curve to what was noted, and forget it."""
        if len(self._marks) < _ENOUGH:
            return
        sizes = np.array([size for size, _, _ in self._marks])
        weight = np.repeat([weight for _, weight, _ in self._marks], sizes)
        away = np.repeat([away for _, _, away in self._marks], sizes)
        table = _table(np.concatenate(self._shares).astype(np.float64), away)
        came = np.concatenate(self._came).astype(float)
        start = np.array([0.0, 1.0, 1.0, 0.0, 0.0, 0.0])
        curve = start.copy()
        for _ in range(20):
            chances = 1 / (1 + np.exp(-np.clip(table @ curve, -30, 30)))
            gradient = table.T @ (weight * (came - chances)) - _RIDGE * (curve - start)
            bend = (table * (weight * np.maximum(chances * (1 - chances), 1e-7))[:, None]).T @ table
            step = np.linalg.solve(bend + _RIDGE * np.eye(len(curve)), gradient)
            curve = curve + np.clip(step, -1, 1)
            if np.abs(step).max() < 1e-5:
                break
        self.curve = curve
        self._shares, self._came, self._marks = [], [], []

    def chances(self, shares: Floats, away: float) -> NDArray[np.float64]:
        """Return the chances of answers with these shares."""
        level, low, high = self.curve[:3] + away * self.curve[3:]
        sure = np.clip(np.asarray(shares, np.float64), _LEAST, 1 - _LEAST)
        odds = level + max(low, _STEEP) * np.log(sure) - max(high, _STEEP) * np.log1p(-sure)
        return 1 / (1 + np.exp(-odds))


def _table(shares: NDArray[np.float64], away: NDArray[np.float64]) -> NDArray[np.float64]:
    sure = np.clip(shares, _LEAST, 1 - _LEAST)
    near = np.stack([np.ones(len(sure)), np.log(sure), -np.log1p(-sure)], axis=1)
    return np.concatenate([near, near * away[:, None]], axis=1)

"""How many acts come within so many days.

In: a grid of past counts, days to stand on, a horizon. Out: for each quad, and for all acts, a distribution of counts.
It says nothing about types: most are too rare to be counted rather than awaited.

A Gamma-Poisson model: the rate of a pair is a faded mean of its past, drawn to a longer memory, that one to a longer
still, that one to the whole past, and that one to the mean of all pairs. How strongly each is drawn, and how much more
acts scatter than a steady rate would let them, is learnt from past stretches of all pairs by likelihood.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tidings.outlook.chances import MEMORIES, memories_of
from tidings.outlook.past import KINDS, QUADS

__all__ = [
    "COUNTED",
    "INSIDE",
    "Counts",
    "Numbers",
    "Pulls",
    "came_of",
    "counts_of",
    "learn",
    "log_poisson",
    "numbers",
    "steady",
]

Floats = NDArray[np.floating]

COUNTED = ("all acts", *QUADS)
INSIDE = (0.1, 0.9)
"""The number of acts is below the first with a chance of one in ten, and above the last likewise."""
_TYPES = len(KINDS) - len(QUADS)
_PULLS = (1.0, 3.0, 10.0, 30.0, 100.0, 300.0)
"""Days of the longer memory that may weigh against a shorter one."""
_SHAPES = tuple(2 ** (half / 2) for half in range(-2, 17))
_PAIRS_PULL = 1.0
"""Acts of the mean pair that weigh against the whole past of one: how busy a pair is shows the sooner the busier."""
_DOUBT = 4.0
"""Stretches of days of the mean pair that weigh against a pair's own when it is asked how steady it is."""
_OVERLAP = 4.0
"""So many stretches that overlap tell as much as one that stands alone."""
_LEAST = 1e-6
_ENDLESS = 1e9


class Counts(NamedTuple):
    """Faded counts (memories, rows, stands, COUNTED), longest memory first; the days they stand for; usual rates."""

    faded: Floats
    days: Floats
    usual: Floats

    def at(self, stands: slice | NDArray[np.int64]) -> Counts:
        """Return what is known at some of the stands."""
        return Counts(self.faded[:, :, stands], self.days[:, stands], self.usual[:, stands])


class Pulls(NamedTuple):
    """How strongly each memory is drawn to the longer one (memories, COUNTED); how steady acts are (rows, COUNTED)."""

    pulls: Floats
    shapes: Floats


class Numbers(NamedTuple):
    """Negative binomials: their means and shapes. The variance is mean + mean² / shape."""

    means: Floats
    shapes: Floats

    def below(self, counts: NDArray[np.floating] | NDArray[np.int64]) -> Floats:
        """Return the chance of so many acts or fewer."""
        from scipy.special import betainc

        within = betainc(self.shapes, np.maximum(counts, 0) + 1, self.shapes / (self.shapes + self.means))
        return np.where(counts < 0, 0.0, within)

    def log_of(self, counts: Floats) -> Floats:
        """Return the logarithm of the chance of exactly so many acts."""
        from scipy.special import gammaln

        return self.likely(counts) - gammaln(counts + 1)

    def likely(self, counts: Floats) -> Floats:
        """Return the same but for what depends on the counts alone, which is all that is needed to choose by."""
        from scipy.special import gammaln

        means, shapes = self.means, self.shapes
        return (
            gammaln(counts + shapes)
            - gammaln(shapes)
            + shapes * np.log(shapes / (shapes + means))
            + counts * np.log(means / (shapes + means))
        )

    def quantile(self, chance: float) -> NDArray[np.int64]:
        """Return the least counts that are not exceeded with this chance."""
        low = np.full(self.means.shape, -1.0)
        high = np.ceil(self.means + 4 + 10 * np.sqrt(self.means + self.means**2 / self.shapes))
        while (high - low > 1).any():
            middle = np.floor((low + high) / 2)
            enough = self.below(middle) >= chance
            low, high = np.where(enough, low, middle), np.where(enough, middle, high)
        return high.astype(np.int64)


def counts_of(own: Floats, stands: Sequence[int]) -> Counts:
    """Return what is known at each stand of a grid (rows, days, KINDS)."""
    counted = _counted(own)
    at = np.asarray(stands, float)
    fades = np.exp(-1 / np.array(MEMORIES[::-1]))[:, None]
    days = fades * (1 - fades**at) / (1 - fades)
    whole = np.cumsum(np.pad(counted, ((0, 0), (1, 0), (0, 0))), axis=1)[:, stands]
    mean = (whole.mean(axis=0) + _LEAST) / (at[:, None] + 1)
    usual = (whole + _PAIRS_PULL) / (at[:, None] + _PAIRS_PULL / mean)
    return Counts(memories_of(counted, stands)[::-1], days, usual)


def came_of(own: Floats, stands: Sequence[int], horizon: int) -> Floats:
    """Return how many acts came after each stand."""
    total = np.cumsum(np.pad(_counted(own), ((0, 0), (1, 0), (0, 0))), axis=1)
    at = np.asarray(stands)
    return total[:, np.minimum(at + horizon, total.shape[1] - 1)] - total[:, at]


def _counted(own: Floats) -> Floats:
    quads = own[..., _TYPES:].astype(np.float64)
    return np.concatenate([quads.sum(axis=-1, keepdims=True), quads], axis=-1)


def learn(known: Counts, came: Floats, horizon: int) -> Pulls:
    """Choose, for each of COUNTED, what makes the past likeliest: each memory's pull in turn, then the steadiness."""
    kinds = np.arange(len(COUNTED))
    made = Pulls(np.full((len(MEMORIES), len(kinds)), 30.0), np.full((1, len(kinds)), 4.0))
    for memory in range(len(MEMORIES)):
        tried = np.repeat(made.pulls[None], len(_PULLS), axis=0)
        tried[:, memory] = np.array(_PULLS)[:, None]
        told = [numbers(known, made._replace(pulls=pulls), horizon) for pulls in tried]
        best = np.argmax([one.likely(came).sum(axis=(0, 1)) for one in told], axis=0)
        made = made._replace(pulls=tried[best, :, kinds].T)
    return _steadied(made, known, came, horizon)


def steady(known: Counts, came: Floats, horizon: int) -> Pulls:
    """Choose the steadiness alone, for a rate that is always the usual one."""
    return _steadied(Pulls(np.full((len(MEMORIES), len(COUNTED)), _ENDLESS), np.ones((1, 1))), known, came, horizon)


def _steadied(made: Pulls, known: Counts, came: Floats, horizon: int) -> Pulls:
    """Choose how steady the acts of each row are, by its own past and, as far as that is short, by that of all."""
    told = [numbers(known, made._replace(shapes=np.full((1, len(COUNTED)), shape)), horizon) for shape in _SHAPES]
    likely = np.stack([one.likely(came) for one in told])
    own = likely.sum(axis=2) / _OVERLAP + _DOUBT * likely.mean(axis=(1, 2))[:, None]
    return made._replace(shapes=np.array(_SHAPES)[own.argmax(axis=0)])


def numbers(known: Counts, learnt: Pulls, horizon: int) -> Numbers:
    """Return how many acts come within the days after each stand."""
    rates, seen = known.usual, known.usual
    for faded, days, pull in zip(known.faded, known.days, learnt.pulls, strict=True):
        seen = faded + pull * rates
        rates = seen / (days[:, None] + pull)
    # All acts are the sum of their quads, but scatter in their own way.
    rates = np.concatenate([rates[..., 1:].sum(axis=-1, keepdims=True), rates[..., 1:]], axis=-1)
    # That the rate is not known, and that it moves on, scatter the counts both.
    return Numbers(rates * horizon + _LEAST, 1 / (1 / np.maximum(seen, _LEAST) + 1 / learnt.shapes[:, None]))


def log_poisson(means: Floats, counts: Floats) -> Floats:
    """Return the logarithm of the chance of exactly so many acts at a steady rate."""
    from scipy.special import gammaln

    return counts * np.log(means) - means - gammaln(counts + 1)

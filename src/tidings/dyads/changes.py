"""When the share of cooperation between two actors changed, by the odds of counts, never of ratios.

In: how many acts of cooperation and of conflict each period had. Out: changes, each with its odds and both its sides.
It knows neither actors nor days.

The model: between two changes the rate of cooperation has one mean, about which the periods scatter more than chance
alone makes them (news come in bursts): a Beta-binomial whose spread is one for the series and is learned from it.
All cuts of the series are weighed, exactly, by dynamic programming; nothing is drawn at random.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    import numpy as np

__all__ = ["HAZARD", "LEAST", "Change", "Course", "Level", "Step", "find_changes", "weigh_step"]

LEAST = 10
"""Acts on each side without which nothing is called a change."""
_SHORTEST = 3
"""Periods a level lasts at least: what is shorter is a burst of news."""
HAZARD = 1 / 52
"""How often a change is expected: once in so many periods, a year of weeks."""
_SURE = 0.95
"""Least probability of a change that is told."""
_RATES = 80
"""Points of the grid over the mean rate."""
_SCATTER = (4.0, 10.0, 30.0, 100.0, 500.0)
"""Grid over the spread: how many acts of one period count as much as endless ones."""


class Level(msgspec.Struct, frozen=True, kw_only=True):
    """The share of cooperation, from -1 to 1, between two changes; `low` and `high` are its 5 % and 95 % points."""

    n: int
    cooperation: int
    share: float
    low: float
    high: float


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A change before the period numbered `at`.

    `start` and `end` are the first and last period between which it lies with 90 %; `evidence` is the log Bayes factor
    of a change somewhere from `since` to `until` against none; `p` is the probability that there was one, even odds to
    begin with, and that it went the way it seems to.
    """

    at: int
    start: int
    end: int
    since: int
    until: int
    before: Level
    after: Level
    p: float
    evidence: float


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """The levels on both sides of a given day.

    `p` is the probability that it went the way `log_odds`, the change of the log odds of cooperation, says; `tail` is
    twice the probability of the other way, to be held against those of other pairs.
    """

    before: Level
    after: Level
    p: float
    tail: float
    log_odds: float


class Course(msgspec.Struct, frozen=True, kw_only=True):
    """What a series did: its changes, its level as a whole, and the probability that it changed at all."""

    changes: tuple[Change, ...]
    overall: Level | None
    p_change: float


def find_changes(cooperation: Sequence[int], totals: Sequence[int], *, hazard: float = HAZARD) -> Course:
    """Find the changes of a series: numbers of cooperative acts and of all acts, one each a period.

    `hazard` is how often a change is expected, a period. A change is told only when it is 95 % certain, with ten acts
    and three periods on either side.

    >>> [change.at for change in find_changes([9] * 12 + [2] * 12, [10] * 24).changes]
    [12]
    >>> find_changes([9] * 12 + [0], [10] * 13).changes
    ()
    """
    if not sum(totals):
        return Course(changes=(), overall=None, p_change=0.0)
    series = _Series(cooperation, totals, hazard)
    cuts = series.best_cuts()
    changes: list[Change] = []
    # The best cut of all may hold a change that the odds do not bear out: take out the weakest and look again.
    while cuts:
        changes = [series.change(*around) for around in _around(cuts, len(totals))]
        weakest = min(changes, key=lambda change: (change.p, change.evidence, change.at))
        if weakest.p >= _SURE:
            break
        cuts.remove(weakest.at)
        changes = []
    return Course(changes=tuple(changes), overall=series.level(0, len(totals)), p_change=series.p_change)


def weigh_step(cooperation: Sequence[int], totals: Sequence[int], at: int) -> Step:
    """Compare what is before a period with what is from it on: a day chosen beforehand, not one that was found.

    >>> step = weigh_step([9] * 8 + [2] * 4, [10] * 12, 8)
    >>> step.p > 0.99, step.log_odds < -2
    (True, True)
    """
    import numpy as np

    series = _Counts(cooperation, totals)
    fit = _log_mean(series.sums[:, at]) + _log_mean(series.sums[:, -1] - series.sums[:, at])
    series.scatter = fit - np.logaddexp.reduce(fit)
    rises = min(1.0, series.rises(0, at, len(totals)))
    before, after = series.log_odds(0, at), series.log_odds(at, len(totals))
    return Step(
        before=series.level(0, at),
        after=series.level(at, len(totals)),
        p=round(rises if after >= before else 1 - rises, 4),
        tail=max(2 * min(rises, 1 - rises), 1e-12),
        log_odds=round(after - before, 4),
    )


def _around(cuts: Sequence[int], end: int) -> list[tuple[int, int, int]]:
    edges = [0, *cuts, end]
    return [(edges[i - 1], edges[i], edges[i + 1]) for i in range(1, len(edges) - 1)]


class _Counts:
    """Counts with the likelihood of every mean rate and spread, summed up so that any stretch costs one subtraction."""

    def __init__(self, cooperation: Sequence[int], totals: Sequence[int]) -> None:
        import numpy as np
        from scipy.special import betaln

        self.count = np.concatenate([[0], np.cumsum(totals)]).astype(int)
        self.friendly = np.concatenate([[0], np.cumsum(cooperation)]).astype(int)
        self.rates = (np.arange(_RATES) + 0.5) / _RATES
        k = np.asarray(cooperation, dtype=float)[None, :, None]
        rest = np.asarray(totals, dtype=float)[None, :, None] - k
        alpha = np.asarray(_SCATTER)[:, None, None] * self.rates[None, None, :]
        beta = np.asarray(_SCATTER)[:, None, None] * (1 - self.rates)[None, None, :]
        likely = betaln(alpha + k, beta + rest) - betaln(alpha, beta)
        self.sums = np.concatenate([np.zeros((len(_SCATTER), 1, _RATES)), np.cumsum(likely, axis=1)], axis=1)
        self.length = len(totals)
        # The log of the weight of each spread.
        self.scatter = np.full(len(_SCATTER), -math.log(len(_SCATTER)))

    def level(self, start: int, end: int) -> Level:
        """Return the share of a stretch."""
        import numpy as np

        rate = self._rate(start, end)
        below = np.cumsum(rate)
        edges = self.rates + 0.5 / _RATES
        low, high = (float(np.interp(share, np.r_[0.0, below], np.r_[0.0, edges])) for share in (0.05, 0.95))
        return Level(
            n=int(self.count[end] - self.count[start]),
            cooperation=int(self.friendly[end] - self.friendly[start]),
            share=round(2 * float(rate @ self.rates) - 1, 4),
            low=round(2 * low - 1, 4),
            high=round(2 * high - 1, 4),
        )

    def log_odds(self, start: int, end: int) -> float:
        """Return the mean of the log odds of cooperation over a stretch."""
        import numpy as np

        return float(self._rate(start, end) @ np.log(self.rates / (1 - self.rates)))

    def rises(self, start: int, at: int, end: int) -> float:
        """Return the probability that the rate is higher after `at` than before."""
        import numpy as np

        before, after = self._rate(start, at), self._rate(at, end)
        return float(after @ (np.cumsum(before) - before / 2))

    def _rate(self, start: int, end: int) -> np.ndarray:
        """Return the probability of each mean rate over a stretch, every spread by its weight."""
        import numpy as np

        inside = self.sums[:, end, :] - self.sums[:, start, :] + self.scatter[:, None]
        rate = np.exp(inside - inside.max()).sum(axis=0)
        return rate / rate.sum()


class _Series(_Counts):
    """Counts with all the ways to cut them."""

    def __init__(self, cooperation: Sequence[int], totals: Sequence[int], hazard: float) -> None:
        super().__init__(cooperation, totals)
        self.price = math.log(hazard / (1 - hazard))
        self.evidence = self._evidence()
        self.scatter, self.p_change = self._weigh_scatter()

    def _evidence(self) -> np.ndarray:
        """Return the log evidence of each stretch [i, j) as one level, for each spread."""
        import numpy as np

        table = np.full((len(_SCATTER), self.length + 1, self.length + 1), -np.inf)
        for i in range(self.length):
            inside = self.sums[:, i + 1 :, :] - self.sums[:, i : i + 1, :]
            table[:, i, i + 1 :] = _log_mean(inside)
        return table

    def _allowed(self, j: int) -> np.ndarray:
        """Tell from which starts a level may reach to j."""
        import numpy as np

        starts = np.arange(self.length + 1)
        return (starts <= j - _SHORTEST) & (self.count[j] - self.count >= LEAST)

    def _weigh_scatter(self) -> tuple[np.ndarray, float]:
        """Return the log weight of each spread, over all ways to cut the series, and the probability of any cut."""
        import numpy as np

        reach = np.full((len(_SCATTER), self.length + 1), -np.inf)
        reach[:, 0] = -self.price
        for j in range(1, self.length + 1):
            ways = np.where(self._allowed(j), reach + self.price + self.evidence[:, :, j], -np.inf)
            reach[:, j] = np.logaddexp.reduce(ways, axis=1)
        uncut = self.evidence[:, 0, -1]
        # A series too short for a level of its own still has one.
        total = np.logaddexp(reach[:, -1], uncut) if not self._allowed(self.length)[0] else reach[:, -1]
        whole = np.logaddexp.reduce(total)
        p_change = 1 - math.exp(min(0.0, float(np.logaddexp.reduce(uncut) - whole)))
        return total - whole, round(p_change, 4)

    def best_cuts(self) -> list[int]:
        """Return the most probable way to cut the series, under the most probable spread."""
        import numpy as np

        evidence = self.evidence[int(np.argmax(self.scatter))]
        best = np.full(self.length + 1, -np.inf)
        best[0] = -self.price
        came = np.zeros(self.length + 1, dtype=int)
        for j in range(1, self.length + 1):
            ways = np.where(self._allowed(j), best + self.price + evidence[:, j], -np.inf)
            came[j] = int(np.argmax(ways))  # none allowed: 0, at no chance
            best[j] = ways[came[j]]
        cuts: list[int] = []
        at = int(came[self.length])
        while at > 0:
            cuts.append(at)
            at = int(came[at])
        return cuts[::-1]

    def change(self, since: int, at: int, until: int) -> Change:
        """Weigh a change at `at` between the changes around it."""
        import numpy as np

        places = np.arange(since + 1, until)
        both = self.evidence[:, since, places] + self.evidence[:, places, until]
        fits = (places - since >= _SHORTEST) & (until - places >= _SHORTEST)
        fits &= (self.count[places] - self.count[since] >= LEAST) & (self.count[until] - self.count[places] >= LEAST)
        places, both = places[fits], both[:, fits]
        where = np.logaddexp.reduce(both + self.scatter[:, None], axis=0)
        total = np.logaddexp.reduce(where)
        none = np.logaddexp.reduce(self.evidence[:, since, until] + self.scatter)
        chance = np.cumsum(np.exp(where - total))
        evidence = float(total - math.log(len(places)) - none)
        first, last = self.level(since, at), self.level(at, until)
        rises = min(1.0, self.rises(since, at, until))
        way = rises if last.share >= first.share else 1 - rises
        return Change(
            at=at,
            start=int(places[np.searchsorted(chance, 0.05)]),
            end=int(places[min(np.searchsorted(chance, 0.95), len(places) - 1)]),
            since=since,
            until=until,
            before=first,
            after=last,
            p=round(way / (1 + math.exp(-min(evidence, 700.0))), 4),
            evidence=round(evidence, 4),
        )


def _log_mean(values: np.ndarray) -> np.ndarray:
    import numpy as np

    top = values.max(axis=-1)
    return top + np.log(np.exp(values - top[..., None]).mean(axis=-1))

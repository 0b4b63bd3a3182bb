"""The chance that an act of a kind comes within so many days.

In: a grid of past counts, days to stand on, a horizon. Out: chances that can be taken apart into named features.
It reads no store.

One logistic model a kind, over fading counts: what the same side did lately, what came back, what else was done, and
how often such a stretch of days ever saw one. All pairs teach all kinds; each kind's weights are drawn to the shared
ones by a ridge, so that a rare kind stays near what holds for all.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tidings.outlook.past import KINDS, QUADS

__all__ = ["BODIES", "FEATURES", "MEMORIES", "Frame", "Model", "features", "frame", "memories_of", "ways_of"]

Floats = NDArray[np.float32]

MEMORIES = (3.0, 14.0, 60.0)
"""Days after which an act has faded to 1/e: a flurry, a fortnight, a season."""
FEATURES = (
    "always",
    "how often such days saw one",
    "whether the last such days did",
    "done by the same side, 3-day memory",
    "done by the same side, 14-day memory",
    "done by the same side, 60-day memory",
    "done by the other side, 14-day memory",
    "done by the other side, 60-day memory",
    "anything by the same side, 14-day memory",
    "anything by the other side, 14-day memory",
    "how often a day the other side did it, 14-day memory",
    "how often a day the other side did it, 60-day memory",
    "anything by the same side, 60-day memory",
    "how often such days saw one, the busier the pair",
    "done by the same side, 3-day memory, the busier the pair",
    "done by the same side, 14-day memory, the busier the pair",
    "done by the same side, 60-day memory, the busier the pair",
    "whether the same side does more or less than it did",
)
_TYPES = len(KINDS) - len(QUADS)
BODIES = 2 * _TYPES
"""After these features: each type by the same side, then each by the other, in a memory of 14 days."""
_SHARED_RIDGE = 1.0
_OWN_RIDGE = 200.0
_BODY_RIDGE = 1000.0
_DOUBT = 2.0
"""Stretches of days that the mean of all pairs weighs against those of the pair."""
_STEPS = 8
_NEAR = 1e-3
_BUSY = 5.0
"""Brings products of two logarithms to the size of the others."""


class Frame(NamedTuple):
    """What is known at each stand: aligned features (rows, stands, kinds, FEATURES), bodies, and what came of it."""

    aligned: Floats
    bodies: Floats
    came: NDArray[np.bool_]

    def at(self, stands: slice | NDArray[np.int64] | int) -> Frame:
        """Return the frame of some of the stands."""
        return Frame(self.aligned[:, stands], self.bodies[:, stands], self.came[:, stands])

    def of(self, row: int) -> Frame:
        """Return the frame of one row."""
        return Frame(self.aligned[[row]], self.bodies[[row]], self.came[[row]])


def ways_of(counts: NDArray[np.uint32]) -> tuple[tuple[Floats, Floats], tuple[Floats, Floats]]:
    """Return (own, other) with a row for each pair and direction, and the same with both directions as one."""
    forth, back = counts[:, 0].astype(np.float32), counts[:, 1].astype(np.float32)
    directed = np.concatenate([forth, back]), np.concatenate([back, forth])
    both = forth + back
    return directed, (both, np.zeros((len(both), 1, 1), np.float32))


def memories_of(counts: Floats, stands: Sequence[int]) -> Floats:
    """Return the faded counts before each stand, shape (memories, rows, stands, kinds)."""
    rows, days, kinds = counts.shape
    wanted = {stand: place for place, stand in enumerate(stands)}
    found = np.zeros((len(MEMORIES), rows, len(stands), kinds), np.float32)
    if not counts.any():
        return found
    fade = np.exp(-1 / np.array(MEMORIES, np.float32))[:, None, None]
    held = np.zeros((len(MEMORIES), rows, kinds), np.float32)
    for day in range(days + 1):
        if day in wanted:
            found[:, :, wanted[day]] = held
        if day < days:
            held = (held + counts[None, :, day]) * fade
    return found


def frame(own: Floats, other: Floats, stands: Sequence[int], horizon: int) -> Frame:
    """Return what is known at each stand (a day's place in the grid; its acts are not known yet)."""
    rows, days, kinds = own.shape
    at = np.asarray(stands)
    total = np.concatenate([np.zeros((rows, 1, kinds), np.float32), np.cumsum(own, axis=1)], axis=1)
    came = total[:, np.minimum(at + horizon, days)] - total[:, at] > 0
    lately = total[:, at] - total[:, np.maximum(at - horizon, 0)] > 0
    mine, theirs = memories_of(own, stands), memories_of(np.broadcast_to(other, own.shape), stands)
    return Frame(*features(_rates(total, at, horizon), lately, mine, theirs), came)


def features(rates: Floats, lately: NDArray[np.bool_], mine: Floats, theirs: Floats) -> tuple[Floats, Floats]:
    """Return the aligned features and the bodies of what is known: arrays (..., kinds), memories before."""
    aligned = np.empty((*rates.shape, len(FEATURES)), np.float32)
    aligned[..., 0] = 1
    aligned[..., 1] = np.log(rates / (1 - rates))
    aligned[..., 2] = lately
    aligned[..., 3:6] = np.moveaxis(np.log1p(mine), 0, -1)
    aligned[..., 6:8] = np.moveaxis(np.log1p(theirs[1:]), 0, -1)
    aligned[..., 8] = np.log1p(mine[1, ..., _TYPES:].sum(axis=-1))[..., None]
    aligned[..., 9] = np.log1p(theirs[1, ..., _TYPES:].sum(axis=-1))[..., None]
    aligned[..., 10] = np.log((theirs[1] + 0.2) / MEMORIES[1])
    aligned[..., 11] = np.log((theirs[2] + 0.5) / MEMORIES[2])
    traffic = mine[..., _TYPES:].sum(axis=-1)[..., None]
    aligned[..., 12] = np.log1p(traffic[2])
    # What is rare between the busy says less than between the quiet, and what is common more.
    aligned[..., 13] = aligned[..., 12] * aligned[..., 1] / _BUSY
    aligned[..., 14:17] = aligned[..., 12, None] * aligned[..., 3:6] / _BUSY
    aligned[..., 17] = np.log((traffic[1] + 1) / MEMORIES[1]) - np.log((traffic[2] + 3) / MEMORIES[2])
    bodies = np.log1p(np.concatenate([mine[1, ..., :_TYPES], theirs[1, ..., :_TYPES]], axis=-1))
    return aligned, bodies


def _rates(total: Floats, stands: NDArray[np.int64], horizon: int) -> Floats:
    """Return how often a stretch of days before each stand saw one, drawn to the mean of all rows."""
    saw = total[:, horizon:] - total[:, :-horizon] > 0 if total.shape[1] > horizon else total[:, :0] > 0
    seen = np.concatenate([np.zeros((len(total), 1, total.shape[2])), np.cumsum(saw, axis=1)], axis=1)
    whole = np.maximum(stands - horizon + 1, 0)
    hits = seen[:, np.minimum(whole, seen.shape[1] - 1)]
    stretches = whole[None, :, None].astype(np.float32)
    mean = (hits.sum(axis=0, keepdims=True) + 0.5) / (len(total) * stretches + 10)
    doubt = _DOUBT * horizon
    return ((hits + doubt * mean) / (stretches + doubt)).astype(np.float32)


class Model:
    """The weights of every kind, and how often one came after days with one and without."""

    def __init__(self, learnt: Frame, begun: Model | None = None) -> None:
        """Learn from a frame, quicker when begun from a model of less of the past; the end is the same."""
        kinds = learnt.came.shape[-1]
        flat, came = learnt.aligned.reshape(-1, len(FEATURES)), learnt.came.reshape(-1)
        ridge = np.full(len(FEATURES), _SHARED_RIDGE)
        start = begun.shared if begun else np.zeros(len(FEATURES))
        self.shared = _fit(flat, came, np.zeros(len(FEATURES)), ridge, start)
        prior = np.concatenate([self.shared, np.zeros(BODIES)])
        ridge = np.concatenate([np.full(len(FEATURES), _OWN_RIDGE), np.full(BODIES, _BODY_RIDGE)])
        ridge[0] = 1.0
        self.weights = np.stack(
            [
                _fit(
                    _columns(learnt, kind),
                    learnt.came[..., kind].reshape(-1),
                    prior,
                    ridge,
                    begun.weights[kind] if begun else prior,
                )
                for kind in range(kinds)
            ]
        )
        lately = learnt.aligned[..., 2] > 0
        self.persisting = np.stack([_share(learnt.came, ~lately), _share(learnt.came, lately)])

    def parts(self, known: Frame) -> NDArray[np.float64]:
        """Return what each feature adds to the log-odds, shape (rows, stands, kinds, FEATURES + BODIES)."""
        rows, stands, kinds = known.came.shape
        return np.stack(
            [_columns(known, kind).reshape(rows, stands, -1) * self.weights[kind] for kind in range(kinds)], axis=2
        )

    def chances(self, known: Frame) -> NDArray[np.floating]:
        """Return the chance of every kind at every stand."""
        odds = np.stack(
            [_columns(known, kind).astype(np.float64) @ self.weights[kind] for kind in range(len(self.weights))],
            axis=-1,
        )
        return _logistic(odds).reshape(known.came.shape)

    def persistence(self, known: Frame) -> NDArray[np.float64]:
        """Return how often a kind came after a stretch of days like the last."""
        return np.where(known.aligned[..., 2] > 0, self.persisting[1], self.persisting[0])


def _columns(known: Frame, kind: int) -> Floats:
    """Return the features of one kind. A type is not its own body: the aligned features hold it already."""
    table = np.concatenate([known.aligned[:, :, kind], known.bodies], axis=-1)
    if kind < _TYPES:
        table[..., len(FEATURES) + kind] = 0
        table[..., len(FEATURES) + _TYPES + kind] = 0
    return table.reshape(-1, table.shape[-1])


def _fit(
    table: Floats,
    came: NDArray[np.bool_],
    prior: NDArray[np.float64],
    ridge: NDArray[np.float64],
    start: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Fit a logistic regression drawn to a prior, by Newton's method."""
    weights = start.copy()
    for _ in range(_STEPS):
        chances = _logistic(table @ weights.astype(np.float32))
        spread = np.maximum(chances * (1 - chances), 1e-5)
        gradient = table.T @ (came - chances) - ridge * (weights - prior)
        curvature = table.T @ (table * spread[:, None])
        step = np.linalg.solve(curvature.astype(np.float64) + np.diag(ridge), gradient)
        weights = weights + step
        if np.abs(step).max() < _NEAR:
            break
    return weights


def _share(came: NDArray[np.bool_], where: NDArray[np.bool_]) -> NDArray[np.float64]:
    return ((came & where).sum(axis=(0, 1)) + 1.0) / (where.sum(axis=(0, 1)) + 2.0)


def _logistic(odds: NDArray[np.floating]) -> NDArray[np.floating]:
    return 1 / (1 + np.exp(-np.clip(odds, -30, 30)))

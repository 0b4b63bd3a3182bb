"""Chains of acts that may come next.

In: the model and what is known now. Out: the likeliest orders in which new kinds of acts come, with their chances.
What is sure to come anyway tells nothing apart and is left out.

A chain (first A, then B, then C) says in which order the next kinds come within the days asked. Each kind comes at its
own rate, which follows from its chance; after each step the chances are worked out anew, as if the act had been done.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tidings.events import ontology
from tidings.outlook.chances import Frame, Model, features
from tidings.outlook.past import KINDS, QUADS

__all__ = ["Chain", "Known", "came_first", "chains", "firsts", "routine", "seconds", "states"]

SURE = 0.9
"""Kinds with a greater chance are routine."""
_TYPES = len(KINDS) - len(QUADS)
_MOST = 4
_ALIKE = 2
"""So many chains may begin with the same step."""
_WIDTH = 24
_PARTS = 200
_LEAST = {3: 0.03, 2: 0.01}
"""Chains less likely are not told; shorter ones are, where no longer one is likely enough."""
_QUAD = [ontology.QUADS[kind] - 1 + _TYPES for kind in ontology.TYPES]
"""The place of each type's quad among the kinds."""
_LITTLE = 1e-4
"""The least chance that is held against a forecast."""


class Known(NamedTuple):
    """What is known now of both ways as one: rates (kinds), lately (kinds), memories (memories, kinds)."""

    rates: NDArray[np.float32]
    lately: NDArray[np.bool_]
    memories: NDArray[np.float32]

    def after(self, kind: int) -> Known:
        """Return what would be known if one act had just been done."""
        lately, memories = self.lately.copy(), self.memories.copy()
        for place in (kind, _QUAD[kind]):
            lately[place] = True
            memories[:, place] += 1
        return Known(self.rates, lately, memories)


def states(aligned: NDArray[np.float32]) -> Known:
    """Return what is known where the aligned features (..., kinds, FEATURES) are these."""
    rates = 1 / (1 + np.exp(-aligned[..., 1]))
    return Known(rates.astype(np.float32), aligned[..., 2] > 0, np.expm1(np.moveaxis(aligned[..., 3:6], -1, 0)))


class Chain(NamedTuple):
    """Types in the order in which they come, the chance of each given those before, and the chance of the whole."""

    kinds: tuple[int, ...]
    shares: tuple[float, ...]
    chance: float


class _Begun(NamedTuple):
    """A chain that may go on: what is known after it, and how fast each of its steps came."""

    chain: Chain
    state: Known
    totals: tuple[float, ...]


def routine(model: Model, known: Known) -> list[int]:
    """Return the types that are all but sure to come."""
    return np.flatnonzero(_chances(model, known)[:_TYPES] > SURE).tolist()


def firsts(chances: NDArray[np.floating], sure: NDArray[np.floating]) -> NDArray[np.floating]:
    """Return the chance of each type to come first of all that are not routine, and last that none of them comes.

    `chances` and `sure` are arrays (..., KINDS); the second says what is routine.

    >>> chances = np.zeros(len(KINDS))
    >>> chances[:3] = 0.5, 0.5, 0.95
    >>> firsts(chances, chances)[[0, 1, 2, -1]].round(3).tolist()
    [0.375, 0.375, 0.0, 0.25]
    """
    rates = -np.log1p(-np.minimum(chances[..., :_TYPES], 1 - 1e-9))
    rates = np.where(sure[..., :_TYPES] > SURE, 0, rates)
    total = rates.sum(axis=-1, keepdims=True)
    shares = rates / np.maximum(total, 1e-12) * -np.expm1(-total)
    return np.concatenate([shares, np.exp(-total)], axis=-1)


def came_first(
    own: NDArray[np.float32], stands: Sequence[int], horizon: int, sure: NDArray[np.floating]
) -> NDArray[np.float64]:
    """Return which type came first after each stand, in the form of `firsts`; those of one day share the place."""
    came = np.zeros((len(own), len(stands), _TYPES + 1))
    for place, stand in enumerate(stands):
        done = (own[:, stand : stand + horizon, :_TYPES] > 0) & (sure[:, place, None, :_TYPES] <= SURE)
        day = done.any(axis=-1).argmax(axis=-1)
        came[:, place, :_TYPES] = np.take_along_axis(done, day[:, None, None], axis=1)[:, 0]
    came[..., -1] = ~came.any(axis=-1)
    return came / came.sum(axis=-1, keepdims=True)


class _Second(NamedTuple):
    """The first kind that came to a row after a stand, the share of the days left, and what came next (as `firsts`)."""

    row: int
    place: int
    kind: int
    left: float
    came: NDArray[np.float64]


def seconds(
    model: Model, coming: Frame, own: NDArray[np.float32], stands: Sequence[int], horizon: int
) -> NDArray[np.float64]:
    """Return the log scores of what came second: by the chances worked out after the first, and by the usual ones.

    The array (rows, stands, 2) has no number where nothing came first, or several kinds on one day.
    """
    chances, known = model.chances(coming), states(coming.aligned)
    found = np.full((*chances.shape[:2], 2), np.nan)
    met = list(_seconds(own, stands, horizon, chances))
    if not met:
        return found
    rows, places, kinds = (np.array([one[field] for one in met]) for field in range(3))
    left, came = np.array([one.left for one in met])[:, None], np.stack([one.came for one in met])
    one_by_one = [
        Known(known.rates[row, place], known.lately[row, place], known.memories[:, row, place]).after(kind)
        for row, place, kind, *_ in met
    ]
    after = _chances(model, Known(*(np.stack(part, axis=-2) for part in zip(*one_by_one, strict=True))))
    sure = chances[rows, places]
    sure[np.arange(len(met)), kinds] = 1
    for which, given in enumerate((after, known.rates[rows, places].astype(float))):
        shares = firsts(-np.expm1(np.log1p(-np.minimum(given, 1 - 1e-9)) * left), sure)
        found[rows, places, which] = -(came * np.log(np.clip(shares, _LITTLE, 1))).sum(axis=-1)
    return found


def _seconds(
    own: NDArray[np.float32], stands: Sequence[int], horizon: int, sure: NDArray[np.floating]
) -> Iterator[_Second]:
    for place, stand in enumerate(stands):
        done = (own[:, stand : stand + horizon, :_TYPES] > 0) & (sure[:, place, None, :_TYPES] <= SURE)
        for row in np.flatnonzero(done.any(axis=(1, 2))).tolist():
            day = int(done[row].any(axis=-1).argmax())
            kinds = np.flatnonzero(done[row, day])
            if len(kinds) > 1 or day == horizon - 1:
                continue
            later = done[row, day + 1 :]
            later[:, kinds] = False
            days = later.any(axis=-1)
            came = np.append(later[days.argmax()], not days.any()).astype(float)
            yield _Second(row, place, int(kinds[0]), len(later) / horizon, came / came.sum())


def chains(model: Model, known: Known, horizon: int, left_out: list[int]) -> list[Chain]:
    """Return the likeliest chains of two or three steps, best first."""
    begun = [_Begun(Chain((), (), 1.0), known, ())]
    done: dict[int, list[Chain]] = {}
    for length in (1, 2, 3):
        grown = [longer for one in begun for longer in _longer(model, one, horizon, left_out)]
        grown.sort(key=lambda one: (-one.chain.chance, one.chain.kinds))
        done[length] = [one.chain for one in grown]
        begun = [one._replace(state=one.state.after(one.chain.kinds[-1])) for one in grown[:_WIDTH]]
    for length in (3, 2):
        likely = [chain for chain in done[length] if chain.chance >= _LEAST[length]]
        if len(likely) > 1:
            return _picked(likely)
    return []


def _longer(model: Model, begun: _Begun, horizon: int, left_out: list[int]) -> list[_Begun]:
    """Return the chain with every next step it may take."""
    chain, state, totals = begun
    rates = -np.log1p(-np.minimum(_chances(model, state)[:_TYPES], 1 - 1e-9)) / horizon
    rates[[*left_out, *chain.kinds]] = 0
    total = float(rates.sum())
    if total <= 0:
        return []
    within = _within([*totals, total], horizon)
    return [
        _Begun(
            Chain((*chain.kinds, kind), (*chain.shares, share), float(np.prod([*chain.shares, share])) * within),
            state,
            (*totals, total),
        )
        for kind, share in enumerate((rates / total).tolist())
        if share > 0
    ]


def _picked(likely: list[Chain]) -> list[Chain]:
    """Return the likeliest, each of other kinds than those before it, not too many with the same first step."""
    picked: list[Chain] = []
    for chain in likely:
        alike = sum(chain.kinds[0] == other.kinds[0] for other in picked)
        told = any(set(chain.kinds) == set(other.kinds) for other in picked)
        if alike < _ALIKE and not told and len(picked) < _MOST:
            picked.append(chain)
    return picked


def _chances(model: Model, known: Known) -> NDArray[np.floating]:
    """Return the chance of each kind, of one state or of several."""
    aligned, bodies = features(known.rates, known.lately, known.memories, np.zeros_like(known.memories))
    rows = known.lately.reshape(1, -1, len(KINDS))
    stood = Frame(aligned.reshape(*rows.shape, -1), bodies.reshape(*rows.shape[:2], -1), rows)
    return model.chances(stood).reshape(known.lately.shape)


def _within(totals: list[float], horizon: int) -> float:
    """Return the chance that as many steps come within the days, each at its own rate."""
    # The states of a small Markov chain, moved on in short steps: no special case for rates that are alike.
    held = np.zeros(len(totals) + 1)
    held[0] = 1
    leaving = -np.expm1(-np.array(totals) * horizon / _PARTS)
    for _ in range(_PARTS):
        moved = held[:-1] * leaving
        held[:-1] -= moved
        held[1:] += moved
    return float(held[-1])

"""Why a chance is what it is: the past acts that raise or lower it.

In: what each feature adds to the log-odds, and the acts of the pair. Out: reasons, the weightiest first, each with
its latest acts. The base, the reasons and the rest add up to the log-odds.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tidings.outlook.chances import FEATURES
from tidings.outlook.past import KINDS, QUADS, Act

__all__ = ["LATE", "Because", "Deeds", "because", "latest", "mean_of"]

_TYPES = len(KINDS) - len(QUADS)
_SLOW = [
    FEATURES.index(name) for name in ("how often such days saw one", "how often such days saw one, the busier the pair")
]
_MOST_REASONS = 4
_MOST_ACTS = 3
_SLIGHT = 0.05
"""Log-odds below which a reason is left to the rest."""
LATE = 60
"""Days that a reason counts acts in."""


class Because(NamedTuple):
    """A reason whose acts are still numbers: `way` and `kind` are those of the acts; no kind is any act."""

    way: int | None
    kind: int | None
    weight: float
    n: int
    usual: float
    last: int
    acts: list[int]


class Deeds:
    """The acts of a pair as arrays, seen from one way: 0 forth, 1 back, None both as one."""

    def __init__(self, acts: Sequence[Act], now: int) -> None:
        numbers = {kind: number for number, kind in enumerate(KINDS)}
        self.number = np.array([act.number for act in acts], np.int64)
        self.age = now - np.array([act.day for act in acts], np.int64)
        self.back = np.array([act.back for act in acts], np.int64)
        self.type = np.array([numbers.get(act.type or "", -1) for act in acts], np.int64)
        self.quad = np.array([act.quad for act in acts], np.int64) + _TYPES - 1

    def which(self, way: int | None, kind: int | None) -> NDArray[np.bool_]:
        """Mark the acts of one way and kind."""
        found = np.ones(len(self.age), bool) if way is None else self.back == way
        if kind is None:
            return found
        return found & ((self.type if kind < _TYPES else self.quad) == kind)


def mean_of(parts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what the parts (stands, features) are on the mean day; the last stand is today.

    How often it happened before is what is known of it today, not what little was known in the first days.
    """
    mean = parts[len(parts) // 2 : -1].mean(axis=0)
    mean[_SLOW] = parts[-1, _SLOW]
    return mean


def because(
    deeds: Deeds, parts: NDArray[np.float64], usual: NDArray[np.float64], way: int | None, kind: int
) -> tuple[list[Because], float, float]:
    """Return the reasons of one chance, its base, and what is left to the rest.

    `usual` are the parts as they were on the mean of the past days: a reason is what differs from them, and the base
    is what they add up to.
    """
    apart = parts - usual
    found: list[Because] = []
    for acting, done, places in _groups(way, kind):
        which = np.flatnonzero(deeds.which(acting, done))
        weight = float(sum(apart[place] for place in places))
        if len(which) and ((acting, done) == (way, kind) or abs(weight) >= _SLIGHT):
            found.append(_because(deeds, which, acting, done, weight))
    kept = _kept(found, way, kind, deeds)
    return kept, float(usual.sum()), float(apart.sum()) - sum(reason.weight for reason in kept)


def latest(deeds: Deeds, way: int | None, kind: int | None, weight: float) -> Because:
    """Return the latest acts of one way and kind; where there never was one, those of any kind, either way."""
    which = np.flatnonzero(deeds.which(way, kind))
    if len(which):
        return _because(deeds, which, way, kind, weight)
    return _because(deeds, np.arange(len(deeds.age)), None, None, weight)


def _groups(way: int | None, kind: int) -> list[tuple[int | None, int | None, tuple[int, ...]]]:
    """Return which acts (way, kind) each part of the log-odds is about."""
    bodies = len(FEATURES)
    groups: list[tuple[int | None, int | None, tuple[int, ...]]] = [
        (way, kind, (1, 2, 3, 4, 5, 13, 14, 15, 16)),
        (way, None, (8, 12, 17)),
        *((way, body, (bodies + body,)) for body in range(_TYPES) if body != kind),
    ]
    if way is not None:
        groups += [
            (1 - way, kind, (6, 7, 10, 11)),
            (1 - way, None, (9,)),
            *((1 - way, body, (bodies + _TYPES + body,)) for body in range(_TYPES) if body != kind),
        ]
    return groups


def _because(deeds: Deeds, which: NDArray[np.int64], way: int | None, kind: int | None, weight: float) -> Because:
    age = deeds.age[which]
    latest = np.lexsort((-deeds.number[which], age))[:_MOST_ACTS]
    span = max(int(deeds.age.max()), LATE)
    return Because(
        way=way,
        kind=kind,
        weight=weight,
        n=int((age <= LATE).sum()),
        usual=len(which) * LATE / span,
        last=int(age.min()),
        acts=deeds.number[which][latest].tolist(),
    )


def _kept(found: list[Because], way: int | None, kind: int, deeds: Deeds) -> list[Because]:
    """Return the weightiest reasons, what was done of the same kind always among them; never none."""
    found.sort(key=lambda reason: -abs(reason.weight))
    own = [reason for reason in found if (reason.way, reason.kind) == (way, kind)]
    others = [reason for reason in found if (reason.way, reason.kind) != (way, kind)]
    kept = sorted([*own, *others[: _MOST_REASONS - len(own)]], key=lambda reason: -abs(reason.weight))
    return kept or [latest(deeds, None, None, 0.0)]

"""How much one relation between two actors foretells another.

In: the facts of each day, against the ledger of the days before. Out: a weight for every ordered pair of relations.
It is counted in one pass, not searched for: the soft form of temporal rules of length one (TLogic, Liu et al. 2022).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tidings.outlook.ledger import MEMORIES, Ints, Ledger

__all__ = ["Rules"]

_DOUBT = 5.0
"""Seen so often before a relation's rules count in full."""


class Rules:
    """Counts of (body, head): how much of `body` lay between two actors when `head` came."""

    def __init__(self) -> None:
        self._met = np.zeros((len(MEMORIES), 0, 0))
        self._seen = np.zeros(0)
        self.confidence: NDArray[np.float32] = np.zeros((len(MEMORIES), 0, 0), np.float32)

    def grow(self, relations: int) -> None:
        """Make room for that many relations."""
        more = relations - len(self._seen)
        if more > 0:
            self._met = np.pad(self._met, ((0, 0), (0, more), (0, more)))
            self._seen = np.pad(self._seen, (0, more))
            self.confidence = np.pad(self.confidence, ((0, 0), (0, more), (0, more)))

    def count(self, ledger: Ledger, subjects: Ints, relations: Ints, objects: Ints) -> None:
        """Count what stood in the ledger between the actors of these facts. The ledger must not hold them yet."""
        pair, body, counts = ledger.between(subjects, objects)
        head = relations[pair]
        for memory in range(len(MEMORIES)):
            np.add.at(self._met[memory], (body, head), counts[:, memory])
        np.add.at(self._seen, relations, 1)

    def settle(self) -> None:
        """Turn the counts into confidences."""
        self.confidence = (self._met / (self._seen + _DOUBT)[None, :, None]).astype(np.float32)

"""Which actors move in the same circles.

In: who met whom, how often. Out: a direction for every actor, so that the cosine of two says how near they are.
It is a truncated spectral decomposition of the degree-normalised matrix of contacts, found by repeated multiplication
and begun from the last one: the circles move slowly.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tidings.outlook.ledger import Ledger

__all__ = ["Kinship"]

_RANK = 64
_SPARE = 8
_FIRST_ROUNDS = 12
_ROUNDS = 3


class Kinship:
    """Unit vectors (or zero) of the names known when it was last computed."""

    def __init__(self) -> None:
        self._basis = np.zeros((0, 0), np.float32)
        self.directions = np.zeros((0, 1), np.float32)
        self.made: float | None = None

    def of(self, subject: int, names: int) -> NDArray[np.float32]:
        """Return how near each name is to a subject; 0 for names not known then."""
        near = np.zeros(names, np.float32)
        if 0 <= subject < len(self.directions):
            near[: len(self.directions)] = self.directions @ self.directions[subject]
        return near

    def renew(self, ledger: Ledger, names: int) -> None:
        """Compute the directions anew."""
        from scipy import sparse

        self.made = ledger.now
        subjects, objects, counts = ledger.contacts()
        rank = min(_RANK, names - 1, len(np.unique(subjects)) - 1)
        if rank < 1:
            self.directions = np.zeros((names, 1), np.float32)
            return
        met = sparse.csr_matrix((np.log1p(counts), (subjects, objects)), shape=(names, names))
        scale = sparse.diags(1 / np.sqrt(np.asarray(met.sum(axis=1)).ravel() + 1))
        circles = (scale @ met @ scale).astype(np.float32)
        wide = min(rank + _SPARE, names)
        rounds = _ROUNDS
        if self._basis.shape[1] != wide:
            # A fixed start makes the directions, and so every forecast, repeatable.
            self._basis = np.random.default_rng(0).standard_normal((names, wide), np.float32)
            rounds = _FIRST_ROUNDS
        basis = np.pad(self._basis, ((0, names - len(self._basis)), (0, 0)))
        for _ in range(rounds):
            basis = np.linalg.qr(circles @ basis)[0]
        strength, turn = np.linalg.eigh(basis.T @ (circles @ basis))
        order = np.argsort(-np.abs(strength), kind="stable")
        self._basis = np.ascontiguousarray(basis @ turn[:, order])
        vectors = self._basis[:, :rank] * np.sqrt(np.abs(strength[order[:rank]]))
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        self.directions = np.ascontiguousarray((vectors / np.where(lengths > 1e-6, lengths, 1)).astype(np.float32))

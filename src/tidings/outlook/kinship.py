"""Which actors move in the same circles.

In: who met whom, how often. Out: a direction for every actor, so that the cosine of two says how near they are.
It is a truncated singular value decomposition of the degree-normalised matrix of contacts.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tidings.outlook.ledger import Ledger

__all__ = ["directions"]

_RANK = 64


def directions(ledger: Ledger, names: int) -> NDArray[np.float32]:
    """Return one unit vector (or zero) for each name, shape (names, rank)."""
    from scipy import sparse
    from scipy.sparse.linalg import svds

    subjects, objects, counts = ledger.contacts()
    rank = min(_RANK, names - 1, len(np.unique(subjects)) - 1)
    if rank < 1:
        return np.zeros((names, 1), np.float32)
    met = sparse.csr_matrix((np.log1p(counts), (subjects, objects)), shape=(names, names))
    scale = sparse.diags(1 / np.sqrt(np.asarray(met.sum(axis=1)).ravel() + 1))
    # A fixed start makes the iteration, and so every forecast, repeatable.
    start = np.random.default_rng(0).random(names)
    left, strength, _ = svds(scale @ met @ scale, k=rank, v0=start)
    vectors = left * np.sqrt(np.maximum(strength, 0))
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.where(lengths > 1e-9, lengths, 1)).astype(np.float32)

"""Weights in whole numbers, rounded so that what a layer gives out changes least.

In: the weights of a linear layer and the inputs it met on real sentences. Out: whole numbers, and one scale a column.
It is GPTQ (Frantar et al. 2023): each row is rounded in turn, and the rows to come make up for what it lost.
"""

from __future__ import annotations

import numpy as np

LEVELS = 63
"""Seven bits: with eight, the 16-bit sums of processors without VNNI overflow."""
DAMPING, ROWS = 0.01, 64


def rounded(weight: np.ndarray, gram: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the whole numbers (inputs, outputs) and the scale of each output; `gram` is inputs' x inputs."""
    size = len(weight)
    scale = np.maximum(np.abs(weight).max(0), 1e-8) / LEVELS
    order = np.argsort(-np.diag(gram), kind="stable")
    left = weight[order].astype(np.float64)
    bend = gram[np.ix_(order, order)] + DAMPING * np.diag(gram).mean() * np.eye(size)
    owed = np.linalg.cholesky(np.linalg.inv(bend)).T
    whole = np.zeros_like(left)
    for low in range(0, size, ROWS):
        high = min(low + ROWS, size)
        lost = np.zeros((high - low, left.shape[1]))
        for row in range(low, high):
            whole[row] = np.clip(np.rint(left[row] / scale), -LEVELS, LEVELS)
            lost[row - low] = (left[row] - whole[row] * scale) / owed[row, row]
            left[row + 1 : high] -= np.outer(owed[row, row + 1 : high], lost[row - low])
        left[high:] -= owed[low:high, high:].T @ lost
    made = np.empty(whole.shape, np.int8)
    made[order] = whole
    return made, scale.astype(np.float32)

"""From scores of tags to spans.

In: one row of scores a word. Out: labelled stretches of words.
It does not know the text.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

__all__ = ["best_path", "runs", "softmax"]

FORBIDDEN = -1e4


def softmax(scores: np.ndarray) -> np.ndarray:
    """Return probabilities along the last axis."""
    import numpy as np

    raised = np.exp(scores - scores.max(-1, keepdims=True))
    return raised / raised.sum(-1, keepdims=True)


def best_path(scores: np.ndarray, transitions: np.ndarray) -> list[int]:
    """Return the best sequence of tags (Viterbi).

    `transitions[0]` is what a sequence may begin with, `transitions[i + 1]` what may follow tag `i`.

    >>> import numpy as np
    >>> free = np.zeros((3, 2))
    >>> best_path(np.array([[1.0, 0.0], [0.0, 1.0]]), free)
    [0, 1]
    """
    if not len(scores):
        return []
    steps = transitions[1:]
    state = scores[0] + transitions[0]
    back = []
    columns = range(scores.shape[1])
    for row in scores[1:]:
        reached = state[:, None] + steps
        chosen = reached.argmax(0)
        back.append(chosen)
        state = reached[chosen, columns] + row
    path = [int(state.argmax())]
    for chosen in reversed(back):
        path.append(int(chosen[path[-1]]))
    return path[::-1]


def legal(tags: Sequence[str]) -> list[list[float]]:
    """Return the transitions that only forbid: an inside tag follows its own label or nothing.

    >>> legal(("O", "B-cue", "I-cue"))[0]
    [0.0, 0.0, -10000.0]
    """
    rows = []
    for before in ("O", *tags):
        rows.append([0.0 if tag[0] != "I" or before[1:] == tag[1:] else FORBIDDEN for tag in tags])
    return rows


def runs(path: Sequence[int], tags: Sequence[str]) -> list[tuple[int, int, str]]:
    """Return the labelled runs of words of a sequence of tags.

    >>> runs([0, 1, 2, 0, 1], ("O", "B-cue", "I-cue"))
    [(1, 3, 'cue'), (4, 5, 'cue')]
    """
    found: list[tuple[int, int, str]] = []
    for at, number in enumerate(path):
        place, _, label = tags[number].partition("-")
        if place == "B":
            found.append((at, at + 1, label))
        elif place == "I" and found and found[-1][1] == at and found[-1][2] == label:
            found[-1] = (found[-1][0], at + 1, label)
    return found

"""How the acts of a sentence are told: asserted, historical, planned, hypothetical or denied.

In: a sentence and the words its acts hang on. Out: for each a probability of every status.
It reads the sentence alone: whether a date lies long ago is for the stage that knows the article's day.
"""

from __future__ import annotations

from collections.abc import Sequence

from tidings.encoder import model
from tidings.encoder.decoding import softmax
from tidings.encoder.heads import COLUMNS, STATUSES
from tidings.encoder.reading import read_words
from tidings.encoder.words import cut

__all__ = ["statuses"]


def statuses(text: str, acts: Sequence[Sequence[int]]) -> list[dict[str, float]]:
    """Return for each act, given by the characters of its word, the probability of every status.

    The sentence is read once, however many acts it has. An act with no word in the text has no answer: an empty one.
    """
    pieces = cut(text)
    if not pieces.words or not acts:
        return [{} for _ in acts]
    heads, _ = read_words(text, pieces)
    answers = []
    for start, end in acts:
        at = next((i for i, word in enumerate(pieces.words) if word.start < end and start < word.end), None)
        if at is None:
            answers.append({})
            continue
        chances = softmax(heads[at, COLUMNS["status"]] / model.settings().temperatures.get("status", 1.0))
        answers.append({name: round(float(chance), 4) for name, chance in zip(STATUSES, chances, strict=True)})
    return answers

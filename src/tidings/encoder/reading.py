"""What the encoder says about passages, with the characters it speaks of.

In: texts, and spans marked in them. Out: labelled spans and probabilities.
It makes no facts: stages weigh what it says against their rules.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from tidings.encoder import model
from tidings.encoder.decoding import best_path, legal, runs, softmax
from tidings.encoder.heads import COLUMNS, ENTITY_TAGS, QUADS, QUOTE_TAGS, TYPES, WIDTH, tags
from tidings.encoder.words import MARKS, WINDOW, Pieces, cut, mark, windows
from tidings.text import Span

if TYPE_CHECKING:
    import numpy as np

__all__ = ["Labelled", "Reading", "read_sentences", "senses", "type_events"]

Pair = Sequence[int]

_SPEAKER = [index for index, tag in enumerate(QUOTE_TAGS) if tag[2:] == "source"]
TAGS = {"entities": ENTITY_TAGS, "quotes": QUOTE_TAGS, "source": tags(("source",)), "target": tags(("target",))}


class Labelled(msgspec.Struct, frozen=True):
    """A stretch of a passage with its label and the probability of the label."""

    span: Span
    label: str
    score: float


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What one passage holds. `quotes` are the contents, cues and sources of quotations, each on its own.

    `relevance` is the probability that the passage tells of a political event, `quads` how the probability is spread
    over none, verbal and material cooperation, verbal and material conflict.
    """

    entities: tuple[Labelled, ...] = ()
    quotes: tuple[Labelled, ...] = ()
    sources: tuple[Labelled, ...] = ()
    targets: tuple[Labelled, ...] = ()
    relevance: float = 0.0
    quads: dict[str, float] = {}


def read_sentences(texts: Sequence[str]) -> list[Reading]:
    """Read each passage once, with all heads.

    Sides and relevance want one sentence a passage; quotations are read best a paragraph at a time, as their contents
    run over sentences. What is said of a passage depends on that passage alone.
    """
    return [_read(text) for text in texts]


def type_events(items: Sequence[tuple[str, Pair | None, Pair | None]]) -> list[dict[str, float]]:
    """Return for each sentence with its two sides the probability of every type, "NONE" among them.

    A side that is not known is None. The training data hold CONCEDE and RETREAT as one type, here "YIELD".
    """
    answers = []
    for text, source, target in items:
        marked = [(span, name) for span, name in ((source, "source"), (target, "target")) if span is not None]
        chances = softmax(read_type(text, marked) / _temperature("type"))
        answers.append({name: round(float(chance), 4) for name, chance in zip(TYPES, chances, strict=True)})
    return answers


def senses(items: Sequence[tuple[str, Pair]]) -> list[float]:
    """Return for each marked place name the probability that it stands for a government, a team or its people."""
    answers = []
    for text, span in items:
        rows, marks = read_marked(text, [(span, "place")])
        answers.append(round(float(softmax(sense_scores(rows, marks) / _temperature("sense"))[1]), 4))
    return answers


def read_words(text: str, pieces: Pieces) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Return the columns of each word of an unmarked passage, and the scores of the whole: "quad" and "relevant"."""
    import numpy as np

    marks = [0] * len(pieces.ids)
    parts = [model.columns(pieces, marks, low, high) for low, high in windows(text, pieces)]
    heads = np.concatenate([part[1:-1] for part in parts])[pieces.heads]
    return heads, {name: np.mean([_pooled(part, name) for part in parts], axis=0) for name in ("quad", "relevant")}


def _read(text: str) -> Reading:
    pieces = cut(text)
    if not pieces.words:
        return Reading(quads={name: float(name == "none") for name in QUADS})
    heads, whole = read_words(text, pieces)
    kinds = softmax(whole["quad"] / _temperature("quad"))
    return Reading(
        entities=labelled(heads, pieces.words, "entities"),
        quotes=labelled(heads, pieces.words, "quotes"),
        sources=labelled(heads, pieces.words, "source"),
        targets=labelled(heads, pieces.words, "target"),
        relevance=round(relevance(_signs(heads, whole), model.settings().relevance), 4),
        quads={name: round(float(chance), 4) for name, chance in zip(QUADS, kinds, strict=True)},
    )


def read_signs(text: str) -> tuple[float, ...]:
    """Return what relevance is weighed from: its own head, the margin of an event over none, how surely one is quoted.

    Trained coders call what an actor is said to have said relevant, and the heads for events miss much of it.
    """
    return _signs(*read_words(text, cut(text)))


def _signs(heads: np.ndarray, whole: dict[str, np.ndarray]) -> tuple[float, float, float]:
    told = whole["relevant"]
    speaking = softmax(heads[:, COLUMNS["quotes"]])[:, _SPEAKER].sum(1).max(initial=0.0)
    return float(told[1] - told[0]), _event_margin(whole["quad"]), _log_odds(float(speaking))


def politics(rows: np.ndarray) -> float:
    """Return by how much a window tells of politics rather than not, in logarithms, by the head of relevance alone."""
    told = _pooled(rows, "relevant")
    return float(told[1] - told[0])


def _event_margin(quads: np.ndarray) -> float:
    """Return by how much some kind of event outweighs none, in logarithms."""
    import numpy as np

    top = quads[1:].max()
    return float(top + np.log(np.exp(quads[1:] - top).sum()) - quads[0])


def _log_odds(chance: float) -> float:
    """Return the log odds of a probability, which says nothing beyond one in fifty."""
    chance = min(max(chance, 0.02), 0.98)
    return math.log(chance / (1 - chance))


def relevance(signs: Sequence[float], curve: Sequence[float]) -> float:
    """Return the probability that trained coders find an event of politics, statements of its actors among them."""
    *weights, bias = curve
    raised = bias + sum(weight * sign for weight, sign in zip(weights, signs, strict=True))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, raised))))


def chances_of(columns: np.ndarray, name: str) -> np.ndarray:
    """Return for each word the probability of every tag of a head."""
    return softmax(columns[:, COLUMNS[name]] / _temperature(name))


def labelled(columns: np.ndarray, words: Sequence[Span], name: str) -> tuple[Labelled, ...]:
    """Return the stretches of words that a tagging head finds."""
    names = TAGS[name]
    scores = columns[:, COLUMNS[name]] / _temperature(name)
    chances = softmax(scores)
    found = []
    for low, high, label in runs(best_path(scores, _transitions(name)), names):
        of_label = [index for index, tag in enumerate(names) if tag[2:] == label]
        span = Span(words[low].start, words[high - 1].end)
        found.append(Labelled(span, label, round(float(chances[low:high][:, of_label].sum(1).mean()), 4)))
    return tuple(found)


def read_marked(text: str, marked: Sequence[tuple[Pair, str]]) -> tuple[np.ndarray, list[int]]:
    """Read a passage with marks; of one longer than a window, the part around the marks."""
    pieces = cut(text)
    marks = mark(pieces, marked)
    return _read_around(pieces, marks, marks)


def read_type(text: str, marked: Sequence[tuple[Pair, str]]) -> np.ndarray:
    """Return the scores of the types: the mean of a reading with the sides marked and of one without marks.

    Marks tell which of several acts is meant, and at times lead away from what the words say.
    """
    pieces = cut(text)
    marks = mark(pieces, marked)
    scores = type_scores(*_read_around(pieces, marks, marks))
    if not any(marks):
        return scores
    return (scores + type_scores(*_read_around(pieces, [0] * len(marks), marks))) / 2


def _read_around(pieces: Pieces, marks: list[int], middle: list[int]) -> tuple[np.ndarray, list[int]]:
    """Read a passage under marks, or the window of it in whose middle others lie."""
    if not pieces.words:
        import numpy as np

        return np.zeros((2, WIDTH), np.float32), []
    low, high = _window_around(pieces, middle)
    rows = model.columns(pieces, marks, low, high)
    start = pieces.heads[low]
    return rows, marks[start : start + len(rows) - 2]


def _window_around(pieces: Pieces, marks: list[int]) -> tuple[int, int]:
    """Return the words read at once: all, or of too many as many as fit around the marks."""
    if len(pieces.ids) <= WINDOW:
        return 0, len(pieces.words)
    chosen = [pieces.word_of[at] for at, place in enumerate(marks) if place] or [0]
    low = high = (min(chosen) + max(chosen)) // 2
    while low > 0 or high < len(pieces.words):
        wider = max(0, low - 1), min(len(pieces.words), high + 1)
        end = pieces.heads[wider[1]] if wider[1] < len(pieces.words) else len(pieces.ids)
        if end - pieces.heads[wider[0]] > WINDOW:
            break
        low, high = wider
    return low, max(high, low + 1)


def type_scores(rows: np.ndarray, marks: Sequence[int]) -> np.ndarray:
    """Return the scores of the types: of the passage, of the words marked source, of those marked target."""
    scores = _pooled(rows, "type")
    for name in ("source", "target"):
        chosen = [place in (MARKS.index(name), MARKS.index("both")) for place in marks]
        if any(chosen):
            scores = scores + rows[1:-1][chosen, COLUMNS[f"type_{name}"]].mean(0)
    return scores


def sense_scores(rows: np.ndarray, marks: Sequence[int]) -> np.ndarray:
    """Return the scores of the senses of the marked place."""
    scores = rows[0, COLUMNS["sense_first"]]
    return scores + rows[1:-1][[bool(place) for place in marks], COLUMNS["sense"]].mean(0) if any(marks) else scores


def _pooled(rows: np.ndarray, name: str) -> np.ndarray:
    return rows[0, COLUMNS[f"{name}_first"]] + rows[1:, COLUMNS[name]].mean(0)


def _temperature(name: str) -> float:
    return model.settings().temperatures.get(name, 1.0)


@functools.cache
def _transitions(name: str) -> np.ndarray:
    import numpy as np

    return np.array(model.settings().transitions.get(name) or legal(TAGS[name]))

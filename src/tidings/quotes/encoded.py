"""What the shared encoder says of each token: does it report, is it reported, does it name who speaks?

In: the parse, its passage, and the tokens around which it is worth asking. Out: probabilities and stretches on tokens,
or None where the encoder is not installed.
It ties no content to a cue and no cue to a speaker: the forests weigh what it says beside the grammar.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from tidings.quotes.passage import Passage
from tidings.text import Span

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from tidings.encoder import ArticleReading

__all__ = ["Encoded", "Run", "find_encoded", "lay_over"]

Run = tuple[int, int]
"""First and last token of a stretch."""

_LABELS = ("content", "cue", "source")


@dataclass(frozen=True, slots=True)
class Encoded:
    """What the encoder says; every list of numbers holds one item a token, zero where it was not asked."""

    content: list[float]
    cue: list[float]
    source: list[float]
    opens: list[float]
    """The probability that a content opens at the token."""
    runs: dict[str, list[Run]]
    """The stretches of each label, in text order."""
    run_of: dict[str, list[int]]
    """Number of the stretch a token stands in, -1 outside, by label."""
    content_before: list[float]
    """The sum of `content` over the words before a token; one item more than tokens, as in the next two."""
    sure_before: list[int]
    """How many tokens before this one likely are cues or sources."""
    size_before: list[int]
    """How many words stand before a token."""

    def mean_content(self, first: int, last: int) -> float:
        """Return how likely the words from one token to another are reported, on average."""
        words = self.size_before[last + 1] - self.size_before[first]
        return (self.content_before[last + 1] - self.content_before[first]) / words if words else 0.0

    def near(self, label: str, first: int, last: int) -> list[Run]:
        """Return the stretches of a label that touch the tokens from one to another."""
        runs = self.runs[label]
        low = bisect_left(runs, (first, 0))
        if low and runs[low - 1][1] >= first:
            low -= 1
        return runs[low : bisect_left(runs, (last + 1, 0))]

    def run(self, label: str, token: int) -> Run | None:
        """Return the stretch of a label that a token stands in."""
        number = self.run_of[label][token]
        return None if number < 0 else self.runs[label][number]


def find_encoded(doc: Doc, passage: Passage, spots: Iterable[tuple[int, int]]) -> Encoded | None:
    """Ask the encoder about the windows around stretches of tokens; None without the encoder."""
    from tidings import encoder

    if not encoder.available():
        return None
    reading = encoder.read_article(doc)
    touched = {number for first, last in spots for number in reading.touching(passage.idx[first], passage.end[last])}
    # Marks without a letter among them say nothing, and a hostile page may hold 100 kB of them.
    chosen = [at for at in sorted(touched) if any(map(str.isalnum, reading.windows[at].span.of(passage.text)))]
    return lay_over(passage, reading, chosen)


def lay_over(passage: Passage, reading: ArticleReading, windows: Sequence[int]) -> Encoded:
    """Lay what was read in some windows over the tokens of a passage."""
    from tidings.encoder.heads import QUOTE_TAGS

    columns = {label: [number for number, tag in enumerate(QUOTE_TAGS) if tag[2:] == label] for label in _LABELS}
    opening = QUOTE_TAGS.index("B-content")
    size = len(passage)
    chances = {label: [0.0] * size for label in _LABELS}
    opens = [0.0] * size
    for window in windows:
        table = reading.chances("quotes", window)
        sums = {label: table[:, columns[label]].sum(1).round(4).tolist() for label in _LABELS}
        first_words = table[:, opening].round(4).tolist()
        for word, token in _first_words(passage, reading.words(window)):
            for label in _LABELS:
                chances[label][token] = sums[label][word]
            opens[token] = first_words[word]
    runs: dict[str, list[Run]] = {label: [] for label in _LABELS}
    run_of = {label: [-1] * size for label in _LABELS}
    for item in reading.labelled("quotes", windows):
        bounds = passage.tokens(item.span)
        if bounds is None:
            continue
        number = len(runs[item.label])
        runs[item.label].append(bounds)
        run_of[item.label][bounds[0] : bounds[1] + 1] = [number] * (bounds[1] - bounds[0] + 1)
    marks = [passage.is_mark(token) for token in range(size)]
    words = [0.0 if mark else chance for mark, chance in zip(marks, chances["content"], strict=True)]
    sure = [cue >= 0.5 or source >= 0.5 for cue, source in zip(chances["cue"], chances["source"], strict=True)]
    return Encoded(
        **chances,
        opens=opens,
        runs=runs,
        run_of=run_of,
        content_before=list(accumulate(words, initial=0.0)),
        sure_before=list(accumulate(sure, initial=0)),
        size_before=list(accumulate((not mark for mark in marks), initial=0)),
    )


def _first_words(passage: Passage, words: Sequence[Span]) -> Iterable[tuple[int, int]]:
    """Pair each token with the first of the encoder's words that it touches: (word, token)."""
    if not words:
        return
    bounds = passage.tokens((words[0].start, words[-1].end))
    if bounds is None:
        return
    at = 0
    for token in range(bounds[0], bounds[1] + 1):
        while at < len(words) and words[at].end <= passage.idx[token]:
            at += 1
        if at == len(words):
            return
        if words[at].start < passage.end[token]:
            yield at, token

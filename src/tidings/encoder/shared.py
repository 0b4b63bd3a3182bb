"""One reading of an article, shared by all stages that ask the encoder.

In: the parse of an article. Out: its windows, each read when a stage first asks for it, and never twice.
It does not choose: which windows are worth their time is for the stage to say.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from tidings.encoder import model
from tidings.encoder.reading import Labelled, chances_of, labelled, politics
from tidings.encoder.words import Pieces, cut, windows
from tidings.text import Span

if TYPE_CHECKING:
    import numpy as np
    from spacy.tokens import Doc

__all__ = ["ArticleReading", "Window", "read_article", "reading_of"]

_KEY = "tidings.encoder"


class Window(NamedTuple):
    """A stretch of one line that is read at once: sentences together, as many as the model takes."""

    line: int
    low: int
    high: int
    span: Span


class _Line(NamedTuple):
    start: int
    pieces: Pieces


class ArticleReading:
    """The windows of a text and what the encoder says of those that were asked for.

    >>> reading = ArticleReading("Rain fell.\\n\\nThe mayor said the bridge was safe.")
    >>> [window.span for window in reading.windows]
    [Span(start=0, end=10), Span(start=12, end=47)]
    """

    def __init__(self, text: str) -> None:
        self._lines: list[_Line] = []
        self.windows: list[Window] = []
        self._columns: dict[int, np.ndarray] = {}
        self._politics: dict[int, float] = {}
        start = 0
        for line in text.split("\n"):
            if line and not line.isspace():
                self._add(start, line)
            start += len(line) + 1
        self._starts = [window.span.start for window in self.windows]
        self._ends = [window.span.end for window in self.windows]

    def _add(self, start: int, line: str) -> None:
        pieces = cut(line)
        for low, high in windows(line, pieces):
            span = Span(start + pieces.words[low].start, start + pieces.words[high - 1].end)
            self.windows.append(Window(len(self._lines), low, high, span))
        self._lines.append(_Line(start, pieces))

    def touching(self, start: int, end: int) -> range:
        """Return the numbers of the windows that share a character with a stretch."""
        return range(bisect_right(self._ends, start), bisect_left(self._starts, end))

    def columns(self, number: int) -> np.ndarray:
        """Return the columns of all heads for the words of a window, read now or before."""
        found = self._columns.get(number)
        if found is None:
            window = self.windows[number]
            pieces = self._lines[window.line].pieces
            rows = model.columns(pieces, [0] * len(pieces.ids), window.low, window.high)
            first = pieces.heads[window.low] - 1
            found = rows[[head - first for head in pieces.heads[window.low : window.high]]]
            self._columns[number] = found
            self._politics[number] = politics(rows)
        return found

    def politics(self, at: int) -> float | None:
        """Return by how much the window of a character tells of politics, in logarithms; None where none was read."""
        return next((self._politics.get(number) for number in self.touching(at, at + 1)), None)

    def words(self, number: int) -> list[Span]:
        """Return the characters of the words of a window."""
        window = self.windows[number]
        start, pieces = self._lines[window.line]
        return [Span(start + word.start, start + word.end) for word in pieces.words[window.low : window.high]]

    def labelled(self, name: str, numbers: Iterable[int]) -> list[Labelled]:
        """Return what a tagging head finds in some windows; a find may run from one into the next of its line."""
        return [item for group in self._groups(numbers) for item in self._labelled(name, group)]

    def _labelled(self, name: str, group: list[int]) -> tuple[Labelled, ...]:
        import numpy as np

        columns = np.concatenate([self.columns(number) for number in group])
        return labelled(columns, [word for number in group for word in self.words(number)], name)

    def chances(self, name: str, number: int) -> np.ndarray:
        """Return for each word of a window the probability of every tag of a head."""
        return chances_of(self.columns(number), name)

    def _groups(self, numbers: Iterable[int]) -> Iterator[list[int]]:
        """Bring neighbouring windows of one line together."""
        chosen = enumerate(sorted(set(numbers)))
        for _, group in groupby(chosen, key=lambda item: (self.windows[item[1]].line, item[1] - item[0])):
            yield [number for _, number in group]


def read_article(doc: Doc) -> ArticleReading:
    """Return the reading of a parsed article: the same one, whichever stage asks."""
    found = doc.user_data.get(_KEY)
    if found is None:
        found = doc.user_data[_KEY] = ArticleReading(doc.text)
    return found


def reading_of(doc: Doc) -> ArticleReading | None:
    """Return the reading of a parsed article that some stage has asked for, None where none has."""
    return doc.user_data.get(_KEY)

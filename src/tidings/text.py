"""Spans and alignments: the only place with offset arithmetic.

In: character offsets. Out: checked spans, cleaned text assembled from slices of its source, and the way back.
It does not know what a page or a fact is.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

__all__ = ["Alignment", "Assembly", "Run", "Span", "span_of"]


class _Bounds(NamedTuple):
    start: int
    end: int


class Span(_Bounds):
    """Mark a stretch of text in code points, end exclusive.

    A span is a pair, so it unpacks, compares and sorts like one.

    >>> Span(7, 12).of("Hello, world")
    'world'
    """

    __slots__ = ()

    def __new__(cls, start: int, end: int) -> Span:
        """Check the offsets; raise `ValueError` for what is no span."""
        if not 0 <= start <= end:
            raise ValueError(f"not a span: [{start}, {end})")
        return super().__new__(cls, start, end)

    def of(self, text: str) -> str:
        """Return the characters the span marks.

        >>> Span(0, 5).of("Minsk said")
        'Minsk'
        """
        return text[self.start : self.end]

    def shift(self, offset: int) -> Span:
        """Move the span by `offset` characters.

        >>> Span(0, 5).shift(10)
        Span(start=10, end=15)
        """
        return Span(self.start + offset, self.end + offset)

    def covers(self, other: Sequence[int]) -> bool:
        """Tell whether `other` lies wholly inside.

        >>> Span(0, 5).covers((1, 5))
        True
        """
        return self.start <= other[0] and other[1] <= self.end

    def overlaps(self, other: Sequence[int]) -> bool:
        """Tell whether the two share at least one character.

        >>> Span(0, 5).overlaps((5, 9))
        False
        """
        return self.start < other[1] and other[0] < self.end

    def hull(self, other: Sequence[int]) -> Span:
        """Return the smallest span that covers both.

        >>> Span(0, 2).hull((5, 9))
        Span(start=0, end=9)
        """
        return Span(min(self.start, other[0]), max(self.end, other[1]))

    def trim(self, text: str, characters: str | None = None) -> Span:
        """Drop white space (or the given characters) from both edges.

        >>> Span(0, 4).trim(" ab ")
        Span(start=1, end=3)
        """
        marked = self.of(text)
        left = len(marked) - len(marked.lstrip(characters))
        right = len(marked.rstrip(characters))
        return Span(self.start + left, self.start + max(left, right))


def span_of(pair: Sequence[int]) -> Span:
    """Make a checked `Span` of any pair of offsets.

    >>> span_of([3, 5])
    Span(start=3, end=5)
    """
    start, end = pair
    return Span(int(start), int(end))


class Run(NamedTuple):
    """Tie `length` characters of a text to the same number of characters of its source."""

    text_start: int
    source_start: int
    length: int


class Alignment:
    """Lead from a text back to the source it was assembled from.

    >>> Alignment([(0, 10, 5), (7, 30, 4)]).locate((0, 11))
    Span(start=10, end=34)
    """

    __slots__ = ("_starts", "runs")

    def __init__(self, runs: Iterable[Sequence[int]]) -> None:
        self.runs = tuple(Run(*run) for run in runs)
        self._starts = [run.text_start for run in self.runs]

    def source(self, offset: int) -> int | None:
        """Return where one character of the text stands in the source; None for one that was put in.

        >>> Alignment([(0, 10, 5)]).source(2)
        12
        """
        at = bisect_right(self._starts, offset) - 1
        if at < 0:
            return None
        run = self.runs[at]
        inside = offset - run.text_start
        return run.source_start + inside if inside < run.length else None

    def locate(self, span: Sequence[int]) -> Span | None:
        """Return the stretch of the source from the first to the last character of `span`.

        None when no character of the span comes from the source.
        """
        start, end = span
        first = last = None
        at = max(0, bisect_right(self._starts, start) - 1)
        for run in self.runs[at:]:
            if run.text_start >= end:
                break
            low, high = max(start, run.text_start), min(end, run.text_start + run.length)
            if low >= high:
                continue
            begin = run.source_start + low - run.text_start
            stop = run.source_start + high - run.text_start
            first = begin if first is None else min(first, begin)
            last = stop if last is None else max(last, stop)
        return None if first is None or last is None else Span(first, last)


class Assembly:
    """Build a text out of slices of a source, keeping the alignment.

    >>> page = "<p>Talks &amp; more</p>"
    >>> made = Assembly(page)
    >>> made.take(3, 9)
    Span(start=0, end=6)
    >>> made.stand_in("&", 9, 14)
    Span(start=6, end=7)
    >>> made.text, made.alignment.locate((6, 7))
    ('Talks &', Span(start=9, end=10))
    """

    def __init__(self, source: str) -> None:
        self._source = source
        self._parts: list[str] = []
        self._runs: list[Run] = []
        self._length = 0

    def take(self, start: int, end: int) -> Span:
        """Append a slice of the source as it stands."""
        return self._append(self._source[start:end], start)

    def stand_in(self, characters: str, start: int, end: int) -> Span:
        """Append characters that stand for `source[start:end]`, such as a decoded entity or a folded blank."""
        if len(characters) == end - start:
            return self._append(characters, start)
        first = self._length
        for character in characters:
            self._append(character, start)
        return Span(first, self._length)

    def insert(self, characters: str) -> Span:
        """Append characters that come from nowhere, such as the break between two blocks."""
        first = self._length
        self._parts.append(characters)
        self._length += len(characters)
        return Span(first, self._length)

    def _append(self, characters: str, source_start: int) -> Span:
        first, length = self._length, len(characters)
        if length:
            last = self._runs[-1] if self._runs else None
            if (
                last is not None
                and last.text_start + last.length == first
                and last.source_start + last.length == source_start
            ):
                self._runs[-1] = last._replace(length=last.length + length)
            else:
                self._runs.append(Run(first, source_start, length))
            self._parts.append(characters)
            self._length += length
        return Span(first, self._length)

    @property
    def length(self) -> int:
        """The number of characters so far."""
        return self._length

    @property
    def text(self) -> str:
        """The text so far."""
        return "".join(self._parts)

    @property
    def alignment(self) -> Alignment:
        """The way back to the source."""
        return Alignment(self._runs)

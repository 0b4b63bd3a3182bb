"""Quotation marks: which stretches of a text stand inside them.

In: a text. Out: its quoted regions in text order, paired paragraph by paragraph.
It does not tell a quotation from a title or a scare quote, nor who speaks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from tidings.text import Span

__all__ = ["Region", "find_regions", "paragraphs"]

_OPENING = "“„«‟"
_CLOSING = "”»"
_STRAIGHT = '"＂'
_APOSTROPHES = "’'"
_SENTENCE_MARKS = ",.?!…—"

_PARAGRAPH = re.compile(r"[^\n]+")
_MARK = re.compile(r"[“”„‟«»\"＂]|``|''")
_SINGLE = re.compile(r"(?<![\w’'])[‘'](?=\w)")
_INCHES = re.compile(r"\d['′’]?\s?\d{0,2}(?:[./]\d+)?$")


class Region(NamedTuple):
    """One quoted stretch: `span` with its marks, `inner` without; `closed` is False where the closing mark is missing.

    `continues` tells that it takes up the unclosed region of the paragraph before.
    """

    span: Span
    inner: Span
    closed: bool = True
    continues: bool = False


def paragraphs(text: str) -> Iterator[Span]:
    """Yield the lines of a text that hold anything.

    >>> [tuple(line) for line in paragraphs("One.\\n\\nTwo.")]
    [(0, 4), (6, 10)]
    """
    for match in _PARAGRAPH.finditer(text):
        if not match[0].isspace():
            yield Span(match.start(), match.end())


def find_regions(text: str) -> list[Region]:
    """Pair the quotation marks of a text.

    Curly marks pair by direction, straight ones by turns; inches and apostrophes are no marks. A mark that nothing
    closes runs to the end of its paragraph. Single marks count only in a text that has no double ones.

    >>> [region.span.of("“Yes,” she said. “No") for region in find_regions("“Yes,” she said. “No")]
    ['“Yes,”', '“No']
    """
    pair = _double_marks if _MARK.search(text) else _single_marks
    found: list[Region] = []
    for paragraph in paragraphs(text):
        unclosed = bool(found) and not found[-1].closed
        for region in pair(text, paragraph):
            first = not text[paragraph.start : region.span.start].strip()
            found.append(region._replace(continues=first and unclosed))
            unclosed = False
    return found


def _double_marks(text: str, paragraph: Span) -> Iterator[Region]:
    opened: re.Match[str] | None = None
    for mark in _MARK.finditer(text, paragraph.start, paragraph.end):
        if opened is None:
            if _opens(text, mark, paragraph):
                opened = mark
        elif _closes(text, mark, opened):
            if mark.start() > opened.end():
                yield Region(Span(opened.start(), mark.end()), Span(opened.end(), mark.start()))
            opened = None
    if opened is not None:
        end = paragraph.start + len(paragraph.of(text).rstrip())
        if end > opened.end():
            yield Region(Span(opened.start(), end), Span(opened.end(), end), closed=False)


def _opens(text: str, mark: re.Match[str], paragraph: Span) -> bool:
    if mark[0] in _OPENING or mark[0] == "``":
        return True
    before = text[mark.start() - 1] if mark.start() > paragraph.start else " "
    after = text[mark.end()] if mark.end() < paragraph.end else " "
    if mark[0] in _STRAIGHT:
        return not after.isspace() and not _INCHES.search(text, max(paragraph.start, mark.start() - 8), mark.start())
    return mark[0] in _CLOSING and (before.isspace() or before in "([—") and after.isalnum()


def _closes(text: str, mark: re.Match[str], opened: re.Match[str]) -> bool:
    if opened[0] == "„":
        return mark[0] in "“”" or mark[0] in _STRAIGHT
    if opened[0] == "«":
        return mark[0] == "»"
    if opened[0] in _STRAIGHT:
        return mark[0] in _STRAIGHT or mark[0] == "”"
    return mark[0] in _CLOSING or mark[0] == "''" or (mark[0] in _STRAIGHT and not _letter_after(text, mark.end()))


def _letter_after(text: str, at: int) -> bool:
    return at < len(text) and text[at].isalnum()


def _single_marks(text: str, paragraph: Span) -> Iterator[Region]:
    at = paragraph.start
    while (opened := _SINGLE.search(text, at, paragraph.end)) is not None:
        end = _single_end(text, opened.end(), paragraph.end)
        if end is None:
            at = opened.end()
            continue
        yield Region(Span(opened.start(), end + 1), Span(opened.end(), end))
        at = end + 1


def _single_end(text: str, start: int, stop: int) -> int | None:
    """Find the mark that closes a single quotation: one after a comma or full stop beats a possible plural genitive."""
    spare: int | None = None
    for at in range(start, stop):
        if text[at] == "‘":
            break
        if text[at] not in _APOSTROPHES or _letter_after(text, at + 1):
            continue
        if text[at - 1] in _SENTENCE_MARKS:
            return at
        if spare is None and text[at - 1] != "s":
            spare = at
    return spare

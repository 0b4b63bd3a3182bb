"""The lines of a page: what a reader sees as one block, before anyone says what it is.

In: the characters of a page without markup. Out: its lines, trimmed, with their offsets.
It judges nothing. `tree` makes the same lines from markup.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tidings.text import Assembly, Span

__all__ = ["MOST_LINES", "Line", "Place", "put_line", "text_lines"]

_LINE = re.compile("[^\n\r\u2028\u2029\x85\x0b\x0c]+")
_EDGES = " \t\xa0\u200b\u2060\ufeff\u3000\x1c\x1d\x1e\x1f"
_VISIBLE = re.compile(r"[^\s\u200b\u200c\u200d\u2060\ufeff\xad\x00]")
MOST_LINES = 30_000
"""Lines of one page that are looked at; the longest pages of news and their comments have half of that."""


@dataclass(frozen=True)
class Place:
    """Where in the markup a line stands."""

    tag: str = ""
    path: str = ""
    depth: int = 0
    kind: str | None = None
    box: int = 0
    outer: int = 0
    link: float = 0.0
    bold: float = 0.0
    in_article: bool = False
    in_main: bool = False
    hidden: bool = False
    cell: bool = False
    listed: bool = False
    quoted: bool = False
    itemprop: bool = False


@dataclass
class Line:
    """One line: its text as seen, the stretch of the page it stands in, and the parts it is put together from.

    A part is a stretch of the page to take as it stands, or a string that stands for one.
    """

    text: str
    source: Span
    parts: list[tuple[str, int, int]] = field(default_factory=list)
    place: Place | None = None


def text_lines(page: str) -> list[Line]:
    r"""Cut plain text into its lines, up to one more than `MOST_LINES`; blank ones are left out.

    >>> [line.text for line in text_lines("Talks resume\n\n  In Geneva. ")]
    ['Talks resume', 'In Geneva.']
    """
    found: list[Line] = []
    for match in _LINE.finditer(page):
        if not _VISIBLE.search(match.group()):
            continue
        span = Span(*match.span()).trim(page, None).trim(page, _EDGES)
        found.append(Line(text=span.of(page), source=span))
        if len(found) > MOST_LINES:
            break
    return found


def put_line(made: Assembly, line: Line) -> Span:
    """Append a line to an article under assembly and return where it stands there."""
    start = made.length
    if not line.parts:
        return made.take(*line.source)
    for text, begin, end in line.parts:
        if begin == end:
            made.insert(text)
        else:
            made.stand_in(text, begin, end)
    return Span(start, made.length)

"""Scan markup once, keeping the offset of every character that can be seen.

In: the decoded HTML of a page. Out: its text runs with their offsets, a bare copy in which each run is a numbered
sentinel, and where its scripts, metas and title stand. It repairs nothing: `tree` gives the copy to lxml.

lxml knows no offsets, and text must never be searched for afterwards. So each run of text goes into the copy as
U+E000, its number, U+E001; lxml mends the tree around it, and the numbers come back in the tree's text nodes.
The scan takes linear time on any input: every pattern is possessive, and a search that once found nothing to the end
of the page is not made again.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from tidings.article.lines import MOST_LINES

__all__ = ["CLOSE", "OPEN", "Scan", "Tag", "attributes", "pieces", "scan", "visible"]

OPEN, CLOSE = "\ue000", "\ue001"
DEEPEST = 160
"""Levels kept; libxml2 drops what lies below 256, and real pages stay under 60."""
_MOST_ATTRIBUTES = 200
"""Attributes of one tag that are kept: parsers look each up among all before it, and real pages stay under 60."""
_MOST_PARTS = 200_000
"""Tags and runs of text that are copied: with more, the parsing of one page takes minutes."""

_TAG = re.compile(
    r"""<(/?+)([a-zA-Z][^\s/>\x00<]*+)          # a name
        ((?:[^>=]++                             # attribute names and the like
           |=\s*+(?:"[^"]*+"|'[^']*+')?+        # a value; a quote that never closes is a character
        )*+)>""",
    re.VERBOSE,
)
_LOOSE_TAG = re.compile(r"<(/?+)([a-zA-Z][^\s/>\x00<]*+)([^>]*+)>")
_ATTRIBUTE = re.compile(
    r"""([^\s"'<>/=\x00]{1,80}+)(?:[ \t\n\r\f]*+=[ \t\n\r\f]*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'>]++)))?+""",
    re.VERBOSE,
)
_NOT_SEEN = r"\xad\u200b\u2060\ufeff\ue000\ue001\x00-\x08\x0e-\x1f\x7f"
_SEEN = rf"[^\s\xa0&{_NOT_SEEN}]"
_PIECE = re.compile(
    rf"""(?P<blank>[\s\xa0]+)
      | (?P<entity>&(?:\#[0-9]{{1,7}}|\#[xX][0-9a-fA-F]{{1,6}}|[a-zA-Z][a-zA-Z0-9]{{1,31}});?)
      | (?P<unseen>[{_NOT_SEEN}]+)
      | (?P<plain>{_SEEN}+(?:\ {_SEEN}+)*+)
      | (?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_UNSEEN = re.compile(f"[{_NOT_SEEN}]+")
_BREAK = re.compile(r"""[\s/"']""")
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_RAW = frozenset("script style textarea title iframe noembed noframes xmp".split())
_SAME_CLOSES = frozenset("p li dt dd option tr td th".split())
_RAW_END = {name: re.compile(rf"</{name}(?=[\s/>])", re.I) for name in _RAW}


class Tag(NamedTuple):
    """One tag of interest: its name, and where its attributes stand."""

    name: str
    start: int
    end: int


@dataclass
class Scan:
    """What one pass over the markup found. All offsets point into the page.

    `crowded` tells that a tag has more attributes than parsers can bear; the copy holds the first of them. `cut` tells
    that the page has more text or tags than any page of news; the scan ends there.
    """

    runs: list[tuple[int, int]] = field(default_factory=list)
    copy: str = ""
    scripts: list[tuple[str, int, int]] = field(default_factory=list)
    tags: list[Tag] = field(default_factory=list)
    titles: list[tuple[int, int]] = field(default_factory=list)
    crowded: bool = False
    cut: bool = False


def scan(page: str) -> Scan:
    """Scan a page's markup.

    >>> found = scan("<p>Talks <b>resume</b></p>")
    >>> found.runs, found.copy.replace(OPEN, "{").replace(CLOSE, "}")
    ([(3, 9), (12, 18)], '<p>{0}<b>{1}</b></p>')
    """
    return _Scanner(page).run()


class _Scanner:
    """The pass itself; its state is where it stands and which tags are open."""

    def __init__(self, page: str) -> None:
        self._page = page
        self._found = Scan()
        self._copy: list[str] = []
        self._open: list[str] = []
        self._tag = _TAG
        self._lost: set[str] = set()

    def run(self) -> Scan:
        page, at, begin = self._page, 0, 0
        while (at := page.find("<", at)) >= 0:
            match = self._match(at)
            if match is None:
                end = self._skip(at)
                if end == at:
                    at += 1
                    continue
                self._text(begin, at)
                if page.startswith("<![CDATA[", at) and end - at > 12:
                    self._text(at + 9, end - 3)
                at = begin = end
                continue
            self._text(begin, at)
            at = begin = self._element(match)
            if len(self._found.runs) >= MOST_LINES or len(self._copy) >= _MOST_PARTS:
                self._found.cut = True
                break
        if not self._found.cut:
            self._text(begin, len(page))
        self._found.copy = "".join(self._copy)
        return self._found

    def _match(self, at: int) -> re.Match[str] | None:
        following = self._page[at + 1 : at + 3]
        if (
            not (following[:1].isalpha() or (following[:1] == "/" and following[1:].isalpha()))
            or not following.isascii()
        ):
            return None
        match = self._tag.match(self._page, at)
        if match is None and self._tag is _TAG:
            self._tag = _LOOSE_TAG  # a tag ran to the end of the page: from here on quotes mean nothing
            match = self._tag.match(self._page, at)
        return match

    def _skip(self, at: int) -> int:
        """Return the end of a comment, declaration or instruction at `at`, or `at` where there is none.

        What is cut off before its end reaches to the end of the page, as in a browser: half a tag is no text.
        """
        page = self._page
        if page.startswith("<!--", at):
            return self._after("-->", at + 2) or self._after(">", at) or len(page)
        if page.startswith("<![CDATA[", at):
            return self._after("]]>", at) or self._after(">", at) or at
        if page.startswith(("<!", "<?", "</"), at):
            return self._after(">", at) or len(page)
        if page[at + 1 : at + 2].isalpha() or at + 1 == len(page):
            return at if self._after(">", at) else len(page)
        return at

    def _after(self, mark: str, at: int) -> int:
        if mark in self._lost:
            return 0
        found = self._page.find(mark, at)
        if found < 0:
            self._lost.add(mark)
            return 0
        return found + len(mark)

    def _text(self, start: int, end: int) -> None:
        if start >= end:
            return
        if self._page[start:end].isspace():
            self._copy.append(" ")
            return
        self._copy.append(f"{OPEN}{len(self._found.runs)}{CLOSE}")
        self._found.runs.append((start, end))

    def _element(self, match: re.Match[str]) -> int:
        """Copy one tag, or leave out a raw element with its content; return where it ends."""
        name = match[2].lower()
        if not match[1]:
            if name in ("meta", "link", "html", "time", "body", "abbr", "a"):
                self._found.tags.append(Tag(name, match.start(3), match.end(3)))
            if name in _RAW:
                return self._raw(match, name)
            self._opened(match, name)
        elif name not in _RAW:
            self._closed(match, name)
        return match.end()

    def _raw(self, match: re.Match[str], name: str) -> int:
        start = match.end()
        closing = None if name in self._lost else _RAW_END[name].search(self._page, start)
        if closing is None:
            self._lost.add(name)
            # What follows an unclosed script is script to the end; any other is taken as if it were empty,
            # but where nothing else follows, it was cut off in the middle.
            cut = name in ("script", "style") or self._page.find("<", start) < 0
            if cut and name == "title":
                self._found.titles.append((start, len(self._page)))
            return len(self._page) if cut else start
        if name == "script":
            self._found.scripts.append((match[3], start, closing.start()))
        elif name == "title":
            self._found.titles.append((start, closing.start()))
        end = self._page.find(">", closing.end() - 1)
        return len(self._page) if end < 0 else end + 1

    def _opened(self, match: re.Match[str], name: str) -> None:
        if name in _VOID or match[3].endswith("/"):
            self._copy.append(self._bounded(match))  # libxml2 takes <path/> at its word
            return
        if name in _SAME_CLOSES and self._open and self._open[-1] == name:
            self._open.pop()
        if len(self._open) < DEEPEST:
            self._copy.append(self._bounded(match))
        self._open.append(name)

    def _bounded(self, match: re.Match[str]) -> str:
        """Return a tag as it stands, or one of very many words anew with the first of its attributes."""
        told = match[3]
        if len(told) <= 2 * _MOST_ATTRIBUTES or sum(1 for _ in _BREAK.finditer(told)) <= _MOST_ATTRIBUTES:
            return match[0]
        named = attributes(self._page, match.start(3), match.end(3))
        self._found.crowded = self._found.crowded or len(named) > _MOST_ATTRIBUTES
        kept = (f' {name}="{html.escape(value)}"' for name, (value, _, _) in islice(named.items(), _MOST_ATTRIBUTES))
        return f"<{match[2]}{''.join(kept)}{'/' if told.endswith('/') else ''}>"

    def _closed(self, match: re.Match[str], name: str) -> None:
        opened = self._open
        for back in range(1, min(len(opened), 60) + 1):
            if opened[-back] == name:
                if len(opened) - back < DEEPEST:
                    self._copy.append(match[0])
                del opened[-back:]
                return
        if name == "p" and len(opened) < DEEPEST:
            self._copy.append(match[0])


def attributes(page: str, start: int, end: int) -> dict[str, tuple[str, int, int]]:
    """Return the attributes of a tag: name in lower case -> value, and where the value stands in the page.

    >>> attributes('<meta name="author" content=Ann>', 5, 31)["content"]
    ('Ann', 28, 31)
    """
    found: dict[str, tuple[str, int, int]] = {}
    for match in _ATTRIBUTE.finditer(page, start, end):
        for group in (2, 3, 4):
            value = match[group]
            if value is not None:
                found.setdefault(match[1].lower(), (html.unescape(value), match.start(group), match.end(group)))
                break
        else:
            found.setdefault(match[1].lower(), ("", match.start(1), match.start(1)))
    return found


def visible(run: str) -> str:
    """Return a run of markup as it is seen, blanks folded but for those at its edges.

    >>> visible("more  &amp; more ")
    'more & more '
    """
    text = html.unescape(run) if "&" in run else run
    text = _UNSEEN.sub("", text)
    folded = " ".join(text.split())
    if not folded:
        return " " if text else ""
    return (" " if text[0].isspace() else "") + folded + (" " if text[-1].isspace() else "")


def pieces(page: str, start: int, end: int) -> list[tuple[str, int, int]]:
    """Cut a run of text into what is seen and the characters it stands for.

    >>> pieces("AT&amp;T", 0, 8)
    [('AT', 0, 2), ('&', 2, 7), ('T', 7, 8)]
    """
    found: list[tuple[str, int, int]] = []
    for match in _PIECE.finditer(page, start, end):
        kind, text = match.lastgroup, match.group()
        if kind == "unseen":
            continue
        if kind == "entity":
            text = _UNSEEN.sub("", html.unescape(text))
            if not text:
                continue
        found.append((text, match.start(), match.end()))
    return found

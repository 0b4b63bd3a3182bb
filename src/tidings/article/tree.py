"""The lines of a marked-up page.

In: a page's markup, scanned. Out: its visible lines in reading order, each with its offsets and its place in the tree,
and the mended tree itself with its text put back, for the extractors that are asked as witnesses.
It does not judge what a line is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tidings.article.lines import Line, Place
from tidings.article.markup import CLOSE, OPEN, Scan, pieces, visible
from tidings.article.regions import region
from tidings.text import Span

if TYPE_CHECKING:
    from lxml.html import HtmlElement

__all__ = ["plant", "restore", "tree_lines"]

_RUN = re.compile(f"{OPEN}([0-9]{{1,9}}){CLOSE}")
_BLOCKS = frozenset(
    """address article aside blockquote body button caption center dd details dialog dir div dl dt fieldset figcaption
    figure footer form h1 h2 h3 h4 h5 h6 header hgroup html label legend li main menu nav ol optgroup option p pre
    section select summary table tbody tfoot thead tr ul textarea picture video audio iframe canvas object""".split()
)
_UNSEEN = frozenset("script style noscript template svg head math datalist".split())
_CELLS = frozenset({"td", "th"})
_BOLD = frozenset({"b", "strong", "em", "i"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)


def plant(scanned: Scan) -> HtmlElement | None:
    """Let lxml mend the bare copy of a page; None when it cannot, or loses text on the way."""
    import lxml.html
    from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=False)
    data = re.sub("[\ud800-\udfff\x00]", "", scanned.copy).encode("utf-8")
    try:
        root = lxml.html.document_fromstring(data, parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return None
    kept = sum(text.count(OPEN) for text in root.itertext() if isinstance(text, str))
    return root if kept >= 0.95 * len(scanned.runs) else None


@dataclass
class _Open:
    """One open element."""

    tag: str
    kind: str | None
    path: str
    box: int
    in_article: bool = False
    in_main: bool = False
    hidden: bool = False
    cell: bool = False
    listed: bool = False
    quoted: bool = False
    itemprop: bool = False
    link: bool = False
    bold: bool = False
    unseen: bool = False
    block: bool = True


@dataclass
class _Walk:
    """The state of one walk: the page, the open elements and the line being put together."""

    page: str
    runs: list[tuple[int, int]]
    lines: list[Line] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)
    parts: list[tuple[int, int, bool, bool]] = field(default_factory=list)
    boxes: int = 0
    breaks: int = 0
    owner: int = -1

    def add(self, text: str | None) -> None:
        """Take the runs out of a text node."""
        if not text:
            return
        top = self.stack[-1]
        if top.unseen:
            return
        at = 0
        for match in _RUN.finditer(text):
            if match.start() > at:
                self.blank()
            number = int(match[1])
            if number < len(self.runs):
                self.parts.append((*self.runs[number], top.link, top.bold))
                self.breaks = 0
            at = match.end()
        if at < len(text):
            self.blank()

    def is_heading(self) -> bool:
        """Tell whether the line so far is all bold and short: a heading of the days before style sheets."""
        shown = [(start, end, bold) for start, end, _, bold in self.parts if start >= 0]
        return bool(shown) and all(bold for _, _, bold in shown) and 12 <= sum(e - s for s, e, _ in shown) <= 160

    def blank(self, *, line_break: bool = False) -> None:
        if self.parts:
            self.parts.append((-2 if line_break else -1, -1, False, False))

    def flush(self) -> None:
        """End the line being put together."""
        self.breaks = 0
        parts, self.parts = self.parts, []
        if not parts:
            return
        line = self.line(parts)
        if line is not None:
            self.lines.append(line)

    def line(self, parts: list[tuple[int, int, bool, bool]]) -> Line | None:
        texts, linked, bold, total = [], 0, 0, 0
        for start, end, link, strong in parts:
            if start < 0:
                texts.append("\n" if start == -2 else " ")
                continue
            text = visible(self.page[start:end])
            texts.append(text)
            size = len(text.strip())
            total += size
            linked += size if link else 0
            bold += size if strong else 0
        text = " ".join("".join(texts).split())
        if not text or not any(not char.isspace() for char in text):
            return None
        spans = [(start, end) for start, end, _, _ in parts if start >= 0]
        block = next((opened for opened in reversed(self.stack) if opened.block), self.stack[-1])
        blocks = [opened for opened in self.stack if opened.block]
        place = Place(
            tag=block.tag,
            path=block.path,
            depth=len(self.stack),
            kind=block.kind,
            box=blocks[-2].box if len(blocks) > 1 else 0,
            outer=blocks[-3].box if len(blocks) > 2 else 0,
            link=linked / max(1, total),
            bold=bold / max(1, total),
            in_article=block.in_article,
            in_main=block.in_main,
            hidden=block.hidden,
            cell=block.cell,
            listed=block.listed,
            quoted=block.quoted,
            itemprop=block.itemprop,
        )
        hull = Span(min(start for start, _ in spans), max(end for _, end in spans))
        return Line(text=text, source=hull.trim(self.page), parts=[(str(s), s, e) for s, e, _, _ in parts], place=place)


def tree_lines(root: HtmlElement, scanned: Scan, page: str) -> list[Line]:
    """Return the lines of a mended tree in reading order.

    The parts of a line are bare until `settle` gives them their characters.
    """
    from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

    walk = _Walk(page, scanned.runs)
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if not isinstance(element.tag, str):
            continue
        if event == "start":
            _start(walk, element)
            continue
        opened = walk.stack[-1]
        if opened.block:
            walk.flush()
        walk.stack.pop()
        if walk.stack:
            if element.tag == "br":
                _break(walk)
            elif opened.tag in _CELLS:
                walk.blank()
            walk.add(element.tail)
    return walk.lines


def _break(walk: _Walk) -> None:
    walk.breaks += 1
    if walk.breaks >= 2 or walk.is_heading():
        walk.flush()
    else:
        walk.blank(line_break=True)


def _start(walk: _Walk, element: Any) -> None:  # lxml ships no types
    tag = element.tag
    above = walk.stack[-1] if walk.stack else None
    block = tag in _BLOCKS or (tag in _CELLS and any(child.tag in _BLOCKS for child in element))
    if block:
        walk.flush()
    opened = _Open(tag, None, tag, 0) if above is None else _inherit(above, tag)
    opened.block = block
    attributes = element.attrib
    if block or tag in _CELLS:
        walk.boxes += 1
        names = f"{attributes.get('class', '')} {attributes.get('id', '')}"[:300]
        opened.box = walk.boxes
        opened.path = f"{opened.path[-80:]}/{tag}.{attributes.get('class', '')[:40]}"
        opened.kind = (
            region(tag, names, attributes.get("role", ""), attributes.get("data-testid", "")[:60]) or opened.kind
        )
        opened.in_article = opened.in_article or tag == "article"
        opened.in_main = opened.in_main or tag == "main"
        opened.listed = opened.listed or tag == "li"
        opened.quoted = opened.quoted or tag == "blockquote"
        opened.cell = opened.cell or tag in _CELLS
        opened.itemprop = opened.itemprop or attributes.get("itemprop", "").lower() == "articlebody"
    style = attributes.get("style")
    if "hidden" in attributes or (style and _HIDDEN.search(style)):
        opened.hidden = True
    opened.link = opened.link or tag == "a"
    opened.bold = opened.bold or tag in _BOLD
    opened.unseen = opened.unseen or tag in _UNSEEN
    walk.stack.append(opened)
    walk.add(element.text)


def _inherit(above: _Open, tag: str) -> _Open:
    return _Open(
        tag,
        above.kind,
        above.path,
        above.box,
        above.in_article,
        above.in_main,
        above.hidden,
        above.cell,
        above.listed,
        above.quoted,
        above.itemprop,
        above.link,
        above.bold,
        above.unseen,
    )


def settle(line: Line, page: str) -> Line:
    """Give a line the exact parts it is put together from: slices, stand-ins for entities, and blanks."""
    made: list[tuple[str, int, int]] = []
    blank: tuple[str, int, int] | None = None
    for _, start, end in line.parts:
        if start < 0:
            if made and (blank is None or start == -2):
                blank = ("\n" if start == -2 else " ", 0, 0)
            continue
        for text, begin, stop in pieces(page, start, end):
            if text.isspace():
                if made and (blank is None or (blank[1] == blank[2] and blank[0] == " ")):
                    blank = (" ", begin, stop)
                continue
            if blank is not None:
                made.append(blank)
                blank = None
            made.append((text, begin, stop))
    text = "".join(text for text, _, _ in made)
    if not made:
        return line
    real = [(begin, stop) for _, begin, stop in made if begin < stop]
    hull = Span(min(begin for begin, _ in real), max(stop for _, stop in real))
    return Line(text=text, source=hull, parts=made, place=line.place)


def restore(root: HtmlElement, scanned: Scan, page: str) -> None:
    """Put the text of the page back into the mended tree."""
    runs = scanned.runs

    def seen(match: re.Match[str]) -> str:
        number = int(match[1])
        return visible(page[slice(*runs[number])]) if number < len(runs) else ""

    for element in root.iter():
        if element.text and OPEN in element.text:
            element.text = _RUN.sub(seen, element.text)
        if element.tail and OPEN in element.tail:
            element.tail = _RUN.sub(seen, element.tail)

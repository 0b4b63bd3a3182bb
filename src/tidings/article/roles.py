"""Give the lines of an article their roles.

In: the lines of a page and which of them are body. Out: the role of each line that belongs to the article.
What stands around it is left to `furniture`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from tidings.article.lines import Line
from tidings.article.people import byline_names
from tidings.article.titles import alike, title_parts
from tidings.facts import BlockRole

__all__ = ["article_roles", "find_headline"]

_END = re.compile(r"""[.!?…。:;,][\s"'”’»)\]]*$""")
_DATELINE = re.compile(
    r"""(?:(?:posted|published|updated|last\ (?:updated|modified)|first\ published|date)\b[\s:]{1,3})?(?:on\s)?
    (?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s|(?:mon|tue|wed|thu|fri|sat|sun),?\s)?
    (?:\d{1,2}(?:st|nd|rd|th)?\s[a-z]{3,9}\.?,?\s\d{4}|[a-z]{3,9}\.?\s\d{1,2}(?:st|nd|rd|th)?,?\s\d{4}|\d{4}-\d\d-\d\d|\d{1,2}[/.]\d{1,2}[/.]\d{2,4})
    .{0,60}""",
    re.I | re.VERBOSE,
)
_CORRECTION = re.compile(
    r"(?:correction|clarification|editor['’]s note|this (?:article|story) (?:was|has been)\s"
    r"(?:corrected|amended|updated))\b",
    re.I,
)
_BULLET = re.compile(r"(?:[-–•*▪●‣]\s|\d{1,2}[.)]\s)")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def find_headline(lines: Sequence[Line], body: Sequence[bool], titles: Sequence[str], *, marked_up: bool) -> int | None:
    """Return which line is the headline: one that says what the page's title says, or the first line of plain text.

    On plain text a first line counts when it stands above the body and is no sentence.
    """
    inside = [number for number, kept in enumerate(body) if kept]
    first = inside[0] if inside else len(lines)
    wanted = [title for title in titles if title]
    wanted += [part for title in wanted for part, _ in title_parts(title) if len(part.split()) >= 3]
    for tags in (("h1",), _HEADINGS, None):
        for number in range(min(len(lines), first + 3)):
            place = lines[number].place
            if (tags is None or (place is not None and place.tag in tags)) and any(
                alike(lines[number].text, one) for one in wanted
            ):
                return number
    if marked_up:
        ones = [
            n
            for n in range(min(first + 1, len(lines)))
            if (p := lines[n].place) is not None and p.tag == "h1" and not p.link and p.kind not in ("nav", "footer")
        ]
        return ones[-1] if ones else None
    return _plain_headline(lines, inside)


def _plain_headline(lines: Sequence[Line], inside: Sequence[int]) -> int | None:
    if not inside:
        return None
    first = inside[0]
    head = lines[first].text
    if len(inside) > 1 and _is_title(head) and len(lines[inside[1]].text) > len(head):
        return first  # the model took the headline for body
    for number in range(first - 1, max(-1, first - 8), -1):
        if _is_title(lines[number].text) and (number == 0 or len(lines[number].text.split()) >= 5):
            return number
    return None


def _is_title(text: str) -> bool:
    words = text.split()
    return (
        3 <= len(words) <= 30
        and len(text) <= 220
        and not _END.search(text.rstrip("?!"))
        and not _DATELINE.fullmatch(text)
        and not byline_names(text)
    )


def article_roles(
    lines: Sequence[Line], body: Sequence[bool], headline: int | None, described: str | None
) -> list[BlockRole | None]:
    """Return the role of each line of the article, None for the rest."""
    roles: list[BlockRole | None] = [None] * len(lines)
    if headline is not None:
        roles[headline] = "headline"
    inside = [number for number, kept in enumerate(body) if kept and number != headline]
    if not inside:
        return roles
    for at, number in enumerate(inside):
        roles[number] = _role(lines, inside, at, described)
    for number in range(max(0, (headline if headline is not None else inside[0]) - 3), inside[0]):
        if roles[number] is None and number != headline:
            roles[number] = _above(lines[number])
            if roles[number] is None and headline is not None and headline < number <= headline + 2:
                roles[number] = _standfirst(lines[number], described)
    return roles


def _standfirst(line: Line, described: str | None) -> BlockRole | None:
    """Keep a summary that stands right under the headline and is marked as one, or is how the page describes itself."""
    marked = line.place is not None and line.place.kind == "standfirst"
    return "standfirst" if len(line.text) > 30 and (marked or alike(line.text, described)) else None


def _above(line: Line) -> BlockRole | None:
    if len(line.text) > 120:
        return None
    if byline_names(line.text):
        return "byline"
    return "dateline" if _DATELINE.fullmatch(line.text) else None


def _role(lines: Sequence[Line], inside: Sequence[int], at: int, described: str | None) -> BlockRole:
    line = lines[inside[at]]
    text, place = line.text, line.place
    above = _above(line) if at < 3 or at == len(inside) - 1 else None
    if above is not None:
        return above
    if _CORRECTION.match(text):
        return "correction"
    if place is not None:
        if place.tag == "figcaption" or place.kind == "caption":
            return "caption" if place.tag == "figcaption" else "paragraph"
        if place.tag in _HEADINGS:
            return "standfirst" if at == 0 and len(text.split()) > 8 else "subheading"
        if place.quoted:
            return "quote"
        if place.cell and not (len(text.split()) >= 15 and _END.search(text)):
            return "table"  # a sentence in a cell stands in a table that lays out the page, not in one of facts
        if place.listed:
            return "list"
    if at == 0 and len(text) > 40 and (alike(text, described) or (place is not None and place.kind == "standfirst")):
        return "standfirst"
    if place is None and _BULLET.match(text):
        return "list"
    short = 2 <= len(text.split()) <= 14 and len(text) <= 110
    whole = place is None or place.bold > 0.9
    if short and whole and at < len(inside) - 1 and not _END.search(text) and text[:1] not in '"“‘«':
        return "subheading"
    return "paragraph"

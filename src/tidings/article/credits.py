"""Find who else an article came from.

In: the lines of a page and which of them are body. Out: a `Credit`, with where it stands.
It does not say who wrote the article (see `people`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from tidings.article.lines import Line
from tidings.facts import Credit, CreditKind
from tidings.text import Span

__all__ = ["find_credit", "is_domain"]

_DOMAIN = re.compile(
    r"(?:https?://)?(?:www\.)?((?:[a-z0-9][a-z0-9-]{0,40}\.){1,3}(?:com|org|net|info|news|tv|eu|int|gov|edu|co|io|[a-z]{2}))/?",
    re.I,
)
_LONG_DOMAIN = re.compile(r"(?:https?://)?(?:www\.)?((?:[a-z0-9][a-z0-9-]{0,40}\.){1,3}[a-z]{4,12})/?")
_SOURCE_LINE = re.compile(
    r"(?:source|fuente|quelle|fonte|via|original(?: article)?|sursa|źródło)\s?[:|-]\s?(.{2,80})", re.I
)
_AGENCIES = (
    "Reuters|AFP|AP|Associated Press|EFE|dpa|ANSA|TASS|Xinhua|PTI|ANI|IANS|Bloomberg|UPI|Interfax|Kyodo|Yonhap|BELGA"
    "|Anadolu|AAP|PA Media"
)
_AGENCY_TAG = re.compile(rf"^.{{0,60}}?\((?P<name>{_AGENCIES})\)\s{{0,3}}[-–—:]")
_AGENCY_LINE = re.compile(
    rf"(?:©\s?|By\s|\(c\)\s?|With\s)?(?P<name>{_AGENCIES})(?:\s(?:and|contributed).{{0,60}})?\.?", re.I
)
_ORIGINAL = re.compile(
    r"""(?:this\ (?:article|story|piece|post|report)|the\ original\ (?:article|version))\s(?:was|is|has\ been|were)?\s?
    (?:originally|first|previously|also)\s(?:published|appeared|posted|run)
    \s(?:in|on|by|at|with)\s(?:the\ )?(?P<name>[^.,;()]{2,60})""",
    re.I | re.VERBOSE,
)
_REPUBLISHED = re.compile(
    r"\b(?:republished|reprinted|reproduced|syndicated)\s(?:with\spermission\s)?from\s(?:the\s)?(?P<name>[^.,;()]{2,60})",
    re.I,
)
_TRANSLATED = re.compile(r"\btranslated\s(?:\w+\s){0,4}?(?:from|by)\s(?:the\s)?(?P<name>[^.,;()]{2,60})", re.I)
_PROVIDED = re.compile(r"\b(?:provided|distributed)\sby\s(?P<name>[^.,;()]{2,40})", re.I)
_RELEASE = re.compile(r"\b(?:PRNewswire|PR Newswire|Business Wire|GLOBE NEWSWIRE|EIN Presswire|ACCESSWIRE)\b")


def is_domain(text: str) -> str | None:
    """Return the domain when a line is nothing else.

    >>> is_domain("www.example.com"), is_domain("Visit example.com today")
    ('example.com', None)
    """
    match = _DOMAIN.fullmatch(text.strip()) or _LONG_DOMAIN.fullmatch(text.strip())
    return match[1] if match else None


def find_credit(lines: Sequence[Line], body: Sequence[bool], *, outlet: str | None) -> Credit | None:
    """Return who the article was taken from, when the page says so.

    A line that is a domain alone counts close behind the article's last line; sentences count anywhere in or near it.
    """
    inside = [number for number, kept in enumerate(body) if kept]
    if not inside:
        return None
    first, last = inside[0], inside[-1]
    for number in range(max(0, first - 6), min(len(lines), last + 8)):
        found = _in_line(lines[number], number, first, last, body[number])
        if found is None:
            continue
        name, kind = found
        if outlet and _same(name, outlet):
            continue
        return Credit(name=name, kind=kind, source=_where(lines[number], name))
    return None


def _in_line(line: Line, number: int, first: int, last: int, kept: bool) -> tuple[str, CreditKind] | None:
    text = line.text
    if number <= first + 1 and (match := _AGENCY_TAG.match(text[:120])):
        return match["name"], "agency"
    if number <= first + 1 and (match := _RELEASE.search(text[:200])):
        return match.group(), "press_release"
    if len(text) <= 400:
        if match := _TRANSLATED.search(text):
            return (match["name"].strip(), "translated") if match["name"][:1].isupper() or not kept else None
        if match := (_ORIGINAL.search(text) or _REPUBLISHED.search(text)):
            return match["name"].strip(), "syndicated"
    if number < last - 1 or kept:
        return None
    if domain := is_domain(text):
        return domain, "syndicated"
    if match := _SOURCE_LINE.fullmatch(text):
        name = match[1].strip()
        return is_domain(name) or name, "syndicated"
    if match := _AGENCY_LINE.fullmatch(text):
        return match["name"], "agency"
    if len(text) < 80 and (match := _PROVIDED.search(text)):
        return match["name"].strip(), "partner"
    return None


def _same(name: str, outlet: str) -> bool:
    squeeze = re.compile(r"\W+")
    one, other = squeeze.sub("", name.casefold()), squeeze.sub("", outlet.casefold())
    return one == other or one.removesuffix("com") == other.removesuffix("com")


def _where(line: Line, name: str) -> Span:
    """Narrow a line to the name in it; markup keeps the whole line's stretch."""
    if line.parts:
        return line.source
    at = line.text.find(name)
    return line.source if at < 0 else Span(line.source.start + at, line.source.start + at + len(name))

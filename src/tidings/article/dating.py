"""Collect the dates a page states about itself.

In: what it declares, its address, and its lines. Out: `DateCandidate`s, best first, each with its evidence.
It does not choose: the stage `times` weighs them against the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from tidings.article.declared import Declared
from tidings.article.lines import Line
from tidings.facts import DateBasis, DateCandidate, Evidence
from tidings.text import Span

if TYPE_CHECKING:
    from lxml.html import HtmlElement

__all__ = ["find_dates", "text_dates"]

_ISO = re.compile(r"\s*((?:19|20)\d\d)[-/.]?([01]?\d)[-/.]?([0-3]?\d)(?!\d)")
_URL = re.compile(
    r"/((?:19|20)\d\d)[/-]?([01]\d)[/-]?([0-3]\d)(?=[/_.-]|$)|[/_-]((?:19|20)\d\d)-([01]\d)-([0-3]\d)(?=[/_.-]|$)"
)
_LD_DATE = re.compile(r'"datePublished"\s{0,20}:\s{0,20}"([^"]{8,60})"')
_MONTHS = {
    name: number
    for number, names in enumerate(
        "january jan,february feb,march mar,april apr,may,june jun,july jul,august aug,september sep sept,october oct,"
        "november nov,december dec".split(","),
        1,
    )
    for name in names.split()
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_WRITTEN = re.compile(
    rf"\b(?:({_MONTH})\.?\s([0-3]?\d)(?:st|nd|rd|th)?,?\s((?:19|20)\d\d)|([0-3]?\d)(?:st|nd|rd|th)?\s({_MONTH})\.?,?\s((?:19|20)\d\d)"
    r"|((?:19|20)\d\d)-([01]\d)-([0-3]\d))\b",
    re.I,
)
_METAS = (
    ("article:published_time", 0.96),
    ("og:published_time", 0.95),
    ("datepublished", 0.95),
    ("parsely-pub-date", 0.94),
    ("sailthru.date", 0.93),
    ("cxenseparse:recs:publishtime", 0.92),
    ("publishdate", 0.92),
    ("publish-date", 0.92),
    ("publish_date", 0.92),
    ("pubdate", 0.92),
    ("dc.date.issued", 0.92),
    ("dcterms.created", 0.9),
    ("dcterms.date", 0.9),
    ("dc.date", 0.88),
    ("date", 0.88),
    ("article.published", 0.9),
    ("og:article:published_time", 0.95),
    ("last-modified", 0.4),
)


def find_dates(
    told: Declared, page: str, url: str | None, lines: Sequence[Line], near: Sequence[int], root: HtmlElement | None
) -> tuple[DateCandidate, ...]:
    """Return the dates a marked-up page states, best first; htmldate is asked only when the page declares none."""
    found = [*_linked(told, page), *_from_metas(told), *_from_url(url or told.canonical), *_from_times(told)]
    found += _written(lines, near)
    if root is not None and not any(one.basis == "metadata" and one.score >= 0.8 for one in found):
        found += _asked(root, url)
    return _ranked(found)


def text_dates(lines: Sequence[Line], near: Sequence[int], url: str | None) -> tuple[DateCandidate, ...]:
    """Return the dates a page of plain text states: in its address and in the lines around its headline."""
    return _ranked([*_from_url(url), *_written(lines, near)])


def _day(year: str, month: str, day: str) -> str | None:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found.isoformat() if 1990 <= found.year <= 2100 else None


def iso_day(text: str) -> str | None:
    """Return the day a machine-readable date names, in its own time zone.

    >>> iso_day("2021-12-30T23:10:00-05:00"), iso_day("30 December 2021"), iso_day("soon")
    ('2021-12-30', '2021-12-30', None)
    """
    if match := _ISO.match(text):
        return _day(*match.groups())
    match = _WRITTEN.search(text[:80])
    return _written_day(match) if match else None


def _written_day(match: re.Match[str]) -> str | None:
    one = match.groups()
    if one[0]:
        return _day(one[2], str(_MONTHS[one[0].lower()]), one[1])
    if one[3]:
        return _day(one[5], str(_MONTHS[one[4].lower()]), one[3])
    return _day(one[6], one[7], one[8])


def _candidate(
    day: str | None, basis: DateBasis, score: float, says: str, text: str, source: Span | None
) -> Iterator[DateCandidate]:
    if day is not None:
        yield DateCandidate(value=day, basis=basis, score=score, evidence=Evidence(says=says, text=text, source=source))


def _linked(told: Declared, page: str) -> Iterator[DateCandidate]:
    value = told.main.get("datePublished")
    stands = [(m[1], Span(m.start(1), m.end(1))) for span in told.scripts for m in _LD_DATE.finditer(page, *span)]
    if isinstance(value, str):
        source = next((span for text, span in stands if text == value), None)
        yield from _candidate(
            iso_day(value), "metadata", 0.98, "the page's JSON-LD says when it was published", value, source
        )
        return
    for text, span in stands[:1]:
        yield from _candidate(
            iso_day(text), "metadata", 0.9, "the page's JSON-LD says when it was published", text, span
        )


def _from_metas(told: Declared) -> Iterator[DateCandidate]:
    for wanted, score in _METAS:
        for name, value, span in told.metas:
            if name == wanted:
                yield from _candidate(iso_day(value), "metadata", score, f"the meta tag {name} says so", value, span)
                break


def _from_times(told: Declared) -> Iterator[DateCandidate]:
    for number, (_, values) in enumerate(told.times[:3]):
        value = values.get("datetime")
        if value is None:
            continue
        marked = (
            "pubdate" in values
            or "publish" in " ".join(values.get(k, ("", 0, 0))[0] for k in ("class", "itemprop")).lower()
        )
        score = 0.9 if marked else (0.75 if number == 0 else 0.55)
        yield from _candidate(
            iso_day(value[0]), "metadata", score, "a time element says so", value[0], Span(value[1], value[2])
        )


def _from_url(url: str | None) -> Iterator[DateCandidate]:
    match = _URL.search(url or "")
    if match:
        parts = [part for part in match.groups() if part]
        yield from _candidate(
            _day(*parts), "url", 0.93, "the address of the page holds it", match.group().strip("/_-."), None
        )


def _written(lines: Sequence[Line], near: Sequence[int]) -> Iterator[DateCandidate]:
    """Read dates in full from the short lines around the headline."""
    for number in near:
        line = lines[number]
        if len(line.text) > 140:
            continue
        match = _WRITTEN.search(line.text)
        if match and _is_about_the_page(line.text, match):
            source = line.source
            if not line.parts:
                source = Span(line.source.start + match.start(), line.source.start + match.end())
            score = 0.5 if re.search(r"updated|modified", line.text, re.I) else 0.8
            yield from _candidate(
                _written_day(match), "dateline", score, "a line near the headline says so", match.group(), source
            )


def _is_about_the_page(text: str, date: re.Match[str]) -> bool:
    """Tell a line that dates the page ("Posted on May 3, 2019 by A. Miller") from a sentence that names a day."""
    rest = (text[: date.start()] + text[date.end() :]).split()
    return len(rest) <= 14 and not re.search(r"[a-z][.!?][\"”’']?$", text.strip())


def _asked(root: HtmlElement, url: str | None) -> Iterator[DateCandidate]:
    from htmldate import find_date

    try:
        found = find_date(
            root, url=url, original_date=True, extensive_search=False, min_date="1995-01-01", max_date="2100-01-01"
        )
    except (ValueError, TypeError, AttributeError, RecursionError, OverflowError):
        return
    yield from _candidate(found, "metadata", 0.7, "htmldate finds it in the markup", found or "", None)


def _ranked(found: Sequence[DateCandidate]) -> tuple[DateCandidate, ...]:
    best: dict[tuple[str, str], DateCandidate] = {}
    for one in sorted(found, key=lambda one: -one.score):
        best.setdefault((one.value, one.basis), one)
    return tuple(best.values())

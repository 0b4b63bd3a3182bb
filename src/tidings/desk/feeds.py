"""A view as a feed (RSS 2.0) or as a calendar (RFC 5545).

In: the entries of a view, and where the desk is. Out: text. The same entries give the same bytes: no clock is asked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

import msgspec

from tidings.desk.telling import Told, is_day
from tidings.desk.views import Item, names
from tidings.export import ics

if TYPE_CHECKING:
    from tidings.stories.calendar import Scheduled

__all__ = ["Entry", "to_entry", "to_ics", "to_rss"]

# What XML 1.0 cannot hold.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_UNKNOWN = "19700101T000000Z"


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One thing planned, for a calendar."""

    uid: str
    day: str
    last: str
    summary: str
    words: str
    path: str
    place: str | None = None
    kind: str | None = None


def to_entry(planned: Scheduled | Told) -> Entry | None:
    """Make an entry of something planned; None when its day is not known."""
    if isinstance(planned, Told):
        if planned.status != "planned" or planned.day is None:
            return None
        told = " / ".join(side for side in (names(planned.source), names(planned.target)) if side)
        return Entry(
            uid=f"{planned.article}-{planned.event}",
            day=planned.day,
            last=planned.last or planned.day,
            summary=f"{told}: {planned.words[:80]}" if told else planned.words[:100],
            words=planned.words,
            path=_path(planned.article, planned.span),
            kind=planned.type,
        )
    told = " / ".join(", ".join(side) for side in (planned.who, planned.to_whom) if side)
    first = planned.tellings[0]
    return Entry(
        uid=f"{first.article}-{planned.id}",
        day=planned.day,
        last=planned.last,
        summary=f"{told}: {planned.words[:80]}" if told else planned.words[:100],
        words=planned.words,
        path=_path(first.article, first.span),
        place=planned.place,
        kind=planned.type,
    )


def _path(article: str, span: Sequence[int]) -> str:
    return f"/article/{article}?at={span[0]}-{span[1]}#{span[0]}-{span[1]}"


def to_rss(title: str, home: str, path: str, items: Sequence[Item]) -> str:
    r"""Write a feed; `home` is the address of the desk without a slash at its end.

    >>> print(to_rss("A & B", "http://desk", "/search.rss?q=x", [Item(path="/article/1", title="<t>")]))
    <?xml version="1.0" encoding="UTF-8"?>
    <rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>A &amp; B</title>...
    """
    out = [
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>',
        f"<title>{_xml(title)}</title><link>{_xml(home + path.replace('.rss', '', 1))}</link>",
        f"<description>{_xml(title)}, from Tidings</description>",
        f'<atom:link href={quoteattr(_clean(home + path))} rel="self" type="application/rss+xml"/>\n',
    ]
    for item in items:
        link = _xml(home + item.path)
        out.append(f'<item><title>{_xml(item.title)}</title><link>{link}</link><guid isPermaLink="true">{link}</guid>')
        if item.words:
            out.append(f"<description>{_xml(item.words)}</description>")
        if item.day and is_day(item.day):
            day = datetime.combine(date.fromisoformat(item.day[:10]), datetime.min.time(), UTC)
            out.append(f"<pubDate>{format_datetime(day)}</pubDate>")
        out.append("</item>\n")
    return "".join([*out, "</channel></rss>\n"])


def to_ics(entries: Sequence[Entry], home: str) -> str:
    """Write a calendar with an all-day entry for each thing planned."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Tidings//Tidings//EN", "CALSCALE:GREGORIAN"]
    for entry in entries:
        try:
            first, last = date.fromisoformat(entry.day), date.fromisoformat(entry.last)
            end = max(first, last) + timedelta(days=1)
        except (ValueError, OverflowError):
            continue
        lines += [
            "BEGIN:VEVENT",
            f"UID:{entry.uid}@tidings",
            f"DTSTAMP:{_UNKNOWN}",
            f"DTSTART;VALUE=DATE:{first:%Y%m%d}",
            f"DTEND;VALUE=DATE:{end:%Y%m%d}",
            f"SUMMARY:{ics.escape(entry.summary)}",
            f"DESCRIPTION:{ics.escape(entry.words)}",
            *([f"LOCATION:{ics.escape(entry.place)}"] if entry.place else []),
            *([f"CATEGORIES:{ics.escape(entry.kind)}"] if entry.kind else []),
            f"URL:{home}{entry.path}",
            "STATUS:TENTATIVE",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    return "".join(ics.fold(line) + "\r\n" for line in [*lines, "END:VCALENDAR"])


def _clean(text: str) -> str:
    return _ILLEGAL.sub("\ufffd", text)


def _xml(text: str) -> str:
    return escape(_clean(text))

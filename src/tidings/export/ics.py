"""iCalendar (RFC 5545): what is planned, on the days it is planned for.

In: records. Out: one calendar with an all-day entry for each planned event that has a date.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import IO

from tidings.export.events import said_by
from tidings.facts import Actor, Event, Record

__all__ = ["escape", "fold", "write"]

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_BREAKS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f]")
_WIDE = 75
"""Bytes of a line."""
_UNKNOWN = "19700101"


def write(records: Iterable[Record], stream: IO[str]) -> int:
    """Write the calendar of all records."""
    count = 0
    for line in ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Tidings//Tidings//EN", "CALSCALE:GREGORIAN"):
        stream.write(line + "\r\n")
    for record in records:
        for event in record.events:
            entry = list(_entry(record, event))
            for line in entry:
                stream.write(fold(line) + "\r\n")
            count += bool(entry)
    stream.write("END:VCALENDAR\r\n")
    return count


def fold(line: str) -> str:
    """Break a line so that none is longer than 75 bytes, never within a character; no other break is left in it.

    >>> fold("SUMMARY:" + "é" * 40).split("\\r\\n")[1]
    ' ééééééé'
    """
    parts, held, size = [], [], 0
    for mark in _BREAKS.sub(" ", line):
        wide = len(mark.encode("utf-8", "replace"))
        if size + wide > _WIDE:
            parts.append("".join(held))
            held, size = [" "], 1
        held.append(mark)
        size += wide
    return "\r\n".join([*parts, "".join(held)])


def _entry(record: Record, event: Event) -> Iterator[str]:
    days = _days(event)
    if event.status != "planned" or days is None:
        return
    text, page = record.article.text, record.page
    actors = {actor.id: actor for actor in record.actors}
    place = record.places[event.place] if event.place is not None and event.place < len(record.places) else None
    known = page.fetched or (record.article.published.value if record.article.published else None)
    told = [event.sentence.of(text), f"Type: {event.type}", _origin(record, said_by(record, event))]
    yield "BEGIN:VEVENT"
    yield f"UID:{event.id}-{record.id}@tidings"
    # The stamp is when the record learned of it, so that the same records give the same calendar.
    yield f"DTSTAMP:{known[:10].replace('-', '') if known else _UNKNOWN}T000000Z"
    yield f"DTSTART;VALUE=DATE:{days[0]:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{days[1] + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{escape(_summary(event, actors, text))}"
    yield f"DESCRIPTION:{escape(chr(10).join(told))}"
    yield f"CATEGORIES:{event.type}"
    yield "STATUS:TENTATIVE"
    yield "TRANSP:TRANSPARENT"
    if place:
        yield f"LOCATION:{escape(place.name)}"
        if place.lat is not None and place.lon is not None:
            yield f"GEO:{place.lat:.6f};{place.lon:.6f}"
    if page.url:
        yield f"URL:{_CONTROL.sub('', page.url).replace(chr(10), '')}"
    yield "END:VEVENT"


def _days(event: Event) -> tuple[date, date] | None:
    if event.date is None or not event.date.begin:
        return None
    try:
        first = date.fromisoformat(event.date.begin[:10])
        last = date.fromisoformat((event.date.end or event.date.begin)[:10])
    except ValueError:
        return None
    return (first, last) if first <= last < date.max else None


def _summary(event: Event, actors: dict[str, Actor], text: str) -> str:
    """Name the actors and what they plan, in the words of the article where there are no names."""
    sides = [
        ", ".join(actors[side.actor].name if side.actor in actors else side.span.of(text) for side in sides)
        for sides in (event.source, event.target)
    ]
    told = " / ".join(side for side in sides if side)
    return f"{told}: {event.trigger.of(text)}" if told else " ".join(event.sentence.of(text).split())[:100]


def _origin(record: Record, teller: str | None) -> str:
    article = record.article
    told = [article.outlet or record.page.outlet, article.title, article.published.value if article.published else None]
    origin = "From: " + ", ".join(part for part in told if part) if any(told) else f"From: {record.id}"
    return f"{origin}\nAccording to: {teller}" if teller else origin


def escape(text: str) -> str:
    """Write a text as the value of a property, on one line and without control characters."""
    text = _CONTROL.sub(" ", text.replace("\r\n", "\n"))
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")

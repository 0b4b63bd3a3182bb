"""`tidings calendar`: what is scheduled, with the words that say so."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tidings.cli import EXIT_NOTHING_READ
from tidings.cli.options import days_option, format_option
from tidings.cli.terminal import complain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidings.stories.calendar import Scheduled

_COLUMNS = (
    "day", "last", "date", "type", "who", "to_whom", "place", "words", "independent", "articles", "article", "outlet",
    "start", "end",
)  # fmt: skip


@click.command("calendar")
@click.argument("store", type=click.Path(path_type=Path), metavar="STORE")
@days_option
@click.option("--limit", type=click.IntRange(min=1), default=200, show_default=True, help="Stop after so many results.")
@format_option(("table", "jsonl", "csv", "ics"))
def command(store: Path, since: str | None, until: str | None, limit: int, form: str | None) -> None:
    """List what is scheduled for a known day, in order of time; what several articles announce is told once.

    Each line has the words of the fullest telling; JSON lines have every telling with its article and characters.
    Exit status: 0 found, 1 nothing found, 2 wrong usage.

    Example: tidings calendar news.db --since 2015-07 --format ics > talks.ics
    """
    from tidings.cli.listing import print_found
    from tidings.store import open_store
    from tidings.stories.calendar import calendar

    with open_store(store) as kept:
        found = calendar(kept, since=since, until=until, limit=limit)
    if form == "ics":
        _print_calendar(found)
    else:
        print_found(found, form, _COLUMNS, _row, print_scheduled)
    if not found:
        complain("nothing is scheduled for a known day")
        sys.exit(EXIT_NOTHING_READ)


def print_scheduled(found: Sequence[Scheduled], *, title: str | None = None) -> None:
    """Print what is scheduled as a table."""
    from tidings.cli.listing import from_to, print_table, shorten, who_tells

    rows = []
    for one in found:
        who = from_to(", ".join(one.who), ", ".join(one.to_whom))
        rows.append((_days(one), one.type, who, shorten(one.words), who_tells(one.tellings)))
    print_table(("day", "what", "who", "words", "told by"), rows, title=title)


def _days(one: Scheduled) -> str:
    """Say the day, or the days, as short as they can be told: 2014-12-01, 2014-12, 2015-07-20 to 26."""
    from tidings.cli.listing import days_of

    if one.last == one.day or one.day.startswith(one.date):
        return one.date if one.day.startswith(one.date) else one.day
    return days_of(one.day, one.last)


def _row(one: Scheduled) -> dict[str, str | int | float | None]:
    first = one.tellings[0]
    return {
        "day": one.day,
        "last": one.last,
        "date": one.date,
        "type": one.type,
        "who": "; ".join(one.who),
        "to_whom": "; ".join(one.to_whom),
        "place": one.place,
        "words": one.words,
        "independent": one.independent,
        "articles": len({telling.article for telling in one.tellings}),
        "article": first.article,
        "outlet": first.outlet,
        "start": first.span.start,
        "end": first.span.end,
    }


def _print_calendar(found: list[Scheduled]) -> None:
    """Print an iCalendar (RFC 5545) with an all-day entry for each."""
    from tidings.cli.output import opened
    from tidings.export.ics import fold

    with opened(None) as stream:
        stream.write("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Tidings//Tidings//EN\r\nCALSCALE:GREGORIAN\r\n")
        for one in found:
            stream.writelines(fold(line) + "\r\n" for line in _entry(one))
        stream.write("END:VCALENDAR\r\n")


def _entry(one: Scheduled) -> Iterator[str]:
    from datetime import date, timedelta

    from tidings.export.ics import escape

    told = [f"From: {telling.outlet or '?'}, {telling.title or telling.article}" for telling in one.tellings]
    known = min((telling.published for telling in one.tellings if telling.published), default="1970-01-01")
    yield "BEGIN:VEVENT"
    yield f"UID:{one.id}-{one.tellings[0].article}@tidings"
    # The stamp is when it became known, so that the same store gives the same calendar.
    yield f"DTSTAMP:{known[:10].replace('-', '')}T000000Z"
    yield f"DTSTART;VALUE=DATE:{one.day.replace('-', '')}"
    yield f"DTEND;VALUE=DATE:{date.fromisoformat(one.last) + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{escape(', '.join((*one.who, *one.to_whom)) or one.words)}: {one.type}"
    yield f"DESCRIPTION:{escape(chr(10).join([one.words, *told]))}"
    yield f"CATEGORIES:{one.type}"
    yield "STATUS:TENTATIVE"
    yield "TRANSP:TRANSPARENT"
    if one.place:
        yield f"LOCATION:{escape(one.place)}"
    yield "END:VEVENT"

"""What is planned, and what is likely.

In: a shelf. Out: views of the calendar and of the outlook.
The desk's today is the day of the youngest article, not that of the machine.
"""

from __future__ import annotations

import re
from calendar import Calendar
from collections.abc import Mapping
from typing import TYPE_CHECKING

from tidings.desk.shelf import Shelf
from tidings.desk.telling import is_day, told_of
from tidings.desk.views import Item, Table, View

if TYPE_CHECKING:
    from tidings.stories.calendar import Scheduled

__all__ = ["calendar", "coming", "scheduled_table"]

_MONTH = re.compile(r"[12]\d{3}-(?:0[1-9]|1[0-2])", re.ASCII)
_AHEAD = 500
_MOST = 120
"""What is shown of a month; a day of it can be asked for."""


def coming(shelf: Shelf, latest: str | None, most: int, until: str | None = None) -> list[Scheduled]:
    """Return what is planned for the desk's today or later, in order of time."""
    from tidings.stories.calendar import calendar as scheduled

    if latest is None:
        return []
    return shelf.remember(
        ("coming", latest, most, until), lambda: scheduled(shelf.store, since=latest, until=until, limit=most)
    )


def calendar(shelf: Shelf, asked: Mapping[str, str]) -> View:
    """Show what was planned for one month, by default that of the youngest article; `day` shows one day whole."""
    latest = shelf.latest()
    day = asked.get("day", "") if is_day(asked.get("day")) else ""
    month = day[:7] or asked.get("month", "")
    if not _MONTH.fullmatch(month):
        month = (latest or _nearest(shelf, "<", "max", "9999") or "")[:7]
    lines = _of_days(shelf, day or f"{month}-01", day or f"{month}-31") if month else []
    counts = dict(
        shelf.rows(
            "SELECT first_day, count(*) FROM events WHERE status = 'planned' AND first_day IS NOT NULL"
            " AND first_day BETWEEN ? AND ? GROUP BY first_day",
            f"{month}-01",
            f"{month}-31",
        )
    )
    before, after = (
        _nearest(shelf, "<", "max", f"{month}-01"),
        _nearest(shelf, ">", "min", f"{month}-32"),
    )
    data = {
        "latest": latest,
        "month": month,
        "day": day or None,
        "scheduled": lines,
        "tellings": counts,
        "before": before[:7] if before else None,
        "after": after[:7] if after else None,
        "undated": told_of(shelf, _undated(shelf)) if not day else [],
        "limit": _MOST,
    }
    return View(
        title=f"Calendar {day or month}".strip(),
        template="calendar.html",
        data=data,
        drawn={"weeks": _weeks(month, counts)},
        table=scheduled_table(lines),
        items=[
            Item(path=words_path(line), title=f"{line.day}: {line.words[:120]}", words=line.words, day=line.day)
            for line in lines
        ],
        # Who subscribes to the calendar itself wants what is ahead.
        planned=lines if day or asked.get("month") else lambda: coming(shelf, latest, _AHEAD) or lines,
    )


def _of_days(shelf: Shelf, first: str, last: str) -> list[Scheduled]:
    from tidings.stories.calendar import calendar as scheduled

    def ask() -> list[Scheduled]:
        # What began earlier and lasts comes first, and would push out the days themselves.
        found = scheduled(shelf.store, since=first, until=last, limit=_MOST)
        return sorted(found, key=lambda line: (max(line.day, first), line.day))

    return shelf.remember(("days", first, last), ask)


def _undated(shelf: Shelf) -> list[tuple[int, int]]:
    """Return the youngest plans without a day."""
    rows = shelf.rows(
        "SELECT article, number FROM events WHERE article > (SELECT max(number) FROM articles) - 500"
        " AND status = 'planned' AND first_day IS NULL ORDER BY article DESC, number LIMIT 20"
    )
    return [(row[0], row[1]) for row in rows]


def _nearest(shelf: Shelf, side: str, which: str, day: str) -> str | None:
    return (shelf.row(_NEAREST.format(side, which), day) or (None,))[0]


_NEAREST = "SELECT {1}(first_day) FROM events WHERE status = 'planned' AND first_day IS NOT NULL AND first_day {0} ?"


def words_path(line: Scheduled) -> str:
    """Return the address of the words that say what is planned."""
    told = line.tellings[0]
    return f"/article/{told.article}?at={told.span.start}-{told.span.end}"


def scheduled_table(lines: list[Scheduled]) -> Table:
    """Lay out what is planned for a spreadsheet."""
    columns = ("day", "last", "who", "type", "to_whom", "place", "tellings", "words", "article", "start", "end")
    return Table(
        columns,
        [
            (
                line.day,
                line.last,
                ", ".join(line.who),
                line.type,
                ", ".join(line.to_whom),
                line.place,
                line.independent,
                line.words,
                line.tellings[0].article,
                line.tellings[0].span.start,
                line.tellings[0].span.end,
            )
            for line in lines
        ],
    )


def _weeks(month: str, counts: Mapping[str, int]) -> list[list[tuple[str, int, int]]]:
    """Return the weeks of a month: each day's ISO date ('' outside the month), its number, how much is planned."""
    if not month:
        return []
    year, number = int(month[:4]), int(month[5:])
    return [
        [
            (day.isoformat(), day.day, counts.get(day.isoformat(), 0)) if day.month == number else ("", 0, 0)
            for day in week
        ]
        for week in Calendar().monthdatescalendar(year, number)
    ]

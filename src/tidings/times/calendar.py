"""The calendar: day arithmetic, feasts, and the days a TIMEX3 value covers.

In: years, months, days, TIMEX3 values. Out: dates and inclusive bounds.
It reads no text and has no clock.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

__all__ = ["bounds", "feast", "grain_of", "iso_week", "make_day", "month_shift", "week_monday"]

SEASON_MONTHS = {"SP": (3, 5), "SU": (6, 8), "FA": (9, 11), "WI": (12, 14)}
VALUE_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:T.*)?\Z")
VALUE_WEEK = re.compile(r"(\d{4})-W(\d{2})(-WE)?\Z")
VALUE_PART = re.compile(r"(\d{4})-(Q[1-4]|H[12]|SP|SU|FA|WI)\Z")
VALUE_MONTH = re.compile(r"(\d{4})-(\d{2})\Z")
VALUE_YEARS = re.compile(r"\d{2,4}\Z")


def make_day(year: int, month: int, day: int) -> date | None:
    """Return the date, None when there is no such day.

    >>> make_day(2021, 2, 30) is None
    True
    """
    try:
        return date(year, month, day)
    except (ValueError, OverflowError):
        return None


def month_shift(day: date, months: int) -> date | None:
    """Move a date by whole months, to the last day of a shorter month.

    >>> month_shift(date(2024, 3, 31), -1)
    datetime.date(2024, 2, 29)
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    for last in (day.day, 30, 29, 28):
        if last <= day.day and (moved := make_day(year, month + 1, last)):
            return moved
    return None


def shift(day: date, number: int) -> date | None:
    """Move a date by days, None past the ends of the calendar."""
    try:
        return day + timedelta(number)
    except OverflowError:
        return None


def week_monday(year: int, week: int) -> date | None:
    """Return the Monday of an ISO week, None when the year has no such week.

    >>> week_monday(2021, 52), week_monday(2021, 53)
    (datetime.date(2021, 12, 27), None)
    """
    try:
        return date.fromisocalendar(year, week, 1)
    except ValueError:
        return None


def iso_week(day: date) -> str:
    """Return the ISO week a day lies in, with the year the week belongs to.

    >>> iso_week(date(2021, 1, 2))
    '2020-W53'
    """
    year, week, _ = day.isocalendar()
    return f"{year:04d}-W{week:02d}"


def easter(year: int) -> date:
    """Return Easter Sunday of the Gregorian calendar (the anonymous algorithm).

    >>> easter(2024)
    datetime.date(2024, 3, 31)
    """
    golden, (century, rest) = year % 19, divmod(year, 100)
    leap, odd = divmod(century, 4)
    shifted = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leap - shifted + 15) % 30
    quarter, single = divmod(rest, 4)
    weekday = (32 + 2 * odd + 2 * quarter - epact - single) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def feast(rule: str, year: int) -> date | None:
    """Return the day of a feast: `MM-DD`, `MM-W-N` (the Nth weekday W of a month, -1 the last) or `E+N` from Easter.

    >>> feast("11-4-4", 1999)
    datetime.date(1999, 11, 25)
    """
    if not 1583 <= year <= 9998:
        return None
    if rule[0] == "E":
        return easter(year) + timedelta(int(rule[1:]))
    fields = [int(field) for field in rule.split("-", 2)]
    if len(fields) == 2:
        return make_day(year, fields[0], fields[1])
    month, weekday, number = fields
    if number > 0:
        first = date(year, month, 1)
        return first + timedelta((weekday - first.isoweekday()) % 7 + 7 * (number - 1))
    last = date(year + month // 12, month % 12 + 1, 1) - timedelta(1)
    return last - timedelta((last.isoweekday() - weekday) % 7)


def _span_of_months(year: int, first: int, last: int) -> tuple[str, str] | None:
    begin = make_day(year + (first - 1) // 12, (first - 1) % 12 + 1, 1)
    after = make_day(year + last // 12, last % 12 + 1, 1)
    return (begin.isoformat(), (after - timedelta(1)).isoformat()) if begin and after else None


def bounds(value: str) -> tuple[str, str] | None:
    """Return the first and the last day a TIMEX3 value covers, None when it covers no fixed days.

    >>> bounds("2021-W52"), bounds("199"), bounds("P2W")
    (('2021-12-27', '2022-01-02'), ('1990-01-01', '1999-12-31'), None)
    """
    if found := VALUE_DAY.match(value):
        day = make_day(int(found[1]), int(found[2]), int(found[3]))
        return (day.isoformat(), day.isoformat()) if day else None
    if found := VALUE_WEEK.match(value):
        monday = week_monday(int(found[1]), int(found[2]))
        if monday is None:
            return None
        first, last = shift(monday, 5 if found[3] else 0), shift(monday, 6)
        return (first.isoformat(), last.isoformat()) if first and last else None
    if found := VALUE_PART.match(value):
        year, part = int(found[1]), found[2]
        if part in SEASON_MONTHS:
            return _span_of_months(year, *SEASON_MONTHS[part])
        width = 3 if part[0] == "Q" else 6
        last = int(part[1]) * width
        return _span_of_months(year, last - width + 1, last)
    if found := VALUE_MONTH.match(value):
        return _span_of_months(int(found[1]), int(found[2]), int(found[2])) if 1 <= int(found[2]) <= 12 else None
    if VALUE_YEARS.match(value) and int(value):
        width = 10 ** (4 - len(value))
        first = int(value) * width
        return f"{first:04d}-01-01", f"{first + width - 1:04d}-12-31"
    return None


def grain_of(value: str) -> str | None:
    """Name the unit of a TIMEX3 value.

    >>> grain_of("2021-12-30TAF"), grain_of("2021-W52"), grain_of("P2W")
    ('part', 'week', 'week')
    """
    if value.startswith("P") and not value.endswith("REF"):
        time = value.startswith("PT")
        names = {"Y": "year", "M": "minute" if time else "month", "W": "week", "D": "day", "H": "hour", "S": "second"}
        return names.get(value[-1]) or {"E": "decade", "C": "century", "L": "millennium", "Q": "quarter"}.get(value[-1])
    if "T" in value and not value.endswith("REF"):
        return "part" if value.rpartition("T")[2].isalpha() else "minute"
    if VALUE_YEARS.match(value):
        return {2: "century", 3: "decade", 4: "year"}[len(value)]
    if "-W" in value:
        return "weekend" if value.endswith("WE") else "day" if value.count("-") == 2 else "week"
    if found := VALUE_PART.match(value):
        return {"Q": "quarter", "H": "half"}.get(found[2][0] if found[2] not in SEASON_MONTHS else "", "season")
    return {1: "month", 2: "day"}.get(value.count("-")) if value[:1].isdigit() else None

"""Meanings to values: each operator carried out against the article's date and the dates named before it.

In: a meaning (see `tree`), the date, the cues around it. Out: a TIMEX3 value, or None with the reason.
It never looks at the clock: without a date, what leans on one has no value.
"""

from __future__ import annotations

from datetime import date

import msgspec

from tidings.times.calendar import VALUE_MONTH, bounds, feast, iso_week, make_day, month_shift, shift
from tidings.times.lexer import feasts
from tidings.times.tree import (
    Ago,
    Clock,
    Day,
    Feast,
    Fixed,
    LastOf,
    Month,
    Node,
    Part,
    Quarter,
    Season,
    Step,
    Weekday,
    Year,
)

__all__ = ["Cues", "Resolver"]

NO_DATE = "the article's date is not known"
NO_CONTEXT = "no date before it to lean on"
PARTS = {"12": "T12:00", "00": "T00:00", "DA": "TMO", "DU": "TEV"}
TUESDAY, FRIDAY = 2, 5
MIDDLE = 15
"""The day that stands for a whole month when its distance is measured."""
FORWARD, FORWARD_PAST = 60, 250
"""Days by which a month-day still to come must be nearer than one gone by, when nothing says it is to come."""
ASIDE = 2
"""A year further from the story than this is an aside and does not move it."""
NEAR = 500
"""How many characters back a date may lie that "the next day" leans on."""
QUARTER_NEAR = 900


class Cues(msgspec.Struct, frozen=True, kw_only=True):
    """What the words around an expression say about it: `event_day` is the next day named in the same sentence.

    `past` is a verb in the past somewhere near, `over` one the expression hangs on: "voted in May", "In May she voted".
    """

    at: int = 0
    future: bool = False
    past: bool = False
    over: bool = False
    event_day: str | None = None


class Resolver:
    """Carry out meanings in text order, remembering the dates on the way.

    >>> Resolver(date(2021, 12, 30)).value(Weekday(3, None), Cues())
    '2021-12-29'
    """

    def __init__(self, published: date | None, *, narrative: bool = False) -> None:
        self.published = published
        self.narrative = narrative
        self.why: str | None = None
        self._day: tuple[int, date] | None = None
        self._quarter: tuple[int, str] | None = None
        self._story: tuple[int, int, int] | None = None
        self._bare: set[date] = set()
        """The days gone by that a bare weekday has named: "last Monday" beside "on Monday" is another one."""
        self._era = ""
        self._aside = False
        """Whether the value leans on the writer's day amid a history, which does not move the story."""

    def value(self, node: Node, cues: Cues) -> str | None:
        """Return the value of a meaning; when it is None, `why` tells the reason."""
        self.why, self._aside = None, False
        value = self._value(node, cues)
        if value is None:
            self.why = self.why or (NO_DATE if self.published is None else NO_CONTEXT)
        elif not self._aside:
            self._remember(value, cues.at, node)
        return value

    def _remember(self, value: str, at: int, node: Node) -> None:
        if value.startswith("BC"):
            self._era = value
            return
        covered = bounds(value)
        if covered is None:
            return
        self._era = ""
        first = date.fromisoformat(covered[0])
        if covered[0] == covered[1]:
            self._day = (at, first)
        if "-Q" in value and not isinstance(node, Ago):
            self._quarter = (at, value)
        if isinstance(node, Fixed) and len(value) < 4:
            return
        if len(value) >= 10:
            self._story = (first.year, first.month, first.day)
        elif VALUE_MONTH.match(value):
            self._story = (first.year, first.month, 0)
        elif not self._story or 0 < abs(first.year - self._story[0]) <= ASIDE:
            self._story = (first.year, 0, 0)

    def _value(self, node: Node, cues: Cues) -> str | None:
        match node:
            case Fixed():
                return node.value
            case Year():
                year = self._year(node, cues)
                return f"{year:04d}" if year and 0 < year < 10_000 else None
            case Month():
                year = self._month_year(node, cues)
                return f"{year:04d}-{node.month:02d}" if year else None
            case Day():
                return self._day_value(node, cues)
            case Weekday():
                return _iso(self._weekday(node, cues))
            case Feast():
                return self._feast(node, cues)
            case Season():
                return self._season(node, cues)
            case Quarter():
                return self._quarter_value(node, cues)
            case Step():
                return self._step(node, cues)
            case Ago():
                return self._ago(node, cues)
            case LastOf():
                return self._last_of(node, cues)
            case Part():
                return self._part(node, cues)
            case Clock():
                day = self._value(node.day, cues) if node.day else _iso(self._base("clock", cues))
                return f"{day[:10]}T{node.hour:02d}:{node.minute:02d}" if day else None
        return None

    def _base(self, anchor: str, cues: Cues) -> date | None:
        """Return the day an operator counts from; "yesterday" and "last May" are the writer's, in a history too."""
        if anchor == "event" and cues.event_day:
            return date.fromisoformat(cues.event_day)
        if self.narrative:
            self._aside = anchor == "writer"
            if self._aside or (anchor == "document" and self.published and not self._story):
                return self.published
            if self._day and self._story and self._story[2]:
                return self._day[1]
            return make_day(self._story[0], self._story[1] or 1, self._story[2] or 1) if self._story else self.published
        if anchor in ("discourse", "event") and self._day and cues.at - self._day[0] < NEAR:
            return self._day[1]
        return self.published

    def _year(self, node: Year, cues: Cues) -> int | None:
        if node.year is not None:
            return node.year
        base = self._base(node.anchor, cues)
        if self.narrative and self._story and node.anchor != "writer":
            return self._story[0] + node.step
        return base.year + node.step if base else None

    def _month_year(self, node: Month, cues: Cues, day: int | None = None) -> int | None:
        """Return the year of a month or of a day in it."""
        if node.year is not None:
            return self._year(node.year, cues)
        if self.narrative and node.step is None:
            return self._story_year(node.month, cues)
        base = self._base(node.anchor, cues)
        if base is None:
            return None
        if node.step in (-1, 1):
            same = node.month == base.month and (day is None or node.step * (day - base.day) <= 0)
            return base.year + node.step * (same or node.step * (node.month - base.month) < 0)
        if node.step == 0:
            return base.year
        return self._nearest_year(base, node.month, day or MIDDLE, cues)

    def _nearest_year(self, base: date, month: int, day: int, cues: Cues) -> int:
        def distance(year: int) -> float:
            there = make_day(year, month, day) or make_day(year, month, 28)
            if there is None:
                return 1e6
            days = (there - base).days
            if (there.year, month) == (base.year, base.month):
                return 0
            if days > 0:
                if cues.over:
                    return 1e6
                return days + (0 if cues.future else FORWARD_PAST if cues.past else FORWARD)
            return -days + (120 if cues.future else 0)

        return min((base.year, base.year - 1, base.year + 1), key=distance)

    def _story_year(self, month: int, cues: Cues) -> int | None:
        """Return the year of a month in the run of a story, which does not go beyond its writer's day unsaid."""
        year = self._year_told(month)
        if year is None or self.published is None or cues.future:
            return year
        return year - 1 if (year - 1, month) <= (self.published.year, self.published.month) < (year, month) else year

    def _year_told(self, month: int) -> int | None:
        if self._story is None:
            return None
        year, before, _ = self._story
        if not before:
            return year
        ahead = month - before
        if ahead < -7:
            return year + 1
        return year - 1 if ahead > 9 else year

    def _day_value(self, node: Day, cues: Cues) -> str | None:
        if node.month is None:
            base = self._base("discourse", cues)
            return _iso(make_day(base.year, base.month, node.day)) if base else None
        year = self._month_year(node.month, cues, node.day)
        return _iso(make_day(year, node.month.month, node.day)) if year else None

    def _weekday(self, node: Weekday, cues: Cues) -> date | None:
        base = self._base(node.anchor, cues)
        if base is None:
            return None
        back = (base.isoweekday() - node.weekday) % 7
        if node.step == -1:
            last = shift(base, -(back or 7))
            return shift(last, -7) if last is not None and last in self._bare else last
        if node.step == 1:
            return shift(base, 7 - back)
        if back == 0:
            return base
        if node.step is None and not cues.future and (day := shift(base, -back)):
            self._bare.add(day)
        forward = cues.future or (node.step == 0 and not cues.past)
        return shift(base, 7 - back) if forward else shift(base, -back)

    def _feast(self, node: Feast, cues: Cues) -> str | None:
        rule = feasts()[node.name]
        if node.year is not None:
            year = self._year(node.year, cues)
            return _iso(feast(rule, year)) if year else None
        base = self._base("document", cues)
        if base is None:
            return None
        days = [found for year in (base.year - 1, base.year, base.year + 1) if (found := feast(rule, year))]
        if node.step == -1:
            return _iso(max((day for day in days if day < base), default=None))
        if node.step == 1:
            return _iso(min((day for day in days if day > base), default=None))
        return _iso(min(days, key=lambda day: abs((day - base).days), default=None))

    def _season(self, node: Season, cues: Cues) -> str | None:
        if node.year is not None:
            year = self._year(node.year, cues)
            return f"{year:04d}-{node.name}" if year else None
        base = self._base("document", cues)
        if base is None:
            return None
        start = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}[node.name]
        year = base.year
        if node.step == -1:
            year -= base.month < start + 3
        elif node.step == 1:
            year += base.month >= start
        elif node.step is None and base.month < start and not cues.future and not self.narrative:
            year -= start - base.month > 6
        return f"{year:04d}-{node.name}"

    def _quarter_value(self, node: Quarter, cues: Cues) -> str | None:
        base = self._base("document", cues)
        if node.number is not None:
            if node.year is not None:
                year = self._year(node.year, cues)
            elif base is None:
                return None
            else:
                year = base.year - (node.number > (base.month + 2) // 3)
                if self._quarter and cues.at - self._quarter[0] < 120 and int(self._quarter[1][-1]) == node.number:
                    year = int(self._quarter[1][:4])
            return f"{year:04d}-Q{node.number}" if year else None
        if node.step == -2 and self._quarter and cues.at - self._quarter[0] < QUARTER_NEAR:
            return self._quarter[1]
        if base is None:
            return None
        index = base.year * 4 + (base.month - 1) // 3 + max(node.step, -1)
        return f"{index // 4:04d}-Q{index % 4 + 1}"

    def _step(self, node: Step, cues: Cues) -> str | None:
        base = self._base(node.anchor, cues)
        if base is None:
            return None
        match node.grain:
            case "D":
                return _iso(shift(base, node.step))
            case "W":
                moved = shift(base, 7 * node.step)
                return iso_week(moved) if moved else None
            case "w":
                back = 7 if self._is_weekend_gone(node, base, cues) else 0
                moved = shift(base, 7 * node.step - back)
                return f"{iso_week(moved)}-WE" if moved else None
            case "M":
                return _month(month_shift(base.replace(day=1), node.step))
            case "Y":
                year = self._year(Year(step=node.step, anchor=node.anchor), cues)
                return f"{year:04d}" if year else None
            case "E":
                return f"{base.year // 10 + node.step:03d}"
            case "C":
                return f"{base.year // 100 + node.step:02d}"
        return None

    def _is_weekend_gone(self, node: Step, base: date, cues: Cues) -> bool:
        """Tell "over the weekend" and what was done "this weekend" by one who writes on Monday or Tuesday."""
        if cues.future or base.isoweekday() > FRIDAY:
            return False
        return node.anchor == "weekend" or (node.step == 0 and cues.past and base.isoweekday() <= TUESDAY)

    def _ago(self, node: Ago, cues: Cues) -> str | None:
        number, grain = node.number, node.grain
        if number is None:
            return "PAST_REF" if node.sign < 0 else "FUTURE_REF"
        if (
            grain == "Y"
            and number == 1
            and node.sign < 0
            and self._quarter
            and cues.at - self._quarter[0] < QUARTER_NEAR
        ):
            return f"{int(self._quarter[1][:4]) - 1:04d}{self._quarter[1][4:]}"
        base = self._base(node.anchor, cues)
        if base is None or number > 100_000:
            return None
        count = int(number * node.sign)
        match grain:
            case "D" | "night":
                return _iso(shift(base, count))
            case "F":
                return _week(shift(base, 14 * count))
            case "W":
                return _week(shift(base, 7 * count))
            case "M":
                return _month(month_shift(base.replace(day=1), count))
            case "Y" | "E" | "C" | "L":
                year = base.year + count * {"Y": 1, "E": 10, "C": 100, "L": 1000}[grain]
                return f"{year:04d}" if 0 < year < 10_000 else None
            case "Q":
                return _quarter(month_shift(base.replace(day=1), 3 * count))
            case "w":
                return (week := _week(shift(base, 7 * count))) and f"{week}-WE"
        return _iso(base) if grain in "HmS" and number < 12 else None

    def _last_of(self, node: LastOf, cues: Cues) -> str | None:
        whole = self._value(node.whole, cues)
        covered = bounds(whole) if whole else None
        if covered is None or not whole:
            return None
        first, last = (date.fromisoformat(day) for day in covered)
        steps = node.number - 1
        match node.grain:
            case "D":
                day = last if node.number < 0 else shift(first, steps)
                return _iso(day if day and day <= last else None)
            case "W" | "w":
                inside = last if node.number < 0 else shift(first, 7 * steps)
                if inside and len(whole) == 4 and inside.isocalendar()[0] != int(whole):
                    inside = shift(inside, -7 if node.number < 0 else 7)
                tail = "-WE" if node.grain == "w" else ""
                return iso_week(inside) + tail if inside and inside <= last else None
            case "M":
                return _month(last if node.number < 0 else month_shift(first, steps))
            case "Q":
                return (
                    f"{whole}-Q{4 if node.number < 0 else node.number}" if len(whole) == 4 and node.number < 5 else None
                )
        return None

    def _part(self, node: Part, cues: Cues) -> str | None:
        day = self._value(node.day, cues) if node.day else _iso(self._base(node.anchor, cues))
        return day[:10] + PARTS.get(node.name, f"T{node.name}") if day else None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _month(day: date | None) -> str | None:
    return day.isoformat()[:7] if day else None


def _week(day: date | None) -> str | None:
    return iso_week(day) if day else None


def _quarter(day: date | None) -> str | None:
    return f"{day.year:04d}-Q{(day.month + 2) // 3}" if day else None

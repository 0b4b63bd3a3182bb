"""The meaning of a time expression before it is placed on the calendar.

In: nothing. Out: small operators (Last, Next, Ago, Nth ...) as frozen structs; `resolve` carries them out.
They know neither the text nor the reference date.
"""

from __future__ import annotations

import msgspec

__all__ = ["Ago", "Clock", "Day", "Feast", "Fixed", "Found", "Month", "Node", "Part", "Quarter", "Season"]
__all__ += ["LastOf", "Step", "Weekday", "Year"]


class Node(msgspec.Struct, frozen=True):
    """The common ground of the operators."""


class Fixed(Node, frozen=True):
    """A value that needs no reference: a duration, a set, a full date, `PAST_REF`."""

    value: str


class Year(Node, frozen=True):
    """A year by number, or `step` years from the reference (0 this, -1 last)."""

    year: int | None = None
    step: int = 0
    anchor: str = "document"


class Month(Node, frozen=True):
    """A month, in a year or with a step (`last May`); `year` None leaves the year to the context."""

    month: int
    year: Year | None = None
    step: int | None = None
    anchor: str = "document"


class Day(Node, frozen=True):
    """A day of a month; `month` None carries the month of the date before (`the 23rd`)."""

    day: int
    month: Month | None


class Weekday(Node, frozen=True):
    """A day of the week; `step` is None when bare, 0 for this, -1 last, 1 next."""

    weekday: int
    step: int | None = None
    anchor: str = "document"


class Feast(Node, frozen=True):
    """A feast by the name in the table."""

    name: str
    year: Year | None = None
    step: int | None = None


class Season(Node, frozen=True):
    """A season: SP SU FA WI."""

    name: str
    year: Year | None = None
    step: int | None = None


class Quarter(Node, frozen=True):
    """A quarter by number, or by step from the running one when `number` is None."""

    number: int | None
    year: Year | None = None
    step: int = 0


class Step(Node, frozen=True):
    """The `step`-th unit from the reference: this week 0, last month -1, the next day 1.

    The anchor `writer` is the article's own day in a history too, where `document` is the story's.
    """

    grain: str
    step: int
    anchor: str = "document"


class Ago(Node, frozen=True):
    """So many units from an anchor: `writer` (ago), `discourse` (later), `event` (the day before the vote)."""

    number: float | None
    grain: str
    sign: int
    anchor: str = "document"


class LastOf(Node, frozen=True):
    """The last or first unit inside a larger one: the last week of the year."""

    number: int
    grain: str
    whole: Node


class Part(Node, frozen=True):
    """A part of a day: MO AF EV NI; `day` None means the day of the anchor."""

    name: str
    day: Node | None
    anchor: str = "document"


class Clock(Node, frozen=True):
    """A time of day."""

    hour: int
    minute: int
    day: Node | None
    zone: str = ""


class Found(msgspec.Struct, frozen=True):
    """An expression the grammar found: tokens `first` to `last` (exclusive), its kind, meaning and modifier."""

    first: int
    last: int
    kind: str
    node: Node
    rule: str
    mod: str | None = None

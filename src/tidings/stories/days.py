"""Days, months and years as a person gives them.

In: since and until. Out: what every day between them lies between, both included.
"""

from __future__ import annotations

import re

from tidings.errors import UsageError

__all__ = ["days_between"]

_DAY = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")
_AFTER = "~"
"""Sorts behind every character of a day, so that 2015-07 as an end takes in all of July."""


def days_between(since: str | None, until: str | None) -> tuple[str, str]:
    """Return a lower and an upper bound for ISO days; each may be a day, a month or a year.

    >>> low, high = days_between("2015", "2015-07")
    >>> [low <= day <= high for day in ("2014-12-31", "2015-01-01", "2015-07-31", "2015-08-01")]
    [False, True, True, False]
    """
    for name, day in (("since", since), ("until", until)):
        if day is not None and not _DAY.fullmatch(day):
            raise UsageError(f"{name} takes a day, month or year (2021-12-30, 2021-12, 2021), not {day!r}")
    return since or "", (until or "") + _AFTER

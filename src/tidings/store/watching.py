"""Collect again and again, at a steady pace.

In: minutes. Out: the numbers of the rounds, each when its time has come. It collects nothing itself.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from tidings.errors import UsageError

__all__ = ["rounds"]

_SHORTEST = 1.0
"""Minutes between the end of a round and the next, however long the round took."""
_LONGEST = 7 * 24 * 60.0


def rounds(
    minutes: float,
    *,
    most: int | None = None,
    waiting: Callable[[float], None] | None = None,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[int]:
    """Yield 1, 2, 3 and so on: the first at once, each other `minutes` after the one before has begun.

    Before it sleeps it tells `waiting` for how many seconds. A round that takes longer than its time is followed by a
    minute of rest.

    >>> asleep = []
    >>> list(rounds(15, most=3, clock=lambda: 0.0, sleep=asleep.append)), asleep
    ([1, 2, 3], [900.0, 900.0])
    """
    if not _SHORTEST <= minutes <= _LONGEST:
        raise UsageError(f"between two rounds lie {_SHORTEST:g} to {_LONGEST:,.0f} minutes, not {minutes:g}")
    number = 0
    while True:
        number += 1
        began = clock()
        yield number
        if number == most:
            return
        seconds = max(_SHORTEST * 60, began + minutes * 60 - clock())
        if waiting is not None:
            waiting(seconds)
        sleep(seconds)

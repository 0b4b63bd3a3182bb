"""Progress on stderr: only on a terminal, and only for work of more than a second.

In: steps done. Out: one line, rewritten in place and wiped at the end. Nothing goes to stdout.
"""

from __future__ import annotations

import sys
import time
from types import TracebackType

__all__ = ["Progress", "in_words"]

_FIRST = 1.0
_EVERY = 0.2


class Progress:
    """Count pages, their rate and, when the whole is known, the time left."""

    def __init__(self, *, quiet: bool = False, total: int | None = None, noun: str = "pages") -> None:
        self._shown = not quiet and sys.stderr.isatty()
        self._total = total
        self._noun = noun
        self._done = 0
        self._start = time.monotonic()
        self._next = self._start + _FIRST
        self._wide = 0

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.clear()

    def step(self, count: int = 1, *, share: float | None = None) -> None:
        """Tell that `count` more are done; `share`, where it is known, says how much of all the work lies behind."""
        self._done += count
        now = time.monotonic()
        if self._shown and now >= self._next:
            self._next = now + _EVERY
            self._draw(now - self._start, share)

    def reach(self, done: int, total: int) -> None:
        """Tell that `done` of `total` are done."""
        self._total = total
        self.step(done - self._done)

    def clear(self) -> None:
        """Wipe the line, so that another message can be printed."""
        if self._wide:
            sys.stderr.write("\r" + " " * self._wide + "\r")
            sys.stderr.flush()
            self._wide = 0

    def _draw(self, spent: float, share: float | None) -> None:
        rate = self._done / spent if spent else 0.0
        line = f"{self._done:,}{f'/{self._total:,}' if self._total else ''} {self._noun}, {rate:.1f} a second"
        if share is None and self._total:
            share = self._done / self._total
        if share:
            line += f", {in_words(max(0.0, spent / share - spent))} left"
        sys.stderr.write("\r" + line.ljust(self._wide))
        sys.stderr.flush()
        self._wide = max(self._wide, len(line))


def in_words(seconds: float) -> str:
    """Say how long something takes, as exactly as one cares.

    >>> in_words(42), in_words(605), in_words(9_000)
    ('42 s', '10 min', '2 h 30 min')
    """
    if seconds < 100:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60} min"

"""Progress on stderr: only on a terminal, and only for work of more than a second.

In: steps done. Out: one line, rewritten in place and wiped at the end. Nothing goes to stdout.
"""

from __future__ import annotations

import sys
import time
from types import TracebackType

__all__ = ["Progress"]

_FIRST = 1.0
_EVERY = 0.2


class Progress:
    """Count pages, their rate and, when the total is known, the time left."""

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

    def step(self, count: int = 1) -> None:
        """Tell that `count` more are done."""
        self._done += count
        now = time.monotonic()
        if self._shown and now >= self._next:
            self._next = now + _EVERY
            self._draw(now - self._start)

    def clear(self) -> None:
        """Wipe the line, so that another message can be printed."""
        if self._wide:
            sys.stderr.write("\r" + " " * self._wide + "\r")
            sys.stderr.flush()
            self._wide = 0

    def _draw(self, spent: float) -> None:
        rate = self._done / spent if spent else 0.0
        line = f"{self._done}{f'/{self._total}' if self._total else ''} {self._noun}, {rate:.1f} a second"
        if self._total and rate:
            line += f", {max(0, self._total - self._done) / rate:.0f} s left"
        sys.stderr.write("\r" + line.ljust(self._wide))
        sys.stderr.flush()
        self._wide = max(self._wide, len(line))

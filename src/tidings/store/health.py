"""The health of feeds: what was asked of each and what came of it, day by day.

In: what a collection met at its feeds, and when. Out: for each feed, how it stands.
It asks no clock: the moment comes from who collects. It judges nothing; it counts.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tidings.facts import Record

__all__ = ["FeedHealth", "Feedback", "is_silent", "note_feedback", "read_health"]

_EXPECTED = 5.0
"""Pages a feed should have brought while it brought none, before it is called silent: by chance in 1 of 150 cases."""
_REASONS = 3


@dataclass
class Feedback:
    """What one collection met at one feed: its server's answer, how much it lists, and what was kept of that."""

    status: str
    entries: int | None = None
    added: int = 0
    undated: int = 0
    troubled: int = 0
    youngest: str | None = None

    def take(self, record: Record) -> None:
        """Count an article that came in through the feed."""
        day = record.article.published.value if record.article.published else None
        self.added += 1
        self.undated += day is None
        self.troubled += bool(record.troubles)
        self.youngest = max(filter(None, (self.youngest, day and day[:10])), default=None)


@dataclass(frozen=True, kw_only=True)
class FeedHealth:
    """How a feed stands. `status` is 200, 304 (not changed), `file`, or what was wrong when it was asked last.

    `usual` is how many pages a day it brought after the day it was first asked, `quiet` for how many days it has
    brought none, `silent` whether that is longer than chance explains; `failures` are pages not read to this day, with
    the commonest `reasons`.
    """

    url: str
    at: str | None
    status: str | None
    entries: int | None
    days: int
    asked: int
    added: int
    undated: int
    troubled: int
    youngest: str | None
    usual: float | None
    quiet: int | None
    silent: bool
    failures: int
    reasons: tuple[tuple[str, int], ...] = ()


def is_silent(usual: float | None, quiet: int | None) -> bool:
    """Tell whether who brings so many pages a day has brought none for longer than chance explains.

    >>> is_silent(2.5, 2), is_silent(0.1, 14), is_silent(40, 1)
    (True, False, False)
    """
    return bool(usual and quiet and quiet > 1 and usual * quiet >= _EXPECTED)


def note_feedback(connection: sqlite3.Connection, met: Iterable[tuple[str, Feedback]], at: str) -> None:
    """Add what a collection met to the day of `at` (ISO, UTC), within a transaction of the caller."""
    connection.executemany(
        "INSERT INTO feed_days VALUES (?, ?, ?, ?, 1, ?, ?, ?, ?, ?) ON CONFLICT (url, day) DO UPDATE SET"
        " at = excluded.at, status = excluded.status, asked = asked + 1,"
        " entries = coalesce(excluded.entries, entries), added = added + excluded.added,"
        " undated = undated + excluded.undated, troubled = troubled + excluded.troubled,"
        " youngest = coalesce(max(youngest, excluded.youngest), youngest, excluded.youngest)",
        (
            (url, at[:10], at, one.status, one.entries, one.added, one.undated, one.troubled, one.youngest)
            for url, one in met
        ),
    )


_HEALTH = """
SELECT url, max(at), (SELECT status FROM feed_days l WHERE l.url = u.url ORDER BY day DESC LIMIT 1),
    (SELECT entries FROM feed_days l WHERE l.url = u.url AND entries IS NOT NULL ORDER BY day DESC LIMIT 1),
    count(day), coalesce(sum(asked), 0), coalesce(sum(added), 0), coalesce(sum(undated), 0),
    coalesce(sum(troubled), 0), max(youngest), min(day), max(iif(added > 0, day, NULL)), max(day),
    sum(iif(day > (SELECT min(day) FROM feed_days f WHERE f.url = u.url), added, 0))
FROM (SELECT url FROM addresses UNION SELECT url FROM feed_days) u LEFT JOIN feed_days USING (url)
GROUP BY url ORDER BY url
"""


def read_health(connection: sqlite3.Connection) -> list[FeedHealth]:
    """Return how each feed stands, by address."""
    reasons: dict[str, Counter[str]] = {}
    asked = (
        "SELECT feed, message, count(*) FROM failures WHERE feed IS NOT NULL GROUP BY feed, message ORDER BY message"
    )
    for url, message, count in connection.execute(asked):
        reasons.setdefault(url, Counter())[message] = count
    found = []
    for url, at, status, entries, days, times, added, undated, troubled, youngest, *spans in connection.execute(
        _HEALTH
    ):
        first, last_new, last, later = spans
        failed = reasons.get(url, Counter())
        # What lay there when it was first asked says nothing of a day.
        usual = round(later / _days(first, last_new), 2) if later else None
        quiet = _days(last_new, last) if last_new else None
        found.append(
            FeedHealth(
                url=url,
                at=at,
                status=status,
                entries=entries,
                days=days,
                asked=times,
                added=added,
                undated=undated,
                troubled=troubled,
                youngest=youngest,
                usual=usual,
                quiet=quiet,
                silent=is_silent(usual, quiet),
                failures=failed.total(),
                reasons=tuple(failed.most_common(_REASONS)),
            )
        )
    return found


def _days(first: str, last: str) -> int:
    return (date.fromisoformat(last) - date.fromisoformat(first)).days

"""When this browser was here last, told by a cookie of its own and nothing else.

In: the cookie, the number of the article collected last, and the minute. Out: a `Visit` and the cookie to keep.
It records nothing of what was looked at.
"""

from __future__ import annotations

import msgspec

__all__ = ["COOKIE", "Visit", "read_visit"]

COOKIE = "tidings_seen"
_PAUSE = 30
"""Minutes after which coming back is a new visit."""


class Visit(msgspec.Struct, frozen=True):
    """`since` is the number of the article that was the newest at the end of the last visit; None on the first."""

    since: int | None = None
    cookie: str = ""


def read_visit(cookie: str | None, newest: int, minute: int) -> Visit:
    """Tell what is new, and how the cookie goes on.

    A visit ends after half an hour without a look at the first page.

    >>> first = read_visit(None, 40, 1000)
    >>> first.since, read_visit(first.cookie, 42, 1010).since, read_visit(first.cookie, 42, 2000).since
    (None, None, 40)
    """
    parts = (cookie or "").split("-")
    known = [int(part) if part.isascii() and part.isdigit() and len(part) < 12 else None for part in parts]
    if len(known) != 3 or known[1] is None or known[2] is None:
        return Visit(None, f"x-{newest}-{minute}")
    since, seen, then = known[0], known[1], known[2]
    if minute - then > _PAUSE:
        since = seen
    # A store made anew has fewer articles than were seen: then nothing can be said.
    if since is not None and since > newest:
        since = None
    return Visit(since, f"{'x' if since is None else since}-{newest}-{minute}")

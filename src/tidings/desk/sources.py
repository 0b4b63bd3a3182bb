"""The sources: what each outlet has brought, which feeds are watched, and what could not be read.

In: a shelf. Out: a view. It judges no outlet; it says when one was last heard of.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from urllib.parse import urlsplit

from tidings.desk.shelf import Shelf
from tidings.desk.views import Table, View, paging_of

__all__ = ["sources"]

_COLUMNS = ("outlet", "articles", "first", "last", "silent", "failures")
_QUIET = 14
"""Days without an article after which an outlet is called silent."""
_MOST = 5_000


def sources(shelf: Shelf, asked: Mapping[str, str]) -> View:
    """Show the health of each outlet, the feeds, and the pages that could not be read."""
    latest = shelf.latest()
    total = (shelf.row("SELECT count(*) FROM known_outlets") or (0,))[0]
    paging = paging_of(total, asked.get("page"))
    failed = shelf.rows("SELECT page, source, error, message FROM failures ORDER BY number DESC LIMIT ?", _MOST)
    by_host = Counter(_host(row[0]) or _host(row[1]) or "files" for row in failed)
    outlets = [
        {
            "outlet": name,
            "articles": articles,
            "first": first,
            "last": last,
            "silent": _days(last, latest),
        }
        for name, articles, first, last in shelf.rows(
            "SELECT name, articles, first_day, last_day FROM known_outlets"
            " ORDER BY articles DESC, name LIMIT ? OFFSET ?",
            paging.size,
            paging.offset,
        )
    ]
    feeds = [
        {"url": url, "versioned": bool(etag or modified), "failures": by_host.get(_host(url) or "", 0)}
        for url, etag, modified in shelf.rows("SELECT url, etag, modified FROM addresses ORDER BY url LIMIT 500")
    ]
    data = {
        "latest": latest,
        "quiet": _QUIET,
        "outlets": outlets,
        "paging": paging,
        "nameless": _nameless(shelf),
        "feeds": feeds,
        "hosts": [{"host": host, "failures": count} for host, count in by_host.most_common(30)],
        "failures": [dict(zip(("page", "source", "error", "message"), row, strict=True)) for row in failed[:100]],
        "failures_total": (shelf.row("SELECT count(*) FROM failures") or (0,))[0],
    }
    columns = ("outlet", "articles", "first", "last", "silent")
    return View(
        title="Sources",
        template="sources.html",
        data=data,
        table=Table(columns, [[row[column] for column in columns] for row in outlets]),
    )


def _nameless(shelf: Shelf) -> int:
    named = (shelf.row("SELECT sum(articles) FROM known_outlets") or (0,))[0] or 0
    return shelf.totals().articles - named


def _days(last: str | None, latest: str | None) -> int | None:
    try:
        return (date.fromisoformat((latest or "")[:10]) - date.fromisoformat((last or "")[:10])).days
    except ValueError:
        return None


def _host(address: str) -> str | None:
    try:
        return urlsplit(address).hostname if "://" in address else None
    except ValueError:
        return None

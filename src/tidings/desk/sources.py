"""The sources: how each feed and each outlet stands, and what could not be read.

In: a shelf. Out: a view. It judges no outlet; it says what it brought, when, and what went wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from urllib.parse import urlsplit

from tidings.desk.shelf import Shelf
from tidings.desk.views import WHOLE, Table, View, paging_of
from tidings.store import FeedHealth
from tidings.store.health import is_silent

__all__ = ["sources"]

_COLUMNS = (
    "kind", "name", "articles", "undated", "troubled", "first", "last", "usual", "quiet", "silent",
    "asked", "answer", "entries", "failures", "reasons",
)  # fmt: skip
_MOST = 5_000
_SHOWN = 100
_REASONS = 10
_WELL = ("200", "304", "file")


def sources(shelf: Shelf, asked: Mapping[str, str]) -> View:
    """Show the health of each feed and outlet, and the pages that could not be read, or (`feed=`) those of one feed."""
    latest = shelf.latest()
    total = (shelf.row("SELECT count(*) FROM known_outlets") or (0,))[0]
    paging = paging_of(total, asked.get("page"))
    feeds = sorted(shelf.store.feeds(), key=lambda feed: (not _is_ill(feed), feed.url))
    feed = asked.get("feed") or None
    wanted, values = ("WHERE feed = ?", (feed,)) if feed else ("", ())
    failed = shelf.rows(
        f"SELECT page, source, error, message, feed FROM failures {wanted} ORDER BY number DESC LIMIT ?", *values, _MOST
    )
    data = {
        "latest": latest,
        "outlets": _outlets(shelf, latest, paging.size, paging.offset),
        "paging": paging,
        "nameless": _nameless(shelf),
        "feeds": feeds,
        "feed": feed,
        "ill": sum(map(_is_ill, feeds)),
        "hosts": Counter(_host(row[0]) or _host(row[1]) or "files" for row in failed).most_common(30),
        "reasons": Counter(row[3] for row in failed).most_common(_REASONS),
        "failures": [
            dict(zip(("page", "source", "error", "message", "feed"), row, strict=True)) for row in failed[:_SHOWN]
        ],
        "failures_total": (shelf.row(f"SELECT count(*) FROM failures {wanted}", *values) or (0,))[0],
    }
    return View(
        title="Sources",
        template="sources.html",
        data=data,
        drawn={"well": _WELL},
        table=_table(feeds, data["outlets"]),
        whole=lambda: _table(feeds, _outlets(shelf, latest, WHOLE, 0)),
    )


def _is_ill(feed: FeedHealth) -> bool:
    return feed.silent or (feed.status is not None and feed.status not in _WELL)


def _outlets(shelf: Shelf, latest: str | None, most: int, offset: int) -> list[dict[str, object]]:
    rows = shelf.rows(
        "SELECT o.name, o.articles, o.first_day, o.last_day,"
        " (SELECT count(*) FROM articles r WHERE r.outlet = o.name AND r.published IS NULL)"
        " FROM known_outlets o ORDER BY o.articles DESC, o.name LIMIT ? OFFSET ?",
        most,
        offset,
    )
    found = []
    for name, articles, first, last, undated in rows:
        span, quiet = _days(first, last), _days(last, latest)
        usual = round((articles - undated - 1) / span, 2) if span else None
        told = {"outlet": name, "articles": articles, "undated": undated, "first": first, "last": last}
        found.append({**told, "usual": usual, "quiet": quiet, "silent": is_silent(usual, quiet)})
    return found


def _table(feeds: list[FeedHealth], outlets: list[dict[str, object]]) -> Table:
    rows: list[list[object]] = []
    for feed in feeds:
        told = "; ".join(f"{message} ({count})" for message, count in feed.reasons)
        kept = (feed.added, feed.undated, feed.troubled, None, feed.youngest, feed.usual, feed.quiet, feed.silent)
        rows.append(["feed", feed.url, *kept, feed.at, feed.status, feed.entries, feed.failures, told])
    for outlet in outlets:
        rows.append(["outlet", outlet["outlet"], *(outlet.get(name) for name in _COLUMNS[2:])])
    return Table(_COLUMNS, rows)


def _nameless(shelf: Shelf) -> int:
    named = (shelf.row("SELECT sum(articles) FROM known_outlets") or (0,))[0] or 0
    return shelf.totals().articles - named


def _days(first: str | None, last: str | None) -> int | None:
    try:
        return (date.fromisoformat((last or "")[:10]) - date.fromisoformat((first or "")[:10])).days
    except ValueError:
        return None


def _host(address: str) -> str | None:
    try:
        return urlsplit(address).hostname if "://" in address else None
    except ValueError:
        return None

"""Read a feed: RSS, Atom, JSON Feed, a list of feeds (OPML), a sitemap or an index of sitemaps.

In: its characters and its address. Out: the addresses it lists.
It fetches nothing.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urljoin

from tidings.pages import read_sitemap

__all__ = ["Feed", "is_page", "read_feed"]

_HEAD = re.compile(r"<(rss|feed|opml|rdf:rdf)[\s>]", re.IGNORECASE)
_ENTRY = re.compile(r"<(?:[a-z0-9]{1,20}:)?(?:item|entry)[\s>/]", re.IGNORECASE)
_OUTLINE = re.compile(r"<outline\s[^<>]{0,4000}>", re.IGNORECASE)
_ADDRESS = re.compile(r"""\sxmlUrl\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_MOST = 1_000
"""Entries taken from one feed."""
_MOST_MAPPED = 50_000
"""Pages taken from one sitemap."""
_LONGEST = 10_000_000
"""Characters of a feed that are looked at."""


@dataclass(frozen=True)
class Feed:
    """The addresses a feed lists: pages, or the feeds of a list of feeds (for an index, its sitemaps)."""

    pages: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()


def read_feed(text: str, url: str | None) -> Feed | None:
    """Read a feed, resolving its addresses against its own; None when the text is no feed.

    >>> read_feed('<opml><body><outline xmlUrl="https://courier.example/rss"/></body></opml>', None).feeds
    ('https://courier.example/rss',)
    """
    text = text[:_LONGEST]
    head = text[:2_000].lstrip("\ufeff \t\r\n")
    if head.startswith("{"):
        return _json_feed(text, url) if "jsonfeed.org" in head or '"items"' in text else None
    mapped = read_sitemap(text)
    if mapped is not None:
        pages = _clean([entry.url for entry in mapped.pages], url, _MOST_MAPPED)
        return Feed(pages=pages, feeds=_clean([entry.url for entry in mapped.maps], url))
    found = _HEAD.search(head)
    if found is None or not head.startswith("<"):
        return None
    if found[1].lower() == "opml":
        return Feed(feeds=_clean(_outlines(text), url))
    import feedparser

    # The characters are decoded already, and what the feed holds is not shown: only its links are used.
    parsed = feedparser.parse(_beginning(text).encode("utf-8"), sanitize_html=False, resolve_relative_uris=False)
    return Feed(pages=_clean([str(entry.get("link") or "") for entry in parsed.entries], url))


def _beginning(text: str) -> str:
    """Cut a feed off behind the entries that are taken: what more there is would be parsed for nothing."""
    more = next(islice(_ENTRY.finditer(text), _MOST, None), None)
    return text[: more.start()] if more else text


def is_page(text: str) -> bool:
    """Tell whether what came in place of a feed may be a page: prose or HTML, but not data of some other kind.

    >>> is_page("<html><p>Not here</p>"), is_page('{"status": "gone"}'), is_page("<?xml version='1.0'?><items/>")
    (True, False, False)
    """
    head = text[:2_000].lstrip("\ufeff \t\r\n").lower()
    if head.startswith(("{", "[")):
        return False
    return not head.startswith("<?xml") or "<html" in head


def _json_feed(text: str, url: str | None) -> Feed | None:
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if "jsonfeed.org" not in str(told.get("version", "")) or not isinstance(told.get("items"), list):
        return None
    items = [item for item in told["items"] if isinstance(item, dict)]
    return Feed(pages=_clean([str(item.get("url") or item.get("external_url") or "") for item in items], url))


def _outlines(text: str) -> list[str]:
    import html

    found = [_ADDRESS.search(outline[0]) for outline in _OUTLINE.finditer(text)]
    return [html.unescape(match[1] or match[2] or "") for match in found if match]


def _clean(links: list[str], url: str | None, most: int = _MOST) -> tuple[str, ...]:
    found: list[str] = []
    for link in [link for link in links if link.strip()][:most]:
        try:
            address = urljoin(url or "", link.strip())
        except ValueError:
            continue
        if address.lower().startswith(("http://", "https://")):
            found.append(address)
    return tuple(dict.fromkeys(found))

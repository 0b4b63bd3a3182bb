"""Read a sitemap: the pages an outlet lists, or the sitemaps it lists them in.

In: its characters. Out: addresses, with the title and the day that a news sitemap gives, the youngest first.
It fetches nothing, follows no entity, and holds a bounded number of entries.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["Listed", "Sitemap", "read_sitemap"]

_FIRST = re.compile(r"<[a-z]", re.IGNORECASE)
_HEAD = re.compile(r"<(?:[a-z0-9]{1,20}:)?(urlset|sitemapindex)[\s>]", re.IGNORECASE)
_DECLARATION = re.compile(r"^\s{0,99}<\?xml[^>]{0,300}\?>")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOST_PAGES = 50_000
"""Entries of one sitemap; the protocol allows no more."""
_MOST_MAPS = 1_000
"""Sitemaps of one index; of more the youngest are taken."""
_PIECE = 64 << 10


@dataclass(frozen=True)
class Listed:
    """One address of a sitemap: `day` is when it was published, or else last changed."""

    url: str
    title: str | None = None
    day: str | None = None
    news: bool = False


@dataclass(frozen=True)
class Sitemap:
    """What a sitemap lists: pages, or more sitemaps. Where some pages are marked as news, only those are given."""

    pages: tuple[Listed, ...] = ()
    maps: tuple[Listed, ...] = ()


def read_sitemap(text: str) -> Sitemap | None:
    """Read a sitemap or an index of sitemaps; None when the text is neither.

    A sitemap that is cut off or not well made gives what can be read of it.

    >>> read_sitemap("<urlset><url><loc>https://courier.example/talks</loc></url></urlset>").pages
    (Listed(url='https://courier.example/talks', title=None, day=None, news=False),)
    """
    head = text[:4_000].lstrip("\ufeff \t\r\n")
    first = _FIRST.search(head) if head.startswith("<") else None
    found = _HEAD.match(head, first.start()) if first else None
    if found is None:
        return None
    listed = list(_entries(_DECLARATION.sub("", text, count=1)))
    if found[1].lower() == "sitemapindex":
        return Sitemap(maps=_youngest_first(listed)[:_MOST_MAPS])
    news = [entry for entry in listed if entry.news]
    return Sitemap(pages=_youngest_first(news or listed))


def _entries(text: str) -> Iterator[Listed]:
    """Yield the entries as they are parsed, forgetting each."""
    from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

    parser = etree.XMLPullParser(
        events=("end",), recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    count = 0
    for start in range(0, len(text), _PIECE):
        try:
            parser.feed(text[start : start + _PIECE])
        except etree.XMLSyntaxError:
            return
        for _, element in parser.read_events():
            if _name(element) not in ("url", "sitemap"):
                continue
            entry = _entry(element)
            element.clear(keep_tail=False)
            while element.getprevious() is not None:
                del element.getparent()[0]
            if entry is not None:
                count += 1
                yield entry
            if count >= _MOST_PAGES:
                return


def _entry(element: _Element) -> Listed | None:
    told: dict[str, str] = {}
    for part in element.iter():
        name = _name(part)
        if name and part.text and part.text.strip():
            told.setdefault(name, part.text.strip())
    if "loc" not in told:
        return None
    day = _DAY.match(told.get("publication_date") or told.get("lastmod") or "")
    news = "publication_date" in told or "publication" in [_name(part) for part in element.iter()]
    title = " ".join(told["title"].split()) if "title" in told and news else None
    return Listed(url=told["loc"], title=title, day=day[0] if day else None, news=news)


def _name(element: _Element) -> str:
    """Return an element's name without its namespace; outlets spell that in many ways."""
    tag = element.tag
    return tag.rpartition("}")[2].rpartition(":")[2].lower() if isinstance(tag, str) else ""


def _youngest_first(listed: list[Listed]) -> tuple[Listed, ...]:
    """Sort by day, the youngest first; where none is given, the order of the sitemap stays."""
    return tuple(sorted(listed, key=lambda entry: entry.day or "", reverse=True))

"""What arrives from the sources of a collection.

In: the arguments of a command line. Out: one `Arrival` for each page or record they lead to, lazily and in order.
Archives, line files and feeds are opened here; a plain page is only named, and received by who reads it.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tidings.errors import BrokenPage, PageError
from tidings.facts import Media, Received, Record
from tidings.pages import Found, find_sources, receive
from tidings.pages.receiving import name_path
from tidings.store.unpacking import PACKED

if TYPE_CHECKING:
    from tidings.store.visiting import Visitor

__all__ = ["Arrival", "find_arrivals", "measure"]

_ARCHIVES = frozenset({".warc", ".wet"})
_LINES = frozenset({".jsonl", ".ndjson"})
_FEEDS = frozenset({".rss", ".atom", ".xml", ".opml", ".json", ".rdf"})


@dataclass(frozen=True)
class Arrival:
    """A page named, a page received, a record made before, or the error that stands in its place.

    `source` is the argument that led to it; `there` tells that the store holds it already; `reached` is how many bytes
    of the files named have been read, this one with them; `feed` is the feed or sitemap that lists the page.
    """

    source: str
    where: str
    item: Found | Received | Record | None = None
    error: PageError | None = None
    there: bool = False
    reached: int = 0
    feed: str | None = None


def find_arrivals(
    args: Sequence[str], visitor: Visitor, *, media: Media | None = None, fetched: str | None = None
) -> Iterator[Arrival]:
    """Follow the arguments of a command line: what `find_sources` finds, and what lies in archives, line files, feeds.

    `visitor` fetches feeds and the pages behind them.
    """
    behind = 0
    for arg in args:
        piped = _piped(arg, media, fetched)
        if piped is not None:
            yield from piped
            continue
        name = name_path(arg)
        for found in _find(arg):
            if found.error is not None:
                yield Arrival(name, found.where, error=found.error)
            elif isinstance(found.source, Path):
                for arrival in _open(name, found, found.source, visitor, media, fetched):
                    yield replace(arrival, reached=behind + arrival.reached)
                behind += _size(found.source)
            elif found.url is not None:
                yield from _visit(arg, found.url, visitor, media, fetched)
            else:
                yield Arrival(name, found.where, found)


def measure(args: Sequence[str]) -> int | None:
    """Return the bytes of all files that lead to arrivals; None when that cannot be known before they are followed."""
    total = 0
    for arg in args:
        if arg == "-" or arg.lower().startswith(("http://", "https://")):
            return None
        for found in _find(arg):
            if isinstance(found.source, Path):
                if _kind(found.source) in _FEEDS:
                    return None
                total += _size(found.source)
    return total


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _piped(arg: str, media: Media | None, fetched: str | None) -> Iterator[Arrival] | None:
    """Read standard input when it holds lines (`tidings read ... | tidings collect STORE -`) or an archive."""
    stream = sys.stdin.buffer
    if arg != "-" or not isinstance(stream, io.BufferedReader):
        return None
    head = stream.peek(8)
    if head.startswith(b'{"'):
        from tidings.store.lines import read_lines

        return read_lines(stream, arg, media=media, fetched=fetched)
    if head.startswith(b"WARC/"):
        from tidings.store.archives import read_archive

        return read_archive(stream, arg, media=media, fetched=fetched)
    return None


def _find(arg: str) -> Iterator[Found]:
    """Find the pages of an argument and, when it is a folder, its archives and line files after them."""
    beside = _find_archives(arg)
    for found in find_sources([arg]):
        if found.error is None or not beside:
            yield found
    yield from beside


def _find_archives(arg: str) -> list[Found]:
    try:
        if arg == "-" or not Path(arg).is_dir():
            return []
        paths = sorted(Path(arg).rglob("*"))
        return [
            Found(where=name_path(path), source=path)
            for path in paths
            if _kind(path) in _ARCHIVES | _LINES and path.is_file() and not path.name.startswith(".")
        ]
    except (OSError, ValueError):
        return []


def _kind(path: Path) -> str:
    """Return what a file is by the end of its name, whether or not it is packed."""
    name = path.name.lower()
    for packed in PACKED:
        name = name.removesuffix(packed)
    return Path(name).suffix


def _open(
    arg: str, found: Found, path: Path, visitor: Visitor, media: Media | None, fetched: str | None
) -> Iterator[Arrival]:
    kind = _kind(path)
    if kind in _ARCHIVES:
        from tidings.store.archives import read_archive

        yield from read_archive(path, arg, media=media, fetched=fetched)
    elif kind in _LINES:
        from tidings.store.lines import read_lines

        yield from read_lines(path, arg, media=media, fetched=fetched)
    elif kind in _FEEDS:
        yield from _open_feed(arg, found, visitor, media, fetched)
    else:
        yield Arrival(arg, found.where, found, reached=_size(path))


def _open_feed(arg: str, found: Found, visitor: Visitor, media: Media | None, fetched: str | None) -> Iterator[Arrival]:
    from tidings.store.feeds import is_page, read_feed

    try:
        received = receive(found, media=media, fetched=fetched)
    except PageError as error:
        yield Arrival(arg, found.where, error=error)
        return
    feed = read_feed(received.text, None)
    if feed is not None:
        yield from visitor.follow(feed, arg, media=media, fetched=fetched)
    elif is_page(received.text):
        yield Arrival(arg, found.where, received)
    else:
        told = BrokenPage("neither a feed, nor a sitemap, nor a page", where=found.where)
        yield Arrival(arg, found.where, error=told)


def _visit(arg: str, url: str, visitor: Visitor, media: Media | None, fetched: str | None) -> Iterator[Arrival]:
    """Fetch an address; when it is a feed, go on to the pages it lists."""
    yield from visitor.visit(url, arg, media=media, fetched=fetched)

"""Find the pages a command line names.

In: its arguments: files, folders, patterns, addresses, `-`. Out: one `Found` for each page, in a fixed order.
It opens nothing but folders and standard input, and never stops at an argument that leads nowhere.
"""

from __future__ import annotations

import glob
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tidings.errors import MissingPage, PageError
from tidings.facts import Media, Received
from tidings.pages.decoding import MOST_BYTES
from tidings.pages.fetching import fetch
from tidings.pages.receiving import name_path, read_bytes, read_page

__all__ = ["Found", "find_sources", "receive"]

_SUFFIXES = frozenset({".html", ".htm", ".xhtml", ".shtml", ".txt", ".text"})


@dataclass(frozen=True)
class Found:
    """One page that was named: a file, an address, or bytes; or the error that stands in its place."""

    where: str
    source: Path | bytes | None = None
    url: str | None = None
    error: PageError | None = None


def find_sources(args: Sequence[str]) -> Iterator[Found]:
    """Expand the arguments of a command line, lazily and in order.

    A folder gives its pages (html, htm, xhtml, shtml, txt, each also packed as .gz), sorted, with those of its folders.
    A pattern (`*`, `?`, `[`) gives the files it matches. What leads nowhere is a `Found` with a `MissingPage`.

    >>> [(found.where, str(found.error)) for found in find_sources(["no-such-page.html"])]
    [('no-such-page.html', 'no-such-page.html: no such file')]
    """
    for arg in args:
        if arg == "-":
            yield Found(where="standard input", source=sys.stdin.buffer.read(MOST_BYTES + 1))
        elif arg.lower().startswith(("http://", "https://")):
            yield Found(where=arg, url=arg)
        else:
            yield from _find_files(arg)


def receive(found: Found, *, media: Media | None = None, fetched: str | None = None) -> Received:
    """Read, or fetch, a page that was found.

    Raises the error that stands in its place, or what `read_page` and `fetch` raise.
    """
    if found.error is not None:
        raise found.error
    if isinstance(found.source, bytes):
        return read_bytes(found.source, media=media, fetched=fetched, where=found.where)
    if found.source is not None:
        return read_page(found.source, media=media, url=found.url, fetched=fetched)
    if found.url is not None:
        return fetch(found.url, media=media, fetched=fetched)
    raise MissingPage("nothing to read", where=found.where)


def _find_files(arg: str) -> Iterator[Found]:
    try:
        path = Path(arg)
        if path.is_dir():
            yield from _find_in_folder(path)
            return
        if not path.exists() and any(mark in arg for mark in "*?["):
            matches = sorted(glob.glob(arg, recursive=True))  # noqa: PTH207 - patterns may be absolute
            for match in matches:
                yield from _find_files(match)
            if not matches:
                yield Found(where=name_path(arg), error=MissingPage("no file matches", where=name_path(arg)))
            return
        missing = not path.exists()
    except (OSError, ValueError):
        missing = True
    if missing:
        yield Found(where=name_path(arg), error=MissingPage("no such file", where=name_path(arg)))
    else:
        yield Found(where=name_path(arg), source=Path(arg))


def _find_in_folder(folder: Path) -> Iterator[Found]:
    found = False
    for path in sorted(folder.rglob("*")):
        if path.is_file() and _is_page(path):
            found = True
            yield Found(where=name_path(path), source=path)
    if not found:
        yield Found(where=name_path(folder), error=MissingPage("no pages in this folder", where=name_path(folder)))


def _is_page(path: Path) -> bool:
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if path.name.startswith("."):
        return False
    return bool(suffixes) and (
        suffixes[-1] in _SUFFIXES or (len(suffixes) > 1 and suffixes[-1] == ".gz" and suffixes[-2] in _SUFFIXES)
    )

"""Read the pages of a web archive (WARC, WET), packed with gzip, with Zstandard, or not.

In: a file. Out: one `Arrival` for each page in it, one at a time, in bounded memory.
Pictures, scripts, redirects and errors of servers are passed over in silence: they are no pages.
The reading is our own because a cut-off archive must be told from one that ends, and damage must not end the process.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from dataclasses import replace
from http.client import HTTPException, HTTPMessage, parse_headers
from pathlib import Path
from typing import IO, NamedTuple

from tidings.errors import BrokenPage, OversizePage, PageError
from tidings.facts import Media
from tidings.pages import MOST_BYTES
from tidings.pages.receiving import name_path, read_bytes
from tidings.store.arrivals import Arrival
from tidings.store.unpacking import Lines, opened

__all__ = ["read_archive"]

_PAGES = frozenset({"text/html", "application/xhtml+xml", "text/plain"})
_KINDS = frozenset({"response", "resource", "conversion"})
_LINE = 64 << 10
"""Characters of one header line."""
_HEADERS = 1_000
_BLANKS = 1_000
"""Blank lines between two records; a few are allowed, and a small packed file holds a million."""
_PIECE = 1 << 20


class _Cut(Exception):
    """The archive ends within a record."""


class _Damage(Exception):
    """The archive holds something that is no record."""


class _Entry(NamedTuple):
    """One record of the archive; `block` is None when it is larger than any page we read."""

    headers: dict[str, str]
    block: bytes | None


def read_archive(
    path: Path | IO[bytes], source: str, *, media: Media | None = None, fetched: str | None = None
) -> Iterator[Arrival]:
    """Yield the pages of an archive; one that is cut off is read up to the cut, which is told last.

    `fetched` overrides the days the archive gives.
    """
    count, told = 0, None
    name = name_path(path) if isinstance(path, Path) else "standard input"
    try:
        with opened(path) as archive:
            for entry in _entries(archive.file):
                arrival = _arrive(entry, name, source, media, fetched)
                if arrival is not None:
                    count += 1
                    yield replace(arrival, reached=archive.reached())
    except (_Cut, EOFError):
        told = "the archive is cut off"
    except _Damage as damage:
        told = f"the archive is damaged ({damage})"
    except (OSError, zlib.error) as error:
        told = f"the archive cannot be read on ({getattr(error, 'strerror', None) or error})"
    if told is not None:
        told += f"; its first {count} pages are read" if count else "; nothing of it is read"
        yield Arrival(source, name, error=BrokenPage(told, where=name))
    elif not count:
        yield Arrival(source, name, error=BrokenPage("no pages in this archive", where=name))


def _entries(file: Lines) -> Iterator[_Entry]:
    """Yield the records that can hold a page."""
    while True:
        line = next((line for _ in range(_BLANKS) if (line := file.readline(_LINE)) not in (b"\r\n", b"\n")), None)
        if line is None:
            raise _Damage("nothing but blank lines")
        if not line:
            return
        if not line.startswith(b"WARC/"):
            raise _Cut if b"WARC/1.".startswith(line) else _Damage("no record where one should begin")
        headers = _headers(file)
        try:
            length = int(headers["content-length"])
        except (KeyError, ValueError):
            raise _Damage("a record without its length") from None
        if headers.get("warc-type", "").lower() in _KINDS and 0 <= length <= MOST_BYTES:
            block = file.read(length)
            if len(block) < length:
                raise _Cut
            yield _Entry(headers, block)
            continue
        _pass_over(file, length)
        if headers.get("warc-type", "").lower() in _KINDS:
            yield _Entry(headers, None)


def _headers(file: Lines) -> dict[str, str]:
    headers: dict[str, str] = {}
    for _ in range(_HEADERS):
        line = file.readline(_LINE)
        if line in (b"\r\n", b"\n"):
            return headers
        if not line.endswith(b"\n"):
            if len(line) < _LINE:
                raise _Cut
            raise _Damage("a header without end")
        name, _, value = line.decode("utf-8", "replace").partition(":")
        headers[name.strip().lower()] = value.strip()
    raise _Damage("headers without end")


def _pass_over(file: Lines, length: int) -> None:
    while length > 0:
        piece = file.read(min(_PIECE, length))
        if not piece:
            raise _Cut
        length -= len(piece)


def _arrive(entry: _Entry, name: str, source: str, media: Media | None, fetched: str | None) -> Arrival | None:
    """Receive the page of a record; None when it holds none."""
    url = entry.headers.get("warc-target-uri", "").strip("<>") or None
    where = f"{name}: {url or entry.headers.get('warc-record-id', 'a record')}"
    kind = _kind(entry.headers.get("content-type", ""))
    if entry.block is None:
        if kind not in _PAGES and kind != "application/http":
            return None
        return Arrival(source, where, error=OversizePage(f"larger than {MOST_BYTES >> 20} MB", where=where))
    page, charset = entry.block, None
    if kind == "application/http":
        answer = _answer(entry.block)
        if answer is None:
            return None
        headers, page = answer
        kind, charset = _kind(headers.get("Content-Type", "text/html")), headers.get_content_charset()
    if kind not in _PAGES:
        return None
    told: Media | None = media or (None if kind == "text/plain" else "html")
    day = fetched or entry.headers.get("warc-date", "")[:10] or None
    try:
        return Arrival(source, where, read_bytes(page, media=told, url=url, fetched=day, charset=charset, where=where))
    except PageError as error:
        return Arrival(source, where, error=error)


def _kind(told: str) -> str:
    return told.split(";")[0].strip().lower()


def _answer(block: bytes) -> tuple[HTTPMessage, bytes] | None:
    """Return the headers and the body of a server's answer; None when it is not one that brings a page."""
    file = io.BytesIO(block)
    status = file.readline(_LINE).split()
    if len(status) < 2 or not status[0].startswith(b"HTTP/") or status[1] != b"200":
        return None
    try:
        headers = parse_headers(file)
    except (HTTPException, ValueError):
        return None
    body = file.read()
    chunked = "chunked" in headers.get("Transfer-Encoding", "").lower()
    return headers, _joined(body) if chunked else body


def _joined(body: bytes) -> bytes:
    """Join the chunks of a body; many archives keep the header and store the body joined already."""
    parts: list[bytes] = []
    at = 0
    while (end := body.find(b"\r\n", at, at + 100)) >= 0:
        try:
            length = int(body[at:end].split(b";")[0], 16)
        except ValueError:
            break
        if length <= 0:
            break
        parts.append(body[end + 2 : end + 2 + length])
        at = end + 4 + length
    return b"".join(parts) or body

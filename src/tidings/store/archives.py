"""Read the pages of a web archive (WARC, WET), packed or not.

In: a file. Out: one `Arrival` for each page in it, one at a time, in bounded memory.
Pictures, scripts, redirects and errors of servers are passed over in silence: they are no pages.
"""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tidings.errors import BrokenPage, OversizePage, PageError
from tidings.facts import Media
from tidings.pages import MOST_BYTES
from tidings.pages.receiving import read_bytes
from tidings.store.arrivals import Arrival

if TYPE_CHECKING:
    from fastwarc.warc import WarcRecord

__all__ = ["read_archive"]

_PAGES = frozenset({"text/html", "application/xhtml+xml", "text/plain"})


def read_archive(
    path: Path, source: str, *, media: Media | None = None, fetched: str | None = None
) -> Iterator[Arrival]:
    """Yield the pages of an archive; one that is cut off is read up to the cut, which is told last.

    `fetched` overrides the days the archive gives.
    """
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    kinds = WarcRecordType.response | WarcRecordType.resource | WarcRecordType.conversion
    count = 0
    try:
        with _Tail(path) as tail:
            # Dates and lengths are checked here, on the record as it lies in the file, so HTTP is parsed by hand below.
            for record in ArchiveIterator(tail, record_types=kinds, parse_http=False):
                arrival = _arrive(record, path, source, media, fetched)
                if arrival is not None:
                    count += 1
                    yield arrival
            if tail.last not in (b"", b"\r\n\r\n"):
                raise EOFError
            if not tail.last:
                yield Arrival(source, str(path), error=BrokenPage("an empty archive", where=str(path)))
    except EOFError:
        told = f"the archive is cut off; its first {count} pages are read" if count else "the archive is cut off"
        yield Arrival(source, str(path), error=BrokenPage(told, where=str(path)))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        yield Arrival(source, str(path), error=BrokenPage(f"the archive cannot be read on: {reason}", where=str(path)))


class _Tail(io.RawIOBase):
    """Remembers the last four characters read, by which a whole archive is told from one that is cut off."""

    def __init__(self, path: Path) -> None:
        # Python's own gzip says when a file is cut off; the archive reader takes a cut for the end.
        self._file = gzip.open(path, "rb") if path.name.lower().endswith(".gz") else path.open("rb")  # noqa: SIM115
        self.last = b""

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self.last = (self.last + data[-4:])[-4:]
        return data

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        self._file.close()
        super().close()


def _arrive(record: WarcRecord, path: Path, source: str, media: Media | None, fetched: str | None) -> Arrival | None:
    url = (record.headers.get("WARC-Target-URI") or "").strip("<>") or None
    where = f"{path}: {url or record.record_id}"
    length = record.content_length
    if length > MOST_BYTES:
        return Arrival(source, where, error=OversizePage(f"larger than {MOST_BYTES >> 20} MB", where=where))
    kind, charset = (record.headers.get("Content-Type") or "").split(";")[0].strip().lower(), None
    try:
        if kind == "application/http":
            record.parse_http()
            left = record.content_length
            payload = record.reader.read(MOST_BYTES + 1)
            if len(payload) < left:
                raise EOFError
            if record.http_headers is None or record.http_headers.status_code != 200:
                return None
            kind, charset = (record.http_content_type or "text/html").lower(), record.http_charset
            payload = _unwrapped(payload, record)
        else:
            payload = record.reader.read(MOST_BYTES + 1)
            if len(payload) < length:
                raise EOFError
        if kind not in _PAGES:
            return None
        day = fetched or _day(record)
        told = media or ("html" if "html" in kind else None)
        received = read_bytes(payload, media=told, url=url, fetched=day, charset=charset, where=where)
    except PageError as error:
        return Arrival(source, where, error=error)
    return Arrival(source, where, received)


def _unwrapped(payload: bytes, record: WarcRecord) -> bytes:
    """Undo chunks; what is packed with gzip is unpacked, within bounds, where the page is received."""
    headers = {name.lower(): value for name, value in (record.http_headers or ())}
    if "chunked" not in headers.get("transfer-encoding", "").lower():
        return payload
    parts, at = [], 0
    while True:
        end = payload.find(b"\r\n", at)
        size = payload[at:end].split(b";")[0].strip() if end >= 0 else b""
        try:
            length = int(size, 16)
        except ValueError:
            # Many archives keep the header and store the page already unwrapped.
            return payload if not parts else b"".join(parts)
        if length <= 0:
            return b"".join(parts)
        parts.append(payload[end + 2 : end + 2 + length])
        at = end + 4 + length


def _day(record: WarcRecord) -> str | None:
    return record.record_date.date().isoformat() if record.record_date else None

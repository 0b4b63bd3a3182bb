"""Read a file of JSON lines: pages, or records written before.

In: a file of `{"url": ..., "html": ...}` (or `"text"`) lines, or of Tidings records. Out: one `Arrival` for each line.
It holds one line at a time.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

import msgspec

from tidings.errors import BrokenPage, OversizePage, PageError
from tidings.facts import Fact, Media, Record, from_json
from tidings.pages import MOST_BYTES
from tidings.pages.receiving import name_path, read_bytes
from tidings.store.arrivals import Arrival
from tidings.store.unpacking import Lines, opened
from tidings.text import Span

__all__ = ["check_spans", "read_lines", "read_records"]

_LONGEST = 4 * MOST_BYTES
"""Characters of a line: a page can be several times its size when it is written in JSON."""


class _Line(msgspec.Struct):
    """A line that holds a page."""

    html: str | None = None
    text: str | None = None
    url: str | None = None
    fetched: str | None = None
    schema: str | None = None


_line = msgspec.json.Decoder(_Line)


def read_lines(
    path: Path | IO[bytes], source: str, *, media: Media | None = None, fetched: str | None = None
) -> Iterator[Arrival]:
    """Yield what stands on each line of a file; a line that makes no sense is told with its number."""
    name = name_path(path) if isinstance(path, Path) else "standard input"
    try:
        with opened(path) as lines:
            number = 0
            while line := lines.file.readline(_LONGEST + 1):
                number += 1
                where = f"{name}:{number}"
                if len(line) > _LONGEST:
                    _pass_over(lines.file, line)
                    yield Arrival(source, where, error=OversizePage(f"longer than {_LONGEST >> 20} MB", where=where))
                    continue
                if line.strip():
                    yield replace(_arrive(line, where, source, media, fetched), reached=lines.reached())
            if not number:
                yield Arrival(source, name, error=BrokenPage("a file without lines", where=name))
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        yield Arrival(source, name, error=BrokenPage(f"cannot be read on: {reason}", where=name))


def _pass_over(file: Lines, line: bytes) -> None:
    """Read on to the end of a line, holding one piece of it."""
    while line and not line.endswith(b"\n"):
        line = file.readline(MOST_BYTES)


def read_records(path: Path) -> Iterator[Record]:
    """Yield the records of a file written by `tidings read --format jsonl`.

    Raises `BrokenPage` for a line that is no record.
    """
    with opened(path) as lines:
        for number, line in enumerate(lines.file, 1):
            if line.strip():
                yield _record(line, f"{path}:{number}")


def check_spans(fact: Any, length: int) -> bool:  # Any: every kind of fact, and what it is made of
    """Tell whether every span of a fact lies within a text of this length; `source` spans point elsewhere."""
    if isinstance(fact, Span):
        return fact.end <= length
    if isinstance(fact, tuple):
        return all(check_spans(part, length) for part in fact)
    if isinstance(fact, Fact):
        # `source` is a span of the page in furniture, credits and evidence, and a list of sides in an event.
        parts = {name: getattr(fact, name) for name in fact.__struct_fields__ if name not in ("furniture", "alignment")}
        return all(
            check_spans(part, length)
            for name, part in parts.items()
            if not (name == "source" and isinstance(part, Span))
        )
    return True


def _arrive(line: bytes, where: str, source: str, media: Media | None, fetched: str | None) -> Arrival:
    try:
        told = _line.decode(line)
        if told.schema and told.schema.startswith("tidings.record/"):
            return Arrival(source, where, _record(line, where))
        page = told.html if told.html is not None else told.text
        if page is None:
            raise BrokenPage('neither a page ("html" or "text") nor a record', where=where)
        kind: Media | None = media or ("html" if told.html is not None else None)
        data = page.encode("utf-8", "replace")
        received = read_bytes(
            data, media=kind, url=told.url, fetched=fetched or told.fetched, charset="utf-8", where=where
        )
        return Arrival(source, where, received)
    except PageError as error:
        return Arrival(source, where, error=error)
    except (msgspec.DecodeError, UnicodeError) as error:
        return Arrival(source, where, error=BrokenPage(f"not a line of JSON we know: {error}", where=where))


def _record(line: bytes, where: str) -> Record:
    try:
        record = from_json(line)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise BrokenPage(f"no record: {error}", where=where) from error
    if not check_spans(record, len(record.article.text)):
        raise BrokenPage("a record whose facts point outside its text", where=where)
    return record

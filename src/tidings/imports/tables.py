"""Rows and columns of a table, whatever separates them.

In: a stream of bytes. Out: rows of cells with their line numbers, and which column holds which field.
It knows nothing of events. A row too long or too broken to be one is None.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import IO

from tidings.errors import BinaryPage, EmptyPage
from tidings.imports.acts import Format

__all__ = ["Row", "columns_of", "flatten", "rows_of"]

Row = tuple[int, list[str] | None]

_LONGEST = 1 << 22
"""Bytes of a line beyond which it is no row."""
_FIELD = 1 << 20


def rows_of(stream: IO[bytes], name: str) -> Iterator[Row]:
    """Yield the rows of a table that are not empty, each with the number of its line; a broken one is None.

    Tabs, commas, semicolons or bars separate the cells, whichever the first line has most of. Raises `EmptyPage` and
    `BinaryPage`.
    """
    lines = _lines(stream, name)
    first = next(((number, line) for number, line in lines if line is None or line.strip()), None)
    if first is None or first[1] is None:
        raise EmptyPage("nothing in it that could be a table", where=name)
    separator = max("\t,;|", key=first[1].count)
    both = _chain(first, lines)
    yield from _split_by_tabs(both) if separator == "\t" else _split_by_marks(both, separator)


def _chain(first: tuple[int, str | None], lines: Iterable[tuple[int, str | None]]) -> Iterator[tuple[int, str | None]]:
    yield first
    yield from lines


def _split_by_tabs(lines: Iterable[tuple[int, str | None]]) -> Iterator[Row]:
    # A tab cannot stand inside a cell, but a lone quotation mark can: a reader that pairs them would eat what follows.
    for number, line in lines:
        if line is None:
            yield number, None
        elif line.strip():
            cells = line.rstrip("\r\n").split("\t")
            if '"' in line:
                cells = [_unquoted(cell) for cell in cells]
            yield number, cells


def _unquoted(cell: str) -> str:
    if len(cell) > 1 and cell[0] == cell[-1] == '"':
        return cell[1:-1].replace('""', '"')
    return cell


def _split_by_marks(lines: Iterable[tuple[int, str | None]], separator: str) -> Iterator[Row]:
    here = 0

    def texts() -> Iterator[str]:
        nonlocal here
        for here, line in lines:  # noqa: B007 - read by the loop below
            yield "" if line is None else line

    csv.field_size_limit(_FIELD)
    reader = csv.reader(texts(), delimiter=separator)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield here, None
            continue
        if any(cell.strip() for cell in cells):
            yield here, cells


def _lines(stream: IO[bytes], name: str) -> Iterator[tuple[int, str | None]]:
    buffered = io.BufferedReader(stream) if not hasattr(stream, "peek") else stream  # type: ignore[arg-type]
    start = buffered.peek(4096)[:4096]  # type: ignore[union-attr]
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        yield from enumerate(io.TextIOWrapper(buffered, "utf-16", errors="replace"), 1)  # type: ignore[arg-type]
        return
    if b"\x00" in start or start.startswith((b"%PDF", b"PAR1", b"SQLite")):
        raise BinaryPage("not a table of text", where=name)
    if start.startswith(codecs.BOM_UTF8):
        buffered.read(len(codecs.BOM_UTF8))
    number = 0
    while line := buffered.readline(_LONGEST):
        number += 1
        if len(line) == _LONGEST and not line.endswith(b"\n"):
            while line and not line.endswith(b"\n"):
                line = buffered.readline(_LONGEST)
            yield number, None
            continue
        try:
            yield number, line.decode("utf-8")
        except UnicodeDecodeError:
            yield number, line.decode("cp1252", errors="replace")


_PLAIN = re.compile(r"[^a-z0-9]+")


def flatten(name: str) -> str:
    """Return the letters and digits of a column's name, in lower case.

    >>> flatten("EVENT_ID_CNTY"), flatten("Event Date")
    ('eventidcnty', 'eventdate')
    """
    return _PLAIN.sub("", name.lower())


def columns_of(form: Format, first: Sequence[str]) -> tuple[Mapping[str, int], bool] | None:
    """Return which column holds which field, and whether the first row is a header; None for another kind."""
    named: dict[str, int] = {}
    for number, cell in enumerate(first):
        named.setdefault(flatten(cell), number)
    found = {
        field: next(named[alias] for alias in aliases if alias in named)
        for field, aliases in form.names.items()
        if any(alias in named for alias in aliases)
    }
    if any(need <= found.keys() for need in form.needs):
        return found, True
    bare = form.bare(first)
    return (bare, False) if bare is not None else None

"""CSV: the table of events for a spreadsheet (RFC 4180).

In: records. Out: a header and one line for each event.
A text that a spreadsheet would take for a formula gets an apostrophe before it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from typing import IO

from tidings.export.events import COLUMNS, event_rows
from tidings.facts import Record

__all__ = ["write", "write_rows"]

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def write(records: Iterable[Record], stream: IO[str]) -> int:
    """Write the events of all records."""
    rows = (row for record in records for row in event_rows(record))
    return write_rows(stream, list(COLUMNS), ([row[name] for name in COLUMNS] for row in rows))


def write_rows(stream: IO[str], columns: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """Write a header and rows of cells; return how many rows there were.

    >>> import io
    >>> stream = io.StringIO()
    >>> write_rows(stream, ["who", "n"], [["=1+1", -2]]), stream.getvalue()
    (1, "who,n\\r\\n'=1+1,-2\\r\\n")
    """
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(columns)
    count = 0
    for row in rows:
        writer.writerow([_safe(cell) for cell in row])
        count += 1
    return count


def _safe(cell: object) -> object:
    if not isinstance(cell, str):
        return cell
    cell = cell.replace("\x00", "")
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA) else cell

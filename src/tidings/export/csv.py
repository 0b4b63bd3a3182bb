"""CSV: the table of events for a spreadsheet (RFC 4180).

In: records. Out: a header and one line for each event.
A text that a spreadsheet would take for a formula gets an apostrophe before it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import IO

from tidings.export.events import COLUMNS, Cell, event_rows
from tidings.facts import Record

__all__ = ["write"]

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def write(records: Iterable[Record], stream: IO[str]) -> int:
    """Write the events of all records."""
    rows = csv.writer(stream, lineterminator="\r\n")
    rows.writerow(COLUMNS)
    count = 0
    for record in records:
        for row in event_rows(record):
            rows.writerow([_safe(row[name]) for name in COLUMNS])
            count += 1
    return count


def _safe(cell: Cell) -> Cell:
    if isinstance(cell, str):
        cell = cell.replace("\x00", "")
        return f"'{cell}" if cell.startswith(_FORMULA) else cell
    return cell

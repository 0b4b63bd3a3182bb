"""What a page of the desk is before it is drawn: a template, its data, and one table.

In: rows. Out: a `View`, which is drawn as HTML, or written as JSON or CSV.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from tidings.desk.digest import Party, Told

__all__ = ["Paging", "Table", "View", "event_table", "names", "paged", "to_csv"]

_T = TypeVar("_T")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
PAGE = 100


class Table(msgspec.Struct, frozen=True):
    """Columns and rows of plain cells."""

    columns: Sequence[str]
    rows: Sequence[Sequence[object]]


class View(msgspec.Struct, kw_only=True):
    """One page. `data` is the JSON twin; `drawn` is what only the drawing needs (marked pieces, charts)."""

    title: str
    template: str
    data: Mapping[str, Any]  # each page has its own shape; the template names every field it takes
    drawn: Mapping[str, Any] = msgspec.field(default_factory=dict)
    table: Table | None = None
    status: int = 200


class Paging(msgspec.Struct, frozen=True, kw_only=True):
    """Which part of a list is shown."""

    page: int
    pages: int
    total: int


def paged(rows: Sequence[_T], asked: str | None, size: int = PAGE) -> tuple[Sequence[_T], Paging]:
    """Return the part of a list that a page number asks for; a number out of range gives the nearest.

    >>> paged("abcde", "2", 2)
    ('cd', Paging(page=2, pages=3, total=5))
    """
    pages = max(1, -(-len(rows) // size))
    number = int(asked) if asked and asked.isascii() and asked.isdigit() and len(asked) < 9 else 1
    page = min(max(1, number), pages)
    return rows[(page - 1) * size : page * size], Paging(page=page, pages=pages, total=len(rows))


def names(parties: Sequence[Party]) -> str:
    """Name all parties of one side."""
    return ", ".join(party.name for party in parties)


def event_table(told: Sequence[Told]) -> Table:
    """Lay out events for a spreadsheet."""
    columns = (
        "article",
        "date",
        "source",
        "type",
        "cameo",
        "target",
        "status",
        "according_to",
        "words",
        "start",
        "end",
    )
    return Table(
        columns,
        [
            (
                event.article,
                event.value,
                names(event.source),
                event.type,
                event.cameo,
                names(event.target),
                event.status,
                event.according_to,
                event.words,
                event.span.start,
                event.span.end,
            )
            for event in told
        ],
    )


def to_csv(table: Table) -> str:
    """Write a table for a spreadsheet; a text that it would take for a formula gets an apostrophe before it.

    >>> to_csv(Table(["a", "b"], [["=1+1", -2]]))
    "a,b\\r\\n'=1+1,-2\\r\\n"
    """
    stream = io.StringIO()
    rows = csv.writer(stream, lineterminator="\r\n")
    rows.writerow(table.columns)
    rows.writerows([_safe(cell) for cell in row] for row in table.rows)
    return stream.getvalue()


def _safe(cell: object) -> object:
    if not isinstance(cell, str):
        return cell
    cell = cell.replace("\x00", "")
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA) else cell

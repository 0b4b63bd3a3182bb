"""What a page of the desk is before it is drawn: a template, its data, one table, and what a feed of it would hold.

In: rows. Out: a `View`, which is drawn as HTML, or written as JSON, CSV, RSS or iCalendar.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from tidings.desk.telling import Act, Head, Party, Told
from tidings.export.csv import write_rows
from tidings.stories.calendar import Scheduled

__all__ = ["PAGE", "WHOLE", "Item", "Paging", "Table", "View", "act_table", "event_table", "head_items", "head_table",
           "names", "number_of", "paged", "paging_of", "to_csv"]  # fmt: skip

_T = TypeVar("_T")
PAGE = 50
WHOLE = 10_000
"""Rows of a table that is written whole."""


class Table(msgspec.Struct, frozen=True):
    """Columns and rows of plain cells."""

    columns: Sequence[str]
    rows: Sequence[Sequence[object]]


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of a feed: `path` is the address on the desk, `day` its ISO day where known."""

    path: str
    title: str
    words: str = ""
    day: str | None = None


class View(msgspec.Struct, kw_only=True):
    """One page. `data` is the JSON twin; `drawn` is what only the drawing needs (marked pieces, charts).

    `whole` makes the table of a list that is shown in parts. `planned` is what a calendar of the page would hold.
    """

    title: str
    template: str
    data: Mapping[str, Any]  # each page has its own shape; the template names every field it takes
    drawn: Mapping[str, Any] = msgspec.field(default_factory=dict)
    table: Table | None = None
    items: Sequence[Item] | None = None
    planned: Sequence[Scheduled | Told] | Callable[[], Sequence[Scheduled | Told]] | None = None
    whole: Callable[[], Table] | None = None
    status: int = 200
    cookies: Mapping[str, str] = msgspec.field(default_factory=dict)


class Paging(msgspec.Struct, frozen=True, kw_only=True):
    """Which part of a list is shown."""

    page: int
    pages: int
    total: int
    size: int = PAGE

    @property
    def offset(self) -> int:
        """The place of the first row shown."""
        return (self.page - 1) * self.size


def number_of(asked: str | None, most: int = 10**8) -> int | None:
    """Read a whole number from an address; None for what is none.

    >>> number_of("12"), number_of("x"), number_of("٣")
    (12, None, None)
    """
    return (
        int(asked) if asked and asked.isascii() and asked.isdigit() and len(asked) < 9 and int(asked) <= most else None
    )


def paging_of(total: int, asked: str | None, size: int = PAGE) -> Paging:
    """Return the part of a list that a page number asks for; a number out of range gives the nearest.

    >>> paging_of(5, "9", 2)
    Paging(page=3, pages=3, total=5, size=2)
    """
    pages = max(1, -(-total // size))
    return Paging(page=min(max(1, number_of(asked) or 1), pages), pages=pages, total=total, size=size)


def paged(rows: Sequence[_T], asked: str | None, size: int = PAGE) -> tuple[Sequence[_T], Paging]:
    """Return the rows of the part asked for, and which part it is.

    >>> paged("abcde", "2", 2)[0]
    'cd'
    """
    paging = paging_of(len(rows), asked, size)
    return rows[paging.offset : paging.offset + size], paging


def names(parties: Sequence[Party]) -> str:
    """Name all parties of one side."""
    return ", ".join(party.name for party in parties)


def head_table(heads: Sequence[Head]) -> Table:
    """Lay out articles for a spreadsheet."""
    columns = ("id", "published", "outlet", "title", "kind", "quotes", "events")
    return Table(columns, [[getattr(head, column) for column in columns] for head in heads])


def head_items(heads: Sequence[Head]) -> list[Item]:
    """Make the entries of a feed of articles."""
    return [
        Item(path=f"/article/{head.id}", title=head.title or "(no title)", words=head.outlet or "", day=head.published)
        for head in heads
    ]


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


def act_table(acts: Sequence[Act]) -> Table:
    """Lay out acts for a spreadsheet."""
    columns = ("day", "dated", "source", "type", "cameo", "target", "quad", "intensity", "tellings", "dataset",
               "article", "start", "end", "words")  # fmt: skip
    return Table(
        columns,
        [
            (
                act.day,
                act.dated,
                act.source.name,
                act.type,
                act.cameo,
                act.target.name if act.target else None,
                act.quad,
                act.intensity,
                act.tellings,
                act.dataset,
                *((told.article, told.span.start, told.span.end, told.words) if (told := act.telling) else (None,) * 4),
            )
            for act in acts
        ],
    )


def to_csv(table: Table) -> str:
    """Write a table for a spreadsheet; a text that it would take for a formula gets an apostrophe before it.

    >>> to_csv(Table(["a", "b"], [["=1+1", -2]]))
    "a,b\\r\\n'=1+1,-2\\r\\n"
    """
    stream = io.StringIO()
    write_rows(stream, table.columns, table.rows)
    return stream.getvalue()

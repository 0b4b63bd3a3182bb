"""Lists on the command line: as JSON lines when piped, as a table on a terminal, as CSV when asked.

In: facts, or rows of cells. Out: text on stdout. Page text is hostile: a table shows it without control characters.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import IO, TYPE_CHECKING, Any, TypeVar

from tidings.cli.terminal import show

if TYPE_CHECKING:
    from pathlib import Path

    from rich.table import Table

    from tidings.stories.tellings import Telling

__all__ = [
    "days_of", "form_of", "from_to", "print_csv", "print_found", "print_lines", "print_table", "shorten", "who_tells",
    "write_lines",
]  # fmt: skip

_RATIOS = {"words": 5, "headline": 5, "message": 5, "page": 4, "who": 3, "told by": 2, "copy": 2}
"""Columns that share the width a table leaves over, and fold."""
_NUMBERS = frozenset({"articles", "outlets"})

Cell = str | int | float | None
_F = TypeVar("_F")


def form_of(form: str | None, out: Path | None = None) -> str:
    """Return the form asked for: by default a table on a terminal, JSON lines elsewhere and in a file."""
    return form or ("table" if out is None and sys.stdout.isatty() else "jsonl")


def print_lines(items: Iterable[Any]) -> None:
    """Print one JSON object a line."""
    from tidings.cli.output import opened

    with opened(None) as stream:
        write_lines(stream, items)


def write_lines(stream: IO[str], items: Iterable[Any]) -> None:  # Any: whatever msgspec can write
    """Write one JSON object a line."""
    import msgspec

    encode = msgspec.json.Encoder().encode
    stream.writelines(encode(item).decode() + "\n" for item in items)


def print_found(
    found: Sequence[_F],
    form: str | None,
    columns: Sequence[str],
    row: Callable[[_F], Mapping[str, Cell]],
    table: Callable[[Sequence[_F]], None],
) -> None:
    """Print what was found in the form asked for, one line or row each."""
    form = form_of(form)
    if form == "jsonl":
        print_lines(found)
    elif form == "csv":
        print_csv(columns, map(row, found))
    elif found:
        table(found)


def print_csv(columns: Sequence[str], rows: Iterable[Mapping[str, Cell]]) -> None:
    """Print rows with a header (RFC 4180); a text that a spreadsheet would run gets an apostrophe before it."""
    from tidings.cli.output import opened
    from tidings.export.csv import write_rows

    with opened(None) as stream:
        write_rows(stream, columns, ([row[name] for name in columns] for row in rows))


def print_table(columns: Sequence[str], rows: Iterable[Sequence[Cell]], *, title: str | None = None) -> None:
    """Print a table as wide as the terminal; numbers stand to the right."""
    from rich.text import Text

    table = _table(columns)
    for row in rows:
        table.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
    show(*([Text(title, style="bold")] if title else []), table)


def who_tells(tellings: Sequence[Telling]) -> str:
    """Name the first outlet that tells something, and how many more articles do."""
    if not tellings:
        return ""
    more = len({telling.article for telling in tellings}) - 1
    return f"{tellings[0].outlet or tellings[0].article}{f' +{more}' if more else ''}"


def days_of(first: str | None, last: str | None) -> str:
    """Say the first and the last day as short as they can be told.

    >>> days_of("2015-07-20", "2015-07-26"), days_of("2015-07-20", "2015-08-02"), days_of("2015-07-20", None)
    ('2015-07-20 to 26', '2015-07-20 to 2015-08-02', '2015-07-20')
    """
    if first is None or last is None or first == last:
        return first or last or "?"
    return f"{first} to {last[8:] if last[:7] == first[:7] else last}"


def from_to(who: str | None, to_whom: str | None) -> str:
    """Return who deals with whom, on one line."""
    return f"{who or '?'} → {to_whom}" if to_whom else who or ""


def shorten(text: str | None, most: int = 200) -> str:
    """Return a text on one line, cut at a word when it is long.

    >>> shorten("Envoys met\\nin Bern and agreed", 20)
    'Envoys met in Bern …'
    """
    words = " ".join((text or "").split())
    if len(words) <= most:
        return words
    return words[: most - 1].rsplit(" ", 1)[0] + " …"


def _table(columns: Sequence[str]) -> Table:
    from rich.table import Table

    table = Table(box=None, header_style="bold", pad_edge=False, expand=True)
    for name in columns:
        wide = name in _RATIOS
        table.add_column(
            name,
            ratio=_RATIOS.get(name),
            min_width=10 if name == "told by" else None,
            justify="right" if name in _NUMBERS else "left",
            no_wrap=not wide,
            overflow="fold" if wide else "ellipsis",
        )
    return table

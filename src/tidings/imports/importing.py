"""Read event data into a store.

In: a store, the name of a format, paths. Out: rows in `datasets`, `imported_files`, `parties` and `acts`.
A file that is there already is skipped; one that was cut short is gone on with, and nothing is doubled.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from os import PathLike
from pathlib import Path

import msgspec

from tidings.errors import BinaryPage, EmptyPage, PageError, TidingsError, UsageError
from tidings.imports.acled import ACLED
from tidings.imports.acts import Act, BadRow, Format, NoAct, Tally
from tidings.imports.codes import day_reader
from tidings.imports.gdelt import GDELT
from tidings.imports.icews import ICEWS
from tidings.imports.keeping import Keeper
from tidings.imports.phoenix import PHOENIX
from tidings.imports.polecat import POLECAT
from tidings.imports.sources import Table, broken_told, tables_in
from tidings.imports.tables import Row, columns_of, flatten, rows_of
from tidings.store import Store

__all__ = ["FORMATS", "Imported", "import_events"]

_FORMATS: dict[str, Format] = {form.name: form for form in (GDELT, ICEWS, POLECAT, ACLED, PHOENIX)}
FORMATS: tuple[str, ...] = tuple(_FORMATS)
"""The formats that can be read."""

_CHUNK = 50_000
"""Acts kept in one transaction."""
_SAMPLE = 2_000
"""Rows looked at to tell how dates are written."""
_COMPLAINTS = 5
_LONGEST = 2_000
"""Characters of a name."""
_ROW = 100
"""Bytes of a row, about."""


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """What an import has done: `acts` are new ones, `there` those that were there already.

    `no_acts` are rows of something that is no act or has no source, `skipped` rows that could not be read;
    `complaints` tells the first of them. `failed` names files that could not be read, `unknown` the names that no
    table has, each with its kind and how often it was met, the most frequent first.
    """

    dataset: str
    acts: int
    there: int
    no_acts: int
    skipped: int
    files: int
    files_there: int
    failed: tuple[str, ...] = ()
    complaints: tuple[str, ...] = ()
    unknown: tuple[tuple[str, str, int], ...] = ()


def import_events(
    store: Store,
    format: str,
    paths: Sequence[str | PathLike[str]],
    *,
    name: str | None = None,
    again: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Imported:
    """Read files, folders and archives of event data into a store, as the dataset `name` (that of the format).

    With `again` files that are there are read once more, for acts that could not be read before. `progress` is told
    how many rows more are done. Raises `UsageError` for an unknown format or a file of another
    kind, `PageError` for one that cannot be read, when nothing else could.
    """
    form = _FORMATS.get(format)
    if form is None:
        raise UsageError(f"the formats are {', '.join(FORMATS)}, not {format!r}")
    keeper = Keeper(store, name or form.name, form.name)
    run = _Run(keeper, form, again, progress or (lambda _: None))
    new = [found for table in tables_in(Path(path) for path in paths) if (found := run.look_at(table))]
    with keeper.expecting(sum(table.size for table, _ in new) // _ROW):
        for table, digest in new:
            run.take(table, digest)
    return run.result()


class _Run:
    """One import: its counts, and the first of its complaints."""

    def __init__(self, keeper: Keeper, form: Format, again: bool, progress: Callable[[int], None]) -> None:
        self._keeper = keeper
        self._form = form
        self._again = again
        self._progress = progress
        self._tally = Tally()
        self._complaints: list[str] = []
        self._errors: list[TidingsError] = []
        self._left_out: list[TidingsError] = []
        self._acts = self._there = self._no_acts = self._skipped = self._files = self._files_there = 0

    def look_at(self, table: Table) -> tuple[Table, str] | None:
        """Return a table with its digest, if it can be read and has not been."""
        try:
            digest = table.digest()
        except PageError as error:
            self._errors.append(error)
            return None
        if self._keeper.holds(digest) and not self._again:
            self._files_there += 1
            return None
        return table, digest

    def take(self, table: Table, digest: str) -> None:
        """Read one table."""
        try:
            with broken_told(table.name), table.open() as stream:
                self._read(rows_of(stream, table.name), table.name, digest)
            self._files += 1
        except (PageError, UsageError) as error:
            if table.named or not isinstance(error, UsageError | EmptyPage | BinaryPage):
                self._errors.append(error)
            else:
                # In a folder or an archive other things may lie beside the data.
                self._left_out.append(error)
                self._complain(f"left out: {error}")

    def result(self) -> Imported:
        """Return what was done; raise the first error when there was nothing else."""
        if not self._files and not self._files_there:
            if self._errors or self._left_out:
                raise (self._errors or self._left_out)[0]
            raise UsageError("no tables in what was given (.csv, .tsv, .tab, .txt, also packed as .gz or .zip)")
        unknown = sorted(self._tally.unknown.items(), key=lambda item: (-item[1], item[0]))
        return Imported(
            dataset=self._keeper.name,
            acts=self._acts,
            there=self._there,
            no_acts=self._no_acts,
            skipped=self._skipped,
            files=self._files,
            files_there=self._files_there,
            failed=tuple(str(error) for error in self._errors),
            complaints=tuple(self._complaints),
            unknown=tuple((kind, name, count) for (kind, name), count in unknown),
        )

    def _read(self, rows: Iterator[Row], name: str, digest: str) -> None:
        skipped, told = self._skipped, 0
        acts = self._acts_of(rows, name)
        while chunk := list(itertools.islice(acts, _CHUNK)):
            added = self._keeper.add(chunk)
            told += len(chunk)
            self._acts += added
            self._there += len(chunk) - added
        self._keeper.note_file(digest, name, told, self._skipped - skipped)

    def _acts_of(self, rows: Iterator[Row], name: str) -> Iterator[Act]:
        sample = list(itertools.islice(rows, _SAMPLE))
        first = next((cells for _, cells in sample if cells), None)
        layout = columns_of(self._form, first) if first else None
        if first is None or layout is None:
            raise UsageError(f"{name}: not a table of {self._form.title}: {_describe(first or [])}")
        columns, headed = layout
        if headed:
            sample = [row for row in sample if row[1] is not first]
            row = next((cells for _, cells in sample if cells), first)
            if len(row) < len(first):
                columns = self._form.bare(row) or columns  # a header with names too many, which are of other columns
        places = [columns.get(field, -1) for field in self._form.names]
        last = min(max(columns[field] for field in need) for need in self._form.needs if need <= columns.keys())
        days = day_reader(_column(sample, columns["day"]))
        header = [flatten(cell) for cell in first] if headed else None
        for done, (line, cells) in enumerate(itertools.chain(sample, rows), 1):
            if done % 1000 == 0:
                self._progress(1000)
            if cells is not None and header and flatten(cells[0]) == header[0] and list(map(flatten, cells)) == header:
                continue  # files that were joined, each with its header
            if cells and done == 1 and headed and all(cell.startswith("#") for cell in cells if cell):
                continue  # the tags of the humanitarian exchange language, which say what the columns are
            try:
                if cells is None:
                    raise BadRow("too long or broken")
                yield from self._form.read(_fields(cells, places, last), days, self._tally)
            except NoAct:
                self._no_acts += 1
            except BadRow as fault:
                self._skipped += 1
                self._complain(f"{name}, line {line}: {fault}")

    def _complain(self, message: str) -> None:
        if len(self._complaints) < _COMPLAINTS:
            self._complaints.append(message)


def _fields(cells: Sequence[str], places: Sequence[int], last: int) -> list[str]:
    size = len(cells)
    if size <= last:
        raise BadRow(f"{size} columns only")
    fields = [cells[place].strip() if 0 <= place < size else "" for place in places]
    if any(len(field) > _LONGEST for field in fields):
        raise BadRow(f"a cell of more than {_LONGEST} characters where a name or a number is due")
    return fields


def _column(rows: Sequence[Row], place: int) -> list[str]:
    return [cells[place] for _, cells in rows if cells and place < len(cells)]


def _describe(cells: Sequence[str]) -> str:
    shown = ", ".join(cell.strip()[:20] for cell in cells[:4])
    return f"{len(cells)} columns that begin with {shown!r}"

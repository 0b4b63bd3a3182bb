"""`tidings export`: a store in the forms of others."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tidings.cli import EXIT_NOTHING_READ
from tidings.cli.options import quiet_option
from tidings.cli.terminal import complain

if TYPE_CHECKING:
    from tidings.facts import Record

_FORMS = ("jsonl", "csv", "parquet", "gdelt", "w3c", "geojson", "ics", "ftm")


@click.command("export")
@click.argument("store", type=click.Path(path_type=Path), metavar="STORE")
@click.option("--format", "form", type=click.Choice(_FORMS), required=True, help="The form to write.")
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write here (parquet: into this folder); the file appears when it is whole.",
)
@click.option(
    "--judged",
    is_flag=True,
    help="As people have judged them: without what was rejected, with corrections; else as they were read.",
)
@quiet_option
def command(store: Path, form: str, out: Path | None, judged: bool, quiet: bool) -> None:
    """Write the records of a store, or of a file of JSON lines, in another form.

    jsonl: the records. csv: the events, with a header. parquet: a folder with one file for each table. gdelt: the GDELT
    2 event table, 61 columns. w3c: Web Annotations with text selectors. geojson: the places. ics: what is planned. ftm:
    FollowTheMoney entities. Exit status: 0 written, 1 nothing to write, 2 wrong usage.
    """
    from tidings.cli.output import opened
    from tidings.cli.progress import Progress
    from tidings.export import export, export_folder, is_folder, open_records

    if is_folder(form) and out is None:
        raise click.UsageError(f"{form} is a folder: name it with -o")
    if out is not None and out.is_dir() != is_folder(form) and out.exists():
        raise click.UsageError(f"{out} is {'a folder' if out.is_dir() else 'a file'}, which {form} is not")
    with open_records(store, judged=judged) as records, Progress(quiet=quiet, noun="records") as progress:
        counted = _Counted(records, progress)
        if is_folder(form) and out is not None:
            items = export_folder(counted, form, out)
        else:
            with opened(out) as stream:
                items = export(counted, form, stream)
    if not counted.count:
        complain(f"{store} holds no records")
    elif not items:
        complain(f"nothing in the {counted.count} records of {store} goes into {form}")
    # A form with a frame around its items is an answer even when it is empty; a form of lines is not.
    sys.exit(0 if counted.count and (items or form not in ("jsonl", "gdelt")) else EXIT_NOTHING_READ)


class _Counted:
    """Counts records as they pass."""

    def __init__(self, records: Iterator[Record], progress: object) -> None:
        self.count = 0
        self._records = records
        self._progress = progress

    def __iter__(self) -> Iterator[Record]:
        from tidings.cli.progress import Progress

        for record in self._records:
            self.count += 1
            if isinstance(self._progress, Progress):
                self._progress.step()
            yield record

"""`tidings import`: event data of others into a store."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tidings.cli import EXIT_SOME_FAILED
from tidings.cli.listing import form_of, print_lines
from tidings.cli.options import format_option, quiet_option
from tidings.cli.terminal import complain, say

if TYPE_CHECKING:
    from tidings.imports import Imported

_FORMATS = ("gdelt", "icews", "polecat", "acled", "phoenix")
_NAMED = 10
"""Unknown names listed."""


@click.command("import")
@click.argument("store", type=click.Path(dir_okay=False, path_type=Path), metavar="STORE")
@click.argument("kind", type=click.Choice(_FORMATS), metavar="gdelt|icews|polecat|acled|phoenix")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option("--name", metavar="DATASET", help="What to call the data in the store; the format's name by default.")
@click.option("--again", is_flag=True, help="Read files that are there once more, for what could not be read before.")
@format_option(("table", "jsonl"))
@quiet_option
def command(
    store: Path, kind: str, files: tuple[Path, ...], name: str | None, again: bool, form: str | None, quiet: bool
) -> None:
    """Read event data of others into a store, next to what is read from one's own pages.

    A FILE is a table as it is published, packed (.gz, .zip) or not, or a folder of such. Columns are found by their
    names, or by their number where there is no header. What is there already is skipped, so it can be stopped at any
    moment and run again. Rows that cannot be read are counted and the first of them told; codes, countries and event
    types that no table has are named, never guessed. Exit status: 0 all read or there, 1 nothing read, 2 wrong usage
    or another kind of table, 3 some files failed (each is named on stderr).

    Example: tidings import news.db icews events.2023.tab.zip --name icews-2023
    """
    from tidings.cli.progress import Progress
    from tidings.imports import import_events
    from tidings.store import open_store

    with open_store(store, create=True) as kept, Progress(quiet=quiet, noun="rows") as progress:
        done = import_events(kept, kind, files, name=name, again=again, progress=progress.step)
    for message in done.failed:
        complain(message)
    if not quiet:
        _complain(done)
    if form_of(form) == "jsonl":
        print_lines([done])
    else:
        _tell(store, done)
    sys.exit(EXIT_SOME_FAILED if done.failed else 0)


def _complain(done: Imported) -> None:
    for complaint in done.complaints:
        complain(complaint)
    if done.skipped > len(done.complaints):
        complain(f"and {done.skipped - len(done.complaints)} rows more that could not be read")


def _tell(store: Path, done: Imported) -> None:
    say(
        f"{store}: {done.dataset}: {done.acts} acts added, {done.there} there already;"
        f" files: {done.files} read, {done.files_there} there already"
    )
    if done.no_acts or done.skipped:
        say(f"{done.no_acts} rows are no acts between parties, {done.skipped} could not be read")
    for kind, name, count in done.unknown[:_NAMED]:
        say(f"in no table: {kind} {name!r}, {count} times")
    if len(done.unknown) > _NAMED:
        say(f"and {len(done.unknown) - _NAMED} other names (all of them with --format jsonl)")

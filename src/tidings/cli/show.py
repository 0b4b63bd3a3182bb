"""`tidings show`: one page or record on the terminal, its facts marked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tidings.cli.options import explain_option
from tidings.cli.terminal import show

if TYPE_CHECKING:
    from tidings.facts import Media, Record


@click.command("show")
@click.argument("source", metavar="SOURCE")
@click.option("--id", "wanted", metavar="ID", help="Which record of a JSON lines file; the first by default.")
@click.option("--list", "listed", is_flag=True, help="List the records of a JSON lines file, one line each.")
@click.option("--media", type=click.Choice(["html", "text", "article"]), help="What the page is; detected by default.")
@click.option("--published", metavar="DATE", help="The article's own date (ISO), when you know better than the page.")
@explain_option
def command(
    source: str, wanted: str | None, listed: bool, media: Media | None, published: str | None, explain: bool
) -> None:
    """Show the article with its facts marked in colour, then quotes, events and calendar.

    SOURCE is a page (file, URL, - for standard input) or a JSON lines file written by `tidings read`.
    """
    from tidings.cli.display import page_table, record_view
    from tidings.cli.output import name_of

    if listed:
        show(page_table([(name_of(record), record) for record in _stored(Path(source))]))
    else:
        show(record_view(_record(source, wanted, media, published), explain=explain))


def _record(source: str, wanted: str | None, media: Media | None, published: str | None) -> Record:
    from tidings.errors import MissingPage
    from tidings.facts import Record
    from tidings.pages import find_sources
    from tidings.reader import read_each

    path = Path(source)
    if path.suffix in (".jsonl", ".ndjson") and path.is_file():
        for record in _stored(path):
            if wanted in (None, record.id, record.page.id):
                return record
        raise MissingPage(f"no record {wanted}" if wanted else "no record in this file", where=source)
    for result in read_each(find_sources([source]), media=media, published=published):
        if isinstance(result, Record):
            return result
        raise result.error
    raise MissingPage("no page found", where=source)


def _stored(path: Path) -> Iterator[Record]:
    import msgspec

    from tidings.errors import BrokenPage, MissingPage
    from tidings.facts import from_json

    if not path.is_file():
        raise MissingPage("no such file", where=str(path))
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                yield from_json(line)
            except msgspec.DecodeError as error:
                raise BrokenPage(f"line {number} is no record: {error}", where=str(path)) from error

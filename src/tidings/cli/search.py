"""`tidings search`: words and facts in a store."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tidings.cli import EXIT_NOTHING_READ
from tidings.cli.listing import form_of, print_lines
from tidings.cli.options import format_option
from tidings.cli.terminal import blanked, complain, show

if TYPE_CHECKING:
    from tidings.store import Hit


@click.command("search")
@click.argument("store", type=click.Path(path_type=Path), metavar="STORE")
@click.argument("query", nargs=-1, required=True, metavar="QUERY")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="Stop after so many results.")
@format_option(("table", "jsonl"))
def command(store: Path, query: tuple[str, ...], limit: int, form: str | None) -> None:
    """Search a store; print the articles that answer, best first.

    A QUERY is words ("words side by side", begin*, -without) and fields: actor:NAME, said-by:NAME, country:IRN,
    type:SANCTION, from:2015-07, to:2015, outlet:NAME. All must hold. Put -- before a QUERY that begins with a minus.
    Of words that very many articles have, the 5,000 collected last are ranked. Exit status: 0 found, 1 nothing found, 2
    wrong usage.
    """
    from tidings.store import open_store

    with open_store(store) as kept:
        hits = kept.search(" ".join(query), limit=limit)
    if form_of(form) == "jsonl":
        print_lines(hits)
    elif hits:
        _print_table(hits)
    if not hits:
        complain("nothing found")
        sys.exit(EXIT_NOTHING_READ)


def _print_table(hits: list[Hit]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in ("id", "published", "title"):
        table.add_column(name, overflow="fold")
    for hit in hits:
        # Control characters become blanks one for one, so that the marks stay where they are.
        words = Text(blanked(hit.snippet))
        for start, end in hit.marks:
            words.stylize("bold yellow", start, end)
        title = Text(hit.title or "-", style="bold").append("\n").append(words)
        words.style = "not bold"
        table.add_row(hit.id, hit.published or "", title)
    show(table)

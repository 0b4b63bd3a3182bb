"""`tidings stories`: what several articles tell, the youngest first."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tidings.cli import EXIT_NOTHING_READ
from tidings.cli.options import days_option, format_option
from tidings.cli.terminal import complain

if TYPE_CHECKING:
    from tidings.stories import Story

_COLUMNS = ("id", "headline", "first_day", "last_day", "articles", "outlets", "actors")

_WIDE = 110


@click.command("stories")
@click.argument("store", type=click.Path(path_type=Path), metavar="STORE")
@days_option
@click.option("--actor", metavar="WHO", help="Only those whose articles name this actor: a country, a key or a name.")
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help="Stop after so many results.")
@format_option(("table", "jsonl", "csv"))
def command(store: Path, since: str | None, until: str | None, actor: str | None, limit: int, form: str | None) -> None:
    """List the stories of a store, the youngest first: headline, days, how many articles and outlets, who acts in them.

    Exit status: 0 found, 1 nothing found, 2 wrong usage.

    Example: tidings stories news.db --actor IRN --since 2015
    """
    from tidings.cli.listing import print_found
    from tidings.store import open_store
    from tidings.stories import list_stories

    with open_store(store) as kept:
        found = list_stories(kept, since=since, until=until, actor=actor, limit=limit)
    print_found(found, form, _COLUMNS, _row, _print_table)
    if not found:
        complain("no stories found; `tidings collect` finds them as it ends")
        sys.exit(EXIT_NOTHING_READ)


def _row(story: Story) -> dict[str, str | int | float | None]:
    return {
        "id": story.id,
        "headline": story.headline,
        "first_day": story.first_day,
        "last_day": story.last_day,
        "articles": story.articles,
        "outlets": story.outlets,
        "actors": "; ".join(actor.name for actor in story.actors),
    }


def _print_table(found: Sequence[Story]) -> None:
    from shutil import get_terminal_size

    from tidings.cli.listing import days_of, print_table, shorten

    # Who acts in a story has room on a wide terminal only; the headline mostly names them.
    wide = get_terminal_size().columns >= _WIDE
    rows = []
    for story in found:
        row = [story.id, days_of(story.first_day, story.last_day), story.articles, story.outlets]
        row.append(shorten(story.headline) or "(no headline)")
        rows.append([*row, *([", ".join(actor.name for actor in story.actors[:3])] if wide else [])])
    print_table(("id", "days", "articles", "outlets", "headline", *(["who"] if wide else [])), rows)

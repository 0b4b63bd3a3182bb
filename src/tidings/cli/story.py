"""`tidings story`: one story, with all it rests on."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tidings.cli import EXIT_NOTHING_READ
from tidings.cli.options import format_option
from tidings.cli.terminal import complain, say, show

if TYPE_CHECKING:
    from tidings.stories import StoryPage
    from tidings.stories.tellings import Telling


@click.command("story")
@click.argument("store", type=click.Path(path_type=Path), metavar="STORE")
@click.argument("id", metavar="ID")
@format_option(("table", "jsonl"))
def command(store: Path, id: str, form: str | None) -> None:
    """Tell one story: its steps day by day, who said what, who tells it, what they agree on and where they differ.

    ID is what `tidings stories` prints. JSON lines have, for every line, each article and its characters. Exit status:
    0 found, 1 no such story, 2 wrong usage.

    Example: tidings stories news.db --limit 1 --format jsonl | jq -r .id | xargs tidings story news.db
    """
    from tidings.cli.listing import form_of, print_lines
    from tidings.store import open_store
    from tidings.stories import get_story

    with open_store(store) as kept:
        page = get_story(kept, id)
    if page is None:
        complain(f"no story {id} in {store}; `tidings stories {store}` lists them")
        sys.exit(EXIT_NOTHING_READ)
    if form_of(form) == "jsonl":
        print_lines([page])
    else:
        _print_page(page)


def _print_page(page: StoryPage) -> None:
    from rich.text import Text

    from tidings.cli.listing import days_of, print_table, shorten
    from tidings.cli.timeline import print_steps

    show(Text(page.headline or "(no headline)", style="bold"))
    named = ", ".join(actor.name for actor in page.actors)
    counts = f"{_count(len(page.articles), 'article')} of {_count(page.outlets, 'outlet')}"
    told = f"{page.id} · {days_of(page.first_day, page.last_day)} · {counts}"
    say(told + (f" · {named}" if named else ""))
    if page.steps:
        say()
        print_steps(list(page.steps), title="How it went")
    if page.said:
        say()
        sayings = [
            (
                said.speaker,
                "said" if saying.kind == "indirect" else "quoted",
                shorten(saying.words),
                _who_tells(saying.tellings),
            )
            for said in page.said
            for saying in said.sayings
        ]
        print_table(("who", "how", "words", "told by"), sayings, title="Who said what")
    _print_comparison(page)
    say()
    articles = [
        (one.id, one.published, shorten(one.title), one.outlet, f"{one.copy} of {one.origin}" if one.copy else None)
        for one in page.articles
    ]
    print_table(("article", "day", "headline", "told by", "copy"), articles, title="Who tells it")


def _print_comparison(page: StoryPage) -> None:
    """Print what the tellings agree on, and where they differ."""
    from tidings.cli.listing import print_table, shorten

    if page.agreements:
        say()
        rows = [(shorten(one.about), shorten(one.says), _who_tells(one.tellings)) for one in page.agreements]
        print_table(("who", "words", "told by"), rows, title="What independent tellings agree on")
    if page.differences:
        say()
        rows = [
            (shorten(one.about), shorten(version.says), _who_tells(version.tellings))
            for one in page.differences
            for version in one.versions
        ]
        print_table(("who", "words", "told by"), rows, title="Where they differ")


def _who_tells(tellings: tuple[Telling, ...]) -> str:
    from tidings.cli.listing import who_tells

    return who_tells(tellings)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"

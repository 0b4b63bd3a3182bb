"""`tidings timeline`: what an actor did and said, or how a story went, day by day."""

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
    from tidings.stories.timeline import Step

_COLUMNS = (
    "day", "dated", "kind", "type", "cameo", "who", "who_id", "to_whom", "to_whom_id", "place", "words", "story",
    "dataset", "independent", "article", "outlet", "start", "end",
)  # fmt: skip


@click.command("timeline")
@click.argument("store", type=click.Path(path_type=Path), metavar="STORE")
@click.argument("who", metavar="WHO|STORY")
@days_option
@click.option(
    "--limit", type=click.IntRange(min=1), default=200, show_default=True, help="The youngest so many; oldest first."
)
@format_option(("table", "jsonl", "csv"))
def command(store: Path, who: str, since: str | None, until: str | None, limit: int, form: str | None) -> None:
    """List what an actor did and said, or how a story went, day by day, with the words and who printed them.

    WHO is a country (RUS), the key of an actor (Q76) or a name; STORY is the id that `tidings stories` prints. A day in
    brackets is that of the article, where the words name none. Exit status: 0 found, 1 nothing found, 2 wrong usage.

    Example: tidings timeline news.db "Javad Zarif" --since 2015-06 --until 2015-07
    """
    from tidings.cli.listing import print_found
    from tidings.store import open_store
    from tidings.stories.timeline import timeline

    with open_store(store) as kept:
        steps = timeline(kept, who, since=since, until=until, limit=limit)
    print_found(steps, form, _COLUMNS, _row, print_steps)
    if not steps:
        complain("nothing on a known day")
        sys.exit(EXIT_NOTHING_READ)


def print_steps(steps: Sequence[Step], *, title: str | None = None) -> None:
    """Print steps as a table."""
    from tidings.cli.listing import from_to, print_table, shorten, who_tells

    rows = []
    for step in steps:
        day = step.day if step.dated == "stated" or step.kind == "quote" else f"({step.day})"
        what = step.type or step.cameo
        if step.kind == "quote":
            what = "said" if step.type == "indirect" else "quoted"
        rows.append(
            (day, what, from_to(step.who, step.to_whom), shorten(step.words), who_tells(step.tellings) or step.dataset)
        )
    print_table(("day", "what", "who", "words", "told by"), rows, title=title)


def _row(step: Step) -> dict[str, str | int | float | None]:
    import msgspec

    first = step.tellings[0] if step.tellings else None
    return {
        **{name: value for name, value in msgspec.structs.asdict(step).items() if name in _COLUMNS},
        "article": first.article if first else None,
        "outlet": first.outlet if first else None,
        "start": first.span.start if first else None,
        "end": first.span.end if first else None,
    }

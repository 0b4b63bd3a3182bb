"""`tidings collect`: pages into a store."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tidings.cli import EXIT_NOTHING_READ, EXIT_SOME_FAILED
from tidings.cli.options import jobs_option, quiet_option

if TYPE_CHECKING:
    from tidings.facts import Media


@click.command("collect")
@click.argument("store", type=click.Path(dir_okay=False, path_type=Path), metavar="STORE")
@click.argument("sources", nargs=-1, metavar="SOURCE...")
@click.option(
    "--media",
    type=click.Choice(["html", "text", "article"]),
    help="What the sources are; detected by default. 'article' is clean prose, kept character for character.",
)
@click.option("--published", metavar="DATE", help="The articles' own date (ISO), when you know better than the page.")
@click.option("--fetched", metavar="DATE", help="When the pages were fetched (ISO); no page is younger than that.")
@jobs_option
@click.option("--retry", is_flag=True, help="Read again what failed before, too.")
@quiet_option
def command(
    store: Path,
    sources: tuple[str, ...],
    media: Media | None,
    published: str | None,
    fetched: str | None,
    jobs: int,
    retry: bool,
    quiet: bool,
) -> None:
    """Read pages into a store, one SQLite file; a page that is there already is skipped.

    A SOURCE is a file, a folder (read through), a glob, a URL, - for standard input, a web archive (WARC, WET), JSON
    lines ({"url", "html"}, or records of `tidings read`), or a feed (RSS, Atom, JSON Feed, OPML), whose pages are
    fetched. It can be stopped at any moment and run again. Exit status: 0 all read or there, 1 nothing read, 2 wrong
    usage, 3 some failed (each is named on stderr).
    """
    from tidings.cli.progress import Progress
    from tidings.reader import check_day
    from tidings.store import collect, open_store

    if not sources and not retry:
        raise click.UsageError("Missing argument 'SOURCE...'.")
    check_day(published, "--published")
    check_day(fetched, "--fetched")
    tally: Counter[str] = Counter()
    with open_store(store, create=True) as kept, Progress(quiet=quiet) as progress:
        for outcome in collect(
            kept, sources, jobs=jobs, media=media, published=published, fetched=fetched, retry=retry
        ):
            tally[outcome.kind] += 1
            if outcome.error is not None:
                progress.clear()
                click.echo(f"tidings: {outcome.error}", err=True)
            progress.step()
    if not quiet:
        click.echo(f"{store}: {tally['added']} added, {tally['there']} there already, {tally['failed']} failed")
    sys.exit(_exit_code(tally, retry))


def _exit_code(tally: Counter[str], retry: bool) -> int:
    if not tally:
        if retry:
            return 0
        click.echo("tidings: no pages found in what was given", err=True)
        return EXIT_NOTHING_READ
    if not tally["failed"]:
        return 0
    return EXIT_SOME_FAILED if tally["added"] or tally["there"] else EXIT_NOTHING_READ

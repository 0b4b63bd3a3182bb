"""`tidings collect`: pages into a store, once or again and again, and what could not be read."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tidings.cli import EXIT_NOTHING_READ, EXIT_SOME_FAILED
from tidings.cli.options import format_option, jobs_option, quiet_option
from tidings.cli.terminal import complain, say

if TYPE_CHECKING:
    from tidings.facts import Media
    from tidings.store import Failed, FeedHealth, Store

_EVERY = 30.0
"""Minutes between two rounds of `--watch`, when no number is given."""


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
@click.option("--reread", is_flag=True, help="Read anew what an older Tidings has read; judgements stay.")
@click.option(
    "--watch",
    type=float,
    is_flag=False,
    flag_value=_EVERY,
    metavar="[MINUTES]",
    help=f"Collect again every so many minutes ({_EVERY:g}) until Ctrl-C; put it after the sources.",
)
@click.option("--failures", is_flag=True, help="List what could not be read, and collect nothing.")
@click.option("--feeds", is_flag=True, help="List the feeds and how they stand, and collect nothing.")
@click.option("--no-pages", is_flag=True, help="Do not keep the pages as they were received.")
@click.option("--no-stories", is_flag=True, help="Do not bring stories and acts up to date afterwards.")
@format_option(("table", "jsonl"))
@quiet_option
def command(
    store: Path,
    sources: tuple[str, ...],
    media: Media | None,
    published: str | None,
    fetched: str | None,
    jobs: int,
    retry: bool,
    reread: bool,
    watch: float | None,
    failures: bool,
    feeds: bool,
    no_pages: bool,
    no_stories: bool,
    form: str | None,
    quiet: bool,
) -> None:
    """Read pages into a store, one SQLite file; a page that is there already is skipped.

    A SOURCE is a file, a folder (read through), a glob, a URL, - for standard input, a web archive (WARC, WET), JSON
    lines ({"url", "html"}, or records of `tidings read`), a feed (RSS, Atom, JSON Feed, OPML) or a sitemap, whose pages
    are fetched. It can be stopped at any moment and run again. Exit status: 0 all read or there, 1 nothing read, 2
    wrong usage, 3 some failed (each is named on stderr).
    """
    from tidings.reader import check_day
    from tidings.store import open_store, rounds

    if failures or feeds:
        with open_store(store) as kept:
            _print_feeds(kept.feeds(), form) if feeds else _print_failures(kept.failures(), form)
        return
    if not sources and not retry and not reread:
        raise click.UsageError("Missing argument 'SOURCE...'.")
    check_day(published, "--published")
    check_day(fetched, "--fetched")
    options = {"media": media, "published": published, "fetched": fetched}
    options |= {"jobs": jobs, "retry": retry, "reread": reread, "pages": not no_pages}
    with open_store(store, create=True) as kept:
        collect_once = partial(_collect_once, kept, sources, options, stories=not no_stories, quiet=quiet)
        if watch is None:
            sys.exit(_exit_code(collect_once(), asked=bool(sources)))
        try:
            for _ in rounds(watch, waiting=partial(_tell_next, quiet)):
                collect_once()
        except KeyboardInterrupt:
            complain("stopped; all that was read is kept")


def _collect_once(kept: Store, sources: Iterable[str], options: dict, *, stories: bool, quiet: bool) -> Counter[str]:
    """Collect all sources once and bring the stories up to date; return what became of the pages."""
    from datetime import UTC, datetime

    from tidings.cli.progress import Progress
    from tidings.store import collect
    from tidings.store.arrivals import measure

    tally: Counter[str] = Counter()
    sources = list(sources)
    outcomes = collect(kept, sources, at=f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", **options)
    # Closed before the store is, whatever ends it: what feeds have brought so far is then noted.
    with Progress(quiet=quiet) as progress, closing(outcomes):
        size = measure(sources) if sources and not options["retry"] and not options["reread"] else None
        for outcome in outcomes:
            tally[outcome.kind] += 1
            if outcome.error is not None:
                progress.clear()
                complain(str(outcome.error))
            progress.step(share=outcome.reached / size if size else None)
    if stories:
        from tidings.stories import update

        with Progress(quiet=quiet, noun="articles taken into stories") as progress:
            update(kept, progress=progress.reach)
    if not quiet:
        renewed = f"{tally['renewed']} read anew, " if options["reread"] else ""
        told = f"{tally['added']} added, {renewed}{tally['there']} there already, {tally['failed']} failed"
        say(f"{kept.path}: {told}")
    return tally


def _tell_next(quiet: bool, seconds: float) -> None:
    """Say when the next round is, by the clock on the wall."""
    from datetime import datetime, timedelta

    from tidings.cli.progress import in_words

    if not quiet:
        at = datetime.now() + timedelta(seconds=seconds)
        say(f"next round at {at:%H:%M}, in {in_words(seconds)}; Ctrl-C ends", err=True)


def _exit_code(tally: Counter[str], *, asked: bool) -> int:
    if not tally:
        if not asked:
            return 0
        complain("no pages found in what was given")
        return EXIT_NOTHING_READ
    if not tally["failed"]:
        return 0
    return EXIT_SOME_FAILED if tally["added"] or tally["there"] or tally["renewed"] else EXIT_NOTHING_READ


def _print_failures(failures: list[Failed], form: str | None) -> None:
    from tidings.cli.listing import form_of, print_lines, print_table

    if form_of(form) == "jsonl":
        print_lines(failures)
    elif failures:
        print_table(("page", "error", "message"), [(one.page, one.error, one.message) for one in failures])
    if not failures:
        complain("everything could be read")


def _print_feeds(feeds: list[FeedHealth], form: str | None) -> None:
    from tidings.cli.listing import form_of, print_lines, print_table

    if form_of(form) == "jsonl":
        print_lines(feeds)
    elif feeds:
        columns = ("page", "asked", "answer", "entries", "new", "failed", "quiet", "youngest")
        print_table(columns, [_feed_row(feed) for feed in feeds])
    if not feeds:
        complain("no feed was asked yet")


def _feed_row(feed: FeedHealth) -> tuple[str | int | None, ...]:
    failed = f"{feed.failures}: {feed.reasons[0][0]}" if feed.reasons else None
    days = None if feed.quiet is None else f"{feed.quiet} days"
    quiet = f"{days}, usually {feed.usual:g} a day" if feed.silent else days
    asked = (feed.at or "")[:16].replace("T", " ")
    return feed.url, asked, feed.status, feed.entries, feed.added, failed, quiet, feed.youngest

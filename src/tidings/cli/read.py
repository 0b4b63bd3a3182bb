"""`tidings read`: pages in, records out."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tidings.cli import EXIT_NOTHING_READ, EXIT_SOME_FAILED
from tidings.cli.listing import form_of
from tidings.cli.options import explain_option, format_option, jobs_option, limit_option, out_option, quiet_option
from tidings.cli.terminal import complain, say

if TYPE_CHECKING:
    from tidings.cli.progress import Progress
    from tidings.facts import Media, Record
    from tidings.reader import Failure

_FORMATS = ("jsonl", "json", "table")


@click.command("read")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option(
    "--media",
    type=click.Choice(["html", "text", "article"]),
    help="What the sources are; detected by default. 'article' is clean prose, kept character for character.",
)
@click.option("--published", metavar="DATE", help="The articles' own date (ISO), when you know better than the page.")
@click.option("--fetched", metavar="DATE", help="When the pages were fetched (ISO); no page is younger than that.")
@format_option(_FORMATS)
@out_option
@jobs_option
@click.option("--engine", type=click.Choice(["local", "ray"]), default="local", help="Where --jobs run.")
@limit_option
@explain_option
@click.option("--timings", is_flag=True, help="Say on stderr how long each stage took (with --jobs 1).")
@quiet_option
def command(
    sources: tuple[str, ...],
    media: Media | None,
    published: str | None,
    fetched: str | None,
    form: str | None,
    out: Path | None,
    jobs: int,
    engine: str,
    limit: int | None,
    explain: bool,
    timings: bool,
    quiet: bool,
) -> None:
    """Read pages and print their records.

    A SOURCE is a file, a folder (read through), a glob, a URL, or - for standard input. Records are JSON lines when
    piped and a table on a terminal. Exit status: 0 all read, 1 nothing read, 2 wrong usage, 3 some failed (each is
    named on stderr).
    """
    from tidings.cli.output import opened, writer_for
    from tidings.cli.progress import Progress
    from tidings.facts import Record
    from tidings.reader import check_day

    check_day(published, "--published")
    check_day(fetched, "--fetched")
    spent: dict[str, float] = {}
    form = form_of(form, out)
    tally = _Tally()
    with Progress(quiet=quiet) as progress, opened(out) as stream:
        writer = writer_for(form, stream, explain=explain)
        for result in _results(sources, engine, jobs, media, fetched, published, spent if timings else None):
            if isinstance(result, Record):
                tally.note(result, progress)
                writer.write(result)
            else:
                tally.fail(result, progress)
            progress.step()
            if limit is not None and tally.written >= limit:
                break
        writer.close()
    if timings:
        _print_timings(spent)
    sys.exit(tally.exit_code())


def _results(
    sources: tuple[str, ...],
    engine: str,
    jobs: int,
    media: Media | None,
    fetched: str | None,
    published: str | None,
    timings: dict[str, float] | None,
) -> Iterator[Record | Failure]:
    from tidings.pages import find_sources
    from tidings.reader import read_each

    found = find_sources(sources)
    if engine == "ray":
        from tidings.spread import read_spread

        return read_spread(found, jobs=jobs, media=media, fetched=fetched, published=published)
    return read_each(found, jobs=jobs, media=media, fetched=fetched, published=published, timings=timings)


class _Tally:
    """Counts what was read and names on stderr what was not."""

    def __init__(self) -> None:
        self.written = 0
        self._read = 0
        self._failed = 0

    def note(self, record: Record, progress: Progress) -> None:
        """Count a record; one without an article is no reading, and says so."""
        self.written += 1
        bare = not record.article.text.strip() or record.article.kind in ("index", "error")
        if not bare:
            self._read += 1
            return
        self._failed += 1
        why = next((trouble.message for trouble in record.troubles if trouble.stage == "article"), "no article")
        progress.clear()
        complain(f"{record.page.name or record.page.url or record.page.id}: {why}")

    def fail(self, failure: Failure, progress: Progress) -> None:
        """Count and name a source that could not be read."""
        self._failed += 1
        progress.clear()
        complain(str(failure.error))

    def exit_code(self) -> int:
        """Return the exit code of the contract."""
        if self._read == 0:
            if not self._failed:
                complain("no pages found in what was given")
            return EXIT_NOTHING_READ
        return EXIT_SOME_FAILED if self._failed else 0


def _print_timings(spent: dict[str, float]) -> None:
    total = sum(spent.values()) or 1.0
    for stage, seconds in spent.items():
        say(f"{stage:<10} {seconds * 1000:9.1f} ms {seconds / total:6.1%}", err=True)

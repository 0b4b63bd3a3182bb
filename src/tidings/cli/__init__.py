"""The command line: one verb a file, imported only when it is called, so that `--help` answers in a blink.

In: arguments. Out: records on stdout, everything else on stderr, and an exit code of the contract.
It reads nothing itself.
"""

from __future__ import annotations

import io
import os
import sys
from importlib import import_module
from types import TracebackType

import click

__all__ = ["EXIT_NOTHING_READ", "EXIT_SOME_FAILED", "EXIT_USAGE", "main"]

EXIT_NOTHING_READ = 1
EXIT_USAGE = 2
EXIT_SOME_FAILED = 3

_VERBS = {
    "read": "Read pages and print their records.",
    "show": "Show a page or a record: the article with its facts marked, then quotes, events, calendar.",
    "collect": "Read pages into a store; a page already there is skipped.",
    "search": "Search a store by words, actors, countries, types, days.",
    "stories": "List the stories of a store: what several articles tell, the newest first.",
    "story": "Tell one story: its timeline, sources, copies, who said what, what they agree on.",
    "timeline": "List what an actor did and said, or how a story went, day by day.",
    "calendar": "List what is scheduled, with the words that say so.",
    "import": "Read event data of others (GDELT, ICEWS, POLECAT, ACLED, Phoenix) into a store.",
    "dyad": "Say whether two actors move closer together or apart, with the events behind it.",
    "dyads": "Rank the pairs of actors by how much they have moved.",
    "outlook": "Say what may come next between two actors, with probabilities and reasons.",
    "review": "Accept, reject or correct facts, one key a decision.",
    "export": "Write the records of a store as CSV, Parquet, GDELT, W3C, GeoJSON, iCalendar, FtM.",
    "desk": "Open a store in the browser: articles, stories, actors, dyads, map, calendar, outlook.",
    "schema": "Print the JSON Schema of the record.",
    "doctor": "Say what is installed: versions, models, tables, encodings.",
    "bench": "Measure the stages on the development data; fail below a floor.",
}

_MODULES = {"import": "importing"}
"""Verbs that Python does not take for the name of a module."""


class _Verbs(click.Group):
    """A group that imports a verb when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(_VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _VERBS:
            return None
        module = import_module(f"tidings.cli.{_MODULES.get(cmd_name, cmd_name)}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        # The default would import every verb for its help text.
        with formatter.section("Verbs"):
            formatter.write_dl(list(_VERBS.items()))


@click.group(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="tidings", prog_name="tidings")
def group() -> None:
    """Read news pages and keep the record: who did or said what to whom, when and where, and how we know it."""


def main() -> None:
    """Run the command line and exit with a code of the contract."""
    from tidings.cli.terminal import complain, say
    from tidings.errors import PageError, TidingsError

    sys.excepthook = _report

    # What we print must not depend on the locale: records are UTF-8 with plain line ends everywhere.
    for stream, newline in ((sys.stdout, "\n"), (sys.stderr, None)):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline=newline)
    try:
        # Outside its standalone mode click returns the code given to `Context.exit`.
        code = group.main(prog_name="tidings", standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except click.ClickException as error:
        # An argument may be hostile too: the name of a file, say, that came out of an archive.
        shown = io.StringIO()
        error.show(shown)
        say(shown.getvalue().rstrip("\n"), err=True)
        sys.exit(EXIT_USAGE)
    except (click.Abort, KeyboardInterrupt):
        complain("stopped")
        sys.exit(130)
    except BrokenPipeError:
        # The reader of our pipe has gone (`tidings read ... | head`); nothing is wrong and nobody is listening.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except TidingsError as error:
        complain(str(error))
        sys.exit(EXIT_NOTHING_READ if isinstance(error, PageError) else EXIT_USAGE)


def _report(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Print a mistake of ours as Python does; its message may quote a page."""
    from traceback import format_exception

    from tidings.cli.terminal import say

    say("".join(format_exception(kind, error, trace)).rstrip("\n"), err=True)

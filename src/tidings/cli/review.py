"""`tidings review`: one key a decision."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from tidings.cli.listing import form_of, print_lines, write_lines
from tidings.cli.options import format_option
from tidings.cli.terminal import say, show

if TYPE_CHECKING:
    from tidings.review import Agreement
    from tidings.store import Store

_KINDS = ("events", "quotes", "mentions", "places", "times")


@click.command("review")
@click.argument("store", type=click.Path(path_type=Path), metavar="STORE")
@click.option(
    "--kind", "kinds", multiple=True, type=click.Choice(_KINDS), help="What to review; events and quotes by default."
)
@click.option("--author", envvar="TIDINGS_AUTHOR", metavar="NAME", help="Who judges [TIDINGS_AUTHOR, else the login].")
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help="Stop after so many facts.")
@click.option(
    "--by",
    type=click.Choice(["doubt", "chance"]),
    default="doubt",
    show_default=True,
    help="The most doubtful first, or a sample from which a precision can be told.",
)
@click.option("--page", metavar="ID", help="Review one article only.")
@click.option("--agreement", is_flag=True, help="Print what share was right, and how alike people judge; ask nothing.")
@click.option("--export", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write all judgements.")
@click.option(
    "--import", "bring", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path),
    metavar="FILE", help="Take in judgements that were exported.",
)  # fmt: skip
@click.option(
    "--training", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write judged facts with words."
)
@click.option("--stale", is_flag=True, help="List the judgements that no longer apply, and why; ask nothing.")
@format_option(("table", "jsonl"))
def command(
    store: Path,
    kinds: tuple[str, ...],
    author: str | None,
    limit: int,
    by: Literal["doubt", "chance"],
    page: str | None,
    agreement: bool,
    export: Path | None,
    bring: Path | None,
    training: Path | None,
    stale: bool,
    form: str | None,
) -> None:
    """Accept, reject or correct the facts of a store, one key a decision.

    Keys: a accept, r reject, c recode (asks what is right: type=CONSULT date=2026-01-05 speaker="Leila Brandt"),
    n note, s skip, u undo the last, q quit, ? help. Keys may also come from a pipe. What was judged is not asked
    again, holds when its page is read anew, and is what searches, timelines, pairs and the desk then tell. FILE may be
    - for standard input or output.

    Example: tidings review news.db --kind quotes --author leila
    """
    from tidings.store import open_store

    form = form_of(form)
    with open_store(store) as kept:
        if bring or export or training:
            _carry(kept, bring, export, training)
        elif agreement:
            from tidings.review import agreement as measured

            _tell_agreement(measured(kept), form)
        elif stale:
            _tell_stale(kept, form)
        else:
            from tidings.cli.reviewing import Session

            Session(kept, author or _login()).run([kind[:-1] for kind in kinds or _KINDS[:2]], limit, by, page)
        if bring or not (export or training or agreement or stale):
            # What rests on what was judged is told again.
            from tidings.stories import update

            update(kept)


def _login() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):
        raise click.UsageError("say who judges: --author NAME") from None


def _carry(kept: Store, bring: Path | None, export: Path | None, training: Path | None) -> None:
    from tidings.cli.output import opened
    from tidings.review import export_judgements, import_judgements, training_data

    if bring:
        said = sys.stdin.read() if str(bring) == "-" else bring.read_text(encoding="utf-8", errors="replace")
        # Only line feeds part lines of JSON: a judgement may quote other breaks.
        lines = said.split("\n")
        say(f"{import_judgements(kept, lines)} judgements new", err=True)
    if export:
        with opened(None if str(export) == "-" else export) as stream:
            for line in export_judgements(kept):
                stream.write(line + "\n")
    if training:
        with opened(None if str(training) == "-" else training) as stream:
            write_lines(stream, training_data(kept))


def _tell_agreement(found: Agreement, form: str) -> None:
    if form == "jsonl":
        print_lines((*found.precision, *found.pairs))
    elif not found.precision:
        say("nothing has been judged yet")
    rows = [
        (p.fact, p.judged, p.accepted, p.recoded, p.rejected, f"{p.precision:.3f}", f"{p.low:.3f} to {p.high:.3f}",
         "" if p.stated is None else f"{p.stated:.3f}")
        for p in found.precision
    ]  # fmt: skip
    if form == "table" and rows:
        _print_rows(("fact", "judged", "right", "recoded", "wrong", "precision", "95 %", "stated"), rows)
    pairs = [
        (" and ".join(p.authors), p.fact, p.judged, p.same, f"{p.expected:.3f}",
         "" if p.kappa is None else f"{p.kappa:.3f}")
        for p in found.pairs
    ]  # fmt: skip
    if form == "table" and pairs:
        say()
        _print_rows(("authors", "fact", "judged", "same", "by chance", "kappa"), pairs)


def _tell_stale(kept: Store, form: str) -> None:
    from tidings.review import not_applied

    rows = list(not_applied(kept))
    if form == "jsonl":
        print_lines({"state": state, "judgement": one} for one, state in rows)
    elif rows:
        cells = [
            (one.number, state, one.decision, one.fact, one.quoted or "", one.author, one.at) for one, state in rows
        ]
        _print_rows(("number", "state", "decision", "fact", "words", "author", "at"), cells)
    else:
        say("all judgements apply")


def _print_rows(names: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    from rich.table import Table

    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in names:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*map(str, row))
    show(table)

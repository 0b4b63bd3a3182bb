"""`tidings dyads`: which pairs moved most, who deals with whom, one actor's partners."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from tidings.cli import EXIT_NOTHING_READ
from tidings.cli.dyad import short, split_names
from tidings.cli.listing import form_of, write_lines
from tidings.cli.options import days_option, format_option, out_option
from tidings.cli.terminal import complain, show
from tidings.errors import UsageError

if TYPE_CHECKING:
    from tidings.dyads import Ranked

_RANKED = (
    "a", "b", "a_name", "b_name", "direction", "n_before", "share_before", "low_before", "high_before", "n_after",
    "share_after", "low_after", "high_after", "log_odds", "p", "q",
)  # fmt: skip
_CELL = ("a", "b", "a_name", "b_name", "n", "sent", "cooperation", "conflict", "share", "low", "high")
_WORDS = ("who", "with", "moved")

Row = dict[str, str | int | float]


@click.command("dyads")
@click.argument("store", type=click.Path(path_type=Path), metavar="STORE")
@days_option
@click.option(
    "--window",
    type=click.IntRange(min=1),
    default=30,
    show_default=True,
    help="Compare so many last days with those before (five times as many, or --from).",
)
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=20,
    show_default=True,
    help="Show so many pairs, or countries of the matrix.",
)
@click.option(
    "--of",
    type=click.Choice(["countries", "blocs", "parties", "persons"]),
    default="countries",
    show_default=True,
    help="Rank pairs of countries; of a bloc with its members and a country; of any two actors; with a person in them.",
)
@click.option("--matrix", "as_matrix", is_flag=True, help="Show what the busiest countries do to one another.")
@click.option("--ego", metavar="WHO", help="Show the partners of one actor.")
@click.option("--datasets", metavar="NAMES", help="Which data to count, with commas; without, that of most acts.")
@format_option(("table", "jsonl", "csv"))
@out_option
def command(
    store: Path,
    *,
    since: str | None,
    until: str | None,
    window: int,
    limit: int,
    of: str,
    as_matrix: bool,
    ego: str | None,
    datasets: str | None,
    form: str | None,
    out: Path | None,
) -> None:
    """Rank pairs of countries, or of others, by how much the share of cooperation between them has moved.

    Only pairs are listed that are clear among all that were compared: at most 5 % of them are expected to be false
    (q). With --matrix or --ego, count instead who deals with whom; pairs of most acts come first.
    Exit status: 0 found, 1 nothing found, 2 wrong usage.

    \b
    Example: tidings dyads news.db --to 2018-06-30 --window 60
    """
    from tidings.cli.output import opened
    from tidings.dyads import ego as partners
    from tidings.dyads import matrix, shifts
    from tidings.store import open_store

    if as_matrix and ego is not None:
        raise UsageError("--matrix and --ego are two views; ask for one")
    if of != "countries" and (as_matrix or ego is not None):
        raise UsageError("--of is for the ranking; --matrix is of countries, and --ego of whom it names")
    form = form_of(form, out)
    chosen = split_names(datasets)
    with open_store(store) as kept:
        if as_matrix:
            found = matrix(kept, top=limit, since=since, until=until, datasets=chosen)
            columns, rows, note = _CELL, _cells(found.cells), ""
        elif ego is not None:
            cells = partners(kept, ego, since=since, until=until, limit=limit, datasets=chosen)
            columns, rows, note = _CELL, _cells(cells), ""
        else:
            ranking = shifts(
                kept,
                since=since,
                until=until,
                window=window,
                limit=limit,
                datasets=chosen,
                of=of,  # type: ignore[arg-type] - one of the choices
            )
            columns, rows = _RANKED, [_ranked(pair) for pair in ranking.shifts]
            note = (
                f"before: {' to '.join(ranking.before)}; after: {' to '.join(ranking.after)};"
                f" {ranking.compared} pairs with enough acts compared;"
                f" at most {ranking.q:.0%} of those listed are expected to be false"
            )
    with opened(out) as stream:
        _write(columns, rows, form, stream)
    if note:
        complain(note)
    if not rows:
        complain("no pair has clearly moved" if note else "nothing found")
        sys.exit(EXIT_NOTHING_READ)


def _ranked(pair: Ranked) -> Row:
    row: Row = {"a": pair.a, "b": pair.b, "a_name": pair.a_name, "b_name": pair.b_name}
    row["direction"] = "closer" if pair.log_odds > 0 else "apart"
    for when, level in (("before", pair.before), ("after", pair.after)):
        row |= {f"{name}_{when}": getattr(level, name) for name in ("n", "share", "low", "high")}
    return row | {"log_odds": pair.log_odds, "p": pair.p, "q": pair.q}


def _cells(cells: Sequence[object]) -> list[Row]:
    return [{name: getattr(cell, name) for name in _CELL} for cell in cells]


def _write(columns: Sequence[str], rows: Sequence[Row], form: str, stream: IO[str]) -> None:
    if form == "jsonl":
        write_lines(stream, rows)
    elif form == "csv":
        from tidings.export.csv import write_rows

        write_rows(stream, columns, ([row[name] for name in columns] for row in rows))
    elif rows:
        _print_table(rows, stream)


def _print_table(rows: Sequence[Row], stream: IO[str]) -> None:
    from rich.table import Table
    from rich.text import Text

    shown = [_in_short(row) for row in rows]
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in shown[0]:
        table.add_column(name, justify="left" if name in _WORDS else "right", no_wrap=name not in _WORDS)
    for row in shown:
        table.add_row(*(Text(cell) for cell in row.values()))
    show(table, stream=stream)


def _in_short(row: Row) -> dict[str, str]:
    """Return a row as a table of 80 columns has room for it."""
    both = {"who": str(row["a_name"]), "with": str(row["b_name"])}
    if "q" not in row:
        counts = {"n": row["n"], "sent": row["sent"], "coop": row["cooperation"], "conf": row["conflict"]}
        both |= {name: str(count) for name, count in counts.items()}
        return both | {"share": short(row["share"]), "90 %": f"{short(row['low'])} to {short(row['high'])}"}
    sides = {when: f"{short(row[f'share_{when}'])} (n={row[f'n_{when}']})" for when in ("before", "after")}
    q = float(row["q"])
    return both | {"moved": str(row["direction"])} | sides | {"q": f"{q:.3f}" if q >= 0.001 else "<.001"}

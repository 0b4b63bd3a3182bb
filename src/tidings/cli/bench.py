"""`tidings bench`: every stage measured, against its floor and its rivals."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tidings.cli.options import data_option, format_option, out_option
from tidings.cli.terminal import complain, say, show

if TYPE_CHECKING:
    from rich.table import Table

    from tidings.score.bench import Row


@click.command("bench")
@click.argument("stages", nargs=-1, metavar="[STAGE]...")
@data_option
@click.option(
    "--floors",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("bench/floors.json"),
    show_default=True,
    help="The lowest scores allowed.",
)
@click.option("--raise-floors", is_flag=True, help="Raise the floors to what is measured; never lowers one.")
@format_option(("table", "json", "markdown"))
@out_option
def command(
    stages: tuple[str, ...], data: Path | None, floors: Path, raise_floors: bool, form: str | None, out: Path | None
) -> None:
    """Measure the stages on the development data, against their floors and the best peers.

    Without a STAGE all are measured. Exit status 1 when a score is below its floor.
    """
    import msgspec

    from tidings.cli.output import opened
    from tidings.score import bench

    rows: list[Row] = []
    for row in bench.run(stages, data, bench.read_floors(floors)):
        rows.append(row)
        if sys.stderr.isatty():
            say(f"{row.stage} {row.score.name}: {row.score.value:.4g}", err=True)
    with opened(out) as stream:
        if form == "json":
            stream.write(msgspec.json.format(msgspec.json.encode(rows), indent=1).decode() + "\n")
        elif form == "markdown":
            stream.write(_markdown(rows))
        else:
            show(_table(rows), stream=stream, width=None if out is None else 160)
    if raise_floors:
        bench.write_floors(floors, rows, data)
    below = [row for row in rows if row.held is False]
    for row in below:
        complain(f"{row.stage} {row.score.name} is {row.score.value:.4g}, below its floor {row.floor}")
    sys.exit(1 if below else 0)


def _markdown(rows: list[Row]) -> str:
    lines = ["| stage | what | value | floor | best peer | items | metric |", "|---|---|---:|---:|---|---:|---|"]
    for row in rows:
        score = row.score
        floor = "" if row.floor is None else f"{row.floor:.4g}"
        cells = [row.stage, score.name, f"{score.value:.4g}", floor, _rival(row), str(score.items), score.metric]
        lines.append("| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def _rival(row: Row) -> str:
    score = row.score
    return "" if score.rival is None else f"{score.rival:.4g} {score.rival_name or ''}".strip()


def _table(rows: list[Row]) -> Table:
    from rich.table import Table

    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in ("stage", "what", "value", "floor", "rival", "items", "metric"):
        table.add_column(name, justify="right" if name in ("value", "floor", "items") else "left", overflow="fold")
    for row in rows:
        score = row.score
        floor = "" if row.floor is None else f"{row.floor:.4g}{'' if row.held else ' BELOW'}"
        table.add_row(row.stage, score.name, f"{score.value:.4g}", floor, _rival(row), str(score.items), score.metric)
    return table

"""`tidings dyad`: two actors over time."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from tidings.cli import EXIT_NOTHING_READ
from tidings.cli.listing import form_of, write_lines
from tidings.cli.options import days_option, format_option, out_option
from tidings.cli.terminal import show

if TYPE_CHECKING:
    from rich.console import RenderableType

    from tidings.dyads import ActShown, Dyad, Shift

_COLUMNS = (
    "period", "first", "last", "n", "sent", "cooperation", "conflict", "verbal_cooperation", "material_cooperation",
    "verbal_conflict", "material_conflict", "intensity", "share", "low", "high", "tellings", "stories",
)  # fmt: skip


@click.command("dyad")
@click.argument("store", type=click.Path(path_type=Path), metavar="STORE")
@click.argument("a", metavar="A")
@click.argument("b", metavar="B")
@days_option
@click.option(
    "--every",
    type=click.Choice(["day", "week", "month", "quarter", "year"]),
    default="month",
    show_default=True,
    help="How long a period of the series is; changes are looked for by the week all the same.",
)
@click.option("--explain", is_flag=True, help="List the acts behind each change, in their words, with their articles.")
@click.option("--plot", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Draw it, as SVG.")
@click.option("--datasets", metavar="NAMES", help="Which data to count, with commas; without, that of most acts.")
@format_option(("table", "jsonl", "csv"))
@out_option
def command(
    store: Path,
    a: str,
    b: str,
    *,
    since: str | None,
    until: str | None,
    every: str,
    explain: bool,
    plot: Path | None,
    datasets: str | None,
    form: str | None,
    out: Path | None,
) -> None:
    """Say whether two actors move closer together or apart, with a number, an interval and the acts behind it.

    A and B are countries (RUS, Belarus), blocs (EU, NATO), keys of actors (USA.GOV, Q7747) or names. A bloc is what the
    organisation itself does; EU:members adds what its member states do. Both directions count. The share is
    (cooperation - conflict) / n, from -1 to 1. A change is told only when it is 95 % certain.
    Exit status: 0 found, 1 no acts between the two, 2 wrong usage.

    \b
    Example: tidings dyad news.db RUS BLR --from 2018 --to 2018-06 --explain --plot out.svg
    """
    from tidings.cli.output import opened
    from tidings.dyads import pair
    from tidings.store import open_store

    form = form_of(form, out)
    with open_store(store) as kept:
        dyad = pair(
            kept,
            a,
            b,
            since=since,
            until=until,
            by=every,  # type: ignore[arg-type] - one of the choices
            datasets=split_names(datasets),
            # The statement names three acts in any case; what each period is made of is for programs to read.
            top=3 if explain and form == "jsonl" else 0,
            behind=10 if explain else 3,
        )
    if plot is not None:
        from tidings.dyads.plot import draw

        with opened(plot) as stream:
            stream.write(draw(dyad))
    with opened(out) as stream:
        _write(dyad, form, stream, explain=explain)
    if not dyad.n:
        sys.exit(EXIT_NOTHING_READ)


def split_names(names: str | None) -> list[str] | None:
    """Return names separated by commas; None for none."""
    return [name for part in names.split(",") if (name := part.strip())] or None if names else None


def short(share: object) -> str:
    """Return a share with two digits, nothing being neither more nor less than nothing.

    >>> short(-0.001), short(0.456)
    ('0.00', '0.46')
    """
    return f"{round(float(share), 2) + 0.0:.2f}"  # type: ignore[arg-type] - a number of a row


def _write(dyad: Dyad, form: str, stream: IO[str], *, explain: bool) -> None:
    if form == "jsonl":
        write_lines(stream, [dyad])
    elif form == "csv":
        _write_csv(dyad, stream)
    else:
        show(*_view(dyad, explain=explain), stream=stream)


def _write_csv(dyad: Dyad, stream: IO[str]) -> None:
    from tidings.export.csv import write_rows

    rows = []
    for point in dyad.points:
        quads = dict(zip(_COLUMNS[7:11], point.quads, strict=True))
        rows.append([quads[name] if name in quads else getattr(point, name) for name in _COLUMNS])
    write_rows(stream, _COLUMNS, rows)


def _view(dyad: Dyad, *, explain: bool) -> Iterator[RenderableType]:
    from rich.table import Table
    from rich.text import Text

    from tidings.dyads.statement import say_party

    yield Text(dyad.statement, style="bold")
    for party in (dyad.a, dyad.b):
        if said := say_party(party, dyad.first, dyad.last):
            yield Text(said, style="dim")
    counted = f"Counted: {', '.join(dyad.datasets) or 'nothing'}."
    if dyad.others:
        others = ", ".join(f"{name} ({n})" for name, n in dyad.others.items())
        counted += f" Not counted: {others}; choose with --datasets."
    yield Text(counted, style="dim")
    if dyad.points:
        yield Text(
            "Share: (cooperation - conflict) / n, from -1 to 1, with its 90 % interval. Weight: Goldstein, summed."
        )
        table = Table(box=None, header_style="bold", pad_edge=False, expand=True)
        for name in (dyad.by, "n", "coop", "conf", "weight", "share", "90 %"):
            table.add_column(name, justify="left" if name == dyad.by else "right", no_wrap=True, overflow="fold")
        # What is mostly done gives way on a narrow terminal, the numbers do not.
        table.add_column("mostly", no_wrap=True, overflow="ellipsis", ratio=1)
        for point in dyad.points:
            most = ", ".join(f"{name} {n}" for name, n in list(point.types.items())[:2])
            row = (
                point.period, str(point.n), str(point.cooperation), str(point.conflict), f"{point.intensity:+.0f}",
                short(point.share), f"{short(point.low)} to {short(point.high)}", most,
            )  # fmt: skip
            table.add_row(*(Text(cell) for cell in row))
        yield table
    for shift in dyad.shifts if explain else ():
        yield from _explained(shift)


def _explained(shift: Shift) -> Iterator[RenderableType]:
    from rich.text import Text

    from tidings.dyads.statement import say_shift

    yield Text("")
    head = say_shift(shift, acts=0)
    yield Text(head[0].upper() + head[1:], style="bold")
    yield Text(
        f"When: between {shift.first} and {shift.last} with 90 %. "
        f"Evidence: log Bayes factor {shift.evidence:.1f} (3 is strong)."
    )
    moved = "; ".join(f"{found.type} {found.before} -> {found.after}" for found in shift.moved)
    yield Text(f"Types whose part changed most, acts before -> after: {moved}.")
    for when, acts in (
        ("Before", [act for act in shift.acts if act.day < shift.day]),
        ("After", [act for act in shift.acts if act.day >= shift.day]),
    ):
        if acts:
            yield Text(f"{when} it, the acts that weigh most:")
        for act in sorted(acts, key=lambda act: (act.day, act.number)):
            yield from _act(act)


def _act(act: ActShown) -> Iterator[RenderableType]:
    from rich.padding import Padding
    from rich.text import Text

    from tidings.dyads.evidence import cameo_words

    words = f" ({cameo_words(act.cameo)})" if act.cameo and cameo_words(act.cameo) else ""
    code = f" {act.cameo}{words}" if act.cameo else ""
    what = f"{act.day}  {act.source_name} > {act.target_name or '-'}: {act.type}{code}, {act.intensity:+.1f}"
    yield Padding(Text(what), (0, 0, 0, 2))
    told = [
        f"“{' '.join(told.words.split())}” ({told.article} {told.start}-{told.end}"
        f"{f', {told.outlet}' if told.outlet else ''})"
        for told in act.told
    ]
    for line in told or [f"{act.dataset}: {act.id}"]:
        yield Padding(Text(line, style="dim"), (0, 0, 0, 14))

"""`tidings outlook`: what may come next between two parties."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tidings.cli import EXIT_NOTHING_READ
from tidings.cli.options import explain_option, format_option, out_option, quiet_option

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

    from tidings.outlook import Deed, Expected, Outlook

_SLIGHT = 0.05
"""Chances below this are listed by name only."""


@click.command("outlook")
@click.argument("store", type=click.Path(path_type=Path), metavar="STORE")
@click.argument("party", metavar="PARTY")
@click.argument("other", required=False, metavar="[OTHER]")
@click.option("--days", type=click.IntRange(1, 366), default=14, show_default=True, help="How far to look ahead.")
@click.option("--on", metavar="DATE", help="The first day ahead, else the day after the last act.")
@format_option(("table", "jsonl"))
@out_option
@explain_option
@quiet_option
def command(
    store: Path,
    party: str,
    other: str | None,
    days: int,
    on: str | None,
    form: str | None,
    out: Path | None,
    explain: bool,
    quiet: bool,
) -> None:
    """Say what may come next between two parties, or between one and all others, and why.

    A PARTY is a country (RUS), the key of an actor, or a name: tidings outlook news.db RUS USA --days 14 --explain.
    It prints what is scheduled, the chance of each kind of act with the past acts behind it, how good such forecasts
    were on the past, and the orders in which things may come. Where there are too few acts it says so, without numbers.
    Exit status: 0 an outlook, 1 too few acts for one, 2 wrong usage.
    """
    from tidings.outlook import outlook
    from tidings.store import open_store

    with open_store(store) as kept:
        found = outlook(kept, party, other, days=days, on=on, progress=None if quiet else _tell)
    _tell("")
    _print(found, form or ("table" if sys.stdout.isatty() and out is None else "jsonl"), out, explain)
    if found.why:
        click.echo(f"tidings: not enough data: {found.why}", err=True)
        sys.exit(EXIT_NOTHING_READ)


def _tell(what: str) -> None:
    """Show what is being worked on, on a terminal only."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{what:<40}" if what else f"\r{'':<40}\r")
        sys.stderr.flush()


def _print(found: Outlook, form: str, out: Path | None, explain: bool) -> None:
    import msgspec

    from tidings.cli.output import opened

    with opened(out) as stream:
        if form == "jsonl":
            stream.write(msgspec.json.encode(found).decode() + "\n")
            return
        from rich.console import Console

        console = Console(file=stream, highlight=False, markup=False, emoji=False)
        for part in _parts(found, explain):
            console.print(part)


def _parts(found: Outlook, explain: bool) -> list[RenderableType]:
    from rich.rule import Rule
    from rich.text import Text

    from tidings.cli.display import plain

    def head(words: str) -> Rule:
        return Rule(words, align="left", style="dim")

    who = plain(f"{found.a} - {found.b}" if found.b else found.a)
    when = f"{found.on} to {found.until}" if found.on else "no day"
    parts: list[RenderableType] = [Text(f"{who}, {when} ({found.days} days)", style="bold")]
    if found.acts:
        parts.append(Text(f"from {found.acts} acts of {found.first} to {found.last}", style="dim"))
    parts.append(head("scheduled"))
    parts.append(_scheduled(found) if found.scheduled else Text("nothing is known to be scheduled", style="dim"))
    if found.why:
        return [*parts, head("expected"), Text(f"not enough data: {found.why}")]
    parts += [head("expected: the chance of at least one act"), _expected(found, explain)]
    slight = [line for line in found.expected if line.grain == "type"]
    if names := sorted({line.kind for line in slight} - {line.kind for line in slight if line.chance >= _SLIGHT}):
        parts.append(Text(f"under {_SLIGHT:.0%} either way: {', '.join(names)}", style="dim"))
    if found.scenarios:
        parts += [head("what may come first"), _scenarios(found)]
        if found.routine:
            parts.append(Text(f"left out as all but sure: {', '.join(found.routine)}", style="dim"))
    return [*parts, head("how good such forecasts were"), _track(found)]


def _scheduled(found: Outlook) -> Table:
    table = _table("day", "who", "what", "to whom", "words")
    for planned in found.scheduled:
        day = planned.day + (f" to {planned.last}" if planned.last != planned.day else "")
        _row(table, day, ", ".join(planned.who), planned.type, ", ".join(planned.to_whom), planned.words)
    return table


def _expected(found: Outlook, explain: bool) -> Table:
    table = _table("chance", "usual", "what", "who", "because")
    shown = [line for line in found.expected if _is_shown(line, within=found.a == found.b)]
    shown.sort(key=lambda line: (line.grain == "type", -line.chance, line.kind, line.way))
    for line in shown:
        reasons = line.reasons if explain else line.reasons[:1]
        because: list[str] = []
        for reason in reasons:
            because.append(f"{reason.says} ({reason.weight:+.2f})")
            if explain:
                because += [f"  {_deed(deed)}" for deed in reason.acts]
        if explain:
            because.append(f"usually {line.base:+.2f}, the rest {line.rest:+.2f}")
        who = f"{line.source} - {line.target}" if line.way == "between" else f"{line.source} → {line.target}"
        _row(table, f"{line.chance:.2f}", f"{line.usual:.2f}", line.kind, who, "\n".join(because))
    return table


def _is_shown(line: Expected, *, within: bool) -> bool:
    if line.grain == "quad":
        return line.way == "between"
    return (line.way == "between") == within and line.chance >= _SLIGHT


def _deed(deed: Deed) -> str:
    """Say which act, and where it is known from."""
    what = f"{deed.day} {deed.source} {deed.type or 'said something to'} {deed.target or ''}".rstrip()
    if not deed.tellings:
        return f"act {deed.act}: {what} [{deed.dataset} {deed.id}]"
    told = "; ".join(f"{one.article}:{one.span.start}-{one.span.end}" for one in deed.tellings)
    return f"act {deed.act}: {what} [{told}]"


def _scenarios(found: Outlook) -> Table:
    table = _table("chance", "in this order", "the first sign of it")
    for scenario in found.scenarios:
        steps = [f"{step.kind} ({step.source} → {step.target})" for step in scenario.steps]
        sign = scenario.sign
        _row(table, f"{scenario.chance:.2f}", ", then ".join(steps), f"{sign.kind} ({sign.source} → {sign.target})")
    return table


def _track(found: Outlook) -> RenderableType:
    from rich.text import Text

    if not found.track:
        return Text("the past is too short to try it out", style="dim")
    table = _table("over", "days", "stretches", "Brier", "skill: climatology", "persistence", "log score", "off by")
    for past in found.track:
        _row(
            table,
            past.over,
            f"{past.since} to {past.until}",
            str(past.windows),
            f"{past.brier:.3f}",
            f"{past.skill_climatology:+.3f}",
            f"{past.skill_persistence:+.3f}",
            f"{past.log_score:.3f}",
            f"{past.calibration_error:.3f}",
        )
    return table


def _table(*columns: str) -> Table:
    from rich.table import Table

    table = Table(box=None, header_style="dim", pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold", ratio=3 if column in ("because", "words", "in this order") else None)
    return table


def _row(table: Table, *cells: str) -> None:
    from rich.text import Text

    from tidings.cli.display import plain

    table.add_row(*(Text("\n".join(plain(line) for line in cell.split("\n"))) for cell in cells))

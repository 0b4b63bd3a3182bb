"""`tidings outlook`: what may come next between two parties."""

from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tidings.cli import EXIT_NOTHING_READ
from tidings.cli.dyad import split_names
from tidings.cli.listing import form_of, write_lines
from tidings.cli.options import explain_option, format_option, out_option, quiet_option
from tidings.cli.terminal import complain, plain, show

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

    from tidings.outlook import Deed, Expected, Measured, Outlook, Reason

_WEIGHTY = 0.1
"""Log-odds below which `--explain` leaves a reason to the JSON."""
_GLOSSES = {
    "AGREE": "agree, promise",
    "CONSULT": "meet, talk",
    "SUPPORT": "voice support",
    "CONCEDE": "give in",
    "COOPERATE": "work together",
    "AID": "give aid",
    "RETREAT": "withdraw, release",
    "REQUEST": "demand",
    "ACCUSE": "accuse",
    "REJECT": "refuse",
    "THREATEN": "threaten",
    "PROTEST": "protest",
    "SANCTION": "sanction, cut ties",
    "MOBILIZE": "ready forces",
    "COERCE": "arrest, restrict",
    "ASSAULT": "attack",
}


@click.command("outlook")
@click.argument("store", type=click.Path(path_type=Path), metavar="STORE")
@click.argument("party", metavar="PARTY")
@click.argument("other", required=False, metavar="[OTHER]")
@click.option("--days", type=click.IntRange(1, 366), default=14, show_default=True, help="How far to look ahead.")
@click.option("--on", metavar="DATE", help="The first day ahead, else the day after the last act.")
@click.option("--datasets", metavar="NAMES", help="Which data to count, with commas; without, all there are.")
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
    datasets: str | None,
    form: str | None,
    out: Path | None,
    explain: bool,
    quiet: bool,
) -> None:
    """Say what may come next between two parties, or between one and all others, and why.

    A PARTY is a country (RUS), the key of an actor, or a name: tidings outlook news.db RUS USA --days 14 --explain.
    It prints what is scheduled, how many acts are to come, the chance of each kind with the past acts behind it, the
    orders in which things may come, and how good such forecasts were on the past; for one party, also with whom.
    Where there are too few acts it says so, without numbers. Several datasets may tell of the same acts; --datasets
    counts only those named, and what is scheduled is always from one's own pages.
    Exit status: 0 an outlook, 1 too few acts for one, 2 wrong usage.
    """
    from tidings.outlook import outlook
    from tidings.store import open_store

    with open_store(store) as kept:
        chosen, progress = split_names(datasets), None if quiet else _tell
        found = outlook(kept, party, other, days=days, on=on, datasets=chosen, progress=progress)
    if progress is not None:
        progress("")
    _print(found, form_of(form, out), out, explain)
    if found.why:
        complain(f"not enough data: {found.why}")
        sys.exit(EXIT_NOTHING_READ)


def _tell(what: str) -> None:
    """Show what is being worked on, on a terminal only."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{plain(what):<40}" if what else f"\r{'':<40}\r")
        sys.stderr.flush()


def _print(found: Outlook, form: str, out: Path | None, explain: bool) -> None:
    from tidings.cli.output import opened

    with opened(out) as stream:
        if form == "jsonl":
            write_lines(stream, [found])
            return
        show(*_parts(found, explain), stream=stream)


def _parts(found: Outlook, explain: bool) -> list[RenderableType]:
    from rich.rule import Rule
    from rich.text import Text

    def head(words: str) -> Rule:
        return Rule(words, align="left", style="dim")

    def note(words: str) -> Text:
        return Text(words, style="dim")

    who = f"{found.a} - {found.b}" if found.b else found.a
    when = f"{found.on} to {found.until}" if found.on else "no day"
    data = f" ({', '.join(found.datasets)})" if len(found.datasets) > 1 else ""
    past = f"from {found.acts:,} acts of {found.first} to {found.last}{data}; " if found.acts else ""
    parts: list[RenderableType] = [
        Text(f"{who}, {when} ({found.days} {'day' if found.days == 1 else 'days'})", style="bold")
    ]
    parts.append(note(f"{past}{'scheduled:' if found.scheduled else 'nothing is known to be scheduled'}"))
    if found.scheduled:
        parts.append(_scheduled(found))
    if found.why:
        return [*parts, Text(f"not enough data: {found.why}")]
    cited: dict[int, Deed] = {}
    parts += [head("how many acts"), _volumes(found, explain, cited)]
    if found.partners:
        parts += [head("with whom: the likeliest kinds, and how many acts"), _partners(found)]
    parts += [head("chance of at least one act"), _expected(found, explain, cited)]
    parts += [note(words) for words in _notes(found, explain)]
    if found.scenarios:
        parts += [head("what may come first"), _scenarios(found)]
        sure = f": {', '.join(found.routine)}" if found.routine else ""
        parts.append(note(f"the chance that these come first, in this order, of all that are not all but sure{sure}"))
    parts += [head("how good such forecasts were"), _track(found)]
    if cited:
        parts += [head("the acts behind it"), *(Text(f"[{n}] {_deed(cited[n])}") for n in sorted(cited))]
    return parts


def _scheduled(found: Outlook) -> Table:
    table = _table("day", "who", "what", "to whom", "words")
    for planned in found.scheduled:
        day = planned.day + (f" to {planned.last}" if planned.last != planned.day else "")
        _row(table, day, ", ".join(planned.who), planned.type, ", ".join(planned.to_whom), planned.words)
    return table


def _volumes(found: Outlook, explain: bool, cited: dict[int, Deed]) -> Table:
    table = _table("", "expected", "four times in five", "usual", "at least one", "lately")
    chances = {line.kind: line.chance for line in found.expected if line.way == "between"}
    for volume in found.volumes:
        if volume.way != "between":
            continue
        lately = volume.because.says.rpartition(f"{volume.source} and {volume.target} ")[2]
        if volume.because.kind is None and volume.kind in chances:
            lately = f"never before; any act {lately}"
        if explain:
            lately += _cite(volume.because, cited)
        chance = _share(chances[volume.kind]) if volume.kind in chances else ""
        said = f"{volume.low:,} to {volume.high:,}"
        _row(table, volume.kind, _many(volume.expected), said, _many(volume.usual), chance, lately)
    return table


def _many(number: float) -> str:
    return f"{number:,.0f}" if number >= 10 else f"{number:.1f}"


def _partners(found: Outlook) -> Table:
    table = _table("who", "expected", "four times in five", f"{found.a} to them", f"they to {found.a}")
    for partner in found.partners:
        ways = [
            ", ".join(f"{line.kind} {_share(line.chance)}" for line in partner.expected if line.way == way)
            for way in ("forth", "back")
        ]
        volume = partner.volume
        _row(table, partner.name, _many(volume.expected), f"{volume.low:,} to {volume.high:,}", *ways)
    return table


def _expected(found: Outlook, explain: bool, cited: dict[int, Deed]) -> Table:
    from tidings.outlook.told import by_kind, how_sure

    kinds = by_kind(found)
    ways = next(iter(kinds.values()))
    arrows = [f"{line.source} → {line.target}" if line.way != "between" else "within" for line in ways]
    table = _table("what", "", *arrows, "because")
    for kind, lines in kinds.items():
        if how_sure(lines) == "open" or (explain and how_sure(lines) == "sure"):
            chances = [f"{_share(line.chance)} ({_share(line.usual)})" for line in lines]
            because = [
                f"{reason.says}: {_odds(reason.weight)}{_cite(reason, cited) if explain else ''}"
                for reason in _reasons(lines, explain)
            ]
            _row(table, kind, _GLOSSES[kind], *chances, "\n".join(because))
    return table


def _share(chance: float) -> str:
    return "<1%" if chance < 0.01 else ">99%" if chance > 0.99 else f"{chance:.0%}"


def _reasons(lines: list[Expected], explain: bool) -> list[Reason]:
    """Return the weightiest reason that is about kinds of acts, or all weighty ones, way by way."""
    told = [[reason for reason in line.reasons if reason.kind] for line in lines]
    if explain:
        return [reason for way in told for reason in way if abs(reason.weight) >= _WEIGHTY or reason is way[0]]
    return sorted((reason for way in told for reason in way), key=lambda reason: -abs(reason.weight))[:1]


def _cite(reason: Reason, cited: dict[int, Deed]) -> str:
    """Note the latest act of a reason, and return its number."""
    latest = reason.acts[0]
    cited[latest.act] = latest
    return f" [{latest.act}]"


def _odds(weight: float) -> str:
    return f"odds ×{math.exp(weight):.2g}"


def _notes(found: Outlook, explain: bool) -> list[str]:
    """Say what the table of chances leaves out, and how to read it."""
    from tidings.outlook.told import by_kind, how_sure

    kinds = by_kind(found)
    sure, slight = (
        [kind for kind, lines in kinds.items() if how_sure(lines) == wanted] for wanted in ("sure", "slight")
    )
    notes = [f"all but sure, over 90%: {', '.join(sure)}"] if sure and not explain else []
    notes += [f"under 5%: {', '.join(slight)}"] if slight else []
    for line in next(iter(kinds.values())):
        arrow = f"{line.source} → {line.target} " if line.way != "between" else " "
        alike = [other for lines in kinds.values() for other in lines if other.way == line.way]
        told = [reason for other in alike for reason in other.reasons if reason.kind is None and arrow in reason.says]
        if told:
            least, most = (_odds(pick(reason.weight for reason in told)) for pick in (min, max))
            says = told[0].says.removeprefix("act of any kind ")
            notes.append(f"and by all that is done, {says}: {least} to {most.removeprefix('odds ')} for most kinds")
    notes.append("in brackets: how often such days saw one; odds ×2: twice the odds of a mean day of the past")
    return notes


def _deed(deed: Deed) -> str:
    """Say which act, and where it is known from."""
    what = f"{deed.day} {deed.source} {deed.type or 'said something to'} {deed.target or ''}".rstrip()
    if not deed.tellings:
        return f"{what} ({deed.dataset} {deed.id})"
    told = "; ".join(f"{one.article}:{one.span.start}-{one.span.end}" for one in deed.tellings)
    return f"{what} ({told})"


def _scenarios(found: Outlook) -> Table:
    table = _table("chance", "in this order", "the first sign of it")
    for scenario in found.scenarios:
        steps = [f"{step.kind} ({step.source} → {step.target})" for step in scenario.steps]
        sign = scenario.sign
        _row(table, _share(scenario.chance), ", then ".join(steps), f"{sign.kind} ({sign.source} → {sign.target})")
    return table


def _track(found: Outlook) -> RenderableType:
    from rich.text import Text

    if not found.track:
        return Text("the past is too short to try it out", style="dim")
    lines = [_record(past) for past in found.track]
    first = found.track[0]
    table = _table(f"{first.windows} stretches of {first.since} to {first.until}", *(past.over for past in found.track))
    for words in dict.fromkeys(words for line in lines for words in line):
        _row(table, words, *(line.get(words, "") for line in lines))
    return table


def _record(past: Measured) -> dict[str, str]:
    """Say how good forecasts were, each measure by its name."""
    said = {
        "chances: error (Brier score)": f"{past.brier:.3f}",
        "  avoided, against how often it happened before": _signed(past.skill_climatology),
        "  avoided, against what the last such days saw": _signed(past.skill_persistence),
        "  off from how often it then happened": f"{100 * past.calibration_error:.1f} points",
    }
    if numbers := past.volumes:
        said["numbers: inside the range (as was said)"] = f"{_share(numbers.inside)} ({_share(numbers.said)})"
        said["  log score, 0 is best (usual number; steady rate)"] = (
            f"{numbers.log_score:.2f} ({numbers.log_usual:.2f}; {numbers.log_poisson:.2f})"
        )
    if firsts := past.firsts:
        hits = f"{_share(firsts.hits)} ({_share(firsts.hits_usual)})"
        said["first to come: the one said (the one that comes most)"] = hits
        said["  error avoided, against what comes most"] = _signed(firsts.skill)
    return said


def _signed(share: float) -> str:
    return f"{share:+.1%}"


def _table(*columns: str) -> Table:
    from rich.table import Table

    table = Table(box=None, header_style="dim", pad_edge=False)
    for column in columns:
        wide = column in ("because", "words", "in this order", "lately")
        table.add_column(column, overflow="fold", ratio=3 if wide else None)
    return table


def _row(table: Table, *cells: str) -> None:
    from rich.text import Text

    table.add_row(*(Text(cell) for cell in cells))

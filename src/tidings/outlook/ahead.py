"""What comes next between two parties: what is scheduled, what is likely and why, and how good such forecasts were.

In: an open store, one or two parties, a number of days. Out: an `Outlook`.
It never invents: where the past is too thin it says so and gives no numbers. There is no clock in it: the day it
stands on is the one after the last act of the store, or the one given.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from tidings.errors import UsageError
from tidings.outlook.answers import Measured, MeasuredFirsts, Outlook
from tidings.outlook.chances import Frame, Model, frame, ways_of
from tidings.outlook.past import (
    KINDS,
    MOST_DAYS,
    QUADS,
    Act,
    Grid,
    Kind,
    acts_of,
    busy_grid,
    day_number,
    first_day,
    last_day,
    own_grid,
    partners_of,
)
from tidings.outlook.reasons import Deeds, because, latest, mean_of
from tidings.outlook.scenarios import Known as State
from tidings.outlook.scenarios import chains, routine, states
from tidings.outlook.sources import scheduled
from tidings.outlook.told import Asked, Known, Line, Made, Number, iso, nothing, told
from tidings.outlook.track import NumbersTrial, Trial, measure, measure_firsts, measure_volumes, try_numbers, try_out
from tidings.outlook.volumes import COUNTED, INSIDE, Numbers, came_of, counts_of, learn, numbers

if TYPE_CHECKING:
    from tidings.dyads.parties import Party
    from tidings.store import Store

__all__ = ["outlook"]

LEAST_ACTS = 20
LEAST_STRETCHES = 6
"""How often the days asked must fit into the past."""
LEAST_POOL = 500
"""Acts of all pairs that a model is learnt from."""
_STANDS = 40
"""The model learns from no more than so many days of each pair's past."""
_PARTNERS = 10
_LATELY = 90
"""The partners of one party are those it had most to do with in so many days."""
_KINDS_OF_PARTNER = 6
_TYPES = len(KINDS) - len(QUADS)

Tell = Callable[[str], None]


def outlook(
    store: Store,
    a: str,
    b: str | None = None,
    *,
    days: int = 14,
    on: str | None = None,
    datasets: Sequence[str] | None = None,
    progress: Tell | None = None,
) -> Outlook:
    """Say what may come between two parties, or between one and all others, in the days from `on`.

    `a` and `b` are countries ("RUS"), keys or names of parties. Without `on` it is the day after the last act.
    Only acts of `datasets` are counted, where some are named; what is scheduled is always from one's own pages.
    `progress` is told what is being worked on. Raises `UsageError` for a party or dataset that is not known, and for
    days that make no sense.
    """
    from tidings.dyads.counts import datasets_by_name, datasets_with_acts
    from tidings.dyads.parties import resolve

    if not 1 <= days <= 366:
        raise UsageError(f"an outlook looks 1 to 366 days ahead, not {days}")
    one, two = resolve(store, a), resolve(store, b) if b else None
    names = datasets_by_name(store, datasets)
    counted = list(names) if datasets else None
    held = [names[number] for number in datasets_with_acts(store) if number in names]
    newest = last_day(store, counted)
    start = _start(on, newest, days)
    planned = scheduled(store, one, two, since=iso(start), until=iso(start + days - 1)) if start else []
    if start is None or newest is None:
        why = f"the store holds no acts {'of ' + ', '.join(names.values()) if datasets else 'yet'}"
        day = iso(start) if start else None
        return nothing(one, two, on=day, days=days, datasets=held, acts=[], why=why, planned=planned)
    tell = progress or (lambda _: None)
    tell("reading the acts")
    asked = Asked(one, two, start, days, held, counted)
    acts = acts_of(store, one, two, before=iso(start), datasets=counted)
    why = _too_thin(acts, start, days)
    if why is None:
        grid = _grid(store, asked, "parties" if two is None else "within" if one == two else "pairs")
        if grid.counts[..., _TYPES:].sum() >= LEAST_POOL:
            return told(store, asked, acts, _made(store, asked, acts, grid, tell), planned)
        why = f"all pairs together have fewer than {LEAST_POOL} acts to learn from"
    return nothing(one, two, on=iso(start), days=days, datasets=held, acts=acts, why=why, planned=planned)


def _start(on: str | None, newest: str | None, days: int) -> int | None:
    """Return the first day ahead; None where neither a day is given nor an act is known."""
    start = day_number(on) if on else day_number(newest) + 1 if newest else None
    if start is not None and not 1 < start <= date.max.toordinal() - days + 1:
        raise UsageError(f"an outlook of {days} days on {on or newest} leaves the calendar; choose another day (--on)")
    return start


def _grid(store: Store, asked: Asked, kind: Kind) -> Grid:
    """Return the past of those that the model learns from."""
    first = max(first_day(store, asked.counted) or asked.start, asked.start - MOST_DAYS)
    whole = all(party is None or party.kind != "party" for party in (asked.one, asked.two))
    return busy_grid(store, kind, countries=whole, first=first, days=asked.start - first, datasets=asked.counted)


def _made(store: Store, asked: Asked, acts: Sequence[Act], grid: Grid, tell: Tell) -> Made:
    """Learn from all, and forecast those asked, and the partners of one asked alone."""
    one, two, start, days = asked[:4]
    tell("learning what leads to what")
    own = own_grid(acts, first=grid.first, days=start - grid.first)
    learnt = _learn(np.concatenate([own.counts, grid.counts]), days, within=one == two)
    known = _known(learnt, 0, Deeds(acts, start), two)
    name, kind = (f"{one.name} - {two.name}", "pairs") if two else (one.name, "actors")
    track = _measured(
        learnt, {name: True, f"{len(grid.counts)} {kind} of the store": False}, grid.first, two is not None
    )
    if two is None:
        tell("looking at each of the others")
        partners, record = _partners(store, asked)
        return Made(known, partners, track + record, [], [])
    both = learnt[-1]
    state = _state(both)
    left_out = routine(both.model, state)
    return Made(known, [], track, chains(both.model, state, days, left_out), left_out)


def _partners(store: Store, asked: Asked) -> tuple[list[Known], list[Measured]]:
    """Forecast a party with each of those it has most to do with, most acts first; with the record of all pairs."""
    before, since = iso(asked.start), iso(asked.start - _LATELY)
    others = partners_of(store, asked.one, since=since, before=before, most=_PARTNERS, datasets=asked.counted)
    grid = _grid(store, asked, "pairs")
    if not others or grid.counts[..., _TYPES:].sum() < LEAST_POOL:
        return [], []
    acts = [acts_of(store, asked.one, other, before=before, datasets=asked.counted) for other in others]
    own = [own_grid(held, first=grid.first, days=asked.start - grid.first).counts for held in acts]
    learnt = _learn(np.concatenate([*own, grid.counts]), asked.days, asked=len(others))
    found: list[Known] = []
    for row, (other, held) in enumerate(zip(others, acts, strict=True)):
        known = _known(learnt, row, Deeds(held, asked.start), other)
        types = [line for line in known.lines if line.kind < _TYPES and line.way is not None]
        likeliest = sorted(types, key=lambda line: (-line.chance, line.kind, line.way))[:_KINDS_OF_PARTNER]
        whole = [number for number in known.numbers if number.way is None]
        found.append(Known(other, likeliest, whole[:1]))
    found.sort(key=lambda known: -known.numbers[0].expected)
    return found, _measured(learnt, {f"{len(grid.counts)} pairs of the store": False}, grid.first, orders=False)


class _Learnt(NamedTuple):
    """What was learnt of some ways: for each pair asked its rows with their way; no trials where the past is short."""

    ways: list[dict[int, int | None]]
    horizon: int
    own: NDArray[np.float32]
    frame: Frame
    model: Model
    usual: NDArray[np.floating]
    numbers: Numbers
    trial: Trial | None
    numbers_trial: NumbersTrial | None


def _learn(counts: NDArray[np.uint32], horizon: int, *, asked: int = 1, within: bool = False) -> list[_Learnt]:
    """Learn from all rows, first each way by itself (but within a country), then both as one.

    The first rows are those asked; their other direction comes after all the rows.
    """
    stands = _stands(counts.shape[2], horizon)
    found: list[_Learnt] = []
    for directed, (own, other) in zip((True, False), ways_of(counts), strict=True):
        if directed and within:
            continue
        known, past = frame(own, other, stands, horizon), slice(0, -1)
        trial, earlier = try_out(known.at(past), None if directed else own, stands[:-1], horizon)
        counted, came = counts_of(own, stands), came_of(own, stands[:-1], horizon)
        present = counted.at(slice(-1, None))
        found.append(
            _Learnt(
                [{row: 0, len(counts) + row: 1} if directed else {row: None} for row in range(asked)],
                horizon,
                own,
                known,
                Model(known.at(past), earlier),
                present.usual * horizon,
                numbers(present, learn(counted.at(past), came, horizon), horizon),
                trial,
                try_numbers(counted.at(past), came, stands[:-1], horizon),
            )
        )
    return found


def _stands(days: int, horizon: int) -> list[int]:
    """Return the days to learn from, evenly spaced back from the last whose outcome is known, and today."""
    last = days - horizon
    step = max(1, horizon // 4, last // _STANDS)
    return [*sorted(range(last, min(horizon, 28), -step)), days]


def _known(learnt: Sequence[_Learnt], asked: int, deeds: Deeds, two: Party | None) -> Known:
    """Return the expectations of one row asked, both ways as one last."""
    made = Known(two, [], [])
    for one in learnt:
        for row, way in one.ways[asked].items():
            made.lines.extend(_lines(one, row, way, deeds))
            made.numbers.extend(_numbers(one, row, way, deeds))
    return made


def _lines(learnt: _Learnt, row: int, way: int | None, deeds: Deeds) -> list[Line]:
    """Return the chances of one way; the last stand is now, the others are the past."""
    mine = learnt.frame.of(row)
    present = mine.at(slice(-1, None))
    chances, parts = learnt.model.chances(present)[0, 0], learnt.model.parts(mine)[0]
    lines: list[Line] = []
    for kind in range(len(KINDS)):
        reasons, base, rest = because(deeds, parts[-1, kind], mean_of(parts[:, kind]), way, kind)
        usual = 1 / (1 + float(np.exp(-present.aligned[0, 0, kind, 1])))
        lines.append(Line(way, kind, float(chances[kind]), usual, base, rest, reasons))
    return lines


def _numbers(learnt: _Learnt, row: int, way: int | None, deeds: Deeds) -> list[Number]:
    """Return how many acts of one way are to come."""
    mine = Numbers(learnt.numbers.means[row, 0], learnt.numbers.shapes[row, 0])
    low, high = (mine.quantile(chance) for chance in INSIDE)
    usual = learnt.usual[row, 0]
    return [
        Number(
            way,
            kind,
            float(mine.means[kind]),
            int(low[kind]),
            int(high[kind]),
            float(usual[kind]),
            latest(deeds, way, _TYPES + kind - 1 if kind else None, float(np.log(mine.means[kind] / usual[kind]))),
        )
        for kind in range(len(COUNTED))
    ]


def _state(learnt: _Learnt) -> State:
    """Return what is known now of the first row, as the chains need it."""
    return states(learnt.frame.of(0).at(slice(-1, None)).aligned[0, 0])


def _measured(learnt: Sequence[_Learnt], over: dict[str, bool], first: int, orders: bool) -> list[Measured]:
    """Return the record of those asked (True) or of all others, with that of `orders` where scenarios are told."""
    found: list[Measured] = []
    for name, asked in over.items():
        tried: list[Trial] = []
        counted: list[NumbersTrial] = []
        firsts: MeasuredFirsts | None = None
        for one in learnt:
            if one.trial is None or one.numbers_trial is None:
                return []
            mine = [row for ways in one.ways for row in ways]
            rows = mine if asked else np.setdiff1d(np.arange(len(one.own)), mine)
            tried.append(one.trial.of(rows))
            counted.append(one.numbers_trial.of(rows))
            if orders and None in one.ways[0].values():
                firsts = measure_firsts(tried[-1], one.own[rows], one.horizon)
        record = measure(tried, name, first=first, horizon=learnt[0].horizon)
        found.append(msgspec.structs.replace(record, volumes=measure_volumes(counted), firsts=firsts))
    return found


def _too_thin(acts: Sequence[Act], start: int, days: int) -> str | None:
    if len(acts) < LEAST_ACTS:
        return f"{len(acts)} acts before this day, and an outlook needs {LEAST_ACTS}"
    past = start - acts[0].day
    if past < LEAST_STRETCHES * days:
        return f"their acts go back {past} days, and an outlook of {days} days needs {LEAST_STRETCHES * days}"
    return None

"""What comes next between two parties: what is scheduled, what is likely and why, and how good such forecasts were.

In: an open store, one or two parties, a number of days. Out: an `Outlook`.
It never invents: where the past is too thin it says so and gives no numbers. There is no clock in it: the day it
stands on is the one after the last act of the store, or the one given.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tidings.errors import UsageError
from tidings.outlook.answers import Deed, Expected, Measured, Outlook, Reason, Scenario, Step
from tidings.outlook.chances import Frame, Model, frame, memories_of, ways_of
from tidings.outlook.past import (
    KINDS,
    MOST_DAYS,
    QUADS,
    Act,
    acts_of,
    busy_grid,
    day_number,
    first_day,
    last_day,
    own_grid,
)
from tidings.outlook.reasons import LATE, Because, Deeds, because
from tidings.outlook.scenarios import Chain, Known, chains, routine
from tidings.outlook.sources import deeds, scheduled
from tidings.outlook.track import Trial, measure, try_out

if TYPE_CHECKING:
    from tidings.dyads.parties import Party
    from tidings.store import Store
    from tidings.stories.calendar import Scheduled

__all__ = ["outlook"]

LEAST_ACTS = 20
LEAST_STRETCHES = 6
"""How often the days asked must fit into the past."""
LEAST_POOL = 500
"""Acts of all pairs that a model is learnt from."""
_STANDS = 40
"""The model learns from no more than so many days of each pair's past."""
_TYPES = len(KINDS) - len(QUADS)


def outlook(
    store: Store,
    a: str,
    b: str | None = None,
    *,
    days: int = 14,
    on: str | None = None,
    progress: Callable[[str], None] | None = None,
) -> Outlook:
    """Say what may come between two parties, or between one and all others, in the days from `on`.

    `a` and `b` are countries ("RUS"), keys or names of parties. Without `on` it is the day after the last act.
    `progress` is told what is being worked on. Raises `UsageError` for a party that is not known.
    """
    from tidings.dyads.parties import resolve

    if not 1 <= days <= 366:
        raise UsageError(f"an outlook looks 1 to 366 days ahead, not {days}")
    one, two = resolve(store, a), resolve(store, b) if b else None
    latest = last_day(store)
    start = day_number(on) if on else day_number(latest) + 1 if latest else None
    if start is None or latest is None:
        planned = scheduled(store, one, two, since=_iso(start), until=_iso(start + days - 1)) if start else []
        why = "the store holds no acts yet"
        return _empty(one, two, on=_iso(start) if start else None, days=days, acts=[], why=why, planned=planned)
    now = _iso(start)
    tell = progress or (lambda _: None)
    tell("reading the acts")
    acts = acts_of(store, one, two, before=now)
    planned = scheduled(store, one, two, since=now, until=_iso(start + days - 1))
    why = _too_thin(acts, start, days)
    grid = None
    if why is None:
        first = max(first_day(store) or start, start - MOST_DAYS)
        countries = all(party is None or party.kind == "country" for party in (one, two))
        kind = "parties" if two is None else "within" if one == two else "pairs"
        grid = busy_grid(store, kind, countries=countries, before=now, first=first, days=start - first)
        if grid.counts[..., _TYPES:].sum() < LEAST_POOL:
            why = f"all pairs together have fewer than {LEAST_POOL} acts to learn from"
    if why is not None or grid is None:
        return _empty(one, two, on=now, days=days, acts=acts, why=why or "", planned=planned)
    tell("learning what leads to what")
    own = own_grid(acts, first=grid.first, days=start - grid.first)
    counts = np.concatenate([own.counts, grid.counts])
    asked = _Asked(one, two, acts, Deeds(acts, start), start, grid.first, days)
    return _told(store, asked, counts, planned, tell)


class _Asked(NamedTuple):
    """The question, and the acts that bear on it."""

    one: Party
    two: Party | None
    acts: list[Act]
    deeds: Deeds
    start: int
    first: int
    days: int

    def sides(self, way: int | None) -> tuple[str, str]:
        """Return who acts on whom, as names."""
        one, two = self.one.name, self.two.name if self.two else "anyone"
        return (two, one) if way == 1 else (one, two)


class _Line(NamedTuple):
    """An expectation before its acts are looked up."""

    way: int | None
    kind: int
    chance: float
    usual: float
    base: float
    rest: float
    reasons: list[Because]


class _Forecast(NamedTuple):
    """What was worked out, before the acts are looked up; `trials` with the rows of the pair asked."""

    lines: list[_Line]
    trials: list[tuple[Trial, list[int]]]
    chains: list[Chain]
    routine: list[int]


def _told(
    store: Store, asked: _Asked, counts: NDArray[np.uint16], planned: list[Scheduled], tell: Callable[[str], None]
) -> Outlook:
    made = _forecast(asked, counts, tell)
    numbers = [act for line in made.lines for reason in line.reasons for act in reason.acts]
    numbers += [act for chain in made.chains for act in _last_acts(asked, chain)]
    cited = deeds(store, numbers)
    return Outlook(
        a=asked.one.name,
        b=asked.two.name if asked.two else None,
        on=_iso(asked.start),
        until=_iso(asked.start + asked.days - 1),
        days=asked.days,
        acts=len(asked.acts),
        first=_iso(asked.acts[0].day),
        last=_iso(asked.acts[-1].day),
        why=None,
        scheduled=planned,
        expected=[_expected(asked, line, cited) for line in made.lines],
        track=_track(asked, made.trials, len(counts) - 1),
        scenarios=_scenarios(asked, made, cited),
        routine=[KINDS[kind] for kind in made.routine],
    )


def _forecast(asked: _Asked, counts: NDArray[np.uint16], tell: Callable[[str], None]) -> _Forecast:
    """Learn from all pairs, first each way by itself, then both as one, and forecast the first of them."""
    stands = _stands(counts.shape[2], asked.days)
    made = _Forecast([], [], [], [])
    for directed, (own, other) in zip((True, False), ways_of(counts), strict=True):
        if directed and asked.one == asked.two:
            continue
        known = frame(own, other, stands, asked.days)
        tell("trying it out on the past")
        trial, earlier = try_out(known.at(slice(0, -1)), stands[:-1], asked.days)
        # The pair asked is the first row of the grid; its other direction comes after all the pairs.
        ways = {0: 0, len(counts): 1} if directed else {0: None}
        if trial is not None:
            made.trials.append((trial, list(ways)))
        model = Model(known.at(slice(0, -1)), earlier)
        for row, way in ways.items():
            made.lines.extend(_lines(model, known.of(row), way, asked.deeds))
        if not directed and asked.two is not None:
            state = _known(known, own[:1], stands[-1])
            made.routine.extend(routine(model, state))
            made.chains.extend(chains(model, state, asked.days, made.routine))
    return made


def _stands(days: int, horizon: int) -> list[int]:
    """Return the days to learn from, evenly spaced back from the last whose outcome is known, and today."""
    last = days - horizon
    step = max(1, horizon // 4, last // _STANDS)
    return [*sorted(range(last, min(horizon, 28), -step)), days]


def _lines(model: Model, known: Frame, way: int | None, deeds: Deeds) -> list[_Line]:
    """Return the expectations of one way; the last stand is now, the others are the past."""
    present = known.at(slice(-1, None))
    chances, parts = model.chances(present)[0, 0], model.parts(known)[0]
    lines: list[_Line] = []
    for kind in range(len(KINDS)):
        reasons, base, rest = because(deeds, parts[-1, kind], parts[:-1, kind].mean(axis=0), way, kind)
        usual = 1 / (1 + float(np.exp(-present.aligned[0, 0, kind, 1])))
        lines.append(_Line(way, kind, float(chances[kind]), usual, base, rest, reasons))
    return lines


def _known(known: Frame, own: NDArray[np.float32], stand: int) -> Known:
    rates = 1 / (1 + np.exp(-known.aligned[0, -1, :, 1]))
    return Known(rates.astype(np.float32), known.aligned[0, -1, :, 2] > 0, memories_of(own, [stand])[:, 0, 0])


def _likelier(lines: Sequence[_Line]) -> dict[int, int]:
    """Return for each kind the way in which it is likelier."""
    chances = {(line.way, line.kind): line.chance for line in lines}
    return {kind: int(chances.get((1, kind), 0) > chances.get((0, kind), 0)) for kind in range(len(KINDS))}


def _expected(asked: _Asked, line: _Line, cited: dict[int, Deed]) -> Expected:
    source, target = asked.sides(line.way)
    return Expected(
        way="between" if line.way is None else ("forth", "back")[line.way],
        source=source,
        target=target,
        kind=KINDS[line.kind],
        grain="type" if line.kind < _TYPES else "quad",
        chance=round(line.chance, 4),
        usual=round(line.usual, 4),
        base=round(line.base, 4),
        rest=round(line.rest, 4),
        reasons=[_reason(asked, reason, cited) for reason in line.reasons],
    )


def _reason(asked: _Asked, reason: Because, cited: dict[int, Deed]) -> Reason:
    source, target = asked.sides(reason.way)
    arrow = f"between {source} and {target}" if reason.way is None else f"{source} → {target}"
    what = "act of any kind" if reason.kind is None else KINDS[reason.kind]
    when = "1 day ago" if reason.last == 1 else f"{reason.last} days ago"
    often = (
        f"{reason.n} in {LATE} days, usually {reason.usual:.0f}" if reason.usual >= 1 else f"{reason.n} in {LATE} days"
    )
    return Reason(
        says=f"{what} {arrow} {when}; {often}",
        weight=round(reason.weight, 4),
        n=reason.n,
        acts=[cited[number] for number in reason.acts],
    )


def _track(asked: _Asked, trials: Sequence[tuple[Trial, list[int]]], pairs: int) -> list[Measured]:
    """Return the record of the pair itself, then of all pairs together."""
    if not trials:
        return []
    name = f"{asked.one.name} - {asked.two.name}" if asked.two else asked.one.name
    kind = "pairs" if asked.two not in (None, asked.one) else "actors"
    mine = [trial._replace(**{part: getattr(trial, part)[rows] for part in _PARTS}) for trial, rows in trials]
    sizes = {"first": asked.first, "horizon": asked.days}
    return [
        measure(mine, slice(None), name, **sizes),
        measure([trial for trial, _ in trials], slice(1, None), f"{pairs} {kind} of the store", **sizes),
    ]


_PARTS = ("chances", "climatology", "persistence", "came")


def _scenarios(asked: _Asked, made: _Forecast, cited: dict[int, Deed]) -> list[Scenario]:
    found, way_of = made.chains, _likelier(made.lines)
    orders = [chain.kinds for chain in found]
    told: list[Scenario] = []
    for place, chain in enumerate(found):
        others = orders[:place] + orders[place + 1 :]
        apart = (size for size in range(1, len(chain.kinds)) if all(o[:size] != chain.kinds[:size] for o in others))
        steps = [_step(asked, way_of[kind], kind, share) for kind, share in zip(chain.kinds, chain.shares, strict=True)]
        told.append(
            Scenario(
                chance=round(chain.chance, 4),
                steps=steps,
                sign=steps[next(apart, len(steps)) - 1],
                acts=[cited[number] for number in _last_acts(asked, chain)],
            )
        )
    return told


def _last_acts(asked: _Asked, chain: Chain) -> list[int]:
    """Return the last act of each step's kind, where there was one."""
    found: list[int] = []
    for kind in chain.kinds:
        which = np.flatnonzero(asked.deeds.which(None, kind))
        if len(which):
            found.append(int(asked.deeds.number[which[-1]]))
    return found


def _step(asked: _Asked, way: int, kind: int, chance: float) -> Step:
    source, target = asked.sides(way)
    return Step(source=source, target=target, kind=KINDS[kind], chance=round(chance, 4))


def _too_thin(acts: Sequence[Act], start: int, days: int) -> str | None:
    if len(acts) < LEAST_ACTS:
        return f"{len(acts)} acts before this day, and an outlook needs {LEAST_ACTS}"
    past = start - acts[0].day
    if past < LEAST_STRETCHES * days:
        return f"their acts go back {past} days, and an outlook of {days} days needs {LEAST_STRETCHES * days}"
    return None


def _empty(
    one: Party,
    two: Party | None,
    *,
    on: str | None,
    days: int,
    acts: Sequence[Act],
    why: str,
    planned: list[Scheduled] | None = None,
) -> Outlook:
    return Outlook(
        a=one.name,
        b=two.name if two else None,
        on=on,
        until=_iso(day_number(on) + days - 1) if on else None,
        days=days,
        acts=len(acts),
        first=_iso(acts[0].day) if acts else None,
        last=_iso(acts[-1].day) if acts else None,
        why=why,
        scheduled=planned or [],
        expected=[],
        track=[],
        scenarios=[],
        routine=[],
    )


def _iso(day: int) -> str:
    return date.fromordinal(day).isoformat()

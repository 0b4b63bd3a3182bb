"""Two actors over time: what they did to one another, when that changed, and in which acts it shows.

In: a store and two names. Out: one `Dyad`, with points, shifts, a statement, and the acts behind each.
It counts acts as the store has them: each once, however many articles tell it.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Literal, NamedTuple

import msgspec

from tidings.dyads.changes import Change, Level, find_changes
from tidings.dyads.counts import Count, Days, counts, datasets_by_name, days_of, stories_by_day
from tidings.dyads.evidence import ActShown, act_type, heaviest, show
from tidings.dyads.parties import Party, resolve
from tidings.dyads.points import Grain, check_grain, goldstein, period_days, period_of, shrunk_share
from tidings.dyads.statement import say
from tidings.errors import UsageError
from tidings.store import Store

__all__ = ["Dyad", "Moved", "PairPoint", "Shift", "Side", "pair"]

_MOVED = 5
"""How many types are named that changed."""
_MADE = 3
"""Of how many types acts are shown."""
_SEARCHED: tuple[tuple[Grain, int, float], ...] = (
    ("week", 270, 1 / 52),
    ("month", 360, 1 / 12),
    ("quarter", 360, 1 / 4),
    ("year", 360, 1 / 4),
)
"""By what periods changes are looked for, how many there may be (the cost is their square), and how often a change is
expected: once a year. Of more years than that only the last are searched."""


class PairPoint(msgspec.Struct, frozen=True, kw_only=True):
    """What two actors did to one another in one period.

    The numbers of a `DyadPoint` and more: `quads` counts verbal and material cooperation, verbal and material conflict;
    `sent` are the acts of the first actor towards the second; `tellings` counts independent ones, `stories` the stories
    of own pages.
    """

    period: str
    first: str
    last: str
    n: int
    intensity: float
    cooperation: int
    conflict: int
    share: float
    low: float
    high: float
    quads: tuple[int, int, int, int]
    types: dict[str, int]
    sent: int
    tellings: int
    stories: int
    acts: tuple[ActShown, ...] = ()


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """One side of a shift: its days, and the level between them. `share`, `low`, `high` as in a point."""

    first: str
    last: str
    n: int
    cooperation: int
    conflict: int
    share: float
    low: float
    high: float
    tellings: int
    stories: int


class Moved(msgspec.Struct, frozen=True, kw_only=True):
    """How many acts of a type there were before and after; `cooperation` tells of which sort the type is."""

    type: str
    cooperation: bool
    before: int
    after: int


class Shift(msgspec.Struct, frozen=True, kw_only=True):
    """A change of the share of cooperation, before the day `day`, which lies from `first` to `last` with 90 %.

    `p` is the probability of a change in this direction, even odds to begin with; `evidence` is its log Bayes factor.
    `moved` are the types whose part in all acts changed most; `acts` are the heaviest acts of those that made the
    change: types of the side it went to that grew, from after it, and types of the other side that shrank, from before.
    """

    day: str
    first: str
    last: str
    direction: Literal["closer", "apart"]
    before: Side
    after: Side
    p: float
    evidence: float
    moved: tuple[Moved, ...]
    acts: tuple[ActShown, ...] = ()


class Dyad(msgspec.Struct, frozen=True, kw_only=True):
    """Two actors over time; `statement` says in words, with n and p, whether they moved closer or apart.

    `datasets` are those counted; `others` have acts between the two that are not. `overall` is the level over all days,
    `p_change` the probability of any change, a change a year being expected.
    """

    a: Party
    b: Party
    first: str | None
    last: str | None
    by: Grain
    searched_by: Grain
    n: int
    cooperation: int
    conflict: int
    tellings: int
    stories: int
    overall: Side | None
    p_change: float
    points: tuple[PairPoint, ...]
    shifts: tuple[Shift, ...]
    statement: str
    datasets: tuple[str, ...]
    others: dict[str, int]


def pair(
    store: Store,
    a: str | Party,
    b: str | Party,
    *,
    since: str | None = None,
    until: str | None = None,
    by: Grain = "month",
    datasets: Sequence[str] | None = None,
    top: int = 3,
    behind: int = 6,
) -> Dyad:
    """Return what two actors did to one another, from `since` to `until` (days, months or years, both included).

    Without `datasets` the one with most acts between the two is counted, for adding up would count what two of them
    tell twice. `top` acts are shown for each point, `behind` for each shift. Raises `UsageError` for an unknown
    actor, dataset, grain or day.

    >>> import tempfile
    >>> from tidings.store import open_store
    >>> with tempfile.TemporaryDirectory() as folder, open_store(f"{folder}/news.db", create=True) as store:
    ...     pair(store, "RUS", "Belarus").statement
    'Russia and Belarus: not enough acts (n=0).'
    """
    check_grain(by)
    one, two = (who if isinstance(who, Party) else resolve(store, who) for who in (a, b))
    if (one.kind, one.key) == (two.kind, two.key):
        raise UsageError(f"a dyad is of two actors, and both are {one.name}")
    days, known = days_of(since, until), datasets_by_name(store, datasets)
    told = counts(store, one, two, days, list(known) if datasets else None)
    sizes = Counter[int]()
    for count in told:
        sizes[count.dataset] += count.n
    chosen = list(known) if datasets else sorted(sizes, key=lambda number: (-sizes[number], number))[:1]
    view = _View([count for count in told if count.dataset in chosen], stories_by_day(store, one, two, days, chosen))
    dyad = _lay_out(_Source(store, one, two, chosen), view, by, top, behind)
    dyad = msgspec.structs.replace(
        dyad,
        datasets=tuple(known[number] for number in chosen),
        others={known[number]: size for number, size in sorted(sizes.items()) if number not in chosen},
    )
    return msgspec.structs.replace(dyad, statement=say(dyad))


def _lay_out(source: _Source, view: _View, by: Grain, top: int, behind: int) -> Dyad:
    grain, changes, overall, p_change = _search(view)
    return Dyad(
        a=source.a,
        b=source.b,
        first=view.first,
        last=view.last,
        by=by,
        searched_by=grain,
        n=sum(count.n for count in view.told),
        cooperation=sum(count.n for count in view.told if count.friendly),
        conflict=sum(count.n for count in view.told if not count.friendly),
        tellings=sum(count.tellings for count in view.told),
        stories=len({story for _, story in view.stories}),
        overall=_side(view, overall, Days(view.first, view.last)) if overall and view.first and view.last else None,
        p_change=p_change,
        points=tuple(_points(source, view, by, top)),
        shifts=tuple(_shift(source, view, change, grain, behind) for change in changes),
        statement="",
        datasets=(),
        others={},
    )


class _Source(NamedTuple):
    """Where acts are looked up."""

    store: Store
    a: Party
    b: Party
    datasets: Sequence[int]

    def shown(self, days: Days, limit: int, kind: tuple[str, bool] | None = None) -> tuple[ActShown, ...]:
        if not limit:
            return ()
        numbers = heaviest(self.store, self.a, self.b, days, limit=limit, datasets=self.datasets, kind=kind)
        return tuple(show(self.store, numbers))


class _View:
    """The counts of a dyad, with sums over any days."""

    def __init__(self, told: Sequence[Count], stories: Sequence[tuple[str, str]]) -> None:
        self.told = sorted(told, key=lambda count: count.day)
        self.stories = stories
        self.first = self.told[0].day if told else None
        self.last = self.told[-1].day if told else None

    def by_day(self) -> dict[str, tuple[int, int]]:
        """Return how many acts each day had, and how many of them were cooperation."""
        days: dict[str, tuple[int, int]] = {}
        for count in self.told:
            n, warm = days.get(count.day, (0, 0))
            days[count.day] = (n + count.n, warm + (count.n if count.friendly else 0))
        return days

    def within(self, days: Days) -> list[Count]:
        return [count for count in self.told if days.first <= count.day <= days.last]

    def stories_within(self, days: Days) -> int:
        return len({story for day, story in self.stories if days.first <= day <= days.last})


_Found = tuple[Change, Days, Days, Days]
"""A change, the days between which it lies, and the days of both its sides."""


def _search(view: _View) -> tuple[Grain, list[_Found], Level | None, float]:
    """Look for changes by the finest period of which there are not too many; lay their numbers out in days."""
    if view.first is None or view.last is None:
        return "week", [], None, 0.0
    first, last = date.fromisoformat(view.first), date.fromisoformat(view.last)
    grain, starts, hazard = _periods(first, last)
    place = {start: at for at, start in enumerate(starts)}
    friendly, totals = [0] * len(starts), [0] * len(starts)
    for day, (n, warm) in view.by_day().items():
        at = place.get(period_days(period_of(day, grain))[0])
        if at is not None:
            totals[at] += n
            friendly[at] += warm
    course = find_changes(friendly, totals, hazard=hazard)
    ends = [start - timedelta(days=1) for start in starts[1:]] + [last]

    def days(start: int, end: int) -> Days:
        return Days(max(first, starts[start]).isoformat(), min(last, ends[end - 1]).isoformat())

    laid = [
        (
            change,
            Days(starts[change.start].isoformat(), starts[change.end].isoformat()),
            days(change.since, change.at),
            days(change.at, change.until),
        )
        for change in course.changes
    ]
    return grain, laid, course.overall, course.p_change


def _periods(first: date, last: date) -> tuple[Grain, list[date], float]:
    """Return how finely to look, the first days of all periods, also of those without acts, and the hazard."""
    for grain, most, hazard in _SEARCHED:
        long = {"week": 7, "month": 30, "quarter": 90, "year": 365}[grain]
        if (last - first).days <= long * most or grain == "year":
            return grain, _starts(first, last, grain)[-most:], hazard
    raise AssertionError("the last grain takes all")


def _starts(first: date, last: date, grain: Grain) -> list[date]:
    start, end = period_days(period_of(first.isoformat(), grain))
    starts = [start]
    while end < last:
        start, end = period_days(period_of((end + timedelta(days=1)).isoformat(), grain))
        starts.append(start)
    return starts


def _side(view: _View, level: Level, days: Days) -> Side:
    return Side(
        first=days.first,
        last=days.last,
        n=level.n,
        cooperation=level.cooperation,
        conflict=level.n - level.cooperation,
        share=level.share,
        low=level.low,
        high=level.high,
        tellings=sum(count.tellings for count in view.within(days)),
        stories=view.stories_within(days),
    )


def _shift(source: _Source, view: _View, found: _Found, grain: Grain, behind: int) -> Shift:
    change, when, before, after = found
    closer = change.after.share > change.before.share
    moved = _moved(view.within(before), view.within(after))
    return Shift(
        day=period_days(period_of(after.first, grain))[0].isoformat(),
        first=when.first,
        last=when.last,
        direction="closer" if closer else "apart",
        before=_side(view, change.before, before),
        after=_side(view, change.after, after),
        p=change.p,
        evidence=change.evidence,
        moved=tuple(kind for kind, _ in moved[:_MOVED]),
        acts=_acts(source, moved, before, after, closer, behind),
    )


def _moved(before: Sequence[Count], after: Sequence[Count]) -> list[tuple[Moved, float]]:
    """Return the types, with how much their part in all acts has grown or shrunk, the greatest change first."""
    one, two = _kinds(before), _kinds(after)
    # An act is given to each side so that nothing is divided by nothing.
    whole = (one.total() + 1, two.total() + 1)
    grown = {kind: two[kind] / whole[1] - one[kind] / whole[0] for kind in {*one, *two}}
    order = sorted(grown, key=lambda kind: (-abs(grown[kind]), kind))
    return [
        (Moved(type=kind[0], cooperation=kind[1], before=one[kind], after=two[kind]), grown[kind]) for kind in order
    ]


def _acts(
    source: _Source, moved: Sequence[tuple[Moved, float]], before: Days, after: Days, closer: bool, limit: int
) -> tuple[ActShown, ...]:
    """Return acts of the three types that made most of the change, one of each in turn."""
    made = [(kind, grown) for kind, grown in moved if (grown > 0) == (kind.cooperation == closer)][:_MADE]
    found = [source.shown(after if grown > 0 else before, limit, (kind.type, kind.cooperation)) for kind, grown in made]
    turns = [act for turn in itertools.zip_longest(*found) for act in turn if act is not None]
    return tuple(turns[:limit])


def _kinds(told: Iterable[Count]) -> Counter[tuple[str, bool]]:
    kinds = Counter[tuple[str, bool]]()
    for count in told:
        kinds[act_type(count.type, count.cameo), count.friendly] += count.n
    return kinds


def _types(told: Iterable[Count]) -> Counter[str]:
    types = Counter[str]()
    for count in told:
        types[act_type(count.type, count.cameo)] += count.n
    return types


def _points(source: _Source, view: _View, by: Grain, top: int) -> Iterable[PairPoint]:
    periods: dict[str, list[Count]] = {}
    for count in view.told:
        periods.setdefault(period_of(count.day, by), []).append(count)
    stories: dict[str, set[str]] = {}
    for day, story in view.stories:
        stories.setdefault(period_of(day, by), set()).add(story)
    total = sum(count.n for count in view.told)
    base = sum(count.n for count in view.told if count.friendly) / total if total else 0.0
    for period, told in periods.items():
        first, last = period_days(period)
        days = Days(first.isoformat(), last.isoformat())
        acts = source.shown(days, top)
        yield _point(period, days, told, base, len(stories.get(period, ())), acts)


def _point(
    period: str, days: Days, told: Sequence[Count], base: float, stories: int, acts: tuple[ActShown, ...]
) -> PairPoint:
    n = sum(count.n for count in told)
    cooperation = sum(count.n for count in told if count.friendly)
    share, low, high = shrunk_share(cooperation, n, base)
    quads: Mapping[int, int] = _summed((count.quad, count.n) for count in told)
    return PairPoint(
        period=period,
        first=days.first,
        last=days.last,
        n=n,
        intensity=round(math.fsum(_intensity(count) for count in told), 4),
        cooperation=cooperation,
        conflict=n - cooperation,
        share=share,
        low=low,
        high=high,
        quads=(quads.get(1, 0), quads.get(2, 0), quads.get(3, 0), quads.get(4, 0)),
        types=dict(sorted(_types(told).items(), key=lambda found: (-found[1], found[0]))),
        sent=sum(count.n for count in told if count.sent),
        tellings=sum(count.tellings for count in told),
        stories=stories,
        acts=acts,
    )


def _summed(found: Iterable[tuple[int, int]]) -> Counter[int]:
    sums = Counter[int]()
    for key, n in found:
        sums[key] += n
    return sums


def _intensity(count: Count) -> float:
    """Return the intensity of acts by the Goldstein scale where they have a CAMEO code, else as the store has it."""
    weight = goldstein(count.cameo) if count.cameo else None
    return count.intensity if weight is None else weight * count.n

"""From numbers to what is said: names, words, and the acts behind each line.

In: what was worked out, with acts as numbers. Out: an `Outlook` whose acts are looked up.
It computes no chance.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from tidings.outlook.answers import Deed, Expected, Measured, Outlook, Partner, Reason, Scenario, Step, Volume, Way
from tidings.outlook.past import KINDS, QUADS, Act
from tidings.outlook.reasons import LATE, Because, Deeds
from tidings.outlook.scenarios import Chain
from tidings.outlook.sources import deeds
from tidings.outlook.volumes import COUNTED

if TYPE_CHECKING:
    from tidings.dyads.parties import Party
    from tidings.store import Store
    from tidings.stories.calendar import Scheduled

__all__ = ["Asked", "Known", "Line", "Made", "Number", "by_kind", "how_sure", "iso", "nothing", "told"]

_TYPES = len(KINDS) - len(QUADS)
_SLIGHT, _SURE = 0.05, 0.9


class Asked(NamedTuple):
    """The question: `datasets` are the names of those with acts to count, `counted` their numbers, None for all."""

    one: Party
    two: Party | None
    start: int
    days: int
    datasets: list[str]
    counted: list[int] | None


class Line(NamedTuple):
    """An expectation before its acts are looked up."""

    way: int | None
    kind: int
    chance: float
    usual: float
    base: float
    rest: float
    reasons: list[Because]


class Number(NamedTuple):
    """A number of acts before its acts are looked up; `kind` is its place among COUNTED."""

    way: int | None
    kind: int
    expected: float
    low: int
    high: int
    usual: float
    because: Because


class Known(NamedTuple):
    """What was worked out of one party with another, or with all others."""

    two: Party | None
    lines: list[Line]
    numbers: list[Number]


class Made(NamedTuple):
    """All that was worked out."""

    known: Known
    partners: list[Known]
    track: list[Measured]
    chains: list[Chain]
    routine: list[int]


def told(store: Store, asked: Asked, acts: Sequence[Act], made: Made, planned: list[Scheduled]) -> Outlook:
    """Say what was worked out, and by which acts."""
    last = _last_acts(Deeds(acts, asked.start), made.chains)
    cited = deeds(store, [*_cited([made.known, *made.partners]), *(act for held in last for act in held)])
    saying = _Saying(asked, cited)
    return Outlook(
        a=asked.one.name,
        b=asked.two.name if asked.two else None,
        on=iso(asked.start),
        until=iso(asked.start + asked.days - 1),
        days=asked.days,
        acts=len(acts),
        first=iso(acts[0].day),
        last=iso(acts[-1].day),
        why=None,
        scheduled=planned,
        datasets=asked.datasets,
        volumes=[saying.volume(asked.two, number) for number in made.known.numbers],
        expected=[saying.expected(asked.two, line) for line in made.known.lines],
        partners=[saying.partner(known) for known in made.partners],
        track=made.track,
        scenarios=saying.scenarios(made, last),
        routine=[KINDS[kind] for kind in made.routine],
    )


def nothing(
    one: Party,
    two: Party | None,
    *,
    on: str | None,
    days: int,
    datasets: list[str],
    acts: Sequence[Act],
    why: str,
    planned: list[Scheduled],
) -> Outlook:
    """Say why there are no numbers."""
    return Outlook(
        a=one.name,
        b=two.name if two else None,
        on=on,
        until=iso(date.fromisoformat(on).toordinal() + days - 1) if on else None,
        days=days,
        acts=len(acts),
        first=iso(acts[0].day) if acts else None,
        last=iso(acts[-1].day) if acts else None,
        why=why,
        scheduled=planned,
        datasets=datasets,
    )


def by_kind(found: Outlook) -> dict[str, list[Expected]]:
    """Return the chances of each type, forth then back, or within a country both as one; the likeliest type first."""
    within = found.a == found.b
    kinds: dict[str, list[Expected]] = {}
    for line in found.expected:
        if line.grain == "type" and (line.way == "between") == within:
            kinds.setdefault(line.kind, []).append(line)
    return dict(sorted(kinds.items(), key=lambda item: (-max(line.chance for line in item[1]), item[0])))


def how_sure(lines: Sequence[Expected]) -> Literal["sure", "open", "slight"]:
    """Say whether a type is all but sure (over 90% each way), all but out of the question (under 5%), or open."""
    if all(line.chance > _SURE for line in lines):
        return "sure"
    return "slight" if all(line.chance < _SLIGHT for line in lines) else "open"


def iso(day: int) -> str:
    """Return the ISO day of an ordinal."""
    return date.fromordinal(day).isoformat()


def _way(way: int | None) -> Way:
    return "between" if way is None else ("forth", "back")[way]


def _cited(known: Iterable[Known]) -> Iterable[int]:
    for one in known:
        for line in one.lines:
            for reason in line.reasons:
                yield from reason.acts
        for number in one.numbers:
            yield from number.because.acts


def _last_acts(done: Deeds, chains: Sequence[Chain]) -> list[list[int]]:
    """Return for each chain the last act of each step's kind, where there was one."""
    found: list[list[int]] = []
    for chain in chains:
        which = [np.flatnonzero(done.which(None, kind)) for kind in chain.kinds]
        found.append([int(done.number[held[-1]]) for held in which if len(held)])
    return found


class _Saying(NamedTuple):
    """The question, and the acts that were looked up."""

    asked: Asked
    cited: dict[int, Deed]

    def sides(self, two: Party | None, way: int | None) -> tuple[str, str]:
        """Return who acts on whom, as names."""
        one, other = self.asked.one.name, two.name if two else "anyone"
        return (other, one) if way == 1 else (one, other)

    def expected(self, two: Party | None, line: Line) -> Expected:
        source, target = self.sides(two, line.way)
        return Expected(
            way=_way(line.way),
            source=source,
            target=target,
            kind=KINDS[line.kind],
            grain="type" if line.kind < _TYPES else "quad",
            chance=round(line.chance, 4),
            usual=round(line.usual, 4),
            base=round(line.base, 4),
            rest=round(line.rest, 4),
            reasons=[self.reason(two, reason) for reason in line.reasons],
        )

    def volume(self, two: Party | None, number: Number) -> Volume:
        source, target = self.sides(two, number.way)
        return Volume(
            way=_way(number.way),
            source=source,
            target=target,
            kind=COUNTED[number.kind],
            expected=round(number.expected, 2),
            low=number.low,
            high=number.high,
            usual=round(number.usual, 2),
            because=self.reason(two, number.because),
        )

    def partner(self, known: Known) -> Partner:
        two = known.two
        assert two is not None
        return Partner(
            name=two.name,
            key=two.key,
            volume=self.volume(two, known.numbers[0]),
            expected=[self.expected(two, line) for line in known.lines],
        )

    def reason(self, two: Party | None, reason: Because) -> Reason:
        source, target = self.sides(two, reason.way)
        arrow = f"between {source} and {target}" if reason.way is None else f"{source} → {target}"
        what = "act of any kind" if reason.kind is None else KINDS[reason.kind]
        when = "1 day ago" if reason.last == 1 else f"{reason.last} days ago"
        often = f"{reason.n} in {LATE} days"
        often += f", usually {reason.usual:.0f}" if reason.usual >= 1 else ""
        return Reason(
            says=f"{what} {arrow} {when}; {often}",
            kind=None if reason.kind is None else KINDS[reason.kind],
            weight=round(reason.weight, 4),
            n=reason.n,
            acts=[self.cited[number] for number in reason.acts],
        )

    def scenarios(self, made: Made, last: Sequence[list[int]]) -> list[Scenario]:
        chances = {(line.way, line.kind): line.chance for line in made.known.lines}
        orders = [chain.kinds for chain in made.chains]
        found: list[Scenario] = []
        for place, (chain, acts) in enumerate(zip(made.chains, last, strict=True)):
            others = orders[:place] + orders[place + 1 :]
            apart = (size for size in range(1, len(chain.kinds)) if all(o[:size] != chain.kinds[:size] for o in others))
            steps: list[Step] = []
            for kind, share in zip(chain.kinds, chain.shares, strict=True):
                # The side that is likelier to do it.
                source, target = self.sides(self.asked.two, int(chances.get((1, kind), 0) > chances.get((0, kind), 0)))
                steps.append(Step(source=source, target=target, kind=KINDS[kind], chance=round(share, 4)))
            found.append(
                Scenario(
                    chance=round(chain.chance, 4),
                    steps=steps,
                    sign=steps[next(apart, len(steps)) - 1],
                    acts=[self.cited[number] for number in acts],
                )
            )
        return found

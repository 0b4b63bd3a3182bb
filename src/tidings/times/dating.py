"""The article's own date: what the page says, checked against the text; else inferred from the text.

In: text, the date candidates of the page, when it was fetched. Out: a `Published` with its evidence, or None.
It names a day only where one stands out; otherwise it gives the interval.
"""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta

from tidings.data import read_text
from tidings.facts import BODY_ROLES, Block, DateCandidate, Evidence, Published
from tidings.times.calendar import make_day, month_shift
from tidings.times.clues import Clue, find_clues, lag_bin
from tidings.times.find import publication_day

__all__ = ["date_article"]

HARD = -7.0
"""Log weight of breaking a rule of the calendar (the text may still be wrong)."""
EARLIEST = date(1800, 1, 1)
NAMED = 0.5
"""A day is named from this share on; below it only the interval is given."""
NAMED_NEAR = 0.15
"""The same when a time of fetching bounds the date: the neighbours are days away, not years."""
MASS = 0.9
TRUST = 0.85
"""Share of the inference we believe: keeps inferred scores below certainty."""
YEARS_AHEAD = 3
SLIPS = 0.02
"""Share of written dates whose weekday is wrong."""
WEIGHED = 60
"""Different dates weighed at most: bounds the time a hostile page can take."""
FIRST = 0.7
"""Share of the wire services' habit that we believe of any outlet."""
REST = 1.3
"""Weight of the weekdays after the first, before damping by their number: they hold the first in check."""
CHECK = "the text names a later day as past"

Weight = Callable[[date], float]


def date_article(
    text: str, candidates: Sequence[DateCandidate] = (), *, fetched: str | None = None, blocks: Sequence[Block] = ()
) -> Published | None:
    """Date an article by what its page says, or else by what its text says.

    >>> found = date_article("It closed on 3 May 2019. The vote will be in June 2019.")
    >>> found.value, found.evidence[0].says, found.evidence[0].text
    (None, 'date told as past', '3 May 2019')
    """
    limit = publication_day(fetched)
    clues = _body_clues(text, blocks)
    stated = _weigh_candidates(candidates, clues, limit)
    if stated is not None:
        return stated
    return _infer(clues, limit, fetched)


def _body_clues(text: str, blocks: Sequence[Block]) -> list[Clue]:
    body = [block.span for block in blocks if block.role in BODY_ROLES or block.role == "headline"]
    clues = find_clues(text)
    return [clue for clue in clues if not body or any(span.covers(clue.span) for span in body)]


# -- what the page says -----------------------------------------------------------------------------------------------


def _weigh_candidates(candidates: Sequence[DateCandidate], clues: list[Clue], limit: date | None) -> Published | None:
    """Choose among the dates the page states; what contradicts them lowers the score and is told."""
    by_day: dict[date, list[DateCandidate]] = {}
    for candidate in candidates:
        if (day := publication_day(candidate.value)) is not None:
            by_day.setdefault(day, []).append(candidate)
    if not by_day:
        return None
    ranked: list[tuple[float, date, list[Evidence]]] = []
    for day, group in by_day.items():
        score = 1 - math.prod(1 - min(candidate.score, 0.99) for candidate in group)
        against = _contradictions(day, clues)
        if limit is not None and day > limit + timedelta(1):
            against.insert(0, Evidence(says=f"{day} is later than the fetching on {limit}"))
            score *= 0.2
        ranked.append((score * 0.75 ** min(len(against), 3), day, against))
    ranked.sort(key=lambda item: (-item[0], item[1]))
    score, day, against = ranked[0]
    group = sorted(by_day[day], key=lambda candidate: -candidate.score)
    evidence = [candidate.evidence for candidate in group] + against
    for other_score, other, _ in ranked[1:]:
        if (other - day).days != 0 and other_score > 0.3:
            score *= 0.97 if abs((other - day).days) <= 1 else 0.9
        evidence += [candidate.evidence for candidate in by_day[other]]
    value = max((candidate.value for candidate in group if candidate.score == group[0].score), key=len)
    if score < NAMED / 2:
        return Published(
            value=None,
            basis=group[0].basis,
            score=round(score, 4),
            interval=(None, str(limit) if limit else None),
            evidence=tuple(evidence),
        )
    return Published(
        value=value[:10] if "T" not in value else value,
        basis=group[0].basis,
        score=round(score, 4),
        interval=(str(day), str(day)),
        evidence=tuple(evidence),
    )


def _contradictions(day: date, clues: list[Clue]) -> list[Evidence]:
    """Return what in the text cannot be true of an article of that day."""
    against: list[Evidence] = []
    for clue in clues:
        there = make_day(clue.year, clue.month, clue.day) if clue.kind == "date" else None
        if there and clue.wording == "past" and there > day + timedelta(1):
            against.append(_evidence(clue, f"{CHECK}: {there}"))
        elif clue.kind in ("year", "month") and clue.wording == "past" and clue.year > day.year:
            against.append(_evidence(clue, f"the text names {clue.year} as past"))
        elif clue.kind == "edge" and _edge_weight(clue, day) < 0:
            against.append(_evidence(clue, f"{day} is not {clue.text.lower()}"))
    return against


# -- what the text says -----------------------------------------------------------------------------------------------


def _infer(clues: list[Clue], limit: date | None, fetched: str | None) -> Published | None:
    frame = _frame(clues, limit)
    if frame is None:
        return None
    first, last = frame
    weights = _weights(clues, limit)
    days = [first + timedelta(step) for step in range((last - first).days + 1)]
    logs = [sum(weight(day) for weight in weights) for day in days]
    top = max(logs)
    shares = [math.exp(log - top) for log in logs]
    total = sum(shares)
    shares = [share / total for share in shares]
    best = max(range(len(days)), key=lambda at: (shares[at], days[at]))
    low, high = _credible(days, shares)
    evidence = [_evidence(clue, _says(clue)) for clue in _telling(clues)]
    if limit is not None:
        evidence.append(Evidence(says=f"the page was fetched on {limit}, so it is not younger", text=fetched))
    share = shares[best] * TRUST
    named = shares[best] >= (NAMED_NEAR if limit else NAMED)
    if not evidence or (not named and (high - low).days > 4000):
        return None
    return Published(
        value=str(days[best]) if named else None,
        basis="inferred",
        score=round(share, 4),
        interval=(str(low), str(high)),
        evidence=tuple(evidence),
    )


def _frame(clues: list[Clue], limit: date | None) -> tuple[date, date] | None:
    """Return the first and last day worth weighing: around the latest year named, not after the fetching."""
    years = [clue.year for clue in clues if clue.kind in ("year", "month", "date") and 1800 < clue.year < 2200]
    if limit is not None:
        if limit <= EARLIEST:
            return None
        return max(EARLIEST, limit - timedelta(400)), limit
    if not years:
        return None
    near = [year for year in years if year <= max(years)]
    past = [clue.year for clue in clues if clue.year and clue.wording != "future"]
    top = max(past or near)
    return date(top - 1, 1, 1), date(top + YEARS_AHEAD, 12, 31)


@functools.cache
def _habit() -> dict[str, dict[str, list[float]]]:
    return json.loads(read_text("times_habit.json"))


def _weights(clues: list[Clue], limit: date | None) -> list[Weight]:
    """Return one log weight a kind of clue; many clues of a kind count as the root of their number."""
    weights: list[Weight] = []
    if limit is not None:
        weights.append(lambda day: _freshness((limit - day).days))
    for kind, build in (("weekday", _weekday_weight), ("month-day", _month_day_weight)):
        group = [clue for clue in clues if clue.kind == kind]
        distinct = {(clue.wording, clue.weekday, clue.month, clue.day) for clue in group}
        if group:
            weights.append(build(group, 1 / math.sqrt(len(distinct))))
    weights.append(_year_weight(clues))
    if (latest := _latest_past(clues)) is not None:
        weights.append(lambda day: -math.log1p(max(0, (day - latest).days) / 10))
    distinct = {(clue.kind, clue.wording, clue.year, clue.month, clue.day): clue for clue in clues}
    for clue in list(distinct.values())[:WEIGHED]:
        if clue.kind == "edge":
            weights.append(functools.partial(_edge_weight, clue))
        elif clue.kind == "month-day" and clue.weekday:
            weights.append(functools.partial(_calendar_weight, clue))
        elif clue.kind in ("date", "month") and clue.year:
            weights.append(functools.partial(_date_weight, clue))
    return weights


def _freshness(lag: int) -> float:
    """Weigh the days between writing and fetching: pages are mostly fetched soon after they appear."""
    if lag <= 7:
        return 0.0
    return -2.2 if lag <= 31 else -5.0 - lag / 60


def _weekday_weight(clues: list[Clue], damping: float) -> Weight:
    habit = _habit()["weekday"]
    default = habit["plain"]
    lead, rest = [0.0] * 7, [0.0] * 7
    for clue in clues:
        shares = habit.get(clue.wording, default)
        logs = lead if clue.wording.startswith("lead") else rest
        for weekday in range(7):
            logs[weekday] += math.log(shares[(weekday + 1 - clue.weekday) % 7] * 7)
    scale = REST * damping if any(lead) else damping
    return lambda day: FIRST * lead[day.isoweekday() - 1] + rest[day.isoweekday() - 1] * scale


def _month_day_weight(clues: list[Clue], damping: float) -> Weight:
    lags = _habit()["lag"]
    distinct = sorted({(clue.wording, clue.month, clue.day) for clue in clues})
    widths = (3, 120, 30, 16, 7, 6, 1, 1, 1, 2, 4, 7, 16, 30, 120, 3)
    memory: dict[tuple[int, int], float] = {}

    def weight(day: date) -> float:
        key = (day.month, day.day)
        if key not in memory:
            memory[key] = damping * sum(
                math.log(lags[wording][at] / widths[at] * 365)
                for wording, month, number in distinct
                for at in (lag_bin(day, month, number),)
            )
        return memory[key]

    return weight


def _calendar_weight(clue: Clue, day: date) -> float:
    """Weigh a year by its calendar: "Friday, July 10" is a Friday in one year of six or so, slips aside."""
    near = [there for year in (day.year - 1, day.year, day.year + 1) if (there := make_day(year, clue.month, clue.day))]
    there = min(near, key=lambda other: abs((other - day).days), default=None)
    if there is None:
        return 0.0
    return math.log(7 * (1 - SLIPS)) if there.isoweekday() == clue.weekday else math.log(7 * SLIPS / 6)


def _year_weight(clues: list[Clue]) -> Weight:
    """Weigh the year by the numbers named: past years lie behind, future ones ahead, the running one is "this year"."""
    past = {clue.year for clue in clues if clue.kind == "year" and clue.wording != "future"}
    future = {clue.year for clue in clues if clue.kind == "year" and clue.wording == "future"}
    latest = max(
        past | {clue.year for clue in clues if clue.kind in ("month", "date") and clue.wording != "future"},
        default=None,
    )
    this_year = any(clue.kind == "this-year" for clue in clues)
    named = past | future

    memory: dict[tuple[int, int], float] = {}

    def weight(day: date) -> float:
        key = (day.year, day.month)
        if key not in memory:
            memory[key] = weigh(day)
        return memory[key]

    def weigh(day: date) -> float:
        log = sum(HARD for year in past if year > day.year) / 2 + sum(HARD for year in future if year < day.year) / 2
        if this_year and day.year in named:
            log -= 2.0
        if this_year and any(clue.year == day.year and clue.kind == "month" for clue in clues):
            log -= 0.5
        if latest is not None:
            log -= 0.7 * max(0, day.year - latest - 1) + 0.25 * (day.year > latest)
        if future:
            log -= 1.2 * max(0, min(future) - day.year - 1)
            log -= 1.5 * (day.year in future and day.month == 12) + 0.7 * (day.year in future and 9 < day.month < 12)
        return log

    return weight


def _date_weight(clue: Clue, day: date) -> float:
    """Weigh a dated day or month: what is told as past cannot lie ahead, what is announced not far behind."""
    there = make_day(clue.year, clue.month, max(clue.day, 1))
    if there is None:
        return 0.0
    ahead = (there - day).days
    if clue.wording == "future":
        slack = 0 if clue.day else 31
        return HARD if ahead + slack < -1 else 0.0
    return HARD / (1 if clue.wording == "past" else 3) if ahead > 1 else 0.0


def _latest_past(clues: list[Clue]) -> date | None:
    """Return the latest full date told as past: news is told soon."""
    dated = [clue for clue in clues if clue.kind == "date" and clue.wording != "future"]
    told = [day for clue in dated if (day := make_day(clue.year, clue.month, max(clue.day, 1)))]
    return max(told, default=None)


def _edge_weight(clue: Clue, day: date) -> float:
    """Weigh "the last week of the year" and its like: the article is written in it."""
    unit, _, grain = clue.wording.partition("-")
    number = clue.day
    if unit == "year":
        first, after = date(day.year, 1, 1), date(day.year + 1, 1, 1)
    else:
        first = day.replace(day=1)
        after = month_shift(first, 1) or first
    width = {"D": 1, "W": 7, "M": 31, "w": 7}.get(grain, 92)
    begin = after - timedelta(width) if number < 0 else first + timedelta(width * (number - 1))
    return 0.0 if begin <= day < begin + timedelta(width) else HARD


def _credible(days: list[date], shares: list[float]) -> tuple[date, date]:
    """Return the first and last day between which nine tenths lie."""
    low, high, rest = 0, len(days) - 1, (1 - MASS) / 2
    left = right = 0.0
    while low < high and left + shares[low] < rest:
        left += shares[low]
        low += 1
    while high > low and right + shares[high] < rest:
        right += shares[high]
        high -= 1
    return days[low], days[high]


# -- the reasons ------------------------------------------------------------------------------------------------------


def _telling(clues: Iterable[Clue]) -> list[Clue]:
    seen: set[tuple[str, str, str]] = set()
    kept: list[Clue] = []
    for clue in clues:
        key = (clue.kind, clue.wording, clue.text.lower())
        if key not in seen and len(kept) < 40:
            seen.add(key)
            kept.append(clue)
    return kept


def _says(clue: Clue) -> str:
    told = {
        "lead-past": "told as past, first in the text",
        "lead-said": "the day somebody spoke",
        "past": "told as past",
        "future": "still to come",
        "said": "the day somebody spoke",
        "this": "this very one",
    }
    how = told.get(clue.wording, "named")
    match clue.kind:
        case "edge":
            return f"written in {clue.text.lower()}"
        case "this-year":
            return "the running year is called this year, so the years named by number are others"
        case "weekday":
            return f"weekday {how}"
        case "year":
            return f"year {clue.year} {how}"
    return f"{clue.kind} {how}"


def _evidence(clue: Clue, says: str) -> Evidence:
    return Evidence(says=says, text=clue.text, span=clue.span)

"""What a text's time expressions say about the article's own date.

In: text. Out: clues, each with the characters that give it.
It weighs nothing; `dating` does.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec

from tidings.text import Span
from tidings.times.find import FUTURE, PAST, read_expressions
from tidings.times.lexer import Token, abbreviates
from tidings.times.tree import Clock, Day, Fixed, Found, LastOf, Month, Node, Part, Step, Weekday, Year

__all__ = ["LAG_BINS", "Clue", "find_clues", "lag_bin"]

LAG_BINS = (-180, -60, -30, -14, -7, -1, 0, 1, 2, 4, 8, 15, 31, 61, 181)
"""Upper edges of the days from a month-day to the article (negative: still to come)."""
REPORTING = frozenset("said told announced reported added".split())
CLUE_LIMIT = 400
WEEKDAYS = {
    name: number
    for number, name in enumerate("monday tuesday wednesday thursday friday saturday sunday".split(), start=1)
}
LEAD = 700
"""Characters from the start in which the first weekday is the news itself."""


class Clue(msgspec.Struct, frozen=True, kw_only=True):
    """One hint: `kind` weekday, month-day, date, month, year, edge (last week of the year) or this-year."""

    kind: str
    span: Span
    text: str
    wording: str = "plain"
    weekday: int = 0
    year: int = 0
    month: int = 0
    day: int = 0


def lag_bin(there: date, month: int, day: int) -> int:
    """Return the bin of the days from a month-day (nearest year) to a date.

    >>> lag_bin(date(2022, 1, 3), 12, 31) == lag_bin(date(2021, 7, 4), 7, 1)
    True
    """
    lag = nearest_lag(there, month, day)
    return next((at for at, edge in enumerate(LAG_BINS) if lag < edge), len(LAG_BINS))


def nearest_lag(there: date, month: int, day: int) -> int:
    """Return the days from the nearest such month-day to a date, negative when it lies ahead."""
    there_in_year = there.timetuple().tm_yday
    lag = there_in_year - date(2023, month, min(day, 28)).timetuple().tm_yday - max(0, day - 28)
    return (lag + 182) % 365 - 182


def find_clues(text: str) -> list[Clue]:
    """Return the clues of a text in order, at most a few hundred."""
    tokens, founds = read_expressions(text)
    clues: list[Clue] = []
    for found in founds:
        if (clue := _clue(found, tokens, text)) is not None:
            if clue.kind == "weekday" and clue.wording in ("past", "plain", "said") and _is_lead(clue, clues):
                clue = msgspec.structs.replace(clue, wording=f"lead-{clue.wording}")
            clues.append(clue)
            if len(clues) == CLUE_LIMIT:
                break
    return clues


def _is_lead(clue: Clue, before: Sequence[Clue]) -> bool:
    """Tell the first weekday of a text, when it stands near the top: news opens with what is new."""
    return clue.span.start < LEAD and all(item.kind != "weekday" for item in before)


def _clue(found: Found, tokens: list[Token], text: str) -> Clue | None:
    span = Span(tokens[found.first].start, tokens[found.last - 1].end)
    tense = _tense(found, tokens)
    node: Node = found.node
    while isinstance(node, Part | Clock) and node.day is not None:
        node = node.day
    said = span.of(text)
    match node:
        case Weekday(step=None | 0):
            reported = found.first > 0 and tokens[found.first - 1].low in REPORTING
            wording = "this" if node.step == 0 else "said" if reported and tense != "future" else tense
            return Clue(kind="weekday", span=span, text=said, wording=wording, weekday=node.weekday)
        case Weekday(step=-1):
            return Clue(kind="weekday", span=span, text=said, wording="last", weekday=node.weekday)
        case Day(month=Month(year=None, step=None) as month):
            weekday = next(
                (WEEKDAYS[token.low] for token in tokens[found.first : found.last] if token.low in WEEKDAYS), 0
            )
            return Clue(
                kind="month-day",
                span=span,
                text=said,
                wording=tense,
                month=month.month,
                day=node.day,
                weekday=weekday,
            )
        case Day(month=Month(year=Year(year=int() as year)) as month):
            return Clue(kind="date", span=span, text=said, wording=tense, year=year, month=month.month, day=node.day)
        case Month(year=Year(year=int() as year)):
            return Clue(kind="month", span=span, text=said, wording=tense, year=year, month=node.month)
        case Year(year=int() as year):
            return Clue(kind="year", span=span, text=said, wording=tense, year=year)
        case Fixed() if len(node.value) >= 10 and node.value[:4].isdigit():
            year, month, day = (int(field) for field in node.value[:10].split("-"))
            return Clue(kind="date", span=span, text=said, wording=tense, year=year, month=month, day=day)
        case LastOf(whole=Step(grain="Y" | "M" as whole, step=0)):
            inside = "year" if whole == "Y" else "month"
            return Clue(kind="edge", span=span, text=said, wording=f"{inside}-{node.grain}", day=node.number)
        case Step(grain="Y", step=0, anchor="document"):
            return Clue(kind="this-year", span=span, text=said, wording=tense)
    return None


def _tense(found: Found, tokens: Sequence[Token]) -> str:
    words: list[str] = []
    for place in range(found.first - 1, max(-1, found.first - 12), -1):
        if tokens[place].letter == "|" or (
            tokens[place].low in ".;?!" and not (place and abbreviates(tokens[place - 1]))
        ):
            break
        words.append(tokens[place].low)
    ahead = [token.low for token in tokens[found.last : found.last + 3]]
    if any(word in FUTURE and word not in ("would", "set") for word in words) or "will" in ahead:
        return "future"
    past = any(word in PAST or (word.endswith("ed") and len(word) > 4) for word in [*words, *ahead])
    return "past" if past else "plain"

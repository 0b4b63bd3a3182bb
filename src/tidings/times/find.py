"""Article text to time expressions with TIMEX3 values.

In: text and the article's date. Out: `Timex` facts in text order.
It needs no parse, and without a date it gives no value to what leans on one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from tidings.facts import Timex
from tidings.text import Span
from tidings.times.calendar import bounds, grain_of, make_day
from tidings.times.grammar import parse
from tidings.times.lexer import Token, abbreviates, lex
from tidings.times.resolve import Cues, Resolver
from tidings.times.timetable import is_to_come
from tidings.times.tree import Ago, Day, Feast, Fixed, Found, Month, Node, Season, Step, Weekday, Year

__all__ = ["find_times", "publication_day", "read_expressions"]

TRIGGER = re.compile(
    r"\d|(?<![a-z])(?:now|current|recent|soon|future|past|present|lately|nightly|hourly|annual|biannual|biennial|week|month|year|yr|dai?ly|day|hour|minute|"
    r"second|decade|centur|quarter|fortnight|millenni|spring|summer|autumn|fall|winter|morning|afternoon|evening|night|noon|"
    r"mid|dawn|dusk|to|yest|ytd|tmr|tdy|mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|nine|"
    r"twent|thirt|fort|fift|sixt|sevent|eight|ninet|every|xmas|christ|easter|thank|hallow|good|ash|palm|labor|memorial|new|independ|victory)",
    re.I,
)
FUTURE = frozenset(
    "will shall 'll scheduled expected expects expect plans plan planned planning due until till upcoming slated going "
    "would tomorrow next intends intend hopes hope set deadline begins expires expire aims forthcoming".split()
)
PAST = frozenset(
    "was were had did said came went took made gave got told held began left met saw found has have".split()
)
CLAUSE_BREAKS = frozenset((".", "|", ";", "?", "!"))
LIST_STOP = frozenset(("U", "M", "$", "m", "K"))
SCORES = {
    "amount": 0.79, "bare-units": 0.47, "bc": 0.91, "century": 0.93, "clock": 0.6,
    "day-before": 0.6, "day-month": 0.79, "every": 0.92, "feast": 0.67, "latest": 0.69,
    "list": 0.95, "month": 0.88, "month-day": 0.96, "part": 0.56, "quarter": 0.9,
    "recent": 0.43, "reference-word": 0.71, "season": 0.63, "set": 0.32, "spoken-day": 0.9,
    "unit": 0.57, "weekday": 0.88, "year": 0.95, "year-earlier": 0.71,
}  # fmt: skip
"""Share of each rule's expressions that annotators mark with the same value, on every second development document."""
UNMEASURED = 0.85
EXPLICIT, SPOKEN = 0.4, 0.05
"""A history gives at least the first share of its dates with their year, and less than the second from its own day."""


def publication_day(published: str | None) -> date | None:
    """Return the day of an ISO date or datetime, None for what is neither.

    >>> publication_day("2021-12-30T10:00:00+01:00")
    datetime.date(2021, 12, 30)
    """
    if not published:
        return None
    found = re.match(r"(\d{4})-?(\d{2})-?(\d{2})", published)
    return make_day(int(found[1]), int(found[2]), int(found[3])) if found else None


def read_expressions(text: str) -> tuple[list[Token], list[Found]]:
    """Return the tokens of a text and the expressions among them, lists spelled out."""
    if not TRIGGER.search(text):
        return [], []
    tokens, letters = lex(text)
    return tokens, _spell_out(tokens, letters, _order_slashes(tokens, parse(tokens, letters)))


def find_times(
    text: str,
    *,
    published: str | None = None,
    interval: Sequence[str | None] | None = None,
    narrative: bool | None = None,
) -> list[Timex]:
    """Find the time expressions of a text.

    `published` is the article's ISO date. Without it, `interval` (inclusive ISO days it lies in) still settles what has
    the same value at both its ends. `narrative` says whether the text tells history; None lets the text decide.

    >>> [(t.value, t.begin) for t in find_times("Talks open on 3 May.", published="2023-04-30")]
    [('2023-05-03', '2023-05-03')]
    """
    tokens, founds = read_expressions(text)
    day = publication_day(published)
    told = _is_narrative(founds) if narrative is None else narrative
    if day is None and interval and (low := publication_day(interval[0])) and (high := publication_day(interval[1])):
        early, late = _resolve(tokens, founds, low, told), _resolve(tokens, founds, high, told)
        plain = _resolve(tokens, founds, None, told)
        return [one if one == other else bare for one, other, bare in zip(early, late, plain, strict=True)]
    return _resolve(tokens, founds, day, told)


def _resolve(tokens: list[Token], founds: list[Found], day: date | None, narrative: bool) -> list[Timex]:
    resolver = Resolver(day, narrative=narrative)
    return [_timex(found, tokens, founds, at, resolver) for at, found in enumerate(founds)]


def _timex(found: Found, tokens: list[Token], founds: list[Found], at: int, resolver: Resolver) -> Timex:
    start, end = tokens[found.first].start, tokens[found.last - 1].end
    cues = _cues(found, tokens, founds, at, resolver)
    value = resolver.value(found.node, cues)
    covered = bounds(value) if value else None
    return Timex(
        span=Span(start, end),
        type=found.kind,  # pyright: ignore[reportArgumentType]
        score=round(SCORES.get(found.rule, UNMEASURED) * (0.5 if value is None else 1.0), 4),
        value=value,
        begin=covered[0] if covered else None,
        end=covered[1] if covered else None,
        grain=grain_of(value) if value else None,
        mod=found.mod,
        why=resolver.why,
    )


def _cues(found: Found, tokens: list[Token], founds: list[Found], at: int, resolver: Resolver) -> Cues:
    first = found.first
    words: list[str] = []
    for place in range(first - 1, max(-1, first - 18), -1):
        token = tokens[place]
        if token.low in CLAUSE_BREAKS and not (token.letter == "." and place and abbreviates(tokens[place - 1])):
            break
        words.append(token.low)
    future = any(word in FUTURE for word in words) or _to_verb(words)
    ahead = [token.low for token in tokens[found.last : found.last + 6]]
    future = future or "will" in ahead[:5]
    past = any(_is_past(word) for word in [*words, *ahead])
    over = words[:1] in (["in"], ["on"]) and any(map(_is_past, words[1:2] or ahead))
    future = future or (len(words) > 1 and words[0] == "as" and words[1] in ("early", "soon"))
    future = future or is_to_come(words, ahead, is_past=_is_past, alone=_is_alone(found, tokens))
    reported = words[:2] and words[0] in ("said", "told", "announced")
    event_day = None
    if isinstance(found.node, Ago) and found.node.anchor == "event":
        event_day = _event_day(found, tokens, founds, at, resolver)
    future = future and not reported
    return Cues(at=tokens[first].start, future=future, past=past, over=over and not future, event_day=event_day)


_LONGEST_LINE = 80
"""Tokens of a caption or headline before or after its day at most."""


def _is_alone(found: Found, tokens: list[Token]) -> bool:
    """Tell whether the sentence of an expression has its line to itself, amid other lines."""
    low, high = max(-1, found.first - _LONGEST_LINE), min(len(tokens), found.last + _LONGEST_LINE)
    start = next((at for at in range(found.first - 1, low, -1) if tokens[at].letter in ".|"), low)
    end = next((at for at in range(found.last, high) if tokens[at].letter in ".|"), high)
    if end < len(tokens) and tokens[end].letter == ".":
        end += 1
    opens = start < 0 or tokens[start].letter == "|"
    closes = end >= len(tokens) or tokens[end].letter == "|"
    return opens and closes and (start >= 0 or end < len(tokens))


def _is_past(word: str) -> bool:
    return word in PAST or (word.endswith("ed") and len(word) > 4)


def _to_verb(words: list[str]) -> bool:
    """Tell "to meet Friday" and "is to open on Friday" from the rest: the words run backwards."""
    return "to" in words[1:3] and ("is" in words or "are" in words)


def _event_day(found: Found, tokens: list[Token], founds: list[Found], at: int, resolver: Resolver) -> str | None:
    """Return the next day named in the same sentence: the day of the event in "the day before the talks on Monday"."""
    for later in founds[at + 1 : at + 6]:
        between = tokens[found.last : later.first]
        if any(token.letter in ".|" for token in between):
            return None
        if isinstance(later.node, Weekday | Step) and not (isinstance(later.node, Step) and later.node.grain != "D"):
            probe = Resolver(resolver.published, narrative=resolver.narrative)
            return probe.value(later.node, Cues())
    return None


def _is_narrative(founds: list[Found]) -> bool:
    """Tell history from news: years by number and full dates, hardly a weekday, today or yesterday."""
    dated = [
        found
        for found in founds
        if found.kind in ("DATE", "TIME") and not (isinstance(found.node, Fixed) and found.node.value.endswith("REF"))
    ]
    if len(dated) < 12:
        return False
    told = sum(_has_year(found.node) for found in dated)
    spoken = sum(_is_spoken(found.node) for found in dated)
    return told >= EXPLICIT * len(dated) and spoken < SPOKEN * len(dated)


def _is_spoken(node: Node) -> bool:
    """Tell what is said from the writer's day: a weekday, "yesterday", "this week", "last May", "two weeks ago"."""
    match node:
        case Weekday():
            return True
        case Step() | Ago():
            return node.anchor in ("document", "writer")
        case Month() | Season() | Feast():
            return node.step is not None
    return False


def _has_year(node: Node) -> bool:
    match node:
        case Fixed():
            return node.value.startswith("BC") or (node.value[:4].isdigit() and len(node.value) >= 4)
        case Year():
            return node.year is not None
        case Month() | Feast():
            return node.year is not None and node.year.year is not None
        case Day():
            return node.month is not None and _has_year(node.month)
    return False


def _order_slashes(tokens: list[Token], founds: list[Found]) -> list[Found]:
    """Add the numeric dates: day first or month first as the text itself shows, left out where it does not."""
    slashes = [at for at, token in enumerate(tokens) if token.letter == "X"]
    if not slashes:
        return founds
    fields = {at: [int(field) for field in re.split(r"[/.-]", tokens[at].low)] for at in slashes}
    day_first = any(field[0] > 12 for field in fields.values())
    month_first = any(field[1] > 12 for field in fields.values())
    added: list[Found] = []
    for at, (one, two, year) in fields.items():
        year += 0 if year > 99 else 1900 if year > 50 else 2000
        readings = {made for made in (make_day(year, two, one), make_day(year, one, two)) if made}
        if len(readings) == 2 and day_first != month_first:
            readings = {
                made
                for made in readings
                if made == (make_day(year, two, one) if day_first else make_day(year, one, two))
            }
        if len(readings) == 1:
            added.append(Found(at, at + 1, "DATE", Fixed(readings.pop().isoformat()), "slash"))
    return sorted([*founds, *added], key=lambda found: found.first)


def _spell_out(tokens: list[Token], letters: str, founds: list[Found]) -> list[Found]:
    """Give the bare numbers of a list or range their month: "January 10, 11 and 12", "from 3 to 5 May", "1941-42"."""
    result: list[Found] = []
    for at, found in enumerate(founds):
        limit = founds[at + 1].first if at + 1 < len(founds) else len(tokens)
        floor = result[-1].last if result else 0
        if isinstance(found.node, Day) and found.node.month and found.rule in ("month-day", "day-month"):
            result += _days_before(tokens, letters, found, floor)
            after = _days_after(tokens, letters, found, limit)
            if after and found.node.month.year is None and isinstance(after[-1].node, Day) and after[-1].node.month:
                found = Found(
                    found.first, found.last, found.kind, Day(found.node.day, after[-1].node.month), found.rule
                )
            result += [found, *after]
            continue
        if found.rule == "bc":
            result += _era_start(tokens, letters, found, floor)
        result.append(found)
        if found.rule == "year" and isinstance(found.node, Year) and found.node.year:
            result += _short_end(tokens, letters, found, limit)
    return result


SEPARATOR = re.compile(r",a|,|a|-|r")


def _days_after(tokens: list[Token], letters: str, found: Found, limit: int) -> list[Found]:
    node = found.node
    if not isinstance(node, Day) or node.month is None or letters[found.last - 1] not in "NO":
        return []
    days: list[tuple[int, int]] = []
    at, before = found.last, node.day
    while gap := SEPARATOR.match(letters, at):
        place = gap.end()
        if (
            place >= limit
            or letters[place] not in "NO"
            or (place + 1 < len(letters) and letters[place + 1] in LIST_STOP)
        ):
            break
        value = int(str(tokens[place].value))
        if not before < value <= 31 or not _free_standing(tokens, place):
            break
        days.append((place, value))
        at, before = place + 1, value
    year = node.month.year
    if days and (tail := re.compile(r",?Y").match(letters, at)):
        year = Year(int(str(tokens[tail.end() - 1].value)))
    month = Month(node.month.month, year, node.month.step)
    return [
        Found(place, place + 1, "DATE", Day(value, month), "list")
        for place, value in days
        if make_day(2024, month.month, value)
    ]


def _free_standing(tokens: list[Token], place: int) -> bool:
    """Tell a day of a list from the count of something: "10 and 12 in Geneva", not "10 and 12 people"."""
    if place + 1 >= len(tokens):
        return True
    after = tokens[place + 1]
    return after.letter in ",.|ao-rYxq" and (
        not after.low.isalpha() or after.low in LIST_FOLLOWERS or after.letter in "ao"
    )


LIST_FOLLOWERS = frozenset(
    "in at for to when as with after before during by but where which that is was were will would "
    "from of between".split()
)


def _days_before(tokens: list[Token], letters: str, found: Found, floor: int) -> list[Found]:
    node = found.node
    if not isinstance(node, Day) or node.month is None or letters[found.first] not in "NO":
        return []
    days: list[Found] = []
    at, later = found.first, node.day
    while at - 2 >= floor and letters[at - 1] in ",a-r" and letters[at - 2] in "NO":
        value = int(str(tokens[at - 2].value))
        if not 0 < value < later or make_day(2024, node.month.month, value) is None:
            break
        days.insert(0, Found(at - 2, at - 1, "DATE", Day(value, node.month), "list"))
        at, later = at - 2, value
    return days


def _era_start(tokens: list[Token], letters: str, found: Found, floor: int) -> list[Found]:
    """Read the first year of "from 499 to 493 BC": it shares the era and is the greater one."""
    at = found.first
    if at - 2 < floor or letters[at - 1] not in "-r" or letters[at - 2] not in "NB" or letters[at] not in "NB":
        return []
    value, later = tokens[at - 2].value, tokens[at].value
    if not isinstance(value, int | float) or not isinstance(later, int | float) or not later < value < 10_000:
        return []
    return [Found(at - 2, at - 1, "DATE", Fixed(f"BC{int(value):04d}"), "list")]


def _short_end(tokens: list[Token], letters: str, found: Found, limit: int) -> list[Found]:
    node, at = found.node, found.last
    if (
        not isinstance(node, Year)
        or node.year is None
        or at + 1 >= limit
        or letters[at] not in "-/"
        or letters[at + 1] != "N"
    ):
        return []
    end = tokens[at + 1]
    value = node.year // 100 * 100 + int(str(end.value))
    if len(end.low) != 2 or not node.year < value or end.start != tokens[at].end:
        return []
    return [Found(at + 1, at + 2, "DATE", Year(value), "list")]

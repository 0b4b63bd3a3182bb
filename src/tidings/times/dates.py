"""Rules for dates, days, parts of days and times of day.

In: matches over token letters. Out: meanings (see `tree`), entered in the registry of `patterns`.
It does not know any reference date.
"""

from __future__ import annotations

import re

from tidings.times.calendar import make_day
from tidings.times.lexer import Token
from tidings.times.patterns import (
    YEAR_TAIL,
    Reading,
    group_mod,
    group_number,
    group_token,
    lead_anchor,
    lead_step,
    rule,
    year_tail,
)
from tidings.times.tree import Clock, Day, Feast, Fixed, Month, Node, Part, Quarter, Season, Step, Weekday, Year


@rule("iso", r"I")
def _iso(found: re.Match[str], tokens: list[Token]) -> Reading | None:
    value = str(tokens[found.start()].value)
    if make_day(*(int(field) for field in value[:10].split("-"))) is None:
        return None
    return ("TIME" if "T" in value else "DATE", Fixed(value), None)


@rule("month-day", r"(?:W,?)?(?:(?P<e>E)-?)?M\.?(?P<d>[NO])(?![:%])" + YEAR_TAIL + "?")
def _month_day(found: re.Match[str], tokens: list[Token]) -> Reading | None:
    return _dated(found, tokens)


@rule("day-month", r"(?:W,?T?)?T?(?P<d>[NO])f?-?M\.?-?" + YEAR_TAIL + "?")
def _day_month(found: re.Match[str], tokens: list[Token]) -> Reading | None:
    return _dated(found, tokens)


def _dated(found: re.Match[str], tokens: list[Token]) -> Reading | None:
    month = next(token for token in tokens[found.start() : found.end()] if token.letter == "M")
    day = group_number(found, tokens, "d")
    good, year = year_tail(found, tokens)
    if (
        not good
        or not isinstance(month.value, int)
        or day is None
        or make_day(year.year if year and year.year else 2024, month.value, day) is None
    ):
        return None
    return "DATE", Day(day, Month(month.value, year)), None


@rule("month", r"(?:T?(?P<e>[Eb])(?:-|f)?T?)?(?:M[-/])?M\.?(?:" + YEAR_TAIL + r"|(?:,?fT?(?P<y3>Y)))?")
def _month(found: re.Match[str], tokens: list[Token]) -> Reading | None:
    month = next(token for token in tokens[found.start() : found.end()] if token.letter == "M")
    good, year = year_tail(found, tokens)
    return ("DATE", Month(int(str(month.value)), year), group_mod(found, tokens)) if good else None


@rule("stepped-month", r"(?:E)?T?(?P<s>[tln])M\.?")
def _stepped_month(found: re.Match[str], tokens: list[Token]) -> Reading | None:
    lead = tokens[found.start("s")]
    return (
        "DATE",
        Month(int(str(tokens[found.start("s") + 1].value)), step=lead_step(lead), anchor=lead_anchor(lead)),
        None,
    )


@rule("stepped-month-day", r"(?P<s>[ln])M\.?(?P<d>[NO])")
def _stepped_month_day(found: re.Match[str], tokens: list[Token]) -> Reading | None:
    lead = tokens[found.start("s")]
    month = Month(int(str(tokens[found.start("s") + 1].value)), step=lead_step(lead), anchor=lead_anchor(lead))
    day = group_number(found, tokens, "d") or 0
    return ("DATE", Day(day, month), None) if make_day(2024, month.month, day) else None


@rule("year", r"(?:T?(?P<e>[Eb])(?:-|o|f)?T?)?(?:T(?=U))?(?P<f>F?U?)(?P<y>Y)(?:F?U)?")
def _year(found: re.Match[str], tokens: list[Token]) -> Reading | None:
    units = [token for token in tokens[found.start() : found.end()] if token.letter == "U"]
    if any(unit.low != "year" for unit in units) or (tokens[found.end() - 1].letter == "U" and "F" not in found[0]):
        return None
    lead = group_token(found, tokens, "e")
    if lead and lead.low in ("later", "earlier"):
        return None
    return "DATE", Year(group_number(found, tokens, "y")), group_mod(found, tokens)


@rule("bc", r"(?:(?:T?(?P<e>[Eb])f?)?|(?P<m>M))(?P<n>[NBY])c")
def _bc(found: re.Match[str], tokens: list[Token]) -> Reading | None:
    number, month = tokens[found.start("n")].value, group_token(found, tokens, "m")
    if not isinstance(number, int | float) or not 0 < number < 10000:
        return None
    if tokens[found.end() - 1].low.startswith("a"):
        return "DATE", Fixed(f"{int(number):04d}"), None
    return "DATE", Fixed(f"BC{int(number):04d}" + (f"-{month.value:02d}" if month else "")), group_mod(found, tokens)


@rule("short-year", r"3")
def _short_year(found: re.Match[str], tokens: list[Token]) -> Reading | None:
    number = int(str(tokens[found.start()].value))
    if found.end() < len(tokens) and tokens[found.end()].letter == "U":
        return None
    return "DATE", Fixed(f"{1900 + number if number > 30 else 2000 + number}"), None


@rule("decade", r"T?(?:(?P<e>E)-?)?L")
def _decade(found: re.Match[str], tokens: list[Token]) -> Reading | None:
    token = tokens[found.end() - 1]
    digits = str(token.value)
    return "DATE", Fixed(digits if len(digits) > 1 else "19" + digits), group_mod(found, tokens)


@rule("century", r"T?(?:(?P<e>E)-?)?(?P<n>O)-?U")
def _century(found: re.Match[str], tokens: list[Token]) -> Reading | None:
    number = group_number(found, tokens, "n")
    unit = tokens[found.end() - 1]
    if number and unit.low == "century" and number <= 22:
        return "DATE", Fixed(f"{number - 1:02d}"), group_mod(found, tokens)
    if number and unit.low == "quarter" and number <= 4:
        return "DATE", Quarter(number), None
    return None


@rule(
    "quarter",
    r"(?:T(?!F?Y?O-)|(?P<ly>[tln])U'?zF?)?(?P<y0>Y)?F?(?P<n>O)(?:U|-U)(?:(?:f|fT)?(?:F?(?P<y>Y)|T?(?P<yl>[tln])(?P<yu>U)))?",
)
def _quarter(found: re.Match[str], tokens: list[Token]) -> Reading | None:
    number, unit = group_number(found, tokens, "n"), tokens[found.start("n") + 1]
    unit = tokens[found.start("n") + 2] if unit.letter == "-" else unit
    good, year = year_tail(found, tokens)
    if not good or unit.low != "quarter" or not number or number > 4:
        return None
    if (lead := group_token(found, tokens, "ly")) is not None:
        year = Year(step=lead_step(lead))
    if (before := group_number(found, tokens, "y0")) is not None:
        year = Year(before)
    return "DATE", Quarter(number, year), None


@rule("season", r"(?:T?(?P<e>[Eb])f?-?T?)?T?(?:(?P<s>[tln]))?(?P<n>S)(?:,?f?(?:(?P<y>Y)|T?(?P<yl>[tln])(?P<yu>U)))?")
def _season(found: re.Match[str], tokens: list[Token]) -> Reading | None:
    good, year = year_tail(found, tokens)
    lead = group_token(found, tokens, "s")
    name = str(tokens[found.start("n")].value)
    return ("DATE", Season(name, year, lead_step(lead) if lead else None), group_mod(found, tokens)) if good else None


@rule("feast", r"(?P<s>[tln])?(?P<n>H)(?:,?f?(?:(?P<y>Y)|T?(?P<yl>[tln])(?P<yu>U)))?")
def _feast(found: re.Match[str], tokens: list[Token]) -> Reading | None:
    good, year = year_tail(found, tokens)
    lead = group_token(found, tokens, "s")
    return (
        ("DATE", Feast(str(tokens[found.start("n")].value), year, lead_step(lead) if lead else None), None)
        if good
        else None
    )


# -- days of the week and of speech -----------------------------------------------------------------------------------


@rule("weekday", r"(?:(?P<e>E)-?)?(?:Tn)?(?:(?P<s>[tln])[jn]?)?W")
def _weekday(found: re.Match[str], tokens: list[Token]) -> Reading | None:
    lead, token = group_token(found, tokens, "s"), tokens[found.end() - 1]
    step = lead_step(lead) if lead else None
    if tokens[found.end() - 2].letter == "n" and found.end() - found.start() > 1:
        step = 1
    return "DATE", Weekday(int(str(token.value)), step, lead_anchor(lead)), group_mod(found, tokens)


@rule("weekdays", r"w|e[Ww]")
def _weekdays(found: re.Match[str], tokens: list[Token]) -> Reading | None:
    return "SET", Fixed(f"XXXX-WXX-{tokens[found.end() - 1].value}"), None


@rule("spoken-day", r"(?:(?P<e>E)-?)?D")
def _spoken_day(found: re.Match[str], tokens: list[Token]) -> Reading | None:
    token = tokens[found.end() - 1]
    day = Step("D", int(str(token.value)), "writer")
    return (
        ("TIME", Part("NI", day), group_mod(found, tokens))
        if token.low == "tonight"
        else ("DATE", day, group_mod(found, tokens))
    )


@rule(
    "part",
    r"(?:T?(?P<e>E)-?)?T?(?P<s>s?s|ts|[tln])P|(?:(?P<e2>E)-?)?T?(?:(?P<v>[tln])?(?P<w>W)|(?P<d>D)),?(?:E-?)?P|T(?P<q>P)f(?:W,?)?(?:M\.?[NO]|[NO]M)(?:,?(?P<y>Y))?",
)
def _part(found: re.Match[str], tokens: list[Token]) -> Reading | None:
    if found.start("q") >= 0:
        stretch = tokens[found.start("q") + 2 : found.end()]
        month = next(token.value for token in stretch if token.letter == "M")
        number = next(token.value for token in stretch if token.letter in "NO")
        year = group_number(found, tokens, "y")
        if not isinstance(month, int) or not isinstance(number, int) or make_day(year or 2024, month, number) is None:
            return None
        return (
            "TIME",
            Part(str(tokens[found.start("q")].value), Day(number, Month(month, Year(year) if year else None))),
            None,
        )
    name = str(tokens[found.end() - 1].value)
    if (weekday := group_token(found, tokens, "w")) is not None:
        lead = group_token(found, tokens, "v")
        return (
            "TIME",
            Part(name, Weekday(int(str(weekday.value)), lead_step(lead) if lead else None, lead_anchor(lead))),
            group_mod(found, tokens, "e2"),
        )
    if (spoken := group_token(found, tokens, "d")) is not None:
        return "TIME", Part(name, Step("D", int(str(spoken.value)), "writer")), group_mod(found, tokens, "e2")
    lead = tokens[found.start("s")]
    if lead.letter == "l":
        return "TIME", Part(name, Step("D", -1, "writer")), group_mod(found, tokens)
    return (
        "TIME",
        Part(name, Step("D", 1 if lead.letter == "n" else 0, "document" if lead.letter == "t" else "discourse")),
        group_mod(found, tokens),
    )


@rule("clock", r"(?P<r>(?:P|K|N)m?Z?)(?:,?o?(?:(?P<v>[tln])?(?P<w>W),?)?(?:M\.?(?P<d>[NO])(?:,?(?P<y>Y))?)?(?P<t>D)?)?")
def _clock(found: re.Match[str], tokens: list[Token]) -> Reading | None:
    head = tokens[found.start()]
    stretch = tokens[found.start("r") : found.end("r")]
    if head.letter == "N" and not any(token.letter == "m" for token in stretch):
        return None
    if head.letter == "P":
        if head.value not in ("12", "00") or (len(stretch) > 1 and any(token.letter == "m" for token in stretch)):
            return None
        hour, minute = int(str(head.value)), 0
    else:
        hour, minute = head.value if isinstance(head.value, tuple) else (int(str(head.value)), 0)
    half = next((token.low[0] for token in stretch if token.letter == "m"), "")
    if half and not 1 <= hour <= 12:
        return None
    hour = hour % 12 + 12 if half == "p" else hour % 12 if half == "a" else hour
    day: Node | None = None
    if (weekday := group_token(found, tokens, "w")) is not None:
        lead = group_token(found, tokens, "v")
        day = Weekday(int(str(weekday.value)), lead_step(lead) if lead else None, lead_anchor(lead))
    if (spoken := group_token(found, tokens, "t")) is not None:
        day = Step("D", int(str(spoken.value)), "writer")
    if (number := group_number(found, tokens, "d")) is not None:
        month = next(token.value for token in tokens[found.start() : found.end()] if token.letter == "M")
        year = group_number(found, tokens, "y")
        day = Day(number, Month(int(str(month)), Year(year) if year else None))
    return "TIME", Clock(hour, minute, day), None

"""Rules for durations, steps of a unit, sets, and references to past, present and future.

In: matches over token letters. Out: meanings (see `tree`), entered in the registry of `patterns`.
It does not know any reference date.
"""

from __future__ import annotations

import re

from tidings.times.lexer import Token
from tidings.times.patterns import Reading, group_mod, group_number, group_token, lead_anchor, lead_step, rule
from tidings.times.tree import Ago, Fixed, LastOf, Month, Node, Quarter, Step, Year


@rule("unit", r"(?:T?(?P<e>[Eb])(?:f|o)?)?(?P<t>T)?(?P<s>(?:s?s|ts|[tln])F?)?j?F?(?P<u>[Uu])(?![dG])")
def _unit(found: re.Match[str], tokens: list[Token]) -> Reading | None:
    unit, lead, article = tokens[found.start("u")], group_token(found, tokens, "s"), group_token(found, tokens, "t")
    if unit.letter == "u" or unit.low.endswith("s") or unit.low in ("centuries", "millennia") or not (lead or article):
        return None
    mod, grain = group_mod(found, tokens), str(unit.value)
    if lead is None:
        return _the_unit(found, tokens, grain, mod)
    step, word = lead_step(lead), lead.low
    if grain in "HmSL":
        return None
    anchored = (
        word in ("following", "previous", "preceding", "same", "that", "ensuing")
        or (article and word == "next")
        or (grain == "D" and word in ("next", "this") and article is not None)
    )
    if article and word in ("last", "past") and mod is None and grain in "YEMCQ":
        return (
            ("DATE" if grain == "Q" else "DURATION"),
            (Quarter(None, None, -1) if grain == "Q" else Fixed({"E": "P1E", "C": "P1C"}.get(grain, f"P1{grain}"))),
            None,
        )
    if grain == "Q":
        return "DATE", Quarter(None, None, step), mod
    if grain == "D" and not anchored and word not in ("this",):
        return None
    return "DATE", Step(grain, step, "discourse" if anchored else lead_anchor(lead)), mod


def _the_unit(found: re.Match[str], tokens: list[Token], grain: str, mod: str | None) -> Reading | None:
    after = tokens[found.end()] if found.end() < len(tokens) else None
    if grain == "w":
        return "DATE", Step("w", 0, "weekend"), mod
    if grain == "Q":
        return "DATE", Quarter(None, None, -2), mod
    if grain in "YM" and mod:
        return "DATE", Step(grain, 0, "running"), mod
    if grain == "Y" and after and after.letter == "y":
        return "DURATION", Fixed("P1Y"), None
    if grain == "Y" and not (after and after.letter == "-"):
        return "DATE", Step("Y", 0, "running"), mod
    if grain in "MW" and not (after and (after.letter in "-f" or after.letter == "k")):
        return "DATE", Step(grain, 0, "running"), mod
    return None


@rule("last-of", r"T?(?P<n>[lO])(?P<u>U)f(?:T(?P<w>U)|(?P<s>[tln])(?P<w2>U)|(?P<y>Y)|(?P<m>M)(?P<my>Y)?)")
def _last_of(found: re.Match[str], tokens: list[Token]) -> Reading | None:
    lead, unit = tokens[found.start("n")], tokens[found.start("u")]
    number = -1 if lead.low in ("last", "final") else lead.value
    if not isinstance(number, int) or unit.value not in ("D", "W", "M", "w", "Q") or unit.low.endswith("s"):
        return None
    whole: Node
    if (inside := group_token(found, tokens, "w")) is not None or (
        inside := group_token(found, tokens, "w2")
    ) is not None:
        lead2 = group_token(found, tokens, "s")
        if inside.value not in ("Y", "M", "E") or inside.low.endswith("s"):
            return None
        whole = Step(str(inside.value), lead_step(lead2) if lead2 else 0, lead_anchor(lead2) if lead2 else "running")
    elif (year := group_number(found, tokens, "y")) is not None:
        whole = Year(year)
    else:
        named = group_number(found, tokens, "my")
        whole = Month(int(str(tokens[found.start("m")].value)), Year(named) if named else None)
    return "DATE", LastOf(number, str(unit.value), whole), None


def _amount(tokens: list[Token]) -> float | None:
    """Return the number in front of a unit, None for an open one (several)."""
    letters = "".join(token.letter for token in tokens)
    values = [token.value for token in tokens if token.letter in "NBC" and isinstance(token.value, int | float)]
    extra = 0.5 if "h" in letters else 0.0
    if len(values) == 3 and "/" in letters and values[2]:
        return values[0] + values[1] / values[2]
    if values:
        return float(values[-1]) + extra
    if any(token.low == "couple" for token in tokens):
        return 2.0
    if "V" in letters:
        return None
    return 1.0 + extra


def duration(number: float | None, grain: str) -> str | None:
    """Write an amount of a unit as a TIMEX3 duration.

    >>> duration(2.0, "F"), duration(1.5, "H"), duration(None, "Y")
    ('P4W', 'PT1H30M', 'PXY')
    """
    if number is not None and not 0 <= number < 1e9:
        return None
    if grain == "F":
        return f"P{int(number * 2)}W" if number else "PXW"
    if grain == "w":
        return f"P{int(number)}WE" if number else "PXWE"
    if grain == "E" and number and number != 1:
        number, grain = number * 10, "Y"
    if grain == "C" and number and number != 1:
        number, grain = number * 100, "Y"
    head, letter = ("PT", grain.upper()) if grain in "HmS" else ("P", grain)
    if number is None:
        return f"{head}X{letter}"
    whole = int(number)
    if number != whole:
        finer = {"H": ("M", 60), "Y": ("M", 12), "m": ("S", 60)}.get(grain)
        if finer:
            rest = round((number - whole) * finer[1])
            return head + (f"{whole}{letter}" if whole else "") + f"{rest}{finer[0]}"
        return f"{head}{number:g}{letter}"
    return f"{head}{whole}{letter}"


def _bound_mod(tokens: list[Token]) -> str | None:
    words = {token.low for token in tokens}
    if "than" in words:
        return "MORE_THAN" if "more" in words else "LESS_THAN"
    if "least" in words:
        return "EQUAL_OR_MORE"
    if words & {"over"}:
        return "MORE_THAN"
    if words & {"under"}:
        return "LESS_THAN"
    if "up" in words or words & {"nearly", "almost"}:
        return "EQUAL_OR_LESS" if "up" in words else "LESS_THAN"
    return "APPROX" if words & {"about", "around", "approximately", "roughly"} else None


@rule(
    "amount",
    r"(?:(?P<q>(?:[@j]|!j)?qr?|\^r)|T?(?P<s>[tlnO])(?=A?[NBCVJ])|T(?=[NBC]j?U))?"
    r"(?P<n>NN/N|(?:A(?![NBC]-))?[NBC](?:aAh)?|Aj?|A?Vf?|J[NC]?)(?P<z>-?j?j?)(?P<u>U)(?P<h>aAh)?(?![wd])(?P<o>-?[Gd])?(?P<g>g|E)?",
)
def _amount_of(found: re.Match[str], tokens: list[Token]) -> Reading | None:
    unit = tokens[found.start("u")]
    grain, lead = str(unit.value), group_token(found, tokens, "s")
    number = _amount(
        tokens[found.start("n") : found.end("n")] + (tokens[found.start("h") : found.end("h")] if found["h"] else [])
    )
    after = tokens[found.end()] if found.end() < len(tokens) else None
    tail = group_token(found, tokens, "g")
    if (grain == "w" and number == 1) or (tail is None and lead is None and grain == "S" and number == 1):
        return None
    if grain == "Q" and after and after.letter == "f" and "Y" not in found[0]:
        return None
    if (
        (found["o"] and found["o"][-1] == "d")
        or (after and after.letter in "d")
        or (after and after.low == "-" and _old(tokens, found.end()))
    ):
        return None
    mod = _bound_mod(tokens[found.start() : found.start("n")])
    if tail is not None:
        if lead is not None:
            return None
        return _shifted(tail, number, grain, mod)
    if (lead and lead.letter in "tln" and number is None and grain == "Y" and lead.low == "recent") or (
        found["n"] in ("V",) and tokens[found.start("n")].low in ("some", "many") and unit.low[-1] != "s"
    ):
        return None
    value = duration(number, grain)
    return ("DURATION", Fixed(value), mod) if value else None


def _old(tokens: list[Token], at: int) -> bool:
    return at + 1 < len(tokens) and tokens[at + 1].low == "old"


def _shifted(tail: Token, number: float | None, grain: str, mod: str | None) -> Reading | None:
    if tail.low in ("early", "late", "mid"):
        return None
    if number is None:
        open_value = {"ago": "PAST_REF", "earlier": "PAST_REF", "later": "FUTURE_REF"}[tail.low]
        return "DATE", Fixed(open_value), None
    anchor = "writer" if tail.low == "ago" else "discourse"
    return "DATE", Ago(number, grain, 1 if tail.low == "later" else -1, anchor), mod


@rule("the-amount-of", r"T(?P<n>[lnO])(?P<u>U)(?![wd])")
def _units_past(found: re.Match[str], tokens: list[Token]) -> Reading | None:
    lead, unit = tokens[found.start("n")], tokens[found.start("u")]
    if not unit.low.endswith("s") and unit.low != "centuries":
        return None
    if lead.letter == "n":
        return "DURATION", Fixed(duration(None, str(unit.value)) or "PXX"), None
    return "DURATION", Fixed(duration(None, str(unit.value)) or "PXX"), None


@rule("bare-units", r"(?P<q>n)?(?P<u>U)(?P<g>g|E)?(?![dG])")
def _bare_units(found: re.Match[str], tokens: list[Token]) -> Reading | None:
    unit, tail = tokens[found.start("u")], group_token(found, tokens, "g")
    if unit.low not in ("years", "months", "weeks", "days", "decades", "centuries", "hours"):
        return None
    if tail is not None and tail.low in ("ago", "earlier", "later"):
        return "DATE", Fixed("FUTURE_REF" if tail.low == "later" else "PAST_REF"), None
    if tail is not None:
        return None
    return "DURATION", Fixed(duration(None, str(unit.value)) or "PXX"), None


@rule("recent", r"(?P<r>R)U")
def _recent(found: re.Match[str], tokens: list[Token]) -> Reading | None:
    lead, unit = tokens[found.start()], tokens[found.end() - 1]
    if lead.low == "recent" and unit.low.endswith("s"):
        return "DATE", Fixed("PAST_REF"), None
    if lead.low == "current" and unit.low in ("year", "month", "week"):
        return "DATE", Step(str(unit.value), 0), None
    return None


@rule("year-earlier", r"TU-(?:E|g)(?:U|u)|U-(?:E|g)(?:U|u)?|(?:T|A)U(?:E|g)(?:U|u)")
def _year_earlier(found: re.Match[str], tokens: list[Token]) -> Reading | None:
    unit = next(token for token in tokens[found.start() : found.end()] if token.letter == "U")
    tail = next(token for token in tokens[found.start() : found.end()] if token.letter in "Eg")
    if unit.value != "Y" or tail.low not in ("ago", "earlier"):
        return None
    return "DATE", Ago(1.0, "Y", -1), None


@rule("latest", r"T(?:i)(?P<u>[Uu])")
def _latest(found: re.Match[str], tokens: list[Token]) -> Reading | None:
    return ("DATE", Quarter(None, None, -2), None) if tokens[found.start("u")].low in ("quarter", "period") else None


@rule("day-before", r"(?:T|AN?)?(?P<u>U)k")
def _day_before(found: re.Match[str], tokens: list[Token]) -> Reading | None:
    unit, tail = tokens[found.start("u")], tokens[found.end() - 1]
    if unit.low not in ("day", "night", "week") or tokens[found.start()].letter != "T":
        return None
    return "DATE", Ago(1.0, str(unit.value), -1 if tail.low == "before" else 1, "event"), None


@rule("every", r"e(?:[NCO]|lV?)?U|pU|e[MS]")
def _every(found: re.Match[str], tokens: list[Token]) -> Reading | None:
    unit = tokens[found.end() - 1]
    if unit.letter == "M":
        return "SET", Fixed(f"XXXX-{unit.value:02d}"), None
    if unit.letter == "S":
        return "SET", Fixed(f"XXXX-{unit.value}"), None
    number = next((token.value for token in tokens[found.start() : found.end()] if token.letter in "NCO"), 1)
    value = duration(float(str(number)), str(unit.value))
    return ("SET", Fixed(value), None) if value else None


@rule("set", r"1")
def _set(found: re.Match[str], tokens: list[Token]) -> Reading | None:
    return "SET", Fixed(str(tokens[found.start()].value)), None


@rule("reference-word", r"R")
def _reference_word(found: re.Match[str], tokens: list[Token]) -> Reading | None:
    token = tokens[found.start()]
    if token.low == "soon" and _soon_after(tokens, found.end()):
        return None
    return "DATE", Fixed(str(token.value)), None


def _soon_after(tokens: list[Token], at: int) -> bool:
    """Tell the soon of a story ("soon after", "as soon as", "soon became") from the one that looks ahead."""
    after = tokens[at].low if at < len(tokens) else ""
    before = tokens[at - 2].low if at > 1 else ""
    return (
        before == "as"
        or after in ("after", "as", "became", "was", "were", "had", "began")
        or (after.endswith("ed") and len(after) > 4)
    )


@rule("these-days", r"%U")
def _these_days(found: re.Match[str], tokens: list[Token]) -> Reading | None:
    return ("DATE", Fixed("PRESENT_REF"), None) if tokens[found.end() - 1].low == "days" else None


@rule("reference", r"TR|x?R|jR|T(?P<p>[lv])|[tT]v")
def _reference(found: re.Match[str], tokens: list[Token]) -> Reading | None:
    token = tokens[found.end() - 1]
    after = tokens[found.end()] if found.end() < len(tokens) else None
    if token.letter == "R":
        lead = tokens[found.start()] if found.end() - found.start() > 1 else None
        if lead and not (
            (lead.letter == "T" and token.low == "future")
            or lead.low + " " + token.low in ("right now", "more recently")
        ):
            return None
        if token.low == "soon" and _soon_after(tokens, found.end()):
            return None
        return "DATE", Fixed(str(token.value)), None
    if token.letter == "l":
        done = (
            after is None
            or after.letter in ".,|-"
            or after.low in ("and", "but", "that", "he", "she", "they", ")", '"')
        )
        return ("DATE", Fixed("PAST_REF"), None) if token.low == "past" and done else None
    return (
        ("DATE", Fixed("PRESENT_REF"), None)
        if after is None or (after.letter in ".,|x" and not after.low.isalpha())
        else None
    )

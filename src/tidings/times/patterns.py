"""What the grammar's rules are made of: the registry, and readers for the groups of a match.

In: matches over token letters. Out: numbers, steps, years, modifiers. The rules are in `dates` and `amounts`.
It holds no rule itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from tidings.times.lexer import Token
from tidings.times.tree import Node, Year

Reading = tuple[str, Node, str | None]
Builder = Callable[[re.Match[str], list[Token]], Reading | None]
RULES: list[tuple[str, re.Pattern[str], Builder]] = []

STEPS = {"last": -1, "past": -1, "previous": -1, "preceding": -1, "lst": -1}
MODS = {
    "early": "START", "beginning": "START", "start": "START", "outset": "START",
    "earlier": "START", "late": "END", "end": "END", "later": "END",
    "close": "END", "latter": "END", "mid": "MID", "middle": "MID",
}  # fmt: skip
LETTER_UNITS = {"m": "M", "S": "S", "H": "H"}
AMOUNT = r"(?:NN/N|[NBC]|Aj?V?f?|V|J[NC]?)(?:aAh)?"
MONTH = r"(?P<m>M)\.?"


def rule(name: str, pattern: str) -> Callable[[Builder], Builder]:
    """Enter a pattern over token letters with the function that reads it."""

    def enter(builder: Builder) -> Builder:
        RULES.append((name, re.compile(pattern), builder))
        return builder

    return enter


def group_token(found: re.Match[str], tokens: list[Token], group: str) -> Token | None:
    """Return the first token of a group, None when the group matched nothing."""
    at = found.start(group)
    return tokens[at] if at >= 0 else None


def group_number(found: re.Match[str], tokens: list[Token], group: str) -> int | None:
    """Return the whole number a group stands for."""
    token = group_token(found, tokens, group)
    return token.value if token and isinstance(token.value, int) else None


def group_mod(found: re.Match[str], tokens: list[Token], group: str = "e") -> str | None:
    """Return the TIMEX3 modifier of a word such as early or end."""
    token = group_token(found, tokens, group)
    return MODS.get(token.low) if token else None


def lead_step(token: Token) -> int:
    """Return -1 for last, 1 for next, else 0."""
    return {"l": -1, "n": 1}.get(token.letter, 0)


def lead_anchor(token: Token | None) -> str:
    """Return `writer` for "last", which counts from the day of writing in a history too, else `document`."""
    return "writer" if token and token.low in ("last", "past") else "document"


def year_of(found: re.Match[str], tokens: list[Token]) -> Year | None:
    """Read the year part every date rule may end in: a number, or `this year`, `of that year`."""
    if (number := group_number(found, tokens, "y")) is not None:
        return Year(number)
    if (lead := group_token(found, tokens, "yl")) is not None:
        return Year(step=lead_step(lead), anchor="discourse" if lead.letter == "s" else lead_anchor(lead))
    return None


YEAR = r"(?:,?(?P<y>Y)|f(?P<y2>Y))"
YEAR_TAIL = r"(?:(?:,|f|fT)?(?P<y>Y)|f?T?(?P<yl>[tlns])(?P<yu>U))"


def year_tail(found: re.Match[str], tokens: list[Token]) -> tuple[bool, Year | None]:
    """Return whether the year part makes sense, and the year."""
    unit = group_token(found, tokens, "yu")
    if unit is not None and unit.value != "Y":
        return False, None
    return True, year_of(found, tokens)

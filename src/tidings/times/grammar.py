"""Typed tokens to meanings: patterns over the string of token letters, longest match first.

In: tokens and their letters (see `lexer`). Out: expressions with their meaning (see `tree`), in text order.
It does not know any reference date; its rules are in `dates` and `amounts`.
"""

from __future__ import annotations

from tidings.times import amounts, dates
from tidings.times.lexer import Token, abbreviates
from tidings.times.patterns import RULES
from tidings.times.tree import Found

__all__ = ["parse"]

ROOMS = (dates, amounts)
"""Importing them enters their rules."""


def parse(tokens: list[Token], letters: str) -> list[Found]:
    """Return the expressions of a token string, leftmost and longest first, none overlapping.

    >>> from tidings.times.lexer import lex
    >>> [(found.rule, found.kind) for found in parse(*lex("two weeks ago"))]
    [('amount', 'DATE')]
    """
    seen: list[Found] = []
    for name, pattern, builder in RULES:
        for found in pattern.finditer(letters):
            if found.end() > found.start() and (reading := builder(found, tokens)) is not None:
                seen.append(
                    Found(
                        found.start(),
                        _trimmed(tokens, found.start(), found.end()),
                        reading[0],
                        reading[1],
                        name,
                        reading[2],
                    )
                )
    seen.sort(key=lambda item: (item.first, -item.last))
    chosen: list[Found] = []
    for item in seen:
        if not chosen or item.first >= chosen[-1].last:
            chosen.append(item)
        elif item.last > chosen[-1].last and item.last - item.first > chosen[-1].last - chosen[-1].first:
            chosen[-1] = item
    return chosen


def _trimmed(tokens: list[Token], first: int, last: int) -> int:
    """Leave the full stop of the sentence, a comma and a dash outside; keep the stop of "Nov."."""
    while last - first > 1 and tokens[last - 1].letter in ".,-":
        if tokens[last - 1].letter == "." and abbreviates(tokens[last - 2]):
            break
        last -= 1
    return last

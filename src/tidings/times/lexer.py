"""Text to typed temporal tokens, one letter a type.

In: text. Out: tokens with offsets, and the string of their letters that the grammar's patterns run over.
It decides what a word can be (May the month, second the number), not what an expression means.
"""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

from tidings.data import read_text

__all__ = ["Token", "abbreviates", "lex"]

TOKEN = re.compile(
    r"""
      (?P<iso>\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?)?(?![\d-]))   # 2021-12-30, 2021-12-30T14:05
    | (?P<slash>(?<![\d/.-])\d{1,2}([/.-])\d{1,2}\3(?:\d{4}|\d\d)(?![\d/-]))  # 30/12/2021, 12.30.21
    | (?P<clock>(?<![\d:])\d{1,2}:\d\d(?![\d:]))                   # 10:30
    | (?P<decade>(?:\d{3}|['’]?\d)0['’]?s\b)                       # 1980s, '80s, 90s
    | (?P<ordinal>\d{1,3}(?:st|nd|rd|th)\b)                        # 3rd
    | (?P<short>(?<!\w)['’]\d\d(?![\d\w]))                         # '68
    | (?P<number>\d{1,30}(?:,\d{3}){0,6}(?:\.\d{1,9})?(?!\d))      # 11  2,000  1.5
    | (?P<digits>\d{1,40})                                         # what is left of a monster number
    | (?P<half>[ap]\.m\.|[ap]\.m\b|B\.C\.(?:E\.)?|B\.C\b|A\.D\.)   # a.m.  B.C.
    | (?P<word>[^\W\d_]{1,40})
    | (?P<break>\n[^\S\n]{0,40}\n)                                 # a blank line ends every expression
    | (?P<mark>[^\s])
    """,
    re.VERBOSE,
)

CARDINALS: dict[str, int] = {
    word: number
    for number, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
        "eighteen nineteen".split(),
        1,
    )
} | {word: 10 * tens for tens, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
YEAR_AFTER = frozenset(
    "in since from by until till before after during early late mid of through between and to circa ca year fiscal "
    "summer winter spring autumn fall for the around about as late- than or".split()
)
MAY_AFTER = frozenset(
    "in of last this next since by until till late early mid from to through before after during on each every "
    "for between and".split()
)
CROWDS = frozenset("men women people children troops cavalry infantry more dead metres feet".split())
MARKS = {",": ",", ".": ".", "-": "-", "–": "-", "—": "-", "(": "x", "$": "$", "#": "$", "£": "$", "€": "$"} | {
    "'": "'", "’": "'", "/": "/",
}  # fmt: skip


class Token(NamedTuple):
    """One token: its letter, offsets, lower-cased characters and what it stands for."""

    letter: str
    start: int
    end: int
    low: str
    value: object = None


def abbreviates(token: Token) -> bool:
    """Tell a month cut short, whose full stop ends no sentence: "Nov." but not "May."."""
    return token.letter == "M" and 2 < len(token.low) < 5 and token.low not in ("may", "june", "july")


@functools.cache
def feasts() -> dict[str, str]:
    """Return the feasts of the table: lower-cased name to rule."""
    rows = (line.split("\t") for line in read_text("times_feasts.tsv").splitlines() if line and line[0] != "#")
    return dict(rows)


@functools.cache
def _feast_heads() -> frozenset[str]:
    return frozenset(re.split(r"[\s']", name)[0] for name in feasts())


@functools.cache
def _feast_pattern() -> re.Pattern[str]:
    names = sorted(feasts(), key=len, reverse=True)
    return re.compile(
        "(?:" + "|".join(re.escape(name).replace("'", "['’]").replace(r"\ ", r"\s") for name in names) + r")\b", re.I
    )


def lex(text: str) -> tuple[list[Token], str]:
    """Return the tokens of a text and the string of their letters.

    >>> lex("on January 10, 11 and 12")[1]
    'oMN,NaN'
    """
    raw = [(found.lastgroup or "", found.start(), found.end()) for found in TOKEN.finditer(text)]
    tokens: list[Token] = []
    at, count = 0, len(raw)
    while at < count:
        kind, start, end = raw[at]
        part = text[start:end]
        if kind == "word":
            low = part.lower()
            if low in _feast_heads() and part[0].isupper() and (feast := _feast_pattern().match(text, start)):
                name = " ".join(feast[0].lower().replace("’", "'").split())
                tokens.append(Token("H", start, feast.end(), name, name))
                while at < count and raw[at][1] < feast.end():
                    at += 1
                continue
            if low in CARDINALS or low in ("hundred", "thousand"):
                at = _number_words(text, raw, at, tokens)
                continue
            tokens.append(_word(text, raw, at, part, low, start, end, tokens))
        elif kind == "number":
            tokens.append(_number(text, raw, at, part, start, end, tokens))
        else:
            tokens.append(_other(kind, part, start, end))
        at += 1
    return tokens, "".join(token.letter for token in tokens)


def _other(kind: str, part: str, start: int, end: int) -> Token:
    low = part.lower()
    match kind:
        case "iso":
            return Token("I", start, end, low, part)
        case "slash":
            return Token("X", start, end, low, part)
        case "clock":
            hour, minute = (int(field) for field in part.split(":"))
            return Token("K" if hour < 25 and minute < 60 else "x", start, end, low, (hour, minute))
        case "decade":
            digits = "".join(mark for mark in part if mark.isdigit())
            return Token(
                "L" if len(digits) == 4 or part[0] in "'’" or digits[0] >= "2" else "x", start, end, low, digits[:-1]
            )
        case "ordinal":
            return Token("O", start, end, low, int(part[:-2]))
        case "short":
            return Token("3", start, end, low, int(part[1:]))
        case "half":
            return Token("m" if low[0] in "ap" and low[-2:] != "d." else "c", start, end, low, low[0])
        case "break":
            return Token("|", start, end, low)
        case "mark":
            return Token(MARKS.get(part, "x"), start, end, low)
    return Token("x", start, end, low)


def _number_words(text: str, raw: list[tuple[str, int, int]], at: int, tokens: list[Token]) -> int:
    """Join number words ("twenty-four", "nineteen ninety-six") into one token; return where to go on."""
    values: list[int] = []
    start, end, place = raw[at][1], raw[at][2], at
    while place < len(raw) and len(values) < 8:
        kind, first, last = raw[place]
        low = text[first:last].lower()
        if kind == "word" and (low in CARDINALS or low in ("hundred", "thousand")):
            if values and not _joins(values[-1], low):
                break
            values.append(_cardinal(low))
            end, at = last, place + 1
        elif not (low == "-" and values and values[-1] in range(20, 100, 10)):
            break
        place += 1
    total = 0
    if len(values) > 1 and 10 < values[0] < 21 and 9 < values[1] < 100:
        total = values[0] * 100 + sum(values[1:])
        tokens.append(Token("Y" if 1500 <= total <= 2099 else "C", start, end, "", total))
        return at
    group = 0
    for value in values:
        if value == 1000:
            total, group = total + max(group, 1) * 1000, 0
        else:
            group = max(group, 1) * 100 if value == 100 else group + value
    total += group
    year = 2000 <= total <= 2030 and len(values) > 1 and bool(tokens) and tokens[-1].low in ("year", "in", "of")
    tokens.append(Token("Y" if year else "C", start, end, text[start:end].lower(), total))
    return at


def _cardinal(low: str) -> int:
    return CARDINALS.get(low, 100 if low == "hundred" else 1000)


def _joins(before: int, low: str) -> bool:
    if low in ("hundred", "thousand"):
        return True
    value = _cardinal(low)
    return before in (100, 1000) or (before in range(20, 100, 10) and value < 10) or (10 < before < 21 and value >= 10)


def _number(
    text: str, raw: list[tuple[str, int, int]], at: int, part: str, start: int, end: int, tokens: list[Token]
) -> Token:
    if not part.isdigit():
        value = part.replace(",", "")
        return Token("B", start, end, part, float(value) if len(value) < 12 else None)
    value = int(part) if len(part) < 10 else -1
    before = tokens[-1] if tokens else None
    if len(part) == 4 and _is_year(text, raw, at, value, before, tokens):
        return Token("Y", start, end, part, value)
    if len(part) <= 2 and value >= 1:
        return Token("N", start, end, part, value)
    return Token("B", start, end, part, float(value) if value > 0 else None)


def _is_year(
    text: str, raw: list[tuple[str, int, int]], at: int, value: int, before: Token | None, tokens_before: list[Token]
) -> bool:
    """Tell a year from a count by its neighbours."""
    after_kind, after = "", ""
    if at + 1 < len(raw):
        after_kind, first, last = raw[at + 1]
        after = text[first:last]
        if after == "%" or (
            after in "/."
            and first == raw[at][2]
            and at + 2 < len(raw)
            and raw[at + 2][0] == "number"
            and raw[at + 2][1] == last
        ):
            return False
    low = before.low if before else ""
    if before and before.letter == "$":
        return False
    temporal = before is not None and (before.letter in "M,FSNOEk" or low in YEAR_AFTER or low.startswith("mid"))
    ranged = bool(before and before.letter == "-" and len(tokens_before) > 1 and tokens_before[-2].letter == "Y") or (
        after in ("-", "–")
        and at + 2 < len(raw)
        and raw[at + 2][0] == "number"
        and raw[at + 2][2] - raw[at + 2][1] == 4
    )
    if not 1900 <= value <= 2099:
        if not 1000 <= value < 1900:
            return False
        noun = after_kind == "word" and after.islower()
        plural = noun and (after in CROWDS or (after.endswith("s") and after not in ("was", "is", "as", "has")))
        temporal = temporal or (low == "(" and after in (")", "-"))
        counted = plural or (noun and low in ("the", "to", "about", "and", "than", "for", "or", "by", "from"))
        return ranged or (temporal and not counted)
    if ranged:
        return True
    if before is not None and before.letter == "-" and before.start and text[before.start - 1].isupper():
        return False
    if (
        after_kind == "word"
        and _plain_word(after.lower())[0] == "U"
        and after.lower() not in ("quarter", "second", "fall")
    ):
        return False
    if (
        after_kind == "word"
        and after.islower()
        and after.endswith("s")
        and (not temporal or low in ("and", "or", "to", "than", "for", "about"))
        and after not in ("was", "is", "as", "has")
    ):
        return low in ("", "s")
    return low not in ("than", "about", "around", "for", "or", "number", "no") or after_kind != "word"


def _word(
    text: str, raw: list[tuple[str, int, int]], at: int, part: str, low: str, start: int, end: int, tokens: list[Token]
) -> Token:
    before = tokens[-1] if tokens else None
    letter, value = _plain_word(low)
    if letter == "x":
        return Token("x", start, end, low)
    after_kind, after = ("", "") if at + 1 >= len(raw) else (raw[at + 1][0], text[raw[at + 1][1] : raw[at + 1][2]])
    if (
        (letter == "M" and not _is_month(part, low, before, after_kind, after))
        or (
            letter == "W"
            and low not in ("monday",)
            and len(low) < 6
            and not _is_short_weekday(part, low, before, after_kind, after)
        )
        or (letter == "S" and not _is_season(part, low, before, after_kind, after))
    ):
        letter = "x"
    elif low == "second" and before and before.low in ("per", "split", "every", "each"):
        letter, value = "U", "S"
    elif (letter == "U" and len(low) < 4 and low != "day" and not (before and before.letter in "NBCVltn")) or (
        letter == "D" and len(low) < 5 and part != low and part.isupper()
    ):
        letter = "x"
    return Token(letter, start, end, low, value)


@functools.cache
def _words() -> dict[str, tuple[str, object]]:
    """Return the table of words: what letter and value each stands for."""
    rows = (line.split("\t") for line in read_text("times_words.tsv").splitlines() if line[:1] != "#")
    numbers = frozenset("MWODw")
    return {
        word: (letter, (int(value) if letter in numbers else value) if value else None)
        for letter, value, words in rows
        for word in words.split()
    }


def _plain_word(low: str) -> tuple[str, object]:
    return _words().get(low, ("x", None))


def _is_month(part: str, low: str, before: Token | None, after_kind: str, after: str) -> bool:
    if not part[0].isupper():
        after_day = bool(before and before.letter == "N") and low not in ("may", "march", "mar", "dec")
        return after_day or (len(low) > 3 and low not in ("march", "sept", "august"))
    near = bool(before and (before.letter in "NOEltn" or before.low in MAY_AFTER)) or after_kind in (
        "number",
        "ordinal",
    )
    if low in ("may", "march"):
        if low == "march" and after_kind != "word":
            return True
        return near and not (before and before.low == "the" and after_kind != "number")
    if len(low) <= 4 and low not in ("june", "july"):
        return near or after == "."
    if (
        low in ("april", "june", "august")
        and after_kind == "word"
        and after[0].isupper()
        and _plain_word(after.lower())[0] != "W"
    ):
        return near
    return True


def _is_short_weekday(part: str, low: str, before: Token | None, after_kind: str, after: str) -> bool:
    lead = bool(before and before.low in ("this", "next", "last", "every", "on", "each", "coming"))
    if low in ("sun", "sat", "mon", "wed"):
        return (
            lead
            and before is not None
            and not (low == "sun" and before.low in ("on", "this", "last") and part == low and before.low != "this")
        ) or (part[0].isupper() and after_kind == "number")
    return lead or (part[0].isupper() and (after_kind == "number" or after in (",", ".")))


def _is_season(part: str, low: str, before: Token | None, after_kind: str, after: str) -> bool:
    lead = before.low if before else ""
    if after_kind == "number" and len(after) == 4:
        return True
    if part[0].isupper() and after_kind == "word" and after[0].isupper():
        return False
    if low == "fall":
        return lead in ("last", "this", "next", "every", "each", "coming", "early", "late", "previous") or (
            lead == "the" and after in (".", ",")
        )
    if low == "spring":
        return lead in (
            "last",
            "this",
            "next",
            "every",
            "each",
            "coming",
            "early",
            "late",
            "previous",
            "the",
            "in",
            "by",
            "of",
        )
    return True

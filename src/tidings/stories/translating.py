"""Translated copies: one text in two languages, told from two reports of one event.

In: two texts. Out: how far the names and numbers they share stand in the same order, and whether that is a translation.
It reads no words, only what is written alike in both languages; where little is, it says no.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Sequence

from tidings.facts import Fact

__all__ = ["Outline", "Parallel", "is_translation", "lay_parallel", "outline"]

MOST_CHARACTERS = 60_000
LEAST_NUMBERS = 3
LEAST_NAMES = 5
NUMBERS_KEPT = 0.7
NAMES_KEPT = 0.6
IN_ORDER = 0.75
CREDITED = 0.8
"""What is asked for is less where a credit says that the one was translated from the other's outlet."""
LONGEST = 1.8
"""How much longer a text may be in the other language."""

_TOKEN = re.compile(
    r"""
    (?P<number>\d[\d.,]*\d | \d)         # 1,200 and 1.200, 3.5 and 3,5
    | (?P<name>(?<=[^\W_][ ])[^\W\d_a-z][^\W\d_]{2,})   # a word with a capital that opens no sentence
    """,
    re.VERBOSE,
)
_QUOTED = re.compile(r"[“«„]|(?<!\w)\"(?=\w)")


class Outline(Fact, frozen=True, kw_only=True):
    """What of a text is written alike in other languages: names and numbers in order, quotations, its length."""

    marks: tuple[str, ...]
    quotes: int
    words: int


class Parallel(Fact, frozen=True, kw_only=True):
    """What two outlines share: numbers and names, as counts and as shares of the poorer text, and how far in order."""

    numbers: int
    numbers_kept: float
    names: int
    names_kept: float
    order: float
    quotes: int
    longer: float


def outline(text: str) -> Outline:
    """Find what of a text is written alike in other languages.

    >>> outline("On Monday Mira Voss paid 1,200 crowns to José Álvarez.").marks
    ('monday', 'mira', 'voss', '1200', 'jose', 'alvarez')
    """
    text = text[:MOST_CHARACTERS]
    marks: list[str] = []
    for found in _TOKEN.finditer(text):
        if found["number"]:
            digits = "".join(sign for sign in found["number"] if sign.isdigit())
            if len(digits) > 1:
                marks.append(digits)
        elif found["name"][0].isupper():
            marks.append(_fold(found["name"]))
    return Outline(marks=tuple(dict.fromkeys(marks)), quotes=len(_QUOTED.findall(text)), words=len(text.split()))


def lay_parallel(one: Outline, other: Outline) -> Parallel:
    """Measure what two outlines share."""
    places = {mark: at for at, mark in enumerate(other.marks)}
    shared = [mark for mark in one.marks if mark in places]
    numbers = sum(mark[0].isdigit() for mark in shared)
    counts = [sum(mark[0].isdigit() for mark in side.marks) for side in (one, other)]
    all_names = min(len(one.marks) - counts[0], len(other.marks) - counts[1])
    return Parallel(
        numbers=numbers,
        numbers_kept=numbers / max(1, *counts),
        names=len(shared) - numbers,
        names_kept=(len(shared) - numbers) / max(1, all_names),
        order=_longest_rise([places[mark] for mark in shared]) / max(1, len(shared)),
        quotes=abs(one.quotes - other.quotes),
        longer=max(one.words, other.words) / max(1, min(one.words, other.words)),
    )


def is_translation(found: Parallel, *, credited: bool = False) -> bool:
    """Tell whether one of two texts in different languages was translated from the other."""
    ease = CREDITED if credited else 1.0
    return (
        found.numbers >= LEAST_NUMBERS
        and found.names >= LEAST_NAMES
        and found.numbers_kept >= NUMBERS_KEPT * ease
        and found.names_kept >= NAMES_KEPT * ease
        and found.order >= IN_ORDER * ease
        and found.quotes <= 1
        and found.longer <= LONGEST
    )


def _fold(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def _longest_rise(places: Sequence[int]) -> int:
    ends: list[int] = []
    for place in places:
        at = bisect_left(ends, place)
        ends[at : at + 1] = [place]
    return len(ends)

"""How many were killed, hurt, arrested: the counts a text states, each with what it counts.

In: a text. Out: counts with their spans, to be laid beside those of other texts.
It knows a closed list of outcomes and reads no parse; what it is not sure of it leaves out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from tidings.facts import Fact
from tidings.text import Span

__all__ = ["Count", "find_counts"]

MOST_CHARACTERS = 40_000
_ONES = {
    word: value
    for value, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
        "eighteen nineteen".split(),
        start=1,
    )
}
_TENS = {
    word: 10 * value
    for value, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)
}
_WORDS = _ONES | _TENS
_SCALES = "dozen|score|hundred|thousand|million|billion"
_OUTCOMES = {
    "killed": "killed dead died killing kill kills slain slaughtered massacred perished",
    "hurt": "wounded injured hurt wounding injuring wounds injures",
    "missing": "missing",
    "arrested": "arrested detained arresting detaining",
    "abducted": "abducted kidnapped abducting kidnapping",
    "freed": "freed released freeing releasing",
    "displaced": "displaced evacuated evacuating displacing",
    "homeless": "homeless",
    "sentenced": "executed hanged executing hanging",
}
_OUTCOME_OF = {word: outcome for outcome, words in _OUTCOMES.items() for word in words.split()}
_UNITS = {
    "people": "people persons person others residents",
    "civilians": "civilians civilian",
    "soldiers": "soldiers soldier troops servicemen",
    "police officers": "policemen policeman officers officer",
    "children": "children child",
    "women": "women woman",
    "students": "students student pupils",
    "protesters": "protesters protester demonstrators demonstrator",
    "militants": "militants militant fighters fighter rebels rebel insurgents insurgent gunmen",
    "sailors": "sailors sailor",
    "passengers": "passengers passenger",
    "workers": "workers worker miners",
    "migrants": "migrants migrant refugees refugee",
    "journalists": "journalists journalist reporters",
    "prisoners": "prisoners prisoner inmates detainees hostages hostage",
    "villagers": "villagers villager",
    "homes": "homes houses",
}
_UNIT_OF = {word: unit for unit, words in _UNITS.items() for word in words.split()}


def _any(words: Iterable[str]) -> str:
    return "|".join(sorted(words, key=lambda word: (-len(word), word)))


_NUMBER = rf"\d{{1,3}}(?:,\d{{3}})+|\d{{1,7}}|(?:{_any(_TENS)})[\s-](?:{_any(list(_ONES)[:9])})\b|{_any(_WORDS)}"
_HEDGE = (
    r"at\ least|at\ most|more\ than|fewer\ than|less\ than|as\ many\ as|up\ to|over|about|around|some|nearly|almost"
    r"|roughly|approximately"
)
_COUNT = re.compile(
    rf"""
    \b(?:(?P<verb>{_any(_OUTCOME_OF)})\s)?      # "killing"
    (?:(?P<hedge>{_HEDGE})\s)?                  # "at least"
    (?P<number>{_NUMBER})
    (?:                                         # "U.S. sailors", "other people"
        (?:\s(?:other|more|young|unarmed|local|(?-i:[A-Z])[\w.]{{1,20}}))?
        \s(?P<unit>{_any(_UNIT_OF)})
    )?
    (?:\s(?:(?:were|was|are|is|have|had|has|being|be|been|reported|confirmed|also)\s){{0,3}}
       (?P<outcome>{_any(_OUTCOME_OF)}))?       # "were killed"
    \b(?![.,]\d|\s?%|\spercent|\syears?|-|\s(?:{_SCALES})s?\b)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_UNREAL = re.compile(
    r"\b(?:could|would|may|might|if|not|never|to|unless|fears?|feared|plot|plan|than|every|each)(?:\s[\w-]{1,15}){0,2}\s?$",
    re.IGNORECASE,
)
"""What stands before a number that nobody says is so."""
_PART = re.compile(
    rf"""
    (?:
        \b(?:{_SCALES}|{_any(_TENS)})(?:\sand)?[\s-]    # "two hundred and" twelve: the end of a larger number
      | (?:\d|\b(?:{_any(_WORDS)}))\s(?:in|of|out\ of)(?:\sthe)?\s   # "one in" five, "three of the" 12 soldiers
    )$
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""What stands before a number that is a part of another, or of which only a part is meant."""
_TOLL = re.compile(
    rf"""
    \bdeath\ toll\b[^.\n]{{0,60}}?\b(?:to|at|of|reached|is|was)\s
    (?:(?P<hedge>{_HEDGE})\s)?(?P<number>{_NUMBER})\b(?![.,]\d|-|\s(?:{_SCALES})s?\b)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_MAGNITUDE = re.compile(
    r"\b(?:magnitude(?:\sof)?[\s-](?P<after>\d\.\d)|(?P<before>\d\.\d)[\s-]magnitude)\b", re.IGNORECASE
)


class Count(Fact, frozen=True, kw_only=True):
    """A number of something to which something happened; `hedge` is the word that makes it a bound or a guess."""

    about: str
    number: float
    hedge: str | None
    span: Span


def find_counts(text: str) -> list[Count]:
    """Return the counts a text states, in order.

    >>> [(count.about, count.number, count.hedge) for count in find_counts("At least 12 people were killed, 30 hurt.")]
    [('people killed', 12.0, 'at least'), ('people hurt', 30.0, None)]
    """
    text = text[:MOST_CHARACTERS]
    return sorted([*_outcomes(text), *_tolls(text), *_magnitudes(text)], key=lambda count: count.span)


def _outcomes(text: str) -> Iterator[Count]:
    for found in _COUNT.finditer(text):
        verb, outcome, unit = found["verb"], found["outcome"], found["unit"]
        # "was killed. 12 people were arrested" has both; the one behind the number says what happened to it.
        happened = _OUTCOME_OF.get((outcome or verb or "").lower())
        if happened is None or (unit is None and not _stands_alone(verb, outcome)):
            continue
        before = text[max(0, found.start() - 40) : found.start()]
        if _UNREAL.search(before) or _PART.search(before):
            continue
        counted = _UNIT_OF[unit.lower()] if unit else "people"
        number = _number(found["number"])
        if _is_date(text, found.end("number"), number, unit):
            continue
        start = found.start("hedge") if found["hedge"] else found.start("number")
        start = found.start() if outcome is None else start
        yield Count(
            about=f"{counted} {happened}", number=number, hedge=_hedge(found["hedge"]), span=Span(start, found.end())
        )


def _stands_alone(verb: str | None, outcome: str | None) -> bool:
    """Tell whether a bare number counts people: "12 dead", "30 hurt", "killing 12"."""
    if outcome is not None:
        return _OUTCOME_OF[outcome.lower()] in ("killed", "hurt", "missing")
    return verb is not None and verb.lower() in ("killing", "wounding", "injuring")


def _is_date(text: str, end: int, number: float, unit: str | None) -> bool:
    """Tell whether a bare number is rather a year or the day of a month."""
    return unit is None and (1900 <= number <= 2100 or text[end : end + 3].lower() in ("st ", "nd ", "rd ", "th "))


def _tolls(text: str) -> Iterator[Count]:
    for found in _TOLL.finditer(text):
        yield Count(
            about="people killed",
            number=_number(found["number"]),
            hedge=_hedge(found["hedge"]),
            span=Span(found.start(), found.end()),
        )


def _magnitudes(text: str) -> Iterator[Count]:
    for found in _MAGNITUDE.finditer(text):
        number = float(found["after"] or found["before"])
        yield Count(about="magnitude", number=number, hedge=None, span=Span(found.start(), found.end()))


def _number(words: str) -> float:
    if words[0].isdigit():
        return float(words.replace(",", ""))
    return float(sum(_WORDS[word] for word in re.split(r"[\s-]", words.lower())))


def _hedge(words: str | None) -> str | None:
    return " ".join(words.lower().split()) if words else None

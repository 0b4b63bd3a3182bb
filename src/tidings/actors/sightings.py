"""Names the tables know, wherever they stand in a text.

In: a text. Out: sightings in text order, the longest at each place, none overlapping.
It decides no sense and links no person; a sighting says what the tables hold under those words.
"""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

from tidings.actors import knowledge
from tidings.actors.agents import agents
from tidings.actors.names import fold

__all__ = ["Sighting", "sightings"]

_WORD = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W_]+(?:&[^\W_]+|['’](?!s\b)[^\W_]+)*")
_LONGEST_WORD = 60
_UPPER_ONLY = frozenset(("us", "u.s.", "uk", "u.k.", "usa", "u.s.a.", "uae", "car", "drc", "prc", "rok", "dprk", "un"))
_NOT_CAPITALS = frozenset(
    (
        "male",
        "victoria",
        "georgetown",
        "kingston",
        "san jose",
        "basse-terre",
        "hamilton",
        "douglas",
        "stanley",
        "road town",
        "valletta",
    )
)
_NOT_PEOPLE = frozenset(("supreme leader", "prime minister"))


class Sighting(NamedTuple):
    """Something known by name: `kind` is country, demonym, capital, seat, known, person, phoenix or place."""

    start: int
    end: int
    kind: str
    key: str


@functools.cache
def _openings() -> dict[str, int]:
    return {word: int(counts[0]) for word, counts in knowledge.index("o").items()}


def count_openings() -> dict[str, int]:
    """Return the folded first words of all known names, with the most words a name so opened has."""
    found: dict[str, int] = {}
    names = [
        *knowledge.country_words(),
        *knowledge.seat_words(),
        *map(fold, knowledge.known_names()),
        *knowledge.names_of_people(),
    ]
    names += [name for name, (kind, _) in knowledge.phoenix().items() if kind != "c"]
    for name in names:
        words = _WORD.findall(name)
        if words and len(words) < 9 and found.get(words[0], 0) < len(words):
            found[words[0]] = len(words)
    return found


def sightings(text: str, *, loose: bool = False) -> list[Sighting]:
    """Find the names the tables know; `loose` also takes names without capitals, cities and coded persons.

    >>> [(s.kind, s.key) for s in sightings("The Kremlin and Belarusian officials met NATO.")]
    [('seat', 'RUS'), ('demonym', 'BLR'), ('known', 'NATO')]
    """
    folded = fold(text)
    words = [(m.start(), m.end()) for m in _WORD.finditer(text) if m.end() - m.start() <= _LONGEST_WORD]
    found: list[Sighting] = []
    openings = _openings()
    at = 0
    while at < len(words):
        start = words[at][0]
        article = loose and folded[start : words[at][1]] in ("the", "a", "an")
        longest = 3 if article else 5 if loose else openings.get(folded[start : words[at][1]], 0)
        step = 1
        if longest and (loose or not text[start].islower() or text[start : start + 2] == "al"):
            for last in range(min(at + longest, len(words)) - 1, at - 1, -1):
                end = words[last][1]
                hit = _look_up(text[start:end], folded[start:end], loose)
                if hit and (not article or hit[0] == "known"):
                    found.append(Sighting(start, end, *hit))
                    step = last - at + 1
                    break
        at += step
    return found


def _look_up(raw: str, folded: str, loose: bool) -> tuple[str, str] | None:
    if "\n" in raw:
        return None
    if raw in knowledge.known_names():
        return "known", raw
    if " " in raw and raw.isupper() and raw.title() in knowledge.known_names():
        return "known", raw.title()
    country = knowledge.country_words().get(folded)
    if country and (folded not in _UPPER_ONLY or raw.isupper()) and (loose or _is_capitalised(raw)):
        kind = "country" if country[1] == "name" else country[1]
        if not (kind == "capital" and folded in _NOT_CAPITALS):
            return kind, country[0]
    if folded in knowledge.seat_words() and (loose or _is_capitalised(raw)):
        return "seat", knowledge.seat_words()[folded]
    if " " in raw and _is_capitalised(raw) and folded in knowledge.names_of_people() and folded not in _NOT_PEOPLE:
        return "person", folded
    coded = knowledge.phoenix().get(folded)
    if coded and coded[0] == "c" and folded.split()[0] in agents():
        return None
    if (
        coded
        and not folded.startswith("the ")
        and (loose or coded[0] != "c")
        and (" " in raw or loose or raw.isupper())
        and (loose or _is_capitalised(raw))
    ):
        return "phoenix", folded
    if loose and folded in knowledge.country_places() and not raw[0].islower():
        return "place", knowledge.country_places()[folded]
    return None


def _is_capitalised(raw: str) -> bool:
    """Tell whether the longer words of a name begin with a capital or figure."""
    return all(not word[0].islower() for word in raw.split() if len(word) > 3 or word == raw)

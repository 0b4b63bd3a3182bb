"""How names are compared: folding, skeleton keys across transliterations, given names and surnames.

In: a name as a text writes it. Out: keys under which spellings of one name meet.
It knows no persons.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import NamedTuple

from tidings import data

__all__ = [
    "SUFFIXES",
    "begins_with_given",
    "family_first",
    "fold",
    "gender_of",
    "is_given",
    "is_spelling",
    "same_given",
    "skeleton",
    "slug",
    "surname",
]

_FOLDS: dict[str, str] = {"’": "'", "‘": "'", "‐": "-", "‑": "-", "\xa0": " ", "\n": " ", "\t": " "}
_TWO_FOR_ONE = re.compile(
    r"""(?P<sh>shch|sch|sz)|(?P<ch>tch|tsch|cz)|(?P<kh>kh|gh|ch(?=[rl]))|(?P<zh>zh)|(?P<f>ph)|(?P<k>ck|q|c(?![h]))
    |(?P<ts>tz)|(?P<ou>ou|oo)|(?P<v>w)|(?P<j>dj|dzh)""",
    re.VERBOSE,
)
_VOWELS = re.compile(r"[aeiouyj]+")
_DOUBLED = re.compile(r"(.)\1+")
_PARTICLES = frozenset("al el bin ibn abu abd bint ben von van de da dos del der di la le ul ur".split())
SUFFIXES = frozenset(("jr.", "jr", "sr.", "sr", "ii", "iii"))
"""Words behind a surname that tell a son from his father."""
_FAMILY_FIRST = frozenset(("CHN", "PRK", "KOR", "TWN", "VNM", "HKG", "SGP", "KHM"))


def fold(text: str) -> str:
    """Lower-case a text and drop accents, one character for each, so that offsets stay the same.

    >>> fold("Élysée’s Müller")
    "elysee's muller"
    """
    if text.isascii():
        return text.lower().replace("\n", " ").replace("\t", " ")
    return "".join(_fold_character(character) for character in text)


@functools.lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    if character in _FOLDS:
        return _FOLDS[character]
    plain = unicodedata.normalize("NFD", character)[0].lower()
    return plain if len(plain) == 1 else character


@functools.lru_cache(maxsize=65536)
def skeleton(name: str) -> str:
    """Return a key that spellings of one name share: first letter class and consonants of its first and last words.

    >>> skeleton("Alyaksandr Lukashenka") == skeleton("Alexander Lukashenko")
    True
    >>> skeleton("Sergei Shoigu") == skeleton("Sergey Shoygu")
    True
    >>> skeleton("Ivan Petrov Jr.") in (skeleton("Ivan Petrov"), skeleton("Ivan Sidorov Jr."))
    False
    >>> skeleton("Boris Johnson") == skeleton("Boris Yeltsin")
    False
    """
    words = [word for word in re.split(r"[\s\-.']+", fold(name)) if len(word) > 1 and word not in _PARTICLES]
    if not words:
        return fold(name)
    last = next((at for at in range(len(words) - 1, 0, -1) if words[at] not in SUFFIXES), len(words) - 1)
    kept = words if len(words) < 3 else [words[0], *words[last:]]
    return " ".join(_bones(word) for word in kept)


def _bones(word: str) -> str:
    word = word.replace("x", "ks").replace("zelenskyy", "zelensky")
    word = re.sub(r"aleksand[er]+$|alyaksandr|oleksandr|aleksandar", "aleksandr", word)
    word = re.sub(r"uladzimir|volodymyr|vladimir", "vladimir", word)
    word = _TWO_FOR_ONE.sub(
        lambda match: {"kh": "h", "sh": "S", "ch": "C", "zh": "Z", "ou": "u"}.get(
            match.lastgroup or "", match.lastgroup or ""
        ),
        word,
    )
    first = "A" if word[0] in "aeiouyj" else word[0]
    return first + _DOUBLED.sub(r"\1", _VOWELS.sub("", word[1:]))


def family_first(country: str | None) -> bool:
    """Tell whether names of a country are written family name first in English newswire."""
    return country in _FAMILY_FIRST


def surname(name: str, country: str | None = None) -> str:
    """Return the folded surname of a full name.

    >>> surname("Vladimir Putin"), surname("Xi Jinping", "CHN"), surname("Ursula von der Leyen")
    ('putin', 'xi', 'von der leyen')
    """
    words = [word for word in fold(name).replace(",", "").split() if word not in SUFFIXES]
    if len(words) < 2:
        return words[0] if words else ""
    if family_first(country):
        return words[0]
    at = len(words) - 1
    while at > 1 and words[at - 1] in _PARTICLES:
        at -= 1
    return " ".join(words[at:])


def is_spelling(one: str, other: str) -> bool:
    """Tell whether two full names of one skeleton may be spellings of one: with as many words, and more than vowels.

    >>> is_spelling("Alyaksandr Lukashenka", "Alexander Lukashenko"), is_spelling("Ali Hassan", "Alla Hassan")
    (True, False)
    >>> is_spelling("Maryam Hassan", "Mariam Ahmed Hassan")
    False
    """
    first, second = one.split(), other.split()
    if len(first) != len(second) or not same_given(first[0], second[0]):
        return False
    return fold(first[0]) == fold(second[0]) or len(_bones(fold(first[0]))) > 2


def same_given(one: str, other: str) -> bool:
    """Tell whether two given names can be the same: equal, an initial, a short form's beginning, or one skeleton.

    >>> same_given("Joe", "Joseph"), same_given("Dmitri", "Dmitry"), same_given("J.", "Joe"), same_given("Jill", "Joe")
    (True, True, True, False)
    >>> same_given("Sara", "Sarah"), same_given("Anna", "Anne"), same_given("Aleksandr", "Aleksandra")
    (True, False, False)
    """
    one, other = fold(one).strip("."), fold(other).strip(".")
    if not one or not other:
        return False
    if len(one) == 1 or len(other) == 1:
        return one[0] == other[0]
    if one == other:
        return True
    if _is_twin(one, other):
        return False
    bones, others = _bones(one), _bones(other)
    if bones == others:
        return True
    return one[:2] == other[:2] and (bones.startswith(others) or others.startswith(bones))


def _is_twin(one: str, other: str) -> bool:
    """Tell two names that the last vowel alone tells apart: Anna and Anne, Julia and Julio, Paul and Paula."""
    short, long = sorted((re.sub("ah$", "a", one), re.sub("ah$", "a", other)), key=len)
    if long[-1] not in "aeo" or short == long:
        return False
    return long[:-1] == short or (long[:-1] == short[:-1] and len(long) == len(short) and short[-1] in "aeo")


def slug(name: str) -> str:
    """Return a local id for a name.

    >>> slug("Natalya Sekretareva")
    'td:natalya-sekretareva'
    """
    return "td:" + re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")


class _Bearers(NamedTuple):
    """How many men and women bear a given name: office holders and usual names, and by the share in a census."""

    male: int
    female: int
    census_male: float
    census_female: float


@functools.cache
def _given_names() -> dict[str, _Bearers]:
    rows = (line.split("\t") for line in data.read_text("names.tsv").splitlines()[1:])
    return {name: _Bearers(int(m), int(f), float(cm), float(cf)) for name, m, f, cm, cf in rows}


def is_given(name: str) -> bool:
    """Tell whether a word is a usual given name: borne by more than two people of the tables.

    The census does not count: it knows women called "See" and men called "Long".

    >>> is_given("Angela"), is_given("Merkel")
    (True, False)
    """
    found = _given_names().get(fold(name))
    return found is not None and found.male + found.female > 2


def begins_with_given(name: str) -> bool:
    """Tell whether the first word of a name is a given name that anybody of the tables bears; see `is_given`.

    >>> begins_with_given("Angela Brown"), begins_with_given("Nordic Bank")
    (True, False)
    """
    words = fold(name).split()
    found = _given_names().get(words[0].strip(".")) if words else None
    return found is not None and found.male + found.female > 0


_MALE_TITLES = frozenset("mr mr. sir lord king prince imam father brother pope sheikh rabbi bishop".split())
_FEMALE_TITLES = frozenset("mrs mrs. ms ms. miss lady dame baroness queen princess sister madam madame".split())


def gender_of(name: str, before: str = "") -> float | None:
    """Return how likely a person's name is a man's (1) or a woman's (0), None when unknown.

    >>> gender_of("Sergei Ivanov") > 0.9, gender_of("Angela Brown") < 0.2, gender_of("Merkel", before="Mrs")
    (True, True, 0.02)
    """
    title = fold(before).strip()
    if title in _MALE_TITLES:
        return 0.98
    if title in _FEMALE_TITLES:
        return 0.02
    words = fold(name).split()
    if len(words) < 2 and before != "given":
        return None
    found = _given_names().get(words[0].strip(".")) if words else None
    if found is None:
        return None
    male, female = found.male + found.census_male, found.female + found.census_female
    return (male + 0.3) / (male + female + 0.6)

"""Stranded speakers: names that machine translation tore off their verb.

In: a passage and a draft whose speaker is a pronoun or an office. Out: the name that belongs to it.
Other languages put the speaker after the verb ("dijo ayer Ana Ruiz, alcaldesa"); translated word by word this becomes
"he said yesterday Ana Ruiz, mayor" or "he said. Ana Ruiz in the town hall."
"""

from __future__ import annotations

from typing import NamedTuple

from tidings.quotes.passage import Passage

__all__ = ["OFFICES", "Stranded", "find_stranded", "name_around"]

_PRONOUNS = frozenset({"he", "she", "it", "they"})
_FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
_NO_PERSON = frozenset(
    {"GPE", "NORP", "DATE", "TIME", "LOC", "FAC", "EVENT", "MONEY", "CARDINAL", "ORDINAL", "PERCENT"}
)
_LONGEST = 25
OFFICES = frozenset(
    (
        "activist adviser advisor ambassador analyst author candidate ceo chair chairman chairperson chairwoman "
        "chancellor chief coach coordinator deputy diplomat director doctor economist editor envoy expert founder "
        "governor head historian journalist judge lawyer leader manager mayor member minister negotiator officer "
        "official president professor prosecutor rapporteur representative researcher scientist secretary senator "
        "spokesman spokesperson spokeswoman teacher writer"
    ).split()
)


class Stranded(NamedTuple):
    """The head of a stranded name; `replaces` tells that the speaker's own words are a translator's invention."""

    token: int
    replaces: bool


def find_stranded(passage: Passage, cue: int, speaker: int, content_first: int) -> Stranded | None:
    """Return the name that machine translation parted from a speaker, None where the sentence is whole.

    Only reports that stand before their cue can lose a speaker that way.
    """
    p = passage
    if cue < 0 or speaker < 0 or content_first > cue or abs(speaker - cue) > 3:
        return None
    pronoun = p.lower[speaker] in _PRONOUNS
    if pronoun:
        name = _run_on_name(p, cue)
        if name is not None:
            return Stranded(name, replaces=True)
    first = _fragment(p, cue)
    if first is None:
        return None
    if pronoun and _is_name(p, first):
        return Stranded(_name_head(p, first), replaces=True)
    if p.pos[speaker] == "NOUN" and p.lower[first] == "of" and p.text[p.idx[first]].islower():
        name = _name_after_comma(p, first)
        return None if name is None else Stranded(name, replaces=False)
    return None


def name_around(passage: Passage, token: int) -> tuple[int, int]:
    """Return the name a token belongs to, without capitals that stand before it ("the BBC Ana Ruiz")."""
    p, first, last = passage, token, token
    while first and _is_name(p, first - 1) and p.unit[first - 1] == p.unit[token] and not _acronym(p, first - 1):
        first -= 1
    while last + 1 < len(p) and _is_name(p, last + 1) and p.unit[last + 1] == p.unit[token]:
        last += 1
    return first, last


def _acronym(p: Passage, token: int) -> bool:
    word = p.text[p.idx[token] : p.end[token]]
    return len(word) > 1 and word.isupper()


def _is_name(p: Passage, token: int) -> bool:
    return p.pos[token] == "PROPN" and p.ent[token] not in _NO_PERSON and p.text[p.idx[token]].isupper()


def _name_head(p: Passage, token: int) -> int:
    while token + 1 < len(p) and _is_name(p, token + 1) and p.unit[token + 1] == p.unit[token]:
        token += 1
    return token


def _fragment(p: Passage, cue: int) -> int | None:
    """Return the first token of the sentence after the cue's, when the cue ends its own and the next has no verb."""
    last = p.unit_bounds[p.unit[cue]][1]
    if last - cue > 3 or last + 1 >= len(p) or p.paragraph[last + 1] != p.paragraph[cue]:
        return None
    first, end = p.unit_bounds[p.unit[last + 1]]
    if end - first > _LONGEST or any(p.tag[i] in _FINITE or p.region[i] >= 0 for i in range(first, end + 1)):
        return None
    return first


def _name_after_comma(p: Passage, first: int) -> int | None:
    end = p.unit_bounds[p.unit[first]][1]
    for at in range(first + 1, end):
        if p.lower[at] == "," and _is_name(p, at + 1):
            return _name_head(p, at + 1)
    return None


def _run_on_name(p: Passage, cue: int) -> int | None:
    """Find "he said on the radio Ana Ruiz, mayor of the town": a name that no word joins to the phrase before it."""
    last = p.unit_bounds[p.unit[cue]][1]
    if any(p.tag[i] in _FINITE for i in range(cue + 1, last + 1)):
        return None
    for comma in range(cue + 3, last):
        if p.lower[comma] != "," or not _office_follows(p, comma, last) or not _is_name(p, comma - 1):
            continue
        first = comma - 1
        while first - 1 > cue and p.pos[first - 1] == "PROPN":
            first -= 1
        # What stands before the name may be written with capitals too: "on Radio 3 Ana Ruiz", "the BBC Ana Ruiz".
        while first < comma - 1 and _acronym(p, first):
            first += 1
        if comma - first >= 2 and p.pos[first - 1] in ("NOUN", "PROPN", "NUM") and first - 1 > cue:
            return comma - 1
    return None


def _office_follows(p: Passage, comma: int, last: int) -> bool:
    return any(p.lemma[i] in OFFICES for i in range(comma + 1, min(comma + 4, last + 1)))

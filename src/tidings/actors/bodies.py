"""Bodies spoken of by description: "the defence ministry", "the rebels", "the opposition", "the union".

In: the parse, a description and the mentions before it. Out: whose ministry or which group it means, or None.
It knows no offices and no persons.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tidings.actors import knowledge
from tidings.actors.casting import Part, Placed, Troupe
from tidings.actors.names import fold
from tidings.actors.reading import text_of
from tidings.text import Span

if TYPE_CHECKING:
    from spacy.tokens import Doc

__all__ = ["BODY_HEADS", "RULES", "agents", "government", "group", "last_body"]

Meant = tuple[Part, float, str]

_WITHIN = frozenset("in inside within across throughout around at".split())
BODY_HEADS = frozenset(
    (
        "organization organisation alliance bloc company firm agency group association party bank "
        "union body court club institution newspaper university watchdog militia movement"
    ).split()
)
_PRIVATE_HEADS = frozenset("company firm group association club party militia movement newspaper".split())
_PUBLIC = frozenset("COP GOV JUD LEG MIL SPY".split())
"""Sectors of bodies of state: no court is "the group", and no ministry "the company"."""
_NO_BODIES = frozenset(
    "accord accords act agreement amendment award awards bill championship constitution convention cup deal games law "
    "olympics pact prize protocol resolution treaty".split()
)
"""What a name ends in that is taken for a body's and is none: no party is meant by "the Political Funds Law"."""
_GROUPS = {
    "opposition": "OPP",
    "press": "JRN",
    "media": "JRN",
    "police": "COP",
    "army": "MIL",
    "military": "MIL",
    "parliament": "LEG",
    "protesters": "OPP",
    "rebels": "REB",
    "banks": "BUS",
    "companies": "BUS",
    "ministries": "GOV",
    "security forces": "MIL",
    "troops": "MIL",
    "soldiers": "MIL",
    "lawmakers": "LEG",
    "officials": "GOV",
    "militants": "REB",
    "prosecutors": "JUD",
}
_GOVERNMENTS = frozenset(
    (
        "government",
        "administration",
        "regime",
        "presidency",
        "authorities",
        "foreign ministry",
        "ministry of foreign affairs",
        "defence ministry",
        "defense ministry",
    )
)
RULES = frozenset(("government", "administration", "regime", "cabinet", "presidency"))
"""What is named after whoever heads it: "the Obama administration"."""
_POSSESSIVE = frozenset(("his", "her", "its", "their"))
_OWNED = re.compile(r"['’]s\s")
"""What belongs to somebody ("the country's nuclear agency") is told apart by that, and is not the last body named."""


def last_body(
    words: str, folded: str, head: str, country: str | None, before: Sequence[Placed], sentence: int
) -> Meant | None:
    """Return the organisation that "the agency" or "the union" takes up: the last one named, where it may be one."""
    if head not in BODY_HEADS or not folded.startswith(("the ", "this ")) or country or _OWNED.search(words):
        return None
    if any(word[0].isupper() for word in words.split()[1:-1]):
        return None  # "the M23 group" is not the last one named
    bodies = [
        p.part
        for p in before
        if p.part.type == "organisation"
        and p.form == "name"
        and sentence - p.sentence <= 4
        and p.part.sector != "JRN"
        and not (p.part.name.isupper() and p.part.sector is None)
        and not (head in _PRIVATE_HEADS and p.part.sector in _PUBLIC)
    ]
    return (bodies[-1], 0.6, "last organisation named") if bodies and not _is_other(head, bodies[-1]) else None


def _is_other(head: str, part: Part) -> bool:
    name = fold(part.name)
    if name.split()[-1:] and name.split()[-1] in _NO_BODIES:
        return True
    return head in ("court", "university", "bank", "newspaper", "union") and head not in name


def government(
    doc: Doc,
    span: Span,
    head: str,
    country: str | None,
    troupe: Troupe,
    before: Sequence[Placed],
    placed: Sequence[Placed],
    sentence: int,
) -> Meant | None:
    """Return the government that "the authorities", "its foreign ministry" or "the Assad regime" means."""
    words = span.of(text_of(doc))
    folded = fold(words).strip()
    # A ministry whose country is not said is only taken for one where it deals with other countries.
    ministry = head == "ministry" and country is not None
    if not ministry and not {head, " ".join(folded.split()[-2:])} & (_GOVERNMENTS | {"cabinet"}):
        return None
    heads = [p.part for p in placed if p.part.type == "person" and p.part.kind]
    own = country or (heads[0].country if heads and head in RULES else None)
    named = next((word for word in words.split()[1:-1] if word[0].isupper()), None)
    if own is None and named is not None:  # "the Assad regime" is never that of the country named last
        own = _ruled_by(named, troupe.day)
    elif own is None and head != "cabinet":
        own = _whose(doc, folded, head, span, before, sentence)
        acting = {p.part.country for p in agents(doc, span, before) if p.form != "adjective"}
        if own in acting and folded.startswith("the "):
            own = None  # "France called on the authorities" is not said of its own
    return (troupe.government(own), 0.85 if country else 0.6, "government of the country named") if own else None


def _whose(doc: Doc, folded: str, head: str, span: Span, before: Sequence[Placed], sentence: int) -> str | None:
    """Return the country of "his administration", "the administration" (of the United States), "the government"."""
    first = folded.split()[0]
    if first in _POSSESSIVE:
        owner = next((p.part for p in reversed(before) if p.start == span.start and p.form == "pronoun"), None)
        return owner.country if owner else None
    if head == "administration":
        return "USA" if any(p.part.country == "USA" for p in before) else None
    return _near_country(doc, before, sentence)


def _ruled_by(surname: str, day: str | None) -> str | None:
    """Return the country that bearers of a surname lead on the day, or else led before: "the Obama administration"."""
    day = day or knowledge.RECENT
    offices = [
        (who.country, office)
        for who in knowledge.people_of_surname(surname)
        for office in who.offices
        if knowledge.head_class(office.title)
    ]
    found = {country for country, office in offices if knowledge.valid(office, day)}
    found = found or {country for country, office in offices if office.start <= day}
    return found.pop() if len(found) == 1 else None


def group(
    doc: Doc, folded: str, head: str, country: str | None, troupe: Troupe, before: Sequence[Placed], sentence: int
) -> Meant | None:
    """Return the group that "the opposition", "Danish troops" or "the rebels" means."""
    sector = _GROUPS.get(" ".join(folded.split()[-2:])) or _GROUPS.get(head)
    if sector is None or not (folded.startswith(("the ", "western ")) or country):
        return None
    if country:
        return troupe.group(head, country, sector), 0.6, "a group of the country named"
    name = folded.removeprefix("the ")
    if sector == "REB":
        return _rebels(troupe, before, name)
    same = {p.part.id: p.part for p in before if p.part.type == "group" and p.part.name == name}
    if len(same) == 1:  # of two oppositions nobody knows which is meant
        return next(iter(same.values())), 0.6, "the only such group named"
    own = None if folded.startswith("western ") else _near_country(doc, before, sentence)
    return troupe.group(name, own, sector), 0.6, "a group of the country named"


def _rebels(troupe: Troupe, before: Sequence[Placed], name: str) -> Meant:
    """Return "the rebels": the only armed group named so far, else nobody's; a country near may be their enemy."""
    armed = {p.part.id: p.part for p in before if p.part.sector in ("REB", "PRM") and p.part.type != "person"}
    if len(armed) == 1:
        return next(iter(armed.values())), 0.6, "the only armed group named"
    return troupe.group(name, None, "REB"), 0.6, "an armed group"


def _near_country(doc: Doc, before: Sequence[Placed], sentence: int) -> str | None:
    """Return the country last spoken of, or the one that acts in the sentence.

    None where the sentence plays at a place in another country: whose ministry it is is open.
    """
    near = [
        p for p in before if p.part.type in ("country", "government") and p.part.country and sentence - p.sentence <= 2
    ]
    if not near:
        return None
    acting = {p.part.country for p in near if p.sentence == sentence and _acts(doc, p)}
    country = acting.pop() if len(acting) == 1 else near[-1].part.country
    places = [p.part.country for p in before if p.sentence == sentence and p.part.type == "place" and p.part.country]
    return None if near[-1].sentence < sentence and any(place != country for place in places) else country


def _acts(doc: Doc, placed: Placed) -> bool:
    """Tell the subject of a sentence's first clause, or whose it is: "Chad closed", "Chad's army closed"."""
    marked = doc.char_span(placed.start, placed.end, alignment_mode="expand")
    if marked is None or not len(marked):
        return False
    word = marked.root
    if word.dep_ in ("poss", "compound", "amod"):
        word = word.head
    verb = word.head
    if word.dep_ not in ("nsubj", "nsubjpass"):
        return False
    # A verb that the parse takes for a modifier of its object stands first all the same.
    return verb.dep_ in ("ROOT", "amod") or (verb.dep_ == "ccomp" and verb.i < verb.head.i)


def agents(doc: Doc, span: Span, before: Sequence[Placed]) -> list[Placed]:
    """Return those named in the subject of the verb whose object this is: "Oslo invaded the country", another one.

    Principle B of the binding theory (Chomsky 1981), for objects and what a preposition other than of place ties to
    the verb; "Norway has doctors in the country" may speak of Norway.
    """
    marked = doc.char_span(span.start, span.end, alignment_mode="expand")
    if marked is None or not len(marked):
        return []
    root = marked.root
    if root.dep_ == "pobj" and root.head.dep_ == "prep" and root.head.lower_ not in _WITHIN:
        verb = root.head.head
        verb = verb.head if verb.dep_ == "dobj" else verb  # "has no relations with the country"
    elif root.dep_ in ("dobj", "dative"):
        verb = root.head
    else:
        return []
    for _ in range(3):
        subjects = [child for child in verb.children if child.dep_ == "nsubj"]
        if subjects or verb.dep_ != "conj":
            starts = {token.idx for one in subjects for token in doc[one.left_edge.i : one.i + 1]}
            return [one for one in before if one.start in starts]
        verb = verb.head
    return []

"""The trigger table: which words may tell an act, in which company, and which words turn what they govern.

In: a token. Out: its sense, its operator classes.
It builds no acts.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tidings.data import read_text
from tidings.events.agents import actor_kind, agent_kind
from tidings.events.clause import is_passive, members, objects, preposition_objects, subjects

if TYPE_CHECKING:
    from spacy.tokens import Token

__all__ = ["RENEWING", "Sense", "is_weapon", "operators_of", "reproaches", "sense_of"]

RENEWING = frozenset("agree extend prolong tighten widen toughen reimpose expand renew".split())
"""Verbs that say nothing but that sanctions go on: "agreed a package of sanctions", "voted to extend the embargo"."""
_CONTENT = frozenset({"VERB", "NOUN", "ADJ", "PROPN", "AUX"})
_ARMS = frozenset("tank missile weapon artillery submarine carrier radar rocket battery unit fleet squadron".split())
_SHOTS = frozenset("shell bullet bomb mine grenade mortar gunfire shelling warhead projectile munition".split())
_THINGS = {
    "ties": frozenset("relation relationship tie link contact".split()),
    "embassy": frozenset({"embassy", "consulate", "mission"}),
    "trade": frozenset("import export trade shipment flight visa".split()),
    "territory": frozenset(
        "village town city area base settlement airport island district hill stronghold territory outpost crossing "
        "neighbourhood neighborhood".split()
    ),
    "motion": frozenset(
        "resolution bill motion law legislation measure amendment nomination appointment proposal reform budget treaty "
        "vote candidacy deal agreement accord merger referendum".split()
    ),
    "missiles": frozenset("stone rock bottle bomb molotov cocktail brick firebomb grenade object projectile".split()),
    "licence": frozenset("registration licence license permit accreditation status".split()),
    "assets": frozenset("asset account fund holding".split()),
}
_UNLAWFUL = frozenset("illegal unlawful unconstitutional invalid void inadmissible".split())
_LODGING = frozenset("lodge file submit make deliver register convey hand send".split())
_LABOUR = frozenset("general rail tube hunger pilot teacher labour labor wildcat nationwide sympathy walkout".split())
_STRIKING = frozenset("go be stay remain call stage begin start threaten end continue hold".split())
_TAKING = frozenset({"take", "gain", "wrest", "regain", "retake"})
_AIMS = ("into", "in", "toward", "towards", "over")
_SEAS = frozenset({"sea", "ocean", "water", "waters", "space", "orbit"})
_UNKNOWNS = frozenset("involvement role possibility link connection cause motive terrorism error failure".split())
"""What an inquiry rules out: to do so is no refusal."""
_FIGURES = frozenset({"gap", "eye", "door", "rank", "chapter", "book", "deal", "distance"})
"""What is closed in a manner of speaking."""
_PEOPLE = ("office", "crowd", "force", "PERSON", "PRON", "NORP")


@dataclass(frozen=True, slots=True)
class Sense:
    """One row of the trigger table."""

    word: str
    pos: str
    type: str
    mode: str
    cameo: str
    frame: tuple[str, ...]
    weight: int
    needs: str = ""


@functools.cache
def _senses() -> dict[tuple[str, str], tuple[Sense, ...]]:
    table: dict[tuple[str, str], tuple[Sense, ...]] = {}
    for line in read_text("events_triggers.tsv").splitlines()[1:]:
        word, pos, kind, mode, cameo, frame, weight, needs = line.split("\t")
        sense = Sense(word, pos, kind, mode, cameo, tuple(frame.split("|")), int(weight), needs)
        table[word, pos] = (*table.get((word, pos), ()), sense)
    return table


@functools.cache
def _operators() -> dict[str, frozenset[str]]:
    table: dict[str, frozenset[str]] = {}
    for line in read_text("events_operators.tsv").splitlines()[1:]:
        word, classes = line.split("\t")
        table[word] = frozenset(classes.split())
    return table


@functools.cache
def reproaches() -> frozenset[str]:
    """Return the words that blame whom they are said of."""
    return frozenset(read_text("events_reproaches.tsv").splitlines()[1:])


def _lemmas(token: Token, pos: str) -> Iterable[str]:
    lemma = token.lemma_.lower()
    if pos == "v":
        particles = [c for c in token.children if c.dep_ == "prt" or (c.dep_ == "prep" and _is_next(token, c))]
        yield from (f"{lemma}_{particle.lower_}" for particle in particles)
        if token.i >= 2 and token.doc[token.i - 1].text == "-":
            yield f"{token.doc[token.i - 2].lower_}-{lemma}"
    elif pos == "n" and token.i >= 1:
        left = token.doc[token.i - 1]
        yield f"{left.lower_}_{lemma}"
        if left.text == "-" and token.i >= 2:
            yield f"{token.doc[token.i - 2].lower_}-{lemma}"
    yield lemma
    if lemma.endswith("s") and len(lemma) > 4:
        yield lemma[:-1]


def _is_next(verb: Token, preposition: Token) -> bool:
    """Tell "work with", "work closely with" from "work at home with"."""
    between = verb.doc[verb.i + 1 : preposition.i]
    return verb.i < preposition.i and len(between) <= 2 and all(token.pos_ == "ADV" for token in between)


def is_weapon(noun: Token) -> bool:
    """Tell arms and what they fire from other things.

    >>> from tidings.syntax import parse
    >>> [is_weapon(token) for token in parse("Rockets fell")]
    [True, False]
    """
    return noun.lemma_.lower() in _ARMS | _SHOTS


def sense_of(token: Token) -> Sense | None:
    """Return what the trigger table says of a token, by its part of speech."""
    if token.pos_ not in _CONTENT:
        return None
    verbal = token.pos_ in ("VERB", "AUX") or token.tag_ in ("VBN", "VBD", "VBG")
    pos = "v" if verbal else "a" if token.pos_ == "ADJ" else "n"
    table = _senses()
    for word in _lemmas(token, pos):
        for sense in table.get((word, pos), ()):
            if not sense.needs or _has_needed(token, sense.needs):
                return sense
        if (word, pos) in table:
            return None
    return None


_NO_GOODS = frozenset(
    """reason hour day minute week month time chance detail speech interview answer way place sense idea view example
    reply look lesson warning voice birth thank thanks credit name number
    evidence testimony ultimatum deadline order opinion
    account statement letter message email survey questionnaire invitation greeting regards delegation envoy
    representative blessing nod notice advice hint signal impression rise priority pause shot
    say vote right power authority veto access look pass edge advantage boost hope photograph photo picture
    video""".split()
)
"""What can be given, sent or offered and helps nobody: "gave them 48 hours", "gave the senators a reason"."""


def _has_needed(token: Token, needs: str) -> bool:
    """Tell whether a word with several senses stands in the company one of them needs."""
    if needs == "to":
        # "Is expected to come" foretells and asks for nothing.
        return not (token.lemma_ == "expect" and is_passive(token)) and any(
            child.dep_ in ("xcomp", "ccomp", "advcl")
            and any(mark.lower_ == "to" for mark in child.lefts)
            and not any(mark.tag_.startswith("W") for mark in child.lefts)
            for child in token.children
        )
    if needs == "that":
        return any(child.dep_ == "ccomp" and child.i > token.i for child in token.children)
    if needs == "guilty":
        return any(word.lower_ == "guilty" for child in token.children for word in (child, *child.children))
    if needs == "taken":
        return token.dep_ == "dobj" and token.head.lemma_ in _TAKING
    if needs == "joint":
        return any(child.dep_ == "amod" and child.lower_ == "joint" for child in token.children)
    if needs == "pullout":
        leaving = any(agent_kind(noun) == "force" for noun in subjects(token))
        return leaving and any(noun.ent_type_ == "GPE" for noun in objects(token))
    if needs.startswith("+"):
        return any(child.dep_ == "prep" and child.lower_ in needs[1:].split("/") for child in token.children)
    if needs == "labour":
        return _is_labour(token)
    if needs == "lodged":
        return token.dep_ == "dobj" and token.head.lemma_ in _LODGING
    if needs == "unlawful":
        return any(
            (c.dep_ in ("oprd", "acomp", "xcomp", "attr") or (c.dep_ in ("ccomp", "dobj") and c.pos_ == "ADJ"))
            and c.lemma_.lower() in _UNLAWFUL
            for c in token.children
        )
    if needs == "reproach":
        said = [c for c in token.children if c.dep_ in ("oprd", "xcomp", "acomp")]
        said += [below for c in token.children if c.dep_ == "prep" and c.lower_ == "as" for below in c.children]
        return any(word.lemma_.lower() in reproaches() for one in said for word in (one, *one.children))
    if needs == "journey":
        return _is_journey(token)
    if needs == "armed":
        return any(_is_armed(noun) for noun in [*subjects(token), *preposition_objects(token, "with")])
    if needs == "hackers":
        return any(noun.lemma_.lower() in ("hacker", "cyberattack", "ransomware") for noun in subjects(token))
    if needs == "diplomatic":
        return bool(objects(token)) and any(actor_kind(noun) in ("GPE", "ORG", "body") for noun in subjects(token))
    done_to = objects(token) if token.pos_ in ("VERB", "AUX", "ADJ") else preposition_objects(token, "of")
    kinds = [actor_kind(noun) for noun in done_to]
    if needs == "people":
        return any(kind in _PEOPLE for kind in kinds)
    if needs == "party":
        return not done_to or any(kind != "-" for kind in kinds)
    if needs == "actor":
        return any(kind != "-" for kind in kinds) or any(_is_owned(noun) for noun in done_to)
    if needs == "course":
        return not any(noun.lemma_.lower() in _UNKNOWNS for noun in done_to)
    if needs == "pair":
        return _is_pair(token)
    if needs == "sea":
        ties = [token, *done_to]
        aims = [noun for tie in ties for word in _AIMS for noun in preposition_objects(tie, word)]
        return any(is_weapon(noun) for noun in done_to) and any(noun.lemma_.lower() in _SEAS for noun in aims)
    if needs in _THINGS:
        return any(noun.lemma_.lower() in _THINGS[needs] for noun in done_to)
    if needs == "alliance":
        joining = [actor_kind(noun) for noun in subjects(token)]
        return "GPE" in joining and any(noun.ent_type_ in ("ORG", "GPE") for noun in done_to)
    if needs == "state":
        return any(kind in ("GPE", "ORG", "body") for kind in kinds)
    if needs == "force":
        return "force" in kinds or any(noun.lemma_.lower() in _ARMS for noun in done_to)
    if needs == "goods":
        return any(
            kind == "-" and noun.lemma_.lower() not in _NO_GOODS for kind, noun in zip(kinds, done_to, strict=True)
        )
    return needs == "thing" and "-" in kinds and not any(noun.lemma_.lower() in _FIGURES for noun in done_to)


def _is_pair(verb: Token) -> bool:
    """Tell "the two ministers spoke by phone" and "A and B spoke about trade" from "A and B spoke at a fair"."""
    speakers = [member for noun in subjects(verb) for member in members(noun)]
    if len(speakers) < 2 or any(actor_kind(noun) not in ("PERSON", "GPE", "office") for noun in speakers):
        return False
    if preposition_objects(verb, "about"):
        return True
    means = [noun for word in ("by", "on", "over") for noun in preposition_objects(verb, word)]
    return any(noun.lemma_.lower() in ("phone", "telephone") for noun in means)


def _is_labour(strike: Token) -> bool:
    """Tell "went on strike", "a general strike" and "the miners' strike" from a strike on a town."""
    if any(child.dep_ in ("amod", "compound") and child.lower_ in _LABOUR for child in strike.children):
        return True
    holders = [child for child in strike.children if child.dep_ in ("poss", "compound", "nmod")]
    if any(actor_kind(holder) == "crowd" for holder in holders):
        return True
    return strike.dep_ == "pobj" and strike.head.lower_ == "on" and strike.head.head.lemma_ in _STRIKING


def _is_journey(verb: Token) -> bool:
    """Tell the journey of somebody in office to a country or its capital."""
    goers = [actor_kind(noun) for noun in subjects(verb)] or [actor_kind(noun) for noun in objects(verb.head)]
    return any(kind in ("office", "PERSON") for kind in goers) and any(
        noun.ent_type_ == "GPE" for word in ("to", "in") for noun in preposition_objects(verb, word)
    )


def _is_armed(noun: Token) -> bool:
    """Tell what strikes with arms: forces, weapons, an attack."""
    return agent_kind(noun) == "force" or is_weapon(noun) or noun.lemma_.lower() in ("attack", "strike", "raid")


def _is_owned(noun: Token) -> bool:
    """Tell "the enemy's fleet", "Danish ships": things that stand for whose they are."""
    return any(child.dep_ == "poss" and child.ent_type_ in ("GPE", "NORP", "ORG") for child in noun.children)


def operators_of(token: Token) -> frozenset[str]:
    """Return the operator classes of a verb, such as LIFT for "ease"."""
    if token.pos_ not in ("VERB", "AUX", "NOUN", "ADJ"):
        return frozenset()
    table = _operators()
    for word in _lemmas(token, "v"):
        if word in table:
            return table[word]
    return frozenset()

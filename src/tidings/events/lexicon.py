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
from tidings.events.agents import actor_kind
from tidings.events.clause import members, objects, preposition_objects, subjects

if TYPE_CHECKING:
    from spacy.tokens import Token

__all__ = ["Sense", "operators_of", "sense_of"]

_CONTENT = frozenset({"VERB", "NOUN", "ADJ", "PROPN", "AUX"})
_ARMS = frozenset("tank missile weapon artillery submarine carrier radar rocket battery unit fleet squadron".split())
_UNKNOWNS = frozenset("involvement role possibility link connection cause motive terrorism error failure".split())
"""What an inquiry rules out: to do so is no refusal."""
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


def _lemmas(token: Token, pos: str) -> Iterable[str]:
    lemma = token.lemma_.lower()
    if pos == "v":
        particles = [c for c in token.children if c.dep_ == "prt" or (c.dep_ == "prep" and c.i == token.i + 1)]
        yield from (f"{lemma}_{particle.lower_}" for particle in particles)
    elif pos == "n" and token.i >= 1:
        left = token.doc[token.i - 1]
        yield f"{left.lower_}_{lemma}"
        if left.text == "-" and token.i >= 2:
            yield f"{token.doc[token.i - 2].lower_}-{lemma}"
    yield lemma
    if lemma.endswith("s") and len(lemma) > 4:
        yield lemma[:-1]


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
    reply look lesson warning voice birth thanks credit name number evidence testimony ultimatum deadline order opinion
    account statement blessing nod notice advice hint signal impression rise priority pause shot""".split()
)
"""What can be given, sent or offered and helps nobody: "gave them 48 hours", "gave the senators a reason"."""


def _has_needed(token: Token, needs: str) -> bool:
    """Tell whether a word with several senses stands in the company one of them needs."""
    if needs == "to":
        return any(
            child.dep_ in ("xcomp", "ccomp", "advcl")
            and any(mark.lower_ == "to" for mark in child.lefts)
            and not any(mark.tag_.startswith("W") for mark in child.lefts)
            for child in token.children
        )
    if needs.startswith("+"):
        return any(child.dep_ == "prep" and child.lower_ in needs[1:].split("/") for child in token.children)
    done_to = objects(token) if token.pos_ in ("VERB", "AUX", "ADJ") else preposition_objects(token, "of")
    kinds = [actor_kind(noun) for noun in done_to]
    if needs == "people":
        return any(kind in _PEOPLE for kind in kinds)
    if needs == "actor":
        return any(kind != "-" for kind in kinds) or any(_is_owned(noun) for noun in done_to)
    if needs == "course":
        return not any(noun.lemma_.lower() in _UNKNOWNS for noun in done_to)
    if needs == "pair":
        return _is_pair(token)
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
    return needs == "thing" and "-" in kinds


def _is_pair(verb: Token) -> bool:
    """Tell "the two ministers spoke by phone" and "A and B spoke about trade" from "A and B spoke at a fair"."""
    speakers = [member for noun in subjects(verb) for member in members(noun)]
    if len(speakers) < 2 or any(actor_kind(noun) not in ("PERSON", "GPE", "office") for noun in speakers):
        return False
    if preposition_objects(verb, "about"):
        return True
    means = [noun for word in ("by", "on", "over") for noun in preposition_objects(verb, word)]
    return any(noun.lemma_.lower() in ("phone", "telephone") for noun in means)


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

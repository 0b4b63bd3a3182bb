"""The trigger table: which words may tell an act, and which words turn what they govern.

In: a token. Out: its sense, its operator classes.
It builds no acts.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tidings.data import read_text
from tidings.events.company import has_company

if TYPE_CHECKING:
    from spacy.tokens import Token

__all__ = ["RENEWING", "Sense", "operators_of", "sense_of"]

RENEWING = frozenset("agree extend prolong tighten widen toughen reimpose expand renew".split())
"""Verbs that say nothing but that sanctions go on: "agreed a package of sanctions", "voted to extend the embargo"."""
_CONTENT = frozenset({"VERB", "NOUN", "ADJ", "PROPN", "AUX"})


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
        particles = [c for c in token.children if c.dep_ == "prt" or (c.dep_ == "prep" and _is_next(token, c))]
        yield from (f"{lemma}_{particle.lower_}" for particle in particles)
        if token.i >= 2 and token.doc[token.i - 1].text == "-":
            yield f"{token.doc[token.i - 2].lower_}-{lemma}"
    elif pos == "n" and token.i >= 1:
        left = token.doc[token.i - 1]
        yield f"{left.lower_}_{lemma}"
        if left.text == "-" and token.i >= 2:
            yield f"{token.doc[token.i - 2].lower_}-{lemma}"
        if token.i + 2 < len(token.doc) and token.nbor(1).lower_ == "of":
            yield f"{lemma}_of_{token.nbor(2).lower_}"
    yield lemma
    if lemma.endswith("s") and len(lemma) > 4:
        yield lemma[:-1]


def _is_next(verb: Token, preposition: Token) -> bool:
    """Tell "work with", "work closely with" from "work at home with"."""
    between = verb.doc[verb.i + 1 : preposition.i]
    return verb.i < preposition.i and len(between) <= 2 and all(token.pos_ == "ADV" for token in between)


def sense_of(token: Token) -> Sense | None:
    """Return what the trigger table says of a token, by its part of speech."""
    if token.pos_ not in _CONTENT:
        return None
    verbal = token.pos_ in ("VERB", "AUX") or token.tag_ in ("VBN", "VBD", "VBG")
    pos = "v" if verbal else "a" if token.pos_ == "ADJ" else "n"
    table = _senses()
    for word in _lemmas(token, pos):
        for sense in table.get((word, pos), ()):
            if not sense.needs or has_company(token, sense.needs):
                return sense
        if (word, pos) in table:
            return None
    return None


def operators_of(token: Token) -> frozenset[str]:
    """Return the operator classes of a verb, such as LIFT for "ease"."""
    if token.pos_ not in ("VERB", "AUX", "NOUN", "ADJ"):
        return frozenset()
    table = _operators()
    for word in _lemmas(token, "v"):
        if word in table:
            return table[word]
    return frozenset()

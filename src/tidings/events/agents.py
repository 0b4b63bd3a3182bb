"""Nouns that name who can act in politics, and those that name their arms.

In: a noun. Out: its kind: office, body, force or crowd.
It knows no names; those come with the cast.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from tidings.data import read_text

if TYPE_CHECKING:
    from spacy.tokens import Token

__all__ = ["actor_kind", "agent_kind", "agents", "is_arm", "is_count", "is_weapon"]

_ARMS = frozenset("tank missile weapon artillery submarine carrier radar rocket battery unit fleet squadron".split())
_SHOTS = frozenset("shell bullet bomb mine grenade mortar gunfire shelling warhead projectile munition drone".split())


@functools.cache
def agents() -> dict[str, str]:
    """Return the nouns that name political actors, with their kinds."""
    table: dict[str, str] = {}
    for line in read_text("events_agents.tsv").splitlines()[1:]:
        word, kind = line.split("\t")
        table[word] = kind
    return table


def agent_kind(token: Token) -> str | None:
    """Return the kind of actor a noun names, None for none: "a force" and "forces" act, "to use force" has no actor."""
    described = any(child.dep_ in ("det", "poss", "amod", "compound") for child in token.children)
    if token.lower_ == "force" and not described:
        return None
    word = token.lemma_.lower()
    if token.pos_ == "PROPN" and token.is_sent_start:  # "Rebels" that open a sentence are taken for a name
        word = word.removesuffix("s") if word not in agents() else word
    return agents().get(word)


def actor_kind(token: Token) -> str:
    """Tell what kind of actor a word is: office, body, force or crowd, a kind of name, PRON, or "-" for a thing."""
    kind = agent_kind(token)
    if kind is None and token.pos_ == "PRON" and token.lower_ not in ("it", "that", "this", "which", "what"):
        return "PRON"
    if kind is None and token.ent_type_ in ("GPE", "NORP", "ORG", "PERSON"):
        return token.ent_type_
    return kind or "-"


def is_count(noun: Token) -> bool:
    """Tell numbers that stand for people where they do something: "tens of thousands marched"."""
    return noun.lemma_.lower() in ("dozen", "hundred", "thousand", "million")


def is_arm(noun: Token) -> bool:
    """Tell what a force is armed with, and its parts: a tank, a fleet."""
    return noun.lemma_.lower() in _ARMS


def is_weapon(noun: Token) -> bool:
    """Tell arms and what they fire from other things.

    >>> from tidings.syntax import parse
    >>> [is_weapon(token) for token in parse("Rockets fell")]
    [True, False]
    """
    return is_arm(noun) or noun.lemma_.lower() in _SHOTS

"""Nouns that name who can act in politics.

In: a noun. Out: its kind: office, body, force or crowd.
It knows no names; those come with the cast.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from tidings.data import read_text

if TYPE_CHECKING:
    from spacy.tokens import Token

__all__ = ["actor_kind", "agent_kind", "agents"]


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
    return agents().get(token.lemma_.lower())


def actor_kind(token: Token) -> str:
    """Tell what kind of actor a word is: office, body, force or crowd, a kind of name, PRON, or "-" for a thing."""
    kind = agent_kind(token)
    if kind is None and token.pos_ == "PRON" and token.lower_ not in ("it", "that", "this", "which", "what"):
        return "PRON"
    if kind is None and token.ent_type_ in ("GPE", "NORP", "ORG", "PERSON"):
        return token.ent_type_
    return kind or "-"

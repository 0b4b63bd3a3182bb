"""The grammar of a clause: whose verb it is, what it governs, and how far a noun phrase reaches.

In: spaCy tokens of the shared parse. Out: tokens and spans.
It knows no event types and no actors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidings.events.agents import actor_kind
from tidings.text import Span

if TYPE_CHECKING:
    from spacy.tokens import Token

__all__ = ["is_passive", "members", "objects", "phrase", "preposition_objects", "referent", "subjects"]

_SUBJECT = frozenset({"nsubj", "csubj"})
_PASSIVE = frozenset({"nsubjpass", "csubjpass"})
_RELATIVE = frozenset({"who", "which", "that", "whom"})
_COUNTING = frozenset(
    "thousand hundred dozen million score number group majority minority most some one two three several many few part "
    "member rest half scores lot handful series round couple pair wave all none each both any band team".split()
)
_SETTLEMENTS = frozenset("town city village port district province region island state governorate".split())
_OBJECT_CONTROL = frozenset(
    "urge ask order tell force allow request demand call push press want persuade help invite expect compel let make "
    "permit direct instruct pressure require see accuse lead get cause enable encourage send warn".split()
)
_BARE = frozenset({"help", "let", "make", "see"})
"""Verbs whose infinitive goes without "to": "helped the town rebuild"."""
_DEEP = 6
"""How far subjects are sought upwards: deeper chains are parser slips."""


def is_passive(verb: Token) -> bool:
    """Tell whether a verb form is passive, with or without its auxiliary."""
    if any(child.dep_ in ("auxpass", "nsubjpass", "csubjpass") for child in verb.children):
        return True
    return verb.tag_ == "VBN" and verb.dep_ in ("acl", "relcl") and not any(c.dep_ == "aux" for c in verb.children)


def members(head: Token) -> list[Token]:
    """Return a noun with the nouns joined to it by "and" or a comma, in text order."""
    found, waiting = [head], [head]
    while waiting and len(found) < 12:
        for child in waiting.pop().children:
            if child.dep_ == "conj" and child.pos_ in ("NOUN", "PROPN", "PRON", "NUM", "ADJ"):
                found.append(child)
                waiting.append(child)
    return sorted(set(found), key=lambda token: token.i)


def _antecedent(pronoun: Token) -> Token:
    """Return the noun a relative clause hangs on; "who" asks for somebody, who stands just before it."""
    noun = pronoun.head.head
    if pronoun.lower_ not in ("who", "whom") or actor_kind(noun) != "-":
        return noun
    before = pronoun.doc[max(0, pronoun.i - 4) : pronoun.i]
    return next((token for token in reversed(list(before)) if actor_kind(token) != "-"), noun)


def referent(token: Token) -> Token:
    """Return the noun meant: what "who" stands for, what "thousands of" counts, "the town of" names, else the token."""
    if token.lower_ in _RELATIVE and token.head.dep_ == "relcl":
        token = _antecedent(token)
    if token.lemma_.lower() in _SETTLEMENTS and token.ent_type_ == "":
        for child in token.children:
            if child.dep_ == "prep" and child.lower_ == "of":
                return next((noun for noun in child.children if noun.dep_ == "pobj" and noun.pos_ == "PROPN"), token)
    if token.lemma_.lower() in _COUNTING:
        for child in token.children:
            if child.dep_ == "prep" and child.lower_ == "of":
                return next((noun for noun in child.children if noun.dep_ == "pobj"), token)
    return token


def _own_subjects(verb: Token, kinds: frozenset[str]) -> list[Token]:
    return [referent(child) for child in verb.children if child.dep_ in kinds]


def subjects(verb: Token) -> list[Token]:
    """Return who does what the verb says: its agent when passive, else its subject, sought up the chain of verbs."""
    if is_passive(verb):
        return preposition_objects(verb, "by")
    return _climb(verb, 0)


def _climb(verb: Token, depth: int) -> list[Token]:
    own = _own_subjects(verb, _SUBJECT)
    if own or depth > _DEEP:
        return own
    head = verb.head
    if verb.dep_ == "acl" and verb.tag_ == "VBG":
        return [head]
    if verb.dep_ == "acl" and verb.tag_ == "VB":
        return _holder(head, depth)
    if verb.dep_ == "relcl":
        return []
    if verb.dep_ == "acomp" and head.pos_ in ("VERB", "AUX"):
        return _surface(head, depth + 1)
    if verb.dep_ in ("xcomp", "ccomp") and head.pos_ in ("VERB", "AUX", "ADJ"):
        control = objects(head) if head.lemma_ in _OBJECT_CONTROL else []
        return control or _surface(head, depth + 1)
    if verb.dep_ == "pcomp":
        governor = head.head
        if governor.pos_ in ("VERB", "AUX", "ADJ"):
            return objects(governor) or _surface(governor, depth + 1)
        return _holder(governor, depth)
    if verb.dep_ in ("conj", "advcl", "dep", "parataxis") and head.pos_ in ("VERB", "AUX", "NOUN"):
        return _surface(head, depth + 1) if head.pos_ != "NOUN" else []
    return []


def _surface(verb: Token, depth: int) -> list[Token]:
    """Return the subject a reader hears, active or passive."""
    own = _own_subjects(verb, _PASSIVE | _SUBJECT)
    return own or _climb(verb, depth)


def _holder(noun: Token, depth: int) -> list[Token]:
    """Return whose noun it is: its possessor, else the subject of the verb it is the object of."""
    own = [child for child in noun.children if child.dep_ == "poss"]
    if own or depth > _DEEP:
        return own
    if noun.dep_ in ("dobj", "attr") and noun.head.pos_ in ("VERB", "AUX"):
        return _surface(noun.head, depth + 1)
    return []


def objects(verb: Token) -> list[Token]:
    """Return what a verb is done to: its objects when active, its subject when passive."""
    if is_passive(verb):
        own = _own_subjects(verb, _PASSIVE)
        if own:
            return own
        if verb.dep_ in ("acl", "relcl"):
            return [verb.head]
        if verb.dep_ in ("conj", "xcomp") and verb.head.pos_ in ("VERB", "AUX"):
            return _own_subjects(verb.head, _PASSIVE | _SUBJECT)
        return []
    found = [
        referent(child) for child in verb.children if child.dep_ in ("dobj", "dative", "oprd") and child.pos_ != "ADP"
    ]
    return found or _controlled(verb)


def _controlled(verb: Token) -> list[Token]:
    """Return whom "allowed the inspectors to enter" is done to: the parse makes them the subject of the infinitive."""
    if verb.lemma_ not in _OBJECT_CONTROL:
        return []
    for child in verb.children:
        bare = verb.lemma_ in _BARE and child.tag_ == "VB"
        if child.dep_ == "ccomp" and (bare or any(part.lower_ == "to" and part.dep_ == "aux" for part in child.lefts)):
            return _own_subjects(child, _SUBJECT | _PASSIVE)
    return []


def preposition_objects(head: Token, word: str) -> list[Token]:
    """Return the nouns a preposition ties to a verb or noun."""
    found: list[Token] = []
    for child in head.children:
        if child.dep_ in ("prep", "dative", "agent") and child.lower_ == word:
            found.extend(referent(noun) for noun in child.children if noun.dep_ == "pobj")
    return found


def phrase(head: Token, *, whole: bool = False) -> Span:
    """Return the characters of a noun phrase: without its clauses, or whole up to them.

    Short form: determiners, modifiers and names to the left; long form also the prepositional phrases to the right.
    """
    keep = {"det", "amod", "compound", "nummod", "poss", "nmod", "quantmod", "predet", "advmod", "case", "npadvmod"}
    if whole:
        keep |= {"prep", "pobj", "conj", "cc", "appos", "punct"}
    first = last = head
    waiting = [head]
    while waiting:
        token = waiting.pop()
        first = token if token.i < first.i else first
        last = token if token.i > last.i else last
        waiting.extend(
            child
            for child in token.children
            if child.dep_ in keep
            and (whole or child.ent_type_ not in ("DATE", "TIME"))
            and not (child.dep_ == "case" and child.head == head)
        )
    return Span(first.idx, last.idx + len(last.text))

"""Acts within acts: what an accusation, promise or refusal takes up is no act of its own.

In: the candidates of a sentence. Out: those that stand for themselves, with what their content adds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from tidings.events.agents import actor_kind
from tidings.events.candidate import Candidate
from tidings.events.clause import is_set_before, members, objects, preposition_objects, subjects
from tidings.events.lexicon import RENEWING, operators_of, sense_of

if TYPE_CHECKING:
    from spacy.tokens import Token

__all__ = ["is_agreed", "untaken"]

_HARM = frozenset({"ASSAULT", "SANCTION", "COERCE", "MOBILIZE"})
_YIELDING = frozenset({"CONCEDE", "RETREAT"})
_TAKEN_UP = frozenset({"ACCUSE", "REJECT", "REQUEST", "THREATEN", "AGREE", "CONCEDE", "SUPPORT"})
"""Types whose object or complement says what the act is about, and is no act of its own."""
_CHARGED = frozenset({"convict", "arrest"})
"""Modes of what is done to somebody for a deed: "convicted of kidnapping a girl" tells no kidnapping by the court."""
_FORBIDDING = frozenset({"forbid", "prohibit"})
"""Verbs whose clause tells what is not done: "forbade him to attack the court"."""
_AIMED = frozenset({"REJECT", "REQUEST", "THREATEN"})
"""Types whose nouns are aimed at whom their clause names: "the refusal to meet them"."""
_BETWEEN = frozenset("tie relation relationship partnership friendship alliance cooperation co-operation".split())
_FORESEEING = frozenset("vow promise pledge propose ready prepared".split())
"""Words for what one is going to do: with harm it is a threat."""
_CONTENTS = frozenset({"dobj", "nsubjpass", "xcomp", "attr", "acomp"})


def untaken(candidates: list[Candidate]) -> list[Candidate]:
    """Drop what another candidate takes up as its content, object or light noun."""
    by_head = {candidate.head.i: candidate for candidate in candidates}
    taken: set[int] = set()
    under: dict[int, set[int]] = {}
    for candidate in candidates:
        head = candidate.head
        if _is_of_sanctions(candidate, candidates):
            taken.add(head.i)
        elif candidate.sense.type in _TAKEN_UP:
            taken.update(token.i for token in _taken_up(candidate))
        if candidate.sense.mode in _CHARGED:
            taken.update(token.i for token in _deeds(head))
        if head.lemma_ in _FORBIDDING:
            taken.update(child.i for child in head.children if child.dep_ in ("xcomp", "ccomp"))
        light = candidate.sense.pos == "v" and "LIGHT" in operators_of(head)
        carried = [other for other in candidates if other.predicate == head and other.head != head]
        if carried and (light or (head.lemma_ in RENEWING and carried[0].type == "SANCTION")):
            taken.add(head.i)
            under.setdefault(head.i, set()).update(other.head.i for other in carried)
        over = by_head.get(candidate.predicate.i)
        if candidate.turned and over is not None and over.head != head:
            governed = over.sense.type in _TAKEN_UP and candidate.type == candidate.sense.type
            taken.add(head.i if governed else over.head.i)
            if not governed:
                under.setdefault(over.head.i, set()).add(head.i)
    # "Ordered them to halt the attack" is an order: what gives way to others stands where all of those give way to it.
    taken -= {over for over, inner in under.items() if inner <= taken}
    return [_completed(_promised(candidate, by_head)) for candidate in candidates if candidate.head.i not in taken]


def is_agreed(candidate: Candidate) -> bool:
    """Tell the sanctions of "agreed to extend sanctions": who agrees to them among themselves imposes them."""
    verb = candidate.predicate
    named = candidate.type == "SANCTION" and candidate.head != verb  # "agreed to expel them" has not done it
    return named and verb.dep_ == "xcomp" and verb.head.lemma_ == "agree"


def _is_of_sanctions(candidate: Candidate, candidates: list[Candidate]) -> bool:
    """Tell the agreement of "agreed sanctions" and of "agreed to extend them", which is no act of its own."""
    head = candidate.head
    return head.lemma_ == "agree" and any(
        (is_agreed(other) and other.predicate.head == head)
        or (other.type == "SANCTION" and other.predicate == head and other.head != head)
        for other in candidates
    )


def _taken_up(candidate: Candidate) -> Iterator[Token]:
    """Give the tokens that say what an accusation, promise or refusal is about."""
    head, light = candidate.head, "LIGHT" in operators_of(candidate.head)
    for child in head.children:
        if child.dep_ in _CONTENTS and candidate.sense.weight >= 2 and not light:
            yield child
        if child.dep_ == "prep":
            yield from (below for below in child.children if below.dep_ in ("pcomp", "pobj"))
        if child.dep_ in ("xcomp", "ccomp") and candidate.sense.type != "SUPPORT" and not is_set_before(child):
            yield from _content(child)
        if child.dep_ == "acl" and child.tag_ == "VB":
            yield from _content(child)
    if candidate.sense.type == "ACCUSE":
        yield from _accusation(head)


def _accusation(verb: Token) -> Iterator[Token]:
    """Give all that somebody is accused of: "of arming rebels and of planting terrorist cells"."""
    for tied in (verb, *objects(verb)):
        for child in tied.children:
            deed = child.dep_ == "prep" and any(below.dep_ == "pcomp" for below in child.children)
            if child.lower_ == "of" and (deed or tied == verb):
                yield from child.subtree


def _deeds(verb: Token) -> Iterator[Token]:
    """Give the verbs that say for what somebody is convicted; the parse may hang them on who it is."""
    for tied in (verb, *objects(verb)):
        for child in tied.children:
            if child.dep_ == "prep":
                yield from (below for below in child.subtree if below.tag_ == "VBG" and below.dep_ in ("pcomp", "conj"))


def _promised(candidate: Candidate, by_head: dict[int, Candidate]) -> Candidate:
    """Read what a promise promises: yielding is CONCEDE, harm is THREATEN."""
    if candidate.type != "AGREE" or candidate.sense.pos == "n":
        return candidate
    for child in candidate.head.children:
        if child.dep_ not in ("xcomp", "ccomp"):
            continue
        for token in _content(child):
            if _is_use_of_force(token):
                return replace(
                    candidate, type="THREATEN", mode="violence", cameo="138",
                    target=tuple(_forced(token, candidate)), why=(*candidate.why, "to use force"),
                )  # fmt: skip
            inner = by_head.get(token.i)
            if inner is None:
                continue
            if inner.type in _YIELDING:
                return replace(
                    candidate,
                    type="CONCEDE",
                    mode="",
                    cameo="080",
                    target=candidate.target or _but_own_forces(inner),
                    why=(*candidate.why, f"to {inner.sense.word}"),
                )
            if inner.type in _HARM and candidate.sense.word in _FORESEEING:
                return replace(
                    candidate,
                    type="THREATEN",
                    mode="violence" if inner.type == "ASSAULT" else "",
                    cameo="130",
                    target=candidate.target or inner.target,
                    why=(*candidate.why, f"to {inner.sense.word}"),
                )
            return candidate
    return candidate


def _but_own_forces(inner: Candidate) -> tuple[Token, ...]:
    """Return to whom somebody yields: of "agreed to pull back troops" the troops are who promises it."""
    own = inner.mode == "withdraw"
    return tuple(noun for noun in inner.target if not (own and actor_kind(noun) == "force"))


def _is_use_of_force(verb: Token) -> bool:
    """Tell "use force" from "use a drill" and from "not use force"."""
    if verb.lemma_ != "use" or any(child.dep_ == "neg" for child in verb.children):
        return False
    return any(noun.lemma_.lower() in ("force", "violence") for noun in objects(verb))


def _forced(verb: Token, candidate: Candidate) -> Iterator[Token]:
    """Give those whom force is used against: "use force against them", "use force to take it"."""
    for tied in (verb, *objects(verb)):
        yield from preposition_objects(tied, "against")
        for child in tied.children:
            if child.dep_ in ("xcomp", "advcl", "acl") and child.pos_ == "VERB":
                yield from (noun for noun in objects(child) if noun not in candidate.source)


def _content(verb: Token) -> Iterator[Token]:
    """Give a complement's verb, its objects and what it chains to: the content of a promise or a threat."""
    yield verb
    for child in verb.children:
        if child.dep_ in ("dobj", "xcomp", "conj", "prt", "nsubjpass", "pobj") or (
            child.dep_ == "prep" and child.lower_ in ("of", "in", "with")
        ):
            yield from _content(child)


def _complements(head: Token) -> Iterator[Token]:
    """Give the verbs that say what is promised, refused or threatened: "to send", "that it would", "to sending".

    Nouns have such clauses too: "the refusal to send".
    """
    for child in head.children:
        if child.dep_ in ("xcomp", "ccomp") or (child.dep_ == "acl" and child.tag_ == "VB"):
            yield child
        elif child.dep_ == "prep" and child.lower_ == "to":
            yield from (below for below in child.children if below.dep_ == "pcomp")


def _asked(candidate: Candidate, child: Token) -> list[Token]:
    """Return who is to act, who acted, or who is warned: "that Chad withdraw", "that Chad stole", "if Chad did"."""
    if child.dep_ != "ccomp":
        return []
    told = child
    if candidate.type == "THREATEN":
        ifs = [c for c in child.children if c.dep_ == "advcl" and any(m.lower_ in ("if", "unless") for m in c.lefts)]
        if not ifs:
            return []
        told = ifs[0]
    elif candidate.type not in ("REQUEST", "ACCUSE"):
        return []
    return [noun for noun in subjects(told) if actor_kind(noun) not in ("-", "PRON") and noun not in candidate.source]


def _is_own(noun: Token) -> bool:
    """Tell "his party" of the one who refuses to leave it."""
    return any(child.dep_ == "poss" and child.pos_ == "PRON" for child in noun.children) and actor_kind(noun) == "body"


def _is_sending(verb: Token) -> bool:
    """Tell a verb of moving one's own forces: who is sent is not who is promised something."""
    sense = sense_of(verb)
    return sense is not None and (sense.type == "MOBILIZE" or sense.mode == "withdraw")


def _completed(candidate: Candidate) -> Candidate:
    """Give a promise, refusal or threat without a target the target of its content."""
    money = all(noun.ent_type_ == "MONEY" for noun in candidate.target)  # "pledged $10 billion to rebuild Chad"
    if not money or candidate.sense.type not in _TAKEN_UP:
        return candidate
    if candidate.sense.pos == "n" and candidate.type not in _AIMED:
        return candidate
    things: list[Token] = []
    for child in _complements(candidate.head):
        asked = _asked(candidate, child)
        if asked:
            return replace(candidate, target=tuple(member for noun in asked for member in members(noun)))
        if candidate.sense.type in ("REJECT", "ACCUSE") and child.dep_ == "ccomp":
            continue
        for verb in _content(child):
            if verb.pos_ not in ("VERB", "NOUN"):
                continue
            done_to = objects(verb) if verb.pos_ == "VERB" else []
            if len(candidate.source) > 1 and any(_is_shared(noun) for noun in done_to):
                return replace(candidate, reciprocal=True)
            sent = _is_sending(verb)
            found = [noun for noun in done_to if actor_kind(noun) != "-" and not (sent and actor_kind(noun) == "force")]
            for word in ("with", "to", "against", "on", "from", "between"):
                found = found or preposition_objects(verb, word)
            if candidate.type == "THREATEN":
                found = [noun for noun in found if actor_kind(noun) != "-"]
            found = [noun for noun in found if sense_of(noun) is None and noun not in candidate.source]
            found = [noun for noun in found if not _is_own(noun)]
            if len(candidate.source) > 1 and any(_is_theirs(noun) for noun in found):
                return replace(candidate, reciprocal=True)
            if found:
                return replace(candidate, target=tuple(member for noun in found for member in members(noun)))
            things = things or ([] if sent else [noun for noun in done_to if sense_of(noun) is None])
    if things and candidate.sense.pos != "n":
        return replace(candidate, target=tuple(member for noun in things for member in members(noun)))
    return candidate


def _is_theirs(noun: Token) -> bool:
    return any(child.dep_ == "poss" and child.lower_ == "their" for child in noun.children)


def _is_shared(noun: Token) -> bool:
    """Tell "their ties", "their partnership", which two who pledge something to one another have."""
    return noun.lemma_.lower() in _BETWEEN and _is_theirs(noun)

"""Trigger words on the parse: which words tell an act, of which type, and who stands on which side.

In: the parse. Out: candidates with type, sides as tokens, and what turned them (operators such as "lift" or "refuse").
It does not judge whether a candidate is worth a fact.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from tidings.data import read_text
from tidings.events.agents import actor_kind
from tidings.events.clause import members, objects, preposition_objects, subjects

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

__all__ = ["Candidate", "Sense", "find_candidates", "sense_of"]

_HARM = frozenset({"ASSAULT", "SANCTION", "COERCE", "MOBILIZE"})
YIELDING = frozenset({"CONCEDE", "RETREAT"})
RECIPROCAL_PREPOSITIONS = ("with", "between")
_CONTENT = frozenset({"VERB", "NOUN", "ADJ", "PROPN", "AUX"})
_UNDERGOING = frozenset("face suffer endure undergo sustain incur experience survive withstand".split())
"""What verbs with an act as their object say of their subject: it is the one acted on."""
_HOLDING = frozenset("hold detain capture kidnap abduct imprison jail keep seize arrest".split())
_ARMS = frozenset("tank missile weapon artillery submarine carrier radar rocket battery unit fleet squadron".split())
_ACCIDENTS = frozenset(
    "crash accident collision earthquake quake flood flooding storm hurricane cyclone tornado typhoon blaze wildfire "
    "avalanche landslide mudslide pandemic virus disease heatwave lightning explosion derailment stampede drowning "
    "famine hunger covid-19 coronavirus cancer cold tsunami volcano eruption rain snow drought wind".split()
)
"""What kills without a hand in it."""
_TAKEN_UP = frozenset({"ACCUSE", "REJECT", "REQUEST", "THREATEN", "AGREE", "CONCEDE", "SUPPORT"})
"""Types whose object or complement says what the act is about, and is no act of its own."""


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


@dataclass(frozen=True, slots=True)
class Candidate:
    """One possible act: the trigger and the tokens that help it, its type, and the heads of its sides."""

    head: Token
    sense: Sense
    type: str
    mode: str
    cameo: str
    predicate: Token
    source: tuple[Token, ...] = ()
    target: tuple[Token, ...] = ()
    reciprocal: bool = False
    turned: tuple[str, ...] = ()
    why: tuple[str, ...] = field(default=())


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
    rows = (line.split("\t") for line in read_text("events_operators.tsv").splitlines()[1:])
    return {word: frozenset(classes.split()) for word, classes in rows}


def _lemmas(token: Token, pos: str) -> Iterable[str]:
    lemma = token.lemma_.lower()
    if pos == "v":
        for child in token.children:
            if child.dep_ == "prt" or (child.dep_ == "prep" and child.i == token.i + 1):
                yield f"{lemma}_{child.lower_}"
    elif pos == "n":
        if token.i >= 1:
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
    pos = {"VERB": "v", "AUX": "v", "ADJ": "a"}.get(token.pos_, "n")
    if token.pos_ == "ADJ" and token.tag_ in ("VBN", "VBD", "VBG"):
        pos = "v"
    table = _senses()
    for word in _lemmas(token, pos):
        for sense in table.get((word, pos), ()):
            if not sense.needs or _has_needed(token, sense.needs):
                return sense
        if (word, pos) in table:
            return None
    return None


def _has_needed(token: Token, needs: str) -> bool:
    """Tell whether a word with several senses stands in the company one of them needs."""
    if needs == "to":
        return any(
            child.dep_ in ("xcomp", "ccomp", "advcl") and any(mark.lower_ == "to" for mark in child.lefts)
            for child in token.children
        )
    if needs.startswith("+"):
        return any(child.dep_ == "prep" and child.lower_ in needs[1:].split("/") for child in token.children)
    done_to = objects(token) if token.pos_ in ("VERB", "AUX", "ADJ") else preposition_objects(token, "of")
    if needs == "people":
        return any(actor_kind(noun) in ("office", "crowd", "force", "PERSON", "PRON", "NORP") for noun in done_to)
    if needs == "actor":
        return any(actor_kind(noun) != "-" for noun in done_to)
    if needs == "state":
        return any(actor_kind(noun) in ("GPE", "ORG", "body") for noun in done_to)
    if needs == "force":
        return any(actor_kind(noun) == "force" or noun.lemma_.lower() in _ARMS for noun in done_to)
    if needs == "goods":
        return any(actor_kind(noun) == "-" for noun in done_to) or any(child.dep_ == "dative" for child in token.children)
    if needs == "thing":
        return any(actor_kind(noun) == "-" for noun in done_to)
    return False


def operators_of(token: Token) -> frozenset[str]:
    """Return the operator classes of a verb, such as LIFT for "ease"."""
    if token.pos_ not in ("VERB", "AUX", "NOUN", "ADJ"):
        return frozenset()
    table = _operators()
    for word in _lemmas(token, "v"):
        if word in table:
            return table[word]
    return frozenset()


def find_candidates(sentence: Doc | Span) -> list[Candidate]:
    """Return the acts one sentence (or text) may tell, in text order; what another takes up is left out."""
    candidates = []
    for token in sentence:
        sense = sense_of(token)
        if sense is None or _is_name_part(token) or (sense.type == "ASSAULT" and _is_accident(token)):
            continue
        candidates.append(_candidate(token, sense))
    return _untaken(candidates)


def _is_accident(token: Token) -> bool:
    """Tell deaths by storms and crashes from deaths by hands."""
    near = [child for child in token.children if child.dep_ in ("nsubj", "compound")]
    near.extend(noun for word in ("in", "by", "from", "during") for noun in preposition_objects(token, word))
    near.extend(noun for child in token.children if child.dep_ == "agent" for noun in child.children)
    return any(noun.lemma_.lower() in _ACCIDENTS for noun in near)


def _is_name_part(token: Token) -> bool:
    """Tell a word inside a proper name ("Security Council Meeting Hall", "the Defence Ministry") from a common noun."""
    return token.pos_ == "PROPN" and token.ent_type_ in ("ORG", "FAC", "PERSON", "GPE", "WORK_OF_ART", "PRODUCT", "LAW")


def _candidate(token: Token, sense: Sense) -> Candidate:
    made = _of_verb(token, sense) if sense.pos == "v" else _of_noun(token, sense)
    return _turn(made)


def _of_verb(token: Token, sense: Sense) -> Candidate:
    source = tuple(member for noun in subjects(token) for member in members(noun))
    target, reciprocal = _targets(token, sense, source)
    if sense.mode == "release" and not source:
        source = tuple(member for noun in _holders(target) for member in members(noun))
    return Candidate(
        head=token, sense=sense, type=sense.type, mode=sense.mode, cameo=sense.cameo, predicate=token,
        source=source, target=target, reciprocal=reciprocal, why=(f"verb {sense.word}",),
    )  # fmt: skip


def _holders(released: Iterable[Token]) -> list[Token]:
    """Return who held those who were released: "the hostages held by the rebels"."""
    for noun in released:
        for child in noun.children:
            if child.dep_ in ("acl", "relcl") and child.lemma_ in _HOLDING:
                return subjects(child)
    return []


def _targets(token: Token, sense: Sense, source: tuple[Token, ...]) -> tuple[tuple[Token, ...], bool]:
    for place in sense.frame:
        if place == "w":
            partners = [noun for word in RECIPROCAL_PREPOSITIONS for noun in preposition_objects(token, word)]
            if token.pos_ == "VERB":
                partners = partners or [noun for noun in objects(token) if noun not in source]
            if partners:
                return tuple(member for noun in partners for member in members(noun)), True
            if len(source) > 1:
                return (), True
            continue
        found = objects(token) if place == "o" else preposition_objects(token, place)
        found = [noun for noun in found if noun not in source]
        if found:
            return tuple(member for noun in found for member in members(noun)), False
    return (), "w" in sense.frame


def _of_noun(token: Token, sense: Sense) -> Candidate:
    predicate, why = token, [f"noun {sense.word}" if sense.pos == "n" else f"adjective {sense.word}"]
    source = _noun_source(token, sense)
    governor = _governor(token)
    undergone: list[Token] = []
    if governor is not None and governor.lemma_ in _UNDERGOING:
        undergone = subjects(governor)
        why.append(f"undergone: {governor.lemma_}")
    elif governor is not None and "LIGHT" in operators_of(governor):
        predicate = governor
        why.append(f"with {governor.lemma_}")
        source = source or list(subjects(governor))
    elif sense.pos == "a" and token.dep_ in ("acomp", "xcomp", "oprd", "ROOT", "conj"):
        predicate = token.head
        source = [child for child in token.head.children if child.dep_ == "nsubj"]
    target, reciprocal = _targets(token, sense, tuple(source))
    if not target and governor is not None:
        target, reciprocal = _targets(governor, replace(sense, frame=_prepositions(sense)), tuple(source))
        target = tuple(noun for noun in target if noun != token)
    target = target or tuple(member for noun in undergone for member in members(noun))
    between = [member for noun in preposition_objects(token, "between") for member in members(noun)]
    if between:
        source, target, reciprocal = list(dict.fromkeys(between)), (), True
    sides = dict.fromkeys(member for noun in source for member in members(noun))
    return Candidate(
        head=token, sense=sense, type=sense.type, mode=sense.mode, cameo=sense.cameo, predicate=predicate,
        source=tuple(sides), target=target,
        reciprocal=reciprocal, why=tuple(why),
    )  # fmt: skip


def _is_hyphenated(token: Token) -> bool:
    return any(token.doc[at].text == "-" for at in (token.i - 1, token.i + 1) if 0 <= at < len(token.doc))


def _prepositions(sense: Sense) -> tuple[str, ...]:
    return tuple(place for place in sense.frame if place not in ("o", "of", "by", "in"))


def _noun_source(token: Token, sense: Sense) -> list[Token]:
    for word in ("by", "from"):
        found = preposition_objects(token, word)
        if found:
            return found
    if sense.type == "PROTEST":
        return [child for child in token.children if child.dep_ in ("poss", "compound") and actor_kind(child) in ("crowd", "body")]
    found = [child for child in token.children if child.dep_ == "poss" and child.pos_ in ("NOUN", "PROPN", "PRON")]
    if found:
        return found
    return [child for child in token.children if child.dep_ in ("amod", "compound", "nmod") and child.ent_type_ in ("NORP", "GPE", "ORG") and child.is_alpha and not _is_hyphenated(child)]


def _governor(token: Token) -> Token | None:
    """Return the verb a noun is the object or passive subject of, across "a series of" and its like."""
    noun = token
    while noun.dep_ == "pobj" and noun.head.lower_ in ("of", "in", "on") and noun.head.head.pos_ == "NOUN" and noun.head.lower_ == "of":
        noun = noun.head.head
    while noun.dep_ == "conj" and noun.head.pos_ in ("NOUN", "PROPN"):
        noun = noun.head
    if noun.dep_ in ("dobj", "nsubjpass", "attr", "oprd") and noun.head.pos_ in ("VERB", "AUX"):
        return noun.head
    if noun.dep_ == "pobj" and noun.head.lower_ in ("in", "on", "to", "under", "for") and noun.head.head.pos_ == "VERB":
        return noun.head.head
    for child in noun.children:
        if child.dep_ in ("acl", "relcl") and (child.lemma_ in _UNDERGOING or child.tag_ == "VBN" and "LIGHT" in operators_of(child)):
            return child
    return None


def _turn(made: Candidate) -> Candidate:
    """Apply the operators above a candidate: "lift" sanctions, "refuse" talks, "agree" to talks."""
    step = _above(made.predicate)
    turned: list[str] = []
    kind, mode, why = made.type, made.mode, list(made.why)
    source, target, predicate = made.source, made.target, made.predicate
    for _ in range(3):
        if step is None:
            break
        classes = operators_of(step)
        changed = _compose(classes, kind, step)
        if changed is None and not classes & {"LIGHT", "THROUGH", "FUTURE", "SEEK"}:
            break
        if changed is not None:
            kind, mode = changed
            why.append(f"turned by {step.lemma_}")
            source = tuple(member for noun in subjects(step) for member in members(noun)) or source
        turned.append(next(iter(sorted(classes)), step.lemma_))
        predicate = step
        step = _above(step)
    return replace(made, type=kind, mode=mode, turned=tuple(turned), source=source, target=target, predicate=predicate, why=tuple(why))


def _above(predicate: Token) -> Token | None:
    if predicate.pos_ in ("VERB", "AUX"):
        return predicate.head if predicate.dep_ in ("xcomp", "pcomp") and predicate.head.pos_ in ("VERB", "ADJ") else None
    return _governor(predicate)


def _compose(classes: frozenset[str], kind: str, step: Token) -> tuple[str, str] | None:
    """Return the type that an operator over a type makes, None when it changes nothing."""
    if "LIFT" in classes and kind in ("SANCTION", "COERCE"):
        return "RETREAT", "access"
    if "STOP" in classes or "LIFT" in classes:
        if kind in ("ASSAULT", "PROTEST", "SANCTION", "COERCE", "MOBILIZE", "THREATEN", "REQUEST"):
            return "RETREAT", "ceasefire" if kind == "ASSAULT" else "withdraw" if kind == "MOBILIZE" else "access"
        if kind in ("AID", "COOPERATE"):
            return "SANCTION", "discontinue"
        if kind == "CONSULT" and step.lemma_ not in ("conclude", "end"):
            return "REJECT", "meet"
        if kind == "SUPPORT":
            return "SANCTION", "discontinue"
    if "RESUME" in classes and kind == "COOPERATE":
        return "SUPPORT", ""
    return None


def _untaken(candidates: list[Candidate]) -> list[Candidate]:
    """Drop what another candidate takes up as its content, object or light noun."""
    by_head = {candidate.head.i: candidate for candidate in candidates}
    taken: set[int] = set()
    for candidate in candidates:
        head = candidate.head
        light = "LIGHT" in operators_of(head)
        for child in head.children:
            if child.dep_ in ("dobj", "nsubjpass", "xcomp", "attr", "acomp") and child.i in by_head:
                if candidate.sense.weight >= 2 and candidate.sense.type in _TAKEN_UP and not light:
                    taken.add(child.i)
            if child.dep_ == "prep" and candidate.sense.type in _TAKEN_UP:
                taken.update(below.i for below in child.children if below.i in by_head and below.dep_ in ("pcomp", "pobj"))
        if "LIGHT" in operators_of(head) and candidate.sense.pos == "v":
            if any(other.predicate == head and other.head != head for other in candidates):
                taken.add(head.i)
        over = by_head.get(candidate.predicate.i)
        if candidate.turned and over is not None and candidate.predicate != head:
            taken.add(head.i if over.sense.type in _TAKEN_UP and candidate.type == candidate.sense.type else over.head.i)
        for child in head.children:
            if child.dep_ in ("xcomp", "ccomp") and candidate.sense.type in _TAKEN_UP - {"SUPPORT"}:
                taken.update(below.i for below in _content(child) if below.i in by_head)
    return [_completed(_promised(candidate, by_head)) for candidate in candidates if candidate.head.i not in taken]


def _promised(candidate: Candidate, by_head: dict[int, Candidate]) -> Candidate:
    """Read what a promise promises: yielding is CONCEDE, harm is THREATEN."""
    if candidate.type != "AGREE" or candidate.sense.pos == "n":
        return candidate
    for child in candidate.head.children:
        if child.dep_ not in ("xcomp", "ccomp"):
            continue
        for token in _content(child):
            inner = by_head.get(token.i)
            if inner is None:
                continue
            if inner.type in YIELDING:
                return replace(candidate, type="CONCEDE", mode="", cameo="080", target=candidate.target or inner.target, why=(*candidate.why, f"to {inner.sense.word}"))
            if inner.type in _HARM and candidate.sense.word in ("vow", "promise", "pledge", "ready", "prepared"):
                return replace(candidate, type="THREATEN", mode="violence" if inner.type == "ASSAULT" else "", cameo="130", target=candidate.target or inner.target, why=(*candidate.why, f"to {inner.sense.word}"))
            return candidate
    return candidate


def _content(verb: Token) -> Iterator[Token]:
    """Give a complement's verb, its objects and what it chains to: the content of a promise or a threat."""
    yield verb
    for child in verb.children:
        if child.dep_ in ("dobj", "xcomp", "conj", "prt", "nsubjpass", "pobj") or (child.dep_ == "prep" and child.lower_ in ("of", "in", "with")):
            yield from _content(child)


def _completed(candidate: Candidate) -> Candidate:
    """Give a promise, refusal or threat without a target the target of its content."""
    if candidate.target or candidate.sense.pos == "n" or candidate.sense.type not in _TAKEN_UP:
        return candidate
    for child in candidate.head.children:
        if child.dep_ not in ("xcomp", "ccomp"):
            continue
        for verb in _content(child):
            if verb.pos_ not in ("VERB", "NOUN"):
                continue
            found = objects(verb) if verb.pos_ == "VERB" and sense_of(verb) is not None else []
            found = [noun for noun in found if actor_kind(noun) != "-"]
            for word in ("with", "to", "against", "on", "from"):
                found = found or preposition_objects(verb, word)
            found = [noun for noun in found if sense_of(noun) is None and noun not in candidate.source]
            if found:
                return replace(candidate, target=tuple(member for noun in found for member in members(noun)))
    return candidate

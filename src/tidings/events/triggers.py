"""Trigger words on the parse: which words tell an act, of which type, and who stands on which side.

In: the parse. Out: candidates with type, sides as tokens, and what turned them (operators such as "lift" or "refuse").
It does not judge whether a candidate is worth a fact.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from tidings.events.agents import actor_kind, is_weapon
from tidings.events.candidate import Candidate
from tidings.events.clause import (
    authors,
    heard_subjects,
    is_hyphenated,
    is_passive,
    members,
    objects,
    preposition_objects,
    referent,
    speaker_meant,
    subjects,
)
from tidings.events.company import has_company
from tidings.events.lexicon import RENEWING, Sense, operators_of, sense_of
from tidings.events.nesting import untaken
from tidings.events.uses import is_other_use

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

__all__ = ["find_candidates"]

_RECIPROCAL = ("with", "between")
_FAR = frozenset({"from", "to", "with", "against", "near", "along"})
"""Prepositions of a verb that the parse may hang on its object: "recalled its envoy from Oslo"."""
_ABOUT = frozenset({"discuss", "debate", "negotiate"})
"""Verbs whose object is what is talked about, not with whom."""
_UNDERGOING = frozenset("face suffer endure undergo sustain incur experience survive withstand".split())
"""What verbs with an act as their object say of their subject: it is the one acted on."""
_NAMES = frozenset({"ORG", "FAC", "PERSON", "GPE", "WORK_OF_ART", "PRODUCT", "LAW", "DATE"})
_HOLDING = frozenset("hold detain capture kidnap abduct imprison jail keep seize arrest".split())
_TRANSITIVE = frozenset(
    "kill injure wound arrest detain jail imprison kidnap abduct sentence convict deport murder assassinate execute "
    "behead massacre evict expel".split()
)
"""What cannot be done to nobody: without an object the subject undergoes it."""
_OCCASIONS = frozenset({"in", "during", "at", "after", "before", "following", "on"})
_LASTING = frozenset({"curfew", "martial-law"})
"""Modes of what stays in force until it is lifted, and may be extended."""
_GRANTED = frozenset({"reinstatement", "protection", "safety", "freedom"})
"""What is demanded for somebody, and not of him."""
_EACH_OTHER = frozenset({"each other", "one another"})
_DONE_TO_THEM = frozenset({"release", "investigate"})
_WRITTEN = frozenset({"ACCUSE", "REJECT", "REQUEST", "THREATEN", "COERCE", "SANCTION"})
"""Types of acts that a letter or an order can do."""
_RECEIVERS = frozenset("court tribunal police commission council ombudsman regulator prosecutor judge station".split())
"""With whom complaints are lodged that are aimed at somebody else."""


def find_candidates(sentence: Doc | Span) -> list[Candidate]:
    """Return the acts one sentence (or text) may tell, in text order; what another takes up is left out."""
    candidates = []
    for token in sentence:
        sense = sense_of(token)
        if sense is None or _is_name_part(token) or (token.dep_ == "amod" and token.tag_ == "VBG"):
            continue
        if not is_other_use(token, sense):
            candidates.append(_candidate(token, sense))
    return untaken(candidates)


def _is_name_part(token: Token) -> bool:
    """Tell a word inside a proper name ("Security Council Meeting Hall", "in March") from a common noun or verb."""
    if token.pos_ == "PROPN":
        return token.ent_type_ in _NAMES
    return token.ent_iob_ == "I" and token.text.istitle() and token.tag_ == "VBG" and token.ent_type_ in _NAMES


def _candidate(token: Token, sense: Sense) -> Candidate:
    made = _of_verb(token, sense) if sense.pos == "v" else _of_noun(token, sense)
    return _turn(made)


def _of_verb(token: Token, sense: Sense) -> Candidate:
    doers = [speaker_meant(noun, token) for noun in subjects(token)] or (objects(token) if "w" in sense.frame else [])
    if sense.type == "PROTEST" and not doers and token.dep_ == "acl" and token.head.dep_ == "ROOT":
        crowd = referent(token.head)  # the parse takes a past tense for a participle: "students protested in Lima"
        doers = [crowd] if actor_kind(crowd) == "crowd" else []
    if sense.type == "ASSAULT":
        doers = list(_behind(doers)) or _behind_deaths(token)
    elif sense.type in _WRITTEN:
        doers = [author for noun in doers for author in authors(noun)]
    source = tuple(member for noun in doers for member in members(noun))
    target, reciprocal = _targets(token, sense, source)
    if any(_is_each_other(noun) for noun in target):
        target, reciprocal = (), True
    if sense.word in _TRANSITIVE and not is_passive(token) and not objects(token):
        # The parse takes the participle of a headline for a past tense: "Nine killed in raid".
        source, target = tuple(preposition_objects(token, "by")) or tuple(_behind_deaths(token)), source
    if sense.type == "MOBILIZE" and not source:
        source = tuple(noun for noun in objects(token) if actor_kind(noun) == "force")
        target = tuple(noun for noun in target if noun not in source)
    if sense.mode == "release" and not source:
        source = tuple(member for noun in _holders(target) for member in members(noun))
    return Candidate(
        head=token, sense=sense, type=sense.type, mode=sense.mode, cameo=sense.cameo, predicate=token,
        source=source, target=target, reciprocal=reciprocal, why=(f"verb {sense.word}",),
    )  # fmt: skip


def _is_each_other(noun: Token) -> bool:
    """Tell "accused each other", "expelled one another's envoys": both do it to both."""
    words = [noun, *(child for child in noun.children if child.dep_ == "poss")]
    return any(word.doc[max(0, word.i - 1) : word.i + 1].text.lower() in _EACH_OTHER for word in words)


def _behind(doers: Iterable[Token]) -> Iterator[Token]:
    """Give who is behind the means of violence: "Danish shells killed", "an air strike by Denmark killed"."""
    for noun in doers:
        sense = sense_of(noun) if noun.pos_ == "NOUN" else None
        if sense is not None and (sense.type == "ASSAULT" or sense.word == "raid"):
            yield from _noun_source(noun, sense) or [noun]
        elif is_weapon(noun):
            yield from _adjectives(noun) or [noun]
        else:
            yield noun


def _behind_deaths(verb: Token) -> list[Token]:
    """Return who is behind "were killed in a Danish strike" and "were killed in clashes with rebels"."""
    if objects(verb) and not is_passive(verb):
        return []
    for word in ("in", "by", "during"):
        for noun in preposition_objects(verb, word):
            sense = sense_of(noun)
            if sense is not None and sense.type == "ASSAULT":
                return _noun_source(noun, sense) or preposition_objects(noun, "with")
    return []


def _holders(released: Iterable[Token]) -> list[Token]:
    """Return who held those who were released: "the hostages held by the rebels"."""
    for noun in released:
        for child in noun.children:
            if child.dep_ in ("acl", "relcl") and child.lemma_ in _HOLDING:
                return subjects(child)
    return []


def _targets(token: Token, sense: Sense, source: tuple[Token, ...]) -> tuple[tuple[Token, ...], bool]:
    """Return the nouns where the sense's frame expects the target, somebody before something; and if both sides act."""
    thing: tuple[Token, ...] = ()
    for place in sense.frame:
        if place == "w":
            partners = _partners(token, source)
            if partners or len(source) > 1:
                return partners, True
            continue
        found = objects(token) if place == "o" else preposition_objects(token, place)
        if not found and (place in _FAR or sense.needs == "embassy"):
            found = [far for noun in objects(token) for far in preposition_objects(noun, place)]
        if not found and sense.needs == "grata":
            found = [noun for child in token.children if child.dep_ == "ccomp" for noun in subjects(child)]
        if sense.type in ("ACCUSE", "REJECT", "REQUEST") and place == "o":
            found = [one for noun in found for one in _to_blame(noun, sense)]
        if sense.word == "complaint" and place in ("with", "to"):
            found = [noun for noun in found if noun.lemma_.lower() not in _RECEIVERS]
        heads = tuple(member for noun in found if noun not in source for member in members(noun))
        if sense.type == "REQUEST":
            heads = tuple(noun for noun in heads if noun.lemma_.lower() not in _GRANTED)
        if any(actor_kind(noun) != "-" for noun in heads):
            return heads, False
        thing = thing or heads
    return thing, "w" in sense.frame and not thing


def _to_blame(noun: Token, blame: Sense) -> list[Token]:
    """Return who is blamed where harm is: not the victim of "condemned the attack on the envoy", nor of "a rise in" it.

    What is probed is not who complained, and of those to be released nobody demands it.
    """
    harm = noun
    for word in ("in", "of"):
        harm = next(iter(preposition_objects(noun, word)), harm) if sense_of(noun) is None else harm
    sense = sense_of(harm) if harm.pos_ == "NOUN" else None
    if sense is not None and sense.type == "ACCUSE" and blame.mode == "investigate":
        return preposition_objects(harm, "against")
    asked = blame.type == "REQUEST" and sense is not None and (sense.type == "SANCTION" or sense.mode in _DONE_TO_THEM)
    if sense is None or (sense.type not in ("ASSAULT", "COERCE") and not asked):
        return [noun]
    return _noun_source(harm, sense)


def _partners(token: Token, source: tuple[Token, ...]) -> tuple[Token, ...]:
    """Return with whom somebody meets, talks or fights."""
    found = [noun for word in _RECIPROCAL for noun in preposition_objects(token, word)]
    if token.lemma_ in _ABOUT:  # "discussed the border with Chad": the border is no partner
        found = found or [noun for thing in objects(token) for noun in preposition_objects(thing, "with")]
    elif not found and token.pos_ == "VERB" and not has_company(token, "ties"):  # "restored ties": no partners either
        found = [noun for noun in objects(token) if noun not in source]
    return tuple(member for noun in found for member in members(noun))


def _of_noun(token: Token, sense: Sense) -> Candidate:
    predicate, why = token, [f"noun {sense.word}" if sense.pos == "n" else f"adjective {sense.word}"]
    source = _noun_source(token, sense)
    governor = _governor(token)
    undergone: list[Token] = []
    if governor is not None and governor.lemma_ in _UNDERGOING:
        undergone = subjects(governor)
        why.append(f"undergone: {governor.lemma_}")
    elif governor is not None and _is_light(governor, sense):
        predicate = governor
        why.append(f"with {governor.lemma_}")
        if sense.type == "SANCTION" and subjects(governor) and not is_passive(governor):
            source = []  # "Norway adopted the EU's sanctions": they are Norway's now
        source = source or ([token.head] if governor == _mistaken(token) else list(subjects(governor)))
    elif sense.pos == "a" and token.dep_ in ("acomp", "xcomp", "oprd", "ROOT", "conj"):
        predicate = token.head
        source = [speaker_meant(child, token.head) for child in token.head.children if child.dep_ == "nsubj"]
    target, reciprocal = _targets(token, sense, tuple(source))
    if sense.type == "CONSULT" and target and not source and not preposition_objects(token, "of"):
        source = _present(token, visit=sense.mode == "visit")
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


def _present(meeting: Token, *, visit: bool) -> list[Token]:
    """Return who met, where the clause around says it: "in talks with Chad, the envoy agreed", "left after a visit"."""
    if meeting.dep_ != "pobj" or meeting.head.lower_ not in _OCCASIONS or meeting.head.head.pos_ not in ("VERB", "AUX"):
        return []
    alone = ("-", "NORP", "crowd", "PRON") if visit else ("-", "NORP", "crowd")
    return [noun for noun in heard_subjects(meeting.head.head) if actor_kind(noun) not in alone]


def _is_light(verb: Token, sense: Sense) -> bool:
    """Tell a verb that only carries its noun: "hold talks", "resume talks", "agree sanctions", "go on strike"."""
    classes = operators_of(verb)
    if (sense.type == "SANCTION" or sense.mode in _LASTING) and verb.lemma_ in RENEWING:
        return True
    renewed = "RESUME" in classes and sense.type in ("CONSULT", "SANCTION")
    return "LIGHT" in classes or renewed or sense.needs in ("labour", "taken")


def _prepositions(sense: Sense) -> tuple[str, ...]:
    return tuple(place for place in sense.frame if place not in ("o", "of", "by", "in"))


def _noun_source(token: Token, sense: Sense) -> list[Token]:
    for word in ("by", "from"):
        found = preposition_objects(token, word)
        if found:
            return found
    if sense.type == "PROTEST":
        return [
            child
            for child in token.children
            if child.dep_ in ("poss", "compound") and actor_kind(child) in ("crowd", "body")
        ]
    found = [child for child in token.children if child.dep_ == "poss" and child.pos_ in ("NOUN", "PROPN", "PRON")]
    return found or _adjectives(token)


def _adjectives(token: Token) -> list[Token]:
    """Return the names that stand before a noun: "Danish strikes", "NATO shells"."""
    return [
        child
        for child in token.children
        if child.dep_ in ("amod", "compound", "nmod")
        and child.ent_type_ in ("NORP", "GPE", "ORG")
        and child.is_alpha
        and not is_hyphenated(child)
    ]


def _governor(token: Token) -> Token | None:
    """Return the verb a noun is the object or passive subject of, across "a series of" and its like."""
    for child in token.children:
        if child.dep_ == "relcl" and child.lemma_ in _UNDERGOING:
            return child
    noun = token
    while (
        noun.dep_ == "pobj"
        and noun.head.lower_ in ("of", "in", "on")
        and noun.head.head.pos_ == "NOUN"
        and noun.head.lower_ == "of"
    ):
        noun = noun.head.head
    while noun.dep_ == "conj" and noun.head.pos_ in ("NOUN", "PROPN"):
        noun = noun.head
    if noun.dep_ in ("dobj", "nsubjpass", "attr", "oprd") and noun.head.pos_ in ("VERB", "AUX"):
        return noun.head
    if _mistaken(noun) is not None:
        return _mistaken(noun)
    if noun.dep_ == "pobj" and noun.head.lower_ in ("in", "on", "to", "under", "for") and noun.head.head.pos_ == "VERB":
        return noun.head.head
    for child in noun.children:
        if child.dep_ in ("acl", "relcl") and (
            child.lemma_ in _UNDERGOING or (child.tag_ == "VBN" and "LIGHT" in operators_of(child))
        ):
            return child
    return None


def _mistaken(noun: Token) -> Token | None:
    """Return the verb of "Ruritania imposed tariffs" where the parse made a modifier of it: no noun has an object."""
    if noun.dep_ != "dobj" or noun.head.pos_ not in ("NOUN", "PROPN"):
        return None
    after = [child for child in noun.children if child.i == noun.head.i + 1 and child.tag_ in ("VBN", "VBD")]
    return after[0] if after else None


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
    return replace(
        made,
        type=kind,
        mode=mode,
        turned=tuple(turned),
        source=source,
        target=target,
        predicate=predicate,
        why=tuple(why),
    )


def _above(predicate: Token) -> Token | None:
    if predicate.pos_ in ("VERB", "AUX"):
        return (
            predicate.head if predicate.dep_ in ("xcomp", "pcomp") and predicate.head.pos_ in ("VERB", "ADJ") else None
        )
    return _governor(predicate)


_ENDED = {"ASSAULT": "ceasefire", "MOBILIZE": "withdraw", "SANCTION": "access", "COERCE": "access"}


def _compose(classes: frozenset[str], kind: str, step: Token) -> tuple[str, str] | None:
    """Return the type that an operator over a type makes, None when it changes nothing."""
    if "LIFT" in classes and kind in ("SANCTION", "COERCE"):
        return "RETREAT", "access"
    if "STOP" in classes or "LIFT" in classes:
        if kind in ("ASSAULT", "PROTEST", "SANCTION", "COERCE", "MOBILIZE", "THREATEN", "REQUEST"):
            return "RETREAT", _ENDED.get(kind, "")
        if kind in ("AID", "COOPERATE"):
            return "SANCTION", "discontinue"
        if kind == "CONSULT" and step.lemma_ not in ("conclude", "end"):
            return "REJECT", "meet"
        if kind == "SUPPORT":
            return "SANCTION", "discontinue"
    if step.lemma_ == "prepare" and kind == "ASSAULT":
        return "MOBILIZE", ""
    if "RESUME" in classes and kind == "COOPERATE":
        return "SUPPORT", ""
    return None

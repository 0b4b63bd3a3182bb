"""How likely a candidate is an act worth recording.

In: a candidate with its sides and the scorer's verdict. Out: a score.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from tidings.events.agents import actor_kind, is_count
from tidings.events.candidate import Candidate
from tidings.events.clause import is_passive, objects, preposition_objects
from tidings.events.scorer import Verdict
from tidings.events.sides import Casting
from tidings.events.status import how_told
from tidings.facts import Side

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

__all__ = ["evidence", "weigh"]


def _share(candidate: Candidate, told: str, verdict: Verdict) -> float:
    """Return the model's share for the type; its data call future cooperation AGREE and economic sanctions COERCE."""
    names = ["YIELD" if candidate.type in _YIELD else candidate.type]
    if told == "planned":
        names.append("AGREE")
    if candidate.type == "SANCTION" and candidate.mode == "discontinue":
        names.append("COERCE")
    return max(verdict.types.get(name, 0.0) for name in names)


def _is_objectless(candidate: Candidate) -> bool:
    """Tell "the helicopter shot down": a verb of harm or help that is done to nobody is a parser's slip."""
    if candidate.sense.pos != "v" or candidate.sense.frame[0] != "o" or candidate.type not in _DONE_TO:
        return False
    return not candidate.target


def _is_carried(candidate: Candidate) -> bool:
    """Tell "sanctions were imposed on them": a passive verb says that it was done, and leaves out by whom."""
    return candidate.predicate != candidate.head and is_passive(candidate.predicate)


def _is_purpose(head: Token) -> bool:
    """Tell "to open a road": what somebody wants, not what happened."""
    if head.dep_ == "pcomp":
        return head.head.lower_ == "for"
    to = any(child.lower_ == "to" and child.dep_ == "aux" for child in head.children)
    return to and head.dep_ in ("advcl", "acl", "relcl")


def _is_undergone(candidate: Candidate) -> bool:
    """Tell "the minister was sentenced": a sure verb in the passive needs nobody named who did it."""
    sense = candidate.sense
    if "LIFT" in candidate.turned and _is_carried(candidate):
        return True
    sure = sense.weight == 3 and sense.type in ("ASSAULT", "COERCE", "ACCUSE") and sense.mode != "disapprove"
    if not (sure or sense.type == "SANCTION" or sense.mode in ("release", "beat")):
        return False
    if sense.pos != "v" or sense.weight == 1 or not is_passive(candidate.head):
        return False
    return bool(candidate.target) and candidate.target[0] in objects(candidate.head)


def _is_taken_place(candidate: Candidate) -> bool:
    """Tell "captured the village of Lund", which is nobody of politics."""
    if candidate.mode != "seize" or candidate.sense.pos != "v":
        return False
    return any(noun.ent_type_ in ("GPE", "LOC", "FAC") for noun in candidate.target)


def _is_harm_named(candidate: Candidate) -> bool:
    """Tell "the Danish strike on a bridge", "attacked a tanker": those are nobody, and it is no less an act."""
    if candidate.sense.needs in ("territory", "shots") or _is_taken_place(candidate):
        return True
    if candidate.type == "SANCTION" and candidate.mode == "withdraw":
        return True  # "recalled its ambassador": from whom may be left unsaid
    if candidate.sense.needs:
        return False
    if candidate.type not in ("ASSAULT", "COERCE") or candidate.sense.weight < 2:
        return False
    if candidate.sense.pos == "n":
        return True
    in_words = any(actor_kind(noun) == "office" or _is_one_person(noun) for noun in candidate.source)
    return not in_words and any(noun.lemma_.lower() in _CRAFT_AND_WORKS for noun in candidate.target)


def _is_one_person(noun: Token) -> bool:
    """Tell "Trump" from "the Houthis", which the names may take for a person."""
    return actor_kind(noun) == "PERSON" and not any(child.dep_ == "det" for child in noun.children)


def _is_alone(candidate: Candidate) -> bool:
    """Tell "the minister talked": nobody meets or talks with nobody, but a council meets by itself."""
    if candidate.type != "CONSULT" or candidate.mode == "visit" or candidate.target or len(candidate.source) != 1:
        return False
    (head,) = candidate.source
    one = head.tag_ in ("NN", "NNP") and actor_kind(head) in ("office", "PERSON", "crowd")
    return one or head.lower_ in ("he", "she", "i")


def _is_in_the_streets(candidate: Candidate) -> bool:
    """Tell "thousands marched in Lima", "students rallied to demand it" from a parade of veterans."""
    head = candidate.head
    if candidate.type != "PROTEST" or candidate.sense.pos != "v":
        return False
    many = [noun for noun in candidate.source if noun.tag_ in ("NNS", "NNPS")]
    if not any(actor_kind(noun) in ("crowd", "NORP") or is_count(noun) for noun in many):
        return False
    if any(child.dep_ == "advcl" and child.tag_ == "VB" and child.lemma_ in _CALLING for child in head.children):
        return True
    around = [noun for tie in (head, *many) for word in _ABOUT_TOWN for noun in preposition_objects(tie, word)]
    return any(noun.ent_type_ == "GPE" or noun.lemma_.lower() in _SEATS for noun in around)


_CALLING = frozenset("back call condemn demand denounce oppose protest reject support urge".split())
_SEATS = frozenset(
    "capital city court courthouse embassy headquarters ministry palace parliament square street".split()
)
_ABOUT_TOWN = ("in", "through", "across", "outside")
_CRAFT_AND_WORKS = frozenset(
    "tanker vessel ship freighter trawler ferry convoy refinery pipeline depot airport airfield dam substation".split()
)
"""What is struck and seized in earnest: a church, a bank or a school may be attacked in words."""
_DONE_TO = frozenset({"ASSAULT", "COERCE", "SANCTION", "AID", "RETREAT", "MOBILIZE"})
_BY_STATE = frozenset({"COERCE", "SANCTION", "RETREAT"})
"""What is done to one man by a state, named or not: "a man was arrested", "a man was freed"."""
_SAID = frozenset({"REQUEST", "ACCUSE"})
"""What is done by speaking: it is done even where nobody is named whom it is aimed at."""
_EMPTY = frozenset({"REQUEST", "SUPPORT", "THREATEN"})
_YIELD = frozenset({"CONCEDE", "RETREAT"})


def evidence(
    doc: Doc,
    casting: Casting,
    candidate: Candidate,
    source: Sequence[Side],
    target: Sequence[Side],
    verdict: Verdict,
    *,
    politics: float = 0.0,
) -> dict[str, float]:
    """Return what speaks for and against a candidate, as numbers.

    `politics` is by how much the encoder takes the paragraph for one of politics, in logarithms; 0 where it read none.
    """
    acting = max((casting.standing(side, doc) for side in source), default=0.0)
    if candidate.reciprocal and len(source) > 1 and not target:
        source, target = source[:1], source[1:]
    alone = candidate.type in _BY_STATE
    acted_on = max((casting.standing(side, doc, alone=alone) for side in target), default=0.0)
    if candidate.reciprocal and not target and any("+" in (side.actor or "") for side in source):
        acted_on = acting  # "the two countries", whom the cast knows as both
    told = how_told(candidate.head, candidate.predicate)[0]
    return {
        "sure word": float(candidate.sense.weight == 3),
        "loose word": float(candidate.sense.weight == 1),
        "verb": float(candidate.sense.pos == "v"),
        "source": float(bool(source)),
        "target": float(bool(target)),
        "political source": acting,
        "political target": acted_on,
        "both": acting * acted_on,
        "private": 1 - max(acting, acted_on),
        "bare noun": float(
            candidate.sense.pos == "n"
            and candidate.predicate == candidate.head
            and not target
            and not (source and candidate.target and candidate.type in _DONE_TO)
        ),
        "sourceless noun": float(
            candidate.sense.pos == "n" and not source and not (acted_on and _is_carried(candidate))
        ),
        "told": float(told == "hypothetical"),
        "purpose": float(_is_purpose(candidate.head) or _is_purpose(candidate.predicate)),
        "objectless": float(_is_objectless(candidate)),
        "thing acted on": float(bool(candidate.target) and not target),
        "empty promise": float(
            not target and (candidate.type == "AGREE" or (candidate.type in _EMPTY and candidate.sense.weight < 3))
        ),
        "type share": _share(candidate, told, verdict),
        "said": float(
            acting == 1
            and not target
            and candidate.sense.pos == "v"
            and candidate.sense.weight == 3
            and candidate.type in _SAID
            and told == "asserted"
        ),
        "undergone": float(not source and acted_on == 1 and told == "asserted" and _is_undergone(candidate)),
        "harm to things": float(
            acting == 1
            and bool(candidate.target)
            and (not target or (_is_taken_place(candidate) and not acted_on))
            and _is_harm_named(candidate)
        ),
        "alone": float(_is_alone(candidate)),
        "in the streets": float(_is_in_the_streets(candidate)),
        "act": verdict.act,
        "beside politics": max(0.0, -politics),
    }


_WEIGHTS = {
    "sure word": 0.8, "loose word": -1.5, "verb": 0.3, "source": 0.4, "target": 0.2, "political source": 1.2,
    "political target": 0.6, "both": 0.8, "said": 0.6, "undergone": 1.1, "harm to things": 1.3,
    "type share": 2.0, "act": 2.0, "objectless": -1.5,
    "private": -1.5, "alone": -1.5, "beside politics": -0.25,
    "bare noun": -1.8, "sourceless noun": -0.9, "told": -0.5,
    "purpose": -1.1, "thing acted on": -0.3, "empty promise": -1.1,
    "in the streets": 1.4,
}  # fmt: skip
_BIAS = -4.2


def weigh(found: Mapping[str, float]) -> float:
    """Return the probability that a candidate is an act, by the evidence for and against it."""
    total = _BIAS + sum(_WEIGHTS[name] * value for name, value in found.items())
    return round(1 / (1 + math.exp(-total)), 4)

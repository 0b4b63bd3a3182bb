"""Sides told one act earlier: whose "accusations" are denied, whose "move" is criticised, which "talks" were scuttled.

In: the acts of an article in text order, sides missing. Out: the same acts, a missing side taken from the act that the
object recalls. Only definite objects recall, and only what a few sentences earlier told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

from tidings.events.clause import objects
from tidings.facts import Event, Side

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

__all__ = ["recalled"]

_BACK = 900
"""Characters back that a definite noun reaches."""
_NEAR = 250
"""Characters back that "the move" or "the decision" reaches: the sentence before."""
_RECALLS = {
    "accusation": ("ACCUSE",), "allegation": ("ACCUSE",), "claim": ("ACCUSE",), "charge": ("ACCUSE",),
    "criticism": ("ACCUSE",), "demand": ("REQUEST",), "request": ("REQUEST",), "appeal": ("REQUEST",),
    "call": ("REQUEST",), "assertion": ("ACCUSE",), "argument": ("ACCUSE",), "statement": ("ACCUSE",),
    "offer": ("AGREE",), "proposal": ("AGREE",), "threat": ("THREATEN",), "ultimatum": ("THREATEN",),
    "talk": ("CONSULT",), "negotiation": ("CONSULT",), "meeting": ("CONSULT",), "visit": ("CONSULT",),
    "sanction": ("SANCTION",), "tariff": ("SANCTION",), "embargo": ("SANCTION",), "ban": ("COERCE",),
    "attack": ("ASSAULT",), "strike": ("ASSAULT",), "assault": ("ASSAULT",), "raid": ("ASSAULT", "COERCE"),
    "bombing": ("ASSAULT",), "killing": ("ASSAULT",), "invasion": ("ASSAULT",), "arrest": ("COERCE",),
    "move": (), "decision": (), "announcement": (), "step": (), "action": (), "measure": (), "ruling": (),
}  # fmt: skip
_DEFINITE = frozenset({"the", "this", "these", "those", "that", "such"})
_ANSWERS = frozenset({"REJECT", "ACCUSE", "SUPPORT", "RETREAT", "CONCEDE"})


def recalled(events: Sequence[Event], doc: Doc) -> list[Event]:
    """Return the acts, with the target of an answer taken from the act it answers."""
    ordered = sorted(events, key=lambda event: (event.trigger, event.type))
    found: list[Event] = []
    for event in ordered:
        if event.target or event.type not in _ANSWERS:
            found.append(event)
            continue
        found.append(_answered(event, found, doc))
    return found


def _answered(event: Event, earlier: Sequence[Event], doc: Doc) -> Event:
    for noun in _definite_objects(event, doc):
        kinds = _RECALLS[noun]
        for act in reversed(earlier):
            if event.trigger.start - act.trigger.start > (_BACK if kinds else _NEAR):
                break
            if not kinds and act.status != "asserted":
                continue
            if (kinds and act.type not in kinds) or not act.source:
                continue
            if event.type == "RETREAT":
                return msgspec.structs.replace(
                    event, source=event.source or act.source, target=act.target, why=f"{event.why}, recalls {noun}"
                )
            mine = {side.actor or side.span for side in event.source}
            others: list[Side] = [side for side in act.source if (side.actor or side.span) not in mine]
            if others:
                return msgspec.structs.replace(event, target=tuple(others), why=f"{event.why}, recalls {noun}")
    return event


def _is_bare(noun: Token) -> bool:
    """Tell "denied allegations", made before, from "ruled out visits to the bases", of which it says all there is."""
    return noun.tag_ == "NNS" and not any(child.dep_ in ("prep", "acl", "relcl") for child in noun.children)


def _definite_objects(event: Event, doc: Doc) -> Iterator[str]:
    marked = doc.char_span(event.trigger.start, event.trigger.end, alignment_mode="expand")
    if marked is None or not len(marked):
        return
    head: Token = marked.root
    nouns = objects(head) if head.pos_ in ("VERB", "AUX") else [head]  # who "called it absurd" recalls no call
    for noun in nouns:
        word = noun.lemma_.lower()
        if word in _RECALLS and (
            noun == head or any(child.lower_ in _DEFINITE for child in noun.children) or _is_bare(noun)
        ):
            yield word

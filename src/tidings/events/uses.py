"""Other uses of the words of acts: what a trigger word means in company that makes it no act.

In: a verb (or noun) that the trigger table knows, with its sense. Out: whether it is used in another way.
It finds no acts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidings.events.agents import actor_kind
from tidings.events.clause import is_passive, members, objects, preposition_objects, subjects
from tidings.events.lexicon import Sense, is_weapon

if TYPE_CHECKING:
    from spacy.tokens import Token

__all__ = ["is_other_use"]

_NEEDING_OBJECT = frozenset({"hail", "return"})
_SHOWING = frozenset({"demonstrate", "conclude", "recognise", "recognize"})
_PROMISING = frozenset({"assure"})
_ASKING = frozenset({"ask", "question"})
_ASKING_WORDS = frozenset({"what", "who", "how", "why", "where", "when", "whether", "if"})
_STUDYING = frozenset({"investigate", "probe", "examine"})
_SELVES = frozenset({"himself", "herself", "itself", "themselves", "myself", "yourself", "ourselves"})
_MEETING = frozenset({"office", "PERSON", "body", "GPE", "PRON"})
"""Who may have come to meet somebody, and not to jeer."""
_SILENCE = frozenset("comment say state elaborate speculate specify confirm".split())
"""What one declines without refusing anybody anything: CAMEO has it as 011, "decline comment", no act of PLOVER."""
_WINNING = frozenset("beat defeat crush thrash hammer trounce rout".split())
_ELECTIONS = frozenset(
    "election vote voter poll primary caucus ballot runoff incumbent landslide seat challenger nomination".split()
)
_DEPLOYING = frozenset({"deploy", "mobilize", "mobilise"})
_RESERVES = frozenset("personnel reinforcement reservist reserve equipment defence defense observer monitor".split())
_GOODS = frozenset("discount price sale service product course subscription refund rebate feature deal".split())
"""What a shop offers."""


def is_other_use(word: Token, sense: Sense) -> bool:
    """Tell a use of a word that is no act: "hails from", "returned home", "asked about it", "beat her at the polls"."""
    verb = word
    lemma = verb.lemma_.lower()
    if verb.pos_ != "VERB" and lemma not in _PROMISING:
        return False
    if sense.type == "REQUEST" and _is_wh(verb):
        return True
    clause = next((child for child in verb.children if child.dep_ == "ccomp"), None)
    if lemma == "meet" and is_passive(verb):  # by jeers
        return not any(
            actor_kind(noun) in _MEETING for name in ("by", "with") for noun in preposition_objects(verb, name)
        )
    if sense.type == "ASSAULT" and any(noun.lower_ in _SELVES for noun in objects(verb)):
        return True
    if lemma in _NEEDING_OBJECT:
        return not objects(verb) and not is_passive(verb)
    if lemma in _SHOWING:
        return clause is not None or (lemma == "demonstrate" and bool(objects(verb)))
    if lemma in _PROMISING:  # that something is so
        return clause is not None and not any(part.tag_ in ("MD", "TO") for part in clause.lefts)
    if lemma in _ASKING:
        return any(preposition_objects(tied, "about") for tied in (verb, *objects(verb)))
    if lemma in _STUDYING:  # how something works
        return clause is not None and any(word.lower_ == "how" for word in clause.lefts)
    if lemma == "warn":  # that something is so already
        return clause is not None and not _is_to_come(clause)
    return _is_silence(verb, lemma) or _is_elected(verb, lemma) or _is_of_things(verb, lemma)


def _is_wh(verb: Token) -> bool:
    """Tell "asked him what he knew" and "demanded how he knew" from "asked that he come"."""
    return any(
        child.dep_ == "ccomp" and any(word.lower_ in _ASKING_WORDS for word in (child.left_edge, *child.lefts))
        for child in verb.children
    )


def _is_to_come(clause: Token) -> bool:
    """Tell "that it would answer" and "that it answers if attacked" from "that it is late"."""
    to_come = any(child.dep_ == "aux" and child.tag_ in ("MD", "TO") for child in clause.children)
    return to_come or any(
        child.dep_ == "advcl" and any(mark.lower_ in ("if", "unless") for mark in child.lefts)
        for child in clause.children
    )


def _is_silence(verb: Token, lemma: str) -> bool:
    """Tell "declined to comment" and "refused to say when" from a refusal."""
    if lemma not in ("decline", "refuse"):
        return False
    wordless = any(noun.lemma_.lower() == "comment" for noun in objects(verb))
    return wordless or any(child.dep_ == "xcomp" and child.lemma_ in _SILENCE for child in verb.children)


def _is_elected(verb: Token, lemma: str) -> bool:
    """Tell "beat the incumbent by ten points" from blows: force apart, whoever wins an election hurts nobody."""
    if lemma not in _WINNING or any(actor_kind(noun) == "force" for noun in subjects(verb)):
        return False
    return any(token.lemma_.lower() in _ELECTIONS for token in verb.sent)


def _is_of_things(verb: Token, lemma: str) -> bool:
    """Tell "deployed technology", "mobilised voters", "defied the odds", "offers it for $30" and "agreed with the
    verdict" from what is done to forces, orders and partners.
    """
    done_to = [member for noun in objects(verb) for member in members(noun)]
    if lemma in _DEPLOYING:
        return bool(done_to) and not any(_is_force(noun) for noun in done_to)
    if lemma == "defy":
        return any(noun.lemma_.lower() in ("odds", "odd", "gravity", "expectation") for noun in done_to)
    if lemma == "offer":
        prices = [noun for tied in (verb, *objects(verb)) for noun in preposition_objects(tied, "for")]
        sold = any(noun.lemma_.lower() in _GOODS and actor_kind(noun) == "-" for noun in done_to)
        return sold or any(noun.ent_type_ == "MONEY" for noun in prices)
    if lemma == "agree" and not done_to and not any(child.dep_ in ("xcomp", "ccomp") for child in verb.children):
        shared = preposition_objects(verb, "with")
        return bool(shared) and all(noun.pos_ == "NOUN" and actor_kind(noun) == "-" for noun in shared)
    return False


def _is_force(noun: Token) -> bool:
    """Tell forces, arms and names of units from voters and tools."""
    if actor_kind(noun) == "force" or is_weapon(noun) or noun.pos_ in ("PROPN", "PRON"):
        return True
    return noun.lemma_.lower() in _RESERVES or any(
        child.dep_ in ("compound", "amod") and child.lower_ in ("military", "naval", "air", "army", "police", "armed")
        for child in noun.children
    )

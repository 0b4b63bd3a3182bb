"""Other uses of the words of acts: what a trigger word means in company that makes it no act.

In: a verb (or noun) that the trigger table knows, with its sense. Out: whether it is used in another way.
It finds no acts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tidings.events.agents import actor_kind, is_weapon
from tidings.events.clause import authors, is_passive, members, objects, preposition_objects, subjects
from tidings.events.lexicon import Sense

if TYPE_CHECKING:
    from spacy.tokens import Token

__all__ = ["is_other_use"]

_ACCIDENTS = frozenset(
    "crash accident collision earthquake quake flood flooding storm hurricane cyclone tornado typhoon blaze wildfire "
    "avalanche landslide mudslide pandemic virus disease heatwave lightning explosion derailment stampede drowning "
    "famine hunger covid-19 coronavirus cancer cold tsunami volcano eruption rain snow drought wind".split()
)
"""What kills without a hand in it."""
_HAZARDS = frozenset("weather hazard outbreak infection scam fraudster heat smoke smog tide delay shortage".split())
_WARNING = frozenset({"warn", "warning"})
_PRESS = frozenset("reporter journalist press media newspaper broadcaster television radio audience viewer".split())
_ASKING_WORDS = frozenset({"what", "who", "how", "why", "where", "when", "whether", "if"})
_SELVES = frozenset({"himself", "herself", "itself", "themselves", "myself", "yourself", "ourselves"})
_MEETING = frozenset({"office", "PERSON", "body", "GPE", "PRON"})
"""Who may have come to meet somebody, and not to jeer."""
_SILENCE = frozenset("comment say state elaborate speculate specify confirm".split())
"""What one declines without refusing anybody anything: CAMEO has it as 011, "decline comment", no act of PLOVER."""
_ELECTIONS = frozenset(
    "election vote voter poll primary caucus ballot runoff incumbent landslide seat challenger nomination".split()
)
_RESERVES = frozenset("personnel reinforcement reservist reserve equipment defence defense observer monitor".split())
_GOODS = frozenset("discount price sale service product course subscription refund rebate feature deal".split())
"""What a shop offers."""


def is_other_use(token: Token, sense: Sense) -> bool:
    """Tell a use of a word that is no act: "hails from", "returned home", "asked about it", "beat her at the polls"."""
    by_type = _BY_TYPE.get(sense.type)
    if by_type is not None and by_type(token):
        return True
    if sense.word in _WARNING and _is_hazard(token):
        return True
    lemma = token.lemma_.lower()
    rule = _BY_WORD.get(lemma)
    return rule is not None and (token.pos_ == "VERB" or lemma == "assure") and rule(token)


# ------------------------------------------------------------------------------------------- by type of act


def _is_accident(token: Token) -> bool:
    """Tell deaths by storms and crashes from deaths by hands."""
    near = [child for child in token.children if child.dep_ in ("nsubj", "compound")]
    near.extend(noun for word in ("in", "by", "from", "during") for noun in preposition_objects(token, word))
    near.extend(noun for child in token.children if child.dep_ == "agent" for noun in child.children)
    return any(noun.lemma_.lower() in _ACCIDENTS for noun in near)


def _is_to_press(token: Token) -> bool:
    """Tell "spoke to reporters" from talks."""
    heard = [noun for word in ("to", "with") for noun in preposition_objects(token, word)]
    return bool(heard) and all(noun.lemma_.lower() in _PRESS for noun in heard)


def _is_by_things(verb: Token) -> bool:
    """Tell "floods threaten the town" from a threat that somebody makes."""
    doers = [author for noun in subjects(verb) for author in authors(noun)] if verb.pos_ == "VERB" else []
    return bool(doers) and all(
        noun.pos_ == "NOUN" and actor_kind(noun) == "-" and not is_weapon(noun) for noun in doers
    )


def _is_hazard(warning: Token) -> bool:
    """Tell a warning of storms and swindlers from a threat."""
    beside = list(warning.head.children) if warning.dep_ == "dobj" else []
    beside.extend(noun for clause in beside[:] if clause.dep_ == "advcl" for noun in clause.children)
    words = [*warning.subtree, *beside]
    return any(word.lemma_.lower() in _ACCIDENTS | _HAZARDS for word in words)


def _is_unmeant(verb: Token) -> bool:
    """Tell accidents, and what people do to themselves, from an assault."""
    itself = verb.pos_ == "VERB" and any(noun.lower_ in _SELVES for noun in objects(verb))
    return itself or _is_accident(verb)


def _is_wh(verb: Token) -> bool:
    """Tell "asked him what he knew" and "demanded how he knew" from "asked that he come"."""
    return verb.pos_ == "VERB" and any(
        child.dep_ == "ccomp" and any(word.lower_ in _ASKING_WORDS for word in (child.left_edge, *child.lefts))
        for child in verb.children
    )


# ------------------------------------------------------------------------------------------- by word


def _clause(verb: Token) -> Token | None:
    return next((child for child in verb.children if child.dep_ == "ccomp"), None)


def _is_to_come(clause: Token) -> bool:
    """Tell "that it would answer" and "that it answers if attacked" from "that it is late"."""
    to_come = any(child.dep_ == "aux" and child.tag_ in ("MD", "TO") for child in clause.children)
    return to_come or any(
        child.dep_ == "advcl" and any(mark.lower_ in ("if", "unless") for mark in child.lefts)
        for child in clause.children
    )


def _is_jeered(verb: Token) -> bool:
    """Tell "was met by jeers" and "was met by protesters" from "was met by the ambassador"."""
    came = [noun for word in ("by", "with") for noun in preposition_objects(verb, word)]
    return is_passive(verb) and not any(actor_kind(noun) in _MEETING for noun in came)


def _lacks_object(verb: Token) -> bool:
    """Tell "hails from" and "returned home" from "hailed the deal" and "returned the prisoners"."""
    return not objects(verb) and not is_passive(verb)


def _has_clause(verb: Token) -> bool:
    """Tell "concluded that it was safe" from "concluded a treaty"."""
    return _clause(verb) is not None


def _is_showing(verb: Token) -> bool:
    """Tell "demonstrated skill" and "demonstrated that" from "demonstrated in the square"."""
    return _has_clause(verb) or bool(objects(verb))


def _is_assertion(verb: Token) -> bool:
    """Tell "assured them that it was safe" from a promise: "assured them that it would pay"."""
    clause = _clause(verb)
    return clause is not None and not any(part.tag_ in ("MD", "TO") for part in clause.lefts)


def _is_about(verb: Token) -> bool:
    """Tell "asked him about it" from "asked him for it"."""
    return any(preposition_objects(tied, "about") for tied in (verb, *objects(verb)))


def _is_study(verb: Token) -> bool:
    """Tell "investigated how bears sleep" from "investigated the minister"."""
    clause = _clause(verb)
    return clause is not None and any(word.lower_ == "how" for word in clause.lefts)


def _is_advice(verb: Token) -> bool:
    """Tell "warned that it is late" from "warned that it would answer"."""
    clause = _clause(verb)
    return clause is not None and not _is_to_come(clause)


def _is_silence(verb: Token) -> bool:
    """Tell "declined to comment" and "refused to say when" from a refusal."""
    wordless = any(noun.lemma_.lower() == "comment" for noun in objects(verb))
    return wordless or any(child.dep_ == "xcomp" and child.lemma_ in _SILENCE for child in verb.children)


def _is_elected(verb: Token) -> bool:
    """Tell "beat the incumbent by ten points" from blows: force apart, whoever wins an election hurts nobody."""
    if any(actor_kind(noun) == "force" for noun in subjects(verb)):
        return False
    return any(token.lemma_.lower() in _ELECTIONS for token in verb.sent)


def _done_to(verb: Token) -> list[Token]:
    return [member for noun in objects(verb) for member in members(noun)]


def _is_of_things(verb: Token) -> bool:
    """Tell "deployed technology" and "mobilised voters" from "deployed troops"."""
    done_to = _done_to(verb)
    return bool(done_to) and not any(_is_force(noun) for noun in done_to)


def _is_of_odds(verb: Token) -> bool:
    """Tell "defied the odds" from "defied the court"."""
    return any(noun.lemma_.lower() in ("odds", "odd", "gravity", "expectation") for noun in _done_to(verb))


def _is_sale(verb: Token) -> bool:
    """Tell "offers it for $30" from "offered its help"."""
    prices = [noun for tied in (verb, *objects(verb)) for noun in preposition_objects(tied, "for")]
    sold = any(noun.lemma_.lower() in _GOODS and actor_kind(noun) == "-" for noun in _done_to(verb))
    return sold or any(noun.ent_type_ == "MONEY" for noun in prices)


def _is_opinion(verb: Token) -> bool:
    """Tell "agreed with the verdict" from "agreed with Chad" and "agreed to meet"."""
    if objects(verb) or any(child.dep_ in ("xcomp", "ccomp") for child in verb.children):
        return False
    shared = preposition_objects(verb, "with")
    return bool(shared) and all(noun.pos_ == "NOUN" and actor_kind(noun) == "-" for noun in shared)


def _is_force(noun: Token) -> bool:
    """Tell forces, arms and names of units from voters and tools."""
    if actor_kind(noun) == "force" or is_weapon(noun) or noun.pos_ in ("PROPN", "PRON"):
        return True
    return noun.lemma_.lower() in _RESERVES or any(
        child.dep_ in ("compound", "amod") and child.lower_ in ("military", "naval", "air", "army", "police", "armed")
        for child in noun.children
    )


_BY_TYPE: dict[str, Callable[[Token], bool]] = {
    "CONSULT": _is_to_press,
    "THREATEN": _is_by_things,
    "ASSAULT": _is_unmeant,
    "REQUEST": _is_wh,
}
_BY_WORD: dict[str, Callable[[Token], bool]] = {
    **dict.fromkeys(("hail", "return"), _lacks_object),
    **dict.fromkeys(("conclude", "recognise", "recognize"), _has_clause),
    **dict.fromkeys(("ask", "question"), _is_about),
    **dict.fromkeys(("investigate", "probe", "examine"), _is_study),
    **dict.fromkeys(("decline", "refuse"), _is_silence),
    **dict.fromkeys(("beat", "defeat", "crush", "thrash", "hammer", "trounce", "rout"), _is_elected),
    **dict.fromkeys(("deploy", "mobilize", "mobilise"), _is_of_things),
    "demonstrate": _is_showing,
    "assure": _is_assertion,
    "meet": _is_jeered,
    "warn": _is_advice,
    "defy": _is_of_odds,
    "offer": _is_sale,
    "agree": _is_opinion,
}

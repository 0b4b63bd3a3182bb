"""The company in which a word with several senses tells an act: what a row of the trigger table `needs`.

In: a token and the need, such as `ties` ("cut ties", not "cut costs"). Out: whether it stands in that company.
It reads no table of triggers.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING

from tidings.data import read_text
from tidings.events.agents import actor_kind, agent_kind, is_arm, is_weapon
from tidings.events.clause import is_passive, members, objects, preposition_objects, speaker_meant, subjects

if TYPE_CHECKING:
    from spacy.tokens import Token

__all__ = ["has_company", "reproaches"]

_THINGS = {
    "ties": frozenset("relation relationship tie link contact".split()),
    "embassy": frozenset({"embassy", "consulate", "mission"}),
    "trade": frozenset("import export trade shipment flight visa".split()),
    "territory": frozenset(
        "village town city area base settlement airport island district hill stronghold territory outpost crossing "
        "neighbourhood neighborhood palace".split()
    ),
    "meetings": frozenset("talk meeting summit visit trip negotiation dialogue tour conference session".split()),
    "motion": frozenset(
        "resolution bill motion law legislation measure amendment nomination appointment proposal reform budget treaty "
        "vote candidacy deal agreement accord merger referendum".split()
    ),
    "missiles": frozenset("stone rock bottle bomb molotov cocktail brick firebomb grenade object projectile".split()),
    "licence": frozenset("registration licence license permit accreditation status".split()),
    "assets": frozenset("asset account fund holding".split()),
}
"""What an act is done to, where the thing alone decides."""
_UNLAWFUL = frozenset("illegal unlawful unconstitutional invalid void inadmissible".split())
_LODGING = frozenset("lodge file submit make deliver register convey hand send".split())
_LABOUR = frozenset("general rail tube hunger pilot teacher labour labor wildcat nationwide sympathy walkout".split())
_STRIKING = frozenset("go be stay remain call stage begin start threaten end continue hold".split())
_TAKING = frozenset({"take", "gain", "wrest", "regain", "retake"})
_HACKERS = frozenset({"hacker", "cyberattack", "ransomware"})
_AIMS = ("into", "in", "toward", "towards", "over")
_STRUCK = frozenset(
    "airfield barrack base bunker camp depot hideout launcher outpost position site stronghold target".split()
)
_SUPPLYING = frozenset({"provide", "supply"})
_LETTING_GO = frozenset({"away", "in", "off", "up"})
_ROADS = frozenset("road highway motorway street bridge crossing entrance railway track port airport square".split())
_JOINED = frozenset(
    "agreement accord treaty pact convention bloc alliance organization organisation union court council commission "
    "community".split()
)
"""What a state may leave."""
_RIOT_GEAR = frozenset({"gas", "cannon", "baton", "truncheon", "grenade"})
_RIOT_SHOTS = frozenset({"rubber", "plastic", "pepper"})
_SEAS = frozenset({"sea", "ocean", "water", "waters", "space", "orbit"})
_UNKNOWNS = frozenset("involvement role possibility link connection cause motive terrorism error failure".split())
"""What an inquiry rules out: to do so is no refusal."""
_FIGURES = frozenset({"gap", "eye", "door", "rank", "chapter", "book", "deal", "distance"})
"""What is closed in a manner of speaking."""
_PEOPLE = ("office", "crowd", "force", "PERSON", "PRON", "NORP")
_STATES = ("GPE", "ORG", "body")
_KIN = frozenset("father mother parent son daughter child brother sister wife husband widow relative".split())
_NO_GOODS = frozenset(
    """reason hour day minute week month time chance detail speech interview answer way place sense idea view example
    reply look lesson warning voice birth thank thanks credit name number
    evidence testimony ultimatum deadline order opinion
    account statement letter message email survey questionnaire invitation greeting regards delegation envoy
    representative blessing nod notice advice hint signal impression rise priority pause shot
    say vote right power authority veto access look pass edge advantage boost hope photograph photo picture
    video""".split()
)
"""What can be given, sent or offered and helps nobody: "gave them 48 hours", "gave the senators a reason"."""


def has_company(token: Token, needs: str) -> bool:
    """Tell whether a word with several senses stands in the company one of them needs.

    `needs` names a rule or a set of things done to, or is `+` and the prepositions that may follow: `+on/over`.
    """
    if needs.startswith("+"):
        return any(child.dep_ == "prep" and child.lower_ in needs[1:].split("/") for child in token.children)
    if needs in _THINGS:
        # "The town of Lund" is a town, whatever Lund is taken for.
        named = [child for child in token.children if child.dep_ in ("dobj", "nsubjpass")]
        return any(noun.lemma_.lower() in _THINGS[needs] for noun in (*named, *_done_to(token)))
    return _NEEDS[needs](token)


@functools.cache
def reproaches() -> frozenset[str]:
    """Return the words that blame whom they are said of."""
    return frozenset(read_text("events_reproaches.tsv").splitlines()[1:])


def _done_to(token: Token) -> list[Token]:
    """Return what an act is done to: "closed the embassy", "closure of the embassy"."""
    return objects(token) if token.pos_ in ("VERB", "AUX", "ADJ") else preposition_objects(token, "of")


def _kinds(token: Token) -> list[str]:
    return [actor_kind(noun) for noun in _done_to(token)]


# ------------------------------------------------------------------------------------- what stands beside the word


def _has_infinitive(verb: Token) -> bool:
    """Tell "asked them to leave" from "asked what to do"; what "is expected to come" is foretold and not asked for."""
    return not (verb.lemma_ == "expect" and is_passive(verb)) and any(
        child.dep_ in ("xcomp", "ccomp", "advcl")
        and any(mark.lower_ == "to" for mark in child.lefts)
        and not any(mark.tag_.startswith("W") for mark in child.lefts)
        for child in verb.children
    )


def _lets_somebody(verb: Token) -> bool:
    """Tell "allowed the monitors to enter" from "allowed our territory to be used", "allowed its troops to leave"."""
    others = [noun for noun in objects(verb) if not any(c.dep_ == "poss" and c.pos_ == "PRON" for c in noun.children)]
    return _has_infinitive(verb) and any(actor_kind(noun) not in ("-", "PRON") for noun in others)


def _has_clause(verb: Token) -> bool:
    return any(child.dep_ == "ccomp" and child.i > verb.i for child in verb.children)


def _is_in_the_street(verb: Token) -> bool:
    """Tell "they demonstrated in Oslo" from "demonstrated the need", "demonstrated that" and "as demonstrated by"."""
    shown = (
        is_passive(verb) or objects(verb) or _has_clause(verb) or any(child.dep_ == "agent" for child in verb.children)
    )
    return not shown and bool(subjects(verb))


def _is_to_the_streets(verb: Token) -> bool:
    return any(noun.lemma_.lower() == "street" for noun in preposition_objects(verb, "to"))


def _is_off_the_job(verb: Token) -> bool:
    return any(noun.lemma_.lower() in ("job", "site", "shift") for noun in preposition_objects(verb, "off"))


def _is_stripped_of(verb: Token) -> bool:
    """Tell "stripped them of their rights", wherever the parse hangs the rights, from "stripped the bed"."""
    return any(
        child.dep_ == "prep" and child.lower_ == "of" for tie in (verb, *objects(verb)) for child in tie.children
    )


def _is_guilty(verb: Token) -> bool:
    return any(word.lower_ == "guilty" for child in verb.children for word in (child, *child.children))


def _is_taken(noun: Token) -> bool:
    return noun.dep_ == "dobj" and noun.head.lemma_ in _TAKING


def _is_joint(noun: Token) -> bool:
    parts = [noun, *(child for child in noun.children if child.dep_ == "compound")]  # "joint coast guard drills"
    return any(child.lower_ == "joint" for part in parts for child in part.children)


def _is_lodged(noun: Token) -> bool:
    return noun.dep_ == "dobj" and noun.head.lemma_ in _LODGING


def _calls_unlawful(verb: Token) -> bool:
    """Tell "ruled the vote illegal", "declared it void"."""
    return any(
        (c.dep_ in ("oprd", "acomp", "xcomp", "attr") or (c.dep_ in ("ccomp", "dobj") and c.pos_ == "ADJ"))
        and c.lemma_.lower() in _UNLAWFUL
        for c in verb.children
    )


def _calls_names(verb: Token) -> bool:
    """Tell "called him a tyrant", "described it as a betrayal"."""
    said = [c for c in verb.children if c.dep_ in ("oprd", "xcomp", "acomp")]
    said += [below for c in verb.children if c.dep_ == "prep" and c.lower_ == "as" for below in c.children]
    return any(word.lemma_.lower() in reproaches() for one in said for word in (one, *one.children))


def _is_labour(strike: Token) -> bool:
    """Tell "went on strike", "a general strike" and "the miners' strike" from a strike on a town."""
    if any(child.dep_ in ("amod", "compound") and child.lower_ in _LABOUR for child in strike.children):
        return True
    holders = [child for child in strike.children if child.dep_ in ("poss", "compound", "nmod")]
    if any(actor_kind(holder) == "crowd" for holder in holders):
        return True
    return strike.dep_ == "pobj" and strike.head.lower_ == "on" and strike.head.head.lemma_ in _STRIKING


# ------------------------------------------------------------------------------------- who does it


def _is_pullout(verb: Token) -> bool:
    """Tell troops that leave a country."""
    leaving = any(agent_kind(noun) == "force" for noun in subjects(verb))
    return leaving and any(noun.ent_type_ == "GPE" for noun in objects(verb))


def _is_in_the_way(verb: Token) -> bool:
    """Tell crowds that block a road from a court that blocks a bill, and from an army that blocks a road."""
    blocked = any(part.lemma_.lower() in _ROADS for noun in objects(verb) for part in members(noun))
    return blocked and any(agent_kind(noun) == "crowd" for noun in subjects(verb))


def _is_of_membership(verb: Token) -> bool:
    """Tell states that leave a treaty or a bloc from armies that leave a town."""
    left = [*objects(verb), *preposition_objects(verb, "from")]
    joined = any(
        noun.lemma_.lower() in _JOINED or (noun.ent_type_ == "ORG" and noun.text.isupper() and len(noun) > 2)
        for noun in left
    )
    return joined and any(actor_kind(noun) == "GPE" for noun in subjects(verb))


def _is_non_grata(verb: Token) -> bool:
    return any(token.lower_ == "grata" for token in verb.subtree)


def _is_journey(verb: Token) -> bool:
    """Tell the journey of somebody in office to a country or its capital."""
    goers = [actor_kind(noun) for noun in subjects(verb)] or [actor_kind(noun) for noun in objects(verb.head)]
    return any(kind in ("office", "PERSON") for kind in goers) and any(
        noun.ent_type_ == "GPE" for word in ("to", "in") for noun in preposition_objects(verb, word)
    )


def _is_by_arms(verb: Token) -> bool:
    """Tell what is struck by forces, weapons, an attack, and the targets and depots that a country says it struck."""
    doers = [*(speaker_meant(noun, verb) for noun in subjects(verb)), *preposition_objects(verb, "with")]
    if any(
        agent_kind(noun) == "force" or is_weapon(noun) or noun.lemma_.lower() in ("attack", "strike", "raid")
        for noun in doers
    ):
        return True
    return any(actor_kind(noun) in _STATES for noun in doers) and any(_is_struck(noun) for noun in objects(verb))


def _is_struck(noun: Token) -> bool:
    """Tell "struck rebel targets in the south" from "hit its target", "hit targets for growth"."""
    own = any(child.dep_ == "poss" and child.pos_ == "PRON" for child in noun.children)
    return noun.tag_ == "NNS" and noun.lemma_.lower() in _STRUCK and not own and not preposition_objects(noun, "for")


def _is_to_persons(verb: Token) -> bool:
    """Tell "beat the students" from "the Army beat the Navy", a match."""
    return any(kind in _PEOPLE and kind != "force" for kind in _kinds(verb))


def _is_beaten_by_force(verb: Token) -> bool:
    return any(agent_kind(noun) == "force" for noun in subjects(verb)) and _is_to_persons(verb)


def _is_by_hackers(verb: Token) -> bool:
    return any(noun.lemma_.lower() in _HACKERS for noun in subjects(verb))


def _is_diplomatic(verb: Token) -> bool:
    return bool(objects(verb)) and any(actor_kind(noun) in _STATES for noun in subjects(verb))


def _is_pair(verb: Token) -> bool:
    """Tell "the two ministers spoke by phone" and "A and B spoke about trade" from "A and B spoke at a fair"."""
    speakers = [member for noun in subjects(verb) for member in members(noun)]
    if len(speakers) < 2 or any(actor_kind(noun) not in ("PERSON", "GPE", "office") for noun in speakers):
        return False
    if preposition_objects(verb, "about"):
        return True
    means = [noun for word in ("by", "on", "over") for noun in preposition_objects(verb, word)]
    return any(noun.lemma_.lower() in ("phone", "telephone") for noun in means)


def _is_alliance(verb: Token) -> bool:
    joining = [actor_kind(noun) for noun in subjects(verb)]
    return "GPE" in joining and any(noun.ent_type_ in ("ORG", "GPE") for noun in _done_to(verb))


# ------------------------------------------------------------------------------------- to whom or what it is done


def _is_to_people(token: Token) -> bool:
    return any(kind in _PEOPLE for kind in _kinds(token)) or any(
        noun.lemma_.lower() in _KIN for noun in _done_to(token)
    )


def _is_to_party(token: Token) -> bool:
    """Tell what is done to an actor or to nothing named."""
    kinds = _kinds(token)
    return not kinds or any(kind != "-" for kind in kinds)


def _is_to_actor(token: Token) -> bool:
    return any(kind != "-" for kind in _kinds(token)) or any(_is_owned(noun) for noun in _done_to(token))


def _is_owned(noun: Token) -> bool:
    """Tell "the enemy's fleet", "Danish ships": things that stand for whose they are."""
    return any(child.dep_ == "poss" and child.ent_type_ in ("GPE", "NORP", "ORG") for child in noun.children)


def _is_to_state(token: Token) -> bool:
    return any(kind in _STATES for kind in _kinds(token))


def _is_to_force(token: Token) -> bool:
    return "force" in _kinds(token) or any(is_arm(noun) for noun in _done_to(token))


def _is_of_course(verb: Token) -> bool:
    return not any(noun.lemma_.lower() in _UNKNOWNS for noun in _done_to(verb))


def _is_fired_at_sea(verb: Token) -> bool:
    """Tell "fired a missile into the sea": a show of arms, and no attack."""
    done_to = _done_to(verb)
    aims = [noun for tie in (verb, *done_to) for word in _AIMS for noun in preposition_objects(tie, word)]
    return any(is_weapon(noun) for noun in done_to) and any(noun.lemma_.lower() in _SEAS for noun in aims)


def _is_of_goods(verb: Token) -> bool:
    if verb.lemma_ == "give" and any(
        child.dep_ in ("prt", "advmod") and child.lower_ in _LETTING_GO for child in verb.children
    ):
        return False  # "gave away too much", "gave up land"
    things = [*_done_to(verb), *(preposition_objects(verb, "with") if verb.lemma_ in _SUPPLYING else [])]
    return any(actor_kind(noun) == "-" and noun.lemma_.lower() not in _NO_GOODS for noun in things)


def _is_fired_at_somebody(verb: Token) -> bool:
    """Tell "launched a missile at the airport" from "launched a missile into the sea"."""
    aims = [
        noun
        for word in ("at", "on", "against", "into", "towards", "toward")
        for noun in preposition_objects(verb, word)
    ]
    shot = any(is_weapon(part) for noun in objects(verb) for part in members(noun))
    return shot and bool(aims) and not any(noun.lemma_.lower() in _SEAS for noun in aims)


def _is_with_riot_gear(verb: Token) -> bool:
    """Tell "used water cannon against boats" and "fired rubber bullets at them" from "used gas on a large scale"."""
    aims = [noun for word in ("at", "on", "into") for noun in preposition_objects(verb, word)]
    aimed = preposition_objects(verb, "against") or any(actor_kind(noun) in _PEOPLE for noun in aims)
    aimed = aimed or (verb.lemma_ == "fire" and any(agent_kind(noun) == "force" for noun in subjects(verb)))
    return bool(aimed) and any(
        part.lemma_.lower() in _RIOT_GEAR or any(child.lower_ in _RIOT_SHOTS for child in part.children)
        for noun in objects(verb)
        for part in members(noun)
    )


def _is_from_office(verb: Token) -> bool:
    return any(noun.lemma_.lower() in ("office", "post", "power") for noun in preposition_objects(verb, "from"))


def _is_of_fire(verb: Token) -> bool:
    return any(noun.lemma_.lower() in ("fire", "gunfire", "shelling", "blow") for noun in objects(verb))


def _is_of_thing(token: Token) -> bool:
    return "-" in _kinds(token) and not any(noun.lemma_.lower() in _FIGURES for noun in _done_to(token))


_NEEDS: dict[str, Callable[[Token], bool]] = {
    "to": _has_infinitive,
    "let": _lets_somebody,
    "that": _has_clause,
    "street": _is_in_the_street,
    "streets": _is_to_the_streets,
    "guilty": _is_guilty,
    "stripped": _is_stripped_of,
    "job": _is_off_the_job,
    "taken": _is_taken,
    "joint": _is_joint,
    "lodged": _is_lodged,
    "unlawful": _calls_unlawful,
    "reproach": _calls_names,
    "labour": _is_labour,
    "pullout": _is_pullout,
    "journey": _is_journey,
    "membership": _is_of_membership,
    "grata": _is_non_grata,
    "roads": _is_in_the_way,
    "armed": _is_by_arms,
    "hackers": _is_by_hackers,
    "beaten": _is_beaten_by_force,
    "persons": _is_to_persons,
    "diplomatic": _is_diplomatic,
    "pair": _is_pair,
    "alliance": _is_alliance,
    "people": _is_to_people,
    "party": _is_to_party,
    "actor": _is_to_actor,
    "state": _is_to_state,
    "force": _is_to_force,
    "course": _is_of_course,
    "sea": _is_fired_at_sea,
    "goods": _is_of_goods,
    "shots": _is_fired_at_somebody,
    "fire": _is_of_fire,
    "riot-gear": _is_with_riot_gear,
    "from-office": _is_from_office,
    "thing": _is_of_thing,
}

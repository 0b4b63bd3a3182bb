"""Who stands on a side: from the head of a noun phrase to the actor it names.

In: heads of noun phrases, the cast. Out: sides with span, actor and code.
An adjective or a nested name is a side only where its noun cannot act by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from typing import TYPE_CHECKING

from tidings.events.agents import agent_kind, agents, is_count
from tidings.events.clause import members, phrase, preposition_objects, referent
from tidings.facts import Actor, Cast, Mention, Quote, Side
from tidings.text import Span

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

__all__ = ["Casting"]

_SECTORS = {
    "army": "MIL", "military": "MIL", "troop": "MIL", "soldier": "MIL", "force": "MIL", "navy": "MIL",
    "warplane": "MIL",
    "jet": "MIL", "drone": "MIL", "warship": "MIL", "marine": "MIL", "general": "MIL", "helicopter": "MIL",
    "police": "COP", "policeman": "COP", "court": "JUD", "judge": "JUD", "prosecutor": "JUD", "tribunal": "JUD",
    "parliament": "LEG", "congress": "LEG", "senate": "LEG", "lawmaker": "LEG", "senator": "LEG", "legislator": "LEG",
    "rebel": "REB", "insurgent": "REB", "guerrilla": "REB", "separatist": "REB", "militant": "REB", "fighter": "REB",
    "militia": "PRM", "protester": "CVL", "demonstrator": "CVL", "civilian": "CVL", "people": "CVL", "resident": "CVL",
    "villager": "CVL", "refugee": "REF", "migrant": "REF", "opposition": "OPP", "journalist": "JRN", "reporter": "JRN",
    "worker": "LAB", "student": "EDU", "party": "PTY", "government": "GOV", "ministry": "GOV", "minister": "GOV",
    "president": "GOV", "official": "GOV", "ambassador": "GOV", "diplomat": "GOV", "embassy": "GOV", "envoy": "GOV",
    "gunman": "UAF", "citizen": "CVL", "administration": "GOV", "authority": "GOV",
}  # fmt: skip
_PUBLIC = frozenset("GOV MIL LEG JUD COP PTY OPP REB SPY PRM ELI UAF PRE REL IGO".split())
"""The sectors whose doings are politics whatever they do."""
_LESSER = frozenset(
    "lawyer attorney journalist reporter head chair chief chairman chairwoman aide side bank house".split()
)
"""Offices that are as often private."""
_PERSONAL = frozenset({"he", "she", "they", "we", "i", "him", "her", "them", "us", "me", "you"})
_SPEAKING = frozenset({"we", "i", "us", "me", "you"})
"""Who these are, only the speaker's name tells: without an actor they are no side."""
_OURS = frozenset({"our", "my", "your"})
_NAMED = frozenset({"GPE", "NORP", "ORG", "PERSON"})
_NATIONS = frozenset({"GPE", "NORP", "LANGUAGE"})
"""What the parser calls "French" in "French and German ministers"."""
_SUFFERED = frozenset("death suicide disappearance illness injury birth funeral".split())
"""What befalls whose it is: to probe somebody's death is not to probe them."""
_RELATED = frozenset(
    "colleague friend wife husband son daughter brother sister father mother neighbour neighbor successor predecessor "
    "rival".split()
)
"""People, who are not whose they are: to silence her colleague is not to silence her."""
_ONE_OF_MANY = frozenset(
    "boy girl man woman child worker student teacher doctor nurse employee pupil teenager suspect victim migrant "
    "refugee resident tourist passenger farmer shopper".split()
)
"""Who is no crowd alone."""
_REALMS = frozenset("colony dependency possession protectorate province republic satellite state territory".split())
_HOLDING = ("poss", "compound", "amod", "nmod")


_ABROAD = frozenset("embassy consulate mission ambassador envoy diplomat troop peacekeeper base delegation".split())

_DEEP = 3
_TIES = frozenset({"of", "by", "from", "against", "on", "to", "with", "for", "in", "into", "over", "towards"})


def _is_former_realm(noun: Token) -> bool:
    """Tell "the former French colony", which is nobody's any more."""
    former = any(child.lower_ in ("ex", "former", "onetime") for child in noun.children)
    return former and noun.lemma_.lower() in _REALMS


def _inside(head: Token) -> list[Token]:
    """Return the nouns inside a noun phrase: holders first, then what prepositions tie to it."""
    if head.lemma_.lower() in _SUFFERED:
        return []
    found = [child for child in head.children if child.dep_ in _HOLDING and child.ent_type_ not in ("DATE", "TIME")]
    for child in head.children:
        if child.dep_ in ("prep", "agent") and child.lower_ in _TIES:
            found.extend(referent(noun) for noun in child.children if noun.dep_ in ("pobj", "pcomp"))
        elif child.dep_ == "acl" and child.tag_ == "VBN":
            found.extend(preposition_objects(child, "by"))
        elif child.dep_ == "acl" and child.tag_ not in ("VBG", "VB"):
            found.extend(noun for noun in child.children if noun.dep_ in ("nsubj", "nsubjpass"))
    return found


class Casting:
    """The cast of an article, looked up by token."""

    def __init__(self, doc: Doc, cast: Cast, quotes: Iterable[Quote] = ()) -> None:
        self._actors = {actor.id: actor for actor in cast.actors}
        self._at: dict[int, Mention] = {}
        for mention in sorted(cast.mentions, key=lambda found: (found.span.start - found.span.end, found.span)):
            marked = doc.char_span(mention.span.start, mention.span.end, alignment_mode="expand")
            if marked is None or not len(marked):
                continue
            self._at[marked.root.i] = self._at.get(marked.root.i, mention)
            if mention.form in ("name", "metonym"):
                for token in marked:
                    self._at.setdefault(token.i, mention)

        for quote in quotes:
            self._hear(doc, quote)

    def _hear(self, doc: Doc, quote: Quote) -> None:
        """Let "I" and "we" within quotation marks stand for who speaks."""
        if quote.speaker is None or quote.kind == "indirect":
            return
        for part in quote.parts:
            for token in doc.char_span(part.start, part.end, alignment_mode="contract") or ():
                known = self._at.get(token.i)
                if token.lower_ in ("i", "we") and (known is None or known.actor is None):
                    span = Span(token.idx, token.idx + len(token.text))
                    self._at[token.i] = Mention(
                        span=span, form="pronoun", label="PERSON", score=quote.score, actor=quote.speaker
                    )

    def actor(self, mention: Mention | None) -> Actor | None:
        """Return the actor a mention speaks of."""
        return self._actors.get(mention.actor) if mention is not None and mention.actor is not None else None

    def sides(self, heads: Iterable[Token], *, loose: bool, but: Sequence[Side] = ()) -> list[Side]:
        """Return the sides of noun heads, each actor once; `loose` reaches for the holder of a thing, but for some."""
        found: dict[object, Side] = {}
        others = {side.actor for side in but if side.actor is not None}
        for head in heads:
            sides = self._several(head) or [self.side(head, loose=loose, but=others)]
            for side in sides:
                if side is not None:
                    found.setdefault(side.actor or side.span, side)
        return list(found.values())

    def _several(self, head: Token) -> list[Side]:
        """Return one side for each country of "the French and German ministers"."""
        if agents().get(head.lemma_.lower()) is None or (head.i in self._at and self._at[head.i].form == "name"):
            return []
        for child in head.children:
            if child.dep_ in ("amod", "compound", "nmod") and child.ent_type_ in ("GPE", "NORP"):
                nations = [token for token in members(child) if token.ent_type_ in _NATIONS and token.i < head.i]
                if len(nations) > 1:
                    return [self._nation(head, nation, last=nation == nations[-1]) for nation in nations]
        for noun in preposition_objects(head, "of"):
            nations = [token for token in members(noun) if token.ent_type_ == "GPE" or self._is_country(token)]
            if len(nations) > 1 and head.tag_ == "NNS":
                return [self._nation(head, nation, last=False) for nation in nations]
        return []

    def _is_country(self, token: Token) -> bool:
        actor = self.actor(self._at.get(token.i))
        return actor is not None and actor.type == "country"

    def _nation(self, head: Token, nation: Token, *, last: bool) -> Side:
        actor = self.actor(self._at.get(nation.i))
        end = head if last else nation
        sector = _SECTORS.get(head.lemma_.lower())
        code = actor.country + (sector or "") if actor is not None and actor.country else sector
        stands_for = actor.id if actor is not None and sector in (None, "GOV", "MIL") else None
        return Side(span=Span(nation.idx, end.idx + len(end.text)), actor=stands_for, code=code)

    def side(self, head: Token, *, loose: bool, but: Set[str] = frozenset()) -> Side | None:
        """Return the side one noun head stands for, None for a thing."""
        mention = self._at.get(head.i) or self._apposed(head)
        actor = self.actor(mention)
        if mention is not None and (actor is not None or mention.form == "name"):
            if actor is not None and actor.type == "place" and not loose:
                return None
            if mention.form == "adjective" and not self._acts_alone(head):
                return Side(span=mention.span, actor=mention.actor, code=actor.code if actor else None)
            return Side(span=mention.span, actor=mention.actor, code=actor.code if actor else None)
        if agent_kind(head) is not None and head.pos_ in ("NOUN", "PROPN"):
            return self._of_agent(head)
        if head.lower_ in _SPEAKING:
            return None
        if is_count(head) and head.dep_ in ("nsubj", "nsubjpass"):
            return Side(span=phrase(head))
        if head.lower_ in _PERSONAL:
            return Side(span=Span(head.idx, head.idx + len(head.text)))
        if head.pos_ == "PROPN" or (head.ent_type_ in _NAMED and head.pos_ in ("NOUN", "ADJ")):
            return Side(span=phrase(head))
        if loose and head.lemma_.lower() in _RELATED:
            return Side(span=phrase(head))
        return self._holder(head, but) if loose else None

    def _apposed(self, head: Token) -> Mention | None:
        """Return the person an office is named with: "the chief of staff, Ada Berg"."""
        if agent_kind(head) != "office":
            return None
        named = (self._at.get(child.i) for child in head.children if child.dep_ == "appos")
        return next((one for one in named if one is not None and one.label == "PERSON" and one.form == "name"), None)

    def _acts_alone(self, head: Token) -> bool:
        return head.pos_ in ("NOUN", "PROPN")

    def _of_agent(self, head: Token) -> Side:
        """Return "American troops", "the Danish court": the noun's own span, with the country it belongs to."""
        owner = self._owner(head)
        actor = self.actor(owner)
        sector = _SECTORS.get(head.lemma_.lower())
        code = None
        if actor is not None and actor.country:
            code = actor.country + (sector or "")
        elif sector:
            code = sector
        stands_for = (
            actor.id
            if actor is not None and sector in (None, "GOV", "MIL") and actor.type not in ("person", "place")
            else None
        )
        return Side(span=phrase(head), actor=stands_for, code=code)

    def speaker(self, quote: Quote) -> Side | None:
        """Return the side of who speaks."""
        actor = self._actors.get(quote.speaker) if quote.speaker is not None else None
        span = quote.speaker_span
        if span is None:
            return None
        return Side(span=span, actor=quote.speaker, code=actor.code if actor is not None else None)

    def _owner(self, head: Token) -> Mention | None:
        """Return whose it is; who is abroad belongs to no place: "its embassy in Oslo", "troops in Chad"."""
        for child in head.children:
            if child.dep_ in _HOLDING and child.i in self._at and self._at[child.i].actor is not None:
                return self._at[child.i]
        if any(child.dep_ == "poss" for child in head.children):
            return None
        for child in head.children:
            if child.dep_ == "prep" and child.lower_ in (
                ("of", "from") if head.lemma_ in _ABROAD else ("of", "in", "from")
            ):
                for noun in child.children:
                    if noun.dep_ == "pobj" and noun.i in self._at:
                        return self._at[noun.i]
        return None

    def _holder(self, head: Token, but: Set[str]) -> Side | None:
        """Return whose thing it is: "Spain's decision", "the claim of the rebels", "tariffs on Danish exports"."""
        level = [head]
        for _ in range(_DEEP):
            for token in level:
                if _is_former_realm(token):
                    return Side(span=phrase(token))
            inner = [child for token in level for child in _inside(token)]
            for child in inner:
                side = self.side(child, loose=False)
                personal = child.pos_ == "PRON" and child.lower_ in _PERSONAL | _OURS  # "US exports" are not ours
                if side is not None and not personal and side.actor not in but:
                    return side
            level = inner
        return None

    def country(self, side: Side) -> str | None:
        """Return the country of a side, None where it is not known."""
        actor = self._actors.get(side.actor) if side.actor is not None else None
        if actor is not None and actor.country:
            return actor.country
        return side.code[:3] if side.code is not None and len(side.code) >= 6 else None

    def standing(self, side: Side, doc: Doc, *, alone: bool = False) -> float:
        """Tell how far a side acts in politics: 1 for a country, an office, an armed force, 0 for a private person.

        Between stand those who may do both: a crowd, a firm, somebody well known; one man or woman only where `alone`
        says that what is done is done by the state.
        """
        actor = self._actors.get(side.actor) if side.actor is not None else None
        known = _standing_of(actor) if actor is not None else 0.0
        marked = doc.char_span(side.span.start, side.span.end, alignment_mode="expand")
        if known == 1 or marked is None or not len(marked):
            return known
        words = [*marked, *(child for child in marked.root.children if child.dep_ in ("compound", "appos", "amod"))]
        kinds = {agent_kind(word) for word in words if word.lemma_.lower() not in _LESSER} - {None}
        if kinds - {"crowd"}:
            return 1.0
        if not alone and marked.root.tag_ == "NN" and marked.root.lemma_.lower() in _ONE_OF_MANY:
            return known
        if actor is None and marked.root.ent_type_ in ("GPE", "NORP"):
            return 1.0
        crowd = kinds or is_count(marked.root)
        if alone and actor is not None and actor.type == "person" and actor.sector in _WATCHED:
            return max(known, 0.8)  # a journalist who was arrested, named or not
        return max(known, 0.8 if crowd or (actor is None and marked.root.ent_type_ == "ORG") else 0.0)


_WATCHED = frozenset({"JRN", "NGO", "LAB", "EDU"})
"""Sectors of private persons whom states have to do with for what they are."""


def _standing_of(actor: Actor) -> float:
    if actor.type in ("government", "country") or actor.sector in _PUBLIC:
        return 1.0
    if actor.type == "person":
        return 0.5 if actor.wikidata is not None and actor.sector is None else 0.0
    if actor.type in ("organisation", "group"):
        return 1.0 if actor.wikidata is not None and actor.sector is None else 0.5
    return 0.5 if actor.type in ("place", "other") and actor.country is not None else 0.0

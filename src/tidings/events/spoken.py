"""Acts done by speaking: a quotation that blames an actor, or says what an actor must do.

In: quotes with their speakers, the parse, the cast. Out: candidates with the speaker as source.
It reads only what is quoted or reported and was said, and only where the one spoken of is named in the same clause.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from tidings.events.agents import actor_kind
from tidings.events.clause import is_passive
from tidings.events.company import reproaches
from tidings.events.sides import Casting
from tidings.facts import Quote, Side

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

__all__ = ["Spoken", "find_spoken"]

_OBLIGING = frozenset({"must", "should", "ought"})
_PREDICATES = frozenset({"acomp", "attr", "ROOT", "ccomp", "conj", "amod", "oprd", "parataxis"})
_OWN = frozenset({"we", "i", "us", "me", "our", "my", "you", "it", "this", "that", "there"})
_LEGAL = frozenset(
    "justice court law code case charge record investigation proceeding complaint offence offense indictment "
    "conviction gang network trial suspect liability".split()
)
"""What "criminal" and "illegal" describe without blame."""
_LONGEST = 80
"""Tokens of a quotation looked at: a speech is no sentence."""


class Spoken(NamedTuple):
    """One act done by speaking."""

    head: Token
    type: str
    mode: str
    cameo: str
    source: Side
    target: Side
    why: str
    cue: Token | None = None
    """The verb of saying."""


def find_spoken(doc: Doc, quotes: Sequence[Quote], casting: Casting) -> list[Spoken]:
    """Return the blames and demands that quotations make, at most one of each a quotation."""
    found: list[Spoken] = []
    for quote in quotes:
        if quote.status != "asserted" or (quote.speaker_span is None and quote.speaker is None):
            continue
        source = casting.speaker(quote)
        if source is None or casting.standing(source, doc) < 0.5:
            continue
        kinds: set[str] = set()
        for spoken in _acts(doc, quote, source, casting):
            if spoken.type not in kinds and (spoken.target.actor or spoken.target.span) != (
                source.actor or source.span
            ):
                kinds.add(spoken.type)
                found.append(spoken._replace(cue=_verb_of_saying(doc, quote)))
    return found


def _verb_of_saying(doc: Doc, quote: Quote) -> Token | None:
    marked = doc.char_span(quote.cue.start, quote.cue.end, alignment_mode="expand") if quote.cue is not None else None
    return marked.root if marked is not None and len(marked) and marked.root.pos_ == "VERB" else None


def _acts(doc: Doc, quote: Quote, source: Side, casting: Casting) -> Iterator[Spoken]:
    for part in quote.parts:
        marked = doc.char_span(part.start, part.end, alignment_mode="contract")
        for token in list(marked or ())[:_LONGEST]:
            if token.lemma_.lower() in reproaches() and token.dep_ in _PREDICATES and _is_blame(token, quote):
                target = _blamed(token, casting, doc)
                if target is not None:
                    yield Spoken(token, "ACCUSE", "disapprove", "111", source, target, f"said of them: {token.lower_}")
            elif token.lower_ in _OBLIGING and token.dep_ == "aux" and _is_active(token.head):
                target = _subject(token.head, casting, doc)
                if target is not None:
                    yield Spoken(token, "REQUEST", "change", "100", source, target, f"said they {token.lower_}")


def _is_blame(word: Token, quote: Quote) -> bool:
    """Tell "a criminal regime" from "criminal justice", from "not criminal", and from words of whoever reports it."""
    reported = quote.kind == "indirect" and actor_kind(word.head) != "-"
    described = word.dep_ == "amod" and (word.head.lemma_.lower() in _LEGAL or reported)
    return not described and not _is_denied(word)


def _is_active(verb: Token) -> bool:
    """Tell a verb of doing: what must be done to somebody is no demand on them."""
    return verb.pos_ == "VERB" and not is_passive(verb)


def _is_denied(token: Token) -> bool:
    return any(child.dep_ == "neg" for near in (token, token.head) for child in near.children)


def _blamed(token: Token, casting: Casting, doc: Doc) -> Side | None:
    """Return who is blamed: the subject of "is unlawful", the holder of "unlawful sanctions"."""
    if token.dep_ == "amod":
        side = casting.side(token.head, loose=True)
        return side if side is not None and casting.standing(side, doc) == 1 else None
    verb = token.head if token.dep_ in ("acomp", "attr", "oprd") else token
    return _subject(verb, casting, doc)


def _subject(verb: Token, casting: Casting, doc: Doc) -> Side | None:
    for child in verb.children:
        if child.dep_ in ("nsubj", "nsubjpass") and (child.pos_ == "PROPN" or child.lower_ not in _OWN):
            side = casting.side(child, loose=True)
            if side is not None and casting.standing(side, doc) == 1:
                return side
    return None

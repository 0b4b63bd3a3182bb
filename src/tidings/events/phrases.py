"""How likely each noun phrase of a sentence acts, and is acted on, where the encoder is installed.

In: a parsed sentence and what the chain over the parse says of it. Out: noun phrases, each with its signs, and the
roles whose signs outweigh the bar. It names no actors; the weights come from `training/events_roles.py`.
"""

from __future__ import annotations

import functools
import math
from bisect import bisect_left, bisect_right
from collections.abc import Container, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from tidings.data import read_text
from tidings.encoder.heads import QUOTE_TAGS
from tidings.encoder.shared import read_article
from tidings.errors import DataError
from tidings.events.agents import actor_kind
from tidings.events.clause import is_passive, phrase
from tidings.events.triggers import find_candidates
from tidings.syntax import datelines
from tidings.text import Span

if TYPE_CHECKING:
    import numpy as np
    from spacy.tokens import Doc, Token

__all__ = ["TABLE", "Phrase", "chosen", "find_phrases", "shipped_weights"]

Weights = Mapping[str, tuple[float, float]]

TABLE = "events_roles.tsv"
BARS = (0.35, 0.30)
"""How likely a source and a target must be: the F1 of a choice is greatest at a bar of half of what it reaches."""
_WITHIN = frozenset("compound amod nmod nummod det quantmod npadvmod punct intj expl".split())
_UP = frozenset("prep pobj poss appos agent compound nmod amod".split())
_TIMES = frozenset("DATE TIME MONEY PERCENT QUANTITY CARDINAL ORDINAL".split())
_EMPTY = frozenset("it that this which what who whom there itself themselves himself herself".split())
_OFFICES = frozenset("office body force crowd".split())
_SAYING = frozenset(
    "say tell add state note report announce declare speak comment remark explain write warn claim insist".split()
)
_TIED = frozenset({"to verb", "in noun", "in verb", "of noun", "on noun", "against verb", "with verb"})
"""Prepositions that say much, after a verb or after a noun; of the others there are too few to learn from."""
_ALONE = frozenset({"poss", "appos", "dative", "ROOT", "attr", "compound"})
_READ = ("source", "target", "speaker")
_SPEAKER = [index for index, tag in enumerate(QUOTE_TAGS) if tag.endswith("source")]


class Phrase(NamedTuple):
    """A noun phrase: its head, its characters, and its signs, each with how strong it is.

    `mutual` when it does with others what they do to one another: "Chad and Niger clashed".
    """

    head: Token
    span: Span
    signs: dict[str, float]
    mutual: bool = False


def find_phrases(doc: Doc, sources: Sequence[Span], targets: Sequence[Span]) -> list[Phrase]:
    """Return the noun phrases that may be actors, in text order; `sources` and `targets` are those of the chain.

    The parse is read by the encoder once, whichever stage asks.
    """
    candidates = find_candidates(doc)
    acting = {head.i for candidate in candidates for head in candidate.source}
    struck = {head.i for candidate in candidates for head in candidate.target}
    both = [found.source for found in candidates if found.reciprocal and not found.target and len(found.source) > 1]
    mutual = {head.i for side in both for head in side}
    words, chances = _read(doc)
    found: list[Phrase] = []
    for head in _heads(doc):
        span = _extent(head)
        signs = {"bias": 1.0, **_read_signs(span, words, chances)}
        for name, spans, heads in (("source", sources, acting), ("target", targets, struck)):
            if any(side.start <= head.idx < side.end for side in spans):
                signs[f"chain {name}"] = 1.0
            if head.i in heads:
                signs[f"trigger {name}"] = 1.0
        signs.update((name, 1.0) for name in _clause_signs(head))
        found.append(Phrase(head, span, signs, head.i in mutual))
    return found


def chosen(phrases: Sequence[Phrase], weights: Weights, *, role: int) -> tuple[Span, ...]:
    """Return the phrases that are sources (`role` 0) or targets (1).

    One that lies in another goes with it, and who acts on one another is on both sides.
    """
    likely = [
        item
        for item in phrases
        if _is_likely(item, weights, role) or (role == 1 and item.mutual and _is_likely(item, weights, 0))
    ]
    heads = {item.head.i for item in likely}
    return tuple(item.span for item in likely if not _is_held(item.head, heads))


def _is_likely(item: Phrase, weights: Weights, role: int) -> bool:
    outweighs = sum(strength * weights[name][role] for name, strength in item.signs.items() if name in weights)
    return outweighs > math.log(BARS[role] / (1 - BARS[role]))


@functools.cache
def shipped_weights() -> Weights:
    """Return the weights of the signs, for sources and for targets.

    Raises `DataError` when the table is missing or damaged.
    """
    try:
        rows = [line.split("\t") for line in read_text(TABLE).splitlines()[1:]]
        return {name: (float(source), float(target)) for name, source, target in rows}
    except ValueError as error:
        raise DataError(f"the table {TABLE} is damaged; reinstall tidings") from error


def _read(doc: Doc) -> tuple[list[Span], np.ndarray]:
    """Return the words of the encoder and, for each, how likely it is a source, a target, a speaker."""
    import numpy as np

    reading = read_article(doc)
    words = [word for number in range(len(reading.windows)) for word in reading.words(number)]
    rows = [np.zeros((0, 3))]
    for number in range(len(reading.windows)):
        source, target = (1 - reading.chances(name, number)[:, 0] for name in ("source", "target"))
        speaker = reading.chances("quotes", number)[:, _SPEAKER].sum(1)
        rows.append(np.column_stack([source, target, speaker]))
    return words, np.concatenate(rows)


def _read_signs(span: Span, words: Sequence[Span], chances: np.ndarray) -> dict[str, float]:
    """Return what the encoder says of a phrase: of the word it is surest of, in log odds."""
    first = bisect_right(words, span.start, key=lambda word: word.end)
    last = bisect_left(words, span.end, key=lambda word: word.start)
    best = chances[first:last].max(0, initial=0.0)
    return {f"read {name}": _log_odds(float(chance)) for name, chance in zip(_READ, best, strict=True)}


def _log_odds(chance: float) -> float:
    """Return the log odds of a probability, which says nothing beyond one in a hundred."""
    chance = min(max(chance, 0.01), 0.99)
    return math.log(chance / (1 - chance))


def _heads(doc: Doc) -> Iterator[Token]:
    """Give the heads of the noun phrases that may be actors: no times or sums, no town a story is sent from."""
    body = max((line.end for line in datelines(doc.text, (0,))), default=0)
    for token in doc:
        if (
            token.pos_ in ("NOUN", "PROPN", "PRON")
            and token.ent_type_ not in _TIMES
            and token.lower_ not in _EMPTY
            and token.idx >= body
            and any(letter.isalpha() for letter in token.text)
            and (token.dep_ not in _WITHIN or _is_lent(token))
        ):
            yield token


def _is_lent(token: Token) -> bool:
    """Tell an actor before the name of a thing: "a police inquiry"; not the first of "police officers"."""
    after = token.nbor() if token.i + 1 < len(token.doc) else token
    whole = not token.ent_type_ or after.ent_type_ != token.ent_type_
    acts = token.ent_type_ == "PERSON" or (token.ent_type_ != "ORG" and actor_kind(token) in _OFFICES)
    return token.dep_ in ("compound", "nmod") and whole and acts and actor_kind(token.head) == "-"


def _extent(head: Token) -> Span:
    """Return the characters of a noun phrase, with what "of" ties to it: "a member of the armed forces"."""
    span = phrase(head)
    for child in head.rights:
        if child.dep_ == "prep" and child.lower_ == "of" and child.idx <= span.end + 1:
            for noun in child.children:
                if noun.dep_ == "pobj" and noun.ent_type_ not in _TIMES:
                    span = Span(span.start, max(span.end, _extent(noun).end))
    return span


def _is_held(head: Token, others: Container[int]) -> bool:
    """Tell whether a noun lies in the phrase of another, no verb between: "Oslo" in "the mayor of Oslo"."""
    while head.dep_ in _UP and head.head != head:
        head = head.head
        if head.i in others:
            return True
    return False


def _slot(head: Token) -> tuple[str, Token]:
    """Return the place a noun has in its clause, and the word above it; joined nouns share the place of the first."""
    while head.dep_ == "conj" and head.head.pos_ in ("NOUN", "PROPN", "PRON"):
        head = head.head
    above = head.head
    if head.dep_ == "nsubj":
        return ("patient" if is_passive(above) else "subject"), above
    if head.dep_ == "nsubjpass":
        return "patient", above
    if head.dep_ == "dobj":
        return "object", above
    if head.dep_ == "pobj":
        if above.lower_ == "by":
            return "agent", above.head
        tie = f"{above.lower_} {'verb' if above.head.pos_ in ('VERB', 'AUX') else 'noun'}"
        return (tie if tie in _TIED else "tied"), above.head
    return (head.dep_ if head.dep_ in _ALONE else "other"), above


def _clause_signs(head: Token) -> Iterator[str]:
    """Give what the parse says of a phrase: what it names and where it stands."""
    kind = actor_kind(head)
    kind = "agent" if kind in _OFFICES else "nation" if kind in ("GPE", "NORP") else kind
    yield f"kind {kind}"
    slot, above = _slot(head)
    yield f"slot {slot}"
    if slot in ("subject", "patient", "object"):
        yield f"{'thing' if kind == '-' else 'actor'} {slot}"
    if slot == "subject" and above.lemma_.lower() in _SAYING:
        yield "says"
    yield "main" if above.dep_ == "ROOT" else "aside"
    for child in head.children:
        if child.dep_ in ("relcl", "acl"):
            yield "undergoes" if is_passive(child) else "does"

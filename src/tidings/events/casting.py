"""Who acts and who is acted on in one sentence, event or not.

In: a sentence. Out: the spans of its sources and targets; who does both is in both.
A small linear chain labels tokens by the parse (built by `training/events_roles.py`); where the encoder is installed,
each noun phrase is weighed by chain, encoder and parse together (`phrases`). It names no actors.
"""

from __future__ import annotations

import functools
import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

from tidings.data import table_path
from tidings.errors import DataError
from tidings.events import phrases
from tidings.events.agents import actor_kind
from tidings.events.candidate import Candidate
from tidings.events.scorer import bucket
from tidings.events.triggers import find_candidates
from tidings.text import Span

if TYPE_CHECKING:
    import numpy as np
    from spacy.tokens import Doc, Token

__all__ = ["TAGS", "Roles", "decode", "roles", "roles_chained", "roles_parsed", "spans_of", "token_features"]

TAGS = ("O", "B-S", "I-S", "B-T", "I-T", "B-R", "I-R")
MODEL = "events_roles.npz"
_SPELT = frozenset({"ADP", "DET", "PUNCT", "CCONJ", "VERB", "AUX", "PART"})
_LONGEST = 400
"""Tokens labelled at once; a sentence is far shorter, and the rest of a longer text stays unlabelled."""


class Roles(msgspec.Struct, frozen=True, kw_only=True):
    """Who acts (`source`) and who is acted on (`target`), in text order."""

    source: tuple[Span, ...] = ()
    target: tuple[Span, ...] = ()


def roles(text: str) -> Roles:
    """Find who acts and who is acted on in a sentence.

    >>> found = roles("Norwegian police arrested two Danish protesters in Oslo on Monday.")
    >>> [span.of("Norwegian police arrested two Danish protesters in Oslo on Monday.") for span in found.source]
    ['Norwegian police']
    """
    from tidings.syntax import parse

    return roles_parsed(parse(text))


def roles_parsed(doc: Doc) -> Roles:
    """Find the roles in a parsed sentence; see `roles`. The encoder reads it once, where it is installed."""
    from tidings import encoder

    doc = _shortened(doc)
    found = roles_chained(doc)
    if not len(doc) or not encoder.available():
        return found
    seen, weights = phrases.find_phrases(doc, found.source, found.target), phrases.shipped_weights()
    return Roles(
        source=phrases.chosen(seen, weights, role=0),
        target=phrases.chosen(seen, weights, role=1),
    )


def roles_chained(doc: Doc) -> Roles:
    """Find the roles in a parsed sentence by the chain alone."""
    weights, steps, buckets = _load(MODEL)
    if not len(doc):
        return Roles()
    doc = _shortened(doc)
    rows = [[bucket("r", name) % buckets for name in names] for names in token_features(doc)]
    found = spans_of(doc, decode(rows, weights, steps))
    return Roles(
        source=tuple(span for role, span in found if role in "SR"),
        target=tuple(span for role, span in found if role in "TR"),
    )


def _shortened(doc: Doc) -> Doc:
    return doc[:_LONGEST].as_doc() if len(doc) > _LONGEST else doc


def spans_of(doc: Doc, tags: Sequence[str]) -> list[tuple[str, Span]]:
    """Return the labelled stretches, roles first."""
    found: list[tuple[str, int, int]] = []
    for token, tag in zip(doc, tags, strict=False):
        if tag == "O":
            continue
        end = token.idx + len(token.text)
        if tag[0] == "I" and found and found[-1][0] == tag[2] and found[-1][2] >= token.idx - 2:
            found[-1] = (tag[2], found[-1][1], end)
        else:
            found.append((tag[2], token.idx, end))
    return [(role, Span(start, end)) for role, start, end in found]


def decode(rows: Sequence[Sequence[int]], weights: np.ndarray, steps: np.ndarray) -> list[str]:
    """Return the best sequence of tags (Viterbi)."""
    import numpy as np

    scores = np.array([weights[row].sum(axis=0) for row in rows])
    best = scores[0] + steps[0]
    back = np.zeros((len(rows), len(TAGS)), dtype=np.int64)
    for at in range(1, len(rows)):
        paths = best[:, None] + steps[1:]
        back[at] = paths.argmax(axis=0)
        best = paths.max(axis=0) + scores[at]
    tag = int(best.argmax())
    found = [tag]
    for at in range(len(rows) - 1, 0, -1):
        tag = int(back[at][tag])
        found.append(tag)
    return [TAGS[at] for at in reversed(found)]


@functools.cache
def _load(name: str) -> tuple[np.ndarray, np.ndarray, int]:
    import numpy as np

    try:
        with np.load(io.BytesIO(table_path(name).read_bytes()), allow_pickle=False) as saved:
            weights = saved["weights"].astype(np.float32) * float(saved["scale"])
            return weights, saved["steps"].astype(np.float32), len(weights)
    except (KeyError, ValueError, OSError) as error:
        raise DataError(f"the table {name} is damaged; reinstall tidings") from error


def token_features(doc: Doc) -> Iterator[list[str]]:
    """Give the features of each token."""
    candidates = find_candidates(doc)
    marks = _marks(doc, candidates)
    first = min((candidate.head.i for candidate in candidates), default=-1)
    for token in doc:
        names = [*_own(doc, token), *_place(token), *marks[token.i - doc[0].i]]
        names.append(f"first {(token.i > first) - (token.i < first)}" if first >= 0 else "first -")
        yield names


def _own(doc: Doc, token: Token) -> Iterator[str]:
    yield "bias"
    yield f"l {token.lemma_.lower()}"
    yield f"p {token.tag_} {token.dep_}"
    yield f"e {token.ent_type_}{token.ent_iob_}"
    yield f"k {actor_kind(token)}"
    yield f"h {token.head.lemma_.lower()} {token.dep_}"
    yield f"hd {token.head.dep_} {token.head.pos_} {token.dep_}"
    at = token.i - doc[0].i
    for step in (-2, -1, 1, 2):
        if 0 <= at + step < len(doc):
            near = doc[at + step]
            yield f"{step} {near.lower_ if near.pos_ in _SPELT else near.pos_}"
            yield f"{step}d {near.dep_} {token.dep_}"
        else:
            yield f"{step} edge"


def _top(token: Token) -> tuple[Token, str]:
    """Return the noun phrase head that stands directly under a verb, and the way there."""
    way: list[str] = []
    while token.head != token and len(way) < 10:
        head = token.head
        if head.pos_ in ("VERB", "AUX") and token.dep_ not in ("aux", "auxpass", "punct"):
            return token, ">".join(way)
        way.append(token.dep_ if token.dep_ != "prep" else f"prep:{token.lower_}")
        token = head
    return token, ">".join(way)


def _place(token: Token) -> Iterator[str]:
    top, way = _top(token)
    verb = top.head
    under = f"{top.dep_}" if top.pos_ != "ADP" else f"{top.dep_}:{top.lower_}"
    short = way.split(">")
    yield f"top {under}"
    yield f"way {way}" if len(short) <= 4 else "way long"
    yield f"top {under} way {'>'.join(short[-2:])}"
    yield f"deep {min(len(short) if way else 0, 5)} {under}"
    yield f"verb {verb.lemma_.lower()} {under}"
    yield f"verb {verb.dep_} {under}"
    yield f"root {verb.dep_ == 'ROOT'} {under} {top.ent_type_}"
    yield f"kind {actor_kind(top)} {under}"
    yield f"head {top.lemma_.lower()}"
    yield from _noun_phrase(token)
    if any(step.startswith(("relcl", "acl", "appos", "prep:")) for step in short):
        first = next(step for step in reversed(short) if step.startswith(("relcl", "acl", "appos", "prep:")))
        yield f"beyond {first} {under}"


def _noun_phrase(token: Token) -> Iterator[str]:
    """Describe the smallest noun phrase a token lies in: its head, what ties it, and where the token stands in it."""
    head = token
    while head.pos_ not in ("NOUN", "PROPN", "PRON") and head.head != head and head.dep_ not in ("prep", "punct"):
        head = head.head
    while head.dep_ in ("compound", "nmod", "poss", "amod", "nummod") and head.head != head:
        head = head.head
    tie = head.head if head.dep_ in ("pobj", "conj") else head
    above = tie.head if tie.pos_ == "ADP" else tie
    yield f"np {actor_kind(head)} {head.dep_} {tie.lower_ if tie.pos_ == 'ADP' else ''}"
    yield f"np {tie.lower_ if tie.pos_ == 'ADP' else head.dep_} {above.lemma_.lower()}"
    yield f"np {(token.i > head.i) - (token.i < head.i)} {token.pos_} {head.dep_}"
    yield f"npk {actor_kind(head)} {(token.i > head.i) - (token.i < head.i)}"
    if any(child.ent_type_ in ("GPE", "NORP", "PERSON", "ORG") for child in head.subtree):
        yield f"np named {head.dep_}"


def _marks(doc: Doc, candidates: Sequence[Candidate]) -> list[list[str]]:
    """Say of each token whether it lies in a noun phrase the trigger rules call source or target."""
    offset = doc[0].i if len(doc) else 0
    marks: list[list[str]] = [[] for _ in doc]
    ranked = sorted(candidates, key=lambda found: (-found.sense.weight, found.head.i))
    for rank, candidate in enumerate(ranked[:4]):
        rank = min(rank, 1)
        for role, heads in (("s", candidate.source), ("t", candidate.target)):
            role = "r" if candidate.reciprocal else role
            for head in heads:
                left, right = head.left_edge.i, head.right_edge.i
                for at in range(left, right + 1):
                    marks[at - offset].append(f"in {role}{rank}")
                    marks[at - offset].append(f"in {role}{rank} {candidate.type}")
                    if at > head.i:
                        marks[at - offset].append(f"after {role}{rank} {doc[at - offset].dep_}")
                marks[left - offset].append(f"left {role}{rank}")
                marks[right - offset].append(f"right {role}{rank}")
                marks[head.i - offset].append(f"head {role}{rank} {candidate.sense.weight}")
        marks[candidate.head.i - offset].append("trigger")
        for at in range(len(marks)):
            marks[at].append(f"{'before' if at + offset < candidate.head.i else 'behind'} {candidate.type} {rank}")
    return marks

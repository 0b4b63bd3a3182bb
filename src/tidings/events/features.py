"""What the type scorer sees of a sentence: its words, and how the marked sides stand to the triggers.

In: the parse of a text, the sides when they are known. Out: feature strings in groups, each group weighed apart.
It holds no weights.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from tidings.events.agents import actor_kind
from tidings.events.candidate import Candidate
from tidings.events.status import how_told

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

    from tidings.text import Span

__all__ = ["GROUPS", "features_of", "fit", "head_of", "with_sides", "word_features"]

GROUPS = ("w", "c", "b", "p", "x", "a")
"""Words and pairs, characters, words around the sides, dependency path, triggers, actors."""
_WORD = re.compile(r"[A-Za-z]+(?:[-'’][a-z]+)?|\d+|[$%?!]")
_LONGEST = 200
"""Tokens the path search and the characters take in: longer sentences are lists or parser slips."""


def features_of(
    doc: Doc, candidates: Sequence[Candidate], source: Span | None = None, target: Span | None = None
) -> dict[str, Counter[str]]:
    """Return the counted features of each group."""
    return with_sides(word_features(doc, candidates), doc, candidates, source, target)


def word_features(doc: Doc, candidates: Sequence[Candidate]) -> dict[str, Counter[str]]:
    """Return the features that do not depend on the sides."""
    words = [_shape(word) for word in _WORD.findall(doc.text)[:_LONGEST]]
    return {
        "w": Counter([*words, *(f"{a} {b}" for a, b in pairwise(words))]),
        "c": Counter(_characters(words)),
        "a": Counter(_actor_features(doc, candidates)),
    }


def with_sides(
    groups: dict[str, Counter[str]],
    doc: Doc,
    candidates: Sequence[Candidate],
    source: Span | None = None,
    target: Span | None = None,
    *,
    offset: int = 0,
) -> dict[str, Counter[str]]:
    """Add the features of the sides to those of the words; `offset` is where the text stood when it was searched."""
    around: Counter[str] = Counter()
    path: Counter[str] = Counter()
    if source is not None or target is not None:
        around.update(_around(doc.text, source, target))
        path.update(_path(doc, source, target))
    triggers = Counter(_trigger_features(candidates, source, target, offset))
    return {**groups, "b": around, "p": path, "x": triggers}


def _shape(word: str) -> str:
    return "0" if word[0].isdigit() else word.lower()


def _characters(words: Iterable[str]) -> Iterator[str]:
    for word in words:
        padded = f" {word} "
        for size in (3, 4, 5):
            yield from (padded[at : at + size] for at in range(max(1, len(padded) - size + 1)))


def _around(text: str, source: Span | None, target: Span | None) -> Iterator[str]:
    if source is not None and target is not None:
        first, second = sorted((source, target))
        order = "st" if first == source else "ts"
        between = [_shape(word) for word in _WORD.findall(text[first.end : second.start])][:40]
        yield f"order {order}"
        yield from (f"{order} {word}" for word in between)
        yield from (f"m {word}" for word in between)
        yield from (f"m {a} {b}" for a, b in pairwise(between))
        if not between:
            yield "touch"
    for name, span in (("s", source), ("t", target)):
        if span is None:
            continue
        after = [_shape(word) for word in _WORD.findall(text[span.end : span.end + 60])][:3]
        before = [_shape(word) for word in _WORD.findall(text[max(0, span.start - 60) : span.start])][-3:]
        yield from (f"{name}> {word}" for word in after)
        yield from (f"{name}< {word}" for word in before)
        yield from (f"{name}= {_shape(word)}" for word in _WORD.findall(span.of(text))[:12])


def head_of(doc: Doc, span: Span) -> Token | None:
    """Return the syntactic head of a stretch of text."""
    marked = doc.char_span(span.start, span.end, alignment_mode="expand")
    return marked.root if marked is not None and len(marked) else None


def _path(doc: Doc, source: Span | None, target: Span | None) -> Iterator[str]:
    heads = {name: head_of(doc, span) for name, span in (("s", source), ("t", target)) if span is not None}
    for name, head in heads.items():
        step = 0
        while head is not None and head.head != head and step < 8:
            yield f"{name}{min(step, 2)} {head.dep_}"
            head, step = head.head, step + 1
            if head.pos_ in ("VERB", "NOUN", "ADJ", "AUX"):
                yield f"{name}^ {head.lemma_.lower()}"
                if step <= 2:
                    yield f"{name}^{step} {head.lemma_.lower()}"
            if head.pos_ == "VERB":
                for child in head.children:
                    if child.dep_ in ("dobj", "prt", "neg", "xcomp", "aux", "acomp"):
                        yield f"{name}^{child.dep_} {child.lemma_.lower()}"


def _actor_features(doc: Doc, candidates: Sequence[Candidate]) -> Iterator[str]:
    kinds = Counter(actor_kind(token) for token in doc if token.pos_ in ("NOUN", "PROPN", "ADJ"))
    yield from (f"has {kind}" for kind in sorted(kinds) if kind != "-")
    yield from (f"many {kind}" for kind in sorted(kinds) if kind != "-" and kinds[kind] > 1)
    for candidate in candidates:
        for name, side in (("source", candidate.source), ("target", candidate.target)):
            found = sorted({actor_kind(token) for token in side}) or ["nobody"]
            yield from (f"{name} {kind}" for kind in found)
            yield from (f"{name} {kind} {candidate.type}" for kind in found)
        both = any(actor_kind(t) != "-" for t in candidate.source), any(actor_kind(t) != "-" for t in candidate.target)
        yield f"sides {both[0]:d}{both[1]:d} {candidate.sense.weight}"


def _trigger_features(
    candidates: Sequence[Candidate], source: Span | None, target: Span | None, offset: int
) -> Iterator[str]:
    source = source.shift(offset) if source is not None else None
    target = target.shift(offset) if target is not None else None
    for candidate in candidates:
        yield candidate.type
        yield f"{candidate.type} {candidate.sense.weight}"
        if candidate.type != candidate.sense.type:
            yield f"own {candidate.sense.type} {candidate.type}"
        yield from (f"turned {name} {candidate.sense.type}" for name in candidate.turned)
        told, _ = how_told(candidate.head, candidate.predicate)
        if told != "asserted":
            yield f"{told} {candidate.type}"
        fits = fit(candidate, source, target)
        if fits:
            yield f"fits{fits} {candidate.type}"
            yield f"fits{fits} {candidate.type} {candidate.sense.word}"
            yield f"fits {told} {candidate.type}"
    if not candidates:
        yield "none"
    elif source is not None or target is not None:
        best = max(candidates, key=lambda c: (fit(c, source, target), c.sense.weight, -c.head.i))
        yield f"best {best.type}"
        yield f"best {fit(best, source, target)} {best.type} {best.sense.weight}"


def fit(candidate: Candidate, source: Span | None, target: Span | None) -> int:
    """Count how well the sides stand where the candidate puts them: 2 for each side in place."""
    score = 0
    sides = ((source, candidate.source, candidate.target), (target, candidate.target, candidate.source))
    for span, wanted, other in sides:
        if span is None:
            continue
        if any(span.start <= token.idx < span.end for token in wanted):
            score += 2
        elif any(span.start <= token.idx < span.end for token in other):
            score += 1 if candidate.reciprocal else 0
    return score

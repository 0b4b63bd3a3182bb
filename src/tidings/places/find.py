"""Find the place names of a parsed article.

In: the parse and the cast of the article. Out: every place name with its coordinates, as far as they are known.
Names the cast calls people, organisations or peoples are left alone.
"""

from __future__ import annotations

import bisect
import functools
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from tidings.facts import Cast, Place
from tidings.places.context import candidates, container_after
from tidings.places.gazetteer import region_names
from tidings.places.resolve import locate
from tidings.text import Span

if TYPE_CHECKING:
    from ahocorasick_rs import AhoCorasick
    from spacy.tokens import Doc

__all__ = ["find_places", "toponyms"]

_LABELS = frozenset({"GPE", "LOC", "FAC"})
_WORD = re.compile(r"\w")
_PAIR = re.compile(
    r"""
    (?<![\w.]) (?P<town> [A-Z][\w.'’\-]{1,24} (?:\s[A-Z][\w.'’\-]{1,24}){0,2} )
    ,\s (?P<state> [A-Z][\w.]{0,20} (?:\s[A-Z][\w.]{1,20})? )
    """,
    re.VERBOSE,
)
_ARTICLE = re.compile(r"(?:the|The|THE)\s+")


def find_places(doc: Doc, cast: Cast, *, outlet: str | None = None) -> list[Place]:
    """Find every place name of the article, also those without known coordinates.

    A mention of the cast is a place when its label says so, whether it stands for the place or its government.
    """
    marks = toponyms(doc, cast)
    found = locate(doc.text, marks, outlet=outlet)
    scores = {mention.span: mention.score for mention in cast.mentions}
    return [
        place
        or Place(
            span=mark,
            name=mark.of(doc.text),
            score=round(scores.get(mark, 0.5), 4),
            why="not in the gazetteer",
        )
        for mark, place in zip(marks, found, strict=True)
    ]


def toponyms(doc: Doc, cast: Cast) -> list[Span]:
    """Return the spans of the place names in text order; none overlaps another."""
    text = doc.text
    named = [mention for mention in cast.mentions if mention.form in ("name", "metonym")]
    entities = [(ent.start_char, ent.end_char, ent.label_) for ent in doc.ents]
    if named:
        marks = [_trim(text, mention.span) for mention in named if mention.label in _LABELS]
        others = [mention.span for mention in cast.mentions if mention.label not in _LABELS and mention.form == "name"]
    else:
        marks = [_trim(text, Span(start, end)) for start, end, label in entities if label in _LABELS]
        others = [Span(start, end) for start, end, label in entities if label not in _LABELS]
    kept = _without_overlap(mark for mark in marks if mark.end > mark.start)
    taken = sorted([*kept, *others])
    for mark in (*_pairs(text), *_listed(text)):
        if not _hits(taken, mark):
            bisect.insort(taken, mark)
            kept.append(mark)
    return sorted(kept)


def _trim(text: str, span: Span) -> Span:
    span = span.trim(text, ' \t\n\r"“”‘,;:()[]')
    article = _ARTICLE.match(span.of(text))
    if article and not span.of(text).lower().startswith("the hague"):
        span = Span(span.start + article.end(), span.end)
    if span.of(text).endswith(("'s", "’s")):
        span = Span(span.start, span.end - 2)
    return span


def _without_overlap(marks: Iterable[Span]) -> list[Span]:
    kept: list[Span] = []
    for mark in sorted(set(marks), key=lambda mark: (mark.start, -mark.end)):
        if not kept or mark.start >= kept[-1].end:
            kept.append(mark)
    return kept


def _hits(taken: Sequence[Span], mark: Span) -> bool:
    at = bisect.bisect_left(taken, mark)
    return any(other.overlaps(mark) for other in taken[max(0, at - 1) : at + 2])


def _pairs(text: str) -> list[Span]:
    """Find "Town, State" where the gazetteer knows such a town in that state or country."""
    found = []
    for match in _PAIR.finditer(text):
        town = Span(*match.span("town"))
        held = container_after(text, town)
        entries, dropped = candidates(town.of(text))
        if dropped == 0 and any(c.point is None and c.holds(e) for c in held for e in entries if e.level == "city"):
            found.append(town)
    return found


@functools.cache
def _automaton() -> tuple[AhoCorasick, tuple[str, ...]]:
    from ahocorasick_rs import AhoCorasick, MatchKind

    names = tuple(name for name in region_names() if " " in name or "-" in name)
    return AhoCorasick(names, matchkind=MatchKind.LeftmostLongest), names


def _listed(text: str) -> list[Span]:
    """Find the names of the reviewed table that have more than one word: they mean nothing else."""
    automaton, _ = _automaton()
    found = []
    for _, start, end in automaton.find_matches_as_indexes(text):
        inside = (start and _WORD.match(text[start - 1])) or (end < len(text) and _WORD.match(text[end]))
        if not inside:
            found.append(_trim(text, Span(start, end)))
    return found

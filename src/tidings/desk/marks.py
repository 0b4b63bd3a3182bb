"""The article's text cut into pieces, so that facts that nest or overlap can all be marked.

In: a text, its blocks, and marks over spans of it. Out: blocks of pieces; joined, the pieces are the text.
It makes no HTML: the template escapes each piece.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

import msgspec

from tidings.facts import Block, Record
from tidings.text import Span

__all__ = ["Mark", "Passage", "Piece", "cut", "marks_of", "passages"]

_OPENED = ("quote", "reported")
"""Kinds that are linked where they open."""


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of fact over a span; `fact` is where the fact stands on the page."""

    span: Span
    kind: str
    fact: str | None = None


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of text under the same marks; `fact` is the narrowest of `facts`; `anchors` begin with it."""

    text: str
    kinds: tuple[str, ...] = ()
    fact: str | None = None
    facts: tuple[str, ...] = ()
    anchors: tuple[str, ...] = ()
    opens: tuple[str, ...] = ()


class Passage(msgspec.Struct, frozen=True, kw_only=True):
    """One block of the text, or the gap between two, whose role is None."""

    role: str | None
    pieces: tuple[Piece, ...]


def cut(text: str, marks: Iterable[Mark], *, start: int = 0, end: int | None = None) -> list[Piece]:
    """Cut `text[start:end]` wherever a mark begins or ends.

    The narrowest mark over a piece gives its link; a quote is linked where it opens instead, so that words stay words.

    >>> marks = [Mark(span=Span(0, 5), kind="actor"), Mark(span=Span(3, 8), kind="event", fact="event-0")]
    >>> [(piece.text, piece.kinds) for piece in cut("abcdefghij", marks)]
    [('abc', ('actor',)), ('de', ('actor', 'event')), ('fgh', ('event',)), ('ij', ())]
    """
    end = len(text) if end is None else end
    live = [mark for mark in marks if mark.span.start < mark.span.end and mark.span.overlaps((start, end))]
    live.sort(key=lambda mark: (mark.span.start, -mark.span.end, mark.kind, mark.fact or ""))
    edges = sorted({start, end, *(at for mark in live for at in mark.span if start < at < end)})
    pieces: list[Piece] = []
    open_marks: list[Mark] = []
    upcoming = 0
    for low, high in pairwise(edges):
        open_marks = [mark for mark in open_marks if mark.span.end > low]
        while upcoming < len(live) and live[upcoming].span.start <= low:
            open_marks.append(live[upcoming])
            upcoming += 1
        pieces.append(_piece(text[low:high], low, open_marks))
    return pieces


def passages(text: str, blocks: Sequence[Block], marks: Sequence[Mark]) -> list[Passage]:
    """Cut a text into its blocks and what lies between them; nothing is left out and nothing comes twice.

    >>> blocks = [Block(span=Span(0, 3), role="headline"), Block(span=Span(5, 8), role="paragraph")]
    >>> [(passage.role, passage.pieces[0].text) for passage in passages("One\\n\\nTwo", blocks, [])]
    [('headline', 'One'), (None, '\\n\\n'), ('paragraph', 'Two')]
    """
    found: list[Passage] = []
    at = 0

    def add(role: str | None, start: int, end: int) -> None:
        if start < end:
            # Only the marks that can matter: a text of many blocks must not cost blocks times marks of sorting.
            near = [mark for mark in marks if mark.span.start < end and start < mark.span.end]
            found.append(Passage(role=role, pieces=tuple(cut(text, near, start=start, end=end))))

    for block in sorted(blocks, key=lambda block: block.span):
        start, end = max(at, block.span.start), min(block.span.end, len(text))
        add(None, at, min(start, len(text)))
        add(block.role, start, end)
        at = max(at, end)
    add(None, at, len(text))
    return found


def marks_of(record: Record, here: Span | None = None) -> list[Mark]:
    """Return a mark for each fact of a record, and one for the words that an address asks for."""
    places = {actor.id: at for at, actor in enumerate(record.actors)}
    marks = [
        Mark(
            span=mention.span,
            kind="pronoun" if mention.form == "pronoun" else "actor",
            fact=f"actor-{places[mention.actor]}" if mention.actor in places else None,
        )
        for mention in record.mentions
    ]
    marks += [
        Mark(span=part, kind="reported" if quote.kind == "indirect" else "quote", fact=f"quote-{at}")
        for at, quote in enumerate(record.quotes)
        for part in quote.parts
    ]
    marks += [Mark(span=place.span, kind="place", fact=f"place-{at}") for at, place in enumerate(record.places)]
    marks += [Mark(span=timex.span, kind="time", fact=f"time-{at}") for at, timex in enumerate(record.times)]
    marks += [Mark(span=event.trigger, kind="event", fact=f"event-{at}") for at, event in enumerate(record.events)]
    if here is not None:
        marks.append(Mark(span=here, kind="here"))
    return marks


def _piece(text: str, start: int, marks: Sequence[Mark]) -> Piece:
    begun = [mark for mark in marks if mark.span.start == start]
    linked = [mark for mark in marks if mark.fact and mark.kind not in _OPENED]
    narrow = min(linked, key=lambda mark: (mark.span.end - mark.span.start, mark.kind != "event"), default=None)
    return Piece(
        text=text,
        kinds=tuple(dict.fromkeys(mark.kind for mark in marks)),
        fact=narrow.fact if narrow else None,
        facts=tuple(dict.fromkeys(mark.fact for mark in marks if mark.fact)),
        anchors=tuple(dict.fromkeys(f"{mark.span.start}-{mark.span.end}" for mark in begun)),
        opens=tuple(dict.fromkeys(mark.fact for mark in begun if mark.kind in _OPENED and mark.fact)),
    )

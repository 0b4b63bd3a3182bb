"""One article: its text with the facts marked, and each fact with its words.

In: a shelf and an id. Out: a view.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from tidings.desk.digest import short
from tidings.desk.marks import marks_of, passages
from tidings.desk.shelf import Shelf
from tidings.desk.views import Table, View
from tidings.facts import Record
from tidings.text import Span

__all__ = ["article"]

_SPAN = re.compile(r"(\d{1,9})-(\d{1,9})")


def article(shelf: Shelf, id: str, asked: Mapping[str, str]) -> View | None:
    """Show one article; `at` (start-end) marks the words that a fact elsewhere rests on."""
    record = shelf.get(id)
    if record is None:
        return None
    text = record.article.text
    here = _asked_span(asked.get("at", ""), len(text))
    mentions: dict[str, list[Span]] = {}
    for mention in record.mentions:
        if mention.actor:
            mentions.setdefault(mention.actor, []).append(mention.span)
    drawn = {
        "record": record,
        "text": text,
        "passages": passages(text, record.article.blocks, marks_of(record, here)),
        "names": {actor.id: actor.name for actor in record.actors},
        "mentions": mentions,
        "headed": any(block.role == "headline" for block in record.article.blocks),
        "here": here,
        "of": lambda span: short(span.of(text)),
    }
    title = record.article.title or "(no title)"
    return View(title=title, template="article.html", data={"record": record}, drawn=drawn, table=_facts(record))


def _asked_span(asked: str, length: int) -> Span | None:
    found = _SPAN.fullmatch(asked)
    if not found:
        return None
    start, end = int(found[1]), int(found[2])
    return Span(start, end) if start < end <= length else None


def _facts(record: Record) -> Table:
    """Lay out all facts of the article: what they are, and the words they rest on."""
    text = record.article.text
    rows: list[tuple[str, str, str | None, Span, float | None]] = [
        ("mention", mention.form, mention.actor, mention.span, mention.score) for mention in record.mentions
    ]
    rows += [("place", place.name, place.country, place.span, place.score) for place in record.places]
    rows += [("time", timex.type, timex.value, timex.span, timex.score) for timex in record.times]
    rows += [("quote", quote.kind, quote.speaker, quote.span, quote.score) for quote in record.quotes]
    rows += [("event", event.type, event.cameo, event.trigger, event.score) for event in record.events]
    rows.sort(key=lambda row: (row[3], row[0]))
    return Table(
        ("fact", "kind", "value", "start", "end", "words", "score"),
        [(*row[:3], row[3].start, row[3].end, row[3].of(text), row[4]) for row in rows],
    )

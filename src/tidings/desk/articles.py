"""One article: its text with the facts marked, each fact with its words; and the page it came from.

In: a shelf and an id. Out: a view.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from tidings.desk.marks import Mark, cut, marks_of, passages
from tidings.desk.reviewing import correction, verdicts_of
from tidings.desk.shelf import Shelf
from tidings.desk.telling import short
from tidings.desk.views import Table, View
from tidings.export.events import said_by
from tidings.facts import UNSAID, Record
from tidings.review import applied
from tidings.review.applying import as_judged
from tidings.text import Span

__all__ = ["article"]

_SPAN = re.compile(r"(\d{1,9})-(\d{1,9})", re.ASCII)
_AROUND = 4_000
"""Characters of the page shown before and after the words asked for."""


def article(shelf: Shelf, id: str, asked: Mapping[str, str]) -> View | None:
    """Show one article; `at` (start-end) marks the words that a fact elsewhere rests on."""
    if id.endswith("/source"):
        return _source(shelf, id.removesuffix("/source"), asked)
    if id.endswith("/correct"):
        return correction(shelf, id.removesuffix("/correct"), asked)
    record = shelf.store.get(id)
    if record is None:
        return None
    text = record.article.text
    known, verdicts = verdicts_of(shelf, record)
    # Every fact as judged, in the place where it was read: what was rejected is struck through.
    read, (record, _) = record, as_judged(record, known)
    if "article-0" in verdicts and verdicts["article-0"].decision == "rejected":
        record = read
    rejected = {fact for fact, verdict in verdicts.items() if verdict.decision == "rejected"}
    here = _asked_span(asked.get("at", ""), len(text))
    mentions: dict[str, list[Span]] = {}
    for mention in record.mentions:
        if mention.actor:
            mentions.setdefault(mention.actor, []).append(mention.span)
    place = shelf.row(
        "SELECT r.number, s.id, s.headline, s.articles, EXISTS (SELECT 1 FROM pages p WHERE p.article = r.number)"
        " FROM articles r LEFT JOIN story_articles m ON m.article = r.number LEFT JOIN stories s ON s.number = m.story"
        " WHERE r.id = ?",
        record.id,
    ) or (0, None, None, 0, 0)
    drawn = {
        "record": record,
        "text": text,
        "passages": passages(
            text, record.article.blocks, [mark for mark in marks_of(record, here) if mark.fact not in rejected]
        ),
        "names": {actor.id: actor.name for actor in record.actors},
        "mentions": mentions,
        "said": {
            indirect: [(at, one) for at, one in enumerate(record.quotes) if (one.kind == "indirect") == indirect]
            for indirect in (False, True)
        },
        "unsaid": UNSAID,
        "said_by": said_by,
        "headed": any(block.role == "headline" for block in record.article.blocks),
        "here": here,
        "of": lambda span: short(span.of(text)),
        "story": {"id": place[1], "title": place[2], "articles": place[3]} if place[1] and place[3] > 1 else None,
        "kept": bool(place[4]),
        "copies": _copies(shelf, place[0]),
        "verdicts": verdicts,
    }
    title = record.article.title or "(no title)"
    judged = applied(read, known)
    return View(
        title=title,
        template="article.html",
        data={"record": read, **({"judged": judged, "judgements": known} if known else {})},
        drawn=drawn,
        table=_facts(judged),
    )


def _copies(shelf: Shelf, number: int) -> list[dict[str, object]]:
    """Return the other articles with the text of this one."""
    rows = shelf.rows(
        'SELECT r.id, r.outlet, r.published, c.kind, c.evidence FROM copies m JOIN copies c ON c."group" = m."group"'
        " JOIN articles r ON r.number = c.article WHERE m.article = ?1 AND c.article <> ?1 ORDER BY c.article LIMIT 20",
        number,
    )
    return [dict(zip(("id", "outlet", "published", "kind", "evidence"), row, strict=True)) for row in rows]


def _source(shelf: Shelf, id: str, asked: Mapping[str, str]) -> View | None:
    """Show the characters of the page as it was received, with the same words marked as in the article."""
    record = shelf.store.get(id)
    if record is None:
        return None
    number = (shelf.row("SELECT number FROM articles WHERE id = ?", record.id) or (0,))[0]
    page = shelf.store.page_text(number)
    here = _asked_span(asked.get("at", ""), len(record.article.text))
    there = record.locate(here) if here else None
    start, end = 0, min(len(page or ""), 2 * _AROUND)
    if there is not None and page is not None:
        start, end = max(0, there.start - _AROUND), min(len(page), there.end + _AROUND)
    data = {
        "id": record.id,
        "kept": page is not None,
        "at": here,
        "source": there,
        "from": start,
        "to": end,
        "characters": len(page) if page is not None else None,
        "text": page[start:end] if page is not None else None,
    }
    marks = [Mark(span=there, kind="here")] if there is not None else []
    drawn = {
        "heading": record.article.title or "(no title)",
        "pieces": cut(page, marks, start=start, end=end) if page else [],
        "words": short(here.of(record.article.text)) if here else None,
    }
    return View(title="Source", template="source.html", data=data, drawn=drawn)


def _asked_span(asked: str, length: int) -> Span | None:
    found = _SPAN.fullmatch(asked)
    if not found:
        return None
    start, end = int(found[1]), int(found[2])
    return Span(start, end) if start < end <= length else None


def _facts(record: Record) -> Table:
    """Lay out all facts of the article: what they are, the words they rest on, and how quotes and events are told."""
    text = record.article.text
    rows: list[tuple[str, str, str | None, Span, float | None, str | None]] = [
        ("mention", mention.form, mention.actor, mention.span, mention.score, None) for mention in record.mentions
    ]
    rows += [("place", place.name, place.country, place.span, place.score, None) for place in record.places]
    rows += [("time", timex.type, timex.value, timex.span, timex.score, None) for timex in record.times]
    rows += [("quote", quote.kind, quote.speaker, quote.span, quote.score, quote.status) for quote in record.quotes]
    rows += [("event", event.type, event.cameo, event.trigger, event.score, event.status) for event in record.events]
    rows.sort(key=lambda row: (row[3], row[0]))
    return Table(
        ("fact", "kind", "value", "start", "end", "words", "score", "status"),
        [(*row[:3], row[3].start, row[3].end, row[3].of(text), *row[4:]) for row in rows],
    )

"""The table of events, as spreadsheets and data frames take it.

In: a record. Out: one row for each event. It writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tidings.facts import Actor, Event, Record, Side

__all__ = ["COLUMNS", "Cell", "event_rows", "said_by"]

Cell = str | int | float | None

COLUMNS: dict[str, type[str] | type[int] | type[float]] = {
    "article": str,
    "event": str,
    "url": str,
    "outlet": str,
    "published": str,
    "title": str,
    "type": str,
    "mode": str,
    "contexts": str,
    "cameo": str,
    "quad": int,
    "intensity": float,
    "status": str,
    "date": str,
    "date_begin": str,
    "date_end": str,
    "source": str,
    "source_codes": str,
    "target": str,
    "target_codes": str,
    "according_to": str,
    "place": str,
    "country": str,
    "lat": float,
    "lon": float,
    "trigger": str,
    "start": int,
    "end": int,
    "sentence": str,
    "sentence_start": int,
    "sentence_end": int,
    "score": float,
    "why": str,
}
"""The columns in order, with their types; `start` and `end` are the trigger's, in code points of the article's text."""


def event_rows(record: Record) -> Iterator[dict[str, Cell]]:
    """Yield a row for each event; several actors on one side are separated by "; "."""
    article, text = record.article, record.article.text
    actors = {actor.id: actor for actor in record.actors}
    for event in record.events:
        place = record.places[event.place] if event.place is not None and event.place < len(record.places) else None
        yield {
            "article": record.id,
            "event": event.id,
            "url": record.page.url,
            "outlet": article.outlet or record.page.outlet,
            "published": article.published.value if article.published else None,
            "title": article.title,
            "type": event.type,
            "mode": event.mode,
            "contexts": " ".join(event.contexts) or None,
            "cameo": event.cameo,
            "quad": event.quad,
            "intensity": event.intensity,
            "status": event.status,
            **_dates(event),
            "source": _names(event.source, actors, text),
            "source_codes": "; ".join(side.code or "" for side in event.source).strip("; ") or None,
            "target": _names(event.target, actors, text),
            "target_codes": "; ".join(side.code or "" for side in event.target).strip("; ") or None,
            "according_to": said_by(record, event),
            "place": place.name if place else None,
            "country": place.country if place else None,
            "lat": place.lat if place else None,
            "lon": place.lon if place else None,
            "trigger": event.trigger.of(text),
            "start": event.trigger.start,
            "end": event.trigger.end,
            "sentence": event.sentence.of(text),
            "sentence_start": event.sentence.start,
            "sentence_end": event.sentence.end,
            "score": event.score,
            "why": event.why,
        }


def said_by(record: Record, event: Event) -> str | None:
    """Return who an event is told by, in the words of the article where nobody known; None when it is the article."""
    if event.according_to is not None:
        return next((actor.name for actor in record.actors if actor.id == event.according_to), None)
    around = [quote for quote in record.quotes if any(part.covers(event.trigger) for part in quote.parts)]
    if not around or any(quote.status != "asserted" for quote in around):
        return None
    inner = min(around, key=lambda quote: quote.span.end - quote.span.start)
    teller = inner.speaker_span
    if inner.speaker is not None or teller is None or any(teller.overlaps(side.span) for side in event.source):
        return None
    return " ".join(teller.of(record.article.text).split())


def _dates(event: Event) -> dict[str, Cell]:
    date = event.date
    return {
        "date": date.value if date else None,
        "date_begin": date.begin if date else None,
        "date_end": date.end if date else None,
    }


def _names(sides: Sequence[Side], actors: dict[str, Actor], text: str) -> str | None:
    told = (actors[side.actor].name if side.actor in actors else side.span.of(text) for side in sides)
    return "; ".join(dict.fromkeys(told)) or None

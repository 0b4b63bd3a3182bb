"""W3C Web Annotations: every fact of every record on one AnnotationPage.

In: records. Out: JSON-LD, one annotation a line. Positions count the code points of the article's text; the quoted
words with what stands around them find the place in the page itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any

import msgspec

from tidings.facts import Actor, Event, Place, Quote, Record, Timex
from tidings.text import Span

__all__ = ["annotate", "write"]

_AROUND = 32
"""Characters quoted before and after."""

Json = dict[str, Any]  # Any: JSON has no narrower type here


def write(records: Iterable[Record], stream: IO[str]) -> int:
    """Write one AnnotationPage with the facts of all records."""
    stream.write('{"@context":"http://www.w3.org/ns/anno.jsonld","type":"AnnotationPage","items":[')
    count = 0
    for record in records:
        for annotation in annotate(record):
            stream.write((",\n" if count else "\n") + msgspec.json.encode(annotation).decode())
            count += 1
    stream.write("\n]}\n")
    return count


def annotate(record: Record) -> Iterator[Json]:
    """Yield an annotation for each fact: mentions, places, times, quotes, events, each in order of the text."""
    actors = {actor.id: actor for actor in record.actors}
    for number, mention in enumerate(record.mentions):
        body = _named(actors.get(mention.actor) if mention.actor else None) or [_text(mention.label, "classifying")]
        yield _annotation(record, "mention", number, "identifying", body, [mention.span])
    for number, place in enumerate(record.places):
        yield _annotation(record, "place", number, "identifying", _place(place), [place.span])
    for number, timex in enumerate(record.times):
        yield _annotation(record, "time", number, "tagging", _time(timex), [timex.span])
    for number, quote in enumerate(record.quotes):
        yield _annotation(record, "quote", number, "describing", _quote(record, quote, actors), quote.parts)
    for number, event in enumerate(record.events):
        yield _annotation(record, "event", number, "classifying", _event(record, event, actors), [event.trigger])


def _annotation(
    record: Record, kind: str, number: int, motivation: str, body: list[Json], spans: Sequence[Span]
) -> Json:
    targets = [_target(record, span) for span in spans]
    return {
        "id": f"urn:tidings:{record.id}:{kind}:{number}",
        "type": "Annotation",
        "motivation": motivation,
        "body": body,
        "target": targets[0] if len(targets) == 1 else targets,
    }


def _target(record: Record, span: Span) -> Json:
    text = record.article.text
    return {
        "source": record.page.url or f"urn:tidings:{record.id}",
        "selector": [
            {"type": "TextPositionSelector", "start": span.start, "end": span.end},
            {
                "type": "TextQuoteSelector",
                "exact": span.of(text),
                "prefix": text[max(0, span.start - _AROUND) : span.start],
                "suffix": text[span.end : span.end + _AROUND],
            },
        ],
    }


def _text(value: str, purpose: str) -> Json:
    return {"type": "TextualBody", "purpose": purpose, "value": value}


def _named(actor: Actor | None) -> list[Json]:
    if actor is None:
        return []
    linked = f"http://www.wikidata.org/entity/{actor.wikidata}" if actor.wikidata else None
    return [_text(actor.name, "identifying"), *([{"source": linked, "purpose": "identifying"}] if linked else [])]


def _place(place: Place) -> list[Json]:
    linked = f"https://sws.geonames.org/{place.geonames}/" if place.geonames else None
    return [_text(place.name, "identifying"), *([{"source": linked, "purpose": "identifying"}] if linked else [])]


def _time(timex: Timex) -> list[Json]:
    return [_text(timex.type, "classifying"), *([_text(timex.value, "tagging")] if timex.value else [])]


def _quote(record: Record, quote: Quote, actors: dict[str, Actor]) -> list[Json]:
    speaker = actors.get(quote.speaker) if quote.speaker else None
    told = quote.speaker_span.of(record.article.text) if quote.speaker_span else None
    kinds = [quote.kind, *([quote.status] if quote.status != "asserted" else [])]
    classes = [_text(kind, "classifying") for kind in kinds]
    return [*classes, *(_named(speaker) or ([_text(told, "identifying")] if told else []))]


def _event(record: Record, event: Event, actors: dict[str, Actor]) -> list[Json]:
    body = [_text(event.type, "classifying"), _text(event.status, "classifying")]
    for name, sides in (("source", event.source), ("target", event.target)):
        for side in sides:
            actor = actors.get(side.actor) if side.actor else None
            body.append(_text(f"{name}: {actor.name if actor else side.span.of(record.article.text)}", "describing"))
    return body

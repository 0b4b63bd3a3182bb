"""FollowTheMoney: articles, actors and events as entities, one a line.

In: records. Out: JSON lines. An actor known to Wikidata is one entity over all articles, with every name it has there;
any other is an entity of its article, for a person to merge. Actors come last, in order of their ids.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from typing import IO

import msgspec

from tidings.data import read_text
from tidings.facts import Actor, Event, Record

__all__ = ["write"]

Entity = dict[str, object]
_SCHEMAS = {
    "person": "Person",
    "government": "PublicBody",
    "organisation": "Organization",
    "group": "Organization",
    "country": "PublicBody",
}
"""Who can act, in the words of FollowTheMoney; a country that acts is its government."""

_KEPT = frozenset({"asserted", "historical", "planned"})
"""The statuses of events that become entities: what may be, or is denied, is no entity."""


def write(records: Iterable[Record], stream: IO[str]) -> int:
    """Write the entities of all records."""
    count = 0
    known: dict[str, tuple[str, dict[str, list[str]]]] = {}
    for record in records:
        entities = [_article(record), *(_event(record, event) for event in record.events if event.status in _KEPT)]
        for entity in entities:
            stream.write(msgspec.json.encode(entity).decode() + "\n")
            count += 1
        for actor in record.actors:
            if actor.type in _SCHEMAS:
                _gather(known, record, actor)
    for id, (schema, properties) in sorted(known.items()):
        stream.write(msgspec.json.encode(_entity(id, schema, properties)).decode() + "\n")
        count += 1
    return count


def _article(record: Record) -> Entity:
    article, page = record.article, record.page
    return _entity(
        _article_id(record),
        "Article",
        {
            "name": [article.title or page.name or record.id],
            "title": [article.title or ""],
            "author": list(article.authors),
            "publisher": [article.outlet or page.outlet or ""],
            "publishedAt": [(article.published.value if article.published else None) or ""],
            "retrievedAt": [page.fetched or ""],
            "sourceUrl": [page.url or ""],
            "language": ["eng" if article.language == "en" else ""],
        },
    )


def _event(record: Record, event: Event) -> Entity:
    text = record.article.text
    actors = {actor.id: actor for actor in record.actors if actor.type in _SCHEMAS}
    place = record.places[event.place] if event.place is not None and event.place < len(record.places) else None
    sides = [actors[side.actor] for side in (*event.source, *event.target) if side.actor in actors]
    day = event.date is not None and event.date.begin == event.date.end
    began, ended = (event.date.begin, event.date.end) if event.date and not day else (None, None)
    return _entity(
        f"tidings-{record.id}-{event.id}",
        "Event",
        {
            "name": [f"{event.type}: {' '.join(event.sentence.of(text).split())}"],
            "summary": [event.sentence.of(text)],
            "keywords": [event.type, event.status, *event.contexts],
            "date": [(event.date.begin if event.date and day else None) or ""],
            "startDate": [began or ""],
            "endDate": [ended or ""],
            "location": [place.name if place else ""],
            "country": [_two_letters(place.country) if place else ""],
            "involved": [_actor_id(record, actor) for actor in sides],
            "proof": [_article_id(record)],
            "sourceUrl": [record.page.url or ""],
            "recordId": [f"{record.id}:{event.trigger.start}-{event.trigger.end}"],
        },
    )


def _gather(known: dict[str, tuple[str, dict[str, list[str]]]], record: Record, actor: Actor) -> None:
    id = _actor_id(record, actor)
    schema, properties = known.setdefault(id, (_SCHEMAS[actor.type], {"name": [actor.name]}))
    for name, values in _facts(record, actor, schema):
        kept = properties.setdefault(name, [])
        kept += [value for value in values if value and value not in kept and value not in properties["name"]]


def _facts(record: Record, actor: Actor, schema: str) -> Iterator[tuple[str, list[str]]]:
    yield "alias", [actor.name, *actor.aliases]
    yield "country", [_two_letters(actor.country)]
    yield "wikidataId", [actor.wikidata or ""]
    if schema == "Person":
        yield "position", [f"{role.title} of {role.of}" if role.of else role.title for role in actor.roles]
    yield "proof", [_article_id(record)]


def _entity(id: str, schema: str, properties: dict[str, list[str]]) -> Entity:
    kept = {name: [value for value in dict.fromkeys(values) if value] for name, values in properties.items()}
    return {"id": id, "schema": schema, "properties": {name: values for name, values in kept.items() if values}}


def _article_id(record: Record) -> str:
    return f"tidings-{record.id}"


def _actor_id(record: Record, actor: Actor) -> str:
    return actor.wikidata or f"tidings-{record.id}-{actor.id.replace(':', '-')}"


@functools.cache
def _codes() -> dict[str, str]:
    rows = (line.split("\t") for line in read_text("places_codes.tsv").splitlines()[1:])
    return {row[1]: row[0].lower() for row in rows}


def _two_letters(country: str | None) -> str:
    return _codes().get(country or "", "")

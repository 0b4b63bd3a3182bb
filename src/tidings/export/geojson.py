"""GeoJSON (RFC 7946): every place with known coordinates, as a point.

In: records. Out: one FeatureCollection, one feature a line, each with the words that name it and the events there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import IO, Any

import msgspec

from tidings.facts import Event, Record

__all__ = ["write"]


def write(records: Iterable[Record], stream: IO[str]) -> int:
    """Write the places of all records."""
    stream.write('{"type":"FeatureCollection","features":[')
    count = 0
    for record in records:
        for feature in _features(record):
            stream.write((",\n" if count else "\n") + msgspec.json.encode(feature).decode())
            count += 1
    stream.write("\n]}\n")
    return count


def _features(record: Record) -> Iterator[dict[str, Any]]:  # Any: JSON has no narrower type here
    article = record.article
    for number, place in enumerate(record.places):
        if place.lat is None or place.lon is None:
            continue
        yield {
            "type": "Feature",
            "id": f"{record.id}:{number}",
            "geometry": {"type": "Point", "coordinates": [place.lon, place.lat]},
            "properties": {
                "name": place.name,
                "country": place.country,
                "level": place.level,
                "geonames": place.geonames,
                "score": place.score,
                "words": place.span.of(article.text),
                "start": place.span.start,
                "end": place.span.end,
                "events": [_event(event) for event in record.events if event.place == number],
                "article": record.id,
                "title": article.title,
                "published": article.published.value if article.published else None,
                "outlet": article.outlet or record.page.outlet,
                "url": record.page.url,
            },
        }


def _event(event: Event) -> dict[str, str]:
    return {"id": event.id, "type": event.type, "status": event.status}

"""Lay a record out in the rows of a store.

In: a `Record`. Out: for each table, its rows. It opens no store.
What points nowhere (an actor that is not in the record's list) becomes NULL rather than an error: a record with a
flaw in one fact is still a record.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode, urlsplit

import msgspec

from tidings.facts import Event, Quote, Record

__all__ = ["Row", "article_row", "canonical_address", "fact_rows", "fold"]

Row = dict[str, str | int | float | None]

_TRACKERS = frozenset(
    "fbclid gclid dclid msclkid yclid igshid mc_cid mc_eid ref_src cmpid ncid ocid smid wt_mc xtor _ga".split()
)
_PORTS = {"http": 80, "https": 443}


def canonical_address(url: str | None) -> str | None:
    """Return an address without its scheme, fragment, default port, "www." and what only tracks its reader.

    >>> canonical_address("HTTPS://www.Courier.example:443/a/?utm_source=x&id=7#top")
    'courier.example/a?id=7'
    """
    if not url:
        return None
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return url
    if not parts.hostname:
        return url
    host = parts.hostname.removeprefix("www.").rstrip(".")
    if port and port != _PORTS.get(parts.scheme.lower()):
        host = f"{host}:{port}"
    kept = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if not _tracks(name)]
    return host + parts.path.rstrip("/") + (f"?{urlencode(sorted(kept))}" if kept else "")


def fold(text: str) -> str:
    """Return words as they are compared: small letters without accents, one blank around each.

    >>> fold("José  Álvarez-Brandt")
    ' jose alvarez brandt '
    """
    plain = "".join(mark for mark in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(mark))
    words = "".join(mark if mark.isalnum() else " " for mark in plain).split()
    return f" {' '.join(words)} "


def article_row(record: Record) -> Row:
    """Return the row of the article itself, but for its number."""
    page, article, published = record.page, record.article, record.article.published
    first, last = published.interval if published else (None, None)
    day = published.value if published else None
    return {
        "id": record.id,
        "page": page.id,
        "sha256": page.sha256,
        "media": page.media,
        "name": page.name,
        "url": page.url,
        "canonical": canonical_address(page.url),
        "outlet": article.outlet or page.outlet,
        "fetched": page.fetched,
        "title": article.title,
        "section": article.section,
        "authors": "; ".join(article.authors) or None,
        "language": article.language,
        "kind": article.kind,
        "published": day,
        "published_from": first or day,
        "published_to": last or day,
        "published_basis": published.basis if published else None,
        "published_score": published.score if published else None,
        "text": article.text,
        "text_sha256": hashlib.sha256(article.text.encode("utf-8", "surrogatepass")).hexdigest(),
        "version": record.version,
    }


def fact_rows(record: Record, article: int) -> Iterator[tuple[str, Row]]:
    """Yield (table, row) for every fact, those that others refer to first."""
    known = {actor.id for actor in record.actors}
    for actor in {actor.id: actor for actor in record.actors}.values():
        row: Row = {name: getattr(actor, name) for name in ("id", "name", "type", "country", "sector", "code")}
        yield "actors", {"article": article, **row, "wikidata": actor.wikidata}
        for name in dict.fromkeys((actor.name, *actor.aliases)):
            yield "names", {"article": article, "actor": actor.id, "name": name, "folded": fold(name)}
    for number, place in enumerate(record.places):
        row = {name: getattr(place, name) for name in ("name", "geonames", "lat", "lon", "country", "level", "score")}
        yield "places", {"article": article, "number": number, **_ends(place.span), **row}
    for number, mention in enumerate(record.mentions):
        row = {"form": mention.form, "label": mention.label, "score": mention.score}
        actor = mention.actor if mention.actor in known else None
        yield "mentions", {"article": article, "number": number, **_ends(mention.span), **row, "actor": actor}
    for number, timex in enumerate(record.times):
        row = {name: getattr(timex, name) for name in ("type", "value", "grain", "mod", "score")}
        row |= {"first_day": timex.begin, "last_day": timex.end}
        yield "times", {"article": article, "number": number, **_ends(timex.span), **row}
    for number, quote in enumerate(record.quotes):
        yield "quotes", {"article": article, "number": number, **_quote(record, quote, known)}
    for number, event in enumerate(record.events):
        yield "events", {"article": article, "number": number, **_event(record, event, known)}
        for name, sides in (("source", event.source), ("target", event.target)):
            for at, side in enumerate(sides):
                row = {"actor": side.actor if side.actor in known else None, "code": side.code, **_ends(side.span)}
                yield "sides", {"article": article, "event": number, "side": name, "number": at, **row}


def _ends(span: tuple[int, int]) -> Row:
    return {"start": span[0], "end": span[1]}


def _quote(record: Record, quote: Quote, known: set[str]) -> Row:
    said_by = quote.speaker_span
    return {
        **_ends(quote.span),
        "parts": msgspec.json.encode(quote.parts).decode(),
        "kind": quote.kind,
        "cue_start": quote.cue.start if quote.cue else None,
        "cue_end": quote.cue.end if quote.cue else None,
        "speaker": quote.speaker if quote.speaker in known else None,
        "speaker_start": said_by.start if said_by else None,
        "speaker_end": said_by.end if said_by else None,
        "speaker_folded": fold(said_by.of(record.article.text)) if said_by else None,
        "score": quote.score,
        "status": quote.status,
    }


def _event(record: Record, event: Event, known: set[str]) -> Row:
    placed = event.place is not None and 0 <= event.place < len(record.places)
    return {
        "id": event.id,
        "type": event.type,
        "mode": event.mode,
        "contexts": " ".join(event.contexts),
        "cameo": event.cameo,
        "quad": event.quad,
        "intensity": event.intensity,
        "status": event.status,
        **_ends(event.trigger),
        "sentence_start": event.sentence.start,
        "sentence_end": event.sentence.end,
        "date": event.date.value if event.date else None,
        "first_day": event.date.begin if event.date else None,
        "last_day": event.date.end if event.date else None,
        "place": event.place if placed else None,
        "according_to": event.according_to if event.according_to in known else None,
        "score": event.score,
        "why": event.why,
    }


def _tracks(name: str) -> bool:
    return name.lower() in _TRACKERS or name.lower().startswith("utm_")

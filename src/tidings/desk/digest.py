"""What the overview pages need of all records: heads, events, quotes, actors, places, without the texts.

In: records, one at a time. Out: one `Digest`.
It merges actors by their id alone and never by likeness of name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

import msgspec

from tidings.facts import Actor, Event, Quote, Record, Role, Side
from tidings.text import Span

__all__ = ["Digest", "Head", "Party", "Quoted", "Spot", "Told", "Who", "digest", "is_day", "of_country"]

_MOST = 400
"""Characters shown of a sentence or a quote; the article has all of them."""


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """One article in a list."""

    id: str
    title: str | None
    published: str | None
    between: tuple[str | None, str | None]
    outlet: str | None
    kind: str
    quotes: int
    events: int
    actors: tuple[str, ...]
    countries: tuple[str, ...]
    types: tuple[str, ...]


class Party(msgspec.Struct, frozen=True, kw_only=True):
    """Who stands on one side of an event; `id` is None when only the words are known."""

    id: str | None
    name: str
    country: str | None = None


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """One event as one article tells it; `day` is its first ISO day, None when that is not known."""

    article: str
    span: Span
    type: str
    mode: str | None
    cameo: str | None
    quad: int
    status: str
    value: str | None
    day: str | None
    last: str | None
    source: tuple[Party, ...]
    target: tuple[Party, ...]
    according_to: str | None
    words: str
    score: float


class Quoted(msgspec.Struct, frozen=True, kw_only=True):
    """One quote of one article."""

    article: str
    span: Span
    kind: str
    speaker: str | None
    name: str | None
    words: str
    score: float


class Office(msgspec.Struct, frozen=True, kw_only=True):
    """A role of an actor; `article` and `span` point at the words, when an article states it."""

    title: str
    of: str | None
    start: str | None
    end: str | None
    article: str | None = None
    span: Span | None = None


class Who(msgspec.Struct, kw_only=True):
    """One actor over all articles."""

    id: str
    name: str
    type: str
    country: str | None
    code: str | None
    wikidata: str | None
    names: Counter[str] = msgspec.field(default_factory=Counter)
    offices: dict[tuple, Office] = msgspec.field(default_factory=dict)
    articles: list[str] = msgspec.field(default_factory=list)


class Spot(msgspec.Struct, kw_only=True):
    """One place over all articles, with the first words that name it in each."""

    name: str
    lat: float | None
    lon: float | None
    country: str | None
    level: str | None
    mentions: int = 0
    words: dict[str, Span] = msgspec.field(default_factory=dict)


class Digest(msgspec.Struct, kw_only=True):
    """All records at a glance."""

    heads: dict[str, Head] = msgspec.field(default_factory=dict)
    told: list[Told] = msgspec.field(default_factory=list)
    quoted: list[Quoted] = msgspec.field(default_factory=list)
    actors: dict[str, Who] = msgspec.field(default_factory=dict)
    spots: dict[tuple, Spot] = msgspec.field(default_factory=dict)

    @property
    def latest(self) -> str | None:
        """The youngest day an article is from: the desk's today."""
        return max((day for head in self.heads.values() if is_day(day := head.published) and day), default=None)

    def newest(self) -> list[Head]:
        """Return all articles, the youngest first, those without a date last."""
        return sorted(self.heads.values(), key=lambda head: (head.published or "", head.id), reverse=True)


def digest(records: Iterable[Record]) -> Digest:
    """Go through all records once."""
    made = Digest()
    for record in records:
        _add(made, record)
    for who in made.actors.values():
        # The name most articles use; of equals the first in the alphabet, so that it does not hang on their order.
        who.name = min(who.names, key=lambda name: (-who.names[name], name))
    return made


def is_day(value: str | None) -> bool:
    """Tell whether a value is an ISO day.

    >>> is_day("2015-07-14"), is_day("2015-07"), is_day(None)
    (True, False, False)
    """
    if not value or len(value) < 10:
        return False
    try:
        date.fromisoformat(value[:10])
    except ValueError:
        return False
    return True


def of_country(party: Party, name: str) -> bool:
    """Tell whether a party is `name`, or belongs to the country whose code `name` is.

    >>> of_country(Party(id="Q76", name="Barack Obama", country="USA"), "USA")
    True
    """
    return party.id == name or (len(name) == 3 and party.country == name)


def _add(made: Digest, record: Record) -> None:
    actors = {actor.id: actor for actor in record.actors}
    text = record.article.text
    told = [_told(record, event, actors) for event in record.events]
    made.heads[record.id] = _head(record)
    made.told += told
    made.quoted += [_quoted(record, quote, actors) for quote in record.quotes]
    for actor in record.actors:
        _add_actor(made, record.id, actor)
    for place in record.places:
        name = place.name or place.span.of(text)
        key = (place.geonames, place.lat, place.lon) if place.lat is not None else (None, name, place.country)
        spot = made.spots.setdefault(
            key, Spot(name=name, lat=place.lat, lon=place.lon, country=place.country, level=place.level)
        )
        spot.mentions += 1
        spot.words.setdefault(record.id, place.span)


def _head(record: Record) -> Head:
    article, known = record.article, record.article.published
    countries = [actor.country for actor in record.actors] + [place.country for place in record.places]
    return Head(
        id=record.id,
        title=article.title or _headline(record),
        published=known.value if known else None,
        between=known.interval if known else (None, None),
        outlet=article.outlet or record.page.outlet,
        kind=article.kind,
        quotes=len(record.quotes),
        events=len(record.events),
        actors=tuple(dict.fromkeys(actor.id for actor in record.actors)),
        countries=tuple(dict.fromkeys(country for country in countries if country)),
        types=tuple(dict.fromkeys(event.type for event in record.events)),
    )


def _headline(record: Record) -> str | None:
    for block in record.article.blocks:
        if block.role == "headline":
            return short(block.span.of(record.article.text))
    return None


def _told(record: Record, event: Event, actors: dict[str, Actor]) -> Told:
    text, when = record.article.text, event.date
    begin = when.begin if when and is_day(when.begin) else None
    end = when.end if when and is_day(when.end) else begin
    by = event.according_to
    return Told(
        article=record.id,
        span=event.trigger,
        type=event.type,
        mode=event.mode,
        cameo=event.cameo,
        quad=event.quad,
        status=event.status,
        value=when.value if when else None,
        day=begin[:10] if begin else None,
        last=end[:10] if end else None,
        source=_parties(event.source, actors, text),
        target=_parties(event.target, actors, text),
        according_to=actors[by].name if by in actors else None,
        words=short(event.sentence.of(text)),
        score=event.score,
    )


def _parties(sides: Sequence[Side], actors: dict[str, Actor], text: str) -> tuple[Party, ...]:
    found: dict[tuple, Party] = {}
    for side in sides:
        actor = actors.get(side.actor or "")
        party = (
            Party(id=actor.id, name=actor.name, country=actor.country)
            if actor
            else Party(id=None, name=short(side.span.of(text), 80))
        )
        found.setdefault((party.id, party.name), party)
    return tuple(found.values())


def _quoted(record: Record, quote: Quote, actors: dict[str, Actor]) -> Quoted:
    text = record.article.text
    speaker = actors.get(quote.speaker or "")
    words = quote.speaker_span.of(text) if quote.speaker_span else None
    return Quoted(
        article=record.id,
        span=quote.span,
        kind=quote.kind,
        speaker=speaker.id if speaker else None,
        name=speaker.name if speaker else words,
        words=short(" … ".join(part.of(text) for part in quote.parts)),
        score=quote.score,
    )


def _add_actor(made: Digest, article: str, actor: Actor) -> None:
    who = made.actors.get(actor.id)
    if who is None:
        who = made.actors[actor.id] = Who(
            id=actor.id,
            name=actor.name,
            type=actor.type,
            country=actor.country,
            code=actor.code,
            wikidata=actor.wikidata,
        )
    who.names[actor.name] += 1
    if article not in who.articles[-1:]:
        who.articles.append(article)
    for role in actor.roles:
        key = (role.title, role.of, role.start, role.end)
        who.offices.setdefault(key, _office(role, article))


def _office(role: Role, article: str) -> Office:
    return Office(
        title=role.title,
        of=role.of,
        start=role.start,
        end=role.end,
        article=article if role.span else None,
        span=role.span,
    )


def short(words: str, most: int = _MOST) -> str:
    """Fold white space and cut what is long.

    >>> short("one  two", 5)
    'one …'
    """
    folded = " ".join(words.split())
    return folded if len(folded) <= most else f"{folded[: most - 1]}…"

"""Actors that a person has merged, split, renamed or struck out.

In: a record, judgements of actors and mentions. Out: the record with its actors as judged, and all that names them.
A fact that loses its actor keeps its characters.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from tidings.facts import Actor, Event, Mention, Quote, Record, Side
from tidings.review.judgements import Judgement
from tidings.review.pointing import standing
from tidings.text import Span

__all__ = ["merge_actors", "merged", "recast", "repointed", "retold"]


def recast(record: Record, judgements: Iterable[Judgement]) -> Record:
    """Return the record with mentions split off to other actors, and with actors recoded or struck out."""
    for one in judgements:
        if one.fact == "mention" and one.decision == "split":
            stands = standing(record, one)
            if stands.index is not None:
                record = _split(record, stands.index, one.value or {})
        elif one.fact == "actor" and one.decision in ("recode", "reject") and one.value:
            record = _change_actor(record, one.value["actor"], one)
    return record


def merged(judgements: Iterable[Judgement]) -> dict[str, str]:
    """Return the ids of actors that were merged into others, with the id of the one each of them is now.

    A later split takes the actors it names out of what they were merged into.
    """
    heads: dict[str, str] = {}
    groups: dict[str, set[str]] = {}
    for one in judgements:
        if one.fact != "actor" or not one.value or one.decision not in ("merge", "split"):
            continue
        actors: Sequence[str] = one.value["actors"]
        if one.decision == "merge":
            into = one.value.get("into") or actors[0]
            head = heads.get(into, into)
            joined = {head, *actors}.union(*(groups.pop(heads.get(actor, actor), ()) for actor in actors))
            groups[head] = joined
            heads |= dict.fromkeys(joined, head)
        else:
            for actor in actors:
                group = groups.get(heads.pop(actor, actor))
                if group is not None:
                    group.discard(actor)
    return {actor: head for actor, head in heads.items() if actor != head}


def merge_actors(record: Record, judgements: Iterable[Judgement]) -> Record:
    """Return the record with actors merged; a later split of two actors keeps them apart.

    On a page that does not name the one that they are, they are described as that one was when they were merged.
    """
    told = list(judgements)
    moved = merged(told)
    if not any(actor.id in moved for actor in record.actors):
        return record
    own = {actor.id: actor for actor in record.actors if actor.id not in moved}
    known = {
        one.value.get("into") or one.value["actors"][0]: one.judged
        for one in told
        if one.fact == "actor" and one.decision == "merge" and one.value and one.judged
    }
    found: dict[str, Actor] = {}
    for actor in record.actors:
        head = moved.get(actor.id, actor.id)
        if head not in found:
            found[head] = own.get(head) or _described(actor, head, known.get(head))
        if actor.id != head:
            found[head] = _joined(found[head], actor)
    codes = {actor: found[head].code for actor, head in moved.items() if head in found}
    record = _renamed(record, lambda actor: moved.get(actor, actor) if actor else None, codes=codes)
    return msgspec.structs.replace(record, actors=tuple(found.values()))


def _described(actor: Actor, id: str, known: Mapping[str, Any] | None) -> Actor:
    try:
        # It may come from a file of somebody else's.
        return msgspec.convert({**msgspec.structs.asdict(actor), **(known or {}), "id": id}, Actor)
    except msgspec.ValidationError:
        return msgspec.structs.replace(actor, id=id)


def _joined(actor: Actor, other: Actor) -> Actor:
    names = dict.fromkeys((*actor.aliases, other.name, *other.aliases))
    return msgspec.structs.replace(
        actor,
        aliases=tuple(names),
        roles=tuple(dict.fromkeys((*actor.roles, *other.roles))),
        country=actor.country or other.country,
        sector=actor.sector or other.sector,
        code=actor.code or other.code,
        wikidata=actor.wikidata or other.wikidata,
    )


def _split(record: Record, index: int, value: Mapping[str, Any]) -> Record:
    mention = record.mentions[index]
    words = mention.span.of(record.article.text)
    to = value.get("to")
    actors = record.actors
    if to is None or all(actor.id != to for actor in actors):
        old = next((actor for actor in actors if actor.id == mention.actor), None)
        name = value.get("name") or words
        to = to or f"judged:{hashlib.blake2b(name.casefold().encode(), digest_size=6).hexdigest()}"
        if all(actor.id != to for actor in actors):
            actors = (*actors, Actor(id=to, name=name, type=old.type if old else "other", aliases=(words,)))
    mentions = list(record.mentions)
    mentions[index] = msgspec.structs.replace(mention, actor=to, score=1.0)
    return repointed(msgspec.structs.replace(record, actors=actors, mentions=tuple(mentions)), mention, to)


def repointed(record: Record, mention: Mention, to: str | None) -> Record:
    """Return the record with the sides and speakers that rest on the words of a mention naming another actor."""
    code = next((actor.code for actor in record.actors if actor.id == to), None)

    def side(one: Side) -> Side:
        rests = one.actor == mention.actor and _is_at(one.span, mention.span)
        return msgspec.structs.replace(one, actor=to, code=code) if rests else one

    events = tuple(
        msgspec.structs.replace(e, source=tuple(map(side, e.source)), target=tuple(map(side, e.target)))
        for e in record.events
    )
    quotes = tuple(
        msgspec.structs.replace(quote, speaker=to)
        if quote.speaker_span and quote.speaker == mention.actor and quote.speaker_span.covers(mention.span)
        else quote
        for quote in record.quotes
    )
    return retold(msgspec.structs.replace(record, events=events, quotes=quotes), record.quotes)


def retold(record: Record, before: Sequence[Quote]) -> Record:
    """Return the record with the acts told in its quotes, as they were before, told by whom the quotes are now of.

    An act known by the speaker's words alone stays so; one that the speaker did by saying it is done by the new one.
    """
    codes = {actor.id: actor.code for actor in record.actors}
    events = list(record.events)
    for old, new in zip(before, record.quotes, strict=True):
        if old.speaker is None or old.speaker == new.speaker:
            continue
        for number, event in enumerate(events):
            if any(part.covers(event.trigger) for part in old.parts):
                events[number] = _retold(event, old, new.speaker, codes)
    return msgspec.structs.replace(record, events=tuple(events))


def _retold(event: Event, quote: Quote, speaker: str | None, codes: Mapping[str, str | None]) -> Event:
    source = tuple(
        msgspec.structs.replace(side, actor=speaker, code=codes.get(speaker) if speaker else None)
        if side.span == quote.speaker_span and side.actor == quote.speaker
        else side
        for side in event.source
    )
    teller = speaker if event.according_to == quote.speaker else event.according_to
    if any(side.actor == teller for side in source):
        teller = None
    return msgspec.structs.replace(event, source=source, according_to=teller)


def _is_at(one: Span, other: Span) -> bool:
    return one == other or one.covers(other) or other.covers(one)


def _change_actor(record: Record, id: str, judgement: Judgement) -> Record:
    if all(actor.id != id for actor in record.actors):
        return record
    value = {name: new for name, new in (judgement.value or {}).items() if name != "actor"}
    if judgement.decision == "recode":
        actors = tuple(msgspec.structs.replace(a, **value) if a.id == id else a for a in record.actors)
        record = msgspec.structs.replace(record, actors=actors)
        return _renamed(record, lambda actor: actor, codes={id: value["code"]}) if "code" in value else record
    record = msgspec.structs.replace(record, actors=tuple(actor for actor in record.actors if actor.id != id))
    return _renamed(record, lambda actor: None if actor == id else actor, codes={id: None})


def _renamed(
    record: Record, new: Callable[[str | None], str | None], codes: Mapping[str, str | None] | None = None
) -> Record:
    """Return the record with all that names an actor naming what `new` makes of it."""

    def sides(old: Sequence[Side]) -> tuple[Side, ...]:
        found: list[Side] = []
        for side in old:
            code = codes.get(side.actor, side.code) if codes and side.actor else side.code
            side = msgspec.structs.replace(side, actor=new(side.actor), code=code)
            if side.actor is None or all(side.actor != other.actor for other in found):
                found.append(side)
        return tuple(found)

    replace = msgspec.structs.replace
    return replace(
        record,
        mentions=tuple(replace(mention, actor=new(mention.actor)) for mention in record.mentions),
        quotes=tuple(replace(quote, speaker=new(quote.speaker)) for quote in record.quotes),
        events=tuple(
            replace(event, source=sides(event.source), target=sides(event.target), according_to=new(event.according_to))
            for event in record.events
        ),
    )

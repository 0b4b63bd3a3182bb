"""A record as people have judged it.

In: a record, judgements. Out: the record without what was rejected, with what was recoded changed, actors merged.
It writes nothing: the reading stays as it was made, and is judged anew each time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from tidings.facts import Event, Fact, Record, Timex
from tidings.review.casting import merge_actors, recast, repointed, retold
from tidings.review.judgements import Judgement, active, judgements, record_of
from tidings.review.pointing import standing
from tidings.review.recoding import recode_article, recode_event, recode_fact
from tidings.store import Store

__all__ = ["Verdicts", "applied", "as_judged", "corrected", "judged_records", "not_applied", "verdicts"]

_F = TypeVar("_F", bound=Fact)


class Verdicts(msgspec.Struct, kw_only=True):
    """What has been decided about the facts of one record, by kind and place in their list.

    `accepted` holds facts judged right as they are read, `last` the last judgement of each fact, to show whose it is,
    and `stale` the judgements that apply to nothing any more.
    """

    rejected: dict[str, set[int]] = msgspec.field(default_factory=dict)
    accepted: dict[str, set[int]] = msgspec.field(default_factory=dict)
    recoded: dict[str, dict[int, dict[str, Any]]] = msgspec.field(default_factory=dict)
    last: dict[str, dict[int, Judgement]] = msgspec.field(default_factory=dict)
    stale: list[tuple[Judgement, str]] = msgspec.field(default_factory=list)


def applied(record: Record, judged: Iterable[Judgement]) -> Record:
    """Return the record as judged; judgements of other pages are passed over.

    The last of several rejections and recodes of one fact counts; accepting it afterwards brings a rejected fact
    back, and leaves a recoded one recoded. A judgement applies while its words stand in the text; an acceptance or
    rejection only while the fact says what was judged.
    """
    record, rejected = as_judged(record, judged)
    return _leave_out(record, rejected) if rejected else record


def as_judged(record: Record, judged: Iterable[Judgement]) -> tuple[Record, dict[str, set[int]]]:
    """Return the record as judged with every fact in its place, and the places of those that were rejected, by kind."""
    own = [one for one in active(judged) if one.page in (None, record.page.sha256)]
    if not own:
        return record, {}
    told = verdicts(record, own)
    if 0 in told.rejected.get("article", ()):
        return msgspec.structs.replace(record, actors=(), mentions=(), places=(), times=(), quotes=(), events=()), {}
    record = merge_actors(_rest_on_nothing(_corrected(record, own, told), told.rejected), own)
    return record, {kind: gone for kind, gone in told.rejected.items() if gone}


def corrected(record: Record, judged: Iterable[Judgement]) -> Record:
    """Return the record with what was recoded or split off, before anything is rejected or merged."""
    own = [one for one in active(judged) if one.page in (None, record.page.sha256)]
    return _corrected(record, own, verdicts(record, own)) if own else record


def verdicts(record: Record, judged: Iterable[Judgement]) -> Verdicts:
    """Return what the judgements of a record's page come to, in the order they were made."""
    told = Verdicts()
    for one in active(judged):
        if one.page != record.page.sha256:
            continue
        if one.decision not in ("accept", "reject", "recode") or one.fact == "actor":
            continue
        stands = standing(record, one)
        if stands.state != "applies" or stands.index is None:
            told.stale.append((one, stands.state))
            continue
        index = stands.index
        told.last.setdefault(one.fact, {})[index] = one
        rejected = told.rejected.setdefault(one.fact, set())
        accepted = told.accepted.setdefault(one.fact, set())
        if one.decision == "reject":
            rejected.add(index)
            accepted.discard(index)
            continue
        rejected.discard(index)
        if one.decision == "accept":
            accepted.add(index)
        else:
            told.recoded.setdefault(one.fact, {}).setdefault(index, {}).update(one.value or {})
    return told


def judged_records(store: Store) -> Iterator[Record]:
    """Yield all records of a store as people have judged them, in the order they were collected."""
    told = active(judgements(store))
    everywhere = [one for one in told if one.page is None]
    pages: dict[str, list[Judgement]] = {}
    for one in told:
        if one.page is not None:
            pages.setdefault(one.page, []).append(one)
    for record in store.records():
        own = pages.get(record.page.sha256, [])
        yield applied(record, sorted((*own, *everywhere), key=lambda one: (one.at, one.number)))


def not_applied(store: Store) -> Iterator[tuple[Judgement, str]]:
    """Yield the judgements that apply to nothing in their page as it is read now, each with its state.

    A state is `changed`, `gone` or `stale`, as in `Standing`, or `unknown` when the store does not hold the page.
    """
    pages: dict[str, list[Judgement]] = {}
    for one in active(judgements(store)):
        if one.page is not None:
            pages.setdefault(one.page, []).append(one)
    for page, told in pages.items():
        record = record_of(store, page)
        for one in told:
            state = standing(record, one).state if record else "unknown"
            if state != "applies":
                yield one, state


def _corrected(record: Record, own: Sequence[Judgement], told: Verdicts) -> Record:
    return _recode(recast(record, own), told)


def _recode(record: Record, told: Verdicts) -> Record:
    """Return the record as recoded: first what other facts rest on, so that a person's word on those holds."""
    known = {actor.id for actor in record.actors}
    for index, value in told.recoded.get("mention", {}).items():
        mention = record.mentions[index]
        record = _with(record, "mentions", {index: recode_fact(mention, value, known=known)})
        if record.mentions[index].actor != mention.actor:
            record = repointed(record, mention, record.mentions[index].actor)
    quotes = record.quotes
    for kind, name in (("quote", "quotes"), ("place", "places"), ("time", "times")):
        facts = getattr(record, name)
        recoded = told.recoded.get(kind, {})
        record = _with(record, name, {n: recode_fact(facts[n], value, known=known) for n, value in recoded.items()})
    record = retold(record, quotes)
    judged = {n: recode_event(record, record.events[n], value) for n, value in told.recoded.get("event", {}).items()}
    record = _with(record, "events", judged)
    for time in (record.times[index] for index in told.recoded.get("time", {})):
        events = tuple(_redated(event, time) for event in record.events)
        record = msgspec.structs.replace(record, events=events)
    if value := told.recoded.get("article", {}).get(0):
        record = msgspec.structs.replace(record, article=recode_article(record.article, value))
    return record


def _with(record: Record, name: str, new: Mapping[int, Fact]) -> Record:
    """Return the record with some facts of one of its lists in other words."""
    facts = tuple(new.get(number, fact) for number, fact in enumerate(getattr(record, name)))
    return msgspec.structs.replace(record, **{name: facts})


def _redated(event: Event, time: Timex) -> Event:
    """Return an event whose date rests on a time expression that was read wrongly, with the date as it should be."""
    if event.date is None or event.date.span != time.span or time.value is None:
        return event
    date = msgspec.structs.replace(event.date, value=time.value, begin=time.begin, end=time.end)
    return msgspec.structs.replace(event, date=date)


def _rest_on_nothing(record: Record, rejected: Mapping[str, set[int]]) -> Record:
    """Return the record with no event at a place, or on a day, that rests on words that were rejected."""
    times = {record.times[index].span for index in rejected.get("time", ())}
    places = rejected.get("place", ())
    if not times and not places:
        return record
    events = tuple(
        msgspec.structs.replace(
            event,
            place=None if event.place in places else event.place,
            date=None if event.date is not None and event.date.span in times else event.date,
        )
        for event in record.events
    )
    return msgspec.structs.replace(record, events=events)


def _leave_out(record: Record, rejected: Mapping[str, set[int]]) -> Record:
    places = rejected.get("place", set())
    events = [
        event
        if event.place is None
        else msgspec.structs.replace(event, place=event.place - sum(gone < event.place for gone in places))
        for event in _without(record.events, rejected.get("event", set()))
    ]
    return msgspec.structs.replace(
        record,
        events=tuple(events),
        places=_without(record.places, places),
        times=_without(record.times, rejected.get("time", set())),
        quotes=_without(record.quotes, rejected.get("quote", set())),
        mentions=_without(record.mentions, rejected.get("mention", set())),
    )


def _without(facts: Sequence[_F], gone: set[int]) -> tuple[_F, ...]:
    return tuple(fact for number, fact in enumerate(facts) if number not in gone)

"""A record as people have judged it.

In: a record, judgements. Out: the record without what was rejected, with what was recoded changed, actors merged.
It writes nothing: the reading stays as it was made, and is judged anew each time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

import msgspec

from tidings.facts import Event, Fact, Record
from tidings.review.casting import merge_actors, recast
from tidings.review.judgements import Judgement, active, judgements, record_of
from tidings.review.pointing import standing
from tidings.review.recoding import recode_article, recode_event, recode_fact
from tidings.store import Store

__all__ = ["Verdicts", "applied", "judged_records", "not_applied", "verdicts"]

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
    own = [one for one in active(judged) if one.page in (None, record.page.sha256)]
    if not own:
        return record
    told = verdicts(record, own)
    if 0 in told.rejected.get("article", ()):
        return msgspec.structs.replace(record, actors=(), mentions=(), places=(), times=(), quotes=(), events=())
    # Mentions are given to other actors before any list gets shorter: their places are those of the reading.
    record = recast(record, own)
    record = _recode(record, told)
    record = _leave_out(record, told)
    return merge_actors(record, own)


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


def _recode(record: Record, told: Verdicts) -> Record:
    events = list(record.events)
    for index, value in told.recoded.get("event", {}).items():
        events[index] = recode_event(record, events[index], value)
    for index, value in told.recoded.get("time", {}).items():
        time = record.times[index]
        new = recode_fact(time, value)
        events = [_redated(event, time.span, new) for event in events]
    changed: dict[str, Any] = {"events": tuple(events)}
    for kind, name in (("quote", "quotes"), ("mention", "mentions"), ("place", "places"), ("time", "times")):
        facts = list(getattr(record, name))
        for index, value in told.recoded.get(kind, {}).items():
            facts[index] = recode_fact(facts[index], value, known={actor.id for actor in record.actors})
        changed[name] = tuple(facts)
    if value := told.recoded.get("article", {}).get(0):
        changed["article"] = recode_article(record.article, value)
    return msgspec.structs.replace(record, **changed)


def _redated(event: Event, span: Sequence[int], time: Any) -> Event:
    """Return an event whose date rests on a time expression that was read wrongly, with the date as it should be."""
    if event.date is None or event.date.span != span or time.value is None:
        return event
    date = msgspec.structs.replace(event.date, value=time.value, begin=time.begin, end=time.end)
    return msgspec.structs.replace(event, date=date)


def _leave_out(record: Record, told: Verdicts) -> Record:
    places = _without(record.places, told.rejected.get("place", set()))
    gone_times = {record.times[index].span for index in told.rejected.get("time", ())}
    events = []
    for event in _without(record.events, told.rejected.get("event", set())):
        if event.place is not None and told.rejected.get("place"):
            event = msgspec.structs.replace(event, place=_moved(event.place, told.rejected["place"]))
        if event.date is not None and event.date.span in gone_times:
            event = msgspec.structs.replace(event, date=None)
        events.append(event)
    return msgspec.structs.replace(
        record,
        events=tuple(events),
        places=places,
        times=_without(record.times, told.rejected.get("time", set())),
        quotes=_without(record.quotes, told.rejected.get("quote", set())),
        mentions=_without(record.mentions, told.rejected.get("mention", set())),
    )


def _without(facts: Sequence[_F], gone: set[int]) -> tuple[_F, ...]:
    return tuple(fact for number, fact in enumerate(facts) if number not in gone)


def _moved(index: int, gone: set[int]) -> int | None:
    return None if index in gone else index - sum(other < index for other in gone)

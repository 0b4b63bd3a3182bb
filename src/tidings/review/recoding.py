"""Facts with fields that a person has changed.

In: a fact and the new values. Out: the fact as it should be; a person's word has score 1.
What depends on a changed field follows it: quad and intensity the type, the days a date.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from tidings.events.ontology import QUADS, cameo_type, intensity
from tidings.facts import Article, Event, EventDate, Fact, Published, Quote, Record, Side
from tidings.text import Span

__all__ = ["recode_article", "recode_event", "recode_fact"]

_F = TypeVar("_F", bound=Fact)
_DAY = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?", re.ASCII)
SAID_SO = "changed by a person"


def recode_event(record: Record, event: Event, value: Mapping[str, Any]) -> Event:
    """Return an event with other type, sides, status or date."""
    changed: dict[str, Any] = {name: value[name] for name in ("mode", "cameo", "status") if name in value}
    kind = value.get("type") or (cameo_type(value["cameo"]) if value.get("cameo") else None)
    if kind and kind != event.type:
        # A mode and a code belong to the type they were read with.
        changed = {"mode": None, "cameo": None} | changed | {"type": kind}
    if "type" in changed or "mode" in changed:
        kind, mode = changed.get("type", event.type), changed.get("mode", event.mode)
        changed |= {"quad": QUADS[kind], "intensity": intensity(kind, mode)}
    for side in ("source", "target"):
        if side in value:
            changed[side] = _sides(record, event, value[side] or ())
    if "date" in value:
        changed["date"] = _date(value["date"])
    if "according_to" in value:
        known = {actor.id for actor in record.actors}
        changed["according_to"] = value["according_to"] if value["according_to"] in known else None
    return msgspec.structs.replace(event, **changed, score=1.0, why=SAID_SO)


def recode_fact(fact: _F, value: Mapping[str, Any], *, known: set[str] | None = None) -> _F:
    """Return a quote, mention, place or time with other values; an actor must be one of the `known`."""
    changed = dict(value)
    for name in ("speaker", "actor"):
        if changed.get(name) is not None and known is not None and changed[name] not in known:
            del changed[name]
    if isinstance(fact, Quote) and "speaker" in changed:
        changed["speaker_span"] = fact.speaker_span if changed["speaker"] else None
    if "value" in changed and "begin" not in changed and "end" not in changed:
        changed["begin"], changed["end"] = _days(changed["value"]) if changed["value"] else (None, None)
    return msgspec.structs.replace(fact, **changed, score=1.0, why=SAID_SO)


def recode_article(article: Article, value: Mapping[str, Any]) -> Article:
    """Return an article with another date, title or outlet."""
    changed = {name: value[name] for name in ("title", "outlet") if name in value}
    if "published" in value:
        day = value["published"]
        changed["published"] = (
            Published(value=day, basis="given", score=1.0, interval=_days(day)) if day is not None else None
        )
    return msgspec.structs.replace(article, **changed)


def _sides(record: Record, event: Event, actors: Sequence[str]) -> tuple[Side, ...]:
    """Return sides for actors, each with the characters nearest to the event that name it; without any it is none."""
    codes = {actor.id: actor.code for actor in record.actors}
    old = {side.actor: side for side in (*event.source, *event.target) if side.actor}
    found = []
    for actor in dict.fromkeys(actors):
        if actor in old:
            found.append(old[actor])
            continue
        spans = [mention.span for mention in record.mentions if mention.actor == actor]
        if actor in codes and spans:
            found.append(Side(span=min(spans, key=lambda span: _distance(event, span)), actor=actor, code=codes[actor]))
    return tuple(found)


def _distance(event: Event, span: Span) -> tuple[bool, int, int]:
    return not event.sentence.covers(span), abs(span.start - event.trigger.start), span.start


def _date(value: str | None) -> EventDate | None:
    if value is None:
        return None
    begin, end = _days(value)
    return EventDate(value=value, begin=begin, end=end)


def _days(value: str) -> tuple[str | None, str | None]:
    """Return the first and the last day of a day, month or year, or of two with a slash between; else neither.

    >>> _days("2024-02"), _days("2023"), _days("XXXX"), _days("2023-03-09/2023-03-10")
    (('2024-02-01', '2024-02-29'), ('2023-01-01', '2023-12-31'), (None, None), ('2023-03-09', '2023-03-10'))
    """
    first, slash, last = value.partition("/")
    if slash:
        begin, end = (_days(first)[0], _days(last)[1]) if "/" not in last else (None, None)
        return (begin, end) if begin and end and begin <= end else (None, None)
    found = _DAY.fullmatch(value)
    if found is None:
        return None, None
    year, month, day = found[1], found[2], found[3]
    if day:
        return value, value
    if not month:
        return f"{year}-01-01", f"{year}-12-31"
    if not 1 <= int(month) <= 12 or int(year) == 0:
        return None, None
    return f"{value}-01", f"{value}-{calendar.monthrange(int(year), int(month))[1]}"

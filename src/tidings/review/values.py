"""What can be decided about each kind of fact, and what a changed value may hold.

In: a decision and its value. Out: nothing, or a `UsageError` that says what is wrong.
It looks at no record.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import Any, get_args

from tidings.errors import UsageError
from tidings.facts import ActorType, EventStatus, EventType, QuoteKind, QuoteStatus, TimexType

__all__ = ["DECISIONS", "RECODES", "check_value"]

DECISIONS: tuple[str, ...] = ("accept", "reject", "recode", "merge", "split", "note")

_TEXT, _NUMBER, _SIDES = "text", "number", "sides"
_DAY = re.compile(r"[0-9]{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?)?", re.ASCII)
_LIMITS = {"lat": 90, "lon": 180, "geonames": 2**53}
RECODES: dict[str, dict[str, object]] = {
    "event": {
        "type": get_args(EventType), "mode": _TEXT, "cameo": _TEXT, "status": get_args(EventStatus), "source": _SIDES,
        "target": _SIDES, "date": _TEXT, "according_to": _TEXT,
    },
    "quote": {"speaker": _TEXT, "kind": get_args(QuoteKind), "status": get_args(QuoteStatus)},
    "mention": {"actor": _TEXT},
    "place": {"name": _TEXT, "geonames": _NUMBER, "lat": _NUMBER, "lon": _NUMBER, "country": _TEXT, "level": _TEXT},
    "time": {"type": get_args(TimexType), "value": _TEXT, "begin": _TEXT, "end": _TEXT},
    "actor": {
        "actor": _TEXT, "name": _TEXT, "type": get_args(ActorType), "country": _TEXT, "sector": _TEXT, "code": _TEXT,
        "wikidata": _TEXT,
    },
    "article": {"published": _TEXT, "title": _TEXT, "outlet": _TEXT},
}  # fmt: skip
"""For each kind of fact the fields that can be changed, each with the values it takes."""

_NEVER_EMPTY = frozenset(("type", "status", "kind", "name", "actor"))


# A value is JSON: what it holds is checked here.
def check_value(fact: str, decision: str, value: Mapping[str, Any] | None) -> None:
    """Raise `UsageError` unless the value is one that the decision takes for this kind of fact."""
    value = value or {}
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except (UnicodeEncodeError, TypeError) as error:
        raise UsageError(f"what is changed cannot be kept: {error}") from error
    if decision == "recode":
        if not set(value) - ({"actor"} if fact == "actor" else set()):
            raise UsageError("a recode says what is changed to what")
        for field, new in value.items():
            _check_field(fact, field, new)
    elif decision in ("merge", "split"):
        _check_actors(fact, decision, value)
    elif fact == "actor" and decision in ("accept", "reject"):
        if not isinstance(value.get("actor"), str):
            raise UsageError("a judgement of an actor names it: {'actor': id}")
    elif value:
        raise UsageError(f"{decision} takes no value")
    if fact == "actor" and decision == "recode" and not isinstance(value.get("actor"), str):
        raise UsageError("a judgement of an actor names it: {'actor': id}")


def _check_field(fact: str, field: str, new: object) -> None:
    takes = RECODES[fact].get(field)
    if takes is None:
        raise UsageError(f"{fact}: what can be changed is {', '.join(RECODES[fact])}, not {field!r}")
    if new in (None, "") and field in _NEVER_EMPTY and fact != "mention":
        raise UsageError(f"the {fact}'s {field} cannot be empty")
    if new is None:
        return
    if isinstance(takes, tuple):
        if new not in takes:
            raise UsageError(f"the {fact}'s {field} is {', '.join(takes)}; not {new!r}")
    elif takes == _SIDES:
        if not isinstance(new, list | tuple) or not all(isinstance(one, str) for one in new):
            raise UsageError(f"the {field} of an event is a list of ids of actors")
    elif takes == _NUMBER:
        if not isinstance(new, int | float) or isinstance(new, bool):
            raise UsageError(f"the {fact}'s {field} is a number")
        if not math.isfinite(new) or abs(new) > _LIMITS[field] or (field == "geonames" and new != int(new)):
            raise UsageError(f"the {fact}'s {field} cannot be {new}")
    elif not isinstance(new, str):
        raise UsageError(f"the {fact}'s {field} is a text")
    elif field == "published" and not _DAY.fullmatch(new):
        raise UsageError(f"an article is of a day, month or year (2021-12-30, 2021-12, 2021), not {new!r}")


def _check_actors(fact: str, decision: str, value: Mapping[str, Any]) -> None:
    if fact == "mention" and decision == "split":
        if set(value) - {"to", "name"} or not all(isinstance(new, str | None) for new in value.values()):
            raise UsageError("a mention is split off to an actor, or to a new one: {'to': id} or {'name': name}")
        return
    actors = value.get("actors")
    if fact != "actor" or not isinstance(actors, list | tuple) or len(set(actors)) < 2:
        raise UsageError(f"{decision} takes actors: {{'actors': [id, id]}}")
    if not all(isinstance(actor, str) for actor in actors):
        raise UsageError("actors are named by their ids")
    if decision == "merge" and value.get("into", actors[0]) not in actors:
        raise UsageError("actors are merged into one of them")

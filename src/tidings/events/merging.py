"""One act, one event: tellings of the same act within an article are merged.

In: events of an article. Out: each act once, by its best telling.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from tidings.events.sides import Casting
from tidings.facts import Event, Side
from tidings.text import Span

__all__ = ["merged"]


def merged(events: Sequence[Event], casting: Casting, headline: Span) -> list[Event]:
    """Return each act once, in text order; a telling in the headline yields to one in the body.

    The best telling of an act takes over the date of another. What is told of long ago comes last: once the acts of
    today have their dates, it is none of them.
    """
    kept: list[Event] = []

    def rank(event: Event) -> tuple[bool, bool, float, Span]:
        return event.status == "historical", headline.covers(event.trigger), -_fullness(event), event.trigger

    for event in sorted(events, key=rank):
        at = next((at for at, other in enumerate(kept) if _same(event, other, casting)), None)
        if at is None:
            kept.append(event)
        elif kept[at].date is None and kept[at].status == event.status:
            kept[at] = msgspec.structs.replace(kept[at], date=event.date)
    return sorted(kept, key=lambda event: (event.trigger, event.type))


def _fullness(event: Event) -> float:
    return bool(event.source) + bool(event.target) + 0.5 * (event.status == "asserted") + event.score


def _same(event: Event, other: Event, casting: Casting) -> bool:
    if event.type != other.type or (event.status == "denied") != (other.status == "denied"):
        return False
    if (
        event.date is not None
        and other.date is not None
        and (event.date.begin, event.date.end) != (other.date.begin, other.date.end)
    ):
        return False
    if any(
        one.status == "historical" and two.status != "historical" and two.date is not None
        for one, two in ((event, other), (other, event))
    ):
        return False  # what was done this year was not done long ago
    mine, theirs = _keys(event.source, casting), _keys(other.source, casting)
    my_target, their_target = _keys(event.target, casting), _keys(other.target, casting)
    both = bool(mine & theirs), bool(my_target & their_target)
    if event.type == "CONSULT":
        return len((mine | my_target) & (theirs | their_target)) >= 2
    if all(both):
        return True
    return (both[0] and not (my_target and their_target)) or (both[1] and not (mine and theirs))


def _keys(sides: Sequence[Side], casting: Casting) -> set[object]:
    return {side.actor or casting.country(side) or side.span for side in sides}

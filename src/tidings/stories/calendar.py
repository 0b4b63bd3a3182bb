"""The calendar: what is scheduled, on the day it is scheduled for, with the words that say so.

In: a store. Out: planned events with a known day, in order, the same thing told by several told once.
It does not say whether a plan was kept, and gives no probabilities.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby

from tidings.facts import Fact
from tidings.store import Store
from tidings.store.rows import fold
from tidings.stories.days import days_between
from tidings.stories.tellings import TELLING, Telling, name_sides, names_of, telling_of

__all__ = ["Scheduled", "calendar"]

_LONGEST = timedelta(days=366)
"""What is planned for a longer stretch than this has no place in a calendar."""
_GOVERNMENT = ".GOV"

_PLANNED = f"""
SELECT e.first_day, coalesce(e.last_day, e.first_day) AS last_day, e.date, e.type, e.id, e.article, e.number,
    p.name, p.country, p.level, coalesce(c."group", e.article),
    {TELLING}, e.sentence_start, e.sentence_end,
    substr(r.text, e.sentence_start + 1, e.sentence_end - e.sentence_start)
FROM (SELECT article, number FROM events INDEXED BY events_by_status
    WHERE status = 'planned' AND first_day >= ?1 AND first_day <= ?2 AND coalesce(last_day, first_day) >= ?3
    ORDER BY first_day, last_day, article, number) f
CROSS JOIN events e ON e.article = f.article AND e.number = f.number
CROSS JOIN articles r ON r.number = e.article
LEFT JOIN places p ON p.article = e.article AND p.number = e.place
LEFT JOIN copies c ON c.article = e.article
WHERE ?4 IS NULL OR r.published IS NULL OR r.published < ?4
"""


class Scheduled(Fact, frozen=True, kw_only=True):
    """Something planned for a known day, or for the days from `day` to `last`; `date` is the TIMEX3 value.

    `independent` counts the tellings that are no copies of one another.
    """

    id: str
    day: str
    last: str
    date: str
    type: str
    who: tuple[str, ...]
    to_whom: tuple[str, ...]
    place: str | None
    words: str
    independent: int
    tellings: tuple[Telling, ...]


def calendar(
    store: Store,
    *,
    since: str | None = None,
    until: str | None = None,
    limit: int | None = 200,
    told_before: str | None = None,
) -> list[Scheduled]:
    """Return what is planned for the days from `since` to `until`, in order of time.

    Two tellings are of one thing when day and type are the same, their places do not contradict one another, and one
    names nobody whom the other does not. A telling that fits two different things stays by itself. Tellings of the day
    `told_before` and of later ones are left out.

    >>> import tempfile, tidings
    >>> from tidings.store import open_store
    >>> text = "President Leila Brandt will travel to Paris on 4 June 2020."
    >>> with tempfile.TemporaryDirectory() as folder, open_store(f"{folder}/news.db", create=True) as store:
    ...     _ = store.add(tidings.read(text, media="article", published="2020-05-28"))
    ...     [(told.day, told.type, told.who, told.to_whom) for told in calendar(store)]
    [('2020-06-04', 'CONSULT', ('Leila Brandt',), ('Paris',))]
    """
    found: list[Scheduled] = []
    first, last = days_between(since, until)
    rows = store.query(_PLANNED, _before(first) if first else "", last, first, told_before)
    # The rows come as the index has them: by first day, and what ends on one day together.
    plans = (_Plan.of(store, row) for row in rows)
    for _, told in groupby(plans, key=lambda plan: plan.first):
        for scheduled in _merged(list(told)):
            found.append(scheduled)
            if limit is not None and len(found) >= limit:
                return found
    return found


@dataclass(frozen=True)
class _Plan:
    """One telling of a plan."""

    first: str
    last: str
    date: str
    type: str
    id: str
    who: tuple[str, ...]
    to_whom: tuple[str, ...]
    actors: frozenset[str]
    place: tuple[str, str | None, str | None] | None
    group: int
    telling: Telling

    @classmethod
    def of(cls, store: Store, row: tuple) -> _Plan:
        first, last, value, kind, id, article, number, place, country, level, group, *told = row
        sides = name_sides(store, article, number)
        return cls(
            first=first,
            last=last,
            date=value or first,
            type=kind,
            id=id,
            who=names_of(sides["source"]),
            to_whom=names_of(sides["target"]),
            actors=frozenset(_key(*side) for both in sides.values() for side in both),
            place=(place, country, level) if place else None,
            group=group,
            telling=telling_of(told),
        )


@dataclass
class _Gathering:
    """Tellings that may all be of one thing: `plans` begins with the fullest."""

    plans: list[_Plan] = field(default_factory=list)

    def takes(self, plan: _Plan) -> bool:
        full = self.plans[0]
        if (full.last, full.type) != (plan.last, plan.type) or not plan.actors <= full.actors:
            return False
        if not plan.actors and all(plan.group != one.group for one in self.plans):
            return False  # "talks are planned for Monday" may be any talks, but for a copy of the same text
        return all(_may_be_one(plan.place, one.place) for one in self.plans)


def _merged(plans: list[_Plan]) -> Iterator[Scheduled]:
    """Put the tellings together that can only be of one thing; the plans all begin on one day."""
    gatherings: list[_Gathering] = []
    # The fullest first, so that what names fewer finds what it may belong to.
    for plan in sorted(plans, key=lambda plan: -len(plan.actors)):
        fitting = [gathering for gathering in gatherings if gathering.takes(plan)]
        same = [gathering for gathering in fitting if gathering.plans[0].actors == plan.actors]
        fitting = same or fitting
        if len(fitting) == 1:
            fitting[0].plans.append(plan)
        else:
            gatherings.append(_Gathering([plan]))
    order = {id(plan): at for at, plan in enumerate(plans)}
    for gathering in sorted(gatherings, key=lambda gathering: min(order[id(plan)] for plan in gathering.plans)):
        yield _scheduled(gathering.plans[0], sorted(gathering.plans, key=lambda plan: order[id(plan)]))


def _scheduled(full: _Plan, plans: list[_Plan]) -> Scheduled:
    places = [plan.place[0] for plan in (full, *plans) if plan.place]
    return Scheduled(
        id=plans[0].id,
        day=full.first,
        last=full.last,
        date=full.date,
        type=full.type,
        who=full.who,
        to_whom=full.to_whom,
        place=places[0] if places else None,
        words=" ".join(full.telling.words.split()),
        independent=len({plan.group for plan in plans}),
        tellings=tuple(plan.telling for plan in plans),
    )


def _key(actor: str | None, name: str) -> str:
    """Return by what a side is compared: a country and its government are one, who is no actor goes by the words."""
    return actor.removesuffix(_GOVERNMENT) if actor else fold(name)


def _may_be_one(one: tuple[str, str | None, str | None] | None, two: tuple[str, str | None, str | None] | None) -> bool:
    if one is None or two is None or one[0] == two[0]:
        return True
    # "in Austria" and "in Vienna" do not contradict one another.
    return bool(one[1]) and one[1] == two[1] and "country" in (one[2], two[2])


def _before(day: str) -> str:
    try:
        return (date.fromisoformat((day + "-01-01")[:10]) - _LONGEST).isoformat()
    except (ValueError, OverflowError):  # the first years of the calendar
        return ""

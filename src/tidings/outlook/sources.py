"""Where acts are known from: the words of one's own articles, or the row of a dataset.

In: the numbers of acts, or days ahead. Out: the acts with their tellings, and what is scheduled with its tellings.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from tidings.dyads.blocs import members_on
from tidings.outlook.answers import Deed
from tidings.stories.calendar import Scheduled, calendar
from tidings.stories.tellings import TELLING, Telling, telling_of

if TYPE_CHECKING:
    from tidings.dyads.parties import Party
    from tidings.store import Store

__all__ = ["deeds", "scheduled"]

_AT_ONCE = 500
_MOST_TELLINGS = 5
_MOST_PLANNED = 50


def deeds(store: Store, numbers: Collection[int]) -> dict[int, Deed]:
    """Return the acts of these numbers."""
    wanted = sorted(set(numbers))
    found: dict[int, Deed] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        inside = f"({', '.join(str(number) for number in wanted[start : start + _AT_ONCE])})"
        tellings = _tellings(store, inside)
        for number, day, source, target, type, quad, dataset, id in store.query(
            "SELECT a.number, a.day, s.name, t.name, a.type, a.quad, d.name, a.id FROM acts a"
            " JOIN datasets d ON d.number = a.dataset JOIN parties s ON s.number = a.source"
            f" LEFT JOIN parties t ON t.number = a.target WHERE a.number IN {inside} ORDER BY a.number"
        ):
            found[number] = Deed(
                act=number,
                day=day,
                source=source,
                target=target,
                type=type,
                quad=quad,
                dataset=dataset,
                id=id,
                tellings=tuple(tellings.get(number, ())),
            )
    return found


def _tellings(store: Store, inside: str) -> dict[int, list[Telling]]:
    told: dict[int, list[Telling]] = {}
    for act, *row in store.query(
        f"SELECT w.act, {TELLING}, e.sentence_start, e.sentence_end,"
        " substr(r.text, e.sentence_start + 1, e.sentence_end - e.sentence_start) FROM act_tellings w"
        " JOIN events e ON e.article = w.article AND e.number = w.event JOIN articles r ON r.number = w.article"
        f" WHERE w.act IN {inside} ORDER BY w.act, r.published_from, w.article, w.event"
    ):
        held = told.setdefault(act, [])
        if len(held) < _MOST_TELLINGS:
            held.append(telling_of(row))
    return told


def scheduled(store: Store, a: Party, b: Party | None, *, since: str, until: str) -> list[Scheduled]:
    """Return what was planned, before the first of these days, for one of them, with one of the parties in it."""
    parties = [party for party in (a, b) if party is not None]
    return [
        planned
        for planned in calendar(store, since=since, until=until, limit=None, told_before=since)
        if any(_names(store, told, party) for told in planned.tellings for party in parties)
    ][:_MOST_PLANNED]


def _names(store: Store, told: Telling, party: Party) -> bool:
    """Tell whether a party is a side of an event in the sentence of a telling."""
    keys = [party.key]
    if party.numbers:
        numbers = ", ".join(str(number) for number in party.numbers)
        keys += [key for (key,) in store.query(f"SELECT key FROM parties WHERE number IN ({numbers}) ORDER BY number")]
    countries = {party.key} if party.kind == "country" else members_on(party.members, told.published or "")
    marks, states = (", ".join("?" * len(names)) for names in (keys, countries))
    found = store.query(
        "SELECT 1 FROM articles r JOIN events e ON e.article = r.number AND e.sentence_start = ?"
        " JOIN sides s ON s.article = e.article AND s.event = e.number"
        " JOIN actors a ON a.article = s.article AND a.id = s.actor"
        f" WHERE r.id = ? AND e.status = 'planned' AND (a.id IN ({marks}) OR a.country IN ({states})) LIMIT 1",
        told.span.start,
        told.article,
        *keys,
        *sorted(countries),
    )
    return bool(list(found))

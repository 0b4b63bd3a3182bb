"""One happening told by many articles: the events of a story, merged into acts.

In: a story. Out: its acts, one for each happening, source and target, with every telling.
It takes only what is told as fact, has a source, and whose day is known; it never merges across stories.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

__all__ = ["merge_acts"]

LONGEST = 31
"""Days an act may have been on: "in May" is a day by a month, "in 2003" is none."""
NEAR = 1
"""Days between two articles that may tell of the same day, where neither names it."""
MOST_PAIRS = 16
"""Pairs of source and target of one event; a list of more is no list of actors."""
_WHOLE = frozenset({"country", "government"})
_MUTUAL = frozenset({"CONSULT", "AGREE"})
_ONE_WAY = frozenset({"042", "043"})
"""To visit and to be host: the two sides of one thing, coded apart."""

_EVENTS = """
SELECT e.article, e.number, e.id, e.type, e.cameo, e.quad, e.intensity, e.status, e.first_day, e.last_day,
    r.id, r.published, coalesce(c."group", e.article), p.name, p.lat, p.lon
FROM story_articles s JOIN events e ON e.article = s.article JOIN articles r ON r.number = e.article
LEFT JOIN copies c ON c.article = e.article
LEFT JOIN places p ON p.article = e.article AND p.number = e.place
WHERE s.story = ? AND e.status IN ('asserted', 'historical') ORDER BY e.article, e.number
"""
_SIDES = """
SELECT d.article, d.event, d.side, d.actor, d.code FROM story_articles s JOIN sides d ON d.article = s.article
WHERE s.story = ? ORDER BY d.article, d.event, d.side, d.number
"""
_ACTORS = """
SELECT a.article, a.id, a.name, a.type, a.country, a.sector, a.code FROM story_articles s
JOIN actors a ON a.article = s.article WHERE s.story = ?
"""


class _Side(NamedTuple):
    """A party as one article has it."""

    key: str
    name: str
    type: str | None
    country: str | None
    sector: str | None
    code: str | None


class _Telling(NamedTuple):
    """One event of one article, between one source and one target."""

    article: int
    event: int
    mark: str
    """The ids of article and event, from which the id of an act is made."""
    type: str
    cameo: str | None
    quad: int
    intensity: float
    first: int
    last: int
    stated: bool
    source: _Side
    target: _Side | None
    voice: int
    """The article, or the group of copies it is in."""
    place: tuple[str, float | None, float | None] | None


@dataclass
class _Act:
    """Tellings of one thing; `kinds` holds one of those that are told alike, as those of copies are."""

    tellings: list[_Telling] = field(default_factory=list)
    kinds: dict[tuple, _Telling] = field(default_factory=dict)

    def add(self, telling: _Telling) -> None:
        self.tellings.append(telling)
        self.kinds.setdefault(telling[3:12], telling)

    def holds(self, telling: _Telling) -> bool:
        return telling[3:12] in self.kinds or all(_same(telling, other) for other in self.kinds.values())

    def voices(self) -> int:
        return len({telling.voice for telling in self.tellings})


def merge_acts(connection: sqlite3.Connection, story: int) -> None:
    """Work out the acts of a story and bring its rows up to date; acts that stay keep their numbers."""
    (id,) = connection.execute("SELECT id FROM stories WHERE number = ?", (story,)).fetchone()
    acts: list[_Act] = []
    by_kind: dict[tuple[str | None, str | None, int], list[_Act]] = {}
    for telling in _tellings(connection, story):
        for turned in _ways(telling):
            likely = by_kind.get(_where(turned), [])
            act = next((act for act in likely if act.holds(turned)), None)
            if act is not None:
                act.add(turned)
                break
        else:
            acts.append(_Act())
            acts[-1].add(telling)
            by_kind.setdefault(_where(telling), []).append(acts[-1])
    _write(connection, story, id, acts)


def _ways(telling: _Telling) -> tuple[_Telling, ...]:
    """Return a telling, and how it is told from the other side: who meets is met, but who visits is not visited."""
    if telling.type in _MUTUAL and telling.target is not None and (telling.cameo or "")[:3] not in _ONE_WAY:
        return telling, telling._replace(source=telling.target, target=telling.source)
    return (telling,)


def _where(telling: _Telling) -> tuple[str | None, str | None, int]:
    return _nation(telling.source), _nation(telling.target), telling.quad


def _nation(side: _Side | None) -> str | None:
    return (side.country or side.key) if side else None


def _tellings(connection: sqlite3.Connection, story: int) -> Iterator[_Telling]:
    known = {(row[0], row[1]): _Side(*row[1:]) for row in connection.execute(_ACTORS, (story,))}
    sides: dict[tuple[int, int], dict[str, list[_Side]]] = {}
    for article, event, side, actor, code in connection.execute(_SIDES, (story,)):
        held = sides.setdefault((article, event), {"source": [], "target": []})[side]
        held.extend(party for party in _parties(known, article, actor, code) if party not in held)
    for row in connection.execute(_EVENTS, (story,)).fetchall():
        article, number, mark, type, cameo, quad, intensity, status, first, last, page, published, voice, *place = row
        days = _days(status, first, last, published)
        held = sides.get((article, number))
        if days is None or held is None:
            continue
        where = (place[0], place[1], place[2]) if place[0] else None
        pairs = [
            (source, target)
            for source in held["source"]
            for target in held["target"] or (None,)
            if target is None or source.key != target.key
        ]
        for source, target in pairs[:MOST_PAIRS]:
            yield _Telling(
                article, number, f"{page} {mark}", type, cameo, quad, intensity, *days, source, target, voice, where
            )


def _parties(known: dict[tuple[int, str], _Side], article: int, actor: str | None, code: str | None) -> list[_Side]:
    """Return the parties of a side: two joined by "and" are two; one that is nobody known is a party by its code."""
    if actor is not None:
        parts = [known.get((article, part)) for part in actor.split("+")] if "+" in actor else []
        if parts and all(parts):
            return [part for part in parts if part is not None]
        found = known.get((article, actor))
        return [found] if found is not None and "+" not in actor else []
    if code and len(code) >= 6:
        from tidings.dyads.parties import country_name

        country, sector = code[:3], code[3:6]
        if code[3:] == "GOV":
            # Officials of a country are its government, which pages that name it have as an actor.
            return [
                _Side(f"{country}.GOV", f"Government of {country_name(country)}", "government", country, "GOV", code)
            ]
        return [_Side(code, f"{country_name(country)} ({code[3:]})", None, country, sector, code)]
    return []


def _days(status: str, first: str | None, last: str | None, published: str | None) -> tuple[int, int, bool] | None:
    """Return the days an event can have been on and whether its words state them; None where no day is known."""
    if first is not None:
        begin, end = _ordinal(first), _ordinal(last or first)
        return (begin, end, True) if begin and begin <= end <= begin + LONGEST else None
    if status != "asserted" or not published:
        return None
    day = _ordinal(published)
    return (day, day, False) if day else None


def _ordinal(day: str) -> int:
    try:
        return date.fromisoformat(day[:10]).toordinal() if len(day) >= 10 else 0
    except ValueError:
        return 0


def _same(one: _Telling, other: _Telling) -> bool:
    """Tell whether two tellings are of one happening between the same two parties."""
    if one.type != other.type and not (one.cameo and other.cameo and one.cameo[:2] == other.cameo[:2]):
        return False
    slack = 0 if one.stated and other.stated else NEAR
    if one.first > other.last + slack or other.first > one.last + slack:
        return False
    if (one.target is None) != (other.target is None):
        return False
    return _same_party(one.source, other.source) and (
        one.target is None or other.target is None or _same_party(one.target, other.target)
    )


def _same_party(one: _Side, other: _Side) -> bool:
    """Tell whether two parties are one: the same actor, or a country and who acts for it."""
    if one.key == other.key:
        return True
    if not one.country or one.country != other.country:
        return False
    return (one.type in _WHOLE and other.type in _WHOLE) or _stands_for(one, other) or _stands_for(other, one)


def _stands_for(one: _Side, other: _Side) -> bool:
    """Tell whether one is a member of the government that the other names as the country or the government."""
    return one.sector == "GOV" and other.type in _WHOLE


def _write(connection: sqlite3.Connection, story: int, id: str, acts: Sequence[_Act]) -> None:
    known = dict(
        connection.execute(
            "SELECT id, number FROM acts WHERE dataset = 1 AND story = ?1 UNION SELECT a.id, a.number FROM acts a"
            " JOIN act_tellings t ON t.act = a.number JOIN story_articles s ON s.article = t.article"
            " WHERE s.story = ?2",
            (id, story),
        ).fetchall()
    )
    kept: set[str] = set()
    for act in acts:
        mark = _mark(act)
        if mark in kept:
            continue
        kept.add(mark)
        number = _write_act(connection, mark, known.get(mark), id, act)
        tellings = {(number, telling.article, telling.event) for telling in act.tellings}
        before = set(connection.execute("SELECT act, article, event FROM act_tellings WHERE act = ?", (number,)))
        connection.executemany("INSERT INTO act_tellings VALUES (?, ?, ?)", sorted(tellings - before))
        connection.executemany(
            "DELETE FROM act_tellings WHERE act = ? AND article = ? AND event = ?", sorted(before - tellings)
        )
    gone = [(number,) for mark, number in sorted(known.items()) if mark not in kept]
    connection.executemany("DELETE FROM act_tellings WHERE act = ?", gone)
    connection.executemany("DELETE FROM acts WHERE number = ?", gone)


def _mark(act: _Act) -> str:
    """Return the id of an act: it follows from its first telling, so that it stays while others are added."""
    first = min(act.tellings, key=lambda telling: (telling.article, telling.event))
    target = first.target.key if first.target else ""
    return hashlib.blake2b(f"{first.mark} {first.source.key} {target}".encode(), digest_size=8).hexdigest()


def _write_act(connection: sqlite3.Connection, mark: str, number: int | None, story: str, act: _Act) -> int:
    source = _most([telling.source for telling in act.tellings])
    targets = [telling.target for telling in act.tellings if telling.target is not None]
    target = _most(targets) if targets else None
    first = min(act.tellings, key=lambda telling: (not telling.stated, telling.last - telling.first, telling.first))
    kind = Counter((telling.type, telling.cameo, telling.quad, telling.intensity) for telling in act.tellings)
    type, cameo, quad, intensity = max(kind, key=lambda key: (kind[key], len(key[1] or ""), str(key)))
    places = Counter(telling.place for telling in act.tellings if telling.place)
    place = max(places, key=lambda key: (places[key], str(key))) if places else (None, None, None)
    row = (
        date.fromordinal(first.first).isoformat(),
        "stated" if first.stated else "published",
        _party(connection, source),
        _party(connection, target) if target else None,
        source.country,
        target.country if target else None,
        type,
        cameo,
        quad,
        intensity,
        act.voices(),
        story,
        *place,
        date.fromordinal(first.last).isoformat() if first.last != first.first else None,
    )
    if number is not None:
        connection.execute(
            "UPDATE acts SET day = ?, dated = ?, source = ?, target = ?, source_country = ?, target_country = ?,"
            " type = ?, cameo = ?, quad = ?, intensity = ?, tellings = ?, story = ?, place = ?, lat = ?, lon = ?,"
            " last_day = ? WHERE number = ?",
            (*row, number),
        )
        return number
    done = connection.execute(
        "INSERT INTO acts (dataset, id, day, dated, source, target, source_country, target_country, type, cameo, quad,"
        " intensity, tellings, story, place, lat, lon, last_day)"
        " VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (mark, *row),
    )
    return done.lastrowid or 0


def _most(sides: Sequence[_Side]) -> _Side:
    """Return the party most tellings name, of equals the first; who acted says more than for which country."""
    counts = Counter(side.key for side in sides)
    return max(sides, key=lambda side: (counts[side.key], side.type not in _WHOLE))


def _party(connection: sqlite3.Connection, side: _Side) -> int:
    found = connection.execute("SELECT number FROM parties WHERE key = ?", (side.key,)).fetchone()
    if found is not None:
        return found[0]
    # Named as the actor is wherever it is listed, whichever telling came first.
    known = "SELECT id, name, type, country, sector, code FROM known_actors WHERE id = ?"
    done = connection.execute(
        "INSERT INTO parties (key, name, type, country, sector, code) VALUES (?, ?, ?, ?, ?, ?)",
        connection.execute(known, (side.key,)).fetchone() or side,
    )
    return done.lastrowid or 0

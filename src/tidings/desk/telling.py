"""Articles, events, quotes and acts as the lists of the desk show them.

In: a shelf and the numbers of rows. Out: each with its words and the span that leads to them, and nothing more.
Each list is asked for in a few queries, whatever its length.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date

import msgspec

from tidings.desk.shelf import Shelf
from tidings.text import Span

__all__ = [
    "Act", "Head", "Party", "Quoted", "Told", "acts_of", "heads_of", "is_day", "now_of", "quotes_of", "short",
    "told_of",
]  # fmt: skip

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


class Party(msgspec.Struct, frozen=True, kw_only=True):
    """Who stands on one side; `id` is None when only the words are known."""

    id: str | None
    name: str
    country: str | None = None


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """One event as one article tells it; `day` is its first ISO day, None when that is not known."""

    article: str
    event: int
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
    outlet: str | None = None
    published: str | None = None


class Quoted(msgspec.Struct, frozen=True, kw_only=True):
    """One quote of one article; `told` are the words to show: of indirect speech with the verb that reports it."""

    article: str
    span: Span
    kind: str
    speaker: str | None
    name: str | None
    words: str
    told: str
    score: float
    published: str | None
    outlet: str | None


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """One happening between two parties, told once; `telling` is None for event data of others."""

    number: int
    day: str
    dated: str
    source: Party
    target: Party | None
    type: str | None
    cameo: str | None
    quad: int
    intensity: float
    tellings: int
    dataset: str
    telling: Told | None = None
    also: tuple[tuple[str, Span], ...] = ()


def heads_of(shelf: Shelf, numbers: Iterable[int]) -> list[Head]:
    """Return articles by their numbers, in the order given."""
    rows = shelf.rows(
        "SELECT r.id, r.title, r.published, r.published_from, r.published_to, r.outlet, r.kind,"
        " (SELECT count(*) FROM quotes q WHERE q.article = r.number),"
        " (SELECT count(*) FROM events e WHERE e.article = r.number)"
        " FROM json_each(?) j CROSS JOIN articles r ON r.number = j.value ORDER BY j.key",
        json.dumps(list(numbers)),
    )
    return [
        Head(
            id=row[0],
            title=row[1],
            published=row[2],
            between=(row[3], row[4]),
            outlet=row[5],
            kind=row[6],
            quotes=row[7],
            events=row[8],
        )
        for row in rows
    ]


def told_of(shelf: Shelf, events: Iterable[tuple[int, int]]) -> list[Told]:
    """Return events by (article, number), in the order given."""
    asked = json.dumps([list(event) for event in events])
    sides: dict[tuple[int, int], tuple[list[Party], list[Party]]] = {}
    for article, event, side, actor, name, country, words in shelf.rows(
        "SELECT s.article, s.event, s.side, s.actor, a.name, a.country,"
        ' substr(r.text, s.start + 1, min(s."end" - s.start, 120))'
        " FROM json_each(?) j CROSS JOIN sides s ON s.article = json_extract(j.value, '$[0]')"
        " AND s.event = json_extract(j.value, '$[1]') CROSS JOIN articles r ON r.number = s.article"
        " LEFT JOIN actors a ON a.article = s.article AND a.id = s.actor ORDER BY j.key, s.number",
        asked,
    ):
        party = Party(id=actor, name=name or short(words, 80), country=country)
        held = sides.setdefault((article, event), ([], []))[side == "target"]
        if party not in held:
            held.append(party)
    rows = shelf.rows(
        'SELECT e.article, e.number, r.id, e.start, e."end", e.type, e.mode, e.cameo, e.quad, e.status, e.date,'
        " e.first_day, e.last_day, o.name, substr(r.text, e.sentence_start + 1, e.sentence_end - e.sentence_start),"
        " e.score, r.outlet, r.published"
        " FROM json_each(?) j CROSS JOIN events e ON e.article = json_extract(j.value, '$[0]')"
        " AND e.number = json_extract(j.value, '$[1]') CROSS JOIN articles r ON r.number = e.article"
        " LEFT JOIN actors o ON o.article = e.article AND o.id = e.according_to ORDER BY j.key",
        asked,
    )
    return [_told(row, sides.get((row[0], row[1]), ([], []))) for row in rows]


def _told(row: tuple, sides: tuple[Sequence[Party], Sequence[Party]]) -> Told:
    day = row[11][:10] if is_day(row[11]) else None
    return Told(
        article=row[2],
        event=row[1],
        span=Span(row[3], row[4]),
        type=row[5],
        mode=row[6],
        cameo=row[7],
        quad=row[8],
        status=row[9],
        value=row[10],
        day=day,
        last=row[12][:10] if is_day(row[12]) else day,
        source=tuple(sides[0]),
        target=tuple(sides[1]),
        according_to=row[13],
        words=short(row[14]),
        score=row[15],
        outlet=row[16],
        published=row[17],
    )


def quotes_of(shelf: Shelf, quotes: Iterable[tuple[int, int]]) -> list[Quoted]:
    """Return quotes by (article, number), in the order given."""
    rows = shelf.rows(
        'SELECT r.id, q.start, q."end", q.kind, q.speaker, a.name,'
        " substr(r.text, q.speaker_start + 1, q.speaker_end - q.speaker_start),"
        ' substr(r.text, q.start + 1, min(q."end" - q.start, 1000)), q.score, r.published, r.outlet,'
        " substr(r.text, min(q.start, coalesce(q.cue_start, q.start)) + 1,"
        ' min(max(q."end", coalesce(q.cue_end, 0)) - min(q.start, coalesce(q.cue_start, q.start)), 1000))'
        " FROM json_each(?) j CROSS JOIN quotes q ON q.article = json_extract(j.value, '$[0]')"
        " AND q.number = json_extract(j.value, '$[1]') CROSS JOIN articles r ON r.number = q.article"
        " LEFT JOIN actors a ON a.article = q.article AND a.id = q.speaker ORDER BY j.key",
        json.dumps([list(quote) for quote in quotes]),
    )
    return [
        Quoted(
            article=row[0],
            span=Span(row[1], row[2]),
            kind=row[3],
            speaker=row[4],
            name=row[5] or row[6],
            words=short(row[7]),
            told=short(row[7] if row[3] != "indirect" else row[11]),
            score=row[8],
            published=row[9],
            outlet=row[10],
        )
        for row in rows
    ]


def acts_of(shelf: Shelf, numbers: Sequence[int]) -> list[Act]:
    """Return acts by their numbers, in the order given, each with the words of its first telling."""
    asked = json.dumps(list(numbers))
    links: dict[int, list[tuple[int, int]]] = {}
    for act, article, event in shelf.rows(
        "SELECT t.act, t.article, t.event FROM json_each(?) j CROSS JOIN act_tellings t ON t.act = j.value"
        " ORDER BY t.act, t.article, t.event",
        asked,
    ):
        links.setdefault(act, []).append((article, event))
    told = dict(
        zip([held[0] for held in links.values()], told_of(shelf, [held[0] for held in links.values()]), strict=False)
    )
    others = [pair for held in links.values() for pair in held[1:7]]
    spans = {
        (row[0], row[1]): (row[2], Span(row[3], row[4]))
        for row in shelf.rows(
            'SELECT e.article, e.number, r.id, e.start, e."end" FROM json_each(?) j CROSS JOIN events e'
            " ON e.article = json_extract(j.value, '$[0]') AND e.number = json_extract(j.value, '$[1]')"
            " CROSS JOIN articles r ON r.number = e.article",
            json.dumps([list(pair) for pair in others]),
        )
    }
    rows = shelf.rows(
        "SELECT x.number, x.day, x.dated, s.key, s.name, s.country, t.key, t.name, t.country, x.type, x.cameo, x.quad,"
        " x.intensity, x.tellings, d.name FROM json_each(?) j CROSS JOIN acts x ON x.number = j.value"
        " JOIN parties s ON s.number = x.source LEFT JOIN parties t ON t.number = x.target"
        " JOIN datasets d ON d.number = x.dataset ORDER BY j.key",
        asked,
    )
    return [
        Act(
            number=row[0],
            day=row[1],
            dated=row[2],
            source=Party(id=row[3], name=row[4], country=row[5]),
            target=Party(id=row[6], name=row[7], country=row[8]) if row[6] else None,
            type=row[9],
            cameo=row[10],
            quad=row[11],
            intensity=row[12],
            tellings=row[13],
            dataset=row[14],
            telling=told.get(links[row[0]][0]) if row[0] in links else None,
            also=tuple(spans[pair] for pair in links.get(row[0], [])[1:7] if pair in spans),
        )
        for row in rows
    ]


def now_of(shelf: Shelf, id: str) -> str:
    """Return the id of the actor that one is now: another, where a person has merged it into that."""
    return (shelf.row("SELECT head FROM merged_actors WHERE id = ?", id) or (id,))[0]


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


def short(words: str | None, most: int = _MOST) -> str:
    """Fold white space and cut what is long.

    >>> short("one  two", 5)
    'one …'
    """
    folded = " ".join((words or "").split())
    return folded if len(folded) <= most else f"{folded[: most - 1]}…"

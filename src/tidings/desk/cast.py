"""Actors: who they are, what they hold, do and say, and with whom.

In: a shelf and an id. Out: views. An id that a person has merged into another leads to that one.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from tidings.desk.shelf import Shelf
from tidings.desk.telling import Act, acts_of, heads_of, now_of, quotes_of, told_of
from tidings.desk.views import WHOLE, Item, Table, View, act_table, event_table, paging_of
from tidings.facts import Actor, Fact
from tidings.store.rows import fold
from tidings.text import Span

__all__ = ["actor", "actors"]

_COLUMNS = ("id", "name", "type", "country", "code", "articles")
_LOOKED = 40
"""The youngest articles of an actor, whose statements of its roles are shown."""
_UNSURE = 200


class Office(msgspec.Struct, frozen=True, kw_only=True):
    """A role of an actor; `article` and `span` point at the words, when an article states it."""

    title: str
    of: str | None
    start: str | None
    end: str | None
    article: str | None = None
    span: Span | None = None


class _Cast(Fact, frozen=True, kw_only=True):
    """As much of a record as its roles take."""

    id: str
    actors: tuple[Actor, ...] = ()


_DECODER = msgspec.json.Decoder(_Cast)


def actors(shelf: Shelf, asked: Mapping[str, str]) -> View:
    """Show all actors, those of most articles first; `q` narrows them to a part of a name, or an id."""
    query = asked.get("q", "").strip()[:200]
    country = asked.get("country", "").strip().upper()[:8]
    where, values = ["1"], []
    if query:
        # Words as they are searched, but any part of one: ' brandt ' is found by 'ran'.
        like = fold(query).strip().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        where.append(
            "(k.id = ? OR k.id IN (SELECT actor FROM known_names WHERE folded LIKE ? ESCAPE '\\'))"
            if like
            else "(k.id = ? OR instr(k.name, ?))"
        )
        values += [query, f"%{like}%" if like else query]
    if country:
        where.append("k.country = ?")
        values.append(country)
    told = " AND ".join(where)
    if query or country:
        total = shelf.remember(
            ("actors", query, country),
            lambda: (shelf.row(f"SELECT count(*) FROM known_actors k WHERE {told}", *values) or (0,))[0],
        )
    else:
        total = shelf.totals().actors
    paging = paging_of(total, asked.get("page"))

    def ask(most: int, offset: int) -> list[tuple]:
        return shelf.rows(
            f"SELECT k.id, k.name, k.type, k.country, k.code, k.articles FROM known_actors k WHERE {told}"
            " ORDER BY k.articles DESC, k.id LIMIT ? OFFSET ?",
            *values,
            most,
            offset,
        )

    rows = ask(paging.size, paging.offset)
    return View(
        title="Actors",
        template="actors.html",
        data={
            "query": query,
            "country": country,
            "paging": paging,
            "actors": [dict(zip(_COLUMNS, row, strict=True)) for row in rows],
        },
        table=Table(_COLUMNS, rows),
        whole=lambda: Table(_COLUMNS, ask(WHOLE, 0)),
    )


def actor(shelf: Shelf, id: str, asked: Mapping[str, str]) -> View | None:
    """Show one actor: offices, whom it deals with, what it does, what it says."""
    id = now_of(shelf, id)
    known = shelf.row("SELECT name, type, country, code, wikidata, articles FROM known_actors WHERE id = ?", id)
    party = shelf.row("SELECT number, name, type, country, code FROM parties WHERE key = ?", id)
    if known is None and party is None:
        return None
    name, type_, country, code, wikidata, count = known or (*(party or ())[1:], None, 0)
    acts, paging = _acts(shelf, party[0] if party else None, asked.get("page"))
    articles = [
        row[0]
        for row in shelf.rows("SELECT article FROM actors WHERE id = ? ORDER BY article DESC LIMIT ?", id, _LOOKED)
    ]
    quotes = [
        (row[0], row[1])
        for row in shelf.rows(
            "SELECT article, number FROM quotes WHERE speaker = ? AND status = 'asserted'"
            " ORDER BY article DESC, number LIMIT 40",
            id,
        )
    ]
    unsure = told_of(shelf, _unsure(shelf, id))
    merged = [row[0] for row in shelf.rows("SELECT id FROM merged_actors WHERE head = ? ORDER BY id LIMIT 60", id)]
    data = {
        "id": id,
        "name": name,
        "type": type_,
        "country": country,
        "code": code,
        "wikidata": wikidata,
        "names": [
            row[0]
            for row in shelf.rows(
                "SELECT name FROM known_names WHERE actor = ? ORDER BY articles DESC, name LIMIT 30", id
            )
        ],
        "offices": _offices(shelf, {id, *merged}, articles),
        "partners": shelf.remember(("partners", id), lambda: _partners(shelf, party[0] if party else None)),
        "acts": acts,
        "paging": paging,
        "unsure": unsure,
        "quotes": quotes_of(shelf, quotes),
        "quotes_total": (
            shelf.row("SELECT count(*) FROM quotes WHERE speaker = ? AND status = 'asserted'", id) or (0,)
        )[0],
        "articles": heads_of(shelf, articles[:20]),
        "articles_total": count,
        "people": _people(shelf, id, country),
        "merged": merged,
        "judged": _judged(shelf, id),
    }
    return View(
        title=name,
        template="actor.html",
        data=data,
        drawn={"likely": shelf.remember(("likely", id), lambda: _likely(shelf, id, name))},
        table=act_table(acts) if acts else event_table(unsure),
        whole=(lambda: act_table(acts_of(shelf, _numbers(shelf, party[0], WHOLE, 0)))) if acts and party else None,
        items=_items(acts),
        planned=[event for event in unsure if event.status == "planned"],
    )


def _items(acts: list[Act]) -> list[Item]:
    return [
        Item(
            path=f"/article/{told.article}?at={told.span.start}-{told.span.end}",
            title=f"{act.source.name} {act.type or act.cameo or ''} {act.target.name if act.target else ''}".strip(),
            words=told.words,
            day=act.day,
        )
        for act in acts
        if (told := act.telling)
    ]


def _acts(shelf: Shelf, party: int | None, page: str | None) -> tuple[list[Act], object]:
    total = (
        shelf.remember(
            ("acts", party),
            lambda: (
                shelf.row(
                    "SELECT (SELECT count(*) FROM acts WHERE source = ?1)"
                    " + (SELECT count(*) FROM acts WHERE target = ?1)",
                    party,
                )
                or (0,)
            )[0],
        )
        if party
        else 0
    )
    paging = paging_of(total, page, 40)
    if party is None:
        return [], paging
    numbers = shelf.remember(("acts", party, paging.page), lambda: _numbers(shelf, party, paging.size, paging.offset))
    return acts_of(shelf, numbers), paging


def _numbers(shelf: Shelf, party: int, most: int, offset: int) -> list[int]:
    """Return the acts of a party, the youngest first, of the one side and of the other."""
    side = "SELECT * FROM (SELECT number, day FROM acts WHERE {0} = ?1 ORDER BY day DESC, number DESC LIMIT ?4)"
    rows = shelf.rows(
        f"SELECT DISTINCT number, day FROM ({side.format('source')} UNION ALL {side.format('target')})"
        " ORDER BY day DESC, number DESC LIMIT ?2 OFFSET ?3",
        party,
        most,
        offset,
        offset + most,
    )
    return [row[0] for row in rows]


def _unsure(shelf: Shelf, id: str) -> list[tuple[int, int]]:
    """Return the youngest events of an actor that are no acts: planned, possible, denied."""
    rows = shelf.rows(
        "SELECT DISTINCT e.article, e.number FROM"
        " (SELECT article, event FROM sides WHERE actor = ?1 AND side = 'source'"
        " UNION SELECT article, event FROM sides WHERE actor = ?1 AND side = 'target' ORDER BY 1 DESC LIMIT ?2) s"
        " CROSS JOIN events e ON e.article = s.article AND e.number = s.event"
        " WHERE e.status IN ('planned', 'hypothetical', 'denied') ORDER BY e.article DESC, e.number LIMIT 30",
        id,
        _UNSURE,
    )
    return [(row[0], row[1]) for row in rows]


def _offices(shelf: Shelf, ids: set[str], articles: list[int]) -> list[Office]:
    found: dict[tuple, Office] = {}
    for article in articles:
        line = shelf.row("SELECT json FROM records WHERE article = ?", article)
        if line is None:
            continue
        cast = _DECODER.decode(line[0])
        for role in (role for who in cast.actors if who.id in ids for role in who.roles):
            held = found.get((role.title, role.of, role.start, role.end))
            if held is None or (held.span is None and role.span is not None):
                found[role.title, role.of, role.start, role.end] = Office(
                    title=role.title,
                    of=role.of,
                    start=role.start,
                    end=role.end,
                    article=cast.id if role.span else None,
                    span=role.span,
                )
    return sorted(found.values(), key=lambda office: (office.start or "", office.title, office.of or ""))


def _partners(shelf: Shelf, party: int | None) -> list[dict[str, object]]:
    """Count the acts with each other party, as it turns out: cooperation or conflict."""
    if party is None:
        return []
    rows = shelf.rows(
        "SELECT p.key, p.name, count(*), sum(x.quad <= 2) FROM"
        " (SELECT target AS other, quad FROM acts WHERE source = ?1 AND target IS NOT NULL AND target <> ?1"
        " UNION ALL SELECT source, quad FROM acts WHERE target = ?1 AND source <> ?1) x"
        " JOIN parties p ON p.number = x.other GROUP BY p.number ORDER BY 3 DESC, 2, 1 LIMIT 24",
        party,
    )
    return [
        {"id": key, "name": name, "acts": count, "cooperation": good, "conflict": count - good}
        for key, name, count, good in rows
    ]


def _people(shelf: Shelf, id: str, country: str | None) -> list[dict[str, object]]:
    if id != country:
        return []
    rows = shelf.rows(
        "SELECT id, name, type FROM known_actors WHERE country = ? AND id <> ? ORDER BY articles DESC, id LIMIT 30",
        country,
        id,
    )
    return [{"id": row[0], "name": row[1], "type": row[2]} for row in rows]


def _likely(shelf: Shelf, id: str, name: str) -> list[dict[str, object]]:
    """Return the actors that share the last word of a name: one of them may be the same."""
    words = fold(name).split()
    if not words:
        return []
    rows = shelf.rows(
        "SELECT k.id, k.name, k.articles FROM known_actors k WHERE k.id <> ?1 AND k.id IN"
        " (SELECT actor FROM known_names WHERE instr(folded, ?2)) ORDER BY k.articles DESC, k.id LIMIT 12",
        id,
        f" {words[-1]} ",
    )
    return [{"id": row[0], "name": row[1], "articles": row[2]} for row in rows]


def _judged(shelf: Shelf, id: str) -> list[dict[str, object]]:
    """Return the merges and splits that name this actor and stand."""
    rows = shelf.rows(
        "SELECT j.number, j.decision, (SELECT group_concat(value, ', ') FROM json_each(j.value, '$.actors')), j.author"
        " FROM judgements j WHERE j.fact = 'actor' AND j.decision IN ('merge', 'split')"
        " AND ?1 IN (SELECT value FROM json_each(j.value, '$.actors'))"
        " AND NOT EXISTS (SELECT 1 FROM judgements u WHERE u.undoes = j.number) ORDER BY j.number DESC LIMIT 20",
        id,
    )
    return [dict(zip(("number", "decision", "actors", "author"), row, strict=True)) for row in rows]

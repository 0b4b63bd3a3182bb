"""The first page, and the search.

In: a shelf and what was asked. Out: views of articles.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta

from tidings.desk.ahead import coming
from tidings.desk.asking import MOST, Asked, Found, address, as_now, ask, facets, read_asked, snippets
from tidings.desk.marks import Mark, cut
from tidings.desk.pairs import back_to, moved, pairs_of
from tidings.desk.shelf import Shelf
from tidings.desk.tales import top_stories
from tidings.desk.telling import heads_of, told_of
from tidings.desk.views import WHOLE, Item, Table, View, head_items, head_table, paging_of
from tidings.desk.visits import Visit
from tidings.errors import UsageError
from tidings.text import Span

__all__ = ["day_before", "search", "today"]

_RECENT = 1_000
"""The youngest articles, from which the busiest actors are counted."""
_HITS = 25


def day_before(day: str | None, days: int) -> str:
    """Return the ISO day so many days before.

    >>> day_before("2020-03-01", 1)
    '2020-02-29'
    """
    return (date.fromisoformat(day[:10]) - timedelta(days=days)).isoformat() if day else ""


def today(shelf: Shelf, asked: Mapping[str, str], visit: Visit) -> View:
    """Show the top stories, what moved, what is coming, and what came in since the last visit."""
    latest, totals = shelf.latest(), shelf.totals()
    paging = paging_of(totals.articles, asked.get("page"), 40)
    heads = heads_of(shelf, _youngest(shelf, paging.size, paging.offset))
    since = shelf.remember("back to", lambda: back_to(shelf, day_before(latest, 90)))
    data = {
        "latest": latest,
        "articles": heads,
        "paging": paging,
        "counts": {**{name: getattr(totals, name) for name in totals.__struct_fields__}, "failures": _failures(shelf)},
        "actors": shelf.remember("busy", lambda: _busy(shelf)),
        "pairs": shelf.remember("pairs", lambda: pairs_of(shelf, since, 10)),
        "pairs_since": since or None,
        "moved": moved(shelf, 6),
        "stories": top_stories(shelf, day_before(latest, 14), 6),
        "coming": coming(shelf, latest, 8),
        "since_last_visit": _since(shelf, visit.since) if visit.since is not None else None,
    }
    return View(
        title="Today",
        template="today.html",
        data=data,
        table=head_table(heads),
        whole=lambda: head_table(heads_of(shelf, _youngest(shelf, WHOLE, 0))),
        items=head_items(heads),
    )


def _youngest(shelf: Shelf, most: int, offset: int) -> list[int]:
    sql = "SELECT number FROM articles ORDER BY published DESC, number DESC LIMIT ? OFFSET ?"
    return [row[0] for row in shelf.rows(sql, most, offset)]


def _since(shelf: Shelf, number: int) -> dict[str, object]:
    """Return how many articles were collected after one, and the last of them."""
    rows = shelf.rows("SELECT number FROM articles WHERE number > ? ORDER BY number DESC LIMIT 10", number)
    count = (shelf.row("SELECT count(*) FROM articles WHERE number > ?", number) or (0,))[0]
    return {"articles": count, "newest": heads_of(shelf, [row[0] for row in rows])}


def _failures(shelf: Shelf) -> int:
    return (shelf.row("SELECT count(*) FROM failures") or (0,))[0]


def _busy(shelf: Shelf) -> list[dict[str, object]]:
    rows = shelf.rows(
        "SELECT k.id, k.name, count(*)"
        " FROM (SELECT number FROM articles ORDER BY published DESC, number DESC LIMIT ?) r"
        " CROSS JOIN actors a ON a.article = r.number JOIN known_actors k ON k.id = a.id GROUP BY k.id"
        " ORDER BY 3 DESC, 2, 1 LIMIT 12",
        _RECENT,
    )
    return [{"id": row[0], "name": row[1], "articles": row[2]} for row in rows]


def search(shelf: Shelf, query: Mapping[str, str]) -> View:
    """Show the articles that answer a query, with its words marked, and how to narrow it."""
    wrong, found, asked = None, Found(), Asked(words=query.get("q", "").strip())
    try:
        asked = as_now(shelf, read_asked(query))
        found = ask(shelf, asked)
    except UsageError as error:
        wrong = str(error)
    paging = paging_of(len(found.numbers), query.get("page"), _HITS)
    numbers = found.numbers[paging.offset : paging.offset + paging.size]
    passages = snippets(shelf, found, numbers)
    hits = [_hit(row, passage) for row, passage in zip(_rows(shelf, numbers), passages, strict=True)]
    data = {
        "query": asked.words,
        "choices": asked.chosen,
        "order": asked.order,
        "wrong": wrong,
        "limit": MOST,
        "total": found.total,
        "shown": len(found.numbers),
        "ranked": found.ranked,
        "hits": hits,
        "paging": paging,
        "facets": facets(shelf, asked, found) if found.numbers or asked.choices else [],
    }
    marked = [cut(words, [Mark(span=Span(*mark), kind="found") for mark in marks]) for words, marks in passages]
    drawn = {
        "marked": marked,
        "chosen": [choice for facet in data["facets"] for choice in facet.choices if choice.set],
        "here": address(asked),
        "orders": [(name, address(in_order(asked, name))) for name in ("best", "new")],
    }
    title = f"Search: {asked.words}" if asked.words else "Search"
    items = [
        Item(
            path=f"/article/{hit['id']}",
            title=str(hit["title"] or "(no title)"),
            words=str(hit["snippet"]),
            day=str(hit["published"]) if hit["published"] else None,
        )
        for hit in hits
    ]
    return View(
        title=title,
        template="search.html",
        data=data,
        drawn=drawn,
        table=_hit_table(hits),
        whole=lambda: _hit_table(_hits(shelf, found, found.numbers)),
        items=items,
        planned=lambda: told_of(shelf, _planned(shelf, found.numbers)),
        status=400 if wrong else 200,
    )


def _hits(shelf: Shelf, found: Found, numbers: tuple[int, ...]) -> list[dict[str, object]]:
    pairs = zip(_rows(shelf, numbers), snippets(shelf, found, numbers), strict=True)
    return [_hit(row, passage) for row, passage in pairs]


def _hit_table(hits: list[dict[str, object]]) -> Table:
    columns = ("id", "published", "outlet", "title", "url", "snippet")
    return Table(columns, [[hit[column] for column in columns] for hit in hits])


def _planned(shelf: Shelf, numbers: tuple[int, ...]) -> list[tuple[int, int]]:
    """Return what the articles found say is planned, in order of time."""
    rows = shelf.rows(
        "SELECT e.article, e.number FROM json_each(?) j CROSS JOIN events e ON e.article = j.value"
        " WHERE e.status = 'planned' AND e.first_day IS NOT NULL ORDER BY e.first_day, e.article, e.number LIMIT 500",
        json.dumps(numbers),
    )
    return [(row[0], row[1]) for row in rows]


def in_order(asked: Asked, order: str) -> Asked:
    """Return the same search in another order."""
    return Asked(words=asked.words, choices=asked.choices, order=order)


def _rows(shelf: Shelf, numbers: tuple[int, ...]) -> list[tuple]:
    return shelf.rows(
        "SELECT r.id, r.title, r.published, r.outlet, r.url FROM json_each(?) j CROSS JOIN articles r"
        " ON r.number = j.value ORDER BY j.key",
        json.dumps(numbers),
    )


def _hit(row: tuple, passage: tuple[str, list[tuple[int, int]]]) -> dict[str, object]:
    names = dict(zip(("id", "title", "published", "outlet", "url"), row, strict=True))
    return {**names, "snippet": passage[0], "marks": passage[1]}

"""Stories: articles about the same happenings.

In: a shelf and an id. Out: views of stories. What a story is, is decided in `tidings.stories`; here it is shown.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from tidings.desk.shelf import Shelf
from tidings.desk.telling import quotes_of, told_of
from tidings.desk.views import Item, Table, View, paging_of
from tidings.stories import StoryPage, get_story
from tidings.text import Span

__all__ = ["stories", "story", "top_stories"]

_COLUMNS = ("id", "title", "articles", "outlets", "first", "last")
_SELECT = "SELECT number, id, headline, articles, outlets, first_day, last_day FROM stories"
_MOST = 120
"""Articles, steps or speakers of a story that its page shows; its JSON has them all."""
_SAYINGS = 12


def top_stories(shelf: Shelf, since: str, most: int) -> list[dict[str, object]]:
    """Return the stories of the last days that most outlets tell."""
    rows = shelf.remember(
        ("top", since, most),
        lambda: shelf.rows(
            f"{_SELECT} WHERE last_day >= ? ORDER BY outlets DESC, articles DESC, last_day DESC, number DESC LIMIT ?",
            since,
            most,
        ),
    )
    return [_summary(shelf, row) for row in rows]


def stories(shelf: Shelf, asked: Mapping[str, str]) -> View:
    """Show all stories, the youngest or the largest first; `all=1` also those that one article tells."""
    order = "size" if asked.get("order") == "size" else "new"
    every = asked.get("all") == "1"
    where = "" if every else " WHERE articles > 1"
    total = shelf.remember(("stories", every), lambda: (shelf.row(f"SELECT count(*) FROM stories{where}") or (0,))[0])
    paging = paging_of(total, asked.get("page"), 30)
    by = "outlets DESC, articles DESC, number DESC" if order == "size" else "last_day DESC, number DESC"
    rows = shelf.remember(
        ("stories", every, order, paging.page),
        lambda: shelf.rows(f"{_SELECT}{where} ORDER BY {by} LIMIT ? OFFSET ?", paging.size, paging.offset),
    )
    shown = [_summary(shelf, row) for row in rows]
    return View(
        title="Stories",
        template="stories.html",
        data={"stories": shown, "paging": paging, "order": order, "all": every},
        table=Table(_COLUMNS, [[row[column] for column in _COLUMNS] for row in shown]),
        items=[
            Item(
                path=f"/story/{row['id']}",
                title=str(row["title"] or "(no title)"),
                words=f"{row['articles']} articles",
                day=row["last"],  # type: ignore[arg-type]
            )
            for row in shown
        ],
    )


def story(shelf: Shelf, id: str, asked: Mapping[str, str]) -> View | None:  # noqa: ARG001
    """Show one story: how it went, who tells it, who said what, where the tellings agree and where they differ."""
    page = shelf.remember(("story", id), lambda: get_story(shelf.store, id))
    if page is None:
        return None
    columns = ("day", "dated", "who", "type", "cameo", "to_whom", "place", "independent", "words")
    articles = Table(
        ("id", "published", "outlet", "title", "copy", "origin"),
        [
            [getattr(one, name) for name in ("id", "published", "outlet", "title", "copy", "origin")]
            for one in page.articles
        ],
    )
    steps = Table(columns, [[getattr(step, column) for column in columns] for step in page.steps])
    return View(
        title=page.headline or "(no title)",
        template="story.html",
        data={"story": page},
        drawn={
            "titles": {one.id: one.outlet or one.title or one.id for one in page.articles},
            "most": _MOST,
            "sayings": _SAYINGS,
            "told": shelf.remember(("told", id), lambda: _told(shelf, page)),
        },
        table=steps if page.steps else articles,
        items=[
            Item(path=f"/article/{one.id}", title=one.title or "(no title)", words=one.outlet or "", day=one.published)
            for one in page.articles
        ],
        planned=told_of(shelf, _planned(shelf, id)),
    )


def _told(shelf: Shelf, page: StoryPage) -> dict[tuple[str, Span], str]:
    """Return the words to show for what is said in other words: with the verb that reports them."""
    tellings = [
        saying.tellings[0]
        for said in page.said[:_MOST]
        for saying in said.sayings[:_SAYINGS]
        if saying.kind == "indirect"
    ]
    rows = shelf.rows(
        "SELECT q.article, q.number FROM json_each(?) j CROSS JOIN articles r ON r.id = json_extract(j.value, '$[0]')"
        " CROSS JOIN quotes q ON q.article = r.number AND q.start = json_extract(j.value, '$[1]')"
        " AND q.\"end\" = json_extract(j.value, '$[2]')",
        json.dumps([[told.article, *told.span] for told in tellings]),
    )
    return {(quote.article, quote.span): quote.told for quote in quotes_of(shelf, [(row[0], row[1]) for row in rows])}


def _planned(shelf: Shelf, id: str) -> list[tuple[int, int]]:
    rows = shelf.rows(
        "SELECT e.article, e.number FROM stories s JOIN story_articles m ON m.story = s.number"
        " CROSS JOIN events e ON e.article = m.article WHERE s.id = ? AND e.status = 'planned'"
        " AND e.first_day IS NOT NULL ORDER BY e.first_day, e.article LIMIT 100",
        id,
    )
    return [(row[0], row[1]) for row in rows]


def _summary(shelf: Shelf, row: tuple) -> dict[str, object]:
    number, id, headline, articles, outlets, first, last = row
    actors = shelf.remember(
        ("cast of", number),
        lambda: shelf.rows(
            "SELECT k.id, k.name FROM (SELECT article FROM story_articles WHERE story = ? LIMIT 30) s"
            " CROSS JOIN actors a ON a.article = s.article JOIN known_actors k ON k.id = a.id"
            " GROUP BY k.id ORDER BY count(*) DESC, k.articles DESC, k.id LIMIT 5",
            number,
        ),
    )
    return {
        "id": id,
        "title": headline,
        "articles": articles,
        "outlets": outlets,
        "first": first,
        "last": last,
        "actors": [{"id": actor, "name": name} for actor, name in actors],
    }

"""Stories: articles about the same happenings.

In: a shelf and an id. Out: views of stories. A story goes by the id of its first article.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from tidings.desk.cast import retold
from tidings.desk.digest import Digest
from tidings.desk.finding import head_table
from tidings.desk.shelf import Shelf
from tidings.desk.views import Table, View, event_table, paged

__all__ = ["stories", "story"]


def stories(shelf: Shelf, asked: Mapping[str, str]) -> View:
    """Show all stories, the youngest first."""
    digest = shelf.digest()
    rows = [_summary(digest, group) for group in shelf.stories()]
    shown, paging = paged(rows, asked.get("page"))
    columns = ("id", "title", "articles", "first", "last")
    return View(
        title="Stories",
        template="stories.html",
        data={"stories": shown, "paging": paging},
        table=Table(columns, [[row[column] for column in columns] for row in rows]),
    )


def story(shelf: Shelf, id: str, asked: Mapping[str, str]) -> View | None:  # noqa: ARG001
    """Show one story: its articles in order of date, and its events in order of time."""
    digest = shelf.digest()
    group = next((group for group in shelf.stories() if group[0] == id), None)
    if group is None:
        return None
    members = set(group)
    told = [event for event in digest.told if event.article in members]
    dated = retold([event for event in told if event.day])
    data = {
        **_summary(digest, group),
        "heads": [digest.heads[member] for member in group],
        "timeline": dated,
        "undated": sum(not event.day for event in told),
    }
    title = str(data["title"] or "(no title)")
    # The table is the timeline; a story without one is still a list of articles.
    table = event_table([line.first for line in dated]) if dated else head_table(digest.heads[id] for id in group)
    return View(title=title, template="story.html", data=data, table=table)


def _summary(digest: Digest, group: Sequence[str]) -> dict[str, object]:
    heads = [digest.heads[id] for id in group]
    days = [head.published for head in heads if head.published]
    actors = Counter(actor for head in heads for actor in head.actors)
    best = sorted(actors.items(), key=lambda pair: (-pair[1], pair[0]))[:5]
    return {
        "id": group[0],
        "title": heads[0].title,
        "articles": len(group),
        "first": min(days, default=None),
        "last": max(days, default=None),
        "actors": [{"id": id, "name": digest.actors[id].name} for id, _ in best],
    }

"""One story on one page: how it went, who tells it, who said what, where the tellings agree and where they differ.

In: a store and the id of a story. Out: a `StoryPage`, every line of it with the words it rests on.
"""

from __future__ import annotations

from tidings.facts import Fact
from tidings.store import Store
from tidings.stories.differing import (
    Agreement,
    Difference,
    compare_counts,
    compare_doers,
    compare_speakers,
    find_agreements,
)
from tidings.stories.listing import NamedActor, make_story, story_row
from tidings.stories.speaking import Said, find_spoken, tell_once
from tidings.stories.timeline import Step, timeline

__all__ = ["Source", "StoryArticle", "StoryPage", "get_story"]

MOST_STEPS = 400


class StoryArticle(Fact, frozen=True, kw_only=True):
    """An article of a story; `copy` says what kind of copy it is of `origin`, both None where it is none."""

    id: str
    title: str | None
    outlet: str | None
    published: str | None
    url: str | None
    kind: str
    copy: str | None = None
    origin: str | None = None


class Source(Fact, frozen=True, kw_only=True):
    """An outlet that tells a story: its articles, and how many of them are texts of its own."""

    outlet: str
    articles: tuple[str, ...]
    own: int


class StoryPage(Fact, frozen=True, kw_only=True):
    """A story with all it rests on."""

    id: str
    headline: str | None
    first_day: str | None
    last_day: str | None
    articles: tuple[StoryArticle, ...]
    outlets: int
    actors: tuple[NamedActor, ...]
    steps: tuple[Step, ...]
    sources: tuple[Source, ...]
    said: tuple[Said, ...]
    agreements: tuple[Agreement, ...] = ()
    differences: tuple[Difference, ...] = ()
    aliases: tuple[str, ...] = ()


def get_story(store: Store, id: str) -> StoryPage | None:
    """Return a story with all it rests on; None when there is none with this id.

    The id may be one the story had before it was joined to an older one.
    """
    row = story_row(store, id)
    if row is None:
        return None
    story = make_story(store, row)
    articles = _articles(store, row[0])
    steps = tuple(step for step in timeline(store, story.id, limit=MOST_STEPS) if step.kind == "act")
    spoken = find_spoken(store, row[0])
    agreed, differ = compare_counts(store, row[0])
    return StoryPage(
        id=story.id,
        headline=story.headline,
        first_day=story.first_day,
        last_day=story.last_day,
        articles=articles,
        outlets=story.outlets,
        actors=story.actors,
        steps=steps,
        sources=_sources(articles),
        said=tuple(tell_once(spoken)),
        agreements=(*find_agreements(steps), *agreed),
        differences=(*differ, *compare_doers(store, story.id), *compare_speakers(spoken)),
        aliases=tuple(
            row[0] for row in store.query("SELECT id FROM story_aliases WHERE story = ? ORDER BY id", row[0])
        ),
    )


def _articles(store: Store, number: int) -> tuple[StoryArticle, ...]:
    rows = store.query(
        "SELECT r.id, r.title, r.outlet, r.published, r.url, r.kind, nullif(c.kind, 'origin'),"
        " iif(c.kind = 'origin', NULL, o.id) FROM story_articles s JOIN articles r ON r.number = s.article"
        ' LEFT JOIN copies c ON c.article = r.number LEFT JOIN articles o ON o.number = c."group"'
        " WHERE s.story = ? ORDER BY r.published IS NULL, r.published, r.number",
        number,
    )
    names = ("id", "title", "outlet", "published", "url", "kind", "copy", "origin")
    return tuple(StoryArticle(**dict(zip(names, row, strict=True))) for row in rows)


def _sources(articles: tuple[StoryArticle, ...]) -> tuple[Source, ...]:
    """Group the articles by outlet; who tells most in its own words comes first."""
    outlets: dict[str, list[StoryArticle]] = {}
    for article in articles:
        outlets.setdefault(article.outlet or article.url or "?", []).append(article)
    sources = [
        Source(
            outlet=outlet,
            articles=tuple(article.id for article in own),
            own=sum(article.copy is None for article in own),
        )
        for outlet, own in outlets.items()
    ]
    return tuple(sorted(sources, key=lambda source: -source.own))

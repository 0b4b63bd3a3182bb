"""Ask for stories and copies.

In: a store that was brought up to date. Out: stories, and the copies of an article. It changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidings.errors import UsageError
from tidings.facts import Fact
from tidings.store import Store
from tidings.stories.days import days_between

if TYPE_CHECKING:
    from tidings.dyads.parties import Party

__all__ = ["CopyOf", "NamedActor", "Story", "find_copies_of", "list_stories", "story_id"]

_COLUMNS = "s.number, s.id, s.headline, s.first_day, s.last_day, s.articles, s.outlets"
_NAMED = 5
_FEW = 3_000
"""Articles an actor is in from which on stories are gone through instead, the youngest first."""


class NamedActor(Fact, frozen=True, kw_only=True):
    """Someone who acts in a story: the key of the party and its name."""

    key: str
    name: str


class Story(Fact, frozen=True, kw_only=True):
    """Articles about the same happenings; the headline is that of one of them."""

    id: str
    headline: str | None
    first_day: str | None
    last_day: str | None
    articles: int
    outlets: int
    actors: tuple[NamedActor, ...] = ()


class CopyOf(Fact, frozen=True, kw_only=True):
    """One text of a group of near copies: what was done to the origin to make it (`kind`), and why we say so."""

    article: str
    title: str | None
    outlet: str | None
    published: str | None
    url: str | None
    kind: str
    evidence: str | None


def list_stories(
    store: Store, *, limit: int = 50, since: str | None = None, until: str | None = None, actor: str | None = None
) -> list[Story]:
    """Return the stories that have an article of these days, the youngest first.

    `actor` is anyone `tidings.dyads.parties.resolve` knows; then only stories whose articles name them.
    """
    low, high = days_between(since, until)
    where, values = ["coalesce(s.last_day, ?) >= ?", "coalesce(s.first_day, ?) <= ?"], [low, low, low, high]
    if actor is not None:
        condition, named = _naming(store, actor)
        where.append(condition)
        values += named
    rows = store.query(
        f"SELECT {_COLUMNS} FROM stories s WHERE {' AND '.join(where)} ORDER BY s.last_day DESC, s.number DESC LIMIT ?",
        *values,
        limit,
    )
    return [make_story(store, row) for row in list(rows)]


def make_story(store: Store, row: tuple) -> Story:
    """Make a story of its row."""
    _, id, headline, first, last, articles, outlets = row
    actors = store.query(
        "SELECT p.key, p.name FROM (SELECT source AS party, tellings FROM acts WHERE story = ?1"
        " UNION ALL SELECT target, tellings FROM acts WHERE story = ?1 AND target IS NOT NULL) x"
        " JOIN parties p ON p.number = x.party GROUP BY p.number ORDER BY sum(x.tellings) DESC, p.number LIMIT ?2",
        id,
        _NAMED,
    )
    return Story(
        id=id,
        headline=headline,
        first_day=first,
        last_day=last,
        articles=articles,
        outlets=outlets,
        actors=tuple(NamedActor(key=key, name=name) for key, name in actors),
    )


def story_row(store: Store, id: str) -> tuple | None:
    """Return the row of a story, found by its id or by one it had before it was joined to an older story."""
    found = next(store.query(f"SELECT {_COLUMNS} FROM stories s WHERE s.id = ?", id), None)
    if found is None:
        found = next(
            store.query(
                f"SELECT {_COLUMNS} FROM story_aliases a JOIN stories s ON s.number = a.story WHERE a.id = ?", id
            ),
            None,
        )
    return found


def story_id(store: Store, id: str) -> str | None:
    """Return the id under which a story goes now; None when there is none."""
    found = story_row(store, id)
    return found[1] if found else None


def _naming(store: Store, actor: str) -> tuple[str, list[str]]:
    """Return the condition that a story has an article that names an actor."""
    party = someone(store, actor)
    if party.kind == "country":
        ids, own = "SELECT id FROM known_actors WHERE country = ?", "a.country = ?"
    else:
        ids = f"SELECT key FROM parties WHERE number IN ({', '.join(map(str, party.numbers))}) UNION SELECT ?"
        own = f"a.id IN ({ids})"
    (articles,) = next(
        store.query(f"SELECT coalesce(sum(articles), 0) FROM known_actors WHERE id IN ({ids})", party.key)
    )
    if articles <= _FEW:
        told = "SELECT o.story FROM actors a JOIN story_articles o ON o.article = a.article"
        return f"s.number IN ({told} WHERE a.id IN ({ids}))", [party.key]
    told = "SELECT 1 FROM story_articles o CROSS JOIN actors a ON a.article = o.article"
    return f"EXISTS ({told} WHERE o.story = s.number AND {own})", [party.key]


def someone(store: Store, name: str) -> Party:
    """Return whom a name stands for; raise `UsageError` for nobody, for several, and for a bloc with its members."""
    from tidings.dyads.parties import resolve

    party = resolve(store, name)
    if party.members:
        bloc = party.key.partition(":")[0]
        raise UsageError(f"{name!r} is many: ask for {bloc!r}, the organisation itself, or for one of its members")
    return party


def find_copies_of(store: Store, article_id: str) -> list[CopyOf]:
    """Return the group of near copies an article is in, its origin first; empty where there are none."""
    rows = store.query(
        "SELECT r.id, r.title, r.outlet, r.published, r.url, d.kind, d.evidence FROM articles a"
        ' JOIN copies c ON c.article = a.number JOIN copies d ON d."group" = c."group"'
        " JOIN articles r ON r.number = d.article WHERE a.id = ?"
        " ORDER BY d.kind <> 'origin', r.published IS NULL, r.published, r.number",
        article_id,
    )
    names = ("article", "title", "outlet", "published", "url", "kind", "evidence")
    return [CopyOf(**dict(zip(names, row, strict=True))) for row in rows]

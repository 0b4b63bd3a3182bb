"""Where something is told: the article, the characters, the words.

In: rows of a store. Out: tellings, each with a span into its article's text. It decides nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from tidings.facts import Fact
from tidings.store import Store
from tidings.text import Span

__all__ = ["TELLING", "Telling", "name_sides", "names_of", "telling_of"]

TELLING = "r.id, r.title, r.outlet, r.published, r.url"
"""The columns of an article `r` that a telling begins with; start, end and the words come after them."""


class Telling(Fact, frozen=True, kw_only=True):
    """One place where an article tells something: `span` marks `words` in the article's text."""

    article: str
    title: str | None
    outlet: str | None
    published: str | None
    url: str | None
    span: Span
    words: str


def telling_of(row: Sequence) -> Telling:
    """Make a telling of a row of `TELLING`, start, end, words."""
    article, title, outlet, published, url, start, end, words = row
    return Telling(
        article=article, title=title, outlet=outlet, published=published, url=url, span=Span(start, end), words=words
    )


def name_sides(store: Store, article: int, event: int) -> dict[str, list[tuple[str | None, str]]]:
    """Return who stands on each side of an event, as ids (None for who is no known actor) with names or words."""
    sides: dict[str, list[tuple[str | None, str]]] = {"source": [], "target": []}
    for side, actor, name in store.query(
        'SELECT s.side, s.actor, coalesce(a.name, substr(r.text, s.start + 1, s."end" - s.start))'
        " FROM sides s JOIN articles r ON r.number = s.article"
        " LEFT JOIN actors a ON a.article = s.article AND a.id = s.actor"
        " WHERE s.article = ? AND s.event = ? ORDER BY s.side, s.number",
        article,
        event,
    ):
        if (actor, name) not in sides[side]:
            sides[side].append((actor, " ".join(name.split())))
    return sides


def names_of(side: Sequence[tuple[str | None, str]]) -> tuple[str, ...]:
    """Return the names of a side, each once."""
    return tuple(dict.fromkeys(name for _, name in side))

"""Which address is which page.

In: the path of an address without its form, and its query. Out: a `View`, or None where there is nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from tidings.desk import (
    adding,
    ahead,
    articles,
    atlas,
    cast,
    finding,
    network,
    outlooks,
    pairs,
    reviewing,
    sources,
    tales,
)
from tidings.desk.shelf import Shelf
from tidings.desk.views import View
from tidings.desk.visits import Visit

__all__ = ["ROOMS", "Room", "find_view"]


class Room(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of page: what it is called, what it shows, what its address can say, and the forms it comes in."""

    path: str
    title: str
    summary: str
    asks: tuple[tuple[str, str], ...] = ()
    forms: tuple[str, ...] = ("json", "csv")
    listed: bool = False


_PAGE = ("page", "which part of a long list")
_SEARCH = (
    ("q", "words, or fields such as actor:NAME"),
    ("actor", "the id of an actor who is named"),
    ("said", "the id of an actor who is quoted"),
    ("country", "the code of a country"),
    ("type", "a PLOVER event type"),
    ("status", "asserted, historical, planned, hypothetical or denied"),
    ("outlet", "the name of an outlet"),
    ("place", "the key of a place"),
    ("from", "a day, month or year"),
    ("to", "a day, month or year"),
    ("order", "best or new"),
    _PAGE,
)

ROOMS: tuple[Room, ...] = (
    Room(path="/today", title="Today", summary="Top stories, what moved, what is coming, the youngest articles.",
         asks=(_PAGE,), forms=("json", "csv", "rss"), listed=True),
    Room(path="/search", title="Search", summary="Articles that answer a query, and how to narrow it.", asks=_SEARCH,
         forms=("json", "csv", "rss", "ics"), listed=True),
    Room(path="/article/{id}", title="Article", summary="One article with all its facts.",
         asks=(("at", "start-end: the words to mark"),)),
    Room(path="/article/{id}/source", title="Source", summary="The page an article came from, as it was received.",
         asks=(("at", "start-end: the words of the article to mark in the page"),), forms=("json",)),
    Room(path="/stories", title="Stories", summary="Articles about the same happenings.",
         asks=(("order", "new or size"), ("all", "1: also those one article tells"), _PAGE),
         forms=("json", "csv", "rss"), listed=True),
    Room(path="/story/{id}", title="Story", summary="One story: timeline, sources, copies, who said what.",
         forms=("json", "csv", "rss", "ics")),
    Room(path="/actors", title="Actors", summary="All actors, or those with a part of a name.",
         asks=(("q", "a part of a name, or an id"), ("country", "the code of a country"), _PAGE), listed=True),
    Room(path="/actor/{id}", title="Actor", summary="Roles, acts, quotes, partners of one actor.", asks=(_PAGE,),
         forms=("json", "csv", "rss", "ics")),
    Room(path="/dyad/{a}/{b}", title="Dyad", summary="How two actors deal with one another over time.",
         asks=(("by", "week, month, quarter or year"), ("period", "one period, with all of its acts")),
         forms=("json", "csv", "rss", "ics")),
    Room(path="/network", title="Network", summary="Who dealt with whom, or one actor with its partners.",
         asks=(("who", "the key of an actor"), ("days", "how far back")), listed=True),
    Room(path="/map", title="Map", summary="The places most spoken of.",
         asks=(("from", "a day, month or year"), ("to", "a day, month or year"), ("view", "world"), _PAGE),
         listed=True),
    Room(path="/calendar", title="Calendar", summary="What was planned for the days of one month.",
         asks=(("month", "such as 2015-07"),), forms=("json", "csv", "rss", "ics"), listed=True),
    Room(path="/outlook", title="Outlook", summary="What is scheduled, and what may come next.",
         asks=(("a", "an actor"), ("b", "another"), ("days", "how far ahead")),
         forms=("json", "csv", "ics"), listed=True),
    Room(path="/sources", title="Sources", summary="The health of each feed and outlet, and what could not be read.",
         asks=(("feed", "the address of a feed: only what it lists and could not be read"), _PAGE), listed=True),
    Room(path="/review", title="Review", summary="The facts that are least sure, to accept, reject or correct.",
         asks=(("by", "doubt or chance"),), listed=True),
    Room(path="/article/{id}/correct", title="Correct", summary="The form that corrects one fact of an article.",
         asks=(("fact", "event, quote, mention, place, time or article"), ("index", "which one")), forms=("json",)),
    Room(path="/add", title="Add", summary="Paste text, name an address, or drop files: read at once.", listed=True),
    Room(path="/keys", title="Keys", summary="What each key does.", forms=("json",)),
)  # fmt: skip
"""All pages, in the order of the menu."""

_WHOLE: dict[str, Callable[[Shelf, Mapping[str, str]], View]] = {
    "search": finding.search,
    "stories": tales.stories,
    "actors": cast.actors,
    "network": network.network,
    "map": atlas.world,
    "calendar": ahead.calendar,
    "outlook": outlooks.outlook,
    "sources": sources.sources,
    "review": reviewing.doubts,
    "add": lambda shelf, asked: adding.adding(shelf),  # noqa: ARG005
    "keys": lambda shelf, asked: View(title="Keys", template="keys.html", data={"keys": KEYS}),  # noqa: ARG005
}
_ONE: dict[str, Callable[[Shelf, str, Mapping[str, str]], View | None]] = {
    "article": articles.article,
    "story": tales.story,
    "actor": cast.actor,
    "dyad": pairs.dyad,
}

KEYS: tuple[tuple[str, str], ...] = (
    ("?", "this list"),
    ("/", "go to the search"),
    ("j  k", "next and previous line or fact"),
    ("Enter", "open what is marked"),
    ("g t", "today"),
    ("g s", "stories"),
    ("g a", "actors"),
    ("g n", "network"),
    ("g m", "map"),
    ("g c", "calendar"),
    ("g o", "outlook"),
    ("g h", "sources"),
    ("g r", "review"),
    ("g +", "add"),
    ("[  ]", "previous and next page of a list"),
    ("y", "accept the marked fact"),
    ("x", "reject the marked fact"),
    ("e", "correct the marked fact"),
    ("u", "undo what was decided about the marked fact"),
    ("Esc", "close, or leave a field"),
)
"""What each key does; the script reads none of this."""


def find_view(shelf: Shelf, path: str, asked: Mapping[str, str], visit: Visit) -> View | None:
    """Return the page at a path such as `actor/Q76`."""
    room, slash, rest = path.partition("/")
    if not slash and room in ("", "today"):
        return finding.today(shelf, asked, visit)
    if not slash and room in _WHOLE:
        return _WHOLE[room](shelf, asked)
    return _ONE[room](shelf, rest, asked) if rest and room in _ONE else None

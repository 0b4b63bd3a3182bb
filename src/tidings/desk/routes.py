"""Which address is which page.

In: the path of an address without its form, and its query. Out: a `View`, or None where there is nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tidings.desk import ahead, articles, atlas, cast, finding, tales
from tidings.desk.shelf import Shelf
from tidings.desk.views import View

__all__ = ["find_view"]

_WHOLE: dict[str, Callable[[Shelf, Mapping[str, str]], View]] = {
    "": finding.today,
    "today": finding.today,
    "search": finding.search,
    "stories": tales.stories,
    "actors": cast.actors,
    "map": atlas.world,
    "calendar": ahead.calendar,
    "outlook": ahead.outlook,
}
_ONE: dict[str, Callable[[Shelf, str, Mapping[str, str]], View | None]] = {
    "article": articles.article,
    "story": tales.story,
    "actor": cast.actor,
    "dyad": cast.dyad,
}


def find_view(shelf: Shelf, path: str, asked: Mapping[str, str]) -> View | None:
    """Return the page at a path such as `actor/Q76`."""
    room, slash, rest = path.partition("/")
    if not slash and room in _WHOLE:
        return _WHOLE[room](shelf, asked)
    return _ONE[room](shelf, rest, asked) if rest and room in _ONE else None

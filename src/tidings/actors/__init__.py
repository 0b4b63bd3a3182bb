"""Who an article speaks of: names, offices, nationalities, metonyms and pronouns, tied to actors.

In: the parse of an article. Out: a `Cast` of actors and their mentions; codes, senses and clusters for single phrases.
It finds no events and no speakers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tidings.actors.codes import ActorCode, code
    from tidings.actors.find import find_actors
    from tidings.actors.metonymy import sense, sense_in
    from tidings.actors.resolving import resolve
    from tidings.actors.speakers import cast_speakers

__all__ = ["ActorCode", "cast_speakers", "code", "find_actors", "resolve", "sense", "sense_in"]

_HOMES = {
    "ActorCode": "codes",
    "cast_speakers": "speakers",
    "code": "codes",
    "find_actors": "find",
    "resolve": "resolving",
    "sense": "metonymy",
    "sense_in": "metonymy",
}


def __getattr__(name: str) -> Any:  # the type of a public name is declared above
    """Load a public function when it is first asked for, so that importing costs nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"tidings.actors.{_HOMES[name]}"), name)

"""Who did what to whom: PLOVER and CAMEO events.

In: the parse of an article with its actors, places, times and quotes. Out: events, each with its trigger, sides,
status and evidence. It names no actor and places no name: those come in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tidings.events.casting import Roles, roles
    from tidings.events.coder import EventCode, code
    from tidings.events.find import find_events

__all__ = ["EventCode", "Roles", "code", "find_events", "roles"]

_HOMES = {
    "EventCode": "tidings.events.coder",
    "Roles": "tidings.events.casting",
    "code": "tidings.events.coder",
    "find_events": "tidings.events.find",
    "roles": "tidings.events.casting",
}


def __getattr__(name: str) -> object:
    """Load a public name when it is first asked for."""
    from importlib import import_module

    if name in _HOMES:
        home = import_module(_HOMES[name])
        # A submodule of the same name (roles) would shadow the function: bind what was asked for.
        for public, place in _HOMES.items():
            if place == _HOMES[name]:
                globals()[public] = getattr(home, public)
        return globals()[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

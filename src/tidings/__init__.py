"""Tidings reads news pages and keeps the record: who did or said what to whom, when and where, and how we know it.

The whole public API: `read`, `read_many`, `Reader`, `to_json`, `from_json`, and the record types. Everything is
imported when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tidings.facts import (
        Actor,
        Article,
        Block,
        Credit,
        Event,
        EventDate,
        Evidence,
        Furniture,
        Mention,
        Page,
        Place,
        Published,
        Quote,
        Record,
        Role,
        Side,
        Timex,
        Trouble,
        from_json,
        to_json,
    )
    from tidings.reader import Failure, Reader, read, read_each, read_many
    from tidings.text import Alignment, Span

_HOMES = {
    "tidings.facts": (
        "Actor Article Block Credit Event EventDate Evidence Furniture Mention Page Place Published Quote Record Role"
        " Side Timex Trouble from_json to_json"
    ),
    "tidings.reader": "Failure Reader read read_each read_many",
    "tidings.text": "Alignment Span",
}
_HOME = {name: module for module, names in _HOMES.items() for name in names.split()}
_ROOMS = """
    actors article data dyads encoder errors events export facts outlook pages places quotes reader score spread store
    stories syntax text times
""".split()

__all__ = [
    "Actor",
    "Alignment",
    "Article",
    "Block",
    "Credit",
    "Event",
    "EventDate",
    "Evidence",
    "Failure",
    "Furniture",
    "Mention",
    "Page",
    "Place",
    "Published",
    "Quote",
    "Reader",
    "Record",
    "Role",
    "Side",
    "Span",
    "Timex",
    "Trouble",
    "from_json",
    "read",
    "read_each",
    "read_many",
    "to_json",
]


def __getattr__(name: str) -> object:
    from importlib import import_module

    if name in _HOME:
        value = getattr(import_module(_HOME[name]), name)
        globals()[name] = value
        return value
    if name in _ROOMS:
        return import_module(f"tidings.{name}")
    if name == "__version__":
        from importlib.metadata import version

        return version("tidings")
    raise AttributeError(f"module 'tidings' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*__all__, *_ROOMS, "__version__"})

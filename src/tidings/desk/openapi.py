"""The addresses of the desk as OpenAPI 3.1.

In: the rooms. Out: a description for programs. It promises no more than `routes` holds.
"""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, version

from tidings.desk.routes import ROOMS, Room

__all__ = ["describe"]

_TYPES = {
    "html": "text/html",
    "json": "application/json",
    "csv": "text/csv",
    "rss": "application/rss+xml",
    "ics": "text/calendar",
}
_CHANGES: dict[str, tuple[str, tuple[str, ...]]] = {
    "/add": ("Read and keep text, a page at an address, or files.", ("csrf", "text", "url", "files", "published")),
    "/review": (
        "Judge a fact, merge or split actors, or undo a judgement.",
        (
            "csrf",
            "decision",
            "author",
            "page",
            "fact",
            "index",
            "start",
            "end",
            "number",
            "note",
            "actor",
            "other",
            "back",
        ),
    ),
}
"""What a form of the desk can change; `csrf` is the secret in the forms of its pages."""
_FIELD = re.compile(r"\{(\w+)\}")


def describe() -> dict[str, object]:
    """Return the description of every address."""
    try:
        number = version("tidings")
    except PackageNotFoundError:
        number = "0"
    paths: dict[str, dict[str, object]] = {}
    for room in ROOMS:
        for form in ("html", *room.forms):
            paths[room.path if form == "html" else f"{room.path}.{form}"] = {"get": _operation(room, form)}
    for path, (summary, fields) in _CHANGES.items():
        paths.setdefault(path, {})["post"] = _change(path, summary, fields)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Tidings desk",
            "version": number,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": paths,
    }


def _operation(room: Room, form: str) -> dict[str, object]:
    inside = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in _FIELD.findall(room.path)
    ]
    asked = [
        {"name": name, "in": "query", "required": False, "description": words, "schema": {"type": "string"}}
        for name, words in room.asks
    ]
    schema: dict[str, object] = {"type": "object"} if form == "json" else {"type": "string"}
    answers: dict[str, object] = {"200": {"description": room.summary, "content": {_TYPES[form]: {"schema": schema}}}}
    if inside:
        answers["404"] = {"description": "There is nothing at this address."}
    return {
        "summary": room.summary,
        "operationId": f"{room.title.lower()}_{form}",
        "parameters": [*inside, *asked],
        "responses": answers,
    }


def _change(path: str, summary: str, fields: tuple[str, ...]) -> dict[str, object]:
    kind = "multipart/form-data" if "files" in fields else "application/x-www-form-urlencoded"
    schema = {"type": "object", "properties": {name: {"type": "string"} for name in fields}, "required": ["csrf"]}
    if "files" in fields:
        schema["properties"]["files"] = {"type": "array", "items": {"type": "string", "format": "binary"}}
    return {
        "summary": summary,
        "operationId": f"{path.strip('/')}_post",
        "requestBody": {"required": True, "content": {kind: {"schema": schema}}},
        "responses": {
            "200": {"description": "What became of it."},
            "303": {"description": "Kept; the page it came from."},
            "403": {"description": "Not from a form of this desk."},
        },
    }

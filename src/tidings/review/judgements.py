"""What people have decided about facts.

In: a store. Out: its judgements as they were made, with what has been undone marked.
It keeps none itself and applies none.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import msgspec

from tidings.facts import Record
from tidings.store import Store
from tidings.text import Span

__all__ = [
    "Judgement",
    "Value",
    "active",
    "digest_of",
    "judgements",
    "judgements_everywhere",
    "judgements_of",
    "record_of",
]

_COLUMNS = (
    'number, key, at, author, page, fact, start, "end", quoted, before, after, judged, decision, value, note, undoes'
)
# What the JSON of a value or a fact holds is its own affair.
Value = dict[str, Any]


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """What a person has decided about a fact.

    `page` is the digest of the page, None for what is about actors everywhere. `quoted` are the characters judged,
    `before` and `after` what stood around them, `judged` what the fact said. `undone` tells that a later judgement
    takes this one back.
    """

    number: int
    key: str
    at: str
    author: str
    page: str | None
    fact: str
    span: Span | None
    decision: str
    quoted: str | None = None
    before: str | None = None
    after: str | None = None
    judged: Value | None = None
    value: Value | None = None
    note: str | None = None
    undoes: int | None = None
    undone: bool = False


def judgements(store: Store, *, page: str | None = None) -> list[Judgement]:
    """Return the judgements in the order they were made; with `page` those of it, and those about actors everywhere."""
    if page is None:
        return _read(store, "")
    return _read(store, " WHERE page = ? OR page IS NULL", digest_of(store, page) or page)


def judgements_of(store: Store, sha256: str) -> list[Judgement]:
    """Return the judgements of one page alone."""
    return _read(store, " WHERE page = ?", sha256)


def judgements_everywhere(store: Store) -> list[Judgement]:
    """Return the judgements of no page: those about actors everywhere."""
    return _read(store, " WHERE page IS NULL")


def _read(store: Store, where: str, *values: str) -> list[Judgement]:
    found = [
        _from_row(row) for row in store.query(f"SELECT {_COLUMNS} FROM judgements{where} ORDER BY at, number", *values)
    ]
    gone = _undone(found)
    return [msgspec.structs.replace(one, undone=True) if one.number in gone else one for one in found]


def active(judged: Iterable[Judgement]) -> list[Judgement]:
    """Return the judgements that stand: neither undone nor undoing."""
    return [judgement for judgement in judged if not judgement.undone and judgement.decision != "undo"]


def digest_of(store: Store, page: str) -> str | None:
    """Return the SHA-256 of the page that is meant by its digest, its id or the id of its record."""
    found = next(store.query("SELECT sha256 FROM articles WHERE sha256 = ?1 OR id = ?1 OR page = ?1", page), None)
    return found[0] if found else None


def record_of(store: Store, sha256: str) -> Record | None:
    """Return the record of the page with this digest."""
    found = next(store.query("SELECT id FROM articles WHERE sha256 = ?", sha256), None)
    return store.get(found[0]) if found else None


def _from_row(row: tuple) -> Judgement:
    (number, key, at, author, page, fact, start, end, quoted, before, after, judged, decision, value, note, undoes) = (
        row
    )
    return Judgement(
        number=number, key=key, at=at, author=author, page=page, fact=fact,
        span=Span(start, end) if start is not None else None, quoted=quoted, before=before, after=after,
        judged=json.loads(judged) if judged else None, decision=decision, value=json.loads(value) if value else None,
        note=note, undoes=undoes,
    )  # fmt: skip


def _undone(found: Iterable[Judgement]) -> set[int]:
    """Return the numbers of what is undone; an undoing that is itself undone counts for nothing."""
    undoing = {judgement.number: judgement.undoes for judgement in found if judgement.undoes is not None}
    gone: set[int] = set()
    # What undoes is younger than what it undoes: from the youngest down each is settled before it is asked.
    for number in sorted(undoing, reverse=True):
        if number not in gone:
            gone.add(undoing[number])
    return gone

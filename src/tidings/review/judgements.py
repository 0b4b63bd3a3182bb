"""Keep what a person decides about a fact, with author and time; nothing is ever overwritten.

In: a decision, by whom, when. Out: its number; the judgements as they were made, with what has been undone marked.
It takes no clock: the time is the caller's.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from sqlite3 import Connection
from typing import Any

import msgspec

from tidings.errors import UsageError
from tidings.facts import Record
from tidings.review.pointing import FACTS, describe, find_fact
from tidings.review.values import DECISIONS, check_value
from tidings.store import Store
from tidings.text import Span

__all__ = ["Judgement", "active", "judge", "judgements", "undo"]

_COLUMNS = (
    'number, key, at, author, page, fact, start, "end", quoted, before, after, judged, decision, value, note, undoes'
)
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)?", re.ASCII)
_AROUND = 40
"""Characters kept from either side of the judged words."""

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


def judge(
    store: Store,
    *,
    page: str | None,
    fact: str,
    span: tuple[int, int] | None,
    decision: str,
    value: Value | None = None,
    note: str | None = None,
    author: str,
    at: str,
    index: int | None = None,
) -> int:
    """Keep a judgement; return its number, that of the same one where it is there already.

    `page` is the SHA-256 of the page, its id, or the id of its record; None for merging or splitting actors
    everywhere. `fact` is event, quote, mention, place, time, actor or article; `span` its characters: those of the
    trigger of an event. `index` says which one, where several facts of a kind have the same characters. `at` is UTC
    in ISO form. Raises `UsageError` for what makes no sense or is not there.

    >>> import tempfile, tidings
    >>> from tidings.review import applied
    >>> from tidings.store import open_store
    >>> record = tidings.read("Iran signed an agreement with Oman on Monday.", media="article")
    >>> with tempfile.TemporaryDirectory() as folder, open_store(f"{folder}/news.db", create=True) as store:
    ...     _ = store.add(record)
    ...     number = judge(store, page=record.id, fact="event", span=record.events[0].trigger, decision="reject",
    ...                    author="Leila", at="2026-01-05T10:00:00Z")
    ...     [(j.decision, j.quoted) for j in judgements(store)], len(applied(record, judgements(store)).events)
    ([('reject', 'agreement')], 0)
    """
    _check(fact, decision, author, at)
    check_value(fact, decision, value)
    row: dict[str, str | int | None] = dict.fromkeys(("page", "start", "end", "quoted", "before", "after", "judged"))
    if page is not None:
        row |= _pointer(store, page, fact, span, index, decision)
    elif fact != "actor" or decision not in ("merge", "split", "note"):
        raise UsageError("a judgement without a page is about actors: merge, split or note")
    row |= {"at": at, "author": author, "fact": fact, "decision": decision, "note": note, "undoes": None}
    row["value"] = _compact(value) if value is not None else None
    with store.change() as connection:
        return keep(connection, row)


def undo(store: Store, number: int, *, author: str, at: str) -> int:
    """Take a judgement back by a new one; return its number. What is undone can be brought back by undoing that.

    Raises `UsageError` when there is no such judgement, or it is undone already.
    """
    _check("event", "undo", author, at)
    found = next((judgement for judgement in judgements(store) if judgement.number == number), None)
    if found is None:
        raise UsageError(f"there is no judgement {number}")
    if found.undone:
        raise UsageError(f"judgement {number} is undone already")
    start, end = found.span or (None, None)
    row: dict[str, str | int | None] = {
        "at": at, "author": author, "page": found.page, "fact": found.fact, "start": start, "end": end,
        "quoted": found.quoted, "before": found.before, "after": found.after, "judged": None, "decision": "undo",
        "value": None, "note": None, "undoes": number,
    }  # fmt: skip
    with store.change() as connection:
        return keep(connection, row)


def judgements(store: Store, *, page: str | None = None) -> list[Judgement]:
    """Return the judgements in the order they were made; with `page` those of it, and those about actors everywhere."""
    sql, values = f"SELECT {_COLUMNS} FROM judgements", ()
    if page is not None:
        sql, values = f"{sql} WHERE page = ? OR page IS NULL", (digest_of(store, page) or page,)
    found = [_from_row(row) for row in store.query(f"{sql} ORDER BY at, number", *values)]
    gone = _undone(found)
    return [msgspec.structs.replace(judgement, undone=judgement.number in gone) for judgement in found]


def active(judged: Iterable[Judgement]) -> list[Judgement]:
    """Return the judgements that stand: neither undone nor undoing."""
    return [judgement for judgement in judged if not judgement.undone and judgement.decision != "undo"]


def keep(connection: Connection, row: Mapping[str, str | int | None]) -> int:
    """Keep the row of a judgement under the key of its content; return its number.

    The same judgement is kept once, unless the earlier one was undone meanwhile.
    """
    undoes = None
    if row["undoes"] is not None:
        undoes = connection.execute("SELECT key FROM judgements WHERE number = ?", (row["undoes"],)).fetchone()[0]
    told = {**row, "undoes": undoes}
    for again in range(1000):
        key = digest({**told, "again": again} if again else told)
        found = connection.execute("SELECT number FROM judgements WHERE key = ?", (key,)).fetchone()
        if found is None:
            return insert(connection, {**row, "key": key})
        if not _is_undone(connection, found[0]):
            return int(found[0])
    raise UsageError("the same has been judged and undone a thousand times in one second")


def insert(connection: Connection, row: Mapping[str, str | int | None]) -> int:
    """Insert a row as it is."""
    names = ", ".join(f'"{name}"' for name in row)
    marks = ", ".join("?" for _ in row)
    done = connection.execute(f"INSERT INTO judgements ({names}) VALUES ({marks})", tuple(row.values()))
    return int(done.lastrowid or 0)


def digest(content: Mapping[str, str | int | None]) -> str:
    """Return the key of the content of a judgement."""
    line = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.blake2b(line.encode(), digest_size=12).hexdigest()


def digest_of(store: Store, page: str) -> str | None:
    """Return the SHA-256 of the page that is meant by its digest, its id or the id of its record."""
    found = next(store.query("SELECT sha256 FROM articles WHERE sha256 = ?1 OR id = ?1 OR page = ?1", page), None)
    return found[0] if found else None


def record_of(store: Store, sha256: str) -> Record | None:
    """Return the record of the page with this digest."""
    found = next(store.query("SELECT id FROM articles WHERE sha256 = ?", sha256), None)
    return store.get(found[0]) if found else None


def _check(fact: str, decision: str, author: str, at: str) -> None:
    if fact not in FACTS:
        raise UsageError(f"a fact is {', '.join(FACTS)}, not {fact!r}")
    if decision not in DECISIONS and decision != "undo":
        raise UsageError(f"a decision is {', '.join(DECISIONS)}, not {decision!r}")
    if not author.strip():
        raise UsageError("a judgement has an author")
    if not _TIME.fullmatch(at):
        raise UsageError(f"the time of a judgement is UTC like 2026-01-05T10:00:00Z, not {at!r}")


def _pointer(
    store: Store, page: str, fact: str, span: tuple[int, int] | None, index: int | None, decision: str
) -> dict[str, str | int | None]:
    sha256 = digest_of(store, page)
    record = record_of(store, sha256) if sha256 else None
    if record is None:
        raise UsageError(f"no page of the store is {page!r}")
    if span is None:
        if fact not in ("article", "actor"):
            raise UsageError(f"{fact}: a judgement needs its characters")
        judged = _compact(describe(record, fact, 0)) if fact == "article" else None
        return {"page": sha256, "judged": judged}
    text = record.article.text
    if not 0 <= span[0] < span[1] <= len(text):
        raise UsageError(f"the article has no characters {span[0]} to {span[1]}")
    found = find_fact(record, fact, Span(*span), index)
    if found is None and fact != "actor" and decision != "note":
        raise UsageError(f"there is no {fact} at {span[0]} to {span[1]}: {text[slice(*span)][:60]!r}")
    return {
        "page": sha256, "start": span[0], "end": span[1], "quoted": text[slice(*span)],
        "before": text[max(0, span[0] - _AROUND) : span[0]], "after": text[span[1] : span[1] + _AROUND],
        "judged": _compact(describe(record, fact, found)) if found is not None else None,
    }  # fmt: skip


def _compact(value: Mapping[str, Any]) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


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


def _is_undone(connection: Connection, number: int) -> bool:
    found = connection.execute("SELECT number FROM judgements WHERE undoes = ?", (number,)).fetchall()
    return any(not _is_undone(connection, row[0]) for row in found)

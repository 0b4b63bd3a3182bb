"""Keep what a person decides about a fact, with author and time; nothing is ever overwritten.

In: a decision, by whom, when. Out: its number; the tables of the store, as judged.
It takes no clock: the time is the caller's.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from sqlite3 import Connection
from typing import Any

from tidings.errors import UsageError
from tidings.review.judgements import Value, digest_of, judgements, judgements_everywhere, record_of
from tidings.review.pointing import FACTS, describe, find_fact, words_around
from tidings.review.settling import renew_merges, settle
from tidings.review.values import DECISIONS, check_value
from tidings.store import Store
from tidings.text import Span

__all__ = ["insert", "judge", "undo"]

_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)?", re.ASCII)
AT_ONCE = 12
"""Articles that are written anew while the person waits."""


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
    elif decision == "merge" and value:
        row["judged"] = _who(store, value.get("into") or value["actors"][0])
    row |= {"at": at, "author": author, "fact": fact, "decision": decision, "note": note, "undoes": None}
    row["value"] = _compact(value) if value is not None else None
    return _keep(store, row)


def undo(store: Store, number: int, *, author: str, at: str) -> int:
    """Take a judgement back by a new one; return its number. What is undone can be brought back by undoing that.

    Raises `UsageError` when there is no such judgement, or it is undone already.
    """
    _check("event", "undo", author, at)
    page = next(store.query("SELECT page FROM judgements WHERE number = ?", number), None)
    if page is None:
        raise UsageError(f"there is no judgement {number}")
    told = judgements(store, page=page[0]) if page[0] else judgements_everywhere(store)
    found = next(judgement for judgement in told if judgement.number == number)
    if found.undone:
        raise UsageError(f"judgement {number} is undone already")
    start, end = found.span or (None, None)
    row: dict[str, str | int | None] = {
        "at": at, "author": author, "page": found.page, "fact": found.fact, "start": start, "end": end,
        "quoted": found.quoted, "before": found.before, "after": found.after, "judged": None, "decision": "undo",
        "value": None, "note": None, "undoes": number,
    }  # fmt: skip
    return _keep(store, row)


def _keep(store: Store, row: Mapping[str, str | int | None]) -> int:
    """Keep a judgement, and write anew the tables of what it is about; where that is much, `update` does the rest."""
    with store.change() as connection:
        number = keep(connection, row)
        page = row["page"]
        if page is None:
            renew_merges(store, connection)
        settle(store, connection, AT_ONCE, page=str(page) if page else None)
    return number


def keep(connection: Connection, row: Mapping[str, str | int | None]) -> int:
    """Keep the row of a judgement under the key of its content; return its number.

    The same judgement is kept once, unless the earlier one was undone meanwhile.
    """
    undoes = None
    if row["undoes"] is not None:
        undoes = connection.execute("SELECT key FROM judgements WHERE number = ?", (row["undoes"],)).fetchone()[0]
    told = {**row, "undoes": undoes}
    for again in range(1000):
        key = _digest({**told, "again": again} if again else told)
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


def _digest(content: Mapping[str, str | int | None]) -> str:
    """Return the key of the content of a judgement."""
    line = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.blake2b(line.encode(), digest_size=12).hexdigest()


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
    before, quoted, after = words_around(record, Span(*span))
    return {
        "page": sha256, "start": span[0], "end": span[1], "quoted": quoted, "before": before, "after": after,
        "judged": _compact(describe(record, fact, found)) if found is not None else None,
    }  # fmt: skip


def _who(store: Store, id: str) -> str | None:
    """Return who it is that actors are merged into, for pages that do not name that one."""
    names = ("name", "type", "country", "sector", "code", "wikidata")
    found = next(store.query(f"SELECT {', '.join(names)} FROM known_actors WHERE id = ?", id), None)
    return _compact(dict(zip(names, found, strict=True))) if found else None


def _compact(value: Mapping[str, Any]) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _is_undone(connection: Connection, number: int) -> bool:
    found = connection.execute("SELECT number FROM judgements WHERE undoes = ?", (number,)).fetchall()
    return any(not _is_undone(connection, row[0]) for row in found)

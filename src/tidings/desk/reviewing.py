"""Judge facts at the desk: accept, reject, correct, note, undo; merge and split actors.

In: what a form brought. Out: the judgement kept, and the address to go back to; pages of doubts and corrections.
What a judgement is and does, is `tidings.review`'s.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any, cast
from urllib.parse import unquote, urlsplit

import msgspec

from tidings.desk.shelf import Shelf
from tidings.desk.telling import short
from tidings.desk.views import Table, View, number_of
from tidings.errors import UsageError
from tidings.facts import UNSAID, Record
from tidings.review import Judgement, active, judge, judgements, queue, standing, undo
from tidings.review.applying import corrected
from tidings.review.pointing import facts_of, span_of_fact
from tidings.review.values import RECODES
from tidings.store.rows import fold
from tidings.text import Span

__all__ = ["AUTHOR", "Verdict", "back_to", "correction", "doubts", "read_author", "review", "verdicts_of"]

AUTHOR = "tidings_author"
"""The cookie with the name that judgements are signed with."""
_QUEUE = 12
_LAST = 40
_WAIT = 0.05
"""Seconds a judgement waits for the acts that rest on it."""


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What stands about one fact of an article: the last judgement of it, and by which number it is undone."""

    decision: str
    number: int
    author: str
    at: str
    says: str = ""


def read_author(cookie: str | None) -> str:
    """Return the name a person has given once.

    >>> read_author("Ren%C3%A9"), read_author(None)
    ('René', '')
    """
    return unquote(cookie or "", errors="replace")[:80]


def back_to(address: str) -> str:
    r"""Return where to go back to: an address of this desk, whatever the form says.

    >>> back_to("/article/a#event-1"), back_to("//evil.example/x"), back_to("https://evil.example/"), back_to("/\\evil")
    ('/article/a#event-1', '/today', '/today', '/today')
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        return "/today"
    inside = address.startswith("/") and not parts.scheme and not parts.netloc
    return address if inside and address.isprintable() and address.isascii() and "\\" not in address else "/today"


def review(shelf: Shelf, fields: Mapping[str, str], author: str) -> str:
    """Keep a judgement; return the address to go back to. Raises `UsageError` for one that makes no sense."""
    at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    value = _value(shelf, fields, fields.get("decision", ""))
    decision = fields.get("decision", "")
    with shelf.changing() as store:
        if decision == "undo":
            number = number_of(fields.get("number"))
            if number is None:
                raise UsageError("there is nothing to undo")
            undo(store, number, author=author, at=at)
        else:
            judge(
                store,
                page=fields.get("page") or None,
                fact=fields.get("fact", ""),
                span=_span(fields),
                decision=decision,
                value=value,
                note=fields.get("note", "").strip()[:2_000] or None,
                author=author,
                at=at,
                index=number_of(fields.get("index")),
            )
    # What rests on it in stories and acts is told again behind the pages, mostly before the next one is drawn.
    shelf.catch_up(_WAIT)
    return back_to(fields.get("back", ""))


def _span(fields: Mapping[str, str]) -> tuple[int, int] | None:
    start, end = number_of(fields.get("start")), number_of(fields.get("end"))
    return (start, end) if start is not None and end is not None else None


def _actor(shelf: Shelf, given: str) -> str:
    """Return the id of the actor that is meant by its id, or by a name that no other bears."""
    known = "SELECT id FROM known_actors WHERE id = ?1 UNION SELECT id FROM merged_actors WHERE id = ?1"
    if shelf.row(f"{known} UNION SELECT key FROM parties WHERE key = ?1", given):
        return given
    found = shelf.rows("SELECT DISTINCT actor FROM known_names WHERE folded = ? ORDER BY 1 LIMIT 5", fold(given))
    if len(found) == 1:
        return found[0][0]
    raise UsageError(
        f"{given!r} may be several actors; give the id of one: {', '.join(row[0] for row in found)}"
        if found
        else f"no actor is called {given!r}"
    )


def _value(shelf: Shelf, fields: Mapping[str, str], decision: str) -> dict[str, Any] | None:
    """Return what a form changes: only what is now other than it was."""
    fact = fields.get("fact", "")
    if decision in ("merge", "split") and fact == "actor":
        actors = [fields.get("actor", "").strip(), _actor(shelf, fields.get("other", "").strip())]
        return {"actors": actors, "into": actors[0]} if decision == "merge" else {"actors": actors}
    if decision != "recode":
        return None
    value: dict[str, Any] = {}
    for name, takes in RECODES.get(fact, {}).items():
        given, was = fields.get(f"set_{name}"), fields.get(f"was_{name}", "")
        if takes == "sides":
            # Unchecked boxes are not sent at all: what is asked about is told by what it was.
            if f"was_{name}" in fields and (given or "").split("\n") != was.split("\n"):
                value[name] = [id for id in (given or "").split("\n") if id]
        elif given is not None and given.strip() != was:
            value[name] = _typed(given.strip(), takes)
    if not value:
        raise UsageError("nothing was changed")
    return value


def _typed(given: str, takes: object) -> str | float | None:
    if not given:
        return None
    if takes != "number":
        return given
    try:
        return float(given) if "." in given else int(given)
    except ValueError:
        raise UsageError(f"a number, not {given!r}") from None


def verdicts_of(shelf: Shelf, record: Record) -> tuple[list[Judgement], dict[str, Verdict]]:
    """Return the judgements of an article, and the one that stands for each fact, by a name such as `event-0`."""
    known = judgements(shelf.store, page=record.page.sha256)
    found: dict[str, Verdict] = {}
    for one in active(known):
        if one.page is None or one.fact == "actor":
            continue
        stands = standing(record, one)
        if stands.state == "applies" and stands.index is not None:
            says = ", ".join(f"{name}: {_shown(new)}" for name, new in (one.value or {}).items())
            says = f"{says}; {one.note}" if says and one.note else says or one.note or ""
            found[f"{one.fact}-{stands.index}"] = Verdict(
                decision={"accept": "accepted", "reject": "rejected", "recode": "corrected"}.get(one.decision, "noted"),
                number=one.number,
                author=one.author,
                at=one.at,
                says=says,
            )
    return known, found


def _shown(value: object) -> str:
    if value is None:
        return "none"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def doubts(shelf: Shelf, asked: Mapping[str, str]) -> View:
    """Show the facts that are least sure and not judged yet, and what was judged last."""
    by = "chance" if asked.get("by") == "chance" else "doubt"
    found = queue(shelf.store, limit=_QUEUE, by=by)
    last = [
        dict(
            zip(
                ("number", "at", "author", "fact", "decision", "quoted", "value", "article", "start", "end"),
                row,
                strict=True,
            )
        )
        for row in shelf.rows(
            'SELECT j.number, j.at, j.author, j.fact, j.decision, j.quoted, j.value, r.id, j.start, j."end"'
            " FROM judgements j LEFT JOIN articles r ON r.sha256 = j.page"
            " WHERE j.decision <> 'undo' AND NOT EXISTS (SELECT 1 FROM judgements u WHERE u.undoes = j.number)"
            " ORDER BY j.number DESC LIMIT ?",
            _LAST,
        )
    ]
    columns = ("number", "at", "author", "fact", "decision", "quoted", "value", "article")
    return View(
        title="Review",
        template="review.html",
        data={"by": by, "doubts": found, "judged": last},
        drawn={"pieces": [_pieces(doubt.text, doubt.marks) for doubt in found], "unsaid": UNSAID},
        table=Table(columns, [[row[column] for column in columns] for row in last]),
    )


def _pieces(text: str, marks: tuple[tuple[int, int, str], ...]) -> list[tuple[str, bool]]:
    """Cut a text where marks begin and end; True for what is marked."""
    edges = sorted({0, len(text), *(at for start, end, _ in marks for at in (start, end) if 0 <= at <= len(text))})
    return [
        (text[low:high], any(start <= low and high <= end for start, end, _ in marks))
        for low, high in pairwise(edges)
        if low < high
    ]


def correction(shelf: Shelf, id: str, asked: Mapping[str, str]) -> View | None:
    """Show the form that corrects one fact of an article."""
    record = shelf.store.get(id)
    # What is corrected again begins as it was corrected last.
    record = corrected(record, judgements(shelf.store, page=record.page.sha256)) if record else None
    kind, index = asked.get("fact", ""), number_of(asked.get("index")) or 0
    if record is None or kind not in ("event", "quote", "mention", "place", "time", "article"):
        return None
    fact: Any = record.article if kind == "article" else None
    span: Span | None = None
    if kind != "article":
        facts = facts_of(record, kind)
        if index >= len(facts):
            return None
        fact, span = facts[index], span_of_fact(facts[index])
    data = {
        "id": record.id,
        "fact": kind,
        "index": index,
        "start": span.start if span else None,
        "end": span.end if span else None,
        "words": short(fact.sentence.of(record.article.text) if kind == "event" else span.of(record.article.text))
        if span
        else record.article.title,
        "fields": [
            {
                "name": name,
                "takes": takes if isinstance(takes, str) else list(cast(tuple, takes)),
                "was": _was(fact, name),
            }
            for name, takes in RECODES[kind].items()
        ],
        "actors": [{"id": actor.id, "name": actor.name} for actor in record.actors],
    }
    return View(title="Correct", template="correct.html", data=data)


def _was(fact: Any, name: str) -> str | list[str]:  # facts of six kinds, each with its own fields
    value = getattr(fact, name, None)
    if name in ("source", "target"):
        return [side.actor for side in value or () if side.actor]
    if name == "date" or name == "published":
        return (value.value if value else None) or ""
    return "" if value is None else str(value)

"""Judgements as lines of JSON: from one store to another, and to those who train models on them.

In: a store, or lines. Out: lines, or rows; the same judgement brought in twice is there once.
A judgement of a page that the store does not hold is kept for the day it does.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from tidings.errors import UsageError
from tidings.facts import Record
from tidings.review.judgements import Judgement, active, judgements, record_of
from tidings.review.judging import insert
from tidings.review.pointing import FACTS, describe, standing
from tidings.review.queueing import KINDS, evidence
from tidings.review.values import DECISIONS, check_value
from tidings.store import Store

__all__ = ["Example", "export_judgements", "import_judgements", "training_data"]


class Example(msgspec.Struct, frozen=True, kw_only=True):
    """A judged fact with its words, for training: `spans` point into `text`, `label` is what was read.

    `right` is what it should be: the label where it was accepted, with the changes where it was recoded, None where
    the fact was rejected.
    """

    fact: str
    text: str
    spans: tuple[tuple[int, int, str], ...]
    label: dict[str, Any]
    verdict: str
    right: dict[str, Any] | None
    author: str
    at: str
    page: str
    url: str | None = None


class _Line(msgspec.Struct, frozen=True, kw_only=True):
    key: str
    at: str
    author: str
    page: str | None
    fact: str
    span: tuple[int, int] | None
    decision: str
    quoted: str | None = None
    before: str | None = None
    after: str | None = None
    judged: dict[str, Any] | None = None
    value: dict[str, Any] | None = None
    note: str | None = None
    undoes: str | None = None


def export_judgements(store: Store) -> Iterator[str]:
    """Yield all judgements as lines of JSON, in the order they came, what is undone and what undoes it among them."""
    told = sorted(judgements(store), key=lambda one: one.number)
    keys = {one.number: one.key for one in told}
    for one in told:
        fields = {name: getattr(one, name) for name in _Line.__struct_fields__ if name != "undoes"}
        line = _Line(**fields, undoes=keys[one.undoes] if one.undoes is not None else None)
        yield msgspec.json.encode(line).decode()


def import_judgements(store: Store, lines: Iterable[str]) -> int:
    """Keep judgements from lines of JSON, all or none; return how many were new.

    `tidings.stories.update` then brings them to the tables.
    Raises `UsageError` naming the line that is no judgement.
    """
    new = 0
    with store.change() as connection:
        numbers = dict(connection.execute("SELECT key, number FROM judgements"))
        for number, text in enumerate(lines, 1):
            if not text.strip():
                continue
            line = _read(number, text)
            if line.key in numbers:
                continue
            if line.undoes is not None and line.undoes not in numbers:
                raise UsageError(f"line {number} undoes a judgement that is not there: {line.undoes}")
            row = {
                "key": line.key, "at": line.at, "author": line.author, "page": line.page, "fact": line.fact,
                "start": line.span[0] if line.span else None, "end": line.span[1] if line.span else None,
                "quoted": line.quoted, "before": line.before, "after": line.after, "judged": _json(line.judged),
                "decision": line.decision, "value": _json(line.value), "note": line.note,
                "undoes": numbers[line.undoes] if line.undoes is not None else None,
            }  # fmt: skip
            numbers[line.key] = insert(connection, row)
            new += 1
    return new


def training_data(store: Store) -> Iterator[Example]:
    """Yield the judged events, quotes, mentions, places and times with their words, the last verdict on each.

    A fact whose page was read anew and no longer holds it is given with the words that were kept.
    """
    last: dict[tuple, Judgement] = {}
    for one in active(judgements(store)):
        if one.decision in ("accept", "reject", "recode") and one.fact in KINDS and one.judged:
            last[one.page, one.fact, one.span, json.dumps(one.judged, sort_keys=True)] = one
    page, record = None, None
    for one in sorted(last.values(), key=lambda one: (one.page or "", one.number)):
        if one.page != page:
            page, record = one.page, record_of(store, one.page or "")
        yield _example(one, record)


def _example(one: Judgement, record: Record | None) -> Example:
    label = {name: value for name, value in (one.judged or {}).items() if name != "score"}
    stands = standing(record, one) if record else None
    if record and stands and stands.index is not None and _says(record, one, stands.index) == label:
        text, spans = evidence(record, one.fact, stands.index)
    else:
        before, quoted = one.before or "", one.quoted or ""
        text = f"{before}{quoted}{one.after or ''}"
        spans = ((len(before), len(before) + len(quoted), "trigger" if one.fact == "event" else one.fact),)
    right = None if one.decision == "reject" else label | (_named(one, record) if one.decision == "recode" else {})
    return Example(
        fact=one.fact, text=text, spans=spans, label=label, verdict=one.decision, right=right, author=one.author,
        at=one.at, page=one.page or "", url=record.page.url if record else None,
    )  # fmt: skip


def _says(record: Record, one: Judgement, index: int) -> dict[str, Any]:
    return {name: value for name, value in describe(record, one.fact, index).items() if name != "score"}


def _named(one: Judgement, record: Record | None) -> dict[str, Any]:
    """Return what a recode changes, actors by their names as in the label."""
    names = {actor.id: actor.name for actor in record.actors} if record else {}
    value: dict[str, Any] = dict(one.value or {})
    if one.fact == "event" and "type" in value:
        # A mode and a code belong to the type they were read with.
        value = {"mode": None, "cameo": None, **value}
    for field in ("speaker", "actor", "according_to"):
        if field in value:
            value[field] = names.get(value[field], value[field])
    for field in ("source", "target"):
        if value.get(field):
            value[field] = [names.get(actor, actor) for actor in value[field]]
    return value


def _read(number: int, text: str) -> _Line:
    try:
        line = msgspec.json.decode(text, type=_Line)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"line {number} is no judgement: {error}") from error
    if line.fact not in FACTS or line.decision not in (*DECISIONS, "undo"):
        raise UsageError(f"line {number} is no judgement: {line.decision} of {line.fact}")
    if line.span is not None and not 0 <= line.span[0] < line.span[1]:
        raise UsageError(f"line {number} is no judgement: characters {line.span[0]} to {line.span[1]}")
    if (line.decision == "undo") != (line.undoes is not None):
        raise UsageError(f"line {number} is no judgement: what undoes names what it undoes")
    if line.decision != "undo":
        try:
            check_value(line.fact, line.decision, line.value)
        except UsageError as error:
            raise UsageError(f"line {number} is no judgement: {error}") from error
    return line


def _json(value: dict[str, Any] | None) -> str | None:
    if value is None:
        return None
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))

"""What a person should look at first: facts that no one has judged, the most doubtful ahead.

In: a store. Out: facts, each with the words around it and where in them it stands.
It judges nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, Literal

import msgspec

from tidings.errors import UsageError
from tidings.facts import Event, Quote, Record
from tidings.review.judgements import Judgement, active, judgements
from tidings.review.pointing import describe, facts_of, span_of_fact, standing, words_around
from tidings.store import Store
from tidings.text import Span

__all__ = ["KINDS", "Doubt", "doubt_of", "evidence", "queue"]

KINDS: tuple[str, ...] = ("event", "quote", "mention", "place", "time")
_TABLES = {"event": "events", "quote": "quotes", "mention": "mentions", "place": "places", "time": "times"}
_AROUND = 160
_BY = {
    "doubt": "abs(f.score - 0.5)",
    # Multiplied by large primes and cut, places fall all over; what a fact says has no part in it.
    "chance": "(f.article * 2654435761 + f.number * 1597334677 + f.start * 805459861) % 4294967291",
}
_MORE = 1_000
"""Facts that are looked through beyond those that would do if none was told twice."""


class Doubt(msgspec.Struct, frozen=True, kw_only=True):
    """A fact to be judged: `text` is what is shown, `marks` where in it the fact's parts stand, each with its name."""

    fact: str
    page: str
    article: str
    title: str | None
    outlet: str | None
    published: str | None
    span: Span
    index: int
    score: float
    says: dict[str, Any]
    text: str
    marks: tuple[tuple[int, int, str], ...]
    why: str | None = None


def queue(
    store: Store,
    *,
    kinds: Sequence[str] = ("event", "quote"),
    limit: int = 20,
    by: Literal["doubt", "chance"] = "doubt",
    page: str | None = None,
) -> list[Doubt]:
    """Return facts that no one has judged, those with a score nearest to one half first, the lower of two first.

    What copies of one text tell in the same words is asked once, unless it is a sample or one page that is asked for.
    `by="chance"` takes them in an order that has nothing to do with what they say, but is always the same: from such
    a sample a precision can be told. Raises `UsageError` for an unknown kind.

    >>> import tempfile, tidings
    >>> from tidings.store import open_store
    >>> record = tidings.read("Iran signed an agreement with Oman on Monday.", media="article")
    >>> with tempfile.TemporaryDirectory() as folder, open_store(f"{folder}/news.db", create=True) as store:
    ...     _ = store.add(record)
    ...     [(doubt.fact, doubt.says["type"]) for doubt in queue(store, kinds=["event"])]
    [('event', 'SUPPORT')]
    """
    for kind in kinds:
        if kind not in KINDS:
            raise UsageError(f"facts to review are {', '.join(KINDS)}, not {kind!r}")
    found: list[Doubt] = []
    once = _told(store) if by == "doubt" and page is None else None
    seen: dict[int, tuple[Record, set[tuple[str, int]]]] = {}
    for _, _, article, kind, number in _candidates(store, kinds, by, page, limit):
        if article not in seen:
            if len(seen) > 64:
                seen.pop(next(iter(seen)))
            record = store.at(article)
            seen[article] = record, _judged(record, judgements(store, page=record.page.sha256))
        record, judged = seen[article]
        if (kind, number) in judged or number >= len(facts_of(record, kind)):
            continue
        if once is not None:
            span = span_of_fact(facts_of(record, kind)[number])
            words = (kind, *words_around(record, span), _compact(describe(record, kind, number)))
            if words in once:
                continue
            once.add(words)
        found.append(doubt_of(record, kind, number))
        if len(found) >= limit:
            break
    return found


def doubt_of(record: Record, kind: str, index: int) -> Doubt:
    """Return a fact of a record as it is shown to be judged."""
    fact: Any = facts_of(record, kind)[index]
    text, marks = evidence(record, kind, index)
    published = record.article.published
    return Doubt(
        fact=kind, page=record.page.sha256, article=record.id, title=record.article.title,
        outlet=record.article.outlet or record.page.outlet, published=published.value if published else None,
        span=span_of_fact(fact), index=index, score=fact.score, says=describe(record, kind, index), text=text,
        marks=marks, why=fact.why,
    )  # fmt: skip


def evidence(record: Record, kind: str, index: int) -> tuple[str, tuple[tuple[int, int, str], ...]]:
    """Return the words that show a fact, with what is around them, and the marks of its parts in them."""
    fact: Any = facts_of(record, kind)[index]
    parts = _parts(fact, kind)
    hull = parts[0][0]
    for span, _ in parts:
        hull = hull.hull(span)
    if isinstance(fact, Event):
        hull = hull.hull(fact.sentence)
    text = record.article.text
    window = _window(record, hull)
    marks = sorted((max(span.start, window.start), min(span.end, window.end), name) for span, name in parts)
    shown = tuple((start - window.start, end - window.start, name) for start, end, name in marks if start < end)
    return window.of(text), shown


def _parts(fact: Any, kind: str) -> list[tuple[Span, str]]:
    """Return the spans of a fact with what each of them is, in the record's words."""
    if isinstance(fact, Event):
        parts = [(fact.trigger, "trigger"), *((side.span, "source") for side in fact.source)]
        parts += [(side.span, "target") for side in fact.target]
        return [*parts, (fact.date.span, "date")] if fact.date and fact.date.span else parts
    if isinstance(fact, Quote):
        parts = [(part, "quote") for part in fact.parts or (fact.span,)]
        parts += [(fact.cue, "cue")] if fact.cue else []
        return [*parts, (fact.speaker_span, "speaker")] if fact.speaker_span else parts
    return [(fact.span, kind)]


def _window(record: Record, hull: Span) -> Span:
    """Return the fact with some characters around it, within its blocks and not cut inside a word."""
    text = record.article.text
    start, end = max(0, hull.start - _AROUND), min(len(text), hull.end + _AROUND)
    blocks = [block.span for block in record.article.blocks if block.span.overlaps(hull)]
    if blocks:
        start, end = max(start, min(b.start for b in blocks)), min(end, max(b.end for b in blocks))
        start, end = min(start, hull.start), max(end, hull.end)
    while start < hull.start and start > 0 and not text[start - 1].isspace():
        start += 1
    while end > hull.end and end < len(text) and not text[end].isspace():
        end -= 1
    return Span(start, end)


def _told(store: Store) -> set[tuple[str, ...]]:
    """Return what was judged: the words, those around them, and what they were read to say."""
    return {
        (one.fact, one.before or "", one.quoted or "", one.after or "", _compact(one.judged))
        for one in active(judgements(store))
        if one.judged and one.decision != "note"
    }


def _compact(says: dict[str, Any]) -> str:
    return json.dumps({name: value for name, value in says.items() if name != "score"}, sort_keys=True)


def _candidates(
    store: Store, kinds: Sequence[str], by: str, page: str | None, limit: int
) -> Iterator[tuple[float, float, int, str, int]]:
    """Yield facts as (order, score, article, kind, number), the first to be looked at first."""
    own = " WHERE f.article = (SELECT number FROM articles WHERE sha256 = ?1 OR id = ?1 OR page = ?1)" if page else ""
    values = (page,) if page else ()
    key = _BY[by]
    # What has been judged is passed over later, so that as many more are asked for.
    judged = next(store.query("SELECT count(*) FROM judgements WHERE decision IN ('accept', 'reject', 'recode')"))[0]
    done = 0
    # Copies of what was judged may stand first: where they leave too few, more are looked through.
    for most in (limit + judged, limit + judged + _MORE):
        parts = " UNION ALL ".join(
            f"SELECT * FROM (SELECT {key} AS place, f.score, f.article, '{kind}' AS kind, f.number"
            f" FROM {_TABLES[kind]} f{own} ORDER BY {key}, f.score, f.article, f.number LIMIT {most})"
            for kind in dict.fromkeys(kinds)
        )
        rows = list(store.query(f"{parts} ORDER BY place, score, article, kind, number LIMIT {most}", *values))
        yield from rows[done:]
        if len(rows) < most:
            return
        done = most


def _judged(record: Record, told: Sequence[Judgement]) -> set[tuple[str, int]]:
    """Return the facts of a record that someone has judged and that still say what was judged."""
    found = set()
    for judgement in active(told):
        if judgement.page and judgement.decision in ("accept", "reject", "recode") and judgement.fact in KINDS:
            stands = standing(record, judgement)
            if stands.state == "applies" and stands.index is not None:
                found.add((judgement.fact, stands.index))
    return found

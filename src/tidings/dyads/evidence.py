"""The acts behind a number: who did what, in whose words, in which article at which characters.

In: a store and where to look. Out: the acts that weigh most, each with its tellings.
It weighs an act by its intensity times how many told of it independently, and counts nothing.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from tidings import data
from tidings.dyads.counts import FRIENDLY, Days, between, directions
from tidings.dyads.parties import Party
from tidings.events.ontology import cameo_type
from tidings.store import Store

__all__ = ["ActShown", "Telling", "act_type", "cameo_words", "heaviest", "show"]

_TOLD = 3
"""How many tellings of an act are shown."""
_STATEMENTS = {"01": "statement", "02": "appeal"}
"""CAMEO roots for which PLOVER has no type."""


class Telling(msgspec.Struct, frozen=True, kw_only=True):
    """Where an act is told: the article, the number of the event in it, its words and their characters.

    `start` and `end` are those of `words`, the sentence, in `article.text`.
    """

    article: str
    outlet: str | None
    published: str | None
    title: str | None
    event: int
    start: int
    end: int
    words: str


class ActShown(msgspec.Struct, frozen=True, kw_only=True):
    """An act, with up to three of its tellings; imported acts have none and are found by `dataset` and `id`."""

    number: int
    dataset: str
    id: str
    day: str
    dated: str
    source: str
    source_name: str
    target: str | None
    target_name: str | None
    type: str
    cameo: str | None
    quad: int
    intensity: float
    tellings: int
    story: str | None
    told: tuple[Telling, ...] = ()


def act_type(kind: str | None, cameo: str | None) -> str:
    """Return the PLOVER type of an act, else what its CAMEO root is called, else a dash.

    >>> act_type(None, "0311"), act_type(None, "010"), act_type("AID", None)
    ('AGREE', 'statement', 'AID')
    """
    if kind:
        return kind
    if not cameo:
        return "-"
    return cameo_type(cameo) or _STATEMENTS.get(cameo[:2], f"CAMEO {cameo[:2]}")


@functools.cache
def _texts() -> dict[str, str]:
    rows = (line.partition("\t") for line in data.read_text("imports_events.tsv").splitlines()[1:])
    named: dict[str, str] = {}
    for text, _, code in rows:
        named.setdefault(code, text)
    return named


def cameo_words(code: str) -> str:
    """Return what ICEWS calls a CAMEO code, or nothing.

    >>> cameo_words("046")
    'engage in negotiation'
    """
    return _texts().get(code, "")


def heaviest(
    store: Store,
    a: Party,
    b: Party,
    days: Days,
    *,
    limit: int,
    datasets: Sequence[int] | None = None,
    kind: tuple[str, bool] | None = None,
) -> list[int]:
    """Return the numbers of the acts that weigh most on some days, heaviest first.

    `kind` asks for one type (as `act_type` names it) and for cooperation or conflict only. What the same two did in the
    same way is taken once, as long as there is something else.
    """
    sort, wanted = _is_kind(*kind) if kind else ("", ())
    found: list[tuple[float, str, int, tuple]] = []
    for _, sides, values, era in directions(a, b, days):
        # The inner question is answered from the index alone.
        sql = (
            "SELECT weight, a.day, a.number, a.source, a.target, a.cameo, a.type FROM ("
            "SELECT number, abs(intensity) * tellings AS weight FROM acts"
            f" WHERE {sides} AND {between(datasets)}{sort} ORDER BY weight DESC, day, number LIMIT {limit * 8}"
            ") AS best JOIN acts a ON a.number = best.number"
        )
        for weight, day, number, *what in store.query(sql, *values, *era, *wanted):
            found.append((-weight, day, number, tuple(what)))
    seen: set[tuple] = set()
    first, again = [], []
    for _, _, number, what in sorted(found):
        (again if what in seen else first).append(number)
        seen.add(what)
    return (first + again)[:limit]


def _is_kind(kind: str, friendly: bool) -> tuple[str, tuple[str, ...]]:
    sort = f" AND {FRIENDLY} = {int(friendly)}"
    root = next((root for root, name in _STATEMENTS.items() if name == kind), kind.removeprefix("CAMEO "))
    if root != kind:
        return f"{sort} AND type IS NULL AND substr(cameo, 1, 2) = ?", (root,)
    if kind == "-":
        return f"{sort} AND type IS NULL AND coalesce(cameo, '') = ''", ()
    # Where a row has no type of its own it is that of its code, which SQL does not know.
    codes = sorted(code for code in _codes() if cameo_type(code) == kind)
    marks = ", ".join("?" * len(codes))
    return f"{sort} AND (type = ? OR type IS NULL AND cameo IN ({marks}))", (kind, *codes)


@functools.cache
def _codes() -> tuple[str, ...]:
    rows = (line.split("\t") for line in data.read_text("cameo_plover.tsv").splitlines()[1:] if line)
    return tuple(row[0] for row in rows)


def show(store: Store, numbers: Iterable[int]) -> Iterator[ActShown]:
    """Yield acts by their numbers, in the order given."""
    sql = (
        "SELECT d.name, d.format, a.id, a.day, a.dated, s.key, s.name, t.key, t.name, a.type, a.cameo, a.quad,"
        " a.intensity, a.tellings, a.story FROM acts a JOIN datasets d ON d.number = a.dataset"
        " JOIN parties s ON s.number = a.source LEFT JOIN parties t ON t.number = a.target WHERE a.number = ?"
    )
    for number in numbers:
        for (
            dataset,
            form,
            id,
            day,
            dated,
            source,
            by,
            target,
            to,
            kind,
            cameo,
            quad,
            weight,
            told,
            story,
        ) in store.query(sql, number):
            yield ActShown(
                number=number,
                dataset=dataset,
                id=id,
                day=day,
                dated=dated,
                source=source,
                source_name=by,
                target=target,
                target_name=to,
                type=act_type(kind, cameo),
                cameo=cameo,
                quad=quad,
                intensity=round(weight, 4),
                tellings=told,
                story=story,
                told=tuple(_tellings(store, number)) if form == "pages" else (),
            )


def _tellings(store: Store, number: int) -> Iterator[Telling]:
    sql = (
        "SELECT r.id, r.outlet, r.published, r.title, e.number, e.sentence_start, e.sentence_end,"
        " substr(r.text, e.sentence_start + 1, e.sentence_end - e.sentence_start)"
        " FROM act_tellings w JOIN articles r ON r.number = w.article"
        " JOIN events e ON e.article = w.article AND e.number = w.event"
        " WHERE w.act = ? ORDER BY r.published IS NULL, r.published, r.number, e.number LIMIT ?"
    )
    for article, outlet, published, title, event, start, end, words in store.query(sql, number, _TOLD):
        yield Telling(
            article=article,
            outlet=outlet,
            published=published,
            title=title,
            event=event,
            start=start,
            end=end,
            words=words,
        )

"""The timeline: what an actor did and said, or how a story went, day by day.

In: a store, and an actor or a story. Out: steps in order of time, each with where it is told.
What has no known day is left out. It decides nothing: acts were merged and stories found when they were taken in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from tidings.errors import UsageError
from tidings.facts import Fact
from tidings.store import Store
from tidings.store.rows import fold
from tidings.stories.days import days_between
from tidings.stories.listing import someone
from tidings.stories.tellings import TELLING, Telling, telling_of

__all__ = ["Step", "timeline"]

_ACTS = """
SELECT a.number, a.day, a.dated, a.type, a.cameo, s.key, s.name, t.key, t.name, a.place, a.tellings, d.name, a.story
FROM acts a JOIN datasets d ON d.number = a.dataset JOIN parties s ON s.number = a.source
LEFT JOIN parties t ON t.number = a.target
WHERE {where} AND +a.day BETWEEN ?1 AND ?2 ORDER BY a.day DESC, a.number DESC LIMIT ?3
"""
_TOLD = f"""
SELECT {TELLING}, e.sentence_start, e.sentence_end,
    substr(r.text, e.sentence_start + 1, e.sentence_end - e.sentence_start)
FROM act_tellings l JOIN events e ON e.article = l.article AND e.number = l.event
JOIN articles r ON r.number = l.article WHERE l.act = ? ORDER BY r.published, l.article, l.event
"""
_QUOTES = f"""
SELECT {TELLING}, q.start, q."end", substr(r.text, q.start + 1, q."end" - q.start), q.kind, q.speaker,
    coalesce((SELECT a.name FROM actors a WHERE a.article = q.article AND a.id = q.speaker),
        substr(r.text, q.speaker_start + 1, q.speaker_end - q.speaker_start)),
    coalesce(c."group", r.number)
FROM {{source}} LEFT JOIN copies c ON c.article = r.number
WHERE {{where}} AND q.status = 'asserted' AND r.published BETWEEN ?1 AND ?2
ORDER BY r.published DESC, r.number DESC, q.number DESC LIMIT ?3
"""
_FEWEST_WORDS = 4
"""Words of a report that say something."""
_FEW = 5_000
"""Quotes that are sorted by their day; with more of them the articles are gone through, the youngest first."""


class Step(Fact, frozen=True, kw_only=True):
    """One thing done or said on one day; `independent` counts the tellings that are no copies of one another.

    `dated` says whether the words give the day, or only the day they were published. An act of event data of others
    has no tellings; `dataset` names where it comes from.
    """

    day: str
    kind: Literal["act", "quote"]
    dated: Literal["stated", "published"]
    type: str | None
    cameo: str | None = None
    who: str
    who_id: str | None
    to_whom: str | None = None
    to_whom_id: str | None = None
    place: str | None = None
    words: str | None
    story: str | None = None
    dataset: str = "pages"
    independent: int
    tellings: tuple[Telling, ...] = ()


def timeline(
    store: Store, who: str, *, since: str | None = None, until: str | None = None, limit: int = 200
) -> list[Step]:
    """Return what an actor did and said, or the steps of a story, oldest first; of many the `limit` youngest.

    `who` is the id of a story, or an actor as `tidings.dyads.parties.resolve` takes one: a country ("RUS": everyone who
    acts for it), an id, or a name. Raises `UsageError` for what is neither, and for a bloc with its members.
    """
    bounds = (*days_between(since, until), limit)
    story = next(store.query(_STORY, who), None)
    if story is not None:
        acts = _acts(store, "a.story = ?4", bounds, story[0])
        said = _quotes(store, _OF_STORY, bounds, story[0])
    else:
        acts, said = _of_actor(store, who, bounds)
    steps = sorted([*acts, *said], key=lambda step: (step.day, step.kind))
    return steps[-limit:]


_STORY = """SELECT id FROM stories WHERE id = ?1
UNION ALL SELECT s.id FROM story_aliases a JOIN stories s ON s.number = a.story WHERE a.id = ?1"""
_SIDES = """a.number IN (
    SELECT number FROM (SELECT number FROM acts WHERE source_{side} {match} AND day BETWEEN ?1 AND ?2
        ORDER BY day DESC, number DESC LIMIT ?3)
    UNION SELECT number FROM (SELECT number FROM acts WHERE target_{side} {match} AND day BETWEEN ?1 AND ?2
        ORDER BY day DESC, number DESC LIMIT ?3))"""
_OF_STORY = (
    "story_articles o JOIN articles r ON r.number = o.article JOIN quotes q ON q.article = r.number",
    # Words of nobody are no step.
    "o.story = (SELECT number FROM stories WHERE id = ?4) AND (q.speaker IS NOT NULL OR q.speaker_start IS NOT NULL)",
)


def _of_actor(store: Store, who: str, bounds: tuple[str, str, int]) -> tuple[list[Step], list[Step]]:
    try:
        party = someone(store, who)
    except UsageError:
        speaker = _speaker(store, who)
        if speaker is None:
            raise
        return [], _quotes(store, _spoken(store, "SELECT ?4", speaker), bounds, speaker)
    if party.kind == "country":
        acts = _acts(store, _SIDES.format(side="country", match="= ?4"), bounds, party.key)
        speakers = "SELECT id FROM known_actors WHERE country = ?4"
        return acts, _quotes(store, _spoken(store, speakers, party.key), bounds, party.key)
    numbers = ", ".join(map(str, party.numbers))
    acts = _acts(store, _SIDES.replace("_{side}", "").format(match=f"IN ({numbers})"), bounds)
    speakers = f"SELECT key FROM parties WHERE number IN ({numbers})"
    return acts, _quotes(store, _spoken(store, speakers), bounds)


def _speaker(store: Store, who: str) -> str | None:
    """Return the id of an actor that has done nothing but is named: by its id, or by a name that nobody shares."""
    if next(store.query("SELECT 1 FROM actors WHERE id = ?", who), None):
        return who
    found = list(store.query("SELECT DISTINCT actor FROM names WHERE folded = ? LIMIT 2", fold(who)))
    return found[0][0] if len(found) == 1 else None


def _spoken(store: Store, speakers: str, *values: str) -> tuple[str, str]:
    """Choose the way to the quotes of speakers: by speaker where they are few, by day where they are many."""
    (many,) = next(
        store.query(
            f"SELECT count(*) FROM (SELECT 1 FROM quotes WHERE speaker IN ({speakers.replace('?4', '?1')})"
            f" LIMIT {_FEW + 1})",
            *values,
        )
    )
    if many > _FEW:
        way = "articles r INDEXED BY articles_by_published CROSS JOIN quotes q ON q.article = r.number"
        return way, f"+q.speaker IN ({speakers})"
    return "quotes q CROSS JOIN articles r ON r.number = q.article", f"q.speaker IN ({speakers})"


def _acts(store: Store, where: str, bounds: tuple[str, str, int], *values: str | int) -> list[Step]:
    return [_act(store, row) for row in list(store.query(_ACTS.format(where=where), *bounds, *values))]


def _act(store: Store, row: tuple) -> Step:
    number, day, dated, kind, cameo, who_id, who, to_id, to_whom, place, independent, dataset, story = row
    tellings = tuple(telling_of(told) for told in store.query(_TOLD, number))
    return Step(
        day=day,
        kind="act",
        dated=dated,
        type=kind,
        cameo=cameo,
        who=who,
        who_id=who_id,
        to_whom=to_whom,
        to_whom_id=to_id,
        place=place,
        words=" ".join(tellings[0].words.split()) if tellings else None,
        story=story,
        dataset=dataset,
        independent=independent,
        tellings=tellings,
    )


def _quotes(store: Store, source: tuple[str, str], bounds: tuple[str, str, int], *values: str | int) -> list[Step]:
    rows = store.query(_QUOTES.format(source=source[0], where=source[1]), *bounds, *values)
    return list(_said_once(row for row in reversed(list(rows)) if _says_something(row)))


def _says_something(row: Sequence) -> bool:
    """Tell what somebody known said from scraps: "condemned the agreement", "a party says so"."""
    kind, speaker, words = row[8], row[9], row[7]
    return kind != "indirect" or (speaker is not None and len(words.split()) >= _FEWEST_WORDS)


def _said_once(rows: Iterable[tuple]) -> Iterator[Step]:
    """Put together what one speaker says in the same words; the first to report it gives the day."""
    said: dict[tuple[str, str], list[tuple]] = {}
    for row in rows:
        said.setdefault((row[9] or fold(row[10] or ""), fold(row[7])), []).append(row)
    for same in said.values():
        first = telling_of(same[0][:8])
        yield Step(
            day=first.published or "",
            kind="quote",
            dated="published",
            type=same[0][8],
            who=next((row[10] for row in same if row[10]), "?"),
            who_id=same[0][9],
            words=" ".join(first.words.split()),
            independent=len({row[11] for row in same}),
            tellings=tuple(telling_of(row[:8]) for row in same),
        )

"""Where the tellings of one story agree, and where they differ.

In: the articles of a story. Out: agreements and differences, each with the words of both sides.
It compares texts of their own only (a copy says nothing new), and calls nothing a difference that can be two things.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from tidings.facts import Fact
from tidings.store import Store
from tidings.store.rows import fold
from tidings.stories.counting import Count, find_counts
from tidings.stories.speaking import Spoken
from tidings.stories.tellings import TELLING, Telling, telling_of
from tidings.stories.timeline import Step
from tidings.stories.words import names_of

__all__ = [
    "Agreement",
    "Difference",
    "Version",
    "compare_counts",
    "compare_doers",
    "compare_speakers",
    "find_agreements",
]

LEAD = 700
"""Characters in which an article tells of its own event; what it says further on may be about another."""
MOST_ARTICLES = 200
ROUND = 0.15
"""How far a number may lie from one that is said to be about so much."""
LEAST_WORDS = 6
"""Words that two people do not say alike by chance."""
LEAST_SHARED = 2
_GUESSES = frozenset(
    {"about", "around", "some", "nearly", "almost", "roughly", "approximately", "over", "more than", "up to"}
)
_ONE_DOER = frozenset({"ASSAULT"})
"""What is done by one side only; to accuse or to sanction is open to all."""


class Version(Fact, frozen=True, kw_only=True):
    """What some of the articles say; `independent` counts those that are no copies of one another."""

    says: str
    independent: int
    tellings: tuple[Telling, ...]


class Agreement(Fact, frozen=True, kw_only=True):
    """What several independent articles say alike."""

    kind: Literal["act", "number"]
    about: str
    says: str
    independent: int
    tellings: tuple[Telling, ...]


class Difference(Fact, frozen=True, kw_only=True):
    """One thing that articles of a story tell in two ways and more: how many, who did it, who said it."""

    kind: Literal["number", "doer", "speaker"]
    about: str
    versions: tuple[Version, ...]


class _Stated(NamedTuple):
    voice: int
    says: str
    number: float
    hedge: str | None
    telling: Telling


def compare_counts(store: Store, story: int) -> tuple[list[Agreement], list[Difference]]:
    """Lay the counts of a story's articles side by side: how many were killed, hurt or arrested, how strong a quake."""
    by_thing: dict[str, list[_Stated]] = {}
    for about, stated in _counts(store, story):
        by_thing.setdefault(about, []).append(stated)
    agreements: list[Agreement] = []
    differences: list[Difference] = []
    for about, stated in sorted(by_thing.items()):
        versions = _versions(stated)
        if len(versions) > 1:
            differences.append(Difference(kind="number", about=about, versions=tuple(versions)))
        elif versions and versions[0].independent > 1:
            one = versions[0]
            agreements.append(
                Agreement(kind="number", about=about, says=one.says, independent=one.independent, tellings=one.tellings)
            )
    return agreements, differences


def _counts(store: Store, story: int) -> Iterator[tuple[str, _Stated]]:
    """Yield what each article states of its own event; one that has two numbers for a thing is not clear about it."""
    rows = store.query(
        f'SELECT r.number, coalesce(c."group", r.number), r.text, {TELLING} FROM story_articles s'
        " JOIN articles r ON r.number = s.article LEFT JOIN copies c ON c.article = r.number"
        " WHERE s.story = ? AND r.kind = 'article' ORDER BY r.published IS NULL, r.published, r.number LIMIT ?",
        story,
        MOST_ARTICLES,
    )
    for number, voice, text, *article in list(rows):
        past = _past(store, number)
        found: dict[str, list[Count]] = {}
        for count in find_counts(text[:LEAD]):
            if not any(_in_one_sentence(text, count.span, span) for span in past):
                found.setdefault(count.about, []).append(count)
        for about, counts in found.items():
            if len({count.number for count in counts}) == 1:
                best = next((count for count in counts if count.hedge), counts[0])
                words = best.span.of(text)
                says = f"{best.hedge} {best.number:g}" if best.hedge else f"{best.number:g}"
                yield about, _Stated(voice, says, best.number, best.hedge, telling_of((*article, *best.span, words)))


def _past(store: Store, article: int) -> list[tuple[int, int]]:
    """Return where an article names a time that was over well before it was written."""
    return list(
        store.query(
            'SELECT t.start, t."end" FROM times t JOIN articles r ON r.number = t.article WHERE t.article = ?'
            " AND r.published IS NOT NULL AND t.last_day < date(r.published, '-7 days')",
            article,
        )
    )


def _in_one_sentence(text: str, one: Sequence[int], other: Sequence[int]) -> bool:
    between = text[min(one[1], other[1]) : max(one[0], other[0])]
    return ". " not in between and "\n" not in between


def _versions(stated: Sequence[_Stated]) -> list[Version]:
    """Group what is stated by its number, the most told first; a guess goes with a number it may be."""
    numbers: dict[float, list[_Stated]] = {}
    for one in sorted(stated, key=lambda one: one.hedge in _GUESSES):
        near = next((number for number in numbers if _may_be(one, number)), one.number)
        numbers.setdefault(near, []).append(one)
    versions = [
        Version(
            says=next((one.says for one in same if one.hedge not in _GUESSES), same[0].says),
            independent=len({one.voice for one in same}),
            tellings=tuple(one.telling for one in same),
        )
        for same in numbers.values()
    ]
    voices = {one.voice for one in stated}
    if len(versions) > 1 and len(voices) < 2:
        return []  # two wordings of one text are no two sources
    return sorted(versions, key=lambda version: (-version.independent, version.says))


def _may_be(one: _Stated, number: float) -> bool:
    return one.number == number or (one.hedge in _GUESSES and abs(one.number - number) <= ROUND * number)


def compare_doers(store: Store, story: str) -> list[Difference]:
    """Find what one article lays to one actor, and another to somebody else."""
    told = functools.cache(lambda act: _told(store, act))
    found: list[Difference] = []
    for one, other in _deeds(store, story):
        mine, theirs = told(one.act), told(other.act)
        if _one_deed(mine, theirs, (one.doer, other.doer, one.target)):
            versions = tuple(
                Version(
                    says=deed.doer,
                    independent=len({voice for voice, _ in tellings}),
                    tellings=tuple(telling for _, telling in tellings),
                )
                for deed, tellings in ((one, mine), (other, theirs))
            )
            found.append(Difference(kind="doer", about=f"{one.type} {one.target} {one.first}", versions=versions))
    return found


class _Deed(NamedTuple):
    act: int
    type: str
    first: str
    last: str
    key: str
    nation: str
    doer: str
    target: str


def _deeds(store: Store, story: str) -> Iterator[tuple[_Deed, _Deed]]:
    """Yield acts of one type against one party, on days that meet, by doers of two nations."""
    kinds = ", ".join("?" * len(_ONE_DOER))
    rows = store.query(
        "SELECT t.key, a.number, a.type, a.day, coalesce(a.last_day, a.day), s.key, coalesce(a.source_country, s.key),"
        " s.name, t.name FROM acts a JOIN parties s ON s.number = a.source JOIN parties t ON t.number = a.target"
        f" WHERE a.story = ? AND a.type IN ({kinds}) ORDER BY t.key, a.type, a.number",
        story,
        *sorted(_ONE_DOER),
    )
    for _, same in itertools.groupby(list(rows), key=lambda row: (row[0], row[2])):
        for one, other in itertools.combinations([_Deed(*row[1:]) for row in same], 2):
            apart = one.key != other.key and one.nation != other.nation
            if apart and one.first <= other.last and other.first <= one.last:
                yield one, other


def _told(store: Store, act: int) -> list[tuple[int, Telling]]:
    rows = store.query(
        f'SELECT coalesce(c."group", r.number), {TELLING}, e.sentence_start, e.sentence_end,'
        " substr(r.text, e.sentence_start + 1, e.sentence_end - e.sentence_start)"
        " FROM act_tellings l JOIN events e ON e.article = l.article AND e.number = l.event"
        " JOIN articles r ON r.number = l.article LEFT JOIN copies c ON c.article = r.number"
        " WHERE l.act = ? ORDER BY r.published, l.article, l.event",
        act,
    )
    return [(row[0], telling_of(row[1:])) for row in list(rows)]


def _one_deed(one: Sequence[tuple[int, Telling]], other: Sequence[tuple[int, Telling]], parties: Iterable[str]) -> bool:
    """Tell whether two acts are one deed: nobody tells both, and their sentences share names or numbers besides."""
    if {voice for voice, _ in one} & {voice for voice, _ in other}:
        return False
    known = {word for name in parties for word in fold(name).split()}
    return any(
        len((names_of(mine.words) & names_of(theirs.words)) - known) >= LEAST_SHARED
        for _, mine in one
        for _, theirs in other
    )


def compare_speakers(spoken: Sequence[Spoken]) -> list[Difference]:
    """Find words that one article gives to one speaker, and another to somebody else."""
    by_words: dict[str, list[Spoken]] = {}
    for one in spoken:
        words = fold(one.telling.words)
        if one.speaker_id is not None and len(words.split()) >= LEAST_WORDS:
            by_words.setdefault(words, []).append(one)
    found: list[Difference] = []
    for same in by_words.values():
        sides: dict[str, list[Spoken]] = {}
        for one in same:
            sides.setdefault(one.speaker_id or "", []).append(one)
        if len(sides) < 2 or _are_related([group[0] for group in sides.values()]):
            continue
        voices = [{one.voice for one in group} for group in sides.values()]
        if any(mine & theirs for at, mine in enumerate(voices) for theirs in voices[at + 1 :]):
            continue
        versions = tuple(
            Version(
                says=group[0].speaker,
                independent=len({one.voice for one in group}),
                tellings=tuple(one.telling for one in group),
            )
            for group in sides.values()
        )
        about = " ".join(same[0].telling.words.split())
        found.append(Difference(kind="speaker", about=about, versions=versions))
    return found


def _are_related(speakers: Sequence[Spoken]) -> bool:
    """Tell whether speakers may stand for one another: a minister and her ministry, of one country, say one thing."""
    countries = {speaker.country for speaker in speakers}
    people = sum(speaker.type == "person" for speaker in speakers)
    return people < 2 and (len(countries) == 1 or None in countries)


def find_agreements(steps: Iterable[Step]) -> list[Agreement]:
    """Return the acts that several independent articles tell."""
    return [
        Agreement(
            kind="act",
            about=" ".join(part for part in (step.who, step.type or step.cameo, step.to_whom) if part),
            says=step.words or "",
            independent=step.independent,
            tellings=step.tellings,
        )
        for step in steps
        if step.independent > 1
    ]

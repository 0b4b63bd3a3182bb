"""Who said what in a story.

In: the quotes of its articles. Out: speakers with their words, the same words told once.
A quote whose speaker is not known is left out: words of nobody are nobody's.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tidings.facts import Fact
from tidings.store import Store
from tidings.store.rows import fold
from tidings.stories.tellings import TELLING, Telling, telling_of

__all__ = ["Said", "Saying", "Spoken", "find_spoken", "tell_once"]

MOST_QUOTES = 1_500
LEAST_WORDS = 4
"""Words of a piece of a quote that are told with the whole of it."""

_NOBODY = frozenset("he she they it i we who him her them nobody no one none some many".split()) | {"no one"}


class Saying(Fact, frozen=True, kw_only=True):
    """The same words of one speaker, told once however many articles have them."""

    words: str
    kind: str
    independent: int
    tellings: tuple[Telling, ...]


class Said(Fact, frozen=True, kw_only=True):
    """What one speaker says in a story."""

    speaker: str
    speaker_id: str | None
    sayings: tuple[Saying, ...]


class Spoken(NamedTuple):
    """One quote of one article: who speaks, the article or the group of copies it is in, and the words."""

    speaker_id: str | None
    speaker: str
    type: str | None
    country: str | None
    voice: int
    telling: Telling
    kind: str


def find_spoken(store: Store, story: int) -> list[Spoken]:
    """Return the quotes of a story whose speaker is known, in the order of its articles."""
    rows = store.query(
        "SELECT q.speaker, coalesce(a.name, substr(r.text, q.speaker_start + 1, q.speaker_end - q.speaker_start)),"
        f' a.type, a.country, coalesce(c."group", r.number), q.kind, {TELLING}, q.start, q."end",'
        ' substr(r.text, q.start + 1, q."end" - q.start) FROM story_articles s'
        " JOIN articles r ON r.number = s.article JOIN quotes q ON q.article = r.number"
        " LEFT JOIN actors a ON a.article = q.article AND a.id = q.speaker"
        " LEFT JOIN copies c ON c.article = r.number"
        " WHERE s.story = ? AND q.status = 'asserted' AND (q.speaker IS NOT NULL OR q.speaker_start IS NOT NULL)"
        " ORDER BY r.published IS NULL, r.published, r.number, q.number LIMIT ?",
        story,
        MOST_QUOTES,
    )
    return [
        Spoken(id, " ".join(name.split()), type, country, voice, telling_of(told), kind)
        for id, name, type, country, voice, kind, *told in list(rows)
        if name and (id is not None or not _is_nobody(name)) and (kind != "indirect" or _says_something(told[-1]))
    ]


def _is_nobody(words: str) -> bool:
    return fold(words).strip() in _NOBODY


def _says_something(words: str) -> bool:
    """Tell whether reported words are more than a pronoun or a bare noun ("he welcomed the deal")."""
    return len(words.split()) >= LEAST_WORDS


def tell_once(spoken: Sequence[Spoken]) -> list[Said]:
    """Group quotes by speaker, who says most first; words that are part of a longer quote are told with it."""
    speakers: dict[str, list[Spoken]] = {}
    for one in spoken:
        speakers.setdefault(one.speaker_id or fold(one.speaker), []).append(one)
    said = [
        Said(speaker=own[0].speaker, speaker_id=own[0].speaker_id, sayings=tuple(_sayings(own)))
        for own in speakers.values()
    ]
    return sorted(said, key=lambda one: (-sum(saying.independent for saying in one.sayings), one.speaker))


def _sayings(own: Sequence[Spoken]) -> list[Saying]:
    """Tell the same words once; of a quote and a piece of it, the whole stands for both."""
    folded = [fold(one.telling.words) for one in own]
    order = sorted(range(len(own)), key=lambda at: (-len(folded[at]), at))
    wholes: dict[str, list[int]] = {}
    for at in order:
        words = folded[at]
        whole = next((known for known in wholes if words in known), None) if len(words.split()) >= LEAST_WORDS else None
        wholes.setdefault(whole if whole is not None else words, []).append(at)
    sayings: list[tuple[int, Saying]] = []
    for members in wholes.values():
        told = sorted(members)
        saying = Saying(
            words=" ".join(own[members[0]].telling.words.split()),
            kind=own[members[0]].kind,
            independent=len({own[at].voice for at in told}),
            tellings=tuple(own[at].telling for at in told),
        )
        sayings.append((told[0], saying))
    return [saying for _, saying in sorted(sayings, key=lambda pair: pair[0])]

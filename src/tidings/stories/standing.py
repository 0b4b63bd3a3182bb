"""What stands already: the articles taken in, and the stories they are in.

In: an open transaction. Out: the articles and stories a new article may belong to, from the tables or from memory.
Memory is bounded; what is held can be dropped at any time between two transactions.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Sequence
from typing import Generic, NamedTuple, TypeVar

from tidings.stories.intake import Sketch, is_term, sketch, story_keys
from tidings.stories.vocabulary import Row, Vocabulary, pack_row, unpack_row
from tidings.stories.words import WordHashes

__all__ = ["FULL", "Recent", "Seen", "Standing"]

_K = TypeVar("_K")
_V = TypeVar("_V")

FULL = 40
"""Articles that one key leads to: the youngest; what more articles share within the days looked at is furniture."""
MOST_ROWS = 6_000
MOST_SKETCHES = 800
MOST_STORIES = 2_000
MOST_HASHES = 200_000


class Recent(Generic[_K, _V]):
    """Holds what was asked for last, up to `most` of it."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: OrderedDict[_K, _V] = OrderedDict()

    def get(self, key: _K, make: Callable[[_K], _V]) -> _V:
        """Return what is held for a key, made where it is not."""
        if key in self._held:
            self._held.move_to_end(key)
            return self._held[key]
        made = make(key)
        self.put(key, made)
        return made

    def put(self, key: _K, value: _V) -> None:
        """Hold something."""
        self._held[key] = value
        if len(self._held) > self._most:
            self._held.popitem(last=False)

    def peek(self, key: _K) -> _V | None:
        """Return what is held for a key, if anything."""
        return self._held.get(key)

    def drop(self, key: _K) -> None:
        """Hold a key no longer."""
        self._held.pop(key, None)

    def clear(self) -> None:
        """Hold nothing."""
        self._held.clear()


class Seen(NamedTuple):
    """An article that was taken in: its day is 0 where unknown; a `voice` has something of its own to say."""

    article: int
    day: int
    voice: bool
    row: Row
    language: str | None = None


class Standing:
    """The tables of stories, asked and written through one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self._seen: Recent[int, Seen | None] = Recent(MOST_ROWS)
        self._sketches: Recent[int, Sketch] = Recent(MOST_SKETCHES)
        self._voices: Recent[int, list[tuple[int, int]]] = Recent(MOST_STORIES)
        self._hashes = WordHashes()

    def forget(self) -> None:
        """Drop what is held in memory: another process has written."""
        for held in (self._seen, self._sketches, self._voices):
            held.clear()

    def sketch(self, article: int, text: str) -> Sketch:
        """Read a text that has come in."""
        if len(self._hashes) > MOST_HASHES:
            self._hashes = WordHashes()
        made = sketch(text, self._hashes)
        self._sketches.put(article, made)
        return made

    def sketch_of(self, article: int) -> Sketch:
        """Return an article read for its copies."""
        return self._sketches.get(article, lambda number: sketch(self.text(number), self._hashes))

    def seen(self, article: int) -> Seen | None:
        """Return an article that was taken in; None for one that was not, or has gone."""
        return self._seen.get(article, self._load)

    def take(self, seen: Seen, published: int, runs: Sequence[int], terms: Sequence[int]) -> None:
        """Keep an article that has come in, so that its keys lead to it.

        Its copies find it by the day it was published on, 0 for any; its story by the day it tells of.
        """
        packed = _pack_keys((*runs, *terms))
        self.connection.execute(
            "INSERT INTO story_readings VALUES (?, ?, ?, ?, ?, ?)",
            (seen.article, seen.day, seen.language, seen.voice, pack_row(seen.row), packed),
        )
        rows = [(key, published, seen.article) for key in runs] + [(key, seen.day, seen.article) for key in terms]
        self.connection.executemany("INSERT OR IGNORE INTO story_keys VALUES (?, ?, ?)", sorted(rows))
        self._seen.put(seen.article, seen)

    def weigh_anew(self, vocabulary: Vocabulary) -> None:
        """Give every article the row and the keys it would have if it came now."""
        self._seen.clear()
        rows = self.connection.execute(
            "SELECT r.article, r.day, r.keys, a.text FROM story_readings r JOIN articles a ON a.number = r.article"
            " WHERE length(r.terms) > 0 ORDER BY r.article"
        )
        for article, day, packed, text in rows.fetchall():
            row = vocabulary.weigh(text)
            keys = _unpack_keys(packed)
            runs, old, new = [key for key in keys if not is_term(key)], filter(is_term, keys), story_keys(row)
            self.connection.executemany(
                "DELETE FROM story_keys WHERE key = ? AND day = ? AND article = ?", ((key, day, article) for key in old)
            )
            self.connection.executemany(
                "INSERT OR IGNORE INTO story_keys VALUES (?, ?, ?)", ((key, day, article) for key in new)
            )
            self.connection.execute(
                "UPDATE story_readings SET terms = ?, keys = ? WHERE article = ?",
                (pack_row(row), _pack_keys((*runs, *new)), article),
            )

    def all_voices(self) -> list[tuple[Seen, int]]:
        """Return every article that speaks for a story, with its story."""
        rows = self.connection.execute("SELECT number FROM stories ORDER BY number").fetchall()
        return [
            (seen._replace(day=day), story)
            for (story,) in rows
            for day, article in self.voices(story)
            if (seen := self.seen(article)) is not None
        ]

    def found(self, keys: Iterable[int], day: int, within: int) -> list[tuple[int, list[int]]]:
        """Return, for each key, the youngest articles it leads to: of the days around `day`, and without a day."""
        first, last = (day - within, day + within) if day else (1, 1 << 30)
        answers: list[tuple[int, list[int]]] = []
        for key in keys:
            rows = self.connection.execute(
                "SELECT article FROM (SELECT article FROM story_keys WHERE key = ?1 AND day BETWEEN ?2 AND ?3"
                " ORDER BY day DESC, article DESC LIMIT ?4) UNION ALL SELECT article FROM (SELECT article"
                " FROM story_keys WHERE key = ?1 AND day = 0 ORDER BY article DESC LIMIT ?4)",
                (key, first, last, FULL),
            ).fetchall()
            answers.append((key, [row[0] for row in rows]))
        return answers

    def story_of(self, article: int) -> int | None:
        """Return the story of an article."""
        found = self.connection.execute("SELECT story FROM story_articles WHERE article = ?", (article,)).fetchone()
        return found[0] if found else None

    def voices(self, story: int) -> list[tuple[int, int]]:
        """Return day and number of the articles that speak for a story: no copies, no live pages, unless all are."""
        return self._voices.get(story, self._load_voices)

    def join(self, seen: Seen, story: int) -> None:
        """Put an article into a story."""
        self.connection.execute(
            "INSERT INTO story_articles VALUES (?1, ?2) ON CONFLICT (article) DO UPDATE SET story = ?2",
            (seen.article, story),
        )
        held = self._voices.peek(story)
        if held is not None and (seen.voice or not held):
            self._voices.drop(story)

    def move(self, articles: Iterable[int], story: int) -> None:
        """Put articles of other stories into this one."""
        self.connection.executemany(
            "UPDATE story_articles SET story = ? WHERE article = ?", ((story, article) for article in articles)
        )
        self._voices.clear()

    def lapse(self, vocabulary: Vocabulary) -> tuple[list[int], list[int]]:
        """Clear away what articles that went have left; return the stories and the groups of copies they were in."""
        for article, day, packed, text in self.connection.execute(
            "SELECT article, day, keys, text FROM lapsed_readings"
        ).fetchall():
            if text is not None:
                vocabulary.unlearn(text)
            self.connection.executemany(
                "DELETE FROM story_keys WHERE key = ? AND day IN (?, 0) AND article = ?",
                ((key, day, article) for key in _unpack_keys(packed)),
            )
        stories = [row[0] for row in self.connection.execute("SELECT story FROM lapsed_stories ORDER BY story")]
        groups = [row[0] for row in self.connection.execute('SELECT "group" FROM lapsed_copies ORDER BY "group"')]
        for table in ("lapsed_readings", "lapsed_stories", "lapsed_copies"):
            self.connection.execute(f"DELETE FROM {table}")
        return stories, groups

    def text(self, article: int) -> str:
        """Return the text of an article."""
        found = self.connection.execute("SELECT text FROM articles WHERE number = ?", (article,)).fetchone()
        return found[0] if found else ""

    def _load(self, article: int) -> Seen | None:
        found = self.connection.execute(
            "SELECT day, voice, terms, language FROM story_readings WHERE article = ?", (article,)
        ).fetchone()
        return Seen(article, found[0], bool(found[1]), unpack_row(found[2]), found[3]) if found else None

    def _load_voices(self, story: int) -> list[tuple[int, int]]:
        rows = self.connection.execute(
            "SELECT r.day, r.article, r.voice FROM story_articles s JOIN story_readings r ON r.article = s.article"
            " WHERE s.story = ? ORDER BY r.day, r.article",
            (story,),
        ).fetchall()
        voices = [(day, article) for day, article, voice in rows if voice] or [row[:2] for row in rows]
        days = [day for day, _ in voices if day]
        # Who has no day is thought of as from the middle of the story, or an undated page would tie years together.
        middle = days[len(days) // 2] if days else 0
        return sorted((day or middle, article) for day, article in voices)


def _pack_keys(keys: Sequence[int]) -> bytes:
    return b"".join(key.to_bytes(8, "little") for key in keys)


def _unpack_keys(packed: bytes) -> list[int]:
    return [int.from_bytes(packed[at : at + 8], "little") for at in range(0, len(packed), 8)]


def tally(answers: Iterable[tuple[int, Sequence[int]]]) -> Counter[int]:
    """Count how many keys lead to each article."""
    counts: Counter[int] = Counter()
    for _, articles in answers:
        counts.update(articles)
    return counts

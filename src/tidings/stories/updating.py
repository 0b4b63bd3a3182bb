"""Bring copies, stories and acts up to what has been collected.

In: a store. Out: its tables of stories and acts, brought up to date, a batch of articles a transaction.
It can be killed at any moment and called again, and comes to the same result as a call that was left alone.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import NamedTuple

from tidings.facts import Fact, Record
from tidings.review.settling import renew_merges
from tidings.review.settling import settle as settle_judged
from tidings.store import Store
from tidings.stories.copying import describe, find_group, find_translated, join_groups
from tidings.stories.heading import refresh
from tidings.stories.intake import day_of, story_keys
from tidings.stories.joining import Joiner
from tidings.stories.merging import merge_acts
from tidings.stories.standing import Seen, Standing
from tidings.stories.vocabulary import Vocabulary

__all__ = ["Updated", "update"]

BATCH = 200
"""Articles of one transaction."""
_CACHE = 64 << 10
"""Kilobytes of the store held in memory: the keys of an article lie all over their table."""
_ANEW = frozenset({16, 32, 64, 128, 256, 512, 1024, 2048})
"""Articles after which all stories are looked at anew: how common a word is must be learnt before it can tell."""
_NO_ARTICLES = frozenset({"index", "error"})
_DUE = (
    "SELECT a.number, a.published, a.published_from, a.published_to, a.kind, a.language, a.text,"
    " EXISTS (SELECT 1 FROM judged_articles j WHERE j.article = a.number) FROM due_articles d"
    " CROSS JOIN articles a ON a.number = d.article ORDER BY d.article LIMIT ?"
)


class Updated(Fact, frozen=True, kw_only=True):
    """What an update has done: how many articles it took in, and how many copies, stories and acts there are now."""

    articles: int
    copies: int
    stories: int
    acts: int


def update(store: Store, *, progress: Callable[[int, int], None] | None = None) -> Updated:
    """Take in the articles that are new, read anew or judged since the last call.

    `progress` is told how many articles are done and how many there are to do.

    >>> import tempfile, tidings
    >>> from tidings.store import open_store
    >>> record = tidings.read("Ministers met in Geneva on Monday.", media="article", published="2014-05-06")
    >>> with tempfile.TemporaryDirectory() as folder, open_store(f"{folder}/news.db", create=True) as store:
    ...     _ = store.add(record)
    ...     update(store).articles, update(store).articles
    (1, 0)
    """
    list(store.query(f"PRAGMA cache_size = -{_CACHE}"))
    if next(store.query("SELECT 1 FROM judgements WHERE page IS NULL LIMIT 1"), None):
        with store.change() as connection:
            renew_merges(store, connection)
    work = _Work(store)
    due = _count(store, "due_articles")
    done = 0
    while work.is_due():
        done += work.batch()
        if progress is not None:
            progress(done, max(done, due))
    return Updated(
        articles=done,
        copies=_count(store, "copies WHERE kind <> 'origin'"),
        stories=_count(store, "stories"),
        acts=_count(store, "acts WHERE dataset = 1"),
    )


def _count(store: Store, what: str) -> int:
    return next(iter(store.query(f"SELECT count(*) FROM {what}")))[0]


class _Work:
    """One update, and what it holds in memory."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._version: int | None = None
        self._standing: Standing | None = None
        self._vocabulary: Vocabulary | None = None

    def is_due(self) -> bool:
        """Tell whether there are articles to take in, or some that were have gone or been judged."""
        asked = (
            self._store.query("SELECT 1 FROM due_articles LIMIT 1"),
            self._store.query("SELECT 1 FROM lapsed_readings LIMIT 1"),
            self._store.query("SELECT 1 FROM lapsed_stories LIMIT 1"),
            self._store.query("SELECT 1 FROM judged_articles WHERE due LIMIT 1"),
        )
        return any(next(iter(rows), None) is not None for rows in asked)

    def batch(self) -> int:
        """Take in one batch in one transaction; return how many articles it had."""
        with self._store.change() as connection:
            settle_judged(self._store, connection, BATCH)
            standing, vocabulary = self._ready(connection)
            joiner = Joiner(standing)
            stories, groups = standing.lapse(vocabulary)
            joiner.touched.update(stories)
            for group in groups:
                describe(standing, group)
            rows = connection.execute(_DUE, (BATCH,)).fetchall()
            for number, *dates, kind, language, text, judged in rows:
                if kind in _NO_ARTICLES:
                    _pass_over(connection, number)
                else:
                    published, day = _read_days(self._store.at(number)) if judged else _days(connection, number, *dates)
                    _take(standing, vocabulary, joiner, _Arrived(number, published, day, kind, language, text))
            connection.executemany("DELETE FROM due_articles WHERE article = ?", ((row[0],) for row in rows))
            vocabulary.keep()
            for story in sorted(joiner.touched):
                if refresh(standing, story):
                    merge_acts(connection, story)
        return len(rows)

    def _ready(self, connection: sqlite3.Connection) -> tuple[Standing, Vocabulary]:
        """Return what is held in memory, emptied where another process has written since."""
        (version,) = connection.execute("PRAGMA data_version").fetchone()
        if self._standing is None or self._vocabulary is None:
            self._standing, self._vocabulary = Standing(connection), Vocabulary(connection)
        elif version != self._version:
            self._standing.forget()
            self._vocabulary.forget()
        self._version = version
        return self._standing, self._vocabulary


def _pass_over(connection: sqlite3.Connection, number: int) -> None:
    """Note that a page which is no article has been looked at."""
    connection.execute("INSERT INTO story_readings VALUES (?, 0, NULL, 0, x'', x'')", (number,))


class _Arrived(NamedTuple):
    article: int
    published: int
    day: int
    kind: str
    language: str | None
    text: str


def _days(connection: sqlite3.Connection, article: int, *published: str | None) -> tuple[int, int]:
    """Return the day an article was published on, and that of its story.

    News without a date is as old as the last thing it says has happened.
    """
    day = day_of(*published)
    if day:
        return day, day
    (told,) = connection.execute(
        "SELECT max(first_day) FROM events WHERE article = ? AND status = 'asserted' AND first_day = last_day",
        (article,),
    ).fetchone()
    return 0, day_of(told, None, None)


def _read_days(record: Record) -> tuple[int, int]:
    """Return the same of an article that was judged meanwhile: it is placed by its reading, whenever that was."""
    known = record.article.published
    day = day_of(known.value, *known.interval) if known else 0
    dates = [event.date for event in record.events if event.status == "asserted" and event.date]
    told = max((date.begin for date in dates if date.begin and date.begin == date.end), default=None)
    return day, day or day_of(told, None, None)


def _take(standing: Standing, vocabulary: Vocabulary, joiner: Joiner, arrived: _Arrived) -> None:
    """Take one article in: find its copies, its story, and keep what the next ones are compared with."""
    number, published, day, kind, language, text = arrived
    known = vocabulary.learn(text)
    row = vocabulary.weigh(text)
    own = standing.sketch(number, text)
    seen = Seen(number, day, True, row, language)
    nearby = joiner.nearby(seen)
    copies = find_group(standing, number, published, own) or find_translated(standing, seen, nearby)
    seen = seen._replace(voice=kind != "live" and not copies)
    standing.take(seen, published, own.keys, story_keys(row))
    if copies:
        join_groups(standing, number, copies)
    joiner.place(seen, copies, nearby)
    if known in _ANEW:
        standing.weigh_anew(vocabulary)
        joiner.place_anew()

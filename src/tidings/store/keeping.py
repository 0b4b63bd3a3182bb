"""The store: records kept whole in one SQLite file, with tables to ask them through.

In: records and failures. Out: the same, in the order they came, and answers to searches.
It reads no pages. Every article is kept in one transaction, so that a killed process leaves no half of one.
"""

from __future__ import annotations

import contextlib
import functools
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from types import TracebackType

import msgspec

from tidings.errors import StoreError
from tidings.facts import Received, Record, from_json, to_json
from tidings.store.health import Feedback, FeedHealth, note_feedback, read_health
from tidings.store.opening import connect, told, writing
from tidings.store.packing import pack, unpack
from tidings.store.profiles import describe_actors, describe_places, named_in
from tidings.store.rows import Row, article_row, canonical_address, fact_rows
from tidings.store.searching import Hit, find

__all__ = ["Failed", "Store", "open_store"]


@dataclass(frozen=True, kw_only=True)
class Failed:
    """A page that could not be read: `source` is what led to it, `error` the class in `tidings.errors`.

    `feed` is the feed or sitemap that lists it, where one does.
    """

    page: str
    source: str
    error: str
    message: str
    sha256: str | None = None
    feed: str | None = None


_FACTS = ("events", "quotes", "mentions", "times", "places", "names", "actors", "records", "pages")
"""What hangs on an article's reading, in an order in which it can be taken away."""
_FAILED = ("page", "source", "error", "message", "sha256", "feed")
_PLACED = ("text_sha256", "kind", "outlet", "published", "published_from", "published_to")
"""What decides in which story an article is, by its reading: a person may have changed the row."""


def open_store(path: str | PathLike[str], *, create: bool = False) -> Store:
    """Open a store; with `create` one that is not there is made.

    Raises `StoreError` when the file is missing, no store, damaged, or of a newer version.

    >>> import tempfile, tidings
    >>> record = tidings.read("Ministers met in Geneva on Monday.", media="article")
    >>> with tempfile.TemporaryDirectory() as folder, open_store(f"{folder}/news.db", create=True) as store:
    ...     store.add(record), store.add(record), store.get(record.id) == record
    (True, False, True)
    """
    place = Path(path)
    return Store(place, connect(place, create=create))


class Store:
    """An open store; several may be open at once, one of them writing at a time, the others waiting their turn."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; the last to close leaves nothing beside it."""
        self._connection.close()

    def add(self, record: Record, *, page: str | None = None) -> bool:
        """Keep a record, and `page`, the characters it was read from; return False when its page is there already.

        A page is there when its bytes are, or when its address is with the same text.
        """
        row = article_row(record)
        with told(self.path), writing(self._connection):
            if self._is_there(row):
                self._forgive(record.page.name)
                return False
            self._write(row, record, page)
        return True

    def replace(self, record: Record, *, page: str | None = None) -> bool:
        """Put a new reading of a page in the place of the one that is there; return False when it cannot take it.

        The place in the order of collecting, the page itself, and what people have judged stay; so does the story,
        where text, day and outlet are as they were. It cannot when another article of its address has the same text.
        """
        row = article_row(record)
        known = self._one("SELECT number FROM articles WHERE sha256 = ?", record.page.sha256)
        if known is None:
            return False
        held = page if page is not None else self.page_text(known[0])
        with told(self.path), writing(self._connection):
            twin = (
                "SELECT 1 FROM articles WHERE canonical = :canonical AND text_sha256 = :text_sha256"
                " AND number <> :number"
            )
            placed = {"number": known[0], **row}
            if self._connection.execute(twin, placed).fetchone() is not None:
                return False
            before = article_row(self.at(known[0]))
            actors, spots = named_in(self._connection, known[0])
            if any(before[name] != row[name] for name in _PLACED):
                self._connection.execute("DELETE FROM articles WHERE number = :number", placed)
                self._write(placed, record, held)
            else:
                self._renew(placed, record, held)
            now = named_in(self._connection, known[0])
            describe_actors(self._connection, actors | now[0])
            describe_places(self._connection, spots | now[1])
        return True

    def keep_page(self, sha256: str, text: str) -> None:
        """Keep the characters of a page whose article is there, unless they are kept already."""
        found = self._one(
            "SELECT number, text FROM articles WHERE sha256 = ? AND number NOT IN (SELECT article FROM pages)", sha256
        )
        if found is not None:
            packed = None if text == found[1] else pack(text)
            with told(self.path), writing(self._connection):
                self._connection.execute("INSERT OR IGNORE INTO pages VALUES (?, ?)", (found[0], packed))

    def page(self, id: str) -> Received | None:
        """Return the page of an article as it was received; None when it was not kept, or there is no such article.

        Offsets called `source` in a record, and what `record.locate` gives, point into its `text`.
        """
        number = self._number(id)
        text = self.page_text(number) if number is not None else None
        return Received(page=self.at(number).page, text=text) if number is not None and text is not None else None

    def page_text(self, number: int) -> str | None:
        """Return the characters of the page of the article with this number, where they are kept."""
        found = self._one(
            "SELECT packed, iif(packed IS NULL, text, NULL) FROM pages JOIN articles ON article = number"
            " WHERE article = ?",
            number,
        )
        if found is None:
            return None
        return unpack(found[0]) if found[0] is not None else found[1]

    def reading_of(self, sha256: str) -> str | None:
        """Return the version that has read the page with this digest; None when it is not there."""
        found = self._one("SELECT version FROM articles WHERE sha256 = ?", sha256)
        return found[0] if found else None

    def holds(self, sha256: str) -> bool:
        """Tell whether a page with this digest is there."""
        return self._one("SELECT 1 FROM articles WHERE sha256 = ?", sha256) is not None

    def holds_address(self, url: str) -> bool:
        """Tell whether a page from this address is there."""
        return self._one("SELECT 1 FROM articles WHERE canonical = ?", canonical_address(url) or "") is not None

    def __len__(self) -> int:
        (count,) = self._one("SELECT count(*) FROM articles") or (0,)
        return count

    def records(self) -> Iterator[Record]:
        """Yield all records, in the order they were collected, holding one at a time."""
        last = 0
        while found := self._one("SELECT article, json FROM records WHERE article > ? ORDER BY article LIMIT 1", last):
            last = found[0]
            yield self._decode(found[1])

    def get(self, id: str) -> Record | None:
        """Return the record with this id, or of the page with this id; None when there is none."""
        number = self._number(id)
        return self.at(number) if number is not None else None

    def at(self, number: int) -> Record:
        """Return the record of the article with this number; raise `StoreError` when there is none."""
        found = self._one("SELECT json FROM records WHERE article = ?", number)
        if found is None:
            raise StoreError(f"{self.path}: no article has the number {number}")
        return self._decode(found[0])

    def search(self, query: str, *, limit: int = 20) -> list[Hit]:
        """Return the articles that answer a query, best first; `tidings.store.searching` says how one is written.

        Raises `UsageError` for a query with nothing in it.
        """
        with told(self.path):
            return find(self._connection, query, limit)

    def query(self, sql: str, *values: str | int | float | None) -> Iterator[tuple]:
        """Ask the tables and views in SQL of the caller's own; yield the rows.

        Raises `StoreError` when SQLite does not accept it.
        """
        with told(self.path):
            yield from self._connection.execute(sql, values)

    @contextlib.contextmanager
    def change(self) -> Iterator[sqlite3.Connection]:
        """Hold one transaction over the tables of the rooms above (stories, acts, judgements): all is kept, or nothing.

        Raises `StoreError` when SQLite does not accept something.
        """
        with told(self.path), writing(self._connection):
            yield self._connection

    def add_failure(self, failure: Failed) -> None:
        """Keep what could not be read, in place of an earlier failure of the same page."""
        row: Row = {name: getattr(failure, name) for name in _FAILED}
        known = self._one(f"SELECT {', '.join(_FAILED)} FROM failures WHERE page = ?", failure.page)
        if known == tuple(row.values()):
            return
        with told(self.path), writing(self._connection):
            self._connection.execute(
                f"{_insert('failures', row)[0]} ON CONFLICT (page) DO UPDATE SET source = excluded.source,"
                " sha256 = excluded.sha256, error = excluded.error, message = excluded.message, feed = excluded.feed",
                row,
            )

    def failures(self) -> list[Failed]:
        """Return what could not be read and has not been read since, in the order it was met."""
        with told(self.path):
            rows = self._connection.execute(f"SELECT {', '.join(_FAILED)} FROM failures ORDER BY number")
            return [Failed(**dict(zip(_FAILED, row, strict=True))) for row in rows]

    def failure(self, sha256: str) -> Failed | None:
        """Return how a page with this digest failed before; None when it did not."""
        row = self._one(f"SELECT {', '.join(_FAILED)} FROM failures WHERE sha256 = ?", sha256)
        return Failed(**dict(zip(_FAILED, row, strict=True))) if row else None

    def forgive(self, page: str) -> None:
        """Forget that a page could not be read: it has been since."""
        if self._one("SELECT 1 FROM failures WHERE page = ?", page):
            with told(self.path), writing(self._connection):
                self._forgive(page)

    def version_of(self, url: str) -> tuple[str | None, str | None]:
        """Return what the server last said of the version of an address: its ETag and Last-Modified."""
        found = self._one("SELECT etag, modified FROM addresses WHERE url = ?", url)
        return (found[0], found[1]) if found else (None, None)

    def note_version(self, url: str, etag: str | None, modified: str | None) -> None:
        """Keep what the server says of the version of an address."""
        row: Row = {"url": url, "etag": etag, "modified": modified}
        with told(self.path), writing(self._connection):
            self._connection.execute(
                f"{_insert('addresses', row)[0]}"
                " ON CONFLICT (url) DO UPDATE SET etag = excluded.etag, modified = excluded.modified",
                row,
            )

    def note_feeds(self, met: Mapping[str, Feedback], at: str) -> None:
        """Keep what a collection met at its feeds at a moment (ISO, UTC)."""
        with self.change() as connection:
            note_feedback(connection, met.items(), at)

    def feeds(self) -> list[FeedHealth]:
        """Return how each feed and sitemap stands that pages were collected through, by address."""
        with told(self.path):
            return read_health(self._connection)

    def _renew(self, row: Row, record: Record, page: str | None) -> None:
        """Change the row of an article in its place, and put new facts in the place of the old."""
        for table in _FACTS:
            self._connection.execute(f"DELETE FROM {table} WHERE article = :number", row)
        changes = ", ".join(f'"{name}" = :{name}' for name in row if name not in ("number", "text"))
        self._connection.execute(f"UPDATE articles SET {changes} WHERE number = :number", row)
        self._write_facts(int(row["number"] or 0), record, page)

    def _write(self, row: Row, record: Record, page: str | None) -> None:
        number = self._connection.execute(*_insert("articles", row)).lastrowid or 0
        self._write_facts(number, record, page)

    def _write_facts(self, number: int, record: Record, page: str | None) -> None:
        self._connection.execute(*_insert("records", {"article": number, "json": to_json(record)}))
        if page is not None:
            packed = None if page == record.article.text else pack(page)
            self._connection.execute("INSERT INTO pages VALUES (?, ?)", (number, packed))
        for table, fact in fact_rows(record, number):
            self._connection.execute(*_insert(table, fact))
        self._forgive(record.page.name, record.page.sha256)

    def _number(self, id: str) -> int | None:
        # Two looks, each by its index; the id of a record is more than that of a page.
        for column in ("id", "page"):
            found = self._one(f"SELECT number FROM articles WHERE {column} = ? ORDER BY number LIMIT 1", id)
            if found is not None:
                return found[0]
        return None

    def _is_there(self, row: Row) -> bool:
        # The bytes, then the address with the text: each has its index.
        found = self._connection.execute(
            "SELECT 1 FROM articles WHERE sha256 = :sha256 OR id = :id"
            " UNION ALL SELECT 1 FROM articles WHERE canonical = :canonical AND text_sha256 = :text_sha256",
            row,
        )
        return found.fetchone() is not None

    def _forgive(self, page: str | None, sha256: str | None = None) -> None:
        self._connection.execute("DELETE FROM failures WHERE page = ? OR sha256 = ?", (page, sha256))

    def _one(self, sql: str, *values: str | int) -> tuple | None:
        with told(self.path):
            return self._connection.execute(sql, values).fetchone()

    def _decode(self, line: str) -> Record:
        try:
            return from_json(line)
        except msgspec.DecodeError as error:
            raise StoreError(f"{self.path}: the store is damaged: a record in it is none ({error})") from error


def _insert(table: str, row: Row) -> tuple[str, Row]:
    return _statement(table, tuple(row)), row


@functools.cache
def _statement(table: str, names: Sequence[str]) -> str:
    columns = ", ".join(f'"{name}"' for name in names)
    return f"INSERT INTO {table} ({columns}) VALUES ({', '.join(f':{name}' for name in names)})"

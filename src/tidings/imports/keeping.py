"""Acts of others into the tables of a store.

In: acts, a chunk at a time. Out: rows; an act whose id is there already adds none.
A chunk is kept whole or not at all.
"""

from __future__ import annotations

import contextlib
import functools
import re
from collections.abc import Iterator, Sequence
from sqlite3 import Connection

from tidings.errors import StoreError, UsageError
from tidings.imports.acts import Act, Party
from tidings.store import Store
from tidings.store.schema import STEPS

__all__ = ["Keeper"]

_PARTIES = "INSERT INTO parties (key, name, type, country, sector, code) VALUES (?, ?, ?, ?, ?, ?) RETURNING number"
_INDEX = re.compile(r"CREATE INDEX (?:IF NOT EXISTS )?(\w+)\s+ON acts\s", re.ASCII)
_ACTS = (
    "INSERT OR IGNORE INTO acts (dataset, id, day, dated, source, target, source_country, target_country, type, cameo,"
    " quad, intensity, tellings, place, lat, lon) VALUES (?, ?, ?, 'stated', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_CACHE = 256 * 1024
"""Kilobytes of the store held in memory while acts are added."""
_MANY = 200_000
"""Acts from which on indices are made afterwards, if they are more than those that are there."""
_KNOWN = 200_000
"""Parties whose numbers are held in memory."""


@functools.cache
def _indices() -> dict[str, str]:
    """Return the statements that make the indices of acts, by the names of these."""
    statements = (statement.strip() for step in STEPS for statement in step.split(";"))
    found = (_INDEX.match(statement) for statement in statements)
    return {match[1]: match.string for match in found if match}


class Keeper:
    """Keeps the acts of one dataset."""

    def __init__(self, store: Store, name: str, form: str) -> None:
        self.name = name
        self._store = store
        self._form = form
        self._numbers: dict[str, int] = {}
        found = next(store.query("SELECT number, format FROM datasets WHERE name = ?", name), None)
        if found and found[1] != form:
            raise UsageError(f"the dataset {name!r} holds {found[1]}; give this one another name")
        self._dataset: int | None = found[0] if found else None
        # Indices are filled in many places at once; with room for them in memory this is several times quicker.
        list(store.query(f"PRAGMA cache_size = -{_CACHE}"))

    @contextlib.contextmanager
    def expecting(self, acts: int) -> Iterator[None]:
        """Make ready for about so many acts: for very many, indices are put off until all are there.

        They are made when something fails meanwhile, too. A run that is killed leaves the store slower and no less
        right; the next one makes up for it.
        """
        (there,) = next(self._store.query("SELECT max(number) FROM acts"))
        if acts > max(_MANY, there or 0):
            with self._store.change() as connection:
                for name in _indices():
                    connection.execute(f"DROP INDEX IF EXISTS {name}")
        try:
            yield
        except BaseException:
            with contextlib.suppress(StoreError):  # what has failed first is what is told
                self._make_indices()
            raise
        self._make_indices()

    def _make_indices(self) -> None:
        """Make the indices of acts that are not there."""
        known = {row[0] for row in self._store.query("SELECT name FROM sqlite_master WHERE type = 'index'")}
        for name, statement in _indices().items():
            if name not in known:
                with self._store.change() as connection:
                    connection.execute(statement)

    def holds(self, digest: str) -> bool:
        """Tell whether a table with this content has been read to its end."""
        if self._dataset is None:
            return False
        sql = "SELECT 1 FROM imported_files WHERE sha256 = ? AND dataset = ?"
        return next(self._store.query(sql, digest, self._dataset), None) is not None

    def add(self, acts: Sequence[Act]) -> int:
        """Keep acts in one transaction; return how many were new."""
        with self._store.change() as connection:
            dataset = self._number(connection)
            rows = [self._row(connection, dataset, act) for act in acts]
            before = connection.total_changes
            connection.executemany(_ACTS, rows)
            return connection.total_changes - before

    def note_file(self, digest: str, name: str, acts: int, skipped: int) -> None:
        """Note that a table has been read to its end."""
        with self._store.change() as connection:
            row = (digest, self._number(connection), name, acts, skipped)
            connection.execute("INSERT OR REPLACE INTO imported_files VALUES (?, ?, ?, ?, ?)", row)

    def _number(self, connection: Connection) -> int:
        if self._dataset is None:
            row = (self.name, self._form)
            connection.execute("INSERT OR IGNORE INTO datasets (name, format) VALUES (?, ?)", row)
            found = connection.execute("SELECT number FROM datasets WHERE name = ?", (self.name,)).fetchone()
            self._dataset = int(found[0])
        return self._dataset

    def _row(self, connection: Connection, dataset: int, act: Act) -> tuple[str | int | float | None, ...]:
        source, target = act.source, act.target
        return (
            dataset, act.id, act.day, self._party(connection, source),
            self._party(connection, target) if target else None, source.country, target.country if target else None,
            act.type, act.cameo, act.quad, act.intensity, act.tellings, act.place, act.lat, act.lon,
        )  # fmt: skip

    def _party(self, connection: Connection, party: Party) -> int:
        number = self._numbers.get(party.key)
        if number is None:
            found = connection.execute("SELECT number FROM parties WHERE key = ?", (party.key,)).fetchone()
            found = found or connection.execute(_PARTIES, party).fetchone()
            number = int(found[0])
            if len(self._numbers) >= _KNOWN:
                self._numbers.clear()
            self._numbers[party.key] = number
        return number

"""Open the file of a store.

In: a path. Out: a connection to a store of the newest version, or a `StoreError` that says what the file is instead.
It reads and writes no articles.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

from tidings.errors import StoreError, UsageError
from tidings.store.schema import APPLICATION, STEPS, VERSION

__all__ = ["connect", "told", "writing"]

_PATIENCE = 60.0
"""Seconds to wait for another process that writes."""
_OLDEST = (3, 37, 0)
"""The first SQLite with strict tables."""


def connect(path: Path, *, create: bool) -> sqlite3.Connection:
    """Open a store, bringing it to the newest version; with `create` a file that is not there is made.

    Raises `StoreError` for what is no store, is of a newer version, or cannot be opened.
    """
    if sqlite3.sqlite_version_info < _OLDEST:
        raise StoreError(f"a store needs SQLite 3.37 or newer; this Python has {sqlite3.sqlite_version}")
    if path.is_dir():
        raise StoreError(f"{path}: a folder, not a store")
    if not path.exists():
        if not create:
            raise StoreError(f"{path}: no such store; `tidings collect` makes one")
        if not path.parent.is_dir():
            raise StoreError(f"{path}: no such folder: {path.parent}")
    with told(path):
        connection = _open(path, "rwc" if create else "rw")
        try:
            return _prepare(connection, path, create)
        except BaseException:
            connection.close()
            raise


@contextlib.contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn what SQLite says into a `StoreError` that says what to do."""
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(f"{path}: {_explain(error)}") from error
    except UnicodeEncodeError as error:  # an argument of the command line, say, in the encoding of another machine
        raise UsageError(f"not text that can be looked up: {error.object!a}") from error


@contextlib.contextmanager
def writing(connection: sqlite3.Connection) -> Iterator[None]:
    """Hold one transaction: all of it is kept, or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # A full disk rolls back by itself; then there is nothing left to undo.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _open(path: Path, mode: str, *, fixed: bool = False) -> sqlite3.Connection:
    address = f"{path.absolute().as_uri()}?mode={mode}{'&immutable=1' if fixed else ''}"
    # Transactions are begun and ended by hand (`writing`), never by the module.
    return sqlite3.connect(address, uri=True, timeout=_PATIENCE, isolation_level=None, check_same_thread=False)


def _prepare(connection: sqlite3.Connection, path: Path, create: bool) -> sqlite3.Connection:
    try:
        version = _version(connection, path)
    except sqlite3.OperationalError as error:
        # A store that was closed in good order can be read where nothing may be written, such as a read-only folder.
        beside = path.with_name(f"{path.name}-wal")
        if not error.sqlite_errorname.startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY")) or _holds_something(beside):
            raise
        connection.close()
        connection = _open(path, "ro", fixed=True)
        version = _version(connection, path)
    if version == 0 and not create:
        raise StoreError(f"{path}: an empty file, not a store")
    connection.execute("PRAGMA foreign_keys = ON")
    if version < VERSION:
        _use_write_ahead(connection)
        _upgrade(connection, path)
    # A killed process loses nothing; a power cut may cost the last articles, which the next run collects again.
    connection.execute("PRAGMA synchronous = NORMAL")
    return connection


def _holds_something(path: Path) -> bool:
    return path.exists() and path.stat().st_size > 0


def _version(connection: sqlite3.Connection, path: Path) -> int:
    """Return the version of the store, 0 for a file with nothing in it."""
    try:
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        (things,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorname == "SQLITE_NOTADB":
            raise StoreError(f"{path}: not a store of Tidings") from error
        raise
    if application != APPLICATION:
        if things or application or version:
            raise StoreError(f"{path}: a SQLite file, but not a store of Tidings")
        return 0
    if version > VERSION:
        raise StoreError(
            f"{path}: a store of version {version}, newer than this Tidings knows ({VERSION}); upgrade tidings"
        )
    return version


def _use_write_ahead(connection: sqlite3.Connection) -> None:
    """Let readers read while one writes; the change of mode itself does not wait for others, so we do."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorname not in ("SQLITE_BUSY", "SQLITE_LOCKED") or time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def _upgrade(connection: sqlite3.Connection, path: Path) -> None:
    """Take the steps that are missing, all in one transaction; another process may have taken them meanwhile."""
    with writing(connection):
        for step in STEPS[_version(connection, path) :]:
            for statement in _statements(step):
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute(f"PRAGMA user_version = {VERSION}")


def _statements(script: str) -> Iterator[str]:
    """Cut a script into its statements; `executescript` would end our transaction."""
    held = ""
    for piece in script.split(";"):
        held += piece + ";"
        if sqlite3.complete_statement(held) and piece.strip():
            yield held
            held = ""


def _explain(error: sqlite3.Error) -> str:
    name = getattr(error, "sqlite_errorname", None) or ""
    if name.startswith("SQLITE_FULL"):
        return "the disk is full; what was collected so far is kept, run again when there is room"
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return f"another process has been writing for more than {_PATIENCE:.0f} seconds; try again later"
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return f"the store is damaged ({error})"
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
        return f"cannot be opened or written here ({error}); is the file or its folder read-only?"
    return str(error)

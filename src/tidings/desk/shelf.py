"""The shelf: every question the pages of the desk ask, answered from one store.

In: the path of a store, of a file of JSON lines, or of a folder of pages. Out: records, hits, stories, a digest of all.
It never writes to a store it is given. A file or folder is first kept in a store of its own, gone when it closes.
"""

from __future__ import annotations

import contextlib
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from tidings.desk.digest import Digest, digest, is_day
from tidings.errors import StoreError
from tidings.facts import Record
from tidings.store import Hit, Store, open_store

__all__ = ["Shelf", "open_shelf"]

_PATIENCE = 10.0
"""Seconds an overview may be behind a store that is being collected into."""
_SQLITE = b"SQLite format 3\x00"


class Shelf:
    """Answer the desk's questions from the store at `path`; safe to ask from many threads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._own = threading.local()
        self._lock = threading.RLock()
        self._opened: list[Store] = []
        self._digest: Digest | None = None
        self._stories: list[list[str]] | None = None
        self._count = -1
        self._looked = 0.0
        _ = self._store  # a file that is no store is told at once, not by the first page

    @property
    def _store(self) -> Store:
        """Return the connection of this thread, which refuses to write."""
        store = getattr(self._own, "store", None)
        if store is None:
            store = open_store(self.path)
            list(store.query("PRAGMA query_only = ON"))
            self._own.store = store
            with self._lock:
                self._opened.append(store)
        return store

    def close(self) -> None:
        """Close all connections."""
        with self._lock:
            while self._opened:
                self._opened.pop().close()

    def get(self, id: str) -> Record | None:
        """Return the record with this id; None when there is none."""
        return self._store.get(id)

    def records(self) -> Iterator[Record]:
        """Yield all records, one at a time."""
        return self._store.records()

    def search(self, query: str, limit: int = 200) -> list[Hit]:
        """Return the articles that answer a query, best first."""
        return self._store.search(query, limit=limit)

    def failures(self) -> int:
        """Count the pages that could not be read."""
        return len(self._store.failures())

    def digest(self) -> Digest:
        """Return all records at a glance; made anew when articles have come in."""
        with self._lock:
            now = time.monotonic()
            if self._digest is None or now - self._looked > _PATIENCE:
                self._looked = now
                count = len(self._store)
                if self._digest is None or count != self._count:
                    self._digest, self._stories, self._count = digest(self._store.records()), None, count
            return self._digest

    def stories(self) -> list[list[str]]:
        """Return the ids of the articles of each story, in order of date within it, the youngest story first."""
        from tidings.stories import cluster

        with self._lock:
            heads = self.digest().heads
            if self._stories is None:
                texts: dict[str, str] = {}
                for record in self._store.records():
                    if record.id in heads and record.article.kind in ("article", "live"):
                        texts[record.id] = record.article.text
                ids = list(texts)
                days = [day if is_day(day := heads[id].published) else None for id in ids]
                groups = [[ids[at] for at in group] for group in cluster(list(texts.values()), dates=days)]
                for group in groups:
                    group.sort(key=lambda id: (heads[id].published or "9999", id))
                groups.sort(key=lambda group: (max(heads[id].published or "" for id in group), group[0]), reverse=True)
                self._stories = groups
            return self._stories


@contextlib.contextmanager
def open_shelf(path: Path) -> Iterator[Shelf]:
    """Open a store; or keep a file of JSON lines, or a folder of pages, in a store that lasts as long as the shelf.

    Raises `StoreError` when there is nothing to show.
    """
    with contextlib.ExitStack() as stack:
        if not _is_store(path):
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="tidings-desk-"))
            path = _keep(path, Path(folder) / "desk.db")
        shelf = Shelf(path)
        stack.callback(shelf.close)
        yield shelf


def _is_store(path: Path) -> bool:
    if not path.is_file():
        # What is not there is named by the store itself, which knows what to say.
        return not path.is_dir()
    with path.open("rb") as file:
        head = file.read(len(_SQLITE))
    return head == _SQLITE or not head.lstrip().startswith((b"{", b"\x1f\x8b"))


def _keep(path: Path, place: Path) -> Path:
    from tidings.store import collect

    with open_store(place, create=True) as store:
        for _ in collect(store, [str(path)]):
            pass
        if not len(store):
            raise StoreError(f"{path}: nothing in it could be read")
    return place

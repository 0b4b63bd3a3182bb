"""The shelf: the store the desk shows, opened once for each thread, and the few things it remembers.

In: the path of a store, of a file of JSON lines, of a folder of pages; nothing for the example. Out: an open `Shelf`.
Questions go through connections that refuse to write; a change (a judgement, a page added) has a connection of its own.
"""

from __future__ import annotations

import contextlib
import functools
import re
import tempfile
import threading
import time
import weakref
from collections.abc import Callable, Hashable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

import msgspec

from tidings.errors import StoreError, TidingsError
from tidings.store import Store, open_store

__all__ = ["Shelf", "Totals", "open_shelf"]

_T = TypeVar("_T")
_SQLITE = b"SQLite format 3\x00"
_NAMED = re.compile(r":([a-z]\w*)")
_KEPT = 256
"""Answers that are remembered until an article comes in or a judgement is made."""
_WORKS = 32
_END = 2.0
"""Seconds that what works behind the pages has to end when the shelf closes."""
_WAIT = 3.0
"""Seconds the desk waits for the stories of new articles before it opens and goes on with them behind."""


class Totals(msgspec.Struct, frozen=True, kw_only=True):
    """How much there is."""

    articles: int = 0
    events: int = 0
    quotes: int = 0
    actors: int = 0


class _Work:
    """One answer that takes long, made behind the pages."""

    def __init__(self, state: int | None, made: object) -> None:
        self.state = state
        self.made = made
        self.done = threading.Event()
        self.error: TidingsError | None = None

    def run(self, make: Callable[[], object]) -> None:
        try:
            self.made = make()
        except TidingsError as error:
            self.error = error
        finally:
            self.done.set()


class Shelf:
    """The store at `path`; safe to ask from many threads. `passing` is a store that goes when the desk closes."""

    def __init__(self, path: Path, *, passing: bool = False, example: bool = False) -> None:
        self.path = path
        self.passing = passing
        self.example = example
        self.behind: str | None = None
        self._caught: int | None = None
        self._catching = threading.Lock()
        self._own = threading.local()
        self._lock = threading.RLock()
        self._changing = threading.Lock()
        # A connection goes with its thread; those that are left are closed with the shelf.
        self._opened: weakref.WeakSet[Store] = weakref.WeakSet()
        self._kept: dict[Hashable, object] = {}
        self._making: dict[Hashable, threading.Lock] = {}
        self._threads: list[threading.Thread] = []
        self._state: int | None = None
        self._working: dict[Hashable, _Work] = {}
        # A connection of its own, which changes nothing: a file that is no store is told here, not by the first page.
        self._watching = open_store(path)

    @property
    def store(self) -> Store:
        """Return the connection of this thread, which refuses to write."""
        store = getattr(self._own, "store", None)
        if store is None:
            store = open_store(self.path)
            list(store.query("PRAGMA query_only = ON"))
            self._own.store = store
            # What works behind the pages may be in the middle of a question when the shelf closes, and to close a
            # connection under a question ends the process: such a connection goes when its thread ends.
            if not getattr(self._own, "behind", False):
                with self._lock:
                    self._opened.add(store)
        return store

    def behind_pages(self, name: str, work: Callable[[], None]) -> threading.Thread:
        """Start work that no page waits for."""

        def run() -> None:
            self._own.behind = True
            work()

        thread = threading.Thread(target=run, name=f"tidings-{name}", daemon=True)
        with self._lock:
            self._threads = [known for known in self._threads if known.is_alive()]
            self._threads.append(thread)
        thread.start()
        return thread

    @contextlib.contextmanager
    def changing(self) -> Iterator[Store]:
        """Open the store for a change; one at a time."""
        with self._changing, open_store(self.path) as store:
            yield store

    def close(self) -> None:
        """Close all connections; give what works behind the pages a moment to end."""
        deadline = time.monotonic() + _END
        for thread in list(self._threads):
            thread.join(max(0.0, deadline - time.monotonic()))
        with self._lock:
            self._watching.close()
            for store in list(self._opened):
                store.close()

    def rows(self, sql: str, *values: str | int | float | None) -> list[tuple]:
        """Ask the store's tables."""
        return list(self.store.query(sql, *values))

    def row(self, sql: str, *values: str | int | float | None) -> tuple | None:
        """Ask the store's tables for one row."""
        return next(iter(self.store.query(sql, *values)), None)

    def named(self, sql: str, values: Mapping[str, str | int]) -> list[tuple]:
        """Ask the store's tables, with values by name."""
        given: dict[str, str | int] = {}

        def place(found: re.Match[str]) -> str:
            given.setdefault(found[1], values[found[1]])
            return f"?{list(given).index(found[1]) + 1}"

        asked = _NAMED.sub(place, sql)
        return list(self.store.query(asked, *given.values()))

    def totals(self) -> Totals:
        """Count what there is."""
        return Totals(**dict(self.rows("SELECT what, n FROM totals")))

    def newest(self) -> int:
        """Return the number of the article collected last, 0 when there is none."""
        return (self.row("SELECT max(number) FROM articles") or (0,))[0] or 0

    def latest(self) -> str | None:
        """Return the youngest day an article is from: the desk's today."""
        found = self.row(
            "SELECT published FROM articles WHERE published GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]*'"
            " ORDER BY published DESC LIMIT 1"
        )
        return found[0][:10] if found else None

    def remember(self, key: Hashable, make: Callable[[], _T]) -> _T:
        """Return what was made for a key, made anew when the store has changed since; made once however many ask."""
        with self._lock:
            state = self._look()
            making = self._making.setdefault(key, threading.Lock())
        with making:
            with self._lock:
                if key in self._kept:
                    return self._kept[key]  # type: ignore[return-value]
            made = make()
            with self._lock:
                if len(self._kept) >= _KEPT:
                    self._kept.pop(next(iter(self._kept)))
                if state == self._state:
                    self._kept[key] = made
            return made

    def _look(self) -> int:
        """Forget what is no longer so: the version moves on whenever anyone, here or elsewhere, changes the file."""
        ((state,),) = self._watching.query("PRAGMA data_version")
        if state != self._state:
            self._kept.clear()
            self._making.clear()
            self._state = state
        return state

    def work_out(self, key: Hashable, make: Callable[[], _T], wait: float) -> _T | None:
        """Return what `remember` would, or None when it takes longer than `wait` seconds; it is then ready later.

        While the store goes on changing, what was made of it a while ago is returned, and made anew behind the pages.
        What `make` raises of `TidingsError` is raised here.
        """
        with self._lock:
            self._look()
            running = self._working.get(key)
            if running is None or (running.done.is_set() and running.state != self._state):
                running = self._working[key] = _Work(self._state, running.made if running else None)
                self.behind_pages("work", functools.partial(running.run, make))
                while len(self._working) > _WORKS:
                    self._working.pop(next(iter(self._working)))
        if running.made is None:
            running.done.wait(wait)
        if running.error is not None:
            raise running.error
        return running.made  # type: ignore[return-value]

    def catch_up(self, wait: float = _WAIT) -> None:
        """Work out the stories and acts of articles that have none yet, behind the pages once `wait` is over.

        A store that cannot be written to is shown as it is; `behind` says so.
        """
        self._caught = self.newest()
        self.behind_pages("stories", self._catch_up).join(wait)

    def keep_up(self, newest: int) -> None:
        """Catch up behind the pages when articles have come in since the last time; not where that was not wanted."""
        if self._caught is not None and newest > self._caught and not self._catching.locked():
            self.catch_up(0)

    def _catch_up(self) -> None:
        from tidings.stories import update

        def progress(done: int, all_: int) -> None:
            more = done < all_
            self.behind = f"Stories and acts are being worked out: {done} of {all_} new articles." if more else None

        with self._catching:
            try:
                # Not `changing`: this may take long, a batch a transaction; who judges is not to wait for all of it.
                with open_store(self.path) as store:
                    update(store, progress=progress)
                self.behind = None
            except TidingsError as error:
                self.behind = f"Stories and acts cannot be worked out: {error}"
            except BaseException:
                self.behind = "Stories and acts could not be worked out: see what the desk has printed."
                raise


@contextlib.contextmanager
def open_shelf(path: Path | None = None, *, catch_up: bool = True) -> Iterator[Shelf]:
    """Open a store; or keep a file of JSON lines, or a folder of pages, in a store that lasts as long as the shelf.

    Without a path the example is shown. Raises `StoreError` when there is nothing to show.
    """
    with contextlib.ExitStack() as stack:
        passing = path is None or not _is_store(path)
        if passing:
            folder = stack.enter_context(
                tempfile.TemporaryDirectory(prefix="tidings-desk-", ignore_cleanup_errors=True)
            )
            place = Path(folder) / "desk.db"
            shown = _keep(path, place) if path is not None else _keep_example(place)
        else:
            shown = path
        assert shown is not None
        shelf = Shelf(shown, passing=passing, example=path is None)
        stack.callback(shelf.close)
        if catch_up:
            shelf.catch_up()
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


def _keep_example(place: Path) -> Path:
    """Keep the example that ships with the package: pages written for this project, and their records."""
    import msgspec

    from tidings import data
    from tidings.facts import Record

    decoder = msgspec.json.Decoder(tuple[Record, str])
    with open_store(place, create=True) as store:
        for line in data.read_text("desk_example.jsonl.gz").splitlines():
            record, page = decoder.decode(line)
            store.add(record, page=page)
    return place

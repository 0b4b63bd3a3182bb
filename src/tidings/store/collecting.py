"""Collect pages into a store.

In: a store and sources. Out: what became of each page, in order, as it is kept.
A page that is there is not read again. It can be stopped at any moment and run again.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from tidings.errors import EmptyPage, PageError
from tidings.facts import Media, Received, Record
from tidings.pages import Found, receive
from tidings.reader import Failure, Reader, read_each
from tidings.store.arrivals import Arrival, find_arrivals
from tidings.store.keeping import Failed, Store
from tidings.store.visiting import Visitor

__all__ = ["Outcome", "collect"]


@dataclass(frozen=True)
class Outcome:
    """What became of one page: added now, there already, or failed with an error."""

    where: str
    kind: Literal["added", "there", "failed"]
    record: Record | None = None
    error: PageError | None = None


def collect(
    store: Store,
    sources: Sequence[str],
    *,
    jobs: int = 1,
    media: Media | None = None,
    published: str | None = None,
    fetched: str | None = None,
    retry: bool = False,
    reader: Reader | None = None,
) -> Iterator[Outcome]:
    """Read sources into a store; yield what became of each page, in order, once it is kept.

    A page whose bytes failed before is not read again, but told again. With `retry` it is read, and so is all else that
    failed before. The options are those of `tidings.read_many`.
    """
    again = [failed.page if _is_address(failed.page) else failed.source for failed in store.failures() if retry]
    named = list(dict.fromkeys([*sources, *again]))
    run = _Run(store, media=media, fetched=fetched, retry=retry)
    arrivals = find_arrivals(named, run.visitor, media=media, fetched=fetched)
    results = read_each(run.sort(arrivals), jobs=jobs, media=media, fetched=fetched, published=published, reader=reader)
    for result in results:
        yield run.settle(result)
    run.close(named)


class _Run:
    """The bookkeeping of one collection: which pages are being read, and what led to them."""

    def __init__(self, store: Store, *, media: Media | None, fetched: str | None, retry: bool) -> None:
        self.visitor = Visitor(store.version_of, store.holds_address)
        self._store = store
        self._media: Media | None = media
        self._fetched = fetched
        self._retry = retry
        self._waiting: deque[Arrival] = deque()
        self._flying: Counter[str] = Counter()
        self._failing: set[str] = set()
        self._failed: set[str] = set()

    def sort(self, arrivals: Iterator[Arrival]) -> Iterator[Received | Failure]:
        """Hand on what is to be read. All else travels along as a failure, so that everything keeps its place."""
        for arrival in arrivals:
            arrival = self._received(arrival)
            self._waiting.append(arrival)
            if isinstance(arrival.item, Received) and not arrival.there and arrival.error is None:
                self._flying[arrival.item.page.sha256] += 1
                yield arrival.item
            else:
                yield Failure(arrival.where, arrival.error or EmptyPage("not read now", where=arrival.where))

    def settle(self, result: Record | Failure) -> Outcome:
        """Keep a result, in the place of the arrival it comes from."""
        arrival = self._waiting.popleft()
        item = arrival.item
        if isinstance(item, Received) and not arrival.there and arrival.error is None:
            self._flying[item.page.sha256] -= 1
            if not self._flying[item.page.sha256]:
                del self._flying[item.page.sha256]
        if isinstance(item, Record):
            return self._keep(arrival, item)
        if isinstance(result, Record):
            return self._keep(arrival, result)
        if arrival.there:
            return self._find(arrival)
        return self._fail(arrival, result.error)

    def close(self, named: Sequence[str]) -> None:
        """Forget the failures of sources that were read through and no longer fail; remember how their feeds stand."""
        followed = set(named)
        for failed in self._store.failures():
            # A page that has left its feed has still not been read.
            gone = failed.page not in self._failed and (failed.page == failed.source or not _is_address(failed.page))
            if gone and failed.source in followed:
                self._store.forgive(failed.page)
        for url, source, etag, modified in self.visitor.seen:
            if source not in self._failing:
                self._store.note_version(url, etag, modified)

    def _received(self, arrival: Arrival) -> Arrival:
        """Receive the page of an arrival, and see whether it need be read at all."""
        if isinstance(arrival.item, Found):
            try:
                item = receive(arrival.item, media=self._media, fetched=self._fetched)
            except PageError as error:
                return replace(arrival, error=error)
            arrival = replace(arrival, item=item)
        if not isinstance(arrival.item, Received) or arrival.error is not None:
            return arrival
        sha256 = arrival.item.page.sha256
        # A page with the same bytes may be in the hands of a worker now: what becomes of that becomes of this.
        if self._flying[sha256] or self._store.holds(sha256):
            return replace(arrival, there=True)
        if not self._retry and self._store.failure(sha256) is not None:
            return replace(arrival, there=True)
        return arrival

    def _keep(self, arrival: Arrival, record: Record) -> Outcome:
        if not record.article.text.strip() or record.article.kind in ("index", "error"):
            told = next((trouble.message for trouble in record.troubles if trouble.stage == "article"), "no article")
            return self._fail(arrival, EmptyPage(told, where=arrival.where), record.page.sha256)
        added = self._store.add(record)
        return Outcome(arrival.where, "added" if added else "there", record)

    def _find(self, arrival: Arrival) -> Outcome:
        """Tell what has become of a page that was not read now."""
        sha256 = arrival.item.page.sha256 if isinstance(arrival.item, Received) else None
        failed = self._store.failure(sha256) if sha256 and not self._store.holds(sha256) else None
        if failed is None:
            self._store.forgive(arrival.where)
            return Outcome(arrival.where, "there")
        return self._fail(arrival, EmptyPage(failed.message, where=arrival.where), sha256, kind=failed.error)

    def _fail(self, arrival: Arrival, error: PageError, sha256: str | None = None, kind: str | None = None) -> Outcome:
        if sha256 is None and isinstance(arrival.item, Received):
            sha256 = arrival.item.page.sha256
        self._failing.add(arrival.source)
        self._failed.add(arrival.where)
        self._store.add_failure(
            Failed(
                page=arrival.where,
                source=arrival.source,
                error=kind or type(error).__name__,
                message=error.message,
                sha256=sha256,
            )
        )
        return Outcome(arrival.where, "failed", error=error)


def _is_address(page: str) -> bool:
    return page.lower().startswith(("http://", "https://"))

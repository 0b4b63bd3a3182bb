"""Collect pages into a store.

In: a store and sources. Out: what became of each page, in order, as it is kept.
A page that is there is not read again unless that is asked for. It can be stopped at any moment and run again.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from tidings.errors import EmptyPage, PageError
from tidings.facts import Media, Received, Record
from tidings.pages import Found, receive
from tidings.pages.receiving import name_path
from tidings.reader import Failure, Reader, read_each
from tidings.store.arrivals import Arrival, find_arrivals
from tidings.store.keeping import Failed, Store
from tidings.store.rereading import find_stale, is_older
from tidings.store.visiting import Visitor

__all__ = ["Outcome", "collect"]


@dataclass(frozen=True)
class Outcome:
    """What became of one page: added now, there already, read anew, or failed with an error.

    `reached` is how many bytes of the files named have been read so far.
    """

    where: str
    kind: Literal["added", "there", "renewed", "failed"]
    record: Record | None = None
    error: PageError | None = None
    reached: int = 0


def collect(
    store: Store,
    sources: Sequence[str],
    *,
    jobs: int = 1,
    media: Media | None = None,
    published: str | None = None,
    fetched: str | None = None,
    retry: bool = False,
    reread: bool = False,
    pages: bool = True,
    reader: Reader | None = None,
    at: str | None = None,
) -> Generator[Outcome, None, None]:
    """Read sources into a store; yield what became of each page, in order, once it is kept.

    A page whose bytes failed before is not read again, but told again. With `retry` it is read, and so is all else that
    failed before. With `reread` the articles that an older Tidings has read are read anew, in their places. With
    `pages` the pages are kept as they were received. With `at`, the moment it is now (ISO, UTC), what is met at feeds
    is noted for `Store.feeds`. The other options are those of `tidings.read_many`.
    """
    again = [failed.page if _is_address(failed.page) else failed.source for failed in store.failures() if retry]
    named = list(dict.fromkeys([*sources, *again]))
    run = _Run(store, media=media, fetched=fetched, retry=retry, reread=reread, pages=pages)

    def read_all(arrivals: Iterator[Arrival], day: str | None, workers: int) -> Iterator[Outcome]:
        sorted_out = run.sort(arrivals)
        results = read_each(sorted_out, jobs=workers, media=media, fetched=fetched, published=day, reader=reader)
        return (run.settle(result) for result in results)

    try:
        yield from read_all(find_arrivals(named, run.visitor, media=media, fetched=fetched), published, jobs)
    finally:
        if at is not None and run.visitor.met:
            store.note_feeds(run.visitor.met, at)
    run.close(named)
    for day, stale in find_stale(store) if reread else ():
        # A day that a person gave for an article is no finding of the older version: it is given again.
        yield from read_all(stale, day, jobs if day is None else 1)


class _Run:
    """The bookkeeping of one collection: which pages are being read, and what led to them."""

    def __init__(
        self, store: Store, *, media: Media | None, fetched: str | None, retry: bool, reread: bool, pages: bool
    ) -> None:
        self.visitor = Visitor(store.version_of, store.holds_address)
        self._store = store
        self._media: Media | None = media
        self._fetched = fetched
        self._retry = retry
        self._reread = reread
        self._pages = pages
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
        return replace(self._settle(arrival, result), reached=arrival.reached)

    def close(self, named: Sequence[str]) -> None:
        """Forget the failures of sources that were read through and no longer fail; remember how their feeds stand."""
        followed = {name_path(source) for source in named}
        for failed in self._store.failures():
            # A page that has left its feed has still not been read.
            gone = failed.page not in self._failed and (failed.page == failed.source or not _is_address(failed.page))
            if gone and failed.source in followed:
                self._store.forgive(failed.page)
        for url, source, etag, modified in self.visitor.seen:
            if source not in self._failing:
                self._store.note_version(url, etag, modified)

    def _settle(self, arrival: Arrival, result: Record | Failure) -> Outcome:
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
        if self._flying[sha256] or (self._store.holds(sha256) and not self._is_stale(sha256)):
            return replace(arrival, there=True)
        if not self._retry and self._store.failure(sha256) is not None:
            return replace(arrival, there=True)
        return arrival

    def _is_stale(self, sha256: str) -> bool:
        version = self._store.reading_of(sha256) if self._reread else None
        return version is not None and is_older(version)

    def _keep(self, arrival: Arrival, record: Record) -> Outcome:
        page = arrival.item.text if isinstance(arrival.item, Received) and self._pages else None
        known = self._store.reading_of(record.page.sha256) if self._reread else None
        if not record.article.text.strip() or record.article.kind in ("index", "error"):
            told = next((trouble.message for trouble in record.troubles if trouble.stage == "article"), "no article")
            if known is not None:
                kept = EmptyPage(f"{told}, now that it is read anew; its earlier reading stays", where=arrival.where)
                return Outcome(arrival.where, "failed", error=kept)
            return self._fail(arrival, EmptyPage(told, where=arrival.where), record.page.sha256)
        if known is not None and is_older(known, record.version):
            renewed = self._store.replace(record, page=page)
            return Outcome(arrival.where, "renewed" if renewed else "there", record)
        added = self._store.add(record, page=page)
        if added and arrival.feed is not None:
            self.visitor.met[arrival.feed].take(record)
        return Outcome(arrival.where, "added" if added else "there", record)

    def _find(self, arrival: Arrival) -> Outcome:
        """Tell what has become of a page that was not read now."""
        item = arrival.item if isinstance(arrival.item, Received) else None
        sha256 = item.page.sha256 if item else None
        holds = sha256 is not None and self._store.holds(sha256)
        failed = self._store.failure(sha256) if sha256 and not holds else None
        if failed is not None:
            return self._fail(arrival, EmptyPage(failed.message, where=arrival.where), sha256, kind=failed.error)
        if item and holds and self._pages:
            self._store.keep_page(item.page.sha256, item.text)
        self._store.forgive(arrival.where)
        return Outcome(arrival.where, "there")

    def _fail(self, arrival: Arrival, error: PageError, sha256: str | None = None, kind: str | None = None) -> Outcome:
        if sha256 is None and isinstance(arrival.item, Received):
            sha256 = arrival.item.page.sha256
        if sha256 is not None and self._store.holds(sha256) and self._reread:
            return Outcome(arrival.where, "failed", error=error)
        self._failing.add(arrival.source)
        self._failed.add(arrival.where)
        self._store.add_failure(
            Failed(
                page=arrival.where,
                source=arrival.source,
                error=kind or type(error).__name__,
                message=error.message,
                sha256=sha256,
                feed=arrival.feed,
            )
        )
        return Outcome(arrival.where, "failed", error=error)


def _is_address(page: str) -> bool:
    return page.lower().startswith(("http://", "https://"))

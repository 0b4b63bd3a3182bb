"""The stages in order: a page in, a record out.

In: a source (path, bytes or text). Out: a `Record`, or an iterator of them in input order.
It holds no linguistics of its own. A stage that fails becomes a `Trouble`, and the rest of the record stands.
"""

from __future__ import annotations

import hashlib
import logging
import multiprocessing
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, TypeVar

import msgspec

from tidings.errors import PageError, UsageError
from tidings.facts import (
    Article,
    Block,
    Cast,
    Clipping,
    DateCandidate,
    Event,
    Evidence,
    Media,
    Place,
    Published,
    Quote,
    Received,
    Record,
    Timex,
    Trouble,
)
from tidings.text import Span

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from tidings.pages import Found

__all__ = ["Failure", "Reader", "Source", "read", "read_each", "read_many"]

Source: TypeAlias = "str | bytes | Path | Received | Found"
_T = TypeVar("_T")

_log = logging.getLogger("tidings")
_LONGEST = 100_000
"""Characters of an article that facts are read from; the longest news articles have half of that."""
_SURE = 0.5
"""An inferred day below this score settles no relative date."""
_AHEAD = 4
"""Pages in flight per worker: enough to keep workers busy, few enough to bound memory."""


# The default stages import their rooms when first called, so that `import tidings` stays quick.


def _article(received: Received) -> Clipping:
    """Cut the article out of its page."""
    from tidings.article import find_article

    return find_article(received)


def _times(clipping: Clipping, given: str | None, fetched: str | None) -> tuple[Published | None, list[Timex]]:
    """Date the article, then read its time expressions against that date."""
    from tidings.times import date_article, find_times

    article = clipping.article
    published = _given(given) or date_article(article.text, clipping.dates, fetched=fetched, blocks=article.blocks)
    if published is None:
        return None, find_times(article.text)
    # A day that is more likely wrong than right must not settle every "on Tuesday" of the article.
    day = published.value if published.score >= _SURE else None
    return published, find_times(article.text, published=day, interval=published.interval)


def _actors(doc: Doc, article: Article) -> Cast:
    """Find the actors and every mention of them."""
    from tidings.actors import find_actors

    return find_actors(doc, article=article)


def _places(doc: Doc, cast: Cast, home: str | None) -> list[Place]:
    """Find the places named; `home` is the page's address or outlet, which tells whose Springfield is meant."""
    from tidings.places import find_places

    return find_places(doc, cast, outlet=home)


def _quotes(doc: Doc, article: Article, cast: Cast) -> list[Quote]:
    """Find who said what."""
    from tidings.quotes import find_quotes

    return find_quotes(doc, cast, article=article)


def _events(
    doc: Doc, article: Article, cast: Cast, places: Sequence[Place], times: Sequence[Timex], quotes: Sequence[Quote]
) -> list[Event]:
    """Find who did what to whom."""
    from tidings.events import find_events

    return find_events(doc, article=article, cast=cast, places=places, times=times, quotes=quotes)


@dataclass(frozen=True)
class Failure:
    """A source that could not be read, in its place among the records."""

    where: str
    error: PageError


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Hold one function for each stage; a stage set to None is left out and its lists stay empty.

    >>> quick = Reader(quotes=None, events=None)
    """

    article: Callable[[Received], Clipping] | None = _article
    actors: Callable[[Doc, Article], Cast] | None = _actors
    places: Callable[[Doc, Cast, str | None], Sequence[Place]] | None = _places
    times: Callable[[Clipping, str | None, str | None], tuple[Published | None, Sequence[Timex]]] | None = _times
    quotes: Callable[[Doc, Article, Cast], Sequence[Quote]] | None = _quotes
    events: (
        Callable[[Doc, Article, Cast, Sequence[Place], Sequence[Timex], Sequence[Quote]], Sequence[Event]] | None
    ) = _events

    def read(
        self,
        source: Source,
        *,
        media: Media | None = None,
        url: str | None = None,
        fetched: str | None = None,
        published: str | None = None,
        timings: dict[str, float] | None = None,
    ) -> Record:
        """Read one source; `tidings.read` says what the arguments mean.

        `timings`, when given, gains the seconds spent in each stage.
        """
        given = check_day(published, "published")
        run = _Run(timings)
        with run.clock("pages"):
            received = _receive(source, media=media, url=url, fetched=check_day(fetched, "fetched"))
        clipping = self._clip(run, received)
        article = clipping.article
        english = article.language in (None, "en")
        times: Sequence[Timex] = ()
        if self.times is not None and english:
            short = msgspec.structs.replace(clipping, article=_beginning(article))
            dated = run.stage("times", (None, ()), partial(self.times, short, given, received.page.fetched))
            article, times = msgspec.structs.replace(article, published=dated[0]), dated[1]
        if article.published is None:
            article = msgspec.structs.replace(article, published=_given(given) or _stated(clipping.dates))
        record = Record(
            id=_digest(received.page.sha256, received.page.media, article.text),
            page=received.page,
            article=article,
            furniture=clipping.furniture,
            times=tuple(times),
            version=_version(),
        )
        if not english:
            run.note("syntax", f"the article is not in English ({article.language}): only page, article and dates read")
        elif article.text.strip():
            record = self._read_text(run, record)
        return msgspec.structs.replace(record, troubles=tuple(run.troubles))

    def _clip(self, run: _Run, received: Received) -> Clipping:
        whole = _whole(received)
        if self.article is None:
            return whole
        clipping = run.stage("article", whole, partial(self.article, received))
        kind = clipping.article.kind
        if kind in ("index", "error"):
            run.note("article", f"no article: this is an {kind} page")
        elif not clipping.article.text.strip():
            run.note("article", clipping.why or "no article found on this page")
        elif clipping.why:
            run.note("article", clipping.why)
        return clipping

    def _read_text(self, run: _Run, record: Record) -> Record:
        """Run the stages that stand on the shared parse."""
        if not any((self.actors, self.places, self.quotes, self.events)):
            return record
        from tidings import syntax

        article = _beginning(record.article)
        if article is not record.article:
            run.note("syntax", f"a very long article: facts are read from its first {len(article.text):,} characters")
        doc = run.stage("syntax", None, partial(syntax.parse, article.text, article.blocks))
        if doc is None:
            return record
        cast = Cast()
        if self.actors is not None:
            cast = run.stage("actors", cast, partial(self.actors, doc, article))
        places: Sequence[Place] = ()
        if self.places is not None:
            places = run.stage("places", places, partial(self.places, doc, cast, record.page.url or article.outlet))
        quotes: Sequence[Quote] = ()
        if self.quotes is not None:
            quotes = run.stage("quotes", quotes, partial(self.quotes, doc, article, cast))
        if quotes and cast.mentions:
            cast = run.stage("actors", cast, partial(_cast_speakers, cast, quotes))
        events: Sequence[Event] = ()
        if self.events is not None:
            events = run.stage("events", events, partial(self.events, doc, article, cast, places, record.times, quotes))
        return msgspec.structs.replace(
            record,
            actors=cast.actors,
            mentions=cast.mentions,
            places=tuple(places),
            quotes=tuple(quotes),
            events=tuple(events),
        )


class _Run:
    """The bookkeeping of one reading: troubles met and time spent."""

    def __init__(self, timings: dict[str, float] | None) -> None:
        self.troubles: list[Trouble] = []
        self._timings = timings

    def note(self, stage: str, message: str) -> None:
        self.troubles.append(Trouble(stage=stage, message=message))

    def clock(self, stage: str) -> _Clock:
        return _Clock(stage, self._timings)

    def stage(self, name: str, otherwise: _T, work: Callable[[], _T]) -> _T:
        """Run one stage; when it fails, note the trouble and give `otherwise`."""
        try:
            with self.clock(name):
                return work()
        except Exception as error:  # whatever a hostile page provokes in one stage must not cost the rest
            _log.debug("stage %s failed", name, exc_info=True)
            self.note(name, f"{type(error).__name__}: {error}")
            return otherwise


class _Clock:
    def __init__(self, stage: str, timings: dict[str, float] | None) -> None:
        self._stage = stage
        self._timings = timings
        self._start = 0.0

    def __enter__(self) -> None:
        if self._timings is not None:
            self._start = time.perf_counter()

    def __exit__(self, *_: object) -> None:
        if self._timings is not None:
            spent = time.perf_counter() - self._start
            self._timings[self._stage] = self._timings.get(self._stage, 0.0) + spent


def read(
    source: Source,
    *,
    media: Media | None = None,
    url: str | None = None,
    fetched: str | None = None,
    published: str | None = None,
    reader: Reader | None = None,
) -> Record:
    """Read one page and return its record.

    A `str` is text, a `Path` is a file, `bytes` are a page as received. `media` is "html", "text" or "article" (clean
    prose, kept character for character); None detects it. `published` (ISO date) overrides the document date; the page
    is no younger than `fetched`. Raises a class of `tidings.errors` when there is nothing to read.

    >>> record = read("Ministers met in Geneva on Monday.", media="article", published="2013-11-26")
    >>> [time.value for time in record.times]
    ['2013-11-25']
    """
    return (reader or Reader()).read(source, media=media, url=url, fetched=fetched, published=published)


def read_each(
    sources: Iterable[Source | Failure],
    *,
    jobs: int = 1,
    media: Media | None = None,
    fetched: str | None = None,
    published: str | None = None,
    reader: Reader | None = None,
    timings: dict[str, float] | None = None,
) -> Iterator[Record | Failure]:
    """Read many sources; yield a `Record` or a `Failure` for each, in input order, holding few at a time.

    `timings` is filled only when `jobs` is 1.
    """
    if jobs < 1:
        raise UsageError(f"jobs must be at least 1, not {jobs}")
    work = partial(_attempt, reader or Reader(), media=media, fetched=fetched, published=published)
    if jobs == 1:
        for source in sources:
            yield source if isinstance(source, Failure) else work(source, timings=timings)
        return
    # Workers are spawned, not forked: a fork of a process with threads (lxml, onnxruntime) may hang.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=_end_with_parent) as pool:
        waiting: deque[Future[Record | Failure] | Failure] = deque()
        for source in sources:
            waiting.append(source if isinstance(source, Failure) else pool.submit(work, source))
            if len(waiting) >= jobs * _AHEAD:
                yield _settle(waiting.popleft())
        while waiting:
            yield _settle(waiting.popleft())


def read_many(
    sources: Iterable[Source],
    *,
    jobs: int = 1,
    media: Media | None = None,
    fetched: str | None = None,
    published: str | None = None,
    reader: Reader | None = None,
    failed: Callable[[Failure], None] | None = None,
) -> Iterator[Record]:
    """Read many sources and yield their records in input order.

    A source that cannot be read never ends the run: it is handed to `failed`, or logged as a warning without one.
    """
    for result in read_each(sources, jobs=jobs, media=media, fetched=fetched, published=published, reader=reader):
        if isinstance(result, Record):
            yield result
        elif failed is not None:
            failed(result)
        else:
            _log.warning("not read: %s", result.error)


def check_day(value: str | None, name: str) -> str | None:
    """Return an ISO day as it stands; raise `UsageError` for anything else.

    >>> check_day("2021-12-30", "published")
    '2021-12-30'
    """
    if value is None:
        return None
    try:
        return date.fromisoformat(value[:10]).isoformat()
    except ValueError:
        raise UsageError(f"{name} must be a date like 2021-12-30, not {value!r}") from None


def _attempt(
    reader: Reader,
    source: Source,
    *,
    media: Media | None,
    fetched: str | None,
    published: str | None,
    timings: dict[str, float] | None = None,
) -> Record | Failure:
    try:
        return reader.read(source, media=media, fetched=fetched, published=published, timings=timings)
    except PageError as error:
        return Failure(error.where or _name(source), error)


def _end_with_parent() -> None:
    """Let a worker end when the process that started it is killed; without this it would wait for work for good."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=lambda: (parent.join(), os._exit(1)), daemon=True).start()


def _settle(result: Future[Record | Failure] | Failure) -> Record | Failure:
    return result if isinstance(result, Failure) else result.result()


def _name(source: Source) -> str:
    if isinstance(source, Received):
        return source.page.name or source.page.url or source.page.id
    return f"<{type(source).__name__}>" if isinstance(source, str | bytes) else str(source)


def _receive(source: Source, *, media: Media | None, url: str | None, fetched: str | None) -> Received:
    if isinstance(source, Received):
        return source
    from tidings.pages import Found, read_page, receive

    if isinstance(source, Found):
        return receive(source, media=media, fetched=fetched)
    return read_page(source, media=media, url=url, fetched=fetched)


def _whole(received: Received) -> Clipping:
    """Take the whole page for the article, character for character."""
    text = received.text
    blocks = (Block(span=Span(0, len(text)), role="paragraph"),) if text else ()
    return Clipping(
        article=Article(text=text, blocks=blocks, body=text, alignment=((0, 0, len(text)),) if text else ())
    )


def _beginning(article: Article) -> Article:
    """Return the article itself, or of a very long one the blocks that fit, so that time and memory stay bounded."""
    if len(article.text) <= _LONGEST:
        return article
    blocks = tuple(block for block in article.blocks if block.span.end <= _LONGEST)
    end = blocks[-1].span.end if blocks else _LONGEST
    return msgspec.structs.replace(article, text=article.text[:end], blocks=blocks)


def _given(day: str | None) -> Published | None:
    if day is None:
        return None
    told = Evidence(says=f"the caller gives {day}")
    return Published(value=day, basis="given", score=1.0, interval=(day, day), evidence=(told,))


def _stated(candidates: Sequence[DateCandidate]) -> Published | None:
    """Take the best date the page states about itself, when no stage weighs them."""
    best = max(candidates, key=lambda candidate: candidate.score, default=None)
    if best is None:
        return None
    day = best.value[:10]
    return Published(value=day, basis=best.basis, score=best.score, interval=(day, day), evidence=(best.evidence,))


def _cast_speakers(cast: Cast, quotes: Sequence[Quote]) -> Cast:
    from tidings.actors import cast_speakers

    return cast_speakers(cast, quotes)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _version() -> str:
    return metadata.version("tidings")

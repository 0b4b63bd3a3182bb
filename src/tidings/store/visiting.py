"""Visit servers as a polite guest: feeds, and the pages they list.

In: addresses. Out: pages received. It asks `robots.txt`, says who it is, waits between two visits to one host, and
fetches a feed again only when it has changed. It follows no links within pages.
"""

from __future__ import annotations

import functools
import ipaddress
import re
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

from tidings.errors import BrokenPage, FetchError, PageError
from tidings.facts import Media
from tidings.pages import MOST_BYTES, Found, fetch, read_body, receive
from tidings.pages.fetching import SLOW, ended_after, without_password
from tidings.pages.receiving import read_bytes
from tidings.store.arrivals import Arrival
from tidings.store.feeds import Feed, is_page, read_feed
from tidings.store.health import Feedback

__all__ = ["Visitor"]

_NAME = "tidings"
_AGENT = f"{_NAME} (reads news pages)"
_FEED_LIKE = re.compile(r"(?:\b(?:rss|atom|feeds?|opml|sitemaps?)\b|\.(?:xml|rdf|json)(?:\.gz)?$)", re.IGNORECASE)
_BETWEEN = 1.0
"""Seconds between two visits to one host, when it asks for no more."""
_LONGEST = 30.0
"""Seconds between two visits we are ready to wait; who asks for more is not visited."""
_DEEP = 2
"""Lists of feeds within lists of feeds that are followed, and sitemaps within sitemaps."""
_MOST = 50_000
"""Pages fetched for one source, however many lists it leads to."""
_MOST_LISTS = 2_000
"""Lists fetched for one source."""


@dataclass(frozen=True)
class _Answer:
    url: str
    """Where it came from in the end."""
    status: int
    body: bytes
    etag: str | None = None
    modified: str | None = None
    charset: str | None = None


class Visitor:
    """Fetches for one collection; `versions` says how a feed stood last time, `knows` which pages are there.

    `seen` gathers, for each feed that was read, its new version; keep them once all its pages are kept. `met` gathers
    what was met at each feed.
    """

    def __init__(
        self,
        versions: Callable[[str], tuple[str | None, str | None]],
        knows: Callable[[str], bool],
        *,
        between: float | None = None,
    ) -> None:
        self.seen: list[tuple[str, str, str | None, str | None]] = []
        self.met: dict[str, Feedback] = {}
        self._versions = versions
        self._knows = knows
        self._between = _BETWEEN if between is None else between
        self._rules: dict[str, RobotFileParser | None] = {}
        self._last: dict[str, float] = {}
        self._pages: Counter[str] = Counter()
        self._lists: Counter[str] = Counter()
        self._listed: set[str] = set()

    def visit(
        self, url: str, source: str, *, media: Media | None, fetched: str | None, deep: int = 0
    ) -> Iterator[Arrival]:
        """Fetch an address a person named; when it is a feed, fetch the pages it lists."""
        if deep or _FEED_LIKE.search(urlsplit(url).path) or any(self._versions(url)):
            yield from self._visit_feed(url, source, media, fetched, deep)
            return
        try:
            received = receive(Found(where=url, url=url), media=media, fetched=fetched)
        except PageError as error:
            yield Arrival(source, url, error=error)
            return
        feed = read_feed(received.text, received.page.url)
        if feed is None:
            yield Arrival(source, url, received)
        else:
            yield from self.follow(feed, source, media=media, fetched=fetched, home=url, deep=deep)

    def follow(
        self,
        feed: Feed,
        source: str,
        *,
        media: Media | None,
        fetched: str | None,
        home: str | None = None,
        deep: int = 0,
    ) -> Iterator[Arrival]:
        """Fetch what a feed lists; a page that is there already is not fetched again."""
        name = home or source
        self._meet(name, "200" if home else "file", len(feed.pages) + len(feed.feeds))
        for url in feed.pages:
            if self._knows(url):
                yield Arrival(source, url, there=True, feed=name)
                continue
            self._pages[source] += 1
            if self._pages[source] > _MOST:
                yield Arrival(source, source, error=FetchError(f"it lists more than {_MOST:,} pages", where=source))
                return
            try:
                self._ask(url, home)
                check = functools.partial(self._check_open, home=home)
                received = fetch(url, media=media, fetched=fetched, check=check)
                yield Arrival(source, url, received, feed=name)
            except PageError as error:
                yield Arrival(source, url, error=error, feed=name)
        self._listed.add(name)
        for url in feed.feeds if deep < _DEEP else ():
            if url in self._listed:  # lists that lead to one another
                continue
            self._listed.add(url)
            self._lists[source] += 1
            if self._lists[source] > _MOST_LISTS:
                yield Arrival(
                    source, source, error=FetchError(f"it leads to more than {_MOST_LISTS:,} lists", where=source)
                )
                return
            try:
                self._check_open(url, home)
            except PageError as error:
                yield Arrival(source, url, error=error)
                continue
            yield from self.visit(url, source, media=media, fetched=fetched, deep=deep + 1)

    def _visit_feed(
        self, url: str, source: str, media: Media | None, fetched: str | None, deep: int
    ) -> Iterator[Arrival]:
        """Fetch a feed if it has changed. A feed is there to be fetched, so only its pages are asked about."""
        try:
            self._wait(url, self._between)
            # Where a person sends us, its server may send us on; where a feed does, not into our own network.
            check = functools.partial(self._check_open, home=url) if deep else None
            answer = _get(url, *self._versions(url), check=check)
            if answer.status == 304:
                self._meet(url, "304")
                yield Arrival(source, url, there=True)
                return
            if answer.status != 200:
                raise FetchError(f"the server answered {answer.status}", where=url)
            received = read_bytes(answer.body, url=answer.url, fetched=fetched, charset=answer.charset, where=url)
            feed = read_feed(received.text, answer.url)
            if feed is None and not is_page(received.text):
                raise BrokenPage("neither a feed, nor a sitemap, nor a page", where=url)
        except PageError as error:
            self._meet(url, error.message)
            yield Arrival(source, url, error=error, feed=url)
            return
        if feed is None:
            yield Arrival(source, url, received)
            return
        yield from self.follow(feed, source, media=media, fetched=fetched, home=url, deep=deep)
        if answer.etag or answer.modified:
            self.seen.append((url, source, answer.etag, answer.modified))

    def _meet(self, feed: str, status: str, entries: int | None = None) -> None:
        """Note what a feed answers; two lists may lead to one feed."""
        known = self.met.setdefault(feed, Feedback(status))
        known.status, known.entries = status, entries if entries is not None else known.entries

    def _ask(self, url: str, home: str | None) -> None:
        """Ask a host whether we may visit, and wait for our turn; raise `FetchError` for a no."""
        self._check_open(url, home)
        parts = urlsplit(url)
        host = f"{parts.scheme}://{parts.netloc}"
        if host not in self._rules:
            self._rules[host] = _robots(host, functools.partial(self._check_open, home=home))
        rules = self._rules[host]
        if rules is None:
            raise FetchError("its host does not say now who may visit it (robots.txt cannot be fetched)", where=url)
        if not rules.can_fetch(_NAME, url):
            raise FetchError("its host asks not to be visited here (robots.txt)", where=url)
        wanted = max(self._between, float(rules.crawl_delay(_NAME) or 0))
        if wanted > _LONGEST:
            raise FetchError(f"its host asks for {wanted:.0f} seconds between two visits", where=url)
        self._wait(url, wanted)

    def _wait(self, url: str, wanted: float) -> None:
        host = urlsplit(url).netloc
        if host in self._last:
            time.sleep(max(0.0, self._last[host] + wanted - time.monotonic()))
        self._last[host] = time.monotonic()

    def _check_open(self, url: str, home: str | None) -> None:
        """Refuse what a feed has us fetch from inside the network we stand in, unless the feed stands there too."""
        host = urlsplit(url).hostname
        if not host or (home and urlsplit(home).hostname == host):
            return
        try:
            addresses = {str(entry[4][0]) for entry in socket.getaddrinfo(host, None)}
        except (OSError, UnicodeError):
            return  # behind a proxy names are resolved elsewhere; what does not exist fails when it is fetched
        if any(not ipaddress.ip_address(address.split("%")[0]).is_global for address in addresses):
            raise FetchError("an address within a private network, which a feed may not send us to", where=url)


def _robots(host: str, check: Callable[[str], None]) -> RobotFileParser | None:
    """Return the rules of a host; None when its server fails, which is taken for a no (RFC 9309)."""
    rules = RobotFileParser()
    try:
        answer = _get(f"{host}/robots.txt", None, None, most=512 << 10, check=check)
    except PageError:
        return None
    if answer.status >= 500:
        return None
    rules.parse(answer.body.decode("utf-8-sig", "replace").splitlines() if answer.status == 200 else [])
    return rules


def _get(
    url: str,
    etag: str | None,
    modified: str | None,
    *,
    most: int = MOST_BYTES,
    timeout: float = 20.0,
    check: Callable[[str], None] | None = None,
) -> _Answer:
    """Ask for an address; `check` is called with it and with those of redirects, and raises to refuse one."""
    import httpx

    def look(request: httpx.Request) -> None:
        if check is not None:
            check(str(request.url))

    headers = {"User-Agent": _AGENT, "Accept-Encoding": "identity"}
    if etag:
        headers["If-None-Match"] = etag
    if modified:
        headers["If-Modified-Since"] = modified
    deadline = time.monotonic() + timeout
    try:
        with (
            httpx.Client(
                headers=headers,
                timeout=timeout,
                follow_redirects=True,
                max_redirects=5,
                event_hooks={"request": [look]},
            ) as client,
            ended_after(client, timeout),
            client.stream("GET", url) as answer,
        ):
            body = read_body(answer, most=most, deadline=deadline, where=url)
            told = answer.headers
            return _Answer(
                without_password(str(answer.url)),
                answer.status_code,
                body,
                told.get("etag"),
                told.get("last-modified"),
                answer.charset_encoding,
            )
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, OSError, RuntimeError) as error:
        why = SLOW if time.monotonic() > deadline else f"cannot be fetched: {error or type(error).__name__}"
        raise FetchError(why, where=url) from error

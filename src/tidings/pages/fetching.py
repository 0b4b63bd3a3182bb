"""Fetch one page over HTTP.

In: an address. Out: a `Received`. Size, time and redirects are bounded.
It does not crawl, retry, run scripts or keep cookies.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from tidings.errors import FetchError, OversizePage
from tidings.facts import Media, Received
from tidings.pages.decoding import MOST_BYTES
from tidings.pages.receiving import read_bytes

if TYPE_CHECKING:
    import httpx

__all__ = ["SLOW", "ended_after", "fetch", "without_password"]

SLOW = "too slow: the time allowed has passed"
_AGENT = "tidings (reads news pages)"
_HEADERS = {
    "User-Agent": _AGENT,
    "Accept": "text/html,application/xhtml+xml,text/plain;q=0.8,*/*;q=0.1",
    "Accept-Encoding": "gzip",
}


def fetch(
    url: str,
    *,
    media: Media | None = None,
    fetched: str | None = None,
    timeout: float = 20.0,
    most: int = MOST_BYTES,
    redirects: int = 5,
    check: Callable[[str], None] | None = None,
) -> Received:
    """Fetch a page, following at most `redirects` redirects, in at most `timeout` seconds and `most` bytes.

    `fetched` defaults to the day the server says it answered. `check` is called with each address before it is asked,
    those of redirects too, and raises to refuse it. Raises `FetchError` or `OversizePage`, or what `read_page` raises.
    """
    import httpx

    deadline = time.monotonic() + timeout
    try:
        with httpx.Client(headers=_HEADERS, timeout=timeout, trust_env=True) as client, ended_after(client, timeout):
            address = url
            for _ in range(redirects + 1):
                _check(address, url)
                if check is not None:
                    check(address)
                if time.monotonic() > deadline:
                    raise httpx.ReadTimeout("redirected for too long")
                with client.stream("GET", address) as answer:
                    if not answer.has_redirect_location:
                        return _read(answer, address, url, media, fetched, deadline, most)
                    address = urljoin(address, answer.headers["location"])
            raise FetchError(f"more than {redirects} redirects", where=url)
    except httpx.TimeoutException as error:
        raise FetchError(f"no answer within {timeout:g} seconds", where=url) from error
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, OSError, RuntimeError) as error:
        why = SLOW if time.monotonic() > deadline else f"cannot be fetched: {error or type(error).__name__}"
        raise FetchError(why, where=url) from error


@contextlib.contextmanager
def ended_after(client: httpx.Client, seconds: float) -> Iterator[None]:
    """Close a client that is still at work well after so many seconds.

    Its own limit is for each piece that comes: a server that sends its headers byte by byte would hold us for days.
    What is asked of a client that was closed ends in an error of httpx, an `OSError` or a `RuntimeError`.
    """
    timer = threading.Timer(1.1 * seconds, client.close)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _check(address: str, url: str) -> None:
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise FetchError("only http and https addresses are fetched", where=url)


def _read(
    answer: httpx.Response,
    address: str,
    url: str,
    media: Media | None,
    fetched: str | None,
    deadline: float,
    most: int,
) -> Received:
    if answer.status_code != 200:
        raise FetchError(f"the server answered {answer.status_code} {answer.reason_phrase}".rstrip(), where=url)
    packing = answer.headers.get("content-encoding", "identity").lower()
    if packing not in {"identity", "gzip", "x-gzip", ""}:
        raise FetchError(f"packed in a way we did not ask for ({packing})", where=url)
    return read_bytes(
        read_body(answer, most=most, deadline=deadline, where=url),
        media=media or _media(answer.headers.get("content-type", "")),
        url=without_password(address),
        fetched=fetched or _day(answer.headers.get("date")),
        charset=answer.charset_encoding,
        where=url,
    )


def without_password(address: str) -> str:
    """Return an address as it may be kept and shown: the name and password of who may read it are nobody's business."""
    parts = urlsplit(address)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def _media(kind: str) -> Media | None:
    kind = kind.split(";")[0].strip().lower()
    return "html" if kind in {"text/html", "application/xhtml+xml"} else None


def _day(stamp: str | None) -> str | None:
    if not stamp:
        return None
    try:
        return parsedate_to_datetime(stamp).date().isoformat()
    except (ValueError, TypeError):
        return None


def read_body(answer: httpx.Response, *, most: int, deadline: float, where: str) -> bytes:
    """Read the bytes of an open answer as they come, within a size and a moment of the monotonic clock.

    Raises `OversizePage` or `FetchError`.
    """
    parts: list[bytes] = []
    size = 0
    for part in answer.iter_raw():
        size += len(part)
        if size > most:
            raise OversizePage(f"larger than {most >> 10} kB", where=where)
        if time.monotonic() > deadline:
            raise FetchError(SLOW, where=where)
        parts.append(part)
    return b"".join(parts)

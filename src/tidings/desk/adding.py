"""Add pages at the desk: text pasted, an address, files dropped.

In: what a form brought. Out: what became of each page, read and kept at once.
An address within a private network is refused unless the desk was opened with leave to fetch it: what asks the desk is
a browser, and what a browser shows may come from anywhere.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Sequence
from urllib.parse import urljoin, urlsplit

import msgspec

from tidings.desk.shelf import Shelf
from tidings.desk.views import Table, View
from tidings.errors import FetchError, PageError, TidingsError
from tidings.facts import Received
from tidings.pages import read_body
from tidings.pages.fetching import SLOW, ended_after
from tidings.pages.receiving import read_bytes, read_page

__all__ = ["MOST_BYTES", "MOST_FILES", "Added", "Upload", "add", "adding", "fetch_openly"]

MOST_BYTES = 8 << 20
"""Bytes of all that one form brings."""
MOST_FILES = 20
_PAGE = 4 << 20
_REDIRECTS = 5
_TIME = 20.0
_AGENT = "tidings (reads news pages)"
_UNICAST, _NAT64 = ipaddress.ip_network("2000::/3"), ipaddress.ip_network("64:ff9b::/96")


class Upload(msgspec.Struct, frozen=True):
    """A file that came with a form."""

    name: str
    content: bytes


class Added(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one page: its article's id where it was read, or is there; else what is wrong."""

    where: str
    id: str | None = None
    title: str | None = None
    there: bool = False
    error: str | None = None


def adding(shelf: Shelf, outcome: Sequence[Added] = (), wrong: str | None = None) -> View:
    """Show the form, and what became of what it brought last."""
    data = {
        "added": list(outcome),
        "wrong": wrong,
        "passing": shelf.passing,
        "most_files": MOST_FILES,
        "most_megabytes": MOST_BYTES >> 20,
    }
    rows = [(each.where, each.id, each.title, each.there, each.error) for each in outcome]
    return View(
        title="Add",
        template="add.html",
        data=data,
        table=Table(("page", "article", "title", "there", "error"), rows),
        status=400 if wrong else 200,
    )


def add(
    shelf: Shelf,
    *,
    text: str = "",
    url: str = "",
    published: str = "",
    files: Sequence[Upload] = (),
    private: bool = False,
) -> list[Added]:
    """Read and keep everything a form brought; what cannot be read is told, and the rest goes on."""
    outcome: list[Added] = []
    day = published.strip() or None
    if text.strip():
        outcome.append(_settle(shelf, "the text", lambda: read_page(text), day))
    if url.strip():
        address = url.strip()
        outcome.append(_settle(shelf, address, lambda: fetch_openly(address, private=private), day))
    for file in files[:MOST_FILES]:
        outcome.append(_settle(shelf, file.name, lambda file=file: read_bytes(file.content, where=file.name), day))
    if any(each.id and not each.there for each in outcome):
        shelf.catch_up()
    return outcome


def _settle(shelf: Shelf, where: str, receive, day: str | None) -> Added:
    import tidings

    try:
        received: Received = receive()
        record = tidings.read(received, published=day)  # type: ignore[arg-type]
        with shelf.changing() as store:
            new = store.add(record, page=received.text)
    except PageError as error:
        return Added(where=where, error=error.message)
    except TidingsError as error:
        return Added(where=where, error=str(error))
    if new:
        return Added(where=where, id=record.id, title=record.article.title)
    found = shelf.row("SELECT id, title FROM articles WHERE sha256 = ?", record.page.sha256)
    return Added(where=where, id=(found or (None,))[0], title=record.article.title, there=True)


def fetch_openly(url: str, *, private: bool = False) -> Received:
    """Fetch a page; without `private` every host on the way must have addresses of the open network only.

    The name is resolved once and the very address that was looked at is called, so that a name cannot mean one thing to
    the check and another to the call. Raises `FetchError` or what `read_bytes` raises.
    """
    import httpx

    deadline = time.monotonic() + _TIME
    address = url
    try:
        with httpx.Client(timeout=_TIME, trust_env=private) as client, ended_after(client, _TIME):
            for _ in range(_REDIRECTS + 1):
                target, headers, extensions = _aim(address, url, private)
                with client.stream("GET", target, headers=headers, extensions=extensions) as answer:
                    if answer.has_redirect_location:
                        address = urljoin(address, answer.headers["location"])
                        continue
                    if answer.status_code != 200:
                        raise FetchError(f"the server answered {answer.status_code}", where=url)
                    body = read_body(answer, most=_PAGE, deadline=deadline, where=url)
                    kind = answer.headers.get("content-type", "").split(";")[0].strip().lower()
                    media = "html" if kind in ("text/html", "application/xhtml+xml") else None
                    return read_bytes(body, media=media, url=address, charset=answer.charset_encoding, where=url)
            raise FetchError(f"more than {_REDIRECTS} redirects", where=url)
    except httpx.TimeoutException as error:
        raise FetchError(f"no answer within {_TIME:g} seconds", where=url) from error
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, OSError, RuntimeError) as error:
        why = SLOW if time.monotonic() > deadline else f"cannot be fetched: {error or type(error).__name__}"
        raise FetchError(why, where=url) from error


def _aim(address: str, url: str, private: bool) -> tuple[str, dict[str, str], dict[str, str]]:
    """Return the address to call, with the name it is called by."""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
        raise FetchError("only plain http and https addresses are fetched", where=url)
    headers = {"User-Agent": _AGENT, "Accept": "text/html,text/plain;q=0.8,*/*;q=0.1", "Accept-Encoding": "gzip"}
    if private:
        return address, headers, {}
    try:
        found = {
            str(entry[4][0]) for entry in socket.getaddrinfo(parts.hostname, parts.port or 80, type=socket.SOCK_STREAM)
        }
    except (OSError, UnicodeError) as error:
        raise FetchError(f"its host cannot be found ({error})", where=url) from error
    numbers = sorted((ipaddress.ip_address(name.split("%")[0]) for name in found), key=lambda at: (at.version, at))
    if not numbers or not all(_is_open(number) for number in numbers):
        raise FetchError(
            "an address within a private network; open the desk with --allow-private to fetch it", where=url
        )
    number = f"[{numbers[0]}]" if numbers[0].version == 6 else str(numbers[0])
    port = f":{parts.port}" if parts.port else ""
    headers["Host"] = f"{parts.hostname}{port}"
    target = parts._replace(netloc=f"{number}{port}", fragment="").geturl()
    return target, headers, {"sni_hostname": parts.hostname} if parts.scheme == "https" else {}


def _is_open(number: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    if number.version == 6:
        # An IPv4 address in the clothes of IPv6 is judged as what it is; of all else only what routers carry is open.
        inner = number.ipv4_mapped or number.sixtofour
        if number in _NAT64:
            inner = ipaddress.IPv4Address(int(number) & 0xFFFFFFFF)
        if inner is not None:
            return _is_open(inner)
        if number not in _UNICAST:
            return False
    return number.is_global and not number.is_multicast

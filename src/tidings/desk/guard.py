"""Who may ask, and what each answer forbids the browser.

In: requests and answers of the desk. Out: the same with headers, or a refusal.
It knows nothing of what the pages show.
"""

from __future__ import annotations

import hmac
import ipaddress
import socket
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["COOKIE", "HEADERS", "Guard", "is_loopback", "is_own"]

COOKIE = "tidings_desk"
HEADERS: dict[str, str] = {
    "content-security-policy": (
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-store",
}


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine alone.

    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def is_own(headers: Mapping[str, str], given: str, secret: str) -> bool:
    """Tell whether a change comes from a form of this desk: it brings the secret, and comes from no other origin.

    >>> is_own({"host": "127.0.0.1:8017", "origin": "http://evil.example"}, "s", "s")
    False
    """
    origin = headers.get("origin", "null")
    # A browser that sends no referrer says "null" of its own pages too; the secret tells those from others.
    if origin != "null" and urlsplit(origin).netloc.lower() != headers.get("host", "").lower():
        return False
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    return hmac.compare_digest(given.encode("utf-8", "replace"), secret.encode())


class Guard:
    """Let through who calls the desk by its name and, where a token is set, brings it; add the headers to all answers.

    The name in the request is checked because a page elsewhere can have its own name point at this machine; the token,
    because whoever is on the network can call.
    """

    def __init__(self, app: ASGIApp, *, host: str, token: str | None) -> None:
        self._app = app
        self._host = host
        self._open = not is_loopback(host)
        self._token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = {name for name, _ in message["headers"]}
                added = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
                message["headers"] = [*message["headers"], *(pair for pair in added if pair[0] not in given)]
            await send(message)

        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        if not self._is_name_known(headers.get(b"host", "")):
            await _refuse(guarded, 421, "This desk does not go by that name.")
        elif self._token is None:
            await self._app(scope, receive, guarded)
        else:
            await self._check(scope, receive, guarded, headers.get(b"cookie", ""))

    def _is_name_known(self, host: str) -> bool:
        name = _host_name(host)
        if is_loopback(name) or name == self._host.strip("[]").lower():
            return True
        if not self._open:
            return False
        # An address in numbers belongs to no one who could point it elsewhere.
        return _is_address(name) or name == socket.gethostname().lower()

    async def _check(self, scope: Scope, receive: Receive, send: Send, cookie: str) -> None:
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        given = dict(query).get("token")
        if given is not None and self._is_token(given):
            rest = urlencode([(name, value) for name, value in query if name != "token"])
            # The path alone, with one slash in front, so that no address leads away from the desk.
            path = "/" + scope.get("raw_path", b"/").decode("latin-1").split("?")[0].lstrip("/\\")
            location = f"{path}?{rest}" if rest else path
            kept = f"{COOKIE}={self._token}; Path=/; HttpOnly; SameSite=Strict"
            await _refuse(send, 303, "", [(b"location", location.encode("latin-1")), (b"set-cookie", kept.encode())])
        elif self._is_token(_cookie(cookie)):
            await self._app(scope, receive, send)
        else:
            await _refuse(send, 401, "This desk asks for the token that was printed when it was opened.")

    def _is_token(self, given: str) -> bool:
        return hmac.compare_digest(given.encode("utf-8", "replace"), (self._token or "").encode())


def _host_name(host: str) -> str:
    """Return the host without its port."""
    host = host.strip().lower()
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0]


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _cookie(header: str) -> str:
    try:
        morsel = SimpleCookie(header).get(COOKIE)
    except CookieError:
        return ""
    return morsel.value if morsel else ""


async def _refuse(send: Send, status: int, words: str, headers: list[tuple[bytes, bytes]] | None = None) -> None:
    body = f"{words}\n".encode()
    told = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": [*told, *(headers or [])]})
    await send({"type": "http.response.body", "body": body})

"""The desk as an ASGI application: an address in, a page out.

In: a shelf. Out: HTML, or the same as JSON, CSV, RSS, iCalendar (`.json` and so on before the query); changes by POST.
It knows no page; `routes` does.
"""

from __future__ import annotations

import contextlib
import secrets
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

import msgspec

from tidings.desk import adding, visits
from tidings.desk.charts import probable
from tidings.desk.feeds import to_entry, to_ics, to_rss
from tidings.desk.guard import Guard, is_own
from tidings.desk.openapi import describe
from tidings.desk.reviewing import AUTHOR, read_author, review
from tidings.desk.routes import ROOMS, find_view
from tidings.desk.shelf import Shelf
from tidings.desk.views import View, to_csv
from tidings.errors import MissingExtra, TidingsError

if TYPE_CHECKING:
    from jinja2 import Environment
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp

__all__ = ["make_app"]

_FOLDER = Path(__file__).parent
_FORMS = ("json", "csv", "rss", "ics")
_YEAR = 365 * 24 * 3600
_MENU = [(room.path.strip("/"), room.title) for room in ROOMS if room.listed and room.path != "/search"]


class _Desk:
    """What every answer needs: the shelf, the templates, the secret that a form of this desk brings."""

    def __init__(self, shelf: Shelf, pages: Environment, *, private: bool) -> None:
        self.shelf = shelf
        self.pages = pages
        self.private = private
        self.secret = secrets.token_urlsafe(24)


def make_app(shelf: Shelf, *, host: str = "127.0.0.1", token: str | None = None, private: bool = False) -> ASGIApp:
    """Make the application; `host` is the name it is served under, `token` what a caller must bring.

    With `private` pages within private networks may be fetched. Raises `MissingExtra` when the packages of the extra
    `desk` are not installed.
    """
    try:
        from starlette.applications import Starlette
        from starlette.routing import Route
    except ImportError:
        raise MissingExtra("starlette", "desk") from None
    desk = _Desk(shelf, _environment(), private=private)
    shelf.behind_pages("warm", lambda: _warm(desk))
    routes = [
        Route("/desk.css", _file("desk.css", "text/css")),
        Route("/desk.js", _file("desk.js", "text/javascript")),
        Route("/openapi.json", _description()),
        Route("/add", _adding(desk), methods=["POST"]),
        Route("/review", _reviewing(desk), methods=["POST"]),
        Route("/{path:path}", _answer(desk)),
    ]
    return Guard(Starlette(routes=routes), host=host, token=token)


def _warm(desk: _Desk) -> None:
    """Load, and remember, what the first pages would otherwise wait for."""
    for name in desk.pages.list_templates():
        desk.pages.get_template(name)
    with contextlib.suppress(ImportError, TidingsError):
        import scipy.special  # noqa: F401

        find_view(desk.shelf, "today", {}, visits.Visit())


def _file(name: str, kind: str) -> Callable[[Request], Response]:
    from starlette.responses import PlainTextResponse

    words = (_FOLDER / name).read_text(encoding="utf-8")

    def answer(request: Request) -> Response:  # noqa: ARG001
        return PlainTextResponse(words, media_type=kind, headers={"cache-control": "max-age=300"})

    return answer


def _description() -> Callable[[Request], Response]:
    from starlette.responses import Response as Plain

    body = msgspec.json.encode(describe())

    def answer(request: Request) -> Response:  # noqa: ARG001
        return Plain(body, media_type="application/json")

    return answer


def _answer(desk: _Desk) -> Callable[[Request], Response]:
    # Not a coroutine: the questions are put in a worker thread, each of which has its own connection.
    def answer(request: Request) -> Response:
        path, form = _form(request.path_params["path"])
        try:
            newest = desk.shelf.newest()
            desk.shelf.keep_up(newest)
            visit = visits.read_visit(request.cookies.get(visits.COOKIE), newest, int(time.time() // 60))
            view = find_view(desk.shelf, path, dict(request.query_params), visit)
            if view is not None and form == "html" and path in ("", "today"):
                view.cookies = {visits.COOKIE: visit.cookie}
        except TidingsError as error:
            view = _told("The store cannot be read", str(error), 503)
        if view is None or not _has(view, form):
            view = _told("Not here", f"There is nothing at /{request.path_params['path']}", 404)
        return _draw(desk, view, form, request)

    return answer


def _adding(desk: _Desk) -> Callable[[Request], Any]:
    from starlette.concurrency import run_in_threadpool

    async def answer(request: Request) -> Response:
        fields, files, wrong = await _read_form(request, desk.secret)
        if wrong:
            view = adding.adding(desk.shelf, wrong=wrong[1])
            view.status = wrong[0]
            return await run_in_threadpool(_draw, desk, view, "html", request)
        outcome = await run_in_threadpool(
            adding.add,
            desk.shelf,
            text=fields.get("text", ""),
            url=fields.get("url", ""),
            published=fields.get("published", ""),
            files=files,
            private=desk.private,
        )
        return await run_in_threadpool(
            lambda: _draw(
                desk, adding.adding(desk.shelf, outcome, None if outcome else "Nothing was given."), "html", request
            )
        )

    return answer


def _reviewing(desk: _Desk) -> Callable[[Request], Any]:
    from starlette.concurrency import run_in_threadpool
    from starlette.responses import RedirectResponse

    async def answer(request: Request) -> Response:
        fields, _, wrong = await _read_form(request, desk.secret)
        if wrong:
            return await run_in_threadpool(_draw, desk, _told("Not kept", wrong[1], wrong[0]), "html", request)
        author = (fields.get("author") or read_author(request.cookies.get(AUTHOR))).strip()[:80]
        if not author:
            carried = [(name, value) for name, value in fields.items() if name not in ("csrf", "author")]
            asking = View(title="Who judges?", template="author.html", data={}, drawn={"carried": carried})
            return await run_in_threadpool(_draw, desk, asking, "html", request)
        try:
            back = await run_in_threadpool(review, desk.shelf, fields, author)
        except TidingsError as error:
            return await run_in_threadpool(_draw, desk, _told("Not kept", str(error), 400), "html", request)
        kept = RedirectResponse(back, 303)
        if author:
            kept.set_cookie(AUTHOR, quote(author), max_age=_YEAR, httponly=True, samesite="strict")
        return kept

    return answer


async def _read_form(
    request: Request, secret: str
) -> tuple[dict[str, str], list[adding.Upload], tuple[int, str] | None]:
    """Return the fields and files of a form, or with which status and words it is refused."""
    from starlette.exceptions import HTTPException

    length = request.headers.get("content-length", "")
    if not (length.isascii() and length.isdigit()):
        return {}, [], (411, "A form must say how long it is.")
    if int(length) > adding.MOST_BYTES:
        return {}, [], (413, f"More than {adding.MOST_BYTES >> 20} MB at once; use `tidings collect` for more.")
    try:
        form = await request.form(max_files=adding.MOST_FILES, max_fields=40, max_part_size=adding.MOST_BYTES)
    except HTTPException as error:
        return {}, [], (error.status_code, str(error.detail))
    fields: dict[str, str] = {}
    files: list[adding.Upload] = []
    for name, value in form.multi_items():
        if isinstance(value, str):
            # What is ticked several times comes as lines.
            fields[name] = f"{fields[name]}\n{value}" if name in fields else value
        elif value.filename:
            files.append(adding.Upload(value.filename[:200], await value.read()))
    await form.close()
    if not is_own(request.headers, fields.get("csrf", ""), secret):
        return (
            {},
            [],
            (403, "This form is not from a page of this desk, or the desk was opened anew: go back and reload."),
        )
    return fields, files, None


def _form(path: str) -> tuple[str, str]:
    for form in _FORMS:
        if path.endswith(f".{form}"):
            return path.removesuffix(f".{form}"), form
    return path, "html"


def _has(view: View, form: str) -> bool:
    held = {"csv": view.table, "rss": view.items, "ics": view.planned}
    return form not in held or held[form] is not None


def _told(title: str, words: str, status: int) -> View:
    return View(title=title, template="told.html", data={"error": words}, status=status)


def _draw(desk: _Desk, view: View, form: str, request: Request) -> Response:
    from starlette.responses import Response

    path, query = request.url.path, request.url.query
    home = f"{request.url.scheme}://{request.headers.get('host', '')}"
    if form == "json" or (form != "html" and view.status >= 400):
        body = msgspec.json.encode({"title": view.title, **view.data})
        return Response(body, view.status, media_type="application/json")
    if form == "csv" and view.table is not None:
        return Response(to_csv(view.whole() if view.whole else view.table), view.status, media_type="text/csv")
    if form == "rss" and view.items is not None:
        asked = f"{quote(path, safe='/:')}{'?' + query if query else ''}"
        return Response(to_rss(view.title, home, asked, view.items), view.status, media_type="application/rss+xml")
    if form == "ics" and view.planned is not None:
        held = view.planned() if callable(view.planned) else view.planned
        entries = [entry for planned in held if (entry := to_entry(planned))]
        return Response(to_ics(entries, home), view.status, media_type="text/calendar")
    return _draw_page(desk, view, request, path, query)


def _draw_page(desk: _Desk, view: View, request: Request, path: str, query: str) -> Response:
    from starlette.responses import Response

    here = quote("/today" if path == "/" else path, safe="/:")
    asked = "&".join(part for part in query.split("&") if part and not part.startswith("token="))
    twins = []
    if view.status == 200 and request.method == "GET":
        forms = [form for form in _FORMS if _has(view, form)]
        twins = [(form, f"{here}.{form}{'?' + asked if asked else ''}") for form in forms]
    room = path.strip("/").split("/")[0] or "today"
    words: Mapping[str, object] = {
        **view.data,
        **view.drawn,
        "title": view.title,
        "room": {"article": "search", "story": "stories", "actor": "actors"}.get(room, room),
        "menu": _MENU,
        "twins": twins,
        "address": f"{here}{'?' + asked if asked else ''}",
        "csrf": desk.secret,
        "author": read_author(request.cookies.get(AUTHOR)),
        "behind": desk.shelf.behind,
        "example": desk.shelf.example,
        "query": view.data.get("query", "") if room in ("search", "actors") else "",
    }
    answer = Response(desk.pages.get_template(view.template).render(words), view.status, media_type="text/html")
    for name, value in view.cookies.items():
        answer.set_cookie(name, value, max_age=_YEAR, httponly=True, samesite="strict")
    return answer


def _environment() -> Environment:
    try:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined
    except ImportError:
        raise MissingExtra("jinja2", "desk") from None
    pages = Environment(
        loader=FileSystemLoader(_FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    pages.filters["part"] = lambda value: quote(str(value), safe=":")
    pages.filters["asked"] = lambda value: quote(str(value), safe="")
    pages.filters["web"] = web_address
    pages.filters["probable"] = probable
    return pages


def web_address(value: object) -> str | None:
    """Return an address that may be followed: one of the web; None for any other.

    >>> web_address("https://example.org/a"), web_address("javascript:alert(1)")
    ('https://example.org/a', None)
    """
    text = str(value or "").strip()
    try:
        known = urlsplit(text)
    except ValueError:
        return None
    return text if known.scheme in ("http", "https") and known.netloc else None

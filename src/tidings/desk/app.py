"""The desk as an ASGI application: an address in, a page out.

In: a shelf. Out: HTML, or the same as JSON (`.json`) or CSV (`.csv`) before the query.
It knows no page; `routes` does.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

import msgspec

from tidings.desk.guard import Guard
from tidings.desk.routes import find_view
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


def make_app(shelf: Shelf, *, host: str = "127.0.0.1", token: str | None = None) -> ASGIApp:
    """Make the application; `host` is the name it is served under, `token` what a caller must bring.

    Raises `MissingExtra` when the packages of the extra `desk` are not installed.
    """
    try:
        from starlette.applications import Starlette
        from starlette.responses import PlainTextResponse
        from starlette.routing import Route
    except ImportError:
        raise MissingExtra("starlette", "desk") from None
    pages = _environment()
    style = (_FOLDER / "desk.css").read_text(encoding="utf-8")

    def calendar(request: Request) -> Response:  # noqa: ARG001
        import io

        from tidings.export import ics

        stream = io.StringIO()
        ics.write(shelf.records(), stream)
        return PlainTextResponse(stream.getvalue(), media_type="text/calendar")

    def css(request: Request) -> Response:  # noqa: ARG001
        return PlainTextResponse(style, media_type="text/css", headers={"cache-control": "max-age=300"})

    routes = [
        Route("/desk.css", css),
        Route("/calendar.ics", calendar),
        Route("/{path:path}", _answer(shelf, pages)),
    ]
    return Guard(Starlette(routes=routes), host=host, token=token)


def _answer(shelf: Shelf, pages: Environment) -> Callable[[Request], Response]:
    # Not a coroutine: the questions are put in a worker thread, each of which has its own connection.
    def answer(request: Request) -> Response:
        path, form = _form(request.path_params["path"])
        try:
            view = find_view(shelf, path, dict(request.query_params))
        except TidingsError as error:
            view = _told("The store cannot be read", str(error), 503)
        if view is None or (form == "csv" and view.table is None):
            view = _told("Not here", f"There is nothing at /{request.path_params['path']}", 404)
        return _draw(view, form, pages, request.url.path, request.url.query)

    return answer


def _form(path: str) -> tuple[str, str]:
    for form in ("json", "csv"):
        if path.endswith(f".{form}"):
            return path.removesuffix(f".{form}"), form
    return path, "html"


def _told(title: str, words: str, status: int) -> View:
    return View(title=title, template="told.html", data={"error": words}, status=status)


def _draw(view: View, form: str, pages: Environment, path: str, query: str) -> Response:
    from starlette.responses import Response

    if form == "json":
        body = msgspec.json.encode({"title": view.title, **view.data})
        return Response(body, view.status, media_type="application/json")
    if form == "csv" and view.table is not None:
        return Response(to_csv(view.table), view.status, media_type="text/csv")
    here = quote("/today" if path == "/" else path, safe="/:") if form == "html" else None
    twins = []
    if here and view.status == 200:
        forms = ["json"] if view.table is None else ["json", "csv"]
        twins = [(name, f"{here}.{name}{'?' + query if query else ''}") for name in forms]
    page = pages.get_template(view.template)
    room = path.strip("/").split("/")[0] or "today"
    body = page.render({**view.data, **view.drawn, "title": view.title, "room": room, "twins": twins})
    return Response(body, view.status, media_type="text/html")


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
    )
    pages.filters["part"] = lambda value: quote(str(value), safe=":")
    pages.filters["asked"] = lambda value: quote(str(value), safe="")
    pages.filters["web"] = web_address
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

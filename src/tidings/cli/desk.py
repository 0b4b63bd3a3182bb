"""`tidings desk`: a store in the browser, on this machine."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("desk")
@click.argument("store", type=click.Path(path_type=Path), required=False, metavar="[STORE]")
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="The address to listen on; any but this machine's own asks callers for a token.",
)
@click.option("--port", type=click.IntRange(0, 65535), default=8017, show_default=True, help="0 takes a free one.")
def command(store: Path | None, host: str, port: int) -> None:
    """Open the desk: articles with their facts marked, stories, actors, dyads, map, calendar, outlook.

    STORE is a store of `tidings collect`, a file of JSON lines, or a folder of pages; without one the sample pages are
    shown, if they are there. It is never written to. Every page has a twin: put .json or .csv before the query.
    """
    import secrets
    import socket

    from tidings.desk import make_app, open_shelf
    from tidings.desk.guard import is_loopback
    from tidings.errors import MissingExtra, UsageError

    try:
        import uvicorn
    except ImportError:
        raise MissingExtra("uvicorn", "desk") from None
    token = None if is_loopback(host) else secrets.token_urlsafe(24)
    with open_shelf(store or _examples()) as shelf:
        app = make_app(shelf, host=host, token=token)
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listener.bind((host.strip("[]"), port))
            except OSError as error:
                raise UsageError(f"cannot listen on {host}:{port}: {error.strerror or error}") from error
            name = f"[{host.strip('[]')}]" if ":" in host else host
            address = f"http://{name}:{listener.getsockname()[1]}/"
            click.echo(
                f"The desk is open at {address}{f'?token={token}' if token else ''} (Ctrl-C closes it)", err=True
            )
            config = uvicorn.Config(
                app, log_level="warning", access_log=False, server_header=False, lifespan="off", proxy_headers=False
            )
            uvicorn.Server(config).run(sockets=[listener])


def _examples() -> Path:
    from tidings.errors import UsageError

    for folder in (Path("examples"), Path(__file__).parents[3] / "examples"):
        if (folder / "README.md").is_file() and any(folder.glob("*.html")):
            return folder
    raise UsageError("the sample pages are not here: name a store (`tidings collect news.db PAGES` makes one)")

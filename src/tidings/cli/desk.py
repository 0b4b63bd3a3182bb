"""`tidings desk`: a store in the browser, on this machine."""

from __future__ import annotations

from pathlib import Path

import click

from tidings.cli.terminal import say


@click.command("desk")
@click.argument("store", type=click.Path(path_type=Path), required=False, metavar="[STORE]")
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="The address to listen on; any but this machine's own asks callers for a token.",
)
@click.option("--allow-private", is_flag=True, help="Let the page Add fetch from private networks.")
@click.option("--port", type=click.IntRange(0, 65535), default=8017, show_default=True, help="0 takes a free one.")
def command(store: Path | None, host: str, allow_private: bool, port: int) -> None:
    """Open the desk: articles with their facts marked, stories, actors, dyads, map, calendar, outlook, review.

    STORE is a store of `tidings collect`, a file of JSON lines, or a folder of pages; without one an example is shown.
    A file or folder is read into a store that goes when the desk closes. Into a store of your own the desk writes the
    stories and acts of new articles, what you add, and what you judge. Every page has a twin: put .json, .csv, .rss or
    .ics before the query.

    \b
    tidings desk news.db
    tidings desk news.db --host 0.0.0.0 --port 8080
    """
    import secrets
    import signal
    import socket
    import sys

    from tidings.desk import make_app, open_shelf
    from tidings.desk.guard import is_loopback
    from tidings.errors import MissingExtra, UsageError

    try:
        import uvicorn
    except ImportError:
        raise MissingExtra("uvicorn", "desk") from None
    # A desk that is asked to end takes its passing store with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    token = None if is_loopback(host) else secrets.token_urlsafe(24)
    with open_shelf(store) as shelf:
        app = make_app(shelf, host=host, token=token, private=allow_private)
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listener.bind((host.strip("[]"), port))
            except OSError as error:
                raise UsageError(f"cannot listen on {host}:{port}: {error.strerror or error}") from error
            name = f"[{host.strip('[]')}]" if ":" in host else host
            address = f"http://{name}:{listener.getsockname()[1]}/"
            say(f"The desk is open at {address}{f'?token={token}' if token else ''} (Ctrl-C closes it)", err=True)
            config = uvicorn.Config(
                app, log_level="warning", access_log=False, server_header=False, lifespan="off", proxy_headers=False
            )
            uvicorn.Server(config).run(sockets=[listener])

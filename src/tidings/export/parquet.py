"""Parquet: a folder with one file for each table.

In: records. Out: articles, actors, mentions, places, times, quotes, events, sides. `article` joins them all; `start`
and `end` are code points of the article's text (`articles.text`). It needs the extra `scale`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tidings.errors import MissingExtra, UsageError
from tidings.export.events import COLUMNS, event_rows
from tidings.facts import Record

__all__ = ["TABLES", "write"]

_BATCH = 200
"""Records held at a time."""

_SPAN: dict[str, type] = {"article": str, "start": int, "end": int}
TABLES: dict[str, dict[str, type]] = {
    "articles": dict.fromkeys(
        "article page url name outlet title section authors language kind published published_from published_to"
        " published_basis fetched text".split(),
        str,
    ),
    "actors": dict.fromkeys("article actor name type country sector code wikidata aliases".split(), str),
    "mentions": {**_SPAN, "words": str, "form": str, "label": str, "actor": str, "score": float},
    "places": {
        **_SPAN,
        "words": str,
        "name": str,
        "geonames": int,
        "lat": float,
        "lon": float,
        "country": str,
        "level": str,
        "score": float,
    },
    "times": {**_SPAN, **dict.fromkeys("words type value begin_day end_day grain mod".split(), str), "score": float},
    "quotes": {
        **_SPAN,
        "words": str,
        "kind": str,
        "speaker": str,
        "speaker_name": str,
        "score": float,
        **dict.fromkeys("cue_start cue_end speaker_start speaker_end".split(), int),
        "status": str,
    },
    "events": dict(COLUMNS),
    "sides": {**_SPAN, "event": str, "side": str, "actor": str, "code": str},
}
"""The tables, with their columns and types."""

Row = dict[str, Any]  # Any: the cell's type is its column's


def write(records: Iterable[Record], folder: Path) -> int:
    """Write the tables of all records; each file takes its place when all are whole.

    Raises `MissingExtra` without pyarrow, and `UsageError` when the folder cannot be written.
    """
    try:
        import pyarrow.parquet as parquet
    except ImportError as error:
        raise MissingExtra("pyarrow", "scale") from error
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".writing-") as part:
            schemas = {name: _schema(columns) for name, columns in TABLES.items()}
            writers = {name: parquet.ParquetWriter(Path(part) / f"{name}.parquet", schemas[name]) for name in TABLES}
            try:
                count = _write_batches(records, writers, schemas)
            finally:
                for writer in writers.values():
                    writer.close()
            for name in TABLES:
                (Path(part) / f"{name}.parquet").replace(folder / f"{name}.parquet")
    except OSError as error:
        raise UsageError(f"cannot write {folder}: {error.strerror or error}") from error
    return count


def _write_batches(records: Iterable[Record], writers: dict[str, Any], schemas: dict[str, Any]) -> int:
    import pyarrow

    held: dict[str, list[Row]] = {name: [] for name in TABLES}
    count = 0

    def flush() -> None:
        for name, rows in held.items():
            if rows:
                writers[name].write_table(pyarrow.Table.from_pylist(rows, schema=schemas[name]))
                rows.clear()

    for number, record in enumerate(records, 1):
        for name, rows in _rows(record).items():
            held[name] += rows
            count += len(rows)
        if number % _BATCH == 0:
            flush()
    flush()
    return count


def _schema(columns: dict[str, type]) -> Any:  # Any: pyarrow ships no types
    import pyarrow

    kinds = {str: pyarrow.string(), int: pyarrow.int64(), float: pyarrow.float64()}
    return pyarrow.schema([(name, kinds[kind]) for name, kind in columns.items()])


def _rows(record: Record) -> dict[str, list[Row]]:
    text, names = record.article.text, {actor.id: actor.name for actor in record.actors}

    def spanned(span: Any, **row: Any) -> Row:
        return {"article": record.id, "start": span.start, "end": span.end, "words": span.of(text), **row}

    return {
        "articles": [_article(record)],
        "actors": [
            {**_plain(actor, "name type country sector code wikidata"), "article": record.id, "actor": actor.id}
            | {"aliases": "; ".join(actor.aliases) or None}
            for actor in record.actors
        ],
        "mentions": [spanned(fact.span, **_plain(fact, "form label actor score")) for fact in record.mentions],
        "places": [
            spanned(fact.span, **_plain(fact, "name geonames lat lon country level score")) for fact in record.places
        ],
        "times": [
            spanned(fact.span, **_plain(fact, "type value grain mod score"), begin_day=fact.begin, end_day=fact.end)
            for fact in record.times
        ],
        "quotes": [
            spanned(
                fact.span,
                **_plain(fact, "kind speaker score status"),
                speaker_name=names.get(fact.speaker or ""),
                **_ends("cue", fact.cue),
                **_ends("speaker", fact.speaker_span),
            )
            for fact in record.quotes
        ],
        "events": list(event_rows(record)),
        "sides": [
            spanned(side.span, event=event.id, side=name, actor=side.actor, code=side.code)
            for event in record.events
            for name, sides in (("source", event.source), ("target", event.target))
            for side in sides
        ],
    }


def _article(record: Record) -> Row:
    article, page, published = record.article, record.page, record.article.published
    return {
        "article": record.id,
        "page": page.id,
        **_plain(page, "url name fetched"),
        **_plain(article, "title section language kind text"),
        "outlet": article.outlet or page.outlet,
        "authors": "; ".join(article.authors) or None,
        "published": published.value if published else None,
        "published_from": published.interval[0] if published else None,
        "published_to": published.interval[1] if published else None,
        "published_basis": published.basis if published else None,
    }


def _plain(fact: object, names: str) -> Row:
    return {name: getattr(fact, name) for name in names.split()}


def _ends(name: str, span: Any) -> Row:
    return {f"{name}_start": span.start if span else None, f"{name}_end": span.end if span else None}

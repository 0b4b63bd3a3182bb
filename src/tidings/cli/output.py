"""Where results go: stdout or a file that appears only when it is whole, in the form asked for.

In: records, one at a time. Out: JSON lines, a JSON list, or tables. Memory is bounded for all but the tables.
"""

from __future__ import annotations

import contextlib
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Protocol

from tidings.cli.terminal import screen, show
from tidings.errors import UsageError
from tidings.facts import Record, to_json

__all__ = ["Writer", "opened", "writer_for"]


class Writer(Protocol):
    """Writes records in one form."""

    def write(self, record: Record) -> None:
        """Write one record."""
        ...

    def close(self) -> None:
        """Write what comes after the last record."""
        ...


@contextlib.contextmanager
def opened(path: Path | None) -> Iterator[IO[str]]:
    """Open stdout or a file; the file takes its place only when all went well.

    Raises `UsageError` when the file cannot be written.
    """
    if path is None:
        yield screen()
        sys.stdout.flush()
        return
    try:
        handle = tempfile.NamedTemporaryFile(  # noqa: SIM115 - closed below, on both ways out
            "w", encoding="utf-8", newline="\n", dir=path.parent, prefix=f".{path.name}.", delete=False
        )
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}") from error
    part = Path(handle.name)
    try:
        with handle:
            yield handle
        part.chmod(0o644)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def writer_for(form: str, stream: IO[str], *, explain: bool) -> Writer:
    """Return the writer of a form."""
    if form == "jsonl":
        return _Lines(stream)
    if form == "json":
        return _List(stream)
    return _Tables(stream, explain)


class _Lines:
    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def write(self, record: Record) -> None:
        self._stream.write(to_json(record) + "\n")
        self._stream.flush()

    def close(self) -> None:
        pass


class _List:
    """One JSON list, indented."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._any = False

    def write(self, record: Record) -> None:
        import msgspec

        self._stream.write(",\n" if self._any else "[\n")
        self._stream.write(msgspec.json.format(to_json(record), indent=2))
        self._any = True

    def close(self) -> None:
        self._stream.write("\n]\n" if self._any else "[]\n")


class _Tables:
    """A record view for one page, a summary for many."""

    def __init__(self, stream: IO[str], explain: bool) -> None:
        self._stream = stream
        self._explain = explain
        self._records: list[tuple[str, Record]] = []

    def write(self, record: Record) -> None:
        self._records.append((name_of(record), record))

    def close(self) -> None:
        from tidings.cli.display import page_table, record_view

        if len(self._records) == 1:
            show(record_view(self._records[0][1], explain=self._explain, text=False), stream=self._stream)
        elif self._records:
            show(page_table(self._records), stream=self._stream)


def name_of(record: Record) -> str:
    """Say in short which page a record is of."""
    page = record.page
    return Path(page.name).name if page.name else page.url or page.id

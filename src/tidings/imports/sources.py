"""Which tables are in what was named: files, folders, archives.

In: paths. Out: tables as streams of bytes, each with the digest of its content.
It does not look at what the bytes mean, and holds no table in memory.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, NamedTuple

from tidings.errors import BrokenPage, MissingPage, OversizePage, PageError

__all__ = ["Table", "broken_told", "tables_in"]

_TABLES = frozenset((".csv", ".tsv", ".txt", ".tab", ".dat"))
_PACKED = frozenset((".gz", ".zip"))
_PIECE = 1 << 20
_PACKING = 6
"""How much larger a packed table is about, unpacked."""
_MOST = 1 << 40
"""Bytes of one table, unpacked, beyond which it is taken for an archive that means harm."""


class Table(NamedTuple):
    """A table: what to call it, how to open it, whether the caller named it himself, and about how large it is."""

    name: str
    open: Callable[[], contextlib.AbstractContextManager[IO[bytes]]]
    named: bool
    size: int = 0

    def digest(self) -> str:
        """Return the SHA-256 of the table as it is unpacked."""
        digest, size = hashlib.sha256(), 0
        with broken_told(self.name), self.open() as stream:
            while piece := stream.read(_PIECE):
                digest.update(piece)
                size += len(piece)
                if size > _MOST:
                    raise OversizePage("unpacks to more than a terabyte", where=self.name)
        return digest.hexdigest()


@contextlib.contextmanager
def broken_told(name: str) -> Iterator[None]:
    """Turn what an archive or a disk says into an error that names the table."""
    try:
        yield
    except (EOFError, gzip.BadGzipFile, zipfile.BadZipFile, zlib.error, lzma.LZMAError) as error:
        raise BrokenPage(f"cut off or damaged ({error})", where=name) from error
    except (RuntimeError, NotImplementedError) as error:
        raise BrokenPage(f"cannot be unpacked ({error})", where=name) from error
    except OSError as error:
        raise PageError(f"cannot be read ({error.strerror or error})", where=name) from error


def tables_in(paths: Iterable[Path]) -> Iterator[Table]:
    """Yield the tables of files, folders and archives, in the order given and then by name.

    What is not there, or cannot be unpacked, is a table that raises a `PageError` when it is opened.
    """
    for path in paths:
        if path.is_dir():
            for inner in sorted(path.rglob("*")):
                if inner.is_file() and not _is_hidden(inner.relative_to(path)) and _looks_like_table(inner.name):
                    yield from _tables_of(inner, named=False)
        else:
            yield from _tables_of(path, named=True)


def _tables_of(path: Path, *, named: bool) -> Iterator[Table]:
    try:
        if not path.exists():
            raise MissingPage("no such file or folder", where=str(path))
        with broken_told(str(path)), path.open("rb") as stream:
            start = stream.read(4)
        yield from _unpacked_tables(path, start, named)
    except PageError as error:
        # It is told when its turn comes, like what is found broken only then.
        yield Table(str(path), _raiser(error), True)


def _raiser(error: PageError) -> Callable[[], contextlib.AbstractContextManager[IO[bytes]]]:
    def fail() -> contextlib.AbstractContextManager[IO[bytes]]:
        raise error

    return fail


def _unpacked_tables(path: Path, start: bytes, named: bool) -> Iterator[Table]:
    if start.startswith(b"\x1f\x8b"):
        yield Table(str(path), lambda: _unpacked(path), named, path.stat().st_size * _PACKING)
    elif start == b"PK\x03\x04":
        yield from _members_of(path, named)
    else:
        yield Table(str(path), lambda: path.open("rb"), named, path.stat().st_size)


@contextlib.contextmanager
def _unpacked(path: Path) -> Iterator[IO[bytes]]:
    with gzip.open(path, "rb") as stream:
        yield stream  # type: ignore[misc] - a GzipFile reads as any other


def _members_of(path: Path, named: bool) -> Iterator[Table]:
    with broken_told(str(path)), zipfile.ZipFile(path) as archive:
        members = sorted((info.filename, info.file_size) for info in archive.infolist() if not info.is_dir())
    inner = [(name, size) for name, size in members if not _is_hidden(Path(name)) and _is_table(name)]
    for name, size in inner:
        yield Table(f"{path}/{name}", lambda name=name: _member(path, name), named and len(inner) == 1, size)
    if named and not inner:
        raise BrokenPage("an archive without a table (.csv, .tsv, .tab, .txt)", where=str(path))


@contextlib.contextmanager
def _member(path: Path, name: str) -> Iterator[IO[bytes]]:
    with zipfile.ZipFile(path) as archive, archive.open(name) as stream:
        yield stream


def _is_hidden(path: Path) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in path.parts)


def _is_table(name: str) -> bool:
    return Path(name).suffix.lower() in _TABLES


def _looks_like_table(name: str) -> bool:
    return _is_table(name) or Path(name).suffix.lower() in _PACKED

"""Open a file of many pages, packed with gzip, with Zstandard, or not at all.

In: a path, or a stream that is open already. Out: its bytes as they were before packing, and how far it has been read.
It holds a bounded piece of the file. A packed file that is cut off raises `EOFError`; damage raises `OSError`.
"""

from __future__ import annotations

import contextlib
import gzip
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO, Protocol

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer
    from fastwarc.stream_io import ZstdReader

__all__ = ["PACKED", "Lines", "Opened", "opened"]

PACKED = (".gz", ".zst")
"""How the name of a packed file ends."""

_DICTIONARY = b"\x5d\x2a\x4d\x18"
"""What begins an archive that brings a dictionary for all its records (the .warc.zst of web archives)."""
_FRAME = b"\x28\xb5\x2f\xfd"
_MOST = 32 << 20
"""Bytes of a dictionary."""
_PIECE = 256 << 10


class Lines(Protocol):
    """What is read of a file: lines, and so many bytes."""

    def readline(self, size: int = -1, /) -> bytes:
        """Return the next line, or so many bytes of it."""
        ...

    def read(self, size: int = -1, /) -> bytes:
        """Return so many bytes."""
        ...

    def __iter__(self) -> Iterator[bytes]: ...


@dataclass(frozen=True)
class Opened:
    """A file being read: `file` gives its unpacked bytes, `raw` stands where its packed bytes have been read to."""

    file: Lines
    raw: IO[bytes] | None = None

    def reached(self) -> int:
        """Return how many bytes of the file itself have been read."""
        return self.raw.tell() if self.raw is not None else 0


@contextlib.contextmanager
def opened(source: Path | IO[bytes]) -> Iterator[Opened]:
    """Open a file; a stream is taken as it is.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "lines.gz"
    ...     _ = path.write_bytes(gzip.compress(b"Talks resume"))
    ...     with opened(path) as lines:
    ...         lines.file.read()
    b'Talks resume'
    """
    if not isinstance(source, Path):
        yield Opened(source)
        return
    with source.open("rb") as raw:
        name = source.name.lower()
        if name.endswith(".gz"):
            with gzip.GzipFile(fileobj=raw, mode="rb") as file:
                yield Opened(file, raw)
        elif name.endswith(".zst"):
            with io.BufferedReader(_Zstandard(raw), _PIECE) as file:
                yield Opened(file, raw)
        else:
            yield Opened(raw, raw)


class _Zstandard(io.RawIOBase):
    """The unpacked bytes of a file packed with Zstandard, whatever the number of its frames."""

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw
        self._reader = _open(raw)
        self._given = 0
        self._broken: OSError | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        room = memoryview(buffer).cast("B")
        if self._broken is not None:
            raise EOFError("cut off") if "incomplete" in str(self._broken) else self._broken
        try:
            piece = self._reader.read(len(room))
        except OSError as error:
            self._broken = error
            piece = self._rest(len(room))
            if not piece:
                return self.readinto(buffer)
        room[: len(piece)] = piece
        self._given += len(piece)
        return len(piece)

    def _rest(self, most: int) -> bytes:
        """Return what stands before the damage: the reader gave none of the piece it met it in."""
        self._raw.seek(0)
        reader, rest = _open(self._raw), bytearray()
        with contextlib.suppress(OSError):
            for start in range(0, self._given, _PIECE):
                reader.read(min(_PIECE, self._given - start))
            while len(rest) < most and (byte := reader.read(1)):
                rest += byte
        return bytes(rest)


def _open(raw: BinaryIO) -> ZstdReader:
    from fastwarc.stream_io import ZstdReader

    return ZstdReader(raw, dictionary=_dictionary(raw))


def _dictionary(raw: BinaryIO) -> bytes | None:
    """Return the dictionary that stands before the first record; without one the file is back at its beginning."""
    from fastwarc.stream_io import ZstdReader

    head = raw.read(8)
    if len(head) < 8 or head[:4] != _DICTIONARY:
        raw.seek(0)
        return None
    size = int.from_bytes(head[4:], "little")
    if size > _MOST:
        raise OSError("a dictionary larger than we read")
    packed = raw.read(size)
    if not packed.startswith(_FRAME):
        return packed
    return bytes(ZstdReader(io.BytesIO(packed)).read(_MOST))

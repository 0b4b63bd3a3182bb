"""Where the reviewed tables and small models live; each has a card of the same name beside it.

In: a file name. Out: its bytes or lines. It does not interpret them.
"""

from __future__ import annotations

import functools
import gzip
import hashlib
from pathlib import Path

from tidings.errors import DataError

__all__ = ["digest", "read_bytes", "read_text", "table_path", "tables"]

_FOLDER = Path(__file__).parent


def tables() -> list[Path]:
    """Return the paths of all shipped tables and models, in order of their names."""
    return sorted(path for path in _FOLDER.iterdir() if path.is_file() and path.suffix not in (".py", ".md"))


def table_path(name: str) -> Path:
    """Return the path of a shipped table.

    Raises `DataError` when it is missing.
    """
    path = _FOLDER / name
    if not path.is_file():
        raise DataError(f"the table {name} is missing from this installation; reinstall tidings")
    return path


def read_bytes(name: str) -> bytes:
    """Return the bytes of a shipped table, unpacked when its name ends in `.gz`."""
    packed = table_path(name).read_bytes()
    if not name.endswith(".gz"):
        return packed
    try:
        return gzip.decompress(packed)
    except (OSError, EOFError) as error:
        raise DataError(f"the table {name} is damaged; reinstall tidings") from error


def read_text(name: str) -> str:
    """Return the text of a shipped table."""
    return read_bytes(name).decode("utf-8")


@functools.cache
def digest(name: str) -> str:
    """Return the SHA-256 of a shipped table as it lies on disk."""
    return hashlib.sha256(table_path(name).read_bytes()).hexdigest()

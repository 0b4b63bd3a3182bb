"""Where the records of an export come from.

In: the path of a store, or of a file of JSON lines. Out: its records, one at a time.
It changes nothing.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from tidings.errors import StoreError
from tidings.facts import Record
from tidings.store import open_store
from tidings.store.lines import read_records

__all__ = ["open_records"]

_STORE = b"SQLite format 3\x00"


@contextlib.contextmanager
def open_records(path: Path, *, judged: bool = False) -> Iterator[Iterator[Record]]:
    """Open a store, or a file written by `tidings read --format jsonl`, and give its records.

    With `judged` those of a store come as people have judged them. Raises `StoreError` for what is neither, and
    `BrokenPage` for a line that is no record.
    """
    if _is_lines(path):
        yield read_records(path)
        return
    with open_store(path) as store:
        if judged:
            from tidings.review import judged_records

            yield judged_records(store)
        else:
            yield store.records()


def _is_lines(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            head = file.read(len(_STORE))
    except IsADirectoryError:
        return False
    except FileNotFoundError:
        raise StoreError(f"{path}: no such file") from None
    except OSError as error:
        raise StoreError(f"{path}: cannot be opened: {error.strerror}") from error
    packed = head.startswith(b"\x1f\x8b") and path.name.lower().endswith((".jsonl.gz", ".ndjson.gz"))
    return packed or (head != _STORE and head.lstrip().startswith(b"{"))

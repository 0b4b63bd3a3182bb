"""JSON lines: the records themselves.

In: records. Out: one line each, byte for byte what `tidings read --format jsonl` prints.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO

from tidings.facts import Record, to_json

__all__ = ["write"]


def write(records: Iterable[Record], stream: IO[str]) -> int:
    """Write one line a record."""
    count = 0
    for record in records:
        stream.write(to_json(record) + "\n")
        count += 1
    return count

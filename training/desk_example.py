"""Build the example that `tidings desk` opens without a store: the sample pages of this project and their records.

In: the folder `examples/`. Out: src/tidings/data/desk_example.jsonl.gz, one line a page: its record and characters.
Run: python training/desk_example.py examples
"""

from __future__ import annotations

import gzip
import sys
from pathlib import Path

import msgspec

import tidings
from tidings.errors import PageError
from tidings.pages import read_page

TARGET = Path(tidings.__file__).parent / "data" / "desk_example.jsonl.gz"


def main(folder: Path) -> None:
    """Read the pages and write the file."""
    lines = []
    for path in sorted(path for path in folder.iterdir() if path.suffix in (".html", ".txt")):
        try:
            record, received = tidings.read(path), read_page(path)
        except PageError as error:
            print(f"{path.name}: {error}")
            continue
        page = msgspec.structs.replace(record.page, name=path.name)
        record = msgspec.structs.replace(record, page=page)
        lines.append(msgspec.json.encode((record, received.text)))
    TARGET.write_bytes(gzip.compress(b"\n".join(lines) + b"\n", compresslevel=9, mtime=0))
    print(f"{len(lines)} pages, {TARGET.stat().st_size >> 10} kB")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

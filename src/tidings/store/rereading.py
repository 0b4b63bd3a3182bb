"""Which articles an older Tidings has read, and where their pages are.

In: a store. Out: their pages, as arrivals to be read anew. It reads and changes nothing itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import metadata
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from tidings.errors import MissingPage
from tidings.facts import Received, Record
from tidings.pages import Found
from tidings.store.arrivals import Arrival

if TYPE_CHECKING:
    from tidings.store.keeping import Store

__all__ = ["find_stale", "is_older", "reading_version"]

_NUMBERS = re.compile(r"\d{1,9}")


def reading_version() -> str:
    """Return the version that records get which are read now."""
    return metadata.version("tidings")


def is_older(version: str, than: str | None = None) -> bool:
    """Tell whether a record of this version was read by an older Tidings than this one.

    >>> is_older("0.9.12", "0.10.0"), is_older("0.10.0", "0.10.0"), is_older("", "0.1")
    (True, False, True)
    """
    return _parts(version) < _parts(than or reading_version())


def find_stale(store: Store) -> Iterator[tuple[str | None, Iterator[Arrival]]]:
    """Yield the articles to be read anew, by the day a person has given for them (mostly None), then as collected.

    An article whose page is not kept is taken from the file it came from, if that is still there.
    """
    stale = [
        (day if basis == "given" else None, number)
        for number, version, day, basis in store.query(
            "SELECT number, version, published, published_basis FROM articles ORDER BY number"
        )
        if is_older(version)
    ]
    stale.sort(key=lambda pair: (pair[0] or "", pair[1]))
    for day, pairs in groupby(stale, key=lambda pair: pair[0]):
        yield day, (_arrive(store, number) for _, number in pairs)


def _arrive(store: Store, number: int) -> Arrival:
    record: Record = store.at(number)
    page = record.page
    where = page.name or page.url or page.id
    text = store.page_text(number)
    if text is not None:
        return Arrival(where, where, Received(page=page, text=text))
    if page.name and Path(page.name).is_file():
        return Arrival(where, where, Found(where=where, source=Path(page.name), url=page.url))
    lost = MissingPage("its page was not kept: name its source again to have it read anew", where=where)
    return Arrival(where, where, error=lost)


def _parts(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in _NUMBERS.findall(version)[:3])

"""Whom a name on the command line or in an address stands for.

In: a store and a name: a country, a bloc, the key of a party, or a name in words. Out: one `Party`.
It never chooses between two: what may mean several is an error that lists them.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from tidings import data
from tidings.dyads.blocs import Membership, bloc_named, organs
from tidings.errors import UsageError
from tidings.store import Store
from tidings.store.rows import fold

__all__ = ["Party", "country_name", "resolve"]

_WIKIDATA = re.compile(r"Q[1-9][0-9]*", re.ASCII)
_SHOWN = 4
"""How many suggestions an error gives."""
_WITH_MEMBERS = ":members"
_SEARCHED = 50_000
"""How many names of parties are compared for a suggestion."""


_BODIES = {
    "EUR": "European Union",
    "IGO": "international organisations",
    "IMG": "international armed groups",
    "MNC": "multinational companies",
    "NGO": "non-governmental organisations",
    "UNO": "United Nations",
}
"""What stands in the place of a country for actors of none."""


class Party(msgspec.Struct, frozen=True, kw_only=True):
    """One actor of a dyad.

    A `country` is every act whose side has that country. A `party` is the rows of the table `parties` with `numbers`:
    several where datasets know one actor by several keys. A `bloc` is the organisation, by the `numbers` of its organs,
    and with `members` also each of these states, on the days between the two that stand beside it.
    """

    kind: Literal["country", "party", "bloc"]
    key: str
    name: str
    country: str | None = None
    type: str | None = None
    numbers: tuple[int, ...] = ()
    members: tuple[Membership, ...] = ()


def resolve(store: Store, name: str) -> Party:
    """Return whom a name stands for: a country or bloc, the key of a party, its exact name, its folded name.

    "EU" is what the organisation does, "EU:members" that and what its member states do.
    Raises `UsageError` for a name that nobody bears or that several do, with the nearest or all of them.

    >>> import tempfile
    >>> from tidings.store import open_store
    >>> with tempfile.TemporaryDirectory() as folder, open_store(f"{folder}/news.db", create=True) as store:
    ...     resolve(store, "Belarus").key, resolve(store, "RUS").name
    ('BLR', 'Russia')
    """
    wanted = " ".join(name.split())
    if not wanted:
        raise UsageError("an actor needs a name, a key or the code of a country")
    if bloc := _bloc(store, wanted):
        return bloc
    for (head,) in store.query("SELECT head FROM merged_actors WHERE id = ?", wanted):
        wanted = head
    row = "SELECT number, key, name, type, country FROM parties WHERE key = ?"
    # A key in small letters may look like the code of a country; the code itself is never taken for a key.
    if not wanted.isupper() and (keyed := _rows(store, row, wanted)):
        return _one_of(store, wanted, keyed)
    if country := _country(store, wanted):
        return country
    for rows in _readings(store, wanted):
        if rows:
            return _one_of(store, wanted, rows)
    raise UsageError(f"no actor {wanted!r} in {store.path}{_nearest(store, wanted)}")


def country_name(code: str) -> str:
    """Return the name of a country by its three letters, or the letters themselves.

    >>> country_name("BLR"), country_name("ZZZ")
    ('Belarus', 'ZZZ')
    """
    return _countries()[0].get(code) or _BODIES.get(code, code)


def _bloc(store: Store, wanted: str) -> Party | None:
    name = wanted.removesuffix(_WITH_MEMBERS)
    bloc = bloc_named(name)
    if bloc is None:
        return None
    numbers = tuple(organs(store, bloc))
    if name == wanted:
        return Party(kind="bloc", key=bloc.key, name=bloc.names[0], type="bloc", numbers=numbers)
    return Party(
        kind="bloc",
        key=f"{bloc.key}{_WITH_MEMBERS}",
        name=f"{bloc.names[0]} with its members",
        type="bloc",
        numbers=numbers,
        members=bloc.members,
    )


_Row = tuple[int, str, str, str | None, str | None]
"""number, key, name, type, country"""


def _country(store: Store, wanted: str) -> Party | None:
    names, codes = _countries()
    code = wanted.upper() if wanted.upper() in names and len(wanted) == 3 else codes.get(fold(wanted))
    if code is None:
        # Event data has codes of its own for what is no country (IGO, NGO, MNC); they stand for all its acts as well.
        if not (len(wanted) == 3 and wanted.isupper()):
            return None
        if not list(store.query("SELECT 1 FROM parties WHERE country = ? LIMIT 1", wanted)):
            return None
        code = wanted
    return Party(kind="country", key=code, name=country_name(code), country=code, type="country")


def _readings(store: Store, wanted: str) -> Iterable[Sequence[_Row]]:
    """Yield the parties a name may mean, the surest way of reading it first."""
    row = "SELECT number, key, name, type, country FROM parties"
    yield _rows(store, f"{row} WHERE key = ?", wanted)
    yield _rows(store, f"{row} WHERE name = ? ORDER BY number", wanted)
    folded = fold(wanted)
    if not folded.strip():
        return
    yield [found for found in _rows(store, f"{row} ORDER BY number") if fold(found[2]) == folded]
    yield _rows(
        store,
        f"{row} WHERE key IN (SELECT DISTINCT actor FROM names WHERE folded = ?) ORDER BY number",
        folded,
    )


def _rows(store: Store, sql: str, *values: str) -> list[_Row]:
    return list(store.query(sql, *values))


def _one_of(store: Store, wanted: str, rows: Sequence[_Row]) -> Party:
    """Join the rows that are one actor; raise where they are several.

    Rows are one actor when they have the same name and country, and no two have ids of their own in Wikidata.
    """
    name, country = rows[0][2], rows[0][4]
    if len(rows) == 1:
        more = _rows(
            store,
            "SELECT number, key, name, type, country FROM parties WHERE name = ? ORDER BY number",
            name,
        )
        same = [row for row in more if row[4] == country]
        rows = same if _are_one(same) and rows[0] in same else rows
    if len({(fold(row[2]), row[4]) for row in rows}) > 1 or not _are_one(rows):
        shown = ", ".join(f"{row[1]} ({row[2]}{', ' + row[4] if row[4] else ''})" for row in rows[:_SHOWN])
        raise UsageError(f"{wanted!r} may be several actors; give the key of one: {shown}")
    # An id of Wikidata is the key that stays the same from store to store.
    best = next((row for row in rows if _WIKIDATA.fullmatch(row[1])), rows[0])
    if best[3] == "country" and best[4]:
        return Party(kind="country", key=best[4], name=country_name(best[4]), country=best[4], type="country")
    return Party(
        kind="party",
        key=best[1],
        name=best[2],
        country=best[4],
        type=best[3],
        numbers=tuple(sorted(row[0] for row in rows)),
    )


def _are_one(rows: Sequence[_Row]) -> bool:
    return sum(_WIKIDATA.fullmatch(row[1]) is not None for row in rows) <= 1


def _nearest(store: Store, wanted: str) -> str:
    from rapidfuzz import fuzz, process

    names = sorted(_countries()[0].values())
    names += [row[0] for row in store.query("SELECT name FROM parties ORDER BY number LIMIT ?", _SEARCHED)]
    known = {fold(name): name for name in reversed(names)}
    near = process.extract(fold(wanted), list(known), scorer=fuzz.ratio, limit=_SHOWN, score_cutoff=60)
    return f"; did you mean {', '.join(known[name] for name, _, _ in near)}?" if near else ""


@functools.cache
def _countries() -> tuple[dict[str, str], dict[str, str]]:
    """Return the names of countries by code, and their codes by folded name."""
    lines = data.read_text("countries.tsv").splitlines()
    head = lines[0].split("\t")
    names: dict[str, str] = {}
    codes: dict[str, str] = {}
    for line in lines[1:]:
        row = dict(zip(head, line.split("\t"), strict=False))
        names[row["iso3"]] = row["name"]
        for name in (row["name"], *row["names"].split("|")):
            codes.setdefault(fold(name), row["iso3"])
    return names, codes

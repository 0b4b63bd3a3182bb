"""Blocs of states: how they are named, and which states were their members on which days.

In: `blocs.tsv` and `blocs_names.tsv`. Out: a `Bloc` by its name; days cut where a membership changes.
It counts nothing, and where the tables know only a month or a year it takes the days that are certain.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from tidings import data
from tidings.store import Store
from tidings.store.rows import fold

__all__ = ["AS_COUNTRY", "Bloc", "Membership", "bloc_named", "blocs", "eras", "members_on", "organs"]

AS_COUNTRY = {"EUR": "EU"}
"""What stands in place of a country for the organs of a bloc, where they have a code of their own."""
_ALWAYS = "9999-12-31"


class Membership(NamedTuple):
    """A state, and the first and the last day on which it was certainly a member."""

    country: str
    first: str
    last: str


class Bloc(NamedTuple):
    """A bloc: its short name, what it is called in words, what its organs are called, its codes and members."""

    key: str
    names: tuple[str, ...]
    organs: tuple[str, ...]
    code: str
    keys: tuple[str, ...]
    members: tuple[Membership, ...]


@functools.cache
def blocs() -> dict[str, Bloc]:
    """Return all blocs by their short names."""
    members: dict[str, list[Membership]] = {}
    for key, joined, until, countries in _table("blocs.tsv"):
        days = _certainly(joined, until)
        members.setdefault(key, []).extend(Membership(country, *days) for country in countries.split())
    return {
        key: Bloc(key, _listed(names), _listed(organs), code, _listed(keys), tuple(members[key]))
        for key, names, organs, code, keys, _ in _table("blocs_names.tsv")
    }


def bloc_named(name: str) -> Bloc | None:
    """Return the bloc of a short name, as it is written, or of a full one.

    >>> bloc_named("european union").key, bloc_named("eu")
    ('EU', None)
    """
    return blocs().get(name) or _by_name().get(fold(name).removeprefix("the "))


@functools.cache
def _by_name() -> dict[str, Bloc]:
    return {fold(name): bloc for bloc in blocs().values() for name in bloc.names}


def organs(store: Store, bloc: Bloc) -> list[int]:
    """Return the numbers of the parties that are the organisation itself, by its names, keys and codes.

    Nothing is matched by likeness. ICEWS names an organ "Secretariat (African Union)"; in CAMEO its code begins with
    that of the organisation.
    """
    named = (*bloc.names, *bloc.organs)
    known = (*bloc.keys, *named)
    offices = [f"% ({name})" for name in bloc.names]
    where = f"key IN ({_marks(known)}) OR name IN ({_marks(named)})"
    where += f" OR type = 'government' AND ({' OR '.join(['name LIKE ?'] * len(offices))})"
    if bloc.code:
        where += f" OR substr(key, 1, {len(bloc.code)}) = '{bloc.code}'"
    sql = f"SELECT number FROM parties WHERE {where} ORDER BY number"
    return [number for (number,) in store.query(sql, *known, *named, *offices)]


def members_on(members: Iterable[Membership], day: str) -> set[str]:
    """Return the states that were members on a day."""
    return {country for country, first, last in members if first <= day <= last}


def eras(members: Iterable[Membership], first: str, last: str) -> Iterator[tuple[str, str]]:
    """Cut some days into stretches on which the members stay the same.

    >>> list(eras([Membership("GBR", "1973-01-01", "2020-01-31")], "2019-01-01", "2020-12-31"))
    [('2019-01-01', '2020-01-31'), ('2020-02-01', '2020-12-31')]
    """
    changes = {day for _, start, end in members for day in (start, _next(end)) if first < day <= last}
    starts = [first, *sorted(changes)]
    yield from zip(starts, [*(_next(start, -1) for start in starts[1:]), last], strict=True)


def _certainly(joined: str, until: str) -> tuple[str, str]:
    """Return the days of a membership that are certain.

    >>> _certainly("1999", "2018-05"), _certainly("2011-07", "")
    (('1999-12-31', '2018-04-30'), ('2011-07-31', '9999-12-31'))
    """
    first = date.fromisoformat((joined + "-12-01")[:10] if len(joined) == 4 else (joined + "-01")[:10])
    if len(joined) < 10:
        first = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    last = until if len(until) == 10 else _next((until + "-01-01")[:10], -1) if until else _ALWAYS
    return first.isoformat(), last


def _next(day: str, by: int = 1) -> str:
    return day if day == _ALWAYS else (date.fromisoformat(day) + timedelta(days=by)).isoformat()


def _table(name: str) -> list[list[str]]:
    return [line.split("\t") for line in data.read_text(name).splitlines()[1:]]


def _listed(cell: str) -> tuple[str, ...]:
    return tuple(cell.split("|")) if cell else ()


def _marks(values: Iterable[object]) -> str:
    return ", ".join("?" for _ in values)

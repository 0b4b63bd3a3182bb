"""The shipped gazetteer: which places bear a name.

In: a folded name. Out: every place filed under it. It does not choose between them.

The main table is one block of lines sorted by key (19 MB in memory, read once, searched by bisection);
the reviewed regions, rivers and landmarks are a small dictionary beside it.
"""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

from tidings import data
from tidings.places.names import fold

__all__ = ["Entry", "Home", "home_of", "iso3", "lookup", "region_names"]

_TOWN = 50_000
"""People of a town that a paper may be named after without more being said."""
_LEVELS = {"P": "city", "A": "admin1", "B": "admin2", "C": "country"}


class Entry(NamedTuple):
    """One place as the gazetteer has it; `country` is ISO2, `reviewed` marks rows of the hand-made table.

    `fame` grows with the number of languages that have a name for it (0 to 9).
    """

    name: str
    geonames: int | None
    lat: float
    lon: float
    country: str
    admin1: str
    admin2: str
    population: int
    level: str
    reviewed: bool = False
    why: str | None = None
    fame: int = 0
    capital: bool = False


class Home(NamedTuple):
    """Where an outlet is at home: its country (ISO2), and its city when we know it."""

    country: str
    city: Entry | None = None


@functools.cache
def _lines() -> bytes:
    return b"\n" + data.read_bytes("places_gazetteer.tsv.gz")


@functools.cache
def _codes() -> dict[str, str]:
    return {iso2: three for iso2, three, _ in _code_rows()}


def _code_rows() -> list[list[str]]:
    return [line.split("\t") for line in data.read_text("places_codes.tsv").splitlines()[1:]]


@functools.cache
def _capitals() -> frozenset[int]:
    return frozenset(int(capital) for _, _, capital in _code_rows() if capital)


def iso3(country: str) -> str | None:
    """Return the ISO3 code of an ISO2 code.

    >>> iso3("BY")
    'BLR'
    """
    return _codes().get(country)


@functools.cache
def _regions() -> dict[str, tuple[Entry, ...]]:
    iso2 = {three: two for two, three in _codes().items()}
    found: dict[str, list[Entry]] = {}
    for line in data.read_text("places_regions.tsv").splitlines()[1:]:
        names, level, country, lat, lon, geonames, why = line.split("\t")
        first, *_ = aliases = names.split("|")
        number = int(geonames) if geonames else None
        entry = Entry(first, number, float(lat), float(lon), iso2.get(country, ""), "", "", 0, level, True, why or None)
        for alias in aliases:
            found.setdefault(fold(alias), []).append(entry)
    return {key: tuple(entries) for key, entries in found.items()}


@functools.cache
def region_names() -> tuple[str, ...]:
    """Return the names of the reviewed regions and countries as written there, for finding them in text."""
    regions = [line.split("\t")[0] for line in data.read_text("places_regions.tsv").splitlines()[1:]]
    countries = [line.split("\t")[1] for line in data.read_text("places_countries.tsv").splitlines()[1:]]
    return tuple(dict.fromkeys(name for names in (*regions, *countries) for name in names.split("|") if name))


@functools.lru_cache(maxsize=8192)
def lookup(key: str) -> tuple[Entry, ...]:
    """Return all places filed under a folded name, the reviewed ones first.

    >>> sorted({entry.level for entry in lookup("georgia")})
    ['admin1', 'country']
    """
    reviewed = _regions().get(key, ())
    known = {entry.geonames for entry in reviewed} - {None}
    return (*reviewed, *(entry for entry in _search(key) if entry.geonames not in known))


def _search(key: str) -> list[Entry]:
    lines, wanted = _lines(), key.encode()
    low, high = 0, len(lines) - 1
    while low < high:  # both stand on a line break; the first line not below the key lies between them
        middle = lines.rfind(b"\n", low, (low + high) // 2 + 1)
        if lines[middle + 1 : lines.find(b"\t", middle)] < wanted:
            low = lines.find(b"\n", middle + 1)
        else:
            high = middle
    return _read(lines, low, wanted)


def _read(lines: bytes, at: int, wanted: bytes) -> list[Entry]:
    found = []
    while at < len(lines) - 1:
        end = lines.find(b"\n", at + 1)
        line = lines[at + 1 : end]
        key, _, rest = line.partition(b"\t")
        if key != wanted:
            break
        found.append(_entry(key.decode(), rest.decode()))
        at = end
    return found


def _entry(key: str, rest: str) -> Entry:
    name, geonames, lat, lon, country, first, second, people, level = rest.split("\t")
    return Entry(
        name or key.title(),
        int(geonames),
        float(lat),
        float(lon),
        country,
        first,
        second,
        int(people or 0),
        _LEVELS[level[0]],
        fame=int(level[1:] or 0),
        capital=level[0] == "P" and int(geonames) in _capitals(),
    )


@functools.cache
def _outlets() -> dict[str, tuple[str, str, str]]:
    rows = (line.split("\t") for line in data.read_text("places_outlets.tsv").splitlines()[1:])
    return {outlet: (city, state, country) for outlet, city, state, country in rows}


_ENDINGS = {"uk": "GB", "edu": "US", "gov": "US", "mil": "US"}


@functools.lru_cache(maxsize=512)
def home_of(outlet: str | None) -> Home | None:
    """Return where an outlet is at home, from its domain or address, or from a paper's name that holds a place.

    >>> home_of("https://www.dallasnews.com/news/").city.name
    'Dallas'
    >>> home_of("somewhere.co.nz")
    Home(country='NZ', city=None)
    >>> home_of("The Jakarta Post").country
    'ID'
    """
    if not outlet:
        return None
    if "." not in outlet or " " in outlet.strip():
        return _named_home(outlet)
    host = outlet.lower().partition("://")[2] or outlet.lower()
    parts = host.partition("/")[0].partition(":")[0].strip(".").split(".")
    for at in range(len(parts) - 1):
        row = _outlets().get(".".join(parts[at:]))
        if row:
            return _home(*row)
    last = parts[-1] if len(parts) > 1 else ""
    country = _ENDINGS.get(last, last.upper())
    return Home(country) if country in _codes() and country not in ("TV", "ME", "IO", "CO", "FM", "AI") else None


_PAPER = re.compile(
    r"""
    (?:The\s)? (?P<place>[A-Z][\w.'’\-]*(?:\s[A-Z][\w.'’\-]*){0,2}?) (?:\s(?:Daily|Morning|Evening|Sunday|State))?
    \s(?:Advocate|Chronicle|Courier|Dispatch|Examiner|Gazette|Globe|Herald|Independent|Inquirer|Journal|Mail|Mirror|News
      |Observer|Post|Press|Record|Register|Review|Sentinel|Standard|Star|Sun|Telegraph|Times|Today|Tribune)\b
    | (?:The\s)?Times\sof\s(?P<land>[A-Z]\w+)
    """,
    re.VERBOSE,
)


def _named_home(name: str) -> Home | None:
    match = _PAPER.match(name.strip()[:80])
    if not match:
        return None
    entries = lookup(fold(match["place"] or match["land"]))
    land = next((entry for entry in entries if entry.level == "country"), None)
    if land:
        return Home(land.country)
    towns = [entry for entry in entries if entry.level == "city" and entry.population >= _TOWN]
    town = max(towns, key=lambda entry: entry.population, default=None)
    return Home(town.country, town) if town else None


def _home(city: str, state: str, country: str) -> Home:
    states = {entry.admin1 for entry in lookup(fold(state)) if entry.level == "admin1" and entry.country == country}
    found = [
        entry
        for entry in lookup(fold(city))
        if entry.level == "city" and entry.country in (country, "") and (not state or entry.admin1 in states | {state})
    ]
    return Home(country, max(found, key=lambda entry: entry.population, default=None))

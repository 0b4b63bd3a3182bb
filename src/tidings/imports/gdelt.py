"""GDELT events: version 1 (57 or 58 columns), version 2 (61), the reduced table, and what is exported with a header.

In: rows. Out: acts; code, class, Goldstein value and number of sources as GDELT gives them.
Sides are known by their CAMEO actor codes; GDELT's names of them differ from row to row and are not kept.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterator, Mapping, Sequence

from tidings.actors import knowledge
from tidings.imports.acts import Act, Days, Format, NoAct, Party, Tally
from tidings.imports.codes import amount, coordinates, count, is_day, pad, quad_of, type_of, weight_of
from tidings.imports.names import sector_of_codes, told_code

__all__ = ["GDELT", "coded_party"]

_NAMES = {
    "id": ("globaleventid",),
    "day": ("sqldate", "day", "date"),
    "source": ("actor1code", "source"),
    "source_name": ("actor1name",),
    "source_country": ("actor1countrycode",),
    "source_role": ("actor1type1code",),
    "target": ("actor2code", "target"),
    "target_name": ("actor2name",),
    "target_country": ("actor2countrycode",),
    "target_role": ("actor2type1code",),
    "cameo": ("eventcode", "cameocode"),
    "root": ("eventrootcode",),
    "quad": ("quadclass",),
    "goldstein": ("goldsteinscale", "goldstein"),
    "sources": ("numsources",),
    "place": ("actiongeofullname",),
    "lat": ("actiongeolat",),
    "lon": ("actiongeolong",),
}
_FRONT = {
    "id": 0, "day": 1, "source": 5, "source_name": 6, "source_country": 7, "source_role": 12, "target": 15,
    "target_name": 16, "target_country": 17, "target_role": 22, "cameo": 26, "root": 28, "quad": 29, "goldstein": 30,
    "sources": 32,
}  # fmt: skip
# Version 2 has one more column in each of the three places.
_PLACES = {
    57: {"place": 50, "lat": 53, "lon": 54},
    58: {"place": 50, "lat": 53, "lon": 54},
    61: {"place": 52, "lat": 56, "lon": 57},
}
_QUADS = {"1": 1, "2": 2, "3": 3, "4": 4}


def _bare(first: Sequence[str]) -> Mapping[str, int] | None:
    size = len(first)
    if size - 1 in (58, 61) and not first[-1].strip():
        size -= 1
    if size in _PLACES and is_day(first[1]) and first[0].strip().isdigit():
        return _FRONT | _PLACES[size]
    return None


def _read(row: Sequence[str], days: Days, tally: Tally) -> Iterator[Act]:
    (id, day, source, source_name, source_country, source_role, target, target_name, target_country, target_role, code,
     root, quad, goldstein, sources, place, lat, lon) = row  # fmt: skip
    day = days(day)
    cameo = pad(code, root)
    one = coded_party(source, source_name, _country(source, source_country, tally), source_role)
    if one is None:
        raise NoAct("no source")
    other = coded_party(target, target_name, _country(target, target_country, tally), target_role)
    if not id:
        # The reduced table has neither ids nor names of places: acts of a day differ in where they were.
        id = f"{day}:{_digest(source, cameo, target, place or f'{lat} {lon}')}"
    y, x = coordinates(lat, lon)
    yield Act(
        id, day, one, other, type_of(cameo), cameo, _QUADS.get(quad) or quad_of(cameo),
        amount(goldstein, weight_of(cameo)), count(sources), place or None, y, x,
    )  # fmt: skip


def _digest(*cells: str) -> str:
    return hashlib.blake2b("\t".join(cells).encode(), digest_size=10).hexdigest()


def _country(code: str, given: str, tally: Tally) -> str | None:
    if given:
        return told_code(given, tally)
    # Without its own column, a country is what a code begins with, if anything is.
    head = code[:3]
    return head if head in knowledge.countries() else None


@functools.lru_cache(maxsize=65_536)
def coded_party(code: str, name: str, country: str | None, role: str = "") -> Party | None:
    """Return the party of a CAMEO actor code, or of a name without one.

    >>> coded_party("RUSGOV", "MOSCOW", "RUS").name, coded_party("RUS", "RUSSIA", "RUS").type
    ('Russia (GOV)', 'country')
    """
    if not code:
        return Party(name, name, None, country) if name else None
    home = knowledge.countries().get(country or "")
    rest = code[3:] if country else code
    if home and not rest:
        return Party(home.iso3, home.name, "country", home.iso3, None, home.iso3)
    sector = sector_of_codes(role or rest)
    title = f"{home.name} ({rest})" if home else code
    return Party(code, title, "government" if home and rest == "GOV" else "group", country, sector, code)


GDELT = Format("gdelt", "GDELT", _NAMES, (frozenset(("day", "source", "target", "cameo")),), _bare, _read)

"""Countries, sectors and people by the names that event data gives them.

In: names and codes. Out: ISO 3166 alpha-3 countries, PLOVER sectors, or None.
Names are looked up whole and exactly, but for case and accents; nothing is matched by likeness.
"""

from __future__ import annotations

import functools

from tidings import data
from tidings.actors import knowledge
from tidings.actors.names import fold
from tidings.imports.acts import Party, Tally

__all__ = ["BODIES", "country_named", "country_of_code", "country_of_person", "named_party", "sector_of_codes"]

_NESTED = 3
"""Brackets within brackets that a name may have."""
_FORCES = {
    "Army": "MIL", "Navy": "MIL", "Air Force": "MIL", "Armed Forces": "MIL", "Defense Forces": "MIL",
    "Defence Forces": "MIL", "Military": "MIL", "Police": "COP", "National Police": "COP", "Federal Police": "COP",
}  # fmt: skip
BODIES = frozenset(("IGO", "UNO", "EUR", "NGO", "ISM", "IMG", "MNC"))
"""What PLOVER writes in place of a country for those who belong to none."""


@functools.cache
def _table(kind: str) -> dict[str, str]:
    rows = (line.split("\t") for line in data.read_text("imports_names.tsv").splitlines()[1:])
    return {name: code for of, name, code in rows if of == kind}


@functools.lru_cache(maxsize=8192)
def country_named(name: str) -> str | None:
    """Return the country of a name; None where the name is that of none.

    >>> country_named("Belarus"), country_named("Occupied Palestinian Territory"), country_named("Middle East")
    ('BLR', 'PSE', None)
    """
    if name.strip() in _table("country"):
        return _table("country")[name.strip()] or None
    found = knowledge.country_words().get(fold(name).removeprefix("the "))
    return found[0] if found and found[1] == "name" else None


@functools.lru_cache(maxsize=8192)
def no_country(name: str) -> bool:
    """Tell whether a name is known to be of no single country: a region, a world body."""
    return _table("country").get(name.strip()) == ""


@functools.lru_cache(maxsize=8192)
def country_of_code(code: str) -> str | None:
    """Return the country of a CAMEO, ISO 3166 or PLOVER code; None for a region or an unknown code.

    >>> country_of_code("RUS"), country_of_code("ROM"), country_of_code("WST")
    ('RUS', 'ROU', None)
    """
    code = code.strip().upper()
    if code in _table("code"):
        return _table("code")[code] or None
    return code if code in knowledge.countries() else None


@functools.lru_cache(maxsize=65_536)
def country_of_person(name: str, day: str) -> str | None:
    """Return the country (or world body) in whose office a person was on a day; None where the name is not certain.

    >>> country_of_person("Angela Merkel", "2018-05-01"), country_of_person("Angela Merkel", "1985-05-01")
    ('DEU', None)
    """
    people = _people(name)
    homes = {knowledge.home(who, day) for who in people if knowledge.main_office(who, day)}
    return next(iter(homes)) if len(homes) == 1 and len(people) == 1 else None


@functools.lru_cache(maxsize=65_536)
def _people(name: str) -> tuple[knowledge.Person, ...]:
    return tuple(knowledge.people_named(name)) if " " in name else ()


@functools.lru_cache(maxsize=8192)
def sector_of_codes(codes: str) -> str | None:
    """Return the PLOVER sector of a string of CAMEO role codes, three letters each: that of the first role known.

    >>> sector_of_codes("GOV"), sector_of_codes("MED"), sector_of_codes("REFHLH")
    ('GOV', 'JRN', 'REF')
    """
    table = _table("role")
    found = (table.get(codes[start : start + 3]) for start in range(0, len(codes), 3))
    return next((sector for sector in found if sector), None)


@functools.lru_cache(maxsize=16_384)
def sector_named(name: str) -> str | None:
    """Return the PLOVER sector of a role as ICEWS names it: "Police", "Head of Government"."""
    return _table("sector").get(name.strip())


@functools.lru_cache(maxsize=65_536)
def named_party(name: str) -> Party:
    """Return the party of a name that may be a country's, or hold it at its end: "Police (Australia)".

    >>> [named_party(name).country for name in ("Police (Australia)", "Iran", "United Nations", "Turkish Army")]
    ['AUS', 'IRN', 'UNO', 'TUR']
    """
    country = country_named(name)
    if country:
        return Party(country, name, "country", country, None, country)
    role, home = _in_brackets(name)
    if home:
        body = _body(home)
        country, sector = country_named(home) or (body.country if body else None), sector_named(role)
        return Party(name, name, "government" if sector == "GOV" else "group", country, sector)
    return _body(name) or _forces(name) or Party(name, name)


def _in_brackets(name: str) -> tuple[str, str]:
    """Return a name without what stands in brackets at its end, and that; the brackets may hold others.

    >>> _in_brackets("Envoy (Holy See (Vatican City State))")
    ('Envoy', 'Holy See (Vatican City State)')
    """
    if not name.endswith(")"):
        return name, ""
    start = len(name)
    for _ in range(_NESTED):
        start = name.rfind(" (", 0, start)
        if start <= 0:
            break
        home = name[start + 2 : -1]
        if home.count("(") == home.count(")"):
            return name[:start], home
    return name, ""


def _body(name: str) -> Party | None:
    """Return an organisation or armed group by its full name, where that is the name of one only.

    Names of parties are left alone: there is a Conservative Party in many a country.
    """
    found = knowledge.known_names().get(name, [])
    if len(found) != 1 or found[0].sector in ("PTY", "OPP"):
        return None
    return Party(name, name, found[0].type, found[0].country or None, found[0].sector or None)


def _forces(name: str) -> Party | None:
    """Return the forces of a state by what a state's forces are called: "Turkish Army"."""
    people, _, forces = name.partition(" ")
    found = knowledge.country_of_word(people)
    if forces not in _FORCES or found is None or found[1] != "demonym":
        return None
    return Party(name, name, "organisation", found[0], _FORCES[forces])


def told_country(name: str, tally: Tally) -> str | None:
    """Return the country of a name in a column of countries; count it where it is in no table."""
    if not name or name in ("None", "NULL", "NA", "---"):
        return None
    country = country_named(name)
    if country is None and not no_country(name):
        tally.miss("country", name)
    return country


def told_code(code: str, tally: Tally) -> str | None:
    """Return the country of a code in a column of countries; count it where it is in no table."""
    if not code or code in ("None", "NULL", "NA", "---"):
        return None
    country = country_of_code(code)
    if country is None and code.upper() not in _table("code"):
        tally.miss("country code", code)
    return country

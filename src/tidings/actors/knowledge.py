"""What is known of countries, people, organisations and seats of power, with the dates it holds.

In: the shipped tables. Out: look-ups by folded name, surname, spelling key, office and day.
It reads no articles.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tidings import data
from tidings.actors.names import SUFFIXES, fold, is_spelling, skeleton, slug

__all__ = [
    "Country", "Known", "Office", "Person", "countries", "country_of_word", "heads", "holder", "known_names",
    "people_named", "people_of_surname", "person", "phoenix", "seats", "valid",
]  # fmt: skip

RECENT = "2026-05-01"
"""The day taken when none is given: the last the sources know of."""


class Country(NamedTuple):
    """A state, or a territory with the state that controls it in `parent`."""

    iso3: str
    qid: str
    name: str
    capital: str
    parent: str
    names: tuple[str, ...]
    demonyms: tuple[str, ...]


class Office(NamedTuple):
    """A time-bounded office. `known` is the last day its source knows of, `at` the world body it belongs to."""

    title: str
    start: str
    end: str
    known: str
    at: str = ""


class Person(NamedTuple):
    """An office holder."""

    id: str
    name: str
    gender: str
    country: str
    head: bool
    aliases: tuple[str, ...]
    offices: tuple[Office, ...]


class Known(NamedTuple):
    """An organisation or armed group of the reviewed list."""

    id: str
    name: str
    type: str
    country: str
    sector: str


# ------------------------------------------------------------------------------------------- countries


@functools.cache
def countries() -> dict[str, Country]:
    """Return all countries by code."""
    found = {}
    for line in data.read_text("countries.tsv").splitlines()[1:]:
        iso3, qid, name, capital, parent, names, demonyms, _ = line.split("\t")
        split = tuple(names.split("|")), tuple(d for d in demonyms.split("|") if d)
        found[iso3] = Country(iso3, qid, name, capital, parent, *split)
    return found


@functools.cache
def country_words() -> dict[str, tuple[str, str]]:
    """Return folded country names, demonyms and capitals with the country and the kind: name, demonym or capital."""
    found: dict[str, tuple[str, str]] = {}
    for name, country, kind in seats():
        if kind == "city":
            found[fold(name)] = (country, "capital")
    for iso3, country in countries().items():
        if country.capital and not country.parent:
            found.setdefault(fold(country.capital), (iso3, "capital"))
    for iso3, country in countries().items():
        for demonym in country.demonyms:
            found.setdefault(fold(demonym), (iso3, "demonym"))
        for name in country.names:
            found[fold(name)] = (iso3, "name")
    return found


def country_of_word(text: str) -> tuple[str, str] | None:
    """Return the country a name, demonym or capital means, and which of them it is.

    >>> country_of_word("Belarusian"), country_of_word("Minsk")
    (('BLR', 'demonym'), ('BLR', 'capital'))
    """
    return country_words().get(fold(text).removeprefix("the "))


@functools.cache
def country_places() -> dict[str, str]:
    """Return folded names of cities and regions, each with its country."""
    found: dict[str, str] = {}
    for line in data.read_text("countries.tsv").splitlines()[1:]:
        cells = line.split("\t")
        for place in cells[7].split("|"):
            if place:
                found.setdefault(place, cells[0])
    return found


@functools.cache
def seats() -> tuple[tuple[str, str, str], ...]:
    """Return the seats of power: name, country, and GOV for a building that always means it, city otherwise."""
    lines = data.read_text("actors_seats.tsv").splitlines()[1:]
    return tuple((name, country, kind) for name, country, kind in (line.split("\t") for line in lines))


@functools.cache
def seat_words() -> dict[str, str]:
    """Return folded names of the buildings that mean a government, each with its country."""
    return {fold(name): country for name, country, kind in seats() if kind == "GOV"}


@functools.cache
def known_names() -> dict[str, list[Known]]:
    """Return the reviewed organisations by name as written (capitals matter: WHO is not who)."""
    found: dict[str, list[Known]] = {}
    for line in data.read_text("actors_known.tsv").splitlines()[1:]:
        key, name, kind, countries, sector, names, each = line.split("\t")
        for country in countries.split("|"):
            many = "|" in countries and country
            own = Known(slug(f"{country}-{name}") if many else key, name, kind, country, sector)
            for alias in names.split("|"):
                is_another = each and skeleton(alias) != skeleton(name)
                found.setdefault(alias, []).append(own._replace(id="", name=alias) if is_another else own)
    return found


def choose(choices: list[Known], near: Sequence[str]) -> Known:
    """Return the body of a name that sits in one of the countries named, else the one of no country, else the first.

    >>> choose(known_names()["Senate"], ["PHL", "USA"]).country, choose(known_names()["Senate"], ["CHN", "USA"]).country
    ('PHL', 'USA')
    """
    own = next((k for country in near for k in choices if k.country == country), None)
    return own or next((k for k in choices if not k.country), choices[0])


@functools.cache
def phoenix() -> dict[str, tuple[str, str]]:
    """Return the PETRARCH2 names, folded: kind (c country, i international, m militant) and dated codes."""
    lines = data.read_text("actors_phoenix.tsv.gz").splitlines()[1:]
    return {name: (kind, codes) for name, kind, codes in (line.split("\t") for line in lines)}


# ------------------------------------------------------------------------------------------- people


@functools.cache
def _lines() -> dict[str, str]:
    lines = data.read_text("actors_people.tsv.gz").splitlines()[1:]
    return {line[: line.index("\t")]: line for line in lines}


@functools.cache
def person(key: str) -> Person | None:
    """Return one office holder by id."""
    line = _lines().get(key)
    if line is None:
        return None
    _, name, gender, country, head, aliases, roles = line.split("\t")
    offices = tuple(Office(*role.split(";")) for role in roles.split("|"))
    return Person(key, name, gender, country, bool(head), tuple(a for a in aliases.split("|") if a), offices)


@functools.cache
def index(kind: str) -> dict[str, list[str]]:
    """Return ids by key: kind n for folded full names, s for surnames of heads, k for spelling keys, o for openings."""
    found: dict[str, list[str]] = {}
    for line in _index_lines():
        if line[0] == kind:
            _, key, ids = line.split("\t")
            found[key] = ids.split("|")
    return found


@functools.cache
def _index_lines() -> list[str]:
    return data.read_text("actors_index.tsv.gz").splitlines()[1:]


def people_named(name: str, *, spelled: bool = False) -> list[Person]:
    """Return the office holders of a full name; with `spelled`, also those under another spelling of it.

    >>> [p.country for p in people_named("Alexandr Lukashenko", spelled=True)]
    ['BLR']
    """
    keys = index("n").get(fold(name), [])
    if not keys and spelled and " " in name.strip():
        near = (person(key) for key in dict.fromkeys(index("k").get(skeleton(name), ())))
        return [p for p in near if p and any(is_spelling(name, alias) for alias in (p.name, *p.aliases))]
    return [p for p in map(person, dict.fromkeys(keys)) if p]


def people_of_surname(family: str) -> list[Person]:
    """Return heads of state and government of a surname, or of another spelling of it."""
    keys = index("s").get(fold(family), [])
    return [p for p in map(person, keys) if p]


def valid(office: Office, day: str) -> bool | None:
    """Tell whether an office was held on a day; None when its source does not reach that far."""
    if office.start and office.start[: len(day)] > day:
        return False
    if office.end:
        return day <= office.end
    return True if day <= office.known or day[:4] <= office.known[:4] else None


_HEAD_STATE = (
    "president",
    "king",
    "queen",
    "emir",
    "amir",
    "sultan",
    "monarch",
    "pope",
    "general secretary",
)
_HEAD_GOVERNMENT = (
    "prime minister",
    "chancellor",
    "federal chancellor",
    "premier",
    "taoiseach",
    "president of the government",
)


def head_class(title: str) -> str | None:
    """Return "state", "government" or "supreme" for the title of a head, None for another office.

    A supreme leader stands above a president, who is head of state beside him.
    """
    title = title.lower().removeprefix("acting ").removeprefix("interim ")
    if title == "supreme leader":
        return "supreme"
    title = title.split(" of the republic")[0].removesuffix(" of the")
    if title in ("general secretary of the chinese communist party", "chairman of the presidium of the supreme soviet"):
        return "state"
    if title in _HEAD_STATE or title in ("president of", "monarch of"):
        return "state"
    if title in _HEAD_GOVERNMENT or title.startswith(
        (
            "prime minister of",
            "premier of the state council",
            "chancellor of the federal",
            "president of the council of m",
        )
    ):
        return "government"
    return None


@functools.cache
def heads() -> dict[tuple[str, str], list[tuple[Office, str]]]:
    """Return the heads of each class by country, in order of taking office."""
    found: dict[tuple[str, str], list[tuple[Office, str]]] = {}
    for key, line in _lines().items():
        if line.split("\t", 5)[4]:
            who = person(key)
            for office in who.offices if who else ():
                kind = head_class(office.title)
                if who and kind and office.start:
                    found.setdefault((who.country, kind), []).append((office, key))
    for rows in found.values():
        rows.sort()
        rows.sort(key=lambda row: row[0].start)
    return found


def holder(country: str, kind: str, day: str) -> Person | None:
    """Return who was head of a class of a country on a day (see `head_class`); None where the sources do not say.

    Of a start told by its year, nobody knows within that year whether it has been.

    >>> holder("BLR", "state", "2021-12-30").name, holder("USA", "state", "2019-06-01").id
    ('Alexander Lukashenko', 'Q22686')
    """
    found = [(office, key) for office, key in heads().get((country, kind), ()) if valid(office, day)]
    found = found or [(o, key) for o, key in heads().get((country, kind), ()) if valid(o, day) is None][-1:]
    if any(len(office.start) < len(day) and day.startswith(office.start) for office, _ in found):
        found = [row for row in found if len(row[0].end) == len(day)]
    if not found or (day > found[-1][0].known and not found[-1][0].end and day[:4] > found[-1][0].known[:4]):
        return None
    return person(found[-1][1])


def leader(country: str, day: str) -> Person | None:
    """Return who leads a country: the head of government where the head of state reigns only.

    A supreme leader is meant where no president stands beside him, as one does in Iran.
    """
    kinds = ("government", "state") if country in _GOVERNED else ("state", "supreme", "government")
    return next((who for kind in kinds if (who := holder(country, kind, day))), None)


_GOVERNED = frozenset(
    (
        "GBR DEU IND ITA ISR CAN AUS NZL JPN ESP NLD BEL DNK SWE NOR IRL GRC AUT HUN POL "
        "CZE SVK SVN HRV SRB BGR EST LVA LTU FIN PAK BGD NPL ETH IRQ LBN THA MYS SGP KHM "
        "JAM TTO PNG ALB MKD KOS ISL LUX MLT PRT BIH MNE GEO ARM"
    ).split()
)


def main_office(who: Person, day: str) -> Office | None:
    """Return the office that counts on a day: that of a head of state or government first, then the latest."""
    held = [office for office in who.offices if valid(office, day)]
    return max(held, key=lambda o: (head_class(o.title) is not None and not o.at, o.start)) if held else None


def home(who: Person, day: str) -> str:
    """Return whom a person acts for on a day: a country, or the world body whose office is held.

    >>> home(people_named("Federica Mogherini")[0], "2016-01-01"), home(people_named("John Kerry")[0], "2016-01-01")
    ('EUR', 'USA')
    """
    office = main_office(who, day)
    return office.at if office and office.at else who.country


def homes(who: Person, day: str) -> set[str]:
    """Return the country and the world body a person may be named with."""
    return {who.country, home(who, day)}


@functools.cache
def families() -> dict[str, tuple[str, ...]]:
    """Return ids by the last word of a folded full name, heads or not; "Jr." is nobody's family.

    >>> "jr." in families()
    False
    """
    found: dict[str, dict[str, None]] = {}
    for name, keys in index("n").items():
        last = next((word for word in reversed(name.split()) if word not in SUFFIXES), name)
        found.setdefault(last, {}).update(dict.fromkeys(keys))
    return {name: tuple(keys) for name, keys in found.items()}


def all_offices(who: Person, day: str) -> Iterator[Office]:
    """Yield the offices a person held on a day."""
    seen: set[str] = set()
    for office in who.offices:
        if valid(office, day) and office.title not in seen:
            seen.add(office.title)
            yield office


def names_of_people() -> dict[str, list[str]]:
    """Return the folded full names of office holders with their ids."""
    return index("n")

"""POLECAT: the yearly and weekly tables of PLOVER events.

In: rows. Out: acts, one for each pair of an actor and a recipient where a cell lists several.
Type and mode are those given; a CAMEO code stands only where `imports_polecat.tsv` has one that is certain.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterator, Mapping, Sequence

from tidings import data
from tidings.events.ontology import QUADS, intensity
from tidings.imports.acts import Act, BadRow, Days, Format, NoAct, Party, Tally
from tidings.imports.codes import amount, coordinates, is_day
from tidings.imports.names import BODIES, named_party, told_code

__all__ = ["POLECAT"]

_NAMES = {
    "id": ("eventid",),
    "day": ("eventdate",),
    "type": ("eventtype",),
    "mode": ("eventmode",),
    "intensity": ("intensity", "eventintensity"),
    "source": ("actorname",),
    "source_raw": ("actornameraw",),
    "source_country": ("actorcountry",),
    "source_sector": ("primaryactorsector", "actorsectors"),
    "target": ("recipientname",),
    "target_raw": ("recipientnameraw",),
    "target_country": ("recipientcountry",),
    "target_sector": ("primaryrecipientsector", "recipientsectors"),
    "place": ("placename",),
    "lat": ("latitude",),
    "lon": ("longitude",),
}
_ORDER = (
    "id day type mode intensity - - source source_country - source_sector - - source_raw - target target_country -"
    " target_sector - - target_raw - place - - - - lat lon - - - - - - - - - -"
).split()
"""The fields of a row, a dash for those that are not read."""
_NOTHING = frozenset(("", "None", "none", "NULL", "NA", "nan", "---"))
_MOST = 12
"""Names in one cell beyond which it is no list."""


def _bare(first: Sequence[str]) -> Mapping[str, int] | None:
    if len(first) < len(_ORDER) or any(cell.strip() for cell in first[len(_ORDER) :]):
        return None
    if not is_day(first[1]) or first[2].strip().upper() not in QUADS:
        return None
    return {field: number for number, field in enumerate(_ORDER) if field != "-"}


@functools.cache
def _cameo() -> dict[tuple[str, str], str]:
    rows = (line.split("\t") for line in data.read_text("imports_polecat.tsv").splitlines()[1:])
    return {(kind, mode): code for kind, mode, code in rows}


def _read(row: Sequence[str], days: Days, tally: Tally) -> Iterator[Act]:
    (id, day, kind, mode, weight, source, source_raw, source_country, source_sector, target, target_raw, target_country,
     target_sector, place, lat, lon) = row  # fmt: skip
    day = days(day)
    kind, mode = kind.upper(), "" if mode in _NOTHING else mode.lower().removeprefix(f"{kind.lower()}-")
    if kind not in QUADS:
        tally.miss("event type", kind)
        raise BadRow(f"no PLOVER type: {kind[:40]!r}")
    if (kind, mode) not in _cameo():
        tally.miss("event mode", f"{kind}-{mode}")
    sources = _parties(source, source_raw, source_country, source_sector, tally)
    targets = _parties(target, target_raw, target_country, target_sector, tally)
    if not sources:
        raise NoAct("no actor")
    y, x = coordinates(lat, lon)
    name = None if place in _NOTHING else place
    for one in sources:
        for other in targets or (None,):
            # Rows of one event share its id: what tells them apart are the sides.
            sides = f"{one.key}\t{other.key if other else ''}\t{kind}\t{mode}\t{day}"
            yield Act(
                f"{id}:{hashlib.blake2b(sides.encode(), digest_size=5).hexdigest()}", day, one, other, kind,
                _cameo().get((kind, mode)) or None, QUADS[kind], amount(weight, _weight(kind, mode)), 1, name, y, x,
            )  # fmt: skip


@functools.cache
def _weight(kind: str, mode: str) -> float:
    return intensity(kind, mode or None)


def _parties(names: str, raw: str, countries: str, sectors: str, tally: Tally) -> list[Party]:
    named = [name for name in _listed(names) if name not in _NOTHING] or [n for n in _listed(raw) if n not in _NOTHING]
    homes, roles = _listed(countries), _listed(sectors)
    if not named:
        # Without a name, a country and a sector are who acts: "RUS MIL".
        named = [""] * max(1, len(homes))
    found = []
    for number, name in enumerate(named[:_MOST]):
        country = _aligned(homes, number, len(named))
        home = country if country in BODIES else told_code(country, tally)
        role = _aligned(roles, number, len(named))
        party = named_party(name) if name else _unnamed(country, home, role)
        if party:
            found.append(party._replace(country=party.country or home, sector=party.sector or role or None))
    return found


def _unnamed(code: str, country: str | None, role: str) -> Party | None:
    if country is None:
        return None
    return named_party(country) if not role else Party(f"{code}{role}", f"{code} {role}", None, country, role)


def _listed(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";")]


def _aligned(values: Sequence[str], number: int, size: int) -> str:
    """Return the value that belongs to one of several names: its own, or the one that stands for all."""
    value = values[number] if len(values) == size else values[0] if len(set(values)) == 1 else ""
    return "" if value in _NOTHING else value


POLECAT = Format("polecat", "POLECAT", _NAMES, (frozenset(("id", "day", "type", "source", "target")),), _bare, _read)

"""ICEWS: the weekly and yearly files, and the tables of (date, subject, relation, object) made from them.

In: rows. Out: acts; the CAMEO code is the one given, or that of the event's text in `imports_events.tsv`.
It takes sides by their names, as ICEWS knows them; a country's own name becomes its code.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterator, Mapping, Sequence

from tidings import data
from tidings.imports.acts import Act, BadRow, Days, Format, NoAct, Party, Tally
from tidings.imports.codes import amount, coordinates, is_day, pad, quad_of, type_of, weight_of
from tidings.imports.names import country_of_person, named_party, sector_named, told_country

__all__ = ["ICEWS"]

_NAMES = {
    "id": ("eventid",),
    "day": ("eventdate", "date"),
    "source": ("sourcename", "subject", "head"),
    "source_sectors": ("sourcesectors",),
    "source_country": ("sourcecountry",),
    "text": ("eventtext", "relation"),
    "cameo": ("cameocode",),
    "intensity": ("intensity",),
    "target": ("targetname", "object", "tail"),
    "target_sectors": ("targetsectors",),
    "target_country": ("targetcountry",),
    "city": ("city",),
    "district": ("district",),
    "province": ("province",),
    "country": ("country",),
    "lat": ("latitude", "lat"),
    "lon": ("longitude", "long", "lon"),
}
_FULL = (
    "id day source source_sectors source_country text cameo intensity target target_sectors target_country story"
    " sentence publisher city district province country lat lon"
).split()


@functools.cache
def event_texts() -> dict[str, str]:
    """Return the CAMEO code of each event text, in lower case."""
    lines = data.read_text("imports_events.tsv").splitlines()[1:]
    return {text: code for text, _, code in (line.partition("\t") for line in lines)}


def _bare(first: Sequence[str]) -> Mapping[str, int] | None:
    if len(first) in (len(_FULL), len(_FULL) + 1) and is_day(first[1]):
        return {name: number for number, name in enumerate(_FULL) if name in _NAMES}
    for order in (("day", "source", "text", "target"), ("source", "text", "target", "day")):
        if len(first) >= len(order) and is_day(first[order.index("day")]):
            found = {name: number for number, name in enumerate(order)}
            return found if first[found["text"]].strip().lower() in event_texts() else None
    return None


def _read(row: Sequence[str], days: Days, tally: Tally) -> Iterator[Act]:
    (id, day, source, source_sectors, source_country, text, code, intensity, target, target_sectors, target_country,
     city, district, province, country, lat, lon) = row  # fmt: skip
    day = days(day)
    if not source:
        raise NoAct("no source")
    cameo = _cameo(code, text, tally)
    if not id:
        digest = hashlib.blake2b("\t".join((source, cameo, text, target)).encode(), digest_size=10)
        id = digest.hexdigest()
    # One number may be given to events of two days. Beginning with the day, ids come in about the order of their index.
    id = f"{day}:{id}"
    y, x = coordinates(lat, lon)
    yield Act(
        id, day, _party(source, source_sectors, source_country, day, tally),
        _party(target, target_sectors, target_country, day, tally) if target else None,
        type_of(cameo), cameo, quad_of(cameo), amount(intensity, weight_of(cameo)), 1,
        next((name for name in (city, district, province, country) if name), None), y, x,
    )  # fmt: skip


def _cameo(code: str, text: str, tally: Tally) -> str:
    known = event_texts().get(text.lower().removesuffix(", not specified below"))
    # Some years have codes with a letter at their end ("13y"), which no codebook has; the text beside it is sound.
    if code and not (known and code[-1].isalpha()):
        # A code of two digits that lost its zero is told from a root by the text beside it.
        return pad(code, known[:2] if known else "")
    if known is None:
        tally.miss("event text", text)
        raise BadRow(f"no CAMEO code is known for {text[:80]!r}")
    return known


def _party(name: str, sectors: str, country: str, day: str, tally: Tally) -> Party:
    party = named_party(name)
    if country:
        party = party._replace(country=told_country(country, tally) or party.country)
    elif party.type is None:
        home = country_of_person(name, day)
        party = party._replace(country=home, type="person") if home else party
    if sectors and party.sector is None:
        party = party._replace(sector=_sector(sectors))
    return party


@functools.lru_cache(maxsize=65_536)
def _sector(sectors: str) -> str | None:
    return next((found for name in sectors.split(",") if (found := sector_named(name))), None)


ICEWS = Format("icews", "ICEWS", _NAMES, (
    frozenset(("day", "source", "target", "text")), frozenset(("day", "source", "target", "cameo"))
), _bare, _read)  # fmt: skip

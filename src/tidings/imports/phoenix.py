"""Phoenix: the daily files of the open event data alliance, and the historical ones of the Cline Center.

In: rows of 26 columns without a header (27 with one more at the end), or tables with one. Out: acts.
Sides are known by their CAMEO actor codes, as those of GDELT.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tidings.imports.acts import Act, BadRow, Days, Format, NoAct, Tally
from tidings.imports.codes import amount, coordinates, is_day, pad, quad_of, type_of, weight_of
from tidings.imports.gdelt import coded_party
from tidings.imports.names import country_of_code

__all__ = ["PHOENIX"]

_NAMES = {
    "id": ("eventid", "eid"),
    "day": ("date", "storydate"),
    "source": ("sourceactorfull", "source"),
    "source_root": ("sourceactorentity", "sourceroot"),
    "source_role": ("sourceactorrole", "sourceagent"),
    "target": ("targetactorfull", "target"),
    "target_root": ("targetactorentity", "targetroot"),
    "target_role": ("targetactorrole", "targetagent"),
    "cameo": ("eventcode", "code"),
    "root": ("eventrootcode", "rootcode"),
    "goldstein": ("goldsteinscore", "goldstein"),
    "lat": ("lat", "latitude"),
    "lon": ("lon", "longitude", "long"),
    "place": ("locationname", "placename"),
}
_BARE = {
    "id": 0, "day": 1, "source": 5, "source_root": 6, "source_role": 7, "target": 9, "target_root": 10,
    "target_role": 11, "cameo": 13, "root": 14, "goldstein": 16, "lat": 18, "lon": 19, "place": 20,
}  # fmt: skip


def _bare(first: Sequence[str]) -> Mapping[str, int] | None:
    return _BARE if len(first) in (26, 27) and is_day(first[1]) and first[2].strip() == first[1].strip()[:4] else None


def _read(row: Sequence[str], days: Days, tally: Tally) -> Iterator[Act]:  # noqa: ARG001 - the shape of all formats
    (id, day, source, source_root, source_role, target, target_root, target_role, code, root, goldstein, lat, lon,
     place) = row  # fmt: skip
    day, cameo = days(day), pad(code, root)
    one = coded_party(source, "", _country(source, source_root), source_role)
    if one is None:
        raise NoAct("no source")
    if not id:
        raise BadRow("no event id")
    other = coded_party(target, "", _country(target, target_root), target_role)
    y, x = coordinates(lat, lon)
    weight = amount(goldstein, weight_of(cameo))
    yield Act(id, day, one, other, type_of(cameo), cameo, quad_of(cameo), weight, 1, place or None, y, x)


def _country(code: str, root: str) -> str | None:
    # The root may be an organisation ("IGOUNO"): it is a country where it is the code of one.
    return country_of_code(root or code[:3])


PHOENIX = Format("phoenix", "Phoenix", _NAMES, (frozenset(("id", "day", "source", "target", "cameo")),), _bare, _read)

"""ACLED: its exports of the past and present, whatever their columns are called.

In: rows. Out: acts; types through `imports_acled.tsv`, first by event and sub-event, else by event alone.
What ACLED lists beside violence and protest (a base set up, a group renamed) is no act between parties.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence

from tidings import data
from tidings.events.ontology import QUADS, goldstein, intensity
from tidings.imports.acts import Act, BadRow, Days, Format, NoAct, Party, Tally
from tidings.imports.codes import coordinates
from tidings.imports.names import country_named

__all__ = ["ACLED"]

_NAMES = {
    "id": ("eventidcnty", "eventidnocnty", "dataid", "eventid"),
    "day": ("eventdate",),
    "type": ("eventtype",),
    "kind": ("subeventtype",),
    "source": ("actor1",),
    "source_inter": ("inter1",),
    "target": ("actor2",),
    "target_inter": ("inter2",),
    "place": ("location",),
    "lat": ("latitude",),
    "lon": ("longitude",),
}
_SECTORS = {
    "1": None, "state forces": None, "2": "REB", "rebel group": "REB", "rebel groups": "REB", "rebel forces": "REB",
    "7": "CVL", "civilians": "CVL",
}  # fmt: skip
_STATE = re.compile(
    r"""
    (Military|Police|Prison\ Guards?|Government)(?:\ Forces)?\ of\ (?:the\ )?
    ([^()]{2,60}?)(?:\ ?\([^()]{1,40}\)      # the country, and from when to when
    (?:\ [^()]{1,100})?)?                     # which of its forces
    """,
    re.VERBOSE,
)
_AT_END = re.compile(r"[^()]{2,80}\(([^()]{2,60})\)")
_ROLES = {"Military": "MIL", "Police": "COP", "Prison Guard": "COP", "Prison Guards": "COP", "Government": "GOV"}


@functools.cache
def _types() -> dict[tuple[str, str], tuple[str, str, str]]:
    rows = (line.split("\t") for line in data.read_text("imports_acled.tsv").splitlines()[1:])
    return {(event.lower(), kind.lower()): (type, mode, cameo) for event, kind, type, mode, cameo in rows}


def _read(row: Sequence[str], days: Days, tally: Tally) -> Iterator[Act]:
    id, day, event, kind, source, source_inter, target, target_inter, place, lat, lon = row
    type, cameo, weight = _coded(event, kind, tally)
    one = acled_party(source, source_inter)
    if one is None:
        raise NoAct("no actor")
    if not id:
        raise BadRow("no event id")
    y, x = coordinates(lat, lon)
    yield Act(
        id.replace(",", ""), days(day), one, acled_party(target, target_inter), type, cameo, QUADS[type], weight,
        1, place or None, y, x,
    )  # fmt: skip


def _coded(event: str, kind: str, tally: Tally) -> tuple[str, str | None, float]:
    table = _types()
    found = table.get((event.lower(), kind.lower()))
    if found is None:
        tally.miss("event type", f"{event}: {kind}" if kind else event)
        found = table.get((event.lower(), ""))
    if found is None:
        raise BadRow(f"no ACLED event type: {event[:60]!r}")
    type, mode, cameo = found
    if not type:
        raise NoAct(event)
    weight = (goldstein(cameo) if cameo else None) or intensity(type, mode or None)
    return type, cameo or None, weight


@functools.lru_cache(maxsize=65_536)
def acled_party(name: str, inter: str = "") -> Party | None:
    """Return the party of an ACLED actor, its country where the name states one.

    >>> acled_party("Military Forces of Mali (2020-)").country, acled_party("Protesters (India)").country
    ('MLI', 'IND')
    >>> acled_party("Police Forces of Iraq (2014-) Counter Terrorism Service")[3:5]
    ('IRQ', 'COP')
    """
    if not name:
        return None
    sector = _SECTORS.get(inter.strip().lower())
    if found := _STATE.fullmatch(name):
        role = _ROLES[found[1]]
        return Party(name, name, "government" if role == "GOV" else "group", country_named(found[2]), role)
    if found := _AT_END.fullmatch(name):
        return Party(name, name, "group", country_named(found[1]), sector)
    return Party(name, name, "group", None, sector)


ACLED = Format("acled", "ACLED", _NAMES, (frozenset(("id", "day", "type", "source", "target")),), lambda _: None, _read)

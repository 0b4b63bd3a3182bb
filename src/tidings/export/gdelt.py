"""GDELT 2: the event table, 61 columns separated by tabs, without a header.

In: records. Out: one line for each pair of actors of an event. What is not known stays empty.
The table has no column for a status, so only what is told as having happened is in it: no plans, hypotheses, denials.
"""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import IO

from tidings.events.ontology import goldstein
from tidings.facts import BODY_ROLES, Actor, Event, EventDate, Place, Record, Side

__all__ = ["COLUMNS", "write"]

_SIDE = (
    "Code Name CountryCode KnownGroupCode EthnicCode Religion1Code Religion2Code Type1Code Type2Code Type3Code".split()
)
_GEO = "Type FullName CountryCode ADM1Code ADM2Code Lat Long FeatureID".split()
COLUMNS: tuple[str, ...] = (
    *"GLOBALEVENTID SQLDATE MonthYear Year FractionDate".split(),
    *(f"Actor{number}{name}" for number in (1, 2) for name in _SIDE),
    *"IsRootEvent EventCode EventBaseCode EventRootCode QuadClass GoldsteinScale".split(),
    *"NumMentions NumSources NumArticles AvgTone".split(),
    *(f"{of}Geo_{name}" for of in ("Actor1", "Actor2", "Action") for name in _GEO),
    *"DATEADDED SOURCEURL".split(),
)
"""The 61 columns in order."""

_HAPPENED = frozenset({"asserted", "historical"})
_BREAKS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")
_US_TYPES = {"country": 1, "admin1": 2, "city": 3}
_WORLD_TYPES = {"country": 1, "admin1": 5, "city": 4}


def write(records: Iterable[Record], stream: IO[str]) -> int:
    """Write the events of all records."""
    count = 0
    for record in records:
        for row in _rows(record):
            stream.write("\t".join(_BREAKS.sub(" ", row.get(name, "")) for name in COLUMNS) + "\n")
            count += 1
    return count


def _rows(record: Record) -> Iterator[dict[str, str]]:
    actors = {actor.id: actor for actor in record.actors}
    lead = _lead(record)
    for event in record.events:
        if event.status not in _HAPPENED:
            continue
        whole = _event(record, event, lead)
        for number, (source, target) in enumerate(itertools.product(event.source or [None], event.target or [None])):
            yield {
                "GLOBALEVENTID": str(_number(record.id, event.id, str(number))),
                **whole,
                **_side(1, source, actors, record.article.text),
                **_side(2, target, actors, record.article.text),
            }


def _event(record: Record, event: Event, lead: int) -> dict[str, str]:
    cameo = event.cameo or ""
    weight = goldstein(cameo) if cameo else None
    place = record.places[event.place] if event.place is not None and event.place < len(record.places) else None
    fetched = record.page.fetched
    return {
        **_dates(event.date),
        "IsRootEvent": "1" if event.sentence.end <= lead else "0",
        "EventCode": cameo,
        "EventBaseCode": cameo[:3],
        "EventRootCode": cameo[:2],
        "QuadClass": str(event.quad),
        "GoldsteinScale": "" if weight is None else str(weight),
        # A line rests on one article; retellings are counted where stories are told apart.
        "NumMentions": "1",
        "NumSources": "1",
        "NumArticles": "1",
        **(_place(place) if place else {}),
        # The form wants a time of day; only the day is known.
        "DATEADDED": f"{fetched[:10].replace('-', '')}000000" if fetched else "",
        "SOURCEURL": record.page.url or record.page.name or "",
    }


def _dates(when: EventDate | None) -> dict[str, str]:
    """Fill only the columns that the date settles: a month has no day, a decade no year."""
    if when is None or not when.begin:
        return {}
    begin, end = when.begin[:10], (when.end or when.begin)[:10]
    dates: dict[str, str] = {}
    if begin[:4] == end[:4]:
        dates["Year"] = begin[:4]
    if begin[:7] == end[:7]:
        dates["MonthYear"] = begin[:7].replace("-", "")
    if begin == end:
        try:
            day = date.fromisoformat(begin)
        except ValueError:
            return dates
        dates["SQLDATE"] = begin.replace("-", "")
        # GDELT counts every month as 30 days here.
        dates["FractionDate"] = f"{day.year + ((day.month - 1) * 30 + day.day) / 365:.4f}"
    return dates


def _side(number: int, side: Side | None, actors: dict[str, Actor], text: str) -> dict[str, str]:
    if side is None:
        return {}
    actor = actors.get(side.actor) if side.actor else None
    name = actor.name if actor else side.span.of(text)
    return {
        f"Actor{number}Code": side.code or (actor.code if actor else None) or "",
        f"Actor{number}Name": name.upper(),
        f"Actor{number}CountryCode": (actor.country if actor else None) or "",
        f"Actor{number}Type1Code": (actor.sector if actor else None) or "",
    }


def _place(place: Place) -> dict[str, str]:
    # Country and feature codes of GDELT are FIPS and GNS, which we do not know; ours would be taken for them.
    types = _US_TYPES if place.country == "USA" else _WORLD_TYPES
    return {
        "ActionGeo_Type": str(types.get(place.level or "", "")),
        "ActionGeo_FullName": place.name,
        "ActionGeo_Lat": "" if place.lat is None else str(place.lat),
        "ActionGeo_Long": "" if place.lon is None else str(place.lon),
    }


def _lead(record: Record) -> int:
    """Return where the first paragraph ends: what stands before is what the article is about."""
    paragraphs = (block for block in record.article.blocks if block.role in BODY_ROLES - {"standfirst"})
    first = next(paragraphs, None)
    return first.span.end if first else 0


def _number(*parts: str) -> int:
    """Make a number that stays the same for the same event, and fits where GDELT's are kept."""
    return int.from_bytes(hashlib.sha256("\x1f".join(parts).encode()).digest()[:8], "big") % 10**15

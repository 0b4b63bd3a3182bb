"""Place what the gazetteer lacks by the known place inside its name, or beside it.

In: the marked names of a text and what has been found for them. Out: the same list, with stand-ins.
A plain name the gazetteer does not have stays unknown: only streets, buildings, rivers and the like get a stand-in,
with a low score and a `why` that says so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from tidings.facts import Place
from tidings.places.context import candidates
from tidings.places.gazetteer import iso3
from tidings.places.names import fold
from tidings.text import Span

__all__ = ["stand_ins"]

_LOCAL = frozenset(
    """street st avenue ave road rd boulevard blvd drive lane highway route bridge square plaza park airport station
    hospital school university college church cathedral mosque temple synagogue museum library stadium arena center
    centre hall hotel mall prison jail court courthouse cemetery zoo theatre theater building tower castle market
    elementary academy clinic terminal pier dock harbor harbour quarter neighborhood neighbourhood ward terrace river
    creek lake lagoon township beach hill hills mountain ridge forest bay port campus institute farm inn club graveyard
    embassy gallery speedway fairgrounds dam reservoir canal cove falls""".split()
)
_CAPITALISED = re.compile(r"[A-Z][\w.'’\-]*")
_NEAR = 1_500
"""Characters on either side within which a town named in the text counts as beside."""
_INSIDE, _BESIDE = 0.5, 0.35


def stand_ins(text: str, marks: Sequence[Span], found: Sequence[Place | None]) -> list[Place | None]:
    """Return the places found, and a stand-in for a local name that was not."""
    if all(place is not None for place in found):
        return list(found)
    known = {fold(place.span.of(text)): place for place in found if place is not None}
    towns = [place for place in found if place is not None and place.level == "city"]
    return [
        place if place is not None else _stand_in(text, mark, known, towns)
        for mark, place in zip(marks, found, strict=True)
    ]


def _stand_in(text: str, mark: Span, known: dict[str, Place], towns: Sequence[Place]) -> Place | None:
    phrase = mark.of(text)
    if not _is_local(phrase):
        return None
    inside = _inside(mark, phrase, known)
    return inside or _beside(mark, phrase, towns)


def _is_local(phrase: str) -> bool:
    words = phrase.lower().replace(".", "").split()
    return len(words) > 1 and any(word in _LOCAL for word in words)


def _inside(mark: Span, phrase: str, known: dict[str, Place]) -> Place | None:
    """Take the longest place inside the name, the last of equals: "University of Texas at Austin" is in Austin."""
    words = [match.span() for match in _CAPITALISED.finditer(phrase[:120])]
    found: list[tuple[int, int, Place]] = []
    for first in range(len(words)):
        for last in range(first, min(len(words), first + 3)):
            part = phrase[words[first][0] : words[last][1]]
            place = known.get(fold(part)) or (_sole(part, mark) if part != phrase else None)
            if place is not None and place.lat is not None:
                found.append((last - first, first, place))
    if not found:
        return None
    _, _, place = max(found, key=lambda item: item[:2])
    return _copy(mark, phrase, place, _INSIDE, f"not in the gazetteer; placed at {place.name}, part of its name")


def _sole(part: str, mark: Span) -> Place | None:
    """Take a name the article does not have elsewhere when it has one great bearer, a state or a large city."""
    if len(part) < 4 or part.lower() in _LOCAL:
        return None
    entries, dropped = candidates(part)
    great = [entry for entry in entries if entry.level in ("admin1", "country") or entry.population >= 500_000]
    if dropped or len(great) != 1:
        return None
    entry = great[0]
    return Place(span=mark, name=entry.name, score=0.8, lat=entry.lat, lon=entry.lon, country=iso3(entry.country))


def _beside(mark: Span, phrase: str, towns: Sequence[Place]) -> Place | None:
    near = [town for town in towns if abs(town.span.start - mark.start) <= _NEAR]
    if not near:
        return None
    counts = Counter(town.geonames for town in towns)
    most = max(counts[town.geonames] for town in near)
    home = [town for town in near if counts[town.geonames] == most]
    town = min(home, key=lambda town: (abs(town.span.start - mark.start), town.span.start))
    return _copy(mark, phrase, town, _BESIDE, f"not in the gazetteer; placed at {town.name}, the town named beside it")


def _copy(mark: Span, phrase: str, place: Place, share: float, why: str) -> Place:
    return Place(
        span=mark,
        name=phrase,
        score=round(place.score * share, 4),
        lat=place.lat,
        lon=place.lon,
        country=place.country,
        level="near",
        why=why,
    )

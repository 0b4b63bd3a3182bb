"""Find the place names of a parsed article.

In: the parse and the cast of the article. Out: every place name with its coordinates, as far as they are known.
Names the cast calls people, organisations or peoples are left alone.
"""

from __future__ import annotations

import bisect
import functools
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import msgspec

from tidings.facts import Cast, Place
from tidings.places.context import candidates, container_after
from tidings.places.gazetteer import Entry, home_of, iso3, region_names
from tidings.places.resolve import locate
from tidings.text import Span

if TYPE_CHECKING:
    from ahocorasick_rs import AhoCorasick
    from spacy.tokens import Doc

__all__ = ["find_places", "toponyms"]

_LABELS = frozenset({"GPE", "LOC", "FAC"})
_MISTAKEN = frozenset({"PERSON", "ORG", "PRODUCT"})
"""Labels that a place name is often given by mistake."""
_CAPITAL = 0.6
_TRUSTED = 0.3
"""Below this score a point on the map would be a guess."""
_GREAT, _TOWN = 500_000, 10_000
"""People of a place that is found by its name alone, and of one found by its name after "in"."""
_HEAVENLY = frozenset("earth moon mars venus mercury jupiter saturn uranus neptune pluto".split())
_PREPOSITIONS = ("in", "near", "outside", "across")
_WORD = re.compile(r"\w")
_PAIR = re.compile(
    r"""
    (?<![\w.]) (?P<town> [A-Z][\w.'’\-]{1,24} (?:\s[A-Z][\w.'’\-]{1,24}){0,2} )
    ,\s (?P<state> [A-Z][\w.]{0,20} (?:\s[A-Z][\w.]{1,20})? )
    """,
    re.VERBOSE,
)
_DATELINE = re.compile(
    r"""
    ^\s{0,4} (?P<town> [A-Z][A-Z.'’\-]{2,20} (?:\s[A-Z][A-Z.'’\-]{1,20}){0,2} )
    (?: ,\s[A-Z][\w.]{1,15} (?:\s[A-Z][\w.]{1,15})? )?        # a state or country
    (?: \s{0,2}\([A-Z][\w\s./]{1,20}\) )?                  # an agency
    \s{0,2}[—–\-]{1,2}\s
    """,
    re.VERBOSE | re.MULTILINE,
)
_ARTICLE = re.compile(r"(?:the|The|THE)\s+")


def find_places(doc: Doc, cast: Cast, *, outlet: str | None = None) -> list[Place]:
    """Find every place name of the article, also those without known coordinates.

    A mention of the cast is a place when its label says so, whether it stands for the place or its government.
    """
    marks = toponyms(doc, cast)
    text = doc.text
    found = _capitals(text, _sent_from(text, locate(text, marks, outlet=outlet)), outlet)
    found = [_on_earth(text, place) for place in found]
    scores = {mention.span: mention.score for mention in cast.mentions}
    return [
        (place if place.score >= _TRUSTED else _without_point(place))
        if place
        else Place(
            span=mark,
            name=mark.of(doc.text),
            score=round(scores.get(mark, 0.5), 4),
            why="not in the gazetteer",
        )
        for mark, place in zip(marks, found, strict=True)
    ]


def _capitals(text: str, found: Sequence[Place | None], outlet: str | None) -> list[Place | None]:
    """Prefer a capital to a small namesake, unless the text or the outlet's home points to the namesake.

    "Vienna" alone is in Austria, also in a story full of Virginians; "Vienna, Virginia" is not.
    """
    home = home_of(outlet)
    told = {place.span.of(text) for place in found if place is not None and container_after(text, place.span)}
    kept: list[Place | None] = []
    for place in found:
        capital = None
        if place is not None and place.level == "city" and place.lat is not None:
            name = place.span.of(text)
            capital = next((entry for entry in candidates(name)[0] if entry.capital and entry.name == name), None)
        if (
            place is None
            or capital is None
            or place.geonames == capital.geonames
            or place.span.of(text) in told
            or (home is not None and home.city is not None and home.country == place.country)
        ):
            kept.append(place)
        else:
            kept.append(_moved(place, capital, "the capital of that name"))
    return kept


def _sent_from(text: str, found: Sequence[Place | None]) -> list[Place | None]:
    """Take the town, not the state of its name, where an article is sent from: "WASHINGTON - " is the city."""
    towns = set(_datelines(text))
    if not towns:
        return list(found)
    kept: list[Place | None] = []
    for place in found:
        if place is not None and place.span in towns and place.level in ("admin1", "country"):
            entries = [entry for entry in candidates(place.span.of(text))[0] if entry.level == "city"]
            town = max(entries, key=lambda entry: (entry.capital, entry.population), default=None)
            if town is not None and (town.capital or town.population >= _GREAT):
                place = _moved(place, town, "the town the article is sent from")
        kept.append(place)
    return kept


def _on_earth(text: str, place: Place | None) -> Place | None:
    """Take the point from a planet unless a town of that name is written out: "Mars, Pennsylvania"."""
    if place is None or place.lat is None or place.span.of(text).lower() not in _HEAVENLY:
        return place
    name = re.escape(place.span.of(text))
    if any(container_after(text, match.span()) for match in re.finditer(rf"\b{name}\b", text)):
        return place
    return Place(span=place.span, name=place.span.of(text), score=place.score, why="a heavenly body")


def _moved(place: Place, entry: Entry, why: str) -> Place:
    """Return a place put where another bearer of its name lies."""
    return msgspec.structs.replace(
        place,
        name=entry.name,
        geonames=entry.geonames,
        lat=entry.lat,
        lon=entry.lon,
        country=iso3(entry.country),
        level=entry.level,
        score=max(place.score, _CAPITAL),
        why=why,
    )


def _without_point(place: Place) -> Place:
    """Keep a name whose place is more guess than knowledge, without saying where it lies."""
    return Place(span=place.span, name=place.name, score=place.score, why="several places bear this name")


def toponyms(doc: Doc, cast: Cast) -> list[Span]:
    """Return the spans of the place names in text order; none overlaps another."""
    text = doc.text
    named = [mention for mention in cast.mentions if mention.form in ("name", "metonym")]
    entities = [(ent.start_char, ent.end_char, ent.label_) for ent in doc.ents]
    if named:
        marks = [_trim(text, mention.span) for mention in named if mention.label in _LABELS]
        rest = [(mention.span, mention.label) for mention in named if mention.label not in _LABELS]
    else:
        marks = [_trim(text, Span(start, end)) for start, end, label in entities if label in _LABELS]
        rest = [(Span(start, end), label) for start, end, label in entities if label not in _LABELS]
    kept = _without_overlap(mark for mark in marks if mark.end > mark.start)
    listed = _listed(text)
    kept = [mark for mark in kept if not any(longer != mark and longer.covers(mark) for longer in listed)]
    others = [span for span, _ in rest]
    rescued = _rescued(text, kept, [span for span, label in rest if label in _MISTAKEN])
    names = {mark.of(text) for mark in kept if _is_known(mark.of(text))} | rescued
    taken = sorted({*kept, *(other for other in others if other.of(text) not in rescued)})
    for mark in (*_datelines(text), *_pairs(text), *listed, *_again(text, names), *_proper(doc)):
        if not _hits(taken, mark):
            bisect.insort(taken, mark)
            kept.append(mark)
    return sorted(kept)


def _rescued(text: str, places: Sequence[Span], others: Sequence[Span]) -> set[str]:
    """Choose the names taken for a person or firm that the article itself uses as a place.

    It does so when it calls them a place more often, or writes "in Aleppo" of a place we know by that very name.
    """
    rescued = set()
    for name in sorted({other.of(text) for other in others}):
        as_place = sum(mark.of(text) == name for mark in places)
        outvoted = as_place > sum(other.of(text) == name for other in others)
        said = any(f" {word} {name}" in text for word in _PREPOSITIONS) and _is_known(name, _TOWN)
        longer = any(name in other.of(text) and other.of(text) != name for other in others)
        if outvoted or (said and not longer):
            rescued.add(name)
    return rescued


def _is_known(name: str, people: int = 0) -> bool:
    """Tell whether a place of this very name, and of so many people, is in the gazetteer."""
    entries, dropped = candidates(name)
    return not dropped and any(
        entry.population >= people and (not people or entry.name.lower() == name.lower()) for entry in entries
    )


def _again(text: str, names: set[str]) -> list[Span]:
    """Find the further occurrences of names already found."""
    from ahocorasick_rs import AhoCorasick, MatchKind

    wanted = sorted(name for name in names if len(name) > 3)
    return _whole(text, AhoCorasick(wanted, matchkind=MatchKind.LeftmostLongest)) if wanted else []


def _whole(text: str, automaton: AhoCorasick) -> list[Span]:
    """Find the listed names that stand as whole words."""
    return [
        Span(start, end)
        for _, start, end in automaton.find_matches_as_indexes(text)
        if not (start and _WORD.match(text[start - 1])) and not (end < len(text) and _WORD.match(text[end]))
    ]


def _proper(doc: Doc) -> list[Span]:
    """Find whole runs of proper nouns that are a country, a great state or a great city and nothing more."""
    found: list[Span] = []
    start: int | None = None
    for token in doc:
        inside = token.pos_ == "PROPN" and not token.is_sent_start if start is not None else token.pos_ == "PROPN"
        if start is not None and not inside:
            found += _great(doc, start, token.i)
        start = (start if inside and start is not None else token.i) if token.pos_ == "PROPN" else None
    return found + (_great(doc, start, len(doc)) if start is not None else [])


def _great(doc: Doc, first: int, last: int) -> list[Span]:
    run = doc[first:last]
    if last - first > 3 or not run.text[:1].isupper() or len(run.text) < 4:
        return []
    entries, dropped = candidates(run.text)
    great = any(
        entry.level == "country" or (entry.level in ("admin1", "city") and entry.population >= _GREAT)
        for entry in entries
        if entry.name.lower() == run.text.lower()
    )
    return [Span(run.start_char, run.end_char)] if great and not dropped else []


def _trim(text: str, span: Span) -> Span:
    span = span.trim(text, ' \t\n\r"“”‘,;:()[]')
    article = _ARTICLE.match(span.of(text))
    if article and not span.of(text).lower().startswith("the hague"):
        span = Span(span.start + article.end(), span.end)
    if span.of(text).endswith(("'s", "’s")):
        span = Span(span.start, span.end - 2)
    return span


def _without_overlap(marks: Iterable[Span]) -> list[Span]:
    kept: list[Span] = []
    for mark in sorted(set(marks), key=lambda mark: (mark.start, -mark.end)):
        if not kept or mark.start >= kept[-1].end:
            kept.append(mark)
    return kept


def _hits(taken: Sequence[Span], mark: Span) -> bool:
    at = bisect.bisect_left(taken, mark)
    return any(other.overlaps(mark) for other in taken[max(0, at - 1) : at + 2])


def _pairs(text: str) -> list[Span]:
    """Find "Town, State" where the gazetteer knows such a town in that state or country."""
    found = []
    for match in _PAIR.finditer(text):
        town = Span(*match.span("town"))
        held = container_after(text, town)
        entries, dropped = candidates(town.of(text))
        if dropped == 0 and any(c.point is None and c.holds(e) for c in held for e in entries if e.level == "city"):
            found.append(town)
    return found


def _datelines(text: str) -> list[Span]:
    """Find the town an article is sent from: "GENEVA (AP) — "."""
    towns = [Span(*match.span("town")) for match in _DATELINE.finditer(text)]
    return [town for town in towns if candidates(town.of(text)) != ((), 0)]


@functools.cache
def _automaton() -> AhoCorasick:
    from ahocorasick_rs import AhoCorasick, MatchKind

    names = [name for name in region_names() if " " in name or "-" in name]
    return AhoCorasick(names, matchkind=MatchKind.LeftmostLongest)


def _listed(text: str) -> list[Span]:
    """Find the names of the reviewed table that have more than one word: they mean nothing else."""
    return [_trim(text, mark) for mark in _whole(text, _automaton())]

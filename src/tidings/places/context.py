"""What the words around a place name say about where it lies.

In: a text and the span of a name. Out: the countries, states and cities named right beside it as its container.
It does not weigh them against anything else.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tidings.places.gazetteer import Entry, lookup
from tidings.places.names import fold, keys

__all__ = ["Container", "candidates", "container_after", "container_before", "container_named"]

_NAME = r"[A-Z][\w.&'’\-]{0,24}"
_AFTER = re.compile(
    rf"""
    ['’]?s?
    (?: ,\s{{1,2}}                                       # Paris, Texas
      | \s{{0,2}}\(\s{{0,1}}                             # Gori (Georgia)
      | ,?\s(?:in|of)\s(?:the\s)?                        # Athens in Ohio; a town in the state of Ohio
        (?:(?:northern|southern|eastern|western|central|state|province)\s(?:of\s)?)?
    )
    (?P<names>{_NAME}(?:\s(?:of\s|and\s)?{_NAME}){{0,3}})
    """,
    re.VERBOSE,
)
_KIND = r"""(?:city|town|village|hamlet|suburb|port|capital|province|state|region|district|county|municipality|community
    |resort|enclave|stronghold|neighbou?rhood|island|area|settlement|township|governorate|cities|towns|villages)"""
_BEFORE = re.compile(
    rf"""
    (?P<names>{_NAME}(?:\s{_NAME}){{0,2}}?)(?:['’]s)?\s
    (?:[a-z][a-z\-]{{1,20}}\s){{0,3}}?{_KIND}\s(?:city\s|of\s|in\s)?(?:the\s)?$
    """,
    re.VERBOSE,
)
_IS_TOWN = re.compile(r"\s(?:[a-z][a-z\-]{1,20}\s){0,3}?(?:city|town|port|capital|village|resort|suburb|hub)\b")
_OWNER = re.compile(rf"(?P<names>{_NAME}(?:\s{_NAME}){{0,2}}?)['’]s?\s(?:[a-z][a-z\-]{{1,20}}\s){{0,2}}?$")
_MOST = 80
"""Candidates looked at for one name, the most populous first."""


_DIRECTIONS = frozenset(
    "north south east west northern southern eastern western central northeast northwest southeast southwest".split()
) | {"the west", "the east", "the north", "the south"}
"""Names that point without a place to point from."""


class Container(NamedTuple):
    """A place said to hold another: a country, a state (both with codes), or a named point."""

    country: str
    admin1: str
    point: tuple[float, float] | None = None

    def holds(self, entry: Entry) -> bool:
        """Tell whether a place can lie in it."""
        if self.point is not None:
            return abs(entry.lat - self.point[0]) + abs(entry.lon - self.point[1]) < 1.2
        return entry.country == self.country and (not self.admin1 or entry.admin1 == self.admin1)


@functools.lru_cache(maxsize=4096)
def candidates(name: str) -> tuple[tuple[Entry, ...], int]:
    """Return the places a name may stand for, and how many words had to be dropped to find them.

    >>> entries, dropped = candidates("Kyiv")
    >>> entries[0].country, dropped
    ('UA', 0)
    """
    for dropped, key in enumerate(keys(name)):
        if key in _DIRECTIONS or (len(key) < 3 and not name[:1].isupper()):
            continue
        found = lookup(key)
        if found or dropped == 0:
            found = (*found, *(entry for entry in lookup(f"{key} county") if entry.level == "admin2"))
        if found:
            if len(found) > _MOST:
                found = tuple(sorted(found, key=lambda entry: (not entry.reviewed, -entry.population))[:_MOST])
            return found, dropped
    return (), 0


def container_after(text: str, span: Sequence[int]) -> tuple[Container, ...]:
    """Read the container written after a name: "Paris, Texas", "Gori (Georgia)", "Athens in Ohio".

    >>> container_after("in Paris, Texas, on Monday", (3, 8))
    (Container(country='US', admin1='TX', point=None),)
    """
    match = _AFTER.match(text[span[1] : span[1] + 120])
    if not match:
        return ()
    names = match["names"]
    if names.endswith(("'s", "’s")):  # "Tripoli, Lebanon's second city", not "in London, Canada's envoy said"
        if not _IS_TOWN.match(text, span[1] + match.end()):
            return ()
        names = names[:-2]
    direct = match.group(0).lstrip("'’s").startswith((",", " (", "("))
    return _containers(names, points=direct and not match.group(0).startswith(", in"))


def container_before(text: str, span: Sequence[int]) -> tuple[Container, ...]:
    """Read the container written before a name: "the Georgian city of Gori", "Ukraine's Kherson".

    >>> container_before("the Georgian city of Gori", (21, 25))[0].country
    'GE'
    """
    left = text[max(0, span[0] - 90) : span[0]]
    left = left[left.rfind("\n") + 1 :]
    match = _BEFORE.search(left) or _OWNER.search(left)
    return _containers(match["names"], points=False, from_left=True) if match else ()


def container_named(name: str) -> tuple[Container, ...]:
    """Read the container inside a name with a comma: "Paris, Texas" given as one span."""
    return _containers(name.partition(",")[2].strip(), points=True) if "," in name else ()


def _containers(names: str, *, points: bool, from_left: bool = False) -> tuple[Container, ...]:
    for part in _parts(names.strip().rstrip("'’"), from_left=from_left):
        found = _container(part, points)
        if found:
            return found
    return ()


def _parts(names: str, *, from_left: bool) -> Iterator[str]:
    words = names.split()
    for size in range(len(words), 0, -1):
        yield " ".join(words[len(words) - size :] if from_left else words[:size])


@functools.lru_cache(maxsize=4096)
def _container(name: str, points: bool) -> tuple[Container, ...]:
    key = fold(name)
    if len(key) < 3 and not name.replace(".", "").isupper():
        return ()
    found = lookup(key)
    wide = [entry for entry in found if entry.level in ("country", "admin1")]
    holders = [Container(entry.country, entry.admin1) for entry in wide]
    if not wide:
        big = [entry for entry in found if points and entry.level == "city" and entry.population >= 50_000]
        big.sort(key=lambda entry: -entry.population)
        holders = [Container(entry.country, entry.admin1, (entry.lat, entry.lon)) for entry in big[:3]]
        holders += [
            Container(entry.country, entry.admin1, (entry.lat, entry.lon)) for entry in found if entry.level == "admin2"
        ][:40]
    return tuple(dict.fromkeys(holders))

"""Weigh the places a name may stand for against each other and against the rest of the article.

In: the names of one article, each with its candidates and containers. Out: a probability for each candidate.
It finds no names and reads no text.

Two linear models (weights in `places_ranker.json`): the first sees each name alone, the second also sees what the
first believes about all other names of the article, and is applied twice.
"""

from __future__ import annotations

import functools
import hashlib
import json
import math
from collections.abc import Sequence

import msgspec

from tidings import data
from tidings.places.context import Container
from tidings.places.gazetteer import Entry, Home
from tidings.places.names import fold

__all__ = ["ALONE", "FOLDS", "TOGETHER", "Name", "alone", "fold_of", "fold_weights", "rank", "softmax", "together"]

Row = tuple[float, ...]

ALONE = (
    "people city country admin1 admin2 reviewed most_people exact dropped held held_people held_wide held_any "
    "home_country home_state home_near home_close says_county says_city says_state same_name tiny us big_country "
    "fame most_famous capital water held_state held_state_any"
).split()
TOGETHER = (
    "share_country share_state share_county share_country_wide share_state_wide near_most near_mean named_country "
    "named_state parent"
).split()
FOLDS = 5
_CLOSE = 30
"""Other names looked at for distances."""


class Name(msgspec.Struct, frozen=True, kw_only=True):
    """One name of an article: how often it stands there, its candidates, and its containers."""

    key: str
    phrase: str
    count: int
    entries: tuple[Entry, ...]
    dropped: int = 0
    containers: tuple[Container, ...] = ()


def distance(a: Entry, b: Entry) -> float:
    """Return roughly how many kilometres lie between two places."""
    turn = abs(a.lon - b.lon)
    east = min(turn, 360 - turn) * math.cos((a.lat + b.lat) * 0.008727)
    return 111.2 * math.hypot(a.lat - b.lat, east)


def alone(name: Name, home: Home | None) -> list[Row]:
    """Return what speaks for each candidate by itself, in the order of `ALONE`."""
    towns = [entry for entry in name.entries if entry.level == "city"]
    most = max((entry.population for entry in towns), default=0)
    famous = max((entry.fame for entry in towns), default=0)
    held = [any(container.holds(entry) for container in name.containers) for entry in name.entries]
    in_state = any(held) and any(container.admin1 and container.point is None for container in name.containers)
    rows = []
    for entry, inside in zip(name.entries, held, strict=True):
        town, wide = entry.level == "city", entry.level in ("country", "admin1")
        people = math.log10(entry.population + 1) / 7
        rows.append(
            (
                people if town else 0.0,
                float(town),
                float(entry.level == "country"),
                float(entry.level == "admin1"),
                float(entry.level == "admin2"),
                float(entry.reviewed),
                float(town and entry.population == most),
                float(name.key == fold(entry.name)),
                float(name.dropped > 0 and wide),
                float(inside and not wide),
                people if inside and town else 0.0,
                float(inside and wide),
                float(any(held) and not inside),
                *_local(entry, home),
                *_said(name, entry),
                float(town and entry.population < 1000),
                float(entry.country == "US"),
                people if entry.level == "country" else 0.0,
                entry.fame / 9,
                float(town and entry.fame == famous),
                float(entry.capital),
                float(entry.level in ("water", "continent")),
                float(town and inside and in_state),
                float(in_state and not inside),
            )
        )
    return rows


def _local(entry: Entry, home: Home | None) -> Row:
    """Tell how near the outlet's home a candidate lies: country, state, within 100 km, within 20 km."""
    if home is None:
        return (0.0, 0.0, 0.0, 0.0)
    country = float(entry.country == home.country)
    if home.city is None:
        return (country, 0.0, 0.0, 0.0)
    state = float(_same_state(entry, home.city))
    if entry.level in ("country", "admin1"):
        return (country, state, 0.0, 0.0)
    away = distance(entry, home.city)
    return (country, state, math.exp(-away / 100), math.exp(-away / 20))


def _said(name: Name, entry: Entry) -> Row:
    """Tell whether the name says what it names: a county, a city, a state; and whether it is the place's own name."""
    words = name.phrase.lower().rstrip(".")
    county = words.endswith(("county", "parish", " co", "counties", "district"))
    city, state = words.endswith((" city", " town")), words.endswith(("state", "province", "region"))
    return (
        float(county and entry.level == "admin2"),
        float(city and entry.level == "city"),
        float(state and entry.level == "admin1"),
        float(name.phrase == entry.name),
    )


def _same_state(a: Entry, b: Entry) -> bool:
    return a.country == b.country and a.admin1 == b.admin1 != ""


def together(names: Sequence[Name], beliefs: Sequence[Sequence[float]]) -> list[list[Row]]:
    """Return what the other names say about each candidate, in the order of `TOGETHER`."""
    weights = [math.sqrt(name.count) for name in names]
    countries: dict[str, float] = {}
    states: dict[tuple[str, str], float] = {}
    counties: dict[tuple[str, str, str], float] = {}
    own: list[tuple[dict[str, float], dict[tuple[str, str], float], dict[tuple[str, str, str], float]]] = []
    for name, belief, weight in zip(names, beliefs, weights, strict=True):
        mine: tuple[dict, dict, dict] = ({}, {}, {})
        for entry, share in zip(name.entries, belief, strict=True):
            if share < 0.02:
                continue
            _add(mine[0], entry.country, share * weight)
            if entry.admin1:
                _add(mine[1], (entry.country, entry.admin1), share * weight)
            if entry.admin2:
                _add(mine[2], (entry.country, entry.admin1, entry.admin2), share * weight)
        own.append(mine)
        for total, part in zip((countries, states, counties), mine, strict=True):
            for key, share in part.items():
                _add(total, key, share)
    total = sum(weights)
    tops = [
        (at, name.entries[max(range(len(belief)), key=belief.__getitem__)], weight)
        for at, (name, belief, weight) in enumerate(zip(names, beliefs, weights, strict=True))
        if belief and max(belief) > 0.3
    ]
    near = [top for top in tops if top[1].level not in ("country", "continent", "region", "water")][:_CLOSE]
    named_countries = {top.country: at for at, top, _ in tops if top.level == "country"}
    named_states = {(top.country, top.admin1): at for at, top, _ in tops if top.level == "admin1"}
    return [
        [
            _row(entry, at, own[at], (countries, states, counties), total - weights[at], near)
            + _named(entry, at, named_countries, named_states)
            for entry in name.entries
        ]
        for at, name in enumerate(names)
    ]


def _add(total: dict, key: object, share: float) -> None:
    total[key] = total.get(key, 0.0) + share


def _row(
    entry: Entry,
    at: int,
    own: tuple[dict, dict, dict],
    all_: tuple[dict, dict, dict],
    rest: float,
    near: Sequence[tuple[int, Entry, float]],
) -> Row:
    if rest <= 0:
        return (0.0,) * 7
    state, county = (entry.country, entry.admin1), (entry.country, entry.admin1, entry.admin2)
    by_country = (all_[0].get(entry.country, 0.0) - own[0].get(entry.country, 0.0)) / rest if entry.country else 0.0
    by_state = (all_[1].get(state, 0.0) - own[1].get(state, 0.0)) / rest if entry.admin1 else 0.0
    by_county = (all_[2].get(county, 0.0) - own[2].get(county, 0.0)) / rest if entry.admin2 else 0.0
    most = mean = 0.0
    if entry.level not in ("country", "continent"):
        weight_near = 0.0
        for other, top, weight in near:
            if other != at:
                close = math.exp(-distance(entry, top) / 150)
                most = close if close > most else most
                mean += close * weight
                weight_near += weight
        mean = mean / weight_near if weight_near else 0.0
    country, first = entry.level == "country", entry.level == "admin1"
    small = not country and not first
    return (
        by_country if small else 0.0,
        by_state if small else 0.0,
        by_county,
        by_country if country or first else 0.0,
        by_state if first else 0.0,
        most,
        mean,
    )


def _named(entry: Entry, at: int, countries: dict[str, int], states: dict[tuple[str, str], int]) -> Row:
    country = entry.level != "country" and countries.get(entry.country, at) != at
    state = entry.level not in ("country", "admin1") and states.get((entry.country, entry.admin1), at) != at
    parent = entry.level == "admin1" and bool(states) and (entry.country, entry.admin1) in states
    return float(country), float(state), float(parent)


def fold_of(document: str) -> int:
    """Return the fold of cross-validation a development document ("corpus:id") belongs to."""
    return int(hashlib.md5(document.encode()).hexdigest(), 16) % FOLDS


@functools.cache
def fold_weights() -> tuple[tuple[Row, Row], ...]:
    """Return for each fold the weights fitted without it: the only honest ones to score it with."""
    found = json.loads(data.read_text("places_ranker.json"))["folds"]
    return tuple((tuple(first), tuple(second)) for first, second in found)


@functools.cache
def _weights() -> tuple[Row, Row]:
    found = json.loads(data.read_text("places_ranker.json"))
    first = tuple(found["alone"][feature] for feature in ALONE)
    return first, tuple(found["together"][feature] for feature in (*ALONE, *TOGETHER))


def softmax(rows: Sequence[Row], weights: Row) -> list[float]:
    """Turn rows of features into probabilities."""
    sums = [sum(map(float.__mul__, row, weights)) for row in rows]
    top = max(sums)
    powers = [math.exp(value - top) for value in sums]
    total = sum(powers)
    return [power / total for power in powers]


def rank(names: Sequence[Name], home: Home | None, weights: tuple[Row, Row] | None = None) -> list[list[float]]:
    """Return the probability of each candidate of each name."""
    first, second = weights or _weights()
    bare = [alone(name, home) for name in names]
    beliefs = [softmax(rows, first) for rows in bare]
    for _ in range(2):
        joint = together(names, beliefs)
        beliefs = [
            softmax([a + b for a, b in zip(rows, more, strict=True)], second)
            for rows, more in zip(bare, joint, strict=True)
        ]
    return beliefs

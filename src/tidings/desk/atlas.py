"""The map: where the articles are about.

In: a shelf. Out: a view of points over the coasts of the world, and the same as a list.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping, Sequence

import msgspec

from tidings import data
from tidings.desk.digest import Spot
from tidings.desk.shelf import Shelf
from tidings.desk.views import Table, View

__all__ = ["world"]

_UNIT = 10
_WORLD = (0, 0, 3600, 1800)
_LEAST = 400
"""The smallest part of the world shown, in tenths of a degree."""


class Point(msgspec.Struct, frozen=True, kw_only=True):
    """One place on the map, in tenths of a degree from the upper left."""

    at: int
    x: float
    y: float
    radius: float
    words: str


def world(shelf: Shelf, asked: Mapping[str, str]) -> View:
    """Show all places with coordinates; `view=world` shows the whole world instead of the part that holds them."""
    digest = shelf.digest()
    spots = sorted(digest.spots.values(), key=lambda spot: (-spot.mentions, spot.name, spot.country or ""))
    known = [spot for spot in spots if spot.lat is not None and spot.lon is not None]
    whole = asked.get("view") == "world" or not known
    box = _WORLD if whole else _box(known)
    rows = [
        {
            "name": spot.name,
            "lat": spot.lat,
            "lon": spot.lon,
            "country": spot.country,
            "level": spot.level,
            "mentions": spot.mentions,
            "articles": [{"id": id, "span": span} for id, span in spot.words.items()],
        }
        for spot in spots
    ]
    columns = ("name", "lat", "lon", "country", "level", "mentions")
    drawn = {
        "box": box,
        "whole": whole,
        "land": _land(),
        "borders": _borders(),
        "points": _points(known, box[2] / 1000, {id(spot): at for at, spot in enumerate(spots)}),
    }
    return View(
        title="Map",
        template="map.html",
        data={"places": rows, "located": len(known)},
        drawn=drawn,
        table=Table(columns, [[row[column] for column in columns] for row in rows]),
    )


def _points(spots: Sequence[Spot], scale: float, places: Mapping[int, int]) -> list[Point]:
    return [
        Point(
            at=places[id(spot)],
            x=_x(spot),
            y=_y(spot),
            radius=round(min(16.0, 3.5 + 1.2 * spot.mentions**0.5) * scale, 2),
            words=f"{spot.name}: {spot.mentions} {'mention' if spot.mentions == 1 else 'mentions'}",
        )
        for spot in spots
    ]


def _x(spot: Spot) -> float:
    return round(((spot.lon or 0.0) + 180) * _UNIT, 1)


def _y(spot: Spot) -> float:
    return round((90 - (spot.lat or 0.0)) * _UNIT, 1)


def _box(spots: Sequence[Spot]) -> tuple[int, int, int, int]:
    """Return the part of the world, twice as wide as high, that holds all points with room around them."""
    left, right = min(map(_x, spots)), max(map(_x, spots))
    top, bottom = min(map(_y, spots)), max(map(_y, spots))
    wide = min(3600, max(_LEAST, 1.15 * (right - left), 2.3 * (bottom - top)))
    high = wide / 2
    x = min(max(0, (left + right - wide) / 2), 3600 - wide)
    y = min(max(0, (top + bottom - high) / 2), 1800 - high)
    return int(x), int(y), int(wide), int(high)


@functools.cache
def _shapes() -> dict[str, list[list[int]]]:
    return json.loads(data.read_text("map_land.json"))


@functools.cache
def _land() -> str:
    return "".join(f"{_path(line)}z" for line in _shapes()["land"])


@functools.cache
def _borders() -> str:
    return "".join(_path(line) for line in _shapes()["borders"])


def _path(line: Sequence[int]) -> str:
    return f"M{line[0]} {line[1]}l{' '.join(map(str, line[2:]))}"

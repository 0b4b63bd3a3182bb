"""The map: where the articles are about.

In: a shelf. Out: a view of points over the coasts of the world, and the same as a list.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping, Sequence

import msgspec

from tidings import data
from tidings.desk.shelf import Shelf
from tidings.desk.views import Table, View, paged

__all__ = ["world"]

_UNIT = 10
_WORLD = (0, 0, 3600, 1800)
_LEAST = 400
"""The smallest part of the world shown, in tenths of a degree."""
_MOST = 600
"""Places on the map and in the list: those most spoken of."""
_WINDOW = 3_000
"""The youngest articles of a stretch of time that are gone through."""
_COLUMNS = ("key", "name", "lat", "lon", "country", "level", "mentions")


class Spot(msgspec.Struct, frozen=True, kw_only=True):
    """One place over all articles; `key` is what a search asks for."""

    key: str
    name: str
    lat: float | None
    lon: float | None
    country: str | None
    level: str | None
    mentions: int


class Point(msgspec.Struct, frozen=True, kw_only=True):
    """One place on the map, in tenths of a degree from the upper left."""

    key: str
    x: float
    y: float
    radius: float
    words: str


def world(shelf: Shelf, asked: Mapping[str, str]) -> View:
    """Show the places most spoken of; `view=world` shows the whole world instead of the part that holds them."""
    since, until = asked.get("from", "").strip()[:10], asked.get("to", "").strip()[:10]
    spots = shelf.remember(("spots", since, until), lambda: _spots(shelf, since, until))
    known = [spot for spot in spots if spot.lat is not None and spot.lon is not None]
    whole = asked.get("view") == "world" or not known
    box = _WORLD if whole else _box(known)
    shown, paging = paged(spots, asked.get("page"), 100)
    named = shelf.row("SELECT count(*) FROM known_places") or (0,)
    drawn = {
        "box": box,
        "whole": whole,
        "land": _land(),
        "borders": _borders(),
        "points": _points(known, box[2] / 1000),
    }
    return View(
        title="Map",
        template="map.html",
        data={
            "from": since,
            "to": until,
            "places": shown,
            "paging": paging,
            "located": len(known),
            "named": len(spots) if since or until else named[0],
            "limit": _MOST,
        },
        drawn=drawn,
        table=Table(_COLUMNS, [[getattr(spot, column) for column in _COLUMNS] for spot in spots]),
    )


def _spots(shelf: Shelf, since: str, until: str) -> list[Spot]:
    if since or until:
        rows = shelf.rows(
            "SELECT coalesce('g' || p.geonames, p.name || '/' || coalesce(p.country, '')) AS key, p.name, p.lat, p.lon,"
            " p.country, p.level, count(*) AS n"
            " FROM (SELECT number FROM articles WHERE published >= ? AND published < ?"
            " ORDER BY published DESC, number DESC LIMIT ?) r CROSS JOIN places p ON p.article = r.number"
            " GROUP BY key ORDER BY n DESC, key LIMIT ?",
            since or "0",
            f"{until or '9'}~",
            _WINDOW,
            _MOST,
        )
    else:
        rows = shelf.rows(
            "SELECT key, name, lat, lon, country, level, mentions FROM known_places"
            " ORDER BY mentions DESC, key LIMIT ?",
            _MOST,
        )
    return [Spot(**dict(zip(_COLUMNS, row, strict=True))) for row in rows]


def _points(spots: Sequence[Spot], scale: float) -> list[Point]:
    most = max((spot.mentions for spot in spots), default=1)
    # The largest first, so that a small dot is never hidden under it.
    return [
        Point(
            key=spot.key,
            x=_x(spot),
            y=_y(spot),
            radius=round((3.5 + 12.5 * (spot.mentions / most) ** 0.5) * scale, 2),
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

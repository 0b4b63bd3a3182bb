"""Who an actor is and where a place lies, told as the first article has it.

In: an open change of a store whose rows of an article were written anew. Out: the tables of known actors, parties and
places brought up to date. Collecting in order needs none of this: what is known first stays.
"""

from __future__ import annotations

from collections.abc import Iterable
from sqlite3 import Connection

__all__ = ["Spot", "describe_actors", "describe_places", "named_in"]

# The GeoNames number, name and country of a place.
Spot = tuple[int | None, str, str | None]

_PROFILE = "name, type, country, sector, code, wikidata"
_SPOT = "name, lat, lon, country, level"


def named_in(connection: Connection, article: int) -> tuple[set[str], set[Spot]]:
    """Return the ids of the actors and the places that the rows of an article name."""
    actors = connection.execute("SELECT id FROM actors WHERE article = ?", (article,))
    places = connection.execute("SELECT geonames, name, country FROM places WHERE article = ?", (article,))
    return {id for (id,) in actors}, set(places)


def describe_actors(connection: Connection, ids: Iterable[str]) -> None:
    """Name actors, and the parties they are, as the first article has them."""
    first = f"SELECT {_PROFILE} FROM actors WHERE id = ? ORDER BY article LIMIT 1"
    for id in sorted(ids):
        row = connection.execute(first, (id,)).fetchone()
        if row is not None:
            connection.execute(f"UPDATE known_actors SET ({_PROFILE}) = (?, ?, ?, ?, ?, ?) WHERE id = ?", (*row, id))
            connection.execute(
                "UPDATE parties SET (name, type, country, sector, code) = (?, ?, ?, ?, ?) WHERE key = ?",
                (*row[:5], id),
            )


def describe_places(connection: Connection, spots: Iterable[Spot]) -> None:
    """Describe places as the first article has them."""
    for geonames, name, country in spots:
        where, values = ("geonames = ?", (geonames,))
        if geonames is None:
            where, values = ("geonames IS NULL AND name = ? AND country IS ?", (name, country))
        key = f"g{geonames}" if geonames is not None else f"{name}/{country or ''}"
        first = f"SELECT {_SPOT} FROM places WHERE {where} ORDER BY article, number LIMIT 1"
        row = connection.execute(first, values).fetchone()
        if row is not None:
            connection.execute(f"UPDATE known_places SET ({_SPOT}) = (?, ?, ?, ?, ?) WHERE key = ?", (*row, key))

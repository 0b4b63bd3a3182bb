"""Build `src/tidings/data/map_land.json`: coasts and borders for the desk's map, from Natural Earth 1:110m.

    python training/map.py DATA

DATA/map/countries-110m.json is the TopoJSON of world-atlas. The result is the same on every run.
"""

from __future__ import annotations

import json
import sys
from itertools import pairwise
from pathlib import Path

OUT = Path(__file__).parent.parent / "src" / "tidings" / "data" / "map_land.json"
UNIT = 10
"""Steps in a degree."""
TURN = 360 * UNIT

Line = list[tuple[int, int]]


def main(folder: Path) -> None:
    """Read the topology, thin it out, write the lines."""
    topology = json.loads((folder / "map" / "countries-110m.json").read_text(encoding="utf-8"))
    arcs = [unpack(arc, topology["transform"]) for arc in topology["arcs"]]
    coast = {index if index >= 0 else ~index for ring in rings_of(topology["objects"]["land"]) for index in ring}
    rings = [around(thin(join(ring, arcs))) for ring in rings_of(topology["objects"]["land"])]
    land = [copy for ring in rings if len(ring) >= 4 for copy in copies(ring)]
    lines = [unwrap(thin(arc)) for index, arc in enumerate(arcs) if index not in coast]
    borders = [copy for line in lines if len(line) >= 2 for copy in copies(line)]
    made = {"unit": UNIT, "land": [flat(line) for line in land], "borders": [flat(line) for line in borders]}
    OUT.write_text(json.dumps(made, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{OUT.name}: {len(land)} coasts, {len(borders)} borders, {OUT.stat().st_size} bytes")


def unpack(arc: list[list[int]], transform: dict[str, list[float]]) -> list[tuple[float, float]]:
    """Turn the steps of an arc into degrees."""
    (scale_x, scale_y), (left, bottom) = transform["scale"], transform["translate"]
    x = y = 0
    points = []
    for step_x, step_y in arc:
        x, y = x + step_x, y + step_y
        points.append((x * scale_x + left, y * scale_y + bottom))
    return points


def rings_of(shape: dict) -> list[list[int]]:
    """Return the rings of a shape, each as the numbers of its arcs."""
    if shape["type"] == "GeometryCollection":
        return [ring for part in shape["geometries"] for ring in rings_of(part)]
    polygons = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
    return [ring for polygon in polygons for ring in polygon]


def join(ring: list[int], arcs: list[list[tuple[float, float]]]) -> list[tuple[float, float]]:
    """Put the arcs of a ring end to end; a negative number is an arc walked backwards."""
    points: list[tuple[float, float]] = []
    for index in ring:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        points += arc[1:] if points else arc
    return points


def thin(points: list[tuple[float, float]]) -> Line:
    """Round to tenths of a degree and drop repeated points; the south counts downwards, as on a screen."""
    line: Line = []
    for lon, lat in points:
        point = (round((lon + 180) * UNIT), round((90 - lat) * UNIT))
        if not line or line[-1] != point:
            line.append(point)
    return line


def unwrap(line: Line) -> Line:
    """Let a line run on beyond the edge of the map instead of jumping to the other side."""
    found: Line = []
    shift = 0
    for x, y in line:
        if found:
            jump = x + shift - found[-1][0]
            shift -= TURN * round(jump / TURN)
        found.append((x + shift, y))
    return found


def around(ring: Line) -> Line:
    """Unwrap a ring; one that goes round the world encloses the south pole and is closed along the lower edge."""
    line = unwrap(ring)
    if line and line[0][0] != line[-1][0]:
        bottom = 180 * UNIT
        line += [(line[-1][0], bottom), (line[0][0], bottom)]
    return line


def copies(line: Line) -> list[Line]:
    """Return a line, and for what lies beyond an edge of the map the same line a turn further."""
    moved = [[(x + turn, y) for x, y in line] for turn in (0, TURN, -TURN)]
    return [copy for copy in moved if max(x for x, _ in copy) > 0 and min(x for x, _ in copy) < TURN]


def flat(line: Line) -> list[int]:
    """Write a line as its first point and then steps, in one list."""
    numbers = [*line[0]]
    for (x0, y0), (x1, y1) in pairwise(line):
        numbers += [x1 - x0, y1 - y0]
    return numbers


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""The network: who dealt with whom in the last year, as a ring of names with lines across it.

In: a shelf. Out: a view; the lines are pairs, each of which leads to its dyad, and the table below has them all.
A ring needs no luck in its layout: no name covers another, and the same acts give the same picture.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from unicodedata import east_asian_width

import msgspec

from tidings.desk.pairs import back_to, pairs_of
from tidings.desk.shelf import Shelf
from tidings.desk.telling import now_of
from tidings.desk.views import Table, View, number_of

__all__ = ["network", "ring"]

SIZE, RADIUS = 960, 222
_NODES = 36
_NEAR = 22
"""Partners shown around one actor."""
_DAYS = 365
_COLUMNS = ("a", "a_name", "b", "b_name", "acts", "cooperation", "conflict")
_ROOM = 230
"""What there is for a name between the ring and the edge; the table and the title of the point have all of it."""
_SIZE_OF_TEXT = 13

Pair = dict[str, object]


class Node(msgspec.Struct, frozen=True, kw_only=True):
    """One actor on the ring; its name is written outwards, turned so that it can be read."""

    id: str
    name: str
    label: str
    acts: int
    x: float
    y: float
    radius: float
    turn: float
    anchor: str
    label_x: float
    label_y: float


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One pair: a curve through the ring, wider for more acts."""

    a: str
    b: str
    path: str
    width: float
    tone: str
    words: str


def network(shelf: Shelf, asked: Mapping[str, str]) -> View:
    """Show the pairs that did most; `who` shows one actor with its partners, `days` sets how far back."""
    who = now_of(shelf, asked.get("who", "").strip())
    days = number_of(asked.get("days"), 36_500) or _DAYS
    since = _since(shelf, days)
    pairs = shelf.remember(
        ("network", who, since), lambda: _around(shelf, who, since) if who else _widest(shelf, since)
    )
    name = (shelf.row("SELECT name FROM parties WHERE key = ?", who) or (who,))[0] if who else None
    nodes, lines = ring(pairs, who or None)
    return View(
        title=f"Network of {name}" if name else "Network",
        template="network.html",
        data={"who": who or None, "name": name, "days": days, "since": since, "pairs": pairs},
        drawn={"nodes": nodes, "lines": lines, "size": SIZE},
        table=Table(_COLUMNS, [[pair[column] for column in _COLUMNS] for pair in pairs]),
    )


def _since(shelf: Shelf, days: int) -> str:
    from tidings.desk.finding import day_before

    latest = (shelf.row("SELECT day FROM acts WHERE target IS NOT NULL ORDER BY day DESC LIMIT 1") or (None,))[0]
    return back_to(shelf, day_before(latest, days))


def _widest(shelf: Shelf, since: str) -> list[Pair]:
    """Return the pairs of most acts, as many as the ring has room for."""
    kept: list[Pair] = []
    seen: set[object] = set()
    for pair in pairs_of(shelf, since, 160):
        if len(seen | {pair["a"], pair["b"]}) <= _NODES:
            seen |= {pair["a"], pair["b"]}
            kept.append(pair)
    return kept


def _around(shelf: Shelf, who: str, since: str) -> list[Pair]:
    """Return one actor's pairs, and those among its partners."""
    party = shelf.row("SELECT number FROM parties WHERE key = ?", who)
    if party is None:
        return []
    near = shelf.rows(
        "SELECT other FROM (SELECT target AS other FROM acts WHERE source = ?1 AND target IS NOT NULL AND day >= ?2"
        " UNION ALL SELECT source FROM acts WHERE target = ?1 AND day >= ?2) WHERE other <> ?1"
        " GROUP BY other ORDER BY count(*) DESC, other LIMIT ?3",
        party[0],
        since,
        _NEAR,
    )
    numbers = [party[0], *(row[0] for row in near)]
    marks = ", ".join("?" * len(numbers))
    rows = shelf.rows(
        "SELECT a.key, b.key, a.name, b.name, x.n, x.good FROM"
        " (SELECT min(source, target) AS one, max(source, target) AS two, count(*) AS n, sum(quad <= 2) AS good"
        " FROM acts"
        f" WHERE source IN ({marks}) AND target IN ({marks}) AND source <> target AND day >= ? GROUP BY 1, 2) x"
        " JOIN parties a ON a.number = x.one JOIN parties b ON b.number = x.two ORDER BY x.n DESC, 1, 2 LIMIT 160",
        *numbers,
        *numbers,
        since,
    )
    return [
        {"a": a, "b": b, "a_name": one, "b_name": two, "acts": n, "cooperation": good, "conflict": n - good}
        for a, b, one, two, n, good in rows
    ]


def ring(pairs: Sequence[Pair], first: str | None = None) -> tuple[list[Node], list[Line]]:
    """Place the actors on a ring, those that deal with one another side by side where that can be had.

    >>> pair = {"a": "A", "b": "B", "a_name": "Ann", "b_name": "Ben", "acts": 2, "cooperation": 2, "conflict": 0}
    >>> nodes, lines = ring([pair])
    >>> [node.label for node in nodes], lines[0].tone
    (['Ann', 'Ben'], 'good')
    """
    weight: dict[str, int] = {}
    names: dict[str, str] = {}
    near: dict[str, dict[str, int]] = {}
    for pair in pairs:
        a, b, acts = str(pair["a"]), str(pair["b"]), int(pair["acts"])  # type: ignore[call-overload]
        names |= {a: str(pair["a_name"]), b: str(pair["b_name"])}
        for one, two in ((a, b), (b, a)):
            weight[one] = weight.get(one, 0) + acts
            near.setdefault(one, {})[two] = acts
    order = _walk(weight, near, first)
    at = {id: place for place, id in enumerate(order)}
    most = max(weight.values(), default=1)
    nodes = [_node(id, names[id], weight[id], at[id], len(order), most) for id in order]
    spots = {node.id: node for node in nodes}
    heaviest = max((int(pair["acts"]) for pair in pairs), default=1)  # type: ignore[call-overload]
    # The lightest first, so that the heavy lines lie on top.
    lines = [_line(pair, spots, heaviest) for pair in reversed(pairs)]
    return nodes, lines


def _walk(weight: Mapping[str, int], near: Mapping[str, Mapping[str, int]], first: str | None) -> list[str]:
    """Go from the weightiest actor on to who is nearest to the last few."""
    left = sorted(weight, key=lambda id: (-weight[id], id))
    order: list[str] = []
    while left:
        if not order:
            chosen = first if first in weight else left[0]
        else:
            last = order[-4:]
            chosen = max(left, key=lambda id: (sum(near[id].get(other, 0) for other in last), weight[id], id))
        assert chosen is not None
        order.append(chosen)
        left.remove(chosen)
    return order


def _node(id: str, name: str, acts: int, place: int, count: int, most: int) -> Node:
    angle = 2 * math.pi * place / max(1, count) - math.pi / 2
    x, y = SIZE / 2 + RADIUS * math.cos(angle), SIZE / 2 + RADIUS * math.sin(angle)
    radius = 4 + 8 * (acts / most) ** 0.5
    degrees = math.degrees(angle)
    left = math.cos(angle) < -1e-9
    out = RADIUS + radius + 6
    return Node(
        id=id,
        name=name,
        label=_label(name),
        acts=acts,
        x=round(x, 1),
        y=round(y, 1),
        radius=round(radius, 1),
        turn=round(degrees + 180 if left else degrees, 1),
        anchor="end" if left else "start",
        label_x=round(SIZE / 2 + out * math.cos(angle), 1),
        label_y=round(SIZE / 2 + out * math.sin(angle), 1),
    )


def _label(name: str) -> str:
    """Return as much of a name as there is room for, by how wide its letters commonly are.

    >>> _label("Javad Zarif"), _label("International Atomic Energy Agency"), _label("W" * 40)
    ('Javad Zarif', 'International Atomic Energ…', 'WWWWWWWWWWWWWWWWW…')
    """
    width = 0.0
    for at, letter in enumerate(name):
        share = 1.05 if east_asian_width(letter) in "WF" else 0.95 if letter.isupper() or letter in "mw" else 0.6
        width += share * _SIZE_OF_TEXT
        if width > _ROOM:
            return f"{name[: at - 1].rstrip()}…"
    return name


def _line(pair: Pair, spots: Mapping[str, Node], heaviest: int) -> Line:
    a, b = spots[str(pair["a"])], spots[str(pair["b"])]
    acts, good = int(pair["acts"]), int(pair["cooperation"])  # type: ignore[call-overload]
    middle = SIZE / 2
    # Bent towards the middle, so that neighbours' lines can be told apart.
    bend_x, bend_y = (a.x + b.x) / 2 * 0.55 + middle * 0.45, (a.y + b.y) / 2 * 0.55 + middle * 0.45
    return Line(
        a=a.id,
        b=b.id,
        path=f"M{a.x} {a.y}Q{bend_x:.1f} {bend_y:.1f} {b.x} {b.y}",
        width=round(1 + 6 * (acts / heaviest) ** 0.5, 1),
        tone="good" if good * 3 >= acts * 2 else "bad" if good * 3 <= acts else "mixed",
        words=f"{a.name} and {b.name}: {acts} acts, {good} of cooperation, {acts - good} of conflict",
    )

"""The geometry of the chart of a dyad.

In: points of a series. Out: numbers for the attributes of SVG elements; the template makes the elements.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import msgspec

from tidings.dyads import DyadPoint, PairPoint, Shift

__all__ = ["Chart", "draw", "probable"]

Point: TypeAlias = DyadPoint | PairPoint

WIDTH, HEIGHT = 760, 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 92, 28, 14, 34
_LABEL = 64
"""Least room for the name of a month."""


class Dot(msgspec.Struct, frozen=True, kw_only=True):
    """One period: its middle, its interval, and its size by the number of acts."""

    period: str
    x: float
    y: float
    low: float
    high: float
    radius: float
    label: bool
    words: str


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """One shift: the day it shows from, and the days it lies between."""

    at: int
    x: float
    low: float
    high: float
    direction: str
    words: str


class Chart(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the template needs."""

    width: int
    height: int
    left: int
    right: int
    bottom: int
    dots: tuple[Dot, ...]
    lines: tuple[tuple[float, str], ...]
    path: str
    turns: tuple[Turn, ...] = ()


def probable(p: float) -> str:
    """Write a probability after its sign; none is ever certain.

    >>> probable(0.999), probable(0.962), probable(0.001)
    ('> .99', '= .96', '< .01')
    """
    return "> .99" if p > 0.99 else "< .01" if p < 0.01 else f"= {p:.2f}".replace("0.", ".")


def draw(points: Sequence[Point], shifts: Sequence[Shift] = ()) -> Chart | None:
    """Lay out the shares of periods along their real distance in time; None when there are none.

    >>> point = DyadPoint(period="2015-07", n=3, intensity=1, cooperation=2, conflict=1, share=0.3, low=0, high=0.6)
    >>> draw([point]).dots[0].words
    '2015-07: share 0.30 (0.00 to 0.60), 3 acts'
    """
    if not points:
        return None
    months = [_month(point.period) for point in points]
    first, span = months[0], max(0.1, months[-1] - months[0])
    inner = WIDTH - _LEFT - _RIGHT
    places = [_LEFT + inner * (month - first) / span if len(points) > 1 else _LEFT + inner / 2 for month in months]
    labelled = _spaced(places)
    dots = tuple(
        Dot(
            period=point.period,
            x=round(x, 1),
            y=_height(point.share),
            low=_height(point.low),
            high=_height(point.high),
            radius=round(min(9.0, 2.5 + point.n**0.5), 1),
            label=at in labelled,
            words=f"{point.period}: share {point.share:.2f} ({point.low:.2f} to {point.high:.2f}), "
            f"{point.n} {'act' if point.n == 1 else 'acts'}",
        )
        for at, (point, x) in enumerate(zip(points, places, strict=True))
    )
    lines = tuple((_height(value), word) for value, word in ((1, "cooperation"), (0, "even"), (-1, "conflict")))
    path = "M" + "L".join(f"{dot.x} {dot.y}" for dot in dots)
    return Chart(
        width=WIDTH,
        height=HEIGHT,
        left=_LEFT,
        right=WIDTH - _RIGHT + 10,
        bottom=HEIGHT - _BOTTOM,
        dots=dots,
        lines=lines,
        path=path,
        turns=tuple(_turn(number, shift, first, span) for number, shift in enumerate(shifts)),
    )


def _turn(number: int, shift: Shift, first: float, span: float) -> Turn:
    def place(day: str) -> float:
        share = (_month(day[:7]) + (int(day[8:10]) - 1) / 31 - first) / span
        return round(_LEFT + (WIDTH - _LEFT - _RIGHT) * min(max(share, 0.0), 1.0), 1)

    return Turn(
        at=number,
        x=place(shift.day),
        low=place(shift.first),
        high=place(shift.last),
        direction=shift.direction,
        words=f"{'closer' if shift.direction == 'closer' else 'apart'} from {shift.day} (p {probable(shift.p)})",
    )


def _height(share: float) -> float:
    return round(_TOP + (1 - share) / 2 * (HEIGHT - _TOP - _BOTTOM), 1)


def _month(period: str) -> float:
    """Return where a period begins, in months.

    >>> _month("2018-02") - _month("2018-01"), _month("2018-Q2") - _month("2018"), _month("2018-W01") - _month("2018")
    (1.0, 3.0, 0.0)
    """
    year, _, part = period.partition("-")
    months = float(int(year) * 12)
    if part.startswith("Q"):
        return months + 3 * (int(part[1:]) - 1)
    if part.startswith("W"):
        return months + (int(part[1:]) - 1) * 12 / 52.18
    return months + (int(part[:2]) - 1 if part else 0)


def _spaced(places: Sequence[float]) -> set[int]:
    """Choose which months are named, so that no two names touch; the last is always named."""
    chosen: list[int] = []
    for at, x in enumerate(places):
        if (not chosen or x - places[chosen[-1]] >= _LABEL) and (at == len(places) - 1 or places[-1] - x >= _LABEL):
            chosen.append(at)
    return {*chosen, len(places) - 1}

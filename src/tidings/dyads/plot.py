"""Draw two actors over time: the share of cooperation with its band, the changes, and the acts as bars.

In: a `Dyad`. Out: one SVG document, for light and dark grounds, that also says its title and statement in words.
It needs no library and no script. Names come from pages and are hostile: they are only ever escaped text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple
from xml.sax.saxutils import escape

from tidings.dyads.pairs import Dyad, PairPoint, Shift
from tidings.dyads.statement import day_in_words

__all__ = ["draw"]

_WIDTH = 880
_LEFT, _RIGHT = 96, 24
_ROW = 18
"""Height of a line of labels."""
_HEAD = 58
_SHARES = 230
_GAP = 34
_BARS = 100
_FOOT = 66
_LETTER = 6.9
"""Width of a letter at the size of a label, generously."""
_LEAST = 76
"""Room for the label of a tick."""
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_STYLE = """<style>
svg.dyad { --ground: #fff; --ink: #1b1b1b; --quiet: #5c5c5c; --rule: #c9c9c9; --warm: #0b6e75; --cold: #b3430c;
  --change: #6a3fa0; background: var(--ground); font: 12px system-ui, "Segoe UI", sans-serif; }
@media (prefers-color-scheme: dark) { svg.dyad { --ground: #16181b; --ink: #ececec; --quiet: #a8a8a8; --rule: #44484d;
  --warm: #4fc3cb; --cold: #f0915c; --change: #c3a3f0; } }
.dyad text { fill: var(--ink); } .dyad .quiet { fill: var(--quiet); } .dyad .head { font-size: 16px; font-weight: 600; }
.dyad .rule { stroke: var(--rule); } .dyad .even { stroke: var(--quiet); }
.dyad .band { fill: var(--warm); } .dyad .line, .dyad .dot { stroke: var(--warm); } .dyad .dot { fill: var(--ground); }
.dyad .warm { fill: var(--warm); } .dyad .cold, .dyad .hatch { stroke: var(--cold); }
.dyad .change { stroke: var(--change); } .dyad .when { fill: var(--change); }
.dyad .named { fill: var(--change); stroke: var(--ground); stroke-width: 5; paint-order: stroke; }
</style>"""


class _Frame(NamedTuple):
    """Where days and shares lie on the drawing."""

    first: date
    days: int
    top: float
    bars: float
    warm: int
    cold: int

    def x(self, day: date) -> float:
        return round(_LEFT + (_WIDTH - _LEFT - _RIGHT) * (day - self.first).days / self.days, 1)

    def y(self, share: float) -> float:
        return round(self.top + (1 - share) / 2 * _SHARES, 1)

    def height(self, n: int) -> float:
        return round(_BARS * n / (self.warm + self.cold), 1)

    @property
    def middle(self) -> float:
        return self.bars + self.height(self.warm)

    @property
    def foot(self) -> float:
        return self.bars + _BARS


class _Label(NamedTuple):
    """The name of a change, in which row it stands, and where its line is."""

    shift: Shift
    x: float
    row: int
    words: str


def draw(dyad: Dyad, *, style: bool = True) -> str:
    """Return the drawing of a dyad as an SVG document; one without acts has its statement only.

    Without `style` the colours are left to the page it is put in, which may forbid styles of its own.
    """
    labels = _labels(dyad)
    rows = max((label.row + 1 for label in labels), default=0)
    top = _HEAD + rows * _ROW + 8
    frame = _frame(dyad, top)
    height = round(frame.foot + _FOOT) if frame else 96
    names = f"{dyad.a.name} and {dyad.b.name}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="dyad" role="img" aria-labelledby="dyad-title dyad-desc"'
        f' viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}" fill="none" stroke-linejoin="round"'
        ' font-family="system-ui, sans-serif" font-size="12">',
        f'<title id="dyad-title">{_clean(names)}: share of cooperation by {dyad.by}</title>',
        f'<desc id="dyad-desc">{_clean(dyad.statement)}</desc>',
        _STYLE if style else "",
        _text(16, 26, _cut(f"{names}: net cooperation share by {dyad.by}", 86), "head"),
        _text(16, 45, _cut(_subtitle(dyad), 120), "quiet"),
    ]
    if frame is None:
        parts.append(_text(16, 76, "No acts between the two on these days."))
    else:
        parts += _axes(frame)
        parts += _changes(frame, labels)
        parts += _band(frame, dyad.points)
        parts += _bars(frame, dyad.points)
        parts += _legend(frame)
    return "\n".join(part for part in (*parts, "</svg>") if part) + "\n"


def _subtitle(dyad: Dyad) -> str:
    if dyad.first is None or dyad.last is None:
        return "n=0"
    days = f"{day_in_words(dyad.first)} to {day_in_words(dyad.last)}"
    return f"n={dyad.n} acts, {days}; data: {', '.join(dyad.datasets)}; band: 90 %"


def _frame(dyad: Dyad, top: float) -> _Frame | None:
    if not dyad.points:
        return None
    first = date.fromisoformat(dyad.points[0].first)
    last = date.fromisoformat(dyad.points[-1].last)
    warm = max(point.cooperation for point in dyad.points)
    cold = max(point.conflict for point in dyad.points)
    # Each side has room enough for its number.
    warm, cold = max(warm, cold // 3, 1), max(cold, warm // 3, 1)
    return _Frame(first, (last - first).days + 1, top, top + _SHARES + _GAP, warm, cold)


def _axes(frame: _Frame) -> Iterator[str]:
    right = _WIDTH - _RIGHT
    for share, word in ((1, "cooperation 1"), (0.5, ".5"), (0, "even 0"), (-0.5, "-.5"), (-1, "conflict -1")):
        y = frame.y(share)
        kind = "even" if share == 0 else "rule"
        yield f'<path class="{kind}" stroke="currentColor" stroke-opacity=".5" d="M{_LEFT} {y}H{right}"/>'
        yield _text(_LEFT - 8, y + 4, word, "quiet", "end")
    yield f'<path class="even" stroke="currentColor" stroke-opacity=".5" d="M{_LEFT} {frame.middle}H{right}"/>'
    yield _text(_LEFT - 8, frame.bars + 6, f"{frame.warm}", "quiet", "end")
    yield _text(_LEFT - 8, frame.middle + 4, "acts 0", "quiet", "end")
    yield _text(_LEFT - 8, frame.foot + 2, f"{frame.cold}", "quiet", "end")
    for day, words in _ticks(frame):
        x = frame.x(day)
        yield f'<path class="rule" stroke="currentColor" stroke-opacity=".5" d="M{x} {frame.foot}v5"/>'
        yield _text(x, frame.foot + 19, words, "quiet", "middle")


def _ticks(frame: _Frame) -> list[tuple[date, str]]:
    """Return the days that are named: of the finest step at which the names do not touch."""
    last = frame.first + timedelta(days=frame.days - 1)
    room = (_WIDTH - _LEFT - _RIGHT) / frame.days
    for step in (1, 2, 7, 14):
        if step * room >= _LEAST + 14:
            days = [frame.first + timedelta(days=at) for at in range(0, frame.days, step)]
            return _fitting(frame, [(day, day_in_words(day.isoformat())) for day in days])
    months = (frame.first.year * 12 + frame.first.month - 1, last.year * 12 + last.month - 1)
    for step in (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 6000):
        if step * 30.4 * room >= _LEAST:
            starts = range(-(-months[0] // step) * step, months[1] + 1, step)
            days = [date(month // 12, month % 12 + 1, 1) for month in starts if month >= 12]
            named = [(day, str(day.year) if step >= 12 else day_in_words(day.isoformat())[2:]) for day in days]
            return _fitting(frame, [(day, words) for day, words in named if day >= frame.first])
    return []


def _fitting(frame: _Frame, ticks: Sequence[tuple[date, str]]) -> list[tuple[date, str]]:
    half = _LETTER / 2
    return [(day, words) for day, words in ticks if frame.x(day) + half * len(words) <= _WIDTH - 4]


def _labels(dyad: Dyad) -> list[_Label]:
    """Give each change a name, in as many rows as they need so that none touches another."""
    frame = _frame(dyad, 0)
    if frame is None:
        return []
    rows: list[float] = []
    labels: list[_Label] = []
    for shift in dyad.shifts:
        x = frame.x(date.fromisoformat(shift.day))
        words = f"{day_in_words(shift.day)}: {shift.direction}"
        wide = len(words) * _LETTER + 8
        left = min(x + 4, _WIDTH - _RIGHT - wide)
        row = next((at for at, end in enumerate(rows) if end <= left), len(rows))
        rows[row : row + 1] = [left + wide]
        labels.append(_Label(shift, x, row, words))
    return labels


def _changes(frame: _Frame, labels: Sequence[_Label]) -> Iterator[str]:
    for label in labels:
        shift = label.shift
        left, right = frame.x(date.fromisoformat(shift.first)), frame.x(date.fromisoformat(shift.last))
        if right > left:
            yield (
                f'<rect class="when" fill="currentColor" fill-opacity=".12" x="{left}" y="{frame.top}"'
                f' width="{round(right - left, 1)}" height="{_SHARES}"/>'
            )
        top = _HEAD + label.row * _ROW + 4
        yield (
            f'<path class="change" stroke="currentColor" stroke-width="1.5" stroke-dasharray="5 3"'
            f' d="M{label.x} {top}V{frame.foot}"><title>{_clean(_tip(shift))}</title></path>'
        )
        for side in (shift.before, shift.after):
            start, end = frame.x(date.fromisoformat(side.first)), frame.x(date.fromisoformat(side.last))
            y = frame.y(side.share)
            yield f'<path class="change" stroke="currentColor" stroke-width="1.5" d="M{start} {y}H{end}"/>'

    # Names come last and with a rim of the ground, so that the lines of others pass behind them.
    for label in labels:
        wide = len(label.words) * _LETTER + 8
        x, y = min(label.x + 4, _WIDTH - _RIGHT - wide), _HEAD + label.row * _ROW + 14
        yield _text(x, y, label.words, "named")


def _tip(shift: Shift) -> str:
    return (
        f"{shift.direction} about {day_in_words(shift.day)}: {shift.before.share:.2f} (n={shift.before.n}) -> "
        f"{shift.after.share:.2f} (n={shift.after.n}), P={shift.p:.2f}"
    )


def _band(frame: _Frame, points: Sequence[PairPoint]) -> Iterator[str]:
    """Draw the band and the line, broken where there are periods without acts."""
    for run in _runs(points):
        if len(run) > 1:
            upper = " ".join(f"{_middle(frame, point)},{frame.y(point.high)}" for point in run)
            lower = " ".join(f"{_middle(frame, point)},{frame.y(point.low)}" for point in reversed(run))
            line = " ".join(f"{_middle(frame, point)},{frame.y(point.share)}" for point in run)
            yield f'<polygon class="band" fill="currentColor" fill-opacity=".2" points="{upper} {lower}"/>'
            yield f'<polyline class="line" stroke="currentColor" stroke-width="2" points="{line}"/>'
        else:
            x, low, high = _middle(frame, run[0]), frame.y(run[0].low), frame.y(run[0].high)
            mark = 'class="line" stroke="currentColor" stroke-opacity=".5" stroke-width="4"'
            yield f'<path {mark} d="M{x} {high}V{low}"/>'
    radius = 3.5 if len(points) <= 60 else 2 if len(points) <= 200 else 0
    for point in points if radius else ():
        tip = f"{point.period}: share {point.share:.2f} ({point.low:.2f} to {point.high:.2f}), n={point.n}"
        yield (
            f'<circle class="dot" fill="none" stroke="currentColor" stroke-width="1.5" cx="{_middle(frame, point)}"'
            f' cy="{frame.y(point.share)}" r="{radius}"><title>{_clean(tip)}</title></circle>'
        )


def _runs(points: Sequence[PairPoint]) -> Iterator[list[PairPoint]]:
    run: list[PairPoint] = []
    for point in points:
        if run and (date.fromisoformat(point.first) - date.fromisoformat(run[-1].last)).days > 1:
            yield run
            run = []
        run.append(point)
    yield run


def _middle(frame: _Frame, point: PairPoint) -> float:
    start, end = date.fromisoformat(point.first), date.fromisoformat(point.last)
    return round((frame.x(start) + frame.x(end + timedelta(days=1) if end < date.max else end)) / 2, 1)


def _bars(frame: _Frame, points: Sequence[PairPoint]) -> Iterator[str]:
    """Draw acts as bars: cooperation upwards and filled, conflict downwards and hatched."""
    yield (
        '<defs><pattern id="dyad-hatch" width="5" height="5" patternUnits="userSpaceOnUse"'
        ' patternTransform="rotate(45)"><path class="hatch" stroke="currentColor" stroke-width="2.4"'
        ' d="M0 0V5"/></pattern></defs>'
    )
    middle = frame.middle
    for point in points:
        start, end = date.fromisoformat(point.first), date.fromisoformat(point.last)
        left, right = frame.x(start), frame.x(end) if end == date.max else frame.x(end + timedelta(days=1))
        wide = round(max(0.6, (right - left) - min(2.0, (right - left) / 4)), 1)
        up, down = frame.height(point.cooperation), frame.height(point.conflict)
        tip = f"<title>{_clean(f'{point.period}: {point.cooperation} cooperation, {point.conflict} conflict')}</title>"
        y = round(middle - up, 1)
        yield f'<rect class="warm" fill="currentColor" x="{left}" y="{y}" width="{wide}" height="{up}">{tip}</rect>'
        yield (
            f'<rect class="cold" stroke="currentColor" stroke-width=".8"'
            f' fill="url(#dyad-hatch)" x="{left}" y="{middle}" width="{wide}" height="{down}">{tip}</rect>'
        )


def _legend(frame: _Frame) -> Iterator[str]:
    y = frame.foot + 46
    yield f'<path class="line" stroke="currentColor" stroke-width="2" d="M{_LEFT} {y - 4}h24"/>'
    yield _text(_LEFT + 32, y, "share, with its band")
    yield f'<rect class="warm" fill="currentColor" x="{_LEFT + 190}" y="{y - 10}" width="24" height="12"/>'
    yield _text(_LEFT + 222, y, "acts of cooperation")
    yield (
        f'<rect class="cold" stroke="currentColor" fill="url(#dyad-hatch)"'
        f' x="{_LEFT + 370}" y="{y - 10}" width="24" height="12"/>'
    )
    yield _text(_LEFT + 402, y, "acts of conflict")
    dashed = 'class="change" stroke="currentColor" stroke-width="1.5" stroke-dasharray="5 3"'
    yield f'<path {dashed} d="M{_LEFT + 526} {y - 4}h24"/>'
    yield _text(_LEFT + 558, y, "change, and levels around it")


def _text(x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> str:
    named = f' class="{kind}"' if kind else ""
    place = f'x="{round(x, 1)}" y="{round(y, 1)}" text-anchor="{anchor}"'
    return f'<text{named} fill="currentColor" {place}>{_clean(words)}</text>'


def _cut(words: str, most: int) -> str:
    return words if len(words) <= most else f"{words[: most - 1]}…"


def _clean(words: str) -> str:
    return escape(_FORBIDDEN.sub(" ", words), {'"': "&quot;"})

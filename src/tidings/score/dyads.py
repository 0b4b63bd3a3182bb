"""How well changes between two actors are found, and how rarely one is told that is none.

In: seeded made-up series, and the staged events of three pairs. Out: shares of series read rightly.
Made-up weeks are bursty in volume and scatter about their rate, as news do.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from tidings.dyads.changes import find_changes
from tidings.score.results import Score, data_folder

__all__ = ["made_up", "score_dyads"]

_NEAR = 4
"""Weeks by which a change may be misplaced."""
_SERIES = "dyads/made-up"
_EVENTS = "stories/dev/dyad_events.csv"
_KNOWN: dict[tuple[str, str], tuple[str, ...]] = {
    ("icews18", "RUS-USA"): ("2018-05-21", "2018-07-30"),
    ("icews18", "RUS-UKR"): (),
    ("icews14", "RUS-UKR"): (),
    ("icews14", "RUS-BLR"): (),
    ("icews0515_20pct", "RUS-BLR"): (),
}
"""The weeks of 2018 before and after the summit of Helsinki; pairs that were steady, or have too few acts to tell."""


def made_up(
    seed: int, length: int, volume: float, spread: float | None, rates: Sequence[float]
) -> tuple[list[int], list[int]]:
    """Return the cooperative and all acts of so many weeks, with each of the rates in turn.

    >>> friendly, totals = made_up(1, 4, 50, 20, [0.2, 0.8])
    >>> len(friendly), all(few <= n for few, n in zip(friendly, totals))
    (4, True)
    """
    import numpy as np

    random = np.random.default_rng(seed)
    totals = random.poisson(volume * random.gamma(1.0, 1.0, length))
    means = np.asarray([rates[at * len(rates) // length] for at in range(length)])
    chances = random.beta(spread * means, spread * (1 - means)) if spread else means
    return random.binomial(totals, chances).tolist(), totals.tolist()


def score_dyads(folder: Path | None = None) -> list[Score]:
    """Measure made-up series with and without a change, and the staged pairs."""
    steady = [not find_changes(*made_up(*series, [rate])).changes for series in _shapes() for rate in (0.6, 0.92)]
    stepped = [_is_found(series, rates) for series in _shapes(least=10) for rates in ([0.4, 0.75], [0.9, 0.6])]
    known = list(_known(data_folder("stories", folder) / "dev" / "dyad_events.csv"))
    return [
        _score(
            "steady series left alone",
            steady,
            "share of made-up series without a change of which none is told",
            _SERIES,
        ),
        _score(
            "steps found", stepped, "share of made-up series with one change told alone, within four weeks", _SERIES
        ),
        _score("known pairs", known, "share of pairs with just the known changes, to the week", _EVENTS),
    ]


def _shapes(least: int = 1) -> Iterator[tuple[int, int, int, int | None]]:
    for seed in range(8):
        for length in (40, 104):
            for volume in (2, 20, 150):
                for spread in (None, 30, 6):
                    if volume >= least:
                        yield seed, length, volume, spread


def _is_found(series: tuple[int, int, int, int | None], rates: Sequence[float]) -> bool:
    changes = find_changes(*made_up(*series, rates)).changes
    return len(changes) == 1 and abs(changes[0].at - series[1] // 2) <= _NEAR


def _known(path: Path) -> Iterator[bool]:
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    for (source, pair), wanted in _KNOWN.items():
        days = [
            (date.fromisoformat(row["date"]), row["code"])
            for row in rows
            if (row["src"], row["dyad"]) == (source, pair)
        ]
        first = min(day.toordinal() - day.weekday() for day, _ in days)
        length = (max(day.toordinal() for day, _ in days) - first) // 7 + 1
        friendly, totals = [0] * length, [0] * length
        for day, code in days:
            totals[(day.toordinal() - first) // 7] += 1
            friendly[(day.toordinal() - first) // 7] += int(code[:2]) <= 8
        found = [
            date.fromordinal(first + 7 * change.at).isoformat() for change in find_changes(friendly, totals).changes
        ]
        yield found == list(wanted)


def _score(name: str, right: Sequence[bool], metric: str, data: str) -> Score:
    return Score(name=name, value=round(sum(right) / len(right), 4), metric=metric, items=len(right), data=data)

"""Actor pairs over time: how cooperative two actors are, period by period, and how sure that is.

In: acts (date, source, target, CAMEO code). Out: one point a period, with counts, intensity and a shrunk share.
It does not read pages and does not merge retellings: give it each act once.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal

import msgspec

from tidings import data
from tidings.errors import UsageError

__all__ = ["Act", "DyadPoint", "goldstein", "series"]

Act = tuple[str, str, str, str]
Grain = Literal["day", "week", "month", "quarter", "year"]

STRENGTH = 10.0
"""How many acts the pair's own base rate weighs against those of one period."""


class DyadPoint(msgspec.Struct, frozen=True, kw_only=True):
    """What two actors did to one another in one period.

    `share` is (cooperation - conflict) / n, from -1 to 1, shrunk to the pair's base rate over all the acts given;
    `low` and `high` are its 5 % and 95 % points.
    """

    period: str
    n: int
    intensity: float
    cooperation: int
    conflict: int
    share: float
    low: float
    high: float


def series(acts: Iterable[Sequence[str]], a: str, b: str, *, by: Grain = "month") -> list[DyadPoint]:
    """Return one point for each period in which `a` and `b` acted towards one another, in order of time.

    Both directions count. CAMEO roots 01-08 are cooperation, 09-20 conflict; codes of no root are left out. Raises
    `UsageError` for a grain that is none or a date that is no ISO date.

    >>> acts = [("2018-01-03", "RUS", "BLR", "040"), ("2018-01-20", "BLR", "RUS", "112")]
    >>> [(point.period, point.n, point.cooperation, point.intensity) for point in series(acts, "RUS", "BLR")]
    [('2018-01', 2, 1, -1.0)]
    """
    if by not in ("day", "week", "month", "quarter", "year"):
        raise UsageError(f"by is day, week, month, quarter or year, not {by!r}")
    periods: dict[str, list[tuple[bool, float]]] = {}
    for day, source, target, cameo in acts:
        friendly = _is_cooperation(cameo)
        if friendly is not None and ((source, target) == (a, b) or (source, target) == (b, a)):
            periods.setdefault(_period(day, by), []).append((friendly, goldstein(cameo) or 0.0))
    total = sum(len(told) for told in periods.values())
    base = sum(friendly for told in periods.values() for friendly, _ in told) / total if total else 0.0
    return [_point(period, periods[period], base) for period in sorted(periods)]


def goldstein(cameo: str) -> float | None:
    """Return the Goldstein intensity of a CAMEO code, -10 to 10, by its longest known prefix; None for none.

    Source: the CAMEO Goldstein scale as GDELT publishes it.

    >>> goldstein("190"), goldstein("1901"), goldstein("x")
    (-10.0, -10.0, None)
    """
    scale = _goldstein_scale()
    for length in range(len(cameo), 0, -1):
        value = scale.get(cameo[:length])
        if value is not None:
            return value
    return None


def _point(period: str, told: Sequence[tuple[bool, float]], base: float) -> DyadPoint:
    n = len(told)
    cooperation = sum(friendly for friendly, _ in told)
    # The posterior of the rate of cooperation: Beta, the base rate weighing STRENGTH acts. A share is 2 x rate - 1.
    alpha = STRENGTH * base + cooperation
    beta = STRENGTH * (1 - base) + n - cooperation
    return DyadPoint(
        period=period,
        n=n,
        intensity=round(math.fsum(value for _, value in told), 4),
        cooperation=cooperation,
        conflict=n - cooperation,
        share=round(2 * alpha / (alpha + beta) - 1, 4),
        low=round(2 * beta_quantile(alpha, beta, 0.05) - 1, 4),
        high=round(2 * beta_quantile(alpha, beta, 0.95) - 1, 4),
    )


def _period(day: str, by: Grain) -> str:
    try:
        when = date.fromisoformat(day[:10])
    except ValueError:
        raise UsageError(f"an act is dated by ISO days like 2018-01-31, not {day!r}") from None
    if by == "day":
        return when.isoformat()
    if by == "week":
        year, week, _ = when.isocalendar()
        return f"{year}-W{week:02d}"
    if by == "month":
        return f"{when.year}-{when.month:02d}"
    if by == "quarter":
        return f"{when.year}-Q{(when.month + 2) // 3}"
    return f"{when.year}"


def _is_cooperation(cameo: str) -> bool | None:
    root = cameo[:2]
    if not (len(root) == 2 and root.isascii() and root.isdigit()):
        return None
    return True if 1 <= int(root) <= 8 else False if 9 <= int(root) <= 20 else None


@functools.cache
def _goldstein_scale() -> dict[str, float]:
    rows = (line.split("\t") for line in data.read_text("goldstein_cameo.tsv").splitlines()[1:] if line)
    return {row[0]: float(row[1]) for row in rows}


def beta_quantile(alpha: float, beta: float, share: float) -> float:
    """Return the point below which `share` of a Beta distribution lies; a parameter of 0 puts all mass at one end.

    >>> round(beta_quantile(2, 2, 0.5), 6), round(beta_quantile(1, 1, 0.05), 6), beta_quantile(3, 0, 0.05)
    (0.5, 0.05, 1.0)
    """
    if beta <= 0:
        return 1.0
    if alpha <= 0:
        return 0.0
    from scipy.special import betaincinv

    return float(betaincinv(alpha, beta, share))

"""How cooperative two actors are, period by period, and how sure that is.

In: acts (date, source, target, CAMEO code). Out: one point a period, with counts, intensity and a shrunk share.
It does not read pages and does not merge retellings: give it each act once.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Literal, get_args

import msgspec

from tidings import data
from tidings.errors import UsageError

__all__ = [
    "GRAINS",
    "Act",
    "DyadPoint",
    "Grain",
    "beta_quantile",
    "check_grain",
    "goldstein",
    "period_days",
    "period_of",
    "series",
    "shrunk_share",
]

Act = tuple[str, str, str, str]
Grain = Literal["day", "week", "month", "quarter", "year"]
GRAINS: tuple[Grain, ...] = get_args(Grain)

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
    check_grain(by)
    periods: dict[str, list[tuple[bool, float]]] = {}
    for day, source, target, cameo in acts:
        friendly = _is_cooperation(cameo)
        if friendly is not None and ((source, target) == (a, b) or (source, target) == (b, a)):
            periods.setdefault(period_of(day, by), []).append((friendly, goldstein(cameo) or 0.0))
    total = sum(len(told) for told in periods.values())
    base = sum(friendly for told in periods.values() for friendly, _ in told) / total if total else 0.0
    return [_point(period, periods[period], base) for period in sorted(periods)]


@functools.lru_cache(maxsize=4096)
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


def shrunk_share(cooperation: int, n: int, base: float) -> tuple[float, float, float]:
    """Return (cooperation - conflict) / n shrunk to a base rate of cooperation, and its 5 % and 95 % points.

    >>> shrunk_share(3, 3, 0.5)
    (0.2308, -0.2183, 0.638)
    """
    # The posterior of the rate of cooperation: Beta, the base rate weighing STRENGTH acts. A share is 2 x rate - 1.
    alpha = STRENGTH * base + cooperation
    beta = STRENGTH * (1 - base) + n - cooperation
    rates = (alpha / (alpha + beta), beta_quantile(alpha, beta, 0.05), beta_quantile(alpha, beta, 0.95))
    share, low, high = (round(2 * rate - 1, 4) for rate in rates)
    return share, low, high


def _point(period: str, told: Sequence[tuple[bool, float]], base: float) -> DyadPoint:
    n = len(told)
    cooperation = sum(friendly for friendly, _ in told)
    share, low, high = shrunk_share(cooperation, n, base)
    return DyadPoint(
        period=period,
        n=n,
        intensity=round(math.fsum(value for _, value in told), 4),
        cooperation=cooperation,
        conflict=n - cooperation,
        share=share,
        low=low,
        high=high,
    )


def check_grain(by: str) -> None:
    """Raise `UsageError` for what is no grain."""
    if by not in GRAINS:
        raise UsageError(f"by is day, week, month, quarter or year, not {by!r}")


@functools.lru_cache(maxsize=65_536)
def period_days(period: str) -> tuple[date, date]:
    """Return the first and the last day of a period as `period_of` names it.

    >>> [day.isoformat() for day in period_days("2018-W01")], period_days("2018-Q4")[1].isoformat()
    (['2018-01-01', '2018-01-07'], '2018-12-31')
    """
    year, _, rest = period.partition("-")
    if rest.startswith("W"):
        first = date.fromisocalendar(int(year), int(rest[1:]), 1)
        return first, min(first, date.max - timedelta(days=6)) + timedelta(days=6)
    if len(rest) == 5:
        return date.fromisoformat(period), date.fromisoformat(period)
    months = (1, 12) if not rest else (3 * int(rest[1]) - 2, 3 * int(rest[1])) if rest[0] == "Q" else (int(rest),) * 2
    first, last = date(int(year), months[0], 1), date(int(year), months[1], 28)
    # Four days after the 28th it is the next month, whichever that is.
    return first, date(int(year), 12, 31) if months[1] == 12 else (last + timedelta(days=4)).replace(day=1) - timedelta(
        days=1
    )


@functools.lru_cache(maxsize=65_536)
def period_of(day: str, by: Grain) -> str:
    """Return the name of the period that a day lies in.

    >>> [period_of("2018-12-31", by) for by in GRAINS]
    ['2018-12-31', '2019-W01', '2018-12', '2018-Q4', '2018']
    """
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

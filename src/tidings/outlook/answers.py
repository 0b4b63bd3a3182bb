"""What an outlook says.

In: nothing. Out: the types that `outlook` gives back. Every number in them leads to acts, and every act to its words.
They compute nothing.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from tidings.stories.calendar import Scheduled
from tidings.stories.tellings import Telling

__all__ = [
    "Deed",
    "Expected",
    "Measured",
    "MeasuredFirsts",
    "MeasuredVolumes",
    "Outlook",
    "Partner",
    "Reason",
    "Scenario",
    "Step",
    "Volume",
    "Way",
]

Way = Literal["forth", "back", "between"]
"""From the first to the second, from the second to the first, or either."""


class Deed(msgspec.Struct, frozen=True, kw_only=True):
    """A past act: its number in the store, its id in the dataset it comes from, and the words that tell it."""

    act: int
    day: str
    source: str
    target: str | None
    type: str | None
    quad: int
    dataset: str
    id: str
    tellings: tuple[Telling, ...] = ()


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """What speaks for a chance (`weight` above 0) or against it, in log-odds against the mean of the past days.

    `kind` is that of the past acts, None for any; `n` of them were done lately, and `acts` are the latest.
    For a number of acts, `weight` is the logarithm of what is expected over what is usual.
    """

    says: str
    kind: str | None
    weight: float
    n: int
    acts: list[Deed]


class Expected(msgspec.Struct, frozen=True, kw_only=True):
    """The chance of at least one act of a kind within the days asked.

    `kind` is a PLOVER type or, for `grain` "quad", one of verbal or material cooperation or conflict. `usual` is how
    often such a stretch of days saw one. The log-odds of `chance` are the sum of `base`, the reasons and `rest`.
    """

    way: Way
    source: str
    target: str
    kind: str
    grain: Literal["type", "quad"]
    chance: float
    usual: float
    base: float
    rest: float
    reasons: list[Reason]


class Volume(msgspec.Struct, frozen=True, kw_only=True):
    """How many acts are expected within the days asked: the mean, and from `low` to `high` four times in five.

    `kind` is "all acts" or a quad. `usual` is how many such a stretch of days saw on the mean of the whole past.
    """

    way: Way
    source: str
    target: str
    kind: str
    expected: float
    low: int
    high: int
    usual: float
    because: Reason


class Partner(msgspec.Struct, frozen=True, kw_only=True):
    """One of the others that a party deals with: how many acts are to come, and the likeliest kinds, each way."""

    name: str
    key: str
    volume: Volume
    expected: list[Expected]


class MeasuredVolumes(msgspec.Struct, frozen=True, kw_only=True):
    """How good the numbers of acts were: the share `inside` from low to high, and the share `said` to be.

    Log scores are per forecast, less is better: of the numbers told, of the same scatter about the usual number, and of
    a steady rate (Poisson) at the usual number.
    """

    forecasts: int
    inside: float
    said: float
    log_score: float
    log_usual: float
    log_poisson: float


class MeasuredFirsts(msgspec.Struct, frozen=True, kw_only=True):
    """How good scenarios were at which kind comes first, of all that are not routine, or none.

    `hits` is the share in which the likeliest came first. "Usual" orders the kinds by how often they came before.
    `seconds` counts the stretches in which one kind alone came first; of the kind that came next in them, or that none
    did, `second_log_score` is by the chances worked out after the first.
    """

    forecasts: int
    hits: float
    hits_usual: float
    brier: float
    brier_usual: float
    skill: float
    log_score: float
    log_usual: float
    calibration_error: float
    seconds: int = 0
    second_log_score: float | None = None
    second_log_usual: float | None = None


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """How good such forecasts were, made for past stretches of days from what was known before each.

    A skill is the share of the error of a simpler forecast that is avoided: 0 is no better, 1 is perfect.
    Climatology says how often it happened before; persistence says how often it happened after a stretch like the last.
    """

    over: str
    since: str
    until: str
    windows: int
    forecasts: int
    happened: float
    brier: float
    brier_climatology: float
    brier_persistence: float
    skill_climatology: float
    skill_persistence: float
    log_score: float
    log_climatology: float
    log_persistence: float
    calibration_error: float
    volumes: MeasuredVolumes | None = None
    firsts: MeasuredFirsts | None = None


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of act in a chain: `chance` that it comes next, given those before; the sides as they are likelier."""

    source: str
    target: str
    kind: str
    chance: float


class Scenario(msgspec.Struct, frozen=True, kw_only=True):
    """An order in which new kinds of acts may come, from either side; `sign` tells it from the others first.

    `acts` are the last of each kind.
    """

    chance: float
    steps: list[Step]
    sign: Step
    acts: list[Deed]


class Outlook(msgspec.Struct, frozen=True, kw_only=True):
    """What may come between two parties, or of one, from the day `on` to the day `until`.

    `why` says what is missing when there are too few acts for numbers; then there are none. `datasets` are those whose
    acts are counted. `partners` are those of one party asked alone. `routine` are the kinds of acts so sure that
    scenarios leave them out.
    """

    a: str
    b: str | None
    on: str | None
    until: str | None
    days: int
    acts: int
    first: str | None
    last: str | None
    why: str | None
    scheduled: list[Scheduled]
    datasets: list[str] = []
    volumes: list[Volume] = []
    expected: list[Expected] = []
    partners: list[Partner] = []
    track: list[Measured] = []
    scenarios: list[Scenario] = []
    routine: list[str] = []

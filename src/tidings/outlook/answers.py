"""What an outlook says.

In: nothing. Out: the types that `outlook` gives back. Every number in them leads to acts, and every act to its words.
They compute nothing.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from tidings.stories.calendar import Scheduled
from tidings.stories.tellings import Telling

__all__ = ["Deed", "Expected", "Measured", "Outlook", "Reason", "Scenario", "Step"]

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
    """What speaks for a chance (`weight` above 0) or against it, in log-odds; `acts` are the weightiest of `n`."""

    says: str
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

    `why` says what is missing when there are too few acts for numbers; then `expected`, `track` and `scenarios` are
    empty. `routine` are the kinds of acts so sure that scenarios leave them out.
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
    expected: list[Expected]
    track: list[Measured]
    scenarios: list[Scenario]
    routine: list[str]

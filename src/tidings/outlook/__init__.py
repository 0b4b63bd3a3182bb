"""What comes next: what is scheduled, what is likely between two parties, and who is on the other side of a question.

In: a store of acts, or dated facts. Out: an outlook with calibrated chances and their reasons, or ranked names.
It reads no pages; what it says of the future rests on acts of the past, each of which it names.
"""

from tidings.outlook.ahead import outlook
from tidings.outlook.answers import (
    Deed,
    Expected,
    Measured,
    MeasuredFirsts,
    MeasuredVolumes,
    Outlook,
    Partner,
    Reason,
    Scenario,
    Step,
    Volume,
)
from tidings.outlook.forecaster import Forecaster

__all__ = [
    "Deed",
    "Expected",
    "Forecaster",
    "Measured",
    "MeasuredFirsts",
    "MeasuredVolumes",
    "Outlook",
    "Partner",
    "Reason",
    "Scenario",
    "Step",
    "Volume",
    "outlook",
]

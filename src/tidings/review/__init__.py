"""Human judgements as facts: accept, reject, recode, merge, split, note.

In: a store, and what a person decides. Out: judgements that are kept, can be undone, and hold after every reading.
It changes no record in the store: `applied` gives the record as judged, and the tables of the store follow it.
"""

from tidings.review.applying import Verdicts, applied, judged_records, not_applied, verdicts
from tidings.review.carrying import export_judgements, import_judgements, training_data
from tidings.review.judgements import Judgement, active, judgements
from tidings.review.judging import judge, undo
from tidings.review.measuring import Agreement, Pair, Precision, agreement
from tidings.review.pointing import Standing, standing
from tidings.review.queueing import Doubt, queue

__all__ = [
    "Agreement",
    "Doubt",
    "Judgement",
    "Pair",
    "Precision",
    "Standing",
    "Verdicts",
    "active",
    "agreement",
    "applied",
    "export_judgements",
    "import_judgements",
    "judge",
    "judged_records",
    "judgements",
    "not_applied",
    "queue",
    "standing",
    "training_data",
    "undo",
    "verdicts",
]

"""What comes next: which actor, of all known, is on the other side of a question like (Iran, hosts a visit, ?).

In: dated facts (subject, relation, object). Out: calibrated probabilities over names.
It reads no pages and knows no ontology: relations are names.
"""

from tidings.outlook.forecaster import Forecaster

__all__ = ["Forecaster"]

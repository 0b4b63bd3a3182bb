"""How likely a candidate is an act worth recording.

In: a candidate with its sides and the scorer's verdict. Out: a score and its reasons.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tidings.events.scorer import Verdict
from tidings.events.sides import Casting
from tidings.events.status import how_told
from tidings.events.triggers import Candidate
from tidings.facts import Side

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

__all__ = ["evidence", "weigh"]

def _is_purpose(head: Token) -> bool:
    """Tell "to open a road": what somebody wants, not what happened."""
    return head.dep_ in ("advcl", "acl", "relcl") and any(child.lower_ == "to" and child.dep_ == "aux" for child in head.children)


_EMPTY = frozenset({"REQUEST", "SUPPORT", "THREATEN"})
_YIELD = frozenset({"CONCEDE", "RETREAT"})


def evidence(
    doc: Doc, casting: Casting, candidate: Candidate, source: Sequence[Side], target: Sequence[Side], verdict: Verdict
) -> dict[str, float]:
    """Return what speaks for and against a candidate, as numbers."""
    acting = any(casting.is_political(side, doc) for side in source)
    if candidate.reciprocal and len(source) > 1 and not target:
        source, target = source[:1], source[1:]
    acted_on = any(casting.is_political(side, doc) for side in target)
    name = "YIELD" if candidate.type in _YIELD else candidate.type
    return {
        "sure word": float(candidate.sense.weight == 3),
        "loose word": float(candidate.sense.weight == 1),
        "verb": float(candidate.sense.pos == "v"),
        "source": float(bool(source)),
        "target": float(bool(target)),
        "political source": float(acting),
        "political target": float(acted_on),
        "both": float(acting and acted_on),
        "bare noun": float(candidate.sense.pos == "n" and candidate.predicate == candidate.head and not target),
        "told": float(how_told(candidate.head, candidate.predicate)[0] == "hypothetical"),
        "purpose": float(_is_purpose(candidate.head)),
        "thing acted on": float(bool(candidate.target) and not target),
        "empty promise": float(not target and (candidate.type == "AGREE" or candidate.type in _EMPTY and candidate.sense.weight < 3)),
        "type share": verdict.types.get(name, 0.0),
        "act": verdict.act,
    }


_WEIGHTS = {
    "sure word": 0.8, "loose word": -1.5, "verb": 0.3, "source": 0.4, "target": 0.2, "political source": 1.2,
    "political target": 0.6, "both": 0.8, "type share": 2.0, "act": 2.0, "bare noun": -1.2, "told": -0.5,
    "purpose": -0.7, "thing acted on": -0.3, "empty promise": -0.8,
}  # fmt: skip
_BIAS = -3.6


def weigh(
    doc: Doc, casting: Casting, candidate: Candidate, source: Sequence[Side], target: Sequence[Side], verdict: Verdict
) -> tuple[float, list[str]]:
    """Return the probability that a candidate is an act, and what it rests on."""
    found = evidence(doc, casting, candidate, source, target, verdict)
    total = _BIAS + sum(_WEIGHTS[name] * value for name, value in found.items())
    return round(1 / (1 + math.exp(-total)), 4), [f"act {verdict.act:.2f}"]

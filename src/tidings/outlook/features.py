"""What speaks for an object, given a subject and a relation.

In: the ledger, the rules, the directions. Out: numbers for each candidate object.
They are weighed elsewhere. `TIES` are known only for objects the subject has met; `STANDING` for every name.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tidings.outlook.ledger import Edges, Ints, Ledger
from tidings.outlook.rules import Rules

__all__ = ["STANDING", "TIES", "inverse", "standing", "ties"]

TIES = (
    "how lately the same was done",
    "how often the same was done these days",
    "how often the same was done this season",
    "how often the same was ever done",
    "how lately it was returned",
    "what was done these days and leads here",
    "what was done this season and leads here",
    "what was ever done and leads here",
    "how often they met these days",
    "how often they met this season",
    "how often they ever met",
    "they have met",
    "how lately they met",
)
STANDING = (
    "how often it is the object of this",
    "how often it is the object of this this season",
    "how often it is heard of",
    "how near its circles are",
)
_RULE_SCALES = (20.0, 10.0, 5.0)
_COUNT_SCALES = np.array([5.0, 2.0, 1.0])


def inverse(relation: int) -> int:
    """Return the number of the same relation read from the other side."""
    return relation ^ 1


def ties(ledger: Ledger, rules: Rules, edges: Edges, relations: Sequence[int]) -> list[NDArray[np.float64]]:
    """Return, for each relation asked, an array (objects met, TIES)."""
    heads: Ints = np.asarray(relations)
    age = np.maximum(ledger.now - edges.last, 0) + 1
    met = np.log1p(np.add.reduceat(edges.counts, edges.starts, axis=0))
    lately = 1 / np.minimum.reduceat(age, edges.starts)
    leads = [
        np.log1p(
            scale
            * np.add.reduceat(
                rules.confidence[memory][edges.relations[:, None], heads]
                * edges.counts[:, memory, None].astype(np.float32),
                edges.starts,
                axis=0,
            )
        )
        for memory, scale in enumerate(_RULE_SCALES)
    ]
    found: list[NDArray[np.float64]] = []
    for column, relation in enumerate(relations):
        table = np.zeros((len(edges.objects), len(TIES)))
        same = np.flatnonzero(edges.relations == relation)
        table[edges.group[same], 0] = 1 / age[same]
        table[edges.group[same], 1:4] = np.log1p(edges.counts[same] * _COUNT_SCALES)
        returned = np.flatnonzero(edges.relations == inverse(relation))
        table[edges.group[returned], 4] = 1 / age[returned]
        for memory in range(len(_RULE_SCALES)):
            table[:, 5 + memory] = leads[memory][:, column]
        table[:, 8:11] = met
        table[:, 11] = 1
        table[:, 12] = lately
        found.append(table)
    return found


def standing(ledger: Ledger, relation: int, names: int) -> NDArray[np.float32]:
    """Return an array (STANDING, names) with the last row, which depends on the subject, still empty."""
    table = np.zeros((len(STANDING), names), np.float32)
    if 0 <= relation < len(ledger.popularity):
        table[0] = np.log1p(ledger.popularity[relation, :names])
        table[1] = np.log1p(ledger.vogue[relation, :names])
    table[2] = np.log1p(ledger.heard[:names])
    return table

"""The heads of the encoder: which columns of its output belong to which question.

In: nothing. Out: names, labels and columns, the same for training and for reading.
It computes nothing.

Every head is linear in the last layer, so that a head over a stretch of words is the mean of its columns over them.
"""

from __future__ import annotations

from itertools import accumulate

__all__ = [
    "COLUMNS", "ENTITIES", "ENTITY_TAGS", "QUADS", "QUOTE_PARTS", "QUOTE_TAGS", "SENSES", "STATUSES", "TYPES",
    "TYPES_OF_QUAD", "WIDTH", "tags",
]  # fmt: skip

ENTITIES = ("PERSON", "ORG", "LOC", "NORP", "FAC", "MISC")
QUOTE_PARTS = ("content", "cue", "source")
QUADS = ("none", "verbal cooperation", "material cooperation", "verbal conflict", "material conflict")
TYPES = (
    "NONE", "AGREE", "CONSULT", "SUPPORT", "YIELD", "COOPERATE", "AID", "REQUEST", "ACCUSE", "REJECT", "THREATEN",
    "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT",
)  # fmt: skip
"""PLOVER's types with CONCEDE and RETREAT as one (YIELD), as the training data have them."""
TYPES_OF_QUAD = (
    ("NONE",),
    ("AGREE", "CONSULT", "SUPPORT"),
    ("YIELD", "COOPERATE", "AID"),
    ("REQUEST", "ACCUSE", "REJECT", "THREATEN"),
    ("PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT"),
)
SENSES = ("literal", "metonymic")
STATUSES = ("asserted", "historical", "planned", "hypothetical", "denied")
"""How an act is told; the same names as the status of an event."""


def tags(labels: tuple[str, ...]) -> tuple[str, ...]:
    """Return the tags of a labelling: outside, then begin and inside for each label.

    >>> tags(("cue",))
    ('O', 'B-cue', 'I-cue')
    """
    return ("O", *(f"{place}-{label}" for label in labels for place in "BI"))


ENTITY_TAGS = tags(ENTITIES)
QUOTE_TAGS = tags(QUOTE_PARTS)

_WIDTHS = {
    "entities": len(ENTITY_TAGS),
    "quotes": len(QUOTE_TAGS),
    "source": 3,
    "target": 3,
    "quad": len(QUADS),
    "quad_first": len(QUADS),
    "type": len(TYPES),
    "type_first": len(TYPES),
    "type_source": len(TYPES),
    "type_target": len(TYPES),
    "sense": len(SENSES),
    "sense_first": len(SENSES),
    "status": len(STATUSES),
    "relevant": 2,
    "relevant_first": 2,
}
_ENDS = list(accumulate(_WIDTHS.values()))
COLUMNS: dict[str, slice] = {
    name: slice(end - width, end) for (name, width), end in zip(_WIDTHS.items(), _ENDS, strict=True)
}
"""The columns of each head; `_first` are read at the first piece, the rest at or over words."""
WIDTH = _ENDS[-1]

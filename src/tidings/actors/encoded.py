"""Names as the shared encoder reads them: a third witness beside the parser and the tables.

In: the parse. Out: stretches with the parser's labels, or None where the encoder is not installed.
It ties no name to an actor and overrules no table.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate
from typing import TYPE_CHECKING

from tidings.actors.reading import text_of

if TYPE_CHECKING:
    from spacy.tokens import Doc

__all__ = ["encoded_names", "joined"]

Stretch = tuple[int, int, str]

_LABELS = {"PERSON": "PERSON", "ORG": "ORG", "LOC": "GPE", "NORP": "NORP", "FAC": "FAC"}
_LONGEST = 2_000
"""Characters of a sentence; a longer one is a table or noise."""
_PASSAGE = 300
"""Characters read at once: neighbouring sentences together cost a fifth less than one by one."""
_SURE = 0.5


def encoded_names(doc: Doc, known: Sequence[tuple[int, int]] = ()) -> list[Stretch] | None:
    """Return the names of a parsed text as the encoder sees them; None without the encoder.

    Sentences whose capitals all stand in `known` stretches are not read.
    """
    from tidings import encoder

    if not encoder.available():
        return None
    text = text_of(doc)
    passages = _passages(doc, known)
    readings = encoder.read_sentences([text[start:end] for start, end in passages])
    return [
        (start + one.span.start, start + one.span.end, _LABELS[one.label])
        for (start, _), reading in zip(passages, readings, strict=True)
        for one in reading.entities
        if one.label in _LABELS and one.score >= _SURE
    ]


def _passages(doc: Doc, known: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the stretches worth reading: sentences with a name nobody knows, neighbours of a paragraph together."""
    starts, reach = [start for start, _ in known], list(accumulate((end for _, end in known), max))
    text, found = text_of(doc), []
    for sentence in doc.sents:
        start, end = sentence.start_char, sentence.end_char
        if end - start > _LONGEST or not any(
            token.text[0].isupper()
            and (token.i > sentence.start or token.ent_type_ or token.pos_ == "PROPN")
            and not _touches((token.idx, token.idx + len(token), ""), starts, reach)
            for token in sentence
        ):
            continue
        last = found[-1] if found else (0, -1)
        near = 0 <= start - last[1] < 3 and end - last[0] <= _PASSAGE and "\n" not in text[last[1] - 1 : start]
        found[-1:] = [(last[0], end)] if near else [*found[-1:], (start, end)]
    return found


def joined(parsed: Sequence[Stretch], encoded: Sequence[Stretch]) -> list[Stretch]:
    """Put the encoder's stretches in the place of those of the parser they touch; the parser keeps the rest.

    >>> joined([(0, 9, "ORG"), (20, 25, "GPE")], [(0, 4, "PERSON")])
    [(0, 4, 'PERSON'), (20, 25, 'GPE')]
    """
    spans = sorted(encoded)
    starts, reach = [start for start, _, _ in spans], list(accumulate((end for _, end, _ in spans), max))
    labels = {(start, end): label for start, end, label in parsed}
    kept = [one for one in parsed if not _touches(one, starts, reach)]
    lands = ("GPE", "LOC", "FAC")
    own = [
        (start, end, labels[start, end] if label == "GPE" and labels.get((start, end)) in lands else label)
        for start, end, label in spans
    ]
    return sorted([*kept, *own])


def _touches(one: Stretch, starts: Sequence[int], reach: Sequence[int]) -> bool:
    at = bisect_left(starts, one[1]) - 1
    return at >= 0 and reach[at] > one[0]

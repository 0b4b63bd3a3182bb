"""Names as the shared encoder reads them: a third witness beside the parser and the tables.

In: the parse. Out: stretches with the parser's labels, or None where the encoder is not installed.
It ties no name to an actor and overrules no table.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Doc

__all__ = ["encoded_names", "joined"]

Stretch = tuple[int, int, str]

_LABELS = {"PERSON": "PERSON", "ORG": "ORG", "LOC": "GPE", "NORP": "NORP", "FAC": "FAC"}
_LONGEST = 2_000
"""Characters of a sentence; a longer one is a table or noise."""
_SURE = 0.5


def encoded_names(doc: Doc, known: Sequence[tuple[int, int]] = ()) -> list[Stretch] | None:
    """Return the names of a parsed text as the encoder sees them; None without the encoder.

    Windows whose capitals all stand in `known` stretches are not read; what is read, other stages share.
    """
    from tidings import encoder

    if not encoder.available():
        return None
    reading = encoder.read_article(doc)
    asked = {number for start, end in _unknown(doc, known) for number in reading.touching(start, end)}
    return [
        (one.span.start, one.span.end, _LABELS[one.label])
        for one in reading.labelled("entities", asked)
        if one.label in _LABELS and one.score >= _SURE
    ]


def _unknown(doc: Doc, known: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the capitals that stand in no known stretch, and do not only open a sentence."""
    starts, reach = [start for start, _ in known], list(accumulate((end for _, end in known), max))
    for sentence in doc.sents:
        if sentence.end_char - sentence.start_char > _LONGEST:
            continue
        for token in sentence:
            if (
                token.text[0].isupper()
                and (token.i > sentence.start or token.ent_type_ or token.pos_ == "PROPN")
                and not _touches((token.idx, token.idx + len(token), ""), starts, reach)
            ):
                yield token.idx, token.idx + len(token)
                break


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

"""By whose words an act is known.

In: quotes and the parse. Out: the actor who tells of an act, when nobody else vouches for it; what was not said at all.
It finds no quotes.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from typing import TYPE_CHECKING

from tidings.facts import Quote, QuoteStatus, Side

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from tidings.events.candidate import Candidate

__all__ = ["Sayings"]

_TAKEN_AS_TRUE = frozenset("mention know realise realize notice remember forget disclose reveal explain regret".split())
"""Who "did not mention that they met" leaves it to the article that they did."""
_SUBJECTS = ("nsubj", "nsubjpass", "expl", "csubj")


class Sayings:
    """The quotes of an article, looked up by character."""

    def __init__(self, doc: Doc, quotes: Sequence[Quote]) -> None:
        self._doc = doc
        self._quotes = sorted(quotes, key=lambda quote: quote.span.start - quote.span.end)

    def teller(self, candidate: Candidate, source: Sequence[Side]) -> str | None:
        """Return the speaker of the quote an act stands in, None when the article itself tells it.

        Of several it is the innermost that was said; within what was not said nobody has said anything.
        """
        said = list(takewhile(lambda quote: quote.status == "asserted", self._around(candidate)))
        if not said or any(side.actor == said[-1].speaker for side in source):
            return None
        return said[-1].speaker

    def unsaid(self, candidate: Candidate) -> QuoteStatus | None:
        """Return the status of a report that tells of an act and was not made; None where the act is told all the same.

        "Did not say that they met" leaves open whether they did; "did not say why they met" does not.
        """
        for quote in self._around(candidate):
            if quote.status != "asserted" and self._is_left_open(quote):
                return quote.status
        return None

    def _around(self, candidate: Candidate) -> list[Quote]:
        """Return the quotes that hold the trigger, the outermost first."""
        at = candidate.head.idx
        return [quote for quote in self._quotes if any(part.start <= at < part.end for part in quote.parts)]

    def _is_left_open(self, quote: Quote) -> bool:
        """Tell a clause that nobody vouches for from "to meet", from "why they met" and from what is taken as true."""
        clause, cue = (
            self._doc.char_span(*span, alignment_mode="expand") if span is not None else None
            for span in (quote.parts[0], quote.cue)
        )
        if clause is None or clause[0].tag_.startswith("W"):
            return False
        if cue is not None and any(token.lemma_ in _TAKEN_AS_TRUE for token in cue):
            return False
        below = list(clause.root.children)
        return any(c.dep_ in _SUBJECTS for c in below) and not any(c.dep_ == "aux" and c.tag_ == "TO" for c in below)

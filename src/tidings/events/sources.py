"""By whose words an act is known.

In: quotes and the parse. Out: the actor who tells of an act, when nobody else vouches for it; what was not said at all.
It finds no quotes.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from typing import TYPE_CHECKING

from tidings.events.status import TAKEN_AS_TRUE
from tidings.facts import Quote, QuoteStatus, Side

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

    from tidings.events.candidate import Candidate

__all__ = ["Sayings"]

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
        words, cue = (
            self._doc.char_span(*span, alignment_mode="expand") if span is not None else None
            for span in (quote.parts[0], quote.cue)
        )
        clause = _clause(words.root) if words is not None else None
        if clause is None or clause.left_edge.tag_.startswith("W"):
            return False
        reporting = {clause.head.lemma_, *(token.lemma_ for token in cue or ())}
        return quote.status != "denied" or not reporting & TAKEN_AS_TRUE


def _clause(verb: Token) -> Token | None:
    """Return the head of what has a subject of its own: of "to say that they met", "met"; None for "to meet"."""
    if _is_infinitive(verb):
        verb = next((child for child in verb.children if child.dep_ == "ccomp"), verb)
    return verb if not _is_infinitive(verb) and any(child.dep_ in _SUBJECTS for child in verb.children) else None


def _is_infinitive(verb: Token) -> bool:
    return any(child.dep_ == "aux" and child.tag_ == "TO" for child in verb.children)

"""By whose words an act is known.

In: quotes and the parse. Out: the actor who tells of an act, when nobody else vouches for it.
It finds no quotes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tidings.facts import Quote, Side

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from tidings.events.candidate import Candidate

__all__ = ["Sayings"]


class Sayings:
    """The quotes of an article, looked up by character."""

    def __init__(self, doc: Doc, quotes: Sequence[Quote]) -> None:
        self._doc = doc
        self._quotes = sorted(quotes, key=lambda quote: quote.span.end - quote.span.start)

    def quote_of(self, candidate: Candidate) -> Quote | None:
        """Return the innermost quote that holds the trigger."""
        at = candidate.head.idx
        for quote in self._quotes:
            if any(part.start <= at < part.end for part in quote.parts):
                return quote
        return None

    def teller(self, candidate: Candidate, source: Sequence[Side]) -> str | None:
        """Return the speaker of the quote an act stands in, None when the article itself tells it."""
        quote = self.quote_of(candidate)
        if quote is None or quote.speaker is None:
            return None
        return None if any(side.actor == quote.speaker for side in source) else quote.speaker

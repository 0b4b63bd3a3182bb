"""When and where an act happened, as far as its own clause says.

In: a candidate, the time expressions and places of the article, the article's date. Out: an `EventDate`, a place index.
It borrows nothing from another clause: a wrong date is worse than none.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from tidings.facts import EventDate, Place, Timex
from tidings.text import Span

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

    from tidings.events.candidate import Candidate

__all__ = ["Calendar", "Gazetteer"]

BACKGROUND = 31
"""Days after which an act is background (historical), not news."""
_LOCAL = frozenset({"in", "at", "near", "outside", "inside", "around", "across", "off", "along", "throughout"})


class Calendar:
    """The time expressions of an article by the word they hang on."""

    def __init__(self, doc: Doc, times: Sequence[Timex], published: str | None) -> None:
        self.published = _day(published)
        self._by_word: dict[int, list[Timex]] = {}
        for timex in times:
            if timex.type not in ("DATE", "TIME") or timex.begin is None or timex.value is None:
                continue
            marked = doc.char_span(timex.span.start, timex.span.end, alignment_mode="expand")
            if marked is not None and len(marked):
                for word in _anchors(marked.root):
                    self._by_word.setdefault(word.i, []).append(timex)

    def date_of(self, candidate: Candidate) -> Timex | None:
        """Return the time expression in the trigger's own clause."""
        chain = dict.fromkeys([candidate.head.i, candidate.predicate.i])
        up = candidate.predicate
        for _ in range(3):
            if up.dep_ in ("xcomp", "pcomp") and up.head.pos_ in ("VERB", "ADP", "AUX", "ADJ"):
                up = up.head
                chain[up.i] = None
            else:
                break
        for index in chain:
            for timex in self._by_word.get(index, ()):
                return timex
        return self._fronted(up)

    def _fronted(self, verb: Token) -> Timex | None:
        """Return the only date of a sentence, put before all its verbs: "On Monday, X met Y and thanked Z"."""
        first = verb
        while first.dep_ == "conj" and first.head.pos_ in ("VERB", "AUX"):
            if any(child.dep_ in ("nsubj", "nsubjpass") for child in first.children):
                return None
            first = first.head
        if first == verb:
            return None
        sentence = verb.sent
        all_told = {timex for word in sentence for timex in self._by_word.get(word.i, ())}
        own = self._by_word.get(first.i, [])
        subject = next((child for child in first.children if child.dep_ in ("nsubj", "nsubjpass")), first)
        return own[0] if len(all_told) == 1 and own and own[0].span.start < subject.idx else None

    def fact(self, timex: Timex) -> EventDate:
        """Return a time expression as the date of an event."""
        return EventDate(value=timex.value or "", begin=timex.begin, end=timex.end, span=timex.span)

    def of_article(self) -> EventDate | None:
        """Return the article's own day and the one before, for fresh news told without a date."""
        if self.published is None:
            return None
        before = self.published - timedelta(days=1)
        value = self.published.isoformat()
        return EventDate(value=value, begin=before.isoformat(), end=value)

    def is_over(self, timex: Timex) -> bool:
        """Tell whether a time ended before the article's day."""
        end = _day(timex.end)
        return end is not None and self.published is not None and end < self.published

    def is_background(self, when: EventDate | None) -> bool:
        """Tell whether an act lies more than about a month before the article."""
        if when is None or self.published is None or when.end is None:
            return False
        end = _day(when.end)
        return end is not None and (self.published - end).days > BACKGROUND

    def is_ahead(self, when: EventDate | None) -> bool:
        """Tell whether an act lies after the article."""
        begin = _day(when.begin) if when is not None else None
        return begin is not None and self.published is not None and begin > self.published


def _anchors(root: Token) -> list[Token]:
    """Return the noun and the verb a time expression hangs on."""
    found: list[Token] = []
    token = root
    for _ in range(8):
        if token.head == token:
            break
        token = token.head
        # "The accord of 2015 was praised": the year is the noun's, not the verb's.
        if token.lower_ == "of" and token.head.pos_ in ("NOUN", "PROPN") and not found:
            return [token.head]
        if token.pos_ in ("NOUN", "PROPN", "VERB", "AUX"):
            found.append(token)
        if token.pos_ in ("VERB", "AUX"):
            break
    return found


def _day(value: str | None) -> date | None:
    try:
        return date.fromisoformat(value[:10]) if value else None
    except ValueError:
        return None


class Gazetteer:
    """The places of an article by token."""

    def __init__(self, doc: Doc, places: Sequence[Place]) -> None:
        self._by_token: dict[int, int] = {}
        for index, place in enumerate(places):
            marked = doc.char_span(place.span.start, place.span.end, alignment_mode="expand")
            if marked is not None and len(marked):
                self._by_token.setdefault(marked.root.i, index)

    def place_of(self, candidate: Candidate, taken: Sequence[Span]) -> int | None:
        """Return the place that "in", "at" or "near" ties to the trigger itself."""
        for word in dict.fromkeys([candidate.head, candidate.predicate]):
            for child in word.children:
                if child.dep_ == "prep" and child.lower_ in _LOCAL:
                    for noun in child.children:
                        index = self._by_token.get(noun.i)
                        if index is not None and not any(
                            span.covers((noun.idx, noun.idx + len(noun.text))) for span in taken
                        ):
                            return index
        return None

"""Identity: which actor the speaker's words stand for.

In: a passage, the cast and drafts of quotations in text order. Out: an actor id, or None with the reason.
It makes no actors and changes no mention.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from tidings.facts import Cast, Mention
from tidings.quotes.attributions import Draft
from tidings.quotes.passage import Passage
from tidings.quotes.speakers import phrase
from tidings.quotes.stranded import OFFICES
from tidings.text import Span

__all__ = ["Speakers"]

_GENDER = {"he": "m", "she": "f"}
_TITLES = {"Mr": "m", "Mrs": "f", "Ms": "f"}
_SPOKESPEOPLE = frozenset({"spokesman", "spokeswoman", "spokesperson", "representative"})
_REACH = 1500
"""Characters back to which "he" may point."""
_SPOKE, _SUBJECT, _NAMED, _MEANT, _SPOKEN_OF, _LEAST = 2.5, 2.0, 0.6, 0.4, 1.2, 0.6


def _office(word: str) -> str:
    """Bring the words for one office together."""
    return "spokesman" if word in _SPOKESPEOPLE else word


class Speakers:
    """Lead from a draft's speaker to an actor of the cast; asked in text order, it remembers who spoke."""

    def __init__(self, passage: Passage, cast: Cast) -> None:
        self._passage = passage
        self._mentions = sorted(cast.mentions, key=lambda mention: (mention.span, mention.form))
        self._starts = [mention.span.start for mention in self._mentions]
        self._people = {actor.id for actor in cast.actors if actor.type == "person"}
        self._gender = self._titles()
        self._offices_held = self._offices()
        self._last: tuple[str, int] | None = None
        self._last_office: str | None = None

    def of(self, draft: Draft) -> tuple[str | None, str]:
        """Return the actor who speaks, and how that is known."""
        actor, why = self._of(draft)
        if actor is not None:
            self._last = (actor, self._passage.paragraph[draft.pieces[-1][1]])
            word = self._passage.lower[draft.speaker]
            self._last_office = _office(word) if word in OFFICES else None
        return actor, f"{draft.why}; {why}"

    def _of(self, draft: Draft) -> tuple[str | None, str]:
        if draft.name >= 0:
            named = self._known(draft.name)
            if named is not None and named.actor is not None:
                return named.actor, "name parted from its verb"
        if draft.speaker < 0:
            return None, "no words name the speaker"
        mention = self._known(draft.speaker)
        word = self._passage.lower[draft.speaker]
        if word in ("he", "she"):
            actor = self._antecedent(draft, _GENDER[word], mention.actor if mention else None)
            if actor is not None:
                return actor, "pronoun, by who spoke or acted before"
        if word in OFFICES and (mention is None or mention.actor not in self._people):
            actor = self._holder(draft.speaker)
            return (actor, "office") if actor is not None else (None, "nobody is known to hold the speaker's office")
        if mention is not None and mention.actor is not None:
            return mention.actor, mention.form
        return None, "the speaker's words stand for no known actor"

    def _known(self, token: int) -> Mention | None:
        """The mention of a speaker's head word, else the first in its phrase that has an actor."""
        head = self._touching(self._passage.span(token, token))
        if head and head[0].actor is not None:
            return head[0]
        whole = self._touching(self._passage.span(*phrase(self._passage, token)))
        return next((m for m in whole if m.actor is not None), None)

    def _touching(self, span: Span) -> list[Mention]:
        """The mentions that share a character with the span, those with an actor and the longest first."""
        at = bisect_left(self._starts, span.end)
        touching = [m for m in self._mentions[max(0, at - 12) : at] if m.span.end > span.start]
        return sorted(touching, key=lambda m: (m.actor is None, m.span.start - m.span.end, m.span.start))

    def _titles(self) -> dict[str, str]:
        """Gender of each person whose name stands with "Mr." or "Ms."."""
        text, found = self._passage.text, {}
        for mention in self._mentions:
            if mention.form != "name" or mention.actor is None:
                continue
            before = text[max(0, mention.span.start - 5) : mention.span.start].rstrip(". ").rsplit(" ", 1)[-1]
            for word in (before, mention.span.of(text).split(" ", 1)[0].rstrip(".")):
                if word in _TITLES:
                    found.setdefault(mention.actor, _TITLES[word])
        return found

    def _offices(self) -> dict[str, set[str]]:
        """Who is given an office beside the name: "Mayor Ana Ruiz", "Ana Ruiz, the mayor"."""
        p = self._passage
        found: dict[str, set[str]] = {}
        for mention in self._mentions:
            bounds = p.tokens(mention.span) if mention.form == "name" and mention.actor in self._people else None
            if bounds is None or mention.actor is None:
                continue
            first, last = phrase(p, self._head(*bounds))
            for token in range(max(0, min(first, bounds[0])), last + 1):
                if p.lower[token] in OFFICES:
                    found.setdefault(_office(p.lower[token]), set()).add(mention.actor)
        return found

    def _holder(self, token: int) -> str | None:
        """Who holds the office a speaker is called by: the only one named with it, or the last to speak by it."""
        office = _office(self._passage.lower[token])
        if self._last is not None and self._last_office == office:
            return self._last[0]
        holders = self._offices_held.get(office, set())
        return next(iter(holders)) if len(holders) == 1 else None

    def _antecedent(self, draft: Draft, gender: str, meant: str | None) -> str | None:
        """Weigh the people named before a pronoun: who spoke last, who was the subject, who is near.

        `meant` is who the cast thinks it is. Who is named inside the quotation hardly speaks it.
        """
        p, token = self._passage, draft.speaker
        weights: dict[str, float] = {}
        for distance, (actor, head) in enumerate(self._named_before(token)):
            if self._gender.get(actor, gender) != gender:
                continue
            acts = p.dep[head] in ("nsubj", "nsubjpass")
            gap = p.paragraph[token] - p.paragraph[head]
            weight = 0.5 / (1 + distance) + (_SUBJECT if acts else _NAMED) / (1 + gap)
            weights[actor] = max(weights.get(actor, 0.0), weight)
        if self._last is not None and self._last[0] in weights:
            gap = max(0, p.paragraph[token] - self._last[1])
            weights[self._last[0]] += _SPOKE / (1 + gap) if gap <= 2 else 0.0
        if meant in weights:
            weights[meant] += _MEANT
        for actor in self._named_inside(draft):
            if actor in weights:
                weights[actor] -= _SPOKEN_OF
        best = max(weights, key=lambda actor: (weights[actor], actor), default=None)
        return best if best is not None and weights[best] >= _LEAST else None

    def _named_inside(self, draft: Draft) -> set[str]:
        found: set[str] = set()
        for piece in draft.pieces:
            span = self._passage.span(*piece)
            low, high = bisect_left(self._starts, span.start), bisect_left(self._starts, span.end)
            found |= {m.actor for m in self._mentions[low:high] if m.form == "name" and m.actor is not None}
        return found

    def _named_before(self, token: int) -> Iterator[tuple[str, int]]:
        """Yield the people named outside quotation marks before a token, nearest first, with the head of the name."""
        start = self._passage.idx[token]
        for at in range(bisect_left(self._starts, start) - 1, -1, -1):
            mention = self._mentions[at]
            if start - mention.span.end > _REACH:
                return
            if mention.form != "name" or mention.actor not in self._people:
                continue
            bounds = self._passage.tokens(mention.span)
            if bounds is not None and self._passage.region[bounds[0]] < 0:
                yield mention.actor, self._head(*bounds)

    def _head(self, first: int, last: int) -> int:
        head = self._passage.head
        return next((i for i in range(first, last + 1) if not first <= head[i] <= last), last)

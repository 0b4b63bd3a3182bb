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
from tidings.text import Span

__all__ = ["Speakers"]

_GENDER = {"he": "m", "him": "m", "his": "m", "she": "f", "her": "f", "hers": "f", "mr": "m", "mrs": "f", "ms": "f"}
_REACH = 1500
"""Characters back to which "he" may point."""
_SPOKE, _SUBJECT, _OPENS, _LEAST = 2.5, 1.0, 0.5, 0.8


class Speakers:
    """Lead from a draft's speaker to an actor of the cast; asked in text order, it remembers who spoke."""

    def __init__(self, passage: Passage, cast: Cast) -> None:
        self._passage = passage
        self._mentions = sorted(cast.mentions, key=lambda mention: (mention.span, mention.form))
        self._starts = [mention.span.start for mention in self._mentions]
        self._people = {actor.id for actor in cast.actors if actor.type == "person"}
        self._gender = self._genders()
        self._last: tuple[str, int] | None = None

    def of(self, draft: Draft) -> tuple[str | None, str]:
        """Return the actor who speaks, and how that is known."""
        actor, why = self._of(draft)
        if actor is not None:
            self._last = (actor, self._passage.paragraph[draft.pieces[-1][1]])
        return actor, f"{draft.why}; {why}"

    def _of(self, draft: Draft) -> tuple[str | None, str]:
        if draft.name >= 0:
            named = self._known(draft.name)
            if named is not None and named.actor is not None:
                return named.actor, "name parted from its verb"
        if draft.speaker < 0:
            return None, "no words name the speaker"
        mention = self._known(draft.speaker)
        if mention is not None and mention.actor is not None:
            return mention.actor, mention.form
        word = self._passage.lower[draft.speaker]
        if word in ("he", "she"):
            actor = self._antecedent(draft.speaker, _GENDER[word])
            if actor is not None:
                return actor, "pronoun, by who spoke or acted before"
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

    def _genders(self) -> dict[str, str]:
        """Gender of each person, by the pronouns the cast ties to them and by "Mr." and "Ms."."""
        text, votes = self._passage.text, {}
        for mention in self._mentions:
            if mention.actor is None:
                continue
            word = mention.span.of(text).lower()
            if mention.form == "name":
                before = text[max(0, mention.span.start - 5) : mention.span.start].rstrip(". ").rsplit(" ", 1)[-1].lower()
                word = before if before in ("mr", "mrs", "ms") else word.split(" ", 1)[0].rstrip(".")
            if word in _GENDER:
                votes.setdefault(mention.actor, []).append(_GENDER[word])
        return {actor: max(("m", "f"), key=cast.count) for actor, cast in votes.items()}

    def _antecedent(self, token: int, gender: str) -> str | None:
        """Weigh the people named before a pronoun: who spoke last, who was the subject, who is near."""
        p, weights = self._passage, {}
        for distance, (actor, head) in enumerate(self._named_before(token)):
            if self._gender.get(actor, gender) != gender:
                continue
            weight = 1.0 / (1 + distance) + (_SUBJECT if p.dep[head] in ("nsubj", "nsubjpass") else 0.0)
            weight /= 1 + 0.5 * (p.paragraph[token] - p.paragraph[head])
            weights[actor] = max(weights.get(actor, 0.0), weight)
        if self._last is not None and self._last[0] in weights and p.paragraph[token] - self._last[1] <= 2:
            weights[self._last[0]] += _SPOKE / (1 + max(0, p.paragraph[token] - self._last[1]))
        best = max(weights, key=lambda actor: (weights[actor], actor), default=None)
        return best if best is not None and weights[best] >= _LEAST else None

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

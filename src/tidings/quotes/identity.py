"""Identity: which actor the speaker's words stand for.

In: a passage, the cast and drafts of quotations in text order. Out: an actor id, or None with the reason.
It makes no actors and changes no mention.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping

from tidings.facts import Cast, Mention
from tidings.quotes.attributions import Draft
from tidings.quotes.contents import Piece
from tidings.quotes.passage import Passage
from tidings.quotes.speakers import phrase
from tidings.quotes.stranded import OFFICES
from tidings.text import Span

__all__ = ["Speakers"]

_TITLES = {"Mr": 0.98, "Mrs": 0.02, "Ms": 0.02}
_SURE = 0.9
"""How likely the other gender must be for a person not to be meant by "he" or "she"."""
_SPOKESPEOPLE = frozenset({"spokesman", "spokeswoman", "spokesperson", "representative"})
_WHOSE = ("compound", "poss", "nmod", "amod")
_BODIES = frozenset(
    "agency airline army association bank board broadcaster channel church club commission committee company council "
    "court department faction federation firm force foundation government group guard house institute league magazine "
    "militia ministry movement navy network newspaper organisation organization outlet paper parliament party police "
    "senate service staff station think-tank union university website".split()
)
"""What a name may stand before that tells what it is: "the Xinhua news agency"."""
_DOCUMENTS = frozenset(
    "analysis assessment bulletin communique communiqué data document figure guidance guideline letter manual memo "
    "paper poll report review statement statistic study survey".split()
)
"""What says what its author says: "according to a ministry statement"."""
_REALMS = frozenset("city county district kingdom municipality province region republic state town village".split())
"""What "of" joins to its own name: "the city of Oslo"."""
_REACH = 1500
"""Characters back to which "he" may point."""
_SPOKE, _SUBJECT, _CLAUSE, _NAMED, _MEANT, _SPOKEN_OF, _LEAST = 2.5, 2.2, 3.0, 0.6, 0.4, 1.2, 0.6
"""What speaks for and against whom a pronoun means; `_CLAUSE` for the subject of its own sentence."""


def _office(word: str) -> str:
    """Bring the words for one office together."""
    return "spokesman" if word in _SPOKESPEOPLE else word


class Speakers:
    """Lead from a draft's speaker to an actor of the cast; asked in text order, it remembers who spoke."""

    def __init__(self, passage: Passage, cast: Cast) -> None:
        self._passage = passage
        self._mentions = sorted(cast.mentions, key=lambda mention: (mention.span, mention.form))
        self._starts = [mention.span.start for mention in self._mentions]
        self._types = {actor.id: actor.type for actor in cast.actors}
        self._people = {actor.id for actor in cast.actors if actor.type == "person"}
        self._countries = {actor.id: actor.country for actor in cast.actors if actor.country is not None}
        self._men = {**cast.men, **self._titles()}
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
            named = self._known(draft.name, None)
            if named is not None and named.actor is not None:
                return named.actor, "name parted from its verb"
        if draft.speaker < 0:
            return None, "no words name the speaker"
        mention = self._known(draft.speaker, draft.words)
        word = self._passage.lower[draft.speaker]
        if word in ("he", "she"):
            actor = self._antecedent(draft, word, mention.actor if mention else None)
            return actor, "pronoun, by who spoke or acted before" if actor else "nobody is surely meant by the pronoun"
        if word in OFFICES and (mention is None or mention.actor not in self._people):
            actor = None if self._is_misparsed(draft.speaker) else self._holder(draft.speaker)
            if actor is not None:
                return actor, "office"
            body = self._spoken_for(draft.speaker) if word.startswith("spokes") else None
            return (body, "spoken for") if body else (None, "nobody is known to hold the speaker's office")
        if mention is not None and mention.actor is not None:
            return mention.actor, mention.form
        return None, "the speaker's words stand for no known actor"

    def _known(self, token: int, words: Piece | None) -> Mention | None:
        """The mention of a speaker's head word, else one of its phrase that says who that is.

        "Another officer, John Cannon" is Cannon; "Lund's sister", "analysts in Oslo" and "the Danish study" are nobody
        known, though their phrases name somebody.
        """
        head = self._touching(self._passage.span(token, token))
        if head and head[0].actor is not None:
            return head[0]
        stretches: list[Piece] = [phrase(self._passage, token)]
        if words is not None and words not in stretches:
            stretches.append(words)
        for bounds in stretches:
            for mention in self._touching(self._passage.span(*bounds)):
                if mention.actor is None:
                    continue
                if self._says_who(mention, token) or self._ends(mention, bounds):
                    return mention
        return None

    def _says_who(self, mention: Mention, token: int) -> bool:
        """Tell whether a mention names the body or the author that a word speaks of, or stands in apposition to it."""
        p = self._passage
        bounds = p.tokens(mention.span)
        if bounds is None or p.lower[bounds[0] - 1 : bounds[0]] == ["("]:
            return False
        at = self._head(*bounds)
        if mention.label == "ORG" and mention.form in ("name", "metonym"):
            if p.head[at] == token and p.dep[at] == "compound" and p.lemma[token] in _BODIES:
                return True
            if p.lemma[token] in _DOCUMENTS and self._is_author(at, token):
                return True
        if p.lemma[token] == "office" and p.dep[at] == "poss" and mention.label == "PERSON":
            return p.head[at] == token  # what an official's office says, the official stands for
        if p.lemma[token] in _REALMS and p.dep[at] == "pobj" and p.lower[p.head[at]] == "of":
            return p.head[p.head[at]] == token
        return token in self._apposed(at) or at in self._apposed(token)

    def _ends(self, mention: Mention, bounds: Piece) -> bool:
        """Tell "the chief of staff of the army, Peter Holm", whom the parse hangs on the army."""
        p, name = self._passage, self._passage.tokens(mention.span)
        if mention.label != "PERSON" or mention.form != "name" or name is None or name[0] - 1 <= bounds[0]:
            return False
        office = next((p.lower[at] for at in range(bounds[0], name[0]) if p.pos[at] == "NOUN"), "")
        last = next((at for at in range(bounds[1], name[1], -1) if not p.is_mark(at)), name[1])
        return office in OFFICES and p.lower[name[0] - 1] == "," and last == name[1]

    def _is_author(self, at: int, document: int) -> bool:
        """Tell "the bank's report", "a bank report" and "a report by the bank" from "a report on the bank"."""
        p = self._passage
        by = p.head[at]
        if p.dep[at] == "pobj" and p.lower[by] in ("of", "by", "from"):
            return p.head[by] == document
        return by == document and p.dep[at] in ("poss", "compound", "nmod")

    def _is_misparsed(self, token: int) -> bool:
        """Tell "Ana Ruiz Berates Senator": a person's name is no part of an office."""
        whole = self._touching(self._passage.span(*phrase(self._passage, token)))
        spots = ((m, self._passage.tokens(m.span)) for m in whole if m.form == "name" and m.actor in self._people)
        heads = [self._head(*bounds) for _, bounds in spots if bounds is not None]
        return any(self._passage.head[at] == token and self._passage.dep[at] == "compound" for at in heads)

    def _apposed(self, at: int) -> Iterator[int]:
        """Yield the words that a word is in apposition to: not "friends" in "friends of mayor Peter Holm"."""
        p = self._passage
        while p.dep[at] == "appos" and p.head[at] != at:
            before = p.left[at] - 1
            if p.head[at] < before and p.lower[before] in OFFICES:
                return
            at = p.head[at]
            yield at

    def _touching(self, span: Span) -> list[Mention]:
        """The mentions that share a character with the span, those with an actor and the longest first."""
        at = bisect_left(self._starts, span.end)
        touching = [m for m in self._mentions[max(0, at - 12) : at] if m.span.end > span.start]
        return sorted(touching, key=lambda m: (m.actor is None, m.span.start - m.span.end, m.span.start))

    def _titles(self) -> dict[str, float]:
        """How likely each person whose name stands with "Mr." or "Ms." is a man."""
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
        """Who holds the office a speaker is called by: the last to speak by it, or the only one named with it.

        No British secretary is "the American secretary".
        """
        office = _office(self._passage.lower[token])
        named = self._touching(self._passage.span(*phrase(self._passage, token)))
        whose = {self._countries[m.actor] for m in named if m.actor in self._countries}
        last = {self._last[0]} if self._last is not None and self._last_office == office else set()
        for holders in (last, self._offices_held.get(office, set())):
            fitting = [one for one in holders if not whose or self._countries.get(one) in (None, *whose)]
            if len(fitting) == 1:
                return fitting[0]
        return None

    def _spoken_for(self, token: int) -> str | None:
        """Who has its words said by somebody without a name: "a spokesman for Hamas", "a Kremlin spokeswoman".

        Persons answer for their own words alone, and a town has none.
        """
        p = self._passage
        ties = [p.child(at, "pobj") for at in p.children[token] if p.lower[at] in ("for", "of")]
        before = [at for at in p.children[token] if at < token and p.dep[at] in _WHOSE]
        for at in [at for at in ties if at is not None][:1] or before[-1:]:
            for mention in self._touching(p.span(at, at)):
                if mention.actor is not None and self._types[mention.actor] not in ("person", "place"):
                    return mention.actor
        return None

    def _antecedent(self, draft: Draft, pronoun: str, meant: str | None) -> str | None:
        """Weigh the people named before a pronoun: who spoke last, who was the subject, who is near.

        `meant` is who the cast thinks it is. Who is named inside the quotation hardly speaks it.
        """
        p, token = self._passage, draft.speaker
        weights: dict[str, float] = {}
        for distance, (actor, head) in enumerate(self._named_before(token)):
            acts = p.dep[self._leading(head)] in ("nsubj", "nsubjpass")
            gap = p.paragraph[token] - p.paragraph[head]
            weight = 0.5 / (1 + distance) + (_SUBJECT if acts else _NAMED) / (1 + gap)
            if acts and p.sentence[token] == p.sentence[head]:
                weight += _CLAUSE
            weights[actor] = max(weights.get(actor, 0.0), weight)
        if self._last is not None and self._last[0] in weights:
            gap = max(0, p.paragraph[token] - self._last[1])
            weights[self._last[0]] += _SPOKE / (1 + gap) if gap <= 2 else 0.0
        if meant in self._people:
            weights[meant] = max(weights.get(meant, 0.0) + _MEANT, _LEAST)
        for actor in self._named_inside(draft):
            if actor in weights:
                weights[actor] -= _SPOKEN_OF
        return self._heaviest(weights, pronoun)

    def _leading(self, head: int) -> int:
        """Return the word whose place in the sentence is that of a name: "Lund's speech", "his deputy, Ada Lund"."""
        p = self._passage
        apposed = [head, *self._apposed(head)][-1]
        return p.head[apposed] if p.dep[apposed] == "poss" else apposed

    def _heaviest(self, weights: Mapping[str, float], pronoun: str) -> str | None:
        """Return who weighs most of those of the right gender; behind one of the wrong gender it must be known."""
        doubtful = False
        for actor in sorted(weights, key=lambda actor: (weights[actor], actor), reverse=True):
            man = self._men.get(actor, 0.5)
            agrees = man if pronoun == "he" else 1 - man
            if weights[actor] < _LEAST:
                break
            if agrees >= (_SURE if doubtful else 1 - _SURE):
                return actor
            doubtful = True
        return None

    def _named_inside(self, draft: Draft) -> set[str]:
        found: set[str] = set()
        for piece in draft.pieces:
            span = self._passage.span(*piece)
            low, high = bisect_left(self._starts, span.start), bisect_left(self._starts, span.end)
            found |= {m.actor for m in self._mentions[low:high] if m.form == "name" and m.actor is not None}
        return found

    def _named_before(self, token: int) -> Iterator[tuple[str, int]]:
        """Yield the people named or described outside quotation marks before a token, nearest first, with the head."""
        start = self._passage.idx[token]
        for at in range(bisect_left(self._starts, start) - 1, -1, -1):
            mention = self._mentions[at]
            if start - mention.span.end > _REACH:
                return
            if mention.form not in ("name", "nominal") or mention.actor not in self._people:
                continue
            bounds = self._passage.tokens(mention.span)
            if bounds is not None and self._passage.region[bounds[0]] < 0:
                yield mention.actor, self._head(*bounds)

    def _head(self, first: int, last: int) -> int:
        head = self._passage.head
        return next((i for i in range(first, last + 1) if not first <= head[i] <= last), last)

"""The reading of one article: its names, the mentions written down so far, and the actors on stage.

In: the parse and the article's day. Out: the `Cast`, once `naming` and `anaphora` have written their mentions down.
It decides nothing about whom a mention means.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from tidings.actors import knowledge
from tidings.actors.casting import Part, Placed, Troupe
from tidings.actors.coreference import quoted
from tidings.actors.reading import sentence_numbers, text_of
from tidings.actors.spans import Named, named_stretches
from tidings.facts import Cast, Mention, MentionForm
from tidings.syntax import datelines
from tidings.text import Span

if TYPE_CHECKING:
    from spacy.tokens import Doc

__all__ = ["Stage"]


class Stage:
    """The reading of one article, step by step; lives as long as `find_actors` runs."""

    def __init__(self, doc: Doc, day: str | None) -> None:
        self.doc = doc
        self.text = text_of(doc)
        self.troupe = Troupe(day)
        self.starts = [token.idx for token in doc]
        self.sentences = sentence_numbers(doc)
        self.inside = quoted(doc)
        self.named = named_stretches(doc)
        self.lines = datelines(self.text)
        self.owners: dict[int, str] = {}
        self.told: dict[int, set[str]] = {}
        self.near = self._near()
        self.mentions: dict[tuple[int, int], Mention] = {}
        self.placed: list[Placed] = []
        self.names: list[Placed] = []
        self.name_starts: list[int] = []
        self.strangers: list[int] = []
        self.guessed: set[str] = set()
        self.ends: set[int] = set()

    def _near(self) -> list[str]:
        """Return the countries the article names, the most named first."""
        counts: dict[str, int] = {}
        for one in self.named:
            key = one.sighting.key if one.sighting else ""
            if one.sighting and one.sighting.kind == "known":
                key = knowledge.known_names()[key][0].country
                key = key if key in ("EUR", "UNO") else ""
            elif one.sighting and one.sighting.kind not in ("country", "demonym", "capital", "seat"):
                key = ""
            if key:
                counts[key] = counts.get(key, 0) + 1
            if one.sighting and one.sighting.kind in ("country", "demonym"):
                for at in range(self.token_at(one.start), self.token_at(one.end - 1) + 1):
                    self.owners.setdefault(at, one.sighting.key)
                self.told.setdefault(self.sentence_at(one.start), set()).add(one.sighting.key)
        return sorted(counts, key=lambda country: -counts[country])

    def token_at(self, offset: int) -> int:
        """Return the token that holds a character."""
        return max(0, bisect_right(self.starts, offset) - 1)

    def sentence_at(self, offset: int) -> int:
        """Return the number of the sentence that holds a character."""
        return self.sentences[self.token_at(offset)]

    def put(
        self,
        start: int,
        end: int,
        form: MentionForm,
        label: str,
        part: Part | None,
        score: float,
        why: str | None = None,
    ) -> None:
        """Write down a mention, once for each stretch."""
        if (start, end) in self.mentions or start >= end:
            return
        self.mentions[start, end] = Mention(
            span=Span(start, end),
            form=form,
            label=label,
            score=round(score, 4),
            actor=part.id if part else None,
            why=why,
        )
        if part is not None:
            self.placed.append(Placed(start, end, part, form, self.sentence_at(start)))
            self.ends.add(end)
            if form == "name":
                part.aliases.setdefault(self.text[start:end], None)

    def owner(self, at: int) -> str | None:
        """Return the country right before a name: "Russia's Supreme Court", "the Indian Navy"."""
        for back in range(at - 1, max(-1, at - 4), -1):
            if back in self.owners:
                return self.owners[back]
            if self.doc[back].text not in ("'s", "’s", "the"):
                break
        return None

    def only_country(self, name: Named) -> str | None:
        """Return the one country its sentence names."""
        keys = self.told.get(self.sentence_at(name.start), set())
        return next(iter(keys)) if len(keys) == 1 else None

    def finish(self) -> Cast:
        """Return the cast: mentions in text order, and the actors they name in order of appearance."""
        mentions = tuple(sorted(self.mentions.values(), key=lambda m: (m.span.start, -m.span.end)))
        order = dict.fromkeys(m.actor for m in mentions if m.actor)
        for key in list(order):
            for member in key.split("+") if "+" in key else ():
                order.setdefault(member, None)
        parts = [self.troupe.parts[key] for key in order if key in self.troupe.parts]
        men = {part.id: part.man for part in parts if part.man is not None and part.id not in self.guessed}
        return Cast(actors=tuple(map(self.troupe.actor, parts)), mentions=mentions, men=men)

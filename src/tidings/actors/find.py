"""All actors of an article and every mention of them.

In: the parse and the article. Out: the `Cast`.
It ties first persons inside quotes to nobody: `cast_speakers` does, once the quotes are found.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tidings.actors import knowledge
from tidings.actors.agents import sector_of
from tidings.actors.casting import Part, Troupe
from tidings.actors.coreference import PRONOUNS, Candidate, antecedent, candidate, commands, quoted
from tidings.actors.descriptions import Placed, described, means
from tidings.actors.names import fold
from tidings.actors.reading import sentence_numbers, text_of
from tidings.actors.roles import RolePhrase, roles_of
from tidings.actors.spans import TITLES, Named, named_stretches
from tidings.facts import Article, Cast, Mention, MentionForm
from tidings.syntax import datelines
from tidings.text import Span

if TYPE_CHECKING:
    from spacy.tokens import Doc

__all__ = ["find_actors"]

LONGEST = 200_000
"""Characters of an article in which pronouns and descriptions are read; names are read everywhere."""

_LONGEST_NAME = 120
_OCCASIONS = frozenset(
    """talk talks meeting summit conference accord accords agreement treaty protocol convention memorandum declaration
    process round session attack bombing""".split()
)
_OF_SPEECH = frozenset("speak teach learn study read write say translate publish broadcast fluent sing".split())
_OF_CULTURE = frozenset(
    "language dialect accent literature food cuisine restaurant dish cooking coffee tea beer wine cheese".split()
)
"""Nouns behind a demonym that name a tongue or a kitchen, of which no country is the actor."""
_SPOKESPEOPLE = frozenset({"spokesman", "spokeswoman", "spokesperson"})
_SPEAKING_BODIES = frozenset("ministry government department embassy army military navy police office".split())
_STILL = frozenset("be have lie become remain stand host".split())
"""What towns do."""
_SIGHT = 100
"""Tokens before a pronoun in which others may stand nearer than whom it is taken for."""
_FIRST = {"i": "first person", "we": "first person plural", "you": "second person"}


def find_actors(doc: Doc, *, article: Article) -> Cast:
    """Find who an article speaks of, on the day it was published.

    >>> from tidings.syntax import parse
    >>> text = "The Kremlin rejected the plan."
    >>> cast = find_actors(parse(text), article=Article(text=text))
    >>> [(m.span.of(text), m.form, m.actor) for m in cast.mentions]
    [('Kremlin', 'metonym', 'RUS.GOV')]
    """
    if not len(doc):
        return Cast()
    stage = _Stage(doc, article.published.value if article.published else None)
    stage.cast_names()
    stage.cast_roles()
    if len(text_of(doc)) <= LONGEST:
        stage.cast_rest()
    return stage.finish()


class _Stage:
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
        return max(0, bisect_right(self.starts, offset) - 1)

    def sentence_at(self, offset: int) -> int:
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

    # ------------------------------------------------------------------ names

    def cast_names(self) -> None:
        """Cast full names first, so that a surname in the headline finds its person."""
        people = [one for one in self.named if one.label == "PERSON"]
        cast: dict[tuple[int, int], Part | None] = {}
        roles: dict[tuple[int, int], list[RolePhrase]] = {}
        for one in sorted(people, key=lambda one: (" " not in self.text[one.start : one.end], one.start)):
            key = (one.start, one.end)
            roles[key] = roles_of(self.doc, *key)
            title = self.text[max(0, one.start - 14) : one.start].split()[-1:]
            before = title[0] if title and title[0].lower() in TITLES else ""
            cast[key] = self.troupe.person(self.text[one.start : one.end], before, roles[key], self.near)
        for one in self.named:
            if one.label == "PERSON":
                part = cast[one.start, one.end]
                known = part is not None and part.person is not None
                self.put(
                    one.start,
                    one.end,
                    "name",
                    "PERSON",
                    part,
                    0.95 if known else 0.85 if part else 0.6,
                    None if part else "a bare name nobody here is known by",
                )
            else:
                self._cast_name(one)

    def _is_language(self, one: Named) -> bool:
        """Tell "speaks Russian" and "Russian was banned" from Russian officials: the word alone, no one's people."""
        word = self.doc[self.token_at(one.end - 1)]
        if word.dep_ in ("amod", "compound", "nmod") and word.head.i == word.i + 1:
            return word.head.lemma_.lower() in _OF_CULTURE
        alone = not any(child.dep_ in ("det", "amod", "poss", "nummod", "compound") for child in word.children)
        if not alone or word.lower_.endswith("s") or word.tag_ == "NNPS":
            return False
        above = word
        while above.dep_ == "conj":
            above = above.head
        if above.dep_ == "dobj":
            return above.head.lemma_ in _OF_SPEECH
        return above.dep_ == "pobj" and above.head.lower_ in ("in", "into") and above.head.head.lemma_ in _OF_SPEECH

    def _cast_name(self, one: Named) -> None:
        name = self.text[one.start : one.end]
        seen = one.sighting
        if seen is None:
            self._cast_unsighted(one, name)
        elif seen.kind == "country":
            self.put(one.start, one.end, "name", "GPE", self.troupe.country(seen.key), 0.97)
        elif seen.kind == "demonym" and self._is_language(one):
            self.put(one.start, one.end, "adjective", "NORP", None, 0.8, "a language or way of living")
        elif seen.kind == "demonym":
            self.put(one.start, one.end, "adjective", "NORP", self.troupe.country(seen.key), 0.95)
        elif seen.kind == "seat":
            self.put(
                one.start,
                one.end,
                "metonym",
                "FAC" if name in ("White House", "Downing Street") else "GPE",
                self.troupe.government(seen.key),
                0.9,
                "seat of a government",
            )
        elif seen.kind == "capital":
            self._cast_capital(one, name, seen.key)
        elif seen.kind == "known":
            form: MentionForm = "adjective" if one.label == "NORP" else "name"
            owner = self._owner(self.token_at(one.start))
            self.put(one.start, one.end, form, one.label, self.troupe.known(seen.key, owner, self.near), 0.93)
        else:
            self.put(one.start, one.end, "name", one.label, self.troupe.coded(one, name), 0.8, "PETRARCH2 dictionary")

    def _cast_capital(self, one: Named, name: str, country: str) -> None:
        from tidings.actors.metonymy import sense_in

        setting = any(line.covers((one.start, one.end)) for line in self.lines) or self._is_of_occasion(one)
        sense, sure = ("place", 0.95) if setting else sense_in(self.doc, (one.start, one.end))
        if sense == "government":
            self.put(
                one.start,
                one.end,
                "metonym",
                "GPE",
                self.troupe.government(country),
                sure,
                "capital standing for the government",
            )
        else:
            self.put(
                one.start,
                one.end,
                "name",
                "GPE",
                self.troupe.place(name, country),
                0.85,
                None if sense == "place" else f"stands for {sense}",
            )

    def _is_of_occasion(self, one: Named) -> bool:
        """Tell a capital that only names where talks were held: "the Vienna talks", "the Oslo accords"."""
        word = self.doc[self.token_at(one.end - 1)]
        above = word.head
        return word.dep_ in ("compound", "nmod", "amod") and above.i > word.i and above.lemma_.lower() in _OCCASIONS

    def _cast_unsighted(self, one: Named, name: str) -> None:
        if one.label == "ORG" or (one.label == "NORP" and self.troupe.longer(name)):
            at = self.token_at(one.start)
            owner = self._owner(at)
            if name == "House" and not owner and "USA" in self.near:
                self.put(one.start, one.end, "name", "ORG", self.troupe.known("House of Representatives", "USA"), 0.75)
                return
            sector = sector_of(name)
            near = owner or (self._only_country(one) if sector and sector[0] not in ("BUS", "UNK", "SOC") else None)
            if fold(name) == "parliament" and not owner:
                near = self.near[0] if self.near else None
            stated = roles_of(self.doc, one.start, one.end)
            body = self.troupe.organisation(name, near, stated)
            self.put(one.start, one.end, "name", "ORG", body, 0.75)
        elif one.label == "NORP":
            part = self.troupe.known("West") if fold(name) == "western" else None
            self.put(
                one.start, one.end, "adjective", "NORP", part, 0.8 if part else 0.6, None if part else "no country"
            )
        else:
            country = "USA" if name == "Georgia" else knowledge.country_places().get(fold(name))
            self.put(one.start, one.end, "name", one.label, self.troupe.place(name, country), 0.75)

    def _owner(self, at: int) -> str | None:
        """Return the country right before a name: "Russia's Supreme Court", "the Indian Navy"."""
        for back in range(at - 1, max(-1, at - 4), -1):
            if back in self.owners:
                return self.owners[back]
            if self.doc[back].text not in ("'s", "’s", "the"):
                break
        return None

    def _only_country(self, name: Named) -> str | None:
        """Return the one country its sentence names."""
        keys = self.told.get(self.sentence_at(name.start), set())
        return next(iter(keys)) if len(keys) == 1 else None

    def cast_roles(self) -> None:
        """Write down the stated roles as descriptions of their persons and learn country and office from them."""
        # Whoever is somebody's deputy comes after that one.
        for part in sorted(self.troupe.persons, key=lambda part: any(role.bound for role in part.stated)):
            for role in part.stated:
                part.kind = part.kind or role.kind
                if part.person is None:
                    part.country = part.country or role.country or self._role_country(role)
                    part.sector = part.sector or role.sector
                    body = self._role_body(role)
                    if role.bound and part.sector is None:
                        part.country, part.sector = self._whose(role, part)
                    if body is not None and body.sector == "CVL" and part.sector in ("JUD", "GOV", "CVL", None):
                        part.sector, part.civic = "CVL", True
                    elif body is not None and body.sector == "REB" and part.sector in ("GOV", None):
                        part.sector = "REB"
                self.put(role.span.start, role.span.end, "nominal", "PERSON", part, 0.9, "title or apposition")

    def _whose(self, role: RolePhrase, part: Part) -> tuple[str | None, str | None]:
        """Return country and sector of "Lund's deputy": those of Lund."""
        owner = next((p.part for p in self.placed if role.span.covers((p.start, p.end)) and p.part != part), None)
        return (part.country, None) if owner is None else (part.country or owner.country, owner.sector)

    def _role_country(self, role: RolePhrase) -> str | None:
        body = self._role_body(role)
        if body is not None and body.country:
            return body.country
        owner = self._owner(self.token_at(role.span.start))  # "Norway's President Carl Moe"
        if owner is not None:
            return owner
        return self._spoken_for(role) if fold(role.title) in _SPOKESPEOPLE else None

    def _spoken_for(self, role: RolePhrase) -> str | None:
        """Return the country of the body that acts right before: "China's foreign ministry rejected it. Spokesman"."""
        first = self.doc[self.token_at(role.span.start)].sent.start
        if first == 0:
            return None
        acting = [child for child in self.doc[first - 1].sent.root.children if child.dep_ == "nsubj"]
        if not acting or acting[0].lemma_.lower() not in _SPEAKING_BODIES:
            return None
        whose = {self.owners[token.i] for token in acting[0].subtree if token.i in self.owners}
        return whose.pop() if len(whose) == 1 else None

    def _role_body(self, role: RolePhrase) -> Part | None:
        """Return the body a role belongs to: one named inside it, or for "the organisation" the last one named."""
        inside = [p for p in self.placed if role.span.covers((p.start, p.end)) and p.part.type != "person"]
        if inside:
            return inside[0].part
        if re.search(r"\bthe (?:\w+ )?(?:organi[sz]ation|group|association|company|party)\b", role.title):
            earlier = [p for p in self.placed if p.end <= role.span.start and p.part.type == "organisation"]
            inner = sorted(earlier, key=lambda p: p.start)
            return next((p.part for p in reversed(inner) if p.part.sector != "JRN" and len(p.part.name) > 4), None)
        return None

    # ------------------------------------------------------------------ descriptions and pronouns

    def cast_rest(self) -> None:
        """Walk through the text once, tying descriptions and pronouns to what stands before them."""
        self.strangers = [
            start
            for (start, _), one in sorted(self.mentions.items())
            if one.label == "PERSON" and one.form == "name" and one.actor is None
        ]
        self.placed.sort(key=lambda p: (p.start, -p.end))
        names = list(self.placed)
        self.names, self.name_starts = names, [p.start for p in names]
        spans = [s for s in described(self.doc) if tuple(s) not in self.mentions and not self._is_name(s)]
        steps: list[tuple[int, int, bool]] = [(s.start, s.end, False) for s in spans]
        steps += [
            (t.idx, t.idx + len(t), True)
            for t in self.doc
            if t.lower_ in PRONOUNS and t.pos_ in ("PRON", "DET") and t.text != "US"
        ]
        steps.sort(key=lambda step: (step[0], step[1]))
        before: list[Placed] = []
        candidates: list[Candidate] = []
        numbers: dict[str, int] = {}
        at = 0
        for start, end, is_pronoun in steps:
            while at < len(names) and names[at].start < start:
                before.append(names[at])
                candidates.append(self._candidate(names[at], numbers))
                at += 1
            found = (
                self._pronoun(start, end, candidates, names[at : at + 6], numbers)
                if is_pronoun
                else self._description(start, end, before)
            )
            if found:
                placed = Placed(start, end, found, "pronoun" if is_pronoun else "nominal", self.sentence_at(start))
                if found.type != "group" or not is_pronoun:
                    before.append(placed)
                if not self._named_counterpart(Span(start, end)):  # who is named right after is there already
                    candidates.append(self._candidate(placed, numbers))

    def _names_near(self, start: int, end: int) -> list[Placed]:
        """Return the names that begin inside a stretch, or so shortly before that they may reach into it."""
        return self.names[bisect_left(self.name_starts, start - _LONGEST_NAME) : bisect_left(self.name_starts, end)]

    def _is_name(self, span: Span) -> bool:
        """Tell whether a noun phrase is a name with its article, or ends in a person's name."""
        return any(
            (n.start <= span.start + 4 and span.end <= n.end)
            or (n.part.type == "person" and n.form == "name" and span.start <= n.start and span.end <= n.end + 2)
            for n in self._names_near(span.start, span.end)
        )

    def _description(self, start: int, end: int, before: Sequence[Placed]) -> Part | None:
        span = Span(start, end)
        found = self._named_counterpart(span) or means(
            self.doc, span, self.troupe, before[-60:], self._placed_near(start, end), self.sentence_at(start)
        )
        if found is None:
            return None
        part, score, why = found
        label = {"person": "PERSON", "country": "GPE", "government": "GPE"}.get(part.type, "ORG")
        self.put(start, end, "nominal", label, part, score, why)
        return part

    def _named_counterpart(self, span: Span) -> tuple[Part, float, str] | None:
        """Return whom the name right after means: "his Danish counterpart, Ada Berg"."""
        if not span.of(self.text).lower().endswith("counterpart") or not self.text.startswith(", ", span.end):
            return None
        start = span.end + 2
        part = next((n.part for n in self._names_near(start, start + 1) if n.start == start), None)
        return (part, 0.9, f"is {part.name}") if part is not None and part.type == "person" else None

    def _placed_near(self, start: int, end: int) -> list[Placed]:
        return [p for p in self._names_near(start, end) if start <= p.start and p.end <= end]

    def _candidate(self, one: Placed, numbers: dict[str, int]) -> Candidate:
        kind = {
            "person": "person",
            "organisation": "organisation",
            "group": "group",
            "government": "place",
            "country": "place",
            "place": "place",
        }.get(one.part.type, "thing")
        # "Hamas said it" and "Hamas said they", so does the opposition, but the rebels are only "they".
        several = kind == "group" and self.doc[self.token_at(one.end - 1)].tag_ not in ("NN", "NNP")
        if kind == "group" and not several:
            kind = "organisation"
        number = numbers.setdefault(one.part.id, len(numbers))
        made = candidate(
            self.doc,
            one.start,
            one.end,
            kind=kind,
            man=one.part.man,
            cluster=number,
            sentences=self.sentences,
            inside=self.inside,
        )
        return made._replace(plural=several)

    def _pronoun(
        self, start: int, end: int, candidates: Sequence[Candidate], later: Sequence[Placed], numbers: dict[str, int]
    ) -> Part | None:
        word = self.text[start:end].lower()
        kind = PRONOUNS[word]
        if kind in _FIRST:
            self.put(start, end, "pronoun", "PERSON", None, 0.5, _FIRST[kind])
            return None
        own = candidate(
            self.doc, start, end, kind="pronoun", man=None, cluster=-1, sentences=self.sentences, inside=self.inside
        )
        ids = {number: key for key, number in numbers.items()}
        if kind == "who":
            near = [
                c for c in candidates if c.end <= start and 0 <= start - c.end < 4 and c.kind in ("person", "group")
            ]
            part = self.troupe.parts[ids[near[-1].cluster]] if near else None
            if part:
                self.put(start, end, "pronoun", "PERSON", part, 0.9, "relative")
            return part
        if kind == "it" and self._is_empty_it(start):
            return None
        usable = [c for c in candidates if not self._is_adjective(c)] if kind in ("it", "they") else list(candidates)
        ahead = [self._candidate(p, numbers) for p in later]
        ids = {number: key for key, number in numbers.items()}
        others = {c.cluster for c in ahead if not self._is_adjective(c) and self._is_commanded(c, own)}
        barred = {number for number, key in ids.items() if any(ids[other] in key.split("+") for other in others)}
        runs_ahead = kind in ("he", "she") and not usable
        found = antecedent(own, word, self.doc, usable[-40:], ahead if runs_ahead else (), barred)
        floor = 0.62 if kind in ("it", "they") else 0.5
        if found is None or found[1] < floor:
            return None
        part = self.troupe.parts[ids[found[0].cluster]]
        if kind in ("he", "she") and self._is_passed_over(found[0].start, start):
            self.put(start, end, "pronoun", "PERSON", None, 0.5, "the last to act is nobody known")
            return None
        verb = self.doc[own.token].head
        if part.type == "place" and own.role in ("main", "subject") and verb.lemma_ not in _STILL:
            return None  # no town says or does anything: the paper or the court that does is not known here
        if kind == "they" and part.type != "person" and self._is_crowded_out(found[0], own):
            self.put(start, end, "pronoun", "ORG", None, 0.5, "several people nobody is known by stand nearer")
            return None
        if part.man is None and part.type == "person" and kind in ("he", "she"):
            part.man = 0.9 if kind == "he" else 0.1
            self.guessed.add(part.id)
        self.put(
            start,
            end,
            "pronoun",
            "PERSON" if part.type == "person" else "ORG",
            part,
            found[1],
            f"taken up: {part.name}",
        )
        return part

    def _is_commanded(self, name: Candidate, pronoun: Candidate) -> bool:
        return name.sentence == pronoun.sentence and commands(self.doc[pronoun.token], self.doc[name.token])

    def _is_passed_over(self, antecedent: int, pronoun: int) -> bool:
        """Tell whether a bare name nobody is known by is the subject between an antecedent and "he" right after."""
        return any(
            antecedent < start < pronoun
            and self.sentence_at(pronoun) - self.sentence_at(start) == 1
            and self.doc[self.token_at(start)].dep_ in ("nsubj", "nsubjpass")
            for start in self.strangers
        )

    def _is_crowded_out(self, antecedent: Candidate, pronoun: Candidate) -> bool:
        """Tell "the court met. Hundreds of miners marched": they are nearer, several, and the subject."""
        own, kinds = self.doc[pronoun.token].head, ("nsubj", "nsubjpass")
        if self.doc[pronoun.token].lower_ != "they":
            # "Police arrested two men. A court ordered them held": the men, though the police act.
            kinds = (*kinds, "dobj")
        return any(
            token.tag_ == "NNS"
            and token.dep_ in kinds
            and (token.dep_ != "dobj" or sector_of(token.text) is not None)
            and token.head.dep_ in ("ROOT", "conj")
            and token.head != own
            and token.idx + len(token) not in self.ends
            and self.sentence_at(pronoun.start) - self.sentence_at(token.idx) <= 1
            for token in self.doc[max(antecedent.token + 1, pronoun.token - _SIGHT) : pronoun.token]
        )

    def _is_adjective(self, one: Candidate) -> bool:
        mention = self.mentions.get((one.start, one.end))
        return mention is not None and mention.form == "adjective"

    def _is_empty_it(self, start: int) -> bool:
        token = self.doc[self.token_at(start)]
        return token.lower_ == "it" and (
            token.dep_ == "expl"
            or (
                token.head.lemma_ == "be"
                and any(c.dep_ in ("acomp", "ccomp", "advcl", "xcomp") for c in token.head.children)
            )
        )

    # ------------------------------------------------------------------ the end

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

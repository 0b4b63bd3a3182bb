"""One actor for each name: from the tables where they know it on that day, from the article's own words where not.

In: the named stretches of an article. Out: actors under way, with the names they go by.
It reads no pronouns and no descriptions.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from tidings.actors import knowledge
from tidings.actors.agents import sector_of
from tidings.actors.codes import cameo, person_sector, pick
from tidings.actors.knowledge import Person, valid
from tidings.actors.names import fold, gender_of, is_given, same_given, skeleton, slug, surname
from tidings.actors.roles import RolePhrase
from tidings.actors.sightings import sightings
from tidings.actors.spans import Named
from tidings.facts import Actor, ActorType, Role

__all__ = ["Part", "Placed", "Troupe"]


@dataclass
class Part:
    """An actor under way."""

    id: str
    name: str
    type: ActorType
    country: str | None = None
    sector: str | None = None
    man: float | None = None
    person: Person | None = None
    why: str | None = None
    aliases: dict[str, None] = field(default_factory=dict)
    stated: list[RolePhrase] = field(default_factory=list)
    kind: str | None = None
    civic: bool = False


class Placed(NamedTuple):
    """A mention already tied to an actor."""

    start: int
    end: int
    part: Part
    form: str
    sentence: int


class Troupe:
    """The actors of one article on one day (None when the article has no date)."""

    def __init__(self, day: str | None) -> None:
        self.day = day
        self.parts: dict[str, Part] = {}
        self.persons: list[Part] = []
        self.bodies: dict[str, Part] = {}
        self.full: dict[str, int] = {}
        """How often each person is named in full."""

    # ------------------------------------------------------------------ countries and governments

    def country(self, iso3: str) -> Part:
        """Return the country as an actor; the EU and the UN stand for themselves."""
        known = knowledge.countries().get(iso3)
        if known is None:
            own = {"EUR": "European Union", "UNO": "United Nations"}.get(iso3, iso3)
            return self.known(own) if own in knowledge.known_names() else self._keep(Part(iso3, own, "other", iso3))
        return self.parts.get(iso3) or self._keep(Part(iso3, known.name, "country", known.parent or iso3))

    def government(self, iso3: str) -> Part:
        """Return the government of a country."""
        key = f"{iso3}.GOV"
        known = knowledge.countries().get(iso3)
        name = f"Government of {known.name}" if known else "European Union institutions"
        return self.parts.get(key) or self._keep(Part(key, name, "government", iso3, "GOV"))

    def group(self, name: str, country: str | None, sector: str | None) -> Part:
        """Return a group known by description alone: the opposition of a country, the press."""
        key = slug(f"{country.lower()}-{name}" if country else name)
        return self.parts.get(key) or self._keep(Part(key, name, "group", country, sector))

    def both(self, members: list[Part]) -> Part:
        """Return two or more actors taken together."""
        ids = sorted(part.id for part in members)
        key = "+".join(ids)
        if key in self.parts:
            return self.parts[key]
        named = sorted(members, key=lambda part: part.id)
        return self._keep(Part(key, " and ".join(p.name for p in named), "group", None, named[0].sector))

    def place(self, name: str, country: str | None) -> Part:
        """Return a place that is no country."""
        key = slug(name)
        return self.parts.get(key) or self._keep(Part(key, name, "place", country))

    # ------------------------------------------------------------------ organisations

    def known(self, alias: str, owner: str | None = None, around: Sequence[str] = ()) -> Part:
        """Return an organisation of the reviewed list: that of its owner's country, else of one named around."""
        own = knowledge.choose(knowledge.known_names()[alias], [owner] if owner else around)
        near = owner or (around[0] if around else None)
        key = own.id or slug(own.name)
        if not own.country and near and own.type == "organisation":
            key = slug(f"{near}-{own.name}")
        sector = own.sector or None
        if own.id == "Q42418" and self.day:
            sector = "GOV" if self.day >= "2021-08-15" else "REB"
        kind: ActorType = own.type  # type: ignore[assignment]
        return self.parts.get(key) or self._keep(
            Part(key, own.name, kind, own.country or (near if kind == "organisation" else None), sector)
        )

    def organisation(self, name: str, near: str | None, stated: list[RolePhrase]) -> Part:
        """Return an organisation the tables do not know, from its own words and what the article says of it."""
        folded = fold(name).removeprefix("the ")
        if folded in self.bodies:
            return self._state(self.bodies[folded], stated)
        short = next(
            (part for known, part in self.bodies.items() if len(folded) > 3 and known.startswith(folded + " ")), None
        ) or (self._of_initials(folded) if name.isupper() and len(name) > 2 else None)
        if short is not None:
            self.bodies[folded] = short
            return self._state(short, stated)
        if name[4:] in knowledge.known_names() and name[:4].lower() == "the ":
            return self._state(self.known(name[4:], near), stated)
        longer = self.longer(name)
        if longer:
            return self._state(longer, stated)
        seen = [s for s in sightings(name) if s.kind in ("country", "demonym", "capital")]
        if seen and not seen[0].start and name[seen[0].end + 1 :] in knowledge.known_names():
            return self._state(self.known(name[seen[0].end + 1 :], seen[0].key), stated)
        country = seen[0].key if seen else near
        sector = sector_of(name)
        key = slug(f"{country.lower()}-{name}" if country and not seen and sector and len(name.split()) < 3 else name)
        part = self.parts.get(key) or self._keep(
            Part(key, name, "organisation", country, sector[0] if sector else None)
        )
        self.bodies[folded] = part
        return self._state(part, stated)

    def _of_initials(self, letters: str) -> Part | None:
        """Return the body or armed group on stage whose name has these initials."""
        for part in self.parts.values():
            words = [word for word in fold(part.name).split() if word not in ("of", "the", "and", "for")]
            if part.type in ("organisation", "group") and "".join(word[0] for word in words) == letters:
                return part
        return None

    def longer(self, name: str) -> Part | None:
        """Return the organisation on stage whose name ends in this one word."""
        if " " in name or len(name) < 5:
            return None
        found = [p for p in self.parts.values() if p.type == "organisation" and _is_short_for(fold(name), p.name)]
        return found[-1] if found else None

    def coded(self, named: Named, text: str) -> Part:
        """Return an organisation of the PETRARCH2 dictionaries."""
        key = named.sighting.key if named.sighting else fold(text)
        _, codes = knowledge.phoenix()[key]
        rows = [row.split(",") for row in codes.split(";")]
        day = self.day or knowledge.RECENT
        held = [r for r in rows if (not r[2] or r[2] <= day) and (not r[3] or day <= r[3])] or rows
        country, sector = held[0][0] or None, held[0][1] or None
        own = slug(key)
        return self.parts.get(own) or self._keep(Part(own, text, "organisation", country, sector))

    def _name_of(self, country: str | None) -> str | None:
        known = knowledge.countries().get(country or "")
        return known.name if known else None

    def _state(self, part: Part, stated: list[RolePhrase]) -> Part:
        for role in stated:
            part.country = part.country or role.country
            part.sector = part.sector or role.sector
        return part

    # ------------------------------------------------------------------ persons

    def person(self, name: str, title: str, stated: list[RolePhrase], near: list[str]) -> Part | None:
        """Return the person of a name: one already on stage, one of the tables, or a new one; None for a bare one."""
        part = self._on_stage(name) if " " in name else self._of_family(name, title)
        if part is None:
            who = self._in_tables(name, stated, near)
            if who is not None:
                part = self.parts.get(who.id) or self._enter_known(who)
            elif " " in name or stated or title:
                part = self._enter_unknown(name, title)
            else:
                return None
        for role in stated:
            if role not in part.stated:
                part.stated.append(role)
        part.aliases.setdefault(name, None)
        self.full[part.id] = self.full.get(part.id, 0) + (" " in name)
        return part

    def _of_family(self, name: str, title: str) -> Part | None:
        """Return whom a bare surname means: of two who bear it the head of state, else who is named in full most.

        Papers call the less known one by the full name or a title throughout.
        """
        guess = gender_of(name, title)
        found = [
            part
            for part in self.persons
            if any(_is_surname_of(name, alias, part.country) for alias in (part.name, *part.aliases))
            and (guess is None or part.man is None or abs(guess - part.man) < 0.6)
        ]
        order = {part.id: -at for at, part in enumerate(found)}
        return max(found, key=lambda p: (p.kind is not None, self.full.get(p.id, 0), order[p.id]), default=None)

    def _on_stage(self, name: str) -> Part | None:
        """Return the person on stage of a full name, in this or another spelling."""
        words = name.split()
        for part in reversed(self.persons):
            for alias in (part.name, *part.aliases):
                if fold(alias) == fold(name):
                    return part
                if " " in alias and skeleton(alias) == skeleton(name) and same_given(words[0], alias.split()[0]):
                    return part
                if " " not in alias and fold(alias) == surname(name) and part.person is None:
                    part.name = name
                    return part
        return None

    def _in_tables(self, name: str, stated: list[RolePhrase], near: list[str]) -> Person | None:
        day = self.day or knowledge.RECENT
        if " " in name:
            people = knowledge.people_named(name, spelled=True)
            exact = [p for p in people if fold(name) in (fold(p.name), *map(fold, p.aliases))]
            people = exact or people
            return pick(self._agreeing(people, bool(exact), stated, near, day), day, [])
        return self._by_surname(name, stated, near, day) or self._minister_by_surname(name, stated, near, day)

    def _agreeing(
        self, people: list[Person], exact: bool, stated: list[RolePhrase], near: list[str], day: str
    ) -> list[Person]:
        """Keep the namesakes that agree with the article: country stated, in office on the day, country named."""
        said = {role.country for role in stated if role.country}
        if said:
            return [p for p in people if knowledge.homes(p, day) & said]
        inside = [p for p in people if knowledge.homes(p, day) & set(near)]
        if not exact or inside:
            return inside
        if any(role.sector in _PRIVATE for role in stated):
            return []
        serving = [p for p in people if any(valid(office, day) for office in p.offices)]
        if self.day and len(serving) == 1:
            return serving
        return [p for p in people if p.head] or ([] if near else people)

    def _by_surname(self, name: str, stated: list[RolePhrase], near: list[str], day: str) -> Person | None:
        """Return the head of state or government on the day who is meant by a bare surname."""
        people = [
            p
            for p in knowledge.people_of_surname(name)
            if any(knowledge.head_class(o.title) and valid(o, day) for o in p.offices)
        ]
        said = [role.country for role in stated if role.country]
        if said:
            people = [p for p in people if p.country in said]
        people = [p for p in people if p.country in near] or (
            [] if said else people if len(people) == 1 and people[0].country in _GREAT else []
        )
        return people[0] if len(people) == 1 else None

    def _minister_by_surname(self, name: str, stated: list[RolePhrase], near: list[str], day: str) -> Person | None:
        """Return the only office holder of a rare surname, when in office on the day and the country is named."""
        keys = knowledge.families().get(fold(name), ())
        if not self.day or len(keys) != 1 or len(name) < 4 or is_given(name):
            return None
        if any(role.sector in _PRIVATE for role in stated):
            return None
        who = knowledge.person(keys[0])
        named = {*near, *(role.country for role in stated if role.country)}
        serving = who is not None and any(valid(office, day) for office in who.offices)
        return who if who is not None and serving and knowledge.homes(who, day) & named else None

    def _enter_known(self, who: Person) -> Part:
        day = self.day or knowledge.RECENT
        man = {"m": 0.99, "f": 0.01}.get(who.gender) if who.gender else gender_of(who.name)
        part = Part(who.id, who.name, "person", knowledge.home(who, day) or None, person_sector(who, day), man, who)
        part.kind = next((kind for o in who.offices if valid(o, day) and (kind := knowledge.head_class(o.title))), None)
        self.persons.append(part)
        return self._keep(part)

    def enter(self, who: Person) -> Part:
        """Bring a person of the tables on stage who has been spoken of by office only."""
        return self.parts.get(who.id) or self._enter_known(who)

    def _enter_unknown(self, name: str, title: str) -> Part:
        part = Part(slug(name), name, "person", man=gender_of(name, title))
        self.persons.append(part)
        return self._keep(part)

    def _keep(self, part: Part) -> Part:
        return self.parts.setdefault(part.id, part)

    # ------------------------------------------------------------------ the finished actors

    def actor(self, part: Part) -> Actor:
        """Return the finished actor with the roles valid on the day and those the article states."""
        country, sector = part.country, part.sector
        roles = []
        if part.person is not None:
            day = self.day or knowledge.RECENT
            for office in knowledge.all_offices(part.person, day):
                of = _NAMES_OF.get(office.at) or self._name_of(part.person.country)
                roles.append(Role(title=office.title, of=of, start=office.start or None, end=office.end or None))
        for role in part.stated:
            country = country or role.country
            sector = sector or role.sector
            roles.append(Role(title=role.title, of=role.country, span=role.span))
        if part.type == "person" and part.person is None and sector is None:
            sector = next((r.sector for r in part.stated if r.sector), None)
        if part.person is not None and sector == "ELI":
            sector = next((r.sector for r in part.stated if r.sector in ("GOV", "LEG", "MIL", "JUD", "SPY")), sector)
        state = knowledge.countries().get(country or "")
        country = (state.parent or country) if state else country
        wikidata = part.id if re.fullmatch(r"Q\d+", part.id) else None
        if part.type == "country" and part.id in knowledge.countries():
            wikidata = knowledge.countries()[part.id].qid or None
        is_civic = sector == "CVL" and (part.civic or part.type == "organisation") and country not in ("NGO", "IGO")
        civic = "NGO" if is_civic else sector
        return Actor(
            id=part.id, name=part.name, type=part.type, country=country, sector=sector, code=cameo(country, civic),
            wikidata=wikidata, roles=tuple(roles[:12]), aliases=tuple(part.aliases), why=part.why,
        )  # fmt: skip


def _is_short_for(word: str, name: str) -> bool:
    """Tell whether a word is the last of a longer name: "the Guards" are the Revolutionary Guards."""
    return " " in name and fold(name).endswith(" " + word)


_NAMES_OF = {"EUR": "European Union", "UNO": "United Nations"}
_PRIVATE = frozenset("BUS CVL EDU MED AGR LAB CRM JRN REF".split())
"""Sectors of people who are no namesake of an office holder's, unless their country says so."""
_GREAT = frozenset("USA RUS CHN GBR FRA DEU IND JPN TUR IRN ISR UKR BRA BLR SYR VEN PRK".split())


def _is_surname_of(name: str, alias: str, country: str | None) -> bool:
    """Tell whether a bare name is a person's other name, or the surname or last word of it."""
    if " " not in alias:
        return fold(alias) == fold(name)
    return fold(name) in (surname(alias, country), fold(alias.split()[-1]))

"""The names of an article, and the roles stated beside them, tied to actors.

In: the stage, empty. Out: a mention for each name and each stated role, and what the roles say of their bearers.
It reads no descriptions that stand alone and no pronouns.
"""

from __future__ import annotations

import re

from tidings.actors import knowledge
from tidings.actors.agents import sector_of
from tidings.actors.casting import Part
from tidings.actors.names import fold
from tidings.actors.roles import RolePhrase, roles_of
from tidings.actors.spans import TITLES, Named
from tidings.actors.stage import Stage
from tidings.facts import MentionForm

__all__ = ["cast_names", "cast_roles"]

_OCCASIONS = frozenset(
    """talk talks meeting summit conference accord accords agreement treaty protocol convention memorandum declaration
    process round session attack bombing""".split()
)
_OF_SPEECH = frozenset("speak teach learn study read write say translate publish broadcast fluent sing".split())
_OF_CULTURE = frozenset(
    "language dialect accent literature food cuisine restaurant dish cooking coffee tea beer wine cheese".split()
)
"""Nouns behind a demonym that name a tongue or a kitchen, of which no country is the actor."""
_SPEAKING_BODIES = frozenset("ministry government department embassy army military navy police office".split())


def cast_names(stage: Stage) -> None:
    """Cast full names first, so that a surname in the headline finds its person."""
    people = [one for one in stage.named if one.label == "PERSON"]
    cast: dict[tuple[int, int], Part | None] = {}
    for one in sorted(people, key=lambda one: (" " not in stage.text[one.start : one.end], one.start)):
        key = (one.start, one.end)
        title = stage.text[max(0, one.start - 14) : one.start].split()[-1:]
        before = title[0] if title and title[0].lower() in TITLES else ""
        cast[key] = stage.troupe.person(stage.text[one.start : one.end], before, roles_of(stage.doc, *key), stage.near)
    for one in stage.named:
        if one.label == "PERSON":
            part = cast[one.start, one.end]
            known = part is not None and part.person is not None
            stage.put(
                one.start,
                one.end,
                "name",
                "PERSON",
                part,
                0.95 if known else 0.85 if part else 0.6,
                None if part else "a bare name nobody here is known by",
            )
        else:
            _cast_name(stage, one)


def _is_language(stage: Stage, one: Named) -> bool:
    """Tell "speaks Russian" and "Russian was banned" from Russian officials: the word alone, no one's people."""
    word = stage.doc[stage.token_at(one.end - 1)]
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


def _cast_name(stage: Stage, one: Named) -> None:
    name = stage.text[one.start : one.end]
    seen = one.sighting
    if seen is None:
        _cast_unsighted(stage, one, name)
    elif seen.kind == "country":
        stage.put(one.start, one.end, "name", "GPE", stage.troupe.country(seen.key), 0.97)
    elif seen.kind == "demonym" and _is_language(stage, one):
        stage.put(one.start, one.end, "adjective", "NORP", None, 0.8, "a language or way of living")
    elif seen.kind == "demonym":
        stage.put(one.start, one.end, "adjective", "NORP", stage.troupe.country(seen.key), 0.95)
    elif seen.kind == "seat":
        stage.put(
            one.start,
            one.end,
            "metonym",
            "FAC" if name in ("White House", "Downing Street") else "GPE",
            stage.troupe.government(seen.key),
            0.9,
            "seat of a government",
        )
    elif seen.kind == "capital":
        _cast_capital(stage, one, name, seen.key)
    elif seen.kind == "known":
        form: MentionForm = "adjective" if one.label == "NORP" else "name"
        owner = stage.owner(stage.token_at(one.start))
        stage.put(one.start, one.end, form, one.label, stage.troupe.known(seen.key, owner, stage.near), 0.93)
    else:
        stage.put(one.start, one.end, "name", one.label, stage.troupe.coded(one, name), 0.8, "PETRARCH2 dictionary")


def _cast_capital(stage: Stage, one: Named, name: str, country: str) -> None:
    from tidings.actors.metonymy import sense_in

    setting = any(line.covers((one.start, one.end)) for line in stage.lines) or _is_of_occasion(stage, one)
    sense, sure = ("place", 0.95) if setting else sense_in(stage.doc, (one.start, one.end))
    if sense == "government":
        stage.put(
            one.start,
            one.end,
            "metonym",
            "GPE",
            stage.troupe.government(country),
            sure,
            "capital standing for the government",
        )
    else:
        stage.put(
            one.start,
            one.end,
            "name",
            "GPE",
            stage.troupe.place(name, country),
            0.85,
            None if sense == "place" else f"stands for {sense}",
        )


def _is_of_occasion(stage: Stage, one: Named) -> bool:
    """Tell a capital that only names where talks were held: "the Vienna talks", "the Oslo accords"."""
    word = stage.doc[stage.token_at(one.end - 1)]
    above = word.head
    return word.dep_ in ("compound", "nmod", "amod") and above.i > word.i and above.lemma_.lower() in _OCCASIONS


def _cast_unsighted(stage: Stage, one: Named, name: str) -> None:
    if one.label == "ORG" or (one.label == "NORP" and stage.troupe.longer(name)):
        at = stage.token_at(one.start)
        owner = stage.owner(at)
        if name == "House" and not owner and "USA" in stage.near:
            stage.put(one.start, one.end, "name", "ORG", stage.troupe.known("House of Representatives", "USA"), 0.75)
            return
        sector = sector_of(name)
        near = owner or (stage.only_country(one) if sector and sector[0] not in ("BUS", "UNK", "SOC") else None)
        if fold(name) == "parliament" and not owner:
            near = stage.near[0] if stage.near else None
        stated = roles_of(stage.doc, one.start, one.end)
        body = stage.troupe.organisation(name, near, stated)
        stage.put(one.start, one.end, "name", "ORG", body, 0.75)
    elif one.label == "NORP":
        part = stage.troupe.known("West") if fold(name) == "western" else None
        stage.put(one.start, one.end, "adjective", "NORP", part, 0.8 if part else 0.6, None if part else "no country")
    else:
        country = "USA" if name == "Georgia" else knowledge.country_places().get(fold(name))
        stage.put(one.start, one.end, "name", one.label, stage.troupe.place(name, country), 0.75)


def cast_roles(stage: Stage) -> None:
    """Write down the stated roles as descriptions of their persons and learn country and office from them."""
    # Whoever is somebody's deputy comes after that one.
    for part in sorted(stage.troupe.persons, key=lambda part: any(role.bound for role in part.stated)):
        for role in part.stated:
            part.kind = part.kind or role.kind
            if part.person is None:
                part.country = part.country or role.country or _role_country(stage, role)
                part.sector = part.sector or role.sector
                body = _role_body(stage, role)
                if role.bound and part.sector is None:
                    part.country, part.sector = _whose(stage, role, part)
                if body is not None and body.sector == "CVL" and part.sector in ("JUD", "GOV", "CVL", None):
                    part.sector, part.civic = "CVL", True
                elif body is not None and body.sector == "REB" and part.sector in ("GOV", None):
                    part.sector = "REB"
            stage.put(role.span.start, role.span.end, "nominal", "PERSON", part, 0.9, "title or apposition")


def _whose(stage: Stage, role: RolePhrase, part: Part) -> tuple[str | None, str | None]:
    """Return country and sector of "Lund's deputy": those of Lund."""
    owner = next((p.part for p in stage.placed if role.span.covers((p.start, p.end)) and p.part is not part), None)
    return (part.country, None) if owner is None else (part.country or owner.country, owner.sector)


def _role_country(stage: Stage, role: RolePhrase) -> str | None:
    body = _role_body(stage, role)
    if body is not None and body.country:
        return body.country
    owner = stage.owner(stage.token_at(role.span.start))  # "Norway's President Carl Moe"
    if owner is not None:
        return owner
    title = fold(role.title)
    return _spoken_for(stage, role) if title.startswith("spokes") and " " not in title else None


def _spoken_for(stage: Stage, role: RolePhrase) -> str | None:
    """Return the country of the body that acts right before: "China's foreign ministry rejected it. Spokesman"."""
    first = stage.doc[stage.token_at(role.span.start)].sent.start
    if first == 0:
        return None
    acting = [child for child in stage.doc[first - 1].sent.root.children if child.dep_ == "nsubj"]
    if not acting or acting[0].lemma_.lower() not in _SPEAKING_BODIES:
        return None
    whose = {stage.owners[token.i] for token in acting[0].subtree if token.i in stage.owners}
    return whose.pop() if len(whose) == 1 else None


def _role_body(stage: Stage, role: RolePhrase) -> Part | None:
    """Return the body a role belongs to: one named inside it, or for "the organisation" the last one named."""
    inside = [p for p in stage.placed if role.span.covers((p.start, p.end)) and p.part.type != "person"]
    if inside:
        return inside[0].part
    if re.search(r"\bthe (?:\w+ )?(?:organi[sz]ation|group|association|company|party)\b", role.title):
        earlier = [p for p in stage.placed if p.end <= role.span.start and p.part.type == "organisation"]
        inner = sorted(earlier, key=lambda p: p.start)
        return next((p.part for p in reversed(inner) if p.part.sector != "JRN" and len(p.part.name) > 4), None)
    return None

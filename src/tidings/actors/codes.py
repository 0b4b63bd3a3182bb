"""Which country and sector a phrase names, on a day: "the Iranian parliament" is IRN and LEG.

In: a phrase, and a day for offices that begin and end. Out: an `ActorCode` with what it rests on.
It reads the phrase alone, no article; what the phrase leaves open stays None.
"""

from __future__ import annotations

import re

import msgspec

from tidings.actors import knowledge
from tidings.actors.agents import sector_of
from tidings.actors.knowledge import RECENT, Person, valid
from tidings.actors.names import fold
from tidings.actors.sightings import Sighting, sightings

__all__ = ["ActorCode", "cameo", "code", "office_sector", "person_sector"]

_VAGUE = frozenset(
    (
        "spokesman spokeswoman spokesperson leader leaders official officials head chief member "
        "members source sources representative chairman commander fighter fighters militants "
        "militant gunmen secretary-general organization organisation group soldiers forces troops "
        "delegation rebels insurgents terrorists"
    ).split()
)
_LEADER = re.compile(r"\b(?:president|prime minister|premier|chancellor|leader|king|queen|emir|sultan)\b")
_TALIBAN_RULE = "2021-08-15"
_FORMER = re.compile(r"\b(?:former|ex|late|then|onetime|ousted|deposed|retired)\b|\bex-", re.IGNORECASE)


class ActorCode(msgspec.Struct, frozen=True, kw_only=True):
    """A country (ISO 3166 alpha-3, or IGO UNO EUR NGO ISM IMG MNC) and a PLOVER sector; None where there is none."""

    country: str | None = None
    sector: str | None = None
    why: str | None = None


def code(phrase: str, *, date: str | None = None, context: str | None = None) -> ActorCode:
    """Tell the country and the sector of an actor named by a phrase.

    `date` (ISO) is the day the phrase is true of, None for today; `context` is text around it, asked for the country
    only when the phrase names none.

    >>> code("the Iranian parliament").country, code("the Iranian parliament").sector
    ('IRN', 'LEG')
    >>> code("Donald Trump", date="2019-05-01").sector, code("Donald Trump", date="2022-05-01").sector
    ('GOV', 'ELI')
    """
    day = RECENT if date in (None, "", "today") else str(date)[:10]
    phrase = phrase.strip()[:400]
    seen = sightings(phrase, loose=True)
    country, sector, why = _named(phrase, seen, day)
    if country is None:
        place = _country_seen(seen)
        if place:
            country, place_why = place
            why = why or place_why
    role = sector_of(_without_people(phrase, seen))
    if sector is None and role:
        sector, why = role[0], why or role[1]
    if sector is None and _is_capital_alone(phrase, seen):
        sector = "GOV"
    if country is None and context and sector:
        around = _country_seen(sightings(context[:2000], loose=False))
        country = around[0] if around else None
    return ActorCode(country=_state(country), sector=sector or None, why=why)


def cameo(country: str | None, sector: str | None) -> str | None:
    """Return the CAMEO-style code, country first; None when both are unknown.

    >>> cameo("RUS", "GOV"), cameo("IGO", None), cameo(None, None)
    ('RUSGOV', 'IGO', None)
    """
    return f"{country or ''}{sector or ''}" or None


def _state(country: str | None) -> str | None:
    if not country:
        return None
    known = knowledge.countries().get(country)
    return (known.parent or country) if known else country


def _named(phrase: str, seen: list[Sighting], day: str) -> tuple[str | None, str | None, str | None]:
    """Return what a named person or organisation in the phrase gives."""
    for sighting in seen:
        if sighting.kind == "person":
            who = pick(knowledge.people_named(sighting.key), day, seen)
            body = next((s for s in seen if s.kind == "known" and s.end <= sighting.start), None)
            if who and body:
                country, _, _ = _organisation(phrase[: sighting.start], body, seen, day)
                role = sector_of(phrase[body.end : sighting.start])
                return country, role[0] if role else _person_in_phrase(phrase, sighting, who, day), who.id
            if who:
                return knowledge.home(who, day) or None, _person_in_phrase(phrase, sighting, who, day), who.id
    for sighting in seen:
        if sighting.kind == "known":
            return _organisation(phrase, sighting, seen, day)
    for sighting in seen:
        if sighting.kind == "phoenix":
            return _coded(phrase, sighting, seen, day)
    return _unsighted_person(phrase, seen, day)


def pick(people: list[Person], day: str, seen: list[Sighting]) -> Person | None:
    """Choose among namesakes: the country named beside them, then one in office that day, then a head."""
    near = {s.key for s in seen if s.kind in ("country", "demonym", "capital", "seat")}
    if near and any(knowledge.homes(p, day) & near for p in people):
        people = [p for p in people if knowledge.homes(p, day) & near]
    if not people:
        return None
    return max(people, key=lambda p: (any(valid(o, day) for o in p.offices), p.head, len(p.offices)))


def _person_in_phrase(phrase: str, sighting: Sighting, who: Person, day: str) -> str | None:
    before = phrase[: sighting.start]
    role = sector_of(before) if before.strip() else None
    if role and (role[0] in ("ELI", "OPP") or _FORMER.search(before)):
        return role[0] if role[0] == "OPP" else "ELI"
    sector = person_sector(who, day)
    if role and sector in (None, "ELI") and role[0] not in ("CVL",):
        return role[0] if sector is None else sector
    return sector


def person_sector(who: Person, day: str) -> str | None:
    """Return the sector of a person's offices on a day: ELI once all have ended, None before the first.

    >>> person_sector(knowledge.people_named("Angela Merkel")[0], "2023-01-01")
    'ELI'
    """
    office = knowledge.main_office(who, day)
    if office:
        sector = office_sector(office.title)
        return None if sector == "GOV" and office.at in ("UNO", "IGO") else sector
    if any(knowledge.head_class(o.title) and o.end and o.end < day for o in who.offices):
        return "ELI"
    if any(valid(office, day) is None for office in who.offices):
        return office_sector(who.offices[-1].title)
    if any(office.end and office.end < day for office in who.offices):
        return "ELI"
    return None


def office_sector(title: str) -> str:
    """Return the sector of an office; an office of no other sector is of the government.

    >>> office_sector("Minister of Justice"), office_sector("Justice of the Supreme Court")
    ('GOV', 'JUD')
    """
    folded = fold(title)
    if folded == "pope":
        return "REL"
    if "minist" in folded or folded.startswith(("ambassador", "governor", "permanent representative", "secretary of")):
        return "GOV"
    if re.search(r"\b(?:speaker|senat|chamber|parliament|assembly|house of|congress|knesset|duma)", folded):
        return "LEG"
    if re.search(r"\b(?:court|judge|justice of|chief justice|prosecutor|attorney)", folded):
        return "JUD"
    if (
        re.search(r"\b(?:general staff|army|navy|air force|armed forces|defen[cs]e forces)", folded)
        and "supreme commander" not in folded
    ):
        return "MIL"
    if re.search(r"\b(?:intelligence|security service|central intelligence)", folded):
        return "SPY"
    return "COP" if re.search(r"\bpolice", folded) else "GOV"


def _organisation(
    phrase: str, sighting: Sighting, seen: list[Sighting], day: str
) -> tuple[str | None, str | None, str | None]:
    choices = knowledge.known_names()[sighting.key]
    near = [s.key for s in seen if s.kind in ("country", "demonym")]
    own = knowledge.choose(choices, near)
    country = own.country or (near[0] if near else None)
    rest = phrase[: sighting.start] + " " + phrase[sighting.end :]
    role = sector_of(rest)
    sector = own.sector or None
    if own.id == "Q42418":
        sector = "GOV" if day >= _TALIBAN_RULE else "REB"
    if role and sector is None:
        sector = role[0] if role[1] not in ("member", "members", "group", "source") else None
    elif role and sector and role[1] not in _VAGUE and sector not in ("REB", "PTY"):
        sector = role[0]
    return country, sector, own.name


def _coded(
    phrase: str, sighting: Sighting, seen: list[Sighting], day: str
) -> tuple[str | None, str | None, str | None]:
    kind, codes = knowledge.phoenix()[sighting.key]
    rows = [row.split(",") for row in codes.split(";")]
    held = [r for r in rows if (not r[2] or r[2] <= day) and (not r[3] or day <= r[3])]
    if kind == "c" and held and held[0][2] and not held[0][3] and day > "2019":
        held = [r for r in held if r[1] == "ELI"] or [[held[0][0], "", "", ""]]
    if not held:
        gone = any(r[3] and r[3] < day and r[1] in ("GOV", "LEG", "MIL", "JUD", "ELI") for r in rows)
        held = [[rows[0][0], "ELI" if gone else "", "", ""]]
    country, sector = held[0][0], held[0][1]
    said = sector_of(sighting.key) if sector == "GOV" else None
    if said and said[0] in ("JUD", "LEG", "MIL", "COP", "SPY"):
        sector = said[0]
    near = [s.key for s in seen if s.kind in ("country", "demonym")]
    rest = phrase[: sighting.start] + " " + phrase[sighting.end :]
    role = sector_of(rest)
    if role and (not sector or (role[1] not in _VAGUE and sector != "REB")):
        sector = role[0]
    if kind != "c" and near and country in ("", "NGO", "MNC", "IMG"):
        country = near[0]
    return country or None, sector or None, sighting.key


_CAPITALISED = re.compile(
    r"[^\W\d_a-zß-ÿ][^\W\d_]+(?:[-'’][^\W\d_]+)*"
    r"(?:\s+(?:al-|de |bin |von )?[^\W\d_a-zß-ÿ][^\W\d_.]*\.?(?:[-'’][^\W\d_]+)*)*"
)


def _unsighted_person(phrase: str, seen: list[Sighting], day: str) -> tuple[str | None, str | None, str | None]:
    """Look for a person under another spelling, or by the bare surname of a head of state or government."""
    for match in _CAPITALISED.finditer(phrase):
        words = match.group().split()
        for size in (3, 2):
            if len(words) < size:
                continue
            name = " ".join(words[-size:])
            people = knowledge.people_named(name, spelled=True)
            near = {s.key for s in seen if s.kind in ("country", "demonym", "capital", "seat")}
            if near:
                people = [p for p in people if p.country in near]
            who = pick(people, day, seen)
            if who:
                fake = Sighting(match.end() - len(name), match.end(), "person", name)
                return knowledge.home(who, day) or None, _person_in_phrase(phrase, fake, who, day), who.id
        who = (
            _head_by_surname(words[-1], phrase, seen, day)
            if not any(s.start <= match.end() - 1 < s.end for s in seen)
            else None
        )
        if who:
            fake = Sighting(match.end() - len(words[-1]), match.end(), "person", words[-1])
            return knowledge.home(who, day) or None, _person_in_phrase(phrase, fake, who, day), who.id
    return None, None, None


def _head_by_surname(family: str, phrase: str, seen: list[Sighting], day: str) -> Person | None:
    people = [
        p for p in knowledge.people_of_surname(family)
        if any(knowledge.head_class(o.title) and (valid(o, day) or _ended_lately(o, day)) for o in p.offices)
    ]  # fmt: skip
    near = {s.key for s in seen if s.kind in ("country", "demonym")}
    people = [p for p in people if p.country in near] if near else people
    now = [p for p in people if any(knowledge.head_class(o.title) and valid(o, day) for o in p.offices)]
    people = now or people
    return (
        people[0] if len(people) == 1 and (near or _LEADER.search(fold(phrase)) or phrase.strip() == family) else None
    )


def _ended_lately(office: knowledge.Office, day: str) -> bool:
    """Tell whether an office ended so few years before a day that a bare surname may still mean its holder."""
    return bool(office.end) and office.end < day and int(day[:4]) - int(office.end[:4]) <= 15


def _without_people(phrase: str, seen: list[Sighting]) -> str:
    for sighting in reversed(seen):
        if sighting.kind in ("person", "place", "capital", "country", "known", "phoenix"):
            phrase = phrase[: sighting.start] + " " * (sighting.end - sighting.start) + phrase[sighting.end :]
    return phrase


def _country_seen(seen: list[Sighting]) -> tuple[str, str] | None:
    order = {"demonym": 0, "country": 0, "seat": 1, "capital": 2, "place": 3}
    found = sorted((s for s in seen if s.kind in order), key=lambda s: (order[s.kind], s.start))
    return (found[0].key, f"{found[0].kind} named") if found else None


def _is_capital_alone(phrase: str, seen: list[Sighting]) -> bool:
    if len(seen) != 1 or seen[0].kind not in ("capital", "seat"):
        return False
    return seen[0].kind == "seat" or fold(phrase).removeprefix("the ").strip() == fold(
        phrase[seen[0].start : seen[0].end]
    )

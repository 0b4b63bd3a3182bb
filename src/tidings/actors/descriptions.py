"""Actors spoken of by description: "the Belarusian leader", "his Russian counterpart", "the two leaders".

In: the parse, the actors named so far in the text and the mentions before. Out: who a description means, or None.
It reads no pronouns.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from tidings.actors import knowledge
from tidings.actors.casting import Part, Troupe
from tidings.actors.names import fold
from tidings.actors.reading import text_of
from tidings.actors.roles import describe_role, role_kind
from tidings.text import Span

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

__all__ = ["Placed", "described", "means"]

_PAIR = re.compile(r"^(?:the |both |these )?(?:two|both)\b")
_BOTH_HEADS: dict[str, frozenset[str | None]] = {
    **dict.fromkeys(("leaders", "men", "statesmen", "politicians", "rulers"), frozenset()),
    "presidents": frozenset({"state"}),
    "premiers": frozenset({"government"}),
    "ministers": frozenset({"government", None}),
}
"""What two people are called together, and which kinds of heads may be called so; none listed where any may."""
_COUNTRY_HEADS = frozenset("country nation republic state".split())
_WITHIN = frozenset("in inside within across throughout around at".split())
_REALMS = {
    "kingdom": frozenset("GBR NLD BEL NOR SWE DNK ESP JOR SAU BHR MAR THA KHM BTN LSO SWZ TON".split()),
    "emirate": frozenset({"KWT", "QAT"}),
    "sultanate": frozenset({"OMN", "BRN"}),
    "principality": frozenset({"MCO", "LIE", "AND"}),
}
"""Who rules where: "the kingdom" is no republic, and "the republic" none of these."""
_CROWNS = frozenset({"CAN", "AUS", "NZL", "JPN", "LUX", "ARE", "MYS"}).union(*_REALMS.values())
_BODY_HEADS = frozenset(
    (
        "organization organisation alliance bloc company firm agency group association party bank "
        "union body court club institution newspaper university watchdog militia movement"
    ).split()
)
_PRIVATE_HEADS = frozenset("company firm group association club party militia movement newspaper".split())
_PUBLIC = frozenset("COP GOV JUD LEG MIL SPY".split())
"""Sectors of bodies of state: no court is "the group", and no ministry "the company"."""
_NO_BODIES = frozenset(
    "accord accords act agreement amendment award awards bill championship constitution convention cup deal games law "
    "olympics pact prize protocol resolution treaty".split()
)
"""What a name ends in that is taken for a body's and is none: no party is meant by "the Political Funds Law"."""
_GROUPS = {
    "opposition": "OPP",
    "press": "JRN",
    "media": "JRN",
    "police": "COP",
    "army": "MIL",
    "military": "MIL",
    "parliament": "LEG",
    "protesters": "OPP",
    "rebels": "REB",
    "banks": "BUS",
    "companies": "BUS",
    "ministries": "GOV",
    "authorities": "GOV",
    "security forces": "MIL",
    "troops": "MIL",
    "soldiers": "MIL",
    "lawmakers": "LEG",
    "officials": "GOV",
    "militants": "REB",
    "prosecutors": "JUD",
}
_GOVERNMENTS = frozenset(
    (
        "government",
        "administration",
        "regime",
        "presidency",
        "authorities",
        "foreign ministry",
        "ministry of foreign affairs",
        "defence ministry",
        "defense ministry",
    )
)
_RULES = frozenset(("government", "administration", "regime", "cabinet", "presidency"))
"""What is named after whoever heads it: "the Obama administration"."""
_POSSESSIVE = frozenset(("his", "her", "its", "their"))
_LONGEST = 90
_OWNED = re.compile(r"['’]s\s")
"""What belongs to somebody ("the country's nuclear agency") is told apart by that, and is not the last body named."""


class Placed(NamedTuple):
    """A mention already tied to an actor."""

    start: int
    end: int
    part: Part
    form: str
    sentence: int


def described(doc: Doc) -> list[Span]:
    """Return the descriptions of a text that may mean an actor: definite or possessive noun phrases."""
    found = []
    for chunk in doc.noun_chunks:
        root = chunk.root
        if root.pos_ not in ("NOUN", "PROPN") or "\n" in chunk.text.strip() or len(chunk.text) > _LONGEST:
            continue
        first = chunk[0]
        definite = (
            first.lower_ in ("the", "both", "its", "his", "her", "their", "this", "that")
            or first.ent_type_ in ("NORP", "GPE")
            or root.tag_ == "NNS"
            or (first.pos_ == "PROPN" and root.lower_ in _RULES)
        )
        if not definite or _names_itself(doc, chunk.end, root):
            continue
        end = chunk.end
        if chunk.end < len(doc) and doc[chunk.end].lower_ in ("of", "for") and root.lower_ in _OFFICE_NOUNS:
            inner = next((c for c in doc[chunk.end].children if c.dep_ == "pobj"), None)
            if inner is not None and inner.i - chunk.end < 6:
                end = inner.i + 1
        found.append(Span(first.idx, doc[end - 1].idx + len(doc[end - 1])))
    for token in doc:
        if (
            token.dep_ == "poss"
            and token.pos_ == "NOUN"
            and token.i
            and doc[token.left_edge.i].lower_ in ("the", "this")
            and token.i - token.left_edge.i < 5
        ):
            found.append(Span(doc[token.left_edge.i].idx, token.idx + len(token)))
    return sorted(dict.fromkeys(found))


def _names_itself(doc: Doc, end: int, root: Token) -> bool:
    """Tell "the oil company Total", which says its name, from "the company last month"."""
    if end >= len(doc) or doc[end].pos_ != "PROPN" or root.pos_ == "PROPN":
        return False
    name = doc[end]
    while name.dep_ == "compound" and name.head.i > name.i:
        name = name.head
    return root.lower_ in _BODY_HEADS and ((name.head == root and name.dep_ == "appos") or root.head == name)


_OFFICE_NOUNS = frozenset(
    (
        "president leader minister premier chancellor king spokesman spokeswoman spokesperson "
        "representative head chief chairman secretary ambassador"
    ).split()
)


_PORTFOLIOS = {
    "minister": frozenset("prime foreign defence defense interior finance justice oil energy economy trade".split()),
    "secretary": frozenset("foreign defence defense press treasury general home state".split()),
}
"""Offices that share a head noun and are told apart by the word before it."""


def means(
    doc: Doc, span: Span, troupe: Troupe, before: Sequence[Placed], placed: Sequence[Placed], sentence: int
) -> tuple[Part, float, str] | None:
    """Return the actor a description means, how sure that is and by which rule; None when it cannot be told."""
    words = span.of(text_of(doc))
    folded = fold(words).strip()
    head = folded.split(" of ")[0].split(" for ")[0].split()[-1]
    inside = [p for p in placed if span.covers((p.start, p.end)) and p.part.type in ("country", "government")]
    country = inside[0].part.country if inside else None
    if head == "counterpart":
        return _counterpart(troupe, before, country)
    if _PAIR.match(folded):
        return _pair(head, troupe, before, sentence)
    kind = role_kind(words)
    if kind:  # "the leaders of seven parties" are none in particular
        return _head_of(kind, country, troupe, before, sentence) if head != "leaders" else None
    if head in _COUNTRY_HEADS or (head in _REALMS and not country):
        agents = _agents(doc, span)
        others = [p for p in before if p.part.country not in {a.part.country for a in before if a.start in agents}]
        return _country(folded, head, troupe, others, sentence)
    if head in _OFFICE_NOUNS or head in ("lawyer", "activist", "journalist", "general", "official"):
        return _office(words, span, before, country, troupe.day)
    if head in _BODY_HEADS and folded.startswith(("the ", "this ")) and not country and not _OWNED.search(words):
        if any(word[0].isupper() for word in words.split()[1:-1]):
            return None  # "the M23 group" is not the last one named
        bodies = [
            p
            for p in before
            if p.part.type == "organisation"
            and p.form == "name"
            and sentence - p.sentence <= 4
            and p.part.sector != "JRN"
            and not (p.part.name.isupper() and p.part.sector is None)
            and not (head in _PRIVATE_HEADS and p.part.sector in _PUBLIC)
        ]
        return (
            (bodies[-1].part, 0.6, "last organisation named")
            if bodies and not _is_other(head, bodies[-1].part)
            else None
        )
    tail = " ".join(folded.split()[-2:])
    # A ministry whose country is not said is only taken for one where it deals with other countries.
    ministry = head == "ministry" and country is not None
    if head in _GOVERNMENTS or tail in _GOVERNMENTS or head == "cabinet" or ministry:
        heads = [p.part for p in placed if p.part.type == "person" and p.part.kind]
        own = country or (heads[0].country if heads and head in _RULES else None)
        named = next((word for word in words.split()[1:-1] if word[0].isupper()), None)
        if own is None and named is not None:  # "the Assad regime" is never that of the country named last
            own = _ruled_by(named, troupe.day)
        elif own is None and head != "cabinet":
            own = _whose_government(doc, folded, head, span, before, sentence)
            agents = _agents(doc, span)
            acting = {a.part.country for a in before if a.start in agents and a.form != "adjective"}
            if own in acting and folded.startswith("the "):
                own = None  # "France called on the authorities" is not said of its own
        return (troupe.government(own), 0.85 if country else 0.6, "government of the country named") if own else None
    if head in _GROUPS or tail in _GROUPS:
        if not (folded.startswith(("the ", "western ")) or country):
            return None
        own = country or _near_country(doc, before, sentence) if not folded.startswith("western ") else None
        name = folded.removeprefix("the ")
        if _GROUPS.get(head) == "REB" and not country:
            return _rebels(troupe, before, name)
        if not country:  # of two oppositions nobody knows which is meant
            same = {p.part.id: p.part for p in before if p.part.type == "group" and p.part.name == name}
            if len(same) == 1:
                return next(iter(same.values())), 0.6, "the only such group named"
        return (
            troupe.group(name if not country else head, own, _GROUPS.get(tail) or _GROUPS.get(head)),
            0.6,
            "a group of the country named",
        )
    return None


def _rebels(troupe: Troupe, before: Sequence[Placed], name: str) -> tuple[Part, float, str]:
    """Return "the rebels": the only armed group named so far, else nobody's; a country near may be their enemy."""
    armed = {p.part.id: p.part for p in before if p.part.sector in ("REB", "PRM") and p.part.type != "person"}
    if len(armed) == 1:
        return next(iter(armed.values())), 0.6, "the only armed group named"
    return troupe.group(name, None, "REB"), 0.6, "an armed group"


def _whose_government(
    doc: Doc, folded: str, head: str, span: Span, before: Sequence[Placed], sentence: int
) -> str | None:
    """Return the country of "his administration", "the administration" (of the United States), "the government"."""
    first = folded.split()[0]
    if first in _POSSESSIVE:
        owner = next((p.part for p in reversed(before) if p.start == span.start and p.form == "pronoun"), None)
        return owner.country if owner else None
    if head == "administration":
        return "USA" if any(p.part.country == "USA" for p in before) else None
    return _near_country(doc, before, sentence)


def _ruled_by(surname: str, day: str | None) -> str | None:
    """Return the country that bearers of a surname lead on the day, or else led before: "the Obama administration"."""
    day = day or knowledge.RECENT
    offices = [
        (who.country, office)
        for who in knowledge.people_of_surname(surname)
        for office in who.offices
        if knowledge.head_class(office.title)
    ]
    found = {country for country, office in offices if knowledge.valid(office, day)}
    found = found or {country for country, office in offices if office.start <= day}
    return found.pop() if len(found) == 1 else None


def _is_other(head: str, part: Part) -> bool:
    name = fold(part.name)
    if name.split()[-1:] and name.split()[-1] in _NO_BODIES:
        return True
    return head in ("court", "university", "bank", "newspaper", "union") and head not in name


def _near_country(doc: Doc, before: Sequence[Placed], sentence: int) -> str | None:
    """Return the country last spoken of, or the one that acts in the sentence.

    None where the sentence plays at a place in another country: whose ministry it is is open.
    """
    near = [
        p for p in before if p.part.type in ("country", "government") and p.part.country and sentence - p.sentence <= 2
    ]
    if not near:
        return None
    acting = {p.part.country for p in near if p.sentence == sentence and _acts(doc, p)}
    country = acting.pop() if len(acting) == 1 else near[-1].part.country
    places = [p.part.country for p in before if p.sentence == sentence and p.part.type == "place" and p.part.country]
    return None if near[-1].sentence < sentence and any(place != country for place in places) else country


def _acts(doc: Doc, placed: Placed) -> bool:
    """Tell the subject of a sentence's first clause, or whose it is: "Chad closed", "Chad's army closed"."""
    marked = doc.char_span(placed.start, placed.end, alignment_mode="expand")
    if marked is None or not len(marked):
        return False
    word = marked.root
    if word.dep_ in ("poss", "compound", "amod"):
        word = word.head
    verb = word.head
    if word.dep_ not in ("nsubj", "nsubjpass"):
        return False
    # A verb that the parse takes for a modifier of its object stands first all the same.
    return verb.dep_ in ("ROOT", "amod") or (verb.dep_ == "ccomp" and verb.i < verb.head.i)


def _counterpart(troupe: Troupe, before: Sequence[Placed], country: str | None) -> tuple[Part, float, str] | None:
    """Return the holder of the antecedent's office in the country named."""
    if not country:
        return None
    owners = [p.part for p in before if p.part.type == "person" and p.part.country != country]
    if not owners:
        return None
    owner = owners[-1]
    kind = owner.kind or next((r.kind for r in owner.stated if r.kind), None)
    portfolios = set() if kind else _portfolios(owner, troupe.day)
    onstage = [
        part
        for part in troupe.persons
        if part.country == country and (part.kind if kind else portfolios & _portfolios(part, troupe.day))
    ]
    if len(onstage) == 1:
        return onstage[0], 0.85, f"counterpart of {owner.name}"
    return _from_tables(kind, country, troupe, f"counterpart of {owner.name}") if kind else None


_PORTFOLIO_WORDS = {
    "foreign": re.compile(
        r"\bforeign (?:minister|secretary|affairs)\b|^(?:the )?(?:u\.?s\.? |american )?secretary of state$"
    ),
    "defence": re.compile(
        r"\bdefen[cs]e (?:minister|secretary|chief)\b|\b(?:minister|secretary) (?:of|for) defen[cs]e\b"
    ),
    "finance": re.compile(r"\bfinance minister\b|\bminister (?:of|for) finance\b|\btreasury secretary\b|\bexchequer\b"),
    "interior": re.compile(r"\binterior minister\b|\bminister (?:of|for) (?:the )?interior\b|\bhome secretary\b"),
}
"""What the ministers of one matter are called in different countries."""


def _portfolios(part: Part, day: str | None) -> set[str]:
    """Return the matters a person is minister of, by the article or on the day by the tables."""
    titles = [role.title for role in part.stated]
    if part.person is not None and day is not None:
        titles += [office.title for office in knowledge.all_offices(part.person, day)]
    return {name for name, words in _PORTFOLIO_WORDS.items() if any(words.search(fold(title)) for title in titles)}


def _pair(head: str, troupe: Troupe, before: Sequence[Placed], sentence: int) -> tuple[Part, float, str] | None:
    """Return two persons or countries taken together."""
    near = [one for one in before if sentence - one.sentence <= 12]
    if head in _BOTH_HEADS:
        allowed = _BOTH_HEADS[head]
        persons = [
            one
            for one in near
            if one.part.type == "person"
            and (head == "men" or one.part.sector in ("GOV", None) or one.part.kind)
            and (not allowed or one.part.kind in allowed)
        ]
        two = _two_persons(persons, anybody=head == "men")
        return (troupe.both(two), 0.65, "the two of their kind named together last") if two else None
    if head in ("countries", "nations", "states", "sides", "governments"):
        return _two_countries(troupe, before, sentence)
    return None


def _two_persons(persons: Sequence[Placed], *, anybody: bool) -> list[Part]:
    """Return the two persons there are; of more than two rulers the last two that a sentence tells of alone.

    Of more than two who may be anybody nobody is sure.
    """
    groups = [{one.part.id: one.part for one in persons}]
    if not anybody:
        for at in sorted({one.sentence for one in persons}, reverse=True):
            groups.append({one.part.id: one.part for one in persons if one.sentence == at})
    return next((list(group.values()) for group in groups if len(group) == 2), [])


def _two_countries(troupe: Troupe, before: Sequence[Placed], sentence: int) -> tuple[Part, float, str] | None:
    """Return the two countries spoken of: those of the sentence, else those the article names most.

    Who was named last tells little: a third country may have offered its help.
    """
    named = [
        one
        for one in before
        if one.part.type in ("country", "government") and one.part.country and one.form != "pronoun"
    ]
    ranked = Counter(str(one.part.country) for one in named).most_common(3)
    most = [country for country, _ in ranked[:2]] if len(ranked) < 3 or ranked[1][1] > ranked[2][1] else []
    here = list(dict.fromkeys(str(one.part.country) for one in reversed(named) if one.sentence == sentence))
    for pair, why in ((here, "the two countries of the sentence"), (most, "the two countries named most")):
        if len(pair) == 2:
            return troupe.both([troupe.country(country) for country in pair]), 0.65, why
    return None


def _head_of(
    kind: str, country: str | None, troupe: Troupe, before: Sequence[Placed], sentence: int
) -> tuple[Part, float, str] | None:
    """Return who leads the country named: one on stage first, then the tables."""
    if country is None:
        recent = [p.part for p in before if p.part.type == "person" and p.part.kind and sentence - p.sentence <= 3]
        if kind == "leader":
            return (recent[-1], 0.55, "last leader named") if recent else None
        same = [part for part in recent if part.kind == kind]
        return (same[-1], 0.65, "last holder of that office named") if same else None
    onstage = [
        part
        for part in troupe.persons
        if part.country == country and (part.kind == kind or (part.kind and "leader" in (kind, part.kind)))
    ]
    stated = [part for part in troupe.persons if any(r.kind == kind and r.country == country for r in part.stated)]
    pool = stated or onstage
    if len({part.id for part in pool}) == 1:
        return pool[0], 0.9, "holder of that office, named in the article"
    return _from_tables(kind, country, troupe, "holder of that office on the day")


def _from_tables(kind: str, country: str, troupe: Troupe, why: str) -> tuple[Part, float, str] | None:
    if troupe.day is None:
        return None
    who = knowledge.leader(country, troupe.day) if kind == "leader" else knowledge.holder(country, kind, troupe.day)
    return (troupe.enter(who), 0.8, why) if who else None


def _country(
    folded: str, head: str, troupe: Troupe, before: Sequence[Placed], sentence: int
) -> tuple[Part, float, str] | None:
    """Return the country last spoken of; the last of all counts, adjectives less than names."""
    near = [p for p in before if p.part.type in ("country", "government") and sentence - p.sentence <= 4]
    near = [p for p in near if p.part.country in knowledge.countries()]
    if head in _REALMS:
        near = [p for p in near if p.part.country in _REALMS[head]]
    elif head == "republic":
        near = [p for p in near if p.part.country not in _CROWNS]
    if not near or folded.split()[0] != "the":
        return None
    named = [p for p in near if p.form in ("name", "metonym")] or near
    last = named[-1].part
    return troupe.country(last.country or ""), 0.6, "last country named"


def _agents(doc: Doc, span: Span) -> set[int]:
    """Return where the subjects of the verb whose object this is begin: "Oslo invaded the country" is another country.

    Principle B of the binding theory (Chomsky 1981), for objects and what a preposition other than of place ties to
    the verb; "Norway has doctors in the country" may speak of Norway.
    """
    marked = doc.char_span(span.start, span.end, alignment_mode="expand")
    if marked is None or not len(marked):
        return set()
    root = marked.root
    if root.dep_ == "pobj" and root.head.dep_ == "prep" and root.head.lower_ not in _WITHIN:
        verb = root.head.head
        verb = verb.head if verb.dep_ == "dobj" else verb  # "has no relations with the country"
    elif root.dep_ in ("dobj", "dative"):
        verb = root.head
    else:
        return set()
    for _ in range(3):
        subjects = [child for child in verb.children if child.dep_ == "nsubj"]
        if subjects or verb.dep_ != "conj":
            return {doc[one.left_edge.i + at].idx for one in subjects for at in range(one.i - one.left_edge.i + 1)}
        verb = verb.head
    return set()


def _office(
    words: str, span: Span, before: Sequence[Placed], country: str | None, day: str | None
) -> tuple[Part, float, str] | None:
    """Return the person whose role this is, stated in the article or held on its day for the country named."""
    role = describe_role(words, span)
    office = fold(words).split(" of ")[0].split(" for ")[0].split()
    head = office[-1]
    same = "spokes" if head.startswith("spokes") or head == "representative" else head
    if head in _PORTFOLIOS and len(office) > 1 and office[-2] in _PORTFOLIOS[head]:
        same = f"{office[-2]} {head}"  # a foreign minister is no prime minister
    wanted = country or role.country
    for one in reversed(before):
        part = one.part
        said = part.type == "person" and any(same in fold(r.title) for r in part.stated)
        if said and (wanted is None or part.country in (None, wanted)):
            return part, 0.7, "role stated in the article"
    held = _titles(fold(words), head, office)
    for one in reversed(before):
        who = one.part.person
        if who is not None and wanted is not None and one.part.country == wanted:
            titles = (fold(office.title) for office in knowledge.all_offices(who, day or knowledge.RECENT))
            if any(title.startswith(held) for title in titles):
                return one.part, 0.7, "office held on the day"
    return None


def _titles(folded: str, head: str, office: Sequence[str]) -> tuple[str, ...]:
    """Return how the tables may begin the title of an office.

    >>> _titles("the american secretary of state", "secretary", ["the", "american", "secretary"])
    ('secretary of state',)
    """
    if head in _PORTFOLIOS and len(office) > 1 and office[-2] in _PORTFOLIOS[head]:
        of = office[-2]
        return f"{head} of {of}", f"{head} for {of}", f"{head} of state for {of}", f"{of} {head}"
    of = folded.partition(" of ")[2]
    if of:
        return (f"{head} of {of}",)
    return ()

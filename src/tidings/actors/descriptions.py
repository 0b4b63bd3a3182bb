"""Actors spoken of by description: "the Belarusian leader", "his Russian counterpart", "the two leaders".

In: the parse, the actors named so far in the text and the mentions before. Out: who a description means, or None.
It reads no pronouns.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tidings.actors import knowledge
from tidings.actors.bodies import BODY_HEADS, RULES, agents, government, group, last_body
from tidings.actors.casting import Part, Placed, Troupe
from tidings.actors.names import fold
from tidings.actors.reading import text_of
from tidings.actors.roles import describe_role, role_kind
from tidings.text import Span

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

__all__ = ["described", "means"]

_PAIR = re.compile(r"^(?:the |both |these )?(?:two|both)\b")
_BOTH_HEADS: dict[str, frozenset[str | None]] = {
    **dict.fromkeys(("leaders", "men", "statesmen", "politicians", "rulers"), frozenset()),
    "presidents": frozenset({"state"}),
    "premiers": frozenset({"government"}),
    "ministers": frozenset({"government", None}),
}
"""What two people are called together, and which kinds of heads may be called so; none listed where any may."""
_COUNTRY_HEADS = frozenset("country nation republic state".split())
_REALMS = {
    "kingdom": frozenset("GBR NLD BEL NOR SWE DNK ESP JOR SAU BHR MAR THA KHM BTN LSO SWZ TON".split()),
    "emirate": frozenset({"KWT", "QAT"}),
    "sultanate": frozenset({"OMN", "BRN"}),
    "principality": frozenset({"MCO", "LIE", "AND"}),
}
"""Who rules where: "the kingdom" is no republic, and "the republic" none of these."""
_CROWNS = frozenset({"CAN", "AUS", "NZL", "JPN", "LUX", "ARE", "MYS"}).union(*_REALMS.values())
_LONGEST = 90


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
            or (first.pos_ == "PROPN" and root.lower_ in RULES)
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
    return root.lower_ in BODY_HEADS and ((name.head == root and name.dep_ == "appos") or root.head == name)


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
        acting = {p.part.country for p in agents(doc, span, before)}
        others = [p for p in before if p.part.country not in acting]
        return _country(folded, head, troupe, others, sentence)
    if head in _OFFICE_NOUNS or head in ("lawyer", "activist", "journalist", "general", "official"):
        return _office(words, span, before, country, troupe.day)
    return (
        last_body(words, folded, head, country, before, sentence)
        or government(doc, span, head, country, troupe, before, placed, sentence)
        or group(doc, folded, head, country, troupe, before, sentence)
    )


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

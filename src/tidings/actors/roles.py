"""Offices and functions an article states: "US President Joe Biden", "Dmitri Peskov, spokesman of the Kremlin".

In: the parse and a name in it. Out: the words of the role, where they stand and what they say of country and sector.
It looks nothing up about the person.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from tidings.actors import knowledge
from tidings.actors.agents import sector_of
from tidings.actors.knowledge import country_of_word
from tidings.actors.names import fold
from tidings.actors.reading import text_of
from tidings.actors.sightings import Sighting, sightings
from tidings.text import Span

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

__all__ = ["RolePhrase", "describe_role", "role_kind", "roles_of"]

_BEFORE = ("NOUN", "PROPN", "ADJ")
_LONGEST = 8
_TIMES = frozenset("day evening morning afternoon night week month year noon weekend".split())
_OFFICES = frozenset("secretary minister president director chief speaker chancellor head governor king emir".split())
_POLITE = frozenset("mr mr. mrs mrs. ms ms. dr dr. sir miss".split())
_RANKS = _POLITE | frozenset(
    "ayatollah grand sheikh sayyid hojatoleslam imam rabbi reverend rev rev. bishop archbishop cardinal prince "
    "princess lord lady dame general gen. lieutenant lt. lt major maj. brigadier brig. colonel col. captain capt. "
    "admiral adm. vice rear air marshal field commodore professor prof. judge".split()
)
"""What stands before a name whatever the office."""


class RolePhrase(NamedTuple):
    """A role as the article words it. `kind` is that of `role_kind`; `bound` where another's says what it is."""

    span: Span
    title: str
    country: str | None
    sector: str | None
    kind: str | None
    bound: bool = False


def roles_of(doc: Doc, start: int, end: int) -> list[RolePhrase]:
    """Return the roles stated right before and right after a name, by title, by apposition."""
    marked = doc.char_span(start, end, alignment_mode="expand")
    if marked is None or not len(marked):
        return []
    first, title = _before_ranks(doc, marked.start), _title(doc, marked.start)
    offices = (_behind(doc, marked.end), _in_front(doc, first))
    is_rank = title is not None and title.start >= doc[first].idx
    stated = (*offices, title) if is_rank else (title, *offices)  # an office says more than a rank
    found = [span for span in stated if span]
    phrases = [describe_role(text_of(doc), span) for span in found]
    torn = _torn(doc, marked.start)
    phrases += [torn] if torn else []
    return [phrase for phrase in phrases if phrase.sector or phrase.kind or phrase.bound]


_LED = re.compile(
    r"([Tt]he [a-z' ]*?(?:federation|union|party|movement|group|association|league|club))'s (?:leader|head|chief)"
)
"""Who leads a body and rules no country."""


def describe_role(text: str, span: Span) -> RolePhrase:
    """Read country, sector and kind of office out of a role phrase."""
    words = span.of(text)
    body = _LED.fullmatch(words.replace("’", "'"))
    if body:
        sector = sector_of(body[1])
        return RolePhrase(span, words, None, sector[0] if sector else None, None, bound=True)
    if _is_of_another(words):
        return RolePhrase(span, words, None, None, None, bound=True)
    seen = sightings(words)
    sector = sector_of(_without_bodies(words, seen)) or sector_of(words)
    country = next((s.key for s in seen if s.kind in ("country", "demonym", "seat")), None)
    if country is None:
        bodies = (knowledge.known_names()[s.key][0] for s in seen if s.kind == "known")
        country = next((b.country for b in bodies if b.country in ("EUR", "UNO")), None)
    return RolePhrase(span, words, country, sector[0] if sector else None, role_kind(words))


def _is_of_another(words: str) -> bool:
    """Tell "its leader" and "Lund's deputy", who is in what the other is in, from "the leader" and "a deputy"."""
    *before, last = words.replace("’", "'").split() or [""]
    own = bool(before) and before[0].lower() in ("its", "their")
    named = any(word in ("his", "her") or (word.endswith("'s") and word[0].isupper()) for word in before)
    return (own and last in ("leader", "leaders", "chief", "head")) or (last == "deputy" and (own or named))


def _without_bodies(words: str, seen: list[Sighting]) -> str:
    """Blank the organisations named: a policy chief of the European Union leads no trade union."""
    for one in seen:
        if one.kind == "known":
            words = words[: one.start] + " " * (one.end - one.start) + words[one.end :]
    return words


def role_kind(words: str) -> str | None:
    """Tell whether words name a head of state, of government, a supreme leader, or a leader of some kind.

    >>> role_kind("the Belarusian president"), role_kind("vice president"), role_kind("the two leaders")
    ('state', None, 'leader')
    >>> role_kind("Iran's supreme leader")
    'supreme'
    """
    folded = " " + fold(words) + " "
    if any(
        word in folded for word in (" vice ", " deputy ", " former ", " ex-", " opposition ", " company ", " party ")
    ):
        return None
    own = folded.split(" of ")[0].split(" for ")[0] + " "
    if any(f" {word} " in own for word in ("prime minister", "premier", "chancellor", "taoiseach")):
        return "government"
    if " supreme leader " in own:
        return "supreme"
    if any(f" {word} " in own for word in ("president", "king", "queen", "emir", "sultan", "monarch", "head of state")):
        return "state"
    return "leader" if any(f" {word} " in own for word in ("leader", "leaders", "strongman", "ruler")) else None


def _title(doc: Doc, first: int) -> Span | None:
    """Return the words right before a name that make a title: nouns and adjectives, one of them a role."""
    at = first
    while (
        at > 0 and first - at < _LONGEST and doc[at - 1].pos_ in _BEFORE and not doc[at - 1].text.endswith((",", "."))
    ) or (at > 0 and first - at < _LONGEST and doc[at - 1].lower_ in ("u.s.", "u.k.")):
        if doc[at - 1].lower_ in _POLITE or doc[at - 1].lower_ in _TIMES or "\n" in doc[at - 1].text:
            break
        at -= 1
        if at > 1 and doc[at - 1].lower_ in ("of", "for") and doc[at - 2].lower_ in _OFFICES and doc[at].text.istitle():
            at -= 2
    if at == first:
        return None
    span = Span(doc[at].idx, doc[first - 1].idx + len(doc[first - 1]))
    return span if sector_of(span.of(text_of(doc))) and not span.of(text_of(doc)).endswith("'s") else None


def _behind(doc: Doc, last: int) -> Span | None:
    """Return the noun phrase that follows a name after a comma or an opening bracket."""
    if last + 1 >= len(doc) or doc[last].text not in (",", "(", "–", "—"):
        return None
    at = last + 1
    if doc[at].pos_ not in ("DET", "NOUN", "PROPN", "ADJ", "PRON"):
        return None
    return _phrase(doc, at, doc[at : at + _LONGEST + 4])


def _before_ranks(doc: Doc, first: int) -> int:
    """Return where a name begins with the ranks before it: "the defence minister, General Ada Berg"."""
    while first > 0 and doc[first - 1].lower_ in _RANKS and doc[first - 1].text[0].isupper():
        first -= 1
    return first


def _in_front(doc: Doc, first: int) -> Span | None:
    """Return the noun phrase in front of a name and a comma: "The president of Belarus, Alexandr Lukashenko"."""
    if first < 2 or doc[first - 1].text != ",":
        return None
    for size in range(2, _LONGEST + 5):
        at = first - 1 - size
        if at < 0 or (doc[at + 1].is_sent_start and size > 2 and at + 1 > first - 1):
            return None
        token = doc[at]
        if token.pos_ == "VERB" or token.text in (",", ".", '"', "”", "“"):
            return None
        if token.lower_ in ("the", "a", "an", "its", "his", "her", "their") or token.is_sent_start:
            span = Span(token.idx, doc[first - 2].idx + len(doc[first - 2]))
            head = sector_of(span.of(text_of(doc)))
            if _is_roll_call(doc, at, first - 1):
                return None
            ruled = at > 0 and doc[at - 1].pos_ == "ADP" and not role_kind(span.of(text_of(doc)))
            return span if head and not ruled and head[1] not in ("man", "people") else None
    return None


def _torn(doc: Doc, first: int) -> RolePhrase | None:
    """Mend a role torn by machine translation: "..., the spokesman said Monday. of the ministry, Ivan Petrov."."""
    if first < 3 or doc[first - 1].text != ",":
        return None
    of = next(
        (
            doc[at]
            for at in range(first - 2, max(-1, first - 7), -1)
            if doc[at].text == "of" and at and doc[at - 1].text == "."
        ),
        None,
    )
    if of is None:
        return None
    for at in range(of.i - 2, max(0, of.i - 8), -1):
        if doc[at].lower_ in _TORN and doc[at - 1].lower_ == "the":
            whole = f"{doc[at].text} {text_of(doc)[of.idx : doc[first - 2].idx + len(doc[first - 2])]}"
            read = describe_role(whole, Span(0, len(whole)))
            return read._replace(span=Span(doc[at - 1].idx, doc[at].idx + len(doc[at])))
    return None


_TORN = frozenset("spokesman spokeswoman spokesperson minister president head director chief secretary leader".split())
_STOPS = frozenset(
    (
        ",",
        ".",
        ";",
        ":",
        ")",
        "–",
        "—",
        '"',
        "“",
        "”",
        "'",
        "(",
        "who",
        "which",
        "that",
        "said",
        "says",
        "told",
        "where",
    )
)


def _phrase(doc: Doc, at: int, window: Iterable[Token]) -> Span | None:
    end = at
    for token in window:
        if (
            token.lower_ in _STOPS
            or "\n" in token.text
            or (token.pos_ in ("VERB", "AUX", "SCONJ") and token.tag_ not in ("VBN", "VBG"))
        ):
            break
        if token.is_sent_start and token.i > at:
            break
        end = token.i + 1
    while end > at and doc[end - 1].pos_ in ("ADP", "DET", "CCONJ", "ADV", "PUNCT", "SPACE", "PART"):
        end -= 1
    if end <= at:
        return None
    if _is_roll_call(doc, at, end):
        return None
    span = Span(doc[at].idx, doc[end - 1].idx + len(doc[end - 1]))
    words = span.of(text_of(doc))
    if country_of_word(words) or not any(c.islower() for c in words):
        return None
    return span if sector_of(words) else None


def _is_roll_call(doc: Doc, at: int, end: int) -> bool:
    """Tell whether a phrase goes on with another person ("Senator Ada Berg") or means several ("four senators")."""
    for token in doc[at:end]:
        if token.dep_ == "poss":
            return False
        if token.ent_type_ == "PERSON":
            return True
        if token.pos_ in ("ADP", "PART"):
            return False
        if token.tag_ in ("NNS", "NNPS") and (token.i + 1 == end or doc[token.i + 1].pos_ in ("ADP", "CCONJ")):
            return True
    return False

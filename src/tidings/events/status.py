"""How an act is told: asserted, planned, hypothetical or denied, and by whose words alone.

In: the verb (or noun) an act hangs on. Out: a status and the words that made it.
Whether an asserted act is old enough to be background is decided where its date is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from spacy.tokens import Token

__all__ = ["Told", "how_told", "is_long_past"]

Told = Literal["asserted", "planned", "hypothetical", "denied"]

_MODALS = frozenset({"could", "would", "might", "may", "should", "can", "must", "ought", "'d", "’d"})
_FUTURE_MODALS = frozenset({"will", "shall", "'ll", "’ll"})
_FUTURE_VERBS = frozenset("plan schedule intend prepare set due expect slate expected poise".split())
_WISHING = frozenset(
    "call urge demand want hope seek wish propose suggest consider mull weigh request ask refuse decline threaten vow "
    "warn fear need expect recommend advise encourage oppose invite order pledge promise offer agree discuss debate "
    "prevent avoid avert deter risk attempt fail aim bid push appeal allow enable permit let".split()
)
_NEEDING = frozenset({"need", "want", "hope", "wish", "seek"})
_WISHED_THINGS = frozenset("want seek demand propose urge consider prevent avoid avert".split())
_WISHED_CLAUSES = frozenset("hope wish suggest demand propose fear insist request".split())
_DENYING = frozenset({"deny", "refute", "disprove", "dismiss", "rebut", "reject"})
_SPECULATING = frozenset({"likely", "possible", "unlikely", "potential", "potentially", "possibly", "maybe", "perhaps"})
_CONDITIONS = frozenset({"if", "unless", "whether"})
_WHENEVER = frozenset({"when", "whenever", "once", "until"})
_NEGATIONS = frozenset({"not", "n't", "n’t", "never", "no", "without", "neither", "nor", "none"})
_FUTURE_NOUNS = frozenset({"upcoming", "planned", "scheduled", "forthcoming", "future", "next", "proposed", "imminent"})
_RECENT = frozenset({"earlier", "already", "just", "recently", "previously"})
_VERBAL = ("VERB", "AUX")
_STEPS = 5


def how_told(head: Token, predicate: Token | None = None) -> tuple[Told, str | None]:
    """Tell how the act at `head`, carried by `predicate`, is told, and by which cue."""
    found = _noun_status(head) if head.pos_ in ("NOUN", "PROPN") else None
    if found:
        return found
    verb: Token = predicate if predicate is not None else head
    inside = head if head.pos_ in _VERBAL else None
    if inside is not None and inside != verb:
        own = _verb_status(inside) or _needed(inside)
        if own:
            return own
    for step in range(_STEPS):
        if verb.pos_ in _VERBAL or verb.pos_ == "ADJ":
            own = _verb_status(verb)
            if own:
                return own
        if verb.head == verb:
            break
        if verb.dep_ == "pcomp" and verb.head.lower_ == "without":
            return "denied", "without"
        above = _from_above(verb, step)
        if above:
            return above
        if verb.dep_ not in (
            "xcomp",
            "ccomp",
            "conj",
            "dobj",
            "pobj",
            "prep",
            "pcomp",
            "nsubjpass",
            "nsubj",
            "attr",
            "acl",
        ):
            break
        verb = verb.head
    return "asserted", None


def is_long_past(verb: Token) -> bool:
    """Tell "had been holding talks" from "said they had held talks", where "had" only shifts what was said."""
    if verb.dep_ != "ROOT" or verb.tag_ not in ("VBN", "VBG"):
        return False
    if any(child.dep_ in ("ccomp", "parataxis") or child.lower_ in _RECENT for child in verb.children):
        return False
    return any(child.dep_ == "aux" and child.lower_ in ("had", "'d", "’d") for child in verb.children)


def _needed(verb: Token) -> tuple[Told, str] | None:
    """Read "need to send": what the operators above an act have passed over."""
    if verb.dep_ == "xcomp" and verb.head.lemma_ in _NEEDING:
        return "hypothetical", verb.head.lemma_
    return None


def _noun_status(head: Token) -> tuple[Told, str] | None:
    for child in head.children:
        word = child.lower_
        if word in _FUTURE_NOUNS and child.dep_ == "amod":
            return ("hypothetical" if word in ("proposed", "future") else "planned"), word
        if word in ("possible", "potential", "alleged") and word != "alleged":
            return "hypothetical", word
        if word in ("no", "without") and child.dep_ in ("det", "neg"):
            return "denied", word
    if head.dep_ == "pobj" and head.head.lower_ == "of" and head.head.head.lower_ == "ahead":
        return "planned", "ahead of"
    if head.dep_ == "pobj" and head.head.lower_ == "without":
        return "denied", "without"
    return None


def _verb_status(verb: Token) -> tuple[Told, str] | None:
    negated: str | None = None
    modal: tuple[Told, str] | None = None
    for child in verb.children:
        word = child.lower_
        if child.dep_ == "neg" or (child.dep_ == "advmod" and word == "never"):
            negated = word
        elif child.dep_ in ("nsubj", "nsubjpass") and any(part.lower_ in _NEGATIONS for part in child.lefts):
            negated = "no"
        elif child.dep_ == "aux" and word in _FUTURE_MODALS:
            modal = ("planned", word)
        elif child.dep_ == "aux" and word in _MODALS:
            modal = ("hypothetical", word)
        elif (child.dep_ == "mark" and word in _CONDITIONS) or _is_whenever(child, verb):
            return "hypothetical", word
        elif child.dep_ == "mark" and word == "for" and verb.tag_ == "VB":
            return "hypothetical", "for ... to"
        elif child.dep_ in ("advmod", "acomp") and word in _SPECULATING:
            modal = modal or ("hypothetical", word)
    if negated:
        return "denied", negated
    if modal:
        return modal
    if verb.lemma_ == "go" and verb.tag_ == "VBG" and any(child.dep_ == "xcomp" for child in verb.children):
        return "planned", "going to"
    return None


def _from_above(token: Token, step: int) -> tuple[Told, str] | None:
    """Read the governor: "plans to", "called for", "denied having", "is to meet"."""
    head = token.head
    if token.dep_ in ("xcomp", "pcomp", "acl") or (token.dep_ in ("dobj", "pobj") and step <= 2):
        governor = head.head if head.pos_ == "ADP" else head
        lemma = governor.lemma_.lower()
        if lemma in _DENYING and token.dep_ != "dobj":
            return "denied", lemma
        if token.dep_ in ("xcomp", "acl"):
            if lemma in _SPECULATING:
                return "hypothetical", lemma
            if lemma in _FUTURE_VERBS:
                return "planned", lemma
            if lemma == "be" and token.tag_ == "VB":
                return "planned", "is to"
        wished = lemma in _WISHING and (token.dep_ != "dobj" or lemma in _WISHED_THINGS)
        if wished and (head.pos_ != "ADP" or head.lower_ in ("for", "of", "about", "from", "on")):
            return "hypothetical", lemma
    if token.dep_ == "ccomp" and head.lemma_ in ("deny", "doubt", "refute"):
        return "denied", head.lemma_
    if token.dep_ == "ccomp" and head.lemma_ in _WISHED_CLAUSES and token.tag_ == "VB":
        return "hypothetical", head.lemma_
    return None


def _is_whenever(child: Token, verb: Token) -> bool:
    """Tell "a panel decides when Chad refuses" from "when Chad refused": the present tells what holds at any time."""
    if child.lower_ not in _WHENEVER or child.dep_ not in ("mark", "advmod"):
        return False
    return verb.dep_ == "advcl" and verb.tag_ in ("VBZ", "VBP") and verb.head.tag_ not in ("VBD", "VBN")

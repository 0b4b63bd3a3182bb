"""Which of the earlier mentions a pronoun or a bare description takes up again.

In: candidate mentions with what the parse says about them. Out: the likeliest antecedent, or None.
It knows no names and no offices; the weights are fitted by `training/actors_coreference.py`.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from tidings import data

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

__all__ = ["PRONOUNS", "Candidate", "antecedent", "candidate", "features", "quoted"]

PRONOUNS: dict[str, str] = {
    **dict.fromkeys(("he", "him", "his", "himself"), "he"),
    **dict.fromkeys(("she", "her", "hers", "herself"), "she"),
    **dict.fromkeys(("it", "its", "itself"), "it"),
    **dict.fromkeys(("they", "them", "their", "theirs", "themselves"), "they"),
    **dict.fromkeys(("i", "me", "my", "mine", "myself"), "i"),
    **dict.fromkeys(("we", "us", "our", "ours", "ourselves"), "we"),
    **dict.fromkeys(("you", "your", "yours", "yourself", "yourselves"), "you"),
    **dict.fromkeys(("who", "whom", "whose"), "who"),
}
_SUBJECTS = ("nsubj", "nsubjpass", "csubj", "agent")
_CLAUSES = ("ROOT", "ccomp", "advcl", "conj", "relcl", "xcomp", "parataxis", "acl", "pcomp")
_REFLEXIVE = ("himself", "herself", "itself", "themselves")
REACH = 6
"""Sentences looked back."""


class Candidate(NamedTuple):
    """A mention as the ranking sees it. `man` is how likely it is a man, None when unknown; `kind` what it is."""

    start: int
    end: int
    token: int
    sentence: int
    kind: str
    plural: bool
    man: float | None
    cluster: int
    role: str
    quoted: bool


def candidate(
    doc: Doc,
    start: int,
    end: int,
    *,
    kind: str,
    man: float | None,
    cluster: int,
    sentences: Sequence[int],
    inside: Sequence[bool],
) -> Candidate:
    """Describe one mention of a parsed text."""
    marked = doc.char_span(start, end, alignment_mode="expand")
    root = marked.root if marked is not None else doc[0]
    plural = root.tag_ in ("NNS", "NNPS") or any(
        child.dep_ == "conj" and child.i < (marked.end if marked is not None else 0) for child in root.children
    )
    return Candidate(start, end, root.i, sentences[root.i], kind, plural, man, cluster, _role(root), inside[root.i])


def _role(token: Token) -> str:
    steps = 0
    while token.dep_ in ("conj", "appos", "compound") and steps < 4:
        token, steps = token.head, steps + 1
    if token.dep_ in _SUBJECTS:
        return "main" if token.head.dep_ in ("ROOT", "ccomp") else "subject"
    if token.dep_ in ("dobj", "dative", "attr"):
        return "object"
    return "owner" if token.dep_ == "poss" else "other"


def quoted(doc: Doc) -> list[bool]:
    """Tell for each token whether it stands inside quotation marks; an open quote ends with its paragraph."""
    inside, marks = False, []
    for token in doc:
        if token.text in ("“", "``"):
            inside = True
        elif token.text in ("”", "''"):
            inside = False
        elif token.text == '"':
            inside = not inside
        elif "\n" in token.text:
            inside = False
        marks.append(inside)
    return marks


def antecedent(
    pronoun: Candidate, word: str, doc: Doc, earlier: Sequence[Candidate], later: Sequence[Candidate] = ()
) -> tuple[Candidate, float] | None:
    """Return the likeliest antecedent of a pronoun and its lead, from 0 to 1; None when no candidate fits."""
    kind = PRONOUNS[word]
    counts: dict[int, int] = {}
    for one in earlier:
        counts[one.cluster] = counts.get(one.cluster, 0) + 1
    ranked = []
    order = 0
    for one in reversed(earlier):
        if pronoun.sentence - one.sentence > REACH and len(ranked) > 2:
            break
        if _fits(one, pronoun, kind, word, doc):
            order += 1
            ranked.append((_score(features(one, pronoun, kind, doc, counts[one.cluster], order), kind), one))
    for one in later:
        if one.sentence <= pronoun.sentence + 1 and one.kind != "pronoun" and _fits(one, pronoun, kind, word, doc):
            ranked.append((_score(features(one, pronoun, kind, doc, 1, 4), kind), one))
    if not ranked:
        return None
    totals: dict[int, float] = {}
    for score, one in ranked:
        totals[one.cluster] = max(totals.get(one.cluster, -99.0), score)
    order_of = sorted(totals.items(), key=lambda item: -item[1])
    best = next(one for score, one in ranked if one.cluster == order_of[0][0] and score == order_of[0][1])
    lead = order_of[0][1] - order_of[1][1] if len(order_of) > 1 else 2.0
    return best, round(min(0.99, 0.5 + lead / 4), 4)


def _fits(one: Candidate, pronoun: Candidate, kind: str, word: str, doc: Doc) -> bool:
    if one.start <= pronoun.start < one.end:
        return False
    if kind in ("he", "she"):
        if one.kind not in ("person", "role", "name") or one.plural:
            return False
        if one.man is not None and (one.man < 0.1 if kind == "he" else one.man > 0.9):
            return False
    elif kind == "it":
        if one.kind in ("person", "role", "group") or one.plural:
            return False
    elif kind == "they" and one.kind == "person" and not one.plural:
        return False
    return not (word not in _REFLEXIVE and _bound(doc[one.token], doc[pronoun.token]))


def _bound(name: Token, pronoun: Token) -> bool:
    """Tell whether a pronoun may not mean the name: both hang on one verb ("Anna met her")."""
    if pronoun.dep_ == "poss":
        return False
    if (
        name.head == pronoun.head
        and name.dep_ in (*_SUBJECTS, "dobj", "dative")
        and pronoun.dep_ in (*_SUBJECTS, "dobj", "dative")
    ):
        return True
    return (
        pronoun.dep_ == "pobj"
        and pronoun.head.head == name.head
        and name.dep_ in _SUBJECTS
        and pronoun.head.lower_ in ("with", "to", "against", "by", "for")
    )


def features(one: Candidate, pronoun: Candidate, kind: str, doc: Doc, count: int, order: int) -> dict[str, float]:
    """Return what speaks for and against an antecedent."""
    gap = pronoun.sentence - one.sentence
    owner = pronoun.role == "owner"
    same = gap == 0
    found = {
        f"role:{one.role}": 1.0,
        f"gap:{max(-1, min(gap, 3))}": 1.0,
        f"order:{min(order, 4)}": 1.0,
        "parallel": 1.0 if one.role == pronoun.role or {one.role, pronoun.role} == {"main", "subject"} else 0.0,
        f"same+{one.role}": 1.0 if same else 0.0,
        f"owner+{one.role}+{'same' if same else 'far'}": 1.0 if owner else 0.0,
        "count": min(count, 5) / 5,
        "far": min(max(gap, 0), REACH) / REACH,
        "quote": 1.0 if one.quoted != pronoun.quoted else 0.0,
        f"kind:{one.kind}": 1.0,
        "clause": 1.0
        if same and one.start < pronoun.start and _clause(doc[one.token]) == _clause(doc[pronoun.token])
        else 0.0,
        "after": 1.0 if one.start > pronoun.start else 0.0,
        "distance": min(abs(pronoun.token - one.token), 100) / 100,
        "head": 1.0 if one.token == 0 or doc[one.token].is_sent_start else 0.0,
    }
    if kind in ("he", "she") and one.man is not None:
        found["agrees"] = (one.man if kind == "he" else 1 - one.man) - 0.5
    if kind == "they":
        found["plural"] = 1.0 if one.plural else 0.0
    return {key: value for key, value in found.items() if value}


def _clause(token: Token) -> int:
    steps = 0
    while token.dep_ not in _CLAUSES and token.head != token and steps < 30:
        token, steps = token.head, steps + 1
    return token.i


def _score(found: dict[str, float], kind: str) -> float:
    weights = _weights()[
        "person" if kind in ("he", "she", "who", "i") else kind if kind in ("it", "they") else "person"
    ]
    return sum(weights.get(key, 0.0) * value for key, value in found.items())


@functools.cache
def _weights() -> dict[str, dict[str, float]]:
    return json.loads(data.read_text("actors_coreference.json"))

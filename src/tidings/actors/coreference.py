"""Which of the earlier mentions a pronoun or a bare description takes up again.

In: candidate mentions with what the parse says about them. Out: the likeliest antecedent, or None.
It knows no names and no offices; the weights are fitted by `training/actors_coreference.py`.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, NamedTuple

from tidings import data

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

__all__ = [
    "PRONOUNS",
    "Candidate",
    "antecedent",
    "candidate",
    "commands",
    "competitors",
    "features",
    "quoted",
    "weights_for",
]

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
_SPEECH = frozenset(
    "say tell add ask answer explain reply warn insist argue note state declare announce claim write think".split()
)
_NAMING = ("attr", "oprd", "appos", "acomp")
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
    pronoun: str = ""
    speaks: bool = False


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
    plural = (root.tag_ in ("NNS", "NNPS") and kind not in ("person", "name")) or any(
        child.dep_ == "conj" and child.i < (marked.end if marked is not None else 0) for child in root.children
    )
    return Candidate(
        start, end, root.i, sentences[root.i], kind, plural, man, cluster, _role(root), inside[root.i],
        PRONOUNS.get(root.lower_, "") if end - start == len(root) else "",
        root.dep_ == "nsubj" and root.head.lemma_ in _SPEECH and not inside[root.i],
    )  # fmt: skip


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
    pronoun: Candidate,
    word: str,
    doc: Doc,
    earlier: Sequence[Candidate],
    later: Sequence[Candidate] = (),
    barred: Collection[int] = (),
) -> tuple[Candidate, float] | None:
    """Return the likeliest antecedent of a pronoun and its lead, from 0 to 1; None when no candidate fits.

    Those spoken of compete, each with all its mentions; the answer is the nearest mention of the winner. Whom a pronoun
    may not mean is `barred`, by cluster; "it" and "they" have so many rivals, unnamed ones too, that where such a one
    wins no other is taken in its place.
    """
    kind = PRONOUNS[word]
    rivals = competitors(pronoun, word, doc, earlier, later)
    scored = sorted(((_score(found, kind), -at) for at, (_, found) in enumerate(rivals)), reverse=True)
    free = [(score, at) for score, at in scored if rivals[-at][0].cluster not in barred]
    if not free or (kind in ("it", "they") and free[0] != scored[0]):
        return None
    lead = free[0][0] - free[1][0] if len(free) > 1 else 2.0
    return rivals[-free[0][1]][0], round(min(0.99, 0.5 + lead / 4), 4)


def competitors(
    pronoun: Candidate, word: str, doc: Doc, earlier: Sequence[Candidate], later: Sequence[Candidate] = ()
) -> list[tuple[Candidate, dict[str, float]]]:
    """Return the nearest mention of everyone a pronoun may mean, with what speaks for and against them."""
    kind = PRONOUNS[word]
    groups: dict[int, list[Candidate]] = {}
    for one in reversed(earlier):
        if pronoun.sentence - one.sentence > REACH and len(groups) > 2 and one.cluster not in groups:
            break
        groups.setdefault(one.cluster, []).append(one)
    found: list[tuple[Candidate, dict[str, float]]] = []
    told = [one.cluster for one in reversed(earlier) if one.speaks and one.kind != "thing"]
    speakers = told if pronoun.speaks else []
    for mentions in groups.values():
        fitting = [one for one in mentions if _fits(one, pronoun, kind, word, doc)]
        if fitting and not _contradicts(mentions, pronoun, kind, word, doc):
            seen = features(mentions, fitting[0], pronoun, kind, doc, len(found) + 1)
            if mentions[0].cluster in speakers[:4]:
                seen["spoke"] = 1.0 - speakers.index(mentions[0].cluster) / 4
            found.append((fitting[0], seen))
    for one in later:
        if one.sentence <= pronoun.sentence + 1 and one.kind != "pronoun" and _fits(one, pronoun, kind, word, doc):
            found.append((one, features([one], one, pronoun, kind, doc, 4)))
    return found


def _contradicts(mentions: Sequence[Candidate], pronoun: Candidate, kind: str, word: str, doc: Doc) -> bool:
    """Tell whether another mention rules somebody out: of the other gender, or bound to the same verb."""
    if kind in ("he", "she"):
        known = [one.man for one in mentions if one.man is not None and not one.pronoun]
        if known and (max(known) < 0.15 if kind == "he" else min(known) > 0.85):
            return True
    return word not in _REFLEXIVE and any(
        one.sentence == pronoun.sentence and _bound(doc[one.token], doc[pronoun.token]) for one in mentions
    )


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
    elif kind == "they" and (pronoun.quoted > one.quoted or (one.kind in ("person", "place") and not one.plural)):
        return False  # a country is "it"; whom the words of a quotation call "they" need not have been named before
    return not (word not in _REFLEXIVE and _bound(doc[one.token], doc[pronoun.token]))


def _bound(name: Token, pronoun: Token) -> bool:
    """Tell whether a pronoun may not mean the name, as both belong to one verb: "Anna hopes to meet her"."""
    if pronoun.dep_ == "poss":
        return False
    places = (*_SUBJECTS, "dobj", "dative")
    if name.head == pronoun.head and name.dep_ in places and pronoun.dep_ in places:
        return True
    to = pronoun.dep_ == "pobj" and pronoun.head.lower_ in ("with", "to", "against", "by", "for", "about")
    verb = pronoun.head.head if to else pronoun.head
    return (to or pronoun.dep_ in ("dobj", "dative")) and name == _subject(verb)


def commands(pronoun: Token, name: Token) -> bool:
    """Tell whether a pronoun may not mean a name told after it, as it commands it: "he said Lund would go".

    Principle C of the binding theory (Chomsky 1981), for subjects and objects. What is told with an act of its own
    subject stands beside the pronoun ("he left, and Lund stayed"), so does what is added of another ("he met Berg, who
    had asked Lund to come"), and a name that says who it is names it.
    """
    if pronoun.dep_ not in (*_SUBJECTS, "dobj", "dative") or name.i <= pronoun.i or name.dep_ in _NAMING:
        return False
    verb = pronoun.head
    for step in (name, *name.ancestors):
        if step == verb:
            return True
        beside = step.dep_ in ("conj", "parataxis") and step.head == verb and _own_subject(step) is not None
        if beside or step.dep_ == "relcl":
            return False
    return False


def _own_subject(verb: Token) -> Token | None:
    return next((child for child in verb.children if child.dep_ in _SUBJECTS), None)


def _subject(verb: Token) -> Token | None:
    """Return whose act it is, be it told with the verb before: "Anna came and praised", "Anna hopes to meet"."""
    for _ in range(4):
        own = _own_subject(verb)
        if own is not None:
            return own
        controlled = verb.dep_ == "xcomp" and not any(c.dep_ in ("dobj", "dative") for c in verb.head.children)
        if not controlled and not (verb.dep_ == "conj" and verb.head.pos_ in ("VERB", "AUX")):
            return None
        verb = verb.head
    return None


def features(
    mentions: Sequence[Candidate], one: Candidate, pronoun: Candidate, kind: str, doc: Doc, order: int
) -> dict[str, float]:
    """Return what speaks for and against somebody: the nearest mention `one`, and all mentions, nearest first."""
    gap = pronoun.sentence - one.sentence
    owner = pronoun.role == "owner"
    same = gap == 0
    found = {
        f"role:{one.role}": 1.0,
        f"gap:{max(-1, min(gap, 3))}": 1.0,
        f"order:{min(order, 4)}": 1.0,
        "parallel": 1.0 if one.role == pronoun.role or {one.role, pronoun.role} == {"main", "subject"} else 0.0,
        f"same+{one.role}": 1.0 if same else 0.0,
        f"next+{one.role}+{pronoun.role}": 1.0 if gap == 1 else 0.0,
        f"owner+{one.role}+{'same' if same else 'far'}": 1.0 if owner else 0.0,
        "count": min(len(mentions), 8) / 8,
        "names": min(sum(m.kind != "pronoun" for m in mentions), 4) / 4,
        "subjects": sum(m.role in ("main", "subject") for m in mentions) / len(mentions),
        "far": min(max(gap, 0), REACH) / REACH,
        "quote": 1.0 if one.quoted != pronoun.quoted else 0.0,
        f"kind:{one.kind}": 1.0,
        "taken up": 1.0 if any(m.pronoun == kind for m in mentions) else 0.0,
        "taken up last": 1.0 if one.pronoun == kind else 0.0,
        "clause": 1.0
        if same and one.start < pronoun.start and _clause(doc[one.token]) == _clause(doc[pronoun.token])
        else 0.0,
        "after": 1.0 if one.start > pronoun.start else 0.0,
        "distance": min(abs(pronoun.token - one.token), 100) / 100,
        "head": 1.0 if one.token == 0 or doc[one.token].is_sent_start else 0.0,
        "first": 1.0 if mentions[-1].sentence == 0 else 0.0,
    }
    if kind in ("he", "she"):
        known = [m.man for m in mentions if m.man is not None]
        mean = sum(known) / len(known) if known else 0.5
        found["agrees"] = (mean if kind == "he" else 1 - mean) - 0.5
    if kind == "they":
        found["plural"] = 1.0 if one.plural else 0.0
    return {key: value for key, value in found.items() if value}


def _clause(token: Token) -> int:
    steps = 0
    while token.dep_ not in _CLAUSES and token.head != token and steps < 30:
        token, steps = token.head, steps + 1
    return token.i


def weights_for(kind: str) -> str:
    """Return which weights rank the antecedents of a kind of pronoun."""
    return kind if kind in ("it", "they") else "person"


def _score(found: dict[str, float], kind: str) -> float:
    weights = _weights()[weights_for(kind)]
    return sum(weights.get(key, 0.0) * value for key, value in found.items())


@functools.cache
def _weights() -> dict[str, dict[str, float]]:
    return json.loads(data.read_text("actors_coreference.json"))

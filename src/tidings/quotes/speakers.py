"""Speakers: the words that may name who speaks.

In: a passage, a cue and the content it reports. Out: candidate speakers with their features.
It does not choose, and does not say which actor a speaker is.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from tidings.quotes.contents import Piece
from tidings.quotes.cues import DEP, ENT, POS, TAG, Cue, Lexicon, subject_of
from tidings.quotes.encoded import Encoded
from tidings.quotes.passage import NOMINAL, Passage
from tidings.quotes.witness import speaker_witness

__all__ = ["Candidate", "find_candidates", "phrase", "speaker_features"]

_CUT = frozenset({"relcl", "acl", "advcl", "punct", "prep"})
_PRONOUNS = {
    "i": 1,
    "we": 1,
    "you": 1,
    "he": 2,
    "she": 2,
    "they": 2,
    "it": 3,
    "who": 4,
    "that": 4,
    "which": 4,
    "there": 5,
}
_TOLD = frozenset({"advise", "ask", "assure", "brief", "inform", "notify", "remind", "tell", "warn"})
"""Verbs whose subject hears, and does not speak, when they are passive."""
_JUDGED = frozenset(
    "accuse blame charge chide condemn criticise criticize denounce fault hail honor honour laud praise rebuke "
    "reprimand slam suspect thank vilify".split()
)
"""Verbs whose subject is spoken of when they are passive."""
_LOCAL = frozenset({"across", "around", "at", "in", "inside", "near", "outside", "throughout"})
_REACH = 14
"""How many noun phrases on each side of the cue are weighed."""

_FARTHEST = 150
"""Tokens on each side of the cue in which noun phrases are looked for."""
_SEEN = 60
"""Tokens on each side of the cue in which the encoder's sources are weighed."""


class Candidate(NamedTuple):
    """A noun phrase that may name the speaker: its head, and by which way it was reached from the cue."""

    token: int
    way: int


WAYS = (
    "other",
    "subject",
    "passive subject",
    "by agent",
    "possessor",
    "subject of the verb it is joined to",
    "subject of the verb it depends on",
    "head of its relative clause",
    "head of its participle",
    "object of according to",
    "object",
)


def find_candidates(
    passage: Passage, cue: Cue, pieces: Sequence[Piece], said: Encoded | None = None
) -> list[Candidate]:
    """List the noun phrases that may name who speaks, in text order."""
    p, token = passage, cue.token
    reached = _reached(p, cue)
    first, last = p.unit_bounds[p.unit[token]]
    if last + 1 < len(p) and p.paragraph[last + 1] == p.paragraph[token]:
        fragment = p.unit_bounds[p.unit[last + 1]]
        if fragment[1] - fragment[0] < 25:
            last = fragment[1]
    first, last = max(first, token - _FARTHEST), min(last, token + _FARTHEST)
    spots = [
        at
        for at in range(first, last + 1)
        if p.pos[at] in NOMINAL and p.dep[at] not in ("compound", "npadvmod") and not _in_pieces(at, pieces)
    ]
    if p.region[token] < 0:
        spots = [at for at in spots if p.region[at] < 0]
    before = [at for at in spots if at < token][-_REACH:]
    after = [at for at in spots if at > token][:_REACH]
    runs = () if said is None else said.near("source", max(first, token - _SEEN), min(last, token + _SEEN))
    seen = {at for run in runs if not _in_pieces(at := _head(p, *run), pieces)}
    chosen = sorted({*before, *after, *reached, *seen} - _hearers(p, token))
    chosen = [at for at in chosen if not _is_scene(p, at)]
    return [Candidate(at, reached.get(at, 0)) for at in chosen]


def _head(p: Passage, first: int, last: int) -> int:
    return next((at for at in range(first, last + 1) if not first <= p.head[at] <= last or p.head[at] == at), last)


def _hearers(p: Passage, cue: int) -> set[int]:
    """Who is told and does not tell: the subject in "the guild was told that", with all that stands in its phrase.

    So is whom a verb speaks of: "the guild was accused of", "the guild, accused of".
    """
    if p.lemma[cue] not in _TOLD and p.lemma[cue] not in _JUDGED:
        return set()
    subjects = [child for child in p.children[cue] if p.dep[child] == "nsubjpass"]
    if p.lemma[cue] in _JUDGED and p.dep[cue] == "acl" and p.tag[cue] == "VBN":
        return {p.head[cue]}
    return {at for child in subjects for at in range(p.left[child], p.right[child] + 1)}


def _is_scene(p: Passage, at: int) -> bool:
    """Tell a place where something was said from a government: "protests in Chad against", "officials near Lima"."""
    return p.dep[at] == "pobj" and p.lower[p.head[at]] in _LOCAL and p.ent[at] in ("GPE", "LOC", "FAC")


def _in_pieces(token: int, pieces: Sequence[Piece]) -> bool:
    return any(a <= token <= b for a, b in pieces)


def _reached(p: Passage, cue: Cue) -> dict[int, int]:
    """Walk the parse from the cue to the phrases that grammar offers as its subject."""
    token = cue.token
    ways: dict[int, int] = {}

    def add(at: int | None, way: str) -> None:
        if at is not None and at not in ways and p.pos[at] in (*NOMINAL, "DET", "ADJ", "NUM"):
            ways[at] = WAYS.index(way)

    add(p.child(token, "nsubj"), "subject")
    add(p.child(token, "nsubjpass"), "passive subject")
    for agent in (child for child in p.children[token] if p.dep[child] == "agent"):
        add(p.child(agent, "pobj"), "by agent")
    add(p.child(token, "poss"), "possessor")
    if p.lower[token] == "according":
        for prep in p.children[token]:
            add(p.child(prep, "pobj"), "object of according to")
    add(p.child(token, "dobj"), "object")
    at = token
    for _ in range(4):
        dep, head = p.dep[at], p.head[at]
        if head == at:
            break
        if dep == "relcl":
            add(head, "head of its relative clause")
        if dep == "acl":
            add(head, "head of its participle")
        way = "subject of the verb it is joined to" if dep == "conj" else "subject of the verb it depends on"
        add(subject_of(p, head), way)
        add(p.child(head, "poss"), "possessor")
        at = head
    return ways


def phrase(passage: Passage, token: int) -> Piece:
    """Return the noun phrase around its head, without relative clauses and other long followers.

    Appositions stay: "Ana Ruiz, the mayor" is one phrase.
    """
    p = passage
    first, last = p.left[token], token
    for child in p.children[token]:
        if child < token:
            continue
        dep = p.dep[child]
        if dep == "prep":
            if p.right[child] - child > 9 or p.lower[child] not in (
                "of",
                "for",
                "from",
                "at",
                "in",
                "with",
                "to",
                "on",
            ):
                break
        elif dep in _CUT:
            continue
        last = max(last, p.right[child])
    while first < token and (p.pos[first] in ("PUNCT", "SPACE", "CCONJ")):
        first += 1
    for at in range(first, token):
        if p.lower[at] in ("—", "–", "--"):
            first = at + 1  # a dateline before the name
    last = _without_clause(p, first, last, token)
    words = p.lower[first : last + 1]
    if words.count("(") > words.count(")") and last + 1 < len(p) and p.lower[last + 1] == ")":
        last += 1
    return first, last


def _without_clause(p: Passage, first: int, last: int, token: int) -> int:
    """Stop before a finite clause, a quotation or a line end that the parser hung on the phrase."""
    for at in range(token + 1, last + 1):
        if p.region[at] != p.region[token] or "\n" in p.lower[at] or (p.dep[at] == "relcl" and at - first > 0):
            last = (p.left[at] if p.dep[at] == "relcl" else at) - 1
            break
    while last > token and p.pos[last] in ("PUNCT", "SPACE", "CCONJ"):
        last -= 1
    return max(last, token)


def speaker_features(
    passage: Passage,
    cue: Cue,
    pieces: Sequence[Piece],
    candidates: Sequence[Candidate],
    at: int,
    likely: Collection[int],
    lexicon: Lexicon,
    said: Encoded | None = None,
) -> list[float]:
    """Describe one candidate speaker to the forest. `likely` are the tokens of all likely cues."""
    p, token, head = passage, cue.token, candidates[at].token
    low, high = min(token, head), max(token, head)
    between = range(low + 1, high)
    content_first, content_last = (pieces[0][0], pieces[-1][1]) if pieces else (token, token)
    governor = p.head[head]
    ways = [candidate.way for candidate in candidates]
    features: list[float] = [
        candidates[at].way,
        DEP.get(p.dep[head], 50),
        POS.get(p.pos[head], 20),
        ENT.get(p.ent[head], 12),
        _PRONOUNS.get(p.lower[head], 0),
        head > token,
        high - low,
        sum(p.pos[i] in NOMINAL for i in between),
        sum(p.lower[i] == "," for i in between),
        sum(i in likely for i in between),
        p.sentence[head] == p.sentence[token],
        p.unit[head] - p.unit[token],
        governor == token,
        governor in likely,
        governor == head,
        TAG.get(p.tag[token], 20),
        DEP.get(p.dep[token], 50),
        "VNAP".index(cue.kind),
        cue.prior,
        (content_first > token) + 2 * (content_last < token),
        (content_first > head) + 2 * (content_last < head),
        1 in ways,
        3 in ways,
        _first_reached(ways) == at,
        sum(way > 0 for way in ways),
        p.region[token] >= 0,
        p.region[head] >= 0,
        p.lower[token - 1] == "," if token else False,
        p.lower[token + 1] == ":" if token + 1 < len(p) else False,
        p.right[head] - p.left[head],
        p.lower[token] == "according",
        len(candidates),
        head < token and not any(c.token < head or c.token > token for c in candidates),
        p.tag[head] in ("NN", "NNS") and p.ent[head] == "",
        p.dep[governor] == "agent" or p.lower[governor] == "by",
        TAG.get(p.tag[governor], 20),
        p.tag[governor] == p.tag[token],
        lexicon.prior(p.lemma[head], "S"),
        governor < token and p.head[token] == governor,
    ]
    if said is None:
        return features
    heads = [candidate.token for candidate in candidates]
    return features + speaker_witness(p, said, token, head, heads, phrase(p, head))


def _first_reached(ways: Sequence[int]) -> int:
    best, place = 99, -1
    for at, way in enumerate(ways):
        if 0 < way < best:
            best, place = way, at
    return place

"""Cues: the words that may open a report of what someone said, wrote, thought or means to do.

In: a passage. Out: its candidate cues with their features, and what the shipped lexicon knows of each word.
Which of them do open a report is decided by a learned forest; what they report is found elsewhere.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import NamedTuple

from tidings.data import read_text
from tidings.quotes.encoded import Encoded
from tidings.quotes.passage import Passage
from tidings.quotes.witness import cue_witness

__all__ = ["Cue", "Lexicon", "cue_features", "find_cues", "load_lexicon", "manner", "subject_of", "word_class"]

TABLE = "cues.tsv"
_WEIGHT = 4.0
"""How many sightings the average of a word class counts for: a rare word leans on its class."""
_CLASS = {"VERB": "V", "AUX": "V", "NOUN": "N", "PROPN": "N", "ADJ": "A", "ADV": "A"}
_SAID = 0.3
"""From this probability of the encoder on any word may open a report."""
_LOWEST = {"V": 0.04, "N": 0.06, "A": 0.06, "P": 0.0}

POS = {
    name: at for at, name in enumerate("VERB AUX NOUN PROPN PRON ADJ ADV ADP SCONJ DET NUM PART PUNCT SPACE".split())
}
TAG = {name: at for at, name in enumerate("VB VBD VBG VBN VBP VBZ NN NNS NNP JJ RB".split())}
DEP = {
    name: at
    for at, name in enumerate(
        "ROOT ccomp xcomp advcl conj relcl acl parataxis pcomp dobj pobj nsubj nsubjpass attr prep appos dep amod "
        "compound npadvmod agent dative oprd acomp csubj csubjpass advmod mark aux auxpass neg poss nmod punct".split()
    )
}
ENT = {name: at for at, name in enumerate("PERSON ORG GPE NORP DATE WORK_OF_ART LAW EVENT FAC LOC".split())}
WORD = {
    name: at
    for at, name in enumerate(
        (
            'that to : , " about of on for as whether if how what why who which with against it . “ and but '
            "or when because after before while ; — ( in at by from ”"
        ).split()
    )
}
_THOUGHT = frozenset(
    (
        "agree aim anticipate appear assume believe belief consider decide decision desire doubt dream expect "
        "expectation fear feel feeling forget hop hope imagine intend intent intention know like look love mean need "
        "plan prefer prepare ready realize regard remember see seek seem suppose suspect think thought try understand "
        "view want willing wish wonder worry"
    ).split()
)
"""Words for thought, wish and plan; "hop" is what the parser makes of "hoping"."""
_CALLED_BACK = frozenset(
    "ambassador envoy diplomat consul representative delegation staff troops troop soldier reservist force".split()
)
_SUBJECTS = ("nsubj", "nsubjpass", "csubj", "expl")


class Cue(NamedTuple):
    """A word that may open a report: the token, its class in the lexicon, and the share of its sightings that did."""

    token: int
    kind: str
    prior: float


class Lexicon(NamedTuple):
    """How often each word was seen, and how often it opened a report."""

    counts: Mapping[tuple[str, str], tuple[int, int]]
    base: dict[str, float]
    objects: Mapping[tuple[str, str, str], int]
    """How often the report hung on a word by each relation."""

    def prior(self, lemma: str, kind: str) -> float:
        """Return the smoothed share of a word's sightings in which it opened a report."""
        seen, opened = self.counts.get((lemma, kind), (0, 0))
        return (opened + _WEIGHT * self.base.get(kind, 0.05)) / (seen + _WEIGHT)

    def takes(self, lemma: str, kind: str, dep: str) -> float:
        """Return the smoothed share of a word's reports that hang on it by a relation."""
        opened = self.counts.get((lemma, kind), (0, 0))[1]
        base = self.objects.get(("*", kind, dep), 0) / max(1, self.objects.get(("*", kind, "*"), 1))
        return (self.objects.get((lemma, kind, dep), 0) + _WEIGHT * base) / (opened + _WEIGHT)


@functools.cache
def load_lexicon() -> Lexicon:
    """Read the shipped table of cue words."""
    counts: dict[tuple[str, str], tuple[int, int]] = {}
    base: dict[str, float] = {}
    objects: dict[tuple[str, str, str], int] = {}
    for line in read_text(TABLE).splitlines():
        if line.startswith("#") or not line:
            continue
        lemma, kind, seen, opened, relations = line.split("\t")
        for relation in relations.split():
            dep, _, times = relation.partition(":")
            objects[lemma, kind, dep] = int(times)
        if lemma == "*":
            base[kind] = int(opened) / int(seen)
        else:
            counts[lemma, kind] = (int(seen), int(opened))
    return Lexicon(counts, base, objects)


def word_class(passage: Passage, token: int) -> str | None:
    """Return the lexicon's class of a token: V, N, A, P for a colon; None for words that never open a report."""
    if passage.lower[token] == ":":
        return "P"
    if passage.pos[token] == "AUX" and passage.lemma[token] == "be":
        return None
    return _CLASS.get(passage.pos[token])


def find_cues(passage: Passage, lexicon: Lexicon, said: Encoded | None = None) -> list[Cue]:
    """List the words of a passage that may open a report, those the encoder says so of among them."""
    found: list[Cue] = []
    for token in range(len(passage)):
        kind = word_class(passage, token)
        if kind is None or _is_called_back(passage, token):
            continue
        prior = lexicon.prior(passage.lemma[token], kind)
        if (
            prior >= _LOWEST[kind]
            or (kind == "V" and _touches_region(passage, token))
            or _has_that(passage, token, kind)
            or (said is not None and said.cue[token] >= _SAID)
        ):
            found.append(Cue(token, kind, prior))
    return found


def _is_called_back(passage: Passage, token: int) -> bool:
    """Tell "recalled its ambassador" from "recalled that they met" and "recalled the meeting"."""
    done_to = passage.child(token, "dobj") if passage.lemma[token] == "recall" else None
    return done_to is not None and passage.lemma[done_to] in _CALLED_BACK


def _has_that(passage: Passage, token: int, kind: str) -> bool:
    """Tell whether a noun has a clause: "her statement that the bank was safe"."""
    if kind != "N" or token + 1 >= len(passage) or passage.lower[token + 1] != "that":
        return False
    return any(passage.dep[child] in ("acl", "ccomp") for child in passage.children[token])


def _touches_region(passage: Passage, token: int) -> bool:
    first, last = passage.unit_bounds[passage.unit[token]]
    return any(region >= 0 for region in passage.region[max(first, token - 6) : min(last, token + 6) + 1])


def manner(passage: Passage, token: int, *, named: bool) -> str:
    """Say what a cue tells: that somebody spoke or wrote, or only what somebody thinks, wants or plans, or is held to.

    "The vote is expected to fail" has no speaker named who expects it.
    """
    p = passage
    if not named and any(p.dep[child] == "auxpass" for child in p.children[token]):
        return "passive, nobody named"
    return "word of thought or intention" if p.lemma[token] in _THOUGHT else "reporting word"


def subject_of(passage: Passage, token: int) -> int | None:
    """Return the subject of a verb, None where it has none of its own."""
    return passage.child(token, *_SUBJECTS)


def subject_code(passage: Passage, token: int) -> int:
    """Tell what kind of subject a verb has: 0 none, then noun, name, I/we, he/she/they, relative, it/there."""
    subject = subject_of(passage, token)
    if subject is None:
        return 0
    word = passage.lower[subject]
    if word in ("it", "there"):
        return 6
    if word in ("who", "which", "that", "what"):
        return 5
    if word in ("i", "we", "you"):
        return 3
    if passage.pos[subject] == "PRON":
        return 4
    return 2 if passage.pos[subject] == "PROPN" else 1


def cue_features(passage: Passage, cue: Cue, lexicon: Lexicon, said: Encoded | None = None) -> list[float]:
    """Describe a cue to the forest, and what the encoder says of it where it was asked."""
    p, token = passage, cue.token
    first, last = p.unit_bounds[p.unit[token]]
    deps = {p.dep[child] for child in p.children[token]}
    subject = subject_of(p, token)
    head = p.head[token]
    following = token + 1 if token < last else token
    particle = p.child(token, "prt")
    preps = [child for child in p.children[token] if p.dep[child] in ("prep", "agent")]
    ccomp = p.child(token, "ccomp")
    features: list[float] = [
        cue.prior,
        "VNAP".index(cue.kind),
        TAG.get(p.tag[token], 20),
        DEP.get(p.dep[token], 50),
        subject_code(p, token),
        ENT.get(p.ent[subject], 12) if subject is not None else -1,
        "ccomp" in deps,
        "xcomp" in deps,
        "dobj" in deps,
        "prep" in deps,
        "advcl" in deps,
        "dative" in deps,
        ("auxpass" in deps) + 2 * ("agent" in deps),
        "neg" in deps,
        sum(p.tag[child] == "MD" for child in p.children[token]),
        "parataxis" in deps,
        particle is not None,
        WORD.get(p.lower[preps[0]], 50) if preps else -1,
        p.region[token] >= 0,
        _region_before(p, token, first),
        _region_after(p, token, last),
        WORD.get(p.lower[following], 50),
        POS.get(p.pos[following], 20),
        WORD.get(p.lower[token - 1], 50) if token > first else -1,
        last - first,
        token - first,
        last - token,
        lexicon.prior(p.lemma[head], word_class(p, head) or "") if head != token else -1,
        POS.get(p.pos[head], 20) if head != token else -1,
        (ccomp < token) if ccomp is not None else -1,
        p.ent[token] != "",
        p.dep[token] == "ROOT" and p.lower[last] in ("?", "!"),
        p.child(token, "poss") is not None,
        subject is not None and subject > token,
        p.right[token] - token,
        token - p.left[token],
        lexicon.prior(p.lemma[subject], "S") if subject is not None else -1,
        _takes(p, cue, lexicon),
        lexicon.prior(p.lower[token], "F"),
    ]
    return features if said is None else features + cue_witness(p, said, token, subject)


def _takes(p: Passage, cue: Cue, lexicon: Lexicon) -> float:
    """The best share among the phrases that hang on the cue: does it have what its reports are made of?"""
    lemma = p.lemma[cue.token]
    return max((lexicon.takes(lemma, cue.kind, p.dep[child]) for child in p.children[cue.token]), default=0.0)


def _region_before(p: Passage, token: int, first: int) -> int:
    for at in range(token - 1, max(first, token - 12) - 1, -1):
        if p.region[at] >= 0:
            return token - at
    return 20


def _region_after(p: Passage, token: int, last: int) -> int:
    for at in range(token + 1, min(last, token + 12) + 1):
        if p.region[at] >= 0:
            return at - token
    return 20

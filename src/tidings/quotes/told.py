"""Whether a report was said at all: "did not say", "is expected to say", "if she says" are no sayings.

In: a passage, a cue and what it reports. Out: the status of the saying, in the words that events use.
It judges the cue alone: "denied that he had left" and "said he would not go" are sayings.
"""

from __future__ import annotations

from collections.abc import Sequence

from tidings.facts import QuoteStatus
from tidings.quotes.passage import Passage

__all__ = ["how_said"]

_NOT = frozenset("not n't n’t never no neither nor nobody none".split())
_MERELY = frozenset("only just merely simply".split())
_FUTURE = frozenset({"will", "shall", "'ll", "’ll", "wo"})
_MODALS = frozenset("would could might may should can must ought 'd ’d ca".split())
_HABIT = frozenset("often always sometimes usually regularly frequently".split())
"""With one of these "would say" tells what somebody used to say."""
_HELD = frozenset("think believe expect suppose mean like prefer hope wish want".split())
"""Who does not think so thinks otherwise, who would like it wants it, and who does not want it says so."""
_OPEN = frozenset({"if", "unless", "whether"})
_REFUSING = frozenset("refuse decline fail neglect forget omit unable unwilling reluctant".split())
_FREE = frozenset({"able", "willing", "ready"})
_REFUSALS = frozenset({"refusal", "failure"})
_ANSWERING = frozenset(
    "say tell answer comment confirm deny disclose reveal divulge discuss explain speculate specify clarify elaborate "
    "state indicate mention acknowledge admit concede predict promise".split()
)
"""Verbs of saying that a question can follow; who refuses to accept or to believe something does take a stand."""
_UNHELPED = frozenset({"resist", "help", "avoid", "deny"})
_AHEAD = frozenset("expect plan schedule intend prepare set slate due".split())
_ASKING = frozenset(
    "ask urge order invite want hope threaten promise offer press pressure encourage allow permit need likely unlikely "
    "possible".split()
)
_IDLE = frozenset({"it", "this", "that"})


def how_said(passage: Passage, cue: int, pieces: Sequence[tuple[int, int]]) -> QuoteStatus:
    """Tell whether the report that `cue` opens was made; `pieces` are the tokens of what it reports."""
    p = passage
    cue = _innermost(p, cue, pieces) if cue >= 0 else cue
    if cue >= 0 and p.lemma[cue] in _REFUSALS and _answer(p, cue, "acl") is not None:
        return "denied"
    if cue < 0 or p.pos[cue] != "VERB" or p.lower[cue] == "according":
        return "asserted"
    # What stands in the report says nothing of the cue: “Absolutely not,” she said.
    near = [child for child in p.children[cue] if child < cue and not any(a <= child <= b for a, b in pieces)]
    own = _own_status(p, cue, near)
    if own != "asserted":
        return own
    answer = _answer(p, cue, "xcomp")
    if answer is not None and (p.lemma[cue] in _REFUSING or p.child(cue, "auxpass") is not None):
        return _governed(p, answer, cue)
    above = p.head[cue]
    if p.dep[cue] in ("xcomp", "pcomp") and not any(a <= above <= b for a, b in pieces):
        return _governed(p, cue, above)
    return "asserted"


def _innermost(p: Passage, cue: int, pieces: Sequence[tuple[int, int]]) -> int:
    """Return the word that reports: "say" of "is expected to say", "stopped short of saying" where all is the cue."""
    tie = p.child(cue, "prep")
    below = p.child(cue, "xcomp") or (p.child(tie, "pcomp") if tie is not None else None)
    before = below is not None and cue < below < pieces[0][0]
    return below if below is not None and before and p.pos[below] == "VERB" else cue


def _own_status(p: Passage, cue: int, near: Sequence[int]) -> QuoteStatus:
    words = {p.lower[child] for child in near}
    modal = any(p.dep[child] == "aux" and p.lower[child] in _MODALS for child in near)
    if _is_negated(p, near):
        enough = modal and any(p.lower[at] == "enough" for at in range(cue + 1, min(len(p), cue + 3)))
        return "asserted" if enough or p.lemma[cue] in _HELD else "denied"
    if any(p.dep[child] == "mark" and p.lower[child] in _OPEN for child in near):
        return "hypothetical"
    if any(p.dep[child] == "aux" and p.lower[child] in _FUTURE for child in near):
        return "planned"
    if modal and not words & _HABIT and not words & {"i", "we"} and p.lemma[cue] not in _HELD:
        return "hypothetical"
    return "asserted"


def _answer(p: Passage, cue: int, relation: str) -> int | None:
    """Return "say" of "refused: to say whether it is safe"; None in "to say sorry", "to comment when she was asked"."""
    answer = p.child(cue, relation)
    if answer is None or p.lemma[answer] not in _ANSWERING:
        return None
    about = p.child(answer, "prep")
    asked = p.child(about, "pcomp") if about is not None else None
    if asked is not None and p.child(asked, "mark", "nsubj", "nsubjpass") is None:
        asked = None  # "on closing the bridge" is no question
    return answer if asked is not None or p.child(answer, "ccomp") is not None else None


def _is_negated(p: Passage, near: Sequence[int]) -> bool:
    """Tell "did not say", "never said" and "nobody said" from "not only said"."""
    for child in near:
        if p.dep[child] == "neg" or (p.dep[child] == "advmod" and p.lower[child] == "never"):
            if child + 1 >= len(p) or p.lower[child + 1] not in _MERELY:
                return True
        elif p.dep[child] in ("nsubj", "nsubjpass"):
            # "The minister with no portfolio" is somebody: only what stands at the subject itself counts.
            subject = (child, *(c for c in p.children[child] if p.dep[c] in ("det", "neg", "preconj")))
            if any(p.lower[word] in _NOT for word in subject):
                return True
    return False


def _governed(p: Passage, cue: int, above: int) -> QuoteStatus:
    """Read "refused to say", "is expected to say", "was asked to say", "left without saying"."""
    if p.lower[above] == "without":
        return "asserted" if p.lemma[p.head[above]] == "go" else "denied"
    lemma = p.lemma[above]
    if p.pos[above] == "ADP":
        above, lemma = p.head[above], p.lemma[p.head[above]]
    if lemma == "stop":
        return "denied" if "short" in p.lower[above:cue] else "asserted"
    near = [child for child in p.children[above] if child < above]
    if p.pos[above] == "ADJ":  # "is not able": the "not" hangs on the verb
        near += [child for child in p.children[p.head[above]] if child < above]
    negated = _is_negated(p, near)
    if lemma in _FREE:
        return "denied" if negated else "asserted"
    if lemma in _UNHELPED:
        return "asserted" if negated else "denied"
    if lemma in _REFUSING:
        return "asserted" if negated else "denied"
    if lemma in _AHEAD:
        return "denied" if negated else "planned"
    if lemma in _ASKING:
        return "hypothetical"
    if lemma == "have" and any(p.lower[child] == "yet" for child in range(above, cue)):
        return "denied"
    idle = any(p.lower[child] in _IDLE for child in near)
    return "planned" if lemma == "be" and p.tag[cue] == "VB" and not idle and not negated else "asserted"

"""Measure how the acts of sentences are told, by the encoder and by the rules of the events stage.

In: sentences of our own with the right status (`encoder_statuses.tsv`), and held-back world news as the rules read it.
Out: scores. The own sentences were written to be hard for rules; none of them trained anything.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tidings import encoder
from tidings.events.dating import Calendar
from tidings.events.status import how_told, is_long_past
from tidings.events.triggers import find_candidates
from tidings.score.results import Score

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

__all__ = ["Told", "by_rules", "own_sentences", "ruled", "score_statuses"]

OWN = Path(__file__).with_name("encoder_statuses.tsv")
DAY = "2024-05-14"
"""The day the own sentences are read on."""
_LONG_AGO = re.compile(
    r"""\b(?: 1[0-9]{3}s? | 200[0-9]s? | 201[0-4]                        # years that are over
        | (?:decades|years|centuries|generations|century|generation)\ ago )\b""",
    re.VERBOSE,
)
_TIED = frozenset({"prep", "npadvmod", "advmod"})


class Told(NamedTuple):
    """A sentence, the characters of its act, and how the act is told."""

    text: str
    start: int
    end: int
    status: str


def own_sentences() -> list[Told]:
    """Return the sentences written to measure with."""
    found = []
    for line in OWN.read_text("utf-8").splitlines()[1:]:
        status, marked = line.split("\t")
        start, end = marked.index("{"), marked.index("}") - 1
        found.append(Told(marked.replace("{", "").replace("}", ""), start, end, status))
    return found


def ruled(told: Told) -> str:
    """Return what the rules of the events stage say, the dates of the sentence told to them."""
    from tidings.syntax import parse
    from tidings.times import find_times

    doc = parse(told.text)
    word = next(token for token in doc if token.idx <= told.start < token.idx + len(token.text))
    candidate = next((item for item in find_candidates(doc[:]) if item.head == word), None)
    status, _ = how_told(word, candidate.predicate if candidate else word)
    if status != "asserted":
        return status
    if candidate is not None:
        calendar = Calendar(doc, find_times(told.text, published=DAY), DAY)
        timex = calendar.date_of(candidate)
        when = calendar.fact(timex) if timex is not None else None
        if calendar.is_background(when):
            return "historical"
        if calendar.is_ahead(when):
            return "planned"
    return "historical" if is_long_past(word) or _is_long_ago(word) else "asserted"


def by_rules(doc: Doc) -> Iterator[tuple[int, int, str]]:
    """Yield the characters and the status of each verb and trigger of a sentence, as rules without dates read it."""
    verbs = ("VB", "VBD", "VBN", "VBP", "VBZ")
    heads: dict[Token, Token] = {token: token for token in doc if token.pos_ == "VERB" and token.tag_ in verbs}
    heads.update({candidate.head: candidate.predicate for candidate in find_candidates(doc[:])})
    for head, predicate in heads.items():
        status, _ = how_told(head, predicate)
        if status == "asserted" and (is_long_past(predicate) or _is_long_ago(head) or _is_long_ago(predicate)):
            yield head.idx, head.idx + len(head.text), "historical"
        else:
            yield head.idx, head.idx + len(head.text), status


def _is_long_ago(word: Token) -> bool:
    """Tell whether a time long over hangs on a word itself: "fought in 1979", "two decades ago"."""
    parts = (child for child in word.children if child.dep_ in _TIED)
    return any(_LONG_AGO.search(" ".join(token.text for token in part.subtree)) for part in parts)


def score_statuses(sentences: Sequence[str]) -> list[Score]:
    """Return the scores on our own sentences, and the agreement with the rules on real ones."""
    own = own_sentences()
    ours = [_best(encoder.statuses(told.text, [(told.start, told.end)])[0]) for told in own]
    rules = [ruled(told) for told in own]
    gold = [told.status for told in own]
    pairs = list(zip(gold, ours, strict=True)), list(zip(gold, rules, strict=True))
    kept, theirs = _against_rules(sentences)
    data = "own hard sentences"
    return [
        Score(name="status.accuracy", value=_right(pairs[0]), items=len(own), data=data,
              metric="share of acts with the right status of 5", rival=_right(pairs[1]),
              rival_name="rules of the events stage"),
        Score(name="status.macro_f1", value=_macro(pairs[0]), items=len(own), data=data,
              metric="macro-F1 over 5 statuses", rival=_macro(pairs[1]), rival_name="rules of the events stage"),
        Score(name="status.as_ruled_f1", value=_macro(list(zip(theirs, kept, strict=True))), items=len(kept),
              data="world news, held back, as the rules read it",
              metric="macro-F1 over 5 statuses, the rules taken for right"),
    ]  # fmt: skip


def _against_rules(sentences: Sequence[str]) -> tuple[list[str], list[str]]:
    from tidings.syntax import load_model

    ours: list[str] = []
    rules: list[str] = []
    for doc in load_model().pipe(sentences, batch_size=16):
        acts = list(by_rules(doc))
        for answer, (_, _, status) in zip(encoder.statuses(doc.text, [act[:2] for act in acts]), acts, strict=True):
            if answer:
                ours.append(_best(answer))
                rules.append(status)
    return ours, rules


def _best(answer: dict[str, float]) -> str:
    return max(answer, key=answer.__getitem__)


def _right(pairs: Sequence[tuple[str, str]]) -> float:
    return round(sum(gold == ours for gold, ours in pairs) / len(pairs), 4)


def _macro(pairs: Sequence[tuple[str, str]]) -> float:
    """Return the mean F1 over the statuses of the gold."""
    right = Counter(gold for gold, ours in pairs if gold == ours)
    wanted, found = Counter(gold for gold, _ in pairs), Counter(ours for _, ours in pairs)
    return round(sum(2 * right[name] / (wanted[name] + found[name]) for name in wanted) / len(wanted), 4)

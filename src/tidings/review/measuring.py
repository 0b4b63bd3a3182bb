"""How good the reading is, as judged: what share was right, and whether two people judge alike.

In: a store. Out: precision with its interval for each kind of fact, and Cohen's kappa for each pair of authors.
It estimates nothing about facts that were never found.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import combinations

import msgspec

from tidings.review.judgements import Judgement, active, judgements
from tidings.store import Store

__all__ = ["Agreement", "Pair", "Precision", "agreement", "kappa"]

_Z = 1.959963984540054
_VERDICTS = ("accept", "reject", "recode")


class Precision(msgspec.Struct, frozen=True, kw_only=True):
    """What share of the judged facts of a kind were right as they were read, with its 95 % interval (Wilson).

    `stated` is what the reading itself gave for them, the mean of their scores.
    """

    fact: str
    judged: int
    accepted: int
    recoded: int
    rejected: int
    precision: float
    low: float
    high: float
    stated: float | None


class Pair(msgspec.Struct, frozen=True, kw_only=True):
    """How alike two authors judge the facts that both have judged; `kappa` is None where chance alone explains all."""

    authors: tuple[str, str]
    fact: str
    judged: int
    same: int
    expected: float
    kappa: float | None


class Agreement(msgspec.Struct, frozen=True, kw_only=True):
    """Precision by kind of fact, and the agreement of authors, "all" kinds first."""

    precision: tuple[Precision, ...]
    pairs: tuple[Pair, ...]


def agreement(store: Store) -> Agreement:
    """Return how good the facts are that were judged, and how alike people judge.

    Each fact counts once, by the last verdict on it. Facts taken by doubt are worse than all: a precision that is to
    stand for all comes from a queue by chance.

    >>> import tempfile
    >>> from tidings.store import open_store
    >>> with tempfile.TemporaryDirectory() as folder, open_store(f"{folder}/news.db", create=True) as store:
    ...     agreement(store)
    Agreement(precision=(), pairs=())
    """
    told = [one for one in active(judgements(store)) if one.decision in _VERDICTS and one.page is not None]
    last: dict[tuple, Judgement] = {}
    by_author: dict[str, dict[tuple, str]] = {}
    for one in told:
        last[_fact(one)] = one
        by_author.setdefault(one.author, {})[_fact(one)] = one.decision
    kinds = sorted({one.fact for one in last.values()})
    return Agreement(
        precision=tuple(_precision(kind, [one for one in last.values() if one.fact == kind]) for kind in kinds),
        pairs=tuple(_pairs(by_author)),
    )


def _fact(one: Judgement) -> tuple:
    """Return what tells a fact from others: its page, kind, characters, and what it said."""
    actor = (one.value or {}).get("actor") if one.fact == "actor" else None
    said = {name: value for name, value in (one.judged or {}).items() if name != "score"}
    return one.page, one.fact, one.span, one.quoted, actor, repr(sorted(said.items()))


def _precision(kind: str, told: Sequence[Judgement]) -> Precision:
    counts = Counter(one.decision for one in told)
    scores = [one.judged["score"] for one in told if one.judged and isinstance(one.judged.get("score"), float | int)]
    low, high = wilson(counts["accept"], len(told))
    return Precision(
        fact=kind,
        judged=len(told),
        accepted=counts["accept"],
        recoded=counts["recode"],
        rejected=counts["reject"],
        precision=round(counts["accept"] / len(told), 4),
        low=round(low, 4),
        high=round(high, 4),
        stated=round(math.fsum(scores) / len(scores), 4) if scores else None,
    )


def wilson(right: int, all: int) -> tuple[float, float]:
    """Return the 95 % interval of a share.

    >>> [round(end, 3) for end in wilson(8, 10)], wilson(0, 0)
    ([0.49, 0.943], (0.0, 1.0))
    """
    if not all:
        return 0.0, 1.0
    share, weight = right / all, _Z * _Z / all
    middle = (share + weight / 2) / (1 + weight)
    half = _Z * math.sqrt(share * (1 - share) / all + weight / (4 * all)) / (1 + weight)
    return max(0.0, middle - half), min(1.0, middle + half)


def kappa(pairs: Iterable[tuple[str, str]]) -> tuple[float, float | None]:
    """Return the agreement that chance would give, and Cohen's kappa; None where chance gives all there can be.

    >>> kappa([("accept", "accept"), ("reject", "reject"), ("accept", "reject"), ("reject", "reject")])
    (0.5, 0.5)
    """
    told = list(pairs)
    size = len(told)
    one, other = Counter(pair[0] for pair in told), Counter(pair[1] for pair in told)
    expected = math.fsum(one[verdict] * other[verdict] for verdict in sorted(one)) / (size * size)
    if expected >= 1:
        return expected, None
    observed = sum(first == second for first, second in told) / size
    return expected, (observed - expected) / (1 - expected)


def _pairs(by_author: dict[str, dict[tuple, str]]) -> Iterable[Pair]:
    for one, other in combinations(sorted(by_author), 2):
        both = [fact for fact in by_author[one] if fact in by_author[other]]
        for kind in ("all", *sorted({fact[1] for fact in both})):
            told = [(by_author[one][f], by_author[other][f]) for f in both if kind in ("all", f[1])]
            if told:
                expected, value = kappa(told)
                yield Pair(
                    authors=(one, other),
                    fact=kind,
                    judged=len(told),
                    same=sum(first == second for first, second in told),
                    expected=round(expected, 4),
                    kappa=round(value, 4) if value is not None else None,
                )

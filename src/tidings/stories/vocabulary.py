"""How common each word is in all that has been taken in, kept in the store as it grows.

In: the words of one article after another. Out: its row: numbers for its words, and what each weighs.
The product of two rows is their likeness, as in `terms`; a row is weighed once, by what was known when it came.
"""

from __future__ import annotations

import functools
import hashlib
import math
import sqlite3
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from tidings.stories.terms import LENGTH_DISCOUNT, NAME_GAIN, PLAIN_LENGTH, TABLE_WEIGHT, news_counts, terms_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Row", "Vocabulary", "likeness", "pack_row", "unpack_row"]

MOST_TERMS = 600
"""Different words of one text that count; the lightest go first."""
MOST_KNOWN = 150_000
"""Words whose counts are held in memory between two transactions."""
_ARTICLES = -1
_ASKED = 400


class Row(NamedTuple):
    """The words of an article as sorted numbers, with their weights."""

    terms: NDArray[np.uint32]
    weights: NDArray[np.float32]


def pack_row(row: Row) -> bytes:
    """Lay a row out as bytes, the same on every machine."""
    return row.terms.astype("<u4").tobytes() + row.weights.astype("<f4").tobytes()


def unpack_row(packed: bytes) -> Row:
    """Return the row that was packed."""
    import numpy as np

    half = len(packed) // 2
    return Row(np.frombuffer(packed[:half], "<u4"), np.frombuffer(packed[half:], "<f4"))


def likeness(one: Row, others: Row, starts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the likeness of one row to each of several, which lie end to end and begin at `starts`."""
    import numpy as np

    if not len(one.terms) or not len(others.terms):
        return np.zeros(len(starts))
    at = np.searchsorted(one.terms, others.terms)
    at[at == len(one.terms)] = 0
    shared = np.where(one.terms[at] == others.terms, one.weights[at] * others.weights, 0.0)
    sums = np.concatenate([[0.0], np.cumsum(shared, dtype=np.float64)])
    ends = np.append(starts[1:], len(others.terms))
    return sums[ends] - sums[starts]


@functools.lru_cache(maxsize=1 << 16)
def _number(term: str) -> int:
    return int.from_bytes(hashlib.blake2b(term.encode("utf-8", "surrogatepass"), digest_size=4).digest(), "little")


class Vocabulary:
    """Counts the words of a store through one open transaction after another."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._known: dict[int, list[int]] = {}
        self._changed: set[int] = set()

    def learn(self, text: str) -> int:
        """Count the words of a text that has come in; return how many texts with words have."""
        return self._add(text, 1)

    def unlearn(self, text: str) -> None:
        """Count the words of a text no longer, which has gone or comes in anew."""
        self._add(text, -1)

    def _add(self, text: str, times: int) -> int:
        counts, inside, capitals = _count(text)
        self._recall((_ARTICLES, *counts))
        if counts:
            self._known[_ARTICLES][0] += times
            self._changed.add(_ARTICLES)
        for term in counts:
            held = self._known[term]
            held[0] += times
            held[1] += times * inside[term]
            held[2] += times * capitals[term]
        self._changed.update(counts)
        return self._known[_ARTICLES][0]

    def weigh(self, text: str) -> Row:
        """Return the row of a text by what is known now.

        Words count as in `terms.weigh`: by how few articles have them, and up to half as much again for a name.
        """
        import numpy as np

        counts, _, _ = _count(text)
        self._recall((_ARTICLES, *counts))
        articles = self._known[_ARTICLES][0] + TABLE_WEIGHT
        table, base = _news()
        terms = np.fromiter(sorted(counts), dtype=np.uint32, count=len(counts))
        values: list[float] = []
        for term in terms.tolist():
            found, within, large = self._known[term]
            rare = math.log(articles / (found + table.get(term, base)))
            values.append((1 + math.log(counts[term])) * max(rare, 0.0) * (1 + NAME_GAIN * large / (within + 0.5)))
        weights = np.asarray(values)
        length = math.sqrt(float(weights @ weights)) or 1.0
        weights *= (max(len(terms), PLAIN_LENGTH) / PLAIN_LENGTH) ** (-LENGTH_DISCOUNT / 2) / length
        if len(terms) > MOST_TERMS:
            keep = np.sort(np.argsort(-weights, kind="stable")[:MOST_TERMS])
            terms, weights = terms[keep], weights[keep]
        return Row(terms, weights.astype(np.float32))

    def keep(self) -> None:
        """Write the counts that have changed, before the transaction ends."""
        self._connection.executemany(
            "INSERT INTO story_terms VALUES (?1, ?2, ?3, ?4)"
            " ON CONFLICT (term) DO UPDATE SET articles = ?2, inside = ?3, capitals = ?4",
            ((term, *self._known[term]) for term in sorted(self._changed)),
        )
        self._changed.clear()
        if len(self._known) > MOST_KNOWN:
            self._known.clear()

    def forget(self) -> None:
        """Drop what is held in memory: another process has written."""
        self._known.clear()

    def _recall(self, terms: Iterable[int]) -> None:
        missing = [term for term in terms if term not in self._known]
        for at in range(0, len(missing), _ASKED):
            asked = missing[at : at + _ASKED]
            marks = ",".join("?" * len(asked))
            for term, *counts in self._connection.execute(f"SELECT * FROM story_terms WHERE term IN ({marks})", asked):
                self._known[term] = counts
        for term in missing:
            self._known.setdefault(term, [0, 0, 0])


@functools.lru_cache(maxsize=2)
def _count(text: str) -> tuple[Counter[int], Counter[int], Counter[int]]:
    counts: Counter[int] = Counter()
    inside: Counter[int] = Counter()
    capitals: Counter[int] = Counter()
    for term in terms_of(text):
        number = _number(term.stem)
        counts[number] += 1
        if not term.opening:
            inside[number] += 1
            if term.capital:
                capitals[number] += 1
    return counts, inside, capitals


@functools.cache
def _news() -> tuple[dict[int, float], float]:
    """Return how many articles the table of news counts for, for each word, and for a word it does not know."""
    counts, size = news_counts()
    return {
        _number(term): TABLE_WEIGHT * (count + 0.3) / size for term, count in counts.items()
    }, TABLE_WEIGHT * 0.3 / size

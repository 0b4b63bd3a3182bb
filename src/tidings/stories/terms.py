"""The terms that tell one story from another, and what each weighs in a batch of texts.

In: texts. Out: one sparse row for each text; the product of two rows is the likeness of the two texts.
Names weigh more than other words, common words less; how common is learnt from the batch and from a table of news.
"""

from __future__ import annotations

import functools
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

__all__ = ["Term", "news_counts", "stem", "terms_of", "weigh"]

MOST_CHARACTERS = 20_000
"""What is read of one text: a story shows itself early, and a page without end must not cost without end."""
NAME_GAIN = 0.5
TABLE_WEIGHT = 30
"""The table of news counts as so many texts of the batch, so that a handful of texts is weighed with sense."""

PLAIN_LENGTH = 20
LENGTH_DISCOUNT = 0.16
"""A text with more different terms than the plain length meets others by chance; its likenesses shrink slowly."""

_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+")
_OPENERS = frozenset('.!?:;"“”`\n')
_STOP = frozenset(
    "a about above after again against all also an and any are as at be been before being below between both but by "
    "can could d did do does doing down during each few for from further had has have having he her here him his how i "
    "if in into is it its just ll m may me might more most must my no nor not of off on once one only or other our out "
    "over own re s said same say says shall she should so some such t than that the their them then there these they "
    "this those through to too two under until up us ve very was we were what when where which while who whom why will "
    "with would you your".split()
)
_ENDINGS = ("ing", "ed", "es", "er", "ers", "ly")


class Term(NamedTuple):
    """One word that counts: its stem, whether it has a capital, and whether a sentence opens with it."""

    stem: str
    capital: bool
    opening: bool


@functools.lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """Cut the commonest endings off a lower-case word.

    >>> [stem(word) for word in ("bombings", "elected", "parties", "seized", "iran")]
    ['bomb', 'elect', 'party', 'seiz', 'iran']
    """
    if word.endswith("s") and not word.endswith("ss") and len(word) > 4:
        if word.endswith("ies"):
            return word[:-3] + "y"
        word = word[:-1]
    elif len(word) == 4 and word.endswith("s") and not word.endswith("ss"):
        return word[:-1]
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            word = word[: -len(ending)]
            return word[:-1] if word[-1] == word[-2] else word
    return word[:-1] if word.endswith("e") and len(word) > 4 else word


def terms_of(text: str) -> Iterator[Term]:
    """Yield the words of a text that count, in order.

    >>> [term.stem for term in terms_of("The ministers met in Geneva.")]
    ['minist', 'met', 'geneva']
    """
    text = text[:MOST_CHARACTERS]
    for found in _WORD.finditer(text):
        word = found.group()
        folded = word.lower()
        if folded not in _STOP:
            yield Term(stem(folded), word[0].isupper(), _is_opening(text, found.start()))


def _is_opening(text: str, start: int) -> bool:
    """Tell whether a word opens a sentence: nothing before it but a mark that ends one, and white space."""
    for at in range(start - 1, max(-1, start - 5), -1):
        if text[at] in _OPENERS:
            return True
        if not text[at].isspace():
            return False
    return start == 0


def weigh(texts: Sequence[str]) -> csr_matrix:
    """Return one row for each text; the product of two rows, 0 to 1, says how like they are.

    A text without words has an empty row.

    >>> rows = weigh(["A quake shook Odd.", "Odd was shaken by a quake.", "Shares fell in Larn."])
    >>> likeness = (rows @ rows.T).toarray()
    >>> bool(likeness[0, 1] > 0.5), float(likeness[0, 2])
    (True, 0.0)
    """
    import numpy as np
    from scipy.sparse import csr_matrix, diags

    counts, spread, names = _count(texts)
    known, size = news_counts()
    columns = {term: at for at, term in enumerate(spread)}
    weights = [
        -math.log((found + TABLE_WEIGHT * (known.get(term, 0) + 0.3) / size) / (len(texts) + TABLE_WEIGHT))
        * (1 + NAME_GAIN * names[term])
        for term, found in spread.items()
    ]
    indptr = np.cumsum([0, *(len(row) for row in counts)])
    indices = np.fromiter((columns[term] for row in counts for term in row), dtype=np.int64, count=int(indptr[-1]))
    repeats = np.fromiter((count for row in counts for count in row.values()), dtype=float, count=int(indptr[-1]))
    values = (1 + np.log(repeats)) * np.asarray(weights, dtype=float)[indices]
    rows: Any = csr_matrix((values, indices, indptr), shape=(len(counts), max(1, len(columns))))
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    discount = (np.maximum(np.diff(indptr), PLAIN_LENGTH) / PLAIN_LENGTH) ** (-LENGTH_DISCOUNT / 2)
    return (diags(discount / np.where(lengths > 0, lengths, 1.0)) @ rows).tocsr()


def _count(texts: Sequence[str]) -> tuple[list[Counter[str]], Counter[str], dict[str, float]]:
    """Count terms in each text, the texts of each term, and how often a term has a capital that no sentence gave it."""
    counts: list[Counter[str]] = []
    spread: Counter[str] = Counter()
    inside: Counter[str] = Counter()
    capitals: Counter[str] = Counter()
    for text in texts:
        row: Counter[str] = Counter()
        for term in terms_of(text):
            row[term.stem] += 1
            if not term.opening:
                inside[term.stem] += 1
                capitals[term.stem] += term.capital
        counts.append(row)
        spread.update(row.keys())
    return counts, spread, {term: capitals[term] / (inside[term] + 0.5) for term in spread}


@functools.cache
def news_counts() -> tuple[dict[str, int], int]:
    """Return in how many texts of the shipped table of news each stem stands, and how many texts there are."""
    from tidings.data import read_text

    head, *lines = read_text("stories_terms.tsv.gz").splitlines()
    pairs = (line.split("\t") for line in lines)
    return {term: int(count) for term, count in pairs}, int(head.split("\t")[1])

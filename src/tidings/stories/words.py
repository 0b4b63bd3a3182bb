"""The words of texts as numbers that stay the same from run to run.

In: texts. Out: their folded words, and a 64-bit hash for each word and each run of three words.
It knows nothing of meaning; what counts as near or alike is decided elsewhere.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["WordHashes", "names_of", "shingles", "words_of"]

LONGEST = 20_000
"""Words read of one text; more is a book or an attack."""

SHINGLE = 3
_WORD = re.compile(r"[^\W_]+")
_NAME = re.compile(
    r"""
    (?<=[^\W_][ ]) [A-Z][^\W_]+      # a capital that no sentence gave: another word stands before it
    | (?<=[^\W_],[ ]) [A-Z][^\W_]+   # the same after a comma
    | \d+
    """,
    re.VERBOSE,
)


def words_of(text: str) -> list[str]:
    """Cut a text into its folded words, in order.

    >>> words_of("Minsk’s envoy said: “No deal.”")
    ['minsk', 's', 'envoy', 'said', 'no', 'deal']
    """
    # Twenty characters a word are plenty; the cut keeps one endless page from costing more than its share.
    folded = unicodedata.normalize("NFKC", text[: LONGEST * 20]).casefold()
    return _WORD.findall(folded)[:LONGEST]


def names_of(text: str) -> frozenset[str]:
    """Return the folded names and numbers of a text: what a form letter changes from one sending to the next.

    >>> sorted(names_of("Shares of Larn Steel rose 4 percent. Analysts cheered, Voss said."))
    ['4', 'larn', 'steel', 'voss']
    """
    return frozenset(found.casefold() for found in _NAME.findall(text[: LONGEST * 20]))


class WordHashes:
    """Give each word its own 64 bits, the same in every process.

    >>> WordHashes().of(["talks", "talks"]).tolist() == [WordHashes().of(["talks"])[0]] * 2
    True
    """

    def __init__(self) -> None:
        self._known: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._known)

    def of(self, words: Sequence[str]) -> NDArray[np.uint64]:
        """Return the hashes of `words`, in order."""
        import numpy as np

        known = self._known
        for word in words:
            if word not in known:
                known[word] = int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "little")
        return np.fromiter((known[word] for word in words), dtype=np.uint64, count=len(words))


def shingles(hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the sorted, distinct hashes of all runs of three words.

    A text of fewer than three words has none.

    >>> len(shingles(WordHashes().of("the talks ended and the talks ended".split())))
    4
    """
    import numpy as np

    count = len(hashes) - SHINGLE + 1
    if count <= 0:
        return np.zeros(0, dtype=np.uint64)
    mixed = np.zeros(count, dtype=np.uint64)
    for at in range(SHINGLE):
        # Odd multiplier, shift and add, so that the order of the words counts; overflow wraps as intended.
        mixed = (mixed ^ (mixed >> np.uint64(29))) * np.uint64(0x9E3779B97F4A7C15) + hashes[at : at + count]
    mixed = (mixed ^ (mixed >> np.uint64(32))) * np.uint64(0xD6E8FEB86659FD93)
    return np.unique(mixed ^ (mixed >> np.uint64(32)))

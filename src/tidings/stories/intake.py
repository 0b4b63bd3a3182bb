"""Take an article in: what the coming articles will be compared with.

In: the text of an article. Out: the keys by which its copies and its story are looked up.
It compares nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from tidings.stories.copies import read
from tidings.stories.likeness import Reading
from tidings.stories.vocabulary import Row
from tidings.stories.words import WordHashes

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Sketch", "day_of", "is_term", "sketch", "story_keys", "term_weights"]

RATE = 10
"""Of so many runs of three words one is a key, the same in every text that has it."""
LEAST_KEYS = 16
MOST_KEYS = 64
HEAVY_TERMS = 16
_WIDEST = 7
"""Days an article may have been published between and still count as dated, by the middle one."""
_TERM = 1 << 33
_WHOLE = 1 << 34


class Sketch(NamedTuple):
    """A text read for its copies, and the keys by which they find it."""

    reading: Reading
    keys: tuple[int, ...]


def sketch(text: str, hashes: WordHashes) -> Sketch:
    """Read a text and choose its keys: a fair sample of its runs of words, denser for a short text.

    Two texts are sampled at the rate of the longer one or better, so shared keys tell of shared runs.
    """
    import numpy as np

    reading = read(text, hashes)
    runs = reading.shingles
    if not len(runs):
        return Sketch(reading, _whole(reading.words))
    wanted = min(max(LEAST_KEYS, len(runs) // RATE), MOST_KEYS)
    keys = (runs[:wanted] >> np.uint64(1)).tolist()  # sorted: the smallest hashes are the sample
    return Sketch(reading, (*keys, *_whole(reading.words)))


def _whole(words: NDArray[np.uint64]) -> tuple[int, ...]:
    """Give texts of the same words one key, however few they are."""
    if not len(words):
        return ()
    import hashlib

    digest = hashlib.blake2b(words.astype("<u8").tobytes(), digest_size=7).digest()
    return (_WHOLE + int.from_bytes(digest, "little"),)


def story_keys(row: Row) -> tuple[int, ...]:
    """Return the keys of the heaviest words of an article."""
    import numpy as np

    heaviest = np.sort(np.argsort(-row.weights, kind="stable")[:HEAVY_TERMS])
    return tuple((row.terms[heaviest].astype(np.int64) + _TERM).tolist())


def is_term(key: int) -> bool:
    """Tell whether a key is one of a heavy word."""
    return _TERM <= key < _TERM + (1 << 32)


def term_weights(row: Row, keys: tuple[int, ...]) -> Mapping[int, float]:
    """Return what each of these keys of an article weighs."""
    import numpy as np

    terms = np.asarray(keys, dtype=np.int64) - _TERM
    at = np.searchsorted(row.terms, terms.astype(np.uint32))
    return dict(zip(keys, row.weights[at].astype(float).tolist(), strict=True))


def day_of(published: str | None, first: str | None, last: str | None) -> int:
    """Return the day of an article, counted from the year 1; 0 where it is not known to about a week.

    >>> day_of("1970-01-01", None, None), day_of(None, "2015-07-01", "2015-07-05"), day_of("2015-07", None, None)
    (719163, 735782, 0)
    """
    if published:
        return _ordinal(published)
    begin, end = _ordinal(first or ""), _ordinal(last or "")
    return (begin + end) // 2 if begin and 0 <= end - begin < _WIDEST else 0


def _ordinal(day: str) -> int:
    try:
        return date.fromisoformat(day[:10]).toordinal() if len(day) >= 10 else 0
    except ValueError:
        return 0

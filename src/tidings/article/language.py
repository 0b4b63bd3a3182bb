"""Tell the language of an article.

In: its text and what the page declares. Out: a two-letter code, or None for too little text.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

__all__ = ["find_language"]

_WORD = re.compile(r"[^\W\d_]+")
_ENGLISH = frozenset(
    """the of and to in a is that for on with as was by at from it be are this have an has not but were which will his
    their they he she who had been said says after over into about its would could more than when we you i""".split()
)
_SAMPLE = 3_000


def find_language(text: str, declared: str | None = None) -> str | None:
    """Return the language of a text.

    English function words settle English at any length; other languages need a few words, or the page's own word.

    >>> find_language("Ministers met in Geneva and agreed on a date.")
    'en'
    """
    sample = text[:_SAMPLE]
    words = [word.lower() for word in _WORD.findall(sample)]
    stated = (declared or "").replace("_", "-").split("-")[0].lower()[:3] or None
    english = sum(word in _ENGLISH for word in words) / max(1, len(words))
    if words and english >= (0.2 if len(words) >= 20 else 0.12) and sample.isascii() | (english >= 0.2):
        return "en"
    letters = sum(map(len, words))
    if letters < 25:
        return stated
    guess, sure = _identifier().classify(sample)
    if sure < 0.8 and stated:
        return stated
    if letters < 120 and sample.isascii() and guess != "en" and stated in (None, "en"):
        return stated if sure < 0.95 or stated == "en" else guess
    return guess


@functools.cache
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)

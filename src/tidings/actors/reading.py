"""What is asked of a parse again and again: its text, and the sentence each word stands in.

In: a parse. Out: its characters (spaCy joins them anew each time it is asked) and sentence numbers.
It interprets nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Doc

__all__ = ["sentence_numbers", "text_of"]

_KEY = "tidings.text"


def text_of(doc: Doc) -> str:
    """Return the text of a parse, joined once."""
    text = doc.user_data.get(_KEY)
    if text is None:
        text = doc.user_data[_KEY] = doc.text
    return text


def sentence_numbers(doc: Doc) -> list[int]:
    """Return for each token the number of its sentence."""
    number, found = -1, []
    for token in doc:
        number += 1 if token.is_sent_start or number < 0 else 0
        found.append(number)
    return found

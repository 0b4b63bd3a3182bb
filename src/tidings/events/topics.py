"""What an act is about: the PLOVER contexts its sentence speaks of.

In: a sentence. Out: context names.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from tidings.data import read_text

if TYPE_CHECKING:
    from spacy.tokens import Span

__all__ = ["contexts_of"]


@functools.cache
def _contexts() -> dict[str, str]:
    table: dict[str, str] = {}
    for line in read_text("events_contexts.tsv").splitlines()[1:]:
        word, context = line.split("\t")
        table[word] = context
    return table


def contexts_of(sentence: Span) -> tuple[str, ...]:
    """Return the contexts a sentence speaks of, in the order of their first word."""
    table = _contexts()
    found = dict.fromkeys(table[word] for token in sentence if (word := token.lemma_.lower()) in table)
    return tuple(found)

"""Which of some offered names a pronoun means, by the clusters of a whole snippet.

In: a text, a pronoun in it and names. Out: for each name whether it is in the pronoun's cluster.
It is a way to ask `resolve` one question, where the other persons the parser finds compete with the names offered.
"""

from __future__ import annotations

from collections.abc import Sequence

from tidings.actors.resolving import resolve_in

__all__ = ["links"]


def links(text: str, offset: int, pronoun: str, offered: Sequence[tuple[int, str]]) -> list[bool]:
    """Tell for each offered name whether the pronoun means it.

    >>> links("Anna Berg met Paul Lund. He was late.", 25, "He", [(0, "Anna Berg"), (14, "Paul Lund")])
    [False, True]
    """
    from tidings.syntax import parse

    spans = [(offset, offset + len(pronoun)), *((at, at + len(name)) for at, name in offered)]
    clusters = resolve_in(parse(text), spans)
    return [cluster == clusters[0] for cluster in clusters[1:]]

"""One possible act, before it is weighed.

In: nothing. Out: the type that triggers, status and weighing speak of.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tidings.events.lexicon import Sense

if TYPE_CHECKING:
    from spacy.tokens import Token

__all__ = ["Candidate"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One possible act: the trigger and the tokens that help it, its type, and the heads of its sides."""

    head: Token
    sense: Sense
    type: str
    mode: str
    cameo: str
    predicate: Token
    source: tuple[Token, ...] = ()
    target: tuple[Token, ...] = ()
    reciprocal: bool = False
    turned: tuple[str, ...] = ()
    why: tuple[str, ...] = ()

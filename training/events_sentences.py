"""Read the sentences written for the type scorer, with the sides marked in them.

In: `training/events_sentences.txt`. Out: text, type (None for no act) and the sides as spans.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

MARK = re.compile(r"\{([ST])\|([^{}]*)\}")


class Marked(NamedTuple):
    """A sentence with its type and sides."""

    text: str
    type: str | None
    source: tuple[int, int] | None
    target: tuple[int, int] | None


def marked_sentences() -> list[Marked]:
    """Return all sentences of the list."""
    found = []
    for line in Path(__file__).with_name("events_sentences.txt").read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        kind, _, marked = line.partition(" ")
        text, at, sides = "", 0, {}
        for match in MARK.finditer(marked):
            text += marked[at : match.start()]
            sides[match[1]] = (len(text), len(text) + len(match[2]))
            text += match[2]
            at = match.end()
        text += marked[at:]
        found.append(Marked(text, None if kind == "NONE" else kind, sides.get("S"), sides.get("T")))
    return found

"""Which sector of society a phrase names: police officer, carmakers, spokesman of the court.

In: a phrase. Out: a PLOVER sector and the words it rests on.
It knows nobody by name.
"""

from __future__ import annotations

import functools
import re

from tidings import data
from tidings.actors.names import fold

__all__ = ["agents", "sector_of"]

_WORD = re.compile(r"[a-z0-9][a-z0-9'\-]*")
_FORMER = re.compile(r"\b(?:former|ex|late|then|onetime|one-time|ousted|deposed|retired|outgoing)\b|\bex-")
_JOINTS = frozenset("of in from for at near on with by to who that which against under among outside inside".split())
_LONGEST = 5
_SPEAKERS = frozenset(
    (
        "spokesman spokeswoman spokesperson spokespersons leader leaders official officials "
        "representative head chief chairman member members group groups boss source sources forces "
        "force secretary commander agency department"
    ).split()
)


@functools.cache
def agents() -> dict[str, str]:
    """Return the role nouns with their sectors."""
    return dict(line.split("\t") for line in data.read_text("agents.tsv").splitlines()[1:])


def sector_of(phrase: str) -> tuple[str, str] | None:
    """Return the sector of a phrase and the role noun that says so; the noun before the first "of" or "in" leads.

    >>> sector_of("a Kenyan police officer"), sector_of("protesters in Cairo")[0]
    (('COP', 'police officer'), 'OPP')
    >>> sector_of("the former prime minister")[0]
    'ELI'
    """
    words = _WORD.findall(fold(phrase))[:60]
    if not words:
        return None
    joints = [at for at, word in enumerate(words) if word in _JOINTS and at]
    head = words[: joints[0]] if joints else words
    found = _last(head)
    if joints and (found is None or found[1] in _SPEAKERS):
        behind = _last(words[joints[0] + 1 :])
        if behind and behind[1] not in _SPEAKERS:
            found = behind
    if found is None:
        return None
    if found[0] in ("GOV", "MIL", "LEG", "JUD", "COP", "SPY") and _FORMER.search(" ".join(head)):
        return "ELI", found[1]
    return found


def _last(words: list[str]) -> tuple[str, str] | None:
    """Return the last role noun of a noun phrase, the longest that ends there; a vague one gives way to one before."""
    vague: tuple[str, str] | None = None
    for end in range(len(words), 0, -1):
        for start in range(max(0, end - _LONGEST), end):
            text = " ".join(words[start:end])
            sector = (
                agents().get(text)
                or agents().get(text.removesuffix("'s"))
                or (agents().get(text[:-1]) if text.endswith("s") else None)
                or (agents().get(text[3:]) if text.startswith("ex-") else None)
            )
            if sector is None:
                continue
            if text in _SPEAKERS and start:
                vague = vague or (sector, text)
                break
            if vague and sector in ("CVL", "UNK", "SOC"):
                return vague
            return sector, text
    return vague

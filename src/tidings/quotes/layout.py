"""Layout: speakers that stand outside the sentence, as in transcripts and lists of voices.

In: a passage. Out: drafts for "NAME: words" and for “words” ― Name.
It reads no verbs.
"""

from __future__ import annotations

from collections.abc import Iterator

from tidings.quotes.attributions import Draft
from tidings.quotes.contents import Piece
from tidings.quotes.passage import Passage

__all__ = ["TURN", "find_signed", "find_turns", "label_around"]

_DASHES = frozenset({"―", "—", "–", "-", "--"})
_LONGEST_NAME = 8
_LONGEST_LABEL = 5
_OPENING = frozenset({'"', "“"})
_SURE = 0.9
TURN = "labelled turn"
"""What a draft says of a transcript's turn."""


def find_signed(passage: Passage) -> list[Draft]:
    """Find quotations signed with a dash and a name, after them or on the next line."""
    drafts: list[Draft] = []
    for region, (_, last) in enumerate(passage.region_bounds):
        name = _signature(passage, last + 1)
        if name is None:
            continue
        regions = [region]
        while passage.regions[regions[0]].continues and regions[0]:
            regions.insert(0, regions[0] - 1)
        pieces = tuple(passage.region_bounds[number] for number in regions)
        drafts.append(Draft(pieces, -1, _SURE, name, _SURE, tuple(regions), "signed with a dash"))
    return drafts


def _signature(p: Passage, at: int) -> int | None:
    """Return the head of the name after a dash, when name and dash are all that is left of the line."""
    dash = _past_space(p, at)
    if dash is None or p.lower[dash] not in _DASHES:
        return None
    first = _past_space(p, dash + 1)
    if first is None or not p.text[p.idx[first]].isupper():
        return None
    last = first
    while last + 1 < len(p) and p.paragraph[last + 1] == p.paragraph[first] and p.region[last + 1] < 0:
        last += 1
    trimmed = p.trim(first, last)
    if trimmed is None or trimmed[1] - trimmed[0] >= _LONGEST_NAME:
        return None
    words = range(trimmed[0], trimmed[1] + 1)
    if any(p.pos[i] in ("VERB", "AUX") and p.lower[i] == p.text[p.idx[i] : p.end[i]] for i in words):
        return None
    names = [i for i in words if p.pos[i] == "PROPN"]
    return _head(p, names) if names else None


def _head(p: Passage, names: list[int]) -> int:
    inside = set(names)
    return next((i for i in names if p.head[i] not in inside or p.head[i] == i), names[-1])


def _past_space(p: Passage, at: int) -> int | None:
    while at < len(p) and p.pos[at] == "SPACE":
        at += 1
    return at if at < len(p) else None


def find_turns(passage: Passage) -> list[Draft]:
    """Find the turns of a transcript: lines that open with a name in capitals and a colon.

    One such line is no transcript: there must be three, with two names among them.
    """
    turns = list(_labelled(passage))
    if len(turns) < 3 or len({passage.lower[label] for label, _ in turns}) < 2:
        return []
    drafts = []
    for label, piece in turns:
        regions = tuple(sorted({passage.region[i] for i in range(piece[0], piece[1] + 1)} - {-1}))
        drafts.append(Draft((piece,), label + 1, _SURE, label, _SURE, regions, TURN))
    return drafts


def label_around(passage: Passage, token: int) -> Piece:
    """Return the words of a label, from the start of its line to the token before the colon."""
    first = token
    while first and passage.paragraph[first - 1] == passage.paragraph[token] and not _leads_in(passage, first - 1):
        first -= 1
    return first, token


def _leads_in(p: Passage, token: int) -> bool:
    return p.lower[token] in _OPENING or p.pos[token] == "SPACE"


def _labelled(p: Passage) -> Iterator[tuple[int, Piece]]:
    for first, last in p.paragraph_bounds:
        at = first
        while at < last and _leads_in(p, at):
            at += 1
        colon = next((i for i in range(at + 1, min(last, at + _LONGEST_LABEL + 1)) if p.lower[i] == ":"), None)
        if colon is None:
            continue
        words = [p.text[p.idx[i] : p.end[i]] for i in range(at, colon)]
        if not all(word.isupper() or word in (".", "-") for word in words) or len(words[-1]) < 2:
            continue
        piece = p.trim(colon + 1, last)
        if piece is not None:
            yield colon - 1, piece

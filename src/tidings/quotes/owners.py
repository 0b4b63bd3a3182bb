"""Owners: which cue a quoted stretch hangs on.

In: a passage, its quoted regions and its cues. Out: the pairs worth weighing, with their features.
It does not choose; a learned forest weighs the pairs.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from tidings.quotes.cues import DEP, POS, Cue, subject_code
from tidings.quotes.encoded import Encoded
from tidings.quotes.passage import Passage
from tidings.quotes.witness import owner_witness

__all__ = ["owner_features", "owner_pairs"]

_NEAREST = 10
_FAR = 60


def owner_pairs(passage: Passage, cues: Sequence[Cue]) -> list[tuple[int, int]]:
    """Pair each region with the cues of its paragraph, and of the end of the paragraph before.

    Pairs are (region, position in `cues`); at most ten cues before and ten after a region are weighed.
    """
    tokens = [cue.token for cue in cues]
    pairs: list[tuple[int, int]] = []
    for region, (first, last) in enumerate(passage.region_bounds):
        begin, stop = passage.paragraph_bounds[passage.paragraph[first]]
        if passage.paragraph[first] and not _text_before(passage, begin, first):
            before = passage.paragraph_bounds[passage.paragraph[first] - 1][1]
            begin = passage.unit_bounds[passage.unit[before]][0]
        low, high = bisect_left(tokens, begin), bisect_left(tokens, stop + 1)
        left, right = bisect_left(tokens, first), bisect_left(tokens, last + 1)
        chosen = [*range(max(low, left - _NEAREST), left), *range(right, min(high, right + _NEAREST))]
        pairs += [(region, at) for at in chosen]
    return pairs


def _text_before(p: Passage, begin: int, first: int) -> bool:
    return any(not p.is_mark(token) for token in range(begin, first))


def owner_features(
    passage: Passage, cues: Sequence[Cue], chances: Sequence[float], pair: tuple[int, int], said: Encoded | None = None
) -> list[float]:
    """Describe a region and a cue to the forest. `chances` are the probabilities of the cues."""
    p, (region, at) = passage, pair
    cue, (first, last) = cues[at], p.region_bounds[region]
    token, before = cue.token, cue.token < first
    low, high = (token + 1, first) if before else (last + 1, token)
    words = p.words_before[high] - p.words_before[low]
    rivals = [chances[i] for i in _between(cues, at, first, last)]
    steps, arrival = _path(p, first, last, token)
    inner_last = last - 1 if p.regions[region].closed and last > first else last
    features: list[float] = [
        before,
        min(words, _FAR),
        p.unit[token] == p.unit[first],
        p.sentence[token] == p.sentence[first if before else last],
        min(abs(p.unit[token] - p.unit[first]), 6),
        p.paragraph[token] == p.paragraph[first],
        chances[at],
        cue.prior,
        "VNAP".index(cue.kind),
        p.region[token] >= 0,
        _regions_between(p, low, high),
        max(rivals, default=0.0),
        sum(chance >= 0.5 for chance in rivals),
        sum(not p.is_mark(i) for i in range(first, min(last, first + _FAR) + 1)),
        p.regions[region].closed,
        p.regions[region].continues,
        _edge(p, _visible_before(p, first)),
        _edge(p, inner_last),
        _edge(p, last + 1),
        p.text[p.regions[region].inner.start].isupper(),
        steps,
        arrival,
        subject_code(p, token),
        DEP.get(p.dep[token], 50),
        _edge(p, token + 1),
        POS.get(p.pos[first - 1], 20) if first else -1,
        first == p.paragraph_bounds[p.paragraph[first]][0],
        min(p.stops_before[high] - p.stops_before[low], 9),
        region - (p.region[token] if p.region[token] >= 0 else region),
        _title_case(p, first, last),
    ]
    return features if said is None else features + owner_witness(said, token, (first, last))


def _regions_between(p: Passage, low: int, high: int) -> int:
    """Count the regions from one token up to another, at most nine."""
    starts = p.region_starts
    touching = bisect_left(starts, high) - bisect_left(starts, low)
    return min(touching + (low < high and p.region[low] >= 0 and p.region_bounds[p.region[low]][0] < low), 9)


def _between(cues: Sequence[Cue], at: int, first: int, last: int) -> range:
    """The cues that stand nearer to the region than this one, on its side."""
    low = at + 1 if cues[at].token < first else at
    high = at + 1 if cues[at].token < first else at
    if cues[at].token < first:
        while high < len(cues) and cues[high].token < first:
            high += 1
        return range(low, high)
    while low > 0 and cues[low - 1].token > last:
        low -= 1
    return range(low, high)


def _edge(p: Passage, token: int) -> int:
    """Class the token at an edge: 0 none, 1 comma, 2 colon, 3 full stop, 4 question or cry, 5 dash, 6 other mark."""
    if not 0 <= token < len(p):
        return 0
    word = p.lower[token]
    for code, marks in enumerate((",", ":", ".", "?!", "—–-―"), start=1):
        if word and word in marks:
            return code
    if p.pos[token] == "SPACE":
        return 0
    return 6 if p.pos[token] == "PUNCT" else 7


def _visible_before(p: Passage, token: int) -> int:
    token -= 1
    while token >= 0 and p.pos[token] == "SPACE":
        token -= 1
    return token


def _path(p: Passage, first: int, last: int, token: int) -> tuple[int, int]:
    """Climb from the region to the cue: how many steps, and the relation by which it arrives; -1 if it does not."""
    at = first
    while at < last and p.is_mark(at):
        at += 1
    for steps in range(1, 12):
        head = p.head[at]
        if head == at:
            break
        if head == token:
            return steps, DEP.get(p.dep[at], 50)
        at = head
    at = token
    for steps in range(1, 6):
        head = p.head[at]
        if head == at:
            return -1, -1
        if first <= head <= last:
            return -1 - steps, DEP.get(p.dep[at], 50)
        at = head
    return -1, -1


def _title_case(p: Passage, first: int, last: int) -> bool:
    words = [p.text[p.idx[i]] for i in range(first, last + 1) if not p.is_mark(i)]
    return len(words) > 1 and all(word[0].isupper() or word.isdigit() for word in (words[0], words[-1]))

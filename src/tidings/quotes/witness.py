"""The encoder as a witness: what it adds to the features of cues, owners, contents and speakers.

In: a passage, what the encoder says, and what is to be described. Out: numbers for the forests, and contents proposed.
It decides nothing; without the encoder the forests without these features decide.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from tidings.quotes.encoded import Encoded, Run
from tidings.quotes.passage import Passage

__all__ = ["content_witness", "cue_witness", "owner_witness", "propose", "speaker_witness"]

Piece = tuple[int, int]

_NEAR = 4
_WIDEST, _MOST = 400, 20
"""Tokens of a content, and stretches in it, that are looked at: more would let a hostile page cost square time."""
_AFTER = 12
"""Tokens between a cue and a stretch that it may report."""


def _at(values: Sequence[float], token: int) -> float:
    return values[token] if 0 <= token < len(values) else 0.0


def _best(values: Sequence[float], first: int, last: int) -> float:
    return max(values[max(0, first) : max(0, last + 1)], default=0.0)


def cue_witness(p: Passage, said: Encoded, token: int, subject: int | None) -> list[float]:
    """Describe a candidate cue."""
    run = said.run("cue", token)
    head = p.head[token]
    return [
        said.cue[token],
        _best(said.cue, token - 2, token - 1),
        _best(said.cue, token + 1, token + 2),
        said.source[subject] if subject is not None else -1,
        _best(said.source, token - _NEAR, token + _NEAR),
        said.content[token],
        _at(said.content, token - 1),
        _at(said.content, token + 1),
        _at(said.content, token - 2),
        _at(said.content, token + 2),
        _best(said.opens, token + 1, token + _NEAR),
        run[1] - run[0] + 1 if run else 0,
        run is not None and run[0] <= head <= run[1] and head != token,
        token - run[0] if run else -1,
    ]


def owner_witness(said: Encoded, token: int, region: Piece) -> list[float]:
    """Describe a cue and a quoted region that may hang on it."""
    first, last = region
    low, high = (token + 1, first - 1) if token < first else (last + 1, token - 1)
    return [
        said.mean_content(first, last),
        said.cue[token],
        said.mean_content(low, high) if low <= high else -1,
        said.sure_before[high + 1] - said.sure_before[low] if low <= high else 0,
        _best(said.source, low, min(high, low + 30)),
    ]


def content_witness(p: Passage, said: Encoded, token: int, pieces: Sequence[Piece]) -> list[float]:
    """Describe a content that a cue may report."""
    first, last = pieces[0][0], pieces[-1][1]
    inside = [said.mean_content(a, b) for a, b in pieces]
    size = sum(said.size_before[b + 1] - said.size_before[a] for a, b in pieces)
    mass = sum(said.content_before[b + 1] - said.content_before[a] for a, b in pieces)
    before, after = _word(p, first - 1, -1), _word(p, last + 1, 1)
    runs = _touched(said, pieces)[:_MOST]
    union = sum(b - a + 1 for a, b in runs)
    shared = sum(max(0, min(b, d) - max(a, c) + 1) for a, b in pieces for c, d in runs)
    own = sum(b - a + 1 for a, b in pieces)
    return [
        mass / size if size else 0.0,
        min(inside),
        said.content[before] if before >= 0 else 0.0,
        said.content[after] if after >= 0 else 0.0,
        said.content[_word(p, first, 1)],
        said.content[_word(p, last, -1)],
        max(said.opens[first], _at(said.opens, first + 1) if p.is_mark(first) else 0.0),
        said.opens[after] if after >= 0 else 0.0,
        said.cue[token],
        shared / (own + union - shared),
        any(abs(a - first) <= 1 for a, _ in runs) if runs else -1,
        any(abs(b - last) <= 1 for _, b in runs) if runs else -1,
        len(runs),
        sum(said.sure_before[b + 1] - said.sure_before[a] for a, b in pieces),
        said.run_of["cue"][token] >= 0,
        _missed(p, said, token, pieces),
    ]


def _word(p: Passage, token: int, step: int) -> int:
    """Return the nearest word at or beyond a token, at most four tokens away; -1 beyond the line's end."""
    for at in range(token, token + 4 * step, step):
        if not 0 <= at < len(p) or "\n" in p.lower[at]:
            return -1
        if not p.is_mark(at):
            return at
    return token


def _touched(said: Encoded, pieces: Sequence[Piece]) -> list[Run]:
    """Return the encoder's contents that share a token with a content."""
    return sorted({run for a, b in pieces for run in said.near("content", a, min(b, a + _WIDEST))})


def _missed(p: Passage, said: Encoded, token: int, pieces: Sequence[Piece]) -> float:
    """Return the share of what is likely reported in the cue's sentence that a content leaves out."""
    first, last = p.unit_bounds[p.unit[token]]
    whole = said.content_before[last + 1] - said.content_before[first]
    if whole <= 0:
        return 0.0
    kept = 0.0
    for a, b in pieces:
        a, b = max(a, first), min(b, last)
        kept += said.content_before[b + 1] - said.content_before[a] if a <= b else 0.0
    return (whole - kept) / whole


def speaker_witness(
    p: Passage, said: Encoded, token: int, head: int, candidates: Sequence[int], span: Piece
) -> list[float]:
    """Describe a phrase, with its head and its span, that may name who speaks."""
    run = said.run("source", head)
    rivals = [said.source[other] for other in candidates if other != head]
    low, high = min(token, head), max(token, head)
    return [
        said.source[head],
        _best(said.source, *span),
        said.source[head] - max(rivals, default=0.0),
        run[1] - run[0] + 1 if run else 0,
        run is not None and not run[0] <= p.head[head] <= run[1],
        said.content[head],
        said.cue[token],
        sum(a > low and b < high for a, b in _between(said.runs["source"], low, high)),
        sum(a > low and b < high for a, b in _between(said.runs["cue"], low, high)),
    ]


def _between(runs: Sequence[Run], low: int, high: int) -> Sequence[Run]:
    return runs[bisect_left(runs, (low, 0)) : bisect_left(runs, (high, 0))][:9]


def propose(p: Passage, said: Encoded, token: int, quoted: Sequence[Piece]) -> list[tuple[Piece, ...]]:
    """Return the contents that the encoder sees beside a cue: after it, before it, around it, and those quoted."""
    runs = said.runs["content"]
    at = bisect_left(runs, (token, 0))
    after = runs[at] if at < len(runs) and _close(p, token, runs[at][0]) else None
    before = runs[at - 1] if at and _close(p, runs[at - 1][1], token) else None
    found: list[tuple[Piece, ...]] = []
    if after:
        found.append((after,))
        further = runs[at + 1] if at + 1 < len(runs) else None
        if further and further[0] - after[1] <= 2 and p.paragraph[further[0]] == p.paragraph[token]:
            found.append((after, further))
    if before:
        found.append((before,))
    if before and after:
        found.append((before, after))
    if quoted:
        touched = _touched(said, quoted)
        found.append(tuple(sorted({*touched, *quoted})))
        if len(touched) > 1 or (touched and len(quoted) > 1):
            found.append(tuple(touched))
    return found


def _close(p: Passage, one: int, other: int) -> bool:
    return other - one <= _AFTER and p.paragraph[one] == p.paragraph[other]

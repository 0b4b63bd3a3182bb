"""Attributions: cue, content and speaker put together.

In: a passage. Out: drafts of quotations on tokens, in text order.
It names no actors: who the speaker's words stand for is the next step.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from tidings.quotes.contents import Content, Piece, content_features, find_contents, report_features
from tidings.quotes.cues import Cue, Lexicon, cue_features, find_cues, load_lexicon, subject_of
from tidings.quotes.forest import load_forest
from tidings.quotes.owners import owner_features, owner_pairs
from tidings.quotes.passage import Passage
from tidings.quotes.speakers import find_candidates, speaker_features

__all__ = ["Draft", "find_drafts"]

LIKELY = 0.5
"""From this probability on a cue counts as a rival of its neighbours."""
WEIGHED = 0.12
"""Below this probability a cue without a quoted stretch is not looked at."""
OWNED = 0.17
"""Below this probability a quoted stretch hangs on no cue: a title, a nickname, a scare quote."""
REPORTED = 0.38
"""Below this probability words outside quotation marks are not taken for a report."""
DOUBTED = 0.2
"""Below this probability a quoted stretch must hang on its cue without doubt."""
SPEECH = 0.7
"""From this share of sightings on a word hardly does anything but report: "said", "according"."""
REPORTED_BY_SPEECH = 0.25
"""What REPORTED is for other words."""
NAMED = 0.25
"""Below this probability no words are taken for the speaker."""
_NEAR = 20
"""How many neighbours a report is compared with: more would let a hostile page cost square time."""
SAME = 0.8
"""Two contents that share more than this are one report told twice."""


class Draft(NamedTuple):
    """A quotation on tokens.

    `speaker` is the head of the speaker's words, -1 where there are none; `name` the head of other words that tell who
    the speaker is. `cue` is -1 where layout alone tells.
    """

    pieces: tuple[Piece, ...]
    cue: int
    chance: float
    speaker: int
    speaker_chance: float
    regions: tuple[int, ...]
    why: str
    name: int = -1


def find_drafts(
    passage: Passage,
    laid_out: Sequence[Draft] = (),
    proposals: Mapping[int, Sequence[Sequence[Piece]]] | None = None,
) -> list[Draft]:
    """Find every report in a passage, in text order.

    `laid_out` are drafts that layout made certain; their regions are not given away again.
    `proposals` may add contents found by other means, by the token of their cue.
    """
    lexicon = load_lexicon()
    cues = find_cues(passage, lexicon)
    chances = load_forest("cue").probabilities([cue_features(passage, cue, lexicon) for cue in cues])
    owned, sure = _share_out(passage, cues, chances, {region for draft in laid_out for region in draft.regions})
    chosen = _choose_contents(passage, cues, chances, owned, sure, lexicon, proposals or {})
    chosen = [_before_twin(passage, cues, item) for item in _without_doubles(chosen)]
    chosen = [item for item in chosen if not _told(item.content, laid_out)]
    drafts = [*laid_out, *_name_speakers(passage, cues, chances, chosen)]
    return sorted(drafts, key=lambda draft: (draft.pieces[0], draft.cue))


def _told(content: Content, drafts: Sequence[Draft]) -> bool:
    return any(_overlap(content.pieces, draft.pieces) >= SAME for draft in drafts)


def _share_out(
    passage: Passage, cues: Sequence[Cue], chances: Sequence[float], taken: Collection[int]
) -> tuple[dict[int, list[int]], dict[int, float]]:
    """Give each quoted region that is not taken to the cue it hangs on, if any."""
    pairs = [pair for pair in owner_pairs(passage, cues) if pair[0] not in taken]
    rows = [owner_features(passage, cues, chances, pair) for pair in pairs]
    best: dict[int, tuple[float, int]] = {}
    for (region, cue), chance in zip(pairs, load_forest("owner").probabilities(rows), strict=True):
        if chance > best.get(region, (OWNED, -1))[0]:
            best[region] = (chance, cue)
    owned: dict[int, list[int]] = {}
    for region, (_, cue) in sorted(best.items()):
        owned.setdefault(cue, []).append(region)
    return owned, {region: chance for region, (chance, _) in best.items()}


def _is_reported(cue: Cue, chance: float, regions: Sequence[int], sure: Mapping[int, float]) -> bool:
    if regions:
        return chance >= DOUBTED or max(sure[region] for region in regions) >= LIKELY
    return chance >= (REPORTED if cue.prior < SPEECH else REPORTED_BY_SPEECH)


class _Chosen(NamedTuple):
    cue: int
    content: Content
    chance: float
    owned: tuple[int, ...]


def _choose_contents(
    passage: Passage,
    cues: Sequence[Cue],
    chances: Sequence[float],
    owned: Mapping[int, list[int]],
    sure: Mapping[int, float],
    lexicon: Lexicon,
    proposals: Mapping[int, Sequence[Sequence[Piece]]],
) -> list[_Chosen]:
    likely = [cue.token for cue, chance in zip(cues, chances, strict=True) if chance >= LIKELY]
    rows: list[list[float]] = []
    found: list[tuple[int, Content]] = []
    for at, (cue, chance) in enumerate(zip(cues, chances, strict=True)):
        regions = owned.get(at, [])
        if chance < WEIGHED and not regions:
            continue
        for content in find_contents(passage, cue, regions, proposals.get(cue.token, ())):
            found.append((at, content))
            rows.append(content_features(passage, cue, chance, content, regions, lexicon, likely))
    ranked: dict[int, list[tuple[float, int]]] = {}
    for number, chance in enumerate(load_forest("content").probabilities(rows)):
        at, content = found[number]
        if not owned.get(at) or _covers(passage, content, owned[at]):
            ranked.setdefault(at, []).append((chance, number))
    for choices in ranked.values():
        choices.sort(key=lambda one: (-one[0], one[1]))
    last = [rows[choices[0][1]] + report_features([chance for chance, _ in choices]) for choices in ranked.values()]
    trust = load_forest("report").probabilities(last)
    chosen = []
    for (at, choices), chance in zip(ranked.items(), trust, strict=True):
        regions = owned.get(at, [])
        if _is_reported(cues[at], chance, regions, sure):
            chosen.append(_Chosen(at, found[choices[0][1]][1], chance, tuple(regions)))
    return chosen


def _covers(passage: Passage, content: Content, regions: Iterable[int]) -> bool:
    bounds = [passage.region_bounds[region] for region in regions]
    return all(any(a <= first + 1 and last - 1 <= b for a, b in content.pieces) for first, last in bounds)


def _without_doubles(chosen: list[_Chosen]) -> list[_Chosen]:
    """Keep the likelier of two cues that report the same words."""
    by_start = sorted(chosen, key=lambda one: (one.content.pieces[0], one.cue))
    doubles: set[int] = set()
    for at, item in enumerate(by_start):
        for other in by_start[at + 1 : at + _NEAR]:
            if other.content.pieces[0][0] > item.content.pieces[-1][1]:
                break
            if _overlap(item.content.pieces, other.content.pieces) >= SAME:
                doubles.add(min(item, other, key=lambda one: (len(one.owned), one.chance, -one.cue)).cue)
    return [item for item in by_start if item.cue not in doubles]


def _before_twin(passage: Passage, cues: Sequence[Cue], item: _Chosen) -> _Chosen:
    """Stop a report before a joined verb that goes with its cue and not with what it reports.

    In "she said the lake is clean and announced a fair", the tense tells that "announced" goes with "said".
    """
    p, cue = passage, cues[item.cue].token
    first, last = item.content.pieces[-1]
    if p.tag[cue] != "VBD" or first < cue:
        return item
    for token in (at for at in range(first, last + 1) if p.dep[at] == "conj" and p.tag[at] == "VBD"):
        joined = p.head[token]
        conjunction = p.child(joined, "cc")
        present = p.tag[joined] in ("VBZ", "VBP") and first <= joined < token
        if not present or conjunction is None or conjunction <= first or subject_of(p, token) is not None:
            continue
        shorter = (*item.content.pieces[:-1], (first, conjunction - 1))
        return item._replace(content=item.content._replace(pieces=shorter))
    return item


def _overlap(one: Sequence[Piece], other: Sequence[Piece]) -> float:
    """Return the share of tokens that two contents have in common."""
    shared = sum(max(0, min(b, d) - max(a, c) + 1) for a, b in one for c, d in other)
    return shared / (sum(b - a + 1 for a, b in (*one, *other)) - shared)


def _name_speakers(
    passage: Passage,
    cues: Sequence[Cue],
    chances: Sequence[float],
    chosen: list[_Chosen],
) -> list[Draft]:
    likely = {cue.token for cue, chance in zip(cues, chances, strict=True) if chance >= LIKELY}
    rows: list[list[float]] = []
    found: list[tuple[int, int]] = []
    for number, item in enumerate(chosen):
        cue, pieces = cues[item.cue], item.content.pieces
        candidates = [
            candidate
            for candidate in find_candidates(passage, cue, pieces)
            if not _reported_elsewhere(candidate.token, cue.token, number, chosen)
        ]
        for at, candidate in enumerate(candidates):
            found.append((number, candidate.token))
            rows.append(speaker_features(passage, cue, pieces, candidates, at, likely, load_lexicon()))
    best: dict[int, tuple[float, int]] = {}
    for (number, token), chance in zip(found, load_forest("speaker").probabilities(rows), strict=True):
        if chance > best.get(number, (NAMED, -1))[0]:
            best[number] = (chance, token)
    drafts = []
    for number, item in enumerate(chosen):
        chance, token = best.get(number, (0.0, -1))
        drafts.append(
            Draft(item.content.pieces, cues[item.cue].token, item.chance, token, chance, item.owned, "reporting word")
        )
    return drafts


def _reported_elsewhere(speaker: int, cue: int, number: int, chosen: list[_Chosen]) -> bool:
    """Tell whether a phrase stands in what another cue reports while this cue stands outside it.

    In "he said the port is open and announced a fair", the port announces nothing.
    """
    near = chosen[max(0, number - _NEAR) : number] + chosen[number + 1 : number + _NEAR]
    return any(_inside(speaker, item.content) and not _inside(cue, item.content) for item in near)


def _inside(token: int, content: Content) -> bool:
    return any(a <= token <= b for a, b in content.pieces)

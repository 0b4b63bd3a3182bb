"""Attributions: cue, content and speaker put together.

In: a passage. Out: drafts of quotations on tokens, in text order.
It names no actors: who the speaker's words stand for is the next step.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from tidings.quotes.contents import Content, Piece, content_features, find_contents, report_features
from tidings.quotes.cues import Cue, Lexicon, cue_features, find_cues, load_lexicon, manner, subject_of
from tidings.quotes.encoded import Encoded
from tidings.quotes.forest import Forest, has_encoded, load_forest
from tidings.quotes.owners import owner_features, owner_pairs
from tidings.quotes.passage import Passage
from tidings.quotes.speakers import find_candidates, speaker_features
from tidings.quotes.witness import propose

__all__ = ["Bars", "Draft", "find_drafts", "proposed_by", "worth_asking"]

LIKELY = 0.5
"""From this probability on a cue counts as a rival of its neighbours."""
SPEECH = 0.7
"""From this share of sightings on a word hardly does anything but report: "said", "according"."""
ASKED = 0.05
"""Below this probability by grammar alone the encoder is not asked about a cue."""


class Bars(NamedTuple):
    """The probabilities below which something is not taken: one set for grammar alone, one for both witnesses."""

    weighed: float
    """A cue without a quoted stretch is looked at."""
    owned: float
    """A quoted stretch hangs on a cue; else it is a title, a nickname, a scare quote."""
    reported: float
    """Words outside quotation marks are a report."""
    reported_by_speech: float
    """The same for cues that hardly do anything but report."""
    phrase: float
    """The same where no verb stands in what is reported: "welcomed the new law"."""
    doubted: float
    """A quoted stretch need not hang on its cue without doubt."""
    named: float
    """Words name the speaker."""


BY_GRAMMAR = Bars(0.12, 0.17, 0.38, 0.25, 0.0, 0.2, 0.25)
BY_BOTH = Bars(0.12, 0.17, 0.5, 0.4, 0.6, 0.2, 0.25)
_NEAR = 20
"""How many neighbours a report is compared with: more would let a hostile page cost square time."""
SAME = 0.8
"""Two contents that share more than this are one report told twice."""


class Draft(NamedTuple):
    """A quotation on tokens.

    `speaker` is the head of the speaker's words, -1 where there are none; `name` the head of other words that tell who
    the speaker is. `cue` is -1 where layout alone tells. `words` and `cue_words` are the words of the speaker and of
    the cue where the encoder sees them.
    """

    pieces: tuple[Piece, ...]
    cue: int
    chance: float
    speaker: int
    speaker_chance: float
    regions: tuple[int, ...]
    why: str
    name: int = -1
    words: Piece | None = None
    cue_words: Piece | None = None


class _Weighing(NamedTuple):
    """A passage, its cues with their probabilities, and what everything is weighed with."""

    passage: Passage
    cues: Sequence[Cue]
    chances: Sequence[float]
    lexicon: Lexicon
    said: Encoded | None
    bars: Bars

    def forest(self, name: str) -> Forest:
        return load_forest(name, encoded=self.said is not None)

    @property
    def likely(self) -> list[int]:
        return [cue.token for cue, chance in zip(self.cues, self.chances, strict=True) if chance >= LIKELY]


def find_drafts(
    passage: Passage,
    laid_out: Sequence[Draft] = (),
    proposals: Mapping[int, Sequence[Sequence[Piece]]] | None = None,
    *,
    said: Encoded | None = None,
) -> list[Draft]:
    """Find every report in a passage, in text order.

    `laid_out` are drafts that layout made certain; their regions are not given away again.
    `proposals` may add contents found by other means, by the token of their cue. `said` is what the encoder says.
    """
    if said is not None and not has_encoded():
        said = None
    weighing = _weigh_cues(passage, said)
    owned, sure = _share_out(weighing, {region for draft in laid_out for region in draft.regions})
    chosen = _choose_contents(weighing, owned, sure, proposals or {})
    chosen = [_before_twin(passage, weighing.cues, item) for item in _without_doubles(chosen)]
    chosen = [item for item in chosen if not _told(item.content, laid_out)]
    drafts = [*laid_out, *_name_speakers(weighing, chosen)]
    return sorted(drafts, key=lambda draft: (draft.pieces[0], draft.cue))


def _weigh_cues(passage: Passage, said: Encoded | None) -> _Weighing:
    lexicon = load_lexicon()
    cues = find_cues(passage, lexicon, said)
    forest = load_forest("cue", encoded=said is not None)
    chances = forest.probabilities([cue_features(passage, cue, lexicon, said) for cue in cues])
    return _Weighing(passage, cues, chances, lexicon, said, BY_GRAMMAR if said is None else BY_BOTH)


def worth_asking(passage: Passage) -> list[Piece]:
    """Return the stretches that can hold a report by grammar alone: likely cues and quoted regions."""
    cues = _weigh_cues(passage, None)
    asked = [(cue.token, cue.token) for cue, chance in zip(cues.cues, cues.chances, strict=True) if chance >= ASKED]
    return [*asked, *passage.region_bounds]


def _told(content: Content, drafts: Sequence[Draft]) -> bool:
    return any(_overlap(content.pieces, draft.pieces) >= SAME for draft in drafts)


def _share_out(w: _Weighing, taken: Collection[int]) -> tuple[dict[int, list[int]], dict[int, float]]:
    """Give each quoted region that is not taken to the cue it hangs on, if any."""
    pairs = [pair for pair in owner_pairs(w.passage, w.cues) if pair[0] not in taken]
    rows = [owner_features(w.passage, w.cues, w.chances, pair, w.said) for pair in pairs]
    best: dict[int, tuple[float, int]] = {}
    for (region, cue), chance in zip(pairs, w.forest("owner").probabilities(rows), strict=True):
        if chance > best.get(region, (w.bars.owned, -1))[0]:
            best[region] = (chance, cue)
    owned: dict[int, list[int]] = {}
    for region, (_, cue) in sorted(best.items()):
        owned.setdefault(cue, []).append(region)
    return owned, {region: chance for region, (chance, _) in best.items()}


class _Chosen(NamedTuple):
    cue: int
    content: Content
    chance: float
    owned: tuple[int, ...]


def _is_reported(w: _Weighing, item: _Chosen, sure: Mapping[int, float]) -> bool:
    if item.owned:
        return item.chance >= w.bars.doubted or max(sure[region] for region in item.owned) >= LIKELY
    p = w.passage
    bar = w.bars.reported if w.cues[item.cue].prior < SPEECH else w.bars.reported_by_speech
    if not any(p.verbs_before[b + 1] > p.verbs_before[a] for a, b in item.content.pieces):
        bar = max(bar, w.bars.phrase)
    return item.chance >= bar


def _choose_contents(
    w: _Weighing,
    owned: Mapping[int, list[int]],
    sure: Mapping[int, float],
    proposals: Mapping[int, Sequence[Sequence[Piece]]],
) -> list[_Chosen]:
    likely = w.likely
    rows: list[list[float]] = []
    found: list[tuple[int, Content]] = []
    for at, (cue, chance) in enumerate(zip(w.cues, w.chances, strict=True)):
        regions = owned.get(at, [])
        if chance < w.bars.weighed and not regions:
            continue
        proposed = [*proposals.get(cue.token, ()), *proposed_by(w.passage, w.said, cue, regions)]
        for content in find_contents(w.passage, cue, regions, proposed):
            found.append((at, content))
            rows.append(content_features(w.passage, cue, chance, content, regions, w.lexicon, likely, w.said))
    ranked: dict[int, list[tuple[float, int]]] = {}
    for number, chance in enumerate(w.forest("content").probabilities(rows)):
        at, content = found[number]
        if not owned.get(at) or _covers(w.passage, content, owned[at]):
            ranked.setdefault(at, []).append((chance, number))
    for choices in ranked.values():
        choices.sort(key=lambda one: (-one[0], one[1]))
    last = [rows[choices[0][1]] + report_features([chance for chance, _ in choices]) for choices in ranked.values()]
    trust = w.forest("report").probabilities(last)
    chosen = []
    for (at, choices), chance in zip(ranked.items(), trust, strict=True):
        item = _Chosen(at, found[choices[0][1]][1], chance, tuple(owned.get(at, [])))
        if _is_reported(w, item, sure):
            chosen.append(item)
    return chosen


def proposed_by(passage: Passage, said: Encoded | None, cue: Cue, regions: Sequence[int]) -> list[tuple[Piece, ...]]:
    """Return the contents that the encoder proposes for a cue with its quoted regions."""
    if said is None:
        return []
    return propose(passage, said, cue.token, [passage.region_bounds[region] for region in regions])


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


def _name_speakers(w: _Weighing, chosen: list[_Chosen]) -> list[Draft]:
    likely = set(w.likely)
    rows: list[list[float]] = []
    found: list[tuple[int, int]] = []
    for number, item in enumerate(chosen):
        cue, pieces = w.cues[item.cue], item.content.pieces
        candidates = [
            candidate
            for candidate in find_candidates(w.passage, cue, pieces, w.said)
            if not _reported_elsewhere(candidate.token, cue.token, number, chosen)
        ]
        for at, candidate in enumerate(candidates):
            found.append((number, candidate.token))
            rows.append(speaker_features(w.passage, cue, pieces, candidates, at, likely, w.lexicon, w.said))
    best: dict[int, tuple[float, int]] = {}
    for (number, token), chance in zip(found, w.forest("speaker").probabilities(rows), strict=True):
        if chance > best.get(number, (w.bars.named, -1))[0]:
            best[number] = (chance, token)
    drafts = []
    for number, item in enumerate(chosen):
        chance, token = best.get(number, (0.0, -1))
        cue, pieces = w.cues[item.cue].token, item.content.pieces
        drafts.append(
            Draft(
                pieces,
                cue,
                item.chance,
                token,
                chance,
                item.owned,
                manner(w.passage, cue, named=token >= 0),
                words=_seen(w.said, "source", token, (*pieces, (cue, cue))),
                cue_words=_seen(w.said, "cue", cue, (*pieces, (token, token))),
            )
        )
    return drafts


def _seen(said: Encoded | None, label: str, token: int, others: Sequence[Piece]) -> Piece | None:
    """Return the words the encoder sees around a token, unless they run into other parts of the quotation."""
    run = said.run(label, token) if said is not None and token >= 0 else None
    return None if run is None or any(a <= run[1] and run[0] <= b for a, b in others) else run


def _reported_elsewhere(speaker: int, cue: int, number: int, chosen: list[_Chosen]) -> bool:
    """Tell whether a phrase stands in what another cue reports while this cue stands outside it.

    In "he said the port is open and announced a fair", the port announces nothing.
    """
    near = chosen[max(0, number - _NEAR) : number] + chosen[number + 1 : number + _NEAR]
    return any(_inside(speaker, item.content) and not _inside(cue, item.content) for item in near)


def _inside(token: int, content: Content) -> bool:
    return any(a <= token <= b for a, b in content.pieces)

"""Contents: the words that a cue may report.

In: a passage, a cue, and the quoted regions that hang on it. Out: candidate contents with their features.
It does not choose; a learned forest weighs the candidates. A tagger's spans may join them through `proposals`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from tidings.quotes.cues import DEP, POS, TAG, WORD, Cue, Lexicon, subject_code, subject_of, word_class
from tidings.quotes.encoded import Encoded
from tidings.quotes.passage import Passage
from tidings.quotes.witness import content_witness

__all__ = ["Content", "content_features", "find_contents", "report_features"]

Piece = tuple[int, int]
"""First and last token."""

_OBJECTS = frozenset(
    "ccomp xcomp dobj prep agent advcl oprd acomp attr dative parataxis relcl acl nsubjpass csubjpass pcomp appos "
    "npadvmod intj dep conj csubj".split()
)
_PASSIVE_ONLY = frozenset({"nsubjpass", "csubjpass", "csubj"})
_CLAUSE = frozenset("aux auxpass neg prt nsubj nsubjpass expl advmod".split())
_STOPS = frozenset({",", ";", "—", "–", "--", "("})
_FIRST_ENDS = 3
"""How many early stops of a phrase are weighed, besides the last."""
_FARTHEST = 150
"""Tokens after which no stop is looked for."""
_HIGHEST = 8
"""Steps up the parse from the word that opens a clause to its verb."""
_WORDS = {
    name: at
    for at, name in enumerate(
        "that to whether if how what why who which when where he she it they the a his her".split()
    )
}
KINDS = (
    "child",
    "child to end",
    "object of prep",
    "object of prep to end",
    "after",
    "after comma",
    "before",
    "around",
    "regions",
    "child and regions",
    "rest and regions",
    "before and regions",
    "next sentences",
    "subject",
    "proposal",
    "cut short",
    "after, cut short",
    "inside object",
)


class Content(NamedTuple):
    """One candidate: how it was found, the token it hangs on (-1 none), and its pieces in text order."""

    kind: int
    anchor: int
    pieces: tuple[Piece, ...]


def find_contents(
    passage: Passage, cue: Cue, owned: Sequence[int], proposals: Iterable[Sequence[Piece]] = ()
) -> list[Content]:
    """List what a cue may report, without doubles.

    `owned` are the quoted regions that hang on the cue. `proposals` are contents found by other means (a tagger).
    """
    seen: set[tuple[Piece, ...]] = set()
    found: list[Content] = []
    for kind, anchor, raw in _all(passage, cue, owned, proposals):
        pieces = _tidy(passage, raw, cue)
        if pieces and pieces not in seen and not _over_colon(passage, pieces, owned):
            seen.add(pieces)
            found.append(Content(KINDS.index(kind), anchor, pieces))
    return found


def _all(
    p: Passage, cue: Cue, owned: Sequence[int], proposals: Iterable[Sequence[Piece]]
) -> Iterator[tuple[str, int, Sequence[Piece]]]:
    token = cue.token
    first, last = p.unit_bounds[p.unit[token]]
    clause = _clause(p, cue)
    quoted = [p.region_bounds[region] for region in owned]
    if quoted:
        yield "regions", -1, quoted
    for kind, anchor, piece in _children(p, token, last):
        yield kind, anchor, [piece]
        for end in _ends(p, token, piece):
            yield "cut short", anchor, [(piece[0], end)]
        if quoted:
            yield "child and regions", anchor, [piece, *quoted]
            hull = [q for q in quoted if q[0] > piece[1] and p.unit[q[0]] == p.unit[token]]
            if hull:
                yield "child and regions", anchor, [(piece[0], hull[-1][1]), *quoted]
    yield from _stretches(p, cue, clause, (first, last), quoted)
    for pieces in proposals:
        yield "proposal", -1, pieces


def _children(p: Passage, token: int, last: int) -> Iterator[tuple[str, int, Piece]]:
    """The phrases that hang on a cue, and each of them drawn out to the end of the sentence."""
    sentence_last = p.sentence_bounds[p.sentence[token]][1]
    passive = any(p.dep[child] in ("auxpass", "nsubjpass") for child in p.children[token])
    for child in p.children[token]:
        dep = p.dep[child]
        if dep not in _OBJECTS or (dep in _PASSIVE_ONLY and not passive and dep != "csubj"):
            continue
        piece = (p.left[child], p.right[child])
        if dep in _PASSIVE_ONLY:
            yield "subject", child, piece
            continue
        yield "child", child, piece
        if child > token:
            for end in sorted({p.right[token], sentence_last, last}):
                if end > piece[1]:
                    yield "child to end", child, (piece[0], end)
        if dep in ("prep", "agent"):
            inner = [grand for grand in p.children[child] if p.dep[grand] in ("pobj", "pcomp")]
            for grand in inner[:1]:
                yield "object of prep", grand, (p.left[grand], p.right[grand])
                if sentence_last > p.right[grand] and child > token:
                    yield "object of prep to end", grand, (p.left[grand], sentence_last)
        if dep == "dobj" and child > token:
            yield from _inside_object(p, child)


def _inside_object(p: Passage, child: int) -> Iterator[tuple[str, int, Piece]]:
    """What an object speaks of: "no mention of X", "his thoughts on X", "the view that X"."""
    for inner in p.children[child]:
        if inner < child:
            continue
        if p.dep[inner] == "prep":
            grand = p.child(inner, "pobj", "pcomp")
            if grand is not None:
                yield "inside object", grand, (p.left[grand], p.right[grand])
        elif p.dep[inner] in ("acl", "ccomp", "relcl"):
            yield "inside object", inner, (p.left[inner], p.right[inner])


def _ends(p: Passage, token: int, piece: Piece) -> list[int]:
    """Where a report may stop before its phrase does: at commas, and before joined or dependent clauses."""
    first, last = piece
    ends: list[int] = []
    for at in range(max(first, token) + 2, min(last, first + _FARTHEST)):
        if p.region[at] >= 0 and p.region[at] == p.region[at - 1]:
            continue
        if p.lower[at] in _STOPS or _starts_clause(p, at, first):
            ends.append(at - 1)
    return ends[:_FIRST_ENDS] + ends[_FIRST_ENDS:][-1:]


def _starts_clause(p: Passage, at: int, first: int) -> bool:
    """Tell whether a joined or adverbial clause of the report begins at a token."""
    head = p.head[at]
    if p.dep[at] == "cc":
        return p.pos[head] in ("VERB", "AUX") and head >= first
    for _ in range(_HIGHEST):
        if head <= at or p.left[head] != at:
            break
        if p.dep[head] in ("advcl", "relcl"):
            return True
        head = p.head[head]
    return False


def _stretches(
    p: Passage, cue: Cue, clause: Piece, bounds: Piece, quoted: list[Piece]
) -> Iterator[tuple[str, int, Sequence[Piece]]]:
    """What stands before, after and around the reporting clause."""
    first, last = bounds
    before, after = (first, clause[0] - 1), (clause[1] + 1, last)
    sentence_first, sentence_last = p.sentence_bounds[p.sentence[cue.token]]
    if after[0] <= after[1]:
        yield "after", -1, [after]
        for end in _ends(p, cue.token, after):
            yield "after, cut short", -1, [(after[0], end)]
        if sentence_last < last and after[0] <= sentence_last:
            yield "after", -1, [(after[0], sentence_last)]
        for comma in _next_stops(p, cue, after):
            yield "after comma", -1, [(comma + 1, last)]
            if before[0] <= before[1]:
                yield "around", -1, [before, (comma + 1, last)]
        hull = [q for q in quoted if q[0] >= after[0]]
        if hull:
            yield "rest and regions", -1, [(after[0], hull[-1][1]), *quoted]
    if before[0] <= before[1]:
        yield "before", -1, [before]
        if sentence_first > first and sentence_first <= before[1]:
            yield "before", -1, [(sentence_first, before[1])]
        if quoted:
            yield "before and regions", -1, [before, *quoted]
        if after[0] <= after[1]:
            yield "around", -1, [before, after]
        head = p.head[cue.token]
        if head < clause[0] and head != cue.token:
            yield "before", head, [(p.left[head], before[1])]
    if cue.kind == "P" or p.lower[min(last, cue.token + 1)] == ":":
        yield from _after_colon(p, cue, last)


def _after_colon(p: Passage, cue: Cue, last: int) -> Iterator[tuple[str, int, Sequence[Piece]]]:
    paragraph_last = p.paragraph_bounds[p.paragraph[cue.token]][1]
    start = cue.token + 1 + (cue.kind != "P")
    if paragraph_last > last:
        yield "next sentences", -1, [(start, paragraph_last)]
    if start > paragraph_last - 1 and p.paragraph[cue.token] + 1 < len(p.paragraph_bounds):
        yield "next sentences", -1, [p.paragraph_bounds[p.paragraph[cue.token] + 1]]


def _clause(p: Passage, cue: Cue) -> Piece:
    """The reporting clause: the cue with its subject, auxiliaries, adverbs and particle; all of "according to X"."""
    token = cue.token
    if p.lower[token] in ("according", "per") or p.dep[token] == "prep":
        return p.left[token], p.right[token]
    first = last = token
    for child in p.children[token]:
        if p.dep[child] in _CLAUSE and p.region[child] < 0:
            first, last = min(first, p.left[child]), max(last, p.right[child])
        elif p.dep[child] in ("dative", "npadvmod") and child == last + 1:
            last = max(last, p.right[child])
    subject = subject_of(p, token)
    if subject is None and p.dep[token] == "conj":
        first = min(first, token)
    return first, last


def _next_stops(p: Passage, cue: Cue, after: Piece) -> list[int]:
    """Where the report may begin after its cue: behind the first comma, colon, dash or before "that".

    The parser may have hung half the report on "according to X", so the search begins at the cue as well.
    """
    stops: set[int] = set()
    for start in (cue.token + 1, after[0]):
        for token in range(start, min(after[1], start + 25)):
            if p.lower[token] in (",", ":", "that", "—", "–") and p.region[token] < 0:
                stops.add(token - (p.lower[token] == "that"))
                break
    return sorted(stops)


def _tidy(p: Passage, pieces: Sequence[Piece], cue: Cue) -> tuple[Piece, ...]:
    """Sort and join pieces, cut the cue out, and drop loose punctuation at the edges."""
    cut: list[Piece] = []
    end = cue.token + 1 if p.lower[cue.token] == "according" else cue.token
    for first, last in sorted(pieces):
        if first <= end and cue.token <= last:
            cut += [(first, cue.token - 1)] if last <= end else [(first, cue.token - 1), (end + 1, last)]
        else:
            cut.append((first, last))
    joined: list[Piece] = []
    for piece in cut:
        if end > cue.token and piece[0] == end + 1:
            return ()  # the words after "according to" are the speaker's name, not the report
        trimmed = p.trim(*piece)
        if trimmed is None:
            continue
        if joined and trimmed[0] <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], trimmed[1]))
        else:
            joined.append(trimmed)
    return tuple(joined)


def _over_colon(p: Passage, pieces: Sequence[Piece], owned: Sequence[int]) -> bool:
    """Tell whether a content holds what leads up to a quotation: 'The message was clear: “No,” she said'."""
    colons = [p.region_bounds[region][0] - 1 for region in owned]
    return any(a < at < b and p.lower[at] == ":" for at in colons for a, b in pieces)


def content_features(
    passage: Passage,
    cue: Cue,
    chance: float,
    content: Content,
    owned: Sequence[int],
    lexicon: Lexicon,
    likely: Sequence[int],
    said: Encoded | None = None,
) -> list[float]:
    """Describe a content to the forest.

    `chance` is the probability of the cue, `likely` the tokens of all likely cues in text order.
    """
    p, token, pieces = passage, cue.token, content.pieces
    subject = subject_of(p, token)
    speaker_prior = lexicon.prior(p.lemma[subject], "S") if subject is not None else -1
    first, last = pieces[0][0], pieces[-1][1]
    unit_first, unit_last = p.unit_bounds[p.unit[token]]
    size = sum(b - a + 1 for a, b in pieces)
    inside = sum(p.quoted_before[b + 1] - p.quoted_before[a] for a, b in pieces)
    full, cut = _region_cover(p, pieces)
    own = set(owned)
    anchor = content.anchor
    near = min((a - token if a > token else token - b) for a, b in pieces)
    deps = {p.dep[child] for child in p.children[token]}
    features: list[float] = [
        content.kind,
        DEP.get(p.dep[anchor], 50) if anchor >= 0 else -1,
        POS.get(p.pos[anchor], 20) if anchor >= 0 else -1,
        TAG.get(p.tag[anchor], 20) if anchor >= 0 else -1,
        (first > token) + 2 * (last < token),
        size,
        size / (unit_last - unit_first + 1),
        len(pieces),
        _WORDS.get(p.lower[first], 30),
        POS.get(p.pos[first], 20),
        _border(p, first - 1, token),
        _border(p, last + 1, token),
        near,
        chance,
        cue.prior,
        "VNAP".index(cue.kind),
        TAG.get(p.tag[token], 20),
        inside / size,
        len(full & own),
        len(own - full),
        len(full - own),
        len(cut),
        bisect_right(likely, last) - bisect_left(likely, first),
        _rivals(likely, token, first, last),
        first == unit_first,
        unit_last - last,
        p.sentence_bounds[p.sentence[token]][1] - last,
        subject_code(p, token),
        "ccomp" in deps,
        "xcomp" in deps,
        "dobj" in deps,
        "prep" in deps,
        any(p.verbs_before[b + 1] > p.verbs_before[a] for a, b in pieces),
        p.region[token] >= 0,
        DEP.get(p.dep[token], 50),
        any(p.stops_before[b] > p.stops_before[a] for a, b in pieces),
        lexicon.prior(p.lemma[anchor], word_class(p, anchor) or "") if anchor >= 0 else -1,
        min(p.region[first], 0) - min(p.region[last], 0),
        subject_code(p, anchor) if anchor >= 0 else -1,
        lexicon.takes(p.lemma[token], cue.kind, p.dep[anchor]) if anchor >= 0 else -1,
        WORD.get(p.lower[first - 1], 40) if first else -1,
        WORD.get(p.lower[last + 1], 40) if last + 1 < len(p) else -1,
        DEP.get(p.dep[last + 1], 50) if last + 1 < len(p) else -1,
        (p.right[anchor] - last) if anchor >= 0 else 99,
        speaker_prior,
        _twin_after(p, token, last, likely),
        p.lower[token + 1] == "," if token + 1 < len(p) else False,
        p.dep[first] == "mark" or p.tag[first] in ("WP", "WRB", "TO"),
    ]
    return features if said is None else features + content_witness(p, said, token, pieces)


def report_features(ranked: Sequence[float]) -> list[float]:
    """Describe how sure the choice of a content was: the best probabilities, in falling order."""
    best, second, third = (*ranked[:3], 0.0, 0.0, 0.0)[:3]
    return [best, second, third, best - second, len(ranked)]


def _rivals(likely: Sequence[int], token: int, first: int, last: int) -> int:
    """Count the likely cues between a cue and its content."""
    low, high = (token + 1, first) if first > token else (last + 1, token)
    return max(0, bisect_left(likely, high) - bisect_left(likely, low))


def _twin_after(p: Passage, token: int, last: int, likely: Sequence[int]) -> int:
    """Tell whether a likely cue in the cue's own tense follows the content: "said X and announced Y"."""
    at = bisect_right(likely, last)
    if at == len(likely) or likely[at] - last > 4:
        return 0
    return 2 if p.tag[likely[at]] == p.tag[token] else 1


def _region_cover(p: Passage, pieces: Sequence[Piece]) -> tuple[set[int], set[int]]:
    full: set[int] = set()
    cut: set[int] = set()
    for a, b in pieces:
        if p.quoted_before[b + 1] == p.quoted_before[a]:
            continue
        for region in range(bisect_right(p.region_starts, a) - 1, bisect_right(p.region_starts, b)):
            if region < 0 or p.region_bounds[region][1] < a:
                continue
            first, last = p.region_bounds[region]
            covered = min(b, last) - max(a, first) + 1
            (full if 2 * covered >= last - first + 1 else cut).add(region)
    return full, cut - full


def _border(p: Passage, token: int, cue: int) -> int:
    if not 0 <= token < len(p):
        return 0
    if token == cue:
        return 1
    word = p.lower[token]
    for code, marks in enumerate((",", ":", ".", "?!", "—–-―", '“"', "”", ";"), start=2):
        if word in marks:
            return code
    return 10 + POS.get(p.pos[token], 20)

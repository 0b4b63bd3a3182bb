"""The parse as plain lists, with paragraphs, sentences and quotation marks laid over it.

In: the shared `Doc`. Out: a `Passage`, which the rest of this room reads instead of the `Doc`.
It decides nothing about who said what.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from tidings.quotes.marks import Region, find_regions
from tidings.text import Span

if TYPE_CHECKING:
    from spacy.tokens import Doc

__all__ = ["NOMINAL", "Passage", "lay_out"]

NOMINAL = frozenset({"NOUN", "PROPN", "PRON"})
_PUNCTUATION = frozenset({"PUNCT", "SPACE"})
_MOST_CHILDREN = 60
"""How many children of a token are looked at: more would let a hostile page cost square time."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A parsed text. Every list holds one item a token unless its comment says otherwise."""

    text: str
    idx: list[int]
    end: list[int]
    lower: list[str]
    lemma: list[str]
    pos: list[str]
    tag: list[str]
    dep: list[str]
    ent: list[str]
    head: list[int]
    children: list[list[int]]
    left: list[int]
    """First token of the token's subtree."""
    right: list[int]
    """Last token of the token's subtree."""
    sentence: list[int]
    """Number of the parser's sentence."""
    unit: list[int]
    """Number of the sentence, with those joined that a quotation runs across."""
    paragraph: list[int]
    sentence_bounds: list[tuple[int, int]]
    """First and last token of each sentence."""
    unit_bounds: list[tuple[int, int]]
    paragraph_bounds: list[tuple[int, int]]
    regions: list[Region]
    region: list[int]
    """Number of the quoted region a token stands in, -1 outside."""
    region_bounds: list[tuple[int, int]]
    """First and last token of each region, marks included."""
    region_starts: list[int]
    quoted_before: list[int]
    """How many tokens before this one stand in regions; one item more than tokens, as in the next three."""
    words_before: list[int]
    """How many words stand before this token, outside regions."""
    verbs_before: list[int]
    stops_before: list[int]
    """How many marks that end a sentence stand before this token, outside regions."""

    def __len__(self) -> int:
        return len(self.idx)

    def span(self, first: int, last: int) -> Span:
        """Return the characters from one token to another."""
        return Span(self.idx[first], self.end[last])

    def tokens(self, span: tuple[int, int]) -> tuple[int, int] | None:
        """Return the first and last token that a span touches."""
        first, last = bisect_right(self.end, span[0]), bisect_left(self.idx, span[1]) - 1
        return (first, last) if first <= last else None

    def is_mark(self, token: int) -> bool:
        """Tell whether a token is punctuation or white space."""
        return self.pos[token] in _PUNCTUATION

    def trim(self, first: int, last: int) -> tuple[int, int] | None:
        """Drop punctuation and white space at both edges, but keep quotation marks; None when nothing is left."""
        while first <= last and self._loose(first):
            first += 1
        while last >= first and self._loose(last):
            last -= 1
        return (first, last) if first <= last else None

    def _loose(self, token: int) -> bool:
        return self.pos[token] in _PUNCTUATION and self.region[token] < 0

    def child(self, token: int, *deps: str) -> int | None:
        """Return the first child of a token with one of the relations."""
        for child in self.children[token]:
            if self.dep[child] in deps:
                return child
        return None


def lay_out(doc: Doc, text: str) -> Passage:
    """Make a `Passage` of a parsed text."""
    columns = _columns(doc, text)
    idx: list[int] = columns["idx"]
    head: list[int] = columns["head"]
    children: list[list[int]] = [[] for _ in idx]
    for token, parent in enumerate(head):
        if parent != token:
            children[parent].append(token)
    left, right = _edges(head, children)
    children = [_nearest(token, below) for token, below in enumerate(children)]
    regions = find_regions(text)
    region, region_bounds, regions = _regions_of(idx, columns["end"], regions)
    breaks = ["\n" in word for word in columns["lower"]]
    sentence = _number(columns["starts"], breaks)
    paragraph = _number([False] * len(idx), breaks)
    unit = _units(sentence, region, region_bounds, columns["lower"], text, columns["end"])
    return Passage(
        text=text,
        idx=idx,
        end=columns["end"],
        lower=columns["lower"],
        lemma=columns["lemma"],
        pos=columns["pos"],
        tag=columns["tag"],
        dep=columns["dep"],
        ent=columns["ent"],
        head=head,
        children=children,
        left=left,
        right=right,
        sentence=sentence,
        unit=unit,
        paragraph=paragraph,
        sentence_bounds=_bounds(sentence),
        unit_bounds=_bounds(unit),
        paragraph_bounds=_bounds(paragraph),
        regions=regions,
        region=region,
        region_bounds=region_bounds,
        region_starts=[first for first, _ in region_bounds],
        quoted_before=_running(number >= 0 for number in region),
        words_before=_running(
            number < 0 and pos not in _PUNCTUATION for pos, number in zip(columns["pos"], region, strict=True)
        ),
        verbs_before=_running(pos in ("VERB", "AUX") for pos in columns["pos"]),
        stops_before=_running(
            number < 0 and word in (".", "?", "!", ";") for word, number in zip(columns["lower"], region, strict=True)
        ),
    )


def _running(flags: Iterable[bool]) -> list[int]:
    return list(accumulate(flags, initial=0))


def _columns(doc: Doc, text: str) -> dict[str, list]:
    """Read the `Doc` once, column by column: one token attribute at a time is ten times slower."""
    from spacy import attrs  # pyright: ignore[reportAttributeAccessIssue]

    wanted = [
        attrs.LEMMA,
        attrs.POS,
        attrs.TAG,
        attrs.DEP,
        attrs.ENT_TYPE,
        attrs.HEAD,
        attrs.SENT_START,
        attrs.LENGTH,
        attrs.IDX,
    ]
    table = doc.to_array(wanted)
    strings = doc.vocab.strings
    names = {0: ""}

    def words(column: int) -> list[str]:
        keys = table[:, column].tolist()
        for key in set(keys) - names.keys():
            names[key] = strings[key]
        return [names[key] for key in keys]

    offsets = table[:, 5].astype("int64").tolist()
    lengths = table[:, 7].tolist()
    idx = table[:, 8].tolist()
    end = [start + length for start, length in zip(idx, lengths, strict=True)]
    return {
        "idx": idx,
        "end": end,
        "lower": [text[a:b].lower() for a, b in zip(idx, end, strict=True)],
        "lemma": [lemma.lower() for lemma in words(0)],
        "pos": words(1),
        "tag": words(2),
        "dep": words(3),
        "ent": words(4),
        "head": [token + offset for token, offset in enumerate(offsets)],
        "starts": [start == 1 for start in table[:, 6].astype("int64").tolist()],
    }


def _edges(head: list[int], children: list[list[int]]) -> tuple[list[int], list[int]]:
    """Return the first and last token below each token; children before their heads, so that each is met once."""
    left, right = list(range(len(head))), list(range(len(head)))
    order = [token for token, parent in enumerate(head) if parent == token]
    for token in order:  # grows while it is walked: heads before their children
        order += children[token]
    for token in reversed(order):
        parent = head[token]
        left[parent] = min(left[parent], left[token])
        right[parent] = max(right[parent], right[token])
    return left, right


def _nearest(token: int, children: list[int]) -> list[int]:
    """Keep the nearest children of a token that has more than any sentence gives it."""
    if len(children) <= _MOST_CHILDREN:
        return children
    return sorted(sorted(children, key=lambda child: (abs(child - token), child))[:_MOST_CHILDREN])


def _number(starts: list[bool], breaks: list[bool]) -> list[int]:
    """Number stretches that begin at `starts` and after line breaks; a break belongs to the stretch before it."""
    numbers: list[int] = []
    number, fresh = 0, False
    for token, (start, line_break) in enumerate(zip(starts, breaks, strict=True)):
        if token and (fresh or (start and not line_break)):
            number += 1
        fresh = line_break
        numbers.append(number)
    return numbers


def _bounds(numbers: list[int]) -> list[tuple[int, int]]:
    firsts: list[int] = []
    for token, number in enumerate(numbers):
        if number == len(firsts):
            firsts.append(token)
    return [(first, after - 1) for first, after in zip(firsts, [*firsts[1:], len(numbers)], strict=True)]


def _regions_of(
    idx: list[int], end: list[int], regions: list[Region]
) -> tuple[list[int], list[tuple[int, int]], list[Region]]:
    inside = [-1] * len(idx)
    bounds: list[tuple[int, int]] = []
    kept: list[Region] = []
    for region in regions:
        first = bisect_right(end, region.span.start)
        last = bisect_left(idx, region.span.end) - 1
        if first > last:
            continue
        for token in range(first, last + 1):
            inside[token] = len(kept)
        bounds.append((first, last))
        kept.append(region)
    return inside, bounds, kept


def _units(
    sentence: list[int],
    region: list[int],
    region_bounds: list[tuple[int, int]],
    lower: list[str],
    text: str,
    end: list[int],
) -> list[int]:
    """Join sentences that the parser cut inside a quotation, or between a quotation and its "he said"."""
    units: list[int] = []
    number = 0
    for token in range(len(sentence)):
        if token and sentence[token] != sentence[token - 1] and "\n" not in lower[token - 1]:
            within = region[token] >= 0 and region_bounds[region[token]][0] < token
            if not within and not _reporting_clause_follows(token, region, lower, text, end):
                number += 1
        elif token and "\n" in lower[token - 1] and sentence[token] != sentence[token - 1]:
            number += 1
        units.append(number)
    return units


def _reporting_clause_follows(token: int, region: list[int], lower: list[str], text: str, end: list[int]) -> bool:
    """Tell whether a sentence that opens right after a quotation belongs to it: “Why?” she asked."""
    if region[token - 1] < 0 or region[token] >= 0:
        return False
    first = text[end[token] - len(lower[token])]
    return first.islower() or first in ",;"

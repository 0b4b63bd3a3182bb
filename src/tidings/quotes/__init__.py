"""Who said what: direct, mixed and indirect quotations with their cue and speaker.

In: the shared parse, the cast and the article. Out: a list of `Quote`, in text order.
It takes no side: a quotation is a claim of its speaker, never a fact.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from tidings.facts import Article, Cast, Quote, QuoteKind
from tidings.quotes.attributions import Draft, find_drafts, worth_asking
from tidings.quotes.encoded import find_encoded
from tidings.quotes.forest import has_encoded
from tidings.quotes.identity import Speakers
from tidings.quotes.layout import TURN, find_signed, find_turns, label_around
from tidings.quotes.marks import Region
from tidings.quotes.orphans import adopt_orphans
from tidings.quotes.passage import Passage, lay_out
from tidings.quotes.speakers import phrase
from tidings.quotes.stranded import find_stranded, name_around
from tidings.quotes.told import how_said
from tidings.text import Span

if TYPE_CHECKING:
    from spacy.tokens import Doc

__all__ = ["find_quotes"]

_JOINED = frozenset({"about", "to", "of", "for", "as", "on", "with", "against", "by", "into", "over"})
"""Prepositions that make one cue with their verb; "in" and "during" rather say where it was spoken."""


def find_quotes(doc: Doc, cast: Cast, *, article: Article) -> list[Quote]:
    """Find who said, wrote, thought or wanted what.

    >>> from tidings.syntax import parse
    >>> text = "The bridge will open in May, the mayor said."
    >>> [quote] = find_quotes(parse(text), Cast(), article=Article(text=text))
    >>> quote.span.of(text), quote.cue.of(text), quote.speaker_span.of(text)
    ('The bridge will open in May', 'said', 'the mayor')
    """
    if not len(doc):
        return []
    passage = lay_out(doc, article.text)
    laid_out = [*find_signed(passage), *find_turns(passage)]
    said = find_encoded(doc, passage, worth_asking(passage)) if has_encoded() else None
    drafts = adopt_orphans(passage, find_drafts(passage, laid_out, said=said))
    speakers = Speakers(passage, cast)
    return [_quote(passage, _mend(passage, draft), speakers) for draft in drafts]


def _mend(passage: Passage, draft: Draft) -> Draft:
    """Give a draft the name that machine translation tore off, where there is one."""
    stranded = find_stranded(passage, draft.cue, draft.speaker, draft.pieces[0][0])
    if stranded is None:
        return draft
    speaker = stranded.token if stranded.replaces else draft.speaker
    return draft._replace(speaker=speaker, name=stranded.token)


def _quote(passage: Passage, draft: Draft, speakers: Speakers) -> Quote:
    parts = tuple(passage.span(*piece) for piece in draft.pieces)
    actor, why = speakers.of(draft)
    return Quote(
        span=Span(parts[0].start, parts[-1].end),
        parts=parts,
        kind="direct" if draft.why == TURN else kind_of(passage, parts),
        score=round(draft.chance, 4),
        cue=_cue_span(passage, draft),
        speaker=actor,
        speaker_span=_speaker_span(passage, draft),
        why=why,
        status=how_said(passage, draft.cue, draft.pieces),
    )


def kind_of(passage: Passage, parts: tuple[Span, ...]) -> QuoteKind:
    """Tell how much of a quotation stands in quotation marks: all, none or some."""
    inside = outside = False
    for part in parts:
        at = part.start
        for number in range(bisect_right(passage.regions, part.start, key=_region_end), len(passage.regions)):
            region = passage.regions[number].span
            if region.start >= part.end:
                break
            outside = outside or any(c.isalnum() for c in passage.text[at : max(at, region.start)])
            inside = True
            at = max(at, region.end)
        outside = outside or any(c.isalnum() for c in passage.text[at : part.end])
    if inside:
        return "mixed" if outside else "direct"
    return "indirect"


def _region_end(region: Region) -> int:
    return region.span.end


def _speaker_span(passage: Passage, draft: Draft) -> Span | None:
    if draft.speaker < 0:
        return None
    if draft.why == TURN:
        return passage.span(*label_around(passage, draft.speaker))
    if draft.name == draft.speaker:
        return passage.span(*name_around(passage, draft.speaker))
    return passage.span(*(draft.words or phrase(passage, draft.speaker)))


def _cue_span(passage: Passage, draft: Draft) -> Span | None:
    """The words of the cue: auxiliaries, adverbs and "not" before it, a particle and a preposition after it."""
    token = draft.cue
    if token < 0:
        return None
    if draft.cue_words is not None:
        return passage.span(*draft.cue_words)
    p = passage
    first = last = token
    while first > 0 and p.head[first - 1] == token and p.dep[first - 1] in ("aux", "auxpass", "neg", "advmod"):
        first -= 1
    while first < token and p.tag[first] == "WRB":
        first += 1
    if last + 1 < len(p) and p.head[last + 1] == token and p.dep[last + 1] == "prt":
        last += 1
    starts = {piece[0] for piece in draft.pieces}
    following = last + 1
    joined = following < len(p) and p.head[following] == token and p.lower[following] in _JOINED
    if joined and (following + 1 in starts or p.lower[token] == "according"):
        last = following
    return p.span(first, last)

"""Orphans: quotations that no reporting word introduces.

In: a passage and the drafts found so far, in text order. Out: the drafts with those continued or added whose speaker is
the one who spoke last.
It starts no quotation that has no quotation marks.
"""

from __future__ import annotations

from collections.abc import Sequence

from tidings.quotes.attributions import Draft
from tidings.quotes.passage import Passage

__all__ = ["adopt_orphans"]

_SHARE = 0.8
"""A line that lies in quotation marks to this share, and hangs on no cue, goes on with the speaker before."""
_FEWEST = 4
_CARRIED = 0.55


def adopt_orphans(passage: Passage, drafts: Sequence[Draft]) -> list[Draft]:
    """Give whole lines in quotation marks that nothing introduces to the last speaker of the lines before.

    A line whose mark the line before left open is one more part of the same quotation.
    """
    found = list(drafts)
    owner = {region: at for at, draft in enumerate(found) for region in draft.regions}
    last_owned = -1
    for region, (first, last) in enumerate(passage.region_bounds):
        before, last_owned = last_owned, region if region in owner else last_owned
        if region in owner or before < 0 or not _fills_line(passage, first, last):
            continue
        if passage.paragraph[first] - passage.paragraph[passage.region_bounds[before][0]] > 1:
            continue
        at = owner[before]
        if passage.regions[region].continues and before == region - 1:
            found[at] = _with_piece(found[at], region, (first, last))
        elif found[at].speaker >= 0:
            chance = min(_CARRIED, found[at].speaker_chance)
            found.append(
                found[at]._replace(
                    pieces=((first, last),),
                    cue=-1,
                    chance=chance,
                    regions=(region,),
                    why="goes on with the last speaker",
                )
            )
            at = len(found) - 1
        owner[region] = at
        last_owned = region
    return sorted(found, key=lambda draft: (draft.pieces[0], draft.cue))


def _with_piece(draft: Draft, region: int, piece: tuple[int, int]) -> Draft:
    return draft._replace(pieces=tuple(sorted((*draft.pieces, piece))), regions=(*draft.regions, region))


def _fills_line(p: Passage, first: int, last: int) -> bool:
    begin, end = p.paragraph_bounds[p.paragraph[first]]
    quoted = p.quoted_before[end + 1] - p.quoted_before[begin]
    outside = p.words_before[end + 1] - p.words_before[begin]
    inside = sum(not p.is_mark(i) for i in range(first, last + 1))
    return inside >= _FEWEST and quoted >= _SHARE * (quoted + outside)

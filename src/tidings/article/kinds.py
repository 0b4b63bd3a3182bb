"""Tell what kind of page this is.

In: its lines, which of them were chosen, its title and what it declares. Out: article, live, index or error.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from tidings.article.lines import Line

__all__ = ["is_error", "page_kind"]

_ERROR = re.compile(
    r"""^error\ (?:40[0134]|410|429|50[0234])\b
    |^(?:40[0134]|410|429|50[0234])(?:\W{0,4}$|\s?\||\W{1,4}(?:error|forbidden|access\ denied|unauthori[sz]ed
        |bad\ request|bad\ gateway|service|internal\ server|gateway\ time|gone|too\ many\ requests
        |(?:\w{1,20}\ ){0,5}not\ found)\b)
    |^404\s?[:–—-]                          # but "500 homes flooded" and "404 Media" are none
    |\b(?:page|article|file)\ (?:was\ )?not\ found\b
    |\b404\b.{0,20}\bnot\ found\b
    |^(?:access\ denied|forbidden|just\ a\ moment|attention\ required
    |service\ unavailable|bad\ gateway|are\ you\ a\ robot)
    |page\ (?:you\ (?:requested|are\ looking\ for)|no\ longer)
    |can(?:no|')t\ (?:be\ found|find\ (?:that|the|this)\ page)""",
    re.I | re.VERBOSE,
)
_MORE = re.compile(
    r"(?:read|see|view|full)\s(?:more|on|full story|article|story)\b.{0,20}|continue reading.{0,40}|more »", re.I
)
_LIVE = re.compile(r"\blive(?:\s(?:updates?|blog|coverage|reporting))|^live:|\bas it happened\b", re.I)


def is_error(words: str) -> bool:
    """Tell the words of a page that is not there.

    >>> is_error("Page not found (404)"), is_error("503 Service Unavailable"), is_error("500 homes flooded in Ostrava")
    (True, True, False)
    """
    return _ERROR.search(words) is not None


def page_kind(
    lines: Sequence[Line], chosen: Sequence[bool], *, title: str | None, types: Sequence[str], body: str
) -> Literal["article", "live", "index", "error"]:
    """Return the kind of a page; a short body under an error's title is an error; links and little prose, an index."""
    words = len(body.split())
    opening = " ".join(line.text for line in lines[:6])[:300]
    if words < 120 and ((title and is_error(title)) or (len(lines) < 60 and is_error(opening))):
        return "error"
    if "LiveBlogPosting" in types or (title and _LIVE.search(title)):
        return "live"
    teasers = sum(not kept and 4 <= len(line.text.split()) <= 30 for line, kept in zip(lines, chosen, strict=True))
    if words < 40 and teasers >= 12 and teasers * 6 > words:
        return "index"
    invitations = sum(bool(_MORE.fullmatch(line.text.strip())) for line in lines)
    if invitations >= 2 and words < 150 and invitations * 60 > words:
        return "index"
    return "index" if not words and len(lines) >= 8 else "article"

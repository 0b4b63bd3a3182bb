"""Tell a game from a fight.

In: a sentence. Out: whether it tells of sport, whose words for winning are those of war.
It knows no clubs and no players, only how results and contests are written.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span

__all__ = ["WARLIKE", "is_game"]

WARLIKE = frozenset({"ASSAULT", "COERCE", "RETREAT", "CONCEDE", "THREATEN", "MOBILIZE", "SANCTION"})
"""Types that a game's words feign."""
_RESULT = re.compile(r"(?<![\w.,/–-])\d{1,3}\s?[-–]\s?\d{1,3}(?![\w/–-]|[.,]\d)")
"""A result: "1-0", "18-7"; ranges of years and prices are longer or carry units."""
_DAYS = re.compile(
    r"\b(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)\w{0,6}\.?\s$|\b(?:age[ds]?|pages?|articles?|sections?)\s$",
    re.IGNORECASE,
)
"""What makes "3-4" two days, ages or pages."""
_CONTESTS = frozenset(
    """beat defeat win lose draw crush thrash edge rout destroy hammer trounce score attack defend shoot strike
    eliminate knock down outplay overpower demolish batter overcome hold play tie""".split()
)
_SPORT = frozenset(
    """football soccer hockey basketball baseball cricket rugby tennis boxing wrestling chess volleyball handball golf
    goal goalkeeper striker midfielder defender penalty referee coach match game semifinal semi-final quarterfinal
    quarter-final final league cup tournament championship halftime half-time overtime playoff playoffs set inning
    innings wicket touchdown medal olympics teammate squad puck racket opener derby stadium fixture bout""".split()
)


def is_game(sentence: Doc | Span) -> bool:
    """Tell whether a sentence tells of a game: a result with a word of contest or sport, or two words of sport.

    >>> from tidings.syntax import parse
    >>> is_game(parse("Norway had beaten Sweden 1-0 in the final.")), is_game(parse("They beat him on May 3-4."))
    (True, False)
    """
    lemmas = [token.lemma_.lower() for token in sentence]
    sport = {lemma for lemma in lemmas if lemma in _SPORT}
    if len(sport) >= 2:
        return True
    text = sentence.text
    result = any(not _DAYS.search(text[: match.start()]) for match in _RESULT.finditer(text))
    return result and (bool(sport) or any(lemma in _CONTESTS for lemma in lemmas))

"""The present that speaks of days to come: "leaves for Oslo on Friday", "is meeting them on Monday".

In: the words before and after a day, nearest first. Out: whether the verb it hangs on is of what is still to come.
It knows no grammar beyond the words that stand next to one another, and gives no dates.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

__all__ = ["is_to_come"]

_SCHEDULED = frozenset(
    "leaves departs flies travels arrives meets hosts holds returns opens starts begins ends convenes".split()
)
_PLURAL = frozenset("leave depart fly travel arrive meet open start begin convene".split())
"""The same verbs after many: "the ministers meet on Friday"; after another word they may be told as past."""
_PAIR = frozenset({"two", "both", "they", "we", "who"})
_DURING = frozenset(
    "leaving departing flying travelling traveling arriving meeting hosting holding returning visiting opening "
    "starting ending convening voting".split()
)
_BE = frozenset({"is", "are", "am", "'re", "’re", "'s", "’s"})
_ALWAYS = (
    ("effect", "takes"),
    ("force", "into", "comes"),
    ("polls", "the", "to", "goes"),
    ("polls", "the", "to", "go"),
)
"""Words, backwards, that never head a caption or headline of what is over."""
_AHEAD = ("of", "ahead")
_MAY = frozenset({"may", "might", "must"})
_OF_MONTH = frozenset("in of since last by until this next early late mid".split())
_PURPOSE = frozenset({"aim", "goal", "purpose", "idea", "point", "task", "blame", "due"})
_REACH = 8
"""Words between the verb and its day at most."""


def is_to_come(
    before: Sequence[str], after: Sequence[str], *, is_past: Callable[[str], bool], alone: bool = False
) -> bool:
    """Tell whether a day is that of something still to come, though no "will" says so.

    `before` runs backwards from the day, `after` forwards, both inside its sentence. `alone` says that the sentence
    stands in a line of its own: a caption or headline tells in the present what is over ("The envoy meets miners on
    Friday").

    >>> is_to_come(["on", "oslo", "for", "leaves", "he"], [], is_past="left".__eq__)
    True
    >>> is_to_come(["on", "oslo", "for", "left", "he"], [], is_past="left".__eq__)
    False
    """
    if before in ([], ["on"]):
        return _is_verb_ahead(after, is_past)
    for at, word in enumerate(before[:_REACH]):
        above = before[at + 1 : at + 4]
        if any(tuple(before[at : at + len(words)]) == words for words in _ALWAYS):
            return True
        if tuple(before[at : at + 2]) == _AHEAD:
            return "had" not in (*before, *after)
        if is_past(word):
            return False
        if word == "to" and above[:1] and above[0] in _BE:
            return before[at - 1] not in _PURPOSE and not _PURPOSE & set(above)
        if word in _DURING and above[:1] and above[0] in _BE:
            return True
        if word in _MAY and "have" not in before[:at]:
            return not (above and (above[0] in _OF_MONTH or above[0].isdigit()))
        if word in _SCHEDULED or (word in _PLURAL and _is_many(above)):
            return not alone
    return False


def _is_verb_ahead(after: Sequence[str], is_past: Callable[[str], bool]) -> bool:
    """Tell "On Friday he leaves" from "On Friday he said": the first verb after the day decides."""
    for at, word in enumerate(after):
        if is_past(word):
            return False
        if word in _SCHEDULED or (word in _PLURAL and _is_many(after[max(0, at - 1) : at])):
            return True
        if word in _DURING and at and after[at - 1] in _BE:
            return True
    return False


def _is_many(words: Sequence[str]) -> bool:
    return bool(words) and (words[0] in _PAIR or (words[0].endswith("s") and words[0] not in _BE and len(words[0]) > 3))

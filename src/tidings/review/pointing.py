"""Find the fact that a judgement is about, also in a newer reading of its page.

In: a record, a judgement. Out: which fact it is, and whether it still says what was judged.
It looks for the same characters first, then for the same words in the same surroundings; never for like words.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from tidings.facts import Event, Fact, Record
from tidings.text import Span

if TYPE_CHECKING:
    from tidings.review.judgements import Judgement

__all__ = ["FACTS", "Standing", "describe", "facts_of", "find_fact", "span_of_fact", "standing", "words_around"]

FACTS: tuple[str, ...] = ("event", "quote", "mention", "place", "time", "actor", "article")
_LISTS = {"event": "events", "quote": "quotes", "mention": "mentions", "place": "places", "time": "times"}
_CORE = {
    "event": ("type", "source", "target"), "quote": ("speaker",), "mention": ("actor",),
    "place": ("geonames", "lat", "lon"), "time": ("value",),
}  # fmt: skip
"""What a rejection is about: the rest may change without the fact becoming another."""
_NEAR = 0.5
_AROUND = 40
"""Characters kept from either side of the judged words."""


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How a judgement stands to a reading of its page.

    `applies`: the fact is there and says what was judged (`index` is its place in its list); `changed`: it now says
    something else; `gone`: its words are there, the fact is not; `stale`: the words are no longer there. `span` is
    where the words are now.
    """

    state: Literal["applies", "changed", "gone", "stale"]
    index: int | None = None
    span: Span | None = None


def standing(record: Record, judgement: Judgement) -> Standing:
    """Tell how a judgement stands to a record of its page."""
    if judgement.span is None or judgement.quoted is None:
        return Standing(state="applies", index=0 if judgement.fact == "article" else None)
    span = _find_words(record.article.text, judgement.span, judgement.quoted, judgement.before, judgement.after)
    if span is None:
        return Standing(state="stale")
    if judgement.fact == "actor":
        return Standing(state="applies", span=span)
    index = _nearest(record, judgement, span)
    if index is None:
        return Standing(state="applies" if judgement.decision == "note" else "gone", span=span)
    if judgement.judged is not None and judgement.decision in ("accept", "reject"):
        now = describe(record, judgement.fact, index)
        fields = _CORE[judgement.fact] if judgement.decision == "reject" else {**now, **judgement.judged}
        if any(now.get(name) != judgement.judged.get(name) for name in fields if name not in ("score", "words")):
            return Standing(state="changed", index=index, span=span)
    return Standing(state="applies", index=index, span=span)


def facts_of(record: Record, kind: str) -> Sequence[Fact]:
    """Return the facts of a kind."""
    return getattr(record, _LISTS[kind])


def span_of_fact(fact: Fact) -> Span:
    """Return the characters a fact is known by: those of the trigger of an event, else its own."""
    return fact.trigger if isinstance(fact, Event) else fact.span  # type: ignore[attr-defined] - all others have one


def find_fact(record: Record, kind: str, span: Span, index: int | None = None) -> int | None:
    """Return the place of the fact with these very characters; None where there is none."""
    if kind not in _LISTS:
        return None
    facts = facts_of(record, kind)
    if index is not None:
        return index if 0 <= index < len(facts) and span_of_fact(facts[index]) == span else None
    return next((number for number, fact in enumerate(facts) if span_of_fact(fact) == span), None)


def words_around(record: Record, span: Span) -> tuple[str, str, str]:
    """Return what stands before characters, the characters, and what stands after them: how they are found again."""
    text = record.article.text
    return text[max(0, span.start - _AROUND) : span.start], span.of(text), text[span.end : span.end + _AROUND]


# What a fact says is told as JSON, of any shape.
def describe(record: Record, kind: str, index: int) -> dict[str, Any]:
    """Return what a fact says in words that outlive a reading: names of actors, not their numbers."""
    if kind == "article":
        published = record.article.published
        return {"title": record.article.title, "published": published.value if published else None}
    fact: Any = facts_of(record, kind)[index]
    names = {actor.id: actor.name for actor in record.actors}
    text = record.article.text
    if kind == "event":
        place = record.places[fact.place].name if fact.place is not None else None
        return {
            "type": fact.type, "mode": fact.mode, "cameo": fact.cameo, "status": fact.status,
            "source": [names.get(side.actor or "") or side.span.of(text) for side in fact.source],
            "target": [names.get(side.actor or "") or side.span.of(text) for side in fact.target],
            "date": fact.date.value if fact.date else None, "place": place, "score": fact.score,
        }  # fmt: skip
    if kind == "quote":
        speaker = names.get(fact.speaker or "") or (fact.speaker_span.of(text) if fact.speaker_span else None)
        # That it was said is the rule and left out, as in judgements from before there was a status.
        unsaid = {"status": fact.status} if fact.status != "asserted" else {}
        return {"speaker": speaker, "kind": fact.kind, **unsaid, "score": fact.score}
    if kind == "mention":
        return {"actor": names.get(fact.actor or ""), "form": fact.form, "label": fact.label, "score": fact.score}
    if kind == "place":
        return {
            "name": fact.name, "geonames": fact.geonames, "lat": fact.lat, "lon": fact.lon, "country": fact.country,
            "score": fact.score,
        }  # fmt: skip
    return {"type": fact.type, "value": fact.value, "begin": fact.begin, "end": fact.end, "score": fact.score}


def _find_words(text: str, span: Span, quoted: str, before: str | None, after: str | None) -> Span | None:
    """Return where the words are now; None where they are gone, or are in several places that fit equally well."""
    if span.of(text) == quoted and (_fit(text, span, before, after) > 0 or (not before and not after)):
        return span
    best: list[tuple[int, Span]] = []
    start = text.find(quoted)
    while start >= 0 and len(best) < 10_000:
        here = Span(start, start + len(quoted))
        best.append((_fit(text, here, before, after), here))
        start = text.find(quoted, start + 1)
    if not best:
        return None
    most = max(fit for fit, _ in best)
    fitting = [here for fit, here in best if fit == most]
    # Nothing around is the same any more: only words that can be in no other place are taken for the same.
    return fitting[0] if len(fitting) == 1 and (most > 0 or len(quoted) > _LONG) else None


_LONG = 40


def _fit(text: str, span: Span, before: str | None, after: str | None) -> int:
    """Return how many characters around are the same: at least as many as a word, or none."""
    left, right = before or "", after or ""
    same = 0
    while same < min(len(left), span.start) and text[span.start - 1 - same] == left[-1 - same]:
        same += 1
    more = 0
    while more < min(len(right), len(text) - span.end) and text[span.end + more] == right[more]:
        more += 1
    at_edge = (not left and span.start == 0) or (not right and span.end == len(text))
    return same + more + at_edge if max(same, more) >= _WORD or at_edge else 0


_WORD = 5


def _nearest(record: Record, judgement: Judgement, span: Span) -> int | None:
    """Return the fact at the words: the one with just these characters, else that which shares most of them."""
    facts = facts_of(record, judgement.fact)
    exact = [number for number, fact in enumerate(facts) if span_of_fact(fact) == span]
    if len(exact) > 1 and judgement.judged:
        # Several facts with one trigger are told apart by what they say: their core first, then all the rest.
        core, judged = _CORE[judgement.fact], judgement.judged

        def alike(number: int) -> tuple[bool, int]:
            now = describe(record, judgement.fact, number)
            same = [name for name in now if now[name] == judged.get(name)]
            return all(name in same for name in core), len(same)

        return max(exact, key=alike)
    if exact:
        return exact[0]
    shares = [(_share(span_of_fact(fact), span), -number) for number, fact in enumerate(facts)]
    share, number = max(shares, default=(0.0, 0))
    return -number if share >= _NEAR else None


def _share(one: Span, other: Span) -> float:
    common = min(one.end, other.end) - max(one.start, other.start)
    return common / (max(one.end, other.end) - min(one.start, other.start)) if common > 0 else 0.0

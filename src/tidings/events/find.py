"""All the acts an article tells.

In: the parse, the article, its actors, places, times and quotes (any of these may be empty). Out: events in text order,
each told once. It names nobody: a side without an actor in the cast is a span.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tidings.encoder import ArticleReading, reading_of
from tidings.events.candidate import Candidate
from tidings.events.clause import is_passive
from tidings.events.dating import Calendar, Gazetteer
from tidings.events.features import with_sides, word_features
from tidings.events.games import WARLIKE, is_game
from tidings.events.merging import merged
from tidings.events.nesting import is_agreed
from tidings.events.ontology import QUADS, cameo_type, intensity
from tidings.events.recalling import recalled
from tidings.events.scorer import Verdict, load_model
from tidings.events.sides import Casting
from tidings.events.sources import Sayings
from tidings.events.spoken import Spoken, find_spoken
from tidings.events.status import how_told, is_long_past, is_past, is_years_before
from tidings.events.topics import contexts_of
from tidings.events.triggers import find_candidates
from tidings.events.weighing import evidence, weigh
from tidings.facts import UNSAID, Article, Cast, Event, EventDate, EventStatus, Place, Quote, Side, Timex
from tidings.syntax import datelines
from tidings.text import Span

if TYPE_CHECKING:
    from spacy.tokens import Doc
    from spacy.tokens import Span as Sentence

__all__ = ["find_events"]

_SILENT = frozenset({"byline", "dateline", "table", "correction"})
"""The town a story is sent from: "VIENNA, July 14 (Northwire) - "."""
_MANY = 400
"""Sentences read at most: a page with more is no article."""
_LONGEST = 250
"""Tokens of a sentence read at most: what is longer is a list or a parser's slip."""
_CROWDED = 24
"""Triggers of a sentence looked at, and, times twenty, acts of an article: bounds on hostile pages."""
LEAST = 0.5
"""The score below which a candidate is no fact."""
_CLAIMS = frozenset({"it", "this", "that"})
"""What is denied, welcomed or demanded as "it" is what somebody said or did, and nobody."""
_SPOKEN = 0.6
"""The score of an act read off what is said: measured on whole pages, about so many are right."""
_LOOSE = frozenset(
    {
        "ACCUSE",
        "REJECT",
        "SUPPORT",
        "REQUEST",
        "THREATEN",
        "SANCTION",
        "CONCEDE",
        "AGREE",
        "RETREAT",
        "COERCE",
        "ASSAULT",
        "MOBILIZE",
    }
)


@dataclass(frozen=True, slots=True)
class Scene:
    """What is known about the article while its sentences are read."""

    doc: Doc
    text: str
    casting: Casting
    calendar: Calendar
    gazetteer: Gazetteer
    sayings: Sayings
    silent: Sequence[Span]
    reading: ArticleReading | None

    def politics(self, candidate: Candidate) -> float:
        """Return how political the encoder found the paragraph when an earlier stage read it: nothing is read anew."""
        return (self.reading.politics(candidate.head.idx) if self.reading is not None else None) or 0.0

    def acting(self, sides: Sequence[Side]) -> list[Side]:
        """Leave out times and datelines: neither "Wednesday" nor the VIENNA a story is sent from does anything."""
        return [side for side in sides if not any(span.covers(side.span) for span in self.silent)]


def find_events(
    doc: Doc,
    *,
    article: Article,
    cast: Cast,
    places: Sequence[Place] = (),
    times: Sequence[Timex] = (),
    quotes: Sequence[Quote] = (),
) -> list[Event]:
    """Find the political acts of an article.

    >>> from tidings.syntax import parse
    >>> text = "Norway expelled two diplomats of Ruritania on Monday."
    >>> found = find_events(parse(text), article=Article(text=text), cast=Cast())
    >>> [(event.type, event.trigger.of(text), event.source[0].span.of(text)) for event in found]
    [('SANCTION', 'expelled', 'Norway')]
    """
    published = article.published.value if article.published is not None else None
    starts = [block.span.start for block in article.blocks] or [0]
    scene = Scene(
        doc=doc,
        text=doc.text,  # spaCy builds it anew each time it is asked
        casting=Casting(doc, cast, quotes),
        calendar=Calendar(doc, times, published),
        gazetteer=Gazetteer(doc, places),
        sayings=Sayings(doc, quotes),
        silent=[*(timex.span for timex in times), *datelines(article.text, starts)],
        reading=reading_of(doc),
    )
    silent = [block.span for block in article.blocks if block.role in _SILENT]
    found: list[Event] = []
    for count, sentence in enumerate(doc.sents):
        if count >= _MANY:
            break
        if not any(span.start <= sentence.start_char < span.end for span in silent):
            found.extend(_in_sentence(scene, sentence))
    found.extend(_spoken(scene, spoken) for spoken in find_spoken(doc, quotes, scene.casting))
    found = recalled(found[: _CROWDED * 20], doc)
    headline = next((block.span for block in article.blocks if block.role == "headline"), Span(0, 0))
    return merged(found, scene.casting, headline)


def _in_sentence(scene: Scene, sentence: Sentence) -> Iterator[Event]:
    sentence = sentence[:_LONGEST]
    candidates = find_candidates(sentence)[:_CROWDED]
    if candidates and is_game(sentence):
        candidates = [candidate for candidate in candidates if candidate.type not in WARLIKE]
    if not candidates:
        return
    alone = sentence.as_doc()
    words = word_features(alone, candidates)
    act = load_model().act_of(with_sides(words, alone, candidates))
    for candidate in candidates:
        event = _event(scene, sentence, candidate, Sentenced(alone, candidates, words, act))
        if event is not None:
            yield event


@dataclass(frozen=True, slots=True)
class Sentenced:
    """A sentence on its own, with what the type scorer sees of it."""

    doc: Doc
    candidates: Sequence[Candidate]
    words: dict[str, Counter[str]]
    act: float

    def verdict(self, offset: int, source: Sequence[Side], target: Sequence[Side]) -> Verdict:
        """Judge the type as told of these sides."""
        first, second = (_within(sides, offset, len(self.doc.text)) for sides in (source, target))
        found = with_sides(self.words, self.doc, self.candidates, first, second, offset=offset)
        return Verdict(load_model().types_of(found), self.act)


def _within(sides: Sequence[Side], offset: int, length: int) -> Span | None:
    """Return the first side as a span of the sentence."""
    for side in sides:
        start, end = side.span.start - offset, side.span.end - offset
        if 0 <= start < end <= length:
            return Span(start, end)
    return None


def _event(scene: Scene, sentence: Sentence, candidate: Candidate, told_in: Sentenced) -> Event | None:
    source, target = _sides(scene, candidate)
    if not source and not target:
        return None
    verdict = told_in.verdict(sentence.start_char, source, target)
    politics = scene.politics(candidate)
    score = weigh(evidence(scene.doc, scene.casting, candidate, source, target, verdict, politics=politics))
    if score < LEAST:
        return None
    trigger = Span(candidate.head.idx, candidate.head.idx + len(candidate.head.text))
    timex = scene.calendar.date_of(candidate)
    if timex is not None and _is_foretold(candidate) and scene.calendar.is_over(timex):
        timex = None  # what is still expected "in October" is not last October's
    when = scene.calendar.fact(timex) if timex is not None else None
    status, cue = _status(scene, candidate, when)
    cameo = candidate.cameo if cameo_type(candidate.cameo) == candidate.type else None
    why = ", ".join([*candidate.why, *([f"{status} by {cue}"] if cue else []), f"act {verdict.act:.2f}"])
    return Event(
        id=_id(candidate.type, trigger, sentence),
        trigger=trigger,
        sentence=Span(sentence.start_char, sentence.end_char).trim(scene.text),
        type=candidate.type,  # type: ignore[arg-type]
        mode=candidate.mode or None,
        contexts=contexts_of(sentence),
        cameo=cameo,
        quad=QUADS[candidate.type],
        intensity=intensity(candidate.type, candidate.mode or None),
        status=status,
        source=tuple(source),
        target=tuple(target),
        according_to=scene.sayings.teller(candidate, source),
        date=when,
        place=scene.gazetteer.place_of(candidate, [side.span for side in (*source, *target)]),
        score=score,
        why=why,
    )


def _spoken(scene: Scene, spoken: Spoken) -> Event:
    """Return an act done by speaking, when that was said; the speaker vouches for it, so it is told by nobody else."""
    sentence = spoken.head.sent
    timex = scene.calendar.said_on(spoken.cue) if spoken.cue is not None else None
    when = scene.calendar.fact(timex) if timex is not None else None
    trigger = Span(spoken.head.idx, spoken.head.idx + len(spoken.head.text))
    return Event(
        id=_id(spoken.type, trigger, sentence),
        trigger=trigger,
        sentence=Span(sentence.start_char, sentence.end_char).trim(scene.text),
        type=spoken.type,  # type: ignore[arg-type]
        mode=spoken.mode,
        contexts=contexts_of(sentence),
        cameo=spoken.cameo,
        quad=QUADS[spoken.type],
        intensity=intensity(spoken.type, spoken.mode),
        status="historical" if scene.calendar.is_background(when) else "asserted",
        source=(spoken.source,),
        target=(spoken.target,),
        date=when,
        score=_SPOKEN,
        why=spoken.why,
    )


def _sides(scene: Scene, candidate: Candidate) -> tuple[list[Side], list[Side]]:
    casting = scene.casting
    source = casting.sides(candidate.source, loose=False)
    loose = candidate.type in _LOOSE or candidate.mode == "visit"
    said = QUADS[candidate.type] in (1, 3) or candidate.mode == "restrict"
    heads = [head for head in candidate.target if not (said and head.lower_ in _CLAIMS)]
    target = casting.sides(heads, loose=loose, but=source)
    keys = {side.actor or side.span for side in source}
    target = [side for side in target if (side.actor or side.span) not in keys]
    return scene.acting(source), scene.acting(target)


def _status(scene: Scene, candidate: Candidate, when: EventDate | None) -> tuple[EventStatus, str | None]:
    told, cue = how_told(candidate.head, candidate.predicate)
    if cue == "agree" and is_agreed(candidate):
        agreeing = candidate.predicate.head
        told, cue = how_told(agreeing)
        told, cue = ("planned", agreeing.lower_) if told == "asserted" else (told, cue)
    unsaid = scene.sayings.unsaid(candidate)
    # What somebody is expected to announce is planned where it is still to come, as "will" may be of either.
    if unsaid is not None and (unsaid != "planned" or told == "asserted" or is_past(candidate.predicate)):
        return "hypothetical", UNSAID[unsaid]
    if told in ("asserted", "planned") and _is_asked(candidate.head.sent):
        return "hypothetical", "?"
    if told == "asserted" and _is_foretold(candidate):
        return "planned", candidate.predicate.lower_
    if told == "asserted" and scene.calendar.is_background(when):
        return "historical", "its date"
    if told == "asserted" and when is None and scene.calendar.is_before_background(candidate.predicate):
        return "historical", "after"
    if told == "asserted" and scene.calendar.is_ahead(when) and not is_passive(candidate.predicate):
        return "planned", "its date"
    if told == "asserted" and when is None and is_long_past(candidate.predicate):
        return "historical", "had"
    words = [candidate.head, candidate.predicate]
    if told == "asserted" and when is None and any(map(is_years_before, words)):
        return "historical", "years after"
    if told == "asserted" and when is None and scene.calendar.had_ended(words):
        return "historical", "the time it ended"
    return told, cue


def _is_asked(sentence: Sentence) -> bool:
    """Tell "Will they strike?", which says nothing, from "Why did they strike?", which says that they did."""
    words = [token for token in sentence if token.is_alpha and token.pos_ != "CCONJ"]
    return bool(words) and words[0].pos_ == "AUX" and any(token.text == "?" for token in sentence[-2:])


def _is_foretold(candidate: Candidate) -> bool:
    """Tell what is "expected" or "scheduled"; who prepares for war does something already."""
    return "FUTURE" in candidate.turned and candidate.type != "MOBILIZE"


def _id(kind: str, trigger: Span, sentence: Sentence) -> str:
    """Return an id that the content gives: the sentence and where in the article and in it the trigger stands."""
    content = f"{kind}\t{trigger.start}\t{trigger.start - sentence.start_char}\t{sentence.text}"
    return "e" + hashlib.sha256(content.encode()).hexdigest()[:12]

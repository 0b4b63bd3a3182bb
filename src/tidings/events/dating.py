"""When and where an act happened, as far as its sentence is sure of it.

In: a candidate, the time expressions and places of the article, the article's date. Out: an `EventDate`, a place index.
It never takes the time of saying for the time of what is said: a wrong date is worse than none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

import msgspec

from tidings.events.lexicon import sense_of
from tidings.events.status import how_told
from tidings.facts import EventDate, Place, Timex
from tidings.text import Span

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

    from tidings.events.candidate import Candidate

__all__ = ["Calendar", "Gazetteer"]

BACKGROUND = 31
"""Days after which an act is background (historical), not news."""
_LOCAL = frozenset({"in", "at", "near", "outside", "inside", "around", "across", "off", "along", "throughout"})
_BEYOND = frozenset("since until till before after toward towards pending beyond despite".split())
_BOUNDS = _BEYOND | {"by", "from", "between", "for", "through", "to"}
"""Prepositions that tell when something began, ended or had to be done, not when it was done."""
_ENDING = frozenset({"between", "until", "till", "before", "through", "during"})
"""Those behind which what was done had ended: "fought until 1945", "fought between 1939 and 1945"."""
_IN_A_ROW = ([","], ["and"], [",", "and"])
_SCENES = frozenset({"at", "in", "during"})
"""Prepositions of the occasion an act belongs to: "told them at Saturday's debate", "said in a statement on Monday"."""
_SUBJECTS = frozenset({"nsubj", "nsubjpass"})
_VERBAL = ("VERB", "AUX")
_NOMINAL = ("NOUN", "PROPN")
_PAST = frozenset({"VBD", "VBN"})
_MAKING = frozenset("release issue publish send sign table file post write air broadcast circulate hold make".split())
"""What is done to a text or a gathering that then asks, blames or praises: "tabled a motion urging them to stop"."""
_TAKING_PLACE = frozenset(
    "take occur happen begin start end hold sign reach strike launch stage conclude come follow carry conduct make "
    "convene open close unfold erupt adopt impose announce".split()
)
"""Verbs that say of an act named by a noun when it was: "the attack, which took place on Monday"."""
_SPEAKING = frozenset("say tell state declare add announce write tweet stress".split())
_SPOKEN = ("ACCUSE", "REJECT", "SUPPORT", "REQUEST", "THREATEN", "AGREE", "CONCEDE")
"""Types of acts that are done by speaking; what they speak of has times of its own."""
_SPOKEN_OF = ("ACCUSE", "SUPPORT")
"""Those whose verbs take an act gone by as their object: "condemned the invasion"."""
_ASKED_FOR = ("REQUEST", "THREATEN")
"""Those whose verbs take an act to come."""
_LOOKING_INTO = frozenset("investigate probe examine review scrutinise scrutinize".split())
"""Verbs whose object is what went before; a time behind it may be either's."""
_ALLEGING = frozenset({"allege", "claim", "charge", "accuse"})
_DEFINITE = frozenset({"the", "this", "that", "these", "those"})
_GOING_ON = frozenset({"he", "she", "they"})
_DEEP = 6
"""Steps up the parse at most: longer chains are the parser's slips."""


class Calendar:
    """The time expressions of an article by the word they hang on."""

    def __init__(self, doc: Doc, times: Sequence[Timex], published: str | None) -> None:
        self.published = _day(published)
        self._by_word: dict[int, list[Timex]] = {}
        self._ended: dict[int, list[Timex]] = {}
        self._timed: set[int] = set()
        for timex in _together(doc.text, times):
            marked = doc.char_span(timex.span.start, timex.span.end, alignment_mode="expand")
            if timex.type not in ("DATE", "TIME") or marked is None or not len(marked):
                continue
            self._timed.add(marked.root.sent.start)
            if timex.begin is not None and timex.value is not None:
                for word in _anchors(marked.root):
                    self._by_word.setdefault(word.i, []).append(timex)
                for word in _ended(marked.root):
                    self._ended.setdefault(word.i, []).append(timex)

    def date_of(self, candidate: Candidate) -> Timex | None:
        """Return the time expression that dates an act, by its own clause or by one whose time it shares."""
        head, predicate = candidate.head, candidate.predicate
        for word in dict.fromkeys([head, predicate]):
            timex = self._own(word)
            if timex is not None:
                over = self.is_over(timex) and how_told(head, predicate)[0] == "planned"
                return None if over else self._credible(timex, candidate)  # "after they leave, as told last month"
        if how_told(head, predicate)[0] in ("planned", "hypothetical"):
            return None  # "said on Monday that they would meet": Monday dates the saying
        ways = (self._of_noun(head), self._of_noun(predicate), *(self._shared(word) for word in _upwards(predicate)))
        found = next((timex for way in ways for timex in way), None)
        found = found or self._recalled(candidate) or self._continued(candidate)
        return self._credible(found, candidate) if found is not None else None

    def said_on(self, cue: Token) -> Timex | None:
        """Return when something was said, by the verb of saying or one whose time it shares; no day still to come."""
        found = next((timex for word in _upwards(cue) for timex in self._shared(word)), None)
        return None if found is None or self.is_ahead(self.fact(found)) else found

    def _own(self, word: Token) -> Timex | None:
        """Return the time that hangs on a word itself; none where it may as well be that of what is spoken of."""
        for timex in self._by_word.get(word.i, ()):
            if word.lemma_ in _LOOKING_INTO and _is_after_noun(word, timex):
                continue  # "investigated collusion in the 2016 election"
            spoken = _is_of(word, *_SPOKEN_OF) or (_is_of(word, *_ASKED_FOR) and not self.is_over(timex))
            if word.pos_ not in _VERBAL or not spoken or not _may_be_of_object(word, timex):
                return timex
        return None

    def _credible(self, timex: Timex, candidate: Candidate) -> Timex | None:
        """Leave out a day still to come for what is told as past: the day, or whose it is, was misread."""
        verbs = [*_upwards(candidate.predicate), candidate.head]
        if verbs[0].dep_ == "conj":
            verbs.append(verbs[0].head)
        told_as_past = any(
            word.tag_ == "VBD" or any(child.dep_ == "aux" and child.tag_ == "VBD" for child in word.children)
            for word in verbs
        )
        return None if told_as_past and self.is_ahead(self.fact(timex)) else timex

    def _of_noun(self, noun: Token) -> Iterator[Timex]:
        """Give when an act named by a noun was: "the visit that began Tuesday", "the accord signed in 2015"."""
        if noun.pos_ not in _NOMINAL:
            return
        verbs = [child for child in noun.children if child.dep_ in ("relcl", "acl")]
        if noun.dep_ in _SUBJECTS:
            verbs.append(noun.head)
        for verb in verbs:
            if verb.lemma_ in _TAKING_PLACE and verb.tag_ != "VB":
                yield from self._by_word.get(verb.i, ())

    def _shared(self, verb: Token) -> Iterator[Timex]:
        """Give the time of a verb, or one that a clause beside it lends."""
        own = self._own(verb)
        if own is not None:
            yield own
        yield from self._fronted(verb)
        if verb.dep_ == "relcl" and _is_when(verb):  # "in 2014, when they attacked"
            times = (timex for word in _anchors(verb.head) for timex in self._by_word.get(word.i, ()))
            yield from (timex for timex in times if timex.span.start <= verb.head.idx < timex.span.end)
        for near in _at_once(verb) if verb.pos_ in _VERBAL else ():
            yield from self._by_word.get(near.i, ())
        if _is_saying(verb):
            yield from self._by_word.get(verb.head.i, ())
        if verb.tag_ in _PAST:
            for child in verb.children:
                if child.dep_ == "xcomp" and child.tag_ == "VB" and not any(c.lower_ == "have" for c in child.children):
                    # What is told as past was not offered for a day gone by: "asked them to rejoin last week".
                    yield from (timex for timex in self._by_word.get(child.i, ()) if self.is_over(timex))

    def _fronted(self, verb: Token) -> Iterator[Timex]:
        """Give the date that stands before all the verbs of a row: "On Monday, X met Y and thanked Z"."""
        first = verb
        while first.dep_ == "conj" and first.head.pos_ in _VERBAL:
            if any(child.dep_ in _SUBJECTS or child.dep_ == "aux" for child in first.children):
                return
            first = first.head
        if first != verb and first.tag_ == verb.tag_:
            own = self._by_word.get(first.i, [])
            if len(own) == 1 and own[0].span.start < first.idx:
                yield own[0]

    def _recalled(self, candidate: Candidate) -> Timex | None:
        """Return the time of the act that "the attack" recalls from the sentence before, where there is just one."""
        subjects = [child for child in candidate.predicate.children if child.dep_ == "nsubj"]
        named = [word for word in (candidate.head, *subjects) if word.pos_ == "NOUN" and _is_of(word, candidate.type)]
        noun = named[0] if named else candidate.head
        if not named or not any(child.lower_ in _DEFINITE for child in noun.children):
            return None
        sentence = noun.sent
        if sentence.start == 0 or any(child.dep_ in ("prep", "relcl", "acl", "amod") for child in noun.children):
            return None  # what is described further is told apart from what was told before
        before = noun.doc[sentence.start - 1].sent
        same = [word for word in before if _is_of(word, candidate.type)]
        found = {timex for word in same for timex in self._by_word.get(word.i, ())}
        return found.pop() if len(same) == len(found) == 1 else None

    def _continued(self, candidate: Candidate) -> Timex | None:
        """Return when somebody acted who goes on: "The envoy blamed Oslo on Monday. He also called for talks."."""
        verb = candidate.predicate
        if verb.dep_ != "ROOT":
            return None
        for _ in range(3):
            sentence = verb.sent
            if verb.tag_ != "VBD" or sentence.start == 0 or sentence.start in self._timed:
                return None
            before = verb.doc[sentence.start - 1].sent.root
            if not _goes_on(verb, before):
                return None
            verb = before
            found = self._by_word.get(verb.i, [])
            if found:
                return found[0] if len(found) == 1 and verb.tag_ == "VBD" else None
        return None

    def fact(self, timex: Timex) -> EventDate:
        """Return a time expression as the date of an event."""
        return EventDate(value=timex.value or "", begin=timex.begin, end=timex.end, span=timex.span)

    def is_over(self, timex: Timex) -> bool:
        """Tell whether a time ended before the article's day."""
        end = _day(timex.end)
        return end is not None and self.published is not None and end < self.published

    def is_background(self, when: EventDate | None) -> bool:
        """Tell whether an act lies more than about a month before the article."""
        if when is None or self.published is None or when.end is None:
            return False
        end = _day(when.end)
        return end is not None and (self.published - end).days > BACKGROUND

    def is_before_background(self, verb: Token) -> bool:
        """Tell "applied in May 2009, after Chad attacked" of an article of 2015: what came before is background too."""
        after = verb.dep_ == "advcl" and any(child.dep_ == "mark" and child.lower_ == "after" for child in verb.lefts)
        return after and any(self.is_background(self.fact(timex)) for timex in self._by_word.get(verb.head.i, ()))

    def had_ended(self, words: Sequence[Token]) -> bool:
        """Tell an act that had ended long before the article, in the words between which and when it was done."""
        bounds = [timex for word in words for timex in self._ended.get(word.i, ())]
        return bool(bounds) and all(self.is_background(self.fact(timex)) for timex in bounds)

    def is_ahead(self, when: EventDate | None) -> bool:
        """Tell whether an act lies after the article."""
        begin = _day(when.begin) if when is not None else None
        return begin is not None and self.published is not None and begin > self.published


def _together(text: str, times: Sequence[Timex]) -> Iterator[Timex]:
    """Give times, those next to each other as one: "on 9, 10 and 11 March", "in 2014 and 2015", not "2014 and 2022"."""
    row: list[Timex] = []
    for timex in sorted(times, key=lambda timex: timex.span):
        link = text[row[-1].span.end : timex.span.start].split() if row else None
        if link not in _IN_A_ROW or not _is_next(row[-1], timex):
            yield from _joined(text, row)
            row = []
        row.append(timex)
    yield from _joined(text, row)


def _joined(text: str, row: list[Timex]) -> Iterator[Timex]:
    if len(row) < 2 or "and" not in text[row[-2].span.end : row[-1].span.start]:
        yield from row
        return
    first, last = row[0], row[-1]
    span, value = Span(first.span.start, last.span.end), f"{first.value}/{last.value}"
    yield msgspec.structs.replace(first, span=span, value=value, end=last.end)


def _is_next(one: Timex, two: Timex) -> bool:
    """Tell two dates of one kind of which the second begins where the first ends: two days, months or years."""
    ended, begun = _day(one.end), _day(two.begin)
    if not (one.type == two.type == "DATE" and one.value and two.value and ended and begun):
        return False
    return len(one.value) == len(two.value) and (begun - ended).days == 1


def _anchors(root: Token) -> list[Token]:
    """Return the words whose time it tells: what it hangs on, and the verb of which that is the occasion."""
    found: list[Token] = []
    token = root
    if root.dep_ in _SUBJECTS:
        return found  # no day does anything: the parse slipped over "since May were freed"
    for _ in range(_DEEP):
        link, token = token, token.head
        if token == link:
            break
        if token.pos_ not in _NOMINAL and token.pos_ not in _VERBAL:
            bounds = _BEYOND if found else _BOUNDS
            if token.dep_ == "prep" and (token.lower_ in bounds or _is_as_of(token)):
                break
            continue
        found.append(token)
        if token.pos_ in _VERBAL or link.lower_ == "of" or not _passes_on(token, link):
            break
    return found


def _ended(root: Token) -> Iterator[Token]:
    """Give the acts that a time puts an end to: "fought between 1939 and 1945", "attacked in the wars until 1945"."""
    bounded, token = False, root
    for _ in range(_DEEP):
        link, token = token, token.head
        if token == link:
            return
        if link.dep_ == "prep":
            bounded |= link.lower_ in _ENDING or (link.lower_ == "to" and token.lower_ == "from")
        if token.pos_ in _VERBAL:
            may_be_spoken_of = _is_of(token, *_SPOKEN) and any(
                word.pos_ in _NOMINAL and token.i < word.i < root.i for word in token.subtree
            )
            if bounded and not may_be_spoken_of:
                yield token
            return
        if token.pos_ in _NOMINAL:
            if bounded and sense_of(token) is not None:
                yield token
            if not (token.dep_ == "pobj" and token.head.lower_ in _SCENES):
                return


def _passes_on(noun: Token, link: Token) -> bool:
    """Tell whether what dates a noun dates the verb above: "spoke to reporters on Monday", not "Monday's decision"."""
    if noun.dep_ == "pobj" and noun.head.lower_ in _SCENES:
        above = noun.head.head
        of_verb = above.dep_ == "dobj" or (above.dep_ == "pobj" and above.head.lower_ in _SCENES)
        return above.pos_ in _VERBAL or (of_verb and sense_of(above) is None)
    loose = link.i > noun.i and link.dep_ in ("prep", "npadvmod", "appos")
    verb = _verb_of_subject(noun)
    if verb is not None:  # the parse may hang the day of "the court on Friday ruled" on the court
        return loose and sense_of(noun) is None and 0 < verb.i - link.right_edge.i <= 2
    return loose and link.dep_ != "appos" and (sense_of(noun) is None or _is_of(noun, *_SPOKEN))


def _verb_of_subject(noun: Token) -> Token | None:
    """Return the verb of a subject; the court in "OSLO - The court on Friday ruled" is parsed as an apposition."""
    if noun.dep_ == "appos":
        noun = noun.head
    return noun.head if noun.dep_ in _SUBJECTS else None


def _is_of(word: Token, *types: str) -> bool:
    """Tell whether a word tells an act of one of these types."""
    sense = sense_of(word)
    return sense is not None and sense.type in types


def _is_as_of(preposition: Token) -> bool:
    return preposition.lower_ == "of" and preposition.head.lower_ == "as"


def _upwards(verb: Token) -> list[Token]:
    """Return a verb and those above it whose time it shares: "spoke on Monday, accusing", "acted by closing"."""
    chain = [verb]
    for _ in range(3):
        up, head = chain[-1], chain[-1].head
        spoken = up.dep_ == "advcl" and up.tag_ == "VBG" and head.pos_ in _VERBAL and not _is_marked(up)
        if spoken or (up.dep_ == "xcomp" and head.pos_ in (*_VERBAL, "ADJ")):
            chain.append(head)
            continue
        by_way = up.dep_ == "pcomp" and head.lower_ == "by" and head.head.pos_ in _VERBAL
        of_made = up.dep_ == "acl" and up.tag_ == "VBG" and head.dep_ == "dobj" and head.head.lemma_ in _MAKING
        if not by_way and not of_made:
            break
        chain.append(head.head)
    return chain


def _is_marked(clause: Token) -> bool:
    return any(child.dep_ in ("mark", "prep", "advmod") and child.i < clause.i for child in clause.children)


def _at_once(verb: Token) -> Iterator[Token]:
    """Give the words that tell of the same moment: "when he took office", "in a statement published on Friday"."""
    for child in verb.children:
        if child.dep_ == "prep" and child.lower_ in _SCENES:
            for noun in child.children:
                yield from (c for c in noun.children if c.dep_ == "acl" and c.tag_ == "VBN" and c.lemma_ in _MAKING)
        elif child.dep_ in _SUBJECTS and child.pos_ == "NOUN" and _is_of(child, "ASSAULT"):
            yield child  # "Monday's attack killed four"
        elif child.dep_ == "advcl" and verb.tag_ in _PAST and (_is_at_once(child, verb) or _is_adding(child)):
            yield child
    if verb.dep_ == "advcl" and _is_when(verb) and verb.head.pos_ in _VERBAL:
        yield verb.head


def _goes_on(verb: Token, before: Token) -> bool:
    """Tell whether who acted in one sentence goes on in the next: "he called", "the minister also called"."""
    also = any(child.lower_ in ("also", "then") for child in verb.children)
    names = [child.lower_ for child in before.children if child.dep_ == "nsubj"]
    return any(
        child.dep_ == "nsubj" and (child.lower_ in _GOING_ON or (also and child.lower_ in names))
        for child in verb.children
    )


def _is_adding(clause: Token) -> bool:
    """Tell "blamed Oslo, saying in an interview on Sunday that"."""
    return clause.tag_ == "VBG" and clause.lemma_ in _SPEAKING and not _is_marked(clause)


def _is_saying(verb: Token) -> bool:
    """Tell an act that is done by saying so: "said on Monday that it welcomes the vote", "was willing to talk"."""
    if verb.dep_ != "ccomp" or verb.head.lemma_ not in _SPEAKING:
        return False
    if any(child.dep_ == "acomp" and sense_of(child) is not None for child in verb.children):
        return True
    return verb.tag_ in ("VBZ", "VBP") and _is_of(verb, *_SPOKEN)


def _is_when(clause: Token) -> bool:
    return clause.tag_ in _PAST and any(
        child.lower_ in ("when", "as") and child.dep_ in ("advmod", "mark") and child.i < clause.i
        for child in clause.children
    )


def _is_at_once(clause: Token, verb: Token) -> bool:
    return _is_when(clause) and not _is_content(clause, verb) and not _is_answered(clause, verb)


def _is_content(clause: Token, verb: Token) -> bool:
    """Tell a clause of what is alleged: "When they found him on Monday, prosecutors alleged, both had lied"."""
    return verb.lemma_ in _ALLEGING and clause.i < verb.i and any(child.dep_ == "ccomp" for child in verb.children)


def _is_answered(clause: Token, verb: Token) -> bool:
    """Tell an act that is spoken of in an "as" clause: "condemned the launch as Borduria fired missiles on Monday"."""
    by_another = any(child.dep_ in _SUBJECTS and child.lower_ not in _GOING_ON for child in clause.children)
    as_clause = any(child.lower_ == "as" and child.i < clause.i for child in clause.children)
    return by_another and as_clause and _is_of(verb, *_SPOKEN_OF)


def _is_after_noun(verb: Token, timex: Timex) -> bool:
    return any(word.pos_ in _NOMINAL and verb.i < word.i and word.idx < timex.span.start for word in verb.subtree)


def _may_be_of_object(verb: Token, timex: Timex) -> bool:
    """Tell whether a time may be that of the act spoken of: "condemned the invasion of the island on Monday"."""
    before = (word for word in verb.subtree if verb.i < word.i and word.idx < timex.span.start)
    before = (word for word in before if word.dep_ != "compound")  # of "an extradition treaty" the treaty is signed
    return any(word.pos_ == "NOUN" and sense_of(word) is not None and not _is_of(word, *_SPOKEN) for word in before)


def _day(value: str | None) -> date | None:
    try:
        return date.fromisoformat(value[:10]) if value else None
    except ValueError:
        return None


class Gazetteer:
    """The places of an article by token."""

    def __init__(self, doc: Doc, places: Sequence[Place]) -> None:
        self._by_token: dict[int, int] = {}
        for index, place in enumerate(places):
            marked = doc.char_span(place.span.start, place.span.end, alignment_mode="expand")
            if marked is not None and len(marked):
                self._by_token.setdefault(marked.root.i, index)

    def place_of(self, candidate: Candidate, taken: Sequence[Span]) -> int | None:
        """Return the place that "in", "at" or "near" ties to the trigger itself."""
        for word in dict.fromkeys([candidate.head, candidate.predicate]):
            for child in word.children:
                if child.dep_ == "prep" and child.lower_ in _LOCAL:
                    for noun in child.children:
                        index = self._by_token.get(noun.i)
                        if index is not None and not any(
                            span.covers((noun.idx, noun.idx + len(noun.text))) for span in taken
                        ):
                            return index
        return None

"""A log-linear forecaster over fading counts.

In: dated facts, then questions. Out: for each question, the likeliest answers with calibrated probabilities.
Every score is a weighted sum of named features of past facts, so each forecast can be taken apart.

The score of an object is w . f; probabilities are the softmax over all known names. Weights are learnt by Adagrad over
the last days of the training facts, one shared vector plus one shrunk correction a relation; each day is forecast
before it is learnt from, as in use. The curve that calibrates the probabilities is fitted on forecasts of days that
had not been learnt from, made on the day before and on days further back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date as calendar_date
from itertools import pairwise
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tidings.errors import UsageError
from tidings.outlook.calibration import Calibration, distance
from tidings.outlook.features import STANDING, TIES, inverse, standing, ties
from tidings.outlook.kinship import Kinship
from tidings.outlook.ledger import Ints, Ledger
from tidings.outlook.rules import Rules

__all__ = ["DatedFact", "Forecaster", "Question"]

Floats: TypeAlias = NDArray[np.floating]
Told: TypeAlias = tuple[Ints, Ints, Ints]
"""Subjects, relations, objects of one day."""
DatedFact: TypeAlias = Sequence[str]
"""(ISO date, subject, relation, object)."""
Question: TypeAlias = Sequence[str | None]
"""(subject, relation, None) or (None, relation, object)."""

LESSONS = 250_000
"""Facts, read from both sides, that the weights are learnt from: the last days that hold so many."""
_PASSES = 2
_RATE = 0.1
_SHRINK = 0.02
_RENEW = 5.0
"""Days after which the actors' directions are computed anew."""
_GAPS = (3, 8, 20, 5, 13, 30)
"""Days ahead that are forecast in turn besides the next day."""
_FAR_SHARE = 2
"""Every so many-th subject of a far day is forecast."""
_LOOKS = 10_000
"""About so many facts of far days are forecast to calibrate, from every seventh day of the five weeks before them."""
_LOOK_STEP, _LOOK_BACK = 7, 35
_TIES = len(TIES)
_FEATURES = len(TIES) + len(STANDING)


class Forecaster:
    """Learn from past facts and rank what comes next.

    The weights are learnt from the last days that hold `lessons` facts; fewer are quicker.

    >>> week = [(f"2015-07-{day:02d}", "Iran", "consults", "EU") for day in range(1, 8)]
    >>> forecaster = Forecaster()
    >>> forecaster.fit(week + [("2015-07-03", "Iran", "accuses", "Israel")])
    >>> [[(name, probability)]] = forecaster.rank("2015-07-08", [("Iran", "consults", None)], k=1)
    >>> name
    'EU'
    """

    def __init__(self, *, lessons: int = LESSONS) -> None:
        self._lessons = lessons
        self._forget()

    def _forget(self) -> None:
        self._names: dict[str, int] = {}
        self._relations: dict[str, int] = {}
        self._ledger = Ledger()
        self._rules = Rules()
        self._kinship = Kinship()
        self._weights = Weights(0)
        self._calibration = Calibration()

    def fit(self, facts: Iterable[DatedFact], valid: Iterable[DatedFact] = ()) -> None:
        """Learn from facts; `valid`, later ones, calibrate the probabilities and are learnt from after that.

        Raises `UsageError` when there are no facts.
        """
        self._forget()
        days = self._by_day(facts)
        later = self._by_day(valid)
        if not days:
            raise UsageError("a forecaster needs facts to learn from")
        self._grow()
        lessons = _last_days(days, self._lessons)
        # What was known before the lessons, and before the days from which the calibration looks ahead.
        looks = [day for day in days if later and day[0] >= later[0][0] - _LOOK_BACK] or days[-1:]
        known: dict[float, Ledger] = {}
        for day, told in days:
            self._ledger.move_to(day)
            if day in (lessons[0][0], looks[0][0]):
                known[day] = self._ledger.copy()
            self._rules.count(self._ledger, *told)
            self._ledger.add(day, *told)
        self._rules.settle()
        for number in range(_PASSES):
            self._ledger = known[lessons[0][0]].copy()
            self._kinship = Kinship()
            last = number == _PASSES - 1
            self._study(lessons, rate=_RATE / (1 + number), noted=last and not later)
        if later:
            self._study(later, rate=_RATE / _PASSES, noted=True, counted=True)
            self._look_ahead(known[looks[0][0]], looks, later)
        self._calibration.settle()
        self._rest()

    def add(self, facts: Iterable[DatedFact]) -> None:
        """Tell what has happened since, without learning anew."""
        for day, told in self._by_day(facts):
            self._grow()
            self._ledger.add(day, *told)
        self._rest()

    def rank(self, date: str, questions: Sequence[Question], k: int = 100) -> list[list[tuple[str, float]]]:
        """Return for each question its `k` likeliest answers with their probabilities, best first.

        How far `date` lies from the last fact known is taken into account. Equal scores are ordered by when the name
        was first heard of. Raises `UsageError` for a question that does not leave exactly one side open.
        """
        away = distance(_day(date) - self._ledger.newest)
        self._direct()
        asked = [self._number(question) for question in questions]
        names = list(self._names)
        groups: dict[int, dict[int, list[int]]] = {}
        for place, (subject, relation) in enumerate(asked):
            groups.setdefault(subject, {}).setdefault(relation, []).append(place)
        answers: list[list[tuple[str, float]]] = [[] for _ in questions]
        tables: dict[int, NDArray[np.float32]] = {}
        for subject, relations in groups.items():
            for relation, scores, _, _ in self._scores(subject, list(relations), tables, away):
                best, shares = _best(scores, k)
                chances = self._calibration.chances(shares, away)
                told = [(names[name], chance) for name, chance in zip(best.tolist(), chances.tolist(), strict=True)]
                for place in relations[relation]:
                    answers[place] = told
        return answers

    def _look_ahead(self, known: Ledger, days: list[tuple[float, Told]], later: list[tuple[float, Told]]) -> None:
        """Go through days once more without learning, and from every seventh forecast all later days to calibrate.

        The weights are those in use: a far day's would else be calibrated by what they were before they were learnt.
        """
        now = self._ledger, self._kinship
        self._ledger, self._kinship = known, Kinship()
        first = later[0][0]
        facts = sum(len(told[0]) for _, told in later) * (_LOOK_BACK // _LOOK_STEP)
        every = max(1, facts // _LOOKS)
        for day, told in days:
            self._ledger.move_to(day)
            if (first - day) % _LOOK_STEP == 0:
                self._kinship.renew(self._ledger, len(self._names))
                for ahead, coming in later:
                    self._note(coming, away=distance(ahead - day + 1), every=every)
            self._ledger.add(day, *told)
        self._ledger, self._kinship = now

    def _note(self, told: Told, *, away: float, every: int) -> None:
        """Forecast some of the questions of a day, to calibrate."""
        tables: dict[int, NDArray[np.float32]] = {}
        for number, (subject, answers) in enumerate(_by_question(told)):
            if number % every == 0:
                for relation, scores, _, _ in self._scores(subject, list(answers), tables, away):
                    self._calibration.note(_softmax(scores), answers[relation][0], away)

    def _study(self, days: list[tuple[float, Told]], *, rate: float, noted: bool, counted: bool = False) -> None:
        """Forecast each day, and in turn a later one, from what was known before it; learn from it, then add it.

        `noted` forecasts calibrate; the rules of `counted` days are not known yet.
        """
        for place, (day, told) in enumerate(days):
            self._ledger.move_to(day)
            self._direct()
            tables: dict[int, NDArray[np.float32]] = {}
            self._learn(told, tables, away=0.0, rate=rate, noted=noted, every=1)
            ahead = place + _GAPS[place % len(_GAPS)] - 1
            if ahead < len(days):
                away = distance(days[ahead][0] - day + 1)
                self._learn(days[ahead][1], tables, away=away, rate=rate, noted=noted, every=_FAR_SHARE)
            if counted:
                self._rules.count(self._ledger, *told)
                self._rules.settle()
            self._ledger.add(day, *told)

    def _learn(
        self, told: Told, tables: dict[int, NDArray[np.float32]], *, away: float, rate: float, noted: bool, every: int
    ) -> None:
        for number, (subject, answers) in enumerate(_by_question(told)):
            if number % every:
                continue
            for relation, scores, near, table in self._scores(subject, list(answers), tables, away):
                objects, times = answers[relation]
                shares = _softmax(scores)
                if noted:
                    self._calibration.note(shares, objects, away)
                gradient = _gradient(shares, objects, times, near, table)
                self._weights.step(relation, gradient, float(times.sum()), away, rate)

    def _scores(
        self, subject: int, relations: Sequence[int], tables: dict[int, NDArray[np.float32]], away: float
    ) -> Iterator[tuple[int, NDArray[np.float32], Ties | None, NDArray[np.float32]]]:
        """Yield for each relation the scores of all names, with the features they are made of."""
        names = len(self._names)
        edges = self._ledger.edges_of(subject) if subject >= 0 else None
        known = [relation for relation in relations if relation >= 0]
        tied = dict(zip(known, ties(self._ledger, self._rules, edges, known), strict=True)) if edges and known else {}
        kin = self._kinship.of(subject, names)
        for relation in relations:
            if relation not in tables:
                tables[relation] = standing(self._ledger, relation, names)
            table = tables[relation]
            table[-1] = kin
            weights = self._weights.of(relation, away)
            scores = weights[_TIES:].astype(np.float32) @ table
            near = Ties(edges.objects, tied[relation]) if edges is not None and relation in tied else None
            if near is not None:
                scores[near.objects] += (near.table @ weights[:_TIES]).astype(np.float32)
            yield relation, scores, near, table

    def _rest(self) -> None:
        """Stand on the day after the newest fact; what is asked of later days is asked from here."""
        self._ledger.move_to(self._ledger.newest + 1)

    def _direct(self) -> None:
        """Compute the actors' directions anew when they have grown old."""
        if self._kinship.made is None or self._ledger.now - self._kinship.made >= _RENEW:
            self._kinship.renew(self._ledger, len(self._names))

    def _by_day(self, facts: Iterable[DatedFact]) -> list[tuple[float, Told]]:
        """Number the facts, read each from both sides, and part them by day."""
        days: dict[float, list[tuple[int, int, int]]] = {}
        for when, subject, relation, thing in facts:
            one, other = (self._names.setdefault(name, len(self._names)) for name in (subject, thing))
            forth = 2 * self._relations.setdefault(relation, len(self._relations))
            days.setdefault(_day(when), []).extend(((one, forth, other), (other, inverse(forth), one)))
        return [(day, _columns(days[day])) for day in sorted(days)]

    def _grow(self) -> None:
        relations = 2 * len(self._relations)
        self._ledger.grow(len(self._names), relations)
        self._rules.grow(relations)
        self._weights.grow(relations)

    def _number(self, question: Question) -> tuple[int, int]:
        subject, relation, thing = question
        if relation is None or (subject is None) == (thing is None):
            raise UsageError("a question is (subject, relation, None) or (None, relation, object)")
        number = self._relations.get(relation)
        if thing is None:
            return self._names.get(subject or "", -1), -1 if number is None else 2 * number
        return self._names.get(thing, -1), -1 if number is None else inverse(2 * number)


class Ties(NamedTuple):
    """The objects a subject has met, and what speaks for each."""

    objects: Ints
    table: Floats


class Weights:
    """What each feature counts: for the next day, and what is added for a far one; for all relations, and for each.

    Learnt by Adagrad, which keeps the squares of past gradients. Each relation's corrections are drawn back to zero.
    """

    def __init__(self, relations: int) -> None:
        self.shared = np.stack([np.full(_FEATURES, 0.3), np.zeros(_FEATURES)])
        self.own = np.zeros((relations, 2, _FEATURES))
        self._shared_squares = np.full((2, _FEATURES), 0.01)
        self._own_squares = np.ones((relations, 2, _FEATURES))

    def grow(self, relations: int) -> None:
        """Make room for that many relations."""
        more = relations - len(self.own)
        if more > 0:
            self.own = np.pad(self.own, ((0, more), (0, 0), (0, 0)))
            self._own_squares = np.pad(self._own_squares, ((0, more), (0, 0), (0, 0)), constant_values=1.0)

    def of(self, relation: int, away: float) -> NDArray[np.float64]:
        """Return the weights of one relation at a distance."""
        both = self.shared + self.own[relation] if relation >= 0 else self.shared
        return both[0] + away * both[1] if away else both[0]

    def step(self, relation: int, gradient: Floats, facts: float, away: float, rate: float) -> None:
        """Move the weights in place; a far day moves only what is added for far days."""
        side, moved = (1, gradient * away) if away else (0, gradient)
        self._shared_squares[side] += moved**2
        self.shared[side] += rate * moved / np.sqrt(self._shared_squares[side])
        drawn = moved - _SHRINK * facts * self.own[relation, side]
        self._own_squares[relation, side] += drawn**2
        self.own[relation, side] += rate / 2 * drawn / np.sqrt(self._own_squares[relation, side])


def _softmax(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    shares = np.exp(scores - scores.max())
    shares /= shares.sum()
    return shares


def _gradient(
    shares: NDArray[np.float32], objects: Ints, times: Floats, near: Ties | None, table: NDArray[np.float32]
) -> Floats:
    """Return the gradient of the log likelihood of a question's answers."""
    surprise = shares * np.float32(-times.sum())
    surprise[objects] += times
    gradient = np.zeros(_FEATURES)
    gradient[_TIES:] = table @ surprise
    if near is not None:
        gradient[:_TIES] = surprise[near.objects] @ near.table
    return gradient


def _best(scores: NDArray[np.float32], k: int) -> tuple[Ints, NDArray[np.float32]]:
    """Return the `k` best names with their shares; ties in order of the names' numbers."""
    shares = _softmax(scores)
    if k < len(scores):
        least = np.partition(scores, len(scores) - k)[len(scores) - k]
        candidates = np.flatnonzero(scores >= least)
    else:
        candidates = np.arange(len(scores))
    order = candidates[np.argsort(-scores[candidates], kind="stable")][:k]
    return order, shares[order]


def _by_question(told: Told) -> Iterator[tuple[int, dict[int, tuple[Ints, Floats]]]]:
    """Group a day's facts by subject, then relation: the objects, and how often each."""
    subjects, relations, objects = told
    order = np.lexsort((objects, relations, subjects))
    rows = np.stack([subjects, relations, objects], axis=1)[order]
    answers: dict[int, tuple[Ints, Floats]] = {}
    starts = np.flatnonzero(np.concatenate([[True], (rows[1:, :2] != rows[:-1, :2]).any(axis=1)]))
    for start, end in pairwise([*starts.tolist(), len(rows)]):
        subject, relation = int(rows[start, 0]), int(rows[start, 1])
        found, times = np.unique(rows[start:end, 2], return_counts=True)
        answers[relation] = found, times.astype(float)
        if end == len(rows) or rows[end, 0] != subject:
            yield subject, answers
            answers = {}


def _last_days(days: list[tuple[float, Told]], facts: int) -> list[tuple[float, Told]]:
    """Return the last days that hold about so many facts, but never all of a long past: something must come before."""
    kept: list[tuple[float, Told]] = []
    held = 0
    for day, told in reversed(days):
        if kept and (held + len(told[0]) > facts or 4 * len(kept) >= 3 * len(days)):
            break
        kept.append((day, told))
        held += len(told[0])
    return kept[::-1]


def _columns(rows: list[tuple[int, int, int]]) -> Told:
    table = np.array(rows, dtype=np.int64)
    return table[:, 0], table[:, 1], table[:, 2]


def _day(when: str) -> float:
    try:
        return float(calendar_date.fromisoformat(when[:10]).toordinal())
    except ValueError:
        raise UsageError(f"a fact is dated by ISO days like 2015-07-14, not {when!r}") from None

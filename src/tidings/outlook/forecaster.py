"""A log-linear forecaster over fading counts.

In: dated facts, then questions. Out: for each question, the likeliest answers with calibrated probabilities.
Every score is a weighted sum of named features of past facts, so each forecast can be taken apart.

The score of an object is w . f; probabilities are the softmax over all known names. Weights are learnt by Adagrad over
the last days of the training facts, one shared vector plus one shrunk correction a relation; each day is forecast
before it is learnt from, as in use. The temperature that calibrates the probabilities is fitted on forecasts of days
that had not been learnt from.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date as calendar_date
from itertools import pairwise
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tidings.errors import UsageError
from tidings.outlook.features import STANDING, TIES, inverse, standing, ties
from tidings.outlook.kinship import directions
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

_LESSONS = 30_000
"""Facts, read from both sides, that the weights are learnt from: the last days that hold so many."""
_PASSES = 2
_RATE = 0.1
_SHRINK = 0.02
_RENEW = 5.0
"""Days after which the actors' directions are computed anew."""
_TEMPERATURES = np.exp(np.linspace(-0.7, 0.7, 29))
_FEATURES = len(TIES) + len(STANDING)


class Forecaster:
    """Learn from past facts and rank what comes next.

    >>> week = [(f"2015-07-{day:02d}", "Iran", "consults", "EU") for day in range(1, 8)]
    >>> forecaster = Forecaster()
    >>> forecaster.fit(week + [("2015-07-03", "Iran", "accuses", "Israel")])
    >>> [[(name, probability)]] = forecaster.rank("2015-07-08", [("Iran", "consults", None)], k=1)
    >>> name
    'EU'
    """

    def __init__(self) -> None:
        self._names: dict[str, int] = {}
        self._relations: dict[str, int] = {}
        self._ledger = Ledger()
        self._rules = Rules()
        self._directions = np.zeros((0, 1), np.float32)
        self._directed: float | None = None
        self._weights = np.full(_FEATURES, 0.3)
        self._corrections = np.zeros((0, _FEATURES))
        self._temperature = 1.0

    def fit(self, facts: Iterable[DatedFact], valid: Iterable[DatedFact] = ()) -> None:
        """Learn from facts; `valid`, later ones, calibrate the probabilities and are learnt from after that.

        Raises `UsageError` when there are no facts.
        """
        self.__init__()
        days = self._by_day(facts)
        later = self._by_day(valid)
        if not days:
            raise UsageError("a forecaster needs facts to learn from")
        self._grow()
        lessons = _last_days(days, _LESSONS)
        before: Ledger | None = None
        for day, told in days:
            self._ledger.move_to(day)
            if before is None and day == lessons[0][0]:
                before = self._ledger.copy()
            self._rules.count(self._ledger, *told)
            self._ledger.add(day, *told)
        self._rules.settle()
        learner = _Learner(len(self._relations) * 2)
        for number in range(_PASSES):
            self._ledger = (before or Ledger()).copy()
            self._ledger.grow(len(self._names), len(self._relations) * 2)
            self._directed = None
            for day, told in lessons:
                self._study(learner, day, told, rate=_RATE / (1 + number))
        losses = np.zeros(len(_TEMPERATURES))
        for day, told in later:
            self._ledger.move_to(day)
            self._rules.count(self._ledger, *told)
            losses += self._study(learner, day, told, rate=_RATE / _PASSES, heated=True)
            self._rules.settle()
        if later:
            self._temperature = float(_TEMPERATURES[int(losses.argmin())])

    def add(self, facts: Iterable[DatedFact]) -> None:
        """Tell what has happened since, without learning anew."""
        for day, told in self._by_day(facts):
            self._grow()
            self._ledger.add(day, *told)

    def rank(self, date: str, questions: Sequence[Question], k: int = 100) -> list[list[tuple[str, float]]]:
        """Return for each question its `k` likeliest answers with their probabilities, best first.

        Equal scores are ordered by when the name was first heard of. Raises `UsageError` for a question that does not
        leave exactly one side open.
        """
        self._ledger.move_to(_day(date))
        self._direct()
        asked = [self._number(question) for question in questions]
        names = list(self._names)
        groups: dict[int, dict[int, list[int]]] = {}
        for place, (subject, relation) in enumerate(asked):
            groups.setdefault(subject, {}).setdefault(relation, []).append(place)
        answers: list[list[tuple[str, float]]] = [[] for _ in questions]
        tables: dict[int, NDArray[np.float32]] = {}
        for subject, relations in groups.items():
            for relation, scores, _, _ in self._scores(subject, list(relations), tables):
                ranked = _best(scores / self._temperature, k)
                told = [(names[name], probability) for name, probability in ranked]
                for place in relations[relation]:
                    answers[place] = told
        return answers

    def _study(self, learner: _Learner, day: float, told: Told, *, rate: float, heated: bool = False) -> Floats:
        """Forecast a day, learn from it, then add it; return the log losses at each temperature when asked."""
        self._ledger.move_to(day)
        self._direct()
        losses = np.zeros(len(_TEMPERATURES))
        tables: dict[int, NDArray[np.float32]] = {}
        for subject, answers in _by_question(told):
            for relation, scores, near, table in self._scores(subject, list(answers), tables):
                objects, times = answers[relation]
                if heated:
                    losses += _losses(scores, objects, times)
                gradient = _gradient(scores, objects, times, near, table)
                learner.step(self._weights, self._corrections[relation], relation, gradient, times.sum(), rate)
        self._ledger.add(day, *told)
        return losses

    def _scores(
        self, subject: int, relations: Sequence[int], tables: dict[int, NDArray[np.float32]]
    ) -> Iterator[tuple[int, Floats, Ties | None, Floats]]:
        """Yield for each relation the scores of all names, with the features they are made of."""
        names = len(self._names)
        edges = self._ledger.edges_of(subject) if subject >= 0 else None
        known = [relation for relation in relations if relation >= 0]
        tied = dict(zip(known, ties(self._ledger, self._rules, edges, known), strict=True)) if edges and known else {}
        kinship = self._kinship(subject)
        heard = np.log1p(self._ledger.popularity[:, :names].sum(axis=0)) if -1 not in tables else tables[-1]
        tables[-1] = heard
        for relation in relations:
            if relation not in tables or relation < 0:
                table = standing(self._ledger, relation, names)
                table[:, 2] = heard
                if relation >= 0:
                    tables[relation] = table
            else:
                table = tables[relation]
            table[:, 3] = kinship
            weights = self._weights + (self._corrections[relation] if relation >= 0 else 0.0)
            scores = table @ weights[len(TIES) :]
            near = Ties(edges.objects, tied[relation]) if edges is not None and relation in tied else None
            if near is not None:
                scores[near.objects] += near.table @ weights[: len(TIES)]
            yield relation, scores, near, table

    def _kinship(self, subject: int) -> NDArray[np.float32]:
        near = np.zeros(len(self._names), np.float32)
        if 0 <= subject < len(self._directions):
            near[: len(self._directions)] = self._directions @ self._directions[subject]
        return near

    def _direct(self) -> None:
        """Compute the actors' directions anew when they have grown old."""
        now = self._ledger.now
        if self._directed is None or now - self._directed >= _RENEW:
            self._directions = directions(self._ledger, len(self._names))
            self._directed = now

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
        self._corrections = np.pad(self._corrections, ((0, relations - len(self._corrections)), (0, 0)))

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


class _Learner:
    """Adagrad: the squares of past gradients, for the shared weights and for each relation's correction."""

    def __init__(self, relations: int) -> None:
        self._shared = np.full(_FEATURES, 0.01)
        self._own = np.ones((relations, _FEATURES))

    def step(
        self, weights: Floats, correction: Floats, relation: int, gradient: Floats, facts: float, rate: float
    ) -> None:
        """Move the weights in place, and the correction half as far, drawn back to zero."""
        self._shared += gradient**2
        weights += rate * gradient / np.sqrt(self._shared)
        drawn = gradient - _SHRINK * facts * correction
        self._own[relation] += drawn**2
        correction += rate / 2 * drawn / np.sqrt(self._own[relation])


def _gradient(scores: Floats, objects: Ints, times: Floats, near: Ties | None, table: Floats) -> Floats:
    """Return the gradient of the log likelihood of a question's answers."""
    chances = np.exp(scores - scores.max())
    surprise = chances * (-times.sum() / chances.sum())
    surprise[objects] += times
    gradient = np.zeros(_FEATURES)
    gradient[len(TIES) :] = surprise @ table
    if near is not None:
        gradient[: len(TIES)] = surprise[near.objects] @ near.table
    return gradient


def _losses(scores: Floats, objects: Ints, times: Floats) -> Floats:
    """Return the log loss of a question's answers at each temperature."""
    heated = scores[:, None] / _TEMPERATURES[None, :]
    top = heated.max(axis=0)
    spread = top + np.log(np.exp(heated - top).sum(axis=0))
    return times @ (spread[None, :] - heated[objects])


def _best(scores: Floats, k: int) -> list[tuple[int, float]]:
    """Return the `k` best names with their probabilities; ties in order of the names' numbers."""
    chances = np.exp(scores - scores.max())
    chances /= chances.sum()
    if k < len(scores):
        least = np.partition(scores, len(scores) - k)[len(scores) - k]
        candidates = np.flatnonzero(scores >= least)
    else:
        candidates = np.arange(len(scores))
    order = candidates[np.argsort(-scores[candidates], kind="stable")][:k]
    return list(zip(order.tolist(), chances[order].tolist(), strict=True))


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

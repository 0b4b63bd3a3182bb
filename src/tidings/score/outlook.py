"""How well the forecaster ranks and knows what comes next, and how good the chances of an outlook are.

In: the ICEWS splits. Out: MRR and hits at 10 (time-aware filter, both directions, mean rank on ties), single-step and
multi-step; calibration errors over 15 bins; the Brier skill of the chance of an act within a fortnight, the number of
acts, and what comes first.
Answers below the hundredth are given the middle of the ranks left.

Single-step: what happened before a day is known. Multi-step: only what happened before the validation split.
To stay within minutes less is learnt and asked than could be, as each metric says; the choice is the same every time.
"""

from __future__ import annotations

import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tidings.score.results import Score, data_folder

if TYPE_CHECKING:
    from tidings.outlook import Forecaster, Measured

__all__ = ["score_outlook"]

Fact = tuple[str, str, str, str]


class _Plan(NamedTuple):
    """How much of a split is learnt and asked: lessons, every so many-th fact single-step and multi-step, a rival."""

    lessons: int
    near: int
    far: int
    rival: tuple[float, str]


_PLANS = {
    "icews14": _Plan(30_000, 1, 3, (0.44, "TiRGN (test)")),
    "icews18": _Plan(40_000, 12, 16, (0.315, "CEN (test)")),
}
_LAST = 0.93
"""The share of the training days that teach; the days after calibrate."""
_PAIR = ("RUS", "USA")
_DAYS = 14


def score_outlook(folder: Path | None = None) -> list[Score]:
    """Fit on the training split, calibrate on its last days, and ask the validation split; then try outlooks out."""
    scores: list[Score] = []
    for name, plan in _PLANS.items():
        root = data_folder("stories", folder) / "dev" / name
        scores += _ranking(name, plan, _facts(root / "train.tsv"), _facts(root / "valid.tsv"))
    return [*scores, *_chances(data_folder("stories", folder) / "dev" / "icews18")]


def _chances(root: Path) -> list[Score]:
    """Import the events into a store of their own, ask for one outlook, and read its track record."""
    from tidings.imports import import_events
    from tidings.outlook import outlook
    from tidings.store import open_store

    with tempfile.TemporaryDirectory() as place, open_store(Path(place) / "icews.db", create=True) as store:
        import_events(store, "icews", [root / "train.tsv", root / "valid.tsv"])
        found = outlook(store, *_PAIR, days=_DAYS)
    cited = sum(any(reason.acts for reason in line.reasons) for line in found.expected)
    scores = [
        Score(
            name="lines with a source",
            value=round(cited / len(found.expected), 4),
            metric="share of the chances of one outlook that name a past act",
            items=len(found.expected),
            data="stories/dev/icews18",
        )
    ]
    for past in found.track:
        metric = f"{past.over}, {_DAYS} days ahead, {past.windows} stretches of {past.since} to {past.until}"
        for what, value, items in _measures(past):
            scores.append(
                Score(
                    name=f"{'-'.join(_PAIR) if past is found.track[0] else 'all pairs'} {what}",
                    value=round(value, 4),
                    metric=metric,
                    items=items,
                    data="stories/dev/icews18",
                )
            )
    return scores


def _measures(past: Measured) -> Iterable[tuple[str, float, int]]:
    yield "Brier skill over climatology", past.skill_climatology, past.forecasts
    yield "Brier skill over persistence", past.skill_persistence, past.forecasts
    yield "chances as sure as right", 1 - past.calibration_error, past.forecasts
    if numbers := past.volumes:
        yield (
            "numbers of acts in their range as often as said",
            1 - abs(numbers.inside - numbers.said),
            numbers.forecasts,
        )
        yield (
            "numbers of acts, log score gained on a steady rate",
            numbers.log_poisson - numbers.log_score,
            numbers.forecasts,
        )
        yield (
            "numbers of acts, log score gained on the usual number",
            numbers.log_usual - numbers.log_score,
            numbers.forecasts,
        )
    if firsts := past.firsts:
        yield "first to come, Brier skill over what comes most", firsts.skill, firsts.forecasts
        yield "first to come, likeliest right", firsts.hits, firsts.forecasts
        yield "first to come, as sure as right", 1 - firsts.calibration_error, firsts.forecasts


class _Asked(NamedTuple):
    """What came of questions: ranks, and for every listed answer its chance and whether it was true."""

    ranks: list[float]
    best: list[tuple[float, bool]]
    listed: list[tuple[float, bool]]


def _ranking(name: str, plan: _Plan, past: list[Fact], coming: list[Fact]) -> list[Score]:
    from tidings.outlook import Forecaster

    days = sorted({fact[0] for fact in past})
    held = days[int(len(days) * _LAST)]
    start = time.process_time()
    forecaster = Forecaster(lessons=plan.lessons)
    forecaster.fit((fact for fact in past if fact[0] < held), (fact for fact in past if fact[0] >= held))
    spent = time.process_time() - start
    names = len({name for fact in (*past, *coming) for name in (fact[1], fact[3])})
    by_day: defaultdict[str, list[Fact]] = defaultdict(list)
    for fact in coming:
        by_day[fact[0]].append(fact)
    far, near = _Asked([], [], []), _Asked([], [], [])
    # Nothing is added between: each day is asked from the end of the training split.
    for day in sorted(by_day):
        _ask(forecaster, day, by_day[day], plan.far, names, far)
    for day in sorted(by_day):
        _ask(forecaster, day, by_day[day], plan.near, names, near)
        forecaster.add(by_day[day])
    learnt = f"{plan.lessons} lessons, fit {spent:.0f} CPU s"
    one, many = (
        f"{how}-step, {f'one question in {every}' if every > 1 else 'all questions'}, {learnt}"
        for how, every in (("single", plan.near), ("multi", plan.far))
    )
    return [*_scores(name, "", near, one, plan.rival), *_scores(name, " multi-step", far, many, None)]


def _ask(forecaster: Forecaster, day: str, told: list[Fact], every: int, names: int, asked: _Asked) -> None:
    """Ask for both sides of the facts of a day, and note what came of it."""
    truth: defaultdict[tuple[str | None, str, str | None], set[str]] = defaultdict(set)
    for _, subject, relation, thing in told:
        truth[subject, relation, None].add(thing)
        truth[None, relation, thing].add(subject)
    pairs = [((s, r, None), o) for _, s, r, o in told] + [((None, r, o), s) for _, s, r, o in told]
    pairs = pairs[::every]
    ranked = forecaster.rank(day, [question for question, _ in pairs])
    for (question, answer), answers in zip(pairs, ranked, strict=True):
        true = truth[question]
        asked.ranks.append(_rank(answer, answers, true - {answer}, names))
        asked.best.append((answers[0][1], answers[0][0] in true))
        asked.listed.extend((chance, name in true) for name, chance in answers)


def _scores(name: str, how: str, asked: _Asked, metric: str, rival: tuple[float, str] | None) -> list[Score]:
    ranks, apart = asked.ranks, "1 - calibration error over 15 bins, "
    told = [
        ("MRR", sum(1 / rank for rank in ranks) / len(ranks), "time-aware filter, ", len(ranks), rival),
        ("hits at 10", sum(rank <= 10 for rank in ranks) / len(ranks), "time-aware filter, ", len(ranks), None),
        ("first answer as sure as right", 1 - _error(asked.best), apart, len(asked.best), None),
        ("answers as sure as right", 1 - _error(asked.listed), apart, len(asked.listed), None),
    ]
    return [
        Score(
            name=f"{name}{how} {what}",
            value=round(value, 4),
            metric=words + metric,
            items=items,
            data=f"stories/dev/{name}",
            rival=best[0] if best else None,
            rival_name=best[1] if best else None,
        )
        for what, value, words, items, best in told
    ]


def _error(told: Sequence[tuple[float, bool]]) -> float:
    import numpy as np

    from tidings.outlook.track import calibration_error

    table = np.array(told, float)
    return calibration_error(table[:, 0], table[:, 1])


def _rank(answer: str, ranked: list[tuple[str, float]], others: set[str], names: int) -> float:
    """Return the mean rank of an answer among all names but the other true ones."""
    kept = [(name, chance) for name, chance in ranked if name not in others]
    mine = next((chance for name, chance in kept if name == answer), None)
    if mine is None:
        return (len(kept) + 1 + names) / 2
    above = sum(chance > mine for _, chance in kept)
    level = sum(chance == mine for _, chance in kept)
    return above + (level + 1) / 2


def _facts(path: Path) -> list[Fact]:
    def rows() -> Iterable[Fact]:
        with path.open(encoding="utf-8") as lines:
            next(lines)
            for line in lines:
                day, subject, relation, thing, *_ = line.rstrip("\n").split("\t")
                yield day, subject, relation, thing

    return list(rows())

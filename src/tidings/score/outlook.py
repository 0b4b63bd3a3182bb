"""How well the forecaster ranks what comes next.

In: the ICEWS splits. Out: MRR and hits at 10, single-step, time-aware filter, both directions, mean rank on ties.
Answers below the hundredth are given the middle of the ranks left.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from tidings.score.results import Score, data_folder

__all__ = ["score_outlook"]

Fact = tuple[str, str, str, str]
_RIVALS = {"icews14": (0.44, "TiRGN (test)"), "icews18": (0.315, "CEN (test)")}
_DAYS = {"icews14": 30, "icews18": 5}
"""Days of the validation split that are asked, to keep the bench within minutes."""


def score_outlook(folder: Path | None = None) -> list[Score]:
    """Fit on the training split, calibrate on its last days, and ask the validation split day by day."""
    scores: list[Score] = []
    for name, (rival, rival_name) in _RIVALS.items():
        root = data_folder("stories", folder) / "dev" / name
        start = time.process_time()
        ranks = _ranks(_facts(root / "train.tsv"), _facts(root / "valid.tsv"), _DAYS[name])
        spent = time.process_time() - start
        metric = f"single-step, time-aware filter, first {_DAYS[name]} validation days, {spent:.0f} CPU s"
        for what, value, best in (
            ("MRR", sum(1 / rank for rank in ranks) / len(ranks), rival),
            ("hits at 10", sum(rank <= 10 for rank in ranks) / len(ranks), None),
        ):
            scores.append(
                Score(
                    name=f"{name} {what}",
                    value=round(value, 4),
                    metric=metric,
                    items=len(ranks),
                    data=f"stories/dev/{name}",
                    rival=best,
                    rival_name=rival_name if best else None,
                )
            )
    return scores


def _ranks(past: list[Fact], coming: list[Fact], most_days: int) -> list[float]:
    from tidings.outlook import Forecaster

    days = sorted({fact[0] for fact in past})
    held = days[int(len(days) * 0.93)]
    forecaster = Forecaster()
    forecaster.fit((fact for fact in past if fact[0] < held), (fact for fact in past if fact[0] >= held))
    names = {name for fact in (*past, *coming) for name in (fact[1], fact[3])}
    ranks: list[float] = []
    for day in sorted({fact[0] for fact in coming})[:most_days]:
        told = [fact for fact in coming if fact[0] == day]
        asked = [(s, r, None) for _, s, r, _ in told] + [(None, r, o) for _, _, r, o in told]
        gold = [o for *_, o in told] + [s for _, s, _, _ in told]
        truth: defaultdict[object, set[str]] = defaultdict(set)
        for question, answer in zip(asked, gold, strict=True):
            truth[question].add(answer)
        for question, answer, ranked in zip(asked, gold, forecaster.rank(day, asked), strict=True):
            ranks.append(_rank(answer, ranked, truth[question] - {answer}, len(names)))
        forecaster.add(told)
    return ranks


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

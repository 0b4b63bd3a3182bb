"""Measure time expressions and document dating on the development data.

In: the data folder. Out: `Score`s after the definitions of the data's README (TempEval-3 semantics, F1 x 100).
It tunes nothing and reads no test set.
"""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from tidings.facts import Timex
from tidings.score.results import Score, data_folder, f1
from tidings.times import date_article, find_times

__all__ = ["score_seed", "score_time"]

Record = dict[str, Any]  # one line of the data's JSONL, as its README describes
CORPORA = (
    ("timebank", True, 79.77, 92.18, 85.34),
    ("aquaint", True, 73.40, 92.86, 81.34),
    ("wikiwars_train", False, None, None, None),
    ("tweets_train", True, None, None, None),
)
RIVAL = "HeidelTime 2.2 with TreeTagger"
DATED = (("docdate_silver_a", 300), ("docdate_wikinews_c1", None))
SURE = 0.8


class Counts(NamedTuple):
    """What a corpus adds up to."""

    system: int
    gold: int
    strict: int
    relaxed: int
    value: int
    type: int

    def scores(self) -> dict[str, float]:
        """Return F1 x 100 for strict, relaxed, value and type."""
        strict = 100 * f1(self.strict / (self.system or 1), self.strict / (self.gold or 1))
        relaxed = 100 * f1(self.relaxed / (self.system or 1), self.relaxed / (self.gold or 1))
        matched = self.relaxed or 1
        return {
            "strict": strict,
            "relaxed": relaxed,
            "value": relaxed * self.value / matched,
            "type": relaxed * self.type / matched,
        }


def score_time(folder: Path | None = None) -> list[Score]:
    """Score the stage on its development data."""
    root = data_folder("time", folder) / "dev"
    scores: list[Score] = []
    for name, typed, *rivals in CORPORA:
        records = _read(root / f"{name}.jsonl")
        counts = count_matches(records)
        rival: dict[str, float | None] = dict(zip(("value", "relaxed", "strict"), rivals, strict=True))
        for measure, number in counts.scores().items():
            if (measure == "type" and not typed) or (measure == "value" and name.startswith("tweets")):
                continue
            best = rival.get(measure)
            scores.append(
                Score(
                    name=f"{name}_{measure}",
                    value=round(number, 2),
                    metric=f"TempEval-3 {measure} F1 x 100",
                    items=counts.gold,
                    data=f"time/dev/{name}.jsonl",
                    rival=best,
                    rival_name=RIVAL if best is not None else None,
                )
            )
    for name, sample in DATED:
        records = _read(root / f"{name}.jsonl")
        random.Random(1).shuffle(records)
        scores += _score_dating(name, records[:sample])
    return scores


def _read(path: Path) -> list[Record]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def count_matches(records: Sequence[Record]) -> Counts:
    """Count matches as the TempEval-3 toolkit does: each gold takes the exact match, else the first overlapping one."""
    totals = [0] * 6
    for record in records:
        found = find_times(record["text"], published=record["dct"])
        gold = record["timexes"]
        totals[0] += len(found)
        totals[1] += len(gold)
        for timex in gold:
            match = _match(found, timex)
            if match is None:
                continue
            totals[2] += match.span == (timex["start"], timex["end"])
            totals[3] += 1
            totals[4] += match.value == timex["value"]
            totals[5] += match.type == timex["type"]
    return Counts(*totals)


def _match(found: Sequence[Timex], timex: Record) -> Timex | None:
    bounds = (timex["start"], timex["end"])
    overlapping = [item for item in found if item.span.overlaps(bounds)]
    return next((item for item in overlapping if item.span == bounds), overlapping[0] if overlapping else None)


def _score_dating(name: str, records: Sequence[Record]) -> list[Score]:
    scores: list[Score] = []
    for setting, days in (("text", None), ("year", None), ("fetch30", 30), ("fetch7", 7)):
        draw = random.Random(7)
        exact = near = sure = sure_right = 0
        for record in records:
            true = date.fromisoformat(record["dct"][:10])
            fetched = (
                str(true + timedelta(draw.randint(0, days)))
                if days
                else f"{true.year}-12-31"
                if setting == "year"
                else None
            )
            found = date_article(record["text"], fetched=fetched)
            if found is None or found.value is None:
                continue
            right = found.value[:10] == str(true)
            exact += right
            near += abs((date.fromisoformat(found.value[:10]) - true).days) <= 1
            sure += found.score >= SURE
            sure_right += right and found.score >= SURE
        total = len(records) or 1
        for measure, number, what in (
            ("exact", exact / total, "share of documents dated to the day"),
            ("within_a_day", near / total, "share of documents dated within one day"),
            ("not_sure_and_wrong", 1 - (sure - sure_right) / total, f"share not dated wrongly at score >= {SURE}"),
        ):
            metric = f"{what} ({setting}{'; sample of 300, seed 1' if 'silver' in name else ''})"
            scores.append(
                Score(
                    name=f"{name}_{setting}_{measure}",
                    value=round(number, 4),
                    metric=metric,
                    items=len(records),
                    data=f"time/dev/{name}.jsonl",
                )
            )
    return scores


def score_seed(folder: Path | None = None) -> list[Score]:
    """Score the founding page: its own date from the text alone, and the values of its core expressions.

    Returns nothing when the page is not beside the data.
    """
    seed = data_folder("time", folder).parent.parent / "seed"
    if not (seed / "gold/time.json").is_file():
        return []
    text = (seed / "page.txt").read_text(encoding="utf-8")
    gold = json.loads((seed / "gold/time.json").read_text(encoding="utf-8"))
    core = [timex for timex in gold["timexes"] if timex["core"]]
    true = gold["document_dating"]["document_date"]
    found = find_times(text, published=true)
    right = strict = 0
    for timex in core:
        match = _match(found, timex)
        strict += match is not None and match.span == (timex["start"], timex["end"])
        right += match is not None and match.value in (timex["value"], *timex.get("alternatives", ()))
    dated = date_article(text)
    return [
        Score(
            name="seed_values",
            value=right,
            metric="core expressions with the right value",
            items=len(core),
            data="seed",
        ),
        Score(
            name="seed_strict",
            value=strict,
            metric="core expressions with the exact span",
            items=len(core),
            data="seed",
        ),
        Score(
            name="seed_date",
            value=float(dated is not None and dated.value == true),
            metric="the page's date found from its text",
            items=1,
            data="seed",
        ),
    ]

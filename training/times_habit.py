"""Learn how news names the days around its own date: rebuilds `times_habit.json`.

In: the data folder (one folder a stage). Out: shares of (article's weekday - named weekday) by wording, and of the lag
to month-days without a year. Only counts leave the data, no text. Run: python training/times_habit.py DATA
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from datetime import date
from pathlib import Path

from tidings.times.clues import LAG_BINS, find_clues, lag_bin

SETS = ("docdate_silver_a.jsonl", "timebank.jsonl", "docdate_wikinews_c1.jsonl")
TARGET = Path(__file__).parent.parent / "src/tidings/data/times_habit.json"


def count(folder: Path) -> dict[str, dict[str, list[float]]]:
    """Count weekday and month-day habits over the development sets."""
    weekdays: dict[str, Counter[int]] = {}
    lags: dict[str, Counter[int]] = {}
    for name in SETS:
        for line in (folder / "time/dev" / name).read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            day = date.fromisoformat(record["dct"][:10])
            for clue in find_clues(record["text"]):
                if clue.kind == "weekday":
                    weekdays.setdefault(clue.wording, Counter())[(day.isoweekday() - clue.weekday) % 7] += 1
                elif clue.kind == "month-day":
                    lags.setdefault(clue.wording, Counter())[lag_bin(day, clue.month, clue.day)] += 1
    return {
        "weekday": {key: _shares(weekdays[key], range(7), 2.0) for key in sorted(weekdays)},
        "lag": {key: _shares(lags[key], range(len(LAG_BINS) + 1), 0.5) for key in sorted(lags)},
    }


def _shares(counts: Counter[int], keys: range, smoothing: float) -> list[float]:
    total = sum(counts.values()) + smoothing * len(keys)
    return [round((counts[key] + smoothing) / total, 5) for key in keys]


if __name__ == "__main__":
    TARGET.write_text(json.dumps(count(Path(sys.argv[1])), indent=1) + "\n", encoding="utf-8")

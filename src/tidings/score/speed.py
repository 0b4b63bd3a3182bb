"""How fast a page is read, and in how much memory.

In: the development pages. Out: scores. It judges nothing but time and memory; the ratios are taken inside one run,
because absolute times differ from machine to machine.
"""

from __future__ import annotations

import gzip
import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tidings.score.results import Score, data_folder

__all__ = ["score_speed"]

_PAGES = 24
_METRIC = "CPU seconds, one process; bare spaCy = the same parse alone, over the same article texts"


def score_speed(folder: Path | None = None) -> list[Score]:
    """Read every n-th development page whole and compare with the bare parse of the same texts."""
    from tidings import syntax
    from tidings.reader import read

    root = data_folder("page", folder) / "dev"
    with (root / "gold.jsonl").open(encoding="utf-8") as lines:
        pages = [json.loads(line)["html"] for line in lines]
    chosen = pages[:: max(1, len(pages) // _PAGES)][:_PAGES]
    sources = [gzip.decompress((root / name.removeprefix("dev/")).read_bytes()) for name in chosen]
    texts = [record.article.text for source in sources if (record := read(source)).article.language == "en"]
    words = sum(len(text.split()) for text in texts)
    bare = _seconds(lambda text: syntax.parse(text), texts)
    whole = _seconds(lambda text: read(text, media="article", published="2020-01-01"), texts)
    ordinary = " ".join(" ".join(texts).split()[:700])
    page = _seconds(lambda text: read(text, media="article", published="2020-01-01"), [ordinary])
    scale = 1 if sys.platform == "darwin" else 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * scale / 1e9
    return [
        Score(
            name="whole reading / bare parse",
            value=round(bare / whole, 3),
            metric=f"speed ratio; {_METRIC}",
            items=len(texts),
            data="page/dev",
        ),
        Score(name="words a second", value=round(words / whole, 0), metric=_METRIC, items=words, data="page/dev"),
        Score(
            name="700 words a second",
            value=round(1 / page, 2),
            metric="pages of 700 words a CPU second, after start",
            items=1,
            data="page/dev",
        ),
        Score(
            name="memory left of 1.5 GB",
            value=round(1.5 - peak, 3),
            metric="1.5 GB less peak resident memory, in GB",
            items=len(texts),
            data="page/dev",
        ),
    ]


def _seconds(work: Callable[[str], object], texts: list[str]) -> float:
    for text in texts[:1]:
        work(text)
    best = float("inf")
    for _ in range(2):
        start = time.process_time()
        for text in texts:
            work(text)
        best = min(best, time.process_time() - start)
    return best

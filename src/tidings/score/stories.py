"""How well copies are found and stories are clustered.

In: the staged texts of `stories/dev`. Out: pair scores of near copies, BCubed and pair scores of clusters; the same of
a store that takes the texts in one after another.
ECB+ is measured in three parts of whole topics, each about as large as its published test side.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from pathlib import Path
from typing import Any

from tidings.facts import Article, Page, Published, Record
from tidings.score.results import Score, data_folder, f1

__all__ = ["bcubed", "pairwise", "score_stories", "stream"]

PARTS = 3
_RIVALS: dict[str, tuple[float, str]] = {
    "near copies F1": (0.894, "datasketch MinHashLSH, tuned"),
    "basil BCubed F1": (0.923, "single pass over MiniLM-L6"),
    "near copies stream F1": (0.894, "datasketch MinHashLSH, tuned"),
    "basil stream BCubed F1": (0.923, "single pass over MiniLM-L6"),
    "basil stream with dates BCubed F1": (0.99, "single pass over TF-IDF with day decay"),
    "basil with dates BCubed F1": (0.99, "single pass over TF-IDF with day decay"),
    "ecbplus BCubed F1": (0.829, "single pass over TF-IDF and MiniLM-L6, test side"),
}


def bcubed(truth: Sequence[Hashable], found: Sequence[Hashable]) -> tuple[float, float, float]:
    """Return BCubed precision, recall and F1 of the labels `found`.

    >>> bcubed(["a", "a", "b", "b"], [1, 1, 1, 1])
    (0.5, 1.0, 0.6666666666666666)
    """
    both, gold, mine = Counter(zip(truth, found, strict=True)), Counter(truth), Counter(found)
    items = max(1, len(truth))
    precision = sum(count * count / mine[label] for (_, label), count in both.items()) / items
    recall = sum(count * count / gold[label] for (label, _), count in both.items()) / items
    return precision, recall, f1(precision, recall)


def pairwise(truth: Sequence[Hashable], found: Sequence[Hashable]) -> tuple[float, float, float]:
    """Return precision, recall and F1 over the pairs that are put together.

    >>> pairwise(["a", "a", "b"], [1, 1, 1])
    (0.3333333333333333, 1.0, 0.5)
    """
    right = _pairs(Counter(zip(truth, found, strict=True)).values())
    mine, gold = _pairs(Counter(found).values()), _pairs(Counter(truth).values())
    precision, recall = right / mine if mine else 1.0, right / gold if gold else 1.0
    return precision, recall, f1(precision, recall)


def _pairs(sizes: Iterable[int]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes)


def score_stories(folder: Path | None = None) -> list[Score]:
    """Measure near copies, and clusters of full articles (without and with dates) and of short texts."""
    root = data_folder("stories", folder) / "dev"
    basil = _rows(root / "clustering_basil.jsonl")
    dates = [row["date"] for row in basil]
    return [
        *_copies(_rows(root / "syndication_synthetic.jsonl")),
        *_clusters("basil", [basil], [None], "stories/dev/clustering_basil.jsonl"),
        *_clusters("basil with dates", [basil], [dates], "stories/dev/clustering_basil.jsonl"),
        *_ecbplus(_rows(root / "clustering_ecbplus.jsonl")),
        *_copies(_rows(root / "syndication_synthetic.jsonl"), stream=True),
        *_clusters("basil stream", [basil], [None], "stories/dev/clustering_basil.jsonl", stream=True),
        *_clusters("basil stream with dates", [basil], [dates], "stories/dev/clustering_basil.jsonl", stream=True),
    ]


def stream(texts: Sequence[str], dates: Sequence[str | None]) -> tuple[list[int], list[int]]:
    """Take texts into a store in the order of their dates; return the story and the group of copies of each."""
    from tidings.store import open_store
    from tidings.stories import update

    order = sorted(range(len(texts)), key=lambda at: (dates[at] or "", at))
    with tempfile.TemporaryDirectory() as folder, open_store(Path(folder) / "news.db", create=True) as store:
        for at in order:
            store.add(_record(at, texts[at], dates[at]))
        update(store)
        stories, groups = [0] * len(texts), list(range(-len(texts), 0))
        for article, story in store.query("SELECT article, story FROM story_articles"):
            stories[order[article - 1]] = story
        for article, group in store.query('SELECT article, "group" FROM copies'):
            groups[order[article - 1]] = group
    return stories, groups


def _record(number: int, text: str, day: str | None) -> Record:
    digest = hashlib.sha256(f"{number} {text}".encode("utf-8", "surrogatepass")).hexdigest()
    dated = Published(value=day, basis="given", score=1.0, interval=(day, day)) if day else None
    page = Page(id=digest[:16], sha256=digest, media="article")
    return Record(id=digest[:16], page=page, article=Article(text=text, language="en", published=dated))


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _copies(rows: Sequence[dict[str, Any]], *, stream: bool = False) -> list[Score]:
    labels = _streamed(rows, None)[1] if stream else _grouped(rows)
    values = pairwise([row["copy_of"] for row in rows], labels)
    data = "stories/dev/syndication_synthetic.jsonl"
    return [
        _score(
            f"near copies {'stream ' if stream else ''}{what}",
            value,
            "pairs of copies; weights were fitted on these texts",
            len(rows),
            data,
        )
        for what, value in zip(("precision", "recall", "F1"), values, strict=True)
    ]


def _grouped(rows: Sequence[dict[str, Any]]) -> list[int]:
    from tidings.stories import near_copies

    labels = list(range(len(rows)))
    for group in near_copies([row["text"] for row in rows]):
        for index in group:
            labels[index] = min(group)
    return labels


def _streamed(rows: Sequence[dict[str, Any]], days: list[str | None] | None) -> tuple[list[int], list[int]]:
    return stream([row["text"] for row in rows], days or [None] * len(rows))


def _ecbplus(rows: Sequence[dict[str, Any]]) -> list[Score]:
    topics = sorted({row["topic"] for row in rows}, key=int)
    parts = [[row for row in rows if topics.index(row["topic"]) % PARTS == part] for part in range(PARTS)]
    return _clusters("ecbplus", parts, [None] * PARTS, "stories/dev/clustering_ecbplus.jsonl")


def _clusters(
    name: str,
    parts: Sequence[Sequence[dict[str, Any]]],
    dates: Sequence[list[str | None] | None],
    data: str,
    *,
    stream: bool = False,
) -> list[Score]:
    cubed: list[tuple[float, float, float]] = []
    paired: list[tuple[float, float, float]] = []
    for rows, days in zip(parts, dates, strict=True):
        labels = _streamed(rows, days)[0] if stream else _clustered(rows, days)
        truth = [row["story"] for row in rows]
        cubed.append(bcubed(truth, labels))
        paired.append(pairwise(truth, labels))
    items = sum(len(rows) for rows in parts)
    where = "" if len(parts) == 1 else f", mean of {len(parts)} parts by topic"
    return [
        _score(f"{name} {kind} {what}", sum(value[at] for value in values) / len(values), f"{kind}{where}", items, data)
        for kind, values in (("BCubed", cubed), ("pair", paired))
        for at, what in enumerate(("precision", "recall", "F1"))
    ]


def _clustered(rows: Sequence[dict[str, Any]], days: list[str | None] | None) -> list[int]:
    from tidings.stories import cluster

    labels = [0] * len(rows)
    for label, members in enumerate(cluster([row["text"] for row in rows], dates=days)):
        for index in members:
            labels[index] = label
    return labels


def _score(name: str, value: float, metric: str, items: int, data: str) -> Score:
    rival, rival_name = _RIVALS.get(name, (None, None))
    return Score(
        name=name, value=round(value, 4), metric=metric, items=items, data=data, rival=rival, rival_name=rival_name
    )

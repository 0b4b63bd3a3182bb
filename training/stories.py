"""Count the terms of news, and fit the weights of the copy decision.

    python training/stories.py DATA

DATA is the folder that holds one folder a stage.
How many texts hold a term is counted over the news of the other stages (never `stories`, so that its numbers stay
honest) and goes to `src/tidings/data/stories_terms.tsv.gz`.
The copy decision is fitted on pairs of the synthetic syndication of `stories/dev` and of the beginnings of its texts
(so that short texts are learnt too); five folds by story give the numbers printed, the weights of all go to
`src/tidings/data/stories_copies.json`.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from tidings.score.stories import bcubed
from tidings.stories import clusters, splitting, terms
from tidings.stories.candidates import candidate_pairs
from tidings.stories.copies import read
from tidings.stories.likeness import FEATURES, Reading, compare, features, mark
from tidings.stories.terms import terms_of
from tidings.stories.words import WordHashes, shingles

SHIPPED = Path(__file__).parent.parent / "src" / "tidings" / "data"
TABLE = SHIPPED / "stories_copies.json"
TERMS = SHIPPED / "stories_terms.tsv.gz"
NEWS = (
    "actors/dev/coref_gum_news.jsonl",
    "actors/dev/el_*.jsonl",
    "actors/dev/geo_*.jsonl",
    "page/dev/gold.jsonl",
    "pages/dev/gold.jsonl",
    "quotes/dev/polnear_*.jsonl",
    "time/dev/aquaint.jsonl",
    "time/dev/docdate_*.jsonl",
    "time/dev/time*.jsonl",
)
LEAST_WORDS = 60
LEAST_TEXTS = 3
BEGINNINGS = (None, 120, 60, 30)
FOLDS = 5


def main(folder: Path) -> None:
    """Build both tables, and say how far the borders of the clusters carry."""
    count_terms(folder)
    fit_copies(folder)
    check_borders(folder)


def count_terms(folder: Path) -> None:
    """Count in how many texts of news each term stands."""
    texts: Counter[str] = Counter()
    size = 0
    for text in news(folder):
        found = {term.stem for term in terms_of(text)}
        if len(found) >= LEAST_WORDS:
            texts.update(found)
            size += 1
    kept = sorted((term, count) for term, count in texts.items() if count >= LEAST_TEXTS)
    lines = [f"texts\t{size}", *(f"{term}\t{count}" for term, count in kept)]
    TERMS.write_bytes(gzip.compress(("\n".join(lines) + "\n").encode(), 9, mtime=0))
    print(TERMS, size, "texts", len(kept), "terms", TERMS.stat().st_size, "bytes")


def news(folder: Path) -> Iterator[str]:
    """Yield each text of news once."""
    seen: set[str] = set()
    for pattern in NEWS:
        for path in sorted(folder.glob(pattern)):
            for line in path.open(encoding="utf-8"):
                row = json.loads(line)
                text = row.get("text") or row.get("body")
                if isinstance(text, str) and text[:80] not in seen:
                    seen.add(text[:80])
                    yield text


def fit_copies(folder: Path) -> None:
    """Fit, report, write the weights."""
    rows = [json.loads(line) for line in (folder / "stories/dev/syndication_synthetic.jsonl").open(encoding="utf-8")]
    stories = {story: at % FOLDS for at, story in enumerate(sorted({row["story"] for row in rows}))}
    values, truths, folds, whole, kept = [], [], [], [], []
    for length in BEGINNINGS:
        hashes = WordHashes()
        readings = []
        for row in rows:
            readings.append(beginning(read(row["text"], hashes), length))
        marks = [mark(reading) for reading in readings]
        for one, two, _ in candidate_pairs([reading.shingles for reading in readings]):
            likeness = compare(readings[one], readings[two], (marks[one], marks[two]))
            same = rows[one]["copy_of"] == rows[two]["copy_of"]
            # A beginning need not be a copy of another beginning: sentences were left out or furniture put before.
            if length and same and likeness.chain_shorter < 0.3:
                continue
            values.append(features(likeness))
            truths.append(same)
            kept.append(likeness.names)
            folds.append((stories[rows[one]["story"]], stories[rows[two]["story"]]))
            whole.append(length is None)
    print("names kept by copies", np.percentile([n for n, t in zip(kept, truths, strict=True) if t], [0, 1, 2, 5, 50]))
    x, y, f, w = np.array(values), np.array(truths), np.array(folds), np.array(whole)
    guess = np.zeros(len(y))
    for fold in range(FOLDS):
        train, test = (f != fold).all(1), (f == fold).any(1)
        guess[test] = fit(x[train], y[train], w[train]).probabilities(x[test])
    for part, name in ((w, "whole texts"), (~w, "beginnings")):
        for border in (0.5, 0.7, 0.85):
            hit = (guess >= border) & part
            print(name, border, "P", round(y[hit].mean(), 4), "R", round(hit[y & part].mean(), 4), "pairs", hit.sum())
    model = fit(x, y, w)
    weights = {"bias": round(model.bias, 4)}
    weights |= {name: round(float(weight), 4) for name, weight in zip(FEATURES, model.weights, strict=True)}
    TABLE.write_text(json.dumps({"weights": weights, "pairs": len(y), "copies": int(y.sum())}, indent=1) + "\n")
    print(TABLE, weights)


def beginning(reading: Reading, length: int | None) -> Reading:
    """Keep the first words of a text."""
    if length is None:
        return reading
    words = reading.words[:length]
    return Reading(words=words, shingles=shingles(words), names=reading.names)


def check_borders(folder: Path) -> None:
    """Choose the borders of `cluster` without a part of the stories and score that part, for each part in turn."""
    parts = story_parts(folder)
    scores: dict[tuple[float, ...], list[float]] = {}
    for alike, discount, own in product((0.13, 0.14, 0.15, 0.16, 0.17), (0.08, 0.12, 0.16, 0.2), (0.22, 0.27, 0.32)):
        clusters.ALIKE, terms.LENGTH_DISCOUNT, splitting.OWN_WORDS = alike, discount, own
        scores[alike, discount, own] = [score(rows) for _, rows in parts]
    for kind in ("basil", "ecbplus"):
        held = []
        for at, (name, _) in enumerate(parts):
            if name == kind:
                held.append(scores[max(scores, key=lambda key: balanced(parts, scores[key], at))][at])
        print(kind, "BCubed F1, borders chosen on the other parts", np.round(held, 4), "mean", round(np.mean(held), 4))


def balanced(parts: list[tuple[str, list[dict]]], values: list[float], without: int) -> float:
    """Return the mean over the two kinds of texts, one part left out."""
    kinds: dict[str, list[float]] = {}
    for at, (name, _) in enumerate(parts):
        if at != without:
            kinds.setdefault(name, []).append(values[at])
    return float(np.mean([np.mean(found) for found in kinds.values()]))


def story_parts(folder: Path) -> list[tuple[str, list[dict]]]:
    """Cut BASIL in two by story, ECB+ in four by topic."""
    parts = []
    for name, field, count in (("basil", "story", 2), ("ecbplus", "topic", 4)):
        rows = [json.loads(line) for line in (folder / f"stories/dev/clustering_{name}.jsonl").open(encoding="utf-8")]
        groups = {group: at % count for at, group in enumerate(sorted({row[field] for row in rows}))}
        parts += [(name, [row for row in rows if groups[row[field]] == part]) for part in range(count)]
    return parts


def score(rows: list[dict]) -> float:
    """Return the BCubed F1 of one part."""
    labels = [0] * len(rows)
    for label, members in enumerate(clusters.cluster([row["text"] for row in rows])):
        for index in members:
            labels[index] = label
    return bcubed([row["story"] for row in rows], labels)[2]


class Fitted(NamedTuple):
    """A logistic decision."""

    bias: float
    weights: np.ndarray

    def probabilities(self, x: np.ndarray) -> np.ndarray:
        """Return the probability of a copy for each row."""
        return expit(self.bias + x @ self.weights)


def fit(x: np.ndarray, y: np.ndarray, whole: np.ndarray) -> Fitted:
    """Fit with beginnings counting a third as much as whole texts, and more likeness never counting against a copy."""
    counts = np.where(whole, 1.0, 1 / 3)

    def loss(theta: np.ndarray) -> tuple[float, np.ndarray]:
        total = theta[0] + x @ theta[1:]
        value = float(counts @ np.logaddexp(0, np.where(y, -total, total)) + 0.05 * theta[1:] @ theta[1:])
        slope = counts * (expit(total) - y)
        return value, np.r_[slope.sum(), x.T @ slope + 0.1 * theta[1:]]

    free = {"longer"}
    bounds = [(None, None), *((None if name in free else 0.0, None) for name in FEATURES)]
    found = minimize(loss, np.zeros(x.shape[1] + 1), jac=True, bounds=bounds, method="L-BFGS-B")
    return Fitted(float(found.x[0]), found.x[1:])


if __name__ == "__main__":
    main(Path(sys.argv[1]))

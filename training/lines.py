"""Train the two models that tell body lines from furniture, and measure them over sites they have not seen.

In: the folder `page/dev` and the file `article_cache.py` makes of it. Out: `lines.npz` and `lines_cv.json`.
Seeded; needs scikit-learn and lightgbm. The recipe is the same for the folds and for the shipped model.
"""

from __future__ import annotations

import gzip
import json
import os
import random
import sys
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
import lightgbm
import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from tidings.article import labels as model
from tidings.article.features import BUCKETS, buckets, page_features
from tidings.article.labels import Forest, Recipe, grow, neighbours
from tidings.article.lines import Line, Place
from tidings.text import Span

GROUPS = 3
FIRST = {"num_leaves": 31, "learning_rate": 0.08, "min_data_in_leaf": 30, "feature_fraction": 0.5}
SECOND = {"num_leaves": 24, "learning_rate": 0.06, "min_data_in_leaf": 40, "feature_fraction": 0.5}
ROUNDS = 110


class View:
    """One page as the model sees it: lines, labels (1, 0, -1 to ignore), its site's group and its weight."""

    def __init__(
        self, site: str, fold: int, lines: list[Line], y: list[int], witnesses=None, weight: float = 1.0
    ) -> None:
        self.site, self.fold, self.lines, self.witnesses, self.weight = site, fold, lines, witnesses, weight
        self.y = np.array(y)
        self.group = zlib.crc32(site.encode()) % GROUPS
        self.words = [buckets(line.text) for line in lines]
        self.body = ""
        self.id = ""


def _rows(path: Path) -> Iterator[dict]:
    with gzip.open(path, "rt") as file:
        yield from map(json.loads, file)


def text_views(folder: Path) -> list[View]:
    """Return the pages without markup, with crops: a reader may hand us only the middle of a page."""
    rng, views = random.Random(7), []
    folds = {row["id"]: (int(row["fold"]), row["body"]) for row in map(json.loads, (folder / "gold.jsonl").open())}
    for name, weight in (("lines.jsonl.gz", 1.0), ("lines_resiliparse.jsonl.gz", 0.6)):
        for row in _rows(folder / name):
            told = [line for line in row["lines"] if line["y"] != "empty"]
            y = [1 if line["y"] == "body" else (-1 if line["y"] in ("mixed", "dup") else 0) for line in told]
            if row["coverage"] < 0.9 or sum(v == 1 for v in y) < 2:
                continue
            lines = [Line(text=line["t"], source=Span(0, len(line["t"]))) for line in told]
            view = View(row["site"], folds[row["id"]][0], lines, y, weight=weight)
            view.id, view.body = row["id"], folds[row["id"]][1]
            view.measured = name == "lines.jsonl.gz"  # type: ignore[attr-defined]
            views.append(view)
            body = [i for i, v in enumerate(y) if v == 1]
            for before, after, share in ((rng.randint(0, 3), rng.randint(0, 12), 0.4), (rng.randint(0, 1), 0, 0.3)):
                low, high = max(0, body[0] - before), body[-1] + after + 1
                crop = View(row["site"], view.fold, lines[low:high], y[low:high], weight=weight * share)
                crop.measured = False  # type: ignore[attr-defined]
                views.append(crop)
    return views


def html_views(cache: Path) -> list[View]:
    """Return the pages with markup, as `article_cache.py` prepared them."""
    views = []
    for row in _rows(cache):
        if not row["lines"]:
            continue
        lines = [Line(text=one["t"], source=Span(*one["s"]), place=Place(**one["place"])) for one in row["lines"]]
        y = [{"body": 1, "other": 0, "skip": -1}[one["y"]] for one in row["lines"]]
        witnesses = np.array([one["w"] for one in row["lines"]], dtype=np.float32).reshape(len(lines), 4)
        view = View(row["site"], int(row["fold"]), lines, y, witnesses)
        view.id, view.body, view.measured = row["id"], row["body"], True  # type: ignore[attr-defined]
        views.append(view)
    return views


def fit_words(views: list[View]) -> tuple[np.ndarray, float]:
    """Fit a regularised logistic model on the words of a line."""
    rows, columns, values, y, weight, at = [], [], [], [], [], 0
    for view in views:
        for found, label in zip(view.words, view.y, strict=True):
            if label < 0:
                continue
            rows.extend([at] * len(found))
            columns.extend(found)
            values.extend([1 / max(1.0, len(found)) ** 0.5] * len(found))
            y.append(label)
            weight.append(view.weight)
            at += 1
    x = csr_matrix((values, (rows, columns)), shape=(at, BUCKETS))
    fitted = LogisticRegression(C=1.0, max_iter=60, solver="liblinear", random_state=0).fit(x, y, sample_weight=weight)
    return fitted.coef_[0].astype(np.float16).astype(np.float32), float(fitted.intercept_[0])


def words_say(view: View, words: np.ndarray, bias: float) -> np.ndarray:
    """Return what the words of each line of a page say."""
    return np.array([bias + words[f].sum() / max(1.0, len(f)) ** 0.5 for f in view.words], dtype=np.float32)


def fit_forest(matrices: list[np.ndarray], views: list[View], settings: dict) -> Forest:
    """Fit boosted trees and pack them."""
    keep = [view.y >= 0 for view in views]
    x = np.vstack([m[k] for m, k in zip(matrices, keep, strict=True)])
    y = np.concatenate([view.y[k] for view, k in zip(views, keep, strict=True)])
    # A page counts for its size, damped: long pages of links must not outvote short articles.
    weight = np.concatenate(
        [
            np.where(view.y[k] == 1, 1.5, 1.0) * view.weight * (60 / max(60, k.sum())) ** 0.5
            for view, k in zip(views, keep, strict=True)
        ]
    )
    data = lightgbm.Dataset(x, y, weight=weight, params={"max_bin": 127, "verbose": -1})
    options = {
        "objective": "binary",
        "seed": 3,
        "deterministic": True,
        "num_threads": 1,
        "verbose": -1,
        "max_depth": 8,
        "lambda_l2": 2.0,
        "bagging_fraction": 0.7,
        "bagging_freq": 1,
        "force_col_wise": True,
        **settings,
    }
    return pack(lightgbm.train(options, data, num_boost_round=ROUNDS))


def pack(booster: lightgbm.Booster) -> Forest:
    """Turn a booster into arrays."""
    trees = [flatten(tree["tree_structure"]) for tree in booster.dump_model()["tree_info"]]
    width = max(len(tree) for tree in trees)
    shape = (len(trees), width)
    feature, left, right = (np.zeros(shape, dtype=np.int64) for _ in range(3))
    threshold, value = np.full(shape, np.inf, dtype=np.float32), np.zeros(shape, dtype=np.float32)
    for t, tree in enumerate(trees):
        for n, (f, cut, low, high, v, _) in enumerate(tree):
            feature[t, n], threshold[t, n], left[t, n], right[t, n], value[t, n] = f, cut, low, high, v
    depth = max(node[5] for tree in trees for node in tree)
    return Forest(feature, threshold, left, right, value, int(depth))


def flatten(root: dict) -> list[tuple]:
    """Number the nodes of a tree: feature, threshold, left, right, value, depth."""
    nodes: list[tuple] = []

    def visit(node: dict, depth: int) -> int:
        at = len(nodes)
        if "leaf_value" in node:
            nodes.append((0, np.inf, at, at, node["leaf_value"], depth))
            return at
        nodes.append(())
        cut = np.float32(node["threshold"])
        left, right = visit(node["left_child"], depth + 1), visit(node["right_child"], depth + 1)
        nodes[at] = (node["split_feature"], cut, left, right, 0.0, depth)
        return at

    visit(root, 0)
    return nodes


def fit(views: list[View], words: tuple[np.ndarray, float] | None = None) -> Recipe:
    """Fit the whole recipe; what a round hands to the next is always from sites it has not seen."""
    said: dict[int, np.ndarray] = {}
    for group in range(GROUPS):
        held = [v for v in views if v.group == group]
        if not held:
            continue
        inner = fit_words([v for v in views if v.group != group])
        said.update({id(v): words_say(v, *inner) for v in held})
    matrices = [page_features(v.lines, said[id(v)], v.witnesses) for v in views]
    chances: dict[int, np.ndarray] = {}
    for group in range(GROUPS):
        held = [i for i, v in enumerate(views) if v.group == group]
        rest = [i for i, v in enumerate(views) if v.group != group]
        if not held:
            continue
        inner_forest = fit_forest([matrices[i] for i in rest], [views[i] for i in rest], FIRST)
        chances.update({i: grow(inner_forest, matrices[i]) for i in held})
    first = fit_forest(matrices, views, FIRST)
    second = fit_forest([np.hstack([m, neighbours(chances[i])]) for i, m in enumerate(matrices)], views, SECOND)
    return Recipe(*(words or fit_words(views)), first, second)


def apply(recipe: Recipe, view: View) -> np.ndarray:
    """Return the chance of each line of a page."""
    features = page_features(view.lines, words_say(view, recipe.words, recipe.bias), view.witnesses)
    return grow(recipe.second, np.hstack([features, neighbours(grow(recipe.first, features))]))


def shingles(text: str) -> Counter:
    """Count the word 4-grams of a text."""
    import re

    tokens = re.findall(r"\w+", text)
    return Counter(map(tuple, (tokens[i : i + 4] for i in range(max(1, len(tokens) - 3)))))


def measure(views: list[View], chances: list[np.ndarray], cut: float) -> dict[str, float]:
    """Score chosen lines as the data's README says."""
    precisions, recalls = [], []
    tp = fp = fn = 0
    for view, chance in zip(views, chances, strict=True):
        chosen = chance >= cut
        text = "\n".join(line.text for line, c in zip(view.lines, chosen, strict=True) if c)
        told, gold = shingles(text), shingles(view.body)
        hit = sum((told & gold).values())
        a, b = sum((told - gold).values()), sum((gold - told).values())
        if hit + a:
            precisions.append(hit / (hit + a))
        recalls.append(hit / (hit + b) if hit + b else 1.0)
        ok = view.y >= 0
        tp += int((chosen & (view.y == 1)).sum())
        fp += int((chosen & (view.y == 0)).sum())
        fn += int((~chosen & (view.y == 1) & ok).sum())
    p, r = float(np.mean(precisions)), float(np.mean(recalls))
    return {
        "precision": p,
        "recall": r,
        "f1": 2 * p * r / (p + r),
        "line_f1": 2 * tp / (2 * tp + fp + fn),
        "pages": len(views),
    }


def cross(views: list[View]) -> dict[str, dict[str, float]]:
    """Score each fold with a model trained on the others."""
    measured, chances = [], []
    for fold in sorted({v.fold for v in views}):
        recipe = fit([v for v in views if v.fold != fold])
        for view in views:
            if view.fold == fold and view.measured:  # type: ignore[attr-defined]
                measured.append(view)
                chances.append(apply(recipe, view))
    return {f"{cut}": measure(measured, chances, cut) for cut in (0.4, 0.45, 0.5, 0.55)}


def arrays(kind: str, recipe: Recipe) -> dict[str, np.ndarray]:
    """Pack a model for shipping."""
    packed: dict[str, np.ndarray] = {
        f"{kind}.words": recipe.words.astype(np.float16),
        f"{kind}.bias": np.float32(recipe.bias),
    }
    for name, forest in (("first", recipe.first), ("second", recipe.second)):
        key = f"{kind}.{name}"
        packed |= {
            f"{key}.feature": forest.feature.astype(np.int16),
            f"{key}.threshold": forest.threshold.astype(np.float32),
            f"{key}.left": forest.left.astype(np.int16),
            f"{key}.right": forest.right.astype(np.int16),
            f"{key}.value": forest.value.astype(np.float32),
            f"{key}.depth": np.int64(forest.depth),
        }
    return packed


def main(folder: Path, cache: Path, out: Path, kinds: list[str]) -> None:
    """Train, ship, cross-validate."""
    for kind in kinds:
        views = text_views(folder) if kind == "text" else html_views(cache)
        packed = arrays(kind, fit(views))
        table = out / model.TABLE
        if table.is_file():
            with np.load(table, allow_pickle=False) as held:
                packed = {key: held[key] for key in held.files if not key.startswith(f"{kind}.")} | packed
        np.savez_compressed(table, **packed)
        print(kind, "shipped", flush=True)
        if os.environ.get("NO_CV"):
            continue
        scores = cross(views)
        print(kind, json.dumps(scores, indent=1), flush=True)
        path = out / "lines_cv.json"
        told = json.loads(path.read_text()) if path.is_file() else {}
        path.write_text(json.dumps(told | {kind: scores}, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4:] or ["text", "html"])

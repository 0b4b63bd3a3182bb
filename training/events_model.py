"""Train the type scorer of the events room.

In: the data folder (`events/dev/plv_*.jsonl`, `events/dev/coped_penta_train.jsonl`), `training/events_sentences.txt`.
Out: `src/tidings/data/events_model.npz`; with `--hold-out` the model without the PLV dev part, to measure by.
Rows marked `in_plv_test` are dropped. It evaluates nothing.

    python training/events_model.py DATA [--hold-out --to FILE]
"""

from __future__ import annotations

import argparse
import json
import math
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from events_sentences import marked_sentences
from tidings.events.features import GROUPS, features_of
from tidings.events.scorer import BUCKETS, bucket, vector
from tidings.events.triggers import find_candidates
from tidings.syntax import load_model
from tidings.text import Span

OUT = Path(__file__).parent.parent / "src" / "tidings" / "data" / "events_model.npz"
TYPE_GROUPS = {"w": 0.7, "c": 0.7, "b": 1.0, "p": 1.0, "x": 1.0, "a": 0.0}
ACT_GROUPS = {"w": 0.5, "c": 0.5, "b": 0.0, "p": 0.0, "x": 1.0, "a": 1.0}
OWN_WEIGHT = 0.3
SHARPNESS = 3.0


def rows(path: Path) -> list[dict]:
    """Read a JSONL file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def span(pair) -> Span | None:
    """Return a span of a pair or of nothing."""
    return Span(*pair) if pair else None


def featured(items: list[tuple[str, Span | None, Span | None]]) -> list[dict]:
    """Return the features of sentences with their sides."""
    docs = load_model().pipe([text for text, _, _ in items], batch_size=32)
    return [
        features_of(doc, find_candidates(doc), source, target)
        for doc, (_, source, target) in zip(docs, items, strict=True)
    ]


def document_frequency(featured_rows: list[dict]) -> np.ndarray:
    """Return the inverse document frequency of each column."""
    seen = np.zeros(BUCKETS)
    for groups in featured_rows:
        for column in {bucket(group, feature) for group in GROUPS for feature in groups[group]}:
            seen[column] += 1
    return np.where(seen > 0, np.log((1 + len(featured_rows)) / (1 + seen)) + 1, 1 + math.log(1 + len(featured_rows)))


def matrix(featured_rows: list[dict], idf: np.ndarray, weights: dict[str, float]) -> csr_matrix:
    """Return the hashed rows."""
    where, columns, values = [0], [], []
    for groups in featured_rows:
        found = vector(groups, idf, weights)
        columns.extend(found)
        values.extend(found.values())
        where.append(len(columns))
    return csr_matrix((values, columns, where), shape=(len(featured_rows), BUCKETS))


def whole_bytes(weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return weights as signed bytes, and what one step is worth."""
    scale = np.abs(weights).max(axis=-1) / 127
    return np.round(weights / scale[..., None]).astype(np.int8), scale


def main() -> None:
    """Train and save."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("data", type=Path)
    arguments.add_argument("--hold-out", action="store_true")
    arguments.add_argument("--to", type=Path, default=OUT)
    given = arguments.parse_args()
    folder = given.data / "events" / "dev"
    plv = rows(folder / "plv_train.jsonl") + ([] if given.hold_out else rows(folder / "plv_dev.jsonl"))
    neutral = [r for r in rows(folder / "coped_penta_train.jsonl") if r["penta"] == 0 and not r["in_plv_test"]]
    own = marked_sentences()
    sided = featured([(r["text"], span(r["source_spans"][0] if r["source_spans"] else None),
                       span(r["target_spans"][0] if r["target_spans"] else None)) for r in plv])  # fmt: skip
    own_sided = featured([(m.text, span(m.source), span(m.target)) for m in own if m.type])
    yields = {"CONCEDE": "YIELD", "RETREAT": "YIELD"}
    types = [r["root"] for r in plv] + [yields.get(m.type, m.type) for m in own if m.type]
    idf = document_frequency(sided).astype(np.float16)
    type_rows = matrix(sided + own_sided, idf.astype(np.float32), TYPE_GROUPS)
    weights = [1.0] * len(sided) + [OWN_WEIGHT] * len(own_sided)
    type_model = LinearSVC(C=1.0, random_state=0).fit(type_rows, types, sample_weight=weights)

    bare = featured([(text, None, None) for text in
                     [r["text"] for r in plv] + [r["text"] for r in neutral] + [m.text for m in own]])  # fmt: skip
    acts = [1] * len(plv) + [0] * len(neutral) + [int(m.type is not None) for m in own]
    weights = [0.1] * (len(plv) + len(neutral)) + [0.5] * len(own)
    act_model = LogisticRegression(C=1.0, max_iter=500).fit(
        matrix(bare, idf.astype(np.float32), ACT_GROUPS), acts, sample_weight=weights
    )
    type_bytes, type_scale = whole_bytes(type_model.coef_)
    act_bytes, act_scale = whole_bytes(act_model.coef_[0])
    np.savez_compressed(
        given.to, labels=np.array(type_model.classes_, dtype=str), idf=idf, types=type_bytes, type_scale=type_scale,
        type_bias=type_model.intercept_, act=act_bytes, act_scale=act_scale, act_bias=act_model.intercept_[0],
        sharpness=SHARPNESS, groups=np.array(GROUPS), type_groups=np.array([TYPE_GROUPS[g] for g in GROUPS]),
        act_groups=np.array([ACT_GROUPS[g] for g in GROUPS]),
    )  # fmt: skip
    print(f"{given.to}: {given.to.stat().st_size} bytes, {len(plv)} + {len(own)} sentences")


if __name__ == "__main__":
    main()

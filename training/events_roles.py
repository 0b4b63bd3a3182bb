"""Train what finds the roles in a sentence: a linear-chain conditional random field, and the weights of the join.

In: `events/dev/coped_actor_train.jsonl` of the data folder, rows marked `in_plv_test` dropped, for the chain; set A of
the coded news sentences for the weights of what chain, encoder and parse say of a noun phrase.
Out: `events_roles.npz` and `events_roles.tsv` in `src/tidings/data/`; with `--folds N` also the chain's cross-validated
scores; with `--join` the weights alone. Seeded.

    python training/events_roles.py DATA [--folds 5] [--join]
"""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path

import numpy as np

from tidings.events.casting import TAGS, decode, spans_of, token_features
from tidings.events.scorer import bucket
from tidings.score.events import coded_phrases, role_weights
from tidings.syntax import load_model

OUT = Path(__file__).parent.parent / "src" / "tidings" / "data" / "events_roles.npz"
BUCKETS = 1 << 16
EPOCHS = 15
FORBIDDEN = -1000.0
RATE = 0.1
LEAN = (0.0, 0.0, 0.0, 0.5, 0.5, 0.3, 0.3)


def load(path: Path):
    """Return docs with their feature rows, gold tags and gold spans."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    rows = [row for row in rows if not row["in_plv_test"]]
    items = []
    for row, doc in zip(rows, load_model().pipe([" ".join(r["tokens"]) for r in rows], batch_size=32), strict=True):
        starts, at = [], 0
        for token in row["tokens"]:
            starts.append(at)
            at += len(token) + 1
        gold = sorted(
            (
                span["role"][0].upper(),
                starts[span["start"]],
                starts[span["end"] - 1] + len(row["tokens"][span["end"] - 1]),
            )
            for span in row["spans"]
        )
        tags = ["O"] * len(doc)
        for role, start, end in gold:
            inside = [t.i for t in doc if t.idx < end and t.idx + len(t.text) > start and not t.is_space]
            for place, index in enumerate(inside):
                tags[index] = f"{'I' if place else 'B'}-{role}"
        features = [[bucket("r", name) % BUCKETS for name in names] for names in token_features(doc)]
        items.append((doc, features, [TAGS.index(tag) for tag in tags], set(gold)))
    return items


def start_steps() -> np.ndarray:
    """Return the transition table: row 0 starts, the others follow a tag; an I needs its own B or I."""
    steps = np.zeros((len(TAGS) + 1, len(TAGS)))
    for at, tag in enumerate(TAGS):
        if tag[0] == "I":
            steps[0, at] = FORBIDDEN
            for before, left in enumerate(TAGS):
                if left[1:] != tag[1:]:
                    steps[before + 1, at] = FORBIDDEN
    return steps


def log_sum(values: np.ndarray, axis: int) -> np.ndarray:
    """Return the logarithm of the sum of exponentials."""
    top = values.max(axis=axis, keepdims=True)
    return (top + np.log(np.exp(values - top).sum(axis=axis, keepdims=True))).squeeze(axis)


def gradients(scores: np.ndarray, steps: np.ndarray, gold: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the gradient of the log-likelihood for the tag scores and the transitions of one sentence."""
    count = len(gold)
    forward, backward = np.zeros_like(scores), np.zeros_like(scores)
    forward[0] = scores[0] + steps[0]
    for at in range(1, count):
        forward[at] = scores[at] + log_sum(forward[at - 1][:, None] + steps[1:], 0)
    for at in range(count - 2, -1, -1):
        backward[at] = log_sum(steps[1:] + (scores[at + 1] + backward[at + 1])[None, :], 1)
    total = log_sum(forward[-1], 0)
    by_tag = -np.exp(forward + backward - total)
    by_tag[np.arange(count), gold] += 1
    by_step = np.zeros_like(steps)
    by_step[0] = by_tag[0]
    for at in range(1, count):
        by_step[1:] -= np.exp(forward[at - 1][:, None] + steps[1:] + (scores[at] + backward[at])[None, :] - total)
    np.add.at(by_step, (gold[:-1] + 1, gold[1:]), 1)
    return by_tag, by_step


def train(items, seed: int = 0, epochs: int = EPOCHS) -> tuple[np.ndarray, np.ndarray]:
    """Return the weights and transitions of a conditional random field (AdaGrad)."""
    weights, seen = np.zeros((BUCKETS, len(TAGS))), np.full((BUCKETS, len(TAGS)), 0.01)
    steps = start_steps()
    steps_seen, allowed = np.full(steps.shape, 0.01), steps > FORBIDDEN / 2
    order = list(range(len(items)))
    shuffle = random.Random(seed)
    for _ in range(epochs):
        shuffle.shuffle(order)
        for index in order:
            _, rows, tags, _ = items[index]
            columns = np.concatenate([np.array(row) for row in rows])
            tokens = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
            scores = np.zeros((len(rows), len(TAGS)))
            np.add.at(scores, tokens, weights[columns])
            by_tag, by_step = gradients(scores, steps, np.array(tags))
            spread = by_tag[tokens]
            np.add.at(seen, columns, spread * spread)
            np.add.at(weights, columns, RATE * spread / np.sqrt(seen[columns]))
            by_step = np.where(allowed, by_step, 0)
            steps_seen += by_step * by_step
            steps = steps + RATE * by_step / np.sqrt(steps_seen)
    # A side missed costs as much as a side too many, and there are fewer sides than other words.
    weights[bucket("r", "bias") % BUCKETS] += np.array(LEAN)
    return weights, steps


def score(items, weights, steps) -> dict[str, list[int]]:
    """Count exact and overlapping spans: found right, found, gold for each role."""
    counts = {f"{role} {kind}": [0, 0, 0] for role in "STR" for kind in ("exact", "overlap")}
    for doc, rows, _, gold in items:
        found = [(role, *span) for role, span in spans_of(doc, decode(rows, weights, steps))]
        for role in "STR":
            mine, theirs = [f for f in found if f[0] == role], [g for g in gold if g[0] == role]
            exact, overlap = counts[f"{role} exact"], counts[f"{role} overlap"]
            exact[0] += sum(f in theirs for f in mine)
            overlap[0] += sum(any(f[1] < g[2] and g[1] < f[2] for g in theirs) for f in mine)
            for count in (exact, overlap):
                count[1] += len(mine)
                count[2] += len(theirs)
    return counts


def main() -> None:
    """Train, score by folds when asked, save."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("data", type=Path)
    arguments.add_argument("--folds", type=int, default=0)
    arguments.add_argument("--join", action="store_true", help="keep the chain as it is")
    given = arguments.parse_args()
    if given.join:
        save_weights(given.data)
        return
    items = load(given.data / "events" / "dev" / "coped_actor_train.jsonl")
    if given.folds:
        order = list(range(len(items)))
        random.Random(0).shuffle(order)
        totals: dict[str, np.ndarray] = {}
        for fold in range(given.folds):
            test = [items[i] for i in order[fold :: given.folds]]
            kept = [items[i] for n, i in enumerate(order) if n % given.folds != fold]
            for name, count in score(test, *train(kept)).items():
                totals[name] = totals.get(name, np.zeros(3)) + np.array(count)
        for name, (right, found, gold) in totals.items():
            precision, recall = right / max(1, found), right / max(1, gold)
            print(f"{name}: P {precision:.3f} R {recall:.3f} F1 {2 * right / (found + gold):.3f}")
    weights, steps = train(items)
    scale = np.abs(weights).max() / 127
    np.savez_compressed(OUT, weights=np.round(weights / scale).astype(np.int8), scale=scale, steps=steps)
    print(f"{OUT}: {OUT.stat().st_size} bytes, {len(items)} sentences")
    save_weights(given.data)


def save_weights(data: Path) -> None:
    """Fit the weights of the signs of noun phrases and save them, in order of their names."""
    path = data / "events" / "dev" / "news_cameo_multicoder_A.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    weights = role_weights(coded_phrases(rows))
    lines = [f"{name}\t{source}\t{target}" for name, (source, target) in weights.items()]
    OUT.with_suffix(".tsv").write_text("\n".join(["sign\tsource\ttarget", *lines]) + "\n", encoding="utf-8")
    print(f"{OUT.with_suffix('.tsv')}: {len(weights)} signs")


if __name__ == "__main__":
    main()

"""Fit the weights that rank the antecedents of a pronoun.

In: the development data (GUM news clusters, GAP snippets). Out: `actors_coreference.json` in `src/tidings/data`.
Every even row is learnt from; the odd ones are left to the scorer, but "it" and "they" are too rare for that. For each
pronoun all rivals stand in one group, and
a conditional logit raises the right ones over the others. Pronouns in between are resolved by the weights so far,
hence the rounds.

    python training/actors_coreference.py DATA
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from spacy.tokens import Doc

HERE = Path(__file__).parent
OUT = HERE.parent / "src" / "tidings" / "data" / "actors_coreference.json"
sys.path.insert(0, str(HERE.parent / "src"))

from tidings.actors import coreference, resolving  # noqa: E402
from tidings.syntax import parse  # noqa: E402

ROUNDS = 3
NEWS = 4
"""How much more a pronoun of a news document counts than one of an encyclopedia."""
SPOKE = 1.2
"""Who spoke last goes on speaking: set by hand, as encyclopedias hold few speakers."""
Span = tuple[int, int]
Group = list[tuple[dict[str, float], bool]]
Task = tuple[Doc, list[Span], dict[int, set[int]]]


def gap(path: Path) -> Iterator[Task]:
    """Yield the snippets whose pronoun means one of the two names."""
    for at, line in enumerate(path.open(encoding="utf-8")):
        row = json.loads(line)
        if at % 2 or row["a_coref"] == row["b_coref"]:
            continue
        offers = {n: (int(row[f"{n}_offset"]), int(row[f"{n}_offset"]) + len(row[n])) for n in "ab"}
        start = int(row["pronoun_offset"])
        right = offers["a" if row["a_coref"] == "TRUE" else "b"][0]
        yield parse(row["text"]), [(start, start + len(row["pronoun"])), *offers.values()], {start: {right}}


def gum(path: Path) -> Iterator[Task]:
    """Yield the news documents with all their mentions."""
    for at, line in enumerate(path.open(encoding="utf-8")):
        row = json.loads(line)
        right: dict[int, set[int]] = {}
        for one in row["mentions"]:
            if one["pron"] and (at % 2 == 0 or coreference.PRONOUNS.get(one["text"].lower()) in ("it", "they")):
                right[one["start"]] = {
                    m["start"] for m in row["mentions"] if m["eid"] == one["eid"] and m["start"] != one["start"]
                }
        yield parse(row["text"]), [(m["start"], m["end"]) for m in row["mentions"]], right


def groups(tasks: list[Task]) -> dict[str, list[Group]]:
    """Resolve all tasks with a teacher at hand and note down who competed for each pronoun."""
    found: dict[str, list[Group]] = {}
    usual = resolving.antecedent
    for doc, spans, right in tasks:

        def teach(own, word, doc, earlier, later=(), barred=(), right=right, spans=spans):
            wanted = right.get(own.start)
            if not wanted:
                return usual(own, word, doc, earlier, later, barred)
            rivals = coreference.competitors(own, word, doc, earlier, later)
            rivals = [(one, seen) for one, seen in rivals if one.cluster not in barred]
            clusters = {one.cluster for one in (*earlier, *later) if one.start in wanted}
            group = [(seen, one.cluster in clusters) for one, seen in rivals]
            if any(hit for _, hit in group) and not all(hit for _, hit in group):
                name = coreference.weights_for(coreference.PRONOUNS[word])
                found.setdefault(name, []).extend([group] * (NEWS if name == "person" and len(spans) > 3 else 1))
            best = next((one for one, _ in rivals if one.cluster in clusters), None)
            return (best, 1.0) if best else usual(own, word, doc, earlier, later, barred)

        resolving.antecedent = teach
        resolving.resolve_in(doc, spans)
    resolving.antecedent = usual
    return found


def fit(rows: list[Group], penalty: float) -> dict[str, float]:
    """Return the weights under which the right rivals are likeliest."""
    names = sorted({name for group in rows for seen, _ in group for name in seen})
    column = {name: at for at, name in enumerate(names)}
    x = np.zeros((sum(map(len, rows)), len(names)))
    edges, right = [0], []
    for group in rows:
        for seen, hit in group:
            for name, value in seen.items():
                x[len(right), column[name]] = value
            right.append(hit)
        edges.append(len(right))
    starts, sizes, is_right = np.array(edges[:-1]), np.diff(edges), np.array(right)

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        score = x @ w
        score = np.exp(score - np.repeat(np.maximum.reduceat(score, starts), sizes))
        share = score / np.repeat(np.add.reduceat(score, starts), sizes)
        hit = np.add.reduceat(share * is_right, starts)
        pull = share - share * is_right / np.repeat(hit, sizes)
        return float(-np.log(hit).sum() + penalty * (w @ w)), x.T @ pull + 2 * penalty * w

    best = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B").x
    return {name: round(float(w), 3) for name, w in zip(names, best, strict=True) if abs(w) > 0.01}


def main(data: Path) -> None:
    """Fit and write the weights."""
    home = data / "actors" / "dev"
    tasks = [*gap(home / "coref_gap_development.jsonl"), *gum(home / "coref_gum_news.jsonl")]
    for _ in range(ROUNDS):
        found = groups(tasks)
        weights = {name: fit(rows, 3.0) for name, rows in sorted(found.items())}
        weights["person"]["spoke"] = SPOKE
        OUT.write_text(json.dumps(weights, indent=0, sort_keys=True) + "\n", encoding="utf-8")
        coreference._weights.cache_clear()
        print({name: len(rows) for name, rows in found.items()})


if __name__ == "__main__":
    main(Path(sys.argv[1]))

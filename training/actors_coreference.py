"""Fit the weights that rank the antecedents of a pronoun.

In: the development data (GUM news clusters, GAP snippets). Out: `actors_coreference.json` in `src/tidings/data`.
For each pronoun, every candidate is one row, right or wrong; a logistic regression gives the weights.

    python training/actors_coreference.py DATA
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "src"))

from tidings.actors import coreference, resolving  # noqa: E402
from tidings.actors.reading import sentence_numbers  # noqa: E402
from tidings.syntax import parse  # noqa: E402

Rows = dict[str, list[tuple[dict[str, float], int]]]


def gap(path: Path, rows: Rows, *, limit: int) -> None:
    """Collect candidates for the pronouns of GAP: the two names and the other persons the parser sees."""
    for at, line in enumerate(path.open(encoding="utf-8")):
        if at >= limit:
            break
        row = json.loads(line)
        if row["a_coref"] == row["b_coref"]:
            continue
        doc = parse(row["text"])
        offers = {n: (int(row[f"{n}_offset"]), int(row[f"{n}_offset"]) + len(row[n])) for n in "ab"}
        right = offers["a" if row["a_coref"] == "TRUE" else "b"]
        start = int(row["pronoun_offset"])
        collect(doc, [*offers.values()], (start, start + len(row["pronoun"])), {right}, rows)


def gum(path: Path, rows: Rows) -> None:
    """Collect candidates for the pronouns of the GUM news documents."""
    for line in path.open(encoding="utf-8"):
        row = json.loads(line)
        doc = parse(row["text"])
        mentions = [m for m in row["mentions"] if not m["pron"]]
        for mention in row["mentions"]:
            if mention["pron"] and coreference.PRONOUNS.get(mention["text"].lower()) in ("he", "she", "it", "they"):
                before = [m for m in mentions if m["start"] < mention["start"]][-40:]
                spans = [(m["start"], m["end"]) for m in before]
                right = {(m["start"], m["end"]) for m in before if m["eid"] == mention["eid"]}
                if right:
                    collect(doc, spans, (mention["start"], mention["end"]), right, rows)


def collect(doc, spans, pronoun, right, rows: Rows) -> None:
    """Add one row for each candidate that fits a pronoun."""
    sentences, inside = sentence_numbers(doc), coreference.quoted(doc)
    people = resolving._person_names(doc)
    word = doc.text[pronoun[0] : pronoun[1]].lower()
    kind = coreference.PRONOUNS.get(word)
    if kind is None:
        return
    own = resolving._describe(doc, pronoun, -1, sentences, inside, people)
    offered = sorted(resolving._describe(doc, span, at, sentences, inside, people) for at, span in enumerate(spans))
    fitting = [c for c in offered if coreference._fits(c, own, kind, word, doc)]
    if not any((c.start, c.end) in right for c in fitting) or len(fitting) < 2:
        return
    order = 0
    group = "person" if kind in ("he", "she") else kind
    for one in sorted(fitting, key=lambda c: -c.start):
        order += one.start < own.start
        found = coreference.features(one, own, kind, doc, 1, order if one.start < own.start else 4)
        rows.setdefault(group, []).append((found, int((one.start, one.end) in right)))


def main(data: Path) -> None:
    """Fit and write the weights."""
    rows: Rows = {}
    gap(data / "actors" / "dev" / "coref_gap_development.jsonl", rows, limit=2000)
    gum(data / "actors" / "dev" / "coref_gum_news.jsonl", rows)
    weights = {}
    for group, pairs in sorted(rows.items()):
        vectors = DictVectorizer()
        x = vectors.fit_transform([found for found, _ in pairs])
        y = np.array([label for _, label in pairs])
        model = LogisticRegression(C=0.3, max_iter=2000, random_state=0).fit(x, y)
        weights[group] = {
            name: round(float(w), 3)
            for name, w in zip(vectors.get_feature_names_out(), model.coef_[0], strict=True)
            if abs(w) > 0.01
        }
        weights[group]["count"] = max(weights[group].get("count", 0.0), 0.6)
        print(group, len(pairs), "rows", int(y.sum()), "right")
    out = HERE.parent / "src" / "tidings" / "data" / "actors_coreference.json"
    out.write_text(json.dumps(weights, indent=0, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

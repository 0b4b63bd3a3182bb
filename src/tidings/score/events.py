"""Score events: types on single sentences, roles, and whole pages.

In: the development data of the events and pages stages. Out: scores.
The types are scored with the model that never saw the PLV dev part; the news sentences of set A are in no model.
Roles are scored on set A only: the chain has seen all of CoPED, which `training/events_roles.py --folds` scores.
The weights that join chain, encoder and parse are fitted on set A, so each sentence is told by weights of the others.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tidings.errors import DataError
from tidings.events.ontology import QUADS
from tidings.score.results import Score, data_folder, f1
from tidings.text import Span

if TYPE_CHECKING:
    from tidings.events.phrases import Phrase
    from tidings.facts import Event, Record, Side

__all__ = ["coded_phrases", "match_page", "role_weights", "score_events", "score_seed"]

Row = dict[str, Any]
DEV_MODEL = "events_model_dev.npz"
HELD = 2.0
"""How strongly the weights of the roles are held near zero."""
_WORD = re.compile(r"[A-Za-z0-9]+")
_ROOTS = {
    "03": ("AGREE",), "04": ("CONSULT",), "05": ("SUPPORT",), "06": ("COOPERATE",), "07": ("AID",),
    "08": ("CONCEDE", "RETREAT"), "09": ("ACCUSE",), "10": ("REQUEST",), "11": ("ACCUSE",), "12": ("REJECT",),
    "13": ("THREATEN",), "14": ("PROTEST",), "15": ("MOBILIZE",), "16": ("SANCTION",), "17": ("COERCE", "SANCTION"),
    "18": ("ASSAULT",), "19": ("ASSAULT",), "20": ("ASSAULT",),
}  # fmt: skip


def score_events(folder: Path | None = None) -> list[Score]:
    """Measure the events stage on its development data."""
    events = data_folder("events", folder)
    scores = [*_plv(events), *_news(events)]
    try:
        pages = data_folder("pages", folder)
    except DataError:
        return scores
    return [*scores, *_pages(pages)]


def _rows(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _macro(gold: Sequence[object], found: Sequence[object]) -> float:
    """Return macro-F1 over the classes that occur in gold or found."""
    classes = {*gold, *found}
    total = 0.0
    for name in sorted(classes, key=str):
        right = sum(g == name == p for g, p in zip(gold, found, strict=True))
        wanted, given = sum(g == name for g in gold), sum(p == name for p in found)
        total += 2 * right / (wanted + given)
    return total / len(classes)


def _plv(folder: Path) -> list[Score]:
    """Score types with the sides given."""
    from tidings.events.coder import code_parsed
    from tidings.syntax import load_model

    rows = _rows(folder / "dev" / "plv_dev.jsonl")
    docs = load_model().pipe([row["text"] for row in rows], batch_size=32)
    gold, found = [], []
    for row, doc in zip(rows, docs, strict=True):
        sides = [Span(*row[f"{name}_spans"][0]) if row[f"{name}_spans"] else None for name in ("source", "target")]
        kind = code_parsed(doc, *sides, model=DEV_MODEL).type
        gold.append(row["root"])
        found.append("YIELD" if kind in ("CONCEDE", "RETREAT") else kind)
    quad = {**QUADS, "YIELD": 2, None: 0}
    data = "events/dev/plv_dev.jsonl"
    peer = "TF-IDF + LinearSVC (on PLV test)"
    made = (
        ("plv root", gold, found, "over 15 roots, sides given", 69.4),
        ("plv quad", [quad[g] for g in gold], [quad[p] for p in found], "over quads", 82.5),
        ("plv binary", [quad[g] > 2 for g in gold], [quad[p] > 2 for p in found], "conflict or cooperation", 90.1),
    )
    return [
        _made(name, 100 * _macro(wanted, given), f"macro-F1 x 100, {metric}", len(rows), data, rival, peer)
        for name, wanted, given, metric, rival in made
    ]


def _made(
    name: str, value: float, metric: str, items: int, data: str, rival: float | None = None, peer: str | None = None
) -> Score:
    return Score(
        name=name, value=round(value, 4), metric=metric, items=items, data=data, rival=rival, rival_name=peer
    )  # fmt: skip


def _news(folder: Path) -> list[Score]:
    """Score relevance and type on news sentences, about half of them without an act, and the roles found in them."""
    from tidings.events.coder import code_parsed
    from tidings.syntax import load_model

    rows = _rows(folder / "dev" / "news_cameo_multicoder_A.jsonl")
    docs = list(load_model().pipe([row["text"] for row in rows], batch_size=32))
    kinds = [code_parsed(doc).type for doc in docs]
    judged = [(row["gold"], kind) for row, kind in zip(rows, kinds, strict=True)]
    relevant = [(bool(gold["relevant"]), kind is not None) for gold, kind in judged if gold["relevant"] is not None]
    both = sum(g and p for g, p in relevant)
    found, wanted = sum(p for _, p in relevant), sum(g for g, _ in relevant)
    penta = [
        QUADS.get(kind or "", 0) == gold["penta"]
        for gold, kind in judged
        if gold["relevant"] and gold["penta"] is not None
    ]
    acts = [(gold, kind) for gold, kind in judged if gold["relevant"] and gold["penta"]]
    penta_acts = [_penta(kind) == gold["penta"] for gold, kind in acts]
    roots = [kind in _ROOTS.get(gold["cameo_root"], ()) for gold, kind in acts if gold["cameo_root"] in _ROOTS]
    data = "events/dev/news_cameo_multicoder_A.jsonl"
    relevance = f1(both / max(1, found), both / wanted)
    scores = [
        _made("news relevance", relevance, "F1 against the majority", len(relevant), data, 0.72, "all relevant"),
        _made("news penta", _share(penta), "accuracy on relevant sentences, statement (0) = no act", len(penta), data),
        _made("news penta of acts", _share(penta_acts), "accuracy on sentences with an act", len(penta_acts), data,
              0.37, "TF-IDF + SVM on CoPED"),
        _made("news root", _share(roots), "accuracy of the CAMEO root, sentences with an act", len(roots), data,
              0.46, "fine-tuned MiniLM"),
    ]  # fmt: skip
    found = _roles(rows)
    for role, (name, human) in enumerate((("Source", 0.86), ("Target", 0.73))):
        value = _overlap(rows, [sides[role] for sides in found], name)
        metric = "overlap F1 averaged over the coders, each sentence by weights fitted on the others"
        scores.append(_made(f"news {name.lower()}", value, metric, len(rows), data, human, "human to human"))
    return scores


Coded = tuple[list["Phrase"], list[tuple[float, float]]]
"""The noun phrases of a sentence, and the share of its coders who marked each as a source and as a target."""


def _roles(rows: Sequence[Row]) -> list[tuple[Sequence[Span], Sequence[Span]]]:
    """Return the sources and targets of coded sentences, each by weights fitted on the other sentences."""
    from tidings import encoder
    from tidings.events.casting import roles
    from tidings.events.phrases import chosen

    if not encoder.available():
        return [(found.source, found.target) for found in (roles(row["text"]) for row in rows)]
    coded = coded_phrases(rows)
    answers: list[tuple[Sequence[Span], Sequence[Span]]] = []
    for at, (phrases, shares) in enumerate(coded):
        weights = role_weights([*coded[:at], *coded[at + 1 :]]) if shares else {}
        answers.append((chosen(phrases, weights, role=0), chosen(phrases, weights, role=1)))
    return answers


def coded_phrases(rows: Sequence[Row]) -> list[Coded]:
    """Return the phrases of each coded sentence with the coders' shares; no shares where nobody marked anything."""
    from tidings.events.casting import roles_chained
    from tidings.events.phrases import find_phrases
    from tidings.syntax import parse

    coded: list[Coded] = []
    for row in rows:
        doc = parse(row["text"])
        chain = roles_chained(doc)
        phrases = find_phrases(doc, chain.source, chain.target)
        marked = [coder["spans"] for coder in row["annotators"] if coder["spans"]]
        shares = [
            (_marked(marked, item.head.idx, "Source"), _marked(marked, item.head.idx, "Target")) for item in phrases
        ]
        coded.append((phrases, shares if marked else []))
    return coded


def _marked(coders: Sequence[Sequence[Row]], at: int, label: str) -> float:
    return _share(
        [any(s["label"].startswith(label) and s["start"] <= at < s["end"] for s in spans) for spans in coders]
    )


def role_weights(coded: Sequence[Coded]) -> dict[str, tuple[float, float]]:
    """Fit the weight of each sign for sources and for targets: logistic, held near zero as the sentences are few."""
    import numpy as np

    items = [(item.signs, share) for phrases, shares in coded for item, share in zip(phrases, shares, strict=False)]
    names = sorted({name for signs, _ in items for name in signs})
    features = np.array([[signs.get(name, 0.0) for name in names] for signs, _ in items])
    made = []
    for role in (0, 1):
        gold, weights = np.array([share[role] for _, share in items]), np.zeros(len(names))
        for _ in range(12):
            chances = 1 / (1 + np.exp(-np.clip(features @ weights, -30, 30)))
            slope = features.T @ (chances - gold) + HELD * weights
            bend = (features * (chances * (1 - chances))[:, None]).T @ features + HELD * np.eye(len(names))
            weights = weights - np.linalg.solve(bend, slope)
        made.append([round(float(weight), 3) for weight in weights])
    return {name: (source, target) for name, source, target in zip(names, *made, strict=True)}


def _share(right: Sequence[bool]) -> float:
    return sum(right) / max(1, len(right))


def _penta(kind: str | None) -> int:
    """Return the five-class code; RETREAT and CONCEDE are CAMEO 08, material cooperation in this data."""
    return 2 if kind == "CONCEDE" else QUADS.get(kind or "", 0)


def _overlap(rows: Sequence[Row], found: Sequence[Sequence[Span]], label: str) -> float:
    """Return the overlap F1 against each coder, averaged; sentences a coder marked nothing in are left out."""
    coders: dict[str, list[int]] = {}
    for row, mine in zip(rows, found, strict=True):
        for annotator in row["annotators"]:
            theirs = [Span(s["start"], s["end"]) for s in annotator["spans"] if s["label"].startswith(label)]
            if not annotator["spans"]:
                continue
            counts = coders.setdefault(annotator["coder"], [0, 0, 0, 0])
            counts[0] += sum(any(span.overlaps(other) for other in theirs) for span in mine)
            counts[1] += len(mine)
            counts[2] += sum(any(span.overlaps(other) for other in mine) for span in theirs)
            counts[3] += len(theirs)
    each = [f1(c[0] / max(1, c[1]), c[2] / max(1, c[3])) for c in coders.values()]
    return sum(each) / max(1, len(each))


def _pages(folder: Path) -> list[Score]:
    """Score whole pages, read by the whole reader."""
    from tidings.reader import Reader

    totals = [0, 0, 0, 0, 0, 0]
    pages = _rows(folder / "dev" / "gold.jsonl")
    for page in pages:
        html = folder.parent / "page" / "dev" / page["html"]
        published = next((day for day in page["article_date"] if day), None)
        if html.is_file():
            record = Reader().read(gzip.decompress(html.read_bytes()), media="html", published=published)
        else:
            record = Reader().read(page["body"], media="article", published=published)
        totals = [a + b for a, b in zip(totals, match_page(record, page["events"]), strict=True)]
    return _page_scores("pages", totals, f"pages/dev/gold.jsonl, {len(pages)} pages")


def score_seed(folder: Path | None = None) -> list[Score]:
    """Measure the events of the founding page; nothing when it is not there."""
    from tidings.reader import Reader

    seed = data_folder("events", folder).parent.parent / "seed"
    if not (seed / "gold" / "events.json").is_file():
        return []
    gold = json.loads((seed / "gold" / "events.json").read_text(encoding="utf-8"))
    record = Reader().read((seed / "page.txt").read_bytes(), media="text", published=gold["article_date"])
    return _page_scores("seed", match_page(record, gold["events"]), "seed/gold/events.json")


def _page_scores(name: str, totals: Sequence[int], data: str) -> list[Score]:
    right, counted, core, recalled, status_right, loose = totals
    precision, recall = right / max(1, counted), recalled / max(1, core)
    return [
        _made(f"{name} precision", precision, "type, telling, sides right; optional events left out", counted, data),
        _made(f"{name} core recall", recall, "core events found, by the same test", core, data),
        _made(f"{name} f1", f1(precision, recall), "of precision and core recall", core, data),
        _made(f"{name} status", status_right / max(1, recalled), "of the core events found", recalled, data),
        _made(
            f"{name} tellings", loose / max(1, counted), "predictions from sentences that tell an event", counted, data
        ),
    ]


def match_page(record: Record, gold: Sequence[Row]) -> list[int]:
    """Count: right, counted, core, core found, status right, told somewhere. One gold event is matched once."""
    used: set[int] = set()
    right = counted = status = loose = 0
    for event in sorted(record.events, key=lambda event: (-event.score, event.trigger)):
        hits = [at for at, row in enumerate(gold) if _right(record, event, row)]
        fresh = [at for at in hits if at not in used]
        best = min(fresh, key=lambda at: not gold[at]["core"], default=None)
        telling = any(_telling(record, event, row) for row in gold)
        if best is not None:
            used.add(best)
            if not gold[best]["core"]:
                continue
            right += 1
            status += event.status in (gold[best].get("status_any") or [gold[best]["status"]])
        elif any(not gold[at]["core"] for at in hits):
            continue
        counted += 1
        loose += telling
    core = sum(bool(row["core"]) for row in gold)
    return [right, counted, core, sum(bool(gold[at]["core"]) for at in used), status, loose]


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]


def _telling(record: Record, event: Event, row: Row) -> bool:
    """Tell whether the event's sentence overlaps the gold sentence or another telling of the same act."""
    mine = _words(event.sentence.of(record.article.text))
    for sentence in (row["sentence"], *row["also"]):
        theirs = _words(sentence)
        if mine and theirs and len(set(mine) & set(theirs)) >= 0.7 * min(len(set(mine)), len(set(theirs))):
            return True
    return False


def _right(record: Record, event: Event, row: Row) -> bool:
    if event.type != row["type"] or not _telling(record, event, row):
        return False
    targets = [target for target in (row.get("targets") or [row["target"]]) if target]
    if row["type"] in ("CONSULT", "COOPERATE") and row["source"] and targets:
        sides = (*event.source, *event.target)
        return _compatible(record, sides, [row["source"]]) and (
            _compatible(record, sides, targets) or (not event.target and len(event.source) > 1)
        )
    if row["source"] and not _compatible(record, event.source, [row["source"]]):
        return False
    if not row["source"] and event.source:
        return False
    return not targets or not row["target"] or _compatible(record, event.target, targets)


def _compatible(record: Record, sides: Iterable[Side], gold: Sequence[Row]) -> bool:
    """Tell whether a side names a gold side: same country, or a word of its name."""
    actors = {actor.id: actor for actor in record.actors}
    for side in sides:
        actor = actors.get(side.actor or "")
        names = [side.span.of(record.article.text), *([actor.name, *actor.aliases] if actor else [])]
        mine = {word for name in names for word in _words(name)} - _COMMON
        for row in gold:
            if actor is not None and actor.country and actor.country == row["country"]:
                return True
            if side.code and row["country"] and side.code.startswith(row["country"]):
                return True
            if mine & ({*_words(row["text"]), *_words(row["name"])} - _COMMON):
                return True
    return False


_COMMON = frozenset("the a an of in on to and for s its his her their from by at two three".split())

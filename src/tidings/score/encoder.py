"""Measure the encoder head by head, on documents that did not train it.

In: the folder of development data. Out: one `Score` a number.
It tunes nothing: of the articles held back, one half serves to fit temperatures and tag transitions
(`training.encoder.export`), the other half is scored here.
"""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from tidings import encoder
from tidings.encoder.reading import read_signs, relevance
from tidings.errors import DataError
from tidings.score.results import Score, data_folder, f1

__all__ = ["score_encoder"]

Spans = list[tuple[int, int, str]]
Rows = list[dict[str, Any]]
Passages = list[tuple[str, Spans]]

_WORD = re.compile(r"\w+")
_ARTICLE, _GENITIVE = re.compile(r"the\s+", re.IGNORECASE), re.compile(r"\s*['’]s?$")
_ENTITY = {
    "Person": "PERSON", "Organization": "ORG", "Location": "LOC", "NORP": "NORP", "Facility": "FAC",
    "Misc": "MISC", "Product": "MISC",
}  # fmt: skip
_SCORED = ("PERSON", "LOC", "ORG", "NORP")
_QUAD = {
    name: quad
    for quad, names in enumerate(
        ("AGREE CONSULT SUPPORT", "YIELD COOPERATE AID", "REQUEST ACCUSE REJECT THREATEN",
         "PROTEST SANCTION MOBILIZE COERCE ASSAULT"), 1)
    for name in names.split()
}  # fmt: skip


def score_encoder(folder: Path | None = None, *, speed: bool = True) -> list[Score]:
    """Return all numbers of the encoder.

    Raises `DataError` when the model or the data are missing.
    """
    if not encoder.available():
        raise DataError("the encoder is not installed; reinstall tidings")
    root = data_folder("events", folder).parent
    scores = [
        *_types(root), *_relevance(root), *_statuses(root), *_entities(root), *_quotes(root), *_sides(root),
        *_senses(root),
    ]  # fmt: skip
    return [*scores, *_speed(root)] if speed else scores


# ----------------------------------------------------------------------------------------- what is held back


def rows(path: Path) -> Rows:
    """Read a file of one JSON object a line."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line]


def held_back(name: str, parts: int) -> bool:
    """Tell whether a document is one of the 1/parts that never train."""
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % parts == 0


def for_fitting(name: str) -> bool:
    """Tell whether a document held back serves to fit the settings (one half) or to be scored (the other)."""
    return int(hashlib.sha256(name.encode()).hexdigest()[:8], 16) % 2 == 0


def folded(text: str) -> str:
    """Fold a sentence for comparing: letters and digits only."""
    return "".join(character for character in text.casefold() if character.isalnum())


def joined(tokens: Sequence[str], tags: Sequence[str]) -> tuple[str, Spans]:
    """Join tokens with blanks and turn their tags into spans of the joined text.

    >>> joined(["Ms", "Ito", "left"], ["O", "B-Person", "O"])
    ('Ms Ito left', [(3, 6, 'Person')])
    """
    text, spans = "", []
    for token, tag in zip(tokens, tags, strict=True):
        start = len(text)
        text += token + " "
        if tag == "O":
            continue
        if tag[0] == "B" or not spans or spans[-1][2] != tag[2:] or spans[-1][1] + 1 != start:
            spans.append((start, start + len(token), tag[2:]))
        else:
            spans[-1] = (spans[-1][0], start + len(token), tag[2:])
    return text.rstrip(), spans


def named(spans: Spans) -> Spans:
    """Keep the spans of entities under our labels."""
    return [(start, end, _ENTITY[label]) for start, end, label in spans if label in _ENTITY]


def quote_spans(article: dict[str, Any]) -> Spans:
    """Return the contents, cues and sources of an article as spans."""
    spans: set[tuple[int, int, str]] = set()
    for quote in article["quotes"]:
        for key, label in (("spans", "content"), ("cue_spans", "cue"), ("speaker_spans", "source")):
            spans |= {(start, end, label) for start, end in quote[key]}
    return sorted(spans)


def paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Return the lines of a text that hold something."""
    for match in re.finditer(r"[^\n]+", text):
        if match.group().strip():
            yield match.span()


def sides(row: dict[str, Any]) -> list[tuple[tuple[int, int], str]]:
    """Return the marked sides of a sentence of the event data."""
    return [(tuple(span), name) for name in ("source", "target") for span in row[f"{name}_spans"]]


def fitting_passages(root: Path) -> dict[str, Passages]:
    """Return the passages on which the tagging heads are fitted after training."""
    found: dict[str, Passages] = {"entities": [], "quotes": [], "source": [], "target": []}
    for document in rows(root / "actors/dev/ner_worldwide.jsonl"):
        if held_back(document["id"], 10) and for_fitting(document["id"]):
            texts = (joined(sentence["tokens"], sentence["tags"]) for sentence in document["sents"])
            found["entities"] += [(text, named(spans)) for text, spans in texts]
    for article in rows(root / "quotes/dev/polnear_dev.jsonl"):
        if for_fitting(article["id"]):
            spans = quote_spans(article)
            for start, end in paragraphs(article["text"]):
                inside = [(max(b, start) - start, min(e, end) - start, label) for b, e, label in spans
                          if b < end and start < e]  # fmt: skip
                found["quotes"].append((article["text"][start:end], inside))
    for row in rows(root / "events/dev/plv_dev.jsonl"):
        for name in ("source", "target"):
            found[name].append((row["text"], [(b, e, name) for b, e in row[f"{name}_spans"]]))
    return found


def place_names(root: Path) -> Rows:
    """Return the marked place names held back."""
    return [row for row in rows(root / "actors/dev/metonymy_relocar_train.jsonl") if held_back(row["id"], 10)]


# ----------------------------------------------------------------------------------------- events


def macro_f1(pairs: Sequence[tuple[Any, Any]]) -> float:
    """Return the mean F1 over the classes of the gold.

    >>> macro_f1([("a", "a"), ("b", "a")])
    0.3333333333333333
    """
    right = Counter(gold for gold, ours in pairs if gold == ours)
    wanted, found = Counter(gold for gold, _ in pairs), Counter(ours for _, ours in pairs)
    return sum(2 * right[name] / (wanted[name] + found[name]) for name in wanted) / len(wanted)


def _types(root: Path) -> list[Score]:
    data = rows(root / "events/dev/plv_dev.jsonl")
    items = []
    for row in data:
        marked = {
            name: tuple(row[f"{name}_spans"][0]) if row[f"{name}_spans"] else None for name in ("source", "target")
        }
        items.append((row["text"], marked["source"], marked["target"]))
    answers = encoder.type_events(items)
    best = [max((name for name in answer if name != "NONE"), key=answer.__getitem__) for answer in answers]
    roots = [(row["root"], ours) for row, ours in zip(data, best, strict=True)]
    quads = [(_QUAD[gold], _QUAD[ours]) for gold, ours in roots]
    sharp = [(gold > 2, ours > 2) for gold, ours in quads]
    name = "PLV dev"
    made = [
        ("type.root_macro_f1", macro_f1(roots), "macro-F1 over 15 types, sides given", 82.4, "ZSP Tree (PLV test)"),
        ("type.root_accuracy", _accuracy(roots), "share of types right, sides given", 83.5, "ZSP Tree (PLV test)"),
        ("type.quad_macro_f1", macro_f1(quads), "macro-F1 over 4 kinds", 89.6, "ZSP Tree (PLV test)"),
        ("type.binary_macro_f1", macro_f1(sharp), "macro-F1 of cooperation and conflict", 96.4, "ZSP Tree (PLV test)"),
    ]
    return [
        Score(
            name=key,
            value=round(value, 4),
            metric=metric,
            items=len(data),
            data=name,
            rival=rival / 100,
            rival_name=peer,
        )
        for key, value, metric, rival, peer in made
    ]


def _accuracy(pairs: Sequence[tuple[Any, Any]]) -> float:
    return sum(gold == ours for gold, ours in pairs) / len(pairs)


def coded(root: Path) -> list[tuple[str, bool]]:
    """Return the real news sentences of set A with whether most of their trained coders found them relevant."""
    found = rows(root / "events/dev/news_cameo_multicoder_A.jsonl")
    return [(row["text"], row["gold"]["relevant"]) for row in found if row["gold"]["relevant"] is not None]


def curve(signs: Sequence[tuple[float, ...]], labels: Sequence[bool]) -> list[float]:
    """Return the weights and the bias of a logistic curve over the signs, held near zero as the sentences are few.

    Both answers count alike: how much of the news is about politics depends on whose news it is.
    """
    import numpy as np

    features = np.column_stack([np.asarray(signs, float), np.ones(len(signs))])
    gold, weights = np.asarray(labels, float), np.zeros(features.shape[1])
    share = np.where(gold > 0, 0.5 / gold.mean(), 0.5 / (1 - gold.mean()))
    held = np.diag([*(2.0 for _ in weights[1:]), 0.01])
    for _ in range(50):
        chances = 1 / (1 + np.exp(-np.clip(features @ weights, -30, 30)))
        slope = features.T @ (share * (chances - gold)) + held @ weights
        bend = (features * (share * chances * (1 - chances))[:, None]).T @ features + held
        weights = weights - np.linalg.solve(bend, slope)
    return [float(weight) for weight in weights]


def left_out(signs: Sequence[tuple[float, ...]], labels: Sequence[bool]) -> list[float]:
    """Return for each sentence its relevance by a curve fitted on all the others."""
    answers = []
    for at, sign in enumerate(signs):
        others = [number for number in range(len(signs)) if number != at]
        fitted = curve([signs[number] for number in others], [labels[number] for number in others])
        answers.append(relevance(sign, fitted))
    return answers


def _relevance(root: Path) -> list[Score]:
    data = coded(root)
    labels = [label for _, label in data]
    answers = left_out([read_signs(text) for text, _ in data], labels)
    pairs = list(zip(labels, answers, strict=True))
    wanted, found = sum(labels), sum(ours > 0.5 for ours in answers)
    right = sum(gold and ours > 0.5 for gold, ours in pairs)
    above = sum((a > b) + 0.5 * (a == b) for x, a in pairs if x for y, b in pairs if not y)
    name = "real news sentences, set A"
    metric = "each by a curve of three signs fitted on the others"
    return [
        Score(name="relevance.f1", value=round(2 * right / (found + wanted), 4), items=len(data), data=name,
              metric=f"F1 of telling an event at one half, {metric}"),
        Score(name="relevance.auc", value=round(above / (wanted * (len(pairs) - wanted)), 4), items=len(data),
              data=name, metric=f"chance that a sentence with an event ranks above one without, {metric}"),
    ]  # fmt: skip


# ----------------------------------------------------------------------------------------- names, places, sides


def _statuses(root: Path) -> list[Score]:
    """Score the status of acts; the sentences of the held-back articles that are scored serve here, too."""
    from tidings.score.statuses import score_statuses

    return score_statuses(
        [
            joined(sentence["tokens"], sentence["tags"])[0]
            for document in rows(root / "actors/dev/ner_worldwide.jsonl")
            if held_back(document["id"], 10) and not for_fitting(document["id"])
            for sentence in document["sents"]
        ]
    )


def _entities(root: Path) -> list[Score]:
    counts: dict[str, Counter[str]] = {name: Counter() for name in (*_SCORED, "all")}
    passages = 0
    for document in rows(root / "actors/dev/ner_worldwide.jsonl"):
        if not held_back(document["id"], 10) or for_fitting(document["id"]):
            continue
        texts = [joined(sentence["tokens"], sentence["tags"]) for sentence in document["sents"]]
        for (text, spans), ours in zip(texts, encoder.read_sentences([text for text, _ in texts]), strict=True):
            passages += 1
            gold = {(*_bare(text, b, e), label) for b, e, label in named(spans)}
            found = {(*_bare(text, *item.span), item.label) for item in ours.entities}
            for name in _SCORED:
                _count(counts[name], {g for g in gold if g[2] == name}, {o for o in found if o[2] == name})
            _count(counts["all"], {g for g in gold if g[2] in _SCORED}, {o for o in found if o[2] in _SCORED})
    rivals = {"all": 70.3, "PERSON": 73.4, "LOC": 76.8, "ORG": 55.3, "NORP": 78.9}
    return [
        Score(name=f"entities.{name.lower()}_f1", value=_f1(count), items=count["wanted"],
              data="world news, held-back half",
              metric="exact F1 of names without leading 'the' and trailing 's", rival=rivals[name] / 100,
              rival_name="spaCy md (another sample of the corpus)")
        for name, count in counts.items()
    ]  # fmt: skip


def _bare(text: str, start: int, end: int) -> tuple[int, int]:
    if match := _ARTICLE.match(text, start, end):
        start = match.end()
    if match := _GENITIVE.search(text[start:end]):
        end = start + match.start()
    return start, end


def _count(count: Counter[str], gold: set[Any], found: set[Any]) -> None:
    count["right"] += len(gold & found)
    count["found"] += len(found)
    count["wanted"] += len(gold)


def _f1(count: Counter[str]) -> float:
    precision = count["right"] / count["found"] if count["found"] else 0.0
    return round(f1(precision, count["right"] / count["wanted"] if count["wanted"] else 0.0), 4)


def _sides(root: Path) -> list[Score]:
    counts: dict[str, Counter[str]] = {name: Counter() for name in ("source", "target")}
    overlap: dict[str, Counter[str]] = {name: Counter() for name in ("source", "target")}
    dev = {folded(row["text"]) for row in rows(root / "events/dev/plv_dev.jsonl")}
    for row in rows(root / "events/dev/coped_actor_train.jsonl"):
        if row["in_plv_test"] or not held_back(row["id"], 6) or folded("".join(row["tokens"])) in dev:
            continue
        text, spans = joined(row["tokens"], row["tags"])
        ours = encoder.read_sentences([text])[0]
        for name, mine, letters in (("source", ours.sources, "SR"), ("target", ours.targets, "TR")):
            gold = {_words(text, b, e) for b, e, role in spans if role in letters}
            found = {_words(text, *item.span) for item in mine}
            _count(counts[name], gold, found)
            overlap[name]["wanted"] += len(gold)
            overlap[name]["found"] += len(found)
            overlap[name]["right"] += min(
                sum(any(g & o for o in found) for g in gold), sum(any(g & o for g in gold) for o in found)
            )
    rivals = {"source": (0.777, 0.883), "target": (0.410, 0.553)}
    return [
        Score(name=f"sides.{name}_{kind}_f1", value=_f1(count[name]), items=count[name]["wanted"],
              data="CoPED actors, held back",
              metric=f"{kind} F1 of spans; who does both counts on both sides", rival=rivals[name][at],
              rival_name="CRF (CoPED test)")
        for name in ("source", "target")
        for at, (kind, count) in enumerate((("exact", counts), ("overlap", overlap)))
    ]  # fmt: skip


def _words(text: str, start: int, end: int) -> frozenset[int]:
    return frozenset(match.start() for match in _WORD.finditer(text, start, end))


def _senses(root: Path) -> list[Score]:
    data = place_names(root)
    answers = encoder.senses([(row["text"], (row["start"], row["end"])) for row in data])
    pairs = [(row["label"] == "met", ours > 0.5) for row, ours in zip(data, answers, strict=True)]
    return [
        Score(name="senses.accuracy", value=round(_accuracy(pairs), 4), items=len(data),
              data="ReLocaR train, held-back tenth",
              metric="share of marked place names with the right sense", rival=0.848,
              rival_name="PREWIN ensemble (ReLocaR test)")
    ]  # fmt: skip


# ----------------------------------------------------------------------------------------- quotations


def _quotes(root: Path) -> list[Score]:
    parts: dict[str, Counter[str]] = {name: Counter() for name in encoder.QUOTE_PARTS}
    strings: Counter[str] = Counter()
    indirect: Counter[str] = Counter()
    for article in rows(root / "quotes/dev/polnear_dev.jsonl"):
        if for_fitting(article["id"]):
            continue
        text, ours = article["text"], list(_read_parts(article["text"]))
        gold = quote_spans(article)
        for name in parts:
            _count(
                parts[name],
                {_words(text, b, e) for b, e, label in gold if label == name} - {frozenset()},
                {_words(text, b, e) for b, e, label in ours if label == name} - {frozenset()},
            )
        contents = [words for b, e, label in ours if label == "content" and (words := _words(text, b, e))]
        covered = frozenset().union(*contents)
        for string in article["quoted_strings"]:
            words = _words(text, *string["span"])
            hit, gold_hit = len(words & covered) * 2 >= len(words) > 0, bool(string["in_attribution"])
            strings.update(right=hit and gold_hit, found=hit, wanted=gold_hit)
        _count_indirect(indirect, text, article["quotes"], contents)
    data = "PolNeAR dev, half of the articles"
    rivals = {"content": 0.729, "cue": 0.753, "source": 0.832}
    made = [
        Score(name=f"quotes.{name}_f1", value=_f1(count), items=count["wanted"], data=data, metric="exact F1 on words",
              rival=rivals[name], rival_name="BERT CofeNet, published (PolNeAR test)")
        for name, count in parts.items()
    ]  # fmt: skip
    return [
        *made,
        Score(name="quotes.strings_f1", value=_f1(strings), items=strings["wanted"], data=data, rival=0.943,
              metric="F1 of quoted strings that are said", rival_name="regular expression (PolNeAR test)"),
        Score(name="quotes.indirect_ov80_f1", value=_f1(indirect), items=indirect["wanted"], data=data, rival=0.352,
              metric="F1 at 0.8 overlap of indirect contents, each piece on its own",
              rival_name="GenderGapTracker (PolNeAR test)"),
    ]  # fmt: skip


def _read_parts(text: str) -> Iterator[tuple[int, int, str]]:
    lines = list(paragraphs(text))
    for (start, _), ours in zip(lines, encoder.read_sentences([text[b:e] for b, e in lines]), strict=True):
        for item in ours.quotes:
            yield item.span.start + start, item.span.end + start, item.label


def _count_indirect(count: Counter[str], text: str, quotes: Rows, contents: Iterable[frozenset[int]]) -> None:
    gold = [(frozenset().union(*(_words(text, b, e) for b, e in quote["spans"])), quote["kind"]) for quote in quotes]
    pairs = sorted(
        (
            (len(g & o) / len(g | o), at, number)
            for at, (g, _) in enumerate(gold)
            for number, o in enumerate(contents)
            if g & o
        ),
        key=lambda pair: (-pair[0], pair[1:]),
    )
    taken: dict[int, tuple[float, str]] = {}
    used: set[int] = set()
    for share, at, number in pairs:
        if at not in used and number not in taken:
            taken[number] = share, gold[at][1]
            used.add(at)
    for number, words in enumerate(contents):
        share, kind = taken.get(number, (0.0, ""))
        other = [g for g, other_kind in gold if other_kind != "indirect" and len(g & words) * 2 >= len(words)]
        if kind == "indirect" or (not kind and not other):
            count.update(found=1, right=kind == "indirect" and share >= 0.8)
    count["wanted"] += sum(kind == "indirect" for _, kind in gold)


# ----------------------------------------------------------------------------------------- speed


def _speed(root: Path) -> list[Score]:
    from tidings import syntax

    articles = [row["text"] for row in rows(root / "quotes/dev/polnear_dev.jsonl")[:12]]
    words = sum(len(text.split()) for text in articles)
    spent = {"parse": [], "encoder": []}
    for text in articles[:1]:
        syntax.parse(text)
        list(_read_parts(text))
    for _ in range(2):
        for name, run in (("parse", syntax.parse), ("encoder", lambda text: list(_read_parts(text)))):
            begun = time.process_time()
            for text in articles:
                run(text)
            spent[name].append(time.process_time() - begun)
    return [
        Score(name="speed.to_parse", value=round(min(spent["parse"]) / min(spent["encoder"]), 2), items=words,
              data="12 articles of PolNeAR dev",
              metric="words a CPU second of the encoder, all heads, over those of the parse"),
        Score(name="speed.words", value=round(words / min(spent["encoder"])), items=words,
              data="12 articles of PolNeAR dev", metric="words a CPU second on one thread"),
    ]  # fmt: skip

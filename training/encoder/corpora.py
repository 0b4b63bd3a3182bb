"""The training sentences of every head.

In: the development data (one folder a stage). Out: tokenised examples with their labels, and the documents held back.

What is held back for measuring never trains: `plv_dev`, PolNeAR dev, the set of real news sentences, a tenth of the
world news articles and of the place names, a sixth of the source and target sentences.
Rows that the data mark as lying in the published PLV test are dropped before anything else.
"""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import Any

import msgspec

from tidings.encoder.heads import ENTITY_TAGS, QUOTE_TAGS, TYPES, TYPES_OF_QUAD
from tidings.encoder.words import CLS, SEP, WINDOW, Pieces, cut, mark, windows
from tidings.score.encoder import Spans, folded, held_back, joined, named, paragraphs, quote_spans, rows

NOWHERE = -100
_SHORT_NAME = re.compile(r"(?:[A-Z][\w.'-]* ){0,3}[A-Z][\w.'-]*")


class Example(msgspec.Struct):
    """One passage as the network reads it, with the labels of one task."""

    ids: list[int]
    shapes: list[int]
    marks: list[int]
    tags: dict[str, list[int]] = {}
    quad: int = NOWHERE
    types: list[int] = []
    sense: int = NOWHERE
    states: Any = None
    """The output of the frozen layers, kept between epochs."""


def example(text: str, *, marked: list[tuple[tuple[int, int], str]] | None = None, **labels: Any) -> Example | None:
    """Tokenise a passage; None when it is longer than the network reads at once."""
    pieces = cut(text)
    if not 2 <= len(pieces.ids) <= WINDOW:
        return None
    made = Example(
        ids=[CLS, *pieces.ids, SEP], shapes=[0, *pieces.shapes, 0], marks=[0, *mark(pieces, marked or []), 0]
    )
    layers: dict[str, tuple[Spans, tuple[str, ...]]] = labels.pop("layers", {})
    for name, (spans, names) in layers.items():
        made.tags[name] = tagged(pieces, spans, names)
    for name, value in labels.items():
        setattr(made, name, value)
    return made


def tagged(pieces: Pieces, spans: Spans, names: tuple[str, ...]) -> list[int]:
    """Return the tag of each piece; pieces that do not open a word have none."""
    tags = [0] * len(pieces.words)
    for start, end, label in spans:
        inside = [i for i, word in enumerate(pieces.words) if word.start < end and start < word.end]
        for order, index in enumerate(inside):
            tags[index] = NOWHERE if label == "skip" else names.index(f"{'I' if order else 'B'}-{label}")
    row = [NOWHERE] * (len(pieces.ids) + 2)
    for index, head in enumerate(pieces.heads):
        row[head + 1] = tags[index]
    return row


# ---------------------------------------------------------------------------------------------------- entities


def world_news(folder: Path, chance: random.Random, *, held: bool = False) -> list[Example]:
    """Return windows of the world news articles with their entities."""
    made = []
    for document in rows(folder / "actors/dev/ner_worldwide.jsonl"):
        if held_back(document["id"], 10) is held:
            made += _packed(document["sents"], chance)
    return made


def _packed(sentences: list[dict[str, Any]], chance: random.Random) -> list[Example]:
    made, text, spans, room = [], "", [], chance.choice((1, 60, 90))
    for sentence in [*sentences, None]:
        words = len(sentence["tokens"]) if sentence else 0
        if text and (sentence is None or len(text.split()) + words > room):
            made.append(example(text, layers={"entities": (named(spans), ENTITY_TAGS)}))
            text, spans, room = "", [], chance.choice((1, 60, 90))
        if sentence:
            more, found = joined(sentence["tokens"], sentence["tags"])
            offset = len(text) + 1 if text else 0
            text = f"{text} {more}" if text else more
            spans += [(start + offset, end + offset, label) for start, end, label in found]
    return [item for item in made if item]


# ---------------------------------------------------------------------------------------------------- quotations


def quotations(path: Path, chance: random.Random, *, plain: float = 0.1) -> list[Example]:
    """Return the paragraphs of PolNeAR articles with the parts of their quotations; few of those without any."""
    made = []
    for article in rows(path):
        spans = quote_spans(article)
        for start, end in paragraphs(article["text"]):
            inside = [(b - start, e - start, label) for b, e, label in spans if b < end and start < e]
            if not inside and chance.random() > plain:
                continue
            for low, high in pieces_of(article["text"][start:end]):
                part = [(max(b, low) - low, min(e, high) - low, label) for b, e, label in inside if b < high and low < e]
                passage = article["text"][start + low : start + high]
                made.append(example(passage, layers={"quotes": (part, QUOTE_TAGS)}))
    return [item for item in made if item]


def pieces_of(text: str) -> list[tuple[int, int]]:
    """Return the stretches of a paragraph that the network reads at once."""
    words = (pieces := cut(text)).words
    return [(words[low].start, words[high - 1].end) for low, high in windows(text, pieces)]


# ---------------------------------------------------------------------------------------------------- events


class Sentence(msgspec.Struct):
    """One sentence of the event data with all that is known of it."""

    text: str
    quad: int = NOWHERE
    root: str | None = None
    sources: list[tuple[int, int]] = []
    targets: list[tuple[int, int]] = []
    sided: bool = False
    """Whether all its sources and targets are known."""


def event_sentences(folder: Path, *, open_data_only: bool = False) -> dict[str, Sentence]:
    """Join PLV and CoPED by sentence, without what is held back or lies in the published test."""
    events = folder / "events/dev"
    known: dict[str, Sentence] = {}
    if open_data_only:
        return known
    banned = {folded(row["text"]) for row in rows(events / "plv_dev.jsonl")}
    for row in rows(events / "coped_actor_train.jsonl"):
        key = folded("".join(row["tokens"]))
        if row["in_plv_test"] or held_back(row["id"], 6):
            banned.add(key)
    for row in rows(events / "coped_penta_train.jsonl"):
        key = folded(row["text"])
        if row["in_plv_test"]:
            banned.add(key)
        elif key not in banned:
            known[key] = Sentence(row["text"], quad=row["penta"])
    for row in rows(events / "coped_actor_train.jsonl"):
        key = folded("".join(row["tokens"]))
        if key in banned:
            continue
        text, spans = joined(row["tokens"], row["tags"])
        old = known.get(key, Sentence(text))
        known[key] = Sentence(
            text,
            quad=old.quad,
            sources=[(b, e) for b, e, role in spans if role in "SR"],
            targets=[(b, e) for b, e, role in spans if role in "TR"],
            sided=True,
        )
    for row in rows(events / "plv_train.jsonl"):
        key = folded(row["text"])
        old = known.get(key)
        known[key] = Sentence(
            row["text"],
            quad=row["quad"],
            root=row["root"],
            sources=[tuple(span) for span in row["source_spans"]],
            targets=[tuple(span) for span in row["target_spans"]],
            sided=old.sided if old else False,
        )
    return known


def non_events(folder: Path, chance: random.Random, *, open_data_only: bool = False) -> list[str]:
    """Return sentences that hold no event of politics: descriptions of places, and results of matches."""
    found = {
        row["text"].strip() for row in rows(folder / "actors/dev/metonymy_relocar_train.jsonl") if row["label"] == "lit"
    }
    if not open_data_only:
        for row in rows(folder / "actors/dev/ner_conllpp_dev.jsonl"):
            figures = sum(token[0].isdigit() for token in row["tokens"])
            if figures >= 3 and 8 <= len(row["tokens"]) <= 60:
                found.add(" ".join(row["tokens"]))
    texts = sorted(found)
    chance.shuffle(texts)
    return texts


def sides(folder: Path, chance: random.Random, *, open_data_only: bool = False) -> list[Example]:
    """Return unmarked sentences with who acts, who is acted on, and the kind of event."""
    made = []
    for sentence in event_sentences(folder, open_data_only=open_data_only).values():
        layers = {}
        if sentence.sided or sentence.root:
            layers = {
                name: ([(*span, name) for span in spans], ("O", f"B-{name}", f"I-{name}"))
                for name, spans in (("source", sentence.sources), ("target", sentence.targets))
            }
        made.append(example(sentence.text, layers=layers, quad=sentence.quad))
    for text in non_events(folder, chance, open_data_only=open_data_only)[:500]:
        made.append(example(text, quad=0))
    return [item for item in made if item]


def typed(folder: Path, chance: random.Random, *, swapped: bool, open_data_only: bool = False) -> list[Example]:
    """Return marked sentences with the type of their event; with other actors put in where `swapped`."""
    known = list(event_sentences(folder, open_data_only=open_data_only).values())
    names = sorted(
        {name for item in known for span in item.sources if _SHORT_NAME.fullmatch(name := item.text[slice(*span)])}
    )
    made = []
    for sentence in known:
        if sentence.root is None:
            continue
        if swapped:
            sentence = _swap(sentence, names, chance)
        marked = [((b, e), "source") for b, e in sentence.sources] + [((b, e), "target") for b, e in sentence.targets]
        shown = chance.random()
        marked = [] if shown < 0.15 else marked[:1] if shown < 0.25 else marked
        made.append(example(sentence.text, marked=marked, types=[TYPES.index(sentence.root)]))
    return [item for item in made if item]


def loosely_typed(folder: Path, chance: random.Random, *, open_data_only: bool = False) -> list[Example]:
    """Return sentences of which only the kind of event is known, and sentences without one."""
    made = []
    for sentence in event_sentences(folder, open_data_only=open_data_only).values():
        if sentence.root is None and sentence.quad != NOWHERE:
            marked = [((b, e), "source") for b, e in sentence.sources] + [((b, e), "target") for b, e in sentence.targets]
            types = [TYPES.index(name) for name in TYPES_OF_QUAD[sentence.quad]]
            made.append(example(sentence.text, marked=marked, types=types))
    for text in non_events(folder, chance, open_data_only=open_data_only)[:350]:
        names = [match.span() for match in re.finditer(r"\b[A-Z][a-z]{2,}", text)]
        pair = chance.sample(names, 2) if len(names) > 1 and chance.random() < 0.7 else []
        marked = list(zip(pair, ("source", "target"), strict=False))
        made.append(example(text, marked=marked, types=[0]))
    return [item for item in made if item]


def _swap(sentence: Sentence, names: list[str], chance: random.Random) -> Sentence:
    """Put other names in the place of short ones, so that types are not learnt from actors."""
    text, moved = sentence.text, {"sources": [], "targets": []}
    spans = sorted(
        [(b, e, "sources") for b, e in sentence.sources] + [(b, e, "targets") for b, e in sentence.targets]
    )
    if any(a[1] > b[0] for a, b in zip(spans, spans[1:], strict=False)):
        return sentence
    shift = 0
    for start, end, side in spans:
        old = text[start + shift : end + shift]
        new = chance.choice(names) if _SHORT_NAME.fullmatch(old) and chance.random() < 0.8 else old
        text = text[: start + shift] + new + text[end + shift :]
        moved[side].append((start + shift, start + shift + len(new)))
        shift += len(new) - len(old)
    return Sentence(text, sentence.quad, sentence.root, moved["sources"], moved["targets"])


# ---------------------------------------------------------------------------------------------------- senses


def senses(folder: Path, chance: random.Random, *, silver: int, open_data_only: bool = False) -> list[Example]:
    """Return sentences with a marked place name and what it stands for."""
    found = [
        row for row in rows(folder / "actors/dev/metonymy_relocar_train.jsonl") if not held_back(row["id"], 10)
    ]
    if silver:
        found = [] if open_data_only else rows(folder / "actors/dev/metonymy_conll_silver.jsonl")
        chance.shuffle(found)
        found = found[:silver]
    made = [
        example(row["text"], marked=[((row["start"], row["end"]), "place")], sense=int(row["label"] == "met"))
        for row in found
    ]
    return [item for item in made if item]


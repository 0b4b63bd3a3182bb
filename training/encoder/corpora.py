"""The training sentences of every head.

In: the development data (one folder a stage). Out: tokenised examples with their labels, and the documents held back.

What is held back for measuring never trains: `plv_dev`, PolNeAR dev, the set of real news sentences, a tenth of the
world news articles and of the place names, a sixth of the source and target sentences.
Rows that the data mark as lying in the published PLV test are dropped before anything else.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from tidings.encoder.heads import ENTITIES, ENTITY_TAGS, QUADS, QUOTE_TAGS, TYPES, TYPES_OF_QUAD
from tidings.encoder.words import CLS, SEP, Pieces, cut, mark

Spans = list[tuple[int, int, str]]
WINDOW = 126
NOWHERE = -100
_ENTITY = {
    "Person": "PERSON", "Organization": "ORG", "Location": "LOC", "NORP": "NORP", "Facility": "FAC",
    "Misc": "MISC", "Product": "MISC",
}  # fmt: skip
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


def rows(path: Path) -> list[dict[str, Any]]:
    """Read a file of one JSON object a line."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line]


def held_back(name: str, parts: int) -> bool:
    """Tell whether a document is one of the 1/parts kept for measuring."""
    return int(hashlib.md5(name.encode()).hexdigest(), 16) % parts == 0


def folded(text: str) -> str:
    """Fold a sentence for comparing: letters and digits only."""
    return "".join(character for character in text.casefold() if character.isalnum())


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


def joined(tokens: list[str], tags: list[str]) -> tuple[str, Spans]:
    """Join tokens with blanks and turn their tags into spans of the joined text."""
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
            kept = [(start, end, _ENTITY[label]) for start, end, label in spans if label in _ENTITY]
            made.append(example(text, layers={"entities": (kept, ENTITY_TAGS)}))
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
            for low, high in windows(article["text"][start:end]):
                part = [(max(b, low) - low, min(e, high) - low, label) for b, e, label in inside if b < high and low < e]
                passage = article["text"][start + low : start + high]
                made.append(example(passage, layers={"quotes": (part, QUOTE_TAGS)}))
    return [item for item in made if item]


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


def windows(text: str) -> list[tuple[int, int]]:
    """Cut a paragraph where it is longer than a window, at ends of sentences where there are some."""
    pieces = cut(text)
    edges, first = [0], 0
    while len(pieces.ids) - (pieces.heads[first] if pieces.words else 0) > WINDOW:
        last = first
        while last < len(pieces.words) and pieces.heads[last] - pieces.heads[first] < WINDOW - 8:
            last += 1
        stops = [i for i in range(first + 8, last) if pieces.words[i].of(text) in ".!?”"]
        first = stops[-1] + 1 if stops else max(first + 1, last - 1)
        edges.append(pieces.words[first].start if first < len(pieces.words) else len(text))
        if first >= len(pieces.words):
            break
    return [(a, b) for a, b in zip(edges, [*edges[1:], len(text)], strict=True) if b > a]


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


assert len(QUADS) == len(TYPES_OF_QUAD) and len(ENTITIES) == 6

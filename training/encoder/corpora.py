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
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
from training.encoder import table

from tidings.encoder.heads import ENTITY_TAGS, QUOTE_TAGS, STATUSES, TYPES, TYPES_OF_QUAD
from tidings.encoder.words import CLS, SEP, WINDOW, Pieces, cut, mark, windows
from tidings.score.encoder import Spans, folded, held_back, joined, named, paragraphs, quote_spans, rows

NOWHERE = -100
OWN = (Path(__file__).parent.parent / "events_sentences.txt", Path(__file__).parent / "sentences.txt")
TOLD = Path(__file__).parent / "statuses.txt"
RELEVANT = Path(__file__).parent / "relevance.tsv"
_SENTENCE_END = re.compile(r"(?<=[a-z0-9”\")][.!?])[\"”]?\s+(?=[A-Z“\"])")
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
    relevant: int = NOWHERE
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
                part = [
                    (max(b, low) - low, min(e, high) - low, label) for b, e, label in inside if b < high and low < e
                ]
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


def coped(folder: Path) -> dict[str, Sentence]:
    """Return the CoPED sentences by their folded text, without what is held back or lies in the published test."""
    events = folder / "events/dev"
    known: dict[str, Sentence] = {}
    banned = {folded(row["text"]) for row in rows(events / "plv_dev.jsonl")}
    sided = rows(events / "coped_actor_train.jsonl")
    banned |= {folded("".join(row["tokens"])) for row in sided if row["in_plv_test"] or held_back(row["id"], 6)}
    for row in rows(events / "coped_penta_train.jsonl"):
        key = folded(row["text"])
        if key not in banned and not row["in_plv_test"]:
            known[key] = Sentence(row["text"], quad=row["penta"])
    for row in sided:
        key = folded("".join(row["tokens"]))
        if key in banned:
            continue
        text, spans = joined(row["tokens"], row["tags"])
        known[key] = Sentence(
            text,
            quad=known[key].quad if key in known else NOWHERE,
            sources=[(start, end) for start, end, role in spans if role in "SR"],
            targets=[(start, end) for start, end, role in spans if role in "TR"],
            sided=True,
        )
    return known


def plv(folder: Path) -> dict[str, Sentence]:
    """Return the PLV training sentences by their folded text."""
    return {
        folded(row["text"]): Sentence(
            row["text"],
            quad=row["quad"],
            root=row["root"],
            sources=[tuple(span) for span in row["source_spans"]],
            targets=[tuple(span) for span in row["target_spans"]],
        )
        for row in rows(folder / "events/dev/plv_train.jsonl")
    }


def own_sentences() -> tuple[list[Sentence], list[str]]:
    """Return the sentences written for the project: those with an event, and those without."""
    lines = [line.partition(" ") for path in OWN for line in path.read_text("utf-8").splitlines()]
    told: dict[str, list[str]] = {}
    for kind, _, marked in lines:
        if marked and kind != "#":
            told.setdefault(kind, []).append(marked)
    without = told.pop("NONE")
    return [_unmarked(kind, marked) for kind, found in told.items() for marked in found], without


def _unmarked(kind: str, marked: str) -> Sentence:
    text, found, last = "", {"S": [], "T": []}, 0
    for match in re.finditer(r"\{([ST])\|([^{}]*)\}", marked):
        text += marked[last : match.start()]
        found[match[1]].append((len(text), len(text) + len(match[2])))
        text, last = text + match[2], match.end()
    root = "YIELD" if kind in ("CONCEDE", "RETREAT") else kind
    quad = next(number for number, names in enumerate(TYPES_OF_QUAD) if root in names)
    return Sentence(text + marked[last:], quad, root, found["S"], found["T"])


def non_events(folder: Path, chance: random.Random, *, open_data_only: bool = False) -> list[str]:
    """Return sentences that hold no event of politics: our own, descriptions of places, results of matches."""
    found = {
        row["text"].strip()
        for row in rows(folder / "actors/dev/metonymy_relocar_train.jsonl")
        if row["label"] == "lit" and not held_back(row["id"], 10)
    }
    if not open_data_only:
        for row in rows(folder / "actors/dev/ner_conllpp_dev.jsonl"):
            figures = sum(token[0].isdigit() for token in row["tokens"])
            if figures >= 3 and 8 <= len(row["tokens"]) <= 60:
                found.add(" ".join(row["tokens"]))
    texts = sorted(found)
    chance.shuffle(texts)
    return own_sentences()[1] + texts


def event_sentences(folder: Path, *, open_data_only: bool) -> list[Sentence]:
    """Return all sentences whose type of event is known."""
    return own_sentences()[0] + ([] if open_data_only else list(plv(folder).values()))


def sides(folder: Path, chance: random.Random, *, open_data_only: bool = False) -> list[Example]:
    """Return unmarked sentences with who acts, who is acted on, and the kind of event."""
    known = {} if open_data_only else coped(folder)
    more = event_sentences(folder, open_data_only=open_data_only)
    for sentence in more:
        key = folded(sentence.text)
        if key not in known or not known[key].sided:
            known[key] = sentence
    made = []
    for sentence in known.values():
        layers = {}
        if sentence.sided or sentence.root:
            layers = {
                name: ([(*span, name) for span in spans], ("O", f"B-{name}", f"I-{name}"))
                for name, spans in (("source", sentence.sources), ("target", sentence.targets))
            }
        made.append(example(sentence.text, layers=layers, quad=sentence.quad))
    for text in non_events(folder, chance, open_data_only=open_data_only)[:600]:
        made.append(example(text, quad=0))
    return [item for item in made if item]


def typed(folder: Path, chance: random.Random, *, swapped: bool, open_data_only: bool = False) -> list[Example]:
    """Return marked sentences with the type of their event; with other actors put in where `swapped`."""
    known = event_sentences(folder, open_data_only=open_data_only)
    names = sorted(
        {name for item in known for span in item.sources if _SHORT_NAME.fullmatch(name := item.text[slice(*span)])}
    )
    made = []
    for original in known:
        sentence = _swap(original, names, chance) if swapped else original
        marked = _shown(_sides_of(sentence), chance)
        made.append(example(sentence.text, marked=marked, types=[TYPES.index(sentence.root or "NONE")]))
    return [item for item in made if item]


def tabled(chance: random.Random) -> list[Example]:
    """Return sentences made of the trigger table with the type of their event."""
    made = []
    for kind, marked in list(table.sentences(chance, times=4)):  # all of them first: both draw from one chance
        sentence = _unmarked(kind, marked)
        shown = _shown(_sides_of(sentence), chance)
        made.append(example(sentence.text, marked=shown, types=[TYPES.index(kind)]))
    return [item for item in made if item]


def loosely_typed(folder: Path, chance: random.Random, *, open_data_only: bool = False) -> list[Example]:
    """Return sentences of which only the kind of event is known, and sentences without one."""
    made = []
    exact = plv(folder)
    for key, sentence in ({} if open_data_only else coped(folder)).items():
        if key not in exact and sentence.quad != NOWHERE:
            types = [TYPES.index(name) for name in TYPES_OF_QUAD[sentence.quad]]
            made.append(example(sentence.text, marked=_sides_of(sentence), types=types))
    for text in non_events(folder, chance, open_data_only=open_data_only)[:450]:
        names = [match.span() for match in re.finditer(r"\b[A-Z][a-z]{2,}", text)]
        pair = chance.sample(names, 2) if len(names) > 1 and chance.random() < 0.7 else []
        made.append(example(text, marked=list(zip(pair, ("source", "target"), strict=False)), types=[0]))
    return [item for item in made if item]


def _sides_of(sentence: Sentence) -> list[tuple[tuple[int, int], str]]:
    return [((b, e), "source") for b, e in sentence.sources] + [((b, e), "target") for b, e in sentence.targets]


def _shown(marked: list[tuple[tuple[int, int], str]], chance: random.Random) -> list[tuple[tuple[int, int], str]]:
    """Leave out all marks at times, or all but the first, as a sentence may be read without its sides."""
    shown = chance.random()
    return [] if shown < 0.15 else marked[:1] if shown < 0.25 else marked


def _swap(sentence: Sentence, names: list[str], chance: random.Random) -> Sentence:
    """Put other names in the place of short ones, so that types are not learnt from actors."""
    text, moved = sentence.text, {"sources": [], "targets": []}
    spans = sorted([(b, e, "sources") for b, e in sentence.sources] + [(b, e, "targets") for b, e in sentence.targets])
    if any(a[1] > b[0] for a, b in pairwise(spans)):
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
    found = [row for row in rows(folder / "actors/dev/metonymy_relocar_train.jsonl") if not held_back(row["id"], 10)]
    if silver:
        found = [] if open_data_only else rows(folder / "actors/dev/metonymy_conll_silver.jsonl")
        chance.shuffle(found)
        found = found[:silver]
    made = [
        example(row["text"], marked=[((row["start"], row["end"]), "place")], sense=int(row["label"] == "met"))
        for row in found
    ]
    return [item for item in made if item]


# ---------------------------------------------------------------------------------------------------- status


def told(found: list[tuple[str, list[tuple[int, int, str]]]]) -> list[Example]:
    """Return sentences with the status of the acts in them, each at the first word of the act."""
    made = []
    for text, acts in found:
        item = example(text)
        if item is None:
            continue
        pieces, row = cut(text), [NOWHERE] * len(item.ids)
        for start, end, status in acts:
            for word, head in zip(pieces.words, pieces.heads, strict=True):
                if word.start < end and start < word.end:
                    row[head + 1] = STATUSES.index(status)
                    break
        item.tags["status"] = row
        made.append(item)
    return made


def told_by_rules(path: Path, chance: random.Random, *, plain: float = 0.25) -> list[Example]:
    """Return sentences as the rules read them (`training.encoder.told`), few of those that only assert."""
    kept = []
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        if not held_back(row["document"], 10):
            acts = [tuple(act) for act in row["acts"]]
            if any(status != "asserted" for _, _, status in acts) or chance.random() < plain:
                kept.append((row["text"], acts))
    return told(kept)


def told_by_us() -> list[Example]:
    """Return the sentences written for the project whose act is in braces."""
    found = []
    for line in TOLD.read_text("utf-8").splitlines():
        if line and line[0] != "#":
            status, _, marked = line.partition(" ")
            start, end = marked.index("{"), marked.index("}") - 1
            found.append((marked.replace("{", "").replace("}", ""), [(start, end, status)]))
    return told(found)


# ---------------------------------------------------------------------------------------------------- relevance


def judged(folder: Path, *, held: bool = False) -> list[tuple[str, bool]]:
    """Return real sentences that we read and judged: whether somebody in politics does or says something.

    The table holds digests and judgements; the sentences stay where they are. A quarter of them is held back.
    """
    lines = (line.split("\t") for line in RELEVANT.read_text("utf-8").splitlines()[1:])
    judgements = {sentence: relevant == "1" for sentence, relevant in lines}
    found = {}
    for text in _news_sentences(folder):
        key = _digest(folded(text))
        if key in judgements and (int(key[:4], 16) % 4 == 0) is held:
            found[text] = judgements[key]
    return list(found.items())


def _news_sentences(folder: Path) -> Iterator[str]:
    for document in rows(folder / "actors/dev/ner_worldwide.jsonl"):
        if not held_back(document["id"], 10):
            yield from (joined(sentence["tokens"], sentence["tags"])[0] for sentence in document["sents"])
    for article in rows(folder / "quotes/dev/polnear_train.jsonl"):
        for start, end in paragraphs(article["text"]):
            yield _SENTENCE_END.split(article["text"][start:end])[0]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def relevance(folder: Path, chance: random.Random, *, open_data_only: bool = False) -> list[Example]:
    """Return sentences with whether coders of political events would care: judged ones, and those of other tasks."""
    events, without = own_sentences()
    found = [(item.text, True) for item in chance.sample(events, 60)]
    found += [(text, False) for text in without]
    found += [(text, False) for text in chance.sample(non_events(folder, chance, open_data_only=True), 40)]
    if not open_data_only:
        found += [pair for pair in judged(folder) for _ in range(2)]
        found += [(item.text, True) for item in chance.sample(sorted(coped(folder).values(), key=_text), 100)]
    made = [example(text, relevant=int(relevant)) for text, relevant in found]
    return [item for item in made if item]


def _text(sentence: Sentence) -> str:
    return sentence.text

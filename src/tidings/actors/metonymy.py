"""What a place name stands for: the place itself, its government, its team, its people, an event there.

In: a parsed text and the span of a place name. Out: a sense and how sure we are.
It does not find place names and does not know which government or team is meant.

Whether a name stands for something else is told by a logistic regression over the parse around it (`metonymy.npz`),
joined with what the shared encoder says of the sentence where that is installed; for what it stands is told by rules
over the same words (`metonymy_classes.tsv`).
"""

from __future__ import annotations

import functools
import hashlib
import io
import math
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

from tidings import data

if TYPE_CHECKING:
    import numpy
    from spacy.tokens import Doc, Span, Token

__all__ = ["Sense", "Setting", "fold_of", "probability", "sense", "sense_in", "setting_of"]

Sense = Literal["place", "government", "team", "people", "event", "organisation"]

_SCORELINE = re.compile(r"\b\d{1,3}[-–]\d{1,3}\b")
_OBJECTS = frozenset({"dobj", "attr", "acomp", "xcomp", "ccomp", "prt", "neg", "aux", "auxpass"})
_MODIFIERS = frozenset({"compound", "poss", "nmod", "amod"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass"})
READ = 0.5
"""How much the encoder's word counts beside the regression's."""
SURE = 0.9
"""Where the regression is as sure as this either way, the encoder is not asked: it costs a reading of the sentence."""
_WINDOW = 6
_LONGEST_SENTENCE = 120
"""Tokens of a sentence looked at for the words around."""


def sense(text: str, span: Sequence[int]) -> Sense:
    """Tell what one place name in a text stands for.

    >>> sense("Moscow rejected the offer on Friday.", (0, 6))
    'government'
    >>> sense("He was born in Moscow in 1950.", (15, 21))
    'place'
    """
    from tidings.syntax import parse

    return sense_in(parse(text), span)[0]


def sense_in(doc: Doc, span: Sequence[int]) -> tuple[Sense, float]:
    """Tell what a place name of a parsed text stands for, with the probability of that answer."""
    marked = doc.char_span(span[0], span[1], alignment_mode="expand")
    if marked is None or not len(marked):
        return "place", 0.5
    setting = setting_of(marked)
    figurative = probability(setting) if _is_ruled(setting) else _joined(marked, probability(setting))
    if figurative < 0.5:
        return "place", round(1 - figurative, 4)
    return _sense_of(setting), round(figurative, 4)


def _joined(marked: Span, figurative: float) -> float:
    from tidings import encoder

    if not 1 - SURE < figurative < SURE or not encoder.available():
        return figurative
    sentence = _around(marked)
    start = marked.start_char - sentence.start_char
    read = encoder.senses([(sentence.text, (start, start + len(marked.text)))])[0]
    return (1 - READ) * figurative + READ * read


def probability(setting: Setting, *, held: bool = False) -> float:
    """Return the probability that a name stands for something other than the place.

    `held` takes the weights fitted without fold 0 of the development data, to score that fold with.
    """
    model = _model()
    weights, numbers = (model.held_weights, model.held_dense) if held else (model.weights, model.dense)
    rows = (model.features.get(feature) for feature in features(setting))
    total = sum(weights[row] for row in rows if row is not None)
    total += float(dense(setting) @ numbers)
    if _is(setting, "seat"):
        total += -1.0 if _is_where(setting) else 1.5
    if _lies(setting):
        total -= 3.0  # land lies, governments do not
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def fold_of(sentence: str) -> int:
    """Return the fold of cross-validation a development sentence belongs to."""
    return int(hashlib.md5(sentence.encode()).hexdigest(), 16) % 5


# ------------------------------------------------------------------------------------------- the surroundings


class Setting(NamedTuple):
    """A place name with the words that rule it: `root` leads its list, `head` is above, `top` above that."""

    marked: Span
    own: Token
    root: Token
    head: Token
    top: Token
    listed: bool


def setting_of(marked: Span) -> Setting:
    """Look at the words around a name."""
    own = root = marked.root
    steps = 0
    while root.dep_ in ("conj", "appos") and steps < 6:
        root = root.head
        steps += 1
    return Setting(marked, own, root, root.head, root.head.head, steps > 0)


def _is(setting: Setting, kind: str) -> bool:
    return setting.marked.text.removeprefix("the ").removeprefix("The ") in _classes()[kind]


def _lies(setting: Setting) -> bool:
    return setting.root.dep_ in _SUBJECTS and setting.head.lemma_.lower() in _classes()["lie"]


def _is_ruled(setting: Setting) -> bool:
    """Tell names that the word tables speak of themselves, and on which the encoder is not asked."""
    return _lies(setting) or any(_is(setting, kind) for kind in ("seat", "trade", "event"))


def _is_where(setting: Setting) -> bool:
    where = ("in", "at", "near", "outside", "inside", "around", "towards", "toward", "into", "through", "across")
    return setting.root.dep_ == "pobj" and setting.head.lower_ in where


@functools.cache
def _classes() -> dict[str, frozenset[str]]:
    rows = (line.split("\t") for line in data.read_text("metonymy_classes.tsv").splitlines()[1:])
    return {kind: frozenset(words.split("|") if "|" in words else words.split()) for kind, _, words in rows}


@functools.cache
def _kinds() -> dict[str, str]:
    rows = (line.split("\t") for line in data.read_text("metonymy_names.tsv").splitlines()[1:])
    return {name: kind for kind, name in rows}


def _groups(lemma: str) -> list[str]:
    classes = _classes()
    return [kind for kind in ("speak", "rule", "play", "sport", "ground", "people") if lemma in classes[kind]]


def features(setting: Setting) -> Iterator[str]:
    """Yield what can be seen around a name, as words; each has a weight in the model."""
    yield "always"
    if setting.listed:
        yield "listed"
    kind = _kinds().get(setting.marked.text.lower(), "other")
    yield f"kind={kind}"
    yield f"kind,role={kind},{setting.root.dep_}"
    yield f"length={min(3, len(setting.marked))}"
    yield f"entity={setting.own.ent_type_}"
    yield from _role_features(setting)
    yield from _class_features(setting)
    yield from _neighbour_features(setting)
    yield from _sentence_features(setting)


def _role_features(setting: Setting) -> Iterator[str]:
    _, own, root, head, top, _ = setting
    role, ruler = root.dep_, head.lemma_.lower()
    yield f"role={role}"
    yield f"head={ruler}"
    yield f"role,head={role},{ruler}"
    yield f"role,tag={role},{head.pos_}"
    yield from (f"role,group={role},{group}" for group in _groups(ruler))
    above = top.lemma_.lower()
    if role == "pobj":
        yield f"above={above}"
        yield f"by,above={ruler},{above}"
        yield f"by,tag={ruler},{top.pos_}"
        yield f"by,place={ruler},{top.dep_}"
        yield from (f"by,group={ruler},{group}" for group in _groups(above))
    elif role in _MODIFIERS:
        yield f"of,place={role},{head.dep_}"
        yield f"of,above={role},{above}"
        yield f"of,entity={role},{head.ent_type_}"
        yield from (f"of,group={role},{head.dep_},{group}" for group in _groups(above))
    else:
        yield f"place={role},{head.dep_}"
        yield f"place,above={role},{head.dep_},{above}"
    if role in _SUBJECTS:
        yield f"verb={role},{head.tag_}"
        for other in head.children:
            if other.dep_ in _OBJECTS:
                yield f"with={other.dep_}"
                yield f"with,word={role},{other.dep_},{other.lemma_.lower()}"
            elif other.dep_ == "prep":
                yield f"with,by={role},{other.lemma_.lower()}"
    for child in own.children:
        yield f"under={child.dep_}"
        yield f"under,word={child.dep_},{child.lemma_.lower()}"


def _neighbour_features(setting: Setting) -> Iterator[str]:
    marked = setting.marked
    before2, before, after, after2 = _neighbours(marked)

    def word(token: Token | None) -> str:
        return token.lower_ if token is not None else "#"

    def tag(token: Token | None) -> str:
        return token.pos_ if token is not None else "#"

    yield f"-1={word(before)}"
    yield f"-2={word(before2)}"
    yield f"+1={word(after)}"
    yield f"+2={word(after2)}"
    yield f"-1,+1={word(before)},{word(after)}"
    yield f"-2,-1={word(before2)},{word(before)}"
    yield f"+1,+2={word(after)},{word(after2)}"
    yield f"tags={tag(before)},{tag(after)}"
    yield f"tags before={tag(before2)},{tag(before)}"
    yield f"tags after={tag(after)},{tag(after2)}"
    yield f"stem before={before.lemma_ if before is not None else '#'}"
    yield f"stem after={after.lemma_ if after is not None else '#'}"


def _neighbours(marked: Span) -> tuple[Token | None, Token | None, Token | None, Token | None]:
    doc, start, end = marked.doc, marked.start, marked.end
    return (
        doc[start - 2] if start > 1 else None,
        doc[start - 1] if start else None,
        doc[end] if end < len(doc) else None,
        doc[end + 1] if end + 1 < len(doc) else None,
    )


def _around(marked: Span) -> Span:
    """The sentence, cut to a bounded stretch around the name."""
    sentence = marked.root.sent
    start = max(sentence.start, marked.start - _LONGEST_SENTENCE // 2)
    return marked.doc[start : max(marked.end, min(sentence.end, start + _LONGEST_SENTENCE))]


def _sentence_features(setting: Setting) -> Iterator[str]:
    marked = setting.marked
    sentence = _around(marked)
    if marked.start == sentence.start:
        yield "first"
    near = marked.doc[max(sentence.start, marked.start - _WINDOW) : min(sentence.end, marked.end + _WINDOW)]
    for token in near:
        if not marked.start <= token.i < marked.end:
            lemma = token.lemma_.lower()
            if token.pos_ in ("NOUN", "VERB", "ADJ", "PROPN"):
                yield f"near={lemma}"
            yield from (f"near group={group}" for group in _groups(lemma))
    if _SCORELINE.search(sentence.text):
        yield "scoreline"
    sport = _classes()["sport"]
    yield f"sport={min(3, sum(token.lower_ in sport for token in sentence))}"


# ------------------------------------------------------------------------------------------------- the model


class _Model(NamedTuple):
    features: dict[str, int]
    weights: list[float]
    dense: numpy.ndarray
    held_weights: list[float]
    held_dense: numpy.ndarray
    rows: dict[str, int]
    vectors: numpy.ndarray
    clusters: numpy.ndarray


@functools.cache
def _model() -> _Model:
    import numpy

    with numpy.load(io.BytesIO(data.read_bytes("metonymy.npz")), allow_pickle=False) as table:
        names = table["features"].tobytes().decode().split("\n")
        words = table["words"].tobytes().decode().split("\n")
        return _Model(
            {name: row for row, name in enumerate(names)},
            table["weights"].astype(float).tolist(),
            table["dense"].astype(numpy.float32),
            table["weights_held"].astype(float).tolist(),
            table["dense_held"].astype(numpy.float32),
            {word: row for row, word in enumerate(words)},
            table["vectors"].astype(numpy.float32) / 127,
            table["clusters"],
        )


def _class_features(setting: Setting) -> Iterator[str]:
    """Yield the classes of the words around: words used alike share one, at three grains."""
    model = _model()
    for slot, token in _slots(setting):
        row = _row(model, token)
        if row is not None:
            yield from (f"{slot}#{grain}={number}" for grain, number in enumerate(model.clusters[row].tolist()))
    for at, token in zip((-2, -1, 1, 2), _neighbours(setting.marked), strict=True):
        row = model.rows.get(token.lower_) if token is not None else None
        if row is not None:
            yield f"{at}#={model.clusters[row, 1]}"
    rows = {_row(model, token) for token in _content(setting)} - {None}
    yield from (f"sentence#={number}" for number in sorted({int(model.clusters[row, 0]) for row in rows}))


def _slots(setting: Setting) -> Iterator[tuple[str, Token]]:
    role = setting.root.dep_
    yield f"{role} head", setting.head
    yield (f"pobj {setting.head.lemma_.lower()} above" if role == "pobj" else f"{role} above"), setting.top
    if role in _SUBJECTS:
        objects = (other for other in setting.head.children if other.dep_ in ("dobj", "attr", "ccomp", "xcomp"))
        yield from ((f"{role} object", other) for other in [next(objects, None)] if other is not None)


def _content(setting: Setting) -> list[Token]:
    return [token for token in _around(setting.marked) if token.pos_ in ("NOUN", "VERB", "ADJ")]


def _row(model: _Model, token: Token) -> int | None:
    row = model.rows.get(token.lemma_.lower())
    return model.rows.get(token.lower_) if row is None else row


def dense(setting: Setting) -> numpy.ndarray:
    """Return the numbers the model weighs: word vectors of the ruling words, and the parser's own view of them."""
    import numpy

    model = _model()
    role = setting.root.dep_
    nothing = numpy.zeros(model.vectors.shape[1], dtype=numpy.float32)

    def vector(token: Token, wanted: bool = True) -> numpy.ndarray:
        row = _row(model, token) if wanted else None
        return nothing if row is None else model.vectors[row]

    rows = [row for token in _content(setting) if (row := _row(model, token)) is not None]
    ruling = [
        vector(setting.head, role != "pobj"),
        vector(setting.top, role == "pobj"),
        vector(setting.head, role == "nsubj"),
        vector(setting.head, role in _MODIFIERS),
        model.vectors[rows].mean(axis=0) if rows else nothing,
    ]
    return numpy.concatenate([*ruling, _seen_by_parser(setting)])


def _seen_by_parser(setting: Setting) -> numpy.ndarray:
    import numpy

    tensor = setting.marked.doc.tensor
    if len(tensor) != len(setting.marked.doc):
        return numpy.zeros(4 * 96, dtype=numpy.float32)
    before = max(0, setting.marked.start - 1)
    after = min(len(tensor) - 1, setting.marked.end)
    return numpy.concatenate([tensor[setting.own.i], tensor[setting.head.i], tensor[before], tensor[after]])


# ------------------------------------------------------------------------------------------------- the senses


def _sense_of(setting: Setting) -> Sense:
    """Say for what a figurative name stands; the first rule that holds decides."""
    if _is(setting, "trade"):
        return "organisation"
    if _is(setting, "seat"):
        return "government"
    classes, verb = _classes(), setting.head.lemma_.lower()
    subject = setting.root.dep_ in _SUBJECTS
    if _is(setting, "event") and not (subject and (verb in classes["speak"] or verb in classes["rule"])):
        return "event"
    sentence = _around(setting.marked)
    games = sum(token.lower_ in classes["sport"] for token in sentence)
    plays = verb in classes["play"] and (games > 0 or bool(_SCORELINE.search(sentence.text)))
    states = verb in classes["speak"] or verb in classes["rule"]
    if plays or games >= 2 or (games and not states):
        return "team"
    if subject and verb in classes["people"]:
        return "people"
    return "government"

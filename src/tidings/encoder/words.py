"""Words and word pieces, as the encoder sees them.

In: a text. Out: its word pieces with ids and shapes, and its words with their characters.
It does not know the model or its heads.

The vocabulary is uncased, so each word also carries a shape (lower, Title, UPPER ...), which the model takes as a
second input.
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from tidings import data
from tidings.text import Span

if TYPE_CHECKING:
    from tokenizers import Tokenizer

__all__ = ["CLS", "MARKS", "SEP", "SHAPES", "VOCABULARY", "WINDOW", "Pieces", "cut", "mark", "windows"]

VOCABULARY = "encoder_vocab.txt.gz"
CLS, SEP = 101, 102
SHAPES = ("special", "lower", "title", "title_first", "upper", "letter", "mixed", "number", "code", "mark", "other")
"""The shapes, in the order of the model's table."""
MARKS = ("plain", "source", "target", "both", "place")
"""What a word can be marked as before the model reads it."""
WINDOW = 126
"""Word pieces read at once."""
LONGEST = 400_000
"""Characters cut at once; no passage of news comes near."""

_SHAPE = {name: index for index, name in enumerate(SHAPES)}
_STOPS = frozenset(".!?”")
_OPENERS = frozenset(".!?:\"“”‘'(—–-•*")


class Pieces(NamedTuple):
    """A text in word pieces. `heads[i]` is the first piece of word `i`, `words[i]` its characters."""

    ids: list[int]
    shapes: list[int]
    word_of: list[int]
    words: list[Span]
    heads: list[int]


@functools.cache
def _tokenizer() -> Tokenizer:
    return tokenizer(data.read_text(VOCABULARY).splitlines())


def tokenizer(vocabulary: Sequence[str]) -> Tokenizer:
    """Build the uncased word-piece tokenizer over a list of pieces."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

    made = Tokenizer(models.WordPiece({piece: index for index, piece in enumerate(vocabulary)}, unk_token="[UNK]"))
    made.normalizer = normalizers.BertNormalizer(lowercase=True)
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return made


def cut(text: str, *, using: Tokenizer | None = None) -> Pieces:
    """Cut a text into word pieces and words.

    A word is a run of letters and digits or one mark; what the vocabulary cannot spell is one unknown piece.

    >>> made = cut("Minsk said: no.")
    >>> [word.of("Minsk said: no.") for word in made.words]
    ['Minsk', 'said', ':', 'no', '.']
    """
    encoding = (using or _tokenizer()).encode(text[:LONGEST], add_special_tokens=False)
    ids, word_of, words, heads, shapes = list(encoding.ids), [], [], [], []
    last, before = None, ""
    for at, (word, (start, end)) in enumerate(zip(encoding.word_ids, encoding.offsets, strict=True)):
        if word != last:
            last = word
            heads.append(at)
            words.append(Span(start, end))
        else:
            words[-1] = Span(words[-1].start, max(end, words[-1].end))
        word_of.append(len(words) - 1)
    words = [_with_accents(text, span) for span in words]
    for span in words:
        word = span.of(text)
        shapes.append(_SHAPE[_shape(word, first=not before or before in _OPENERS)])
        before = word
    return Pieces(ids, [shapes[word] for word in word_of], word_of, words, heads)


def _with_accents(text: str, span: Span) -> Span:
    """Take in the combining marks after a word, which the tokenizer drops."""
    end = span.end
    while end < len(text) and text[end] > "\u02ff" and unicodedata.combining(text[end]):
        end += 1
    return span if end == span.end else Span(span.start, end)


def _shape(word: str, *, first: bool) -> str:
    if word.isdigit():
        return "number"
    if word.isalpha():
        if word.islower():
            return "lower"
        if word.isupper():
            return "upper" if len(word) > 1 else "letter"
        if word.istitle():
            return "title_first" if first else "title"
        return "mixed" if word.casefold() != word else "other"
    if word.isalnum():
        return "code"
    return "mark" if len(word) == 1 else "other"


def mark(pieces: Pieces, marked: Sequence[tuple[Sequence[int], str]]) -> list[int]:
    """Return one mark a piece for spans of the text marked "source", "target" or "place".

    >>> mark(cut("Minsk sued Riga"), [((0, 5), "source"), ((11, 15), "target")])
    [1, 0, 2]
    """
    marks = [0] * len(pieces.words)
    for (start, end), name in marked:
        value = MARKS.index(name)
        for index, word in enumerate(pieces.words):
            if word.start < end and start < word.end:
                marks[index] = 3 if {marks[index], value} in ({1, 2}, {3, 1}, {3, 2}) else value
    return [marks[word] for word in pieces.word_of]


def windows(text: str, pieces: Pieces) -> list[tuple[int, int]]:
    """Part the words into runs the model can read at once, at ends of sentences where there are some.

    >>> windows("No. Yes.", cut("No. Yes."))
    [(0, 4)]
    """
    edges, first, count = [0], 0, len(pieces.words)
    while first < count and len(pieces.ids) - pieces.heads[first] > WINDOW:
        last = first + 1
        while last < count and pieces.heads[last] - pieces.heads[first] < WINDOW - 8:
            last += 1
        stops = [index for index in range(first + 8, last) if pieces.words[index].of(text) in _STOPS]
        first = stops[-1] + 1 if stops else max(first + 1, last - 1)
        edges.append(first)
    return [(low, high) for low, high in zip(edges, [*edges[1:], count], strict=True) if low < high]

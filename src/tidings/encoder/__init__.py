"""The shared encoder: one small transformer with several heads, read once a passage.

In: sentences and paragraphs. Out: names, parts of quotations, who acts on whom, kinds and types of event, how an act
is told, senses of place names, all with probabilities and characters. It makes no facts, and nothing needs it:
`available()` says whether the model is installed, and stages fall back to their rules where it is not.
"""

from __future__ import annotations

from tidings.encoder.heads import ENTITIES, QUADS, QUOTE_PARTS, STATUSES, TYPES
from tidings.encoder.model import About, about, available
from tidings.encoder.reading import Labelled, Reading, read_sentences, senses, type_events
from tidings.encoder.shared import ArticleReading, read_article, reading_of
from tidings.encoder.telling import statuses

__all__ = [
    "ENTITIES",
    "QUADS",
    "QUOTE_PARTS",
    "STATUSES",
    "TYPES",
    "About",
    "ArticleReading",
    "Labelled",
    "Reading",
    "about",
    "available",
    "read_article",
    "read_sentences",
    "reading_of",
    "senses",
    "statuses",
    "type_events",
]

"""All actors of an article and every mention of them.

In: the parse and the article. Out: the `Cast`.
It ties first persons inside quotes to nobody: `cast_speakers` does, once the quotes are found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidings.actors.anaphora import cast_anaphora
from tidings.actors.naming import cast_names, cast_roles
from tidings.actors.reading import text_of
from tidings.actors.stage import Stage
from tidings.facts import Article, Cast

if TYPE_CHECKING:
    from spacy.tokens import Doc

__all__ = ["find_actors"]

LONGEST = 200_000
"""Characters of an article in which pronouns and descriptions are read; names are read everywhere."""


def find_actors(doc: Doc, *, article: Article) -> Cast:
    """Find who an article speaks of, on the day it was published.

    >>> from tidings.syntax import parse
    >>> text = "The Kremlin rejected the plan."
    >>> cast = find_actors(parse(text), article=Article(text=text))
    >>> [(m.span.of(text), m.form, m.actor) for m in cast.mentions]
    [('Kremlin', 'metonym', 'RUS.GOV')]
    """
    if not len(doc):
        return Cast()
    stage = Stage(doc, article.published.value if article.published else None)
    cast_names(stage)
    cast_roles(stage)
    if len(text_of(doc)) <= LONGEST:
        cast_anaphora(stage)
    return stage.finish()

"""The fields of a search: `actor:`, `country:`, `type:` and the others, as conditions on articles.

In: a field and what it is to hold. Out: SQL, in two forms: the articles that have it, and whether one article does.
Which form is quicker depends on how many articles have it; who searches decides.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from tidings.errors import UsageError
from tidings.store.rows import fold

__all__ = ["FIELDS", "Field", "field_values"]

_DAY = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")


class Field(NamedTuple):
    """A field in SQL; {0} stands for the name of its value, {n} for the number of an article.

    `articles` selects the articles that have it, each perhaps several times; `holds` tells whether one has it.
    """

    articles: str
    holds: str


# The spellings that hold these words side by side, be they names or the words of a speaker.
_SPELLINGS = """SELECT s.folded FROM words_of_spellings w CROSS JOIN spellings s ON s.number = w.rowid
    WHERE words_of_spellings MATCH :{0}"""
_CODES = "(:{0}_code, upper(:{0}_code), lower(:{0}_code))"

FIELDS: dict[str, Field] = {
    "actor": Field(
        f"""SELECT article FROM names WHERE folded IN ({_SPELLINGS})
        UNION ALL SELECT article FROM actors WHERE id IN {_CODES}
        UNION ALL SELECT article FROM actors WHERE code = upper(:{{0}}_code)
        UNION ALL SELECT article FROM actors WHERE wikidata = upper(:{{0}}_code)""",
        f"""(EXISTS (SELECT 1 FROM names f WHERE f.article = {{n}} AND +f.folded IN ({_SPELLINGS}))
        OR EXISTS (SELECT 1 FROM actors f WHERE f.article = {{n}}
            AND (+f.id IN {_CODES} OR +f.code = upper(:{{0}}_code) OR +f.wikidata = upper(:{{0}}_code))))""",
    ),
    "said-by": Field(
        f"""SELECT article FROM quotes WHERE status = 'asserted' AND speaker_folded IN ({_SPELLINGS})
        UNION ALL SELECT f.article FROM names f CROSS JOIN quotes q ON q.article = f.article AND +q.speaker = f.actor
            AND q.status = 'asserted' WHERE f.folded IN ({_SPELLINGS})""",
        f"""(EXISTS (SELECT 1 FROM quotes f WHERE f.article = {{n}} AND f.status = 'asserted'
            AND +f.speaker_folded IN ({_SPELLINGS}))
        OR EXISTS (SELECT 1 FROM quotes q CROSS JOIN names f ON f.article = q.article AND f.actor = q.speaker
            WHERE q.article = {{n}} AND q.status = 'asserted' AND +f.folded IN ({_SPELLINGS})))""",
    ),
    "country": Field(
        """SELECT article FROM actors WHERE country = upper(:{0}_code)
        UNION ALL SELECT article FROM places WHERE country = upper(:{0}_code)""",
        """(EXISTS (SELECT 1 FROM actors f WHERE f.article = {n} AND +f.country = upper(:{0}_code))
        OR EXISTS (SELECT 1 FROM places f WHERE f.article = {n} AND +f.country = upper(:{0}_code)))""",
    ),
    "type": Field(
        """SELECT article FROM events WHERE type = upper(:{0}_code)
        UNION ALL SELECT article FROM events WHERE cameo >= :{0}_code AND cameo < :{0}_code || '~'""",
        """EXISTS (SELECT 1 FROM events f WHERE f.article = {n} AND (+f.type = upper(:{0}_code)
            OR (+f.cameo >= :{0}_code AND +f.cameo < :{0}_code || '~')))""",
    ),
    "from": Field(
        "SELECT number FROM articles WHERE published_to >= :{0}_code",
        """EXISTS (SELECT 1 FROM articles f INDEXED BY articles_days
            WHERE f.number = {n} AND f.published_to >= :{0}_code)""",
    ),
    "to": Field(
        "SELECT number FROM articles WHERE published_from < :{0}_code || '~'",
        """EXISTS (SELECT 1 FROM articles f INDEXED BY articles_days
            WHERE f.number = {n} AND f.published_from < :{0}_code || '~')""",
    ),
    "outlet": Field(
        """SELECT number FROM articles WHERE outlet IN (SELECT name FROM known_outlets
            WHERE instr(lower(name), lower(:{0}_code)))
        UNION ALL SELECT number FROM articles INDEXED BY articles_by_address
            WHERE canonical IS NOT NULL AND instr(lower(canonical), lower(:{0}_code))""",
        """EXISTS (SELECT 1 FROM articles f WHERE f.number = {n} AND (instr(lower(f.outlet), lower(:{0}_code))
            OR instr(lower(f.canonical), lower(:{0}_code))))""",
    ),
}
"""The fields of a query by name."""


def field_values(field: str, text: str, name: str) -> dict[str, str]:
    """Return the values that a field's SQL asks for, under the name given; raise `UsageError` for what is none."""
    if not text.strip():
        raise UsageError(f"{field}: needs a value, as in {field}:{'2021-12' if field in ('from', 'to') else 'NAME'}")
    if field in ("from", "to") and not _DAY.fullmatch(text):
        raise UsageError(f"{field}: takes a day, month or year (2021-12-30, 2021-12, 2021), not {text!r}")
    # In quotation marks the index takes words for nothing but words.
    return {name: f'"{fold(text).strip()}"', f"{name}_code": text.strip()}

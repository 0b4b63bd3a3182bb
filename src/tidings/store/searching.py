"""Search a store by words and by facts.

In: a query as a person types it. Out: the articles that answer it, best first, each with a passage and its marks.
Every word of a query is looked up as a word; nothing typed can be taken for SQL or for the syntax of the index.

    geneva talks            both words, in title or text; endings do not matter
    "interim deal"          the words side by side
    sanction*               any word that begins so
    -oil                    not this word
    actor:zarif             someone of this name, code or Wikidata id is in it; actor:"leila brandt"
    said-by:zarif           someone of this name is quoted
    country:IRN             an actor or a place of this country is in it
    type:SANCTION           an event of this PLOVER type, or of this CAMEO code (type:163)
    from:2015-07 to:2015    published in these days, months or years, both included
    outlet:courier          the outlet's name, or its address, holds this
"""

from __future__ import annotations

import html
import re
import sqlite3

import msgspec

from tidings.errors import UsageError
from tidings.store.rows import fold
from tidings.text import Span

__all__ = ["FIELDS", "Hit", "find", "to_html"]

_TERM = re.compile(
    r"""
    (?P<not>-?)
    (?:(?P<field>[a-z][a-z-]{0,15}):)?        # actor: said-by: ...
    (?: "(?P<phrase>[^"]*)"?                  # words in quotation marks; the last mark may be missing
      | (?P<word>[^\s"]+) )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_OPEN, _CLOSE = "\ufdd0", "\ufdd1"  # characters that are no characters, and so stand in no honest text
_LONGEST = 2_000
_DAY = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")

_NAMED = """EXISTS (SELECT 1 FROM names n JOIN actors a ON a.article = n.article AND a.id = n.actor
    WHERE n.article = r.number AND (instr(n.folded, :{0}) OR upper(:{0}_code) IN (upper(a.id), a.code, a.wikidata)))"""
_SAID = """EXISTS (SELECT 1 FROM quotes q WHERE q.article = r.number AND (instr(q.speaker_folded, :{0})
    OR EXISTS (SELECT 1 FROM names n WHERE n.article = q.article AND n.actor = q.speaker AND instr(n.folded, :{0}))))"""
_COUNTRY = """(EXISTS (SELECT 1 FROM actors a WHERE a.article = r.number AND a.country = upper(:{0}_code))
    OR EXISTS (SELECT 1 FROM places p WHERE p.article = r.number AND p.country = upper(:{0}_code)))"""
_TYPE = """EXISTS (SELECT 1 FROM events e WHERE e.article = r.number
    AND (e.type = upper(:{0}_code) OR e.cameo = :{0}_code OR substr(e.cameo, 1, length(:{0}_code)) = :{0}_code))"""
_FROM = "substr(r.published_to, 1, length(:{0}_code)) >= :{0}_code"
_TO = "substr(r.published_from, 1, length(:{0}_code)) <= :{0}_code"
_OUTLET = "(instr(lower(r.outlet), lower(:{0}_code)) OR instr(lower(r.canonical), lower(:{0}_code)))"

FIELDS: dict[str, str] = {
    "actor": _NAMED,
    "said-by": _SAID,
    "country": _COUNTRY,
    "type": _TYPE,
    "from": _FROM,
    "to": _TO,
    "outlet": _OUTLET,
}
"""The fields of a query, each with its condition on an article `r`."""


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """One article found: `marks` are the words of the query within `snippet`."""

    id: str
    title: str | None
    published: str | None
    outlet: str | None
    url: str | None
    snippet: str
    marks: tuple[Span, ...] = ()


def to_html(hit: Hit) -> str:
    """Return a hit's snippet for a web page: everything escaped, its words in `<mark>`.

    >>> to_html(Hit(id="a", title=None, published=None, outlet=None, url=None, snippet="a <b> c", marks=(Span(2, 5),)))
    'a <mark>&lt;b&gt;</mark> c'
    """
    parts, at = [], 0
    for start, end in hit.marks:
        parts += [html.escape(hit.snippet[at:start]), f"<mark>{html.escape(hit.snippet[start:end])}</mark>"]
        at = end
    return "".join([*parts, html.escape(hit.snippet[at:])])


def find(connection: sqlite3.Connection, query: str, limit: int) -> list[Hit]:
    """Return the articles that answer a query, best first; without words to rank by, the youngest first."""
    wanted, unwanted, conditions, values = _read(query)
    if not wanted and not unwanted and not conditions:
        raise UsageError("nothing to search for: give words, or a field such as actor:NAME")
    if unwanted:
        conditions.append("r.number NOT IN (SELECT rowid FROM words WHERE words MATCH :unwanted)")
        values["unwanted"] = " OR ".join(unwanted)
    columns = "r.id, r.title, r.published, r.outlet, r.url"
    if wanted:
        values["wanted"] = " AND ".join(wanted)
        where = " AND ".join(["words MATCH :wanted", *conditions])
        sql = (
            f"SELECT {columns}, snippet(words, -1, '{_OPEN}', '{_CLOSE}', '…', 32)"
            f" FROM words JOIN articles r ON r.number = words.rowid WHERE {where}"
            " ORDER BY bm25(words, 5.0, 1.0), r.number LIMIT :limit"
        )
    else:
        where = " AND ".join(conditions)
        sql = (
            f"SELECT {columns}, substr(r.text, 1, 240) FROM articles r WHERE {where}"
            " ORDER BY r.published_to DESC, r.number LIMIT :limit"
        )
    return [_hit(row) for row in connection.execute(sql, {**values, "limit": limit})]


def _read(query: str) -> tuple[list[str], list[str], list[str], dict[str, str | int]]:
    """Return the words wanted, those unwanted, the conditions of the fields, and the values these name."""
    wanted: list[str] = []
    unwanted: list[str] = []
    conditions: list[str] = []
    values: dict[str, str | int] = {}
    if len(query) > _LONGEST:
        raise UsageError(f"a query too long: more than {_LONGEST} characters")
    for term in _TERM.finditer(query.replace("\x00", " ").replace("”", '"').replace("“", '"')):
        text = term["phrase"] if term["phrase"] is not None else term["word"]
        field = (term["field"] or "").lower()
        if field in FIELDS:
            name = f"v{len(values)}"
            values |= _values(field, text, name)
            conditions.append(("NOT " if term["not"] else "") + FIELDS[field].format(name))
            continue
        if field:  # a colon that is no field, as in 10:30
            text = f"{term['field']}:{text}"
        if not fold(text).strip():
            continue
        prefix = "*" if term["phrase"] is None and text.endswith("*") else ""
        (unwanted if term["not"] else wanted).append('"' + text.replace('"', " ") + '"' + prefix)
    return wanted, unwanted, conditions, values


def _values(field: str, text: str, name: str) -> dict[str, str | int]:
    if not text.strip():
        raise UsageError(f"{field}: needs a value, as in {field}:{'2021-12' if field in ('from', 'to') else 'NAME'}")
    if field in ("from", "to") and not _DAY.fullmatch(text):
        raise UsageError(f"{field}: takes a day, month or year (2021-12-30, 2021-12, 2021), not {text!r}")
    return {name: fold(text), f"{name}_code": text.strip()}


def _hit(row: tuple) -> Hit:
    told = " ".join((row[5] or "").split())
    snippet, marks, start = "", [], None
    for piece in re.split(f"([{_OPEN}{_CLOSE}])", told):
        if piece == _OPEN:
            start = len(snippet)
        elif piece == _CLOSE:
            if start is not None:
                marks.append(Span(start, len(snippet)))
            start = None
        else:
            snippet += piece
    names = dict(zip(("id", "title", "published", "outlet", "url"), row, strict=False))
    return Hit(**names, snippet=snippet, marks=tuple(marks))

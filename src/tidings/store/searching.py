"""Search a store by words and by facts.

In: a query as a person types it. Out: the articles that answer it, best first, each with a passage and its marks.
Every word of a query is looked up as a word; nothing typed can be taken for SQL or for the syntax of the index.

    geneva talks            both words, in title or text; endings do not matter
    "interim deal"          the words side by side
    sanction*               any word that begins so (of 300 words at most)
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
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from tidings.errors import UsageError
from tidings.store.fields import FIELDS, field_values
from tidings.store.rows import fold
from tidings.text import Span

__all__ = ["MOST_RANKED", "Hit", "Query", "find", "parse_query", "to_html"]

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
_MOST_WORDS = 300
"""Words that may begin as a query with a star asks."""
MOST_RANKED = 5_000
"""Articles with the words of a query that are weighed against one another: of more, those collected last."""
_FEW = 5_000
"""Articles that a field may have for them to be gathered first; with more each article is asked in its turn."""


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
    asked = parse_query(query)
    if not asked.wanted and not asked.unwanted and not asked.fields:
        raise UsageError("nothing to search for: give words, or a field such as actor:NAME")
    where, few = _conditions(connection, asked, "words.rowid" if asked.wanted else "r.number")
    values: dict[str, str | int] = {**asked.values, "limit": limit, "most": MOST_RANKED}
    if not asked.wanted:
        return _fetch(connection, _by_day(connection, where, few, values), "substr(r.text, 1, 240)", "articles r", "1")
    _check_beginnings(connection, asked)
    values["wanted"] = _match(asked)
    sql = (
        "SELECT number FROM (SELECT rowid AS number, bm25(words, 5.0, 1.0) AS weight FROM words"
        f" WHERE words MATCH :wanted AND {where} ORDER BY rowid DESC LIMIT :most)"
        " ORDER BY weight, number LIMIT :limit"
    )
    numbers = [number for (number,) in connection.execute(sql, values)]
    passage = f"snippet(words, -1, '{_OPEN}', '{_CLOSE}', '…', 32)"
    source = "words CROSS JOIN articles r ON r.number = words.rowid"
    return _fetch(connection, numbers, passage, source, "words MATCH ?", " AND ".join(asked.wanted), asked.beginnings)


class Query(NamedTuple):
    """A query taken apart: words as the index takes them; field, name of its value, and whether it is to be absent."""

    wanted: list[str]
    unwanted: list[str]
    beginnings: list[str]
    fields: list[tuple[str, str, bool]]
    values: dict[str, str]


def parse_query(query: str) -> Query:
    """Take a query apart; raise `UsageError` for one that is too long."""
    if len(query) > _LONGEST:
        raise UsageError(f"a query too long: more than {_LONGEST} characters")
    asked = Query([], [], [], [], {})
    seen: set[tuple[str, str, str, bool]] = set()
    for term in _TERM.finditer(query.replace("\x00", " ").replace("”", '"').replace("“", '"')):
        text = term["phrase"] if term["phrase"] is not None else term["word"]
        field = (term["field"] or "").lower()
        # The time a passage takes grows with the square of how often one word is asked for.
        begins = term["phrase"] is None and text.endswith("*")
        key = (field, text if field in FIELDS else fold(text), term["not"], begins)
        if key in seen:
            continue
        seen.add(key)
        if field in FIELDS:
            name = f"v{len(asked.fields)}"
            asked.values.update(field_values(field, text, name))
            asked.fields.append((field, name, bool(term["not"])))
            continue
        if field:  # a colon that is no field, as in 10:30
            text = f"{term['field']}:{text}"
        if not fold(text).strip():
            continue
        prefix = "*" if begins else ""
        if begins:
            asked.beginnings.append(fold(text).split()[-1])
        (asked.unwanted if term["not"] else asked.wanted).append('"' + text.replace('"', " ") + '"' + prefix)
    return asked


def _conditions(connection: sqlite3.Connection, asked: Query, number: str) -> tuple[str, bool]:
    """Return the conditions of a query in SQL, and whether one of them leaves few articles."""
    conditions, few = ["1"], False
    for field, name, absent in asked.fields:
        articles, holds = FIELDS[field].articles.format(name), FIELDS[field].holds.format(name, n=number)
        (count,) = connection.execute(
            f"SELECT count(*) FROM (SELECT 1 FROM ({articles}) LIMIT {_FEW + 1})", asked.values
        ).fetchone()
        if count > _FEW:
            conditions.append(f"NOT {holds}" if absent else holds)
        else:
            # The plus keeps SQLite from looking up the words once for each of the articles.
            conditions.append(f"{'' if not asked.wanted else '+'}{number} {'NOT ' if absent else ''}IN ({articles})")
            few = few or not absent
    if asked.unwanted and not asked.wanted:
        unwanted = " OR ".join(asked.unwanted)
        asked.values["unwanted"] = unwanted
        conditions.append(f"{number} NOT IN (SELECT rowid FROM words WHERE words MATCH :unwanted)")
    return " AND ".join(conditions), few


def _match(asked: Query) -> str:
    wanted = " AND ".join(asked.wanted)
    return f"({wanted}) NOT ({' OR '.join(asked.unwanted)})" if asked.unwanted else wanted


def _by_day(connection: sqlite3.Connection, where: str, few: bool, values: dict[str, str | int]) -> list[int]:
    """Return the articles that hold to conditions, the youngest first.

    Where few can answer, they are gathered and sorted; else the days are walked along until enough are found.
    """
    way = "articles_days" if few else "articles_by_last_day"
    sql = f"SELECT r.number FROM articles r INDEXED BY {way} WHERE {where} ORDER BY r.published_to DESC, r.number"
    return [number for (number,) in connection.execute(f"{sql} LIMIT :limit", values)]


def _check_beginnings(connection: sqlite3.Connection, asked: Query) -> None:
    """Refuse a beginning that more words share than can be looked up in a moment."""
    if asked.beginnings:
        connection.execute("CREATE VIRTUAL TABLE IF NOT EXISTS temp.terms USING fts5vocab('main', 'words', 'row')")
    for beginning in asked.beginnings:
        (count,) = connection.execute(
            "SELECT count(*) FROM (SELECT 1 FROM temp.terms WHERE term >= ? AND term < ? LIMIT ?)",
            (beginning, beginning + "\U0010ffff", _MOST_WORDS + 1),
        ).fetchone()
        if count > _MOST_WORDS:
            raise UsageError(f"more than {_MOST_WORDS} words begin with {beginning!r}: give more letters before the *")


def _fetch(
    connection: sqlite3.Connection,
    numbers: list[int],
    passage: str,
    source: str,
    where: str,
    match: str | None = None,
    beginnings: Sequence[str] = (),
) -> list[Hit]:
    """Return the hits of articles, in their order, each with a passage."""
    sql = f"SELECT r.number, r.id, r.title, r.published, r.outlet, r.url, {passage} FROM {source} WHERE {where} AND "
    key = "r.number" if match is None else "words.rowid"
    bound = () if match is None else (match,)
    if beginnings and numbers:
        # Each look-up of a beginning gathers all its words anew: one pass over them serves all hits.
        within = f"{key} BETWEEN ? AND ? AND +{key} IN ({', '.join(map(str, numbers))})"
        rows = connection.execute(sql + within, (*bound, min(numbers), max(numbers))).fetchall()
    else:
        rows = [connection.execute(f"{sql}{key} = ?", (*bound, number)).fetchone() for number in numbers]
    places = {number: at for at, number in enumerate(numbers)}
    return [_hit(row[1:]) for row in sorted(rows, key=lambda row: places[row[0]])]


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

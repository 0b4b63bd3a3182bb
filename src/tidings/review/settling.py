"""The tables of a store, written as people have judged its records.

In: an open change of a store. Out: the rows of judged articles, by whatever way page and judgement came together.
The record itself stays as it was read: what is undone is as if it had never been judged.
"""

from __future__ import annotations

from sqlite3 import Connection
from typing import Any

from tidings.facts import Record
from tidings.review.applying import as_judged
from tidings.review.casting import merged
from tidings.review.judgements import Judgement, active, judgements_everywhere, judgements_of
from tidings.store import Store
from tidings.store.profiles import describe_actors, describe_places
from tidings.store.rows import article_row, fact_rows

__all__ = ["renew_merges", "settle"]

_KEYS = {
    "actors": ("id",), "names": ("actor", "name"), "places": ("number",), "mentions": ("number",),
    "times": ("number",), "quotes": ("number",), "events": ("number",), "sides": ("event", "side", "number"),
}  # fmt: skip
_KINDS = {"events": "event", "sides": "event", "quotes": "quote", "mentions": "mention", "places": "place",
          "times": "time"}  # fmt: skip
_ARTICLE = (
    "title", "outlet", "published", "published_from", "published_to", "published_basis", "published_score"
)  # fmt: skip
"""What a person can change of an article."""
_DUE = """
SELECT j.article, a.sha256 FROM judged_articles j JOIN articles a ON a.number = j.article
WHERE j.due AND {where} ORDER BY j.article LIMIT ?
"""

# Rows of tables, each with its own columns.
Row = dict[str, Any]
Key = tuple[str | int | float | None, ...]


def settle(store: Store, connection: Connection, most: int, *, page: str | None = None) -> int:
    """Write up to `most` articles that are due, or the one of a page, as they are judged; return how many."""
    where, values = ("a.sha256 = ?", (page,)) if page else ("1", ())
    rows = connection.execute(_DUE.format(where=where), (*values, most)).fetchall()
    everywhere = judgements_everywhere(store) if rows else []
    for article, sha256 in rows:
        told = [*judgements_of(store, sha256), *everywhere]
        own = active(sorted(told, key=lambda one: (one.at, one.number)))
        _settle_article(connection, article, store.at(article), own)
    return len(rows)


def renew_merges(store: Store, connection: Connection) -> None:
    """Bring up to date who is merged into whom everywhere, and note the articles in which that changes something."""
    new = merged(active(judgements_everywhere(store)))
    old = dict(connection.execute("SELECT id, head FROM merged_actors").fetchall())
    # Where actors were judged on the page itself, its rows need not name those that are merged or split now.
    connection.execute(
        "UPDATE judged_articles SET due = 1 WHERE article IN (SELECT number FROM articles WHERE sha256 IN"
        " (SELECT page FROM judgements WHERE fact IN ('actor', 'mention')))"
    )
    for id in sorted(id for id in {*old, *new} if old.get(id) != new.get(id)):
        connection.execute(
            "INSERT INTO judged_articles SELECT article, 1 FROM actors WHERE id = ?"
            " ON CONFLICT (article) DO UPDATE SET due = 1",
            (id,),
        )
        # Where it was merged before, its rows are those of what it was merged into.
        connection.execute(
            "UPDATE judged_articles SET due = 1 WHERE article IN (SELECT article FROM actors WHERE id = ?)",
            (old.get(id),),
        )
        connection.execute("DELETE FROM merged_actors WHERE id = ?", (id,))
        if id in new:
            connection.execute("INSERT INTO merged_actors VALUES (?, ?)", (id, new[id]))


def _settle_article(connection: Connection, number: int, record: Record, own: list[Judgement]) -> None:
    judged, rejected = as_judged(record, own)
    wanted: dict[str, dict[Key, Row]] = {table: {} for table in _KEYS}
    for table, row in fact_rows(judged, number):
        kind = _KINDS.get(table)
        if kind is None or row["event" if table == "sides" else "number"] not in rejected.get(kind, ()):
            wanted[table][tuple(row[name] for name in _KEYS[table])] = row
    facts = _write_facts(connection, number, wanted)
    dated = _write_article(connection, number, article_row(judged))
    if facts or dated:
        connection.execute(
            "INSERT OR IGNORE INTO lapsed_stories SELECT story FROM story_articles WHERE article = ?", (number,)
        )
    if judged == record and not rejected:
        connection.execute("DELETE FROM judged_articles WHERE article = ?", (number,))
    else:
        connection.execute("UPDATE judged_articles SET due = 0 WHERE article = ?", (number,))


def _write_facts(connection: Connection, article: int, wanted: dict[str, dict[Key, Row]]) -> bool:
    """Write the rows that differ, and leave the others alone, with what hangs on them; tell whether any did."""
    # Rows refer to one another: all is in order again at the end of the change.
    connection.execute("PRAGMA defer_foreign_keys = ON")
    touched: dict[str, list[Row]] = {table: [] for table in _KEYS}
    for table, keys in _KEYS.items():
        where = " AND ".join(f"{name} = ?" for name in ("article", *keys))
        for key, row in _held(connection, table, article).items():
            if wanted[table].get(key) != row:
                connection.execute(f"DELETE FROM {table} WHERE {where}", (article, *key))
                touched[table].append(row)
    for table in _KEYS:
        # Asked anew: with an actor go its names, with an event its sides.
        held = _held(connection, table, article)
        for key, row in wanted[table].items():
            if key not in held:
                names = ", ".join(f'"{name}"' for name in row)
                marks = ", ".join("?" * len(row))
                connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(row.values()))
                touched[table].append(row)
    describe_actors(connection, {row["id"] for row in touched["actors"]})
    describe_places(connection, {(row["geonames"], row["name"], row["country"]) for row in touched["places"]})
    return any(touched.values())


def _held(connection: Connection, table: str, article: int) -> dict[Key, Row]:
    cursor = connection.execute(f"SELECT * FROM {table} WHERE article = ?", (article,))
    names = [column[0] for column in cursor.description]
    rows = (dict(zip(names, row, strict=True)) for row in cursor.fetchall())
    return {tuple(row[name] for name in _KEYS[table]): row for row in rows}


def _write_article(connection: Connection, number: int, wanted: Row) -> bool:
    new = tuple(wanted[name] for name in _ARTICLE)
    columns = ", ".join(_ARTICLE)
    if connection.execute(f"SELECT {columns} FROM articles WHERE number = ?", (number,)).fetchone() == new:
        return False
    marks = ", ".join("?" * len(new))
    connection.execute(f"UPDATE articles SET ({columns}) = ({marks}) WHERE number = ?", (*new, number))
    return True

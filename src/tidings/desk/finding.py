"""The first page, and the search.

In: a shelf and what was asked. Out: views of articles.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from tidings.desk.ahead import coming
from tidings.desk.cast import busiest, pairs, summary
from tidings.desk.digest import Digest, Head
from tidings.desk.marks import Mark, cut
from tidings.desk.shelf import Shelf
from tidings.desk.views import Table, View, paged
from tidings.errors import UsageError

__all__ = ["head_table", "search", "today"]

_FACETS = 8
_MOST = 200


def today(shelf: Shelf, asked: Mapping[str, str]) -> View:
    """Show the youngest articles, who is busy in them, and what is coming."""
    digest = shelf.digest()
    newest = digest.newest()
    heads, paging = paged(newest, asked.get("page"), 40)
    data = {
        "latest": digest.latest,
        "articles": heads,
        "paging": paging,
        "counts": {
            "articles": len(digest.heads),
            "quotes": len(digest.quoted),
            "events": len(digest.told),
            "actors": len(digest.actors),
            "failures": shelf.failures(),
        },
        "actors": [summary(who) for who in busiest(digest)[:12]],
        "pairs": pairs(digest)[:10],
        "coming": coming(digest)[:10],
    }
    return View(title="Today", template="today.html", data=data, table=head_table(newest))


def search(shelf: Shelf, asked: Mapping[str, str]) -> View:
    """Show the articles that answer a query, with its words marked, and how to narrow it."""
    query = asked.get("q", "").strip()
    digest = shelf.digest()
    wrong, hits = None, []
    if query:
        try:
            hits = shelf.search(query, _MOST)
        except UsageError as error:
            wrong = str(error)
    found = [digest.heads[hit.id] for hit in hits if hit.id in digest.heads]
    data = {
        "query": query,
        "wrong": wrong,
        "limit": _MOST,
        "hits": hits,
        "facets": _facets(digest, found or ([] if query else list(digest.heads.values())), query),
    }
    marked = [cut(hit.snippet, [Mark(span=mark, kind="found") for mark in hit.marks]) for hit in hits]
    rows = [(hit.id, hit.published, hit.outlet, hit.title, hit.url, hit.snippet) for hit in hits]
    return View(
        title=f"Search: {query}" if query else "Search",
        template="search.html",
        data=data,
        drawn={"marked": marked},
        table=Table(("id", "published", "outlet", "title", "url", "snippet"), rows),
        status=400 if wrong else 200,
    )


def head_table(heads: Iterable[Head]) -> Table:
    """Lay out articles for a spreadsheet."""
    columns = ("id", "published", "outlet", "title", "kind", "quotes", "events")
    return Table(columns, [[getattr(head, column) for column in columns] for head in heads])


def _facets(digest: Digest, heads: list[Head], query: str) -> list[dict[str, object]]:
    """Count what the articles have in common; each choice is a query that can be asked."""
    counted: dict[str, Counter[str]] = {name: Counter() for name in ("actor", "country", "type", "outlet")}
    for head in heads:
        counted["actor"].update(head.actors)
        counted["country"].update(head.countries)
        counted["type"].update(head.types)
        counted["outlet"].update([head.outlet] if head.outlet else [])
    facets = []
    for field, counts in counted.items():
        best = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:_FACETS]
        choices = []
        for value, count in best:
            # A quotation mark cannot be written in a phrase; the words of the name find it without.
            term = f'{field}:"{value.replace(chr(34), " ")}"'
            name = digest.actors[value].name if field == "actor" else value
            choices.append({"name": name, "count": count, "query": f"{query} {term}".strip(), "set": term in query})
        facets.append({"field": field, "choices": choices})
    return facets

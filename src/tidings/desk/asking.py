"""What a search of the desk asks, and which articles answer it.

In: the query of an address: words, and choices such as an actor or a country. Out: the articles, best first, and counts
of what they have in common. Words are read as `tidings.store.searching` reads them.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from urllib.parse import urlencode

import msgspec

from tidings.desk.shelf import Shelf
from tidings.desk.telling import now_of
from tidings.dyads.parties import country_name
from tidings.errors import UsageError
from tidings.store.fields import FIELDS
from tidings.store.searching import MOST_RANKED, parse_query

__all__ = [
    "CHOICES", "MOST", "Asked", "Choice", "Facet", "Found", "address", "as_now", "ask", "facets", "read_asked",
    "snippets",
]  # fmt: skip

MOST = 500
"""Articles a search looks through; more are counted, not shown."""
_RARE = 3_000
"""Articles that a choice may leave for them to be gathered first; with more each article is asked in its turn."""
_FACET = 8
_OPEN, _CLOSE = "\ufdd0", "\ufdd1"

CHOICES = ("actor", "said", "country", "type", "status", "outlet", "place", "from", "to")
"""What an address can choose beside words."""

_EXISTS = {
    "actor": "EXISTS (SELECT 1 FROM actors a WHERE a.article = {n} AND a.id = :actor)",
    "said": "EXISTS (SELECT 1 FROM quotes q WHERE q.article = {n} AND q.speaker = :said AND q.status = 'asserted')",
    "country": "(EXISTS (SELECT 1 FROM actors a WHERE a.article = {n} AND a.country = :country)"
    " OR EXISTS (SELECT 1 FROM places p WHERE p.article = {n} AND p.country = :country))",
    "type": "EXISTS (SELECT 1 FROM events e WHERE e.article = {n} AND e.type = :type)",
    "status": "EXISTS (SELECT 1 FROM events e WHERE e.article = {n} AND e.status = :status)",
    "both": "EXISTS (SELECT 1 FROM events e WHERE e.article = {n} AND e.type = :type AND e.status = :status)",
    "place": "EXISTS (SELECT 1 FROM places p WHERE p.article = {n} AND p.geonames = :geonames)",
    "name": "EXISTS (SELECT 1 FROM places p WHERE p.article = {n} AND p.geonames IS NULL AND p.name = :name)",
}
# The same, gathered from the value's own index: quicker where a value is rare.
_WITHIN = {
    "actor": "{n} IN (SELECT article FROM actors WHERE id = :actor)",
    "said": "{n} IN (SELECT article FROM quotes WHERE speaker = :said AND status = 'asserted')",
    "country": "{n} IN (SELECT article FROM actors WHERE country = :country"
    " UNION SELECT article FROM places WHERE country = :country)",
    "place": "{n} IN (SELECT article FROM places WHERE geonames = :geonames)",
    "name": "{n} IN (SELECT article FROM places WHERE geonames IS NULL AND name = :name)",
    "outlet": "{n} IN (SELECT number FROM articles WHERE outlet = :outlet)",
}
_OFTEN = {
    "actor": "SELECT articles FROM known_actors WHERE id = :actor",
    "said": "SELECT articles FROM known_actors WHERE id = :said",
    "country": "SELECT mentions FROM known_countries WHERE code = :country",
    "place": "SELECT mentions FROM known_places WHERE key = :place",
    "name": "SELECT mentions FROM known_places WHERE key = :place",
    "outlet": "SELECT articles FROM known_outlets WHERE name = :outlet",
}


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A search: words, choices by their names, and the order wanted."""

    words: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    order: str = "best"

    @property
    def chosen(self) -> dict[str, str]:
        """The choices by name."""
        return dict(self.choices)


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """The articles that answer, by number, best first; `total` is None when there are more than are looked through."""

    numbers: tuple[int, ...] = ()
    total: int | None = 0
    ranked: bool = False
    wanted: str = ""


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """One way to narrow a search, or, when it is `set`, to widen it again."""

    value: str
    name: str
    count: int
    path: str
    set: bool = False


class Facet(msgspec.Struct, frozen=True, kw_only=True):
    """What the articles have in common in one respect."""

    field: str
    title: str
    choices: tuple[Choice, ...]


def read_asked(query: Mapping[str, str]) -> Asked:
    """Read the query of an address; raise `UsageError` for a day that is none."""
    choices = tuple((name, query[name].strip()[:300]) for name in CHOICES if query.get(name, "").strip())
    for name, value in choices:
        if name in ("from", "to") and not all(part.isdigit() and part.isascii() for part in value.split("-")):
            raise UsageError(f"{name}: takes a day, month or year (2021-12-30, 2021-12, 2021), not {value!r}")
    order = "new" if query.get("order") == "new" else "best"
    return Asked(words=query.get("q", "").strip(), choices=choices, order=order)


def address(asked: Asked, **changes: str | None) -> str:
    """Return the address of a search with some choices changed; None takes a choice away.

    >>> address(Asked(words="talks", choices=(("actor", "Q76"),)), country="IRN")
    '/search?q=talks&actor=Q76&country=IRN'
    """
    kept = {"q": asked.words, **asked.chosen, **changes}
    if asked.order != "best":
        kept = {**kept, "order": asked.order, **changes}
    return "/search?" + urlencode({name: value for name, value in kept.items() if value})


def ask(shelf: Shelf, asked: Asked) -> Found:
    """Return the articles that answer; raise `UsageError` for words that make no query."""
    return shelf.remember(("ask", asked), lambda: _ask(shelf, asked))


def as_now(shelf: Shelf, asked: Asked) -> Asked:
    """Return the same search with actors that were merged into others as those."""
    now = tuple((name, now_of(shelf, value) if name in ("actor", "said") else value) for name, value in asked.choices)
    return msgspec.structs.replace(asked, choices=now)


def _ask(shelf: Shelf, asked: Asked) -> Found:
    words = parse_query(asked.words)
    if asked.words and not words.wanted and not words.unwanted and not words.fields:
        raise UsageError("nothing to search for: give words, or a field such as actor:NAME")
    values: dict[str, str | int] = {**words.values, **asked.chosen, "limit": MOST + 1, "most": MOST_RANKED}
    match = " AND ".join(words.wanted)
    number = "words.rowid" if match else "r.number"
    conditions: list[str] = []
    rare = _fields(shelf, words.fields, conditions, values, number)
    rare = _conditions(shelf, asked, conditions, values, number) or rare
    if words.unwanted and not match:
        values["unwanted"] = " OR ".join(words.unwanted)
        conditions.append("r.number NOT IN (SELECT rowid FROM words WHERE words MATCH :unwanted)")
    where = " AND ".join(conditions) or "1"
    if not match:
        walk = "" if rare else "INDEXED BY articles_by_published"
        order = "r.published DESC, r.number DESC"
        sql = f"SELECT r.number FROM articles r {walk} WHERE {where} ORDER BY {order} LIMIT :limit"
        return _found(shelf, asked, [row[0] for row in shelf.named(sql, values)], "")
    values["wanted"] = f"({match}) NOT ({' OR '.join(words.unwanted)})" if words.unwanted else match
    if asked.order == "new":
        sql = f"SELECT rowid FROM words WHERE words MATCH :wanted AND {where} ORDER BY rowid DESC LIMIT :limit"
    else:
        # Weighing costs: of very many articles those collected last are weighed, as in `Store.search`.
        sql = (
            "SELECT number FROM (SELECT rowid AS number, bm25(words, 5.0, 1.0) AS weight FROM words"
            f" WHERE words MATCH :wanted AND {where} ORDER BY rowid DESC LIMIT :most)"
            " ORDER BY weight, number LIMIT :limit"
        )
    return _found(shelf, asked, [row[0] for row in shelf.named(sql, values)], match)


def _found(shelf: Shelf, asked: Asked, numbers: list[int], wanted: str) -> Found:
    total = len(numbers) if len(numbers) <= MOST else None
    if total is None and not asked.words and not asked.choices:
        total = shelf.totals().articles
    ranked = bool(wanted) and asked.order == "best"
    return Found(numbers=tuple(numbers[:MOST]), total=total, ranked=ranked, wanted=wanted)


def _fields(
    shelf: Shelf, fields: list[tuple[str, str, bool]], conditions: list[str], values: dict[str, str | int], number: str
) -> bool:
    """Add the conditions of the fields written among the words; tell whether one of them leaves few articles."""
    rare = False
    for field, name, absent in fields:
        articles = FIELDS[field].articles.format(name)
        count = shelf.named(f"SELECT count(*) FROM (SELECT 1 FROM ({articles}) LIMIT {_RARE + 1})", values)[0][0]
        if count > _RARE:
            conditions.append(("NOT " if absent else "") + FIELDS[field].holds.format(name, n=number))
        else:
            conditions.append(f"+{number} {'NOT ' if absent else ''}IN ({articles})")
            rare = rare or not absent
    return rare


def _conditions(shelf: Shelf, asked: Asked, conditions: list[str], values: dict[str, str | int], number: str) -> bool:
    """Add the conditions of the choices; tell whether one of them leaves few articles."""
    chosen, rare, matching = asked.chosen, False, number != "r.number"
    for name in chosen:
        field = name
        if name == "place":
            field = "place" if chosen[name].startswith("g") and chosen[name][1:].isdigit() else "name"
            values["geonames"] = int(chosen[name][1:]) if field == "place" else 0
            values["name"] = chosen[name].rpartition("/")[0]
        if name == "status" and "type" in chosen:
            continue
        if name == "type" and "status" in chosen:
            field = "both"
        if name in ("from", "to"):
            compare = "published >= :from" if name == "from" else "published < :to || '~'"
            within = f"+{number} IN (SELECT number FROM articles WHERE {compare})"
            conditions.append(within if matching else f"r.{compare}")
            continue
        often = (shelf.named(_OFTEN[field], values) or [(0,)])[0][0] if field in _OFTEN else None
        few = often is not None and (often <= _RARE or field == "outlet")
        rare = rare or few
        # The plus keeps SQLite from looking up the words once for each article that has the value.
        conditions.append(_WITHIN[field].format(n=f"+{number}") if few else _EXISTS[field].format(n=number))
    return rare


def snippets(shelf: Shelf, found: Found, numbers: tuple[int, ...]) -> list[tuple[str, list[tuple[int, int]]]]:
    """Return for each article a passage, and where in it the words of the query stand."""
    if found.wanted:
        sql = f"SELECT snippet(words, -1, '{_OPEN}', '{_CLOSE}', '…', 32) FROM words WHERE words MATCH ? AND rowid = ?"
        return [_marked((shelf.row(sql, found.wanted, number) or ("",))[0]) for number in numbers]
    sql = "SELECT substr(r.text, 1, 240) FROM json_each(?) j CROSS JOIN articles r ON r.number = j.value ORDER BY j.key"
    return [_marked(row[0]) for row in shelf.rows(sql, json.dumps(numbers))]


def _marked(told: str) -> tuple[str, list[tuple[int, int]]]:
    text, marks, start = "", [], None
    for piece in (
        " ".join((told or "").split()).replace(_OPEN, f"\0{_OPEN}\0").replace(_CLOSE, f"\0{_CLOSE}\0").split("\0")
    ):
        if piece == _OPEN:
            start = len(text)
        elif piece == _CLOSE:
            if start is not None:
                marks.append((start, len(text)))
            start = None
        else:
            text += piece
    return text, marks


_TITLES = {
    "actor": "Actor",
    "said": "Said by",
    "country": "Country",
    "type": "Event type",
    "status": "Status",
    "outlet": "Outlet",
}
_EACH = "FROM json_each(?) j CROSS JOIN {0} x ON x.article = j.value"


def facets(shelf: Shelf, asked: Asked, found: Found) -> list[Facet]:
    """Count what the articles have in common; each choice is an address."""
    return shelf.remember(("facets", asked), lambda: _facets(shelf, asked, found))


def _facets(shelf: Shelf, asked: Asked, found: Found) -> list[Facet]:
    numbers = json.dumps(found.numbers)
    made = [
        Facet(
            field=field, title=_TITLES[field], choices=tuple(_choices(shelf, asked, field, counts, len(found.numbers)))
        )
        for field, counts in _count(shelf, numbers).items()
    ]
    place = asked.chosen.get("place")
    if place:
        taken = Choice(
            value=place,
            name=_name(shelf, "place", place),
            count=len(found.numbers),
            path=address(asked, place=None),
            set=True,
        )
        made.append(Facet(field="place", title="Place", choices=(taken,)))
    return [*made, _days(shelf, asked, numbers)]


def _count(shelf: Shelf, numbers: str) -> dict[str, Counter[str]]:
    """Count in how many of the articles each value stands."""
    actors = shelf.rows(f"SELECT x.article, x.id, x.country {_EACH.format('actors')}", numbers)
    places = shelf.rows(f"SELECT DISTINCT x.article, x.country {_EACH.format('places')}", numbers)
    events = shelf.rows(f"SELECT DISTINCT x.article, x.type, x.status {_EACH.format('events')}", numbers)
    quotes = shelf.rows(
        f"SELECT DISTINCT x.article, x.speaker {_EACH.format('quotes')} AND x.status = 'asserted'", numbers
    )
    outlets = shelf.rows(
        "SELECT r.outlet, count(*) FROM json_each(?) j CROSS JOIN articles r ON r.number = j.value"
        " WHERE r.outlet IS NOT NULL GROUP BY r.outlet",
        numbers,
    )
    countries = {(row[0], row[2]) for row in actors if row[2]} | {row for row in places if row[1]}
    return {
        "actor": Counter(row[1] for row in actors),
        "said": Counter(row[1] for row in quotes if row[1]),
        "country": Counter(row[1] for row in countries),
        "type": Counter(kind for _, kind in {(row[0], row[1]) for row in events}),
        "status": Counter(status for _, status in {(row[0], row[2]) for row in events}),
        "outlet": Counter(dict(outlets)),
    }


def _choices(shelf: Shelf, asked: Asked, field: str, counts: Counter[str], all_: int) -> Iterator[Choice]:
    """Yield the values that most of the articles have, after the one that is chosen."""
    chosen = asked.chosen.get(field)
    if chosen:
        path = address(asked, **{field: None})
        yield Choice(value=chosen, name=_name(shelf, field, chosen), count=all_, path=path, set=True)
    best = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[: _FACET + bool(chosen)]
    for value, count in best:
        if value != chosen:
            path = address(asked, **{field: value})
            yield Choice(value=value, name=_name(shelf, field, value), count=count, path=path)


def _days(shelf: Shelf, asked: Asked, numbers: str) -> Facet:
    """Offer years, or the months of a year where all are of one."""
    sql = (
        "SELECT substr(r.published, 1, {0}), count(*) FROM json_each(?) j CROSS JOIN articles r ON r.number = j.value"
        " WHERE r.published IS NOT NULL GROUP BY 1 ORDER BY 1 DESC LIMIT 24"
    )
    rows = shelf.rows(sql.format(4), numbers)
    if len(rows) == 1:
        rows = shelf.rows(sql.format(7), numbers)
    choices = [
        Choice(value=day, name=day, count=count, path=address(asked, **{"from": day, "to": day})) for day, count in rows
    ]
    chosen = asked.chosen
    if "from" in chosen or "to" in chosen:
        words = f"{chosen.get('from', '…')} to {chosen.get('to', '…')}"
        path = address(asked, **{"from": None, "to": None})
        choices = [Choice(value="", name=words, count=0, path=path, set=True), *(choices if len(choices) > 1 else [])]
    return Facet(field="date", title="Date", choices=tuple(choices))


def _name(shelf: Shelf, field: str, value: str) -> str:
    if field in ("actor", "said"):
        return (shelf.row("SELECT name FROM known_actors WHERE id = ?", value) or (value,))[0]
    if field == "place":
        return (shelf.row("SELECT name FROM known_places WHERE key = ?", value) or (value,))[0]
    return country_name(value) if field == "country" else value

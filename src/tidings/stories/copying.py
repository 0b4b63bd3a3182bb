"""Near copies as they come in: a new article joins the group of texts it is a copy of.

In: an article and its sketch. Out: rows of `copies`, each with the kind of copy and the reason.
Nothing is dropped: who wants one text a group takes its origin.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from tidings.store.rows import fold
from tidings.stories.copies import is_copy, kind_of
from tidings.stories.intake import Sketch, day_of
from tidings.stories.likeness import Likeness, Reading, compare, mark
from tidings.stories.standing import Seen, Standing, tally
from tidings.stories.translating import is_translation, lay_parallel, outline

__all__ = ["describe", "find_group", "find_translated", "join_groups"]

DAYS = 7
"""A text is sold for so many days; what comes later is another one on the same form."""
LONGEST = 2 * DAYS
"""Days from the first to the last of a group; a text without a date does not tie years together."""
LEAST_SHARED = 2
LEAST_SHARE = 0.03
MOST_COMPARED = 16
MOST_TRANSLATED = 6
MOST_DESCRIBED = 40
MOST_OUTLETS = 200
MOST_LINE = 200
MOST_PIECE = 2_000
MOST_NAME = 5
"""Words of a line that is no more than a name, as agencies stand under a headline or at the end of a text."""
_LEADS = frozenset({"by", "from", "source", "via", "c", "von", "par", "por", "fuente", "quelle"})
_SIGNED = frozenset({"byline", "dateline"})


_MEMBERS = (
    "SELECT c.article, c.kind, coalesce(r.published, ''), r.outlet FROM copies c"
    ' JOIN read_articles r ON r.number = c.article WHERE c."group" = ?1'
)


class _Credits(NamedTuple):
    """The lines of a page that may say whom it has its text from: its credit, and lines that are only a name."""

    line: str | None = None
    names: tuple[str, ...] = ()


class _Member(NamedTuple):
    article: int
    kind: str
    day: str
    outlet: str | None
    credits: _Credits


def find_group(standing: Standing, number: int, published: int, own: Sketch) -> list[int]:
    """Return the articles that stand already and are copies of a new one, one for each group they are in."""
    shared = tally(standing.found(own.keys, published, DAYS))
    shared.pop(number, None)
    likely = [
        (count, article)
        for article, count in shared.items()
        if count >= min(LEAST_SHARED, len(own.keys)) and count >= LEAST_SHARE * len(own.keys)
    ]
    likely.sort(key=lambda pair: (-pair[0], pair[1]))
    marks = None
    copies: list[int] = []
    groups: set[int] = set()
    days = [published] if published else []
    for _, article in likely[:MOST_COMPARED]:
        if standing.seen(article) is None:
            continue
        group = _group_of(standing, article)
        if group in groups:
            continue
        other = standing.sketch_of(article).reading
        if marks is None:
            marks = mark(own.reading)
        if _same_words(own, other) or is_copy(compare(own.reading, other, (marks, mark(other)))):
            known = _days_of(standing, article, group)
            if known and days and max(*known, *days) - min(*known, *days) > LONGEST:
                continue
            days += known
            copies.append(article)
            groups.add(group if group is not None else -article)
    return copies


def find_translated(standing: Standing, seen: Seen, nearby: Sequence[int]) -> list[int]:
    """Return the article in another language that a new one was translated from, or into; only the surest."""
    if seen.language is None:
        return []
    others: list[int] = []
    for article in nearby:
        other = standing.seen(article)
        if other is not None and other.language not in (None, seen.language):
            others.append(article)
    if not others:
        return []
    own = outline(standing.text(seen.article))
    best: tuple[float, int] | None = None
    for article in others[:MOST_TRANSLATED]:
        found = lay_parallel(own, outline(standing.text(article)))
        if is_translation(found, credited=_credits(standing, seen.article, article)):
            best = max(best or (0.0, 0), (found.order * found.names_kept, -article))
    return [-best[1]] if best else []


def _credits(standing: Standing, one: int, other: int) -> bool:
    """Tell whether one of two articles names the outlet of the other as where it has its text from."""
    for mine, theirs in ((one, other), (other, one)):
        outlet = standing.connection.execute("SELECT outlet FROM read_articles WHERE number = ?", (theirs,)).fetchone()[
            0
        ]
        if _naming(_credits_of(standing, mine), outlet):
            return True
    return False


def _naming(credits: _Credits, outlet: str | None) -> str | None:
    """Return the line that names an outlet: the credit holds its name, or the line is its name."""
    wanted = fold(outlet or "")
    if not wanted.strip():
        return None
    if credits.line is not None and wanted in fold(credits.line):
        return credits.line
    return next((line for line in credits.names if _bare(line) == wanted.strip()), None)


def _bare(line: str) -> str:
    """Return a folded line without the word that leads to a name ("By Northwire", "Source: Northwire")."""
    words = fold(line).split()
    return " ".join(words[1:] if len(words) > 1 and words[0] in _LEADS else words)


def _days_of(standing: Standing, article: int, group: int | None) -> list[int]:
    """Return the first and last day of an article and the copies it has, as far as they have any."""
    first, last = standing.connection.execute(
        "SELECT min(r.published), max(r.published) FROM read_articles r WHERE r.number = ?1"
        ' OR r.number IN (SELECT article FROM copies WHERE "group" = ?2)',
        (article, group),
    ).fetchone()
    return [day_of(day, None, None) for day in (first, last) if day_of(day, None, None)]


def _same_words(own: Sketch, other: Reading) -> bool:
    return len(own.reading.words) > 0 and own.reading.words.tobytes() == other.words.tobytes()


def join_groups(standing: Standing, article: int, copies: Sequence[int]) -> None:
    """Put an article and the groups of its copies into one group, and describe it."""
    connection = standing.connection
    groups = sorted({_group_of(standing, other) or other for other in copies})
    for member in (*copies, article):
        connection.execute(
            "INSERT INTO copies VALUES (?, ?, '', NULL) ON CONFLICT (article) DO NOTHING", (member, groups[0])
        )
    if len(groups) == 1 and _add(standing, groups[0], article):
        return
    for other in groups[1:]:
        connection.execute('UPDATE copies SET "group" = ? WHERE "group" = ?', (groups[0], other))
    describe(standing, groups[0])


def _add(standing: Standing, group: int, article: int) -> bool:
    """Describe a new member by the origin of its group alone; False when it may change what the origin is."""
    connection = standing.connection
    rows = connection.execute(f"{_MEMBERS} AND c.article = ?2", (group, article)).fetchall()
    rows += connection.execute(f"{_MEMBERS} AND c.kind = 'origin'", (group,)).fetchall()
    if len(rows) < 2:
        return False
    new, origin = (_member(standing, row) for row in rows)
    outlets = connection.execute(
        'SELECT DISTINCT r.outlet FROM copies c JOIN read_articles r ON r.number = c.article WHERE c."group" = ?1'
        " AND c.article <> ?2 ORDER BY r.outlet LIMIT ?3",
        (group, article, MOST_OUTLETS),
    ).fetchall()
    if any(_naming(new.credits, outlet) for (outlet,) in outlets) or _origin([origin, new], standing)[0] is new:
        return False
    connection.execute(
        "UPDATE copies SET kind = ?, evidence = ? WHERE article = ?", (*_described(standing, origin, new), article)
    )
    return True


def _group_of(standing: Standing, article: int) -> int | None:
    found = standing.connection.execute('SELECT "group" FROM copies WHERE article = ?', (article,)).fetchone()
    return found[0] if found else None


def describe(standing: Standing, group: int) -> None:
    """Say which text of a group is presumed to be the origin, and what was done to it to make each of the others.

    Of a large group the first texts are candidates; the others are described by the origin they had.
    """
    connection = standing.connection
    rows = connection.execute(f"{_MEMBERS} ORDER BY r.published IS NULL, r.published, c.article", (group,)).fetchall()
    if len(rows) < 2:
        connection.execute('DELETE FROM copies WHERE "group" = ?', (group,))
        connection.execute('DELETE FROM lapsed_copies WHERE "group" = ?', (group,))  # this was no lapse
        return
    members = [_member(standing, row) for row in rows[:MOST_DESCRIBED]]
    members += [_member(standing, row) for row in rows[MOST_DESCRIBED:] if not row[1]]
    origin, why = _origin(members, standing)
    stays = origin.kind == "origin"
    told: list[tuple[str, str | None, int]] = [("origin", why, origin.article)]
    for member in members:
        if member is not origin and not (stays and member.kind not in ("", "origin")):
            told.append((*_described(standing, origin, member), member.article))
    connection.executemany("UPDATE copies SET kind = ?, evidence = ? WHERE article = ?", told)
    if origin.article != group:
        connection.execute('UPDATE copies SET "group" = ? WHERE "group" = ?', (origin.article, group))


def _member(standing: Standing, row: tuple) -> _Member:
    article, kind, day, outlet = row
    return _Member(article, kind, day, outlet, _credits_of(standing, article))


def _described(standing: Standing, origin: _Member, member: _Member) -> tuple[str, str]:
    line = _naming(member.credits, origin.outlet)
    languages = [seen.language for each in (origin, member) if (seen := standing.seen(each.article)) is not None]
    if len(languages) == 2 and None not in languages and languages[0] != languages[1]:
        both = lay_parallel(outline(standing.text(origin.article)), outline(standing.text(member.article)))
        words = f"{both.names} names and {both.numbers} numbers stand in both, {both.order:.0%} in the same order"
        return "translated", f"{words}; its page says: {line}" if line else words
    one, two = standing.sketch_of(origin.article).reading, standing.sketch_of(member.article).reading
    found = compare(one, two)
    kind = kind_of(found, shorter=len(two.words) < len(one.words))
    return kind, _because(found, line)


def _because(found: Likeness, line: str | None) -> str:
    words = f"{found.containment:.0%} of the shorter text's runs of three words stand in both"
    if found.containment < 0.3:
        words = f"{found.chain_shorter:.0%} of the shorter text's rare words stand in the other in the same order"
    return f"{words}; its page says: {line}" if line else words


def _origin(members: Sequence[_Member], standing: Standing) -> tuple[_Member, str]:
    """Choose whose outlet the page of a copy names, else the earliest, else the longest."""
    named = {member.article: line for member in members if (line := _witness(member, members))}
    for member in members:
        # Two that name one another, or a chain of copies: who names nobody of the group stands at its head.
        if member.article in named and not any(
            _naming(member.credits, other.outlet) for other in members if other is not member
        ):
            return member, f"the page of a copy says: {named[member.article]}"
    dated = [member for member in members if member.day]
    first = min((member.day for member in dated), default="")
    likely = [member for member in dated if member.day == first] or list(members)
    own = [member for member in likely if member.credits.line is None] or likely
    best = max(own, key=lambda member: (len(standing.sketch_of(member.article).reading.words), -member.article))
    if first and len(likely) == 1:
        return best, f"the earliest: {first}"
    if first:
        return best, f"the longest from the first day, {first}"
    return best, "the longest; none has a date"


def _witness(member: _Member, members: Sequence[_Member]) -> str | None:
    """Return the line with which a copy of another outlet, no older than a text, names where the text is from."""
    for other in members:
        if other.outlet != member.outlet and not (member.day and other.day and member.day > other.day):
            line = _naming(other.credits, member.outlet)
            if line is not None:
                return line
    return None


class _CreditOf(msgspec.Struct):
    name: str


class _BlockOf(msgspec.Struct):
    role: str
    span: tuple[int, int]


class _FurnitureOf(msgspec.Struct):
    role: str
    text: str


class _ArticleOf(msgspec.Struct):
    text: str
    blocks: tuple[_BlockOf, ...] = ()
    credit: _CreditOf | None = None


class _RecordOf(msgspec.Struct):
    article: _ArticleOf
    furniture: tuple[_FurnitureOf, ...] = ()


_decoder = msgspec.json.Decoder(_RecordOf)


def _credits_of(standing: Standing, article: int) -> _Credits:
    found = standing.connection.execute("SELECT json FROM records WHERE article = ?", (article,)).fetchone()
    if found is None:
        return _Credits()
    record = _decoder.decode(found[0])
    credit, names = None, list[str]()
    if record.article.credit is not None:
        name = record.article.credit.name
        line = next((piece.text for piece in record.furniture if piece.role == "credit" and name in piece.text), name)
        credit = " ".join(line.split())[:MOST_LINE]
    signed = [record.article.text[slice(*block.span)] for block in record.article.blocks if block.role in _SIGNED]
    around = [piece.text for piece in record.furniture if piece.role in ("credit", "other", "author_bio")]
    for piece in (*signed, *around):
        names += [line.strip() for line in piece[:MOST_PIECE].split("\n") if 0 < len(line.split()) <= MOST_NAME]
    return _Credits(credit, tuple(dict.fromkeys(names)))

"""Say what stands around an article.

In: a line that is not body, its neighbours, and what the markup calls its place. Out: the role of a piece of furniture.
It takes nothing out of the article: `labels` decided that.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from typing import cast

from tidings import data
from tidings.article.credits import is_domain
from tidings.article.lines import Line
from tidings.facts import FurnitureRole

__all__ = ["furniture_roles"]

_FROM_PLACE: dict[str, FurnitureRole] = {
    "nav": "nav",
    "header": "nav",
    "footer": "footer",
    "related": "related",
    "aside": "related",
    "author": "author_bio",
    "byline": "author_bio",
    "comments": "comments",
    "newsletter": "newsletter",
    "share": "share",
    "tags": "tags",
    "ad": "ad",
    "cookie": "cookie",
    "credit": "credit",
}
_TABLE = "article_furniture.tsv"
_BIO = re.compile(
    r"^(?:[A-Z][\w.'’-]+\s){1,4}(?:is|was|has been|writes|covers|reports|joined|works|holds|leads|speciali[sz])\w*\s"
    r".{0,400}"
    r"\b(?:editor|reporter|journalist|writer|correspondent|columnist|author|contributor|freelance|fellow|professor|analyst|articles"
    r"|covers|covering|writes|blogger|producer)\b",
    re.I | re.DOTALL,
)
_NAME = re.compile(r"[A-Z][\w.'’-]{1,20}(?:\s[A-Z][\w.'’-]{0,20}){1,3}")
_OPENS: frozenset[FurnitureRole] = frozenset({"related", "comments", "comment_form", "tags"})
_LASTING = 12


def furniture_roles(lines: Sequence[Line], body: Sequence[bool]) -> list[FurnitureRole | None]:
    """Return the role of every line that is not body, None for those that are.

    The line's own words come first, then the names in the markup, then the heading it stands under.
    """
    inside = [number for number, kept in enumerate(body) if kept]
    first = inside[0] if inside else 0
    last = inside[-1] if inside else len(lines)
    roles: list[FurnitureRole | None] = []
    under: FurnitureRole | None = None
    since = 0
    for number, line in enumerate(lines):
        if body[number]:
            roles.append(None)
            under = None
            continue
        own = _own(line)
        if own is None and number + 1 < len(lines) and not body[number + 1] and _is_author(line, lines[number + 1]):
            own = "author_bio"
        if own in _OPENS and len(line.text) < 60:
            under, since = own, number
        elif own is not None:
            under = None
        if own is None and under is not None and number - since <= _LASTING:
            own = under
        roles.append(own or _by_position(line, number, first, last))
    return roles


@functools.cache
def _says() -> tuple[tuple[FurnitureRole, re.Pattern[str]], ...]:
    """Return for each role the pattern of its words, in the order of the table."""
    patterns: dict[FurnitureRole, list[str]] = {}
    for row in data.read_text(_TABLE).splitlines():
        role, _, pattern = row.partition("\t")
        if pattern and not role.startswith("#"):
            patterns.setdefault(cast(FurnitureRole, role), []).append(pattern)
    return tuple((role, re.compile("|".join(parts), re.I)) for role, parts in patterns.items())


def _own(line: Line) -> FurnitureRole | None:
    text = line.text
    if is_domain(text):
        return "credit"
    if len(text) <= 600 and _BIO.match(text[:500]):
        return "author_bio"
    for role, pattern in _says():
        if pattern.search(text[:300]) and (
            len(text) < 200 or role in ("cookie", "newsletter", "footer", "comment_form")
        ):
            return role
    kind = line.place.kind if line.place else None
    if kind == "form":
        return "comment_form" if "comment" in (line.place.path if line.place else "").lower() else "other"
    return _FROM_PLACE.get(kind or "")


def _is_author(line: Line, following: Line) -> bool:
    """A name alone on its line, above a sentence about that person."""
    return bool(
        _NAME.fullmatch(line.text)
        and following.text.startswith(line.text.split()[0])
        and _BIO.match(following.text[:500])
    )


def _by_position(line: Line, number: int, first: int, last: int) -> FurnitureRole:
    size = len(line.text.split())
    told = line.text.rstrip("\"”’'").endswith((".", "!", "?")) and size > 8
    if number < first:
        return "nav" if size <= 6 and (first - number > 3 or number < 2) else "other"
    if number > last + 3 and 4 <= size <= 30 and not told:
        return "related"
    return "nav" if number > last + 10 and size <= 3 else "other"

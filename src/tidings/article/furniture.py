"""Say what stands around an article.

In: a line that is not body, its neighbours, and what the markup calls its place. Out: the role of a piece of furniture.
It takes nothing out of the article: `labels` decided that.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

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
_SAYS: tuple[tuple[FurnitureRole, re.Pattern[str]], ...] = (
    ("cookie", re.compile(r"\bcookies?\b|\bgdpr\b|your consent|consent preferences", re.I)),
    (
        "comment_form",
        re.compile(
            r"^(?:leave a (?:reply|comment)|post a comment|add a comment|write a comment|submit a comment|cancel reply|post comment"
            r"|your (?:e-?mail|name|comment)\b|(?:name|e-?mail|website|comment)\s?\*?$)|e-?mail address will not be published"
            r"|required fields are marked|you must be logged in to (?:post|comment|reply)|save my name, e-?mail",
            re.I,
        ),
    ),
    ("comments", re.compile(r"^(?:\d+\s)?(?:comments?|replies|responses?)(?:\s?\(\d+\))?:?$|^(?:view|show|join the) (?:all )?(?:comments|conversation|discussion)", re.I)),
    ("newsletter", re.compile(r"newsletter|subscri(?:be|ption)|sign up|sign-up|get the latest .{0,60}inbox|delivered to your inbox|free trial", re.I)),
    ("share", re.compile(r"^(?:share|tweet|pin|e-?mail|print|whatsapp|facebook|twitter|linkedin|telegram|reddit|copy link|x)\b.{0,40}$|^follow us\b|share this", re.I)),
    ("tags", re.compile(r"^(?:tags?|topics?|filed under|categories|keywords|more on|labels)\s?:?(?:\s|$).{0,200}$", re.I)),
    ("ad", re.compile(r"^(?:advertisement|advertising|sponsored(?: content)?|ad|promoted)(?:\b.{0,30})?$", re.I)),
    (
        "related",
        re.compile(
            r"^(?:related|recommended|you (?:may|might) (?:also )?(?:like|be interested)|more (?:from|stories|news|in|like)|read (?:more|also|next)"
            r"|see also|also read|most (?:read|popular|viewed)|trending|popular|latest|don'?t miss|editors?'? picks?|up next|top stories|recent posts"
            r"|what to read next|keep reading|previous (?:post|article)|next (?:post|article))\b",
            re.I,
        ),
    ),
    ("footer", re.compile(r"©|\(c\)\s?(?:19|20)\d\d|copyright|all rights reserved|privacy policy|terms (?:of|and)|contact us|about us", re.I)),
    ("author_bio", re.compile(r"^(?:about the author|about the writer|the author|author|written by)\b", re.I)),
    ("credit", re.compile(r"^(?:source|photo|image|credit|picture|photograph)\w*\s?:|getty images|^\(?(?:reuters|afp|ap|efe|dpa)\)?$|shutterstock", re.I)),
)
_BIO = re.compile(
    r"^(?:[A-Z][\w.'’-]+\s){1,4}(?:is|was|has been|writes|covers|reports|joined|works|holds|leads|specialis|specializ)\w*\s.{0,400}"
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


def _own(line: Line) -> FurnitureRole | None:
    text = line.text
    if is_domain(text):
        return "credit"
    if len(text) <= 600 and _BIO.match(text[:500]):
        return "author_bio"
    for role, pattern in _SAYS:
        if pattern.search(text[:300]) and (len(text) < 200 or role in ("cookie", "newsletter", "footer", "comment_form")):
            return role
    kind = line.place.kind if line.place else None
    if kind == "form":
        return "comment_form" if "comment" in (line.place.path if line.place else "").lower() else "other"
    return _FROM_PLACE.get(kind or "")


def _is_author(line: Line, following: Line) -> bool:
    """A name alone on its line, above a sentence about that person."""
    return bool(
        _NAME.fullmatch(line.text) and following.text.startswith(line.text.split()[0]) and _BIO.match(following.text[:500])
    )


def _by_position(line: Line, number: int, first: int, last: int) -> FurnitureRole:
    size = len(line.text.split())
    if number < first:
        return "nav" if size <= 6 and first - number > 3 else "other"
    if number > last + 3 and 4 <= size <= 30:
        return "related"
    return "nav" if number > last + 10 and size <= 3 else "other"

"""Find who wrote an article.

In: what the page declares and its byline. Out: names. Fewer is better than wrong.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from tidings.article.declared import Declared
from tidings.article.lines import Line
from tidings.article.titles import alike

__all__ = ["byline_names", "find_authors"]

_BY = re.compile(r"(?:written\s|reported\s)?(?:by|von|por|par|da|di|door|av|af)\s?:?\s", re.I)
_BY_AFTER_DATE = re.compile(r"(?=[^.!?]{0,80}\b(?:19|20)\d\d\b)[^.!?]{4,90}?\b[Bb]y\s(?=[A-Z])")
_OUR = re.compile(r"(?:from\s)?our\s(?:\w+\s)?(?:correspondent|reporter)(?:\sin\s\w+)?,?\s", re.I)
_SPLIT = re.compile(r"\s{0,9}(?:[,;]|\s(?:and|und|y|et|e|og|och|en|i|&)\s|\s[|·•]\s|\s/\s)\s{0,9}")
_NAME = re.compile(r"[^\W\d_][\w.'’‘-]*(?:\s(?:[^\W\d_][\w.'’‘-]*)){0,4}")
_NOT_NAME = re.compile(
    r"""@|\b(?:staff|newsroom|editors?|editorial|reporter|correspondent|desk|admin|team|redaktion|redacción|agencies
    |contributor|published|updated|min|read|news|follow|photo|image)\b""",
    re.I | re.VERBOSE,
)
_NEVER = re.compile(r"https?:|www\.|[:@|<>]|\d{2}|^\W|^(?:admin|staff|null|none|undefined|editor)$", re.I)
_ASIDE = re.compile(r"\s{0,9}\([^()]{0,60}\)$")
_METAS = ("author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "byl")
_NAMED = frozenset({"author", "byline"})


def find_authors(told: Declared, *, names: Sequence[str], lines: Sequence[Line], byline: str | None) -> tuple[str, ...]:
    """Return the authors: JSON-LD, else the byline, else meta tags, else a name where the markup says an author stands.

    JSON-LD may name the outlet itself; from the other sources such a name is nobody's.
    """
    linked = _clean(_linked(told.main.get("author"), told), ())
    if linked and not all(any(alike(one, name) for name in names) for one in linked):
        return tuple(linked)
    metas = [part for key in _METAS for name, content, _ in told.metas if name == key for part in _cut(_unby(content))]
    marked = [line.text for line in lines if line.place is not None and line.place.kind in _NAMED]
    near = [name for line in lines if len(line.text) <= 120 for name in byline_names(line.text)]
    shown = [name for text in marked for name in (byline_names(text) or _bare(text))]
    for source in (byline_names(byline) if byline else [], metas, shown[:4], near[:4]):
        found = [name for name in _clean(source, names) if not _NOT_NAME.search(name)]
        if found:
            return tuple(found)
    return tuple(linked)


def byline_names(line: str) -> list[str]:
    """Return the names of a byline.

    >>> byline_names("By Ann Miller and Joe Brook")
    ['Ann Miller', 'Joe Brook']
    >>> byline_names("April 4, 2015 8:15 am in World by Ann Miller"), byline_names("From our correspondent Joe Brook")
    (['Ann Miller'], ['Joe Brook'])
    """
    if len(line) > 120:
        return []
    match = _BY.match(line) or _BY_AFTER_DATE.match(line) or _OUR.match(line)
    return _bare(line[match.end() :]) if match else []


def _bare(text: str) -> list[str]:
    """Return the names a text consists of, up to the first part that is none."""
    found = []
    for part in _SPLIT.split(text[:200]):
        words = part.split()
        if (
            not 2 <= len(words) <= 4
            or not _NAME.fullmatch(part)
            or not (words[0][0].isupper() and words[-1][0].isupper())
        ):
            break
        found.append(part)
    return found


def _linked(value: Any, told: Declared) -> Iterator[str]:  # JSON of any shape
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, str):
            yield from _cut(_unby(html.unescape(one)))
        elif isinstance(one, dict):
            name = one.get("name")
            if name is None and one.get("@id"):
                same = (node.get("name") for node in told.nodes if node.get("@id") == one["@id"] and node.get("name"))
                name = next(same, None)
            for inner in name if isinstance(name, list) else [name]:
                if isinstance(inner, str):
                    yield from _cut(_unby(html.unescape(inner)))


def _unby(text: str) -> str:
    match = _BY.match(text.strip())
    return text.strip()[match.end() :] if match else text.strip()


def _cut(text: str) -> list[str]:
    """Part names that stand in one string; a comma before something that is no full name parts nothing but drops it."""
    parts = [part for part in _SPLIT.split(text[:300]) if part.strip()]
    return parts if all(len(part.split()) > 1 for part in parts) else parts[:1]


def _clean(found: Iterable[str], names: Sequence[str]) -> list[str]:
    kept: list[str] = []
    for name in found:
        name = _ASIDE.sub("", " ".join(name.split())).strip(" .,-–|")
        if not 2 <= len(name) <= 60 or _NEVER.search(name) or any(alike(name, other) for other in (*names, *kept)):
            continue
        kept.append(name)
    return kept[:12]

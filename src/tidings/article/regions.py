"""What the names in the markup say a part of a page is for.

In: a tag, its class, id and role. Out: the kind of furniture it announces, or None.
The names are hints from the page's author, not a verdict: the model weighs them.
"""

from __future__ import annotations

import functools
import re

from tidings import data

__all__ = ["KINDS", "region"]

KINDS = (
    "nav footer header aside related author comments newsletter share tags ad cookie form caption date "
    "headline credit body byline standfirst"
).split()

_TAGS = {
    "nav": "nav",
    "footer": "footer",
    "header": "header",
    "aside": "aside",
    "figcaption": "caption",
    "form": "form",
    "button": "form",
    "label": "form",
    "option": "form",
    "select": "form",
}
_ROLES = {
    "navigation": "nav",
    "contentinfo": "footer",
    "banner": "header",
    "complementary": "aside",
    "search": "form",
    "menu": "nav",
    "dialog": "cookie",
}
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+")
_TABLE = "article_regions.tsv"
_STRONG = ("cookie", "comments", "newsletter", "share", "related", "author", "byline", "ad", "tags", "caption")


@functools.cache
def _kind_of() -> dict[str, str]:
    """Return the kind each word of the table announces."""
    found: dict[str, str] = {}
    for row in data.read_text(_TABLE).splitlines():
        kind, _, words = row.partition("\t")
        if not kind.startswith("#"):
            for word in words.split():
                found.setdefault(word, kind)
    return found


@functools.lru_cache(maxsize=4_096)
def region(tag: str, names: str, role: str, label: str = "") -> str | None:
    """Return the kind of part an element announces.

    >>> region("div", "relatedPosts wide", ""), region("footer", "", ""), region("div", "x1", "")
    ('related', 'footer', None)
    """
    words = (word.lower() for word in _WORD.findall(f"{names} {label}"))
    kinds = [kind for kind in map(_kind_of().get, words) if kind]
    for kind in _STRONG:
        if kind in kinds:
            return kind
    return _TAGS.get(tag) or _ROLES.get(role) or (kinds[0] if kinds else None)

"""What the names in the markup say a part of a page is for.

In: a tag, its class, id and role. Out: the kind of furniture it announces, or None.
The names are hints from the page's author, not a verdict: the model weighs them.
"""

from __future__ import annotations

import functools
import re

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
_WORDS: dict[str, frozenset[str]] = {
    kind: frozenset(words.split())
    for kind, words in {
        "cookie": "cookie cookies consent gdpr onetrust ccpa cmp didomi",
        "comments": "comment comments disqus respond reply replies kommentar kommentare comentarios commentaire",
        "newsletter": "newsletter newsletters subscribe subscription signup paywall piano premium regwall",
        "share": "share sharing social sharedaddy addthis addtoany facebook twitter whatsapp teilen compartir partage",
        "related": "related recommended recommend recommendations trending popular mostread more readmore teaser teasers "
        "outbrain taboola promo recirc recirculation latest sidebar rail carousel further card cards widget",
        "author": "author authors bio writer contributor autor auteur",
        "byline": "byline",
        "tags": "tag tags topics topic keywords breadcrumb breadcrumbs",
        "caption": "caption captions credits figcaption gallery photo",
        "ad": "ad ads advert advertisement adsbygoogle sponsor sponsored banner dfp gpt anzeige werbung publicidad",
        "nav": "nav navigation navbar menu submenu skip hamburger dropdown pagination pager",
        "footer": "footer copyright legal colophon",
        "header": "header masthead topbar",
        "date": "date time timestamp published dateline datum fecha",
        "standfirst": "standfirst subtitle subhead lead lede dek deck summary intro excerpt chapo sommaire teasertext",
        "headline": "headline title",
        "body": "articlebody article-body story-body storybody entry-content post-content content-body richtext body text "
        "paragraph entry content",
    }.items()
}
_KIND_OF = {word: kind for kind, words in reversed(_WORDS.items()) for word in words}
_STRONG = ("cookie", "comments", "newsletter", "share", "related", "author", "byline", "ad", "tags", "caption")


@functools.lru_cache(maxsize=4_096)
def region(tag: str, names: str, role: str, label: str = "") -> str | None:
    """Return the kind of part an element announces.

    >>> region("div", "relatedPosts wide", ""), region("footer", "", ""), region("div", "x1", "")
    ('related', 'footer', None)
    """
    kinds = [_KIND_OF[word] for word in (w.lower() for w in _WORD.findall(f"{names} {label}")) if word in _KIND_OF]
    for kind in _STRONG:
        if kind in kinds:
            return kind
    return _TAGS.get(tag) or _ROLES.get(role) or (kinds[0] if kinds else None)

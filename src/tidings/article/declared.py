"""What a page declares about itself for machines.

In: the scanned markup of a page. Out: its JSON-LD nodes, its meta tags and its title, each with where it stands.
It believes nothing: `titles`, `authors` and `dating` weigh what is declared.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tidings.article.markup import Scan, attributes
from tidings.text import Span

__all__ = ["Declared", "declared"]

_ARTICLE = re.compile(r"(?:Article|Posting|Report|BlogPost|NewsStory|Review|WebPage)$")
_MAIN = re.compile(r"(?:Article|BlogPosting|Report|LiveBlogPosting|SocialMediaPosting|NewsStory)$")
_CONTROL = re.compile(r"[\x00-\x1f]+")
_COMMA = re.compile(r",(\s{0,200}[}\]])")
_PARTS = frozenset({"liveBlogUpdate", "comment", "hasPart", "citation", "itemListElement", "mentions", "isBasedOn"})
_MOST_SCRIPTS = 60
_MOST_NODES = 4_000


@dataclass
class Declared:
    """JSON-LD nodes (best article first), meta tags in page order, and where scripts and titles stand."""

    nodes: list[dict[str, Any]] = field(default_factory=list)
    main: dict[str, Any] = field(default_factory=dict)
    metas: list[tuple[str, str, Span]] = field(default_factory=list)
    times: list[tuple[str, dict[str, tuple[str, int, int]]]] = field(default_factory=list)
    scripts: list[Span] = field(default_factory=list)
    title: str | None = None
    title_span: Span | None = None
    canonical: str | None = None
    language: str | None = None

    def meta(self, *names: str) -> str | None:
        """Return the first filled meta tag of the first of these names."""
        found = self.meta_span(*names)
        return found[0] if found else None

    def meta_span(self, *names: str) -> tuple[str, Span] | None:
        """Return it with where it stands."""
        for name in names:
            for key, value, span in self.metas:
                if key == name and value.strip():
                    return value.strip(), span
        return None

    def story(self, key: str) -> str | None:
        """Return a text property of the article's JSON-LD node."""
        value = self.main.get(key)
        if isinstance(value, list):
            value = value[0] if value else None
        if isinstance(value, dict):
            value = value.get("name") or value.get("@value")
        return html.unescape(value).strip() or None if isinstance(value, str) else None


def declared(page: str, scanned: Scan) -> Declared:
    """Read what a page declares.

    >>> from tidings.article.markup import scan
    >>> page = '<meta property="og:title" content="Talks resume">'
    >>> declared(page, scan(page)).meta("og:title")
    'Talks resume'
    """
    found = Declared()
    for tag in scanned.tags:
        if tag.name not in ("meta", "link", "html", "time"):
            continue
        values = attributes(page, tag.start, tag.end)
        if tag.name == "meta":
            _meta(found, values)
        elif tag.name == "time":
            found.times.append((tag.name, values))
        elif tag.name == "html":
            found.language = found.language or (values.get("lang") or values.get("xml:lang") or ("", 0, 0))[0] or None
        elif "canonical" in values.get("rel", ("", 0, 0))[0].lower().split():
            found.canonical = found.canonical or values.get("href", ("", 0, 0))[0] or None
    for span in scanned.titles:
        text = " ".join(html.unescape(page[slice(*span)]).split())
        if text:
            found.title, found.title_span = text, Span(*span)
            break
    for attribute_text, start, end in scanned.scripts[:400]:
        if "ld+json" in attribute_text.lower() and len(found.scripts) < _MOST_SCRIPTS:
            found.scripts.append(Span(start, end))
            found.nodes.extend(_nodes(page[start:end]))
    found.main = _main(found.nodes)
    return found


def _meta(found: Declared, values: dict[str, tuple[str, int, int]]) -> None:
    content = values.get("content")
    if content is None:
        return
    for key in ("property", "name", "itemprop", "http-equiv"):
        name = values.get(key)
        if name and name[0]:
            found.metas.append((name[0].strip().lower(), " ".join(content[0].split()), Span(content[1], content[2])))


def _nodes(script: str) -> Iterator[dict[str, Any]]:
    """Yield every typed node of a script of JSON-LD, outermost first."""
    script = script.strip().removeprefix("<!--").removesuffix("-->").strip().rstrip(";")
    value = None
    for attempt in (
        lambda: script,
        lambda: _CONTROL.sub(" ", script),
        lambda: _COMMA.sub(r"\1", _CONTROL.sub(" ", script)),
    ):
        try:
            value = json.loads(attempt(), strict=False)
            break
        except (ValueError, RecursionError):
            continue
    queue = [value]
    seen = 0
    while queue and seen < _MOST_NODES:
        node = queue.pop(0)
        seen += 1
        if isinstance(node, list):
            queue.extend(node)
        elif isinstance(node, dict):
            if "@type" in node:
                yield node
            queue.extend(inner for key, inner in node.items() if key not in _PARTS and isinstance(inner, (dict, list)))


def types(node: dict[str, Any]) -> list[str]:
    """Return the types of a node."""
    kind = node.get("@type")
    return [str(one) for one in kind] if isinstance(kind, list) else [str(kind)]


def _main(nodes: list[dict[str, Any]]) -> dict[str, Any]:
    """Choose the node of the article itself: of an article's type, with a headline, telling most."""
    best: dict[str, Any] = {}
    most = 0.0
    for number, node in enumerate(nodes):
        if not any(_MAIN.search(kind) for kind in types(node)):
            continue
        told = sum(bool(node.get(key)) for key in ("headline", "datePublished", "author", "articleBody", "publisher"))
        score = told - number * 0.01
        if score > most:
            best, most = node, score
    if best:
        return best
    return next(
        (node for node in nodes if any(_ARTICLE.search(kind) for kind in types(node)) and node.get("datePublished")), {}
    )

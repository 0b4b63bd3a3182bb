"""Cut the article out of its page.

In: a `Received`. Out: a `Clipping`: article, typed furniture, date candidates.
This is the order of the work; each step has its own module.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tidings.article.credits import find_credit
from tidings.article.dating import find_dates, text_dates
from tidings.article.declared import Declared, declared, types
from tidings.article.furniture import furniture_roles
from tidings.article.kinds import is_error, page_kind
from tidings.article.labels import body_chances
from tidings.article.language import find_language
from tidings.article.lines import MOST_LINES, Line, put_line, text_lines
from tidings.article.markup import scan
from tidings.article.people import find_authors
from tidings.article.roles import article_roles, find_headline
from tidings.article.titles import alike, site_beside, split_title, title_parts
from tidings.article.tree import plant, restore, settle, tree_lines
from tidings.article.witnesses import LARGEST, ask
from tidings.facts import BODY_ROLES, Article, Block, BlockRole, Clipping, DateCandidate, Furniture, Received
from tidings.text import Assembly, Span

if TYPE_CHECKING:
    from lxml.html import HtmlElement

__all__ = ["find_article"]

CUT = 0.5
_FEW = 4
_LONG_TABLE = 60
_COPYRIGHT = re.compile(
    r"(?:©|\([Cc]\)|[Cc]opyright|COPYRIGHT)\s{0,3}(?:©\s{0,3})?(?:(?:19|20)\d\d(?:\s?[-–]\s?(?:19|20)\d\d)?\s{0,3})?[,.]?\s{0,3}"
    r"(?P<name>(?:The\s)?[A-Z][\w'’&-]*(?:\s(?:of\s|the\s|and\s|&\s)?[A-Z][\w'’&-]*){0,4})"
)
_ENDED = re.compile(r"</(?:body|html)\s{0,9}>", re.I)
_CUT_OFF = "the page is cut off before its text begins: fetch it again"
_UNSEEN = "the page shows no text, its scripts may draw it: save it from a browser and read that file"
_TOO_LONG = f"a very long page: the article is looked for in its first {MOST_LINES:,} lines of text or fewer"
_TOO_HARD = "a page too large or too deep for all who are asked what its article is: parts of it may be missing"
_SENTENCE = re.compile(r"""\w\W{1,3}\w+\W{1,3}\w.{0,4000}[.!?]["”’)]?$""", re.DOTALL)


@dataclass
class _Sight:
    """A page as it lies on the table: its lines, which are body, what it declares, and what is wrong with it."""

    lines: list[Line]
    body: list[bool]
    told: Declared = field(default_factory=Declared)
    root: HtmlElement | None = None
    why: str | None = None


def find_article(received: Received) -> Clipping:
    r"""Cut the article out of a page, keep what stood around it, and collect the dates the page states.

    >>> from tidings.pages import read_page
    >>> clipping = find_article(read_page("Talks resume | World\n\nMinisters met in Geneva on Monday, officials said."))
    >>> clipping.article.title, clipping.article.section, [block.role for block in clipping.article.blocks]
    ('Talks resume', 'World', ['headline', 'paragraph'])
    """
    if received.page.media == "article":
        return _whole(received)
    if received.page.media == "html":
        sight = _see_markup(received.text)
        return _clip(received, sight) if sight.lines else _nothing(received, sight.told)
    lines = text_lines(received.text)
    why, lines = _TOO_LONG if len(lines) > MOST_LINES else None, lines[:MOST_LINES]
    return _clip(received, _Sight(lines, _body_of_text(lines), why=why))


def _whole(received: Received) -> Clipping:
    text = received.text
    article = Article(
        text=text,
        blocks=(Block(span=Span(0, len(text)), role="paragraph"),),
        body=text,
        alignment=((0, 0, len(text)),),
        outlet=received.page.outlet,
        language=find_language(text),
    )
    return Clipping(article=article, dates=text_dates((), (), received.page.url))


def _nothing(received: Received, told: Declared) -> Clipping:
    """Keep what a page without visible text calls itself, and say what is wrong with it."""
    title = told.meta("og:title", "twitter:title") or told.title
    article = Article(text="", title=title, outlet=received.page.outlet or _host(told.canonical))
    return Clipping(article=article, why=_UNSEEN if _ENDED.search(received.text) else _CUT_OFF)


def _see_markup(page: str) -> _Sight:
    """See a marked-up page; one that shows nothing has no lines, whatever it declares about itself."""
    scanned = scan(page)
    root = plant(scanned)
    lines = tree_lines(root, scanned, page) if root is not None else []
    told = declared(page, scanned)
    if root is None or not lines:
        return _Sight([], [], told)
    restore(root, scanned, page)
    deep = max(line.place.depth if line.place else 0 for line in lines) > 120
    hard = deep or scanned.crowded or scanned.cut or len(scanned.copy) > LARGEST
    described = told.meta("og:description", "description")
    witnesses = ask(root, page, lines, told=told.story("articleBody"), described=described, extractors=not hard)
    chances = body_chances(lines, witnesses)
    body = _with_sentences(lines, [bool(chance >= CUT) for chance in chances])
    return _Sight(
        lines, _whole_tables(lines, body), told, root, _TOO_LONG if scanned.cut else _TOO_HARD if hard else None
    )


def _whole_tables(lines: Sequence[Line], body: list[bool]) -> list[bool]:
    """Keep the cells of a table that stand between kept ones: half a table says something else than the whole."""
    kept = [n for n, (line, is_body) in enumerate(zip(lines, body, strict=True)) if is_body and _is_cell(line)]
    for one, other in pairwise(kept):
        if other - one <= _LONG_TABLE and all(_is_cell(line) for line in lines[one:other]):
            body[one:other] = [True] * (other - one)
    return body


def _is_cell(line: Line) -> bool:
    return line.place is not None and line.place.cell


def _body_of_text(lines: Sequence[Line]) -> list[bool]:
    return _with_sentences(lines, [bool(chance >= CUT) for chance in body_chances(lines)])


def _with_sentences(lines: Sequence[Line], body: list[bool]) -> list[bool]:
    """Keep the sentences of a page of a few lines: there is too little around them to learn from."""
    if len(lines) > _FEW:
        return body
    return [kept or _SENTENCE.search(line.text) is not None for kept, line in zip(body, lines, strict=True)]


def _clip(received: Received, sight: _Sight) -> Clipping:
    page, told, lines = received.text, sight.told, sight.lines
    marked_up = sight.root is not None
    names = [name for name in (received.page.outlet, told.meta("og:site_name"), told.story("publisher")) if name]
    headlines = [one for one in (told.story("headline"), told.meta("og:title", "twitter:title")) if one]
    stated = _stated_title(told, names, headlines)
    headline = find_headline(
        lines, sight.body, [one for one in (stated[0], *headlines, told.title) if one], marked_up=marked_up
    )
    described = told.meta("og:description", "description", "twitter:description")
    site = _site(told, lines, headline)
    if site:
        names.append(site)
    if stated[0] and headline is not None and _is_beside_site(stated[0], lines[headline].text, names):
        stated = lines[headline].text, stated[1]
    outlet = received.page.outlet or site or _host(told.canonical)
    roles = article_roles(lines, sight.body, headline, described)
    made, blocks, title, section = _assemble(page, lines, roles, headline, stated, names)
    text = made.text
    body = "\n".join(block.span.of(text) for block in blocks if block.role in BODY_ROLES)
    chosen = [role is not None for role in roles]
    byline = next((line.text for line, role in zip(lines, roles, strict=True) if role == "byline"), None)
    near = _near(sight, headline)
    authors = find_authors(
        told, names=names, lines=[lines[number] for number in near] if marked_up else (), byline=byline
    )
    credit = find_credit(lines, [role in BODY_ROLES for role in roles], outlet=outlet)
    article = Article(
        text=text,
        blocks=tuple(blocks),
        body=body,
        alignment=tuple((run.text_start, run.source_start, run.length) for run in made.alignment.runs),
        title=title,
        section=section or told.story("articleSection") or told.meta("article:section"),
        authors=authors,
        outlet=outlet,
        language=find_language(body or text, told.language),
        credit=credit,
        kind=page_kind(
            lines,
            chosen,
            title=title or told.title,
            types=[kind for node in told.nodes[:40] for kind in types(node)],
            body=body,
        ),
    )
    furniture, dates = _furniture(lines, chosen), _dates(received, sight, near)
    return Clipping(article=article, furniture=furniture, dates=dates, why=sight.why)


def _site(told: Declared, lines: Sequence[Line], headline: int | None) -> str | None:
    """Return the site's name: what stands beside the headline in the page's title, or what its copyright line names."""
    if told.title and headline is not None:
        name = site_beside(told.title, lines[headline].text)
        # "Opinion: Talks resume" names no site; "The Harbour Post: Talks resume" does when the page says so elsewhere.
        sure = ": " not in told.title or any(name in line.text for line in (*lines[:20], *lines[-20:]) if name)
        if name and sure and not is_error(name):
            return name
    for line in reversed(lines[-40:]):
        match = _COPYRIGHT.match(line.text[:120])
        if match:
            return match["name"].strip()
    return None


def _is_beside_site(title: str, headline: str, names: Sequence[str]) -> bool:
    """Tell whether a title is the headline with the site's name beside it."""
    return any(alike(part, headline) and any(alike(rest, name) for name in names) for part, rest in title_parts(title))


def _host(address: str | None) -> str | None:
    try:
        return (urlsplit(address or "").hostname or "").removeprefix("www.") or None
    except ValueError:
        return None


def _stated_title(told: Declared, names: Sequence[str], headlines: Sequence[str]) -> tuple[str | None, str | None]:
    """Return headline and section as the page declares them."""
    shown, section = split_title(told.title, names=names, headlines=headlines) if told.title else (None, None)
    for one in headlines:
        return split_title(one, names=names)[0], section
    return shown, section


def _assemble(
    page: str,
    lines: Sequence[Line],
    roles: Sequence[BlockRole | None],
    headline: int | None,
    stated: tuple[str | None, str | None],
    names: Sequence[str],
) -> tuple[Assembly, list[Block], str | None, str | None]:
    """Put the article together: its headline first, then its lines in page order, a blank line between two."""
    made = Assembly(page)
    blocks: list[Block] = []
    title, section = stated
    order = [number for number, role in enumerate(roles) if role is not None]
    if headline is not None:
        order.remove(headline)
        order.insert(0, headline)
    for number in order:
        line, role = lines[number], roles[number]
        if role is None:
            continue
        if number == headline:
            shown, found = split_title(line.text, names=names)
            section = section or found
            title = title if title and line.parts else shown
            if not line.parts and line.text.startswith(shown):
                line = Line(text=shown, source=Span(line.source.start, line.source.start + len(shown)))
        if blocks:
            made.insert("\n\n")
        settled = settle(line, page) if line.parts else line
        blocks.append(Block(span=put_line(made, settled), role=role))
    return made, blocks, title, section


def _furniture(lines: Sequence[Line], chosen: Sequence[bool]) -> tuple[Furniture, ...]:
    found = furniture_roles(lines, chosen)
    return tuple(
        Furniture(role=role, text=line.text, source=line.source)
        for line, role in zip(lines, found, strict=True)
        if role is not None
    )


def _near(sight: _Sight, headline: int | None) -> range:
    """Return the lines around the headline, where bylines and dates stand."""
    first = next((number for number, kept in enumerate(sight.body) if kept), 0)
    low = max(0, (headline if headline is not None else first) - 4)
    return range(low, min(len(sight.lines), max(first, low) + 3))


def _dates(received: Received, sight: _Sight, near: range) -> tuple[DateCandidate, ...]:
    if sight.root is None:
        return text_dates(sight.lines, near, received.page.url)
    return find_dates(sight.told, received.text, received.page.url, sight.lines, near, sight.root)

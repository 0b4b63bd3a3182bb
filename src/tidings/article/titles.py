"""Split a page's title into headline, section and site.

In: a title as a page shows it, and what else the page calls itself. Out: the headline and the section.
It makes no headline of its own.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator, Sequence

from tidings import data

__all__ = ["alike", "sections", "site_beside", "split_title", "title_parts"]

_PART = re.compile(r"\s(?:[|·•»›‹«]|[-–—]{1,2}|::|\|\|)\s|\s?\|\s?")
_ANY_PART = re.compile(rf"{_PART.pattern}|:\s")
_WORD = re.compile(r"\w+")
_TABLE = "article_sections.txt"
_LONGEST = 1_000
"""Characters of a title that is parted: what is longer is no title, and to part it takes the square of its length."""


@functools.cache
def sections() -> frozenset[str]:
    """Return the names sections go by, in lower case."""
    return frozenset(data.read_text(_TABLE).splitlines())


def alike(one: str | None, other: str | None) -> bool:
    """Tell whether two names differ only in case, marks and blanks.

    >>> alike("Harbour Post", "HARBOUR-POST")
    True
    """
    return bool(one and other) and _plain(one or "") == _plain(other or "") != ""


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(unicodedata.normalize("NFKC", text).casefold()))


def split_title(title: str, *, names: Sequence[str] = (), headlines: Sequence[str] = ()) -> tuple[str, str | None]:
    """Return the headline and the section of a title.

    `names` are what the site is called, `headlines` what the page calls itself elsewhere: a part of the title that is
    one of these, or a known section, is told from the headline.

    >>> split_title("Talks resume in Geneva | International")
    ('Talks resume in Geneva', 'International')
    >>> split_title("Talks resume - Harbour Post", names=["harbourpost.com"])
    ('Talks resume', None)
    >>> split_title("Bread - and circuses")
    ('Bread - and circuses', None)
    """
    title = " ".join(title.split())
    if len(title) > _LONGEST:
        return title, None
    for headline in headlines:
        plain = _plain(headline)
        if len(plain) >= 12 and plain != _plain(title) and _plain(title).startswith(plain):
            rest = _rest(title, headline)
            if rest is not None:
                return headline.strip(), _section(rest)
    section: str | None = None
    while True:
        cut = _last_part(title)
        if cut is None:
            return title, section
        head, mark, tail = cut
        if tail.casefold() in sections() and ("-" not in mark or section is None):
            title, section = head, tail
        elif _is_site(tail, names) or (mark.strip() in ("|", "·", "»", "::", "||") and _looks_like_name(tail, head)):
            title = head
        else:
            return title, section


def title_parts(title: str) -> list[tuple[str, str]]:
    """Return every way to part a title in two at one separator, as (headline, rest); the headline may come second.

    >>> title_parts("Harbour Post: Talks resume")
    [('Talks resume', 'Harbour Post')]
    """
    title = " ".join(title.split())
    found: list[tuple[str, str]] = []
    if len(title) > _LONGEST:
        return found
    for match in _ANY_PART.finditer(title):
        left, right = title[: match.start()].strip(), title[match.end() :].strip()
        if left and right:
            found += [(right, left)] if match.group() == ": " else [(left, right), (right, left)]
    return found


def site_beside(title: str, headline: str) -> str | None:
    """Return what stands in a title beside the page's headline and is no section: the site's name.

    >>> site_beside("Talks resume - World - Harbour Post", "Talks resume"), site_beside("Talks resume", "Talks resume")
    ('Harbour Post', None)
    """
    for part, rest in title_parts(title):
        if alike(part, headline):
            names = [name.strip() for name in _PART.split(f" {rest} ") if name.strip()]
            kept = [name for name in names if name.casefold() not in sections() and len(name) <= 60]
            return kept[-1] if kept else None
    return None


def _last_part(title: str) -> tuple[str, str, str] | None:
    matches = list(_PART.finditer(title))
    if not matches:
        return None
    last = matches[-1]
    head, tail = title[: last.start()].strip(), title[last.end() :].strip()
    return (head, last.group(), tail) if len(head) >= 8 and tail else None


def _rest(title: str, headline: str) -> str | None:
    """Return what follows the headline in the title, when a separator parts them."""
    if not title.casefold().startswith(headline.strip().casefold()):
        return None
    rest = title[len(headline.strip()) :]
    return rest if _PART.match(rest) or not rest else None


def _section(rest: str) -> str | None:
    parts: Iterator[str] = (part.strip() for part in _PART.split(f" {rest} "))
    return next((part for part in parts if part.casefold() in sections()), None)


def _is_site(tail: str, names: Sequence[str]) -> bool:
    squeezed = "".join(_WORD.findall(tail.casefold()))
    for name in names:
        other = "".join(_WORD.findall(name.casefold()))
        stem = "".join(_WORD.findall(name.casefold().rsplit(".", 1)[0])) if "." in name else other
        if squeezed and (
            squeezed in (other, stem) or (len(stem) >= 4 and squeezed.removeprefix("the") == stem.removeprefix("the"))
        ):
            return True
        if len(stem) >= 5 and len(tail) <= 40 and (stem in squeezed or (len(squeezed) >= 5 and squeezed in stem)):
            return True
    return bool(re.fullmatch(r"(?:www\.)?[\w-]{2,40}\.(?:com|org|net|co\.uk|news|info|[a-z]{2})", tail, re.I))


def _looks_like_name(tail: str, head: str) -> bool:
    words = tail.split()
    return (
        len(words) <= 4
        and all(word[:1].isupper() or word in ("of", "the", "de", "and", "&") for word in words)
        and len(head.split()) >= 4
    )

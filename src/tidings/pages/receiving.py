"""Receive one page.

In: a path, bytes or text. Out: a `Received`: the page's facts and its decoded characters.
It does not fetch addresses (see `fetching`) and does not look for the article.
"""

from __future__ import annotations

import hashlib
import re
from datetime import date
from pathlib import Path
from typing import get_args

from tidings.errors import EmptyPage, MissingPage, OversizePage, PageError, UsageError
from tidings.facts import Media, Page, Received
from tidings.pages.decoding import MOST_BYTES, decode, unpack
from tidings.pages.outlets import name_outlet

__all__ = ["name_path", "read_bytes", "read_page"]

_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\x00"
_SURROGATE = re.compile("[\ud800-\udfff]")
_MARKUP = re.compile(
    r"""<(?:!doctype\s+html|html|head|body|title|meta|link|base|script|style|noscript|article|main|header|nav|div|section
        |p|h[1-6]|table|center|ul|ol|span|font|img|a)\b""",
    re.I | re.VERBOSE,
)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]*(?:\s[^<>]{0,500})?/?>")


def read_page(
    source: str | bytes | Path, *, media: Media | None = None, url: str | None = None, fetched: str | None = None
) -> Received:
    """Read one page: a `str` is its text, a `Path` a file, `bytes` the page as received.

    `media` is `html`, `text` or `article` (clean prose, kept to the letter); None tells them apart.
    What cannot be read raises a class of `tidings.errors.PageError`.

    >>> received = read_page("Talks resume in Geneva.")
    >>> received.page.media, received.page.id
    ('text', 'b8e5b1772f7dc190')
    """
    if media is not None and media not in get_args(Media):
        raise UsageError(f"media is html, text or article, not {media!r}")
    if isinstance(source, Path):
        data = _read_file(source)
        return read_bytes(data, media=media, url=url, fetched=fetched, where=name_path(source))
    if isinstance(source, str):
        text = _SURROGATE.sub("\ufffd", source)
        return _receive(text.encode("utf-8"), text, media=media, url=url, fetched=fetched, where=None)
    if isinstance(source, (bytes, bytearray, memoryview)):
        return read_bytes(bytes(source), media=media, url=url, fetched=fetched, where=None)
    raise UsageError(f"a page is a path, bytes or text, not {type(source).__name__}")


def read_bytes(
    data: bytes,
    *,
    media: Media | None = None,
    url: str | None = None,
    fetched: str | None = None,
    charset: str | None = None,
    where: str | None = None,
) -> Received:
    """Read a page from its bytes; `charset` is what the HTTP header says, `where` names the page in errors."""
    data = unpack(data, where=where)
    text = decode(data, charset=charset, where=where)
    return _receive(data, text, media=media, url=url, fetched=fetched, where=where)


def name_path(path: str | Path) -> str:
    """Return the name of a file as text that can be kept anywhere: what in it is no text is written as a number.

    >>> print(name_path("talks\\udcff.html"))
    talks\\udcff.html
    """
    return str(path).encode("utf-8", "backslashreplace").decode()


def _receive(
    data: bytes, text: str, *, media: Media | None, url: str | None, fetched: str | None, where: str | None
) -> Received:
    if len(data) > MOST_BYTES:
        raise OversizePage(f"larger than {MOST_BYTES >> 20} MB", where=where)
    if not text.strip().strip(_INVISIBLE).strip():
        raise EmptyPage("an empty page", where=where)
    kind: Media = media or detect_media(text)
    if kind != "article":
        text = text.replace("\x00", "\ufffd")
    digest = hashlib.sha256(data).hexdigest()
    outlet = name_outlet(text if kind == "html" else "", url)
    page = Page(id=digest[:16], sha256=digest, media=kind, name=where, url=url, fetched=_day(fetched), outlet=outlet)
    return Received(page=page, text=text)


def _day(stamp: str | None) -> str | None:
    """Return the day of an ISO stamp; None for what is none: archives hold whatever somebody wrote into them."""
    found = _DAY.match(stamp or "")
    try:
        return date.fromisoformat(found[0]).isoformat() if found else None
    except ValueError:
        return None


def detect_media(text: str) -> Media:
    """Tell markup from plain text by how it begins.

    >>> detect_media("<p>Talks <b>resume</b>.</p>"), detect_media("Profit < loss, says <b>analyst")
    ('html', 'text')
    """
    head = text[:4_096].lstrip("\ufeff\u200b \t\r\n\f")
    while head.startswith(("<?xml", "<!--")):
        closing = "?>" if head.startswith("<?xml") else "-->"
        at = head.find(closing)
        if at < 0:
            return "html" if closing == "-->" else "text"
        head = head[at + len(closing) :].lstrip()
    if head.startswith("<") and _MARKUP.match(head):
        return "html"
    tags = sum(1 for _ in _TAG.finditer(text[:20_000]))
    return "html" if tags >= 8 and tags * 400 > len(text[:20_000]) else "text"


def _read_file(path: Path) -> bytes:
    where = name_path(path)
    try:
        if path.is_dir():
            raise MissingPage("a folder, not a page", where=where)
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise MissingPage("no such file", where=where) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise PageError(f"cannot be opened: {reason}", where=where) from error
    if len(data) > MOST_BYTES:
        raise OversizePage(f"larger than {MOST_BYTES >> 20} MB", where=where)
    return data

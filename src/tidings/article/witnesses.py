"""Ask others what they hold for the article.

In: a mended page and its lines. Out: for each line, the share of it that each witness holds.
A witness's text is compared with a line, never used in its place: offsets come from `markup` alone.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from tidings.article.lines import Line

if TYPE_CHECKING:
    import numpy as np
    from lxml.html import HtmlElement

__all__ = ["LARGEST", "ask"]

_WORD = re.compile(r"\w+")
_TAG = re.compile(r"<[^<>]{0,300}>")
LARGEST = 3_000_000
"""Characters of markup, without scripts and styles, beyond which the extractors are not asked: they need seconds."""


def ask(
    root: HtmlElement,
    markup: str,
    lines: Sequence[Line],
    *,
    told: str | None,
    described: str | None,
    extractors: bool = True,
) -> np.ndarray:
    """Ask trafilatura and resiliparse (the `extractors`), the page's own JSON-LD (`told`) and its description."""
    import numpy as np

    extracted = _trafilatura(root) if extractors else ""
    simple = _resiliparse(markup) if extractors else ""
    columns = [
        shares(lines, extracted),
        shares(lines, simple),
        shares(lines, html.unescape(_TAG.sub(" ", told)) if told else ""),
        shares(lines, described or ""),
    ]
    return np.array(columns, dtype=np.float32).T.reshape(len(lines), len(columns))


def shares(lines: Sequence[Line], held: str) -> list[float]:
    """Return for each line the share of its word triples that `held` has too; a short line must be whole.

    >>> shares([Line("Talks resume in Geneva", None), Line("Leave", None)], "Talks resume in Geneva today")
    [1.0, 0.0]
    """
    if not held:
        return [-1.0] * len(lines)
    whole = {" ".join(_WORD.findall(line.lower())) for line in held.split("\n")}
    triples = set(_triples(_WORD.findall(held.lower())))
    found = []
    for line in lines:
        words = _WORD.findall(line.text.lower())
        if len(words) < 4:
            found.append(1.0 if " ".join(words) in whole else 0.0)
            continue
        own = list(_triples(words))
        found.append(sum(triple in triples for triple in own) / len(own))
    return found


def _triples(words: Sequence[str]) -> Iterable[tuple[str, str, str]]:
    return zip(words, words[1:], words[2:], strict=False)


def _trafilatura(root: HtmlElement) -> str:
    from trafilatura import bare_extraction

    try:
        found = bare_extraction(root, favor_precision=True, fast=True, include_comments=False)
    except (ValueError, TypeError, AttributeError, RecursionError, KeyError, IndexError, AssertionError):
        return ""  # a witness that stumbles says nothing
    return (getattr(found, "text", None) or "") if found is not None else ""


def _resiliparse(markup: str) -> str:
    from resiliparse.extract.html2text import extract_plain_text

    try:
        return extract_plain_text(markup, main_content=True, alt_texts=False, list_bullets=False)
    except (ValueError, TypeError, RuntimeError):
        return ""

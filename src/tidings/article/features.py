"""What can be told about a line before deciding what it is.

In: the lines of a page, and, for a marked-up page, where they stand and what witnesses say. Out: a matrix of numbers.
It decides nothing; `labels` does, with the same features the model was trained on.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from tidings.article.lines import Line
from tidings.article.regions import KINDS

if TYPE_CHECKING:
    import numpy as np

__all__ = ["BUCKETS", "WITNESSES", "buckets", "page_features", "text_features", "tree_features"]

BUCKETS = 1 << 15
WITNESSES = ("precision", "simple", "told", "described")

_WORD = re.compile(r"\w+")
_END = re.compile(r"""[.!?…。！？][\s"'”’»)\]]*$""")
_STARTS_LOW = re.compile(r"""["'“‘«(\[]?[a-zà-ÿ]""")
_DATE = re.compile(
    r"\b(?:19|20)\d\d\b|\b\d{1,2}:\d\d\b|\b\d{1,2}\s(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|\bago\b", re.I
)
_FURNITURE = re.compile(
    r"""\b(?:subscri|sign\ ?(?:up|in)|log\ ?in|newsletter|cookie|privacy|terms\ of|copyright|all\ rights|advertis
    |share\b
    |follow\ us|read\ (?:more|also|next)|related|recommended|comment|e-?mail|click|download|app\ store|contact\ us
    |about\ (?:us|the\ author)
    |photo(?:graph)?\ (?:by|credit)|getty|reuters|file\ photo|image|tags?:|topics|posted|updated
    |published|min(?:ute)?s?\ read|facebook|twitter|whatsapp|instagram|account|password|reply|newsroom|editor)""",
    re.I | re.VERBOSE,
)
_SAID = re.compile(r"\b(?:said|says|told|added|according|announced|reported|wrote|claimed|warned)\b", re.I)
_FUNCTION = frozenset(
    """the of and to in a is that for on with as was by at from it be are this have an has not but were which will his
    their they he she its who had been or de la que el en y los del las un por con der die und das den von zu mit ist
    des le les et du est dans une pour sur qui il di e il che per una non o os do da em para i w na z se je
    que não""".split()
)
_QUOTES = str.maketrans(dict.fromkeys('"“”„«»‘’', '"'))
_NEAR = (-3, -2, -1, 1, 2, 3)


def buckets(text: str) -> list[int]:
    """Hash the words and word pairs of a line, up to 60 words.

    >>> len(buckets("Leave a Reply"))
    6
    """
    words = [_shape(word) for word in _WORD.findall(text.lower())[:60]]
    grams = words + [f"{left} {right}" for left, right in pairwise(words)]
    grams.append(f"^{words[0] if words else ''}")
    return sorted({zlib.crc32(gram.encode()) % BUCKETS for gram in grams})


def _shape(word: str) -> str:
    return "#" * len(word) if word.isdigit() else word


def _one(text: str) -> list[float]:
    """Describe one line by itself."""
    words = text.split()
    count, size = max(1, len(words)), len(text)
    letters = sum(map(str.isalpha, text))
    capitals = sum(map(str.isupper, text))
    titled = sum(word[:1].isupper() for word in words)
    low = [word.strip(".,;:!?\"'“”‘’()").lower() for word in words]
    return [
        min(size, 3000),
        min(count, 500),
        size / count,
        float(_END.search(text[-12:]) is not None),
        float(text.endswith(":")),
        float(text.endswith(("...", "…"))),
        text.count(","),
        sum(text.count(mark) for mark in ". "[0]),
        len(text.translate(_QUOTES).split('"')) - 1,
        sum(char.isdigit() for char in text) / max(1, size),
        letters / max(1, size),
        capitals / max(1, letters),
        titled / count,
        sum(word in _FUNCTION for word in low) / count,
        float(_STARTS_LOW.match(text) is not None),
        float(_DATE.search(text[:200]) is not None),
        float(len(_FURNITURE.findall(text[:300]))),
        float(len(_SAID.findall(text[:1000]))),
        float("|" in text),
        float("@" in text or "http" in text or "www." in text),
        float("©" in text),
        float(text[:1] in "\"“„«‘'-–—•*"),
        float("?" in text),
        float("!" in text),
    ]


def text_features(lines: Sequence[Line], lexical: np.ndarray) -> np.ndarray:
    """Describe each line by its text, its neighbours, and its place among the prose of the page.

    `lexical` is what the words alone say (a log-odds for each line).
    """
    import numpy as np

    n = len(lines)
    own = np.array([_one(line.text) for line in lines], dtype=np.float32).reshape(n, -1)
    size = own[:, 0]
    prose = ((own[:, 3] > 0) & (own[:, 1] >= 8)).astype(np.float32)
    repeated = Counter(line.text for line in lines)
    index = np.arange(n, dtype=np.float32)
    first, last = _ends(prose)
    mass = np.cumsum(size * prose)
    total = max(1.0, float(mass[-1]) if n else 1.0)
    long = (size >= 90).astype(np.float32)
    columns = [
        own,
        lexical.reshape(-1, 1),
        prose.reshape(-1, 1),
        np.array([[min(repeated[line.text], 5)] for line in lines], dtype=np.float32),
        (index / max(1, n - 1)).reshape(-1, 1),
        np.minimum(index, 60).reshape(-1, 1),
        np.minimum(n - 1 - index, 60).reshape(-1, 1),
        np.clip(index - first, -30, 80).reshape(-1, 1),
        np.clip(last - index, -30, 80).reshape(-1, 1),
        (mass / total).reshape(-1, 1),
        np.full((n, 1), min(n, 400), dtype=np.float32),
        np.full((n, 1), prose.mean() if n else 0.0, dtype=np.float32),
        _gap(prose),
        _windows(prose, (2, 5, 12)),
        _windows(np.minimum(size, 600) * prose, (4, 10)),
        _windows(long, (3, 8)),
        _windows(lexical, (2, 6)),
        _first_like(lines),
    ]
    for shift in _NEAR:
        near = _shift(np.column_stack([np.minimum(size, 600), prose, own[:, 3], own[:, 13], lexical]), shift)
        columns.append(near)
    return np.hstack(columns).astype(np.float32)


def _ends(prose: np.ndarray) -> tuple[float, float]:
    """Return the first and last line of the densest stretch of prose (largest sum of +1 prose, -0.5 other)."""
    best, best_start, best_end, run, start = 0.0, 0, 0, 0.0, 0
    for at, value in enumerate(prose):
        gain = 1.0 if value else -0.34
        if run <= 0:
            run, start = 0.0, at
        run += gain
        if run > best:
            best, best_start, best_end = run, start, at
    return float(best_start), float(best_end)


def _first_like(lines: Sequence[Line]) -> np.ndarray:
    """Say how far each line repeats the words of the first lines (a headline is repeated by teasers and by itself)."""
    import numpy as np

    head = set(_WORD.findall(lines[0].text.lower())) if lines else set()
    told = []
    for line in lines:
        words = set(_WORD.findall(line.text[:300].lower()))
        told.append([len(words & head) / max(1, len(words))])
    return np.array(told, dtype=np.float32).reshape(len(lines), 1)


def _gap(prose: np.ndarray) -> np.ndarray:
    """Return the distance to the nearest prose before and after."""
    import numpy as np

    n = len(prose)
    before, after = np.full(n, 40.0), np.full(n, 40.0)
    last = -40
    for at in range(n):
        before[at] = min(40, at - last)
        if prose[at]:
            last = at
    last = n + 40
    for at in range(n - 1, -1, -1):
        after[at] = min(40, last - at)
        if prose[at]:
            last = at
    return np.column_stack([before, after])


def _windows(values: np.ndarray, widths: Sequence[int]) -> np.ndarray:
    """Return the mean over the lines before, and over the lines after, for each width."""
    import numpy as np

    n = len(values)
    summed = np.concatenate([[0.0], np.cumsum(values, dtype=np.float64)])
    at = np.arange(n)
    columns = []
    for width in widths:
        low, high = np.maximum(0, at - width), np.minimum(n, at + 1 + width)
        columns.append((summed[at] - summed[low]) / width)
        columns.append((summed[high] - summed[at + 1]) / width)
    return np.column_stack(columns) if n else np.zeros((0, 2 * len(widths)))


def _shift(values: np.ndarray, by: int) -> np.ndarray:
    import numpy as np

    moved = np.full_like(values, -1.0)
    if by > 0:
        moved[:-by] = values[by:]
    else:
        moved[-by:] = values[:by]
    return moved


_KIND_NUMBERS: dict[str, int] = {kind: number for number, kind in enumerate(KINDS)}
_TAGS = {
    tag: number
    for number, tag in enumerate(
        "p div li h1 h2 h3 h4 span td a blockquote figcaption section article button label".split()
    )
}


def tree_features(lines: Sequence[Line], witnesses: np.ndarray) -> np.ndarray:
    """Describe each line by its place in the markup and by what the witnesses say.

    `witnesses` has a column for each of `WITNESSES`: the share of the line each of them holds.
    """
    import numpy as np

    places = [line.place for line in lines]
    assert all(place is not None for place in places)
    boxes, outers, paths = Counter(), Counter(), Counter()
    for line, place in zip(lines, places, strict=True):
        size = len(line.text)
        paths[place.path] += 1  # type: ignore[union-attr]
        if place.tag == "p":  # type: ignore[union-attr]
            boxes[place.box] += size  # type: ignore[union-attr]
            outers[place.outer] += size  # type: ignore[union-attr]
    most = max(boxes.values(), default=1) or 1
    rows = []
    for place in places:
        assert place is not None
        rows.append(
            [
                _TAGS.get(place.tag, 20),
                _KIND_NUMBERS.get(place.kind, -1) if place.kind else -1,
                place.link,
                place.bold,
                place.in_article,
                place.in_main,
                place.hidden,
                place.cell,
                place.listed,
                place.quoted,
                place.itemprop,
                min(place.depth, 60),
                min(paths[place.path], 100),
                min(boxes[place.box], 20_000),
                boxes[place.box] / most,
                outers[place.outer] / most,
            ]
        )
    own = np.array(rows, dtype=np.float32).reshape(len(lines), -1)
    columns = [own, witnesses]
    columns.extend(_windows(column, (2, 6)) for column in witnesses.T[:3])
    near = np.column_stack([witnesses[:, :3], own[:, [0, 1, 2, 14]]])
    columns.extend(_shift(near, shift) for shift in (-1, 1))
    linked = own[:, 2]
    columns.append(_windows(linked, (3,)))
    share = witnesses.mean(axis=0) if len(lines) else np.zeros(witnesses.shape[1])
    columns.append(np.tile(share, (len(lines), 1)))
    return np.hstack(columns).astype(np.float32)


def page_features(lines: Sequence[Line], lexical: np.ndarray, witnesses: np.ndarray | None) -> np.ndarray:
    """Return all features of a page: of its text, and of its markup where there are witnesses."""
    import numpy as np

    text = text_features(lines, lexical)
    return text if witnesses is None else np.hstack([text, tree_features(lines, witnesses)])

"""Score the cutting of articles from pages.

In: `page/dev` of the development data. Out: scores for body, title, authors, date, cost, and the founding page.
The body scores are those of `training/lines.py`, from models that never saw the site; the shipped one saw them all.
"""

from __future__ import annotations

import json
import re
import time
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tidings import data
from tidings.article import find_article
from tidings.facts import BODY_ROLES, Clipping
from tidings.pages import read_page
from tidings.score.results import Score, data_folder, f1

__all__ = ["score_page", "score_seed"]

_WORD = re.compile(r"\w+")
_CROSSED = "lines_cv.json"
_FURNITURE = {
    "source_credit": "credit",
    "related_heading": "related",
    "author_name": "author_bio",
    "author_bio": "author_bio",
    "comment_form_heading": "comment_form",
    "comment_form": "comment_form",
}


def score_page(folder: Path | None = None) -> list[Score]:
    """Score body, metadata and cost."""
    where = data_folder("page", folder) / "dev"
    rows = [
        row for row in map(json.loads, (where / "gold.jsonl").open(encoding="utf-8")) if (where / row["html"]).is_file()
    ]
    clippings: list[tuple[dict[str, Any], Clipping]] = []
    began = time.process_time()
    for row in rows:
        clippings.append((row, find_article(read_page(where / row["html"], media="html", url=row["url"]))))
    spent = time.process_time() - began
    cost = Score(
        name="pages_a_second",
        value=round(len(rows) / max(spent, 1e-9), 1),
        metric="HTML pages a CPU second, reading and cutting",
        items=len(rows),
        data="page/dev",
    )
    return [*_crossed(), *_metadata(clippings), _media_cloud(where), cost]


def _crossed() -> Iterator[Score]:
    told = json.loads(data.read_text(_CROSSED))
    rivals = {
        "html": (0.9647, "trafilatura 2.3.1 favor_precision (140 pages)"),
        "text": (0.924, "an early prototype, on the same data"),
    }
    for kind, cuts in sorted(told.items()):
        one = cuts["0.5"]
        rival, name = rivals[kind]
        yield Score(
            name=f"body_{kind}",
            value=round(one["f1"], 4),
            metric="4-gram F1 over sites not trained on (3 folds, stored by training/lines.py)",
            items=one["pages"],
            data="page/dev",
            rival=rival,
            rival_name=name,
        )
        yield Score(
            name=f"lines_{kind}",
            value=round(one["line_f1"], 4),
            metric="line F1 over sites not trained on (3 folds, stored by training/lines.py)",
            items=one["pages"],
            data="page/dev",
        )


def plain(text: str | None) -> str:
    """Normalise as the data's README says.

    >>> plain("Talks – RESUME!")
    'talks resume'
    """
    return " ".join(_WORD.findall(unicodedata.normalize("NFKC", text or "").casefold()))


def _metadata(clippings: list[tuple[dict[str, Any], Clipping]]) -> Iterator[Score]:
    with_title = [(row, c) for row, c in clippings if row.get("title")]
    right = sum(plain(row["title"]) == plain(c.article.title) for row, c in with_title)
    yield _share(
        "title",
        right,
        len(with_title),
        "title equal after normalisation",
        0.787,
        "an early prototype, on the same data",
    )
    dated = [(row, c) for row, c in clippings if row.get("publishing_date")]
    right = sum(bool(c.dates) and c.dates[0].value == str(row["publishing_date"])[:10] for row, c in dated)
    yield _share(
        "date", right, len(dated), "best candidate is the gold day", 0.984, "an early prototype, on the same data"
    )
    hit = told = gold = 0
    for row, clipping in clippings:
        if "authors" in row and row["authors"] is not None:
            names, wanted = {plain(one) for one in clipping.article.authors}, {plain(one) for one in row["authors"]}
            hit, told, gold = hit + len(names & wanted), told + len(names), gold + len(wanted)
    value = f1(hit / told if told else 0.0, hit / gold if gold else 0.0)
    yield Score(
        name="authors",
        value=round(value, 4),
        metric="F1 of author names after normalisation",
        items=gold,
        data="page/dev",
        rival=0.843,
        rival_name="an early prototype, on the same data",
    )


def _share(
    name: str, right: int, of: int, metric: str, rival: float | None = None, rival_name: str | None = None
) -> Score:
    value = round(right / of, 4) if of else 0.0
    return Score(name=name, value=value, metric=metric, items=of, data="page/dev", rival=rival, rival_name=rival_name)


def _media_cloud(where: Path) -> Score:
    right = total = 0
    for row in map(json.loads, (where / "dates_mediacloud.jsonl").open(encoding="utf-8")):
        path = where / row["html"]
        if path.is_file():
            dates = find_article(read_page(path, media="html", url=row["url"])).dates
            right += bool(dates) and dates[0].value == row["date"]
            total += 1
    return _share(
        "date_mediacloud",
        right,
        total,
        "best candidate is the gold day (htmldate's news pages)",
        0.903,
        "htmldate 1.10, all its pages",
    )


def score_seed(folder: Path | None = None) -> list[Score]:
    """Score the founding page line by line; nothing where it is absent."""
    seed = data_folder("page", folder).parent.parent / "seed"
    if not (seed / "page.txt").is_file():
        return []
    clipping = find_article(read_page(seed / "page.txt"))
    alignment = clipping.article.alignment
    starts = {source: text_start for text_start, source, _ in alignment}
    blocks = {block.span.start: block.role for block in clipping.article.blocks}
    furniture = {one.source.start: one.role for one in clipping.furniture}
    lines = json.loads((seed / "gold" / "page.json").read_text(encoding="utf-8"))["lines"]
    kept = typed = 0
    for line in lines:
        role = blocks.get(starts.get(line["start"], -1))
        kept += (role in BODY_ROLES) == (line["y"] == "body")
        found = furniture.get(line["start"]) or role
        typed += found == _FURNITURE.get(line["type"], "headline" if line["y"] == "title" else line["type"])
    return [
        Score(
            name="seed_lines",
            value=round(kept / len(lines), 4),
            metric="lines rightly kept or dropped",
            items=len(lines),
            data="seed",
        ),
        Score(
            name="seed_roles",
            value=round(typed / len(lines), 4),
            metric="lines with the right role",
            items=len(lines),
            data="seed",
        ),
    ]

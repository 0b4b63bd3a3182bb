"""Prepare the development pages for `lines.py`: our lines, the witnesses, and the gold label of each line.

In: the folder `page/dev`. Out: a compressed JSON file, one page a line. It trains nothing.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections import defaultdict
from dataclasses import asdict
from pathlib import Path

from tidings.article.declared import declared
from tidings.article.markup import scan
from tidings.article.tree import plant, restore, tree_lines
from tidings.article.witnesses import ask
from tidings.pages import read_page

_WORD = re.compile(r"\w+")


def label(texts: list[str], body: str) -> list[str]:
    """Label each line body, other, or skip (part of the body, or a second telling of it)."""
    gold_lines = [" ".join(_WORD.findall(line.lower())) for line in body.split("\n")]
    gold_words = _WORD.findall(body.lower())
    whole: dict[str, list[int]] = defaultdict(list)
    at = 0
    for line in gold_lines:
        whole[line].append(at)
        at += len(line.split())
    where: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for i in range(len(gold_words) - 2):
        where[tuple(gold_words[i : i + 3])].append(i)
    labels, candidates = ["other"] * len(texts), []
    for number, text in enumerate(texts):
        words = _WORD.findall(text.lower())
        if len(words) < 6:
            candidates.extend(
                (number, offset, len(words)) for offset in (whole.get(" ".join(words), []) if words else [])
            )
            continue
        triples = [tuple(words[i : i + 3]) for i in range(len(words) - 2)]
        held = [where[t] for t in triples if t in where]
        share = len(held) / len(triples)
        if share >= 0.6:
            offsets = sorted(o - i for i, t in enumerate(triples) for o in where.get(t, [])[:3])
            candidates.append((number, offsets[len(offsets) // 2], len(words)))
        elif share > 0.2:
            labels[number] = "skip"
    for number in _chain(candidates):
        labels[number] = "body"
    for number, _, size in candidates:
        if labels[number] != "body" and size >= 3:
            labels[number] = "skip"
    return labels


def _chain(candidates: list[tuple[int, int, int]]) -> set[int]:
    """Return the lines of the heaviest chain that is in order on the page and in the gold."""
    best: list[tuple[float, int]] = []
    for i, (number, offset, size) in enumerate(candidates):
        score, back = float(size), -1
        for j in range(max(0, i - 400), i):
            other, before, _ = candidates[j]
            if other < number and before <= offset + 2 and best[j][0] - 0.002 * (number - other) + size > score:
                score, back = best[j][0] - 0.002 * (number - other) + size, j
        best.append((score, back))
    at = max(range(len(best)), key=lambda i: best[i][0], default=-1)
    chosen = set()
    while at >= 0:
        chosen.add(candidates[at][0])
        at = best[at][1]
    return chosen


def prepare(folder: Path, out: Path) -> None:
    """Write the lines of every development page."""
    with gzip.open(out, "wt") as file:
        for row in map(json.loads, (folder / "gold.jsonl").open()):
            path = folder / row["html"]
            if not path.is_file():
                continue
            page = read_page(path, media="html").text
            scanned = scan(page)
            root = plant(scanned)
            if root is None:
                print("no tree:", row["id"])
                continue
            lines = tree_lines(root, scanned, page)
            told = declared(page, scanned)
            restore(root, scanned, page)
            witnesses = ask(
                root, page, lines, told=told.story("articleBody"), described=told.meta("og:description", "description")
            )
            labels = label([line.text for line in lines], row["body"])
            kept = [
                {"t": line.text, "s": list(line.source), "place": asdict(line.place), "w": w, "y": y}
                for line, w, y in zip(lines, witnesses.tolist(), labels, strict=True)
            ]
            file.write(
                json.dumps(
                    {"id": row["id"], "site": row["site"], "fold": row["fold"], "body": row["body"], "lines": kept}
                )
                + "\n"
            )


if __name__ == "__main__":
    prepare(Path(sys.argv[1]), Path(sys.argv[2]))

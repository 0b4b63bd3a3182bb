"""Build the table of given names: how many men and women bear each.

In: the shipped table of office holders, the hand-written list beside this script, the data folder, the package `names`
(first names of the US census of 1990, public domain). Out: `names.tsv` in `src/tidings/data`.
It knows no surnames. A name that is a man's in one language and a woman's in another counts for both.

    python training/given_names.py DATA
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

HERE = Path(__file__).parent
OUT = HERE.parent / "src" / "tidings" / "data"
sys.path.insert(0, str(HERE.parent / "src"))

from tidings import data as tables  # noqa: E402
from tidings.actors.names import fold  # noqa: E402

USUAL = 12
"""Votes for the gender of a given name on the hand-written list of usual ones."""
SHARE = 200
"""Votes of a name that one man or woman in a hundred bore at the census; one in a hundred thousand has .2."""


def main(folder: Path) -> None:
    """Write the table."""
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    both: set[str] = set()
    for line in (HERE / "actors_given.txt").read_text(encoding="utf-8").splitlines():
        gender, _, names = line.partition(": ")
        for first in names.split():
            if gender == "both":
                both.add(first)
            else:
                votes[first][gender] += USUAL
    for first, gender in [*office_holders(), *gap(folder / "actors" / "dev" / "coref_gap_development.jsonl")]:
        votes[first][gender] += 1
    counted = {"m": census("male"), "f": census("female")}
    lines = ["name\tmale\tfemale\tcensus_male\tcensus_female"]
    for name in sorted({*votes, *counted["m"], *counted["f"]}):
        told = [votes[name][gender] for gender in "mf"]
        share = [round(counted[gender].get(name, 0.0) * SHARE, 1) for gender in "mf"]
        if name in both:
            told, share = [max(told)] * 2, [max(share)] * 2
        lines.append("\t".join((name, *(f"{value:g}" for value in (*told, *share)))))
    (OUT / "names.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def office_holders() -> Iterator[tuple[str, str]]:
    """Yield the given name and the gender of each office holder whose gender is known."""
    for line in tables.read_text("actors_people.tsv.gz").splitlines()[1:]:
        _, name, gender, *_ = line.split("\t")
        first = fold(name.split()[0])
        if gender and len(first) > 2 and first.isalpha():
            yield first, gender


def gap(path: Path) -> Iterator[tuple[str, str]]:
    """Yield given names with the gender of the pronoun that means them; even rows only, the others are scored."""
    for at, line in enumerate(path.open(encoding="utf-8")):
        row = json.loads(line)
        gender = "m" if row["pronoun"].lower() in ("he", "him", "his") else "f"
        for which in "ab":
            words = fold(row[which]).split()
            is_full = len(words) > 1 and len(words[0]) > 2 and words[0].isalpha()
            if at % 2 == 0 and row[f"{which}_coref"] == "TRUE" and is_full:
                yield words[0], gender


def census(gender: str) -> dict[str, float]:
    """Return the first names of the census with the percentage of men or women who bore them."""
    text = (files("names") / f"dist.{gender}.first").read_text(encoding="ascii")
    rows = (line.split() for line in text.splitlines() if line.strip())
    return {fold(name): float(share) for name, share, *_ in rows if len(name) > 2}


if __name__ == "__main__":
    main(Path(sys.argv[1]))

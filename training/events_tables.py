"""Build the event word tables from the reviewed lists and the ontology's facts.

In: `training/events_*.txt`, the data folder with `events/cameo_plover.csv` and `events/goldstein_cameo.csv`.
Out: `events_*.tsv`, `cameo_plover.tsv` and `goldstein_cameo.tsv` in `src/tidings/data`. It learns nothing.

    python training/events_tables.py DATA
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
WIDE = ("actor", "people", "state", "thing", "to", "let", "persons")
OUT = HERE.parent / "src" / "tidings" / "data"


def lines(name: str) -> Iterator[tuple[list[str], list[str]]]:
    """Give the head and the words of each line of a list, comments left out."""
    for line in (HERE / name).read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            head, _, words = line.partition(" : ")
            yield head.split(), words.split()


def _is_wide(company: str) -> bool:
    return company in WIDE or company.startswith("+")


def write(name: str, header: str, rows: list[str]) -> None:
    """Write a table with its header."""
    (OUT / name).write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    print(f"{name}: {len(rows)} rows")


def main(data: Path) -> None:
    """Write all the tables."""
    triggers: dict[tuple[str, str, str], str] = {}
    for (kind, mode, cameo, pos, frame, weight, *needs), words in lines("events_lexicon.txt"):
        for word in words:
            company = needs[0] if needs else ""
            row = (word, pos, kind, "" if mode == "-" else mode, cameo, frame, weight, company)
            triggers.setdefault((word, pos, company), "\t".join(row))
    # A sense that needs company is asked before the one that needs none, and special company before "actor" or "thing".
    order = sorted(triggers, key=lambda key: (key[0], key[1], not key[2], _is_wide(key[2]), key[2]))
    header = "word\tpos\ttype\tmode\tcameo\tframe\tweight\tneeds"
    write("events_triggers.tsv", header, [triggers[key] for key in order])
    operators: dict[str, list[str]] = {}
    for (kind,), words in lines("events_operators.txt"):
        for word in words:
            if kind not in operators.setdefault(word, []):
                operators[word].append(kind)
    write("events_operators.tsv", "word\tclasses", [f"{w}\t{' '.join(operators[w])}" for w in sorted(operators)])
    agents = {word: kind for (kind,), words in lines("events_agents.txt") for word in reversed(words)}
    write("events_agents.tsv", "word\tkind", [f"{word}\t{agents[word]}" for word in sorted(agents)])
    blames = sorted({word for _, words in lines("events_reproaches.txt") for word in words})
    write("events_reproaches.tsv", "word", blames)
    topics: dict[str, str] = {}
    for (context,), words in lines("events_contexts.txt"):
        topics.update((word, context) for word in words if word not in topics)
    write("events_contexts.tsv", "word\tcontext", [f"{word}\t{topics[word]}" for word in sorted(topics)])
    with (data / "events" / "cameo_plover.csv").open(encoding="utf-8", newline="") as file:
        facts = [
            "\t".join((r["cameo"], r["plover_event"], r["plover_mode"], r["plover_context"], r["quad"]))
            for r in csv.DictReader(file)
        ]
    write("cameo_plover.tsv", "cameo\ttype\tmode\tcontext\tquad", facts)
    with (data / "events" / "goldstein_cameo.csv").open(encoding="utf-8", newline="") as file:
        scale = [f"{r['cameo_prefix']}\t{r['goldstein']}" for r in csv.DictReader(file)]
    write("goldstein_cameo.tsv", "cameo\tgoldstein", scale)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""How long dyads take over millions of acts, and how often a change is told where there can be none.

In: a store with acts, or `--make N` to write one of N made-up acts. Out: one line a question on stdout.
With `--shuffle` the weeks of the 150 busiest pairs are put in a random order, singly and three by three.
The made-up world is seeded: 200 countries of very unequal weight, ten years.
"""

from __future__ import annotations

import argparse
import random
import resource
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import click

from tidings.dyads import ego, matrix, pair, shifts
from tidings.dyads.changes import find_changes
from tidings.store import Store, open_store

YEARS = 10
_CODES = (
    "010",
    "020",
    "036",
    "040",
    "042",
    "043",
    "051",
    "057",
    "061",
    "070",
    "111",
    "112",
    "130",
    "141",
    "173",
    "190",
)


def make(path: Path, size: int) -> None:
    """Write a store of so many acts; its indices are made when all are in."""
    random.seed(7)
    with open_store(path, create=True) as store, store.change() as connection:
        indices = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'acts' AND sql IS NOT NULL"
        ).fetchall()
        for name, _ in indices:
            connection.execute(f"DROP INDEX {name}")
        connection.execute("INSERT INTO datasets VALUES (2, 'made-up', 'gdelt')")
        names = [f"{a}{b}{c}" for a in "ABCDEFGH" for b in "ABCDE" for c in "ABCDE"]
        parties = [
            (number, f"{name}.{sector}", f"{sector.title()} of {name}", "government", name)
            for number, (name, sector) in enumerate(
                ((name, sector) for name in names for sector in ("GOV", "MIL", "CVL", "LEG", "BUS")), 1
            )
        ]
        connection.executemany("INSERT INTO parties (number, key, name, type, country) VALUES (?, ?, ?, ?, ?)", parties)
        connection.executemany(
            "INSERT INTO acts (number, dataset, id, day, dated, source, target, source_country, target_country, type,"
            " cameo, quad, intensity, tellings) VALUES (?, 2, ?, ?, 'stated', ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            _acts(size, names),
        )
        for _, sql in indices:
            connection.execute(sql)
        connection.execute("ANALYZE")


def _acts(size: int, names: list[str]) -> Iterator[tuple[object, ...]]:
    days = [(date(2010, 1, 1) + timedelta(days=at)).isoformat() for at in range(365 * YEARS)]
    weights = [1 / (at + 3) for at in range(len(names))]
    places = random.choices(range(len(names)), weights, k=2 * size)
    for number in range(1, size + 1):
        a, b = places.pop(), places.pop()
        code = random.choice(_CODES)
        sectors = random.randrange(25)
        root = int(code[:2])
        quad = 1 if root < 6 else 2 if root < 9 else 3 if root < 14 else 4
        yield (
            number, f"{number:x}", days[number * len(days) // (size + 1)], a * 5 + sectors % 5 + 1,
            b * 5 + sectors // 5 + 1, names[a], names[b], None if root < 3 else "CONSULT", code, quad,
            4.0 if quad < 3 else -4.0, 1,
        )  # fmt: skip


def measure(store: Store) -> None:
    """Print how long each question takes."""
    ((size,),) = store.query("SELECT max(number) FROM acts")
    cells = matrix(store, top=12).cells
    busy, quiet = cells[0], cells[-1]
    click.echo(f"{size} acts")
    questions: list[tuple[str, Callable[[], object]]] = [
        (f"pair {busy.a} {busy.b}, {busy.n} acts, by month", lambda: pair(store, busy.a, busy.b)),
        (f"pair {busy.a} {busy.b}, {busy.n} acts, counts only", lambda: pair(store, busy.a, busy.b, top=0)),
        (f"pair {busy.a} {busy.b}, one year by week", lambda: pair(store, busy.a, busy.b, since="2018", by="week")),
        (f"pair {quiet.a} {quiet.b}, {quiet.n} acts, by month", lambda: pair(store, quiet.a, quiet.b)),
        ("shifts of the last 30 days", lambda: shifts(store)),
        ("matrix of 20", lambda: matrix(store)),
        (f"ego {busy.a}", lambda: ego(store, busy.a)),
    ]
    for name, ask in questions:
        times, busy_times = [], []
        for _ in range(3):
            start, busy_start = time.perf_counter(), time.process_time()
            ask()
            times.append(time.perf_counter() - start)
            busy_times.append(time.process_time() - busy_start)
        click.echo(f"{name:48} first {times[0]:6.2f} s, best {min(times):6.2f} s, CPU {min(busy_times):6.2f} s")
    click.echo(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


def shuffle(store: Store, pairs: int = 150, times: int = 3) -> None:
    """Print how many pairs have a change, and how many of their shuffled series seem to."""
    random.seed(1)
    told = Counter[str]()
    for cell in matrix(store, top=60).cells[:pairs]:
        weeks = [(point.cooperation, point.n) for point in pair(store, cell.a, cell.b, by="week", top=0).points]
        told["as they are"] += _tells(weeks) * times
        for size, name in ((1, "shuffled"), (3, "shuffled three by three")):
            for _ in range(times):
                blocks = [weeks[at : at + size] for at in range(0, len(weeks), size)]
                random.shuffle(blocks)
                told[name] += _tells([week for block in blocks for week in block])
    for name in ("as they are", "shuffled", "shuffled three by three"):
        click.echo(f"{name:48} {told[name] / (pairs * times):.1%} of {pairs} pairs have a change")


def _tells(weeks: list[tuple[int, int]]) -> bool:
    return bool(find_changes([k for k, _ in weeks], [n for _, n in weeks]).changes)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("store", type=Path)
    parser.add_argument("--make", type=int, metavar="N", help="Write a store of N made-up acts first.")
    parser.add_argument("--shuffle", action="store_true", help="Count false alarms instead.")
    asked = parser.parse_args()
    if asked.make:
        make(asked.store, asked.make)
    with open_store(asked.store) as opened:
        if asked.shuffle:
            shuffle(opened)
        else:
            measure(opened)

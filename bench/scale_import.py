"""Make event data at scale and time its import: `python bench/scale_import.py STORE --acts 10000000`.

In: a store to make, and how many acts. Out: files in the shape of ICEWS in a folder of their own, the store, and rates.
The acts are invented: countries, roles and event texts are drawn so that few of each make up most, as in real data.
"""

from __future__ import annotations

import argparse
import itertools
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import click

from tidings import data
from tidings.imports import import_events
from tidings.store import open_store

FIRST_DAY = date(2010, 1, 1)
DAYS = 3650
IN_A_FILE = 1_000_000
HEADER = "Event ID\tEvent Date\tSource Name\tSource Country\tEvent Text\tCAMEO Code\tTarget Name\tTarget Country\n"
# The most frequent texts with how many of a thousand acts bear them, about as in a year of news.
TEXTS = (
    ("Make statement", 206), ("Consult", 128), ("Make an appeal or request", 69),
    ("Express intent to meet or negotiate", 67),
    ("Arrest, detain, or charge with legal action", 54), ("Make a visit", 52), ("Host a visit", 52),
    ("Praise or endorse", 49), ("Criticize or denounce", 46), ("Accuse", 41), ("Use conventional military force", 30),
    ("Use unconventional violence", 25), ("Engage in negotiation", 25), ("Demonstrate or rally", 22),
    ("Sign formal agreement", 21), ("Engage in diplomatic cooperation", 19), ("Demand", 17), ("Reject", 14),
    ("Investigate", 14), ("fight with small arms and light weapons", 13), ("Threaten", 9),
    ("Provide humanitarian aid", 5),
    ("Cooperate economically", 5), ("Impose embargo, boycott, or sanctions", 4), ("Reduce relations", 4),
    ("Impose administrative sanctions", 4), ("Expel or deport individuals", 3), ("Give ultimatum", 2),
)  # fmt: skip
ROLES = (
    "", "Government", "Citizen", "Police", "Head of Government", "Foreign Affairs", "Military", "Ministry", "Criminal",
    "Protester", "Business", "Court Judge", "Media Personnel", "Lawmaker", "Student", "Governor",
)  # fmt: skip


def main() -> None:
    """Make the files, import them one after another, and print how long each took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("store", type=Path)
    parser.add_argument("--acts", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    if given.store.exists():
        sys.exit(f"{given.store} is there already")
    with tempfile.TemporaryDirectory(dir=given.store.parent) as folder:
        write_files(Path(folder), given.acts, given.seed)
        started, worked = time.perf_counter(), time.process_time()
        with open_store(given.store, create=True) as store:
            imported = import_events(store, "icews", [folder], progress=tell())
        spent, worked = time.perf_counter() - started, time.process_time() - worked
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    size = given.store.stat().st_size / 2**20
    click.echo(
        f"{imported.acts} acts in {spent:.0f} s ({worked:.0f} s of one core), {memory:.0f} MB, store {size:.0f} MB"
    )


def tell() -> Callable[[int], None]:
    """Return a function that is told of rows done and says the rate of each million."""
    done, before = 0, time.perf_counter()

    def told(rows: int) -> None:
        nonlocal done, before
        done += rows
        if done % 1_000_000 == 0:
            now = time.perf_counter()
            click.echo(f"{done:>10} rows  {1_000_000 / (now - before):8.0f} a second")
            before = now

    return told


def write_files(folder: Path, acts: int, seed: int) -> None:
    """Write files of a million acts each, in order of time."""
    rows = make_rows(acts, random.Random(seed))
    for number in itertools.count():
        part = list(itertools.islice(rows, IN_A_FILE))
        if not part:
            return
        (folder / f"events.{number:03d}.tab").write_text(HEADER + "".join(part), encoding="utf-8")


def make_rows(acts: int, dice: random.Random) -> Iterator[str]:
    """Yield rows in the shape of ICEWS."""
    rows = (line.split("\t") for line in data.read_text("countries.tsv").splitlines()[1:])
    countries = [row[2] for row in rows if row[3] and not row[4]]
    # Those of whom most is told come first; the rest in the order of the table.
    front = ["United States", "Russia", "China", "India", "Israel", "Iran", "Turkey", "Ukraine", "Japan", "Syria"]
    countries = front + [name for name in countries if name not in front]
    shares = [1 / (rank + 3) for rank in range(len(countries))]
    roles = [1 / (rank + 1.5) for rank in range(len(ROLES))]
    texts = [text for text, _ in TEXTS]
    weights = [weight for _, weight in TEXTS]
    size = 10_000
    for start in range(0, acts, size):
        count = min(size, acts - start)
        homes = dice.choices(countries, shares, k=count)
        others = dice.choices(countries, shares, k=count)
        told = dice.choices(texts, weights, k=count)
        parts = dice.choices(ROLES, roles, k=2 * count)
        for number in range(count):
            day = FIRST_DAY + timedelta(days=(start + number) * DAYS // acts)
            home = homes[number]
            # A third of all acts stay within one country.
            other = home if dice.random() < 0.33 else others[number]
            source = named(parts[number], home, dice)
            target = named(parts[count + number], other, dice)
            yield f"{start + number}\t{day}\t{source}\t{home}\t{told[number]}\t\t{target}\t{other}\n"


def named(role: str, country: str, dice: random.Random) -> str:
    """Return the name of an actor: a country, a role in it, or one of some hundred persons."""
    if not role:
        return country
    return (
        f"{role} ({country})" if dice.random() < 0.75 else f"Person {int(dice.paretovariate(0.7)) % 400} of {country}"
    )


if __name__ == "__main__":
    main()

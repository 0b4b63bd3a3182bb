"""How fast the desk answers over many articles.

In: a number of articles. Out: a store of made-up ones, and the middle and the slow times of each page over it.
Run: python bench/scale_desk.py --articles 200000 --store /somewhere/big.db
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import click

from tidings.data import read_text
from tidings.store import Store, open_store

PEOPLE, OUTLETS, DAYS, WORDS = 20_000, 300, 730, 30_000
FIRST = date(2019, 1, 1)
TYPES = [
    ("AGREE", "057", 1), ("CONSULT", "040", 1), ("SUPPORT", "051", 1), ("COOPERATE", "061", 2), ("AID", "070", 2),
    ("REQUEST", "104", 3), ("ACCUSE", "112", 3), ("REJECT", "120", 3), ("THREATEN", "130", 3), ("PROTEST", "141", 3),
    ("SANCTION", "163", 4), ("COERCE", "170", 4), ("ASSAULT", "190", 4),
]  # fmt: skip
STATUSES = ["asserted"] * 7 + ["planned", "hypothetical", "denied", "historical"]


class World:
    """Actors, places, outlets and words that the made-up articles draw from, the first much oftener than the last."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        codes = [line.split("\t")[0] for line in read_text("countries.tsv").splitlines()[1:200]]
        self.countries = [code for code in codes if len(code) == 3 and code.isupper()] or ["AAA", "BBB", "CCC"]
        self.actors = [(code, f"Land {code}", "country", code, None, code) for code in self.countries]
        for at in range(PEOPLE):
            code = self.countries[int(len(self.countries) * self.dice.random() ** 2)]
            self.actors.append((f"td:person {at}", f"Person {at}", "person", code, "GOV", f"{code}GOV"))
        self.places = [
            (f"Town {at}", 100_000 + at, round(self.dice.uniform(-50, 65), 3), round(self.dice.uniform(-120, 150), 3))
            for at in range(5_000)
        ]
        self.words = [f"word{at}" for at in range(WORDS)]

    def pick(self, things: list) -> tuple:
        """Draw one, the first ones often."""
        return things[int(len(things) * self.dice.random() ** 4)]


def make(store: Store, count: int, seed: int = 1) -> None:
    """Fill an empty store."""
    world = World(seed)
    parties: dict[str, int] = {}
    for begin in range(1, count + 1, 2_000):
        with store.change() as connection:
            rows: dict[str, list[tuple]] = {}
            for number in range(begin, min(begin + 2_000, count + 1)):
                for table, row in article(world, number, count, parties):
                    rows.setdefault(table, []).append(row)
            for table in TABLES:
                if rows.get(table):
                    marks = ", ".join("?" * len(rows[table][0]))
                    connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows[table])
        click.echo(f"\r{min(begin + 1_999, count)} articles", nl=False)
    with store.change() as connection:
        connection.execute(
            "INSERT INTO stories SELECT story, 's' || story, 'Story ' || story, min(r.published), max(r.published),"
            " count(*), count(DISTINCT r.outlet) FROM story_articles_made s JOIN articles r ON r.number = s.article"
            " GROUP BY story"
        )
        connection.execute("INSERT INTO story_articles SELECT article, story FROM story_articles_made")
        connection.execute("DROP TABLE story_articles_made")
        connection.execute("ANALYZE")
    click.echo()


TABLES = (
    "articles", "records", "actors", "names", "places", "mentions", "quotes", "events", "sides", "story_articles_made",
    "parties", "acts", "act_tellings",
)  # fmt: skip


def article(world: World, number: int, count: int, parties: dict[str, int]) -> Iterator[tuple[str, tuple]]:
    """Make the rows of one article."""
    dice = world.dice
    day = (FIRST + timedelta(days=int(DAYS * number / count))).isoformat()
    cast = list({actor[0]: actor for actor in (world.pick(world.actors) for _ in range(8))}.values())
    pieces, spans, at = [], [], 0
    for turn in range(12):
        words = " ".join(world.pick(world.words) for _ in range(14))  # type: ignore[arg-type]
        name = cast[turn % len(cast)][1]
        spans.append((at + len(words) + 1, at + len(words) + 1 + len(name)))
        pieces.append(f"{words} {name}.")
        at += len(words) + len(name) + 3
    text = " ".join(pieces)
    outlet = f"Outlet {int(OUTLETS * dice.random() ** 2)}"
    title = f"{cast[0][1]} {world.pick(world.words)} {number}"
    id_ = f"{number:016x}"
    yield "articles", (
        number, id_, id_, f"{number:064x}", "article", None, f"https://news.example/{number}",
        f"news.example/{number}", outlet, day, title, None, None, "en", "article", day, day, day, "metadata", 0.9, text,
        f"{number:064x}", "0",
    )  # fmt: skip
    yield "records", (number, record(id_, number, title, text, day, outlet, cast, spans))
    yield "story_articles_made", (number, max(1, number - int(dice.random() ** 3 * 40)))
    for actor in cast:
        yield "actors", (number, *actor, None)
        yield "names", (number, actor[0], actor[1], f" {actor[1].lower()} ")
    for at, (start, end) in enumerate(spans):
        yield "mentions", (number, at, start, end, "name", "PERSON", cast[at % len(cast)][0], 0.9)
    for at in range(4):
        place = world.pick(world.places)
        country = world.pick(world.countries)  # type: ignore[arg-type]
        yield "places", (number, at, *spans[at], place[0], place[1], place[2], place[3], country, "city", 0.8)
    for at in range(3):
        yield "quotes", (number, at, spans[at][0], spans[at][1] + 20, "[]", "direct", None, None,
                         cast[at % len(cast)][0], None, None, None, 0.9)  # fmt: skip
    for at in range(5):
        yield from event(world, number, at, day, cast, spans, parties)


def event(
    world: World, number: int, at: int, day: str, cast: list, spans: list, parties: dict[str, int]
) -> Iterator[tuple[str, tuple]]:
    """Make one event, and the act it is when it happened."""
    dice = world.dice
    type_, cameo, quad = dice.choice(TYPES)
    status = dice.choice(STATUSES)
    when = day if status != "planned" else (date.fromisoformat(day) + timedelta(days=dice.randrange(90))).isoformat()
    start, end = spans[at]
    yield "events", (number, at, f"e{at}", type_, None, "", cameo, quad, 1.0, status, start, end, max(0, start - 90),
                     end, when, when, when, None, None, 0.8, None)  # fmt: skip
    one, two = cast[at % len(cast)], cast[(at + 1) % len(cast)]
    yield "sides", (number, at, "source", 0, one[0], one[5], *spans[at])
    yield "sides", (number, at, "target", 0, two[0], two[5], *spans[at + 1])
    if status in ("asserted", "historical") and one is not two:
        for actor in (one, two):
            if actor[0] not in parties:
                parties[actor[0]] = len(parties) + 1
                yield "parties", (parties[actor[0]], *actor[:6])
        act = number * 5 + at
        sides = (parties[one[0]], parties[two[0]], one[3], two[3])
        yield "acts", (act, 1, f"a{act}", when, "stated", *sides, type_, cameo, quad, 1.0, 1, *[None] * 5)
        yield "act_tellings", (act, number, at)


def record(id_: str, number: int, title: str, text: str, day: str, outlet: str, cast: list, spans: list) -> str:
    """Write the record of an article, as far as its page needs it."""
    actors = [
        {"id": who[0], "name": who[1], "type": who[2], "country": who[3], "sector": who[4], "code": who[5]}
        for who in cast
    ]
    mentions = [
        {"span": span, "form": "name", "label": "PERSON", "score": 0.9, "actor": cast[at % len(cast)][0]}
        for at, span in enumerate(spans)
    ]
    return json.dumps(
        {
            "id": id_,
            "page": {"id": id_, "sha256": f"{number:064x}", "media": "article"},
            "article": {
                "text": text,
                "title": title,
                "outlet": outlet,
                "blocks": [{"span": [0, len(text)], "role": "paragraph"}],
                "published": {"value": day, "basis": "metadata", "score": 0.9},
            },
            "actors": actors,
            "mentions": mentions,
        }
    )


def addresses(count: int, stories: list[str], dice: random.Random) -> dict[str, list[str]]:
    """Return addresses of every page, common ones and rare ones."""

    def some(form: str, *numbers: int) -> list[str]:
        return [form.format(number) for number in numbers]

    any_ = [dice.randrange(1, count) for _ in range(20)]
    codes = World(1).countries
    return {
        "today": ["/today"] * 5 + ["/today?page=50"],
        "search": [
            *some("/search?q=word{}", 0, 1, 5, 30, 200, 1000, 9000), "/search?q=word3+word17", "/search?q=",
            *some("/search?q=%22Person+{}%22", 0, 5, 100), *(f"/search?country={code}" for code in codes[:12:3]),
            f"/search?country={codes[0]}&q=word5", f"/search?actor={codes[1]}&type=SANCTION",
            "/search?actor=td:person+900", "/search?q=actor:%22person+7%22", "/search?outlet=Outlet+3&status=planned",
            "/search?said=td:person+3", "/search?from=2019-03&to=2019-04", "/search?place=g100003",
        ],
        "article": some("/article/{:016x}", *any_),
        "stories": ["/stories", "/stories?page=30", "/stories?order=size"],
        "story": [f"/story/{id}" for id in stories],
        "actors": ["/actors", "/actors?q=person+12", "/actors?page=40"],
        "actor": [*(f"/actor/{code}" for code in codes[:6]), *some("/actor/td:person%20{}", 0, 3, 40, 900, 9000)],
        "dyad": [f"/dyad/{codes[0]}/{codes[1]}", f"/dyad/{codes[2]}/{codes[9]}", "/dyad/td:person%201/td:person%202"],
        "map": ["/map", "/map?from=2020-05&to=2020-06"],
        "network": ["/network", f"/network?who={codes[0]}"],
        "calendar": ["/calendar", "/calendar?month=2019-07"],
        "outlook": ["/outlook"],
        "sources": ["/sources"],
    }  # fmt: skip


def measure(path: Path, rounds: int) -> None:
    """Ask every page and print how long it took."""
    from starlette.testclient import TestClient

    from tidings.desk import make_app, open_shelf

    with open_shelf(path, catch_up=False) as shelf:
        client = TestClient(make_app(shelf), base_url="http://127.0.0.1:8017")
        count = shelf.totals().articles
        stories = [row[0] for row in shelf.rows("SELECT id FROM stories WHERE articles > 1 ORDER BY number LIMIT 20")]
        begun = time.perf_counter()
        client.get("/today")
        click.echo(f"first page {1000 * (time.perf_counter() - begun):.0f} ms over {count} articles")
        everything: list[float] = []
        worked: list[float] = []
        for room, asked in addresses(count, stories, random.Random(2)).items():
            times: list[tuple[float, str]] = []
            for address in asked * rounds:
                begun, cpu = time.perf_counter(), time.process_time()
                answer = client.get(address)
                times.append((1000 * (time.perf_counter() - begun), address))
                worked.append(1000 * (time.process_time() - cpu))
                if answer.status_code != 200:
                    click.echo(f"   {answer.status_code} {address}")
            times.sort()
            everything += [spent for spent, _ in times]
            p50, p95 = times[len(times) // 2], times[min(len(times) - 1, int(0.95 * len(times)))]
            click.echo(
                f"{room:10} p50 {p50[0]:6.0f} ms   p95 {p95[0]:6.0f} ms   slowest {times[-1][0]:6.0f} ms {times[-1][1]}"
            )
        for name, spent in (("all", everything), ("all, CPU", worked)):
            spent.sort()
            click.echo(f"{name:10} p50 {spent[len(spent) // 2]:6.0f} ms   p95 {spent[int(0.95 * len(spent))]:6.0f} ms")


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--articles", type=int, default=200_000)
    options.add_argument("--store", type=Path, required=True)
    options.add_argument("--rounds", type=int, default=3)
    given = options.parse_args()
    if not given.store.exists():
        with open_store(given.store, create=True) as fresh:
            with fresh.change() as made:
                made.execute("CREATE TABLE story_articles_made (article INTEGER, story INTEGER)")
            make(fresh, given.articles)
    measure(given.store, given.rounds)

"""How fast a large store answers: searches, timelines, calendars, stories.

In: a number of articles. Out: a store of made-up ones (those of scale_desk.py), and the times of mixed queries.
Run: python bench/scale_store.py --articles 200000 --store /somewhere/big.db
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from scale_desk import World, make

from tidings.store import Store, open_store
from tidings.stories.calendar import calendar
from tidings.stories.timeline import timeline

ROUNDS = 3


def fill(path: Path, count: int) -> None:
    """Make the store, unless it is there."""
    if path.exists():
        return
    began = time.perf_counter()
    with open_store(path, create=True) as store:
        with store.change() as connection:
            connection.execute("CREATE TABLE story_articles_made (article INTEGER, story INTEGER)")
        make(store, count)
        with store.change() as connection:
            # A third of the quotes name their speaker in words only.
            connection.execute("""
                UPDATE quotes SET speaker = NULL, speaker_folded = ' the minister ' || (SELECT trim(folded) FROM names n
                    WHERE n.article = quotes.article AND n.actor = quotes.speaker) || ' ' WHERE number = 2""")
            connection.execute(
                "INSERT OR IGNORE INTO spellings (folded) SELECT DISTINCT speaker_folded FROM quotes"
                " WHERE speaker_folded IS NOT NULL"
            )
            connection.execute("ANALYZE")
    print(f"made in {time.perf_counter() - began:.0f} s, {path.stat().st_size / 1e9:.2f} GB")


def questions() -> dict[str, list[str]]:
    """Return searches of every kind, with common values and with rare ones."""
    countries = World(1).countries
    common, rare = countries[0], countries[150]
    return {
        "words": ["word0", "word7", "word900", "word20000", "word0 word1", "word3 word40 word500", '"word1 word0"'],
        "words beginning": ["word123*", "word1234* word3", "word2999*"],
        "without": ["word40 -word0", "word900 -word1 -word2"],
        "actor": ['actor:"person 0"', 'actor:"person 900"', f"actor:{common}", "actor:person",
                  f"actor:land actor:{rare}"],
        "said-by": ['said-by:"person 0"', 'said-by:"person 4000"', "said-by:minister", "said-by:land"],
        "country": [f"country:{common}", f"country:{rare}", f"country:{common} country:{rare}", f"-country:{common}"],
        "type": ["type:SANCTION", "type:163", "type:16", "type:04 type:19", "-type:CONSULT"],
        "days": ["from:2019-06 to:2019-06", "from:2020-12-20", "to:2019-01-02", "from:2019 to:2020 type:AID"],
        "outlet": ["outlet:3", "outlet:outlet", 'outlet:"outlet 299"', "outlet:news.example"],
        "mixed": [
            f"word5 country:{common} type:SANCTION from:2019-06",
            f'word0 actor:"person 3" to:2020-03 country:{common}',
            f"said-by:minister country:{rare} word9",
            f"word0 word1 -country:{common} outlet:outlet from:2020",
            'actor:"person 11" type:CONSULT',
        ],
    }  # fmt: skip


def asked(store: Store) -> Iterator[tuple[str, str, Callable[[], object]]]:
    """Yield the kind of a question, the question, and what asks it."""
    for kind, queries in questions().items():
        for query in queries:
            yield kind, query, lambda query=query: store.search(query)
    dice, countries = random.Random(5), World(1).countries
    actors = [*countries[:3], countries[120], "td:person 0", "td:person 77", "td:person 9000", "Person 12"]
    for who in actors:
        yield "timeline", who, lambda who=who: timeline(store, who)
        yield "timeline", f"{who} 2019-06", lambda who=who: timeline(store, who, since="2019-06", until="2019-06")
    stories = [id for (id,) in store.query("SELECT id FROM stories WHERE articles > 3 ORDER BY number")]
    for id in dice.sample(stories, 8):
        yield "timeline of a story", id, lambda id=id: timeline(store, id)
        yield "story", id, lambda id=id: _story(store, id)
    yield "stories", "all", lambda: _stories(store)
    yield "stories", "2020-03", lambda: _stories(store, since="2020-03", until="2020-03")
    yield "stories", countries[0], lambda: _stories(store, actor=countries[0])
    for days in ({}, {"since": "2020-11"}, {"since": "2020-03", "until": "2020-03"}, {"until": "2019-02"}):
        yield "calendar", str(days), lambda days=days: calendar(store, **days)


def _story(store: Store, id: str) -> object:
    from tidings.stories import get_story

    return get_story(store, id)


def _stories(store: Store, **asked: str) -> object:
    from tidings.stories import list_stories

    return list_stories(store, **asked)


def main() -> None:
    """Time every question several times; print the middle and the slow end for each kind, and for all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=200_000)
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--each", action="store_true", help="print every question")
    arguments = parser.parse_args()
    fill(arguments.store, arguments.articles)
    times: dict[str, list[float]] = {}
    with open_store(arguments.store) as store:
        print(f"{len(store):,} articles")
        for _ in range(ROUNDS):
            for kind, name, ask in asked(store):
                # Time of the processor: what else the machine does is not the store's affair.
                began = time.process_time()
                ask()
                spent = (time.process_time() - began) * 1000
                times.setdefault(kind, []).append(spent)
                if arguments.each:
                    print(f"{spent:8.1f} ms  {kind}: {name}")
    everything = [spent for spents in times.values() for spent in spents]
    for kind, spents in [*times.items(), ("all", everything)]:
        slow = statistics.quantiles(spents, n=20, method="inclusive")[-1]
        print(f"{kind:22} p50 {statistics.median(spents):7.1f} ms   p95 {slow:7.1f} ms   max {max(spents):7.1f} ms")


if __name__ == "__main__":
    main()

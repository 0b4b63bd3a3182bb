"""Make news at scale and time its copies, stories and acts: `python bench/scale_stories.py STORE --articles 100000`.

In: a store to make, and how many articles. Out: the store, and a table of what each part of it cost.
The news is invented: made-up people of real countries, words as frequent as in news, stories of all sizes told over
days by many outlets, one article in four a copy of another. Time is that of the processor, not of the clock.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from itertools import accumulate
from pathlib import Path

import click

from tidings.facts import Actor, Article, Event, Page, Published, Quote, Record, Side
from tidings.score.stories import bcubed, pairwise
from tidings.store import Store, open_store
from tidings.stories import find_copies_of, get_story, list_stories, update
from tidings.stories.intake import sketch
from tidings.stories.terms import news_counts
from tidings.stories.words import WordHashes
from tidings.text import Span

FIRST_DAY = date(2020, 1, 1)
STEPS = (5_000, 10_000, 20_000, 50_000, 100_000, 200_000)
COUNTRIES = (
    "Albania ALB Brazil BRA Chile CHL Denmark DNK Egypt EGY France FRA Ghana GHA Hungary HUN India IND Japan JPN"
)
COUNTRIES += " Kenya KEN Latvia LVA Mexico MEX Norway NOR Oman OMN Poland POL Qatar QAT Russia RUS Spain ESP Turkey TUR"
SYLLABLES = "ba den ka lor mi nes o pra ru sten ta ul vo wen ya zor el gri hal is jo".split()
KINDS = (
    ("SANCTION", "163", 4, -8.0, "imposed sanctions on"), ("CONSULT", "042", 1, 1.9, "met envoys of"),
    ("ACCUSE", "112", 3, -2.0, "accused"), ("THREATEN", "130", 3, -4.4, "threatened"),
    ("AID", "071", 2, 7.4, "sent aid to"), ("ASSAULT", "190", 4, -10.0, "attacked"),
)  # fmt: skip
OUTLETS = tuple(f"The {name} {kind}" for name in "North South East West Old New Upper Lower Grand Little".split()
                for kind in "Courier Ledger Post Herald Gazette Observer Mail Star".split())  # fmt: skip
FURNITURE = (
    "Sign up for the newsletter and get the best of the week every Friday morning in your inbox.",
    "All rights reserved. This material may not be published, broadcast, rewritten or redistributed.",
)


@dataclass
class _Story:
    number: int
    day: int
    words: list[str]
    places: list[str]
    sides: list[tuple[str, str, str]]
    kind: tuple[str, str, int, float, str]
    articles: list[tuple[int, int, str]] = field(default_factory=list)


class News:
    """Makes articles in the order of their days; `stories` and `copies` say what belongs together."""

    def __init__(self, seed: int, a_day: int) -> None:
        self._chance = random.Random(seed)
        self._a_day = a_day
        counts, _ = news_counts()
        self._common = sorted(counts, key=lambda word: (-counts[word], word))
        self._weights = list(accumulate(counts[word] for word in self._common))
        self._rare = self._common[2_000:]
        self._open: list[_Story] = []
        self._made = 0
        self.stories: list[int] = []
        self.copies: list[int] = []

    def articles(self, count: int) -> Iterator[Record]:
        """Yield so many more articles."""
        for number in range(len(self.stories), len(self.stories) + count):
            day = number // self._a_day
            self._open = [story for story in self._open if day - story.day <= 4]
            yield self._article(number, day)

    def _article(self, number: int, day: int) -> Record:
        chance = self._chance
        if not self._open or chance.random() < 0.3:
            self._open.append(self._story(day))
        # The youngest stories and the large ones draw most.
        weights = [(1 + len(story.articles)) ** 0.8 / (1 + day - story.day) ** 2 for story in self._open]
        story = chance.choices(self._open, weights)[0]
        self.stories.append(story.number)
        outlet = chance.choice(OUTLETS)
        old = [copied for copied in story.articles if day - copied[0] <= 2]
        if old and chance.random() < 0.3:
            _, source, text = chance.choice(old)
            self.copies.append(self.copies[source])
            return self._record(number, day, outlet, story, self._copied(text))
        self.copies.append(number)
        text = self._text(story)
        story.articles.append((day, number, text))
        return self._record(number, day, outlet, story, text)

    def _story(self, day: int) -> _Story:
        chance = self._chance
        self._made += 1
        names = COUNTRIES.split()
        at = chance.sample(range(len(names) // 2), 2)
        sides = [(self._name(), names[2 * one], names[2 * one + 1]) for one in at]
        words = chance.sample(self._rare, 40)
        return _Story(self._made, day, words, [self._name() for _ in range(3)], sides, chance.choice(KINDS))

    def _name(self) -> str:
        return "".join(self._chance.choices(SYLLABLES, k=3)).capitalize()

    def _text(self, story: _Story) -> str:
        chance = self._chance
        (leader, country, _), (other, rival, _) = story.sides
        first = f"{leader} of {country} {story.kind[4]} {rival} over {' '.join(chance.choices(story.words, k=3))}."
        lines = [f"{country} and {rival}: {' '.join(chance.choices(story.words, k=5))}", first]
        for _ in range(chance.randint(8, 18)):
            words = chance.choices(self._common, cum_weights=self._weights, k=chance.randint(8, 16))
            words += chance.choices(story.words, k=chance.randint(2, 5))
            words += chance.choices([*story.places, leader, other, country, rival], k=chance.randint(1, 3))
            chance.shuffle(words)
            lines.append(" ".join(words).capitalize() + ".")
        lines.append(f"“{' '.join(chance.choices(self._common, cum_weights=self._weights, k=9))},” said {leader}.")
        return "\n".join([*lines, chance.choice(FURNITURE)] if chance.random() < 0.5 else lines)

    def _copied(self, text: str) -> str:
        """Copy a text as outlets do: as it is, with furniture, cut off, or with some of its words replaced."""
        chance = self._chance
        lines = text.split("\n")
        way = chance.randrange(4)
        if way == 1:
            return "\n".join([*lines, *FURNITURE])
        if way == 2:
            return "\n".join(lines[: max(4, len(lines) // 2)])
        if way == 3:
            swap = chance.choices(self._common, cum_weights=self._weights, k=400)
            words = text.split(" ")
            return " ".join(swap[at % 400] if chance.random() < 0.1 else word for at, word in enumerate(words))
        return text

    def _record(self, number: int, day: int, outlet: str, story: _Story, text: str) -> Record:
        digest = hashlib.sha256(f"{number}".encode()).hexdigest()
        told = (FIRST_DAY + timedelta(days=day)).isoformat()
        dated = Published(value=told, basis="given", score=1.0, interval=(told, told))
        return Record(
            id=digest[:16],
            page=Page(id=digest[:16], sha256=digest, media="article"),
            article=Article(text=text, title=text.split("\n")[0][:120], outlet=outlet, language="en", published=dated),
            actors=_actors(story),
            quotes=_quotes(story, text),
            events=_events(story, text, number),
        )


def _actors(story: _Story) -> tuple[Actor, ...]:
    (leader, country, code), (_, rival, other) = story.sides
    first = Actor(id=f"td:{leader.lower()}", name=leader, type="person", country=code, sector="GOV", code=f"{code}GOV")
    return first, *(
        Actor(id=iso, name=name, type="country", country=iso, code=iso)
        for name, iso in ((country, code), (rival, other))
    )


def _quotes(story: _Story, text: str) -> tuple[Quote, ...]:
    start = text.find("“")
    end = text.find("”", start)
    if not end > start >= 0:
        return ()
    span = Span(start, end)
    return (Quote(span=span, parts=(span,), kind="direct", score=0.9, speaker=f"td:{story.sides[0][0].lower()}"),)


def _events(story: _Story, text: str, number: int) -> tuple[Event, ...]:
    type, cameo, quad, intensity, verb = story.kind
    start = text.find(verb)
    if start < 0:
        return ()
    (leader, _, code), (_, _, other) = story.sides
    trigger, head = Span(start, start + len(verb)), Span(max(0, start - 30), start)
    told = Event(
        id=f"e{number}",
        trigger=trigger,
        sentence=Span(head.start, min(len(text), trigger.end + 40)),
        type=type,  # type: ignore[arg-type]
        quad=quad,
        intensity=intensity,
        status="asserted",
        score=0.9,
        cameo=cameo,
        source=(Side(span=head, actor=f"td:{leader.lower()}", code=f"{code}GOV"),),
        target=(Side(span=trigger, actor=other, code=other),),
    )
    return (told,)


def main() -> None:
    """Fill the store step by step, bring it up to date at each, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("store", type=Path)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--a-day", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    if given.store.exists():
        sys.exit(f"{given.store} is there already")
    news = News(given.seed, given.a_day)
    columns = "articles; update, CPU s; ms an article; signing, ms; x linear; memory, MB; list p95, ms; story p95, ms"
    heads = [*columns.split("; "), "copies p95, ms", "BCubed F1", "copies F1"]
    click.echo(f"| {' | '.join(heads)} |\n|{'---|' * len(heads)}")
    with open_store(given.store, create=True) as store:
        list(store.query("PRAGMA synchronous = OFF"))
        total, rate = 0.0, 0.0
        for step in [size for size in STEPS if size < given.articles] + [given.articles]:
            for record in news.articles(step - len(news.stories)):
                store.add(record)
            started = time.process_time()
            update(store)
            total += time.process_time() - started
            rate = total / step if step == STEPS[1] else rate
            line = [f"{step:,}", f"{total:.0f}", f"{1000 * total / step:.2f}", f"{_signing(store):.2f}"]
            line += [f"{total / step / rate:.2f}" if rate else "-"]
            line += [str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)]
            click.echo("| " + " | ".join([*line, *_asked(store), *_right(store, news)]) + " |")


def _signing(store: Store) -> float:
    texts = [row[0] for row in store.query("SELECT text FROM articles ORDER BY number DESC LIMIT 500")]
    hashes = WordHashes()
    started = time.process_time()
    for text in texts:
        sketch(text, hashes)
    return 1000 * (time.process_time() - started) / len(texts)


def _asked(store: Store) -> list[str]:
    """Ask for lists of stories, stories and copies, and return the 95th percentile of each, in milliseconds."""
    chance = random.Random(5)
    ids = [row[0] for row in store.query("SELECT id FROM stories ORDER BY number")]
    days = [row[0] for row in store.query("SELECT DISTINCT published FROM articles ORDER BY 1")]
    copied = [
        row[0] for row in store.query("SELECT r.id FROM copies c JOIN articles r ON r.number = c.article LIMIT 3000")
    ]
    names = COUNTRIES.split()[1::2]
    asked: tuple[Sequence[Callable[[], object]], ...] = (
        [partial(list_stories, store, until=chance.choice(days)) for _ in range(30)]
        + [partial(list_stories, store, actor=chance.choice(names)) for _ in range(30)],
        [partial(get_story, store, chance.choice(ids)) for _ in range(60)],
        [partial(find_copies_of, store, chance.choice(copied)) for _ in range(60)],
    )
    return [_ninety_fifth(questions) for questions in asked]


def _ninety_fifth(questions: Sequence[Callable[[], object]]) -> str:
    times: list[float] = []
    for question in questions:
        started = time.process_time()
        question()
        times.append(time.process_time() - started)
    return f"{1000 * sorted(times)[int(0.95 * len(times))]:.0f}"


def _right(store: Store, news: News) -> list[str]:
    found = _labels(store, "SELECT article, story FROM story_articles", len(news.stories))
    copies = _labels(store, 'SELECT article, "group" FROM copies', len(news.stories))
    return [f"{bcubed(news.stories, found)[2]:.3f}", f"{pairwise(news.copies, copies)[2]:.3f}"]


def _labels(store: Store, sql: str, count: int) -> Sequence[int]:
    """Return the label of each article; one without any has one of its own."""
    labels = [-number for number in range(1, count + 1)]
    for article, label in store.query(sql):
        labels[article - 1] = label
    return labels


if __name__ == "__main__":
    main()

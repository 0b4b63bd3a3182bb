"""Timelines and calendars: each thing once, on its day, with every place that tells it."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import pytest

from tidings.errors import UsageError
from tidings.facts import Actor, Article, Event, EventDate, Page, Place, Published, Quote, Record, Side
from tidings.review import judge, undo
from tidings.store import Store, open_store
from tidings.stories.calendar import calendar
from tidings.stories.listing import list_stories
from tidings.stories.timeline import timeline
from tidings.text import Span

ACTORS = {
    "IRN": Actor(id="IRN", name="Iran", type="country", country="IRN"),
    "IRN.GOV": Actor(id="IRN.GOV", name="Government of Iran", type="government", country="IRN"),
    "CHE": Actor(id="CHE", name="Switzerland", type="country", country="CHE"),
    "Q1": Actor(id="Q1", name="Ada Fenn", type="person", country="CHE", wikidata="Q1", aliases=("Fenn",)),
    "Q2": Actor(id="Q2", name="Omar Vale", type="person", country="IRN", wikidata="Q2"),
}
VIENNA = Place(span=Span(0, 1), name="Vienna", score=1.0, country="AUT", level="city")
BERN = Place(span=Span(0, 1), name="Bern", score=1.0, country="CHE", level="city")
AUSTRIA = Place(span=Span(0, 1), name="Austria", score=1.0, country="AUT", level="country")


def article(
    number: int,
    *events: tuple[str, str, Sequence[str], str],
    published: str | None = "2014-03-01",
    place: Place | None = None,
    quotes: Sequence[tuple[str, str]] = (),
) -> Record:
    """Make a record: events are (status, day, actors with the source first, type), quotes are (speaker, words)."""
    text, found = "", []
    for at, (status, day, actors, kind) in enumerate(events):
        sentence = f"Sentence {at} of {number}: {' and '.join(actors)}. "
        span = Span(len(text), len(text) + len(sentence) - 1)
        text += sentence
        sides = [Side(span=span, actor=actor) for actor in actors]
        found.append(
            Event(
                id=f"e{number}-{at}", trigger=span, sentence=span, type=kind, quad=1, intensity=1.0, status=status,
                score=1.0, source=tuple(sides[:1]), target=tuple(sides[1:]), place=0 if place else None,
                date=EventDate(value=day, begin=day, end=day) if day else None,
            )
        )  # fmt: skip
    said = []
    for speaker, words in quotes:
        span = Span(len(text), len(text) + len(words))
        said.append(Quote(span=span, parts=(span,), kind="direct", score=1.0, speaker=speaker))
        text += words + " "
    named = {actor for _, _, actors, _ in events for actor in actors} | {speaker for speaker, _ in quotes}
    dated = Published(value=published, basis="given", score=1.0, interval=(published, published)) if published else None
    return Record(
        id=f"r{number}",
        page=Page(id=f"p{number}", sha256=f"{number:064x}", media="article"),
        article=Article(text=text or "-", title=f"Title {number}", outlet=f"Paper {number}", published=dated),
        actors=tuple(ACTORS[actor] for actor in sorted(named)),
        places=(place,) if place else (),
        quotes=tuple(said),
        events=tuple(found),
    )


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "news.db", create=True) as made:
        yield made


def planned(*actors: str, day: str = "2014-03-09", kind: str = "CONSULT") -> tuple[str, str, Sequence[str], str]:
    return ("planned", day, actors, kind)


def gathered(store: Store) -> list[set[str]]:
    return [{telling.article for telling in scheduled.tellings} for scheduled in calendar(store)]


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        # The same thing, told by two.
        ([article(1, planned("Q1", "IRN")), article(2, planned("Q1", "IRN"))], [{"r1", "r2"}]),
        # Who is source and who target does not matter for a meeting; a government stands for its country.
        ([article(1, planned("Q1", "IRN")), article(2, planned("IRN.GOV", "Q1"))], [{"r1", "r2"}]),
        # Another day, another type, another partner: another thing.
        ([article(1, planned("Q1", "IRN")), article(2, planned("Q1", "IRN", day="2014-03-10"))], [{"r1"}, {"r2"}]),
        ([article(1, planned("Q1", "IRN")), article(2, planned("Q1", "IRN", kind="AGREE"))], [{"r1"}, {"r2"}]),
        ([article(1, planned("Q1", "IRN")), article(2, planned("Q1", "CHE"))], [{"r1"}, {"r2"}]),
        # Who names fewer may mean the same, unless it could be two things.
        ([article(1, planned("Q1")), article(2, planned("Q1", "IRN"))], [{"r1", "r2"}]),
        (
            [article(1, planned("Q1", "IRN")), article(2, planned("Q1", "CHE")), article(3, planned("Q1"))],
            [{"r1"}, {"r2"}, {"r3"}],
        ),
        # Places may not contradict one another.
        ([article(1, planned("Q1"), place=VIENNA), article(2, planned("Q1"), place=BERN)], [{"r1"}, {"r2"}]),
        ([article(1, planned("Q1"), place=VIENNA), article(2, planned("Q1"), place=AUSTRIA)], [{"r1", "r2"}]),
        ([article(1, planned("Q1"), place=VIENNA), article(2, planned("Q1"))], [{"r1", "r2"}]),
        # Talks without anyone named may be any talks.
        ([article(1, planned()), article(2, planned())], [{"r1"}, {"r2"}]),
        # What is not planned, or for no known day, is in no calendar.
        ([article(1, ("asserted", "2014-03-09", ("Q1",), "CONSULT")), article(2, planned("Q1", day=""))], []),
    ],
)
def test_what_is_scheduled_is_told_once(store, records, expected):
    for record in records:
        store.add(record)
    assert gathered(store) == expected


def test_every_telling_points_at_its_words(store):
    for number in (1, 2):
        store.add(article(number, planned("Q1", "IRN"), place=VIENNA))
    (scheduled,) = calendar(store)
    assert (scheduled.who, scheduled.to_whom, scheduled.place) == (("Ada Fenn",), ("Iran",), "Vienna")
    assert (scheduled.day, scheduled.last, scheduled.date, scheduled.independent) == (*["2014-03-09"] * 3, 2)
    for telling in scheduled.tellings:
        record = store.get(telling.article)
        assert record is not None
        assert telling.span.of(record.article.text) == telling.words
        assert telling.outlet == record.article.outlet


def test_copies_of_one_text_tell_a_thing_once(store):
    for number in (1, 2):
        store.add(article(number, planned("Q1", "IRN")))
    with store.change() as connection:
        connection.executemany("INSERT INTO copies VALUES (?, 1, 'verbatim', NULL)", [(1,), (2,)])
    assert calendar(store)[0].independent == 1


@pytest.mark.parametrize(
    ("since", "until", "days"),
    [
        (None, None, ["2014-02-28", "2014-03-09", "2015-01-01"]),
        ("2014-03", None, ["2014-03-09", "2015-01-01"]),
        (None, "2014-03", ["2014-02-28", "2014-03-09"]),
        ("2014-03-09", "2014-03-09", ["2014-03-09"]),
        ("2014", "2014", ["2014-02-28", "2014-03-09"]),
        ("2016", None, []),
    ],
)
def test_days_of_the_calendar(store, since, until, days):
    for number, day in enumerate(("2015-01-01", "2014-03-09", "2014-02-28")):
        store.add(article(number, planned("Q1", day=day)))
    assert [scheduled.day for scheduled in calendar(store, since=since, until=until)] == days
    assert [scheduled.day for scheduled in calendar(store, limit=1)] == ["2014-02-28"]


def test_a_stretch_that_reaches_into_the_days_asked_for_is_shown(store):
    record = article(1, planned("Q1"))
    week = EventDate(value="2014-W11", begin="2014-03-10", end="2014-03-16")

    event = msgspec.structs.replace(record.events[0], date=week)
    store.add(msgspec.structs.replace(record, events=(event,)))
    assert [scheduled.date for scheduled in calendar(store, since="2014-03-14")] == ["2014-W11"]
    assert calendar(store, since="2014-03-17") == []


@pytest.mark.parametrize("day", ["yesterday", "2014-13", "14-03-09", "2014-03-09T10", ""])
def test_days_that_are_none(store, day):
    for ask in (calendar, lambda store, **days: timeline(store, "CHE", **days)):
        with pytest.raises(UsageError, match="2021-12"):
            ask(store, since=day)


# Timelines


def acts(store: Store) -> None:
    """Keep three acts, two of a story, as they would be taken in from articles."""
    rows = [
        # day, dated, source, target, countries, article, event
        ("2014-03-01", "stated", "Q1", "IRN", 1, 0),
        ("2014-03-05", "published", "Q2", "CHE", 2, 0),
        ("2014-04-01", "stated", "IRN", "CHE", 3, 0),
    ]
    with store.change() as connection:
        for number, key in enumerate(ACTORS, 1):
            actor = ACTORS[key]
            connection.execute(
                "INSERT INTO parties (number, key, name, type, country) VALUES (?, ?, ?, ?, ?)",
                (number, key, actor.name, actor.type, actor.country),
            )
        connection.execute("INSERT INTO stories VALUES (1, 's1', 'Talks', '2014-03-01', '2014-03-05', 2, 2)")
        for number in (1, 2):
            connection.execute("INSERT INTO story_articles VALUES (?, 1)", (number,))
        keys = list(ACTORS)
        for number, (day, dated, source, target, article, event) in enumerate(rows, 1):
            connection.execute(
                "INSERT INTO acts (number, dataset, id, day, dated, source, target, source_country, target_country,"
                " type, cameo, quad, intensity, tellings, story)"
                " VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?, 'CONSULT', '036', 1, 1.0, 1, ?)",
                (
                    number, f"a{number}", day, dated, keys.index(source) + 1, keys.index(target) + 1,
                    ACTORS[source].country, ACTORS[target].country, "s1" if number < 3 else None,
                ),
            )  # fmt: skip
            connection.execute("INSERT INTO act_tellings VALUES (?, ?, ?)", (number, article, event))


@pytest.fixture
def told(store: Store) -> Store:
    happened = "asserted"
    store.add(article(1, (happened, "2014-03-01", ("Q1", "IRN"), "CONSULT"), quotes=[("Q1", "We are close.")]))
    store.add(
        article(
            2, (happened, "2014-03-05", ("Q2", "CHE"), "CONSULT"), published="2014-03-05",
            quotes=[("Q1", "“We are close!”"), ("Q2", "Not yet.")],
        )
    )  # fmt: skip
    store.add(
        article(3, (happened, "2014-04-01", ("IRN", "CHE"), "CONSULT"), published=None, quotes=[("Q1", "Who knows.")])
    )
    acts(store)
    return store


def lines(store: Store, who: str, **asked: object) -> list[tuple[str, str, str]]:
    return [(step.day, step.kind, step.who) for step in timeline(store, who, **asked)]  # type: ignore[arg-type]


ACT_1 = ("2014-03-01", "act", "Ada Fenn")
ACT_2 = ("2014-03-05", "act", "Omar Vale")
ACT_3 = ("2014-04-01", "act", "Iran")
FENN = ("2014-03-01", "quote", "Ada Fenn")
VALE = ("2014-03-05", "quote", "Omar Vale")


@pytest.mark.parametrize(
    ("who", "asked", "expected"),
    [
        ("Q1", {}, [ACT_1, FENN]),
        ("Ada Fenn", {}, [ACT_1, FENN]),
        ("CHE", {}, [ACT_1, FENN, ACT_2, ACT_3]),
        ("Iran", {}, [ACT_1, ACT_2, VALE, ACT_3]),
        ("IRN", {"since": "2014-03-02"}, [ACT_2, VALE, ACT_3]),
        ("IRN", {"until": "2014-03"}, [ACT_1, ACT_2, VALE]),
        ("IRN", {"limit": 1}, [ACT_3]),
        ("s1", {}, [ACT_1, FENN, ACT_2, VALE]),
    ],
)
def test_what_someone_did_and_said(told, who, asked, expected):
    assert lines(told, who, **asked) == expected


def test_words_said_once_and_reported_twice_are_one_step(told):
    (said,) = [step for step in timeline(told, "Q1") if step.kind == "quote"]
    assert [telling.article for telling in said.tellings] == ["r1", "r2"]
    assert (said.independent, said.words) == (2, "We are close.")


def test_a_step_says_how_its_day_is_known_and_where_it_is_told(told):
    first, second, third = [step for step in timeline(told, "IRN") if step.kind == "act"]
    assert (first.dated, second.dated, third.dated) == ("stated", "published", "stated")
    assert (first.to_whom, first.type, first.story, first.dataset) == ("Iran", "CONSULT", "s1", "pages")
    for step in timeline(told, "CHE"):
        for telling in step.tellings:
            record = told.get(telling.article)
            assert record is not None
            assert telling.span.of(record.article.text) == telling.words


def test_many_quotes_are_found_by_their_day(told, monkeypatch):
    few = timeline(told, "CHE")
    monkeypatch.setattr(sys.modules["tidings.stories.timeline"], "_FEW", 0)
    assert timeline(told, "CHE") == few


def test_who_only_speaks_has_a_timeline_too(store):
    store.add(article(1, quotes=[("Q2", "Not yet.")]))
    assert lines(store, "Omar Vale") == lines(store, "Q2") == [("2014-03-01", "quote", "Omar Vale")]


def test_nobody_of_that_name(told):
    with pytest.raises(UsageError, match="no actor"):
        timeline(told, "Nobody Known")


def test_a_bloc_with_its_members_is_not_answered_by_the_organisation_alone(told):
    for ask in (timeline, lambda store, who: list_stories(store, actor=who)):
        assert ask(told, "EFTA") == []
        with pytest.raises(UsageError, match="ask for 'EFTA'"):
            ask(told, "EFTA:members")


def test_what_was_rejected_is_told_no_more(told):
    said = told.get("r1")
    assert said is not None
    told.add(article(9, planned("Q1", "IRN")))
    plan = told.get("r9")
    assert plan is not None
    made = {"decision": "reject", "author": "me", "at": "2026-01-05T10:00:00Z"}
    judge(told, page="r1", fact="event", span=said.events[0].trigger, **made)
    number = judge(told, page="r1", fact="quote", span=said.quotes[0].span, **made)
    judge(told, page="r9", fact="event", span=plan.events[0].trigger, **made)
    assert lines(told, "Q1") == [("2014-03-05", "quote", "Ada Fenn")], "the other article still has her words"
    assert calendar(told) == []
    undo(told, number, author="me", at="2026-01-05T11:00:00Z")
    assert lines(told, "Q1") == [FENN]


def test_a_story_goes_by_the_id_it_had_before(told):
    with told.change() as connection:
        connection.execute("INSERT INTO story_aliases VALUES ('s0', 1)")
    assert lines(told, "s0") == lines(told, "s1")

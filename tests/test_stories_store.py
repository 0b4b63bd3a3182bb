"""Stories, copies and acts in a store: the same whatever the steps, also after a kill, a deletion or a new reading."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest

from tidings.facts import (
    Actor,
    Article,
    Credit,
    Event,
    EventDate,
    Furniture,
    Page,
    Place,
    Published,
    Quote,
    Record,
    Side,
)
from tidings.review import judge, undo
from tidings.store import Store, open_store
from tidings.stories import find_copies_of, get_story, list_stories, update
from tidings.stories.translating import is_translation, lay_parallel, outline
from tidings.text import Span

ACTORS = {
    "LRN": Actor(id="LRN", name="Larn", type="country", country="LRN", code="LRN"),
    "LRN.GOV": Actor(id="LRN.GOV", name="Government of Larn", type="government", country="LRN", sector="GOV"),
    "EST": Actor(id="EST", name="Estmark", type="country", country="EST", code="EST"),
    "Q1": Actor(id="Q1", name="Mira Voss", type="person", country="LRN", sector="GOV"),
    "Q2": Actor(id="Q2", name="Jon Tarr", type="person", country="LRN", sector="GOV"),
    "Q3": Actor(id="Q3", name="Ada Fenn", type="person", country="EST", sector="GOV"),
    "Q3+EST": Actor(id="Q3+EST", name="Ada Fenn and Estmark", type="group"),
    "Q3+td:blues": Actor(id="Q3+td:blues", name="Ada Fenn and the Blues", type="group"),
    "td:reds": Actor(id="td:reds", name="the Reds", type="group", country="LRN", sector="REB"),
    "td:blues": Actor(id="td:blues", name="the Blues", type="group", country="EST", sector="REB"),
}
FERRY = (
    "Two ferries met in thick fog off the harbour of Odd early on Friday, and eleven people were taken to hospital. "
    "The port master, Mira Voss, said that neither captain had seen the other ship until they were a length apart. "
    "“We heard the horn and then the blow,” said a schoolteacher from Larn who was on her way home. "
    "Both vessels stayed afloat and were towed in by tugs before noon. "
    "Divers will look at the hulls on Saturday, and the coast guard has opened an inquiry into the accident."
)
OTHER = (
    "Eleven people were hurt when a pair of ferries collided in fog near the harbour of Odd, according to the coast "
    "guard, which has opened an inquiry. The captains had not seen each other's ship, port master Mira Voss said, and "
    "tugs towed both vessels in before noon. Divers are to look at their hulls."
)
VOTE = (
    "The parliament of Larn elected Jon Tarr as prime minister on Tuesday with a majority of three votes. "
    "He promised to cut fuel taxes and to call an early budget session. The opposition left before the count."
)


def record(
    name: str,
    text: str,
    day: str | None = "2024-05-03",
    *,
    events: Sequence[Event] = (),
    actors: Sequence[str] = (),
    quotes: Sequence[tuple[str, str]] = (),
    outlet: str | None = None,
    language: str = "en",
    kind: str = "article",
    credit: str | None = None,
) -> Record:
    """Make a record; `quotes` are (speaker, words in the text)."""
    digest = hashlib.sha256(name.encode()).hexdigest()
    said: list[Quote] = []
    for speaker, words in quotes:
        span = Span(text.index(words), text.index(words) + len(words))
        said.append(Quote(span=span, parts=(span,), kind="direct", score=1.0, speaker=speaker))
    return Record(
        id=digest[:16],
        page=Page(id=digest[:16], sha256=digest, media="article"),
        article=Article(
            text=text,
            title=text.split(".")[0][:80],
            outlet=outlet or f"Paper {name}",
            language=language,
            kind=kind,  # type: ignore[arg-type]
            credit=Credit(name=credit, kind="syndicated") if credit else None,
            published=Published(value=day, basis="given", score=1.0, interval=(day, day)) if day else None,
        ),
        furniture=(Furniture(role="credit", text=f"Source: {credit}", source=Span(0, 1)),) if credit else (),
        actors=tuple(
            ACTORS[actor] for actor in (*actors, *(speaker for speaker, _ in quotes if speaker not in actors))
        ),
        places=(Place(span=Span(0, 1), name="Odd", score=1.0, lat=1.0, lon=2.0),),
        quotes=tuple(said),
        events=tuple(events),
    )


def event(
    source: str,
    target: str | None = None,
    *,
    type: str = "ACCUSE",
    cameo: str = "112",
    status: str = "asserted",
    begin: str | None = None,
    end: str | None = None,
    sentence: Span | None = None,
) -> Event:
    when = EventDate(value=begin, begin=begin, end=end or begin) if begin else None
    return Event(
        id="e",
        trigger=Span(0, 3),
        sentence=sentence or Span(0, 20),
        type=type,  # type: ignore[arg-type]
        quad=3,
        intensity=-2.0,
        status=status,  # type: ignore[arg-type]
        score=1.0,
        cameo=cameo,
        source=(Side(span=Span(0, 3), actor=source),),
        target=(Side(span=Span(4, 6), actor=target),) if target else (),
        date=when,
        place=0,
    )


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "news.db", create=True) as made:
        yield made


def filled(store: Store, *records: Record) -> Store:
    for one in records:
        assert store.add(one)
    update(store)
    return store


def stories(store: Store) -> list[set[int]]:
    groups: dict[int, set[int]] = {}
    for article, story in store.query("SELECT article, story FROM story_articles ORDER BY article"):
        groups.setdefault(story, set()).add(article)
    return list(groups.values())


def acts(store: Store) -> list[tuple]:
    return list(
        store.query(
            "SELECT s.key, a.type, t.key, a.day, a.dated, a.tellings FROM acts a JOIN parties s ON s.number = a.source"
            " LEFT JOIN parties t ON t.number = a.target ORDER BY a.number"
        )
    )


def everything(store: Store) -> list[list[tuple]]:
    """All that an update writes, but for numbers that only follow from the order of writing."""
    return [
        list(store.query(sql))
        for sql in (
            "SELECT * FROM copies ORDER BY article",
            "SELECT s.id, s.headline, s.first_day, s.last_day, s.articles, s.outlets, a.article FROM stories s"
            " JOIN story_articles a ON a.story = s.number ORDER BY a.article",
            "SELECT a.id, s.id FROM story_aliases a JOIN stories s ON s.number = a.story ORDER BY a.id",
            "SELECT id, day, dated, type, tellings, story, place, last_day FROM acts ORDER BY id",
            "SELECT a.id, t.article, t.event FROM act_tellings t JOIN acts a ON a.number = t.act ORDER BY 1, 2, 3",
            "SELECT * FROM story_readings ORDER BY article",
            "SELECT * FROM story_keys",
            "SELECT * FROM story_terms",
        )
    ]


def made_up(count: int, seed: int = 3) -> list[Record]:
    """Make articles of stories over days, some of them copies, some without a date."""
    chance = random.Random(seed)
    vocabulary = [f"w{number}" for number in range(4_000)]
    themes = [chance.choices(vocabulary, k=30) for _ in range(max(1, count // 4))]
    records: list[Record] = []
    texts: list[str] = []
    for at in range(count):
        theme = at * len(themes) // count
        if texts and chance.random() < 0.2:
            text = texts[-1] + " Read more."
        else:
            words = [*chance.choices(themes[theme], k=50), *chance.choices(vocabulary, k=20)]
            text = " ".join(words).capitalize() + "."
        texts.append(text)
        day = (date(2024, 1, 1) + timedelta(days=at // 6)).isoformat() if chance.random() < 0.9 else None
        told = [event("LRN", "EST"), event(chance.choice(["Q1", "Q2"]), "EST", type="CONSULT", cameo="040")]
        records.append(record(f"{seed} {at}", text, day, events=told, actors=("LRN", "EST", "Q1", "Q2")))
    return records


def test_reports_of_one_event_are_one_story_with_a_headline_of_theirs(store):
    filled(store, record("a", FERRY), record("b", VOTE), record("c", OTHER, "2024-05-04"))
    assert stories(store) == [{1, 3}, {2}]
    page = get_story(store, list_stories(store)[0].id)
    assert page is not None
    assert (page.first_day, page.last_day, page.outlets) == ("2024-05-03", "2024-05-04", 2)
    assert page.headline in {article.title for article in page.articles}
    assert [source.own for source in page.sources] == [1, 1]


@pytest.mark.parametrize("cuts", [(7,), (20,), (1, 2, 3), range(1, 60, 5)])
def test_stories_come_out_alike_whatever_the_steps(tmp_path, cuts):
    records = made_up(60)
    with (
        open_store(tmp_path / "whole.db", create=True) as whole,
        open_store(tmp_path / "steps.db", create=True) as steps,
    ):
        filled(whole, *records)
        begin = 0
        for end in (*cuts, len(records)):
            filled(steps, *records[begin:end])
            begin = end
        assert everything(steps) == everything(whole)
        assert update(steps).articles == 0


def test_small_batches_change_nothing(tmp_path, monkeypatch):
    records = made_up(40)
    with (
        open_store(tmp_path / "whole.db", create=True) as whole,
        open_store(tmp_path / "steps.db", create=True) as steps,
    ):
        filled(whole, *records)
        monkeypatch.setattr("tidings.stories.updating.BATCH", 3)
        filled(steps, *records)
        assert everything(steps) == everything(whole)


def test_a_killed_update_goes_on_where_it_was(tmp_path):
    records = made_up(150)
    with open_store(tmp_path / "whole.db", create=True) as whole, open_store(tmp_path / "cut.db", create=True) as cut:
        for one in records:
            whole.add(one)
            cut.add(one)
        update(whole)
        code = (
            "import sys; from tidings.store import open_store; import tidings.stories.updating as updating\n"
            "updating.BATCH = 10\n"
            "with open_store(sys.argv[1]) as store:\n"
            "    updating.update(store, progress=lambda done, all: print(done, flush=True))"
        )
        chance = random.Random(11)
        for _ in range(3):
            process = subprocess.Popen([sys.executable, "-c", code, str(cut.path)], stdout=subprocess.PIPE)
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(chance.random() * 0.08)
            process.send_signal(signal.SIGKILL)
            process.wait()
            process.stdout.close()
        update(cut)
        assert everything(cut) == everything(whole)


def test_a_story_keeps_its_id_as_it_grows(store):
    filled(store, record("a", FERRY))
    (before,) = list_stories(store)
    filled(store, record("b", OTHER, "2024-05-04"))
    (after,) = list_stories(store)
    assert (after.id, before.articles, after.articles) == (before.id, 1, 2)


def test_two_stories_that_become_one_keep_the_older_id_and_both_are_found(store):
    first = "Fog closed the harbour of Odd; divers waited and Mira Voss sent the tugs home before noon."
    second = "Hulls of two ferries were torn open; the coast guard of Larn has begun an inquiry into the captains."
    bridge = f"{first} {second}"
    filled(store, record("a", first), record("b", second), record("x", VOTE, "2024-05-06"))
    one, two = (story for story in reversed(list_stories(store)) if story.last_day == "2024-05-03")
    filled(store, record("c", bridge), record("d", f"{bridge} Nobody was hurt, Mira Voss said."))
    assert len(stories(store)) == 2
    page = get_story(store, one.id)
    joined = get_story(store, two.id)
    assert page is not None
    assert joined == page
    assert page.id == one.id
    assert page.aliases == (two.id,)


def test_pages_that_are_no_articles_are_in_no_story(store):
    filled(store, record("a", FERRY), record("b", FERRY, kind="index"), record("c", FERRY, kind="error"))
    assert stories(store) == [{1}]
    assert find_copies_of(store, store.at(1).id) == []


def test_an_undated_page_ties_no_years_together(store):
    filled(store, record("a", VOTE, "2016-05-03"), record("b", VOTE.replace("three", "four"), None))
    filled(store, record("c", f"{VOTE} Again.", "2024-05-03"))
    assert {1, 3} not in stories(store)
    assert all(not {1, 3} <= story for story in stories(store))


def test_copies_are_told_with_their_origin_and_why(store):
    filled(
        store,
        record("a", FERRY, "2024-05-04", outlet="The Larn Post", credit="Northwire"),
        record("b", FERRY + " Traffic resumed in the evening.", "2024-05-03", outlet="Northwire"),
        record("c", OTHER, "2024-05-03"),
        record("d", FERRY[:330], "2024-05-05"),
    )
    copies = find_copies_of(store, store.at(4).id)
    assert [(copy.outlet, copy.kind) for copy in copies] == [
        ("Northwire", "origin"),
        ("The Larn Post", "verbatim"),
        ("Paper d", "truncated"),
    ]
    assert "Source: Northwire" in (copies[0].evidence or "")
    assert "Source: Northwire" in (copies[1].evidence or "")
    assert find_copies_of(store, store.at(3).id) == []
    assert stories(store) == [{1, 2, 3, 4}]


def test_a_line_that_is_the_name_of_an_outlet_is_a_credit(store):
    """Agencies stand under a headline or at the end of a text, with no word about it."""
    bare = record("a", FERRY, "2024-05-03", outlet="The Larn Post")
    signed = msgspec.structs.replace(bare, furniture=(Furniture(role="other", text="By Northwire", source=Span(0, 1)),))
    filled(store, signed, record("b", FERRY, "2024-05-03", outlet="Northwire"), record("c", FERRY, outlet="Wire"))
    copies = find_copies_of(store, store.at(1).id)
    assert (copies[0].outlet, copies[0].kind) == ("Northwire", "origin")
    assert copies[0].evidence == "the page of a copy says: By Northwire"


def test_a_text_sold_again_after_weeks_is_another(store):
    filled(store, record("a", VOTE, "2024-05-03"), record("b", VOTE, "2024-06-03"), record("c", VOTE, None))
    assert len(find_copies_of(store, store.at(3).id)) == 2  # the page without a date is a copy of one of them
    together = 'SELECT count(DISTINCT c."group") FROM copies c WHERE c.article IN (1, 2)'
    assert next(store.query(together))[0] == 1
    assert next(store.query("SELECT count(*) FROM copies"))[0] == 2


GERMAN = (
    "Am Freitag trafen sich im Nebel vor Odd zwei Schiffe der Linie Karsten, wie die Hafenmeisterin Mira Voss sagte. "
    "An Bord waren 1.240 Reisende, 11 kamen ins Krankenhaus von Larn. „Wir hörten das Horn“, sagte Ada Fenn aus Quell. "
    "Die Firma Karsten zahlt 35 Millionen; am 14. Mai will Jon Tarr in Estmark mit Ole Brandt reden."
)
ENGLISH = (
    "Two ships of the line Karsten met in fog off Odd on Friday, as the harbour master Mira Voss said. "
    "There were 1,240 travellers aboard, and 11 came to the hospital of Larn. “We heard the horn,” said Ada Fenn from "
    "Quell. The firm Karsten pays 35 million; on 14 May the minister Jon Tarr wants to talk with Ole Brandt in Estmark."
)
GERMAN_REPORT = (
    "Nach dem Unfall vor Odd ermittelt die Küstenwache. Der Minister Jon Tarr will 35 Millionen bereitstellen. "
    "Die Reederei Karsten wies Vorwürfe zurück, die Ada Fenn erhoben hatte. Verletzt wurden 11 Menschen."
)


def test_a_translation_is_a_copy_and_another_report_is_none(store):
    filled(
        store,
        record("a", GERMAN, "2024-05-03", language="de"),
        record("b", GERMAN_REPORT, "2024-05-03", language="de"),
        record("c", ENGLISH, "2024-05-04"),
    )
    assert [(copy.outlet, copy.kind) for copy in find_copies_of(store, store.at(3).id)] == [
        ("Paper a", "origin"),
        ("Paper c", "translated"),
    ]
    assert not is_translation(lay_parallel(outline(GERMAN_REPORT), outline(ENGLISH)))


@pytest.mark.parametrize("noise", ["1." * 50_000, "Ab " * 33_000, "“" * 100_000, "x A1" * 25_000])
def test_an_outline_of_noise_costs_little(noise, within):
    with within(1):
        outline(noise)


def test_an_event_told_by_many_is_one_act(store):
    filled(
        store,
        record("a", FERRY, events=[event("Q1", "EST")], actors=("Q1", "EST")),
        record("b", FERRY + " More.", "2024-05-04", events=[event("Q1", "EST")], actors=("Q1", "EST")),
        record("c", OTHER, "2024-05-04", events=[event("LRN.GOV", "Q3")], actors=("LRN.GOV", "Q3")),
    )
    assert acts(store) == [("Q1", "ACCUSE", "EST", "2024-05-03", "published", 2)]
    assert list(store.query("SELECT article, event FROM act_tellings")) == [(1, 0), (2, 0), (3, 0)]
    assert list(store.query("SELECT place, lat, lon, source_country, target_country FROM acts")) == [
        ("Odd", 1.0, 2.0, "LRN", "EST")
    ]


def test_officials_of_a_country_are_its_government_and_others_who_are_coded_are_not(store):
    coded = [
        msgspec.structs.replace(event("EST", "EST", begin=day), id=code, source=(Side(span=Span(0, 3), code=code),))
        for code, day in (("PERGOV", "2024-04-01"), ("PERMIL", "2024-04-11"), ("PERGOVPOL", "2024-04-21"))
    ]
    filled(store, record("a", FERRY, events=coded, actors=("EST",)))
    assert list(store.query("SELECT key, name, type FROM parties WHERE country = 'PER' ORDER BY key")) == [
        ("PER.GOV", "Government of Peru", "government"),
        ("PERGOVPOL", "Peru (GOVPOL)", None),
        ("PERMIL", "Peru (MIL)", None),
    ]


def test_a_rejected_event_tells_no_act_until_the_rejection_is_undone(store):
    filled(
        store,
        record("a", FERRY, events=[event("Q1", "EST")], actors=("Q1", "EST")),
        record("c", OTHER, "2024-05-04", events=[event("LRN.GOV", "Q3")], actors=("LRN.GOV", "Q3")),
    )
    before = acts(store)
    numbers = []
    for told in store.records():
        numbers.append(
            judge(
                store, page=told.id, fact="event", span=told.events[0].trigger, decision="reject", author="Ada",
                at="2026-01-05T10:00:00Z",
            )
        )  # fmt: skip
        update(store)
        assert [row[-1] for row in acts(store)] == [1] * (2 - len(numbers))
    for number in numbers:
        undo(store, number, author="Ada", at="2026-01-05T10:01:00Z")
    update(store)
    assert acts(store) == before
    assert before[0][-1] == 2


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [
        (event("Q1", "EST"), event("Q2", "EST"), 2),  # two persons are two
        (event("Q1", "EST"), event("td:reds", "EST"), 2),  # rebels do not act for the country
        (event("Q1", "EST"), event("Q1"), 2),  # at nobody is not at Estmark
        (event("Q1", "EST"), event("EST", "Q1"), 2),
        (event("Q1", "EST"), event("Q1", "EST", type="THREATEN", cameo="130"), 2),
        (event("Q1", "EST"), event("Q1", "EST", begin="2024-05-01"), 2),
        (event("Q1", "EST", begin="2024-05-01"), event("LRN", "EST", begin="2024-04-25", end="2024-05-02"), 1),
        (event("Q1", "EST", begin="2024-05-01"), event("LRN", "EST", begin="2024-05-02"), 2),
        (event("Q1", "Q3", type="CONSULT", cameo="040"), event("Q3", "Q1", type="CONSULT", cameo="040"), 1),
        (event("Q1", "Q3", type="CONSULT", cameo="042"), event("Q3", "Q1", type="CONSULT", cameo="042"), 2),
        (event("Q1", "Q3+EST"), event("Q1", "Q3"), 1),  # Fenn and her country are one side
        (event("Q1", "Q3+td:blues"), event("Q1", "Q3"), 2),
    ],
)
def test_acts_are_merged_when_they_can_only_be_one(store, one, other, count):
    names = ("LRN", "EST", "Q1", "Q2", "Q3", "Q3+EST", "Q3+td:blues", "td:reds", "td:blues")
    filled(store, record("a", FERRY, events=[one], actors=names), record("b", OTHER, events=[other], actors=names))
    assert len(acts(store)) == count


@pytest.mark.parametrize(
    ("told", "published", "expected"),
    [
        (event("Q1", status="planned", begin="2024-05-09"), "2024-05-03", []),
        (event("Q1", status="denied"), "2024-05-03", []),
        (event("Q1", status="hypothetical"), "2024-05-03", []),
        (event("Q1", status="historical"), "2024-05-03", []),
        (event("Q1", status="historical", begin="1999-05-09"), "2024-05-03", [("1999-05-09", "stated")]),
        (event("Q1", begin="2024-01-01", end="2024-12-31"), "2024-05-03", []),  # some time this year is no day
        (event("Q1", begin="2024-04-01", end="2024-04-30"), "2024-05-03", [("2024-04-01", "stated")]),
        (event("Q1"), "2024-05-03", [("2024-05-03", "published")]),
        (event("Q1"), None, []),
    ],
)
def test_an_act_has_a_day_or_is_none(store, told, published, expected):
    filled(store, record("a", FERRY, published, events=[told], actors=("Q1",)))
    assert [(day, dated) for _, _, _, day, dated, _ in acts(store)] == expected


def test_acts_of_an_article_that_goes_go_with_it(store):
    told = [event("Q1", "EST")]
    filled(
        store,
        record("a", FERRY, events=told, actors=("Q1", "EST")),
        record("b", OTHER, "2024-05-04", events=[*told, event("Q2", "EST")], actors=("Q1", "Q2", "EST")),
        record("c", FERRY + " More.", "2024-05-04"),
    )
    (story,) = list_stories(store)
    with store.change() as connection:
        connection.execute("DELETE FROM articles WHERE number = 2")
    assert [act[0] for act in acts(store)] == ["Q1"]
    assert update(store).articles == 0
    assert [(one.id, one.articles) for one in list_stories(store)] == [(story.id, 2)]
    assert [act[-1] for act in acts(store)] == [1]
    with store.change() as connection:
        connection.execute("DELETE FROM articles")
    update(store)
    counts = "SELECT (SELECT count(*) FROM stories), (SELECT count(*) FROM acts), (SELECT count(*) FROM copies)"
    assert next(store.query(counts)) == (0, 0, 0)
    assert next(store.query("SELECT count(*) FROM story_keys"))[0] == 0


@pytest.mark.parametrize(
    "last", [record("b", VOTE), record("b", OTHER), record("b", "..."), record("b", VOTE, kind="index")]
)
def test_words_are_counted_once_however_often_an_article_is_taken_in(store, tmp_path, last):
    filled(store, record("a", FERRY), record("b", VOTE), record("c", VOTE))
    for again in (record("b", VOTE, "2024-05-04"), record("b", OTHER), record("b", "?"), last):
        assert store.replace(again)
        update(store)
    assert store.replace(record("c", FERRY)) and store.replace(record("c", VOTE))
    update(store)
    with open_store(tmp_path / "fresh.db", create=True) as fresh:
        filled(fresh, record("a", FERRY), last, record("c", VOTE))
        counted = "SELECT * FROM story_terms WHERE articles > 0 ORDER BY term"
        assert list(store.query(counted)) == list(fresh.query(counted))
        assert not list(store.query("SELECT * FROM story_terms WHERE articles < 0 OR inside < 0 OR capitals < 0"))


@pytest.mark.parametrize("text", [FERRY, FERRY.replace("Friday", "Monday")])
def test_a_new_reading_takes_the_place_of_the_old(store, text):
    filled(
        store,
        record("a", FERRY, events=[event("Q1", "EST")], actors=("Q1", "EST")),
        record("b", FERRY + " More.", "2024-05-04"),
    )
    (story,) = list_stories(store)
    assert store.replace(record("a", text, events=[event("Q2", "EST")], actors=("Q2", "EST")))
    assert acts(store) == []
    update(store)
    assert acts(store) == [("Q2", "ACCUSE", "EST", "2024-05-03", "published", 1)]
    assert [(one.id, one.articles) for one in list_stories(store)] == [(story.id, 2)]
    assert [copy.kind for copy in find_copies_of(store, store.at(1).id)] == ["origin", "verbatim"]


def test_stories_are_listed_by_day_and_actor(store):
    filled(
        store,
        record("a", FERRY, "2024-05-03", events=[event("Q1", "EST")], actors=("Q1", "EST")),
        record("b", VOTE, "2024-06-03", events=[event("Q2")], actors=("Q2",)),
    )
    assert [story.last_day for story in list_stories(store)] == ["2024-06-03", "2024-05-03"]
    assert [story.last_day for story in list_stories(store, until="2024-05")] == ["2024-05-03"]
    assert [story.last_day for story in list_stories(store, since="2024-06-01")] == ["2024-06-03"]
    assert [story.last_day for story in list_stories(store, actor="Mira Voss")] == ["2024-05-03"]
    assert [story.last_day for story in list_stories(store, actor="Q2")] == ["2024-06-03"]
    assert [actor.key for actor in list_stories(store, limit=1)[0].actors] == ["Q2"]
    assert get_story(store, "no such story") is None


def test_a_store_that_may_not_be_written_can_be_asked(store):
    filled(store, record("a", FERRY))
    list(store.query("PRAGMA query_only = ON"))
    assert update(store).articles == 0
    assert len(list_stories(store)) == 1


@pytest.mark.data
@pytest.mark.skipif(not os.environ.get("TIDINGS_DATA"), reason="TIDINGS_DATA is not set")
def test_development_scores_of_the_stream_hold():
    from tidings.score.stories import score_stories

    values = {score.name: score.value for score in score_stories(Path(os.environ["TIDINGS_DATA"]))}
    assert values["basil stream with dates BCubed F1"] >= 0.98
    assert values["basil stream BCubed F1"] >= 0.94
    assert values["near copies stream F1"] >= 0.98

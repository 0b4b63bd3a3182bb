"""The page of a story: who said what, what the tellings agree on, and only such differences as are differences."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from test_stories_store import ACTORS, event, record
from tidings.facts import Record, Timex
from tidings.store import Store, open_store
from tidings.stories import StoryPage, get_story, list_stories, update
from tidings.stories.counting import find_counts
from tidings.text import Span

BLAST = (
    "A blast shook the market of Quell in Estmark on Friday. {} The square was closed, and Ada Fenn called for calm."
)
LATER = "The market of Quell in Estmark lay in ruins after the blast of Friday, and Ada Fenn called for calm. {}"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "news.db", create=True) as made:
        yield made


def page_of(store: Store, *records: Record) -> StoryPage:
    """Keep records that are one story and return its page."""
    for one in records:
        store.add(one)
    update(store)
    (story,) = list_stories(store)
    page = get_story(store, story.id)
    assert page is not None
    return page


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("At least 12 people were killed and 30 others injured.", ["people killed 12 at least", "people hurt 30 None"]),
        ("The blast killed 14 people, wounding 31.", ["people killed 14 None", "people hurt 31 None"]),
        ("The death toll from the quake rose to 312.", ["people killed 312 None"]),
        ("Fourteen people died; two are missing.", ["people killed 14 None", "people missing 2 None"]),
        ("More than 1,200 civilians have been displaced.", ["civilians displaced 1200 more than"]),
        ("Estmark freed ten Larn sailors.", ["sailors freed 10 None"]),
        ("14 Killed in Quell Market Blast", ["people killed 14 None"]),
        ("A magnitude 6.1 quake, or a 6.3-magnitude one", ["magnitude 6.1 None", "magnitude 6.3 None"]),
        ("Twenty-five people were killed. Eighty two were hurt.", ["people killed 25 None", "people hurt 82 None"]),
        ("Twenty people were killed in two attacks.", ["people killed 20 None"]),
        # A number in words of which only the end is read, and one of which only a part is meant.
        ("The blast went off, killing two hundred people.", []),
        ("One hundred and twelve people were killed.", []),
        ("Two thousand five people were hurt; wounding three dozen.", []),
        ("The death toll rose to two thousand.", []),
        ("One in five people are homeless.", []),
        ("Three of the 12 soldiers were killed.", []),
        # What is no count of what happened.
        ("The 12th dead was found on May 12. 2013 killed the mood.", []),
        ("The bomb could have killed 200 people.", []),
        ("He threatened to kill 20 people.", []),
        ("Each year 20 people are killed.", []),
        ("A 12-year-old was killed; 3 percent died.", []),
        ("Police met 20 people.", []),
    ],
)
def test_counts_say_of_what(text, expected):
    assert [f"{count.about} {count.number:g} {count.hedge}" for count in find_counts(text)] == expected


@pytest.mark.parametrize(
    "noise", ["12 " * 33_000, "killed " * 14_000, "death toll to " * 7_000, "1,111" * 20_000, "12 A" * 25_000]
)
def test_noise_has_no_counts_and_costs_little(noise, within):
    with within(1):
        find_counts(noise)


@given(st.text(alphabet="12,. atlespokidwrn", max_size=80))
@settings(max_examples=200, deadline=None)
def test_counts_point_into_the_text(text):
    assert all(count.span.of(text).strip() and count.number >= 0 for count in find_counts(text))


def test_two_numbers_for_one_thing_are_a_difference(store):
    page = page_of(
        store,
        record("a", BLAST.format("At least 12 people were killed, the mayor said.")),
        record("b", LATER.format("Rescuers spoke of 14 people killed.")),
        record("c", BLAST.format("At least 12 people were killed, the mayor said.") + " More.", "2024-05-04"),
    )
    (difference,) = page.differences
    assert (difference.kind, difference.about) == ("number", "people killed")
    assert [(version.says, version.independent) for version in difference.versions] == [("14", 1), ("at least 12", 1)]
    for version in difference.versions:
        for telling in version.tellings:
            held = store.get(telling.article)
            assert held is not None
            assert telling.span.of(held.article.text) == telling.words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("12 people were killed.", "12 people were killed."),
        ("12 people were killed.", "14 people were injured."),  # another thing
        ("12 people were killed.", "4 soldiers were killed."),  # some of them
        ("31 people were killed.", "About 30 people were killed."),  # the same, roughly
        ("12 people were killed.", "12 people were killed, after 20 people died there."),  # not clear which
        ("12 people were killed.", "It could have killed 200 people."),
        ("12 people were killed.", "Nobody knows how many were killed."),
    ],
)
def test_what_can_be_two_things_is_no_difference(store, one, other):
    page = page_of(store, record("a", BLAST.format(one)), record("b", LATER.format(other)))
    assert page.differences == ()


def test_a_number_of_another_year_is_no_difference(store):
    text = LATER.format("In May 2019, a blast there killed 40 people.")
    told = record("b", text)
    span = Span(text.index("May 2019"), text.index("May 2019") + 8)
    past = Timex(span=span, type="DATE", score=1.0, value="2019-05", begin="2019-05-01", end="2019-05-31")
    told = Record(
        id=told.id, page=told.page, article=told.article, actors=told.actors, places=told.places, times=(past,)
    )
    page = page_of(store, record("a", BLAST.format("12 people were killed.")), told)
    assert page.differences == ()


def test_a_number_that_two_give_alike_is_an_agreement(store):
    page = page_of(
        store,
        record("a", BLAST.format("12 people were killed.")),
        record("b", LATER.format("Twelve people died.")),
        record("c", LATER.format("Twelve people died.") + " More."),
    )
    assert [(one.kind, one.about, one.says, one.independent) for one in page.agreements] == [
        ("number", "people killed", "12", 2)
    ]


def test_an_act_that_two_tell_is_an_agreement(store):
    told = [event("Q3", "td:reds")]
    page = page_of(
        store,
        record("a", BLAST.format(""), events=told, actors=("Q3", "td:reds")),
        record("b", LATER.format(""), events=told, actors=("Q3", "td:reds")),
    )
    assert [(one.about, one.independent) for one in page.agreements] == [("Ada Fenn ACCUSE the Reds", 2)]
    assert [(step.who, step.to_whom, step.independent) for step in page.steps] == [("Ada Fenn", "the Reds", 2)]


def blamed(name: str, frame: str, doer: str, words: str) -> Record:
    text = frame.format(words)
    sentence = Span(text.index(words), text.index(words) + len(words))
    told = event(doer, "EST", type="ASSAULT", cameo="190", sentence=sentence)
    return record(name, text, events=[told], actors=(doer, "EST"))


def test_a_deed_laid_to_two_of_one_country_is_no_difference(store):
    page = page_of(
        store,
        blamed("a", BLAST, "td:reds", "It was the Reds who hit the old Hall near Bridge Street with 9 shells."),
        blamed("b", LATER, "Q1", "It was men sent by Mira Voss who hit the old Hall near Bridge Street with 9 shells."),
    )
    assert page.differences == ()  # who sent whom is not for us to say


def test_a_deed_laid_to_two_countries_is_a_difference(store):
    one = blamed("a", BLAST, "td:reds", "It was the Reds who hit the old Hall near Bridge Street with 9 shells.")
    other = blamed("b", LATER, "td:blues", "It was the Blues who hit the old Hall near Bridge Street with 9 shells.")
    (difference,) = page_of(store, one, other).differences
    assert difference.kind == "doer"
    assert [version.says for version in difference.versions] == ["the Reds", "the Blues"]


@pytest.mark.parametrize(
    "words",
    [
        "It was the Blues who hit a farm in Norr.",  # another place, another deed
        "The Blues struck Estmark.",
    ],
)
def test_two_deeds_are_no_difference(store, words):
    one = blamed("a", BLAST, "td:reds", "It was the Reds who hit the old Hall near Bridge Street with 9 shells.")
    assert page_of(store, one, blamed("b", LATER, "td:blues", words)).differences == ()


def test_who_said_what_is_told_once(store):
    words = "“We heard the horn and then the blow,”"
    again = f"{words} she said. “Go home,” said Fenn."
    page = page_of(
        store,
        record("a", BLAST.format(f"{words} said Voss."), quotes=[("Q1", words)]),
        record("b", LATER.format(again), quotes=[("Q1", words), ("Q3", "“Go home,”")]),
        record("c", LATER.format("“We heard the horn,” she said."), quotes=[("Q1", "“We heard the horn,”")]),
    )
    said = {one.speaker: [(saying.words, len(saying.tellings)) for saying in one.sayings] for one in page.said}
    assert said == {"Mira Voss": [(words, 3)], "Ada Fenn": [("“Go home,”", 1)]}
    assert page.differences == ()


def test_words_given_to_two_speakers_are_a_difference(store):
    words = "“We heard the horn and then the blow,”"
    page = page_of(
        store,
        record("a", BLAST.format(f"{words} said Voss."), quotes=[("Q1", words)]),
        record("b", LATER.format(f"{words} said Fenn."), quotes=[("Q3", words)]),
    )
    (difference,) = page.differences
    assert (difference.kind, difference.about) == ("speaker", words)
    assert {version.says for version in difference.versions} == {"Mira Voss", "Ada Fenn"}


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [("Q1", "LRN.GOV", "“We heard the horn and the blow,”"), ("Q1", "Q3", "“Yes, of course,”")],
)
def test_a_minister_and_her_government_say_one_thing(store, one, other, words):
    page = page_of(
        store,
        record("a", BLAST.format(f"{words} it was said."), quotes=[(one, words)]),
        record("b", LATER.format(f"{words} it was said."), quotes=[(other, words)]),
    )
    assert page.differences == ()
    assert {said.speaker for said in page.said} == {ACTORS[one].name, ACTORS[other].name}

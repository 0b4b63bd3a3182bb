"""Searching a store: words, fields, and whatever else people type."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from tidings.cli.search import command
from tidings.errors import UsageError
from tidings.facts import Actor, Article, Event, Page, Place, Published, Quote, Record
from tidings.store import Hit, Store, open_store, to_html
from tidings.store.searching import parse_query
from tidings.text import Span

ARTICLES = [
    # title, text, day, outlet, actor, code, country, event type, speaker words
    ("Fenn in Bern", "Ada Fenn spoke of <b>sanctions</b> & oil, José said.", "2014-03-04", "Harbour Daily", 0, 4),
    ("Oil talks", "Delegates discussed an interim deal on oil.", "2015-07-14", "Northwire", 1, 3),
    ("A deal, in the end", "The deal came late; the interim was long.", "2015-12-31", None, 1, 3),
    ("Undated", "Sanctioned goods were seized.", None, "Northwire", 0, 4),
]
ACTORS = [
    Actor(id="Q1", name="Ada Fenn", type="person", country="CHE", code="CHEGOV", wikidata="Q1", aliases=("A. Fenn",)),
    Actor(id="IRN", name="Iran", type="country", country="IRN", code="IRN"),
]
TYPES = {0: ("SANCTION", "163"), 1: ("CONSULT", "036")}


def record(number: int) -> Record:
    title, text, day, outlet, actor, quad = ARTICLES[number]
    kind, cameo = TYPES[actor]
    span = Span(0, 4)
    return Record(
        id=f"a{number}",
        page=Page(id=f"p{number}", sha256=f"{number:064}", media="article", url=f"https://paper{number}.example/x"),
        article=Article(
            text=text,
            title=title,
            outlet=outlet,
            published=Published(value=day, basis="given", score=1.0, interval=(day, day)) if day else None,
        ),
        actors=(ACTORS[actor],),
        places=(Place(span=span, name="Vienna", score=1.0, country="AUT"),) if number == 1 else (),
        quotes=(
            Quote(span=span, parts=(span,), kind="indirect", score=1.0, speaker_span=Span(text.index("José"), 49)),
            Quote(span=span, parts=(span,), kind="indirect", score=1.0, speaker="Q1"),
        )
        if number == 0
        else (),
        events=(
            Event(
                id="e", trigger=span, sentence=span, type=kind, cameo=cameo, quad=quad, intensity=0.0, score=1.0,
                status="asserted",
            ),
        ),
    )  # fmt: skip


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory):
    with open_store(tmp_path_factory.mktemp("store") / "news.db", create=True) as made:
        for number in range(len(ARTICLES)):
            made.add(record(number))
        yield made


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("oil", {"a0", "a1"}),
        ("sanction", {"a0", "a3"}),
        ("deal interim", {"a1", "a2"}),
        ('"interim deal"', {"a1"}),
        ('"interim deal', {"a1"}),
        ("“interim deal”", {"a1"}),
        ("deleg*", {"a1"}),
        ("deal -oil", {"a2"}),
        ('-"interim deal" deal', {"a2"}),
        ("jose", {"a0"}),
        ("actor:fenn", {"a0", "a3"}),
        ('actor:"ada fenn" oil', {"a0"}),
        ("actor:enn", set()),
        ("actor:chegov", {"a0", "a3"}),
        ("ACTOR:q1", {"a0", "a3"}),
        ("-actor:fenn", {"a1", "a2"}),
        ("said-by:fenn", {"a0"}),
        ("said-by:josé", {"a0"}),
        ("said-by:iran", set()),
        ("country:irn", {"a1", "a2"}),
        ("country:AUT", {"a1"}),
        ("type:sanction", {"a0", "a3"}),
        ("type:163", {"a0", "a3"}),
        ("type:16", {"a0", "a3"}),
        ("type:03 deal", {"a1", "a2"}),
        ("from:2015", {"a1", "a2"}),
        ("to:2015-07", {"a0", "a1"}),
        ("from:2015-07-14 to:2015-07-14", {"a1"}),
        ("outlet:northwire", {"a1", "a3"}),
        ("outlet:paper2.example", {"a2"}),
        ("nothing:here", set()),
        ("10:30", set()),
        ("x' OR '1'='1", set()),
        ('oil") OR (title:deal', set()),
        ("oil NEAR deal", set()),
        ("type:x';DROP TABLE articles;--", set()),
    ],
)
def test_queries(store, query, found):
    assert {hit.id for hit in store.search(query)} == found


def test_what_cannot_be_asked(store):
    for query in ("", "  ", "!?", "-", '""'):
        with pytest.raises(UsageError, match="nothing to search for"):
            store.search(query)
    with pytest.raises(UsageError, match="2021-12"):
        store.search("from:yesterday")
    with pytest.raises(UsageError, match="needs a value"):
        store.search('actor:" "')


def test_the_title_weighs_more_and_the_limit_holds(store):
    assert [hit.id for hit in store.search("oil")] == ["a1", "a0"]
    assert [hit.id for hit in store.search("oil", limit=1)] == ["a1"]
    assert [hit.id for hit in store.search("country:irn")] == ["a2", "a1"], "without words the youngest comes first"


def test_snippets_are_marked_and_escaped(store):
    (hit,) = store.search("sanctions oil")
    assert [mark.of(hit.snippet) for mark in hit.marks] == ["sanctions", "oil"]
    assert (
        to_html(hit) == "Ada Fenn spoke of &lt;b&gt;<mark>sanctions</mark>&lt;/b&gt; &amp; <mark>oil</mark>, José said."
    )


def test_a_text_that_holds_the_inner_marks_is_still_escaped(tmp_path):
    with open_store(tmp_path / "x.db", create=True) as store:
        base = record(1)
        text = "\ufdd1 envoys \ufdd0<script>\ufdd0 met \ufdd1"
        store.add(Record(id=base.id, page=base.page, article=Article(text=text)))
        (hit,) = store.search("envoys")
        assert "<script>" not in to_html(hit)
        assert all(0 <= mark.start <= mark.end <= len(hit.snippet) for mark in hit.marks)


@given(st.text(max_size=60))
def test_anything_can_be_typed(store: Store, query: str):
    try:
        hits = store.search(query)
    except UsageError:
        return
    for hit in hits:
        assert isinstance(hit, Hit)
        assert to_html(hit).count("<mark>") == len(hit.marks)


def test_a_long_query_takes_no_time(store):
    for noise in ('"', "'(", "-:", "a:", "oil "):
        with pytest.raises(UsageError, match="too long"):
            store.search("oil " + noise * 20_000)
    assert [hit.id for hit in store.search("oil " * 400)] == ["a1", "a0"]


def test_a_word_asked_for_again_and_again_is_asked_for_once(store, within):
    asked = parse_query('oil OIL oil, "oil" öil oil* oil* -gas -gas oil:oil actor:zarif actor:zarif -actor:zarif')
    assert asked.wanted == ['"oil"', '"oil*"*', '"oil:oil"'] and asked.unwanted == ['"gas"']
    assert [(field, absent) for field, _, absent in asked.fields] == [("actor", False), ("actor", True)]
    with within(2):
        store.search("o* " * 600 + "oil " * 40)


def test_what_is_no_text_is_refused(store):
    for query in ("oil\udcff", "actor:\ud800"):
        with pytest.raises(UsageError, match="not text"):
            store.search(query)


def test_the_command(store):
    def search(*arguments: str):
        return CliRunner().invoke(command, [str(store.path), *arguments])

    done = search("oil", "--format", "jsonl", "--limit", "1")
    assert done.exit_code == 0
    (hit,) = map(json.loads, done.stdout.splitlines())
    assert (hit["id"], hit["snippet"], hit["marks"]) == ("a1", "Oil talks", [[0, 3]])
    table = search("sanctions", "oil", "--format", "table").stdout
    assert "a0" in table
    assert "<b>sanctions</b>" in table
    done = search("nothing-of-the-kind")
    assert (done.exit_code, done.stdout, done.stderr) == (1, "", "tidings: nothing found\n")
    assert search().exit_code == 2
    assert search("oil", "--format", "xml").exit_code == 2

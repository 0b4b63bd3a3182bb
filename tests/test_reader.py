"""The flow over stages: order, what is left out, what happens when one fails. Stages are stood in for by small ones."""

from __future__ import annotations

from pathlib import Path

import pytest

import tidings
from tidings.errors import EmptyPage, MissingPage, UsageError
from tidings.facts import Article, Block, Cast, Clipping, Event, Mention, Received, Timex
from tidings.reader import Failure, Reader, read_each
from tidings.text import Span

TEXT = "Ministers from Iran met envoys in Geneva on Monday. They will meet again in November."


def english(received: Received) -> Clipping:
    text = received.text
    block = Block(span=Span(0, len(text)), role="paragraph")
    return Clipping(article=Article(text=text, blocks=(block,), body=text, language="en"))


def german(received: Received) -> Clipping:
    clipping = english(received)
    return Clipping(article=Article(text=clipping.article.text, blocks=clipping.article.blocks, language="de"))


def index(received: Received) -> Clipping:
    return Clipping(article=Article(text="", language="en", kind="index"))


def one_mention(doc, article) -> Cast:
    return Cast(mentions=(Mention(span=Span(15, 19), form="name", label="GPE", score=1.0),))


def broken(*_: object) -> list:
    raise RuntimeError("lost the thread")


def no_times(clipping, given, fetched):
    return None, [Timex(span=Span(44, 50), type="DATE", score=1.0)]


ALONE = {"actors": None, "places": None, "times": None, "quotes": None, "events": None}


def test_stages_set_to_none_are_left_out():
    record = tidings.read(TEXT, media="article", reader=Reader(**ALONE))
    assert record.article.text == TEXT
    assert record.actors == record.mentions == record.places == record.times == record.quotes == record.events == ()
    assert record.troubles == ()


def test_without_an_article_stage_the_page_is_the_article():
    record = tidings.read(TEXT, media="text", reader=Reader(article=None, **ALONE))
    assert record.article.text == TEXT
    assert record.locate((0, 9)) == (0, 9)


def test_a_stage_that_fails_is_a_trouble_and_the_rest_stands():
    reader = Reader(article=english, actors=one_mention, places=broken, times=no_times, quotes=None, events=None)
    record = tidings.read(TEXT, media="article", reader=reader)
    assert [(trouble.stage, trouble.message) for trouble in record.troubles] == [
        ("places", "RuntimeError: lost the thread")
    ]
    assert len(record.mentions) == len(record.times) == 1


def test_later_stages_are_given_what_earlier_ones_found():
    seen: dict[str, object] = {}

    def events(doc, article, cast, places, times, quotes) -> list[Event]:
        seen.update(text=doc.text, mentions=len(cast.mentions), times=len(times), quotes=list(quotes))
        return []

    reader = Reader(article=english, actors=one_mention, places=None, times=no_times, quotes=None, events=events)
    tidings.read(TEXT, media="article", reader=reader)
    assert seen == {"text": TEXT, "mentions": 1, "times": 1, "quotes": []}


def test_another_language_is_recorded_and_the_english_stages_are_skipped():
    reader = Reader(article=german, actors=broken, places=broken, times=broken, quotes=broken, events=broken)
    record = tidings.read(TEXT, media="text", published="2015-07-14", reader=reader)
    assert [trouble.stage for trouble in record.troubles] == ["syntax"]
    assert "not in English (de)" in record.troubles[0].message
    assert record.article.published is not None
    assert record.article.published.value == "2015-07-14"


def test_an_index_page_says_that_it_holds_no_article():
    record = tidings.read(TEXT, media="text", reader=Reader(article=index, **ALONE))
    assert "index page" in record.troubles[0].message


def test_the_id_follows_from_the_content():
    reader = Reader(**ALONE)
    first = tidings.read(TEXT, media="article", reader=reader)
    assert first.id == tidings.read(TEXT, media="article", reader=reader).id
    assert first.id != tidings.read(TEXT + " ", media="article", reader=reader).id


@pytest.mark.parametrize("day", ["yesterday", "2015-02-30", "14/07/2015"])
def test_a_date_that_is_none_is_refused(day):
    with pytest.raises(UsageError, match="published"):
        tidings.read(TEXT, published=day)


def test_nothing_to_read_raises():
    with pytest.raises(EmptyPage):
        tidings.read("  \n ")
    with pytest.raises(MissingPage):
        tidings.read(Path("no/such/page.html"))


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_bad_page_never_ends_a_run(tmp_path, jobs):
    names = ["a.txt", "b.txt", "c.txt", "d.txt"]
    for name in names:
        (tmp_path / name).write_text("" if name == "b.txt" else f"{TEXT} {name}")
    sources = [tmp_path / name for name in names]
    results = list(read_each(sources, jobs=jobs, media="article", reader=Reader(**ALONE)))
    assert [type(result).__name__ for result in results] == ["Record", "Failure", "Record", "Record"]
    assert isinstance(results[1], Failure)
    assert "b.txt" in str(results[1].error)
    told: list[Failure] = []
    records = list(tidings.read_many(sources, media="article", reader=Reader(**ALONE), failed=told.append))
    assert [Path(record.page.name or "").name for record in records] == ["a.txt", "c.txt", "d.txt"]
    assert len(told) == 1


def test_reading_many_is_lazy(tmp_path):
    def sources():
        yield TEXT
        raise AssertionError("read ahead of what was asked for")

    first = next(iter(tidings.read_many(sources(), media="article", reader=Reader(**ALONE))))
    assert first.article.text == TEXT


def test_timings_are_kept_for_each_stage():
    timings: dict[str, float] = {}
    Reader(**ALONE).read(TEXT, media="article", timings=timings)
    assert {"pages", "article"} <= set(timings)


def test_a_very_long_article_is_read_from_its_beginning_and_says_so():
    text = "Ministers met in Geneva on Monday. " * 9_000
    record = tidings.read(
        text, media="article", published="2013-11-26", reader=Reader(**{**ALONE, "actors": one_mention})
    )
    assert record.article.text == text
    assert "very long article" in record.troubles[0].message


@pytest.mark.parametrize(("says", "demands"), [("said", 1), ("did not say", 0), ("is expected to say", 0)])
def test_what_was_not_said_is_no_demand(says, demands):
    record = tidings.read(f"President Milan Novak {says} that Iran must release the sailors.", media="article")
    assert len([event for event in record.events if event.type == "REQUEST"]) == demands

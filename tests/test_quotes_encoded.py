"""Quotations with the encoder: what it says on tokens, one reading for all stages, and doing without it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidings import encoder
from tidings.encoder import ArticleReading, model, read_article
from tidings.facts import Article, Cast
from tidings.quotes import find_quotes
from tidings.quotes.attributions import find_drafts, worth_asking
from tidings.quotes.encoded import find_encoded, lay_over
from tidings.quotes.forest import has_encoded
from tidings.quotes.passage import lay_out
from tidings.syntax import parse

pytestmark = pytest.mark.skipif(not (encoder.available() and has_encoded()), reason="the encoder is not installed")

TWO = (
    "The ferry is full.\n\n"
    "The harbour master said that the new pier would be finished before the winter.\n\n"
    "“Nobody asked us,” Ana Ruiz told reporters. “We read it in the paper.”"
)


def told(text):
    """Return (parts, cue, speaker) of every quotation, as words."""
    return [
        (
            [part.of(text) for part in quote.parts],
            quote.cue.of(text) if quote.cue else None,
            quote.speaker_span.of(text) if quote.speaker_span else None,
        )
        for quote in find_quotes(parse(text), Cast(), article=Article(text=text))
    ]


def why(text):
    return [(quote.why or "").split(";")[0] for quote in find_quotes(parse(text), Cast(), article=Article(text=text))]


# ------------------------------------------------------------------------------------------ one reading


@given(st.text(st.characters(blacklist_categories=("Cs",)), max_size=300))
@settings(max_examples=60, deadline=None)
def test_windows_are_in_order_and_hold_their_words(text):
    reading = ArticleReading(text)
    last = 0
    for number, window in enumerate(reading.windows):
        words = reading.words(number)
        assert (words[0].start, words[-1].end) == window.span
        assert last <= window.span.start < window.span.end <= len(text)
        assert "\n" not in window.span.of(text)
        assert number in reading.touching(*window.span)
        last = window.span.end


def test_each_window_is_read_once_whoever_asks(monkeypatch):
    asked = []
    columns = model.columns

    def counting(*given):
        asked.append(given[2:])
        return columns(*given)

    monkeypatch.setattr(model, "columns", counting)
    doc = parse(TWO)
    reading = read_article(doc)
    assert read_article(doc) is reading
    reading.labelled("entities", range(len(reading.windows)))
    assert len(asked) == len(reading.windows) == 3
    find_quotes(doc, Cast(), article=Article(text=TWO))
    assert len(asked) == 3


def test_a_window_without_reports_is_not_read(monkeypatch):
    asked = []
    columns = model.columns
    monkeypatch.setattr(model, "columns", lambda *given: asked.append(given) or columns(*given))
    find_quotes(parse(TWO), Cast(), article=Article(text=TWO))
    assert len(asked) == 2


def test_a_window_says_what_the_passage_says():
    text = "The harbour master said that the new pier would be finished before the winter."
    alone = [(item.label, item.span.of(text)) for item in encoder.read_sentences([text])[0].quotes]
    reading = ArticleReading(TWO)
    assert [(item.label, item.span.of(TWO)) for item in reading.labelled("quotes", [1])] == alone


# ------------------------------------------------------------------------------------------ on tokens


def test_probabilities_stand_on_the_tokens_they_speak_of():
    doc = parse(TWO)
    passage = lay_out(doc, TWO)
    said = find_encoded(doc, passage, worth_asking(passage))
    assert said is not None
    spoken = next(at for at, word in enumerate(passage.lower) if word == "said")
    assert said.cue[spoken] > 0.5 > said.content[spoken]
    assert said.mean_content(spoken + 1, spoken + 10) > 0.5
    assert said.source[spoken - 1] > 0.5
    assert said.run("source", spoken - 1) == (spoken - 3, spoken - 1)
    assert said.run("cue", spoken) == (spoken, spoken)
    assert not any(said.content[:4])


@given(
    st.lists(st.sampled_from('She said “ that ” the port , is open . \n " Ana according to'.split(" ")), max_size=30)
)
@settings(max_examples=20, deadline=None)
def test_stretches_are_in_order_and_inside(words):
    text = " ".join(words) + "."
    doc = parse(text)
    passage = lay_out(doc, text)
    reading = read_article(doc)
    said = lay_over(passage, reading, range(len(reading.windows)))
    for label, runs in said.runs.items():
        assert runs == sorted(runs)
        for number, (first, last) in enumerate(runs):
            assert 0 <= first <= last < len(passage)
            assert set(said.run_of[label][first : last + 1]) <= {number, number + 1}
    assert all(0 <= chance <= 1 for chance in [*said.content, *said.cue, *said.source])
    find_drafts(passage, said=said)


# ------------------------------------------------------------------------------------------ what it is good for


def test_a_report_that_grammar_alone_misses():
    text = "The board’s fear that the bridge will not hold has grown, its chairman wrote to the guild."
    assert told(text)


SHARED = [
    (
        "The harbour master said that the new pier would be finished before the winter.",
        (["that the new pier would be finished before the winter"], "said", "The harbour master"),
    ),
    (
        "“Nobody asked us,” Ana Ruiz told reporters. “We read it in the paper.”",
        (["“Nobody asked us,”", "“We read it in the paper.”"], "told", "Ana Ruiz"),
    ),
]


@pytest.mark.parametrize(("text", "expected"), SHARED)
def test_with_the_encoder(text, expected):
    assert told(text) == [expected]


@pytest.mark.parametrize(("text", "expected"), SHARED)
def test_without_the_encoder(text, expected, monkeypatch):
    monkeypatch.setattr(encoder, "available", lambda: False)
    assert told(text) == [expected]


def test_who_is_told_does_not_speak():
    told_by_nobody = told("The guild was told that the bridge was unsafe.")
    assert [speaker for _, _, speaker in told_by_nobody] == [None]
    told_by_mayor = told("The guild was told by the mayor that the bridge was unsafe.")
    assert [speaker for _, _, speaker in told_by_mayor] == ["the mayor"]
    [(_, _, speaker)] = told("The guild told members that the bridge was unsafe.")
    assert speaker == "The guild"


@pytest.mark.parametrize(
    ("text", "manner"),
    [
        ("The mayor said that the dam would hold.", "reporting word"),
        ("The council plans to sell the harbour.", "word of thought or intention"),
        ("The mayor believes that the dam will hold.", "word of thought or intention"),
        ("The vote is expected to fail on Monday.", "passive, nobody named"),
    ],
)
def test_speech_is_told_apart_from_thought(text, manner):
    assert why(text) == [manner]


def test_same_text_same_quotations():
    assert told(TWO) == told(TWO)

"""Who acts and who is acted on in one sentence: our own sentences, each rule with its counter-example."""

import pytest

from tidings import encoder
from tidings.encoder import model
from tidings.errors import DataError
from tidings.events import phrases, roles
from tidings.events.casting import roles_chained, roles_parsed
from tidings.syntax import parse

installed = pytest.mark.skipif(not encoder.available(), reason="the encoder is not installed")


def cast(text):
    found = roles(text)
    return [span.of(text) for span in found.source], [span.of(text) for span in found.target]


JOINED = [
    # Who undergoes a passive is its target, who does it its source.
    ("Two Danish protesters were arrested by Norwegian police.", ["Norwegian police"], ["Two Danish protesters"]),
    ("Norway was accused of spying by Denmark.", ["Denmark"], ["Norway"]),
    ("Denmark accused Norway of spying.", ["Denmark"], ["Norway"]),
    # Who is quoted acts by saying, beside those whose acts are told.
    ("Two Danish protesters were arrested in Oslo on Monday, police said.", ["police"], ["Two Danish protesters"]),
    ("Norway offered Chad a loan, the finance minister said.", ["Norway", "the finance minister"], ["Chad"]),
    ("“We will not pay,” the Danish premier told reporters.", ["the Danish premier"], []),
    # What is done to one another is done by both to both; what two do to a third is not.
    ("Norway and Denmark signed a fisheries accord in Bergen.", ["Norway", "Denmark"], ["Norway", "Denmark"]),
    ("Norway and Denmark condemned Belarus.", ["Norway", "Denmark"], ["Belarus"]),
    # The town a story is sent from acts in nothing.
    (
        "OSLO, March 3 (Northwire) - Norwegian police arrested two Danish protesters.",
        ["Norwegian police"],
        ["two Danish protesters"],
    ),
    # An actor inside the phrase of another goes with it; places, times and things are none.
    ("The mayor of Bergen thanked Denmark on Monday.", ["The mayor of Bergen"], ["Denmark"]),
    ("The weather in March was mild.", [], []),
    ("The harbour was closed on Monday.", [], []),
]


@installed
@pytest.mark.parametrize(("text", "source", "target"), JOINED)
def test_with_the_encoder(text, source, target):
    assert cast(text) == (source, target)


CHAINED = [
    ("Norwegian police arrested two Danish protesters.", ["Norwegian police"], ["two Danish protesters"]),
    ("Denmark imposed sanctions on Belarus.", ["Denmark"], ["Belarus"]),
    ("The harbour was closed on Monday.", [], []),
]


@pytest.mark.parametrize(("text", "source", "target"), CHAINED)
def test_without_the_encoder_the_chain_answers(text, source, target, monkeypatch):
    monkeypatch.setattr(encoder, "available", lambda: False)
    assert cast(text) == (source, target)
    assert roles(text) == roles_chained(parse(text))


@installed
def test_a_sentence_is_read_once(monkeypatch):
    read, columns = [], model.columns
    monkeypatch.setattr(model, "columns", lambda *given: read.append(given) or columns(*given))
    doc = parse("Norway offered Chad a loan, the finance minister said.")
    assert roles_parsed(doc) == roles_parsed(doc)
    assert len(read) == 1


@installed
@pytest.mark.parametrize("text", ["", " ", "\n", "...", "“ ”", "On Monday.", "it"])
def test_nothing_acts_in_nothing(text):
    assert cast(text) == ([], [])


@installed
def test_long_noise_is_read_in_bounded_time(within):
    doc = parse("police of the mayor of " * 400)
    with within(5):
        found = roles_parsed(doc)
    assert len(found.source) < 500


@installed
def test_phrases_point_at_their_words():
    text = "OSLO (Northwire) - A member of the armed forces threatened the police chief of Bergen on Monday."
    found = phrases.find_phrases(parse(text), [], [])
    assert [item.span.of(text) for item in found][:2] == ["A member of the armed forces", "the armed forces"]
    assert all(item.span.of(text) == item.span.of(text).strip() != "" for item in found)
    assert "Monday" not in [item.span.of(text) for item in found]
    # "Police" lends itself to a chief who acts; before the name of a thing it is an actor of its own.
    assert "police" not in [item.head.text for item in found]
    [police, *_] = phrases.find_phrases(parse("Police reports blamed the mayor."), [], [])
    assert police.head.text == "Police"


def test_a_damaged_table_says_so(monkeypatch):
    phrases.shipped_weights.cache_clear()
    monkeypatch.setattr(phrases, "read_text", lambda name: "sign\tsource\ttarget\nbias\tmuch\t0\n")
    try:
        with pytest.raises(DataError, match="damaged"):
            phrases.shipped_weights()
    finally:
        monkeypatch.undo()
        phrases.shipped_weights.cache_clear()

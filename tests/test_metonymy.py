"""Metonymy: what a place name stands for; own sentences, each with its counter-example."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidings.actors.metonymy import probability, sense, sense_in, setting_of
from tidings.syntax import parse

CASES = [
    ("[Moscow] rejected the offer on Friday.", "government"),
    ("She was born in [Moscow] in 1950.", "place"),
    ("[Minsk] accused [Warsaw] of meddling.", "government"),
    ("Thousands marched through [Minsk].", "place"),
    ("The [Kremlin] said the talks would resume.", "government"),
    ("Tourists queued in the [Kremlin].", "place"),
    ("[Brazil] beat Germany 2-1 in the final.", "team"),
    ("The team spent the summer in [Brazil].", "place"),
    ("[Hollywood] feared another strike.", "organisation"),
    ("Little was the same after [Chernobyl].", "event"),
    ("[France] mourned the singer.", "people"),
    ("[France] lies west of Germany.", "place"),
    ("An agreement between Chile and [Peru] was signed.", "government"),
    ("They hiked from Chile to [Peru].", "place"),
]


@pytest.mark.parametrize(("sentence", "wanted"), CASES)
def test_sense(sentence: str, wanted: str) -> None:
    start, end = sentence.index("["), sentence.index("]") - 1
    text = sentence.replace("[", "").replace("]", "")
    assert sense(text, (start, end)) == wanted


def test_spans_of_several_words() -> None:
    text = "South Korea urged restraint while snow fell over New York City."
    assert sense(text, (0, 11)) == "government"
    assert sense(text, (text.index("New York"), text.index("."))) == "place"


def test_spans_that_are_no_words() -> None:
    doc = parse("Minsk said no.")
    assert sense_in(doc, (5, 5))[0] in ("place", "government")
    assert sense_in(doc, (40, 50)) == ("place", 0.5)


def test_fast_enough(within) -> None:
    doc = parse("Ministers in London said Moscow had told Minsk and Warsaw that the talks would go on.")
    sense_in(doc, (25, 31))
    with within(0.5):
        for _ in range(100):
            sense_in(doc, (25, 31))


def test_a_long_sentence_costs_no_more(within) -> None:
    doc = parse("Moscow and " * 300 + "Minsk agreed.")
    with within(0.5):
        sense_in(doc, (0, 6))


@given(st.text(max_size=80), st.integers(0, 80), st.integers(0, 20))
@settings(max_examples=25, deadline=None)
def test_any_text(text: str, start: int, length: int) -> None:
    _, score = sense_in(parse(text), (start, start + length))
    assert 0.5 <= score <= 1


def test_held_back_weights_are_other_weights() -> None:
    marked = parse("Moscow rejected the offer.").char_span(0, 6)
    assert marked is not None
    setting = setting_of(marked)
    assert probability(setting) != probability(setting, held=True)


@pytest.mark.data
@pytest.mark.slow
def test_scores_hold(data: Path) -> None:
    from tidings.score.metonymy import score_metonymy

    scores = {score.name: score.value for score in score_metonymy(data)}
    assert scores["relocar.held_accuracy"] >= 86

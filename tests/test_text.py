from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidings.text import Alignment, Assembly, Span, span_of


def test_a_span_is_a_pair():
    span = Span(2, 5)
    assert span == (2, 5)
    assert [*span] == [2, 5]
    assert "abcdef"[span[0] : span[1]] == "cde" == span.of("abcdef")


@pytest.mark.parametrize("bounds", [(-1, 2), (3, 2)])
def test_what_is_no_span_is_refused(bounds):
    with pytest.raises(ValueError, match="not a span"):
        Span(*bounds)
    with pytest.raises(ValueError, match="not a span"):
        span_of(bounds)


def test_spans_that_only_touch_do_not_overlap():
    assert not Span(0, 5).overlaps((5, 6))
    assert Span(0, 5).overlaps((4, 6))
    assert Span(0, 5).covers((0, 5))
    assert not Span(0, 5).covers((0, 6))


def test_trimming_a_blank_span_leaves_an_empty_one_inside():
    assert Span(1, 4).trim("a   b") in {Span(4, 4), Span(1, 1)}


def test_inserted_characters_have_no_source():
    made = Assembly("one two")
    made.take(0, 3)
    made.insert("\n\n")
    made.take(4, 7)
    assert made.text == "one\n\ntwo"
    assert made.alignment.source(3) is None
    assert made.alignment.locate((3, 5)) is None
    assert made.alignment.locate((0, 8)) == (0, 7)


def test_neighbouring_slices_become_one_run():
    made = Assembly("one two")
    made.take(0, 3)
    made.take(3, 7)
    assert made.alignment.runs == ((0, 0, 7),)


slices = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)).map(sorted), max_size=8)


@given(st.text(min_size=40, max_size=40), slices, st.text(max_size=3))
def test_the_text_is_the_joined_slices_and_every_character_leads_home(source, cuts, between):
    made = Assembly(source)
    for start, end in cuts:
        made.insert(between)
        taken = made.take(start, end)
        assert taken.of(made.text) == source[start:end]
    assert made.text == "".join(between + source[start:end] for start, end in cuts)
    alignment = made.alignment
    for offset, character in enumerate(made.text):
        home = alignment.source(offset)
        if home is not None:
            assert source[home] == character
            assert alignment.locate((offset, offset + 1)) == (home, home + 1)
    assert sum(run.length for run in alignment.runs) == sum(end - start for start, end in cuts)


@given(st.lists(st.integers(1, 9), min_size=1, max_size=6), st.data())
def test_locate_covers_what_its_characters_cover(lengths, data):
    runs, text_at, source_at = [], 0, 3
    for length in lengths:
        runs.append((text_at, source_at, length))
        text_at += length + 1
        source_at += length + 4
    alignment = Alignment(runs)
    start = data.draw(st.integers(0, text_at))
    end = data.draw(st.integers(start, text_at))
    homes = [home for offset in range(start, end) if (home := alignment.source(offset)) is not None]
    expected = (min(homes), max(homes) + 1) if homes else None
    assert alignment.locate((start, end)) == expected

"""Quotation marks: pairing, guards, and what random text may not break."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidings.quotes.marks import find_regions, paragraphs

TABLE = [
    ("“Yes,” she said. “No.”", ["“Yes,”", "“No.”"]),
    ('"Yes," she said. "No."', ['"Yes,"', '"No."']),
    ("„Ja“, sagte er.", ["„Ja“"]),
    ("«Oui», dit-elle.", ["«Oui»"]),
    ("``Yes,'' she said.", ["``Yes,''"]),
    # straight and curly mixed
    ('She called it "a farce” and left.', ['"a farce”']),
    ('“Fine," he said.', ['“Fine,"']),
    # a mark that nothing closes runs to the end of its line
    ("“The road is shut.\n“It opens in May.”", ["“The road is shut.", "“It opens in May.”"]),
    # inches and feet are no marks
    ('The plank is 6\'3" long and 19" wide.', []),
    ('A 40" screen showed "Welcome home".', ['"Welcome home"']),
    # single marks count only where there are no double ones
    ("‘We will not pay,’ said the tenants’ lawyer.", ["‘We will not pay,’"]),
    ("“It’s the tenants’ ‘last word’,” he said.", ["“It’s the tenants’ ‘last word’,”"]),
    ("'We will not pay,' she said.", ["'We will not pay,'"]),
    ("It's the tenants' house and it isn't ours.", []),
    ("", []),
    ("”", []),
    ("“", []),
    ("“”", []),
]


@pytest.mark.parametrize(("text", "expected"), TABLE)
def test_regions(text, expected):
    assert [region.span.of(text) for region in find_regions(text)] == expected


def test_unclosed_region_continues():
    text = "“The road is shut, she said.\n\n“It opens in May.”\n\n“Good.”"
    first, second, third = find_regions(text)
    assert (first.closed, first.continues) == (False, False)
    assert (second.closed, second.continues) == (True, True)
    assert not third.continues


@given(st.text(alphabet="ab .,\n“”\"'‘’«»„6", max_size=200))
def test_regions_are_ordered_and_inside_their_line(text):
    regions = find_regions(text)
    spans = [region.span for region in regions]
    assert all(one.end <= other.start for one, other in pairwise(spans))
    assert all(region.span.covers(region.inner) and region.inner.start < region.inner.end for region in regions)
    assert all("\n" not in span.of(text) for span in spans)


@given(st.text(max_size=200))
def test_paragraphs_hold_all_but_white_space(text):
    kept = "".join(line.of(text) for line in paragraphs(text))
    assert "".join(kept.split()) == "".join(text.split())


@pytest.mark.parametrize("noise", ["“", "”", '"', "'", "‘a ", '6" ', "“a” ", "\n“", "``", "''"])
def test_noise_takes_no_time(noise, within):
    text = noise * (100_000 // len(noise))
    with within(1):
        find_regions(text)

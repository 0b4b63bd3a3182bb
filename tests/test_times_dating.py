"""The article's own date: from what the page says, and from the text alone."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidings.facts import Block, DateCandidate, Evidence
from tidings.text import Span
from tidings.times import date_article

YEAR_END = (
    "The last week of the year brought a surprise. The two ministers met on Wednesday in Oslo. Trade grew by a tenth "
    "this year. "
    "The border was closed in March 2018. The offer stands, the speaker said Thursday, and the "
    "talks of January 9 will go ahead. "
    "A new treaty will be signed in 2019."
)


PIECES = "May 3 , 2019 on Monday will was last year the week of 31 February in".split()


def _candidate(value: str, basis: str = "metadata", score: float = 0.9) -> DateCandidate:
    return DateCandidate(value=value, basis=basis, score=score, evidence=Evidence(says=f"{basis} says {value}"))  # pyright: ignore[reportArgumentType]


def test_text_alone_names_a_day_where_the_calendar_leaves_one() -> None:
    found = date_article(YEAR_END.replace("2018", "2017"))
    assert found is not None
    assert (found.basis, found.interval[0] is not None) == ("inferred", True)
    assert {item.text for item in found.evidence} >= {"The last week of the year", "Wednesday", "this year", "2019"}
    assert all(
        item.span is not None and item.span.of(YEAR_END.replace("2018", "2017")) == item.text for item in found.evidence
    )
    assert found.value in (None, "2018-12-27")


def test_a_plain_story_gets_no_day() -> None:
    found = date_article("The minister said the plan is good. It was drawn up in 2015.")
    assert found is None or found.value is None


def test_nothing_to_go_by() -> None:
    assert date_article("The minister said the plan is good.") is None
    assert date_article("") is None


def test_fetching_bounds_the_date() -> None:
    found = date_article("The bridge fell on Tuesday, police said Wednesday.", fetched="2022-06-02T08:00:00Z")
    assert found is not None
    assert found.value == "2022-06-01"
    assert found.interval[1] is not None and found.interval[1] <= "2022-06-02"
    assert found.score < 0.8


def test_page_comes_first() -> None:
    found = date_article(YEAR_END, [_candidate("2018-12-27T10:00:00+01:00"), _candidate("2018-12-27", "url", 0.8)])
    assert found is not None
    assert (found.value, found.basis) == ("2018-12-27T10:00:00+01:00", "metadata")
    assert found.score > 0.9


def test_contradiction_lowers_the_score_and_is_told() -> None:
    agreed = date_article("It closed on 3 May 2019.", [_candidate("2019-05-04")])
    denied = date_article("It closed on 3 May 2019.", [_candidate("2018-05-04")])
    assert agreed is not None and denied is not None
    assert denied.score < agreed.score
    assert any(item.text == "3 May 2019" for item in denied.evidence)


def test_a_date_after_the_fetching_is_doubted() -> None:
    found = date_article(
        "It rained.", [_candidate("2031-01-01"), _candidate("2022-05-30", "url", 0.6)], fetched="2022-06-01"
    )
    assert found is not None
    assert found.value == "2022-05-30"


def test_furniture_dates_nothing() -> None:
    text = "It rained.\n\nCopyright 2031"
    assert (
        date_article(text, blocks=[Block(span=Span(0, 10), role="paragraph"), Block(span=Span(12, 26), role="caption")])
        is None
    )


@settings(max_examples=60, deadline=None)
@given(
    st.text(max_size=150)
    | st.lists(
        st.sampled_from("May 3 , 2019 on Monday will was last year the week of 31 February in".split()), max_size=20
    ).map(" ".join)
)
def test_any_text_can_be_asked(text: str) -> None:
    for fetched in (None, "2020-02-29"):
        found = date_article(text, fetched=fetched)
        assert found == date_article(text, fetched=fetched)
        if found is not None:
            assert 0 <= found.score <= 1
            assert all(item.span is None or item.span.end <= len(text) for item in found.evidence)


def test_a_page_full_of_dates_is_read_in_time(within) -> None:
    noise = " ".join(f"It closed on {1 + at % 28} May {1900 + at % 120}." for at in range(4500))
    with within(5):
        date_article(noise)


@pytest.mark.parametrize("fetched", [None, "2020-02-29", "0001-01-02", "9999-12-31"])
def test_edges_of_the_calendar(fetched: str | None) -> None:
    date_article("It was seen on Monday in 9999 and in 1801 and will be in 2100.", fetched=fetched)


def test_a_weekday_with_its_month_day_rules_out_most_years():
    story = "The bridge was closed on {}, July 10. The work of November 2013 had not held. This year two cranes fell."
    friday = date_article(story.format("Friday"))
    assert friday is not None
    assert {day[:4] for day in friday.interval if day} == {"2015"}
    bare = date_article(story.replace("{}, ", ""))
    assert bare is None or {day[:4] for day in bare.interval if day} != {"2015"}

"""Time expressions: sentences with the expression in brackets, and what it means."""

from __future__ import annotations

import os
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidings.text import Span
from tidings.times import find_times
from tidings.times.calendar import bounds, feast, iso_week

WEDNESDAY = "2023-08-16"

PLACED = [
    ("On [Friday] he leaves for Quito.", WEDNESDAY, "DATE", "2023-08-18"),
    ("On [Friday] he left for Quito.", WEDNESDAY, "DATE", "2023-08-11"),
    ("The envoy flies to Quito on [Friday] for talks.", WEDNESDAY, "DATE", "2023-08-18"),
    ("The envoy says four men died on [Friday].", WEDNESDAY, "DATE", "2023-08-11"),
    ("The two are meeting in Quito on [Monday].", WEDNESDAY, "DATE", "2023-08-21"),
    ("The two were meeting in Quito on [Monday].", WEDNESDAY, "DATE", "2023-08-14"),
    ("Talks start [Thursday].", WEDNESDAY, "DATE", "2023-08-17"),
    ("Talks with a shaky start [Thursday] go on.", WEDNESDAY, "DATE", "2023-08-10"),
    ("The ban takes effect on [Sunday].", WEDNESDAY, "DATE", "2023-08-20"),
    ("The ban took effect on [Sunday].", WEDNESDAY, "DATE", "2023-08-13"),
    ("She is to visit the old mill on [Friday].", WEDNESDAY, "DATE", "2023-08-18"),
    ("She is to blame for the fire on [Friday].", WEDNESDAY, "DATE", "2023-08-11"),
    ("The miners may strike on [Friday].", WEDNESDAY, "DATE", "2023-08-18"),
    ("The miners may have struck on [Friday].", WEDNESDAY, "DATE", "2023-08-11"),
    ("Ahead of [Friday]'s vote, they sang.", WEDNESDAY, "DATE", "2023-08-18"),
    ("Ahead of [Friday]'s vote, they had sung.", WEDNESDAY, "DATE", "2023-08-11"),
    ("Quarrel over.\n\nThe envoy meets miners on [Friday].\n\nMore below.", WEDNESDAY, "DATE", "2023-08-11"),
    ("The market was held [this weekend].", "2023-08-14", "DATE", "2023-W32-WE"),
    ("The market will be held [this weekend].", "2023-08-14", "DATE", "2023-W33-WE"),
    ("The market was cancelled for [this weekend].", "2023-08-17", "DATE", "2023-W33-WE"),
    ("He spoke on Monday. [Last Monday], he had been silent.", "2023-08-15", "DATE", "2023-08-07"),
    ("He spoke on Sunday. [Last Monday], he had been silent.", "2023-08-15", "DATE", "2023-08-14"),
    # the sentence, the article's date, type and value of the marked expression
    ("The ferry sank on [Monday].", WEDNESDAY, "DATE", "2023-08-14"),
    ("The ferry sank [Wednesday], police said.", WEDNESDAY, "DATE", "2023-08-16"),
    ("The court will rule on [Friday].", WEDNESDAY, "DATE", "2023-08-18"),
    ("The court ruled [this very Tuesday].", WEDNESDAY, "DATE", "2023-08-15"),
    ("They met [last Wednesday].", WEDNESDAY, "DATE", "2023-08-09"),
    ("They meet [next Wednesday].", WEDNESDAY, "DATE", "2023-08-23"),
    ("They met [last Monday].", "2023-08-15", "DATE", "2023-08-14"),
    ("They met [last Monday].", "2023-08-14", "DATE", "2023-08-07"),
    ("She was named [last February].", "2021-12-28", "DATE", "2021-02"),
    ("She was named [last February].", "2021-02-20", "DATE", "2020-02"),
    ("She will be named [next February].", "2021-02-20", "DATE", "2022-02"),
    ("He took over in May. In [February] the house voted.", "2021-12-28", "DATE", "2021-02"),
    ("The house voted in [February].", "2021-12-28", "DATE", "2021-02"),
    ("The house votes in [February].", "2021-12-28", "DATE", "2022-02"),
    ("The vote planned in [February] was put off.", "2021-12-28", "DATE", "2022-02"),
    ("He resigned [yesterday].", WEDNESDAY, "DATE", "2023-08-15"),
    ("The ship left [last night].", WEDNESDAY, "TIME", "2023-08-15TNI"),
    ("Talks go on [this afternoon].", WEDNESDAY, "TIME", "2023-08-16TAF"),
    ("The envoy arrived on [Monday evening].", WEDNESDAY, "TIME", "2023-08-14TEV"),
    ("The vote opens at [9 a.m. Friday] and will close late.", WEDNESDAY, "TIME", "2023-08-18T09:00"),
    ("Talks are set for [January 10].", "2021-12-28", "DATE", "2022-01-10"),
    ("The house burned down on [December 7].", "2022-01-03", "DATE", "2021-12-07"),
    ("It was signed on [the 3rd of May].", WEDNESDAY, "DATE", "2023-05-03"),
    ("It was signed on [3 May 1987].", None, "DATE", "1987-05-03"),
    ("It was signed on [May 3, 1987].", None, "DATE", "1987-05-03"),
    ("She took office in [August 2020].", None, "DATE", "2020-08"),
    ("Prices rose in [the 1990s].", None, "DATE", "199"),
    ("The bridge dates from [the 19th century].", None, "DATE", "18"),
    ("Exports fell [last year].", WEDNESDAY, "DATE", "2022"),
    ("Exports fell over [the past two years].", WEDNESDAY, "DURATION", "P2Y"),
    ("The strike lasted [nearly three weeks].", WEDNESDAY, "DURATION", "P3W"),
    ("The two-hour talks ended; a [four-day] visit follows.", WEDNESDAY, "DURATION", "P4D"),
    ("They have waited for [several years].", WEDNESDAY, "DURATION", "PXY"),
    ("It broke up [a month ago].", WEDNESDAY, "DATE", "2023-07"),
    ("It broke up [ten days ago].", WEDNESDAY, "DATE", "2023-08-06"),
    ("The paper appears [daily].", WEDNESDAY, "SET", "P1D"),
    ("The council meets [every Monday].", WEDNESDAY, "SET", "XXXX-WXX-1"),
    ("Profit rose in [the third quarter of 2019].", WEDNESDAY, "DATE", "2019-Q3"),
    ("The frigate sails in [the spring of 2024].", WEDNESDAY, "DATE", "2024-SP"),
    ("Shops close on [Christmas Day].", "2023-12-20", "DATE", "2023-12-25"),
    ("Families met on [Thanksgiving].", "1999-12-01", "DATE", "1999-11-25"),
    ("It was [the last week of the year].", "2021-12-30", "DATE", "2021-W52"),
    ("The ceasefire holds [this week].", "2021-01-02", "DATE", "2020-W53"),
    ("Nobody knows what happens [next month].", "2023-12-31", "DATE", "2024-01"),
    ("Rates may rise [soon].", WEDNESDAY, "DATE", "FUTURE_REF"),
    ("The [current] minister stays.", WEDNESDAY, "DATE", "PRESENT_REF"),
    ("Filed [2021-12-30] by the clerk.", None, "DATE", "2021-12-30"),
    ("Filed [30/12/2021] by the clerk.", None, "DATE", "2021-12-30"),
    ("It opens on February 28 and [29], 2024.", None, "DATE", "2024-02-29"),
    ("They sailed on Monday; they had packed [the day before].", WEDNESDAY, "DATE", "2023-08-13"),
]

NOTHING = [
    "You may go, and they may march on.",
    "He came second in the race and took a fall.",
    "The plant employs 1950 workers and 2000 farmers.",
    "A six-year-old boy was found.",
    "It costs $2015 a piece.",
    "Three-quarters of the crew left.",
    "The sun sat low and the mar was wide.",
    "On February 30 nothing can happen, nor on June 31.",
]


def _mark(sentence: str) -> tuple[str, tuple[int, int]]:
    first, last = sentence.index("["), sentence.index("]") - 1
    return sentence.replace("[", "").replace("]", ""), (first, last)


@pytest.mark.parametrize(("sentence", "published", "kind", "value"), PLACED)
def test_expression_is_placed(sentence: str, published: str | None, kind: str, value: str) -> None:
    text, bounds_ = _mark(sentence)
    span = Span(*bounds_)
    found = {timex.span: timex for timex in find_times(text, published=published)}
    assert span in found, [timex.span.of(text) for timex in found.values()]
    assert (found[span].type, found[span].value) == (kind, value)


@pytest.mark.parametrize("sentence", NOTHING)
def test_what_is_no_day_is_left_alone(sentence: str) -> None:
    found = find_times(sentence, published=WEDNESDAY)
    assert [
        timex
        for timex in found
        if len(timex.value or "") >= 4
        and (timex.value or "")[0].isdigit()
        and timex.value not in ("2023-02", "2023-06")
    ] == []


def test_lists_carry_their_month() -> None:
    text = "Consultations follow on January 10, 11 and 12 and from 3 to 5 March."
    assert [timex.value for timex in find_times(text, published="2021-12-30")] == [
        "2022-01-10", "2022-01-11", "2022-01-12", "2022-03-03", "2022-03-05",
    ]  # fmt: skip


def test_a_count_after_a_date_is_no_day() -> None:
    found = find_times("On January 10 and 12 people were hurt.", published="2022-01-13")
    assert [timex.value for timex in found] == ["2022-01-10"]


def test_numeric_dates_need_proof_of_their_order() -> None:
    assert find_times("Due 04/05/2021.") == []
    assert [timex.value for timex in find_times("From 04/05/2021 to 25/05/2021.")] == ["2021-05-04", "2021-05-25"]


def test_without_a_date_nothing_leans_on_today() -> None:
    found = find_times("He left yesterday, on Monday, last year and in May 2020.")
    assert [timex.value for timex in found] == [None, None, None, "2020-05"]
    assert all(timex.why for timex in found if timex.value is None)


def test_an_interval_settles_what_it_determines() -> None:
    found = find_times("It rose this year and fell on Monday.", interval=("2021-12-27", "2021-12-30"))
    assert [timex.value for timex in found] == ["2021", "2021-12-27"]
    found = find_times("It rose this year.", interval=("2021-12-27", "2022-01-03"))
    assert found[0].value is None


def test_story_leans_on_the_date_before() -> None:
    text = "\n".join(f"In May {year} it began. In June it grew." for year in range(1801, 1811))
    values = [timex.value for timex in find_times(text, published="2010-01-01")]
    assert values[:4] == ["1801-05", "1801-06", "1802-05", "1802-06"]


def test_news_that_looks_back_is_no_history() -> None:
    text = " ".join(f"A pact was signed in {year}." for year in range(1972, 1992))
    text += " Envoys met last Monday. In February the house voted, and it did so last May and two years ago."
    found = find_times(text, published="2021-04-27")
    assert [timex.value for timex in found[20:]] == ["2021-04-26", "2021-02", "2020-05", "2019"]


def test_a_history_speaks_of_its_writer_in_passing() -> None:
    text = " ".join(f"In May {year} a fort fell. In June it was built anew." for year in range(1801, 1821))
    text += " The site reopened last Monday. In July 1821 peace was signed; in August it was broken."
    found = find_times(text, published="2021-04-27")
    assert [timex.value for timex in found[38:]] == ["1820-05", "1820-06", "2021-04-26", "1821-07", "1821-08"]
    assert [timex.value for timex in find_times(text)[40:]] == [None, "1821-07", "1821-08"]


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        ("2021-W52", "2021-12-27", "2022-01-02"),
        ("2020-W53", "2020-12-28", "2021-01-03"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2021-WI", "2021-12-01", "2022-02-28"),
        ("2021-Q4", "2021-10-01", "2021-12-31"),
        ("19", "1900-01-01", "1999-12-31"),
    ],
)
def test_bounds(value: str, first: str, last: str) -> None:
    assert bounds(value) == (first, last)


@pytest.mark.parametrize("value", ["2021-W53", "2021-02-30", "PAST_REF", "P2W", "XXXX-WXX-1", "2021-13", ""])
def test_no_bounds(value: str) -> None:
    assert bounds(value) is None


def test_feasts() -> None:
    assert str(feast("E+0", 2021)) == "2021-04-04"
    assert str(feast("05-1--1", 2022)) == "2022-05-30"


EDGES = [None, "2021-12-30", "0001-01-01", "9999-12-31", "x"]
PIECES = st.sampled_from(
    "the last next this of in May March 10 11 2021 31 and , . - Monday week years two ago day before quarter morning 5 "
    "p.m. 30/12/2021 every late mid Christmas \n\n ' s second first BC 1990s '68 until".split(" ")
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(PIECES, max_size=25).map(" ".join) | st.text(max_size=200),
    st.sampled_from([None, "2021-12-30", "0001-01-01", "9999-12-31", "x"]),
)
def test_any_text_is_read(text: str, published: str | None) -> None:
    found = find_times(text, published=published)
    assert found == find_times(text, published=published)
    before = 0
    for timex in found:
        assert before <= timex.span.start < timex.span.end <= len(text)
        before = timex.span.end
        assert (timex.begin is None) == (timex.end is None)
        assert timex.begin is None or (timex.end is not None and timex.begin <= timex.end)
        assert timex.value is not None or timex.why


@pytest.mark.parametrize(
    "piece",
    ["9", "a ", "the last ", "May ", "10, ", "two-", "1990-", "in the ", "\n", "'", "10:", "twenty ", "N", "31/"],
)
def test_noise_takes_linear_time(piece: str, within) -> None:
    noise = piece * (100_000 // len(piece))
    with within(5):
        find_times(noise, published=WEDNESDAY)


def test_iso_week_at_the_end_of_the_year() -> None:
    from datetime import date

    assert [iso_week(date(2021, 12, 31)), iso_week(date(2022, 1, 2)), iso_week(date(2018, 12, 31))] == [
        "2021-W52",
        "2021-W52",
        "2019-W01",
    ]


@pytest.mark.skipif(not os.environ.get("TIDINGS_DATA"), reason="TIDINGS_DATA names no development data")
def test_development_data_keeps_its_level() -> None:
    from tidings.score.time import score_seed

    scores = {score.name: score.value for score in score_seed()}
    assert scores.get("seed_date", 1) == 1
    assert re.match(r"\d", str(scores.get("seed_values", 0)))

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidings import dyads
from tidings.errors import UsageError

ACTS = [
    ("2018-01-03", "RUS", "BLR", "040"),
    ("2018-01-20", "BLR", "RUS", "057"),
    ("2018-01-21", "RUS", "BLR", "112"),
    ("2018-03-01", "RUS", "BLR", "061"),
    ("2018-03-01", "RUS", "USA", "190"),
    ("2018-03-02", "RUS", "BLR", "---"),
]


def test_both_directions_count_and_empty_periods_are_left_out():
    january, march = dyads.series(ACTS, "BLR", "RUS")
    assert (january.period, january.n, january.cooperation, january.conflict) == ("2018-01", 3, 2, 1)
    assert (march.period, march.n, march.conflict) == ("2018-03", 1, 0)
    assert dyads.series(ACTS, "RUS", "BLR") == dyads.series(ACTS, "BLR", "RUS")


def test_the_share_is_shrunk_to_the_pair_s_own_rate():
    january, march = dyads.series(ACTS, "RUS", "BLR")
    base = 3 / 4
    assert january.share == pytest.approx(2 * (2 + 10 * base) / 13 - 1, abs=1e-4)
    assert march.share == pytest.approx(2 * (1 + 10 * base) / 11 - 1, abs=1e-4)
    assert january.low < january.share < january.high


def test_intensity_is_the_sum_of_the_scale():
    january, _ = dyads.series(ACTS, "RUS", "BLR")
    known = [dyads.goldstein(code) for code in ("040", "057", "112")]
    assert january.intensity == pytest.approx(sum(value for value in known if value is not None))


def test_a_longer_code_takes_the_value_of_its_longest_known_prefix():
    assert dyads.goldstein("0409") == dyads.goldstein("040")
    assert dyads.goldstein("") is None


@pytest.mark.parametrize(
    ("by", "periods"),
    [("day", 4), ("week", 3), ("month", 2), ("quarter", 1), ("year", 1)],
)
def test_grains(by, periods):
    assert len(dyads.series(ACTS, "RUS", "BLR", by=by)) == periods


def test_weeks_are_iso_weeks():
    (point,) = dyads.series([("2018-12-31", "A", "B", "04")], "A", "B", by="week")
    assert point.period == "2019-W01"


def test_one_sided_pairs_have_no_doubt_left():
    points = dyads.series([("2018-01-01", "A", "B", "19")] * 3, "A", "B")
    assert [(point.share, point.low, point.high) for point in points] == [(-1.0, -1.0, -1.0)]


@pytest.mark.parametrize(("by", "day"), [("fortnight", "2018-01-01"), ("month", "soon")])
def test_what_makes_no_sense_is_refused(by, day):
    with pytest.raises(UsageError):
        dyads.series([(day, "A", "B", "04")], "A", "B", by=by)


def test_nothing_in_nothing_out():
    assert dyads.series([], "A", "B") == []


@given(st.floats(0.2, 300), st.floats(0.2, 300), st.floats(0.01, 0.99))
def test_quantiles_mirror(alpha, beta, share):
    assert dyads.beta_quantile(alpha, beta, share) == pytest.approx(
        1 - dyads.beta_quantile(beta, alpha, 1 - share), abs=1e-8
    )


@pytest.mark.parametrize("share", [0.05, 0.5, 0.95])
def test_quantiles_where_they_are_known_in_closed_form(share):
    assert dyads.beta_quantile(1, 1, share) == pytest.approx(share)
    assert dyads.beta_quantile(3, 1, share) == pytest.approx(share ** (1 / 3))
    assert dyads.beta_quantile(1, 4, share) == pytest.approx(1 - math.pow(1 - share, 1 / 4))

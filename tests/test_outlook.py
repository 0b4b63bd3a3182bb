from __future__ import annotations

import math
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidings.errors import UsageError
from tidings.outlook import Forecaster
from tidings.outlook.calibration import Calibration
from tidings.outlook.ledger import Ledger


def season(seed: int = 7, days: int = 60) -> list[tuple[str, str, str, str]]:
    """A small made-up world: Alda and Borin consult every few days; Cresk accuses Dorn; noise among twelve others."""
    chance = random.Random(seed)
    others = [f"Town {number}" for number in range(12)]
    facts = []
    for day in range(1, days + 1):
        when = f"2015-{1 + (day - 1) // 28:02d}-{1 + (day - 1) % 28:02d}"
        if day % 2:
            facts.append((when, "Alda", "consults", "Borin"))
        if day % 3 == 0:
            facts.append((when, "Cresk", "accuses", "Dorn"))
            facts.append((when, "Dorn", "rejects", "Cresk"))
        for _ in range(4):
            facts.append((when, chance.choice(others), "meets", chance.choice(others)))
    return facts


@pytest.fixture(scope="module")
def forecaster() -> Forecaster:
    made = Forecaster()
    facts = season()
    made.fit(facts[:-40], facts[-40:])
    return made


def test_what_went_on_is_expected_to_go_on(forecaster):
    asked = [("Alda", "consults", None), (None, "consults", "Borin"), ("Cresk", "accuses", None)]
    best = [answers[0][0] for answers in forecaster.rank("2015-03-10", asked)]
    assert best == ["Borin", "Alda", "Dorn"]


def test_one_relation_foretells_another():
    # Every accusation is answered by a rejection; a new pair's accusation should point at the accuser.
    made = Forecaster()
    made.fit(season())
    made.add([("2015-03-10", "Town 3", "accuses", "Town 5")])
    answers = dict(made.rank("2015-03-11", [("Town 5", "rejects", None)])[0])
    others = [probability for name, probability in answers.items() if name.startswith("Town") and name != "Town 3"]
    assert answers["Town 3"] > max(others)


def test_probabilities_are_probabilities(forecaster):
    (answers,) = forecaster.rank("2015-03-10", [("Alda", "consults", None)], k=1_000)
    # One answer comes true each time, and the curve is fitted to how often each did.
    assert math.isclose(sum(probability for _, probability in answers), 1.0, rel_tol=0.05)
    assert [probability for _, probability in answers] == sorted((p for _, p in answers), reverse=True)
    assert len({name for name, _ in answers}) == len(answers)


def test_far_days_are_calibrated_by_looking_ahead_from_far_back():
    # What was done every day stops being done on one day in two: the further ahead, the longer it has been known.
    facts = [
        (f"2015-{month:02d}-{day:02d}", "Alda", "consults", "Borin" if (month < 3 or day % 2) else "Cresk")
        for month in (1, 2, 3, 4)
        for day in range(1, 29)
    ]
    made = Forecaster()
    made.fit(facts[:-28], facts[-28:])
    for day in ("2015-05-01", "2015-05-28"):
        chances = dict(made.rank(day, [("Alda", "consults", None)])[0])
        assert chances["Borin"] == pytest.approx(0.5, abs=0.2)


def test_k_cuts_the_list(forecaster):
    long, short = (forecaster.rank("2015-03-10", [("Alda", "consults", None)], k=k)[0] for k in (10, 3))
    assert short == long[:3]


def test_names_and_relations_never_heard_of_are_answered_by_what_is_common(forecaster):
    answers = forecaster.rank("2015-03-10", [("Nobody", "consults", None), ("Alda", "juggles", None)])
    assert all(len(ranked) > 0 for ranked in answers)


def test_new_names_can_be_told_later():
    made = Forecaster()
    made.fit(season())
    made.add([("2015-03-09", "Alda", "consults", "Elm"), ("2015-03-10", "Alda", "consults", "Elm")])
    names = [name for name, _ in made.rank("2015-03-11", [("Alda", "consults", None)])[0]]
    assert "Elm" in names[:3]


def test_the_same_facts_give_the_same_forecast(forecaster):
    again = Forecaster()
    facts = season()
    again.fit(facts[:-40], facts[-40:])
    asked = [("Alda", "consults", None), ("Town 1", "meets", None)]
    assert again.rank("2015-03-10", asked) == forecaster.rank("2015-03-10", asked)


@pytest.mark.parametrize("question", [("Alda", "consults", "Borin"), (None, "consults", None), ("Alda", None, None)])
def test_a_question_leaves_one_side_open(forecaster, question):
    with pytest.raises(UsageError, match="a question is"):
        forecaster.rank("2015-03-10", [question])


def test_no_facts_and_bad_dates_are_refused(forecaster):
    with pytest.raises(UsageError):
        Forecaster().fit([])
    with pytest.raises(UsageError, match="ISO days"):
        forecaster.rank("soon", [])


def column(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int64)


def test_counts_fade_and_late_news_comes_in_faded():
    ledger = Ledger()
    ledger.grow(3, 2)
    ledger.add(10, column(0), column(0), column(1))
    ledger.move_to(12)
    edges = ledger.edges_of(0)
    assert edges is not None
    assert edges.counts[0] == pytest.approx([math.exp(-1), math.exp(-0.1), 1.0])
    ledger.add(10, column(0), column(0), column(2))
    edges = ledger.edges_of(0)
    assert edges is not None
    assert edges.counts[0] == pytest.approx(edges.counts[1])
    assert ledger.now == 12


def test_edges_stand_in_order_whatever_the_order_of_the_news():
    one, other = Ledger(), Ledger()
    for ledger, order in ((one, [0, 1, 2]), (other, [2, 0, 1])):
        ledger.grow(4, 2)
        for at in order:
            ledger.add(1, column(0), column(at % 2), column(at + 1))
    for ledger in (one, other):
        edges = ledger.edges_of(0)
        assert edges is not None
        assert edges.objects.tolist() == [1, 2, 3]
    assert one.edges_of(3) is None


def test_asking_far_ahead_changes_nothing_that_is_asked_after(forecaster):
    asked = [("Alda", "consults", None), (None, "accuses", "Dorn")]
    before = forecaster.rank("2015-03-10", asked)
    far = forecaster.rank("2015-05-10", asked)
    assert forecaster.rank("2015-03-10", asked) == before
    assert [answers[0][0] for answers in far] == ["Borin", "Cresk"]


@settings(max_examples=15, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=2, max_size=30), st.floats(0, 1))
def test_calibration_keeps_the_order(shares, away):
    calibration = Calibration()
    chance = np.random.default_rng(4)
    for _ in range(300):
        told = chance.dirichlet(np.full(6, 0.3)).astype(np.float32)
        calibration.note(told, np.flatnonzero(chance.random(6) < told * 1.4), float(chance.random()))
    calibration.settle()
    ranked = np.sort(np.array(shares))
    assert (np.diff(calibration.chances(ranked, away)) >= 0).all()

"""What an outlook says of a small made-up world: three letters for countries that are none."""

from __future__ import annotations

import math
import random
import re
import shutil
from datetime import date, timedelta
from pathlib import Path

import msgspec
import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

import tidings
from tidings.cli import group
from tidings.dyads.blocs import Membership
from tidings.dyads.parties import Party
from tidings.errors import UsageError
from tidings.events.ontology import QUADS
from tidings.outlook import Outlook, outlook
from tidings.outlook.chances import Model, frame, memories_of, ways_of
from tidings.outlook.past import KINDS, acts_of, partners_of
from tidings.outlook.scenarios import came_first, chains, seconds, states
from tidings.outlook.track import calibration_error
from tidings.outlook.volumes import COUNTED, Numbers, came_of, counts_of, learn, numbers
from tidings.store import open_store

FIRST = date(2019, 1, 1)
DAYS = 200
NAMES = ("AAX", "BBX", "CCX", "DDX", "EEX")
Told = tuple[int, str, str, str]


def world(seed: int = 3) -> list[Told]:
    """Every pair consults now and then; flurries of threats come and go, and are answered by sanctions."""
    chance = random.Random(seed)
    acts: list[Told] = []
    for one in NAMES:
        for other in NAMES:
            if one == other:
                continue
            hot = 0
            for day in range(DAYS):
                hot = max(hot - 1, 0) if chance.random() > 0.012 else 12
                if chance.random() < 0.06:
                    acts.append((day, one, "CONSULT", other))
                if hot and chance.random() < 0.4:
                    acts.append((day, one, "THREATEN", other))
                    if day + 3 < DAYS and chance.random() < 0.6:
                        acts.append((day + 3, other, "SANCTION", one))
    return sorted(acts)


def keep(path: Path, acts: list[Told]) -> Path:
    with open_store(path, create=True) as store, store.change() as connection:
        connection.execute("INSERT INTO datasets VALUES (2, 'made-up', 'icews')")
        for number, name in enumerate(NAMES, 1):
            connection.execute(
                "INSERT INTO parties VALUES (?, ?, ?, 'country', ?, NULL, NULL)", (number, name, name, name)
            )
        for at, (day, one, kind, other) in enumerate(acts):
            connection.execute(
                "INSERT INTO acts (dataset, id, day, dated, source, target, source_country, target_country, type, quad,"
                " intensity, tellings) VALUES (2, ?, ?, 'stated', ?, ?, ?, ?, ?, ?, 0, 1)",
                (
                    f"row{at}",
                    (FIRST + timedelta(day)).isoformat(),
                    1 + NAMES.index(one),
                    1 + NAMES.index(other),
                    one,
                    other,
                    kind,
                    QUADS[kind],
                ),
            )
    return path


@pytest.fixture(scope="module")
def path(tmp_path_factory) -> Path:
    return keep(tmp_path_factory.mktemp("outlook") / "world.db", world())


@pytest.fixture(scope="module")
def found(path) -> Outlook:
    with open_store(path) as store:
        return outlook(store, "AAX", "BBX", days=7)


def test_it_stands_on_the_day_after_the_last_act(found):
    last = FIRST + timedelta(world()[-1][0])
    assert (found.on, found.until) == ((last + timedelta(1)).isoformat(), (last + timedelta(7)).isoformat())
    assert found.why is None


def test_every_line_names_a_past_act(found):
    assert len(found.expected) == 3 * len(KINDS)
    for line in found.expected:
        deeds = [deed for reason in line.reasons for deed in reason.acts]
        assert deeds
        assert all(deed.day < found.on and deed.dataset == "made-up" and deed.id.startswith("row") for deed in deeds)


def test_base_and_reasons_and_rest_add_up_to_the_chance(found):
    for line in found.expected:
        odds = line.base + sum(reason.weight for reason in line.reasons) + line.rest
        assert 1 / (1 + math.exp(-odds)) == pytest.approx(line.chance, abs=2e-3)


def test_forecasts_beat_climatology_in_a_world_of_flurries(found):
    pair, pool = found.track
    assert pair.over == "AAX - BBX"
    assert pool.skill_climatology > 0
    assert pool.calibration_error < 0.05
    assert pool.log_score < pool.log_climatology


def test_threats_raise_the_chance_of_a_sanction(tmp_path):
    def chance(acts: list[Told]) -> float:
        place = keep(tmp_path / f"{len(acts)}.db", acts)
        with open_store(place) as store:
            said = outlook(store, "AAX", "BBX", days=7, on="2019-07-20")
        return next(line.chance for line in said.expected if line.kind == "SANCTION" and line.way == "back")

    acts = [act for act in world() if act[0] < DAYS - 25 or {act[1], act[3]} != {"AAX", "BBX"}]
    threats = [(DAYS - day, "AAX", "THREATEN", "BBX") for day in (1, 1, 2)]
    assert chance(acts + threats) > chance(acts) + 0.1


def test_what_comes_after_the_day_is_not_known(path, tmp_path):
    day = 150
    earlier = keep(tmp_path / "earlier.db", [act for act in world() if act[0] < day])
    on = (FIRST + timedelta(day)).isoformat()
    with open_store(path) as store, open_store(earlier) as other:
        one, two = (outlook(kept, "AAX", "BBX", days=7, on=on) for kept in (store, other))
    assert msgspec.json.encode(one) == msgspec.json.encode(two)


def test_only_the_datasets_named_are_counted(path, found, tmp_path):
    double = tmp_path / "double.db"
    shutil.copy(path, double)
    with open_store(double) as store:
        with store.change() as connection:
            connection.execute("INSERT INTO datasets VALUES (3, 'copied', 'icews')")
            columns = "day, dated, source, target, source_country, target_country, type, quad, intensity, tellings, id"
            connection.execute(f"INSERT INTO acts (dataset, {columns}) SELECT 3, {columns} FROM acts WHERE dataset = 2")
        both = outlook(store, "AAX", "BBX", days=7)
        assert both.acts == 2 * found.acts
        assert both.datasets == ["made-up", "copied"]
        one = outlook(store, "AAX", "BBX", days=7, datasets=["made-up"])
        assert msgspec.json.encode(one) == msgspec.json.encode(found)
        with pytest.raises(UsageError, match="no dataset"):
            outlook(store, "AAX", "BBX", datasets=["gdelt"])
        own = outlook(store, "AAX", "BBX", datasets=["pages"])
        assert own.why == "the store holds no acts of pages"


def test_a_day_at_the_end_of_the_calendar_is_refused(path):
    with open_store(path) as store, pytest.raises(UsageError, match="calendar"):
        outlook(store, "AAX", "BBX", on="9999-12-31")


def test_the_same_store_gives_the_same_outlook(path, found):
    with open_store(path) as store:
        assert msgspec.json.encode(outlook(store, "AAX", "BBX", days=7)) == msgspec.json.encode(found)


def test_one_party_is_looked_at_against_all_others(path):
    with open_store(path) as store:
        said = outlook(store, "AAX", days=3)
    assert said.b is None
    assert {line.target for line in said.expected if line.way == "forth"} == {"anyone"}
    assert [past.over for past in said.track] == ["AAX", "5 actors of the store", "10 pairs of the store"]
    assert not said.scenarios
    assert {partner.key for partner in said.partners} == {"BBX", "CCX", "DDX", "EEX"}
    expected = [partner.volume.expected for partner in said.partners]
    assert expected == sorted(expected, reverse=True)
    for partner in said.partners:
        assert all(partner.name in (line.source, line.target) for line in partner.expected)
        assert all(reason.acts for line in partner.expected for reason in line.reasons)


def test_the_partners_of_a_party_are_parties_and_those_of_a_country_countries(path):
    with open_store(path) as store:
        party = Party(kind="party", key="AAX", name="AAX", numbers=(1,))
        named = partners_of(store, party, since="2019-01-01", before="2019-12-31", most=2)
        country = Party(kind="country", key="AAX", name="AAX", country="AAX")
        whole = partners_of(store, country, since="2019-01-01", before="2019-12-31", most=9)
    assert [(one.kind, one.numbers == (1,)) for one in named] == [("party", False)] * 2
    assert {one.key for one in whole} == set(NAMES) - {"AAX"}
    assert all(one.kind == "country" for one in whole)


def test_a_bloc_acts_through_its_members_on_the_days_of_their_membership(path):
    joined = (FIRST + timedelta(100)).isoformat()
    members = (Membership("BBX", "1999-01-01", "9999-12-31"), Membership("CCX", joined, "9999-12-31"))
    bloc = Party(kind="bloc", key="ABX:members", name="A Bloc", numbers=(), members=members)
    asked = Party(kind="country", key="AAX", name="AAX", country="AAX")
    with open_store(path) as store:
        acts = acts_of(store, bloc, asked, before="2019-12-31")
        others = partners_of(store, bloc, since="2019-01-01", before="2019-12-31", most=9)
        expected = outlook(store, "AAX", "BBX", days=7).acts
    told = [
        (day, one == "AAX")
        for day, one, _, other in world()
        if {one, other} == {"AAX", "BBX"} or ({one, other} == {"AAX", "CCX"} and day >= 100)
    ]
    assert sorted((act.day - FIRST.toordinal(), act.back == 1) for act in acts) == sorted(told)
    assert len(acts) > expected
    assert {one.key for one in others} == {"AAX", "DDX", "EEX"}


def test_a_partner_is_told_as_when_both_are_asked(path, found):
    with open_store(path) as store:
        (partner,) = (one for one in outlook(store, "AAX", days=7).partners if one.key == "BBX")
    assert partner.volume.expected == pytest.approx(found.volumes[-len(COUNTED)].expected, rel=0.2)
    chances = {(line.way, line.kind): line.chance for line in found.expected}
    for line in partner.expected:
        assert line.chance == pytest.approx(chances[line.way, line.kind], abs=0.1)


def test_numbers_of_acts_come_with_a_range_and_an_act(found):
    assert [(volume.way, volume.kind) for volume in found.volumes] == [
        (way, kind) for way in ("forth", "back", "between") for kind in COUNTED
    ]
    for volume in found.volumes:
        assert volume.low <= volume.expected <= volume.high + 1
        assert volume.because.acts
        if volume.usual > 1:
            assert volume.because.weight == pytest.approx(math.log(volume.expected / volume.usual), abs=0.02)
    pair, pool = (past.volumes for past in found.track)
    assert pair is not None
    assert pool is not None
    assert pool.inside == pytest.approx(pool.said, abs=0.05)
    assert pool.log_score < pool.log_poisson


def test_scenarios_are_tried_out_on_the_past(found):
    pair, pool = (past.firsts for past in found.track)
    assert pair is not None
    assert pool is not None
    assert pair.forecasts == found.track[0].windows
    assert pool.forecasts > pair.forecasts
    assert pool.skill > 0
    assert pool.calibration_error < 0.05
    assert 0 < pair.seconds <= pair.forecasts
    assert pair.seconds < pool.seconds <= pool.forecasts
    assert pool.second_log_score is not None
    assert pool.second_log_usual is not None
    assert pool.second_log_score < pool.second_log_usual


def test_what_came_first_is_shared_by_those_of_one_day():
    own = np.zeros((1, 10, len(KINDS)), np.float32)
    own[0, 5, [0, 2]] = 1
    own[0, 7, 3] = 1
    own[0, 4, 1] = 1
    sure = np.zeros((1, 2, len(KINDS)))
    sure[..., 1] = 0.99
    came = came_first(own, [3, 8], 4, sure)
    assert came[0, 0, [0, 1, 2, 3, -1]].tolist() == [0.5, 0, 0.5, 0, 0]
    assert came[0, 1, -1] == 1


def test_what_came_second_is_scored_where_one_kind_came_first():
    chance = np.random.default_rng(5)
    counts = np.zeros((4, 2, 140, len(KINDS)), np.uint16)
    counts[:, 0, :126, 0] = chance.random((4, 126)) < 0.08
    counts[:, 0, 2:128, 5] = counts[:, 0, :126, 0]  # two days later, always
    _, (own, other) = ways_of(counts)
    stands = [*range(14, 126, 3), 128]
    known = frame(own, other, stands, 7)
    model = Model(known.at(slice(0, -1)))
    last = known.at(slice(-1, None))
    own[:, 128:] = 0
    own[:3, 130, 0] = 1
    own[1, 130, 3] = 1  # two on one day: neither is the first
    own[0, 132, 5] = own[2, 134, 8] = 1
    told, usual = np.moveaxis(seconds(model, last, own, stands[-1:], 7)[:, 0], -1, 0)
    assert np.isnan(told).tolist() == np.isnan(usual).tolist() == [False, True, False, True]
    # By the usual chances: four of seven days are left after the first, which is out of the question now.
    rates = -np.log1p(-states(last.aligned).rates[0, 0, : len(KINDS) - 4].astype(float)) * 4 / 7
    rates[0] = 0
    assert usual[0] == pytest.approx(-math.log(rates[5] / rates.sum() * (1 - math.exp(-rates.sum()))), abs=1e-4)
    assert 0 < told[0] < told[2]


@settings(max_examples=25, deadline=None)
@given(st.floats(0.01, 500), st.floats(0.3, 60), st.floats(0.02, 0.98))
def test_a_quantile_is_the_least_number_that_is_sure_enough(mean, shape, chance):
    told = Numbers(np.array([mean]), np.array([shape]))
    number = told.quantile(chance)
    assert told.below(number) >= chance > told.below(number - 1)
    # The chances of the numbers add up to the chance of so many or fewer.
    counts = np.arange(number[0] + 1, dtype=float)
    each = np.exp(Numbers(np.full(len(counts), mean), np.full(len(counts), shape)).log_of(counts))
    assert each.sum() == pytest.approx(told.below(number)[0], abs=1e-6)


def test_steady_pairs_get_narrow_ranges_and_fitful_ones_wide():
    chance = np.random.default_rng(2)
    own = np.zeros((40, 300, len(KINDS)), np.float32)
    own[:20, :, -1] = chance.poisson(2.0, (20, 300))
    fitful = chance.gamma(0.4, 5.0, (20, 30))
    own[20:, :, -1] = chance.poisson(np.repeat(fitful, 10, axis=1))
    stands = list(range(60, 290, 3))
    known, came = counts_of(own, stands), came_of(own, stands, 10)
    told = numbers(known, learn(known, came, 10), 10)
    width = told.quantile(0.9) - told.quantile(0.1)
    assert width[20:, :, 0].mean() > 2 * width[:20, :, 0].mean()
    inside = (came >= told.quantile(0.1)) & (came <= told.quantile(0.9))
    assert 0.75 < inside[..., 0].mean() < 0.95


def test_too_few_acts_give_no_numbers(path, tmp_path):
    thin = keep(tmp_path / "thin.db", world()[:30])
    with open_store(thin) as store:
        said = outlook(store, "AAX", "BBX")
    assert said.why is not None
    assert "an outlook needs" in said.why
    assert not (said.expected or said.volumes or said.track or said.scenarios)
    with open_store(path) as store:
        long = outlook(store, "AAX", "BBX", days=90)
    assert long.why is not None
    assert "go back" in long.why


def test_an_empty_store_says_so(tmp_path):
    with open_store(tmp_path / "empty.db", create=True) as store:
        said = outlook(store, "RUS", "BLR")
    assert said.why == "the store holds no acts yet"
    assert said.on is None


def test_what_makes_no_sense_is_refused(path):
    with open_store(path) as store:
        with pytest.raises(UsageError):
            outlook(store, "Nobody at all")
        with pytest.raises(UsageError, match="366 days"):
            outlook(store, "AAX", "BBX", days=0)
        with pytest.raises(UsageError, match="ISO day"):
            outlook(store, "AAX", "BBX", on="soon")


def test_scenarios_are_chains_with_a_sign_that_tells_them_apart(found):
    assert found.scenarios
    orders = [tuple(step.kind for step in scenario.steps) for scenario in found.scenarios]
    assert len({frozenset(order) for order in orders}) == len(orders)
    assert [scenario.chance for scenario in found.scenarios] == sorted(
        (s.chance for s in found.scenarios), reverse=True
    )
    assert sum(scenario.chance for scenario in found.scenarios) <= 1
    for scenario, order in zip(found.scenarios, orders, strict=True):
        assert 2 <= len(order) <= 3
        assert scenario.sign in scenario.steps
        size = 1 + order.index(scenario.sign.kind)
        assert all(other[:size] != order[:size] for other in orders if other != order) or size == len(order)


def test_all_orders_together_are_no_surer_than_sure():
    counts = np.random.default_rng(1).poisson(0.03, (20, 2, 120, len(KINDS))).astype(np.uint16)
    counts[..., 4:] = 0
    _, (own, other) = ways_of(counts)
    known = frame(own, other, [*range(20, 110, 3), 120], 7)
    model = Model(known.at(slice(0, -1)))
    state = states(known.aligned[0, -1])
    assert np.allclose(state.memories, memories_of(own, [120])[:, 0, 0], rtol=1e-4)
    found = chains(model, state, 7, [])
    assert found
    for chain in found:
        assert 0 < chain.chance < min(chain.shares)


def test_what_is_scheduled_is_told_by_what_was_known_then(tmp_path):
    text = "Iran will meet France in Geneva on 4 June 2020."
    with open_store(tmp_path / "news.db", create=True) as store:
        store.add(tidings.read(text, media="article", published="2020-05-28"))
        store.add(tidings.read(f"{text} Envoys have left.", media="article", published="2020-06-02"))
        for on, told in (("2020-05-28", []), ("2020-06-01", [1]), ("2020-06-03", [2])):
            planned = outlook(store, "IRN", on=on).scheduled
            assert [len(one.tellings) for one in planned] == told
            assert [one.independent for one in planned] == told


def test_scheduled_events_name_a_party_and_their_words(tmp_path):
    text = "Iran will meet France in Geneva on 4 June 2020."
    with open_store(tmp_path / "news.db", create=True) as store:
        store.add(tidings.read(text, media="article", published="2020-05-28"))
        (planned,) = outlook(store, "IRN", "USA", on="2020-06-01").scheduled
        assert planned.day == "2020-06-04"
        assert planned.tellings[0].span.of(text) == planned.tellings[0].words
        # Nobody had said so yet; it is too far off; it is not about them.
        assert not outlook(store, "IRN", on="2020-05-27").scheduled
        assert not outlook(store, "IRN", on="2020-06-01", days=3).scheduled
        assert not outlook(store, "RUS", "BLR", on="2020-06-01").scheduled


def test_the_command_prints_a_table_and_lines(path, found):
    runner = CliRunner()
    asked = [str(path), "AAX", "BBX", "--days", "7"]
    table = runner.invoke(group, ["outlook", *asked, "--format", "table", "--explain"], env={"COLUMNS": "200"})
    assert table.exit_code == 0
    assert "what may come first" in table.output
    assert re.search(r"\[\d+\] 2019-\d\d-\d\d \w+ \w+ \w+ \(made-up row\d+\)", table.output)
    lines = runner.invoke(group, ["outlook", *asked])
    assert msgspec.json.decode(lines.output, type=Outlook) == found


def test_the_command_says_when_there_is_not_enough(tmp_path):
    thin = keep(tmp_path / "thin.db", world()[:30])
    said = CliRunner().invoke(group, ["outlook", str(thin), "AAX", "BBX", "--format", "table"])
    assert said.exit_code == 1
    assert "not enough data" in said.output


def test_calibration_error_is_the_gap_between_chance_and_share():
    told = np.array([0.1] * 10 + [0.9] * 10)
    assert calibration_error(told, np.array([1.0] + [0.0] * 9 + [1.0] * 9 + [0.0])) == pytest.approx(0)
    assert calibration_error(told, np.zeros(20)) == pytest.approx(0.5)

from __future__ import annotations

import csv
import itertools
import json
import math
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

import tidings
from tidings import data, dyads
from tidings.cli import group
from tidings.dyads.blocs import Membership, blocs, eras, members_on
from tidings.dyads.changes import find_changes
from tidings.dyads.plot import draw
from tidings.errors import UsageError
from tidings.events.ontology import cameo_type
from tidings.score.dyads import made_up
from tidings.store import open_store

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


# ---- in a store ----------------------------------------------------------------------------------------------------


MONDAY = date(2021, 1, 4)


class World:
    """A store to which acts are added by hand."""

    def __init__(self, store):
        self.store = store
        self.parties = {}
        self.number = 0

    def dataset(self, number, name):
        with self.store.change() as connection:
            connection.execute("INSERT INTO datasets VALUES (?, ?, 'icews')", (number, name))

    def party(self, key, name=None, country=None, type=None):
        number = self.parties[key] = len(self.parties) + 1
        with self.store.change() as connection:
            connection.execute(
                "INSERT INTO parties (number, key, name, country, type) VALUES (?, ?, ?, ?, ?)",
                (number, key, name or key, country, type),
            )

    def acts(self, rows, dataset=1):
        """Add rows of (day, source, target, cameo[, story])."""
        country = dict(self.store.query("SELECT key, country FROM parties"))
        with self.store.change() as connection:
            for day, source, target, cameo, *story in rows:
                self.number += 1
                root = int(cameo[:2])
                connection.execute(
                    "INSERT INTO acts (number, dataset, id, day, dated, source, target, source_country, target_country,"
                    " type, cameo, quad, intensity, tellings, story)"
                    " VALUES (?, ?, ?, ?, 'stated', ?, ?, ?, ?, ?, ?, ?, ?, 1, ?)",
                    (
                        self.number, dataset, f"act{self.number}", str(day), self.parties[source],
                        self.parties[target], country[source], country[target], cameo_type(cameo), cameo,
                        1 if root < 6 else 2 if root < 9 else 3 if root < 14 else 4, dyads.goldstein(cameo),
                        story[0] if story else None,
                    ),
                )  # fmt: skip


@pytest.fixture
def world(tmp_path):
    with open_store(tmp_path / "acts.db", create=True) as store:
        made = World(store)
        for key, name in (("BLR", "Belarus"), ("RUS", "Russia"), ("UKR", "Ukraine")):
            made.party(key, name, key, "country")
        made.party("Q1", "Ada Lint", "RUS", "person")
        made.party("Lint", "Ada Lint", "RUS")
        made.party("Q2", "Bo Marsh", "BLR", "person")
        made.party("Q3", "Bo Marsh", "UKR", "person")
        made.party("union", "Łódź Union")
        yield made


def weeks(pattern, source="RUS", target="BLR", start=MONDAY):
    """Return acts for weeks of (cooperative, conflictual) counts."""
    rows = []
    for at, (warm, cold) in enumerate(pattern):
        day = start + timedelta(weeks=at)
        rows += [(day, source, target, "040")] * warm + [(day + timedelta(days=2), target, source, "112")] * cold
    return rows


@pytest.mark.parametrize(
    ("name", "kind", "key"),
    [
        ("RUS", "country", "RUS"),
        ("rus", "country", "RUS"),
        (" belarus ", "country", "BLR"),
        ("Fiji", "country", "FJI"),
        ("Q1", "party", "Q1"),
        ("Ada Lint", "party", "Q1"),
        ("ada  lint", "party", "Q1"),
        ("Q2", "party", "Q2"),
        ("łódź union", "party", "union"),
    ],
)
def test_who_a_name_stands_for(world, name, kind, key):
    party = dyads.resolve(world.store, name)
    assert (party.kind, party.key) == (kind, key)


def test_keys_of_one_actor_are_joined(world):
    assert len(dyads.resolve(world.store, "Q1").numbers) == 2


def test_names_in_articles_lead_to_the_actor(world):
    record = tidings.read("Minister Ada Lint visited Minsk on Monday.", media="article")
    world.store.add(record)
    named = list(world.store.query("SELECT actor, name FROM names"))
    for actor, name in named:
        if actor not in world.parties:
            world.party(actor, f"{actor} in full", "RUS")
        assert dyads.resolve(world.store, name)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Bo Marsh", "may be several actors; give the key of one: Q2 \\(Bo Marsh, BLR\\), Q3"),
        ("Belaruss", "did you mean Belarus"),
        ("xxxxxxxxx", "no actor 'xxxxxxxxx'"),
        ("  ", "needs a name"),
        ("'; DROP TABLE acts; --", "no actor"),
    ],
)
def test_what_may_mean_several_or_nobody_is_an_error(world, name, said):
    with pytest.raises(UsageError, match=said):
        dyads.resolve(world.store, name)


def test_points_are_those_of_the_series(world):
    rows = weeks([(3, 1), (2, 2), (0, 1), (5, 0), (1, 1), (4, 2)])
    world.acts([*rows, (MONDAY, "RUS", "UKR", "190"), (MONDAY, "BLR", "BLR", "190")])
    given = [(str(day), source, target, cameo) for day, source, target, cameo in rows]
    for by in ("day", "week", "month", "quarter", "year"):
        points = dyads.pair(world.store, "RUS", "BLR", by=by).points
        wanted = dyads.series(given, "RUS", "BLR", by=by)
        names = ("period", "n", "intensity", "cooperation", "conflict", "share", "low", "high")
        assert [[getattr(point, name) for name in names] for point in points] == [
            [getattr(point, name) for name in names] for point in wanted
        ]


def test_both_orders_say_the_same(world):
    world.acts(weeks([(3, 1), (2, 2)] * 3))
    one, two = dyads.pair(world.store, "RUS", "BLR"), dyads.pair(world.store, "BLR", "RUS")
    assert [point.share for point in one.points] == [point.share for point in two.points]
    assert [point.n - point.sent for point in one.points] == [point.sent for point in two.points]


def test_a_change_is_told_with_its_numbers_and_acts(world):
    world.acts(weeks([(1, 4)] * 12 + [(5, 0)] * 12))
    found = dyads.pair(world.store, "RUS", "BLR")
    (shift,) = found.shifts
    assert shift.day == "2021-03-29"
    assert shift.direction == "closer"
    assert (shift.before.n, shift.after.n) == (60, 60)
    assert shift.before.high < shift.after.low
    assert shift.p > 0.99
    assert {(kind.type, kind.before, kind.after) for kind in shift.moved} == {("ACCUSE", 48, 0), ("CONSULT", 12, 60)}
    assert {act.type for act in shift.acts if act.day >= shift.day} == {"CONSULT"}
    assert {act.type for act in shift.acts if act.day < shift.day} == {"ACCUSE"}
    assert found.statement.startswith("Russia and Belarus moved closer about 2021-03-29: net cooperation share -.5")
    assert "(n=60)" in found.statement
    assert "P>.99" in found.statement


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ([(1, 1)] * 2, "not enough acts (n=4)."),
        ([(9, 0)] + [(0, 0)] * 20 + [(0, 9)], "not enough acts (n=18)."),
        ([(3, 1)] * 20, "no clear change between 4 Jan and 19 May 2021"),
        # A burst of one week is none.
        ([(4, 1)] * 10 + [(0, 40)] + [(4, 1)] * 10, "no clear change"),
    ],
)
def test_what_is_not_clear_is_not_told(world, pattern, said):
    world.acts(weeks(pattern))
    found = dyads.pair(world.store, "RUS", "BLR")
    assert found.shifts == ()
    assert said in found.statement
    assert f"n={found.n}" in found.statement


def test_days_bound_what_is_counted(world):
    world.acts(weeks([(1, 0)] * 30))
    assert dyads.pair(world.store, "RUS", "BLR", since="2021-02", until="2021-02").n == 4
    assert dyads.pair(world.store, "RUS", "BLR", until="2021-01-04").n == 1
    assert dyads.pair(world.store, "RUS", "BLR", since="2022").n == 0


@pytest.mark.parametrize(
    "asked",
    [
        {"since": "May"},
        {"since": "2021-02-30"},
        {"since": "2022", "until": "2021"},
        {"by": "fortnight"},
        {"datasets": ["nowhere"]},
    ],
)
def test_what_cannot_be_asked_is_refused(world, asked):
    with pytest.raises(UsageError):
        dyads.pair(world.store, "RUS", "BLR", **asked)


def test_a_dyad_is_of_two(world):
    with pytest.raises(UsageError):
        dyads.pair(world.store, "RUS", "Russia")


def test_two_datasets_are_not_added_up_unless_asked_for(world):
    world.dataset(2, "wire")
    world.acts(weeks([(2, 1)] * 4))
    world.acts(weeks([(2, 1)] * 5), dataset=2)
    found = dyads.pair(world.store, "RUS", "BLR")
    assert (found.n, found.datasets, found.others) == (15, ("wire",), {"pages": 12})
    both = dyads.pair(world.store, "RUS", "BLR", datasets=["pages", "wire"])
    assert (both.n, both.others) == (27, {})


def test_persons_and_countries_mix(world):
    world.acts([(MONDAY, "Q1", "BLR", "040"), (MONDAY, "Lint", "Q2", "042"), (MONDAY, "UKR", "Q1", "112")])
    assert dyads.pair(world.store, "Q1", "BLR").n == 2
    assert dyads.pair(world.store, "Q1", "Q2").n == 1
    assert dyads.pair(world.store, "RUS", "BLR").n == 2


def test_stories_and_tellings_lead_to_the_words(world):
    record = tidings.read("Russia accused Belarus of fraud on 4 January 2021.", media="article")
    assert world.store.add(record)
    assert record.events
    world.acts(
        [(MONDAY, "RUS", "BLR", "112", "s1"), (MONDAY, "BLR", "RUS", "040", "s1"), (MONDAY, "RUS", "BLR", "040")]
    )
    with world.store.change() as connection:
        connection.execute("INSERT INTO act_tellings VALUES (1, 1, 0)")
    found = dyads.pair(world.store, "RUS", "BLR")
    (point,) = found.points
    assert (point.stories, found.stories) == (1, 1)
    told = next(act for act in point.acts if act.cameo == "112").told
    assert [(telling.article, telling.words) for telling in told] == [
        (record.id, "Russia accused Belarus of fraud on 4 January 2021.")
    ]
    assert record.article.text[told[0].start : told[0].end] == told[0].words


# ---- changes -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("spread", [None, 30, 6])
def test_series_without_a_change_give_false_alarms_at_most_one_in_twenty(spread):
    made = [
        made_up(seed, length, volume, spread, [rate])
        for seed in range(6)
        for length in (39, 78)
        for volume in (2, 20, 150)
        for rate in (0.6, 0.92)
    ]
    alarms = sum(bool(find_changes(*counts).changes) for counts in made)
    assert alarms <= len(made) / 20


def test_changes_are_found_where_they_are():
    found = [find_changes(*made_up(seed, 80, 30, 30, [0.4, 0.75])).changes for seed in range(10)]
    assert sum(len(changes) == 1 and abs(changes[0].at - 40) <= 4 for changes in found) >= 9


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=40))
@settings(max_examples=40, deadline=None)
def test_any_counts_give_sound_changes(counts):
    course = find_changes([warm for warm, _ in counts], [warm + cold for warm, cold in counts])
    assert 0 <= course.p_change <= 1
    edges = [0, *(change.at for change in course.changes), len(counts)]
    assert edges == sorted(edges)
    for change in course.changes:
        assert 0.95 <= change.p <= 1
        assert min(change.before.n, change.after.n) >= 10
        assert change.since < change.start <= change.end < change.until
        for level in (change.before, change.after):
            assert -1 <= level.low <= level.share <= level.high <= 1


# ---- many pairs ----------------------------------------------------------------------------------------------------


def test_the_pairs_that_moved_come_first(world):
    world.acts(weeks([(4, 1)] * 20 + [(0, 5)] * 5))
    world.acts(weeks([(2, 2)] * 25, "RUS", "UKR"))
    found = dyads.shifts(world.store, window=35)
    assert found.compared == 2
    assert [(pair.a, pair.b, pair.log_odds < 0, pair.q < 0.01) for pair in found.shifts] == [("BLR", "RUS", True, True)]
    assert dyads.shifts(world.store, window=35, min_n=1000).compared == 0


def test_an_empty_store_has_no_pairs(world):
    assert dyads.shifts(world.store).shifts == ()
    assert dyads.matrix(world.store).actors == ()
    assert dyads.ego(world.store, "RUS") == []


def test_unmoved_pairs_are_rarely_ranked(world):
    codes = [f"{a}{b}X" for a in "ABCDE" for b in "ABCDE"]
    for code in codes:
        world.party(code, None, code)
    for at, code in enumerate(codes):
        friendly, totals = made_up(at, 26, 6, 8, [0.6])
        world.acts(weeks([(k, n - k) for k, n in zip(friendly, totals, strict=True)], "RUS", code))
    found = dyads.shifts(world.store, window=28)
    assert found.compared >= 15
    assert len(found.shifts) <= 1


@pytest.mark.parametrize("asked", [{"window": 0}, {"since": "2021-06-01", "until": "2021-06-10"}, {"window": 10**7}])
def test_windows_that_make_no_sense(world, asked):
    world.acts(weeks([(1, 1)] * 4))
    with pytest.raises(UsageError):
        dyads.shifts(world.store, **asked)


def test_matrix_and_ego_count_both_ways(world):
    world.acts(weeks([(2, 1)] * 3))
    world.acts([(MONDAY, "RUS", "UKR", "190"), (MONDAY, "UKR", "union", "040"), (MONDAY, "RUS", "RUS", "190")])
    found = dyads.matrix(world.store)
    assert [key for key, _ in found.actors] == ["RUS", "BLR", "UKR"]
    assert [(cell.a, cell.b, cell.n, cell.sent, cell.conflict) for cell in found.cells] == [
        ("BLR", "RUS", 9, 3, 3),
        ("RUS", "UKR", 1, 1, 1),
    ]
    assert [cell.n for cell in dyads.matrix(world.store, ["RUS", "Ukraine"]).cells] == [1]
    assert [(cell.a, cell.b, cell.n, cell.sent) for cell in dyads.ego(world.store, "UKR")] == [
        ("UKR", "RUS", 1, 0),
        ("UKR", "union", 1, 1),
    ]
    with pytest.raises(UsageError):
        dyads.matrix(world.store, ["union"])


# ---- drawn and printed ---------------------------------------------------------------------------------------------


def test_the_drawing_is_whole_and_harmless(world):
    world.party("evil", '<script>alert("x")</script>\x00 & Co', "ZZZ")
    world.acts(weeks([(1, 4)] * 12 + [(5, 0)] * 12, "evil", "BLR"))
    drawn = draw(dyads.pair(world.store, "evil", "BLR", by="week"))
    root = ElementTree.fromstring(drawn)
    names = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert names <= {
        "svg",
        "title",
        "desc",
        "style",
        "text",
        "path",
        "rect",
        "polygon",
        "polyline",
        "circle",
        "defs",
        "pattern",
    }
    title, desc = root[0].text or "", root[1].text or ""
    assert "alert" in title
    assert "moved closer" in desc
    assert "<style" not in draw(dyads.pair(world.store, "evil", "BLR"), style=False)


@pytest.mark.parametrize("by", ["day", "week", "month", "quarter", "year"])
@pytest.mark.parametrize("length", [1, 3, 30, 400])
def test_no_two_labels_touch(world, by, length):
    pattern = [(1, 6)] * 20 + [(6, 1)] * 20
    world.acts(weeks([pattern[at % 40] for at in range(length)][:200]))
    root = ElementTree.fromstring(draw(dyads.pair(world.store, "RUS", "BLR", by=by, top=0)))
    boxes = []
    for text in root.iter("{http://www.w3.org/2000/svg}text"):
        wide = len(text.text or "") * (8.4 if text.get("class") == "head" else 6.3)
        x, y = float(text.get("x", 0)), float(text.get("y", 0))
        left = x - {"start": 0, "middle": wide / 2, "end": wide}[text.get("text-anchor", "start")]
        assert left >= 0
        boxes.append((left, left + wide, y - 9, y + 2))
    for at, one in enumerate(boxes):
        for two in boxes[at + 1 :]:
            assert one[1] <= two[0] or two[1] <= one[0] or one[3] <= two[2] or two[3] <= one[2], (one, two)


def run(*arguments):
    return CliRunner().invoke(group, [str(argument) for argument in arguments])


def test_the_verb_says_draws_and_explains(world, tmp_path):
    world.acts(weeks([(1, 4)] * 12 + [(5, 0)] * 12))
    done = run("dyad", world.store.path, "RUS", "BLR", "--format", "table", "--explain", "--plot", tmp_path / "o.svg")
    assert done.exit_code == 0, done.output
    assert "moved closer about 2021-03-29" in " ".join(done.output.split())
    assert "pages: act" in done.output
    assert (tmp_path / "o.svg").read_text(encoding="utf-8").startswith("<svg")
    line = json.loads(run("dyad", world.store.path, "RUS", "BLR").output)
    assert line["shifts"][0]["direction"] == "closer"
    rows = list(csv.DictReader(run("dyad", world.store.path, "RUS", "BLR", "--format", "csv").output.splitlines()))
    assert sum(int(row["n"]) for row in rows) == 120
    assert run("dyad", world.store.path, "RUS", "UKR").exit_code == 1


def test_the_verb_ranks(world):
    world.acts(weeks([(4, 1)] * 20 + [(0, 5)] * 5))
    done = run("dyads", world.store.path, "--window", "35", "--format", "csv")
    assert done.exit_code == 0, done.output
    assert "BLR,RUS,Belarus,Russia,apart" in done.output
    assert run("dyads", world.store.path, "--ego", "RUS", "--format", "table").exit_code == 0
    assert run("dyads", world.store.path, "--matrix").exit_code == 0
    assert run("dyads", world.store.path, "--to", "2021-02").exit_code == 1


# ---- the year 2018 -------------------------------------------------------------------------------------------------


def test_russia_in_2018(data, world):
    path = data / "stories" / "dev" / "dyad_events.csv"
    if not path.is_file():
        pytest.skip("no dyad_events.csv")
    world.party("USA", "United States", "USA", "country")
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    numbers = {"icews18": 2, "icews14": 3}
    for name, number in numbers.items():
        world.dataset(number, name)
        acts = [(row["date"], row["a"], row["b"], row["code"]) for row in rows if row["src"] == name]
        world.acts(acts, dataset=number)
    usa = dyads.pair(world.store, "RUS", "USA", datasets=["icews18"], top=0)
    assert [(shift.day, shift.direction) for shift in usa.shifts] == [("2018-05-21", "closer"), ("2018-07-30", "apart")]
    for other, name in (("UKR", "icews18"), ("BLR", "icews14"), ("UKR", "icews14")):
        assert dyads.pair(world.store, "RUS", other, datasets=[name], top=0).shifts == ()


@pytest.mark.parametrize(("years", "grain"), [(1, "week"), (20, "month"), (60, "quarter"), (300, "year")])
def test_long_times_are_searched_by_longer_periods(world, years, grain):
    last = date(1700 + years, 1, 1)
    world.acts([(date(1700, 1, 1), "RUS", "BLR", "040"), *weeks([(1, 4)] * 10, start=last)])
    found = dyads.pair(world.store, "RUS", "BLR", by="year", top=0)
    assert found.searched_by == grain
    assert found.n == 51


def test_the_first_and_the_last_of_days(world):
    world.acts([("0001-01-01", "RUS", "BLR", "040"), ("9999-12-31", "BLR", "RUS", "112")] * 12)
    for by in ("day", "week", "month", "quarter", "year"):
        found = dyads.pair(world.store, "RUS", "BLR", by=by, top=0)
        assert len(found.points) == 2
        assert draw(found)


# ---- blocs ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def europe(world):
    for code in ("FRA", "DEU", "GBR", "HRV", "USA", "AUT"):
        world.party(code, code, code, "country")
    world.party("European Union", "European Union", "EUR", "organisation")
    world.party("Secretariat (European Union)", "Secretariat (European Union)", "EUR", "government")
    world.party("Citizen (European Union)", "Citizen (European Union)", "EUR", "group")
    world.party("IGOEUREECLEG", "IGOEUREECLEG", None, "group")
    world.party("Ada of Paris", "Ada of Paris", "FRA", "person")
    return world


def counted(world, a, b, **asked):
    return dyads.pair(world.store, a, b, top=0, behind=0, **asked).n


def test_a_bloc_is_the_organisation_and_its_organs_by_their_names(europe):
    european = dyads.resolve(europe.store, "european union")
    assert (european.kind, european.key, european.name, european.members) == ("bloc", "EU", "European Union", ())
    assert {key for key, number in europe.parties.items() if number in european.numbers} == {
        "European Union", "Secretariat (European Union)", "IGOEUREECLEG"
    }  # fmt: skip
    assert dyads.resolve(europe.store, "EU:members").numbers == european.numbers
    assert dyads.resolve(europe.store, "NATO").numbers == ()
    assert dyads.resolve(europe.store, "IGOEUREECLEG").kind == "party"


def test_members_count_on_the_days_on_which_they_are_members(europe):
    europe.acts([
        ("2012-05-01", "HRV", "RUS", "112"), ("2013-06-30", "HRV", "RUS", "112"), ("2013-07-01", "RUS", "HRV", "112"),
        ("2020-01-31", "GBR", "RUS", "112"), ("2020-02-01", "GBR", "RUS", "112"), ("2020-03-01", "FRA", "RUS", "112"),
        ("2020-03-02", "European Union", "RUS", "112"), ("2020-03-03", "Citizen (European Union)", "RUS", "112"),
    ])  # fmt: skip
    assert counted(europe, "EU", "RUS") == 1
    assert counted(europe, "EU:members", "RUS") == counted(europe, "RUS", "EU:members") == 4
    assert counted(europe, "EU:members", "RUS", since="2020-02-01") == 2
    dyad = dyads.pair(europe.store, "EU:members", "RUS", since="2020", by="quarter")
    assert [(point.n, point.sent, len(point.acts)) for point in dyad.points] == [(3, 3, 3)]


def test_nobody_is_on_both_sides(europe):
    europe.acts([
        ("2019-05-01", "FRA", "DEU", "040"), ("2019-05-01", "FRA", "USA", "040"), ("2019-05-02", "AUT", "USA", "040"),
        ("2019-05-03", "European Union", "FRA", "040"), ("2019-05-04", "Ada of Paris", "DEU", "040"),
        ("2019-05-05", "Ada of Paris", "FRA", "040"),
        ("2019-05-06", "Secretariat (European Union)", "IGOEUREECLEG", "040"),
    ])  # fmt: skip
    # France and Germany are in both: only Austria is a member of the one alone, and the United States of the other.
    assert counted(europe, "EU:members", "NATO:members") == 1
    assert counted(europe, "EU:members", "DEU") == 2
    assert counted(europe, "EU:members", "Ada of Paris") == 1
    assert counted(europe, "EU", "EU:members") == 1
    assert counted(europe, "EU", "IGOEUREECLEG") == 1


def test_a_bloc_says_what_is_counted(europe):
    europe.acts([("2020-01-31", "GBR", "RUS", "112"), ("2020-02-01", "FRA", "RUS", "112")])
    result = CliRunner().invoke(group, ["dyad", str(europe.store.path), "EU:members", "RUS", "--format", "table"])
    told = " ".join(result.output.split())
    assert "acts of the organisation and of its 27 to 28 member states, each while it was one" in told
    result = CliRunner().invoke(group, ["dyad", str(europe.store.path), "EU", "RUS", "--format", "table"])
    assert result.exit_code == 1
    assert "EU:members adds what its member states do" in " ".join(result.output.split())


def test_partners_of_a_bloc_are_outside(europe):
    europe.acts([
        ("2020-01-30", "GBR", "FRA", "040"), ("2020-02-02", "GBR", "FRA", "040"), ("2020-02-03", "USA", "FRA", "112"),
        ("2020-02-04", "European Union", "FRA", "040"), ("2020-02-05", "European Union", "USA", "040"),
        ("2020-02-06", "IGOEUREECLEG", "European Union", "040"), ("2020-02-07", "union", "DEU", "040"),
    ])  # fmt: skip
    cells = dyads.ego(europe.store, "EU:members")
    assert [(cell.b, cell.n, cell.sent) for cell in cells] == [("USA", 2, 1), ("GBR", 1, 0), ("union", 1, 0)]
    assert [(cell.b, cell.n) for cell in dyads.ego(europe.store, "EU")] == [("FRA", 1), ("USA", 1)]


@pytest.mark.parametrize(
    ("of", "pairs"),
    [
        ("countries", {("FRA", "RUS")}),
        ("parties", {("Ada of Paris", "RUS")}),
        ("persons", {("Ada of Paris", "RUS")}),
    ],
)
def test_rankings_of_others_than_countries(europe, of, pairs):
    europe.acts(weeks([(12, 1)] * 10 + [(1, 12)] * 5, "Ada of Paris", "RUS"))
    ranking = dyads.shifts(europe.store, window=35, of=of)
    assert {(shift.a, shift.b) for shift in ranking.shifts} == pairs
    assert all(shift.log_odds < 0 for shift in ranking.shifts)


def test_the_verb_ranks_others_and_explains(europe):
    europe.acts(weeks([(12, 1)] * 10 + [(1, 12)] * 5, "Ada of Paris", "RUS"))
    path = str(europe.store.path)
    result = CliRunner().invoke(group, ["dyads", path, "--of", "persons", "--window", "35", "--format", "table"])
    assert result.exit_code == 0
    assert "Ada of Paris" in result.output
    assert "<.001" in result.output
    refused = CliRunner().invoke(group, ["dyads", path, "--of", "persons", "--matrix"])
    assert isinstance(refused.exception, UsageError)
    asked = ["dyad", path, "Ada of Paris", "RUS", "--explain", "--format", "table"]
    told = " ".join(CliRunner().invoke(group, asked).output.split())
    assert "Before it, the acts that weigh most: 2021-01-" in told
    assert "After it, the acts that weigh most: 2021-03-" in told
    assert "ACCUSE 112 (accuse)" in told


def test_rankings_of_blocs(europe):
    europe.acts(weeks([(12, 1)] * 10 + [(1, 12)] * 5, "European Union", "RUS"))
    europe.acts(weeks([(12, 1)] * 10 + [(1, 12)] * 5, "FRA", "RUS"))
    europe.acts(weeks([(5, 5)] * 15, "FRA", "DEU"))
    ranking = dyads.shifts(europe.store, window=35, of="blocs")
    moved = {(shift.a, shift.b): shift.after.n for shift in ranking.shifts}
    assert moved["EU:members", "RUS"] == 130
    assert not any("DEU" in pair and "EU:members" in pair for pair in moved)
    assert all(":members" in "".join(pair) for pair in moved)
    named = {shift.a: shift.a_name for shift in ranking.shifts}
    assert named["EU:members"] == "European Union with its members"
    with pytest.raises(UsageError, match="not 'planets'"):
        dyads.shifts(europe.store, of="planets")


def test_what_stands_in_place_of_a_country_for_a_bloc_is_no_country_outside(europe):
    europe.acts(weeks([(12, 1)] * 10 + [(1, 12)] * 5, "European Union", "RUS"))
    europe.acts(weeks([(12, 1)] * 10 + [(1, 12)] * 5, "USA", "European Union"))
    moved = {(shift.a, shift.b) for shift in dyads.shifts(europe.store, window=35, of="blocs").shifts}
    assert {("EU:members", "RUS"), ("EU:members", "USA")} <= moved
    assert not any("EUR" in pair for pair in moved)
    assert ("EUR", "RUS") in {(shift.a, shift.b) for shift in dyads.shifts(europe.store, window=35).shifts}


def test_a_ranking_ends_with_the_dataset_that_is_counted(world):
    """A few pages of today had the last window lie years after the event data that was ranked."""
    with world.store.change() as connection:
        connection.execute("INSERT INTO datasets VALUES (2, 'icews', 'icews')")
    world.acts(weeks([(12, 1)] * 10 + [(1, 12)] * 5, "RUS", "BLR"), dataset=2)
    alone = dyads.shifts(world.store, window=35)
    assert [(shift.a, shift.b) for shift in alone.shifts] == [("BLR", "RUS")]
    world.acts([("2011-03-01", "RUS", "BLR", "040"), ("2026-03-01", "RUS", "BLR", "040")])
    assert dyads.shifts(world.store, window=35) == alone
    assert dyads.shifts(world.store, window=35, datasets=["icews"]) == alone


def test_every_membership_is_of_a_known_country_and_none_is_held_twice():
    known = {line.split("\t")[0] for line in data.read_text("countries.tsv").splitlines()[1:]}
    for bloc in blocs().values():
        held = {}
        for country, first, last in bloc.members:
            assert country in known, (bloc.key, country)
            assert first < last, (bloc.key, country)
            assert not any(first <= end and start <= last for start, end in held.get(country, ())), (bloc.key, country)
            held.setdefault(country, []).append((first, last))


@pytest.mark.parametrize(
    ("day", "sizes"),
    [
        (
            "2025-12-31",
            "EU 27,NATO 32,CSTO 6,CIS 9,EAEU 5,SCO 10,BRICS 10,G7 7,G20 19,ASEAN 11,AU 55,ECOWAS 12,SADC 16,EAC 8",
        ),
        (
            "2025-12-31",
            "AL 22,GCC 6,OPEC 12,OIC 57,MERCOSUR 6,CARICOM 15,SAARC 8,QUAD 4,AUKUS 3,FVEY 5,NC 5,V4 4,EFTA 4",
        ),
        ("2025-12-31", "APEC 21,UNIONSTATE 2,OTS 5,AES 3"),
        ("2019-01-01", "EU 28,NATO 29,ECOWAS 15,OPEC 14,BRICS 5,SCO 8"),
        ("1995-06-01", "EU 15,NATO 16,ASEAN 6,EFTA 4"),
    ],
)
def test_how_many_members_blocs_have(day, sizes):
    found = {
        name: len(members_on(blocs()[name].members, day)) for name, _ in (part.split() for part in sizes.split(","))
    }
    assert found == {name: int(size) for name, size in (part.split() for part in sizes.split(","))}


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["FRA", "DEU"]),
            st.dates(date(2000, 1, 1), date(2001, 1, 1)),
            st.dates(date(2001, 1, 2), date(2002, 1, 1)),
        ),
        max_size=4,
    )
)
def test_eras_cover_all_days_once_and_members_do_not_change_within(found):
    members = [Membership(country, first.isoformat(), last.isoformat()) for country, first, last in found]
    cut = list(eras(members, "2000-06-01", "2001-06-01"))
    assert (cut[0][0], cut[-1][1]) == ("2000-06-01", "2001-06-01")
    for (_, last), (first, _) in itertools.pairwise(cut):
        assert date.fromisoformat(last) + timedelta(days=1) == date.fromisoformat(first)
    assert all(members_on(members, first) == members_on(members, last) for first, last in cut)

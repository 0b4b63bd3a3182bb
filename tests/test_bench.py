from __future__ import annotations

from pathlib import Path

import pytest

from tidings.errors import DataError, UsageError
from tidings.score import bench
from tidings.score.results import Score, data_folder, f1


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "time").mkdir()
    (tmp_path / "time" / "gold.jsonl").write_text("{}\n")
    return tmp_path


@pytest.fixture
def scorer(monkeypatch):
    def stand_in(value: float) -> None:
        from tidings.score import time

        score = Score(name="value F1", value=value, metric="share", items=1, data="time/dev")
        monkeypatch.setattr(time, "score_time", lambda folder: [score])

    return stand_in


def test_a_score_below_its_floor_does_not_hold(folder, scorer):
    floors = {"time": {"value F1": bench.Floor(floor=0.75, data="x")}}
    scorer(0.74)
    assert [row.held for row in bench.run(["time"], folder, floors)] == [False]
    scorer(0.75)
    assert [row.held for row in bench.run(["time"], folder, floors)] == [True]
    assert [row.held for row in bench.run(["time"], folder, {})] == [None]


def test_floors_rise_and_never_fall(folder, scorer, tmp_path):
    path = tmp_path / "floors.json"
    for value, expected in ((0.7, 0.7), (0.8, 0.8), (0.6, 0.8)):
        scorer(value)
        bench.write_floors(path, list(bench.run(["time"], folder, {})), folder)
        assert bench.read_floors(path)["time"]["value F1"].floor == expected


def test_a_floor_names_its_data(folder, scorer, tmp_path):
    scorer(0.7)
    path = tmp_path / "floors.json"
    bench.write_floors(path, list(bench.run(["time"], folder, {})), folder)
    assert bench.read_floors(path)["time"]["value F1"].data == bench.data_digest("time", folder)


def test_what_is_not_there_is_said(folder, tmp_path, monkeypatch):
    monkeypatch.delenv("TIDINGS_DATA", raising=False)
    with pytest.raises(UsageError, match="no such stage"):
        list(bench.run(["weather"], folder, {}))
    with pytest.raises(DataError, match="TIDINGS_DATA"):
        data_folder("time")
    with pytest.raises(DataError, match="no development data for quotes"):
        data_folder("quotes", folder)
    (tmp_path / "bad.json").write_text("[]")
    with pytest.raises(DataError, match="holds no floors"):
        bench.read_floors(tmp_path / "bad.json")
    assert bench.read_floors(tmp_path / "none.json") == {}


def test_f1_of_nothing_is_nothing():
    assert f1(0, 0) == 0

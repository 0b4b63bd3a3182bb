"""The verbs stories, story, timeline and calendar: what they print, in which form, and how they end."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result

from test_timeline import acts, article, planned
from tidings.cli.calendar import command as calendar
from tidings.cli.listing import days_of, print_csv, shorten
from tidings.cli.stories import command as stories
from tidings.cli.story import command as story
from tidings.cli.timeline import command as timeline
from tidings.store import open_store


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a story of two articles, three acts, and two things planned."""
    made = tmp_path_factory.mktemp("store") / "news.db"
    with open_store(made, create=True) as store:
        happened = "asserted"
        store.add(article(1, (happened, "2014-03-01", ("Q1", "IRN"), "CONSULT"), quotes=[("Q1", "We are close.")]))
        store.add(article(2, (happened, "2014-03-05", ("Q2", "CHE"), "CONSULT"), published="2014-03-05"))
        store.add(article(3, (happened, "2014-04-01", ("IRN", "CHE"), "CONSULT"), planned("Q1", "IRN")))
        store.add(article(4, planned("Q1", "IRN"), planned("Q2", day="2014-06-01", kind="AGREE")))
        acts(store)
    return made


def run(command, *arguments: object) -> Result:
    return CliRunner().invoke(command, [str(argument) for argument in arguments])


def lines(done: Result) -> list[dict]:
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_stories(path):
    (told,) = lines(run(stories, path))
    assert (told["id"], told["headline"], told["articles"], told["outlets"]) == ("s1", "Talks", 2, 2)
    assert lines(run(stories, path, "--actor", "Q1", "--since", "2014-03", "--until", "2014"))[0]["id"] == "s1"
    table = run(stories, path, "--format", "table").stdout
    assert "2014-03-01 to 05" in table
    assert "Talks" in table
    (row,) = csv.DictReader(io.StringIO(run(stories, path, "--format", "csv").stdout))
    assert (row["id"], row["first_day"], row["articles"]) == ("s1", "2014-03-01", "2")


def test_a_story(path):
    (page,) = lines(run(story, path, "s1"))
    assert [one["id"] for one in page["articles"]] == ["r1", "r2"]
    assert [step["day"] for step in page["steps"]] == ["2014-03-01", "2014-03-05"]
    table = run(story, path, "s1", "--format", "table").stdout
    for words in (
        "How it went",
        "Who said what",
        "Who tells it",
        "Ada Fenn",
        "We are close.",
        "2 articles of 2 outlets",
    ):
        assert words in table
    done = run(story, path, "none")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "no story none" in done.stderr


def test_a_timeline(path):
    steps = lines(run(timeline, path, "Iran"))
    assert [(step["day"], step["kind"]) for step in steps] == [
        ("2014-03-01", "act"),
        ("2014-03-05", "act"),
        ("2014-04-01", "act"),
    ]
    assert all(step["tellings"][0]["span"][1] > 0 for step in steps)
    assert len(lines(run(timeline, path, "s1"))) == 3
    assert len(lines(run(timeline, path, "IRN", "--since", "2014-03-02", "--limit", 1))) == 1
    table = run(timeline, path, "IRN", "--format", "table").stdout
    assert "(2014-03-05)" in table, "the words name no day"
    assert "Paper 1" in table
    rows = list(csv.DictReader(io.StringIO(run(timeline, path, "Q1", "--format", "csv").stdout)))
    assert [(row["kind"], row["article"], row["start"]) for row in rows] == [("act", "r1", "0"), ("quote", "r1", "29")]


def test_a_calendar(path):
    first, second = lines(run(calendar, path))
    assert [telling["article"] for telling in first["tellings"]] == ["r3", "r4"]
    assert (first["day"], first["who"], first["to_whom"]) == ("2014-03-09", ["Ada Fenn"], ["Iran"])
    assert second["type"] == "AGREE"
    assert len(lines(run(calendar, path, "--since", "2014-04"))) == 1
    assert "Paper 3 +1" in " ".join(run(calendar, path, "--format", "table").stdout.split())
    rows = list(csv.DictReader(io.StringIO(run(calendar, path, "--format", "csv").stdout)))
    assert [row["articles"] for row in rows] == ["2", "1"]
    entries = run(calendar, path, "--format", "ics").stdout
    assert entries.count("BEGIN:VEVENT") == 2
    assert "DTSTART;VALUE=DATE:20140309" in entries
    assert "DTEND;VALUE=DATE:20140310" in entries
    assert max(len(line.encode()) for line in entries.splitlines()) <= 75


@pytest.mark.parametrize(
    ("command", "arguments"),
    [(stories, ("--until", "2000")), (timeline, ("IRN", "--until", "2000")), (calendar, ("--since", "2100"))],
)
def test_nothing_found_is_told(path, command, arguments):
    done = run(command, path, *arguments)
    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (1, "", 1)


@pytest.mark.parametrize("command", [stories, story, timeline, calendar])
def test_wrong_usage(path, command):
    assert run(command).exit_code == 2
    assert run(command, path, "x", "--format", "xml").exit_code == 2
    assert run(command, path.with_name("none.db"), *(["x"] if command in (story, timeline) else [])).exit_code != 0


def test_text_that_steers_a_terminal_or_a_spreadsheet_does_not(tmp_path, capsys):
    record = article(1, planned("Q1"))
    path = tmp_path / "news.db"
    evil = msgspec.structs.replace(record.actors[0], name="=1+1\x1b[31mRed")
    with open_store(path, create=True) as store:
        store.add(msgspec.structs.replace(record, actors=(evil,)))
    assert "\x1b" not in run(calendar, path, "--format", "table").stdout
    assert "\x1b" not in run(calendar, path, "--format", "ics").stdout
    print_csv(("name",), [{"name": "=1+1"}, {"name": None}, {"name": 4}])
    assert capsys.readouterr().out.splitlines() == ["name", "'=1+1", '""', "4"]


def test_short_forms():
    assert shorten("word " * 100).endswith(" word …")
    assert len(shorten("x" * 500)) <= 202
    assert shorten(None) == ""
    assert days_of(None, None) == "?"

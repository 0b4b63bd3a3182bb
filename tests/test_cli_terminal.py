"""Nothing that a page says may steer the terminal it is shown on."""

from __future__ import annotations

import io
import json
import re
import sys
from pathlib import Path

import pytest
from rich.table import Table
from rich.text import Text

import tidings
from tidings.cli import main
from tidings.cli.terminal import blanked, complain, plain, say, screen, show
from tidings.facts import to_json

CLEAR, LINK, CLIPBOARD = "\x1b[2J\x1b[H", "\x1b]8;;http://evil.example\x1b\\", "\x1b]52;c;cm0gLXJm\x07"
HOSTILE = f"{CLEAR}{LINK}{CLIPBOARD}\x9b31m\u202eabc\u2066\u061c\r\x00\x7f"
STEERS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
TELLINGS = [
    "Iran and Oman will sign a gas agreement in Muscat on 14 March 2014. "
    "“We are close to a deal,” said Foreign Minister Yusuf bin Alawi on Monday. Oman criticised Israel on Tuesday.",
    "Iran and Oman will sign a gas agreement in Muscat on 14 March 2014, officials said. "
    "“We are close to a deal,” Foreign Minister Yusuf bin Alawi told reporters on Monday.",
]


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def poisoned(value: object, name: str = "") -> object:
    """Put hostile characters into every free text of a record, without moving one offset."""
    if isinstance(value, dict):
        return {key: poisoned(item, key) for key, item in value.items()}
    if isinstance(value, list):
        return [poisoned(item, name) for item in value]
    if name in ("text", "body") and isinstance(value, str):
        return re.sub(" (will|sign|told|on) ", lambda word: f"\x1b{word[1]}\u202e", value)
    if name in ("title", "section", "outlet", "authors", "name", "aliases", "why", "message", "says", "url"):
        return f"{value}{HOSTILE}" if isinstance(value, str) else value
    return value


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Records whose every text is hostile, as JSON lines."""
    path = tmp_path_factory.mktemp("hostile") / "records.jsonl"
    records = [tidings.read(text, media="article", published="2014-03-04") for text in TELLINGS]
    written = [poisoned(json.loads(to_json(record))) for record in records]
    for number, record in enumerate(written):
        assert isinstance(record, dict)
        record["page"]["url"] = f"https://outlet{number}.example/a{HOSTILE}"
        record["article"]["title"] = f"Iran and Oman near a deal{HOSTILE}"
        record["troubles"] = [{"stage": f"events{HOSTILE}", "message": f"ValueError: {HOSTILE}"}]
    path.write_text("".join(json.dumps(record) + "\n" for record in written), encoding="utf-8")
    return path


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch):
    """Run the command line on a terminal that has no colours; return all that was written to it."""

    def running(*arguments: object) -> str:
        out = Screen()
        monkeypatch.setenv("TERM", "dumb")
        monkeypatch.setenv("COLUMNS", "140")
        monkeypatch.setattr(sys, "argv", ["tidings", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdout", out)
        monkeypatch.setattr(sys, "stderr", out)
        with pytest.raises(SystemExit):
            main()
        return out.getvalue()

    return running


@pytest.fixture(scope="module")
def store(lines: Path) -> Path:
    """A store of the hostile records."""
    from tidings.store import collect, open_store
    from tidings.stories import update

    path = lines.with_suffix(".db")
    with open_store(path, create=True) as kept:
        assert [outcome.kind for outcome in collect(kept, [str(lines)], at="2014-03-05T00:00:00Z")] == ["added"] * 2
        update(kept)
    return path


def test_what_steers_a_terminal_is_taken_out():
    assert plain(f"a{HOSTILE}b\n\tc") == "a[2J[H]8;;http://evil.example\\]52;c;cm0gLXJm31mabcb\n\tc"
    assert blanked("a\x1bb\u202ec\n") == "a b c\n"
    assert plain("Łukasz, 東京, naïve — “so”") == "Łukasz, 東京, naïve — “so”"


def test_tables_and_their_headers_are_shown_plain(capsys):
    table = Table("who", "\x1b[1m\x9bto them")
    table.add_row(Text(HOSTILE), "[red]\x1b[1m")
    show(Text(HOSTILE), table)
    said = capsys.readouterr().out
    assert "to them" in said and "[red]" in said and not STEERS.search(said)


def test_a_complaint_is_one_plain_line(capsys):
    complain(f"a{HOSTILE}\ntidings: all is well")
    say(f"b{HOSTILE}")
    done = capsys.readouterr()
    assert done.err.count("\n") == 1 and not STEERS.search(done.err + done.out)


def test_json_on_a_terminal_is_escaped_and_means_the_same(monkeypatch):
    terminal = Screen()
    monkeypatch.setattr(sys, "stdout", terminal)
    screen().writelines([json.dumps({"title": HOSTILE}, ensure_ascii=False) + "\r\n"])
    assert not STEERS.search(terminal.getvalue())
    assert json.loads(terminal.getvalue()) == {"title": HOSTILE}


def test_a_pipe_gets_every_character(monkeypatch):
    pipe = io.StringIO()
    monkeypatch.setattr(sys, "stdout", pipe)
    screen().write("a\u202eb\r\n")
    assert pipe.getvalue() == "a\u202eb\r\n"


@pytest.mark.parametrize("form", ["table", "jsonl", "json"])
def test_reading_a_hostile_page_shows_nothing_raw(run, tmp_path, form):
    page = tmp_path / f"talks{CLEAR}.txt"
    page.write_text(f"Talks{HOSTILE} resume\n\n" + "\n\n".join(TELLINGS * 2), encoding="utf-8")
    said = run("read", page, tmp_path / f"none{CLEAR}.html", "--format", form, "--explain", "-q")
    assert "Yusuf" in said or form == "table"
    assert "no file matches" in said and not STEERS.search(said)


def test_showing_a_hostile_record_shows_nothing_raw(run, lines):
    for arguments in (["--explain"], ["--list"], ["--id", CLEAR]):
        said = run("show", lines, *arguments)
        assert said and not STEERS.search(said)
    assert "Calendar" in run("show", lines)


VERBS = [
    ("search", "Oman"),
    ("search", "Oman", "--format", "jsonl"),
    ("search", f"{CLEAR}", "nothing:here"),
    ("stories",),
    ("stories", "--format", "csv"),
    ("stories", "--format", "jsonl"),
    ("timeline", "OMN"),
    ("timeline", "OMN", "--format", "csv"),
    ("timeline", f"nobody{CLEAR}"),
    ("calendar",),
    ("calendar", "--format", "csv"),
    ("calendar", "--format", "ics"),
    ("dyad", "IRN", "OMN", "--explain"),
    ("dyad", "IRN", "OMN", "--format", "jsonl", "--explain"),
    ("dyads", "--ego", "OMN"),
    ("dyads", "--matrix", "--format", "csv"),
    ("outlook", "IRN", "OMN", "-q"),
    ("collect", "--failures"),
    ("collect", "--feeds"),
    ("collect", f"none{CLEAR}.html"),
    ("import", "gdelt", f"none{CLEAR}.csv"),
    ("export", "--format", "jsonl"),
    ("export", "--format", "csv"),
    ("export", "--format", "gdelt"),
    ("export", "--format", "w3c"),
    ("export", "--format", "geojson"),
    ("export", "--format", "ics"),
    ("export", "--format", "ftm"),
    ("export", f"--{CLEAR}"),
]


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: " ".join(verb).replace(CLEAR, "ESC"))
def test_no_verb_lets_anything_through(run, store, verb):
    said = run(verb[0], store, *verb[1:])
    assert said and not STEERS.search(said), STEERS.search(said)


def test_every_story_is_told_plain(run, store):
    (story,) = [json.loads(line)["id"] for line in run("stories", store, "--format", "jsonl").splitlines()]
    said = run("story", store, story)
    assert "Who tells it" in said and not STEERS.search(said)


def test_a_review_is_plain_too(run, store, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO('?cspeaker="Nobody"\nsq'))
    said = run("review", store, "--author", f"x{CLEAR}", "--kind", "quotes")
    assert "not kept" in said and not STEERS.search(said)


def test_nothing_in_the_command_line_goes_round_the_door():
    folder = Path(tidings.__file__).parent / "cli"
    for path in sorted(folder.glob("*.py")):
        if path.name != "terminal.py":
            assert not re.search(r"click\.s?echo|\bConsole\(|\bprint\(", path.read_text(encoding="utf-8")), path.name


def test_a_mistake_of_ours_quotes_a_page_plainly(capsys, monkeypatch):
    monkeypatch.setattr("tidings.cli.group.main", lambda **_: int(CLEAR))
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    with pytest.raises(ValueError) as caught:
        main()
    sys.excepthook(caught.type, caught.value, caught.tb)
    said = capsys.readouterr().err
    assert "invalid literal" in said and not STEERS.search(said)

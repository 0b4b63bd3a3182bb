"""The store: what is added stays, once, whatever happens meanwhile; what is no store says so."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import msgspec
import pytest

from tidings.errors import StoreError
from tidings.facts import (
    Actor,
    Article,
    Event,
    EventDate,
    Mention,
    Page,
    Place,
    Published,
    Quote,
    Record,
    Side,
    Timex,
    to_json,
)
from tidings.store import Failed, open_store
from tidings.store.opening import _statements
from tidings.store.rows import canonical_address
from tidings.store.schema import APPLICATION, STEPS, VERSION
from tidings.text import Span

TEXT = "Ada Fenn met envoys in Bern on Monday. “We agreed,” Fenn said 🙂 there."


def make(number: int = 0, *, url: str | None = None, text: str = TEXT, sha256: str | None = None) -> Record:
    """Make a record that holds a fact of every kind."""
    digest = sha256 or f"{number:064x}"
    return Record(
        id=f"r{number:015x}",
        page=Page(id=digest[-16:], sha256=digest, media="article", name=f"page-{number}", url=url),
        article=Article(
            text=text,
            title=f"Talks {number}",
            published=Published(value="2014-03-04", basis="given", score=1.0, interval=("2014-03-04", "2014-03-04")),
        ),
        actors=(Actor(id="Q1", name="Ada Fenn", type="person", wikidata="Q1", country="CHE", aliases=("Fenn",)),),
        mentions=(Mention(span=Span(0, 8), form="name", label="PERSON", score=1.0, actor="Q1"),),
        places=(Place(span=Span(23, 27), name="Bern", score=1.0, lat=46.95, lon=7.45, country="CHE", level="city"),),
        times=(Timex(span=Span(31, 37), type="DATE", score=1.0, value="2014-03-03", begin="2014-03-03"),),
        quotes=(Quote(span=Span(39, 51), parts=(Span(39, 51),), kind="direct", score=1.0, speaker="Q1"),),
        events=(
            Event(
                id="e1",
                trigger=Span(9, 12),
                sentence=Span(0, 38),
                type="CONSULT",
                quad=1,
                intensity=1.0,
                status="asserted",
                score=1.0,
                cameo="036",
                source=(Side(span=Span(0, 8), actor="Q1"), Side(span=Span(13, 19), actor="nobody we know")),
                date=EventDate(value="2014-03-03", begin="2014-03-03", end="2014-03-03"),
                place=0,
            ),
        ),
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "news.db"


def test_records_come_back_as_they_went_in(path):
    records = [make(number) for number in range(5)]
    with open_store(path, create=True) as store:
        assert [store.add(record) for record in records] == [True] * 5
    with open_store(path) as store:
        assert list(store.records()) == records
        assert [to_json(record) for record in store.records()] == [to_json(record) for record in records]
        assert store.get(records[3].id) == store.get(records[3].page.id) == records[3]
        assert store.get("no such id") is None
        assert len(store) == 5


def test_a_closed_store_is_one_file(path):
    with open_store(path, create=True) as store:
        store.add(make())
    assert [beside.name for beside in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize(
    ("again", "added"),
    [
        (make(1), False),
        (make(2, sha256=make(1).page.sha256), False),
        (make(2, url="http://courier.example/talks/#top"), False),
        (make(2, url="https://www.courier.example/talks?utm_source=feed"), False),
        (make(2, url="https://courier.example/other"), True),
        (make(2, url="https://courier.example/talks", text=TEXT + " Corrected."), True),
        (make(2), True),
    ],
)
def test_a_page_that_is_there_is_not_added_again(path, again, added):
    with open_store(path, create=True) as store:
        assert store.add(make(1, url="https://courier.example/talks"))
        assert store.add(again) is added
        assert len(store) == 1 + added


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.example/x?b=2&a=1", "http://www.a.example:80/x/?a=1&b=2&gclid=7"),
        ("https://a.example", "https://a.example/"),
    ],
)
def test_addresses_of_one_page(one, other):
    assert canonical_address(one) == canonical_address(other)
    assert canonical_address(one) != canonical_address(one + "z")
    assert canonical_address("https://a.example/?id=1") != canonical_address("https://a.example/?id=2")
    assert canonical_address("http://[::bad") == "http://[::bad"


def test_the_views_say_who_did_what(path):
    with open_store(path, create=True) as store:
        store.add(make())
        (done,) = store.query("SELECT date, who, type, to_whom, place, words, start FROM who_did_what")
        assert done == ("2014-03-03", "Ada Fenn; envoys", "CONSULT", None, "Bern", "met", 9)
        assert list(store.query("SELECT speaker, words FROM who_said_what")) == [("Ada Fenn", "“We agreed,”")]
        assert list(store.query("SELECT actor, words FROM who_is_named")) == [("Ada Fenn", "Ada Fenn")]
        assert list(store.query("SELECT place, words FROM where_it_is")) == [("Bern", "Bern")]
        assert list(store.query("SELECT value, words FROM when_it_is")) == [("2014-03-03", "Monday")]
        assert list(store.query("SELECT * FROM what_is_planned")) == []
        with pytest.raises(StoreError):
            list(store.query("SELECT nothing FROM nowhere"))


def test_failures_are_kept_until_the_page_is_read(path):
    failed = Failed(page="page-1", source="folder", error="EmptyPage", message="an empty page", sha256="ab")
    with open_store(path, create=True) as store:
        store.add_failure(failed)
        store.add_failure(failed)
        assert store.failures() == [failed]
        assert store.failure("ab") == failed
        store.add(make(1))
        assert store.failures() == []


def test_a_reader_reads_while_another_writes(path):
    with open_store(path, create=True) as writer, open_store(path) as reader:
        writer.add(make(1))
        reading = reader.records()
        assert next(reading) == make(1)
        writer.add(make(2))
        assert [record.id for record in reading] == [make(2).id]


# What is no store


def test_no_such_store(path):
    with pytest.raises(StoreError, match="no such store"):
        open_store(path)
    with pytest.raises(StoreError, match="no such folder"):
        open_store(path.parent / "nowhere" / "news.db", create=True)
    with pytest.raises(StoreError, match="a folder"):
        open_store(path.parent)


@pytest.mark.parametrize("create", [False, True])
def test_files_that_are_no_store_are_left_alone(path, create):
    path.write_bytes(b"notes, not a store, and long enough to be looked at " * 100)
    before = path.read_bytes()
    with pytest.raises(StoreError, match="not a store"):
        open_store(path, create=create)
    assert path.read_bytes() == before
    other = path.with_name("other.db")
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE mine (x)")
    connection.close()
    with pytest.raises(StoreError, match="not a store of Tidings"):
        open_store(other, create=create)


def test_an_empty_file_becomes_a_store_only_when_asked(path):
    path.touch()
    with pytest.raises(StoreError, match="an empty file"):
        open_store(path)
    with open_store(path, create=True) as store:
        assert store.add(make())


def test_a_newer_store_is_left_alone(path):
    open_store(path, create=True).close()
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    connection.close()
    with pytest.raises(StoreError, match="upgrade tidings"):
        open_store(path)


def test_a_store_of_the_first_version_is_brought_forward(path):
    connection = sqlite3.connect(path, isolation_level=None)
    for statement in _statements(STEPS[0]):
        connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION}")
    connection.execute("PRAGMA user_version = 1")
    connection.execute(
        "INSERT INTO articles (number, id, page, sha256, media, kind, text, text_sha256, version, title)"
        " VALUES (1, 'r1', 'p', 's', 'article', 'article', 'Envoys met.', 't', '0', 'Old')"
    )
    old = msgspec.structs.replace(make(1), id="r1")
    connection.execute("INSERT INTO records VALUES (1, ?)", (to_json(old),))
    connection.close()
    with open_store(path) as store:
        assert store.get("r1") == old
        assert [hit.title for hit in store.search("envoys")] == ["Old"]
        assert store.add(make(2))
        assert store.failures() == []
        assert next(store.query("PRAGMA user_version")) == (VERSION,)


def test_the_steps_are_whole():
    scratch = sqlite3.connect(":memory:")
    for step in STEPS:
        statements = list(_statements(step))
        assert all(sqlite3.complete_statement(statement) for statement in statements)
        for statement in statements:
            scratch.execute(statement)
    tables = scratch.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'words%'"
    ).fetchall()
    strict = {row[1]: row[5] for row in scratch.execute("PRAGMA table_list")}
    assert all(strict[name] for (name,) in tables)


def test_a_full_disk_is_told_and_costs_only_what_did_not_fit(path):
    with open_store(path, create=True) as store:
        store.add(make(1))
        (pages,) = next(store.query("PRAGMA page_count"))
        next(store.query(f"PRAGMA max_page_count = {pages + 2}"))
        with pytest.raises(StoreError, match="disk is full"):
            store.add(make(2, text="word " * 50_000))
        assert len(store) == 1
    with open_store(path) as store:
        assert list(store.records()) == [make(1)]
        assert next(store.query("PRAGMA integrity_check")) == ("ok",)


def test_a_damaged_record_is_told(path):
    with open_store(path, create=True) as store:
        store.add(make(1))
        store._connection.execute("UPDATE records SET json = '{}'")
        with pytest.raises(StoreError, match="damaged"):
            store.get(make(1).id)


LOOK = """
import os, sys
from tidings.errors import StoreError
from tidings.store import open_store
if os.geteuid() == 0:  # root is refused nothing
    os.setuid(65534)
os.chdir(sys.argv[1])
with open_store("news.db") as store:
    print(len(store), [hit.title for hit in store.search("envoys")])
    for attempt in (lambda: store.note_version("x", None, None), lambda: open_store("new.db", create=True)):
        try:
            attempt()
        except StoreError as error:
            print("read-only" in str(error))
"""


@pytest.mark.skipif(os.name != "posix", reason="permissions as on POSIX")
def test_a_store_in_a_folder_that_is_read_only():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with open_store(folder / "news.db", create=True) as store:
            store.add(make(1))
        (folder / "news.db").chmod(0o444)
        folder.chmod(0o555)
        try:
            done = subprocess.run([sys.executable, "-c", LOOK, name], capture_output=True, text=True, check=True)
        finally:
            folder.chmod(0o755)
    assert done.stdout.splitlines() == ["1 ['Talks 1']", "True", "True"]


# Processes that are killed, and processes that meet

COLLECT = """
import sys
from tidings import Reader
from tidings.store import collect, open_store
quick = Reader(article=None, actors=None, places=None, quotes=None, events=None)
with open_store(sys.argv[1], create=True) as store:
    for outcome in collect(store, sys.argv[2:], media="article", reader=quick):
        print(outcome.kind, outcome.where, flush=True)
"""


def pages(folder: Path, count: int) -> Path:
    folder.mkdir()
    for number in range(count):
        text = f"Envoy number {number} spoke in Bern on 3 March 2014. " + "They talked. " * (number % 7)
        (folder / f"{number:03}.txt").write_text(text, encoding="utf-8")
    (folder / "bad.html").write_bytes(b"")
    return folder


def collecting(path: Path, *sources: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", COLLECT, str(path), *map(str, sources)], stdout=subprocess.PIPE, text=True
    )


def contents(path: Path) -> list[str]:
    with open_store(path) as store:
        assert next(store.query("PRAGMA integrity_check")) == ("ok",)
        assert list(store.query("PRAGMA foreign_key_check")) == []
        (told,) = next(store.query("SELECT count(*) FROM articles JOIN records ON number = article"))
        assert told == len(store)
        assert [failed.page for failed in store.failures()][1:] == []
        return [to_json(record) for record in store.records()]


@pytest.mark.skipif(os.name != "posix", reason="kill -9")
def test_killed_at_any_moment_and_run_again_nothing_is_lost_or_doubled(tmp_path):
    folder = pages(tmp_path / "pages", 120)
    whole = collecting(tmp_path / "whole.db", folder)
    whole.communicate()
    chance = random.Random(7)
    path = tmp_path / "killed.db"
    seen: list[str] = []
    for _ in range(12):
        process = collecting(path, folder)
        assert process.stdout is not None
        told = 0
        for line in process.stdout:
            told += line.startswith("added")
            if told > chance.randrange(12):
                process.send_signal(signal.SIGKILL)
                break
        process.communicate()
        kept = contents(path)
        assert kept[: len(seen)] == seen, "what was kept is kept"
        assert len(kept) >= min(len(seen) + told, 120), "what was told as added is there"
        seen = kept
    collecting(path, folder).communicate()
    assert contents(path) == contents(tmp_path / "whole.db")
    assert len(contents(path)) == 120


def test_two_collectors_at_once_wait_for_one_another_and_never_double(tmp_path):
    folder = pages(tmp_path / "pages", 60)
    processes = [collecting(tmp_path / "news.db", folder) for _ in range(2)]
    told = "".join(process.communicate()[0] for process in processes)
    assert [process.returncode for process in processes] == [0, 0]
    assert told.count("added") == 60
    assert told.count("added") + told.count("there") == 120
    assert len(set(contents(tmp_path / "news.db"))) == 60

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
from tidings.store.packing import pack
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


def old_store(path: Path, version: int, records: list[Record]) -> None:
    """Make a store as an earlier version of the schema has it."""
    from tidings.store.rows import article_row, fact_rows

    connection = sqlite3.connect(path, isolation_level=None)
    for step in STEPS[:version]:
        for statement in _statements(step):
            connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION}")
    connection.execute(f"PRAGMA user_version = {version}")

    def insert(table: str, row: dict) -> None:
        known = {column[1] for column in connection.execute(f"PRAGMA table_info({table})")}
        row = {name: value for name, value in row.items() if name in known}
        names = ", ".join(f'"{name}"' for name in row)
        connection.execute(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(row))})", tuple(row.values()))

    for number, record in enumerate(records, 1):
        insert("articles", {"number": number, **article_row(record)})
        insert("records", {"article": number, "json": to_json(record)})
        for table, row in fact_rows(record, number):
            insert(table, row)
    if version > 1:
        insert("failures", {"page": "page-9", "source": "folder", "error": "EmptyPage", "message": "an empty page"})
    connection.close()


@pytest.mark.parametrize("version", range(1, VERSION))
def test_a_store_of_an_earlier_version_holds_what_it_held_and_learns_the_new(path, version):
    records = [make(number, url=f"https://courier.example/{number}") for number in range(3)]
    old_store(path, version, records)
    fresh = path.with_name("fresh.db")
    with open_store(fresh, create=True) as store:
        for record in records:
            store.add(record)
    tables = "SELECT name, sql FROM sqlite_master ORDER BY name"
    with open_store(path) as old, open_store(fresh) as new:
        assert list(old.records()) == records
        assert list(old.query(tables)) == list(new.query(tables))
        for query in ("actor:fenn", 'actor:"ada fenn" envoys', "said-by:fenn", "country:CHE", "type:036", "from:2014"):
            assert {hit.id for hit in old.search(query)} == {record.id for record in records}, query
        counted = "SELECT what, n FROM totals ORDER BY what"
        assert list(old.query(counted)) == list(new.query(counted))
        assert len(old.failures()) == (version > 1)
        assert old.page(records[0].id) is None
        assert old.replace(msgspec.structs.replace(records[1], version="9"), page="<p>" + TEXT)
        assert next(old.query("PRAGMA integrity_check")) == ("ok",)
        assert list(old.query("PRAGMA foreign_key_check")) == []


def test_a_reading_takes_the_place_of_another(path):
    with open_store(path, create=True) as store:
        for number in (1, 2, 3):
            store.add(
                make(number, url="https://courier.example/a", text=f"{TEXT} {number}"), page=f"<p>{TEXT} {number}"
            )
        new = msgspec.structs.replace(make(2, url="https://courier.example/a", text=TEXT + " corrected"), version="2")
        assert store.replace(new)
        assert [record.version for record in store.records()] == ["", "2", ""]
        assert [hit.id for hit in store.search("corrected")] == [new.id]
        assert store.search('"there 2"') == []
        received = store.page(new.id)
        assert received is not None
        assert received.text == f"<p>{TEXT} 2", "the page stays"
        same = make(2, url="https://courier.example/a", text=f"{TEXT} 3")
        assert not store.replace(same), "another article of this address has this text"
        assert not store.replace(make(7)), "it is not there"
        assert len(store) == 3
        assert list(store.query("INSERT INTO words (words) VALUES ('integrity-check')")) == []


def test_a_new_reading_of_the_same_text_stays_in_its_story_and_its_acts_are_merged_anew(path):
    from tidings.stories import update

    with open_store(path, create=True) as store:
        for number in (1, 2):
            store.add(make(number, url=f"https://courier{number}.example/a"))
        update(store)
        stories = list(store.query("SELECT a.article, s.id FROM story_articles a JOIN stories s ON s.number = a.story"))
        acts = list(store.query("SELECT id, tellings FROM acts"))
        assert len(acts) == 1
        event = msgspec.structs.replace(make(1).events[0], type="AGREE", cameo="057")
        new = msgspec.structs.replace(make(1, url="https://courier1.example/a"), version="2", events=(event,))
        renamed = msgspec.structs.replace(new, article=msgspec.structs.replace(new.article, title="Accord"))
        assert store.replace(renamed)
        assert update(store).articles == 0
        told = list(store.query("SELECT a.article, s.id FROM story_articles a JOIN stories s ON s.number = a.story"))
        assert told == stories
        assert {type for (type,) in store.query("SELECT type FROM acts")} == {"AGREE", "CONSULT"}
        assert [hit.id for hit in store.search("accord")] == [renamed.id]
        assert store.replace(msgspec.structs.replace(make(1, url="https://courier1.example/a"), version="3"))
        update(store)
        assert list(store.query("SELECT id, tellings FROM acts")) == acts
        assert list(store.query("PRAGMA foreign_key_check")) == []
        assert list(store.query("INSERT INTO words (words) VALUES ('integrity-check')")) == []


def test_a_page_that_is_its_own_text_is_not_kept_twice(path):
    with open_store(path, create=True) as store:
        store.add(make(1), page=TEXT)
        assert list(store.query("SELECT packed FROM pages")) == [(None,)]
        longer = msgspec.structs.replace(make(1), article=msgspec.structs.replace(make(1).article, text=TEXT[:30]))
        assert store.page_text(1) == TEXT
        store.replace(msgspec.structs.replace(longer, mentions=(), quotes=(), events=(), times=()))
        assert store.page_text(1) == TEXT, "a reading that takes less of it leaves it whole"


def test_a_damaged_page_is_told(path):
    with open_store(path, create=True) as store:
        store.add(make(1), page="<p>" + TEXT)
        for broken in (b"", b"noise", pack(TEXT)[:-4]):
            store._connection.execute("UPDATE pages SET packed = ?", (broken,))
            with pytest.raises(StoreError, match="damaged"):
                store.page_text(1)


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


def collect_and_tell(path: Path, folder: Path, out: int) -> None:
    """Collect as `tidings collect` does, stories and all, and write a line for each step to `out`."""
    from tidings import Reader
    from tidings.store import collect
    from tidings.stories import update

    sys.modules["tidings.stories.updating"].BATCH = 7  # type: ignore[attr-defined]
    quick = Reader(article=None, actors=None, places=None, quotes=None, events=None)
    with open_store(path, create=True) as store:
        for outcome in collect(store, [str(folder)], media="article", reader=quick):
            os.write(out, f"{outcome.kind}\n".encode())
        update(store, progress=lambda done, due: os.write(out, b"taken in\n") and None)


def run_and_kill(path: Path, folder: Path, after: int | None) -> list[str]:
    """Collect in a process of its own, killed after so many lines; return the lines."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.close(reading)
            collect_and_tell(path, folder, writing)
        finally:
            os._exit(0)
    os.close(writing)
    lines: list[str] = []
    with os.fdopen(reading) as told:
        for line in told:
            lines.append(line.strip())
            if after is not None and len(lines) > after:
                os.kill(child, signal.SIGKILL)
                break
    os.waitpid(child, 0)
    return lines


def whole(path: Path) -> list[list[tuple]]:
    """Return what stories and copies a store holds, after checking that it is sound."""
    with open_store(path) as store:
        tables = (
            'SELECT article, "group", kind FROM copies ORDER BY article',
            "SELECT a.article, s.id, s.articles FROM story_articles a JOIN stories s ON s.number = a.story ORDER BY 1",
            "SELECT article, packed FROM pages ORDER BY article",
            "SELECT what, n FROM totals ORDER BY what",
            "SELECT folded FROM spellings ORDER BY folded",
        )
        assert list(store.query("INSERT INTO words (words) VALUES ('integrity-check')")) == []
        return [list(store.query(sql)) for sql in tables]


@pytest.mark.skipif(os.name != "posix", reason="kill -9")
def test_killed_at_any_moment_and_run_again_nothing_is_lost_or_doubled(tmp_path):
    folder = pages(tmp_path / "pages", 80)
    run_and_kill(tmp_path / "whole.db", folder, None)
    chance = random.Random(7)
    path = tmp_path / "killed.db"
    seen: list[str] = []
    for kill in range(50):
        # What is there already is told first: past it come the new pages, and past them the stories.
        lines = run_and_kill(path, folder, len(seen) + chance.randrange(-2, 6) if kill % 3 else chance.randrange(100))
        kept = contents(path)
        assert kept[: len(seen)] == seen, "what was kept is kept"
        assert len(kept) >= lines.count("added") + lines.count("there"), "what was told is there"
        seen = kept
    run_and_kill(path, folder, None)
    assert contents(path) == contents(tmp_path / "whole.db")
    assert len(contents(path)) == 80
    assert whole(path) == whole(tmp_path / "whole.db")


def test_two_collectors_at_once_wait_for_one_another_and_never_double(tmp_path):
    folder = pages(tmp_path / "pages", 60)
    processes = [collecting(tmp_path / "news.db", folder) for _ in range(2)]
    told = "".join(process.communicate()[0] for process in processes)
    assert [process.returncode for process in processes] == [0, 0]
    assert told.count("added") == 60
    assert told.count("added") + told.count("there") == 120
    assert len(set(contents(tmp_path / "news.db"))) == 60

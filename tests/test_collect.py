"""Collecting: what leads to pages, what is skipped, what fails, and that it all can be done again."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner

from tidings import Reader, read, to_json
from tidings.cli.collect import command
from tidings.store import Store, collect, open_store
from tidings.store.archives import read_archive
from tidings.store.feeds import read_feed

QUICK = Reader(article=None, actors=None, places=None, times=None, quotes=None, events=None)
TALK = "Envoys from {0} countries met in Bern on 3 March 2014 and agreed to meet again."


def page(number: int) -> str:
    return f"<html><head><title>Talk {number}</title></head><body><p>{TALK.format(number)}</p></body></html>"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "news.db", create=True) as made:
        yield made


def run(store: Store, *sources: object, **options: object) -> list[tuple[str, str]]:
    outcomes = collect(store, [str(source) for source in sources], reader=QUICK, **options)  # type: ignore[arg-type]
    return [(outcome.kind, outcome.where.rsplit("/", 1)[-1]) for outcome in outcomes]


def kinds(outcomes: list[tuple[str, str]]) -> list[str]:
    return [kind for kind, _ in outcomes]


def test_a_folder_is_read_once(store, tmp_path):
    for name, text in (("a.html", page(1)), ("b.html", page(2)), ("copy.html", page(1)), ("empty.html", "")):
        (tmp_path / name).write_text(text)
    first = run(store, tmp_path)
    assert first == [("added", "a.html"), ("added", "b.html"), ("there", "copy.html"), ("failed", "empty.html")]
    again = run(store, tmp_path)
    assert kinds(again) == ["there", "there", "there", "failed"]
    assert len(store) == 2


def test_a_page_that_changed_is_kept_beside_its_first_form(store, tmp_path):
    path = tmp_path / "a.html"
    path.write_text(page(1))
    run(store, path)
    path.write_text(page(2))
    assert kinds(run(store, path)) == ["added"]
    assert len(store) == 2


def test_failures_are_told_again_and_forgotten_once_read(store, tmp_path):
    path = tmp_path / "a.html"
    path.write_bytes(b"")
    assert kinds(run(store, path, tmp_path / "none.html")) == ["failed", "failed"]
    assert [failed.error for failed in store.failures()] == ["EmptyPage", "MissingPage"]
    path.write_text(page(1))
    assert kinds(run(store, retry=True)) == ["added", "failed"]
    assert [failed.error for failed in store.failures()] == ["MissingPage"]


def test_bytes_that_failed_are_not_read_again_unless_asked(store, tmp_path):
    (tmp_path / "a.txt").write_text("Not found.")
    read_times = []
    broken = Reader(article=lambda received: _nothing(received, read_times), times=None)
    for retry, expected in ((False, 1), (False, 1), (True, 2)):
        outcomes = list(collect(store, [str(tmp_path / "a.txt")], reader=broken, retry=retry))
        assert [outcome.kind for outcome in outcomes] == ["failed"]
        assert len(read_times) == expected


def _nothing(received, seen):
    from tidings.facts import Article, Clipping

    seen.append(received)
    return Clipping(article=Article(text="", kind="error"))


def test_the_records_are_the_same_whatever_the_jobs(tmp_path):
    lines = tmp_path / "pages.jsonl"
    made = [to_json(read(TALK.format(number), media="article", reader=QUICK)) for number in (40, 41)]
    told = [json.dumps({"url": f"https://p.example/{n}", "html": page(n)}) for n in (1, 2, 1, 3, 4, 5, 6)]
    lines.write_text("\n".join([told[0], made[0], *told[1:4], made[1], "{}", *told[4:]]))
    kept = []
    for jobs in (1, 2):
        with open_store(tmp_path / f"{jobs}.db", create=True) as store:
            outcomes = run(store, lines, jobs=jobs)
            kept.append(([to_json(record) for record in store.records()], outcomes, store.failures()))
    assert kept[0] == kept[1]
    assert len(kept[0][0]) == 8


# Archives


def warc(
    number: int, *, status: str = "200 OK", kind: str = "text/html; charset=utf-8", chunked: bool = False
) -> bytes:
    body = page(number).encode()
    how = f"Content-Length: {len(body)}"
    if chunked:
        body, how = b"%x\r\n%s\r\n5\r\n     \r\n0\r\n\r\n" % (len(body), body), "Transfer-Encoding: chunked"
    block = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n{how}\r\n\r\n".encode() + body
    return entry("response", f"http://courier.example/{number}", "application/http; msgtype=response", block)


def entry(kind: str, url: str, media: str, block: bytes) -> bytes:
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2020-05-04T10:00:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:{url}>\r\nContent-Type: {media}\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def archive(path: Path, *entries: bytes) -> Path:
    packed = path.suffix == ".gz"
    path.write_bytes(b"".join(gzip.compress(part, mtime=0) if packed else part for part in entries))
    return path


@pytest.mark.parametrize("name", ["x.warc", "x.warc.gz"])
def test_the_pages_of_an_archive(store, tmp_path, name):
    path = archive(
        tmp_path / name,
        entry("warcinfo", "urn:x", "application/warc-fields", b"software: x"),
        warc(1),
        entry("request", "http://courier.example/1", "application/http; msgtype=request", b"GET / HTTP/1.1\r\n\r\n"),
        warc(2, status="404 Not Found"),
        warc(3, kind="image/png"),
        warc(4, chunked=True),
        entry("conversion", "http://courier.example/5", "text/plain", TALK.format(5).encode()),
    )
    assert kinds(run(store, path)) == ["added"] * 3
    first, second, third = store.records()
    assert (first.page.url, first.page.fetched, first.page.media) == ("http://courier.example/1", "2020-05-04", "html")
    assert second.article.text.startswith("<html>") and second.article.text.rstrip().endswith("</html>")
    assert third.page.media == "text"
    assert kinds(run(store, path)) == ["there"] * 3


@pytest.mark.parametrize("name", ["x.warc", "x.warc.gz"])
@pytest.mark.parametrize("part", [0.1, 0.3, 0.5, 0.62, 0.78, 0.97])
def test_an_archive_cut_off_anywhere_is_read_up_to_the_cut(tmp_path, name, part):
    whole = archive(tmp_path / name, *(warc(number) for number in range(5))).read_bytes()
    path = tmp_path / name
    path.write_bytes(whole[: int(len(whole) * part)])
    *before, last = read_archive(path, "x")
    assert len(before) == int(5 * part)
    assert all(arrival.error is None for arrival in before)
    assert "cut off" in str(last.error)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not an archive",
        b"WARC/1.0\r\nWARC-Type: response\r\n\r\n",
        b"WARC/1.0\r\nContent-Length: -5\r\nWARC-Type: response\r\n\r\n",
        b"WARC/1.0\r\nContent-Length: 99999999999999\r\nWARC-Type: response\r\n\r\nabc",
        b"WARC/1.0\r\n" + b"a" * 100_000,
        b"WARC/1.0\r\n" + b"a: b\r\n" * 5_000,
        warc(1) + b"noise " * 20_000,
    ],
)
@pytest.mark.parametrize("name", ["x.warc", "x.warc.gz"])
def test_a_damaged_archive_is_told(tmp_path, name, data):
    path = tmp_path / name
    path.write_bytes(data)
    *_, last = read_archive(path, "x")
    assert last.error is not None


def test_a_cut_archive_is_forgotten_once_it_is_whole(store, tmp_path):
    path = archive(tmp_path / "x.warc.gz", warc(1), warc(2))
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    assert kinds(run(store, path)) in (["added", "failed"], ["added", "added", "failed"])
    assert [failed.page for failed in store.failures()] == [str(path)]
    path.write_bytes(whole)
    run(store, path)
    assert store.failures() == []
    assert len(store) == 2


# Lines


@pytest.mark.parametrize("name", ["x.jsonl", "x.jsonl.gz", "x.ndjson"])
def test_lines_of_pages_and_records(store, tmp_path, name):
    record = to_json(read(TALK.format(9), media="article", reader=QUICK))
    outside = json.loads(record)
    outside["places"] = [{"span": [0, 9_999], "name": "Bern", "score": 1.0}]
    lines = [
        json.dumps({"url": "https://p.example/1", "html": page(1), "fetched": "2014-03-05", "other": [1]}),
        json.dumps({"text": TALK.format(2)}),
        record,
        "",
        "{not json",
        json.dumps({"url": "https://p.example/2"}),
        json.dumps({**json.loads(record), "article": 7}),
        json.dumps(outside),
        "[]",
    ]
    data = "\n".join(lines).encode()
    path = tmp_path / name
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    assert run(store, path) == [
        *(("added", f"{name}:{line}") for line in (1, 2, 3)),
        *(("failed", f"{name}:{line}") for line in (5, 6, 7, 8, 9)),
    ]
    first, second, third = store.records()
    assert (first.page.url, first.page.fetched, first.page.media) == ("https://p.example/1", "2014-03-05", "html")
    assert second.page.media == "text"
    assert to_json(third) == record


def test_a_folder_gives_its_archives_and_lines_too(store, tmp_path):
    archive(tmp_path / "b.warc", warc(1))
    (tmp_path / "a.jsonl").write_text(json.dumps({"html": page(2)}))
    assert kinds(run(store, tmp_path)) == ["added", "added"]
    (tmp_path / "z.html").write_text(page(3))
    assert kinds(run(store, tmp_path)) == ["added", "there", "there"]


PIPED = """
import sys
from tidings import Reader
from tidings.store import collect, open_store
quick = Reader(article=None, actors=None, places=None, times=None, quotes=None, events=None)
with open_store(sys.argv[1], create=True) as store:
    for outcome in collect(store, ["-"], reader=quick):
        print(outcome.kind, outcome.where)
"""


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (
            b'{"html": "<p>Envoys met.</p>"}\n{"text": "They agreed."}\n',
            "added standard input:1\nadded standard input:2\n",
        ),
        (b"Envoys met in Bern.", "added standard input\n"),
        (b"", "failed standard input\n"),
    ],
)
def test_standard_input(tmp_path, data, told):
    arguments = [sys.executable, "-c", PIPED, str(tmp_path / "news.db")]
    assert subprocess.run(arguments, input=data, capture_output=True, check=True).stdout.decode() == told


# Feeds

RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>Courier</title>
<item><title>One</title><link>{0}/page/1</link></item><item><title>Two</title><link>/page/2</link></item>
<item><title>No</title><link>{0}/private/3</link></item><item><link>javascript:alert(1)</link></item>
<item><link>{0}/page/1</link></item></channel></rss>"""
ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Courier</title>
<entry><title>One</title><link href="{0}/page/1"/></entry></feed>"""


class _Server(BaseHTTPRequestHandler):
    asked: list[str] = []  # noqa: RUF012 - cleared by the fixture

    def do_GET(self):
        base = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.asked.append(self.path)
        body, kind, status = b"", "text/html", 200
        if self.path == "/robots.txt":
            body, kind = b"User-agent: *\nDisallow: /private/\n", "text/plain"
        elif self.path == "/rss.xml":
            if self.headers.get("If-None-Match") == '"v1"':
                status = 304
            body, kind = RSS.format(base).encode(), "application/rss+xml"
        elif self.path.startswith("/page/"):
            body = page(int(self.path.rsplit("/", 1)[1])).encode()
        else:
            status = 404
        assert "tidings" in self.headers["User-Agent"]
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("ETag", '"v1"')
        self.send_header("Content-Length", str(0 if status == 304 else len(body)))
        self.end_headers()
        if status != 304:
            self.wfile.write(body)

    def log_message(self, format, *args):
        pass


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr("tidings.store.visiting._BETWEEN", 0.0)
    _Server.asked.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), _Server) as made:
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{made.server_address[1]}"
        made.shutdown()
        thread.join()


def test_a_feed_is_followed_politely(store, server):
    first = run(store, f"{server}/rss.xml")
    assert first == [("added", "1"), ("added", "2"), ("failed", "3")]
    assert "/private/3" not in _Server.asked
    assert _Server.asked[:2] == ["/rss.xml", "/robots.txt"]
    assert [record.page.url for record in store.records()] == [f"{server}/page/1", f"{server}/page/2"]
    _Server.asked.clear()
    assert run(store, f"{server}/rss.xml") == [("there", "1"), ("there", "2"), ("failed", "3")]
    assert "/page/1" not in _Server.asked, "a page that is there is not fetched again"


def test_a_feed_that_has_not_changed_is_not_followed_again(store, server, monkeypatch):
    monkeypatch.setattr("tidings.store.visiting._robots", lambda host: _allowing())
    run(store, f"{server}/rss.xml")
    assert store.version_of(f"{server}/rss.xml") == (None, None), "/private/3 has failed: the feed is asked again"
    store.note_version(f"{server}/rss.xml", '"v1"', None)
    _Server.asked.clear()
    assert run(store, f"{server}/rss.xml") == [("there", "rss.xml")]
    assert _Server.asked == ["/rss.xml"]


def _allowing():
    from urllib.robotparser import RobotFileParser

    rules = RobotFileParser()
    rules.parse([])
    return rules


def test_a_feed_file_may_not_send_us_into_the_network_we_stand_in(store, server, tmp_path):
    path = tmp_path / "feed.xml"
    path.write_text(RSS.format(server))
    assert set(kinds(run(store, path))) == {"failed"}
    assert _Server.asked == []


def test_a_page_named_by_its_address_is_fetched_without_asking(store, server):
    assert kinds(run(store, f"{server}/page/7", f"{server}/none")) == ["added", "failed"]
    assert _Server.asked == ["/page/7", "/none"]


@pytest.mark.parametrize(
    ("text", "pages", "feeds"),
    [
        (RSS.format("https://c.example"), ("https://c.example/page/1", "https://c.example/page/2",
          "https://c.example/private/3"), ()),
        (ATOM.format("https://c.example"), ("https://c.example/page/1",), ()),
        ('{"version": "https://jsonfeed.org/version/1.1", "items": [{"url": "/a"}, {"id": 1}, 5]}',
         ("https://c.example/a",), ()),
        ('<?xml version="1.0"?><opml><body><outline text="x"><outline xmlUrl="https://d.example/rss?a=1&amp;b=2"/>'
         "</outline></body></opml>", (), ("https://d.example/rss?a=1&b=2",)),
    ],
)  # fmt: skip
def test_feeds(text, pages, feeds):
    feed = read_feed(text, "https://c.example/feed")
    assert feed is not None
    assert (feed.pages, feed.feeds) == (pages, feeds)


@pytest.mark.parametrize("text", [page(1), "Plain words.", '{"a": 1}', "{" * 5_000, "", "<rssy>", '{"items": []}'])
def test_what_is_no_feed(text):
    assert read_feed(text, None) is None


def test_noise_in_a_feed_takes_no_time():
    assert read_feed("<opml>" + "<outline xmlUrl='" * 6_000, None) is not None
    assert read_feed("<opml " + "<" * 100_000, None) is not None


# The command


def test_the_command(tmp_path):
    (tmp_path / "a.txt").write_text(TALK.format(3))
    (tmp_path / "b.txt").write_text("")
    db = str(tmp_path / "news.db")
    done = CliRunner().invoke(command, [db, str(tmp_path / "a.txt"), "--media", "article"])
    assert (done.exit_code, done.stdout) == (0, f"{db}: 1 added, 0 there already, 0 failed\n"), done.stderr
    done = CliRunner().invoke(command, [db, str(tmp_path), "--media", "article"])
    assert (done.exit_code, done.stdout) == (3, f"{db}: 0 added, 1 there already, 1 failed\n")
    assert done.stderr.splitlines() == [f"tidings: {tmp_path / 'b.txt'}: an empty page"]
    done = CliRunner().invoke(command, [db, str(tmp_path / "none.txt"), "-q"])
    assert (done.exit_code, done.stdout) == (1, "")
    assert CliRunner().invoke(command, [db]).exit_code == 2
    assert CliRunner().invoke(command, [db, "x", "--media", "nonsense"]).exit_code == 2
    with open_store(db) as store:
        assert [record.article.text for record in store.records()] == [TALK.format(3)]

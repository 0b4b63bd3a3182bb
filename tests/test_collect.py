"""Collecting: what leads to pages, what is skipped, what fails, and that it all can be done again."""

from __future__ import annotations

import gzip
import io
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner
from fastwarc.stream_io import ZstdWriter, zstd_train_dictionary_from_samples

from tidings import Reader, read, to_json
from tidings.cli.collect import command
from tidings.errors import UsageError
from tidings.pages import read_sitemap
from tidings.store import Store, collect, open_store, rounds
from tidings.store.archives import read_archive
from tidings.store.feeds import read_feed
from tidings.store.health import Feedback

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


def test_a_file_whose_name_is_no_text_ends_nothing(store, tmp_path):
    names = [os.fsdecode(name) for name in (b"a\xff.html", b"b\xff.html", b"c\xff.jsonl", b"d\xff.warc")]
    try:
        for name, text in zip(names, (page(1), "", "{}\n", "WARC/"), strict=True):
            (tmp_path / name).write_text(text)
    except OSError:
        pytest.skip("this file system takes no such name")
    found = run(store, tmp_path, tmp_path / names[1], tmp_path / os.fsdecode(b"none\xff"))
    assert found == [
        ("added", "a\\udcff.html"), ("failed", "b\\udcff.html"), ("failed", "c\\udcff.jsonl:1"),
        ("failed", "d\\udcff.warc"), ("failed", "b\\udcff.html"), ("failed", "none\\udcff"),
    ]  # fmt: skip
    (tmp_path / names[1]).write_text(page(2))
    assert kinds(run(store, tmp_path / names[1])) == ["added"]
    assert "b\\udcff" not in [failed.page.rsplit("/", 1)[-1] for failed in store.failures()]
    assert all(to_json(record) for record in store.records())


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
    pack = {".gz": lambda part: gzip.compress(part, mtime=0), ".zst": zstandard}.get(path.suffix, lambda part: part)
    path.write_bytes(b"".join(map(pack, entries)))
    return path


def zstandard(data: bytes) -> bytes:
    made = io.BytesIO()
    with ZstdWriter(made) as writer:
        writer.write(data)
        writer.close()
        return made.getvalue()


@pytest.mark.parametrize("name", ["x.warc", "x.warc.gz", "x.warc.zst"])
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


@pytest.mark.parametrize("name", ["x.warc", "x.warc.gz", "x.warc.zst"])
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
        b"\r\n" * 2_000_000,
        b"WARC/1.0\r\n" + b"a: b\r\n" * 5_000,
        warc(1) + b"noise " * 20_000,
    ],
)
@pytest.mark.parametrize("name", ["x.warc", "x.warc.gz", "x.warc.zst"])
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


def test_an_archive_with_a_dictionary_of_its_own(store, tmp_path):
    entries = [warc(number) for number in range(300)]
    words = zstd_train_dictionary_from_samples(entries, 4_096)
    made = io.BytesIO()
    with ZstdWriter(made, dictionary=words) as writer:
        writer.write(b"".join(entries[:3]))
        writer.close()
        packed = made.getvalue()
    path = tmp_path / "x.warc.zst"
    for held in (words, zstandard(words)):
        path.write_bytes(b"\x5d\x2a\x4d\x18" + len(held).to_bytes(4, "little") + held + packed)
        assert [arrival.error for arrival in read_archive(path, "x")] == [None] * 3
    path.write_bytes(b"\x5d\x2a\x4d\x18" + (1 << 31).to_bytes(4, "little") + packed)
    assert [arrival.error is None for arrival in read_archive(path, "x")] == [False]


def test_how_far_a_collection_has_come(store, tmp_path):
    from tidings.store.arrivals import measure

    folder = tmp_path / "pages"
    folder.mkdir()
    archive(folder / "x.warc.gz", *(warc(number) for number in range(40)))
    (folder / "a.html").write_text(page(70))
    reached = [outcome.reached for outcome in collect(store, [str(folder)], reader=QUICK)]
    assert reached == sorted(reached)
    assert reached[0] == (folder / "a.html").stat().st_size
    assert reached[-1] == measure([str(folder)])
    assert measure(["https://courier.example/feed"]) is None


# Lines


@pytest.mark.parametrize("name", ["x.jsonl", "x.jsonl.gz", "x.jsonl.zst", "x.ndjson"])
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
    archive(path, data)
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


SITEMAP = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc>{0}/page/1</loc><news:news><news:publication><news:name>Courier</news:name></news:publication>
<news:publication_date>2014-03-03T10:00:00Z</news:publication_date><news:title>Talks &amp; more</news:title></news:news>
</url><url><loc>{0}/about</loc><lastmod>2020-01-01</lastmod></url>
<url><loc>
  {0}/page/2 </loc><news:news><news:publication_date>2014-03-04</news:publication_date></news:news></url>
</urlset>"""
INDEX = """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>{0}/news.xml.gz</loc></sitemap><sitemap><loc>{0}/index.xml</loc></sitemap></sitemapindex>"""


class _Server(BaseHTTPRequestHandler):
    asked: list[str] = []  # noqa: RUF012 - cleared by the fixture

    robots = b"User-agent: *\nDisallow: /private/\n"

    def do_GET(self):
        base = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.asked.append(self.path)
        body, kind, status, place = b"", "text/html", 200, None
        if self.path == "/robots.txt":
            body, kind = self.robots, "text/plain"
        elif self.path == "/rss.xml":
            if self.headers.get("If-None-Match") == '"v1"':
                status = 304
            body, kind = RSS.format(base).encode(), "application/rss+xml"
        elif self.path == "/index.xml":
            body, kind = INDEX.format(base).encode(), "application/xml"
        elif self.path == "/news.xml.gz":
            body, kind = gzip.compress(SITEMAP.format(base).encode()), "application/x-gzip"
        elif self.path.startswith("/away/"):
            status, place = 302, f"http://localhost:{self.server.server_address[1]}/page/1"
        elif self.path == "/moved.xml":
            status, place = 302, "/page/feed.xml"
        elif self.path == "/page/feed.xml":
            body, kind = ATOM.replace("{0}/page/1", "5").encode(), "application/atom+xml"
        elif self.path == "/away.xml":
            body, kind = RSS.format(f"{base}/away").replace("/private/", "/page/").encode(), "application/rss+xml"
        elif self.path.startswith("/page/"):
            body = page(int(self.path.rsplit("/", 1)[1])).encode()
        else:
            status = 404
        assert "tidings" in self.headers["User-Agent"]
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("ETag", '"v1"')
        if place is not None:
            self.send_header("Location", place)
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


def test_the_health_of_a_feed_is_noted_by_the_time_that_is_given(store, server):
    feed, gone = f"{server}/rss.xml", f"{server}/gone.xml"
    list(collect(store, [feed, gone], at="2020-05-04T10:00:00Z"))
    missing, found = store.feeds()
    assert (found.at, found.status, found.entries, found.added) == ("2020-05-04T10:00:00Z", "200", 3, 2)
    assert (found.failures, found.reasons) == (1, (("its host asks not to be visited here (robots.txt)", 1),))
    assert (missing.url, missing.status, missing.added) == (gone, "the server answered 404", 0)
    assert missing.reasons == (("the server answered 404", 1),)
    assert {failed.feed for failed in store.failures()} == {feed, gone}
    list(collect(store, [feed], at="2020-05-04T11:00:00Z"))
    list(collect(store, [feed], at="2020-05-06T11:00:00Z"))
    (found,) = (each for each in store.feeds() if each.url == feed)
    assert (found.asked, found.days, found.added, found.quiet, found.silent) == (3, 2, 2, 2, False)


def test_what_a_broken_off_collection_met_is_noted(store, server):
    outcomes = collect(store, [f"{server}/rss.xml"], at="2020-05-04T10:00:00Z")
    next(outcomes)
    outcomes.close()
    assert [feed.added for feed in store.feeds()] == [1]


def test_a_feed_is_silent_when_chance_does_not_explain_it(store):
    for day in range(1, 9):
        brought = Feedback("200", 20, added=3 if day < 6 else 0, undated=1, youngest=f"2020-05-0{day}")
        store.note_feeds({"https://courier.example/rss": brought}, f"2020-05-0{day}T08:00:00Z")
    (feed,) = store.feeds()
    assert (feed.usual, feed.quiet, feed.silent, feed.youngest) == (3.0, 3, True, "2020-05-08")
    store.note_version("https://old.example/rss", "v", None)
    assert [(each.url, each.at, each.usual) for each in store.feeds()][1] == ("https://old.example/rss", None, None)


def test_feeds_are_listed(store, server):
    assert CliRunner().invoke(command, [str(store.path), "--feeds"]).stderr == "tidings: no feed was asked yet\n"
    done = CliRunner().invoke(command, [str(store.path), f"{server}/rss.xml", "-q"])
    assert done.exit_code == 3
    (told,) = map(json.loads, CliRunner().invoke(command, [str(store.path), "--feeds"]).stdout.splitlines())
    assert (told["url"], told["added"], told["failures"]) == (f"{server}/rss.xml", 2, 1)
    table = CliRunner().invoke(command, [str(store.path), "--feeds", "--format", "table"], env={"COLUMNS": "200"})
    assert "robots.txt" in table.stdout


def test_a_feed_that_has_not_changed_is_not_followed_again(store, server, monkeypatch):
    monkeypatch.setattr("tidings.store.visiting._robots", lambda *_: _allowing())
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


def test_nor_may_the_redirect_of_a_listed_page(store, server):
    assert run(store, f"{server}/away.xml") == [("failed", "1"), ("added", "2"), ("failed", "3")]
    assert [path for path in _Server.asked if path.startswith("/page/")] == ["/page/2"]
    assert {failed.message for failed in store.failures()} == {
        "an address within a private network, which a feed may not send us to"
    }


def test_a_feed_that_has_moved_lists_pages_beside_its_new_place(store, server):
    assert run(store, f"{server}/moved.xml") == [("added", "5")]
    assert "/page/5" in _Server.asked


def test_rules_for_robots_may_begin_with_a_byte_order_mark(store, server, monkeypatch):
    monkeypatch.setattr(_Server, "robots", b"\xef\xbb\xbfUser-agent: *\nDisallow: /page/\n")
    assert set(kinds(run(store, f"{server}/rss.xml"))) >= {"failed"}
    assert "/page/1" not in _Server.asked


def test_a_line_too_long_is_told_and_the_next_is_read(store, tmp_path, monkeypatch):
    monkeypatch.setattr("tidings.store.lines._LONGEST", 4_000)
    lines = [{"text": "x " * 9_000}, {"html": page(1), "url": "https://courier.example/1"}]
    (tmp_path / "pages.jsonl").write_text("\n".join(map(json.dumps, lines)))
    assert run(store, tmp_path / "pages.jsonl") == [("failed", "pages.jsonl:1"), ("added", "pages.jsonl:2")]


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


@pytest.mark.parametrize(
    ("feed", "entry"),
    [("<rss><channel>{}", "<item><link>https://c.example/{}</link></item>"), ("<rss><channel>{}", "<item>{}"),
     ("<feed>{}", '<entry><link href="https://c.example/{}"/></entry>')],
)  # fmt: skip
def test_of_a_feed_of_very_many_entries_the_first_are_taken(feed, entry, within):
    with within(5):
        found = read_feed(feed.format("".join(entry.format(number) for number in range(150_000))), None)
    assert found is not None
    assert len(found.pages) == (1_000 if "c.example" in entry else 0)


def test_noise_in_a_feed_takes_no_time():
    assert read_feed("<opml>" + "<outline xmlUrl='" * 6_000, None) is not None
    assert read_feed("<opml " + "<" * 100_000, None) is not None


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("x.rss", "<html><head><title>Gone</title></head><body><p>Envoys met in Bern.</p></body></html>", "added"),
        ("x.json", '{"status": "gone"}', "failed"),
        ("x.json", "[1, 2, 3]", "failed"),
        ("x.xml", "<?xml version='1.0'?><items><item/></items>", "failed"),
        ("x.atom", "", "failed"),
        ("x.opml", "\x00\x01\x02\x03", "failed"),
    ],
)
def test_a_feed_that_is_none(store, tmp_path, name, text, expected):
    (tmp_path / name).write_text(text)
    assert kinds(run(store, tmp_path / name)) == [expected]


# Sitemaps


def test_a_news_sitemap_gives_its_news_the_youngest_first():
    sitemap = read_sitemap(SITEMAP.format("https://c.example"))
    assert sitemap is not None
    assert [(entry.url, entry.title, entry.day) for entry in sitemap.pages] == [
        ("https://c.example/page/2", None, "2014-03-04"),
        ("https://c.example/page/1", "Talks & more", "2014-03-03"),
    ]


def test_a_plain_sitemap_and_an_index():
    plain = read_sitemap("<urlset><url><loc>https://c.example/a</loc></url><url><lastmod>2020</lastmod></url></urlset>")
    assert plain is not None
    assert [entry.url for entry in plain.pages] == ["https://c.example/a"]
    index = read_sitemap(INDEX.format("https://c.example"))
    assert index is not None
    assert (index.pages, len(index.maps)) == ((), 2)


@pytest.mark.parametrize("text", ["", "plain", "<html><urlset>", "<rss></rss>", '{"urlset": 1}', page(1)])
def test_what_is_no_sitemap(text):
    assert read_sitemap(text) is None


BOMB = (
    "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'>"
    + "".join(f"<!ENTITY a{n} '{f'&a{n - 1 if n else str()};' * 10}'>" for n in range(12))
    + "]><urlset><url><loc>https://c.example/&a11;</loc></url></urlset>"
)
OUTSIDE = (
    "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><urlset><url><loc>https://c.example/&a;</loc></url></urlset>"
)


@pytest.mark.parametrize(
    "text",
    [BOMB, OUTSIDE, "<urlset>" + "<url>" * 100_000, "<urlset " + "a='" * 50_000, "<urlset>" + "\0<" * 50_000,
     "<urlset>" + "<url><loc>" * 50_000 + "x" * 1_000_000],
)  # fmt: skip
def test_a_hostile_sitemap_costs_little_and_gives_nothing(text):
    sitemap = read_sitemap(text)
    assert sitemap is not None
    assert all(len(entry.url) < 100 and "root:" not in entry.url for entry in sitemap.pages)


def test_a_sitemap_that_is_cut_off_gives_what_it_can():
    whole = SITEMAP.format("https://c.example")
    sitemap = read_sitemap(whole[: whole.index("</loc>") + 400])
    assert sitemap is not None
    assert [entry.url for entry in sitemap.pages] == ["https://c.example/page/1"]


def test_a_sitemap_is_followed_through_its_index(store, server):
    assert run(store, f"{server}/index.xml") == [("added", "2"), ("added", "1")]
    assert "/about" not in _Server.asked
    assert _Server.asked.count("/page/1") == 1
    assert _Server.asked.count("/index.xml") == 1, "an index that leads to itself is followed once"


def test_a_sitemap_file(store, tmp_path):
    path = archive(tmp_path / "news.xml.gz", SITEMAP.format("http://127.0.0.1:9").encode())
    assert kinds(run(store, path)) == ["failed", "failed"], "a file may not send us into the network we stand in"


def test_a_list_has_an_end(store, server, monkeypatch):
    monkeypatch.setattr("tidings.store.visiting._MOST", 1)
    assert kinds(run(store, f"{server}/news.xml.gz")) == ["added", "failed"]
    assert "more than 1 pages" in store.failures()[0].message


# Pages kept, and read anew


@pytest.mark.parametrize("jobs", [1, 2])
def test_pages_are_kept_as_they_were_received(store, tmp_path, jobs):
    (tmp_path / "a.html").write_text(page(1))
    (tmp_path / "b.txt").write_bytes("Envoys met in Zürich.".encode("latin-1"))
    assert kinds(run(store, tmp_path, jobs=jobs)) == ["added", "added"]
    first, second = store.records()
    for record, text in ((first, page(1)), (second, "Envoys met in Zürich.")):
        received = store.page(record.id)
        assert received is not None
        assert (received.text, received.page) == (text, record.page)
        located = record.locate((0, 10))
        assert located is not None
        assert located.of(received.text) == record.article.text[:10]


def test_pages_can_be_left_out_and_added_later(store, tmp_path):
    (tmp_path / "a.html").write_text(page(1))
    run(store, tmp_path, pages=False)
    (record,) = store.records()
    assert store.page(record.id) is None
    run(store, tmp_path)
    assert store.page(record.id) is not None
    assert store.page("no such id") is None


@pytest.fixture
def newer(monkeypatch: pytest.MonkeyPatch):
    """Call it, and Tidings is of a newer version from then on."""

    def become(version: str = "99.0") -> None:
        monkeypatch.setattr("tidings.reader._version", lambda: version)
        monkeypatch.setattr("tidings.store.rereading.reading_version", lambda: version)

    return become


def versions(store: Store) -> list[str]:
    return [record.version for record in store.records()]


def test_what_an_older_version_has_read_is_read_anew_in_its_place(store, tmp_path, newer):
    for number in (1, 2, 3):
        (tmp_path / f"{number}.html").write_text(page(number))
    run(store, tmp_path)
    ids = [record.page.sha256 for record in store.records()]
    with store.change() as connection:
        connection.execute(
            "INSERT INTO judgements (at, author, page, fact, key, decision)"
            " VALUES ('2020', 'me', ?, 'article', 'k', 'accept')",
            (ids[0],),
        )
    for number in (1, 2, 3):
        (tmp_path / f"{number}.html").unlink()
    assert run(store, reread=True) == []
    newer()
    assert kinds(run(store, reread=True)) == ["renewed"] * 3
    assert [record.page.sha256 for record in store.records()] == ids
    assert versions(store) == ["99.0"] * 3
    assert [number for (number,) in store.query("SELECT number FROM articles ORDER BY number")] == [1, 2, 3]
    assert list(store.query("SELECT count(*) FROM judgements")) == [(1,)]
    assert next(store.query("PRAGMA integrity_check")) == ("ok",)
    assert list(store.query("PRAGMA foreign_key_check")) == []
    assert list(store.query("INSERT INTO words (words) VALUES ('integrity-check')")) == []
    assert all(store.page(record.id) for record in store.records())
    assert run(store, reread=True) == []


def test_a_reading_anew_that_finds_no_article_leaves_the_earlier_one(store, tmp_path, newer):
    (tmp_path / "a.html").write_text(page(1))
    run(store, tmp_path)
    newer()
    nothing = Reader(article=lambda received: _nothing(received, []), times=None)
    (outcome,) = collect(store, [], reread=True, reader=nothing)
    assert (outcome.kind, "stays" in str(outcome.error)) == ("failed", True)
    assert len(store) == 1
    assert store.failures() == []


def test_a_page_that_was_not_kept_is_read_anew_from_its_file_or_its_source(store, tmp_path, newer):
    (tmp_path / "a.html").write_text(page(1))
    lines = tmp_path / "b.jsonl"
    lines.write_text(json.dumps({"html": page(2)}))
    run(store, tmp_path, pages=False)
    newer()
    assert kinds(run(store, reread=True)) == ["renewed", "failed"], "the line of a file is no page of its own"
    assert versions(store)[0] == "99.0"
    assert kinds(run(store, lines, reread=True)) == ["renewed"]
    assert versions(store) == ["99.0", "99.0"]
    assert store.failures() == []


def test_a_day_that_was_given_is_given_again(store, tmp_path, newer):
    (tmp_path / "a.txt").write_text(TALK.format(1))
    dating = Reader(article=None, actors=None, places=None, quotes=None, events=None)
    list(collect(store, [str(tmp_path / "a.txt")], published="2014-03-09", reader=dating))
    newer()
    list(collect(store, [], reread=True, reader=dating))
    (record,) = store.records()
    assert record.article.published is not None
    assert (record.article.published.value, record.article.published.basis) == ("2014-03-09", "given")


def test_a_newer_record_takes_the_place_of_an_older_one(store, tmp_path, newer):
    newer("98.0")
    old = to_json(read(TALK.format(9), media="article", reader=QUICK))
    newer("99.0")
    new = to_json(read(TALK.format(9), media="article", reader=QUICK))
    path = tmp_path / "x.jsonl"
    for lines, reread, expected in ((old, False, "added"), (new, False, "there"), (new, True, "renewed"),
                                    (old, True, "there")):  # fmt: skip
        path.write_text(lines)
        assert kinds(run(store, path, reread=reread)) == [expected]
    assert versions(store) == ["99.0"]


# Again and again


def test_rounds_keep_their_pace():
    now, asleep, told = [0.0], [], []

    def sleep(seconds: float) -> None:
        asleep.append(seconds)
        now[0] += seconds

    for number in rounds(10, most=4, clock=lambda: now[0], sleep=sleep, waiting=told.append):
        now[0] += {1: 60.0, 2: 0.0, 3: 3_000.0, 4: 0.0}[number]
    assert asleep == told == [540.0, 600.0, 60.0], "a round that takes too long is followed by a rest"
    for minutes in (0, -1, 0.2, 1e9, float("nan")):
        with pytest.raises(UsageError, match="minutes"):
            next(rounds(minutes))


# The command


def test_watching_ends_with_a_key(tmp_path, monkeypatch):
    (tmp_path / "a.txt").write_text(TALK.format(3))
    db = str(tmp_path / "news.db")
    asleep = []

    def sleep(seconds: float) -> None:
        asleep.append(seconds)
        if len(asleep) == 3:
            raise KeyboardInterrupt
        (tmp_path / f"{len(asleep)}.txt").write_text(TALK.format(10 + len(asleep)))

    monkeypatch.setattr("tidings.store.rounds", partial(rounds, sleep=sleep))
    done = CliRunner().invoke(command, [db, str(tmp_path), "--media", "article", "--no-stories", "--watch", "5"])
    assert done.exit_code == 0
    assert [line.split(": ")[1].split(" added")[0] for line in done.stdout.splitlines()] == ["1", "1", "1"]
    assert done.stderr.count("next round at") == 3
    assert done.stderr.splitlines()[-1] == "tidings: stopped; all that was read is kept"
    assert 200 < asleep[0] <= 300
    with open_store(db) as store:
        assert len(store) == 3
    assert CliRunner().invoke(command, [db, "x", "--watch", "0"]).exit_code != 0


def test_failures_are_listed(tmp_path):
    (tmp_path / "b.txt").write_text("")
    db = str(tmp_path / "news.db")
    assert CliRunner().invoke(command, [db, "--failures"]).exit_code != 0, "there is no store yet"
    CliRunner().invoke(command, [db, str(tmp_path)])
    done = CliRunner().invoke(command, [db, "--failures"])
    (told,) = map(json.loads, done.stdout.splitlines())
    assert (told["page"], told["error"], told["message"]) == (str(tmp_path / "b.txt"), "EmptyPage", "an empty page")
    assert "an empty page" in CliRunner().invoke(command, [db, "--failures", "--format", "table"]).stdout
    (tmp_path / "b.txt").write_text(TALK.format(3))
    CliRunner().invoke(command, [db, "--retry", "--media", "article"])
    done = CliRunner().invoke(command, [db, "--failures"])
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "tidings: everything could be read\n")


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

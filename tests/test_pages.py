"""Pages: from what a reader names to characters, and a clean error for what is no page."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidings.errors import (
    BinaryPage,
    BrokenPage,
    EmptyPage,
    FetchError,
    MissingPage,
    OversizePage,
    PageError,
    TidingsError,
    UsageError,
)
from tidings.pages import MOST_BYTES, fetch, find_sources, read_page, receive
from tidings.pages.decoding import decode

PAGE = "<!doctype html><html><head><title>Ferry talks</title></head><body><p>The ferry sailed.</p></body></html>"


@pytest.mark.parametrize(
    ("data", "error", "says"),
    [
        (b"", EmptyPage, "empty"),
        (b" \n\t ", EmptyPage, "empty"),
        ("\u200b \ufeff".encode(), EmptyPage, "empty"),
        (b"%PDF-1.7 and so on", BinaryPage, "PDF"),
        (b"\x89PNG\r\n\x1a\n....", BinaryPage, "PNG"),
        (b"PK\x03\x04 a zip", BinaryPage, "zip"),
        (b"a\x00\x01\x02\x00b\x00\x00\x00c" * 40, BinaryPage, "binary"),
        (gzip.compress(PAGE.encode() * 50)[:-20], BrokenPage, "cut off"),
        (b"\x1f\x8b\x08\x00garbage of a sort", BrokenPage, "gzip"),
        (b"x" * (MOST_BYTES + 1), OversizePage, "larger"),
        (gzip.compress(b" " * (50 << 20), 1), OversizePage, "unpacks"),
    ],
)
def test_what_is_no_page_says_so(data: bytes, error: type[PageError], says: str) -> None:
    with pytest.raises(error, match=says):
        read_page(data)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("Čapek wrote".encode(), "Čapek wrote"),
        (b"\xef\xbb\xbfTalks", "Talks"),
        ("Talks in Łódź".encode("utf-16"), "Talks in Łódź"),
        ("Talks in Rome, again".encode("utf-16-le"), "Talks in Rome, again"),
        (b"caf\xe9 talks \x93quoted\x94", "café talks “quoted”"),
        ('<meta charset="iso-8859-2"><p>Łódź</p>'.encode("iso-8859-2"), '<meta charset="iso-8859-2"><p>Łódź</p>'),
        ('<meta charset="iso-8859-1"><p>Łódź</p>'.encode(), '<meta charset="iso-8859-1"><p>Łódź</p>'),
        (b'<meta charset="undefined"><p>caf\xe9</p>', '<meta charset="undefined"><p>café</p>'),
        (
            '<?xml version="1.0" encoding="utf-16"?><p>Łódź!</p>'.encode(),
            '<?xml version="1.0" encoding="utf-16"?><p>Łódź!</p>',
        ),
        (b'<meta charset="utf-16"><p>The caf\xe9</p> ', '<meta charset="utf-16"><p>The café</p> '),
        (b'<meta charset="utf-7"><p>1 +AGE- 2</p>', '<meta charset="utf-7"><p>1 +AGE- 2</p>'),
        (
            "Plenty of Łódź words, žluťoučký kůň, ".encode() * 3 + b"\xff end",
            "Plenty of Łódź words, žluťoučký kůň, " * 3 + "\ufffd end",
        ),
    ],
)
def test_any_encoding(data: bytes, text: str) -> None:
    assert read_page(data).text == text


def test_the_digest_is_of_the_bytes_and_packing_does_not_matter() -> None:
    plain, packed = read_page(PAGE.encode()), read_page(gzip.compress(PAGE.encode()))
    assert plain.page.sha256 == hashlib.sha256(PAGE.encode()).hexdigest()
    assert plain.page.id == packed.page.id
    assert plain.page.id == read_page(PAGE).page.id


@pytest.mark.parametrize(
    ("text", "media"),
    [
        (PAGE, "html"),
        ("  <p>Talks</p>", "html"),
        ("<link rel=stylesheet href=a.css><script>var a", "html"),
        ("<scripts are kept here", "text"),
        ("<?xml version='1.0'?><!-- x --><html><p>a</p></html>", "html"),
        ("Talks resume.", "text"),
        ("Growth < 2 %, and <b>that</b> is that.", "text"),
        ("<Applause> The chair thanked them.", "text"),
    ],
)
def test_media_is_detected(text: str, media: str) -> None:
    assert read_page(text).page.media == media


@given(st.text(min_size=1))
def test_an_article_is_kept_to_the_letter(text: str) -> None:
    try:
        assert read_page(text, media="article").text == text
    except EmptyPage:
        assert not text.strip().strip("\u200b\u200c\u200d\u2060\ufeff\xad\x00").strip()


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with contextlib.suppress(TidingsError):
        assert read_page(data).text.strip()


def test_lone_surrogates_and_zeros_never_reach_the_record() -> None:
    assert read_page("Talks \ud800 resume\x00.").text == "Talks \ufffd resume\ufffd."


@pytest.mark.parametrize(
    ("stamp", "day"),
    [("2020-02-03", "2020-02-03"), ("2020-02-03T10:00:00Z", "2020-02-03"), ("2020-02-30", None), ("banana", None),
     ("=cmd|'/C", None), ("\x1b[2J", None), ("", None), (None, None), ("٢٠٢٠-٠٢-٠٣", None), ("20200203", None)],
)  # fmt: skip
def test_the_day_a_page_was_fetched_is_a_day(stamp: str | None, day: str | None) -> None:
    assert read_page("Talks resume.", fetched=stamp).page.fetched == day


def test_wrong_arguments() -> None:
    with pytest.raises(UsageError):
        read_page("Talks", media="pdf")  # type: ignore[arg-type]
    with pytest.raises(UsageError):
        read_page(7)  # type: ignore[arg-type]


def test_outlets() -> None:
    named = '<html><meta content="Quay News" property="og:site_name"><p>a</p></html>'
    assert read_page(named).page.outlet == "Quay News"
    told = '{"publisher": {"@type": "Organization", "name": "Quay News"}}'
    linked = f'<html><script type="application/ld+json">{told}</script></html>'
    assert read_page(linked).page.outlet == "Quay News"
    assert read_page("Talks", url="https://www.quay.example/x").page.outlet == "quay.example"


def test_sources_are_found_in_order_and_missing_ones_do_not_end_the_run(tmp_path: Path) -> None:
    for name in ("b.html", "a.txt", "c.html.gz", "d.png", ".hidden.html", "sub/e.htm"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(gzip.compress(PAGE.encode()) if name.endswith("gz") else PAGE.encode())
    found = list(
        find_sources([str(tmp_path), str(tmp_path / "no.html"), str(tmp_path / "*.txt"), "https://quay.example/x"])
    )
    assert [Path(one.where).name for one in found] == ["a.txt", "b.html", "c.html.gz", "e.htm", "no.html", "a.txt", "x"]
    assert isinstance(found[4].error, MissingPage)
    assert receive(found[2]).text == PAGE
    with pytest.raises(MissingPage, match=r"no\.html"):
        receive(found[4])
    with pytest.raises(MissingPage, match="folder"):
        read_page(tmp_path)


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/loop":
            self._answer(302, b"", location="/loop")
        elif self.path == "/step":
            self.server.let_go.wait(0.3)  # type: ignore[attr-defined]
            self._answer(302, b"", location="/step")
        elif self.path == "/moved":
            self._answer(301, b"", location="/page")
        elif self.path == "/elsewhere":
            self._answer(302, b"", location="file:///etc/hosts")
        elif self.path == "/charset":
            self._answer(200, "<p>Łódź</p>".encode("iso-8859-2"), kind="text/html; charset=iso-8859-2")
        elif self.path == "/big":
            self._answer(200, b"x" * 50_000)
        elif self.path == "/slow":
            self.server.let_go.wait(3)  # type: ignore[attr-defined]
        elif self.path == "/page":
            self._answer(200, PAGE.encode(), kind="text/html")
        else:
            self._answer(404, b"nothing here")

    def _answer(self, code: int, body: bytes, *, kind: str = "text/plain", location: str | None = None) -> None:
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if location:
            self.send_header("Location", location)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), _Handler)
    server.let_go = threading.Event()  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.let_go.set()  # type: ignore[attr-defined]
    server.shutdown()
    server.server_close()


def test_an_archive_of_very_many_members_costs_little() -> None:
    begun = time.monotonic()
    assert read_page(gzip.compress(b"") * 100_000 + gzip.compress(b"Talks resume")).text == "Talks resume"
    assert time.monotonic() - begun < 10


@pytest.mark.parametrize("header", ["utf-16", "undefined", "utf-8"])
def test_a_header_that_is_wrong_spoils_no_page(header: str) -> None:
    assert decode("<p>Łódź</p> ".encode(), charset=header) == "<p>Łódź</p> "


@pytest.mark.parametrize(
    ("path", "error", "says"),
    [
        ("/loop", FetchError, "redirects"),
        ("/elsewhere", FetchError, "only http"),
        ("/gone", FetchError, "404"),
        ("/big", OversizePage, "larger"),
        ("/slow", FetchError, "no answer"),
        ("/step", FetchError, "no answer"),
    ],
)
def test_fetching_is_bounded(site: str, path: str, error: type[PageError], says: str) -> None:
    with pytest.raises(error, match=says):
        fetch(site + path, timeout=0.5, most=20_000)


@pytest.mark.parametrize("start", [b"HTTP/1.1 ", b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_a_server_that_answers_byte_by_byte_holds_nobody(start: bytes) -> None:
    done = threading.Event()

    def drip(listener: socket.socket) -> None:
        caller, _ = listener.accept()
        with caller, contextlib.suppress(OSError):
            caller.sendall(start)
            while not done.wait(0.05):
                caller.sendall(b"a")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=drip, args=(listener,), daemon=True).start()
        began = time.monotonic()
        with pytest.raises(FetchError, match="slow"):
            fetch(f"http://127.0.0.1:{listener.getsockname()[1]}/", timeout=0.5)
        done.set()
    assert time.monotonic() - began < 5


def test_fetching(site: str) -> None:
    received = fetch(f"{site}/moved")
    assert (received.text, received.page.media, received.page.url) == (PAGE, "html", f"{site}/page")
    assert received.page.fetched is not None
    assert fetch(f"{site}/charset").text == "<p>Łódź</p>"
    with pytest.raises(FetchError):
        fetch("ftp://quay.example/x")


def test_a_password_in_an_address_stays_out_of_the_record(site: str) -> None:
    host = site.removeprefix("http://")
    assert fetch(f"http://reader:secret@{host}/moved").page.url == f"{site}/page"

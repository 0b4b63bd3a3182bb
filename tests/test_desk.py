"""The desk: every address and its twins, hostile pages, marks that keep the text, who may ask."""

from __future__ import annotations

import csv
import io
import json
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("starlette")
pytest.importorskip("jinja2")

import msgspec
from starlette.testclient import TestClient

from tidings.desk import make_app, open_shelf
from tidings.desk.app import _environment, web_address
from tidings.desk.charts import draw
from tidings.desk.marks import Mark, cut, passages
from tidings.desk.views import Table, paged, to_csv
from tidings.dyads import DyadPoint
from tidings.errors import StoreError
from tidings.facts import Record, from_json, to_json
from tidings.text import Span

EVIL = '<script>alert("x")</script>'
TEXT = f"Envoys {EVIL} met\n\nLeila Brandt met Omar Vale in Larn on Monday, 4 May 2020. “We are close,” Brandt said."
HOME = "http://127.0.0.1:8017"


def record(number: int = 0, day: str = "2020-05-04", **changes: object) -> Record:
    """Return a record with hostile words wherever words can stand."""

    def at(words: str) -> list[int]:
        start = TEXT.index(words)
        return [start, start + len(words)]

    sides = {
        "source": [{"actor": "Q1", "span": at("Leila Brandt")}],
        "target": [{"actor": "td:a/b", "span": at("Omar Vale")}],
    }
    event = {"trigger": at("met Omar"), "sentence": at(TEXT[TEXT.index("Leila") :]), "score": 0.7, **sides, "quad": 1}
    event |= {"intensity": 1.0, "cameo": "040", "type": "CONSULT", "why": EVIL}
    events = [
        {**event, "id": "e1", "status": "asserted", "date": {"value": day, "begin": day, "end": day}},
        {
            **event,
            "id": "e2",
            "status": "planned",
            "date": {"value": "2020-06-01", "begin": "2020-06-01"},
            "according_to": "Q1",
        },
        {**event, "id": "e3", "status": "denied", "source": [{"span": at("Envoys")}]},
    ]
    made = {
        "id": f"a{number}",
        "page": {
            "id": f"p{number}",
            "sha256": f"{number:064d}",
            "media": "html",
            "url": f"javascript:alert({number})",
            "name": EVIL,
        },
        "article": {
            "text": TEXT,
            "title": f"Envoys {EVIL} met",
            "outlet": f"The {EVIL}",
            "authors": [EVIL],
            "language": "en",
            "blocks": [
                {"span": [0, TEXT.index("\n")], "role": "headline"},
                {"span": [TEXT.index("Leila"), len(TEXT)], "role": "paragraph"},
            ],
            "published": {
                "value": day,
                "basis": "metadata",
                "score": 0.9,
                "evidence": [{"says": EVIL, "text": EVIL, "source": [0, 4]}],
            },
        },
        "furniture": [{"role": "nav", "text": EVIL, "source": [0, 3]}],
        "actors": [
            {
                "id": "Q1",
                "name": f"Leila {EVIL}",
                "type": "person",
                "country": "LAR",
                "roles": [{"title": EVIL, "span": at("Brandt")}],
            },
            {"id": "td:a/b", "name": "=HYPERLINK(1)", "type": "person", "country": "ODD"},
        ],
        "mentions": [
            {"span": at("Leila Brandt"), "form": "name", "label": "PERSON", "score": 0.9, "actor": "Q1"},
            {"span": at("Brandt met"), "form": "name", "label": "PERSON", "score": 0.9, "actor": "Q1"},
            {"span": at("Omar Vale"), "form": "name", "label": "PERSON", "score": 0.9, "actor": "td:a/b"},
        ],
        "places": [
            {"span": at("Larn"), "name": f"Larn {EVIL}", "score": 0.8, "lat": 10.5, "lon": 20.25, "country": "LAR"}
        ],
        "times": [{"span": at("Monday, 4 May 2020"), "type": "DATE", "score": 1.0, "value": "2020-05-04"}],
        "quotes": [
            {
                "span": at("“We are close,”"),
                "parts": [at("“We are close,”")],
                "kind": "direct",
                "score": 0.9,
                "speaker": "Q1",
            }
        ],
        "events": events,
        "troubles": [{"stage": "events", "message": EVIL}],
    }
    return from_json(json.dumps({**made, **changes}))


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    path = tmp_path_factory.mktemp("desk") / "records.jsonl"
    path.write_text(to_json(record()) + "\n" + to_json(record(1, "2020-07-02")) + "\n", encoding="utf-8")
    with open_shelf(path) as shelf:
        yield TestClient(make_app(shelf), base_url=HOME)


ADDRESSES = [
    "/",
    "/today",
    "/search",
    "/search?q=envoys",
    "/article/a0",
    "/article/a0?at=0-6",
    "/stories",
    "/story/a0",
    "/actors",
    "/actors?q=hyper",
    "/actor/Q1",
    "/actor/td:a%2Fb",
    "/dyad/Q1/td:a%2Fb",
    "/dyad/td:a%2Fb/Q1",
    "/dyad/LAR/ODD",
    "/map",
    "/map?view=world",
    "/calendar",
    "/outlook",
]


class Page(HTMLParser):
    """What a browser would make of a page, as far as these tests ask."""

    VOID = frozenset({"meta", "link", "input", "br"})

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.ids: list[str] = []
        self.stack: list[str] = []
        self.text = ""
        self._depth = 0
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append((tag, given))
        if given.get("id"):
            self.ids.append(given["id"] or "")
        if tag not in self.VOID:
            self.stack.append(tag)
        if self._depth or (given.get("class") or "") == "text":
            self._depth += 1

    def handle_endtag(self, tag: str) -> None:
        assert self.stack.pop() == tag, f"{tag} closes what it did not open"
        self._depth -= bool(self._depth)

    def handle_data(self, data: str) -> None:
        if self._depth:
            self.text += data

    def attributes(self, name: str) -> list[str]:
        return [given[name] or "" for _, given in self.tags if name in given]


def twin(address: str, form: str) -> str:
    path, mark, query = address.partition("?")
    return ("/today" if path == "/" else path) + f".{form}" + mark + query


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_address_answers(desk, address):
    answer = desk.get(address)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_page_is_sound_and_inert(desk, address):
    page = Page(desk.get(address).text)
    assert not page.stack
    assert sorted(set(page.ids)) == sorted(page.ids)
    assert not {"script", "style", "iframe", "object", "img"} & {tag for tag, _ in page.tags}
    assert not [name for _, given in page.tags for name in given if name.startswith("on") or name == "style"]
    assert [tag for tag, _ in page.tags].count("h1") == 1
    assert [tag for tag, _ in page.tags].count("main") == 1
    for link in page.attributes("href"):
        assert link.startswith(("/", "#", "https://www.wikidata.org/")), link
        assert not link.startswith("//")
        if link.startswith("#"):
            assert link[1:] in page.ids, f"{link} leads nowhere"
    labels = [given.get("for") for tag, given in page.tags if tag == "label"]
    assert {given["id"] for tag, given in page.tags if tag == "input"} <= set(labels)


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_address_has_its_twins(desk, address):
    data = desk.get(twin(address, "json"))
    assert data.status_code == 200
    assert data.headers["content-type"].startswith("application/json")
    assert data.json()["title"]
    table = desk.get(twin(address, "csv"))
    assert table.status_code == 200
    assert table.headers["content-type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO(table.text)))
    assert len({len(row) for row in rows}) == 1
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "@", "+", "\t"))]


def test_every_link_of_every_page_leads_somewhere(desk):
    links = {link.split("#")[0] for address in ADDRESSES for link in Page(desk.get(address).text).attributes("href")}
    for link in sorted(link for link in links if link.startswith("/")):
        assert desk.get(link).status_code == 200, link


def test_links_to_words_find_their_anchor(desk):
    for address in ("/actor/Q1", "/story/a0", "/calendar", "/map", "/dyad/LAR/ODD"):
        links = [link for link in Page(desk.get(address).text).attributes("href") if "?at=" in link]
        assert links
        for link in links:
            where, _, anchor = link.partition("#")
            assert anchor in Page(desk.get(where).text).ids


@pytest.mark.parametrize(
    "address",
    ["/no", "/article", "/article/", "/article/none", "/story/none", "/actor/none", "/dyad/Q1", "/dyad/Q1/none",
     "/dyad/Q1/Q1", "/today/x", "/../etc/passwd", "/templates/frame.html", "/desk.py"],
)  # fmt: skip
def test_what_is_not_there_answers_404(desk, address):
    for path in (address, f"{address}.json", f"{address}.csv"):
        answer = desk.get(path)
        assert answer.status_code == 404
        assert "content-security-policy" in answer.headers
    assert "error" in desk.get(f"{address}.json").json()


def test_a_query_that_makes_no_sense_says_so(desk):
    answer = desk.get("/search", params={"q": "from:yesterday"})
    assert answer.status_code == 400
    assert "takes a day" in answer.text
    assert desk.get("/search.json", params={"q": "from:yesterday"}).json()["wrong"]


def test_search_marks_its_words(desk):
    page = desk.get("/search?q=envoys").text
    assert "<mark>Envoys</mark>" in page
    hits = desk.get("/search.json?q=envoys").json()
    assert [hit["id"] for hit in hits["hits"]] == ["a0", "a1"]
    facet = next(facet for facet in hits["facets"] if facet["field"] == "country")
    narrowed = desk.get("/search.json", params={"q": facet["choices"][0]["query"]}).json()
    assert len(narrowed["hits"]) == facet["choices"][0]["count"]


def test_an_article_shows_its_text_and_its_facts(desk):
    page = Page(desk.get("/article/a0").text)
    assert page.text == TEXT
    assert "event-0" in page.ids
    twin_ = desk.get("/article/a0.json").json()["record"]
    assert msgspec.convert(twin_, Record) == record()


def test_a_web_address_is_a_link_and_no_other(tmp_path):
    path = tmp_path / "records.jsonl"
    made = record()
    page = msgspec.structs.replace(made.page, url="https://example.org/a?b=1&c=2")
    path.write_text(to_json(msgspec.structs.replace(made, page=page)) + "\n", encoding="utf-8")
    with open_shelf(path) as shelf:
        tags = Page(TestClient(make_app(shelf), base_url=HOME).get("/article/a0").text).tags
    link = next(given for tag, given in tags if tag == "a" and given.get("href") == "https://example.org/a?b=1&c=2")
    assert "noreferrer" in (link["rel"] or "")
    for address in (
        "javascript:alert(1)",
        "data:text/html,x",
        "//example.org",
        " JaVaScRiPt:x",
        "http://",
        "http://[",
        None,
    ):
        assert web_address(address) is None


def test_a_dyad_counts_what_happened_and_shows_the_rest(desk):
    data = desk.get("/dyad/LAR/ODD.json").json()
    assert [(point["period"], point["n"]) for point in data["series"]] == [("2020-05", 1), ("2020-07", 1)]
    assert {event["status"] for event in data["rest"]} == {"planned"}
    assert desk.get("/dyad/Q1/td:a%2Fb.json").json()["series"] == data["series"]


def test_the_outlook_says_when_it_knows_too_little(desk):
    assert "Not enough events: 2 dated acts" in desk.get("/outlook").text


def test_the_outlook_ranks_partners_when_it_knows_enough(tmp_path):
    path = tmp_path / "records.jsonl"
    days = [f"2020-{month:02d}-{day:02d}" for month in range(1, 10) for day in range(1, 27)]
    path.write_text("".join(to_json(record(at, day)) + "\n" for at, day in enumerate(days)), encoding="utf-8")
    with open_shelf(path) as shelf:
        client = TestClient(make_app(shelf), base_url=HOME)
        answers = client.get("/outlook.json").json()["answers"]
        assert client.get("/outlook").status_code == 200
        second = client.get("/today.json?page=2").json()
    assert answers[0]["subject"]["id"] == "Q1"
    assert answers[0]["ranked"][0]["id"] == "td:a/b"
    assert second["paging"]["page"] == 2


def test_the_calendar_can_be_taken_along(desk):
    answer = desk.get("/calendar.ics")
    assert answer.headers["content-type"].startswith("text/calendar")
    assert "DTSTART;VALUE=DATE:20200601" in answer.text


def test_names_of_others_are_refused(desk):
    for host in ("evil.example", "127.0.0.1.evil.example", "192.168.1.4:8017", ""):
        assert desk.get("/", headers={"host": host}).status_code == 421
    for host in ("localhost:8017", "[::1]:8017", "127.0.0.1"):
        assert desk.get("/", headers={"host": host}).status_code == 200


@pytest.fixture
def open_desk(tmp_path):
    path = tmp_path / "records.jsonl"
    path.write_text(to_json(record()) + "\n", encoding="utf-8")
    with open_shelf(path) as shelf:
        app = make_app(shelf, host="0.0.0.0", token="secret-token")
        yield TestClient(app, base_url="http://192.168.1.4:8017", follow_redirects=False)


def test_an_open_desk_asks_for_its_token(open_desk):
    for address in (
        "/",
        "/today.json",
        "/desk.css",
        "/calendar.ics",
        "/none",
        "/?token=",
        "/?token=wrong",
        "/?token=%E2%82%AC",
    ):
        answer = open_desk.get(address)
        assert answer.status_code == 401
        assert "content-security-policy" in answer.headers
    assert open_desk.get("/", headers={"cookie": "tidings_desk=wrong"}).status_code == 401
    assert open_desk.get("/?token=secret-token", headers={"host": "evil.example"}).status_code == 421


def test_a_token_is_kept_in_a_cookie_and_leaves_the_address(open_desk):
    answer = open_desk.get("/search?token=secret-token&q=envoys")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/search?q=envoys"
    kept = answer.headers["set-cookie"]
    assert "HttpOnly" in kept
    assert "SameSite=Strict" in kept
    assert open_desk.get("/search?q=envoys").status_code == 200


def test_no_address_leads_away_from_the_desk():
    import asyncio

    from tidings.desk.guard import Guard

    sent: list = []

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "raw_path": b"//evil.example/x",
        "query_string": b"token=secret",
        "headers": [(b"host", b"127.0.0.1")],
    }
    asyncio.run(Guard(None, host="0.0.0.0", token="secret")(scope, None, send))  # type: ignore[arg-type]
    assert dict(sent[0]["headers"])[b"location"] == b"/evil.example/x"


def test_nothing_is_written_and_nothing_is_posted(desk, tmp_path):
    assert desk.post("/today").status_code == 405
    assert "content-security-policy" in desk.post("/today").headers


def test_a_store_is_never_written_to(tmp_path):
    from tidings.store import open_store

    path = tmp_path / "news.db"
    with open_store(path, create=True) as store:
        store.add(record())
    before = path.read_bytes()
    with open_shelf(path) as shelf:
        client = TestClient(make_app(shelf), base_url=HOME)
        assert all(client.get(address).status_code == 200 for address in ADDRESSES if "a1" not in address)
        with pytest.raises(StoreError):
            list(shelf._store.query("DELETE FROM articles"))
    assert path.read_bytes() == before


def test_a_file_that_is_nothing_is_named(tmp_path):
    for name, content in (("none.db", None), ("empty.jsonl", ""), ("text.db", "no store")):
        path = tmp_path / name
        if content is not None:
            path.write_text(content)
        with pytest.raises(StoreError), open_shelf(path):
            pass


def test_an_empty_store_has_all_its_pages(tmp_path):
    from tidings.store import open_store

    path = tmp_path / "news.db"
    open_store(path, create=True).close()
    with open_shelf(path) as shelf:
        client = TestClient(make_app(shelf), base_url=HOME)
        for room in ("today", "search", "stories", "actors", "map", "calendar", "outlook"):
            assert client.get(f"/{room}").status_code == 200
            assert client.get(f"/{room}.json").status_code == 200


@st.composite
def marked_texts(draw_):
    text = draw_(st.text(st.characters(codec="utf-8", exclude_characters="\r\x00"), min_size=1, max_size=60))
    spans = st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).map(lambda pair: Span(*sorted(pair)))
    kinds = st.sampled_from(["actor", "quote", "event", "time", "place", "here"])
    marks = st.builds(Mark, span=spans, kind=kinds, fact=st.sampled_from([None, "event-0", "quote-1"]))
    edges = sorted(draw_(st.sets(st.integers(0, len(text)), max_size=6)))
    roles = st.sampled_from(["headline", "paragraph", "quote", "subheading", "list"])
    from tidings.facts import Block

    blocks = [Block(span=Span(*pair), role=draw_(roles)) for pair in pairwise(edges) if draw_(st.booleans())]
    return text, blocks, draw_(st.lists(marks, max_size=12))


@given(marked_texts())
def test_pieces_join_to_the_text_and_know_their_marks(made):
    text, _, marks = made
    pieces = cut(text, marks)
    assert "".join(piece.text for piece in pieces) == text
    at = 0
    for piece in pieces:
        end = at + len(piece.text)
        over = {
            mark.kind
            for mark in marks
            if mark.span.start < mark.span.end and mark.span.start <= at and end <= mark.span.end
        }
        touching = {
            mark.kind
            for mark in marks
            if mark.span.start < mark.span.end and mark.span.start < end and at < mark.span.end
        }
        assert set(piece.kinds) == over == touching
        at = end
    anchors = [anchor for piece in pieces for anchor in piece.anchors]
    assert sorted(anchors) == sorted({f"{a}-{b}" for a, b in (mark.span for mark in marks) if a < b})


@settings(max_examples=60, deadline=None)
@given(marked_texts())
def test_the_marked_page_has_the_text_of_the_article(made):
    text, blocks, marks = made
    drawn = PAGES.get_template("text.html").render(passages=passages(text, blocks, marks))
    assert Page(drawn).text == text


PAGES = _environment()


def test_a_spreadsheet_finds_no_formula():
    table = to_csv(Table(["words"], [[words] for words in ("=1", "+1", "-1", "@x", "\t=1", " =1", "＝1", -1)]))
    cells = [row[0] for row in csv.reader(io.StringIO(table))][1:]
    assert cells == ["'=1", "'+1", "'-1", "'@x", "'\t=1", "' =1", "'＝1", "-1"]


@given(st.integers(0, 500), st.one_of(st.none(), st.text(max_size=12), st.integers(-9, 99).map(str)))
def test_any_page_number_gives_a_page(count, asked):
    rows, paging = paged(range(count), asked, 7)
    assert 1 <= paging.page <= paging.pages
    assert len(rows) <= 7
    assert rows or not count


@given(st.lists(st.integers(0, 400), min_size=1, max_size=60, unique=True).map(sorted))
def test_no_two_months_of_a_chart_are_written_over_each_other(months):
    points = [
        DyadPoint(period=f"{1990 + month // 12}-{month % 12 + 1:02d}", n=1, intensity=0, cooperation=1, conflict=0,
                  share=0.5, low=-1, high=1)
        for month in months
    ]  # fmt: skip
    chart = draw(points)
    assert chart is not None
    named = [dot.x for dot in chart.dots if dot.label]
    assert named[-1] == chart.dots[-1].x
    assert all(right - left >= 60 for left, right in pairwise(named))
    assert all(0 <= dot.high <= dot.y <= dot.low <= chart.bottom for dot in chart.dots)


def test_the_examples_open_fast(examples: Path, tmp_path):
    import time

    import tidings
    from tidings.store import open_store

    path = tmp_path / "news.db"
    with open_store(path, create=True) as store:
        for name in ("001-northwire-geneva-interim-deal.html", "006-orbit-senators-letter.txt"):
            store.add(tidings.read(examples / name))
    with open_shelf(path) as shelf:
        client = TestClient(make_app(shelf), base_url=HOME)
        begun = time.process_time()
        assert client.get("/").status_code == 200
        assert time.process_time() - begun < 0.3
        data = client.get("/today.json").json()
        for head in data["articles"]:
            page = Page(client.get(f"/article/{head['id']}").text)
            assert page.text == shelf.get(head["id"]).article.text
            assert not [link for link in page.attributes("href") if link.startswith("#") and link[1:] not in page.ids]

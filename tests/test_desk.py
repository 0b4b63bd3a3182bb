"""The desk: every address and its twins, hostile pages, marks that keep the text, who may ask."""

from __future__ import annotations

import csv
import io
import json
import socket
from html.parser import HTMLParser
from itertools import pairwise
from typing import ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("starlette")
pytest.importorskip("jinja2")

import msgspec
from starlette.testclient import TestClient

from tidings.desk import make_app, open_shelf
from tidings.desk.adding import fetch_openly
from tidings.desk.app import _environment, web_address
from tidings.desk.charts import draw
from tidings.desk.marks import Mark, cut, passages
from tidings.desk.views import Table, paged, to_csv
from tidings.dyads import DyadPoint
from tidings.errors import FetchError, StoreError
from tidings.facts import Record, from_json, to_json
from tidings.store import Failed, open_store
from tidings.store.health import Feedback
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
    "/search?q=envoys&country=LAR&type=CONSULT&status=planned",
    "/search?actor=td:a/b&from=2020-05&to=2020",
    "/article/a0",
    "/article/a0?at=0-6",
    "/stories",
    "/stories?all=1&order=size",
    "/actors",
    "/actors?q=hyper",
    "/actor/Q1",
    "/actor/td:a%2Fb",
    "/dyad/Q1/td:a%2Fb",
    "/dyad/td:a%2Fb/Q1?by=year",
    "/dyad/LAR/ODD",
    "/network",
    "/network?who=Q1",
    "/map",
    "/map?view=world&from=2020",
    "/calendar?month=2020-06",
    "/calendar?day=2020-06-01",
    "/outlook",
    "/outlook?a=Q1",
    "/sources",
    "/review",
    "/add",
]
WITHOUT_TABLE = ["/keys", "/article/a0/source?at=0-6", "/article/a0/correct?fact=event&index=0"]
PAGES_OF_ONE = [*ADDRESSES, *WITHOUT_TABLE]


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


@pytest.mark.parametrize("address", PAGES_OF_ONE)
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


@pytest.mark.parametrize("address", PAGES_OF_ONE)
def test_every_page_is_sound_and_inert(desk, address):
    page = Page(desk.get(address).text)
    assert not page.stack
    assert sorted(set(page.ids)) == sorted(page.ids)
    assert not {"style", "iframe", "object", "img"} & {tag for tag, _ in page.tags}
    assert [given for tag, given in page.tags if tag == "script"] == [{"src": "/desk.js", "defer": None}]
    assert not [name for _, given in page.tags for name in given if name.startswith("on") or name == "style"]
    assert [tag for tag, _ in page.tags].count("h1") == 1
    assert [tag for tag, _ in page.tags].count("main") == 1
    for link in page.attributes("href"):
        assert link.startswith(("/", "#", "https://www.wikidata.org/")), link
        assert not link.startswith("//")
        if link.startswith("#"):
            assert link[1:] in page.ids, f"{link} leads nowhere"
    labels = [given.get("for") for tag, given in page.tags if tag == "label"]
    fields = [given for tag, given in page.tags if tag in ("input", "select", "textarea")]
    assert {given["id"] for given in fields if given.get("type") not in ("hidden", "checkbox")} <= set(labels)
    forms = [given for tag, given in page.tags if tag == "form" and given.get("method") == "post"]
    assert len([given for given in fields if given.get("name") == "csrf"]) == len(forms)


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
    links = {link.split("#")[0] for address in PAGES_OF_ONE for link in Page(desk.get(address).text).attributes("href")}
    for link in sorted(link for link in links if link.startswith("/")):
        assert desk.get(link).status_code == 200, link


def test_links_to_words_find_their_anchor(desk):
    story = desk.get("/stories.json?all=1").json()["stories"][0]["id"]
    for address in ("/actor/Q1", f"/story/{story}", "/calendar?month=2020-06", "/dyad/LAR/ODD", "/review"):
        links = [link for link in Page(desk.get(address).text).attributes("href") if "?at=" in link]
        assert links
        for link in links:
            where, _, anchor = link.partition("#")
            assert anchor in Page(desk.get(where).text).ids


@pytest.mark.parametrize(
    "address",
    ["/no", "/article", "/article/", "/article/none", "/story/none", "/actor/none", "/dyad/Q1", "/dyad/Q1/none",
     "/dyad/Q1/Q1", "/dyad/Q1" + "/x" * 99,
     "/article/none/source", "/article/a0/correct?fact=none", "/today/x", "/../etc/passwd",
     "/templates/frame.html", "/desk.py"],
)  # fmt: skip
def test_what_is_not_there_answers_404(desk, address):
    for path in (address, twin(address, "json"), twin(address, "csv")):
        answer = desk.get(path)
        assert answer.status_code == 404
        assert "content-security-policy" in answer.headers
    assert "error" in desk.get(twin(address, "json")).json()


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
    for facet in hits["facets"]:
        for choice in facet["choices"]:
            narrowed = desk.get(choice["path"].replace("/search?", "/search.json?")).json()
            assert narrowed["total"] == choice["count"], choice
    fields = {facet["field"] for facet in hits["facets"]}
    assert fields == {"actor", "said", "country", "type", "status", "outlet", "date"}


def test_words_and_choices_narrow_together(desk):
    def found(query: str) -> list[str]:
        return [hit["id"] for hit in desk.get(f"/search.json?{query}").json()["hits"]]

    assert found("q=envoys&from=2020-06") == ["a1"]
    assert found("q=envoys&to=2020-05-04") == ["a0"]
    assert found("q=envoys+-leila") == []
    assert found("country=ODD&said=Q1&outlet=nothing") == []
    assert set(found("place=Larn+%3Cscript%3Ealert(%22x%22)%3C%2Fscript%3E%2FLAR")) == {"a0", "a1"}
    assert found("q=actor:hyperlink&order=new") == ["a1", "a0"]
    assert found("type=CONSULT&status=historical") == []


def test_an_article_shows_its_text_and_its_facts(desk):
    page = Page(desk.get("/article/a0").text)
    assert page.text == TEXT
    assert "event-0" in page.ids
    twin_ = desk.get("/article/a0.json").json()["record"]
    assert msgspec.convert(twin_, Record) == record()


def test_what_was_not_said_is_marked_wherever_it_stands(tmp_path):
    path = tmp_path / "news.db"
    with open_store(path, create=True) as store:
        made = record()
        store.add(msgspec.structs.replace(made, quotes=[msgspec.structs.replace(made.quotes[0], status="denied")]))
    with open_shelf(path) as shelf:
        client = TestClient(make_app(shelf), base_url=HOME)
        rows = list(csv.DictReader(io.StringIO(client.get("/article/a0.csv").text)))
        assert [row["status"] for row in rows if row["fact"] == "quote"] == ["denied"]
        assert sorted(row["status"] for row in rows if row["fact"] == "event") == ["asserted", "denied", "planned"]
        assert "<strong>not said</strong>" in client.get("/article/a0").text
        assert 'quote</span> <span class="status">not said</span>' in client.get("/review").text
        assert client.get("/actor/Q1.json").json()["quotes_total"] == 0


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
    assert "n=2" in data["statement"]
    assert desk.get("/dyad/Q1/td:a%2Fb.json").json()["series"] == data["series"]
    (period,) = desk.get("/dyad/LAR/ODD.json?period=2020-05").json()["periods"]
    assert period["acts"][0]["telling"]["article"] == "a0"


def test_what_is_said_in_other_words_is_told_from_quotes(tmp_path):
    text = "Leila Brandt said that talks go on. “We are close,” she said."
    quotes = [
        {"span": [13, 34], "parts": [[18, 34]], "kind": "indirect", "cue": [13, 17], "score": 0.9, "speaker": "Q1"},
        {"span": [36, 51], "parts": [[36, 51]], "kind": "direct", "cue": [56, 60], "score": 0.9, "speaker": "Q1"},
    ]
    article = {"text": text, "blocks": [{"span": [0, len(text)], "role": "paragraph"}]}
    bare = {name: [] for name in ("furniture", "places", "times", "events", "mentions")}
    made = record(article=article, quotes=[{**quotes[0], "span": [18, 34]}, quotes[1]], **bare)
    path = tmp_path / "records.jsonl"
    path.write_text(to_json(made) + "\n", encoding="utf-8")
    with open_shelf(path) as shelf:
        client = TestClient(make_app(shelf), base_url=HOME)
        page = client.get("/article/a0").text
        told = {quote["kind"]: quote["told"] for quote in client.get("/actor/Q1.json").json()["quotes"]}
    quoted, reported = (
        page.split('<h2 id="reported">')[0].split('<h2 id="quotes">')[1],
        page.split('<h2 id="reported">')[1],
    )
    assert "“We are close,”" in quoted and "said that talks go on" not in quoted
    assert "said that talks go on" in reported.split("</section>")[0]
    assert 'class="m reported"' in page and 'class="m quote"' in page
    assert told == {"direct": "“We are close,”", "indirect": "said that talks go on"}


def test_nobody_known_tells_of_an_act_in_the_words_of_the_article(tmp_path):
    teller = f"Two <b>guards</b> {EVIL}"
    text = f"{teller} said envoys met."
    start = text.index("envoys")
    quote = {"span": [start, len(text) - 1], "parts": [[start, len(text) - 1]], "kind": "indirect", "score": 0.9}
    event = {"id": "e1", "trigger": [start + 7, start + 10], "sentence": [0, len(text)], "type": "CONSULT", "quad": 1}
    bare = {name: [] for name in ("furniture", "places", "times", "mentions", "actors")}
    made = record(
        article={"text": text, "blocks": [{"span": [0, len(text)], "role": "paragraph"}]},
        quotes=[{**quote, "speaker_span": [0, len(teller)]}],
        events=[{**event, "intensity": 1.0, "status": "asserted", "score": 0.7}],
        **bare,
    )
    path = tmp_path / "records.jsonl"
    path.write_text(to_json(made) + "\n", encoding="utf-8")
    with open_shelf(path) as shelf:
        page = TestClient(make_app(shelf), base_url=HOME).get("/article/a0").text
    assert "according to <q>Two &lt;b&gt;guards&lt;/b&gt; &lt;script&gt;" in page


def test_the_keys_told_are_those_the_script_heeds():
    import re
    from pathlib import Path

    import tidings.desk
    from tidings.desk.routes import KEYS

    script = (Path(tidings.desk.__file__).parent / "desk.js").read_text(encoding="utf-8")
    rooms = dict(re.findall(r'"?([a-z+])"?: "/([a-z]+)"', script.split("const rooms = {")[1].split("}")[0]))
    assert rooms == {key.removeprefix("g "): room for key, room in KEYS if key.startswith("g ")}


def test_probabilities_are_never_certain(long_desk):
    assert "1.00" not in long_desk.get("/dyad/RUS/BLR").text.split('id="shift-0"')[1].split("</section>")[0]


def test_today_says_whether_countries_are_still_compared(desk, monkeypatch):
    import tidings.desk.finding as finding

    for moved, says in ((None, "are being compared"), ([], "No pair of countries has clearly moved")):
        monkeypatch.setattr(finding, "moved", lambda shelf, most, moved=moved: moved)
        assert says in desk.get("/today").text


def test_undated_articles_of_an_outlet_are_counted(tmp_path):
    path = tmp_path / "news.db"
    made = record(0)
    undated = msgspec.structs.replace(made.article, published=None)
    with open_store(path, create=True) as store:
        store.add(made)
        store.add(msgspec.structs.replace(record(1), article=undated))
    with open_shelf(path) as shelf:
        (outlet,) = TestClient(make_app(shelf), base_url=HOME).get("/sources.json").json()["outlets"]
    assert (outlet["articles"], outlet["undated"]) == (2, 1)


def test_the_outlook_says_when_it_knows_too_little(desk):
    assert "No numbers:" in desk.get("/outlook?a=Q1&b=td:a/b").text
    assert desk.get("/outlook?a=nobody").status_code == 400


@pytest.fixture(scope="module")
def long_desk(tmp_path_factory):
    """Serve two years of acts between three countries, two of which fall out in the middle, and a plan."""
    from datetime import date, timedelta

    from tidings.store import open_store

    path = tmp_path_factory.mktemp("long") / "news.db"
    with open_store(path, create=True) as store, store.change() as connection:
        codes = ("RUS", "BLR", "POL")
        connection.executemany(
            "INSERT INTO parties VALUES (?, ?, ?, 'country', ?, NULL, ?)",
            [(at, code, code, code, code) for at, code in enumerate(codes, 1)],
        )
        for at in range(1_400):
            source, target = ((1, 2), (2, 1), (1, 3), (3, 1))[at % 4]
            friendly = at % 4 > 1 or at < 700
            made = {
                "number": at + 1,
                "dataset": 1,
                "id": f"a{at}",
                "day": (date(2020, 1, 1) + timedelta(days=at // 2)).isoformat(),
                "dated": "stated",
                "source": source,
                "target": target,
                "source_country": codes[source - 1],
                "target_country": codes[target - 1],
                "type": "CONSULT" if friendly else "THREATEN",
                "cameo": "040" if friendly else "130",
                "quad": 1 if friendly else 3,
                "intensity": 1.0 if friendly else -4.4,
                "tellings": 1,
            }
            names = ", ".join(made)
            connection.execute(
                f"INSERT INTO acts ({names}) VALUES ({', '.join('?' * len(made))})", tuple(made.values())
            )
    with open_store(path) as store:
        store.add(record(7, "2021-11-30"))
    with open_shelf(path) as shelf:
        yield TestClient(make_app(shelf), base_url=HOME)


def test_a_shift_is_drawn_with_the_acts_behind_it(long_desk):
    data = long_desk.get("/dyad/RUS/BLR.json").json()
    assert [found["shift"]["direction"] for found in data["shifts"]] == ["apart"]
    assert {act["type"] for act in data["shifts"][0]["acts"]} == {"CONSULT", "THREATEN"}
    page = Page(long_desk.get("/dyad/RUS/BLR?by=quarter").text)
    assert "shift-0" in page.ids
    assert [given["href"] for tag, given in page.tags if tag == "a" and given.get("href") == "#shift-0"]


def test_the_outlook_gives_chances_with_reasons(long_desk):
    import time

    deadline = time.monotonic() + 60
    while (data := long_desk.get("/outlook.json?a=RUS&b=BLR&days=7").json())["working"]:
        assert time.monotonic() < deadline
    found = data["outlook"]
    assert found["why"] is None
    page = Page(long_desk.get("/outlook?a=RUS&b=BLR&days=7").text)
    assert not page.stack
    assert {"expected", "track"} <= set(page.ids)
    assert any(line["reasons"] for line in found["expected"])
    assert long_desk.get("/outlook.csv?a=RUS&b=BLR&days=7").text.count("\n") == len(found["expected"]) + 1


def test_a_page_of_a_long_list_can_be_asked_for(tmp_path):
    path = tmp_path / "records.jsonl"
    days = [f"2020-{month:02d}-{day:02d}" for month in range(1, 4) for day in range(1, 27)]
    path.write_text("".join(to_json(record(at, day)) + "\n" for at, day in enumerate(days)), encoding="utf-8")
    with open_shelf(path) as shelf:
        client = TestClient(make_app(shelf), base_url=HOME)
        second = client.get("/today.json?page=2").json()
        found = client.get("/search.json?q=envoys&page=2").json()
        network = client.get("/network.json").json()
        assert len(client.get("/search.csv?q=envoys").text.splitlines()) == len(days) + 1
    assert second["paging"]["page"] == 2
    assert (found["total"], found["paging"]["pages"]) == (len(days), 4)
    assert network["pairs"][0]["acts"] == len(days)


def test_the_calendar_can_be_taken_along(desk):
    answer = desk.get("/calendar.ics?month=2020-06")
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


def test_only_forms_of_this_desk_change_anything(desk):
    assert desk.post("/today").status_code == 405
    assert "content-security-policy" in desk.post("/today").headers
    for path in ("/add", "/review"):
        assert desk.post(path, data={"text": "Talks resume.", "csrf": "guessed"}).status_code == 403
        assert desk.post(path, data={"text": "Talks resume."}).status_code == 403
        own = {"csrf": secret(desk), "text": "Talks resume.", "author": "Ann"}
        assert desk.post(path, data=own, headers={"origin": "http://evil.example"}).status_code == 403
        assert desk.post(path, data=own, headers={"sec-fetch-site": "cross-site"}).status_code == 403


def secret(client: TestClient) -> str:
    page = Page(client.get("/add").text)
    return next(given["value"] or "" for tag, given in page.tags if given.get("name") == "csrf")


@pytest.fixture
def own_desk(tmp_path):
    path = tmp_path / "records.jsonl"
    path.write_text(to_json(record()) + "\n", encoding="utf-8")
    with open_shelf(path) as shelf:
        yield TestClient(make_app(shelf), base_url=HOME, follow_redirects=False)


def test_a_fact_is_judged_and_the_judgement_undone(own_desk):
    given = {"csrf": secret(own_desk), "page": "a0", "fact": "quote", "index": "0", "back": "/article/a0#quote-0"}
    start = TEXT.index("“We")
    given |= {"start": str(start), "end": str(start + len("“We are close,”")), "decision": "reject"}
    assert "Your name" in own_desk.post("/review", data=given).text
    kept = own_desk.post("/review", data={**given, "author": "René Ann"})
    assert (kept.status_code, kept.headers["location"]) == (303, "/article/a0#quote-0")
    assert "HttpOnly" in kept.headers["set-cookie"]
    page = own_desk.get("/article/a0").text
    assert 'data-line class="rejected"' in page
    assert "René Ann" in page
    assert own_desk.get("/article/a0.json").json()["judged"]["quotes"] == []
    number = next(given["value"] for _, given in Page(page).tags if given.get("name") == "number")
    assert own_desk.post("/review", data={**given, "decision": "undo", "number": number}).status_code == 303
    assert "rejected" not in own_desk.get("/article/a0").text
    changed = {**given, "decision": "recode", "set_kind": "indirect", "was_kind": "direct"}
    assert own_desk.post("/review", data=changed).status_code == 303
    assert own_desk.get("/article/a0.json").json()["judged"]["quotes"][0]["kind"] == "indirect"
    form = own_desk.get("/article/a0/correct?fact=quote&index=0").text
    assert "<option selected>asserted</option><option>planned</option>" in form
    changed |= {"set_status": "denied", "was_status": "asserted"}
    assert own_desk.post("/review", data=changed).status_code == 303
    assert own_desk.get("/article/a0.json").json()["judged"]["quotes"][0]["status"] == "denied"
    assert "<strong>not said</strong>" in own_desk.get("/article/a0").text
    assert own_desk.post("/review", data={**changed, "set_kind": "sung"}).status_code == 400
    assert own_desk.post("/review", data={**given, "start": "1"}).status_code == 400


def test_actors_are_merged(own_desk):
    given = {"csrf": secret(own_desk), "fact": "actor", "actor": "Q1", "other": "td:a/b", "decision": "merge"}
    kept = own_desk.post("/review", data={**given, "author": "Ann", "back": "//evil.example"})
    assert (kept.status_code, kept.headers["location"]) == (303, "/today")
    assert own_desk.get("/actor/Q1.json").json()["judged"][0]["decision"] == "merge"


def test_text_and_files_are_read_at_once(own_desk):
    own = {"csrf": secret(own_desk), "text": "Leila Brandt met Omar Vale in Geneva on 4 May 2020."}
    answer = own_desk.post("/add", data=own, files={"files": ("note.txt", b"Ministers signed a pact in Muscat.")})
    assert answer.text.count("read and kept") == 2
    assert "was there already" in own_desk.post("/add", data=own).text
    assert own_desk.get("/today.json").json()["counts"]["articles"] == 3
    assert own_desk.get("/search.json?q=muscat").json()["total"] == 1
    bad = own_desk.post("/add", data={"csrf": own["csrf"]}, files={"files": ("x.bin", b"\x00\x01\x02" * 99)})
    assert bad.status_code == 200
    assert "read and kept" not in bad.text
    assert own_desk.post("/add", data={"csrf": own["csrf"]}).status_code == 400


def test_what_is_too_much_is_refused(own_desk):
    large = own_desk.post("/add", data={"csrf": secret(own_desk), "text": "x" * (9 << 20)})
    assert large.status_code == 413
    assert own_desk.post("/add", content=iter([b"a=1"])).status_code == 411
    many = [("files", (f"{at}.txt", b"Talks resume.")) for at in range(40)]
    assert own_desk.post("/add", data={"csrf": secret(own_desk)}, files=many).status_code == 400


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:9/", "http://localhost/", "http://[::1]/", "http://[::ffff:10.0.0.1]/", "http://169.254.169.254/x",
     "http://0/", "http://10.1.2.3/", "http://2130706433/", "file:///etc/passwd", "ftp://example.org/", "http://a:b@127.0.0.1/",
     "gopher://127.0.0.1/", "http://[64:ff9b::7f00:1]/"],
)  # fmt: skip
def test_addresses_within_are_not_fetched(own_desk, url):
    answer = own_desk.post("/add", data={"csrf": secret(own_desk), "url": url})
    assert "read and kept" not in answer.text
    assert (
        "private network" in answer.text or "addresses are fetched" in answer.text or "cannot be found" in answer.text
    )


@pytest.fixture
def network(monkeypatch):
    """Stand in for the network: what names mean, call after call, and what is answered."""
    import httpx

    class Network:
        meaning: ClassVar[dict[str, list[str]]] = {}
        called: ClassVar[list[tuple[str, str]]] = []
        answers: ClassVar[list[httpx.Response]] = []

    def resolve(host, port, **_):
        meant = Network.meaning[host]
        number = meant.pop(0) if len(meant) > 1 else meant[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in number.split()]

    def answer(request):
        Network.called.append((request.url.host, request.headers["host"]))
        return Network.answers.pop(0)

    made = httpx.Client
    monkeypatch.setattr(httpx, "Client", lambda **options: made(transport=httpx.MockTransport(answer), **options))
    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    Network.meaning, Network.called, Network.answers = {}, [], []
    return Network


PUBLIC = "93.184.215.14"


def test_a_name_is_called_by_the_address_that_was_looked_at(network):
    import httpx

    network.meaning = {"courier.example": [PUBLIC, "127.0.0.1"]}
    network.answers = [httpx.Response(200, content=iter([b"Ministers met in Geneva."]))]
    assert fetch_openly("http://courier.example/a").text == "Ministers met in Geneva."
    assert network.called == [(PUBLIC, "courier.example")]


@pytest.mark.parametrize("where", ["http://inner.example/", "//inner.example/x", "http://courier.example/back"])
def test_no_redirect_leads_into_the_network(network, where):
    import httpx

    network.meaning = {"courier.example": [PUBLIC, "10.0.0.7"], "inner.example": ["10.0.0.7"]}
    network.answers = [httpx.Response(302, headers={"location": where})]
    with pytest.raises(FetchError, match="private network"):
        fetch_openly("http://courier.example/a")
    assert len(network.called) == 1


def test_one_address_within_is_enough_to_refuse_a_name(network):
    network.meaning = {"courier.example": [f"{PUBLIC} 192.168.0.9"]}
    with pytest.raises(FetchError, match="private network"):
        fetch_openly("http://courier.example/a")
    assert network.called == []


@pytest.mark.parametrize(
    ("number", "open_"),
    [(PUBLIC, True), ("2606:4700::1111", True), ("::ffff:93.184.215.14", True), ("::127.0.0.1", False),
     ("::ffff:127.0.0.1", False), ("::ffff:0:10.0.0.1", False), ("64:ff9b::a00:1", False), ("64:ff9b:1::7f00:1", False),
     ("2002:7f00:1::", False), ("2001:0:7f00:1::", False), ("fe80::1", False), ("fd00::1", False), ("ff02::1", False),
     ("100.64.0.1", False), ("0.0.0.0", False), ("224.0.0.1", False), ("255.255.255.255", False)],
)  # fmt: skip
def test_which_addresses_are_open(number, open_):
    import ipaddress

    from tidings.desk.adding import _is_open

    assert _is_open(ipaddress.ip_address(number)) is open_


def test_the_health_of_feeds_is_shown(tmp_path):
    path = tmp_path / "news.db"
    feed, planted = "https://courier.example/rss?a=1&b=2", 'javascript:alert(1)//"><script>x</script>'
    with open_store(path, create=True) as store:
        store.add(record())
        for day in range(1, 9):
            good = Feedback("200", 20, added=3 if day < 6 else 0, undated=1, troubled=1, youngest=f"2020-05-0{day}")
            store.note_feeds({feed: good, planted: Feedback('=cmd|"<b>"')}, f"2020-05-0{day}T08:00:00Z")
        for number in range(3):
            page = f"https://courier.example/{number}"
            failed = Failed(page=page, source="x.opml", feed=feed, error="EmptyPage", message="an empty page")
            store.add_failure(failed)
        store.add_failure(Failed(page=planted, source=planted, error="FetchError", message="<i>no</i>"))
    with open_shelf(path) as shelf:
        client = TestClient(make_app(shelf), base_url=HOME)
        page = client.get("/sources").text
        assert "silent for 3 days" in page
        assert "usually 3.0 a day" in page
        assert "<script>x" not in page
        assert 'href="javascript' not in page
        assert "Could not be read: 4 pages" in page
        data = client.get("/sources.json").json()
        assert (data["ill"], data["feeds"][0]["silent"], data["failures_total"]) == (2, True, 4)
        only = client.get("/sources.json", params={"feed": feed}).json()
        assert (only["failures_total"], only["reasons"]) == (3, [["an empty page", 3]])
        rows = list(csv.DictReader(io.StringIO(client.get("/sources.csv").text)))
        assert {row["kind"] for row in rows} == {"feed", "outlet"}
        assert next(row for row in rows if row["name"] == feed)["reasons"] == "an empty page (3)"
        assert next(row for row in rows if row["name"] == planted)["answer"].startswith("'=cmd")


def test_a_file_name_is_shown_as_words(own_desk):
    files = [("files", ("<img src=x onerror=alert(1)>.txt", b""))]
    page = own_desk.post("/add", data={"csrf": secret(own_desk)}, files=files).text
    assert "<img" not in page
    assert "&lt;img" in page


def test_feeds_are_well_formed_whatever_the_words(desk):
    from xml.etree import ElementTree

    for address in (
        "/today.rss",
        "/search.rss?q=envoys",
        "/stories.rss?all=1",
        "/calendar.rss?month=2020-06",
        "/actor/Q1.rss",
    ):
        answer = desk.get(address)
        assert answer.headers["content-type"].startswith("application/rss+xml")
        items = ElementTree.fromstring(answer.text).findall("channel/item")
        assert items, address
        assert (
            all((item.findtext("link") or "").startswith(f"{HOME}/article/") for item in items) or "stories" in address
        )
    for address in ("/actor/Q1.ics", "/dyad/LAR/ODD.ics", "/search.ics?q=envoys"):
        assert "BEGIN:VEVENT" in desk.get(address).text, address


def test_the_description_names_every_address(desk):
    told = desk.get("/openapi.json").json()
    assert told["openapi"].startswith("3.1")
    operations = [each["operationId"] for methods in told["paths"].values() for each in methods.values()]
    assert len(set(operations)) == len(operations)
    for path in told["paths"]:
        if "{" not in path:
            assert desk.get(path).status_code == 200, path


def test_what_came_in_since_the_last_visit_is_told(own_desk):
    first = own_desk.get("/today")
    assert "your last visit" not in first.text
    seen = own_desk.cookies["tidings_seen"]
    own_desk.post("/add", data={"csrf": secret(own_desk), "text": "Ministers signed a pact in Muscat."})
    _, number, minute = seen.split("-")
    own_desk.cookies.set("tidings_seen", f"x-{number}-{int(minute) - 60}", domain="127.0.0.1", path="/")
    assert "Since your last visit: 1 article" in own_desk.get("/today").text
    own_desk.cookies.set("tidings_seen", "<script>-1-2", domain="127.0.0.1", path="/")
    assert own_desk.get("/today").status_code == 200


def test_a_page_is_shown_with_the_same_words_marked(own_desk):
    own_desk.post(
        "/add",
        data={
            "csrf": secret(own_desk),
            "text": "<html><body><h1>Pact</h1><p>Ministers <b>signed</b> a &amp; pact.</p>",
        },
    )
    found = own_desk.get("/search.json?q=ministers+pact").json()["hits"][0]["id"]
    text = own_desk.get(f"/article/{found}.json").json()["record"]["article"]["text"]
    start = text.index("signed")
    page = own_desk.get(f"/article/{found}/source?at={start}-{start + 6}").text
    assert '<mark id="here">signed</mark>' in page
    assert "&lt;b&gt;" in page


def test_looking_changes_no_record(tmp_path):
    from tidings.store import open_store

    path = tmp_path / "news.db"
    with open_store(path, create=True) as store:
        store.add(record())
        before = list(store.query("SELECT * FROM articles")), list(store.query("SELECT * FROM records"))
    with open_shelf(path) as shelf:
        client = TestClient(make_app(shelf), base_url=HOME)
        assert all(client.get(address).status_code == 200 for address in PAGES_OF_ONE)
        with pytest.raises(StoreError):
            list(shelf.store.query("DELETE FROM articles"))
    with open_store(path) as store:
        assert (list(store.query("SELECT * FROM articles")), list(store.query("SELECT * FROM records"))) == before
        assert list(store.query("SELECT 1 FROM judgements")) == []


def test_counts_follow_when_an_article_goes(tmp_path):
    from tidings.store import open_store

    tables = ("known_actors", "known_names", "known_places", "known_outlets")
    with open_store(tmp_path / "news.db", create=True) as store:
        store.add(record())
        once = {table: list(store.query(f"SELECT * FROM {table}")) for table in tables}
        store.add(record(1, "2020-07-02"))
        with store.change() as connection:
            connection.execute("DELETE FROM articles WHERE id = 'a1'")
        for table in tables[:3]:
            assert list(store.query(f"SELECT * FROM {table}")) == once[table]
        assert dict(store.query("SELECT what, n FROM totals")) == {"articles": 1, "events": 3, "quotes": 1, "actors": 2}
        with store.change() as connection:
            connection.execute("DELETE FROM articles")
        assert all(list(store.query(f"SELECT * FROM {table}")) == [] for table in tables)


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
        for room in (
            "today",
            "search",
            "stories",
            "actors",
            "network",
            "map",
            "calendar",
            "outlook",
            "sources",
            "review",
        ):
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


GROUNDS = {
    "ink": "ground panel quote reported here",
    "dim": "ground panel",
    "link": "ground panel",
    "event": "ground panel quote reported",
}


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_the_colours_can_be_told_apart(theme):
    """WCAG 2.2 AA: 4.5 to 1 for text, 3 to 1 for lines that carry a meaning."""
    import re
    from pathlib import Path

    import tidings.desk

    style = (Path(tidings.desk.__file__).parent / "desk.css").read_text(encoding="utf-8")
    blocks = re.findall(r":root \{([^}]*)\}", style)
    colours = dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6})", blocks[theme]))
    for name, grounds in GROUNDS.items():
        for ground in grounds.split():
            assert contrast(colours[name], colours[ground]) >= 4.5, (name, ground)
    for name in ("actor", "place", "time", "event", "focus"):
        assert contrast(colours[name], colours["ground"]) >= 3


def contrast(one: str, two: str) -> float:
    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((light(one), light(two)))
    return (high + 0.05) / (low + 0.05)


def test_articles_that_come_in_are_taken_into_stories(tmp_path):
    import time

    from tidings.store import open_store

    path = tmp_path / "news.db"
    with open_store(path, create=True) as store:
        store.add(record())
    with open_shelf(path) as shelf:
        client = TestClient(make_app(shelf), base_url=HOME)
        assert len(client.get("/stories.json?all=1").json()["stories"]) == 1
        with open_store(path) as store:
            store.add(record(1, "2021-07-02"))
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and shelf.row("SELECT count(*) FROM acts WHERE day > '2021'") == (0,):
            client.get("/today")
        assert client.get("/dyad/LAR/ODD.json").json()["acts"] == 2


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


def test_the_example_opens_fast(within):

    with open_shelf() as shelf:
        client = TestClient(make_app(shelf), base_url=HOME)
        client.get("/keys")
        with within(0.6):
            assert client.get("/").status_code == 200
        data = client.get("/today.json").json()
        assert data["stories"]
        for head in data["articles"][:6]:
            page = Page(client.get(f"/article/{head['id']}").text)
            assert page.text == shelf.store.get(head["id"]).article.text
            assert not [link for link in page.attributes("href") if link.startswith("#") and link[1:] not in page.ids]

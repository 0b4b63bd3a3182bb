"""What is judged at the desk is so on every page of it: lists, actors, acts, searches, the network."""

from __future__ import annotations

import re

import pytest

pytest.importorskip("starlette")
pytest.importorskip("jinja2")

from starlette.testclient import TestClient

from test_desk import HOME, TEXT, record
from tidings.desk import make_app, open_shelf
from tidings.facts import to_json


class Desk:
    """A desk over two articles, and a person who judges at it."""

    def __init__(self, shelf) -> None:
        self.shelf = shelf
        self.client = TestClient(make_app(shelf), base_url=HOME, follow_redirects=False)
        self.secret = re.search(r'name="csrf" value="([^"]+)"', self.client.get("/review").text)

    def judge(self, **fields: str) -> int:
        assert self.secret
        status = self.client.post("/review", data={"csrf": self.secret[1], "author": "Ann", **fields}).status_code
        self.shelf.catch_up(30)
        return status

    def ask(self, address: str) -> dict:
        return self.client.get(address).json()


@pytest.fixture
def desk(tmp_path):
    path = tmp_path / "records.jsonl"
    path.write_text(to_json(record()) + "\n" + to_json(record(1, "2020-07-02")) + "\n", encoding="utf-8")
    with open_shelf(path) as shelf:
        yield Desk(shelf)


def event(number: int = 0) -> dict[str, str]:
    start = TEXT.index("met Omar")
    place = {"start": str(start), "end": str(start + len("met Omar")), "index": str(number)}
    return {"page": "a0", "fact": "event", **place}


def test_a_corrected_event_is_what_all_pages_tell(desk):
    changed = {"was_type": "CONSULT", "set_type": "ASSAULT", "was_date": "2020-05-04", "set_date": "2020-05-03"}
    assert desk.judge(**event(), decision="recode", **changed) == 303
    assert [hit["id"] for hit in desk.ask("/search.json?type=ASSAULT")["hits"]] == ["a0"]
    acts = desk.ask("/actor/Q1.json")["acts"]
    assert [(act["type"], act["day"]) for act in acts] == [("CONSULT", "2020-07-02"), ("ASSAULT", "2020-05-03")]
    assert [pair["conflict"] for pair in desk.ask("/network.json")["pairs"]] == [1]
    assert sum(point["conflict"] for point in desk.ask("/dyad/Q1/td:a%2Fb.json")["series"]) == 1
    page = desk.client.get("/article/a0").text
    assert '<span class="kind">ASSAULT</span>' in page
    assert "corrected" in page
    assert "<option selected>ASSAULT" in desk.client.get("/article/a0/correct?fact=event&index=0").text
    read, judged = desk.ask("/article/a0.json")["record"], desk.ask("/article/a0.json")["judged"]
    assert (read["events"][0]["type"], judged["events"][0]["type"]) == ("CONSULT", "ASSAULT")


def test_what_is_rejected_is_in_no_list(desk):
    for number in (0, 1):
        assert desk.judge(**event(number), decision="reject") == 303
    assert [act["day"] for act in desk.ask("/actor/Q1.json")["acts"]] == ["2020-07-02"]
    assert len(desk.ask("/calendar.json?month=2020-06")["scheduled"][0]["tellings"]) == 1
    assert desk.ask("/today.json")["counts"]["events"] == 4


def test_merged_actors_are_one_until_that_is_undone(desk):
    given = {"fact": "actor", "actor": "Q1", "decision": "merge"}
    assert desk.judge(**given, other="nobody here") == 400
    assert desk.judge(**given, other="=HYPERLINK(1)") == 303
    assert [who["id"] for who in desk.ask("/actors.json")["actors"]] == ["Q1"]
    old = desk.ask("/actor/td:a%2Fb.json")
    assert (old["id"], old["merged"], old["articles_total"]) == ("Q1", ["td:a/b"], 2)
    assert desk.ask("/network.json?who=td:a/b")["who"] == "Q1"
    assert desk.ask("/search.json?actor=td:a/b")["choices"] == {"actor": "Q1"}
    assert [choice["value"] for choice in desk.ask("/search.json?q=envoys")["facets"][0]["choices"]] == ["Q1"]
    assert desk.client.get("/dyad/Q1/td:a%2Fb").status_code == 404
    assert desk.judge(decision="undo", number=str(old["judged"][0]["number"])) == 303
    assert [who["id"] for who in desk.ask("/actors.json")["actors"]] == ["Q1", "td:a/b"]
    assert desk.client.get("/dyad/Q1/td:a%2Fb").status_code == 200


def test_a_corrected_article_is_listed_as_it_was_corrected(desk):
    changed = {"was_published": "2020-05-04", "set_published": "2021-01-01", "was_title": "x", "set_title": "Accord"}
    assert desk.judge(page="a0", fact="article", decision="recode", **changed) == 303
    first = desk.ask("/today.json")["articles"][0]
    assert (first["id"], first["published"], first["title"]) == ("a0", "2021-01-01", "Accord")
    assert "Accord" in desk.client.get("/article/a0").text

"""The tables of a store follow the judgements, whenever and in whatever order page and judgement come."""

from __future__ import annotations

import sqlite3
from itertools import count

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from test_review import AT, TEXT, make
from tidings.errors import UsageError
from tidings.facts import Published, Record
from tidings.review import export_judgements, import_judgements, judge, undo
from tidings.store import Store, open_store
from tidings.stories import calendar, get_story, list_stories, timeline, update
from tidings.text import Span

_FACTS = ("actors", "names", "places", "mentions", "times", "quotes", "events", "sides")
_KNOWN = ("totals", "known_actors", "known_names", "known_places", "known_outlets", "merged_actors")
_TOLD = (
    "SELECT a.id, a.day, a.dated, s.key, t.key, a.source_country, a.target_country, a.type, a.cameo, a.quad,"
    " a.intensity, a.tellings, a.story, a.place, a.last_day FROM acts a JOIN parties s ON s.number = a.source"
    " LEFT JOIN parties t ON t.number = a.target ORDER BY a.id",
    "SELECT a.id, t.article, t.event FROM act_tellings t JOIN acts a ON a.number = t.act ORDER BY 1, 2, 3",
    "SELECT key, name, type, country, sector, code FROM parties ORDER BY key",
    "SELECT id, headline, first_day, last_day, articles, outlets FROM stories ORDER BY id",
    "SELECT s.id, a.article FROM story_articles a JOIN stories s ON s.number = a.story ORDER BY 1, 2",
    'SELECT article, "group", kind FROM copies ORDER BY article',
    "SELECT type, status, events FROM known_kinds WHERE events > 0 ORDER BY 1, 2",
    "SELECT code, mentions FROM known_countries WHERE mentions > 0 ORDER BY code",
    "SELECT number, title, outlet, published, published_from, published_to, published_basis FROM articles",
    "SELECT article, due FROM judged_articles ORDER BY article",
    "SELECT count(*) FROM lapsed_stories",
)


_OTHER = (
    "Envoys of Peru have met those of Chile in Arica on 3 May 2023 for long hours behind closed doors. Soon after, Lima"
    " accused Bolivia of holding up the mountain road.\n\n"
    'Reporters at the customs house heard Rosa Quispe, who said: "We agree on much," before Ms Quispe flew home.'
)


def text_of(number: int) -> str:
    return _OTHER if number % 2 else TEXT


def at(number: int, words: str) -> tuple[int, int]:
    start = text_of(number).index(words)
    return start, start + len(words)


def tables(store: Store) -> dict[str, list[tuple]]:
    asked = {table: f"SELECT * FROM {table} ORDER BY 1, 2, 3, 4" for table in _FACTS}
    asked |= {table: f"SELECT * FROM {table} ORDER BY 1, 2" for table in _KNOWN}
    return {name: list(store.query(sql)) for name, sql in (asked | {sql: sql for sql in _TOLD}).items()}


def page(number: int) -> Record:
    """Make one of several pages that tell the same, some of them copies of one another, the last without a date."""
    day = "2023-05-04" if number < 3 else None
    record = make(text=text_of(number), sha256=f"{number:064d}", name=f"r{number}")
    published = Published(value=day, basis="given", score=0.9, interval=(day, day)) if day else None
    return msgspec.structs.replace(
        record, article=msgspec.structs.replace(record.article, published=published, outlet=f"Outlet {number % 3}")
    )


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path / "news.db", create=True) as store:
        for number in range(3):
            store.add(page(number))
        update(store)
        yield store


def decide(store: Store, fact: str, words: str | None, decision: str, number: int = 0, **value) -> int:
    return judge(
        store, page=f"r{number}", fact=fact, span=at(number, words) if words else None, decision=decision,
        value=value or None, author="Ana", at=AT,
    )  # fmt: skip


def everywhere(store: Store, decision: str, *actors: str) -> int:
    value = {"actors": list(actors)}
    return judge(store, page=None, fact="actor", span=None, decision=decision, value=value, author="Ana", at=AT)


def acts(store: Store) -> list[tuple]:
    return list(
        store.query(
            "SELECT a.type, a.day, s.name, t.name, a.tellings FROM acts a JOIN parties s ON s.number = a.source"
            " LEFT JOIN parties t ON t.number = a.target ORDER BY a.day, a.type"
        )
    )


def test_a_recoded_event_is_told_as_it_was_recoded(store):
    assert acts(store) == [
        ("CONSULT", "2023-05-03", "Peru", "Chile", 2),
        ("ACCUSE", "2023-05-04", "Peru", "Bolivia", 2),
    ]
    for number in range(3):
        decide(store, "event", "met", "recode", number, type="AGREE", target=["BOL"], date="2023-05-02")
        decide(store, "event", "accused", "recode", number, status="planned", date="2023-06-01")
    update(store)
    assert acts(store) == [("AGREE", "2023-05-02", "Peru", "Bolivia", 2)]
    assert [(plan.day, plan.type, plan.independent) for plan in calendar(store)] == [("2023-06-01", "ACCUSE", 2)]
    assert [step.type for step in timeline(store, "Peru") if step.kind == "act"] == ["AGREE"]
    assert [hit.id for hit in store.search("type:CONSULT")] == []
    assert len(store.search("type:AGREE")) == 3


def test_what_was_not_said_after_all_is_said_by_nobody(store):
    assert len(store.search("said-by:quispe")) == 3
    decide(store, "quote", '"We agree on much,"', "recode", 1, status="denied")
    assert [row[0] for row in store.query("SELECT status FROM who_said_what ORDER BY article")] == [
        "asserted", "denied", "asserted"
    ]  # fmt: skip
    assert [hit.id for hit in store.search("said-by:quispe")] == ["r0", "r2"]
    update(store)
    (said,) = (step for step in timeline(store, "Rosa Quispe") if step.kind == "quote")
    assert [telling.article for telling in said.tellings] == ["r0", "r2"]


def test_a_judgement_is_in_the_tables_at_once(store):
    number = decide(store, "event", "met", "reject")
    assert [row[0] for row in store.query("SELECT id FROM events WHERE article = 1")] == ["e2"]
    undo(store, number, author="Ana", at=AT)
    assert [row[0] for row in store.query("SELECT id FROM events WHERE article = 1")] == ["e1", "e2"]
    assert list(store.query("SELECT * FROM judged_articles")) == []


def test_what_was_accepted_or_noted_leaves_the_tables_alone(store):
    before = tables(store)
    decide(store, "event", "met", "accept")
    judge(store, page="r1", fact="event", span=at(1, "met"), decision="note", note="hm", author="Ana", at=AT)
    assert tables(store) == before


def test_a_mention_that_was_split_off_acts_for_itself(store):
    decide(store, "mention", "Lima", "split", 1, name="Lima city council")
    update(store)
    assert ("ACCUSE", "2023-05-04", "Lima city council", "Bolivia", 1) in acts(store)
    assert len(store.search('actor:"lima city council"')) == 1


def test_an_actor_recoded_or_struck_out_is_so_in_its_acts(store):
    for number in range(3):
        judge(store, page=f"r{number}", fact="actor", span=None, decision="recode",
              value={"actor": "CHL", "name": "Chilean envoys", "type": "organisation", "country": None},
              author="Ana", at=AT)  # fmt: skip
        judge(store, page=f"r{number}", fact="actor", span=None, decision="reject", value={"actor": "BOL"},
              author="Ana", at=AT)  # fmt: skip
    update(store)
    assert acts(store) == [
        ("CONSULT", "2023-05-03", "Peru", "Chilean envoys", 2),
        ("ACCUSE", "2023-05-04", "Peru", None, 2),
    ]
    assert list(store.query("SELECT target_country FROM acts WHERE target IS NOT NULL")) == [(None,)]
    assert list(store.query("SELECT key FROM parties WHERE key = 'BOL'")) == []


def test_merged_actors_are_one_in_every_table(store):
    number = everywhere(store, "merge", "td:rosa-quispe", "td:quispe")
    everywhere(store, "merge", "BOL", "CHL")
    store.add(page(3))
    update(store)
    assert [row[0] for row in store.query("SELECT id FROM known_actors ORDER BY id")] == [
        "BOL",
        "PER",
        "td:rosa-quispe",
    ]
    assert {row[3] for row in acts(store)} == {"Bolivia"}
    assert len(store.search("actor:quispe")) == 4
    assert dict(store.query("SELECT * FROM merged_actors")) == {"td:quispe": "td:rosa-quispe", "CHL": "BOL"}
    undo(store, number, author="Ana", at=AT)
    everywhere(store, "split", "BOL", "CHL")
    with open_store(store.path.with_name("fresh.db"), create=True) as fresh:
        for each in range(4):
            fresh.add(page(each))
        update(fresh)
        update(store)
        assert tables(store) == tables(fresh)


def test_on_pages_that_do_not_name_it_a_merged_actor_is_who_it_was_merged_into(tmp_path):
    with open_store(tmp_path / "news.db", create=True) as store:
        alone = page(0)
        store.add(msgspec.structs.replace(alone, actors=alone.actors[:3] + alone.actors[4:], quotes=(),
                                          mentions=alone.mentions[:4] + alone.mentions[5:]))  # fmt: skip
        store.add(page(1))
        update(store)
        judge(store, page="r1", fact="actor", span=None, decision="recode",
              value={"actor": "td:rosa-quispe", "country": "PER", "code": "PERGOV"}, author="Ana", at=AT)  # fmt: skip
        everywhere(store, "merge", "td:rosa-quispe", "td:quispe")
        assert ("Rosa Quispe", "PER", 2) in list(store.query("SELECT name, country, articles FROM known_actors"))
        assert list(store.query("SELECT code FROM actors WHERE id = 'td:rosa-quispe'")) == [("PERGOV",)] * 2
        lines = [line.replace('"PERGOV"', "[7]").replace('"key":"', '"key":"f') for line in export_judgements(store)]
        import_judgements(store, lines[1:])
        update(store)
        assert len(store.search("actor:quispe")) == 2


def test_a_corrected_date_or_title_is_found_and_dates_what_is_told(store):
    decide(store, "article", None, "recode", published="2022-01-02", title="Accord in Tacna", outlet="Correo")
    update(store)
    assert [hit.id for hit in store.search("tacna to:2022 outlet:correo")] == ["r0"]
    assert ("ACCUSE", "2022-01-02", "Peru", "Bolivia", 1) in acts(store)
    assert list_stories(store)[0].first_day == "2022-01-02"
    assert list(store.query("SELECT name, first_day FROM known_outlets WHERE name = 'Correo'")) == [
        ("Correo", "2022-01-02")
    ]


def test_a_page_read_anew_is_judged_anew(store):
    decide(store, "event", "met", "recode", 1, type="AGREE")
    everywhere(store, "merge", "BOL", "CHL")
    update(store)
    before = tables(store)
    assert store.replace(page(1))
    assert next(store.query("SELECT type FROM events WHERE article = 2"))[0] == "CONSULT"
    update(store)
    assert tables(store) == before


def test_an_actor_is_who_the_first_article_has_it_also_after_a_page_is_read_anew(store, tmp_path):
    other = page(0)
    actors = tuple(
        msgspec.structs.replace(actor, name="The Republic of Chile", country="BOL") if actor.id == "CHL" else actor
        for actor in other.actors
    )
    other = msgspec.structs.replace(other, actors=actors)
    assert store.replace(other)
    update(store)
    assert ("The Republic of Chile", "BOL") in list(store.query("SELECT name, country FROM known_actors"))
    with open_store(tmp_path / "fresh.db", create=True) as fresh:
        for record in (other, page(1), page(2)):
            fresh.add(record)
        update(fresh)
        assert tables(store) == tables(fresh)


def test_a_split_on_a_page_read_anew_gives_an_actor_its_own_country_back(store):
    everywhere(store, "merge", "td:rosa-quispe", "PER")
    store.replace(page(0))
    judge(store, page="r0", fact="actor", span=None, decision="split", value={"actors": ["PER", "CHL"]},
          author="Ana", at=AT.replace("10:", "11:"))  # fmt: skip
    assert list(store.query("SELECT country FROM known_actors WHERE id = 'td:rosa-quispe'")) == [(None,)]


def test_a_merge_everywhere_reaches_a_page_on_which_its_actor_was_merged_before(store):
    pair = {"actors": ["td:rosa-quispe", "BOL"]}
    judge(store, page="r0", fact="actor", span=None, decision="merge", value=pair, author="Ana", at=AT)
    everywhere(store, "merge", "PER", "BOL")
    update(store)
    assert list(store.query("SELECT id FROM actors WHERE article = 1 AND id IN ('BOL', 'td:rosa-quispe')")) == []


def test_a_split_everywhere_reaches_a_page_on_which_its_actors_were_merged_before(store):
    before = tables(store)
    pair = {"actors": ["PER", "CHL"]}
    judge(store, page="r0", fact="actor", span=None, decision="merge", value=pair, author="Ana", at=AT)
    everywhere(store, "split", "PER", "CHL")
    update(store)
    assert tables(store) == before


def test_an_article_that_is_none_tells_nothing(store):
    judge(store, page="r1", fact="article", span=None, decision="reject", author="Ana", at=AT)
    update(store)
    assert [act[-1] for act in acts(store)] == [1, 1]
    (story,) = list_stories(store)
    told = get_story(store, story.id)
    assert told is not None
    assert "r1" not in {telling.article for step in told.steps for telling in step.tellings}


# --------------------------------------------------------------------------------------- in whatever order

_WORDS = {"event": ["met", "accused"], "quote": ['"We agree on much,"'], "mention": ["Lima", "Chile", "Bolivia"],
          "place": ["Arica", "Peru"], "time": ["3 May 2023"]}  # fmt: skip
_ACTORS = ("PER", "CHL", "BOL", "td:rosa-quispe", "td:quispe")
_CHANGES: dict[str, list[dict]] = {
    "event": [{"type": "AGREE"}, {"status": "planned"}, {"source": ["BOL", "CHL"]}, {"target": []},
              {"date": "2023-05-01"}, {"cameo": "190"}, {"according_to": "PER"}],
    "quote": [{"speaker": None}, {"speaker": "PER"}],
    "mention": [{"actor": "BOL"}, {"actor": None}],
    "place": [{"name": "Tacna", "geonames": None}, {"lat": 1.5}, {"country": "CHL"}],
    "time": [{"value": "2023-05-09"}],
    "article": [{"published": "2023-04-01"}, {"title": "Other"}, {"outlet": "Outlet 9"}, {"published": None}],
    "actor": [{"name": "Other"}, {"country": "ARG"}, {"code": "X"}, {"type": "group"}],
}  # fmt: skip


@st.composite
def judgements_made(draw) -> dict:
    """Draw the arguments of a judgement of one of four pages, or of actors everywhere."""
    fact = draw(st.sampled_from(("event", "event", "quote", "mention", "place", "time", "article", "actor", "actor")))
    number = draw(st.integers(0, 3))
    told = {"page": f"{number:064d}", "fact": fact, "span": None, "decision": "recode", "value": None}
    if fact in _WORDS:
        words = draw(st.sampled_from(_WORDS[fact]))
        told["span"] = at(number, words)
    if fact == "actor":
        pair = {"actors": draw(st.lists(st.sampled_from(_ACTORS), min_size=2, max_size=3, unique=True))}
        merge = draw(st.sampled_from(("merge", "merge", "split", "")))
        if merge:
            return told | {"decision": merge, "value": pair, "page": draw(st.sampled_from((None, told["page"])))}
    told["decision"] = draw(st.sampled_from(("accept", "reject", "recode", "recode")))
    if told["decision"] == "recode":
        told["value"] = draw(st.sampled_from(_CHANGES[fact]))
    if fact == "mention" and draw(st.booleans()):
        told |= {"decision": "split", "value": draw(st.sampled_from(({"to": "BOL"}, {"name": "Somebody else"})))}
    if fact == "actor":
        told["value"] = {**(told["value"] or {}), "actor": draw(st.sampled_from(_ACTORS))}
    return told


_steps = st.lists(st.one_of(judgements_made(), st.sampled_from(("undo", "update", "reread"))), max_size=9)
_files = count()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_steps, st.integers(1, 4), st.booleans())
def test_the_order_of_judging_and_collecting_makes_no_difference(tmp_path, steps, early, first):
    folder = tmp_path / str(next(_files))
    folder.mkdir()
    with open_store(folder / "one.db", create=True) as one, open_store(folder / "two.db", create=True) as two:
        for number in range(4 if first else early):
            one.add(page(number))
        update(one)
        standing: list[int] = []
        for at, step in enumerate(steps):
            moment = f"2026-01-05T10:00:{at:02d}Z"
            if step == "update":
                update(one)
            elif step == "reread":
                one.replace(page(0))
            elif step == "undo":
                if standing:
                    standing.append(undo(one, standing.pop(), author="Ana", at=moment))
            else:
                try:
                    standing.append(judge(one, **step, author="Ana", at=moment))
                except UsageError:  # a page that is still to come
                    continue
        for number in range(4):
            one.add(page(number))
        lines = list(export_judgements(one))
        import_judgements(two, lines)
        for number in range(4):
            two.add(page(number))
        update(one)
        update(two)
        assert tables(one) == tables(two)
        assert list(one.query("PRAGMA foreign_key_check")) == []


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(judgements_made(), max_size=6), st.booleans())
def test_what_is_undone_is_as_if_it_had_never_been(tmp_path, made, between):
    folder = tmp_path / str(next(_files))
    folder.mkdir()
    with open_store(folder / "one.db", create=True) as one:
        for number in range(4):
            one.add(page(number))
        update(one)
        before = tables(one)
        numbers = [judge(one, **each, author="Ana", at=f"2026-01-05T10:00:{at:02d}Z") for at, each in enumerate(made)]
        if between:
            update(one)
        for at, number in enumerate(dict.fromkeys(numbers)):
            undo(one, number, author="Ana", at=f"2026-01-05T11:00:{at:02d}Z")
        update(one)
        assert tables(one) == before


def test_spans_still_point_at_their_words(store):
    decide(store, "event", "met", "recode", type="AGREE", source=["BOL"])
    for start, end in store.query('SELECT start, "end" FROM sides WHERE article = 1'):
        assert Span(start, end).of(TEXT) in {"Chile", "Lima", "Bolivia"}


def test_a_store_of_before_tables_followed_judgements_is_brought_up_to_date(tmp_path):
    from test_store import old_store

    path = tmp_path / "old.db"
    old_store(path, 3, [page(number) for number in range(3)])
    with sqlite3.connect(path) as connection:
        told = (
            'INSERT INTO judgements (key, at, author, page, fact, start, "end", quoted, before, after, decision, value)'
        )
        told += f" VALUES (?, '{AT}', 'Ana', ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        connection.execute(
            told, ("a", f"{0:064d}", "event", *at(0, "met"), "met", "Peru ", " Chile in Arica", "reject", None)
        )
        merge = '{"actors":["BOL","CHL"]}'
        connection.execute(told, ("b", None, "actor", None, None, None, None, None, "merge", merge))
    with open_store(path) as store:
        update(store)
        assert dict(store.query("SELECT * FROM merged_actors")) == {"CHL": "BOL"}
        assert list(store.query("SELECT article, id FROM events WHERE article < 3")) == [
            (1, "e2"),
            (2, "e1"),
            (2, "e2"),
        ]
        assert {act[3] for act in acts(store)} == {"Bolivia"}

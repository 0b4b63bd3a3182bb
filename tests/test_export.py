"""Exports: each form is what others' tools expect, and points at the right characters."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import tidings
from tidings.cli.export import command
from tidings.errors import BrokenPage, StoreError, UsageError
from tidings.export import FORMS, export, export_folder, is_folder, open_records
from tidings.export.csv import _safe
from tidings.export.events import COLUMNS, event_rows, said_by
from tidings.export.gdelt import COLUMNS as GDELT
from tidings.export.ics import fold
from tidings.facts import (
    Actor,
    Article,
    Block,
    Event,
    EventDate,
    Mention,
    Page,
    Place,
    Published,
    Quote,
    Record,
    Role,
    Side,
    Timex,
    to_json,
)
from tidings.store import open_store
from tidings.text import Span

TEXT = (
    "“We 🙂 agree,” Ada Fenn said, “at last.” The Fenland sanctioned Marsh Oil in Bern.\n\n"
    "Envoys; from Fenland, will meet in May.\nFenland did not bomb anyone."
)


def span(words: str) -> Span:
    start = TEXT.index(words)
    return Span(start, start + len(words))


def event(number: int, words: str, **changes: object) -> Event:
    trigger = span(words)
    base = Event(
        id=f"e{number}", trigger=trigger, sentence=trigger, type="SANCTION", quad=4, intensity=-5.0, status="asserted",
        score=0.9, cameo="1631",
    )  # fmt: skip
    return msgspec.structs.replace(base, **changes)


def make(number: int = 1, *, url: str | None = "https://courier.example/talks?a=1,2") -> Record:
    fenland = Side(span=span("Fenland"), actor="FEN", code="FENGOV")
    oil = Side(span=span("Marsh Oil"), actor="td:oil")
    first, second = span("“We 🙂 agree,”"), span("“at last.”")
    return Record(
        id=f"r{number}",
        page=Page(
            id=f"p{number}", sha256=f"{number:064}", media="text", url=url, fetched="2014-03-05", name="talks.txt"
        ),
        article=Article(
            text=TEXT,
            blocks=(
                Block(span=Span(0, TEXT.index("\n\n")), role="paragraph"),
                Block(span=Span(TEXT.index("\n\n") + 2, len(TEXT)), role="paragraph"),
            ),
            title='=HYPERLINK("x"), "quoted"',
            outlet="The\tCourier",
            authors=("Lee Marsh",),
            language="en",
            published=Published(value="2014-03-04", basis="given", score=1.0, interval=("2014-03-04", "2014-03-04")),
        ),
        actors=(
            Actor(
                id="FEN", name="Fenland", type="government", country="CHE", code="FENGOV", sector="GOV", wikidata="Q9"
            ),
            Actor(id="td:oil", name=f"Marsh Oil {number}", type="organisation"),
            Actor(id="td:fenn", name="Ada Fenn", type="person", aliases=("Fenn",), roles=(Role(title="envoy"),)),
        ),
        mentions=(
            Mention(span=span("Ada Fenn"), form="name", label="PERSON", score=1.0, actor="td:fenn"),
            Mention(span=span("Envoys"), form="nominal", label="PERSON", score=0.5),
        ),
        places=(
            Place(span=span("Bern"), name="Bern", score=1.0, lat=46.95, lon=-7.45, country="CHE", level="city"),
            Place(span=span("Fenland"), name="Fenland", score=0.2),
        ),
        times=(Timex(span=span("in May"), type="DATE", score=1.0, value="2014-05"),),
        quotes=(Quote(span=first.hull(second), parts=(first, second), kind="direct", score=1.0, speaker="td:fenn"),),
        events=(
            event(1, "sanctioned", source=(fenland,), target=(oil, fenland), place=0,
                  date=EventDate(value="2014-03-04", begin="2014-03-04", end="2014-03-04")),
            event(2, "meet", type="CONSULT", quad=1, cameo=None, status="planned", source=(fenland,),
                  according_to="td:fenn", sentence=span("Envoys; from Fenland, will meet in May."), place=0,
                  date=EventDate(value="2014-05", begin="2014-05-01", end="2014-05-31")),
            event(3, "bomb", type="ASSAULT", status="denied"),
            event(4, "agree", type="AGREE", quad=1, cameo="03", status="historical", contexts=("economic",),
                  date=EventDate(value="2013", begin="2013-01-01", end="2013-12-31")),
        ),
    )  # fmt: skip


RECORDS = [make(1), make(2, url=None)]


def written(form: str, records: list[Record] = RECORDS) -> str:
    stream = io.StringIO(newline="")
    export(records, form, stream)
    return stream.getvalue()


@pytest.mark.parametrize("form", [form for form in FORMS if not is_folder(form)])
def test_a_form_is_the_same_for_the_same_records(form):
    assert written(form) == written(form)
    assert written(form, []) or form in ("jsonl", "gdelt", "ftm")


def test_jsonl_is_the_records():
    assert written("jsonl") == "".join(f"{to_json(record)}\n" for record in RECORDS)


def test_csv_has_a_row_for_each_event_and_no_formulas():
    text = written("csv")
    assert text.count("\r\n") - text.count("\n") == 0 or "\n" in TEXT
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert list(rows[0]) == list(COLUMNS)
    assert len(rows) == 8
    first = rows[0]
    assert first["title"].startswith("'=HYPERLINK")
    assert (first["source"], first["target"]) == ("Fenland", "Marsh Oil 1; Fenland")
    assert TEXT[int(first["start"]) : int(first["end"])] == first["trigger"] == "sanctioned"
    assert float(first["lon"]) == -7.45, "numbers are no formulas"
    assert rows[1]["according_to"] == "Ada Fenn"


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "＝1"])
def test_what_a_spreadsheet_takes_for_a_formula(cell):
    assert _safe(cell) == f"'{cell}"
    assert _safe(f"a{cell}") == f"a{cell}"
    assert _safe(-1.5) == -1.5


def test_gdelt_has_61_columns():
    assert len(GDELT) == 61
    rows = [line.split("\t") for line in written("gdelt").splitlines()]
    assert {len(row) for row in rows} == {61}
    assert len(rows) == 6, "two targets make two lines; plans and denials are left out"
    assert len({row[0] for row in rows}) == 6
    first = dict(zip(GDELT, rows[0], strict=True))
    assert first["GLOBALEVENTID"].isdigit()
    known = {name: value for name, value in first.items() if value and name != "GLOBALEVENTID"}
    assert known == {
        "SQLDATE": "20140304", "MonthYear": "201403", "Year": "2014", "FractionDate": "2014.1753",
        "Actor1Code": "FENGOV", "Actor1Name": "FENLAND", "Actor1CountryCode": "CHE", "Actor1Type1Code": "GOV",
        "Actor2Name": "MARSH OIL 1", "IsRootEvent": "1",
        "EventCode": "1631", "EventBaseCode": "163", "EventRootCode": "16", "QuadClass": "4", "GoldsteinScale": "-8.0",
        "NumMentions": "1", "NumSources": "1", "NumArticles": "1",
        "ActionGeo_Type": "4", "ActionGeo_FullName": "Bern", "ActionGeo_Lat": "46.95", "ActionGeo_Long": "-7.45",
        "DATEADDED": "20140305000000", "SOURCEURL": "https://courier.example/talks?a=1,2",
    }  # fmt: skip
    agreed = dict(zip(GDELT, rows[2], strict=True))
    assert (agreed["SQLDATE"], agreed["MonthYear"], agreed["Year"]) == ("", "", "2013"), "a year has no day"


def test_w3c_selectors_select_the_words():
    page = json.loads(written("w3c"))
    assert (page["@context"], page["type"]) == ("http://www.w3.org/ns/anno.jsonld", "AnnotationPage")
    assert len({item["id"] for item in page["items"]}) == len(page["items"]) == 2 * 10
    targets = []
    for item in page["items"]:
        assert item["type"] == "Annotation"
        targets += item["target"] if isinstance(item["target"], list) else [item["target"]]
    assert len(targets) == 2 * 11, "a quote in two parts has two targets"
    for target in targets:
        assert target["source"] in ("https://courier.example/talks?a=1,2", "urn:tidings:r2")
        position, quote = target["selector"]
        assert (position["type"], quote["type"]) == ("TextPositionSelector", "TextQuoteSelector")
        assert TEXT[position["start"] : position["end"]] == quote["exact"]
        assert quote["prefix"] + quote["exact"] + quote["suffix"] in TEXT


def test_geojson_is_points_with_coordinates():
    made = json.loads(written("geojson"))
    assert made["type"] == "FeatureCollection"
    assert [feature["geometry"] for feature in made["features"]] == [
        {"type": "Point", "coordinates": [-7.45, 46.95]}
    ] * 2
    properties = made["features"][0]["properties"]
    assert TEXT[properties["start"] : properties["end"]] == properties["words"] == "Bern"
    assert properties["events"] == [
        {"id": "e1", "type": "SANCTION", "status": "asserted"},
        {"id": "e2", "type": "CONSULT", "status": "planned"},
    ]


def test_no_word_begins_a_line_of_a_calendar():
    from tidings.export.ics import fold

    for mark in ("\r\n", "\n", "\r", "\x85", "\x00", "\x1b"):
        lines = fold(f"UID:{'a' * 60}{mark}BEGIN:VALARM{'é' * 60}").split("\r\n")
        assert all(line.startswith(("UID:", " ")) and len(line.encode()) <= 75 for line in lines)
        assert not any(mark.strip("\r\n") and mark in line for line in lines)


def test_ics_holds_what_is_planned():
    text = written("ics")
    lines = text.split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert "\n" not in text.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in lines)
    unfolded = text.replace("\r\n ", "").split("\r\n")
    assert unfolded.count("BEGIN:VEVENT") == unfolded.count("END:VEVENT") == 2
    assert {"DTSTART;VALUE=DATE:20140501", "DTEND;VALUE=DATE:20140601", "DTSTAMP:20140305T000000Z"} <= set(unfolded)
    (told, _) = (line for line in unfolded if line.startswith("DESCRIPTION:"))
    assert told.startswith(
        "DESCRIPTION:Envoys\\; from Fenland\\, will meet in May.\\nType: CONSULT\\nFrom: The\tCourier"
    )
    assert told.endswith("According to: Ada Fenn")
    assert len({line for line in unfolded if line.startswith("UID:")}) == 2


@given(st.text(alphabet=st.characters(blacklist_categories=("Cs", "Cc")), max_size=300))
def test_folded_lines_are_short_and_unfold(line: str):
    folded = fold(line)
    assert all(len(part.encode()) <= 75 for part in folded.split("\r\n"))
    assert folded.replace("\r\n ", "") == line


def test_ftm_is_one_entity_a_line():
    entities = [json.loads(line) for line in written("ftm").splitlines()]
    assert all(set(entity) == {"id", "schema", "properties"} for entity in entities)
    values = [value for entity in entities for values in entity["properties"].values() for value in values]
    assert all(isinstance(value, str) and value for value in values)
    ids = [entity["id"] for entity in entities]
    assert len(set(ids)) == len(ids)
    schemas = [entity["schema"] for entity in entities]
    assert {schema: schemas.count(schema) for schema in schemas} == {
        "Article": 2, "Event": 6, "PublicBody": 1, "Organization": 2, "Person": 2,
    }  # fmt: skip
    by_id = {entity["id"]: entity["properties"] for entity in entities}
    assert by_id["Q9"]["proof"] == ["tidings-r1", "tidings-r2"], "who is known is one entity over all articles"
    assert by_id["Q9"]["country"] == ["ch"]
    done = by_id["tidings-r1-e1"]
    assert (done["date"], done["location"], done["involved"]) == (["2014-03-04"], ["Bern"], ["Q9", "tidings-r1-td-oil"])
    assert set(done["involved"]) <= set(ids)
    assert (by_id["tidings-r1-e2"]["startDate"], "date" in by_id["tidings-r1-e2"]) == (["2014-05-01"], False)


def test_parquet_is_a_folder_of_tables(tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    folder = tmp_path / "tables"
    assert export_folder(RECORDS, "parquet", folder) > 0
    names = "articles actors mentions places times quotes events sides".split()
    assert sorted(path.stem for path in folder.iterdir()) == sorted(names)
    tables = {name: parquet.read_table(folder / f"{name}.parquet").to_pylist() for name in names}
    assert [row["text"] for row in tables["articles"]] == [TEXT, TEXT]
    for name in ("mentions", "places", "times", "quotes", "sides"):
        assert tables[name]
        assert all(
            TEXT[row["start"] : row["end"]] == row.get("words", TEXT[row["start"] : row["end"]]) for row in tables[name]
        )
    events = tables["events"]
    assert [row["type"] for row in events[:4]] == ["SANCTION", "CONSULT", "ASSAULT", "AGREE"]
    assert all(TEXT[row["start"] : row["end"]] == row["trigger"] for row in events)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    export_folder(RECORDS, "parquet", folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert export_folder([], "parquet", tmp_path / "none") == 0


@pytest.mark.parametrize("status", ["asserted", "denied", "planned", "hypothetical"])
def test_what_was_not_said_is_told_apart(tmp_path, status):
    made = make()
    unsaid = msgspec.structs.replace(made, quotes=(msgspec.structs.replace(made.quotes[0], status=status),))
    (quote,) = (item for item in json.loads(written("w3c", [unsaid]))["items"] if ":quote:" in item["id"])
    classes = [body["value"] for body in quote["body"] if body.get("purpose") == "classifying"]
    assert classes == ["direct", *([status] if status != "asserted" else [])]
    assert json.loads(written("jsonl", [unsaid]))["quotes"][0]["status"] == status
    parquet = pytest.importorskip("pyarrow.parquet")
    export_folder([unsaid], "parquet", tmp_path / "tables")
    assert parquet.read_table(tmp_path / "tables" / "quotes.parquet")["status"].to_pylist() == [status]


def test_records_come_from_a_store_or_from_lines(tmp_path):
    store, lines = tmp_path / "news.db", tmp_path / "news.jsonl"
    with open_store(store, create=True) as kept:
        for record in RECORDS:
            kept.add(record)
    lines.write_text(written("jsonl") + "\n")
    for path in (store, lines):
        with open_records(path) as records:
            assert list(records) == RECORDS
    (tmp_path / "bad.jsonl").write_text('{"schema": 1}')
    with pytest.raises(BrokenPage, match=re.escape("bad.jsonl:1")), open_records(tmp_path / "bad.jsonl") as records:
        list(records)
    (tmp_path / "notes").write_text("notes")
    for path in (tmp_path / "none.db", tmp_path / "notes", tmp_path):
        with pytest.raises(StoreError), open_records(path):
            pass


def test_what_is_no_form():
    with pytest.raises(UsageError, match="no such form"):
        export(RECORDS, "parquet", io.StringIO())
    with pytest.raises(UsageError, match="no such form"):
        export_folder(RECORDS, "csv", Path("nowhere"))


def test_the_command(tmp_path):
    store = tmp_path / "news.db"
    with open_store(store, create=True) as kept:
        kept.add(RECORDS[0])
    for form in FORMS:
        out = tmp_path / f"out.{form}"
        done = CliRunner().invoke(command, [str(store), "--format", form, "-o", str(out)])
        assert done.exit_code == 0, done.output
        assert out.exists()
    done = CliRunner().invoke(command, [str(store), "--format", "jsonl"])
    assert (done.exit_code, done.stdout) == (0, to_json(RECORDS[0]) + "\n")
    assert CliRunner().invoke(command, [str(store)]).exit_code == 2
    assert CliRunner().invoke(command, [str(store), "--format", "xml"]).exit_code == 2
    assert CliRunner().invoke(command, [str(store), "--format", "parquet"]).exit_code == 2
    assert CliRunner().invoke(command, [str(store), "--format", "csv", "-o", str(tmp_path)]).exit_code == 2
    (tmp_path / "empty.jsonl").write_text(to_json(msgspec.structs.replace(RECORDS[0], events=())))
    done = CliRunner().invoke(command, [str(tmp_path / "empty.jsonl"), "--format", "gdelt"])
    assert done.exit_code == 1
    assert "nothing in the 1 records" in done.stderr


def test_a_judged_export_leaves_out_what_was_rejected(tmp_path):
    from tidings.review import judge

    path = tmp_path / "news.db"
    with open_store(path, create=True) as store:
        store.add(RECORDS[0])
        judge(
            store, page=RECORDS[0].id, fact="event", span=RECORDS[0].events[0].trigger, decision="reject", author="Ada",
            at="2026-01-05T10:00:00Z",
        )  # fmt: skip
    counts = []
    for options in ([], ["--judged"]):
        done = CliRunner().invoke(command, [str(path), "--format", "jsonl", *options])
        counts.append(len(json.loads(done.stdout)["events"]))
    assert counts == [len(RECORDS[0].events), len(RECORDS[0].events) - 1]


@pytest.mark.parametrize(
    ("text", "teller"),
    [
        ("Two witnesses in Bern said Norway attacked Sweden on Monday.", "Two witnesses in Bern"),
        ("Berit Aas said Norway attacked Sweden on Monday.", "Berit Aas"),
        ("Norway attacked Sweden on Monday.", None),
        ("Two witnesses in Bern did not say that Norway attacked Sweden on Monday.", None),
        ("Two witnesses in Bern blamed Norway.", None),
    ],
)
def test_who_tells_of_an_act_is_named_by_the_articles_words_where_nobody_is_known(text, teller):
    record = tidings.read(text)
    (event,) = record.events
    assert said_by(record, event) == teller
    told = next(event_rows(record))["according_to"]
    assert told == teller

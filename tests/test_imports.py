"""Event data of others: every format in the shapes it is met in, and what no table names."""

from __future__ import annotations

import contextlib
import gzip
import json
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tidings import data
from tidings.cli import group
from tidings.errors import BinaryPage, BrokenPage, EmptyPage, MissingPage, TidingsError, UsageError
from tidings.events.ontology import QUADS, cameo_type
from tidings.imports import FORMATS, import_events
from tidings.imports.acts import BadRow, Tally
from tidings.imports.codes import day_reader, measure, pad, quad_of
from tidings.imports.icews import event_texts
from tidings.imports.names import country_named, country_of_code, country_of_person, named_party, told_country
from tidings.store import open_store

ICEWS_HEADER = "\t".join(
    "Event ID|Event Date|Source Name|Source Sectors|Source Country|Event Text|CAMEO Code|Intensity|Target Name|"
    "Target Sectors|Target Country|Story ID|Sentence Number|Publisher|City|District|Province|Country|Latitude|"
    "Longitude".split("|")
)
POLECAT_HEADER = "\t".join(
    "Event ID|Event Date|Event Type|Event Mode|Intensity|Quad Code|Contexts|Actor Name|Actor Country|Actor COW|"
    "Primary Actor Sector|Actor Sectors|Actor Title|Actor Name Raw|Wikipedia Actor ID|Recipient Name|"
    "Recipient Country|Recipient COW|Primary Recipient Sector|Recipient Sectors|Recipient Title|Recipient Name Raw|"
    "Wikipedia Recipient ID|Placename|City|District|Province|Country|Latitude|Longitude|GeoNames ID|Raw Placename|"
    "Feature Type|Source|Publication Date|Story People|Story Organizations|Story Locations|Language|Version".split("|")
)
ACLED_HEADER = (
    "event_id_cnty,event_date,year,time_precision,disorder_type,event_type,sub_event_type,actor1,inter1,actor2,inter2,"
    "iso,country,location,latitude,longitude,fatalities"
)
ACTS = (
    "SELECT a.id, a.day, s.key, t.key, a.source_country, a.target_country, a.type, a.cameo, a.quad, a.intensity"
    " FROM acts a JOIN parties s ON s.number = a.source LEFT JOIN parties t ON t.number = a.target ORDER BY a.number"
)


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path / "events.db", create=True) as store:
        yield store


def write(path: Path, *lines: str, end: str = "\n") -> Path:
    path.write_bytes("".join(line + end for line in lines).encode())
    return path


def icews(number=7, day="2023-02-01", source="Iran", text="Consult", code="40", target="Citizen (Oman)", **more) -> str:
    cells = dict.fromkeys(ICEWS_HEADER.split("\t"), "")
    cells |= {"Event ID": str(number), "Event Date": day, "Source Name": source, "Event Text": text}
    cells |= {"CAMEO Code": code, "Target Name": target} | more
    return "\t".join(cells.values())


def gdelt(columns=61, number="900001", day="20230201", **more) -> str:
    cells = dict.fromkeys(range(columns), "")
    cells |= {0: number, 1: day, 5: "RUSGOV", 6: "MOSCOW", 7: "RUS", 12: "GOV", 15: "BLR", 16: "BELARUS", 17: "BLR"}
    cells |= {26: "042", 27: "042", 28: "04", 29: "1", 30: "1.9", 31: "10", 32: "3", 33: "10"}
    cells |= {int(key[1:]): value for key, value in more.items()}
    return "\t".join(cells.values())


# ------------------------------------------------------------------------------------------- formats


def test_icews_with_all_its_columns(store, tmp_path):
    row = icews(**{
        "Source Country": "Iran", "Target Country": "Oman", "Intensity": "1.0", "City": "Muscat", "Latitude": "23.58",
        "Longitude": "58.4", "Target Sectors": "General Population / Civilian / Social,Social",
    })  # fmt: skip
    # A byte order mark at the front, and the tab that some releases have at the end of each line.
    path = write(tmp_path / "events.tab", f"\ufeff{ICEWS_HEADER}", f"{row}\t", end="\r\n")
    done = import_events(store, "icews", [path])
    assert (done.acts, done.skipped, done.unknown) == (1, 0, ())
    assert list(store.query(ACTS)) == [
        ("2023-02-01:7", "2023-02-01", "IRN", "Citizen (Oman)", "IRN", "OMN", "CONSULT", "040", 1, 1.0)
    ]
    assert list(store.query("SELECT place, lat, lon, dated, tellings FROM acts")) == [
        ("Muscat", 23.58, 58.4, "stated", 1)
    ]
    assert list(store.query("SELECT name, type, sector FROM parties ORDER BY number")) == [
        ("Iran", "country", None), ("Citizen (Oman)", "group", "CVL")
    ]  # fmt: skip


def test_icews_without_a_header(store, tmp_path):
    assert import_events(store, "icews", [write(tmp_path / "e.tab", icews())]).acts == 1


@pytest.mark.parametrize(
    "lines",
    [
        ("date\tsubject\trelation\tobject", "2018-03-04\tIran\tMake a visit\tOman"),
        ("2018-03-04\tIran\tMake a visit\tOman",),
        ("date\tsubject\trelation\tobject", "2018-03-04\tIran\tMAKE A VISIT, not specified below\tOman"),
        ("Iran\tMake a visit\tOman\t2018-03-04",),
        ("subject,relation,object,date,t", "Iran,Make a visit,Oman,2018-03-04,62"),
    ],
)
def test_icews_as_tables_of_facts(store, tmp_path, lines):
    assert import_events(store, "icews", [write(tmp_path / "facts.txt", *lines)]).acts == 1
    assert [row[1:] for row in store.query(ACTS)] == [
        ("2018-03-04", "IRN", "OMN", "IRN", "OMN", "CONSULT", "042", 1, 1.9)
    ]


def test_facts_told_by_number_only_are_refused(store, tmp_path):
    with pytest.raises(UsageError, match="not a table of ICEWS"):
        import_events(store, "icews", [write(tmp_path / "train.txt", "0\t1\t33\t0", "1\t1\t802\t0")])


def test_a_lone_quotation_mark_eats_nothing(store, tmp_path):
    lines = (ICEWS_HEADER, icews(1, City='"Aden'), icews(2), '"3"\t' + icews(3).partition("\t")[2])
    assert import_events(store, "icews", [write(tmp_path / "e.tab", *lines)]).acts == 3
    assert [row[0] for row in store.query(ACTS)] == [f"2023-02-01:{number}" for number in "123"]


@pytest.mark.parametrize("columns", [57, 58, 61])
def test_gdelt_of_both_versions(store, tmp_path, columns):
    places = {"_52": "Minsk", "_56": "53.9", "_57": "27.6"} if columns == 61 else {
        "_50": "Minsk", "_53": "53.9", "_54": "27.6"
    }  # fmt: skip
    done = import_events(store, "gdelt", [write(tmp_path / "20230201.export.CSV", gdelt(columns, **places))])
    assert done.acts == 1
    assert list(store.query(ACTS)) == [
        ("900001", "2023-02-01", "RUSGOV", "BLR", "RUS", "BLR", "CONSULT", "042", 1, 1.9)
    ]
    assert list(store.query("SELECT place, lat, lon, tellings FROM acts")) == [("Minsk", 53.9, 27.6, 3)]


def test_gdelt_exported_with_a_header_and_without_zeros(store, tmp_path):
    lines = (
        "SQLDATE,GLOBALEVENTID,EventRootCode,EventCode,Actor2Code,Actor1Code,QuadClass,GoldsteinScale",
        "20230201,5,4,42,BLR,RUSGOV,1,1.9",
        "20230201,6,14,14,BLR,RUSGOV,4,-6.5",
        "20230201,7,1,14,BLR,,1,0",
    )
    done = import_events(store, "gdelt", [write(tmp_path / "query.csv", *lines)])
    assert (done.acts, done.no_acts) == (2, 1)
    assert [(row[4], row[5], row[7]) for row in store.query(ACTS)] == [("RUS", "BLR", "042"), ("RUS", "BLR", "140")]


def test_gdelt_codes_of_countries_that_iso_does_not_have(store, tmp_path):
    rows = (
        gdelt(number="1", _5="ROMGOV", _7="ROM", _15="GZS", _17="GZS"),
        gdelt(number="2", _5="WST", _7="WST", _12="", _15="XQX", _17="XQX"),
    )
    done = import_events(store, "gdelt", [write(tmp_path / "e.CSV", *rows)])
    assert [row[4:6] for row in store.query(ACTS)] == [("ROU", "PSE"), (None, None)]
    assert done.unknown == (("country code", "XQX", 1),)


def polecat(number="20230201-1", kind="PROTEST", mode="demo", **more) -> str:
    cells = dict.fromkeys(POLECAT_HEADER.split("\t"), "")
    cells |= {"Event ID": number, "Event Date": "2023-02-01", "Event Type": kind, "Event Mode": mode}
    cells |= {"Actor Name": "Teachers of Lima", "Actor Country": "PER", "Primary Actor Sector": "LAB"} | more
    return "\t".join(cells.values())


def test_polecat(store, tmp_path):
    lines = (
        POLECAT_HEADER,
        polecat(Intensity="-5.0", **{"Recipient Name": "None", "Recipient Country": "PER",
                                     "Primary Recipient Sector": "GOV"}),
        polecat("20230201-2", "CONSULT", "None", **{"Actor Name": "Peru; Chile", "Actor Country": "PER; CHL",
                                                   "Primary Actor Sector": "None"}),
        polecat("20230201-3", "ACCUSE", ""),
        polecat("20230201-4", "DANCE", ""),
    )  # fmt: skip
    done = import_events(store, "polecat", [write(tmp_path / "ngecEvents.DV.2023.txt", *lines)])
    assert (done.acts, done.skipped, done.unknown) == (4, 1, (("event type", "DANCE", 1),))
    assert [row[2:] for row in store.query(ACTS)] == [
        ("Teachers of Lima", "PERGOV", "PER", "PER", "PROTEST", "141", 4, -5.0),
        ("PER", None, "PER", None, "CONSULT", "040", 1, 2.5),
        ("CHL", None, "CHL", None, "CONSULT", "040", 1, 2.5),
        ("Teachers of Lima", None, "PER", None, "ACCUSE", None, 3, -3.0),
    ]


def test_polecat_rows_of_one_event_are_told_apart_by_their_sides(store, tmp_path):
    one, other = polecat(), polecat(**{"Actor Name": "Nurses of Lima"})
    assert import_events(store, "polecat", [write(tmp_path / "e.txt", POLECAT_HEADER, one, other, one)]).acts == 2


def acled(number="MLI1234", event="Battles", kind="Armed clash", day="05 March 2021", **more) -> str:
    cells = dict.fromkeys(ACLED_HEADER.split(","), "")
    cells |= {"event_id_cnty": number, "event_date": day, "event_type": event, "sub_event_type": kind}
    cells |= {"actor1": "Military Forces of Mali (2020-)", "inter1": "State forces", "country": "Mali"}
    cells |= {"actor2": "JNIM: Group for Support of Islam and Muslims", "inter2": "2", "fatalities": "1,234"} | more
    return ",".join(f'"{cell}"' if "," in cell else cell for cell in cells.values())


def test_acled(store, tmp_path):
    lines = (
        ACLED_HEADER,
        acled(latitude="14.5", longitude="-4.2", location="Mopti"),
        acled("1,235MLI", "Protests", "Peaceful protest", actor1="Protesters (Mali)", actor2="", inter1="6"),
        acled("MLI1236", "Strategic developments", "Change to group/activity"),
        acled("MLI1237", "Riots", "Something new", actor2="Civilians (Mali)", inter2="Civilians"),
        acled("MLI1238", "Parades", ""),
    )
    done = import_events(store, "acled", [write(tmp_path / "acled.csv", *lines)])
    assert (done.acts, done.no_acts, done.skipped) == (3, 1, 1)
    assert done.unknown == (("event type", "Parades", 1), ("event type", "Riots: Something new", 1))
    assert [row[1:] for row in store.query(ACTS)] == [
        ("2021-03-05", "Military Forces of Mali (2020-)", "JNIM: Group for Support of Islam and Muslims", "MLI", None,
         "ASSAULT", "190", 4, -10.0),
        ("2021-03-05", "Protesters (Mali)", None, "MLI", None, "PROTEST", "141", 4, -6.5),
        ("2021-03-05", "Military Forces of Mali (2020-)", "Civilians (Mali)", "MLI", "MLI", "PROTEST", "145", 4, -7.5),
    ]  # fmt: skip
    assert dict(store.query("SELECT key, sector FROM parties WHERE sector IS NOT NULL")) == {
        "Military Forces of Mali (2020-)": "MIL",
        "JNIM: Group for Support of Islam and Muslims": "REB",
        "Civilians (Mali)": "CVL",
    }


def test_acled_of_earlier_years(store, tmp_path):
    lines = (
        "EVENT_ID_CNTY;EVENT_DATE;EVENT_TYPE;ACTOR1;ACTOR2;LATITUDE;LONGITUDE",
        "1MLI;25/01/2009;Battle-No change of territory;Military Forces of Mali (2002-2012);Rioters (Mali);14,5;-4,2",
        "2MLI;03/02/2009;Riots/Protests;Protesters (Mali);;14,5;-4,2",
    )
    assert import_events(store, "acled", [write(tmp_path / "old.csv", *lines)]).acts == 2
    assert [(row[1], row[7]) for row in store.query(ACTS)] == [("2009-01-25", "190"), ("2009-02-03", "140")]
    assert list(store.query("SELECT DISTINCT lat, lon FROM acts")) == [(14.5, -4.2)]


def phoenix(size=26) -> str:
    cells = ["20160103_SFT_12", "20160103", "2016", "01", "03", "IRNGOV", "IRN", "GOV", "", "OMN", "OMN", "", "", "042"]
    cells += ["04", "1", "1.9", "", "23.6", "58.5", "Muscat", "", "OMN", "a_1", "https://example.org/1", "wire", "x"]
    return "\t".join(cells[:size])


@pytest.mark.parametrize("size", [26, 27])
def test_phoenix(store, tmp_path, size):
    assert import_events(store, "phoenix", [write(tmp_path / "events.full.20160103.txt", phoenix(size))]).acts == 1
    assert list(store.query(ACTS)) == [
        ("20160103_SFT_12", "2016-01-03", "IRNGOV", "OMN", "IRN", "OMN", "CONSULT", "042", 1, 1.9)
    ]


def test_phoenix_of_history(store, tmp_path):
    lines = (
        "eid,story_date,year,month,day,source,source_root,source_agent,source_others,target,target_root,target_agent,"
        "target_others,code,root_code,quad_class,goldstein,joined_issues,lat,lon,placename,statename,countryname,aid",
        "NYT001,8/13/1979,1979,8,13,USAGOV,USA,GOV,,SUN,SUN,,,112,11,3,-2,,,,,,,77",
    )
    assert import_events(store, "phoenix", [write(tmp_path / "PhoenixNYT.csv", *lines)]).acts == 1
    assert [row[1:8] for row in store.query(ACTS)] == [("1979-08-13", "USAGOV", "SUN", "USA", None, "ACCUSE", "112")]


# ------------------------------------------------------------------------------------------- as files are met


def test_gdelt_archives_of_days_months_and_years(store, tmp_path):
    for name, inner, columns, number in (
        ("20230201.export.CSV.zip", "20230201.export.CSV", 58, "1"),
        ("201201.zip", "201201.csv", 57, "2"),
        ("20230201120000.export.CSV.zip", "20230201120000.export.CSV", 61, "3"),
    ):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr(inner, gdelt(columns, number, c40="") + "\n")
    assert import_events(store, "gdelt", [tmp_path]).acts == 3


def test_gdelt_reduced_keeps_acts_that_differ_in_their_place_only(store, tmp_path):
    header = (
        "Date Source Target CAMEOCode NumEvents NumArts QuadClass Goldstein SourceGeoType SourceGeoLat SourceGeoLong"
        " TargetGeoType TargetGeoLat TargetGeoLong ActionGeoType ActionGeoLat ActionGeoLong"
    )
    row = "20120101\tFJI\tTON\t40\t2\t9\t1\t1.0\t1\t-18\t178\t1\t-21\t-175\t1\t{}\t178"
    lines = (header.replace(" ", "\t"), row.format("-18.0"), row.format("-17.5"), row.format("-18.0"))
    assert import_events(store, "gdelt", [write(tmp_path / "GDELT.MASTERREDUCEDV2.TXT", *lines)]).acts == 2


def test_icews_codes_that_are_none_and_countries_without_a_value(store, tmp_path):
    lines = (
        icews(1, text="Consult", code="04y"),
        icews(2, text="Make merry", code="04y"),
        icews(3, source="European Union", **{"Source Country": "NULL"}),
    )
    done = import_events(store, "icews", [write(tmp_path / "events.2017.tab", ICEWS_HEADER, *lines)])
    assert (done.acts, done.skipped) == (2, 1)
    assert [(row[4], row[7]) for row in store.query(ACTS)] == [("IRN", "040"), ("EUR", "040")]


def test_icews_numbers_that_two_days_share(store, tmp_path):
    lines = (icews(7, "2023-02-01"), icews(7, "2023-02-02"), icews(7, "2023-02-01"))
    done = import_events(store, "icews", [write(tmp_path / "events.2023.tab", ICEWS_HEADER, *lines)])
    assert (done.acts, done.there) == (2, 1)
    assert [row[0] for row in store.query(ACTS)] == ["2023-02-01:7", "2023-02-02:7"]


def test_polecat_with_its_columns_in_another_order_and_an_older_name(store, tmp_path):
    header, row = POLECAT_HEADER.split("\t"), polecat(Intensity="-5.0", Placename="Callao \u00d1").split("\t")
    order = sorted(range(len(header)), key=lambda at: header[at][::-1])
    named = ["Event Intensity" if header[at] == "Intensity" else header[at] for at in order]
    path = tmp_path / "ngecEvents.20230201.txt"
    path.write_bytes("\n".join(("\t".join(named), "\t".join(row[at] for at in order))).encode("latin-1"))
    assert import_events(store, "polecat", [path]).acts == 1
    assert [row[6:10] for row in store.query(ACTS)] == [("PROTEST", "141", 4, -5.0)]
    assert list(store.query("SELECT place FROM acts")) == [("Callao \u00d1",)]


def test_polecat_with_names_too_many_in_its_header_or_none(store, tmp_path):
    header = POLECAT_HEADER.replace("Event Mode", "Headline\tEvent Mode\tURL")
    one, two = (polecat(f"20230201-{number}", **{"Recipient Name": "Chile"}) for number in "12")
    assert import_events(store, "polecat", [write(tmp_path / "long.txt", header, one)]).acts == 1
    assert import_events(store, "polecat", [write(tmp_path / "bare.txt", two + "\t\t", two)]).skipped == 0
    assert {row[2:8] for row in store.query(ACTS)} == {("Teachers of Lima", "CHL", "PER", "CHL", "PROTEST", "141")}


def test_acled_with_a_byte_order_mark_tags_and_notes_over_several_lines(store, tmp_path):
    tags = ",".join(f"#tag+{number}" if number % 3 else "" for number in range(1, 19))
    noted = [
        acled("MLI1", actor1="Military Forces of the United States") + ',"Two lines\nof ""notes"", with\n\na gap"',
        acled("MLI2") + ",one line",
    ]
    path = write(tmp_path / "acled.csv", f"\ufeff{ACLED_HEADER},notes", tags, *noted, end="\r\n")
    done = import_events(store, "acled", [path])
    assert (done.acts, done.skipped) == (2, 0)
    assert [(row[0], row[4]) for row in store.query(ACTS)] == [("MLI1", "USA"), ("MLI2", "MLI")]


def test_phoenix_with_headers_as_scripts_add_them(store, tmp_path):
    header = (
        "EventID Date Year Month Day SourceActorFull SourceActorEntity SourceActorRole SourceActorAttribute"
        " TargetActorFull TargetActorEntity TargetActorRole TargetActorAttribute EventCode EventRootCode PentaClass"
        " GoldsteinScore Issues Lat Lon LocationName StateName CountryCode SentenceID URLs NewsSources GeoSentence"
    ).replace(" ", "\t")
    for number, names in enumerate((header, header.lower(), header.replace("GoldsteinScore", "goldstein"))):
        row = phoenix(27).replace("SFT_12", f"SFT_{number}")
        assert import_events(store, "phoenix", [write(tmp_path / f"{number}.csv", names, row)]).acts == 1


# ------------------------------------------------------------------------------------------- files


def test_a_second_import_adds_nothing(store, tmp_path):
    path = write(tmp_path / "e.tab", ICEWS_HEADER, icews(1), icews(2))
    assert import_events(store, "icews", [path]).acts == 2
    again = import_events(store, "icews", [path])
    assert (again.acts, again.files, again.files_there) == (0, 0, 1)
    # The same acts in another file are there already, too.
    longer = write(tmp_path / "f.tab", ICEWS_HEADER, icews(1), icews(2), icews(3))
    more = import_events(store, "icews", [longer])
    assert (more.acts, more.there) == (1, 2)
    assert next(store.query("SELECT count(*) FROM acts")) == (3,)


def test_a_file_can_be_read_again_for_what_could_not_be_read_before(store, tmp_path, monkeypatch):
    path = write(tmp_path / "e.tab", ICEWS_HEADER, icews(1), icews(2, code="", text="Make merry"))
    assert import_events(store, "icews", [path]).acts == 1
    texts = event_texts() | {"make merry": "017"}
    monkeypatch.setattr("tidings.imports.icews.event_texts", lambda: texts)
    assert import_events(store, "icews", [path]).files_there == 1
    done = import_events(store, "icews", [path], again=True)
    assert (done.acts, done.there, done.skipped) == (1, 1, 0)
    assert list(store.query("SELECT acts, skipped FROM imported_files")) == [(2, 0)]


def test_an_import_that_is_killed_can_be_gone_on_with(store, tmp_path, monkeypatch):
    monkeypatch.setattr("tidings.imports.importing._CHUNK", 10)
    path = write(tmp_path / "e.tab", ICEWS_HEADER, *(icews(number) for number in range(2500)))

    class Killed(Exception):
        pass

    def kill(_: int) -> None:
        raise Killed

    with pytest.raises(Killed):
        import_events(store, "icews", [path], progress=kill)
    (kept,) = next(store.query("SELECT count(*) FROM acts"))
    assert 0 < kept < 2500
    done = import_events(store, "icews", [path])
    assert (done.acts, done.there) == (2500 - kept, kept)


INDICES = "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = 'acts' ORDER BY name"


def test_indices_are_put_off_for_very_many_acts_and_made_up_for_after_a_kill(store, tmp_path, monkeypatch):
    before = list(store.query(INDICES))
    assert len(before) > 4
    monkeypatch.setattr("tidings.imports.keeping._MANY", 100)
    path = write(tmp_path / "many.tab", ICEWS_HEADER, *(icews(number) for number in range(1500)))
    seen = []

    def stop(_: int) -> None:
        seen.extend(store.query(INDICES))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_events(store, "icews", [path], progress=stop)
    # Only what keeps ids apart is kept up meanwhile: every other index is put off.
    assert [name for (name,) in seen if not name.startswith("sqlite_")] == []
    assert list(store.query(INDICES)) == before, "what ends an import half-way leaves no index out"
    with store.change() as connection:  # as a process leaves it that is killed
        for (name,) in before:
            if not name.startswith("sqlite_"):
                connection.execute(f"DROP INDEX {name}")
    import_events(store, "icews", [write(tmp_path / "few.tab", ICEWS_HEADER, icews(9999))])
    assert list(store.query(INDICES)) == before
    assert import_events(store, "icews", [path]).acts == 1500
    assert list(store.query(INDICES)) == before


def test_datasets_are_kept_apart(store, tmp_path):
    path = write(tmp_path / "e.tab", ICEWS_HEADER, icews(1))
    import_events(store, "icews", [path], name="one")
    assert import_events(store, "icews", [path], name="two").acts == 1
    assert list(store.query("SELECT name, format FROM datasets")) == [
        ("pages", "pages"), ("one", "icews"), ("two", "icews")
    ]  # fmt: skip
    for name in ("one", "pages"):
        with pytest.raises(UsageError, match="another name"):
            import_events(store, "gdelt", [write(tmp_path / "g.CSV", gdelt())], name=name)


def test_archives_and_folders(store, tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    with gzip.open(folder / "a.tab.gz", "wt") as stream:
        stream.write(f"{ICEWS_HEADER}\n{icews(1)}\n")
    with zipfile.ZipFile(folder / "b.zip", "w") as archive:
        archive.writestr("in/x.tab", f"{ICEWS_HEADER}\n{icews(2)}\n")
        archive.writestr("in/y.tab", f"{icews(3)}\n")  # a split file: the header stands in the first
        archive.writestr("__MACOSX/z.tab", "noise")
        archive.writestr("codebook.pdf", "%PDF")
    write(folder / "joined.tsv", ICEWS_HEADER, icews(4), "", ICEWS_HEADER, icews(5))
    (folder / "README.txt").write_text("About these files: see the codebook.")
    (folder / "codebook.pdf").write_bytes(b"%PDF-1.4")
    done = import_events(store, "icews", [folder])
    assert (done.acts, done.files, done.skipped) == (5, 4, 0)
    assert done.failed == ()
    assert "left out" in done.complaints[0]
    assert "README.txt" in done.complaints[0]


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("nothing.tab", b"", EmptyPage),
        ("blank.tab", b"\n\n \n", EmptyPage),
        ("film.tab", b"\x00\x01\x02" * 100, BinaryPage),
        ("codebook.pdf", b"%PDF-1.4 ...", BinaryPage),
        ("cut.zip", b"PK\x03\x04 and no more", BrokenPage),
        ("cut.gz", gzip.compress(ICEWS_HEADER.encode() * 99, mtime=0)[:60], BrokenPage),
        ("prose.txt", b"Talks went on in Muscat.\n", UsageError),
        ("other.tab", f"{POLECAT_HEADER}\n{polecat()}\n".encode(), UsageError),
    ],
)
def test_what_is_no_table_is_told(store, tmp_path, name, content, error):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(error, match=name):
        import_events(store, "icews", [path])
    good = write(tmp_path / "good.tab", ICEWS_HEADER, icews())
    done = import_events(store, "icews", [path, good])
    assert done.acts == 1
    assert name in done.failed[0]


def test_what_is_not_there_is_told(store, tmp_path):
    folder = tmp_path / "empty"
    folder.mkdir()
    with pytest.raises(MissingPage):
        import_events(store, "icews", [tmp_path / "none.tab"])
    with pytest.raises(UsageError, match="formats are"):
        import_events(store, "idea", [tmp_path])
    with pytest.raises(UsageError, match="no tables"):
        import_events(store, "icews", [folder])


def test_bad_rows_are_counted_and_the_first_told(store, tmp_path):
    bad = (
        icews(2, day="yesterday"), icews(3, code="", text="Make merry"), icews(4, code="9999"), "5\t2023-02-01",
        icews(6, source=""), icews(7, day="2023-02-30"), icews(8, code="14", text=""),
            icews(9, source="x" * 2001), "x" * (1 << 22) + "yz",
    )  # fmt: skip
    done = import_events(store, "icews", [write(tmp_path / "e.tab", ICEWS_HEADER, icews(1), *bad, icews(9))])
    assert (done.acts, done.no_acts, done.skipped) == (2, 1, 8)
    assert len(done.complaints) == 5
    assert "line 3: no date: 'yesterday'" in done.complaints[0]
    assert done.unknown == (("event text", "Make merry", 1),)
    assert next(store.query("SELECT acts, skipped FROM imported_files")) == (2, 8)


def test_other_encodings(store, tmp_path):
    path = tmp_path / "e.tab"
    path.write_bytes(f"{ICEWS_HEADER}\n{icews(1, source='Nicolás')}\n".encode("cp1252"))
    import_events(store, "icews", [path])
    path.write_bytes(f"{ICEWS_HEADER}\n{icews(2, source='Tomáš')}\n".encode("utf-16"))
    import_events(store, "icews", [path])
    assert [row[2] for row in store.query(ACTS)] == ["Nicolás", "Tomáš"]


# ------------------------------------------------------------------------------------------- codes and names


@pytest.mark.parametrize(
    ("sample", "text", "day"),
    [
        ([], "20230201", "2023-02-01"),
        ([], "2023-2-1", "2023-02-01"),
        ([], "2023-02-01 00:00:00", "2023-02-01"),
        ([], "1-Feb-2023", "2023-02-01"),
        ([], "01 February 2023", "2023-02-01"),
        (["13/02/2023"], "01/02/2023", "2023-02-01"),
        (["02/13/2023"], "02/01/2023", "2023-02-01"),
        ([], "01/02/2023", None),
        (["13/02/2023", "02/13/2023"], "01/02/2023", None),
        ([], "1 Feb 23", None),
        ([], "2023-13-01", None),
        ([], "", None),
    ],
)
def test_days(sample, text, day):
    read = day_reader(sample)
    if day is None:
        with pytest.raises(BadRow):
            read(text)
    else:
        assert read(text) == day


@given(st.text(max_size=30))
def test_no_cell_breaks_the_readers_of_codes(text):
    for read in (pad, day_reader([text]), measure, country_named, country_of_code):
        with contextlib.suppress(BadRow):
            read(text)


CELLS = st.one_of(
    st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=12),
    st.sampled_from("2023-02-01 20230201 01/02/2023 RUS RUSGOV Iran 112 14 PROTEST Battles (Iran) None a;b;c".split()),
    st.sampled_from(["", "1e999", "-0", "\u0661\u0662", "nan", "9" * 400, '"', "x\u2028y", "("]),
)
HEADERS = {"icews": ICEWS_HEADER, "polecat": POLECAT_HEADER, "acled": ACLED_HEADER.replace(",", "\t"), "gdelt": None,
           "phoenix": None}  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.parametrize("kind", sorted(HEADERS))
@given(rows=st.lists(st.lists(CELLS, min_size=1, max_size=62), max_size=12))
def test_no_row_ends_an_import(store, tmp_path, kind, rows):
    header = HEADERS[kind] or {"gdelt": gdelt(), "phoenix": phoenix()}[kind]
    size = len(header.split("\t"))
    lines = ["\t".join((cell * size)[:size]).replace("\n", " ").replace("\r", " ") for cell in rows]
    path = tmp_path / f"{kind}.txt"
    path.write_text("\n".join([header, *lines]), encoding="utf-8", errors="replace", newline="")
    done = import_events(store, kind, [path], name=kind)
    assert done.acts + done.there + done.no_acts + done.skipped >= 0
    for day, quad, lat in store.query("SELECT day, quad, lat FROM acts"):
        assert len(day) == 10
        assert 1 <= quad <= 4
        assert lat is None or abs(lat) <= 90


def test_codes_keep_their_root_and_class():
    rows = [line.split("\t")[0] for line in data.read_text("cameo_plover.tsv").splitlines()[1:]]
    for code in rows:
        assert pad(code) == code
        assert pad(code.lstrip("0"), code[:2]) == code
        # PLOVER takes a few codes for words where CAMEO takes them for deeds; both call them cooperation or conflict.
        assert (quad_of(code) <= 2) == (QUADS[cameo_type(code) or ""] <= 2)


def test_every_row_of_the_tables_is_sound():
    assert all(pad(code) == code for code in event_texts().values())
    assert all(text == text.lower().strip() for text in event_texts())
    for name in ("imports_polecat.tsv", "imports_acled.tsv"):
        for line in data.read_text(name).splitlines()[1:]:
            *_, kind, mode, cameo = line.split("\t")
            assert not kind or kind in QUADS
            assert not cameo or pad(cameo) == cameo
            # A code never says the opposite of the type: its class is cooperation where that is.
            assert not cameo or (quad_of(cameo) <= 2) == (QUADS[kind] <= 2), (kind, mode, cameo)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Threaten with sanctions, boycott, embargo", "1312"),
        ("Ease economic sanctions, boycott, embargo", "085"),
        ("Impose embargo, boycott, or sanctions", "163"),
        ("Reject request for economic aid", "1221"),
        ("Appeal for economic aid", "0231"),
        ("Demand economic aid", "1031"),
        ("Reduce or stop economic assistance", "1621"),
        ("fight with small arms and light weapons", "193"),
    ],
)
def test_event_texts_that_look_alike_are_kept_apart(text, code):
    assert event_texts()[text.lower()] == code


@pytest.mark.parametrize(
    ("name", "country"),
    [
        ("Russia", "RUS"), ("Russian Federation", "RUS"), ("Occupied Palestinian Territory", "PSE"),
        ("the Gambia", "GMB"),
        ("Democratic Republic of Congo", "COD"), ("Republic of Congo", "COG"), ("South Korea", "KOR"), ("Niger", "NER"),
        ("Nigeria", "NGA"), ("Russian", None), ("Moscow", None), ("Africa", None), ("Georgian Dream", None),
    ],
)  # fmt: skip
def test_countries_by_their_names(name, country):
    assert country_named(name) == country


@pytest.mark.parametrize(
    ("name", "country", "sector"),
    [
        ("Police (Australia)", "AUS", "COP"), ("Citizen (Middle East)", None, "CVL"), ("Iran", "IRN", None),
        ("European Union", "EUR", None), ("Boko Haram", "NGA", "REB"), ("Combatant (Boko Haram)", "NGA", "UAF"),
        ("Envoy (Holy See (Vatican City State))", "VAT", "GOV"), ("Turkish Army", "TUR", "MIL"),
        ("Conservative Party", None, None), ("Salvation Army", None, None), ("Iran Air Force Museum", None, None),
        ("Moscow Police", None, None), ("Children (of Mars)", None, "CVL"),
    ],
)  # fmt: skip
def test_parties_by_their_names(name, country, sector):
    party = named_party(name)
    assert (party.country, party.sector) == (country, sector)


def test_a_country_that_no_table_has_is_counted_and_a_region_is_not():
    tally = Tally()
    assert [told_country(name, tally) for name in ("Ruritania", "Middle East", "", "Peru")] == [None, None, None, "PER"]
    assert dict(tally.unknown) == {("country", "Ruritania"): 1}


def test_persons_have_a_country_while_they_hold_its_office():
    assert country_of_person("Angela Merkel", "2018-05-01") == "DEU"
    assert country_of_person("Angela Merkel", "2023-05-01") is None
    assert country_of_person("Merkel", "2018-05-01") is None


# ------------------------------------------------------------------------------------------- the verb


def run(*arguments: object):
    return CliRunner().invoke(group, ["import", *map(str, arguments)])


def test_the_verb(tmp_path):
    path = write(tmp_path / "e.tab", ICEWS_HEADER, icews(1), icews(2, code="", text="Make merry"))
    done = run(tmp_path / "n.db", "icews", path, "--name", "mine")
    assert done.exit_code == 0
    told = json.loads(done.stdout)
    assert (told["dataset"], told["acts"], told["skipped"]) == ("mine", 1, 1)
    assert "line 3: no CAMEO code is known for 'Make merry'" in done.stderr
    done = run(tmp_path / "n.db", "icews", path, tmp_path / "e.tab", "--name", "mine", "--format", "table")
    assert "0 acts added" in done.stdout


def test_the_verb_names_what_failed(tmp_path):
    good, bad = write(tmp_path / "e.tab", ICEWS_HEADER, icews()), write(tmp_path / "bad.tab", "a\tb", "1\t2")
    done = run(tmp_path / "n.db", "icews", good, bad)
    assert done.exit_code == 3
    assert "bad.tab: not a table of ICEWS" in done.stderr
    with pytest.raises(TidingsError):
        CliRunner().invoke(group, ["import", str(tmp_path / "n.db"), "gdelt", str(bad)], catch_exceptions=False)
    assert run(tmp_path / "n.db", "idea", good).exit_code == 2


def test_the_verb_offers_what_can_be_read():
    from tidings.cli.importing import _FORMATS

    assert set(_FORMATS) == set(FORMATS)


def test_reading_long_noise_ends_soon(store, tmp_path):
    noise = (",;|\"'\t/-0" * 12_500)[:100_000]
    path = write(tmp_path / "noise.csv", ICEWS_HEADER.replace("\t", ","), *([noise] * 20))
    assert import_events(store, "icews", [path]).acts == 0

"""Check the sample pages: they decode as intended, carry the project's mark, and hold what their gold says."""

import json
import re
from datetime import date
from pathlib import Path

import pytest
from lxml import html

EXAMPLES = Path(__file__).parents[1] / "examples"
PAGES = sorted(path for path in EXAMPLES.iterdir() if path.suffix in {".html", ".txt"})
GOLD = sorted((EXAMPLES / "gold").glob("*.json"))
MARK = "Sample page written for the Tidings project"
ENCODINGS = {"003": "cp1252", "008": "cp1252", "010": "cp1252", "014": "cp1252", "021": "utf-16"}

PLOVER = set(
    "AGREE CONSULT SUPPORT CONCEDE COOPERATE AID RETREAT REQUEST ACCUSE REJECT THREATEN PROTEST SANCTION MOBILIZE "
    "COERCE ASSAULT".split()
)
STATUS = {"asserted", "historical", "planned", "hypothetical", "denied"}
ROLES = set("related author_bio comment_form comments nav footer newsletter share tags ad cookie credit other".split())
JSON_LD = re.compile(r'<script type="application/ld\+json">([^<]*)</script>')


def decoded(path: Path) -> str:
    return path.read_bytes().decode(ENCODINGS.get(path.name[:3], "utf-8"))


def visible(path: Path) -> str:
    text = decoded(path)
    return text if path.suffix == ".txt" else str(html.fromstring(text).text_content())


def gold_of(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def test_the_folder_is_whole_and_small():
    assert [path.name[:3] for path in PAGES] == [f"{n:03d}" for n in range(1, len(PAGES) + 1)]
    assert len(PAGES) >= 20
    assert len([path for path in PAGES if path.suffix == ".txt"]) >= 4
    assert len(GOLD) == 6
    assert sum(path.stat().st_size for path in EXAMPLES.rglob("*") if path.is_file()) < 400_000


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_page_decodes_and_carries_the_mark(path: Path):
    text = decoded(path)
    assert "\ufffd" not in text
    assert not re.search(r"[\x80-\x9f]", text)
    if path.suffix == ".txt":
        assert text.strip().splitlines()[-1].startswith(MARK)
    else:
        assert f"<!-- {MARK}" in text


@pytest.mark.parametrize("number", sorted(ENCODINGS))
def test_odd_encodings_are_odd(number: str):
    (path,) = EXAMPLES.glob(f"{number}-*")
    with pytest.raises(UnicodeDecodeError):
        path.read_bytes().decode("utf-8")


def test_the_table_names_every_page_with_its_date():
    table = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    for path in PAGES:
        assert f"`{path.name}`" in table
    dates = re.findall(r"^\| `\d.*\| (\d{4}-\d\d-\d\d) \|", table, re.MULTILINE)
    assert len(dates) == len(PAGES) - 2
    assert dates == sorted(dates)


def test_json_ld_parses():
    kinds = []
    for path in PAGES:
        for block in JSON_LD.findall(decoded(path)):
            kinds += [node["@type"] for node in json.loads(block)["@graph"]]
    assert "NewsArticle" in kinds
    assert "LiveBlogPosting" in kinds


def test_the_undated_page_names_no_year_of_its_own():
    (path,) = EXAMPLES.glob("011-*")
    assert "2015" not in decoded(path)
    assert "This year" in decoded(path)


def test_the_ordinary_articles_are_long_enough():
    long = [path for path in PAGES if len(visible(path).split()) >= 250]
    assert len(long) >= 16


@pytest.mark.parametrize("path", GOLD, ids=lambda path: path.name)
def test_gold_strings_stand_on_the_page(path: Path):
    gold = gold_of(path)
    text = visible(EXAMPLES / gold["page"])
    strings = [gold["title"], *gold["article_lines_kept"]]
    strings += [piece["starts"] for piece in gold["furniture"]]
    strings += [quote["words"] for quote in gold["quotes"]]
    strings += [event["trigger"] for event in gold["events"]]
    strings += [time["text"] for time in gold["times"]]
    assert [string for string in strings if string not in text] == []
    for quote in gold["quotes"]:
        assert quote["speaker"].split()[-1] in text


@pytest.mark.parametrize("path", GOLD, ids=lambda path: path.name)
def test_gold_uses_the_closed_sets(path: Path):
    gold = gold_of(path)
    date.fromisoformat(gold["published"])
    assert {event["type"] for event in gold["events"]} <= PLOVER
    assert {event["status"] for event in gold["events"]} <= STATUS
    assert {piece["role"] for piece in gold["furniture"]} <= ROLES
    assert {quote["kind"] for quote in gold["quotes"]} <= {"direct", "mixed", "indirect"}

from __future__ import annotations

import json

import msgspec
import pytest

from tidings.facts import Article, Block, Page, Record, Timex, from_json, to_json
from tidings.text import Span

RECORD = Record(
    id="r",
    page=Page(id="p", sha256="0" * 64, media="text"),
    article=Article(
        text="Talks resume",
        blocks=(Block(span=Span(0, 12), role="headline"),),
        alignment=((0, 4, 12),),
    ),
    times=(Timex(span=Span(0, 5), type="DATE", score=0.5),),
)


def test_a_record_survives_its_json():
    assert from_json(to_json(RECORD)) == RECORD


def test_the_json_is_one_line_that_opens_with_the_schema():
    line = to_json(RECORD)
    assert "\n" not in line
    assert next(iter(json.loads(line))) == "schema"


def test_spans_are_pairs_and_missing_values_are_null():
    found = json.loads(to_json(RECORD))["times"][0]
    assert found["span"] == [0, 5]
    assert found["value"] is None


def test_locate_leads_to_the_page():
    assert RECORD.locate((0, 5)) == (4, 9)
    assert RECORD.locate((12, 12)) is None


def test_what_is_no_record_names_the_path_of_the_fault():
    broken = to_json(RECORD).replace('"DATE"', '"WHEN"')
    with pytest.raises(msgspec.ValidationError, match=r"\$\.times\[0\]\.type"):
        from_json(broken)


def test_unknown_fields_of_a_later_minor_version_are_passed_over():
    later = json.loads(to_json(RECORD)) | {"mood": "hopeful"}
    assert from_json(json.dumps(later)) == RECORD

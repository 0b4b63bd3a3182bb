"""The forms by name.

In: records and the name of a form. Out: what its module writes.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import IO

from tidings.errors import UsageError
from tidings.facts import Record

__all__ = ["FORMS", "export", "export_folder", "is_folder"]

FORMS: dict[str, str] = {
    "jsonl": "the records, one a line, as `tidings read` prints them",
    "csv": "the events, one a line, with a header",
    "parquet": "a folder with one file for each table",
    "gdelt": "the GDELT 2 event table: 61 columns, tabs, no header",
    "w3c": "a W3C AnnotationPage: every fact with its selectors",
    "geojson": "a FeatureCollection: every place with coordinates",
    "ics": "an iCalendar of what is planned",
    "ftm": "FollowTheMoney entities, one a line",
}
"""What can be exported, and what each form holds."""

_FOLDERS = frozenset({"parquet"})


def is_folder(form: str) -> bool:
    """Tell whether a form is a folder rather than a text."""
    return form in _FOLDERS


def export(records: Iterable[Record], form: str, stream: IO[str]) -> int:
    """Write records in a form that is a text; return how many items (lines, features, entries) it holds.

    >>> import io, tidings
    >>> record = tidings.read("Ministers met in Geneva on Monday.", media="article", published="2013-11-26")
    >>> export([record], "jsonl", io.StringIO())
    1
    """
    if form not in FORMS or is_folder(form):
        raise UsageError(f"no such form of text: {form}; there are {', '.join(f for f in FORMS if not is_folder(f))}")
    return import_module(f"tidings.export.{form}").write(records, stream)


def export_folder(records: Iterable[Record], form: str, folder: Path) -> int:
    """Write records in a form that is a folder, made when it is not there; return how many rows it holds."""
    if form not in _FOLDERS:
        raise UsageError(f"no such form of folder: {form}; there is {', '.join(sorted(_FOLDERS))}")
    return import_module(f"tidings.export.{form}").write(records, folder)

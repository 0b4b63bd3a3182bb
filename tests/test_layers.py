"""Imports point down only, stages never import one another, and heavy packages wait until they are needed."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import tidings

ROOT = Path(tidings.__file__).parent
STAGES = ("pages", "article", "actors", "places", "times", "quotes", "events")
LAYERS = (
    ("text", "errors"),
    ("facts",),
    ("syntax", "encoder", "data"),
    STAGES,
    ("reader",),
    ("store",),
    ("stories", "imports", "dyads", "outlook", "review"),
    ("export", "score", "spread"),
    ("desk", "cli"),
)
LEVEL = {room: level for level, rooms in enumerate(LAYERS) for room in rooms}
HEAVY = (
    "spacy",
    "numpy",
    "lxml",
    "trafilatura",
    "httpx",
    "rich",
    "onnxruntime",
    "tokenizers",
    "feedparser",
    "htmldate",
)


def modules() -> list[Path]:
    return [
        path for path in sorted(ROOT.rglob("*.py")) if path.parent != ROOT or path.stem not in ("__init__", "__main__")
    ]


def room_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imported_rooms(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            if node.module == "tidings":
                names.update(f"tidings.{alias.name}" for alias in node.names)
    return {name.split(".")[1] for name in names if name.startswith("tidings.")}


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_imports_point_down(path):
    room = room_of(path)
    assert room in LEVEL, f"{room} stands in no layer"
    for other in imported_rooms(path) - {room}:
        assert other in LEVEL, f"{other} stands in no layer"
        same_floor = LEVEL[other] == LEVEL[room] and room not in STAGES and LEVEL[room] not in (0,)
        assert LEVEL[other] < LEVEL[room] or same_floor, f"{room} may not import {other}"


def test_the_test_sees_imports_at_all():
    assert "facts" in imported_rooms(ROOT / "reader.py")
    assert "article" in imported_rooms(ROOT / "reader.py")


@pytest.mark.parametrize("statement", ["import tidings, tidings.cli", "from tidings import read, Reader, to_json"])
def test_heavy_packages_wait(statement):
    program = f"import sys; {statement}; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_public_name_is_there():
    for name in tidings.__all__:
        assert getattr(tidings, name) is not None
    with pytest.raises(AttributeError):
        _ = tidings.nothing_of_the_kind  # type: ignore[attr-defined]

"""Docs are promises: each room and verb has its page, helps are current, examples run, links lead somewhere."""

from __future__ import annotations

import doctest
import importlib.util
import re
from pathlib import Path

import pytest

import tidings
from tidings.cli import _VERBS

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.glob("*.md"), *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md"))])
ROOMS = sorted(
    path.name.removesuffix(".py")
    for path in (ROOT / "src" / "tidings").iterdir()
    if (path.is_dir() and (path / "__init__.py").exists() and path.name not in ("data", "cli", "score"))
)


@pytest.mark.parametrize("room", [*ROOMS, "reader", "record", "cli", "architecture", "data", "bench"])
def test_each_room_has_its_page(room):
    assert (DOCS / f"{room}.md").is_file()


@pytest.mark.parametrize("verb", sorted(_VERBS))
def test_the_helps_in_the_docs_are_current(verb):
    spec = importlib.util.spec_from_file_location("cli_help", DOCS / "cli_help.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    page = (DOCS / "cli.md").read_text(encoding="utf-8")
    assert f"<!-- help: {verb} -->" in page
    assert module.with_help(page) == page, "run: python docs/cli_help.py"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_examples_in_the_docs_run(path):
    flags = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    assert doctest.testfile(str(path), module_relative=False, optionflags=flags).failed == 0


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_links_lead_somewhere(path):
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), f"{path.name} links to {target}"


@pytest.mark.parametrize("name", tidings.__all__)
def test_every_public_name_is_in_the_docs(name):
    pages = " ".join(path.read_text(encoding="utf-8") for path in PAGES)
    assert re.search(rf"\b{name}\b", pages), f"no page of the docs speaks of {name}"


@pytest.mark.parametrize("path", tidings.data.tables(), ids=lambda path: path.name)
def test_every_table_has_a_card(path):
    stem = path.name.split(".")[0]
    cards = [card.stem for card in path.parent.glob("*.md")]
    assert any(stem == card or stem.startswith(f"{card}_") for card in cards), f"no card for {path.name}"

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidings import syntax
from tidings.facts import Block
from tidings.text import Span

TEXT = "Talks resume in Vienna\n\nMinisters met on Monday. They left without a word.\n\nThe end"


def blocks(text: str) -> tuple[Block, ...]:
    starts = [0, *(at + 2 for at in range(len(text)) if text.startswith("\n\n", at))]
    return tuple(
        Block(span=Span(start, text.find("\n\n", start) if "\n\n" in text[start:] else len(text)), role="paragraph")
        for start in starts
    )


def test_the_parse_has_the_same_characters():
    doc = syntax.parse(TEXT, blocks(TEXT))
    assert doc.text == TEXT
    assert all(TEXT[token.idx : token.idx + len(token)] == token.text for token in doc)


def test_no_sentence_crosses_a_block():
    doc = syntax.parse(TEXT, blocks(TEXT))
    edges = [block.span.start for block in blocks(TEXT)][1:]
    for sentence in doc.sents:
        assert not any(sentence.start_char < edge < sentence.end_char for edge in edges)


def test_an_empty_text_has_an_empty_parse():
    assert len(syntax.parse("")) == 0


def test_a_long_block_is_cut_at_a_sentence_end():
    text = "The minister spoke again. " * 400
    parts = list(syntax.pieces(text))
    assert max(part.end - part.start for part in parts) <= syntax.LONGEST
    assert all(part.of(text).startswith("The") for part in parts)


@pytest.mark.parametrize("noise", ["a" * 9_000, ". " * 9_000, "\n" * 9_000, '." A' * 3_000])
def test_noise_is_cut_too(noise):
    parts = [part.of(noise) for part in syntax.pieces(noise)]
    assert "".join(parts) == noise
    assert max(map(len, parts)) <= syntax.LONGEST


@given(st.text(alphabet="ab .\n", max_size=300))
@settings(max_examples=50)
def test_pieces_cover_the_text(text):
    assert "".join(piece.of(text) for piece in syntax.pieces(text)) == text


@pytest.mark.parametrize(
    "opening", ["OSLO – ", "OSLO, May 3 (Northwire) - ", "WASHINGTON, Sept. 3 (AP) — ", "NEW YORK (Northwire) — "]
)
def test_a_dateline_stands_apart(opening):
    text = f"{opening}Norway rejected the plan."
    doc = syntax.parse(text)
    (verb,) = [token for token in doc if token.text == "rejected"]
    assert [child.text for child in verb.lefts if child.dep_ == "nsubj"] == ["Norway"]


def test_a_dash_in_a_sentence_is_no_dateline():
    text = "NATO - the alliance - rejected the plan."
    assert [piece.of(text) for piece in syntax.pieces(text)] == [text]

"""The encoder: words and pieces, decoding, and what the installed model says of plain sentences."""

from __future__ import annotations

import math
import os
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidings import data, encoder
from tidings.encoder import decoding, heads, model, reading
from tidings.encoder.words import WINDOW, cut, mark, windows
from tidings.errors import DataError
from tidings.score.encoder import curve, joined, left_out, macro_f1
from tidings.score.statuses import Told, own_sentences, ruled

installed = pytest.mark.skipif(not encoder.available(), reason="the encoder is not installed")
TEXTS = st.text(st.characters(blacklist_categories=("Cs",)), max_size=200)


# ------------------------------------------------------------------------------------------ words


@given(TEXTS)
@settings(max_examples=150, deadline=None)
def test_words_are_in_order_and_inside_the_text(text: str) -> None:
    pieces = cut(text)
    assert len(pieces.ids) == len(pieces.shapes) == len(pieces.word_of)
    assert len(pieces.words) == len(pieces.heads)
    last = 0
    for word in pieces.words:
        assert last <= word.start < word.end <= len(text)
        assert word.of(text).strip()
        last = word.end


@given(TEXTS, st.integers(1, 12))
@settings(max_examples=50, deadline=None)
def test_windows_cover_every_word_once(text: str, times: int) -> None:
    text = f"{text} said. " * times
    pieces = cut(text)
    found = windows(text, pieces)
    assert [index for low, high in found for index in range(low, high)] == list(range(len(pieces.words)))
    for low, high in found:
        end = pieces.heads[high] if high < len(pieces.heads) else len(pieces.ids)
        assert end - pieces.heads[low] <= WINDOW


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Müller’s U.S. trip", ["Müller", "’", "s", "U", ".", "S", ".", "trip"]),
        ("北京 said", ["北", "京", "said"]),
        ("e-mail\u00a0it 🙂", ["e", "-", "mail", "it", "🙂"]),
        ("", []),
        (" \n\t ", []),
    ],
)
def test_words(text: str, words: list[str]) -> None:
    assert [word.of(text) for word in cut(text).words] == words


def test_accents_and_decomposed_letters_keep_their_characters() -> None:
    text = "Sao\u0303 Tome\u0301 agreed."
    assert [word.of(text) for word in cut(text).words][:2] == ["Sao\u0303", "Tome\u0301"]


def test_shapes_tell_the_same_letters_apart() -> None:
    names = [cut(text).shapes[0] for text in ("us", "US", "Us")]
    assert len(set(names)) == 3


def test_title_case_at_the_start_of_a_sentence_is_its_own_shape() -> None:
    made = cut("Talks. Talks Talks")
    assert made.shapes[0] == made.shapes[2] != made.shapes[3]


def test_marks_overlap_to_both() -> None:
    pieces = cut("Riga and Oslo met")
    assert mark(pieces, [((0, 13), "source"), ((9, 13), "target")]) == [1, 1, 3, 0]
    assert mark(pieces, [((9, 13), "target"), ((0, 13), "source")]) == [1, 1, 3, 0]
    assert mark(pieces, [((0, 4), "source"), ((0, 4), "source")]) == [1, 0, 0, 0]


# ------------------------------------------------------------------------------------------ heads, decoding


def test_columns_do_not_overlap() -> None:
    taken = [index for columns in heads.COLUMNS.values() for index in range(columns.start, columns.stop)]
    assert taken == list(range(heads.WIDTH))


def test_every_type_has_one_kind() -> None:
    assert sorted(name for names in heads.TYPES_OF_QUAD for name in names) == sorted(heads.TYPES)
    assert len(heads.TYPES_OF_QUAD) == len(heads.QUADS)


@given(st.lists(st.lists(st.floats(-5, 5), min_size=5, max_size=5), max_size=12))
@settings(max_examples=60, deadline=None)
def test_paths_are_legal(rows: list[list[float]]) -> None:
    tags = heads.tags(("cue", "source"))
    path = decoding.best_path(np.array(rows), np.array(decoding.legal(tags)))
    assert len(path) == len(rows)
    before = "O"
    for number in path:
        assert tags[number][0] != "I" or before[1:] == tags[number][1:]
        before = tags[number]
    spans = decoding.runs(path, tags)
    assert all(low < high for low, high, _ in spans)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))


def test_transitions_change_the_path() -> None:
    scores = np.array([[0.0, 1.0, 0.0], [0.6, 0.0, 0.5]])
    table = np.array(decoding.legal(("O", "B-cue", "I-cue")))
    assert decoding.best_path(scores, table) == [1, 0]
    table[2, 2] = 1.0
    assert decoding.best_path(scores, table) == [1, 2]


def test_softmax_sums_to_one() -> None:
    assert np.allclose(decoding.softmax(np.array([[1000.0, 0.0], [1.0, 1.0]])).sum(-1), 1)


# ------------------------------------------------------------------------------------------ the installed model


@installed
def test_about_names_the_file() -> None:
    about = encoder.about()
    assert about.sha256 == data.digest(model.MODEL)
    assert about.bytes < 25_000_000
    assert data.table_path(about.card).is_file()


@installed
@pytest.mark.parametrize(
    ("text", "label", "name"),
    [
        ("The talks were led by Maria Gonzales, a diplomat.", "PERSON", "Maria Gonzales"),
        ("Officials from Kenya met in Nairobi on Friday.", "LOC", "Nairobi"),
        ("The Ghanaian president opened the session.", "NORP", "Ghanaian"),
        ("He works for the World Health Organization in Geneva.", "ORG", "World Health Organization"),
    ],
)
def test_names_are_found_with_their_characters(text: str, label: str, name: str) -> None:
    found = {
        (item.label, item.span.of(text).removeprefix("the ")) for item in encoder.read_sentences([text])[0].entities
    }
    assert (label, name) in found


@installed
def test_a_sentence_without_names_has_none() -> None:
    assert encoder.read_sentences(["It rained all day and nobody went out."])[0].entities == ()


@installed
def test_parts_of_a_quotation() -> None:
    text = "“We will not accept this proposal,” the minister said."
    parts = {item.label: item.span.of(text) for item in encoder.read_sentences([text])[0].quotes}
    assert parts["cue"] == "said"
    assert parts["source"] == "the minister"
    assert "We will not accept this proposal" in parts["content"]


@installed
def test_sides_of_a_sentence() -> None:
    text = "Norwegian police arrested two protesters."
    ours = encoder.read_sentences([text])[0]
    assert [item.span.of(text) for item in ours.sources] == ["Norwegian police"]
    assert [item.span.of(text) for item in ours.targets] == ["two protesters"]


@installed
@pytest.mark.parametrize(
    ("text", "source", "target", "kind"),
    [
        ("France expelled two Russian diplomats.", "France", "two Russian diplomats", "SANCTION"),
        ("Germany is the largest neighbour of Denmark.", "Germany", "Denmark", "NONE"),
        ("Rebels killed nine soldiers in an ambush.", "Rebels", "nine soldiers", "ASSAULT"),
        ("Peru rejected a demand by Chile to open the border.", "Peru", "Chile", "REJECT"),
        ("Japan will send emergency food to Nepal.", "Japan", "Nepal", "AID"),
    ],
)
def test_types_of_events(text: str, source: str, target: str, kind: str) -> None:
    spans = [(text.index(name), text.index(name) + len(name)) for name in (source, target)]
    chances = encoder.type_events([(text, spans[0], spans[1])])[0]
    assert list(chances) == list(encoder.TYPES)
    assert math.isclose(sum(chances.values()), 1, abs_tol=0.01)
    wanted = {kind} if kind != "AID" else {"AID", "AGREE"}
    assert max(chances, key=chances.__getitem__) in wanted


@installed
def test_senses_of_a_place_name() -> None:
    acting, lying = "Sweden asked the council for help.", "The lake lies in the north of Sweden."
    items = [(text, (text.index("Sweden"), text.index("Sweden") + 6)) for text in (acting, lying)]
    government, place = encoder.senses(items)
    assert government > 0.5 > place


@installed
def test_statuses_of_acts() -> None:
    text = "The army attacked the port, and the navy will blockade it."
    acts = [(text.index(word), text.index(word) + len(word)) for word in ("attacked", "blockade")]
    answers = encoder.statuses(text, acts)
    assert [max(answer, key=answer.__getitem__) for answer in answers] == ["asserted", "planned"]
    assert all(math.isclose(sum(answer.values()), 1, abs_tol=0.01) for answer in answers)
    assert [list(answer) for answer in answers] == [list(encoder.STATUSES)] * 2


@installed
def test_an_act_outside_the_text_has_no_status() -> None:
    assert encoder.statuses("It rained.", [(40, 44), (3, 9)])[0] == {}
    assert encoder.statuses("", [(0, 1)]) == [{}]
    assert encoder.statuses("It rained.", []) == []


@installed
def test_acts_of_one_sentence_are_read_as_each_alone() -> None:
    text = "The army shelled the port and vowed to take it."
    acts = [(9, 16), (30, 35)]
    assert encoder.statuses(text, acts) == [encoder.statuses(text, [act])[0] for act in acts]


def test_the_sentences_to_measure_statuses_with_are_marked() -> None:
    told = own_sentences()
    assert len(told) >= 60
    assert {item.status for item in told} == set(encoder.STATUSES)
    assert all(item.text[item.start : item.end].isalpha() for item in told)


@pytest.mark.parametrize(
    ("sentence", "word", "status"),
    [
        ("Chad will free the envoy.", "free", "planned"),
        ("Chad did not free the envoy.", "free", "denied"),
        ("Chad could free the envoy.", "free", "hypothetical"),
        ("Chad freed the envoy.", "freed", "asserted"),
        ("The armies fought in 1979.", "fought", "historical"),
    ],
)
def test_rules_read_plain_statuses(sentence: str, word: str, status: str) -> None:
    start = sentence.index(word)
    assert ruled(Told(sentence, start, start + len(word), status)) == status


@installed
def test_a_passage_is_read_the_same_whatever_stands_beside_it() -> None:
    texts = ["Chile thanked Peru.", "It rained.", "“No,” she said. " * 30]
    together = encoder.read_sentences(texts)
    assert together == [encoder.read_sentences([text])[0] for text in texts]
    assert together == encoder.read_sentences(texts)


@installed
@given(TEXTS)
@settings(max_examples=40, deadline=None)
def test_every_span_lies_in_the_text(text: str) -> None:
    ours = encoder.read_sentences([text])[0]
    assert 0 <= ours.relevance <= 1
    for item in (*ours.entities, *ours.quotes, *ours.sources, *ours.targets):
        assert item.span.end <= len(text)
        assert item.span.of(text).strip()
        assert 0 <= item.score <= 1


@installed
@pytest.mark.parametrize("noise", ["a" * 100_000, "“" * 3_000, "\u0301" * 100_000, "\x00" * 100_000, "no. " * 2_000])
def test_noise_is_read_in_bounded_time(noise: str) -> None:
    assert encoder.read_sentences([noise])
    assert encoder.type_events([(noise, (0, 1), None)])
    assert encoder.senses([(noise, (0, 1))])


@installed
def test_long_sentences_are_read_around_their_marks() -> None:
    # Longer than the network reads at once, so that it starts somewhere after the beginning.
    text = "After a week in which the markets of the coast had been shut, " + "and the roads flooded, " * 60
    text += "Kenya bombed Chad on Friday."
    spans = [(text.index(name), text.index(name) + len(name)) for name in ("Kenya", "Chad")]
    chances = encoder.type_events([(text, spans[0], spans[1])])[0]
    types = {name: chance for name, chance in chances.items() if name != "NONE"}
    assert max(types, key=types.__getitem__) == "ASSAULT"


@installed
@pytest.mark.parametrize("before", ["", "and the roads flooded, " * 60])
def test_types_are_read_with_the_sides_and_without(before: str) -> None:
    text = f"{before}Kenya bombed Chad on Friday."
    sides = [((text.index(name), text.index(name) + len(name)), role) for name, role in
             (("Kenya", "source"), ("Chad", "target"))]  # fmt: skip
    marked = reading.type_scores(*reading.read_marked(text, sides))
    twice = reading.read_type(text, sides)
    assert not np.allclose(twice, marked), "the words alone have a say"
    plain = 2 * twice - marked
    if before:
        # The second reading is of the same window, not of the beginning.
        assert not np.allclose(plain, reading.read_type(text, []), atol=0.1)
    else:
        assert np.allclose(plain, reading.read_type(text, []), atol=1e-4)


def test_without_the_model_nothing_breaks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "MODEL", "no_such_model.onnx")
    model.available.cache_clear()
    try:
        assert not model.available()
    finally:
        monkeypatch.undo()
        model.available.cache_clear()


def test_a_damaged_model_says_so() -> None:
    with pytest.raises(DataError, match="damaged"):
        model.session(b"not a model")


# ------------------------------------------------------------------------------------------ scoring


def test_tokens_are_joined_with_their_spans() -> None:
    text, spans = joined(["Two", "Thai", "units", "met"], ["O", "B-NORP", "O", "O"])
    assert [(text[start:end], label) for start, end, label in spans] == [("Thai", "NORP")]


def test_macro_f1_counts_classes_alike() -> None:
    assert macro_f1([("a", "a")] * 9 + [("b", "a")]) == pytest.approx(0.4736842)


@pytest.mark.data
@pytest.mark.slow
@pytest.mark.skipif(not os.environ.get("TIDINGS_DATA"), reason="TIDINGS_DATA is not set")
@installed
def test_floors() -> None:
    from tidings.score.encoder import score_encoder

    scores = {score.name: score.value for score in score_encoder(Path(os.environ["TIDINGS_DATA"]), speed=False)}
    assert scores["type.root_macro_f1"] > 0.72
    assert scores["entities.all_f1"] > 0.7


@installed
def test_relevance_is_a_probability() -> None:
    curve = model.settings().relevance
    assert 0 <= reading.relevance((-1e9, 0.0, 0.0), curve) <= reading.relevance((1e9, 0.0, 0.0), curve) <= 1


@installed
@pytest.mark.parametrize(
    "sentence",
    [
        "“We have not been asked,” a spokesman of the interior ministry said.",
        "The finance minister said on Monday that taxes would not rise.",
        "Police arrested nine protesters in Riga.",
        "The ministry closed the port and arrested nine sailors.",
    ],
)
def test_acts_and_statements_of_officials_are_relevant(sentence: str) -> None:
    assert encoder.read_sentences([sentence])[0].relevance > 0.5


@installed
@pytest.mark.parametrize(
    "sentence", ["Boil the rice for ten minutes and add the peas.", "“The soup is too salty,” said the cook."]
)
def test_kitchens_are_not_relevant_even_where_somebody_speaks(sentence: str) -> None:
    assert encoder.read_sentences([sentence])[0].relevance < 0.5


def test_relevance_is_scored_by_a_curve_that_did_not_see_the_sentence() -> None:
    # The last sentence contradicts the others: a curve that had seen it would lean its way.
    signs, labels = [(1.0, 0.0)] * 6 + [(-1.0, 0.0)] * 6 + [(3.0, 0.0)], [True] * 6 + [False] * 7
    answers = left_out(signs, labels)
    assert answers[-1] == pytest.approx(reading.relevance(signs[-1], curve(signs[:-1], labels[:-1])))
    assert answers[-1] > reading.relevance(signs[-1], curve(signs, labels)) > 0.5

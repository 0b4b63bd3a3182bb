"""Copies are told from other reports, stories from their likes; nothing is lost, doubled, or moved by chance."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidings.errors import UsageError
from tidings.score.stories import bcubed, pairwise, score_stories
from tidings.stories import cluster, find_copies, near_copies
from tidings.stories.candidates import FULL, candidate_pairs
from tidings.stories.copies import read
from tidings.stories.likeness import compare, copy_score
from tidings.stories.words import WordHashes, names_of, shingles

FERRY = (
    "Two ferries met in thick fog off the harbour of Odd early on Friday, and eleven people were taken to hospital. "
    "The port master, Mira Voss, said that neither captain had seen the other ship until they were a length apart. "
    "“We heard the horn and then the blow,” said a schoolteacher from Larn who was on her way home. "
    "Both vessels stayed afloat and were towed in by tugs before noon. "
    "Divers will look at the hulls on Saturday, and the coast guard has opened an inquiry into the accident. "
    "The line carries four thousand people a day between the island and the mainland, and no crossing has been "
    "cancelled "
    "for weather since the storms of last winter. Traffic resumed on a shorter timetable in the evening."
)
OTHER_OUTLET = (
    "ODD - Eleven people were hurt when a pair of passenger ships collided near the island's port, according to "
    "the coast guard, which is looking into what happened. Visibility was poor at the time. "
    "A traveller told our reporter: “We heard the horn and then the blow.” "
    "Port master Mira Voss promised a full account within a week. Harbour unions have warned for years that radar on "
    "the older boats is out of date, and on Friday night they asked the transport ministry in Larn for new money. "
    "Crossings were back to normal, though less frequent, by the evening."
)
VOTE = (
    "The parliament of Larn elected Jon Tarr as prime minister on Tuesday with a majority of three votes. "
    "He promised to cut fuel taxes and to call an early budget session. The opposition left before the count."
)


def sentences(text: str) -> list[str]:
    return text.replace(". ", ".\n").split("\n")


def reworded(text: str, share: float, seed: int = 1) -> str:
    chance = random.Random(seed)
    return " ".join(f"x{chance.randrange(900)}" if chance.random() < share else word for word in text.split())


COPIES = {
    "furniture": ("Sign up for our newsletter. Most read. " + FERRY + " All rights reserved.", "verbatim"),
    "capitals and marks": (FERRY.upper().replace(",", ""), "verbatim"),
    "cut off": (" ".join(sentences(FERRY)[:4]), "truncated"),
    "abridged": (" ".join(sentences(FERRY)[::2]), "abridged"),
    "reworded": (reworded(FERRY, 0.2), "rewritten"),
    "translated there and back": (reworded(FERRY, 0.4), "translated"),
}


@pytest.mark.parametrize("name", COPIES)
def test_a_copy_is_found_and_named(name):
    copy, kind = COPIES[name]
    (group,) = find_copies([VOTE, FERRY, OTHER_OUTLET, copy], dates=[None, "2024-05-03", None, "2024-05-04"])
    assert group.origin == 1
    assert [(found.text, found.kind) for found in group.copies] == [(3, kind)]


def test_another_report_of_the_same_event_is_no_copy():
    assert near_copies([FERRY, OTHER_OUTLET]) == []


def test_a_form_filled_in_anew_is_no_copy():
    form = (
        "Shares of {} {} {} percent on Tuesday after the company reported quarterly earnings of {} million. "
        "The chairman, {}, said in {} that sales in {} had changed for the third quarter in a row. "
        "A call with investors will be held on Thursday, and the full report was filed with the regulator."
    )
    steel = form.format("Larn Steel", "rose", 4, 318, "Mira Voss", "Odd", "Norland")
    foods = form.format("Brill Foods", "fell", 2, 77, "Jon Tarr", "Quell", "Estmark")
    assert copy_score(compare(read(steel), read(foods))) > 0.5
    assert near_copies([steel, foods, "(AP) " + steel]) == [{0, 2}]


def test_pages_that_share_furniture_only_are_no_copies():
    furniture = " Sign up for our newsletter. All rights reserved. This material may not be published or broadcast."
    assert near_copies([FERRY + furniture, VOTE + furniture, OTHER_OUTLET + furniture]) == []


def test_a_widely_sold_story_stays_one_group():
    copies = [f"OUTLET{at} -- {FERRY} Page {at}." for at in range(3 * FULL)]
    assert near_copies([*copies, VOTE]) == [set(range(3 * FULL))]


@pytest.mark.parametrize("text", ["Markets steady", "Yes", "Two dead in Odd"])
def test_equal_short_texts_are_copies(text):
    assert near_copies([text, VOTE, text.upper() + "."]) == [{0, 2}]


@pytest.mark.parametrize("texts", [[], [""], ["", ""], ["...", " "], [FERRY]])
def test_nothing_to_group(texts):
    assert near_copies(texts) == []
    assert cluster(texts) == [[index] for index in range(len(texts))]


def test_the_origin_without_dates_is_the_text_the_others_share():
    texts = [COPIES["cut off"][0], COPIES["reworded"][0], FERRY, COPIES["furniture"][0]]
    (group,) = find_copies(texts)
    assert (group.origin, group.basis) == (2, "overlap")


@given(st.permutations(range(6)))
@settings(max_examples=12, deadline=None)
def test_order_changes_no_group(order):
    texts = [FERRY, OTHER_OUTLET, VOTE, COPIES["cut off"][0], COPIES["reworded"][0], VOTE + " Read more."]
    groups = near_copies([texts[at] for at in order])
    assert sorted(sorted(order[at] for at in group) for group in groups) == [[0, 3, 4], [2, 5]]


@given(st.lists(st.text(max_size=60), max_size=12))
@settings(max_examples=60, deadline=None)
def test_each_text_is_in_one_cluster_and_in_at_most_one_group(texts):
    assert sorted(index for members in cluster(texts) for index in members) == list(range(len(texts)))
    grouped = [index for group in near_copies(texts) for index in group]
    assert len(grouped) == len(set(grouped))


@given(st.text(max_size=200), st.text(max_size=200))
@settings(max_examples=60, deadline=None)
def test_likeness_is_a_share_and_has_no_direction(one, two):
    left, right = compare(read(one), read(two)), compare(read(two), read(one))
    assert left.containment == right.containment
    assert all(
        0 <= value <= 1 for value in (left.jaccard, left.containment, left.chain_shorter, left.order, left.names)
    )


def test_words_hash_alike_in_every_process():
    code = "from tidings.stories.words import WordHashes; print(WordHashes().of(['larn', 'voss']).tolist())"
    seen = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(seen) == 1


def test_shingles_know_the_order_of_words():
    hashes = WordHashes()
    assert len({*shingles(hashes.of(["a", "b", "c"])).tolist(), *shingles(hashes.of(["c", "b", "a"])).tolist()}) == 2


@pytest.mark.parametrize("noise", ["aB1 " * 25_000, "A" * 100_000, ", " * 50_000, "Ab, " * 25_000, "1" * 100_000])
def test_noise_costs_little(noise, within):
    with within(3):
        names_of(noise)
        near_copies([noise, noise + " x"])
        cluster([noise, noise + " x"])


def test_candidates_of_full_buckets_are_few():
    import numpy as np

    alike = [np.arange(5, dtype=np.uint64)] * 400
    assert len(candidate_pairs(alike)) < 3 * 400


def test_a_fair_sample_of_runs_finds_the_same_copies(monkeypatch):
    texts = [*made_up(60, seed=7), FERRY, COPIES["cut off"][0], COPIES["reworded"][0], VOTE]
    whole = near_copies(texts)
    monkeypatch.setattr("tidings.stories.candidates.MOST_POSTINGS", 3000)
    assert near_copies(texts) == whole == [{60, 61, 62}]


QUAKE_ON_ODD = """
A quake of magnitude 6 struck the island of Odd on Monday, killing 40 people and cutting the road to Norr.
Rescuers on Odd searched the rubble near Norr after 40 people died in the quake, governor Mira Voss said.
Governor Mira Voss asked for aid after the quake on Odd; the road to Norr was still closed on Tuesday.
The dead of the quake on Odd were buried in Norr, where Mira Voss read out the 40 names.
Schools on Odd stayed shut after the magnitude 6 quake, and in Norr people slept in the open.
Engineers opened one lane of the road between Norr and the harbour of Odd, cut off by the quake.
""".strip().split("\n")
QUAKE_IN_QUELL = """
At least 312 people were killed when a magnitude 7 quake hit the city of Quell in Estmark, president Jon Tarr said.
Jon Tarr declared three days of mourning in Estmark for the 312 victims of the quake in Quell.
Hospitals in Quell ran out of blood after the quake, and Estmark asked its neighbours for help.
The quake brought down half of the old town of Quell; Jon Tarr promised that Estmark would build it anew.
A girl was pulled alive from a cellar in Quell four days after the magnitude 7 quake in Estmark.
Aftershocks shook Quell again on Sunday, a week after the quake that killed 312 in Estmark.
""".strip().split("\n")


def test_two_events_of_one_kind_are_two_stories():
    texts = [*QUAKE_ON_ODD, *QUAKE_IN_QUELL, VOTE]
    assert cluster(texts) == [[0, 1, 2, 3, 4, 5], [6, 7, 8, 9, 10, 11], [12]]


def test_reports_of_two_outlets_are_one_story():
    assert cluster([FERRY, VOTE, OTHER_OUTLET]) == [[0, 2], [1]]


def test_far_dates_part_what_words_alone_would_join():
    again = (
        "The parliament of Larn elected Jon Tarr as prime minister, again by three votes, after he promised tax cuts."
    )
    assert cluster([VOTE, again]) == [[0, 1]]
    assert cluster([VOTE, again], dates=["2020-03-01", "2020-03-02"]) == [[0, 1]]
    assert cluster([VOTE, again], dates=["2016-03-01", "2020-03-02"]) == [[0], [1]]
    assert cluster([VOTE, again], dates=[None, "2020-03-02"]) == [[0, 1]]


@pytest.mark.parametrize("dates", [["2020-01-01"], ["soon", None]])
def test_dates_that_make_no_sense_are_refused(dates):
    with pytest.raises(UsageError):
        cluster([VOTE, FERRY], dates=dates)


def test_too_few_dates_are_refused_for_copies():
    with pytest.raises(UsageError):
        find_copies([VOTE, FERRY], dates=["2020-01-01"])


def made_up(count: int, seed: int) -> list[str]:
    """Make `count` texts of 120 words, two to a story."""
    chance = random.Random(seed)
    vocabulary = [f"word{number}" for number in range(9000)]
    texts: list[str] = []
    for _ in range(count // 2):
        theme = chance.choices(vocabulary, k=40)
        texts += [" ".join(chance.choices(theme, k=90) + chance.choices(vocabulary, k=30)) for _ in range(2)]
    return texts


def test_many_texts_cluster_as_few_do(monkeypatch):
    """The way round the full table of pairs, taken by large batches, gives the same clusters."""
    texts = made_up(200, seed=3)
    whole = cluster(texts)
    monkeypatch.setattr("tidings.stories.clusters.MOST_TOGETHER", 20)
    assert cluster(texts) == whole == [[at, at + 1] for at in range(0, 200, 2)]


def test_copies_of_many_texts_take_linear_time():
    def cost(count: int) -> float:
        texts = made_up(count, seed=5)
        texts += [text + " read more" for text in texts]
        start = time.process_time()
        assert len(near_copies(texts)) == count
        return time.process_time() - start

    cost(100)
    assert cost(1600) < 10 * cost(400)


def test_scorers_count_as_the_papers_do():
    assert bcubed(["a", "a", "b", "b"], [1, 1, 1, 2])[:2] == pytest.approx(
        ((4 / 3 + 1 / 3 + 1) / 4, (2 + 0.5 + 0.5) / 4)
    )
    assert pairwise(["a", "a", "b", "b"], [1, 1, 2, 2]) == (1.0, 1.0, 1.0)


@pytest.mark.data
@pytest.mark.skipif(not os.environ.get("TIDINGS_DATA"), reason="TIDINGS_DATA is not set")
def test_development_scores_hold():
    values = {score.name: score.value for score in score_stories(Path(os.environ["TIDINGS_DATA"]))}
    assert values["near copies F1"] >= 0.97
    assert values["basil BCubed F1"] >= 0.96
    assert values["basil with dates BCubed F1"] >= 0.99
    assert values["ecbplus BCubed F1"] >= 0.92


def test_many_copies_of_one_text_are_one_story():
    text = "Ministers from six countries met in Geneva to discuss the embargo on timber and the price of fish."
    assert cluster([text] * 40) == [list(range(40))]

"""What pronouns and bare descriptions take up: own sentences, each rule with its counter-example."""

from __future__ import annotations

import pytest

from tidings.actors import find_actors, resolve
from tidings.facts import Article, Published
from tidings.syntax import parse

TODAY = Published(value="2021-12-30", basis="given", score=1.0)


def meant(text: str, words: str) -> str | None:
    cast = find_actors(parse(text), article=Article(text=text, published=TODAY))
    found = [mention.actor for mention in cast.mentions if mention.span.of(text) == words]
    return found[-1] if found else None


@pytest.mark.parametrize(
    ("text", "words", "actor"),
    [
        ("Jordan asked Germany for help. The kingdom hosts a million refugees.", "The kingdom", "JOR"),
        ("Saudi Arabia left the talks. Iran rejected the move. The kingdom was firm.", "The kingdom", "SAU"),
        ("Germany and France signed the treaty. The kingdom was firm.", "The kingdom", None),
        ("Peru signed the treaty with Norway. The republic was firm.", "The republic", "PER"),
        ("Peru signed the treaty with Norway. The country was firm.", "The country", "NOR"),
    ],
)
def test_realms_are_no_republics(text: str, words: str, actor: str | None) -> None:
    assert meant(text, words) == actor


@pytest.mark.parametrize(
    ("text", "words", "antecedent"),
    [
        ("Anna Berg arrived. Mary Clark wants to meet her.", "her", "Anna Berg"),
        ("Anna Berg arrived. Mary Clark met reporters and praised her.", "her", "Anna Berg"),
        ("Anna Berg arrived. Mary Clark agreed to talk about her.", "her", "Anna Berg"),
        ("Anna Berg arrived. Mary Clark praised her team.", "her", "Mary Clark"),
        ("Anna Berg arrived. Mary Clark hurt herself.", "herself", "Mary Clark"),
        ("Paul Smith spoke to my mum. The call was short, and she was glad.", "she", "my mum"),
        ("Wikinews spoke with a dancer. She was glad.", "She", "a dancer"),
    ],
)
def test_who_a_pronoun_means(text: str, words: str, antecedent: str) -> None:
    names = ("Anna Berg", "Mary Clark", "Paul Smith", "my mum", "Wikinews", "a dancer")
    spans = [(text.index(name), text.index(name) + len(name)) for name in names if name in text]
    at = text.rindex(words)
    clusters = resolve(text, [*spans, (at, at + len(words))])
    assert [
        text[start:end] for (start, end), cluster in zip(spans, clusters, strict=False) if cluster == clusters[-1]
    ] == [antecedent]


@pytest.mark.parametrize(
    ("text", "words", "actor"),
    [
        ("Anna Berg met Carl Moe. He criticised Moe's company.", "He", None),
        ("Anna Berg met Carl Moe. He criticised Smith's company.", "He", "td:carl-moe"),
        ("Paul Smith and Carl Moe met in Oslo. He told reporters that Moe would resign.", "He", "td:paul-smith"),
        ("Carl Moe praised Paul Smith. He is Smith's biggest donor.", "He", "td:carl-moe"),
        ("Carl Moe spoke in Oslo. He is Carl Moe of the Green Party.", "He", "td:carl-moe"),
        ("Carl Moe spoke in Oslo. He met Anna Berg, who had asked Moe to come.", "He", "td:carl-moe"),
        ("Carl Moe resigned. He left Oslo, and Moe's friends wept.", "He", "td:carl-moe"),
        ("Hamas met Russia. It has accused Russia of war crimes.", "It", "Q38799"),
        ("The rebels met Russia. It has accused Russia of war crimes.", "It", None),
        ("Russia has troops in Syria. It has sent Russian jets too.", "It", "RUS"),
    ],
)
def test_a_pronoun_does_not_mean_whom_it_commands(text: str, words: str, actor: str | None) -> None:
    assert meant(text, words) == actor


@pytest.mark.parametrize(
    ("words", "actor"), [("The group", "td:consumer-watchdog"), ("The court", "td:high-court"), ("The museum", None)]
)
def test_a_body_of_state_is_no_group(words: str, actor: str | None) -> None:
    text = f"Consumer Watchdog sued in the High Court. {words} kept calm."
    assert meant(text, words) == actor

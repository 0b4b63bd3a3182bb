"""Places: keys, containers, coordinates, finding names; own sentences with marks, and their counter-examples."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidings.facts import Cast, Mention, Place
from tidings.places import find_places, locate
from tidings.places.context import candidates, container_after, container_before
from tidings.places.find import _DATELINE, _PAIR
from tidings.places.gazetteer import home_of, iso3, lookup
from tidings.places.names import fold, keys
from tidings.syntax import parse
from tidings.text import Span


def marked(sentence: str) -> tuple[str, list[Span]]:
    """Take the [marks] out of a sentence."""
    text, spans = "", []
    for at, part in enumerate(sentence.replace("]", "[").split("[")):
        if at % 2:
            spans.append(Span(len(text), len(text) + len(part)))
        text += part
    return text, spans


def first(sentence: str, outlet: str | None = None) -> Place | None:
    """Locate the first mark of a sentence, the others being known names too."""
    text, spans = marked(sentence)
    return locate(text, spans, outlet=outlet)[0]


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("St. Paul", "saint paul"),
        ("Kraków", "krakow"),
        ("Łódź", "lodz"),
        ("W.Va.", "wva"),
        ("Trinidad & Tobago", "trinidad and tobago"),
        ("Côte d'Ivoire", "cote divoire"),
        ("", ""),
    ],
)
def test_fold(written: str, key: str) -> None:
    assert fold(written) == key


def test_keys_never_empty_and_best_first() -> None:
    assert list(keys("Hardin County's"))[:2] == ["hardin countys", "hardin county"]
    assert list(keys("...")) == []


CASES = [
    ("A fire in [Paris], [Texas], hurt two men.", "USA", "city"),
    ("A fire in [Paris] hurt two men, the [French] minister said.", "FRA", "city"),
    ("[Georgia] and [Armenia] opened a new border post.", "GEO", "country"),
    ("Voters in [Georgia] and [Alabama] chose new governors.", "USA", "admin1"),
    ("The [Georgian] army shelled the road to [Tbilisi].", "GEO", "country"),
    ("The village of [Springfield], [Ill.], lost power.", "USA", "city"),
    ("Miners in [W.Va.] went on strike.", "USA", "admin1"),
    ("The ferry to [St. Petersburg] sailed for [Russia] at dawn.", "RUS", "city"),
    ("Ships waited in the [Strait of Hormuz].", None, "water"),
    ("[Birmingham], the second city of [England], repaved its market.", "GBR", "city"),
    ("[Birmingham], a steel town in [Alabama], repaved its market.", "USA", "city"),
    ("Shelling was heard in the [Donbas].", "UKR", "region"),
    ("Trade with the [U.S.] fell.", "USA", "country"),
    ("Rain fell over [Kraków].", "POL", "city"),
]


@pytest.mark.parametrize(("sentence", "country", "level"), CASES)
def test_locate(sentence: str, country: str | None, level: str) -> None:
    place = first(sentence)
    assert place is not None
    assert (place.country, place.level) == (country, level)


def test_one_sense_in_one_article_unless_the_text_says_otherwise() -> None:
    text, spans = marked("[Athens], [Ohio], held a fair. Later the mayor of [Athens] left for [Athens], [Greece].")
    ohio, _, again, greek, _ = locate(text, spans)
    assert ohio and again and greek
    assert ohio.country == again.country == "USA"
    assert greek.country == "GRC"


def test_the_home_of_the_outlet_decides_between_small_towns() -> None:
    sentence = "The school board of [Richmond] met on Monday."
    here = first(sentence, outlet="richmondregister.com")
    there = first(sentence, outlet="https://www.richmond.com/news")
    assert here and there
    assert here.lon == pytest.approx(-84.3, abs=0.3)
    assert there.lon == pytest.approx(-77.4, abs=0.3)


def test_unknown_names_stay_unknown_and_local_ones_say_why() -> None:
    assert first("Nobody has heard of [Qwertzuiop].") is None
    street = locate(*marked("A shop on [Qwertz Street] in [Leeds], [England], burnt down."))[0]
    assert street is not None
    assert street.level == "near"
    assert street.why is not None and "Leeds" in street.why
    assert street.score < 0.5


def test_contested_places_say_so() -> None:
    place = first("Tourists left [Crimea].")
    assert place is not None
    assert place.country == "UKR"
    assert place.why is not None and "occupation" in place.why


def test_directions_are_no_places() -> None:
    assert candidates("the West") == ((), 0)
    assert candidates("Western") == ((), 0)


def test_containers() -> None:
    text, (span,) = marked("the Afghan city of [Kunduz], which")
    assert container_before(text, span)[0].country == "AF"
    text, (span,) = marked("in [Kunduz], said the mayor")
    assert container_after(text, span) == ()


def test_outlets() -> None:
    assert home_of("news.example.ie") is not None
    assert home_of(None) is None
    assert home_of("example.com") is None
    assert home_of("not a domain") is None


def test_codes() -> None:
    assert iso3("UA") == "UKR"
    assert iso3("") is None
    assert lookup("") == ()


def found(sentence: str, cast: Cast | None = None) -> list[str]:
    """Find the places of a sentence."""
    doc = parse(sentence)
    return [place.span.of(sentence) for place in find_places(doc, cast or Cast())]


def test_find_places() -> None:
    assert found("GENEVA (AP) — Ministers met near the Sea of Azov on Monday.") == ["GENEVA", "Sea of Azov"]
    assert "Paris" not in found("Paris Hilton sang at the party.")
    assert found("The plan was drawn up on Tuesday.") == []


def test_find_places_keeps_the_cast() -> None:
    text = "Moscow rebuffed Qwertz on Friday."
    mentions = (
        Mention(span=Span(0, 6), form="metonym", label="GPE", score=0.9, actor="a"),
        Mention(span=Span(16, 22), form="name", label="LOC", score=0.7),
    )
    moscow, other = find_places(parse(text), Cast(mentions=mentions))
    assert moscow.country == "RUS"
    assert (other.lat, other.lon, other.score, other.why) == (None, None, 0.7, "not in the gazetteer")


def test_bad_spans_give_nothing() -> None:
    assert locate("Minsk", [(-3, 2), (4, 99), (3, 1)]) == [None, None, None]


@given(st.text(max_size=200), st.lists(st.tuples(st.integers(-5, 220), st.integers(-5, 220)), max_size=8))
@settings(max_examples=60, deadline=None)
def test_any_text_and_spans(text: str, spans: list[tuple[int, int]]) -> None:
    places = locate(text, spans)
    assert len(places) == len(spans)
    for span, place in zip(spans, places, strict=True):
        assert place is None or (tuple(place.span) == span and place.lat is not None and 0 <= place.score <= 1)


@pytest.mark.parametrize("noise", ["Aa " * 33_000, "A, B " * 20_000, "A" * 100_000, "('" * 50_000, "A-A. " * 20_000])
def test_noise_is_read_in_bounded_time(noise: str, within) -> None:
    with within(3):
        list(_PAIR.finditer(noise))
        list(_DATELINE.finditer(noise))
        container_after(noise, (0, 1))
        container_before(noise, (len(noise) - 1, len(noise)))
        candidates(noise)


@pytest.mark.data
@pytest.mark.slow
def test_scores_hold(data: Path) -> None:
    from tidings.score.places import _documents, _located

    (accuracy, _) = _located("trnews", _documents(data / "actors" / "dev", "trnews"), with_outlet=True)
    assert accuracy.value >= 92


def test_a_capital_alone_is_the_capital():
    def country(text: str, outlet: str | None = None) -> str | None:
        (place,) = [p for p in find_places(parse(text), Cast(), outlet=outlet) if p.span.of(text) == "Vienna"]
        return place.country

    assert country("Senators from Virginia and Ohio read what was agreed in Vienna on Tuesday.") == "AUT"
    assert country("The bakery in Vienna, Virginia, burned down on Tuesday.") == "USA"


def found_in(text: str) -> list[tuple[str, str | None, str | None]]:
    """Read where the names of a text lie, the cast being empty."""
    return [(place.span.of(text), place.country, place.level) for place in find_places(parse(text), Cast())]


def test_a_story_is_sent_from_a_town_not_a_state() -> None:
    text = "WASHINGTON - Farmers in Oregon and Idaho sent a note."
    assert found_in(text)[0] == ("WASHINGTON", "USA", "city")
    assert first("He moved from [Oregon] to [Washington] and [Idaho].").level == "admin1"


def test_a_planet_has_no_point_but_a_town_of_its_name_has() -> None:
    assert found_in("The probe came back to Earth in May.") in ([], [("Earth", None, None)])
    assert ("Earth", "USA", "city") in found_in("A barn burned in Earth, Texas.")


def test_a_town_lies_in_the_country_written_with_it_or_nowhere() -> None:
    assert first("Floods in [Valencia], [Spain], and fires in [California].").country == "ESP"
    assert first("Troops left [Tripoli], [Lebanon]'s second city.").country == "LBN"
    assert first("In [London], [Canada]'s envoy spoke.").country == "GBR"
    assert first("A fire in [Springfield, Sweden] hurt two men.") is None

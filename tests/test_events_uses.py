"""Words of acts in other uses, each beside the act it is not."""

import pytest

import tidings
from tidings import encoder
from tidings.encoder import shared
from tidings.events import find_events
from tidings.events.triggers import find_candidates
from tidings.facts import Article, Cast, Published
from tidings.syntax import parse
from tidings.times import find_times


def _found(text):
    return find_events(parse(text), article=Article(text=text), cast=Cast())


def _told(text):
    return [(event.type, event.status) for event in _found(text)]


def _types(text):
    return [event.type for event in _found(text)]


@pytest.mark.parametrize(
    ("other", "act", "kind"),
    [
        ("The minister declined to comment on the raid.", "The minister declined to meet the envoy.", "REJECT"),
        ("The ministry refused to say when it would decide.", "The ministry refused to sign the treaty.", "REJECT"),
        (
            "The senator demanded how the prince could be so sure.",
            "The senator demanded that the prince resign.",
            "REQUEST",
        ),
        (
            "Democrats beat the governor in a state that he won by ten points in the last election.",
            "Norwegian police beat protesters in Oslo after the vote.",
            "ASSAULT",
        ),
        ("Norway deployed new technology in its schools.", "Norway deployed troops along the border.", "MOBILIZE"),
        ("The president failed to mobilise voters.", "The president mobilised the army.", "MOBILIZE"),
        ("The ministers defied the odds.", "The ministers defied the court.", "REJECT"),
        ("Norway is offering the lamp for $30.", "Norway offered Sweden its help.", "AGREE"),
        ("The prosecutor agreed with the verdict.", "The prosecutor agreed with Chad on a plan.", "AGREE"),
        (
            "The government issued a warning to residents as severe weather hit the coast.",
            "The government issued a warning to rebels as its troops reached the coast.",
            "THREATEN",
        ),
        (
            "Norway warned that the village is empty.",
            "Norway warned Sweden that it would close the border.",
            "THREATEN",
        ),
        (
            "The minister asked the envoy what kinds of arms he had.",
            "The minister asked the envoy to leave.",
            "REQUEST",
        ),
        ("The agency investigated how bears sleep.", "The agency investigated the minister.", "ACCUSE"),
        ("The protests targeted the minister.", "Danish jets targeted the rebels.", "ASSAULT"),
        ("The general killed himself.", "The general killed the rebels.", "ASSAULT"),
        ("The judge forbade the president to attack the court.", "The president attacked the court.", "ASSAULT"),
        ("The minister talked in Oslo.", "The minister talked with the envoy in Oslo.", "CONSULT"),
    ],
)
def test_other_uses_are_no_acts(other, act, kind):
    assert kind not in _types(other)
    assert kind in _types(act)


def test_what_one_was_convicted_of_is_no_act_of_the_court():
    text = "The court convicted the general of killing nine protesters."
    assert _types(text) == ["SANCTION"]
    assert "ASSAULT" in _types("The general was accused by nobody of killing, but rebels killed nine protesters.")


def test_what_is_discussed_is_no_partner():
    (event,) = _found("The Norwegian minister discussed Ukraine with the Danish envoy.")
    assert [
        side.span.of("The Norwegian minister discussed Ukraine with the Danish envoy.") for side in event.target
    ] == ["the Danish envoy"]


def test_a_persons_colleague_and_death_are_not_the_person():
    for text, target in (
        ("The prosecutor investigated the circumstances of Berg's death.", []),
        ("The prosecutor accused Berg's brother of fraud.", ["Berg's brother"]),
        ("The prosecutor accused Berg of fraud.", ["Berg"]),
    ):
        sides = [side.span.of(text) for event in _found(text) for side in event.target]
        assert sides == target


def test_a_council_meets_by_itself():
    assert _types("The European Council will meet on Monday.") == ["CONSULT"]
    assert _types("The mayor will meet on Monday.") == []


def test_who_shows_something_does_not_demonstrate():
    assert _types("Students demonstrated against the government in Oslo.") == ["PROTEST"]
    assert _types("The government is concerned, as demonstrated by the departure of the minister.") == []
    assert _types("The ministers demonstrated that the government can act.") == []


def test_one_man_is_no_crowd():
    assert _types("The man kidnapped the girl in Oslo.") == []
    assert _types("Rebels kidnapped the girl in Oslo.") == ["ASSAULT"]
    assert _types("The man has been arrested in Oslo.") == ["COERCE"]
    assert _types("The man has been freed by police in Oslo.") == ["RETREAT"]


def test_what_came_before_background_is_background():
    text = "Sweden closed the bridge in May 2009, shortly after Norway attacked Denmark."
    for day, status in (("2015-03-02", "historical"), ("2009-05-20", "asserted")):
        article = Article(text=text, published=Published(value=day, basis="given", score=1.0))
        found = find_events(parse(text), article=article, cast=Cast(), times=find_times(text, published=day))
        assert [event.status for event in found if event.type == "ASSAULT"] == [status]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Swedish troops remain in Chad, 18 years after Norway attacked Denmark.", "historical"),
        ("Decades after the Norwegian attack on Denmark, Swedish troops remain.", "historical"),
        ("Swedish troops remain in Chad, two days after Norway attacked Denmark.", "asserted"),
        ("Norway attacked Denmark two years after the war had ended.", "asserted"),
        ("Norway attacked Denmark between 1939 and 1945.", "historical"),
        ("Norway attacked Denmark during various wars between 1939 and 1945.", "historical"),
        ("Norway bombed Denmark from 2003 to 2005.", "historical"),
        ("Norway has bombed Denmark from 2014.", "asserted"),
        ("Norway has bombed Denmark since 2014.", "asserted"),
        ("Norway condemned the Swedish policy between 1939 and 1945.", "asserted"),
    ],
)
def test_what_had_ended_long_ago_is_background(text, status):
    article = Article(text=text, published=Published(value="2015-03-02", basis="given", score=1.0))
    found = find_events(parse(text), article=article, cast=Cast(), times=find_times(text, published="2015-03-02"))
    assert [event.status for event in found if event.type != "MOBILIZE"][:1] == [status]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Most voters want the court to investigate the president.", "hypothetical"),
        ("The court let the police investigate the president.", "asserted"),
        ("Norway's support for Sweden would harm the alliance.", "asserted"),
        ("Norwegian strikes on Sweden could begin in May.", "hypothetical"),
        ("Has Norway expelled the two diplomats of Chad?", "hypothetical"),
        ("Why has Norway expelled the two diplomats of Chad?", "asserted"),
        ("The rebels conspired to kill the president.", "hypothetical"),
        ("The ministry is supposed to investigate the president.", "hypothetical"),
        ("Norway pushed not just for talks but for a Swedish attack on Chad.", "hypothetical"),
        ("Norway will leave should Sweden not attack Chad.", "hypothetical"),
        ("Norway will leave once Sweden has attacked Chad.", "hypothetical"),
        ("Norway left once Sweden had attacked Chad.", "asserted"),
        ("Norway is poorer since Sweden has attacked Chad.", "asserted"),
        ("Meeting the ministers of Chad was an option for the ministers of Norway.", "hypothetical"),
        ("The idea that Norway attacked Chad is absurd.", "hypothetical"),
        ("The fact that Norway attacked Chad is sad.", "asserted"),
        ("The Swedish army has trained the rebels to attack Chad.", "hypothetical"),
    ],
)
def test_wishes_are_told_as_wishes(text, status):
    assert [event.status for event in _found(text)][-1:] == [status]


class _Told:
    """A reading that finds every paragraph as political as it is told to."""

    def __init__(self, margin):
        self._margin = margin

    def politics(self, at):
        return self._margin


@pytest.mark.parametrize(("margin", "scored"), [(None, 0), (2.0, 0), (-2.0, -1)])
def test_paragraphs_beside_politics_weigh_against_acts(margin, scored):
    text = "Norway expelled two diplomats of Ruritania."
    (alone,) = _found(text)
    doc = parse(text)
    doc.user_data[shared._KEY] = _Told(margin)
    (read,) = find_events(doc, article=Article(text=text), cast=Cast())
    assert (read.score > alone.score) - (read.score < alone.score) == scored


def test_nothing_is_read_for_the_events_alone():
    doc = parse("Norway expelled two diplomats of Ruritania.")
    find_events(doc, article=Article(text=doc.text), cast=Cast())
    assert encoder.reading_of(doc) is None
    assert encoder.ArticleReading(doc.text).politics(3) is None


@pytest.mark.skipif(not encoder.available(), reason="the encoder is not installed")
def test_a_paragraph_read_before_says_how_political_it_is():
    texts = ("The army shelled the town and the minister resigned.", "The soup needs a pinch of salt and an hour.")
    told = []
    for text in texts:
        reading = encoder.read_article(parse(text))
        reading.columns(0)
        told.append(reading.politics(5))
    assert told[0] > 0 > told[1]


def test_what_was_done_long_ago_is_not_what_was_done_this_year():
    text = "Troops remain in Chad, 18 years after Norway attacked Chad. Rebels attacked Chad on Sunday."
    article = Article(text=text, published=Published(value="2015-03-02", basis="given", score=1.0))
    times = find_times(text, published="2015-03-02")
    found = find_events(parse(text), article=article, cast=Cast(), times=times)
    assert [event.status for event in found if event.type == "ASSAULT"] == ["historical", "asserted"]


@pytest.mark.parametrize(
    ("text", "types"),
    [
        ("Israel's army said on Sunday it had struck targets in southern Lebanon.", ["ASSAULT"]),
        ("Israel said it struck Hezbollah targets in southern Lebanon.", ["ASSAULT"]),
        ("Norway said it hit its target for 2020.", []),
        ("Norway hit targets for growth in 2020.", []),
        ("Lightning struck two depots in Norway.", []),
    ],
)
def test_what_a_country_says_it_struck(text, types):
    assert _types(text) == types


@pytest.mark.parametrize(
    ("text", "types"),
    [
        ("Thousands of people marched in Belgrade on Saturday.", ["PROTEST"]),
        ("Tens of thousands rallied in Tbilisi on Saturday.", ["PROTEST"]),
        ("Hundreds of students protested in Dhaka on Monday.", ["PROTEST"]),
        ("Veterans marched in the parade on Saturday.", []),
        ("The band marched in Belgrade on Saturday.", []),
        ("Shares rallied in London on Saturday.", []),
        ("The runners rallied in Tbilisi on Saturday.", []),
    ],
)
def test_who_is_in_the_streets_protests(text, types):
    assert _types(text) == types


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Norway agreed to extend sanctions on Chad.", [("SANCTION", "planned")]),
        ("Norway did not agree to extend sanctions on Chad.", [("SANCTION", "denied")]),
        ("The ministers of Norway agreed new sanctions against Chad.", [("SANCTION", "asserted")]),
        ("Norway agreed to lift sanctions on Chad.", [("CONCEDE", "asserted")]),
        ("Norway agreed to extend its visit to Chad.", [("AGREE", "asserted")]),
    ],
)
def test_who_agrees_to_sanctions_imposes_them(text, told):
    assert _told(text) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Norway said it would send troops to Chad.", [("MOBILIZE", "planned")]),
        ("Norway said it would send troops to Chad if Sweden did.", [("MOBILIZE", "hypothetical")]),
        ("Norway said it would have sent troops to Chad.", [("MOBILIZE", "hypothetical")]),
        ("Norway said it would not send troops to Chad.", [("MOBILIZE", "denied")]),
        ("Norway would send troops to Chad.", [("MOBILIZE", "hypothetical")]),
        ("Norway said Sweden would send troops to Chad.", [("MOBILIZE", "hypothetical")]),
        ("Norwegian and Danish troops exchanged fire on Thursday.", [("ASSAULT", "asserted")]),
        ("Norway and Denmark exchanged gifts on Thursday.", []),
        ("The rebels launched a missile at the airport.", [("ASSAULT", "asserted")]),
        ("Russian forces captured the village of Novoselivka.", [("COERCE", "asserted")]),
        ("Norway will supply Chad with three tents.", [("AID", "planned")]),
        ("Norway recalled its ambassador to Chad.", [("SANCTION", "asserted")]),
        ("The army of Chad retook the presidential palace.", [("COERCE", "asserted")]),
        ("The court of Chad removed President Peter Holm from office.", [("SANCTION", "asserted")]),
        ("The court of Chad removed the statue from the square.", []),
        ("Chad and Norway held joint coast guard drills.", [("COOPERATE", "asserted")]),
        ("The cabinet tasked the army of Chad with disarming the rebels.", [("RETREAT", "hypothetical")]),
        ("Sudan and Israel normalised relations.", [("SUPPORT", "asserted")]),
        ("Chad and Norway restored the old tower.", []),
        ("The government extended the state of emergency in Chad.", [("COERCE", "asserted")]),
        ("The president declared a state of emergency in Chad.", [("COERCE", "asserted")]),
        ("The government extended the state road in Chad.", []),
        ("Norway's coast guard used water cannon against a Danish boat.", [("ASSAULT", "asserted")]),
        ("Norway used Danish gas on a large scale.", []),
        ("Norway used water cannon to clean the streets of Oslo.", []),
        ("Norway launched 30 drones and missiles at Chad.", [("ASSAULT", "asserted")]),
        ("The rebels of Chad freed the father of a footballer.", [("RETREAT", "asserted")]),
        ("Judges ordered Norway to halt its offensive in Chad.", [("REQUEST", "asserted")]),
        ("The rebels of Chad attacked a Greek tanker.", [("ASSAULT", "asserted")]),
        ("The minister of Chad attacked the pipeline in a speech.", []),
        ("Thousands of farmers blocked roads around Oslo.", [("PROTEST", "asserted")]),
        ("Chad handed over four villages to Norway.", [("RETREAT", "asserted")]),
        ("Norway declared the Danish ambassador persona non grata.", [("SANCTION", "asserted")]),
        ("Norway withdrew from the Paris climate agreement.", [("SANCTION", "asserted")]),
        ("Norway left the European Union in March.", [("SANCTION", "asserted")]),
        ("Norway withdrew from Kherson.", [("RETREAT", "asserted")]),
        ("The minister left the court in March.", []),
        (
            "Norway condemned the raid and said it would send food to Chad.",
            [("ACCUSE", "asserted"), ("AID", "planned")],
        ),
        ("The president of Chad ordered the army to deploy troops in Oslo.", [("REQUEST", "asserted")]),
        ("The general ordered an air strike on the rebels of Chad.", [("ASSAULT", "asserted")]),
        ("Norway withdrew its ambassador from Chad.", [("SANCTION", "asserted")]),
        ("Norway withdrew its troops from Chad.", [("RETREAT", "asserted")]),
        ("Norway recalled its ambassador.", [("SANCTION", "asserted")]),
        ("Thousands of people took to the streets of Oslo.", [("PROTEST", "asserted")]),
        ("The ministers of Norway took to the stage in Oslo.", []),
        ("Riot police fired tear gas near the palace.", [("ASSAULT", "asserted")]),
        ("A court in Oslo sentenced newspaper editor Ada Lund to four years in prison.", [("SANCTION", "asserted")]),
        ("A court-appointed lawyer of the accused.", []),
        ("Norway called off talks with Chad.", [("REJECT", "asserted")]),
        ("The minister of Norway called off the concert.", []),
        ("Rebels of the M23 group captured the mining town of Rubaya on Sunday.", [("COERCE", "asserted")]),
        ("Norway sided with Chad.", [("SUPPORT", "asserted")]),
        ("Riot police beat several journalists outside the presidency.", [("ASSAULT", "asserted")]),
        ("The Army beat the Navy in Oslo on Sunday.", []),
        ("Dockworkers walked off the job in Norway on Thursday.", [("PROTEST", "asserted")]),
        ("The minister of Norway walked off the stage.", []),
        ("Teachers in Oslo marched in support of the strike.", [("PROTEST", "asserted")]),
        ("The court of Chad ordered that journalist Ada Lund be jailed.", []),
        ("The minister of Chad will not allow our territory to be used.", []),
    ],
)
def test_acts_as_news_agencies_tell_them(text, told):
    assert _told(text) == told


def test_a_subject_at_the_auxiliary_is_the_verbs():
    text = "Egypt and Qatar are mediating between Israel and Denmark."
    found = _found(text)
    assert [[side.span.of(text) for side in event.source] for event in found] == [["Egypt", "Qatar"]]


@pytest.mark.parametrize(
    ("text", "source", "target"),
    [
        ("Chad and Norway restored diplomatic relations on Friday.", ["Chad", "Norway"], []),
        ("Chad and Norway cut ties with Sudan.", ["Chad", "Norway"], ["Sudan"]),
        ("Chad and Norway expelled each other's diplomats.", ["Chad", "Norway"], []),
        ("Chad and Norway accused one another of fraud.", ["Chad", "Norway"], []),
        ("Chad and Norway expelled the diplomats of the other state.", ["Chad", "Norway"], ["the diplomats"]),
        ("Chad and Norway agreed to pull back troops from the border.", ["Chad", "Norway"], []),
        ("Norway pledged $10 billion to rebuild Chad.", ["Norway"], ["Chad"]),
        ("Norway adopted Denmark's latest sanctions against Chad.", ["Norway"], ["Chad"]),
        ("Danish sanctions against Chad were extended.", ["Danish"], ["Chad"]),
        ("A spokeswoman for the agency, Ada Lund, called on Norway to leave.", ["Ada Lund"], ["Norway"]),
    ],
)
def test_who_stands_on_which_side(text, source, target):
    event = _found(text)[0]
    assert [side.span.of(text) for side in event.source] == source
    assert [side.span.of(text) for side in event.target] == target


def test_what_disperses_a_crowd_is_crowd_control():
    text = "Police fired tear gas and rubber bullets at protesters in Nairobi."
    found = _found(text)
    assert [(event.type, event.mode) for event in found] == [("ASSAULT", "crowd-control")]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "Chad accused Norway of arming the rebels, a charge Oslo denies.",
            [("ACCUSE", "asserted"), ("REJECT", "asserted")],
        ),
        ("Oslo denied Norway had attacked Chad.", [("REJECT", "asserted")]),
    ],
)
def test_what_comes_before_is_not_what_is_denied(text, told):
    assert _told(text) == told


def test_two_pledge_to_one_another_what_they_share():
    text = "Norway and Chad pledged to deepen their partnership."
    (event,) = _found(text)
    assert (event.type, [side.span.of(text) for side in event.source], event.target) == (
        "AGREE",
        ["Norway", "Chad"],
        (),
    )


def test_an_offer_to_mediate_is_made_to_both():
    text = "Norway offered to mediate between Chad and Sudan."
    (event,) = _found(text)
    assert (event.type, [side.span.of(text) for side in event.target]) == ("AGREE", ["Chad", "Sudan"])


def test_firms_of_the_us_are_not_ours():
    record = tidings.read("China imposed sanctions on US firms.", media="article", published="2024-05-14")
    assert [side.code for side in record.events[0].target] == ["USA"]


@pytest.mark.parametrize(
    ("text", "source"),
    [
        (
            "Chad closed its border on Monday after gunmen crossed from Oslo and killed ten people in the village of "
            "Lund.",
            [],
        ),
        ("Chad withdrew after gunmen crossed, and expelled ten people.", ["Chad"]),
        ("Chad wants the coalition to stay and has accused Norway of theft.", ["Chad"]),
        ("Chad withdrew and expelled ten people after gunmen crossed.", ["Chad"]),
    ],
)
def test_nobody_is_said_to_have_killed_where_either_of_two_may_be_meant(text, source):
    last = _found(text)[-1]
    assert [side.span.of(text) for side in last.source] == source


def test_an_act_has_the_date_of_any_of_its_tellings():
    text = (
        "Peru recalls its ambassador from Chad. Peru recalled its envoy on Monday. "
        "Peru withdrew its ambassador from Chad in 2009."
    )
    record = tidings.read(text, media="article", published="2024-05-14")
    told = [(event.status, event.date and event.date.value) for event in record.events]
    assert told == [("asserted", "2024-05-13"), ("historical", "2009")]


def test_a_treaty_of_one_thing_is_dated_by_its_signing():
    record = tidings.read(
        "Peru and Chad signed an extradition treaty in 2003.", media="article", published="2024-05-14"
    )
    assert [event.date and event.date.value for event in record.events] == ["2003"]


def test_a_clause_on_a_year_has_its_date():
    record = tidings.read(
        "Ties worsened in 2014 when Oslo accused Chad of theft.", media="article", published="2024-05-14"
    )
    assert [(event.type, event.date and event.date.value) for event in record.events] == [("ACCUSE", "2014")]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Norway would propose stripping Chad of its rights.", "THREATEN"),
        ("Norway would propose helping Chad with its roads.", "AGREE"),
    ],
)
def test_to_propose_harm_is_no_promise(text, kind):
    assert [candidate.type for candidate in find_candidates(parse(text))] == [kind]


def test_who_is_killed_in_a_town_is_not_the_town():
    record = tidings.read(
        "A drone strike killed a militia commander in Baghdad.", media="article", published="2024-05-14"
    )
    assert [(side.actor, side.code) for side in record.events[0].target] == [(None, "IRQ")]


def test_for_whom_something_is_demanded_it_is_not_demanded_of():
    text = "The union is demanding a rise and the reinstatement of 40 workers."
    assert [candidate.target for candidate in find_candidates(parse(text)) if candidate.type == "REQUEST"] != []
    record = tidings.read(text, media="article", published="2024-05-14")
    assert [event.target for event in record.events if event.type == "REQUEST"] in ([], [()])

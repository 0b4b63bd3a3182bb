"""Events: tables of our own sentences, and the promises every event keeps."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidings.events import code, find_events, roles
from tidings.events.ontology import QUADS, cameo_type, goldstein, intensity
from tidings.facts import Actor, Article, Cast, Event, Mention, Published, Quote, Timex
from tidings.syntax import parse
from tidings.text import Span
from tidings.times import find_times


def events_of(text, cast=None, **given):
    return find_events(parse(text), article=Article(text=text), cast=cast or Cast(), **given)


def told(text):
    """Return (type, trigger, sources, targets, status) of every event, as words."""
    return [
        (
            event.type,
            event.trigger.of(text),
            [side.span.of(text) for side in event.source],
            [side.span.of(text) for side in event.target],
            event.status,
        )
        for event in events_of(text)
    ]


ACTS = [
    (
        "Norway expelled two diplomats of Ruritania.",
        ("SANCTION", "expelled", ["Norway"], ["two diplomats"], "asserted"),
    ),
    ("Police in Oslo arrested 30 protesters.", ("COERCE", "arrested", ["Police"], ["30 protesters"], "asserted")),
    (
        "France and Germany imposed sanctions on Ruritania.",
        ("SANCTION", "sanctions", ["France", "Germany"], ["Ruritania"], "asserted"),
    ),
    ("Kenya lifted its sanctions against Eritrea.", ("RETREAT", "sanctions", ["Kenya"], ["Eritrea"], "asserted")),
    ("Talks between Serbia and Kosovo resumed.", ("CONSULT", "Talks", ["Serbia", "Kosovo"], [], "asserted")),
    ("The rebels were bombed by Turkish jets.", ("ASSAULT", "bombed", ["Turkish jets"], ["The rebels"], "asserted")),
    ("The president will visit Angola in June.", ("CONSULT", "visit", ["The president"], ["Angola"], "planned")),
    ("Brazil did not accuse Peru of spying.", ("ACCUSE", "accuse", ["Brazil"], ["Peru"], "denied")),
    (
        "The court decides when Peru refuses talks with Chile.",
        ("REJECT", "refuses", ["Peru"], ["Chile"], "hypothetical"),
    ),
    ("The court decided when Peru refused talks with Chile.", ("REJECT", "refused", ["Peru"], ["Chile"], "asserted")),
    ("Chad could invade Sudan.", ("ASSAULT", "invade", ["Chad"], ["Sudan"], "hypothetical")),
    ("Peru refused to hold talks with Chile.", ("REJECT", "refused", ["Peru"], ["Chile"], "asserted")),
    (
        "Macron and Scholz spoke about Libya by phone.",
        ("CONSULT", "spoke", ["Macron", "Scholz"], [], "asserted"),
    ),
    (
        "Moscow has vowed to use force against Finland.",
        ("THREATEN", "vowed", ["Moscow"], ["Finland"], "asserted"),
    ),
    ("Finland joined NATO.", ("SUPPORT", "joined", ["Finland"], ["NATO"], "asserted")),
    ("Norway had been holding talks with Chad.", ("CONSULT", "talks", ["Norway"], ["Chad"], "historical")),
    ("Nine protesters killed in Chad unrest", ("ASSAULT", "killed", [], ["Nine protesters"], "asserted")),
    ("Finland also joined NATO in March.", ("SUPPORT", "joined", ["Finland"], ["NATO"], "asserted")),
    (
        "Danish air strikes killed nine people in Chad.",
        ("ASSAULT", "killed", ["Danish"], ["nine people"], "asserted"),
    ),
    (
        "Three villagers were killed in a Danish missile strike.",
        ("ASSAULT", "killed", ["Danish"], ["Three villagers"], "asserted"),
    ),
    (
        "Ten soldiers were killed in clashes with militants.",
        ("ASSAULT", "killed", ["militants"], ["Ten soldiers"], "asserted"),
    ),
    (
        "Danish shells hit the town of Malmo.",
        ("ASSAULT", "hit", ["Danish"], ["Malmo"], "asserted"),
    ),
    (
        "Peru warned that it would retaliate if Chile sold more arms.",
        ("THREATEN", "warned", ["Peru"], ["Chile"], "asserted"),
    ),
    (
        "Greece demanded that Turkey withdraw its ships.",
        ("REQUEST", "demanded", ["Greece"], ["Turkey"], "asserted"),
    ),
    ("Norway committed to sending tanks to Chad.", ("AGREE", "committed", ["Norway"], ["Chad"], "asserted")),
    ("Peru said it was ready for talks with Chile.", ("AGREE", "ready", ["Peru"], ["Chile"], "asserted")),
    ("Norway recalled its envoy from Chad.", ("SANCTION", "recalled", ["Norway"], ["Chad"], "asserted")),
    ("Peru closed its embassy in Chile.", ("SANCTION", "closed", ["Peru"], ["Chile"], "asserted")),
    ("Peru broke off diplomatic relations with Chile.", ("SANCTION", "broke", ["Peru"], ["Chile"], "asserted")),
    ("Peru restored diplomatic relations with Chile.", ("SUPPORT", "restored", ["Peru"], ["Chile"], "asserted")),
    ("Peru suspended imports from Chile.", ("SANCTION", "suspended", ["Peru"], ["Chile"], "asserted")),
    ("Japan lodged a protest with China.", ("ACCUSE", "protest", ["Japan"], ["China"], "asserted")),
    ("Japan protested China's decision.", ("ACCUSE", "protested", ["Japan"], ["China"], "asserted")),
    ("Norway filed a case against Chad.", ("ACCUSE", "case", ["Norway"], ["Chad"], "asserted")),
    ("Peru is working closely with Chile.", ("COOPERATE", "working", ["Peru"], ["Chile"], "asserted")),
    ("Miners at the pit went on strike.", ("PROTEST", "strike", ["Miners"], [], "asserted")),
    ("The court approved sanctions on Chad.", ("SANCTION", "sanctions", ["The court"], ["Chad"], "asserted")),
    ("Peru plans to impose sanctions on Chile.", ("SANCTION", "sanctions", ["Peru"], ["Chile"], "planned")),
    ("The minister is expected to visit Chad.", ("CONSULT", "visit", ["The minister"], ["Chad"], "planned")),
    (
        "Poland sent troops to its border with Belarus.",
        ("MOBILIZE", "sent", ["Poland"], ["Belarus"], "asserted"),
    ),
    (
        "The ministers of Egypt and Turkey held talks.",
        ("CONSULT", "talks", ["Egypt", "Turkey"], [], "asserted"),
    ),
]

NO_ACTS = [
    "The Lions beat the Tigers 3-1 on Sunday.",
    "The white team defeated the red team in a friendly ice hockey match.",
    "Two hikers were killed in an avalanche.",
    "Shares in the carmaker fell after weak earnings.",
    "The singer released her third album.",
    "The weather service issued a warning of high winds.",
    "Meyer and Lopez spoke at a book fair.",
    "The government ruled out a technical failure in the crash.",
    "Coach Meyer joined Lopez for a walk.",
    "The film hit a record in Germany.",
    "A storm struck the coast of Florida.",
    "The actor was killed in a car crash.",
    "A huge satellite is expected to fall to Earth.",
    "Fans will travel to Madrid for the final.",
    "The bank warned that growth would slow if prices rose.",
    "The bakery closed its shop in Oslo.",
    "The band broke off its tour.",
    "A drama teacher met his neighbour in a shop.",
    "The coach said his side had released the striker.",
    "Officers executed a search warrant at a garage.",
    "The mayor warned residents of heavy storms.",
    "The firm met its targets.",
    "",
    "...",
]


@pytest.mark.parametrize(("text", "wanted"), ACTS)
def test_acts(text, wanted):
    assert told(text) == [wanted]


@pytest.mark.parametrize("text", NO_ACTS)
def test_no_acts(text):
    assert told(text) == []


CODES = [
    ("Norway expelled two diplomats of Ruritania.", "SANCTION"),
    ("The president pardoned forty rebels.", "CONCEDE"),
    ("Demonstrators marched against the government of Peru.", "PROTEST"),
    ("The goalkeeper saved a late penalty.", None),
    ("Oil prices climbed as traders weighed supply.", None),
]


FOUND_SIDES = [
    # who was present where the clause around a meeting says it
    ("After a meeting with the Danish premier, the chancellor left.", ("CONSULT", "meeting", ["the chancellor"])),
    ("Iran's president is on a visit to Moscow.", ("CONSULT", "visit", ["Iran's president"])),
    # what follows "after" and "by" is done by the subject, what follows "from" by the object
    ("The Danish minister won praise after accusing Chad of fraud.", ("ACCUSE", "accusing", ["The Danish minister"])),
    ("The court stopped the army from deporting the activists.", ("COERCE", "deporting", ["the army"])),
    ("The governor inspired the mayor to urge the president to act.", ("REQUEST", "urge", ["the mayor"])),
    # a writing speaks for whoever wrote it, an office for whose it is
    ("Norway issued a statement condemning the coup in Chad.", ("ACCUSE", "condemning", ["Norway"])),
    ("A Pentagon report accused China of theft.", ("ACCUSE", "accused", ["Pentagon"])),
    ("The king signed an order banning all political parties.", ("COERCE", "banning", ["The king"])),
    ("The prosecutor's office charged the minister with fraud.", ("ACCUSE", "charged", ["The prosecutor"])),
    ("Soldiers firing at villagers were arrested.", ("ASSAULT", "firing", ["Soldiers"])),
    # a participle with an object is a verb that the parse took for one
    (
        "The Government of Chad, through its ministry, cancelled on Tuesday the registrations of six organisations.",
        ("COERCE", "cancelled", ["The Government"]),
    ),
    ("The EU agreed a package of sanctions against Belarus.", ("SANCTION", "sanctions", ["The EU"])),
    (
        "The Security Council voted to extend the sanctions on Mali.",
        ("SANCTION", "sanctions", ["The Security Council"]),
    ),
    ("A raid by Danish forces killed four people.", ("ASSAULT", "killed", ["Danish forces"])),
]


@pytest.mark.parametrize(("text", "wanted"), FOUND_SIDES)
def test_who_acts_is_found_outside_the_clause(text, wanted):
    assert wanted in [(kind, trigger, source) for kind, trigger, source, _, _ in told(text)]


AIMED = [
    # harm is blamed on whoever did it, not on its victim
    ("Norway condemned the attack on the Danish envoy.", "condemned", []),
    ("Norway condemned the Russian attack on the Danish envoy.", "condemned", ["Russian"]),
    ("Norway condemned the Danish envoy.", "condemned", ["the Danish envoy"]),
    ("The UN criticised the rise in attacks on civilians.", "criticised", []),
    ("Police are probing a complaint filed by a senator.", "probing", []),
    ("The senator demanded the release of the prisoners.", "demanded", []),
    ("Norway demanded the withdrawal of the Danish troops.", "demanded", ["the Danish troops"]),
    ("The ministry alleged that Norway armed the rebels.", "alleged", ["Norway"]),
    ("He charged that the ruling party ignored the courts.", "charged", ["the ruling party"]),
    ("Ministers blamed the shortage on Norway.", "blamed", ["Norway"]),
    ("The two men filed a complaint with the constitutional court.", "complaint", []),
    ("Japan lodged a complaint with China.", "complaint", ["China"]),
    ("Norway's refusal to meet the rebels angered Chad.", "refusal", ["the rebels"]),
    ("Two hostages who had been held by the rebels since May were released on Tuesday.", "released", ["Two hostages"]),
    ("The court found the former minister guilty of fraud.", "found", ["the former minister"]),
]


@pytest.mark.parametrize(("text", "trigger", "target"), AIMED)
def test_whom_an_act_is_aimed_at(text, trigger, target):
    found = [sides for _, word, _, sides, _ in told(text) if word == trigger]
    assert found in ([target], [] if target == [] else [target])


MORE_ACTS = [
    ("The opposition leader was sentenced to ten years.", "SANCTION", "sentenced"),
    ("Ten soldiers were wounded on Sunday.", "ASSAULT", "wounded"),
    ("The tariffs on Mexico were lifted.", "RETREAT", "tariffs"),
    ("Russian strikes on power stations left cities dark.", "ASSAULT", "strikes"),
    ("The militia opened fire on villagers.", "ASSAULT", "fire"),
    ("American troops will leave Syria in May.", "RETREAT", "leave"),
    ("Two villages were captured by the rebels.", "COERCE", "captured"),
    ("Rebel forces have taken control of Niger.", "COERCE", "control"),
    ("Protesters threw stones at police.", "PROTEST", "threw"),
    ("Iran hanged two men.", "ASSAULT", "hanged"),
    ("Norwegian and Danish forces held joint military drills.", "COOPERATE", "drills"),
]


@pytest.mark.parametrize(("text", "kind", "trigger"), MORE_ACTS)
def test_acts_without_a_named_side(text, kind, trigger):
    assert (kind, trigger) in [(found, word) for found, word, *_ in told(text)]


OTHER_USES = [
    "The senator, who hails from Oslo, spoke first.",
    "He returned to Chad in 2016.",
    "The premier demonstrated his skill.",
    "The panel concluded that the president was right.",
    "The minister assured that the budget was sound.",
    "The minister sent a letter to the governor.",
    "The senator asked the minister about the report.",
    "The senator asked the minister what he knew.",
    "Lawmakers questioned the ambassador about the report.",
    "The senator is closing the gap on the president.",
    "Floods threaten the villages near the capital.",
    "The photographer captured the village at dawn.",
    "The striker threw the ball at the referee.",
    "Oil prices fell after talks with Iran.",
    "The driver was sentenced to ten years.",
    "The families will leave Syria in May.",
]


@pytest.mark.parametrize("text", OTHER_USES)
def test_other_uses_of_the_words_are_no_acts(text):
    assert told(text) == []


def test_a_shared_auxiliary_makes_both_participles_passive():
    acts = {
        trigger: (source, target) for _, trigger, source, target, _ in told("The envoys were mocked and condemned.")
    }
    assert all(source == [] for source, _ in acts.values())


def test_an_order_that_bans_is_no_wish():
    (act,) = told("The king signed an order banning all political parties.")
    assert act[-1] == "asserted"


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Police said the rebels had no option but to surrender.", "hypothetical"),
        ("The rebels had no option but to surrender.", "asserted"),
        ("None of the rebels were arrested.", "denied"),
        ("The president is to leave after having condemned the rebels.", "asserted"),
        ("The minister deserved to be impeached.", "hypothetical"),
        ("The minister was not happy and accused the rebels.", "asserted"),
    ],
)
def test_how_it_is_told(text, status):
    assert all(found == status for *_, found in told(text))


@pytest.mark.parametrize(("text", "kind"), CODES)
def test_code(text, kind):
    found = code(text)
    assert found.type == kind
    assert found.quad == (QUADS[kind] if kind else None)


def test_code_with_sides_always_names_a_type():
    text = "Italy will hold talks with Tunisia next week."
    found = code(text, source=(0, 5), target=(27, 34))
    assert found.type == "AGREE"
    assert abs(sum(found.types.values()) - 1) < 0.02


ROLES = [
    ("Norwegian police arrested two Danish protesters.", ["Norwegian police"], ["two Danish protesters"]),
    ("The Finnish president met the Estonian president.", ["The Finnish president"], ["the Estonian president"]),
]


@pytest.mark.parametrize(("text", "source", "target"), ROLES)
def test_roles(text, source, target):
    found = roles(text)
    assert set(source) <= {span.of(text) for span in found.source}
    assert set(target) <= {span.of(text) for span in found.target}


CAST = Cast(
    actors=(
        Actor(id="a1", name="Norway", type="country", country="NOR", code="NOR"),
        Actor(id="a2", name="Ruritania", type="country", country="RUR", code="RUR"),
    ),
    mentions=(
        Mention(span=Span(0, 6), form="name", label="GPE", score=1.0, actor="a1"),
        Mention(span=Span(17, 26), form="name", label="GPE", score=1.0, actor="a2"),
    ),
)


def test_sides_carry_actors():
    (event,) = events_of("Norway condemned Ruritania.", CAST)
    assert [(side.actor, side.code) for side in (*event.source, *event.target)] == [("a1", "NOR"), ("a2", "RUR")]


def test_a_retelling_is_the_same_act():
    text = "Norway condemned Ruritania. On the same day, Norway again condemned Ruritania."
    mentions = [
        Mention(span=Span(at, at + len(name)), form="name", label="GPE", score=1.0, actor=actor)
        for name, actor in (("Norway", "a1"), ("Ruritania", "a2"))
        for at in range(len(text))
        if text.startswith(name, at)
    ]
    assert len(events_of(text, Cast(actors=CAST.actors, mentions=tuple(mentions)))) == 1


def test_an_old_date_makes_background():
    text = "Norway condemned Ruritania in 2014."
    timex = Timex(span=Span(30, 34), type="DATE", value="2014", begin="2014-01-01", end="2014-12-31", score=1.0)
    article = Article(text=text, published=Published(value="2021-12-30", basis="given", score=1.0))
    (event,) = find_events(parse(text), article=article, cast=CAST, times=[timex])
    assert event.date is not None
    assert (event.status, event.date.value, event.date.span) == ("historical", "2014", timex.span)


def test_words_of_another_are_told_as_such():
    text = "“Norway expelled two diplomats of Ruritania,” the envoy said."
    quote = Quote(span=Span(0, 45), parts=(Span(0, 45),), kind="direct", speaker="a9", score=1.0)
    (event,) = events_of(text, quotes=[quote])
    assert event.according_to == "a9"


def test_we_in_a_quotation_is_its_speaker():
    text = "“We thank Ruritania,” the envoy of Norway said. We thank Ruritania."
    quote = Quote(span=Span(0, 21), parts=(Span(0, 21),), kind="direct", speaker="a1", score=1.0)
    found = events_of(text, Cast(actors=CAST.actors), quotes=[quote])
    assert [[side.actor for side in event.source] for event in found if event.source] == [["a1"]]


@pytest.mark.parametrize(
    ("text", "dated"),
    [
        ("On Monday, Norway condemned Chad and expelled two diplomats of Ruritania.", [True, True]),
        ("Norway condemned Chad on Monday and expelled two diplomats of Ruritania.", [True, False]),
    ],
)
def test_only_a_date_before_both_verbs_holds_for_both(text, dated):
    at = text.index("Monday")
    timex = Timex(
        span=Span(at, at + 6), type="DATE", value="2021-12-27", begin="2021-12-27", end="2021-12-27", score=1.0
    )
    found = find_events(parse(text), article=Article(text=text), cast=Cast(), times=[timex])
    assert [event.date is not None for event in found] == dated


def test_whose_accusations_were_rejected():
    text = "Norway accused Sweden of spying. Sweden rejected the accusations."
    answer = next(event for event in events_of(text) if event.type == "REJECT")
    assert [side.span.of(text) for side in answer.target] == ["Norway"]


def test_ontology():
    assert len(QUADS) == 16
    assert intensity("ASSAULT", "aerial") == -9.5
    assert intensity("ACCUSE") == -3
    assert goldstein("1951") == goldstein("195")
    assert cameo_type("999") is None


WORDS = (
    "Norway Peru police troops attacked accused of the a with talks on sanctions will not refused to send aid "
    ", . “ ” and"
).split()


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.sampled_from(WORDS),
        max_size=30,
    ).map(" ".join)
)
def test_every_event_points_at_its_words(text):
    for event in events_of(text):
        assert isinstance(event, Event)
        assert event.sentence.covers(event.trigger)
        assert event.trigger.of(text).strip()
        for side in (*event.source, *event.target):
            assert side.span.of(text) == side.span.of(text).strip() != ""
        assert event.quad == QUADS[event.type]
        assert 0 <= event.score <= 1
    for span in (*roles(text).source, *roles(text).target):
        assert span.of(text).strip()


def test_same_input_same_output():
    text = "Norway condemned Ruritania. Police arrested 30 protesters."
    assert events_of(text) == events_of(text)


@pytest.mark.parametrize("noise", ["attack on ", "Norway attacked Sweden and ", "“ said ", "( [ , . "])
def test_noise_is_read_in_bounded_time(noise, within):
    doc = parse(noise * (4_000 // len(noise)))
    with within(5):
        events = find_events(doc, article=Article(text=doc.text), cast=Cast())
        roles(noise * 20)
    assert len(events) < 500


def _found(text: str, published: str | None = None) -> list[Event]:
    doc = parse(text)
    times = find_times(text, published=published)
    return find_events(doc, article=Article(text=text), cast=Cast(), times=times)


def test_a_day_is_no_side():
    text = "Norway rejected the proposal Wednesday."
    sides = [side.span.of(text) for event in _found(text, "2015-05-22") for side in (*event.source, *event.target)]
    assert "Norway" in sides
    assert "Wednesday" not in sides


def test_without_denies():
    text = "Norway invited the minister without consulting Sweden."
    told = {event.trigger.of(text): event.status for event in _found(text)}
    assert told.get("consulting", "denied") == "denied"
    text = "Norway invited the minister after consulting Sweden."
    assert {event.trigger.of(text): event.status for event in _found(text)}.get("consulting") == "asserted"


def test_a_warning_says_not_by_itself_what_it_threatens_with():
    (event,) = [event for event in _found("Norway threatened Sweden.") if event.type == "THREATEN"]
    assert event.mode is None


def test_a_dateline_does_nothing():
    for text in ("OSLO – Norway rejected the plan.", "OSLO, May 3 (Northwire) - Norway rejected the plan."):
        sides = [side.span.of(text) for event in _found(text) for side in (*event.source, *event.target)]
        assert "Norway" in sides
        assert "OSLO" not in sides


@pytest.mark.parametrize(
    "text",
    [
        "Norway had beaten Sweden 1-0 in the final on Sunday.",
        "Norway's defence was destroyed 7-1 by Sweden.",
        "The Norwegian striker attacked from the left and the goalkeeper was beaten.",
        "Norway crushed Sweden 18-7 with seven goals from the president.",
    ],
)
def test_a_game_is_no_fight(text):
    assert [event.type for event in _found(text) if event.type in ("ASSAULT", "COERCE", "RETREAT")] == []
    assert code(text).type not in ("ASSAULT", "COERCE", "RETREAT")


def test_a_fight_with_numbers_is_no_game():
    text = "Norwegian police beat protesters in Oslo on May 3-4."
    assert [event.type for event in _found(text)] == ["ASSAULT"]


@pytest.mark.parametrize("thing", ["48 hours", "a reason to refuse", "an answer"])
def test_what_helps_nobody_is_no_aid(thing):
    assert [event.type for event in _found(f"Norway gave Sweden {thing}.") if event.type == "AID"] == []


@pytest.mark.parametrize(("verb", "kinds"), [("gave away", []), ("gave", ["AID"])])
def test_what_is_given_away_is_no_aid(verb, kinds):
    assert [event.type for event in _found(f"Norway {verb} too much land to Sweden.")] == kinds


@pytest.mark.parametrize(
    ("land", "target"), [("former French colony", "the former French colony"), ("French colony", "French")]
)
def test_a_former_colony_is_nobodys(land, target):
    text = f"Norway attacked the ports of the {land}."
    assert [side.span.of(text) for event in _found(text) for side in event.target] == [target]


def test_money_given_is_aid():
    assert "AID" in [event.type for event in _found("Norway gave Sweden 50 million dollars.")]

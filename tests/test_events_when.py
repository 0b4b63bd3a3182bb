"""When acts happened and how they are told: own sentences, each rule with its counter-example."""

from __future__ import annotations

import pytest

from tidings.events import find_events
from tidings.facts import Article, Cast, Event, Published
from tidings.syntax import parse
from tidings.times import find_times

TODAY = "2021-12-30"


def read(text: str) -> list[Event]:
    article = Article(text=text, published=Published(value=TODAY, basis="given", score=1.0))
    times = find_times(text, published=TODAY)
    return find_events(parse(text), article=article, cast=Cast(), times=times)


def of(text: str, trigger: str) -> Event:
    found = [event for event in read(text) if event.trigger.of(text) == trigger]
    assert found, f"no act at {trigger!r} in {text!r}"
    return found[-1]


@pytest.mark.parametrize(
    ("text", "trigger", "dated"),
    [
        # a verb and what hangs on it
        ("Norway expelled two diplomats of Chad on Monday.", "expelled", "Monday"),
        ("Norway has expelled ten diplomats of Chad since Monday.", "expelled", None),
        ("Norway fought Chad between 1939 and 1945.", "fought", None),
        # days named together
        ("Norway expelled diplomats of Chad on 9 and 10 December.", "expelled", "9 and 10 December"),
        ("Norway expelled diplomats of Chad on 9 and 12 December.", "expelled", "12 December"),
        (
            "Norway expelled diplomats of Chad on Monday, Tuesday and Wednesday.",
            "expelled",
            "Monday, Tuesday and Wednesday",
        ),
        ("Norway expelled diplomats of Chad on Monday and Sweden on Tuesday.", "expelled", "Monday"),
        # what is looked into has its own time, and so has what is alleged or answered
        ("The court is investigating the firms of Chad over fraud in 2009.", "investigating", None),
        ("In 2009, the court investigated the firms of Chad.", "investigated", "2009"),
        ("When police found the body in 2009, Norway alleged that Chad had lied.", "alleged", None),
        ("Norway condemned Chad as rebels fired three missiles on Monday.", "condemned", None),
        # the parse hangs the day of "the court on Monday" on the court
        ("The army of Norway on Monday attacked the rebels of Chad.", "attacked", "Monday"),
        ("OSLO - The Supreme Court on Monday sentenced the rebels of Chad to death.", "sentenced", "Monday"),
        # the occasion, and what is spoken of
        ("Norway condemned Chad at Monday's summit.", "condemned", "Monday"),
        ("In a statement published on Monday, Norway condemned Chad.", "condemned", "Monday"),
        ("Norway condemned the invasion of the island by Chad on Monday.", "condemned", None),
        ("Norway condemned Monday's attack of the rebels on Chad.", "condemned", None),
        # the time of saying is not that of what is said
        ("The minister said on Monday that Chad attacked Sweden.", "attacked", None),
        ("The minister said on Monday that Norway condemns Chad.", "condemns", "Monday"),
        # participles share the time of the main verb
        ("The minister of Norway spoke on Monday, accusing Chad of spying.", "accusing", "Monday"),
        ("The minister of Norway spoke on Monday after accusing Chad of spying.", "accusing", None),
        ("Norway banned the firms of Chad when it took over the bank in 2009.", "banned", "2009"),
        ("Norway banned the firms of Chad before it took over the bank in 2009.", "banned", None),
        # infinitives
        ("Norway invited Chad to rejoin two weeks ago.", "invited", "two weeks ago"),
        ("Norway invited Chad to rejoin next week.", "invited", None),
        # nouns
        ("The talks between Norway and Chad that began on Tuesday ended in anger.", "talks", "Tuesday"),
        ("The talks between Norway and Chad that angered Sweden on Tuesday ended.", "talks", None),
        ("Monday's attack by the rebels of Chad killed four Norwegian soldiers.", "killed", "Monday"),
        # how long and how often
        ("Every Monday, Norwegian troops attack the rebels of Chad.", "attack", None),
        ("Norwegian troops attacked the rebels of Chad for three days.", "attacked", None),
        ("The president of Norway met the king of Chad in recent weeks.", "met", None),
        ("The president of Norway agreed on Monday to expel the diplomats of Chad by 2030.", "agreed", "Monday"),
    ],
)
def test_the_time_of_an_act(text, trigger, dated):
    date = of(text, trigger).date
    assert (date.span.of(text) if date and date.span else None) == dated


@pytest.mark.parametrize(
    ("text", "trigger", "dated"),
    [
        ("The envoy of Norway blamed Sweden on Monday. He also called on Chad to withdraw.", "called", "Monday"),
        (
            "Chadian rebels attacked a convoy of Norway on Monday. The attack killed four Norwegian soldiers.",
            "killed",
            "Monday",
        ),
        (
            "Chadian rebels attacked a convoy of Norway on Monday. The first attack killed four soldiers.",
            "killed",
            None,
        ),
        ("The envoy of Norway blamed Sweden on Monday. Lima called on Chad to withdraw.", "called", None),
        ("The envoy of Norway blamed Sweden on Monday. He has long called on Chad to withdraw.", "called", None),
    ],
)
def test_what_the_sentence_before_dates(text, trigger, dated):
    date = of(text, trigger).date
    assert (date.span.of(text) if date and date.span else None) == dated


def test_what_is_told_as_past_has_no_day_to_come():
    text = "Norway condemned Chad on January 20, 2022."
    assert of(text, "condemned").date is None
    text = "Norway will meet Chad on January 20, 2022."
    assert of(text, "meet").date is not None


@pytest.mark.parametrize(
    ("text", "trigger", "status"),
    [
        ("The president of Norway plans to meet the king of Sweden.", "meet", "planned"),
        ("The president of Norway has no plans to meet the king of Sweden.", "meet", "denied"),
        ("Norway is set to expel the diplomats of Chad.", "expel", "planned"),
        ("Norway is not expected to expel the diplomats of Chad.", "expel", "denied"),
        ("Norway plans to deploy 4,000 troops to Chad.", "deploy", "planned"),
        ("Norway is preparing to attack Chad.", "attack", "asserted"),
        ("Norway is to expel the diplomats of Chad.", "expel", "planned"),
        ("Norway is among the first countries to send troops to Chad.", "send", "asserted"),
        ("Norway will act after the king meets the president of Chad.", "meets", "planned"),
        ("Norway acted after the king met the president of Chad.", "met", "asserted"),
        ("The army of Norway failed to attack the rebels of Chad.", "attack", "denied"),
        ("Norway did not fail to condemn Chad.", "condemn", "asserted"),
        ("Norway and Sweden failed to reach an agreement.", "agreement", "denied"),
        ("Norway has yet to condemn Chad.", "condemn", "denied"),
        ("Norway was unable to arrest the rebels of Chad.", "arrest", "denied"),
        ("Norway no longer supports Chad.", "supports", "denied"),
        ("Norway ruled out sending troops to Chad.", "sending", "denied"),
        ("Norway needs to keep supporting Chad.", "supporting", "hypothetical"),
        ("Norway is considering urging Chad to withdraw.", "urging", "hypothetical"),
        ("Norway did not accuse or condemn Sweden.", "condemn", "denied"),
        ("Norway did not meet Chad but condemned Sweden.", "condemned", "asserted"),
        ("The minister did not name Chad, but said Norway condemned Sweden.", "condemned", "asserted"),
        ("Norway not only condemned Chad but expelled its diplomats.", "condemned", "asserted"),
        ("The minister does not believe that Chad attacked Sweden.", "attacked", "denied"),
        ("The minister did not say that Chad attacked Sweden.", "attacked", "asserted"),
        ("It is not true that Chad attacked Sweden.", "attacked", "denied"),
    ],
)
def test_how_an_act_is_told(text, trigger, status):
    assert of(text, trigger).status == status


def test_a_negation_may_be_the_last_word():
    assert read("Norway condemned Chad, or did not") is not None


def test_days_named_together_are_one_date():
    date = of("Norway expelled diplomats of Chad on 9 and 10 December.", "expelled").date
    assert date and (date.value, date.begin, date.end) == ("2021-12-09/2021-12-10", "2021-12-09", "2021-12-10")
    for others in ("2019 and May", "2014 and 2019"):
        date = of(f"Norway expelled diplomats of Chad in {others}.", "expelled").date
        assert date and date.value in ("2019", "2014")

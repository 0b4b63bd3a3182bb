"""Events of whole readings: whom an act is tied to, and what only looks like one; rules and counter-examples."""

from __future__ import annotations

import pytest

import tidings
from tidings.facts import Record


def read(text: str) -> Record:
    return tidings.read(text, media="article", published="2015-05-22")


def told(text: str) -> list[tuple[str, str, list[str | None], list[str | None]]]:
    """Return (type, status, sources, targets) of every event, the sides as names of actors."""
    record = read(text)
    names = {actor.id: actor.name for actor in record.actors}
    return [
        (
            event.type,
            event.status,
            [names.get(side.actor or "") for side in event.source],
            [names.get(side.actor or "") for side in event.target],
        )
        for event in record.events
    ]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Lawmakers of Norway blocked the bill of the Danish government.", "REJECT"),
        ("Police in Norway blocked Danish protesters.", "COERCE"),
        ("The rebels took over the airport of Chad.", "COERCE"),
        ("The Danish opposition took over the Senate.", None),
        ("The Danish minister was met by a few protesters.", None),
        ("The Danish minister was met by Ada Berg, the Norwegian minister.", "CONSULT"),
        ("The Danish minister spoke to reporters.", None),
        ("The Danish minister spoke to the Norwegian foreign minister.", "CONSULT"),
        ("Denmark gave the Norwegian parliament a say.", None),
        ("Denmark reminded Norway that the deal was void.", None),
        ("Denmark reminded Norway to sign the deal.", "REQUEST"),
        ("Denmark expects Norway to win.", None),
    ],
)
def test_what_only_looks_like_an_act(text: str, kind: str | None) -> None:
    assert [found[0] for found in told(text)] == ([kind] if kind else [])


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("The law bars Denmark from lifting the sanctions on Chad.", "denied"),
        ("Denmark is free to lift the sanctions on Chad.", "hypothetical"),
        ("Denmark freely lifted the sanctions on Chad.", "asserted"),
    ],
)
def test_who_is_barred_or_free_has_not_done_it(text: str, status: str) -> None:
    assert {found[1] for found in told(text) if found[0] == "RETREAT"} <= {status}


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("Demonstrators stormed Denmark’s embassy in Chad.", ["Denmark"]),
        ("Denmark was silent. Demonstrators stormed an embassy in Chad.", [None]),
        ("Denmark spoke to Chad, and Norway condemned it.", []),
        ("Denmark spoke to Chad, and Norway condemned Chad.", ["Chad"]),
        ("Denmark offered talks to Chad. Norway then ruled out visits to its bases.", []),
        ("Denmark accused Kenya of theft. Kenya then denied the allegations.", ["Denmark"]),
    ],
)
def test_whom_the_last_act_is_aimed_at(text: str, target: list[str | None]) -> None:
    assert told(text)[-1][3] == target


def test_an_office_is_the_person_named_with_it() -> None:
    (found,) = told("The chief of staff of the Danish army, Ada Berg, congratulated the Norwegian government.")
    assert found[2] == ["Ada Berg"]


@pytest.mark.parametrize(
    "text",
    [
        "Denmark accused Chad of arming rebels and of planting terrorist cells in Norway.",
        "Denmark accused Chad’s navy of attacking a Danish patrol boat, which sustained minor damage.",
    ],
)
def test_what_an_accusation_says_is_no_act_of_its_own(text: str) -> None:
    assert [found[0] for found in told(text)] == ["ACCUSE"]


@pytest.mark.parametrize(
    ("text", "status", "teller"),
    [
        ("Minister Ada Berg said that Chad attacked Niger.", "asserted", "Ada Berg"),
        ("Minister Ada Berg denied saying that Chad attacked Niger.", "hypothetical", None),
        ("Minister Ada Berg does not think that Chad attacked Niger.", "denied", "Ada Berg"),
        ("Minister Ada Berg did not say that Chad attacked Niger.", "hypothetical", None),
        ("Minister Ada Berg left without saying that Chad attacked Niger.", "hypothetical", None),
        ("Minister Ada Berg refused to say whether Chad attacked Niger.", "hypothetical", None),
        ("Minister Ada Berg did not say when Chad attacked Niger.", "asserted", None),
        ("Minister Ada Berg did not mention that Chad attacked Niger.", "asserted", None),
        ("Minister Ada Berg refused to say why Chad attacked Niger.", "asserted", None),
        ("Minister Ada Berg refused to say why Chad would attack Niger.", "hypothetical", None),
        ("Minister Ada Berg failed to mention that Chad attacked Niger.", "asserted", None),
        ("Minister Ada Berg failed to prove that Chad attacked Niger.", "hypothetical", None),
        ("Minister Ada Berg has yet to explain why Chad attacked Niger.", "asserted", None),
        ("Minister Ada Berg will explain why Chad attacked Niger.", "asserted", None),
        ("Minister Ada Berg is expected to reveal that Chad attacked Niger.", "hypothetical", None),
        ("Minister Ada Berg should say that Chad attacked Niger.", "hypothetical", None),
        ("Minister Ada Berg will announce that Chad attacked Niger.", "hypothetical", None),
    ],
)
def test_what_was_not_said_is_told_by_nobody(text: str, status: str | None, teller: str | None) -> None:
    record = read(text)
    names = {actor.id: actor.name for actor in record.actors}
    found = [(event.status, names.get(event.according_to or "")) for event in record.events if event.type == "ASSAULT"]
    assert found == ([(status, teller)] if status else [])


def test_what_somebody_is_expected_to_announce_is_still_planned() -> None:
    found = told("Minister Ada Berg will announce that Norway will expel two diplomats of Chad.")
    assert [(one[0], one[1]) for one in found] == [("SANCTION", "planned")]


@pytest.mark.parametrize("second", ["Niger", "Germany"])
def test_ministers_of_two_countries_are_two_sides(second):
    assert told(f"The foreign ministers of Chad and {second} met in Lagos on Monday.") == [
        ("CONSULT", "asserted", ["Chad", second], [])
    ]


def test_who_calls_something_absurd_recalls_no_call():
    text = "Norway urged Chad to leave. Mali called the plan absurd."
    assert told(text)[-1] == ("ACCUSE", "asserted", ["Mali"], [])

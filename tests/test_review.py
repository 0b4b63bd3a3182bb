"""Judgements: kept, undone, found again after another reading, applied, measured, carried to other stores."""

from __future__ import annotations

import json
from itertools import pairwise

import msgspec
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from tidings.cli import group
from tidings.errors import UsageError
from tidings.facts import (
    Actor,
    Article,
    Block,
    Event,
    EventDate,
    Mention,
    Page,
    Place,
    Quote,
    Record,
    Side,
    Timex,
)
from tidings.review import (
    active,
    agreement,
    applied,
    export_judgements,
    import_judgements,
    judge,
    judged_records,
    judgements,
    not_applied,
    queue,
    standing,
    training_data,
    undo,
    verdicts,
)
from tidings.review.measuring import kappa, wilson
from tidings.store import open_store
from tidings.text import Span

TEXT = (
    "Peru met Chile in Arica on 3 May 2023. Lima accused Bolivia of delay.\n\n"
    '"We agree on much," said Rosa Quispe, and Ms Quispe left.'
)
AT = "2026-01-05T10:00:00Z"


def at(words: str, *, nth: int = 0, text: str = TEXT) -> Span:
    start = -1
    for _ in range(nth + 1):
        start = text.index(words, start + 1)
    return Span(start, start + len(words))


def make(text: str = TEXT, sha256: str = "a" * 64, name: str = "r1", **changes) -> Record:
    def here(words: str, nth: int = 0) -> Span:
        return at(words, nth=nth, text=text)

    first, second = text.split("\n\n")
    sides = {"peru": Side(span=here("Peru"), actor="PER", code="PER"), "chile": Side(span=here("Chile"), actor="CHL")}
    record = Record(
        id=name,
        page=Page(id=f"p{name}", sha256=sha256, media="text", url=f"https://courier.example/{name}"),
        article=Article(
            text=text,
            title="Talks in Arica",
            blocks=(
                Block(span=Span(0, len(first)), role="paragraph"),
                Block(span=Span(len(first) + 2, len(first) + 2 + len(second)), role="paragraph"),
            ),
        ),
        actors=(
            Actor(id="PER", name="Peru", type="country", country="PER", code="PER", aliases=("Peru", "Lima")),
            Actor(id="CHL", name="Chile", type="country", country="CHL", code="CHL", aliases=("Chile",)),
            Actor(id="BOL", name="Bolivia", type="country", country="BOL", code="BOL"),
            Actor(id="td:rosa-quispe", name="Rosa Quispe", type="person"),
            Actor(id="td:quispe", name="Quispe", type="person", aliases=("Ms Quispe",)),
        ),
        mentions=(
            Mention(span=here("Peru"), form="name", label="GPE", score=0.9, actor="PER"),
            Mention(span=here("Chile"), form="name", label="GPE", score=0.9, actor="CHL"),
            Mention(span=here("Lima"), form="metonym", label="GPE", score=0.6, actor="PER"),
            Mention(span=here("Bolivia"), form="name", label="GPE", score=0.9, actor="BOL"),
            Mention(span=here("Rosa Quispe"), form="name", label="PERSON", score=0.9, actor="td:rosa-quispe"),
            Mention(span=here("Ms Quispe"), form="name", label="PERSON", score=0.9, actor="td:quispe"),
        ),
        places=(
            Place(span=here("Peru"), name="Peru", score=0.9, country="PER"),
            Place(span=here("Arica"), name="Arica", score=0.8, geonames=3899361, lat=-18.5, lon=-70.3),
        ),
        times=(
            Timex(span=here("3 May 2023"), type="DATE", score=0.9, value="2023-05-03", begin="2023-05-03",
                  end="2023-05-03"),
        ),
        quotes=(
            Quote(span=here('"We agree on much,"'), parts=(here('"We agree on much,"'),), kind="direct", score=0.7,
                  speaker="td:rosa-quispe", speaker_span=here("Rosa Quispe"), cue=here("said")),
        ),
        events=(
            Event(id="e1", trigger=here("met"), sentence=Span(0, text.index(" Lima")), type="CONSULT", quad=1,
                  intensity=2.5, status="asserted", score=0.55, cameo="040", source=(sides["peru"],),
                  target=(sides["chile"],), place=1,
                  date=EventDate(value="2023-05-03", begin="2023-05-03", end="2023-05-03", span=here("3 May 2023"))),
            Event(id="e2", trigger=here("accused"), sentence=Span(text.index("Lima"), len(first)), type="ACCUSE",
                  quad=3, intensity=-3.0, status="asserted", score=0.9,
                  source=(Side(span=here("Lima"), actor="PER", code="PER"),),
                  target=(Side(span=here("Bolivia"), actor="BOL", code="BOL"),), according_to="td:quispe"),
        ),
    )  # fmt: skip
    return msgspec.structs.replace(record, **changes)


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path / "news.db", create=True) as store:
        store.add(make())
        yield store


def decide(store, words="met", decision="reject", fact="event", *, author="Ana", time=AT, nth=0, **more) -> int:
    return judge(
        store, page="r1", fact=fact, span=at(words, nth=nth), decision=decision, author=author, at=time, **more
    )


def as_judged(store, record: Record | None = None) -> Record:
    record = record or make()
    return applied(record, judgements(store, page=record.page.sha256))


# ------------------------------------------------------------------------------------------- keeping


def test_a_judgement_is_kept_with_what_it_was_about(store):
    number = decide(store, note="played, not met")
    (kept,) = judgements(store)
    assert (kept.number, kept.author, kept.at, kept.page) == (number, "Ana", AT, "a" * 64)
    assert (kept.quoted, kept.before, kept.after) == ("met", "Peru ", " Chile in Arica on 3 May 2023. Lima accu")
    assert kept.judged is not None
    assert (kept.judged["type"], kept.judged["source"], kept.judged["score"]) == ("CONSULT", ["Peru"], 0.55)


@pytest.mark.parametrize("page", ["a" * 64, "r1", "pr1"])
def test_a_page_is_named_by_its_digest_or_its_id(store, page):
    judge(store, page=page, fact="event", span=at("met"), decision="accept", author="Ana", at=AT)
    assert [one.page for one in judgements(store, page=page)] == ["a" * 64]


def test_the_same_judgement_is_kept_once(store):
    assert decide(store) == decide(store)
    assert len(judgements(store)) == 1
    assert decide(store, author="Bo") != decide(store)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"page": "nowhere"}, "no page"),
        ({"fact": "rumour"}, "a fact is"),
        ({"decision": "like"}, "a decision is"),
        ({"span": (0, 4)}, "no event at"),
        ({"span": (5, 5)}, "no characters"),
        ({"span": (0, 99_999)}, "no characters"),
        ({"span": None}, "needs its characters"),
        ({"author": " "}, "author"),
        ({"at": "yesterday"}, "UTC"),
        ({"decision": "recode"}, "what is changed"),
        ({"decision": "recode", "value": {"type": "DANCE"}}, "the event's type is"),
        ({"decision": "recode", "value": {"colour": "red"}}, "can be changed"),
        ({"decision": "recode", "value": {"status": None}}, "cannot be empty"),
        ({"decision": "recode", "value": {"source": "PER"}}, "list of ids"),
        ({"decision": "accept", "value": {"type": "AID"}}, "takes no value"),
        ({"decision": "recode", "value": {"date": "\ud800"}}, "cannot be kept"),
        ({"fact": "place", "decision": "recode", "value": {"geonames": 1.5}}, "cannot be 1.5"),
        ({"fact": "place", "decision": "recode", "value": {"geonames": 10**30}}, "cannot be 1"),
        ({"fact": "place", "decision": "recode", "value": {"lat": float("nan")}}, "cannot be nan"),
        ({"fact": "place", "decision": "recode", "value": {"name": ""}}, "cannot be empty"),
        ({"fact": "article", "decision": "recode", "value": {"published": "soon"}}, "of a day"),
        ({"fact": "quote", "decision": "recode", "value": {"status": "historical"}}, "the quote's status is asserted"),
        ({"decision": "merge", "value": {"actors": ["PER", "CHL"]}}, "takes actors"),
        ({"fact": "actor", "decision": "merge", "value": {"actors": ["PER"]}}, "takes actors"),
        ({"fact": "actor", "decision": "merge", "value": {"actors": ["a", "b"], "into": "c"}}, "one of them"),
        ({"page": None}, "without a page"),
        ({"index": 7}, "no event at"),
    ],
)
def test_what_makes_no_sense_is_refused(store, changes, message):
    given = {"page": "r1", "fact": "event", "span": at("met"), "decision": "accept", "author": "Ana", "at": AT}
    with pytest.raises(UsageError, match=message):
        judge(store, **(given | changes))
    assert judgements(store) == []


def test_undoing_is_a_judgement_too_and_can_be_undone(store):
    number = decide(store)
    back = undo(store, number, author="Bo", at=AT)
    assert [(one.decision, one.undone) for one in judgements(store)] == [("reject", True), ("undo", False)]
    assert as_judged(store) == make()
    with pytest.raises(UsageError, match="undone already"):
        undo(store, number, author="Bo", at=AT)
    undo(store, back, author="Ana", at=AT)
    assert [(one.decision, one.undone) for one in judgements(store)] == [
        ("reject", False), ("undo", True), ("undo", False)
    ]  # fmt: skip
    assert len(as_judged(store).events) == 1
    with pytest.raises(UsageError, match="no judgement 99"):
        undo(store, 99, author="Ana", at=AT)


def test_what_was_undone_can_be_judged_the_same_way_in_the_same_second(store):
    undo(store, decide(store), author="Ana", at=AT)
    decide(store)
    assert len(as_judged(store).events) == 1


# ------------------------------------------------------------------------------------------- applying


def test_rejected_facts_are_left_out(store):
    decide(store)
    decide(store, "Arica", fact="place")
    decide(store, '"We agree on much,"', fact="quote")
    judged = as_judged(store)
    assert [event.id for event in judged.events] == ["e2"]
    assert [place.name for place in judged.places] == ["Peru"]
    assert judged.quotes == ()


def test_a_place_that_moves_in_its_list_is_still_that_of_its_event(store):
    decide(store, "Peru", fact="place")
    judged = as_judged(store)
    assert judged.events[0].place == 0
    assert judged.places[0].name == "Arica"


def test_a_rejected_place_or_time_is_that_of_no_event(store):
    decide(store, "Arica", fact="place")
    decide(store, "3 May 2023", fact="time")
    event = as_judged(store).events[0]
    assert (event.place, event.date) == (None, None)


def test_recoded_events(store):
    decide(store, decision="recode", value={"type": "AGREE", "status": "planned", "date": "2023-06"})
    event = as_judged(store).events[0]
    assert (event.type, event.quad, event.intensity, event.cameo, event.status) == ("AGREE", 1, 2.5, None, "planned")
    assert event.date == EventDate(value="2023-06", begin="2023-06-01", end="2023-06-30")
    assert (event.score, event.trigger, event.id) == (1.0, at("met"), "e1")


def test_a_code_brings_its_type(store):
    decide(store, decision="recode", value={"cameo": "190"})
    event = as_judged(store).events[0]
    assert (event.type, event.quad, event.cameo) == ("ASSAULT", 4, "190")


def test_recoded_sides_point_at_the_words_nearest_to_the_event(store):
    decide(store, decision="recode", value={"source": ["CHL", "BOL"], "target": []})
    event = as_judged(store).events[0]
    assert [(side.actor, side.span) for side in event.source] == [("CHL", at("Chile")), ("BOL", at("Bolivia"))]
    assert event.target == ()


def test_a_side_that_no_words_name_is_none(store):
    decide(store, decision="recode", value={"target": ["USA"]})
    assert as_judged(store).events[0].target == ()


def test_recoded_quotes_mentions_places_times_and_articles(store):
    decide(store, '"We agree on much,"', "recode", "quote", value={"speaker": None})
    decide(store, "Lima", "recode", "mention", value={"actor": "BOL"})
    decide(store, "Arica", "recode", "place", value={"lat": -18.4, "lon": -70.2})
    decide(store, "3 May 2023", "recode", "time", value={"value": "2023-05-04"})
    judge(store, page="r1", fact="article", span=None, decision="recode", value={"published": "2023-05-05"},
          author="Ana", at=AT)  # fmt: skip
    judged = as_judged(store)
    assert (judged.quotes[0].speaker, judged.quotes[0].speaker_span) == (None, None)
    assert judged.mentions[2].actor == "BOL"
    assert (judged.places[1].lat, judged.places[1].lon) == (-18.4, -70.2)
    assert judged.events[0].date is not None
    assert (judged.times[0].begin, judged.events[0].date.value) == ("2023-05-04", "2023-05-04")
    assert judged.article.published is not None
    assert (judged.article.published.value, judged.article.published.basis) == ("2023-05-05", "given")


def _told(source: str | None = None) -> Record:
    """Return a record with an act in its quote: told by its speaker alone, or done by her when she said it."""
    words, by = Span(at("We agree on much,").start + 3, at("We agree on much,").start + 8), at("Rosa Quispe")
    sides = (Side(span=by, actor=source),) if source else (Side(span=at("Peru"), actor="PER", code="PER"),)
    act = msgspec.structs.replace(
        make().events[0], id="e3", trigger=words, sentence=at('"We agree on much,"'), source=sides, target=(),
        date=None, place=None, according_to=None if source else "td:rosa-quispe",
    )  # fmt: skip
    return make(events=(*make().events, act))


def test_what_a_quote_tells_is_told_by_whom_the_quote_is_now_of(store):
    record = _told()
    store.replace(record)
    decide(store, '"We agree on much,"', "recode", "quote", value={"speaker": "BOL"})
    assert as_judged(store, record).events[2].according_to == "BOL"
    decide(store, '"We agree on much,"', "recode", "quote", value={"speaker": "PER"})
    assert as_judged(store, record).events[2].according_to is None, "who acts tells of it for the article"
    decide(store, "agree", "recode", value={"according_to": "CHL"})
    assert as_judged(store, record).events[2].according_to == "CHL", "what is said of the act itself holds"


def test_what_is_done_by_saying_it_is_done_by_whom_the_quote_is_now_of(store):
    record = _told("td:rosa-quispe")
    store.replace(record)
    decide(store, '"We agree on much,"', "recode", "quote", value={"speaker": "PER"})
    event = as_judged(store, record).events[2]
    assert [(side.actor, side.code, side.span) for side in event.source] == [("PER", "PER", at("Rosa Quispe"))]


def test_sides_and_speakers_rest_on_the_words_of_a_mention(store):
    decide(store, "Peru", "recode", "mention", value={"actor": "BOL"})
    event, other = as_judged(store).events
    assert [side.actor for side in event.source] == ["BOL"]
    assert other.source == make().events[1].source
    decide(store, "Peru", "recode", "mention", value={"actor": None})
    assert [(side.actor, side.code) for side in as_judged(store).events[0].source] == [(None, None)]


@pytest.mark.parametrize("status", ["denied", "planned", "hypothetical", "asserted"])
def test_a_quote_that_was_not_said_is_recoded(store, status):
    decide(store, '"We agree on much,"', "recode", "quote", value={"status": status})
    (quote,) = as_judged(store).quotes
    assert (quote.status, quote.speaker, quote.kind) == (status, "td:rosa-quispe", "direct")


def test_a_quote_accepted_as_said_is_accepted_no_more_when_it_is_read_as_not_said(store):
    decide(store, '"We agree on much,"', "accept", "quote")
    (judgement,) = judgements(store)
    assert judgement.judged == {"speaker": "Rosa Quispe", "kind": "direct", "score": 0.7}
    assert standing(make(), judgement).state == "applies"
    unsaid = msgspec.structs.replace(make().quotes[0], status="denied")
    assert standing(make(quotes=(unsaid,)), judgement).state == "changed"
    store.replace(make(quotes=(unsaid,)))
    decide(store, '"We agree on much,"', "accept", "quote")
    assert standing(make(), judgements(store)[-1]).state == "changed"


def test_an_article_that_is_none_has_no_facts(store):
    judge(store, page="r1", fact="article", span=None, decision="reject", author="Ana", at=AT)
    judged = as_judged(store)
    assert (judged.events, judged.quotes, judged.actors, judged.article.text) == ((), (), (), TEXT)


def test_the_last_verdict_counts(store):
    decide(store, time="2026-01-05T10:00:00Z")
    decide(store, decision="accept", author="Bo", time="2026-01-06T10:00:00Z")
    assert len(as_judged(store).events) == 2
    decide(store, decision="recode", value={"type": "AGREE"}, time="2026-01-07T10:00:00Z")
    decide(store, decision="accept", author="Bo", time="2026-01-08T10:00:00Z")
    assert as_judged(store).events[0].type == "AGREE"
    decide(store, time="2026-01-09T10:00:00Z")
    assert len(as_judged(store).events) == 1


def test_verdicts_say_whose_they_are(store):
    decide(store, author="Ana")
    decide(store, decision="accept", author="Bo", time="2026-01-06T10:00:00Z")
    told = verdicts(make(), judgements(store))
    assert (told.rejected["event"], told.accepted["event"], told.last["event"][0].author) == (set(), {0}, "Bo")
    assert verdicts(make(sha256="b" * 64), judgements(store)).last == {}


def actors(store, decision, page=None, **value) -> int:
    return judge(store, page=page, fact="actor", span=None, decision=decision, value=value, author="Ana", at=AT)


def test_actors_are_merged_everywhere(store):
    actors(store, "merge", actors=["td:rosa-quispe", "td:quispe"])
    judged = as_judged(store)
    assert [actor.id for actor in judged.actors] == ["PER", "CHL", "BOL", "td:rosa-quispe"]
    assert judged.actors[-1].aliases == ("Quispe", "Ms Quispe")
    assert judged.mentions[-1].actor == "td:rosa-quispe"
    assert judged.events[1].according_to == "td:rosa-quispe"


def test_merges_join_and_can_be_into_another(store):
    actors(store, "merge", actors=["a", "td:quispe"], into="a")
    actors(store, "merge", actors=["b", "a"], into="b")
    actors(store, "merge", actors=["b", "td:rosa-quispe"], into="td:rosa-quispe")
    assert [actor.name for actor in as_judged(store).actors] == ["Peru", "Chile", "Bolivia", "Rosa Quispe"]


def test_split_actors_are_kept_apart(store):
    number = actors(store, "merge", actors=["td:rosa-quispe", "td:quispe"])
    actors(store, "split", actors=["td:rosa-quispe", "td:quispe"])
    assert as_judged(store) == make()
    assert number == 1


def test_sides_that_become_one_are_told_once(store):
    actors(store, "merge", actors=["PER", "CHL"])
    decide(store, decision="recode", value={"source": ["PER", "CHL"], "target": []})
    assert [side.actor for side in as_judged(store).events[0].source] == ["PER"]


def test_a_mention_is_split_off(store):
    decide(store, "Lima", "split", "mention", value={"name": "Lima city council"})
    judged = as_judged(store)
    new = judged.actors[-1]
    assert (new.name, judged.mentions[2].actor) == ("Lima city council", new.id)
    assert [side.actor for side in judged.events[1].source] == [new.id]
    assert judged.mentions[0].actor == "PER"


def test_a_mention_is_given_to_another_actor(store):
    decide(store, "Rosa Quispe", "split", "mention", value={"to": "td:quispe"})
    assert as_judged(store).quotes[0].speaker == "td:quispe"


def test_actors_are_recoded_and_struck_out(store):
    actors(store, "recode", page="r1", actor="PER", code="PERGOV", sector="GOV")
    actors(store, "reject", page="r1", actor="BOL")
    judged = as_judged(store)
    assert (judged.actors[0].code, judged.events[0].source[0].code) == ("PERGOV", "PERGOV")
    assert [actor.id for actor in judged.actors[:3]] == ["PER", "CHL", "td:rosa-quispe"]
    assert judged.events[1].target == (Side(span=at("Bolivia")),)
    assert judged.mentions[3].actor is None


def test_all_records_as_judged(store):
    store.add(make(sha256="b" * 64, name="r2"))
    decide(store)
    actors(store, "merge", actors=["td:rosa-quispe", "td:quispe"])
    assert [(len(record.events), len(record.actors)) for record in judged_records(store)] == [(1, 4), (2, 4)]


def test_a_note_changes_nothing(store):
    decide(store, decision="note", note="see the later story")
    assert as_judged(store) == make()


# ------------------------------------------------------------------------------------------- another reading


def test_moved_words_are_found_again(store):
    decide(store)
    decide(store, '"We agree on much,"', fact="quote")
    newer = make(TEXT.replace("Peru met", "ARICA - Peru met").replace(" of delay", " of much delay"))
    judged = as_judged(store, newer)
    assert [event.id for event in judged.events] == ["e2"]
    assert judged.quotes == ()
    assert {state for _, state in not_applied(store)} == set()


def test_a_fact_with_somewhat_other_characters_is_the_same(store):
    decide(store, '"We agree on much,"', fact="quote")
    inner = at("We agree on much")
    quote = msgspec.structs.replace(make().quotes[0], span=inner, parts=(inner,))
    assert as_judged(store, make(quotes=(quote,))).quotes == ()


def test_words_that_are_gone_are_stale(store):
    number = decide(store)
    said = make().article
    newer = make(article=msgspec.structs.replace(said, text=TEXT.replace(" met ", " saw ")), events=())
    assert as_judged(store, newer) == newer
    (judgement,) = judgements(store)
    assert standing(newer, judgement).state == "stale"
    store.replace(newer)
    assert [(one.number, state) for one, state in not_applied(store)] == [(number, "stale")]


def test_a_fact_that_is_no_longer_found_is_gone(store):
    decide(store)
    (judgement,) = judgements(store)
    assert standing(make(events=()), judgement).state == "gone"


def test_the_same_words_elsewhere_are_not_taken_for_it(store):
    decide(store)
    (judgement,) = judgements(store)
    other = msgspec.structs.replace(make(), article=Article(text="They met, and met again."), events=())
    assert standing(other, judgement).state == "stale"


def test_a_rejection_holds_for_what_was_rejected(store):
    decide(store)
    event = make().events[0]
    dated = msgspec.structs.replace(event, date=None, score=0.99, place=None)
    assert as_judged(store, make(events=(dated,))).events == ()
    other = msgspec.structs.replace(event, type="COOPERATE", quad=2)
    assert as_judged(store, make(events=(other,))).events == (other,)


def test_a_recode_holds_whatever_is_read(store):
    decide(store, decision="recode", value={"type": "AGREE"})
    other = msgspec.structs.replace(make().events[0], type="ASSAULT", quad=4)
    assert as_judged(store, make(events=(other,))).events[0].type == "AGREE"


def test_events_with_one_trigger_are_told_apart(store):
    one, _ = make().events
    two = msgspec.structs.replace(one, id="e3", type="SUPPORT")
    store.replace(make(events=(one, two)))
    judge(store, page="r1", fact="event", span=at("met"), index=1, decision="reject", author="Ana", at=AT)
    assert [event.id for event in as_judged(store, make(events=(one, two))).events] == ["e1"]
    assert [event.id for event in as_judged(store, make(events=(two, one))).events] == ["e1"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["accept", "reject", "recode", "note"]), max_size=6), st.text(max_size=40))
def test_records_as_judged_keep_every_span_in_their_text(decisions, front):
    from tidings.review.judgements import Judgement

    record = make(text=front.replace("\n", " ") + TEXT) if "Peru" not in front else make()
    told = [
        Judgement(
            number=number, key=str(number), at=AT, author="Ana", page="a" * 64, fact="event", span=at("met"),
            decision=decision, quoted="met", before="Peru ", after=" Chile in Arica",
            value={"type": "AGREE", "source": ["BOL"]} if decision == "recode" else None,
        )
        for number, decision in enumerate(decisions)
    ]  # fmt: skip
    judged = applied(record, told)
    assert len(judged.events) in (1, 2)
    for event in judged.events:
        for span in (event.trigger, event.sentence, *(side.span for side in (*event.source, *event.target))):
            assert span.of(judged.article.text)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60), st.text(max_size=60))
def test_words_are_found_wherever_they_have_moved(front, back):
    from tidings.review.pointing import _find_words

    text = f"{front} {TEXT} {back}"
    found = _find_words(text, at("met"), "met", TEXT[:5], TEXT[8:48])
    assert found is None or found.of(text) == "met"
    if "met" not in front + back:
        assert found == Span(len(front) + 6, len(front) + 9)


# ------------------------------------------------------------------------------------------- what to look at


def test_the_most_doubtful_come_first(store):
    assert [(doubt.fact, doubt.score) for doubt in queue(store)] == [("event", 0.55), ("quote", 0.7), ("event", 0.9)]
    assert [doubt.fact for doubt in queue(store, kinds=["quote"])] == ["quote"]
    assert len(queue(store, limit=1)) == 1
    with pytest.raises(UsageError, match="to review are"):
        queue(store, kinds=["rumour"])


def test_what_was_judged_is_not_asked_again(store):
    number = decide(store)
    decide(store, "accused", "note", note="hm")
    assert [doubt.score for doubt in queue(store)] == [0.7, 0.9]
    undo(store, number, author="Ana", at=AT)
    assert len(queue(store)) == 3


def test_what_is_read_in_another_way_is_asked_again(store):
    decide(store, decision="accept")
    other = msgspec.structs.replace(make().events[0], type="COOPERATE", quad=2)
    store.replace(make(events=(other,)))
    assert ("event", 0.55) in [(doubt.fact, doubt.score) for doubt in queue(store)]


def test_a_doubt_shows_its_words_with_marks(store):
    doubt = queue(store, kinds=["event"])[0]
    shown = [(doubt.text[start:end], name) for start, end, name in doubt.marks]
    assert shown == [("Peru", "source"), ("met", "trigger"), ("Chile", "target"), ("3 May 2023", "date")]
    assert doubt.text == TEXT.split("\n\n")[0]
    assert (doubt.page, doubt.article, doubt.span) == ("a" * 64, "r1", at("met"))
    quote = queue(store, kinds=["quote"])[0]
    assert [name for *_, name in quote.marks] == ["quote", "cue", "speaker"]


def test_a_sample_by_chance_is_always_the_same(store):
    for number in range(2, 8):
        store.add(make(sha256=f"{number:064d}", name=f"r{number}"))
    one = [(doubt.article, doubt.span) for doubt in queue(store, by="chance", limit=9)]
    assert one == [(doubt.article, doubt.span) for doubt in queue(store, by="chance", limit=9)]
    assert one != [(doubt.article, doubt.span) for doubt in queue(store, limit=9)]
    assert len({article for article, _ in one}) > 3


def test_one_page_can_be_asked_alone(store):
    store.add(make(sha256="b" * 64, name="r2"))
    assert {doubt.article for doubt in queue(store, page="r2")} == {"r2"}


# ------------------------------------------------------------------------------------------- measuring


def test_precision_counts_each_fact_once_by_its_last_verdict(store):
    decide(store, time="2026-01-05T10:00:00Z")
    decide(store, decision="accept", author="Bo", time="2026-01-06T10:00:00Z")
    decide(store, "accused")
    decide(store, '"We agree on much,"', "recode", "quote", value={"speaker": None})
    events, quotes = agreement(store).precision
    assert (events.fact, events.judged, events.accepted, events.rejected, events.precision) == ("event", 2, 1, 1, 0.5)
    assert (events.low, events.high, events.stated) == (0.0945, 0.9055, 0.725)
    assert (quotes.fact, quotes.recoded, quotes.precision) == ("quote", 1, 0.0)


def test_authors_are_compared_on_what_both_judged(store):
    for author, first, second in (("Ana", "accept", "reject"), ("Bo", "accept", "accept")):
        decide(store, decision=first, author=author)
        decide(store, "accused", decision=second, author=author)
    decide(store, '"We agree on much,"', "accept", "quote", author="Cy")
    (pair, events) = agreement(store).pairs
    assert (pair.authors, pair.fact, pair.judged, pair.same, pair.expected, pair.kappa) == (
        ("Ana", "Bo"), "all", 2, 1, 0.5, 0.0
    )  # fmt: skip
    assert events.fact == "event"


def test_kappa_and_wilson_at_their_ends():
    assert kappa([("accept", "accept")]) == (1.0, None)
    assert kappa([("accept", "reject"), ("reject", "accept")]) == (0.5, -1.0)
    assert wilson(0, 5)[0] == 0.0
    assert wilson(5, 5)[1] == 1.0


# ------------------------------------------------------------------------------------------- carrying


def test_judgements_are_carried_to_another_store(store, tmp_path):
    undo(store, decide(store), author="Bo", at=AT)
    decide(store, "accused", "recode", value={"type": "REJECT"}, note="refuses")
    actors(store, "merge", actors=["td:rosa-quispe", "td:quispe"])
    lines = list(export_judgements(store))
    with open_store(tmp_path / "other.db", create=True) as other:
        assert import_judgements(other, lines) == 4
        assert import_judgements(other, lines) == 0
        assert list(export_judgements(other)) == lines
        assert {state for _, state in not_applied(other)} == {"unknown"}
        other.add(make())
        assert as_judged(other) == as_judged(store)
        assert list(not_applied(other)) == []
    assert import_judgements(store, lines) == 0


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("no json", "line 1 is no judgement"),
        ('{"key": "k"}', "line 1 is no judgement"),
        ('{"key":"k","at":"x","author":"A","page":null,"fact":"rumour","span":null,"decision":"accept"}', "rumour"),
        ('{"key":"k","at":"x","author":"A","page":"p","fact":"event","span":[5,2],"decision":"accept"}', "characters"),
        ('{"key":"k","at":"x","author":"A","page":"p","fact":"event","span":[1,2],"decision":"recode"}', "changed"),
        ('{"key":"k","at":"x","author":"A","page":"p","fact":"event","span":null,"decision":"undo"}', "undoes"),
        ('{"key":"k","at":"x","author":"A","page":"p","fact":"event","span":null,"decision":"undo","undoes":"z"}',
         "not there"),
    ],
)  # fmt: skip
def test_lines_that_are_no_judgements_are_told_and_nothing_is_kept(store, line, message):
    decide(store)
    good = next(iter(export_judgements(store))).replace('"Ana"', '"Di"').replace('"key":"', '"key":"f')
    with pytest.raises(UsageError, match=message):
        import_judgements(store, [line, good] if "line 1" in message else [line])
    assert len(judgements(store)) == 1


def test_training_data(store):
    decide(store)
    decide(store, "accused", "recode", value={"type": "REJECT", "target": ["CHL"]})
    decide(store, '"We agree on much,"', "accept", "quote")
    one, two, three = training_data(store)
    assert (one.verdict, one.right, one.label["type"], one.url) == (
        "reject", None, "CONSULT", "https://courier.example/r1"
    )  # fmt: skip
    assert [one.text[start:end] for start, end, name in one.spans if name == "trigger"] == ["met"]
    assert two.right is not None
    assert (two.right["type"], two.right["target"], two.label["target"]) == ("REJECT", ["Chile"], ["Bolivia"])
    assert (two.label["source"], two.right["source"], two.right["cameo"]) == (["Peru"], ["Peru"], None)
    assert three.right == three.label
    assert three.label["speaker"] == "Rosa Quispe"
    # Where the fact is gone, the words that were kept are given.
    store.replace(make(events=()))
    assert [example.text[slice(*example.spans[0][:2])] for example in training_data(store)][:2] == ["met", "accused"]


# ------------------------------------------------------------------------------------------- the verb


def run(path, *arguments: str, keys: str = ""):
    return CliRunner().invoke(group, ["review", str(path), *arguments], input=keys)


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "news.db"
    with open_store(path, create=True) as store:
        store.add(make())
    return path


def kept(path) -> list[tuple[str, str | None, str]]:
    with open_store(path) as store:
        return [(one.decision, one.quoted, one.author) for one in active(judgements(store))]


def test_one_key_a_decision(path):
    done = run(path, "--author", "Ana", keys="ar\ns")
    assert done.exit_code == 0
    assert kept(path) == [("accept", "met", "Ana"), ("reject", '"We agree on much,"', "Ana")]
    assert "[1/3] event, score 0.55" in done.stdout
    assert "[Peru]source [met]trigger [Chile]target in Arica on [3 May 2023]date" in done.stdout
    assert "1 accept, 1 reject, 0 recode, 0 note; by Ana" in done.stdout


def test_a_recode_asks_what_is_right(path):
    run(path, "--author", "Ana", keys="ctype=agree source=chile,Peru target=\nq")
    with open_store(path) as store:
        event = as_judged(store).events[0]
    assert (event.type, [side.actor for side in event.source], event.target) == ("AGREE", ["CHL", "PER"], ())


def test_what_cannot_be_understood_is_told_and_asked_again(path):
    done = run(path, "--author", "Ana", keys="ctype=DANCE\ncsource=Nobody\nctype\nc\nx?a")
    assert done.stdout.count("not kept:") == 3
    assert "no actor is called 'Nobody'" in done.stdout
    assert kept(path) == [("accept", "met", "Ana")]


def test_undo_goes_back(path):
    done = run(path, "--author", "Ana", keys="uraur")
    assert "nothing to undo" in done.stdout
    assert [decision for decision, *_ in kept(path)] == ["reject", "reject"]
    assert done.stdout.count("[2/3]") == 2


def test_notes_and_quitting(path):
    run(path, "--author", "Ana", keys="nsee the map\nq")
    assert kept(path) == [("note", "met", "Ana")]


def test_nothing_left(path):
    run(path, "--author", "Ana", keys="aaa")
    assert "nothing is left to review" in run(path, keys="a").stdout
    assert "nothing is left" not in run(path, "--kind", "places", keys="q").stdout


def test_agreement_export_and_import(path, tmp_path):
    assert "nothing has been judged" in run(path, "--agreement", "--format", "table").stdout
    run(path, "--author", "Ana", keys="ara")
    run(path, "--author", "Bo", keys="q")
    lines = run(path, "--agreement").stdout.splitlines()
    assert json.loads(lines[0])["fact"] == "event"
    assert "precision" in run(path, "--agreement", "--format", "table").stdout
    assert run(path, "--export", str(tmp_path / "j.jsonl")).exit_code == 0
    assert len((tmp_path / "j.jsonl").read_text().splitlines()) == 3
    assert "0 judgements new" in run(path, "--import", str(tmp_path / "j.jsonl")).stderr
    assert "0 judgements new" in run(path, "--import", "-", keys=(tmp_path / "j.jsonl").read_text()).stderr
    assert len(run(path, "--training", "-").stdout.splitlines()) == 3
    assert "all judgements apply" in run(path, "--stale", "--format", "table").stdout


def test_page_text_cannot_steer_the_terminal(tmp_path):
    path = tmp_path / "news.db"
    with open_store(path, create=True) as store:
        store.add(make(text=TEXT.replace("Arica", "Arica\x1b[31m"), sha256="c" * 64))
    assert "\x1b" not in run(path, keys="q").stdout


def test_numbers_of_judgements_grow(store):
    numbers = [decide(store, author=f"author {n}") for n in range(5)]
    assert all(one < other for one, other in pairwise(numbers))


def test_what_copies_tell_in_the_same_words_is_asked_once(store):
    for number in range(30):
        store.add(make(sha256=f"{number:064d}", name=f"copy{number}"))
    assert [(doubt.fact, doubt.score) for doubt in queue(store)] == [("event", 0.55), ("quote", 0.7), ("event", 0.9)]
    for words, fact in (("met", "event"), ('"We agree on much,"', "quote"), ("accused", "event")):
        decide(store, words, "accept", fact)
    assert queue(store) == []
    assert len(queue(store, page="copy3")) == 3
    assert len(queue(store, by="chance", limit=50)) == 50

"""The record and its facts, as msgspec structs.

In: nothing. Out: the types every stage speaks, which are also the JSON of `tidings read`.
They carry data only; behaviour is functions over them. Field by field they follow `docs/record.md`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

from tidings.text import Alignment, Span

SCHEMA = "tidings.record/1"

Media = Literal["html", "text", "article"]
BlockRole = Literal[
    "headline",
    "standfirst",
    "dateline",
    "byline",
    "paragraph",
    "subheading",
    "quote",
    "list",
    "table",
    "caption",
    "correction",
]
FurnitureRole = Literal[
    "related",
    "author_bio",
    "comment_form",
    "comments",
    "nav",
    "footer",
    "newsletter",
    "share",
    "tags",
    "ad",
    "cookie",
    "credit",
    "other",
]
ActorType = Literal["person", "organisation", "government", "country", "group", "place", "other"]
MentionForm = Literal["name", "nominal", "pronoun", "metonym", "adjective"]
TimexType = Literal["DATE", "TIME", "DURATION", "SET"]
QuoteKind = Literal["direct", "indirect", "mixed"]
EventType = Literal[
    "AGREE",
    "CONSULT",
    "SUPPORT",
    "CONCEDE",
    "COOPERATE",
    "AID",
    "RETREAT",
    "REQUEST",
    "ACCUSE",
    "REJECT",
    "THREATEN",
    "PROTEST",
    "SANCTION",
    "MOBILIZE",
    "COERCE",
    "ASSAULT",
]
EventStatus = Literal["asserted", "historical", "planned", "hypothetical", "denied"]
QuoteStatus = Literal["asserted", "planned", "hypothetical", "denied"]
DateBasis = Literal["metadata", "url", "dateline", "inferred", "given"]
CreditKind = Literal["syndicated", "agency", "translated", "partner", "press_release"]

UNSAID: dict[str, str] = {"denied": "not said", "planned": "expected", "hypothetical": "if"}
"""What a reader sees beside a quote that was not said, by its status."""
BODY_ROLES: frozenset[str] = frozenset({"standfirst", "paragraph", "subheading", "quote", "list", "table"})
"""The block roles that make up the body of an article."""


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """The common ground of all record types: frozen, keyword-only."""


class Page(Fact, frozen=True, kw_only=True):
    """What was received: bytes, told apart by their digest. `name` is the file or address as the caller gave it."""

    id: str
    sha256: str
    media: Media
    name: str | None = None
    url: str | None = None
    fetched: str | None = None
    outlet: str | None = None


class Block(Fact, frozen=True, kw_only=True):
    """One block of the article's text."""

    span: Span
    role: BlockRole


class Credit(Fact, frozen=True, kw_only=True):
    """Who else the article came from. `source` points into the decoded page."""

    name: str
    kind: CreditKind
    source: Span | None = None


class Evidence(Fact, frozen=True, kw_only=True):
    """One reason for a date: what it says, and the characters that say it.

    `span` points into the article's text, `source` into the decoded page; both are None for evidence that is no text
    of the page (the time of fetching).
    """

    says: str
    text: str | None = None
    span: Span | None = None
    source: Span | None = None


class Published(Fact, frozen=True, kw_only=True):
    """The article's own date. `value` is None when only an interval (inclusive ISO days) is known."""

    value: str | None
    basis: DateBasis
    score: float
    interval: tuple[str | None, str | None] = (None, None)
    evidence: tuple[Evidence, ...] = ()


class Article(Fact, frozen=True, kw_only=True):
    """The piece itself: cleaned text with typed blocks and what the page says about it."""

    text: str
    blocks: tuple[Block, ...] = ()
    body: str = ""
    alignment: tuple[tuple[int, int, int], ...] = ()
    title: str | None = None
    section: str | None = None
    authors: tuple[str, ...] = ()
    outlet: str | None = None
    language: str | None = None
    credit: Credit | None = None
    published: Published | None = None
    kind: Literal["article", "live", "index", "error"] = "article"


class Furniture(Fact, frozen=True, kw_only=True):
    """What stood around the article. `source` points into the decoded page."""

    role: FurnitureRole
    text: str
    source: Span


class DateCandidate(Fact, frozen=True, kw_only=True):
    """A date the page states about itself, before it is weighed against the text."""

    value: str
    basis: DateBasis
    score: float
    evidence: Evidence


class Received(Fact, frozen=True, kw_only=True):
    """A page with its characters: what `pages` hands to `article`. Offsets called `source` point into `text`."""

    page: Page
    text: str


class Clipping(Fact, frozen=True, kw_only=True):
    """The article cut out of its page, what stood around it, and the dates the page states about itself.

    `why` says what is wrong with a page: that it shows no text, or more than is looked at.
    """

    article: Article
    furniture: tuple[Furniture, ...] = ()
    dates: tuple[DateCandidate, ...] = ()
    why: str | None = None


class Role(Fact, frozen=True, kw_only=True):
    """An office or function: `title` of `of`, between ISO days `start` and `end`; `span` when the article states it."""

    title: str
    of: str | None = None
    start: str | None = None
    end: str | None = None
    span: Span | None = None


class Actor(Fact, frozen=True, kw_only=True):
    """Who can act: a person, organisation, government, country or group, within one article."""

    id: str
    name: str
    type: ActorType
    country: str | None = None
    sector: str | None = None
    code: str | None = None
    wikidata: str | None = None
    roles: tuple[Role, ...] = ()
    aliases: tuple[str, ...] = ()
    why: str | None = None


class Mention(Fact, frozen=True, kw_only=True):
    """A stretch of text that speaks of an actor; `actor` is None where we cannot tell which."""

    span: Span
    form: MentionForm
    label: str
    score: float
    actor: str | None = None
    why: str | None = None


class Cast(Fact, frozen=True, kw_only=True):
    """All actors of an article with their mentions in text order: what `actors` hands to the later stages.

    `men` says how likely a person is a man, from 0 to 1, by title, given name or table; it lacks whom nothing tells of.
    It is for reading "he" and "she" alone and enters no record.
    """

    actors: tuple[Actor, ...] = ()
    mentions: tuple[Mention, ...] = ()
    men: Mapping[str, float] = {}


class Place(Fact, frozen=True, kw_only=True):
    """A place name. `lat` and `lon` are WGS 84 degrees, None when the coordinates are not known."""

    span: Span
    name: str
    score: float
    geonames: int | None = None
    lat: float | None = None
    lon: float | None = None
    country: str | None = None
    level: str | None = None
    why: str | None = None


class Timex(Fact, frozen=True, kw_only=True):
    """A time expression: TIMEX3 `value`, and the inclusive ISO days `begin` and `end` it covers.

    `value` is None when the expression cannot be placed (a weekday in an article without a date).
    """

    span: Span
    type: TimexType
    score: float
    value: str | None = None
    begin: str | None = None
    end: str | None = None
    grain: str | None = None
    mod: str | None = None
    why: str | None = None


class Quote(Fact, frozen=True, kw_only=True):
    """Speech or writing reported: `span` is the hull of `parts`.

    `status` tells what was not said, or not yet: "did not say", "is expected to say", "if she says".
    """

    span: Span
    parts: tuple[Span, ...]
    kind: QuoteKind
    score: float
    cue: Span | None = None
    speaker: str | None = None
    speaker_span: Span | None = None
    why: str | None = None
    status: QuoteStatus = "asserted"


class Side(Fact, frozen=True, kw_only=True):
    """One actor on one side of an event."""

    span: Span
    actor: str | None = None
    code: str | None = None


class EventDate(Fact, frozen=True, kw_only=True):
    """When an event happened: TIMEX3 value and inclusive ISO days; `span` is None when it follows from the article.

    Days next to each other ("on 9 and 10 March") are one date from the first to the last: `2023-03-09/2023-03-10`.
    """

    value: str
    begin: str | None = None
    end: str | None = None
    span: Span | None = None


class Event(Fact, frozen=True, kw_only=True):
    """Who did what to whom (PLOVER)."""

    id: str
    trigger: Span
    sentence: Span
    type: EventType
    quad: int
    intensity: float
    status: EventStatus
    score: float
    mode: str | None = None
    contexts: tuple[str, ...] = ()
    cameo: str | None = None
    source: tuple[Side, ...] = ()
    target: tuple[Side, ...] = ()
    according_to: str | None = None
    date: EventDate | None = None
    place: int | None = None
    why: str | None = None


class Trouble(Fact, frozen=True, kw_only=True):
    """Something that went wrong in one stage, or was left out, and why."""

    stage: str
    message: str


class Record(Fact, frozen=True, kw_only=True):
    """All that was read from one page."""

    schema: str = SCHEMA
    id: str
    page: Page
    article: Article
    furniture: tuple[Furniture, ...] = ()
    actors: tuple[Actor, ...] = ()
    mentions: tuple[Mention, ...] = ()
    places: tuple[Place, ...] = ()
    times: tuple[Timex, ...] = ()
    quotes: tuple[Quote, ...] = ()
    events: tuple[Event, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    version: str = ""

    def locate(self, span: tuple[int, int]) -> Span | None:
        """Return the stretch of the decoded page that holds `span` of the article's text.

        None when no character of the span stands in the page.
        """
        return Alignment(self.article.alignment).locate(span)


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Record)


def to_json(record: Record) -> str:
    """Write a record as the one line that `tidings read --format jsonl` prints."""
    return _encoder.encode(record).decode()


def from_json(line: str | bytes) -> Record:
    """Read a record from its line of JSON.

    Raises `msgspec.ValidationError` naming the path of the fault when the line is no record.
    """
    return _decoder.decode(line)

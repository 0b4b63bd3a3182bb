"""How records look on a terminal.

In: records. Out: rich renderables. It prints nothing and reads nothing.
Page text is hostile: it only ever becomes a `Text`, never markup; `terminal.show` takes control characters out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from tidings.cli.terminal import blanked
from tidings.export.events import said_by
from tidings.facts import UNSAID, Actor, Event, Quote, Record, Side, Timex
from tidings.text import Span

__all__ = ["calendar", "marked_article", "page_table", "record_view"]

_STYLES = {"actor": "cyan", "time": "yellow", "quote": "green", "event": "bold red", "place": "magenta"}
_BLOCK_STYLES = {"headline": "bold", "standfirst": "italic", "subheading": "bold", "caption": "dim", "byline": "dim"}


def page_table(records: Sequence[tuple[str, Record]]) -> Table:
    """Lay out one line a page: what it is, when it is from, how much was read."""
    table = Table(box=None, header_style="bold", pad_edge=False, expand=True)
    table.add_column("page", overflow="ellipsis", no_wrap=True, ratio=2)
    table.add_column("published", no_wrap=True, min_width=10)
    table.add_column("title", overflow="ellipsis", no_wrap=True, ratio=3)
    for name in ("actors", "quotes", "times", "events"):
        table.add_column(name, justify="right", no_wrap=True, min_width=len(name))
    for name, record in records:
        article = record.article
        table.add_row(
            Text(name),
            Text(known.value or "?" if (known := article.published) else "?"),
            Text(article.title or "-"),
            *(Text(str(len(facts))) for facts in (record.actors, record.quotes, record.times, record.events)),
        )
    return table


def published(record: Record) -> str:
    """Say the article's date and how it is known; an interval when the day is not certain."""
    known = record.article.published
    if known is None:
        return "not known"
    if known.value:
        return f"{known.value} ({known.basis})"
    low, high = known.interval
    return f"{low or '?'} to {high or '?'} ({known.basis})" if low or high else "not known"


def record_view(record: Record, *, explain: bool = False, text: bool = True) -> Group:
    """Lay out a whole record: head, marked article, quotes, what is said in other words, events, calendar, troubles."""
    parts: list[RenderableType] = [_head(record)]
    if text and record.article.text.strip():
        parts += [Text(), *_article_blocks(record), _legend()]
    for title, table in (
        ("Quotes", _quotes(record, explain, indirect=False)),
        ("Said in other words", _quotes(record, explain, indirect=True)),
        ("Events", _events(record, explain)),
        ("Calendar", calendar(record)),
        ("Left out, and why", _troubles(record)),
    ):
        if table is not None:
            parts += [Text(), Text(title, style="bold underline"), table]
    if explain:
        parts += [Text(), Text("Why this date", style="bold underline"), _date_evidence(record)]
    return Group(*parts)


def marked_article(record: Record) -> Text:
    """Return the article's text with its facts in colour."""
    text = Text(blanked(record.article.text))
    for style, span in _marks(record):
        text.stylize(_STYLES[style], span.start, span.end)
    return text


def calendar(record: Record) -> Table | None:
    """Lay out what is planned, in order of its date; None when nothing is."""
    planned = [event for event in record.events if event.status == "planned" and event.date]
    if not planned:
        return None
    table = _table("when", "what", "who", "words")
    for event in sorted(planned, key=lambda event: (event.date.begin or event.date.value) if event.date else ""):
        table.add_row(
            Text(event.date.value if event.date else ""),
            Text(event.type),
            Text(_sides(record, (*event.source, *event.target))),
            Text(_words(record, event.sentence)),
        )
    return table


def _head(record: Record) -> Text:
    article, page = record.article, record.page
    head = Text(article.title or "(no title)", style="bold")
    head.append("\n")
    facts = [article.outlet or page.outlet, article.section, ", ".join(article.authors), published(record)]
    if article.credit:
        facts.append(f"{article.credit.kind}: {article.credit.name}")
    head.append(" · ".join(fact for fact in facts if fact), style="dim")
    return head


def _article_blocks(record: Record) -> Iterator[RenderableType]:
    whole = marked_article(record)
    for block in record.article.blocks:
        piece = whole[block.span.start : block.span.end]
        piece.stylize_before(_BLOCK_STYLES.get(block.role, ""))
        yield Padding(piece, (0, 0, 1, 2 if block.role in ("quote", "list") else 0))


def _legend() -> Text:
    text = Text("marked: ", style="dim")
    for name, style in _STYLES.items():
        text.append(name, style=style).append("  ")
    return text


def _marks(record: Record) -> Iterator[tuple[str, Span]]:
    """Yield every marked span, the widest kinds first so that narrow ones stay visible on top."""
    yield from (("quote", part) for quote in record.quotes for part in quote.parts)
    yield from (("place", place.span) for place in record.places)
    yield from (("actor", mention.span) for mention in record.mentions if mention.form != "pronoun")
    yield from (("time", time.span) for time in record.times)
    yield from (("event", event.trigger) for event in record.events)


def _quotes(record: Record, explain: bool, *, indirect: bool) -> Table | None:
    """Lay out what stands between marks, or what is reported in other words: that is nothing without its verb."""
    quotes = [quote for quote in record.quotes if (quote.kind == "indirect") == indirect]
    if not quotes:
        return None
    table = _table("who", "words", *(["why"] if explain else []))
    names = _names(record)
    for quote in quotes:
        parts = [quote.span.hull(quote.cue or quote.span)] if indirect else quote.parts
        told = " … ".join(_words(record, part) for part in parts)
        mark = UNSAID.get(quote.status)
        row = [_speaker(record, quote, names), f"[{mark}] {told}" if mark else told]
        table.add_row(*(Text(cell) for cell in [*row, *([_why(quote)] if explain else [])]))
    return table


def _events(record: Record, explain: bool) -> Table | None:
    if not record.events:
        return None
    table = _table("when", "who", "what", "to whom", "words", *(["why"] if explain else []))
    for event in record.events:
        mode = f"-{event.mode}" if event.mode else ""
        status = "" if event.status == "asserted" else f" ({event.status})"
        teller = said_by(record, event)
        row = [
            event.date.value if event.date else "",
            _sides(record, event.source),
            f"{event.type}{mode}{status}",
            _sides(record, event.target),
            _words(record, event.sentence) + (f" (according to {teller})" if teller else ""),
        ]
        table.add_row(*(Text(cell) for cell in [*row, *([_why(event)] if explain else [])]))
    return table


def _troubles(record: Record) -> Table | None:
    if not record.troubles:
        return None
    table = _table("stage", "trouble")
    for trouble in record.troubles:
        table.add_row(Text(trouble.stage), Text(trouble.message))
    return table


def _date_evidence(record: Record) -> RenderableType:
    known = record.article.published
    if known is None or not known.evidence:
        return Text("nothing on the page speaks of its date")
    table = _table("says", "words")
    for reason in known.evidence:
        table.add_row(Text(reason.says), Text(reason.text or ""))
    return table


def _table(*columns: str) -> Table:
    table = Table(box=None, header_style="dim", pad_edge=False, expand=True)
    for column in columns:
        table.add_column(column, ratio=4 if column == "words" else 2 if column in ("who", "to whom", "why") else None)
    return table


def _names(record: Record) -> dict[str, Actor]:
    return {actor.id: actor for actor in record.actors}


def _speaker(record: Record, quote: Quote, names: dict[str, Actor]) -> str:
    if quote.speaker and quote.speaker in names:
        return names[quote.speaker].name
    return quote.speaker_span.of(record.article.text) if quote.speaker_span else "?"


def _sides(record: Record, sides: Iterable[Side]) -> str:
    names = _names(record)
    told = [names[side.actor].name if side.actor in names else side.span.of(record.article.text) for side in sides]
    return ", ".join(dict.fromkeys(told))


def _words(record: Record, span: Span, most: int = 160) -> str:
    words = " ".join(span.of(record.article.text).split())
    return words if len(words) <= most else f"{words[: most - 1]}…"


def _why(fact: Quote | Event | Timex) -> str:
    return f"{fact.why or ''} [{fact.score:.2f}]".strip()

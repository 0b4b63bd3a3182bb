"""Who "I", "we" and "my" are inside a quote: whoever is quoted; and who "he" and "she" are who say it.

In: the cast and the quotes found with it. Out: the cast with first persons tied to the speakers.
It finds no quotes.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from tidings.facts import Actor, Cast, Mention, Quote
from tidings.text import Span

__all__ = ["cast_speakers"]


def cast_speakers(cast: Cast, quotes: Sequence[Quote]) -> Cast:
    """Tie the first-person pronouns inside each quote to its speaker.

    "I" and "my" become the speaker; "we" only where the speaker is an organisation, a group or a government, because a
    person's "we" may be anybody. Whom a quote takes a speaking "he" or "she" for is whom that pronoun means.
    """
    actors = {actor.id: actor for actor in cast.actors}
    spoken = [(part, quote) for quote in quotes if quote.speaker for part in quote.parts]
    speaking: dict[Span, Quote] = {}
    for quote in quotes:
        if quote.speaker_span is not None:
            speaking.setdefault(quote.speaker_span, quote)
    mentions = (_speaking(mention, speaking.get(mention.span)) for mention in cast.mentions)
    return msgspec.structs.replace(cast, mentions=tuple(_cast(mention, spoken, actors) for mention in mentions))


def _speaking(mention: Mention, quote: Quote | None) -> Mention:
    if quote is None or mention.form != "pronoun" or mention.actor == quote.speaker:
        return mention
    if quote.speaker is None:
        return msgspec.structs.replace(mention, actor=None, score=0.5, why="nobody is surely meant")
    return msgspec.structs.replace(mention, actor=quote.speaker, score=0.6, why="who speaks there")


def _cast(mention: Mention, spoken: Sequence[tuple[tuple[int, int], Quote]], actors: dict[str, Actor]) -> Mention:
    if mention.form != "pronoun" or not (mention.why or "").startswith("first person"):
        return mention
    quote = next((q for part, q in spoken if part[0] <= mention.span.start and mention.span.end <= part[1]), None)
    if quote is None or quote.speaker not in actors:
        return mention
    plural = mention.why == "first person plural"
    if plural and actors[quote.speaker].type == "person":
        return mention
    return msgspec.structs.replace(
        mention, actor=quote.speaker, score=round(0.95 * quote.score, 4), why=f"{mention.why}, in a quote of theirs"
    )

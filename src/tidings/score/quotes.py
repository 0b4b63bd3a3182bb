"""Measure quotations: spans, speakers, quoted strings, components and identity.

In: the folder of development data (PolNeAR-style articles). Out: one `Score` a number.
It tunes nothing; every comparison is on word tokens, so marks and blanks at the edges do not matter.
"""

from __future__ import annotations

import functools
import json
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from tidings.facts import Article, Block, Cast, Quote
from tidings.score.results import Score, data_folder, f1
from tidings.text import Span

__all__ = ["Judged", "score_quotes", "score_seed"]

_WORD = re.compile(r"\w+")
_OVERLAP = 0.8
_DATA = "polnear_dev.jsonl"
_RIVALS = {
    "direct_mixed.pair_f1": (47.4, "BBC Citron, retrained (PolNeAR test)"),
    "direct_mixed.ov80_f1": (50.0, "BBC Citron, retrained (PolNeAR test)"),
    "indirect.ov80_f1": (35.2, "GenderGapTracker (PolNeAR test)"),
    "all.pair_f1": (37.3, "BBC Citron, retrained (PolNeAR test)"),
    "strings.f1": (94.3, "regular expression (PolNeAR test)"),
    "strings.speaker_recall": (64.8, "textacy, marks repaired (PolNeAR test)"),
    "component.source_f1": (83.2, "BERT CofeNet, published (PolNeAR test)"),
    "component.cue_f1": (75.3, "BERT CofeNet, published (PolNeAR test)"),
    "component.content_f1": (72.9, "BERT CofeNet, published (PolNeAR test)"),
    "identity.pronouns": (0.83, "previous named speaker, gold quotes"),
}

Words = frozenset[int]


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """One quotation, found or annotated, on word tokens."""

    kind: str
    content: Words
    speaker: Words
    pieces: tuple[Words, ...] = ()
    cue: tuple[Words, ...] = ()
    source: tuple[Words, ...] = ()
    id: str = ""


@dataclass
class Tally:
    """Counts of one number: right ones, found ones, annotated ones."""

    right: float = 0
    found: float = 0
    gold: float = 0

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        return f1(self.precision, self.recall)


@dataclass
class Tallies:
    """All counts of a run, by name."""

    by_name: defaultdict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))

    def add(self, name: str, right: float, found: float, gold: float) -> None:
        tally = self.by_name[name]
        tally.right += right
        tally.found += found
        tally.gold += gold


class Ruler:
    """Turn spans of one text into sets of word numbers."""

    def __init__(self, text: str) -> None:
        matches = list(_WORD.finditer(text))
        self._starts = [match.start() for match in matches]
        self._ends = [match.end() for match in matches]

    def words(self, spans: Iterable[Sequence[int]]) -> Words:
        """Return the numbers of the words that the spans touch."""
        found: set[int] = set()
        for start, end in spans:
            first, last = bisect_left(self._ends, start + 1), bisect_left(self._starts, end)
            found.update(range(first, last))
        return frozenset(found)


def jaccard(one: Words, other: Words) -> float:
    """Return the share of words two contents have in common."""
    union = len(one | other)
    return len(one & other) / union if union else 0.0


def match(found: Sequence[Judged], gold: Sequence[Judged]) -> list[tuple[int, int, float]]:
    """Pair found and annotated quotations one to one, the best overlap first."""
    pairs = [(jaccard(f.content, g.content), i, j) for i, f in enumerate(found) for j, g in enumerate(gold)]
    pairs = sorted((pair for pair in pairs if pair[0] > 0), key=lambda pair: (-pair[0], pair[1], pair[2]))
    used_found: set[int] = set()
    used_gold: set[int] = set()
    matched: list[tuple[int, int, float]] = []
    for overlap, i, j in pairs:
        if i not in used_found and j not in used_gold:
            used_found.add(i)
            used_gold.add(j)
            matched.append((i, j, overlap))
    return matched


def right_speaker(found: Judged, gold: Judged) -> bool:
    """Tell whether the speakers share a word, or neither has any."""
    return bool(found.speaker & gold.speaker) if gold.speaker else not found.speaker


def tally_spans(
    found: Sequence[Judged], gold: Sequence[Judged], kinds: Sequence[str], name: str, into: Tallies
) -> None:
    """Count spans and speakers of some kinds of quotation."""
    wanted = [g for g in gold if g.kind in kinds]
    others = [g for g in gold if g.kind not in kinds]
    matched = match(found, wanted)
    near = {i for i, _, overlap in matched if overlap >= _OVERLAP}
    kept = [i for i, f in enumerate(found) if i in near or not _of_other_kind(f, others)]
    exact = sum(overlap == 1.0 for _, _, overlap in matched)
    close = [(found[i], wanted[j]) for i, j, overlap in matched if overlap >= _OVERLAP]
    into.add(f"{name}.exact", exact, len(kept), len(wanted))
    into.add(f"{name}.ov80", len(close), len(kept), len(wanted))
    into.add(f"{name}.pair", sum(right_speaker(f, g) for f, g in close), len(kept), len(wanted))
    named = [(f, g) for f, g in close if g.speaker]
    into.add(f"{name}.speaker", sum(right_speaker(f, g) for f, g in named), len(named), len(named))
    into.add(f"{name}.speaker_exact", sum(f.speaker == g.speaker for f, g in named), len(named), len(named))


def _of_other_kind(found: Judged, others: Sequence[Judged]) -> bool:
    return any(
        jaccard(found.content, g.content) >= _OVERLAP or 2 * len(found.content & g.content) >= len(found.content) > 0
        for g in others
    )


def tally_strings(
    found: Sequence[Judged], gold: Sequence[Judged], strings: list[dict], ruler: Ruler, into: Tallies
) -> None:
    """Count quoted strings: is each taken for a quotation, and is its speaker right?"""
    by_id = {g.id: g for g in gold}
    for string in strings:
        words = ruler.words([string["span"]])
        truth = by_id.get(string["in_attribution"] or "")
        covering = [f for f in found if words and 2 * len(f.content & words) >= len(words)]
        into.add("strings", bool(truth and covering), bool(covering), truth is not None)
        best = max(covering, key=lambda f: (len(f.content & words), -len(f.content)), default=None)
        right = bool(best and truth and truth.speaker and best.speaker & truth.speaker)
        into.add("strings.speaker", right, bool(best and best.speaker), bool(truth and truth.speaker))


def tally_components(found: Sequence[Judged], gold: Sequence[Judged], into: Tallies) -> None:
    """Count exact fragments of sources, cues and contents, each on its own."""
    parts: dict[str, Callable[[Judged], tuple[Words, ...]]] = {
        "source": lambda q: q.source,
        "cue": lambda q: q.cue,
        "content": lambda q: q.pieces,
    }
    for name, part in parts.items():
        ours = {words for q in found for words in part(q) if words}
        theirs = {words for q in gold for words in part(q) if words}
        into.add(f"component.{name}", len(ours & theirs), len(ours), len(theirs))


def judged(quote: Quote, ruler: Ruler) -> Judged:
    """Put a found quotation on words."""
    return Judged(
        kind=quote.kind,
        content=ruler.words(quote.parts),
        speaker=ruler.words([quote.speaker_span] if quote.speaker_span else []),
        pieces=tuple(ruler.words([part]) for part in quote.parts),
        cue=(ruler.words([quote.cue]),) if quote.cue else (),
        source=(ruler.words([quote.speaker_span]),) if quote.speaker_span else (),
    )


def judged_gold(quote: dict[str, Any], ruler: Ruler) -> Judged:
    """Put an annotated quotation on words."""
    return Judged(
        kind=quote["kind"],
        content=ruler.words(quote["spans"]),
        speaker=ruler.words(quote["speaker_spans"]),
        pieces=tuple(ruler.words([span]) for span in quote["spans"]),
        cue=tuple(ruler.words([span]) for span in quote["cue_spans"]),
        source=tuple(ruler.words([span]) for span in quote["speaker_spans"]),
        id=quote["id"],
    )


def _cast(doc: Any, article: Article) -> Cast:
    """Ask the actors stage, an empty cast where this installation has none."""
    try:
        from tidings.actors import find_actors  # pyright: ignore[reportAttributeAccessIssue]
    except ImportError:
        return Cast()
    return find_actors(doc, article=article)


def read_quotes(text: str) -> tuple[list[Quote], Cast]:
    """Read one clean text as the reader does."""
    from tidings.quotes import find_quotes
    from tidings.syntax import parse

    article = Article(text=text, body=text, blocks=(Block(span=Span(0, len(text)), role="paragraph"),))
    doc = parse(text)
    cast = _cast(doc, article)
    return find_quotes(doc, cast, article=article), cast


def _articles(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def score_quotes(folder: Path | None = None) -> list[Score]:
    """Score the quotations stage on the development articles of PolNeAR.

    Raises `DataError` when there are no data.
    """
    data = data_folder("quotes", folder) / "dev"
    tallies = Tallies()
    named = defaultdict(list)
    for item in _articles(data / "speaker_identity.jsonl"):
        named[item["doc_id"]].append(item)
    for article in _articles(data / _DATA):
        text = article["text"]
        ruler = Ruler(text)
        quotes, cast = read_quotes(text)
        found = [judged(quote, ruler) for quote in quotes]
        gold = [judged_gold(quote, ruler) for quote in article["quotes"]]
        for kinds, name in (
            (("direct", "mixed"), "direct_mixed"),
            (("indirect",), "indirect"),
            (("direct", "mixed", "indirect"), "all"),
        ):
            tally_spans(found, gold, kinds, name, tallies)
        tally_strings(found, gold, article["quoted_strings"], ruler, tallies)
        tally_components(found, gold, tallies)
        _tally_identity(quotes, cast, article, named[article["id"]], ruler, tallies)
    return _scores(tallies)


def _tally_identity(
    quotes: list[Quote], cast: Cast, article: dict[str, Any], items: list[dict], ruler: Ruler, into: Tallies
) -> None:
    names = {actor.id: actor.name for actor in cast.actors}
    gold = {quote["id"]: ruler.words(quote["spans"]) for quote in article["quotes"]}
    for item in items:
        if item["identity_type"] != "PERSON" or not item["accept_key"]:
            continue
        content = gold.get(item["quote_id"], frozenset())
        best = max(quotes, key=lambda quote: jaccard(ruler.words(quote.parts), content), default=None)
        said_by = names.get(best.speaker or "", "") if best and jaccard(ruler.words(best.parts), content) > 0.3 else ""
        pronoun = item["speaker_mention"].lower() in ("he", "she")
        right = item["accept_key"].lower() in said_by.lower()
        into.add("identity.pronouns" if pronoun else "identity.roles", right, bool(said_by), 1)


def _scores(tallies: Tallies) -> list[Score]:
    by_name = tallies.by_name
    scores: list[Score] = []

    def add(name: str, value: float, metric: str, items: float, percent: bool = True) -> None:
        rival, rival_name = _RIVALS.get(name, (None, None))
        value = round(100 * value, 1) if percent else round(value, 4)
        scores.append(
            Score(
                name=name, value=value, metric=metric, items=int(items), data=_DATA, rival=rival, rival_name=rival_name
            )
        )

    for kind in ("direct_mixed", "indirect", "all"):
        for name, metric in (
            ("exact", "F1 x 100, same words"),
            ("ov80", "F1 x 100, Jaccard over words 0.8 or more"),
            ("pair", "F1 x 100, Jaccard 0.8 or more and the speaker shares a word"),
        ):
            tally = by_name[f"{kind}.{name}"]
            add(f"{kind}.{name}_f1", tally.f1, metric, tally.gold)
        near = by_name[f"{kind}.ov80"]
        add(f"{kind}.ov80_precision", near.precision, "precision x 100, Jaccard 0.8 or more", near.found)
        add(f"{kind}.ov80_recall", near.recall, "recall x 100, Jaccard 0.8 or more", near.gold)
        tally = by_name[f"{kind}.speaker"]
        add(f"{kind}.speaker_accuracy", tally.recall, "% of matched quotations whose speaker shares a word", tally.gold)
        tally = by_name[f"{kind}.speaker_exact"]
        add(
            f"{kind}.speaker_exact",
            tally.recall,
            "% of matched quotations with the very words of the speaker",
            tally.gold,
        )
    strings, speakers = by_name["strings"], by_name["strings.speaker"]
    add("strings.f1", strings.f1, "F1 x 100, quoted strings taken for a quotation", strings.gold)
    add("strings.speaker_recall", speakers.recall, "% of quoted strings with the right speaker", speakers.gold)
    add(
        "strings.speaker_precision",
        speakers.precision,
        "% of named speakers of quoted strings that are right",
        speakers.found,
    )
    for part in ("source", "cue", "content"):
        tally = by_name[f"component.{part}"]
        add(f"component.{part}_f1", tally.f1, "F1 x 100, exact fragments", tally.gold)
    for part in ("pronouns", "roles"):
        tally = by_name[f"identity.{part}"]
        add(f"identity.{part}", tally.recall, "share of speakers traced to the right name", tally.gold, percent=False)
    return scores


@functools.cache
def _seed(folder: Path) -> tuple[str, list[dict[str, Any]]] | None:
    page, gold = folder / "page.txt", folder / "gold" / "quotes.json"
    if not page.is_file() or not gold.is_file():
        return None
    return page.read_text(encoding="utf-8"), json.loads(gold.read_text(encoding="utf-8"))["quotes"]


def score_seed(folder: Path | None = None) -> list[Score]:
    """Score the quotations of the founding page; an empty list where it is absent."""
    found = _seed(data_folder("quotes", folder).parent.parent / "seed")
    if found is None:
        return []
    text, gold = found
    ruler = Ruler(text)
    quotes, cast = read_quotes(text)
    names = {actor.id: actor.name for actor in cast.actors}
    tallies = Tallies()
    for item in gold:
        content = ruler.words(item["spans"])
        best = max(quotes, key=lambda quote: jaccard(ruler.words(quote.parts), content), default=None)
        close = best is not None and jaccard(ruler.words(best.parts), content) >= _OVERLAP
        accepted = [item[key] for key in ("speaker_span", "full_speaker_span", "name_span") if item.get(key)]
        speaker = ruler.words([best.speaker_span]) if best and best.speaker_span else frozenset()
        literal = bool(speaker & ruler.words(accepted))
        name = names.get(best.speaker or "", "") if best else ""
        known = item["speaker"].split()[-1].lower() in name.lower()
        tallies.add("seed.quotes", close, close, 1)
        if item["kind"] != "indirect":
            for string in item.get("quoted_parts") or [item["span"]]:
                words = ruler.words([string])
                covering = [q for q in quotes if 2 * len(ruler.words(q.parts) & words) >= len(words)]
                right = any(ruler.words([q.speaker_span]) & ruler.words(accepted) for q in covering if q.speaker_span)
                tallies.add("seed.strings", right, right, 1)
        tallies.add("seed.speakers", close and literal, close, 1)
        tallies.add("seed.identity", close and known, close, 1)
    metrics = {
        "seed.quotes": "share of quotations found (Jaccard 0.8 or more)",
        "seed.strings": "share of quoted strings with the right words for the speaker",
        "seed.speakers": "share of quotations found with the right words for the speaker",
        "seed.identity": "share of quotations traced to the right name",
    }
    return [
        Score(
            name=name,
            value=round(tallies.by_name[name].recall, 4),
            metric=metric,
            items=int(tallies.by_name[name].gold),
            data="seed",
        )
        for name, metric in metrics.items()
    ]

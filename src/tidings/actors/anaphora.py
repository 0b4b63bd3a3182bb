"""Anaphora: the descriptions and pronouns of an article, tied to whom the names before them mean.

In: the stage with its names. Out: a mention for each description and pronoun, with nobody where that is open.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from tidings.actors.agents import sector_of
from tidings.actors.casting import Part, Placed
from tidings.actors.coreference import PRONOUNS, Candidate, antecedent, candidate, commands
from tidings.actors.descriptions import described, means
from tidings.actors.stage import Stage
from tidings.text import Span

__all__ = ["cast_anaphora"]

_LONGEST_NAME = 120
_STILL = frozenset("be have lie become remain stand host".split())
"""What towns do."""
_SIGHT = 100
"""Tokens before a pronoun in which others may stand nearer than whom it is taken for."""
_FIRST = {"i": "first person", "we": "first person plural", "you": "second person"}


def cast_anaphora(stage: Stage) -> None:
    """Walk through the text once, tying descriptions and pronouns to what stands before them."""
    stage.strangers = [
        start
        for (start, _), one in sorted(stage.mentions.items())
        if one.label == "PERSON" and one.form == "name" and one.actor is None
    ]
    stage.placed.sort(key=lambda p: (p.start, -p.end))
    names = list(stage.placed)
    stage.names, stage.name_starts = names, [p.start for p in names]
    spans = [s for s in described(stage.doc) if tuple(s) not in stage.mentions and not _is_name(stage, s)]
    steps: list[tuple[int, int, bool]] = [(s.start, s.end, False) for s in spans]
    steps += [
        (t.idx, t.idx + len(t), True)
        for t in stage.doc
        if t.lower_ in PRONOUNS and t.pos_ in ("PRON", "DET") and t.text != "US"
    ]
    steps.sort(key=lambda step: (step[0], step[1]))
    before: list[Placed] = []
    candidates: list[Candidate] = []
    numbers: dict[str, int] = {}
    at = 0
    for start, end, is_pronoun in steps:
        while at < len(names) and names[at].start < start:
            before.append(names[at])
            candidates.append(_candidate(stage, names[at], numbers))
            at += 1
        found = (
            _pronoun(stage, start, end, candidates, names[at : at + 6], numbers)
            if is_pronoun
            else _description(stage, start, end, before)
        )
        if found:
            placed = Placed(start, end, found, "pronoun" if is_pronoun else "nominal", stage.sentence_at(start))
            if found.type != "group" or not is_pronoun:
                before.append(placed)
            if not _named_counterpart(stage, Span(start, end)):  # who is named right after is there already
                candidates.append(_candidate(stage, placed, numbers))


def _names_near(stage: Stage, start: int, end: int) -> list[Placed]:
    """Return the names that begin inside a stretch, or so shortly before that they may reach into it."""
    return stage.names[bisect_left(stage.name_starts, start - _LONGEST_NAME) : bisect_left(stage.name_starts, end)]


def _is_name(stage: Stage, span: Span) -> bool:
    """Tell whether a noun phrase is a name with its article, or ends in a person's name."""
    return any(
        (n.start <= span.start + 4 and span.end <= n.end)
        or (n.part.type == "person" and n.form == "name" and span.start <= n.start and span.end <= n.end + 2)
        for n in _names_near(stage, span.start, span.end)
    )


def _description(stage: Stage, start: int, end: int, before: Sequence[Placed]) -> Part | None:
    span = Span(start, end)
    found = _named_counterpart(stage, span) or means(
        stage.doc, span, stage.troupe, before[-60:], _placed_near(stage, start, end), stage.sentence_at(start)
    )
    if found is None:
        return None
    part, score, why = found
    label = {"person": "PERSON", "country": "GPE", "government": "GPE"}.get(part.type, "ORG")
    stage.put(start, end, "nominal", label, part, score, why)
    return part


def _named_counterpart(stage: Stage, span: Span) -> tuple[Part, float, str] | None:
    """Return whom the name right after means: "his Danish counterpart, Ada Berg"."""
    if not span.of(stage.text).lower().endswith("counterpart") or not stage.text.startswith(", ", span.end):
        return None
    start = span.end + 2
    part = next((n.part for n in _names_near(stage, start, start + 1) if n.start == start), None)
    return (part, 0.9, f"is {part.name}") if part is not None and part.type == "person" else None


def _placed_near(stage: Stage, start: int, end: int) -> list[Placed]:
    return [p for p in _names_near(stage, start, end) if start <= p.start and p.end <= end]


def _candidate(stage: Stage, one: Placed, numbers: dict[str, int]) -> Candidate:
    kind = {
        "person": "person",
        "organisation": "organisation",
        "group": "group",
        "government": "place",
        "country": "place",
        "place": "place",
    }.get(one.part.type, "thing")
    # "Hamas said it" and "Hamas said they", so does the opposition, but the rebels are only "they".
    several = kind == "group" and stage.doc[stage.token_at(one.end - 1)].tag_ not in ("NN", "NNP")
    if kind == "group" and not several:
        kind = "organisation"
    number = numbers.setdefault(one.part.id, len(numbers))
    made = candidate(
        stage.doc,
        one.start,
        one.end,
        kind=kind,
        man=one.part.man,
        cluster=number,
        sentences=stage.sentences,
        inside=stage.inside,
    )
    return made._replace(plural=several)


def _pronoun(
    stage: Stage,
    start: int,
    end: int,
    candidates: Sequence[Candidate],
    later: Sequence[Placed],
    numbers: dict[str, int],
) -> Part | None:
    word = stage.text[start:end].lower()
    kind = PRONOUNS[word]
    if kind in _FIRST:
        stage.put(start, end, "pronoun", "PERSON", None, 0.5, _FIRST[kind])
        return None
    own = candidate(
        stage.doc, start, end, kind="pronoun", man=None, cluster=-1, sentences=stage.sentences, inside=stage.inside
    )
    ids = {number: key for key, number in numbers.items()}
    if kind == "who":
        near = [c for c in candidates if c.end <= start and 0 <= start - c.end < 4 and c.kind in ("person", "group")]
        part = stage.troupe.parts[ids[near[-1].cluster]] if near else None
        if part:
            stage.put(start, end, "pronoun", "PERSON", part, 0.9, "relative")
        return part
    if kind == "it" and _is_empty_it(stage, start):
        return None
    usable = [c for c in candidates if not _is_adjective(stage, c)] if kind in ("it", "they") else list(candidates)
    ahead = [_candidate(stage, p, numbers) for p in later]
    ids = {number: key for key, number in numbers.items()}
    others = {c.cluster for c in ahead if not _is_adjective(stage, c) and _is_commanded(stage, c, own)}
    barred = {number for number, key in ids.items() if any(ids[other] in key.split("+") for other in others)}
    runs_ahead = kind in ("he", "she") and not usable
    found = antecedent(own, word, stage.doc, usable[-40:], ahead if runs_ahead else (), barred)
    floor = 0.62 if kind in ("it", "they") else 0.5
    if found is None or found[1] < floor:
        return None
    part = stage.troupe.parts[ids[found[0].cluster]]
    if kind in ("he", "she") and _is_passed_over(stage, found[0].start, start):
        stage.put(start, end, "pronoun", "PERSON", None, 0.5, "the last to act is nobody known")
        return None
    verb = stage.doc[own.token].head
    if part.type == "place" and own.role in ("main", "subject") and verb.lemma_ not in _STILL:
        return None  # no town says or does anything: the paper or the court that does is not known here
    if kind == "they" and part.type != "person" and _is_crowded_out(stage, found[0], own):
        stage.put(start, end, "pronoun", "ORG", None, 0.5, "several people nobody is known by stand nearer")
        return None
    if part.man is None and part.type == "person" and kind in ("he", "she"):
        part.man = 0.9 if kind == "he" else 0.1
        stage.guessed.add(part.id)
    stage.put(
        start,
        end,
        "pronoun",
        "PERSON" if part.type == "person" else "ORG",
        part,
        found[1],
        f"taken up: {part.name}",
    )
    return part


def _is_commanded(stage: Stage, name: Candidate, pronoun: Candidate) -> bool:
    return name.sentence == pronoun.sentence and commands(stage.doc[pronoun.token], stage.doc[name.token])


def _is_passed_over(stage: Stage, antecedent: int, pronoun: int) -> bool:
    """Tell whether a bare name nobody is known by is the subject between an antecedent and "he" right after."""
    return any(
        antecedent < start < pronoun
        and stage.sentence_at(pronoun) - stage.sentence_at(start) == 1
        and stage.doc[stage.token_at(start)].dep_ in ("nsubj", "nsubjpass")
        for start in stage.strangers
    )


def _is_crowded_out(stage: Stage, antecedent: Candidate, pronoun: Candidate) -> bool:
    """Tell "the court met. Hundreds of miners marched": they are nearer, several, and the subject."""
    own, kinds = stage.doc[pronoun.token].head, ("nsubj", "nsubjpass")
    if stage.doc[pronoun.token].lower_ != "they":
        # "Police arrested two men. A court ordered them held": the men, though the police act.
        kinds = (*kinds, "dobj")
    return any(
        token.tag_ == "NNS"
        and token.dep_ in kinds
        and (token.dep_ != "dobj" or sector_of(token.text) is not None)
        and token.head.dep_ in ("ROOT", "conj")
        and token.head != own
        and token.idx + len(token) not in stage.ends
        and stage.sentence_at(pronoun.start) - stage.sentence_at(token.idx) <= 1
        for token in stage.doc[max(antecedent.token + 1, pronoun.token - _SIGHT) : pronoun.token]
    )


def _is_adjective(stage: Stage, one: Candidate) -> bool:
    mention = stage.mentions.get((one.start, one.end))
    return mention is not None and mention.form == "adjective"


def _is_empty_it(stage: Stage, start: int) -> bool:
    token = stage.doc[stage.token_at(start)]
    return token.lower_ == "it" and (
        token.dep_ == "expl"
        or (
            token.head.lemma_ == "be"
            and any(c.dep_ in ("acomp", "ccomp", "advcl", "xcomp") for c in token.head.children)
        )
    )

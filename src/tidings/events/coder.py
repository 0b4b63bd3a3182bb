"""One sentence, one code: which of the 16 types it tells, if any.

In: a sentence, its sides when they are known. Out: an `EventCode`.
It finds no sides (see `roles`) and no second act of the sentence (see `find`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from tidings.events.agents import actor_kind
from tidings.events.candidate import Candidate
from tidings.events.casting import roles_parsed
from tidings.events.features import features_of, fit
from tidings.events.games import is_game
from tidings.events.ontology import QUADS
from tidings.events.scorer import MODEL, load_model
from tidings.events.status import how_told
from tidings.events.triggers import find_candidates
from tidings.text import Span, span_of

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from tidings.facts import EventType

__all__ = ["EventCode", "code", "code_parsed"]

ACT = 0.5
"""The least probability of an act at all, where no sides are given."""
READ = 0.4
"""How much the encoder's word on the type counts beside the linear scorer's."""
READ_ACT = 0.5
"""How much its word on there being an act at all counts."""
_PROMISED = frozenset({"CONSULT", "COOPERATE", "AID"})


class EventCode(msgspec.Struct, frozen=True, kw_only=True):
    """The type of a sentence's act, None where there is none; `types` holds the probability of each type.

    `relevance` is the probability that trained coders of political news would care about the sentence at all: they
    also count what officials merely say, which is no act and has no type. It is None where the sides are given, as who
    gives sides has found an act already.
    """

    type: EventType | None
    quad: int | None
    score: float
    types: dict[str, float] = msgspec.field(default_factory=dict)
    relevance: float | None = None
    why: str | None = None


def code(text: str, *, source: Sequence[int] | None = None, target: Sequence[int] | None = None) -> EventCode:
    """Tell which type of act a sentence tells; the sides are spans of `text`.

    >>> code("Norway expelled two diplomats of Belarus.", source=(0, 6), target=(33, 40)).type
    'SANCTION'
    >>> code("The striker beat the goalkeeper with a late shot.").type is None
    True
    """
    from tidings.syntax import parse

    sides = (span_of(source) if source is not None else None, span_of(target) if target is not None else None)
    return code_parsed(parse(text), *sides)


def code_parsed(doc: Doc, source: Span | None = None, target: Span | None = None, *, model: str = MODEL) -> EventCode:
    """Code a parsed sentence; see `code`."""
    candidates = find_candidates(doc)
    known = source is not None or target is not None
    if not known and candidates:
        source, target = _likely_sides(doc)
    verdict = load_model(model).judge(features_of(doc, candidates, source, target))
    relevance = None
    if known:
        verdict = verdict._replace(types=_joined(verdict.types, doc.text, source, target))
    else:
        relevance = _relevance(verdict.act, doc.text)
        verdict = verdict._replace(act=(1 - READ_ACT) * verdict.act + READ_ACT * relevance)
    why = None if known else _no_act(doc, candidates, verdict.act)
    if why is not None:
        return EventCode(type=None, quad=None, score=round(1 - verdict.act, 4), relevance=relevance, why=why)
    best = _best(candidates, source, target)
    kind, why = _ruled(next(iter(verdict.types)), best)
    kind = _yielded(kind, best)
    types = {_yielded(name, best): round(share, 4) for name, share in verdict.types.items()}
    cues = "; ".join(filter(None, [why, ", ".join(best.why) if best is not None else None]))
    return EventCode(
        type=kind,  # type: ignore[arg-type]
        quad=QUADS[kind],
        score=types.get(kind, 0.0),
        types=types,
        relevance=relevance,
        why=cues or "words",
    )


def _joined(types: dict[str, float], text: str, source: Span | None, target: Span | None) -> dict[str, float]:
    """Join the linear scorer's probabilities with the encoder's, where that is installed; best first."""
    from tidings import encoder

    if not encoder.available():
        return types
    read = encoder.type_events([(text, source, target)])[0]
    some = 1 - read.get("NONE", 0.0) or 1.0
    joined = {name: (1 - READ) * share + READ * read.get(name, 0.0) / some for name, share in types.items()}
    return dict(sorted(joined.items(), key=lambda item: (-item[1], item[0])))


def _relevance(act: float, text: str) -> float:
    """Return the encoder's word on whether coders would care, where that is installed, else the linear scorer's."""
    from tidings import encoder

    return encoder.read_sentences([text])[0].relevance if encoder.available() else round(act, 4)


def _likely_sides(doc: Doc) -> tuple[Span | None, Span | None]:
    """Return the first source and target the role labeller finds."""
    found = roles_parsed(doc)
    source = found.source[0] if found.source else None
    target = next((span for span in found.target if span != source), None)
    return source, target


def _no_act(doc: Doc, candidates: Sequence[Candidate], act: float) -> str | None:
    """Say why a sentence tells no political act, None when it may."""
    if not candidates:
        return "no trigger"
    if is_game(doc):
        return "a game"
    if all(actor_kind(token) == "-" for token in doc):
        return "nobody who acts in politics"
    return f"act {act:.2f}" if act < ACT else None


def _best(candidates: Sequence[Candidate], source: Span | None, target: Span | None) -> Candidate | None:
    return max(
        candidates, key=lambda found: (fit(found, source, target), found.sense.weight, -found.head.i), default=None
    )


def _ruled(kind: str, best: Candidate | None) -> tuple[str, str]:
    """Apply the boundary rules of the manual to the model's choice."""
    if best is None:
        return kind, "model"
    told, cue = how_told(best.head, best.predicate)
    if kind in _PROMISED and best.type == kind and told == "planned":
        return "AGREE", f"future {kind} by {cue}"
    return kind, "model"


def _yielded(kind: str, best: Candidate | None) -> str:
    """Split the model's YIELD into what is said (CONCEDE) and what is done (RETREAT)."""
    if kind != "YIELD":
        return kind
    if best is not None and best.type == "CONCEDE":
        return "CONCEDE"
    if best is not None and how_told(best.head, best.predicate)[0] in ("planned", "hypothetical"):
        return "CONCEDE"
    return "RETREAT"

"""Sentences made of the trigger table: who does what to whom, in plain words.

In: the trigger words and the countries of the package. Out: sentences in the notation of `sentences.txt`.
They teach the types of some nine hundred words, most of which the annotated sentences never use; how news tells an act
at length is learnt from real sentences. Every part of them is ours.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from tidings.data import read_text

_PAST = dict(
    pair.split("-")
    for pair in (
        "beat-beat break-broke cut-cut draw-drew fight-fought find-found fly-flew forbid-forbade free-freed "
        "freeze-froze give-gave hit-hit leave-left lend-lent meet-met overthrow-overthrew override-overrode "
        "overrun-overran quit-quit retake-retook retook-retook blow-blew seek-sought send-sent shoot-shot shut-shut "
        "sink-sank slay-slew speak-spoke steal-stole strike-struck take-took tell-told throw-threw "
        "undertake-undertook withdraw-withdrew uphold-upheld ally-allied swap-swapped ban-banned bar-barred "
        "beg-begged dub-dubbed stop-stopped drop-dropped step-stepped stab-stabbed slam-slammed snub-snubbed "
        "ram-rammed lob-lobbed gag-gagged prod-prodded rebut-rebutted compel-compelled expel-expelled "
        "repel-repelled extol-extolled defer-deferred admit-admitted readmit-readmitted commit-committed "
        "acquit-acquitted regret-regretted confer-conferred annul-annulled cancel-cancelled topple-toppled "
        "travel-travelled label-labelled"
    ).split()
)
"""Pasts that no rule of spelling gives."""
_NO_WORDS = frozenset({"shoot_down_plan", "defer_no"})
_OBJECTS = {
    "people": ("dozens of supporters of {T}", "a reporter from {T}", "two citizens of {T}"),
    "thing": ("a proposal by {T}", "the plan of {T}", "an offer from {T}"),
    "ties": ("ties with {T}", "relations with {T}"),
    "to": ("{T} to send observers", "{T} to open an office"),
    "territory": ("a town held by {T}", "the main port of {T}", "land claimed by {T}"),
    "goods": ("goods from {T}", "imports from {T}"),
    "force": ("troops", "two battalions"),
    "armed": ("fighters of {T}",),
    "licence": ("the licence of {T}",),
    "embassy": ("its embassy in {T}",),
    "reproach": ("{T} of corruption", "{T} of broken promises"),
    "trade": ("trade with {T}",),
    "alliance": ("an alliance with {T}",),
    "missiles": ("missiles",), "fire": ("fire",), "motion": ("a motion of {T}",), "assets": ("the assets of {T}",),
    "actor": ("{T}",), "party": ("{T}",), "pair": ("{T}",), "": ("{T}",), "joint": ("{T}",),
}  # fmt: skip
"""What a verb is done to, by the company its row needs."""
_OFFICIAL = ("the president of {}", "{}'s foreign minister", "the government of {}", "{}'s parliament", "police in {}")
_CROWD = ("protesters in {}", "students in {}", "thousands of people in {}", "trade unions in {}", "farmers in {}")
_ARMED = ("{}'s army", "rebels in {}", "soldiers from {}", "{}'s navy", "militants in {}")
_BEFORE = (
    "", "", "", "", "On Monday ", "Last week ", "In a statement ", "After days of tension ", "Officials said ",
    "Witnesses said ", "According to state media ", "Early on Friday ", "For the second time this year ",
)  # fmt: skip
_AFTER = (
    "", "", "", " on Tuesday", " over the border dispute", " after the vote", " in the capital", ", officials said",
    " in a televised speech", " at the weekend", " despite warnings", " following a meeting of the cabinet",
    ", state television reported", " late on Thursday", " for the first time in a decade",
)  # fmt: skip
_CAME = (
    "drew wide attention", "was reported on Friday", "came after weeks of tension", "was announced on Monday",
    "began at dawn", "made headlines", "went on for a second day",
)  # fmt: skip
_WILLING = frozenset("willing unwilling ready prepared keen poised reluctant set".split())
_KIND = frozenset({"AGREE", "CONSULT", "SUPPORT", "YIELD", "COOPERATE", "AID"})
_UNDER = {
    "REJECT": ("{S} refused to {v} {T}", "{S} declined to {v} {T}", "{S} ruled out any step to {v} {T}"),
    "REQUEST": ("{S} urged {T} to {v} {U}", "{S} asked {T} to {v} {U}", "{S} demanded that {T} {v} {U}"),
    "AGREE": (
        "{S} promised to {v} {T}", "{S} will {v} {T} next week", "{S} agreed to {v} {T}", "{S} offered to {v} {T}",
    ),
    "THREATEN": ("{S} threatened to {v} {T}", "{S} warned that it would {v} {T}", "{S} vowed to {v} {T}"),
}  # fmt: skip
"""Verbs that make another act of what they govern."""


def sentences(chance: random.Random, *, times: int) -> Iterator[tuple[str, str]]:
    """Give the type and the marked text of sentences, so many for each row of the trigger table.

    Rows that need company which no list here gives are passed over.
    """
    countries = [line.split("\t")[5].split("|")[0] for line in read_text("countries.tsv").splitlines()[1:]]
    for line in read_text("events_triggers.tsv").splitlines()[1:]:
        word, pos, kind, _, _, frame, _, needs = line.split("\t")
        if word in _NO_WORDS or (needs and needs not in _OBJECTS):
            continue
        kind = "YIELD" if kind in ("CONCEDE", "RETREAT") else kind
        for _ in range(times):
            told, pattern = _pattern(word, pos, kind, frame.split("|"), needs, chance)
            yield told, _filled(told, pattern, countries, chance)


def past(verb: str) -> str:
    """Return the past tense of a verb of the trigger table.

    >>> [past(verb) for verb in ("deny", "call_on", "seize", "step_down", "visit")]
    ['denied', 'called on', 'seized', 'stepped down', 'visited']
    """
    head, *rest = verb.split("_")
    if head in _PAST:
        told = _PAST[head]
    elif head.endswith("e"):
        told = head + "d"
    elif head.endswith("y") and head[-2] not in "aeiou":
        told = head[:-1] + "ied"
    else:
        told = head + "ed"
    return " ".join([told, *rest])


def _pattern(word: str, pos: str, kind: str, frame: list[str], needs: str, chance: random.Random) -> tuple[str, str]:
    """Return a type and a clause with slots for source, target and somebody else (S, T, U)."""
    preps = [part for part in frame if part not in ("o", "w", "by", "that")]
    prep = preps[0] if preps and chance.random() < 0.6 else chance.choice(preps) if preps else "with"
    bare = word.replace("_", " ")
    if pos == "a":
        return kind, f"{{S}} said it was {bare} to help {{T}}" if bare in _WILLING else f"{{S}} was {bare} {prep} {{T}}"
    if pos == "n":
        return kind, chance.choice(_of_noun(bare, frame, prep))
    if "o" in frame and (frame[0] == "o" or chance.random() < 0.4):
        thing = chance.choice(_OBJECTS[needs])
        thing = thing if "{T}" in thing else f"{thing} {prep} {{T}}"
        if not needs and chance.random() < 0.2:
            told = chance.choice(["REJECT", "REQUEST", "AGREE" if kind in _KIND else "THREATEN"])
            return told, chance.choice(_UNDER[told]).replace("{v}", bare)
        if not needs and chance.random() < 0.12 and " " not in bare and word not in _PAST:
            return kind, f"{{T}} was {past(word)} by {{S}}"  # the participles of the others are not known here
        return kind, f"{{S}} {past(word)} {thing}"
    if frame[0] == "w" and chance.random() < 0.3:
        return kind, f"{{S}} and {{T}} {past(word)}"
    return kind, f"{{S}} {past(word)} {'with' if frame[0] == 'w' else prep} {{T}}"


def _of_noun(bare: str, frame: list[str], prep: str) -> tuple[str, str]:
    if frame[0] == "w":
        return f"the {bare} between {{S}} and {{T}} {{came}}", f"{{S}}'s {bare} with {{T}} {{came}}"
    return f"{{S}}'s {bare} {prep} {{T}} {{came}}", f"the {bare} {prep} {{T}} by {{S}} {{came}}"


def _filled(kind: str, pattern: str, countries: list[str], chance: random.Random) -> str:
    agents = _CROWD if kind == "PROTEST" else _ARMED if kind in ("MOBILIZE", "ASSAULT") else _OFFICIAL
    parts = {}
    for slot in "STU":
        name = chance.choice(countries)
        if chance.random() < (0.4 if slot == "S" else 0.25):
            name = chance.choice(agents if slot == "S" else _OFFICIAL + _CROWD).format(name)
        parts[slot] = name if slot == "U" else f"{{{slot}|{name}}}"
    parts["came"] = chance.choice(_CAME)
    text = chance.choice(_BEFORE) + pattern + chance.choice(_AFTER) + "."
    text = text.format_map(parts)
    first = text.index("|") + 1 if text[0] == "{" else 0
    return text[:first] + text[first].upper() + text[first + 1 :]

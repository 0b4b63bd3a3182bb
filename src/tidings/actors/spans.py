"""Which stretches of an article are names, and of what kind.

In: the parse. Out: named stretches, nested ones included, each with its label and what the tables hold under it.
It ties no name to an actor.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from tidings.actors import knowledge
from tidings.actors.agents import agents
from tidings.actors.names import fold, gender_of
from tidings.actors.reading import text_of
from tidings.actors.sightings import Sighting, sightings

if TYPE_CHECKING:
    from spacy.tokens import Doc

__all__ = ["TITLES", "Named", "named_stretches"]

_LABELS = frozenset(("PERSON", "ORG", "GPE", "LOC", "NORP", "FAC"))
_BODY = re.compile(
    r"""\b(?:ministry|party|council|university|college|court|union|committee|commission|association|agency|organi[sz]ation|bank|corporation
    |company|institute|foundation|federation|congress|parliament|senate|assembly|league|army|navy|police|department|bureau|authority|inc|ltd|llc|corp
    |club|fc|united|school|hospital|times|post|news|gazette|tribune|herald|airlines|airways|group|board|service|society|network|centre|center
    |movement|front|alliance|forum|trust|office|press|radio|tv|television|airport|stadium)\b""",
    re.VERBOSE | re.IGNORECASE,
)
_FACILITY = re.compile(r"\b(?:airport|stadium|bridge|square|highway|hall|tower|street|road|avenue)$", re.IGNORECASE)
_LAND = re.compile(
    r"\b(?:sea|river|ocean|gulf|mountains?|peninsula|island|islands|lake|valley|province|district|county|region|state|city|town|village|desert|strait|coast)$",
    re.IGNORECASE,
)
TITLES = frozenset(
    (
        "mr mr. mrs mrs. ms ms. dr dr. sir lord lady president senator sen. gen. general col. "
        "colonel lt. capt. captain minister chancellor premier justice judge prof. professor rev. "
        "sheikh king queen prince princess pope imam ayatollah governor gov. mayor secretary chief "
        "ambassador congressman congresswoman rep. sgt. maj. inspector commissioner hon alhaji "
        "chief comrade speaker chairman"
    ).split()
)
_TAIL = re.compile(r"(?:['’]s?|[,;:.\-–—\"”“(\s]+)$")
_KIND_LABEL = {
    "country": "GPE",
    "capital": "GPE",
    "seat": "FAC",
    "demonym": "NORP",
    "person": "PERSON",
    "phoenix": "ORG",
    "place": "GPE",
}


class Named(NamedTuple):
    """A named stretch: what the parser or the tables call it, and the sighting in the tables, if any."""

    start: int
    end: int
    label: str
    sighting: Sighting | None


def named_stretches(doc: Doc) -> list[Named]:
    """Return the named stretches of a parsed text in order, longer before shorter."""
    text = text_of(doc)
    seen = [one for one in sightings(text) if one.key != "West" or _is_the_west(text, one)]
    parsed = _again(text, _parsed(doc), seen)
    votes = _votes(text, parsed, seen)
    by_place = {(s.start, s.end): s for s in seen}
    found: dict[tuple[int, int], Named] = {}
    for start, end, label in parsed:
        own = by_place.get((start, end))
        if own is None:
            label = _type(text[start:end], label, votes)
            if _is_noise(text[start:end], label):
                continue
            if label != "PERSON" or not any(s.start <= start and end <= s.end and s.kind != "demonym" for s in seen):
                found[start, end] = Named(start, end, label, None)
    for one in seen:
        if any(s < one.end and one.start < e and not (s <= one.start and one.end <= e) for s, e in found):
            clash = [k for k in found if k[0] < one.end and one.start < k[1]]
            if all(one.start <= s and e <= one.end for s, e in clash):
                for key in clash:
                    del found[key]
            elif one.kind in ("person", "phoenix"):
                continue
        found[one.start, one.end] = Named(one.start, one.end, _sighted_label(one), one)
    inner = [
        n
        for n in found.values()
        if n.sighting is None
        and any(o is not n and o.start <= n.start and n.end <= o.end and o.label != "PERSON" for o in found.values())
    ]
    return sorted((n for n in found.values() if n not in inner), key=lambda n: (n.start, -n.end))


def _parsed(doc: Doc) -> list[tuple[int, int, str]]:
    """Return the parser's entities without articles, titles and possessive endings; broken at line ends."""
    found = []
    for ent in doc.ents:
        if ent.label_ not in _LABELS:
            continue
        start, end = ent.start_char, ent.end_char
        if "\n" in ent.text.strip():
            end = start + len(ent.text.rstrip().split("\n")[0])
        text = text_of(doc)
        moved = True
        while moved and start < end:
            moved = False
            first = text[start:end].split(maxsplit=1)
            if len(first) == 2 and (
                first[0].lower() in ("the", "a", "an") or (ent.label_ == "PERSON" and first[0].lower() in TITLES)
            ):
                start = text.index(first[1], start + len(first[0]))
                moved = True
            elif text[start:end][:1] in "\"'“‘( -–—":
                start, moved = start + 1, start + 1 < end
        tail = _TAIL.search(text[start:end])
        while tail and tail.start() and not re.search(r"(?:\b\w\.)+$", text[start:end]):
            end = start + tail.start()
            tail = _TAIL.search(text[start:end])
        if start < end:
            found += _split(text, start, end, ent.label_)
    return found


def _again(text: str, parsed: list[tuple[int, int, str]], seen: list[Sighting]) -> list[tuple[int, int, str]]:
    """Add the places where a name of the document stands again and the parser saw nothing: surnames, whole names."""
    names: dict[str, str] = {}
    for start, end, label in parsed[:_MOST]:
        name = text[start:end]
        if label == "PERSON" and " " in name:
            last = name.split()[-1]
            if len(last) > 3 and last[0].isupper() and last.isalpha() and fold(last) not in agents():
                names.setdefault(last, "PERSON")
        elif label in ("ORG", "GPE", "LOC") and len(name) > 3 and name[0].isupper() and (" " in name or name.isupper()):
            names.setdefault(name, label)
    if not names:
        return parsed
    taken = sorted([(s, e) for s, e, _ in parsed] + [(s.start, s.end) for s in seen])
    starts = [s for s, _ in taken]
    longest = "|".join(re.escape(name) for name in sorted(names, key=lambda n: (-len(n), n)))
    for match in re.finditer(rf"(?<!\w)(?:{longest})(?!\w)", text):
        at = bisect_right(starts, match.start())
        free = (at == 0 or taken[at - 1][1] <= match.start()) and (at == len(taken) or match.end() <= taken[at][0])
        if free:
            parsed.append((match.start(), match.end(), names[match.group()]))
    return sorted(parsed)


_MOST = 2_000
"""Names of a document looked for again."""
_OWNED = re.compile(r"^(?P<owner>[^\W\d_][\w. ]{1,30}?)\s?['’]\s?s\s+(?=[^\W\d_])")
_BRACKET = re.compile(r"\s*\((?P<short>[A-Z][A-Za-z&.\-]{1,9})$")


def _split(text: str, start: int, end: int, label: str) -> list[tuple[int, int, str]]:
    """Part an acronym from the person named right behind it: "ABC Maria Lopez" is a broadcaster and a woman."""
    owned = _OWNED.match(text[start:end])
    if owned and label in ("ORG", "FAC", "LOC", "GPE"):
        mine = (
            "GPE"
            if knowledge.country_of_word(owned["owner"]) or fold(owned["owner"]) in knowledge.country_places()
            else None
        )
        if mine:
            return [(start, start + owned.end("owner"), mine), (start + owned.end(), end, label)]
    home = text[start:end].rpartition(" of ")
    if label == "PERSON" and home[0] and knowledge.country_of_word(home[2]):
        return [(start, start + len(home[0]), label)]
    bracket = _BRACKET.search(text[start:end])
    if bracket and bracket.start() > 3 and label == "ORG":
        return [(start, start + bracket.start(), label), (start + bracket.start("short"), end, label)]
    pair = text[start:end].split(" & ")
    if label == "PERSON" and len(pair) == 2 and all(pair):
        return [(start, start + len(pair[0]), label), (end - len(pair[1]), end, label)]
    words = text[start:end].split()
    if (
        label in ("ORG", "PERSON")
        and len(words) == 3
        and words[0].isupper()
        and len(words[0]) > 2
        and gender_of(" ".join(words[1:])) is not None
    ):
        at = text.index(words[1], start + len(words[0]))
        return [(start, start + len(words[0]), "ORG"), (at, end, "PERSON")]
    return [(start, end, label)]


def _votes(text: str, parsed: list[tuple[int, int, str]], seen: list[Sighting]) -> dict[str, str]:
    """Return one label for each name of the document: what most of its mentions are called, longer names first."""
    tally: dict[str, Counter[str]] = {}
    for start, end, label in parsed:
        name = fold(text[start:end])
        before = text[max(0, start - 14) : start].lower().split()
        weight = 3 if label == "PERSON" and before and before[-1] in TITLES else 2 if " " in name else 1
        tally.setdefault(name, Counter())[label] += weight
    for one in seen:
        if one.kind == "person":
            tally.setdefault(one.key, Counter())["PERSON"] += 9
    winners = {name: votes.most_common(1)[0][0] for name, votes in tally.items()}
    for name in sorted(winners):
        if winners[name] == "PERSON" and " " in name:
            last = name.split()[-1]
            if last in winners and winners[last] != "PERSON":
                winners[last] = "PERSON"
    return winners


def _type(name: str, label: str, votes: dict[str, str]) -> str:
    folded = fold(name)
    if _FACILITY.search(folded) and " " in folded:
        return "FAC"
    if _BODY.search(folded) and " " in folded and label != "NORP":
        return "ORG"
    if _LAND.search(folded) and " " in folded and label in ("PERSON", "ORG"):
        return "LOC"
    label = votes.get(folded, label)
    if label in ("PERSON", "ORG") and folded in knowledge.country_places():
        return "GPE"
    if name.isupper() and 2 <= len(name) <= 6 and label in ("GPE", "PERSON", "NORP"):
        return "ORG"
    return label


def _is_noise(name: str, label: str) -> bool:
    if not any(c.isalpha() for c in name) or len(name) > 120 or (name.islower() and label != "NORP"):
        return True
    return (
        fold(name) in agents()
        and label in ("PERSON", "ORG", "GPE")
        and " " not in name
        and not name.isupper()
        and name.lower() not in ("parliament", "congress", "senate")
    )


def _is_the_west(text: str, one: Sighting) -> bool:
    """Tell "the West" from West Ham and the west of a town."""
    after = text[one.end : one.end + 2]
    return fold(text[max(0, one.start - 4) : one.start]) == "the " and not (
        after[:1] in (" ", "-") and after[1:].isupper()
    )


def _sighted_label(one: Sighting) -> str:
    if one.kind == "known" and knowledge.known_names()[one.key][0].type == "place":
        return "GPE"
    if one.kind == "known":
        return {
            "Palestinian Authority": "GPE",
            "USSR": "GPE",
            "Soviet Union": "GPE",
            "West": "LOC",
            "Western": "NORP",
        }.get(one.key, "ORG")
    return _KIND_LABEL[one.kind]

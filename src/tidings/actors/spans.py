"""Which stretches of an article are names, and of what kind.

In: the parse. Out: named stretches, nested ones included, each with its label and what the tables hold under it.
It ties no name to an actor.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, NamedTuple

from tidings.actors import knowledge
from tidings.actors.agents import agents
from tidings.actors.encoded import encoded_names, joined
from tidings.actors.names import SUFFIXES, begins_with_given, fold, is_given
from tidings.actors.reading import text_of
from tidings.actors.sightings import Sighting, sightings
from tidings.syntax import datelines

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
_WITHIN = re.compile(r"(?<=[A-Z]{2}), | in ")
"""Where a place ends and what it lies in begins: "GOMA, Congo" of a dateline, "Lund in Sweden"."""
_AGENCY = re.compile(r"\(([^()\n]{2,20})\)")
TITLES = frozenset(
    (
        "mr mr. mrs mrs. ms ms. dr dr. sir lord lady president senator sen. gen. general col. "
        "colonel lt. capt. captain minister chancellor premier justice judge prof. professor rev. "
        "sheikh king queen prince princess pope imam ayatollah governor gov. mayor secretary chief "
        "ambassador congressman congresswoman rep. sgt. maj. inspector commissioner hon alhaji "
        "comrade speaker chairman admiral adm. archbishop baroness bishop brig. cllr cllr. cmdr cmdr. commander "
        "constable councillor dame det. detective gov lt maj ombudsman pastor pc prophet reverend sgt sheriff "
        "supt superintendent"
    ).split()
)
_HEAD = re.compile(r"(?:[\"'“‘( \-–—,;:)]|\.\s)+")
_TAIL = re.compile(r"(?:['’]s?|[,;:.\-–—\"”“(\s]+|\s(?:and|for|in|of|the|to))$")
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
    seen = [one for one in sightings(text) if one.key not in _DOUBTFUL or _is_meant(text, one)]
    if _STATE.search(text) and not _LAND_OF_STATE.search(text):
        seen = [one for one in seen if text[one.start : one.end] != "Georgia"]
    encoded = encoded_names(doc, [(s.start, s.end) for s in seen])
    parsed = _parsed(doc) if encoded is None else joined(_parsed(doc), _trimmed(text, encoded))
    seen, families = _not_borne(text, parsed, seen)
    parsed = [(s, e, "PERSON" if text[s:e] in families else label) for s, e, label in parsed]
    parsed = _again(text, parsed, seen)
    votes = _votes(text, parsed, seen)
    settled, borne = _settled(text, parsed), _borne(text, parsed)
    by_place = {(s.start, s.end): s for s in seen}
    wide = [s for s in seen if s.kind != "demonym"]
    starts = [s.start for s in wide]
    lines = datelines(text)
    senders = {match.span(1) for line in lines for match in _AGENCY.finditer(text, *line)}
    found: dict[tuple[int, int], Named] = {}
    for start, stop, label in parsed:
        within = _WITHIN.search(text, start, stop) if label in ("GPE", "LOC") else None
        end = within.start() if within else stop
        if (start, end) in by_place:
            continue
        if text[start:end] not in families and not within:
            label = "ORG" if (start, end) in senders else _type(text[start:end], label, votes, settled, borne)
        if _is_noise(text, start, end, label):
            continue
        at = bisect_right(starts, start) - 1
        if label != "PERSON" or at < 0 or wide[at].end < end:
            found[start, end] = Named(start, end, label, None)
    _add_sighted(found, seen)
    return _outermost(found)


def _not_borne(text: str, parsed: list[tuple[int, int, str]], seen: list[Sighting]) -> tuple[list[Sighting], set[str]]:
    """Leave out what is part of somebody's name: "Georgia" Davies, Robert "Jordan", "John Reed" Jr.

    A surname of that kind is left out wherever it stands alone, and returned, unless the text also writes "in Jordan".
    """
    people = sorted((start, end) for start, end, label in parsed if label == "PERSON")
    reach = [start for start, _ in people]
    kept, families = [], set()
    for one in seen:
        at = bisect_right(reach, one.start) - 1
        if at >= 0 and one.end <= people[at][1] and _is_borne(text, one, *people[at]):
            if one.kind != "person" and one.start > people[at][0] and is_given(text[people[at][0] :].split()[0]):
                families.add(text[one.start : one.end])
        else:
            kept.append(one)
    families = {name for name in families if not any(f" {word} {name}" in text for word in _LOCAL)}
    return [one for one in kept if text[one.start : one.end] not in families], families


def _is_borne(text: str, one: Sighting, start: int, end: int) -> bool:
    """Tell whether a known name is a part of the name of a person that stands from `start` to `end`."""
    words, rest = text[start:end].split(), fold(text[one.end : end]).replace(",", "").split()
    if one.kind == "person":
        return bool(rest) and rest[0] in SUFFIXES
    titled = any(fold(word) in TITLES for word in words)
    if one.kind not in ("country", "capital", "seat") or not 1 < len(words) < 4 or titled:
        return False
    if " " in text[one.start : one.end] or not all(word[0].isupper() for word in words):
        return False
    if one.start == start:
        return fold(words[0]) in _GIVEN and fold(words[1]) not in agents()
    return one.end == end and fold(words[0]) not in agents() and not knowledge.country_of_word(words[0])


def _add_sighted(found: dict[tuple[int, int], Named], seen: list[Sighting]) -> None:
    """Add what the tables know; it takes the place of what it covers and gives way where it only overlaps."""
    spans = sorted(found)
    reach = list(accumulate((end for _, end in spans), max))
    for one in seen:
        low, high = bisect_right(reach, one.start), bisect_left(spans, (one.end, 0))
        clash = [key for key in spans[low:high] if one.start < key[1] and key in found]
        if any(not (s <= one.start and one.end <= e) for s, e in clash):
            if all(one.start <= s and e <= one.end for s, e in clash):
                for key in clash:
                    del found[key]
            elif one.kind in ("person", "phoenix"):
                continue
        found[one.start, one.end] = Named(one.start, one.end, _sighted_label(one), one)


def _outermost(found: dict[tuple[int, int], Named]) -> list[Named]:
    """Return the stretches in order, without those the tables do not know inside longer ones that are no person."""
    kept, reach = [], 0
    for one in sorted(found.values(), key=lambda n: (n.start, -n.end)):
        if one.sighting is not None or one.end > reach:
            kept.append(one)
        if one.label != "PERSON":
            reach = max(reach, one.end)
    return kept


def _settled(text: str, parsed: list[tuple[int, int, str]]) -> frozenset[str]:
    """Return the single words that name places by the company they keep: "in Arak", "at Natanz", "near Qatif"."""
    tally: dict[str, list[int]] = {}
    for start, end, label in parsed:
        name = text[start:end]
        if label in ("ORG", "PERSON", "FAC") and name.isalpha() and not name.isupper():
            before = text[max(0, start - 12) : start].lower().split()
            seen = tally.setdefault(fold(name), [0, 0, 0])
            seen[0] += 1
            seen[1] += bool(before) and before[-1] in ("in", "at", "near", "from", "to", "outside", "around")
            seen[2] += bool(before) and before[-1] in ("in", "near")
    return frozenset(name for name, (times, local, inside) in tally.items() if inside and 2 * local > times)


def _borne(text: str, parsed: list[tuple[int, int, str]]) -> frozenset[str]:
    """Return the surnames of people named in full, unless the text has them for a place's: "in Lund", "Lund police"."""
    found = {text[start:end] for start, end, label in parsed if label == "PERSON"}
    families = {name.split()[-1] for name in found if " " in name}
    pairs = pairwise(re.findall(r"\w+", text))
    placed = {two if one in _LOCAL else one for one, two in pairs if one in _LOCAL or two in agents()}
    return frozenset(fold(name) for name in families - placed)


def _parsed(doc: Doc) -> list[tuple[int, int, str]]:
    """Return the parser's entities without articles, titles and possessive endings; broken at line ends."""
    return _trimmed(text_of(doc), [(e.start_char, e.end_char, e.label_) for e in doc.ents if e.label_ in _LABELS])


def _trimmed(text: str, stretches: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Return stretches without articles, titles and possessive endings; broken at line ends."""
    found = []
    for start, end, label in stretches:
        if "\n" in text[start:end].strip():
            end = start + len(text[start:end].rstrip().split("\n")[0])
        moved = True
        while moved and start < end:
            moved = False
            first = text[start:end].split(maxsplit=1)
            if len(first) == 2 and (
                first[0].lower() in ("the", "a", "an") or (label == "PERSON" and first[0].lower() in TITLES)
            ):
                start = text.index(first[1], start + len(first[0]))
                moved = True
            elif opening := _HEAD.match(text, start, end):
                start, moved = opening.end(), opening.end() < end
        tail = _TAIL.search(text[start:end])
        while tail and tail.start() and not re.search(r"(?:\b\w\.)+$", text[start:end]):
            end = start + tail.start()
            tail = _TAIL.search(text[start:end])
        if start < end:
            found += _split(text, start, end, label)
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
        and begins_with_given(" ".join(words[1:]))
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


def _type(name: str, label: str, votes: dict[str, str], settled: frozenset[str], borne: frozenset[str]) -> str:
    folded = fold(name)
    if _FACILITY.search(folded) and " " in folded:
        return "FAC"
    if _BODY.search(folded) and " " in folded and label != "NORP":
        return "ORG"
    if _LAND.search(folded) and " " in folded and label in ("PERSON", "ORG"):
        return "LOC"
    label = votes.get(folded, label)
    if label == "PERSON" and folded in borne and folded not in settled:
        return "PERSON"
    if label in ("PERSON", "ORG") and (folded in knowledge.country_places() or folded in settled):
        return "GPE"
    if label == "GPE" and knowledge.people_of_surname(name) and folded not in knowledge.country_places():
        return "PERSON"
    if label == "ORG" and _is_persons(name):
        return "PERSON"
    if name.isupper() and 2 <= len(name) <= 6 and label in ("GPE", "PERSON", "NORP"):
        return "ORG"
    return label


def _is_persons(name: str) -> bool:
    """Tell whether two words look like a given name and a surname: "Yukiya Amano", no "Nordic Bank"."""
    words = name.split()
    return (
        len(words) == 2
        and all(word[0].isupper() and word[1:].islower() and word.isalpha() for word in words)
        and begins_with_given(name)
        and fold(words[1]) not in agents()
        and fold(words[1]) not in knowledge.country_places()
    )


_GIVEN = frozenset("georgia jordan chad israel india paris sofia london".split())
"""Countries and capitals after which children are named."""
_LOCAL = ("in", "from", "near", "across", "outside", "to")
_CLOCKS = frozenset("GMT UTC EST EDT CET CEST BST PST PDT".split())
_OFFICE_BEHIND = re.compile(r"\s(?:Secretary|Minister|Ministry|Department|Committee)\b")


def _is_noise(text: str, start: int, end: int, label: str) -> bool:
    name = text[start:end]
    if not any(c.isalpha() for c in name) or len(name) > 120 or (name.islower() and label != "NORP"):
        return True
    if name in _CLOCKS or (label == "PERSON" and any(c.isdigit() for c in name)):
        return True
    if label == "ORG" and " " not in name and not name.isupper() and _OFFICE_BEHIND.match(text, end):
        return True
    return (
        fold(name) in agents()
        and label in ("PERSON", "ORG", "GPE")
        and " " not in name
        and not name.isupper()
        and name.lower() not in ("parliament", "congress", "senate")
    )


_STATE = re.compile(
    r"""\bGeorgia\s(?:Gov\.|governor|Republicans?|Democrats?|GOP|Senate|House|lawmakers?|legislature|voters|Rep\.|Sen\.
    |[Ss]ecretary\sof\s[Ss]tate|Bureau\sof|Power|Tech|Bulldogs|native|congress\w+)|\b(?:Atlanta|Savannah|Augusta|Macon),\sGeorgia
    |\b(?:Arizona|Florida|Alabama|Tennessee|Carolina|Texas|Nevada|Michigan|Wisconsin|Pennsylvania)(?:,\sand|,|\sand)\sGeorgia\b
    |\bGeorgia(?:,\sand|,|\sand)\s(?:Arizona|Florida|Alabama|Tennessee|Texas|Nevada|Michigan|Wisconsin|Pennsylvania|(?:North|South)\sCarolina)\b""",
    re.VERBOSE,
)
_LAND_OF_STATE = re.compile(r"\b(?:Tbilisi|Batumi|Georgians?|Abkhaz\w*|South Ossetia\w*|Caucasus)\b")
"""Words beside the state of Georgia, and those of the country, which a text then means throughout."""
_DOUBTFUL = frozenset(("West", "Amazon"))


def _is_meant(text: str, one: Sighting) -> bool:
    """Tell "the West" from West Ham and the west of a town, a firm from the river of its name."""
    after, has_article = text[one.end : one.end + 2], fold(text[max(0, one.start - 4) : one.start]) == "the "
    goes_on = after[:1] in (" ", "-") and after[1:].isupper()
    if one.key == "West":
        return has_article and not goes_on
    return not has_article if one.key == "Amazon" else True


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

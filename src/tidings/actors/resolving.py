"""Which of the given mentions speak of one and the same thing.

In: a text and spans. Out: a cluster number for each span.
It looks for no mentions of its own and ties nothing to the knowledge base.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tidings.actors.agents import agents
from tidings.actors.coreference import PRONOUNS, Candidate, antecedent, candidate, commands, quoted
from tidings.actors.knowledge import country_of_word, country_places, known_names
from tidings.actors.names import begins_with_given, fold, gender_of, surname
from tidings.actors.reading import sentence_numbers, text_of

if TYPE_CHECKING:
    from spacy.tokens import Doc

__all__ = ["resolve", "resolve_in"]

_ARTICLE = re.compile(r"^(?:the|a|an|this|that|these|those|his|her|its|their|our|my|your)\s+", re.IGNORECASE)
_POSSESSIVE = re.compile(r"\s?['’]s?$")
_DEFINITE = re.compile(r"^(?:the|this|that|these|those)\s", re.IGNORECASE)
_TITLES = re.compile(
    r"^(?:(?:mr|mrs|ms|miss|dr|sir|president|senator|gen|judge|prof|prime minister|minister)\.?\s+)+", re.IGNORECASE
)
_PEOPLE = frozenset(
    (
        "man woman boy girl leader president minister official spokesman spokeswoman spokesperson "
        "officer actor actress author player director mother father son daughter wife husband "
        "brother sister king queen doctor lawyer teacher singer writer politician candidate "
        "chairman senator coach captain person judge victim suspect driver student"
    ).split()
)
_MALE = frozenset(
    """man boy father son husband brother king actor spokesman chairman gentleman uncle grandfather nephew dad boyfriend
    widower policeman businessman congressman salesman fisherman grandson""".split()
)
_FEMALE = frozenset(
    """woman girl mother daughter wife sister queen actress spokeswoman lady aunt grandmother niece widow mum mom
    girlfriend policewoman businesswoman congresswoman chairwoman granddaughter""".split()
)


def resolve(text: str, spans: Sequence[Sequence[int]]) -> list[int]:
    """Return a cluster number for each mention; mentions of one thing share it.

    >>> resolve("Anna Berg left early. She was tired.", [(0, 9), (22, 25)])
    [0, 0]
    """
    from tidings.syntax import parse

    return resolve_in(parse(text), spans)


def resolve_in(doc: Doc, spans: Sequence[Sequence[int]]) -> list[int]:
    """Return a cluster number for each mention of a parsed text."""
    sentences, inside = sentence_numbers(doc), quoted(doc)
    asked = len(spans)
    spans = [*spans, *_bystanders(doc, spans)]
    order = sorted(range(len(spans)), key=lambda at: (spans[at][0], -spans[at][1]))
    clusters = list(range(len(spans)))
    seen: list[Candidate] = []
    names: list[tuple[int, str]] = []
    people = _person_names(doc) | _families(doc, spans)
    waiting: list[int] = []
    described: list[Candidate] = []
    for at in order:
        described.append(_describe(doc, spans[at], at, sentences, inside, people))
    for at, one in enumerate(described):
        word = fold(text_of(doc)[one.start : one.end]).strip()
        if word in PRONOUNS:
            own = one
            kind = PRONOUNS[word]
            if kind in ("he", "she", "it", "they"):
                later = _ahead(described, at)
                matches = [_same_name(doc, c, names, seen, clusters) for c in _commanded(doc, described, at)]
                barred = {clusters[match] for match in matches if match is not None}
                ahead = later if kind in ("he", "she") else ()
                found = antecedent(own, word, doc, _renumbered(seen, clusters), ahead, barred)
                if found:
                    clusters[one.cluster] = (
                        clusters[found[0].cluster] if found[0].start < one.start else found[0].cluster
                    )
                    if found[0].start > one.start:
                        waiting.append(one.cluster)
            elif kind == "who":
                near = [c for c in seen if c.end <= one.start and one.start - c.end < 40]
                if near:
                    clusters[one.cluster] = clusters[near[-1].cluster]
            else:
                clusters[one.cluster] = _speaker(one, kind, seen, clusters, doc)
            kind_of = next((c for c in seen if clusters[c.cluster] == clusters[one.cluster]), None)
            seen.append(
                one._replace(
                    kind=kind_of.kind if kind_of and kind not in ("i", "you") else _kind_of(kind),
                    man={"he": 0.95, "she": 0.05}.get(kind),
                    plural=kind in ("they", "we"),
                )
            )
        else:
            match = _same_name(doc, one, names, seen, clusters)
            if match is not None:
                clusters[one.cluster] = clusters[match]
            names.append((one.cluster, text_of(doc)[one.start : one.end]))
            seen.append(one)
    for at in waiting:
        clusters[at] = clusters[clusters[at]]
    numbers: dict[int, int] = {}
    return [numbers.setdefault(cluster, len(numbers)) for cluster in clusters[:asked]]


def _renumbered(seen: Sequence[Candidate], clusters: Sequence[int]) -> list[Candidate]:
    return [one._replace(cluster=clusters[one.cluster]) for one in seen[-_RECENT:]]


def _bystanders(doc: Doc, spans: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    """Return persons and their pronouns that nobody asked about: they compete for the pronouns that were."""
    words = {fold(text_of(doc)[start:end]) for start, end in spans}
    if not any(PRONOUNS.get(word) in ("he", "she") for word in words):
        return []
    taken = bytearray(len(text_of(doc)) + 1)
    for start, end in spans:
        taken[start:end] = b"\x01" * (end - start)
    found = [
        (e.start_char, e.end_char)
        for e in doc.ents
        if e.label_ == "PERSON" and "\n" not in e.text and not _is_body(e.text)
    ]
    found += [(t.idx, t.idx + len(t)) for t in doc if t.pos_ == "PRON" and PRONOUNS.get(t.lower_) in ("he", "she")]
    return [(start, end) for start, end in found if not any(taken[start:end])]


_RECENT = 120
"""Mentions looked back."""


def _ahead(described: Sequence[Candidate], at: int) -> list[Candidate]:
    """Return the names of the same sentence that a pronoun may run ahead of."""
    one = described[at]
    return [c for c in described[at + 1 : at + 12] if c.sentence == one.sentence and c.kind in ("person", "name")]


def _commanded(doc: Doc, described: Sequence[Candidate], at: int) -> list[Candidate]:
    """Return the names of the same sentence that a pronoun may not mean, as it commands them."""
    one = described[at]
    near = [c for c in described[at + 1 : at + 12] if c.sentence == one.sentence and doc[c.token].pos_ == "PROPN"]
    return [c for c in near if commands(doc[one.token], doc[c.token])]


def _kind_of(kind: str) -> str:
    return {"he": "person", "she": "person", "i": "first", "you": "first", "it": "thing"}.get(kind, "group")


def _person_names(doc: Doc) -> set[str]:
    found: set[str] = set()
    for ent in doc.ents:
        if ent.label_ == "PERSON":
            found.add(fold(ent.text))
            found.update(fold(ent.text).split())
    return found


_PERHAPS_PEOPLE = ("", "PERSON", "GPE", "ORG", "WORK_OF_ART", "FAC")


def _families(doc: Doc, spans: Sequence[Sequence[int]]) -> set[str]:
    """Return the full names among the mentions whatever the parser calls them, and their surnames."""
    found: set[str] = set()
    for start, end in spans:
        name = _POSSESSIVE.sub("", text_of(doc)[start:end])
        words = name.split()
        if len(words) == 2 and name.replace(" ", "").isalpha() and all(w.istitle() for w in words):
            first = doc.char_span(start, start + len(words[0]))
            named = first is not None and first[0].pos_ == "PROPN" and first[0].ent_type_ in _PERHAPS_PEOPLE
            if (named or begins_with_given(name)) and not _is_body(name) and fold(name) not in country_places():
                found |= {fold(name), fold(words[1])}
    return found


def _describe(
    doc: Doc, span: Sequence[int], at: int, sentences: Sequence[int], inside: Sequence[bool], people: set[str]
) -> Candidate:
    text = text_of(doc)[span[0] : span[1]]
    kind, man = _kind(doc, span, text, people)
    return candidate(doc, span[0], span[1], kind=kind, man=man, cluster=at, sentences=sentences, inside=inside)


def _kind(doc: Doc, span: Sequence[int], text: str, people: set[str]) -> tuple[str, float | None]:
    word = fold(text).strip()
    if word in PRONOUNS:
        return "pronoun", None
    marked = doc.char_span(span[0], span[1], alignment_mode="expand")
    root = marked.root if marked is not None else doc[0]
    lemma = root.lemma_.lower()
    bare = _TITLES.sub("", _POSSESSIVE.sub("", text))
    if root.ent_type_ == "PERSON" or (fold(bare) in people and bare[:1].isupper()):
        before = (
            text.split()[0]
            if len(text.split()) > 1
            else doc[max(0, (marked.start if marked is not None else 1) - 1)].text
        )
        name = next(
            (e.text for e in doc.ents if e.label_ == "PERSON" and span[0] <= e.start_char and e.end_char <= span[1]),
            bare,
        )
        man = gender_of(name, before)
        return "person", man if man is not None else (
            gender_of(name) if " " in name else gender_of(name, before="given")
        )
    if lemma in _MALE or lemma in _FEMALE:
        return "role", 0.97 if lemma in _MALE else 0.03
    if lemma in _PEOPLE or (
        root.pos_ == "NOUN"
        and re.search(r"(?:er|or|ist|ian|man|woman)$", lemma)
        and root.tag_ == "NN"
        and lemma not in ("number", "water", "paper", "power", "order", "matter", "war")
    ):
        return "role", None
    proper = root.pos_ == "PROPN" or (root.text.istitle() and root.pos_ != "PRON" and not root.is_sent_start)
    if proper and text[:1].isupper() and 0 < len(bare.split()) <= 3 and not _is_body(bare):
        guess = gender_of(bare) if " " in bare else gender_of(bare, before="given")
        if guess is not None and begins_with_given(bare) and (guess > 0.8 or guess < 0.2):
            return "person", guess
        if fold(bare) not in country_places():
            return "name", None
    if root.tag_ in ("NNS", "NNPS"):
        return "group", None
    return {"ORG": "organisation", "GPE": "place", "NORP": "group", "LOC": "place"}.get(root.ent_type_, "thing"), None


def _is_body(name: str) -> bool:
    """Tell whether a proper name is a country, a known organisation, or says itself what it is."""
    words = fold(name).split()
    return bool(
        country_of_word(name)
        or name in known_names()
        or name.isupper()
        or agents().get(words[-1])
        or words[0] == "the"
        or words[-1] in _BODIES
        or words[-1].endswith("news")
    )


_BODIES = frozenset(
    (
        "inc corp ltd party union council university news times agency center centre club "
        "organization organisation network group fund court city county island river association "
        "league"
    ).split()
)


def _same_name(
    doc: Doc, one: Candidate, names: Sequence[tuple[int, str]], seen: Sequence[Candidate], clusters: Sequence[int]
) -> int | None:
    """Return an earlier mention of the same name, or of the same head noun when this one is definite."""
    text = text_of(doc)[one.start : one.end]
    bare = _POSSESSIVE.sub("", _ARTICLE.sub("", text))
    proper = doc[one.token].pos_ == "PROPN" or bare[:1].isupper()
    for at, other in reversed(names):
        alike = _spell_alike(bare, _POSSESSIVE.sub("", _ARTICLE.sub("", other)), proper, person=one.kind == "person")
        if alike and one.kind == "person" and " " in bare and _is_another(bare, clusters[at], names, clusters):
            continue
        if alike and (proper or _DEFINITE.match(text) or text.lower().split()[0] in PRONOUNS):
            return at
    if proper and doc[one.token].dep_ == "appos":
        return _apposed(doc, one, seen)
    if doc[one.token].dep_ == "appos":
        return _apposed(doc, one, seen)
    if not proper and _DEFINITE.match(text):
        lemma = doc[one.token].lemma_.lower()
        for other in reversed(seen):
            if (
                other.kind != "pronoun"
                and doc[other.token].lemma_.lower() == lemma
                and doc[other.token].pos_ == "NOUN"
                and one.plural == other.plural
                and one.sentence - other.sentence < 8
            ):
                return other.cluster
    return None


def _is_another(name: str, cluster: int, names: Sequence[tuple[int, str]], clusters: Sequence[int]) -> bool:
    """Tell whether a cluster already holds a full name that is not this one: two people of one surname."""
    mine = set(_TITLES.sub("", fold(name)).split())
    full = (set(_TITLES.sub("", fold(other)).split()) for at, other in names if clusters[at] == cluster)
    return any(len(words) > 1 and not (words <= mine or mine <= words) for words in full)


def _apposed(doc: Doc, one: Candidate, seen: Sequence[Candidate]) -> int | None:
    head = doc[one.token].head.i
    return next((c.cluster for c in reversed(seen) if c.token == head), None)


def _spell_alike(one: str, other: str, proper: bool, *, person: bool) -> bool:
    a, b = fold(one), fold(other)
    if a == b:
        return True
    if not proper or not other[:1].isupper():
        return False
    a, b = _TITLES.sub("", a), _TITLES.sub("", b)
    if a == b:
        return True
    country, known = country_of_word(a), country_of_word(b)
    if country and known:
        return country[0] == known[0] and {country[1], known[1]} <= {"name"}
    short, long = sorted((a, b), key=len)
    words = long.split()
    if (
        person
        and short.split()
        and len(words) > 1
        and (short == surname(long) or short == words[-1] or (short == words[0] and " " not in short))
    ):
        return True
    if person and len(short.split()) > 1 and set(short.split()) <= set(words):
        return True
    letters = "".join(word[0] for word in words if word not in ("of", "the", "and", "for"))
    return len(short) > 1 and (one.isupper() or other.isupper()) and short.replace(".", "") == letters


def _speaker(one: Candidate, kind: str, seen: Sequence[Candidate], clusters: Sequence[int], doc: Doc) -> int:
    """Return the cluster of the last first or second person of the same kind, else of whoever speaks around a quote."""
    for other in reversed(seen):
        if (
            other.quoted == one.quoted
            and one.sentence - other.sentence < 4
            and PRONOUNS.get(fold(text_of(doc)[other.start : other.end])) == kind
        ):
            return clusters[other.cluster]
    if one.quoted and kind == "i":
        near = [
            c
            for c in seen
            if not c.quoted
            and c.kind in ("person", "role")
            and abs(c.sentence - one.sentence) <= 1
            and c.role in ("main", "subject")
        ]
        if near:
            return clusters[near[-1].cluster]
    return clusters[one.cluster]

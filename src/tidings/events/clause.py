"""The grammar of a clause: whose verb it is, what it governs, and how far a noun phrase reaches.

In: spaCy tokens of the shared parse. Out: tokens and spans.
It knows no event types and no actors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidings.events.agents import actor_kind
from tidings.text import Span

if TYPE_CHECKING:
    from spacy.tokens import Token

__all__ = [
    "authors",
    "heard_subjects",
    "is_hyphenated",
    "is_passive",
    "is_set_before",
    "members",
    "objects",
    "phrase",
    "preposition_objects",
    "referent",
    "speaker_meant",
    "subjects",
]

_SUBJECT = frozenset({"nsubj", "csubj"})
_PASSIVE = frozenset({"nsubjpass", "csubjpass"})
_RELATIVE = frozenset({"who", "which", "that", "whom"})
_COUNTING = frozenset(
    "thousand hundred dozen million score number group majority minority most some one two three several many few part "
    "member rest half scores lot handful series round couple pair wave all none each both any band team".split()
)
_SETTLEMENTS = frozenset("town city village port district province region island state governorate".split())
_OBJECT_CONTROL = frozenset(
    "urge ask order tell force allow request demand call push press want persuade help invite expect compel let make "
    "permit direct instruct pressure require see accuse lead get cause enable encourage send warn prompt inspire drive "
    "convince oblige authorise authorize lobby beg implore motivate provoke empower train "
    "teach".split()
)
_BARE = frozenset({"help", "let", "make", "see"})
"""Verbs whose infinitive goes without "to": "helped the town rebuild"."""
_DONE_BY_OBJECT = frozenset({"from", "of", "for", "into", "with", "against", "about"})
"""Prepositions that make the object do what follows: "stopped Chad from arming", but "thanked Chad after arming"."""
_DONE_TOGETHER = frozenset({"join", "help", "assist"})
"""Verbs whose object does it too: "joined Norway in cutting aid"."""
_WRITINGS = frozenset(
    "statement letter report message post tweet memo note resolution motion ruling order decree law bill verdict "
    "judgment judgement declaration petition article editorial op-ed column complaint speech proclamation document "
    "communique communiqué video review notice directive warrant indictment cable email text manifesto".split()
)
"""What says or orders something for whoever wrote it."""
_STANDINS = frozenset({"office", "system", "camp", "campaign"})
"""What acts for whose it is: "the mayor's office", "the court system"."""
_GIVING = frozenset("give grant award offer deny send pay call name elect show tell teach hand owe dub".split())
"""Verbs that keep an object in the passive: "denied entry"."""
_DENYING = frozenset({"deny", "reject", "dispute", "refute", "dismiss"})
_CHARGES = frozenset("charge accusation allegation claim".split())
_SPANS = frozenset({"turn", "time", "hour", "day", "week", "month", "year", "weekend"})
_WRITTEN = frozenset("sign issue write send publish release file post draft adopt pass make".split())
_SAYING = frozenset("say announce declare state confirm warn add vow pledge insist deny believe think hope".split())
_DEEP = 6
"""How far subjects are sought upwards: deeper chains are parser slips."""


def is_passive(verb: Token) -> bool:
    """Tell whether a verb form is passive, with or without its auxiliary."""
    if any(child.dep_ in ("auxpass", "nsubjpass", "csubjpass") for child in verb.children):
        return True
    if verb.tag_ != "VBN" or any(child.dep_ in ("aux", "nsubj") for child in verb.children):
        return False
    if any(child.dep_ == "dobj" for child in verb.children) and verb.lemma_ not in _GIVING:
        return False  # the parse takes the verb of a long sentence for a participle, but that has no object
    # "Was arrested and beaten": the second participle shares the auxiliary of the first.
    return verb.dep_ in ("acl", "relcl") or (verb.dep_ == "conj" and verb.head.tag_ == "VBN" and is_passive(verb.head))


def members(head: Token) -> list[Token]:
    """Return a noun with the nouns joined to it by "and" or a comma, in text order."""
    found, waiting = [head], [head]
    while waiting and len(found) < 12:
        for child in waiting.pop().children:
            if child.dep_ == "conj" and child.pos_ in ("NOUN", "PROPN", "PRON", "NUM", "ADJ"):
                found.append(child)
                waiting.append(child)
    return sorted(set(found), key=lambda token: token.i)


def _antecedent(pronoun: Token) -> Token:
    """Return the noun a relative clause hangs on; "who" asks for somebody, who stands just before it."""
    noun = pronoun.head.head
    if pronoun.lower_ not in ("who", "whom") or actor_kind(noun) != "-":
        return noun
    before = pronoun.doc[max(0, pronoun.i - 4) : pronoun.i]
    return next((token for token in reversed(list(before)) if actor_kind(token) != "-"), noun)


def referent(token: Token) -> Token:
    """Return the noun meant: what "who" stands for, what "thousands of" counts, "the town of" names, else the token."""
    if token.lower_ in _RELATIVE and token.head.dep_ == "relcl":
        token = _antecedent(token)
    if token.lemma_.lower() in _SETTLEMENTS and token.ent_type_ == "":
        for child in token.children:
            if child.dep_ == "prep" and child.lower_ == "of":
                return next((noun for noun in child.children if noun.dep_ == "pobj" and noun.pos_ == "PROPN"), token)
    if token.lemma_.lower() in _COUNTING:
        for child in token.children:
            if child.dep_ == "prep" and child.lower_ == "of":
                return next((noun for noun in child.children if noun.dep_ == "pobj"), token)
    return token


def _own_subjects(verb: Token, kinds: frozenset[str]) -> list[Token]:
    # The parse may hang the subject of "Egypt and Chad are mediating" on the auxiliary.
    parts = [verb, *(child for child in verb.children if child.dep_ in ("aux", "auxpass"))]
    own = [child for part in parts for child in part.children if child.dep_ in kinds and child.ent_type_ != "DATE"]
    return [referent(child) for child in own]


def speaker_meant(noun: Token, verb: Token) -> Token:
    """Return who says it of itself: "the ministry said it was ready" tells who "it" is."""
    if noun.lower_ != "it" or verb.dep_ != "ccomp" or verb.head.lemma_ not in _SAYING:
        return noun
    own = [child for child in verb.head.children if child.dep_ == "nsubj"]
    if not own and verb.head.dep_ == "conj":  # "Chad condemned the raid and said it would send"
        own = [child for child in verb.head.head.children if child.dep_ == "nsubj"]
    return own[0] if own and own[0].pos_ in ("NOUN", "PROPN") else noun


def subjects(verb: Token) -> list[Token]:
    """Return who does what the verb says: its agent when passive, else its subject, sought up the chain of verbs."""
    misread = _taken_for_modifier(verb)
    if misread is not None:
        return [misread[0]]
    if is_passive(verb):
        return preposition_objects(verb, "by")
    return _climb(verb, 0)


def _taken_for_modifier(verb: Token) -> tuple[Token, Token] | None:
    """Return who does it to whom where the parse makes a noun phrase of "a court sentenced editor Ada Lund".

    Its root is a noun then, and no comma parts what it takes for an apposition.
    """
    noun = verb.head
    if verb.dep_ != "amod" or verb.tag_ != "VBN" or noun.i < verb.i or is_hyphenated(verb):
        return None
    if noun.dep_ == "appos" and noun.left_edge == verb and noun.head.dep_ == "ROOT" and noun.head.i < verb.i:
        between = verb.doc[noun.head.i : verb.i]
        return None if any(token.is_punct for token in between) else (referent(noun.head), noun)
    doers = [child for child in verb.children if child.dep_ == "npadvmod" and actor_kind(child) != "-"]
    return (doers[0], noun) if doers and noun.dep_ == "ROOT" else None


def _climb(verb: Token, depth: int) -> list[Token]:
    own = _own_subjects(verb, _SUBJECT)
    if own or depth > _DEEP:
        return own
    head = verb.head
    if verb.dep_ == "acl" and verb.tag_ in ("VBN", "VBD") and not is_passive(verb):
        return [head]  # the parse has taken the verb of the sentence for a participle
    if verb.dep_ == "acl" and verb.tag_ == "VBG":
        return authors(head) if _is_carrier(head) else [head]
    if verb.dep_ == "acl" and verb.tag_ == "VB":
        return _holder(head, depth)
    if verb.dep_ == "relcl":
        return []
    if verb.dep_ == "acomp" and head.pos_ in ("VERB", "AUX"):
        return _surface(head, depth + 1)
    if verb.dep_ in ("xcomp", "ccomp") and head.pos_ in ("VERB", "AUX", "ADJ"):
        control = objects(head) if head.lemma_ in _OBJECT_CONTROL else []
        return control or _surface(head, depth + 1)
    if verb.dep_ == "pcomp":
        governor = head.head
        if governor.pos_ in ("VERB", "AUX", "ADJ"):
            joint = governor.lemma_ in _DONE_TOGETHER
            done_by = objects(governor) if joint or head.lower_ in _DONE_BY_OBJECT else []
            return done_by or _surface(governor, depth + 1)
        return _holder(governor, depth)
    if verb.dep_ == "conj" and verb.tag_ == "VBN" and head.dep_ == "relcl" and is_passive(head):
        return []  # it goes on with the main clause: "attacked the law that was passed and called for talks"
    if verb.dep_ == "conj" and _is_torn(verb):
        return []
    if verb.dep_ in ("conj", "advcl", "dep", "parataxis") and head.pos_ in ("VERB", "AUX", "NOUN"):
        return _surface(head, depth + 1) if head.pos_ != "NOUN" else []
    return []


def _is_torn(verb: Token) -> bool:
    """Tell "Chad closed its border after gunmen crossed and killed ten": either may be meant by what comes last."""
    clauses = [
        child
        for child in verb.head.children
        if child.dep_ in ("advcl", "ccomp") and child.tag_ == verb.tag_ and _own_subjects(child, _SUBJECT)
    ]
    clauses = [clause for clause in clauses if verb.head.i < clause.i < verb.i]
    return bool(clauses) and "," not in [token.text for token in verb.doc[clauses[-1].i : verb.i]]


def _surface(verb: Token, depth: int) -> list[Token]:
    """Return the subject a reader hears, active or passive."""
    own = _own_subjects(verb, _PASSIVE | _SUBJECT)
    return own or _climb(verb, depth)


def _holder(noun: Token, depth: int) -> list[Token]:
    """Return whose noun it is: its possessor, else the subject of the verb it is the object of."""
    own = [child for child in noun.children if child.dep_ == "poss"]
    if own or depth > _DEEP:
        return own
    if noun.dep_ in ("dobj", "attr") and noun.head.pos_ in ("VERB", "AUX"):
        return _surface(noun.head, depth + 1)
    return []


def heard_subjects(verb: Token) -> list[Token]:
    """Return whom a clause is about, active or passive: "after talks with Chad, the envoy was praised"."""
    return _surface(verb, 0)


def _is_carrier(noun: Token) -> bool:
    """Tell what a clause hangs on without doing what it says: "a letter urging", "spent days urging", "on Twitter"."""
    if noun.lemma_.lower() in _WRITINGS | _SPANS:
        return True
    return noun.dep_ == "pobj" and noun.head.lower_ == "on" and noun.head.head.lemma_ in _WRITTEN


def authors(noun: Token) -> list[Token]:
    """Return who speaks through a writing or an office: "a statement by Chad", "the mayor's office"; else the noun."""
    if noun.lemma_.lower() in _STANDINS and noun.pos_ == "NOUN":
        return _held_by(noun) or [noun]
    if not _is_carrier(noun):
        return [noun]
    own = _held_by(noun)
    for child in noun.children:
        if not own and child.dep_ in ("acl", "relcl") and child.lemma_ in _WRITTEN:
            own = subjects(child) or own
    if own:
        return own
    governor = noun.head.head if noun.dep_ == "pobj" else noun.head
    # "Signed an order banning", "said in a letter urging": who did that speaks; a writing that is the subject does not.
    carried = noun.dep_ in ("dobj", "nsubjpass") or (noun.dep_ == "pobj" and noun.head.lower_ in ("in", "on"))
    return (subjects(governor) or [noun]) if carried and governor.pos_ == "VERB" else [noun]


def _held_by(noun: Token) -> list[Token]:
    """Return the actors a noun belongs to or comes from: "Chad's", "a UN report", "by the rebels"."""
    held = [child for child in noun.children if child.dep_ in ("poss", "compound", "amod", "nmod")]
    for word in ("by", "of", "from"):
        held.extend(preposition_objects(noun, word))
    return [actor for actor in held if actor_kind(actor) != "-"][:1]


def objects(verb: Token) -> list[Token]:
    """Return what a verb is done to: its objects when active, its subject when passive."""
    misread = _taken_for_modifier(verb)
    if misread is not None:
        return [misread[1]]
    if is_passive(verb):
        own = _own_subjects(verb, _PASSIVE)
        if own:
            return own
        if verb.dep_ in ("acl", "relcl"):
            return [verb.head]
        if verb.dep_ == "conj" and is_passive(verb.head):
            return objects(verb.head)
        if verb.dep_ == "advcl" and verb.head.dep_ == "relcl" and verb.head.head.dep_ == "ROOT":
            return [verb.head.head]  # "hostages who were held since May were freed": the sentence has no other verb
        if verb.dep_ in ("conj", "xcomp") and verb.head.pos_ in ("VERB", "AUX"):
            return _own_subjects(verb.head, _PASSIVE | _SUBJECT)
        return []
    found = [
        referent(child) for child in verb.children if child.dep_ in ("dobj", "dative", "oprd") and child.pos_ != "ADP"
    ]
    return found or _controlled(verb)


def _controlled(verb: Token) -> list[Token]:
    """Return whom "allowed the inspectors to enter" is done to: the parse makes them the subject of the infinitive.

    So it does with "found the minister guilty".
    """
    for child in verb.children:
        if (
            child.dep_ == "ccomp"
            and child.pos_ == "ADJ"
            and not any(part.dep_ in ("mark", "aux") for part in child.lefts)
        ):
            return _own_subjects(child, _SUBJECT)
        if verb.lemma_ not in _OBJECT_CONTROL:
            continue
        bare = verb.lemma_ in _BARE and child.tag_ == "VB"
        if child.dep_ == "ccomp" and (bare or any(part.lower_ == "to" and part.dep_ == "aux" for part in child.lefts)):
            return _own_subjects(child, _SUBJECT | _PASSIVE)
    return []


def preposition_objects(head: Token, word: str) -> list[Token]:
    """Return the nouns a preposition ties to a verb or noun."""
    found: list[Token] = []
    for child in head.children:
        if child.dep_ in ("prep", "dative", "agent") and child.lower_ == word:
            found.extend(referent(noun) for noun in child.children if noun.dep_ == "pobj")
    return found


def is_hyphenated(token: Token) -> bool:
    """Tell a part of "court-appointed" from a word that stands alone."""
    return any(token.doc[at].text == "-" for at in (token.i - 1, token.i + 1) if 0 <= at < len(token.doc))


def is_set_before(clause: Token) -> bool:
    """Tell "Chad accused Norway of arming them, a charge Oslo denies": what comes first is not what is denied.

    The parse hangs the whole of it on the last verb, as it does with "Chad is arming them, Oslo said".
    """
    verb = clause.head
    if clause.dep_ != "ccomp" or clause.i > verb.i or verb.lemma_ not in _DENYING:
        return False
    return any(token.lemma_.lower() in _CHARGES for token in clause.doc[clause.i : verb.i])


def phrase(head: Token, *, whole: bool = False) -> Span:
    """Return the characters of a noun phrase: without its clauses, or whole up to them.

    Short form: determiners, modifiers and names to the left; long form also the prepositional phrases to the right.
    """
    keep = {"det", "amod", "compound", "nummod", "poss", "nmod", "quantmod", "predet", "advmod", "case", "npadvmod"}
    if whole:
        keep |= {"prep", "pobj", "conj", "cc", "appos", "punct"}
    first = last = head
    waiting = [head]
    while waiting:
        token = waiting.pop()
        first = token if token.i < first.i else first
        last = token if token.i > last.i else last
        waiting.extend(
            child
            for child in token.children
            if child.dep_ in keep
            and (whole or child.ent_type_ not in ("DATE", "TIME"))
            and not (child.dep_ == "case" and child.head == head)
        )
    return Span(first.idx, last.idx + len(last.text))

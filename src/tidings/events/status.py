"""How an act is told: asserted, planned, hypothetical or denied, and by whose words alone.

In: the verb (or noun) an act hangs on. Out: a status and the words that made it.
Whether an asserted act is old enough to be background is decided where its date is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from tidings.events.clause import is_set_before

if TYPE_CHECKING:
    from spacy.tokens import Token

__all__ = ["TAKEN_AS_TRUE", "Told", "how_told", "is_long_past", "is_past", "is_years_before"]

Told = Literal["asserted", "planned", "hypothetical", "denied"]

_MODALS = frozenset({"could", "would", "might", "may", "should", "can", "must", "ought", "'d", "’d"})
_FUTURE_MODALS = frozenset({"will", "shall", "'ll", "’ll"})
_FORETELLING = frozenset("add announce confirm declare say tell".split())
_SUPPOSED = frozenset({"suppose", "require", "oblige"})
"""What one is "supposed to" do, nobody says that it is done."""
_FUTURE_VERBS = frozenset("plan schedule intend prepare set due expect slate expected poise about".split())
_WISHING = frozenset(
    "call urge demand want hope seek wish propose suggest consider mull weigh request ask refuse decline threaten vow "
    "warn fear need expect recommend advise encourage oppose invite order pledge promise offer agree discuss debate "
    "conspire plot scheme struggle fearful afraid wary deserve prevent avoid avert deter risk attempt aim bid push "
    "appeal allow enable permit let train equip recruit authorise authorize".split()
)
_NEEDING = frozenset({"need", "want", "hope", "wish", "seek", "consider", "mull", "weigh"})
_BARRING = frozenset("bar prevent stop keep block prohibit ban discourage deter refrain abstain dissuade".split())
"""What is said "from": one is barred from doing what one does not do."""
_OPEN = frozenset({"free", "willing", "eager", "welcome"})
_BEGUN = frozenset({"prepare", "poise"})
"""Who prepares for an act does something already."""
_CHANCES = frozenset("possibility prospect chance likelihood danger rumour rumor speculation idea notion".split())
_SUPPOSITIONS = _CHANCES | {"fear", "myth", "suggestion", "theory"}
"""Nouns whose clause with "that" is told as true by nobody: "the idea that they trained rebels"."""
_OPTIONS = frozenset("aim ambition dream goal option possibility possible".split())
_WANTED = frozenset("want need wish like love prefer expect urge".split())
"""Verbs whose clause with "to" is still to be done: "wants the council to lift the ban"."""
_HAPPENING = frozenset(
    "take occur happen begin start end hold follow go proceed resume continue come be remain cease stop erupt".split()
)
"""Verbs that tell of an act that it is done: "talks could begin"; others only tell what it does."""
_WISHED_THINGS = frozenset("want seek demand propose urge consider prevent avoid avert".split())
_WISHED_CLAUSES = frozenset("hope wish suggest demand propose fear insist request".split())
_DENYING = frozenset({"deny", "refute", "disprove", "dismiss", "rebut", "reject"})
_SPECULATING = frozenset({"likely", "possible", "unlikely", "potential", "potentially", "possibly", "maybe", "perhaps"})
_CONDITIONS = frozenset({"if", "unless", "whether"})
_WHENEVER = frozenset({"when", "whenever", "once", "until"})
_NEGATIONS = frozenset({"not", "n't", "n’t", "never", "no", "without", "neither", "nor", "none"})
_FUTURE_NOUNS = frozenset(
    "upcoming planned scheduled forthcoming future next proposed imminent impending looming".split()
)
_AROUND = frozenset({"after", "before"})
"""What is told in the present after these is still to come: "after the ministers meet"."""
_RAISING = frozenset({"think", "believe", "expect", "suppose", "mean"})
"""Verbs whose "not" belongs to what follows: "do not think that they attacked"."""
TAKEN_AS_TRUE = frozenset("mention know realise realize notice remember forget disclose reveal explain regret".split())
"""Who "did not mention that they met" leaves it to the article that they did."""
_MERELY = frozenset({"only", "just", "merely", "simply"})
_AGES = frozenset({"year", "decade", "generation", "century"})
_RECENT = frozenset({"earlier", "already", "just", "recently", "previously"})
_VERBAL = ("VERB", "AUX")
_COMPLEMENTS = frozenset({"attr", "acomp", "prep"})
"""With one of these "is" foretells nothing: "is among the first to send"."""
_STEPS = 5
_CLIMBED = frozenset("xcomp ccomp conj dobj pobj prep pcomp nsubjpass nsubj attr acl acomp".split())
"""How a word must hang on the one above for that to say how it is told."""


def how_told(head: Token, predicate: Token | None = None) -> tuple[Told, str | None]:
    """Tell how the act at `head`, carried by `predicate`, is told, and by which cue."""
    found = _noun_status(head) if head.pos_ in ("NOUN", "PROPN") else None
    if found:
        return found
    verb: Token = predicate if predicate is not None else head
    inside = head.head if head.dep_ == "dobj" else head
    if inside.pos_ in _VERBAL and inside != verb:
        own = _verb_status(inside) or _passed_over(inside, verb)
        if own:
            return own
    below: Token | None = None
    for step in range(_STEPS):
        own = _verb_status(verb) if verb.pos_ in (*_VERBAL, "ADJ") else None
        if own and (below is None or _shares(below, verb, own[0])):
            return ("asserted", None) if _stands_alone(below, verb, own[0]) else own
        if verb.head == verb:
            break
        above = _from_above(verb, step)
        if above:
            return ("asserted", None) if _stands_alone(below, verb, above[0]) else above
        if verb.dep_ not in _CLIMBED or (verb.dep_ == "nsubj" and verb.head.lemma_ not in _HAPPENING):
            break  # "its support would harm the alliance" supports all the same
        below, verb = verb, verb.head
    return "asserted", None


def is_long_past(verb: Token) -> bool:
    """Tell "had been holding talks" from "said they had held talks", where "had" only shifts what was said."""
    if verb.dep_ != "ROOT" or verb.tag_ not in ("VBN", "VBG"):
        return False
    if any(child.dep_ in ("ccomp", "parataxis") or child.lower_ in _RECENT for child in verb.children):
        return False
    return any(child.dep_ == "aux" and child.lower_ in ("had", "'d", "’d") for child in verb.children)


def is_years_before(word: Token) -> bool:
    """Tell "18 years after they invaded", "decades since the invasion" from "two days after they invaded"."""
    links = [child for child in word.children if child.dep_ == "mark"]
    if word.dep_ == "pobj":
        links.append(word.head)
    return any(
        link.lower_ in ("after", "since")
        and link.i
        and (link.nbor(-1).lemma_ in _AGES or (link.nbor(-1).lemma_ == "month" and link.nbor(-1).tag_ == "NNS"))
        for link in links
    )


def is_past(verb: Token) -> bool:
    """Tell "met" and "was met" from "meets" and "will meet"."""
    return verb.tag_ == "VBD" or any(
        child.tag_ == "VBD" and child.dep_ in ("aux", "auxpass") for child in verb.children
    )


def _is_told_of_oneself(verb: Token) -> bool:
    """Tell "they said they would meet", the future of what was said, from "said it would hurt if they met"."""
    above = verb.head
    if verb.dep_ != "ccomp" or above.lemma_ not in _FORETELLING or not is_past(above):
        return False
    if any(child.dep_ == "aux" and child.lower_ == "have" for child in verb.children):
        return False  # "said it would have sent them"
    clauses = (child for child in verb.children if child.dep_ in ("advcl", "advmod"))
    if any(child.lower_ in _SPECULATING or any(m.lower_ in _CONDITIONS for m in child.lefts) for child in clauses):
        return False
    first = above.head if above.dep_ == "conj" else above  # "condemned it and said they would meet"
    speaker = [child for saying in (above, first) for child in saying.children if child.dep_ == "nsubj"]
    own = [child for child in verb.children if child.dep_ == "nsubj"]
    # What others would do is often but supposed: only of oneself does one tell what one will do.
    return bool(own and speaker) and own[0].lower_ in ("he", "she", "it", "they", "we")


def _passed_over(verb: Token, last: Token) -> tuple[Told, str] | None:
    """Read "failed to keep sending", "has no plans to meet": what the operators above an act have passed over."""
    for _ in range(_STEPS):
        governor, lemma = verb.head, verb.head.lemma_
        if verb == last or verb.dep_ not in ("xcomp", "acl", "acomp", "conj"):
            return None
        if verb.dep_ in ("xcomp", "acl") and lemma not in _BEGUN:
            found = ("hypothetical", lemma) if lemma in _NEEDING else _infinitive(verb, governor, lemma)
            if found:
                return found
        verb = governor
    return None


def _shares(below: Token, verb: Token, told: Told) -> bool:
    """Tell whether "not" or "will" at one verb holds for the next or the one under it.

    "Did not meet or talk", but not "did not meet but talked"; "did not think they attacked", but not "did not say so".
    """
    if below.dep_ == "ccomp" and below.tag_ != "VB":
        true = any(child.lower_ in ("true", "case") for child in verb.children)
        return told != "denied" or verb.lemma_ in _RAISING or true
    if below.dep_ != "conj":
        return True
    if told == "denied" and verb.pos_ == "AUX" and below.tag_ in ("VBD", "VBZ", "VBP"):
        return False  # "was not happy and accused them"
    if any(child.dep_ in ("nsubj", "nsubjpass", "aux") for child in below.children) or below.tag_ != verb.tag_:
        return False
    return not any(child.dep_ == "cc" and child.lower_ == "but" for child in verb.children)


def _stands_alone(below: Token | None, verb: Token, told: Told) -> bool:
    """Tell what the article tells whatever is above it: "refused to say why they met", "failed to mention they met"."""
    if below is None or below.dep_ != "ccomp":
        return False
    return (is_past(below) and below.left_edge.tag_.startswith("W")) or (
        told == "denied" and verb.lemma_ in TAKEN_AS_TRUE
    )


def _is_negated(word: Token) -> bool:
    """Tell "no plans", "did not plan" and "does not have any plans"."""
    own = any(child.dep_ == "neg" or child.lower_ in _NEGATIONS for child in word.children)
    return own or (word.dep_ == "dobj" and any(c.dep_ == "neg" or c.lower_ == "nor" for c in word.head.children))


def _noun_status(head: Token) -> tuple[Told, str] | None:
    for child in head.children:
        word = child.lower_
        if word in _FUTURE_NOUNS and child.dep_ == "amod":
            return ("hypothetical" if word in ("proposed", "future") else "planned"), word
        if word in ("possible", "potential", "alleged") and word != "alleged":
            return "hypothetical", word
        if word in ("no", "without") and child.dep_ in ("det", "neg"):
            return "denied", word
    if head.dep_ == "pobj" and head.head.lower_ == "of" and head.head.head.lower_ == "ahead":
        return "planned", "ahead of"
    if head.dep_ == "pobj" and head.head.lower_ == "without":
        return "denied", "without"
    return None


def _verb_status(verb: Token) -> tuple[Told, str] | None:
    negated: str | None = None
    modal: tuple[Told, str] | None = None
    for child in verb.children:
        word = child.lower_
        if child.dep_ == "neg" or (child.dep_ == "advmod" and word in ("never", "longer")):
            if not any(after.lower_ in _MERELY for after in child.doc[child.i + 1 : child.i + 2]):
                negated = word
        elif child.dep_ in ("nsubj", "nsubjpass") and any(part.lower_ in _NEGATIONS for part in (child, *child.lefts)):
            negated = "no"
        elif _is_inverted(child, verb):
            return "hypothetical", word
        elif child.dep_ == "aux" and word in _FUTURE_MODALS:
            modal = ("planned", word)
        elif child.dep_ == "aux" and word in _MODALS:
            modal = ("planned" if word == "would" and _is_told_of_oneself(verb) else "hypothetical", word)
        elif child.dep_ == "mark" and word in _AROUND and verb.tag_ in ("VBZ", "VBP"):
            return "planned", f"{word} it"
        elif (child.dep_ == "mark" and word in _CONDITIONS) or _is_whenever(child, verb):
            return "hypothetical", word
        elif child.dep_ == "mark" and word == "for" and verb.tag_ == "VB":
            return "hypothetical", "for ... to"
        elif child.dep_ in ("advmod", "acomp") and word in _SPECULATING:
            modal = modal or ("hypothetical", word)
    if negated:
        return "denied", negated
    if modal:
        return modal
    if verb.lemma_ == "go" and verb.tag_ == "VBG" and any(child.dep_ == "xcomp" for child in verb.children):
        return "planned", "going to"
    return None


def _from_above(token: Token, step: int) -> tuple[Told, str] | None:
    """Read the governor: "plans to", "called for", "denied having", "is to meet"."""
    head = token.head
    if token.dep_ == "pcomp" and "instead" in (head.lower_, head.head.lower_):
        return "denied", "instead of"
    if token.dep_ == "pcomp" and head.lower_ == "without":
        return "denied", "without"
    if token.dep_ == "pcomp" and any(child.lower_ == "having" for child in token.children):
        return "asserted", "having"
    if _is_option(token):
        return "hypothetical", "an option"
    that = any(child.dep_ == "mark" and child.lower_ == "that" for child in token.lefts)
    if that and token.dep_ in ("acl", "relcl") and head.lemma_ in _SUPPOSITIONS:
        return "hypothetical", head.lemma_
    if _is_only_choice(token):
        return "hypothetical", "but to"
    if token.dep_ == "advcl" and token.tag_ == "VBG" and _is_ruled_out(head):
        return _ruled_out(head)
    if token.dep_ in ("xcomp", "pcomp", "acl") or (token.dep_ in ("dobj", "pobj") and step <= 2):
        if head.dep_ == "conj" and head.head.pos_ == "ADP":
            head = head.head  # "pushed not just for talks but for cutting aid"
        return _governed(token, head.head if head.pos_ == "ADP" else head)
    if token.dep_ == "ccomp" and head.lemma_ in ("deny", "doubt", "refute") and not is_set_before(token):
        return "denied", head.lemma_
    if token.dep_ == "ccomp" and token.tag_ == "VB":
        to = head.lemma_ in _WANTED and any(child.lower_ == "to" and child.dep_ == "aux" for child in token.lefts)
        return ("hypothetical", head.lemma_) if to or head.lemma_ in _WISHED_CLAUSES else None
    return None


def _is_option(token: Token) -> bool:
    """Tell "meeting them was an option" from "meeting them was a mistake", which tells that it was done."""
    copula = token.head
    return (
        token.dep_ in ("csubj", "nsubj")
        and copula.lemma_ == "be"
        and any(child.dep_ in ("attr", "acomp") and child.lemma_ in _OPTIONS for child in copula.children)
    )


def _is_only_choice(verb: Token) -> bool:
    """Tell "said they had no choice but to yield", "have no choice" from "had no choice", which tells it was done."""
    if not any(child.lower_ == "to" and child.i and child.nbor(-1).lower_ == "but" for child in verb.lefts):
        return False
    having = verb.head if verb.head.pos_ in _VERBAL else verb.head.head
    return having.dep_ == "ccomp" or having.tag_ in ("VBP", "VBZ", "VB")


def _governed(token: Token, governor: Token) -> tuple[Told, str] | None:
    """Read the verb or noun whose complement an act is."""
    head, lemma = token.head, governor.lemma_.lower()
    if lemma in _DENYING and token.dep_ != "dobj":
        return "denied", lemma
    if _is_ruled_out(governor):
        return _ruled_out(governor)
    if token.dep_ == "pcomp" and head.lower_ == "from" and lemma in _BARRING:
        return ("hypothetical", f"not {lemma}") if _is_negated(governor) else ("denied", lemma)
    if token.dep_ in ("xcomp", "acl"):
        found = _infinitive(token, governor, lemma)
        if found:
            return found
    if lemma in _CHANCES and head.lower_ in ("of", "for"):
        return "hypothetical", lemma
    if lemma in ("task", "entrust") and head.lower_ == "with":
        return "hypothetical", lemma
    ordered = token.dep_ == "acl" and token.tag_ == "VBG"  # an order banning them bans them
    wished = lemma in _WISHING and not ordered and (token.dep_ != "dobj" or lemma in _WISHED_THINGS)
    if wished and (head.pos_ != "ADP" or head.lower_ in ("for", "of", "about", "from", "on")):
        return "hypothetical", lemma
    return None


def _infinitive(token: Token, governor: Token, lemma: str) -> tuple[Told, str] | None:
    """Read "failed to meet", "likely to meet", "is expected to meet", "has yet to meet", "is to meet"."""
    if lemma in ("fail", "unable"):
        if any(child.dep_ == "aux" and child.tag_ == "MD" for child in governor.children):
            return "hypothetical", f"may {lemma}"
        return ("asserted", f"not {lemma}") if _is_negated(governor) else ("denied", lemma)
    if lemma in _SPECULATING or lemma in _OPEN or (lemma in _SUPPOSED and governor.tag_ == "VBN"):
        return "hypothetical", lemma
    if lemma in _FUTURE_VERBS:
        return ("denied", f"not {lemma}") if _is_negated(governor) else ("planned", lemma)
    if lemma == "have" and token.tag_ == "VB" and any(child.lower_ == "yet" for child in governor.children):
        return "denied", "yet to"
    if lemma == "be" and token.tag_ == "VB" and not any(child.dep_ in _COMPLEMENTS for child in governor.children):
        return "planned", "is to"
    return None


def _is_ruled_out(verb: Token) -> bool:
    return verb.lemma_ == "rule" and any(child.dep_ == "prt" and child.lower_ == "out" for child in verb.children)


def _ruled_out(verb: Token) -> tuple[Told, str]:
    return ("hypothetical", "not ruled out") if _is_negated(verb) else ("denied", "ruled out")


def _is_inverted(child: Token, verb: Token) -> bool:
    """Tell "should Chad refuse, they will leave" from "should Chad refuse?"."""
    if child.dep_ not in ("aux", "auxpass") or child.lower_ not in ("should", "had", "were"):
        return False
    if verb.dep_ not in ("advcl", "ccomp"):
        return False
    return any(subject.dep_ in ("nsubj", "nsubjpass") and subject.i > child.i for subject in verb.children)


def _is_whenever(child: Token, verb: Token) -> bool:
    """Tell "a panel decides when Chad refuses" from "when Chad refused": the present tells what holds at any time.

    "Once Chad has refused" is still to come; "whenever" is not told of what has happened.
    """
    if child.lower_ not in _WHENEVER or child.dep_ not in ("mark", "advmod") or verb.dep_ != "advcl":
        return False
    present = ("VBZ", "VBP")
    done = child.lower_ != "when" and any(c.dep_ in ("aux", "auxpass") and c.tag_ in present for c in verb.children)
    return (verb.tag_ in present or (verb.tag_ == "VBN" and done)) and verb.head.tag_ not in ("VBD", "VBN")

"""Learn the quotation tables: the lexicon of cue words, and the five forests, once by grammar alone and once with the
encoder's word.

In: the data folder with `quotes/dev/polnear_train.jsonl`, and the installed encoder. Out: `cues.tsv`, `quotes.npz` and
`quotes_encoded.npz` in `src/tidings/data`.
Run: `python training/quotes.py DATA [--cache FOLDER] [--only grammar|both]`. Seeded; the same data and the same encoder
give the same tables.

The chain is learnt as it is used: each forest sees what the forests before it say about articles they did not learn
from (three folds by article).
"""

from __future__ import annotations

import argparse
import json
import os
import re
from collections import ChainMap, Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import lightgbm
import numpy as np
from spacy.tokens import Doc, DocBin

from tidings import syntax
from tidings.encoder import ArticleReading
from tidings.quotes import attributions
from tidings.quotes.attributions import BY_BOTH, BY_GRAMMAR, LIKELY, Bars, proposed_by
from tidings.quotes.contents import Content, Piece, content_features, find_contents, report_features
from tidings.quotes.cues import Cue, Lexicon, cue_features, find_cues, word_class
from tidings.quotes.encoded import Encoded, lay_over
from tidings.quotes.forest import ENCODED, TABLE
from tidings.quotes.owners import owner_features, owner_pairs
from tidings.quotes.passage import Passage, lay_out
from tidings.quotes.speakers import find_candidates, phrase, speaker_features
from tidings.score.quotes import score_quotes

FOLDS = 3
TRIED = ("direct_mixed.pair_f1", "indirect.ov80_f1", "indirect.ov80_precision", "all.pair_f1", "strings.f1")
OUT = Path(__file__).parent.parent / "src" / "tidings" / "data"
SETTINGS = {
    "objective": "cross_entropy",
    "learning_rate": 0.05,
    "num_leaves": 31,
    "max_depth": 8,
    "min_data_in_leaf": 40,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "seed": 7,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "verbose": -1,
}


@dataclass
class Gold:
    """One annotated quotation on tokens."""

    kind: str
    cue: int | None
    content: frozenset[int]
    speaker: frozenset[int]


@dataclass
class Lesson:
    """One article to learn from, with what the forests so far say about it."""

    passage: Passage
    gold: list[Gold]
    fold: int
    cues: list[Cue] = field(default_factory=list)
    chances: list[float] = field(default_factory=list)
    owned: dict[int, list[int]] = field(default_factory=dict)
    contents: dict[int, list[Content]] = field(default_factory=dict)
    chosen: dict[int, Content] = field(default_factory=dict)
    ranked: dict[int, list[tuple[float, Content]]] = field(default_factory=dict)
    lexicon: Lexicon | None = None
    said: Encoded | None = None

    @property
    def bars(self) -> Bars:
        """What is weighed at all."""
        return BY_GRAMMAR if self.said is None else BY_BOTH

    @property
    def likely(self) -> list[int]:
        """The tokens of the likely cues, in text order."""
        return [cue.token for cue, chance in zip(self.cues, self.chances, strict=True) if chance >= LIKELY]


def read_lessons(path: Path, cache: Path | None, limit: int | None = None) -> list[Lesson]:
    """Parse the articles (or read their parses from `cache`) and put the gold on tokens."""
    articles = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()][:limit]
    lessons = []
    for at, (article, doc) in enumerate(zip(articles, _docs(articles, path, cache), strict=False)):
        passage = lay_out(doc, article["text"])
        gold = [_gold(passage, quote) for quote in article["quotes"]]
        lessons.append(Lesson(passage, gold, at % FOLDS))
    return lessons


def _docs(articles: list[dict], path: Path, cache: Path | None) -> Iterator[Doc]:
    vocab = syntax.load_model().vocab
    name = path.stem.removeprefix("polnear_")
    if cache is not None:
        at = 0
        while (packed := cache / f"{name}_{at}.bin").exists():
            yield from DocBin().from_disk(packed).get_docs(vocab)
            at += 1
        if at:
            return
    for article in articles:
        yield syntax.parse(article["text"])


def words_in(passage: Passage, spans: Sequence[Sequence[int]]) -> frozenset[int]:
    """Return the word tokens that spans cover."""
    found: set[int] = set()
    for span in spans:
        bounds = passage.tokens((span[0], span[1]))
        if bounds is not None:
            found.update(i for i in range(bounds[0], bounds[1] + 1) if is_word(passage, i))
    return frozenset(found)


def is_word(passage: Passage, token: int) -> bool:
    """Tell whether a token holds a letter or digit."""
    return re.search(r"\w", passage.lower[token]) is not None


def words_of(passage: Passage, pieces: Sequence[Piece]) -> frozenset[int]:
    """Return the word tokens in pieces."""
    return frozenset(i for a, b in pieces for i in range(a, b + 1) if is_word(passage, i))


def _gold(passage: Passage, quote: dict) -> Gold:
    cue_tokens: list[int] = []
    for span in quote["cue_spans"]:
        bounds = passage.tokens((span[0], span[1]))
        if bounds is not None:
            cue_tokens += range(bounds[0], bounds[1] + 1)
    return Gold(
        quote["kind"],
        cue_head(passage, cue_tokens),
        words_in(passage, quote["spans"]),
        words_in(passage, quote["speaker_spans"]),
    )


def cue_head(passage: Passage, tokens: Sequence[int]) -> int | None:
    """Return the word of an annotated cue that the lexicon counts."""
    inside = set(tokens)
    open_class = [t for t in tokens if word_class(passage, t) in ("V", "N", "A") and passage.pos[t] != "AUX"]
    roots = [t for t in open_class if passage.head[t] not in inside or passage.head[t] == t]
    verbs = [t for t in open_class if passage.pos[t] == "VERB"]
    for group in ([t for t in roots if passage.pos[t] == "VERB"], verbs, roots, open_class):
        if group:
            return group[0]
    return next((t for t in tokens if passage.lower[t] == ":"), None)


class Counts:
    """How often each word was seen, opened a report, and by which relation the report hung on it.

    The classes are those of `word_class`, and besides S (subjects: nouns and pronouns that were speakers) and F (the
    very form of a cue).
    """

    def __init__(self, lessons: Sequence[Lesson]) -> None:
        self.seen: Counter = Counter()
        self.opened: Counter = Counter()
        self.objects: Counter = Counter()
        for lesson in lessons:
            self._count(lesson)

    def _count(self, lesson: Lesson) -> None:
        p = lesson.passage
        golds: dict[int | None, Gold] = {}
        for gold in lesson.gold:
            golds.setdefault(gold.cue, gold)
        speakers = frozenset().union(*(gold.speaker for gold in lesson.gold))
        for token in range(len(p)):
            kind = word_class(p, token)
            if kind is not None:
                self.seen[p.lemma[token], kind] += 1
                self.seen[p.lower[token], "F"] += 1
                if token in golds:
                    self.opened[p.lemma[token], kind] += 1
                    self.opened[p.lower[token], "F"] += 1
                    for lemma in (p.lemma[token], "*"):
                        self.objects[lemma, kind, "*"] += 1
                        self.objects[lemma, kind, hung_by(p, token, golds[token].content)] += 1
            if p.dep[token] in ("nsubj", "nsubjpass") and p.pos[token] in ("NOUN", "PRON"):
                self.seen[p.lemma[token], "S"] += 1
                self.opened[p.lemma[token], "S"] += token in speakers

    def lexicon(self) -> Lexicon:
        """Turn the counts into the lexicon used at run time."""
        base = {}
        for kind in "VNAPSF":
            keys = [key for key in self.seen if key[1] == kind]
            base[kind] = sum(self.opened[key] for key in keys) / max(1, sum(self.seen[key] for key in keys))
        counts = {key: (self.seen[key], self.opened[key]) for key in self.seen}
        return Lexicon(counts, base, dict(self.objects))


def hung_by(p: Passage, cue: int, content: frozenset[int]) -> str:
    """Return the relation by which most of a content hangs on its cue, "-" for none."""
    best, most = "-", 0
    for child in p.children[cue]:
        size = sum(p.left[child] <= token <= p.right[child] for token in content)
        if size > most:
            best, most = p.dep[child], size
    return best


def lexica(lessons: Sequence[Lesson]) -> None:
    """Give each lesson a lexicon counted on the other articles only."""
    whole = Counts(lessons)
    full = whole.lexicon()
    counts, objects = dict(full.counts), dict(full.objects)
    for lesson in lessons:
        own = Counts([lesson])
        mine = {key: (whole.seen[key] - n, whole.opened[key] - own.opened[key]) for key, n in own.seen.items()}
        theirs = {key: objects[key] - n for key, n in own.objects.items()}
        lesson.lexicon = Lexicon(ChainMap(mine, counts), full.base, ChainMap(theirs, objects))


def learn(
    rows: list[list[float]], labels: Sequence[float], folds: list[int], rounds: int, taught: np.ndarray | None = None
) -> tuple[lightgbm.Booster, np.ndarray]:
    """Fit one forest on everything, and predict each row by a forest that did not see its fold.

    Where `taught` is given, the forests learn from those rows only.
    """
    table, target, fold = np.asarray(rows, np.float32), np.asarray(labels, np.float32), np.asarray(folds)
    keep = np.ones(len(table), bool) if taught is None else taught
    unseen = np.zeros(len(table))
    for at in range(FOLDS):
        mask = (fold != at) & keep
        model = lightgbm.train(SETTINGS, lightgbm.Dataset(table[mask], target[mask]), rounds)
        unseen[fold == at] = np.asarray(model.predict(table[fold == at]))
    loss, auc = _loss(unseen, target), _auc(unseen, target >= 0.5)
    print(f"  {table.shape} positives {target.mean():.3f} log loss {loss:.4f} auc {auc:.4f}", flush=True)
    return lightgbm.train(SETTINGS, lightgbm.Dataset(table[keep], target[keep]), rounds), unseen


def _loss(p: np.ndarray, y: np.ndarray) -> float:
    p = np.clip(p, 1e-6, 1 - 1e-6)
    return float(-(y * np.log(p) + (1 - y) * np.log(1 - p)).mean())


def _auc(p: np.ndarray, y: np.ndarray) -> float:
    order = np.argsort(p, kind="stable")
    rank = np.empty(len(p))
    rank[order] = np.arange(1, len(p) + 1)
    good = y.sum()
    return float((rank[y == 1].sum() - good * (good + 1) / 2) / (good * (len(y) - good)))


def learn_cues(lessons: Sequence[Lesson], rounds: int) -> lightgbm.Booster:
    """Learn which candidate cues open a report."""
    rows, labels, folds = [], [], []
    for lesson in lessons:
        heads = {gold.cue for gold in lesson.gold}
        assert lesson.lexicon is not None
        for cue in lesson.cues:
            rows.append(cue_features(lesson.passage, cue, lesson.lexicon, lesson.said))
            labels.append(cue.token in heads)
            folds.append(lesson.fold)
    model, unseen = learn(rows, labels, folds, rounds)
    at = 0
    for lesson in lessons:
        lesson.chances = unseen[at : at + len(lesson.cues)].tolist()
        at += len(lesson.cues)
    return model


def learn_owners(lessons: Sequence[Lesson], rounds: int) -> lightgbm.Booster:
    """Learn which cue a quoted region hangs on."""
    rows, labels, folds, pairs = [], [], [], []
    for lesson in lessons:
        p = lesson.passage
        covered = [
            {gold.cue for gold in lesson.gold if _share(p, bounds, gold.content) >= 0.5} for bounds in p.region_bounds
        ]
        mine = owner_pairs(p, lesson.cues)
        pairs.append(mine)
        for pair in mine:
            rows.append(owner_features(p, lesson.cues, lesson.chances, pair, lesson.said))
            labels.append(lesson.cues[pair[1]].token in covered[pair[0]])
            folds.append(lesson.fold)
    model, unseen = learn(rows, labels, folds, rounds)
    at = 0
    for lesson, mine in zip(lessons, pairs, strict=True):
        best: dict[int, tuple[float, int]] = {}
        for (region, cue), chance in zip(mine, unseen[at : at + len(mine)].tolist(), strict=True):
            if chance > best.get(region, (lesson.bars.owned, -1))[0]:
                best[region] = (chance, cue)
        for region, (_, cue) in sorted(best.items()):
            lesson.owned.setdefault(cue, []).append(region)
        at += len(mine)
    return model


def _share(p: Passage, bounds: Piece, content: frozenset[int]) -> float:
    words = words_of(p, [bounds])
    return len(words & content) / len(words) if words else 0.0


def learn_contents(lessons: Sequence[Lesson], rounds: int) -> lightgbm.Booster:
    """Learn which candidate content a cue reports, given that it reports any."""
    rows, labels, folds, keys, taught = [], [], [], [], []
    best = []
    for number, lesson in enumerate(lessons):
        p, likely = lesson.passage, lesson.likely
        assert lesson.lexicon is not None
        for at, (cue, chance) in enumerate(zip(lesson.cues, lesson.chances, strict=True)):
            owned = lesson.owned.get(at, [])
            if chance < lesson.bars.weighed and not owned:
                continue
            golds = [gold for gold in lesson.gold if gold.cue == cue.token]
            contents = find_contents(p, cue, owned, proposed_by(p, lesson.said, cue, owned))
            lesson.contents[at] = contents
            overlaps = [best_overlap(words_of(p, content.pieces), golds) for content in contents]
            for content, overlap in zip(contents, overlaps, strict=True):
                rows.append(content_features(p, cue, chance, content, owned, lesson.lexicon, likely, lesson.said))
                labels.append(overlap)
                folds.append(lesson.fold)
                keys.append((number, at))
                taught.append(max(overlaps) >= 0.5)
            if golds:
                best.append(max(overlaps, default=0.0))
    print(f"  best content reaches 0.8 for {np.mean(np.asarray(best) >= 0.8):.3f} of {len(best)} found cues")
    model, unseen = learn(rows, [sharp(overlap) for overlap in labels], folds, rounds, np.asarray(taught))
    by_cue: dict[tuple[int, int], list[tuple[float, Content, float]]] = {}
    position: Counter = Counter()
    for key, chance, overlap in zip(keys, unseen.tolist(), labels, strict=True):
        content = lessons[key[0]].contents[key[1]][position[key]]
        position[key] += 1
        by_cue.setdefault(key, []).append((chance, content, overlap))
    right = []
    for (number, at), choices in by_cue.items():
        lesson = lessons[number]
        lesson.ranked[at] = sorted(((c, content) for c, content, _ in choices), key=lambda one: -one[0])
        lesson.chosen[at] = lesson.ranked[at][0][1]
        if max(overlap for _, _, overlap in choices) >= 0.8:
            right.append(max(choices, key=lambda one: one[0])[2] >= 0.8)
    print(f"  the chosen content reaches 0.8 for {np.mean(right):.3f} where one does")
    return model


def best_overlap(words: frozenset[int], golds: Sequence[Gold]) -> float:
    """Return the best overlap with an annotated content."""
    return max((len(words & gold.content) / len(words | gold.content) for gold in golds if words), default=0.0)


def sharp(overlap: float) -> float:
    """Turn an overlap into what the forest learns: 1 for the very words, little below four fifths."""
    return 0.5 + 2.5 * (overlap - 0.8) if overlap >= 0.8 else max(0.0, 0.4 * (overlap - 0.4))


def learn_reports(lessons: Sequence[Lesson], rounds: int) -> lightgbm.Booster:
    """Learn whether the content chosen for a cue is reported at all."""
    rows, labels, folds = [], [], []
    for lesson in lessons:
        p, likely = lesson.passage, lesson.likely
        assert lesson.lexicon is not None
        for at, ranked in lesson.ranked.items():
            owned = lesson.owned.get(at, [])
            features = content_features(
                p, lesson.cues[at], lesson.chances[at], ranked[0][1], owned, lesson.lexicon, likely, lesson.said
            )
            rows.append(features + report_features([chance for chance, _ in ranked]))
            golds = [gold for gold in lesson.gold if gold.cue == lesson.cues[at].token]
            labels.append(best_overlap(words_of(p, ranked[0][1].pieces), golds) >= 0.8)
            folds.append(lesson.fold)
    return learn(rows, labels, folds, rounds)[0]


def learn_speakers(lessons: Sequence[Lesson], rounds: int) -> lightgbm.Booster:
    """Learn which noun phrase names who speaks."""
    rows, labels, folds = [], [], []
    reach = []
    for lesson in lessons:
        p, likely = lesson.passage, set(lesson.likely)
        assert lesson.lexicon is not None
        for at, content in lesson.chosen.items():
            cue = lesson.cues[at]
            golds = [gold for gold in lesson.gold if gold.cue == cue.token]
            if not golds:
                continue
            candidates = find_candidates(p, cue, content.pieces, lesson.said)
            hits = [bool(words_of(p, [phrase(p, c.token)]) & golds[0].speaker) for c in candidates]
            heads = [c.token in golds[0].speaker for c in candidates]
            if golds[0].speaker:
                reach.append(any(hits))
            for i in range(len(candidates)):
                rows.append(
                    speaker_features(p, cue, content.pieces, candidates, i, likely, lesson.lexicon, lesson.said)
                )
                labels.append(heads[i] if any(heads) else hits[i])
                folds.append(lesson.fold)
    print(f"  a right speaker is among the candidates for {np.mean(reach):.3f}")
    model, _ = learn(rows, labels, folds, rounds)
    return model


def to_arrays(name: str, model: lightgbm.Booster) -> dict[str, np.ndarray]:
    """Lay the trees of a forest out as arrays."""
    feature, threshold, left, right, value, roots = [], [], [], [], [], []

    def add(node: dict) -> tuple[int, int]:
        at = len(feature)
        for column in (feature, threshold, left, right, value):
            column.append(0)
        if "leaf_value" in node and "split_feature" not in node:
            left[at] = right[at] = at
            value[at] = node["leaf_value"]
            return at, 0
        feature[at], threshold[at] = node["split_feature"], node["threshold"]
        left[at], depth_left = add(node["left_child"])
        right[at], depth_right = add(node["right_child"])
        return at, 1 + max(depth_left, depth_right)

    depth = 0
    for tree in model.dump_model()["tree_info"]:
        root, deep = add(tree["tree_structure"])
        roots.append(root)
        depth = max(depth, deep)
    return {
        f"{name}_roots": np.asarray(roots, np.int32),
        f"{name}_feature": np.asarray(feature, np.int16),
        f"{name}_threshold": np.asarray(threshold, np.float32),
        f"{name}_child": np.asarray([left, right], np.int32).T.ravel(),
        f"{name}_value": np.asarray(value, np.float32),
        f"{name}_depth": np.asarray(depth, np.int32),
    }


def write_lexicon(lessons: Sequence[Lesson], path: Path) -> None:
    """Write the words seen three times or more."""
    counts = Counts(lessons)
    lines = [
        "# word, class (V verb, N noun, A adjective or adverb, P colon, S noun or pronoun as subject, F form),",
        "# times seen, times it opened a report (S: times it was the speaker), relations by which reports hung on it",
    ]
    for kind in "ANPVSF":
        keys = sorted(key for key in counts.seen if key[1] == kind)
        total = sum(counts.seen[key] for key in keys)
        lines.append(f"*\t{kind}\t{total}\t{sum(counts.opened[key] for key in keys)}\t{_relations(counts, '*', kind)}")
        lines += [
            f"{word}\t{kind}\t{counts.seen[word, kind]}\t{counts.opened[word, kind]}\t{_relations(counts, word, kind)}"
            for word, _ in keys
            if counts.seen[word, kind] >= 3
            and re.fullmatch(r"[a-z][a-z'-]*|:", word)
            and (kind != "F" or counts.opened[word, kind])
        ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _relations(counts: Counts, word: str, kind: str) -> str:
    found = sorted((key[2], times) for key, times in counts.objects.items() if key[:2] == (word, kind))
    return " ".join(f"{dep}:{times}" for dep, times in found)


def main() -> None:
    """Learn everything and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--cache", type=Path, help="folder with parsed articles")
    parser.add_argument("--limit", type=int)
    parser.add_argument("--only", choices=("grammar", "both"), help="learn one of the two tables")
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--try-bars", action="store_true", help="learn nothing; score a few bars on the dev articles")
    options = parser.parse_args()
    if options.try_bars:
        try_bars(options.data)
        return
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    lessons = read_lessons(options.data / "quotes" / "dev" / "polnear_train.jsonl", options.cache, options.limit)
    write_lexicon(lessons, options.out / "cues.tsv")
    lexica(lessons)
    if options.only != "both":
        learn_chain(lessons, options.out / TABLE)
    if options.only != "grammar":
        hear(lessons)
        learn_chain(lessons, options.out / ENCODED)


def hear(lessons: Sequence[Lesson]) -> None:
    """Ask the encoder about every window of every article.

    It has learnt from these articles, too: one that has read them more than once or twice knows them by heart, and the
    forests would trust it too much. `src/tidings/data/quotes_encoded.md` compares what it scores on both parts.
    """
    for lesson in lessons:
        reading = ArticleReading(lesson.passage.text)
        lesson.said = lay_over(lesson.passage, reading, range(len(reading.windows)))


def try_bars(folder: Path) -> None:
    """Score the dev articles under a few bars: the lower, the more is found and the less of it is right."""
    chosen = attributions.BY_BOTH
    for reported in (0.38, 0.45, 0.5, 0.55):
        attributions.BY_BOTH = chosen._replace(reported=reported, reported_by_speech=reported - 0.1)
        found = {score.name: score.value for score in score_quotes(folder)}
        print(reported, " ".join(f"{name} {found[name]}" for name in TRIED), flush=True)
    attributions.BY_BOTH = chosen


def learn_chain(lessons: Sequence[Lesson], path: Path) -> None:
    """Learn the five forests one after the other and write them."""
    for lesson in lessons:
        assert lesson.lexicon is not None
        lesson.cues = find_cues(lesson.passage, lesson.lexicon, lesson.said)
        lesson.owned, lesson.contents, lesson.chosen, lesson.ranked = {}, {}, {}, {}
    golds = [gold.cue for lesson in lessons for gold in lesson.gold]
    found = sum(gold.cue in {cue.token for cue in lesson.cues} for lesson in lessons for gold in lesson.gold)
    print(f"{len(lessons)} articles, {len(golds)} quotations, cue among the candidates for {found / len(golds):.3f}")
    arrays: dict[str, np.ndarray] = {}
    for name, teach, rounds in (
        ("cue", learn_cues, 350),
        ("owner", learn_owners, 200),
        ("content", learn_contents, 500),
        ("report", learn_reports, 150),
        ("speaker", learn_speakers, 220),
    ):
        print(name, flush=True)
        arrays |= to_arrays(name, teach(lessons, rounds))
    np.savez_compressed(path, allow_pickle=False, **arrays)


if __name__ == "__main__":
    main()

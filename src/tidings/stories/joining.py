"""Stories as they come in: a new article joins the story it belongs to, or begins one.

In: an article that was taken in. Out: its story; two stories it shows to be one are joined, the older id stays.
It sees the days around an article only, so that what it costs does not grow with the store.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from tidings.stories.clusters import ALIKE, DATED_ALIKE, DAYS, LEAST_CROWD, MARGIN, NEAREST
from tidings.stories.intake import story_keys, term_weights
from tidings.stories.settling import part_twins, settle
from tidings.stories.standing import Seen, Standing
from tidings.stories.vocabulary import Row, likeness

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Joiner"]

WITHIN = 7
"""Days around an article in which its story is looked for; after six, dates leave too little likeness to join."""
MOST_LOOKED_AT = 48
"""Articles that share the most weight of heavy words, whose stories are looked at."""
MOST_STORIES = 10
MOST_VOICES = 24
"""Articles of a story, the nearest in time, that say how like it is."""
MOST_DAYS = 45
"""A story that has run so long takes no more articles: what comes is told as a new one."""
MOST_ARTICLES = 1_000
"""A story of so many articles takes copies only; live blogs and digests would draw everything together."""
SO_NEAR = 0.4
SURE = 2.5
"""Shares of the border: a new article that is like other stories by the one, or not so like its own as the other, has
the stories around it looked at together."""
MOST_SETTLED = 72
FIRST_LOOK = 12
LOOKS = 1.5
"""A story is looked over for twins when it has so many voices, and each time it has grown by this."""
MOST_LOOKED_OVER = 150


class _Liked(NamedTuple):
    story: int
    mean: float
    voices: int


class Joiner:
    """Puts articles into stories, one after another, through one open transaction after another."""

    def __init__(self, standing: Standing) -> None:
        self._standing = standing
        self.touched: set[int] = set()

    def place(self, seen: Seen, copies: Sequence[int], nearby: Sequence[int]) -> int:
        """Put a new article into its story; it goes with its copies where it has any."""
        stories = sorted({story for other in copies if (story := self._standing.story_of(other)) is not None})
        if stories:
            home = stories[0]
            for other in stories[1:]:
                home = self._merge(home, other) if self._may_merge(home, other, [seen.day]) else home
            self._join(seen, home)
            return home
        liked = self._liked(seen, nearby)
        home = self._choose(seen, liked)
        if home is None:
            home = self._begin(seen)
        else:
            self._join(seen, home)
        home = self._settle(seen, home, liked)
        self._look_over(home)
        return home

    def _join(self, seen: Seen, story: int) -> None:
        self._standing.join(seen, story)
        self.touched.add(story)

    def _begin(self, seen: Seen) -> int:
        story = self._make(seen.article)
        self._join(seen, story)
        return story

    def nearby(self, seen: Seen) -> list[int]:
        """Return the articles around one that share the most weight of its heavy words, the most first."""
        weights = term_weights(seen.row, story_keys(seen.row))
        scores: dict[int, float] = {}
        for key, articles in self._standing.found(weights, seen.day, WITHIN):
            gain = weights[key] ** 2
            for article in articles:
                scores[article] = scores.get(article, 0.0) + gain
        scores.pop(seen.article, None)
        return [article for article, _ in sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_LOOKED_AT]]

    def _liked(self, seen: Seen, nearby: Sequence[int]) -> list[_Liked]:
        """Return the stories of the articles around one and how like it they are, the most like first."""
        stories: dict[int, None] = {}
        for article in nearby:
            story = self._standing.story_of(article)
            if story is not None:
                stories.setdefault(story)
        liked = [self._like(seen, story) for story in list(stories)[:MOST_STORIES]]
        return sorted((one for one in liked if one.voices), key=lambda one: (-one.mean, one.story))

    def _like(self, seen: Seen, story: int) -> _Liked:
        voices = [voice for voice in self._near(story, seen.day) if voice.article != seen.article]
        if not voices:
            return _Liked(story, 0.0, 0)
        values = _likenesses(seen, voices)
        return _Liked(story, float(values.mean()), len(voices))

    def _near(self, story: int, day: int, most: int = MOST_VOICES) -> list[Seen]:
        """Return the voices of a story nearest to a day and no further off than articles are looked for."""
        voices = self._standing.voices(story)
        if day:
            voices = [pair for pair in voices if not pair[0] or abs(pair[0] - day) <= WITHIN]
            voices = sorted(voices, key=lambda pair: (abs(pair[0] - day) if pair[0] else 0, -pair[1]))
        else:
            voices = sorted(voices, key=lambda pair: -pair[1])
        found = ((known, self._standing.seen(article)) for known, article in voices[:most])
        return [seen._replace(day=known) for known, seen in found if seen is not None]

    def _choose(self, seen: Seen, liked: Sequence[_Liked]) -> int | None:
        """Return the story an article joins, None where it begins one."""
        open_ones = [one for one in liked if self._is_open(one.story, seen.day)]
        if not open_ones:
            return None
        best = open_ones[0]
        if best.mean >= _border(seen.day):
            return best.story
        crowds = [one for one in open_ones if one.voices >= LEAST_CROWD]
        if crowds and crowds[0].mean >= NEAREST:
            rival = max((one.mean for one in liked if one.story != crowds[0].story), default=0.0)
            if crowds[0].mean >= MARGIN * rival:
                return crowds[0].story
        return None

    def _is_open(self, story: int, day: int) -> bool:
        """Tell whether a story has room for an article of this day."""
        voices = self._standing.voices(story)
        if len(voices) >= MOST_ARTICLES:
            return False
        days = [known for known, _ in voices if known]
        return not day or not days or max(days[-1], day) - min(days[0], day) <= MOST_DAYS

    def _settle(self, seen: Seen, home: int, liked: Sequence[_Liked]) -> int:
        """Look at the stories around a new article as a batch would, where it could belong to more than one.

        The first of two reports may have found company that was only near until the second came.
        """
        border = _border(seen.day)
        near = [one for one in liked if one.mean >= SO_NEAR * border]
        if not near or (len(near) == 1 and near[0].story == home and near[0].mean >= SURE * border):
            return home
        stories = [home, *(one.story for one in near if one.story != home)]
        members: list[Seen] = []
        owners: list[int] = []
        for story in stories:
            found = self._near(story, seen.day)
            if len(members) + len(found) > MOST_SETTLED:
                break
            members += found
            owners += [story] * len(found)
        if len(members) < 2:
            return home
        labels = settle(members, border)
        self._follow(members, owners, labels)
        return self._standing.story_of(seen.article) or home

    def place_anew(self) -> None:
        """Look at all stories as a batch would: the first articles came before much was known of their words."""
        voices = self._standing.all_voices()
        if len(voices) < 2:
            return
        members, owners = [seen for seen, _ in voices], [story for _, story in voices]
        dated = sum(seen.day > 0 for seen in members) * 2 > len(members)
        self._follow(members, owners, settle(members, _border(int(dated))))

    def _follow(self, members: Sequence[Seen], owners: Sequence[int], labels: Sequence[int]) -> None:
        """Make the stories what the labels say; a story keeps its id where most of it is, the oldest first."""
        labels = self._keep_apart(owners, labels)
        if len(set(zip(owners, labels, strict=True))) == len(set(owners)) == len(set(labels)):
            return
        parts: dict[int, Counter[int]] = {}
        for owner, label in zip(owners, labels, strict=True):
            parts.setdefault(label, Counter())[owner] += 1
        homes: dict[int, int] = {}
        rest: list[tuple[int, int]] = []
        for story in sorted(set(owners)):
            label = max(parts, key=lambda label: (parts[label][story], -label))
            if homes.setdefault(label, story) != story:
                rest.append((label, story))
        for label in sorted(set(labels) - set(homes)):
            first = min(seen.article for seen, own in zip(members, labels, strict=True) if own == label)
            homes[label] = self._make(first)
        for label, home in homes.items():
            moved = [
                seen.article
                for seen, owner, own in zip(members, owners, labels, strict=True)
                if own == label and owner != home
            ]
            self._move(moved, home)
        for label, story in rest:
            if owners.count(story) == parts[label][story] or not self._standing.voices(story):
                self._merge(homes[label], story)
        self.touched.update(owners, homes.values())

    def _keep_apart(self, owners: Sequence[int], labels: Sequence[int]) -> list[int]:
        """Give stories that may not become one labels of their own."""
        kept = list(labels)
        for label in sorted(set(labels)):
            base, *others = sorted({owner for owner, own in zip(owners, labels, strict=True) if own == label})
            for other in others:
                if not self._may_merge(base, other, []):
                    own = max(kept) + 1
                    kept = [
                        own if pair == (other, label) else was
                        for pair, was in zip(zip(owners, labels, strict=True), kept, strict=True)
                    ]
        return kept

    def _may_merge(self, one: int, two: int, days: Sequence[int]) -> bool:
        """Tell whether two stories may become one: together neither too long nor too large, nor parted before."""
        connection = self._standing.connection
        voices = self._standing.voices(one) + self._standing.voices(two)
        known = [day for day, _ in voices if day] + [day for day in days if day]
        if len(voices) > MOST_ARTICLES or (known and max(known) - min(known) > MOST_DAYS):
            return False
        partings = dict(
            connection.execute("SELECT story, out_of FROM story_partings WHERE story IN (?, ?)", (one, two)).fetchall()
        )
        return partings.get(one, one) != partings.get(two, two)

    def _merge(self, one: int, two: int) -> int:
        """Join two stories; the older stays, and the id of the other leads to it."""
        older, younger = min(one, two), max(one, two)
        connection = self._standing.connection
        (id,) = connection.execute("SELECT id FROM stories WHERE number = ?", (younger,)).fetchone()
        rows = connection.execute("SELECT article FROM story_articles WHERE story = ?", (younger,)).fetchall()
        self._standing.move([row[0] for row in rows], older)
        connection.execute("UPDATE story_aliases SET story = ? WHERE story = ?", (older, younger))
        connection.execute("INSERT INTO story_aliases VALUES (?, ?)", (id, older))
        connection.execute("UPDATE story_partings SET out_of = ? WHERE out_of = ?", (older, younger))
        connection.execute("DELETE FROM stories WHERE number = ?", (younger,))
        self.touched.discard(younger)
        self.touched.add(older)
        return older

    def _look_over(self, story: int) -> None:
        """Part a story in which two events of one kind have met, each time it has grown by half."""
        voices = self._standing.voices(story)
        if not _is_due(len(voices)):
            return
        found = [self._standing.seen(article) for _, article in voices[-MOST_LOOKED_OVER:]]
        members = [seen for seen in found if seen is not None]
        parts = part_twins(members)
        first = min(members, key=lambda seen: seen.article).article
        for part in parts:
            articles = [members[at].article for at in part]
            if len(parts) > 1 and first not in articles:
                self._part(story, articles)

    def _part(self, story: int, articles: Sequence[int]) -> None:
        """Take articles and their copies out of a story into one of their own."""
        new = self._make(min(articles))
        self._standing.connection.execute("INSERT INTO story_partings VALUES (?, ?)", (new, story))
        self._move(articles, new)
        self.touched.update((story, new))

    def _make(self, article: int) -> int:
        """Make a story whose id follows from its first article."""
        (id,) = self._standing.connection.execute("SELECT id FROM articles WHERE number = ?", (article,)).fetchone()
        return make_story(self._standing, id)

    def _move(self, articles: Sequence[int], home: int) -> None:
        """Move articles into another story, each with the copies that are in the same story as it."""
        moved = set(articles)
        for article in articles:
            moved.update(
                row[0]
                for row in self._standing.connection.execute(
                    'SELECT d.article FROM copies c JOIN copies d ON d."group" = c."group"'
                    " JOIN story_articles s ON s.article = d.article WHERE c.article = ?1"
                    " AND s.story = (SELECT story FROM story_articles WHERE article = ?1)",
                    (article,),
                )
            )
        if moved:
            self._standing.move(sorted(moved), home)


def make_story(standing: Standing, article: str) -> int:
    """Make a story whose id follows from the id of its first article."""
    connection = standing.connection
    id = "s" + hashlib.blake2b(article.encode(), digest_size=7).hexdigest()
    connection.execute("DELETE FROM story_aliases WHERE id = ?", (id,))
    if connection.execute("SELECT 1 FROM stories WHERE id = ?", (id,)).fetchone():
        count = connection.execute("SELECT coalesce(max(number), 0) FROM stories").fetchone()[0]
        id = "s" + hashlib.blake2b(f"{article} {count}".encode(), digest_size=7).hexdigest()
    done = connection.execute("INSERT INTO stories (id, articles, outlets) VALUES (?, 0, 0)", (id,))
    return done.lastrowid or 0


def _border(day: int) -> float:
    return DATED_ALIKE if day else ALIKE


def _likenesses(seen: Seen, voices: Sequence[Seen]) -> NDArray[np.float64]:
    """Return the likeness of an article to each of several, less for the days between."""
    import numpy as np

    sizes = [len(voice.row.terms) for voice in voices]
    starts = np.concatenate([[0], np.cumsum(sizes[:-1], dtype=np.int64)]).astype(np.int64)
    whole = Row(
        np.concatenate([voice.row.terms for voice in voices]), np.concatenate([voice.row.weights for voice in voices])
    )
    days = np.array([seen.day - voice.day if seen.day and voice.day else 0 for voice in voices], dtype=float)
    return likeness(seen.row, whole, starts) * np.exp(-0.5 * (days / DAYS) ** 2)


def _is_due(size: int) -> bool:
    look = FIRST_LOOK
    while look < size:
        look = int(look * LOOKS)
    return look == size

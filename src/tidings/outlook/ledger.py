"""How often, and how lately, each subject did each thing to each object.

In: dated facts as numbers. Out: counts that fade with time, kept in order of (subject, object, relation).
It predicts nothing.

An edge is a distinct (subject, object, relation). Its counts fade exponentially with three half-open memories, and
fading is applied when time moves, so adding a day of facts costs no more than one pass over the arrays.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

__all__ = ["MEMORIES", "Edges", "Ledger"]

MEMORIES = np.array([2.0, 20.0, math.inf])
"""Days after which a count has faded to 1/e: a flurry, a season, for good."""

_RELATION_BITS = 14
_NAME_BITS = 20
_OBJECT = 1 << _RELATION_BITS
_SUBJECT = 1 << (_RELATION_BITS + _NAME_BITS)

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class Edges:
    """The edges of one subject, grouped by object: arrays of one length, and where each object starts."""

    __slots__ = ("counts", "group", "last", "objects", "relations", "starts")

    def __init__(self, keys: Ints, counts: Floats, last: Floats) -> None:
        objects = (keys // _OBJECT) % (_SUBJECT // _OBJECT)
        fresh = np.concatenate([[True], objects[1:] != objects[:-1]])
        self.starts = np.flatnonzero(fresh)
        self.group = np.cumsum(fresh) - 1
        self.objects: Ints = objects[self.starts]
        self.relations: Ints = keys % _OBJECT
        self.counts = counts
        self.last = last


class Ledger:
    """Fading counts of edges and of objects by relation."""

    def __init__(self) -> None:
        self.now = 0.0
        self.newest = 0.0
        """The day of the newest fact."""
        self._keys: Ints = np.zeros(0, np.int64)
        self._counts: Floats = np.zeros((0, len(MEMORIES)))
        self._last: Floats = np.zeros(0)
        self.popularity = np.zeros((0, 0), np.float32)
        self.vogue = np.zeros((0, 0), np.float32)
        """Popularity that fades like the middle memory."""
        self.heard = np.zeros(0, np.float32)
        """Popularity in whatever relation."""

    def copy(self) -> Ledger:
        """Return a ledger of the same state that goes its own way."""
        other = Ledger()
        other.now, other.newest = self.now, self.newest
        other._keys, other._counts, other._last = self._keys.copy(), self._counts.copy(), self._last.copy()
        other.popularity, other.vogue = self.popularity.copy(), self.vogue.copy()
        other.heard = self.heard.copy()
        return other

    def grow(self, names: int, relations: int) -> None:
        """Make room for that many names and relations."""
        if names > _SUBJECT // _OBJECT or relations > _OBJECT:
            raise OverflowError("a forecaster holds at most a million names and 16,384 relations")
        rows, columns = self.popularity.shape
        if names > columns or relations > rows:
            # Room is doubled, so that names that come one by one do not cost a copy each.
            more = max(names, 2 * columns) - columns if names > columns else 0
            size = ((0, max(0, relations - rows)), (0, more))
            self.popularity = np.pad(self.popularity, size)
            self.vogue = np.pad(self.vogue, size)
            self.heard = np.pad(self.heard, size[1])

    def move_to(self, day: float) -> None:
        """Let time pass; a day that is past already changes nothing."""
        passed = day - self.now
        if passed > 0:
            self._counts *= np.exp(-passed / MEMORIES)
            self.vogue *= np.float32(math.exp(-passed / MEMORIES[1]))
            self.now = day

    def add(self, day: float, subjects: Ints, relations: Ints, objects: Ints) -> None:
        """Add facts of one day; facts older than the present come in already faded."""
        self.move_to(day)
        self.newest = max(self.newest, day)
        faded = np.exp(-(self.now - day) / MEMORIES)
        keys, times = np.unique(subjects * _SUBJECT + objects * _OBJECT + relations, return_counts=True)
        at = np.searchsorted(self._keys, keys)
        known = np.zeros(len(keys), bool)
        inside = at < len(self._keys)
        known[inside] = self._keys[at[inside]] == keys[inside]
        added = times[:, None] * faded[None, :]
        self._counts[at[known]] += added[known]
        self._last[at[known]] = np.maximum(self._last[at[known]], day)
        new = at[~known]
        self._keys = np.insert(self._keys, new, keys[~known])
        self._counts = np.insert(self._counts, new, added[~known], axis=0)
        self._last = np.insert(self._last, new, day)
        np.add.at(self.popularity, (relations, objects), 1)
        np.add.at(self.heard, objects, 1)
        np.add.at(self.vogue, (relations, objects), np.float32(faded[1]))

    def edges_of(self, subject: int) -> Edges | None:
        """Return what one subject has done; None when nothing is known of it."""
        low, high = np.searchsorted(self._keys, [subject * _SUBJECT, (subject + 1) * _SUBJECT])
        if low == high:
            return None
        return Edges(self._keys[low:high], self._counts[low:high], self._last[low:high])

    def between(self, subjects: Ints, objects: Ints) -> tuple[Ints, Ints, Floats]:
        """Return every edge between the given pairs: the pair's number, the edge's relation, its counts."""
        pairs = subjects * _SUBJECT + objects * _OBJECT
        low, high = np.searchsorted(self._keys, pairs), np.searchsorted(self._keys, pairs + _OBJECT)
        sizes = high - low
        total = int(sizes.sum())
        offsets = np.repeat(low - np.concatenate([[0], np.cumsum(sizes)[:-1]]), sizes) if total else low[:0]
        at = offsets + np.arange(total)
        return np.repeat(np.arange(len(pairs)), sizes), self._keys[at] % _OBJECT, self._counts[at]

    def contacts(self) -> tuple[Ints, Ints, Floats]:
        """Return all edges as (subject, object, count for good)."""
        return self._keys // _SUBJECT, (self._keys // _OBJECT) % (_SUBJECT // _OBJECT), self._counts[:, -1]

"""Stories: near copies of one text, and clusters of texts about the same happenings.

In: texts, with their dates where known. Out: groups of indices, each text once.
It reads no facts; what an event told many times adds up to is decided where records are kept.
"""

from __future__ import annotations

from tidings.stories.clusters import cluster
from tidings.stories.copies import Copy, CopyGroup, CopyKind, find_copies, near_copies

__all__ = ["Copy", "CopyGroup", "CopyKind", "cluster", "find_copies", "near_copies"]

"""Stories: near copies, articles about the same happenings, and what happened told once.

In: texts; or a store, as it grows. Out: groups of texts; in the store, copies, stories and acts, and questions to them.
Nothing is dropped: a copy stays an article, and an act leads to everyone who tells it.
"""

from __future__ import annotations

from tidings.stories.calendar import Scheduled, calendar
from tidings.stories.clusters import cluster
from tidings.stories.copies import Copy, CopyGroup, CopyKind, find_copies, near_copies
from tidings.stories.listing import CopyOf, Story, find_copies_of, list_stories
from tidings.stories.reporting import StoryPage, get_story
from tidings.stories.timeline import Step, timeline
from tidings.stories.updating import Updated, update

__all__ = [
    "Copy",
    "CopyGroup",
    "CopyKind",
    "CopyOf",
    "Scheduled",
    "Step",
    "Story",
    "StoryPage",
    "Updated",
    "calendar",
    "cluster",
    "find_copies",
    "find_copies_of",
    "get_story",
    "list_stories",
    "near_copies",
    "timeline",
    "update",
]

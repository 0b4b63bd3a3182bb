"""The tables of stories: near copies, and which articles tell the same story.

In: nothing. Out: the SQL of one step of the schema.
All of it is worked out from the articles and can be thrown away and made anew.
"""

from __future__ import annotations

__all__ = ["STORIES"]

STORIES = """
CREATE TABLE copies (
    article INTEGER PRIMARY KEY REFERENCES articles ON DELETE CASCADE,
    "group" INTEGER NOT NULL,        -- the number of its first article
    kind TEXT NOT NULL,              -- origin, verbatim, truncated, abridged, rewritten, translated
    evidence TEXT                    -- why, in words
) STRICT;
CREATE INDEX copies_by_group ON copies ("group");
CREATE TABLE stories (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,         -- stays when the story grows
    headline TEXT,                   -- chosen among those of its articles
    first_day TEXT,
    last_day TEXT,
    articles INTEGER NOT NULL,
    outlets INTEGER NOT NULL
) STRICT;
CREATE INDEX stories_by_day ON stories (last_day);
CREATE TABLE story_articles (
    article INTEGER PRIMARY KEY REFERENCES articles ON DELETE CASCADE,
    story INTEGER NOT NULL REFERENCES stories ON DELETE CASCADE
) STRICT;
CREATE INDEX story_articles_by_story ON story_articles (story);
"""

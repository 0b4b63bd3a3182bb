"""The table of judgements: what a person has decided about a fact.

In: nothing. Out: the SQL of one step of the schema.
A judgement points at a fact by page, kind and characters, and keeps the words it was about, so that it outlives a
reading by a newer version.
"""

from __future__ import annotations

__all__ = ["JUDGEMENTS"]

JUDGEMENTS = """
CREATE TABLE judgements (
    number INTEGER PRIMARY KEY,      -- in the order in which they came into this store
    key TEXT NOT NULL UNIQUE,        -- from its content: the same judgement brought in twice is there once
    at TEXT NOT NULL,                -- UTC, to the second
    author TEXT NOT NULL,
    page TEXT,                       -- sha256 of the page; NULL for what is about actors everywhere
    fact TEXT NOT NULL,              -- event, quote, mention, place, time, actor, article
    start INTEGER,
    "end" INTEGER,
    quoted TEXT,                     -- the characters of the span
    before TEXT,                     -- what stood before and after them, to find them again
    after TEXT,
    judged TEXT,                     -- JSON: what the fact said when it was judged
    decision TEXT NOT NULL,          -- accept, reject, recode, merge, split, note, undo
    value TEXT,                      -- JSON: what it is changed to
    note TEXT,
    undoes INTEGER REFERENCES judgements
) STRICT;
CREATE INDEX judgements_by_page ON judgements (page);
CREATE TRIGGER judged_story_lapses AFTER INSERT ON judgements WHEN new.page IS NOT NULL BEGIN
    INSERT OR IGNORE INTO lapsed_stories
    SELECT s.story FROM articles a JOIN story_articles s ON s.article = a.number WHERE a.sha256 = new.page;
END;
"""

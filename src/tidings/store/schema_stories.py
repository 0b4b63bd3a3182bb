"""The tables of stories: near copies, and which articles tell the same story.

In: nothing. Out: the SQL of one step of the schema.
All of it is worked out from the articles and can be thrown away and made anew.
"""

from __future__ import annotations

__all__ = ["LAPSED_TEXTS", "STORIES"]

_TABLES = """
CREATE TABLE copies (
    article INTEGER PRIMARY KEY REFERENCES articles ON DELETE CASCADE,
    "group" INTEGER NOT NULL,        -- the number of its origin
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
CREATE TABLE story_aliases (
    id TEXT PRIMARY KEY,             -- of a story that was joined to an older one
    story INTEGER NOT NULL REFERENCES stories ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX story_aliases_by_story ON story_aliases (story);
CREATE TABLE story_partings (
    story INTEGER PRIMARY KEY REFERENCES stories ON DELETE CASCADE,
    out_of INTEGER NOT NULL          -- the story it was taken out of, with which it is not joined again
) STRICT;
"""

# What the next articles are compared with. A key is a heavy word or a run of three words; numbers are hashes.
_READINGS = """
CREATE TABLE story_readings (
    article INTEGER PRIMARY KEY REFERENCES articles ON DELETE CASCADE,
    day INTEGER NOT NULL,            -- counted from the year 1; 0 where unknown
    language TEXT,
    voice INTEGER NOT NULL,          -- 0 for live pages and copies, which say nothing new about a story
    terms BLOB NOT NULL,             -- its words and what each weighs
    keys BLOB NOT NULL
) STRICT;
CREATE TABLE story_keys (
    key INTEGER NOT NULL,
    day INTEGER NOT NULL,
    article INTEGER NOT NULL,
    PRIMARY KEY (key, day, article)
) STRICT, WITHOUT ROWID;
CREATE TABLE story_terms (
    term INTEGER PRIMARY KEY,        -- -1 counts the articles themselves
    articles INTEGER NOT NULL,
    inside INTEGER NOT NULL,         -- times it stands within a sentence
    capitals INTEGER NOT NULL        -- times it has a capital there
) STRICT;
"""

# An article that comes, goes, or is read anew leaves notes behind, which the next update works off.
_LAPSES = """
CREATE TABLE due_articles (
    article INTEGER PRIMARY KEY REFERENCES articles ON DELETE CASCADE
) STRICT;
INSERT INTO due_articles SELECT number FROM articles;
CREATE TRIGGER article_is_due AFTER INSERT ON articles BEGIN
    INSERT INTO due_articles VALUES (new.number);
END;
CREATE TABLE lapsed_readings (
    article INTEGER NOT NULL,
    day INTEGER NOT NULL,
    keys BLOB NOT NULL
) STRICT;
CREATE TABLE lapsed_stories (story INTEGER PRIMARY KEY) STRICT;
CREATE TABLE lapsed_copies ("group" INTEGER PRIMARY KEY) STRICT;
CREATE TRIGGER reading_lapses BEFORE DELETE ON articles BEGIN
    INSERT INTO lapsed_readings SELECT article, day, keys FROM story_readings WHERE article = old.number;
END;
CREATE TRIGGER story_lapses AFTER DELETE ON story_articles BEGIN
    INSERT OR IGNORE INTO lapsed_stories VALUES (old.story);
END;
CREATE TRIGGER copies_lapse AFTER DELETE ON copies BEGIN
    INSERT OR IGNORE INTO lapsed_copies VALUES (old."group");
END;
CREATE TRIGGER untold_act AFTER DELETE ON act_tellings
WHEN NOT EXISTS (SELECT 1 FROM act_tellings WHERE act = old.act) BEGIN
    DELETE FROM acts WHERE number = old.act;
END;
CREATE INDEX acts_by_story ON acts (story) WHERE story IS NOT NULL;
"""

STORIES = _TABLES + _READINGS + _LAPSES

# The words of what has gone must be counted no longer; an article without words was never counted.
LAPSED_TEXTS = """
ALTER TABLE lapsed_readings ADD COLUMN text TEXT;
DROP TRIGGER reading_lapses;
CREATE TRIGGER reading_lapses BEFORE DELETE ON articles BEGIN
    INSERT INTO lapsed_readings SELECT article, day, keys, iif(length(terms) > 0, old.text, NULL)
        FROM story_readings WHERE article = old.number;
END;
"""

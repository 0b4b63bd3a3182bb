"""The table of judgements: what a person has decided about a fact, and which articles it reaches.

In: nothing. Out: the SQL of two steps of the schema.
A judgement points at a fact by page, kind and characters, and keeps the words it was about, so that it outlives a
reading by a newer version.
"""

from __future__ import annotations

__all__ = ["JUDGED", "JUDGEMENTS"]

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
    judged TEXT,                     -- JSON: what the fact said when it was judged; who is merged into
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

_DUE = "ON CONFLICT (article) DO UPDATE SET due = 1"

# The tables of facts hold the record as judged; `records` holds it as it was read. What is to be written anew is noted
# here, by whatever way a judgement and its page come together.
JUDGED = f"""
DROP TRIGGER IF EXISTS judged_story_lapses;
CREATE TABLE merged_actors (
    id TEXT PRIMARY KEY,
    head TEXT NOT NULL               -- the id of the actor it is, everywhere
) STRICT, WITHOUT ROWID;
CREATE TABLE judged_articles (
    article INTEGER PRIMARY KEY REFERENCES articles ON DELETE CASCADE,
    due INTEGER NOT NULL             -- 1 until its rows are written as judged
) STRICT;
CREATE INDEX judged_articles_due ON judged_articles (article) WHERE due;
INSERT INTO judged_articles SELECT number, 1 FROM articles WHERE sha256 IN (SELECT page FROM judgements);
CREATE TRIGGER judged_article_is_due AFTER INSERT ON judgements WHEN new.page IS NOT NULL BEGIN
    INSERT INTO judged_articles SELECT number, 1 FROM articles WHERE sha256 = new.page {_DUE};
END;
CREATE TRIGGER judged_reading_is_due AFTER INSERT ON records BEGIN
    INSERT INTO judged_articles SELECT number, 1 FROM articles WHERE number = new.article
        AND (EXISTS (SELECT 1 FROM judged_articles WHERE article = number)
            OR EXISTS (SELECT 1 FROM judgements WHERE page = sha256)) {_DUE};
END;
CREATE TRIGGER merged_actor_is_due AFTER INSERT ON actors WHEN new.id IN (SELECT id FROM merged_actors) BEGIN
    INSERT INTO judged_articles VALUES (new.article, 1) {_DUE};
END;
-- What decides which texts are copies, and whose: it is as it was read, whenever a person has judged.
CREATE VIEW read_articles AS SELECT number,
    iif(number IN (SELECT article FROM judged_articles),
        (SELECT json_extract(json, '$.article.published.value') FROM records WHERE article = number), published)
        AS published,
    iif(number IN (SELECT article FROM judged_articles),
        (SELECT coalesce(json_extract(json, '$.article.outlet'), json_extract(json, '$.page.outlet')) FROM records
            WHERE article = number), outlet) AS outlet
FROM articles;

DROP INDEX IF EXISTS articles_by_outlet;
CREATE INDEX articles_by_outlet ON articles (outlet, published);
CREATE TRIGGER outlets_recounted AFTER UPDATE OF outlet, published ON articles
WHEN new.outlet IS NOT old.outlet OR new.published IS NOT old.published BEGIN
    DELETE FROM known_outlets WHERE name IN (old.outlet, new.outlet);
    INSERT INTO known_outlets SELECT outlet, count(*), min(published), max(published), max(number) FROM articles
        WHERE outlet IN (old.outlet, new.outlet) GROUP BY outlet;
END;

-- The least sure first, without looking at all of them.
CREATE INDEX events_by_doubt ON events (abs(score - 0.5), score);
CREATE INDEX quotes_by_doubt ON quotes (abs(score - 0.5), score);

-- A party of which nothing is told any more goes.
CREATE TRIGGER party_without_acts AFTER DELETE ON acts WHEN old.dataset = 1 BEGIN
    DELETE FROM parties WHERE number IN (old.source, old.target)
        AND NOT EXISTS (SELECT 1 FROM acts WHERE source = parties.number)
        AND NOT EXISTS (SELECT 1 FROM acts WHERE target = parties.number);
END;
CREATE TRIGGER party_without_act AFTER UPDATE OF source, target ON acts
WHEN old.dataset = 1 AND (new.source <> old.source OR new.target IS NOT old.target) BEGIN
    DELETE FROM parties WHERE number IN (old.source, old.target)
        AND NOT EXISTS (SELECT 1 FROM acts WHERE source = parties.number)
        AND NOT EXISTS (SELECT 1 FROM acts WHERE target = parties.number);
END;
"""

"""The tables of pages as they were received, and what makes a large store quick to ask.

In: nothing. Out: the SQL of one step of the schema.
A page is kept as its characters, to which `alignment` leads. An article without a row is one whose page was not kept.
"""

from __future__ import annotations

__all__ = ["PAGES"]

PAGES = """
CREATE TABLE pages (
    article INTEGER PRIMARY KEY REFERENCES articles ON DELETE CASCADE,
    packed BLOB                      -- its characters in UTF-8, packed by zlib; NULL where the article's text is all
) STRICT;

-- A page that is read anew with the same text stays in its story; what happened in it is merged anew.
CREATE TRIGGER words_of_renewed AFTER UPDATE OF title ON articles BEGIN
    INSERT INTO words (words, rowid, title, text) VALUES ('delete', old.number, old.title, old.text);
    INSERT INTO words (rowid, title, text) VALUES (new.number, new.title, new.text);
END;
CREATE TRIGGER story_of_renewed AFTER UPDATE OF version ON articles BEGIN
    INSERT OR IGNORE INTO lapsed_stories SELECT story FROM story_articles WHERE article = new.number;
END;

CREATE TABLE spellings (
    number INTEGER PRIMARY KEY,
    folded TEXT NOT NULL UNIQUE      -- a name, or the words of a speaker, however many articles have it
) STRICT;
CREATE VIRTUAL TABLE words_of_spellings USING fts5 (
    folded, content = 'spellings', content_rowid = 'number', tokenize = 'unicode61 remove_diacritics 0'
);
CREATE TRIGGER words_of_new_spelling AFTER INSERT ON spellings BEGIN
    INSERT INTO words_of_spellings (rowid, folded) VALUES (new.number, new.folded);
END;
CREATE TRIGGER spelling_of_name AFTER INSERT ON names BEGIN
    INSERT OR IGNORE INTO spellings (folded) VALUES (new.folded);
END;
CREATE TRIGGER spelling_of_speaker AFTER INSERT ON quotes WHEN new.speaker_folded IS NOT NULL BEGIN
    INSERT OR IGNORE INTO spellings (folded) VALUES (new.speaker_folded);
END;
INSERT OR IGNORE INTO spellings (folded) SELECT DISTINCT folded FROM names;
INSERT OR IGNORE INTO spellings (folded) SELECT DISTINCT speaker_folded FROM quotes WHERE speaker_folded IS NOT NULL;

CREATE INDEX IF NOT EXISTS names_by_spelling ON names (folded);
CREATE INDEX IF NOT EXISTS quotes_by_spelling ON quotes (speaker_folded) WHERE speaker_folded IS NOT NULL;
CREATE INDEX IF NOT EXISTS quotes_by_speaker ON quotes (speaker) WHERE speaker IS NOT NULL;
CREATE INDEX IF NOT EXISTS actors_by_country ON actors (country) WHERE country IS NOT NULL;
CREATE INDEX IF NOT EXISTS places_by_country ON places (country) WHERE country IS NOT NULL;
CREATE INDEX IF NOT EXISTS events_by_status ON events (status, first_day, last_day);
CREATE INDEX IF NOT EXISTS articles_by_outlet ON articles (outlet);
CREATE INDEX IF NOT EXISTS actors_by_code ON actors (code) WHERE code IS NOT NULL;
CREATE INDEX IF NOT EXISTS actors_by_wikidata ON actors (wikidata) WHERE wikidata IS NOT NULL;
CREATE INDEX IF NOT EXISTS events_by_cameo ON events (cameo) WHERE cameo IS NOT NULL;
CREATE INDEX IF NOT EXISTS articles_by_last_day ON articles (published_to DESC);
CREATE INDEX IF NOT EXISTS articles_days ON articles (number, published_from, published_to);
CREATE INDEX IF NOT EXISTS articles_by_page ON articles (page);
CREATE INDEX IF NOT EXISTS acts_by_source_country ON acts (source_country, day) WHERE source_country IS NOT NULL;
CREATE INDEX IF NOT EXISTS acts_by_target_country ON acts (target_country, day) WHERE target_country IS NOT NULL;
"""

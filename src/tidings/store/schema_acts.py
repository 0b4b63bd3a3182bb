"""The tables of acts: who did what to whom on which day, from one's own pages and from event data of others.

In: nothing. Out: the SQL of one step of the schema.
An act is told once, however many articles tell it; `act_tellings` leads to each of them.
"""

from __future__ import annotations

__all__ = ["ACTS"]

ACTS = """
CREATE TABLE datasets (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,       -- "pages" for one's own articles, else the name given on import
    format TEXT NOT NULL             -- pages, gdelt, icews, polecat, acled, phoenix
) STRICT;
INSERT INTO datasets VALUES (1, 'pages', 'pages');
CREATE TABLE imported_files (
    sha256 TEXT NOT NULL,            -- of the file, or of the member of an archive
    dataset INTEGER NOT NULL REFERENCES datasets ON DELETE CASCADE,
    name TEXT NOT NULL,
    acts INTEGER NOT NULL,
    skipped INTEGER NOT NULL,
    PRIMARY KEY (sha256, dataset)
) STRICT, WITHOUT ROWID;
CREATE TABLE parties (
    number INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,        -- the id of an actor, or the code or name by which event data knows it
    name TEXT NOT NULL,
    type TEXT,
    country TEXT,
    sector TEXT,
    code TEXT
) STRICT;
CREATE INDEX parties_by_country ON parties (country);
CREATE TABLE acts (
    number INTEGER PRIMARY KEY,
    dataset INTEGER NOT NULL REFERENCES datasets ON DELETE CASCADE,
    id TEXT NOT NULL,                -- within the dataset
    day TEXT NOT NULL,               -- the first it can have been on
    dated TEXT NOT NULL,             -- 'stated' by the words, or by when it was 'published'
    source INTEGER NOT NULL REFERENCES parties,
    target INTEGER REFERENCES parties,
    source_country TEXT,
    target_country TEXT,
    type TEXT,                       -- PLOVER
    cameo TEXT,
    quad INTEGER NOT NULL,
    intensity REAL NOT NULL,
    tellings INTEGER NOT NULL,       -- independent ones: copies of one text count once
    story TEXT,
    place TEXT,
    lat REAL,
    lon REAL,
    last_day TEXT,                   -- the last it can have been on, where that is another
    UNIQUE (dataset, id)
) STRICT;
CREATE INDEX acts_by_countries ON acts
    (source_country, target_country, day, cameo, quad, intensity, tellings, dataset, type);
CREATE INDEX acts_by_parties ON acts (source, target, day);
CREATE INDEX acts_at_target ON acts (target, day);
CREATE INDEX acts_by_day ON acts (day);
CREATE TABLE act_tellings (
    act INTEGER NOT NULL REFERENCES acts ON DELETE CASCADE,
    article INTEGER NOT NULL REFERENCES articles ON DELETE CASCADE,
    event INTEGER NOT NULL,          -- its number within the article
    PRIMARY KEY (act, article, event),
    FOREIGN KEY (article, event) REFERENCES events ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX act_tellings_by_article ON act_tellings (article);
"""

"""What a store looks like inside, version by version.

In: nothing. Out: the SQL that takes an empty file, or a store of an earlier version, to the newest one.
It runs nothing itself. A step that has been released is never edited: a change is a new step.
"""

from __future__ import annotations

from tidings.store.schema_acts import ACTS
from tidings.store.schema_desk import DESK
from tidings.store.schema_judgements import JUDGED, JUDGEMENTS
from tidings.store.schema_pages import PAGES
from tidings.store.schema_stories import LAPSED_TEXTS, STORIES

__all__ = ["APPLICATION", "STEPS", "VERSION"]

APPLICATION = 0x54444E47
"""The `application_id` of a store, by which it is told from any other SQLite file ("TDNG")."""

_ARTICLES = """
CREATE TABLE articles (
    number INTEGER PRIMARY KEY,      -- in the order of collecting
    id TEXT NOT NULL UNIQUE,         -- of the record
    page TEXT NOT NULL,
    sha256 TEXT NOT NULL UNIQUE,     -- of the page as it was received
    media TEXT NOT NULL,
    name TEXT,
    url TEXT,
    canonical TEXT,                  -- the address without what only tracks its reader
    outlet TEXT,
    fetched TEXT,
    title TEXT,
    section TEXT,
    authors TEXT,
    language TEXT,
    kind TEXT NOT NULL,
    published TEXT,                  -- the day, where one is known
    published_from TEXT,             -- the days it lies between
    published_to TEXT,
    published_basis TEXT,
    published_score REAL,
    text TEXT NOT NULL,
    text_sha256 TEXT NOT NULL,
    version TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX articles_by_address ON articles (canonical, text_sha256) WHERE canonical IS NOT NULL;
CREATE INDEX articles_by_day ON articles (published_from);
CREATE TABLE records (
    article INTEGER PRIMARY KEY REFERENCES articles ON DELETE CASCADE,
    json TEXT NOT NULL               -- the whole record, the very line that `tidings read` prints
) STRICT;
"""

_FACTS = """
CREATE TABLE actors (
    article INTEGER NOT NULL REFERENCES articles ON DELETE CASCADE,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    country TEXT,
    sector TEXT,
    code TEXT,
    wikidata TEXT,
    PRIMARY KEY (article, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX actors_by_id ON actors (id);
CREATE TABLE names (
    article INTEGER NOT NULL,
    actor TEXT NOT NULL,
    name TEXT NOT NULL,
    folded TEXT NOT NULL,            -- as it is searched: ' leila brandt '
    PRIMARY KEY (article, actor, name),
    FOREIGN KEY (article, actor) REFERENCES actors ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE TABLE mentions (
    article INTEGER NOT NULL REFERENCES articles ON DELETE CASCADE,
    number INTEGER NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    form TEXT NOT NULL,
    label TEXT NOT NULL,
    actor TEXT,
    score REAL NOT NULL,
    PRIMARY KEY (article, number),
    FOREIGN KEY (article, actor) REFERENCES actors
) STRICT, WITHOUT ROWID;
CREATE TABLE places (
    article INTEGER NOT NULL REFERENCES articles ON DELETE CASCADE,
    number INTEGER NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    name TEXT NOT NULL,
    geonames INTEGER,
    lat REAL,
    lon REAL,
    country TEXT,
    level TEXT,
    score REAL NOT NULL,
    PRIMARY KEY (article, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE times (
    article INTEGER NOT NULL REFERENCES articles ON DELETE CASCADE,
    number INTEGER NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    type TEXT NOT NULL,
    value TEXT,
    first_day TEXT,
    last_day TEXT,
    grain TEXT,
    mod TEXT,
    score REAL NOT NULL,
    PRIMARY KEY (article, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE quotes (
    article INTEGER NOT NULL REFERENCES articles ON DELETE CASCADE,
    number INTEGER NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    parts TEXT NOT NULL,             -- JSON: [[start, end], ...]
    kind TEXT NOT NULL,
    cue_start INTEGER,
    cue_end INTEGER,
    speaker TEXT,
    speaker_start INTEGER,
    speaker_end INTEGER,
    speaker_folded TEXT,             -- the words of the speaker, as they are searched
    score REAL NOT NULL,
    PRIMARY KEY (article, number),
    FOREIGN KEY (article, speaker) REFERENCES actors
) STRICT, WITHOUT ROWID;
CREATE TABLE events (
    article INTEGER NOT NULL REFERENCES articles ON DELETE CASCADE,
    number INTEGER NOT NULL,
    id TEXT NOT NULL,
    type TEXT NOT NULL,
    mode TEXT,
    contexts TEXT NOT NULL,          -- separated by blanks
    cameo TEXT,
    quad INTEGER NOT NULL,
    intensity REAL NOT NULL,
    status TEXT NOT NULL,
    start INTEGER NOT NULL,          -- of the trigger
    "end" INTEGER NOT NULL,
    sentence_start INTEGER NOT NULL,
    sentence_end INTEGER NOT NULL,
    date TEXT,
    first_day TEXT,
    last_day TEXT,
    place INTEGER,
    according_to TEXT,
    score REAL NOT NULL,
    why TEXT,
    PRIMARY KEY (article, number),
    FOREIGN KEY (article, place) REFERENCES places,
    FOREIGN KEY (article, according_to) REFERENCES actors
) STRICT, WITHOUT ROWID;
CREATE INDEX events_by_type ON events (type, first_day);
CREATE TABLE sides (
    article INTEGER NOT NULL,
    event INTEGER NOT NULL,
    side TEXT NOT NULL CHECK (side IN ('source', 'target')),
    number INTEGER NOT NULL,
    actor TEXT,
    code TEXT,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    PRIMARY KEY (article, event, side, number),
    FOREIGN KEY (article, event) REFERENCES events ON DELETE CASCADE,
    FOREIGN KEY (article, actor) REFERENCES actors
) STRICT, WITHOUT ROWID;
CREATE INDEX sides_by_actor ON sides (actor, side);
"""

_WORDS = """
CREATE VIRTUAL TABLE words USING fts5 (
    title, text, content = 'articles', content_rowid = 'number', tokenize = 'porter unicode61 remove_diacritics 2'
);
CREATE TRIGGER words_of_new AFTER INSERT ON articles BEGIN
    INSERT INTO words (rowid, title, text) VALUES (new.number, new.title, new.text);
END;
CREATE TRIGGER words_of_gone AFTER DELETE ON articles BEGIN
    INSERT INTO words (words, rowid, title, text) VALUES ('delete', old.number, old.title, old.text);
END;
"""

# SQLite counts the characters of TEXT in code points, as spans do.
_VIEWS = """
CREATE VIEW who_is_named AS
SELECT r.id AS article, r.published, r.outlet, a.name AS actor, a.type, a.country, a.code, m.form,
    substr(r.text, m.start + 1, m."end" - m.start) AS words, m.start, m."end", m.score
FROM mentions m JOIN articles r ON r.number = m.article
LEFT JOIN actors a ON a.article = m.article AND a.id = m.actor
ORDER BY m.article, m.number;
CREATE VIEW who_said_what AS
SELECT r.id AS article, r.published, r.outlet,
    coalesce(a.name, substr(r.text, q.speaker_start + 1, q.speaker_end - q.speaker_start)) AS speaker,
    substr(r.text, q.start + 1, q."end" - q.start) AS words, q.kind, q.start, q."end", q.score
FROM quotes q JOIN articles r ON r.number = q.article
LEFT JOIN actors a ON a.article = q.article AND a.id = q.speaker
ORDER BY q.article, q.number;
CREATE VIEW where_it_is AS
SELECT r.id AS article, r.published, r.outlet, p.name AS place, p.country, p.level, p.lat, p.lon, p.geonames,
    substr(r.text, p.start + 1, p."end" - p.start) AS words, p.start, p."end", p.score
FROM places p JOIN articles r ON r.number = p.article
ORDER BY p.article, p.number;
CREATE VIEW when_it_is AS
SELECT r.id AS article, r.published, r.outlet, t.type, t.value, t.first_day, t.last_day,
    substr(r.text, t.start + 1, t."end" - t.start) AS words, t.start, t."end", t.score
FROM times t JOIN articles r ON r.number = t.article
ORDER BY t.article, t.number;
CREATE VIEW who_did_what AS
SELECT r.id AS article, r.published, r.outlet, e.date, e.type, e.mode, e.cameo, e.status,
    (SELECT group_concat(coalesce(a.name, substr(r.text, s.start + 1, s."end" - s.start)), '; ')
     FROM sides s LEFT JOIN actors a ON a.article = s.article AND a.id = s.actor
     WHERE s.article = e.article AND s.event = e.number AND s.side = 'source') AS who,
    (SELECT group_concat(coalesce(a.name, substr(r.text, s.start + 1, s."end" - s.start)), '; ')
     FROM sides s LEFT JOIN actors a ON a.article = s.article AND a.id = s.actor
     WHERE s.article = e.article AND s.event = e.number AND s.side = 'target') AS to_whom,
    p.name AS place, o.name AS according_to,
    substr(r.text, e.start + 1, e."end" - e.start) AS words,
    substr(r.text, e.sentence_start + 1, e.sentence_end - e.sentence_start) AS sentence,
    e.start, e."end", e.score, e.why
FROM events e JOIN articles r ON r.number = e.article
LEFT JOIN places p ON p.article = e.article AND p.number = e.place
LEFT JOIN actors o ON o.article = e.article AND o.id = e.according_to
ORDER BY e.article, e.number;
CREATE VIEW what_is_planned AS SELECT * FROM who_did_what WHERE status = 'planned' ORDER BY date;
"""

_FAILURES = """
CREATE TABLE failures (
    number INTEGER PRIMARY KEY,
    page TEXT NOT NULL UNIQUE,       -- the file or address that could not be read
    source TEXT NOT NULL,            -- what was named to lead there: the page itself, its archive, its feed
    sha256 TEXT,                     -- of its bytes, where it had any
    error TEXT NOT NULL,             -- the class in tidings.errors
    message TEXT NOT NULL
) STRICT;
CREATE INDEX failures_by_bytes ON failures (sha256);
CREATE TABLE addresses (
    url TEXT PRIMARY KEY,            -- a feed that was fetched, and what its server said of its version
    etag TEXT,
    modified TEXT
) STRICT, WITHOUT ROWID;
"""

_FEEDS = """
CREATE TABLE feed_days (
    url TEXT NOT NULL,               -- a feed or sitemap, or the file that holds it
    day TEXT NOT NULL,               -- on which it was asked
    at TEXT NOT NULL,                -- when it was asked last that day, as the collecting run told it
    status TEXT NOT NULL,            -- what came of that: 200, 304, file, or what was wrong
    asked INTEGER NOT NULL,          -- how often that day
    entries INTEGER,                 -- how many it listed, where it told
    added INTEGER NOT NULL,          -- articles that came in through it; of those
    undated INTEGER NOT NULL,        -- without a day
    troubled INTEGER NOT NULL,       -- with troubles
    youngest TEXT,                   -- the youngest day among them
    PRIMARY KEY (url, day)
) STRICT, WITHOUT ROWID;
ALTER TABLE failures ADD COLUMN feed TEXT;
CREATE INDEX failures_by_feed ON failures (feed, message) WHERE feed IS NOT NULL;
"""

_SAID = """
ALTER TABLE quotes ADD COLUMN status TEXT NOT NULL DEFAULT 'asserted';
DROP VIEW who_said_what;
CREATE VIEW who_said_what AS
SELECT r.id AS article, r.published, r.outlet,
    coalesce(a.name, substr(r.text, q.speaker_start + 1, q.speaker_end - q.speaker_start)) AS speaker,
    substr(r.text, q.start + 1, q."end" - q.start) AS words, q.kind, q.start, q."end", q.score, q.status
FROM quotes q JOIN articles r ON r.number = q.article
LEFT JOIN actors a ON a.article = q.article AND a.id = q.speaker
ORDER BY q.article, q.number;
"""
"""What was not said, or not yet, is told apart."""

STEPS: tuple[str, ...] = (
    _ARTICLES + _FACTS + _WORDS + _VIEWS,
    _FAILURES,
    ACTS + STORIES + JUDGEMENTS + DESK + PAGES,
    JUDGED,
    _FEEDS,
    _SAID,
    LAPSED_TEXTS,
)
"""One script for each version: the first makes version 1, the second takes it to 2, and so on."""

VERSION = len(STEPS)
"""The newest version, kept in the file as `PRAGMA user_version`."""

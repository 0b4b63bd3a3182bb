"""What a page that lists things needs to cost only what it shows: running counts, and indices to walk along.

In: nothing. Out: the SQL of one step of the schema.
All of it follows from the tables of facts; triggers keep it so, also when an article goes.
"""

from __future__ import annotations

__all__ = ["DESK"]

_PLACE = "coalesce('g' || {0}.geonames, {0}.name || '/' || coalesce({0}.country, ''))"

_TABLES = """
CREATE TABLE totals (
    what TEXT PRIMARY KEY,           -- articles, events, quotes, actors
    n INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE known_actors (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,              -- as the first article has it
    type TEXT NOT NULL,
    country TEXT,
    sector TEXT,
    code TEXT,
    wikidata TEXT,
    articles INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX known_actors_by_articles ON known_actors (articles);
CREATE INDEX known_actors_by_country ON known_actors (country, articles);
CREATE TABLE known_names (
    actor TEXT NOT NULL,
    name TEXT NOT NULL,
    folded TEXT NOT NULL,            -- as it is searched: ' leila brandt '
    articles INTEGER NOT NULL,
    PRIMARY KEY (actor, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE known_places (
    key TEXT PRIMARY KEY,            -- 'g' and the GeoNames number, or name and country
    name TEXT NOT NULL,
    lat REAL,
    lon REAL,
    country TEXT,
    level TEXT,
    mentions INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX known_places_by_mentions ON known_places (mentions);
CREATE TABLE known_outlets (
    name TEXT PRIMARY KEY,
    articles INTEGER NOT NULL,
    first_day TEXT,
    last_day TEXT,
    last_number INTEGER NOT NULL     -- of its article collected last
) STRICT, WITHOUT ROWID;
CREATE TABLE known_countries (
    code TEXT PRIMARY KEY,
    mentions INTEGER NOT NULL        -- as the country of an actor or a place, once an article and actor or place
) STRICT, WITHOUT ROWID;
CREATE TABLE known_kinds (
    type TEXT NOT NULL,              -- PLOVER
    status TEXT NOT NULL,
    events INTEGER NOT NULL,
    PRIMARY KEY (type, status)
) STRICT, WITHOUT ROWID;
"""

_INDICES = """
CREATE INDEX articles_by_published ON articles (published, number);
CREATE INDEX acts_of_source ON acts (source, day);
CREATE INDEX acts_towards ON acts (target, source, day, quad);
CREATE INDEX places_by_geonames ON places (geonames) WHERE geonames IS NOT NULL;
CREATE INDEX places_by_name ON places (name) WHERE geonames IS NULL;
"""

_FILL = f"""
INSERT INTO totals SELECT 'articles', count(*) FROM articles UNION ALL SELECT 'events', count(*) FROM events
    UNION ALL SELECT 'quotes', count(*) FROM quotes;
INSERT INTO known_actors SELECT id, name, type, country, sector, code, wikidata, count(*) FROM actors GROUP BY id;
INSERT INTO totals SELECT 'actors', count(*) FROM known_actors;
INSERT INTO known_names SELECT actor, name, folded, count(*) FROM names GROUP BY actor, name;
INSERT INTO known_places SELECT {_PLACE.format("p")} AS key, name, lat, lon, country, level, count(*) FROM places p
    GROUP BY key;
INSERT INTO known_outlets SELECT outlet, count(*), min(published), max(published), max(number) FROM articles
    WHERE outlet IS NOT NULL GROUP BY outlet;
INSERT INTO known_countries SELECT country, count(*) FROM
    (SELECT country FROM actors UNION ALL SELECT country FROM places) WHERE country IS NOT NULL GROUP BY country;
INSERT INTO known_kinds SELECT type, status, count(*) FROM events GROUP BY type, status;
"""

_COUNT = """
CREATE TRIGGER {table}_counted AFTER INSERT ON {table} BEGIN
    UPDATE totals SET n = n + 1 WHERE what = '{table}';
{new}END;
CREATE TRIGGER {table}_uncounted AFTER DELETE ON {table} BEGIN
    UPDATE totals SET n = n - 1 WHERE what = '{table}';
{old}END;
"""

# Each pair: what an inserted row adds, and what a deleted row takes away.
_ARTICLES = _COUNT.format(
    table="articles",
    new="""    INSERT INTO known_outlets
        SELECT new.outlet, 1, new.published, new.published, new.number WHERE new.outlet IS NOT NULL
        ON CONFLICT (name) DO UPDATE SET articles = articles + 1,
            first_day = coalesce(min(first_day, excluded.first_day), first_day, excluded.first_day),
            last_day = coalesce(max(last_day, excluded.last_day), last_day, excluded.last_day),
            last_number = max(last_number, excluded.last_number);
""",
    old="""    UPDATE known_outlets SET articles = articles - 1 WHERE name = old.outlet;
    DELETE FROM known_outlets WHERE name = old.outlet AND articles < 1;
""",
)
_QUOTES = _COUNT.format(table="quotes", new="", old="")
_EVENTS = _COUNT.format(
    table="events",
    new="""    INSERT INTO known_kinds VALUES (new.type, new.status, 1)
        ON CONFLICT (type, status) DO UPDATE SET events = events + 1;
""",
    old="    UPDATE known_kinds SET events = events - 1 WHERE type = old.type AND status = old.status;\n",
)
_ACTORS = """
CREATE TRIGGER actors_counted AFTER INSERT ON actors BEGIN
    INSERT INTO known_actors
        VALUES (new.id, new.name, new.type, new.country, new.sector, new.code, new.wikidata, 1)
        ON CONFLICT (id) DO UPDATE SET articles = articles + 1;
    INSERT INTO known_countries SELECT new.country, 1 WHERE new.country IS NOT NULL
        ON CONFLICT (code) DO UPDATE SET mentions = mentions + 1;
END;
CREATE TRIGGER actors_uncounted AFTER DELETE ON actors BEGIN
    UPDATE known_actors SET articles = articles - 1 WHERE id = old.id;
    DELETE FROM known_actors WHERE id = old.id AND articles < 1;
    UPDATE known_countries SET mentions = mentions - 1 WHERE code = old.country;
END;
CREATE TRIGGER known_actors_counted AFTER INSERT ON known_actors BEGIN
    UPDATE totals SET n = n + 1 WHERE what = 'actors';
END;
CREATE TRIGGER known_actors_uncounted AFTER DELETE ON known_actors BEGIN
    UPDATE totals SET n = n - 1 WHERE what = 'actors';
END;
"""
_NAMES = """
CREATE TRIGGER names_counted AFTER INSERT ON names BEGIN
    INSERT INTO known_names VALUES (new.actor, new.name, new.folded, 1)
        ON CONFLICT (actor, name) DO UPDATE SET articles = articles + 1;
END;
CREATE TRIGGER names_uncounted AFTER DELETE ON names BEGIN
    UPDATE known_names SET articles = articles - 1 WHERE actor = old.actor AND name = old.name;
    DELETE FROM known_names WHERE actor = old.actor AND name = old.name AND articles < 1;
END;
"""
_PLACES = f"""
CREATE TRIGGER places_counted AFTER INSERT ON places BEGIN
    INSERT INTO known_places
        VALUES ({_PLACE.format("new")}, new.name, new.lat, new.lon, new.country, new.level, 1)
        ON CONFLICT (key) DO UPDATE SET mentions = mentions + 1;
    INSERT INTO known_countries SELECT new.country, 1 WHERE new.country IS NOT NULL
        ON CONFLICT (code) DO UPDATE SET mentions = mentions + 1;
END;
CREATE TRIGGER places_uncounted AFTER DELETE ON places BEGIN
    UPDATE known_places SET mentions = mentions - 1 WHERE key = {_PLACE.format("old")};
    DELETE FROM known_places WHERE key = {_PLACE.format("old")} AND mentions < 1;
    UPDATE known_countries SET mentions = mentions - 1 WHERE code = old.country;
END;
"""

DESK = _TABLES + _INDICES + _FILL + _ARTICLES + _QUOTES + _EVENTS + _ACTORS + _NAMES + _PLACES

-- Schema 1. Identities are UUIDs made by the program, times are milliseconds since 1970 (UTC), offsets are code points.
-- Everything but the last statement is also valid in PostgreSQL once STRICT is left out and INTEGER is read as BIGINT.

-- One value per key: the rules, the revision of the last change, how far the search index reaches.
CREATE TABLE setting (
    key TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

CREATE TABLE annotator (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

-- Mentions hold the id, so a rename touches one row. Nothing is deleted: deleted_at says since when it is out of use.
CREATE TABLE label (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    title TEXT NOT NULL,
    colour INTEGER NOT NULL,
    keys TEXT NOT NULL,
    guideline TEXT NOT NULL,
    place INTEGER NOT NULL,
    merged_into TEXT,
    deleted_at INTEGER
) STRICT;

-- position counts 1, 2, 3 … in the order of import without gaps. The text never changes. The long columns stand last, so
-- that a list does not read through them.
CREATE TABLE article (
    position INTEGER NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    chars INTEGER NOT NULL,
    direction TEXT NOT NULL,
    imported_at INTEGER NOT NULL,
    meta TEXT NOT NULL,
    text TEXT NOT NULL
) STRICT;

CREATE INDEX article_chars ON article (chars);

-- One annotator's mentions in one article. spans is JSON: [{"s":start,"e":end,"l":label id,"t":surface,…}].
CREATE TABLE layer (
    article INTEGER NOT NULL REFERENCES article (position),
    annotator TEXT NOT NULL REFERENCES annotator (id),
    version INTEGER NOT NULL,
    status TEXT NOT NULL,
    mentions INTEGER NOT NULL,
    spans TEXT NOT NULL,
    PRIMARY KEY (article, annotator)
) STRICT;

CREATE INDEX layer_status ON layer (annotator, status, article, mentions);

-- How many mentions of an annotator hold a label, over all articles.
CREATE TABLE label_count (
    annotator TEXT NOT NULL REFERENCES annotator (id),
    label TEXT NOT NULL REFERENCES label (id),
    mentions INTEGER NOT NULL,
    PRIMARY KEY (annotator, label)
) STRICT;

-- What was done to a layer, append-only, written with the layer in one transaction.
CREATE TABLE event (
    id TEXT NOT NULL PRIMARY KEY,
    article INTEGER NOT NULL REFERENCES article (position),
    annotator TEXT NOT NULL REFERENCES annotator (id),
    base_version INTEGER NOT NULL,
    operations TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;

-- The words of each article, folded and already divided by the program (so a scan and the index agree to the letter);
-- rowid is the article's position. SQLite's own; rebuilt from the texts at any time.
CREATE VIRTUAL TABLE search USING fts5 (words, content = '', columnsize = 0, tokenize = 'ascii', prefix = '1 2');

-- Schema 2: suggestions, what became of them, and what engines know.

-- The suggestions that the annotator has turned down, worded as the mentions are, with the engine as the origin.
ALTER TABLE layer ADD COLUMN rejections TEXT NOT NULL DEFAULT '[]';

-- Who has labelled which article, in the order of import: what a list of disputed articles is read from.
CREATE INDEX layer_version ON layer (article, annotator, version, status, mentions);

-- How many mentions of a label a layer has, where it has any: what a list of articles with a label is read from.
CREATE TABLE layer_label (
    annotator TEXT NOT NULL REFERENCES annotator (id),
    label TEXT NOT NULL REFERENCES label (id),
    article INTEGER NOT NULL REFERENCES article (position),
    mentions INTEGER NOT NULL,
    PRIMARY KEY (annotator, label, article)
) STRICT, WITHOUT ROWID;

CREATE INDEX layer_label_article ON layer_label (article, annotator);

-- What is damaged in an older file stays out, so that the file can be opened and checked.
INSERT INTO layer_label (annotator, label, article, mentions)
SELECT layer.annotator, label.id, layer.article, count(*)
FROM layer
JOIN article ON article.position = layer.article
JOIN annotator ON annotator.id = layer.annotator
JOIN json_each(CASE WHEN json_valid(layer.spans) THEN layer.spans ELSE '[]' END) AS span
JOIN label ON label.id = json_extract(CASE WHEN span.type = 'object' THEN span.value ELSE '{}' END, '$.l')
GROUP BY 1, 2, 3;

-- Suggestions for an article. kind 'import': predictions that came from a file. kind 'engines': what the program's engines
-- said last, chosen among; made anew at any time. suggestions counts them; doubt is the sum of 1 - |2c - 1| over their
-- confidences c. spans is JSON: [{"s":start,"e":end,"l":label id,"t":surface,"g":engine,"c":confidence,"w":reason}].
CREATE TABLE suggestion (
    article INTEGER NOT NULL REFERENCES article (position),
    kind TEXT NOT NULL,
    suggestions INTEGER NOT NULL,
    doubt REAL NOT NULL,
    spans TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    PRIMARY KEY (article, kind)
) STRICT;

-- What a list is ordered by, so that it reads no spans.
CREATE INDEX suggestion_rank ON suggestion (article, suggestions, doubt);

-- What became of every suggestion that stood in an article when its annotator finished it; written anew each time.
-- fates is JSON: [{"g":engine,"l":label id,"c":confidence,"p":confidence shown,"r":whether it was right}].
CREATE TABLE outcome (
    article INTEGER NOT NULL REFERENCES article (position),
    annotator TEXT NOT NULL REFERENCES annotator (id),
    fates TEXT NOT NULL,
    PRIMARY KEY (article, annotator)
) STRICT;

-- What an engine has learned, as it wrote it.
CREATE TABLE model (
    name TEXT NOT NULL PRIMARY KEY,
    body BLOB NOT NULL,
    made_at INTEGER NOT NULL
) STRICT;

-- Lists of names that were loaded. names is JSON: [{"n":name,"l":label id}].
CREATE TABLE gazetteer (
    id TEXT NOT NULL PRIMARY KEY,
    title TEXT NOT NULL,
    entries INTEGER NOT NULL,
    names TEXT NOT NULL,
    loaded_at INTEGER NOT NULL
) STRICT;

-- The search index has more words than before: it is built anew.
INSERT INTO search (search) VALUES ('delete-all');
DELETE FROM setting WHERE key = 'search.indexed';

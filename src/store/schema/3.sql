-- Schema 3: what files of other programs say and this program does not hold, and which layers stand in a folder of JSON files.

-- Kept as it came, and written back to the same format. annotator is blank for what belongs to the article, whoever labelled it.
CREATE TABLE carried (
    article INTEGER NOT NULL REFERENCES article (position),
    annotator TEXT NOT NULL,
    format TEXT NOT NULL,
    data TEXT NOT NULL,
    PRIMARY KEY (article, annotator, format)
) STRICT;

-- The version of a layer that was written to the folder last, and the SHA-256 of the file, so that a change by others is told.
CREATE TABLE mirror (
    article INTEGER NOT NULL REFERENCES article (position),
    annotator TEXT NOT NULL REFERENCES annotator (id),
    version INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    PRIMARY KEY (article, annotator)
) STRICT;

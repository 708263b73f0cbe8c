-- Schema 4: review.

-- What an adjudicator decided of others' readings, in the gold layer alone. decisions is JSON:
-- [{"s":start,"e":end,"r":[{"a":annotator id,"m":[mention]}],"v":ruling,"g":[mention],"w":reason,"q":question}],
-- a mention as {"s":start,"e":end,"l":label id}.
ALTER TABLE layer ADD COLUMN decisions TEXT NOT NULL DEFAULT '[]';

-- Which version of a layer was taken from another project last: ours then, theirs, and the SHA-256 of what it said. While ours is
-- still that one, nobody has worked on it here, and a later one of theirs takes its place.
CREATE TABLE merged (
    article INTEGER NOT NULL REFERENCES article (position),
    annotator TEXT NOT NULL REFERENCES annotator (id),
    version INTEGER NOT NULL,
    their_version INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    PRIMARY KEY (article, annotator)
) STRICT;

-- Only a check of the whole project asked for it, and every save and import paid for it.
DROP INDEX layer_label_article;

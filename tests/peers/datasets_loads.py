#!/usr/bin/env python3
"""Loads a dataset folder written by Barchasb with Hugging Face `datasets` and checks what a trainer would see.

    pip install datasets pyarrow
    python datasets_loads.py FOLDER [TRUTH]

Prints counts as JSON, and their sums. Fails unless: `load_dataset` takes the folder; `ner_tags` is a list of ClassLabel with O first; every row has as many
tags as tokens; every token stands in the row's text, one after another; and the texts of an article's rows follow one another,
and are together the texts of TRUTH, a folder of `written.py`, where that is named.
"""
import json
import sys
import tempfile
from pathlib import Path

from datasets import ClassLabel, load_dataset

import truth


def label_names(feature):
    inner = feature.feature if hasattr(feature, "feature") else feature[0]
    assert isinstance(inner, ClassLabel), f"ner_tags is {feature}"
    return inner.names


def mentions(tags):
    """The mentions that BIO, IOB1, BIOES or BILOU tags say, counted by their beginnings."""
    found, before = [], "O"
    for at, tag in enumerate(tags):
        letter, _, label = tag.partition("-")
        old, _, old_label = before.partition("-")
        begins = letter in "BSU" or (letter in "IEL" and (old in "OESLU" or old_label != label))
        if tag != "O" and begins:
            found.append((at, label))
        before = tag
    return found


def main(folder, truth_folder=None):
    texts = []
    with tempfile.TemporaryDirectory() as cache:
        dataset = load_dataset(folder, cache_dir=cache)
        report = {}
        for split, rows in dataset.items():
            names = label_names(rows.features["ner_tags"])
            assert names[0] == "O", names
            counts = {"rows": len(rows), "articles": 0, "tokens": 0, "mentions": 0, "labels": names}
            before, examples = None, []
            for row in rows:
                tokens, tags = row["tokens"], row["ner_tags"]
                assert len(tokens) == len(tags), row
                end = 0
                for token in tokens:
                    end = row["text"].index(token, end) + len(token)
                here = (row["article"], row["annotator"])
                if row["sentence"] == 0:
                    counts["articles"] += 1
                    texts.append("")
                else:
                    assert before == (here, row["sentence"] - 1), f"{row['id']} does not follow"
                before = (here, row["sentence"])
                texts[-1] += row["text"]
                counts["tokens"] += len(tokens)
                found = mentions([names[tag] for tag in tags])
                counts["mentions"] += len(found)
                if len(examples) < 5:
                    examples += [f"{tokens[at]}/{label}" for at, label in found]
            report[split] = {**counts, "examples": examples[:5]}
    if truth_folder:
        assert sorted(texts) == sorted(row["text"] for row in truth.rows(Path(truth_folder))), "the texts are not the truth's"
    print(json.dumps(report, ensure_ascii=False, indent=1))
    print(f"{sum(part['rows'] for part in report.values())} rows, {sum(part['mentions'] for part in report.values())} mentions")


if __name__ == "__main__":
    main(*sys.argv[1:])

#!/usr/bin/env python3
"""Reads our CoNLL with seqeval, our CoNLL-U with conllu, our Parquet with datasets and our GLiNER data as its trainer wants it.

    pip install seqeval conllu datasets
    python tagged_loads.py FOLDER

FOLDER is what `written.py` made, with whose truth all is compared. Every token must stand in the truth's texts, one after another, with white space between; every mention
must be one of the truth's, put onto the tokens that it touches; and one may be missing only where another stands that it overlaps, and
nowhere in files with columns for nested mentions or in GLiNER's. seqeval reads strictly: each tag must follow from its scheme. The library
gliner is too heavy to install for this (it brings torch): what its data processor asks is checked here.
"""

import json
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from conllu import parse
from seqeval.scheme import BILOU, IOB1, IOB2, IOBES, Entities

from truth import rows, spans

SCHEMES = {"bio": IOB2, "iob1": IOB1, "bioes": IOBES, "bilou": BILOU}


class Places:
    """Where tokens stand in the truth's texts."""

    def __init__(self, truth):
        self.truth, self.row, self.at = truth, 0, 0
        self.tokens = [[] for _ in truth]

    def sentence(self, words):
        """The row and the ranges of a sentence's tokens."""
        ranges = []
        while not self.fits(words[0]):
            left = self.truth[self.row]["text"][self.at :]
            assert not left.strip("\ufeff \t\r\n\u00a0\u202f"), f"{left!r} is in no token before {words[0]!r}"
            self.row, self.at = self.row + 1, 0
        text = self.truth[self.row]["text"]
        for word in words:
            start = text.index(word, self.at)
            assert not text[self.at : start].strip(), f"{text[self.at : start]!r} is in no token before {word!r}"
            self.at = start + len(word)
            ranges.append((start, self.at))
        self.tokens[self.row] += ranges
        return self.row, ranges

    def fits(self, word):
        text = self.truth[self.row]["text"]
        start = text.find(word, self.at)
        return start >= 0 and not text[self.at : start].strip()


def compared(name, found, places, everything):
    """`found` are (row, start, end, label) as a set."""
    expected = set()
    for number, row in enumerate(places.truth):
        for start, end, label in spans(row):
            touched = [(s, e) for s, e in places.tokens[number] if s < end and start < e]
            assert touched, f"{name}: no token stands at {row['text'][start:end]!r}"
            expected.add((number, touched[0][0], touched[-1][1], label))
    assert found <= expected, f"{name}: not in the truth: {sorted(found - expected)[:5]}"
    for row, start, end, label in expected - found:
        rival = any(r == row and s < end and start < e for r, s, e, _ in found)
        assert rival and not everything, f"{name}: missing: {places.truth[row]['text'][start:end]!r} {label}"
    tokens = sum(map(len, places.tokens))
    print(f"{name}: {tokens} tokens, {len(found)} mentions, {len(expected - found)} of overlapping ones left out")


def check_conll(path, truth):
    scheme = SCHEMES[path.stem.split("-")[0]]
    separator, first_tag = ("\t", 1) if path.suffix == ".conll" else (" ", 3)
    places, found, sentence = Places(truth), set(), []
    for line in [*path.read_bytes().decode("utf-8").split("\n"), ""]:
        if line.startswith("-DOCSTART-"):
            continue
        if line:
            sentence.append(line.split(separator))
            continue
        if not sentence:
            continue
        assert len({len(cells) for cells in sentence}) == 1, f"{path.name}: rows of several widths"
        row, ranges = places.sentence([cells[0] for cells in sentence])
        for column in range(first_tag, len(sentence[0])):
            tags = [cells[column] for cells in sentence]
            for entity in Entities([tags], scheme).entities[0]:
                found.add((row, ranges[entity.start][0], ranges[entity.end - 1][1], entity.tag))
            begun = sum(tag != "O" for tag in tags)
            covered = sum(entity.end - entity.start for entity in Entities([tags], scheme).entities[0])
            assert begun == covered, f"{path.name}: {tags} is not of the scheme {scheme.__name__}"
        sentence = []
    compared(f"{path.name} ({scheme.__name__})", found, places, "columns" in path.stem)


def check_conllu(path, truth):
    places, found = Places(truth), set()
    documents = 0
    for sentence in parse(path.read_text(encoding="utf-8")):
        documents += "newdoc id" in sentence.metadata
        words, tags, text = [], [], ""
        for token in sentence:
            misc = token["misc"] or {}
            words.append(token["form"])
            tags.append(misc.get("NER", "O"))
            text += token["form"] + ("" if misc.get("SpaceAfter") == "No" or "SpacesAfter" in misc else " ")
        row, ranges = places.sentence(words)
        assert " ".join(text.split()) == " ".join(sentence.metadata["text"].split()) or any("SpacesAfter" in (t["misc"] or {}) for t in sentence)
        for entity in Entities([tags], IOB2).entities[0]:
            found.add((row, ranges[entity.start][0], ranges[entity.end - 1][1], entity.tag))
    assert documents == len(truth), f"{documents} documents"
    compared(f"{path.name} (conllu {version('conllu')})", found, places, False)


def check_gliner(path, truth):
    places, found = Places(truth), set()
    for row in json.loads(path.read_text(encoding="utf-8")):
        words = row["tokenized_text"]
        assert words and all(isinstance(word, str) and word for word in words)
        number, ranges = places.sentence(words)
        for start, end, label in row["ner"]:
            assert type(start) is type(end) is int and 0 <= start <= end < len(words) and isinstance(label, str) and label
            found.add((number, ranges[start][0], ranges[end][1], label))
    compared(f"{path.name} (GLiNER's shape)", found, places, True)


def check_hugging_face(path, truth):
    from datasets import load_dataset

    places, found = Places(truth), set()
    with tempfile.TemporaryDirectory() as cache:
        data = load_dataset(str(path), cache_dir=cache)["train"]
        names = data.features["ner_tags"].feature.names
        for row in data:
            number, ranges = places.sentence(row["tokens"])
            for entity in Entities([[names[tag] for tag in row["ner_tags"]]], IOB2).entities[0]:
                found.add((number, ranges[entity.start][0], ranges[entity.end - 1][1], entity.tag))
    compared(f"hugging-face (datasets {version('datasets')})", found, places, False)


def main(folder):
    truth = rows(folder)
    print(f"seqeval {version('seqeval')}")
    for path in sorted([*folder.glob("conll/*.conll"), *folder.glob("conll2003/*.conll2003")]):
        check_conll(path, truth)
    check_conllu(folder / "conllu" / "truth.conllu", truth)
    check_hugging_face(folder / "hugging-face" / "truth", truth)
    check_gliner(folder / "gliner" / "truth.json", truth)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))

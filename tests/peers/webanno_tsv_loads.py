#!/usr/bin/env python3
"""Reads every WebAnno TSV of a folder in two ways and checks that they agree.

    pip install web-anno-tsv
    python webanno_tsv_loads.py FOLDER [TRUTH]

TRUTH is a folder of `written.py`, with whose words the labels are compared. First as INCEpTION's own reader does (Tsv3XDeserializer: UTF-16 offsets, text rebuilt from sentences, numbers join rows), written anew here;
every word must stand at its offsets. Then with the web-anno-tsv package, which reads sentence by sentence and finds the same mentions; it
does not undo the escape of backslashes, tabs and carriage returns, and refuses a mention with a sign between its words that is no white
space (as a ZWNJ), so such files are read in the first way alone.
"""

import re
import sys
from pathlib import Path

from web_anno_tsv import open_web_anno_tsv
from web_anno_tsv.web_anno_tsv import ReadException

from truth import from_utf16, same_words, words

ESCAPES = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f", "\\": "\\"}


def unescape(text: str) -> str:
    return re.sub(r"\\([tnrbf\\\x00-\x1f])", lambda found: ESCAPES.get(found[1], found[1]), text)


def unescape_value(value: str) -> str:
    return re.sub(r"\\(->|[\\\[\]|_;*tn])", lambda found: {"t": "\t", "n": "\n"}.get(found[1], found[1]), value)


def as_inception(path: Path):
    """The text and the mentions as (start, end, label) in UTF-16 units, a sentence each for the sentence's begin."""
    lines = path.read_bytes().decode("utf-8").split("\n")
    assert lines[0] == "#FORMAT=WebAnno TSV 3.3", path
    assert lines[2] == "" and lines[3] == "", f"{path}: two blank lines follow the head"
    text, fragment = b"", ""
    rows, begins = [], []
    for line in lines[4:]:
        if line.startswith("#Text="):
            fragment += unescape(line[6:]) + "\n"
        elif line and not line.startswith("#"):
            unit, place, word, *cells = line.split("\t")
            begin, end = map(int, place.split("-"))
            if fragment:
                if len(text) // 2 > begin:
                    assert len(text) // 2 == begin + 1, f"{path}: {line}"
                    text = text[:-2]
                text += " ".encode("utf-16-le") * (begin - len(text) // 2)
                text += fragment.encode("utf-16-le")
                fragment = ""
                begins.append(begin)
            rows.append((begin, end, word, cells))
    mentions, by_number = [], {}
    for begin, end, word, cells in rows:
        stands = text[2 * begin : 2 * end].decode("utf-16-le")
        assert stands in (word, unescape(word)), f"{path}: {word!r} is not {stands!r}"
        if cells[1] == "_":
            continue
        for value in re.split(r"(?<!\\)\|", cells[1]):
            number = re.search(r"(?<!\\)\[(\d+)\]$", value)
            if number and number[1] in by_number:
                by_number[number[1]][1] = end
                continue
            label = unescape_value(value[: number.start()] if number else value)
            mention = [begin, end, label]
            mentions.append(mention)
            if number:
                by_number[number[1]] = mention
    return text, begins, mentions


def as_package(path: Path, begins):
    found = []
    with open_web_anno_tsv(str(path)) as file:
        for sentence, begin in zip(file, begins):
            for annotation in sentence.annotations:
                before = len(sentence.text[: annotation.start].encode("utf-16-le")) // 2
                length = len(annotation.text.encode("utf-16-le")) // 2
                found.append([begin + before, begin + before + length, annotation.label])
    return found


def main(folder: Path, truth: Path | None = None) -> int:
    layers = []
    documents = mentions = compared = compared_mentions = 0
    for path in sorted(folder.rglob("*.tsv")):
        text, begins, ours = as_inception(path)
        documents += 1
        mentions += len(ours)
        string = text.decode("utf-16-le")
        layers.append(words(string, [(*from_utf16(string, begin, end), label) for begin, end, label in ours]))
        ends = begins[1:] + [len(text) // 2]
        crosses = any(begin < edge < end for begin, end, _ in ours for edge in ends)
        if "\\" in path.read_text(encoding="utf-8") or crosses:
            continue
        try:
            theirs = as_package(path, begins)
        except ReadException as error:
            if "is not compact" not in str(error):
                raise
            continue
        assert sorted(ours) == sorted(theirs), path
        compared += 1
        compared_mentions += len(ours)
    if truth:
        assert same_words(layers, truth) == mentions
    print(f"{documents} documents, {mentions} mentions; {compared} and {compared_mentions} the same by web-anno-tsv")
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))

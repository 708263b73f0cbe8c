#!/usr/bin/env python3
"""Reads every pair of files of a brat folder with the bioc package and checks each surface against its text.

    pip install bioc
    python brat_loads.py FOLDER [TRUTH]

TRUTH is a folder of `written.py`, with whose words the labels are compared. The text is read as brat reads it: UTF-8 with universal newlines. Prints the counts; fails at the first difference.
"""

import sys
from pathlib import Path

from bioc import brat

from truth import same_words, words


def main(folder: Path, truth: Path | None = None) -> int:
    layers = []
    documents = entities = checked = pieces = others = 0
    for text_path in sorted(folder.rglob("*.txt")):
        text = text_path.read_text(encoding="utf-8")
        with open(text_path.with_suffix(".ann"), encoding="utf-8") as file:
            lines = file.read().split("\n")
        # bioc cuts a line at every tab and takes white space off its end, so lines with such surfaces are read here alone.
        plain = [line for line in lines if line.count("\t") <= 2 and not line.endswith((" ", "\t", "\xa0"))]
        parsed = brat.loads_ann("\n".join(plain))
        documents += 1
        found = []
        by_id = {entity.id: entity for entity in parsed.entities}
        others += len(parsed.relations) + len(parsed.events) + len(parsed.attributes) + len(parsed.notes)
        for line in lines:
            if not line.startswith("T"):
                continue
            mention_id, data, surface = line.split("\t", 2)
            spans = [tuple(map(int, piece.split(" "))) for piece in data.split(" ", 1)[1].split(";")]
            slices = [text[start:end] for start, end in spans]
            expected = " ".join(slices)
            where = f"{text_path}: {mention_id}"
            assert all(0 <= start <= end <= len(text) for start, end in spans), where
            # Before its version 1.3 brat joined pieces without a space, and it still reads such files.
            assert surface in (expected, "".join(slices)), f"{where}: {surface!r} is not {expected!r}"
            if mention_id in by_id:
                entity = by_id[mention_id]
                assert sorted((span.begin, span.end) for span in entity.locations) == sorted(spans), where
                assert entity.text == surface, where
                checked += 1
            entities += 1
            pieces += len(spans)
            found.append((spans[0][0], spans[-1][1], data.split(" ", 1)[0]))
        layers.append(words(text, found))
    if truth:
        assert same_words(layers, truth) == entities
    print(f"{documents} texts, {entities} annotations in {pieces} pieces ({checked} of them read by bioc), {others} other lines")
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))

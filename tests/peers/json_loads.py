#!/usr/bin/env python3
"""Reads with plain Python what has no reader of its own to install, by the format's published shape, and compares with the truth.

    python json_loads.py FOLDER

FOLDER is what `written.py` made. Our own JSON and JSON Lines, CSV and TSV, plain text, HTML, Prodigy (sold, not on PyPI: its documented
task shape), PubAnnotation, W3C Web Annotation and Label Studio's JSON_MIN. Every offset must give the surface, and all must be the truth's.
"""

import csv
import json
import sys
from html.parser import HTMLParser
from pathlib import Path

from truth import from_utf16, rows, same_layers, spans


def own(path):
    text = path.read_bytes().decode("utf-8")
    for row in json.loads(text) if path.suffix == ".json" else map(json.loads, text.strip("\n").split("\n")):
        assert row["offset_unit"] == "codepoint"
        yield row["text"], checked(row["text"], row["spans"])


def checked(text, found):
    for span in found:
        assert text[span["start"] : span["end"]] == span["text"], span
    return [(span["start"], span["end"], span["label"]) for span in found]


def table(path):
    csv.field_size_limit(1 << 27)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t" if path.suffix == ".tsv" else ","):
            yield row["text"], checked(row["text"], json.loads(row["spans"]))


def prodigy(path):
    for row in map(json.loads, path.read_bytes().decode("utf-8").strip("\n").split("\n")):
        text, tokens = row["text"], row["tokens"]
        assert row["answer"] == "accept" and [token["id"] for token in tokens] == list(range(len(tokens)))
        end = 0
        for token in tokens:
            assert text[token["start"] : token["end"]] == token["text"] and token["start"] >= end
            end = token["end"]
            # `ws`: whether one space follows.
            assert token["ws"] == text.startswith(" ", end), token
        for span in row["spans"]:
            assert tokens[span["token_start"]]["start"] <= span["start"] < span["end"] <= tokens[span["token_end"]]["end"], span
        yield text, [(span["start"], span["end"], span["label"]) for span in row["spans"]]


def pubannotation(path):
    for row in json.loads(path.read_bytes().decode("utf-8")):
        found = []
        layers = row.get("tracks") or [row]
        for denotation in (d for layer in layers for d in layer.get("denotations", [])):
            begin, end = denotation["span"]["begin"], denotation["span"]["end"]
            assert 0 <= begin < end <= len(row["text"])
            found.append((begin, end, denotation["obj"]))
        ids = [d["id"] for layer in layers for d in layer.get("denotations", [])]
        assert len(ids) == len(set(ids)), row["sourceid"]
        yield row["text"], found


def web_annotation(path):
    documents = json.loads(path.read_bytes().decode("utf-8"))
    for document in documents if isinstance(documents, list) else [documents]:
        graph = document["@graph"]
        (text,) = (node for node in graph if node["type"] == "Text")
        found = []
        for collection in (node for node in graph if node["type"] == "AnnotationCollection"):
            notes = collection["first"]["items"]
            assert collection["total"] == len(notes)
            for note in notes:
                assert note["type"] == "Annotation" and note["target"]["source"] == text["id"]
                by_type = {selector["type"]: selector for selector in note["target"]["selector"]}
                place, quote = by_type["TextPositionSelector"], by_type["TextQuoteSelector"]
                start, end = place["start"], place["end"]
                assert text["value"][start:end] == quote["exact"], quote
                assert text["value"][:start].endswith(quote["prefix"]) and text["value"][end:].startswith(quote["suffix"])
                found += [(start, end, body["value"]) for body in note["body"] if body["purpose"] == "tagging"]
        yield text["value"], found


def json_min(path):
    for row in json.loads(path.read_bytes().decode("utf-8")):
        found = []
        for value in row.get("label", []):
            start, end = from_utf16(row["text"], value["start"], value["end"])
            assert row["text"][start:end] == value["text"], value
            found += [(start, end, label) for label in value["labels"]]
        yield row["text"], found


def plain_text(folder):
    for path in sorted(folder.glob("*.txt")):
        yield path.read_bytes().decode("utf-8"), []


class Marks(HTMLParser):
    """Counts the elements that are left open or never opened, and gathers what is shown."""

    VOID = {"meta", "br", "link", "hr", "img", "wbr"}

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.shown = [], ""

    def handle_starttag(self, tag, attributes):
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, f"</{tag}> closes nothing"

    def handle_data(self, data):
        if not {"style", "title"} & set(self.open):
            self.shown += data


def html(folder, truth):
    pages = sorted(folder.glob("*.html"))
    assert len(pages) == len(truth)
    for path in pages:
        marks = Marks()
        marks.feed(path.read_text(encoding="utf-8"))
        assert not marks.open, f"{path.name}: {marks.open} left open"
    print(f"html: {len(pages)} pages, every element closed")


def main(folder):
    truth = rows(folder)
    layers = [(row["text"], spans(row)) for row in truth]
    for name, read in [
        ("jsonl/truth.jsonl", own), ("json/truth.json", own), ("csv/truth.csv", table), ("tsv/truth.tsv", table),
        ("prodigy/truth.jsonl", prodigy), ("pubannotation/truth.json", pubannotation), ("w3c/truth.jsonld", web_annotation),
        ("label-studio-min/truth.json", json_min),
    ]:
        count, mentions = same_layers(read(folder / name), layers)
        print(f"{name}: {count} layers, {mentions} mentions, all equal")
    count, _ = same_layers(plain_text(folder / "text" / "truth"), [(text, []) for text, _ in layers])
    print(f"text: {count} texts, byte for byte")
    html(folder / "html" / "truth", truth)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))

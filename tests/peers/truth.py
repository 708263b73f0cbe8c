"""The truth that `written.py` left in a folder, and how the other scripts compare with it."""

import json
from collections import Counter


def rows(folder):
    """The layers of truth.jsonl in their order, each a dictionary with `id`, `text`, `annotator` and `spans`."""
    with (folder / "truth.jsonl").open(encoding="utf-8", newline="\n") as file:
        return [json.loads(line) for line in file]


def spans(row):
    return sorted((span["start"], span["end"], span["label"]) for span in row["spans"])


def from_utf16(text, start, end):
    """A range in UTF-16 units as one in code points; both ends must stand between characters."""
    units = text.encode("utf-16-le")
    before, inside = units[: 2 * start].decode("utf-16-le"), units[2 * start : 2 * end].decode("utf-16-le")
    return len(before), len(before) + len(inside)


def same_layers(found, expected):
    """Compares (text, spans) of all layers, whatever their order, and counts; fails at the first text that differs."""
    found = Counter((text, tuple(sorted(spans))) for text, spans in found)
    expected = Counter((text, tuple(sorted(spans))) for text, spans in expected)
    for (text, spans), count in (found - expected).items():
        raise AssertionError(f"{count} of {text[:60]!r} with {spans[:8]} not in the truth")
    for (text, spans), count in (expected - found).items():
        raise AssertionError(f"{count} of {text[:60]!r} with {spans[:8]} missing")
    return sum(found.values()), sum(len(spans) * count for (_, spans), count in found.items())


def words(text, spans):
    """The labelled words of a text, for readers that keep the text but for its white space; `spans` are (start, end, label)."""
    key = "".join(text.split())
    return key, sorted((text[start:end], label) for start, end, label in spans)


def same_words(found, folder):
    """Compares what `words` gives of all layers with the truth; fails at the first that differs. Gives the number of mentions."""
    found, expected = sorted(found), sorted(words(row["text"], spans(row)) for row in rows(folder))
    assert len(found) == len(expected), f"{len(found)} layers instead of {len(expected)}"
    for ours, truth in zip(found, expected):
        assert ours == truth, f"{ours} is not {truth}"
    return sum(len(mentions) for _, mentions in found)

"""The speed of pyahocorasick on names.txt and text.txt of a folder."""

import sys
import time
from pathlib import Path

import ahocorasick


def whole_words(automaton, text):
    """What iter finds at whole words."""
    for end, length in automaton.iter(text):
        before, after = text[end - length : end - length + 1], text[end + 1 : end + 2]
        if not (end - length >= 0 and before.isalnum()) and not after.isalnum():
            yield end


def main():
    folder = Path(sys.argv[1])
    names = folder.joinpath("names.txt").read_text(encoding="utf-8").split("\n")
    text = folder.joinpath("text.txt").read_text(encoding="utf-8")
    size = len(text.encode()) / 1e6
    automaton = ahocorasick.Automaton()
    for name in names:
        automaton.add_word(name, len(name))
    automaton.make_automaton()
    ways = {"iter": automaton.iter, "iter_long": automaton.iter_long, "whole_words": lambda t: whole_words(automaton, t)}
    for way, find in ways.items():
        for _ in range(3):
            start = time.perf_counter()
            found = sum(1 for _ in find(text))
            print(f"pyahocorasick {way} {size / (time.perf_counter() - start):.0f} MB/s, {found} found", flush=True)


main()

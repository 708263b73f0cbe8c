"""JSON Lines to Parquet with Hugging Face datasets: FROM TO. A row is an article's tokens and tags, cut at white space and marks, and as
the library's users write it; prints the seconds and the CPU seconds of the work alone."""

import json
import os
import re
import sys
import tempfile
import time

folder = tempfile.TemporaryDirectory()
os.environ["HF_HOME"] = folder.name
os.environ["HF_HUB_OFFLINE"] = "1"

from datasets import ClassLabel, Dataset, Features, Sequence, Value, disable_progress_bars  # noqa: E402

disable_progress_bars()
LABELS = ["PER", "ORG", "LOC", "DAT", "EVE"]
TAGS = ["O"] + [f"{letter}-{label}" for label in LABELS for letter in "BI"]
TOKEN = re.compile(r"[\w\u200c]+|[^\w\s]")
NUMBER = {tag: number for number, tag in enumerate(TAGS)}


def rows(path):
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            article = json.loads(line)
            tokens = list(TOKEN.finditer(article["text"]))
            tags = [0] * len(tokens)
            spans = iter(sorted(article["spans"], key=lambda span: span["start"]))
            span = next(spans, None)
            is_inside = False
            for at, token in enumerate(tokens):
                while span and span["end"] <= token.start():
                    span, is_inside = next(spans, None), False
                if span and token.end() > span["start"]:
                    tags[at] = NUMBER[("I-" if is_inside else "B-") + span["label"]]
                    is_inside = True
            yield {"id": article["id"], "tokens": [token.group() for token in tokens], "ner_tags": tags}


features = Features({"id": Value("string"), "tokens": Sequence(Value("string")), "ner_tags": Sequence(ClassLabel(names=TAGS))})
began, used = time.perf_counter(), time.process_time()
data = Dataset.from_generator(rows, gen_kwargs={"path": sys.argv[1]}, features=features, cache_dir=folder.name)
data.to_parquet(sys.argv[2])
print(time.perf_counter() - began, time.process_time() - used)

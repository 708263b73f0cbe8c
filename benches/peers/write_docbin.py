"""JSON Lines to spaCy's DocBin with spaCy: FROM TO. Prints the seconds and the CPU seconds of the work alone."""

import json
import sys
import time

import spacy
from spacy.tokens import DocBin
from spacy.util import filter_spans

nlp = spacy.blank("fa")
began, used = time.perf_counter(), time.process_time()
docs = DocBin()
with open(sys.argv[1], encoding="utf-8") as lines:
    for line in lines:
        article = json.loads(line)
        doc = nlp.make_doc(article["text"])
        spans = (doc.char_span(s["start"], s["end"], s["label"], alignment_mode="expand") for s in article["spans"])
        doc.ents = filter_spans([span for span in spans if span])
        docs.add(doc)
docs.to_disk(sys.argv[2])
print(time.perf_counter() - began, time.process_time() - used)

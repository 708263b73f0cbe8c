"""JSON Lines to CoNLL with spaCy: FROM TO. Tokens are those of the blank Persian pipeline; prints the seconds and the CPU seconds of the work alone."""

import json
import sys
import time

import spacy
from spacy.training import biluo_to_iob, offsets_to_biluo_tags
from spacy.util import filter_spans

nlp = spacy.blank("fa")
began, used = time.perf_counter(), time.process_time()
with open(sys.argv[1], encoding="utf-8") as lines, open(sys.argv[2], "w", encoding="utf-8") as rows:
    for line in lines:
        article = json.loads(line)
        doc = nlp.make_doc(article["text"])
        spans = (doc.char_span(s["start"], s["end"], s["label"], alignment_mode="expand") for s in article["spans"])
        entities = [(e.start_char, e.end_char, e.label_) for e in filter_spans([span for span in spans if span])]
        tags = biluo_to_iob(offsets_to_biluo_tags(doc, entities))
        rows.writelines(f"{token.text}\t{tag}\n" for token, tag in zip(doc, tags) if not token.is_space)
        rows.write("\n")
print(time.perf_counter() - began, time.process_time() - used)

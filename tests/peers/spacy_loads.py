"""Checks with the real spaCy that what was exported opens there, and writes what spaCy writes for import.

    python spacy_loads.py check FOLDER   # reads STEM.spacy, STEM.spacy-json.json, STEM.spacy-tuples.json beside STEM.jsonl
    python spacy_loads.py write FOLDER   # writes spacy_wrote.spacy and spacy_wrote.expected.jsonl into it
    python spacy_loads.py compare FOLDER # compares spacy_wrote.jsonl, the program's reading of that, with what must be read
    python spacy_loads.py train FOLDER   # a few steps of `spacy train` with documents of the first STEM.spacy that has entities

STEM.jsonl is the program's own JSON Lines of the same articles, counted in code points: a line for every layer. Needs spaCy 3
(`pip install spacy`). Exits with 1 and a sentence for every difference.
"""

import json
import subprocess
import sys
import unicodedata
import warnings
from pathlib import Path

import spacy
from spacy.tokens import Doc, DocBin, Span, SpanGroup
from spacy.training import Example
from spacy.training.converters import json_to_docs

# That a blank tokeniser cuts words in another way than a mention's edges is no fault of the file.
warnings.filterwarnings("ignore", message=r"\[W030\]")
faults = []


def fault(words):
    faults.append(words)
    print(words, file=sys.stderr)


def lines(path):
    with path.open(encoding="utf-8", newline="\n") as file:
        return [json.loads(line) for line in file if line.strip()]


def spans_of(row):
    return {(span["start"], span["end"], span["label"]) for span in row["spans"]}


def entities(doc):
    return {(ent.start_char, ent.end_char, ent.label_) for ent in doc.ents}


def group(doc):
    return {(span.start_char, span.end_char, span.label_) for span in doc.spans.get("sc", [])}


def is_word(text):
    """Whether there is anything to see: white space and lone direction marks stand in no mention."""
    return any(not c.isspace() and unicodedata.category(c) != "Cf" for c in text)


def on_tokens(doc, spans):
    """The spans put onto the words of the document."""
    found = set()
    for start, end, label in spans:
        words = [t for t in doc if t.idx < end and t.idx + len(t) > start and is_word(t.text)]
        if words:
            found.add((words[0].idx, words[-1].idx + len(words[-1]), label))
    return found


def check_docs(name, docs, rows, with_group):
    if len(docs) != len(rows):
        fault(f"{name}: {len(docs)} documents for {len(rows)} layers")
    mentions = 0
    for number, (doc, row) in enumerate(zip(docs, rows), 1):
        if doc.text != row["text"]:
            fault(f"{name}: document {number} has the text {doc.text!r}, not {row['text']!r}")
        expected, ents = on_tokens(doc, spans_of(row)), entities(doc)
        found = ents | group(doc) if with_group else ents
        mentions += len(found)
        if with_group and found != expected:
            fault(f"{name}: document {number} has {sorted(found)}, not {sorted(expected)}")
        elif not ents <= expected or (expected and not ents):
            fault(f"{name}: document {number} has the entities {sorted(ents)} of {sorted(expected)}")
    print(f"{name}: {len(docs)} documents, {mentions} mentions")


def check(folder):
    for truth in sorted(folder.glob("*.jsonl")):
        stem, rows = truth.with_suffix(""), lines(truth)
        bin_file = stem.with_suffix(".spacy")
        if bin_file.exists():
            docs = list(DocBin(store_user_data=True).from_disk(bin_file).get_docs(spacy.blank("fa").vocab))
            check_docs(bin_file.name, docs, rows, with_group=True)
            for doc, row in zip(docs, rows):
                for key, told in (("id", row.get("id")), ("annotator", row.get("annotator"))):
                    if doc.user_data.get(key) != told:
                        fault(f"{bin_file.name}: {key} is {doc.user_data.get(key)!r}, not {told!r}")
        json_file = Path(f"{stem}.spacy-json.json")
        if json_file.exists():
            check_docs(json_file.name, list(json_to_docs(json_file.read_bytes())), rows, with_group=False)
        tuples = Path(f"{stem}.spacy-tuples.json")
        if tuples.exists():
            nlp = spacy.blank("fa")
            pairs = json.loads(tuples.read_text(encoding="utf-8"))
            for number, ((text, annotation), row) in enumerate(zip(pairs, rows, strict=True), 1):
                spans = {tuple(span) for span in annotation.get("entities", [])}
                if text != row["text"] or not spans <= spans_of(row):
                    fault(f"{tuples.name}: tuple {number} is not the article")
                Example.from_dict(nlp.make_doc(text), annotation)
            print(f"{tuples.name}: {len(pairs)} tuples")


def write(folder):
    """Documents of every kind that spaCy itself makes, and what must be read from them."""
    nlp = spacy.blank("fa")
    docs = []
    for text, ents in [
        ("علی  در تهران 😀\r\nزندگی\u00a0می\u200cکند. ", [(0, 3, "PERSON"), (8, 13, "LOC")]),
        ("👩\u200d👩\u200d👧 شرکت گوگل (Google) خبر داد\n\n", [(9, 18, "سازمان")]),
        ("LOC ORTH test", [(0, 3, "ORG")]),
    ]:
        doc = nlp(text)
        doc.ents = [span for span in (doc.char_span(*ent, alignment_mode="expand") for ent in ents) if span]
        docs.append(doc)
    docs[1].spans["sc"] = SpanGroup(docs[1], name="sc", spans=[Span(docs[1], 1, 3, "ORG"), Span(docs[1], 2, 4, "X")])
    docs[2].cats = {"sport": 0.25}
    docs[2].user_data["source"] = ("tuple", 1)
    blank = Doc(nlp.vocab, words=["no", "spaces"], ents=["B-PER", "O"])
    docs.append(blank)
    DocBin(docs=docs, store_user_data=True).to_disk(folder / "spacy_wrote.spacy")
    with (folder / "spacy_wrote.expected.jsonl").open("w", encoding="utf-8", newline="\n") as file:
        for doc in docs:
            spans = [{"start": s, "end": e, "label": label} for s, e, label in sorted(entities(doc) | group(doc))]
            file.write(json.dumps({"text": doc.text, "spans": spans}, ensure_ascii=False) + "\n")
    print(f"spacy_wrote.spacy: {len(docs)} documents")


def compare(folder):
    read, expected = lines(folder / "spacy_wrote.jsonl"), lines(folder / "spacy_wrote.expected.jsonl")
    for number, (ours, theirs) in enumerate(zip(read, expected, strict=True), 1):
        if ours["text"] != theirs["text"] or spans_of(ours) != spans_of(theirs):
            fault(f"document {number} was read as {ours}, not {theirs}")
    print(f"spacy_wrote.spacy: {len(read)} documents, {sum(len(row['spans']) for row in read)} mentions read as spaCy has them")


def train(folder):
    for path in sorted(folder.glob("*.spacy")):
        docs = DocBin().from_disk(path).get_docs(spacy.blank("fa").vocab)
        few = [doc for doc in docs if doc.ents][:20]
        if not few:
            continue
        few_folder = folder / "few"
        few_folder.mkdir(exist_ok=True)
        config, output, small = few_folder / "train.cfg", few_folder / "trained", few_folder / "few.spacy"
        DocBin(docs=few).to_disk(small)
        spacy_command = [sys.executable, "-m", "spacy"]
        subprocess.run(
            [*spacy_command, "init", "config", config, "--lang", "fa", "--pipeline", "ner", "--force"], check=True
        )
        subprocess.run(
            [*spacy_command, "train", config, "--output", output, "--paths.train", small, "--paths.dev", small]
            + ["--training.max_steps", "10", "--training.eval_frequency", "5"],
            check=True,
        )
        spacy.load(output / "model-last")
        print(f"{path.name}: trained")
        return
    fault("there is no .spacy file with entities to train with")


if __name__ == "__main__":
    commands = {"check": check, "write": write, "compare": compare, "train": train}
    if len(sys.argv) != 3 or sys.argv[1] not in commands:
        sys.exit(__doc__)
    commands[sys.argv[1]](Path(sys.argv[2]))
    sys.exit(1 if faults else 0)

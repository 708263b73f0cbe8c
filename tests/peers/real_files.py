#!/usr/bin/env python3
"""Reads every real file with Barchasb and with an independent reader, and compares what they found.

    python real_files.py PROGRAM SHARED [--markdown]

PROGRAM is the built program, SHARED the folder with `fixtures` and `corpora`. Each file becomes our JSON Lines by `convert`; its articles
and mentions by label are counted there, its tokens in the GLiNER file of the same conversion (which keeps a file's own tokens). The other
reader is the package that made the format, or reads it, and where there is none plain Python. Prints a table; fails when a file disagrees
without a reason that is written here, when a reason is written where nothing disagrees, or when a file is not named at all.
"""

import contextlib
import csv
import io
import json
import logging
import math
import re
import subprocess
import sys
import tempfile
import types
import warnings
from collections import Counter
from importlib.metadata import version
from pathlib import Path

warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)

# Where a file of lines does not say where an article begins, the program makes one of so many sentences.
SENTENCES = 20


class Found:
    """What a reader found: articles, tokens (None where the format has none) and mentions by label."""

    def __init__(self, articles, tokens, labels):
        self.articles, self.tokens, self.labels = articles, tokens, Counter(labels)

    @property
    def mentions(self):
        return sum(self.labels.values())


# --- the readers of others -------------------------------------------------------------------------------------------


def json_lines(path):
    with path.open(encoding="utf-8", newline="\n") as file:
        return [json.loads(line) for line in file if line.strip()]


def tagged(word=0, tag=-1, separator=None, documents=False, rows=None):
    """A file with a token and its tag a line, cut by plain Python; the spans are seqeval's."""

    def read(path):
        from seqeval.metrics.sequence_labeling import get_entities

        sentences, articles = [[]], 0
        for line in path.read_text(encoding="utf-8").split("\n"):
            line = line.rstrip("\r")
            if line.startswith("-DOCSTART-"):
                articles += 1
            elif line.strip():
                cells = line.split(separator)
                if rows is None or len(cells) == rows:
                    sentences[-1].append(re.sub(r"^([BIES])_", r"\1-", cells[tag]))
            elif sentences[-1]:
                sentences.append([])
        sentences = [sentence for sentence in sentences if sentence]
        spans = [label for sentence in sentences for label, _, _ in get_entities(sentence)]
        articles = articles if documents else math.ceil(len(sentences) / SENTENCES)
        return Found(articles, sum(map(len, sentences)), spans)

    return read


def spacy_docs(docs, articles=None):
    docs = list(docs)
    labels = Counter(entity.label_ for doc in docs for entity in doc.ents)
    for doc in docs:
        entities = {(span.start, span.end, span.label_) for span in doc.ents}
        for group in doc.spans.values():
            labels.update(span.label_ for span in group if (span.start, span.end, span.label_) not in entities)
    return Found(articles or len(docs), sum(map(len, docs)), labels)


def docbin(path):
    import spacy
    from spacy.tokens import DocBin

    return spacy_docs(DocBin().from_disk(path).get_docs(spacy.blank("fa").vocab))


def spacy_json(path):
    from spacy.training.converters import json_to_docs

    return spacy_docs(json_to_docs(path.read_bytes()))


def spacy_iob(path):
    from spacy.training.converters import iob_to_docs

    return spacy_docs(iob_to_docs(path.read_text(encoding="utf-8"), no_print=True), 1)


def spacy_conll(path):
    from spacy.training.converters import conll_ner_to_docs

    return spacy_docs(conll_ner_to_docs(path.read_text(encoding="utf-8"), n_sents=SENTENCES, no_print=True))


def spacy_annotations(path):
    """spaCy 2 JSON whose mentions are offsets, without tokens."""
    rows = json.loads(path.read_text(encoding="utf-8"))
    paragraphs = [paragraph for row in rows for paragraph in row["paragraphs"]]
    for paragraph in paragraphs:
        assert all(0 <= start < end <= len(paragraph["raw"]) for start, end, _ in paragraph["entities"])
    return Found(len(rows), None, [str(label) for paragraph in paragraphs for _, _, label in paragraph["entities"]])


def conllu(path):
    from conllu import parse_incr

    with path.open(encoding="utf-8") as file:
        sentences = list(parse_incr(file))
    # A range, as 1-2, is one token of the text; the words in it are not.
    covered = {
        (number, word)
        for number, sentence in enumerate(sentences)
        for token in sentence
        if not isinstance(token["id"], int) and token["id"][1] == "-"
        for word in range(token["id"][0], token["id"][2] + 1)
    }
    tokens = [
        token
        for number, sentence in enumerate(sentences)
        for token in sentence
        if (token["id"][1] == "-" if not isinstance(token["id"], int) else (number, token["id"]) not in covered)
    ]
    tags = [value for token in tokens for key, value in (token["misc"] or {}).items() if key in ("NER", "Entity", "NE")]
    assert not tags, "this reader counts files without mentions alone"
    return Found(math.ceil(len(sentences) / SENTENCES), len(tokens), [])


def xmi(path):
    import cassis

    cas = cassis.load_cas_from_xmi(path.open("rb"), typesystem=cassis.load_dkpro_core_typesystem(), lenient=True)
    return cas_found(cas)


def cas_json(path):
    import cassis

    return cas_found(cassis.load_cas_from_json(path.open("rb")))


def cas_found(cas):
    by_name = {}
    for structure in cas.select_all():
        by_name.setdefault(structure.type.name.rsplit(".", 1)[-1], []).append(structure)
    return Found(1, len(by_name.get("Token", [])) or None, [str(e.get("value")) for e in by_name.get("NamedEntity", [])])


def gatenlp(kind):
    def read(path):
        from gatenlp import Document

        document = Document.load(str(path), fmt=kind)
        sets = [document.annset(name) for name in document.annset_names()]
        return Found(1, None, [annotation.type for annotations in sets for annotation in annotations])

    return read


def brat(*names):
    def read(path):
        from bioc import brat as bioc_brat

        labels = []
        for name in names:
            text = (path.parent if path.is_file() else path) / f"{name}.txt"
            with text.with_suffix(".ann").open(encoding="utf-8") as file:
                labels += [entity.type for entity in bioc_brat.load_ann(file).entities]
        return Found(len(names), None, labels)

    return read


def xmi_beside(path):
    """The same document, which INCEpTION wrote as XMI beside the TSV: web-anno-tsv knows one layout of columns only."""
    return xmi(path.with_suffix(".xmi"))


def parquet(*names):
    def read(path):
        import pyarrow.parquet
        from datasets import Features
        from seqeval.metrics.sequence_labeling import get_entities

        articles, tokens, labels = 0, 0, []
        for name in names or (None,):
            table = pyarrow.parquet.read_table(path / name if name else path)
            features = Features.from_arrow_schema(table.schema)["ner_tags"]
            tags = getattr(features.feature, "names", None)
            for row in table.to_pylist():
                articles, tokens = articles + 1, tokens + len(row["tokens"])
                if tags:
                    labels += [label for label, _, _ in get_entities([tags[tag] for tag in row["ner_tags"]])]
                else:
                    labels += [str(tag) for tag in row["ner_tags"] if tag]
        return Found(articles, tokens, labels)

    return read


def gliner(path):
    rows = json.loads(path.read_text(encoding="utf-8"))
    for row in rows:
        assert all(0 <= int(start) <= int(end) < len(row["tokenized_text"]) for start, end, _ in row["ner"])
    labels = [re.sub(r'^"(.*)"$', r"\1", label) for row in rows for _, _, label in row["ner"]]
    return Found(len(rows), sum(len(row["tokenized_text"]) for row in rows), labels)


def prodigy(path):
    rows = json_lines(path)
    spans = [span for row in rows for span in row.get("spans", []) if row["answer"] == "accept"]
    for row in rows:
        for span in row.get("spans", []):
            begin, end = row["tokens"][span["token_start"]], row["tokens"][span["token_end"]]
            assert (begin["start"], end["end"]) == (span["start"], span["end"])
    return Found(len(rows), sum(len(row["tokens"]) for row in rows), [span["label"] for span in spans])


def label_studio(path):
    tasks = json.loads(path.read_text(encoding="utf-8"))
    tasks = tasks if isinstance(tasks, list) else [tasks]
    results = [
        result
        for task in tasks
        for annotation in task.get("annotations", task.get("completions", []))
        for result in annotation["result"]
    ]
    labels = [label for result in results for label in result["value"].get("labels", [])]
    return Found(len(tasks), None, labels)


def doccano(path):
    """The lines as doccano writes them, of all its versions."""
    rows = [row for row in json_lines(path) if "text" in row]
    labels = []
    for row in rows:
        spans = row.get("label") or row.get("labels") or row.get("entities") or row.get("annotations") or []
        for span in spans:
            labels.append(str(span["label"] if isinstance(span, dict) else span[2]))
    return Found(len(rows), None, labels)


def doccano_transformer(path):
    """doccano's own converter to CoNLL; it writes a document for every annotator of a text."""
    from seqeval.metrics.sequence_labeling import get_entities

    # It imports a name of spaCy 2 that its CoNLL does not use.
    sys.modules.setdefault("spacy.gold", types.SimpleNamespace(biluo_tags_from_offsets=None))
    from doccano_transformer.datasets import NERDataset

    documents = list(NERDataset.from_jsonl(str(path)).to_conll2003(str.split))
    sentences = [sentence for row in documents for sentence in row["data"].split("\n\n")[1:]]
    tags = [[line.split(" ")[3] for line in sentence.split("\n") if line] for sentence in sentences]
    labels = [label for row in tags for label, _, _ in get_entities(row)]
    return Found(len({row["text"] for row in json_lines(path)}), None, labels)


def table(encoding):
    def read(path):
        with path.open(encoding=encoding, newline="") as file:
            return Found(len(list(csv.DictReader(file))), None, [])

    return read


def plain(path):
    assert path.read_bytes().decode("utf-8").strip()
    return Found(1, None, [])


def nothing(path):
    json.loads(path.read_text(encoding="utf-8")) if path.suffix == ".json" else path.read_text(encoding="utf-8")
    return Found(0, None, [])


# --- the files -------------------------------------------------------------------------------------------------------

PARSTWINER = ("seqeval", tagged(separator="\t"))
PEYMA = ("seqeval", tagged(separator="|"))
EMPTY_SPANS = "three annotations cover nothing (5..5, 7..7, 7..7): no mention can; each is a fault"
NO_VALUE = "the NamedEntity has no value: nothing could be its label; it is a fault"
LAYER_NAME = "the span has no value: the name of its layer of its own, Span, is its label"
PIECES = "one annotation is in several pieces: it is carried and counted in a note, not a mention"
BLANK_TOKENS = "two of the tokens are white space: GLiNER's tokens hold none"

# A file or folder: (the other reader's name, the reader, why they disagree where they do).
FILES = {
    "corpora/README.md": ("Python", plain),
    "corpora/parstwiner/dev.txt": PARSTWINER,
    "corpora/parstwiner/test.txt": PARSTWINER,
    "corpora/parstwiner/train.txt": PARSTWINER,
    "corpora/peyma/dev.txt": PEYMA,
    "corpora/peyma/test.txt": PEYMA,
    "corpora/peyma/train.txt": PEYMA,
    "fixtures/README.md": ("Python", plain),
    "fixtures/brat": ("bioc", brat("document0c", "example1"), PIECES),
    "fixtures/brat/document0c.ann": ("bioc", brat("document0c")),
    "fixtures/brat/document0c.txt": ("Python", plain),
    "fixtures/brat/example1.ann": ("bioc", brat("example1"), PIECES),
    "fixtures/brat/example1.txt": ("Python", plain),
    "fixtures/cas_json/emoji.json": ("dkpro-cassis", cas_json),
    "fixtures/conll/emerging.dev.conll": ("seqeval", tagged(separator="\t")),
    "fixtures/conll/en-orig.conll": ("seqeval", tagged()),
    "fixtures/conllu/fa_seraji-ud-dev.conllu": ("conllu", conllu),
    "fixtures/doccano/example.conll": ("seqeval", tagged()),
    "fixtures/doccano/example.jsonl": ("Python", doccano),
    "fixtures/doccano/example.utf16.csv": ("Python", table("utf-16")),
    "fixtures/doccano/example_overlapping.jsonl": ("Python", doccano),
    "fixtures/doccano/labeling.invalid.conll": ("seqeval", tagged(separator="\t", rows=2)),
    "fixtures/doccano/labeling.trailing.conll": ("seqeval", tagged()),
    "fixtures/doccano/old/labeling.conll2003.user1": ("seqeval", tagged(documents=True)),
    "fixtures/doccano/old/labeling.conll2003.user2": ("seqeval", tagged(documents=True)),
    "fixtures/doccano/old/labeling.jsonl": ("doccano-transformer", doccano_transformer),
    "fixtures/doccano/old/labeling.spacy.user1": ("spacy", spacy_json),
    "fixtures/doccano/old/labeling.spacy.user2": ("spacy", spacy_json),
    "fixtures/doccano/old/labeling_text_label.conll2003.user0": ("seqeval", tagged(documents=True)),
    "fixtures/doccano/old/labeling_text_label.jsonl": ("Python", doccano),
    "fixtures/doccano/old/labeling_text_label.spacy.user0": ("spacy", spacy_json),
    "fixtures/doccano/relations.jsonl": ("Python", doccano),
    "fixtures/double-annotated/fa_tweets_a.txt": ("seqeval", tagged(separator="\t")),
    "fixtures/double-annotated/fa_tweets_b.txt": ("seqeval", tagged(separator="\t")),
    "fixtures/double-annotated/he_news_a.bmes": ("seqeval", tagged()),
    "fixtures/double-annotated/he_news_b.bmes": ("seqeval", tagged()),
    "fixtures/gate/testdoc1.bdocjs": ("gatenlp", gatenlp("bdocjs"), EMPTY_SPANS),
    "fixtures/gate/testdoc1.xml": ("gatenlp", gatenlp("gatexml"), EMPTY_SPANS),
    "fixtures/gliner/sample_data.json": ("Python", gliner),
    "fixtures/huggingface": ("datasets", parquet("hf_min.parquet", "hf_nometa.parquet")),
    "fixtures/huggingface/hf_min.parquet": ("datasets", parquet()),
    "fixtures/huggingface/hf_nometa.parquet": ("pyarrow", parquet()),
    "fixtures/label_studio/named_entity.json": ("Python", label_studio),
    "fixtures/prodigy/annotated_news_headlines-ORG-PERSON-LOCATION-ner.jsonl": ("Python", prodigy, BLANK_TOKENS),
    "fixtures/spacy/fa_full.expected.json": ("Python", nothing),
    "fixtures/spacy/fa_full.spacy": ("spacy", docbin),
    "fixtures/spacy/fa_min.spacy": ("spacy", docbin),
    "fixtures/spacy/ner_example_data/README.md": ("Python", plain),
    "fixtures/spacy/ner_example_data/ner-sent-per-line.iob": ("spacy", spacy_iob),
    "fixtures/spacy/ner_example_data/ner-sent-per-line.json": ("spacy", spacy_json),
    "fixtures/spacy/ner_example_data/ner-token-per-line-conll2003.iob": ("spacy", spacy_conll),
    "fixtures/spacy/ner_example_data/ner-token-per-line-conll2003.json": ("spacy", spacy_json),
    "fixtures/spacy/ner_example_data/ner-token-per-line-with-pos.iob": ("spacy", spacy_conll),
    "fixtures/spacy/ner_example_data/ner-token-per-line-with-pos.json": ("spacy", spacy_json),
    "fixtures/spacy/ner_example_data/ner-token-per-line.iob": ("spacy", spacy_conll),
    "fixtures/spacy/ner_example_data/ner-token-per-line.json": ("spacy", spacy_json),
    "fixtures/spacy/spacy_symbols.tsv": ("Python", nothing),
    "fixtures/spacy/training-data.json": ("spacy", spacy_json),
    "fixtures/webanno_tsv/testSentenceWithEmoji/reference.tsv": ("dkpro-cassis", xmi_beside, LAYER_NAME),
    "fixtures/webanno_tsv/testSentenceWithEmoji/reference.xmi": ("dkpro-cassis", xmi, NO_VALUE),
    "fixtures/webanno_tsv/testSentenceWithTab/reference.tsv": ("dkpro-cassis", xmi_beside, LAYER_NAME),
    "fixtures/webanno_tsv/testSentenceWithTab/reference.xmi": ("dkpro-cassis", xmi, NO_VALUE),
    "fixtures/webanno_tsv/testTokenBoundedStackedSpanWithFeatureValue/reference.tsv": ("dkpro-cassis", xmi_beside),
    "fixtures/webanno_tsv/testTokenBoundedStackedSpanWithFeatureValue/reference.xmi": ("dkpro-cassis", xmi),
}


# --- the program -----------------------------------------------------------------------------------------------------


def convert(program, path, output, *options):
    command = [program, "convert", str(path), str(output), "--json", *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode in (0, 1, 2), f"{path}: exit {done.returncode}: {done.stderr[:500]}"
    return [json.loads(line) for line in done.stdout.splitlines()]


def ours(program, path, folder, with_tokens):
    """(format, Found, faults, notes) as the program has them; a file that it refuses has no format."""
    lines = folder / "out.jsonl"
    lines.unlink(missing_ok=True)
    said = convert(program, path, lines)
    result = said[-1]
    severities = Counter(row["severity"] for row in said if row["type"] == "problem")
    if result["type"] != "result":
        return "refused", Found(0, None, []), severities["fault"] + 1, severities["note"]
    rows = json_lines(lines)
    labels = [span["label"] for row in rows for span in row["spans"]]
    assert len(rows) == result["records"] and len(labels) == result["mentions"], path
    for row in rows:
        assert all(row["text"][span["start"] : span["end"]] == span["text"] for span in row["spans"]), path
    tokens = None
    if with_tokens:
        convert(program, path, folder / "tokens.json", "--to", "gliner")
        sentences = json.loads((folder / "tokens.json").read_text(encoding="utf-8"))
        tokens = sum(len(sentence["tokenized_text"]) for sentence in sentences)
    found = Found(result["articles"], tokens, labels)
    return " ".join(result["read_as"]), found, severities["fault"], severities["note"]


def main(program, shared, markdown):
    named = set(FILES)
    there = {str(path.relative_to(shared)) for top in ("fixtures", "corpora") for path in (shared / top).rglob("*") if path.is_file()}
    wrong = [f"{name}: no peer is named for it" for name in sorted(there - named)]
    head = ["file", "format", "articles", "tokens", "mentions", "faults", "notes", "peer", "articles", "tokens", "mentions", "agrees"]
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for name, (peer, read, *reason) in FILES.items():
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                try:
                    theirs = read(shared / name)
                except Exception as error:
                    wrong.append(f"{name}: {peer} fails: {error!r}")
                    continue
            kind, mine, faults, notes = ours(program, shared / name, Path(folder), theirs.tokens is not None)
            same = (mine.articles, mine.tokens, mine.labels) == (theirs.articles, theirs.tokens, theirs.labels)
            if same and reason:
                wrong.append(f"{name}: a reason is given, yet they agree")
            if not same and not reason:
                wrong.append(f"{name}: ours {mine.__dict__}, {peer} {theirs.__dict__}")
            if peer not in ("Python",):
                peer += " " + version(peer)
            mark = "yes" if same else reason[0] if reason else "NO"
            counts = [mine.articles, mine.tokens, mine.mentions, faults, notes, peer, theirs.articles, theirs.tokens, theirs.mentions]
            rows.append([name, kind, *counts, mark])
    show = [["" if cell is None else str(cell) for cell in row] for row in rows]
    if markdown:
        print("| " + " | ".join(head) + " |\n|" + "---|" * len(head))
        print("\n".join("| " + " | ".join(row) + " |" for row in show))
    else:
        widths = [max(map(len, column)) for column in zip(head, *show)]
        for row in [head, *show]:
            print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())
    agreed = sum(row[-1] == "yes" for row in rows)
    print(f"\n{agreed} of {len(rows)} files and folders agree, {len(rows) - agreed - len(wrong)} differ for a reason that is said")
    for words in wrong:
        print(words, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    sys.exit(main(str(Path(sys.argv[1]).resolve()), Path(sys.argv[2]), "--markdown" in sys.argv))

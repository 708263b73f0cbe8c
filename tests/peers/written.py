#!/usr/bin/env python3
"""Writes one awkward dataset in every format that Barchasb writes, for the peers to read.

    python written.py PROGRAM FOLDER

Makes FOLDER/truth.jsonl, the program's own JSON Lines counted in code points, a line for every layer, and one folder FORMAT/ beside it for
every format that `barchasb formats` says it writes (conll and conll2003 in all four schemes, and with columns for nested mentions).
The other scripts of this folder read them and compare with the truth.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

SAMPLE = Path(__file__).resolve().parents[2] / "annotations" / "sardar-ashtari.json"
SCHEMES = ("bio", "iob1", "bioes", "bilou")
# What the program says when a format cannot hold everything; 0 when it can.
ALL_WELL_OR_PROBLEMS = (0, 1)


def article(article_id, text, *mentions, annotator=None):
    """A record; a mention is (surface, label) or (surface, label, which), found where the surface stands for that time."""
    spans = []
    for surface, label, *which in mentions:
        at = -1
        for _ in range(1 + (which[0] if which else 0)):
            at = text.index(surface, at + 1)
        spans.append({"start": at, "end": at + len(surface), "label": label, "text": surface})
    spans.sort(key=lambda span: (span["start"], -span["end"], span["label"]))
    record = {"id": article_id, "text": text, "spans": spans, "annotator": annotator, "status": "done"}
    return record if annotator else {**record, "annotator": None}


def many(count):
    """An article with so many mentions, an emoji before each, so that UTF-16 offsets drift ever further."""
    names = ["رضا", "تهران", "می\u200cهن", "۱۴۰۲"]
    text, spans = "", []
    for number in range(count):
        text += "😀 " if number % 3 == 0 else "و " if number % 3 == 1 else ".\n"
        surface = names[number % 4]
        spans.append({"start": len(text), "end": len(text) + len(surface), "label": ["PER", "LOC", "ORG", "DAT"][number % 4], "text": surface})
        text += surface + " "
    return {"id": "many", "text": text + ".", "spans": spans, "annotator": None, "status": "done"}


def articles():
    family = "👩\u200d👩\u200d👧"
    yield article("emoji", f"{family} علی 😀 به تهران رفت.\r\nخط دوم 🇮🇷 از رضا.", ("علی", "PER"), ("تهران", "LOC"), (family, "X"), ("رضا", "PER"))
    yield article("zwnj", "می\u200cخواهم کتاب\u200cهای رضا\u200cپور را بخوانم", ("رضا\u200cپور", "PER"), ("کتاب\u200cهای", "X"))
    yield article("nbsp", "شرکت\u00a0ملی نفت ایران\u00a0\u202fو بقیه", ("شرکت\u00a0ملی نفت ایران", "سازمان"), ("ایران", "LOC"))
    yield article("marks", "مُحَمَّد رسولی در cafe\u0301 بود؛ آقای دُرّی نبود.", ("مُحَمَّد رسولی", "PER"), ("cafe\u0301", "LOC"), ("دُرّی", "PER"))
    yield article("overlaps", "وزیر امور خارجه ایران گفت", ("وزیر امور خارجه", "PER"), ("امور خارجه ایران", "ORG"), ("ایران", "LOC"), ("ایران", "ORG"))
    yield article("nested", "دانشگاه تهران شمال شهر تهران", ("دانشگاه تهران", "ORG"), ("تهران", "LOC"), ("شهر تهران", "LOC"), ("تهران", "X", 1))
    yield article("digits", "۲۹ دی ۱۳۹۷، ساعت ۸:۴۷ و ٪۱۲٫۵", ("۲۹ دی ۱۳۹۷", "DAT"), ("۸:۴۷", "TIM"), ("٪۱۲٫۵", "PCT"))
    signs = 'گفت:\t"آری | نه" \\ <b>&amp; [x]_y; * -> #z\n\n  T1\t'
    yield article("signs", signs, ('"آری | نه"', "X"), ("<b>&amp;", "X"), ("[x]_y", "X"), ("#z", "X"))
    yield article("edges", " \n علی آمد \r\n", ("علی", "PER"))
    yield article("bare", "هیچ نامی در این متن نیست.")
    yield article("two", "سارا و مینا در شیراز", ("سارا", "PER"), ("شیراز", "LOC"), annotator="زهرا")
    yield article("two", "سارا و مینا در شیراز", ("سارا", "PER"), ("مینا", "PER"), annotator="sara")
    yield many(200)
    for record in json.loads(SAMPLE.read_text(encoding="utf-8")):
        yield {key: record[key] for key in ("id", "text", "spans")} | {"annotator": record.get("annotator"), "status": "done"}


def convert(program, truth, target, name, *options):
    target.parent.mkdir(parents=True, exist_ok=True)
    command = [program, "convert", str(truth), str(target), "--to", name, "--json", *options]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode in ALL_WELL_OR_PROBLEMS, f"{name}: exit {done.returncode}: {done.stdout[-500:]}{done.stderr[-500:]}"
    said = [json.loads(line) for line in done.stdout.splitlines()]
    faults = sum(row.get("severity") == "fault" for row in said)
    print(f"{target.relative_to(truth.parent)}: {said[-1]['records']} records, {said[-1]['mentions']} mentions, {faults} faults said")


def main(program, folder):
    folder.mkdir(parents=True, exist_ok=True)
    truth = folder / "truth.jsonl"
    with truth.open("w", encoding="utf-8", newline="\n") as file:
        for record in articles():
            assert all(record["text"][span["start"] : span["end"]] == span["text"] for span in record["spans"]), record["id"]
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
    said = subprocess.run([program, "formats", "--json"], capture_output=True, text=True, check=True).stdout
    for row in json.loads(said)["formats"]:
        name = row["name"]
        if not row["write"]:
            continue
        shutil.rmtree(folder / name, ignore_errors=True)
        if name in ("conll", "conll2003"):
            for scheme in SCHEMES:
                convert(program, truth, folder / name / f"{scheme}.{name}", name, "--scheme", scheme)
                convert(program, truth, folder / name / f"{scheme}-columns.{name}", name, "--scheme", scheme, "--nested", "columns")
        elif row["folder"] or row["one_article_a_file"]:
            convert(program, truth, folder / name / "truth", name)
        else:
            ending = (row["endings"] or [name])[0]
            convert(program, truth, folder / name / f"truth.{ending}", name)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(str(Path(sys.argv[1]).resolve()), Path(sys.argv[2]))

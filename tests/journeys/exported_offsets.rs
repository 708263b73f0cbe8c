//! Offsets in an export are those of the language that reads it: slices by each unit give the mention's text.

use crate::binary::{Folder, json};
use serde_json::Value;

/// What goes wrong when units are mixed: astral characters, NBSP, ZWNJ, CRLF, combining marks.
const TEXT: &str = "😀 تهران\u{a0}بزرگ\r\nگروهک\u{200c}ها و مُحَمَّد 👨\u{200d}👩\u{200d}👧 در 𐎱𐎠𐎼𐎿.\r\n";
const SURFACES: [&str; 6] =
    ["😀", "تهران\u{a0}بزرگ", "بزرگ\r\nگروهک\u{200c}ها", "مُحَمَّد", "👨\u{200d}👩\u{200d}👧", "𐎱𐎠𐎼𐎿"];

/// The part of a text between two positions in one unit, counted by hand.
type Slice = fn(&str, usize, usize) -> String;

fn by_code_points(text: &str, start: usize, end: usize) -> String {
    text.chars().skip(start).take(end - start).collect()
}

fn by_utf16(text: &str, start: usize, end: usize) -> String {
    let units: Vec<u16> = text.encode_utf16().collect();
    String::from_utf16(&units[start..end]).unwrap()
}

fn by_bytes(text: &str, start: usize, end: usize) -> String {
    text[start..end].to_owned()
}

fn by_graphemes(text: &str, start: usize, end: usize) -> String {
    use unicode_segmentation::UnicodeSegmentation;
    text.graphemes(true).skip(start).take(end - start).collect()
}

fn check(unit: &str, slice: Slice) {
    let folder = folder_with_mentions();
    let file = format!("{unit}.jsonl");
    assert_eq!(folder.run(&["export", "p.barchasb", "-o", &file, "--offsets", unit]).code, 0);
    let article = json(&folder.read(&file));
    assert_eq!((&article["text"], &article["offset_unit"]), (&TEXT.into(), &unit.into()));
    let spans = article["spans"].as_array().unwrap();
    let position = |value: &Value| usize::try_from(value.as_u64().unwrap()).unwrap();
    let found: Vec<String> =
        spans.iter().map(|span| slice(TEXT, position(&span["start"]), position(&span["end"]))).collect();
    assert_eq!(found, SURFACES, "{unit}");
    assert_eq!(spans.iter().map(|span| span["text"].as_str().unwrap()).collect::<Vec<_>>(), SURFACES);

    // And back: by the file's own word, and by proof when the word is taken away.
    let silent = folder.read(&file).replace(&format!(",\"offset_unit\":\"{unit}\""), "");
    folder.write("silent.jsonl", silent.as_bytes());
    for (given, notes) in [(file.as_str(), 0), ("silent.jsonl", usize::from(unit != "codepoint"))] {
        let project = format!("{given}.barchasb");
        folder.run(&["new", &project]);
        let ran = folder.run(&["import", &project, given]);
        assert_eq!((ran.code, ran.err.lines().count()), (0, notes), "{}", ran.err);
        assert_eq!(folder.run(&["export", &project, "-o", "-", "--offsets", unit]).out, folder.read(&file));
    }
}

fn folder_with_mentions() -> Folder {
    let folder = Folder::new();
    let spans: Vec<Value> = SURFACES
        .iter()
        .map(|surface| {
            let start = TEXT[..TEXT.find(surface).unwrap()].chars().count();
            serde_json::json!({"start": start, "end": start + surface.chars().count(), "label": "X", "text": surface})
        })
        .collect();
    let article = serde_json::json!({"id": "a", "text": TEXT, "spans": spans, "annotator": "زهرا", "status": "done"});
    folder.write("in.jsonl", article.to_string().as_bytes());
    folder.run(&["new", "p"]);
    let ran = folder.run(&["import", "p.barchasb", "in.jsonl"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    folder
}

#[test]
fn code_points() {
    check("codepoint", by_code_points);
}

#[test]
fn utf16_units() {
    check("utf16", by_utf16);
}

#[test]
fn bytes() {
    check("byte", by_bytes);
}

#[test]
fn grapheme_clusters() {
    check("grapheme", by_graphemes);
}

//! Files that are not as they should be: each gets a plain sentence and a code, and nothing is lost.

use crate::binary::{Folder, json};

/// Imports one file into a project and gives the texts that came of it; `said` must be all that stands on the standard error.
fn check(name: &str, bytes: &[u8], code: i32, said: &[&str]) -> Vec<String> {
    let folder = Folder::with_project();
    folder.write(name, bytes);
    let ran = folder.run(&["import", "p.barchasb", name]);
    assert_eq!(ran.err.lines().collect::<Vec<_>>(), said, "{name}: {bytes:?}");
    assert_eq!(ran.code, code, "{name}: {}", ran.err);
    folder.assert_nothing_lost("p.barchasb");
    folder.texts("p.barchasb").split_off(1)
}

fn utf16(text: &str, bytes_from_unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes_from_unit).collect()
}

#[test]
fn encodings() {
    let bad = "a.txt: this is not UTF-8 text: the byte 0xE3 at byte 3 (line 2) cannot be read";
    assert_eq!(check("a.txt", b"ab\n\xE3x", 2, &[bad]), [""; 0]);
    let cut = "a.txt: this is not UTF-16 text: the unit at byte 4 (line 1) cannot be read";
    assert_eq!(check("a.txt", b"\xFF\xFEa\0b", 2, &[cut]), [""; 0]);

    let text = "علی 😀\r\nرفت";
    let marked = format!("\u{feff}{text}");
    let little = "a.txt: note: byte 0: the file is in UTF-16 (little-endian); it was read as such";
    assert_eq!(check("a.txt", &utf16(&marked, u16::to_le_bytes), 0, &[little]), [text]);
    let big = "a.txt: note: byte 0: the file is in UTF-16 (big-endian); it was read as such";
    assert_eq!(check("a.txt", &utf16(&marked, u16::to_be_bytes), 0, &[big]), [text]);
    let mark = "a.txt: note: byte 0: a UTF-8 byte order mark was taken off";
    assert_eq!(check("a.txt", marked.as_bytes(), 0, &[mark]), [text]);
}

#[test]
fn nothing_in_the_file() {
    assert_eq!(check("a.txt", b"", 2, &["a.txt: the file is empty"]), [""; 0]);
    assert_eq!(check("a.txt", b" \r\n\xC2\xA0", 2, &["a.txt: the file is empty"]), [""; 0]);
    assert_eq!(check("a.jsonl", b"\n", 2, &["a.jsonl: the file is empty"]), [""; 0]);
    assert_eq!(check("a.json", b"", 2, &["a.json: the file is empty"]), [""; 0]);
    assert_eq!(check("a.json", b"[]", 0, &[]), [""; 0]);
}

#[test]
fn odd_characters_are_kept_and_said() {
    let text = "a\0b\u{1b}[0m\u{85}";
    let notes = [
        "a.txt: note: character 1: NUL characters (1), kept as they are; the first is here",
        "a.txt: note: character 3: control characters (2), kept as they are; the first is here",
    ];
    assert_eq!(check("a.txt", text.as_bytes(), 0, &notes), [text]);
    let text = "علی \u{202e}abc\nx\u{2069}\u{200f}";
    let note = "a.txt: note: character 4: bidi controls without a partner (2), kept as they are; the first is here";
    assert_eq!(check("a.txt", text.as_bytes(), 0, &[note]), [text]);
    let text = " علی\r\n\r\nرفت\rو\n\u{a0}";
    assert_eq!(check("a.txt", text.as_bytes(), 0, &[]), [text]);
}

#[test]
fn one_line_of_millions_of_characters() {
    let text = "سلام 😀 ".repeat(400_000);
    assert!(text.len() > 5_000_000);
    assert_eq!(check("a.txt", text.as_bytes(), 0, &[]), [text]);
}

#[test]
fn json_that_is_none() {
    let hello = "a.json: this is not a JSON array or object: it begins with 'h' (line 2, column 1)";
    assert_eq!(check("a.json", b"\nhello", 2, &[hello]), [""; 0]);
    let lines = "{\"text\":\"a\"}\n{\"text\":\n{\"id\":1}\n{\"text\":\"b\"}";
    let said = [
        "a.jsonl: record 2, line 2, column 8: this is not valid JSON (EOF while parsing a value); the record was left out",
        "a.jsonl: record 3, line 3: the record has no text and was left out",
    ];
    assert_eq!(check("a.jsonl", lines.as_bytes(), 1, &said), ["a", "b"]);
    let array = "[{\"text\":\"a\"},\n{\"text\":\"b";
    let said = [
        "a.json: record 2, line 2, column 10: this is not valid JSON (EOF while parsing a string); the record was left out",
        "a.json: line 2, column 11: the file ends before its array does; it may have been cut off",
    ];
    assert_eq!(check("a.json", array.as_bytes(), 1, &said), ["a"]);
    let deep = format!("{{\"text\":\"a\",\"meta\":{}1{}}}", "[".repeat(100), "]".repeat(100));
    let said = "a.jsonl: record 1, line 1: the record is nested deeper than 64 and was left out";
    assert_eq!(check("a.jsonl", deep.as_bytes(), 1, &[said]), [""; 0]);
    let bytes = b"{\"text\":\"a\"}\n{\"text\":\"\xFF\"}\n";
    let said = "a.jsonl: record 2, line 2, byte 22: the byte here is not UTF-8; the record was left out";
    assert_eq!(check("a.jsonl", bytes, 1, &[said]), ["a"]);
}

#[test]
fn spans_that_do_not_fit() {
    let line = r#"{"id":"x","text":"😀 علی","spans":[{"start":2,"end":5,"label":"PER","text":"علی"},{"start":0,"end":3,"label":"PER","text":"علی"}]}"#;
    let said = "a.jsonl: record 1, line 1: span 2 was left out: PER at 0..3 (codepoint) should be \"علی\" but the text there is \"😀 ع\"";
    assert_eq!(check("a.jsonl", line.as_bytes(), 1, &[said]), ["😀 علی"]);
}

#[test]
fn many_problems_are_counted_out_and_json_names_them_all() {
    let folder = Folder::with_project();
    folder.write("a.jsonl", "{}\n".repeat(70).as_bytes());
    let ran = folder.run(&["import", "p.barchasb", "a.jsonl"]);
    assert_eq!((ran.code, ran.err.lines().count()), (1, 51));
    assert_eq!(ran.err.lines().last(), Some("a.jsonl: and 20 more; --json names them all"));
    let ran = folder.run(&["import", "p.barchasb", "a.jsonl", "--json"]);
    let lines: Vec<_> = ran.out.lines().map(json).collect();
    assert_eq!((ran.code, ran.err.as_str(), lines.len()), (1, "", 71));
    assert_eq!((&lines[69]["record"], &lines[69]["kind"]), (&70.into(), &"shape".into()));
    assert_eq!(lines[70]["type"], "result");
}

#[test]
fn the_same_twice() {
    let folder = Folder::with_project();
    folder.write("a.txt", b"one");
    let ran = folder.run(&["import", "p.barchasb", "a.txt", "./a.txt"]);
    assert_eq!((ran.code, ran.err.as_str()), (1, "./a.txt: named twice; it was read once\n"));
    let ran = folder.run(&["import", "p.barchasb", "a.txt"]);
    assert_eq!(
        (ran.code, ran.out.as_str()),
        (0, "p.barchasb: 0 new articles, 1 already there; 0 layers, 0 mentions\n")
    );
    folder.write("a.txt", b"two");
    let ran = folder.run(&["import", "p.barchasb", "a.txt"]);
    assert_eq!((ran.code, ran.err.as_str()), (1, "a.txt: a: another text has this name; it became «a (2)»\n"));
    folder.write("b.jsonl", b"{\"id\":\"b\",\"text\":\"three\"}\n{\"id\":\"b\",\"text\":\"four\"}\n");
    let ran = folder.run(&["import", "p.barchasb", "b.jsonl"]);
    assert_eq!((ran.code, ran.err.as_str()), (1, "b.jsonl: b: another text has this name; it became «b (2)»\n"));
    assert_eq!(folder.texts("p.barchasb"), ["نخست", "one", "two", "three", "four"]);
    folder.assert_nothing_lost("p.barchasb");
}

#[test]
fn what_is_no_file() {
    let folder = Folder::with_project();
    std::fs::create_dir(folder.path("folder")).unwrap();
    folder.write("good.txt", b"good");
    let ran = folder.run(&["import", "p.barchasb", "folder", "gone.txt", "p.barchasb", "good.txt"]);
    let said = [
        "folder: there is no file in it",
        "gone.txt: there is no such file",
        "p.barchasb: this is a project; export it and import the export",
    ];
    assert_eq!((ran.code, ran.err.lines().collect::<Vec<_>>()), (2, said.to_vec()));
    assert_eq!(folder.texts("p.barchasb"), ["نخست", "good"]);
    let ran = folder.run(&["import", "p.barchasb", "gone.txt", "--json"]);
    let lines: Vec<_> = ran.out.lines().map(json).collect();
    assert_eq!((ran.code, ran.err.as_str()), (2, ""));
    assert_eq!((&lines[0]["type"], &lines[0]["message"]), (&"error".into(), &"gone.txt: there is no such file".into()));
}

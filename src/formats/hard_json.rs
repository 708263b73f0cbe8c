//! What the readers of JSON do with files that break them: deep, endless, doubled and half-encoded ones.
//!
//! Owns tests alone. Every such record is left out with a word on it, and those around it are read.

use crate::formats::files::Source;
use crate::formats::format::RecordReader;
use crate::formats::format::{Columns, Format, ReadOptions, open_reader};
use crate::formats::json_frame::{Layout, Limits};
use crate::formats::training_json::TrainingJsonReader;
use crate::formats::trial::read;
use std::io::{self, Read, Seek, SeekFrom};

/// A bad record between two good ones, as lines and as an array.
fn check(bad: &str, expected: &str) {
    let limits = Limits { record_bytes: 1 << 16, ..Limits::default() };
    let options = ReadOptions { limits, ..ReadOptions::default() };
    let lines = format!("{{\"text\":\"a\"}}\n{bad}\n{{\"text\":\"b\"}}\n");
    let array = format!("[{{\"text\":\"a\"}},\n{bad},\n{{\"text\":\"b\"}}]");
    for (format, file) in [(Format::JSONL, lines), (Format::JSON, array)] {
        let (records, problems) = read(format, file, &options).unwrap();
        assert_eq!(records.iter().map(|record| record.text.as_str()).collect::<Vec<_>>(), ["a", "b"], "{expected}");
        assert_eq!(problems.iter().map(ToString::to_string).collect::<Vec<_>>(), [expected]);
    }
}

#[test]
fn keys_that_stand_twice_are_said() {
    check(r#"{"text":"x","text":"y"}"#, "record 2, line 2, column 18: duplicate field `text`; the record was left out");
    let (records, _) = read(Format::JSONL, r#"{"text":"x","url":1,"url":2}"#, &ReadOptions::default()).unwrap();
    assert_eq!(records[0].meta, r#"{"url":1,"url_":2}"#, "of keys that go to the meta none is lost");
    let file = r#"{"text":"x","spans":[{"start":0,"start":0,"end":1,"label":"A"}]}"#;
    let (_, problems) = read(Format::JSONL, file, &ReadOptions::default()).unwrap();
    assert!(problems[0].to_string().contains("duplicate field `start`"), "{}", problems[0]);
}

#[test]
fn deep_records_are_left_out_whatever_they_nest() {
    let said = "record 2, line 2: the record is nested deeper than 64 and was left out";
    for (open, close, depth) in [("[", "]", 129), ("[", "]", 20_000), ("{\"a\":", "}", 129)] {
        check(&format!("{{\"text\":\"x\",\"meta\":{}1{}}}", open.repeat(depth), close.repeat(depth)), said);
    }
    // The parser's own limit is never met: what is less deep than the frame's is read.
    let deep = format!("{{\"text\":\"x\",\"meta\":{{\"a\":{}{}}}}}", "[".repeat(60), "]".repeat(60));
    let (records, problems) = read(Format::JSONL, deep, &ReadOptions::default()).unwrap();
    assert_eq!((records.len(), problems.len()), (1, 0));
}

#[test]
fn surrogates_without_a_partner_are_said() {
    let at = |column: u64, words: &str| {
        format!("record 2, line 2, column {column}: this is not valid JSON ({words}); the record was left out")
    };
    check(r#"{"text":"\ud83d"}"#, &at(16, "unexpected end of hex escape"));
    check(r#"{"text":"\ud83d\ud83d"}"#, &at(21, "lone leading surrogate in hex escape"));
    check(r#"{"text":"\ude00"}"#, &at(15, "lone leading surrogate in hex escape"));
    let (records, _) = read(Format::JSONL, r#"{"text":"\ud83d\ude00"}"#, &ReadOptions::default()).unwrap();
    assert_eq!(records[0].text, "😀");
}

#[test]
fn a_long_record_is_left_out_and_the_next_one_read() {
    let said = "record 2, line 2: the record is longer than 65536 bytes and was left out";
    check(&format!("{{\"text\":\"{}\"}}", "x".repeat(100_000)), said);
}

/// A file that is one string of this length, made as it is read.
struct LongString {
    at: u64,
    len: u64,
}

impl Read for LongString {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let rest = usize::try_from(self.len - self.at).unwrap().min(buffer.len());
        let buffer = &mut buffer[..rest];
        buffer.fill(b'x');
        if self.at == 0 && !buffer.is_empty() {
            buffer[0] = b'"';
        }
        self.at += rest as u64;
        Ok(rest)
    }
}

impl Seek for LongString {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let SeekFrom::Start(at) = to else { return Err(io::ErrorKind::Unsupported.into()) };
        self.at = at;
        Ok(at)
    }
}

#[test]
fn a_string_without_an_end_does_not_fill_the_memory() {
    // What is kept of a record never passes the limit, so a file a thousand times as long costs no more memory than this one.
    let options = ReadOptions { limits: Limits { record_bytes: 1 << 10, depth: 64 }, ..ReadOptions::default() };
    let file = LongString { at: 0, len: 16 << 20 };
    let mut reader = TrainingJsonReader::new(file, Layout::Lines, &options).unwrap();
    let mut problems = Vec::new();
    assert_eq!(reader.next_record(&mut problems).unwrap(), None);
    assert_eq!(problems[0].to_string(), "record 1, line 1: the record is longer than 1024 bytes and was left out");
}

#[test]
fn keys_are_chosen_by_the_caller() {
    let columns = |text: &str, id: &str, mentions: &str| {
        let some = |key: &str| Some(key.to_owned()).filter(|key| !key.is_empty());
        ReadOptions {
            columns: Columns { text: some(text), id: some(id), mentions: some(mentions) },
            ..ReadOptions::default()
        }
    };
    let file = r#"{"body":"علی آمد","nr":7,"ents":[[0,3,"PER"],{"start":4,"end":7,"label":"V","text":"آمد"}],"text":"t","id":"x"}"#;
    let (records, _) = read(Format::JSONL, file, &columns("body", "nr", "ents")).unwrap();
    assert_eq!((records[0].text.as_str(), records[0].name.as_deref()), ("علی آمد", Some("7")));
    assert_eq!(crate::formats::trial::said(&records[0]), ["PER 0..3", "V 4..7"]);
    assert_eq!(records[0].meta, r#"{"text":"t","id":"x"}"#);
    let (records, problems) =
        read(Format::JSONL, "{\"t\":1}\n{\"u\":\"x\"}\n{\"t\":\"y\"}", &columns("t", "", "")).unwrap();
    assert_eq!(records.iter().map(|record| record.text.as_str()).collect::<Vec<_>>(), ["y"]);
    let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
    let of_key =
        "record 1, line 1: the key \"t\": invalid type: integer `1`, expected a string; the record was left out";
    assert_eq!(said, [of_key, "record 2, line 2: the record has no text and was left out"]);
    // The unit is proven by the mentions of the chosen key.
    let file = r#"{"b":"😀 علی","m":[{"start":3,"end":6,"label":"PER","text":"علی"}]}"#;
    let mut reader = open_reader(Format::JSONL, Source::from_bytes(file), &columns("b", "", "m")).unwrap();
    let record = reader.next_record(&mut Vec::new()).unwrap().unwrap();
    assert_eq!(crate::formats::trial::said(&record), ["PER 2..5"]);
}

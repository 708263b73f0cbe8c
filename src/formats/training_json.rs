//! The program's own JSON: reading articles with spans, from JSON Lines or an array.
//!
//! Owns the reader and the shape of a record: `{"id", "text", "spans": [{"start", "end", "label", "text", "note"}], "annotator",
//! "status", "meta", "offset_unit"}`, of which `text` alone must be there. It must not repair a span or drop one in silence.

use crate::domain::offset_map::OffsetMap;
use crate::domain::record::ArticleRecord;
use crate::formats::files::{Sink, Source};
use crate::formats::finding::Finding;
use crate::formats::foreign::Held;
use crate::formats::format::{Container, FormatFacts, ReadOptions, RecordReader, RecordWriter, Unit, WriteOptions};
use crate::formats::json_frame::{Frame, Frames, Layout};
use crate::formats::offset_unit::OffsetUnit;
use crate::formats::problem::{FormatError, Place, Problem};
use crate::formats::sniff::{Likeness, Sniff};
use crate::formats::training_article::{ArticleShaper, UnitProof};
use crate::formats::training_json_writer::TrainingJsonWriter;
use crate::formats::training_record::RawArticle;
use crate::formats::training_unit::UnitWatch;
use std::io::{Read, Seek, SeekFrom};

/// What the program's own JSON holds.
const HOLDS: &[Held] = &[
    Held::Overlap,
    Held::Nesting,
    Held::Note,
    Held::Status,
    Held::Annotator,
    Held::SecondLayer,
    Held::Decision,
    Held::Meta,
    Held::Name,
];

/// The row of an array of articles.
pub static JSON: FormatFacts = FormatFacts {
    name: "json",
    title: "an array of articles with spans",
    endings: &["json"],
    container: Container::File,
    unit: Unit::Chosen,
    holds: HOLDS,
    lines: false,
    columns: false,
    reader: Some(|source, options| read(source, Layout::Values, options)),
    writer: Some(|sink, options| write(sink, Layout::Values, options)),
    detect: |sniff| detect(sniff, Layout::Values),
    companions: None,
};

/// The row of an article a line.
pub static JSONL: FormatFacts = FormatFacts {
    name: "jsonl",
    title: "one article with spans a line",
    endings: &["jsonl", "ndjson"],
    container: Container::File,
    unit: Unit::Chosen,
    holds: HOLDS,
    lines: true,
    columns: false,
    reader: Some(|source, options| read(source, Layout::Lines, options)),
    writer: Some(|sink, options| write(sink, Layout::Lines, options)),
    detect: |sniff| detect(sniff, Layout::Lines),
    companions: None,
};

fn read(source: Source, layout: Layout, options: &ReadOptions) -> Result<Box<dyn RecordReader>, FormatError> {
    Ok(Box::new(TrainingJsonReader::new(source.one("json")?, layout, options)?))
}

fn write(sink: Sink, layout: Layout, options: &WriteOptions) -> Result<Box<dyn RecordWriter>, FormatError> {
    Ok(Box::new(TrainingJsonWriter::new(sink.one("json")?, layout, options.unit)))
}

/// The ending says the layout; without one, the content does.
fn detect(sniff: &Sniff, layout: Layout) -> Likeness {
    let facts = if layout == Layout::Lines { &JSONL } else { &JSON };
    if facts.endings.contains(&sniff.ending().as_str()) {
        return Likeness::Likely;
    }
    match &sniff.json {
        Some(json) if json.is_lines == (layout == Layout::Lines) && !json.keys.is_empty() => Likeness::Maybe,
        _ => Likeness::No,
    }
}

/// The reader of the program's own JSON.
///
/// Every mention that carries its surface must stand where its offsets say. Articles are given out as they come as long as nothing
/// that the rest of the file may prove about its unit changes them; at the first that is in doubt the whole file is gone over for the
/// proof, and reading goes on from there. Memory holds one record at a time.
///
/// ```
/// use barchasb::formats::format::{ReadOptions, RecordReader};
/// use barchasb::formats::json_frame::Layout;
/// use barchasb::formats::training_json::TrainingJsonReader;
/// use std::io::Cursor;
///
/// // The offsets of this file are UTF-16 units, though it does not say so: 😀 counts two.
/// let file = Cursor::new(r#"{"text": "😀 علی", "spans": [{"start": 3, "end": 6, "label": "PER", "text": "علی"}]}"#);
/// let mut reader = TrainingJsonReader::new(file, Layout::Lines, &ReadOptions::default()).unwrap();
/// let mut problems = Vec::new();
/// let article = reader.next_record(&mut problems).unwrap().unwrap();
/// assert_eq!(article.layers[0].mentions[0].span.to_string(), "2..5");
/// assert!(problems[0].to_string().contains("utf16"));
/// ```
#[derive(Debug)]
pub struct TrainingJsonReader<R> {
    frames: Frames<R>,
    layout: Layout,
    options: ReadOptions,
    shaper: ArticleShaper,
    /// Until the unit is settled.
    watch: Option<UnitWatch>,
}

impl<R: Read + Seek> TrainingJsonReader<R> {
    /// A reader of `input`, which is read from its beginning.
    ///
    /// # Errors
    /// [`FormatError`] when the input cannot be read, is empty or is no JSON.
    pub fn new(mut input: R, layout: Layout, options: &ReadOptions) -> Result<Self, FormatError> {
        input.seek(SeekFrom::Start(0))?;
        Frames::new(&mut input, layout, options.limits).next_frame(&mut Vec::new())?;
        input.seek(SeekFrom::Start(0))?;
        Ok(Self {
            frames: Frames::new(input, layout, options.limits),
            layout,
            options: options.clone(),
            shaper: ArticleShaper::new(options.unit),
            watch: Some(UnitWatch::new(options.unit)),
        })
    }

    /// The record of a frame; the unit is settled before where the article is in doubt.
    fn record(
        &mut self,
        frame: &Frame,
        problems: &mut Vec<Problem>,
    ) -> Result<Result<ArticleRecord, Box<Problem>>, FormatError> {
        let raw = match RawArticle::from_frame(frame, &self.options.columns) {
            Ok(raw) => raw,
            Err(problem) => return Ok(Err(problem)),
        };
        let map = raw.text.as_deref().map(OffsetMap::new).unwrap_or_default();
        if self.watch.as_mut().is_some_and(|watch| watch.doubts(&raw, &map)) {
            self.watch = None;
            let input = self.frames.input_mut();
            let stood = input.stream_position()?;
            let proven = prove_unit(input, self.layout, &self.options)?;
            input.seek(SeekFrom::Start(stood))?;
            problems.extend(proven.map(|unit| Problem::new(Place::default(), Finding::UnitProven(unit))));
            self.shaper.set_unit(proven.or(self.options.unit));
        }
        Ok(self.shaper.record_from_mapped(frame.place(), raw, &map, problems))
    }
}

impl<R: Read + Seek + Send> RecordReader for TrainingJsonReader<R> {
    fn next_record(&mut self, problems: &mut Vec<Problem>) -> Result<Option<ArticleRecord>, FormatError> {
        while let Some(frame) = self.frames.next_frame(problems)? {
            match self.record(&frame, problems)? {
                Ok(record) => return Ok(Some(record)),
                Err(problem) => problems.push(*problem),
            }
        }
        Ok(None)
    }

    fn unit(&self) -> Option<OffsetUnit> {
        Some(self.shaper.unit().unwrap_or_default())
    }
}

/// The unit that all mentions of the file prove, when the one it declares does not fit; `None` to believe the file.
fn prove_unit(
    input: &mut (impl Read + Seek),
    layout: Layout,
    options: &ReadOptions,
) -> Result<Option<OffsetUnit>, FormatError> {
    let mut proof = UnitProof::new(options.unit);
    // What is wrong is said when the records are given out.
    let mut unsaid = Vec::new();
    while proof.needs_pass() {
        input.seek(SeekFrom::Start(0))?;
        let mut frames = Frames::new(&mut *input, layout, options.limits);
        while !proof.is_settled() {
            let Some(frame) = frames.next_frame(&mut unsaid)? else { break };
            unsaid.clear();
            if let Ok(article) = RawArticle::from_frame(&frame, &options.columns) {
                proof.add(&article);
            }
        }
        proof.end_pass();
    }
    Ok(proof.unit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::layer::Status;
    use std::io::Cursor;

    fn read(file: &str, layout: Layout, options: &ReadOptions) -> (Vec<ArticleRecord>, Vec<String>) {
        let mut reader = TrainingJsonReader::new(Cursor::new(file), layout, options).unwrap();
        let (mut records, mut problems) = (Vec::new(), Vec::new());
        while let Some(record) = reader.next_record(&mut problems).unwrap() {
            records.push(record);
        }
        (records, problems.iter().map(ToString::to_string).collect())
    }

    /// What a file of JSON Lines gives: per article its spans, and the problems.
    fn check(file: &str, spans: &[&[&str]], problems: &[&str]) {
        let (records, said) = read(file, Layout::Lines, &ReadOptions::default());
        let found: Vec<Vec<String>> = records
            .iter()
            .map(|r| r.layers.iter().flat_map(|l| &l.mentions).map(|m| format!("{} {}", m.label, m.span)).collect())
            .collect();
        assert_eq!(found, spans.iter().map(|s| s.to_vec()).collect::<Vec<_>>(), "{file}");
        assert_eq!(said, problems, "{file}");
    }

    #[test]
    fn only_the_text_must_be_there() {
        check(r#"{"text":"سلام"}"#, &[&[]], &[]);
        check(r#"{"id":1}"#, &[], &["record 1, line 1: the record has no text and was left out"]);
        check(r#"{"text":" \n"}"#, &[], &["record 1, line 1: the text is empty; the record was left out"]);
        let (records, _) = read(r#"{"id":7,"text":"a","annotator":"زهرا"}"#, Layout::Lines, &ReadOptions::default());
        assert_eq!(records[0].name.as_deref(), Some("7"));
        assert_eq!(records[0].layers[0].annotator.as_deref(), Some("زهرا"));
        assert_eq!(records[0].layers[0].status, Status::New);
    }

    #[test]
    fn a_bad_line_does_not_touch_the_others() {
        check(
            "{\"text\":\"a\"}\nnope\n{\"text\":1}\n{\"text\":\"b\"}",
            &[&[], &[]],
            &[
                "record 2, line 2, column 2: this is not valid JSON (expected ident); the record was left out",
                "record 3, line 3, column 9: invalid type: integer `1`, expected a string; the record was left out",
            ],
        );
    }

    #[test]
    fn a_bad_byte_is_named_by_its_place_in_the_file() {
        let file = Cursor::new(b"{\"text\":\"a\"}\n{\"text\":\"\xFF\"}".to_vec());
        let mut reader = TrainingJsonReader::new(file, Layout::Lines, &ReadOptions::default()).unwrap();
        let mut problems = Vec::new();
        assert!(reader.next_record(&mut problems).unwrap().is_some());
        assert_eq!(reader.next_record(&mut problems).unwrap(), None);
        let said = "record 2, line 2, byte 22: the byte here is not UTF-8; the record was left out";
        assert_eq!(problems[0].to_string(), said);
    }

    #[test]
    fn an_array_gives_its_good_part() {
        let file = "[\n {\"text\":\"a\"},\n {\"text\":\n  nope},\n {\"text\":\"b\"}";
        let (records, problems) = read(file, Layout::Values, &ReadOptions::default());
        assert_eq!(records.iter().map(|r| r.text.as_str()).collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(
            problems,
            [
                "record 2, line 4, column 4: this is not valid JSON (expected ident); the record was left out",
                "line 5, column 14: the file ends before its array does; it may have been cut off",
            ]
        );
    }

    #[test]
    fn a_span_that_does_not_fit_is_said_and_the_others_stay() {
        let spans = [
            r#"{"start":2,"end":5,"label":"PER","text":"علی"}"#,
            r#"{"start":2,"end":4,"label":"PER","text":"علی"}"#,
            r#"{"start":2,"end":99,"label":"LOC"}"#,
            r#"{"start":3,"end":3,"label":"LOC"}"#,
            r#"{"start":-1,"end":3,"label":"LOC"}"#,
            r#"{"start":0,"end":1,"label":" "}"#,
            r#"{"start":0,"end":1,"label":"EMO","token_start":0}"#,
        ];
        let file = format!("{{\"text\":\"😀 علی\",\"spans\":[{}]}}", spans.join(","));
        let at = |what: &str| format!("record 1, line 1: {what}");
        check(
            &file,
            &[&["PER 2..5", "EMO 0..1"]],
            &[
                &at("span 2 was left out: PER at 2..4 (codepoint) should be \"علی\" but the text there is \"عل\""),
                &at("span 3 was left out: LOC at 2..99 (codepoint) passes the end of the text or cuts a character"),
                &at("span 4 was left out: LOC at 3..3 (codepoint) covers nothing"),
                &at("span 5 was left out: invalid value: integer `-1`, expected u64 in \
                     \"{\\\"start\\\":-1,\\\"end\\\":3,\\\"label\\\":\\\"LOC\\\"}\""),
                &at("span 6 was left out: the span at 0..1 (codepoint) has no label"),
                &at("the key \"token_start\" of a span is not known and was not taken"),
            ],
        );
    }

    #[test]
    fn another_unit_is_used_only_when_the_whole_file_proves_it() {
        let line = |start: u64, end: u64, rest: &str| {
            format!(r#"{{"text":"😀 علی","spans":[{{"start":{start},"end":{end},"label":"PER","text":"علی"}}]{rest}}}"#)
        };
        let say = |unit: &str| {
            format!(
                "the mentions fit their text only when offsets are counted as {unit}, so the file was read that way"
            )
        };
        let per: &[&str] = &["PER 2..5"];
        check(&line(3, 6, ""), &[per], &[&say("utf16")]);
        check(&line(3, 6, r#","offset_unit":"utf16""#), &[per], &[]);
        check(&line(5, 11, r#","offset_unit":"utf16""#), &[per], &[&say("byte")]);
        check(
            &format!("{}\n{}", line(3, 6, ""), line(2, 5, "")),
            &[&[], per],
            &[
                "record 1, line 1: span 1 was left out: PER at 3..6 (codepoint) passes the end of the text or cuts a character",
            ],
        );
        // Without a surface nothing is proven.
        check(
            r#"{"text":"😀 علی","spans":[{"start":3,"end":6,"label":"PER"}]}"#,
            &[&[]],
            &[
                "record 1, line 1: span 1 was left out: PER at 3..6 (codepoint) passes the end of the text or cuts a character",
            ],
        );
        let options = ReadOptions { unit: Some(OffsetUnit::Byte), ..ReadOptions::default() };
        let (records, problems) =
            read(r#"{"text":"علی","spans":[{"start":2,"end":4,"label":"X"}]}"#, Layout::Lines, &options);
        assert_eq!((records[0].layers[0].mentions[0].span.to_string().as_str(), problems.len()), ("1..2", 0));
    }

    #[test]
    fn an_article_in_doubt_waits_for_the_whole_file() {
        let line = |text: &str, start: u64, end: u64, surface: &str| {
            format!(r#"{{"text":"{text}","spans":[{{"start":{start},"end":{end},"label":"X","text":"{surface}"}}]}}"#)
        };
        // In the first, code points and UTF-16 units read alike; in the second, both fit and read otherwise.
        let (alike, doubtful) = (line("علی", 0, 3, "علی"), line("😀 ووو", 3, 4, "و"));
        let (in_utf16, in_chars) = (line("😀 علی", 3, 6, "علی"), line("😀 علی", 2, 5, "علی"));
        check(&[&*alike, &doubtful, &in_chars].join("\n"), &[&["X 0..3"], &["X 3..4"], &["X 2..5"]], &[]);
        let said = "the mentions fit their text only when offsets are counted as utf16, so the file was read that way";
        check(&[&*alike, &doubtful, &in_utf16].join("\n"), &[&["X 0..3"], &["X 2..3"], &["X 2..5"]], &[said]);
        check(&[&*alike, &in_utf16, &doubtful].join("\n"), &[&["X 0..3"], &["X 2..5"], &["X 2..3"]], &[said]);
    }

    #[test]
    fn unknown_keys_are_said_once_and_kept_in_meta() {
        let file = "{\"text\":\"a\",\"url\":\"x\",\"meta\":{\"b\": 1, \"a\": 2}}\n{\"text\":\"b\",\"url\": [ 1 ]}";
        let (records, problems) = read(file, Layout::Lines, &ReadOptions::default());
        assert_eq!(records[0].meta, r#"{"b":1,"a":2,"url":"x"}"#);
        assert_eq!(records[1].meta, r#"{"url":[1]}"#);
        assert_eq!(problems, ["record 1, line 1: the key \"url\" is not known; it is kept in the articles' meta"]);
    }

    #[test]
    fn what_is_not_known_of_status_and_unit_is_said() {
        check(
            r#"{"text":"ab","spans":[{"start":0,"end":1,"label":"X"}],"status":"half","offset_unit":"chars"}"#,
            &[&["X 0..1"]],
            &[
                "record 1, line 1: the offset unit \"chars\" is not known; the spans were read as codepoint",
                "record 1, line 1: the status \"half\" is not known; it was read as in_progress",
            ],
        );
    }
}

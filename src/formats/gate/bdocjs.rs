//! bdocjs: reading the JSON of GATE's python-gatenlp and its plugins.
//!
//! Owns its row and the way from JSON to a `GateDocument`. It must not judge what a type means. `offset_type` says what is counted:
//! `p` code points (Python), `j` UTF-16 units (Java).

use crate::domain::record::ArticleRecord;
use crate::formats::files::{Input, Source};
use crate::formats::finding::Finding;
use crate::formats::foreign::Held;
use crate::formats::format::{Container, FormatFacts, ReadOptions, RecordReader, Unit};
use crate::formats::gate::document::{GateAnnotation, GateDocument, GateSet};
use crate::formats::json_frame::{Frames, Layout};
use crate::formats::json_meta::merge;
use crate::formats::offset_unit::OffsetUnit;
use crate::formats::problem::{FormatError, Place, Problem};
use crate::formats::sniff::{Likeness, Sniff};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// The row of bdocjs.
pub static FACTS: FormatFacts = FormatFacts {
    name: "bdocjs",
    title: "GATE's bdoc in JSON",
    endings: &["bdocjs"],
    container: Container::File,
    unit: Unit::Fixed(OffsetUnit::Utf16),
    holds: &[Held::Overlap, Held::Nesting, Held::Annotator, Held::SecondLayer, Held::Meta, Held::Name],
    lines: false,
    columns: false,
    reader: Some(|source: Source, options| Ok(Box::new(BdocReader::new(source.one("bdocjs")?, options)))),
    writer: None,
    detect: |sniff: &Sniff| {
        let json = sniff.json.as_ref();
        // A long text may stand before the other keys.
        match json.is_some_and(|json| json.has_any(&["annotation_sets", "offset_type"])) {
            true => Likeness::Sure,
            false if json.is_some() && sniff.ending() == "bdocjs" => Likeness::Likely,
            false => Likeness::No,
        }
    },
    companions: None,
};

#[derive(Deserialize)]
struct RawDocument {
    text: Option<String>,
    name: Option<String>,
    features: Option<Box<RawValue>>,
    /// In the order of their names, as GATE keeps no other.
    #[serde(default)]
    annotation_sets: BTreeMap<String, RawSet>,
    offset_type: Option<String>,
}

#[derive(Deserialize)]
struct RawSet {
    #[serde(default)]
    annotations: Vec<RawAnnotation>,
}

#[derive(Deserialize)]
struct RawAnnotation {
    #[serde(rename = "type")]
    kind: String,
    start: u64,
    end: u64,
    #[serde(default)]
    features: BTreeMap<String, IgnoredAny>,
}

/// The reader, one document at a time.
struct BdocReader {
    frames: Frames<Box<dyn Input>>,
    options: ReadOptions,
}

impl BdocReader {
    fn new(input: Box<dyn Input>, options: &ReadOptions) -> Self {
        Self { frames: Frames::new(input, Layout::Values, options.limits), options: options.clone() }
    }

    fn record(
        &self,
        raw: RawDocument,
        place: Place,
        problems: &mut Vec<Problem>,
    ) -> Result<ArticleRecord, Box<Problem>> {
        let text = raw.text.ok_or_else(|| Box::new(Problem::new(place, Finding::NoText)))?;
        let declared = match raw.offset_type.as_deref() {
            Some("j") => OffsetUnit::Utf16,
            Some("p") | None => OffsetUnit::CodePoint,
            Some(other) => {
                problems.push(Problem::new(place, Finding::UnknownUnit { name: other.to_owned() }));
                OffsetUnit::CodePoint
            }
        };
        let annotation = |raw: RawAnnotation| GateAnnotation {
            kind: raw.kind,
            edges: Some((raw.start, raw.end)),
            features: u64::try_from(raw.features.len()).unwrap_or(u64::MAX),
        };
        let set = |(name, set): (String, RawSet)| GateSet {
            name,
            annotations: set.annotations.into_iter().map(annotation).collect(),
        };
        let document = GateDocument {
            text,
            name: raw.name,
            meta: merge(raw.features.as_deref(), &[]),
            unit: self.options.unit.unwrap_or(declared),
            sets: raw.annotation_sets.into_iter().map(set).collect(),
            relations: 0,
        };
        document.record(place, &self.options, problems)
    }
}

impl RecordReader for BdocReader {
    fn next_record(&mut self, problems: &mut Vec<Problem>) -> Result<Option<ArticleRecord>, FormatError> {
        while let Some(frame) = self.frames.next_frame(problems)? {
            match frame.parse().and_then(|raw| self.record(raw, frame.place(), problems)) {
                Ok(record) => return Ok(Some(record)),
                Err(problem) => problems.push(*problem),
            }
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::format::Format;
    use crate::formats::trial::{read, said};

    fn check(json: &str, mentions: &[&str], problems: &[&str]) {
        let (records, told) = read(Format::BDOCJS, json, &ReadOptions::default()).unwrap();
        assert_eq!(records.iter().flat_map(said).collect::<Vec<_>>(), mentions, "{json}");
        assert_eq!(told.iter().map(ToString::to_string).collect::<Vec<_>>(), problems, "{json}");
    }

    #[test]
    fn offsets_are_counted_as_the_file_says() {
        let file = |unit: &str, start: u8, end: u8| {
            format!(
                r#"{{"annotation_sets":{{"":{{"name":"","annotations":[{{"type":"Person","start":{start},"end":{end},
                "id":0,"features":{{"a":[1]}}}}],"next_annid":1}}}},"text":"😀 علی","features":{{}},
                "offset_type":"{unit}","name":"d"}}"#
            )
        };
        let told = "record 1, line 1: attributes (1) were not taken";
        check(&file("j", 3, 6), &["Person 2..5"], &[told]);
        check(&file("p", 2, 5), &["Person 2..5"], &[told]);
        let unknown = "record 1, line 1: the offset unit \"x\" is not known; the spans were read as codepoint";
        check(&file("x", 2, 5), &["Person 2..5"], &[unknown, told]);
        let out = "record 1, line 1: span 1 was left out: Person at 3..6 (codepoint) passes the end of the text or cuts a character";
        check(&file("p", 3, 6), &[], &[out]);
        check("{\"annotation_sets\":{}}", &[], &["record 1, line 1: the record has no text and was left out"]);
        assert_eq!(Format::detect(&Sniff::of_file("x.json", file("j", 3, 6).as_bytes())), Some(Format::BDOCJS));
    }
}

//! UIMA CAS JSON 0.4: reading what dkpro-cassis, UIMA and INCEpTION write.
//!
//! Owns its row and the way from JSON to a `Cas`. It must not judge what a type means. `%FEATURE_STRUCTURES` is an array of objects
//! with `%ID` and `%TYPE`, or an object of them by id; `@x` refers to another structure and `^x` is an offset; `%VIEWS` names members.

use crate::domain::record::ArticleRecord;
use crate::formats::cas::document::{Cas, Structure};
use crate::formats::files::{Input, Source};
use crate::formats::finding::{Finding, JsonFault};
use crate::formats::foreign::Held;
use crate::formats::format::{Container, FormatFacts, ReadOptions, RecordReader, Unit};
use crate::formats::json_frame::{Frames, Layout};
use crate::formats::offset_unit::OffsetUnit;
use crate::formats::problem::{FormatError, Problem};
use crate::formats::sniff::{Likeness, Sniff};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::VecDeque;

/// The row of CAS JSON.
pub static FACTS: FormatFacts = FormatFacts {
    name: "cas-json",
    title: "UIMA CAS JSON 0.4",
    endings: &["json"],
    container: Container::File,
    unit: Unit::Fixed(OffsetUnit::Utf16),
    holds: &[Held::Overlap, Held::Nesting, Held::Meta, Held::Name],
    lines: false,
    columns: false,
    reader: Some(|source: Source, options| Ok(Box::new(CasJsonReader::new(source.one("cas-json")?, options)))),
    writer: None,
    detect: |sniff: &Sniff| {
        let is_cas = |keys: &[&str]| sniff.json.as_ref().is_some_and(|json| json.has_any(keys));
        if is_cas(&["%FEATURE_STRUCTURES", "%TYPES", "%VIEWS"]) { Likeness::Sure } else { Likeness::No }
    },
    companions: None,
};

/// The parts of a file.
#[derive(Deserialize)]
struct RawCas {
    #[serde(rename = "%TYPES", default)]
    types: Map<String, Value>,
    #[serde(rename = "%FEATURE_STRUCTURES", default)]
    structures: Value,
    #[serde(rename = "%VIEWS", default)]
    views: Map<String, Value>,
}

/// The reader: one CAS at a time.
struct CasJsonReader {
    frames: Frames<Box<dyn Input>>,
    options: ReadOptions,
    ready: VecDeque<ArticleRecord>,
}

impl CasJsonReader {
    fn new(input: Box<dyn Input>, options: &ReadOptions) -> Self {
        let frames = Frames::new(input, Layout::Values, options.limits);
        Self { frames, options: options.clone(), ready: VecDeque::new() }
    }
}

impl RecordReader for CasJsonReader {
    fn next_record(&mut self, problems: &mut Vec<Problem>) -> Result<Option<ArticleRecord>, FormatError> {
        loop {
            if let Some(record) = self.ready.pop_front() {
                return Ok(Some(record));
            }
            let Some(frame) = self.frames.next_frame(problems)? else { return Ok(None) };
            match frame.parse::<RawCas>().map(cas_from_raw) {
                Ok(Ok(cas)) => self.ready.extend(cas.records(frame.place(), &self.options, problems)),
                Ok(Err(fault)) => problems.push(Problem::new(frame.place(), Finding::RecordJson(fault))),
                Err(problem) => problems.push(*problem),
            }
        }
    }
}

fn cas_from_raw(raw: RawCas) -> Result<Cas, JsonFault> {
    let shape = |words: &str| JsonFault::Shape { words: words.to_owned() };
    let mut cas = Cas::default();
    for (name, kind) in &raw.types {
        if let Some(parent) = kind.get("%SUPER_TYPE").and_then(Value::as_str) {
            cas.parents.insert(name.clone(), parent.to_owned());
        }
    }
    let structures: Vec<(Option<String>, Value)> = match raw.structures {
        Value::Array(all) => all.into_iter().map(|value| (None, value)).collect(),
        Value::Object(all) => all.into_iter().map(|(id, value)| (Some(id), value)).collect(),
        Value::Null => Vec::new(),
        _ => return Err(shape("%FEATURE_STRUCTURES is no array")),
    };
    for (id, value) in structures {
        let Value::Object(object) = value else { return Err(shape("a feature structure is no object")) };
        cas.structures.push(structure(id, object));
    }
    for view in raw.views.values() {
        let Some(sofa) = view.get("%SOFA").and_then(id_from_value) else { continue };
        let members = view.get("%MEMBERS").and_then(Value::as_array).into_iter().flatten();
        cas.members.entry(sofa).or_default().extend(members.filter_map(id_from_value));
    }
    Ok(cas)
}

/// An id, which is a number or a name.
fn id_from_value(value: &Value) -> Option<String> {
    match value {
        Value::String(id) => Some(id.trim().to_owned()),
        Value::Number(id) => Some(id.to_string()),
        _ => None,
    }
}

fn structure(id: Option<String>, object: Map<String, Value>) -> Structure {
    let mut structure = Structure { id, ..Structure::default() };
    for (name, value) in object {
        match (name.as_str(), value) {
            (_, Value::Null) | ("%FLAGS", _) => {}
            ("%ID", value) => structure.id = id_from_value(&value),
            ("%TYPE", Value::String(kind)) => structure.kind = kind,
            (_, Value::String(text)) => structure.features.push((name, text)),
            (plain, value) => {
                let plain = plain.strip_prefix('^').unwrap_or(plain).to_owned();
                structure.features.push((plain, value.to_string()));
            }
        }
    }
    structure
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::format::Format;
    use crate::formats::trial::{read, said};

    fn check(json: &str, mentions: &[&str], problems: &[&str]) {
        let options = ReadOptions { name: Some("file".into()), ..ReadOptions::default() };
        let (records, told) = read(Format::CAS_JSON, json, &options).unwrap();
        assert_eq!(records.iter().flat_map(said).collect::<Vec<_>>(), mentions, "{json}");
        assert_eq!(told.iter().map(ToString::to_string).collect::<Vec<_>>(), problems, "{json}");
    }

    #[test]
    fn entities_are_taken_by_type_and_by_the_type_they_specialise() {
        check(
            r#"{"%TYPES": {"my.Person": {"%NAME": "my.Person", "%SUPER_TYPE": "x.NamedEntity"}},
            "%FEATURE_STRUCTURES": [
             {"%ID": 1, "%TYPE": "uima.cas.Sofa", "sofaNum": 1, "sofaID": "_InitialView", "sofaString": "😀 علی"},
             {"%ID": 2, "%TYPE": "x.NamedEntity", "@sofa": 1, "begin": 3, "end": 6, "value": "PER"},
             {"%ID": 3, "%TYPE": "my.Person", "@sofa": 1, "begin": 0, "end": 2},
             {"%ID": 4, "%TYPE": "x.NamedEntity", "@sofa": 1, "begin": -1, "end": 2, "value": "PER"},
             {"%ID": 5, "%TYPE": "x.NamedEntity", "@sofa": 1, "begin": 0, "end": 2, "value": "GONE"}],
            "%VIEWS": {"_InitialView": {"%SOFA": 1, "%MEMBERS": [2, 3, 4]}}}"#,
            &["PER 2..5", "Person 0..1"],
            &[
                "record 1, line 1: other annotations (1) were not taken",
                "record 1, line 1: span 3 was left out: begin and end must be numbers in \"NamedEntity -1..2\"",
            ],
        );
        check(
            r#"{"%FEATURE_STRUCTURES": {"1": {"%TYPE": "uima.cas.Sofa", "sofaString": "ab"},
             "2": {"%TYPE": "c.Span", "@sofa": 1, "^begin": 0, "^end": 1, "label": "L", "@link": 1}}}"#,
            &["L 0..1"],
            &["record 1, line 1: attributes (1) were not taken"],
        );
    }

    #[test]
    fn what_has_no_text_is_said() {
        let none = "record 1, line 1: the record has no text and was left out";
        check(r#"{"%FEATURE_STRUCTURES": []}"#, &[], &[none]);
        check(r#"{"%FEATURE_STRUCTURES": [{"%ID": 1, "%TYPE": "uima.cas.Sofa", "@sofaArray": 2}]}"#, &[], &[none]);
        check(
            r#"{"%FEATURE_STRUCTURES": 7}"#,
            &[],
            &["record 1, line 1: %FEATURE_STRUCTURES is no array; the record was left out"],
        );
        let lone = r#"{"%FEATURE_STRUCTURES": [{"%TYPE": "uima.cas.Sofa", "sofaString": "\ud83d"}]}"#;
        let (records, told) = read(Format::CAS_JSON, lone, &ReadOptions::default()).unwrap();
        assert_eq!((records.len(), told.len()), (0, 1));
    }
}

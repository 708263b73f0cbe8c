//! Label Studio JSON_MIN: reading rows of one annotation each, in which everything stands side by side.
//!
//! Owns the row of the format and the reader. It must not repair a span or drop one in silence.
//!
//! A row has the data of its task, the results under the names of their controls, and `annotator`, `annotation_id`, `created_at`,
//! `updated_at` and `lead_time` of its annotation. Which names are controls nothing says: a list of regions is one.

use crate::domain::offset_map::OffsetMap;
use crate::domain::record::{ArticleRecord, LayerRecord};
use crate::formats::decoding::checked_text;
use crate::formats::files::Source;
use crate::formats::finding::{Finding, SpanFault};
use crate::formats::foreign::{Foreign, Held};
use crate::formats::format::{Container, FormatFacts, ReadOptions, RecordReader, Unit};
use crate::formats::json::object::{JsonObject, Members, name_from_json, text_from_json};
use crate::formats::json_frame::Frame;
use crate::formats::json_meta::merge;
use crate::formats::label_studio::annotation::{TaskReading, carried_from};
use crate::formats::label_studio::config::config_companion;
use crate::formats::label_studio::frame_reader::FrameReader;
use crate::formats::label_studio::min_writer::LabelStudioMinWriter;
use crate::formats::label_studio::task::{Region, annotator_from_completed_by, region_from_value};
use crate::formats::label_studio::unit::Counting;
use crate::formats::offset_unit::OffsetUnit;
use crate::formats::problem::{FormatError, Problem};
use crate::formats::sniff::{Likeness, Sniff};
use crate::formats::unsaid_status::unsaid_status;
use serde_json::value::RawValue;

/// The row of Label Studio's JSON_MIN.
pub static FACTS: FormatFacts = FormatFacts {
    name: "label-studio-min",
    title: "Label Studio JSON_MIN",
    endings: &["json"],
    container: Container::File,
    unit: Unit::Fixed(OffsetUnit::Utf16),
    holds: HOLDS,
    lines: false,
    columns: false,
    reader: Some(open),
    writer: Some(|sink, _| Ok(Box::new(LabelStudioMinWriter::new(sink.one("label-studio-min")?)))),
    detect,
    companions: Some(|options| config_companion(&options.labels)),
};

/// What JSON_MIN holds.
pub(crate) const HOLDS: &[Held] =
    &[Held::Overlap, Held::Nesting, Held::Annotator, Held::SecondLayer, Held::Meta, Held::Name];

/// Keys that speak of the annotation and not of the text.
pub(crate) const ANNOTATION_KEYS: [&str; 6] =
    ["annotation_id", "created_at", "updated_at", "lead_time", "agreement", "history"];

/// Its keys tell: no other format has them side by side.
fn detect(sniff: &Sniff) -> Likeness {
    let Some(json) = &sniff.json else { return Likeness::No };
    let is_row = json.has(&["annotation_id"]) && json.has_any(&["annotator", "lead_time", "created_at"]);
    if is_row && !json.has_any(&["data", "result"]) { Likeness::Sure } else { Likeness::No }
}

/// A row as it stands in the file.
struct RawRow<'a> {
    id: Option<String>,
    text: Option<String>,
    annotator: Option<String>,
    /// The elements of all lists of regions.
    results: Vec<&'a RawValue>,
    /// Whether a control is there, with regions or without.
    has_annotation: bool,
    annotation: Members,
    meta: String,
    doubles: Vec<String>,
}

impl<'a> RawRow<'a> {
    fn from_object(mut object: JsonObject<'a>, text_key: Option<&str>) -> Self {
        let doubles = std::mem::take(&mut object.doubles);
        let id = object.take("id").and_then(name_from_json);
        let annotator = object.take("annotator").and_then(annotator_from_completed_by);
        let (annotation, others): (Vec<_>, Vec<_>) =
            object.members.into_iter().partition(|(name, _)| ANNOTATION_KEYS.contains(&name.as_str()));
        let annotation = annotation.into_iter().filter(|(_, value)| value.get() != "null");
        let annotation = Members(annotation.map(|(name, value)| (name, value.to_owned())).collect());
        let (lists, others): (Vec<_>, Vec<_>) =
            others.into_iter().partition(|(_, value)| regions_from_list(value).is_some());
        let results: Vec<&'a RawValue> =
            lists.iter().filter_map(|(_, list)| regions_from_list(list)).flatten().collect();
        let mut rest = JsonObject { members: others, doubles: Vec::new() };
        let only = || {
            let mut strings = rest.members.iter().filter(|(_, value)| value.get().starts_with('"'));
            strings.next().filter(|_| strings.next().is_none()).map(|(key, _)| key.clone())
        };
        let usual = || rest.get("text").map(|_| "text".to_owned());
        let key = text_key.map(str::to_owned).or_else(usual).or_else(only);
        let text = key.and_then(|key| rest.take(&key)).and_then(text_from_json);
        let has_annotation = annotator.is_some() || !annotation.is_empty() || !results.is_empty();
        let meta = merge(None, &rest.into_owned().0);
        Self { id, text, annotator, results, has_annotation, annotation, meta, doubles }
    }
}

/// The elements of a list of regions; `None` for any other value.
fn regions_from_list(value: &RawValue) -> Option<Vec<&RawValue>> {
    let list: Vec<&RawValue> = serde_json::from_str(value.get()).ok()?;
    let is_region = |json: &&RawValue| !matches!(region_from_json(json), Ok(None));
    list.first().is_some_and(is_region).then_some(list)
}

fn region_from_json(json: &RawValue) -> Result<Option<Region>, SpanFault> {
    serde_json::from_str::<JsonObject<'_>>(json.get()).map_or(Ok(None), |value| region_from_value(&value))
}

fn open(source: Source, options: &ReadOptions) -> Result<Box<dyn RecordReader>, FormatError> {
    let input = source.one("label-studio-min")?;
    let show = |frame: &Frame, text_key: Option<&str>, see: &mut dyn FnMut(&str, &Region)| {
        let Ok(object) = frame.parse::<JsonObject<'_>>() else { return };
        let row = RawRow::from_object(object, text_key);
        let Some(text) = &row.text else { return };
        for region in row.results.iter().filter_map(|json| region_from_json(json).ok().flatten()) {
            see(text, &region);
        }
    };
    Ok(Box::new(FrameReader::new(input, options, show, record_from_frame)?))
}

fn record_from_frame(
    frame: &Frame,
    text_key: Option<&str>,
    counting: Counting,
    problems: &mut Vec<Problem>,
) -> Result<ArticleRecord, Box<Problem>> {
    let place = frame.place();
    let mut row = RawRow::from_object(frame.parse()?, text_key);
    let text = checked_text(row.text.take(), place, problems)?;
    problems.extend(row.doubles.drain(..).map(|key| Problem::foreign(place, Foreign::DoubleKey { key })));
    let map = OffsetMap::new(&text);
    let mut reading = TaskReading { text: &text, map: &map, counting, place, problems };
    let mut layer = LayerRecord { annotator: row.annotator, ..LayerRecord::default() };
    for (number, json) in (1..).zip(row.results) {
        match region_from_json(json) {
            Ok(Some(region)) => layer.mentions.extend(reading.mentions_from_region(number, &region)),
            Ok(None) => reading.say_not_taken(Held::OtherAnnotation),
            Err(fault) => reading.problems.push(Problem::new(place, Finding::SpanLeftOut { number, fault })),
        }
    }
    layer.status = unsaid_status(&layer.mentions);
    reading.say_carried(Held::Meta, row.annotation.0.len());
    if !row.annotation.is_empty() {
        layer.carried.push(carried_from(FACTS.name, &row.annotation));
    }
    let layers = if row.has_annotation { vec![layer] } else { Vec::new() };
    Ok(ArticleRecord { name: row.id, text, meta: row.meta, layers, ..ArticleRecord::default() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::format::{Format, WriteOptions};
    use crate::formats::trial::{self, ONE, said};

    fn read(file: &str) -> (Vec<ArticleRecord>, Vec<String>) {
        let (records, problems) = trial::read(Format::LABEL_STUDIO_MIN, file, &ReadOptions::default()).unwrap();
        (records, problems.iter().map(ToString::to_string).collect())
    }

    const ROW: &str = concat!(
        r#"{"text":"😀 علی","url":"u","id":7,"label":[{"start":3,"end":6,"text":"علی","labels":["PER"]}],"#,
        r#""annotator":2,"annotation_id":5,"created_at":"c","updated_at":"u","lead_time":1.50}"#
    );

    #[test]
    fn a_row_is_a_layer_and_is_written_back() {
        let (records, problems) = read(&format!("[{ROW}]"));
        let record = &records[0];
        assert_eq!((record.name.as_deref(), record.meta.as_str()), (Some("7"), r#"{"url":"u"}"#));
        assert_eq!((said(record), record.layers[0].annotator.as_deref()), (vec!["PER 2..5".to_owned()], Some("2")));
        assert_eq!(problems.len(), 1, "{problems:?}");
        let (files, problems) = trial::written(Format::LABEL_STUDIO_MIN, &records, &WriteOptions::default());
        assert_eq!(String::from_utf8_lossy(&files[ONE]), format!("[\n{ROW}\n]\n"));
        assert_eq!(problems, []);
    }

    #[test]
    fn other_controls_are_meta_and_the_text_is_found() {
        let row = r#"[{"body":"ab","id":1,"mood":["x","y"],"ner":[{"start":0,"end":1,"labels":["A","B"]},7],"annotator":"z@b","annotation_id":1}]"#;
        let (records, problems) = read(row);
        assert_eq!(
            (said(&records[0]), records[0].text.as_str()),
            (vec!["A 0..1".to_owned(), "B 0..1".to_owned()], "ab")
        );
        assert_eq!(records[0].meta, r#"{"mood":["x","y"]}"#);
        assert_eq!(problems[0], "record 1, line 1: other annotations (1) were not taken");
        assert_eq!(read(r#"[{"a":"x","b":"y"}]"#).1, ["record 1, line 1: the record has no text and was left out"]);
    }

    #[test]
    fn its_files_are_known_by_their_content() {
        let check = |head: &str, expected: Likeness| {
            assert_eq!(detect(&Sniff::of_file("a.json", head.as_bytes())), expected, "{head}");
        };
        check(&format!("[{ROW}]"), Likeness::Sure);
        check(r#"[{"text": "a", "spans": []}]"#, Likeness::No);
    }
}

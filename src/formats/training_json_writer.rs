//! The program's own JSON: writing articles with spans, as JSON Lines or an indented array.
//!
//! Owns the writer. It must not hold more than one record, and writes UTF-8 with `\n` and without ASCII escapes.

use crate::domain::offset::Span;
use crate::domain::offset_map::OffsetMap;
use crate::domain::record::{ArticleRecord, Carried, LayerRecord, MentionRecord};
use crate::formats::decoding::as_u64;
use crate::formats::finding::Finding;
use crate::formats::foreign::{Foreign, Held};
use crate::formats::format::RecordWriter;
use crate::formats::json_frame::Layout;
use crate::formats::json_meta::written;
use crate::formats::offset_unit::OffsetUnit;
use crate::formats::problem::{FormatError, Place, Problem};
use crate::formats::training_decision::{WrittenDecision, written_decisions};
use serde::Serialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write};

/// The keys of a record, in the order in which they are written.
#[derive(Serialize)]
struct WrittenArticle<'a> {
    id: Option<&'a str>,
    text: &'a str,
    spans: Vec<WrittenSpan<'a>>,
    annotator: Option<&'a str>,
    status: Option<&'static str>,
    meta: &'a RawValue,
    offset_unit: &'static str,
    #[serde(skip_serializing_if = "WrittenCarried::is_empty")]
    carried: WrittenCarried<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    decisions: Vec<WrittenDecision<'a>>,
}

/// What is carried for other formats, by their names.
#[derive(Default, Serialize)]
struct WrittenCarried<'a> {
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    article: BTreeMap<&'a str, &'a str>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    layer: BTreeMap<&'a str, &'a str>,
}

impl<'a> WrittenCarried<'a> {
    fn of(record: &'a ArticleRecord, layer: Option<&'a LayerRecord>) -> Self {
        let by_format = |carried: &'a [Carried]| {
            carried.iter().map(|carried| (carried.format.as_str(), carried.data.as_str())).collect()
        };
        Self { article: by_format(&record.carried), layer: by_format(layer.map_or(&[], |layer| &layer.carried)) }
    }

    fn is_empty(&self) -> bool {
        self.article.is_empty() && self.layer.is_empty()
    }
}

/// A span as it is written.
#[derive(Debug, Serialize)]
pub(crate) struct WrittenSpan<'a> {
    start: u64,
    end: u64,
    label: &'a str,
    text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'a str>,
}

/// The writer of the program's own JSON. Every layer is an object of its own; an article without one has neither annotator nor
/// status.
///
/// ```
/// use barchasb::domain::offset::Span;
/// use barchasb::domain::mention::Origin;
/// use barchasb::domain::record::{ArticleRecord, LayerRecord, MentionRecord};
/// use barchasb::formats::format::RecordWriter;
/// use barchasb::formats::json_frame::Layout;
/// use barchasb::formats::offset_unit::OffsetUnit;
/// use barchasb::formats::training_json_writer::TrainingJsonWriter;
///
/// let mention = MentionRecord { span: Span::from_chars(0, 3), label: "PER".into(), note: None, origin: Origin::Hand };
/// let layer = LayerRecord { annotator: Some("زهرا".into()), mentions: vec![mention], ..LayerRecord::default() };
/// let article = ArticleRecord { name: Some("a1".into()), text: "علی آمد".into(), layers: vec![layer], ..ArticleRecord::default() };
/// let mut file = Vec::new();
/// let mut writer = TrainingJsonWriter::new(&mut file, Layout::Lines, OffsetUnit::CodePoint);
/// writer.write(&article, &mut Vec::new()).unwrap();
/// writer.finish().unwrap();
/// drop(writer);
/// assert_eq!(String::from_utf8(file).unwrap(), concat!(
///     r#"{"id":"a1","text":"علی آمد","spans":[{"start":0,"end":3,"label":"PER","text":"علی"}],"#,
///     r#""annotator":"زهرا","status":"new","meta":{},"offset_unit":"codepoint"}"#, "\n"));
/// ```
#[derive(Debug)]
pub struct TrainingJsonWriter<W: Write> {
    output: BufWriter<W>,
    layout: Layout,
    unit: OffsetUnit,
    objects: u64,
}

impl<W: Write> TrainingJsonWriter<W> {
    /// A writer into `output`, whose offsets are counted in `unit`.
    pub fn new(output: W, layout: Layout, unit: OffsetUnit) -> Self {
        Self { output: BufWriter::new(output), layout, unit, objects: 0 }
    }

    fn write_object(
        &mut self,
        record: &ArticleRecord,
        layer: Option<&LayerRecord>,
        map: &OffsetMap,
        problems: &mut Vec<Problem>,
    ) -> Result<(), FormatError> {
        let place = Place { record: Some(self.objects + 1), ..Place::default() };
        let meta = written(&record.meta, place, problems);
        let mentions = layer.map_or(&[][..], |layer| &layer.mentions);
        let spans = written_spans(&record.text, map, mentions, self.unit, place, problems);
        let decisions = layer.map_or(&[][..], |layer| &layer.decisions);
        let article = WrittenArticle {
            id: record.name.as_deref(),
            text: &record.text,
            spans,
            annotator: layer.and_then(|layer| layer.annotator.as_deref()),
            status: layer.map(|layer| layer.status.name()),
            meta: &meta,
            offset_unit: self.unit.name(),
            carried: WrittenCarried::of(record, layer),
            decisions: written_decisions(decisions, &record.text, map, self.unit, place, problems),
        };
        match self.layout {
            Layout::Lines => {
                serde_json::to_writer(&mut self.output, &article).map_err(io::Error::from)?;
                self.output.write_all(b"\n")?;
            }
            Layout::Values => {
                self.output.write_all(if self.objects == 0 { b"[\n" } else { b",\n" })?;
                // A line feed inside a string is escaped, so every one here is between tokens.
                let object = serde_json::to_vec_pretty(&article).map_err(io::Error::from)?;
                for line in object.split_inclusive(|b| *b == b'\n') {
                    self.output.write_all(b"  ")?;
                    self.output.write_all(line)?;
                }
            }
        }
        self.objects += 1;
        Ok(())
    }
}

/// A span as it is written; `None` when it cannot be counted in the unit.
pub(super) fn written_span<'a>(
    text: &'a str,
    map: &OffsetMap,
    unit: OffsetUnit,
    span: Span,
    label: &'a str,
    note: Option<&'a str>,
) -> Option<WrittenSpan<'a>> {
    let (start, end) = unit.units_from_span(map, span)?;
    let bytes = map.byte_from_char(span.start)?.get()..map.byte_from_char(span.end)?.get();
    Some(WrittenSpan { start, end, label, text: text.get(bytes)?, note })
}

/// The spans of mentions as they are written; one that cannot be counted in the unit is said and left out.
pub(crate) fn written_spans<'a>(
    text: &'a str,
    map: &OffsetMap,
    mentions: &'a [MentionRecord],
    unit: OffsetUnit,
    place: Place,
    problems: &mut Vec<Problem>,
) -> Vec<WrittenSpan<'a>> {
    let mut spans = Vec::with_capacity(mentions.len());
    for mention in mentions {
        match written_span(text, map, unit, mention.span, &mention.label, mention.note.as_deref()) {
            Some(span) => spans.push(span),
            None => {
                let (label, span) = (mention.label.clone(), mention.span);
                problems.push(Problem::new(place, Finding::Uncountable { label, span, unit }));
            }
        }
    }
    spans
}

impl<W: Write + Send> RecordWriter for TrainingJsonWriter<W> {
    fn write(&mut self, record: &ArticleRecord, problems: &mut Vec<Problem>) -> Result<(), FormatError> {
        let map = OffsetMap::new(&record.text);
        let suggestions: usize = record.predictions.iter().map(|prediction| prediction.mentions.len()).sum();
        if suggestions > 0 {
            let place = Place { record: Some(self.objects + 1), ..Place::default() };
            let lost = Foreign::NotHeld { what: Held::Suggestion, count: as_u64(suggestions) };
            problems.push(Problem::foreign(place, lost));
        }
        if record.layers.is_empty() {
            return self.write_object(record, None, &map, problems);
        }
        record.layers.iter().try_for_each(|layer| self.write_object(record, Some(layer), &map, problems))
    }

    fn finish(&mut self) -> Result<(), FormatError> {
        if self.layout == Layout::Values {
            self.output.write_all(if self.objects == 0 { b"[]\n" } else { b"\n]\n" })?;
        }
        Ok(self.output.flush()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::layer::Status;
    use crate::domain::mention::Origin;
    use crate::formats::format::{ReadOptions, RecordReader};
    use crate::formats::problem::Severity;
    use crate::formats::training_json::TrainingJsonReader;
    use proptest::prelude::*;
    use std::io::Cursor;

    fn file_from(records: &[ArticleRecord], layout: Layout, unit: OffsetUnit) -> (Vec<u8>, Vec<Problem>) {
        let (mut file, mut problems) = (Vec::new(), Vec::new());
        let mut writer = TrainingJsonWriter::new(&mut file, layout, unit);
        for record in records {
            writer.write(record, &mut problems).unwrap();
        }
        writer.finish().unwrap();
        drop(writer);
        (file, problems)
    }

    fn records_from(file: Vec<u8>, layout: Layout) -> (Vec<ArticleRecord>, Vec<Problem>) {
        let mut reader = TrainingJsonReader::new(Cursor::new(file), layout, &ReadOptions::default()).unwrap();
        let (mut records, mut problems) = (Vec::new(), Vec::new());
        while let Some(record) = reader.next_record(&mut problems).unwrap() {
            records.push(record);
        }
        (records, problems)
    }

    fn mention(start: usize, end: usize, label: &str, note: Option<&str>) -> MentionRecord {
        let (span, note) = (Span::from_chars(start, end), note.map(str::to_owned));
        MentionRecord { span, label: label.into(), note, origin: Origin::Import }
    }

    fn example() -> Vec<ArticleRecord> {
        let layer = |annotator: &str, status, mentions| LayerRecord {
            annotator: Some(annotator.into()),
            status,
            mentions,
            ..LayerRecord::default()
        };
        vec![
            ArticleRecord {
                name: Some("خبر ۱".into()),
                text: "😀 سردار\u{a0}علی\r\nگروهک\u{200c}ها".into(),
                meta: r#"{"source":"مهر","n":12345678901234567890}"#.into(),
                layers: vec![
                    layer(
                        "زهرا",
                        Status::Done,
                        vec![mention(2, 11, "PER", Some("با عنوان")), mention(8, 11, "PER", None)],
                    ),
                    layer("علی", Status::New, vec![]),
                ],
                ..ArticleRecord::default()
            },
            ArticleRecord { text: "bare \"text\"".into(), ..ArticleRecord::default() },
        ]
    }

    #[test]
    fn a_file_looks_like_this() {
        let (lines, problems) = file_from(&example(), Layout::Lines, OffsetUnit::CodePoint);
        assert_eq!(problems, []);
        insta::assert_snapshot!("lines", String::from_utf8(lines).unwrap());
        let (array, _) = file_from(&example(), Layout::Values, OffsetUnit::Utf16);
        insta::assert_snapshot!("array", String::from_utf8(array).unwrap());
        assert_eq!(file_from(&[], Layout::Values, OffsetUnit::Byte).0, b"[]\n");
        assert_eq!(file_from(&[], Layout::Lines, OffsetUnit::Byte).0, b"");
    }

    #[test]
    fn what_is_carried_for_other_formats_comes_back() {
        let carried = |format: &str, data: &str| Carried { format: format.into(), data: data.into() };
        let layer = LayerRecord {
            annotator: Some("زهرا".into()),
            carried: vec![carried("brat", "{\"lines\":[\"R1\"]}")],
            ..LayerRecord::default()
        };
        let record = ArticleRecord {
            text: "علی".into(),
            layers: vec![layer],
            carried: vec![carried("conllu", "x"), carried("tokens", "[[0,3]]")],
            ..ArticleRecord::default()
        };
        for layout in [Layout::Lines, Layout::Values] {
            let (file, problems) = file_from(std::slice::from_ref(&record), layout, OffsetUnit::CodePoint);
            assert_eq!(problems, []);
            assert_eq!(records_from(file, layout), (vec![record.clone()], vec![]));
        }
        // Of another shape it is a key like others.
        let (records, problems) = records_from(br#"{"text":"a","carried":7}"#.to_vec(), Layout::Lines);
        assert_eq!((records[0].meta.as_str(), problems.len()), (r#"{"carried":7}"#, 1));
    }

    #[test]
    fn what_a_unit_cannot_hold_is_said() {
        let record = ArticleRecord {
            text: "e\u{301}x".into(),
            layers: vec![LayerRecord {
                mentions: vec![mention(0, 1, "A", None), mention(0, 2, "B", None)],
                ..LayerRecord::default()
            }],
            ..ArticleRecord::default()
        };
        let (file, problems) = file_from(&[record], Layout::Lines, OffsetUnit::Grapheme);
        assert!(
            String::from_utf8(file)
                .unwrap()
                .contains("[{\"start\":0,\"end\":1,\"label\":\"B\",\"text\":\"e\u{301}\"}]")
        );
        let said = "record 1: A at 0..1 was left out: its edges cannot be counted in the unit grapheme";
        assert_eq!(problems.iter().map(ToString::to_string).collect::<Vec<_>>(), [said]);
    }

    /// Text of the characters that go wrong, and any others; never blank.
    fn text() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            Just("😀"),
            Just("👨\u{200d}👩"),
            Just("\r\n"),
            Just("\u{a0}"),
            Just("گروهک\u{200c}ها"),
            Just("مُحَمَّد"),
            Just("\u{202b}"),
            Just("\u{feff}"),
            Just("\0"),
            Just("\\\""),
            Just("\u{2028}"),
            Just("\u{10ffff}"),
            Just(" "),
            Just("e\u{301}"),
        ];
        (proptest::collection::vec(piece, 0..12), any::<String>())
            .prop_map(|(pieces, rest)| format!("{}ب{rest}", pieces.concat()))
    }

    fn record() -> impl Strategy<Value = ArticleRecord> {
        let spans = proptest::collection::vec(
            (any::<u16>(), any::<u16>(), "[A-Z]{1,4}", proptest::option::of("\\PC{1,8}")),
            0..6,
        );
        (text(), spans, proptest::option::of("[^\\s\\x00]{1,6}"), 0usize..4, proptest::option::of("[^\\s]{1,6}"))
            .prop_map(|(text, spans, annotator, status, name)| {
                let len = text.chars().count();
                let mentions = spans.into_iter().filter_map(|(a, b, label, note)| {
                    let span = Span::from_chars(usize::from(a) % (len + 1), usize::from(b) % (len + 1));
                    (!span.is_empty()).then_some(MentionRecord { span, label, note, origin: Origin::Import })
                });
                let layer = LayerRecord {
                    annotator,
                    status: Status::ALL[status],
                    mentions: mentions.collect(),
                    ..LayerRecord::default()
                };
                let meta = r#"{"z":1,"a":"\n"}"#.into();
                ArticleRecord { name, text, meta, layers: vec![layer], ..ArticleRecord::default() }
            })
    }

    proptest! {
        #[test]
        fn what_was_written_is_read_back(
            records in proptest::collection::vec(record(), 1..4),
            lines in any::<bool>(),
            unit in proptest::sample::select(OffsetUnit::ALL.to_vec()),
        ) {
            let layout = if lines { Layout::Lines } else { Layout::Values };
            let (file, left_out) = file_from(&records, layout, unit);
            let (read, problems) = records_from(file, layout);
            prop_assert!(problems.iter().all(|p| p.finding.severity() == Severity::Note), "{:?}", problems);
            let mut expected = records.clone();
            if unit == OffsetUnit::Grapheme {
                let mut missing = 0;
                for record in &mut expected {
                    let map = OffsetMap::new(&record.text);
                    for layer in &mut record.layers {
                        let before = layer.mentions.len();
                        layer.mentions.retain(|m| map.is_grapheme_boundary(m.span.start) && map.is_grapheme_boundary(m.span.end));
                        missing += before - layer.mentions.len();
                    }
                }
                prop_assert_eq!(left_out.len(), missing);
            } else {
                prop_assert!(left_out.is_empty());
            }
            prop_assert_eq!(read, expected);
        }

        #[test]
        fn no_bytes_make_the_reader_fail_to_end(bytes in proptest::collection::vec(any::<u8>(), 0..300), lines in any::<bool>()) {
            let layout = if lines { Layout::Lines } else { Layout::Values };
            let mut file = b"[{\"text\":\"a\",\"spans\":[".to_vec();
            file.extend(bytes);
            let records = records_from(file.clone(), layout).0.len();
            prop_assert!(records <= file.len());
        }
    }
}

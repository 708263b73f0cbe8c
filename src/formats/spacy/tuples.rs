//! spaCy's training tuples: `["text", {"entities": [[start, end, "label"], …]}]`, in an array or one a line.
//!
//! Owns the row, reader and writer. Offsets count code points. It must not hold more than one tuple. Keys besides `entities` are kept
//! aside and written back.

use crate::domain::mention::Origin;
use crate::domain::offset::TokenSpan;
use crate::domain::offset_map::OffsetMap;
use crate::domain::projection::Nesting;
use crate::domain::record::{ArticleRecord, Carried, LayerRecord, MentionRecord};
use crate::formats::decoding::{as_u64, check_article_text};
use crate::formats::files::{Input, Sink, Source};
use crate::formats::finding::{Finding, JsonFault, Misfit, SpanFault, cut};
use crate::formats::foreign::{Foreign, Held};
use crate::formats::format::{Container, FormatFacts, ReadOptions, RecordReader, RecordWriter, Unit, WriteOptions};
use crate::formats::json::array_output::ArrayOutput;
use crate::formats::json_frame::{Frame, Frames, Layout};
use crate::formats::losses::{Holding, WrittenLayers};
use crate::formats::offset_unit::OffsetUnit;
use crate::formats::problem::{FormatError, Place, Problem};
use crate::formats::sniff::{Likeness, Sniff};
use crate::formats::tokens::mentions::{TokenMention, flat};
use crate::formats::unsaid_status::unsaid_status;
use serde_json::{Map, Value};
use std::io::{Read, Seek, SeekFrom, Write};

/// The row of spaCy's training tuples.
pub static FACTS: FormatFacts = FormatFacts {
    name: "spacy-tuples",
    title: "spaCy training tuples of text and entities",
    endings: &["json", "jsonl"],
    container: Container::File,
    unit: Unit::Fixed(OffsetUnit::CodePoint),
    holds: &[Held::Category, Held::OtherAnnotation, Held::WhiteSpace, Held::Character, Held::TokenEdge],
    lines: false,
    columns: false,
    reader: Some(|source: Source, options| Ok(Box::new(SpacyTuplesReader::new(source, options)?))),
    writer: Some(|sink: Sink, options| Ok(Box::new(SpacyTuplesWriter::new(sink.one("spacy-tuples")?, options)))),
    detect,
    companions: None,
};

/// A tuple in the first line, or an array of arrays whose first object has entities.
fn detect(sniff: &Sniff) -> Likeness {
    let in_array = sniff.json.as_ref().is_some_and(|json| json.is_nested_array && json.has(&["entities"]));
    let in_line = || {
        let first = sniff.text().lines().next()?;
        let (_, annotation) = serde_json::from_str::<(String, Map<String, Value>)>(first).ok()?;
        annotation.contains_key("entities").then_some(())
    };
    if in_array || in_line().is_some() { Likeness::Sure } else { Likeness::No }
}

/// The reader of training tuples.
///
/// ```
/// use barchasb::formats::files::Source;
/// use barchasb::formats::format::{Format, ReadOptions, open_reader};
/// let file = r#"[["علی آمد", {"entities": [[0, 3, "PER"]]}]]"#;
/// let mut reader = open_reader(Format::SPACY_TUPLES, Source::from_bytes(file), &ReadOptions::default()).unwrap();
/// let article = reader.next_record(&mut Vec::new()).unwrap().unwrap();
/// assert_eq!(article.layers[0].mentions[0].label, "PER");
/// ```
pub struct SpacyTuplesReader {
    frames: Frames<Box<dyn Input>>,
}

impl SpacyTuplesReader {
    /// A reader of the file in `source`.
    ///
    /// # Errors
    /// [`FormatError`] when the file cannot be read or there are several.
    pub fn new(source: Source, options: &ReadOptions) -> Result<Self, FormatError> {
        let mut input = source.one("spacy-tuples")?;
        let mut head = Vec::new();
        input.by_ref().take(4096).read_to_end(&mut head)?;
        input.seek(SeekFrom::Start(0))?;
        let mut marks = head.iter().filter(|byte| !byte.is_ascii_whitespace()).skip_while(|byte| !byte.is_ascii());
        // An array that begins with a text is a tuple itself.
        let is_tuple = marks.next() == Some(&b'[') && marks.next() == Some(&b'"');
        let layout = if is_tuple { Layout::Lines } else { Layout::Values };
        Ok(Self { frames: Frames::new(input, layout, options.limits) })
    }
}

impl RecordReader for SpacyTuplesReader {
    fn next_record(&mut self, problems: &mut Vec<Problem>) -> Result<Option<ArticleRecord>, FormatError> {
        while let Some(frame) = self.frames.next_frame(problems)? {
            match frame.parse().and_then(|raw| record_from_raw(&frame, raw, problems)) {
                Ok(record) => return Ok(Some(record)),
                Err(problem) => problems.push(*problem),
            }
        }
        Ok(None)
    }
}

fn record_from_raw(
    frame: &Frame,
    (text, mut annotation): (String, Map<String, Value>),
    problems: &mut Vec<Problem>,
) -> Result<ArticleRecord, Box<Problem>> {
    let place = frame.place();
    check_article_text(&text, place, problems)?;
    let map = OffsetMap::new(&text);
    let entities = annotation.shift_remove("entities");
    let is_bare = entities.is_none();
    let entities = match entities {
        Some(Value::Array(entities)) => entities,
        None | Some(Value::Null) => Vec::new(),
        Some(other) => {
            let words = format!("the entities are no list: {}", cut(&other.to_string()));
            problems.push(Problem::foreign(place, Foreign::Unreadable { words }));
            Vec::new()
        }
    };
    let mut layer = LayerRecord::default();
    for (index, entity) in entities.into_iter().enumerate() {
        match mention_from_value(entity, &map) {
            Ok(mention) => layer.mentions.push(mention),
            Err(fault) => {
                problems.push(Problem::new(place, Finding::SpanLeftOut { number: as_u64(index + 1), fault }));
            }
        }
    }
    layer.status = unsaid_status(&layer.mentions);
    let mut record =
        ArticleRecord { text, layers: if is_bare { Vec::new() } else { vec![layer] }, ..ArticleRecord::default() };
    if !annotation.is_empty() {
        for key in annotation.keys() {
            let what = if key == "cats" { Held::Category } else { Held::OtherAnnotation };
            problems.push(Problem::foreign(place, Foreign::Carried { what, count: 1 }));
        }
        let data = Value::Object(annotation).to_string();
        record.carried.push(Carried { format: FACTS.name.to_owned(), data });
    }
    Ok(record)
}

fn mention_from_value(entity: Value, map: &OffsetMap) -> Result<MentionRecord, SpanFault> {
    let unit = OffsetUnit::CodePoint;
    // A fourth value is an id in a knowledge base, which `entities` of spaCy may hold; spaCy's own readers pass it by.
    let json = entity.to_string();
    let parsed = serde_json::from_value::<(u64, u64, String)>(entity);
    let (start, end, label) = parsed.map_err(|error| match JsonFault::from(&error) {
        JsonFault::Unfinished { words } | JsonFault::Syntax { words } | JsonFault::Shape { words } => {
            SpanFault::Unreadable { words, json: cut(&json) }
        }
    })?;
    if label.trim().is_empty() {
        return Err(SpanFault::NoLabel { start, end, unit });
    }
    let misfit = if start >= end { Misfit::Nothing } else { Misfit::OutOfText };
    match unit.span_from_units(map, start, end) {
        Some(span) => Ok(MentionRecord { span, label, note: None, origin: Origin::Import }),
        None => Err(SpanFault::Misfit { label, start, end, unit, misfit }),
    }
}

/// The writer of training tuples: an array with a tuple a line, every layer a tuple of its own.
pub struct SpacyTuplesWriter {
    output: ArrayOutput<Box<dyn Write + Send>>,
    nesting: Nesting,
    records: u64,
}

impl SpacyTuplesWriter {
    /// A writer into `output`.
    #[must_use]
    pub fn new(output: Box<dyn Write + Send>, options: &WriteOptions) -> Self {
        // spaCy refuses entities that share a token (its error E103).
        Self { output: ArrayOutput::new(output), nesting: options.nesting, records: 0 }
    }

    fn write_tuple(
        &mut self,
        record: &ArticleRecord,
        layer: Option<&LayerRecord>,
        problems: &mut Vec<Problem>,
    ) -> Result<(), FormatError> {
        let place = Place { record: Some(self.records), ..Place::default() };
        let mut annotation = Map::new();
        if let Some(layer) = layer {
            // Code points take the place of tokens here.
            let spans: Vec<TokenMention<'_>> = (layer.mentions.iter())
                .map(|m| (TokenSpan::from_tokens(m.span.start.get(), m.span.end.get()), m))
                .collect();
            let kept = flat(&spans, self.nesting, place, problems);
            let entities = kept.iter().map(|(_, mention)| {
                Value::from(vec![
                    Value::from(mention.span.start.get()),
                    Value::from(mention.span.end.get()),
                    Value::from(mention.label.as_str()),
                ])
            });
            annotation.insert("entities".to_owned(), entities.collect());
        }
        let kept =
            record.carried_for(FACTS.name).and_then(|data| serde_json::from_str::<Map<String, Value>>(data).ok());
        annotation.extend(kept.unwrap_or_default());
        self.output.write(&(&record.text, annotation))
    }
}

impl RecordWriter for SpacyTuplesWriter {
    fn write(&mut self, record: &ArticleRecord, problems: &mut Vec<Problem>) -> Result<(), FormatError> {
        self.records += 1;
        let place = Place { record: Some(self.records), ..Place::default() };
        // A second layer is a document of its own.
        let holding = Holding { layers: WrittenLayers::All, ..Holding::of(&FACTS) };
        problems.extend(holding.losses(record, place));
        if record.layers.is_empty() {
            return self.write_tuple(record, None, problems);
        }
        record.layers.iter().try_for_each(|layer| self.write_tuple(record, Some(layer), problems))
    }

    fn finish(&mut self) -> Result<(), FormatError> {
        self.output.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::format::Format;
    use crate::formats::trial::{articles, read, round_trip, said};
    use proptest::prelude::*;

    fn check(file: &str, expected: &[&[&str]], problems: &[&str]) {
        let (records, found) = read(Format::SPACY_TUPLES, file, &ReadOptions::default()).unwrap();
        assert_eq!(records.iter().map(said).collect::<Vec<_>>(), expected, "{file}");
        assert_eq!(found.iter().map(ToString::to_string).collect::<Vec<_>>(), problems, "{file}");
        assert_eq!(
            Format::detect(&Sniff::of_file("train.json", file.as_bytes())),
            Some(Format::SPACY_TUPLES),
            "{file}"
        );
    }

    #[test]
    fn tuples_are_read_from_an_array_and_from_lines() {
        check(r#"[["😀 علی", {"entities": [[2, 5, "PER"]]}], ["b", {}]]"#, &[&["PER 2..5"], &[]], &[]);
        check("[\"ab\", {\"entities\": [[0, 1, \"A\"]]}]\n[\"c\", {\"entities\": []}]\n", &[&["A 0..1"], &[]], &[]);
        check(
            r#"[["ab", {"entities": [[0, 9, "A"], [1, 1, "B"], "O", [0, 1, "C"]], "cats": {"x": 1.0}}], 7]"#,
            &[&["C 0..1"]],
            &[
                "record 1, line 1: span 1 was left out: A at 0..9 (codepoint) passes the end of the text or cuts a character",
                "record 1, line 1: span 2 was left out: B at 1..1 (codepoint) covers nothing",
                "record 1, line 1: span 3 was left out: invalid type: string \"O\", expected a tuple of size 3 in \"\\\"O\\\"\"",
                "record 1, line 1: categories of texts (1) are kept aside with the article and written back to this format alone",
                "record 2, line 1, column 90: invalid type: integer `7`, expected a tuple of size 2; the record was left out",
            ],
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn what_was_written_is_read_back(records in articles()) {
            let (first, _) = round_trip(Format::SPACY_TUPLES, &records);
            for (read, record) in first.iter().zip(&records) {
                prop_assert_eq!(&read.text, &record.text);
                let there = said(record);
                prop_assert!(said(read).iter().all(|mention| there.contains(mention)));
            }
            let (second, found) = round_trip(Format::SPACY_TUPLES, &first);
            prop_assert!(found.is_empty(), "{:?}", found);
            prop_assert_eq!(second, first);
        }
    }
}

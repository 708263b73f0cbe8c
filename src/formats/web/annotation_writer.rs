//! Web Annotations of the W3C: writing.
//!
//! Owns the writer and the IRIs it makes. It must not hold more than one record. A record is one JSON-LD graph: its text (annotations
//! name texts and do not hold them, so it must stand there to be read again), and a collection of annotations for each layer. Every
//! target is given twice, by quote and by position.

use crate::domain::offset::Span;
use crate::domain::offset_map::OffsetMap;
use crate::domain::record::{ArticleRecord, LayerRecord, MentionRecord};
use crate::formats::decoding::as_u64;
use crate::formats::finding::Finding;
use crate::formats::format::RecordWriter;
use crate::formats::held_counts::HeldCounts;
use crate::formats::json::values_output::ValuesOutput;
use crate::formats::losses::Holding;
use crate::formats::offset_unit::OffsetUnit;
use crate::formats::problem::{FormatError, Place, Problem};
use crate::formats::web::annotation::FACTS;
use crate::formats::web::document::{each, id_of};
use crate::formats::web::mention::{KeptWeb, More, W3C, kind_of_whole};
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};
use std::io::{self, Write};

/// The context of Web Annotations.
const CONTEXT: &str = "http://www.w3.org/ns/anno.jsonld";

/// How much of the text a quote names before and after it, in code points.
const AROUND: usize = 32;

/// The IRI of a text: a URN with the name, every byte but letters, digits, `-`, `.` and `_` escaped.
///
/// ```
/// use barchasb::formats::web::annotation_writer::iri_from_name;
/// assert_eq!(iri_from_name("a 1"), "urn:barchasb:text:a%201");
/// ```
#[must_use]
pub fn iri_from_name(name: &str) -> String {
    let mut iri = String::from("urn:barchasb:text:");
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => iri.push(char::from(byte)),
            other => iri.push_str(&format!("%{other:02X}")),
        }
    }
    iri
}

/// The writer: a graph for every record, in an array when there are several.
pub(crate) struct WebAnnotationWriter<W: Write> {
    output: ValuesOutput<W>,
    records: u64,
}

impl<W: Write> WebAnnotationWriter<W> {
    /// A writer into `output`.
    pub(crate) fn new(output: W) -> Self {
        Self { output: ValuesOutput::new(output), records: 0 }
    }
}

impl<W: Write + Send> RecordWriter for WebAnnotationWriter<W> {
    fn write(&mut self, record: &ArticleRecord, problems: &mut Vec<Problem>) -> Result<(), FormatError> {
        self.records += 1;
        let place = Place { record: Some(self.records), ..Place::default() };
        let kept = record.carried_for(W3C).and_then(|data| serde_json::from_str::<String>(data).ok());
        let made = || record.name.as_deref().map_or_else(|| format!("urn:barchasb:{}", self.records), iri_from_name);
        let iri = kept.unwrap_or_else(made);
        let mut text = json!({"id": iri, "type": "Text", "format": "text/plain", "value": record.text});
        put(&mut text, "textDirection", record.direction.name());
        if let Some(name) = record.name.as_ref().filter(|name| **name != iri) {
            put(&mut text, "label", name.as_str());
        }
        let writing = Writing { text: &record.text, map: OffsetMap::new(&record.text), iri: &iri, place };
        let mut graph = vec![text];
        for (number, layer) in record.layers.iter().enumerate() {
            graph.push(writing.collection(layer, number + 1, problems));
        }
        problems.extend(Holding::of(&FACTS).losses(record, place));
        let document = json!({"@context": CONTEXT, "@graph": graph});
        Ok(self.output.push(serde_json::to_vec(&document).map_err(io::Error::from)?)?)
    }

    fn finish(&mut self) -> Result<(), FormatError> {
        Ok(self.output.finish()?)
    }
}

/// A text while its layers are written.
struct Writing<'a> {
    text: &'a str,
    map: OffsetMap,
    iri: &'a str,
    place: Place,
}

impl Writing<'_> {
    fn collection(&self, layer: &LayerRecord, number: usize, problems: &mut Vec<Problem>) -> Value {
        let kept = layer.carried_for(W3C).and_then(|data| serde_json::from_str::<KeptWeb>(data).ok());
        let kept = kept.unwrap_or_default();
        let taken = kept.whole.iter().filter_map(id_of).map(str::to_owned).collect();
        let base = format!("{}#{number}", self.iri);
        let ids = kept.ids.assigned(&layer.mentions, &format!("{base}-"), &taken);
        let creator = layer.annotator.as_ref().map(|name| json!({"type": "Person", "name": name}));
        let more: HashMap<&str, &More> = kept.more.iter().map(|(id, more)| (id.as_str(), more)).collect();
        let mut items = Vec::new();
        for (mention, id) in layer.mentions.iter().zip(&ids) {
            let Some(target) = self.target(mention.span) else {
                let (label, span, unit) = (mention.label.clone(), mention.span, OffsetUnit::CodePoint);
                problems.push(Problem::new(self.place, Finding::Uncountable { label, span, unit }));
                continue;
            };
            items.push(annotation(id, mention, creator.as_ref(), target, more.get(id.as_str()).copied()));
        }
        let there: HashSet<&str> = ids.iter().map(String::as_str).collect();
        let gone: HashSet<&str> = kept.ids.ids().filter(|id| !there.contains(id)).collect();
        let mut lost = HeldCounts::default();
        for annotation in &kept.whole {
            let parts = each(annotation.get("target")).iter().chain(each(annotation.get("body")));
            if parts.filter_map(id_of).any(|id| gone.contains(id)) {
                lost.add(kind_of_whole(annotation), 1);
            } else {
                items.push(annotation.clone());
            }
        }
        lost.say_lost(self.place, problems);
        let total = as_u64(items.len());
        let page = json!({"id": format!("{base}-page"), "type": "AnnotationPage", "startIndex": 0, "items": items});
        let mut collection = json!({"id": base, "type": "AnnotationCollection", "total": total, "first": page});
        if let Some(creator) = creator {
            put(&mut collection, "creator", creator);
        }
        collection
    }

    /// The target by quote, with what stands around it, and by position.
    fn target(&self, span: Span) -> Option<Value> {
        let (start, end) = OffsetUnit::CodePoint.units_from_span(&self.map, span)?;
        let slice = |span| self.map.bytes_from_span(span)?.slice(self.text);
        let all = self.map.len_chars();
        let before = Span::new(span.start.minus(AROUND.min(span.start.get())), span.start);
        let after = Span::new(span.end, span.end.plus(AROUND).min(all));
        let quote = json!({
            "type": "TextQuoteSelector", "exact": slice(span)?, "prefix": slice(before)?, "suffix": slice(after)?,
        });
        let position = json!({"type": "TextPositionSelector", "start": start, "end": end});
        Some(json!({"source": self.iri, "selector": [quote, position]}))
    }
}

fn annotation(id: &str, mention: &MentionRecord, creator: Option<&Value>, target: Value, more: Option<&More>) -> Value {
    let body = |purpose: &str, value: &str| json!({"type": "TextualBody", "purpose": purpose, "value": value});
    let mut bodies = vec![body("tagging", &mention.label)];
    bodies.extend(mention.note.as_deref().map(|note| body("commenting", note)));
    bodies.extend(more.into_iter().flat_map(|more| more.bodies.iter().cloned()));
    let mut annotation = json!({"id": id, "type": "Annotation", "motivation": "tagging"});
    if let Some(creator) = creator {
        put(&mut annotation, "creator", creator.clone());
    }
    put(&mut annotation, "body", bodies);
    put(&mut annotation, "target", target);
    for (key, value) in more.into_iter().flat_map(|more| &more.keys) {
        put(&mut annotation, key, value.clone());
    }
    annotation
}

/// Adds a member to an object.
fn put(object: &mut Value, key: &str, value: impl Into<Value>) {
    if let Some(members) = object.as_object_mut() {
        members.insert(key.to_owned(), value.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::format::{Format, ReadOptions, WriteOptions};
    use crate::formats::sniff::Sniff;
    use crate::formats::trial::{ONE, article, articles, mention, read, round_trip, said, written};
    use crate::formats::unsaid_status::unsaid_status;
    use proptest::prelude::*;

    fn check(json: &Value, mentions: &[&str], problems: &[&str]) {
        let (records, told) = read(Format::W3C, json.to_string(), &ReadOptions::default()).unwrap();
        assert_eq!(records.iter().flat_map(said).collect::<Vec<_>>(), mentions, "{json}");
        assert_eq!(told.iter().map(ToString::to_string).collect::<Vec<_>>(), problems, "{json}");
    }

    fn on(id: &str, label: &str, start: u64, end: u64, quote: &str) -> Value {
        json!({"id": id, "type": "Annotation", "body": {"type": "TextualBody", "purpose": "tagging", "value": label},
            "target": {"source": "x:1", "selector": [{"type": "TextPositionSelector", "start": start, "end": end},
                {"type": "TextQuoteSelector", "exact": quote}]}})
    }

    fn graph(annotations: &[Value]) -> Value {
        let mut graph = vec![json!({"id": "x:1", "type": "Text", "value": "😀 علی و علی"})];
        graph.extend_from_slice(annotations);
        json!({"@context": CONTEXT, "@graph": graph})
    }

    #[test]
    fn quotes_prove_the_unit() {
        check(&graph(&[on("x:2", "PER", 2, 5, "علی")]), &["PER 2..5"], &[]);
        let proven =
            "the mentions fit their text only when offsets are counted as utf16, so the file was read that way";
        check(
            &graph(&[on("x:2", "PER", 3, 6, "علی"), on("x:3", "PER", 9, 12, "علی")]),
            &["PER 2..5", "PER 8..11"],
            &[proven],
        );
        let other = "record 1, line 1: span 1 was left out: PER at 3..6 (codepoint) should be \"علی\" but the text there is \"لی \"";
        check(&graph(&[on("x:2", "PER", 3, 6, "علی"), on("x:3", "PER", 2, 5, "علی")]), &["PER 2..5"], &[other]);
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        let no_text = "record 1, line 1: the record has no text and was left out";
        check(&json!({"@context": CONTEXT, "type": "Annotation", "target": "x:1"}), &[], &[no_text]);
        let mut lost = on("x:2", "PER", 2, 5, "علی");
        lost["target"]["source"] = "x:9".into();
        let told = "record 1, line 1: \"x:9\" is referred to and not there; what refers to it was left out";
        check(&graph(&[lost]), &[], &[told]);
    }

    #[test]
    fn creators_are_annotators_and_the_rest_is_carried() {
        let mut first = on("x:2", "PER", 2, 5, "علی");
        first["creator"] = json!({"name": "زهرا"});
        first["created"] = "2020-01-01".into();
        first["body"] = json!([first["body"], {"type": "TextualBody", "purpose": "commenting", "value": "?"},
            {"type": "SpecificResource", "purpose": "identifying", "source": "http://x/Q1"}]);
        let second = on("x:3", "LOC", 8, 11, "علی");
        let link = json!({"id": "x:4", "type": "Annotation", "creator": {"name": "زهرا"}, "motivation": "linking",
            "target": ["x:2", "x:3"], "body": "x:same"});
        let json = graph(&[first, second, link]);
        let carried = |what: &str| {
            format!("record 1, line 1: {what} are kept aside with the article and written back to this format alone")
        };
        let told = [carried("attributes (2)"), carried("relations (1)")];
        check(&json, &["PER 2..5", "LOC 8..11"], &[&told[0], &told[1]]);
        let (mut records, _) = read(Format::W3C, json.to_string(), &ReadOptions::default()).unwrap();
        assert_eq!(records[0].name.as_deref(), Some("x:1"));
        assert_eq!(records[0].layers[0].annotator.as_deref(), Some("زهرا"));
        assert_eq!(records[0].layers[0].mentions[0].note.as_deref(), Some("?"));
        let (again, _) = round_trip(Format::W3C, &records);
        assert_eq!(again, records);
        records[0].layers[0].mentions.clear();
        records[0].layers[0].mentions.push(mention(0, 1, "X"));
        let (_, told) = written(Format::W3C, &records, &WriteOptions::default());
        let lost = "record 1: relations (1) speak of mentions that are no longer there and were left out";
        assert_eq!(told.iter().map(ToString::to_string).collect::<Vec<_>>(), [lost]);
    }

    #[test]
    fn a_file_looks_like_this() {
        let mut record = article("a 1", "علی آمد", &[(0, 3, "PER")]);
        record.layers[0].annotator = Some("زهرا".into());
        let (files, _) = written(Format::W3C, &[record], &WriteOptions::default());
        let file = String::from_utf8(files[ONE].clone()).unwrap();
        insta::assert_snapshot!("graph", file);
        assert_eq!(Format::detect(&Sniff::of_file("x.json", file.as_bytes())), Some(Format::W3C));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn what_is_written_is_read_as_it_was(mut records in articles()) {
            for record in &mut records {
                record.layers.push(LayerRecord { annotator: Some("زهرا".into()), ..record.layers[0].clone() });
                for layer in &mut record.layers {
                    layer.status = unsaid_status(&layer.mentions);
                    if let Some(last) = layer.mentions.last_mut() {
                        last.note = Some("\u{200f}«\"".into());
                    }
                }
            }
            let (read, told) = round_trip(Format::W3C, &records);
            prop_assert_eq!(read, records);
            prop_assert!(told.is_empty(), "{:?}", told);
        }
    }
}

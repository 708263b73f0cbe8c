//! Web Annotations of the W3C in JSON-LD: the row and reading.
//!
//! Owns the reader and what is carried (`KeptWeb`). It must not guess a text: annotations whose text is not in the file cannot be read.
//! A file is a value, or several, each with texts and annotations on them: `@graph`, collections and pages, in any nesting (Web
//! Annotation Data Model, W3C Recommendation of 2017). Tags are labels, comments notes, creators annotators.

use crate::domain::layer::Status;
use crate::domain::offset_map::OffsetMap;
use crate::domain::record::{ArticleRecord, Carried, LayerRecord};
use crate::formats::decoding::{as_u64, check_article_text};
use crate::formats::files::{Input, Source};
use crate::formats::finding::Finding;
use crate::formats::foreign::{Foreign, Held};
use crate::formats::format::{Container, FormatFacts, ReadOptions, RecordReader, Unit};
use crate::formats::json_frame::{Frames, Layout, Limits};
use crate::formats::offset_unit::{OffsetUnit, UnitEvidence};
use crate::formats::problem::{FormatError, Place, Problem};
use crate::formats::sniff::{JsonHead, Likeness, Sniff};
use crate::formats::web::annotation_writer::{WebAnnotationWriter, iri_from_name};
use crate::formats::web::document::{SourceText, WebAnnotation, WebDocument};
use crate::formats::web::mention::{KeptWeb, WebMention, mentions_from};
use crate::formats::web::selector::Selection;
use serde_json::Value;
use std::collections::{HashMap, VecDeque};
use std::io::{Seek, SeekFrom};

/// The row of Web Annotations.
pub static FACTS: FormatFacts = FormatFacts {
    name: "w3c",
    title: "W3C Web Annotation (JSON-LD)",
    endings: &["jsonld", "json"],
    container: Container::File,
    unit: Unit::Fixed(OffsetUnit::CodePoint),
    holds: &[
        Held::Overlap,
        Held::Nesting,
        Held::Discontinuous,
        Held::Relation,
        Held::Attribute,
        Held::OtherAnnotation,
        Held::Note,
        Held::Annotator,
        Held::SecondLayer,
        Held::Name,
    ],
    lines: false,
    columns: false,
    reader: Some(|source: Source, options| Ok(Box::new(WebReader::new(source.one("w3c")?, options)?))),
    writer: Some(|sink, _| Ok(Box::new(WebAnnotationWriter::new(sink.one("w3c")?)))),
    detect: |sniff: &Sniff| {
        let json = sniff.json.as_ref();
        let own = |json: &JsonHead| json.has_any(&["@context", "@graph"]) || json.has(&["type", "target"]);
        let head = String::from_utf8_lossy(&sniff.head);
        let names = |name: &str| head.contains(name);
        match json.is_some_and(own) && (names("www.w3.org/ns/anno") || names("TextPositionSelector")) {
            true => Likeness::Sure,
            false if json.is_some() && sniff.ending() == "jsonld" => Likeness::Likely,
            false => Likeness::No,
        }
    },
    companions: None,
};

/// The reader: one value at a time. It goes over the file twice when positions do not fit their quotes: first to prove the unit.
struct WebReader {
    frames: Frames<Box<dyn Input>>,
    unit: OffsetUnit,
    unit_note: Option<Problem>,
    ready: VecDeque<ArticleRecord>,
}

impl WebReader {
    fn new(mut input: Box<dyn Input>, options: &ReadOptions) -> Result<Self, FormatError> {
        let declared = options.unit.unwrap_or(OffsetUnit::CodePoint);
        let proven = proven_unit(&mut input, declared, options.limits)?;
        input.seek(SeekFrom::Start(0))?;
        Ok(Self {
            frames: Frames::new(input, Layout::Values, options.limits),
            unit: proven.unwrap_or(declared),
            unit_note: proven.map(|unit| Problem::new(Place::default(), Finding::UnitProven(unit))),
            ready: VecDeque::new(),
        })
    }
}

/// The unit that all positions with quotes prove when they do not fit the declared one.
fn proven_unit(
    input: &mut Box<dyn Input>,
    declared: OffsetUnit,
    limits: Limits,
) -> Result<Option<OffsetUnit>, FormatError> {
    let (mut evidence, mut all_fit) = (UnitEvidence::default(), true);
    let mut frames = Frames::new(input, Layout::Values, limits);
    // What is wrong is said when the records are given out.
    let mut unsaid = Vec::new();
    while let Some(frame) = frames.next_frame(&mut unsaid)? {
        unsaid.clear();
        let Ok(value) = frame.parse::<Value>() else { continue };
        let document = WebDocument::from_json(&value);
        for (source, annotations) in document.texts.iter().zip(document.by_text().0) {
            let map = OffsetMap::new(source.text);
            for annotation in annotations {
                let selector = annotation.json.get("target").and_then(|target| target.get("selector"));
                let Some(selection) = selector.and_then(Selection::from_json) else { continue };
                let Some((start, end, quote)) = selection.evidence() else { continue };
                evidence.add(&map, source.text, start, end, Some(quote));
                let span = declared.span_from_units(&map, start, end);
                let slice = span.and_then(|span| map.bytes_from_span(span)).and_then(|bytes| bytes.slice(source.text));
                all_fit &= slice == Some(quote);
            }
        }
        if !all_fit && evidence.is_hopeless() {
            break;
        }
    }
    Ok(if all_fit { None } else { evidence.only_unit() })
}

impl RecordReader for WebReader {
    fn next_record(&mut self, problems: &mut Vec<Problem>) -> Result<Option<ArticleRecord>, FormatError> {
        problems.extend(self.unit_note.take());
        loop {
            if let Some(record) = self.ready.pop_front() {
                return Ok(Some(record));
            }
            let Some(frame) = self.frames.next_frame(problems)? else { return Ok(None) };
            match frame.parse::<Value>() {
                Ok(value) => self.take(&WebDocument::from_json(&value), frame.place(), problems),
                Err(problem) => problems.push(*problem),
            }
        }
    }
}

impl WebReader {
    fn take(&mut self, document: &WebDocument<'_>, place: Place, problems: &mut Vec<Problem>) {
        if document.texts.is_empty() {
            problems.push(Problem::new(place, Finding::NoText));
            return;
        }
        let (by_text, lost) = document.by_text();
        for (source, annotations) in document.texts.iter().zip(by_text) {
            match check_article_text(source.text, place, problems) {
                Ok(()) => self.ready.push_back(self.record(document, source, &annotations, place, problems)),
                Err(problem) => problems.push(*problem),
            }
        }
        for annotation in lost {
            let id = annotation.target().unwrap_or_default().to_owned();
            problems.push(Problem::foreign(place, Foreign::NoSuchId { id }));
        }
    }

    fn record(
        &self,
        document: &WebDocument<'_>,
        source: &SourceText<'_>,
        annotations: &[&WebAnnotation<'_>],
        place: Place,
        problems: &mut Vec<Problem>,
    ) -> ArticleRecord {
        let text = source.text;
        let map = OffsetMap::new(text);
        let mut layers = Layers::of_collections(document);
        for (index, annotation) in annotations.iter().enumerate() {
            let Some(Taking { layer, kept, .. }) = layers.of(annotation) else { continue };
            match mentions_from(annotation.json, text, &map, self.unit) {
                Ok(WebMention::Taken { mentions, id, more }) => {
                    if let Some(first) = mentions.first() {
                        kept.keep(id, first, more);
                    }
                    layer.mentions.extend(mentions);
                }
                Ok(WebMention::Kept(what)) => kept.keep_whole(what, annotation.json),
                Err(fault) => {
                    let number = as_u64(index + 1);
                    problems.push(Problem::new(place, Finding::SpanLeftOut { number, fault }));
                }
            }
        }
        let name = source.name.or(source.id).map(str::to_owned);
        // The IRI is what annotations that are carried name the text by.
        let own = source.id.is_none_or(|id| name.as_deref().is_some_and(|name| iri_from_name(name) == id));
        let iri = source.id.filter(|_| !own).map(|id| Value::String(id.to_owned()).to_string());
        let carried = iri.map(|data| Carried { format: FACTS.name.to_owned(), data }).into_iter().collect();
        let layers = layers.finish(place, problems);
        let text = text.to_owned();
        ArticleRecord { name, text, direction: source.direction, layers, carried, ..ArticleRecord::default() }
    }
}

/// A layer while its annotations are taken.
#[derive(Default)]
struct Taking {
    layer: LayerRecord,
    kept: KeptWeb,
    /// Whether it stays without annotations: its collection has none.
    stays: bool,
}

/// The layers of a text: one for each collection and each further creator.
#[derive(Default)]
struct Layers {
    /// Those of the collections come first, in their order.
    layers: Vec<Taking>,
    /// The first layer of each annotator.
    by_annotator: HashMap<Option<String>, usize>,
}

impl Layers {
    fn of_collections(document: &WebDocument<'_>) -> Self {
        // Collections over several texts say nothing of the layers of one.
        let collections = if document.texts.len() == 1 { document.collections.as_slice() } else { &[] };
        let layers = collections.iter().map(|collection| Taking {
            layer: LayerRecord { annotator: collection.creator.clone(), ..LayerRecord::default() },
            kept: KeptWeb::default(),
            stays: collection.found == 0,
        });
        let mut all = Self { layers: layers.collect(), by_annotator: HashMap::new() };
        for (at, taking) in all.layers.iter().enumerate() {
            all.by_annotator.entry(taking.layer.annotator.clone()).or_insert(at);
        }
        all
    }

    fn of(&mut self, annotation: &WebAnnotation<'_>) -> Option<&mut Taking> {
        let fits = |taking: &Taking| taking.layer.annotator == annotation.creator;
        let own = annotation.collection.filter(|at| self.layers.get(*at).is_some_and(fits));
        let known = || self.by_annotator.get(&annotation.creator).copied();
        let at = own.or_else(known).unwrap_or(self.layers.len());
        if at == self.layers.len() {
            self.by_annotator.insert(annotation.creator.clone(), at);
            let layer = LayerRecord { annotator: annotation.creator.clone(), ..LayerRecord::default() };
            self.layers.push(Taking { layer, ..Taking::default() });
        }
        let taking = self.layers.get_mut(at)?;
        taking.stays = true;
        Some(taking)
    }

    fn finish(self, place: Place, problems: &mut Vec<Problem>) -> Vec<LayerRecord> {
        let mut finished = Vec::new();
        for Taking { mut layer, kept, .. } in self.layers.into_iter().filter(|taking| taking.stays) {
            kept.counts.say_carried(place, problems);
            layer.carried.extend(kept.carried());
            if !layer.mentions.is_empty() {
                layer.status = Status::InProgress;
            }
            finished.push(layer);
        }
        finished
    }
}

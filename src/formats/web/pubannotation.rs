//! PubAnnotation JSON: its row and reading.
//!
//! Owns the reader and what is carried (`KeptParts`). It must not drop a relation or a denotation in several pieces: they are kept
//! with their layer. The format is that of <https://www.pubannotation.org/docs/annotation-format/>: denotations count code points, and
//! the projects of `tracks` are layers.

use crate::domain::layer::Status;
use crate::domain::offset_map::OffsetMap;
use crate::domain::record::{ArticleRecord, Carried, LayerRecord, MentionRecord};
use crate::formats::decoding::{as_u64, checked_text};
use crate::formats::file_span::FileSpan;
use crate::formats::files::{Input, Source};
use crate::formats::finding::{Finding, JsonFault, SpanFault, cut};
use crate::formats::foreign::{Foreign, Held};
use crate::formats::format::{Container, FormatFacts, ReadOptions, RecordReader, Unit};
use crate::formats::held_counts::HeldCounts;
use crate::formats::json::object::{JsonObject, name_from_json};
use crate::formats::json_frame::{Frame, Frames, Layout};
use crate::formats::json_meta::{compact, merge};
use crate::formats::offset_unit::OffsetUnit;
use crate::formats::problem::{FormatError, Place, Problem};
use crate::formats::sniff::{JsonHead, Likeness, Sniff};
use crate::formats::web::kept_ids::KeptIds;
use crate::formats::web::pubannotation_writer::PubAnnotationWriter;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use std::collections::{HashMap, HashSet};

/// The row of PubAnnotation.
pub static FACTS: FormatFacts = FormatFacts {
    name: "pubannotation",
    title: "PubAnnotation JSON",
    endings: &["json"],
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
    reader: Some(|source: Source, options| {
        Ok(Box::new(PubAnnotationReader::new(source.one("pubannotation")?, options)))
    }),
    writer: Some(|sink, _| Ok(Box::new(PubAnnotationWriter::new(sink.one("pubannotation")?)))),
    detect: |sniff: &Sniff| {
        let json = sniff.json.as_ref().filter(|json| json.has(&["text"]));
        let own = |json: &&JsonHead| json.has_any(&["denotations", "tracks", "sourcedb", "sourceid"]);
        if json.filter(own).is_some() { Likeness::Sure } else { Likeness::No }
    },
    companions: None,
};

/// The predicate of an attribute that is a note.
pub(crate) const NOTE: &str = "note";

/// The keys of an object with annotations that are kept as they are, and what they are.
pub(crate) const KEPT: [(&str, Held); 4] = [
    ("relations", Held::Relation),
    ("attributes", Held::Attribute),
    ("modifications", Held::Attribute),
    ("blocks", Held::OtherAnnotation),
];

/// What is carried with a layer: the ids of its mentions and what refers to them, as the file words it.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct KeptParts {
    /// The ids of the mentions.
    pub(crate) ids: KeptIds,
    /// Denotations in several pieces.
    #[serde(default)]
    pub(crate) pieces: Vec<Box<RawValue>>,
    /// By the key under which they stand.
    #[serde(default)]
    pub(crate) parts: HashMap<String, Vec<Box<RawValue>>>,
}

/// What of a kept object says what it refers to.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Reference {
    pub(crate) id: Option<String>,
    pub(crate) subj: Option<Value>,
    pub(crate) pred: Option<Value>,
    pub(crate) obj: Option<Value>,
}

#[derive(Deserialize)]
struct RawDenotation {
    id: Option<String>,
    span: RawPlace,
    obj: Value,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RawPlace {
    One { begin: u64, end: u64 },
    Several(Vec<RawPiece>),
}

#[derive(Deserialize)]
struct RawPiece {
    begin: u64,
    end: u64,
}

/// The reader, one document at a time.
struct PubAnnotationReader {
    frames: Frames<Box<dyn Input>>,
    unit: OffsetUnit,
}

impl PubAnnotationReader {
    fn new(input: Box<dyn Input>, options: &ReadOptions) -> Self {
        let unit = options.unit.unwrap_or(OffsetUnit::CodePoint);
        Self { frames: Frames::new(input, Layout::Values, options.limits), unit }
    }

    fn record(
        &self,
        frame: &Frame,
        mut raw: JsonObject<'_>,
        problems: &mut Vec<Problem>,
    ) -> Result<ArticleRecord, Box<Problem>> {
        let place = frame.place();
        let shape =
            |error: serde_json::Error| Box::new(Problem::new(place, Finding::RecordJson(JsonFault::from(&error))));
        sole_keys(&raw).map_err(shape)?;
        let text = raw.take_as::<String>("text").map_err(shape)?;
        let text = checked_text(text, place, problems)?;
        let name = name_from_source(&mut raw);
        let mut taking = Taking { map: OffsetMap::new(&text), text: &text, unit: self.unit, place, number: 0 };
        let mut layers = Vec::new();
        let tracks = raw.take_as::<Vec<JsonObject<'_>>>("tracks").map_err(shape)?.unwrap_or_default();
        layers.extend(taking.layer(&mut raw, problems).map_err(shape)?);
        for mut track in tracks {
            sole_keys(&track).map_err(shape)?;
            layers.extend(taking.layer(&mut track, problems).map_err(shape)?);
            let unknown = as_u64(track.members.len());
            if unknown > 0 {
                problems.push(Problem::foreign(place, Foreign::NotTaken { what: Held::Meta, count: unknown }));
            }
        }
        let mut carried = Vec::new();
        let rest = raw.into_owned().0;
        if !rest.is_empty() {
            problems.push(Problem::foreign(place, Foreign::Carried { what: Held::Meta, count: as_u64(rest.len()) }));
            carried.push(Carried { format: FACTS.name.to_owned(), data: merge(None, &rest) });
        }
        Ok(ArticleRecord { name, text, layers, carried, ..ArticleRecord::default() })
    }
}

impl RecordReader for PubAnnotationReader {
    fn next_record(&mut self, problems: &mut Vec<Problem>) -> Result<Option<ArticleRecord>, FormatError> {
        while let Some(frame) = self.frames.next_frame(problems)? {
            match frame.parse().and_then(|raw| self.record(&frame, raw, problems)) {
                Ok(record) => return Ok(Some(record)),
                Err(problem) => problems.push(*problem),
            }
        }
        Ok(None)
    }
}

/// A key that stands twice is a fault.
fn sole_keys(object: &JsonObject<'_>) -> Result<(), serde_json::Error> {
    match object.doubles.first() {
        Some(key) => Err(serde::de::Error::custom(format!("the key {key:?} stands twice"))),
        None => Ok(()),
    }
}

/// `sourcedb:sourceid-divid`, as far as they are there. The division stays among the members too, as the name does not say where it begins.
fn name_from_source(raw: &mut JsonObject<'_>) -> Option<String> {
    let database = raw.take_name("sourcedb");
    let id = raw.take_name("sourceid")?;
    let division = raw.get("divid").and_then(name_from_json).map(|division| format!("-{division}")).unwrap_or_default();
    Some(database.map_or_else(|| format!("{id}{division}"), |database| format!("{database}:{id}{division}")))
}

/// A text while its layers are taken.
struct Taking<'a> {
    text: &'a str,
    map: OffsetMap,
    unit: OffsetUnit,
    place: Place,
    /// How many denotations of the record were seen.
    number: u64,
}

impl Taking<'_> {
    /// The layer of a document or track; `None` when it has no annotations and names no project.
    fn layer(
        &mut self,
        raw: &mut JsonObject<'_>,
        problems: &mut Vec<Problem>,
    ) -> Result<Option<LayerRecord>, serde_json::Error> {
        let mut layer = LayerRecord { annotator: raw.take_name("project"), ..LayerRecord::default() };
        let denotations = raw.take_as::<Vec<Box<RawValue>>>("denotations")?;
        let mut kept = KeptParts::default();
        let mut counts = HeldCounts::default();
        // Which mention has which id.
        let mut named: HashMap<String, usize> = HashMap::new();
        let mut ids: HashSet<String> = HashSet::new();
        let is_bare = denotations.is_none() && layer.annotator.is_none();
        for json in denotations.unwrap_or_default() {
            self.number += 1;
            let id = id_of(&json);
            if let Some(id) = id.as_ref().filter(|id| !ids.insert((*id).clone())) {
                problems.push(Problem::foreign(self.place, Foreign::DoubleId { id: cut(id) }));
                continue;
            }
            match self.denotation(&json) {
                Ok(Some((mention, id))) => {
                    if let Some(id) = id {
                        kept.ids.keep(&id, &mention);
                        named.insert(id, layer.mentions.len());
                    }
                    layer.mentions.push(mention);
                }
                Ok(None) => {
                    counts.add(Held::Discontinuous, 1);
                    kept.pieces.extend(RawValue::from_string(compact(json.get())));
                }
                Err(fault) => {
                    // What refers to it refers to nothing.
                    id.map(|id| ids.remove(&id));
                    let number = self.number;
                    problems.push(Problem::new(self.place, Finding::SpanLeftOut { number, fault }));
                }
            }
        }
        let mut parts = Vec::new();
        for (key, what) in KEPT {
            let found = raw.take_as::<Vec<Box<RawValue>>>(key)?.unwrap_or_default();
            ids.extend(found.iter().filter_map(|json| id_of(json)));
            parts.push((key, what, found));
        }
        for (key, what, found) in parts {
            for json in found {
                if let Some(id) = referred(key, &json).into_iter().find(|id| !ids.contains(id)) {
                    problems.push(Problem::foreign(self.place, Foreign::NoSuchId { id: cut(&id) }));
                    continue;
                }
                if key == "attributes" && take_note(&json, &named, &mut layer) {
                    continue;
                }
                counts.add(what, 1);
                kept.parts.entry(key.to_owned()).or_default().extend(RawValue::from_string(compact(json.get())));
            }
        }
        counts.say_carried(self.place, problems);
        if !kept.pieces.is_empty() || !kept.parts.is_empty() {
            let data = serde_json::to_value(&kept).map(|kept| kept.to_string())?;
            layer.carried.push(Carried { format: FACTS.name.to_owned(), data });
        } else if is_bare {
            return Ok(None);
        }
        if !layer.mentions.is_empty() {
            layer.status = Status::InProgress;
        }
        Ok(Some(layer))
    }

    /// The mention and its id; `None` for one in several pieces.
    fn denotation(&self, json: &RawValue) -> Result<Option<(MentionRecord, Option<String>)>, SpanFault> {
        let raw: RawDenotation = serde_json::from_str(json.get()).map_err(|error| match JsonFault::from(&error) {
            JsonFault::Unfinished { words } | JsonFault::Syntax { words } | JsonFault::Shape { words } => {
                SpanFault::Unreadable { words, json: cut(json.get()) }
            }
        })?;
        let (start, end) = match raw.span {
            RawPlace::One { begin, end } => (begin, end),
            RawPlace::Several(pieces) => match pieces.as_slice() {
                [piece] => (piece.begin, piece.end),
                _ => return Ok(None),
            },
        };
        let label = match raw.obj {
            Value::String(label) => label,
            Value::Null => String::new(),
            other => other.to_string(),
        };
        let span = FileSpan { start, end, unit: self.unit, label: &label, surface: None };
        Ok(Some((span.placed(self.text, &self.map)?, raw.id)))
    }
}

/// The id of a denotation or of what refers to one.
fn id_of(json: &RawValue) -> Option<String> {
    serde_json::from_str::<Reference>(json.get()).ok()?.id
}

/// The ids that what stands under a key refers to.
fn referred(key: &str, json: &RawValue) -> Vec<String> {
    let Ok(reference) = serde_json::from_str::<Reference>(json.get()) else { return Vec::new() };
    let subject = reference.subj.filter(|_| matches!(key, "relations" | "attributes"));
    let object = reference.obj.filter(|_| matches!(key, "relations" | "modifications"));
    [subject, object].into_iter().flatten().filter_map(|value| value.as_str().map(str::to_owned)).collect()
}

/// Whether an attribute was the first note of a mention, and taken as such.
fn take_note(json: &RawValue, named: &HashMap<String, usize>, layer: &mut LayerRecord) -> bool {
    let Ok(Reference {
        subj: Some(Value::String(of)),
        pred: Some(Value::String(pred)),
        obj: Some(Value::String(note)),
        ..
    }) = serde_json::from_str::<Reference>(json.get())
    else {
        return false;
    };
    let mention = named.get(&of).and_then(|at| layer.mentions.get_mut(*at));
    match mention {
        Some(mention) if pred == NOTE && !note.is_empty() && mention.note.is_none() => {
            mention.note = Some(note);
            true
        }
        _ => false,
    }
}

//! Prodigy's JSON Lines: reading answered tasks as articles.
//!
//! Owns the row, the reader and the shape of a task: `{"text", "meta", "tokens": [{"text", "start", "end", "id", "ws"}], "spans":
//! [{"start", "end", "token_start", "token_end", "label"}], "answer", "_input_hash", "_session_id", …}`, of which `text` alone must be
//! there. Offsets count code points; `token_end` is the last token itself. The source is the documentation of Prodigy (Explosion).
//!
//! - An accepted task is a layer that is done. The spans of a rejected or ignored one are no mentions: reject says that a span is wrong.
//! - The annotator is `_annotator_id`, or else `_session_id`.
//! - Keys that are not known, as the hashes, are kept aside and written back. The program's own `id` and `status` stand beside them.

use crate::domain::layer::Status;
use crate::domain::mention::Origin;
use crate::domain::offset::Span;
use crate::domain::offset_map::OffsetMap;
use crate::domain::record::{ArticleRecord, Carried, LayerRecord, MentionRecord};
use crate::formats::decoding::{as_u64, checked_text};
use crate::formats::files::{Input, Sink, Source};
use crate::formats::finding::{Finding, JsonFault, Misfit, SpanFault, cut};
use crate::formats::foreign::{Foreign, Held};
use crate::formats::format::{Container, FormatFacts, ReadOptions, RecordReader, Unit};
use crate::formats::json_frame::{Frame, Frames, Layout};
use crate::formats::json_meta::merge;
use crate::formats::offset_unit::{OffsetUnit, UnitEvidence, surface_fits};
use crate::formats::problem::{FormatError, Place, Problem};
use crate::formats::prodigy::writer::{ProdigyWriter, patterns};
use crate::formats::sniff::{Likeness, Sniff};
use crate::formats::tokens::kept::kept_tokens;
use crate::formats::unsaid_status::unsaid_status;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::io::{Seek, SeekFrom};
use std::ops::ControlFlow;

/// The row of Prodigy's JSON Lines.
pub static FACTS: FormatFacts = FormatFacts {
    name: "prodigy",
    title: "Prodigy JSON Lines, a task with its answer a line",
    endings: &["jsonl"],
    container: Container::File,
    unit: Unit::Fixed(OffsetUnit::CodePoint),
    holds: &[
        Held::Overlap,
        Held::Nesting,
        Held::Attribute,
        Held::OtherAnnotation,
        Held::Note,
        Held::Status,
        Held::Annotator,
        Held::SecondLayer,
        Held::Meta,
        Held::Name,
        Held::WhiteSpace,
        Held::Character,
        Held::TokenEdge,
    ],
    lines: true,
    columns: false,
    reader: Some(|source: Source, options| Ok(Box::new(ProdigyReader::new(source, options)?))),
    writer: Some(|sink: Sink, _| Ok(Box::new(ProdigyWriter::new(sink.one("prodigy")?)))),
    detect,
    companions: Some(patterns),
};

fn detect(sniff: &Sniff) -> Likeness {
    let Some(json) = sniff.json.as_ref().filter(|json| !json.is_array && json.has(&["text"])) else {
        return Likeness::No;
    };
    let is_task = json.has_any(&["_input_hash", "_task_hash", "_view_id"])
        || (json.has(&["answer", "spans"]) || json.has(&["tokens", "spans"]))
            && json.inner_keys.iter().any(|key| key == "token_end");
    if is_task { Likeness::Sure } else { Likeness::No }
}

/// What of a task is kept aside: with the layer of its annotator, or with the article when there is none.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct KeptTask {
    /// Keys that are not known, with their values.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub keys: Map<String, Value>,
    /// Spans with keys that a mention does not hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spans: Vec<KeptSpan>,
}

/// A span with keys that a mention does not hold.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub struct KeptSpan {
    /// The code point at which it begins.
    pub start: usize,
    /// The code point at which it ends.
    pub end: usize,
    /// Its label.
    pub label: String,
    /// Its further keys.
    pub keys: Map<String, Value>,
}

#[derive(Deserialize)]
struct RawTask<'a> {
    text: Option<String>,
    id: Option<Value>,
    #[serde(rename = "meta")]
    _meta: Option<serde::de::IgnoredAny>,
    #[serde(borrow)]
    tokens: Option<Vec<RawToken<'a>>>,
    spans: Option<Vec<Value>>,
    answer: Option<String>,
    status: Option<String>,
    #[serde(flatten)]
    keys: Map<String, Value>,
}

/// The meta alone, as it is written: the keys of a task that are not known cannot be gathered beside raw JSON.
#[derive(Deserialize)]
struct RawMeta<'a> {
    #[serde(borrow)]
    meta: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct RawToken<'a> {
    #[serde(borrow)]
    text: Cow<'a, str>,
    start: u64,
    end: u64,
}

#[derive(Deserialize)]
struct RawSpan {
    start: u64,
    end: u64,
    label: String,
    text: Option<String>,
    note: Option<String>,
    #[serde(flatten)]
    keys: Map<String, Value>,
}

/// The reader of Prodigy's tasks. It goes over the file twice: first to prove the unit of its offsets by the texts of tokens and spans.
///
/// ```
/// use barchasb::formats::files::Source;
/// use barchasb::formats::format::{Format, ReadOptions, open_reader};
/// let file = r#"{"text":"علی آمد","spans":[{"start":0,"end":3,"label":"PER"}],"answer":"accept","_session_id":"زهرا"}"#;
/// let mut reader = open_reader(Format::PRODIGY, Source::from_bytes(file), &ReadOptions::default()).unwrap();
/// let article = reader.next_record(&mut Vec::new()).unwrap().unwrap();
/// assert_eq!(article.layers[0].annotator.as_deref(), Some("زهرا"));
/// assert_eq!(article.layers[0].status.name(), "done");
/// ```
pub struct ProdigyReader {
    frames: Frames<Box<dyn Input>>,
    unit: OffsetUnit,
    unit_note: Option<Problem>,
}

impl ProdigyReader {
    /// A reader of the file in `source`, whose offsets are proven now.
    ///
    /// # Errors
    /// [`FormatError`] when the file cannot be read, is empty, or there are several.
    pub fn new(source: Source, options: &ReadOptions) -> Result<Self, FormatError> {
        let mut input = source.one("prodigy")?;
        let declared = options.unit.unwrap_or_default();
        let proven = prove_unit(&mut input, declared, options)?;
        input.seek(SeekFrom::Start(0))?;
        let unit_note = proven.map(|unit| Problem::new(Place::default(), Finding::UnitProven(unit)));
        let frames = Frames::new(input, Layout::Lines, options.limits);
        Ok(Self { frames, unit: proven.unwrap_or(declared), unit_note })
    }

    fn record_from_raw(
        &self,
        frame: &Frame,
        mut raw: RawTask<'_>,
        problems: &mut Vec<Problem>,
    ) -> Result<ArticleRecord, Box<Problem>> {
        let place = frame.place();
        let text = checked_text(raw.text.take(), place, problems)?;
        let map = OffsetMap::new(&text);
        let accepted = raw.answer.as_deref().is_none_or(|answer| answer == "accept");
        let mut record = ArticleRecord {
            name: raw.id.as_ref().and_then(text_from_value),
            meta: frame.parse::<RawMeta<'_>>().map(|raw| merge(raw.meta, &[])).unwrap_or_default(),
            ..ArticleRecord::default()
        };
        if raw.id.is_some() && record.name.is_none() {
            problems.push(Problem::foreign(place, Foreign::NotTaken { what: Held::Name, count: 1 }));
        }
        if let Some(tokens) = &raw.tokens {
            match self.placed_tokens(&text, &map, tokens) {
                Some(spans) => record.carried.push(kept_tokens(&[spans])),
                None => {
                    let words = "the tokens do not stand in the text where they must".to_owned();
                    problems.push(Problem::foreign(place, Foreign::Unreadable { words }));
                }
            }
        }
        record.text = text;
        let annotator = ["_annotator_id", "_session_id"].iter().find_map(|key| text_from_value(raw.keys.get(*key)?));
        let mut kept = KeptTask { keys: std::mem::take(&mut raw.keys), ..KeptTask::default() };
        if !accepted {
            // All of it is kept: what was rejected must come back as it was.
            let answer = raw.answer.unwrap_or_default();
            problems.push(Problem::foreign(place, Foreign::NotAccepted { answer: cut(&answer) }));
            kept.keys.insert("answer".to_owned(), Value::String(answer));
            if let Some(spans) = raw.spans {
                kept.keys.insert("spans".to_owned(), Value::Array(spans));
            }
            record.carried.extend(carried(&kept));
            return Ok(record);
        }
        let is_bare = raw.answer.is_none() && raw.spans.is_none() && raw.status.is_none() && annotator.is_none();
        let mut layer = LayerRecord { annotator, ..LayerRecord::default() };
        for (index, span) in raw.spans.unwrap_or_default().into_iter().enumerate() {
            match self.mention_from_value(&span, &record.text, &map) {
                Ok((mention, keys)) => {
                    if !keys.is_empty() {
                        let (start, end) = (mention.span.start.get(), mention.span.end.get());
                        kept.spans.push(KeptSpan { start, end, label: mention.label.clone(), keys });
                    }
                    layer.mentions.push(mention);
                }
                Err(fault) => {
                    problems.push(Problem::new(place, Finding::SpanLeftOut { number: as_u64(index + 1), fault }));
                }
            }
        }
        let open = unsaid_status(&layer.mentions);
        let taken = if raw.answer.is_some() { Status::Done } else { open };
        layer.status = raw.status.as_deref().map_or(taken, |name| {
            Status::from_name(name).unwrap_or_else(|| {
                problems.push(Problem::new(place, Finding::UnknownStatus { name: cut(name), read_as: taken }));
                taken
            })
        });
        say_kept(&kept, place, problems);
        if is_bare {
            record.carried.extend(carried(&kept));
        } else {
            layer.carried.extend(carried(&kept));
            record.layers.push(layer);
        }
        Ok(record)
    }

    /// The tokens that are no white space; `None` when one does not stand where it says.
    fn placed_tokens(&self, text: &str, map: &OffsetMap, tokens: &[RawToken<'_>]) -> Option<Vec<Span>> {
        let mut spans = Vec::with_capacity(tokens.len());
        for token in tokens.iter().filter(|token| !token.text.trim().is_empty()) {
            let span = self.unit.span_from_units(map, token.start, token.end)?;
            surface_fits(map, text, span, Some(&token.text)).then(|| spans.push(span))?;
        }
        Some(spans)
    }

    fn mention_from_value(
        &self,
        value: &Value,
        text: &str,
        map: &OffsetMap,
    ) -> Result<(MentionRecord, Map<String, Value>), SpanFault> {
        let mut raw = RawSpan::deserialize(value).map_err(|error| match JsonFault::from(&error) {
            JsonFault::Unfinished { words } | JsonFault::Syntax { words } | JsonFault::Shape { words } => {
                SpanFault::Unreadable { words, json: cut(&value.to_string()) }
            }
        })?;
        let (start, end, unit) = (raw.start, raw.end, self.unit);
        if raw.label.trim().is_empty() {
            return Err(SpanFault::NoLabel { start, end, unit });
        }
        let refuse = |misfit| SpanFault::Misfit { label: raw.label.clone(), start, end, unit, misfit };
        if start >= end {
            return Err(refuse(Misfit::Nothing));
        }
        let span = unit.span_from_units(map, start, end).ok_or_else(|| refuse(Misfit::OutOfText))?;
        if !surface_fits(map, text, span, raw.text.as_deref()) {
            let stands = map.bytes_from_span(span).and_then(|bytes| bytes.slice(text)).unwrap_or_default();
            let named = cut(raw.text.as_deref().unwrap_or_default());
            return Err(refuse(Misfit::OtherSurface { named, stands: cut(stands) }));
        }
        // These are counted again when the span is written.
        ["token_start", "token_end"].iter().for_each(|key| drop(raw.keys.shift_remove(*key)));
        if let Some(surface) = raw.text {
            raw.keys.insert("text".to_owned(), Value::String(surface));
        }
        let note = raw.note.filter(|note| !note.is_empty());
        Ok((MentionRecord { span, label: raw.label, note, origin: Origin::Import }, raw.keys))
    }
}

impl RecordReader for ProdigyReader {
    fn next_record(&mut self, problems: &mut Vec<Problem>) -> Result<Option<ArticleRecord>, FormatError> {
        problems.extend(self.unit_note.take());
        while let Some(frame) = self.frames.next_frame(problems)? {
            match frame.parse().and_then(|raw| self.record_from_raw(&frame, raw, problems)) {
                Ok(record) => return Ok(Some(record)),
                Err(problem) => problems.push(*problem),
            }
        }
        Ok(None)
    }
}

fn text_from_value(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()).filter(|text| !text.trim().is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn carried(kept: &KeptTask) -> Option<Carried> {
    let data = serde_json::to_string(kept).ok().filter(|_| *kept != KeptTask::default())?;
    Some(Carried { format: FACTS.name.to_owned(), data })
}

fn say_kept(kept: &KeptTask, place: Place, problems: &mut Vec<Problem>) {
    // What Prodigy itself keeps for its own use begins with an underscore, and is no annotation.
    let known = |key: &str| key.starts_with('_') || key == "relations";
    let relations = kept.keys.get("relations").and_then(Value::as_array).map_or(0, Vec::len);
    let others = kept.keys.keys().filter(|key| !known(key)).count();
    // The surface of a span is no attribute.
    let attributes = kept.spans.iter().flat_map(|span| span.keys.keys()).filter(|key| *key != "text").count();
    for (what, count) in [(Held::Relation, relations), (Held::OtherAnnotation, others), (Held::Attribute, attributes)] {
        if count > 0 {
            problems.push(Problem::foreign(place, Foreign::Carried { what, count: as_u64(count) }));
        }
    }
}

/// The unit that all spans and tokens of the file prove when the declared one does not fit.
fn prove_unit(
    input: &mut Box<dyn Input>,
    declared: OffsetUnit,
    options: &ReadOptions,
) -> Result<Option<OffsetUnit>, FormatError> {
    let go_on = |goes: bool| if goes { ControlFlow::Continue(()) } else { ControlFlow::Break(()) };
    let flow = for_each_surface(input, options, |map, text, (start, end), surface| {
        let at = declared.span_from_units(map, start, end);
        go_on(at.is_some_and(|at| surface_fits(map, text, at, surface)))
    })?;
    if flow.is_continue() {
        return Ok(None);
    }
    let mut evidence = UnitEvidence::default();
    let _ = for_each_surface(input, options, |map, text, (start, end), surface| {
        evidence.add(map, text, start, end, surface);
        go_on(!evidence.is_hopeless())
    })?;
    Ok(evidence.only_unit())
}

/// Shows the edges of every span and token to `see`, from the beginning of the file, until it breaks.
fn for_each_surface(
    input: &mut Box<dyn Input>,
    options: &ReadOptions,
    mut see: impl FnMut(&OffsetMap, &str, (u64, u64), Option<&str>) -> ControlFlow<()>,
) -> Result<ControlFlow<()>, FormatError> {
    input.seek(SeekFrom::Start(0))?;
    let mut frames = Frames::new(input, Layout::Lines, options.limits);
    // What is wrong is said when the records are given out.
    let mut unsaid = Vec::new();
    while let Some(frame) = frames.next_frame(&mut unsaid)? {
        unsaid.clear();
        let Ok(RawTask { text: Some(text), tokens, spans, .. }) = frame.parse::<RawTask<'_>>() else { continue };
        let map = OffsetMap::new(&text);
        for span in spans.iter().flatten().filter_map(|span| RawSpan::deserialize(span).ok()) {
            if see(&map, &text, (span.start, span.end), span.text.as_deref()).is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        for token in tokens.iter().flatten() {
            if see(&map, &text, (token.start, token.end), Some(&token.text)).is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
    }
    Ok(ControlFlow::Continue(()))
}

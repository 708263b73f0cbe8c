//! An article of the program's own JSON, or of a table with the same columns, checked and made a record.
//!
//! Owns what is asked of its text, status and spans, and the proof of the unit they are counted in. It must not know how articles stand in
//! a file, nor repair a span or drop one in silence.

use crate::domain::layer::Status;
use crate::domain::mention::Origin;
use crate::domain::offset_map::OffsetMap;
use crate::domain::record::{ArticleRecord, Carried, LayerRecord, MentionRecord};
use crate::formats::decoding::{as_u64, checked_text};
use crate::formats::finding::{Finding, Misfit, SpanFault, cut};
use crate::formats::json_meta::merge;
use crate::formats::offset_unit::{OffsetUnit, UnitEvidence, surface_fits};
use crate::formats::problem::{Place, Problem};
use crate::formats::training_decision::decisions_from_raw;
use crate::formats::training_record::{RawArticle, RawSpan, SpanJson};
use std::collections::{BTreeMap, HashSet};

/// How many unknown keys are named; a file that makes them up cannot fill the memory.
const MAX_KEYS_SAID: usize = 1_000;

/// Makes records of the articles of one file.
///
/// ```
/// use barchasb::formats::problem::Place;
/// use barchasb::formats::training_article::ArticleShaper;
/// let raw = serde_json::from_str(r#"{"text": "علی", "spans": [{"start": 0, "end": 9, "label": "PER"}]}"#).unwrap();
/// let mut problems = Vec::new();
/// let record = ArticleShaper::new(None).record_from_raw(Place::default(), raw, &mut problems).unwrap();
/// assert_eq!((record.text.as_str(), problems.len()), ("علی", 1));
/// ```
#[derive(Debug)]
pub struct ArticleShaper {
    /// The unit for the whole file; `None` to believe each record.
    unit: Option<OffsetUnit>,
    keys_said: HashSet<String>,
}

impl ArticleShaper {
    /// A shaper of the articles of one file, whose offsets count in `unit`; `None` to believe each article.
    #[must_use]
    pub fn new(unit: Option<OffsetUnit>) -> Self {
        Self { unit, keys_said: HashSet::new() }
    }

    /// The unit for the whole file; `None` when each article is believed.
    #[must_use]
    pub fn unit(&self) -> Option<OffsetUnit> {
        self.unit
    }

    /// Counts the offsets of the articles to come in `unit`.
    pub fn set_unit(&mut self, unit: Option<OffsetUnit>) {
        self.unit = unit;
    }

    /// The record of an article that stands at `place`.
    ///
    /// # Errors
    /// The [`Problem`] when it has no text.
    pub fn record_from_raw(
        &mut self,
        place: Place,
        raw: RawArticle,
        problems: &mut Vec<Problem>,
    ) -> Result<ArticleRecord, Box<Problem>> {
        let map = raw.text.as_deref().map(OffsetMap::new).unwrap_or_default();
        self.record_from_mapped(place, raw, &map, problems)
    }

    /// The same for an article whose text is mapped already.
    ///
    /// # Errors
    /// The [`Problem`] when it has no text.
    pub fn record_from_mapped(
        &mut self,
        place: Place,
        mut raw: RawArticle,
        map: &OffsetMap,
        problems: &mut Vec<Problem>,
    ) -> Result<ArticleRecord, Box<Problem>> {
        let text = checked_text(raw.text.take(), place, problems)?;
        let (carried, decisions) = (raw.take_carried(), raw.take_decisions());
        self.name_unknown_keys(&raw, place, problems);
        let unit = self.unit.unwrap_or_else(|| declared_unit(&raw, place, problems));
        let says_nothing = raw.annotator.is_none() && raw.status.is_none() && raw.spans.is_empty();
        let is_bare = says_nothing && carried.layer.is_empty() && decisions.is_empty();
        let status = status_from_raw(&raw, place);
        let mut mentions = Vec::with_capacity(raw.spans.len());
        for (index, span) in raw.spans.into_iter().enumerate() {
            match span.read().and_then(|span| mention_from_raw(span, &text, map, unit)) {
                Ok((mention, unknown)) => {
                    mentions.push(mention);
                    self.name_unknown_span_keys(&unknown, place, problems);
                }
                Err(fault) => {
                    problems.push(Problem::new(place, Finding::SpanLeftOut { number: as_u64(index + 1), fault }));
                }
            }
        }
        let status = status.unwrap_or_else(|(problem, open)| {
            problems.push(*problem);
            open
        });
        let decisions = decisions_from_raw(decisions, &text, map, unit, place, problems);
        let carried_by_layer = carried_from_json(carried.layer);
        let layer = LayerRecord { annotator: raw.annotator, status, mentions, decisions, carried: carried_by_layer };
        Ok(ArticleRecord {
            name: raw.id,
            text,
            meta: merge(raw.meta.as_deref(), &raw.extra),
            layers: if is_bare { Vec::new() } else { vec![layer] },
            carried: carried_from_json(carried.article),
            ..ArticleRecord::default()
        })
    }

    fn name_unknown_keys(&mut self, raw: &RawArticle, place: Place, problems: &mut Vec<Problem>) {
        for (key, _) in &raw.extra {
            if self.keys_said.len() < MAX_KEYS_SAID && self.keys_said.insert(key.clone()) {
                problems.push(Problem::new(place, Finding::UnknownKey { key: key.clone() }));
            }
        }
    }

    fn name_unknown_span_keys(&mut self, keys: &[String], place: Place, problems: &mut Vec<Problem>) {
        for key in keys {
            if self.keys_said.len() < MAX_KEYS_SAID && self.keys_said.insert(format!("spans[].{key}")) {
                problems.push(Problem::new(place, Finding::UnknownSpanKey { key: key.clone() }));
            }
        }
    }
}

/// What is carried for other formats, by their names.
fn carried_from_json(carried: BTreeMap<String, String>) -> Vec<Carried> {
    carried.into_iter().map(|(format, data)| Carried { format, data }).collect()
}

fn declared_unit(raw: &RawArticle, place: Place, problems: &mut Vec<Problem>) -> OffsetUnit {
    let Some(name) = raw.offset_unit.as_deref() else { return OffsetUnit::default() };
    OffsetUnit::from_name(name).unwrap_or_else(|| {
        problems.push(Problem::new(place, Finding::UnknownUnit { name: name.to_owned() }));
        OffsetUnit::default()
    })
}

/// The unit in which an article says it counts.
pub(crate) fn unit_of(raw: &RawArticle) -> OffsetUnit {
    raw.offset_unit.as_deref().and_then(OffsetUnit::from_name).unwrap_or_default()
}

/// The status of the layer, or what is wrong with it and as what it is read then. A file that names none leaves it open: in progress
/// with spans, new without.
fn status_from_raw(raw: &RawArticle, place: Place) -> Result<Status, (Box<Problem>, Status)> {
    let open = if raw.spans.is_empty() { Status::New } else { Status::InProgress };
    let Some(name) = raw.status.as_deref() else { return Ok(open) };
    Status::from_name(name).ok_or_else(|| {
        let finding = Finding::UnknownStatus { name: name.to_owned(), read_as: open };
        (Box::new(Problem::new(place, finding)), open)
    })
}

pub(super) fn mention_from_raw(
    raw: RawSpan,
    text: &str,
    map: &OffsetMap,
    unit: OffsetUnit,
) -> Result<(MentionRecord, Vec<String>), SpanFault> {
    let (start, end) = (raw.start, raw.end);
    if raw.label.trim().is_empty() {
        return Err(SpanFault::NoLabel { start, end, unit });
    }
    let refuse = |misfit| SpanFault::Misfit { label: raw.label.clone(), start, end, unit, misfit };
    if start >= end {
        return Err(refuse(Misfit::Nothing));
    }
    let Some(span) = unit.span_from_units(map, start, end) else {
        return Err(refuse(Misfit::OutOfText));
    };
    if !surface_fits(map, text, span, raw.text.as_deref()) {
        let stands = map.byte_from_char(span.start).zip(map.byte_from_char(span.end));
        let stands = stands.and_then(|(start, end)| text.get(start.get()..end.get())).unwrap_or_default();
        let named = raw.text.as_deref().unwrap_or_default();
        return Err(refuse(Misfit::OtherSurface { named: cut(named), stands: cut(stands) }));
    }
    let note = raw.note.filter(|note| !note.is_empty());
    Ok((MentionRecord { span, label: raw.label, note, origin: Origin::Import }, raw.unknown))
}

/// Finds the unit that all mentions of a file prove, when the one it declares does not fit. The file is shown to it once, and once more
/// where a mention does not fit.
///
/// ```
/// use barchasb::formats::offset_unit::OffsetUnit;
/// use barchasb::formats::training_article::UnitProof;
/// let json = r#"{"text": "😀 علی", "spans": [{"start": 3, "end": 6, "label": "PER", "text": "علی"}]}"#;
/// let mut proof = UnitProof::new(None);
/// while proof.needs_pass() {
///     proof.add(&serde_json::from_str(json).unwrap());
///     proof.end_pass();
/// }
/// assert_eq!(proof.unit(), Some(OffsetUnit::Utf16));
/// ```
#[derive(Debug)]
pub struct UnitProof {
    asked: Option<OffsetUnit>,
    stage: Stage,
}

#[derive(Debug)]
enum Stage {
    /// Whether every mention fits as it is declared.
    Declared { fits: bool },
    /// What the mentions say.
    Evidence(Box<UnitEvidence>),
    /// The unit; `None` to believe the file.
    Done(Option<OffsetUnit>),
}

impl UnitProof {
    /// A proof about a file; `asked` is the unit that the caller says it counts in.
    #[must_use]
    pub fn new(asked: Option<OffsetUnit>) -> Self {
        Self { asked, stage: Stage::Declared { fits: true } }
    }

    /// Whether the file must be shown (again).
    #[must_use]
    pub fn needs_pass(&self) -> bool {
        !matches!(self.stage, Stage::Done(_))
    }

    /// Whether the rest of this pass cannot change anything.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        match &self.stage {
            Stage::Declared { fits } => !fits,
            Stage::Evidence(evidence) => evidence.is_hopeless(),
            Stage::Done(_) => true,
        }
    }

    /// Takes an article in.
    pub fn add(&mut self, article: &RawArticle) {
        let Some(text) = article.text.as_deref().filter(|_| !article.spans.is_empty()) else { return };
        let map = OffsetMap::new(text);
        let unit = self.asked.unwrap_or_else(|| unit_of(article));
        for span in article.spans.iter().filter_map(SpanJson::sound) {
            match &mut self.stage {
                Stage::Declared { fits } => {
                    let at = unit.span_from_units(&map, span.start, span.end);
                    *fits &= at.is_some_and(|at| surface_fits(&map, text, at, span.text.as_deref()));
                }
                Stage::Evidence(evidence) => evidence.add(&map, text, span.start, span.end, span.text.as_deref()),
                Stage::Done(_) => {}
            }
            if self.is_settled() {
                return;
            }
        }
    }

    /// The file ends here.
    pub fn end_pass(&mut self) {
        self.stage = match &self.stage {
            Stage::Declared { fits: false } => Stage::Evidence(Box::default()),
            Stage::Declared { fits: true } => Stage::Done(None),
            Stage::Evidence(evidence) => Stage::Done(evidence.only_unit()),
            Stage::Done(unit) => Stage::Done(*unit),
        };
    }

    /// The unit that is proven; `None` to believe the file.
    #[must_use]
    pub fn unit(&self) -> Option<OffsetUnit> {
        match &self.stage {
            Stage::Done(unit) => *unit,
            Stage::Declared { .. } | Stage::Evidence(_) => None,
        }
    }
}

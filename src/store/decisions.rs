//! Decisions as JSON, in the project file and wherever a project's actions are kept.
//!
//! Owns the wording that `schema/4.sql` tells. It must not decide anything.

use crate::domain::decision::{Decision, Decisions, Reading, Ruling, Strategy};
use crate::domain::label::LabelId;
use crate::domain::layer::AnnotatorId;
use crate::domain::mention::MentionKey;
use crate::domain::offset::{CharOffset, Span};
use crate::store::reason::DecisionFlaw;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A decision as it is worded in JSON.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StoredDecision {
    #[serde(rename = "s")]
    start: u32,
    #[serde(rename = "e")]
    end: u32,
    #[serde(rename = "r")]
    readings: Vec<StoredReading>,
    #[serde(rename = "v")]
    ruling: String,
    #[serde(rename = "g", default, skip_serializing_if = "Vec::is_empty")]
    gold: Vec<StoredKey>,
    #[serde(rename = "w", default, skip_serializing_if = "Option::is_none")]
    reason: Option<Box<str>>,
    #[serde(rename = "q", default, skip_serializing_if = "Option::is_none")]
    question: Option<Box<str>>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct StoredReading {
    #[serde(rename = "a")]
    annotator: Uuid,
    #[serde(rename = "m")]
    mentions: Vec<StoredKey>,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct StoredKey {
    #[serde(rename = "s")]
    start: u32,
    #[serde(rename = "e")]
    end: u32,
    #[serde(rename = "l")]
    label: Uuid,
}

impl From<&MentionKey> for StoredKey {
    fn from(key: &MentionKey) -> Self {
        let (start, end) = numbers_from_span(key.span);
        Self { start, end, label: key.label.0 }
    }
}

impl StoredKey {
    fn key(self) -> MentionKey {
        MentionKey { span: span_from_numbers(self.start, self.end), label: LabelId(self.label) }
    }
}

fn span_from_numbers(start: u32, end: u32) -> Span {
    Span::from_chars(start as usize, end as usize)
}

fn numbers_from_span(span: Span) -> (u32, u32) {
    // A text of four thousand million characters is refused long before.
    let number = |at: CharOffset| u32::try_from(at.get()).unwrap_or(u32::MAX);
    (number(span.start), number(span.end))
}

impl From<&Decision> for StoredDecision {
    fn from(decision: &Decision) -> Self {
        let (start, end) = numbers_from_span(decision.span);
        let keys = |mentions: &[MentionKey]| mentions.iter().map(StoredKey::from).collect();
        let reading =
            |reading: &Reading| StoredReading { annotator: reading.annotator.0, mentions: keys(&reading.mentions) };
        Self {
            start,
            end,
            readings: decision.readings.iter().map(reading).collect(),
            ruling: name_from_ruling(decision.ruling),
            gold: keys(&decision.gold),
            reason: decision.reason.clone(),
            question: decision.question.clone(),
        }
    }
}

impl StoredDecision {
    /// The decision; `None` when its ruling is none or a span covers nothing.
    #[must_use]
    pub fn decision(self) -> Option<Decision> {
        let keys = |stored: Vec<StoredKey>| stored.into_iter().map(StoredKey::key).collect::<Vec<_>>();
        let span = span_from_numbers(self.start, self.end);
        let reading = |stored: StoredReading| Reading {
            annotator: AnnotatorId(stored.annotator),
            mentions: keys(stored.mentions),
        };
        let decision = Decision {
            span,
            readings: self.readings.into_iter().map(reading).collect(),
            ruling: ruling_from_name(&self.ruling)?,
            gold: keys(self.gold),
            reason: self.reason.filter(|reason| !reason.trim().is_empty()),
            question: self.question.filter(|question| !question.trim().is_empty()),
        };
        let covers = named(&decision).all(|mention| mention.span.start < mention.span.end);
        (self.start < self.end && covers).then_some(decision)
    }
}

fn name_from_ruling(ruling: Ruling) -> String {
    match ruling {
        Ruling::Taken(annotator) => format!("taken:{}", annotator.0),
        Ruling::Nothing => "nothing".to_owned(),
        Ruling::Edited => "edited".to_owned(),
        Ruling::Strategy(strategy) => format!("strategy:{}", strategy.name()),
        Ruling::Aside => "aside".to_owned(),
    }
}

fn ruling_from_name(name: &str) -> Option<Ruling> {
    match name.split_once(':') {
        Some(("taken", annotator)) => Some(Ruling::Taken(AnnotatorId(Uuid::try_parse(annotator).ok()?))),
        Some(("strategy", strategy)) => Strategy::from_name(strategy).map(Ruling::Strategy),
        None if name == "nothing" => Some(Ruling::Nothing),
        None if name == "edited" => Some(Ruling::Edited),
        None if name == "aside" => Some(Ruling::Aside),
        _ => None,
    }
}

/// The annotators that the JSON of decisions names; none when it cannot be read.
pub(super) fn annotators_in(json: &str) -> Vec<AnnotatorId> {
    let stored: Vec<StoredDecision> = serde_json::from_str(json).unwrap_or_default();
    stored.into_iter().filter_map(StoredDecision::decision).flat_map(|decision| annotators_of(&decision)).collect()
}

/// The annotators that a decision names.
pub(super) fn annotators_of(decision: &Decision) -> Vec<AnnotatorId> {
    let taken = if let Ruling::Taken(annotator) = decision.ruling { Some(annotator) } else { None };
    decision.readings.iter().map(|reading| reading.annotator).chain(taken).collect()
}

/// The JSON of decisions.
pub(super) fn json_from_decisions(decisions: &Decisions) -> String {
    let stored: Vec<StoredDecision> = decisions.iter().map(StoredDecision::from).collect();
    // What is made of numbers and strings always has a JSON form.
    serde_json::to_string(&stored).unwrap_or_else(|_| "[]".to_owned())
}

/// The decisions of a layer of a text that ends at `text_end`.
pub(super) fn decisions_from_json(json: &str, text_end: CharOffset) -> Result<Decisions, DecisionFlaw> {
    if json == "[]" {
        return Ok(Decisions::default());
    }
    let stored: Vec<StoredDecision> =
        serde_json::from_str(json).map_err(|error| DecisionFlaw::Unreadable { words: error.to_string() })?;
    let decision = |stored: StoredDecision| {
        let (start, end) = (stored.start, stored.end);
        let decision = stored.decision().ok_or(DecisionFlaw::Nothing { start, end })?;
        let reaches = named(&decision).map(|mention| mention.span.end).chain([decision.span.end]).max();
        if reaches > Some(text_end) { Err(DecisionFlaw::OutOfText { start, end, text_end }) } else { Ok(decision) }
    };
    stored.into_iter().map(decision).collect()
}

/// The mentions that a decision names: what was seen, and what it left.
fn named(decision: &Decision) -> impl Iterator<Item = &MentionKey> {
    decision.readings.iter().flat_map(|reading| &reading.mentions).chain(&decision.gold)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(start: usize, end: usize) -> MentionKey {
        MentionKey { span: Span::from_chars(start, end), label: LabelId(Uuid::from_u128(3)) }
    }

    fn check(ruling: Ruling) {
        let readings =
            [1, 2].map(|n| Reading { annotator: AnnotatorId(Uuid::from_u128(n)), mentions: vec![key(0, 4)] });
        let decision = Decision {
            span: Span::from_chars(0, 4),
            readings: readings.to_vec(),
            ruling,
            gold: vec![key(0, 3)],
            reason: Some("slip".into()),
            question: None,
        };
        let decisions: Decisions = [decision].into_iter().collect();
        let json = json_from_decisions(&decisions);
        assert_eq!(decisions_from_json(&json, CharOffset::new(4)).unwrap(), decisions, "{json}");
        assert!(decisions_from_json(&json, CharOffset::new(3)).is_err(), "it passes the text");
    }

    #[test]
    fn decisions_come_back_as_they_went() {
        check(Ruling::Taken(AnnotatorId(Uuid::from_u128(1))));
        check(Ruling::Nothing);
        check(Ruling::Edited);
        check(Ruling::Aside);
        for strategy in Strategy::ALL {
            check(Ruling::Strategy(strategy));
        }
    }

    #[test]
    fn what_is_no_decision_is_told() {
        for json in ["", "{}", r#"[{"s":0,"e":2,"r":[],"v":"tossed"}]"#, r#"[{"s":2,"e":2,"r":[],"v":"nothing"}]"#] {
            assert!(decisions_from_json(json, CharOffset::new(9)).is_err(), "{json}");
        }
    }
}

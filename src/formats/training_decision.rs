//! Decisions of a review in the program's own JSON: the key `decisions` of a gold layer.
//!
//! Owns both ways: reading them against the text, and writing them. It must not decide anything, nor repair a decision.

use crate::domain::decision::Strategy;
use crate::domain::offset_map::OffsetMap;
use crate::domain::record::{DecisionRecord, KeyRecord, ReadingRecord, RulingRecord};
use crate::formats::decoding::as_u64;
use crate::formats::finding::Finding;
use crate::formats::offset_unit::OffsetUnit;
use crate::formats::problem::{Place, Problem};
use crate::formats::training_article::mention_from_raw;
use crate::formats::training_json_writer::{WrittenSpan, written_span};
use crate::formats::training_record::RawSpan;
use serde::{Deserialize, Serialize};

/// A decision of a file before it is checked: `{"start":, "end":, "ruling":, "by":, "spans": [], "readings": [{"annotator":, "spans": []}],
/// "reason":, "question":}`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawDecision {
    start: u64,
    end: u64,
    ruling: RulingName,
    #[serde(default)]
    by: Option<String>,
    #[serde(default)]
    spans: Vec<RawSpan>,
    #[serde(default)]
    readings: Vec<RawReading>,
    #[serde(default)]
    reason: Option<String>,
    #[serde(default)]
    question: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawReading {
    annotator: String,
    spans: Vec<RawSpan>,
}

/// What was decided, without by whom or by which strategy.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum RulingName {
    Taken,
    Nothing,
    Edited,
    Strategy,
    Aside,
}

/// The decisions of a layer whose offsets count in `unit`; one that does not fit the text, or that nobody made, is said and left out.
pub(super) fn decisions_from_raw(
    raw: Vec<RawDecision>,
    text: &str,
    map: &OffsetMap,
    unit: OffsetUnit,
    place: Place,
    problems: &mut Vec<Problem>,
) -> Vec<DecisionRecord> {
    let mut decisions = Vec::with_capacity(raw.len());
    for (index, raw) in raw.into_iter().enumerate() {
        match decision_from_raw(raw, text, map, unit) {
            Some(decision) => decisions.push(decision),
            None => problems.push(Problem::new(place, Finding::DecisionLeftOut { number: as_u64(index + 1) })),
        }
    }
    decisions
}

fn decision_from_raw(raw: RawDecision, text: &str, map: &OffsetMap, unit: OffsetUnit) -> Option<DecisionRecord> {
    let keys = |spans: Vec<RawSpan>| {
        let key = |span| {
            let (mention, _) = mention_from_raw(span, text, map, unit).ok()?;
            Some(KeyRecord { span: mention.span, label: mention.label })
        };
        spans.into_iter().map(key).collect::<Option<Vec<_>>>()
    };
    let reading =
        |reading: RawReading| Some(ReadingRecord { annotator: reading.annotator, mentions: keys(reading.spans)? });
    let said = |words: Option<String>| words.filter(|words| !words.trim().is_empty());
    let by = said(raw.by);
    let ruling = match raw.ruling {
        RulingName::Taken => RulingRecord::Taken(by?),
        RulingName::Nothing => RulingRecord::Nothing,
        RulingName::Edited => RulingRecord::Edited,
        RulingName::Strategy => RulingRecord::Strategy(Strategy::from_name(&by?)?),
        RulingName::Aside => RulingRecord::Aside,
    };
    let span = unit.span_from_units(map, raw.start, raw.end).filter(|span| !span.is_empty())?;
    let readings: Vec<ReadingRecord> = raw.readings.into_iter().map(reading).collect::<Option<_>>()?;
    let is_named = readings.iter().all(|reading| !reading.annotator.trim().is_empty());
    let decision = DecisionRecord {
        span,
        readings,
        ruling,
        gold: keys(raw.spans)?,
        reason: said(raw.reason),
        question: said(raw.question),
    };
    is_named.then_some(decision)
}

/// A decision as it is written.
#[derive(Debug, Serialize)]
pub(super) struct WrittenDecision<'a> {
    start: u64,
    end: u64,
    ruling: RulingName,
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<&'a str>,
    spans: Vec<WrittenSpan<'a>>,
    readings: Vec<WrittenReading<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    question: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct WrittenReading<'a> {
    annotator: &'a str,
    spans: Vec<WrittenSpan<'a>>,
}

/// The decisions as they are written; one that cannot be counted in the unit is said and left out.
pub(super) fn written_decisions<'a>(
    decisions: &'a [DecisionRecord],
    text: &'a str,
    map: &OffsetMap,
    unit: OffsetUnit,
    place: Place,
    problems: &mut Vec<Problem>,
) -> Vec<WrittenDecision<'a>> {
    let mut written = Vec::with_capacity(decisions.len());
    for (index, decision) in decisions.iter().enumerate() {
        match written_decision(decision, text, map, unit) {
            Some(decision) => written.push(decision),
            None => problems.push(Problem::new(place, Finding::DecisionLeftOut { number: as_u64(index + 1) })),
        }
    }
    written
}

fn written_decision<'a>(
    decision: &'a DecisionRecord,
    text: &'a str,
    map: &OffsetMap,
    unit: OffsetUnit,
) -> Option<WrittenDecision<'a>> {
    let keys = |mentions: &'a [KeyRecord]| {
        let key = |key: &'a KeyRecord| written_span(text, map, unit, key.span, &key.label, None);
        mentions.iter().map(key).collect::<Option<Vec<_>>>()
    };
    let reading = |reading: &'a ReadingRecord| {
        Some(WrittenReading { annotator: &reading.annotator, spans: keys(&reading.mentions)? })
    };
    let (start, end) = unit.units_from_span(map, decision.span)?;
    let (ruling, by) = match &decision.ruling {
        RulingRecord::Taken(annotator) => (RulingName::Taken, Some(annotator.as_str())),
        RulingRecord::Nothing => (RulingName::Nothing, None),
        RulingRecord::Edited => (RulingName::Edited, None),
        RulingRecord::Strategy(strategy) => (RulingName::Strategy, Some(strategy.name())),
        RulingRecord::Aside => (RulingName::Aside, None),
    };
    Some(WrittenDecision {
        start,
        end,
        ruling,
        by,
        spans: keys(&decision.gold)?,
        readings: decision.readings.iter().map(reading).collect::<Option<_>>()?,
        reason: decision.reason.as_deref(),
        question: decision.question.as_deref(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::layer::Status;
    use crate::domain::offset::Span;
    use crate::domain::record::{ArticleRecord, LayerRecord};
    use crate::formats::format::{ReadOptions, RecordReader, RecordWriter};
    use crate::formats::json_frame::Layout;
    use crate::formats::training_json::TrainingJsonReader;
    use crate::formats::training_json_writer::TrainingJsonWriter;
    use std::io::Cursor;

    fn key(start: usize, end: usize) -> KeyRecord {
        KeyRecord { span: Span::from_chars(start, end), label: "PER".into() }
    }

    fn gold(ruling: RulingRecord) -> ArticleRecord {
        let reading = |annotator: &str, mentions| ReadingRecord { annotator: annotator.into(), mentions };
        let decision = DecisionRecord {
            span: Span::from_chars(2, 11),
            readings: vec![reading("زهرا", vec![key(2, 11)]), reading("علی", Vec::new())],
            ruling,
            gold: vec![key(2, 7)],
            reason: Some("title-rule".into()),
            question: None,
        };
        let layer = LayerRecord {
            annotator: Some("gold".into()),
            status: Status::Done,
            decisions: vec![decision],
            ..LayerRecord::default()
        };
        ArticleRecord {
            name: Some("a".into()),
            text: "😀 سردار علی آمد".into(),
            layers: vec![layer],
            ..ArticleRecord::default()
        }
    }

    fn file_from(record: &ArticleRecord, unit: OffsetUnit) -> String {
        let (mut file, mut problems) = (Vec::new(), Vec::new());
        let mut writer = TrainingJsonWriter::new(&mut file, Layout::Lines, unit);
        writer.write(record, &mut problems).unwrap();
        writer.finish().unwrap();
        drop(writer);
        assert_eq!(problems, []);
        String::from_utf8(file).unwrap()
    }

    fn read(file: String) -> (ArticleRecord, Vec<Finding>) {
        let mut reader =
            TrainingJsonReader::new(Cursor::new(file.into_bytes()), Layout::Lines, &ReadOptions::default()).unwrap();
        let mut problems = Vec::new();
        let record = reader.next_record(&mut problems).unwrap().unwrap();
        (record, problems.into_iter().map(|problem| problem.finding).collect())
    }

    #[test]
    fn a_decision_looks_like_this() {
        let file = file_from(&gold(RulingRecord::Taken("زهرا".into())), OffsetUnit::CodePoint);
        let decisions = r#""decisions":[{"start":2,"end":11,"ruling":"taken","by":"زهرا","spans":[{"start":2,"end":7,"label":"PER","text":"سردار"}],"readings":[{"annotator":"زهرا","spans":[{"start":2,"end":11,"label":"PER","text":"سردار علی"}]},{"annotator":"علی","spans":[]}],"reason":"title-rule"}]}"#;
        assert!(file.trim_end().ends_with(decisions), "{file}");
    }

    #[test]
    fn decisions_come_back_as_they_went() {
        let rulings = [RulingRecord::Nothing, RulingRecord::Edited, RulingRecord::Aside];
        let strategies = Strategy::ALL.map(RulingRecord::Strategy);
        for ruling in rulings.into_iter().chain(strategies).chain([RulingRecord::Taken("زهرا".into())]) {
            for unit in OffsetUnit::ALL {
                let record = gold(ruling.clone());
                assert_eq!(read(file_from(&record, unit)), (record, Vec::new()));
            }
        }
    }

    /// Reads a layer with this value under the key, and compares how many decisions are taken, how many are left out and whether the
    /// key stays one like others.
    fn check(decisions: &str, expected: (usize, usize, bool)) {
        let (record, findings) = read(format!(r#"{{"text":"علی","annotator":"gold","decisions":{decisions}}}"#));
        let left_out = |finding: &&Finding| matches!(finding, Finding::DecisionLeftOut { .. });
        let found = (record.layers[0].decisions.len(), findings.iter().filter(left_out).count());
        assert_eq!((found.0, found.1, record.meta.contains("decisions")), expected, "{decisions}: {findings:?}");
    }

    #[test]
    fn what_is_no_decision_is_said_or_kept() {
        check("[]", (0, 0, false));
        check(r#"[{"start":0,"end":3,"ruling":"nothing"}]"#, (1, 0, false));
        check(r#"[{"start":0,"end":3,"ruling":"nothing"},{"start":0,"end":9,"ruling":"nothing"}]"#, (1, 1, false));
        check(r#"[{"start":3,"end":3,"ruling":"nothing"}]"#, (0, 1, false));
        check(r#"[{"start":0,"end":3,"ruling":"taken"}]"#, (0, 1, false));
        check(r#"[{"start":0,"end":3,"ruling":"strategy","by":"dice"}]"#, (0, 1, false));
        check(
            r#"[{"start":0,"end":3,"ruling":"edited","spans":[{"start":0,"end":3,"label":"PER","text":"رضا"}]}]"#,
            (0, 1, false),
        );
        check(r#"[{"start":0,"end":3,"ruling":"edited","readings":[{"annotator":" ","spans":[]}]}]"#, (0, 1, false));
        check(r#"[{"start":0,"end":3,"ruling":"tossed"}]"#, (0, 0, true));
        check(r#"["دلبخواه"]"#, (0, 0, true));
        check("7", (0, 0, true));
    }
}

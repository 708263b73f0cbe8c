//! Decisions by the names of annotators and labels: as they travel into a project and out of it.
//!
//! Owns what becomes of a decision that does not fit. It must not know any file format, nor JSON.

use crate::domain::article::Article;
use crate::domain::decision::{Decision, Decisions, Reading, Ruling};
use crate::domain::label::{LabelId, LabelSet};
use crate::domain::layer::AnnotatorId;
use crate::domain::mention::MentionKey;
use crate::domain::record::{DecisionRecord, KeyRecord, ReadingRecord, RulingRecord};
use crate::store::articles;
use crate::store::contract::Result;
use crate::store::database::Database;
use std::collections::HashMap;

/// What names of a record mean in a project.
pub(super) trait Names {
    /// The label of this name, made when there is none.
    fn label(&mut self, name: &str) -> Result<LabelId>;

    /// The annotator of this name, made when there is none.
    fn annotator(&mut self, name: &str) -> Result<AnnotatorId>;
}

/// Whether a decision can stand in this article: its spans fit, and nobody and nothing in it is without a name.
pub(super) fn fits(record: &DecisionRecord, article: &Article) -> bool {
    let keys = || record.readings.iter().flat_map(|reading| &reading.mentions).chain(&record.gold);
    let taken = if let RulingRecord::Taken(name) = &record.ruling { Some(name) } else { None };
    let mut annotators = record.readings.iter().map(|reading| &reading.annotator).chain(taken);
    keys().map(|key| key.span).chain([record.span]).all(|span| !span.is_empty() && span.end <= article.span().end)
        && keys().all(|key| !key.label.trim().is_empty())
        && annotators.all(|name| !name.trim().is_empty())
}

/// The decisions of records that [`fits`] let through.
pub(super) fn decisions_from_records<'a>(
    records: impl Iterator<Item = &'a DecisionRecord>,
    names: &mut dyn Names,
) -> Result<Decisions> {
    records.map(|record| decision_from_record(record, names)).collect()
}

fn decision_from_record(record: &DecisionRecord, names: &mut dyn Names) -> Result<Decision> {
    let mut readings = Vec::with_capacity(record.readings.len());
    for reading in &record.readings {
        let annotator = names.annotator(reading.annotator.trim())?;
        readings.push(Reading { annotator, mentions: keys_from_records(&reading.mentions, names)? });
    }
    // Readings stand in the order of ids, which no other project shares.
    readings.sort();
    let ruling = match &record.ruling {
        RulingRecord::Taken(name) => Ruling::Taken(names.annotator(name.trim())?),
        RulingRecord::Nothing => Ruling::Nothing,
        RulingRecord::Edited => Ruling::Edited,
        RulingRecord::Strategy(strategy) => Ruling::Strategy(*strategy),
        RulingRecord::Aside => Ruling::Aside,
    };
    let said = |words: &Option<String>| words.as_deref().filter(|words| !words.trim().is_empty()).map(Box::from);
    Ok(Decision {
        span: record.span,
        readings,
        ruling,
        gold: keys_from_records(&record.gold, names)?,
        reason: said(&record.reason),
        question: said(&record.question),
    })
}

fn keys_from_records(records: &[KeyRecord], names: &mut dyn Names) -> Result<Vec<MentionKey>> {
    let key = |key: &KeyRecord| Ok(MentionKey { span: key.span, label: names.label(&key.label)? });
    let mut keys = records.iter().map(key).collect::<Result<Vec<_>>>()?;
    keys.sort();
    Ok(keys)
}

/// The records of decisions, with the labels that show. What is gone keeps its identity as its name.
pub(super) fn records_from_decisions(
    db: Database<'_>,
    decisions: &Decisions,
    set: &LabelSet,
) -> Result<Vec<DecisionRecord>> {
    if decisions.is_empty() {
        return Ok(Vec::new());
    }
    let names: HashMap<AnnotatorId, String> =
        articles::annotators(db)?.into_iter().map(|annotator| (annotator.id, annotator.name)).collect();
    let name_of = |id: AnnotatorId| names.get(&id).cloned().unwrap_or_else(|| id.0.to_string());
    let keys = |mentions: &[MentionKey]| mentions.iter().map(|key| record_from_key(*key, set)).collect();
    let record = |decision: &Decision| {
        let reading = |reading: &Reading| ReadingRecord {
            annotator: name_of(reading.annotator),
            mentions: keys(&reading.mentions),
        };
        let mut readings: Vec<ReadingRecord> = decision.readings.iter().map(reading).collect();
        readings.sort_by(|one, other| one.annotator.cmp(&other.annotator));
        let ruling = match decision.ruling {
            Ruling::Taken(annotator) => RulingRecord::Taken(name_of(annotator)),
            Ruling::Nothing => RulingRecord::Nothing,
            Ruling::Edited => RulingRecord::Edited,
            Ruling::Strategy(strategy) => RulingRecord::Strategy(strategy),
            Ruling::Aside => RulingRecord::Aside,
        };
        DecisionRecord {
            span: decision.span,
            readings,
            ruling,
            gold: keys(&decision.gold),
            reason: decision.reason.as_deref().map(str::to_owned),
            question: decision.question.as_deref().map(str::to_owned),
        }
    };
    Ok(decisions.iter().map(record).collect())
}

fn record_from_key(key: MentionKey, set: &LabelSet) -> KeyRecord {
    let shown = set.shown(key.label);
    let label = set.get(shown).map_or_else(|| shown.0.to_string(), |label| label.name.clone());
    KeyRecord { span: key.span, label }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::decision::{GOLD, Strategy};
    use crate::domain::layer::{Layer, Status};
    use crate::domain::offset::Span;
    use crate::domain::record::ArticleRecord;
    use crate::store::contract::{ImportCount, Selection, Store, Taking};
    use crate::store::sqlite::SqliteStore;
    use crate::store::sqlite::fixture::{empty_project, record};
    use std::ops::ControlFlow;
    use tempfile::TempDir;

    const TEXT: &str = "علی به تهران رفت";

    fn key(start: usize, end: usize, label: &str) -> KeyRecord {
        KeyRecord { span: Span::from_chars(start, end), label: label.into() }
    }

    fn decision(end: usize, ruling: RulingRecord) -> DecisionRecord {
        let reading = |annotator: &str, mentions| ReadingRecord { annotator: annotator.into(), mentions };
        DecisionRecord {
            span: Span::from_chars(0, end),
            readings: vec![reading("رضا", Vec::new()), reading("سارا", vec![key(0, end, "PER")])],
            ruling,
            gold: vec![key(0, 3, "نو")],
            reason: Some("slip".into()),
            question: Some("چرا؟".into()),
        }
    }

    fn gold(decisions: Vec<DecisionRecord>) -> ArticleRecord {
        let mut record = record("a", TEXT, &[(GOLD, Status::Done, &[(0, 3, "نو")])]);
        record.layers[0].decisions = decisions;
        record
    }

    fn exported(store: &SqliteStore) -> Vec<ArticleRecord> {
        let mut records = Vec::new();
        store
            .export(&Selection::default(), &mut |record| {
                records.push(record);
                ControlFlow::Continue(())
            })
            .unwrap();
        records
    }

    /// Takes the records in one after the other and gives the count of the last, the gold layer and the project.
    fn taken(records: Vec<ArticleRecord>, taking: Taking<'_>) -> (ImportCount, Layer, TempDir, SqliteStore) {
        let (dir, mut store) = empty_project();
        let mut count = ImportCount::default();
        for record in records {
            count = store.take_in(&mut std::iter::once(record), taking, &mut || true).unwrap();
        }
        assert!(store.check(&mut |_, _| ControlFlow::Continue(())).unwrap().is_empty());
        let (article, gold) = (store.article_by_name("a").unwrap().unwrap(), store.annotator(GOLD).unwrap().id);
        let layer = store.layer(article, gold).unwrap();
        (count, layer, dir, store)
    }

    const LAYERS: Taking<'_> = Taking::Layers { annotator: "x" };
    const EDITIONS: Taking<'_> = Taking::Editions { annotator: "x" };

    #[test]
    fn a_gold_layer_travels_whole() {
        let rulings = [RulingRecord::Nothing, RulingRecord::Aside, RulingRecord::Taken("سارا".into())];
        for ruling in rulings.into_iter().chain(Strategy::ALL.map(RulingRecord::Strategy)) {
            let record = gold(vec![decision(3, ruling), decision(6, RulingRecord::Edited)]);
            let (count, layer, _dir, store) = taken(vec![record.clone()], LAYERS);
            assert_eq!((count.layers, layer.decisions.len(), count.problems.len()), (1, 2, 0));
            assert_eq!(exported(&store), [record]);
            assert_eq!(store.annotators().unwrap().len(), 3, "those who are named are made");
        }
    }

    #[test]
    fn a_merged_label_goes_out_by_the_name_that_shows() {
        use crate::store::contract::Saved;
        let (_, _, _dir, mut store) = taken(vec![gold(vec![decision(3, RulingRecord::Edited)])], LAYERS);
        let set = store.labels().unwrap();
        let mut merged = set.by_name("نو").unwrap().clone();
        merged.merged_into = Some(set.by_name("LOC").unwrap().id);
        let gold = store.annotator(GOLD).unwrap().id;
        store.save(gold, &[Saved::Label(merged)]).unwrap();
        assert_eq!(exported(&store)[0].layers[0].decisions[0].gold, [key(0, 3, "LOC")]);
    }

    /// Takes `second` in where a gold layer of one decision stands, and compares how many layers came, how many problems there were and
    /// how many decisions stand then.
    fn check(taking: Taking<'_>, second: Vec<DecisionRecord>, expected: (u64, usize, usize)) {
        let first = gold(vec![decision(3, RulingRecord::Nothing)]);
        let (count, layer, ..) = taken(vec![first, gold(second.clone())], taking);
        assert_eq!((count.layers, count.problems.len(), layer.decisions.len()), expected, "{second:?}");
    }

    #[test]
    fn decisions_that_stand_are_kept_or_edited_as_mentions_are() {
        let (same, other) = (decision(3, RulingRecord::Nothing), decision(3, RulingRecord::Edited));
        for taking in [LAYERS, EDITIONS] {
            check(taking, vec![same.clone()], (0, 0, 1));
            check(taking, Vec::new(), (0, 0, 1));
        }
        check(LAYERS, vec![other.clone()], (0, 1, 1));
        check(EDITIONS, vec![other], (1, 0, 1));
        check(EDITIONS, vec![same, decision(6, RulingRecord::Aside)], (1, 0, 2));
    }

    #[test]
    fn a_decision_that_does_not_fit_is_left_out_and_said() {
        let good = decision(3, RulingRecord::Nothing);
        let unfit = [
            DecisionRecord { span: Span::from_chars(0, 99), ..good.clone() },
            DecisionRecord { span: Span::from_chars(3, 3), ..good.clone() },
            DecisionRecord { gold: vec![key(0, 99, "PER")], ..good.clone() },
            DecisionRecord { gold: vec![key(0, 3, " ")], ..good.clone() },
            decision(3, RulingRecord::Taken(" ".into())),
        ];
        for one in unfit {
            let (count, layer, ..) = taken(vec![gold(vec![one.clone(), good.clone()])], LAYERS);
            assert_eq!((count.layers, count.problems.len(), layer.decisions.len()), (1, 1, 1), "{one:?}");
        }
    }
}

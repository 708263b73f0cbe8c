//! Giving layers out as records.
//!
//! Owns which layers a selection means and that what is given out was checked. It must not know any file format.

use crate::domain::label::{LabelId, LabelSet};
use crate::domain::layer::Status;
use crate::domain::mention::{Mention, MentionSet};
use crate::domain::record::{ArticleRecord, LayerRecord, MentionRecord};
use crate::store::contract::{Result, Selection, StoreError};
use crate::store::database::Database;
use crate::store::decision_records::records_from_decisions;
use crate::store::decisions::decisions_from_json;
use crate::store::reason::{Damage, Sought};
use crate::store::{articles, carried, labels, layers};
use std::ops::ControlFlow;

/// Gives out every selected layer, in the order of import, on one unchanging view of the project.
pub(super) fn export(
    db: Database<'_>,
    selection: &Selection,
    sink: &mut dyn FnMut(ArticleRecord) -> ControlFlow<()>,
) -> Result<()> {
    db.reading(|| {
        if let Some(name) = &selection.annotator
            && articles::annotator_by_name(db, name)?.is_none()
        {
            return Err(StoreError::NotFound { what: Sought::AnnotatorNamed(name.clone()) });
        }
        let set = labels::labels(db)?;
        for position in 1..=articles::count(db)? {
            let Some(record) = record_at(db, position, selection, &set)? else { continue };
            if sink(record).is_break() {
                break;
            }
        }
        Ok(())
    })
}

/// A layer as it is stored.
struct LayerText {
    id: String,
    annotator: String,
    status: String,
    spans: String,
    decisions: String,
}

/// The layers of one article that a selection means, by the annotator's name.
fn selected_layers(db: Database<'_>, position: i64, selection: &Selection) -> Result<Vec<LayerText>> {
    const SQL: &str = "SELECT n.id, n.name, l.status, l.spans, l.decisions FROM layer l JOIN annotator n ON n.id = l.annotator \
         WHERE l.article = ?1 AND (?2 IS NULL OR n.name = ?2) AND (?3 IS NULL OR l.status = ?3) ORDER BY n.name";
    let annotator = selection.annotator.as_deref().map(str::trim);
    db.rows(SQL, (position, annotator, selection.status.map(Status::name)), |r| {
        let (id, annotator, status) = (r.get(0)?, r.get(1)?, r.get(2)?);
        Ok(LayerText { id, annotator, status, spans: r.get(3)?, decisions: r.get(4)? })
    })
}

pub(super) fn record_at(
    db: Database<'_>,
    position: i64,
    selection: &Selection,
    set: &LabelSet,
) -> Result<Option<ArticleRecord>> {
    let stored = selected_layers(db, position, selection)?;
    let everything = *selection == Selection::default();
    if stored.is_empty() && (!everything || has_layer(db, position)?) {
        return Ok(None);
    }
    let row = articles::row_at(db, position)?;
    let row = row.ok_or_else(|| db.damaged(Damage::NoArticle(position)))?;
    let article = row.into_placed(db)?.article;
    let mut carried = carried::at(db, position)?;
    let layers = stored.into_iter().map(|layer| {
        let status = layers::status_from_name(db, &layer.status, &article)?;
        let mentions = resolved(layers::mentions_from_json(db, &layer.spans, &article)?, set);
        let carried = carried.remove(&layer.id).unwrap_or_default();
        let damaged = |flaw| db.damaged(Damage::Decisions { article: article.name().to_owned(), flaw });
        let decisions = decisions_from_json(&layer.decisions, article.span().end).map_err(damaged)?;
        let decisions = records_from_decisions(db, &decisions, set)?;
        Ok(LayerRecord { annotator: Some(layer.annotator), status, mentions, decisions, carried })
    });
    let layers = layers.collect::<Result<_>>()?;
    Ok(Some(ArticleRecord {
        name: Some(article.name().to_owned()),
        text: article.text().to_string(),
        meta: article.meta().to_owned(),
        direction: article.direction,
        layers,
        predictions: Vec::new(),
        carried: carried.remove("").unwrap_or_default(),
    }))
}

fn has_layer(db: Database<'_>, position: i64) -> Result<bool> {
    Ok(db.row("SELECT 1 FROM layer WHERE article = ?1 LIMIT 1", [position], |_| Ok(()))?.is_some())
}

/// The mentions by the name of the label that shows, each once. A label that is gone keeps its identity as its name.
fn resolved(mentions: MentionSet, set: &LabelSet) -> Vec<MentionRecord> {
    let shown = |id: LabelId| set.shown(id);
    let merged = mentions.iter().any(|m| shown(m.label) != m.label);
    let mentions = if merged {
        MentionSet::from_mentions(mentions.iter().map(|m| Mention { label: shown(m.label), ..m.clone() }).collect())
    } else {
        mentions
    };
    mentions
        .iter()
        .map(|m| MentionRecord {
            span: m.span,
            label: set.get(m.label).map_or_else(|| m.label.0.to_string(), |label| label.name.clone()),
            note: m.note.as_deref().map(str::to_owned),
            origin: m.origin,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::offset::Span;
    use crate::store::contract::{Saved, Store};
    use crate::store::sqlite::fixture::{LayerSketch, empty_project, record};

    fn exported(store: &impl Store, selection: &Selection) -> Vec<ArticleRecord> {
        let mut records = Vec::new();
        store
            .export(selection, &mut |record| {
                records.push(record);
                ControlFlow::Continue(())
            })
            .unwrap();
        records
    }

    fn check(selection: &Selection, expected: &[(&str, &[&str])]) {
        let (_dir, mut store) = empty_project();
        let records = vec![
            record(
                "a",
                "علی به تهران رفت",
                &[("سارا", Status::Done, &[(0, 3, "PER")]), ("رضا", Status::InProgress, &[])],
            ),
            record("b", "متن", &[]),
            record("c", "تهران", &[("رضا", Status::Done, &[(0, 5, "LOC")])]),
        ];
        store.import(&mut records.into_iter(), "x").unwrap();
        let found = exported(&store, selection);
        let names: Vec<(&str, Vec<&str>)> = found
            .iter()
            .map(|r| (r.name.as_deref().unwrap(), r.layers.iter().filter_map(|l| l.annotator.as_deref()).collect()))
            .collect();
        let expected: Vec<(&str, Vec<&str>)> = expected.iter().map(|(name, by)| (*name, by.to_vec())).collect();
        assert_eq!(names, expected);
        // What went out comes back as it was.
        let (_dir, mut copy) = empty_project();
        copy.import(&mut found.clone().into_iter(), "x").unwrap();
        assert_eq!(exported(&copy, selection), found);
    }

    #[test]
    fn a_selection_names_layers() {
        let by = |annotator: Option<&str>, status| Selection { annotator: annotator.map(str::to_owned), status };
        check(&Selection::default(), &[("a", &["رضا", "سارا"]), ("b", &[]), ("c", &["رضا"])]);
        check(&by(Some("رضا"), None), &[("a", &["رضا"]), ("c", &["رضا"])]);
        check(&by(None, Some(Status::Done)), &[("a", &["سارا"]), ("c", &["رضا"])]);
        check(&by(Some("رضا"), Some(Status::Done)), &[("c", &["رضا"])]);
    }

    #[test]
    fn an_unknown_annotator_is_said_so() {
        let (_dir, store) = empty_project();
        let selection = Selection { annotator: Some("کسی".into()), status: None };
        let told = store.export(&selection, &mut |_| ControlFlow::Continue(()));
        assert!(matches!(told, Err(StoreError::NotFound { .. })));
    }

    #[test]
    fn merged_labels_go_out_as_one() {
        let (_dir, mut store) = empty_project();
        let layers: &[LayerSketch<'_>] = &[("سارا", Status::Done, &[(0, 5, "LOC"), (0, 5, "FAC")])];
        store.import(&mut [record("c", "تهران", layers)].into_iter(), "x").unwrap();
        let set = store.labels().unwrap();
        let mut merged = set.by_name("FAC").unwrap().clone();
        merged.merged_into = Some(set.by_name("LOC").unwrap().id);
        let sara = store.annotator("سارا").unwrap().id;
        store.save(sara, &[Saved::Label(merged)]).unwrap();
        let records = exported(&store, &Selection::default());
        let mentions = &records[0].layers[0].mentions;
        assert_eq!(
            mentions.iter().map(|m| (m.span, m.label.as_str())).collect::<Vec<_>>(),
            [(Span::from_chars(0, 5), "LOC")]
        );
    }
}

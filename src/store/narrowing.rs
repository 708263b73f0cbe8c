//! Which articles a filter lets through, apart from its search.
//!
//! Owns what each part of a [`Filter`] means in the tables. It must not read texts or spans.

use crate::domain::label::LabelId;
use crate::domain::layer::{AnnotatorId, Status};
use crate::store::contract::{Filter, Result, StatusFilter};
use crate::store::database::Database;
use crate::store::{labels, suggestions};
use rusqlite::Params;

/// The articles that pass, by their places.
pub(super) struct Passing {
    by_place: Vec<bool>,
}

impl Passing {
    fn all(count: i64, pass: bool) -> Self {
        Self { by_place: vec![pass; index(count).saturating_add(1)] }
    }

    /// Lets the articles of a query pass, or not.
    fn set(&mut self, db: Database<'_>, sql: &str, params: impl Params, pass: bool) -> Result<()> {
        db.rows(sql, params, |r| {
            self.put(r.get(0)?, pass);
            Ok(())
        })?;
        Ok(())
    }

    fn put(&mut self, place: i64, pass: bool) {
        if let Some(kept) = self.by_place.get_mut(index(place)) {
            *kept = pass;
        }
    }

    /// Whether the article at a place passes.
    pub(super) fn has(&self, place: i64) -> bool {
        self.by_place.get(index(place)).copied().unwrap_or(false)
    }

    /// Those that pass both.
    fn and(mut self, other: &Self) -> Self {
        self.by_place.iter_mut().zip(&other.by_place).for_each(|(ours, theirs)| *ours &= theirs);
        self
    }
}

fn index(place: i64) -> usize {
    usize::try_from(place).unwrap_or(usize::MAX)
}

/// The articles up to place `count` that a filter lets through, whatever it searches; `None` when it lets all of them through.
pub(super) fn passing(db: Database<'_>, filter: &Filter, count: i64) -> Result<Option<Passing>> {
    let mut parts = Vec::new();
    if filter.status != StatusFilter::All {
        parts.push(by_status(db, filter.annotator, filter.status, count)?);
    }
    if let Some(label) = filter.label {
        parts.push(with_label(db, filter.annotator, label, count)?);
    }
    if let Some(annotator) = filter.begun_by {
        parts.push(begun(db, annotator, count)?);
    }
    if filter.suggested {
        parts.push(suggested(db, count)?);
    }
    Ok(parts.into_iter().reduce(|all, part| all.and(&part)))
}

/// By the status of an annotator's layers. An article without a layer is new.
fn by_status(db: Database<'_>, annotator: AnnotatorId, status: StatusFilter, count: i64) -> Result<Passing> {
    const SQL: &str = "SELECT article FROM layer WHERE annotator = ?1 AND status = ?2";
    let wanted = |found: Status| match status {
        StatusFilter::All => true,
        StatusFilter::Remaining => matches!(found, Status::New | Status::InProgress),
        StatusFilter::Only(only) => found == only,
    };
    // Articles without a layer stand on the side of `New`, so the layers of the other side are what tells.
    let new_passes = wanted(Status::New);
    let mut passing = Passing::all(count, new_passes);
    let annotator = annotator.0.to_string();
    for status in Status::ALL.into_iter().filter(|status| wanted(*status) != new_passes) {
        passing.set(db, SQL, [&annotator, status.name()], !new_passes)?;
    }
    Ok(passing)
}

/// Those in which an annotator has a mention of a label, or of one that shows as the same since they were merged.
pub(super) fn with_label(db: Database<'_>, annotator: AnnotatorId, label: LabelId, count: i64) -> Result<Passing> {
    const SQL: &str = "SELECT article FROM layer_label WHERE annotator = ?1 AND label = ?2 AND mentions > 0";
    let mut passing = Passing::all(count, false);
    let annotator = annotator.0.to_string();
    for label in labels::alike(&labels::labels(db)?, label) {
        passing.set(db, SQL, [&annotator, &label.0.to_string()], true)?;
    }
    Ok(passing)
}

/// Those that an annotator has begun: there is a status that is not new, or a mention.
fn begun(db: Database<'_>, annotator: AnnotatorId, count: i64) -> Result<Passing> {
    const SQL: &str = "SELECT article FROM layer WHERE annotator = ?1 AND (status <> ?2 OR mentions > 0)";
    let mut passing = Passing::all(count, false);
    passing.set(db, SQL, [&annotator.0.to_string(), Status::New.name()], true)?;
    Ok(passing)
}

/// Those in which suggestions are open.
fn suggested(db: Database<'_>, count: i64) -> Result<Passing> {
    let mut passing = Passing::all(count, false);
    suggestions::each_open(db, |place, suggestions, _| passing.put(place, suggestions > 0))?;
    Ok(passing)
}

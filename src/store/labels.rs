//! The rows of labels and how many mentions hold each.
//!
//! Owns writing labels and finding the label that a file names. It must not read layers.

use crate::domain::label::{Colour, DEFAULT_LABELS, Label, LabelId, LabelSet};
use crate::domain::layer::AnnotatorId;
use crate::store::contract::{Result, StoreError};
use crate::store::database::{Database, count_from_sql, now_ms};
use crate::store::reason::Failure;
use std::collections::HashMap;
use uuid::Uuid;

/// The label set a new project begins with, with fresh identities; those not in use from the start are marked deleted.
#[must_use]
pub fn default_labels() -> Vec<Label> {
    (0i64..)
        .zip(DEFAULT_LABELS)
        .map(|(order, d)| Label {
            id: LabelId(Uuid::now_v7()),
            name: d.name.to_owned(),
            title: d.title_fa.to_owned(),
            colour: d.colour,
            keys: d.keys.to_owned(),
            guideline: d.guideline_fa.to_owned(),
            order,
            deleted: !d.active,
            merged_into: None,
        })
        .collect()
}

/// The label set.
pub(super) fn labels(db: Database<'_>) -> Result<LabelSet> {
    const SQL: &str =
        "SELECT id, name, title, colour, keys, guideline, place, merged_into, deleted_at IS NOT NULL FROM label";
    let rows = db.rows(SQL, [], |r| {
        let ids = (r.get::<_, String>(0)?, r.get::<_, Option<String>>(7)?);
        let label = Label {
            id: LabelId(Uuid::nil()),
            name: r.get(1)?,
            title: r.get(2)?,
            colour: Colour(r.get(3)?),
            keys: r.get(4)?,
            guideline: r.get(5)?,
            order: r.get(6)?,
            deleted: r.get(8)?,
            merged_into: None,
        };
        Ok((ids, label))
    })?;
    let labels = rows.into_iter().map(|((id, merged_into), label)| {
        let merged_into = merged_into.map(|id| db.uuid(&id).map(LabelId)).transpose()?;
        Ok(Label { id: LabelId(db.uuid(&id)?), merged_into, ..label })
    });
    Ok(LabelSet::new(labels.collect::<Result<_>>()?))
}

/// The labels that show as the one that `label` shows as: itself, and those merged with it.
pub(super) fn alike(set: &LabelSet, label: LabelId) -> Vec<LabelId> {
    let shown = |id: LabelId| set.shown(id);
    set.all().iter().map(|one| one.id).filter(|id| shown(*id) == shown(label)).collect()
}

/// Writes a label as it now is, inside a transaction of the caller.
pub(super) fn put(db: Database<'_>, label: &Label) -> Result<()> {
    const SQL: &str = "INSERT INTO label (id, name, title, colour, keys, guideline, place, merged_into, deleted_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) \
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, title = excluded.title, colour = excluded.colour, \
         keys = excluded.keys, guideline = excluded.guideline, place = excluded.place, \
         merged_into = excluded.merged_into, \
         deleted_at = CASE WHEN excluded.deleted_at IS NULL THEN NULL \
         ELSE coalesce(label.deleted_at, excluded.deleted_at) END";
    db.run(
        SQL,
        (
            label.id.0.to_string(),
            &label.name,
            &label.title,
            label.colour.0,
            &label.keys,
            &label.guideline,
            label.order,
            label.merged_into.map(|id| id.0.to_string()),
            label.deleted.then(now_ms),
        ),
    )?;
    Ok(())
}

/// Takes a label out for good, inside a transaction of the caller; one that has mentions is refused.
pub(super) fn forget(db: Database<'_>, id: LabelId) -> Result<()> {
    let id = id.0.to_string();
    if db.number("SELECT coalesce(sum(mentions), 0) FROM label_count WHERE label = ?1", [&id])? != 0 {
        return Err(db.failed(Failure::LabelInUse));
    }
    db.run("DELETE FROM label_count WHERE label = ?1", [&id])?;
    db.run("DELETE FROM layer_label WHERE label = ?1", [&id])?;
    db.run("DELETE FROM label WHERE id = ?1", [&id])?;
    Ok(())
}

/// Whether these labels, as they now stand in the set, may stand there.
pub(super) fn check_put(set: &LabelSet, ids: &[LabelId]) -> Result<()> {
    for label in ids.iter().filter_map(|id| set.get(*id)) {
        if let Some(fault) = set.fault(label) {
            return Err(StoreError::Label(fault));
        }
    }
    Ok(())
}

/// Adds to the counts of an annotator's mentions by label, inside a transaction of the caller.
pub(super) fn add_counts(db: Database<'_>, annotator: AnnotatorId, by_label: &HashMap<LabelId, i64>) -> Result<()> {
    for (label, more) in by_label.iter().filter(|(_, more)| **more != 0) {
        db.run(
            "INSERT INTO label_count (annotator, label, mentions) VALUES (?1, ?2, ?3) \
             ON CONFLICT (annotator, label) DO UPDATE SET mentions = label_count.mentions + excluded.mentions",
            (annotator.0.to_string(), label.0.to_string(), more),
        )?;
    }
    Ok(())
}

/// Writes how many mentions of a label the layer of an annotator in an article has, inside a transaction of the caller.
pub(super) fn set_layer_count(
    db: Database<'_>,
    annotator: AnnotatorId,
    position: i64,
    label: LabelId,
    mentions: i64,
) -> Result<()> {
    const PUT: &str = "INSERT INTO layer_label (annotator, label, article, mentions) VALUES (?1, ?2, ?3, ?4) \
         ON CONFLICT (annotator, label, article) DO UPDATE SET mentions = excluded.mentions";
    const DROP: &str = "DELETE FROM layer_label WHERE annotator = ?1 AND label = ?2 AND article = ?3";
    let (mut annotator_text, mut label_text) = (uuid::Uuid::encode_buffer(), uuid::Uuid::encode_buffer());
    let annotator: &str = annotator.0.hyphenated().encode_lower(&mut annotator_text);
    let label: &str = label.0.hyphenated().encode_lower(&mut label_text);
    if mentions > 0 {
        db.run(PUT, (annotator, label, position, mentions))?;
    } else {
        db.run(DROP, (annotator, label, position))?;
    }
    Ok(())
}

/// How many mentions of all annotators hold each label.
pub(super) fn counts(db: Database<'_>) -> Result<Vec<(LabelId, u64)>> {
    db.rows("SELECT label, sum(mentions) FROM label_count GROUP BY label HAVING sum(mentions) <> 0", [], |r| {
        Ok((r.get::<_, String>(0)?, r.get(1)?))
    })?
    .into_iter()
    .map(|(id, count)| Ok((LabelId(db.uuid(&id)?), count_from_sql(count))))
    .collect()
}

/// The label a file means by `name`, made or put back into use when there is none in use.
///
/// `set` is brought up to date; the flag says whether the label set was changed. Runs inside a transaction of the caller.
pub(super) fn by_file_name(db: Database<'_>, set: &mut LabelSet, name: &str) -> Result<(LabelId, bool)> {
    let name = name.trim();
    let mut label = match of_name(set, name) {
        Some(label) if label.is_active() => return Ok((label.id, false)),
        Some(unused) => Label { deleted: false, ..unused.clone() },
        None => new_label(set, name),
    };
    label.keys.retain(|key| set.by_key(key).is_none());
    put(db, &label)?;
    let id = label.id;
    set.put(label);
    Ok((id, true))
}

/// The label that a file or another project means by a name: one in use, else the one that such a one was merged into, else one that is
/// out of use.
pub(super) fn of_name<'a>(set: &'a LabelSet, name: &str) -> Option<&'a Label> {
    let named = |l: &&Label| l.name.eq_ignore_ascii_case(name);
    let merged = || set.all().iter().filter(named).find_map(|l| set.resolve(l.id).filter(|r| r.is_active()));
    set.by_name(name).or_else(merged).or_else(|| set.all().iter().filter(|l| l.merged_into.is_none()).find(named))
}

/// Makes a label of this name, otherwise like one of another project, with those of its keys that are free. Runs inside a transaction
/// of the caller; `set` is brought up to date.
pub(super) fn make_like(db: Database<'_>, set: &mut LabelSet, name: &str, like: Option<&Label>) -> Result<()> {
    let mut label = new_label(set, name);
    if let Some(like) = like {
        label.title.clone_from(&like.title);
        label.guideline.clone_from(&like.guideline);
        label.colour = like.colour;
        label.keys = like.keys.chars().filter(|key| set.by_key(*key).is_none()).collect();
    }
    put(db, &label)?;
    set.put(label);
    Ok(())
}

fn new_label(set: &LabelSet, name: &str) -> Label {
    let order = set.all().iter().map(|l| l.order).max().unwrap_or(-1).saturating_add(1);
    Label {
        id: LabelId(Uuid::now_v7()),
        name: name.to_owned(),
        title: name.to_owned(),
        colour: set.next_colour(),
        keys: String::new(),
        guideline: String::new(),
        order,
        deleted: false,
        merged_into: None,
    }
}

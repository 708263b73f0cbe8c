//! Which layers stand as files in a folder beside the project, and which are to be written anew.
//!
//! Owns the rule of the mirror and what was written last. It must not touch the folder: that is for those who know files.

use crate::domain::article::ArticleId;
use crate::domain::layer::{AnnotatorId, Status, Version};
use crate::domain::record::ArticleRecord;
use crate::store::articles;
use crate::store::contract::{Result, Selection};
use crate::store::database::{Database, count_from_sql};
use crate::store::reason::Damage;
use crate::store::{exporting, labels};
use std::path::PathBuf;

/// Where a project's layers are mirrored, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MirrorRule {
    /// The folder; relative to that of the project.
    pub folder: PathBuf,
    /// When a layer is written.
    pub when: MirrorWhen,
}

/// When a layer is written to the folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum MirrorWhen {
    /// When its annotator is done with the article.
    #[default]
    Done,
    /// At every save.
    Save,
}

impl MirrorWhen {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Done, Self::Save];

    /// The name on the command line and in the project: `done` or `save`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Save => "save",
        }
    }
}

/// A layer whose file is missing or older than the layer.
#[derive(Clone, Debug, PartialEq)]
pub struct MirrorDue {
    /// The article.
    pub article: ArticleId,
    /// Whose layer.
    pub annotator: AnnotatorId,
    /// The layer's version now.
    pub version: Version,
    /// The SHA-256 of the file that was written last, in hexadecimal; `None` for the first.
    pub written: Option<String>,
    /// The article with this one layer.
    pub record: ArticleRecord,
}

/// A file that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MirroredFile {
    /// The article.
    pub article: ArticleId,
    /// Whose layer.
    pub annotator: AnnotatorId,
    /// The version that was written.
    pub version: Version,
    /// The SHA-256 of the file, in hexadecimal.
    pub sha256: String,
}

/// A place that remembers what stands in the folder.
pub trait Mirror {
    /// The rule; `None` when nothing is mirrored.
    ///
    /// # Errors
    /// [`StoreError`](crate::store::contract::StoreError) when it cannot be read (so for every method that reads).
    fn mirror_rule(&self) -> Result<Option<MirrorRule>>;

    /// Sets the rule, or takes it away; the files in the folder stay.
    ///
    /// # Errors
    /// [`StoreError`](crate::store::contract::StoreError) when it cannot be written (so for every method that writes).
    fn set_mirror_rule(&mut self, rule: Option<&MirrorRule>) -> Result<()>;

    /// The first layers, in the order of import, that are to be written by the rule; none without one.
    ///
    /// # Errors
    /// As [`mirror_rule`](Self::mirror_rule).
    fn mirror_due(&self, limit: u64) -> Result<Vec<MirrorDue>>;

    /// Remembers files that were written, in one transaction. It is no change of the project: no other window has to read anew.
    ///
    /// # Errors
    /// As [`set_mirror_rule`](Self::set_mirror_rule).
    fn set_mirrored(&mut self, files: &[MirroredFile]) -> Result<()>;

    /// Every file that was written, as (name of the article, name of the annotator, SHA-256), in the order of import.
    ///
    /// # Errors
    /// As [`mirror_rule`](Self::mirror_rule).
    fn mirrored(&self) -> Result<Vec<(String, String, String)>>;
}

const FOLDER: &str = "mirror.folder";
const WHEN: &str = "mirror.when";

pub(super) fn rule(db: Database<'_>) -> Result<Option<MirrorRule>> {
    let Some(folder) = db.setting(FOLDER)?.filter(|folder| !folder.is_empty()) else { return Ok(None) };
    let named = db.setting(WHEN)?.unwrap_or_default();
    // A rule of a newer program is read as the careful one.
    let when = MirrorWhen::ALL.into_iter().find(|when| when.name() == named).unwrap_or_default();
    Ok(Some(MirrorRule { folder: folder.into(), when }))
}

pub(super) fn set_rule(db: Database<'_>, rule: Option<&MirrorRule>) -> Result<()> {
    db.writing(|| {
        db.set_setting(FOLDER, &rule.map(|rule| rule.folder.to_string_lossy().into_owned()).unwrap_or_default())?;
        db.set_setting(WHEN, rule.map(|rule| rule.when.name()).unwrap_or_default())?;
        db.mark_changed()
    })
}

pub(super) fn due(db: Database<'_>, limit: u64) -> Result<Vec<MirrorDue>> {
    const SQL: &str = "SELECT l.article, l.annotator, n.name, l.version, m.sha256 FROM layer l \
         JOIN annotator n ON n.id = l.annotator \
         LEFT JOIN mirror m ON m.article = l.article AND m.annotator = l.annotator \
         WHERE (m.version IS NULL OR m.version <> l.version) AND (?1 OR l.status = ?2) \
         ORDER BY l.article, n.name LIMIT ?3";
    db.reading(|| {
        let Some(rule) = rule(db)? else { return Ok(Vec::new()) };
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = db.rows(SQL, (rule.when == MirrorWhen::Save, Status::Done.name(), limit), |r| {
            Ok((r.get(0)?, r.get::<_, String>(1)?, r.get(2)?, r.get(3)?, r.get::<_, Option<String>>(4)?))
        })?;
        let set = labels::labels(db)?;
        let mut all = Vec::with_capacity(rows.len());
        for (position, id, name, version, written) in rows {
            let selection = Selection { annotator: Some(name), status: None };
            let row = articles::row_at(db, position)?.ok_or_else(|| db.damaged(Damage::NoArticle(position)))?;
            let article = ArticleId(db.uuid(&row.id)?);
            let Some(record) = exporting::record_at(db, position, &selection, &set)? else { continue };
            let (annotator, version) = (AnnotatorId(db.uuid(&id)?), Version(count_from_sql(version)));
            all.push(MirrorDue { article, annotator, version, written, record });
        }
        Ok(all)
    })
}

pub(super) fn set_mirrored(db: Database<'_>, files: &[MirroredFile]) -> Result<()> {
    const SQL: &str = "INSERT INTO mirror (article, annotator, version, sha256) VALUES (?1, ?2, ?3, ?4) \
         ON CONFLICT (article, annotator) DO UPDATE SET version = excluded.version, sha256 = excluded.sha256";
    db.writing(|| {
        for file in files {
            let position = articles::position(db, file.article)?;
            let version = i64::try_from(file.version.0).unwrap_or(i64::MAX);
            db.run(SQL, (position, file.annotator.0.to_string(), version, &file.sha256))?;
        }
        Ok(())
    })
}

pub(super) fn mirrored(db: Database<'_>) -> Result<Vec<(String, String, String)>> {
    const SQL: &str = "SELECT a.name, n.name, m.sha256 FROM mirror m JOIN article a ON a.position = m.article \
         JOIN annotator n ON n.id = m.annotator ORDER BY m.article, n.name";
    db.rows(SQL, [], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::contract::Store;
    use crate::store::sqlite::fixture::{empty_project, record};

    fn check(when: MirrorWhen, expected: &[(&str, &str)]) {
        let (_dir, mut store) = empty_project();
        let records = vec![
            record("a", "علی رفت", &[("سارا", Status::Done, &[(0, 3, "PER")]), ("رضا", Status::InProgress, &[])]),
            record("b", "متن", &[]),
        ];
        store.import(&mut records.into_iter(), "x").unwrap();
        assert_eq!(store.mirror_due(9).unwrap(), [], "nothing is due without a rule");
        let rule = MirrorRule { folder: "annotations".into(), when };
        store.set_mirror_rule(Some(&rule)).unwrap();
        assert_eq!(store.mirror_rule().unwrap(), Some(rule));
        let due = store.mirror_due(9).unwrap();
        let names: Vec<(&str, &str)> = due
            .iter()
            .map(|due| (due.record.name.as_deref().unwrap(), due.record.layers[0].annotator.as_deref().unwrap()))
            .collect();
        assert_eq!(names, expected);
        assert_eq!(store.mirror_due(1).unwrap().len(), 1);
        let files: Vec<MirroredFile> = due
            .iter()
            .map(|due| MirroredFile {
                article: due.article,
                annotator: due.annotator,
                version: due.version,
                sha256: "x".into(),
            })
            .collect();
        store.set_mirrored(&files).unwrap();
        assert_eq!(store.mirror_due(9).unwrap(), []);
        assert_eq!(store.mirrored().unwrap().len(), expected.len());
        store.set_mirror_rule(None).unwrap();
        assert_eq!(store.mirror_rule().unwrap(), None);
        assert!(store.check(&mut |_, _| std::ops::ControlFlow::Continue(())).unwrap().is_empty());
    }

    #[test]
    fn what_is_due_is_written_once() {
        check(MirrorWhen::Done, &[("a", "سارا")]);
        check(MirrorWhen::Save, &[("a", "رضا"), ("a", "سارا")]);
    }
}

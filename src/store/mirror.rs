//! Which layers stand as files in a folder beside the project, and which are to be written anew.
//!
//! Owns the rule of the mirror and what was written last. It must not touch the folder: that is for those who know files.

use crate::domain::article::ArticleId;
use crate::domain::label::LabelSet;
use crate::domain::layer::{AnnotatorId, Status, Version};
use crate::domain::record::ArticleRecord;
use crate::store::articles;
use crate::store::contract::{Result, Selection};
use crate::store::database::{Database, count_from_sql};
use crate::store::reason::Damage;
use crate::store::sqlite::SqliteStore;
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

/// Which layers are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Extent {
    /// Those that have changed since they were written.
    #[default]
    Changed,
    /// All that the rule names.
    All,
}

/// Where a layer stands in the order in which layers are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MirrorPlace {
    position: i64,
    annotator: String,
}

/// A layer with what was written of it last.
#[derive(Clone, Debug, PartialEq)]
pub struct MirrorDue {
    /// Where it stands in the order.
    pub place: MirrorPlace,
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

    /// The folder of the rule, or of the last one when nothing is mirrored any more; `None` before the first.
    ///
    /// # Errors
    /// As [`mirror_rule`](Self::mirror_rule).
    fn mirror_folder(&self) -> Result<Option<PathBuf>>;

    /// Sets the rule, or takes it away; the files in the folder stay. In another folder everything is to be written anew.
    ///
    /// # Errors
    /// [`StoreError`](crate::store::contract::StoreError) when it cannot be written (so for every method that writes).
    fn set_mirror_rule(&mut self, rule: Option<&MirrorRule>) -> Result<()>;

    /// The first layers behind `after`, in the order of import, that are to be written by the rule; none without one.
    ///
    /// # Errors
    /// As [`mirror_rule`](Self::mirror_rule).
    fn mirror_due(&self, extent: Extent, after: Option<&MirrorPlace>, limit: u64) -> Result<Vec<MirrorDue>>;

    /// One layer as it would be written now, whatever the rule says of it; `None` when the project has none of these names.
    ///
    /// # Errors
    /// As [`mirror_rule`](Self::mirror_rule).
    fn mirror_layer(&self, article: &str, annotator: &str) -> Result<Option<MirrorDue>>;

    /// Gives the names of all articles to `sink`, in the order of import.
    ///
    /// # Errors
    /// As [`mirror_rule`](Self::mirror_rule).
    fn each_article_name(&self, sink: &mut dyn FnMut(&str)) -> Result<()>;

    /// What stands for the names of the labels as they were when everything was last written; blank before the first time.
    ///
    /// # Errors
    /// As [`mirror_rule`](Self::mirror_rule).
    fn mirrored_labels(&self) -> Result<String>;

    /// Remembers what stands for the names of the labels, when everything was written with them.
    ///
    /// # Errors
    /// As [`set_mirror_rule`](Self::set_mirror_rule).
    fn set_mirrored_labels(&mut self, labels: &str) -> Result<()>;

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

impl Mirror for SqliteStore {
    fn mirror_rule(&self) -> Result<Option<MirrorRule>> {
        rule(self.database())
    }

    fn mirror_folder(&self) -> Result<Option<std::path::PathBuf>> {
        folder(self.database())
    }

    fn set_mirror_rule(&mut self, rule: Option<&MirrorRule>) -> Result<()> {
        set_rule(self.database(), rule)
    }

    fn mirror_due(&self, extent: Extent, after: Option<&MirrorPlace>, limit: u64) -> Result<Vec<MirrorDue>> {
        due(self.database(), extent, after, limit)
    }

    fn mirror_layer(&self, article: &str, annotator: &str) -> Result<Option<MirrorDue>> {
        layer(self.database(), article, annotator)
    }

    fn each_article_name(&self, sink: &mut dyn FnMut(&str)) -> Result<()> {
        each_article_name(self.database(), sink)
    }

    fn mirrored_labels(&self) -> Result<String> {
        mirrored_labels(self.database())
    }

    fn set_mirrored_labels(&mut self, labels: &str) -> Result<()> {
        set_mirrored_labels(self.database(), labels)
    }

    fn set_mirrored(&mut self, files: &[MirroredFile]) -> Result<()> {
        set_mirrored(self.database(), files)
    }

    fn mirrored(&self) -> Result<Vec<(String, String, String)>> {
        mirrored(self.database())
    }
}

const FOLDER: &str = "mirror.folder";
const WHEN: &str = "mirror.when";
const LABELS: &str = "mirror.labels";
/// What stands for the moment when nothing is mirrored: the folder is kept, and what was written there.
const OFF: &str = "off";

pub(super) fn folder(db: Database<'_>) -> Result<Option<PathBuf>> {
    Ok(db.setting(FOLDER)?.filter(|folder| !folder.is_empty()).map(PathBuf::from))
}

pub(super) fn rule(db: Database<'_>) -> Result<Option<MirrorRule>> {
    let Some(folder) = folder(db)? else { return Ok(None) };
    let named = db.setting(WHEN)?.unwrap_or_default();
    if named == OFF {
        return Ok(None);
    }
    // A rule of a newer program is read as the careful one.
    let when = MirrorWhen::ALL.into_iter().find(|when| when.name() == named).unwrap_or_default();
    Ok(Some(MirrorRule { folder, when }))
}

pub(super) fn set_rule(db: Database<'_>, rule: Option<&MirrorRule>) -> Result<()> {
    db.writing(|| {
        if let Some(rule) = rule {
            let folder = rule.folder.to_string_lossy().into_owned();
            if db.setting(FOLDER)?.as_deref() != Some(folder.as_str()) {
                db.run("DELETE FROM mirror", [])?;
            }
            db.set_setting(FOLDER, &folder)?;
        }
        db.set_setting(WHEN, rule.map_or(OFF, |rule| rule.when.name()))?;
        db.mark_changed()
    })
}

/// Takes the rule and its folder out, as if there had never been one; inside a transaction of the caller.
pub(super) fn forget_rule(db: Database<'_>) -> Result<()> {
    db.run("DELETE FROM setting WHERE key IN (?1, ?2, ?3)", [FOLDER, WHEN, LABELS]).map(drop)
}

/// What is read of a layer before the article itself.
struct Row {
    position: i64,
    id: String,
    name: String,
    version: i64,
    written: Option<String>,
}

impl Row {
    fn read(r: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self { position: r.get(0)?, id: r.get(1)?, name: r.get(2)?, version: r.get(3)?, written: r.get(4)? })
    }

    fn into_due(self, db: Database<'_>, set: &LabelSet) -> Result<Option<MirrorDue>> {
        let Self { position, id, name, version, written } = self;
        let selection = Selection { annotator: Some(name.clone()), status: None };
        let row = articles::row_at(db, position)?.ok_or_else(|| db.damaged(Damage::NoArticle(position)))?;
        let article = ArticleId(db.uuid(&row.id)?);
        let Some(record) = exporting::record_at(db, position, &selection, set)? else { return Ok(None) };
        let (annotator, version) = (AnnotatorId(db.uuid(&id)?), Version(count_from_sql(version)));
        let place = MirrorPlace { position, annotator: name };
        Ok(Some(MirrorDue { place, article, annotator, version, written, record }))
    }
}

pub(super) fn due(db: Database<'_>, extent: Extent, after: Option<&MirrorPlace>, limit: u64) -> Result<Vec<MirrorDue>> {
    const SQL: &str = "SELECT l.article, l.annotator, n.name, l.version, m.sha256 FROM layer l \
         JOIN annotator n ON n.id = l.annotator \
         LEFT JOIN mirror m ON m.article = l.article AND m.annotator = l.annotator \
         WHERE l.article >= ?4 AND (l.article > ?4 OR n.name > ?5) AND (?6 OR m.version IS NULL OR m.version <> l.version) \
         AND (?1 OR l.status = ?2) ORDER BY l.article, n.name LIMIT ?3";
    db.reading(|| {
        let Some(rule) = rule(db)? else { return Ok(Vec::new()) };
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let (position, name) = after.map_or((0, ""), |place| (place.position, place.annotator.as_str()));
        let (on_save, all) = (rule.when == MirrorWhen::Save, extent == Extent::All);
        let rows = db.rows(SQL, (on_save, Status::Done.name(), limit, position, name, all), Row::read)?;
        let set = labels::labels(db)?;
        rows.into_iter().filter_map(|row| row.into_due(db, &set).transpose()).collect()
    })
}

pub(super) fn layer(db: Database<'_>, article: &str, annotator: &str) -> Result<Option<MirrorDue>> {
    const SQL: &str = "SELECT l.article, l.annotator, n.name, l.version, m.sha256 FROM article a \
         JOIN layer l ON l.article = a.position JOIN annotator n ON n.id = l.annotator \
         LEFT JOIN mirror m ON m.article = l.article AND m.annotator = l.annotator WHERE a.name = ?1 AND n.name = ?2";
    db.reading(|| {
        let Some(row) = db.row(SQL, [article, annotator], Row::read)? else { return Ok(None) };
        row.into_due(db, &labels::labels(db)?)
    })
}

pub(super) fn each_article_name(db: Database<'_>, sink: &mut dyn FnMut(&str)) -> Result<()> {
    db.rows("SELECT name FROM article ORDER BY position", [], |r| {
        sink(r.get_ref(0)?.as_str()?);
        Ok(())
    })?;
    Ok(())
}

pub(super) fn mirrored_labels(db: Database<'_>) -> Result<String> {
    Ok(db.setting(LABELS)?.unwrap_or_default())
}

pub(super) fn set_mirrored_labels(db: Database<'_>, labels: &str) -> Result<()> {
    db.writing(|| db.set_setting(LABELS, labels))
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
        assert_eq!(store.mirror_due(Extent::All, None, 9).unwrap(), [], "nothing is due without a rule");
        let rule = MirrorRule { folder: "annotations".into(), when };
        store.set_mirror_rule(Some(&rule)).unwrap();
        assert_eq!(store.mirror_rule().unwrap().as_ref(), Some(&rule));
        let due = store.mirror_due(Extent::Changed, None, 9).unwrap();
        let names: Vec<(&str, &str)> = due
            .iter()
            .map(|due| (due.record.name.as_deref().unwrap(), due.record.layers[0].annotator.as_deref().unwrap()))
            .collect();
        assert_eq!(names, expected);
        assert_eq!(store.mirror_due(Extent::Changed, None, 1).unwrap().len(), 1);
        let rest = store.mirror_due(Extent::Changed, Some(&due[0].place), 9).unwrap();
        assert_eq!(rest, due[1..], "what comes behind the first");
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
        assert_eq!(store.mirror_due(Extent::Changed, None, 9).unwrap(), []);
        assert_eq!(store.mirror_due(Extent::All, None, 9).unwrap().len(), expected.len());
        let layer = store.mirror_layer("a", "رضا").unwrap().unwrap();
        assert_eq!((layer.version, layer.written.is_some()), (due[0].version, when == MirrorWhen::Save));
        assert_eq!(store.mirror_layer("b", "رضا").unwrap(), None);
        assert_eq!(store.mirrored().unwrap().len(), expected.len());
        store.set_mirror_rule(None).unwrap();
        assert_eq!(store.mirror_rule().unwrap(), None);
        store.set_mirror_rule(Some(&rule)).unwrap();
        assert_eq!(store.mirrored().unwrap().len(), expected.len(), "the folder is the same");
        store.set_mirror_rule(Some(&MirrorRule { folder: "other".into(), when })).unwrap();
        assert_eq!(store.mirrored().unwrap(), []);
        assert!(store.check(&mut |_, _| std::ops::ControlFlow::Continue(())).unwrap().is_empty());
    }

    #[test]
    fn what_is_due_is_written_once() {
        check(MirrorWhen::Done, &[("a", "سارا")]);
        check(MirrorWhen::Save, &[("a", "رضا"), ("a", "سارا")]);
    }
}

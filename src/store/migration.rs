//! The versions of the schema and how an older file becomes a new one.
//!
//! Owns the list of steps. A step that was released never changes; it must not run before the file has been checked.

use crate::store::backup;
use crate::store::contract::Result;
use crate::store::database::{At, Database};

/// What takes a file from version *n* to *n* + 1, at index *n*. Version 0 has no tables.
pub(super) const STEPS: &[&str] = &[
    include_str!("schema/1.sql"),
    include_str!("schema/2.sql"),
    include_str!("schema/3.sql"),
    include_str!("schema/4.sql"),
];

/// The schema version of files that have gone through `steps`.
pub(super) fn newest(steps: &[&str]) -> u32 {
    u32::try_from(steps.len()).unwrap_or(u32::MAX)
}

/// Takes the file through the steps that are new to it, all in one transaction. Another program may have done so since it was looked
/// at, so it is asked once more where it stands.
pub(super) fn run_steps(db: Database<'_>, steps: &[&str]) -> Result<()> {
    db.writing(|| {
        let from = usize::try_from(db.number("PRAGMA user_version", [])?).unwrap_or(usize::MAX);
        if from >= steps.len() {
            return Ok(());
        }
        for step in steps.iter().skip(from) {
            db.connection.execute_batch(step).at(db.path)?;
        }
        db.connection.pragma_update(None, "user_version", newest(steps)).at(db.path)
    })
}

/// Brings an older file to the newest version; a backup of it as it was is kept first.
pub(super) fn migrate(db: Database<'_>, from: u32, steps: &[&str]) -> Result<()> {
    if from >= newest(steps) {
        return Ok(());
    }
    backup::keep_before_migration(db, from)?;
    run_steps(db, steps)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::contract::{Store, StoreError};
    use crate::store::hardening::{self, APPLICATION_ID};
    use crate::store::sqlite::{SqliteStore, default_labels};
    use rusqlite::Connection;

    #[test]
    fn an_older_file_is_backed_up_and_brought_up_to_date() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("old.barchasb");
        let connection = Connection::open(&path).unwrap();
        connection.pragma_update(None, "application_id", APPLICATION_ID).unwrap();
        drop(connection);
        let mut store = SqliteStore::open(&path).unwrap();
        store.annotator("سارا").unwrap();
        assert_eq!(store.project().unwrap().articles, 0);
        let kept: Vec<_> = std::fs::read_dir(dir.path().join("old.backups")).unwrap().collect();
        assert_eq!(kept.len(), 1);
    }

    /// A project as the first version of the schema kept it, with these spans in the layer of one annotator in one article.
    fn first_version(path: &std::path::Path, spans: &str) {
        let connection = Connection::open(path).unwrap();
        connection.pragma_update(None, "application_id", APPLICATION_ID).unwrap();
        run_steps(Database { connection: &connection, path, changes: None }, &STEPS[..1]).unwrap();
        let text = "علی به تهران رفت";
        let hash = crate::domain::article::TextHash::from_text(text).hex();
        let rows = format!(
            "INSERT INTO annotator VALUES ('{SARA}', 'سارا');
             INSERT INTO label VALUES ('{PER}', 'PER', '', 0, '', '', 0, NULL, NULL), ('{LOC}', 'LOC', '', 0, '', '', 1, NULL, NULL);
             INSERT INTO article VALUES (1, '{ARTICLE}', 'a1', '', '{hash}', 16, 'auto', 0, '', '{text}');
             INSERT INTO layer VALUES (1, '{SARA}', 1, 'done', 3, '{spans}');
             INSERT INTO label_count VALUES ('{SARA}', '{PER}', 1), ('{SARA}', '{LOC}', 2);"
        );
        connection.execute_batch(&rows).unwrap();
    }

    const SARA: &str = "00000000-0000-7000-8000-000000000001";
    const PER: &str = "00000000-0000-7000-8000-000000000002";
    const LOC: &str = "00000000-0000-7000-8000-000000000003";
    const ARTICLE: &str = "00000000-0000-7000-8000-000000000004";

    /// Opens a project of the first version and compares what is counted of each label.
    fn check(spans: &str, sound: bool, expected: &[(&str, i64)]) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("old.barchasb");
        first_version(&path, spans);
        let mut store = SqliteStore::open(&path).unwrap();
        let counted = Database { connection: store.connection(), path: &path, changes: None }
            .rows("SELECT label, mentions FROM layer_label ORDER BY label", [], |r| {
                Ok((r.get::<_, String>(0)?, r.get(1)?))
            })
            .unwrap();
        let expected: Vec<(String, i64)> = expected.iter().map(|(id, n)| ((*id).to_owned(), *n)).collect();
        assert_eq!(counted, expected, "{spans}");
        let faults = store.check(&mut |_, _| std::ops::ControlFlow::Continue(())).unwrap();
        assert_eq!(faults.is_empty(), sound, "{spans}: {faults:?}");
        let (id, sara) = (store.article_by_name("a1").unwrap().unwrap(), store.annotator("سارا").unwrap().id);
        let layer = store.layer(id, sara);
        assert_eq!(layer.is_ok(), sound);
        assert!(layer.is_err() || layer.unwrap().rejections.is_empty());
    }

    #[test]
    fn layers_of_the_first_version_are_counted_by_label() {
        let span = |start, end, label, text| format!(r#"{{"s":{start},"e":{end},"l":"{label}","t":"{text}"}}"#);
        let (ali, tehran, went) = (span(0, 3, PER, "علی"), span(7, 12, LOC, "تهران"), span(13, 16, LOC, "رفت"));
        check(&format!("[{ali},{tehran},{went}]"), true, &[(PER, 1), (LOC, 2)]);
        check(&format!("[{ali},7,\"x\",null]"), false, &[(PER, 1)]);
        check("[{", false, &[]);
        check("{}", false, &[]);
    }

    #[test]
    fn a_project_of_the_third_version_can_be_reviewed() {
        use crate::domain::decision::GOLD;
        use crate::store::review::{REASONS, Review};
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("old.barchasb");
        first_version(&path, &format!(r#"[{{"s":0,"e":3,"l":"{PER}","t":"علی"}}]"#));
        let connection = Connection::open(&path).unwrap();
        run_steps(Database { connection: &connection, path: &path, changes: None }, &STEPS[..3]).unwrap();
        drop(connection);
        assert!(matches!(SqliteStore::open_read_only(&path), Err(StoreError::ReadOnly { .. })));
        let mut store = SqliteStore::open(&path).unwrap();
        let article = store.article_by_name("a1").unwrap().unwrap();
        let layers = store.layers_of(article).unwrap();
        assert_eq!(layers.iter().map(|of| of.annotator.name.as_str()).collect::<Vec<_>>(), ["سارا"]);
        assert!(layers[0].layer.decisions.is_empty() && layers[0].layer.mentions.len() == 1);
        assert_eq!(store.reasons().unwrap(), REASONS);
        store.annotator(GOLD).unwrap();
        let kept: Vec<_> = std::fs::read_dir(dir.path().join("old.backups")).unwrap().collect();
        assert_eq!(kept.len(), 1);
        assert_eq!(
            hardening::identify(Database { connection: store.connection(), path: &path, changes: None }, STEPS)
                .unwrap(),
            4
        );
    }

    #[test]
    fn two_programs_that_open_one_older_file_bring_it_up_to_date_once() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("old.barchasb");
        first_version(&path, "[]");
        let connections = [0, 1].map(|_| Connection::open(&path).unwrap());
        for connection in &connections {
            // Both have seen the first version.
            migrate(Database { connection, path: &path, changes: None }, 1, STEPS).unwrap();
        }
        let db = Database { connection: &connections[0], path: &path, changes: None };
        assert_eq!(hardening::identify(db, STEPS).unwrap(), newest(STEPS));
    }

    #[test]
    fn a_step_that_fails_leaves_the_file_as_it_was() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.barchasb");
        drop(SqliteStore::create(&path, Default::default(), default_labels()).unwrap());
        let connection = Connection::open(&path).unwrap();
        let db = Database { connection: &connection, path: &path, changes: None };
        let (now, next) = (newest(STEPS), newest(STEPS) + 1);
        let with = |step| STEPS.iter().copied().chain([step]).collect::<Vec<_>>();
        let steps = with("ALTER TABLE article ADD COLUMN source TEXT; CREATE TABLE article (a)");
        assert!(matches!(migrate(db, now, &steps), Err(StoreError::Failed { .. })));
        assert_eq!(hardening::identify(db, STEPS).unwrap(), now);
        let steps = with("ALTER TABLE article ADD COLUMN source TEXT");
        migrate(db, now, &steps).unwrap();
        assert_eq!(hardening::identify(db, &steps).unwrap(), next);
        drop(connection);
        let newer = SqliteStore::open(&path).unwrap_err();
        assert!(matches!(newer, StoreError::Newer { found, known, .. } if (found, known) == (next, now)));
        assert_eq!(std::fs::read_dir(dir.path().join("a.backups")).unwrap().count(), 2);
    }
}

//! The versions of the schema and how an older file becomes a new one.
//!
//! Owns the list of steps. A step that was released never changes; it must not run before the file has been checked.

use crate::store::backup;
use crate::store::contract::Result;
use crate::store::database::{At, Database};

/// What takes a file from version *n* to *n* + 1, at index *n*. Version 0 has no tables.
pub(super) const STEPS: &[&str] = &[include_str!("schema/1.sql"), include_str!("schema/2.sql")];

/// The schema version of files that have gone through `steps`.
pub(super) fn newest(steps: &[&str]) -> u32 {
    u32::try_from(steps.len()).unwrap_or(u32::MAX)
}

/// Takes the file through the steps that are new to it, all in one transaction.
pub(super) fn run_steps(db: Database<'_>, from: u32, steps: &[&str]) -> Result<()> {
    db.writing(|| {
        for step in steps.iter().skip(from as usize) {
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
    run_steps(db, from, steps)
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

    #[test]
    fn a_step_that_fails_leaves_the_file_as_it_was() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.barchasb");
        drop(SqliteStore::create(&path, Default::default(), default_labels()).unwrap());
        let connection = Connection::open(&path).unwrap();
        let db = Database { connection: &connection, path: &path };
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

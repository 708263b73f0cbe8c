//! Opening a file that may come from a stranger: nothing in it is believed before it has been checked.
//!
//! Owns the settings of a careful connection and the list of what a project's schema may hold. The file is never opened
//! beside SQLite (not even to read its first bytes): closing such a handle would drop this process's locks on it.

use crate::store::contract::{Result, StoreError};
use crate::store::database::{At, Database};
use crate::store::migration::{newest, run_steps};
use crate::store::reason::{Damage, Failure, Foreign};
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

/// What says that a SQLite file is a project of this program: `BCSB` in ASCII.
pub(super) const APPLICATION_ID: i32 = 0x4243_5342;

/// How long a writer waits for another one.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Whether `path` is a file with something in it.
pub(super) fn check_place(path: &Path) -> Result<()> {
    let not_a_project = |reason| Err(StoreError::NotAProject { path: path.to_path_buf(), reason });
    let metadata = std::fs::metadata(path).at(path)?;
    if metadata.is_dir() {
        return not_a_project(Foreign::Folder);
    }
    if !metadata.is_file() {
        return not_a_project(Foreign::NoFile);
    }
    if metadata.len() == 0 {
        return not_a_project(Foreign::Empty);
    }
    Ok(())
}

/// Makes a connection careful. Until [`trust`] nothing of its write-ahead log is written back either.
pub(super) fn harden(db: Database<'_>) -> Result<()> {
    use DbConfig as C;
    let settings = [
        (C::SQLITE_DBCONFIG_DEFENSIVE, true),
        (C::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
        (C::SQLITE_DBCONFIG_ENABLE_TRIGGER, false),
        (C::SQLITE_DBCONFIG_ENABLE_VIEW, false),
        (C::SQLITE_DBCONFIG_WRITABLE_SCHEMA, false),
        (C::SQLITE_DBCONFIG_DQS_DDL, false),
        (C::SQLITE_DBCONFIG_DQS_DML, false),
        (C::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true),
        // A statement keeps its plan: else SQLite makes many anew for every value that they are given.
        (C::SQLITE_DBCONFIG_ENABLE_QPSG, true),
    ];
    for (setting, value) in settings {
        if db.connection.set_db_config(setting, value).at(db.path)? != value {
            return Err(db.failed(Failure::Setting(format!("{setting:?}"))));
        }
    }
    db.connection.busy_timeout(BUSY_TIMEOUT).at(db.path)?;
    db.connection.set_prepared_statement_cache_capacity(128);
    db.connection.pragma_update(None, "cell_size_check", true).at(db.path)?;
    // SQLite answers with the size now in force; a build without mmap answers nothing.
    let mapped = db.row("PRAGMA mmap_size = 0", [], |r| r.get::<_, i64>(0))?;
    if mapped.is_some_and(|bytes| bytes != 0) { Err(db.failed(Failure::Maps)) } else { Ok(()) }
}

/// The schema version of a project whose identity and schema are in order.
///
/// # Errors
/// [`StoreError::NotAProject`] when another program's mark or anything that is not in the schema stands in it,
/// [`StoreError::Newer`] when its version is above the newest of `steps`.
pub(super) fn identify(db: Database<'_>, steps: &[&str]) -> Result<u32> {
    let not_a_project = |reason| StoreError::NotAProject { path: db.path.to_path_buf(), reason };
    if db.number("PRAGMA application_id", [])? != i64::from(APPLICATION_ID) {
        return Err(not_a_project(Foreign::OtherProgram));
    }
    let version = db.number("PRAGMA user_version", [])?;
    let version = u32::try_from(version).map_err(|_| not_a_project(Foreign::Version(version)))?;
    if version > newest(steps) {
        return Err(StoreError::Newer { path: db.path.to_path_buf(), found: version, known: newest(steps) });
    }
    let allowed = schema_of_version(version, steps)?;
    let found: BTreeSet<SchemaRow> = schema_rows(db)?.into_iter().collect();
    if let Some(stranger) = found.iter().find(|row| !allowed.contains(row) && !is_statistics(row)) {
        let (kind, name) = (stranger.kind.clone(), stranger.name.clone());
        return Err(not_a_project(Foreign::Stranger { kind, name }));
    }
    match allowed.iter().find(|row| !found.contains(row)) {
        Some(missing) => Err(db.damaged(Damage::Missing { kind: missing.kind.clone(), name: missing.name.clone() })),
        None => Ok(version),
    }
}

/// What SQLite keeps about one table or index.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct SchemaRow {
    kind: String,
    name: String,
    table: String,
    sql: String,
}

fn schema_rows(db: Database<'_>) -> Result<Vec<SchemaRow>> {
    db.rows("SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema", [], |r| {
        let mut row = SchemaRow { kind: r.get(0)?, name: r.get(1)?, table: r.get(2)?, sql: r.get(3)? };
        // The tables beneath the search index are SQLite's own and their wording may change with its version.
        if row.name.starts_with("search_") && row.sql.starts_with("CREATE TABLE 'search_") {
            row.sql.clear();
        }
        Ok(row)
    })
}

/// What `ANALYZE` of any SQLite tool leaves behind; it cannot hold code.
fn is_statistics(row: &SchemaRow) -> bool {
    row.kind == "table" && (row.name == "sqlite_stat1" || row.name == "sqlite_stat4")
}

/// The schema that our own steps make.
fn schema_of_version(version: u32, steps: &[&str]) -> Result<BTreeSet<SchemaRow>> {
    let path = Path::new(":memory:");
    let connection = Connection::open_in_memory().at(path)?;
    let db = Database { connection: &connection, path, changes: None };
    run_steps(db, steps.get(..version as usize).unwrap_or(steps))?;
    Ok(schema_rows(db)?.into_iter().collect())
}

/// Settles a checked connection for writing: a write-ahead log, and every commit on the disk before it returns.
pub(super) fn trust(db: Database<'_>) -> Result<()> {
    let connection = db.connection;
    let journal = db.row("PRAGMA journal_mode = WAL", [], |r| r.get::<_, String>(0))?.unwrap_or_default();
    if !journal.eq_ignore_ascii_case("wal") {
        return Err(db.failed(Failure::NoLog { journal }));
    }
    connection.pragma_update(None, "synchronous", "FULL").at(db.path)?;
    connection.pragma_update(None, "foreign_keys", true).at(db.path)?;
    // Only macOS knows these: its plain fsync does not reach the disk.
    connection.pragma_update(None, "fullfsync", true).at(db.path)?;
    connection.pragma_update(None, "checkpoint_fullfsync", true).at(db.path)?;
    const FULL: i64 = 2;
    if db.number("PRAGMA synchronous", [])? != FULL {
        return Err(db.failed(Failure::NoPromise));
    }
    if db.number("PRAGMA foreign_keys", [])? != 1 {
        return Err(db.failed(Failure::NoReferences));
    }
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false).at(db.path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::contract::Store;
    use crate::store::sqlite::{SqliteStore, default_labels};
    use std::path::PathBuf;

    fn project(dir: &tempfile::TempDir) -> PathBuf {
        let path = dir.path().join("a.barchasb");
        drop(SqliteStore::create(&path, Default::default(), default_labels()).unwrap());
        path
    }

    /// Runs `sql` on a fresh project as a stranger would and opens it.
    fn check(sql: &str, expected: fn(&StoreError) -> bool) {
        let dir = tempfile::tempdir().unwrap();
        let path = project(&dir);
        Connection::open(&path).unwrap().execute_batch(sql).unwrap();
        let before = std::fs::read(&path).unwrap();
        for opened in [SqliteStore::open(&path), SqliteStore::open_read_only(&path)] {
            let error = opened.expect_err("is refused");
            assert!(expected(&error), "{sql}: {error:?}");
        }
        assert_eq!(std::fs::read(&path).unwrap(), before, "{sql}: nothing is written");
    }

    #[test]
    fn what_is_not_ours_is_refused() {
        let foreign = |e: &StoreError| matches!(e, StoreError::NotAProject { .. });
        check("CREATE TRIGGER t AFTER INSERT ON event BEGIN DELETE FROM event; END", foreign);
        check("CREATE VIEW v AS SELECT * FROM article", foreign);
        check("CREATE TABLE extra (a TEXT)", foreign);
        check("CREATE INDEX extra ON article (title)", foreign);
        check("ALTER TABLE article ADD COLUMN extra TEXT", foreign);
        check("CREATE TABLE search_extra (a TEXT)", foreign);
        check("PRAGMA application_id = 7", foreign);
        check("PRAGMA user_version = -1", foreign);
        check("PRAGMA user_version = 99", |e| matches!(e, StoreError::Newer { found: 99, .. }));
        let damaged = |e: &StoreError| matches!(e, StoreError::Damaged { .. });
        check("ALTER TABLE layer ADD COLUMN extra TEXT NOT NULL DEFAULT '[]'", foreign);
        check("DROP TABLE merged", damaged);
        check("ALTER TABLE layer RENAME COLUMN decisions TO choices", foreign);
        check("DROP TABLE merged; CREATE TABLE merged (article INTEGER)", foreign);
        check("DROP INDEX layer_status", |e| matches!(e, StoreError::Damaged { .. } | StoreError::NotAProject { .. }));
    }

    #[test]
    fn statistics_of_other_tools_are_welcome() {
        let dir = tempfile::tempdir().unwrap();
        let path = project(&dir);
        Connection::open(&path).unwrap().execute_batch("ANALYZE").unwrap();
        assert!(SqliteStore::open(&path).is_ok());
    }

    #[test]
    fn other_files_and_places_are_named_for_what_they_are() {
        let dir = tempfile::tempdir().unwrap();
        let open = |name: &str| SqliteStore::open(&dir.path().join(name)).err().unwrap();
        std::fs::write(dir.path().join("empty"), "").unwrap();
        std::fs::write(dir.path().join("text"), "علی به تهران رفت.\n".repeat(200)).unwrap();
        std::fs::write(dir.path().join("short"), "SQLite").unwrap();
        std::fs::create_dir(dir.path().join("folder")).unwrap();
        Connection::open(dir.path().join("other")).unwrap().execute_batch("CREATE TABLE a (b)").unwrap();
        assert!(matches!(open("absent"), StoreError::Missing { .. }));
        for name in ["empty", "text", "short", "folder", "other"] {
            let error = open(name);
            assert!(matches!(error, StoreError::NotAProject { .. }), "{name}: {error:?}");
        }
    }

    #[test]
    fn a_file_cut_anywhere_is_an_error_or_a_fault_and_never_a_panic() {
        let dir = tempfile::tempdir().unwrap();
        let path = project(&dir);
        let mut store = SqliteStore::open(&path).unwrap();
        let texts = (0..60).map(|n| crate::domain::record::ArticleRecord {
            text: format!("{n} علی به تهران رفت. ").repeat(100),
            ..Default::default()
        });
        store.import(&mut texts.into_iter(), "سارا").unwrap();
        drop(store);
        let whole = std::fs::read(&path).unwrap();
        let cuts = (1..40).map(|n| whole.len() * n / 40).chain([1, 15, 16, 99, 100, 511, 512, 4095, 4096, 4097]);
        for cut in cuts {
            let short = dir.path().join(format!("cut-{cut}.barchasb"));
            std::fs::write(&short, &whole[..cut]).unwrap();
            let found =
                SqliteStore::open(&short).and_then(|s| s.check(&mut |_, _| std::ops::ControlFlow::Continue(())));
            match found {
                Err(StoreError::Damaged { .. } | StoreError::NotAProject { .. }) => {}
                Ok(faults) if !faults.is_empty() => {}
                other => panic!("cut at {cut}: {other:?}"),
            }
        }
    }
}

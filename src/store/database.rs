//! One connection with the path it belongs to: running SQL, transactions, and what SQLite's errors mean.
//!
//! Owns the mapping of errors and the marks of change. It must not know any table but `setting`.

use crate::store::changes::Changes;
use crate::store::contract::{Result, StoreError};
use crate::store::reason::{Damage, Failure, Foreign, SystemFault, Unwritable};
use rusqlite::{Connection, OptionalExtension, Params, Row, Transaction, TransactionBehavior, ffi};
use std::path::Path;
use std::str::FromStr;
use std::time::{SystemTime, UNIX_EPOCH};
use uuid::Uuid;

/// A connection and the file it is on.
#[derive(Clone, Copy)]
pub(super) struct Database<'a> {
    pub(super) connection: &'a Connection,
    pub(super) path: &'a Path,
    /// Who else's changes are our own; `None` where nothing is told of changes.
    pub(super) changes: Option<&'a Changes>,
}

/// Says what an error of SQLite means for the project at a path.
pub(super) trait At<T> {
    /// The same outcome in the words of the store.
    fn at(self, path: &Path) -> Result<T>;
}

impl<T> At<T> for rusqlite::Result<T> {
    fn at(self, path: &Path) -> Result<T> {
        self.map_err(|error| failure(path, &error))
    }
}

impl<T> At<T> for std::io::Result<T> {
    fn at(self, path: &Path) -> Result<T> {
        use std::io::ErrorKind;
        self.map_err(|error| {
            let (path, fault) = (path.to_path_buf(), SystemFault::from(&error));
            match error.kind() {
                ErrorKind::NotFound => StoreError::Missing { path },
                ErrorKind::AlreadyExists => StoreError::AlreadyThere { path },
                ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
                    StoreError::ReadOnly { path, reason: Unwritable::System(fault) }
                }
                ErrorKind::StorageFull | ErrorKind::QuotaExceeded => StoreError::Full { path },
                _ => StoreError::Failed { path, reason: Failure::System(fault) },
            }
        })
    }
}

fn failure(path: &Path, error: &rusqlite::Error) -> StoreError {
    use rusqlite::{Error, ErrorCode};
    let (path, words) = (path.to_path_buf(), error.to_string());
    let code = match error {
        Error::SqliteFailure(code, _) | Error::SqlInputError { error: code, .. } => *code,
        Error::FromSqlConversionFailure(..)
        | Error::InvalidColumnType(..)
        | Error::IntegralValueOutOfRange(..)
        | Error::Utf8Error(..) => return StoreError::Damaged { path, reason: Damage::Database(words) },
        _ => return StoreError::Failed { path, reason: Failure::Database(words) },
    };
    match code.code {
        ErrorCode::DiskFull => StoreError::Full { path },
        ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen => {
            StoreError::ReadOnly { path, reason: Unwritable::Database(words) }
        }
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => StoreError::Busy { path },
        ErrorCode::DatabaseCorrupt => StoreError::Damaged { path, reason: Damage::Database(words) },
        ErrorCode::NotADatabase => StoreError::NotAProject { path, reason: Foreign::Database(words) },
        _ if code.extended_code == ffi::SQLITE_IOERR_SHORT_READ => {
            StoreError::Damaged { path, reason: Damage::Database(words) }
        }
        _ => StoreError::Failed { path, reason: Failure::Database(words) },
    }
}

impl Database<'_> {
    /// Runs one statement and gives the number of rows it changed.
    pub(super) fn run(&self, sql: &str, params: impl Params) -> Result<usize> {
        self.connection.prepare_cached(sql).and_then(|mut s| s.execute(params)).at(self.path)
    }

    /// The first row of a query, if there is one.
    pub(super) fn row<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>> {
        self.connection.prepare_cached(sql).and_then(|mut s| s.query_row(params, read).optional()).at(self.path)
    }

    /// A query that always has one row of one number.
    pub(super) fn number(&self, sql: &str, params: impl Params) -> Result<i64> {
        Ok(self.row(sql, params, |r| r.get(0))?.unwrap_or(0))
    }

    /// All rows of a query.
    pub(super) fn rows<T>(
        &self,
        sql: &str,
        params: impl Params,
        mut read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        let mut statement = self.connection.prepare_cached(sql).at(self.path)?;
        let rows = statement.query_map(params, |r| read(r)).at(self.path)?;
        rows.collect::<rusqlite::Result<Vec<T>>>().at(self.path)
    }

    /// Does `work` in one transaction that is on the disk when this returns; an error leaves nothing of it.
    pub(super) fn writing<T>(&self, work: impl FnOnce() -> Result<T>) -> Result<T> {
        let transaction = Transaction::new_unchecked(self.connection, TransactionBehavior::Immediate).at(self.path)?;
        let Some(changes) = self.changes else {
            let outcome = work()?;
            transaction.commit().at(self.path)?;
            return Ok(outcome);
        };
        let before = self.revision()?;
        let outcome = work()?;
        let after = self.revision()?;
        let mut watch = changes.watch();
        watch.see(self.path, &before);
        transaction.commit().at(self.path)?;
        watch.make(self.path, after);
        Ok(outcome)
    }

    /// Does `work` with so much memory for pages of the file, and as much as before after it.
    pub(super) fn with_cache<T>(&self, bytes: u64, work: impl FnOnce() -> Result<T>) -> Result<T> {
        // A number below zero counts KiB, one above it pages.
        let before = self.number("PRAGMA cache_size", [])?;
        let kib = i64::try_from(bytes >> 10).unwrap_or(i64::MAX);
        self.connection.pragma_update(None, "cache_size", -kib).at(self.path)?;
        let outcome = work();
        self.connection.pragma_update(None, "cache_size", before).at(self.path)?;
        outcome
    }

    /// Does `work` on one unchanging view of the file.
    pub(super) fn reading<T>(&self, work: impl FnOnce() -> Result<T>) -> Result<T> {
        let transaction = Transaction::new_unchecked(self.connection, TransactionBehavior::Deferred).at(self.path)?;
        let outcome = work()?;
        transaction.commit().at(self.path)?;
        Ok(outcome)
    }

    /// The value of a setting.
    pub(super) fn setting(&self, key: &str) -> Result<Option<String>> {
        self.row("SELECT value FROM setting WHERE key = ?1", [key], |r| r.get(0))
    }

    /// Writes a setting, inside a transaction of the caller.
    pub(super) fn set_setting(&self, key: &str, value: &str) -> Result<()> {
        self.run(
            "INSERT INTO setting (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            [key, value],
        )?;
        Ok(())
    }

    /// Marks the project as changed: every writing transaction calls it once, but for those that write what the program can
    /// make anew (the search index, suggestions of engines, outcomes, models). Such writing is no reason for a backup, nor
    /// for another window to read everything again.
    pub(super) fn mark_changed(&self) -> Result<()> {
        self.set_setting(REVISION, &Uuid::now_v7().simple().to_string())
    }

    /// What is different after every change to the project.
    pub(super) fn revision(&self) -> Result<String> {
        Ok(self.setting(REVISION)?.unwrap_or_default())
    }

    /// How many changes have come from outside.
    pub(super) fn outside_changes(&self) -> Result<u64> {
        let Some(changes) = self.changes else { return Ok(0) };
        let mut watch = changes.watch();
        Ok(watch.see(self.path, &self.revision()?))
    }

    /// The number that changes when another connection has written.
    pub(super) fn data_version(&self) -> Result<u64> {
        Ok(self.number("PRAGMA data_version", [])?.unsigned_abs())
    }

    /// An error that says the file is damaged.
    pub(super) fn damaged(&self, reason: Damage) -> StoreError {
        StoreError::Damaged { path: self.path.to_path_buf(), reason }
    }

    /// An error that has no name of its own.
    pub(super) fn failed(&self, reason: Failure) -> StoreError {
        StoreError::Failed { path: self.path.to_path_buf(), reason }
    }

    /// A stored identity.
    pub(super) fn uuid(&self, text: &str) -> Result<Uuid> {
        Uuid::from_str(text).map_err(|_| self.damaged(Damage::Identity(text.to_owned())))
    }
}

/// The setting that names the last change.
const REVISION: &str = "revision";

/// Identities of what one action makes many of, in order: one of version 7, whose random bits are then counted up, as RFC 9562
/// allows (6.2, method 2). Asking the system for each took longer than writing it.
pub(super) struct Identities(Uuid);

impl Identities {
    pub(super) fn new() -> Self {
        Self(Uuid::now_v7())
    }

    pub(super) fn next(&mut self) -> Uuid {
        const RANDOM: u64 = u64::MAX >> 2;
        let (high, low) = self.0.as_u64_pair();
        self.0 = Uuid::from_u64_pair(high, low & !RANDOM | low.wrapping_add(1) & RANDOM);
        self.0
    }
}

/// Milliseconds since 1970, UTC.
pub(super) fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// A count as SQLite keeps it.
pub(super) fn sql_count(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A count that SQLite kept; one below zero (a damaged file) is 0.
pub(super) fn count_from_sql(count: i64) -> u64 {
    u64::try_from(count).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    fn check(code: i32, expected: fn(&StoreError) -> bool) {
        let error = rusqlite::Error::SqliteFailure(ffi::Error::new(code), None);
        let told = failure(&PathBuf::from("a.barchasb"), &error);
        assert!(expected(&told), "{code}: {told:?}");
    }

    #[test]
    fn identities_are_of_version_7_and_in_order() {
        let mut identities = Identities::new();
        let some: Vec<Uuid> = (0..1_000).map(|_| identities.next()).collect();
        assert!(some.is_sorted_by(|a, b| a < b));
        let mut last = Identities(Uuid::from_u128(u128::MAX ^ (1 << 64)));
        assert_eq!(last.next().as_u64_pair(), (u64::MAX - 1, 0xC000_0000_0000_0000), "nothing spills into the variant");
        assert!(some.iter().all(|id| id.get_version_num() == 7 && id.get_variant() == uuid::Variant::RFC4122));
    }

    #[test]
    fn errors_of_sqlite_have_a_meaning() {
        check(ffi::SQLITE_FULL, |e| matches!(e, StoreError::Full { .. }));
        check(ffi::SQLITE_READONLY_DIRECTORY, |e| matches!(e, StoreError::ReadOnly { .. }));
        check(ffi::SQLITE_CANTOPEN, |e| matches!(e, StoreError::ReadOnly { .. }));
        check(ffi::SQLITE_BUSY_SNAPSHOT, |e| matches!(e, StoreError::Busy { .. }));
        check(ffi::SQLITE_CORRUPT_VTAB, |e| matches!(e, StoreError::Damaged { .. }));
        check(ffi::SQLITE_IOERR_SHORT_READ, |e| matches!(e, StoreError::Damaged { .. }));
        check(ffi::SQLITE_NOTADB, |e| matches!(e, StoreError::NotAProject { .. }));
        check(ffi::SQLITE_ERROR, |e| matches!(e, StoreError::Failed { .. }));
    }
}

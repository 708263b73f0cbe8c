//! Whole, compact copies of a project: one to send, and the last five kept beside it.
//!
//! Owns where backups lie and which are dropped. A copy is made by the database, for copying an open file would lose what
//! is still in its log.

use crate::store::contract::{Result, StoreError};
use crate::store::database::{At, Database};
use crate::store::reason::Failure;
use std::fs::File;
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// How many backups are kept.
const KEPT: usize = 5;

/// Writes a copy to `path`, which must not exist; it is on the disk, whole, or not there at all.
pub(super) fn copy_to(db: Database<'_>, path: &Path) -> Result<()> {
    let path = std::path::absolute(path).at(path)?;
    if path.symlink_metadata().is_ok() {
        return Err(StoreError::AlreadyThere { path });
    }
    let part = beside(&path, &format!(".part-{}", Uuid::now_v7().simple()));
    let outcome = write_copy(db, &part).and_then(|()| move_into_place(&part, &path));
    if outcome.is_err() {
        // What was begun is of no use; that it cannot be removed is less than what is being told.
        let _removed = std::fs::remove_file(&part);
    }
    outcome
}

/// Writes a copy that is on the disk to a place where nothing is.
pub(super) fn write_copy(db: Database<'_>, part: &Path) -> Result<()> {
    let Some(name) = part.to_str() else {
        return Err(StoreError::Failed { path: part.to_path_buf(), reason: Failure::NotUnicode });
    };
    // A copy is no change, but a connection that is for reading alone would refuse to write it.
    let reads_only = db.number("PRAGMA query_only", [])?;
    db.connection.pragma_update(None, "query_only", false).at(part)?;
    let written = db.connection.execute("VACUUM INTO ?1", [name]).at(part);
    db.connection.pragma_update(None, "query_only", reads_only).at(part)?;
    written?;
    File::options().write(true).open(part).and_then(|file| file.sync_all()).at(part)
}

/// Gives a finished file its name, never over another file.
pub(super) fn move_into_place(part: &Path, path: &Path) -> Result<()> {
    match std::fs::hard_link(part, path) {
        Ok(()) => std::fs::remove_file(part).at(part)?,
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => return Err(error).at(path),
        // Not every file system knows links; there is a moment here in which another program could take the name.
        Err(_) if path.symlink_metadata().is_ok() => return Err(StoreError::AlreadyThere { path: path.to_path_buf() }),
        Err(_) => std::fs::rename(part, path).at(path)?,
    }
    sync_folder(path)
}

/// Brings the folder's list of names to the disk, where the system can.
fn sync_folder(path: &Path) -> Result<()> {
    match path.parent() {
        Some(folder) if cfg!(unix) => File::open(folder).and_then(|folder| folder.sync_all()).at(path),
        _ => Ok(()),
    }
}

/// `path` with something added to its name.
pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(ending);
    path.with_file_name(name)
}

/// The folder in which a project's backups lie: `NAME.backups` beside it.
pub(super) fn folder(path: &Path) -> PathBuf {
    path.with_extension("backups")
}

/// Keeps a backup named by the time and the state it holds; `None` when the newest one holds this state already.
pub(super) fn keep(db: Database<'_>) -> Result<Option<PathBuf>> {
    let folder = folder(db.path);
    std::fs::create_dir_all(&folder).at(&folder)?;
    let revision = db.revision()?;
    let state = revision.get(revision.len().saturating_sub(STATE_CHARS)..).unwrap_or(&revision);
    if kept(db.path)?.last().is_some_and(|newest| newest.to_string_lossy().ends_with(&format!("-{state}.barchasb"))) {
        return Ok(None);
    }
    let path = folder.join(format!("{}-{}-{state}.barchasb", stem(db.path), timestamp()));
    copy_to(db, &path)?;
    let mut all = kept(db.path)?;
    all.truncate(all.len().saturating_sub(KEPT));
    for old in all {
        std::fs::remove_file(&old).at(&old)?;
    }
    Ok(Some(path))
}

/// Keeps a copy of an older file before it is brought up to date; it is not one of the five and is never dropped.
pub(super) fn keep_before_migration(db: Database<'_>, version: u32) -> Result<()> {
    let folder = folder(db.path);
    std::fs::create_dir_all(&folder).at(&folder)?;
    copy_to(db, &folder.join(format!("{} before version {} {}.barchasb", stem(db.path), version + 1, timestamp())))
}

/// How much of a revision names a state: the random end of a UUID.
const STATE_CHARS: usize = 12;

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// Now, in UTC, so that names sort by time: `20261124T082326.123Z`.
fn timestamp() -> String {
    jiff::Timestamp::now().strftime("%Y%m%dT%H%M%S.%3fZ").to_string()
}

/// The backups that stand, oldest first.
fn kept(path: &Path) -> Result<Vec<PathBuf>> {
    let folder = folder(path);
    let start = format!("{}-", stem(path));
    let mut all = Vec::new();
    for entry in std::fs::read_dir(&folder).at(&folder)? {
        let name = entry.at(&folder)?.file_name();
        let text = name.to_string_lossy();
        if text.strip_prefix(&start).is_some_and(is_backup_ending) {
            all.push(folder.join(&name));
        }
    }
    all.sort();
    Ok(all)
}

/// Whether what follows `NAME-` is what [`keep`] writes, so that no other file is ever dropped.
fn is_backup_ending(ending: &str) -> bool {
    let Some((time, state)) = ending.strip_suffix(".barchasb").and_then(|e| e.split_once('-')) else { return false };
    let is_time = time.ends_with('Z') && time.chars().all(|c| c.is_ascii_digit() || matches!(c, 'T' | '.' | 'Z'));
    is_time && state.len() == STATE_CHARS && state.chars().all(|c| c.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::contract::Store;
    use crate::store::sqlite::SqliteStore;
    use crate::store::sqlite::fixture::project_of;
    use std::ops::ControlFlow;

    fn check(ending: &str, expected: bool) {
        assert_eq!(is_backup_ending(ending), expected, "{ending}");
    }

    #[test]
    fn only_backups_are_ever_dropped() {
        check("20261124T082326.123Z-0123456789ab.barchasb", true);
        check("20261124T082326.123Z-0123456789ab.txt", false);
        check("mine.barchasb", false);
        check("copy-0123456789ab.barchasb", false);
    }

    #[test]
    fn five_backups_are_kept_and_only_of_what_changed() {
        let (_dir, mut store) = project_of(&["متن"]);
        let path = store.project().unwrap().path;
        std::fs::create_dir_all(folder(&path)).unwrap();
        let mine = folder(&path).join("mine.barchasb");
        std::fs::write(&mine, "x").unwrap();
        let mut made = Vec::new();
        for n in 0..7 {
            store.annotator(&format!("n{n}")).unwrap();
            made.push(store.backup().unwrap().expect("is made"));
            assert_eq!(store.backup().unwrap(), None);
        }
        assert_eq!(kept(&path).unwrap(), made[2..]);
        assert!(mine.exists());
        store.index_some().unwrap();
        assert_eq!(store.backup().unwrap(), None, "the index is no change");
        let copy = SqliteStore::open_read_only(made.last().unwrap()).unwrap();
        assert_eq!(copy.annotators().unwrap(), store.annotators().unwrap());
        assert!(copy.check(&mut |_, _| ControlFlow::Continue(())).unwrap().is_empty());
    }

    #[test]
    fn a_copy_is_whole_and_never_over_another_file() {
        let (dir, store) = project_of(&["علی به تهران رفت"]);
        let path = dir.path().join("رونوشت ۱?#.barchasb");
        store.copy_to(&path).unwrap();
        assert!(matches!(store.copy_to(&path), Err(StoreError::AlreadyThere { .. })));
        let copy = SqliteStore::open(&path).unwrap();
        assert_eq!(copy.article_by_name("a1").unwrap(), store.article_by_name("a1").unwrap());
        assert!(store.copy_to(&dir.path().join("no folder/b.barchasb")).is_err());
        let names: Vec<_> = std::fs::read_dir(dir.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert!(names.iter().all(|n| !n.to_string_lossy().contains(".part-")), "{names:?}");
    }
}

//! Whether another window has the project open.
//!
//! Owns the advisory lock beside the project. Nothing depends on it: a stale save is refused by its version, with or without it.

use crate::store::contract::Result;
use crate::store::database::At;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

/// The mark of an open window; it is gone when this is dropped, also when the process dies.
#[derive(Debug)]
pub struct ProjectLock {
    file: File,
}

impl ProjectLock {
    /// Takes the lock of the project at `path`; `None` when another window has it.
    ///
    /// The lock is a small file beside the project, never the project itself: closing a second handle of that would drop
    /// the database's own locks. The small file stays, for taking it away could free a name that someone just locked.
    ///
    /// # Errors
    /// [`StoreError`](crate::store::contract::StoreError) when the place cannot be written or knows no locks.
    pub fn take(path: &Path) -> Result<Option<Self>> {
        let beside = lock_path(path);
        let file = File::options().create(true).truncate(false).write(true).open(&beside).at(&beside)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error).at(&beside),
        }
    }
}

impl Drop for ProjectLock {
    fn drop(&mut self) {
        // Closing the file frees it as well; this only does so at once.
        let _freed = self.file.unlock();
    }
}

/// `NAME.barchasb` → `.NAME.barchasb.lock`, hidden where a leading dot hides.
fn lock_path(path: &Path) -> PathBuf {
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(".lock");
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_window_sees_the_first() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.barchasb");
        let first = ProjectLock::take(&path).unwrap();
        assert!(first.is_some());
        assert!(ProjectLock::take(&path).unwrap().is_none());
        drop(first);
        assert!(ProjectLock::take(&path).unwrap().is_some());
    }
}

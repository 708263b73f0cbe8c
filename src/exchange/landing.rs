//! Files that land together: written under passing names, put in their places at the end, or none of them.
//!
//! Owns [`Landing`]. It must not know what is written. Names come from formats and articles: those that would leave the folder are refused.

use crate::exchange::atomic_file::AtomicFile;
use crate::formats::files::Outputs;
use std::fs;
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// Files being written; dropped without [`commit`](Self::commit), none of them is left. Clones share the files.
#[derive(Clone, Debug)]
pub struct Landing {
    folder: PathBuf,
    files: Arc<Mutex<Vec<AtomicFile>>>,
}

impl Landing {
    /// Files that will stand in this folder, which is made when the first is begun.
    #[must_use]
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_path_buf(), files: Arc::default() }
    }

    /// A new file of this name in the folder, with `/` between folders.
    ///
    /// # Errors
    /// The system's error; `InvalidInput` for a name that is absolute or climbs out of the folder.
    pub fn create(&self, name: &str) -> io::Result<Landed> {
        let inside = Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
        if !inside || name.is_empty() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, format!("{name:?} is no name of a file")));
        }
        let target = self.folder.join(name);
        if let Some(folder) = target.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            fs::create_dir_all(folder)?;
        }
        let file = AtomicFile::create(&target)?;
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files.push(file);
        Ok(Landed { index: files.len() - 1, files: Arc::clone(&self.files) })
    }

    /// Puts every file in its place, one after another, each whole or not at all.
    ///
    /// # Errors
    /// The system's error; the files after it are untouched.
    pub fn commit(self) -> io::Result<()> {
        let files = std::mem::take(&mut *self.files.lock().unwrap_or_else(PoisonError::into_inner));
        files.into_iter().try_for_each(AtomicFile::commit)
    }
}

impl Outputs for Landing {
    fn create(&mut self, name: &str) -> io::Result<Box<dyn Write + Send>> {
        Ok(Box::new(Self::create(self, name)?))
    }
}

/// One of the files, as a writer holds it.
#[derive(Debug)]
pub struct Landed {
    index: usize,
    files: Arc<Mutex<Vec<AtomicFile>>>,
}

impl Landed {
    fn with<T>(&self, act: impl FnOnce(&mut AtomicFile) -> io::Result<T>) -> io::Result<T> {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        // After the landing there is nothing to write to.
        act(files.get_mut(self.index).ok_or(io::ErrorKind::BrokenPipe)?)
    }
}

impl Write for Landed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.with(|file| file.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.with(Write::flush)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_land_together_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let landing = Landing::new(folder.path());
        landing.create("a/b.txt").unwrap().write_all(b"x").unwrap();
        assert!(!folder.path().join("a/b.txt").exists());
        landing.commit().unwrap();
        assert_eq!(fs::read(folder.path().join("a/b.txt")).unwrap(), b"x");

        let landing = Landing::new(folder.path());
        landing.create("c.txt").unwrap().write_all(b"x").unwrap();
        drop(landing);
        assert!(!folder.path().join("c.txt").exists());
    }

    #[test]
    fn names_stay_in_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        let landing = Landing::new(folder.path());
        for name in ["", "../a", "/a", "a/../../b", "."] {
            assert_eq!(landing.create(name).unwrap_err().kind(), io::ErrorKind::InvalidInput, "{name:?}");
        }
    }
}

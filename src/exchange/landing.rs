//! Files that land together: written under passing names, put in their places at the end, or none of them.
//!
//! Owns [`Landing`]. It must not know what is written. Names come from formats and articles: those that would leave the folder are refused.

use crate::exchange::atomic_file::{AtomicFile, sync_folder};
use crate::formats::files::Outputs;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// Files being written; dropped without [`commit`](Self::commit), none of them is left, nor a folder that was made for them. Clones share
/// the files.
#[derive(Clone, Debug)]
pub struct Landing {
    folder: PathBuf,
    /// What stands before every name, as `train/`.
    prefix: String,
    /// Whether the files are hashed.
    hashed: bool,
    shared: Arc<Mutex<Shared>>,
}

/// What is known of a file that is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Bytes.
    pub bytes: u64,
    /// The SHA-256 in hexadecimal digits; empty where files are not hashed.
    pub sha256: String,
}

#[derive(Debug, Default)]
struct Shared {
    files: Vec<AtomicFile>,
    /// The folders that were made, an outer one before those in it.
    made: Vec<PathBuf>,
    written: BTreeMap<String, Written>,
    /// Why a file could not be closed, which nobody was there to hear.
    failure: Option<io::Error>,
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.files.clear();
        for folder in self.made.drain(..).rev() {
            // One that is not empty holds what others put there.
            let _stays = fs::remove_dir(folder);
        }
    }
}

impl Landing {
    /// Files that will stand in this folder, which is made when the first is begun.
    #[must_use]
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_path_buf(), prefix: String::new(), hashed: false, shared: Arc::default() }
    }

    /// The same, which hashes what is written.
    #[must_use]
    pub fn hashed(self) -> Self {
        Self { hashed: true, ..self }
    }

    /// The same files, of which those that are begun by this stand in a folder inside.
    #[must_use]
    pub fn inside(&self, folder: &str) -> Self {
        Self { prefix: format!("{}{folder}/", self.prefix), ..self.clone() }
    }

    /// A new file of this name in the folder, with `/` between folders.
    ///
    /// # Errors
    /// The system's error; `InvalidInput` for a name that is absolute or climbs out of the folder, `AlreadyExists` for one that was begun.
    pub fn create(&self, name: &str) -> io::Result<Landed> {
        let inside = Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
        if !inside || name.is_empty() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, format!("{name:?} is no name of a file")));
        }
        let name = format!("{}{name}", self.prefix);
        let target = self.folder.join(&name);
        let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        if shared.written.contains_key(&name) {
            return Err(io::Error::new(io::ErrorKind::AlreadyExists, format!("{name:?} would be written twice")));
        }
        if let Some(folder) = target.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            let new: Vec<PathBuf> =
                folder.ancestors().take_while(|folder| !folder.exists()).map(Path::to_path_buf).collect();
            fs::create_dir_all(folder)?;
            shared.made.extend(new.into_iter().rev().filter(|folder| !folder.as_os_str().is_empty()));
        }
        shared.files.push(AtomicFile::create(&target)?);
        shared.written.insert(name.clone(), Written::default());
        let index = shared.files.len() - 1;
        let hash = self.hashed.then(Sha256::new);
        Ok(Landed { index, name, bytes: 0, hash, shared: Arc::clone(&self.shared) })
    }

    /// Every file that was begun, by its name in the folder; what is known of one that is still open is not whole.
    #[must_use]
    pub fn written(&self) -> BTreeMap<String, Written> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner).written.clone()
    }

    /// Puts every file in its place, one after another, each whole or not at all.
    ///
    /// # Errors
    /// The system's error. No file is placed when one could not be written; when one cannot be placed, the files after it are untouched.
    pub fn commit(self) -> io::Result<()> {
        let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(failure) = shared.failure.take() {
            return Err(failure);
        }
        shared.files.iter_mut().try_for_each(AtomicFile::close)?;
        let mut folders: BTreeSet<PathBuf> =
            shared.made.iter().filter_map(|made| made.parent()).map(Path::to_path_buf).collect();
        for file in std::mem::take(&mut shared.files) {
            folders.extend(file.place()?);
        }
        shared.made.clear();
        folders.iter().filter(|folder| !folder.as_os_str().is_empty()).try_for_each(|folder| sync_folder(folder))
    }
}

impl Outputs for Landing {
    fn create(&mut self, name: &str) -> io::Result<Box<dyn Write + Send>> {
        Ok(Box::new(Self::create(self, name)?))
    }
}

/// One of the files, as a writer holds it. Dropped, it is closed: a landing of many files does not hold many handles.
#[derive(Debug)]
pub struct Landed {
    index: usize,
    name: String,
    bytes: u64,
    hash: Option<Sha256>,
    shared: Arc<Mutex<Shared>>,
}

impl Landed {
    fn with<T>(&self, act: impl FnOnce(&mut AtomicFile) -> io::Result<T>) -> io::Result<T> {
        let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        // After the landing there is nothing to write to.
        act(shared.files.get_mut(self.index).ok_or(io::ErrorKind::BrokenPipe)?)
    }
}

impl Write for Landed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = self.with(|file| file.write(bytes))?;
        self.bytes += u64::try_from(taken).unwrap_or(u64::MAX);
        if let (Some(hash), Some(part)) = (&mut self.hash, bytes.get(..taken)) {
            hash.update(part);
        }
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.with(Write::flush)
    }
}

impl Drop for Landed {
    fn drop(&mut self) {
        let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        let closed = shared.files.get_mut(self.index).map_or(Ok(()), AtomicFile::close);
        if let Err(error) = closed {
            shared.failure.get_or_insert(error);
        }
        let hash = self.hash.take().map(Sha256::finalize);
        let sha256 = hash.map(|hash| hash.iter().map(|byte| format!("{byte:02x}")).collect()).unwrap_or_default();
        shared.written.insert(std::mem::take(&mut self.name), Written { bytes: self.bytes, sha256 });
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

        let landing = Landing::new(&folder.path().join("new/er"));
        landing.create("c.txt").unwrap().write_all(b"x").unwrap();
        landing.inside("d").create("c.txt").unwrap();
        drop(landing);
        assert!(!folder.path().join("new").exists(), "folders that were made for them go as well");
        assert!(folder.path().join("a").exists());
    }

    #[test]
    fn more_files_than_the_system_lets_a_program_hold_open() {
        let folder = tempfile::tempdir().unwrap();
        let landing = Landing::new(folder.path());
        for number in 0..1200 {
            landing.create(&number.to_string()).unwrap().write_all(b"x").unwrap();
        }
        landing.commit().unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1200);
    }

    #[test]
    fn what_was_written_is_known() {
        let folder = tempfile::tempdir().unwrap();
        let landing = Landing::new(folder.path()).hashed();
        landing.inside("train").create("a").unwrap().write_all(b"abc").unwrap();
        let sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad".to_owned();
        assert_eq!(landing.written(), BTreeMap::from([("train/a".to_owned(), Written { bytes: 3, sha256 })]));
        assert_eq!(landing.inside("train").create("a").unwrap_err().kind(), io::ErrorKind::AlreadyExists);
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

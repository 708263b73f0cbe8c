//! Writing a file so that its name holds the old content or the whole new one, whatever happens.
//!
//! Owns the temporary file beside the target, the two fsyncs and the rename. It must not know what is written.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A file being written beside its target; dropped without [`commit`](Self::commit), it is taken away and the target is untouched.
///
/// A target that is no regular file (a pipe, `/dev/null`) is written directly: there is nothing to replace.
#[derive(Debug)]
pub struct AtomicFile {
    /// `None` once it is closed.
    file: Option<File>,
    target: PathBuf,
    /// Where the bytes are until the commit; `None` when they go to the target itself.
    temporary: Option<PathBuf>,
}

impl AtomicFile {
    /// Begins a file that will stand at `target`. A symbolic link is followed: what it points to is replaced.
    ///
    /// # Errors
    /// The system's error when the folder is missing or cannot be written, or `target` is a folder.
    pub fn create(target: &Path) -> io::Result<Self> {
        let standing = fs::metadata(target).ok();
        let target = if standing.is_some() { fs::canonicalize(target)? } else { target.to_path_buf() };
        if let Some(standing) = &standing
            && !standing.is_file()
        {
            let file = File::options().write(true).open(&target)?;
            return Ok(Self { file: Some(file), target, temporary: None });
        }
        let (temporary, file) = create_beside(&target)?;
        if let Some(standing) = standing {
            file.set_permissions(standing.permissions())?;
        }
        Ok(Self { file: Some(file), target, temporary: Some(temporary) })
    }

    /// Writes everything to the disk and gives the file's handle back to the system; nothing can be written to it after.
    ///
    /// # Errors
    /// The system's error.
    pub fn close(&mut self) -> io::Result<()> {
        let Some(mut file) = self.file.take() else { return Ok(()) };
        file.flush()?;
        if self.temporary.is_some() { file.sync_all() } else { Ok(()) }
    }

    /// Puts the file in its place. The folder is given back that has to be synchronised for it to last, where there is one.
    ///
    /// # Errors
    /// The system's error; the target is then untouched.
    pub fn place(mut self) -> io::Result<Option<PathBuf>> {
        self.close()?;
        let Some(temporary) = &self.temporary else { return Ok(None) };
        fs::rename(temporary, &self.target)?;
        self.temporary = None;
        Ok(Some(folder_of(&self.target).to_path_buf()))
    }

    /// Puts the file in its place. When this returns, it is on the disk under its name.
    ///
    /// # Errors
    /// The system's error; the target is then untouched.
    pub fn commit(self) -> io::Result<()> {
        self.place()?.map_or(Ok(()), |folder| sync_folder(&folder))
    }

    fn open_file(&mut self) -> io::Result<&mut File> {
        self.file.as_mut().ok_or_else(|| io::ErrorKind::BrokenPipe.into())
    }
}

impl Write for AtomicFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.open_file()?.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.open_file()?.flush()
    }
}

impl Drop for AtomicFile {
    fn drop(&mut self) {
        // A file that is open cannot be taken away everywhere.
        self.file = None;
        if let Some(temporary) = self.temporary.take() {
            // There is no one left to tell; a left-over is hidden and harmless.
            let _left_over = fs::remove_file(temporary);
        }
    }
}

/// A new file beside `target`: on the same disk, so that the rename is one step.
fn create_beside(target: &Path) -> io::Result<(PathBuf, File)> {
    let name =
        target.file_name().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "this is no name for a file"))?;
    for attempt in 0..100u32 {
        let mut hidden = std::ffi::OsString::from(".");
        hidden.push(name);
        hidden.push(format!(".{}-{attempt}.tmp", std::process::id()));
        let path = target.with_file_name(hidden);
        match File::options().write(true).create_new(true).open(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            outcome => return outcome.map(|file| (path, file)),
        }
    }
    Err(io::Error::new(io::ErrorKind::AlreadyExists, "there are too many temporary files beside it"))
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Makes a rename inside `folder` last. Only Unix needs and can do it: Windows writes the entry with the file.
///
/// # Errors
/// The system's error.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn the_old_file_stands_until_the_commit() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("خبر.jsonl");
        fs::write(&target, "old").unwrap();
        let mut file = AtomicFile::create(&target).unwrap();
        file.write_all(b"half").unwrap();
        drop(file);
        assert_eq!(fs::read_to_string(&target).unwrap(), "old");
        let mut file = AtomicFile::create(&target).unwrap();
        file.write_all(b"new").unwrap();
        assert_eq!(fs::read_to_string(&target).unwrap(), "old");
        file.commit().unwrap();
        assert_eq!(fs::read_to_string(&target).unwrap(), "new");
        assert_eq!(names(folder.path()), ["خبر.jsonl"]);
    }

    #[test]
    fn a_folder_is_no_target_and_a_missing_folder_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        assert!(AtomicFile::create(folder.path()).is_err());
        assert!(AtomicFile::create(&folder.path().join("no/a")).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_permissions_stay_and_devices_are_written_directly() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let (target, link) = (folder.path().join("a"), folder.path().join("link"));
        fs::write(&target, "old").unwrap();
        fs::set_permissions(&target, fs::Permissions::from_mode(0o640)).unwrap();
        symlink(&target, &link).unwrap();
        let mut file = AtomicFile::create(&link).unwrap();
        file.write_all(b"new").unwrap();
        file.commit().unwrap();
        assert_eq!(fs::read_to_string(&target).unwrap(), "new");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::metadata(&target).unwrap().permissions().mode() & 0o777, 0o640);
        let mut null = AtomicFile::create(Path::new("/dev/null")).unwrap();
        null.write_all(b"gone").unwrap();
        null.commit().unwrap();
        assert!(!fs::metadata("/dev/null").unwrap().is_file());
    }
}

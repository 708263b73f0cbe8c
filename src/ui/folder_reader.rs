//! Reading folders on a thread, for the path dialog: ask for a folder, get what is in it a little later.
//!
//! Owns the thread; the latest request wins. It must not know what the entries are for.

use crate::words::message::Message;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

/// What stands in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FolderEntry {
    /// Its name as shown; what is no Unicode in it is shown as �.
    pub name: String,
    /// Its name in the folder.
    pub os_name: OsString,
    /// Whether it is a folder (a link to one is).
    pub is_folder: bool,
}

/// Why a folder could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FolderFault {
    /// It is not there, or it is no folder.
    Missing,
    /// What keeps it from being read.
    Unreadable(Message),
}

/// A folder as it was read: folders first, then by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// Which folder.
    pub folder: PathBuf,
    /// What is in it; empty beside a fault.
    pub entries: Vec<FolderEntry>,
    /// Why it could not be read.
    pub fault: Option<FolderFault>,
}

/// A thread that reads folders; it ends when this is dropped.
#[derive(Debug)]
pub struct FolderReader {
    requests: Sender<PathBuf>,
    listings: Receiver<Listing>,
}

/// More entries than this are not shown.
const MOST: usize = 50_000;

impl FolderReader {
    /// Starts the thread; `wake` is called on it when a listing is there.
    ///
    /// # Errors
    /// The system's, when it starts no thread.
    pub fn new(wake: impl Fn() + Send + 'static) -> std::io::Result<Self> {
        let (requests, asked) = channel::<PathBuf>();
        let (answer, listings) = channel();
        thread::Builder::new().name("folders".to_owned()).spawn(move || {
            let mut next = asked.recv().ok();
            while let Some(mut folder) = next.take() {
                while let Ok(later) = asked.try_recv() {
                    folder = later;
                }
                match read(&folder, &asked) {
                    Ok(listing) => {
                        if answer.send(listing).is_err() {
                            return;
                        }
                        wake();
                        next = asked.recv().ok();
                    }
                    Err(later) => next = Some(later),
                }
            }
        })?;
        Ok(Self { requests, listings })
    }

    /// Asks for a folder; what was asked for before is no longer wanted.
    pub fn ask(&self, folder: PathBuf) {
        // A thread that has ended answers nothing: the dialog then shows that it waits.
        let _ = self.requests.send(folder);
    }

    /// The newest listing, if one has come.
    #[must_use]
    pub fn newest(&self) -> Option<Listing> {
        self.listings.try_iter().last()
    }
}

/// Reads a folder; another one, when it is asked for in the meantime.
fn read(folder: &Path, asked: &Receiver<PathBuf>) -> Result<Listing, PathBuf> {
    const LOOK_UP_EVERY: usize = 256;
    let faulty = |fault| Listing { folder: folder.to_owned(), entries: Vec::new(), fault: Some(fault) };
    let found = match std::fs::read_dir(folder) {
        Ok(found) => found,
        Err(error) => {
            return Ok(faulty(match error.kind() {
                std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => FolderFault::Missing,
                _ => FolderFault::Unreadable(Message::from(&error)),
            }));
        }
    };
    let mut entries = Vec::new();
    for (place, entry) in found.flatten().take(MOST).enumerate() {
        if place % LOOK_UP_EVERY == 0
            && let Ok(later) = asked.try_recv()
        {
            return Err(later);
        }
        let kind = entry.file_type();
        let is_link = kind.as_ref().is_ok_and(std::fs::FileType::is_symlink);
        let is_folder = if is_link { entry.path().is_dir() } else { kind.is_ok_and(|kind| kind.is_dir()) };
        let os_name = entry.file_name();
        entries.push(FolderEntry { name: os_name.to_string_lossy().into_owned(), os_name, is_folder });
    }
    entries.sort_by_cached_key(|entry| (!entry.is_folder, entry.name.to_lowercase()));
    Ok(Listing { folder: folder.to_owned(), entries, fault: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the last of these requests brings.
    fn check(requests: &[&Path], expected: &[(&str, bool)], fault: Option<FolderFault>) {
        let (woken, wakes) = channel();
        let reader = FolderReader::new(move || woken.send(()).unwrap_or_default()).unwrap();
        for folder in requests {
            reader.ask(folder.to_path_buf());
        }
        let last = requests.last().unwrap();
        let listing = loop {
            wakes.recv().unwrap();
            if let Some(listing) = reader.newest()
                && listing.folder == *last
            {
                break listing;
            }
        };
        let found: Vec<(&str, bool)> = listing.entries.iter().map(|e| (e.name.as_str(), e.is_folder)).collect();
        assert_eq!(found, expected);
        assert_eq!(listing.fault, fault);
    }

    #[test]
    fn folders_come_first_and_the_latest_request_wins() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("zeta")).unwrap();
        for name in ["خبر.txt", "Alpha.barchasb", "beta.barchasb"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        let all = [("zeta", true), ("Alpha.barchasb", false), ("beta.barchasb", false), ("خبر.txt", false)];
        check(&[folder.path()], &all, None);
        let empty = folder.path().join("zeta");
        check(&[folder.path(), folder.path(), &empty], &[], None);
        check(&[&empty, folder.path()], &all, None);
    }

    #[test]
    fn what_is_no_folder_is_missing() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.txt");
        std::fs::write(&file, "").unwrap();
        check(&[&folder.path().join("none")], &[], Some(FolderFault::Missing));
        check(&[&file], &[], Some(FolderFault::Missing));
    }
}

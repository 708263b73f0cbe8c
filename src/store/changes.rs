//! Whose change a change of the project file is: of these connections, or of another program.
//!
//! Owns what is known of each project's last change. Connections that belong together (those of one window) share it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What is known of the last change of a project.
#[derive(Debug, Default)]
struct Known {
    revision: Option<String>,
    outside: u64,
}

/// The changes of projects, as some connections know them. Clones share what is known.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    known: Arc<Mutex<HashMap<PathBuf, Known>>>,
}

/// The changes, held while one is made or looked for: nobody can take the one for the other meanwhile.
pub(super) struct Watch<'a> {
    known: MutexGuard<'a, HashMap<PathBuf, Known>>,
}

impl Changes {
    pub(super) fn watch(&self) -> Watch<'_> {
        Watch { known: self.known.lock().unwrap_or_else(PoisonError::into_inner) }
    }
}

impl Watch<'_> {
    /// Takes in the revision that stands. One that nobody here has made counts as a change from outside. Gives how many there were.
    pub(super) fn see(&mut self, path: &Path, revision: &str) -> u64 {
        let known = self.known.entry(path.to_owned()).or_default();
        if known.revision.as_deref().is_some_and(|known| known != revision) {
            known.outside += 1;
        }
        known.revision = Some(revision.to_owned());
        known.outside
    }

    /// Takes in a revision that was made here.
    pub(super) fn make(&mut self, path: &Path, revision: String) {
        self.known.entry(path.to_owned()).or_default().revision = Some(revision);
    }
}

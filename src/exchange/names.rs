//! From a file of names into a project.
//!
//! Owns telling the file's kind and finding the labels that it names. It must not know how names are matched.

use crate::domain::label::LabelId;
use crate::formats::finding::Finding;
use crate::formats::gazetteer_file::{NameListFormat, read_names};
use crate::formats::problem::{FormatError, Place, Problem};
use crate::store::contract::{Store, StoreError};
use crate::store::knowledge::{Knowledge, NameList};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// Why a file of names was not loaded; nothing of it is in the project then.
#[derive(Debug, thiserror::Error)]
pub enum NamesError {
    /// Its ending is none of those that hold names.
    #[error("{}: a list of names ends in .txt, .csv, .tsv or .jsonl", path.display())]
    OtherEnding {
        /// Which file.
        path: PathBuf,
    },
    /// It could not be read.
    #[error("{}: {source}", path.display())]
    Format {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: FormatError,
    },
    /// No name in it has a label of the project.
    #[error("{}: there is no name in it with a label of this project", path.display())]
    NoName {
        /// Which file.
        path: PathBuf,
    },
    /// The project could not take it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What was loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamesLoaded {
    /// The title of the list: the file's name.
    pub title: String,
    /// How many names.
    pub names: u64,
}

/// Loads a file of names; those without a label in it get `label`. `said` hears what was not taken as it stood. A list of the same title
/// is replaced.
///
/// # Errors
/// [`NamesError`].
pub fn load_names<S: Store + Knowledge>(
    store: &mut S,
    path: &Path,
    label: Option<LabelId>,
    said: &mut dyn FnMut(&Problem),
) -> Result<NamesLoaded, NamesError> {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
    let format =
        NameListFormat::from_ending(&ending).ok_or_else(|| NamesError::OtherEnding { path: path.to_owned() })?;
    let failed = |source| NamesError::Format { path: path.to_owned(), source };
    let file = File::open(path).map_err(|error| failed(FormatError::Io(error)))?;
    let (listed, problems) = read_names(BufReader::new(file), format).map_err(failed)?;
    problems.iter().for_each(&mut *said);
    let labels = store.labels()?;
    let mut names = Vec::with_capacity(listed.len());
    let mut unknown: BTreeMap<Option<String>, u64> = BTreeMap::new();
    for name in listed {
        let found = match &name.label {
            Some(label) => labels.by_name(label).map(|label| label.id),
            None => label,
        };
        match found {
            Some(label) => names.push((name.surface.into_boxed_str(), label)),
            None => *unknown.entry(name.label).or_default() += 1,
        }
    }
    for (label, count) in unknown {
        said(&Problem::new(Place::default(), Finding::NamesWithoutLabel { label, count }));
    }
    if names.is_empty() {
        return Err(NamesError::NoName { path: path.to_owned() });
    }
    let title = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let count = names.len() as u64;
    store.put_name_list(&NameList { id: Uuid::now_v7(), title: title.clone(), names })?;
    Ok(NamesLoaded { title, names: count })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::layer::Rules;
    use crate::store::sqlite::{SqliteStore, default_labels};

    /// How many names of a file are taken, and how many problems there are; `None` when nothing is.
    fn check(name: &str, content: &str, with_label: bool, expected: Option<(u64, usize)>) {
        let folder = tempfile::tempdir().unwrap();
        let mut store =
            SqliteStore::create(&folder.path().join("a.barchasb"), Rules::default(), default_labels()).unwrap();
        let label = store.labels().unwrap().by_name("ORG").map(|label| label.id).filter(|_| with_label);
        let path = folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        let mut problems = 0;
        let loaded = load_names(&mut store, &path, label, &mut |_| problems += 1);
        assert_eq!(loaded.as_ref().ok().map(|loaded| (loaded.names, problems)), expected, "{name}: {loaded:?}");
        let kept = store.name_lists().unwrap();
        assert_eq!(kept.iter().map(|row| row.names).sum::<u64>(), expected.map_or(0, |(names, _)| names));
    }

    #[test]
    fn names_get_the_label_of_the_file_or_the_one_chosen() {
        check("a.txt", "ناجا\nپلیس\n", true, Some((2, 0)));
        check("a.txt", "ناجا\nپلیس\n", false, None);
        check("a.tsv", "ناجا\tORG\nتهران\tLOC\nعلی\tHERO\n", false, Some((2, 1)));
        check("a.docx", "ناجا\n", true, None);
        check("a.txt", "", true, None);
    }
}

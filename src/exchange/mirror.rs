//! A folder that mirrors a project's layers, a file each, so that a version control system shows just what changed.
//!
//! Owns writing what is due, and that no file is replaced which others have changed. It must not take anything in, nor know a window.
//!
//! A file is written first and remembered after: what a crash leaves between the two has the bytes that would be written again, and is
//! known by them.

use crate::domain::article::TextHash;
use crate::domain::label::LabelSet;
use crate::domain::record::ArticleRecord;
use crate::exchange::atomic_file::{AtomicFile, sync_folder};
use crate::exchange::mirror_names::MirrorNames;
use crate::formats::format::RecordWriter;
use crate::formats::json_frame::Layout;
use crate::formats::offset_unit::OffsetUnit;
use crate::formats::problem::FormatError;
use crate::formats::training_json_writer::TrainingJsonWriter;
use crate::store::contract::{Store, StoreError};
use crate::store::mirror::{Extent, Mirror, MirrorDue, MirrorPlace, MirrorRule, MirroredFile};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

pub use crate::exchange::export::DEFAULT_FOLDER;

/// How many files are written before they are remembered.
const BATCH: u64 = 32;

/// Why the folder was not brought up to date. What is in it and in the project is whole.
#[derive(Debug, thiserror::Error)]
pub enum MirrorError {
    /// The project has no mirror.
    #[error("the project has no mirror; name a folder with --folder")]
    NoRule,
    /// Files were written to the folder, and it is there no more.
    #[error("{}: the folder of the mirror is gone; nothing was written", path.display())]
    Gone {
        /// Which.
        path: PathBuf,
    },
    /// A file cannot be written.
    #[error("{}: cannot be written ({source})", path.display())]
    Write {
        /// Which.
        path: PathBuf,
        /// The system's word.
        source: io::Error,
    },
    /// A file or folder cannot be read.
    #[error("{}: cannot be read ({source})", path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// The system's word.
        source: io::Error,
    },
    /// A layer cannot be put into words.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// The project cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The folder of a project's mirror.
#[derive(Clone, Debug, Default)]
pub struct MirrorFolder {
    /// Where it lies.
    pub root: PathBuf,
    /// The names of its files.
    pub names: MirrorNames,
}

/// What is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Writing {
    /// What has changed in the project.
    #[default]
    Due,
    /// All that the rule names: files that are gone are made again.
    Rewrite,
}

/// What came of writing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mirrored {
    /// How many files were written.
    pub written: u64,
    /// The files that were not, since others have changed them: their names in the folder, in the order of import.
    pub held_back: Vec<String>,
    /// Whether the caller stopped it before the end.
    pub stopped: bool,
}

/// What stands where a file is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nothing.
    Nothing,
    /// A file with this SHA-256, in hexadecimal digits.
    File(String),
    /// Anything else: a folder, a link, which is never followed.
    Other,
}

impl MirrorFolder {
    /// The folder by the rule; a relative one lies beside the project.
    ///
    /// # Errors
    /// [`MirrorError::NoRule`], or when the project cannot be read.
    pub fn of<S: Store + Mirror + ?Sized>(store: &S) -> Result<Self, MirrorError> {
        let mut folder = Self::default();
        folder.renew(store)?;
        Ok(folder)
    }

    /// Follows the rule and the names of the project, as they are by now.
    ///
    /// # Errors
    /// As [`of`](Self::of).
    pub fn renew<S: Store + Mirror + ?Sized>(&mut self, store: &S) -> Result<(), MirrorError> {
        let MirrorRule { folder, .. } = store.mirror_rule()?.ok_or(MirrorError::NoRule)?;
        let project = store.project()?.path;
        self.root = project.parent().unwrap_or(Path::new("")).join(folder);
        Ok(self.names.renew(store)?)
    }

    /// Where a file of this name lies.
    #[must_use]
    pub fn path_of(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// Whether the folder has gone since files were written to it.
    pub(super) fn check_there(&self, is_written: bool) -> Result<(), MirrorError> {
        if is_written && !self.root.exists() { Err(MirrorError::Gone { path: self.root.clone() }) } else { Ok(()) }
    }

    /// What stands where the file of this name is to be.
    ///
    /// # Errors
    /// [`MirrorError::Read`].
    pub fn standing(&self, name: &str) -> Result<Standing, MirrorError> {
        let path = self.path_of(name);
        standing(&path).map_err(|source| MirrorError::Read { path, source })
    }

    /// Writes a file where `expected` stands; `false` when something else does by now. The folders are given back that have to be
    /// synchronised for it to last.
    pub(super) fn put(
        &self,
        name: &str,
        bytes: &[u8],
        expected: &Standing,
        folders: &mut BTreeSet<PathBuf>,
    ) -> Result<bool, MirrorError> {
        let path = self.path_of(name);
        let mut put = || -> io::Result<bool> {
            if let Some(folder) = path.parent().filter(|folder| !folder.exists()) {
                fs::create_dir_all(folder)?;
                folders.extend(folder.parent().map(Path::to_path_buf));
            }
            let mut file = AtomicFile::create(&path)?;
            file.write_all(bytes)?;
            file.close()?;
            // Writing takes a while: it is looked once more what would be replaced.
            if standing(&path)? != *expected {
                return Ok(false);
            }
            folders.extend(file.place()?);
            Ok(true)
        };
        put().map_err(|source| MirrorError::Write { path: path.clone(), source })
    }
}

/// Sets where and when the project is mirrored, when the folder is one or can be made, and can be written.
///
/// # Errors
/// [`MirrorError::Write`] when it cannot, and nothing is set then; [`MirrorError::Store`].
pub fn set_rule<S: Store + Mirror + ?Sized>(store: &mut S, rule: &MirrorRule) -> Result<(), MirrorError> {
    let project = store.project()?.path;
    let root = project.parent().unwrap_or(Path::new("")).join(&rule.folder);
    // The folder itself is made with the first file.
    let above = root.ancestors().find(|above| above.symlink_metadata().is_ok()).unwrap_or(Path::new(""));
    let above = if above.as_os_str().is_empty() { Path::new(".") } else { above };
    match tempfile::tempfile_in(above) {
        Ok(_) => Ok(store.set_mirror_rule(Some(rule))?),
        Err(source) => Err(MirrorError::Write { path: root, source }),
    }
}

/// Writes what is to be written, in batches; between files `keep` can stop it, and `pass` says where to go on.
///
/// # Errors
/// [`MirrorError`]; what was written before is remembered.
pub fn write<S: Store + Mirror + ?Sized>(
    store: &mut S,
    folder: &MirrorFolder,
    writing: Writing,
    pass: &mut Option<MirrorPlace>,
    keep: &mut dyn FnMut() -> bool,
) -> Result<Mirrored, MirrorError> {
    let names = label_names(&store.labels()?);
    let before = store.mirrored_labels()?;
    let is_whole = writing == Writing::Rewrite || is_renamed(&before, &names);
    let extent = if is_whole { Extent::All } else { Extent::Changed };
    let mut mirrored = Mirrored::default();
    loop {
        let due = store.mirror_due(extent, pass.as_ref(), BATCH)?;
        let Some(last) = due.last().map(|due| due.place.clone()) else { break };
        if writing == Writing::Due {
            folder.check_there(due.iter().any(|due| due.written.is_some()))?;
        }
        let written = write_batch(store, folder, &due, keep, &mut mirrored)?;
        if !written {
            mirrored.stopped = true;
            return Ok(mirrored);
        }
        *pass = Some(last);
    }
    *pass = None;
    let now: String = names.iter().map(|(id, name)| format!("{id} {name}\n")).collect();
    if now != before {
        store.set_mirrored_labels(&now)?;
    }
    Ok(mirrored)
}

/// Writes a batch and remembers it; `false` when it was stopped.
fn write_batch<S: Mirror + ?Sized>(
    store: &mut S,
    folder: &MirrorFolder,
    batch: &[MirrorDue],
    keep: &mut dyn FnMut() -> bool,
    mirrored: &mut Mirrored,
) -> Result<bool, MirrorError> {
    let (mut files, mut folders) = (Vec::new(), BTreeSet::new());
    let mut outcome = Ok(true);
    for due in batch {
        if !keep() {
            outcome = Ok(false);
            break;
        }
        match write_one(folder, due, &mut folders, mirrored) {
            Ok(file) => files.extend(file),
            Err(error) => {
                outcome = Err(error);
                break;
            }
        }
    }
    remember(store, &files, folders)?;
    outcome
}

/// Makes files last, and remembers them then.
pub(super) fn remember<S: Mirror + ?Sized>(
    store: &mut S,
    files: &[MirroredFile],
    folders: BTreeSet<PathBuf>,
) -> Result<(), MirrorError> {
    for path in folders {
        sync_folder(&path).map_err(|source| MirrorError::Write { path, source })?;
    }
    if !files.is_empty() {
        store.set_mirrored(files)?;
    }
    Ok(())
}

fn write_one(
    folder: &MirrorFolder,
    due: &MirrorDue,
    folders: &mut BTreeSet<PathBuf>,
    mirrored: &mut Mirrored,
) -> Result<Option<MirroredFile>, MirrorError> {
    let name = file_of(folder, due);
    let bytes = bytes_of(&due.record)?;
    let file = mirrored_file(due, sha256_of(&bytes));
    let standing = folder.standing(&name)?;
    let is_ours = match &standing {
        Standing::Nothing => true,
        Standing::File(sha256) if *sha256 == file.sha256 => return Ok(Some(file)),
        Standing::File(sha256) => due.written.as_ref() == Some(sha256),
        Standing::Other => false,
    };
    if is_ours && folder.put(&name, &bytes, &standing, folders)? {
        mirrored.written += 1;
        return Ok(Some(file));
    }
    mirrored.held_back.push(name);
    Ok(None)
}

/// The name of a layer's file.
pub(super) fn file_of(folder: &MirrorFolder, due: &MirrorDue) -> String {
    let annotator = due.record.layers.first().and_then(|layer| layer.annotator.as_deref()).unwrap_or_default();
    folder.names.file_of(annotator, due.record.name.as_deref().unwrap_or_default())
}

/// What is remembered of a layer that has been written with this SHA-256.
pub(super) fn mirrored_file(due: &MirrorDue, sha256: String) -> MirroredFile {
    MirroredFile { article: due.article, annotator: due.annotator, version: due.version, sha256 }
}

/// A layer as it stands in its file: an array of one object, indented.
pub(super) fn bytes_of(record: &ArticleRecord) -> Result<Vec<u8>, FormatError> {
    let mut bytes = Vec::new();
    let mut writer = TrainingJsonWriter::new(&mut bytes, Layout::Values, OffsetUnit::CodePoint);
    // All of it can be counted in code points.
    writer.write(record, &mut Vec::new())?;
    writer.finish()?;
    drop(writer);
    Ok(bytes)
}

/// The SHA-256 in hexadecimal digits.
pub(super) fn sha256_of(bytes: &[u8]) -> String {
    TextHash(Sha256::digest(bytes).into()).hex()
}

fn standing(path: &Path) -> io::Result<Standing> {
    let is_linked = path.parent().is_some_and(Path::is_symlink);
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound && !is_linked => return Ok(Standing::Nothing),
        Ok(metadata) if metadata.is_file() && !is_linked => {}
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => return Ok(Standing::Other),
    }
    let mut file = File::open(path)?;
    let (mut hash, mut part) = (Sha256::new(), vec![0; 1 << 16]);
    loop {
        let read = file.read(&mut part)?;
        match part.get(..read) {
            Some(bytes) if !bytes.is_empty() => hash.update(bytes),
            _ => return Ok(Standing::File(TextHash(hash.finalize().into()).hex())),
        }
    }
}

/// The names that labels have in files, by id, a line each.
fn label_names(labels: &LabelSet) -> BTreeMap<String, String> {
    let shown = |id| labels.get(labels.shown(id)).map_or("", |shown| shown.name.as_str());
    labels.all().iter().map(|label| (label.id.0.to_string(), format!("{:?}", shown(label.id)))).collect()
}

/// Whether a label has another name than when everything was last written: layers are written anew then that have not changed.
fn is_renamed(before: &str, now: &BTreeMap<String, String>) -> bool {
    let mut lines = before.lines().filter_map(|line| line.split_once(' '));
    lines.any(|(id, name)| now.get(id).is_some_and(|now| now != name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::label::Label;
    use crate::domain::layer::{Rules, Status};
    use crate::domain::mention::Origin;
    use crate::domain::offset::Span;
    use crate::domain::record::{LayerRecord, MentionRecord};
    use crate::store::contract::Saved;
    use crate::store::mirror::MirrorWhen;
    use crate::store::sqlite::{SqliteStore, default_labels};
    use tempfile::TempDir;

    /// A project of as many articles, `0`, `1`, …, each with a mention by «سارا», that mirrors them.
    fn project(articles: usize) -> (TempDir, SqliteStore, MirrorFolder) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.barchasb");
        let mut store = SqliteStore::create(&path, Rules::default(), default_labels()).unwrap();
        let mention =
            || MentionRecord { span: Span::from_chars(0, 3), label: "PER".into(), note: None, origin: Origin::Import };
        let layer = || LayerRecord {
            annotator: Some("سارا".into()),
            status: Status::Done,
            mentions: vec![mention()],
            ..LayerRecord::default()
        };
        let mut records = (0..articles).map(|number| ArticleRecord {
            name: Some(number.to_string()),
            text: format!("علی {number}"),
            layers: vec![layer()],
            ..ArticleRecord::default()
        });
        store.import(&mut records, "x").unwrap();
        let rule = MirrorRule { folder: "m".into(), when: MirrorWhen::Done };
        store.set_mirror_rule(Some(&rule)).unwrap();
        let mirror = MirrorFolder::of(&store).unwrap();
        (folder, store, mirror)
    }

    fn written(store: &mut SqliteStore, folder: &MirrorFolder) -> Mirrored {
        write(store, folder, Writing::Due, &mut None, &mut || true).unwrap()
    }

    #[test]
    fn what_is_written_and_not_remembered_is_known_by_its_bytes() {
        let (_dir, mut store, folder) = project(3);
        let due = store.mirror_due(Extent::Changed, None, 1).unwrap();
        let bytes = bytes_of(&due[0].record).unwrap();
        assert!(folder.put("سارا/0.json", &bytes, &Standing::Nothing, &mut BTreeSet::new()).unwrap());
        let mirrored = written(&mut store, &folder);
        assert_eq!((mirrored.written, mirrored.held_back.len()), (2, 0));
        assert_eq!(store.mirrored().unwrap().len(), 3);
    }

    #[test]
    fn a_file_of_others_holds_nothing_else_back() {
        let (_dir, mut store, folder) = project(70);
        fs::create_dir_all(folder.path_of("سارا")).unwrap();
        for number in 0..40 {
            fs::write(folder.path_of(&format!("سارا/{number}.json")), "x").unwrap();
        }
        let mirrored = written(&mut store, &folder);
        assert_eq!((mirrored.written, mirrored.held_back.len()), (30, 40), "more than a batch is held back");
        assert_eq!(fs::read(folder.path_of("سارا/0.json")).unwrap(), b"x");
        assert_eq!(written(&mut store, &folder).held_back.len(), 40, "it stays due");
    }

    #[test]
    fn writing_that_was_stopped_goes_on_where_it_was() {
        let (_dir, mut store, folder) = project(70);
        let (mut pass, mut left) = (None, 50);
        let mut keep = || {
            left -= 1;
            left > 0
        };
        let first = write(&mut store, &folder, Writing::Due, &mut pass, &mut keep).unwrap();
        assert_eq!((first.written, first.stopped, pass.is_some()), (49, true, true));
        let rest = write(&mut store, &folder, Writing::Due, &mut pass, &mut || true).unwrap();
        assert_eq!((rest.written, rest.stopped, pass), (21, false, None));
    }

    #[test]
    fn a_label_that_is_renamed_is_renamed_in_every_file() {
        let (_dir, mut store, folder) = project(2);
        written(&mut store, &folder);
        let sara = store.annotator("سارا").unwrap().id;
        let labels = store.labels().unwrap();
        let renamed = Label { name: "PERSON".into(), ..labels.by_name("PER").unwrap().clone() };
        store.save(sara, &[Saved::Label(renamed)]).unwrap();
        assert_eq!(written(&mut store, &folder).written, 2);
        assert!(fs::read_to_string(folder.path_of("سارا/1.json")).unwrap().contains("PERSON"));
        assert_eq!(written(&mut store, &folder), Mirrored::default());
    }
}

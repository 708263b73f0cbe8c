//! What others have changed in the folder of a mirror, and what becomes of it.
//!
//! Owns telling such files, taking them in and replacing them. It must not do either unasked.
//!
//! A file that is taken becomes an edit of the layer that it is of: what stood there stays in the history, and the mentions of one person
//! stay one layer, as others review it. A layer that the project does not have is imported.

use crate::domain::layer::Version;
use crate::domain::record::ArticleRecord;
use crate::exchange::mirror::{
    MirrorError, MirrorFolder, Standing, bytes_of, file_of, mirrored_file, remember, sha256_of,
};
use crate::exchange::mirror_names::{ENDING, folded_file};
use crate::formats::file_name::name_from_stem;
use crate::formats::files::Source;
use crate::formats::format::{Format, ReadOptions, open_reader};
use crate::formats::problem::{FormatError, Problem, Severity};
use crate::store::contract::{Store, Taking};
use crate::store::fault::{ImportProblem, Untaken};
use crate::store::mirror::{Mirror, MirrorDue, MirroredFile};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::{self, File};
use std::io::BufReader;
use std::path::Path;

/// How a file came to differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Change {
    /// It holds something else than was written, or stands where something is to be written.
    Edited,
    /// It is of a layer that the project does not have, of an article that it has.
    New,
}

impl Change {
    /// The name on the command line: `edited` or `new`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Edited => "edited",
            Self::New => "new",
        }
    }
}

/// The files that are not as they were written: their names in the folder, with `/` between folders.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// What others have changed.
    pub changed: BTreeMap<String, Change>,
    /// Files of articles that the project does not have, by name and text: of another project in the same folder, perhaps. An import takes
    /// them.
    pub elsewhere: Vec<String>,
    /// What was written and is there no more.
    pub missing: Vec<String>,
    /// Whether the caller stopped it before the end.
    pub stopped: bool,
}

/// Why a file was not taken.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// It cannot be read.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// Something in it is wrong, and would be lost when the file is written again.
    #[error("{0}")]
    Problem(Box<Problem>),
    /// Something in it does not fit the project; what could be taken was.
    #[error("{0}")]
    Untaken(ImportProblem),
    /// It is not of the article and annotator whose name it has.
    #[error("it is not of the article and the annotator that its name says")]
    OtherLayer,
    /// Its text is not the article's.
    #[error("its text is not that of the article")]
    OtherText,
}

/// What came of deciding about changed files.
#[derive(Debug, Default)]
pub struct Resolved {
    /// Files that were taken.
    pub taken: u64,
    /// Files that were replaced by what the project has.
    pub replaced: u64,
    /// Files that were not taken, by name, and stand as they are.
    pub refused: Vec<(String, Refusal)>,
}

/// Looks through the folder; between files `keep` can stop it. A file that has by now just what would be written counts as written.
///
/// Of files that were never written, only those are told that are laid out and named as the mirror does it.
///
/// # Errors
/// [`MirrorError`].
pub fn changes<S: Store + Mirror + ?Sized>(
    store: &mut S,
    folder: &MirrorFolder,
    keep: &mut dyn FnMut() -> bool,
) -> Result<Changes, MirrorError> {
    let mut written: HashMap<String, (String, String)> = HashMap::new();
    for (article, annotator, sha256) in store.mirrored()? {
        let name = folder.names.file_of(&annotator, &article);
        written.insert(folded_file(&name), (name, sha256));
    }
    folder.check_there(!written.is_empty())?;
    let mut changes = Changes::default();
    let mut ours = Vec::new();
    for name in files_of(folder)? {
        if !keep() {
            changes.stopped = true;
            break;
        }
        let record = written.remove(&folded_file(&name));
        let Standing::File(sha256) = folder.standing(&name)? else { continue };
        if record.as_ref().is_some_and(|(_, written)| *written == sha256) {
            continue;
        }
        let layer = named_layer(store, folder, &name)?;
        match layer {
            Named::Layer(due) if sha256_of(&bytes_of(&due.record)?) == sha256 => ours.push(mirrored_file(&due, sha256)),
            Named::Layer(_) => drop(changes.changed.insert(name, Change::Edited)),
            _ if record.is_some() => drop(changes.changed.insert(name, Change::Edited)),
            Named::New => drop(changes.changed.insert(name, Change::New)),
            Named::Elsewhere => changes.elsewhere.push(name),
            Named::Nothing => {}
        }
    }
    if !changes.stopped {
        changes.missing = written.into_values().map(|(name, _)| name).collect();
        changes.missing.sort_unstable();
    }
    remember(store, &ours, BTreeSet::new())?;
    Ok(changes)
}

/// What a file names.
enum Named {
    /// A layer of the project.
    Layer(Box<MirrorDue>),
    /// A layer that the project does not have, of an article that it has.
    New,
    /// An article that the project does not have.
    Elsewhere,
    /// Nothing that this could be the file of.
    Nothing,
}

fn named_layer<S: Store + Mirror + ?Sized>(store: &S, folder: &MirrorFolder, name: &str) -> Result<Named, MirrorError> {
    let Ok(records) = read(&folder.path_of(name), 1) else { return Ok(Named::Nothing) };
    let Some(record) = records.first() else { return Ok(Named::Nothing) };
    let Some((article, annotator)) = names_in(record, name) else { return Ok(Named::Nothing) };
    let is_its_file = folded_file(&folder.names.file_of(&annotator, &article)) == folded_file(name);
    Ok(match store.mirror_layer(&article, &annotator)? {
        _ if !is_its_file => Named::Nothing,
        Some(due) => Named::Layer(Box::new(due)),
        None => match store.article_by_name(&article)? {
            Some(id) if **store.article(id)?.text() == *record.text => Named::New,
            _ => Named::Elsewhere,
        },
    })
}

/// The article and the annotator of a record; one that a record does not name is named by its file.
fn names_in(record: &ArticleRecord, file: &str) -> Option<(String, String)> {
    let (folder, own) = file.split_once('/')?;
    let stem = own.strip_suffix(ENDING).and_then(|stem| stem.strip_suffix('.'))?;
    let annotator = record.layers.first().and_then(|layer| layer.annotator.clone());
    Some((record.name.clone().or_else(|| name_from_stem(stem))?, annotator.or_else(|| name_from_stem(folder))?))
}

/// The files of the folder that could be the mirror's, sorted by name.
fn files_of(folder: &MirrorFolder) -> Result<Vec<String>, MirrorError> {
    let failed = |path: &Path| {
        let path = path.to_path_buf();
        move |source| MirrorError::Read { path, source }
    };
    let mut names = Vec::new();
    if !folder.root.exists() {
        return Ok(names);
    }
    for entry in fs::read_dir(&folder.root).map_err(failed(&folder.root))? {
        let entry = entry.map_err(failed(&folder.root))?;
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        let Some(inner) = entry.file_name().to_str().map(str::to_owned) else { continue };
        if !is_folder || inner.starts_with('.') {
            continue;
        }
        let path = entry.path();
        for entry in fs::read_dir(&path).map_err(failed(&path))? {
            let entry = entry.map_err(failed(&path))?;
            let own = entry.file_name();
            let is_json = Path::new(&own).extension().is_some_and(|ending| ending == ENDING);
            if let Some(own) = own.to_str().filter(|own| is_json && !own.starts_with('.')) {
                names.push(format!("{inner}/{own}"));
            }
        }
    }
    names.sort_unstable();
    Ok(names)
}

/// The first records of a file; a fault in it is a refusal, so that nothing of it is lost.
fn read(path: &Path, most: usize) -> Result<Vec<ArticleRecord>, Refusal> {
    let file = File::open(path).map_err(FormatError::from)?;
    let source = Source::One(Box::new(BufReader::new(file)));
    let mut reader = open_reader(Format::JSON, source, &ReadOptions::default())?;
    let (mut records, mut problems) = (Vec::new(), Vec::new());
    while records.len() < most
        && let Some(record) = reader.next_record(&mut problems)?
    {
        records.push(record);
    }
    match problems.into_iter().find(|problem| problem.finding.severity() == Severity::Fault) {
        Some(problem) => Err(Refusal::Problem(Box::new(problem))),
        None => Ok(records),
    }
}

/// Takes changed files in. What differs from a layer of the project becomes an edit of it.
///
/// # Errors
/// [`MirrorError`]; files that were taken before stay taken.
pub fn take_theirs<S: Store + Mirror + ?Sized>(
    store: &mut S,
    folder: &mut MirrorFolder,
    names: &[String],
) -> Result<Resolved, MirrorError> {
    let mut resolved = Resolved::default();
    for name in names {
        match take_one(store, folder, name)? {
            Ok(()) => resolved.taken += 1,
            Err(refusal) => resolved.refused.push((name.clone(), refusal)),
        }
    }
    Ok(resolved)
}

fn take_one<S: Store + Mirror + ?Sized>(
    store: &mut S,
    folder: &mut MirrorFolder,
    name: &str,
) -> Result<Result<(), Refusal>, MirrorError> {
    // Before it is read: when it changes meanwhile, it differs from what is remembered, and is told again.
    let Standing::File(sha256) = folder.standing(name)? else { return Ok(Err(Refusal::OtherLayer)) };
    let records = match read(&folder.path_of(name), 2) {
        Ok(records) => records,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let [record] = records.as_slice() else { return Ok(Err(Refusal::OtherLayer)) };
    let Some((article, annotator)) = names_in(record, name) else { return Ok(Err(Refusal::OtherLayer)) };
    if folded_file(&folder.names.file_of(&annotator, &article)) != folded_file(name) {
        return Ok(Err(Refusal::OtherLayer));
    }
    if let Some(id) = store.article_by_name(&article)?
        && **store.article(id)?.text() != *record.text
    {
        return Ok(Err(Refusal::OtherText));
    }
    let record = ArticleRecord { name: Some(article.clone()), ..record.clone() };
    let taking = Taking::Editions { annotator: &annotator };
    let count = store.take_in(&mut std::iter::once(record), taking, &mut || true)?;
    folder.names.renew(store)?;
    // A mention that cuts a letter was taken.
    let untaken = count.problems.into_iter().find(|problem| !matches!(problem.untaken, Untaken::CutsLetter { .. }));
    if let Some(problem) = untaken {
        return Ok(Err(Refusal::Untaken(problem)));
    }
    if let Some(due) = store.mirror_layer(&article, &annotator)? {
        // The file may be worded otherwise: it may be replaced from now on.
        let is_same = sha256_of(&bytes_of(&due.record)?) == sha256;
        let version = if is_same { due.version } else { Version::default() };
        let file = MirroredFile { version, ..mirrored_file(&due, sha256) };
        remember(store, &[file], BTreeSet::new())?;
    }
    Ok(Ok(()))
}

/// Replaces changed files by what the project has. Those of layers that it does not have stay.
///
/// # Errors
/// [`MirrorError`]; what was written before is remembered.
pub fn keep_ours<S: Store + Mirror + ?Sized>(
    store: &mut S,
    folder: &MirrorFolder,
    names: &[String],
) -> Result<Resolved, MirrorError> {
    let wanted: BTreeMap<String, &String> = names.iter().map(|name| (folded_file(name), name)).collect();
    let mut resolved = Resolved::default();
    for (article, annotator) in layers_of(store, folder, names)? {
        let Some(due) = store.mirror_layer(&article, &annotator)? else { continue };
        let name = file_of(folder, &due);
        if !wanted.contains_key(&folded_file(&name)) {
            continue;
        }
        let bytes = bytes_of(&due.record)?;
        let mut folders = BTreeSet::new();
        let standing = folder.standing(&name)?;
        if standing != Standing::Other && folder.put(&name, &bytes, &standing, &mut folders)? {
            remember(store, &[mirrored_file(&due, sha256_of(&bytes))], folders)?;
            resolved.replaced += 1;
        }
    }
    Ok(resolved)
}

/// The layers whose files these are, as (article, annotator): by what was written, or by what the files say.
fn layers_of<S: Mirror + ?Sized>(
    store: &S,
    folder: &MirrorFolder,
    names: &[String],
) -> Result<BTreeSet<(String, String)>, MirrorError> {
    let wanted: BTreeSet<String> = names.iter().map(|name| folded_file(name)).collect();
    let written = store.mirrored()?.into_iter().map(|(article, annotator, _)| (article, annotator));
    let is_wanted = |(article, annotator): &(String, String)| {
        wanted.contains(&folded_file(&folder.names.file_of(annotator, article)))
    };
    let mut layers: BTreeSet<(String, String)> = written.filter(is_wanted).collect();
    for name in names {
        let records = read(&folder.path_of(name), 1).unwrap_or_default();
        // A file that cannot be read is named by its path alone.
        let blank = ArticleRecord::default();
        layers.extend(names_in(records.first().unwrap_or(&blank), name));
    }
    Ok(layers)
}

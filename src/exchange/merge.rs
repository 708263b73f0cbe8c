//! Bringing other projects and files into a project.
//!
//! Owns what a person named: telling projects from files, reading both as one run of articles, and whose the mentions of a file are. It
//! must not decide which layer stands: that is the store's.

use crate::domain::article::Article;
use crate::domain::label::{Label, LabelSet};
use crate::domain::layer::{Status, Version};
use crate::domain::record::{ArticleRecord, LayerRecord};
use crate::exchange::import::{ImportError, ImportOptions, Reading, is_project};
use crate::exchange::label_map::LabelMap;
use crate::exchange::realign::{Move, realign};
use crate::formats::foreign::{Foreign, Held};
use crate::formats::format::{Format, ReadOptions};
use crate::formats::problem::{Place, Problem};
use crate::formats::problem_fold::ProblemFold;
use crate::store::contract::StoreError;
use crate::store::merging::{MergeCount, MergePlan, Merging};
use crate::store::reason::Unwritable;
use crate::store::sqlite::SqliteStore;
use crate::store::theirs::{TheirArticles, Theirs};
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// How the work of others is brought in.
#[derive(Clone, Debug, Default)]
pub struct MergeOptions {
    /// Whose all mentions of files are; `None` for those whom the files name, else for the file's name. Projects know it themselves.
    pub annotator: Option<String>,
    /// The status of layers from files; without one, that of the file, or done where its format names none.
    pub status: Option<Status>,
    /// The format of files; `None` to tell it by each.
    pub format: Option<Format>,
    /// What readers of files are told.
    pub read: ReadOptions,
    /// What becomes of labels.
    pub labels: LabelMap,
    /// Whether articles that are not here are left.
    pub known_only: bool,
    /// Whether an earlier layer of theirs takes the place of a later one that was taken before.
    pub take_earlier: bool,
    /// Whether mentions are moved where the text differs.
    pub realign: bool,
    /// Whether nothing is written.
    pub dry_run: bool,
}

/// Why nothing was merged.
#[derive(Debug, thiserror::Error)]
pub enum MergeError {
    /// It is the project itself.
    #[error("{}: this is the project itself", path.display())]
    Itself {
        /// Which.
        path: PathBuf,
    },
    /// A file could not be read, or not to its end.
    #[error(transparent)]
    File(#[from] ImportError),
    /// A project could not be read, or the one that takes could not be written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A copy of an older project could not be made.
    #[error("{}: {source}", path.display())]
    Copy {
        /// Of which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

/// The mentions of an article that were moved to another text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Realigned {
    /// The article, by the name here.
    pub article: String,
    /// What became of each mention.
    pub moves: Vec<Move>,
}

/// What came of one project or file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MergedFrom {
    /// Where it is.
    pub path: PathBuf,
    /// What the project took.
    pub count: MergeCount,
    /// The articles whose text differs, when they are realigned.
    pub realigned: Vec<Realigned>,
    /// Layers by the name of their annotator, taken or not.
    pub annotators: BTreeMap<String, u64>,
    /// Mentions by the name of their label there, taken or not.
    pub labels: BTreeMap<String, u64>,
}

/// What came of a merge.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Merged {
    /// By project and file, in the order in which they were named.
    pub sources: Vec<MergedFrom>,
    /// Whether the caller stopped it: nothing was taken.
    pub stopped: bool,
}

/// Someone else's project that is open, and the copy it was opened from.
struct Other {
    store: SqliteStore,
    _copy: Option<TempDir>,
}

/// A project or a file, being read.
enum Coming<'a> {
    Project(TheirArticles<'a>),
    File(Box<Reading>),
}

/// Brings projects and files in, all of them or none. `said` hears what is wrong with a file as it is found; `progress` gets the number
/// of articles so far and can stop.
///
/// # Errors
/// [`MergeError`] when one of them cannot be read or the project cannot be written: nothing is taken then.
pub fn merge(
    store: &mut SqliteStore,
    project: &Path,
    paths: &[PathBuf],
    options: &MergeOptions,
    said: &mut dyn FnMut(&Path, &Problem),
    progress: &mut dyn FnMut(u64) -> ControlFlow<()>,
) -> Result<Merged, MergeError> {
    let others = paths.iter().map(|path| open_other(project, path)).collect::<Result<Vec<_>, _>>()?;
    let mut coming = Vec::new();
    for (path, other) in paths.iter().zip(&others) {
        coming.push(match other {
            Some(other) => Coming::Project(other.store.their_articles()?),
            None => Coming::File(Box::new(Reading::open(path, &import_options(options))?)),
        });
    }
    let labels: Vec<LabelSet> = coming
        .iter()
        .map(|one| match one {
            Coming::Project(articles) => renamed(articles.labels(), &options.labels),
            Coming::File(_) => LabelSet::default(),
        })
        .collect();
    let mut run = Run {
        paths,
        options,
        coming: coming.into_iter(),
        current: None,
        source: 0,
        articles: 0,
        skipped: BTreeMap::new(),
        seen: vec![Seen::default(); paths.len()],
        fold: ProblemFold::default(),
        stopped: false,
        failure: None,
        said,
        progress,
    };
    let mut realigned: Vec<(usize, Realigned)> = Vec::new();
    let source = std::cell::Cell::new(0);
    let mut move_to = |ours: &Article, theirs: &ArticleRecord| -> Option<ArticleRecord> {
        if !options.realign {
            return None;
        }
        let (record, moves) = realign(theirs, ours.text());
        realigned.push((source.get(), Realigned { article: ours.name().to_owned(), moves }));
        Some(record)
    };
    let plan = MergePlan {
        sources: &labels,
        known_only: options.known_only,
        take_earlier: options.take_earlier,
        dry_run: options.dry_run,
        realign: &mut move_to,
    };
    let run_cell = std::cell::RefCell::new(&mut run);
    let mut theirs = std::iter::from_fn(|| {
        let next = run_cell.borrow_mut().next();
        source.set(next.as_ref().map_or(0, |theirs| theirs.source));
        next
    });
    let counts = store.merge(plan, &mut theirs, &mut || run_cell.borrow().is_whole());
    if let Some(failure) = run.failure {
        return Err(failure);
    }
    if run.stopped {
        return Ok(Merged { sources: Vec::new(), stopped: true });
    }
    let mut sources: Vec<MergedFrom> = paths
        .iter()
        .zip(counts?)
        .zip(run.seen)
        .map(|((path, count), Seen { annotators, labels })| MergedFrom {
            path: path.clone(),
            count,
            realigned: Vec::new(),
            annotators,
            labels,
        })
        .collect();
    for (source, one) in realigned {
        if let Some(from) = sources.get_mut(source) {
            from.realigned.push(one);
        }
    }
    Ok(Merged { sources, stopped: false })
}

fn import_options(options: &MergeOptions) -> ImportOptions {
    ImportOptions { format: options.format, read: options.read.clone(), ..ImportOptions::default() }
}

/// The labels under the names that they get here.
fn renamed(set: &LabelSet, map: &LabelMap) -> LabelSet {
    let rename = |label: &Label| {
        let name = map.name_of(&label.name)?.to_owned();
        Some(Label { name, ..label.clone() })
    };
    LabelSet::new(set.all().iter().filter_map(rename).collect())
}

/// Opens someone else's project for reading alone; `None` for a file.
fn open_other(project: &Path, path: &Path) -> Result<Option<Other>, MergeError> {
    let same = |a: &Path, b: &Path| match (std::fs::canonicalize(a), std::fs::canonicalize(b)) {
        (Ok(a), Ok(b)) => a == b,
        _ => false,
    };
    if same(project, path) {
        return Err(MergeError::Itself { path: path.to_path_buf() });
    }
    if !is_project(path) {
        return Ok(None);
    }
    match SqliteStore::open_read_only(path) {
        Ok(store) => Ok(Some(Other { store, _copy: None })),
        // An older one is brought up to date in a copy: theirs is not touched.
        Err(StoreError::ReadOnly { reason: Unwritable::Older, .. }) => open_copy(path).map(Some),
        Err(error) => Err(error.into()),
    }
}

fn open_copy(path: &Path) -> Result<Other, MergeError> {
    let failed = |source| MergeError::Copy { path: path.to_path_buf(), source };
    let folder = TempDir::with_prefix("barchasb-").map_err(failed)?;
    let copy = folder.path().join("copy.barchasb");
    std::fs::copy(path, &copy).map_err(failed)?;
    // What is not in the file yet.
    let log = |of: &Path| {
        let mut name = of.as_os_str().to_owned();
        name.push("-wal");
        PathBuf::from(name)
    };
    if log(path).is_file() {
        std::fs::copy(log(path), log(&copy)).map_err(failed)?;
    }
    Ok(Other { store: SqliteStore::open(&copy)?, _copy: Some(folder) })
}

/// What there is in a project or a file.
#[derive(Clone, Default)]
struct Seen {
    annotators: BTreeMap<String, u64>,
    labels: BTreeMap<String, u64>,
}

impl Seen {
    fn add(&mut self, record: &ArticleRecord) {
        for layer in &record.layers {
            *self.annotators.entry(layer.annotator.clone().unwrap_or_default()).or_default() += 1;
            for mention in &layer.mentions {
                *self.labels.entry(mention.label.clone()).or_default() += 1;
            }
        }
    }
}

/// One run of articles of all that was named.
struct Run<'a, 'b> {
    paths: &'b [PathBuf],
    options: &'b MergeOptions,
    coming: std::vec::IntoIter<Coming<'a>>,
    current: Option<Coming<'a>>,
    /// How many have begun.
    source: usize,
    articles: u64,
    skipped: BTreeMap<String, u64>,
    seen: Vec<Seen>,
    fold: ProblemFold,
    stopped: bool,
    failure: Option<MergeError>,
    said: &'b mut dyn FnMut(&Path, &Problem),
    progress: &'b mut dyn FnMut(u64) -> ControlFlow<()>,
}

impl Run<'_, '_> {
    fn is_whole(&self) -> bool {
        !self.stopped && self.failure.is_none()
    }

    fn path(&self) -> &Path {
        self.source.checked_sub(1).and_then(|source| self.paths.get(source)).map_or(Path::new(""), PathBuf::as_path)
    }

    fn next(&mut self) -> Option<Theirs> {
        while self.is_whole() {
            if (self.progress)(self.articles).is_break() {
                self.stopped = true;
                break;
            }
            let Some(current) = &mut self.current else {
                self.current = Some(self.coming.next()?);
                self.source += 1;
                continue;
            };
            let path = self.source.checked_sub(1).and_then(|at| self.paths.get(at)).map_or(Path::new(""), |p| p);
            let next = match current {
                Coming::Project(articles) => articles.next().map_err(MergeError::Store),
                Coming::File(reading) => {
                    let (fold, said) = (&mut self.fold, &mut self.said);
                    let mut hear = |problem: &Problem| {
                        if let Some(problem) = fold.add(problem.clone()) {
                            said(path, &problem);
                        }
                    };
                    Ok(reading.next(&mut hear).map(|mut record| {
                        complete(&mut record, path, self.options, reading.formats().last().copied());
                        (record, Vec::new())
                    }))
                }
            };
            match next {
                Ok(Some((record, versions))) => return Some(self.theirs(record, versions)),
                Ok(None) => self.end_source(),
                Err(error) => self.failure = Some(error),
            }
        }
        None
    }

    fn theirs(&mut self, mut record: ArticleRecord, versions: Vec<Version>) -> Theirs {
        let source = self.source.saturating_sub(1);
        if let Some(seen) = self.seen.get_mut(source) {
            seen.add(&record);
        }
        self.options.labels.apply(&mut record, &mut self.skipped);
        self.articles += 1;
        Theirs { source, record, versions }
    }

    /// Says what is left to say of a source that was read to its end.
    fn end_source(&mut self) {
        let path = self.path().to_path_buf();
        std::mem::take(&mut self.fold).finish().iter().for_each(|problem| (self.said)(&path, problem));
        for (label, count) in std::mem::take(&mut self.skipped) {
            (self.said)(&path, &Problem::foreign(Place::default(), Foreign::LabelSkipped { label, count }));
        }
        if let Some(Coming::File(reading)) = self.current.take() {
            self.failure = reading.into_failures().into_iter().next().map(MergeError::File);
        }
    }
}

/// Says of a file's article what the file does not.
fn complete(record: &mut ArticleRecord, path: &Path, options: &MergeOptions, format: Option<Format>) {
    let stem = || path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_else(|| "file".to_owned());
    let names_status = format.is_some_and(|format| format.holds(Held::Status));
    let status = options.status.or((!names_status).then_some(Status::Done));
    // Who labelled a file and has nothing in an article says that there is nothing. Files of bare texts say nothing.
    let labels = format.is_some_and(|format| ![Format::TEXT, Format::CSV, Format::TSV].contains(&format));
    if status.is_some() && labels && record.layers.is_empty() && record.predictions.is_empty() {
        record.layers.push(LayerRecord::default());
    }
    for layer in &mut record.layers {
        let own = layer.annotator.take().filter(|name| !name.trim().is_empty());
        layer.annotator = Some(options.annotator.clone().or(own).unwrap_or_else(stem));
        layer.status = status.unwrap_or(layer.status);
    }
}

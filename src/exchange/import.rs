//! From files into a project.
//!
//! Owns [`Reading`], which makes one run of articles of all that a person named, and feeding the store. It must not print or know a
//! window.

use crate::domain::record::ArticleRecord;
use crate::exchange::given::{Given, Part};
use crate::exchange::label_map::LabelMap;
use crate::formats::foreign::Foreign;
use crate::formats::format::{Format, ReadOptions, RecordReader, open_reader};
use crate::formats::offset_unit::OffsetUnit;
use crate::formats::problem::{FormatError, Place, Problem};
use crate::formats::problem_fold::ProblemFold;
use crate::store::contract::{ImportCount, Store, StoreError, Taking};
use std::cell::Cell;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// The ending of a project's file name.
pub const PROJECT_ENDING: &str = "barchasb";

pub use crate::exchange::given::is_project;

/// How a file is imported.
#[derive(Clone, Debug, Default)]
pub struct ImportOptions {
    /// Who gets the mentions of a file that names no annotator. Suggestions are said by the file itself when this is blank.
    pub annotator: String,
    /// Whether the mentions become suggestions that annotators accept or reject, and no layers.
    pub as_suggestions: bool,
    /// The format; `None` to tell it by the file.
    pub format: Option<Format>,
    /// What the reader is told: the unit, columns, how articles are made of sentences.
    pub read: ReadOptions,
    /// What becomes of the file's labels.
    pub labels: LabelMap,
}

impl ImportOptions {
    /// A file of any format becomes layers; this annotator gets the mentions when it names none.
    #[must_use]
    pub fn of(annotator: &str) -> Self {
        Self { annotator: annotator.to_owned(), ..Self::default() }
    }
}

/// Why a file was not imported, or not to its end.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// It is a folder or an archive without files.
    #[error("{}: there is no file in it", path.display())]
    NothingInside {
        /// Which.
        path: PathBuf,
    },
    /// There is no such file.
    #[error("{}: there is no such file", path.display())]
    Missing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// It is a project.
    #[error("{}: this is a project; export it and import the export", path.display())]
    Project {
        /// Which.
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
    /// The project could not take it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What came of importing what a person named.
#[derive(Debug, Default)]
pub struct Imported {
    /// What the project took.
    pub count: ImportCount,
    /// Files that were not read, or left before their end; what is counted was taken nevertheless.
    pub failures: Vec<ImportError>,
    /// Whether the caller stopped it: nothing of it was taken.
    pub stopped: bool,
}

/// What a person named, being read article by article, whatever files it is made of.
///
/// A file that cannot be read, or not to its end, is a failure; the files after it are read.
pub struct Reading {
    given: Given,
    options: ReadOptions,
    current: Option<Current>,
    formats: Vec<Format>,
    unit: Option<OffsetUnit>,
    failures: Vec<ImportError>,
    problems: Vec<Problem>,
}

/// The part that is being read.
struct Current {
    reader: Box<dyn RecordReader>,
    path: PathBuf,
    /// Its name among others.
    name: Option<String>,
}

impl Reading {
    /// Opens what was named and tells its format.
    ///
    /// # Errors
    /// [`ImportError`] when nothing can be read.
    pub fn open(path: &Path, options: &ImportOptions) -> Result<Self, ImportError> {
        Self::of(Given::open(path, options.format)?, options)
    }

    /// Reads what was opened.
    ///
    /// # Errors
    /// [`ImportError`] when it is one file and that cannot be read.
    pub fn of(given: Given, options: &ImportOptions) -> Result<Self, ImportError> {
        let mut reading = Self {
            given,
            options: options.read.clone(),
            current: None,
            formats: Vec::new(),
            unit: None,
            failures: Vec::new(),
            problems: Vec::new(),
        };
        if reading.given.is_one() {
            reading.begin_part().transpose()?;
        }
        Ok(reading)
    }

    /// The next article; `None` at the end. `said` hears what is wrong as it is found.
    pub fn next(&mut self, said: &mut dyn FnMut(&Problem)) -> Option<ArticleRecord> {
        loop {
            let Some(current) = &mut self.current else {
                let begun = self.begin_part();
                self.problems.drain(..).for_each(|problem| said(&problem));
                match begun? {
                    Ok(()) => {}
                    Err(error) => self.failures.push(error),
                }
                continue;
            };
            let next = current.reader.next_record(&mut self.problems);
            for problem in self.problems.drain(..) {
                match (&problem.file, &current.name) {
                    (None, Some(name)) => said(&problem.in_file(name)),
                    _ => said(&problem),
                }
            }
            match next {
                Ok(Some(record)) => return Some(record),
                Ok(None) => {}
                Err(source) => self.failures.push(ImportError::Format { path: current.path.clone(), source }),
            }
            self.unit = self.unit.or(current.reader.unit());
            self.current = None;
        }
    }

    /// Opens the next part; `None` when there is no more.
    fn begin_part(&mut self) -> Option<Result<(), ImportError>> {
        let part = match self.given.next_part(&mut self.problems)? {
            Ok(part) => part,
            Err(error) => return Some(Err(error)),
        };
        let Part { name, path, format, source, article, named_by_annotator } = part;
        let options = ReadOptions { name: article, named_by_annotator, ..self.options.clone() };
        Some(match open_reader(format, source, &options) {
            Ok(reader) => {
                self.formats.push(format);
                self.current = Some(Current { reader, path, name });
                Ok(())
            }
            Err(source) => Err(ImportError::Format { path, source }),
        })
    }

    /// The formats of the files read so far, a file each.
    #[must_use]
    pub fn formats(&self) -> &[Format] {
        &self.formats
    }

    /// The unit in which the first file with offsets turned out to count, once it is read.
    #[must_use]
    pub fn unit(&self) -> Option<OffsetUnit> {
        self.unit
    }

    /// What could not be read, or not to its end.
    #[must_use]
    pub fn into_failures(self) -> Vec<ImportError> {
        self.failures
    }
}

/// How far an import is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Advance {
    /// Files that are read to their end.
    pub files: u64,
    /// Articles so far.
    pub articles: u64,
}

/// Imports what a person named. `said` hears what is wrong as it is found; `progress` gets the number of articles so far and can stop.
///
/// # Errors
/// [`ImportError`] when nothing could be read or the project cannot be written.
pub fn import_file<S: Store + ?Sized>(
    store: &mut S,
    path: &Path,
    options: &ImportOptions,
    said: &mut dyn FnMut(&Problem),
    progress: &mut dyn FnMut(u64) -> ControlFlow<()>,
) -> Result<Imported, ImportError> {
    let reading = Reading::open(path, options)?;
    let mut all = [(path, Some(reading))].into_iter();
    take_in(store, &mut all, options, &mut |_, problem| said(problem), &mut |advance| progress(advance.articles))
}

/// Imports several files, all of them or none. One that cannot be read is a failure, and the others are taken; `said` hears of which file
/// a problem is.
///
/// # Errors
/// [`ImportError::Store`] when the project cannot be written.
pub fn import_files<S: Store + ?Sized>(
    store: &mut S,
    paths: &[PathBuf],
    options: &ImportOptions,
    said: &mut dyn FnMut(&Path, &Problem),
    progress: &mut dyn FnMut(Advance) -> ControlFlow<()>,
) -> Result<Imported, ImportError> {
    let mut failures = Vec::new();
    let mut all = paths.iter().map(|path| {
        let reading = Reading::open(path, options).map_err(|error| failures.push(error)).ok();
        (path.as_path(), reading)
    });
    let mut imported = take_in(store, &mut all, options, said, progress)?;
    if !imported.stopped {
        imported.failures.extend(failures);
    }
    Ok(imported)
}

/// Takes in what is read, in one transaction.
fn take_in<'a, S: Store + ?Sized>(
    store: &mut S,
    all: &mut dyn Iterator<Item = (&'a Path, Option<Reading>)>,
    options: &ImportOptions,
    said: &mut dyn FnMut(&Path, &Problem),
    progress: &mut dyn FnMut(Advance) -> ControlFlow<()>,
) -> Result<Imported, ImportError> {
    let stopped = Cell::new(false);
    let mut advance = Advance::default();
    let mut skipped: BTreeMap<(&Path, String), u64> = BTreeMap::new();
    let mut failures = Vec::new();
    let mut current: Option<(&Path, Reading)> = None;
    let mut fold = ProblemFold::default();
    // What a model suggests that the file does not name is said by the file.
    let said_by_file = options.as_suggestions && options.annotator.trim().is_empty();
    let mut records = std::iter::from_fn(|| -> Option<ArticleRecord> {
        loop {
            if stopped.get() || progress(advance).is_break() {
                stopped.set(true);
                return None;
            }
            let Some((path, reading)) = &mut current else {
                match all.next()? {
                    (path, Some(reading)) => current = Some((path, reading)),
                    (_, None) => advance.files += 1,
                }
                continue;
            };
            let mut hear = |problem: &Problem| {
                if let Some(problem) = fold.add(problem.clone()) {
                    said(path, &problem);
                }
            };
            let Some(mut record) = reading.next(&mut hear) else {
                fold.finish().iter().for_each(|problem| said(path, problem));
                failures.extend(current.take().map(|(_, reading)| reading.into_failures()).unwrap_or_default());
                advance.files += 1;
                continue;
            };
            let mut out = BTreeMap::new();
            options.labels.apply(&mut record, &mut out);
            out.into_iter().for_each(|(label, count)| *skipped.entry((*path, label)).or_default() += count);
            let name = || path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            for prediction in &mut record.predictions {
                prediction.source.get_or_insert_with(name);
            }
            for layer in record.layers.iter_mut().filter(|_| said_by_file) {
                layer.annotator.get_or_insert_with(name);
            }
            advance.articles += 1;
            return Some(record);
        }
    });
    let taking = match (options.as_suggestions, said_by_file) {
        (false, _) => Taking::Layers { annotator: &options.annotator },
        (true, false) => Taking::Predictions { source: &options.annotator },
        (true, true) => Taking::Predictions { source: NOBODY },
    };
    let count = match store.take_in(&mut records, taking, &mut || !stopped.get()) {
        Err(StoreError::Stopped) => return Ok(Imported { stopped: true, ..Imported::default() }),
        taken => taken?,
    };
    for ((path, label), count) in skipped {
        said(path, &Problem::foreign(Place::default(), Foreign::LabelSkipped { label, count }));
    }
    Ok(Imported { count, failures, stopped: false })
}

/// Who says what no one is named for.
const NOBODY: &str = "model";

/// The path of a project that a person named: the ending is added when it has another or none.
#[must_use]
pub fn project_path(named: &Path) -> PathBuf {
    if named.extension().is_some_and(|ending| ending.eq_ignore_ascii_case(PROJECT_ENDING)) {
        return named.to_owned();
    }
    let mut name = named.as_os_str().to_owned();
    name.push(".");
    name.push(PROJECT_ENDING);
    name.into()
}

/// The project that a person means: `news` is `news.barchasb` where only that is there.
#[must_use]
pub fn existing_project(named: &Path) -> PathBuf {
    let with_ending = project_path(named);
    if !named.is_file() && with_ending.is_file() { with_ending } else { named.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_does_not_hide_a_project() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::create_dir(at("p")).unwrap();
        assert_eq!(existing_project(&at("p")), at("p"), "there is nothing else");
        std::fs::write(at("p.barchasb"), "").unwrap();
        assert_eq!(existing_project(&at("p")), at("p.barchasb"));
        std::fs::write(at("q"), "").unwrap();
        std::fs::write(at("q.barchasb"), "").unwrap();
        assert_eq!(existing_project(&at("q")), at("q"), "a file is meant itself");
    }
}

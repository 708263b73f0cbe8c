//! From a file into a project.
//!
//! Owns opening the file, telling its format and feeding the store. It must not print or know a window.

use crate::domain::record::ArticleRecord;
use crate::exchange::label_map::LabelMap;
use crate::formats::files::Source;
use crate::formats::foreign::Foreign;
use crate::formats::format::{Format, ReadOptions, RecordReader, open_reader};
use crate::formats::offset_unit::OffsetUnit;
use crate::formats::problem::{FormatError, Place, Problem};
use crate::formats::sniff::{HEAD_BYTES, Sniff};
use crate::store::contract::{ImportCount, Store, StoreError, Taking};
use std::cell::Cell;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// The ending of a project's file name.
pub const PROJECT_ENDING: &str = "barchasb";

/// The first bytes of every SQLite file, and so of every project.
const SQLITE_MAGIC: &[u8] = b"SQLite format 3\0";

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
    /// It is a folder.
    #[error("{}: this is a folder; name the files in it", path.display())]
    Folder {
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

/// What came of importing one file.
#[derive(Debug, Default)]
pub struct Imported {
    /// What the project took.
    pub count: ImportCount,
    /// Why the file was left before its end; what is counted was taken nevertheless.
    pub failure: Option<ImportError>,
    /// Whether the caller stopped it: nothing of it was taken.
    pub stopped: bool,
}

/// What a person named, being read article by article, whatever files it is made of.
///
/// A file that cannot be read, or not to its end, is a failure; the files after it are read.
pub struct Reading {
    path: PathBuf,
    reader: Option<Box<dyn RecordReader>>,
    format: Format,
    unit: Option<OffsetUnit>,
    failures: Vec<ImportError>,
    problems: Vec<Problem>,
}

impl Reading {
    /// Opens a file and tells its format.
    ///
    /// # Errors
    /// [`ImportError`] when nothing can be read.
    pub fn open(path: &Path, options: &ImportOptions) -> Result<Self, ImportError> {
        let failed = |source: FormatError| ImportError::Format { path: path.to_path_buf(), source };
        let (file, head) = open(path)?;
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let format = options.format.or_else(|| Format::detect(&Sniff::of_file(&name, &head))).unwrap_or(Format::TEXT);
        let stem = path.file_stem().map(|n| n.to_string_lossy().into_owned());
        let read = ReadOptions { name: stem, ..options.read.clone() };
        let reader = open_reader(format, Source::One(Box::new(file)), &read).map_err(failed)?;
        Ok(Self {
            path: path.to_path_buf(),
            reader: Some(reader),
            format,
            unit: None,
            failures: Vec::new(),
            problems: Vec::new(),
        })
    }

    /// The next article; `None` at the end. `said` hears what is wrong as it is found.
    pub fn next(&mut self, said: &mut dyn FnMut(&Problem)) -> Option<ArticleRecord> {
        let reader = self.reader.as_mut()?;
        let next = reader.next_record(&mut self.problems);
        self.problems.drain(..).for_each(|problem| said(&problem));
        match next {
            Ok(Some(record)) => return Some(record),
            Ok(None) => {}
            Err(source) => self.failures.push(ImportError::Format { path: self.path.clone(), source }),
        }
        self.unit = self.unit.or(reader.unit());
        self.reader = None;
        None
    }

    /// The formats of the files read so far, a file each.
    #[must_use]
    pub fn formats(&self) -> &[Format] {
        std::slice::from_ref(&self.format)
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
    let mut reading = Reading::open(path, options)?;
    let stopped = Cell::new(false);
    let mut articles = 0;
    let mut skipped = BTreeMap::new();
    let mut records = std::iter::from_fn(|| -> Option<ArticleRecord> {
        if stopped.get() || progress(articles).is_break() {
            stopped.set(true);
            return None;
        }
        let mut record = reading.next(said)?;
        options.labels.apply(&mut record, &mut skipped);
        articles += 1;
        Some(record)
    });
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let taking = if !options.as_suggestions {
        Taking::Layers { annotator: &options.annotator }
    } else if options.annotator.trim().is_empty() {
        Taking::Predictions { source: &name }
    } else {
        Taking::Predictions { source: &options.annotator }
    };
    let taken = store.take_in(&mut records, taking, &mut || !stopped.get());
    let count = match taken {
        Err(StoreError::Stopped) => return Ok(Imported { stopped: true, ..Imported::default() }),
        taken => taken?,
    };
    for (label, count) in skipped {
        said(&Problem::foreign(Place::default(), Foreign::LabelSkipped { label, count }));
    }
    Ok(Imported { count, failure: reading.into_failures().pop(), stopped: false })
}

/// Whether a file is a project, by its name or first bytes. A file that cannot be read is one when its name says so.
#[must_use]
pub fn is_project(path: &Path) -> bool {
    let by_name = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case(PROJECT_ENDING));
    by_name || head_of(path).is_ok_and(|(_, head)| head.starts_with(SQLITE_MAGIC))
}

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
    if !named.exists() && with_ending.exists() { with_ending } else { named.to_owned() }
}

fn open(path: &Path) -> Result<(File, Vec<u8>), ImportError> {
    let path_buf = || path.to_path_buf();
    if path.is_dir() {
        return Err(ImportError::Folder { path: path_buf() });
    }
    let (file, head) = head_of(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => ImportError::Missing { path: path_buf() },
        _ => ImportError::Format { path: path_buf(), source: error.into() },
    })?;
    if head.starts_with(SQLITE_MAGIC) {
        return Err(ImportError::Project { path: path_buf() });
    }
    Ok((file, head))
}

/// The file, at its beginning, and its first bytes.
fn head_of(path: &Path) -> io::Result<(File, Vec<u8>)> {
    let mut file = File::open(path)?;
    let mut head = Vec::new();
    Read::by_ref(&mut file).take(HEAD_BYTES as u64).read_to_end(&mut head)?;
    file.seek(SeekFrom::Start(0))?;
    Ok((file, head))
}

//! Importing files into a project: a path becomes records, records go into the store, and every problem is told.
//!
//! Owns the way of files in. It must not know a format's inside nor say anything on a screen.

use crate::domain::record::ArticleRecord;
use crate::exchange::error::ExchangeError;
use crate::formats::format::{Format, ReadOptions, RecordReader, open_reader};
use crate::formats::offset_unit::OffsetUnit;
use crate::formats::problem::{FormatError, Problem, Severity};
use crate::store::contract::{ImportCount, Store};
use std::fs::File;
use std::io::{Cursor, Read, Seek};
use std::ops::ControlFlow;
use std::path::Path;

/// How a file is to be read.
#[derive(Clone, Debug, Default)]
pub struct ImportOptions {
    /// The format; `None` to tell it by name and first bytes.
    pub format: Option<Format>,
    /// The unit of its offsets; `None` to believe the file.
    pub unit: Option<OffsetUnit>,
    /// Who gets the layers that name no annotator.
    pub annotator: String,
}

/// What came of one file.
#[derive(Clone, Debug, Default)]
pub struct ImportReport {
    /// What was taken.
    pub count: ImportCount,
    /// What the reader found; what the store found is in `count.problems`.
    pub problems: Vec<Problem>,
    /// Why reading ended before the file did; what came before is in the project.
    pub ended_by: Option<String>,
}

impl ImportReport {
    /// Whether something was not taken as it stood.
    #[must_use]
    pub fn has_faults(&self) -> bool {
        self.ended_by.is_some()
            || !self.count.problems.is_empty()
            || self.problems.iter().any(|p| p.severity == Severity::Fault)
    }

    /// Every problem as a sentence that begins with the file.
    #[must_use]
    pub fn sentences(&self, path: &Path) -> Vec<String> {
        let name = path.display();
        let read = self.problems.iter().map(|problem| format!("{name}: {problem}"));
        let stored = self.count.problems.iter().map(|problem| format!("{name}: {problem}"));
        let ended = self.ended_by.iter().map(|reason| format!("{name}: {reason}"));
        read.chain(stored).chain(ended).collect()
    }
}

/// Imports one file. `progress` gets bytes read and bytes in all; when it breaks, what was taken so far stays.
///
/// # Errors
/// [`ExchangeError`] when the file cannot be read at all or the project cannot be written.
pub fn import_file(
    store: &mut dyn Store,
    path: &Path,
    options: &ImportOptions,
    progress: &mut dyn FnMut(u64, u64) -> ControlFlow<()>,
) -> Result<ImportReport, ExchangeError> {
    let of_file = |error| ExchangeError::File { path: path.to_owned(), error };
    if path.is_dir() {
        return Err(ExchangeError::Folder { path: path.to_owned() });
    }
    let mut file = File::open(path).map_err(of_file)?;
    let total = file.metadata().map_err(of_file)?.len();
    let mut head = Vec::new();
    file.by_ref().take(HEAD_BYTES).read_to_end(&mut head).map_err(of_file)?;
    file.rewind().map_err(of_file)?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let format = options.format.unwrap_or_else(|| Format::detect(&name, &head));
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let read = ReadOptions { name: stem, unit: options.unit, ..ReadOptions::default() };
    let of_format = |error| ExchangeError::Format { path: path.to_owned(), error };
    let reader = open_reader(format, std::io::BufReader::new(file), &read).map_err(of_format)?;
    take_records(store, reader, options, total, progress).map_err(|error| error.at(path))
}

/// Imports bytes that are already here, as the sample.
///
/// # Errors
/// As [`import_file`]; the file is called `name`.
pub fn import_bytes(
    store: &mut dyn Store,
    name: &str,
    bytes: &[u8],
    options: &ImportOptions,
) -> Result<ImportReport, ExchangeError> {
    let of_format = |error| ExchangeError::Format { path: name.into(), error };
    let format = options.format.unwrap_or_else(|| Format::detect(name, bytes));
    let reader = open_reader(format, Cursor::new(bytes), &ReadOptions::default()).map_err(of_format)?;
    let total = bytes.len() as u64;
    take_records(store, reader, options, total, &mut |_, _| ControlFlow::Continue(())).map_err(|e| e.at(name.as_ref()))
}

/// How much of a file tells its format.
const HEAD_BYTES: u64 = 8_192;

fn take_records<'a>(
    store: &mut dyn Store,
    reader: Box<dyn RecordReader + 'a>,
    options: &ImportOptions,
    total: u64,
    progress: &mut dyn FnMut(u64, u64) -> ControlFlow<()>,
) -> Result<ImportReport, TakeError> {
    let mut records = Records { reader, problems: Vec::new(), error: None, given: 0, bytes: 0, total, progress };
    let count = store.import(&mut records, &options.annotator).map_err(TakeError::Store)?;
    let Records { problems, error, given, .. } = records;
    match error {
        // Nothing could be read: that is a failure of the file, not a report with a gap.
        Some(error) if given == 0 => Err(TakeError::Format(error)),
        ended => Ok(ImportReport { count, problems, ended_by: ended.map(|error| error.to_string()) }),
    }
}

enum TakeError {
    Store(crate::store::contract::StoreError),
    Format(FormatError),
}

impl TakeError {
    fn at(self, path: &Path) -> ExchangeError {
        match self {
            Self::Store(error) => ExchangeError::Store(error),
            Self::Format(error) => ExchangeError::Format { path: path.to_owned(), error },
        }
    }
}

/// The records of a reader, its problems kept aside.
struct Records<'a, 'p> {
    reader: Box<dyn RecordReader + 'a>,
    problems: Vec<Problem>,
    error: Option<FormatError>,
    given: u64,
    bytes: u64,
    total: u64,
    progress: &'p mut dyn FnMut(u64, u64) -> ControlFlow<()>,
}

impl Iterator for Records<'_, '_> {
    type Item = ArticleRecord;

    fn next(&mut self) -> Option<ArticleRecord> {
        if (self.progress)(self.bytes.min(self.total), self.total).is_break() {
            return None;
        }
        match self.reader.next_record(&mut self.problems) {
            Ok(record) => {
                let record = record?;
                self.given += 1;
                self.bytes += record.text.len() as u64;
                Some(record)
            }
            Err(error) => {
                self.error = Some(error);
                None
            }
        }
    }
}

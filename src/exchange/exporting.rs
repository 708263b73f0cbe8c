//! Exporting a project to a file: whole or not at all.
//!
//! Owns the temporary file, the fsync and the rename. It must not know a format's inside.

use crate::domain::record::ArticleRecord;
use crate::exchange::error::ExchangeError;
use crate::formats::format::{Format, open_writer};
use crate::formats::offset_unit::OffsetUnit;
use crate::formats::problem::{FormatError, Problem};
use crate::store::contract::{Selection, Store};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// What is exported and how.
#[derive(Clone, Debug)]
pub struct ExportOptions {
    /// The format.
    pub format: Format,
    /// The unit of its offsets.
    pub unit: OffsetUnit,
    /// Which layers.
    pub selection: Selection,
}

/// What came of an export.
#[derive(Clone, Debug, Default)]
pub struct ExportReport {
    /// Records written: one for each layer, or for a bare article.
    pub records: u64,
    /// Mentions written.
    pub mentions: u64,
    /// What the format could not hold.
    pub problems: Vec<Problem>,
}

/// Exports to a file: written beside it first, flushed to the disk, then renamed over it. `progress` gets the records written;
/// when it breaks, the file is as it was.
///
/// # Errors
/// [`ExchangeError`]; the file is then as it was.
pub fn export_file(
    store: &dyn Store,
    path: &Path,
    options: &ExportOptions,
    progress: &mut dyn FnMut(u64) -> ControlFlow<()>,
) -> Result<ExportReport, ExchangeError> {
    let of_file = |error| ExchangeError::File { path: path.to_owned(), error };
    if path.is_dir() {
        return Err(ExchangeError::Folder { path: path.to_owned() });
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(of_file)?;
    let temporary = temporary_beside(path);
    let written = (|| {
        let file = File::create(&temporary).map_err(of_file)?;
        let mut out = BufWriter::new(file);
        let report = export_to(store, &mut out, options, progress).map_err(|error| error.at(path))?;
        let file = out.into_inner().map_err(|error| of_file(error.into_error()))?;
        file.sync_all().map_err(of_file)?;
        std::fs::rename(&temporary, path).map_err(of_file)?;
        // The name is on the disk only when its folder is. Where folders cannot be opened (Windows) the rename suffices.
        if let Ok(folder) = File::open(folder) {
            folder.sync_all().map_err(of_file)?;
        }
        Ok(report)
    })();
    if written.is_err() {
        // What is left of it is of no use; that it may not be there is no matter.
        let _gone = std::fs::remove_file(&temporary);
    }
    written
}

/// `news.jsonl` → `.news.jsonl.new-PID`, in the same folder so that the rename is one step.
fn temporary_beside(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.new-{}", std::process::id()))
}

/// Exports into any writer.
///
/// # Errors
/// [`ExchangeError`] when the project cannot be read or the writer fails.
pub fn export_stream(
    store: &dyn Store,
    out: &mut dyn Write,
    options: &ExportOptions,
) -> Result<ExportReport, ExchangeError> {
    export_to(store, out, options, &mut |_| ControlFlow::Continue(())).map_err(|error| error.at(Path::new("-")))
}

enum WriteError {
    Store(crate::store::contract::StoreError),
    Format(FormatError),
    Stopped,
}

impl WriteError {
    fn at(self, path: &Path) -> ExchangeError {
        match self {
            Self::Store(error) => ExchangeError::Store(error),
            Self::Format(error) => ExchangeError::Format { path: path.to_owned(), error },
            Self::Stopped => ExchangeError::Stopped,
        }
    }
}

fn export_to(
    store: &dyn Store,
    out: &mut dyn Write,
    options: &ExportOptions,
    progress: &mut dyn FnMut(u64) -> ControlFlow<()>,
) -> Result<ExportReport, WriteError> {
    let mut report = ExportReport::default();
    let mut writer = open_writer(options.format, out, options.unit).map_err(WriteError::Format)?;
    let mut failure = None;
    store
        .export(&options.selection, &mut |record: ArticleRecord| {
            if let Err(error) = writer.write(&record, &mut report.problems) {
                failure = Some(WriteError::Format(error));
                return ControlFlow::Break(());
            }
            report.records += 1;
            report.mentions += record.layers.iter().map(|layer| layer.mentions.len() as u64).sum::<u64>();
            if progress(report.records).is_break() {
                failure = Some(WriteError::Stopped);
                return ControlFlow::Break(());
            }
            ControlFlow::Continue(())
        })
        .map_err(WriteError::Store)?;
    if let Some(failure) = failure {
        return Err(failure);
    }
    writer.finish().map_err(WriteError::Format)?;
    drop(writer);
    Ok(report)
}

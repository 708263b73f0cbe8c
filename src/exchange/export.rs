//! From a project into a file.
//!
//! Owns feeding a writer from the store and putting the file in its place. It must not print or know a window.

use crate::exchange::import::is_project;
use crate::exchange::landing::Landing;
use crate::exchange::plan::Plan;
use crate::formats::files::Sink;
use crate::formats::format::{Format, open_writer};
use crate::formats::problem::{FormatError, Problem};
use crate::store::contract::{Selection, Store, StoreError};
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// The folder, relative to where the program was started, in which an export goes that is given no other place.
pub const DEFAULT_FOLDER: &str = "annotations";

/// How a project is exported.
#[derive(Clone, Debug)]
pub struct ExportOptions {
    /// Which layers.
    pub selection: Selection,
    /// What is written.
    pub plan: Plan,
}

/// Why a project was not exported; what stood at the target stands.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The target is a project, which an export would replace.
    #[error("{}: this is a project; give the export another name", path.display())]
    OntoProject {
        /// Which.
        path: PathBuf,
    },
    /// The target cannot be written.
    #[error("{}: cannot be written ({source})", path.display())]
    Write {
        /// Which.
        path: PathBuf,
        /// The system's word.
        source: io::Error,
    },
    /// The output cannot be written.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// The project cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The caller stopped it.
    #[error("the export was stopped; nothing was written")]
    Stopped,
}

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Exported {
    /// Objects: an article with one layer, or a bare article.
    pub records: u64,
    /// Mentions of all layers.
    pub mentions: u64,
}

/// Where a project's export goes when no place is given: `annotations/TITLE.ENDING`.
#[must_use]
pub fn default_target(title: &str, format: Format) -> PathBuf {
    Path::new(DEFAULT_FOLDER).join(format!("{title}.{}", format.ending()))
}

/// Exports into a file, which is whole under its name or not there; its folder is made when missing.
///
/// # Errors
/// [`ExportError`]; a file that stood there is untouched.
pub fn export_file(
    store: &dyn Store,
    target: &Path,
    options: &ExportOptions,
    said: &mut dyn FnMut(&Problem),
    progress: &mut dyn FnMut(u64) -> ControlFlow<()>,
) -> Result<Exported, ExportError> {
    if is_project(target) {
        return Err(ExportError::OntoProject { path: target.to_path_buf() });
    }
    let failed = |source| ExportError::Write { path: target.to_path_buf(), source };
    let (folder, name) = (target.parent().unwrap_or(Path::new("")), target.file_name().unwrap_or_default());
    let landing = Landing::new(folder);
    let file = landing.create(&name.to_string_lossy()).map_err(failed)?;
    let exported = export_to(store, Box::new(file), options, said, progress).map_err(|error| match error {
        ExportError::Format(FormatError::Io(source)) => failed(source),
        other => other,
    })?;
    landing.commit().map_err(failed)?;
    Ok(exported)
}

/// Exports into any output.
///
/// # Errors
/// [`ExportError`]; the output then holds a part.
pub fn export_to(
    store: &dyn Store,
    output: Box<dyn Write + Send>,
    options: &ExportOptions,
    said: &mut dyn FnMut(&Problem),
    progress: &mut dyn FnMut(u64) -> ControlFlow<()>,
) -> Result<Exported, ExportError> {
    let mut writer = open_writer(options.plan.format, Sink::One(output), &options.plan.write)?;
    let mut exported = Exported::default();
    let mut failure = None;
    let mut problems = Vec::new();
    store.export(&options.selection, &mut |record| {
        if progress(exported.records).is_break() {
            failure = Some(ExportError::Stopped);
            return ControlFlow::Break(());
        }
        if let Err(error) = writer.write(&record, &mut problems) {
            failure = Some(error.into());
            return ControlFlow::Break(());
        }
        let left_out = problems.len();
        problems.drain(..).for_each(|problem| said(&problem));
        let mentions = record.layers.iter().map(|layer| layer.mentions.len()).sum::<usize>().saturating_sub(left_out);
        exported.mentions += u64::try_from(mentions).unwrap_or(u64::MAX);
        exported.records += 1;
        ControlFlow::Continue(())
    })?;
    if let Some(failure) = failure {
        return Err(failure);
    }
    writer.finish()?;
    Ok(exported)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exports_go_to_annotations() {
        assert_eq!(default_target("خبر", Format::JSONL), Path::new("annotations/خبر.jsonl"));
        assert_eq!(default_target("a.b", Format::JSON), Path::new("annotations/a.b.json"));
    }
}

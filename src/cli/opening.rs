//! What the window opens: a project, or files and folders that become one beside them.
//!
//! Owns turning the files of the command line into one project. It must not open a window.

use crate::cli::import::{annotator_name, import_files};
use crate::cli::report::{Outcome, Report};
use crate::domain::layer::Rules;
use crate::exchange::import::{ImportOptions, PROJECT_ENDING, is_project};
use crate::store::sqlite::{SqliteStore, default_labels};
use anyhow::{Result, bail};
use std::path::{Path, PathBuf};

/// The project to open; `None` when no file is named. Text files are taken into the project that has the first one's name; it is
/// made when it is not there, and an article that is in it already is not doubled.
///
/// # Errors
/// Why there is nothing to open, in a sentence.
pub fn project_from_files(files: &[PathBuf], report: &mut Report) -> Result<Option<PathBuf>> {
    match files {
        [] => Ok(None),
        [project] if is_project(project) => Ok(Some(project.clone())),
        files => {
            if let Some(project) = files.iter().find(|file| is_project(file)) {
                bail!("{}: a project is opened alone; use `barchasb import` to add files to it", project.display());
            }
            project_beside(files, report).map(Some)
        }
    }
}

fn project_beside(files: &[PathBuf], report: &mut Report) -> Result<PathBuf> {
    for file in files {
        check_file(file)?;
    }
    let Some(first) = files.first() else { bail!("no file was named") };
    let project = first.with_extension(PROJECT_ENDING);
    let is_new = !project.exists();
    let mut store = if is_new {
        SqliteStore::create(&project, Rules::default(), default_labels())?
    } else {
        SqliteStore::open(&project)?
    };
    let options = ImportOptions::of(&annotator_name());
    let count = import_files(&mut store, files, &options, report)?;
    drop(store);
    if is_new && count.articles == 0 {
        // A project that never held anything is of no use; what failed has been said.
        let _removed = std::fs::remove_file(&project);
        bail!("nothing could be taken from {}", names(files));
    }
    if report.outcome() == Outcome::Failed {
        bail!("some files were not taken; {} holds the others", project.display());
    }
    Ok(project)
}

fn check_file(file: &Path) -> Result<()> {
    if !file.exists() {
        bail!("{}: there is no such file", file.display());
    }
    Ok(())
}

fn names(files: &[PathBuf]) -> String {
    files.iter().map(|file| file.display().to_string()).collect::<Vec<_>>().join(", ")
}

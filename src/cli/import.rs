//! The command `import`: files into a project.
//!
//! Owns which files are read and what is said of each. It must not stop at a file that cannot be read: the others go on.

use crate::cli::args_exchange::{ImportArguments, TakenAs};
use crate::cli::exchange_options::{label_map, read_options};
use crate::cli::report::{Report, counted};
use crate::exchange::import::{self, ImportOptions, existing_project};
use crate::formats::problem::Problem;
use crate::store::contract::ImportCount;
use crate::store::sqlite::SqliteStore;
use anyhow::Result;
use serde_json::json;
use std::collections::HashSet;
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// Imports the files.
///
/// # Errors
/// What the project refused, in a sentence; what a file refused is said and the next is read.
pub fn run(arguments: &ImportArguments, report: &mut Report) -> Result<()> {
    let mut store = SqliteStore::open(&existing_project(&arguments.project))?;
    let as_suggestions = arguments.taken_as == TakenAs::Suggestions;
    let named = arguments.annotator.clone();
    let options = ImportOptions {
        annotator: named.unwrap_or_else(|| if as_suggestions { String::new() } else { annotator_name() }),
        as_suggestions,
        format: arguments.format,
        read: read_options(&arguments.reading, arguments.offsets)?,
        labels: label_map(&arguments.labels)?,
    };
    let total = import_files(&mut store, &arguments.files, &options, report)?;
    let (mentions, suggestions) = if as_suggestions { (0, total.mentions) } else { (total.mentions, 0) };
    let taken = if as_suggestions {
        counted(suggestions, "suggestion")
    } else {
        format!("{}, {}", counted(total.layers, "layer"), counted(mentions, "mention"))
    };
    let mut lines = vec![format!(
        "{}: {}, {} already there; {taken}",
        arguments.project.display(),
        counted(total.articles, "new article"),
        total.known,
    )];
    if !total.labels.is_empty() {
        lines.push(format!("new labels: {}", total.labels.join(", ")));
    }
    let value = json!({
        "project": arguments.project.to_string_lossy(), "articles": total.articles, "known": total.known,
        "layers": total.layers, "mentions": mentions, "suggestions": suggestions, "labels": total.labels,
    });
    report.result("import", &lines, value)?;
    Ok(())
}

/// Imports files, all in one transaction. A file that is named twice is read once.
///
/// # Errors
/// What the project refused: nothing is taken then. What a file refused is said and the next is read.
pub fn import_files(
    store: &mut SqliteStore,
    files: &[PathBuf],
    options: &ImportOptions,
    report: &mut Report,
) -> Result<ImportCount> {
    let mut seen = HashSet::new();
    let mut paths = Vec::new();
    for file in files {
        if seen.insert(fs::canonicalize(file).unwrap_or_else(|_| file.clone())) {
            paths.push(file.clone());
        } else {
            report.warning("twice", &format!("{}: named twice; it was read once", file.display()))?;
        }
    }
    let all = match paths.as_slice() {
        [file] => file.display().to_string(),
        files => format!("{} files", files.len()),
    };
    report.begin_progress(&all);
    let bar = report.bar();
    let mut gone = None;
    let mut last: Option<PathBuf> = None;
    let mut say = |file: &Path, problem: &Problem| {
        if gone.is_some() {
            return;
        }
        let ended = last.take_if(|last| last != file).map_or(Ok(()), |last| report.end_of_file(&last));
        last.get_or_insert_with(|| file.to_path_buf());
        gone = ended.and_then(|()| report.problem(file, problem)).err();
    };
    let outcome = import::import_files(store, &paths, options, &mut say, &mut |advance| {
        bar.set_position(advance.articles);
        ControlFlow::Continue(())
    });
    report.end_progress();
    if let Some(error) = gone {
        return Err(error.into());
    }
    let imported = outcome?;
    for problem in &imported.count.problems {
        report.warning("project", &format!("{all}: {problem}"))?;
    }
    report.end_of_file(last.as_deref().unwrap_or(Path::new(&all)))?;
    for failure in imported.failures {
        report.failure(&failure.to_string())?;
    }
    Ok(imported.count)
}

/// The name of the person at this computer, as the system knows it.
#[must_use]
pub fn annotator_name() -> String {
    ["USER", "LOGNAME", "USERNAME"]
        .into_iter()
        .filter_map(|variable| std::env::var(variable).ok())
        .map(|name| name.trim().to_owned())
        .find(|name| !name.is_empty())
        .unwrap_or_else(|| "annotator".to_owned())
}

//! The command `import`: files into a project.
//!
//! Owns which files are read and what is said of each. It must not stop at a file that cannot be read: the others go on.

use crate::cli::args_exchange::{ImportArguments, TakenAs};
use crate::cli::exchange_options::{label_map, read_options};
use crate::cli::report::{Report, counted};
use crate::exchange::import::{ImportError, ImportOptions, existing_project, import_file};
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

/// Imports files one after another and adds up what came of it.
///
/// # Errors
/// What the project refused; what a file refused is said and the next is read.
pub fn import_files(
    store: &mut SqliteStore,
    files: &[PathBuf],
    options: &ImportOptions,
    report: &mut Report,
) -> Result<ImportCount> {
    let mut total = ImportCount::default();
    let mut seen = HashSet::new();
    for file in files {
        if !seen.insert(fs::canonicalize(file).unwrap_or_else(|_| file.clone())) {
            report.warning("twice", &format!("{}: named twice; it was read once", file.display()))?;
            continue;
        }
        let count = import_one(store, file, options, report)?;
        report.end_of_file(file)?;
        total.articles += count.articles;
        total.known += count.known;
        total.layers += count.layers;
        total.mentions += count.mentions;
        total.labels.extend(count.labels);
    }
    Ok(total)
}

fn import_one(
    store: &mut SqliteStore,
    file: &Path,
    options: &ImportOptions,
    report: &mut Report,
) -> Result<ImportCount> {
    report.begin_progress(&file.display().to_string());
    let bar = report.bar();
    let mut gone = None;
    let mut say = |problem: &_| {
        if gone.is_none() {
            gone = report.problem(file, problem).err();
        }
    };
    let outcome = import_file(store, file, options, &mut say, &mut |articles| {
        bar.set_position(articles);
        ControlFlow::Continue(())
    });
    report.end_progress();
    if let Some(error) = gone {
        return Err(error.into());
    }
    match outcome {
        Ok(imported) => {
            for problem in &imported.count.problems {
                report.warning("project", &format!("{}: {problem}", file.display()))?;
            }
            for failure in imported.failures {
                report.failure(&failure.to_string())?;
            }
            Ok(imported.count)
        }
        Err(ImportError::Store(error)) => Err(error.into()),
        Err(error) => {
            report.failure(&error.to_string())?;
            Ok(ImportCount::default())
        }
    }
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

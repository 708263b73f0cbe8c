//! The command `report`: a project in pictures and tables.
//!
//! Owns which files are written and what is said of them. It must not count or draw.

use crate::cli::args_review::ReportArguments;
use crate::cli::report::{Report, counted};
use crate::exchange::import::existing_project;
use crate::exchange::overview::{OverviewWanted, gather};
use crate::exchange::report::{write_page, write_pictures, write_tables};
use crate::store::sqlite::SqliteStore;
use crate::words::language::Language;
use crate::words::locale::Locale;
use anyhow::{Context, Result};
use jiff::tz::TimeZone;
use serde_json::json;
use std::ops::ControlFlow;

/// Writes the report.
///
/// # Errors
/// What could not be read or written, in a sentence.
pub fn run(arguments: &ReportArguments, report: &mut Report) -> Result<()> {
    let store = SqliteStore::open_read_only(&existing_project(&arguments.project))?;
    report.begin_progress("articles");
    let bar = report.bar();
    let wanted = OverviewWanted { annotators: arguments.annotators.clone(), time_zone: TimeZone::system() };
    let overview = gather(&store, &wanted, &mut |read| {
        bar.set_position(read);
        ControlFlow::Continue(())
    })?;
    report.end_progress();
    let locale = Locale::new(if arguments.language == "en" { Language::English } else { Language::Persian });
    let path = match &arguments.output {
        Some(path) => path.clone(),
        None => format!("{}.html", overview.project.title).into(),
    };
    write_page(&overview, &locale, &path).with_context(|| path.display().to_string())?;
    let mut written = vec![path];
    if let Some(folder) = &arguments.csv {
        written.extend(write_tables(&overview, &locale, folder).with_context(|| folder.display().to_string())?);
    }
    if let Some(folder) = &arguments.svg {
        written.extend(write_pictures(&overview, &locale, folder).with_context(|| folder.display().to_string())?);
    }
    let statistics = &overview.statistics;
    let counts = [
        counted(overview.annotators.len() as u64, "annotator"),
        counted(statistics.begun, "article"),
        format!("{} done by several", statistics.compared),
    ];
    let files = match written.as_slice() {
        [page] => page.display().to_string(),
        [page, others @ ..] => format!("{} and {}", page.display(), counted(others.len() as u64, "file")),
        [] => String::new(),
    };
    let value = json!({
        "project": arguments.project.to_string_lossy(),
        "annotators": overview.annotators.iter().map(|annotator| annotator.name.as_str()).collect::<Vec<_>>(),
        "articles": statistics.begun, "compared": statistics.compared,
        "files": written.iter().map(|path| path.to_string_lossy()).collect::<Vec<_>>(),
    });
    report.result("report", &[format!("{files}: {}", counts.join(", "))], value)?;
    Ok(())
}

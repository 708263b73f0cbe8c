//! The command `export`: a project into a file.
//!
//! Owns where the export goes. It must not write a part of one under its name.

use crate::cli::args_exchange::ExportArguments;
use crate::cli::exchange_options::{format_from_ending, is_standard, plan, written_lines};
use crate::cli::report::Report;
use crate::exchange::export::{ExportOptions, default_place, export_file, export_to};
use crate::exchange::import::existing_project;
use crate::formats::format::Format;
use crate::formats::problem::Problem;
use crate::store::contract::{Selection, Store};
use crate::store::sqlite::SqliteStore;
use anyhow::{Result, bail};
use std::io;
use std::ops::ControlFlow;

/// Exports the project.
///
/// # Errors
/// What could not be read or written, in a sentence.
pub fn run(arguments: &ExportArguments, report: &mut Report) -> Result<()> {
    let to_stdout = arguments.output.as_deref().is_some_and(is_standard);
    if to_stdout {
        report.leave_output_to_data();
    }
    let store = SqliteStore::open_read_only(&existing_project(&arguments.project))?;
    if let Some(name) = &arguments.annotator {
        check_annotator(&store, name)?;
    }
    let ending_says = arguments.output.as_deref().and_then(format_from_ending);
    let format = arguments.format.or(ending_says).unwrap_or(Format::JSONL);
    let plan = plan(format, arguments.offsets, &arguments.writing, &arguments.labels, to_stdout)?;
    let target = match &arguments.output {
        Some(path) => path.clone(),
        None => default_place(&store.project()?.title, &plan),
    };
    let options = ExportOptions {
        plan,
        selection: Selection { annotator: arguments.annotator.clone(), status: arguments.status },
    };
    report.begin_progress(&target.display().to_string());
    let bar = report.bar();
    let mut gone = None;
    let mut say = |problem: &Problem| {
        if gone.is_none() {
            gone = report.problem(&target, problem).err();
        }
    };
    let mut progress = |records| {
        bar.set_position(records);
        ControlFlow::Continue(())
    };
    let exported = if to_stdout {
        export_to(&store, Box::new(io::stdout()), &options, &mut say, &mut progress)
    } else {
        export_file(&store, &target, &options, &mut say, &mut progress)
    };
    report.end_progress();
    if let Some(error) = gone {
        return Err(error.into());
    }
    let exported = exported?;
    report.end_of_file(&target)?;
    let (lines, value) = written_lines(&target, &options.plan, &exported);
    report.result("export", &lines, value)?;
    Ok(())
}

/// Refuses the name of an annotator that the project does not have, and names those it has.
pub(super) fn check_annotator(store: &dyn Store, name: &str) -> Result<()> {
    let known = store.annotators()?;
    if known.iter().any(|annotator| annotator.name == name) {
        return Ok(());
    }
    let names: Vec<&str> = known.iter().map(|annotator| annotator.name.as_str()).collect();
    match names.as_slice() {
        [] => bail!("the project has no annotator {name}; no one has labelled in it yet"),
        names => bail!("the project has no annotator {name}; it has {}", names.join(", ")),
    }
}

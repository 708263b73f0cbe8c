//! The command `convert`: files of one format into another.
//!
//! Owns which formats are meant and what is said. It must not touch a project.

use crate::cli::args_exchange::ConvertArguments;
use crate::cli::exchange_options::{format_from_ending, is_standard, plan, read_options, written_lines};
use crate::cli::report::Report;
use crate::exchange::convert::{ConvertOptions, convert};
use crate::exchange::convert_lines::Pace;
use crate::exchange::delivery::Target;
use crate::exchange::import::ImportOptions;
use crate::formats::format::Format;
use crate::formats::problem::Problem;
use anyhow::{Result, bail};
use std::io;
use std::ops::ControlFlow;

/// Converts the files.
///
/// # Errors
/// What could not be read or written, in a sentence.
pub fn run(arguments: &ConvertArguments, report: &mut Report) -> Result<()> {
    let (input, output) = (&arguments.input, &arguments.output);
    let to_stdout = is_standard(output);
    if to_stdout {
        report.leave_output_to_data();
    }
    let format = match arguments.to.or_else(|| format_from_ending(output)) {
        Some(format) => format,
        None if to_stdout => Format::JSONL,
        None => bail!("{}: its ending is of no format; say which with --to", output.display()),
    };
    let plan = plan(format, arguments.offsets, &arguments.writing, &arguments.labels, to_stdout)?;
    let read = ImportOptions {
        format: arguments.from,
        read: read_options(&arguments.reading, arguments.from_offsets)?,
        ..ImportOptions::default()
    };
    let options = ConvertOptions { read, plan, pace: Pace::default() };
    report.begin_progress(&input.display().to_string());
    let bar = report.bar();
    let mut gone = None;
    let mut say = |problem: &Problem| {
        if gone.is_none() {
            gone = report.problem(input, problem).err();
        }
    };
    let mut progress = |articles| {
        bar.set_position(articles);
        ControlFlow::Continue(())
    };
    let target = if to_stdout { Target::Output(Box::new(io::stdout())) } else { Target::Path(output) };
    let converted = convert(input, target, &options, &mut say, &mut progress);
    report.end_progress();
    if let Some(error) = gone {
        return Err(error.into());
    }
    let converted = converted?;
    report.end_of_file(input)?;
    for failure in &converted.failures {
        report.failure(&failure.to_string())?;
    }
    let (lines, mut value) = written_lines(output, &options.plan, &converted.delivered);
    let read_as: Vec<_> = converted.formats.iter().map(|format| format.name).collect();
    if let Some(members) = value.as_object_mut() {
        members.insert("read_as".to_owned(), read_as.into());
    }
    report.result("convert", &lines, value)?;
    Ok(())
}

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
use crate::formats::format::{FORMATS, Format};
use crate::formats::problem::{FormatError, Problem};
use anyhow::{Result, bail};
use std::io;
use std::ops::ControlFlow;
use std::path::Path;

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
        None => match read_only_from_ending(output) {
            Some(format) => bail!("{}: {}; say another with --to", output.display(), read_only(format)),
            None => bail!("{}: its ending is of no format; say which with --to", output.display()),
        },
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

/// The format of files with this ending when none with it can be written.
fn read_only_from_ending(path: &Path) -> Option<Format> {
    let name = path.file_name()?.to_str()?.to_ascii_lowercase();
    let has_ending = |ending: &&str| name.strip_suffix(ending).is_some_and(|rest| rest.ends_with('.'));
    let fits = |format: &Format| format.writer.is_none() && format.endings.iter().any(has_ending);
    FORMATS.iter().copied().find(fits)
}

fn read_only(format: Format) -> FormatError {
    FormatError::ReadOnlyFormat { format: format.name }
}

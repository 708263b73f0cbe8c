//! From the arguments to a command and an exit code.
//!
//! Owns the dispatch and how an error is said: once, in a sentence. It must not know a command's work.

use crate::cli::args::{Arguments, Command};
use crate::cli::opening;
use crate::cli::report::{Outcome, Report};
use crate::cli::{
    adjudicate, agree, check, convert, export, formats, import, merge, mirror, new, overview, send, simulate, stats,
    suggest, train,
};
use anyhow::Result;
use clap::Parser;
use std::io;
use std::path::Path;
use std::process::ExitCode;

/// Does what the command line says. `open_window` is called with the project, or none, when there is no command.
pub fn run(open_window: impl FnOnce(Option<&Path>) -> Result<()>) -> ExitCode {
    let arguments = Arguments::parse();
    let mut report = Report::new(arguments.json);
    let done = match &arguments.command {
        Some(Command::New(new)) => new::run(new, &mut report),
        Some(Command::Import(import)) => import::run(import, &mut report),
        Some(Command::Export(export)) => export::run(export, &mut report),
        Some(Command::Merge(merge)) => merge::run(merge, &mut report),
        Some(Command::Mirror(mirror)) => mirror::run(mirror, &mut report),
        Some(Command::Send(send)) => send::run(send, &mut report),
        Some(Command::Agree(agree)) => agree::run(agree, &mut report),
        Some(Command::Adjudicate(adjudicate)) => adjudicate::run(adjudicate, &mut report),
        Some(Command::Convert(convert)) => convert::run(convert, &mut report),
        Some(Command::Formats(formats)) => formats::run(formats, &mut report),
        Some(Command::Stats(stats)) => stats::run(stats, &mut report),
        Some(Command::Check(check)) => check::run(check, &mut report),
        Some(Command::Report(arguments)) => overview::run(arguments, &mut report),
        Some(Command::Suggest(suggest)) => suggest::run(suggest, &mut report),
        Some(Command::Train(train)) => train::run(train, &mut report),
        Some(Command::Simulate(simulate)) => simulate::run(simulate, &mut report),
        None => opening::project_from_files(&arguments.files, &mut report)
            .and_then(|project| open_window(project.as_deref())),
    };
    report.end_progress();
    if let Err(error) = done {
        // Who closed the pipe has seen enough.
        if is_broken_pipe(&error) || report.failure(&sentence(&error)).is_err() {
            return ExitCode::SUCCESS;
        }
    }
    match report.outcome() {
        Outcome::Clean => ExitCode::SUCCESS,
        Outcome::Problems => ExitCode::from(1),
        Outcome::Failed => ExitCode::from(2),
    }
}

/// The error and its causes, each but once: many of ours say their cause themselves.
fn sentence(error: &anyhow::Error) -> String {
    let mut words = error.to_string();
    for cause in error.chain().skip(1).map(ToString::to_string) {
        if !words.contains(&cause) {
            words.push_str(": ");
            words.push_str(&cause);
        }
    }
    words
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(error: anyhow::Error, expected: &str) {
        assert_eq!(sentence(&error), expected);
    }

    #[test]
    fn a_cause_is_said_once() {
        #[derive(Debug, thiserror::Error)]
        #[error("a.csv: {source}")]
        struct Named {
            source: io::Error,
        }
        let cause = || io::Error::other("there is no column");
        check(Named { source: cause() }.into(), "a.csv: there is no column");
        check(anyhow::Error::from(cause()).context("a.csv"), "a.csv: there is no column");
    }
}

//! What a command says: results to the standard output, problems and progress to the standard error.
//!
//! Owns both ways of speaking (sentences and JSON Lines) and the exit code. It must not know what a command does.

use crate::formats::problem::{Problem, Severity};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};
use std::io::{self, Write};
use std::path::Path;
use std::time::Duration;

/// How many problems of one file are said in sentences; JSON gives them all.
const MAX_SAID: u64 = 50;

/// Whether all went well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Nothing is wrong: exit code 0.
    Clean,
    /// There are problems, and they were said: exit code 1.
    Problems,
    /// Something was not done: exit code 2.
    Failed,
}

/// Where a command speaks.
#[derive(Debug)]
pub struct Report {
    json: bool,
    /// The standard output carries an export: everything else goes to the standard error.
    output_is_data: bool,
    outcome: Outcome,
    bar: ProgressBar,
    said: u64,
}

impl Report {
    /// A report in sentences or in JSON.
    #[must_use]
    pub fn new(json: bool) -> Self {
        Self { json, output_is_data: false, outcome: Outcome::Clean, bar: ProgressBar::hidden(), said: 0 }
    }

    /// Leaves the standard output to an export.
    pub fn leave_output_to_data(&mut self) {
        self.output_is_data = true;
    }

    /// How it went so far.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// Remembers the worst that happened.
    pub fn worsen(&mut self, outcome: Outcome) {
        self.outcome = self.outcome.max(outcome);
    }

    /// Shows progress from now on, when a person is looking: on the standard error, if it is a terminal.
    pub fn begin_progress(&mut self, what: &str) {
        if self.json {
            return;
        }
        self.bar = ProgressBar::new_spinner().with_message(what.to_owned());
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}: {human_pos}") {
            self.bar.set_style(style);
        }
        self.bar.enable_steady_tick(Duration::from_millis(100));
    }

    /// The progress shown, for a job that counts.
    #[must_use]
    pub fn bar(&self) -> ProgressBar {
        self.bar.clone()
    }

    /// Takes the progress away.
    pub fn end_progress(&mut self) {
        self.bar.finish_and_clear();
        self.bar = ProgressBar::hidden();
    }

    /// Says a problem of a file.
    ///
    /// # Errors
    /// The system's error when the output is gone.
    pub fn problem(&mut self, file: &Path, problem: &Problem) -> io::Result<()> {
        let severity = problem.finding.severity();
        if severity == Severity::Fault {
            self.worsen(Outcome::Problems);
        }
        let place = problem.place;
        let value = json!({
            "type": "problem", "file": file.to_string_lossy(), "severity": severity.name(), "kind": problem.finding.kind().name(),
            "record": place.record, "line": place.line, "column": place.column, "byte": place.file_byte,
            "character": place.text_char, "message": problem.finding.to_string(),
        });
        let prefix = if severity == Severity::Note { "note: " } else { "" };
        self.say_limited(&format!("{}: {prefix}{problem}", file.display()), &value)
    }

    /// Says something wrong that is no problem of a format.
    ///
    /// # Errors
    /// The system's error when the output is gone.
    pub fn warning(&mut self, kind: &str, sentence: &str) -> io::Result<()> {
        self.worsen(Outcome::Problems);
        let value = json!({"type": "problem", "severity": "fault", "kind": kind, "message": sentence});
        self.say_limited(sentence, &value)
    }

    /// Says what is worth seeing and is nothing wrong; `value` says it to programs.
    ///
    /// # Errors
    /// The system's error when the output is gone.
    pub fn fact(&mut self, sentence: &str, value: &Value) -> io::Result<()> {
        self.say_limited(sentence, value)
    }

    /// Says what failed; the rest of the command goes on.
    ///
    /// # Errors
    /// The system's error when the output is gone.
    pub fn failure(&mut self, sentence: &str) -> io::Result<()> {
        self.worsen(Outcome::Failed);
        if self.json {
            self.write_json(&json!({"type": "error", "message": sentence}))
        } else {
            self.write_error(sentence)
        }
    }

    /// Begins a new file: its problems are counted anew, and what was not said of the last is counted out.
    ///
    /// # Errors
    /// The system's error when the output is gone.
    pub fn end_of_file(&mut self, file: &Path) -> io::Result<()> {
        let unsaid = self.said.saturating_sub(MAX_SAID);
        self.said = 0;
        if unsaid > 0 && !self.json {
            self.write_error(&format!("{}: and {unsaid} more; --json names them all", file.display()))?;
        }
        Ok(())
    }

    /// Says the result: lines for a person, or a JSON object, to which its type is added.
    ///
    /// # Errors
    /// The system's error when the output is gone.
    pub fn result(&mut self, command: &str, lines: &[String], mut value: Value) -> io::Result<()> {
        if let Some(object) = value.as_object_mut() {
            object.shift_insert(0, "type".into(), "result".into());
            object.shift_insert(1, "command".into(), command.into());
        }
        if self.json {
            return self.write_json(&value);
        }
        for line in lines {
            if self.output_is_data { self.write_error(line)? } else { write_line(&mut io::stdout().lock(), line)? }
        }
        Ok(())
    }

    fn say_limited(&mut self, sentence: &str, value: &Value) -> io::Result<()> {
        self.said += 1;
        match self.json {
            true => self.write_json(value),
            false if self.said <= MAX_SAID => self.write_error(sentence),
            false => Ok(()),
        }
    }

    fn write_json(&self, value: &Value) -> io::Result<()> {
        let line = value.to_string();
        if self.output_is_data {
            write_line(&mut io::stderr().lock(), &line)
        } else {
            write_line(&mut io::stdout().lock(), &line)
        }
    }

    fn write_error(&self, sentence: &str) -> io::Result<()> {
        self.bar.suspend(|| write_line(&mut io::stderr().lock(), sentence))
    }
}

fn write_line(output: &mut dyn Write, line: &str) -> io::Result<()> {
    output.write_all(line.as_bytes())?;
    output.write_all(b"\n")?;
    output.flush()
}

/// A count with its noun: `1 article`, `3 articles`.
#[must_use]
pub fn counted(count: u64, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

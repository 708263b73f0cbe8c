//! The external engine: a program of the user's that is asked about one article after another.
//!
//! Owns when the program is started, how long it may take and what its failures cost it. It must not run in the thread of a
//! frame: a question waits for its answer.
//!
//! Which program that is stands in one person's settings and nowhere else: nothing that comes with a project can name one.

use crate::domain::article::Article;
use crate::domain::label::LabelSet;
use crate::formats::finding::{Finding, cut};
use crate::formats::problem::{Place, Problem};
use crate::formats::suggestion_lines::{Answer, MAX_ANSWER_BYTES, answer_from_line, request_line};
use crate::session::command_line::{CommandLineFault, words_of};
use crate::session::external_process::{Process, Said, Stderr};
use crate::session::settings::ProgramSetting;
use crate::suggest::suggester::Stop;
use crate::words::message::Message;
use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};

/// How a program has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Exit {
    /// With this code.
    #[error("with code {0}")]
    Code(i32),
    /// By this signal.
    #[error("by signal {0}")]
    Signal(i32),
    /// The system does not say.
    #[error("in an unknown way")]
    Unknown,
}

/// Why there are no suggestions.
#[derive(Debug, thiserror::Error)]
pub enum ExternalError {
    /// The command line makes no sense.
    #[error("the command line cannot be read: {0}")]
    CommandLine(#[from] CommandLineFault),
    /// The program cannot be started.
    #[error("{program} cannot be started: {source}")]
    NotStarted {
        /// The program.
        program: String,
        /// The system's error.
        source: std::io::Error,
    },
    /// It took too long and was ended.
    #[error("no answer came within {seconds} seconds; the program was ended")]
    TooSlow {
        /// The limit.
        seconds: u64,
    },
    /// It ended instead of answering.
    #[error("the program ended {exit} before it answered: {words}")]
    Ended {
        /// How.
        exit: Exit,
        /// The last lines of its standard error.
        words: String,
    },
    /// It closed its standard output and ran on; it was ended.
    #[error("the program closed its output before it answered, and was ended")]
    Closed,
    /// What it wrote is no answer; it was ended.
    #[error("the program wrote {line:?}, which is no answer: {problem}")]
    NoAnswer {
        /// What it wrote, shortened.
        line: String,
        /// What is wrong with that.
        problem: Box<Problem>,
    },
    /// It has failed too often in a row.
    #[error("the program has failed {failures} times in a row and is left alone")]
    LeftAlone {
        /// How often.
        failures: u32,
    },
    /// Nobody wants the answer any more.
    #[error("it was stopped")]
    Stopped,
}

/// After so many failures in a row a program is left alone.
pub const MAX_FAILURES: u32 = 3;
/// How often it is looked whether the answer is still wanted.
const LOOK: Duration = Duration::from_millis(20);
/// How many lines of the standard error an error carries.
const LAST_LINES: usize = 3;

/// The external engine. The program is started by the first question, kept for the next ones, and ended with this.
pub struct External {
    setting: ProgramSetting,
    process: Option<Process>,
    stderr: Stderr,
    /// Until when an answer may come that was asked for and is no longer wanted.
    owed: Option<Instant>,
    failures: u32,
}

impl External {
    /// An engine that runs this program. Whether the setting is on is the caller's business.
    #[must_use]
    pub fn start(setting: ProgramSetting) -> Self {
        Self { setting, process: None, stderr: Stderr::default(), owed: None, failures: 0 }
    }

    /// What the program suggests for an article, in order of place, and what of its answer could not be taken. Waits for the answer,
    /// at most the time limit; when `stop` is set, it gives up early, the program goes on, and its late answer is passed over.
    ///
    /// # Errors
    /// [`ExternalError`]; the program is started anew by the next question then, until it has failed [`MAX_FAILURES`] times.
    pub fn suggest(&mut self, article: &Article, labels: &LabelSet, stop: &Stop) -> Result<Answer, ExternalError> {
        if self.failures >= MAX_FAILURES {
            return Err(ExternalError::LeftAlone { failures: self.failures });
        }
        let answer = self.ask(article, labels, stop);
        match &answer {
            Ok(_) => self.failures = 0,
            Err(ExternalError::Stopped) => {}
            Err(_) => {
                self.failures += 1;
                if let Some(mut process) = self.process.take() {
                    process.kill();
                }
            }
        }
        answer
    }

    /// Lets a program that was left alone be tried again.
    pub fn ask_again(&mut self) {
        self.failures = 0;
    }

    /// The end of what the program has written on its standard error since it was last started.
    #[must_use]
    pub fn stderr(&self) -> String {
        self.stderr.text()
    }

    /// Ends the program and gives the end of what it has written on its standard error.
    #[must_use]
    pub fn end(mut self) -> String {
        self.process = None;
        self.stderr.text()
    }

    fn ask(&mut self, article: &Article, labels: &LabelSet, stop: &Stop) -> Result<Answer, ExternalError> {
        if stop.is_set() {
            return Err(ExternalError::Stopped);
        }
        let was_running = self.process.is_some();
        match self.ask_once(article, labels, stop) {
            // It may have ended after the last article, as a script for one line does: that is no fault of this one.
            Err(ExternalError::Ended { .. }) if was_running => {
                self.process = None;
                self.ask_once(article, labels, stop)
            }
            answer => answer,
        }
    }

    fn ask_once(&mut self, article: &Article, labels: &LabelSet, stop: &Stop) -> Result<Answer, ExternalError> {
        if self.process.is_none() {
            self.process = Some(self.run()?);
            self.owed = None;
        }
        if let Some(deadline) = self.owed {
            self.line(deadline, stop)?;
        }
        let deadline = Instant::now() + self.setting.limit();
        self.owed = Some(deadline);
        if let Some(process) = &self.process {
            process.ask(request_line(article, labels));
        }
        let line = self.line(deadline, stop)?;
        self.owed = None;
        answer_from_line(&line, article, labels, &self.setting.name())
            .map_err(|problem| ExternalError::NoAnswer { line: cut(&String::from_utf8_lossy(&line)), problem })
    }

    fn run(&mut self) -> Result<Process, ExternalError> {
        let home = etcetera::home_dir().ok();
        let words = words_of(&self.setting.command, home.as_deref())?;
        self.stderr = Stderr::default();
        // At home and not where this program happens to be started: a folder of someone else's must not bring the script.
        Process::start(&words, home.as_deref(), MAX_ANSWER_BYTES, self.stderr.clone()).map_err(|source| {
            ExternalError::NotStarted { program: words.into_iter().next().unwrap_or_default(), source }
        })
    }

    /// The next line that the program writes.
    fn line(&mut self, deadline: Instant, stop: &Stop) -> Result<Vec<u8>, ExternalError> {
        let Some(process) = &mut self.process else { return Err(ExternalError::Closed) };
        let mut has_ended = false;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match process.next(left.min(LOOK)) {
                Ok(Said::Line(line)) => return Ok(line),
                Ok(Said::TooLong) => {
                    let finding = Finding::RecordTooLong { limit: MAX_ANSWER_BYTES };
                    let problem = Box::new(Problem::new(Place::default(), finding));
                    return Err(ExternalError::NoAnswer { line: String::new(), problem });
                }
                Err(RecvTimeoutError::Disconnected) => return Err(self.ended()),
                // A child of it may hold the output open; what it wrote itself has had one look more to come.
                Err(RecvTimeoutError::Timeout) if has_ended => return Err(self.ended()),
                Err(RecvTimeoutError::Timeout) => has_ended = process.exit().is_some(),
            }
            if stop.is_set() {
                return Err(ExternalError::Stopped);
            }
            if left.is_zero() {
                return Err(ExternalError::TooSlow { seconds: self.setting.limit().as_secs() });
            }
        }
    }

    /// The program has ended, or at least its output has.
    fn ended(&mut self) -> ExternalError {
        let Some(exit) = self.process.as_mut().and_then(Process::exit_soon) else { return ExternalError::Closed };
        let said = self.stderr.text();
        let mut lines: Vec<&str> = said.lines().rev().filter(|line| !line.trim().is_empty()).take(LAST_LINES).collect();
        lines.reverse();
        ExternalError::Ended { exit, words: lines.join("\n") }
    }
}

impl From<CommandLineFault> for Message {
    fn from(fault: CommandLineFault) -> Self {
        match fault {
            CommandLineFault::Empty => Self::new("command-line-empty"),
            CommandLineFault::OpenQuote(quote) => Self::new("command-line-quote").text("quote", quote),
            CommandLineFault::LoneBackslash => Self::new("command-line-backslash"),
        }
    }
}

impl From<Exit> for Message {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Code(code) => Self::new("exit-code").number("code", code),
            Exit::Signal(signal) => Self::new("exit-signal").number("signal", signal),
            Exit::Unknown => Self::new("exit-unknown"),
        }
    }
}

impl From<&ExternalError> for Message {
    fn from(error: &ExternalError) -> Self {
        match error {
            ExternalError::CommandLine(fault) => Self::new("external-command-line").part("reason", *fault),
            ExternalError::NotStarted { program, source } => {
                Self::new("external-not-started").text("program", program).part("reason", source)
            }
            ExternalError::TooSlow { seconds } => Self::new("external-slow").number("seconds", *seconds),
            ExternalError::Ended { exit, words } if words.is_empty() => Self::new("external-ended").part("exit", *exit),
            ExternalError::Ended { exit, words } => {
                Self::new("external-ended-saying").part("exit", *exit).text("words", words)
            }
            ExternalError::Closed => Self::new("external-closed"),
            ExternalError::NoAnswer { line, problem } if line.is_empty() => {
                Self::new("external-no-answer").part("reason", &problem.finding)
            }
            ExternalError::NoAnswer { line, problem } => {
                Self::new("external-no-answer-but").text("line", line).part("reason", &problem.finding)
            }
            ExternalError::LeftAlone { failures } => Self::new("external-left-alone").number("failures", *failures),
            ExternalError::Stopped => Self::new("external-stopped"),
        }
    }
}

//! A program that runs beside this one: its pipes, the threads that tend them, and its end.
//!
//! Owns the process. It must not know what the lines mean, and nothing in it waits longer than it is told: a program, or a
//! child of it that keeps a pipe open, cannot hold anyone up.

use crate::session::external::Exit;
use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How many bytes of its standard error are kept, the last ones.
pub const STDERR_KEPT: usize = 8 << 10;
/// How long a program may take to end after its standard input was closed.
const GRACE: Duration = Duration::from_millis(500);
/// How long an ended program's last words are waited for.
const LAST_WORDS: Duration = Duration::from_secs(1);
/// How often it is looked whether a program has ended.
const LOOK: Duration = Duration::from_millis(5);

/// What came on the standard output.
#[derive(Debug, PartialEq, Eq)]
pub enum Said {
    /// A line, without its line feed.
    Line(Vec<u8>),
    /// A line that passes the limit; nothing is read after it.
    TooLong,
}

/// The end of what was written on the standard error.
#[derive(Clone, Debug, Default)]
pub struct Stderr(Arc<Mutex<VecDeque<u8>>>);

impl Stderr {
    fn push(&self, bytes: &[u8]) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.extend(bytes);
        let over = kept.len().saturating_sub(STDERR_KEPT);
        kept.drain(..over);
    }

    /// The last of it, at most [`STDERR_KEPT`] bytes; what is no UTF-8 is shown as �.
    #[must_use]
    pub fn text(&self) -> String {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(kept.make_contiguous()).into_owned()
    }
}

/// A program that was started.
pub struct Process {
    child: Child,
    /// `None` when its standard input is to be closed.
    requests: Option<Sender<Vec<u8>>>,
    said: Receiver<Said>,
    /// Nothing comes here; it is cut off when the standard error has ended.
    stderr_ended: Receiver<()>,
    exit: Option<Exit>,
}

impl Process {
    /// Starts `words`, in `folder` if there is one; lines longer than `line_limit` bytes are refused.
    ///
    /// # Errors
    /// The system's error.
    pub fn start(words: &[String], folder: Option<&Path>, line_limit: u64, stderr: Stderr) -> std::io::Result<Self> {
        let Some((program, arguments)) = words.split_first() else {
            return Err(std::io::ErrorKind::InvalidInput.into());
        };
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        if let Some(folder) = folder {
            command.current_dir(folder);
        }
        // A group of its own: what it starts can be ended with it.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command.spawn()?;
        let (requests, requests_in) = channel::<Vec<u8>>();
        // One line waits and one is being read: a program that writes on has to wait for its reader.
        let (said_out, said) = sync_channel(1);
        let (stderr_open, stderr_ended) = sync_channel::<()>(0);
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let process = Self { child, requests: Some(requests), said, stderr_ended, exit: None };
        if let (Some(mut input), Some(output), Some(errors)) = pipes {
            // The threads are not waited for: each ends when its pipe does, and holds no more than a line.
            thread("in", move || {
                while let Ok(bytes) = requests_in.recv() {
                    if input.write_all(&bytes).and_then(|()| input.flush()).is_err() {
                        break;
                    }
                }
            })?;
            thread("out", move || read_lines(output, line_limit, &said_out))?;
            thread("errors", move || {
                keep_end(errors, &stderr);
                drop(stderr_open);
            })?;
        }
        Ok(process)
    }

    /// Hands a line to the standard input, which is written to by a thread.
    pub fn ask(&self, line: Vec<u8>) {
        if let Some(requests) = &self.requests {
            // Where the program has closed its end, its silence tells.
            let _closed = requests.send(line);
        }
    }

    /// The next line, waited for at most this long.
    ///
    /// # Errors
    /// Whether the time ran out or the standard output has ended.
    pub fn next(&self, wait: Duration) -> Result<Said, RecvTimeoutError> {
        self.said.recv_timeout(wait)
    }

    /// How it has ended; `None` while it runs.
    pub fn exit(&mut self) -> Option<Exit> {
        if self.exit.is_none() {
            self.exit = self.child.try_wait().ok().flatten().map(exit_from_status);
            if self.exit.is_some() {
                // What it leaves behind goes with it, and now: later its number may be another's.
                kill_group(&self.child);
            }
        }
        self.exit
    }

    /// How it ends within its grace, its last words on the standard error read; `None` when it runs on.
    pub fn exit_soon(&mut self) -> Option<Exit> {
        let exit = self.exit_within(GRACE);
        if exit.is_some() {
            let _ended = self.stderr_ended.recv_timeout(LAST_WORDS);
        }
        exit
    }

    fn exit_within(&mut self, limit: Duration) -> Option<Exit> {
        let end = Instant::now() + limit;
        while self.exit().is_none() && Instant::now() < end {
            std::thread::sleep(LOOK);
        }
        self.exit
    }

    /// Ends it at once, and what it has started in its group.
    pub fn kill(&mut self) {
        if self.exit().is_none() {
            kill_group(&self.child);
            // It may be gone already.
            let _gone = self.child.kill();
            self.exit_within(GRACE);
        }
    }
}

impl Drop for Process {
    /// Closes its standard input, gives it time to end and to say its last words, and ends it.
    fn drop(&mut self) {
        self.requests = None;
        self.exit_soon();
        self.kill();
    }
}

fn thread(name: &str, run: impl FnOnce() + Send + 'static) -> std::io::Result<()> {
    std::thread::Builder::new().name(format!("barchasb-external-{name}")).spawn(run).map(drop)
}

/// Hands out lines until the end, or until nobody listens; what follows the last line feed is a line, too.
fn read_lines(output: impl Read, limit: u64, said: &SyncSender<Said>) {
    let mut output = BufReader::new(output);
    loop {
        let mut line = Vec::new();
        // One byte beyond tells a line that is too long from one that is just long enough.
        let read = output.by_ref().take(limit.saturating_add(2)).read_until(b'\n', &mut line);
        if !matches!(read, Ok(1..)) {
            return;
        }
        if line.last() == Some(&b'\n') {
            line.pop();
        }
        let is_long = u64::try_from(line.len()).is_ok_and(|bytes| bytes > limit);
        if said.send(if is_long { Said::TooLong } else { Said::Line(line) }).is_err() || is_long {
            return;
        }
    }
}

/// Reads everything and keeps its end.
fn keep_end(mut errors: impl Read, stderr: &Stderr) {
    let mut buffer = [0; 4096];
    while let Ok(read @ 1..) = errors.read(&mut buffer) {
        stderr.push(buffer.get(..read).unwrap_or_default());
    }
}

#[cfg(unix)]
fn kill_group(child: &Child) {
    use rustix::process::{Pid, Signal, kill_process_group};
    if let Some(group) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
        // Mostly nobody is left in it.
        let _gone = kill_process_group(group, Signal::KILL);
    }
}

#[cfg(not(unix))]
fn kill_group(_child: &Child) {}

fn exit_from_status(status: std::process::ExitStatus) -> Exit {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return Exit::Signal(signal);
    }
    status.code().map_or(Exit::Unknown, Exit::Code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(output: &str, limit: u64, expected: &[Said]) {
        let (said_out, said) = sync_channel(16);
        read_lines(output.as_bytes(), limit, &said_out);
        drop(said_out);
        assert_eq!(said.iter().collect::<Vec<_>>(), expected, "{output:?}");
    }

    #[test]
    fn lines_are_read_up_to_their_limit() {
        let line = |text: &str| Said::Line(text.into());
        check("", 3, &[]);
        check("abc\n\nd", 3, &[line("abc"), line(""), line("d")]);
        check("ab\nabcd\ne\n", 3, &[line("ab"), Said::TooLong]);
        check("abcdefgh", 3, &[Said::TooLong]);
        check("abc", 3, &[line("abc")]);
    }

    #[test]
    fn the_end_of_a_flood_is_kept() {
        let stderr = Stderr::default();
        let flood = "x".repeat(3 * STDERR_KEPT) + "end";
        keep_end(flood.as_bytes(), &stderr);
        assert_eq!(stderr.text().len(), STDERR_KEPT);
        assert!(stderr.text().ends_with("xend"));
    }
}

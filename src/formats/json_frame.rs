//! Cutting a JSON file into its records without reading it whole.
//!
//! Owns the two layouts of a JSON file (one value a line; an array or a run of values) and the limits on a record.
//! It must not know what a record means: it hands out the bytes of one value at a time.

use crate::formats::decoding::{Mark, as_u64, not_utf8, utf8};
use crate::formats::finding::{Finding, JsonFault};
use crate::formats::problem::{FormatError, Place, Problem};
use serde::Deserialize;
use std::io::{self, BufRead, BufReader, Read};

/// How records stand in a JSON file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// One value a line (JSON Lines); a bad line does not touch the others.
    Lines,
    /// One array of values, or values one after another.
    Values,
}

/// How large a record may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one record.
    pub record_bytes: u64,
    /// Arrays and objects inside one another.
    pub depth: u64,
}

impl Default for Limits {
    /// 256 MiB and 64.
    fn default() -> Self {
        Self { record_bytes: 256 << 20, depth: 64 }
    }
}

/// The bytes of one value and where they begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The record, from 1.
    pub record: u64,
    /// The line on which it begins, from 1.
    pub line: u64,
    /// The column at which it begins, in bytes, from 1.
    pub column: u64,
    /// The byte of the file at which it begins.
    pub file_byte: u64,
    /// The value.
    pub bytes: Vec<u8>,
}

impl Frame {
    /// Where it begins.
    #[must_use]
    pub fn place(&self) -> Place {
        Place { record: Some(self.record), line: Some(self.line), ..Place::default() }
    }

    /// The place of a line and column counted from the value's beginning, both from 1, as serde_json counts.
    #[must_use]
    pub fn place_at(&self, line: usize, column: usize) -> Place {
        let (line, column) = (as_u64(line).max(1), as_u64(column));
        let before = if line == 1 { self.column - 1 } else { 0 };
        Place {
            record: Some(self.record),
            line: Some(self.line + line - 1),
            column: Some(before + column),
            ..Place::default()
        }
    }

    /// The value as `T`.
    ///
    /// # Errors
    /// The [`Problem`] when it is no UTF-8, no JSON or of another shape.
    pub fn parse<'a, T: Deserialize<'a>>(&'a self) -> Result<T, Box<Problem>> {
        let json = utf8(&self.bytes).map_err(|error| {
            let error = not_utf8(&self.bytes, error.valid_up_to(), self.line, self.file_byte);
            let (line, file_byte) = match &error {
                FormatError::NotUtf8 { line, file_byte, .. } => (Some(*line), Some(*file_byte)),
                _ => (None, None),
            };
            let place = Place { record: Some(self.record), line, file_byte, ..Place::default() };
            Box::new(Problem::new(place, Finding::RecordNotUtf8))
        })?;
        serde_json::from_str(json).map_err(|error| {
            let place = self.place_at(error.line(), error.column());
            Box::new(Problem::new(place, Finding::RecordJson(JsonFault::from(&error))))
        })
    }
}

/// What a record turned out to be.
enum Cut {
    Whole,
    TooLong,
    TooDeep,
    Unfinished,
}

/// The records of a JSON file, one after another; memory holds one at a time.
///
/// ```
/// use barchasb::formats::json_frame::{Frames, Layout, Limits};
/// let mut frames = Frames::new(&b"[{\"a\": 1},\n {\"b\": 2}]"[..], Layout::Values, Limits::default());
/// let mut problems = Vec::new();
/// let mut next = || frames.next_frame(&mut problems).unwrap();
/// assert_eq!(next().unwrap().bytes, b"{\"a\": 1}");
/// assert_eq!(next().unwrap().place().to_string(), "record 2, line 2");
/// assert_eq!(next(), None);
/// ```
#[derive(Debug)]
pub struct Frames<R> {
    input: BufReader<R>,
    layout: Layout,
    limits: Limits,
    record: u64,
    line: u64,
    column: u64,
    file_byte: u64,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Start,
    /// Inside the array; `comma`: the last thing read was one.
    Array {
        comma: bool,
    },
    Values,
    End,
}

impl<R: Read> Frames<R> {
    /// The records of `input`, which stands at its beginning.
    pub fn new(input: R, layout: Layout, limits: Limits) -> Self {
        let input = BufReader::with_capacity(1 << 16, input);
        Self { input, layout, limits, record: 0, line: 1, column: 1, file_byte: 0, state: State::Start }
    }

    /// What the records are read from, to be left standing where it stood: some of it was read ahead.
    pub fn input_mut(&mut self) -> &mut R {
        self.input.get_mut()
    }

    /// The next record; `None` at the end. A record that passes a limit is left out and becomes a problem.
    ///
    /// # Errors
    /// [`FormatError`] when the file cannot be read, is empty, or is not JSON at all.
    pub fn next_frame(&mut self, problems: &mut Vec<Problem>) -> Result<Option<Frame>, FormatError> {
        if self.state == State::Start {
            self.start(problems)?;
        }
        loop {
            let found = match self.state {
                State::Array { .. } => self.find_in_array(problems)?,
                State::Values => self.skip_blank()?.is_some(),
                State::Start | State::End => false,
            };
            if !found {
                self.state = State::End;
                return Ok(None);
            }
            self.record += 1;
            let mut frame = Frame {
                record: self.record,
                line: self.line,
                column: self.column,
                file_byte: self.file_byte,
                bytes: Vec::new(),
            };
            let cut = match self.layout {
                Layout::Lines => self.cut_line(&mut frame.bytes)?,
                Layout::Values => self.cut_value(&mut frame.bytes)?,
            };
            let limits = self.limits;
            let finding = match cut {
                Cut::Whole | Cut::Unfinished => return Ok(Some(frame)),
                Cut::TooLong => Finding::RecordTooLong { limit: limits.record_bytes },
                Cut::TooDeep => Finding::RecordTooDeep { limit: limits.depth },
            };
            problems.push(Problem::new(frame.place(), finding));
        }
    }

    fn start(&mut self, problems: &mut Vec<Problem>) -> Result<(), FormatError> {
        match Mark::at_start(self.input.fill_buf()?) {
            Some(Mark::Utf8) => {
                (0..3).try_for_each(|_| self.bump().map(drop))?;
                self.column = 1;
                let place = Place { file_byte: Some(0), ..Place::default() };
                problems.push(Problem::new(place, Finding::MarkTakenOff));
            }
            // RFC 8259, section 8.1: JSON that systems exchange is UTF-8.
            Some(other) => return Err(FormatError::OtherEncoding { found: other.name() }),
            None => {}
        }
        let first = self.skip_blank()?.ok_or(FormatError::Empty)?;
        self.state = match (self.layout, first) {
            (Layout::Values, b'[') => {
                self.bump()?;
                State::Array { comma: true }
            }
            (Layout::Values, b'{') | (Layout::Lines, _) => State::Values,
            (Layout::Values, other) => {
                return Err(FormatError::OtherFormat {
                    expected: "a JSON array or object",
                    found: char::from(other),
                    line: self.line,
                    column: self.column,
                });
            }
        };
        Ok(())
    }

    /// Goes to the next element of the array; `false` at its end, and at anything that cannot stand there.
    fn find_in_array(&mut self, problems: &mut Vec<Problem>) -> Result<bool, FormatError> {
        let first_element = self.record == 0;
        loop {
            let State::Array { comma } = self.state else { return Ok(false) };
            let next = self.skip_blank()?;
            let place = Place { line: Some(self.line), column: Some(self.column), ..Place::default() };
            let fault = |finding| Problem::new(place, finding);
            match next {
                None => {
                    problems.push(fault(Finding::ArrayCutOff));
                    return Ok(false);
                }
                Some(b']') => {
                    if comma && !first_element {
                        problems.push(fault(Finding::CommaAfterLast));
                    }
                    self.bump()?;
                    if self.skip_blank()?.is_some() {
                        problems.push(fault(Finding::AfterArray));
                    }
                    return Ok(false);
                }
                Some(b',') if !comma => {
                    self.bump()?;
                    self.state = State::Array { comma: true };
                }
                Some(b',') => {
                    problems.push(fault(Finding::LoneComma));
                    self.bump()?;
                }
                Some(_) if comma => {
                    self.state = State::Array { comma: false };
                    return Ok(true);
                }
                Some(_) => {
                    problems.push(fault(Finding::NoComma));
                    return Ok(false);
                }
            }
        }
    }

    fn peek(&mut self) -> io::Result<Option<u8>> {
        Ok(self.input.fill_buf()?.first().copied())
    }

    fn bump(&mut self) -> io::Result<Option<u8>> {
        let next = self.peek()?;
        if let Some(byte) = next {
            self.input.consume(1);
            self.file_byte += 1;
            if byte == b'\n' {
                self.line += 1;
                self.column = 1;
            } else {
                self.column += 1;
            }
        }
        Ok(next)
    }

    /// Passes JSON white space; the byte after it, or `None` at the end of the file.
    fn skip_blank(&mut self) -> io::Result<Option<u8>> {
        loop {
            match self.peek()? {
                Some(b' ' | b'\t' | b'\r' | b'\n') => self.bump()?,
                other => return Ok(other),
            };
        }
    }

    fn cut_line(&mut self, bytes: &mut Vec<u8>) -> io::Result<Cut> {
        // One byte more than a record may have, and its line feed.
        let most = self.limits.record_bytes.saturating_add(2);
        let mut taken = as_u64(self.input.by_ref().take(most).read_until(b'\n', bytes)?);
        let mut at_line_end = bytes.pop_if(|last| *last == b'\n').is_some();
        let long = as_u64(bytes.len()) > self.limits.record_bytes;
        if long && !at_line_end {
            let rest = skip_line(&mut self.input)?;
            taken += rest.0;
            at_line_end = rest.1;
        }
        self.file_byte += taken;
        self.line += u64::from(at_line_end);
        self.column = 1;
        Ok(if long {
            Cut::TooLong
        } else if may_be_deeper(bytes, self.limits.depth) && deepest(bytes) > self.limits.depth {
            Cut::TooDeep
        } else {
            Cut::Whole
        })
    }

    fn cut_value(&mut self, bytes: &mut Vec<u8>) -> io::Result<Cut> {
        let mut depth = Depth::default();
        let mut long = false;
        while !depth.done {
            let part = self.input.fill_buf()?;
            if part.is_empty() {
                break;
            }
            let taken = depth.add_up_to_end(part);
            let part = part.get(..taken).unwrap_or_default();
            long |= as_u64(bytes.len() + taken) > self.limits.record_bytes;
            if !long {
                bytes.extend_from_slice(part);
            }
            self.file_byte += as_u64(taken);
            let after_break = part.iter().rev().take_while(|byte| **byte != b'\n').count();
            self.column = if after_break == taken { self.column } else { 1 } + as_u64(after_break);
            self.line += as_u64(part.iter().filter(|byte| **byte == b'\n').count());
            self.input.consume(taken);
        }
        Ok(if long {
            Cut::TooLong
        } else if depth.deepest > self.limits.depth {
            Cut::TooDeep
        } else if depth.done {
            Cut::Whole
        } else {
            Cut::Unfinished
        })
    }
}

/// Passes the rest of a line: how many bytes that were, and whether a line feed was the last.
fn skip_line(input: &mut impl BufRead) -> io::Result<(u64, bool)> {
    let mut passed = 0;
    loop {
        let buffer = input.fill_buf()?;
        let end = buffer.iter().position(|byte| *byte == b'\n');
        let taken = end.map_or(buffer.len(), |end| end + 1);
        passed += as_u64(taken);
        let is_over = end.is_some() || taken == 0;
        input.consume(taken);
        if is_over {
            return Ok((passed, end.is_some()));
        }
    }
}

/// Whether a value has as many opening brackets, in strings or not, as pass a limit: the quick question before the careful one.
fn may_be_deeper(bytes: &[u8], limit: u64) -> bool {
    // Short stretches, whose counts fit a byte, are counted many bytes at a time.
    let opening = |stretch: &[u8]| stretch.iter().map(|byte| u8::from(matches!(byte, b'{' | b'['))).sum::<u8>();
    bytes.chunks(128).map(|stretch| u64::from(opening(stretch))).sum::<u64>() > limit
}

/// How many brackets are open at most.
fn deepest(bytes: &[u8]) -> u64 {
    let mut depth = Depth::default();
    bytes.iter().for_each(|byte| depth.add(*byte));
    depth.deepest
}

/// How many bytes inside a string neither end it nor escape another, looked at sixteen at a time.
fn plain_in_string(bytes: &[u8]) -> usize {
    let is_plain = |byte: u8| (byte != b'"') & (byte != b'\\');
    let (steps, _) = bytes.as_chunks::<16>();
    let passed = 16 * steps.iter().take_while(|step| step.iter().fold(true, |all, byte| all & is_plain(*byte))).count();
    passed + bytes.iter().skip(passed).take_while(|byte| is_plain(**byte)).count()
}

/// How deep a value is, byte by byte, and when it is done.
#[derive(Default)]
struct Depth {
    now: u64,
    deepest: u64,
    in_string: bool,
    escaped: bool,
    /// Outside every bracket and string, as in a number.
    bare: bool,
    done: bool,
}

impl Depth {
    /// Takes bytes until the value is done: how many of them are its.
    fn add_up_to_end(&mut self, bytes: &[u8]) -> usize {
        let mut at = 0;
        while let Some(byte) = bytes.get(at).copied().filter(|_| !self.done) {
            if self.in_string && !self.escaped {
                let rest = bytes.get(at..).unwrap_or_default();
                let passed = plain_in_string(rest);
                if passed > 0 {
                    at += passed;
                    continue;
                }
            }
            // A number, true, false or null ends before what follows it; brackets and strings end themselves.
            if self.bare && matches!(byte, b',' | b']' | b'}' | b' ' | b'\t' | b'\r' | b'\n') {
                self.done = true;
                break;
            }
            self.add(byte);
            at += 1;
        }
        at
    }

    fn add(&mut self, byte: u8) {
        self.bare = false;
        if self.in_string {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => {
                    self.in_string = false;
                    self.done = self.now == 0;
                }
                _ => {}
            }
            return;
        }
        match byte {
            b'"' => self.in_string = true,
            b'{' | b'[' => {
                self.now += 1;
                self.deepest = self.deepest.max(self.now);
            }
            b'}' | b']' => {
                self.now = self.now.saturating_sub(1);
                self.done = self.now == 0;
            }
            _ => self.bare = self.now == 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(layout: Layout, file: &str, frames: &[(u64, u64, &str)], problems: &[&str]) {
        let limits = Limits { record_bytes: 12, depth: 3 };
        let mut reader = Frames::new(file.as_bytes(), layout, limits);
        let (mut found, mut said) = (Vec::new(), Vec::new());
        while let Some(frame) = reader.next_frame(&mut said).unwrap() {
            assert!(file.as_bytes()[usize::try_from(frame.file_byte).unwrap()..].starts_with(&frame.bytes));
            found.push((frame.line, frame.column, String::from_utf8(frame.bytes).unwrap()));
        }
        let frames: Vec<_> = frames.iter().map(|(l, c, b)| (*l, *c, (*b).to_owned())).collect();
        assert_eq!(found, frames, "{file:?}");
        assert_eq!(said.iter().map(ToString::to_string).collect::<Vec<_>>(), problems, "{file:?}");
    }

    #[test]
    fn lines_are_cut_at_line_feeds_alone() {
        check(
            Layout::Lines,
            "{\"a\":1}\r\n\n  {\n\"\u{2028}\"",
            &[(1, 1, "{\"a\":1}\r"), (3, 3, "{"), (4, 1, "\"\u{2028}\"")],
            &[],
        );
        check(
            Layout::Lines,
            "1234567890123\n[[[[]]]]\n2",
            &[(3, 1, "2")],
            &[
                "record 1, line 1: the record is longer than 12 bytes and was left out",
                "record 2, line 2: the record is nested deeper than 3 and was left out",
            ],
        );
    }

    #[test]
    fn arrays_and_runs_of_values_are_cut_at_their_brackets() {
        check(Layout::Values, "[]", &[], &[]);
        check(
            Layout::Values,
            "[{\"a]\":[1]},\n 2 ,\"\\\"]\"]\n",
            &[(1, 2, "{\"a]\":[1]}"), (2, 2, "2"), (2, 5, "\"\\\"]\"")],
            &[],
        );
        check(Layout::Values, "{}\n{\"a\":1}", &[(1, 1, "{}"), (2, 1, "{\"a\":1}")], &[]);
        check(Layout::Values, "[{},]", &[(1, 2, "{}")], &["line 1, column 5: there is a comma after the last record"]);
        check(
            Layout::Values,
            "[{},\n{\"a",
            &[(1, 2, "{}"), (2, 1, "{\"a")],
            &["line 2, column 4: the file ends before its array does; it may have been cut off"],
        );
        check(
            Layout::Values,
            "[{} {}]",
            &[(1, 2, "{}")],
            &["line 1, column 5: a comma or the end of the array must stand here; the rest was not read"],
        );
        check(
            Layout::Values,
            "[[[[[]]]],{\"a\":\"123456789\"},{}]",
            &[(1, 29, "{}")],
            &[
                "record 1, line 1: the record is nested deeper than 3 and was left out",
                "record 2, line 1: the record is longer than 12 bytes and was left out",
            ],
        );
    }

    #[test]
    fn what_is_no_json_is_refused() {
        let fail = |file: &[u8]| {
            Frames::new(file, Layout::Values, Limits::default()).next_frame(&mut Vec::new()).unwrap_err().to_string()
        };
        assert_eq!(fail(b" \n"), "the file is empty");
        assert_eq!(fail(b"\n hello"), "this is not a JSON array or object: it begins with 'h' (line 2, column 2)");
        assert_eq!(fail(b"\xFF\xFE[\0"), "this file is in UTF-16 (little-endian); save it as UTF-8");
    }
}

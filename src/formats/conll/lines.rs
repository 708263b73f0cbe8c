//! The lines of a file of text, one at a time, whatever its encoding.
//!
//! Owns [`TextLines`]: decoding line by line, line numbers, and the limit on a line. It must not know what a line says, and takes nothing
//! off it but the line break.

use crate::formats::decoding::{Mark, as_u64};
use crate::formats::finding::Finding;
use crate::formats::problem::{FormatError, Place, Problem};
use std::io::{BufRead, BufReader, Read};

/// The lines of a file in UTF-8, or in UTF-16 with a byte order mark; memory holds one line.
///
/// ```
/// use barchasb::formats::conll::lines::TextLines;
/// let mut lines = TextLines::new("\u{feff}علی\tB-PER\r\n\nرفت".as_bytes(), 1 << 20);
/// let mut problems = Vec::new();
/// let mut all = Vec::new();
/// while lines.next_line(&mut problems).unwrap() {
///     all.push((lines.number(), lines.line().to_owned()));
/// }
/// assert_eq!(all, [(1, "علی\tB-PER".to_owned()), (2, String::new()), (3, "رفت".to_owned())]);
/// assert_eq!(problems[0].to_string(), "byte 0: a UTF-8 byte order mark was taken off");
/// ```
#[derive(Debug)]
pub struct TextLines<R> {
    input: BufReader<R>,
    mark: Option<Mark>,
    is_open: bool,
    bytes: Vec<u8>,
    line: String,
    number: u64,
    file_byte: u64,
    limit: u64,
    /// The first byte that is not UTF-8, where it stands, and its line.
    bad: Option<(u8, u64, u64)>,
}

impl<R: Read> TextLines<R> {
    /// The lines of `input`, which stands at its beginning; a line of more than `limit` bytes is left out.
    pub fn new(input: R, limit: u64) -> Self {
        Self {
            input: BufReader::with_capacity(1 << 16, input),
            mark: None,
            is_open: false,
            bytes: Vec::new(),
            line: String::new(),
            number: 0,
            file_byte: 0,
            limit,
            bad: None,
        }
    }

    /// Goes on to the next line; false at the end. A line that is too long or not UTF-8 is left out and becomes a problem.
    ///
    /// # Errors
    /// [`FormatError`] when the file cannot be read, or is in an encoding that is not read.
    pub fn next_line(&mut self, problems: &mut Vec<Problem>) -> Result<bool, FormatError> {
        if !self.is_open {
            self.open(problems)?;
        }
        loop {
            let start = self.file_byte;
            let is_whole = self.read_bytes()?;
            if self.file_byte == start {
                return Ok(false);
            }
            self.number += 1;
            if !is_whole {
                problems.push(Problem::new(self.place(), Finding::RecordTooLong { limit: self.limit }));
            } else if self.decode(start)? {
                return Ok(true);
            } else {
                let place = Place { file_byte: Some(start), ..self.place() };
                problems.push(Problem::new(place, Finding::RecordNotUtf8));
            }
        }
    }

    /// The line that was read last, without its break.
    #[must_use]
    pub fn line(&self) -> &str {
        &self.line
    }

    /// Its number, from 1.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Where it stands.
    #[must_use]
    pub fn place(&self) -> Place {
        Place { line: Some(self.number), ..Place::default() }
    }

    /// The error of the first byte that was not UTF-8.
    #[must_use]
    pub fn not_utf8(&self) -> Option<FormatError> {
        self.bad.map(|(byte, file_byte, line)| FormatError::NotUtf8 { byte, file_byte, line })
    }

    fn open(&mut self, problems: &mut Vec<Problem>) -> Result<(), FormatError> {
        self.is_open = true;
        // A mark may come in pieces from a pipe: the first byte is waited for, the rest of it stands in the same write as a rule.
        self.mark = Mark::at_start(self.input.fill_buf()?);
        let (length, finding) = match self.mark {
            None => return Ok(()),
            Some(Mark::Utf32) => return Err(FormatError::OtherEncoding { found: Mark::Utf32.name() }),
            Some(Mark::Utf8) => (3, Finding::MarkTakenOff),
            Some(other) => (2, Finding::ReadAs { encoding: other.name() }),
        };
        self.input.consume(length);
        self.file_byte = as_u64(length);
        problems.push(Problem::new(Place { file_byte: Some(0), ..Place::default() }, finding));
        Ok(())
    }

    /// Reads the bytes of a line with its break; false when there were more than allowed, which are passed over.
    fn read_bytes(&mut self) -> Result<bool, FormatError> {
        self.bytes.clear();
        let mut is_whole = true;
        loop {
            let room = self.limit.saturating_add(2).saturating_sub(as_u64(self.bytes.len()));
            let read = (&mut self.input).take(room.max(1)).read_until(b'\n', &mut self.bytes)?;
            self.file_byte += as_u64(read);
            if read == 0 {
                break;
            }
            if self.bytes.last() == Some(&b'\n') && self.is_break()? {
                break;
            }
            if as_u64(self.bytes.len()) > self.limit {
                is_whole = false;
                // What stands in a line that is left out need not be kept, but for which byte of a pair comes next.
                let parity = self.bytes.len() % 2;
                self.bytes.truncate(parity);
            }
        }
        Ok(is_whole && as_u64(self.bytes.len()) <= self.limit.saturating_add(2))
    }

    /// Whether the byte 0x0A at the end is a line break, which in UTF-16 is a pair of bytes at an even place.
    fn is_break(&mut self) -> Result<bool, FormatError> {
        let at_even = self.bytes.len() % 2 == 1;
        match self.mark {
            Some(Mark::Utf16Be) => Ok(!at_even && self.bytes.iter().nth_back(1) == Some(&0)),
            Some(Mark::Utf16Le) if at_even => {
                let read = (&mut self.input).take(1).read_to_end(&mut self.bytes)?;
                self.file_byte += as_u64(read);
                Ok(self.bytes.last() == Some(&0))
            }
            Some(Mark::Utf16Le) => Ok(false),
            _ => Ok(true),
        }
    }

    /// Makes the bytes the line; false when they are not UTF-8.
    fn decode(&mut self, start: u64) -> Result<bool, FormatError> {
        self.line.clear();
        let unit_from: fn([u8; 2]) -> u16 = match self.mark {
            Some(Mark::Utf16Le) => u16::from_le_bytes,
            Some(Mark::Utf16Be) => u16::from_be_bytes,
            _ => {
                let text = match str::from_utf8(&self.bytes) {
                    Ok(text) => text,
                    Err(error) => {
                        let good = error.valid_up_to();
                        let byte = self.bytes.get(good).copied().unwrap_or_default();
                        self.bad.get_or_insert((byte, start + as_u64(good), self.number));
                        return Ok(false);
                    }
                };
                self.line.push_str(without_break(text));
                return Ok(true);
            }
        };
        let (pairs, rest) = self.bytes.as_chunks::<2>();
        for c in char::decode_utf16(pairs.iter().map(|pair| unit_from(*pair))) {
            let bad = || FormatError::NotUtf16 { file_byte: start, line: self.number };
            self.line.push(c.map_err(|_| bad())?);
        }
        if !rest.is_empty() {
            return Err(FormatError::NotUtf16 { file_byte: start, line: self.number });
        }
        let length = without_break(&self.line).len();
        self.line.truncate(length);
        Ok(true)
    }
}

fn without_break(line: &str) -> &str {
    let line = line.strip_suffix('\n').unwrap_or(line);
    line.strip_suffix('\r').unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines with their numbers, at most ten bytes each, or the error.
    fn check(bytes: &[u8], expected: Result<&[(u64, &str)], &str>, said: &[&str]) {
        let mut lines = TextLines::new(bytes, 10);
        let (mut found, mut problems) = (Vec::new(), Vec::new());
        let end = loop {
            match lines.next_line(&mut problems) {
                Ok(true) => found.push((lines.number(), lines.line().to_owned())),
                Ok(false) => break Ok(found),
                Err(error) => break Err(error.to_string()),
            }
        };
        let expected = expected.map(|lines| lines.iter().map(|(n, line)| (*n, (*line).to_owned())).collect::<Vec<_>>());
        assert_eq!(end, expected.map_err(str::to_owned));
        assert_eq!(problems.iter().map(ToString::to_string).collect::<Vec<_>>(), said);
    }

    #[test]
    fn lines_and_their_numbers() {
        check(b"", Ok(&[]), &[]);
        check(b"a\r\n\r\n b \rc", Ok(&[(1, "a"), (2, ""), (3, " b \rc")]), &[]);
        check(b"\n\n", Ok(&[(1, ""), (2, "")]), &[]);
        check(
            b"a\n\xFF\nb",
            Ok(&[(1, "a"), (3, "b")]),
            &["line 2, byte 2: the byte here is not UTF-8; the record was left out"],
        );
        let long = "line 2: the record is longer than 10 bytes and was left out";
        check(b"0123456789\n0123456789abc0123456789abc\r\nb", Ok(&[(1, "0123456789"), (3, "b")]), &[long]);
    }

    #[test]
    fn utf16_is_read_in_both_orders() {
        // U+0A0A and U+0A00 have the byte of a line break in them.
        let units: Vec<u16> = "\u{FEFF}ਊ\u{A00}\r\nب".encode_utf16().collect();
        let little: Vec<u8> = units.iter().flat_map(|u| u.to_le_bytes()).collect();
        let big: Vec<u8> = units.iter().flat_map(|u| u.to_be_bytes()).collect();
        let expected: &[(u64, &str)] = &[(1, "ਊ\u{A00}"), (2, "ب")];
        check(&little, Ok(expected), &["byte 0: the file is in UTF-16 (little-endian); it was read as such"]);
        check(&big, Ok(expected), &["byte 0: the file is in UTF-16 (big-endian); it was read as such"]);
        let said = &["byte 0: the file is in UTF-16 (little-endian); it was read as such"];
        check(b"\xFF\xFEa\0\n\0b", Err("this is not UTF-16 text: the unit at byte 6 (line 2) cannot be read"), said);
        check(b"\xFF\xFE\0\0a\0\0\0", Err("this file is in UTF-32; save it as UTF-8"), &[]);
    }
}

//! The bytes of a table on their way to the parser: UTF-16 made UTF-8, the mark taken off, and a limit on the length of one record.
//!
//! Owns [`TableInput`], which also watches the quotes that pass, and how the delimiter is found. It must not know columns.

use crate::formats::decoding::Mark;
use crate::formats::delimited::quotes::Quotes;
use std::io::{self, Read};

/// Makes a UTF-16 unit of two bytes.
type UnitFromBytes = fn([u8; 2]) -> u16;

/// UTF-8 without a mark, as it is read from a file in UTF-8 or UTF-16.
#[derive(Debug)]
pub struct TableInput<R> {
    input: R,
    /// Two bytes to a UTF-16 unit; `None` for UTF-8.
    unit_from: Option<UnitFromBytes>,
    /// What was read and not given on.
    ready: Vec<u8>,
    given: usize,
    /// A byte without its second, and the first half of a pair.
    half: Option<u8>,
    high: Option<u16>,
    /// How many bytes of the file were made ready.
    file_bytes: u64,
    /// How many bytes of the record were given, and how many may be.
    of_record: u64,
    limit: u64,
    /// What the quotes are that were given.
    quotes: Option<Quotes>,
}

/// The error of a record that is longer than the limit.
#[derive(Debug, thiserror::Error)]
#[error("the record is longer than {0} bytes")]
pub struct RecordTooLong(pub u64);

/// The error of a file that is no UTF-16, with the byte at which that is seen.
#[derive(Debug, thiserror::Error)]
#[error("this is not UTF-16 text at byte {0}")]
pub struct NotUtf16(pub u64);

impl<R: Read> TableInput<R> {
    /// The input, which stands at its beginning, and the mark it begins with.
    ///
    /// # Errors
    /// The system's error.
    pub fn new(mut input: R, limit: u64) -> io::Result<(Self, Option<Mark>)> {
        let mut head = Vec::new();
        input.by_ref().take(4).read_to_end(&mut head)?;
        let mark = Mark::at_start(&head);
        let (unit_from, skip): (Option<UnitFromBytes>, _) = match mark {
            Some(Mark::Utf8) => (None, 3),
            Some(Mark::Utf16Le) => (Some(u16::from_le_bytes), 2),
            Some(Mark::Utf16Be) => (Some(u16::from_be_bytes), 2),
            Some(Mark::Utf32) | None => (None, 0),
        };
        head.drain(..skip.min(head.len()));
        let mut all = Self {
            input,
            unit_from,
            ready: Vec::new(),
            given: 0,
            half: None,
            high: None,
            file_bytes: 0,
            of_record: 0,
            limit,
            quotes: None,
        };
        all.file_bytes = u64::try_from(skip).unwrap_or_default();
        all.take_in(&head)?;
        Ok((all, mark))
    }

    /// Watches the quotes of what is given from here on.
    pub fn watch(&mut self, delimiter: u8) {
        self.quotes = Some(Quotes::new(delimiter));
    }

    /// The quotes, where they are watched.
    pub fn quotes(&mut self) -> Option<&mut Quotes> {
        self.quotes.as_mut()
    }

    /// A record ends here.
    pub fn end_record(&mut self) {
        self.of_record = 0;
    }

    /// Makes bytes of the file ready.
    fn take_in(&mut self, bytes: &[u8]) -> io::Result<()> {
        let Some(unit_from) = self.unit_from else {
            self.ready.extend_from_slice(bytes);
            return Ok(());
        };
        for byte in bytes {
            self.file_bytes += 1;
            let Some(first) = self.half.take() else {
                self.half = Some(*byte);
                continue;
            };
            let unit = unit_from([first, *byte]);
            let high = self.high.take();
            if high.is_none() && (0xD800..0xDC00).contains(&unit) {
                self.high = Some(unit);
                continue;
            }
            for c in char::decode_utf16(high.into_iter().chain([unit])) {
                let c = c.map_err(|_| bad_unit(self.file_bytes))?;
                self.ready.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            }
        }
        Ok(())
    }
}

/// The error where the unit that ends before this byte is a bad one.
fn bad_unit(end: u64) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, NotUtf16(end.saturating_sub(2)))
}

impl<R: Read> Read for TableInput<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.ready.len() {
            self.ready.clear();
            self.given = 0;
            let mut bytes = [0; 1 << 13];
            let count = self.input.read(&mut bytes)?;
            if count == 0 {
                return if self.half.is_some() || self.high.is_some() { Err(bad_unit(self.file_bytes)) } else { Ok(0) };
            }
            self.take_in(bytes.get(..count).unwrap_or_default())?;
        }
        if self.of_record > self.limit {
            return Err(io::Error::other(RecordTooLong(self.limit)));
        }
        let mut rest = self.ready.get(self.given..).unwrap_or_default();
        let count = rest.read(buffer)?;
        self.given += count;
        if let Some(quotes) = &mut self.quotes {
            quotes.pass(buffer.get(..count).unwrap_or_default());
        }
        self.of_record = self.of_record.saturating_add(u64::try_from(count).unwrap_or(u64::MAX));
        Ok(count)
    }
}

/// The delimiter of a table by its head: of comma, semicolon and tab the one that stands most often in the first record outside quotes.
///
/// ```
/// use barchasb::formats::delimited::input::delimiter_of;
/// assert_eq!(delimiter_of("id;text;\"a,b,c\"\n1,2"), b';');
/// assert_eq!(delimiter_of("text"), b',');
/// ```
#[must_use]
pub fn delimiter_of(head: &str) -> u8 {
    let mut in_quotes = false;
    let first: Vec<u8> = head
        .bytes()
        .take_while(|byte| {
            in_quotes ^= *byte == b'"';
            in_quotes || !matches!(byte, b'\n' | b'\r')
        })
        .collect();
    let count = |delimiter: u8| {
        let mut in_quotes = false;
        first
            .iter()
            .filter(|byte| {
                in_quotes ^= **byte == b'"';
                !in_quotes && **byte == delimiter
            })
            .count()
    };
    // Of equals the last is the greatest, so the comma stands last.
    [b'\t', b';', b','].into_iter().max_by_key(|delimiter| count(*delimiter)).unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], expected: Result<&str, &str>) {
        let found = TableInput::new(bytes, 100_000).and_then(|(mut input, _)| io::read_to_string(&mut input));
        let found = found.map_err(|error| error.to_string());
        assert_eq!(found.as_deref().map_err(Clone::clone), expected.map_err(str::to_owned), "{bytes:?}");
    }

    #[test]
    fn utf16_becomes_utf8_and_marks_are_taken_off() {
        check("\u{feff}سلام".as_bytes(), Ok("سلام"));
        check(b"", Ok(""));
        check(b"a", Ok("a"));
        let long = "😀aب".repeat(4_000);
        let units: Vec<u16> = format!("\u{feff}{long}").encode_utf16().collect();
        check(&units.iter().flat_map(|unit| unit.to_le_bytes()).collect::<Vec<_>>(), Ok(&long));
        check(&units.iter().flat_map(|unit| unit.to_be_bytes()).collect::<Vec<_>>(), Ok(&long));
        check(b"\xFF\xFEa\0b", Err("this is not UTF-16 text at byte 3"));
        check(b"\xFF\xFE\x3D\xD8a\0", Err("this is not UTF-16 text at byte 4"));
        check(b"\xFF\xFE\x3D\xD8", Err("this is not UTF-16 text at byte 2"));
        check(b"\xFF\xFE\x00\xDEa\0", Err("this is not UTF-16 text at byte 2"));
    }

    #[test]
    fn a_record_without_an_end_is_stopped() {
        let (mut input, _) = TableInput::new(std::io::repeat(b'a'), 100_000).unwrap();
        let error = input.read_to_end(&mut Vec::new()).unwrap_err();
        assert_eq!(error.to_string(), "the record is longer than 100000 bytes");
    }

    #[test]
    fn the_delimiter_is_the_commonest_of_the_first_record() {
        assert_eq!(delimiter_of("a\tb\tc,d"), b'\t');
        assert_eq!(delimiter_of("\"x;y\n;z\",b\n;;;;"), b',');
        assert_eq!(delimiter_of(""), b',');
    }
}

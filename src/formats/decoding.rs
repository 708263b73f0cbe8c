//! From bytes to text: encodings, byte order marks, and what is odd in a text.
//!
//! Owns decoding, and what every reader asks of the text of an article. It must not change a character: no normalising, no trimming, CRLF
//! stays CRLF.

use crate::domain::article::check_text;
use crate::formats::finding::Finding;
use crate::formats::problem::{FormatError, Place, Problem};
use std::str::Utf8Error;

const UTF8_BOM: &[u8] = &[0xEF, 0xBB, 0xBF];

/// An encoding that a byte order mark names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// UTF-8, three bytes.
    Utf8,
    /// UTF-16, low byte first, two bytes.
    Utf16Le,
    /// UTF-16, high byte first, two bytes.
    Utf16Be,
    /// UTF-32, in either order.
    Utf32,
}

impl Mark {
    /// The mark at the beginning of a file; `None` when there is none.
    #[must_use]
    pub fn at_start(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0xEF, 0xBB, 0xBF, ..] => Some(Self::Utf8),
            [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] => Some(Self::Utf32),
            [0xFF, 0xFE, ..] => Some(Self::Utf16Le),
            [0xFE, 0xFF, ..] => Some(Self::Utf16Be),
            _ => None,
        }
    }

    /// The encoding's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le => "UTF-16 (little-endian)",
            Self::Utf16Be => "UTF-16 (big-endian)",
            Self::Utf32 => "UTF-32",
        }
    }
}

/// The text of a file, its byte order mark taken off and said so, with notes on what is odd in it.
///
/// Takes UTF-8 (with or without a mark) and UTF-16 with a mark. Nothing is guessed.
///
/// ```
/// use barchasb::formats::decoding::decode;
/// let (text, problems) = decode(b"\xEF\xBB\xBF\xD8\xB3\r\n".to_vec()).unwrap();
/// assert_eq!(text, "س\r\n");
/// assert_eq!(problems[0].to_string(), "byte 0: a UTF-8 byte order mark was taken off");
/// ```
///
/// # Errors
/// [`FormatError::NotUtf8`] or [`FormatError::NotUtf16`] with the first bad byte, [`FormatError::OtherEncoding`] for UTF-32.
pub fn decode(mut bytes: Vec<u8>) -> Result<(String, Vec<Problem>), FormatError> {
    let mark = Mark::at_start(&bytes);
    let mut problems = Vec::new();
    if let Some(mark) = mark {
        let what = match mark {
            Mark::Utf8 => Finding::MarkTakenOff,
            other => Finding::ReadAs { encoding: other.name() },
        };
        problems.push(Problem::new(Place { file_byte: Some(0), ..Place::default() }, what));
    }
    let text = match mark {
        Some(Mark::Utf32) => return Err(FormatError::OtherEncoding { found: Mark::Utf32.name() }),
        Some(Mark::Utf16Le) => decode_utf16(&bytes, u16::from_le_bytes)?,
        Some(Mark::Utf16Be) => decode_utf16(&bytes, u16::from_be_bytes)?,
        Some(Mark::Utf8) => {
            bytes.drain(..UTF8_BOM.len());
            text_from_utf8(bytes, UTF8_BOM.len())?
        }
        None => text_from_utf8(bytes, 0)?,
    };
    problems.extend(oddities(&text, Place::default()));
    Ok((text, problems))
}

fn text_from_utf8(bytes: Vec<u8>, taken_off: usize) -> Result<String, FormatError> {
    String::from_utf8(bytes).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        not_utf8(error.as_bytes(), good, 1, as_u64(taken_off))
    })
}

/// The text that bytes of UTF-8 are, checked many bytes at a time.
///
/// # Errors
/// The place of the first byte that is not UTF-8.
#[inline]
pub fn utf8(bytes: &[u8]) -> Result<&str, Utf8Error> {
    // The quick check does not say where the fault is.
    simdutf8::basic::from_utf8(bytes).or_else(|_| str::from_utf8(bytes))
}

/// The error for bytes of which only the first `good` are UTF-8; `line` and `file_byte` are those of their beginning.
#[must_use]
pub fn not_utf8(bytes: &[u8], good: usize, line: u64, file_byte: u64) -> FormatError {
    FormatError::NotUtf8 {
        byte: bytes.get(good).copied().unwrap_or_default(),
        file_byte: file_byte + as_u64(good),
        line: line + as_u64(bytes.iter().take(good).filter(|b| **b == b'\n').count()),
    }
}

fn decode_utf16(bytes: &[u8], unit_from: fn([u8; 2]) -> u16) -> Result<String, FormatError> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(bytes.len());
    let mut file_byte = 0;
    let fail = |text: &str, file_byte: usize| FormatError::NotUtf16 {
        file_byte: as_u64(file_byte),
        line: 1 + as_u64(text.bytes().filter(|b| *b == b'\n').count()),
    };
    for c in char::decode_utf16(pairs.iter().map(|pair| unit_from(*pair))) {
        match c {
            // The first unit is the mark.
            Ok(_) if file_byte == 0 => file_byte = 2,
            Ok(c) => {
                text.push(c);
                file_byte += 2 * c.len_utf16();
            }
            Err(_) => return Err(fail(&text, file_byte)),
        }
    }
    if rest.is_empty() { Ok(text) } else { Err(fail(&text, file_byte)) }
}

/// The text of an article, which must be there and pass [`check_article_text`].
///
/// ```
/// use barchasb::formats::decoding::checked_text;
/// use barchasb::formats::problem::Place;
/// let mut problems = Vec::new();
/// let mut checked = |text: &str| checked_text(Some(text.to_owned()), Place::default(), &mut problems);
/// assert_eq!(checked("علی آمد\0").unwrap(), "علی آمد\0");
/// assert!(checked(" \n").is_err());
/// assert_eq!(problems.len(), 1);
/// ```
///
/// # Errors
/// The [`Problem`] at `place`: [`Finding::NoText`] or [`Finding::BadText`].
pub fn checked_text(text: Option<String>, place: Place, problems: &mut Vec<Problem>) -> Result<String, Box<Problem>> {
    let text = text.ok_or_else(|| Box::new(Problem::new(place, Finding::NoText)))?;
    check_article_text(&text, place, problems)?;
    Ok(text)
}

/// Checks that a text can be an article's by [`check_text`]; what is odd in one that can is said.
///
/// # Errors
/// The [`Problem`] at `place`: [`Finding::BadText`].
pub fn check_article_text(text: &str, place: Place, problems: &mut Vec<Problem>) -> Result<(), Box<Problem>> {
    check_text(text).map_err(|error| Box::new(Problem::new(place, Finding::BadText(error))))?;
    problems.extend(oddities(text, place));
    Ok(())
}

/// Notes on what is odd in a text that was kept as it is: NUL, other control characters, and bidi controls without a partner.
#[must_use]
pub fn oddities(text: &str, place: Place) -> Vec<Problem> {
    if !may_be_odd(text.as_bytes()) {
        return Vec::new();
    }
    let (mut nul, mut control) = (Count::default(), Count::default());
    let mut bidi = BidiPairs::default();
    for (at, c) in text.chars().enumerate() {
        match c {
            '\0' => nul.add(at),
            '\t' | '\n' | '\r' => {}
            c if c.is_control() => control.add(at),
            _ => {}
        }
        bidi.add(at, c);
    }
    let note = |count: Count, finding: fn(u64) -> Finding| {
        count.first.map(|first| {
            let place = Place { text_char: Some(as_u64(first)), ..place };
            Problem::new(place, finding(count.all))
        })
    };
    [
        note(nul, |count| Finding::Nul { count }),
        note(control, |count| Finding::Control { count }),
        note(bidi.finish(), |count| Finding::LoneBidi { count }),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Whether UTF-8 may hold a control character or a bidi control that counts in pairs: the quick question before the careful one.
///
/// It is asked of stretches, each without a branch, so that many bytes are looked at together.
fn may_be_odd(text: &[u8]) -> bool {
    const STRETCH: usize = 512;
    let is_control = |byte: u8| (byte < b' ') & (byte != b'\t') & (byte != b'\n') & (byte != b'\r') | (byte == 0x7F);
    // U+0080 to U+009F are C2 80 to C2 9F; the bidi controls are E2 80 AA to AE and E2 81 A6 to A9.
    let is_c1 = |one: u8, two: u8| (one == 0xC2) & (two < 0xA0);
    let is_bidi = |one: u8, two: u8, three: u8| (one == 0xE2) & (two < 0x82) & (0xA6..0xAF).contains(&three);
    let mut rest = text;
    while !rest.is_empty() {
        let (now, after) = rest.split_at(rest.len().min(STRETCH));
        // Two bytes more: a character may begin in one stretch and end in the next.
        let seen = rest.get(..now.len() + after.len().min(2)).unwrap_or(rest);
        let (seconds, thirds) = (seen.get(1..).unwrap_or_default(), seen.get(2..).unwrap_or_default());
        let controls = now.iter().fold(false, |odd, byte| odd | is_control(*byte));
        let pairs = seen.iter().zip(seconds).fold(false, |odd, (one, two)| odd | is_c1(*one, *two));
        let threes = seen.iter().zip(seconds).zip(thirds);
        if controls | pairs | threes.fold(false, |odd, ((one, two), three)| odd | is_bidi(*one, *two, *three)) {
            return true;
        }
        rest = after;
    }
    false
}

#[derive(Clone, Copy, Default)]
struct Count {
    all: u64,
    first: Option<usize>,
}

impl Count {
    fn add(&mut self, at: usize) {
        self.all += 1;
        self.first = Some(self.first.map_or(at, |first| first.min(at)));
    }
}

/// Pairs of bidi controls inside one paragraph: an embedding or override ends with PDF, an isolate with PDI (UAX #9, BD9 to BD11).
#[derive(Default)]
struct BidiPairs {
    open: Vec<(bool, usize)>,
    lone: Count,
}

impl BidiPairs {
    fn add(&mut self, at: usize, c: char) {
        match c {
            '\u{202A}' | '\u{202B}' | '\u{202D}' | '\u{202E}' => self.open.push((false, at)),
            '\u{2066}'..='\u{2068}' => self.open.push((true, at)),
            '\u{202C}' => match self.open.last() {
                Some((false, _)) => drop(self.open.pop()),
                _ => self.lone.add(at),
            },
            '\u{2069}' => match self.open.iter().rposition(|(isolate, _)| *isolate) {
                // The end of an isolate ends the embeddings inside it, which are then without their own ends.
                Some(isolate) => {
                    self.open.drain(isolate..).skip(1).for_each(|(_, at)| self.lone.add(at));
                }
                None => self.lone.add(at),
            },
            '\n' | '\r' | '\u{2029}' => self.close(),
            _ => {}
        }
    }

    fn close(&mut self) {
        self.open.drain(..).for_each(|(_, at)| self.lone.add(at));
    }

    fn finish(mut self) -> Count {
        self.close();
        self.lone
    }
}

pub(crate) fn as_u64(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], expected: Result<(&str, &[&str]), &str>) {
        let found = decode(bytes.to_vec());
        let found = found
            .map(|(text, problems)| (text, problems.iter().map(ToString::to_string).collect::<Vec<_>>()))
            .map_err(|error| error.to_string());
        let expected = expected
            .map(|(text, problems)| (text.to_owned(), problems.iter().map(ToString::to_string).collect()))
            .map_err(str::to_owned);
        assert_eq!(found, expected, "{bytes:?}");
    }

    #[test]
    fn utf8_is_taken_as_it_is_and_a_mark_is_taken_off() {
        check("سلام\r\n\u{a0}ب".as_bytes(), Ok(("سلام\r\n\u{a0}ب", &[])));
        check(b"\xEF\xBB\xBFa", Ok(("a", &["byte 0: a UTF-8 byte order mark was taken off"])));
        check(b"", Ok(("", &[])));
    }

    #[test]
    fn the_first_bad_byte_is_named() {
        check(b"ab\n\xE3x", Err("this is not UTF-8 text: the byte 0xE3 at byte 3 (line 2) cannot be read"));
        check(b"\xEF\xBB\xBFab\xFF", Err("this is not UTF-8 text: the byte 0xFF at byte 5 (line 1) cannot be read"));
    }

    #[test]
    fn utf16_with_a_mark_is_read_in_both_orders() {
        let units: Vec<u16> = "\u{FEFF}😀\r\nب".encode_utf16().collect();
        let little: Vec<u8> = units.iter().flat_map(|u| u.to_le_bytes()).collect();
        let big: Vec<u8> = units.iter().flat_map(|u| u.to_be_bytes()).collect();
        check(&little, Ok(("😀\r\nب", &["byte 0: the file is in UTF-16 (little-endian); it was read as such"])));
        check(&big, Ok(("😀\r\nب", &["byte 0: the file is in UTF-16 (big-endian); it was read as such"])));
        check(b"\xFF\xFE\n\0\x3D\xD8a\0", Err("this is not UTF-16 text: the unit at byte 4 (line 2) cannot be read"));
        check(b"\xFF\xFEa\0b", Err("this is not UTF-16 text: the unit at byte 4 (line 1) cannot be read"));
        check(b"\xFF\xFE\0\0a\0\0\0", Err("this file is in UTF-32; save it as UTF-8"));
    }

    #[test]
    fn oddities_are_kept_and_said() {
        let notes: &[&str] = &[
            "character 1: NUL characters (2), kept as they are; the first is here",
            "character 3: control characters (1), kept as they are; the first is here",
        ];
        check(b"a\0\0\x07", Ok(("a\0\0\u{7}", notes)));
        let pairs = "\u{202B}a\u{202C} \u{2067}b\u{2069}\u{200F}";
        check(pairs.as_bytes(), Ok((pairs, &[])));
        let lone = "ab\u{202E}c\nd\u{2069}";
        let note = "character 2: bidi controls without a partner (2), kept as they are; the first is here";
        check(lone.as_bytes(), Ok((lone, &[note])));
    }
}

//! MessagePack by pieces: reading values from a stream without holding them, and writing the heads of values.
//!
//! Owns [`Unpacker`] and the `push_` functions. It must not know what the values mean. The format is that of
//! <https://github.com/msgpack/msgpack/blob/master/spec.md>.

use crate::formats::decoding::as_u64;
use std::io::{self, Read};

/// The beginning of a value; what follows it must be read or skipped.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Head {
    /// Nothing.
    Nil,
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Int(i128),
    /// A number with a fraction.
    Float(f64),
    /// A text of this many bytes follows.
    Str(u64),
    /// This many bytes follow.
    Bin(u64),
    /// This many values follow.
    Array(u64),
    /// This many pairs of values follow.
    Map(u64),
    /// A value of an application's own: this many bytes follow.
    Ext(u64),
}

/// Reads values from a stream, one piece at a time, and keeps count of the bytes.
///
/// ```
/// use barchasb::formats::spacy::message_pack::{Head, Unpacker, push_array, push_str};
/// let mut bytes = Vec::new();
/// push_array(&mut bytes, 2);
/// push_str(&mut bytes, "سلام");
/// push_str(&mut bytes, "");
/// let mut unpacker = Unpacker::new(bytes.as_slice());
/// assert_eq!(unpacker.head().unwrap(), Head::Array(2));
/// assert_eq!(unpacker.text(100).unwrap(), "سلام");
/// assert_eq!(unpacker.value(100).unwrap(), [0xA0]);
/// assert_eq!(unpacker.at(), 11);
/// ```
#[derive(Debug)]
pub struct Unpacker<R> {
    input: R,
    at: u64,
    /// Where the bytes of a value that is being kept go, and how many there may be.
    kept: Option<(Vec<u8>, u64)>,
}

fn fault(words: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, words.to_owned())
}

impl<R: Read> Unpacker<R> {
    /// Reads from `input`, which stands at the beginning of a value.
    pub fn new(input: R) -> Self {
        Self { input, at: 0, kept: None }
    }

    /// How many bytes were read.
    #[must_use]
    pub fn at(&self) -> u64 {
        self.at
    }

    /// Fills `bytes`.
    ///
    /// # Errors
    /// The system's error; `UnexpectedEof` when the stream ends before, `InvalidData` when a value that is kept grows too long.
    pub fn fill(&mut self, bytes: &mut [u8]) -> io::Result<()> {
        self.input.read_exact(bytes)?;
        self.at += as_u64(bytes.len());
        if let Some((kept, limit)) = &mut self.kept {
            if as_u64(kept.len() + bytes.len()) > *limit {
                return Err(fault("a value is longer than the limit"));
            }
            kept.extend_from_slice(bytes);
        }
        Ok(())
    }

    /// Whether nothing follows; a byte that does is gone.
    ///
    /// # Errors
    /// The system's error.
    pub fn is_at_end(&mut self) -> io::Result<bool> {
        Ok(self.input.by_ref().take(1).read_to_end(&mut Vec::new())? == 0)
    }

    fn number<const N: usize>(&mut self) -> io::Result<[u8; N]> {
        let mut bytes = [0; N];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    /// The beginning of the next value.
    ///
    /// # Errors
    /// The system's error; `UnexpectedEof` at the end, `InvalidData` for the one byte that begins no value.
    pub fn head(&mut self) -> io::Result<Head> {
        let [first] = self.number()?;

        Ok(match first {
            0x00..=0x7F => Head::Int(i128::from(first)),
            0x80..=0x8F => Head::Map(u64::from(first & 0x0F)),
            0x90..=0x9F => Head::Array(u64::from(first & 0x0F)),
            0xA0..=0xBF => Head::Str(u64::from(first & 0x1F)),
            0xC0 => Head::Nil,
            0xC1 => return Err(fault("the byte 0xC1 begins no value")),
            0xC2 | 0xC3 => Head::Bool(first == 0xC3),
            0xC4 => Head::Bin(u8::from_be_bytes(self.number()?).into()),
            0xC5 => Head::Bin(u16::from_be_bytes(self.number()?).into()),
            0xC6 => Head::Bin(u32::from_be_bytes(self.number()?).into()),
            // The byte that names the kind of an application's value counts as one of its bytes.
            0xC7 => Head::Ext(u64::from(u8::from_be_bytes(self.number()?)) + 1),
            0xC8 => Head::Ext(u64::from(u16::from_be_bytes(self.number()?)) + 1),
            0xC9 => Head::Ext(u64::from(u32::from_be_bytes(self.number()?)) + 1),
            0xCA => Head::Float(f32::from_be_bytes(self.number()?).into()),
            0xCB => Head::Float(f64::from_be_bytes(self.number()?)),
            0xCC => Head::Int(u8::from_be_bytes(self.number()?).into()),
            0xCD => Head::Int(u16::from_be_bytes(self.number()?).into()),
            0xCE => Head::Int(u32::from_be_bytes(self.number()?).into()),
            0xCF => Head::Int(u64::from_be_bytes(self.number()?).into()),
            0xD0 => Head::Int(i8::from_be_bytes(self.number()?).into()),
            0xD1 => Head::Int(i16::from_be_bytes(self.number()?).into()),
            0xD2 => Head::Int(i32::from_be_bytes(self.number()?).into()),
            0xD3 => Head::Int(i64::from_be_bytes(self.number()?).into()),
            0xD4..=0xD8 => Head::Ext((1 << (first - 0xD4)) + 1),
            0xD9 => Head::Str(u8::from_be_bytes(self.number()?).into()),
            0xDA => Head::Str(u16::from_be_bytes(self.number()?).into()),
            0xDB => Head::Str(u32::from_be_bytes(self.number()?).into()),
            0xDC => Head::Array(u16::from_be_bytes(self.number()?).into()),
            0xDD => Head::Array(u32::from_be_bytes(self.number()?).into()),
            0xDE => Head::Map(u16::from_be_bytes(self.number()?).into()),
            0xDF => Head::Map(u32::from_be_bytes(self.number()?).into()),
            0xE0..=0xFF => Head::Int(i8::from_be_bytes([first]).into()),
        })
    }

    /// Passes bytes.
    ///
    /// # Errors
    /// As [`fill`](Self::fill).
    pub fn skip(&mut self, mut bytes: u64) -> io::Result<()> {
        let mut buffer = [0; 4096];
        while bytes > 0 {
            let part = usize::try_from(bytes).unwrap_or(usize::MAX).min(buffer.len());
            let Some(part) = buffer.get_mut(..part) else { break };
            self.fill(part)?;
            bytes -= as_u64(part.len());
        }
        Ok(())
    }

    /// Passes a whole value, however deep.
    ///
    /// # Errors
    /// As [`head`](Self::head).
    pub fn skip_value(&mut self) -> io::Result<()> {
        let mut values = 1_u64;
        while values > 0 {
            values -= 1;
            match self.head()? {
                Head::Str(bytes) | Head::Bin(bytes) | Head::Ext(bytes) => self.skip(bytes)?,
                Head::Array(count) => values = values.saturating_add(count),
                Head::Map(count) => values = values.saturating_add(2 * count),
                Head::Nil | Head::Bool(_) | Head::Int(_) | Head::Float(_) => {}
            }
        }
        Ok(())
    }

    /// The bytes of a whole value, as it is packed.
    ///
    /// # Errors
    /// As [`fill`](Self::fill); `InvalidData` when there are more than `limit` bytes.
    pub fn value(&mut self, limit: u64) -> io::Result<Vec<u8>> {
        self.kept = Some((Vec::new(), limit));
        let passed = self.skip_value();
        let kept = self.kept.take();
        passed?;
        Ok(kept.map(|(bytes, _)| bytes).unwrap_or_default())
    }

    /// So many bytes.
    ///
    /// # Errors
    /// As [`fill`](Self::fill); `InvalidData` when they are more than `limit`.
    pub fn bytes(&mut self, count: u64, limit: u64) -> io::Result<Vec<u8>> {
        if count > limit {
            return Err(fault("a value is longer than the limit"));
        }
        // The length is only claimed: memory is taken as bytes come.
        self.kept = Some((Vec::new(), limit));
        let passed = self.skip(count);
        let kept = self.kept.take();
        passed?;
        Ok(kept.map(|(bytes, _)| bytes).unwrap_or_default())
    }

    /// The next value, which must be bytes.
    ///
    /// # Errors
    /// As [`bytes`](Self::bytes); `InvalidData` when it is something else.
    pub fn bin(&mut self, limit: u64) -> io::Result<Vec<u8>> {
        match self.head()? {
            Head::Bin(count) => self.bytes(count, limit),
            _ => Err(fault("bytes were expected")),
        }
    }

    /// The next value, which must be a text.
    ///
    /// # Errors
    /// As [`bytes`](Self::bytes); `InvalidData` when it is something else, or no UTF-8.
    pub fn text(&mut self, limit: u64) -> io::Result<String> {
        match self.head()? {
            Head::Str(count) => String::from_utf8(self.bytes(count, limit)?).map_err(|_| fault("a text is not UTF-8")),
            _ => Err(fault("a text was expected")),
        }
    }

    /// The next value, which must be an array: how many values follow.
    ///
    /// # Errors
    /// As [`head`](Self::head); `InvalidData` when it is something else.
    pub fn array(&mut self) -> io::Result<u64> {
        match self.head()? {
            Head::Array(count) => Ok(count),
            _ => Err(fault("an array was expected")),
        }
    }

    /// The next value, which must be a map: how many pairs follow.
    ///
    /// # Errors
    /// As [`head`](Self::head); `InvalidData` when it is something else.
    pub fn map(&mut self) -> io::Result<u64> {
        match self.head()? {
            Head::Map(count) => Ok(count),
            _ => Err(fault("a map was expected")),
        }
    }
}

/// The head of a value with a count: the byte for few, then those for counts of 8 (where there is one), 16 and 32 bits.
fn push_count(out: &mut Vec<u8>, count: usize, few: (usize, u8), byte: Option<u8>, wide: u8, wider: u8) {
    match (u8::try_from(count), u16::try_from(count), byte) {
        (Ok(count), _, _) if usize::from(count) < few.0 => out.push(few.1 | count),
        (Ok(count), _, Some(byte)) => out.extend([byte, count]),
        (_, Ok(count), _) => {
            out.push(wide);
            out.extend(count.to_be_bytes());
        }
        _ => {
            out.push(wider);
            out.extend(u32::try_from(count).unwrap_or(u32::MAX).to_be_bytes());
        }
    }
}

/// The head of an array; at most `u32::MAX` values.
pub fn push_array(out: &mut Vec<u8>, count: usize) {
    push_count(out, count, (16, 0x90), None, 0xDC, 0xDD);
}

/// The head of a map; at most `u32::MAX` pairs.
pub fn push_map(out: &mut Vec<u8>, count: usize) {
    push_count(out, count, (16, 0x80), None, 0xDE, 0xDF);
}

/// A text; at most `u32::MAX` bytes.
pub fn push_str(out: &mut Vec<u8>, text: &str) {
    push_count(out, text.len(), (32, 0xA0), Some(0xD9), 0xDA, 0xDB);
    out.extend_from_slice(text.as_bytes());
}

/// The head of bytes, of which there are `count` (at most `u32::MAX`).
pub fn push_bin_head(out: &mut Vec<u8>, count: usize) {
    push_count(out, count, (0, 0), Some(0xC4), 0xC5, 0xC6);
}

/// Bytes.
pub fn push_bin(out: &mut Vec<u8>, bytes: &[u8]) {
    push_bin_head(out, bytes.len());
    out.extend_from_slice(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_head_is_read_as_it_was_written() {
        let check = |value: &serde_json::Value| {
            let bytes = rmp_serde::to_vec(value).unwrap();
            let mut unpacker = Unpacker::new(bytes.as_slice());
            assert_eq!(unpacker.value(u64::MAX).unwrap(), bytes, "{value}");
            assert_eq!(unpacker.at(), as_u64(bytes.len()));
        };
        for size in [0_usize, 1, 15, 16, 31, 32, 255, 256, 65_535, 65_536] {
            let below = -1 - i64::try_from(size).unwrap();
            check(&serde_json::json!(vec![0; size]));
            check(&serde_json::json!("x".repeat(size)));
            check(&serde_json::json!({"a": size, "b": below, "c": 1.5, "d": null, "e": true}));
            let mut own = Vec::new();
            push_str(&mut own, &"x".repeat(size));
            assert_eq!(own, rmp_serde::to_vec(&"x".repeat(size)).unwrap());
            let mut own = Vec::new();
            push_bin(&mut own, &vec![7; size]);
            assert_eq!(own, rmp_serde::to_vec(&serde_bytes::Bytes::new(&vec![7; size])).unwrap());
            let mut own = Vec::new();
            push_array(&mut own, size);
            assert!(rmp_serde::to_vec(&vec![0; size]).unwrap().starts_with(&own));
        }
    }

    #[test]
    fn what_is_cut_off_or_too_long_is_refused_without_taking_memory() {
        let check = |bytes: &[u8], words: &str| {
            let found = Unpacker::new(bytes).value(8).unwrap_err();
            assert!(found.to_string().contains(words), "{found}");
        };
        check(&[0xC6, 0xFF, 0xFF, 0xFF, 0xFF], "fill");
        check(&[0xDD, 0xFF, 0xFF, 0xFF, 0xFF], "fill");
        check(&[0xC1], "0xC1");
        check(&[0xA9, 1, 1, 1, 1, 1, 1, 1, 1, 1], "limit");
        assert!(Unpacker::new(&[0xC6, 0xFF, 0xFF, 0xFF, 0xFF][..]).bin(8).is_err());
    }
}

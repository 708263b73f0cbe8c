//! A zlib stream made of parts that are packed apart and joined at the end.
//!
//! Owns [`ZlibPart`] and [`join`]. A file that says the length of a column before its bytes can so be written with the packed columns
//! alone in memory. It must not know what is packed.
//!
//! A part is a zlib stream of its own, flushed to a whole byte: between its head and its last block stands deflate (RFC 1951), so that parts
//! can stand one after another; the checksum of the whole (Adler-32, RFC 1950) is made of those of the parts.

use crate::formats::decoding::as_u64;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use std::io::{self, Write};

/// The largest prime below 65,536.
const ADLER_BASE: u32 = 65_521;

/// The head of a zlib stream (RFC 1950): deflate with a window of 32 KiB, packed fast.
const HEAD: [u8; 2] = [0x78, 0x01];

/// A checksum of RFC 1950.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Adler32 {
    a: u32,
    b: u32,
}

impl Default for Adler32 {
    fn default() -> Self {
        Self { a: 1, b: 0 }
    }
}

impl Adler32 {
    /// The checksum at the end of a stream.
    fn at_end(stream: &[u8]) -> Self {
        let sum = stream.last_chunk().map_or(1, |bytes| u32::from_be_bytes(*bytes));
        Self { a: sum & 0xFFFF, b: sum >> 16 }
    }

    /// Takes in bytes of which `other` is the checksum and `length` the count.
    fn join(&mut self, other: Self, length: u64) {
        let base = u64::from(ADLER_BASE);
        // Every byte of the other part counts once more for `b` with each that follows it, and so does what `a` was before.
        let carried = (length % base) * (u64::from(self.a) + base - 1);
        let a = (u64::from(self.a) + u64::from(other.a) + base - 1) % base;
        let b = (u64::from(self.b) + u64::from(other.b) + carried) % base;
        self.a = u32::try_from(a).unwrap_or_default();
        self.b = u32::try_from(b).unwrap_or_default();
    }
}

/// Bytes that are packed as they come.
#[derive(Debug)]
pub struct ZlibPart {
    packed: ZlibEncoder<Vec<u8>>,
    length: u64,
}

impl Default for ZlibPart {
    fn default() -> Self {
        Self { packed: ZlibEncoder::new(Vec::new(), Compression::fast()), length: 0 }
    }
}

impl ZlibPart {
    /// A part of just these bytes.
    ///
    /// # Errors
    /// None in practice: memory is written to.
    pub fn of_bytes(bytes: &[u8]) -> io::Result<Self> {
        let mut part = Self::default();
        part.add(bytes)?;
        Ok(part)
    }

    /// Takes more bytes.
    ///
    /// # Errors
    /// None in practice: memory is written to.
    pub fn add(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.length += as_u64(bytes.len());
        self.packed.write_all(bytes)
    }

    /// How many bytes it holds, not packed.
    #[must_use]
    pub fn len_bytes(&self) -> u64 {
        self.length
    }
}

/// Writes parts as one zlib stream.
///
/// ```
/// use barchasb::formats::spacy::zlib_parts::{ZlibPart, join};
/// use std::io::Read;
/// let mut stream = Vec::new();
/// join([ZlibPart::of_bytes(b"ab").unwrap(), ZlibPart::of_bytes(b"cd").unwrap()], &mut stream).unwrap();
/// let mut unpacked = String::new();
/// flate2::read::ZlibDecoder::new(stream.as_slice()).read_to_string(&mut unpacked).unwrap();
/// assert_eq!(unpacked, "abcd");
/// ```
///
/// # Errors
/// The system's error.
pub fn join(parts: impl IntoIterator<Item = ZlibPart>, output: &mut impl Write) -> io::Result<()> {
    output.write_all(&HEAD)?;
    let mut adler = Adler32::default();
    for mut part in parts {
        // A flush ends the part at a whole byte without ending the stream.
        part.packed.flush()?;
        let end = part.packed.get_ref().len();
        let stream = part.packed.finish()?;
        output.write_all(stream.get(HEAD.len()..end).unwrap_or_default())?;
        adler.join(Adler32::at_end(&stream), part.length);
    }
    // The last block: fixed codes, with the end alone in it.
    output.write_all(&[0x03, 0x00])?;
    output.write_all(&(adler.b << 16 | adler.a).to_be_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::read::ZlibDecoder;
    use proptest::prelude::*;
    use std::io::Read;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn what_is_joined_is_unpacked_whole(parts in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..9000), 0..5)) {
            let mut stream = Vec::new();
            join(parts.iter().map(|bytes| ZlibPart::of_bytes(bytes).unwrap()), &mut stream).unwrap();
            let mut unpacked = Vec::new();
            // The decoder checks the checksum too.
            ZlibDecoder::new(stream.as_slice()).read_to_end(&mut unpacked).unwrap();
            prop_assert_eq!(unpacked, parts.concat());
        }
    }

    #[test]
    fn the_checksum_is_that_of_the_standard() {
        let mut stream = Vec::new();
        join([ZlibPart::of_bytes(b"Wiki").unwrap(), ZlibPart::of_bytes(b"pedia").unwrap()], &mut stream).unwrap();
        assert_eq!(stream.last_chunk(), Some(&0x11E6_0398_u32.to_be_bytes()));
    }
}

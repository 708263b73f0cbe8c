//! The map between the units of one text: bytes, code points, UTF-16 units and grapheme clusters.
//!
//! Owns the index that answers without looking at the text again. It must not keep the text.

use crate::domain::offset::{ByteOffset, CharOffset, GraphemeOffset, Utf16Offset};
use unicode_segmentation::UnicodeSegmentation;

/// The map of one text. STUB: a plain table.
#[derive(Clone, Debug, Default)]
pub struct OffsetMap {
    bytes: Vec<u32>,
    utf16: Vec<u32>,
    graphemes: Vec<u32>,
}

impl OffsetMap {
    /// The map of `text`, built in one pass.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut map = Self::default();
        let mut utf16 = 0u32;
        for (at, c) in text.char_indices() {
            map.bytes.push(at as u32);
            map.utf16.push(utf16);
            utf16 += c.len_utf16() as u32;
        }
        map.bytes.push(text.len() as u32);
        map.utf16.push(utf16);
        for (at, _) in text.grapheme_indices(true) {
            map.graphemes.push(map.bytes.partition_point(|b| (*b as usize) < at) as u32);
        }
        map.graphemes.push(map.bytes.len() as u32 - 1);
        map
    }

    /// The length in code points.
    #[must_use]
    pub fn len_chars(&self) -> CharOffset {
        CharOffset::new(self.bytes.len().saturating_sub(1))
    }

    /// The length in bytes.
    #[must_use]
    pub fn len_bytes(&self) -> ByteOffset {
        ByteOffset::new(self.bytes.last().copied().unwrap_or(0) as usize)
    }

    /// The byte at which a code point begins; the text's length for the end; `None` beyond.
    #[must_use]
    pub fn byte_from_char(&self, at: CharOffset) -> Option<ByteOffset> {
        self.bytes.get(at.get()).map(|b| ByteOffset::new(*b as usize))
    }

    /// The code point that begins at a byte; `None` inside a code point or beyond the end.
    #[must_use]
    pub fn char_from_byte(&self, at: ByteOffset) -> Option<CharOffset> {
        self.bytes.binary_search(&(at.get() as u32)).ok().map(CharOffset::new)
    }

    /// The UTF-16 unit at which a code point begins; `None` beyond the end.
    #[must_use]
    pub fn utf16_from_char(&self, at: CharOffset) -> Option<Utf16Offset> {
        self.utf16.get(at.get()).map(|b| Utf16Offset::new(*b as usize))
    }

    /// The code point that begins at a UTF-16 unit; `None` inside a surrogate pair or beyond the end.
    #[must_use]
    pub fn char_from_utf16(&self, at: Utf16Offset) -> Option<CharOffset> {
        self.utf16.binary_search(&(at.get() as u32)).ok().map(CharOffset::new)
    }

    /// The number of grapheme clusters that end at or before a code point; `None` beyond the end.
    #[must_use]
    pub fn grapheme_from_char(&self, at: CharOffset) -> Option<GraphemeOffset> {
        (at <= self.len_chars())
            .then(|| GraphemeOffset::new(self.graphemes.partition_point(|g| *g as usize <= at.get()).saturating_sub(1)))
    }

    /// The code point at which a grapheme cluster begins; the end for the count of all; `None` beyond.
    #[must_use]
    pub fn char_from_grapheme(&self, at: GraphemeOffset) -> Option<CharOffset> {
        self.graphemes.get(at.get()).map(|c| CharOffset::new(*c as usize))
    }

    /// Whether a grapheme cluster begins or the text ends here.
    #[must_use]
    pub fn is_grapheme_boundary(&self, at: CharOffset) -> bool {
        self.graphemes.binary_search(&(at.get() as u32)).is_ok()
    }
}

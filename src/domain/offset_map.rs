//! The map between the units of one text: bytes, code points, UTF-16 units and grapheme clusters.
//!
//! Owns the index that answers without looking at the text again. It must not keep the text.

use crate::domain::bitmap::Bitmap;
use crate::domain::grapheme::{Joining, PLAIN_STEP, char_after, joining, pair_breaks, plain_run};
use crate::domain::offset::{ByteOffset, ByteSpan, CharOffset, GraphemeOffset, Span, Utf16Offset};
use unicode_segmentation::UnicodeSegmentation;

/// The map of one text. It takes about a fifth of a byte per byte of text; every look-up is constant or logarithmic.
///
/// ```
/// use barchasb::domain::{offset::{CharOffset, ByteOffset, Utf16Offset}, offset_map::OffsetMap};
/// let map = OffsetMap::new("👍ناجا");
/// assert_eq!(map.byte_from_char(CharOffset::new(1)), Some(ByteOffset::new(4)));
/// assert_eq!(map.char_from_utf16(Utf16Offset::new(2)), Some(CharOffset::new(1)));
/// assert_eq!(map.char_from_byte(ByteOffset::new(1)), None);
/// ```
#[derive(Clone, Debug, Default)]
pub struct OffsetMap {
    /// One bit per byte: a code point begins here.
    chars: Bitmap,
    /// One bit per code point: a grapheme cluster begins here.
    clusters: Bitmap,
    /// The code points that take two UTF-16 units, in order.
    astral: Vec<u32>,
}

impl OffsetMap {
    /// The map of `text`, built in one pass; only what the table of common characters does not know is segmented.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let chars = Bitmap::of_code_points(text);
        // Almost every code point begins a cluster: those that do not are taken out.
        let mut clusters = Bitmap::filled(chars.count());
        let mut astral = Vec::new();
        // A text begins as after a control: whatever comes first starts a cluster.
        let (mut before, mut cluster_byte, mut cluster_char) = (Joining::Control, 0, 0);
        let (mut at, mut count, mut known_until, mut walk_until) = (0, 0, 0, 0);
        while let Some(c) = char_after(text, at) {
            // Stretches of plain letters, of which most texts are made, need no look at each.
            if at >= walk_until && at >= known_until && before != Joining::Rare {
                let run = plain_run(text.as_bytes(), at);
                walk_until = at + run + PLAIN_STEP;
                if run > 0 {
                    at += run;
                    count = chars.rank(at);
                    (before, cluster_byte, cluster_char) =
                        (Joining::Plain, text.floor_char_boundary(at - 1), count - 1);
                    continue;
                }
            }
            let after = joining(c);
            if c > '\u{FFFF}' {
                astral.push(CharOffset::new(count).get() as u32);
            }
            if at >= known_until {
                match pair_breaks(before, after) {
                    Some(true) => (cluster_byte, cluster_char) = (at, count),
                    Some(false) => clusters.clear(count),
                    None => {
                        let run = rare_run(text, cluster_byte, at);
                        known_until = cluster_byte + run.len();
                        let (mut begin, mut last_len) = (cluster_char, 0);
                        for cluster in run.graphemes(true) {
                            clusters.set(begin);
                            (cluster_char, last_len) = (begin, cluster.len());
                            begin += cluster.chars().count();
                            (cluster_char + 1..begin).for_each(|inside| clusters.clear(inside));
                        }
                        // The last one may go on beyond the run.
                        cluster_byte = known_until - last_len;
                    }
                }
            }
            // What broke off a stretch is passed now.
            if after != Joining::Plain {
                walk_until = at;
            }
            before = after;
            (at, count) = (at + c.len_utf8(), count + 1);
        }
        let count = chars.count();
        Self { chars, clusters: clusters.build_with_len(count), astral }
    }

    /// The length in code points.
    #[must_use]
    pub fn len_chars(&self) -> CharOffset {
        CharOffset::new(self.chars.count())
    }

    /// The length in bytes.
    #[must_use]
    pub fn len_bytes(&self) -> ByteOffset {
        ByteOffset::new(self.chars.len())
    }

    /// The length in UTF-16 units.
    #[must_use]
    pub fn len_utf16(&self) -> Utf16Offset {
        Utf16Offset::new(self.chars.count() + self.astral.len())
    }

    /// The length in grapheme clusters.
    #[must_use]
    pub fn len_graphemes(&self) -> GraphemeOffset {
        GraphemeOffset::new(self.clusters.count())
    }

    /// The byte at which a code point begins; the text's length for the end; `None` beyond.
    #[must_use]
    pub fn byte_from_char(&self, at: CharOffset) -> Option<ByteOffset> {
        if at == self.len_chars() { Some(self.len_bytes()) } else { self.chars.select(at.get()).map(ByteOffset::new) }
    }

    /// The code point that begins at a byte; `None` inside a code point or beyond the end.
    #[must_use]
    pub fn char_from_byte(&self, at: ByteOffset) -> Option<CharOffset> {
        (at == self.len_bytes() || self.chars.contains(at.get())).then(|| CharOffset::new(self.chars.rank(at.get())))
    }

    /// The UTF-16 unit at which a code point begins; `None` beyond the end.
    #[must_use]
    pub fn utf16_from_char(&self, at: CharOffset) -> Option<Utf16Offset> {
        let astral = self.astral.partition_point(|c| (*c as usize) < at.get());
        (at <= self.len_chars()).then(|| Utf16Offset::new(at.get() + astral))
    }

    /// The code point that begins at a UTF-16 unit; `None` inside a surrogate pair or beyond the end.
    #[must_use]
    pub fn char_from_utf16(&self, at: Utf16Offset) -> Option<CharOffset> {
        // The astral code point number i begins at unit `astral[i] + i`: count those that begin before `at`.
        let (mut low, mut high) = (0, self.astral.len());
        while low < high {
            let middle = low.midpoint(high);
            if self.astral.get(middle).is_some_and(|c| *c as usize + middle < at.get()) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        let found = CharOffset::new(at.get().checked_sub(low)?);
        (self.utf16_from_char(found) == Some(at)).then_some(found)
    }

    /// The number of grapheme clusters that end at or before a code point; `None` beyond the end.
    #[must_use]
    pub fn grapheme_from_char(&self, at: CharOffset) -> Option<GraphemeOffset> {
        let begun = self.clusters.rank(at.get()) + usize::from(self.clusters.contains(at.get()));
        match at.cmp(&self.len_chars()) {
            std::cmp::Ordering::Less => Some(GraphemeOffset::new(begun).minus(1)),
            std::cmp::Ordering::Equal => Some(self.len_graphemes()),
            std::cmp::Ordering::Greater => None,
        }
    }

    /// The code point at which a grapheme cluster begins; the end for the count of all; `None` beyond.
    #[must_use]
    pub fn char_from_grapheme(&self, at: GraphemeOffset) -> Option<CharOffset> {
        if at == self.len_graphemes() {
            Some(self.len_chars())
        } else {
            self.clusters.select(at.get()).map(CharOffset::new)
        }
    }

    /// Whether a grapheme cluster begins or the text ends here.
    #[must_use]
    pub fn is_grapheme_boundary(&self, at: CharOffset) -> bool {
        at == self.len_chars() || self.clusters.contains(at.get())
    }

    /// The span of code points that covers exactly these bytes; `None` when an end cuts a code point or passes the end.
    #[must_use]
    pub fn span_from_bytes(&self, bytes: ByteSpan) -> Option<Span> {
        Some(Span { start: self.char_from_byte(bytes.start)?, end: self.char_from_byte(bytes.end)? })
    }

    /// The bytes a span of code points covers; `None` when it passes the end of the text.
    #[must_use]
    pub fn bytes_from_span(&self, span: Span) -> Option<ByteSpan> {
        Some(ByteSpan { start: self.byte_from_char(span.start)?, end: self.byte_from_char(span.end)? })
    }

    /// The memory the map takes, in bytes, itself aside.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        self.chars.heap_bytes() + self.clusters.heap_bytes() + self.astral.capacity() * size_of::<u32>()
    }
}

/// The stretch the segmenter must see: from the start of the cluster that the rare character at `at` may belong to, through
/// the first common character after it (inclusive: a prepended sign reaches over it).
fn rare_run(text: &str, cluster_byte: usize, at: usize) -> &str {
    let run = text.get(cluster_byte..).unwrap_or_default();
    let rare = text.get(at..).unwrap_or_default();
    let common = rare.char_indices().find(|(_, c)| !matches!(joining(*c), Joining::Rare | Joining::Extend));
    common.and_then(|(offset, c)| run.get(..at - cluster_byte + offset + c.len_utf8())).unwrap_or(run)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::grapheme::arbitrary;
    use proptest::prelude::*;

    /// Every look-up at every place against the plainest way to count.
    fn check(text: &str) {
        let map = OffsetMap::new(text);
        let bytes: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let utf16 = |byte: usize| text[..byte].encode_utf16().count();
        let clusters: Vec<usize> = text.grapheme_indices(true).map(|(at, _)| at).chain([text.len()]).collect();
        for byte in 0..text.len() + 2 {
            let expected = bytes.binary_search(&byte).ok().map(CharOffset::new);
            assert_eq!(map.char_from_byte(ByteOffset::new(byte)), expected, "{text:?} byte {byte}");
        }
        for (number, byte) in bytes.iter().copied().enumerate() {
            let at = CharOffset::new(number);
            assert_eq!(map.byte_from_char(at), Some(ByteOffset::new(byte)), "{text:?} code point {number}");
            assert_eq!(map.utf16_from_char(at), Some(Utf16Offset::new(utf16(byte))), "{text:?} code point {number}");
            assert_eq!(map.is_grapheme_boundary(at), clusters.contains(&byte), "{text:?} code point {number}");
            let ended = clusters[1..].iter().filter(|end| **end <= byte && byte > 0).count();
            assert_eq!(map.grapheme_from_char(at), Some(GraphemeOffset::new(ended)), "{text:?} code point {number}");
        }
        for unit in 0..utf16(text.len()) + 2 {
            let expected = bytes.iter().position(|byte| utf16(*byte) == unit).map(CharOffset::new);
            assert_eq!(map.char_from_utf16(Utf16Offset::new(unit)), expected, "{text:?} unit {unit}");
        }
        let count = if text.is_empty() { 0 } else { clusters.len() - 1 };
        for number in 0..count + 2 {
            let expected =
                clusters.get(number).filter(|_| number <= count).and_then(|b| bytes.iter().position(|x| x == b));
            let found = map.char_from_grapheme(GraphemeOffset::new(number));
            assert_eq!(found, expected.map(CharOffset::new), "{text:?} cluster {number}");
        }
        let beyond = CharOffset::new(bytes.len());
        assert_eq!((map.byte_from_char(beyond), map.utf16_from_char(beyond)), (None, None));
        assert_eq!((map.grapheme_from_char(beyond), map.is_grapheme_boundary(beyond)), (None, false));
        assert_eq!((map.len_utf16().get(), map.len_graphemes().get()), (utf16(text.len()), count));
    }

    #[test]
    fn known_texts() {
        for text in [
            "",
            "ناجا\u{200C}یی",
            "a👍🏽b🇮🇷🇮🇷🇮c",
            "سطر\r\nسطر",
            "\u{600}۱۲ \u{600} ب",
            "گُلِ سُرخ",
            "क\u{94D}षि 가각",
            "😀\u{200D}\u{200D}😀",
            "ا👩\u{200D}👩\u{200D}\u{64E}👩ب\u{600}\nپ",
        ] {
            check(text);
        }
    }

    #[test]
    fn spans_go_there_and_back() {
        let map = OffsetMap::new("👍ناجا");
        let span = Span::from_chars(1, 3);
        assert_eq!(map.bytes_from_span(span), Some(ByteSpan::from_bytes(4, 8)));
        assert_eq!(map.span_from_bytes(ByteSpan::from_bytes(4, 8)), Some(span));
        assert_eq!(map.span_from_bytes(ByteSpan::from_bytes(3, 8)), None);
        assert_eq!(map.bytes_from_span(Span::from_chars(1, 6)), None);
    }

    #[test]
    fn the_map_is_far_smaller_than_the_text() {
        let text = "پلیس\u{A0}تهران گفت: ۱۳۹۷ ".repeat(500);
        assert!(OffsetMap::new(&text).heap_bytes() * 4 < text.len());
    }

    proptest! {
        #[test]
        fn agrees_with_plain_counting(text in arbitrary::text()) {
            check(&text);
        }
    }
}

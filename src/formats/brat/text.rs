//! A text as brat counts it: Python reads it with universal newlines, so CRLF counts one, and a byte order mark counts too.
//!
//! Owns the way between places of the text and brat's. It must not know lines of annotations.

use crate::domain::offset::{CharOffset, Span};
use crate::domain::offset_map::OffsetMap;
use crate::formats::offset_unit::OffsetUnit;

/// The mark that decoding takes off a file and brat does not.
const MARK: char = '\u{FEFF}';

/// How the newlines of a file were counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Newlines {
    /// CRLF is one, and a lone CR is a newline, as brat and Python read.
    Universal,
    /// Every character counts.
    Kept,
}

/// A text with brat's places in it.
#[derive(Debug)]
pub struct BratText {
    /// The text as it is counted.
    text: String,
    map: OffsetMap,
    /// One when the mark at the beginning counts.
    lead: usize,
    /// For every CRLF that counts one: its place as counted, without the mark.
    counted: Vec<usize>,
    /// For every CRLF that counts one: its place in the article.
    real: Vec<usize>,
}

impl BratText {
    /// The text of an article; `marked` when a byte order mark stands before it in the file and counts.
    pub fn new(article: &str, newlines: Newlines, marked: bool) -> Self {
        let mut text = String::with_capacity(article.len() + MARK.len_utf8());
        if marked {
            text.push(MARK);
        }
        let (mut counted, mut real) = (Vec::new(), Vec::new());
        let mut chars = article.chars().enumerate().peekable();
        let mut places = 0;
        while let Some((at, c)) = chars.next() {
            match c {
                '\r' if newlines == Newlines::Universal => {
                    if chars.next_if(|(_, next)| *next == '\n').is_some() {
                        counted.push(places);
                        real.push(at);
                    }
                    text.push('\n');
                }
                c => text.push(c),
            }
            places += 1;
        }
        let map = OffsetMap::new(&text);
        Self { text, map, lead: usize::from(marked), counted, real }
    }

    /// The text as it is counted.
    #[cfg(test)]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text as it is counted, newlines as spaces: so it can stand on a line. Its places are the same.
    pub fn flat(&self) -> String {
        self.text.replace('\n', " ")
    }

    /// The places of the text as it is counted.
    pub fn map(&self) -> &OffsetMap {
        &self.map
    }

    /// The counted code points of a piece of the file; it may be empty. `None` when it passes the end or is turned round.
    pub fn counted_from_units(&self, unit: OffsetUnit, start: u64, end: u64) -> Option<Span> {
        if start < end {
            return unit.span_from_units(&self.map, start, end);
        }
        // An empty piece: the place is that of the end of everything before it.
        let at = if start == 0 { CharOffset::ZERO } else { unit.span_from_units(&self.map, 0, start)?.end };
        (start == end).then(|| Span::empty_at(at))
    }

    /// What stands at counted code points.
    pub fn slice(&self, counted: Span) -> &str {
        self.map.bytes_from_span(counted).and_then(|bytes| bytes.slice(&self.text)).unwrap_or_default()
    }

    /// The place in the article of counted code points; `None` inside the mark.
    pub fn real_from_counted(&self, counted: Span) -> Option<Span> {
        let real = |at: CharOffset| {
            let at = at.get().checked_sub(self.lead)?;
            Some(CharOffset::new(at + self.counted.partition_point(|pair| *pair < at)))
        };
        Some(Span::new(real(counted.start)?, real(counted.end)?))
    }

    /// The counted code points of a place in the article; an edge inside a CRLF that counts one moves outward.
    pub fn counted_around(&self, real: Span) -> Span {
        let pairs = |at: CharOffset| self.real.partition_point(|pair| *pair + 1 < at.get());
        let start = real.start.get() - self.real.partition_point(|pair| *pair < real.start.get());
        let end = real.end.get() - pairs(real.end);
        Span::from_chars(start + self.lead, end + self.lead)
    }

    /// The counted code points of a place in the article; `None` when an edge stands inside a CRLF that counts one.
    #[cfg(test)]
    pub fn counted_from_real(&self, real: Span) -> Option<Span> {
        let counted = |at: CharOffset| {
            let pairs = self.real.partition_point(|pair| *pair < at.get());
            let inside =
                pairs.checked_sub(1).and_then(|last| self.real.get(last)).is_some_and(|pair| pair + 1 == at.get());
            (!inside).then(|| CharOffset::new(at.get() - pairs + self.lead))
        };
        Some(Span::new(counted(real.start)?, counted(real.end)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::trial::texts;
    use proptest::prelude::*;

    #[test]
    fn crlf_counts_one() {
        let text = BratText::new("a\r\nb\rc\n\r\n😀", Newlines::Universal, false);
        assert_eq!(text.text(), "a\nb\nc\n\n😀");
        let check = |counted: (usize, usize), real: (usize, usize)| {
            let (counted, real) = (Span::from_chars(counted.0, counted.1), Span::from_chars(real.0, real.1));
            assert_eq!(text.real_from_counted(counted), Some(real));
            assert_eq!(text.counted_from_real(real), Some(counted));
        };
        check((0, 1), (0, 1));
        check((1, 2), (1, 3));
        check((2, 3), (3, 4));
        check((7, 8), (9, 10));
        assert_eq!(text.counted_from_real(Span::from_chars(0, 2)), None);
    }

    #[test]
    fn the_mark_counts() {
        let text = BratText::new("ab", Newlines::Universal, true);
        assert_eq!(text.real_from_counted(Span::from_chars(1, 3)), Some(Span::from_chars(0, 2)));
        assert_eq!(text.real_from_counted(Span::from_chars(0, 2)), None);
        assert_eq!(text.counted_from_units(OffsetUnit::CodePoint, 3, 3), Some(Span::from_chars(3, 3)));
        assert_eq!(text.counted_from_units(OffsetUnit::CodePoint, 3, 2), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn places_go_there_and_back(article in texts(), marked in any::<bool>()) {
            let text = BratText::new(&article, Newlines::Universal, marked);
            let chars = article.chars().count();
            for start in 0..chars {
                let real = Span::from_chars(start, chars);
                if let Some(counted) = text.counted_from_real(real) {
                    prop_assert_eq!(text.real_from_counted(counted), Some(real));
                    let slice: String = article.chars().skip(start).collect();
                    prop_assert_eq!(text.slice(counted), slice.replace("\r\n", "\n").replace('\r', "\n"));
                }
            }
        }
    }
}

//! The paragraphs of an article's text: where each starts and ends, and what stands between them.
//!
//! Owns the index: one `u32` per paragraph, made in one pass. It must not know fonts, heights or a window.
//!
//! A paragraph is a hard line (`\n` or `\r\n` ends it) that holds more than white space. A line longer than
//! [`LONGEST_PARAGRAPH_BYTES`] is cut into pieces that are laid out as paragraphs without a gap between them, because
//! shaping cannot stop half-way and one line may hold a whole book. A piece ends after a white space where there is one in
//! its second half, else at a grapheme boundary; there the letters on both sides of the cut do not join.

use crate::domain::offset::{ByteOffset, ByteSpan};
use std::sync::Arc;
use unicode_segmentation::UnicodeSegmentation as _;

/// The longest text that is laid out at once.
pub const LONGEST_PARAGRAPH_BYTES: usize = 8 << 10;

/// A line of at most this many code points above the body is a lead line: a date or a kicker.
pub const LONGEST_LEAD_CHARS: usize = 40;

/// More short lines than this at the top are not a lead but a list or a poem.
pub const MOST_LEAD_LINES: usize = 3;

/// A paragraph's number in its article, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct ParagraphNumber(u32);

impl ParagraphNumber {
    /// The number of the paragraph that `count` others precede.
    #[must_use]
    pub fn new(count: usize) -> Self {
        Self(u32::try_from(count).unwrap_or(u32::MAX))
    }

    /// How many paragraphs precede it.
    #[must_use]
    pub fn get(self) -> usize {
        self.0 as usize
    }

    /// The next one.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// The one before; `None` for the first.
    #[must_use]
    pub fn previous(self) -> Option<Self> {
        self.0.checked_sub(1).map(Self)
    }
}

/// What stands between a paragraph and the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gap {
    /// Nothing: the paragraph is the first, or a further piece of a long line.
    None,
    /// A line break.
    Line,
    /// One or more blank lines.
    Blank,
}

/// The paragraphs of one text. There is always at least one, which may be empty.
#[derive(Clone, Debug)]
pub struct Paragraphs {
    text: Arc<str>,
    starts: Vec<u32>,
    lead: usize,
}

impl Paragraphs {
    /// Finds the paragraphs of `text`.
    #[must_use]
    pub fn new(text: Arc<str>) -> Self {
        let mut starts = starts_of_paragraphs(&text);
        if starts.is_empty() {
            starts.push(0);
        }
        starts.shrink_to_fit();
        let mut paragraphs = Self { text, starts, lead: 0 };
        paragraphs.lead = paragraphs.count_lead();
        paragraphs
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// How many paragraphs there are, at least 1.
    #[must_use]
    pub fn count(&self) -> usize {
        self.starts.len()
    }

    /// The last paragraph.
    #[must_use]
    pub fn last(&self) -> ParagraphNumber {
        ParagraphNumber::new(self.starts.len().saturating_sub(1))
    }

    fn start(&self, number: ParagraphNumber) -> usize {
        self.starts.get(number.get()).map_or(self.text.len(), |&start| start as usize)
    }

    /// The bytes of a paragraph without its line break; empty at the text's end past the last.
    #[must_use]
    pub fn span(&self, number: ParagraphNumber) -> ByteSpan {
        let start = self.start(number);
        let raw = self.text.get(start..self.start(number.next())).unwrap_or_default();
        let len = match raw.find('\n') {
            Some(at) if raw.get(..at).is_some_and(|line| line.ends_with('\r')) => at - 1,
            Some(at) => at,
            None => raw.len(),
        };
        ByteSpan::from_bytes(start, start + len)
    }

    /// A paragraph's text without its line break.
    #[must_use]
    pub fn text_of(&self, number: ParagraphNumber) -> &str {
        self.span(number).slice(&self.text).unwrap_or_default()
    }

    /// How many bytes from a paragraph's start to the next's, in O(1): its text, its line break and the blank lines after.
    #[must_use]
    pub fn len_bytes_with_break(&self, number: ParagraphNumber) -> usize {
        self.start(number.next()).saturating_sub(self.start(number))
    }

    /// The paragraph that holds a byte. Blank lines belong to the paragraph above them, those at the top to the first.
    #[must_use]
    pub fn from_byte(&self, at: ByteOffset) -> ParagraphNumber {
        let after = self.starts.partition_point(|&start| start as usize <= at.get());
        ParagraphNumber::new(after.saturating_sub(1))
    }

    /// What stands above a paragraph.
    #[must_use]
    pub fn gap_before(&self, number: ParagraphNumber) -> Gap {
        /// Blank lines longer than this are still blank lines.
        const LOOK_BACK_CHARS: usize = 256;
        let before = self.text.get(..self.start(number)).unwrap_or_default();
        if number.previous().is_none() || !before.ends_with('\n') {
            return Gap::None;
        }
        let mut line_breaks = 0;
        for c in before.chars().rev().take(LOOK_BACK_CHARS) {
            match c {
                '\n' if line_breaks == 1 => return Gap::Blank,
                '\n' => line_breaks = 1,
                c if c.is_whitespace() => {}
                _ => return Gap::Line,
            }
        }
        Gap::Blank
    }

    /// Whether a paragraph is one of the short lines above the body: a date, a kicker.
    #[must_use]
    pub fn is_lead(&self, number: ParagraphNumber) -> bool {
        number.get() < self.lead
    }

    fn count_lead(&self) -> usize {
        let is_long = |&count: &usize| {
            let text = self.text_of(ParagraphNumber::new(count));
            text.chars().nth(LONGEST_LEAD_CHARS).is_some()
        };
        (0..self.count()).take(MOST_LEAD_LINES + 1).find(is_long).unwrap_or(0)
    }
}

fn starts_of_paragraphs(text: &str) -> Vec<u32> {
    // An article is at most `MAX_TEXT_BYTES` long, so no start is cut.
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let mut starts = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if !line.trim_start().is_empty() {
            starts.push(offset(at));
            let mut piece = line.trim_end_matches(['\n', '\r']);
            let mut piece_at = at;
            while piece.len() > LONGEST_PARAGRAPH_BYTES {
                let (first, rest) = piece.split_at(cut(piece));
                piece_at += first.len();
                piece = rest;
                starts.push(offset(piece_at));
            }
        }
        at += line.len();
    }
    starts
}

/// Where to cut a piece off a line that is too long: never 0.
fn cut(line: &str) -> usize {
    /// How far back a grapheme boundary is looked for.
    const TAIL_BYTES: usize = 256;
    let limit = line.floor_char_boundary(LONGEST_PARAGRAPH_BYTES);
    let window = line.get(..limit).unwrap_or(line);
    let half = window.floor_char_boundary(window.len() / 2);
    let second_half = window.get(half..).unwrap_or_default();
    if let Some((at, space)) = second_half.char_indices().rfind(|(_, c)| c.is_whitespace()) {
        return half + at + space.len_utf8();
    }
    let tail_at = window.floor_char_boundary(window.len().saturating_sub(TAIL_BYTES));
    let tail = window.get(tail_at..).unwrap_or_default();
    match tail.grapheme_indices(true).next_back() {
        Some((at, _)) if at > 0 => tail_at + at,
        _ => window.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn paragraphs(text: &str) -> Vec<(Gap, &str)> {
        let index = Paragraphs::new(text.into());
        let spans = (0..index.count()).map(ParagraphNumber::new);
        spans.map(|number| (index.gap_before(number), index.span(number).slice(text).unwrap())).collect()
    }

    fn check(text: &str, expected: &[(Gap, &str)]) {
        assert_eq!(paragraphs(text), expected, "{text:?}");
    }

    #[test]
    fn hard_lines_are_paragraphs_and_blank_lines_a_gap() {
        check("", &[(Gap::None, "")]);
        check("\n \r\n", &[(Gap::None, "")]);
        check("یک", &[(Gap::None, "یک")]);
        check("یک\nدو\r\nسه\n", &[(Gap::None, "یک"), (Gap::Line, "دو"), (Gap::Line, "سه")]);
        check("\n\nیک  \n\n \n\nدو", &[(Gap::None, "یک  "), (Gap::Blank, "دو")]);
        check("یک  \r\n\r\nدو", &[(Gap::None, "یک  "), (Gap::Blank, "دو")]);
        check("\u{200F}\n\0", &[(Gap::None, "\u{200F}"), (Gap::Line, "\0")]);
        check("a\rb", &[(Gap::None, "a\rb")]);
    }

    #[test]
    fn a_long_line_is_cut_at_spaces_or_between_graphemes() {
        let words = "واژه ".repeat(5000);
        let pieces = paragraphs(&words);
        assert!(pieces.len() > 4 && pieces.iter().all(|(gap, piece)| *gap == Gap::None && piece.ends_with("واژه ")));
        let flags = format!("a{}", "👨‍👩‍👧".repeat(2000));
        let pieces = paragraphs(&flags);
        assert!(pieces.len() > 3 && pieces.iter().all(|(_, piece)| piece.ends_with("👧")));
        for text in [words, flags, "\u{301}".repeat(9000), "x".repeat(100_000)] {
            let pieces = paragraphs(&text);
            assert!(pieces.iter().all(|(_, piece)| !piece.is_empty() && piece.len() <= LONGEST_PARAGRAPH_BYTES));
            assert_eq!(pieces.iter().map(|(_, piece)| *piece).collect::<String>(), text);
        }
    }

    fn check_lead(text: &str, expected: usize) {
        let index = Paragraphs::new(text.into());
        let lead = (0..index.count()).filter(|&count| index.is_lead(ParagraphNumber::new(count))).count();
        assert_eq!(lead, expected, "{text:?}");
    }

    #[test]
    fn short_lines_above_the_body_are_the_lead() {
        let body = "متن ".repeat(20);
        check_lead(&body, 0);
        check_lead(&format!("۲۹ دی ۱۳۹۷\n\nسردار مطرح کرد؛\n\n{body}"), 2);
        check_lead(&format!("یک\nدو\nسه\n{body}"), 3);
        check_lead(&format!("یک\nدو\nسه\nچهار\n{body}"), 0);
        check_lead("فقط\nسه\nسطر", 0);
    }

    proptest! {
        #[test]
        fn agrees_with_a_plain_split(text in "[ab \r\n\u{200C}سلا]{0,80}") {
            let plain: Vec<&str> = text
                .split('\n')
                .filter(|line| !line.trim().is_empty())
                .map(|line| line.strip_suffix('\r').unwrap_or(line))
                .collect();
            let found: Vec<&str> = paragraphs(&text).into_iter().map(|(_, piece)| piece).collect();
            if plain.is_empty() {
                prop_assert!(found.len() == 1 && found.concat().trim().is_empty());
            } else if text.split('\n').next_back().is_some_and(|last| last.ends_with('\r')) {
                // Without a line feed after it, a carriage return is a character of its own.
                prop_assert_eq!(found.len(), plain.len());
            } else {
                prop_assert_eq!(found, plain);
            }
        }

        #[test]
        fn every_byte_is_in_one_paragraph(text in "[a \n]{0,60}") {
            let index = Paragraphs::new(text.as_str().into());
            for at in 0..=text.len() {
                let number = index.from_byte(ByteOffset::new(at));
                let next = index.span(number.next()).start.get();
                prop_assert!(number <= index.last());
                prop_assert!(number.get() == 0 || index.span(number).start.get() <= at);
                prop_assert!(number == index.last() || at < next);
            }
        }
    }
}

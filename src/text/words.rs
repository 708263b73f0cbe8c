//! Steps through the text of a field: graphemes, words and hard lines by the Unicode rules (UAX #29).
//!
//! Owns what a key deletes or passes in a field. It must not be used on an article, whose words are those of
//! `domain::token`; a field holds little text, and each question here may scan all of it.

use crate::domain::offset::{ByteOffset, ByteSpan};
use unicode_segmentation::UnicodeSegmentation as _;

/// The end of the grapheme cluster after `at`; the text's end at the end.
pub(crate) fn next_grapheme(text: &str, at: ByteOffset) -> ByteOffset {
    let rest = text.get(at.get()..).unwrap_or_default();
    at.plus(rest.graphemes(true).next().map_or(0, str::len))
}

/// `at` when it is between two grapheme clusters, else the end of the one it cuts.
pub(crate) fn grapheme_boundary_at_or_after(text: &str, at: ByteOffset) -> ByteOffset {
    let mut ends = text.grapheme_indices(true).map(|(start, grapheme)| start + grapheme.len());
    if at == ByteOffset::ZERO { at } else { ends.find(|&end| end >= at.get()).map_or(at, ByteOffset::new) }
}

/// Where backspace at `at` deletes from: one code point, so that a mark or a joiner typed wrongly can be mended, but a
/// whole cluster when it is an emoji or a line break of two characters.
pub(crate) fn backspace_start(text: &str, at: ByteOffset) -> ByteOffset {
    let before = text.get(..at.get()).unwrap_or_default();
    let Some(last) = before.graphemes(true).next_back() else { return ByteOffset::ZERO };
    let last_char = last.chars().next_back().map_or(0, char::len_utf8);
    let is_whole = last == "\r\n" || last.chars().any(is_emoji);
    at.minus(if is_whole { last.len() } else { last_char })
}

/// Whether a code point makes its cluster an emoji: the pictographs, the flags' letters, and the signs that make emoji.
fn is_emoji(c: char) -> bool {
    matches!(c, '\u{1F000}'..='\u{1FAFF}' | '\u{2600}'..='\u{27BF}' | '\u{FE0F}' | '\u{20E3}' | '\u{E0020}'..='\u{E007F}')
}

/// The start of the word before `at`, spaces passed; the text's start when there is none.
pub(crate) fn word_start_before(text: &str, at: ByteOffset) -> ByteOffset {
    let before = text.get(..at.get()).unwrap_or_default();
    let word = before.split_word_bound_indices().rfind(|(_, segment)| !segment.trim().is_empty());
    ByteOffset::new(word.map_or(0, |(start, _)| start))
}

/// The start of the next word after `at`; the text's end when there is none.
pub(crate) fn word_start_after(text: &str, at: ByteOffset) -> ByteOffset {
    let mut segments = text.split_word_bound_indices();
    let next = segments.find(|(start, segment)| *start > at.get() && !segment.trim().is_empty());
    ByteOffset::new(next.map_or(text.len(), |(start, _)| start))
}

/// The word, the space or the sign that holds `at`; the last at the text's end, an empty span in an empty text.
pub(crate) fn segment_at(text: &str, at: ByteOffset) -> ByteSpan {
    let mut segments = text.split_word_bound_indices();
    let found = segments.find(|(start, segment)| at.get() < start + segment.len());
    let last = || text.split_word_bound_indices().next_back();
    let (start, segment) = found.or_else(last).unwrap_or_default();
    ByteSpan::from_bytes(start, start + segment.len())
}

/// The hard line that holds `at`, without its line break.
pub(crate) fn hard_line_at(text: &str, at: ByteOffset) -> ByteSpan {
    let (before, after) = text.split_at_checked(at.get()).unwrap_or((text, ""));
    let start = before.rfind('\n').map_or(0, |line_break| line_break + 1);
    let end = after.find('\n').map_or(text.len(), |line_break| before.len() + line_break);
    ByteSpan::from_bytes(start, end)
}

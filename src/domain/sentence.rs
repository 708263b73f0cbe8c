//! Sentences: where a text may be parted so that each part can be read by itself.
//!
//! Owns the rule. It must not know what sentences are for.
//!
//! A sentence ends at a line break, and after a run of `. ! ? ؟ …` with the quotes and brackets that close behind it. A full
//! stop ends none between two digits (`۳.۵`), before a letter that follows at once (`mehr.ir`), nor after a single letter
//! (`ج.ا.ا.`, `J. R.`).

use crate::domain::offset::ByteSpan;

/// The sentences of `text` in order, without the white space around them. Every character that is not white space is in
/// exactly one.
///
/// ```
/// use barchasb::domain::sentence::sentences;
/// let text = "رشد ۳.۵ درصد بود. چرا؟!\nاو (ج. ا.) «نرفت.» پایان";
/// let found: Vec<&str> = sentences(text).filter_map(|span| span.slice(text)).collect();
/// assert_eq!(found, ["رشد ۳.۵ درصد بود.", "چرا؟!", "او (ج. ا.) «نرفت.»", "پایان"]);
/// ```
pub fn sentences(text: &str) -> impl Iterator<Item = ByteSpan> {
    let mut from = 0;
    std::iter::from_fn(move || {
        while from < text.len() {
            let end = end_after(text, from);
            let piece = text.get(from..end)?;
            let start = from + piece.len() - piece.trim_start().len();
            let len = piece.trim().len();
            from = end;
            if len > 0 {
                return Some(ByteSpan::from_bytes(start, start + len));
            }
        }
        None
    })
}

/// Where the sentence that begins at `from` ends.
fn end_after(text: &str, from: usize) -> usize {
    let mut search = from;
    while let Some(at) = next_mark(text.as_bytes(), search) {
        let mut chars = text.get(at..).unwrap_or_default().chars().peekable();
        let Some(mark) = chars.next() else { break };
        let mut end = at + mark.len_utf8();
        if is_line_break(mark) {
            return end;
        }
        search = end;
        if !is_end(mark) {
            continue;
        }
        let mut single = mark == '.';
        while let Some(c) = chars.next_if(|c| is_end(*c)) {
            (end, single) = (end + c.len_utf8(), false);
        }
        let mut before = text.get(from..at).unwrap_or_default().chars().rev();
        let initial =
            before.next().is_some_and(is_letter) && !before.next().is_some_and(|c| is_letter(c) || c.is_numeric());
        let joins = chars.peek().is_some_and(|next| next.is_alphanumeric());
        if !(single && (initial || joins)) {
            while let Some(c) = chars.next_if(|c| is_closing(*c)) {
                end += c.len_utf8();
            }
            return end;
        }
    }
    text.len()
}

/// The first place from a byte on where a line break or an end mark may stand, told by its bytes.
fn next_mark(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    // Most of a text holds none: sixteen bytes that cannot belong to one are passed over at once.
    while let Some(piece) = bytes.get(at..).and_then(<[u8]>::first_chunk::<16>) {
        if piece.iter().fold(0, |found, byte| found | u8::from(may_be_mark(*byte))) != 0 {
            let found = piece.iter().enumerate().position(|(by, byte)| may_be_mark(*byte) && is_mark(bytes, at + by));
            if let Some(by) = found {
                return Some(mark_start(bytes, at + by));
            }
        }
        at += piece.len();
    }
    (at..bytes.len()).find(|at| is_mark(bytes, *at)).map(|at| mark_start(bytes, at))
}

/// Whether a byte may tell a mark: its only byte, the first of U+0085, U+2026, U+2028 and U+2029, or the last of U+061F and U+06D4, of
/// which the first is that of every other letter.
#[inline]
fn may_be_mark(byte: u8) -> bool {
    // Without a branch, sixteen are compared at once.
    let single = (byte == b'.') | (byte == b'!') | (byte == b'?') | (byte.wrapping_sub(b'\n') < 4);
    single | (byte == 0x9F) | (byte == 0x94) | (byte == 0xC2) | (byte == 0xE2)
}

fn is_mark(bytes: &[u8], at: usize) -> bool {
    let byte = |by: usize| bytes.get(at + by).copied();
    let before = || at.checked_sub(1).and_then(|at| bytes.get(at)).copied();
    match byte(0) {
        Some(b'\n'..=b'\r' | b'.' | b'!' | b'?') => true,
        Some(0xC2) => byte(1) == Some(0x85),
        Some(0x9F) => before() == Some(0xD8),
        Some(0x94) => before() == Some(0xDB),
        Some(0xE2) => byte(1) == Some(0x80) && matches!(byte(2), Some(0xA6 | 0xA8 | 0xA9)),
        _ => false,
    }
}

/// The first byte of the mark that a byte told.
fn mark_start(bytes: &[u8], at: usize) -> usize {
    at - usize::from(matches!(bytes.get(at), Some(0x9F | 0x94)))
}

/// The same as [`char::is_alphabetic`], quicker for the letters of Persian.
fn is_letter(c: char) -> bool {
    matches!(c, '\u{620}'..='\u{64A}' | '\u{671}'..='\u{6D3}') || c.is_alphabetic()
}

fn is_line_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn is_end(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '؟' | '…' | '۔')
}

fn is_closing(c: char) -> bool {
    matches!(c, '»' | ')' | ']' | '}' | '"' | '\'' | '”' | '’' | '›')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::grapheme::arbitrary;
    use proptest::prelude::*;

    fn check(text: &str, expected: &[&str]) {
        let found: Vec<&str> = sentences(text).filter_map(|span| span.slice(text)).collect();
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn where_sentences_end() {
        check("", &[]);
        check(" \n\n ", &[]);
        check("یک. دو! سه؟ چهار… پنج", &["یک.", "دو!", "سه؟", "چهار…", "پنج"]);
        check("یک\nدو\r\nسه\u{2029}چهار", &["یک", "دو", "سه", "چهار"]);
        check("«رفت.» (آمد!) ماند...", &["«رفت.»", "(آمد!)", "ماند..."]);
    }

    #[test]
    fn where_they_do_not() {
        check("۳.۵ درصد و 1.2", &["۳.۵ درصد و 1.2"]);
        check("نشانی mehrnews.ir است. پایان", &["نشانی mehrnews.ir است.", "پایان"]);
        check("ج.ا.ا. گفت J. R. Smith", &["ج.ا.ا. گفت J. R. Smith"]);
        check("سال ۱۳۹۷. بعد", &["سال ۱۳۹۷.", "بعد"]);
    }

    #[test]
    fn letters_are_those_of_unicode() {
        assert!(('\0'..='\u{FFFF}').all(|c| is_letter(c) == c.is_alphabetic()));
    }

    proptest! {
        #[test]
        fn every_visible_character_is_in_one_sentence(text in arbitrary::text()) {
            let mut end = 0;
            for span in sentences(&text) {
                prop_assert!(span.start.get() >= end && !span.is_empty());
                prop_assert!(text[end..span.start.get()].chars().all(char::is_whitespace));
                let sentence = span.slice(&text).unwrap();
                prop_assert_eq!(sentence.trim(), sentence);
                prop_assert!(!sentence.contains('\n'));
                end = span.end.get();
            }
            prop_assert!(text[end..].chars().all(char::is_whitespace));
        }
    }
}

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
    let rest = text.get(from..).unwrap_or_default();
    let mut chars = rest.char_indices().peekable();
    // The last three characters: what stands before a full stop.
    let (mut before, mut second) = (' ', ' ');
    while let Some((at, c)) = chars.next() {
        if is_line_break(c) {
            return from + at + c.len_utf8();
        }
        if is_end(c) {
            let (mut end, mut single) = (at + c.len_utf8(), c == '.');
            while let Some((at, c)) = chars.next_if(|(_, c)| is_end(*c)) {
                (end, single) = (at + c.len_utf8(), false);
            }
            let initial = before.is_alphabetic() && !second.is_alphanumeric();
            let joins = chars.peek().is_some_and(|(_, next)| next.is_alphanumeric());
            if !(single && (initial || joins)) {
                while let Some((at, c)) = chars.next_if(|(_, c)| is_closing(*c)) {
                    end = at + c.len_utf8();
                }
                return from + end;
            }
        }
        (second, before) = (before, c);
    }
    text.len()
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

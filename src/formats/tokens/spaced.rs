//! A text as words with or without a space after each, as spaCy and Prodigy keep it.
//!
//! Owns [`SpacedWords`]: joined again, its words are the text to the letter. It must not know files.

use crate::domain::offset::{ByteSpan, Span, TokenOffset, TokenSpan};
use crate::domain::segmentation::{PlacedToken, Segmentation};

/// A word of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SpacedWord {
    /// Where it stands.
    pub token: PlacedToken,
    /// Whether one space (U+0020) stands after it that is no part of a word.
    pub has_space: bool,
}

/// All of a text as words: tokens, and what stands between them where that is more than one space.
///
/// Between two tokens, one space belongs to the word before it; the white space that is left is a word, and so are characters in which
/// the tokeniser sees no token. spaCy's own tokeniser does the same.
///
/// ```
/// use barchasb::domain::segmentation::Segmentation;
/// use barchasb::formats::tokens::spaced::SpacedWords;
/// let text = "علی  آمد.\r\n";
/// let words = SpacedWords::of_text(text, &Segmentation::of_text(text));
/// let all: Vec<(&str, bool)> = words.all().iter().map(|w| (w.token.bytes.slice(text).unwrap(), w.has_space)).collect();
/// assert_eq!(all, [("علی", true), (" ", false), ("آمد", false), (".", false), ("\r\n", false)]);
/// ```
#[derive(Clone, Debug, Default)]
pub struct SpacedWords {
    words: Vec<SpacedWord>,
    /// For every token of the segmentation, which word it is.
    of_tokens: Vec<TokenOffset>,
}

impl SpacedWords {
    /// The words of a text with these tokens.
    #[must_use]
    pub fn of_text(text: &str, cut: &Segmentation) -> Self {
        let mut all = Self::default();
        all.words.reserve(cut.tokens().len() + cut.tokens().len() / 4);
        all.of_tokens.reserve(cut.tokens().len());
        let (mut byte, mut char) = (0, 0);
        for token in cut.tokens() {
            all.add_gap(text, (byte, token.bytes.start.get()), char);
            all.of_tokens.push(TokenOffset::new(all.words.len()));
            all.words.push(SpacedWord { token: *token, has_space: false });
            (byte, char) = (token.bytes.end.get(), token.span.end.get());
        }
        all.add_gap(text, (byte, text.len()), char);
        all
    }

    /// Takes what stands between two tokens: its bytes, and the code point at which it begins.
    fn add_gap(&mut self, text: &str, (mut byte, end): (usize, usize), mut char: usize) {
        while let Some(gap) = text.get(byte..end).filter(|gap| !gap.is_empty()) {
            if gap.starts_with(' ')
                && let Some(last) = self.words.last_mut().filter(|word| !word.has_space && is_word(text, word))
            {
                last.has_space = true;
                (byte, char) = (byte + 1, char + 1);
                continue;
            }
            let is_white = gap.starts_with(char::is_whitespace);
            let run = gap.find(|c: char| c.is_whitespace() != is_white).unwrap_or(gap.len());
            let chars = gap.get(..run).unwrap_or_default().chars().count();
            let token = PlacedToken {
                span: Span::from_chars(char, char + chars),
                bytes: ByteSpan::from_bytes(byte, byte + run),
            };
            self.words.push(SpacedWord { token, has_space: false });
            (byte, char) = (byte + run, char + chars);
        }
    }

    /// All words, in order.
    #[must_use]
    pub fn all(&self) -> &[SpacedWord] {
        &self.words
    }

    /// The words from the first to the last of these tokens of the segmentation; `None` when they are none.
    #[must_use]
    pub fn words_from_tokens(&self, tokens: TokenSpan) -> Option<TokenSpan> {
        let of_tokens = self.of_tokens.get(tokens.range())?;
        Some(TokenSpan { start: *of_tokens.first()?, end: of_tokens.last()?.plus(1) })
    }

    /// The words of which the first begins and the last ends just there.
    #[must_use]
    pub fn words_from_span(&self, span: Span) -> Option<TokenSpan> {
        let start = self.words.binary_search_by_key(&span.start, |word| word.token.span.start).ok()?;
        let end = self.words.binary_search_by_key(&span.end, |word| word.token.span.end).ok()?;
        (start <= end).then(|| TokenSpan::from_tokens(start, end + 1))
    }
}

/// White space takes no space after it: the whole run of it is one word.
fn is_word(text: &str, word: &SpacedWord) -> bool {
    word.token.bytes.slice(text).is_some_and(|word| !word.ends_with(char::is_whitespace))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::trial::texts;
    use proptest::prelude::*;

    fn joined(text: &str) -> String {
        let words = SpacedWords::of_text(text, &Segmentation::of_text(text));
        let mut end = 0;
        let mut all = String::new();
        for word in words.all() {
            let slice: String =
                text.chars().skip(word.token.span.start.get()).take(word.token.span.len_chars()).collect();
            assert_eq!(word.token.bytes.slice(text), Some(slice.as_str()), "{text:?}");
            assert_eq!(word.token.span.start.get(), end, "{text:?}");
            end = word.token.span.end.get() + usize::from(word.has_space);
            all.push_str(&slice);
            all.push_str(if word.has_space { " " } else { "" });
        }
        all
    }

    #[test]
    fn white_space_becomes_words_as_in_spacy() {
        let check = |text: &str, expected: &[&str]| {
            let words = SpacedWords::of_text(text, &Segmentation::of_text(text));
            let words: Vec<String> = words
                .all()
                .iter()
                .map(|w| format!("{}{}", w.token.bytes.slice(text).unwrap(), if w.has_space { "_" } else { "" }))
                .collect();
            assert_eq!(words, expected, "{text:?}");
        };
        check("a b", &["a_", "b"]);
        check(" a ", &[" ", "a_"]);
        check("  a", &["  ", "a"]);
        check("a \n b", &["a_", "\n ", "b"]);
        check("a\n\nb", &["a", "\n\n", "b"]);
        check("a  ", &["a_", " "]);
        check("a\u{a0}b", &["a", "\u{a0}", "b"]);
    }

    proptest! {
        #[test]
        fn the_words_are_the_text(text in texts()) {
            prop_assert_eq!(joined(&text), text);
        }
    }
}

//! Segmentation: a text cut into sentences and these into tokens, with every token's place.
//!
//! Owns [`Segmentation`]. It must not know files; the rules are those of [`token`](crate::domain::token) and
//! [`sentence`](crate::domain::sentence), or the cut that a file brought.

use crate::domain::offset::{ByteOffset, ByteSpan, CharOffset, Span, TokenOffset, TokenSpan};
use crate::domain::sentence::sentences;
use crate::domain::token::{char_count, counted_tokens};

/// A token by its places in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlacedToken {
    /// In code points.
    pub span: Span,
    /// In bytes.
    pub bytes: ByteSpan,
}

/// A text's tokens in order, and the sentences as runs of them.
///
/// Tokens do not overlap and are not empty; every token is in just one sentence.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Segmentation {
    tokens: Vec<PlacedToken>,
    sentences: Vec<TokenSpan>,
}

impl Segmentation {
    /// The segmentation of a text by our own rules.
    ///
    /// ```
    /// use barchasb::domain::segmentation::Segmentation;
    /// let text = "علی، آمد. رفت";
    /// let cut = Segmentation::of_text(text);
    /// let words: Vec<&str> = cut.tokens().iter().filter_map(|token| token.bytes.slice(text)).collect();
    /// assert_eq!(words, ["علی", "،", "آمد", ".", "رفت"]);
    /// assert_eq!(cut.sentences().len(), 2);
    /// ```
    #[must_use]
    pub fn of_text(text: &str) -> Self {
        // A token of Persian text has some eight bytes with the space after it, seldom fewer than six.
        let mut all = Self { tokens: Vec::with_capacity(text.len() / 6), sentences: Vec::new() };
        // What was passed, in bytes and in code points.
        let (mut byte, mut chars) = (0, 0);
        for sentence in sentences(text) {
            let (base, first) = (sentence.start.get(), all.tokens.len());
            let base_chars = chars + char_count(text.as_bytes().get(byte..base).unwrap_or_default());
            (byte, chars) = (base, base_chars);
            for (token, span) in counted_tokens(sentence.slice(text).unwrap_or_default()) {
                (byte, chars) = (base + token.span.end.get(), base_chars + span.end.get());
                let bytes = ByteSpan { start: token.span.start.plus(base), end: ByteOffset::new(byte) };
                let span = Span { start: span.start.plus(base_chars), end: CharOffset::new(chars) };
                all.tokens.push(PlacedToken { span, bytes });
            }
            all.end_sentence(first);
        }
        all
    }

    /// The segmentation that a file brought: the code points of every token, sentence by sentence; `None` when a token is empty, passes
    /// the end, or does not stand after the one before it.
    ///
    /// ```
    /// use barchasb::domain::offset::Span;
    /// use barchasb::domain::segmentation::Segmentation;
    /// let cut = Segmentation::of_spans("از علی", &[vec![Span::from_chars(0, 2), Span::from_chars(3, 6)]]).unwrap();
    /// assert_eq!(cut.tokens()[1].bytes.slice("از علی"), Some("علی"));
    /// assert!(Segmentation::of_spans("از", &[vec![Span::from_chars(1, 3)]]).is_none());
    /// ```
    #[must_use]
    pub fn of_spans(text: &str, sentences: &[Vec<Span>]) -> Option<Self> {
        let mut all = Self::default();
        let mut chars = text.char_indices().map(|(byte, _)| byte).chain([text.len()]).enumerate().peekable();
        let mut byte_at = |char: CharOffset| {
            while chars.peek().is_some_and(|(at, _)| *at < char.get()) {
                chars.next();
            }
            chars.peek().map(|(_, byte)| *byte)
        };
        let mut end = CharOffset::ZERO;
        for sentence in sentences {
            let first = all.tokens.len();
            for span in sentence {
                if span.is_empty() || span.start < end {
                    return None;
                }
                let bytes = ByteSpan::from_bytes(byte_at(span.start)?, byte_at(span.end)?);
                all.tokens.push(PlacedToken { span: *span, bytes });
                end = span.end;
            }
            all.end_sentence(first);
        }
        Some(all)
    }

    fn end_sentence(&mut self, first: usize) {
        if self.tokens.len() > first {
            self.sentences.push(TokenSpan::from_tokens(first, self.tokens.len()));
        }
    }

    /// All tokens, in order.
    #[must_use]
    pub fn tokens(&self) -> &[PlacedToken] {
        &self.tokens
    }

    /// The sentences, none of them empty, in order.
    #[must_use]
    pub fn sentences(&self) -> &[TokenSpan] {
        &self.sentences
    }

    /// The tokens of a span of tokens.
    #[must_use]
    pub fn slice(&self, span: TokenSpan) -> &[PlacedToken] {
        self.tokens.get(span.range()).unwrap_or_default()
    }

    /// The code points from the first to the last of these tokens; `None` when they are none.
    #[must_use]
    pub fn span_from_tokens(&self, span: TokenSpan) -> Option<Span> {
        let tokens = self.slice(span);
        Some(Span::new(tokens.first()?.span.start, tokens.last()?.span.end))
    }

    /// The first token that ends after a place.
    #[must_use]
    pub fn first_after(&self, at: CharOffset) -> TokenOffset {
        TokenOffset::new(self.tokens.partition_point(|token| token.span.end <= at))
    }

    /// The first token that begins at a place or after it.
    #[must_use]
    pub fn first_from(&self, at: CharOffset) -> TokenOffset {
        TokenOffset::new(self.tokens.partition_point(|token| token.span.start < at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_of_the_text() {
        let text = "\n😀 می\u{200c}رود.\r\n\u{a0}رفت؟ بله";
        let cut = Segmentation::of_text(text);
        for token in cut.tokens() {
            let by_chars: String = text.chars().skip(token.span.start.get()).take(token.span.len_chars()).collect();
            assert_eq!(token.bytes.slice(text), Some(by_chars.as_str()));
        }
        assert_eq!(cut.sentences().iter().map(|s| s.to_string()).collect::<Vec<_>>(), ["0..3", "3..5", "5..6"]);
        // A file's own cut is taken as it is.
        let spans: Vec<Vec<Span>> =
            cut.sentences().iter().map(|s| cut.slice(*s).iter().map(|t| t.span).collect()).collect();
        assert_eq!(Segmentation::of_spans(text, &spans), Some(cut));
    }

    #[test]
    fn a_cut_that_does_not_fit_is_refused() {
        let spans = |spans: &[(usize, usize)]| vec![spans.iter().map(|(a, b)| Span::from_chars(*a, *b)).collect()];
        for bad in [&[(0, 0)][..], &[(0, 2), (1, 3)], &[(2, 3), (0, 1)], &[(2, 4)]] {
            assert_eq!(Segmentation::of_spans("abc", &spans(bad)), None, "{bad:?}");
        }
        assert!(Segmentation::of_spans("abc", &[]).unwrap().sentences().is_empty());
    }
}

//! An article cut into rows of a sentence each, for formats whose rows are lists of tokens.
//!
//! Owns the cut for writing; [`rows`](super::rows) puts such rows together again. It must not know a format.
//!
//! A row is a sentence and not a whole article because those who train on such files cut a row after some hundred tokens without a word:
//! the rest of an article would be lost to them. A row also holds the sentence's stretch of the text to the letter, so that the article
//! can be put together again as it was.

use crate::domain::offset::{ByteSpan, TokenSpan};
use crate::domain::record::ArticleRecord;
use crate::domain::segmentation::{PlacedToken, Segmentation};
use crate::formats::tokens::mentions::TokenMention;

/// A sentence as a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentenceRow<'a> {
    /// Where its stretch of the text stands.
    pub bytes: ByteSpan,
    /// Its stretch of the text, with the white space up to the next; `None` when the tokens would be found elsewhere in it.
    pub text: Option<&'a str>,
    /// Its tokens.
    pub tokens: Vec<PlacedToken>,
    /// Its mentions with their labels, by tokens counted from the row's first.
    pub mentions: Vec<(TokenSpan, &'a str)>,
}

/// The rows of an article with the mentions of one layer. A mention is never cut: sentences that it goes across are one row. An article
/// without tokens is one row without tokens.
///
/// ```
/// use barchasb::domain::record::ArticleRecord;
/// use barchasb::domain::segmentation::Segmentation;
/// use barchasb::formats::tokens::sentences::sentence_rows;
/// let record = ArticleRecord { text: "علی آمد.\nرفت. ".into(), ..ArticleRecord::default() };
/// let rows = sentence_rows(&record, &Segmentation::of_text(&record.text), &[]);
/// assert_eq!(rows.iter().filter_map(|row| row.text).collect::<Vec<_>>(), ["علی آمد.\n", "رفت. "]);
/// ```
#[must_use]
pub fn sentence_rows<'a>(
    record: &'a ArticleRecord,
    cut: &Segmentation,
    mentions: &[TokenMention<'a>],
) -> Vec<SentenceRow<'a>> {
    let mut spans = whole_sentences(cut, mentions);
    if spans.is_empty() {
        spans.push(TokenSpan::from_tokens(0, 0));
    }
    let begins = spans.iter().skip(1).map(|span| cut.slice(*span).first().map_or(0, |token| token.bytes.start.get()));
    let ends: Vec<usize> = begins.chain([record.text.len()]).collect();
    let mut start = 0;
    let mut rows = Vec::with_capacity(spans.len());
    for (span, end) in spans.iter().zip(ends) {
        let tokens = cut.slice(*span).to_vec();
        let bytes = ByteSpan::from_bytes(start, end);
        start = end;
        let text = bytes.slice(&record.text).filter(|_| is_found_again(&record.text, bytes, &tokens));
        rows.push(SentenceRow { bytes, text, tokens, mentions: Vec::new() });
    }
    for (tokens, mention) in mentions {
        let at = spans.partition_point(|span| span.end <= tokens.start);
        let (Some(row), Some(span)) = (rows.get_mut(at), spans.get(at)) else { continue };
        let first = span.start.get();
        let (start, end) = (tokens.start.get().saturating_sub(first), tokens.end.get().saturating_sub(first));
        row.mentions.push((TokenSpan::from_tokens(start, end), &mention.label));
    }
    rows
}

/// The sentences, those in one that a mention goes across.
fn whole_sentences(cut: &Segmentation, mentions: &[TokenMention<'_>]) -> Vec<TokenSpan> {
    let sentences = cut.sentences();
    let mut glued = vec![false; sentences.len()];
    for (tokens, _) in mentions {
        let first = sentences.partition_point(|sentence| sentence.end <= tokens.start);
        let last = sentences.partition_point(|sentence| sentence.end < tokens.end);
        glued.get_mut(first..last).unwrap_or_default().fill(true);
    }
    let mut whole: Vec<TokenSpan> = Vec::with_capacity(sentences.len());
    let mut goes_on = false;
    for (sentence, glued) in sentences.iter().zip(glued) {
        match whole.last_mut().filter(|_| goes_on) {
            Some(last) => last.end = sentence.end,
            None => whole.push(*sentence),
        }
        goes_on = glued;
    }
    whole
}

/// Whether a reader that looks for each token after the one before it finds every one where it stands.
fn is_found_again(text: &str, row: ByteSpan, tokens: &[PlacedToken]) -> bool {
    let mut end = row.start;
    tokens.iter().all(|token| {
        let gap = text.get(end.get()..token.bytes.start.get()).unwrap_or_default();
        end = token.bytes.end;
        let word = token.bytes.slice(text).unwrap_or_default();
        // Between tokens there is a space as a rule, and no word begins with one.
        if gap.is_empty() || (gap == " " && !word.starts_with(' ')) {
            return true;
        }
        let reach = text.get(end.get() - word.len() - gap.len()..end.get()).unwrap_or_default();
        reach.find(word) == Some(gap.len())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::offset::Span;
    use crate::domain::projection::Align;
    use crate::formats::problem::Place;
    use crate::formats::tokens::mentions::token_mentions;
    use crate::formats::trial::article;

    fn check(text: &str, mentions: &[(usize, usize, &str)], expected: &[(&str, usize, &[&str])]) {
        let record = article("a", text, mentions);
        let cut = Segmentation::of_text(text);
        let mentions =
            token_mentions(&cut, &record.layers[0].mentions, Align::Expand, Place::default(), &mut Vec::new());
        let rows = sentence_rows(&record, &cut, &mentions);
        let found: Vec<(&str, usize, Vec<String>)> = rows
            .iter()
            .map(|row| {
                let mentions = row.mentions.iter().map(|(tokens, label)| format!("{label} {tokens}")).collect();
                (row.text.unwrap(), row.tokens.len(), mentions)
            })
            .collect();
        let expected: Vec<_> =
            expected.iter().map(|(a, b, c)| (*a, *b, c.iter().map(|s| (*s).into()).collect())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn rows_are_sentences_and_cover_the_text() {
        check(
            " ab cd.\r\nef gh. ",
            &[(1, 3, "A"), (9, 11, "B")],
            &[(" ab cd.\r\n", 3, &["A 0..1"]), ("ef gh. ", 3, &["B 0..1"])],
        );
        check(
            "ab.\ncd.\nef.",
            &[(0, 6, "A"), (8, 10, "B")],
            &[("ab.\ncd.\n", 4, &["A 0..3"]), ("ef.", 2, &["B 0..1"])],
        );
        check("\u{200f}", &[], &[("\u{200f}", 0, &[])]);
    }

    #[test]
    fn a_row_whose_tokens_would_be_found_elsewhere_has_no_text() {
        let record = article("a", "ab ab", &[]);
        let cut = Segmentation::of_spans(&record.text, &[vec![Span::from_chars(3, 5)]]).unwrap();
        assert_eq!(sentence_rows(&record, &cut, &[])[0].text, None);
    }
}

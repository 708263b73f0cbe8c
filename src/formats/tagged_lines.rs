//! Corpora with a token and its tag a line, a blank line after each sentence: `تهران|B_LOC`, `تهران<TAB>B-LOC`, `تهران B-LOC`.
//!
//! Owns how such lines become articles for a simulation or an evaluation: tokens are joined by spaces, sentences by line breaks. It is
//! no importer: the text that the tokens came from is not to be had from them.

use crate::domain::mention::Origin;
use crate::domain::offset::Span;
use crate::domain::record::{ArticleRecord, LayerRecord, MentionRecord};
use crate::formats::finding::Finding;
use crate::formats::problem::{Place, Problem};
use std::num::NonZeroUsize;

/// Tokens with their tags.
type Sentence<'a> = Vec<(&'a str, Tag<'a>)>;

/// What a tag says of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tag<'a> {
    Outside,
    Begin(&'a str),
    Inside(&'a str),
}

impl<'a> Tag<'a> {
    /// `O`, or a prefix B or I, a hyphen or an underscore, and a label.
    fn from_text(text: &'a str) -> Option<Self> {
        if text == "O" {
            return Some(Self::Outside);
        }
        let (prefix, rest) = text.split_at_checked(1)?;
        let label = rest.strip_prefix(['-', '_']).filter(|label| !label.is_empty())?;
        match prefix {
            "B" => Some(Self::Begin(label)),
            "I" => Some(Self::Inside(label)),
            _ => None,
        }
    }
}

fn tagged_token(line: &str) -> Option<(&str, Tag<'_>)> {
    let (token, tag) = line.rsplit_once(['\t', '|', ' '])?;
    let token = token.trim();
    (!token.is_empty()).then_some((token, Tag::from_text(tag.trim())?))
}

/// The articles of a corpus, each of so many sentences in a row; they have one layer, of nobody. Lines that are no token with a tag are
/// left out, and told.
///
/// ```
/// use barchasb::formats::tagged_lines::articles_from_tagged_lines;
/// let corpus = "علی|B_PER\nبه|O\nتهران|B_LOC\nرفت|O\n\nباران|O\nآمد|O\n";
/// let (articles, problems) = articles_from_tagged_lines(corpus, 20.try_into().unwrap());
/// assert_eq!(articles[0].text, "علی به تهران رفت\nباران آمد");
/// assert_eq!(articles[0].layers[0].mentions[1].label, "LOC");
/// assert!(problems.is_empty());
/// ```
#[must_use]
pub fn articles_from_tagged_lines(corpus: &str, sentences: NonZeroUsize) -> (Vec<ArticleRecord>, Vec<Problem>) {
    let mut all: Vec<Sentence<'_>> = Vec::new();
    let mut open: Sentence<'_> = Vec::new();
    let mut problems = Vec::new();
    for (number, line) in (1_u64..).zip(corpus.trim_start_matches('\u{FEFF}').lines()) {
        if line.trim().is_empty() {
            all.extend(Some(std::mem::take(&mut open)).filter(|sentence| !sentence.is_empty()));
            continue;
        }
        match tagged_token(line) {
            Some(tagged) => open.push(tagged),
            None => problems.push(Problem::new(
                Place { line: Some(number), ..Place::default() },
                Finding::NoTag { line: line.trim().chars().take(SHOWN_CHARS).collect() },
            )),
        }
    }
    all.extend(Some(open).filter(|sentence| !sentence.is_empty()));
    let records = all.chunks(sentences.get()).map(record_from_sentences).collect();
    (records, problems)
}

/// How much of a bad line is shown.
const SHOWN_CHARS: usize = 40;

fn record_from_sentences(sentences: &[Sentence<'_>]) -> ArticleRecord {
    let mut text = String::new();
    let mut chars = 0;
    let mut mentions: Vec<MentionRecord> = Vec::new();
    let mut push = |text: &mut String, part: &str| {
        text.push_str(part);
        chars += part.chars().count();
        chars
    };
    for sentence in sentences {
        if !text.is_empty() {
            push(&mut text, "\n");
        }
        let mut open: Option<&str> = None;
        for (at, (token, tag)) in sentence.iter().enumerate() {
            let start = push(&mut text, if at > 0 { " " } else { "" });
            let end = push(&mut text, token);
            match tag {
                Tag::Outside => open = None,
                Tag::Inside(label) if open == Some(label) => {
                    if let Some(last) = mentions.last_mut() {
                        last.span = Span::from_chars(last.span.start.get(), end);
                    }
                }
                Tag::Begin(label) | Tag::Inside(label) => {
                    let span = Span::from_chars(start, end);
                    mentions.push(MentionRecord {
                        span,
                        label: (*label).to_owned(),
                        note: None,
                        origin: Origin::Import,
                    });
                    open = Some(label);
                }
            }
        }
    }
    let layer = LayerRecord { mentions, ..LayerRecord::default() };
    ArticleRecord { text, layers: vec![layer], ..ArticleRecord::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The articles as text with their mentions, two sentences an article, and the lines of the problems.
    fn check(corpus: &str, expected: &[(&str, &[(&str, &str)])], lines: &[u64]) {
        let (articles, problems) = articles_from_tagged_lines(corpus, NonZeroUsize::new(2).unwrap());
        let found: Vec<(String, Vec<(String, String)>)> = articles
            .iter()
            .map(|article| {
                let surface = |m: &MentionRecord| {
                    let chars = article.text.chars().skip(m.span.start.get()).take(m.span.len_chars());
                    (chars.collect(), m.label.clone())
                };
                (article.text.clone(), article.layers[0].mentions.iter().map(surface).collect())
            })
            .collect();
        let expected: Vec<(String, Vec<(String, String)>)> = expected
            .iter()
            .map(|(text, mentions)| {
                let own = mentions.iter().map(|(s, l)| ((*s).to_owned(), (*l).to_owned()));
                ((*text).to_owned(), own.collect())
            })
            .collect();
        assert_eq!(found, expected);
        assert_eq!(problems.iter().filter_map(|p| p.place.line).collect::<Vec<_>>(), lines);
    }

    #[test]
    fn the_separators_and_prefixes_of_real_corpora_are_read() {
        check("علی|B_PER\nرضایی|I_PER\n\nرفت|O\n", &[("علی رضایی\nرفت", &[("علی رضایی", "PER")])], &[]);
        check("بی‌بی‌سی\tB-ORG\nتهران\tB-LOC\r\n", &[("بی‌بی‌سی تهران", &[("بی‌بی‌سی", "ORG"), ("تهران", "LOC")])], &[]);
        check("a B-X\nb I-Y\nc I-Y\n", &[("a b c", &[("a", "X"), ("b c", "Y")])], &[]);
        check("a|O\n\n\n\nb|O\n\nc|O", &[("a\nb", &[]), ("c", &[])], &[]);
    }

    #[test]
    fn what_is_no_tagged_token_is_left_out_and_told() {
        check("علی|B_PER\nبی‌برچسب\n|O\nرفت|Q-X\nآمد|O\n", &[("علی آمد", &[("علی", "PER")])], &[2, 3, 4]);
        check("", &[], &[]);
    }
}

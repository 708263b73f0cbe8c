//! Examples: articles whose mentions are known, as sentences of tagged words.
//!
//! Owns how mentions over a text become tags of words, and back. It must not know features or weights.

use crate::domain::article::Article;
use crate::domain::label::LabelId;
use crate::domain::offset::{ByteSpan, Span};
use crate::domain::sentence::sentences;
use crate::domain::token::tokens;
use crate::suggest::tags::Tag;
use std::cmp::Reverse;

/// A word and its tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tagged {
    /// The word as it stands in the text.
    pub word: Box<str>,
    /// Its tag.
    pub tag: Tag,
}

/// What one article teaches: its sentences, word by word.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Example {
    /// The sentences in order.
    pub sentences: Vec<Vec<Tagged>>,
}

/// The most words that are read as one sentence: what is longer is no sentence, and takes memory for every tag at every word.
const LONGEST_SENTENCE: usize = 500;

/// The words of an article, sentence by sentence.
pub(crate) fn words(article: &Article) -> impl Iterator<Item = Vec<ByteSpan>> {
    sentences(article.text()).flat_map(|sentence| {
        let text = sentence.slice(article.text()).unwrap_or_default();
        let place =
            |span: ByteSpan| ByteSpan::new(sentence.start.plus(span.start.get()), sentence.start.plus(span.end.get()));
        let words: Vec<ByteSpan> = tokens(text).map(|token| place(token.span)).collect();
        words.chunks(LONGEST_SENTENCE).map(<[ByteSpan]>::to_vec).collect::<Vec<_>>()
    })
}

/// The mentions of these that do not overlap a longer one, in order of place; of equally long ones the first stays.
fn outermost(mentions: impl IntoIterator<Item = (Span, LabelId)>) -> Vec<(Span, LabelId)> {
    let mut mentions: Vec<(Span, LabelId)> = mentions.into_iter().filter(|(span, _)| !span.is_empty()).collect();
    mentions.sort_by_key(|(span, label)| (Reverse(span.len_chars()), span.start, *label));
    let mut kept: std::collections::BTreeMap<_, (Span, LabelId)> = std::collections::BTreeMap::new();
    for (span, label) in mentions {
        let before = kept.range(..span.end).next_back();
        if before.is_none_or(|(_, (other, _))| !other.overlaps(span)) {
            kept.insert(span.start, (span, label));
        }
    }
    kept.into_values().collect()
}

impl Example {
    /// What `article` teaches when these are its mentions. A word belongs to a mention that covers any part of it; where
    /// mentions overlap, the longest counts.
    #[must_use]
    pub fn new(article: &Article, mentions: impl IntoIterator<Item = (Span, LabelId)>) -> Self {
        let mut mentions = outermost(mentions).into_iter().peekable();
        let mut last = None;
        let mut tag = |bytes: ByteSpan| {
            let span = article.offsets().span_from_bytes(bytes)?;
            while mentions.next_if(|(mention, _)| mention.end <= span.start).is_some() {}
            let (mention, label) = mentions.peek().filter(|(mention, _)| mention.overlaps(span))?;
            let begins = last.replace(mention.start) != Some(mention.start);
            Some(if begins { Tag::Begin(*label) } else { Tag::Inside(*label) })
        };
        let tagged = |bytes: ByteSpan| {
            let word = bytes.slice(article.text()).unwrap_or_default().into();
            Tagged { word, tag: tag(bytes).unwrap_or_default() }
        };
        let mut tagged = tagged;
        let sentences = words(article).map(|sentence| sentence.into_iter().map(&mut tagged).collect()).collect();
        Self { sentences }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::article::{ArticleId, Direction};
    use uuid::Uuid;

    fn label(n: u128) -> LabelId {
        LabelId(Uuid::from_u128(n))
    }

    /// Mentions as start, end and label; the tags as `1` and `1-` for the beginning and inside of label 1, `0` outside.
    fn check(text: &str, mentions: &[(usize, usize, u128)], expected: &[&str]) {
        let article = Article::new(ArticleId(Uuid::nil()), "a".into(), text, String::new(), Direction::Auto).unwrap();
        let mentions = mentions.iter().map(|(start, end, n)| (Span::from_chars(*start, *end), label(*n)));
        let tag = |tagged: &Tagged| match tagged.tag {
            Tag::Outside => "0".to_owned(),
            Tag::Begin(label) => label.0.as_u128().to_string(),
            Tag::Inside(label) => format!("{}-", label.0.as_u128()),
        };
        let example = Example::new(&article, mentions);
        let found: Vec<String> =
            example.sentences.iter().map(|s| s.iter().map(tag).collect::<Vec<_>>().join(" ")).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn mentions_become_tags() {
        check("علی رضایی آمد. قم!", &[(0, 9, 1), (15, 17, 2)], &["1 1- 0 0", "2 0"]);
        check("علی رضا", &[(0, 3, 1), (4, 7, 1)], &["1 1"]);
        check("علی", &[], &["0"]);
    }

    #[test]
    fn the_longest_of_overlapping_mentions_counts() {
        check("پلیس راه قم", &[(9, 11, 2), (0, 11, 1), (5, 8, 3)], &["1 1- 1-"]);
        check("پلیس راه قم", &[(0, 8, 1), (5, 11, 2)], &["1 1- 0"]);
        check("پلیس راه قم", &[(0, 4, 2), (0, 4, 1), (5, 8, 3)], &["1 3 0"]);
    }

    #[test]
    fn a_word_belongs_to_a_mention_that_covers_a_part_of_it() {
        check("ناجایی گفت", &[(0, 4, 1)], &["1 0"]);
        check("الف\nب", &[(0, 5, 1)], &["1", "1-"]);
        check("الف", &[(1, 1, 1)], &["0"]);
    }

    #[test]
    fn what_is_too_long_for_a_sentence_is_cut() {
        let text = "ب ".repeat(LONGEST_SENTENCE + 1);
        check(&text, &[], &[&*vec!["0"; LONGEST_SENTENCE].join(" "), "0"]);
    }
}

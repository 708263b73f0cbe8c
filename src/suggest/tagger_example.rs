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

/// The words of an article, sentence by sentence.
pub(crate) fn words(article: &Article) -> impl Iterator<Item = Vec<ByteSpan>> {
    sentences(article.text()).map(|sentence| {
        let text = sentence.slice(article.text()).unwrap_or_default();
        let place =
            |span: ByteSpan| ByteSpan::new(sentence.start.plus(span.start.get()), sentence.start.plus(span.end.get()));
        tokens(text).map(|token| place(token.span)).collect()
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

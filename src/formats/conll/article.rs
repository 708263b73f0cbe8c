//! An article made of tokens: its text rebuilt, its mentions and its tokens placed in it.
//!
//! Owns the rule by which a text is rebuilt: one space between tokens, a line break between sentences. It must not know how tokens and
//! tags are written.

use crate::domain::mention::Origin;
use crate::domain::offset::{Span, TokenSpan};
use crate::domain::record::{ArticleRecord, LayerRecord, MentionRecord};
use crate::formats::tokens::kept::other_tokens;
use crate::formats::unsaid_status::unsaid_status;

/// An article in the making.
///
/// ```
/// use barchasb::domain::offset::TokenSpan;
/// use barchasb::formats::conll::article::TokenArticle;
/// let mut article = TokenArticle::default();
/// article.begin_sentence();
/// article.push_token("علی");
/// article.push_token("رفت");
/// article.push_mention(TokenSpan::from_tokens(0, 1), "PER");
/// article.begin_sentence();
/// article.push_token("باران");
/// let record = article.finish(None);
/// assert_eq!(record.text, "علی رفت\nباران");
/// assert_eq!(record.layers[0].mentions[0].span.to_string(), "0..3");
/// assert!(record.carried.is_empty(), "our own rule finds the same tokens");
/// ```
#[derive(Debug, Default)]
pub struct TokenArticle {
    text: String,
    chars: usize,
    sentences: Vec<Vec<Span>>,
    mentions: Vec<MentionRecord>,
    joint: Joint,
}

/// What comes before the next token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Joint {
    #[default]
    Nothing,
    Space,
    LineBreak,
}

impl TokenArticle {
    /// Begins a sentence.
    pub fn begin_sentence(&mut self) {
        self.sentences.push(Vec::new());
        self.joint = if self.text.is_empty() { Joint::Nothing } else { Joint::LineBreak };
    }

    /// Adds a token, which must not be empty, after a space.
    pub fn push_token(&mut self, token: &str) {
        match self.joint {
            Joint::Nothing => {}
            Joint::Space => self.push(" "),
            Joint::LineBreak => self.push("\n"),
        }
        self.joint = Joint::Space;
        let start = self.chars;
        self.push(token);
        if let Some(sentence) = self.sentences.last_mut() {
            sentence.push(Span::from_chars(start, self.chars));
        }
    }

    /// Leaves out the space before the next token, or with a sentence just begun the line break.
    pub fn glue(&mut self) {
        self.joint = Joint::Nothing;
    }

    /// Puts a space where a line break would stand before the sentence just begun.
    pub fn go_on_with_space(&mut self) {
        if self.joint == Joint::LineBreak {
            self.joint = Joint::Space;
        }
    }

    /// Puts these characters before the next token, in the place of a space or a line break.
    pub fn push_between(&mut self, between: &str) {
        self.joint = Joint::Nothing;
        self.push(between);
    }

    fn push(&mut self, part: &str) {
        self.text.push_str(part);
        self.chars += part.chars().count();
    }

    /// Adds a mention over tokens of the last sentence; nothing when they are not there.
    pub fn push_mention(&mut self, tokens: TokenSpan, label: &str) {
        let sentence = self.sentences.last().and_then(|sentence| sentence.get(tokens.range()));
        if let Some((first, last)) = sentence.and_then(|spans| spans.first().zip(spans.last())) {
            let span = Span::new(first.start, last.end);
            self.mentions.push(MentionRecord { span, label: label.to_owned(), note: None, origin: Origin::Import });
        }
    }

    /// How many sentences have begun.
    #[must_use]
    pub fn sentence_count(&self) -> usize {
        self.sentences.len()
    }

    /// How many tokens there are.
    #[must_use]
    pub fn token_count(&self) -> usize {
        self.sentences.iter().map(Vec::len).sum()
    }

    /// The bytes of the text so far.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether there is no token.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The article, with one layer of nobody. Its tokens are kept where our own rule would cut the text in another way.
    #[must_use]
    pub fn finish(self, name: Option<String>) -> ArticleRecord {
        let carried = other_tokens(&self.text, &self.sentences).into_iter().collect();
        let status = unsaid_status(&self.mentions);
        let layer = LayerRecord { status, mentions: self.mentions, ..LayerRecord::default() };
        ArticleRecord { name, text: self.text, layers: vec![layer], carried, ..ArticleRecord::default() }
    }
}

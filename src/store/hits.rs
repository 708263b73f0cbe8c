//! Looking for a name or pattern in every text, and the same mentions of the whole project.
//!
//! Owns the trait [`Hits`], its questions and answers. It must not contain SQL.

use crate::domain::article::ArticleId;
use crate::domain::label::LabelId;
use crate::domain::layer::{AnnotatorId, Status, Version};
use crate::domain::mention::Mention;
use crate::domain::offset::Span;
use crate::store::contract::Result;
use std::ops::ControlFlow;

/// How what is looked for must stand in the text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Pattern {
    /// Whole words, matched folded.
    #[default]
    Whole,
    /// Whole words, the last of which may go on, matched folded.
    Prefix,
    /// A regular expression on the raw text.
    Regex,
}

/// What must be true of the mentions at a hit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Labelled {
    /// Nothing.
    #[default]
    Any,
    /// A mention of this label has just this span.
    With(LabelId),
    /// No mention of this label has just this span.
    Without(LabelId),
    /// No mention has just this span.
    Unlabelled,
}

/// What is looked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct HitQuery {
    /// Whose layers.
    pub annotator: AnnotatorId,
    /// The name or the regular expression.
    pub wanted: String,
    /// How it must stand.
    pub pattern: Pattern,
    /// Whether the last word may have a suffix (`Whole` alone): the less certain tier.
    pub suffixed: bool,
    /// What must be true of the mentions there.
    pub labelled: Labelled,
}

/// Why nothing can be looked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadQuery {
    /// Nothing is left of the words once folded.
    #[error("there is no letter or digit to look for")]
    Nothing,
    /// The regular expression is none.
    #[error("the regular expression cannot be understood: {words}")]
    Regex {
        /// What the parser says.
        words: String,
    },
    /// The regular expression would take too much memory.
    #[error("the regular expression is too large")]
    TooLarge,
}

/// One place where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Where.
    pub span: Span,
    /// Whether it is there whole, without a suffix.
    pub whole: bool,
    /// The text before it on its line, at most some forty characters.
    pub before: Box<str>,
    /// The text found.
    pub surface: Box<str>,
    /// The text after it on its line.
    pub after: Box<str>,
    /// The mentions that share a character with it.
    pub mentions: Vec<Mention>,
}

/// The hits in one article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArticleHits {
    /// The article.
    pub article: ArticleId,
    /// Its headline.
    pub title: String,
    /// The annotator's status.
    pub status: Status,
    /// The version of the layer: what operations on it are made from.
    pub version: Version,
    /// The hits, in order of place; never none.
    pub hits: Vec<Hit>,
    /// Whether it stands in more places of the article than are looked at (the first ten thousand).
    pub cut: bool,
}

/// A place whose texts can be looked through.
pub trait Hits {
    /// Whether anything can be looked for.
    ///
    /// # Errors
    /// [`BadQuery`].
    fn understand(&self, query: &HitQuery) -> std::result::Result<(), BadQuery>;

    /// Shows the articles with hits, in the order of import, until the sink breaks. A query that cannot be understood has none. After
    /// every text without a hit the sink is called with `None`, so that a long search can be stopped.
    ///
    /// # Errors
    /// [`StoreError`](crate::store::contract::StoreError) when it cannot be read.
    fn find_hits(&self, query: &HitQuery, sink: &mut dyn FnMut(Option<ArticleHits>) -> ControlFlow<()>) -> Result<()>;
}

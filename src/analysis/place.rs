//! A place in an article, as a list of cases names it.
//!
//! Owns its shape. It must not hold an article: what is kept of a text is short.

use crate::domain::article::{Article, ArticleId, title_from_text};
use crate::domain::offset::Span;

/// How much of a surface is kept, in code points.
const SURFACE_CHARS: usize = 80;

/// Where something stands, and the words that stand there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The article.
    pub article: ArticleId,
    /// Where in its text, in code points.
    pub span: Span,
    /// The words there, cut after some eighty code points.
    pub surface: Box<str>,
}

impl Place {
    /// The place of `span` in `article`; without words where it passes the end of the text.
    ///
    /// ```
    /// use barchasb::analysis::place::Place;
    /// use barchasb::domain::{article::{Article, ArticleId, Direction}, offset::Span};
    /// let article = Article::new(ArticleId(uuid::Uuid::nil()), "a".into(), "علی آمد".into(), String::new(), Direction::Auto)?;
    /// assert_eq!(&*Place::of(&article, Span::from_chars(0, 3)).surface, "علی");
    /// # Ok::<(), barchasb::domain::article::ArticleError>(())
    /// ```
    #[must_use]
    pub fn of(article: &Article, span: Span) -> Self {
        let surface = article.surface(span).unwrap_or_default();
        Self { article: article.id(), span, surface: title_from_text(surface, SURFACE_CHARS).into() }
    }
}

//! An article: a text that never changes, its hash, and the direction in which it is read.
//!
//! Owns the text and what can be derived from it alone. It must not know who labelled it or where it is kept.

use crate::domain::offset::{ByteSpan, CharOffset, MAX_TEXT_BYTES, Span};
use crate::domain::offset_map::OffsetMap;
use crate::domain::token::ZWNJ;
use sha2::{Digest, Sha256};
use std::fmt;
use std::sync::Arc;
use uuid::Uuid;

/// The identity of an article inside a project.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ArticleId(pub Uuid);

impl fmt::Debug for ArticleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ArticleId({})", self.0)
    }
}

/// The SHA-256 of a text's UTF-8 bytes.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TextHash(pub [u8; 32]);

impl TextHash {
    /// The hash of `text`.
    #[must_use]
    pub fn from_text(text: &str) -> Self {
        Self(Sha256::digest(text.as_bytes()).into())
    }

    /// The hash in 64 lower-case hexadecimal digits.
    #[must_use]
    pub fn hex(self) -> String {
        let digit = |four: u8| char::from_digit(u32::from(four), 16).unwrap_or_default();
        self.0.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 0xF)]).collect()
    }
}

impl fmt::Debug for TextHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.hex())
    }
}

/// The base direction in which an article's paragraphs are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Direction {
    /// By the first strong character of each paragraph.
    #[default]
    Auto,
    /// Right to left.
    RightToLeft,
    /// Left to right.
    LeftToRight,
}

impl Direction {
    /// The name in the project file: `auto`, `rtl` or `ltr`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::RightToLeft => "rtl",
            Self::LeftToRight => "ltr",
        }
    }

    /// The direction with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Auto, Self::RightToLeft, Self::LeftToRight].into_iter().find(|d| d.name() == name)
    }
}

/// Why a text cannot be an article.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ArticleError {
    /// There is nothing in it but white space.
    #[error("the text is empty")]
    Empty,
    /// It is longer than [`MAX_TEXT_BYTES`].
    #[error("the text is {bytes} bytes long; the limit is {MAX_TEXT_BYTES}")]
    TooLong {
        /// Its length.
        bytes: usize,
    },
}

/// One article of a project. Cloning shares the text.
#[derive(Clone, Debug)]
pub struct Article {
    id: ArticleId,
    name: String,
    text: Arc<str>,
    hash: TextHash,
    meta: String,
    /// How it is read; the one thing about an article that can be changed.
    pub direction: Direction,
    offsets: Arc<OffsetMap>,
}

impl Article {
    /// An article of this text, hashed and mapped. `name` is its id in files; `meta` is a JSON object as text,
    /// passed on unread (empty for none).
    ///
    /// # Errors
    /// [`ArticleError`] when the text is blank or too long.
    pub fn new(
        id: ArticleId,
        name: String,
        text: &str,
        meta: String,
        direction: Direction,
    ) -> Result<Self, ArticleError> {
        check_text(text)?;
        Ok(Self {
            id,
            name,
            hash: TextHash::from_text(text),
            offsets: Arc::new(OffsetMap::new(text)),
            text: Arc::from(text),
            meta,
            direction,
        })
    }

    /// The same article under another name.
    #[must_use]
    pub fn renamed(self, name: String) -> Self {
        Self { name, ..self }
    }

    /// Its identity.
    #[must_use]
    pub fn id(&self) -> ArticleId {
        self.id
    }

    /// Its id in files, unique in the project.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The text, byte for byte as it was imported.
    #[must_use]
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// The hash of the text.
    #[must_use]
    pub fn hash(&self) -> TextHash {
        self.hash
    }

    /// A JSON object as text; empty for none.
    #[must_use]
    pub fn meta(&self) -> &str {
        &self.meta
    }

    /// The map between the units of its text.
    #[must_use]
    pub fn offsets(&self) -> &OffsetMap {
        &self.offsets
    }

    /// The span of the whole text.
    #[must_use]
    pub fn span(&self) -> Span {
        Span::new(CharOffset::ZERO, self.offsets.len_chars())
    }

    /// The bytes under `span`; `None` when it passes the end.
    #[must_use]
    pub fn bytes_from_span(&self, span: Span) -> Option<ByteSpan> {
        Some(ByteSpan::new(self.offsets.byte_from_char(span.start)?, self.offsets.byte_from_char(span.end)?))
    }

    /// Whether an end of `span` stands inside a grapheme cluster. An end before a ZWNJ cuts nothing, though a ZWNJ belongs to the
    /// cluster before it: words shed it at their ends.
    ///
    /// ```
    /// use barchasb::domain::article::{Article, ArticleId, Direction};
    /// use barchasb::domain::offset::Span;
    /// let text = "گُل کتاب\u{200C}ها";
    /// let article = Article::new(ArticleId(uuid::Uuid::nil()), "a".into(), text, String::new(), Direction::Auto)?;
    /// assert!(article.cuts_grapheme(Span::from_chars(0, 1)));
    /// assert!(!article.cuts_grapheme(Span::from_chars(0, 8)));
    /// # Ok::<(), barchasb::domain::article::ArticleError>(())
    /// ```
    #[must_use]
    pub fn cuts_grapheme(&self, span: Span) -> bool {
        let after = |at| self.text.get(self.offsets.byte_from_char(at)?.get()..)?.chars().next();
        [span.start, span.end].into_iter().any(|at| !self.offsets.is_grapheme_boundary(at) && after(at) != Some(ZWNJ))
    }

    /// The text under `span` (its surface); `None` when it passes the end.
    #[must_use]
    pub fn surface(&self, span: Span) -> Option<&str> {
        self.bytes_from_span(span)?.slice(&self.text)
    }
}

/// Whether `text` can be an article.
///
/// # Errors
/// [`ArticleError`] when it is blank or too long.
pub fn check_text(text: &str) -> Result<(), ArticleError> {
    if text.len() > MAX_TEXT_BYTES {
        return Err(ArticleError::TooLong { bytes: text.len() });
    }
    if text.chars().all(char::is_whitespace) {
        return Err(ArticleError::Empty);
    }
    Ok(())
}

/// The title to show for a text, cut at `limit_chars`: of its first four lines that are not blank, the first with the
/// length of a headline, else the longest.
///
/// News pages open with a date and a kicker, both short, and then the headline; plain articles begin with it.
#[must_use]
pub fn title_from_text(text: &str, limit_chars: usize) -> String {
    const HEAD_BYTES: usize = 2_000;
    const HEADLINE_CHARS: std::ops::RangeInclusive<usize> = 24..=120;
    let head = text.get(..text.floor_char_boundary(HEAD_BYTES)).unwrap_or(text);
    let lines = || head.lines().map(str::trim).filter(|l| !l.is_empty()).take(4).map(|l| (l.chars().count(), l));
    let line = lines()
        .find(|(chars, _)| HEADLINE_CHARS.contains(chars))
        .or_else(|| lines().reduce(|best, line| if line.0 > best.0 { line } else { best }))
        .map_or("", |(_, line)| line);
    let end = line.char_indices().nth(limit_chars).map_or(line.len(), |(at, _)| at);
    line.get(..end).unwrap_or(line).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<&str, ArticleError>) {
        let article = Article::new(ArticleId(Uuid::nil()), "a".into(), text, String::new(), Direction::Auto);
        assert_eq!(article.as_ref().map(|a| a.surface(Span::from_chars(0, 2)).unwrap()), expected.as_ref().map(|s| *s),);
    }

    #[test]
    fn blank_texts_are_refused_and_surfaces_are_cut_by_code_points() {
        check("", Err(ArticleError::Empty));
        check(" \n\u{a0}", Err(ArticleError::Empty));
        check("😀بت", Ok("😀ب"));
    }

    #[test]
    fn the_title_is_the_headline() {
        let text = "۲۹ دی ۱۳۹۷، ۸:۴۷\n\nسردار اشتری مطرح کرد؛\n\nگروهکهای معاند سال ۹۷ را انتخاب کردهاند\n\nمتن";
        assert_eq!(title_from_text(text, 80), "گروهکهای معاند سال ۹۷ را انتخاب کردهاند");
        assert_eq!(
            title_from_text(
                "مدیران چهارمین جشنواره معرفی شدند\nبه گزارش خبرگزاری مهر، سعید پورعلی معاون فرهنگی گفت",
                80
            ),
            "مدیران چهارمین جشنواره معرفی شدند"
        );
        assert_eq!(title_from_text("one", 2), "on");
        assert_eq!(title_from_text(&"ب".repeat(5000), 80).chars().count(), 80);
    }
}

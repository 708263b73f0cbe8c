//! Records: articles, layers and labels as they travel between files and the store, by name instead of by id.
//!
//! Owns the shape that formats read and write and the store takes in and gives out. It must not parse anything.

use crate::domain::article::Direction;
use crate::domain::layer::Status;
use crate::domain::mention::Origin;
use crate::domain::offset::Span;

/// A mention by the name of its label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MentionRecord {
    /// Where it stands, in code points.
    pub span: Span,
    /// The name of its label, as `PER`.
    pub label: String,
    /// The annotator's note; never empty.
    pub note: Option<String>,
    /// Where it came from.
    pub origin: Origin,
}

/// One annotator's layer by the annotator's name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LayerRecord {
    /// The annotator; `None` when the file names none (the importer then names one).
    pub annotator: Option<String>,
    /// How far the annotator is.
    pub status: Status,
    /// The mentions, in the order of the file.
    pub mentions: Vec<MentionRecord>,
}

/// One article with the layers that came with it.
///
/// ```
/// use barchasb::domain::layer::Status;
/// use barchasb::domain::mention::Origin;
/// use barchasb::domain::offset::Span;
/// use barchasb::domain::record::{ArticleRecord, LayerRecord, MentionRecord};
/// let mention = MentionRecord { span: Span::from_chars(0, 3), label: "PER".into(), note: None, origin: Origin::Import };
/// let layer = LayerRecord { annotator: Some("زهرا".into()), status: Status::Done, mentions: vec![mention] };
/// let article = ArticleRecord { text: "علی آمد".into(), layers: vec![layer], ..ArticleRecord::default() };
/// assert!(article.name.is_none(), "the importer makes one");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ArticleRecord {
    /// Its id in files; `None` when the file gives none (the importer then makes one).
    pub name: Option<String>,
    /// The text, byte for byte.
    pub text: String,
    /// A JSON object as text; empty for none.
    pub meta: String,
    /// How it is read.
    pub direction: Direction,
    /// The layers; none for a bare text.
    pub layers: Vec<LayerRecord>,
}

//! What an import did not take as it stood and what a check found, as facts.
//!
//! Owns [`ImportProblem`] and [`Fault`] and their English sentences, which the command line says. It must not look for either.

use crate::domain::article::ArticleError;
use crate::domain::label::LabelId;
use crate::domain::layer::AnnotatorId;
use crate::domain::offset::{CharOffset, Span};
use crate::store::reason::{Damage, DecisionFlaw, MentionFlaw};
use std::fmt;

/// What was not taken as it stood, and of which article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportProblem {
    /// The article's name; `None` when the file gives none.
    pub article: Option<String>,
    /// What it is and what was done.
    pub untaken: Untaken,
}

impl fmt::Display for ImportProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.article.as_deref().unwrap_or("an article without a name"), self.untaken)
    }
}

/// What was not taken as it stood, and what was done instead. Spans are in code points.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Untaken {
    /// The text cannot be an article.
    #[error("{0}; it was left out")]
    BadText(ArticleError),
    /// The article is too large for a row.
    #[error("text and metadata are over {limit} bytes; it was left out")]
    TooLarge {
        /// The limit, in bytes.
        limit: u64,
    },
    /// Its name belongs to another text.
    #[error("another text has this name; it became «{name}»")]
    Renamed {
        /// The new name.
        name: String,
    },
    /// The annotator has another layer there.
    #[error("a layer of {annotator} stands here already and differs; it was kept as it is")]
    OtherLayer {
        /// Whose.
        annotator: String,
    },
    /// The article has its name here with another text.
    #[error("another text has this name here; its {mentions} mentions were not taken")]
    OtherText {
        /// How many mentions its layers have.
        mentions: u64,
    },
    /// A layer that was taken before and this one have the same version, and differ.
    #[error(
        "the copies of {annotator}'s layer went apart: both have the same version; {}",
        if *taken { "this one took the place of the one that was taken before" } else { "the one that was taken before stays" }
    )]
    WentApart {
        /// Whose.
        annotator: String,
        /// Whether this one stands now.
        taken: bool,
    },
    /// The annotator has several layers in what was given.
    #[error("{annotator} has two layers here that differ; one of them was left out")]
    Twice {
        /// Whose.
        annotator: String,
    },
    /// A mention that covers nothing or passes the text.
    #[error("{label}: the span {span} is empty or passes the end {text_end}; it was left out")]
    OutOfText {
        /// The label's name.
        label: String,
        /// Where it stands.
        span: Span,
        /// Where the text ends.
        text_end: CharOffset,
    },
    /// A mention with an edge inside a grapheme cluster.
    #[error("{label}: the span {span} cuts a letter from its marks; it was kept")]
    CutsLetter {
        /// The label's name.
        label: String,
        /// Where it stands.
        span: Span,
    },
    /// A mention with a blank label.
    #[error("the mention at {span} has no label; it was left out")]
    NoLabel {
        /// Where it stands.
        span: Span,
    },
    /// A decision of a review that does not fit the text, or names a label or an annotator without a name.
    #[error("the decision at {span} does not fit the text or names nobody; it was left out")]
    Decision {
        /// Where it stands.
        span: Span,
    },
    /// A mention that the rules forbid beside an earlier one.
    #[error("the mention at {span} overlaps the one at {earlier}, which this project forbids; it was left out")]
    Overlap {
        /// Where it stands.
        span: Span,
        /// Where the one stands that was taken.
        earlier: Span,
    },
}

/// A fault that a check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The article's name, when it is about one.
    pub article: Option<String>,
    /// Whose layer, when it is about one.
    pub annotator: Option<String>,
    /// What is wrong.
    pub flaw: Flaw,
}

impl Fault {
    /// What kind, for machines: `file`, `hash`, `surface`, `span`, `overlap`, `grapheme`, `label`, `decision`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        self.flaw.kind()
    }
}

impl fmt::Display for Fault {
    /// What is wrong, in a sentence with offsets and without the article's name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.annotator {
            Some(annotator) => write!(f, "{annotator}: {}", self.flaw),
            None => self.flaw.fmt(f),
        }
    }
}

/// What can be wrong in a project. Spans are in code points.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// What the database itself found, in its words.
    #[error("{0}")]
    Database(String),
    /// A row refers to nothing.
    #[error("a row of {table} refers to a {to} that is not there")]
    LooseReference {
        /// The table of the row.
        table: String,
        /// The table it refers to.
        to: String,
    },
    /// Something of the file cannot be read.
    #[error(transparent)]
    File(Damage),
    /// An article cannot be read.
    #[error(transparent)]
    Text(Damage),
    /// The length that is kept is not the text's.
    #[error("the text has {found} code points, not {counted} as was counted")]
    TextLength {
        /// Its length.
        found: u64,
        /// The length that is kept.
        counted: i64,
    },
    /// A layer has a status that there is not.
    #[error("{0:?} is no status")]
    Status(String),
    /// A stored mention does not fit.
    #[error(transparent)]
    Mention(MentionFlaw),
    /// The number of mentions that is kept is not the layer's.
    #[error("{found} mentions are stored, not {counted} as was counted")]
    MentionCount {
        /// How many there are.
        found: u64,
        /// The number that is kept.
        counted: i64,
    },
    /// The same mention stands twice.
    #[error("a span has the same label twice")]
    Double,
    /// The rules forbid overlaps.
    #[error("the mention at {span} overlaps the one at {earlier}")]
    Overlap {
        /// Where it stands.
        span: Span,
        /// What it overlaps.
        earlier: Span,
    },
    /// An edge inside a grapheme cluster.
    #[error("the span {span} cuts a letter from its marks")]
    CutsLetter {
        /// Where it stands.
        span: Span,
    },
    /// A label that is not in the label set.
    #[error("the mention at {span} has the unknown label {}", label.0)]
    UnknownLabel {
        /// Where it stands.
        span: Span,
        /// The label's id.
        label: LabelId,
    },
    /// The decisions of a layer cannot be read or do not fit.
    #[error(transparent)]
    Decision(DecisionFlaw),
    /// A decision names a label that is not in the label set.
    #[error("the decision at {span} names the unknown label {}", label.0)]
    DecisionLabel {
        /// Where it stands.
        span: Span,
        /// The label's id.
        label: LabelId,
    },
    /// A decision names an annotator whom the project does not have.
    #[error("the decision at {span} names the unknown annotator {}", annotator.0)]
    DecisionAnnotator {
        /// Where it stands.
        span: Span,
        /// The annotator's id.
        annotator: AnnotatorId,
    },
    /// The number of a label's mentions that is kept for one layer is not the layer's.
    #[error("the mentions of {label} in this layer are not as many as was counted")]
    LayerLabelCount {
        /// The label's name.
        label: String,
    },
    /// The number of a label's mentions that is kept is not the layers'.
    #[error("the mentions of {label} are not as many as was counted")]
    LabelCount {
        /// The label's name.
        label: String,
    },
}

impl Flaw {
    fn kind(&self) -> &'static str {
        match self {
            Self::Database(_)
            | Self::LooseReference { .. }
            | Self::File(_)
            | Self::TextLength { .. }
            | Self::Status(_)
            | Self::MentionCount { .. } => "file",
            Self::Text(_) => "hash",
            Self::Mention(flaw) => flaw.kind(),
            Self::Double => "span",
            Self::Overlap { .. } => "overlap",
            Self::CutsLetter { .. } => "grapheme",
            Self::Decision(_) | Self::DecisionLabel { .. } | Self::DecisionAnnotator { .. } => "decision",
            Self::UnknownLabel { .. } | Self::LayerLabelCount { .. } | Self::LabelCount { .. } => "label",
        }
    }
}

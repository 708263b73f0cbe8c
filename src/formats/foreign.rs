//! What is found in files of other programs: what one side cannot hold, what was rebuilt, what was kept aside.
//!
//! Owns [`Foreign`], [`Held`] and their English sentences. It must not know where a finding stands.

use crate::domain::offset::Span;
use crate::formats::offset_unit::OffsetUnit;
use crate::formats::problem::{ProblemKind, Severity};

/// A thing that one format holds and another, or this program, does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Held {
    /// Mentions that share a part of the text without one standing inside the other, or on the same tokens.
    Overlap,
    /// A mention inside another.
    Nesting,
    /// A mention in several pieces.
    Discontinuous,
    /// A relation between mentions.
    Relation,
    /// An attribute or feature of a mention.
    Attribute,
    /// An event.
    Event,
    /// An annotation of a kind that is no mention.
    OtherAnnotation,
    /// A category of a whole text.
    Category,
    /// A note or comment.
    Note,
    /// How far an annotator is.
    Status,
    /// Who labelled.
    Annotator,
    /// A second annotator's layer.
    SecondLayer,
    /// What was decided in a review.
    Decision,
    /// A suggestion.
    Suggestion,
    /// What is known of an article besides its text.
    Meta,
    /// The article's own id.
    Name,
    /// A column or property of tokens besides word and tag.
    TokenColumn,
    /// White space that is no single space between tokens.
    WhiteSpace,
    /// A character that the format cannot write.
    Character,
    /// Edges inside a token.
    TokenEdge,
    /// A line that is not understood.
    Line,
    /// An article without tokens.
    EmptyArticle,
}

impl Held {
    /// All of them, in the order of the table of formats.
    pub const ALL: [Self; 22] = [
        Self::Overlap,
        Self::Nesting,
        Self::Discontinuous,
        Self::Relation,
        Self::Attribute,
        Self::Event,
        Self::OtherAnnotation,
        Self::Category,
        Self::Note,
        Self::Status,
        Self::Annotator,
        Self::SecondLayer,
        Self::Decision,
        Self::Suggestion,
        Self::Meta,
        Self::Name,
        Self::TokenColumn,
        Self::WhiteSpace,
        Self::Character,
        Self::TokenEdge,
        Self::Line,
        Self::EmptyArticle,
    ];

    /// What it is called, in the plural.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Overlap => "overlapping mentions",
            Self::Nesting => "nested mentions",
            Self::Discontinuous => "mentions in several pieces",
            Self::Relation => "relations",
            Self::Attribute => "attributes",
            Self::Event => "events",
            Self::OtherAnnotation => "other annotations",
            Self::Category => "categories of texts",
            Self::Note => "notes",
            Self::Status => "the status of layers",
            Self::Annotator => "names of annotators",
            Self::SecondLayer => "layers of a second annotator",
            Self::Decision => "decisions of a review",
            Self::Suggestion => "suggestions",
            Self::Meta => "metadata of articles",
            Self::Name => "ids of articles",
            Self::TokenColumn => "further columns of tokens",
            Self::WhiteSpace => "white space other than one space",
            Self::Character => "characters",
            Self::TokenEdge => "edges inside a token",
            Self::Line => "lines of an unknown kind",
            Self::EmptyArticle => "articles without tokens",
        }
    }
}

/// What is found in a file of another program, or when one is written; `Display` is a plain English sentence without the place.
///
/// ```
/// use barchasb::formats::foreign::{Foreign, Held};
/// use barchasb::formats::problem::Severity;
/// let finding = Foreign::NotHeld { what: Held::Relation, count: 3 };
/// assert_eq!(finding.to_string(), "relations (3) cannot be held in this format and were left out");
/// assert_eq!(finding.severity(), Severity::Fault);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Foreign {
    /// Reading: kept aside with the article, and written back to the same format.
    #[error("{} ({count}) are kept aside with the article and written back to this format alone", what.name())]
    Carried {
        /// What.
        what: Held,
        /// How many.
        count: u64,
    },
    /// Reading: neither taken nor kept.
    #[error("{} ({count}) were not taken", what.name())]
    NotTaken {
        /// What.
        what: Held,
        /// How many.
        count: u64,
    },
    /// Writing: left out.
    #[error("{} ({count}) cannot be held in this format and were left out", what.name())]
    NotHeld {
        /// What.
        what: Held,
        /// How many.
        count: u64,
    },
    /// Writing: the format holds no mentions at all.
    #[error("mentions ({count}) cannot be held in this format and were left out")]
    MentionsNotHeld {
        /// How many.
        count: u64,
    },
    /// Writing: a mention was left out.
    #[error("{label} at {span} was left out: this format cannot hold {}", what.name())]
    MentionNotHeld {
        /// The label's name.
        label: String,
        /// Where it stands, in code points.
        span: Span,
        /// What cannot be held.
        what: Held,
    },
    /// Writing: a mention was written with other edges, those of tokens.
    #[error("{label} at {from} was written as {to}, the nearest edges that the format can hold")]
    MentionMoved {
        /// The label's name.
        label: String,
        /// Where it stands, in code points.
        from: Span,
        /// Where it was written.
        to: Span,
    },
    /// Writing: what was kept aside speaks of mentions that are gone.
    #[error("{} ({count}) speak of mentions that are no longer there and were left out", what.name())]
    CarriedLost {
        /// What.
        what: Held,
        /// How many.
        count: u64,
    },
    /// Reading: the file has tokens and no text.
    #[error(
        "the file has tokens and no whole text: the text was rebuilt from them, with spaces and line breaks where it says nothing"
    )]
    Rebuilt,
    /// Reading: the file does not say where articles begin.
    #[error("the file does not say where an article begins: every {sentences} sentences were made one")]
    Grouped {
        /// How many.
        sentences: u64,
    },
    /// Reading: a tag goes on where nothing began, and was taken as a beginning.
    #[error("the tag {tag:?} goes on with a mention that did not begin; it was taken as its beginning")]
    OrphanTaken {
        /// The tag.
        tag: String,
    },
    /// Reading: a tag goes on where nothing began, and was left out.
    #[error("the tag {tag:?} goes on with a mention that did not begin; it was left out")]
    OrphanLeftOut {
        /// The tag.
        tag: String,
    },
    /// Reading: no tag of any scheme.
    #[error("{tag:?} is no tag; it was read as O")]
    BadTag {
        /// What stands there.
        tag: String,
    },
    /// Reading: a row with another number of columns.
    #[error("this row has {found} columns instead of {expected}; it was left out")]
    Columns {
        /// How many it has.
        found: u64,
        /// How many the others have.
        expected: u64,
    },
    /// Reading: something is not what it must be here.
    #[error("this cannot be read ({words}); it was left out")]
    Unreadable {
        /// What is wrong with it.
        words: String,
    },
    /// Reading: a line of an unknown kind is kept and written back.
    #[error("this line is not understood; it is kept and written back: {line}")]
    LineKept {
        /// The line, perhaps cut.
        line: String,
    },
    /// Reading: a label is a number without a name.
    #[error("the label {number} is a number without a name; it was taken as the name")]
    LabelNumber {
        /// The number.
        number: String,
    },
    /// Reading: the file numbers labels and does not name them.
    #[error("the file numbers its labels and does not name them; the numbers were taken as names")]
    NoLabelNames,
    /// Reading: an answer that does not say that the mentions are right.
    #[error("the answer is {answer:?}: its mentions were not taken")]
    NotAccepted {
        /// The answer.
        answer: String,
    },
    /// Reading: the surface differs from the text in white space alone.
    #[error(
        "{label} at {span}: the surface in the file differs from the text in white space; the offsets were believed"
    )]
    LooseSurface {
        /// The label's name.
        label: String,
        /// Where it stands, in code points.
        span: Span,
    },
    /// Reading: a key stands twice in an object.
    #[error("the key {key:?} stands twice; the last one was taken")]
    DoubleKey {
        /// The key.
        key: String,
    },
    /// Reading: an identity stands twice.
    #[error("the id {id:?} stands twice; the second was left out")]
    DoubleId {
        /// The id.
        id: String,
    },
    /// Reading: something refers to what is not there.
    #[error("{id:?} is referred to and not there; what refers to it was left out")]
    NoSuchId {
        /// The id.
        id: String,
    },
    /// Reading: a file stands without the one that belongs to it.
    #[error("the file {name:?} that belongs to this one is missing")]
    NoPartner {
        /// The missing file.
        name: String,
    },
    /// Reading: a file of a folder or an archive was not read.
    #[error("the file {name:?} was left out: {words}")]
    FileLeftOut {
        /// Which.
        name: String,
        /// Why.
        words: String,
    },
    /// Writing: a file of an earlier export stands where it would be read together with what was written now.
    #[error("the file {name:?} of an earlier export still stands beside these; it is no part of this one")]
    Stale {
        /// Which.
        name: String,
    },
    /// Reading: tokens of which the file says that their tag is not known.
    #[error("the file does not know the tags of {count} tokens; they were read as O")]
    UnknownTags {
        /// How many.
        count: u64,
    },
    /// Reading: nothing in the file proves in what it counts, and another unit would read some mentions elsewhere.
    #[error("nothing in the file proves its unit: it was read as {}; mentions ({count}) would stand elsewhere in another unit", unit.name())]
    UnitAssumed {
        /// The unit that was taken, that of the format.
        unit: OffsetUnit,
        /// How many mentions another unit would read elsewhere.
        count: u64,
    },
    /// Reading: the surfaces of the whole file show that an end is the last character of a mention and not the one after it.
    #[error("the mentions fit their text only when their end is the last character, so the file was read that way")]
    EndsInclusive,
    /// Reading: an annotator has a second layer of one article.
    #[error("{} labelled this article twice; the second layer was read as that of {read_as:?}", .annotator.as_deref().map_or_else(|| "someone without a name".to_owned(), |name| format!("{name:?}")))]
    SameAnnotator {
        /// The annotator, where the file names one.
        annotator: Option<String>,
        /// The name that the second layer was given.
        read_as: String,
    },
    /// Reading: the file ends before it should.
    #[error("the file ends before it should; it may have been cut off")]
    CutOff,
    /// Writing: a label's name has characters that names of labels cannot have here; reading gives it back.
    #[error("the label {label:?} stands in the file as {written:?}, since names hold no such characters there")]
    LabelRenamed {
        /// The label's name.
        label: String,
        /// How it is written.
        written: String,
    },
    /// A label was left out because the caller said so.
    #[error("the mentions of {label} ({count}) were skipped, as asked")]
    LabelSkipped {
        /// The label's name.
        label: String,
        /// How many.
        count: u64,
    },
}

impl Foreign {
    /// How much it matters.
    #[must_use]
    pub fn severity(&self) -> Severity {
        match self {
            Self::Carried { .. }
            | Self::MentionMoved { .. }
            | Self::Rebuilt
            | Self::Grouped { .. }
            | Self::OrphanTaken { .. }
            | Self::LineKept { .. }
            | Self::NotAccepted { .. }
            | Self::LooseSurface { .. }
            | Self::UnknownTags { .. }
            | Self::LabelRenamed { .. }
            | Self::UnitAssumed { .. }
            | Self::EndsInclusive
            | Self::LabelSkipped { .. } => Severity::Note,
            _ => Severity::Fault,
        }
    }

    /// What it is about.
    #[must_use]
    pub fn kind(&self) -> ProblemKind {
        match self {
            Self::Carried { .. }
            | Self::NotTaken { .. }
            | Self::NotHeld { .. }
            | Self::MentionsNotHeld { .. }
            | Self::MentionNotHeld { .. }
            | Self::CarriedLost { .. } => ProblemKind::NotHeld,
            Self::MentionMoved { .. } | Self::LooseSurface { .. } => ProblemKind::Span,
            Self::Rebuilt | Self::Grouped { .. } => ProblemKind::Rebuilt,
            Self::OrphanTaken { .. } | Self::OrphanLeftOut { .. } | Self::BadTag { .. } | Self::UnknownTags { .. } => {
                ProblemKind::Tag
            }
            Self::Columns { .. } | Self::NotAccepted { .. } => ProblemKind::Shape,
            Self::Unreadable { .. } | Self::LineKept { .. } | Self::DoubleKey { .. } | Self::CutOff => {
                ProblemKind::Syntax
            }
            Self::LabelNumber { .. } | Self::NoLabelNames | Self::LabelRenamed { .. } | Self::LabelSkipped { .. } => {
                ProblemKind::Label
            }
            Self::DoubleId { .. } | Self::NoSuchId { .. } | Self::SameAnnotator { .. } => ProblemKind::Name,
            Self::UnitAssumed { .. } | Self::EndsInclusive => ProblemKind::Unit,
            Self::NoPartner { .. } | Self::FileLeftOut { .. } | Self::Stale { .. } => ProblemKind::File,
        }
    }
}

//! What a reader or writer finds, as facts: what is wrong and what was done about it.
//!
//! Owns [`Finding`] and its English sentences, which the command line says. It must not know where a finding stands.

use crate::domain::article::ArticleError;
use crate::domain::layer::Status;
use crate::domain::offset::Span;
use crate::formats::foreign::Foreign;
use crate::formats::offset_unit::OffsetUnit;
use crate::formats::problem::{ProblemKind, Severity};

/// What is wrong and what was done; its `Display` is a plain English sentence without the place.
///
/// ```
/// use barchasb::formats::finding::Finding;
/// use barchasb::formats::problem::Severity;
/// let finding = Finding::UnknownKey { key: "source".into() };
/// assert_eq!(finding.to_string(), "the key \"source\" is not known; it is kept in the articles' meta");
/// assert_eq!(finding.severity(), Severity::Note);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Finding {
    /// A file of another program has, or lacks, something.
    #[error(transparent)]
    Foreign(Foreign),
    /// The file began with the mark of UTF-8.
    #[error("a UTF-8 byte order mark was taken off")]
    MarkTakenOff,
    /// The mark at the beginning says another encoding.
    #[error("the file is in {encoding}; it was read as such")]
    ReadAs {
        /// The encoding's name.
        encoding: &'static str,
    },
    /// U+0000 stands in a text.
    #[error("NUL characters ({count}), kept as they are; the first is here")]
    Nul {
        /// How many.
        count: u64,
    },
    /// Other control characters stand in a text.
    #[error("control characters ({count}), kept as they are; the first is here")]
    Control {
        /// How many.
        count: u64,
    },
    /// Bidi controls stand in a text without their beginning or end.
    #[error("bidi controls without a partner ({count}), kept as they are; the first is here")]
    LoneBidi {
        /// How many.
        count: u64,
    },
    /// Names of a list have no label, or none that the project has.
    #[error("names without a label of this project ({count}) were left out{}", .label.as_ref().map(|label| format!(": {label}")).unwrap_or_default())]
    NamesWithoutLabel {
        /// The label that the file gives them.
        label: Option<String>,
        /// How many.
        count: u64,
    },
    /// More was not as it should be than is told one by one.
    #[error("there were {count} more problems")]
    MoreProblems {
        /// How much more.
        count: u64,
    },
    /// A line of a corpus holds no token with a tag.
    #[error("this line holds no token with a tag: {line}")]
    NoTag {
        /// The line, perhaps cut.
        line: String,
    },
    /// The surfaces of the file prove another unit than it declares.
    #[error("the mentions fit their text only when offsets are counted as {}, so the file was read that way", .0.name())]
    UnitProven(OffsetUnit),
    /// A key of an article that this format does not know.
    #[error("the key {key:?} is not known; it is kept in the articles' meta")]
    UnknownKey {
        /// The key.
        key: String,
    },
    /// A key of a span that this format does not know.
    #[error("the key {key:?} of a span is not known and was not taken")]
    UnknownSpanKey {
        /// The key.
        key: String,
    },
    /// A record has bytes that are not UTF-8.
    #[error("the byte here is not UTF-8; the record was left out")]
    RecordNotUtf8,
    /// A record is no JSON of the right shape.
    #[error("{0}; the record was left out")]
    RecordJson(JsonFault),
    /// A record has no text.
    #[error("the record has no text and was left out")]
    NoText,
    /// A record's text cannot be an article.
    #[error("{0}; the record was left out")]
    BadText(ArticleError),
    /// The file names a unit that there is not.
    #[error("the offset unit {name:?} is not known; the spans were read as codepoint")]
    UnknownUnit {
        /// The name that stands there.
        name: String,
    },
    /// The file names a status that there is not.
    #[error("the status {name:?} is not known; it was read as {}", read_as.name())]
    UnknownStatus {
        /// The name that stands there.
        name: String,
        /// What it was taken for.
        read_as: Status,
    },
    /// A span was not taken.
    #[error("span {number} was left out: {fault}")]
    SpanLeftOut {
        /// Which span of the record, from 1.
        number: u64,
        /// Why.
        fault: SpanFault,
    },
    /// A decision of a review was not taken, or not written.
    #[error("decision {number} does not fit the text or the unit of its offsets, or names nobody; it was left out")]
    DecisionLeftOut {
        /// Which decision of the record, from 1.
        number: u64,
    },
    /// A record is longer than the limit.
    #[error("the record is longer than {limit} bytes and was left out")]
    RecordTooLong {
        /// The limit, in bytes.
        limit: u64,
    },
    /// A record is nested deeper than the limit.
    #[error("the record is nested deeper than {limit} and was left out")]
    RecordTooDeep {
        /// The limit, in arrays and objects.
        limit: u64,
    },
    /// The array has no end.
    #[error("the file ends before its array does; it may have been cut off")]
    ArrayCutOff,
    /// `,]`.
    #[error("there is a comma after the last record")]
    CommaAfterLast,
    /// Something follows the array.
    #[error("there is something after the end of the array; it was not read")]
    AfterArray,
    /// `,,` or `[,`.
    #[error("there is a comma without a record before it")]
    LoneComma,
    /// Two records without a comma between them.
    #[error("a comma or the end of the array must stand here; the rest was not read")]
    NoComma,
    /// An answer is not for the article that was asked about.
    #[error("this is for the article {named:?}, not for {asked:?}")]
    OtherArticle {
        /// The article that it names, shortened.
        named: String,
        /// The article that was asked about.
        asked: String,
    },
    /// An answer has more spans than the limit.
    #[error("there are more than {limit} spans; the rest was left out")]
    TooManySpans {
        /// The limit.
        limit: u64,
    },
    /// An article's metadata is no object (writing).
    #[error("the meta of the article is no JSON object; it was written as text under the key \"meta\"")]
    MetaNotObject,
    /// A line of a list of names without a letter or digit.
    #[error("{surface:?} is no name: there is no letter or digit in it; it was left out")]
    BlankName {
        /// What stands there.
        surface: String,
    },
    /// A name that stands in a list with the same label before.
    #[error("the name {surface:?} stands in the list twice; it was taken once")]
    DoubleName {
        /// The name.
        surface: String,
    },
    /// A name that stands in a list with another label before.
    #[error("the name {surface:?} has the label {label:?} here and {other:?} before; both were taken")]
    OtherLabel {
        /// The name.
        surface: String,
        /// The label here.
        label: String,
        /// The label before.
        other: String,
    },
    /// A token of a pattern asks for something else than a text.
    #[error("the pattern says {key:?}, which is no text of a word; it was left out")]
    PatternKey {
        /// What it asks for.
        key: String,
    },
    /// A mention's edges fall inside a unit of the file (writing).
    #[error("{label} at {span} was left out: its edges cannot be counted in the unit {}", unit.name())]
    Uncountable {
        /// The label's name.
        label: String,
        /// Where it stands, in code points.
        span: Span,
        /// The unit of the file.
        unit: OffsetUnit,
    },
}

impl Finding {
    /// How much it matters.
    #[must_use]
    pub fn severity(&self) -> Severity {
        match self {
            Self::Foreign(foreign) => foreign.severity(),
            Self::MarkTakenOff
            | Self::ReadAs { .. }
            | Self::Nul { .. }
            | Self::Control { .. }
            | Self::LoneBidi { .. }
            | Self::UnitProven(_)
            | Self::UnknownKey { .. }
            | Self::DoubleName { .. }
            | Self::OtherLabel { .. } => Severity::Note,
            _ => Severity::Fault,
        }
    }

    /// What it is about.
    #[must_use]
    pub fn kind(&self) -> ProblemKind {
        match self {
            Self::Foreign(foreign) => foreign.kind(),
            Self::MarkTakenOff | Self::ReadAs { .. } | Self::RecordNotUtf8 => ProblemKind::Encoding,
            Self::Nul { .. } | Self::Control { .. } => ProblemKind::Control,
            Self::LoneBidi { .. } => ProblemKind::Bidi,
            Self::UnitProven(_) | Self::UnknownUnit { .. } => ProblemKind::Unit,
            Self::UnknownKey { .. } | Self::UnknownSpanKey { .. } | Self::PatternKey { .. } => ProblemKind::UnknownKey,
            Self::DoubleName { .. } | Self::OtherLabel { .. } | Self::NamesWithoutLabel { .. } => ProblemKind::Name,
            Self::RecordJson(JsonFault::Unfinished { .. } | JsonFault::Syntax { .. })
            | Self::ArrayCutOff
            | Self::CommaAfterLast
            | Self::AfterArray
            | Self::LoneComma
            | Self::NoComma => ProblemKind::Syntax,
            Self::RecordJson(JsonFault::Shape { .. })
            | Self::NoText
            | Self::UnknownStatus { .. }
            | Self::OtherArticle { .. }
            | Self::SpanLeftOut { fault: SpanFault::Unreadable { .. }, .. }
            | Self::NoTag { .. }
            | Self::MetaNotObject => ProblemKind::Shape,
            Self::BadText(ArticleError::Empty) | Self::BlankName { .. } => ProblemKind::Empty,
            Self::BadText(ArticleError::TooLong { .. })
            | Self::RecordTooLong { .. }
            | Self::MoreProblems { .. }
            | Self::RecordTooDeep { .. }
            | Self::TooManySpans { .. } => ProblemKind::Limit,
            Self::SpanLeftOut { .. } | Self::DecisionLeftOut { .. } | Self::Uncountable { .. } => ProblemKind::Span,
        }
    }
}

/// Why a record cannot be parsed, with the parser's words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JsonFault {
    /// It ends too early.
    #[error("this is not valid JSON ({words})")]
    Unfinished {
        /// The parser's words.
        words: String,
    },
    /// It breaks the grammar.
    #[error("this is not valid JSON ({words})")]
    Syntax {
        /// The parser's words.
        words: String,
    },
    /// A value is missing or of another type than it must be.
    #[error("{words}")]
    Shape {
        /// The parser's words.
        words: String,
    },
}

impl From<&serde_json::Error> for JsonFault {
    fn from(error: &serde_json::Error) -> Self {
        use serde_json::error::Category;
        // The parser counts the place from the record's beginning, so it is taken off.
        let all = error.to_string();
        let words = all.rsplit_once(" at line ").map_or(all.as_str(), |(words, _)| words).to_owned();
        match error.classify() {
            Category::Eof => Self::Unfinished { words },
            Category::Syntax | Category::Io => Self::Syntax { words },
            Category::Data => Self::Shape { words },
        }
    }
}

/// Why a span of a record cannot be a mention. Offsets are those of the file, in its unit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SpanFault {
    /// A value is missing or of another type than it must be.
    #[error("{words} in {json:?}")]
    Unreadable {
        /// The parser's words.
        words: String,
        /// The span as it is written, shortened.
        json: String,
    },
    /// The label is blank.
    #[error("the span at {start}..{end} ({}) has no label", unit.name())]
    NoLabel {
        /// Where it starts.
        start: u64,
        /// Where it ends.
        end: u64,
        /// What is counted.
        unit: OffsetUnit,
    },
    /// No label in use has this name.
    #[error("{label} at {start}..{end} ({}) names no label in use", unit.name())]
    UnknownLabel {
        /// The name that stands there, shortened.
        label: String,
        /// Where it starts.
        start: u64,
        /// Where it ends.
        end: u64,
        /// What is counted.
        unit: OffsetUnit,
    },
    /// Its confidence is no number from 0 to 1.
    #[error("{label} at {start}..{end} ({}) has the confidence {value}, which is no number from 0 to 1", unit.name())]
    BadConfidence {
        /// The label's name.
        label: String,
        /// Where it starts.
        start: u64,
        /// Where it ends.
        end: u64,
        /// What is counted.
        unit: OffsetUnit,
        /// What stands there, shortened.
        value: String,
    },
    /// It does not fit its text.
    #[error("{label} at {start}..{end} ({}) {misfit}", unit.name())]
    Misfit {
        /// The label's name.
        label: String,
        /// Where it starts.
        start: u64,
        /// Where it ends.
        end: u64,
        /// What is counted.
        unit: OffsetUnit,
        /// In what way.
        misfit: Misfit,
    },
}

/// In what way a span does not fit its text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Misfit {
    /// It ends where it starts, or before.
    #[error("covers nothing")]
    Nothing,
    /// An edge is no place of the text.
    #[error("passes the end of the text or cuts a character")]
    OutOfText,
    /// An edge stands inside a grapheme cluster.
    #[error("cuts a letter from its marks")]
    CutsLetter,
    /// It overlaps a span of the same answer that is surer, or as sure and before it.
    #[error("overlaps a surer span at {} (codepoint)", .0)]
    UnderSurer(Span),
    /// Another text stands there than the span carries; both are shortened.
    #[error("should be {named:?} but the text there is {stands:?}")]
    OtherSurface {
        /// The surface that the span carries.
        named: String,
        /// What stands there.
        stands: String,
    },
}

/// A text shortened for a sentence.
#[must_use]
pub fn cut(text: &str) -> String {
    const MAX_CHARS: usize = 60;
    let mut short: String = text.chars().take(MAX_CHARS).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

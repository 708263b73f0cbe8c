//! Why a store refused or failed, as facts.
//!
//! Owns the reasons inside [`StoreError`](crate::store::contract::StoreError) and their English words, which the command
//! line says. It must not know the path: the error names it.

use crate::domain::article::{ArticleError, ArticleId};
use crate::domain::label::LabelId;
use crate::domain::layer::AnnotatorId;
use crate::domain::offset::{CharOffset, Span};
use std::io;

/// What the system said when it failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{words}")]
pub struct SystemFault {
    /// Its kind, as far as the system tells one.
    pub kind: io::ErrorKind,
    /// The words of the system.
    pub words: String,
}

impl From<&io::Error> for SystemFault {
    fn from(error: &io::Error) -> Self {
        Self { kind: error.kind(), words: error.to_string() }
    }
}

/// What tells that a file is no project.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Foreign {
    /// A folder.
    #[error("it is a folder")]
    Folder,
    /// A device or the like.
    #[error("it is not an ordinary file")]
    NoFile,
    /// Nothing is in it.
    #[error("the file is empty")]
    Empty,
    /// Another program's mark stands in it.
    #[error("it is a database of another program")]
    OtherProgram,
    /// A version that never was.
    #[error("its version is {0}")]
    Version(i64),
    /// Something is in it that the schema does not have.
    #[error("it holds the {kind} {name}, which is not ours")]
    Stranger {
        /// `table`, `index`, `view` or `trigger`.
        kind: String,
        /// Its name.
        name: String,
    },
    /// The database's own words.
    #[error("{0}")]
    Database(String),
}

/// Why a project cannot be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unwritable {
    /// The file is marked so.
    #[error("the file is protected against writing")]
    Protected,
    /// It has to be brought up to date first, which needs writing.
    #[error("an older Barchasb wrote this project; open it once for writing to bring it up to date")]
    Older,
    /// The system's word.
    #[error(transparent)]
    System(SystemFault),
    /// The database's own words.
    #[error("{0}")]
    Database(String),
}

/// Why the store failed in a way that has no name of its own.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// A setting that a careful connection needs.
    #[error("the database refused {0}")]
    Setting(String),
    /// The file would be mapped into memory.
    #[error("the database maps the file")]
    Maps,
    /// The place knows no write-ahead log.
    #[error("this place cannot hold a write-ahead log (journal mode {journal})")]
    NoLog {
        /// The mode the database fell back to.
        journal: String,
    },
    /// A save could be lost with the power.
    #[error("the database does not promise that a save is on the disk")]
    NoPromise,
    /// References go unchecked.
    #[error("the database does not check references")]
    NoReferences,
    /// Taking back the making of a label would leave mentions without one.
    #[error("a label that has mentions cannot be taken back")]
    LabelInUse,
    /// The database takes only such paths.
    #[error("the path is not Unicode")]
    NotUnicode,
    /// The system's word.
    #[error(transparent)]
    System(SystemFault),
    /// The database's own words.
    #[error("{0}")]
    Database(String),
}

/// What is not in the project.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Sought {
    /// An article.
    #[error("the article {}", .0.0)]
    Article(ArticleId),
    /// An article of this name.
    #[error("the article «{0}»")]
    ArticleNamed(String),
    /// An annotator.
    #[error("the annotator {}", .0.0)]
    Annotator(AnnotatorId),
    /// An annotator of this name.
    #[error("the annotator «{0}»")]
    AnnotatorNamed(String),
    /// A label.
    #[error("the label {}", .0.0)]
    Label(LabelId),
}

/// What is damaged in a project.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Damage {
    /// An id is none.
    #[error("{0:?} is no identity")]
    Identity(String),
    /// The places of articles have a gap.
    #[error("there is no article at place {0}")]
    NoArticle(i64),
    /// A layer has a status that there is not.
    #[error("{article}: {status:?} is no status")]
    Status {
        /// The article's name.
        article: String,
        /// What stands there.
        status: String,
    },
    /// A layer's mentions cannot be read or do not fit.
    #[error("{article}: {flaw}")]
    Mentions {
        /// The article's name.
        article: String,
        /// What is wrong with them.
        flaw: MentionFlaw,
    },
    /// A gold layer's decisions cannot be read or do not fit.
    #[error("{article}: {flaw}")]
    Decisions {
        /// The article's name.
        article: String,
        /// What is wrong with them.
        flaw: DecisionFlaw,
    },
    /// The suggestions kept for an article cannot be read or do not fit.
    #[error("{article}, suggestions: {flaw}")]
    Suggestions {
        /// The article's name.
        article: String,
        /// What is wrong with them.
        flaw: MentionFlaw,
    },
    /// What became of an article's suggestions cannot be read.
    #[error("what became of the suggestions at place {place} cannot be read ({words})")]
    Outcomes {
        /// The article's place in the order of import, from 1.
        place: i64,
        /// The parser's words.
        words: String,
    },
    /// A list of names cannot be read.
    #[error("the list of names «{title}» cannot be read ({words})")]
    NameList {
        /// What it is called.
        title: String,
        /// The parser's words.
        words: String,
    },
    /// A text cannot be an article.
    #[error("{article}: {error}")]
    BadText {
        /// The article's name.
        article: String,
        /// Why.
        error: ArticleError,
    },
    /// A text is not the one whose hash was kept.
    #[error("{article}: the text is not the one that was stored (its hash differs)")]
    OtherText {
        /// The article's name.
        article: String,
    },
    /// An article has a direction that there is not.
    #[error("{0:?} is no direction")]
    Direction(String),
    /// The rule for overlaps is none.
    #[error("{0:?} is no rule for overlaps")]
    OverlapRule(String),
    /// The rule for titles is none.
    #[error("{0:?} is no rule for titles")]
    TitleRule(String),
    /// The search index reaches nowhere.
    #[error("{0:?} is no place in the search index")]
    SearchPlace(String),
    /// A table or index is gone.
    #[error("the {kind} {name} is missing")]
    Missing {
        /// `table` or `index`.
        kind: String,
        /// Its name.
        name: String,
    },
    /// The database's own words.
    #[error("{0}")]
    Database(String),
}

/// What is wrong with stored decisions.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecisionFlaw {
    /// They are not the JSON they should be.
    #[error("the decisions cannot be read ({words})")]
    Unreadable {
        /// The parser's words.
        words: String,
    },
    /// One decides nothing that there is, or a span in it covers nothing.
    #[error("the decision at {start}..{end} is none")]
    Nothing {
        /// Where it starts, in code points.
        start: u32,
        /// Where it ends.
        end: u32,
    },
    /// One passes the text, or a mention in it does.
    #[error("the decision at {start}..{end} passes the end {text_end}")]
    OutOfText {
        /// Where it starts, in code points.
        start: u32,
        /// Where it ends.
        end: u32,
        /// Where the text ends.
        text_end: CharOffset,
    },
}

/// What is wrong with stored mentions.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MentionFlaw {
    /// They are not the JSON they should be.
    #[error("the mentions cannot be read ({words})")]
    Unreadable {
        /// The parser's words.
        words: String,
    },
    /// A span covers nothing or passes the text.
    #[error("the span {start}..{end} is empty or passes the end {text_end}")]
    OutOfText {
        /// Where it starts, in code points.
        start: u32,
        /// Where it ends.
        end: u32,
        /// Where the text ends.
        text_end: CharOffset,
    },
    /// Another text stands there than was marked.
    #[error("the text at {span} is not {surface:?}, as it was when it was marked")]
    Surface {
        /// Where it stands.
        span: Span,
        /// What was marked.
        surface: String,
    },
    /// Its label's id is none.
    #[error("the mention at {span} has no label identity but {label:?}")]
    LabelIdentity {
        /// Where it stands.
        span: Span,
        /// What stands for the id.
        label: String,
    },
    /// Its origin is none.
    #[error("the mention at {span} has the unknown origin {origin:?}")]
    Origin {
        /// Where it stands.
        span: Span,
        /// What stands for the origin.
        origin: String,
    },
}

impl MentionFlaw {
    /// The kind of fault, for machines: `span`, `surface` or `label`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } | Self::OutOfText { .. } | Self::Origin { .. } => "span",
            Self::Surface { .. } => "surface",
            Self::LabelIdentity { .. } => "label",
        }
    }
}

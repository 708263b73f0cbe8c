//! What the program asks of a place that keeps a project, whatever it is made of.
//!
//! Owns the trait [`Store`], its questions and answers, and [`StoreError`]. It must not contain SQL.

use crate::domain::article::{Article, ArticleId, Direction};
use crate::domain::edit::{EditError, Operation};
use crate::domain::label::{Label, LabelFault, LabelId, LabelSet};
use crate::domain::layer::{Annotator, AnnotatorId, Layer, Rules, Status, Version};
use crate::domain::record::ArticleRecord;
use crate::store::fault::{Fault, ImportProblem};
use crate::store::reason::{Damage, Failure, Foreign, Sought, Unwritable};
use std::ops::ControlFlow;
use std::path::PathBuf;

/// Why the store did not do what was asked; what was stored before is untouched.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no file.
    #[error("{path}: there is no such file")]
    Missing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// A file is there already and would be overwritten.
    #[error("{path}: there is a file already")]
    AlreadyThere {
        /// Where.
        path: PathBuf,
    },
    /// The file is not a project of this program.
    #[error("{path}: this is not a Barchasb project ({reason})")]
    NotAProject {
        /// Which file.
        path: PathBuf,
        /// What tells it.
        reason: Foreign,
    },
    /// A newer program wrote the file.
    #[error(
        "{path}: a newer Barchasb wrote this project (version {found}; this program knows {known}); nothing was changed"
    )]
    Newer {
        /// Which file.
        path: PathBuf,
        /// Its schema version.
        found: u32,
        /// The newest this program knows.
        known: u32,
    },
    /// The file is damaged.
    #[error("{path}: the project file is damaged ({reason})")]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// What is wrong.
        reason: Damage,
    },
    /// The file or its folder cannot be written.
    #[error("{path}: cannot be written ({reason})")]
    ReadOnly {
        /// Which file.
        path: PathBuf,
        /// What keeps it.
        reason: Unwritable,
    },
    /// The disk is full.
    #[error("{path}: the disk is full; the last action was not saved")]
    Full {
        /// Which file.
        path: PathBuf,
    },
    /// Another process held the file too long.
    #[error("{path}: another program is writing to this project")]
    Busy {
        /// Which file.
        path: PathBuf,
    },
    /// Someone else saved the same layer first.
    #[error("someone else saved this article first (version {}, expected {})", found.0, expected.0)]
    Conflict {
        /// Which article.
        article: ArticleId,
        /// The version the save was made from.
        expected: Version,
        /// The version that stands.
        found: Version,
    },
    /// What was asked for is not in the project.
    #[error("{what} is not in the project")]
    NotFound {
        /// What was looked for.
        what: Sought,
    },
    /// An operation does not fit the layer that stands.
    #[error("the change does not fit what is stored: {0}")]
    Edit(#[from] EditError),
    /// A label cannot stand in the label set as it is.
    #[error("the label cannot be saved: {0}")]
    Label(#[from] LabelFault),
    /// The annotator's name is blank.
    #[error("an annotator needs a name")]
    NoName,
    /// The caller stopped it.
    #[error("this was stopped; nothing of it was taken")]
    Stopped,
    /// Anything else the database or the system said.
    #[error("{path}: {reason}")]
    Failed {
        /// Which file.
        path: PathBuf,
        /// In what way.
        reason: Failure,
    },
}

/// The outcome of asking a store.
pub type Result<T> = std::result::Result<T, StoreError>;

/// What a project is, apart from its articles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    /// Its title: the file's name without the ending.
    pub title: String,
    /// Where it lies.
    pub path: PathBuf,
    /// What it asks of layers.
    pub rules: Rules,
    /// How many articles it has.
    pub articles: u64,
}

/// Which articles a list shows, by the status of one annotator's layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum StatusFilter {
    /// All of them.
    #[default]
    All,
    /// New and in progress.
    Remaining,
    /// Those with this status.
    Only(Status),
}

/// In which order a list stands; ties, and what has nothing to be ordered by, go in the order of import.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Order {
    /// As imported.
    #[default]
    Imported,
    /// The articles with the most suggestions kept for them first.
    MostSuggested,
    /// Those first whose suggestions the engines are least sure of: by the sum of 1 − |2c − 1| over their confidences c.
    LeastCertain,
    /// Those first in which annotators differ most: by the number of mentions (span and label, as it shows) that not all have who
    /// labelled the article, which is to say it is done or has mentions of theirs.
    MostDisputed,
    /// Shuffled; the same seed gives the same order, also when articles are added between.
    Random(u64),
    /// Those first in which the words of the search stand most often, added up; as imported without a search, and when it finds more
    /// than some thousand articles, for then all their texts would have to be read.
    BestMatch,
}

/// Which articles a list shows, and in which order.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Filter {
    /// Whose layers give the status and the number of mentions.
    pub annotator: AnnotatorId,
    /// By status.
    pub status: StatusFilter,
    /// Words that must all stand in the text or name, matched folded, the last one as a prefix; blank for all.
    pub search: String,
    /// Only articles in which `annotator` has a mention of this label (merged labels with those they went to).
    pub label: Option<LabelId>,
    /// Only articles that this annotator has begun: there is a status that is not new, or a mention.
    pub begun_by: Option<AnnotatorId>,
    /// Only articles for which suggestions are kept.
    pub suggested: bool,
    /// The order.
    pub order: Order,
}

impl Filter {
    /// All articles as imported, with the status and mentions of this annotator's layers.
    #[must_use]
    pub fn of(annotator: AnnotatorId) -> Self {
        Self {
            annotator,
            status: StatusFilter::default(),
            search: String::new(),
            label: None,
            begun_by: None,
            suggested: false,
            order: Order::default(),
        }
    }
}

/// One article in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArticleRow {
    /// The article.
    pub id: ArticleId,
    /// Its id in files.
    pub name: String,
    /// Its headline.
    pub title: String,
    /// The annotator's status.
    pub status: Status,
    /// How many mentions the annotator has in it.
    pub mentions: u64,
}

/// A part of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// How many articles the whole list has.
    pub total: u64,
    /// The place of the first row, from 0.
    pub first: u64,
    /// The rows.
    pub rows: Vec<ArticleRow>,
}

/// Which way to go in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Towards {
    /// Down the list.
    Next,
    /// Up the list.
    Previous,
}

/// One part of an action to be saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Saved {
    /// Operations on a layer.
    Layer {
        /// The article.
        article: ArticleId,
        /// The version the operations were made from.
        base: Version,
        /// What was done, in order.
        operations: Vec<Operation>,
    },
    /// A label as it now is.
    Label(Label),
    /// The making of a label is taken back (it has no mentions).
    LabelForgotten(LabelId),
}

/// What came of an import.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportCount {
    /// Articles put in.
    pub articles: u64,
    /// Articles that were there already (same name, same text).
    pub known: u64,
    /// Layers put in.
    pub layers: u64,
    /// Mentions put in.
    pub mentions: u64,
    /// Predictions that came beside layers.
    pub predictions: u64,
    /// Labels made because a file named them.
    pub labels: Vec<String>,
    /// What was not taken as it stood.
    pub problems: Vec<ImportProblem>,
}

/// What the mentions of records become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taking<'a> {
    /// Layers.
    Layers {
        /// Whose they are where the record names no annotator.
        annotator: &'a str,
    },
    /// Layers that take the place of those which stand: what differs is an edit, kept in the history as every other.
    Editions {
        /// Whose they are where the record names no annotator.
        annotator: &'a str,
    },
    /// Predictions. Of the count, `mentions` are the predictions and `layers` stays 0.
    Predictions {
        /// Who says them where the record names no annotator.
        source: &'a str,
    },
}

impl<'a> Taking<'a> {
    /// Whose they are when the record does not say it.
    #[must_use]
    pub fn by_default(self) -> &'a str {
        match self {
            Self::Layers { annotator } | Self::Editions { annotator } => annotator,
            Self::Predictions { source } => source,
        }
    }
}

/// Which layers to give out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Only this annotator's.
    pub annotator: Option<String>,
    /// Only those with this status.
    pub status: Option<Status>,
}

/// What a project holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// Articles.
    pub articles: u64,
    /// Code points in all texts.
    pub chars: u64,
    /// Per annotator: name, layers by status (in the order of [`Status::ALL`]; `New` counts articles without a layer), mentions.
    pub annotators: Vec<AnnotatorStatistics>,
    /// Per label that is in use or has mentions: name and mentions by all annotators.
    pub labels: Vec<(String, u64)>,
}

/// One annotator's share.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AnnotatorStatistics {
    /// The name.
    pub name: String,
    /// Articles by status, in the order of [`Status::ALL`].
    pub by_status: [u64; 4],
    /// Mentions.
    pub mentions: u64,
}

/// How far a long job is; breaking stops it where nothing is half done.
pub type Progress<'a> = &'a mut dyn FnMut(u64, u64) -> ControlFlow<()>;

/// A place that keeps one project. Every change is one transaction that is on the disk when the call returns.
pub trait Store: Send {
    /// What the project is.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read (so for every method).
    fn project(&self) -> Result<Project>;

    /// Changes the rules.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be written.
    fn set_rules(&mut self, rules: Rules) -> Result<()>;

    /// The label set.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    fn labels(&self) -> Result<LabelSet>;

    /// How many mentions of all annotators hold each label id (not resolved).
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    fn label_counts(&self) -> Result<Vec<(LabelId, u64)>>;

    /// All annotators, by name.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    fn annotators(&self) -> Result<Vec<Annotator>>;

    /// The annotator of this name, made when there is none.
    ///
    /// # Errors
    /// [`StoreError::NoName`] for a blank name, or when it cannot be written.
    fn annotator(&mut self, name: &str) -> Result<Annotator>;

    /// An article, its hash checked.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or [`StoreError::Damaged`] when the text is not the one that was stored.
    fn article(&self, id: ArticleId) -> Result<Article>;

    /// The id of the article with this name.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    fn article_by_name(&self, name: &str) -> Result<Option<ArticleId>>;

    /// A layer; an empty one of version 0 when nothing was saved yet.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when a stored span or surface does not fit the text.
    fn layer(&self, article: ArticleId, annotator: AnnotatorId) -> Result<Layer>;

    /// Saves one action in one transaction, with an event per layer, and gives the new version of each layer in it.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when a layer has moved on, [`StoreError::Edit`] when an operation does not fit,
    /// [`StoreError::Label`] when a name or key is taken, [`StoreError::NotFound`] for an unknown article, annotator or
    /// label; nothing is saved then.
    fn save(&mut self, annotator: AnnotatorId, parts: &[Saved]) -> Result<Vec<(ArticleId, Version)>>;

    /// Remembers how an article is read.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be written.
    fn set_direction(&mut self, article: ArticleId, direction: Direction) -> Result<()>;

    /// A part of the list of articles.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    fn page(&mut self, filter: &Filter, first: u64, count: u64) -> Result<Page>;

    /// The nearest article before or after `from` (which need not be in the list), or the first or last one without `from`.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    fn neighbour(&mut self, filter: &Filter, from: Option<ArticleId>, towards: Towards) -> Result<Option<ArticleId>>;

    /// The place of an article in the list, from 0; `None` when the filter leaves it out.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    fn place(&mut self, filter: &Filter, article: ArticleId) -> Result<Option<u64>>;

    /// Takes records in, all of them or none: in one transaction, which other writers wait for. After the last record `keep` is asked
    /// whether it shall stand.
    ///
    /// An article of the same name and text is not doubled, but its new layers are taken (a layer that stands already is kept and the
    /// difference is a problem). The same name with other text becomes an article of its own, named `NAME (2)`, and a problem says so.
    /// What models suggest in a record becomes predictions, whatever `taking` says; predictions of the same article and source are
    /// replaced.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be written, [`StoreError::Stopped`] when it is not to be kept; nothing of it stands then.
    fn take_in(
        &mut self,
        records: &mut dyn Iterator<Item = ArticleRecord>,
        taking: Taking<'_>,
        keep: &mut dyn FnMut() -> bool,
    ) -> Result<ImportCount>;

    /// Takes records in for good; mentions without an annotator go to `annotator`.
    ///
    /// # Errors
    /// As [`take_in`](Self::take_in).
    fn import(&mut self, records: &mut dyn Iterator<Item = ArticleRecord>, annotator: &str) -> Result<ImportCount> {
        self.take_in(records, Taking::Layers { annotator }, &mut || true)
    }

    /// Takes records in for good, their mentions as predictions, said by `source` where the record names no annotator.
    ///
    /// # Errors
    /// As [`take_in`](Self::take_in).
    fn import_predictions(
        &mut self,
        records: &mut dyn Iterator<Item = ArticleRecord>,
        source: &str,
    ) -> Result<ImportCount> {
        self.take_in(records, Taking::Predictions { source }, &mut || true)
    }

    /// Gives out every selected article with its selected layers (a bare article when nothing is selected by annotator or status), in
    /// the order of import. Labels are resolved, doubles dropped; what was carried in goes out with it.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    fn export(&self, selection: &Selection, sink: &mut dyn FnMut(ArticleRecord) -> ControlFlow<()>) -> Result<()>;

    /// What the project holds.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    fn statistics(&self) -> Result<Statistics>;

    /// Looks for faults: the file, text hashes, spans, surfaces, overlaps the rules forbid, edges inside graphemes, unknown labels.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read at all.
    fn check(&self, progress: Progress<'_>) -> Result<Vec<Fault>>;

    /// Builds what is missing of the search index; a few thousand articles a call. `true` when it is complete.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be written.
    fn index_some(&mut self) -> Result<bool>;

    /// Writes a whole, compact copy to `path`, which must not exist.
    ///
    /// # Errors
    /// [`StoreError::AlreadyThere`], or when it cannot be written.
    fn copy_to(&self, path: &std::path::Path) -> Result<()>;

    /// Keeps a backup beside the project and drops all but the newest five; `None` when nothing changed since the last.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be written.
    fn backup(&mut self) -> Result<Option<PathBuf>>;

    /// A number that changes whenever another process or connection has changed the project since it was asked for last; that engines
    /// kept what they say is no change.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    fn outside_changes(&self) -> Result<u64>;
}

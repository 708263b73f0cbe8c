//! Effects and events: slow work that the state asks for, and what comes back.
//!
//! Owns their names. The worker runs effects; only `update` reads events. Neither may change the state here.

use crate::domain::article::{Article, ArticleId, Direction};
use crate::domain::label::{LabelId, LabelSet};
use crate::domain::layer::{Annotator, AnnotatorId, Layer, Rules};
use crate::session::external_trial::{Trial, Tried};
use crate::session::message::Message;
use crate::session::rescue::BroughtBack;
use crate::session::settings::Settings;
use crate::store::contract::{Filter, Page, Project, Saved, Towards};
use crate::store::fault::Fault;
use std::path::PathBuf;

/// What a file dialog asks for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Picked {
    /// What for.
    pub purpose: Purpose,
    /// What was chosen; empty when nothing was.
    pub paths: Vec<PathBuf>,
}

/// What a file is picked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// A new project.
    New,
    /// An existing project.
    Open,
    /// Files to import.
    Import,
    /// A file to export to.
    Export,
}

/// Which article to load.
#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    /// This one.
    Article(ArticleId),
    /// The one with this name, or else the first of the list.
    Named(Option<String>),
    /// The next or previous one in the list.
    Towards {
        /// From where; `None` for the first or last.
        from: Option<ArticleId>,
        /// Which way.
        towards: Towards,
        /// Whether to pass over what is done or flagged, going round at the end.
        remaining: bool,
    },
}

/// Work for a thread.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Opens a project as this annotator, made first if `make` says so.
    Open {
        /// The project file.
        path: PathBuf,
        /// Whose name to use; blank when not known yet.
        annotator: String,
        /// Whether to make it, and from what.
        make: Make,
        /// The article to open.
        article: Option<String>,
    },
    /// Lets the project go, with a backup.
    Close,
    /// Names the annotator.
    NameAnnotator(String),
    /// Loads an article and the annotator's layer.
    Load {
        /// Which.
        target: Target,
        /// The list in which to look.
        filter: Filter,
    },
    /// Saves one action.
    Save {
        /// Whose layers.
        annotator: AnnotatorId,
        /// The parts.
        parts: Vec<Saved>,
    },
    /// Changes the rules.
    SetRules(Rules),
    /// Remembers how an article is read.
    SetDirection(ArticleId, Direction),
    /// Reads rows of the list.
    Page {
        /// Which list.
        filter: Filter,
        /// From where.
        first: u64,
        /// How many.
        count: u64,
        /// The open article: its place is told with the rows.
        open: Option<ArticleId>,
    },
    /// Counts mentions per label.
    CountLabels,
    /// Reads the label set again.
    ReadLabels,
    /// Imports files.
    Import {
        /// The files.
        paths: Vec<PathBuf>,
        /// Whose layers, where a file names none.
        annotator: String,
    },
    /// Exports the project.
    Export {
        /// To where.
        path: PathBuf,
    },
    /// Stops the long job that is running.
    StopJob,
    /// Writes the settings.
    SaveSettings(Box<Settings>),
    /// Shows the desktop's file dialog.
    Pick {
        /// What for.
        purpose: Purpose,
    },
    /// Asks a program about an article, to see whether it works.
    TryExternal(Box<Trial>),
}

/// How a project comes to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Make {
    /// It is there.
    No,
    /// An empty one with the default labels.
    Empty,
    /// From the sample that the program carries, if it is not there yet.
    Sample,
    /// Beside the text file named, if it is not there yet, and with that file imported.
    Beside,
}

/// A project as it was opened.
#[derive(Clone, Debug, PartialEq)]
pub struct Opened {
    /// What it is.
    pub project: Project,
    /// Its labels.
    pub labels: LabelSet,
    /// Who labels; `None` when no name is known yet.
    pub annotator: Option<Annotator>,
    /// Whether another window has it open too.
    pub shared: bool,
    /// Problems of an import that came with opening.
    pub problems: Vec<Message>,
    /// What became of actions that could not be saved when the program last ended.
    pub rescued: Option<BroughtBack>,
}

/// An article with its layer.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The article.
    pub article: Article,
    /// The annotator's layer.
    pub layer: Layer,
    /// The list it was looked for in; `None` when it was not looked for.
    pub listed: Option<Listed>,
}

/// Where an article stands in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The list.
    pub filter: Filter,
    /// The article's place; `None` when the filter leaves it out.
    pub place: Option<u64>,
    /// How long the list is.
    pub total: u64,
}

/// An article and its place in a list; `None` when the filter leaves it out.
pub type ArticlePlace = (ArticleId, Option<u64>);

/// What came of an effect.
#[derive(Clone, Debug)]
pub enum Event {
    /// A project is open.
    Opened(Box<Opened>),
    /// It could not be opened; what was open still is.
    OpenFailed(PathBuf, Message),
    /// The project was let go.
    Closed,
    /// Who labels.
    AnnotatorNamed(Annotator),
    /// An article.
    Loaded(Box<Loaded>),
    /// There is none that way.
    NoArticle(Target),
    /// A part of the list.
    PageRead {
        /// Which list.
        filter: Filter,
        /// The rows.
        page: Page,
        /// The article that was open when they were asked for, and its place in the list.
        open: Option<ArticlePlace>,
    },
    /// A part of the list could not be read.
    PageFailed {
        /// Which list.
        filter: Filter,
        /// The place of its first row.
        first: u64,
        /// Why.
        message: Message,
    },
    /// Mentions per label id.
    LabelsCounted(Vec<(LabelId, u64)>),
    /// The oldest unsaved action is on the disk.
    Saved,
    /// It is not; nothing of it was stored.
    SaveFailed(Message),
    /// It never can be, for it does not fit what stands; nothing of it was stored.
    SaveRefused(Message),
    /// Someone else saved the layer first; this is what stands now.
    SaveConflict(Box<Loaded>),
    /// The rules are on the disk.
    RulesSet(Rules),
    /// The label set as it stands, read again.
    LabelsRead(LabelSet),
    /// An import has ended.
    Imported {
        /// What to say.
        message: Message,
        /// What was not taken as it stood.
        problems: Vec<Message>,
        /// How many articles there are now.
        articles: u64,
    },
    /// An export has ended.
    Exported {
        /// What to say.
        message: Message,
        /// What the format could not hold.
        problems: Vec<Message>,
    },
    /// A long job is on its way.
    Progress {
        /// What it is, an id of the locale files.
        what: &'static str,
        /// How much is done.
        done: u64,
        /// Of how much; 0 when not known.
        total: u64,
    },
    /// The long job has failed.
    JobFailed(Message),
    /// The search index is complete.
    Indexed,
    /// The background check has ended.
    Checked(Vec<Fault>),
    /// Another program changed the project file.
    ChangedOutside,
    /// A file dialog was answered.
    Picked(Picked),
    /// The desktop offers no file dialog.
    NoDialog(Purpose),
    /// A program was tried.
    ExternalTried(Box<Tried>),
    /// Something else failed.
    Failed(Message),
}

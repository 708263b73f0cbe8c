//! Effects and events: slow work that the state asks for, and what comes back.
//!
//! Owns their names. The worker runs effects; only `update` reads events. Neither may change the state here.

use crate::domain::article::{Article, ArticleId, Direction};
use crate::domain::label::{LabelId, LabelSet};
use crate::domain::layer::{Annotator, AnnotatorId, Layer, Rules};
use crate::domain::offset::Span;
use crate::domain::suggestion::Suggestion;
use crate::exchange::overview::Overview;
use crate::exchange::rehearsal::Rehearsal;
use crate::exchange::survey::Survey;
use crate::session::ask::{Ask, Knowledge};
use crate::session::exporting::ExportChoice;
use crate::session::external_trial::{Trial, Tried};
use crate::session::importing::ImportChoice;
use crate::session::merging::{MergeChoice, Outlook};
use crate::session::mirroring::{MirrorCommand, MirrorNews};
use crate::session::rescue::BroughtBack;
use crate::session::seeking::Seek;
use crate::session::settings::Settings;
use crate::session::statistics::Keep;
use crate::session::sweep::{SweepPlan, SweepQuestion};
use crate::store::contract::{Filter, Page, Project, Saved, Towards};
use crate::store::fault::Fault;
use crate::store::hits::{ArticleHits, HitQuery};
use crate::store::review::LayerOf;
use crate::words::message::Message;
use std::path::PathBuf;
use std::sync::Arc;

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
    /// A folder to import.
    ImportFolder,
    /// Projects and files of others to bring in.
    Merge,
    /// A file to export to.
    Export,
    /// A folder to export to.
    ExportFolder,
    /// A file of names; those without a label get this one.
    Names(Option<LabelId>),
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
    /// Reads who has labelled in the project.
    ListAnnotators,
    /// Reads the label set again.
    ReadLabels,
    /// Imports files.
    Import {
        /// The files.
        paths: Vec<PathBuf>,
        /// What was decided about them.
        choice: Box<ImportChoice>,
        /// Whether what is wrong with them has been shown already.
        is_told: bool,
    },
    /// Exports the project.
    Export {
        /// To where.
        path: PathBuf,
        /// What was decided about it.
        choice: Box<ExportChoice>,
    },
    /// Stops the long job that is running.
    StopJob,
    /// Reads files without taking them; what was looked into or counted before is given up.
    Survey {
        /// The number of the survey.
        number: u64,
        /// The files and folders.
        paths: Vec<PathBuf>,
        /// How they are read.
        choice: Box<ImportChoice>,
    },
    /// Gathers the overview of the project.
    Overview {
        /// The number of the asking.
        number: u64,
    },
    /// Gives up gathering the overview.
    StopOverview,
    /// Writes something of an overview into a file.
    Keep(Box<Keep>),
    /// Counts what an export would come to; what was looked into or counted before is given up.
    Rehearse {
        /// The number of the rehearsal.
        number: u64,
        /// What was decided about it.
        choice: Box<ExportChoice>,
    },
    /// Stops the survey or rehearsal that is running.
    StopLooking,
    /// Brings the work of others in, or finds what would come of that.
    Merge {
        /// The number of the look; `None` when it is meant.
        number: Option<u64>,
        /// The projects and files.
        paths: Vec<PathBuf>,
        /// What was decided about them.
        choice: Box<MergeChoice>,
    },
    /// Something for the folder that mirrors the project.
    Mirror(MirrorCommand),
    /// Something for the engines.
    Advise(Ask),
    /// Looks for the same name in an article and counts it in the others.
    FindSame {
        /// The number of the offer.
        id: u64,
        /// The article.
        article: ArticleId,
        /// The name, whole.
        query: HitQuery,
    },
    /// Looks through the project; what was looked for before is given up.
    Find {
        /// The number of the search.
        id: u64,
        /// What for; `None` only gives up what was looked for before.
        query: Option<HitQuery>,
    },
    /// Gathers the hits of the project, to act on them.
    Gather {
        /// The number of the offer.
        id: u64,
        /// What for.
        query: HitQuery,
    },
    /// Seeks the next article that waits for an adjudicator.
    SeekDispute {
        /// The number of the search.
        number: u64,
        /// What is sought.
        seek: Box<Seek>,
    },
    /// Plans what is to be decided in the whole project.
    Sweep {
        /// Its number.
        number: u64,
        /// What is to be decided.
        question: Box<SweepQuestion>,
    },
    /// Reads the reasons of the project.
    ReadReasons,
    /// Changes them.
    SetReasons(Vec<String>),
    /// Writes the settings.
    SaveSettings(Box<Settings>),
    /// Shows the desktop's file dialog.
    Pick {
        /// What for.
        purpose: Purpose,
        /// What it suggests.
        suggested: Option<PathBuf>,
    },
    /// Asks a program about an article, to see whether it works.
    TryExternal(Box<Trial>),
}

/// A place of the same name in the open article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SamePlace {
    /// Where.
    pub span: Span,
    /// Whether it is there whole, without a suffix.
    pub whole: bool,
}

/// How much was found in other articles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Elsewhere {
    /// Articles.
    pub articles: u64,
    /// Places in them.
    pub places: u64,
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
    /// In a review all layers of the article; else the gold one, when that and the annotator's own are done.
    pub layers: Vec<LayerOf>,
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
    /// Who has labelled in the project, by name.
    AnnotatorsListed(Vec<Annotator>),
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
    /// A survey is on its way.
    Surveying {
        /// The number of the survey.
        number: u64,
        /// Articles so far.
        articles: u64,
    },
    /// A survey has been made, or been stopped.
    Surveyed {
        /// The number of the survey.
        number: u64,
        /// What the files hold.
        survey: Arc<Survey>,
    },
    /// A survey has failed.
    SurveyFailed {
        /// The number of the survey.
        number: u64,
        /// Why.
        message: Message,
    },
    /// A rehearsal is on its way.
    Counting {
        /// The number of the rehearsal.
        number: u64,
        /// Records so far.
        records: u64,
    },
    /// A rehearsal has ended.
    Counted {
        /// The number of the rehearsal.
        number: u64,
        /// What the export would come to.
        outcome: Result<Arc<Rehearsal>, Message>,
    },
    /// It is being found what would come of a merge.
    MergeLooking {
        /// The number of the look.
        number: u64,
        /// Articles so far.
        articles: u64,
    },
    /// It was found what would come of a merge; `None` when that was stopped.
    MergeLooked {
        /// The number of the look.
        number: u64,
        /// What would come of it, or why nothing can.
        outcome: std::result::Result<Option<Arc<Outlook>>, Message>,
    },
    /// A merge has ended.
    Merged {
        /// What came of it.
        message: Message,
        /// How many articles there are now.
        articles: u64,
    },
    /// An overview is on its way.
    Overviewing {
        /// The number of the asking.
        number: u64,
        /// Articles read so far.
        articles: u64,
    },
    /// An overview was gathered; `None` when it was given up.
    Overview {
        /// The number of the asking.
        number: u64,
        /// What was gathered.
        outcome: Result<Option<Arc<Overview>>, Message>,
    },
    /// Something of an overview was written to a path, or could not be.
    Kept(Result<PathBuf, Message>),
    /// The folder that mirrors the project stands otherwise than before.
    Mirrored(Box<MirrorNews>),
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
    /// What the engines think of an article, as its layer is on the disk.
    Advised {
        /// The article.
        article: ArticleId,
        /// Whose layer.
        annotator: AnnotatorId,
        /// What is to be shown, in order of place.
        suggestions: Vec<Suggestion>,
    },
    /// What the engines know has changed.
    Learned(Box<Knowledge>),
    /// Everything that the engines were asked before is done.
    Settled,
    /// The places of a name in the open article.
    SameHere {
        /// The number of the offer.
        id: u64,
        /// The places, the one it began with too.
        places: Vec<SamePlace>,
    },
    /// How often a name stands in the other articles.
    SameElsewhere {
        /// The number of the offer.
        id: u64,
        /// How often.
        found: Elsewhere,
    },
    /// The hits that were gathered.
    Gathered {
        /// The number of the offer.
        id: u64,
        /// The hits, by article.
        articles: Vec<ArticleHits>,
    },
    /// A name was suggested in other articles.
    SuggestedElsewhere(Elsewhere),
    /// Some of what is looked for, or the end of it.
    Found {
        /// The number of the search.
        id: u64,
        /// More hits, by article.
        articles: Vec<ArticleHits>,
        /// Whether that is all.
        complete: bool,
    },
    /// Nothing can be looked for.
    FindFailed {
        /// The number of the search.
        id: u64,
        /// Why.
        message: Message,
    },
    /// The next article that waits for an adjudicator; `None` when there is no other.
    DisputeFound {
        /// The number of the search.
        number: u64,
        /// The article.
        article: Option<ArticleId>,
    },
    /// The search for it was given up, for something else was asked.
    DisputeGivenUp {
        /// The number of the search.
        number: u64,
    },
    /// What is to be decided in the whole project.
    Swept {
        /// Its number.
        number: u64,
        /// What it comes to; `None` when it was given up.
        plan: Option<Box<SweepPlan>>,
    },
    /// The reasons of the project.
    ReasonsRead(Vec<String>),
    /// A file of names was loaded, or could not be.
    NamesLoaded {
        /// What to say: how much was loaded, or why nothing was.
        outcome: Result<Message, Message>,
        /// What was not taken as it stood.
        problems: Vec<Message>,
    },
    /// A file dialog was answered.
    Picked(Picked),
    /// The desktop offers no file dialog.
    NoDialog(Purpose),
    /// A program was tried.
    ExternalTried(Box<Tried>),
    /// Something else failed.
    Failed(Message),
}
